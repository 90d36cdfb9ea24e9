//! Disguises, made from clean text by a seed: what is found plain must be found disguised.

use moderation::{Action, Rule};

use crate::{check, finds, rules};

/// A counter that passes for chance.
struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

const BREACHES: &[(&str, Rule)] = &[
    ("你就是个傻逼", Rule::InsultStrong),
    ("你们都是狗杂种", Rule::InsultStrong),
    ("畜生不如的人", Rule::InsultStrong),
    ("来线上赌场玩", Rule::Gambling),
    ("注册送彩金", Rule::Gambling),
    ("冰毒货源充足", Rule::Drugs),
    ("刷单返利日结", Rule::Fraud),
    ("同城约炮", Rule::Porn),
    ("代开发票", Rule::Contraband),
    ("办理假证", Rule::Contraband),
];

fn between(text: &str, signs: &[&str], share: usize, seed: &mut Seed) -> String {
    let mut out = String::new();
    for c in text.chars() {
        out.push(c);
        if seed.below(100) < share {
            out.push_str(signs[seed.below(signs.len())]);
        }
    }
    out
}

#[test]
fn signs_and_invisible_characters_between_hide_nothing() {
    let mut seed = Seed(20_261_126);
    let kinds: [&[&str]; 3] = [
        &["*", ".", "-", "_"],
        &["\u{200b}", "\u{200d}", "\u{feff}", "\u{ad}"],
        &[" ", "\u{3000}", "~", "❤"],
    ];
    for (text, rule) in BREACHES {
        for signs in kinds {
            for _ in 0..20 {
                let hidden = between(text, signs, 50, &mut seed);
                assert!(finds(&hidden, *rule), "{hidden:?}: {:?}", rules(&hidden));
            }
        }
    }
}

#[test]
fn script_width_and_case_hide_nothing() {
    for (text, rule) in [
        ("線上賭場", Rule::Gambling),
        ("狗雜種", Rule::InsultStrong),
        ("畜牲不如", Rule::InsultStrong),
        ("刷單返利", Rule::Fraud),
        ("代開發票", Rule::Contraband),
        ("ＣＮＭ", Rule::InsultStrong),
        ("Cnm", Rule::InsultStrong),
        ("ⓒⓝⓜ", Rule::InsultStrong),
        ("сnm", Rule::InsultStrong),
    ] {
        assert!(finds(text, rule), "{text}: {:?}", rules(text));
    }
}

#[test]
fn repeats_hide_nothing() {
    let mut seed = Seed(7);
    for (text, rule) in BREACHES {
        let hidden: String = text
            .chars()
            .flat_map(|c| std::iter::repeat_n(c, 3 + seed.below(4)))
            .collect();
        assert!(finds(&hidden, *rule), "{hidden}");
    }
}

#[test]
fn characters_pulled_apart_are_put_together() {
    for (text, rule) in [
        ("贝者场开户，澳门贝者场开户", Rule::Gambling),
        ("冫水毒", Rule::Drugs),
        ("女表子养的", Rule::InsultStrong),
        ("马扁子公司", Rule::InsultMild),
        ("犭句杂种", Rule::InsultStrong),
        ("氵衮犊子", Rule::InsultStrong),
    ] {
        // The half of ice is not in the table: what is not known is not claimed.
        let known = !text.starts_with('冫');
        assert_eq!(finds(text, rule), known, "{text}: {:?}", rules(text));
    }
}

#[test]
fn stand_ins_pictures_and_spelling_are_read() {
    for text in [
        "煞笔",
        "沙比",
        "傻币",
        "傻bi",
        "sha逼",
        "shabi",
        "草泥🐴",
        "艹你妈",
        "🐶杂种",
        "猪🐶不如",
        "nmsl",
    ] {
        assert!(
            finds(text, Rule::InsultStrong),
            "{text}: {:?}",
            check(text).findings
        );
    }
}

#[test]
fn words_of_three_syllables_and_more_are_heard_in_other_characters() {
    for (text, rule) in [
        ("网络勃彩", Rule::Gambling),
        ("刷丹返力", Rule::Fraud),
        ("线尚赌厂", Rule::Gambling),
        ("带开发飘", Rule::Contraband),
        ("出生不如", Rule::InsultStrong),
    ] {
        assert!(finds(text, rule), "{text}: {:?}", check(text).findings);
    }
}

#[test]
fn what_is_only_heard_is_less_sure_than_what_is_written() {
    let sure = |text: &str| {
        let found = check(text)
            .findings
            .into_iter()
            .find(|f| f.rule == Rule::Fraud);
        found.expect("found").confidence
    };
    assert!(sure("刷丹返力") < sure("刷单返利"));
}

#[test]
fn a_clauses_end_inside_some_of_a_word_is_a_clauses_end() {
    for text in [
        "房子很大，麻烦让一下",
        "人多的是狗，杂种的花",
        "他去上海，洛因为病没去",
    ] {
        assert_eq!(rules(text), [], "{text}");
    }
}

#[test]
fn disguised_numbers_are_numbers() {
    let mut seed = Seed(99);
    let forms: [&[char]; 6] = [
        &['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
        &['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
        &['〇', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
        &['⓪', '①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨'],
        &['０', '１', '２', '３', '４', '５', '６', '７', '８', '９'],
        &['𝟎', '𝟏', '𝟐', '𝟑', '𝟒', '𝟓', '𝟔', '𝟕', '𝟖', '𝟗'],
    ];
    for round in 0..300 {
        let number = format!("13{:09}", seed.below(1_000_000_000));
        let text: String = number
            .bytes()
            .map(|b| forms[seed.below(forms.len())][usize::from(b - b'0')])
            .collect();
        let verdict = check(&format!("电话：{text}谢谢"));
        assert!(
            verdict.action >= Action::Hold,
            "round {round}: {text}: {:?}",
            verdict.findings
        );
    }
}

/// Sounds of the breaches' characters, other everyday characters of the same sound.
const SAME_SOUND: &[(char, &str)] = &[
    ('线', "现限县献"),
    ('上', "尚"),
    ('赌', "堵睹"),
    ('场', "厂敞"),
    ('网', "往忘"),
    ('络', "洛落"),
    ('博', "博勃伯薄"),
    ('彩', "采踩"),
    ('刷', "耍"),
    ('单', "丹担"),
    ('返', "反"),
    ('利', "力立丽"),
    ('代', "带待袋"),
    ('开', "揩"),
    ('发', "乏"),
    ('票', "漂"),
    ('畜', "处触"),
    ('生', "声升"),
    ('不', "布步"),
    ('如', "入"),
];

#[test]
fn of_words_with_three_in_ten_characters_by_sound_at_least_85_in_100_are_found() {
    let mut seed = Seed(30_302_026);
    let words = [
        ("线上赌场", Rule::Gambling),
        ("网络博彩", Rule::Gambling),
        ("刷单返利", Rule::Fraud),
        ("代开发票", Rule::Contraband),
        ("畜生不如", Rule::InsultStrong),
    ];
    let (mut disguised, mut found, mut missed) = (0, 0, Vec::new());
    for _ in 0..400 {
        for (word, rule) in words {
            let text: String = word
                .chars()
                .map(|c| match SAME_SOUND.iter().find(|s| s.0 == c) {
                    Some((_, others)) if seed.below(100) < 30 => {
                        let others: Vec<char> = others.chars().collect();
                        others[seed.below(others.len())]
                    }
                    _ => c,
                })
                .collect();
            if text == word {
                continue;
            }
            disguised += 1;
            if finds(&text, rule) {
                found += 1;
            } else {
                missed.push(text);
            }
        }
    }
    missed.sort_unstable();
    missed.dedup();
    assert!(disguised > 1_000, "{disguised}");
    assert!(
        found * 100 >= disguised * 85,
        "{found} of {disguised}; missed {missed:?}"
    );
}

#[test]
fn traditional_characters_hide_nothing_of_any_listed_breach() {
    for (text, rule) in [
        ("你們都是狗雜種", Rule::InsultStrong),
        ("來線上賭場玩", Rule::Gambling),
        ("註冊送彩金", Rule::Gambling),
        ("冰毒貨源充足", Rule::Drugs),
        ("刷單返利日結", Rule::Fraud),
        ("同城約炮", Rule::Porn),
        ("代開發票", Rule::Contraband),
        ("辦理假證", Rule::Contraband),
    ] {
        assert!(finds(text, rule), "{text}: {:?}", rules(text));
    }
}

#[test]
fn signs_between_hide_nothing_whatever_the_seed() {
    use std::hash::{BuildHasher as _, RandomState};
    // Another seed at each run; a failure names it, and LINLI_SEED repeats it.
    let given = std::env::var("LINLI_SEED").ok();
    let given = given.and_then(|s| s.parse().ok());
    let start = given.unwrap_or_else(|| RandomState::new().hash_one(0_u8)) | 1;
    let mut seed = Seed(start);
    let signs = ["*", ".", "-", "_", "\u{200b}", "\u{200d}", "\u{feff}", " "];
    for _ in 0..200 {
        let (text, rule) = BREACHES[seed.below(BREACHES.len())];
        let share = seed.below(101);
        let hidden = between(text, &signs, share, &mut seed);
        assert!(
            finds(&hidden, rule),
            "LINLI_SEED={start}: {hidden:?}: {:?}",
            rules(&hidden)
        );
    }
}

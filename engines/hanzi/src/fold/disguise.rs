//! How people disguise a word so that no list finds it: letters of other alphabets, pictures,
//! characters pulled apart, characters of the same sound or the same look.
//!
//! These tables change what a text means, so no view applies them by itself: whoever looks for
//! words asks for them.

/// Letters of other alphabets that look like a Latin letter or digit, and what they pass for.
/// Sorted by the first column.
const LETTERS: &[(char, char)] = &[
    ('ı', 'i'),
    ('ɑ', 'a'),
    ('ɡ', 'g'),
    ('ɩ', 'i'),
    ('ɪ', 'i'),
    ('ʀ', 'r'),
    ('ʙ', 'b'),
    ('ʜ', 'h'),
    ('ʟ', 'l'),
    ('α', 'a'),
    ('β', 'b'),
    ('γ', 'y'),
    ('ε', 'e'),
    ('η', 'n'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'u'),
    ('χ', 'x'),
    ('ω', 'w'),
    ('а', 'a'),
    ('в', 'b'),
    ('г', 'r'),
    ('е', 'e'),
    ('з', '3'),
    ('к', 'k'),
    ('м', 'm'),
    ('н', 'h'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
    ('ь', 'b'),
    ('ѕ', 's'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('ᴀ', 'a'),
    ('ᴄ', 'c'),
    ('ᴅ', 'd'),
    ('ᴇ', 'e'),
    ('ᴊ', 'j'),
    ('ᴋ', 'k'),
    ('ᴍ', 'm'),
    ('ᴏ', 'o'),
    ('ᴘ', 'p'),
    ('ᴛ', 't'),
    ('ᴜ', 'u'),
    ('ᴠ', 'v'),
    ('ᴡ', 'w'),
    ('ᴢ', 'z'),
];

/// Pictures and signs written for a character. Sorted by the first column.
const PICTURES: &[(char, char)] = &[
    ('+', '加'),
    ('✚', '加'),
    ('➕', '加'),
    ('🅰', 'a'),
    ('🅱', 'b'),
    ('🅾', 'o'),
    ('🅿', 'p'),
    ('🈲', '禁'),
    ('🌞', '日'),
    ('🌿', '草'),
    ('🍆', '茄'),
    ('🍺', '啤'),
    ('🎰', '赌'),
    ('🎲', '赌'),
    ('🐎', '马'),
    ('🐒', '猴'),
    ('🐓', '鸡'),
    ('🐔', '鸡'),
    ('🐕', '狗'),
    ('🐖', '猪'),
    ('🐢', '龟'),
    ('🐦', '鸟'),
    ('🐴', '马'),
    ('🐵', '猴'),
    ('🐶', '狗'),
    ('🐷', '猪'),
    ('👄', '嘴'),
    ('👩', '妈'),
    ('👵', '婆'),
    ('👻', '鬼'),
    ('💀', '死'),
    ('💉', '毒'),
    ('💊', '药'),
    ('💧', '水'),
    ('💩', '屎'),
    ('💰', '钱'),
    ('💴', '钱'),
    ('💵', '钱'),
    ('🔥', '火'),
    ('🔪', '刀'),
    ('🔫', '枪'),
    ('🖕', '操'),
    ('🛰', '微'),
    ('🧠', '脑'),
];

/// A character and the parts it is written as, left to right.
pub const SPLIT: &[(char, &str)] = &[
    ('强', "弓虽"),
    ('赌', "贝者"),
    ('博', "十尃"),
    ('骗', "马扁"),
    ('钱', "钅戋"),
    ('枪', "木仓"),
    ('炮', "火包"),
    ('妓', "女支"),
    ('奸', "女干"),
    ('娼', "女昌"),
    ('嫖', "女票"),
    ('妈', "女马"),
    ('奶', "女乃"),
    ('婊', "女表"),
    ('嫩', "女敕"),
    ('操', "扌喿"),
    ('滚', "氵衮"),
    ('淫', "氵㸒"),
    ('贱', "贝戋"),
    ('败', "贝攵"),
    ('贩', "贝反"),
    ('贷', "代贝"),
    ('毒', "丰母"),
    ('毙', "比死"),
    ('狗', "犭句"),
    ('猪', "犭者"),
    ('猪', "犬者"),
    ('骂', "口口马"),
    ('脑', "月㐫"),
    ('脏', "月庄"),
    ('残', "歹戋"),
    ('加', "力口"),
    ('微', "彳山"),
    ('信', "亻言"),
    ('信', "人言"),
    ('佣', "亻用"),
    ('代', "亻弋"),
    ('付', "亻寸"),
    ('做', "亻故"),
    ('假', "亻叚"),
    ('证', "讠正"),
    ('诈', "讠乍"),
    ('话', "讠舌"),
    ('彩', "采彡"),
    ('黄', "艹由八"),
    ('药', "艹约"),
    ('粉', "米分"),
    ('麻', "广林"),
    ('杀', "乂木"),
    ('死', "歹匕"),
    ('鸡', "又鸟"),
    ('鸭', "甲鸟"),
    ('逼', "畐辶"),
    ('裸', "衤果"),
    ('聊', "耳卯"),
    ('群', "君羊"),
    ('扣', "扌口"),
    ('刷', "尸巾刂"),
    ('单', "丷甲"),
    ('垃', "土立"),
    ('圾', "土及"),
    ('孬', "不好"),
    ('畜', "玄田"),
    ('牲', "牛生"),
    ('孙', "子小"),
    ('蠢', "春虫虫"),
    ('傻', "亻夋"),
];

/// Characters written for one another because they look or sound alike, beyond what the pinyin
/// shows; the first is the one that words are listed with.
pub const STAND_INS: &[&str] = &[
    "逼比币笔屄哔",
    "傻煞沙砂",
    "操艹肏草糙曹",
    "妈马吗嘛麻",
    "赌睹堵",
    "博搏薄愽",
    "毒渎",
    "骗骟",
    "诈炸",
    "枪抢",
    "滚衮",
    "贱溅践",
    "微薇威溦维徽",
    "信伩芯",
    "群裙",
    "加伽珈迦茄",
    "嫖瞟飘",
    "娼猖",
    "狗苟",
    "猪朱",
    "脑恼",
    "残惨",
    "屎使",
    "蠢椿",
    "垃拉",
    "圾极",
    "婊表裱",
    "奸歼",
    "杂咂",
    "种仲",
    "裸祼",
    "贷货",
    "死亖",
    "蛋旦",
    "代袋",
    "票漂",
    "证症",
    "六陆",
    "彩菜采",
    "扣叩",
];

fn of(table: &[(char, char)], c: char) -> Option<char> {
    let at = table.binary_search_by_key(&c, |&(from, _)| from).ok()?;
    Some(table[at].1)
}

/// The Latin letter or digit that a folded letter of another alphabet passes for.
#[must_use]
pub fn letter(c: char) -> Option<char> {
    of(LETTERS, c)
}

/// The character that a picture or sign is written for.
#[must_use]
pub fn picture(c: char) -> Option<char> {
    of(PICTURES, c)
}

/// A toneless syllable as a careless or southern ear hears it: `zh` = `z`, `ch` = `c`, `sh` = `s`,
/// `n` = `l` at the front, `ng` = `n` at the end, `v` = `u`.
#[must_use]
pub fn heard(syllable: &str) -> String {
    let rest = |from: usize| &syllable[from..];
    let front = match syllable.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => format!("{}{}", &syllable[..1], rest(2)),
        [b'n', _, ..] => format!("l{}", rest(1)),
        _ => syllable.to_owned(),
    };
    let end = front.strip_suffix('g').filter(|s| s.ends_with('n'));
    end.unwrap_or(&front).replace('v', "u")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_settled() {
        for table in [LETTERS, PICTURES] {
            assert!(table.windows(2).all(|w| w[0].0 < w[1].0), "{table:?}");
            for &(from, to) in table {
                assert_eq!(of(table, to), None, "{from} leads on to {to}");
            }
        }
    }

    #[test]
    fn sounds_that_ears_confuse_are_one() {
        for (a, b) in [
            ("zhang", "zan"),
            ("nan", "lang"),
            ("shi", "si"),
            ("lv", "lu"),
        ] {
            assert_eq!(heard(a), heard(b));
        }
        assert_ne!(heard("ba"), heard("pa"));
        assert_eq!(heard("n"), "n");
    }
}

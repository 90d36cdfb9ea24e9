//! 大寫金額: money in the numerals that no stroke can change, as receipts and cheques write it
//! (《支付結算辦法》附件一《正確填寫票據和結算憑證的基本規定》, 1997).

const DIGITS: [char; 10] = ['零', '壹', '貳', '叁', '肆', '伍', '陸', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "萬", "億", "兆", "京"];

/// An amount in fen: 140950 → 人民幣壹仟肆佰零玖元伍角整.
///
/// Whole yuan and whole jiao end in 整; a nought between other numerals is written once, also
/// between yuan and fen; a nought at a group's end is left out (1,680.32 is 壹仟陸佰捌拾元叁角貳分,
/// which the rule allows beside the form with 零).
pub fn capitals(fen: i64) -> String {
    let mut out = String::from("人民幣");
    if fen < 0 {
        out.push('負');
    }
    let fen = fen.unsigned_abs();
    let (yuan, jiao, cent) = (fen / 100, (fen / 10 % 10) as usize, (fen % 10) as usize);
    if yuan > 0 {
        whole(yuan, &mut out);
        out.push('元');
    }
    if jiao == 0 && cent == 0 {
        out.push_str(if yuan == 0 { "零元整" } else { "整" });
        return out;
    }
    if jiao > 0 {
        out.push(DIGITS[jiao]);
        out.push('角');
    } else if yuan > 0 {
        out.push('零');
    }
    if cent > 0 {
        out.push(DIGITS[cent]);
        out.push('分');
    } else {
        out.push('整');
    }
    out
}

/// A whole number in groups of ten thousand.
fn whole(n: u64, out: &mut String) {
    let mut groups = Vec::new();
    let mut rest = n;
    while rest > 0 {
        groups.push(rest % 10_000);
        rest /= 10_000;
    }
    let mut begun = false;
    let mut gap = false;
    for (place, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            gap = begun;
            continue;
        }
        if begun && (gap || *group < 1_000) {
            out.push('零');
        }
        within(*group as usize, out);
        out.push_str(GROUPS[place]);
        (begun, gap) = (true, false);
    }
}

/// One to 9,999.
fn within(n: usize, out: &mut String) {
    let mut begun = false;
    let mut gap = false;
    for place in (0..4).rev() {
        let digit = n / 10_usize.pow(place as u32) % 10;
        if digit == 0 {
            gap = begun;
            continue;
        }
        if gap {
            out.push('零');
        }
        out.push(DIGITS[digit]);
        out.push_str(PLACES[place]);
        (begun, gap) = (true, false);
    }
}

#[cfg(test)]
mod tests {
    use super::capitals;

    // The rule's own examples, with 整 after jiao as it allows.
    #[test]
    fn amounts_are_written_as_the_rule_writes_them() {
        for (fen, text) in [
            (140_950, "人民幣壹仟肆佰零玖元伍角整"),
            (600_714, "人民幣陸仟零柒元壹角肆分"),
            (168_032, "人民幣壹仟陸佰捌拾元叁角貳分"),
            (10_700_053, "人民幣壹拾萬柒仟元伍角叁分"),
            (1_640_902, "人民幣壹萬陸仟肆佰零玖元零貳分"),
            (32_504, "人民幣叁佰貳拾伍元零肆分"),
            (0, "人民幣零元整"),
            (5, "人民幣伍分"),
            (50, "人民幣伍角整"),
            (100, "人民幣壹元整"),
            (1_000_000, "人民幣壹萬元整"),
            (10_000_100, "人民幣壹拾萬零壹元整"),
            (100_000_000_000, "人民幣壹拾億元整"),
            (100_000_100_000, "人民幣壹拾億零壹仟元整"),
            (2_003_000_400, "人民幣貳仟零叁萬零肆元整"),
            (-2_380, "人民幣負貳拾叁元捌角整"),
        ] {
            assert_eq!(capitals(fen), text, "{fen}");
        }
    }

    fn read(text: &str) -> i64 {
        let (mut all, mut group, mut digit) = (0_i64, 0_i64, 0_i64);
        let (mut yuan, mut rest) = (0_i64, 0_i64);
        for c in text.trim_start_matches("人民幣").chars() {
            let place = |n: i64, group: &mut i64, digit: &mut i64| {
                *group += *digit * n;
                *digit = 0;
            };
            match c {
                '拾' => place(10, &mut group, &mut digit),
                '佰' => place(100, &mut group, &mut digit),
                '仟' => place(1_000, &mut group, &mut digit),
                '萬' | '億' => {
                    group += digit;
                    digit = 0;
                    let by = if c == '萬' { 10_000 } else { 100_000_000 };
                    all += group * by;
                    group = 0;
                }
                '元' => {
                    yuan = all + group + digit;
                    digit = 0;
                }
                '角' => {
                    rest += digit * 10;
                    digit = 0;
                }
                '分' => {
                    rest += digit;
                    digit = 0;
                }
                '整' => {}
                other => digit = super::DIGITS.iter().position(|d| *d == other).unwrap() as i64,
            }
        }
        yuan * 100 + rest
    }

    #[test]
    fn what_is_written_reads_back_as_the_same_amount() {
        let mut fen = 1_i64;
        while fen < 999_999_999_999 {
            for near in [fen, fen + 1, fen * 7 + 3, fen * 10 + 101] {
                assert_eq!(read(&capitals(near)), near, "{}", capitals(near));
            }
            fen = fen * 3 + 7;
        }
    }
}

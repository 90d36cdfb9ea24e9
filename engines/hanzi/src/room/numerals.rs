//! Chinese numerals in codes: 十二, 二十, 廿三, 卅, 一八〇一, 壹佰零壹.

/// Longest run of numerals read as one number; no building or room needs more.
const RUN_MAX: usize = 12;

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '貳' | '两' | '兩' => 2,
        '三' | '叁' | '參' | '叄' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<u32> {
    Some(match c {
        '十' | '拾' => 10,
        '廿' => 20,
        '卅' => 30,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

/// The run of numerals at the start of the text: its digits and how many characters it takes.
///
/// Without 十百千 each numeral is one digit (一八〇一 is 1801, 零七 is 07).
pub(super) fn leading(text: &[char]) -> Option<(String, usize)> {
    let length = text
        .iter()
        .take_while(|&&c| digit(c).is_some() || unit(c).is_some())
        .count();
    if length == 0 || length > RUN_MAX {
        return None;
    }
    let run = &text[..length];
    if run.iter().all(|&c| digit(c).is_some()) {
        let digits = run
            .iter()
            .filter_map(|&c| digit(c))
            .filter_map(|d| char::from_digit(d, 10));
        return Some((digits.collect(), length));
    }
    let mut total = 0;
    let mut pending = None;
    let mut last_unit = 1;
    let mut after_zero = false;
    for &c in run {
        match (digit(c), unit(c)) {
            (Some(0), _) => after_zero = true,
            // Two digits without a unit between them: no number people write.
            (Some(_), _) if pending.is_some() => return None,
            (Some(d), _) => pending = Some(d),
            (None, Some(value @ (20 | 30))) => {
                total += value;
                last_unit = 10;
            }
            (None, Some(value)) => {
                total += pending.take().unwrap_or(1) * value;
                last_unit = value;
                after_zero = false;
            }
            (None, None) => return None,
        }
    }
    if let Some(d) = pending {
        // 一百二 is 120, 一百零二 is 102.
        total += if last_unit >= 100 && !after_zero {
            d * last_unit / 10
        } else {
            d
        };
    }
    Some((total.to_string(), length))
}

/// A number below 100 as Chinese numerals: the way phases are written.
pub(super) fn write(value: u32) -> Option<String> {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = ((value / 10) as usize, (value % 10) as usize);
    match value {
        0 => Some("〇".to_owned()),
        1..=9 => Some(DIGITS[ones].to_owned()),
        10..=19 => Some(format!("十{}", DIGITS[ones])),
        20..=99 => Some(format!("{}十{}", DIGITS[tens], DIGITS[ones])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read_as_people_write_them() {
        for (text, digits) in [
            ("十二", "12"),
            ("二十", "20"),
            ("廿", "20"),
            ("廿三", "23"),
            ("卅", "30"),
            ("卅一", "31"),
            ("〇", "0"),
            ("两", "2"),
            ("壹", "1"),
            ("贰拾叁", "23"),
            ("一百零一", "101"),
            ("一百二", "120"),
            ("一八〇一", "1801"),
            ("零七", "07"),
            ("一千八百零一", "1801"),
            ("十", "10"),
            ("一百一十二", "112"),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(
                leading(&chars),
                Some((digits.to_owned(), chars.len())),
                "{text}"
            );
        }
        assert_eq!(leading(&['元']), None);
    }

    #[test]
    fn written_numerals_read_back() {
        for value in 0..100 {
            let chars: Vec<char> = write(value).expect("below 100").chars().collect();
            assert_eq!(leading(&chars), Some((value.to_string(), chars.len())));
        }
    }
}

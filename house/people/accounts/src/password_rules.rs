//! Which passwords are refused: short ones, ones that everybody uses, and ones that
//! whoever knows the person would try first.

#[path = "common_passwords.rs"]
mod common_passwords;

use common_passwords::COMMON;

/// NIST SP 800-63B-4 3.1.1.2 asks for eight beside another factor, fifteen alone;
/// owners of seventy type ten, and the throttle does the rest.
const SIGNS_MIN: usize = 10;
/// Longer ones are a mistake or an attack on the hash.
const SIGNS_MAX: usize = 200;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password has at least {SIGNS_MIN} signs")]
    Short,
    #[error("a password has at most {SIGNS_MAX} signs")]
    Long,
    #[error("this password is among the first that are tried")]
    Common,
    #[error("a password holds neither one's name nor phone nor a birth date alone")]
    Personal,
}

/// Whether a password may be kept.
///
/// `phone` is national (`13800138000`).
pub fn check(password: &str, name: &str, phone: Option<&str>) -> Result<(), WeakPassword> {
    let signs = password.chars().count();
    if signs < SIGNS_MIN {
        return Err(WeakPassword::Short);
    }
    if signs > SIGNS_MAX {
        return Err(WeakPassword::Long);
    }
    let plain: String = password.to_lowercase().split_whitespace().collect();
    if is_common(&plain) {
        return Err(WeakPassword::Common);
    }
    if is_personal(&plain, name, phone) {
        return Err(WeakPassword::Personal);
    }
    Ok(())
}

/// Signs that people put for letters.
fn straight(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '@' => 'a',
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '$' | '5' => 's',
            c => c,
        })
        .collect()
}

fn is_common(plain: &str) -> bool {
    let listed = |text: &str| COMMON.binary_search(&text).is_ok();
    let letters = plain.trim_matches(|c: char| !c.is_alphabetic());
    let tail = plain.trim_start_matches(|c: char| c.is_alphabetic());
    // A word of the list with digits or signs before or after it adds almost nothing.
    let rest = plain.replacen(letters, "", 1);
    let decorated = listed(letters) && (rest.chars().count() <= 6 || listed(&rest));
    let short_head = plain.chars().count() - tail.chars().count() <= 4;
    listed(plain)
        || listed(&straight(plain))
        || decorated
        || (short_head && !tail.is_empty() && (listed(tail) || is_sequence(tail)))
        || is_sequence(plain)
        || is_repetition(plain)
}

/// `1234567890`, `abcdefghij`, `qwertyuiop`, `1q2w3e4r5t`, backwards too.
fn is_sequence(text: &str) -> bool {
    const ROWS: [&str; 8] = [
        "01234567890123456789012345",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "1q2w3e4r5t6y7u8i9o0p",
        "qazwsxedcrfvtgbyhnujmikolp",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
        "147258369147258369",
        "11223344556677889900",
    ];
    if text.chars().count() < 6 {
        return false;
    }
    let back: String = text.chars().rev().collect();
    ROWS.iter()
        .any(|row| row.contains(text) || row.contains(&back))
}

/// One piece of at most five signs again and again: `aaaaaaaaaa`, `520520520520`.
fn is_repetition(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    (1..=5).any(|n| {
        signs.len() >= 2 * n && signs.iter().zip(signs.iter().skip(n)).all(|(a, b)| a == b)
    })
}

fn is_personal(plain: &str, name: &str, phone: Option<&str>) -> bool {
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let others = plain.chars().count() - digits.len();
    if let Some(phone) = phone
        && digits.contains(phone)
    {
        return true;
    }
    let name: String = name.to_lowercase().split_whitespace().collect();
    let rest = plain.replace(&name, "");
    if name.chars().count() >= 2 && rest.len() < plain.len() && rest.chars().count() < 6 {
        return true;
    }
    // Any mobile number, and a birth date with up to four signs around it.
    let mobile = digits.len() == 11 && digits.starts_with('1') && others <= 3;
    let date = matches!(digits.len(), 6 | 8) && others <= 4 && has_date(&digits);
    let identity = digits.len() >= 17 && others <= 1 && has_date(digits.get(6..14).unwrap_or(""));
    mobile || date || identity
}

/// `19800131` or `800131`.
fn has_date(digits: &str) -> bool {
    let (year, rest) = match digits.len() {
        8 => digits.split_at(4),
        6 => digits.split_at(2),
        _ => return false,
    };
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    let year_ok = year.len() == 2 || (1900..=2099).contains(&number(year));
    let (month, day) = rest.split_at(2);
    year_ok && (1..=12).contains(&number(month)) && (1..=31).contains(&number(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        for pair in COMMON.windows(2) {
            assert!(pair[0] < pair[1], "{} before {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        use WeakPassword::{Common, Personal, Short};
        let cases = [
            ("abc123", Short),
            ("1234567890", Common),
            ("woaini1314520", Common),
            ("password123", Common),
            ("P@ssw0rd2024", Common),
            ("qwertyuiop", Common),
            ("a123456789", Common),
            ("520520520520", Common),
            ("aaaaaaaaaaaa", Common),
            ("1q2w3e4r5t", Common),
            ("woaiwojia123", Common),
            ("13900139000", Personal),
            ("wx13900139000", Personal),
            ("wang19800131", Personal),
            ("王女士19800131", Personal),
            ("110101198001311234", Personal),
        ];
        for (password, why) in cases {
            assert_eq!(
                check(password, "王女士", Some("13800138000")),
                Err(why),
                "{password}"
            );
        }
    }

    #[test]
    fn what_a_person_can_remember_and_nobody_guesses_is_taken() {
        for good in [
            "correct horse battery",
            "春眠不覺曉處處聞啼鳥",
            "tulip-Gravel-41",
            "三樓的貓最愛吃小魚乾",
        ] {
            assert_eq!(check(good, "王女士", Some("13800138000")), Ok(()), "{good}");
        }
    }
}

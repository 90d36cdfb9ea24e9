//! The code on a label: `YZ1:`, 26 signs that mean nothing by themselves, and a check
//! character. Nobody's name, room or number is in it.

use dossiers::number::check_character;
use foundation::chance::Chance;
use foundation::ids::crockford;
use paper::Modules;
use qrcode::{EcLevel, QrCode};

const PREFIX: &str = "YZ1:";
/// Signs of a serial: 128 random bits, five to a sign.
pub const SERIAL_CHARS: usize = 26;

/// A new label's serial.
pub fn serial(chance: &Chance) -> String {
    crockford(&chance.bytes::<16>()).to_uppercase()
}

/// What stands in a label's code.
pub fn payload(serial: &str) -> String {
    format!("{PREFIX}{serial}{}", check_character(serial))
}

/// Reads what a scanner or a person typed: with or without the prefix, in full width, in
/// small letters. `None` when it is no label's code or its check character does not fit.
pub fn read(typed: &str) -> Option<String> {
    let plain: String = typed
        .trim()
        .chars()
        .map(|c| match u32::from(c) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect();
    let code = plain.strip_prefix(PREFIX).unwrap_or(&plain);
    if code.len() != SERIAL_CHARS + 1 || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let (serial, check) = code.split_at(SERIAL_CHARS);
    // The alphabet leaves these out so that they can be misread.
    let serial: String = serial
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect();
    check
        .starts_with(check_character(&serial))
        .then_some(serial)
}

/// The code as modules, a quarter of which may be damaged.
pub fn modules(text: &str) -> Modules {
    QrCode::with_error_correction_level(text.as_bytes(), EcLevel::Q)
        .ok()
        .and_then(|code| {
            let colours = code.to_colors().into_iter();
            Modules::new(colours.map(|c| c == qrcode::Color::Dark).collect())
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_a_scanner_sends_it() {
        let serial = serial(&Chance::from_seed(3));
        assert_eq!(serial.len(), SERIAL_CHARS);
        let code = payload(&serial);
        let wide: String = code
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xFEE0).expect("full width"))
            .collect();
        for typed in [
            code.clone(),
            code.to_lowercase(),
            format!("  {code}\r"),
            wide,
            code[4..].to_owned(),
        ] {
            assert_eq!(read(&typed), Some(serial.clone()), "{typed}");
        }
    }

    #[test]
    fn one_wrong_sign_is_found() {
        let code = payload(&serial(&Chance::from_seed(4)));
        for at in 4..code.len() {
            let mut signs: Vec<char> = code.chars().collect();
            signs[at] = if signs[at] == '7' { '8' } else { '7' };
            let wrong: String = signs.iter().collect();
            assert_eq!(read(&wrong), None, "{wrong}");
        }
        for none in ["", "YZ1:", "3-2-1801", "https://example.com/", "YZ2:ABC"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn the_code_has_twenty_nine_modules() {
        assert_eq!(modules(&payload(&serial(&Chance::from_seed(5)))).side(), 29);
    }
}

//! How a bare building name is said aloud.

/// A bare building name as people say it: 3 is 3棟, A is A座; other names stay as they are.
pub fn building_said(building: &str) -> String {
    let signs: Vec<char> = building.chars().collect();
    let digits = !signs.is_empty() && signs.iter().all(char::is_ascii_digit);
    let letter = signs.len() == 1
        && (signs[0].is_ascii_alphabetic() || "甲乙丙丁戊己庚辛壬癸".contains(signs[0]));
    match (digits, letter) {
        (true, _) => format!("{building}棟"),
        (_, true) => format!("{building}座"),
        _ => building.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_said_as_a_building_and_a_letter_as_a_tower() {
        for (name, said) in [
            ("3", "3棟"),
            ("A", "A座"),
            ("甲", "甲座"),
            ("T3", "T3"),
            ("", ""),
        ] {
            assert_eq!(building_said(name), said);
        }
    }
}

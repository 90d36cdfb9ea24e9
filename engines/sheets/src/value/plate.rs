//! Number plates of the mainland, with the new-energy and the Hong Kong and Macau ones.

use crate::label::plain;

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领";
const PROVINCES_TRADITIONAL: &[(char, char)] = &[
    ('滬', '沪'),
    ('雲', '云'),
    ('遼', '辽'),
    ('魯', '鲁'),
    ('蘇', '苏'),
    ('贛', '赣'),
    ('晉', '晋'),
    ('陝', '陕'),
    ('閩', '闽'),
    ('貴', '贵'),
    ('粵', '粤'),
    ('寧', '宁'),
    ('瓊', '琼'),
];
const LAST: &str = "学警港澳挂领使试超";

/// A plate in its normal form `粤B12345`, or none.
pub fn parse(text: &str) -> Option<String> {
    let signs: Vec<char> = plain(text)
        .to_uppercase()
        .chars()
        .filter(|c| !matches!(c, '·' | '.' | '-' | '•' | '・'))
        .map(|c| {
            PROVINCES_TRADITIONAL
                .iter()
                .find(|(t, _)| *t == c)
                .map_or(c, |(_, s)| *s)
        })
        .collect();
    let [province, city, rest @ ..] = signs.as_slice() else {
        return None;
    };
    let body = matches!(rest.len(), 5 | 6)
        && rest.iter().enumerate().all(|(i, c)| {
            c.is_ascii_uppercase()
                || c.is_ascii_digit()
                || (i + 1 == rest.len() && LAST.contains(*c))
        })
        && rest.iter().any(char::is_ascii_digit);
    (PROVINCES.contains(*province) && city.is_ascii_uppercase() && body)
        .then(|| signs.iter().collect())
}

/// Plates of a cell, parted by any of the usual marks.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([
        '、', ',', '，', ';', '；', '/', '／', '\n', ' ', '\u{3000}', '|',
    ])
    .filter(|p| !p.trim().is_empty())
}

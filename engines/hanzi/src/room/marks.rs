//! The words that mark a code's parts, uses and roofs.

use super::Kind;
use super::pieces::Label;

/// Words that say what a room is used for, longest first (archive.md P5.5).
pub(super) const KINDS: &[(&str, Kind)] = &[
    ("商业用房", Kind::Shop),
    ("写字楼", Kind::Office),
    ("办公楼", Kind::Office),
    ("办公室", Kind::Office),
    ("储藏室", Kind::Storage),
    ("储藏间", Kind::Storage),
    ("储物间", Kind::Storage),
    ("杂物间", Kind::Storage),
    ("停车位", Kind::Parking),
    ("车位", Kind::Parking),
    ("车库", Kind::Parking),
    ("商铺", Kind::Shop),
    ("店铺", Kind::Shop),
    ("底商", Kind::Shop),
    ("门面", Kind::Shop),
    ("住宅", Kind::Residence),
    ("储藏", Kind::Storage),
    ("办公", Kind::Office),
    ("写", Kind::Office),
    ("商", Kind::Shop),
    ("铺", Kind::Shop),
    ("车", Kind::Parking),
    ("储", Kind::Storage),
];

/// Marks, longest first. 门 and 梯 count as units as in the north and the south of the country.
pub(super) const MARKS: &[(&str, Label)] = &[
    ("号楼", Label::Building),
    ("#楼", Label::Building),
    ("单元", Label::Unit),
    ("组团", Label::Zone),
    ("号院", Label::Zone),
    ("期", Label::Phase),
    ("区", Label::Zone),
    ("弄", Label::Zone),
    ("栋", Label::Building),
    ("幢", Label::Building),
    ("座", Label::Building),
    ("#", Label::Building),
    ("门", Label::Unit),
    ("梯", Label::Unit),
    ("层", Label::Floor),
    ("楼", Label::Storey),
    ("室", Label::Room),
    ("房", Label::Room),
    ("户", Label::Room),
    ("号", Label::House),
    ("附", Label::Suffix),
    ("之", Label::Suffix),
];

/// Roofs; always last on the shelf.
pub(super) const ROOFS: &[&str] = &["顶层", "顶楼", "楼顶", "屋顶", "屋面", "天台", "顶"];

/// Whether the text begins with that word.
pub(super) fn starts(text: &[char], word: &str) -> bool {
    let mut at = text.iter();
    word.chars().all(|c| at.next() == Some(&c))
}

/// Whether a mark (栋, 单元, 室 …) stands there.
pub(super) fn starts_with_mark(text: &[char]) -> bool {
    MARKS.iter().any(|(mark, _)| starts(text, mark))
}

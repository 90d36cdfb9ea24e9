//! The kinds of documents, a to j (SY-WI-KF-09 4.1), and sets of them.

use foundation::database::{DbError, FromValue, Value};
use foundation::page::key;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 《業主(臨時)公約》《前期物業服務協議》
    Covenant,
    /// 《消防安全責任書》
    FireSafety,
    /// 《業主(住戶)情況登記表》
    Registration,
    /// 《資料簽收表》
    Receipt,
    /// 《鑰匙領(借)用登記表》
    Keys,
    /// 《房屋交付驗收表》
    Handover,
    /// 《裝修申請審批表》、圖紙、施工隊資料
    Renovation,
    /// 《違章處理通知單》、處理結果
    Breach,
    /// 證件複印件
    Identity,
    /// 其他
    Other,
}

impl Kind {
    pub const ALL: [Kind; 10] = [
        Kind::Covenant,
        Kind::FireSafety,
        Kind::Registration,
        Kind::Receipt,
        Kind::Keys,
        Kind::Handover,
        Kind::Renovation,
        Kind::Breach,
        Kind::Identity,
        Kind::Other,
    ];

    /// Its letter in the SOP, as stored and as it stands in the ledger.
    pub fn letter(self) -> &'static str {
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][self as usize]
    }

    pub fn from_letter(letter: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.letter() == letter)
    }

    /// The strongroom's word for it.
    pub fn class(self) -> strongroom::Class {
        strongroom::Class::ALL[self as usize]
    }

    /// The key of its name.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Covenant => key("archive-kind-a"),
            Kind::FireSafety => key("archive-kind-b"),
            Kind::Registration => key("archive-kind-c"),
            Kind::Receipt => key("archive-kind-d"),
            Kind::Keys => key("archive-kind-e"),
            Kind::Handover => key("archive-kind-f"),
            Kind::Renovation => key("archive-kind-g"),
            Kind::Breach => key("archive-kind-h"),
            Kind::Identity => key("archive-kind-i"),
            Kind::Other => key("archive-kind-j"),
        }
    }

    /// How long it is kept, in a frozen word: copies of papers of identity are sealed when the
    /// tenure ends (PIPL 19, 47), all else is kept for ever (SY-WI-KF-09 4.6).
    pub fn retention(self) -> &'static str {
        match self {
            Kind::Identity => "sealed_at_end",
            _ => "for_ever",
        }
    }
}

impl FromValue for Kind {
    fn from_value(value: Value) -> Result<Kind, DbError> {
        let letter = String::from_value(value)?;
        Kind::from_letter(&letter)
            .ok_or_else(|| DbError::Shape(format!("a document of kind {letter}")))
    }
}

/// A set of kinds; bit 0 is a.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kinds(pub i64);

impl Kinds {
    pub const NONE: Kinds = Kinds(0);
    /// What a handover (入伙) makes, and the copies of papers of identity: a–f and i.
    pub const OF_HANDOVER: Kinds = Kinds(0b1_0011_1111);

    pub fn of(kinds: impl IntoIterator<Item = Kind>) -> Kinds {
        Kinds(kinds.into_iter().fold(0, |set, k| set | 1 << k as i64))
    }

    pub fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as i64) != 0
    }

    pub fn without(self, others: Kinds) -> Kinds {
        Kinds(self.0 & !others.0)
    }

    pub fn and(self, kind: Kind) -> Kinds {
        Kinds(self.0 | 1 << kind as i64)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |k| self.has(*k))
    }

    pub fn len(self) -> u32 {
        self.0.count_ones()
    }
}

impl FromValue for Kinds {
    fn from_value(value: Value) -> Result<Kinds, DbError> {
        i64::from_value(value).map(Kinds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_says_what_is_in_it() {
        let set = Kinds::of([Kind::Covenant, Kind::Identity]);
        assert_eq!(set.iter().map(Kind::letter).collect::<String>(), "ai");
        assert!(set.has(Kind::Identity) && !set.has(Kind::Other));
        let missing = Kinds::OF_HANDOVER.without(set);
        assert_eq!(
            missing.iter().map(Kind::letter).collect::<String>(),
            "bcdef"
        );
        assert_eq!(missing.len(), 5);
        assert_eq!(set.and(Kind::Other).len(), 3);
    }

    #[test]
    fn letters_are_those_of_the_strongroom() {
        for kind in Kind::ALL {
            assert_eq!(kind.class().letter().to_string(), kind.letter());
            assert_eq!(Kind::from_letter(kind.letter()), Some(kind));
        }
    }
}

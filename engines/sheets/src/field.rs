//! What a column can mean.

use serde::{Deserialize, Serialize};

/// Which of the two lists a sheet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Rooms and their people.
    Roster,
    /// Bills and payments.
    Fees,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident $code:literal $layouts:ident;)+) => {
        /// The meaning of a column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $($(#[$doc])* $name,)+ }

        impl Field {
            /// Every field, in the order in which a screen would offer them.
            pub const ALL: &'static [Field] = &[$(Field::$name),+];

            /// A stable word for translation.
            pub fn code(self) -> &'static str {
                match self { $(Field::$name => $code,)+ }
            }

            /// Whether a list of this layout has such a column.
            pub fn fits(self, layout: Layout) -> bool {
                let (roster, fees) = match self { $(Field::$name => fields!(@ $layouts),)+ };
                match layout { Layout::Roster => roster, Layout::Fees => fees }
            }
        }
    };
    (@ both) => { (true, true) };
    (@ roster) => { (true, false) };
    (@ fees) => { (false, true) };
}

fields! {
    Phase "phase" both;
    Zone "zone" both;
    Building "building" both;
    Unit "unit" both;
    /// The room: its whole code, or its number within building and unit.
    Room "room" both;
    Area "area" roster;
    Floor "floor" roster;
    Use "use" roster;
    State "state" roster;
    /// 入住時間, 收樓日期.
    MoveIn "move_in" roster;
    Name "name" both;
    Phone "phone" roster;
    IdKind "id_kind" roster;
    IdNumber "id_number" roster;
    /// 統一社會信用代碼.
    Uscc "uscc" roster;
    /// The organisation's legal representative.
    Representative "representative" roster;
    /// Person or organisation.
    Kind "kind" roster;
    /// 與業主關係.
    Relation "relation" roster;
    Share "share" roster;
    From "from" roster;
    Until "until" roster;
    /// Beginning and end in one cell.
    Term "term" roster;
    BirthDate "birth_date" roster;
    Workplace "workplace" roster;
    Plate "plate" roster;
    Note "note" both;
    Item "item" fees;
    Period "period" fees;
    Due "due" fees;
    /// What is billed (應收), or in a wide list the amount of one item or month.
    Amount "amount" fees;
    /// What was paid (實收).
    Paid "paid" fees;
    PaidOn "paid_on" fees;
    Way "way" fees;
    Receipt "receipt" fees;
    /// Read by nobody: running number, sex, age, totals.
    Ignored "ignored" both;
}

/// Whose name or number a column holds.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The owner, or in a list of people whoever the relation's column says.
    #[default]
    Owner,
    CoOwner,
    Tenant,
    Family,
    /// The person to call in an emergency: not a party of the room.
    Emergency,
}

/// A fee item of P2.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeItem {
    /// 物業費
    Property,
    /// 水費
    Water,
    /// 電費
    Electricity,
    /// 車位費
    Parking,
    /// Any other, by the name that the office writes.
    Other(String),
}

//! What is wrong, or doubtful, in one cell, with stable words for translation.

use serde::Serialize;

use crate::fill::beginning;

/// Characters of a cell's value that a fault repeats.
pub const VALUE_SHOWN_CHARS: usize = 60;

/// A cell that could not be taken as it stands. An optional cell's row is still taken without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellFault {
    pub sheet: String,
    /// The spreadsheet's own row number, from 1.
    pub row: u32,
    /// The column's number, from 1.
    pub column: u32,
    /// The cell's value, cut to `VALUE_SHOWN_CHARS`.
    pub value: String,
    pub reason: Reason,
}

/// Something read that a person should know of. Nothing is refused because of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    pub sheet: String,
    /// None when the whole sheet is meant.
    pub row: Option<u32>,
    /// None when the whole row or sheet is meant.
    pub column: Option<u32>,
    pub value: String,
    pub caution: Caution,
}

/// Cuts a value to what a fault may repeat.
pub(crate) fn shown(value: &str) -> String {
    let cut = beginning(value, VALUE_SHOWN_CHARS);
    if cut.len() < value.len() {
        format!("{cut}…")
    } else {
        cut.to_owned()
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $({ $($param:ident: $type:ty),+ })? => $code:literal, $said:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
        #[serde(tag = "code", rename_all = "snake_case")]
        pub enum $name {
            $($(#[$vdoc])* #[error($said)] $variant $({ $($param: $type),+ })?,)+
        }

        impl $name {
            /// A stable snake_case word for translation.
            pub fn code(&self) -> &'static str {
                match self { $($name::$variant $({ $($param: _),+ })? => $code,)+ }
            }

            /// The values that the sentence needs, by name.
            pub fn params(&self) -> Vec<(&'static str, String)> {
                match self { $($name::$variant $({ $($param),+ })? => vec![$($((stringify!($param), $param.to_string())),+)?],)+ }
            }

            /// Every code there is, so that translations can be checked for gaps.
            pub const CODES: &'static [&'static str] = &[$($code),+];
        }
    };
}

words! {
    /// Why a cell was not taken. `Display` is English; the house translates by `code`.
    Reason {
        CellTooLong { max: usize } => "cell_too_long", "longer than {max} characters";
        FormulaError => "formula_error", "the formula shows an error; mend it or type the value";
        RoomMissing => "room_missing", "no room in this row";
        RoomUnreadable { why: &'static str } => "room_unreadable", "not a room code ({why}); write it like 3-2-1801";
        /// Excel has made a date of 3-2-1.
        RoomBecameDate => "room_became_date", "Excel has turned the room code into a date; format the column as text and type it again";
        NameMissing => "name_missing", "a person without a name";
        NameUnreadable => "name_unreadable", "not a name";
        NameTooLong { max: usize } => "name_too_long", "a name longer than {max} characters";
        PhoneUnreadable => "phone_unreadable", "not a phone number";
        PhoneForeign => "phone_foreign", "not a number of mainland China";
        PhoneNoArea => "phone_no_area", "a landline without its area code";
        PhoneLength { digits: usize } => "phone_length", "{digits} digits are too few or too many for a phone number";
        /// Excel or a CSV export wrote 1.38E+10.
        PhoneDigitsLost => "phone_digits_lost", "the phone number lost digits in scientific notation; format the column as text and type it again";
        IdUnreadable => "id_unreadable", "not an identity number";
        IdCheckDigit => "id_check_digit", "the identity number's check digit does not fit; compare it with the card";
        /// Excel keeps 15 digits of a number and turns the rest into zeros.
        IdDigitsLost => "id_digits_lost", "Excel has rounded the identity number to 15 digits; format the column as text and type it again";
        UsccUnreadable => "uscc_unreadable", "not a unified social credit code";
        UsccCheckDigit => "uscc_check_digit", "the unified social credit code's check digit does not fit";
        AreaUnreadable => "area_unreadable", "not an area in square metres";
        AreaOutOfRange { max: u32 } => "area_out_of_range", "an area is above 0 and at most {max} m²";
        FloorUnreadable => "floor_unreadable", "not a floor";
        UseUnknown => "use_unknown", "not a known use; write 住宅, 商铺, 车位 or 其他";
        StateUnknown => "state_unknown", "not a known state; write 未交付, 已交付, 空置, 自住 or 出租";
        RelationUnknown => "relation_unknown", "not a known relation to the owner";
        KindUnknown => "kind_unknown", "neither a person nor an organisation";
        ShareUnreadable => "share_unreadable", "not a share; write 1/2 or 50%";
        DateUnreadable => "date_unreadable", "not a date; write 2024-01-05";
        /// Day and month could be either way round.
        DateAmbiguous { first: String, second: String } => "date_ambiguous", "could be {first} or {second}; write it as 2024-01-05";
        DateWithoutDay => "date_without_day", "a month without a day; write 2024-01-05";
        DateOutOfRange => "date_out_of_range", "a date between 1900 and 2200 is expected";
        DatesReversed => "dates_reversed", "the end lies before the beginning";
        PlateUnreadable => "plate_unreadable", "not a number plate";
        AmountMissing => "amount_missing", "no amount";
        AmountUnreadable => "amount_unreadable", "not an amount in yuan";
        AmountTooFine => "amount_too_fine", "more than two decimals; an amount ends with fen";
        AmountOutOfRange => "amount_out_of_range", "the amount is too large";
        ItemMissing => "item_missing", "no fee item";
        PeriodUnreadable => "period_unreadable", "not a month; write 2026-01";
        PeriodYearUnknown => "period_year_unknown", "a month without its year";
        WayUnknown => "way_unknown", "not a known way of payment";
    }
}

words! {
    /// What a person should know of what was read. `Display` is English; the house translates by `code`.
    Caution {
        SheetWithoutTable => "sheet_without_table", "no table was recognised in this sheet; it was left out";
        SheetHidden => "sheet_hidden", "the sheet is hidden; it was read";
        ColumnsBeyond { max: usize } => "columns_beyond", "columns after number {max} were not read";
        ColumnUnused => "column_unused", "the column was not recognised; it was left out";
        HiddenRows { first: u32, last: u32 } => "hidden_rows", "rows {first} to {last} are hidden; they were read";
        TotalSkipped => "total_skipped", "a total, not a room; the row was left out";
        FooterSkipped => "footer_skipped", "a remark under the table; the row was left out";
        HeaderRepeated => "header_repeated", "the heading again; the row was left out";
        SectionRow => "section_row", "taken as the heading of the rows below it";
        DummyPhone => "dummy_phone", "a stand-in, not a phone number; taken as unknown";
        DummyId => "dummy_id", "a stand-in, not an identity number; taken as unknown";
        DummyName => "dummy_name", "a stand-in, not a name; taken as unknown";
        DummyValue => "dummy_value", "a stand-in; taken as unknown";
        PhoneUnmatched => "phone_unmatched", "more phone numbers than people; whose this is stays unknown";
        IdUnmatched => "id_unmatched", "more identity numbers than people; whose this is stays unknown";
        FewerPhonesThanPeople { people: usize, phones: usize } => "fewer_phones_than_people", "{phones} phone numbers for {people} people; given in the order written";
        FewerIdsThanPeople { people: usize, ids: usize } => "fewer_ids_than_people", "{ids} identity numbers for {people} people; given in the order written";
        OthersUnnamed => "others_unnamed", "more owners than are named";
        NoPerson => "no_person", "a number without a person; it was left out";
        DittoTaken { row: u32 } => "ditto_taken", "a ditto mark; taken from row {row}";
        AreaRounded => "area_rounded", "more than two decimals; rounded to 0.01 m²";
        TwoYearDigits { year: i16 } => "two_year_digits", "a year of two digits; taken as {year}";
        RoomDoubtful { other: String } => "room_doubtful", "could also be the room {other}";
        BuildingTwice => "building_twice", "the room's code names another building than the building's column; the code was taken";
    }
}

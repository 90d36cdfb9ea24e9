//! Phones and documents on their way into and out of the database: normal forms, blind
//! indexes, seals.

use hanzi::numbers::{Phone, ResidentId};

use foundation::communities::Bits;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::{KeyError, Keyring};

/// The sealed columns by name; a seal opens only in its own column.
pub const PHONE: &str = "phone";
pub const DOCUMENT: &str = "document";
pub const BIRTH: &str = "birth";
pub const WORKPLACE: &str = "workplace";
pub const EMERGENCY: &str = "emergency";
pub const ADDRESS: &str = "address";
pub const NEEDS: &str = "needs";
pub const NOTE: &str = "note";

/// Digits of a phone's tail that are searched.
pub const TAIL_DIGITS: usize = 4;

/// The blind indexes of a phone: of the whole number without extension, and of its tail.
pub fn blind_phone(house: &House, c: Community, bits: Bits, phone: &str) -> (i64, i64) {
    let whole = match Phone::parse(phone) {
        Ok(phone) => phone.e164(),
        Err(_) => hanzi::fold::digits_only(phone),
    };
    (
        house.keys.blind(c, PHONE, &whole, bits.phone),
        blind_tail(house, c, bits, &whole),
    )
}

/// The blind index of the last four digits.
pub fn blind_tail(house: &House, c: Community, bits: Bits, digits: &str) -> i64 {
    let tail = &digits[digits.len().saturating_sub(TAIL_DIGITS)..];
    house.keys.blind(c, "phone-tail", tail, bits.tail)
}

/// The blind index of a document's number.
pub fn blind_document(house: &House, c: Community, bits: Bits, number: &str) -> i64 {
    house.keys.blind(c, DOCUMENT, number, bits.document)
}

/// Seals a text of a party if there is one.
pub fn seal(
    house: &House,
    ring: &Keyring,
    party: Id,
    column: &str,
    text: Option<&str>,
) -> Result<Option<Vec<u8>>, KeyError> {
    text.filter(|t| !t.is_empty())
        .map(|t| house.keys.seal(ring, party, column, t.as_bytes()))
        .transpose()
}

/// Opens a sealed text; `None` when there is none, or the party was erased.
pub fn open(
    ring: &Keyring,
    party: Id,
    column: &str,
    sealed: Option<&[u8]>,
) -> Result<Option<String>, KeyError> {
    match sealed {
        None => Ok(None),
        Some(sealed) => Ok(ring.open(party, column, sealed)?),
    }
}

/// `138****1234`; a number that cannot be read shows its last two digits.
pub fn masked_phone(phone: &str) -> String {
    match Phone::parse(phone) {
        Ok(phone) => phone.masked(),
        Err(_) => masked_end(phone),
    }
}

/// `3***************12`; other documents show their last two signs.
pub fn masked_document(number: &str) -> String {
    match ResidentId::parse(number) {
        Ok(id) => id.masked(),
        Err(_) => masked_end(number),
    }
}

/// All but the last two signs as stars.
pub fn masked_end(text: &str) -> String {
    let count = text.chars().count();
    if count <= 2 {
        return "*".repeat(count);
    }
    let end: String = text.chars().skip(count - 2).collect();
    format!("{}{end}", "*".repeat(count - 2))
}

//! What the ledger says, in the reader's words: frozen words of the log in, keys of the
//! words out. A test holds that every kind ever written has its sentence.

use foundation::page::key;

/// The key of what an event of this kind says: every room words its own kinds.
pub fn sentence(kind: &str) -> String {
    format!("event-{}", kind.replace(['.', '_'], "-"))
}

/// The key of the room of the house that a kind belongs to.
pub fn room(kind: &str) -> String {
    let room = kind.split_once('.').map_or(kind, |(room, _)| room);
    format!("event-room-{room}")
}

/// What sort of record an event is about.
pub fn subject(what: &str) -> Option<&'static str> {
    Some(match what {
        "account" => key("event-about-account"),
        "ticket" => key("event-about-ticket"),
        "desk_category" => key("event-about-desk-category"),
        "desk_duty" => key("event-about-desk-duty"),
        "desk_team" => key("event-about-desk-team"),
        "box" => key("event-about-box"),
        "cabinet" => key("event-about-cabinet"),
        "print" => key("event-about-print"),
        "succession" => key("event-about-succession"),
        "appeal" => key("event-about-appeal"),
        "application" => key("event-about-application"),
        "case" => key("event-about-case"),
        "document" => key("event-about-document"),
        "dossier" => key("event-about-dossier"),
        "form" => key("event-about-form"),
        "fee_account" => key("event-about-fee-account"),
        "fee_item" => key("event-about-fee-item"),
        "held_key" => key("event-about-held-key"),
        "import" => key("event-about-import"),
        "member" => key("event-about-member"),
        "office_case" => key("event-about-office-case"),
        "party" | "person" => key("event-about-party"),
        "room" => key("event-about-room"),
        "sanction" => key("event-about-sanction"),
        "strike" => key("event-about-strike"),
        "viewing" => key("event-about-viewing"),
        "deputy" => key("event-about-deputy"),
        _ => return None,
    })
}

/// The door that an act came in by.
pub fn door(word: &str) -> Option<&'static str> {
    Some(match word {
        "web" => key("event-door-web"),
        "api" => key("event-door-api"),
        "cli" => key("event-door-cli"),
        "clock" => key("event-door-clock"),
        "follower" => key("event-door-follower"),
        _ => return None,
    })
}

/// Who acted, where it was no account.
pub fn nobody(actor: &str) -> Option<&'static str> {
    Some(match actor {
        "system" => key("event-by-system"),
        "operator" => key("event-by-operator"),
        "link" => key("event-by-link"),
        "nobody" => key("event-by-nobody"),
        _ => return None,
    })
}

/// Who may learn of it.
pub fn audience(word: &str) -> &'static str {
    match word {
        "record" => key("event-for-record"),
        "staff" => key("event-for-staff"),
        "members" => key("event-for-members"),
        _ => key("event-for-account"),
    }
}

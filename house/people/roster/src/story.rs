//! What happened to a room or a person, as the ledger has it: said in words, newest first.

use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Entry, timeline};
use foundation::page::{Frame, Moment, Tone, key};

/// Events on a room's page; the ledger's own page has all.
const MOMENTS_MAX: i64 = 50;

/// What an event says; `None` for those that belong on other pages.
fn happened(kind: &str) -> Option<(&'static str, Tone)> {
    Some(match kind {
        "roster.room_added" => (key("roster-told-room-added"), Tone::Plain),
        "roster.room_changed" => (key("roster-told-room-changed"), Tone::Plain),
        "roster.party_added" => (key("roster-told-party-added"), Tone::Plain),
        "roster.party_changed" => (key("roster-told-party-changed"), Tone::Plain),
        "roster.related" => (key("roster-told-related"), Tone::Info),
        "roster.relation_ended" => (key("roster-told-relation-ended"), Tone::Plain),
        "roster.transferred" => (key("roster-told-transferred"), Tone::Info),
        "roster.merged" => (key("roster-told-merged"), Tone::Plain),
        "roster.unmasked" => (key("roster-told-unmasked"), Tone::Waiting),
        "fees.bill_added" => (key("roster-told-bill-added"), Tone::Plain),
        "fees.bill_voided" => (key("roster-told-bill-voided"), Tone::Plain),
        "fees.payment_recorded" => (key("roster-told-paid"), Tone::Done),
        "fees.payment_voided" => (key("roster-told-payment-voided"), Tone::Overdue),
        "fees.adjusted" => (key("roster-told-adjusted"), Tone::Plain),
        "fees.written_off" => (key("roster-told-written-off"), Tone::Overdue),
        "fees.plan_agreed" => (key("roster-told-plan"), Tone::Info),
        "fees.plan_ended" => (key("roster-told-plan-ended"), Tone::Plain),
        _ => return None,
    })
}

/// Who did it, by role: the ledger keeps the account.
fn who(frame: &Frame, entry: &Entry) -> String {
    let word = match (entry.actor.as_str(), entry.role.as_str()) {
        ("system", _) => key("roster-who-house"),
        ("operator", _) => key("roster-who-operator"),
        (_, "specialist") => key("roster-who-specialist"),
        (_, "supervisor") => key("roster-who-supervisor"),
        (_, "manager") => key("roster-who-manager"),
        (_, "cashier") => key("roster-who-cashier"),
        _ => key("roster-who-staff"),
    };
    frame.t(word).into_owned()
}

/// The events about these records of one thing (a room and its fees account), newest first.
pub(super) async fn story(
    house: &House,
    c: Community,
    frame: &Frame,
    about: &[&str],
    id: Id,
) -> Result<Vec<Moment>, DbError> {
    let mut entries: Vec<Entry> = Vec::new();
    for what in about {
        entries.extend(timeline(&house.db, c, what, id, MOMENTS_MAX).await?);
    }
    entries.sort_by_key(|e| std::cmp::Reverse(e.seq));
    entries.truncate(MOMENTS_MAX as usize);
    let told = |entry: &Entry| {
        let (what, tone) = happened(&entry.kind)?;
        Some(Moment {
            at_ms: entry.at.0,
            who: who(frame, entry),
            what: frame.t(what).into_owned(),
            tone,
            seq: u64::try_from(entry.seq).unwrap_or(0),
            ..Moment::default()
        })
    };
    Ok(entries.iter().filter_map(told).collect())
}

//! The duty of 4.4.2 worked out from the ledger alone: which follow-ups came late, and which
//! never came. What is late does not make a log unsound.

use std::collections::BTreeMap;

use foundation::clock::{DAY, Moment};
use foundation::ledger::{Breach, Entry, Late, Rule};
use jiff::civil::Date;
use serde_json::Value;

use crate::{events, rule};

/// The rule's name in a report.
pub const NAME: &str = "arrears.follow_up";

/// What the log told of one account.
#[derive(Debug, Default)]
struct Account {
    /// The due day of its earliest unpaid item, while in scope.
    due: Option<Date>,
    /// Contacts that stand, by their ids.
    contacts: BTreeMap<String, Date>,
    /// The last day of each hold, by its id.
    holds: BTreeMap<String, Date>,
    /// The last day on which something may have changed what it owes.
    moved: Option<Date>,
    /// The deadline that was missed last, and where it stands among those that were late.
    missed: Option<(Date, usize)>,
}

impl Account {
    fn deadline(&self) -> Option<Date> {
        let due = self.due?;
        let since = self.contacts.values().filter(|day| **day >= due);
        let held = self.holds.values().max().copied();
        Some(rule::deadline(due, since.max().copied(), held))
    }
}

/// Replays follow-ups.
#[derive(Debug, Default)]
pub struct FollowUps {
    accounts: BTreeMap<String, Account>,
    /// The last day of a batch or an import, which name no room.
    moved: Option<Date>,
    late: Vec<Late>,
}

impl FollowUps {
    /// A deadline is missed once, though the debt behind it may go and come back.
    fn missed(&mut self, room: &str, deadline: Date, seq: Option<i64>) {
        let at = self.late.len();
        let account = self.account(room);
        if let Some((_, at)) = account.missed.filter(|(day, _)| *day == deadline) {
            if let Some(late) = self.late.get_mut(at) {
                late.seq = late.seq.or(seq);
            }
            return;
        }
        account.missed = Some((deadline, at));
        self.late.push(Late {
            rule: NAME,
            subject: format!("fee_account:{room}"),
            due: end_of(deadline),
            seq,
        });
    }

    /// Something on `day` fulfilled or ended the duty of a room.
    fn done(&mut self, room: &str, day: Date, seq: Option<i64>) {
        let deadline = self.accounts.get(room).and_then(Account::deadline);
        if let Some(deadline) = deadline.filter(|deadline| *deadline < day) {
            self.missed(room, deadline, seq);
        }
    }

    /// Remembers when what is owed may have changed: followers tell of it later, after a night
    /// without power on another day.
    fn changed(&mut self, entry: &Entry) {
        let day = Some(entry.at.date());
        let subject = entry.subject.as_str();
        let room = subject.strip_prefix("fee_account:");
        match room.or_else(|| subject.strip_prefix("room:")) {
            Some(room) => self.account(room).moved = day,
            None if entry.kind.starts_with("fees.") || entry.kind.starts_with("import.") => {
                self.moved = day;
            }
            None => {}
        }
    }

    /// The day on which the duty towards a room ended, of which an event of `today` tells.
    fn ended(&self, room: &str, today: Date) -> Date {
        let own = self.accounts.get(room).and_then(|account| account.moved);
        own.max(self.moved).map_or(today, |day| day.min(today))
    }

    fn account(&mut self, room: &str) -> &mut Account {
        self.accounts.entry(room.to_owned()).or_default()
    }
}

/// The last moment of a day in Shanghai.
fn end_of(day: Date) -> Moment {
    Moment(Moment::at_start_of(day).0 + DAY - 1)
}

impl Rule for FollowUps {
    fn see(&mut self, entry: &Entry) -> Option<Breach> {
        if !entry.kind.starts_with("arrears.") {
            self.changed(entry);
            return None;
        }
        let facts: Value = serde_json::from_str(&entry.body).unwrap_or_default();
        let day = |name: &str| facts[name].as_i64().and_then(events::day);
        let text = |name: &str| facts[name].as_str().unwrap_or_default().to_owned();
        let rooms = || {
            let all = facts["rooms"].as_array().cloned().unwrap_or_default();
            all.into_iter()
                .filter_map(|r| r.as_str().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        let room = entry
            .subject
            .strip_prefix("fee_account:")
            .unwrap_or_default()
            .to_owned();
        let today = entry.at.date();
        match entry.kind.as_str() {
            kind if kind == events::IN_SCOPE.name => {
                for room in rooms() {
                    // Another item is the earliest now: what was owed for the one before ends.
                    self.done(&room, self.ended(&room, today), None);
                    self.account(&room).due = day("due");
                }
            }
            kind if kind == events::CLEARED.name => {
                for room in rooms() {
                    self.done(&room, self.ended(&room, today), None);
                    self.account(&room).due = None;
                }
            }
            kind if kind == events::CONTACTED.name || kind == events::CORRECTED.name => {
                let corrected = self.account(&room).contacts.remove(&text("corrects"));
                if let (Some(on), true) = (day("on"), text("result") != "mistake") {
                    // A correction of the same day changes nothing that was late or in time.
                    if corrected != Some(on) {
                        self.done(&room, on, Some(entry.seq));
                    }
                    self.account(&room).contacts.insert(text("contact"), on);
                }
            }
            kind if kind == events::HELD.name || kind == events::HOLD_LIFTED.name => {
                if kind == events::HELD.name {
                    self.done(&room, today, Some(entry.seq));
                }
                if let Some(until) = day("until") {
                    self.account(&room).holds.insert(text("hold"), until);
                }
            }
            _ => {}
        }
        None
    }

    fn late(mut self: Box<Self>, last: Moment) -> Vec<Late> {
        let open: Vec<(String, Date)> = self
            .accounts
            .iter()
            .filter_map(|(room, account)| Some((room.clone(), account.deadline()?)))
            .filter(|(_, deadline)| *deadline < last.date())
            .collect();
        for (room, deadline) in open {
            self.missed(&room, deadline, None);
        }
        self.late
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use foundation::database::Community;
    use jiff::civil::date;

    const ROOM: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    fn entry(seq: i64, on: Date, kind: &str, subject: bool, body: Value) -> Entry {
        Entry {
            community: Community(1),
            seq,
            at: Moment::at_start_of(on).plus(DAY / 2),
            kind: kind.into(),
            version: 1,
            actor: "system".into(),
            role: String::new(),
            behalf: String::new(),
            door: "clock".into(),
            subject: if subject {
                format!("fee_account:{ROOM}")
            } else {
                String::new()
            },
            audience: "staff".into(),
            body: body.to_string(),
        }
    }

    fn in_scope(seq: i64, on: Date, due: i64) -> Entry {
        let body = serde_json::json!({ "due": due, "rooms": [ROOM] });
        entry(seq, on, "arrears.in_scope", false, body)
    }

    fn contact(seq: i64, on: Date) -> Entry {
        let body = serde_json::json!({ "on": events::number(on), "contact": seq.to_string(),
            "result": "told" });
        entry(seq, on, "arrears.contacted", true, body)
    }

    fn late(entries: &[Entry], last: Date) -> Vec<(Date, Option<i64>)> {
        let mut replay = FollowUps::default();
        for entry in entries {
            assert_eq!(replay.see(entry), None);
        }
        let late = Box::new(replay).late(Moment::at_start_of(last));
        late.iter().map(|l| (l.due.date(), l.seq)).collect()
    }

    const SCOPE: Date = Date::constant(2025, 2, 16);

    #[test]
    fn what_came_in_time_is_not_late_and_the_last_day_is_in_time() {
        let log = [
            in_scope(1, SCOPE, 20_250_115),
            contact(2, date(2025, 3, 2)),
            contact(3, date(2025, 3, 17)),
        ];
        assert_eq!(late(&log, date(2025, 4, 1)), []);
        assert_eq!(late(&log, date(2025, 4, 2)), [(date(2025, 4, 1), None)]);
    }

    #[test]
    fn what_came_a_day_late_is_named_with_the_event_that_did_it() {
        let log = [in_scope(1, SCOPE, 20_250_115), contact(2, date(2025, 3, 3))];
        assert_eq!(late(&log, date(2025, 3, 4)), [(date(2025, 3, 2), Some(2))]);
    }

    #[test]
    fn what_never_came_before_it_was_paid_is_late_without_an_event() {
        let body = serde_json::json!({ "rooms": [ROOM] });
        let cleared = |on| entry(2, on, "arrears.cleared", false, body.clone());
        let scope = in_scope(1, SCOPE, 20_250_115);
        let paid_late = [scope.clone(), cleared(date(2025, 3, 3))];
        assert_eq!(
            late(&paid_late, date(2025, 9, 1)),
            [(date(2025, 3, 2), None)]
        );
        let paid_in_time = [scope, cleared(date(2025, 3, 2))];
        assert_eq!(late(&paid_in_time, date(2025, 9, 1)), []);
    }

    #[test]
    fn what_was_paid_in_time_is_not_late_though_the_followers_ran_a_day_later() {
        let paid = |on| entry(2, on, "fees.payment_recorded", true, serde_json::json!({}));
        let body = serde_json::json!({ "rooms": [ROOM] });
        let cleared = entry(3, date(2025, 3, 3), "arrears.cleared", false, body);
        let scope = in_scope(1, SCOPE, 20_250_115);
        let log = [scope.clone(), paid(date(2025, 3, 2)), cleared.clone()];
        assert_eq!(late(&log, date(2025, 9, 1)), []);
        let log = [scope, paid(date(2025, 3, 3)), cleared];
        assert_eq!(late(&log, date(2025, 9, 1)), [(date(2025, 3, 2), None)]);
    }

    #[test]
    fn a_deadline_is_missed_once_though_the_payment_after_it_was_void() {
        let body = serde_json::json!({ "rooms": [ROOM] });
        let on = date(2025, 3, 5);
        let log = [
            in_scope(1, SCOPE, 20_250_115),
            entry(2, on, "arrears.cleared", false, body),
            in_scope(3, on, 20_250_115),
            contact(4, date(2025, 3, 6)),
        ];
        assert_eq!(late(&log, date(2025, 3, 7)), [(date(2025, 3, 2), Some(4))]);
    }

    #[test]
    fn a_withdrawn_contact_leaves_the_duty_as_it_was_before_it() {
        let on = date(2025, 2, 20);
        let body = serde_json::json!({ "on": events::number(on), "contact": "9",
            "corrects": "2", "result": "mistake" });
        let withdrawn = entry(3, date(2025, 2, 21), "arrears.corrected", true, body);
        let log = [in_scope(1, SCOPE, 20_250_115), contact(2, on), withdrawn];
        assert_eq!(late(&log, date(2025, 3, 3)), [(date(2025, 3, 2), None)]);
    }

    #[test]
    fn a_hold_moves_the_deadline_to_fifteen_days_after_its_end() {
        let until = |kind: &str, seq, on, last: Date| {
            let body = serde_json::json!({ "hold": "h", "until": events::number(last) });
            entry(seq, on, kind, true, body)
        };
        let held = until("arrears.held", 2, date(2025, 2, 20), date(2025, 5, 1));
        let log = [in_scope(1, SCOPE, 20_250_115), held];
        assert_eq!(late(&log, date(2025, 5, 16)), []);
        assert_eq!(late(&log, date(2025, 5, 17)), [(date(2025, 5, 16), None)]);
        let on = date(2025, 3, 10);
        let lifted = until("arrears.hold_lifted", 3, on, on);
        let log = [log[0].clone(), log[1].clone(), lifted];
        assert_eq!(late(&log, date(2025, 3, 26)), [(date(2025, 3, 25), None)]);
    }
}

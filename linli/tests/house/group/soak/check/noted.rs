//! What the people of a building noted, held against what is there.

use std::collections::{BTreeMap, HashMap, HashSet};

use foundation::ids::Id;

use super::super::notes::{Note, Party, Sending};
use super::{Seen, Stored, Truth};

impl Truth {
    /// Holds what a building's people noted against it. With `all`, everybody was connected
    /// at the end and must have heard everything.
    pub fn hold(&self, party: &Party, notes: &[Note], all: bool) -> Seen {
        let mut seen = self.hold_sendings(party, notes);
        for who in 0..party.people.len() {
            seen.heard += self.hold_heard(party, notes, who, all);
        }
        seen
    }

    fn hold_sendings(&self, party: &Party, notes: &[Note]) -> Seen {
        let account = |who: usize| party.people[who].account;
        let here: HashSet<Id> = party.people.iter().map(|p| p.account).collect();
        let own = self.stored.iter().filter(|m| here.contains(&m.author));
        let stored: HashMap<&str, &Stored> = own.map(|m| (m.sent.as_str(), m)).collect();
        let mut asked: BTreeMap<&str, (&Sending, i32, bool)> = BTreeMap::new();
        let (mut recalls, mut recalled) = (HashSet::new(), HashSet::new());
        let mut mutes = HashSet::new();
        for note in notes {
            match note {
                Note::Asks(one) => {
                    asked.entry(&one.sent).or_insert((one, 0, false)).1 += 1;
                }
                Note::Said {
                    sent,
                    id,
                    seq,
                    held,
                } => {
                    let there = stored.get(sent.as_str());
                    let there =
                        there.unwrap_or_else(|| panic!("{sent} was acknowledged and is lost"));
                    assert_eq!((there.id, there.seq), (*id, *seq), "{sent}");
                    let told = &self.told[id];
                    // Sent again after it was taken back, it is answered as it stands.
                    assert!(told.held == *held || told.recalled, "{sent}");
                    let one = asked.get_mut(sent.as_str()).expect("it was asked");
                    (one.1, one.2) = (one.1 - 1, true);
                }
                Note::Refused { sent } => {
                    asked.get_mut(sent.as_str()).expect("it was asked").1 -= 1
                }
                Note::Recalls { id } => drop(recalls.insert(*id)),
                Note::Recalled { id } => drop(recalled.insert(*id)),
                Note::Muted { account, until } => {
                    assert!(
                        self.mutes.contains(&(*account, *until)),
                        "a mute was acknowledged and is lost"
                    );
                }
                Note::Mutes { account, until } => drop(mutes.insert((*account, *until))),
                Note::Heard(_) => {}
                Note::Gap { who } => panic!("{:?} was told of a gap", account(*who)),
            }
        }
        for (sent, (one, open, said)) in &asked {
            let there = stored.get(sent);
            if *open == 0 && !said {
                assert!(there.is_none(), "{sent} was refused and stands there");
            }
            if let Some(m) = there {
                let wanted = (account(one.who), one.channel, one.text.as_str());
                assert_eq!((m.author, m.channel, m.text.as_str()), wanted, "{sent}");
            }
        }
        for m in stored.values() {
            assert!(
                asked.contains_key(m.sent.as_str()),
                "{} was never said",
                m.sent
            );
            let taken_back = m.state == "recalled";
            assert!(
                !taken_back || recalls.contains(&m.id),
                "nobody took {} back",
                m.sent
            );
            assert!(
                taken_back || !recalled.contains(&m.id),
                "{} is back again",
                m.sent
            );
        }
        for (account, until) in &self.mutes {
            let ours = here.contains(account);
            assert!(
                !ours || mutes.contains(&(*account, *until)),
                "nobody muted {account}"
            );
        }
        Seen {
            sendings: asked.len(),
            messages: stored.len(),
            heard: 0,
            unanswered: party.unanswered().len(),
        }
    }

    /// What one person heard, over all their connections, is what was said where they are:
    /// in the one order, nothing twice, nothing that is not so, and at the end all of it.
    fn hold_heard(&self, party: &Party, notes: &[Note], who: usize, all: bool) -> usize {
        let by_place: HashMap<(Id, i64), &Stored> = self
            .stored
            .iter()
            .map(|m| ((m.channel, m.seq), m))
            .collect();
        let (mut last, mut count) = (0, 0);
        let mut heard: HashMap<Id, i64> = HashMap::new();
        for note in notes {
            let Note::Heard(one) = note else { continue };
            if one.who != who {
                continue;
            }
            count += 1;
            assert!(
                [party.channel, party.main].contains(&one.channel),
                "not theirs: {one:?}"
            );
            let there = by_place.get(&(one.channel, one.seq));
            let there = there.unwrap_or_else(|| panic!("heard and lost: {one:?}"));
            assert_eq!(there.id, one.id, "another stands in its place: {one:?}");
            let told = &self.told[&one.id];
            let (tick, text) = match one.state.as_str() {
                "shown" => (told.said_at, there.text.as_str()),
                "recalled" => (told.recalled_at, ""),
                _ => panic!("not for others: {one:?}"),
            };
            assert!(
                one.state == "recalled" || !told.held,
                "held, and heard: {one:?}"
            );
            assert_eq!(one.text, text, "{one:?}");
            assert!(
                tick > last,
                "out of order, or twice: {one:?} at {tick} after {last}"
            );
            last = tick;
            heard.insert(one.id, tick);
        }
        if all {
            let theirs = |m: &&Stored| [party.channel, party.main].contains(&m.channel);
            for m in self
                .stored
                .iter()
                .filter(theirs)
                .filter(|m| m.state != "held")
            {
                assert_eq!(heard.get(&m.id), Some(&m.tick), "{} was not heard", m.sent);
            }
        }
        count
    }
}

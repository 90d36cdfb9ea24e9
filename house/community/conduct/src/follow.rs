//! Following the ledger: what applicants wrote (a name, a note, an answer) passes conduct
//! when it has come in. At least once by the cursor, exactly once by the case's source:
//! one record makes one case, however often it is looked at.

use crate::judge::{Said, Verdict, judge_stored};
use crate::{ConductError, store};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Cursor;
use membership::{events, view};
use permissions::actor::Actor;

const CURSOR: Cursor = Cursor::new("conduct_cursor", 100);
/// The events by which an applicant's words come in.
const KINDS: [&str; 3] = [
    events::SUBMITTED.name,
    events::ANSWERED.name,
    events::REVIEW_ASKED.name,
];

/// Follows the compound's ledger up to its end; how many texts somebody has to look at.
pub async fn follow(house: &House, c: Community) -> Result<usize, ConductError> {
    let mut found = 0;
    loop {
        let part = CURSOR.next(&house.db, c, &KINDS).await?;
        for event in &part.events {
            found += look(house, c, event.seq, &event.kind, &event.subject).await?;
        }
        CURSOR.met(&house.db, c, &part).await?;
        if part.last {
            return Ok(found);
        }
    }
}

/// Judges what came in by one event.
async fn look(
    house: &House,
    c: Community,
    seq: i64,
    kind: &str,
    subject: &str,
) -> Result<usize, ConductError> {
    let id = subject.strip_prefix("application:");
    let Some(id) = id.and_then(|id| id.parse::<Id>().ok()) else {
        return Ok(0);
    };
    let Some(spoken) = view::spoken(house, c, id).await? else {
        return Ok(0);
    };
    let texts = if kind == events::SUBMITTED.name {
        vec![
            ("application.name", id.to_string(), spoken.name),
            ("application.note", id.to_string(), spoken.note),
        ]
    } else {
        // The answer stands where the office's next word will stand: what was overwritten
        // before anybody looked is gone.
        let since = store::happened_since(c, subject, seq);
        let (since,): (i64,) = house.db.one(since).await?;
        let answer = if since == 0 {
            spoken.words
        } else {
            String::new()
        };
        vec![("application.words", format!("{id}:{seq}"), answer)]
    };
    let by = Actor::system(c);
    let mut found = 0;
    for (kind, source, text) in texts {
        if text.trim().is_empty() {
            continue;
        }
        let said = Said {
            kind,
            source,
            text,
            person: spoken.person,
            ..Said::default()
        };
        let verdict = judge_stored(house, &by, &said).await?;
        found += usize::from(verdict > Verdict::Pass);
    }
    Ok(found)
}

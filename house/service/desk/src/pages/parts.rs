//! What a ticket's page shows to whoever reads it: pictures, what happened, how the clocks stand.

use foundation::clock::Moment;
use foundation::page::{Frame, Tag, Thumb, Tone, key, parts};

use super::Desk;
use crate::clocks::{Reading, Standing};
use crate::log::{Note, Step};
use crate::states::{Act, Hand};
use crate::ticket::Ticket;
use crate::work::{self, Shows};
use crate::{Refused, looking};

/// A clock as a page shows it.
pub struct Shown {
    pub name: String,
    pub tag: Tag,
    pub due: i64,
    /// 用了多少、約定多少; what is not counted says nothing.
    pub used: String,
    pub promised: String,
}

/// The clocks that were promised.
pub fn clocks(frame: &Frame, readings: &[Reading; 3], now: Moment) -> Vec<Shown> {
    let live = readings.iter().filter(|r| r.promised_ms > 0);
    live.map(|r| Shown {
        name: frame.t(r.clock.key()).into_owned(),
        tag: standing(r, now),
        due: r.due.map_or(0, |d| d.0),
        used: match r.standing {
            Standing::Off => String::new(),
            _ => frame.duration(r.used_ms),
        },
        promised: frame.duration(r.promised_ms),
    })
    .collect()
}

fn standing(r: &Reading, now: Moment) -> Tag {
    match (r.standing, r.is_missed(now)) {
        (Standing::Done(_), false) => Tag::new(Tone::Done, key("desk-standing-kept")),
        (Standing::Done(_), true) => Tag::new(Tone::Plain, key("desk-standing-late")),
        (Standing::Off, _) => Tag::new(Tone::Plain, key("desk-standing-off")),
        (_, true) => Tag::new(Tone::Overdue, key("desk-standing-missed")),
        (Standing::Paused, _) => Tag::new(Tone::Plain, key("desk-standing-paused")),
        (Standing::Running, _) => Tag::new(Tone::Waiting, key("desk-standing-running")),
    }
}

/// What happened, the newest first. To its reporter a colleague is the office by name only where
/// they work on it.
pub fn story(frame: &Frame, steps: &[Step], inside: bool) -> Vec<parts::Moment> {
    let one = |s: &Step| {
        let act = Act::from_word(&s.act);
        let what = match (act, Note::from_word(&s.act)) {
            (Some(act), _) => act.key(),
            (_, Some(note)) => note.key(),
            _ => return None,
        };
        let mut what = frame.t(what).into_owned();
        if inside && !s.public {
            what.push_str(&frame.t("desk-inside"));
        }
        let hand = Hand::from_word(&s.hand).map_or("", Hand::key);
        let hand = frame.t(hand).into_owned();
        let who = if s.by_name.is_empty() || s.hand == Hand::Reporter.word() {
            hand
        } else {
            s.by_name.clone()
        };
        let tone = match act {
            Some(Act::Confirm | Act::ConfirmSilently | Act::Close) => Tone::Done,
            Some(Act::Reopen | Act::TimeOut) => Tone::Overdue,
            Some(Act::Wait) => Tone::Waiting,
            _ => Tone::Plain,
        };
        Some(parts::Moment {
            at_ms: s.at.0,
            who,
            what,
            why: s.words.clone(),
            tone,
            seq: 0,
        })
    };
    steps.iter().rev().filter_map(one).collect()
}

/// The pictures of a ticket under an address.
pub async fn pictures(desk: &Desk, t: &Ticket, under: &str) -> Result<Vec<Thumb>, Refused> {
    let all = work::pictures_of(&desk.house, &desk.by, t.id).await?;
    let thumb = |p: &work::Picture| {
        let href = format!("{under}/pictures/{}", p.id);
        Thumb {
            picture: href.clone(),
            href,
            name: desk.frame.t(p.shows.key()).into_owned(),
            note: desk.frame.stamp(p.at.0),
        }
    };
    Ok(all.iter().map(thumb).collect())
}

/// What a picture of a form shows.
pub fn shows(word: &str) -> Shows {
    Shows::from_word(word).unwrap_or(Shows::Before)
}

/// The ticket in the path with what was said of it.
pub async fn read(desk: &Desk) -> Result<(Ticket, looking::Said, Vec<Step>), Refused> {
    let (house, by) = (&desk.house, &desk.by);
    let t = looking::ticket(house, by, desk.id()?).await?;
    let said = looking::said(house, by.community, &t).await?;
    let steps = looking::story(house, by, &t).await?;
    Ok((t, said, steps))
}

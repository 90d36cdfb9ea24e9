//! Reading what the applicant answered, screen by screen.

use hanzi::numbers::{Phone, ResidentId};

use super::super::draft::{self, Draft, Step};
use super::super::pictures::{self, Have};
use super::super::policy::policy_of;
use super::super::{MembershipError, NAME_CHARS_MAX, Relation, WORDS_CHARS_MAX, roster_side};
use crate::texts::{self, TextName};
use foundation::house::House;
use foundation::page::{Form, say};
use permissions::actor::Actor;

/// Reads one screen's answer; `true` when the room is unknown to the roster.
pub(super) async fn take(
    house: &House,
    by: &Actor,
    draft: &mut Draft,
    step: Step,
    form: &mut Form,
) -> Result<bool, MembershipError> {
    let c = by.community;
    let have = Have::of(&pictures::list(house, c, draft.id).await?);
    let a = &mut draft.answers;
    match step {
        Step::Room => {
            if let Some(typed) = form.field("room", "membership-field-room").text(1..=80) {
                let found = roster_side::find_room(house, c, &typed).await?;
                a.room_typed = typed;
                match found {
                    Some((room, code)) => {
                        a.room = Some(room);
                        a.room_code = code;
                    }
                    None => {
                        a.room = None;
                        a.room_code.clear();
                        if form.value("keep") != "yes" {
                            form.fault("room", say("membership-room-unknown"));
                            return Ok(true);
                        }
                    }
                }
            }
        }
        Step::Relation => {
            let admitted = draft::admitted(house, c).await?;
            let words: Vec<&str> = admitted.iter().map(|r| r.word()).collect();
            if let Some(word) = form
                .field("relation", "membership-field-relation")
                .choice(&words)
            {
                a.relation = Relation::from_word(word);
            }
        }
        Step::Name => {
            if let Some(name) = form
                .field("name", "membership-field-name")
                .text(1..=NAME_CHARS_MAX)
            {
                a.name = name;
            }
        }
        Step::Phone => {
            let read = form
                .field("phone", "membership-field-phone")
                .read(|s| Phone::parse(s).map_err(|_| say("membership-phone-unreadable")));
            if let Some(phone) = read {
                a.phone = phone.national();
            }
        }
        Step::Document => {
            let read = form
                .field("document", "membership-field-document")
                .read_optional(|s| {
                    ResidentId::parse(s).map_err(|_| say("membership-document-unreadable"))
                });
            if let Some(document) = read {
                a.document = document.map(|d| d.as_str().to_owned()).unwrap_or_default();
                if !a.asks_identity(have) {
                    a.identity = None;
                }
            }
        }
        Step::Proof => {
            a.proof_later = form.value("later") == "yes";
        }
        Step::Consent => {
            let privacy = texts::current(house, c, TextName::Privacy).await?.version;
            a.privacy = form
                .field("privacy", "membership-field-privacy")
                .ticked()
                .map(|()| privacy);
            if !a.asks_identity(have) {
                a.identity = None;
            } else {
                let version = texts::current(house, c, TextName::Identity).await?.version;
                let tick = form.field("identity", "membership-field-identity").ticked();
                a.identity = tick.map(|()| version);
            }
            // Nothing hangs on this one: it may stay empty.
            let (_, policy) = policy_of(house, c).await?;
            a.archive = match policy.archive_copy && form.value("archive") == "yes" {
                true => Some(texts::current(house, c, TextName::Archive).await?.version),
                false => None,
            };
        }
        Step::Check => {
            if let Some(note) = form
                .field("note", "membership-field-note")
                .text(0..=WORDS_CHARS_MAX)
            {
                a.note = note;
            }
        }
    }
    let roster_asked = matches!(step, Step::Room | Step::Relation | Step::Name | Step::Phone);
    if roster_asked && !form.failed() && !a.name.is_empty() && !a.phone.is_empty() {
        draft::look(house, c, a).await?;
    }
    Ok(false)
}

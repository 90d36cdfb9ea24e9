//! The checks of an application as of now: the roster goes on living after somebody sent
//! theirs, and a verifier decides on what is true today, beside what was true then.

use super::checks::{self, Check};
use super::draft::Answers;
use super::policy::{Advice, policy_of};
use super::store::{self, Application, Change};
use super::{MembershipError, apply, events, roster_side, view, widths};
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use hanzi::numbers::Phone;
use permissions::Permission;
use permissions::actor::Actor;

/// What the checks say now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Now {
    pub checks: Vec<Check>,
    pub advice: Advice,
    /// The party on the roster that they point to.
    pub party: Option<Id>,
}

/// Runs the checks of a sent application anew. Nothing is written.
pub(super) async fn now(
    house: &House,
    c: foundation::database::Community,
    app: &Application,
) -> Result<Now, MembershipError> {
    let (phone, document) = view::opened(house, c, app).await?;
    let answers = Answers {
        room_typed: app.room_typed.clone(),
        room: app.room,
        room_code: app.room_code.clone(),
        relation: Some(app.relation),
        name: app.name.clone(),
        phone: phone.unwrap_or_default(),
        document: document.unwrap_or_default(),
        ..Answers::default()
    };
    let (phone_bits, _) = widths(house, c).await?;
    let e164 = Phone::parse(&answers.phone).map_or(String::new(), |p| p.e164());
    let blind = house.keys.blind(c, "application.phone", &e164, phone_bits);
    let (_, policy) = policy_of(house, c).await?;
    let gathered = apply::gather(house, c, app.id, &answers, blind, &policy).await?;
    let checks = checks::run(&gathered.facts, app.relation);
    Ok(Now {
        advice: policy.advise(&checks),
        checks,
        party: gathered.party,
    })
}

/// Ties an application, whose room the roster did not know as it was typed, to a room of
/// the roster; the checks are run anew for it.
///
/// # Errors
/// [`MembershipError::UnknownRoom`] when `code`, however it is written, is no room here;
/// [`MembershipError::Changed`] when somebody changed the application since `version`.
pub async fn tie(
    house: &House,
    by: &Actor,
    application: Id,
    version: i64,
    code: &str,
) -> Result<Advice, MembershipError> {
    by.may(Permission::MembershipVerify)?;
    let c = by.community;
    let app: Option<Application> = house
        .db
        .optional(store::application(c, application))
        .await?;
    let mut app = app.ok_or(MembershipError::NotFound)?;
    let (room, room_code) = roster_side::find_room(house, c, code)
        .await?
        .ok_or(MembershipError::UnknownRoom)?;
    let before = app.room;
    app.room = Some(room);
    app.room_code = room_code.clone();
    let found = now(house, c, &app).await?;
    house
        .write(
            c,
            &by.who_for(Permission::MembershipVerify),
            move |mut tx| {
                let app: Application = tx.one(store::application(c, application))?;
                if app.version != version {
                    return Err(MembershipError::Changed);
                }
                if !app.state.is_undecided() {
                    return Err(MembershipError::Decided);
                }
                let change = Change {
                    found: Some((found.party, found.advice)),
                    tied: Some((room, room_code)),
                    ..Change::default()
                };
                let now = tx.now();
                tx.execute(store::change_application(c, application, &change, now))?;
                let event = Event::new(events::TIED)
                    .about("application", application)
                    .to(Audience::Staff)
                    .with("room", room)
                    .with_some("before", before)
                    .with("advice", found.advice.word());
                Ok(tx.record(event, found.advice)?)
            },
        )
        .await
}

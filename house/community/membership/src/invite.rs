//! Invitations: one secret, one use, an end, bound to one application. A new one ends
//! the earlier; nobody but the bearer can read it, the house keeps a digest.

use serde_json::json;

use super::policy::{Policy, policy_in};
use super::state::{Event as Step, Guard, State, next};
use super::store::{self, Application, Change};
use super::{MembershipError, events, jobs, roster_side};
use foundation::clock::{DAY, Moment};
use foundation::database::{Community, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

const PURPOSE: &str = "membership.invitation";

/// A new invitation before it is written.
pub(super) struct Fresh {
    id: Id,
    link: [u8; 32],
}

impl Fresh {
    /// `secret` is what the link will carry; only its digest is kept.
    pub(super) fn make(house: &House, secret: String) -> Fresh {
        Fresh {
            id: house.id(),
            link: digest(house, &secret),
        }
    }
}

/// What a link's secret is looked up by.
pub(super) fn digest(house: &House, secret: &str) -> [u8; 32] {
    house.keys.digest(PURPOSE, secret.as_bytes())
}

/// An invitation as its row says.
#[derive(Clone, Copy, Debug)]
pub struct Invitation {
    pub id: Id,
    pub application: Id,
    pub number: i64,
    pub open: bool,
    pub expires_at: Moment,
}

type InvitationRow = (Id, Id, i64, String, Moment);

pub(super) fn read(row: InvitationRow) -> Invitation {
    let (id, application, number, state, expires_at) = row;
    Invitation {
        id,
        application,
        number,
        open: state == "open",
        expires_at,
    }
}

/// Writes an invitation into the running act; its event ends the act.
#[allow(clippy::too_many_arguments)] // the row's own parts
pub(super) fn put(
    tx: &mut Tx<'_>,
    c: Community,
    application: Id,
    from: State,
    fresh: Fresh,
    by: Option<Id>,
    policy: &Policy,
    guard: Guard,
) -> Result<Event, MembershipError> {
    let now = tx.now();
    let until = now.plus(policy.invitation_ms());
    let state = next(from, Step::Invite, guard)?;
    tx.execute(store::end_invitations(c, application, "replaced", now))?;
    let (number,): (i64,) = tx.one(store::next_number(c))?;
    tx.execute(store::insert_invitation(
        c,
        fresh.id,
        application,
        &fresh.link,
        number,
        by,
        now,
        until,
    ))?;
    tx.execute(store::change_application(
        c,
        application,
        &Change {
            state: Some(state),
            ..Change::default()
        },
        now,
    ))?;
    let what = json!({"application": application, "invitation": fresh.id});
    let job = |kind: &str| format!("{kind}:{}", fresh.id);
    foundation::jobs::enqueue(tx, jobs::EXPIRE, &job(jobs::EXPIRE), &what, until)?;
    let remind = until.plus(-i64::from(policy.reminder_days) * DAY);
    if remind > now {
        foundation::jobs::enqueue(tx, jobs::REMIND, &job(jobs::REMIND), &what, remind)?;
    }
    Ok(Event::new(events::INVITED)
        .about("application", application)
        .to(Audience::Staff)
        .with("invitation", fresh.id)
        .with("number", number)
        .with("until", until))
}

/// An invitation just issued: the only moment at which its secret can be shown.
#[derive(Clone, Debug)]
pub struct Issued {
    pub application: Id,
    pub secret: String,
    pub number: i64,
    pub expires_at: Moment,
}

/// Issues an invitation to an approved application, or another one in place of the
/// earlier. Verifier and inviter are two persons where two could do it (spec G1).
pub async fn invite(house: &House, by: &Actor, application: Id) -> Result<Issued, MembershipError> {
    by.may(Permission::MembershipInvite)?;
    let c = by.community;
    let secret = house.chance.token();
    let fresh = Fresh::make(house, secret.clone());
    let (id, account) = (fresh.id, by.account);
    house
        .write(
            c,
            &by.who_for(Permission::MembershipInvite),
            move |mut tx| {
                let now = tx.now();
                let app: Option<Application> = tx.optional(store::application(c, application))?;
                let app = app.ok_or(MembershipError::NotFound)?;
                let able = roster_side::count_able(&mut tx, c, Permission::MembershipInvite, now)?;
                let guard = Guard {
                    same_person: account.is_some() && app.decided_by == account,
                    two_exist: able >= 2,
                    ..Guard::PERSON
                };
                let (_, policy) = policy_in(&mut tx, c)?;
                let event = put(
                    &mut tx,
                    c,
                    application,
                    app.state,
                    fresh,
                    account,
                    &policy,
                    guard,
                )?;
                let row: InvitationRow = tx.one(store::invitation(c, id))?;
                let row = read(row);
                let issued = Issued {
                    application,
                    secret,
                    number: row.number,
                    expires_at: row.expires_at,
                };
                Ok(tx.record(event, issued)?)
            },
        )
        .await
}

/// Ends an invitation whose time is over. Once, however often the clock asks.
pub async fn expire(house: &House, by: &Actor, invitation: Id) -> Result<(), MembershipError> {
    let c = by.community;
    let out = house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let row: Option<InvitationRow> = tx.optional(store::invitation(c, invitation))?;
            let row = read(row.ok_or(MembershipError::NotFound)?);
            if !row.open || row.expires_at > now {
                return Err(MembershipError::InvitationEnded);
            }
            let app: Application = tx.one(store::application(c, row.application))?;
            let state = next(app.state, Step::InviteExpires, Guard::MACHINE)?;
            tx.execute(store::end_invitations(c, row.application, "expired", now))?;
            tx.execute(store::change_application(
                c,
                row.application,
                &Change {
                    state: Some(state),
                    ..Change::default()
                },
                now,
            ))?;
            let event = Event::new(events::INVITE_EXPIRED)
                .about("application", row.application)
                .to(Audience::Staff)
                .with("invitation", invitation);
            Ok(tx.record(event, ())?)
        })
        .await;
    settled(out)
}

/// Notes that the invited person was reminded; the outgoing message follows the event.
pub async fn remind(house: &House, by: &Actor, invitation: Id) -> Result<(), MembershipError> {
    let c = by.community;
    let out = house
        .write(c, &by.who(), move |mut tx| {
            let row: Option<InvitationRow> = tx.optional(store::invitation(c, invitation))?;
            let row = read(row.ok_or(MembershipError::NotFound)?);
            if !row.open || row.expires_at <= tx.now() {
                return Err(MembershipError::InvitationEnded);
            }
            let event = Event::new(events::REMINDED)
                .about("application", row.application)
                .to(Audience::Staff)
                .with("invitation", invitation);
            Ok(tx.record(event, ())?)
        })
        .await;
    settled(out)
}

/// A job that finds its work done has nothing to do.
pub(super) fn settled(out: Result<(), MembershipError>) -> Result<(), MembershipError> {
    match out {
        Err(
            MembershipError::InvitationEnded
            | MembershipError::NotFound
            | MembershipError::Illegal(_),
        ) => Ok(()),
        other => other,
    }
}

//! Confirming: whoever holds the invitation reads the rules, accepts them, and is a
//! member. Account, role and membership come to be in one write; one link admits one.

use zeroize::Zeroizing;

use super::invite::{self, Invitation};
use super::policy::policy_in;
use super::state::{Event as Step, Guard, next};
use super::store::{self, Application, Change};
use super::{MembershipError, account_side, apply, events, jobs, view};
use crate::texts::{self, TextName};
use accounts::sessions::{self, Opening};
use foundation::clock::Moment;
use foundation::database::{Community, HOUSE, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

/// By what somebody joins.
#[derive(Clone, Copy, Debug)]
pub enum Ticket<'s> {
    /// The secret of the invitation (link, QR, slip).
    Invitation(&'s str),
    /// The secret of the status link, where the policy lets it admit.
    Status(&'s str),
}

/// What the holder of a ticket is shown.
#[derive(Clone, Debug)]
pub struct Offer {
    pub invitation: Invitation,
    pub name: String,
    pub room_code: String,
    /// The phone they applied with.
    pub phone: String,
    pub rules: texts::Text,
    pub privacy: texts::Text,
}

/// The open invitation behind a ticket.
///
/// # Errors
/// [`MembershipError::InvitationEnded`] when it was used, replaced or ran out.
pub async fn look(
    house: &House,
    c: Community,
    ticket: Ticket<'_>,
) -> Result<Offer, MembershipError> {
    let (invitation, app) = resolve(house, c, ticket).await?;
    if !invitation.open || invitation.expires_at <= house.now() {
        return Err(MembershipError::InvitationEnded);
    }
    let (phone, _) = view::opened(house, c, &app).await?;
    let phone = phone.unwrap_or_default();
    Ok(Offer {
        invitation,
        name: app.name,
        room_code: app.room_code,
        phone,
        rules: texts::current(house, c, TextName::Rules).await?,
        privacy: texts::current(house, c, TextName::Privacy).await?,
    })
}

async fn resolve(
    house: &House,
    c: Community,
    ticket: Ticket<'_>,
) -> Result<(Invitation, Application), MembershipError> {
    let row: Option<(Id, Id, i64, String, Moment)> = match ticket {
        Ticket::Invitation(secret) => {
            let link = invite::digest(house, secret);
            house
                .db
                .optional(store::invitation_by_link(c, &link))
                .await?
        }
        Ticket::Status(secret) => {
            let app = apply::find(house, c, secret).await?;
            let (_, policy) = super::policy::policy_of(house, c).await?;
            if !policy.join_by_status {
                return Err(MembershipError::NotFound);
            }
            house.db.optional(store::open_invitation(c, app.id)).await?
        }
    };
    let invitation = invite::read(row.ok_or(MembershipError::NotFound)?);
    let app = house
        .db
        .optional(store::application(c, invitation.application))
        .await?;
    Ok((invitation, app.ok_or(MembershipError::NotFound)?))
}

/// How the new member will sign in.
pub enum SignIn {
    /// A new account.
    New {
        phone: String,
        password: Zeroizing<String>,
    },
    /// The account that is signed in already, in this compound or another.
    Existing(Id),
}

/// What was accepted, by version.
#[derive(Clone, Copy, Debug)]
pub struct Accepted {
    pub rules: i64,
    pub privacy: i64,
}

/// Somebody who just became a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    pub member: Id,
    pub account: Id,
}

/// Accepts the invitation.
pub async fn confirm(
    house: &House,
    by: &Actor,
    ticket: Ticket<'_>,
    accepted: Accepted,
    sign_in: SignIn,
) -> Result<Joined, MembershipError> {
    admit(house, by, ticket, accepted, sign_in, None).await
}

/// Accepts the invitation and signs the new member in: the session begins in the same
/// write, so that nobody is a member who could not come in. `opening` need not name the
/// account yet.
pub async fn confirm_and_enter(
    house: &House,
    by: &Actor,
    ticket: Ticket<'_>,
    accepted: Accepted,
    sign_in: SignIn,
    opening: Opening,
) -> Result<Joined, MembershipError> {
    admit(house, by, ticket, accepted, sign_in, Some(opening)).await
}

async fn admit(
    house: &House,
    by: &Actor,
    ticket: Ticket<'_>,
    accepted: Accepted,
    sign_in: SignIn,
    opening: Option<Opening>,
) -> Result<Joined, MembershipError> {
    let c = by.community;
    let (invitation, app) = resolve(house, c, ticket).await?;
    if !invitation.open || invitation.expires_at <= house.now() {
        return Err(MembershipError::InvitationEnded);
    }
    // A room that the roster did not know at applying was tied to one by the desk.
    let room = app.room.ok_or(MembershipError::Missing("room"))?;
    let prepared = match &sign_in {
        SignIn::New { phone, password } => {
            Some(account_side::prepare(house, &app.name, phone, password.clone()).await?)
        }
        SignIn::Existing(_) => None,
    };
    let existing = match sign_in {
        SignIn::Existing(account) => Some(account),
        SignIn::New { .. } => None,
    };
    let member = house.id();
    let stamp = house.stamp(&by.who());
    house
        .db
        .write_across(vec![HOUSE, c], stamp, move |mut tx| {
            let now = tx.now();
            // The row decides, alone in its compound: of fifty, one finds it open.
            if tx.execute(store::use_invitation(c, invitation.id, now))? != 1 {
                return Err(MembershipError::InvitationEnded);
            }
            let app: Application = tx.one(store::application(c, app.id))?;
            let state = next(app.state, Step::Confirm, Guard::PERSON)?;
            let wanted = [
                (TextName::Rules, accepted.rules),
                (TextName::Privacy, accepted.privacy),
            ];
            for (name, version) in wanted {
                if texts::current_version(&mut tx, c, name)? != version {
                    return Err(MembershipError::OlderText);
                }
                tx.execute(store::insert_consent(c, app.id, name.word(), version, now))?;
            }
            let key = hanzi::name::name_key(&app.name);
            let (standing,): (i64,) = tx.one(store::standing(c, room, &key, app.party))?;
            if standing > 0 {
                return Err(MembershipError::AlreadyMember);
            }
            let account = match (prepared, existing) {
                (Some(new), _) => account_side::insert(&mut tx, new)?,
                (None, Some(account)) => account,
                (None, None) => return Err(MembershipError::Missing("account")),
            };
            account_side::grant_owner(&mut tx, c, account, app.party)?;
            if let Some(mut opening) = opening {
                opening.account = account;
                sessions::open(&mut tx, &opening)?;
            }
            tx.execute(store::insert_member(c, member, account, room, &app, now))?;
            tx.execute(store::change_application(
                c,
                app.id,
                &Change {
                    state: Some(state),
                    joined: true,
                    ..Change::default()
                },
                now,
            ))?;
            let (_, policy) = policy_in(&mut tx, c)?;
            jobs::plan_erasure_after(&mut tx, app.id, &policy)?;
            let event = Event::new(events::JOINED)
                .about("application", app.id)
                .to(Audience::Staff)
                .with("member", member)
                .with("account", account)
                .with("room", room)
                .with_some("party", app.party)
                .with("rules", accepted.rules)
                .with("privacy", accepted.privacy);
            Ok(tx.record(event, Joined { member, account })?)
        })
        .await
}

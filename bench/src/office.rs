//! Rooms and colleagues for a measure: the roster imported as an office does it, and
//! people hired by invitation.

use std::sync::Arc;

use accounts::sessions::Opening;
use accounts::{self, NewAccount, Side, links};
use anyhow::Context as _;
use foundation::communities::Compound;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Door;
use imports::{self, Options, Outcome};
use permissions::Role;
use permissions::actor::Actor;
use sheets::{Layout, Limits, guess_all};

/// The whole way of a roster: opened, read, staged, applied.
pub async fn import(house: &House, compound: &Compound, book: &[u8]) -> anyhow::Result<Outcome> {
    let open = Arc::new(sheets::open(book, "roster.xlsx", &Limits::default())?);
    let read = imports::read(&open, &guess_all(&open, Layout::Roster));
    drop(open);
    let digest = house.keys.digest("import-file", book);
    let by = Actor::operator(compound.number);
    let file = ("roster.xlsx", digest);
    let outcome = imports::run(
        house,
        &by,
        compound,
        file,
        &read,
        Options::default(),
        &|_, _| (),
    );
    let outcome = outcome.await?;
    if let Some(error) = outcome.errors.first() {
        anyhow::bail!("the invented roster is faulty: {error:?}");
    }
    Ok(outcome)
}

/// A colleague of this role, and the actor they are.
pub async fn hire(
    house: &Arc<House>,
    compound: &Compound,
    role: Role,
) -> anyhow::Result<(Id, Actor)> {
    let operator = Actor::operator(compound.number);
    let path = links::invite(house, &operator, role, role.word()).await?;
    let secret = path.rsplit('/').next().context("a path ends somewhere")?;
    let link = links::look_at_invite(house, secret).await?;
    let new = NewAccount {
        name: role.word().to_owned(),
        handle: Some(role.word().to_owned()),
        ..NewAccount::default()
    };
    let prepared = accounts::prepare(house, new).await?;
    let account = prepared.id;
    let opening = Opening::new(house, account, Side::Staff, String::new());
    links::redeem_invite(house, secret, &link, prepared, opening).await?;
    let actor = Actor::account(account, None, compound.number, vec![role], Door::Web);
    Ok((account, actor))
}

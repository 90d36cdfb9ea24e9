//! A form on the screen: begun, filled in, made ready for signature, mended, given up.

use dossiers::Kind;
use foundation::database::{Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::Words;
use permissions::Permission;
use permissions::actor::Actor;

use crate::fields::Definition;
use crate::filled::{Filled, Head, State};
use crate::store::cases;
use crate::values::Values;
use crate::{FormsError, events, prefill, sealing, store};

/// Forms of one kind in one dossier; their number has two digits, and nobody has as many.
pub const NTH_MAX: i64 = 99;

/// The dossier that a form is made for.
pub async fn head(house: &House, c: Community, dossier: Id) -> Result<Head, FormsError> {
    let found: Option<Head> = house.db.optional(store::head(c, dossier)).await?;
    found.ok_or(FormsError::NotFound)
}

/// Begins a form with what the roster knows, in the words that it will be printed in. Whose
/// data were copied is in the ledger before anybody sees them.
///
/// # Errors
/// [`FormsError::Ended`] after the tenure's end; [`FormsError::Kind`] for a, b, i and j.
pub async fn begin(
    house: &House,
    by: &Actor,
    dossier: Id,
    kind: Kind,
    words: &Words,
) -> Result<Id, FormsError> {
    by.may(Permission::ArchiveFile)?;
    by.may(Permission::PersonUnmask)?;
    Definition::of(kind).ok_or(FormsError::Kind)?;
    let head = head(house, by.community, dossier).await?;
    let (values, people) = prefill::of(house, by.community, &head, kind, words).await?;
    begin_with(house, by, &head, kind, &values, people).await
}

/// Begins a form with given entries.
pub(crate) async fn begin_with(
    house: &House,
    by: &Actor,
    head: &Head,
    kind: Kind,
    values: &Values,
    people: Vec<Id>,
) -> Result<Id, FormsError> {
    if !head.open {
        return Err(FormsError::Ended);
    }
    let c = by.community;
    let account = by.account.ok_or(FormsError::NotFound)?;
    let mut form = Filled {
        id: house.id(),
        dossier: head.dossier,
        room: head.room,
        kind,
        nth: 0,
        state: State::Draft,
        fields: sealing::seal(house, c, head.dossier, sealing::FORM, values).await?,
        version: 1,
        edition: 0,
        taken_by: account,
        taken_name: accounts::name_of(house, account).await?,
        begun_at: house.now(),
        printed_at: None,
        signed_at: None,
        document: None,
        code: head.code.clone(),
        number: head.number.clone(),
    };
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let (last,): (i64,) = tx.one(store::last_nth(c, form.dossier, kind))?;
            if last >= NTH_MAX {
                return Err(FormsError::Words);
            }
            form.nth = last + 1;
            tx.execute(store::insert(c, &form))?;
            let event = Event::new(events::BEGUN)
                .about("form", form.id)
                .to(Audience::Staff)
                .with("dossier", form.dossier)
                .with("kind", kind.letter())
                .with("people", people);
            Ok(tx.record(event, form.id)?)
        })
        .await
}

/// A form without its entries.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<Filled, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let found: Option<Filled> = house.db.optional(store::form(by.community, id)).await?;
    found.ok_or(FormsError::NotFound)
}

/// The entries of a form, as they are. Whether they are shown in clear is the caller's to ask:
/// [`Filled::open_to`].
pub(crate) async fn entries(
    house: &House,
    c: Community,
    form: &Filled,
) -> Result<Values, FormsError> {
    let ring = house.keys.ring(c, &[form.dossier]).await?;
    sealing::open(&ring, form.dossier, sealing::FORM, &form.fields)
}

/// A form that the actor fills in, with its entries in clear.
///
/// # Errors
/// [`FormsError::NotYours`]; [`FormsError::State`] once it is signed or void.
pub async fn mine(house: &House, by: &Actor, id: Id) -> Result<(Filled, Values), FormsError> {
    by.may(Permission::ArchiveFile)?;
    let form = one(house, by, id).await?;
    if !form.open_to(by.account) {
        return Err(match form.state {
            State::Draft | State::Printed => FormsError::NotYours,
            other => FormsError::State(other),
        });
    }
    let values = entries(house, by.community, &form).await?;
    Ok((form, values))
}

/// A form's entries as the actor may see them: in clear to who fills it in, until it is
/// signed; else its facts, with all that is personal masked.
pub async fn shown(
    house: &House,
    by: &Actor,
    id: Id,
) -> Result<(Filled, Values, bool), FormsError> {
    let form = one(house, by, id).await?;
    let values = entries(house, by.community, &form).await?;
    let clear = by.has(Permission::ArchiveFile) && form.open_to(by.account);
    Ok((form, values, clear))
}

/// Keeps what was typed. Once the form is on paper, only what was left open there is added:
/// copied from the paper that was filled in by pen.
///
/// # Errors
/// [`FormsError::Changed`] when it was saved from another window meanwhile;
/// [`FormsError::OnPaper`] when something that was printed would change.
pub async fn save(
    house: &House,
    by: &Actor,
    id: Id,
    version: i64,
    values: &Values,
) -> Result<(), FormsError> {
    let (form, before) = mine(house, by, id).await?;
    if form.version != version {
        return Err(FormsError::Changed);
    }
    if form.state == State::Printed && !values.adds_to(&before) {
        return Err(FormsError::OnPaper);
    }
    if before == *values {
        return Ok(());
    }
    let c = by.community;
    let sealed = sealing::seal(house, c, form.dossier, sealing::FORM, values).await?;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(store::save(c, id, version, &sealed))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(events::SAVED)
                .about("form", id)
                .with("dossier", form.dossier);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Makes a form ready for signature: its data stand still from now on, under a new edition.
///
/// # Errors
/// [`FormsError::Missing`] with the labels of what is not filled in.
pub async fn print(house: &House, by: &Actor, id: Id, version: i64) -> Result<(), FormsError> {
    let (form, values) = mine(house, by, id).await?;
    if form.state != State::Draft {
        return Err(FormsError::State(form.state));
    }
    let missing = values.missing_on_paper(form.definition()?);
    if !missing.is_empty() {
        return Err(FormsError::Missing(missing));
    }
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::print(c, id, version, now))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(events::PRINTED)
                .about("form", id)
                .to(Audience::Staff)
                .with("dossier", form.dossier)
                .with("kind", form.kind.letter())
                .with("edition", form.edition + 1);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Takes a printed form back to mend it: paper of that edition counts no more.
///
/// # Errors
/// [`FormsError::HasCase`] while its process goes on by it.
pub async fn reopen(house: &House, by: &Actor, id: Id, version: i64) -> Result<(), FormsError> {
    let (form, _) = mine(house, by, id).await?;
    if form.state != State::Printed {
        return Err(FormsError::State(form.state));
    }
    settle(house, by, &form, version, State::Draft).await
}

/// Gives a form up. Its number is not used again.
pub async fn void(house: &House, by: &Actor, id: Id, version: i64) -> Result<(), FormsError> {
    let (form, _) = mine(house, by, id).await?;
    settle(house, by, &form, version, State::Void).await
}

async fn settle(
    house: &House,
    by: &Actor,
    form: &Filled,
    version: i64,
    to: State,
) -> Result<(), FormsError> {
    let (c, id, dossier, from) = (by.community, form.id, form.dossier, form.state);
    // What is under review or served stands; it is mended where the process says so.
    let case: Option<(String,)> = house.db.optional(cases::state_of_form(c, id)).await?;
    let mended =
        to == State::Draft && matches!(&case, Some((s,)) if s == "returned" || s == "issued");
    if case.is_some() && !mended {
        return Err(FormsError::HasCase);
    }
    let kind = if to == State::Void {
        events::VOIDED
    } else {
        events::REOPENED
    };
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(store::settle(c, id, version, from, to))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(kind)
                .about("form", id)
                .to(Audience::Staff)
                .with("dossier", dossier);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Goes on with a form that another began, because they are away.
pub async fn take_over(house: &House, by: &Actor, id: Id, version: i64) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    by.may(Permission::PersonUnmask)?;
    let form = one(house, by, id).await?;
    let account = by.account.ok_or(FormsError::NotFound)?;
    if !matches!(form.state, State::Draft | State::Printed) {
        return Err(FormsError::State(form.state));
    }
    let name = accounts::name_of(house, account).await?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(store::take_over(c, id, version, account, &name))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(events::TAKEN_OVER)
                .about("form", id)
                .to(Audience::Staff)
                .with("dossier", form.dossier)
                .with("from", form.taken_by);
            Ok(tx.record(event, ())?)
        })
        .await
}

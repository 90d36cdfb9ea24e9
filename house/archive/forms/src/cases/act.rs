//! A case is opened, and led on act by act.

use dossiers::Kind;
use fees::Fen;
use foundation::clock::{DAY, Moment};
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::Words;
use jiff::ToSpan;
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;

use super::{Act, Case, Due, Process, WHATS, breach, clock, looking};
use crate::definitions::renovation::DRAWN;
use crate::filled::Head;
use crate::policy::Policy;
use crate::store::cases as store;
use crate::values::Values;
use crate::{FormsError, State, events, fill, prefill, sealing, workdays};

/// The end of a day: what is due on it may still be done on it.
fn end_of(day: Date) -> Moment {
    Moment(Moment::at_start_of(day).0 + DAY - 1)
}

/// The end of the working days for looking at an application.
async fn review_end(house: &House, by: &Actor) -> Result<Moment, FormsError> {
    let days = Policy::of(house, by.community).await?.review_days;
    Ok(end_of(workdays::after(house.now().date(), days)))
}

/// Opens a renovation from its application, which is on paper at least.
///
/// # Errors
/// [`FormsError::NeedsForm`] for a draft; [`FormsError::HasCase`] the second time.
pub async fn apply(house: &House, by: &Actor, form: Id) -> Result<Id, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let filled = fill::one(house, by, form).await?;
    if filled.kind != Kind::Renovation {
        return Err(FormsError::Kind);
    }
    if !matches!(filled.state, State::Printed | State::Signed) {
        return Err(FormsError::NeedsForm(State::Printed));
    }
    let head = fill::head(house, by.community, filled.dossier).await?;
    let due = review_end(house, by).await?;
    let new = New {
        kind: Kind::Renovation,
        form: Some(form),
        renovation: None,
        values: Values::default(),
        due: Some(due),
    };
    open(house, by, &head, new).await
}

/// Opens a breach that was found, in a renovation or not.
///
/// # Errors
/// [`FormsError::Missing`]; [`FormsError::NotFound`] for a renovation of another home.
pub async fn found(
    house: &House,
    by: &Actor,
    dossier: Id,
    renovation: Option<Id>,
    values: Values,
) -> Result<Id, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let missing = values.missing_of(breach::FOUND);
    if !missing.is_empty() {
        return Err(FormsError::Missing(missing));
    }
    let head = fill::head(house, by.community, dossier).await?;
    if let Some(renovation) = renovation {
        let there = looking::one(house, by, renovation).await?;
        if there.dossier != dossier || there.kind != Kind::Renovation {
            return Err(FormsError::NotFound);
        }
    }
    let new = New {
        kind: Kind::Breach,
        form: None,
        renovation,
        values,
        due: None,
    };
    open(house, by, &head, new).await
}

struct New {
    kind: Kind,
    form: Option<Id>,
    renovation: Option<Id>,
    values: Values,
    due: Option<Moment>,
}

async fn open(house: &House, by: &Actor, head: &Head, new: New) -> Result<Id, FormsError> {
    let c = by.community;
    if !head.open {
        return Err(FormsError::Ended);
    }
    let process = Process::of(new.kind).ok_or(FormsError::Kind)?;
    let now = house.now();
    let mut case = Case {
        id: house.id(),
        dossier: head.dossier,
        room: head.room,
        kind: new.kind,
        year: now.date().year().into(),
        nth: 0,
        state: process.states[0].0.to_owned(),
        form: new.form,
        renovation: new.renovation,
        fields: sealing::seal(house, c, head.dossier, sealing::CASE, &new.values).await?,
        fee: 0,
        deposit: 0,
        refund: 0,
        due_at: new.due,
        version: 1,
        opened_by: by.account.ok_or(FormsError::NotFound)?,
        opened_at: now,
        closed_at: None,
        code: head.code.clone(),
        number: head.number.clone(),
    };
    let kind = match new.kind {
        Kind::Renovation => events::RENOVATION_APPLIED,
        _ => events::BREACH_FOUND,
    };
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if let Some(form) = case.form {
                let there: Option<(Id,)> = tx.optional(store::of_form(c, form))?;
                if there.is_some() {
                    return Err(FormsError::HasCase);
                }
            }
            let (last,): (i64,) = tx.one(store::last_nth(c, case.kind, case.year))?;
            case.nth = last + 1;
            tx.execute(store::insert(c, &case))?;
            clock::plan(&mut tx, &case)?;
            let event = Event::new(kind)
                .about("office_case", case.id)
                .to(Audience::Staff)
                .with("dossier", case.dossier)
                .with_some("form", case.form)
                .with_some("renovation", case.renovation)
                .with_some("due", case.due_at);
            Ok(tx.record(event, case.id)?)
        })
        .await
}

/// Does one act of a case's process.
///
/// # Errors
/// [`FormsError::Step`] when it is not done in the case's state; [`FormsError::Forbidden`] when
/// the actor may not; what the act itself needs.
pub async fn act(
    house: &House,
    by: &Actor,
    id: Id,
    version: i64,
    name: &str,
    values: Values,
    words: &Words,
) -> Result<(), FormsError> {
    let case = looking::one(house, by, id).await?;
    let process = case.process()?;
    let act = process.act(name).ok_or(FormsError::NotFound)?;
    by.may(act.may)?;
    if !act.from.contains(&case.state.as_str()) {
        let (_, state) = process.state(&case.state).unwrap_or(("", ""));
        return Err(FormsError::Step {
            act: act.word,
            state,
        });
    }
    if case.version != version {
        return Err(FormsError::Changed);
    }
    let missing = values.missing_of(act.asks);
    if !missing.is_empty() {
        return Err(FormsError::Missing(missing));
    }
    let mut next = after(house, by, &case, act, &values).await?;
    needs(house, by, &case, act, &values, &mut next).await?;
    if act.name == "issue" {
        next.form = Some(notice(house, by, &case, &values, words).await?);
    }
    let c = by.community;
    let sealed = sealing::seal(house, c, case.dossier, sealing::STEP, &values).await?;
    let account = by.account.ok_or(FormsError::NotFound)?;
    let by_name = accounts::name_of(house, account).await?;
    house
        .write(c, &by.who_for(act.may), move |mut tx| {
            if tx.execute(store::go_on(c, &next))? == 0 {
                return Err(FormsError::Changed);
            }
            let (last,): (i64,) = tx.one(store::last_step(c, id))?;
            let step = store::NewStep {
                case: id,
                n: last + 1,
                act: act.name,
                state: &next.state,
                at: tx.now(),
                by_name: &by_name,
                fields: &sealed,
            };
            tx.execute(store::step(c, &step))?;
            if next.due_at != case.due_at {
                clock::plan(&mut tx, &next)?;
            }
            let money = |fen: i64, was: i64| (fen != was).then_some(fen);
            let event = Event::new(act.event)
                .about("office_case", id)
                .to(Audience::Staff)
                .with("dossier", case.dossier)
                .with_some("due", next.due_at)
                .with_some("form", next.form.filter(|_| case.form.is_none()))
                .with_some("fee_fen", money(next.fee, case.fee))
                .with_some("deposit_fen", money(next.deposit, case.deposit))
                .with_some("refund_fen", money(next.refund, case.refund));
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The case as it stands after an act.
async fn after(
    house: &House,
    by: &Actor,
    case: &Case,
    act: &'static Act,
    values: &Values,
) -> Result<Case, FormsError> {
    let mut next = case.clone();
    next.state = act.leads_to(&case.state).to_owned();
    let today = house.now().date();
    next.due_at = match act.due {
        Due::Keep => case.due_at,
        Due::None => None,
        Due::Review => Some(review_end(house, by).await?),
        Due::Recheck => {
            let months = Policy::of(house, by.community).await?.recheck_months;
            let months = i32::try_from(months).unwrap_or(3);
            Some(end_of(today.saturating_add(months.months())))
        }
        Due::Day(field) => {
            let day: Date = values.of(field).parse().map_err(|_| FormsError::Words)?;
            if day < today {
                return Err(FormsError::DayPast);
            }
            Some(end_of(day))
        }
    };
    if act.ends {
        next.closed_at = Some(house.now());
    }
    Ok(next)
}

/// What an act needs beside its fields.
async fn needs(
    house: &House,
    by: &Actor,
    case: &Case,
    act: &'static Act,
    values: &Values,
    next: &mut Case,
) -> Result<(), FormsError> {
    let fen = |name: &str| values.of(name).parse::<Fen>().map_or(0, |fen| fen.0);
    match act.name {
        "approve" | "accept" | "close" if by.account == Some(case.opened_by) => {
            return Err(FormsError::OwnCase);
        }
        "approve" => needs_drawings(house, by, case).await?,
        "pay" => (next.deposit, next.fee) = (fen("deposit"), fen("fee")),
        // Work begins on a signed application only.
        "permit" => needs_form(house, by, case, &[State::Signed]).await?,
        // A notice is served on paper; a mended application is handed in on paper.
        "serve" | "refuse" | "apply_again" => {
            needs_form(house, by, case, &[State::Printed, State::Signed]).await?;
        }
        "issue" => needs_paper(house, by, case, "evidence").await?,
        "recheck"
            if case
                .due_at
                .is_some_and(|due| house.now().date() < due.date()) =>
        {
            let day = case
                .due_at
                .map_or(String::new(), |due| due.date().to_string());
            return Err(FormsError::Early(day));
        }
        "refund" => {
            next.refund = fen("refund");
            if next.refund > case.deposit {
                return Err(FormsError::Refund);
            }
            // Nothing is kept back by decision: damage is paid by a signed agreement.
            if next.refund < case.deposit {
                needs_paper(house, by, case, "agreement").await?;
            }
        }
        _ => {}
    }
    Ok(())
}

async fn needs_form(
    house: &House,
    by: &Actor,
    case: &Case,
    states: &[State],
) -> Result<(), FormsError> {
    let wanted = FormsError::NeedsForm(states[0]);
    let Some(form) = case.form else {
        return Err(wanted);
    };
    let form = fill::one(house, by, form).await?;
    if states.contains(&form.state) {
        Ok(())
    } else {
        Err(wanted)
    }
}

/// Whoever touches walls shows how (住宅室內裝飾裝修管理辦法 5, 6 and 9): the drawings are in the
/// dossier before the application is approved.
async fn needs_drawings(house: &House, by: &Actor, case: &Case) -> Result<(), FormsError> {
    let Some(form) = case.form else {
        return Ok(());
    };
    let form = fill::one(house, by, form).await?;
    let values = fill::entries(house, by.community, &form).await?;
    let mut works = values.of("works").split(' ');
    if works.any(|work| DRAWN.contains(&work)) {
        needs_paper(house, by, case, "drawing").await?;
    }
    Ok(())
}

async fn needs_paper(
    house: &House,
    by: &Actor,
    case: &Case,
    what: &'static str,
) -> Result<(), FormsError> {
    let (n,): (i64,) = house
        .db
        .one(store::papers_of(by.community, case.id, what))
        .await?;
    if n == 0 {
        Err(FormsError::NeedsPaper(what))
    } else {
        Ok(())
    }
}

/// 《違章處理通知單》 with what was found and what is asked, as a draft to be checked.
async fn notice(
    house: &House,
    by: &Actor,
    case: &Case,
    asked: &Values,
    words: &Words,
) -> Result<Id, FormsError> {
    by.may(Permission::PersonUnmask)?;
    let c = by.community;
    let head = fill::head(house, c, case.dossier).await?;
    let (mut values, people) = prefill::of(house, c, &head, Kind::Breach, words).await?;
    let found = looking::found_of(house, by, case).await?;
    for name in ["found_at", "place", "fact"] {
        values.set(name, found.of(name));
    }
    for name in ["clause", "demands", "deadline", "contact"] {
        values.set(name, asked.of(name));
    }
    fill::begin_with(house, by, &head, Kind::Breach, &values, people).await
}

/// Adds a document of the dossier to a case.
pub async fn add_paper(
    house: &House,
    by: &Actor,
    id: Id,
    document: Id,
    what: &str,
) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    let what = WHATS.into_iter().find(|w| *w == what);
    let what = what.ok_or(FormsError::Words)?;
    let case = looking::one(house, by, id).await?;
    let scan = dossiers::filing::one(house, by, document).await?;
    if scan.dossier != case.dossier || case.closed_at.is_some() {
        return Err(FormsError::Document);
    }
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(store::add_paper(c, id, document, what))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(events::CASE_PAPER)
                .about("office_case", id)
                .to(Audience::Staff)
                .with("document", document)
                .with("what", what);
            Ok(tx.record(event, ())?)
        })
        .await
}

//! 入伙: one guided flow for each home. At the desk identity and contract are checked and the
//! fees looked at, a and b are signed, the home is inspected (f), keys are given (e), the
//! household registers (c), papers are received (d), copies of identity are kept (i). A
//! building is prepared by [`crate::preparing`], its papers are in one file.

use dossiers::Kind;
use fees::arrears::arrears_of;
use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, LIST_MAX, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::{Words, key};
use paper::Bundle;
use permissions::Permission;
use permissions::actor::Actor;

use crate::filled::{Filled, Head, State};
use crate::printing::{Letterhead, copies};
use crate::store::handover as store;
use crate::{FormsError, events, fill, prefill, sealing};

/// Homes of one building.
pub const HOMES_MAX: i64 = 500;
/// The forms that a handover makes, in the order of the desk.
pub const FORMS: [Kind; 4] = [
    Kind::Handover,
    Kind::Keys,
    Kind::Registration,
    Kind::Receipt,
];

/// What was noted of a handover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    pub dossier: Id,
    pub begun_at: Moment,
    pub identity_at: Option<Moment>,
    pub identity_name: String,
    pub fees_at: Option<Moment>,
    pub fees_name: String,
    /// What was overdue when the fees were looked at.
    pub fees_fen: i64,
    pub done_at: Option<Moment>,
    pub done_name: String,
}

impl FromRow for Noted {
    fn from_row(row: &mut Row) -> Result<Noted, DbError> {
        Ok(Noted {
            dossier: row.next()?,
            begun_at: row.next()?,
            identity_at: row.next()?,
            identity_name: row.next()?,
            fees_at: row.next()?,
            fees_name: row.next()?,
            fees_fen: row.next()?,
            done_at: row.next()?,
            done_name: row.next()?,
        })
    }
}

/// The steps of the flow in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Identity,
    Fees,
    Covenant,
    FireSafety,
    Inspection,
    Keys,
    Registration,
    Receipt,
    Copies,
}

impl Step {
    pub const ALL: [Step; 9] = [
        Step::Identity,
        Step::Fees,
        Step::Covenant,
        Step::FireSafety,
        Step::Inspection,
        Step::Keys,
        Step::Registration,
        Step::Receipt,
        Step::Copies,
    ];

    /// The key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Step::Identity => key("handover-step-identity"),
            Step::Fees => key("handover-step-fees"),
            Step::Covenant => key("handover-step-a"),
            Step::FireSafety => key("handover-step-b"),
            Step::Inspection => key("handover-step-f"),
            Step::Keys => key("handover-step-e"),
            Step::Registration => key("handover-step-c"),
            Step::Receipt => key("handover-step-d"),
            Step::Copies => key("handover-step-i"),
        }
    }

    /// The form that is signed in it, or the paper that is scanned.
    pub fn kind(self) -> Option<Kind> {
        Some(match self {
            Step::Identity | Step::Fees => return None,
            Step::Covenant => Kind::Covenant,
            Step::FireSafety => Kind::FireSafety,
            Step::Inspection => Kind::Handover,
            Step::Keys => Kind::Keys,
            Step::Registration => Kind::Registration,
            Step::Receipt => Kind::Receipt,
            Step::Copies => Kind::Identity,
        })
    }
}

/// How far a home's handover is.
pub struct Progress {
    pub head: Head,
    pub noted: Option<Noted>,
    /// Its forms c to f that are not void.
    pub forms: Vec<Filled>,
    /// The kinds of documents that are there.
    pub documents: Vec<Kind>,
}

impl Progress {
    pub fn is_done(&self, step: Step) -> bool {
        let noted = self.noted.as_ref();
        match (step, step.kind()) {
            (Step::Identity, _) => noted.is_some_and(|n| n.identity_at.is_some()),
            (Step::Fees, _) => noted.is_some_and(|n| n.fees_at.is_some()),
            (_, Some(kind)) if FORMS.contains(&kind) => self
                .forms
                .iter()
                .any(|f| f.kind == kind && f.state == State::Signed),
            (_, Some(kind)) => self.documents.contains(&kind),
            (_, None) => false,
        }
    }

    pub fn done(&self) -> usize {
        Step::ALL.iter().filter(|s| self.is_done(**s)).count()
    }

    /// The first step that is not done.
    pub fn next(&self) -> Option<Step> {
        Step::ALL.into_iter().find(|s| !self.is_done(*s))
    }

    /// The newest form of a kind.
    pub fn form(&self, kind: Kind) -> Option<&Filled> {
        self.forms.iter().rev().find(|f| f.kind == kind)
    }
}

async fn progress(
    house: &House,
    by: &Actor,
    heads: Vec<Head>,
) -> Result<Vec<Progress>, FormsError> {
    let c = by.community;
    let ids: Vec<Id> = heads.iter().map(|h| h.dossier).collect();
    let (mut noted, mut forms, mut documents) = (Vec::new(), Vec::new(), Vec::new());
    for part in ids.chunks(LIST_MAX) {
        noted.extend(house.db.all::<Noted>(store::of(c, part)).await?);
        forms.extend(
            house
                .db
                .all::<Filled>(crate::store::of_dossiers(c, part))
                .await?,
        );
        documents.extend(
            house
                .db
                .all::<(Id, Kind)>(store::documents(c, part))
                .await?,
        );
    }
    let of = |head: Head| Progress {
        noted: noted.iter().find(|n| n.dossier == head.dossier).cloned(),
        forms: forms
            .iter()
            .filter(|f| f.dossier == head.dossier && FORMS.contains(&f.kind))
            .cloned()
            .collect(),
        documents: documents
            .iter()
            .filter(|(dossier, _)| *dossier == head.dossier)
            .map(|(_, kind)| *kind)
            .collect(),
        head,
    };
    Ok(heads.into_iter().map(of).collect())
}

/// How far one home is.
pub async fn one(house: &House, by: &Actor, dossier: Id) -> Result<Progress, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let head = fill::head(house, by.community, dossier).await?;
    let mut all = progress(house, by, vec![head]).await?;
    all.pop().ok_or(FormsError::NotFound)
}

/// How far the homes of a building are, in shelf order, at most [`HOMES_MAX`].
pub async fn building(
    house: &House,
    by: &Actor,
    building: &str,
) -> Result<Vec<Progress>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::homes(by.community, building, HOMES_MAX);
    let heads: Vec<Head> = house.db.all(asked).await?;
    progress(house, by, heads).await
}

/// Begins a home's handover: its forms c to f are made with what the roster knows, and those
/// that can be are made ready for signature. Done twice it makes nothing twice.
pub async fn begin(
    house: &House,
    by: &Actor,
    dossier: Id,
    words: &Words,
) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    by.may(Permission::PersonUnmask)?;
    let there = one(house, by, dossier).await?;
    let c = by.community;
    if !there.head.open {
        return Err(FormsError::Ended);
    }
    let mut made = Vec::new();
    for kind in FORMS {
        if there.form(kind).is_none() {
            let (values, people) = prefill::of(house, c, &there.head, kind, words).await?;
            made.push(fill::begin_with(house, by, &there.head, kind, &values, people).await?);
        }
    }
    if there.noted.is_some() && made.is_empty() {
        return Ok(());
    }
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            tx.execute(store::insert(c, dossier, now))?;
            let event = Event::new(events::HANDOVER_BEGUN)
                .about("dossier", dossier)
                .to(Audience::Staff)
                .with("forms", made);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The papers of a building's handovers that are ready for signature, home after home.
pub async fn papers(
    house: &House,
    by: &Actor,
    name: &str,
    letterhead: &Letterhead,
) -> Result<Bundle, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let mut out = Bundle {
        title: letterhead.words.t("handover-title").into_owned(),
        ..Bundle::default()
    };
    for home in building(house, by, name).await? {
        let ring = house.keys.ring(by.community, &[home.head.dossier]).await?;
        for kind in FORMS {
            let forms = home.forms.iter().filter(|f| f.kind == kind);
            for form in forms.filter(|f| f.state == State::Printed && f.open_to(by.account)) {
                let d = form.dossier;
                let values = sealing::open(&ring, d, sealing::FORM, &form.fields)?;
                out.forms.extend(copies(form, &values, letterhead)?);
            }
        }
    }
    if out.forms.is_empty() {
        return Err(FormsError::NotFound);
    }
    Ok(out)
}

/// Identity and contract were checked at the desk.
pub async fn check_identity(house: &House, by: &Actor, dossier: Id) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    let name = name_of(house, by).await?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::identity(c, dossier, &name, now))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(events::IDENTITY_CHECKED)
                .about("dossier", dossier)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The fees were looked at: what is overdue is noted. It does not hold the keys back.
pub async fn look_at_fees(house: &House, by: &Actor, dossier: Id) -> Result<i64, FormsError> {
    by.may(Permission::ArchiveFile)?;
    by.may(Permission::FeesRead)?;
    let c = by.community;
    let head = fill::head(house, c, dossier).await?;
    let arrears = arrears_of(house, c, head.room, house.now().date()).await?;
    let (name, fen) = (name_of(house, by).await?, arrears.total_fen());
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::fees(c, dossier, &name, fen, now))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(events::FEES_SEEN)
                .about("dossier", dossier)
                .to(Audience::Staff)
                .with("overdue_fen", fen);
            Ok(tx.record(event, fen)?)
        })
        .await
}

/// The home is handed over.
///
/// # Errors
/// [`FormsError::Unfinished`] with the steps that are not done.
pub async fn finish(house: &House, by: &Actor, dossier: Id) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    let there = one(house, by, dossier).await?;
    let open = Step::ALL.into_iter().filter(|s| !there.is_done(*s));
    let open: Vec<&'static str> = open.map(Step::word).collect();
    if !open.is_empty() {
        return Err(FormsError::Unfinished(open));
    }
    let name = name_of(house, by).await?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::done(c, dossier, &name, now))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(events::HANDOVER_DONE)
                .about("dossier", dossier)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}

async fn name_of(house: &House, by: &Actor) -> Result<String, FormsError> {
    let account = by.account.ok_or(FormsError::NotFound)?;
    Ok(accounts::name_of(house, account).await?)
}

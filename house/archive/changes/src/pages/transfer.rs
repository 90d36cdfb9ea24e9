//! One transfer: its steps with what is open at each, the look at the whole, the deed.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use dossiers::number;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Line, Tag, Tone, key, onward};
use permissions::Permission;
use permissions::actor::Actor;

use super::{By, refused, typed, version, words};
use crate::transfer::preview::{self, Preview, STEPS};
use crate::transfer::{self, GROUNDS, METERS, OWNERS_MAX, Stage, deed};

/// A step with what is open in it.
struct Step {
    anchor: String,
    name: &'static str,
    tag: Tag,
    open: Vec<&'static str>,
}

/// The fields of one new owner.
struct Slot {
    n: usize,
    first: bool,
    filled: bool,
    /// Who on the roster has the name that was typed.
    alike: Vec<Choice>,
}

impl Slot {
    fn field(&self, name: &str) -> String {
        format!("{name}_{}", self.n)
    }
}

/// Somebody or something ticked, with its own field.
struct Ticked {
    id: String,
    field: String,
    text: String,
    note: String,
}

#[derive(Template)]
#[template(path = "changes/transfer.html")]
struct FormPage {
    frame: Frame,
    form: Form,
    own: String,
    back: String,
    state: Tag,
    number: String,
    steps: Vec<Step>,
    version: i64,
    grounds: Vec<Choice>,
    owners: Vec<Ticked>,
    slots: Vec<Slot>,
    papers: Vec<Choice>,
    hand_in: String,
    owed: Vec<Line>,
    owes: bool,
    credit: String,
    payers: Vec<Choice>,
    credits: Vec<Choice>,
    meters: Vec<(String, &'static str)>,
    keys: Vec<Ticked>,
    keys_at: String,
    residents: Vec<Choice>,
    vehicles: Vec<Choice>,
    fees_at: String,
    /// Where the household told of it, or empty.
    told_at: String,
}

fn step(frame: &Preview, name: &'static str) -> Step {
    let open: Vec<&'static str> = frame
        .open
        .iter()
        .filter(|o| o.step == name)
        .map(|o| words::open_word(o.what))
        .collect();
    Step {
        anchor: format!("#step-{name}"),
        name: words::step_word(name),
        tag: if open.is_empty() {
            Tag::new(Tone::Done, key("transfer-step-done"))
        } else {
            Tag::new(Tone::Waiting, key("transfer-step-open"))
        },
        open,
    }
}

async fn draw(house: &House, by: &Actor, c: &str, id: Id, frame: Frame) -> Response {
    let t = match preview::preview(house, by, id).await {
        Ok(t) => t,
        Err(e) => return refused(frame, &e),
    };
    if t.transfer.stage != Stage::Draft {
        return onward::to(&format!("/c/{c}/transfers/{id}/look"));
    }
    let choice = |value: &str, word: &'static str| Choice::new(value, frame.t(word));
    let form = typed::filled(&t);
    page::html(
        StatusCode::OK,
        FormPage {
            own: format!("/c/{c}/transfers/{id}"),
            back: format!("/c/{c}/transfers"),
            state: words::stage_tag(t.transfer.stage),
            number: number::said(&t.facts.number, frame.words.lang()),
            steps: STEPS.map(|name| step(&t, name)).into(),
            version: t.transfer.version,
            grounds: GROUNDS.map(|g| choice(g, words::ground_word(g))).into(),
            owners: t
                .facts
                .owners
                .iter()
                .map(|p| Ticked {
                    id: p.party.to_string(),
                    field: format!("share_{}", p.party),
                    text: p.name.clone(),
                    note: p.relation.share.map_or(String::new(), |s| share(&frame, s)),
                })
                .collect(),
            slots: (1..=OWNERS_MAX)
                .map(|n| Slot {
                    n,
                    first: n == 1,
                    filled: t.draft.owners.len() >= n,
                    alike: alike(&frame, t.alike.get(n - 1)),
                })
                .collect(),
            papers: t
                .facts
                .papers
                .iter()
                .map(|p| Choice::new(p.id.to_string(), format!("{} {}", p.label, p.title)))
                .collect(),
            hand_in: format!("/c/{c}/files/{}/new?kind=j", t.transfer.dossier),
            owed: t
                .facts
                .owed
                .iter()
                .map(|(name, fen)| Line::new(name.clone(), frame.money(fen.0)))
                .collect(),
            owes: t.facts.owed_in_all().0 > 0,
            credit: if t.facts.credit.0 > 0 {
                frame.money(t.facts.credit.0)
            } else {
                String::new()
            },
            payers: vec![
                choice("former", key("transfer-payer-former")),
                choice("new", key("transfer-payer-new")),
            ],
            credits: vec![
                choice("carried", key("transfer-credit-carried")),
                choice("returned", key("transfer-credit-returned")),
            ],
            meters: METERS
                .map(|m| (format!("meter_{m}"), words::meter_word(m)))
                .into(),
            keys: t
                .facts
                .keys
                .iter()
                .map(|k| Ticked {
                    id: k.id.to_string(),
                    field: format!("key_{}", k.id),
                    text: k.code.clone(),
                    note: frame
                        .t(forms::pages::words::what_word(&k.what))
                        .into_owned(),
                })
                .collect(),
            keys_at: format!("/c/{c}/forms-of/{}/keys", t.transfer.dossier),
            residents: t
                .facts
                .residents
                .iter()
                .map(|p| {
                    let what = words::what_word("ended", p.relation.kind.word());
                    Choice::new(
                        p.relation.id.to_string(),
                        format!("{} · {}", p.name, frame.t(what)),
                    )
                })
                .collect(),
            vehicles: t
                .facts
                .vehicles
                .iter()
                .map(|(id, plate)| Choice::new(id.to_string(), plate.clone()))
                .collect(),
            fees_at: format!("/c/{c}/fees/rooms/{}", t.transfer.room),
            told_at: t
                .draft
                .answer
                .map_or(String::new(), |a| format!("/c/{c}/census/answers/{a}")),
            form,
            frame: frame.named(t.transfer.code),
        },
    )
}

/// The question whether a new owner is somebody of the roster, as choices.
fn alike(frame: &Frame, found: Option<&Vec<roster::Alike>>) -> Vec<Choice> {
    let found = found.map_or(&[][..], Vec::as_slice);
    let mut out: Vec<Choice> = found
        .iter()
        .map(|a| Choice::new(a.party.as_str(), a.name.clone()).hint(frame.join(&a.known)))
        .collect();
    if !out.is_empty() {
        out.push(Choice::new("new", frame.t("roster-who-new")));
    }
    out
}

fn share(frame: &Frame, (part, whole): (i64, i64)) -> String {
    if whole == 0 {
        frame.t("transfer-joint").into_owned()
    } else {
        format!("{part}/{whole}")
    }
}

/// The draft.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, id, frame).await
}

/// The draft is kept as it is typed, whatever is still open; then one goes on with it or looks
/// at the whole.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match transfer::save(&house, &by, id, version(&form), &typed::typed(&form)).await {
        Ok(()) if form.value("then") == "look" => {
            onward::to(&format!("/c/{c}/transfers/{id}/look"))
        }
        Ok(()) => onward::done(
            &format!("/c/{c}/transfers/{id}"),
            frame.t("transfer-did-save"),
        ),
        Err(e) => refused(frame, &e),
    }
}

#[derive(Template)]
#[template(path = "changes/transfer_look.html")]
struct LookPage {
    frame: Frame,
    own: String,
    base: String,
    back: String,
    state: Tag,
    version: i64,
    lines: Vec<Line>,
    follows: Vec<String>,
    missing: Vec<&'static str>,
    is_draft: bool,
    is_done: bool,
    may_undo: bool,
    invitations: String,
    may_invite: bool,
    files: Vec<(String, String)>,
}

/// What it will do, or did.
pub async fn look(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let t = match preview::preview(&house, &by, id).await {
        Ok(t) => t,
        Err(e) => return refused(frame, &e),
    };
    let today = house.now().date();
    let done_today = t.transfer.done_at.is_some_and(|at| at.date() == today);
    let is_draft = t.transfer.stage == Stage::Draft;
    let mut files = vec![(
        format!("/c/{c}/files/{}", t.transfer.dossier),
        frame.t("transfer-file-former").into_owned(),
    )];
    if let Some(next) = t.transfer.next.filter(|n| *n != t.transfer.dossier) {
        let text = frame.t("transfer-file-next").into_owned();
        files.push((format!("/c/{c}/files/{next}"), text));
    }
    let title = format!("{} {}", t.transfer.code, frame.t("transfer-word"));
    page::ok(LookPage {
        own: format!("/c/{c}/transfers/{id}"),
        base: format!("/c/{c}"),
        back: if is_draft {
            format!("/c/{c}/transfers/{id}")
        } else {
            format!("/c/{c}/transfers")
        },
        state: words::stage_tag(t.transfer.stage),
        version: t.transfer.version,
        lines: lines(&frame, &t),
        follows: if is_draft {
            follows(&frame, &t)
        } else {
            Vec::new()
        },
        missing: t.open.iter().map(|o| words::open_word(o.what)).collect(),
        is_draft,
        is_done: t.transfer.stage == Stage::Done,
        may_undo: t.transfer.stage == Stage::Done && done_today && by.has(Permission::TransferUndo),
        invitations: format!("/c/{c}/applications?state=approved"),
        may_invite: by.has(Permission::MembershipInvite),
        files,
        frame: frame.named(title),
    })
}

fn lines(frame: &Frame, t: &Preview) -> Vec<Line> {
    let d = &t.draft;
    let names: Vec<String> = d
        .owners
        .iter()
        .filter(|o| !o.is_empty())
        .map(|o| {
            let name = if o.organisation {
                o.name.clone()
            } else {
                hanzi::name::masked_name(&o.name)
            };
            if o.share.is_empty() {
                name
            } else {
                format!("{name}（{}）", o.share)
            }
        })
        .collect();
    let mut lines = vec![
        Line::new(frame.t("transfer-field-day"), d.day.clone()),
        Line::new(
            frame.t("transfer-field-ground"),
            frame.t(words::ground_word(&d.ground)),
        ),
        Line::new(frame.t("transfer-field-new"), frame.join(&names)),
        Line::new(frame.t("transfer-field-contract"), d.contract.clone()),
        Line::new(frame.t("transfer-field-certificate"), d.certificate.clone()),
    ];
    for (at, meter) in METERS.into_iter().enumerate() {
        if !d.meters[at].is_empty() {
            let label = frame.t(words::meter_word(meter));
            lines.push(Line::new(label, d.meters[at].clone()));
        }
    }
    if !t.transfer.done_name.is_empty() {
        let at = t.transfer.done_at.map_or(0, |at| at.0);
        let who = format!("{} · {}", frame.stamp(at), t.transfer.done_name);
        lines.push(Line::new(frame.t("transfer-field-done"), who));
    }
    lines
}

/// Everything that will happen, sentence by sentence.
fn follows(frame: &Frame, t: &Preview) -> Vec<String> {
    let say = |word: &'static str| frame.t(word).into_owned();
    let one =
        |word: &'static str, count: usize| frame.one(word, "count", count as i64).into_owned();
    let mut out = Vec::new();
    let leaving: Vec<String> = t.leaving().map(|p| p.name.clone()).collect();
    if !leaving.is_empty() {
        out.push(
            frame
                .one(
                    "transfer-follow-leave",
                    "names",
                    frame.join(&leaving).into_owned(),
                )
                .into_owned(),
        );
    }
    if t.draft.continues() {
        out.push(say("transfer-follow-continues"));
    } else {
        out.push(say("transfer-follow-dossier"));
        out.push(say("transfer-follow-identity"));
        out.push(say("transfer-follow-seal"));
        out.push(say("transfer-follow-box"));
    }
    out.push(say("transfer-follow-members"));
    out.push(say("transfer-follow-invite"));
    if !t.draft.ends.is_empty() {
        out.push(one("transfer-follow-ends", t.draft.ends.len()));
    }
    let stay = t.remaining().count();
    if stay > 0 {
        out.push(one("transfer-follow-stay", stay));
    }
    if !t.draft.vehicles.is_empty() {
        out.push(one("transfer-follow-vehicles", t.draft.vehicles.len()));
    }
    if !t.facts.keys.is_empty() && !t.draft.continues() {
        out.push(one("transfer-follow-keys", t.facts.keys.len()));
    }
    if t.facts.owed_in_all().0 > 0 {
        let amount = frame.money(t.facts.owed_in_all().0);
        out.push(
            frame
                .one(
                    if t.draft.payer == "new" {
                        key("transfer-follow-new-pays")
                    } else {
                        key("transfer-follow-former-pays")
                    },
                    "amount",
                    amount,
                )
                .into_owned(),
        );
    }
    if t.facts.credit.0 > 0 {
        out.push(say(if t.draft.credit == "returned" {
            key("transfer-follow-credit-returned")
        } else {
            key("transfer-follow-credit-carried")
        }));
    }
    out.push(say("transfer-follow-check"));
    out
}

/// It is done.
pub async fn complete(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match deed::complete(&house, &by, id, version(&form)).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/transfers/{id}/look"),
            frame.t("transfer-did"),
        ),
        Err(e) => refused(frame, &e),
    }
}

/// A draft is given up.
pub async fn give_up(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match transfer::drop(&house, &by, id, version(&form)).await {
        Ok(()) => onward::done(&format!("/c/{c}/transfers"), frame.t("transfer-did-drop")),
        Err(e) => refused(frame, &e),
    }
}

/// It is taken back on its day.
pub async fn undo(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match deed::undo(&house, &by, id, version(&form)).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/transfers/{id}/look"),
            frame.t("transfer-did-undo"),
        ),
        Err(e) => refused(frame, &e),
    }
}

//! A room's diary: where its account stands and why, what was said, what comes next.

use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::{Desk, words};
use crate::contact::{self, Contact};
use crate::hold::{self, Why};
use crate::letter::{self, Delivery, Kind, Letter, Proof};
use crate::looking::{self, Story};
use crate::stage::{self, Facts, Stage, missing};
use crate::{ArrearsError, Unlawful, rule};
use dossiers::pages::upload;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Line, Tag, Tone, key, onward};
use permissions::Permission;

/// A step of collecting with what is missing for it.
pub struct Step {
    pub word: &'static str,
    pub title: String,
    pub needs: String,
    pub done: bool,
    pub ready: bool,
    pub missing: String,
}

pub struct Said {
    pub id: Id,
    pub when: String,
    pub way: String,
    pub who: String,
    pub result: String,
    pub said: String,
    pub answered: String,
    pub promise: String,
    pub shown: String,
    pub by: String,
    pub late: bool,
    pub struck: bool,
    pub mistake: bool,
    pub arrived: bool,
    pub evidence: String,
    pub may_correct: bool,
}

pub struct Sent {
    pub id: Id,
    pub label: String,
    pub title: String,
    pub amount: String,
    pub issued: Date,
    pub pay_by: Date,
    pub state: String,
    pub how: String,
    pub on: String,
    pub open: bool,
    /// What shows that it was handed over: words, and a paper of the dossier.
    pub note: String,
    pub proof: String,
}

#[derive(Template)]
#[template(path = "arrears/diary.html")]
struct DiaryPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    room: Id,
    state: Option<Tag>,
    why: Vec<String>,
    lines: Vec<Line>,
    debts: Vec<(String, Date, String, bool)>,
    people: Vec<String>,
    stopped: String,
    warning: String,
    held: String,
    said: Vec<Said>,
    steps: Vec<Step>,
    letters: Vec<Sent>,
    deliveries: Vec<Choice>,
    holds: Vec<super::holds::Row>,
    whys: Vec<Choice>,
    rails: Vec<(String, String)>,
    may_follow: bool,
    may_attach: bool,
    accept: &'static str,
    may_letter: bool,
    may_lawyer: bool,
}

fn said(frame: &Frame, base: &str, k: &Contact, may: bool) -> Said {
    let t = |key: &str| frame.t(key).into_owned();
    let logged = k.logged_at.date();
    Said {
        id: k.id,
        when: format!("{} {}", k.on, k.time()),
        way: t(k.way.key()),
        who: t(k.reached.key()),
        result: t(k.result.key()),
        said: k.said.clone(),
        answered: k.answered.clone(),
        promise: k.promise.map_or(String::new(), |(day, fen)| {
            let values = [
                ("day", day.to_string().into()),
                ("amount", frame.money(fen.0).into()),
            ];
            frame.with("arrears-promised", &values).into_owned()
        }),
        shown: frame.money(k.shown_fen),
        by: k.by_name.clone(),
        late: logged > k.on,
        struck: k.corrected_by.is_some(),
        mistake: k.result == contact::Outcome::Mistake,
        arrived: k.arrived,
        evidence: k
            .document
            .map_or(String::new(), |d| format!("{base}/files/documents/{d}")),
        may_correct: may && k.counts() && k.letter.is_none(),
    }
}

fn sent(frame: &Frame, base: &str, l: &Letter, story: &Story) -> Sent {
    let of = |k: &&Contact| k.letter == Some(l.id) && k.counts();
    let shown = story.contacts.iter().find(of);
    Sent {
        id: l.id,
        label: l.label(),
        title: frame.t(l.kind.key()).into_owned(),
        amount: frame.money(l.owed_fen),
        issued: l.issued_on,
        pay_by: l.pay_by,
        state: frame.t(l.state.key()).into_owned(),
        how: l
            .delivery
            .map_or(String::new(), |d| frame.t(d.key()).into_owned()),
        on: l.delivered_on.map_or(String::new(), |d| d.to_string()),
        open: l.state == letter::State::Issued,
        note: shown.map_or(String::new(), |k| k.said.clone()),
        proof: shown
            .and_then(|k| k.document)
            .map_or(String::new(), |d| format!("{base}/files/documents/{d}")),
    }
}

/// The dates with the rule behind each.
fn why(frame: &Frame, story: &Story) -> Vec<String> {
    let Some(a) = &story.account else {
        return Vec::new();
    };
    let month = rule::months_later(a.anchor, 1);
    let day = |d: Date| d.to_string();
    let scope = [
        ("due", day(a.anchor).into()),
        ("month", day(month).into()),
        ("scope", day(a.scope_from).into()),
    ];
    let mut out = vec![frame.with("arrears-why-scope", &scope).into_owned()];
    let held = a
        .held_until
        .filter(|u| *u > month && Some(*u) >= a.contact_on);
    let (word, from) = match (a.contact_on, held) {
        (_, Some(until)) => (key("arrears-why-hold"), until),
        (Some(on), None) if on > month => (key("arrears-why-contact"), on),
        _ => (key("arrears-why-month"), month),
    };
    let deadline = [
        ("from", day(from).into()),
        ("deadline", day(a.deadline).into()),
        ("work", day(a.work_by).into()),
    ];
    out.push(frame.with(word, &deadline).into_owned());
    out
}

fn lines(frame: &Frame, story: &Story, today: Date) -> Vec<Line> {
    let Some(a) = &story.account else {
        return Vec::new();
    };
    let line = |key: &str, text: String| Line::new(frame.t(key), text);
    let day = |d: Option<Date>| d.map_or(String::new(), |d| d.to_string());
    let standing = rule::standing(&rule::Known::of(a.anchor, today));
    let mut out = vec![
        line(key("arrears-f-owed"), frame.money(story.overdue_fen)),
        line(key("arrears-f-anchor"), {
            let values = [
                ("day", a.anchor.to_string().into()),
                ("days", i64::from(standing.overdue_days).into()),
            ];
            frame.with("arrears-anchor-days", &values).into_owned()
        }),
        line(key("arrears-f-deadline"), a.deadline.to_string()),
        line(key("arrears-f-last"), day(a.contact_on)),
        line(key("arrears-f-reach"), a.reach_by.to_string()),
        line(key("arrears-f-limit"), a.limit_on.to_string()),
    ];
    if a.promised_on.is_some() {
        out.push(line(key("arrears-f-promise"), day(a.promised_on)));
    }
    let stage = a
        .stage
        .map_or(String::new(), |s| frame.t(s.key()).into_owned());
    out.push(line(key("arrears-f-stage"), stage));
    out
}

fn warning(frame: &Frame, story: &Story, today: Date) -> String {
    let Some(a) = &story.account else {
        return String::new();
    };
    match rule::limitation_warning(a.limit_on, today) {
        Some(0) => frame.one("arrears-lapsed", "day", a.limit_on.to_string()),
        Some(_) => frame.one("arrears-lapses", "day", a.limit_on.to_string()),
        None => return String::new(),
    }
    .into_owned()
}

pub async fn show(desk: Desk) -> Response {
    draw(desk, StatusCode::OK, Form::default()).await
}

async fn draw(desk: Desk, status: StatusCode, form: Form) -> Response {
    let read = async {
        let room = desk.id()?;
        Ok::<_, ArrearsError>((room, looking::story(&desk.house, &desk.by, room).await?))
    };
    match read.await {
        Ok((room, story)) => match fill(&desk, room, &story, form).await {
            Ok(page) => page::html(status, page),
            Err(e) => desk.refused(&e),
        },
        Err(e) => desk.refused(&e),
    }
}

async fn people(house: &House, desk: &Desk, room: Id) -> Result<Vec<String>, ArrearsError> {
    let all = roster::people_of_room(house, desk.by.community, room).await?;
    let here = all.into_iter().filter(|p| p.relation.stands);
    Ok(here
        .map(|p| match p.phones.first() {
            Some(phone) => format!("{} {phone}", p.name),
            None => p.name,
        })
        .take(8)
        .collect())
}

async fn fill(
    desk: &Desk,
    room: Id,
    story: &Story,
    mut form: Form,
) -> Result<DiaryPage, ArrearsError> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    let today = house.now().date();
    let follows = by.has(Permission::ArrearsFollow);
    let base = desk.at("");
    let facts = story
        .account
        .as_ref()
        .map(|a| Facts::of(a, &story.contacts, &story.letters, today));
    let join = |keys: Vec<&'static str>| {
        let words: Vec<String> = keys.iter().map(|k| frame.t(k).into_owned()).collect();
        frame.join(&words).into_owned()
    };
    let at = story.account.as_ref().and_then(|a| a.stage);
    let steps = Stage::ALL.iter().map(|stage| {
        let missing = facts.map_or(Vec::new(), |f| missing(*stage, &f));
        let done = at.is_some_and(|at| at >= *stage);
        Step {
            word: stage.word(),
            title: frame.t(stage.key()).into_owned(),
            needs: frame.t(stage.needs_key()).into_owned(),
            done,
            ready: !done && facts.is_some() && missing.is_empty() && by.has(stage.permission()),
            missing: join(missing),
        }
    });
    let stopped = match contact::allowed(house, by, room).await {
        Err(e @ (ArrearsError::Unlawful(_) | ArrearsError::Held(_))) => {
            let said = words::refusal(&e, frame);
            said.map_or(String::new(), |s| frame.words.say(&s).into_owned())
        }
        _ => String::new(),
    };
    let held = story.held(today).map_or(String::new(), |h| {
        let until = h.until.map_or(String::new(), |u| u.to_string());
        let values = [
            ("why", frame.t(h.why.key()).into_owned().into()),
            ("until", until.into()),
        ];
        frame.with("arrears-held-banner", &values).into_owned()
    });
    let ready = |kind_stage: Stage| facts.is_some_and(|f| missing(kind_stage, &f).is_empty());
    if form.value("on").is_empty() {
        form.set("on", &today.to_string());
    }
    let debts = story.debts.iter().take(60).map(|d| {
        let overdue = d.due < today;
        (d.name.clone(), d.due, frame.money(d.owed.0), overdue)
    });
    Ok(DiaryPage {
        own: desk.at(&format!("/arrears/{room}")),
        state: story.account.as_ref().map(|a| words::tag(a, today)),
        why: why(frame, story),
        lines: lines(frame, story, today),
        debts: debts.collect(),
        people: people(house, desk, room).await?,
        stopped,
        warning: warning(frame, story, today),
        held,
        said: story
            .contacts
            .iter()
            .map(|k| said(frame, &base, k, follows))
            .collect(),
        steps: steps.collect(),
        letters: story
            .letters
            .iter()
            .map(|l| sent(frame, &base, l, story))
            .collect(),
        deliveries: words::choices(Delivery::ALL, frame, Delivery::word, Delivery::key),
        holds: super::holds::rows(desk, &story.holds),
        whys: words::choices(Why::ALL, frame, Why::word, Why::key),
        rails: Unlawful::ALL
            .map(|u| {
                let what = frame.t(u.sentence()).into_owned();
                (what, frame.t(u.article()).into_owned())
            })
            .into(),
        may_follow: follows && facts.is_some_and(|f| f.overdue),
        may_attach: by.has(Permission::ArchiveFile),
        accept: upload::ACCEPT,
        may_letter: follows && ready(Stage::Written),
        may_lawyer: by.has(Permission::ArrearsDecide) && ready(Stage::Lawyer),
        room,
        base,
        form,
        frame: frame.clone().named(story.code.clone()),
    })
}

/// The page again with the refusal above its forms.
async fn again(desk: Desk, mut form: Form, field: &str, error: ArrearsError) -> Response {
    match words::refusal(&error, &desk.frame) {
        Some(sentence) => {
            form.fault(field, sentence);
            draw(desk, super::status(&error), form).await
        }
        None => desk.refused(&error),
    }
}

fn back(desk: &Desk, room: Id, text: &str) -> Response {
    onward::done(&desk.at(&format!("/arrears/{room}")), desk.frame.t(text))
}

/// A hold is asked for.
pub async fn hold(desk: Desk, mut form: Form) -> Response {
    let words: Vec<&str> = Why::ALL.iter().map(|w| w.word()).collect();
    let why = form.field("why", key("arrears-f-why")).choice(&words);
    let Some(why) = why.and_then(Why::from_word) else {
        return draw(desk, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let done = async {
        let room = desk.id()?;
        hold::ask(&desk.house, &desk.by, room, why, form.value("note")).await?;
        Ok::<_, ArrearsError>(room)
    };
    match done.await {
        Ok(room) => back(&desk, room, key("arrears-did-ask")),
        Err(e) => again(desk, form, "note", e).await,
    }
}

/// A step is taken.
pub async fn stage(desk: Desk, form: Form) -> Response {
    let Some(wanted) = Stage::from_word(form.value("stage")) else {
        return desk.refused(&ArrearsError::NotFound);
    };
    let done = async {
        let room = desk.id()?;
        stage::advance(&desk.house, &desk.by, room, wanted).await?;
        Ok::<_, ArrearsError>(room)
    };
    match done.await {
        Ok(room) => back(&desk, room, key("arrears-did-stage")),
        Err(e) => again(desk, form, "", e).await,
    }
}

/// A letter is issued.
pub async fn issue(desk: Desk, form: Form) -> Response {
    let Some(kind) = Kind::from_word(form.value("kind")) else {
        return desk.refused(&ArrearsError::NotFound);
    };
    let done = async {
        let room = desk.id()?;
        letter::issue(&desk.house, &desk.by, room, kind).await?;
        Ok::<_, ArrearsError>(room)
    };
    match done.await {
        Ok(room) => back(&desk, room, key("arrears-did-issue")),
        Err(e) => again(desk, form, "", e).await,
    }
}

/// The fields beside the files.
const FIELDS: [&str; 4] = ["csrf", "delivery", "on", "proof"];

/// A letter was handed over, or came back; what shows it goes into the room's dossier.
pub async fn settle(desk: Desk, mut body: Multipart) -> Response {
    let mut form = Form::default();
    let files = match upload::read_with(&mut body, &mut form, &FIELDS).await {
        Ok(files) => files,
        Err(e) => return settle_refused(desk, &e.into()),
    };
    let words: Vec<&str> = Delivery::ALL.iter().map(|w| w.word()).collect();
    let how = form
        .field("delivery", key("arrears-f-delivery"))
        .choice(&words);
    let on = form.field("on", key("arrears-f-day")).date();
    let how = how.and_then(Delivery::from_word);
    let done = async {
        let id = desk.id()?;
        let (Some(how), Some(on)) = (how, on) else {
            return Err(ArrearsError::Day);
        };
        // Refused before anything is stored, where it is refused.
        let letter = letter::may_settle(&desk.house, &desk.by, id, on).await?;
        let house = desk.house.clone();
        let proof = Proof {
            document: super::contact::attach(&house, &desk, letter.room, on, files).await?,
            note: form.value("proof").to_owned(),
        };
        letter::settle(&desk.house, &desk.by, id, how, on, proof).await?;
        Ok::<_, ArrearsError>(letter.room)
    };
    match done.await {
        Ok(room) => back(&desk, room, key("arrears-did-settle")),
        Err(e) => settle_refused(desk, &e),
    }
}

fn settle_refused(desk: Desk, error: &ArrearsError) -> Response {
    match words::refusal(error, &desk.frame) {
        Some(sentence) => page::problem::page_saying(desk.frame, super::status(error), &sentence),
        None => desk.refused(error),
    }
}

//! A ticket of the office, with what may be done about it.

use askama::Template;
use axum::Json;
use axum::extract::Multipart;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Desk, id_of, parts, upload, words};
use crate::acts::{self, Doing};
use crate::calendar::Office;
use crate::category::Tree;
use crate::states::{Act, Hand, State};
use crate::team::Teams;
use crate::ticket::{Ticket, Veil};
use crate::words::{Kind, Outcome, Priority, WaitsFor};
use crate::work::{self, Saying, Shows};
use crate::{Refused, calls, incident, listing, looking, price};
use foundation::page::{
    self, Choice, Form, Frame, Line, Tag, Thumb, Tone, key, onward, parts as pieces,
};

#[derive(Template)]
#[template(path = "desk/ticket.html")]
struct TicketPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    state: Tag,
    urgent: Option<Tag>,
    confidential: bool,
    title: String,
    words: String,
    lines: Vec<Line>,
    clocks: Vec<parts::Shown>,
    pictures: Vec<Thumb>,
    story: Vec<pieces::Moment>,
    /// The buttons without words, and the forms.
    simple: Vec<(String, String)>,
    may_triage: bool,
    may_assign: bool,
    may_wait: bool,
    may_resolve: bool,
    may_merge: bool,
    /// Acts that ask for a reason alone.
    reasons: Vec<(String, String)>,
    categories: Vec<Choice>,
    priorities: Vec<Choice>,
    teams: Vec<Choice>,
    workers: Vec<Choice>,
    waits: Vec<Choice>,
    outcomes: Vec<Choice>,
    shows: Vec<Choice>,
    call: Option<CallShown>,
    may_call: bool,
    /// What is heard on the phone confirms it or reopens it.
    decides: bool,
    /// The number that was left, masked; in clear only where it was just asked for.
    masked: String,
    phone: String,
    phone_shown: String,
    may_phone: bool,
    /// Somebody may ask for a price and write down what was used.
    may_price: bool,
    /// The office writes down the answer of a reporter who has no account; in fen, or 0.
    answer_fen: i64,
    parts: Vec<PartShown>,
    parts_sum: String,
    may_say: bool,
    may_print: bool,
    may_declare: bool,
    households: i64,
    version: i64,
    sent_id: String,
}

struct PartShown {
    name: String,
    amount: String,
    cost: String,
}

struct CallShown {
    state: Tag,
    due: i64,
    what: String,
}

pub async fn show(desk: Desk) -> Response {
    draw(desk, StatusCode::OK, Form::default(), String::new()).await
}

/// The number to call, in clear for this once.
pub async fn phone(desk: Desk, _form: Form) -> Response {
    let shown = async { looking::phone(&desk.house, &desk.by, desk.id()?).await };
    match shown.await {
        Ok(phone) => draw(desk, StatusCode::OK, Form::default(), phone).await,
        Err(e) => desk.refused(&e),
    }
}

async fn draw(desk: Desk, status: StatusCode, form: Form, phone: String) -> Response {
    match fill(&desk, form, phone).await {
        Ok(page) => page::html(status, page),
        Err(e) => desk.refused(&e),
    }
}

fn lines(desk: &Desk, t: &Ticket, said: &looking::Said, tree: &Tree, teams: &Teams) -> Vec<Line> {
    let frame = &desk.frame;
    let say = |key: &str| frame.t(key).into_owned();
    let category =
        listing::category_name(tree, t).map_or(String::new(), |k| words::category(k, frame));
    let team = t.team.and_then(|id| teams.team(id));
    let mut out = vec![
        Line::new(say("desk-f-kind"), say(t.kind.key())),
        Line::new(say("desk-f-place"), words::place(t, frame)),
        Line::new(say("desk-f-category"), category),
        Line::new(say("desk-f-priority"), say(t.priority.key())),
        Line::new(say("desk-f-source"), say(t.source.key())),
        Line::new(say("desk-f-opened"), frame.date(t.opened_at.0)),
        Line::new(
            say("desk-f-team"),
            team.map_or(String::new(), |k| k.name.clone()),
        ),
        Line::new(say("desk-f-assignee"), t.assignee_name.clone()),
    ];
    if !said.name.is_empty() {
        let name = hanzi::name::masked_name(&said.name);
        out.push(Line::new(say("desk-f-name"), name));
    }
    if let (State::Waiting, Some(what), Some(until)) = (t.state, t.waits_for, t.waits_until) {
        let text = format!("{} · {}", say(what.key()), frame.date(until.0));
        out.push(Line::new(say("desk-f-waits"), text));
    }
    if let Some(at) = t.accept_by {
        out.push(Line::new(say("desk-f-accept-by"), frame.date(at.0)));
    }
    if let Some(outcome) = t.outcome {
        let mut text = say(outcome.key());
        if t.silent {
            text.push_str(&say("desk-silent"));
        }
        out.push(Line::new(say("desk-f-outcome"), text));
    }
    if let Some(stars) = t.rating {
        let stars = frame.one("desk-stars", "stars", stars).into_owned();
        out.push(Line::new(say("desk-f-rating"), stars));
    }
    if let Some(fen) = t.price_fen {
        let word = match t.price_yes_at {
            Some(_) => key("desk-price-agreed"),
            None => key("desk-price-asked"),
        };
        let text = format!("{} {}", frame.money(fen), say(word));
        out.push(Line::new(say("desk-f-price"), text));
    }
    if t.reopened > 0 {
        out.push(Line::new(say("desk-f-reopened"), frame.count(t.reopened)));
    }
    out
}

async fn fill(desk: &Desk, form: Form, phone: String) -> Result<TicketPage, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    let c = by.community;
    let (t, said, steps) = parts::read(desk).await?;
    let (tree, teams) = (Tree::of(house, c).await?, Teams::of(house, c).await?);
    let office = Office::of(house, c).await?;
    let inside = looking::is_inside(by, &t);
    if !inside {
        return Err(Refused::NotFound);
    }
    let own = desk.at(&format!("/desk/{}", t.id));
    let ways = acts::ways(by, &t);
    let may = |act: Act| ways.contains(&act);
    let say = |key: &str| frame.t(key).into_owned();
    let simple = [Act::Grab, Act::Accept, Act::Start, Act::Resume, Act::Close];
    let simple = simple.into_iter().filter(|a| may(*a));
    // What a reporter without account says on the phone; what is reported as done, by the call.
    let reasons = [
        Act::HandBack,
        Act::Refer,
        Act::Decline,
        Act::Reopen,
        Act::Cancel,
    ];
    let decides = calls::decides(by, &t);
    let spoken = |a: &Act| may(*a) && !(decides && *a == Act::Reopen);
    let reasons = reasons.into_iter().filter(spoken);
    let complaint = t.veil != Veil::Office;
    let categories = tree
        .listed(None)
        .into_iter()
        .filter(|(_, k)| k.parent.is_some() && (k.kind == crate::Kind::Complaint) == complaint);
    let now = house.now();
    let readings = looking::clocks_of(&t, &steps, &tree, &office, now);
    let call = calls::of(house, c, &t).await?;
    let may_call = call.as_ref().is_some_and(|k| k.state == "due")
        && by.has(looking::office_right(t.veil))
        && t.worker != by.account;
    let used = price::parts(house, c, t.id).await?;
    let hands = looking::hands(by, &t);
    let works = hands.contains(&Hand::Assignee) || hands.contains(&Hand::Office);
    let mut form = form;
    if form.value("category").is_empty() {
        form.set("category", t.category.map_or("", |k| tree_id(&tree, k)));
    }
    if form.value("priority").is_empty() {
        form.set("priority", t.priority.word());
    }
    let workers = if may(Act::Assign) {
        acts::workers(house, by, &t).await?
    } else {
        Vec::new()
    };
    Ok(TicketPage {
        base: desk.at(""),
        state: words::tag(t.state),
        urgent: (t.priority == Priority::Emergency)
            .then(|| Tag::new(Tone::Overdue, t.priority.key())),
        confidential: complaint,
        title: format!("{} {}", say(t.kind.key()), words::place(&t, frame)),
        masked: roster::contact::masked_phone(&said.phone),
        phone_shown: frame.phone(&phone),
        phone,
        may_phone: looking::visits(by, &t),
        decides,
        lines: lines(desk, &t, &said, &tree, &teams),
        words: said.words,
        clocks: parts::clocks(frame, &readings, now),
        pictures: parts::pictures(desk, &t, &own).await?,
        story: parts::story(frame, &steps, inside),
        simple: simple
            .map(|a| (a.word().to_owned(), say(a.key())))
            .collect(),
        may_triage: may(Act::Triage),
        may_assign: may(Act::Assign),
        may_wait: may(Act::Wait),
        may_resolve: may(Act::Resolve),
        may_merge: may(Act::Merge) && !complaint,
        reasons: reasons
            .map(|a| (a.word().to_owned(), say(a.key())))
            .collect(),
        categories: categories
            .map(|(_, k)| {
                let text = format!("{} · {}", say(k.kind.key()), words::category(k, frame));
                Choice::new(k.id.as_str(), text)
            })
            .collect(),
        priorities: words::choices(Priority::ALL, frame, Priority::word, Priority::key),
        teams: teams
            .teams
            .iter()
            .map(|k| Choice::new(k.id.as_str(), k.name.as_str()))
            .collect(),
        workers: workers
            .into_iter()
            .map(|(id, name)| Choice::new(id.as_str(), name))
            .collect(),
        waits: WaitsFor::ALL
            .iter()
            .map(|w| {
                let longest = frame.one("desk-longest", "days", w.longest_days());
                Choice::new(w.word(), say(w.key())).hint(longest)
            })
            .collect(),
        outcomes: words::choices(Outcome::ALL, frame, Outcome::word, Outcome::key),
        shows: words::choices(
            &[Shows::Before, Shows::After],
            frame,
            Shows::word,
            Shows::key,
        ),
        may_price: works
            && t.kind == Kind::Repair
            && !t.state.is_over()
            && t.state != State::Resolved,
        answer_fen: match (t.price_fen, t.price_yes_at, t.reporter_account) {
            (Some(fen), None, None) if works => fen,
            _ => 0,
        },
        parts_sum: frame.money(used.iter().map(|p| p.fen).sum::<i64>()),
        parts: used.iter().map(|p| part_shown(frame, p)).collect(),
        call: call.map(|k| shown(frame, &k)),
        may_call,
        may_say: !t.state.is_over() && !looking::hands(by, &t).is_empty(),
        may_print: t.kind == Kind::Repair && looking::visits(by, &t),
        may_declare: incident::may_declare(by, &t),
        households: if t.is_incident { t.households } else { 0 },
        version: t.version,
        sent_id: house.id().to_string(),
        own,
        form,
        frame: frame.clone().named(t.number.to_string()),
    })
}

fn tree_id(tree: &Tree, id: foundation::ids::Id) -> &str {
    tree.get(id).map_or("", |k| k.id.as_str())
}

fn shown(frame: &Frame, call: &calls::Call) -> CallShown {
    let (tone, word) = match (call.state.as_str(), call.content) {
        ("due", _) => (Tone::Waiting, key("desk-call-due")),
        ("done", Some(true)) => (Tone::Done, key("desk-call-content")),
        ("done", _) => (Tone::Overdue, key("desk-call-not-content")),
        _ => (Tone::Plain, key("desk-call-unreached")),
    };
    let done = call
        .done_at
        .map(|at| format!("{} {}", frame.stamp(at.0), call.by_name));
    CallShown {
        state: Tag::new(tone, word),
        due: call.due_at.0,
        what: [done.unwrap_or_default(), call.words.clone()]
            .join(" ")
            .trim()
            .to_owned(),
    }
}

/// Thousandths as people write them.
pub(super) fn amount(thousandths: i64) -> String {
    let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
    let mut amount = whole.to_string();
    if rest > 0 {
        amount.push_str(format!(".{rest:03}").trim_end_matches('0'));
    }
    amount
}

fn part_shown(frame: &Frame, p: &price::Part) -> PartShown {
    PartShown {
        name: p.name.clone(),
        amount: format!("{} {}", amount(p.amount), p.unit),
        cost: frame.money(p.fen),
    }
}

/// An amount with up to three decimals, in thousandths.
fn thousandths(text: &str) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.len() <= 9 && t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(rest) || rest.len() > 3 {
        return None;
    }
    let rest: i64 = format!("{rest:0<3}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 1_000 + rest)
}

/// Yuan and fen as they are typed.
fn fen(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches(['¥', '￥']);
    let in_thousandths = thousandths(text)?;
    (in_thousandths % 10 == 0).then_some(in_thousandths / 10)
}

/// Asks the owner for a yes to a price, or writes down what a reporter without account said.
pub async fn price(desk: Desk, form: Form) -> Response {
    let done = async {
        let (house, id) = (&desk.house, desk.id()?);
        let words = form.value("words");
        match form.value("answer") {
            "" => {
                let fen = fen(form.value("price")).ok_or(Refused::Setting)?;
                price::ask(house, &desk.by, id, fen, words).await
            }
            answer => {
                let seen = form.value("fen").parse().map_err(|_| Refused::Setting)?;
                price::answer(house, &desk.by, id, seen, answer == "yes", words).await
            }
        }
    };
    let done = done.await;
    after(desk, form, done, key("desk-did-price")).await
}

/// Writes down what was used.
pub async fn part(desk: Desk, headers: HeaderMap, form: Form) -> Response {
    let done = async {
        let new = price::NewPart {
            name: form.value("name").to_owned(),
            amount: thousandths(form.value("amount")).ok_or(Refused::Setting)?,
            unit: form.value("unit").to_owned(),
            fen: match form.value("cost") {
                "" => 0,
                text => fen(text).ok_or(Refused::Setting)?,
            },
            sent_id: form.value("sent_id").to_owned(),
        };
        price::use_part(&desk.house, &desk.by, desk.id()?, new).await
    };
    let done = done.await;
    told(desk, &headers, form, done, key("desk-did-part")).await
}

/// What the office or a worker says, with pictures.
pub async fn say(desk: Desk, mut body: Multipart) -> Response {
    let mut form = Form::default();
    let done = async {
        let pictures = upload::read(&mut body, &mut form).await?;
        let saying = Saying {
            words: form.value("words").to_owned(),
            public: form.value("public") == "yes",
            shows: parts::shows(form.value("shows")),
            pictures,
            sent_id: form.value("sent_id").to_owned(),
        };
        work::say(&desk.house, &desk.by, desk.id()?, saying).await
    };
    let done = done.await;
    after(desk, form, done, key("desk-did-say")).await
}

/// Any act of the office or of a worker.
pub async fn act(desk: Desk, headers: HeaderMap, form: Form) -> Response {
    let done = async {
        let act = Act::from_word(form.value("act")).ok_or(Refused::NotFound)?;
        let mut into = None;
        if act == Act::Merge {
            let found = looking::numbered(&desk.house, &desk.by, form.value("into")).await?;
            into = Some(found.ok_or(Refused::NotFound)?.id);
        }
        let doing = Doing {
            words: form.value("words").to_owned(),
            to: id_of(&form, "to"),
            team: id_of(&form, "team"),
            category: id_of(&form, "category"),
            priority: Priority::from_word(form.value("priority")),
            outcome: Outcome::from_word(form.value("outcome")),
            waits_for: WaitsFor::from_word(form.value("waits")),
            days: form.value("days").parse().ok(),
            into,
            rating: None,
            version: form.value("version").parse().unwrap_or(0),
            sent_id: form.value("sent_id").to_owned(),
        };
        acts::act(&desk.house, &desk.by, desk.id()?, act, doing).await?;
        Ok(())
    };
    let done = done.await;
    told(desk, &headers, form, done, key("desk-did-act")).await
}

/// Makes it stand for all who have the same.
pub async fn declare(desk: Desk, form: Form) -> Response {
    let done =
        async { incident::declare(&desk.house, &desk.by, desk.id()?, form.value("words")).await };
    let done = done.await;
    after(desk, form, done, key("desk-did-incident")).await
}

/// What a household said when it was asked again.
pub async fn call(desk: Desk, form: Form) -> Response {
    let content = match form.value("content") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let done = async {
        calls::record(
            &desk.house,
            &desk.by,
            desk.id()?,
            content,
            form.value("words"),
        )
        .await
    };
    let done = done.await;
    after(desk, form, done, key("desk-did-call")).await
}

/// The outbox of a phone asks for a short answer; a form for a page.
async fn told(
    desk: Desk,
    headers: &HeaderMap,
    form: Form,
    done: Result<(), Refused>,
    did: &'static str,
) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    if accepts != Some("application/json") {
        return after(desk, form, done, did).await;
    }
    match done {
        Ok(()) => Json(serde_json::json!({})).into_response(),
        Err(e) => {
            let why = words::refusal(&e).map(|s| desk.frame.say(&s).into_owned());
            let answer = Json(serde_json::json!({ "refused": why }));
            (super::status(&e), answer).into_response()
        }
    }
}

async fn after(
    desk: Desk,
    mut form: Form,
    done: Result<(), Refused>,
    did: &'static str,
) -> Response {
    match (done, desk.id()) {
        (Ok(()), Ok(id)) => {
            // What was handed back may be out of one's own sight: the list then.
            let seen = looking::ticket(&desk.house, &desk.by, id).await;
            let to = match seen {
                Ok(t) if looking::is_inside(&desk.by, &t) => desk.at(&format!("/desk/{id}")),
                _ => desk.at("/desk"),
            };
            onward::done(&to, desk.frame.t(did))
        }
        (Err(e), _) => match words::refusal(&e) {
            Some(sentence) => {
                form.fault_of_all(sentence);
                draw(desk, super::status(&e), form, String::new()).await
            }
            None => desk.refused(&e),
        },
        (_, Err(e)) => desk.refused(&e),
    }
}

/// A picture of a ticket, for whoever sees the ticket.
pub async fn picture(desk: Desk) -> Response {
    let found = async {
        let picture = desk.picture.ok_or(Refused::NotFound)?;
        work::picture(&desk.house, &desk.by, desk.id()?, picture).await
    };
    match found.await {
        Ok(jpeg) => page::jpeg(jpeg, "private, no-store"),
        Err(e) => desk.refused(&e),
    }
}

//! A follow-up on a phone: one page, big targets, nothing to type but what was said.

use std::sync::Arc;

use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::{Desk, words};
use crate::contact::{self, Contact, NewContact, Outcome, Reached, Way};
use crate::{ArrearsError, Unlawful, WORDS_CHARS_MAX, looking, sealing};
use dossiers::intake::{self, Upload};
use dossiers::pages::upload;
use dossiers::{Draft, Kind};
use fees::Fen;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Tone, key, onward, say};
use permissions::Permission;

/// The fields beside the files.
const FIELDS: [&str; 13] = [
    "csrf",
    "way",
    "reached",
    "incoming",
    "arrived",
    "result",
    "on",
    "time",
    "said",
    "answered",
    "promised_on",
    "promised",
    "why",
];

#[derive(Template)]
#[template(path = "arrears/contact.html")]
struct ContactPage {
    frame: Frame,
    form: Form,
    own: String,
    back: String,
    code: String,
    owed: String,
    deadline: Option<Date>,
    people: Vec<String>,
    stopped: String,
    script: String,
    ways: Vec<Choice>,
    reached: Vec<Choice>,
    results: Vec<Choice>,
    rails: Vec<(String, String)>,
    may_attach: bool,
    accept: &'static str,
    /// Where the wrong one is withdrawn, when one is corrected.
    withdraw: String,
}

struct Place {
    room: Id,
    wrong: Option<Contact>,
}

async fn draw(desk: Desk, place: Place, status: StatusCode, mut form: Form) -> Response {
    match fill(&desk, &place, &mut form).await {
        Ok(mut page) => {
            page.form = form;
            page::html(status, page)
        }
        Err(e) => desk.refused(&e),
    }
}

async fn fill(desk: &Desk, place: &Place, form: &mut Form) -> Result<ContactPage, ArrearsError> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    let (room, now) = (place.room, house.now());
    let account = looking::account(house, by, room).await?;
    if account.anchor >= now.date() {
        return Err(ArrearsError::NothingOverdue);
    }
    let owed = fees::arrears_of(house, by.community, room, now.date()).await?;
    let z = now.zoned();
    for (name, value) in [
        ("on", now.date().to_string()),
        ("time", format!("{:02}:{:02}", z.hour(), z.minute())),
        ("way", Way::Phone.word().to_owned()),
        ("reached", Reached::Owner.word().to_owned()),
    ] {
        if form.value(name).is_empty() {
            form.set(name, &value);
        }
    }
    let people = roster::people_of_room(house, by.community, room).await?;
    let people = people.into_iter().filter(|p| p.relation.stands);
    let stopped = match contact::allowed(house, by, room).await {
        Err(e @ (ArrearsError::Unlawful(_) | ArrearsError::Held(_))) if place.wrong.is_none() => {
            let said = words::refusal(&e, frame);
            said.map_or(String::new(), |s| frame.words.say(&s).into_owned())
        }
        _ => String::new(),
    };
    let values = [
        ("amount", frame.money(owed.total_fen()).into()),
        ("since", account.anchor.to_string().into()),
    ];
    let own = match &place.wrong {
        Some(wrong) => desk.at(&format!("/arrears-contacts/{}", wrong.id)),
        None => desk.at(&format!("/arrears/{room}/contact")),
    };
    let results: Vec<Outcome> = Outcome::ALL
        .iter()
        .copied()
        .filter(|o| *o != Outcome::Mistake)
        .collect();
    let ways: Vec<Way> = Way::ALL
        .iter()
        .copied()
        .filter(|w| *w != Way::Letter)
        .collect();
    Ok(ContactPage {
        withdraw: if place.wrong.is_some() {
            format!("{own}/withdraw")
        } else {
            String::new()
        },
        own,
        back: desk.at(&format!("/arrears/{room}")),
        code: account.code.clone(),
        owed: frame.money(owed.total_fen()),
        deadline: Some(account.deadline),
        people: people
            .map(|p| match p.phones.first() {
                Some(phone) => format!("{} {phone}", p.name),
                None => p.name,
            })
            .take(6)
            .collect(),
        stopped,
        script: frame.with("arrears-script", &values).into_owned(),
        ways: words::choices(&ways, frame, Way::word, Way::key),
        reached: words::choices(Reached::ALL, frame, Reached::word, Reached::key),
        results: words::choices(&results, frame, Outcome::word, Outcome::key),
        rails: Unlawful::ALL
            .map(|u| {
                let what = frame.t(u.sentence()).into_owned();
                (what, frame.t(u.article()).into_owned())
            })
            .into(),
        may_attach: by.has(Permission::ArchiveFile),
        accept: upload::ACCEPT,
        form: Form::default(),
        frame: frame.clone().titled(if place.wrong.is_some() {
            key("arrears-correct-title")
        } else {
            key("arrears-contact-title")
        }),
    })
}

/// The form.
pub async fn form(desk: Desk) -> Response {
    match desk.id() {
        Ok(room) => {
            let place = Place { room, wrong: None };
            draw(desk, place, StatusCode::OK, Form::default()).await
        }
        Err(e) => desk.refused(&e),
    }
}

/// The form with what was wrong.
pub async fn edit(desk: Desk) -> Response {
    let wrong = match wrong(&desk).await {
        Ok(wrong) => wrong,
        Err(e) => return desk.refused(&e),
    };
    let flag = |on: bool| if on { "yes" } else { "" };
    let mut form = Form::filled([
        ("way", wrong.way.word()),
        ("reached", wrong.reached.word()),
        ("result", wrong.result.word()),
        ("incoming", flag(wrong.incoming)),
        ("arrived", flag(wrong.arrived)),
        ("said", wrong.said.as_str()),
        ("answered", wrong.answered.as_str()),
    ]);
    form.set("on", &wrong.on.to_string());
    form.set("time", &wrong.time());
    if let Some((day, fen)) = wrong.promise {
        form.set("promised_on", &day.to_string());
        form.set("promised", &fen.to_string());
    }
    let place = Place {
        room: wrong.room,
        wrong: Some(wrong),
    };
    draw(desk, place, StatusCode::OK, form).await
}

/// The one that is corrected, its words opened.
async fn wrong(desk: &Desk) -> Result<Contact, ArrearsError> {
    let c = desk.by.community;
    let mut wrong = looking::contact(&desk.house, &desk.by, desk.id()?).await?;
    let ring = desk.house.keys.ring(c, &[wrong.room]).await?;
    wrong.said = ring.open_text(wrong.room, sealing::SAID, &wrong.said)?;
    wrong.answered = ring.open_text(wrong.room, sealing::ANSWERED, &wrong.answered)?;
    Ok(wrong)
}

/// Minutes after midnight of `14:05`.
fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

fn said(form: &mut Form) -> Option<NewContact> {
    let one = |form: &mut Form,
               name: &'static str,
               label: &'static str,
               words: Vec<&'static str>| { form.field(name, label).choice(&words) };
    let ways = Way::ALL.iter().map(|w| w.word()).collect();
    let way = one(form, "way", key("arrears-f-way"), ways).and_then(Way::from_word);
    let reached = Reached::ALL.iter().map(|w| w.word()).collect();
    let reached =
        one(form, "reached", key("arrears-f-reached"), reached).and_then(Reached::from_word);
    let results = Outcome::ALL.iter().map(|w| w.word()).collect();
    let result = one(form, "result", key("arrears-f-result"), results).and_then(Outcome::from_word);
    let on = form.field("on", key("arrears-f-day")).date();
    let at = form
        .field("time", key("arrears-f-time"))
        .read(|text| minute(text).ok_or_else(|| say("arrears-error-time")));
    let said = form
        .field("said", key("arrears-f-said"))
        .text(0..=WORDS_CHARS_MAX);
    let answered = form
        .field("answered", key("arrears-f-answered"))
        .text(0..=WORDS_CHARS_MAX);
    let mut promise = None;
    if !form.value("promised_on").is_empty() || !form.value("promised").is_empty() {
        let day = form.field("promised_on", key("arrears-f-promise")).date();
        let fen = form
            .field("promised", key("arrears-f-promised"))
            .read(|text| text.parse::<Fen>().map_err(|_| say("fees-error-amount")));
        promise = Some((day?, fen?));
    }
    Some(NewContact {
        on: on?,
        minute: at?,
        way: way?,
        reached: reached?,
        incoming: form.has("incoming", "yes"),
        arrived: form.has("arrived", "yes"),
        result: result?,
        said: said?,
        answered: answered?,
        promise,
        document: None,
        letter: None,
    })
}

/// Which field a refusal belongs to.
fn field_of(error: &ArrearsError) -> &'static str {
    match error {
        ArrearsError::Day => "on",
        ArrearsError::Unlawful(Unlawful::Hours) => "time",
        ArrearsError::Unlawful(Unlawful::Day | Unlawful::Week) => "on",
        ArrearsError::Unlawful(_) | ArrearsError::Words => "said",
        ArrearsError::Promise => "promised_on",
        ArrearsError::NobodyReached => "reached",
        ArrearsError::NoEvidence => "arrived",
        ArrearsError::Archive(_) => "file",
        _ => "",
    }
}

/// The evidence goes the way of every document of the archive: sealed, counted, filed.
pub(super) async fn attach(
    house: &House,
    desk: &Desk,
    room: Id,
    on: Date,
    files: Vec<Upload>,
) -> Result<Option<Id>, ArrearsError> {
    if files.is_empty() {
        return Ok(None);
    }
    let by = &desk.by;
    let dossier = dossiers::listing::of_room(house, by, room).await?;
    let dossier = dossier.ok_or(ArrearsError::NotFound)?;
    let checkers = intake::checkers(house, by).await?;
    let checker = checkers.first().ok_or(ArrearsError::NotFound)?.0;
    let draft = Draft {
        kind: Kind::Other,
        title: desk.frame.t("arrears-evidence-document").into_owned(),
        day: Some(on.to_string()),
        signed_by: String::new(),
        note: String::new(),
        paper: false,
        place: String::new(),
        checker,
        replaces: None,
    };
    Ok(Some(
        intake::hand_in(house, by, dossier, draft, files).await?,
    ))
}

async fn take(desk: Desk, place: Place, body: &mut Multipart) -> Response {
    let mut form = Form::default();
    let files = match upload::read_with(body, &mut form, &FIELDS).await {
        Ok(files) => files,
        Err(e) => return refused(desk, place, form, e.into()).await,
    };
    let Some(mut new) = said(&mut form) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(desk, place, status, form).await;
    };
    let house: Arc<House> = desk.house.clone();
    let done = async {
        // Refused before anything is stored, where it is refused.
        let checked = new.clone();
        contact::check(
            &house,
            &desk.by,
            place.room,
            &checked,
            place.wrong.as_ref(),
            !files.is_empty(),
        )
        .await?;
        new.document = attach(&house, &desk, place.room, new.on, files).await?;
        match &place.wrong {
            Some(wrong) => {
                new.document = new.document.or(wrong.document);
                contact::correct(&house, &desk.by, wrong.id, new).await
            }
            None => contact::record(&house, &desk.by, place.room, new).await,
        }
    };
    match done.await {
        Ok(_) => {
            let to = desk.at(&format!("/arrears/{}", place.room));
            onward::done(&to, desk.frame.t("arrears-did-contact"))
        }
        Err(e) => refused(desk, place, form, e).await,
    }
}

async fn refused(desk: Desk, place: Place, mut form: Form, error: ArrearsError) -> Response {
    match words::refusal(&error, &desk.frame) {
        Some(sentence) => {
            form.fault(field_of(&error), sentence);
            draw(desk, place, super::status(&error), form).await
        }
        None => desk.refused(&error),
    }
}

/// Records it.
pub async fn send(desk: Desk, mut body: Multipart) -> Response {
    match desk.id() {
        Ok(room) => take(desk, Place { room, wrong: None }, &mut body).await,
        Err(e) => desk.refused(&e),
    }
}

/// Puts it in the place of the wrong one.
pub async fn correct(desk: Desk, mut body: Multipart) -> Response {
    match wrong(&desk).await {
        Ok(wrong) => {
            let place = Place {
                room: wrong.room,
                wrong: Some(wrong),
            };
            take(desk, place, &mut body).await
        }
        Err(e) => desk.refused(&e),
    }
}

/// It never took place.
pub async fn withdraw(desk: Desk, form: Form) -> Response {
    let done = async {
        let wrong = wrong(&desk).await?;
        contact::withdraw(&desk.house, &desk.by, wrong.id, form.value("reason")).await?;
        Ok::<_, ArrearsError>(wrong.room)
    };
    match done.await {
        Ok(room) => {
            let to = desk.at(&format!("/arrears/{room}"));
            onward::done(&to, desk.frame.t("arrears-did-withdraw"))
        }
        Err(e) => desk.refused(&e),
    }
}

//! An owner's own: what they reported, the form, and one matter with what they may say to it.

use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, id_of, parts, upload, words};
use crate::acts::{self, Doing};
use crate::category;
use crate::opening::{self, New, Place};
use crate::states::{Act, State};
use crate::words::Kind;
use crate::work::{self, Saying, Shows};
use crate::{Refused, incident, listing, outside, price};
use foundation::page::{
    self, Choice, Flash, Form, Frame, ListQuery, Tag, Thumb, Tone, key, onward, parts as pieces,
};

struct Row {
    href: String,
    number: String,
    title: String,
    kind: String,
    state: Tag,
    at: i64,
}

#[derive(Template)]
#[template(path = "desk/mine.html")]
struct MinePage {
    frame: Frame,
    base: String,
    open: Vec<Row>,
    over: Vec<Row>,
    /// Incidents around one's home: address, place, state, households.
    around: Vec<(String, String, Tag, i64)>,
    /// Of the owners' committee.
    may_outside: bool,
}

/// What one reported.
pub async fn list(desk: Desk) -> Response {
    let done = async {
        let rows = listing::mine(&desk.house, &desk.by).await?;
        let row = |r: &listing::Row| Row {
            href: desk.at(&format!("/my-tickets/{}", r.ticket.id)),
            number: r.ticket.number.to_string(),
            title: r.title.clone(),
            kind: desk.frame.t(r.ticket.kind.key()).into_owned(),
            state: words::tag(r.ticket.state),
            at: r.ticket.opened_at.0,
        };
        let (over, open): (Vec<_>, Vec<_>) = rows.iter().partition(|r| r.ticket.state.is_over());
        let around = incident::around(&desk.house, &desk.by).await?;
        let around = around.iter().map(|t| {
            let href = desk.at(&format!("/incidents/{}", t.id));
            (
                href,
                words::place(t, &desk.frame),
                words::tag(t.state),
                t.households,
            )
        });
        Ok::<_, Refused>((
            open.into_iter().map(row).collect(),
            over.into_iter().map(row).collect(),
            around.collect(),
        ))
    };
    match done.await {
        Ok((open, over, around)) => page::ok(MinePage {
            base: desk.at(""),
            around,
            may_outside: desk.by.has(permissions::Permission::DeskOutside),
            open,
            over,
            frame: desk.frame.titled("desk-mine"),
        }),
        Err(e) => desk.refused(&e),
    }
}

#[derive(Template)]
#[template(path = "desk/report.html")]
struct ReportPage {
    frame: Frame,
    form: Form,
    base: String,
    kind: String,
    kinds: Vec<(String, String, bool)>,
    categories: Vec<Choice>,
    places: Vec<Choice>,
    buildings: Vec<Choice>,
    colleagues: Vec<Choice>,
    complaint: bool,
    sent_id: String,
}

/// The form; `?kind=` says which.
pub async fn form(desk: Desk, list: ListQuery) -> Response {
    let kind = Kind::from_word(list.value("kind")).unwrap_or(Kind::Repair);
    draw(desk, StatusCode::OK, Form::default(), kind).await
}

async fn draw(desk: Desk, status: StatusCode, form: Form, kind: Kind) -> Response {
    match fill(&desk, form, kind).await {
        Ok(page) => page::html(status, page),
        Err(e) => desk.refused(&e),
    }
}

async fn fill(desk: &Desk, mut form: Form, kind: Kind) -> Result<ReportPage, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    let c = by.community;
    let tree = category::ready(house, c).await?;
    let categories = tree.listed(Some(kind)).into_iter().skip(1);
    let categories = categories
        .map(|(_, k)| Choice::new(k.id.as_str(), words::category(k, frame)))
        .collect();
    let homes = opening::homes(house, by).await?;
    let mut places: Vec<Choice> = homes
        .iter()
        .map(|(id, code)| {
            Choice::new(
                id.as_str(),
                frame.one("desk-place-home", "room", code.as_str()),
            )
        })
        .collect();
    places.push(Choice::new("common", frame.t("desk-place-common")));
    if kind != Kind::Repair {
        places.push(Choice::new("none", frame.t("desk-place-none")));
    }
    if form.value("place").is_empty() {
        let first = if kind == Kind::Repair {
            places.first()
        } else {
            places.last()
        };
        let first = first.map_or(String::new(), |p| p.value.clone());
        form.set("place", &first);
    }
    let buildings = roster::buildings(house, c).await?.into_iter();
    let buildings = buildings.map(|b| {
        let said = hanzi::room::building_said(&b);
        Choice::new(b, said)
    });
    let complaint = kind == Kind::Complaint;
    let mut colleagues = Vec::new();
    if complaint {
        colleagues.push(Choice::new("company", frame.t("desk-about-company")));
        let all = opening::colleagues(house, c).await?.into_iter();
        colleagues.extend(all.map(|(id, name)| Choice::new(id.as_str(), name)));
    }
    let sent_id = match form.value("sent_id") {
        "" => house.id().to_string(),
        sent => sent.to_owned(),
    };
    let kinds = [Kind::Repair, Kind::Enquiry, Kind::Complaint];
    Ok(ReportPage {
        base: desk.at(""),
        kind: kind.word().to_owned(),
        kinds: kinds
            .map(|k| {
                let href = desk.at(&format!("/my-tickets/new?kind={}", k.word()));
                (href, frame.t(k.key()).into_owned(), k == kind)
            })
            .into(),
        categories,
        places,
        buildings: buildings.collect(),
        colleagues,
        complaint,
        sent_id,
        form,
        frame: frame.clone().titled(match kind {
            Kind::Enquiry => key("desk-ask"),
            Kind::Repair => key("desk-report"),
            Kind::Complaint => key("desk-complain"),
        }),
    })
}

/// The form of a report as it was sent.
pub(super) fn sent_in(form: &Form, kind: Kind) -> New {
    let place = match form.value("place") {
        "common" => Place::Common {
            building: form.value("building").to_owned(),
            place: form.value("where").to_owned(),
        },
        text => text.parse().map_or(Place::Nowhere, Place::Room),
    };
    New {
        kind,
        category: id_of(form, "category"),
        words: form.value("words").to_owned(),
        place,
        phone: form.value("phone").to_owned(),
        name: form.value("name").to_owned(),
        subject: id_of(form, "subject"),
        about_company: form.value("subject") == "company",
        sent_id: form.value("sent_id").to_owned(),
        ..New::default()
    }
}

/// Takes the report.
pub async fn send(desk: Desk, mut body: Multipart) -> Response {
    let mut form = Form::default();
    let pictures = upload::read(&mut body, &mut form).await;
    let kind = Kind::from_word(form.value("kind")).unwrap_or(Kind::Repair);
    let done = match pictures {
        Ok(pictures) => {
            let new = New {
                pictures,
                ..sent_in(&form, kind)
            };
            opening::by_owner(&desk.house, &desk.by, new).await
        }
        Err(e) => Err(e),
    };
    match done {
        Ok(opened) => {
            let to = desk.at(&format!("/my-tickets/{}", opened.id));
            let text = desk
                .frame
                .one("desk-did-report", "number", opened.number.to_string());
            onward::telling(&to, Flash::done(text))
        }
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                form.fault(words::field_of(&e), sentence);
                draw(desk, super::status(&e), form, kind).await
            }
            None => desk.refused(&e),
        },
    }
}

#[derive(Template)]
#[template(path = "desk/matter.html")]
struct MatterPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    state: Tag,
    kind: String,
    place: String,
    category: String,
    words: String,
    assignee: String,
    due: i64,
    outside: String,
    merged: bool,
    /// What it was gathered under, where the household is counted there.
    incident: String,
    outcome: String,
    pictures: Vec<Thumb>,
    story: Vec<pieces::Moment>,
    may_confirm: bool,
    may_reopen: bool,
    may_cancel: bool,
    may_resume: bool,
    may_say: bool,
    may_forward: bool,
    /// A price that waits for the owner's answer, in fen; or 0.
    price: i64,
    agreed: String,
    stars: Vec<Choice>,
    version: i64,
    sent_id: String,
    silent_days: i64,
}

/// One matter.
pub async fn show(desk: Desk) -> Response {
    draw_matter(desk, StatusCode::OK, Form::default()).await
}

async fn draw_matter(desk: Desk, status: StatusCode, form: Form) -> Response {
    match matter(&desk, form).await {
        Ok(page) => page::html(status, page),
        Err(e) => desk.refused(&e),
    }
}

async fn matter(desk: &Desk, form: Form) -> Result<MatterPage, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    let (t, said, steps) = parts::read(desk).await?;
    if !crate::looking::is_reporter(by, &t) {
        return Err(Refused::NotFound);
    }
    let own = desk.at(&format!("/my-tickets/{}", t.id));
    let tree = category::ready(house, by.community).await?;
    let office = crate::calendar::Office::of(house, by.community).await?;
    let readings = crate::looking::readings(house, by.community, &t).await?;
    let ways = acts::ways(by, &t);
    let due = if t.state.is_over() {
        None
    } else {
        crate::clocks::next_due(&readings)
    };
    let incident = match t.incident {
        Some(into) if incident::shown(house, by, into).await.is_ok() => {
            desk.at(&format!("/incidents/{into}"))
        }
        _ => String::new(),
    };
    let resumes = t.state == State::Waiting && t.waits_for == Some(crate::WaitsFor::Owner);
    Ok(MatterPage {
        base: desk.at(""),
        state: words::tag(t.state),
        kind: frame.t(t.kind.key()).into_owned(),
        place: words::place(&t, frame),
        category: listing::category_name(&tree, &t)
            .map_or(String::new(), |k| words::category(k, frame)),
        words: said.words,
        assignee: t.assignee_name.clone(),
        due: due.map_or(0, |d| d.0),
        outside: t
            .outside
            .map_or(String::new(), |o| frame.t(o.key()).into_owned()),
        merged: t.state == State::Merged,
        incident,
        outcome: t
            .outcome
            .map_or(String::new(), |o| frame.t(o.key()).into_owned()),
        pictures: parts::pictures(desk, &t, &own).await?,
        story: parts::story(frame, &steps, false),
        may_confirm: ways.contains(&Act::Confirm),
        may_reopen: ways.contains(&Act::Reopen),
        may_cancel: ways.contains(&Act::Cancel),
        may_resume: resumes && ways.contains(&Act::Resume),
        may_say: !t.state.is_over(),
        may_forward: outside::may_forward(by, &t),
        price: match (t.price_fen, t.price_yes_at) {
            (Some(fen), None) if !t.state.is_over() => fen,
            _ => 0,
        },
        agreed: match (t.price_fen, t.price_yes_at) {
            (Some(fen), Some(_)) => frame.money(fen),
            _ => String::new(),
        },
        stars: (1..=5)
            .rev()
            .map(|n: i64| Choice::new(n.to_string(), frame.one("desk-stars", "stars", n)))
            .collect(),
        version: t.version,
        sent_id: house.id().to_string(),
        silent_days: office.silent_days,
        own,
        form,
        frame: frame.clone().named(t.number.to_string()),
    })
}

/// The reporter adds something.
pub async fn say(desk: Desk, mut body: Multipart) -> Response {
    let mut form = Form::default();
    let done = async {
        let pictures = upload::read(&mut body, &mut form).await?;
        let saying = Saying {
            words: form.value("words").to_owned(),
            public: true,
            shows: Shows::Report,
            pictures,
            sent_id: form.value("sent_id").to_owned(),
        };
        work::say(&desk.house, &desk.by, desk.id()?, saying).await
    };
    let done = done.await;
    after(desk, form, done, key("desk-did-say")).await
}

/// The reporter confirms, reopens, takes back, or answers what was waited for.
pub async fn act(desk: Desk, form: Form) -> Response {
    let act = Act::from_word(form.value("act"));
    let own = [Act::Confirm, Act::Reopen, Act::Cancel, Act::Resume];
    let done = async {
        let act = act.filter(|a| own.contains(a)).ok_or(Refused::NotFound)?;
        let doing = Doing {
            words: form.value("words").to_owned(),
            rating: form.value("rating").parse().ok(),
            version: form.value("version").parse().unwrap_or(0),
            sent_id: form.value("sent_id").to_owned(),
            ..Doing::default()
        };
        acts::act(&desk.house, &desk.by, desk.id()?, act, doing).await?;
        Ok(())
    };
    let done = done.await;
    after(desk, form, done, key("desk-did-act")).await
}

/// Takes one's complaint to the next body outside.
pub async fn forward(desk: Desk, form: Form) -> Response {
    let done = async {
        let words = form.value("words");
        outside::forward(&desk.house, &desk.by, desk.id()?, words).await?;
        Ok(())
    };
    let done = done.await;
    after(desk, form, done, key("desk-did-forward")).await
}

/// The owner's yes or no to a price, to the sum that the page showed.
pub async fn price(desk: Desk, form: Form) -> Response {
    let done = async {
        let fen = form.value("fen").parse().map_err(|_| Refused::Setting)?;
        let yes = form.value("answer") == "yes";
        let words = form.value("words");
        price::answer(&desk.house, &desk.by, desk.id()?, fen, yes, words).await
    };
    let done = done.await;
    after(desk, form, done, key("desk-did-price")).await
}

async fn after(
    desk: Desk,
    mut form: Form,
    done: Result<(), Refused>,
    did: &'static str,
) -> Response {
    match done {
        Ok(()) => match desk.id() {
            Ok(id) => {
                let to = desk.at(&format!("/my-tickets/{id}"));
                onward::done(&to, desk.frame.t(did))
            }
            Err(e) => desk.refused(&e),
        },
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                form.fault(words::field_of(&e), sentence);
                draw_matter(desk, super::status(&e), form).await
            }
            None => desk.refused(&e),
        },
    }
}

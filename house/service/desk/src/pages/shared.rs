//! What owners see beyond their own reports: incidents around their home, and, as the owners'
//! committee, complaints that the company does not get or did not answer.

use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, id_of, parts, upload, words};
use crate::acts::{self, Doing};
use crate::category::Tree;
use crate::listing::{self, Query, Show};
use crate::states::Act;
use crate::ticket::Veil;
use crate::words::Outcome;
use crate::work::{self, Saying, Shows};
use crate::{Refused, incident, looking, outside};
use foundation::page::{
    self, Choice, Form, Frame, ListQuery, Tag, Thumb, Tone, key, onward, parts as pieces,
};

#[derive(Template)]
#[template(path = "desk/incident.html")]
struct IncidentPage {
    frame: Frame,
    base: String,
    own: String,
    state: Tag,
    place: String,
    households: i64,
    joined: bool,
    open: bool,
    story: Vec<pieces::Moment>,
}

/// An incident around one's home, with how far it is.
pub async fn incident(desk: Desk) -> Response {
    let done = async {
        let shown = incident::shown(&desk.house, &desk.by, desk.id()?).await?;
        let t = &shown.ticket;
        Ok::<_, Refused>(IncidentPage {
            base: desk.at(""),
            own: desk.at(&format!("/incidents/{}", t.id)),
            state: words::tag(t.state),
            place: words::place(t, &desk.frame),
            households: t.households,
            joined: shown.joined,
            open: !t.state.is_over(),
            story: parts::story(&desk.frame, &shown.steps, false),
            frame: desk.frame.clone().named(t.number.to_string()),
        })
    };
    match done.await {
        Ok(page) => page::ok(page),
        Err(e) => desk.refused(&e),
    }
}

/// One's household has it too.
pub async fn join(desk: Desk, _form: Form) -> Response {
    let done = async {
        let id = desk.id()?;
        incident::join(&desk.house, &desk.by, id).await?;
        Ok::<_, Refused>(id)
    };
    match done.await {
        Ok(id) => {
            let to = desk.at(&format!("/incidents/{id}"));
            onward::done(&to, desk.frame.t("desk-did-join"))
        }
        Err(e) => desk.refused(&e),
    }
}

struct Row {
    href: String,
    number: String,
    title: String,
    state: Tag,
    at: i64,
    body: String,
}

#[derive(Template)]
#[template(path = "desk/complaints.html")]
struct ComplaintsPage {
    frame: Frame,
    rows: Vec<Row>,
    after: String,
    /// What the company left unanswered, on the first page.
    handed: Vec<Row>,
    late: Vec<Late>,
}

/// A report that is late, without what was said.
struct Late {
    number: String,
    category: String,
    state: Tag,
    at: i64,
}

/// The complaints that lie with those outside, what was left unanswered, and what is late.
pub async fn complaints(desk: Desk, list: ListQuery) -> Response {
    let done = async {
        let query = Query {
            veil: Veil::Outside,
            show: Show::All,
            newest: true,
            ..Query::default()
        };
        let after = listing::place(list.value("after"));
        let page = listing::page(&desk.house, &desk.by, &query, after.as_ref()).await?;
        let row = |r: &listing::Row| Row {
            href: desk.at(&format!("/complaints/{}", r.ticket.id)),
            number: r.ticket.number.to_string(),
            title: r.title.clone(),
            state: words::tag(r.ticket.state),
            at: r.ticket.opened_at.0,
            body: r
                .ticket
                .outside
                .map_or(String::new(), |o| desk.frame.t(o.key()).into_owned()),
        };
        let last = page.rows.last().filter(|_| page.more);
        let next = last.map_or(String::new(), |r| {
            list.href("after", &listing::mark(&r.ticket))
        });
        let rows: Vec<Row> = page.rows.iter().map(row).collect();
        if after.is_some() {
            return Ok::<_, Refused>((rows, next, Vec::new(), Vec::new()));
        }
        let handed = listing::handed_outside(&desk.house, &desk.by).await?;
        let tree = Tree::of(&desk.house, desk.by.community).await?;
        let late = listing::late_outside(&desk.house, &desk.by).await?;
        let late = late.iter().map(|t| Late {
            number: t.number.to_string(),
            category: listing::category_name(&tree, t)
                .map_or(String::new(), |k| words::category(k, &desk.frame)),
            state: words::tag(t.state),
            at: t.opened_at.0,
        });
        Ok((rows, next, handed.iter().map(row).collect(), late.collect()))
    };
    match done.await {
        Ok((rows, after, handed, late)) => page::ok(ComplaintsPage {
            rows,
            after,
            handed,
            late,
            frame: desk.frame.titled("desk-complaints"),
        }),
        Err(e) => desk.refused(&e),
    }
}

#[derive(Template)]
#[template(path = "desk/complaint.html")]
struct ComplaintPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    state: Tag,
    words: String,
    body: String,
    assignee: String,
    pictures: Vec<Thumb>,
    story: Vec<pieces::Moment>,
    simple: Vec<(String, String)>,
    workers: Vec<Choice>,
    outcomes: Vec<Choice>,
    may_resolve: bool,
    may_forward: bool,
    may_say: bool,
    version: i64,
    sent_id: String,
}

/// One of them.
pub async fn complaint(desk: Desk) -> Response {
    draw(desk, StatusCode::OK, Form::default()).await
}

async fn draw(desk: Desk, status: StatusCode, form: Form) -> Response {
    match fill(&desk, form).await {
        Ok(page) => page::html(status, page),
        Err(e) => desk.refused(&e),
    }
}

async fn fill(desk: &Desk, form: Form) -> Result<ComplaintPage, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    let (t, said, steps) = parts::read(desk).await?;
    if t.outside.is_none() || !looking::is_inside(by, &t) {
        return Err(Refused::NotFound);
    }
    let own = desk.at(&format!("/complaints/{}", t.id));
    let ways = acts::ways(by, &t);
    let simple = [Act::Accept, Act::Start, Act::Close];
    let simple = simple.into_iter().filter(|a| ways.contains(a));
    let workers = if ways.contains(&Act::Assign) {
        acts::workers(house, by, &t).await?
    } else {
        Vec::new()
    };
    Ok(ComplaintPage {
        base: desk.at(""),
        state: words::tag(t.state),
        words: said.words,
        body: t
            .outside
            .map_or(String::new(), |o| frame.t(o.key()).into_owned()),
        assignee: t.assignee_name.clone(),
        pictures: parts::pictures(desk, &t, &own).await?,
        story: parts::story(frame, &steps, true),
        simple: simple
            .map(|a| (a.word().to_owned(), frame.t(a.key()).into_owned()))
            .collect(),
        workers: workers
            .into_iter()
            .map(|(id, name)| Choice::new(id.as_str(), name))
            .collect(),
        outcomes: words::choices(Outcome::ALL, frame, Outcome::word, Outcome::key),
        may_resolve: ways.contains(&Act::Resolve),
        may_forward: outside::may_forward(by, &t),
        may_say: !t.state.is_over() && !looking::hands(by, &t).is_empty(),
        version: t.version,
        sent_id: house.id().to_string(),
        own,
        form,
        frame: frame.clone().named(t.number.to_string()),
    })
}

/// An act of those outside.
pub async fn act(desk: Desk, form: Form) -> Response {
    let done = async {
        let act = Act::from_word(form.value("act")).ok_or(Refused::NotFound)?;
        let doing = Doing {
            words: form.value("words").to_owned(),
            to: id_of(&form, "to"),
            outcome: Outcome::from_word(form.value("outcome")),
            version: form.value("version").parse().unwrap_or(0),
            ..Doing::default()
        };
        acts::act(&desk.house, &desk.by, desk.id()?, act, doing).await?;
        Ok(())
    };
    let done = done.await;
    after(desk, form, done, key("desk-did-act")).await
}

/// What those outside say to who complained.
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

/// Takes it to the next body.
pub async fn forward(desk: Desk, form: Form) -> Response {
    let done = async {
        let words = form.value("words");
        outside::forward(&desk.house, &desk.by, desk.id()?, words).await?;
        Ok(())
    };
    let done = done.await;
    after(desk, form, done, key("desk-did-forward")).await
}

async fn after(
    desk: Desk,
    mut form: Form,
    done: Result<(), Refused>,
    did: &'static str,
) -> Response {
    match (done, desk.id()) {
        (Ok(()), Ok(id)) => {
            let to = desk.at(&format!("/complaints/{id}"));
            onward::done(&to, desk.frame.t(did))
        }
        (Err(e), _) => match words::refusal(&e) {
            Some(sentence) => {
                form.fault_of_all(sentence);
                draw(desk, super::status(&e), form).await
            }
            None => desk.refused(&e),
        },
        (_, Err(e)) => desk.refused(&e),
    }
}

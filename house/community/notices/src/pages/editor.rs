//! Writing: a new notice or a draft.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::audience::{Audience, Whom};
use crate::draft::{self, Draft};
use crate::notice::{Class, Notice, Ways};
use crate::summary::{self, Period};
use crate::{BODY_CHARS_MAX, NoticeError, REMIND_HOURS_MAX, TITLE_CHARS_MAX, templates};
use foundation::clock::{HOUR, Moment};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, ListQuery, Tone, onward, say};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "notices/edit.html")]
struct EditPage {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    classes: Vec<Choice>,
    whoms: Vec<Choice>,
    purposes: Vec<Choice>,
    tags: Vec<Choice>,
    ways: Vec<Choice>,
    templates: Vec<(String, String)>,
    emergency: bool,
    /// 「這樣會發給 124 戶」 after a look, or empty.
    counted: String,
}

/// What a form offers to begin from and to choose among.
#[derive(Default)]
pub(super) struct Offered {
    /// Templates by id and name.
    pub templates: Vec<(String, String)>,
    pub tags: Vec<roster::Tag>,
}

impl Offered {
    /// The compound's tags.
    pub async fn tags(house: &House, by: &Actor) -> Result<Offered, NoticeError> {
        Ok(Offered {
            templates: Vec::new(),
            tags: roster::tags(house, by.community).await?,
        })
    }
}

pub(super) fn draw(
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    emergency: bool,
    offered: Offered,
    counted: Option<i64>,
) -> Response {
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let classes = [Class::Ordinary, Class::Important, Class::Greeting]
        .map(|c| Choice::new(c.word(), frame.t(words::class_word(c))));
    let whoms = Whom::ALL.map(|w| Choice::new(w.word(), frame.t(words::whom_word(w))));
    let purposes = roster::rows::PURPOSES
        .iter()
        .map(|p| Choice::new(*p, frame.t(words::purpose_word(p))))
        .collect();
    let ways =
        ["group", "push", "sms", "mail"].map(|w| Choice::new(w, frame.t(words::way_word(w))));
    let counted = counted.map_or(String::new(), |n| {
        frame.one("notices-counted", "count", n).into_owned()
    });
    page::html(
        status,
        EditPage {
            classes: classes.into(),
            whoms: whoms.into(),
            purposes,
            tags: offered
                .tags
                .into_iter()
                .map(|t| Choice::new(t.id.to_string(), t.name))
                .collect(),
            ways: ways.into(),
            templates: offered.templates,
            action,
            back,
            emergency,
            counted,
            form,
            frame,
        },
    )
}

/// A draft as its form shows it.
fn filled(n: &Notice) -> Form {
    let mut pairs: Vec<(&str, String)> = vec![
        ("row", n.row_version.to_string()),
        ("class", n.class.word().into()),
        ("title", n.title.clone()),
        ("body", n.body.clone()),
        ("places", n.audience.typed.clone()),
        ("whom", n.audience.whom.word().into()),
        ("remind", n.remind_hours.to_string()),
    ];
    if n.asks {
        pairs.push(("asks", "yes".into()));
    }
    if let Some(at) = n.publish_at {
        let z = at.zoned();
        pairs.push(("day", z.date().to_string()));
        pairs.push(("hour", format!("{:02}:{:02}", z.hour(), z.minute())));
    }
    if let Some(old) = n.replaces {
        pairs.push(("replaces", old.to_string()));
    }
    let purposes = n.audience.purposes.iter().map(|p| ("purpose", p.clone()));
    pairs.extend(purposes);
    let tags = n.audience.tags.iter().map(|t| ("tag", t.0.to_string()));
    pairs.extend(tags);
    let ways = n.ways.words();
    pairs.extend(ways.split(' ').map(|w| ("way", w.to_owned())));
    Form::filled(pairs)
}

/// Reads the form; its faults are noted in it.
pub(super) async fn read(
    house: &House,
    c: Community,
    form: &mut Form,
    emergency: bool,
) -> Result<Option<Draft>, NoticeError> {
    let title = form
        .field("title", "notices-field-title")
        .text(1..=TITLE_CHARS_MAX);
    let body = form
        .field("body", "notices-field-body")
        .text(1..=BODY_CHARS_MAX);
    let class = if emergency {
        Some(Class::Emergency)
    } else {
        let words = Class::ALL.map(Class::word);
        let chosen = form.field("class", "notices-field-class").choice(&words);
        chosen
            .and_then(Class::from_word)
            .filter(|c| *c != Class::Emergency)
    };
    let whom = Whom::from_word(form.value("whom")).unwrap_or_default();
    let purposes: Vec<String> = form
        .all("purpose")
        .filter(|p| roster::rows::PURPOSES.contains(p))
        .map(str::to_owned)
        .collect();
    let chosen: Vec<Id> = form.all("tag").filter_map(|t| t.parse().ok()).collect();
    let mut tags = Vec::new();
    if !chosen.is_empty() {
        let known = roster::tags(house, c).await?;
        // One that was ended meanwhile is no longer offered, and no longer chosen.
        tags.extend(
            known
                .into_iter()
                .filter(|t| chosen.contains(&t.id))
                .map(|t| (t.id, t.name)),
        );
        if tags.len() < chosen.len() {
            form.fault("tag", say("notices-refused-tag"));
        }
    }
    let base = Audience {
        whom,
        purposes,
        tags,
        ..Audience::default()
    };
    let typed = form.value("places").to_owned();
    let audience = match base.places(house, c, &typed).await {
        Ok(audience) => Some(audience),
        Err(NoticeError::Audience(line)) => {
            form.fault("places", say("notices-refused-place").and("line", line));
            None
        }
        Err(e) => return Err(e),
    };
    let remind = if form.value("remind").is_empty() {
        Some(0)
    } else {
        form.field("remind", "notices-field-remind")
            .number(0..=REMIND_HOURS_MAX)
    };
    let publish_at = when(house, form);
    let ways = Ways::from_words(&form.all("way").collect::<Vec<_>>().join(" "));
    let (Some(title), Some(body), Some(class), Some(audience), Some(remind_hours), false) =
        (title, body, class, audience, remind, form.failed())
    else {
        return Ok(None);
    };
    Ok(Some(Draft {
        class,
        title,
        body,
        audience,
        ways,
        asks: form.has("asks", "yes"),
        remind_hours,
        publish_at,
        replaces: form.value("replaces").parse().ok(),
    }))
}

/// The day and hour to publish at; `None` is as soon as it is approved.
fn when(house: &House, form: &mut Form) -> Option<Moment> {
    if form.value("day").is_empty() {
        return None;
    }
    let day = form.field("day", "notices-field-publish").date()?;
    let hour = form
        .field("hour", "notices-field-hour")
        .read_optional(|text| {
            let (h, m) = text.split_once([':', '：']).unwrap_or((text, "0"));
            let time = h
                .trim()
                .parse::<i64>()
                .ok()
                .zip(m.trim().parse::<i64>().ok());
            time.filter(|(h, m)| (0..24).contains(h) && (0..60).contains(m))
                .ok_or_else(|| say("notices-refused-hour"))
        })?;
    let (h, m) = hour.unwrap_or((9, 0));
    let at = Moment::at_start_of(day).plus(h * HOUR + m * HOUR / 60);
    if at <= house.now() {
        form.fault("day", say("notices-refused-time"));
        return None;
    }
    Some(at)
}

async fn offered(house: &House, by: &Actor) -> Result<Offered, NoticeError> {
    let all = templates::list(house, by).await?;
    Ok(Offered {
        templates: all
            .into_iter()
            .map(|t| (t.id.to_string(), t.name))
            .collect(),
        ..Offered::tags(house, by).await?
    })
}

async fn shown(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    form: Form,
    counted: Option<i64>,
) -> Response {
    let here = format!("/c/{c}/notices");
    match offered(house, by).await {
        Ok(offered) => draw(
            frame.titled("notices-new"),
            form,
            here.clone(),
            here,
            false,
            offered,
            counted,
        ),
        Err(e) => refused(frame, &e),
    }
}

/// An empty form, or one begun from a template, from last week's figures, or to take the
/// place of another notice.
pub async fn new(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    query: ListQuery,
    frame: Frame,
) -> Response {
    let mut form = Form::filled([
        ("class", Class::Ordinary.word().to_owned()),
        ("whom", Whom::Everyone.word().to_owned()),
        ("way", "group".to_owned()),
        ("way", "push".to_owned()),
    ]);
    let compound = frame
        .compound
        .as_ref()
        .map_or(String::new(), |c| c.name.clone());
    let begun = async {
        if let Ok(id) = query.value("template").parse::<Id>() {
            let all = templates::list(&house, &by).await?;
            if let Some(t) = all.into_iter().find(|t| t.id == id) {
                let fill = |text: &str| templates::filled(text, &compound, house.now());
                form.set("class", t.class.word());
                form.set("title", &fill(&t.title));
                form.set("body", &fill(&t.body));
            }
        }
        if let Some(period) = Period::from_word(query.value("summary")) {
            let figures = summary::figures(&house, &by, period).await?;
            let (title, body) = super::calendar::summary_text(&frame, period, &figures);
            form.set("title", &title);
            form.set("body", &body);
        }
        if let Ok(id) = query.value("replaces").parse::<Id>() {
            let old = draft::one(&house, &by, id).await?;
            form = filled(&old);
            form.set("replaces", &id.to_string());
            form.forget("row");
            form.forget("day");
            form.forget("hour");
        }
        Ok::<_, NoticeError>(form)
    };
    match begun.await {
        Ok(form) => shown(&house, &by, &c, frame, form, None).await,
        Err(e) => refused(frame, &e),
    }
}

/// Counts whom a form would reach, when that was asked for.
async fn counted(
    house: &House,
    by: &Actor,
    form: &Form,
    draft: &Draft,
) -> Result<Option<i64>, NoticeError> {
    if form.value("act") != "count" {
        return Ok(None);
    }
    draft::preview(house, by, &draft.audience).await.map(Some)
}

/// Keeps a new draft.
pub async fn begin(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let read = match read(&house, by.community, &mut form, false).await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let Some(draft) = read else {
        return shown(&house, &by, &c, frame, form, None).await;
    };
    match counted(&house, &by, &form, &draft).await {
        Ok(None) => {}
        Ok(count) => return shown(&house, &by, &c, frame, form, count).await,
        Err(e) => return refused(frame, &e),
    }
    match draft::begin(&house, &by, &draft).await {
        Ok(id) => onward::done(&format!("/c/{c}/notices/{id}"), frame.t("notices-did-keep")),
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                form.fault_of_all(sentence);
                shown(&house, &by, &c, frame, form, None).await
            }
            None => refused(frame, &e),
        },
    }
}

/// A draft's form.
pub async fn edit(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match draft::one(&house, &by, id).await {
        Ok(n) => editing(&house, &by, frame, (&c, id), filled(&n), None).await,
        Err(e) => refused(frame, &e),
    }
}

async fn editing(
    house: &House,
    by: &Actor,
    frame: Frame,
    (c, id): (&str, Id),
    form: Form,
    counted: Option<i64>,
) -> Response {
    let own = format!("/c/{c}/notices/{id}");
    let offered = match Offered::tags(house, by).await {
        Ok(offered) => offered,
        Err(e) => return refused(frame, &e),
    };
    draw(
        frame.titled("notices-edit"),
        form,
        format!("{own}/edit"),
        own,
        false,
        offered,
        counted,
    )
}

/// Keeps a draft as it was changed.
pub async fn save(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let draft = match read(&house, by.community, &mut form, false).await {
        Ok(Some(draft)) => draft,
        Ok(None) => return editing(&house, &by, frame, (&c, id), form, None).await,
        Err(e) => return refused(frame, &e),
    };
    match counted(&house, &by, &form, &draft).await {
        Ok(None) => {}
        Ok(count) => return editing(&house, &by, frame, (&c, id), form, count).await,
        Err(e) => return refused(frame, &e),
    }
    let row = form.value("row").parse().unwrap_or(0);
    match draft::edit(&house, &by, id, row, &draft).await {
        Ok(()) => onward::done(&format!("/c/{c}/notices/{id}"), frame.t("notices-did-keep")),
        Err(e @ NoticeError::Changed) => {
            // What was written is kept on the screen beside the reason.
            if let Some(sentence) = words::refusal(&e) {
                form.fault_of_all(sentence);
            }
            editing(&house, &by, frame, (&c, id), form, None).await
        }
        Err(e) => refused(frame, &e),
    }
}

//! The applicant's screens: one question each, a check page, a receipt that is also
//! the status page. Everything works without script; the link's secret is the session.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use hanzi::numbers::ResidentId;

use super::super::draft::{self, Answers, Draft, Step};
use super::super::pictures::{self, Have, PictureKind, Proof};
use super::super::policy::policy_of;
use super::super::{MembershipError, Relation, apply};
use super::answers::take;
use super::own::own_act;
use super::{By, refused, words};
use crate::texts::{self, Text, TextName};
use foundation::house::House;
use foundation::page::{self, Choice, Form, Frame, Line, onward, problem};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "membership/start.html")]
struct StartPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "membership/step.html")]
struct StepPage {
    frame: Frame,
    form: Form,
    step: &'static str,
    base: String,
    back: String,
    progress: String,
    choices: Vec<Choice>,
    thumbs: Vec<OwnPicture>,
    privacy: Vec<String>,
    identity: Vec<String>,
    asks_identity: bool,
    /// The archive's text, where the policy asks for that consent.
    archive: Vec<String>,
    asks_archive: bool,
    kinds: Vec<Choice>,
    /// The room was not found: offer to go on with what was typed.
    unknown_room: bool,
    lines: Vec<Line>,
}

pub(super) struct OwnPicture {
    pub id: String,
    pub href: String,
    /// What it shows, in words.
    pub kind: String,
}

impl OwnPicture {
    pub fn all(frame: &Frame, base: &str, list: &[Proof]) -> Vec<OwnPicture> {
        let own = |p: &Proof| OwnPicture {
            id: p.id.to_string(),
            href: format!("{base}/pictures/{}", p.id),
            kind: frame.t(words::picture_kind(p.kind)).into_owned(),
        };
        list.iter().map(own).collect()
    }
}

pub(super) fn slug(frame: &Frame, path_slug: &str) -> String {
    frame
        .compound
        .as_ref()
        .map_or_else(|| path_slug.to_owned(), |c| c.slug.clone())
}

/// What applying is about, before anything is asked.
pub async fn start(frame: Frame) -> Response {
    page::ok(StartPage {
        frame: frame.titled("membership-apply-title"),
    })
}

/// The address on posters leads to the same place.
pub async fn to_start(Path(c): Path<String>) -> Response {
    onward::to(&format!("/c/{c}/apply"))
}

/// Begins a draft and goes to the first question.
pub async fn begin(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match draft::begin(&house, by.community, Answers::default()).await {
        Ok(secret) => onward::to(&format!("/c/{c}/apply/{secret}/room")),
        Err(e) => refused(frame, e),
    }
}

/// One screen.
pub async fn step(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, link, step)): Path<(String, String, String)>,
    frame: Frame,
) -> Response {
    let Some(step) = Step::from_word(&step) else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match draft::open(&house, by.community, &link).await {
        Ok(Some(draft)) => {
            let form = filled(&draft.answers, step);
            show(&house, &by, &c, &link, &draft, step, form, frame, false).await
        }
        // Sent already: the link now leads to the status.
        Ok(None) => onward::to(&format!("/c/{c}/apply/{link}")),
        Err(e) => refused(frame, e),
    }
}

fn filled(a: &Answers, step: Step) -> Form {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    match step {
        Step::Room => pairs.push(("room", a.room_typed.clone())),
        Step::Relation => pairs.push(("relation", a.relation.map_or("", Relation::word).into())),
        Step::Name => pairs.push(("name", a.name.clone())),
        Step::Phone => pairs.push(("phone", a.phone.clone())),
        Step::Document => pairs.push(("document", a.document.clone())),
        Step::Proof => {
            pairs.push(("kind", PictureKind::Deed.word().into()));
            if a.proof_later {
                pairs.push(("later", "yes".into()));
            }
        }
        Step::Consent => {
            if a.privacy.is_some() {
                pairs.push(("privacy", "yes".into()));
            }
            if a.identity.is_some() {
                pairs.push(("identity", "yes".into()));
            }
            if a.archive.is_some() {
                pairs.push(("archive", "yes".into()));
            }
        }
        Step::Check => pairs.push(("note", a.note.clone())),
    }
    Form::filled(pairs)
}

fn title(step: Step) -> &'static str {
    use page::key;
    match step {
        Step::Room => key("membership-step-room"),
        Step::Relation => key("membership-step-relation"),
        Step::Name => key("membership-step-name"),
        Step::Phone => key("membership-step-phone"),
        Step::Document => key("membership-step-document"),
        Step::Proof => key("membership-step-proof"),
        Step::Consent => key("membership-step-consent"),
        Step::Check => key("membership-step-check"),
    }
}

/// A text in the reader's language, by paragraphs.
pub fn paragraphs(frame: &Frame, text: &Text) -> Vec<String> {
    let body = if frame.lang().is_chinese() {
        &text.zh_hant
    } else {
        &text.en
    };
    body.lines()
        .map(|line| frame.in_script(line))
        .filter(|l| !l.is_empty())
        .collect()
}

#[allow(clippy::too_many_arguments)] // what a screen is made of
async fn show(
    house: &House,
    by: &Actor,
    c: &str,
    link: &str,
    draft: &Draft,
    step: Step,
    form: Form,
    frame: Frame,
    unknown_room: bool,
) -> Response {
    let c_number = by.community;
    let loaded = async {
        let thumbs = pictures::list(house, c_number, draft.id).await?;
        let privacy = texts::current(house, c_number, TextName::Privacy).await?;
        let identity = texts::current(house, c_number, TextName::Identity).await?;
        let archive = texts::current(house, c_number, TextName::Archive).await?;
        let (_, policy) = policy_of(house, c_number).await?;
        Ok::<_, MembershipError>((thumbs, privacy, identity, archive, policy))
    };
    let (thumbs, privacy, identity, archive, policy) = match loaded.await {
        Ok(loaded) => loaded,
        Err(e) => return refused(frame, e),
    };
    let frame = frame.titled(title(step));
    let a = &draft.answers;
    let base = format!("/c/{}/apply/{link}", slug(&frame, c));
    let asked: Vec<Step> = Step::ALL.into_iter().filter(|s| a.asks(*s)).collect();
    let failed = form.failed();
    let page = StepPage {
        step: step.word(),
        back: match a.before(step) {
            Some(before) => format!("{base}/{}", before.word()),
            None => format!("/c/{}/apply", slug(&frame, c)),
        },
        progress: {
            let number = asked.iter().position(|s| *s == step).map_or(1, |n| n + 1);
            let values = [("number", number.into()), ("of", asked.len().into())];
            frame.with("membership-progress", &values).into_owned()
        },
        choices: Relation::ALL
            .into_iter()
            .filter(|r| policy.admits(*r))
            .map(|r| Choice::new(r.word(), frame.t(words::relation(r))))
            .collect(),
        thumbs: OwnPicture::all(&frame, &base, &thumbs),
        privacy: paragraphs(&frame, &privacy),
        identity: paragraphs(&frame, &identity),
        asks_identity: a.asks_identity(Have::of(&thumbs)),
        archive: paragraphs(&frame, &archive),
        asks_archive: policy.archive_copy,
        kinds: words::picture_kinds(&frame),
        unknown_room,
        lines: if step == Step::Check {
            lines(&frame, a, &base, thumbs.len())
        } else {
            Vec::new()
        },
        base,
        form,
        frame,
    };
    let status = if failed {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page::html(status, page)
}

fn lines(frame: &Frame, a: &Answers, base: &str, pictures: usize) -> Vec<Line> {
    let line = |step: Step, label: &str, value: String| {
        Line::new(frame.t(label), value).change(format!("{base}/{}", step.word()))
    };
    let room = if a.room_code.is_empty() {
        &a.room_typed
    } else {
        &a.room_code
    };
    let relation = a
        .relation
        .map(|r| frame.t(words::relation(r)).into_owned())
        .unwrap_or_default();
    let mut out = vec![
        line(Step::Room, page::key("membership-field-room"), room.clone()),
        line(
            Step::Relation,
            page::key("membership-field-relation"),
            relation,
        ),
        line(
            Step::Name,
            page::key("membership-field-name"),
            a.name.clone(),
        ),
        line(
            Step::Phone,
            page::key("membership-field-phone"),
            frame.phone(&a.phone),
        ),
    ];
    if !a.vouched {
        let masked = ResidentId::parse(&a.document)
            .map(|d| d.masked())
            .unwrap_or_else(|_| a.document.clone());
        out.push(line(
            Step::Document,
            page::key("membership-field-document"),
            masked,
        ));
        let proof = if a.proof_later {
            frame.t("membership-proof-later-short").into_owned()
        } else {
            frame
                .one("membership-proof-count", "count", pictures)
                .into_owned()
        };
        out.push(line(
            Step::Proof,
            page::key("membership-field-proof"),
            proof,
        ));
    }
    out
}

/// Takes the answer of one screen and goes to the next.
pub async fn answer(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, link, step)): Path<(String, String, String)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let place = (c.as_str(), link.as_str());
    if let Some(done) = own_act(&house, &by, place, &step, &frame, &form).await {
        return done;
    }
    let Some(step) = Step::from_word(&step) else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let mut draft = match draft::open(&house, by.community, &link).await {
        Ok(Some(draft)) => draft,
        Ok(None) => return onward::to(&format!("/c/{c}/apply/{link}")),
        Err(e) => return refused(frame, e),
    };
    let unknown = match take(&house, &by, &mut draft, step, &mut form).await {
        Ok(unknown) => unknown,
        Err(e) => return refused(frame, e),
    };
    if form.failed() {
        return show(&house, &by, &c, &link, &draft, step, form, frame, unknown).await;
    }
    if let Err(e) = draft::save(&house, by.community, &draft).await {
        return refused(frame, e);
    }
    if step != Step::Check {
        let have = match pictures::list(&house, by.community, draft.id).await {
            Ok(list) => Have::of(&list),
            Err(e) => return refused(frame, e),
        };
        // Somebody changing one answer goes straight back to the check page.
        let next = match draft.answers.lacks(have) {
            None if step != Step::Consent => Step::Check,
            _ => draft.answers.after(step),
        };
        return onward::to(&format!("/c/{c}/apply/{link}/{}", next.word()));
    }
    match apply::submit(&house, &by, &link).await {
        Ok(_) => onward::to(&format!("/c/{c}/apply/{link}")),
        Err(MembershipError::Missing(word)) => onward::to(&format!("/c/{c}/apply/{link}/{word}")),
        Err(MembershipError::OlderText) => onward::to(&format!("/c/{c}/apply/{link}/consent")),
        Err(e) => refused(frame, e),
    }
}

//! The applicant's screens: one question each, a check page, a receipt that is also
//! the status page. Everything works without script; the link's secret is the session.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use hanzi::numbers::{Phone, ResidentId};
use tokio::io::AsyncWriteExt as _;

use super::super::apply::{self, Own};
use super::super::draft::{self, Answers, Draft, Step};
use super::super::{MembershipError, NAME_CHARS_MAX, Relation, WORDS_CHARS_MAX};
use super::super::{pictures, roster_side};
use super::{By, jpeg, refused, to, words};
use crate::community::texts::{self, Text, TextName};
use crate::foundation::house::House;
use crate::foundation::ids::Id;
use crate::foundation::page::{self, Choice, Form, Frame, Line, problem, say};
use crate::foundation::pictures::{PICTURE_BYTES_MAX, PictureRefused};
use crate::people::actor::Actor;

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
    /// The room was not found: offer to go on with what was typed.
    unknown_room: bool,
    lines: Vec<Line>,
}

pub(super) struct OwnPicture {
    pub id: String,
    pub href: String,
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
    to(&format!("/c/{c}/apply"))
}

/// Begins a draft and goes to the first question.
pub async fn begin(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match draft::begin(&house, by.community, Answers::default()).await {
        Ok(secret) => to(&format!("/c/{c}/apply/{secret}/room")),
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
        Ok(None) => to(&format!("/c/{c}/apply/{link}")),
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
        .map(str::to_owned)
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
        let admitted = draft::admitted(house, c_number).await?;
        Ok::<_, MembershipError>((thumbs, privacy, identity, admitted))
    };
    let (thumbs, privacy, identity, admitted) = match loaded.await {
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
        choices: admitted
            .into_iter()
            .map(|r| Choice::new(r.word(), frame.t(words::relation(r))))
            .collect(),
        thumbs: thumbs
            .iter()
            .map(|p| OwnPicture {
                id: p.id.to_string(),
                href: format!("{base}/pictures/{}", p.id),
            })
            .collect(),
        privacy: paragraphs(&frame, &privacy),
        identity: paragraphs(&frame, &identity),
        asks_identity: !a.document.is_empty(),
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
    if let Some(done) = own_act(&house, &by, &c, &link, &step, &frame, &form).await {
        return done;
    }
    let Some(step) = Step::from_word(&step) else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let mut draft = match draft::open(&house, by.community, &link).await {
        Ok(Some(draft)) => draft,
        Ok(None) => return to(&format!("/c/{c}/apply/{link}")),
        Err(e) => return refused(frame, e),
    };
    let unknown = match take(&house, &by, &mut draft.answers, step, &mut form).await {
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
        let have = pictures::list(&house, by.community, draft.id)
            .await
            .map_or(0, |p| p.len());
        // Somebody changing one answer goes straight back to the check page.
        let next = match draft.answers.lacks(have) {
            None if step != Step::Consent => Step::Check,
            _ => draft.answers.after(step),
        };
        return to(&format!("/c/{c}/apply/{link}/{}", next.word()));
    }
    match apply::submit(&house, &by, &link).await {
        Ok(_) => to(&format!("/c/{c}/apply/{link}")),
        Err(MembershipError::Missing(word)) => to(&format!("/c/{c}/apply/{link}/{word}")),
        Err(MembershipError::OlderText) => to(&format!("/c/{c}/apply/{link}/consent")),
        Err(e) => refused(frame, e),
    }
}

/// Reads one screen's answer; `true` when the room is unknown to the roster.
async fn take(
    house: &House,
    by: &Actor,
    a: &mut Answers,
    step: Step,
    form: &mut Form,
) -> Result<bool, MembershipError> {
    let c = by.community;
    match step {
        Step::Room => {
            if let Some(typed) = form.field("room", "membership-field-room").text(1..=80) {
                let found = roster_side::find_room(house, c, &typed).await?;
                a.room_typed = typed;
                match found {
                    Some((room, code)) => {
                        a.room = Some(room);
                        a.room_code = code;
                    }
                    None => {
                        a.room = None;
                        a.room_code.clear();
                        if form.value("keep") != "yes" {
                            form.fault("room", say("membership-room-unknown"));
                            return Ok(true);
                        }
                    }
                }
            }
        }
        Step::Relation => {
            let admitted = draft::admitted(house, c).await?;
            let words: Vec<&str> = admitted.iter().map(|r| r.word()).collect();
            if let Some(word) = form
                .field("relation", "membership-field-relation")
                .choice(&words)
            {
                a.relation = Relation::from_word(word);
            }
        }
        Step::Name => {
            if let Some(name) = form
                .field("name", "membership-field-name")
                .text(1..=NAME_CHARS_MAX)
            {
                a.name = name;
            }
        }
        Step::Phone => {
            let read = form
                .field("phone", "membership-field-phone")
                .read(|s| Phone::parse(s).map_err(|_| say("membership-phone-unreadable")));
            if let Some(phone) = read {
                a.phone = phone.national();
            }
        }
        Step::Document => {
            let read = form
                .field("document", "membership-field-document")
                .read_optional(|s| {
                    ResidentId::parse(s).map_err(|_| say("membership-document-unreadable"))
                });
            if let Some(document) = read {
                a.document = document.map(|d| d.as_str().to_owned()).unwrap_or_default();
                if a.document.is_empty() {
                    a.identity = None;
                }
            }
        }
        Step::Proof => {
            a.proof_later = form.value("later") == "yes";
        }
        Step::Consent => {
            let privacy = texts::current(house, c, TextName::Privacy).await?.version;
            a.privacy = form
                .field("privacy", "membership-field-privacy")
                .ticked()
                .map(|()| privacy);
            if a.document.is_empty() {
                a.identity = None;
            } else {
                let version = texts::current(house, c, TextName::Identity).await?.version;
                let tick = form.field("identity", "membership-field-identity").ticked();
                a.identity = tick.map(|()| version);
            }
        }
        Step::Check => {
            if let Some(note) = form
                .field("note", "membership-field-note")
                .text(0..=WORDS_CHARS_MAX)
            {
                a.note = note;
            }
        }
    }
    let roster_asked = matches!(step, Step::Room | Step::Relation | Step::Name | Step::Phone);
    if roster_asked && !form.failed() && !a.name.is_empty() && !a.phone.is_empty() {
        draft::look(house, c, a).await?;
    }
    Ok(false)
}

/// Acts on a sent application that come in through the same door.
async fn own_act(
    house: &House,
    by: &Actor,
    c: &str,
    link: &str,
    act: &str,
    frame: &Frame,
    form: &Form,
) -> Option<Response> {
    let words = form.value("words").to_owned();
    let back = format!("/c/{c}/apply/{link}");
    let done = match act {
        "answer" => apply::act(house, by, link, Own::Answer(words))
            .await
            .map(|_| back),
        "withdraw" => apply::act(house, by, link, Own::Withdraw)
            .await
            .map(|_| back),
        "review" => apply::act(house, by, link, Own::Review(words))
            .await
            .map(|_| back),
        "unconsent" => apply::withdraw_consent(house, by, link, TextName::Identity)
            .await
            .map(|()| back),
        "again" => apply::reapply(house, by.community, link)
            .await
            .map(|secret| format!("/c/{c}/apply/{secret}/check")),
        _ => return None,
    };
    Some(match done {
        Ok(path) => to(&path),
        Err(e) => refused(frame.clone(), e),
    })
}

/// Takes pictures of proof, for a draft or for an application asked for more.
pub async fn upload(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, link)): Path<(String, String)>,
    frame: Frame,
    mut body: Multipart,
) -> Response {
    while let Ok(Some(mut field)) = body.next_field().await {
        if field.name() != Some("proof") {
            continue;
        }
        let path = match pictures::incoming(&house).await {
            Ok(path) => path,
            Err(e) => return refused(frame, e),
        };
        let received = receive(&mut field, &path).await;
        let taken = match received {
            // A form without a chosen file sends an empty one.
            Ok(0) => {
                let _ = tokio::fs::remove_file(&path).await;
                continue;
            }
            Ok(_) => pictures::add_file(&house, by.community, &link, path).await,
            Err(e) => {
                let _ = tokio::fs::remove_file(&path).await;
                Err(e)
            }
        };
        if let Err(e) = taken {
            return refused(frame, e);
        }
    }
    match draft::open(&house, by.community, &link).await {
        Ok(Some(_)) => to(&format!("/c/{c}/apply/{link}/proof")),
        _ => to(&format!("/c/{c}/apply/{link}")),
    }
}

/// Streams one file of a form to the disk, up to its bound.
async fn receive(field: &mut Field<'_>, path: &std::path::Path) -> Result<usize, MembershipError> {
    let mut file = tokio::fs::File::create(path).await?;
    let mut size = 0;
    loop {
        let chunk = field.chunk().await.map_err(|_| PictureRefused::TooLarge)?;
        let Some(chunk) = chunk else { break };
        size += chunk.len();
        if size > PICTURE_BYTES_MAX {
            return Err(PictureRefused::TooLarge.into());
        }
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    Ok(size)
}

/// The applicant's own picture.
pub async fn picture(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, link, id)): Path<(String, String, String)>,
    frame: Frame,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match pictures::own(&house, by.community, &link, id).await {
        Ok(bytes) => jpeg(bytes),
        Err(e) => refused(frame, e),
    }
}

/// Takes a picture out again.
pub async fn drop_picture(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, link, id)): Path<(String, String, String)>,
    frame: Frame,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match pictures::drop_one(&house, by.community, &link, id).await {
        Ok(()) => to(&format!("/c/{c}/apply/{link}/proof")),
        Err(e) => refused(frame, e),
    }
}

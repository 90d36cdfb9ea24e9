//! The operator's page: the ways, how they are set up and how they fare.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use foundation::house::House;
use foundation::page::{self, Choice, Form, Frame, Tag, Tone, key, onward, say};
use permissions::actor::Actor;

use super::{By, refusal, refused, told, way_word, why_word};
use crate::senders::mail::{Line, MailSettings};
use crate::senders::sms::{Shape, SmsSettings};
use crate::ways::{self, PER_MINUTE_MAX, WayState};
use crate::{OutboxError, Way};

const HERE: &str = "/house/sending";

struct Row {
    way: &'static str,
    tag: Tag,
    note: String,
    queued: String,
    /// 0 where nothing waits.
    oldest: i64,
    failures: Vec<String>,
}

#[derive(Template)]
#[template(path = "outbox/sending.html")]
struct SendingPage {
    frame: Frame,
    form: Form,
    rows: Vec<Row>,
    lines: Vec<Choice>,
    shapes: Vec<Choice>,
    ways: Vec<Choice>,
    mail_set: bool,
    sms_set: bool,
}

fn row(frame: &Frame, s: &WayState, now: i64) -> Row {
    let b = &s.breaker;
    let tag = if !s.set_up {
        Tag::new(Tone::Plain, key("outbox-state-none"))
    } else if b.paused_until.0 > now {
        Tag::new(Tone::Overdue, key("outbox-state-paused"))
    } else if b.failing_since.is_some() {
        Tag::new(Tone::Waiting, key("outbox-state-failing"))
    } else {
        Tag::new(Tone::Done, key("outbox-state-working"))
    };
    let mut note = Vec::new();
    if let Some(since) = b.failing_since {
        note.push(format!(
            "{} {}",
            frame.t("outbox-since"),
            frame.stamp(since.0)
        ));
        note.push(frame.t(why_word(&b.why)).into_owned());
    }
    if b.paused_until.0 > now {
        let until = frame.stamp(b.paused_until.0);
        note.push(format!("{} {until}", frame.t("outbox-until")));
    }
    let count = |n: i64| frame.count(n);
    let failures = s.failures.iter();
    Row {
        way: way_word(s.way),
        tag,
        note: note.join(" · "),
        queued: count(s.queued),
        oldest: s.oldest.map_or(0, |at| at.0),
        failures: failures
            .map(|(why, n)| format!("{} {}", frame.t(why_word(why)), count(*n)))
            .collect(),
    }
}

async fn draw(
    house: &House,
    by: &Actor,
    frame: Frame,
    sent: Form,
    status: StatusCode,
) -> Result<Response, OutboxError> {
    let now = house.now().0;
    let states = ways::states(house).await?;
    let (mail, sms) = (ways::mail(house, by).await?, ways::sms(house, by).await?);
    let mut form = sent;
    if !form.failed() {
        if let Some((s, per_minute)) = &mail {
            form.set("host", &s.host);
            form.set("port", &s.port.to_string());
            form.set("line", s.line.word());
            form.set("user", &s.user);
            form.set("from", &s.from);
            form.set("mail-per-minute", &per_minute.to_string());
        }
        if let Some((s, per_minute)) = &sms {
            form.set("url", &s.url);
            form.set("method", &s.method);
            form.set("shape", s.shape.word());
            form.set("template", &s.template);
            form.set("yes", &s.yes);
            form.set("sms-per-minute", &per_minute.to_string());
        }
    }
    // Secrets are never shown again, not even those just typed.
    form.forget("password");
    form.forget("headers");
    let rows = states.iter().map(|s| row(&frame, s, now)).collect();
    let page = SendingPage {
        rows,
        lines: vec![
            Choice::new(Line::Tls.word(), frame.t("outbox-line-tls")),
            Choice::new(Line::StartTls.word(), frame.t("outbox-line-starttls")),
            Choice::new(Line::Plain.word(), frame.t("outbox-line-plain")),
        ],
        shapes: vec![
            Choice::new(Shape::Json.word(), "JSON"),
            Choice::new(Shape::Form.word(), frame.t("outbox-shape-form")),
        ],
        ways: [Way::Mail, Way::Sms]
            .map(|w| Choice::new(w.word(), frame.t(way_word(w))))
            .into(),
        mail_set: mail.is_some(),
        sms_set: sms.is_some(),
        form,
        frame: frame.titled("outbox-sending"),
    };
    Ok(page::html(status, page))
}

pub async fn show(State(house): State<Arc<House>>, Extension(by): By, frame: Frame) -> Response {
    let late = frame.clone();
    draw(&house, &by, frame, Form::default(), StatusCode::OK)
        .await
        .unwrap_or_else(|e| refused(late, &e))
}

async fn after(
    house: &House,
    by: &Actor,
    frame: Frame,
    mut form: Form,
    done: Result<(), OutboxError>,
) -> Response {
    match done {
        Ok(()) => {
            return onward::done(HERE, frame.t("outbox-set"));
        }
        Err(e) => match refusal(&e) {
            Some(sentence) => form.fault_of_all(sentence),
            None if form.failed() => {}
            None => return refused(frame, &e),
        },
    }
    let late = frame.clone();
    draw(house, by, frame, form, StatusCode::UNPROCESSABLE_ENTITY)
        .await
        .unwrap_or_else(|e| refused(late, &e))
}

pub async fn mail(
    State(house): State<Arc<House>>,
    Extension(by): By,
    frame: Frame,
    mut form: Form,
) -> Response {
    let words: Vec<&str> = Line::ALL.iter().map(|l| l.word()).collect();
    let host = form.field("host", key("outbox-host")).text(1..=253);
    let port = form.field("port", key("outbox-port")).number(1..=65_535);
    let line = form.field("line", key("outbox-line")).choice(&words);
    let from = form.field("from", key("outbox-from")).text(3..=200);
    let rate = form
        .field("mail-per-minute", key("outbox-per-minute"))
        .number(1..=PER_MINUTE_MAX);
    let line = line.and_then(Line::from_word);
    let (Some(host), Some(port), Some(line), Some(from), Some(rate)) =
        (host, port, line, from, rate)
    else {
        return after(&house, &by, frame, form, Err(OutboxError::NotFound)).await;
    };
    let set = async {
        let known = ways::mail(&house, &by).await?;
        let mut settings = MailSettings {
            host,
            port: u16::try_from(port).map_err(|_| OutboxError::Settings)?,
            line,
            user: form.value("user").to_owned(),
            password: form.value("password").to_owned(),
            from,
        };
        // Nothing typed keeps the secret, for the same server only.
        if settings.password.is_empty()
            && let Some((known, _)) = known
            && known.host == settings.host
        {
            settings.password = known.password;
        }
        ways::set_mail(&house, &by, &settings, rate).await
    };
    let done = set.await;
    after(&house, &by, frame, form, done).await
}

pub async fn sms(
    State(house): State<Arc<House>>,
    Extension(by): By,
    frame: Frame,
    mut form: Form,
) -> Response {
    let words: Vec<&str> = Shape::ALL.iter().map(|s| s.word()).collect();
    let url = form.field("url", key("outbox-url")).text(8..=500);
    let method = form
        .field("method", key("outbox-method"))
        .choice(&["POST", "PUT"]);
    let shape = form.field("shape", key("outbox-shape")).choice(&words);
    let template = form
        .field("template", key("outbox-template"))
        .text(10..=4_000);
    let rate = form
        .field("sms-per-minute", key("outbox-per-minute"))
        .number(1..=PER_MINUTE_MAX);
    let shape = shape.and_then(Shape::from_word);
    let (Some(url), Some(method), Some(shape), Some(template), Some(rate)) =
        (url, method, shape, template, rate)
    else {
        return after(&house, &by, frame, form, Err(OutboxError::NotFound)).await;
    };
    let set = async {
        let known = ways::sms(&house, &by).await?;
        let mut settings = SmsSettings {
            method: method.to_owned(),
            url,
            headers: form.value("headers").to_owned(),
            shape,
            template,
            yes: form.value("yes").to_owned(),
        };
        // As above: a secret never goes to another provider than it was typed for.
        let host = |url: &str| url::Url::parse(url).ok().map(|u| u.origin());
        if settings.headers.is_empty()
            && let Some((known, _)) = known
            && host(&known.url) == host(&settings.url)
        {
            settings.headers = known.headers;
        }
        ways::set_sms(&house, &by, &settings, rate).await
    };
    let done = set.await;
    after(&house, &by, frame, form, done).await
}

pub async fn try_out(
    State(house): State<Arc<House>>,
    Extension(by): By,
    frame: Frame,
    mut form: Form,
) -> Response {
    let to = form.field("to", key("outbox-try-to")).text(5..=254);
    let way = form
        .field("way", key("outbox-way"))
        .choice(&[Way::Mail.word(), Way::Sms.word()]);
    let (Some(to), Some(way)) = (to, way.and_then(Way::from_word)) else {
        return after(&house, &by, frame, form, Err(OutboxError::NotFound)).await;
    };
    let (title, text) = (frame.t("outbox-try-title"), frame.t("outbox-try-text"));
    match ways::try_out(&house, &by, way, &to, &title, &text).await {
        Ok(answer) => onward::telling(HERE, told(&frame, answer, key("outbox-try-sent"))),
        Err(e) => {
            form.fault_of_all(refusal(&e).unwrap_or_else(|| say("outbox-refused-settings")));
            after(&house, &by, frame, form, Err(e)).await
        }
    }
}

//! How somebody wants to be reached: devices, mail, what, and when not.

use std::sync::Arc;

use accounts::Site;
use accounts::sessions::agent_of;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use foundation::clock::DAY;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Tone, Wing, key, onward, say};
use permissions::actor::Actor;
use zeroize::Zeroizing;

use super::{By, refusal, refused, told};
use crate::devices::{self, Device};
use crate::sender::{Address, Browser, Parcel};
use crate::wish::{self, Level, Wish};
use crate::{OutboxError, Way, mailbox, own, ways};

#[derive(Template)]
#[template(path = "outbox/mine.html")]
struct MinePage {
    frame: Frame,
    form: Form,
    base: String,
    /// By which browsers know us.
    push_key: String,
    devices: Vec<Device>,
    address: String,
    confirmed: bool,
    levels: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "outbox/mine_staff.html")]
struct MineStaffPage(MinePage);

impl std::ops::Deref for MineStaffPage {
    type Target = MinePage;
    fn deref(&self) -> &MinePage {
        &self.0
    }
}

#[derive(Template)]
#[template(path = "outbox/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    action: String,
}

fn base(c: &str) -> String {
    format!("/c/{c}/my/notifications")
}

fn level_word(level: Level) -> &'static str {
    match level {
        Level::All => key("outbox-level-all"),
        Level::Mentions => key("outbox-level-mentions"),
        Level::Notices => key("outbox-level-notices"),
        Level::Nothing => key("outbox-level-nothing"),
    }
}

/// `22:00` as minutes of the day.
fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

async fn draw(
    house: &House,
    by: &Actor,
    site: &Site,
    c: &str,
    frame: Frame,
    mut form: Form,
) -> Result<Response, OutboxError> {
    let (community, account) = own(by)?;
    let mailbox = mailbox::own(house, community, account).await?;
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        let wish = wish::wish(house, community, account).await?;
        form.set("level", wish.level.word());
        if wish.quiet_from != wish.quiet_until {
            let clock = |m: i64| format!("{:02}:{:02}", m / 60, m % 60);
            form.set("from", &clock(wish.quiet_from));
            form.set("until", &clock(wish.quiet_until));
        }
        StatusCode::OK
    };
    let levels = Level::ALL.iter();
    let page = MinePage {
        base: base(c),
        push_key: ways::push_key(house, &site.base).await?,
        devices: devices::list(house, community, account).await?,
        confirmed: mailbox.as_ref().is_some_and(|m| m.confirmed),
        address: mailbox.map_or(String::new(), |m| m.address.to_string()),
        levels: levels
            .map(|l| Choice::new(l.word(), frame.t(level_word(*l))))
            .collect(),
        form,
        frame: frame.titled("outbox-mine"),
    };
    Ok(match page.frame.wing {
        Wing::Staff => page::html(status, MineStaffPage(page)),
        _ => page::html(status, page),
    })
}

/// Back to the page with what was done, or the page with what stood in the way.
#[allow(clippy::too_many_arguments)] // what every handler here has at hand
async fn after(
    house: &House,
    by: &Actor,
    site: &Site,
    c: &str,
    frame: Frame,
    mut form: Form,
    done: Result<(), OutboxError>,
    word: &str,
) -> Response {
    match done {
        Ok(()) => return onward::done(&base(c), frame.t(word)),
        Err(e) => match refusal(&e) {
            Some(sentence) => form.fault_of_all(sentence),
            None => return refused(frame, &e),
        },
    }
    let late = frame.clone();
    draw(house, by, site, c, frame, form)
        .await
        .unwrap_or_else(|e| refused(late, &e))
}

pub async fn show(
    State(house): State<Arc<House>>,
    Extension(by): By,
    Extension(site): Extension<Site>,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let late = frame.clone();
    draw(&house, &by, &site, &c, frame, Form::default())
        .await
        .unwrap_or_else(|e| refused(late, &e))
}

pub async fn wish(
    State(house): State<Arc<House>>,
    Extension(by): By,
    Extension(site): Extension<Site>,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let set = async {
        let level = Level::from_word(form.value("level")).ok_or(OutboxError::NotFound)?;
        let hours = match (form.value("from"), form.value("until")) {
            ("", "") => Some((0, 0)),
            (from, until) => minutes(from).zip(minutes(until)),
        };
        let (quiet_from, quiet_until) = hours.ok_or(OutboxError::Hours)?;
        let wish = Wish {
            level,
            quiet_from,
            quiet_until,
        };
        wish::set_wish(&house, &by, wish).await
    };
    let done = set.await;
    after(
        &house,
        &by,
        &site,
        &c,
        frame,
        form,
        done,
        key("outbox-wish-kept"),
    )
    .await
}

/// The browser that one sits at, as the script says it.
pub async fn add(
    State(house): State<Arc<House>>,
    Extension(by): By,
    Extension(site): Extension<Site>,
    Path(c): Path<String>,
    headers: HeaderMap,
    frame: Frame,
    form: Form,
) -> Response {
    let browser = Browser {
        endpoint: form.value("endpoint").to_owned(),
        p256dh: form.value("p256dh").to_owned(),
        auth: form.value("auth").to_owned(),
    };
    let done = devices::add(&house, &by, &browser, &agent_of(&headers)).await;
    after(
        &house,
        &by,
        &site,
        &c,
        frame,
        form,
        done,
        key("outbox-device-added"),
    )
    .await
}

pub async fn end(
    State(house): State<Arc<House>>,
    Extension(by): By,
    Extension(site): Extension<Site>,
    Path((c, id)): Path<(String, String)>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = match id.parse::<Id>() {
        Ok(id) => devices::end(&house, &by, id).await,
        Err(_) => Err(OutboxError::NotFound),
    };
    after(
        &house,
        &by,
        &site,
        &c,
        frame,
        form,
        done,
        key("outbox-device-ended"),
    )
    .await
}

/// Takes an address and mails the link that confirms it.
pub async fn mail(
    State(house): State<Arc<House>>,
    Extension(by): By,
    Extension(site): Extension<Site>,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let typed = Zeroizing::new(form.value("address").to_owned());
    let sent = async {
        let secret = mailbox::set(&house, &by, &typed).await?;
        let parcel = Parcel {
            id: format!("confirm-{}", house.id()),
            address: Address::Mail(Zeroizing::new(typed.trim().to_owned())),
            title: frame.t("outbox-confirm-title").into_owned(),
            text: frame.t("outbox-confirm-mail").into_owned(),
            link: site.link(&format!("{}/confirm/{secret}", base(&c))),
            urgent: false,
            lives_ms: DAY,
        };
        ways::send_now(&house, Way::Mail, &parcel).await
    };
    match sent.await {
        Ok(answer) => {
            let flash = told(&frame, answer, key("outbox-confirm-sent"));
            onward::telling(&base(&c), flash)
        }
        Err(e) => after(&house, &by, &site, &c, frame, form, Err(e), "").await,
    }
}

pub async fn remove(
    State(house): State<Arc<House>>,
    Extension(by): By,
    Extension(site): Extension<Site>,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = mailbox::remove(&house, &by).await;
    after(
        &house,
        &by,
        &site,
        &c,
        frame,
        form,
        done,
        key("outbox-mail-removed"),
    )
    .await
}

/// Looking at a link does not use it up: mail readers look first.
pub async fn confirming(Path((c, secret)): Path<(String, String)>, frame: Frame) -> Response {
    page::ok(ConfirmPage {
        action: format!("{}/confirm/{secret}", base(&c)),
        frame: frame.titled("outbox-confirm-title"),
    })
}

pub async fn confirm(
    State(house): State<Arc<House>>,
    Extension(by): By,
    Extension(site): Extension<Site>,
    Path((c, secret)): Path<(String, String)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    match mailbox::confirm(&house, &by, &secret).await {
        Ok(()) => onward::done(&base(&c), frame.t("outbox-confirmed")),
        Err(OutboxError::NotFound) => {
            form.fault_of_all(say("outbox-confirm-late"));
            let late = frame.clone();
            draw(&house, &by, &site, &c, frame, form)
                .await
                .unwrap_or_else(|e| refused(late, &e))
        }
        Err(e) => refused(frame, &e),
    }
}

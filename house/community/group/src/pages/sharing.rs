//! The sharing channel: its list, a thread, a new post.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, Query, State as Place};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::row::{Around, Row};
use super::{By, kept, refused, status, upload, words};
use crate::parts::{Post, Topic};
use crate::sharing::{self, Sharing, Thread};
use crate::speak::{self, Draft};
use crate::{GroupError, Message, MessageState, channels};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, onward};
use permissions::Permission;
use permissions::actor::Actor;

/// Words of a post that its list shows.
const EXCERPT_CHARS: usize = 90;

/// A post in the list.
struct Line {
    href: String,
    topic: &'static str,
    title: String,
    excerpt: String,
    name: String,
    at: i64,
    replies: i64,
    thanks: i64,
    done: bool,
    held: bool,
    /// Its first picture, small.
    picture: String,
}

/// A topic by which the list is narrowed.
struct Tab {
    href: String,
    text: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "group/sharing.html")]
struct ListPage {
    frame: Frame,
    base: String,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    open_only: bool,
    /// The same list with settled ones, or without.
    other: String,
    more: String,
    may_speak: bool,
    search: String,
}

#[derive(Default, Deserialize)]
pub struct Narrow {
    #[serde(default)]
    topic: String,
    open: Option<String>,
    before: Option<i64>,
}

fn line(base: &str, post: Post, one: sharing::Listed) -> Line {
    let m = one.message;
    let words: String = m.text.chars().take(EXCERPT_CHARS).collect();
    let cut = m.text.chars().nth(EXCERPT_CHARS).is_some();
    let shown = m.state == MessageState::Shown;
    let picture = m.parts.pictures.first().filter(|_| shown);
    Line {
        href: format!("{base}/sharing/{}", m.id),
        topic: words::topic(post.topic),
        title: post.title,
        excerpt: if cut { words + "…" } else { words },
        picture: picture.map_or(String::new(), |p| {
            format!("{base}/messages/{}/pictures/{}?small=1", m.id, p.id)
        }),
        name: m.byline,
        at: m.at.0,
        replies: one.replies,
        thanks: m.parts.thanks,
        done: post.done,
        held: !shown,
    }
}

/// The list, narrowed by topic.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    Query(narrow): Query<Narrow>,
    frame: Frame,
) -> Response {
    let topic = Topic::from_word(&narrow.topic);
    let open_only = narrow.open.is_some();
    let found = async {
        let page = sharing::list(&house, &by, topic, open_only, narrow.before).await?;
        let channel = sharing::channel(&house, &by).await?;
        Ok((page, channel))
    };
    let (found, channel) = match found.await {
        Ok(found) => found,
        Err(GroupError::RulesDue) => return onward::to(&format!("/c/{c}/group-rules")),
        Err(e) => return refused(frame, &e),
    };
    let base = format!("/c/{c}/group");
    let address = |topic: Option<Topic>, open: bool, before: Option<i64>| {
        let topic = topic.map(|t| format!("topic={}", t.word()));
        let open = open.then(|| "open=1".to_owned());
        let before = before.map(|n| format!("before={n}"));
        let all: Vec<String> = topic.into_iter().chain(open).chain(before).collect();
        if all.is_empty() {
            format!("{base}/sharing")
        } else {
            format!("{base}/sharing?{}", all.join("&"))
        }
    };
    let all = Tab {
        href: address(None, open_only, None),
        text: frame.t("group-topic-all").into_owned(),
        on: topic.is_none(),
    };
    let tabs = Topic::ALL.into_iter().map(|one| Tab {
        href: address(Some(one), open_only, None),
        text: frame.t(words::topic(one)).into_owned(),
        on: topic == Some(one),
    });
    let tabs: Vec<Tab> = [all].into_iter().chain(tabs).collect();
    let lines = found.posts.into_iter().filter_map(|one| {
        let post = one.message.parts.post.clone()?;
        Some(line(&base, post, one))
    });
    let lines: Vec<Line> = lines.collect();
    let other = address(topic, !open_only, None);
    let more = found
        .before
        .map_or(String::new(), |n| address(topic, open_only, Some(n)));
    let drawn = page::ok(ListPage {
        search: format!("{base}/search?channel={}", channel.id),
        tabs,
        lines,
        open_only,
        other,
        more,
        may_speak: by.has(Permission::GroupSpeak),
        base,
        frame: frame.titled("group-sharing"),
    });
    kept(drawn, &by)
}

/// A message of a thread.
struct Spoken {
    row: Row,
    thanks: i64,
    thanked: bool,
    may_thank: bool,
    best: bool,
    /// The reader may call it the best answer.
    may_best: bool,
}

#[derive(Template)]
#[template(path = "group/thread.html")]
struct ThreadPage {
    frame: Frame,
    form: Form,
    base: String,
    here: String,
    topic: &'static str,
    done: bool,
    first: Spoken,
    best: Option<Spoken>,
    replies: Vec<Spoken>,
    more: String,
    may_settle: bool,
    may_speak: bool,
    answer: String,
    sent_id: String,
    channel: String,
}

#[allow(clippy::too_many_arguments, reason = "each is one part of the page")]
async fn draw_thread(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    after: Option<i64>,
    frame: Frame,
    form: Form,
    code: StatusCode,
) -> Response {
    let thread = match sharing::thread(house, by, id, after).await {
        Ok(thread) => thread,
        Err(GroupError::RulesDue) => return onward::to(&format!("/c/{c}/group-rules")),
        Err(e) => return refused(frame, &e),
    };
    let Thread {
        channel,
        message,
        post,
        replies,
        best,
        thanked,
        after,
    } = thread;
    let base = format!("/c/{c}/group");
    let here = format!("{base}/sharing/{id}");
    let may_speak = by.has(Permission::GroupSpeak);
    let own = by.account == Some(message.author);
    let around = Around {
        by,
        frame: &frame,
        base: &base,
        now: house.now().0,
        answered: &[],
        votes: &[],
        may_speak,
    };
    let spoken = |m: Message, answer: bool| {
        let shown = m.state == MessageState::Shown;
        Spoken {
            thanks: m.parts.thanks,
            thanked: thanked.contains(&m.id),
            may_thank: shown && may_speak && by.account != Some(m.author),
            best: answer && post.answer == Some(m.seq),
            may_best: answer && shown && own,
            row: around.row(m),
        }
    };
    let title = post.title.clone();
    let first = spoken(message, false);
    let best = best.map(|m| spoken(m, true));
    let replies: Vec<Spoken> = replies.into_iter().map(|m| spoken(m, true)).collect();
    let drawn = page::html(
        code,
        ThreadPage {
            topic: words::topic(post.topic),
            done: post.done,
            first,
            best,
            replies,
            more: after.map_or(String::new(), |n| format!("{here}?after={n}")),
            may_settle: own || channels::leads(by),
            may_speak,
            answer: post.answer.map_or(String::new(), |n| n.to_string()),
            sent_id: house.id().to_string(),
            channel: channel.id.to_string(),
            here,
            base,
            form,
            frame: frame.named(title),
        },
    );
    kept(drawn, by)
}

#[derive(Default, Deserialize)]
pub struct After {
    after: Option<i64>,
}

/// A thread.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    Query(at): Query<After>,
    frame: Frame,
) -> Response {
    let (form, code) = (Form::default(), StatusCode::OK);
    draw_thread(&house, &by, &c, id, at.after, frame, form, code).await
}

/// Answers a post, with pictures or without.
pub async fn answer(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut body: Multipart,
) -> Response {
    let mut form = Form::default();
    let said = async {
        let thread = sharing::thread(&house, &by, id, None).await?;
        let channel = thread.channel.id;
        let attached = upload::read(&house, &by, channel, &mut body, &mut form).await?;
        let draft = Draft {
            sent_id: form.value("sent_id").to_owned(),
            text: form.value("text").to_owned(),
            reply_to: Some(thread.message.seq),
            attached,
            ..Draft::default()
        };
        speak::send(&house, &by, channel, &draft).await
    };
    match said.await {
        Ok(message) => onward::to(&format!("/c/{c}/group/sharing/{id}#m-{}", message.seq)),
        Err(error) => match words::refusal(&frame, &error) {
            Some(told) => {
                form.fault("text", told);
                draw_thread(&house, &by, &c, id, None, frame, form, status(&error)).await
            }
            None => refused(frame, &error),
        },
    }
}

#[derive(Template)]
#[template(path = "group/post.html")]
struct NewPage {
    frame: Frame,
    form: Form,
    back: String,
    topics: Vec<Choice>,
}

fn draw_new(c: &str, frame: Frame, form: Form, code: StatusCode) -> Response {
    let topics = Topic::ALL.into_iter().map(|one| {
        let hint = frame.t(words::topic_hint(one)).into_owned();
        Choice::new(one.word(), frame.t(words::topic(one))).hint(hint)
    });
    page::html(
        code,
        NewPage {
            back: format!("/c/{c}/group/sharing"),
            topics: topics.collect(),
            form,
            frame: frame.titled("group-post-new"),
        },
    )
}

#[derive(Default, Deserialize)]
pub struct Begun {
    #[serde(default)]
    topic: String,
    /// Whom to ask, as the group shows them.
    #[serde(default)]
    to: String,
}

/// The form of a new post.
pub async fn writing(
    Place(house): Place<Arc<House>>,
    Path(c): Path<String>,
    Query(begun): Query<Begun>,
    frame: Frame,
) -> Response {
    let text = if begun.to.is_empty() {
        String::new()
    } else {
        format!("@{} ", begun.to.chars().take(40).collect::<String>())
    };
    let form = Form::filled([
        ("sent_id", house.id().to_string()),
        ("topic", begun.topic),
        ("text", text),
    ]);
    draw_new(&c, frame, form, StatusCode::OK)
}

/// Begins a thread.
pub async fn post(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut body: Multipart,
) -> Response {
    let mut form = Form::default();
    let said = async {
        let channel = sharing::channel(&house, &by).await?;
        let attached = upload::read(&house, &by, channel.id, &mut body, &mut form).await?;
        let sharing = Sharing {
            sent_id: form.value("sent_id").to_owned(),
            topic: Topic::from_word(form.value("topic")),
            title: form.value("title").to_owned(),
            text: form.value("text").to_owned(),
            attached,
        };
        sharing::post(&house, &by, sharing).await
    };
    match said.await {
        Ok(message) => {
            let path = format!("/c/{c}/group/sharing/{}", message.id);
            let word = if message.state == MessageState::Held {
                foundation::page::key("group-held")
            } else {
                foundation::page::key("group-did-post")
            };
            onward::done(&path, frame.t(word))
        }
        Err(error) => match words::refusal(&frame, &error) {
            Some(told) => {
                let field = match error {
                    GroupError::Title => "title",
                    GroupError::Post => "topic",
                    _ => "text",
                };
                form.fault(field, told);
                draw_new(&c, frame, form, status(&error))
            }
            None => refused(frame, &error),
        },
    }
}

/// Thanks, or takes it back.
pub async fn thank(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
    form: Form,
) -> Response {
    let thanked = async {
        let m = sharing::thank(&house, &by, id, form.value("on") == "yes").await?;
        let thread = sharing::thread_of(&house, &by, m.seq).await?;
        Ok::<_, GroupError>((m, thread))
    };
    match thanked.await {
        Ok((m, _)) if super::wants_json(&headers) => {
            let body = serde_json::json!({ "thanks": m.parts.thanks });
            super::answer(StatusCode::OK, body.to_string())
        }
        Ok((m, thread)) => onward::to(&format!("/c/{c}/group/sharing/{thread}#m-{}", m.seq)),
        Err(error) => refused(frame, &error),
    }
}

/// Sets the best answer, and whether the post is settled.
pub async fn settle(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let answer = form.value("answer").parse().ok();
    let done = form.value("done") == "yes";
    match sharing::settle(&house, &by, id, answer, done).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/group/sharing/{id}"),
            frame.t("group-did-settle"),
        ),
        Err(error) => refused(frame, &error),
    }
}

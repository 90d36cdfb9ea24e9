//! Who knows and who does not: the lists, one household, what was done by hand.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::coverage::{self, Household, PAGE_HOUSEHOLDS, Part, Side, Tally};
use crate::receipts::{self, Act, HOWS, Receipt};
use crate::{NoticeError, draft, store};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Chip, Choice, Form, Frame, ListQuery, Pager, Tag, Tone, key, onward};
use foundation::pictures::{self, PICTURE_BYTES_MAX};
use permissions::actor::Actor;

struct Row {
    href: String,
    code: String,
    state: Tag,
    at: i64,
    failed: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "notices/reach.html")]
struct ReachPage {
    frame: Frame,
    list: ListQuery,
    chips: Vec<Chip>,
    buildings: Vec<Chip>,
    rows: Vec<Row>,
    pager: Pager,
    own: String,
    tally: Tally,
    percent: i64,
    sheet: String,
}

/// A household's state as a tag.
fn tag(h: &Household) -> Tag {
    match (h.side, h.reach) {
        (Side::Reached, _) => Tag::new(Tone::Done, key("notices-reach-reached")),
        (Side::Posted, _) => Tag::new(Tone::Done, key("notices-reach-posted")),
        (_, coverage::Reach::Acknowledged) => {
            Tag::new(Tone::Done, key("notices-reach-acknowledged"))
        }
        (_, coverage::Reach::Opened) => Tag::new(Tone::Info, key("notices-reach-opened")),
        (_, coverage::Reach::Delivered) => Tag::new(Tone::Waiting, key("notices-reach-delivered")),
        (_, coverage::Reach::Queued) => Tag::new(Tone::Overdue, key("notices-reach-queued")),
    }
}

fn last(h: &Household) -> i64 {
    let all = [h.side_at, h.acked_at, h.opened_at, h.delivered_at];
    all.into_iter().flatten().next().map_or(0, |m| m.0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().take(400).collect();
    digits
        .chunks_exact(2)
        .filter_map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok())
        .collect()
}

/// The lists of a notice.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let part = Part::from_word(list.value("list"));
    let building = list.value("building").to_owned();
    let after = unhex(list.value("after"));
    let read = async {
        let n = draft::one(&house, &by, id).await?;
        let tally = coverage::tally(&house, by.community, &n).await?;
        let (rows, more) =
            coverage::page(&house, &by, &n, part, &building, &after, PAGE_HOUSEHOLDS).await?;
        let buildings = roster::buildings(&house, by.community).await?;
        Ok::<_, NoticeError>((n, tally, rows, more, buildings))
    };
    let (n, tally, found, more, buildings) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let total = |part| match part {
        Part::Every => tally.households + tally.late,
        Part::Done => tally.done,
        Part::Told => tally.told,
        Part::Unreached => tally.unreached,
        Part::Open => tally.told + tally.unreached,
    };
    let chips = [Part::Every, Part::Unreached, Part::Told, Part::Done].map(|p| Chip {
        name: "list",
        value: if p == Part::Every { "" } else { p.word() }.into(),
        text: frame.t(words::part_word(p)).into_owned(),
        count: Some(total(p).max(0) as u64),
    });
    let places = buildings
        .iter()
        .take(200)
        .map(|b| Chip {
            name: "building",
            value: b.clone(),
            text: b.clone(),
            count: None,
        })
        .collect();
    let own = format!("/c/{c}/notices/{id}");
    let rows: Vec<Row> = found
        .iter()
        .map(|h| Row {
            href: format!("{own}/reach/{}", h.room),
            code: h.code.clone(),
            state: tag(h),
            at: last(h),
            failed: words::ways(&frame, &h.failed),
            late: h.late,
        })
        .collect();
    let next = found.last().filter(|_| more);
    let sheet = if building.is_empty() {
        format!("{own}/sheet.pdf")
    } else {
        list.href_at(&format!("{own}/sheet.pdf"))
    };
    page::ok(ReachPage {
        pager: Pager {
            total: total(part).max(0) as u64,
            shown: rows.len() as u64,
            before: None,
            after: next.map(|h| hex(&h.sort_key)),
        },
        percent: tally.percent_done(),
        chips: chips.into(),
        buildings: places,
        rows,
        list,
        own,
        sheet,
        tally,
        frame: {
            let title = frame.one("notices-reach-of", "title", n.title).into_owned();
            frame.named(title)
        },
    })
}

struct Done {
    what: &'static str,
    version: String,
    how: &'static str,
    whom: String,
    picture: String,
    at: i64,
}

#[derive(Template)]
#[template(path = "notices/household.html")]
struct HouseholdPage {
    frame: Frame,
    form: Form,
    own: String,
    back: String,
    room: String,
    state: Tag,
    failed: String,
    hows: Vec<Choice>,
    receipts: Vec<Done>,
    stands: bool,
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    (id, room): (Id, Id),
    frame: Frame,
    form: Form,
) -> Response {
    let read = async {
        let n = draft::one(house, by, id).await?;
        let one = store::households::one(by.community, id, room);
        let found: Option<Household> = house.db.optional(one).await?;
        let h = found.ok_or(NoticeError::NotConcerned)?;
        let receipts = receipts::of_household(house, by, id, room).await?;
        Ok::<_, NoticeError>((n, h, receipts))
    };
    let (n, h, receipts) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let own = format!("/c/{c}/notices/{id}");
    let done = |r: Receipt| Done {
        what: match r.kind.as_str() {
            "acknowledged" => key("notices-reach-acknowledged"),
            "posted" => key("notices-reach-posted"),
            _ => key("notices-reach-reached"),
        },
        version: r.version.to_string(),
        how: if r.how.is_empty() {
            ""
        } else {
            words::how_word(&r.how)
        },
        whom: r.whom,
        picture: r
            .picture
            .map_or(String::new(), |p| format!("{own}/doors/{p}")),
        at: r.at.0,
    };
    page::ok(HouseholdPage {
        receipts: receipts.into_iter().map(done).collect(),
        room: room.to_string(),
        state: tag(&h),
        failed: words::ways(&frame, &h.failed),
        hows: HOWS
            .iter()
            .map(|how| Choice::new(*how, frame.t(words::how_word(how))))
            .collect(),
        stands: n.state.stands(),
        back: format!("{own}/reach"),
        own,
        form,
        frame: frame.named(h.code),
    })
}

/// One household of a notice.
pub async fn household(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id, room)): Path<(String, Id, Id)>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, (id, room), frame, Form::default()).await
}

/// Records that somebody was spoken to.
pub async fn reached(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id, room)): Path<(String, Id, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let how = form.field("how", "notices-how").choice(&HOWS);
    let whom = form.field("whom", "notices-spoken-to").text(1..=60);
    let (Some(how), Some(whom)) = (how, whom) else {
        return draw(&house, &by, &c, (id, room), frame, form).await;
    };
    let how = HOWS.into_iter().find(|h| *h == how).unwrap_or("other");
    let done = receipts::by_hand(&house, &by, id, room, Act::Reached { how, whom }).await;
    after(frame, &c, id, done)
}

fn after(frame: Frame, c: &str, id: Id, done: Result<(), NoticeError>) -> Response {
    match done {
        Ok(()) => {
            let path = format!("/c/{c}/notices/{id}/reach?list=unreached");
            onward::done(&path, frame.t("notices-did-reach"))
        }
        Err(e) => refused(frame, &e),
    }
}

/// Records a paper on the door, with its picture.
pub async fn posted(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id, room)): Path<(String, Id, Id)>,
    frame: Frame,
    mut body: Multipart,
) -> Response {
    let mut bytes = Vec::new();
    while let Ok(Some(mut field)) = body.next_field().await {
        if field.name() != Some("picture") {
            continue;
        }
        while let Ok(Some(chunk)) = field.chunk().await {
            if bytes.len() + chunk.len() > PICTURE_BYTES_MAX {
                bytes.clear();
                break;
            }
            bytes.extend_from_slice(&chunk);
        }
    }
    let done = async {
        let picture = pictures::take(bytes).await?;
        receipts::by_hand(&house, &by, id, room, Act::Posted { picture }).await
    };
    let done = done.await;
    after(frame, &c, id, done)
}

/// The picture of a door.
pub async fn picture(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id, picture)): Path<(String, Id, Id)>,
    frame: Frame,
) -> Response {
    match receipts::picture(&house, &by, id, picture).await {
        Ok(jpeg) => page::jpeg(jpeg, "private, no-store"),
        Err(e) => refused(frame, &e),
    }
}

//! The first page of a compound: for an owner what concerns the household now, for the
//! office what waits for a person. It asks several rooms, so it stands in the doors.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::group::memberships;
use super::matters::tickets;
use accounts::{Session, Side};
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Frame, problem};
use permissions::Permission;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// The doors of this page.
pub fn routes() -> Routes {
    Routes::new().get("/c/{c}", Needs::SignedIn, home)
}

/// A thing that concerns the reader, as a card.
pub(super) struct Matter {
    pub href: String,
    pub icon: &'static str,
    pub title: String,
    pub note: String,
    pub count: u32,
}

#[derive(Template)]
#[template(path = "home/owner.html")]
struct OwnerHome {
    frame: Frame,
    name: String,
    matters: Vec<Matter>,
}

#[derive(Template)]
#[template(path = "home/staff.html")]
struct StaffHome {
    frame: Frame,
    matters: Vec<Matter>,
}

async fn home(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Extension(session): Extension<Session>,
    frame: Frame,
) -> Response {
    // Somebody of another compound learns nothing, not even that this one exists.
    if actor.roles.is_empty() {
        return problem::page(frame, StatusCode::NOT_FOUND);
    }
    let page = match session.side {
        Side::Owner => owner(&house, &actor, frame, session.name).await,
        Side::Staff => staff(&house, &actor, frame).await,
    };
    answer(page)
}

pub(super) type Failed = (Frame, anyhow::Error);

/// The page, or the apology with the true reason in the log.
pub(super) fn answer(page: Result<Response, Failed>) -> Response {
    page.unwrap_or_else(|(frame, error)| {
        tracing::error!(%error, "the page cannot be made");
        problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
    })
}

/// What concerns the household now.
async fn owner(
    house: &House,
    actor: &Actor,
    frame: Frame,
    name: String,
) -> Result<Response, Failed> {
    let read = async {
        let mut matters = notice_matters(house, actor, &frame).await?;
        matters.extend(census_matters(house, actor, &frame).await?);
        matters.extend(tickets(house, actor, &frame).await?);
        matters.extend(fee_matters(house, actor, &frame).await?);
        matters.extend(memberships(house, actor, &frame).await?);
        matters.extend(contact(actor, &frame));
        matters.extend(assistant_matter(actor, &frame));
        anyhow::Ok(matters)
    };
    match read.await {
        Ok(matters) => Ok(page::ok(OwnerHome {
            frame: frame.titled("nav-home"),
            name,
            matters,
        })),
        Err(error) => Err((frame, error)),
    }
}

/// The assistant answers at once what is asked often.
pub(super) fn assistant_matter(actor: &Actor, frame: &Frame) -> Option<Matter> {
    actor.has(Permission::AssistantAsk).then(|| Matter {
        href: format!("/c/{}/ask", slug(frame)),
        icon: "service",
        title: frame.t("assistant-ask-title").into_owned(),
        note: frame.t("assistant-ask-note").into_owned(),
        count: 0,
    })
}

/// One's own phones and contacts, where the account is tied to a person of the roster.
pub(super) fn contact(actor: &Actor, frame: &Frame) -> Option<Matter> {
    let mine = actor.has(Permission::ContactOwn) && actor.person.is_some();
    mine.then(|| Matter {
        href: format!("/c/{}/my/contact", slug(frame)),
        icon: "person",
        title: frame.t("contact-title").into_owned(),
        note: String::new(),
        count: 0,
    })
}

/// Notices that wait for the household's word, an emergency by its own name.
pub(super) async fn notice_matters(
    house: &House,
    actor: &Actor,
    frame: &Frame,
) -> anyhow::Result<Vec<Matter>> {
    if !actor.has(Permission::NoticesRead) {
        return Ok(Vec::new());
    }
    let waiting = notices::reading::waiting(house, actor).await?;
    let slug = slug(frame);
    let (urgent, rest): (Vec<_>, Vec<_>) = waiting
        .into_iter()
        .partition(|n| n.class == notices::Class::Emergency);
    let mut out: Vec<Matter> = urgent
        .into_iter()
        .map(|n| Matter {
            href: format!("/c/{slug}/my/notices/{}", n.id),
            icon: "alert",
            title: frame
                .one("notices-wait-emergency", "title", n.title)
                .into_owned(),
            note: String::new(),
            count: 0,
        })
        .collect();
    let count = rest.len() as u32;
    out.push(Matter {
        href: format!("/c/{slug}/my/notices"),
        icon: "bell",
        title: if count == 0 {
            frame.t("notices-title").into_owned()
        } else {
            frame.one("notices-wait-title", "count", count).into_owned()
        },
        note: rest.first().map_or(String::new(), |n| n.title.clone()),
        count,
    });
    Ok(out)
}

/// Emergencies that not every household knows of, reviews and questions that wait.
async fn notice_desk(house: &House, actor: &Actor, frame: &Frame) -> anyhow::Result<Vec<Matter>> {
    if !actor.has(Permission::NoticesWrite) {
        return Ok(Vec::new());
    }
    let slug = slug(frame);
    let c = actor.community;
    let mut out = Vec::new();
    for n in notices::coverage::open_emergencies(house, c).await? {
        let tally = notices::coverage::tally(house, c, &n).await?;
        let open = tally.households - tally.done;
        let says = [("title", n.title.as_str().into()), ("count", open.into())];
        out.push(Matter {
            href: format!("/c/{slug}/notices/{}/reach?list=open", n.id),
            icon: "alert",
            title: frame.with("notices-open-emergency", &says).into_owned(),
            note: String::new(),
            count: u32::try_from(open).unwrap_or(u32::MAX),
        });
    }
    let (review, asked) = notices::draft::waiting(house, actor).await?;
    let waiting = [
        (
            review,
            "notices?show=waiting",
            page::key("home-waiting-notices"),
        ),
        (asked, "notices", page::key("home-waiting-asked")),
    ];
    for (count, path, word) in waiting {
        if count > 0 {
            out.push(Matter {
                href: format!("/c/{slug}/{path}"),
                icon: "bell",
                title: frame.t(word).into_owned(),
                note: String::new(),
                count,
            });
        }
    }
    Ok(out)
}

/// The owner's homes that the office would like to be checked this quarter.
pub(super) async fn census_matters(
    house: &House,
    actor: &Actor,
    frame: &Frame,
) -> anyhow::Result<Vec<Matter>> {
    if !actor.has(Permission::CensusOwn) {
        return Ok(Vec::new());
    }
    let own = census::link::own(house, actor).await?;
    let open = |t: &&census::Task| t.state == census::State::Open;
    let count = own.iter().filter(open).count() as u32;
    if count == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![Matter {
        href: format!("/c/{}/my/census", slug(frame)),
        icon: "list",
        title: frame.one("census-mine-wait", "count", count).into_owned(),
        note: String::new(),
        count,
    }])
}

/// The reader's own round of this week, and answers that wait.
async fn census_desk(house: &House, actor: &Actor, frame: &Frame) -> anyhow::Result<Vec<Matter>> {
    let mut out = Vec::new();
    let Some(account) = actor.account.filter(|_| actor.has(Permission::CensusVisit)) else {
        return Ok(out);
    };
    let (c, q) = (actor.community, census::Quarter::at(house.now()));
    let mut matter = |path: &str, word, count: u32| {
        if count > 0 {
            out.push(Matter {
                href: format!("/c/{}/census/{path}", slug(frame)),
                icon: "list",
                title: frame.t(word).into_owned(),
                note: String::new(),
                count,
            });
        }
    };
    let week = census::work::week(house, c, q, account).await?;
    let left = u32::try_from(week.left()).unwrap_or(u32::MAX);
    matter("round", page::key("census-round"), left);
    let waiting = census::answer::waiting(house, c).await?;
    matter("answers", page::key("census-answers"), waiting);
    Ok(out)
}

/// What the owner's homes owe, as one card; nothing where they own none. Only the homes
/// that they own: what a landlord owes is not the tenant's affair.
pub(super) async fn fee_matters(
    house: &House,
    actor: &Actor,
    frame: &Frame,
) -> anyhow::Result<Vec<Matter>> {
    if !actor.has(Permission::HomeRead) {
        return Ok(Vec::new());
    }
    let homes = fees::my_rooms(house, actor).await?;
    if homes.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = homes.into_iter().map(|(id, _)| id).collect();
    let today = house.now().date();
    let arrears = fees::arrears_of_rooms(house, actor.community, &ids, today).await?;
    let owed: i64 = arrears.values().map(fees::Arrears::total_fen).sum();
    let oldest = arrears.values().filter_map(|a| a.oldest_due).min();
    let (title, note) = match oldest {
        Some(day) => {
            let day = frame.day(Moment::at_start_of(day).0);
            (
                frame.one("home-fees-due", "amount", frame.money(owed)),
                frame.one("home-fees-since", "day", day).into_owned(),
            )
        }
        None => (frame.t("home-fees-none"), String::new()),
    };
    Ok(vec![Matter {
        href: format!("/c/{}/my-fees", slug(frame)),
        icon: "money",
        title: title.into_owned(),
        note,
        count: 0,
    }])
}

/// What waits for the office.
async fn staff(house: &House, actor: &Actor, frame: Frame) -> Result<Response, Failed> {
    let slug = slug(&frame);
    let mut matters = match notice_desk(house, actor, &frame).await {
        Ok(matters) => matters,
        Err(e) => return Err((frame, e)),
    };
    match census_desk(house, actor, &frame).await {
        Ok(found) => matters.extend(found),
        Err(e) => return Err((frame, e)),
    }
    if actor.has(Permission::MembershipRead) {
        let counts = match membership::view::counts(house, actor.community).await {
            Ok(counts) => counts,
            Err(e) => return Err((frame, e.into())),
        };
        use membership::State;
        for state in [
            State::Submitted,
            State::Verifying,
            State::Approved,
            State::NeedsInfo,
        ] {
            let n = counts
                .iter()
                .find(|(s, _)| *s == state)
                .map_or(0, |(_, n)| *n);
            if n > 0 {
                matters.push(Matter {
                    href: format!("/c/{slug}/applications?state={}", state.word()),
                    icon: "people",
                    title: frame.t(waiting_word(state)).into_owned(),
                    note: String::new(),
                    count: u32::try_from(n).unwrap_or(u32::MAX),
                });
            }
        }
    }
    // What the bar's other entries have for the reader; applications stand here state by state.
    let told = format!("/c/{slug}/applications");
    let items = frame.nav.iter().flat_map(|group| &group.items);
    let others = items.filter(|i| i.count > 0 && i.href != told);
    matters.extend(others.map(|i| Matter {
        href: i.href.clone(),
        icon: i.icon,
        title: frame.t(i.word).into_owned(),
        note: String::new(),
        count: i.count,
    }));
    let frame = frame.titled("home-staff");
    Ok(page::ok(StaffHome { frame, matters }))
}

pub(super) fn slug(frame: &Frame) -> String {
    frame
        .compound
        .as_ref()
        .map_or_else(String::new, |c| c.slug.clone())
}

/// The key of a membership's state, as the member reads it.
pub(super) fn state_word(state: membership::State) -> &'static str {
    use membership::State;
    match state {
        State::Active => page::key("home-state-active"),
        State::Suspended => page::key("home-state-suspended"),
        State::Leaving => page::key("home-state-leaving"),
        State::Removed => page::key("home-state-removed"),
        _ => page::key("home-state-ended"),
    }
}

/// The key of what waits in this state, as the office reads it.
fn waiting_word(state: membership::State) -> &'static str {
    use membership::State;
    match state {
        State::Submitted => page::key("home-waiting-submitted"),
        State::Verifying => page::key("home-waiting-verifying"),
        State::Approved => page::key("home-waiting-approved"),
        _ => page::key("home-waiting-info"),
    }
}

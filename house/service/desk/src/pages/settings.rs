//! What the office sets: hours, teams, categories with their terms and where these come from.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, id_of, words};
use crate::Refused;
use crate::calendar::{self, Hours, SILENT_DAYS_RANGE};
use crate::category::{self, Category, Draft, Tree};
use crate::team::{self, Mode, Teams};
use crate::words::Priority;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Tone, key, onward, say};
use permissions::Permission;
use worktime::DayKind;

struct CategoryRow {
    href: String,
    name: String,
    team: String,
    priority: String,
    first: String,
    update: String,
    resolve: String,
    origin: String,
}

struct TeamRow {
    id: Id,
    name: String,
    lead: String,
    mode: String,
    workers: Vec<(Id, String, String)>,
}

#[derive(Template)]
#[template(path = "desk/settings.html")]
struct SettingsPage {
    frame: Frame,
    form: Form,
    base: String,
    rows: Vec<CategoryRow>,
    teams: Vec<TeamRow>,
    colleagues: Vec<Choice>,
    modes: Vec<Choice>,
    skills: Vec<Choice>,
    buildings: Vec<Choice>,
    days: Vec<(String, String)>,
    years: String,
    silent_min: i64,
    silent_max: i64,
}

/// Minutes as people say them.
fn minutes(frame: &Frame, n: Option<i64>) -> String {
    n.map_or(String::new(), |n| {
        frame.duration(n * foundation::clock::MINUTE)
    })
}

fn category_row(
    desk: &Desk,
    tree: &Tree,
    teams: &Teams,
    depth: usize,
    k: &Category,
) -> CategoryRow {
    let frame = &desk.frame;
    let all = tree.effective(Some(k.id), k.kind, Priority::Normal);
    let team = all.team.and_then(|id| teams.team(id));
    let set = [k.first, k.update, k.resolve].iter().any(Option::is_some);
    let origin = match (k.set_at, set) {
        (Some(at), _) => {
            let values = [
                ("who", k.set_by.as_str().into()),
                ("day", frame.day(at.0).into()),
            ];
            frame.with("desk-origin-office", &values).into_owned()
        }
        (None, true) => frame.t("desk-origin-trade").into_owned(),
        (None, false) => frame.t("desk-origin-above").into_owned(),
    };
    CategoryRow {
        href: desk.at(&format!("/desk-categories/{}", k.id)),
        name: "　".repeat(depth) + &words::category(k, frame),
        team: team.map_or(String::new(), |t| t.name.clone()),
        priority: all
            .priority
            .map_or(String::new(), |p| frame.t(p.key()).into_owned()),
        first: minutes(frame, all.terms.first),
        update: minutes(frame, all.terms.update),
        resolve: minutes(frame, all.terms.resolve),
        origin,
    }
}

/// Who may be in a team or lead one.
async fn colleagues(desk: &Desk) -> Result<Vec<(Id, String)>, Refused> {
    let roles = Permission::DeskWork.roles();
    let all = accounts::staff::holders(&desk.house, desk.by.community, roles).await?;
    let mut out: Vec<(Id, String)> = Vec::new();
    for one in all.into_iter().filter(|h| h.active) {
        if !out.iter().any(|(id, _)| *id == one.id) {
            out.push((one.id, one.name));
        }
    }
    Ok(out)
}

pub async fn show(desk: Desk) -> Response {
    draw(desk, StatusCode::OK, None).await
}

async fn draw(desk: Desk, status: StatusCode, form: Option<Form>) -> Response {
    match fill(&desk, form).await {
        Ok(page) => page::html(status, page),
        Err(e) => desk.refused(&e),
    }
}

const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn day_words() -> [&'static str; 7] {
    [
        key("desk-day-mon"),
        key("desk-day-tue"),
        key("desk-day-wed"),
        key("desk-day-thu"),
        key("desk-day-fri"),
        key("desk-day-sat"),
        key("desk-day-sun"),
    ]
}

/// Single days as they are typed: a day and what it is, a line each.
fn own_text(hours: &Hours, frame: &Frame) -> String {
    let words = [
        (DayKind::Holiday, key("desk-own-holiday")),
        (DayKind::MakeUp, key("desk-own-workday")),
        (DayKind::Ordinary, key("desk-own-ordinary")),
    ];
    let line = |(day, kind): (&jiff::civil::Date, &DayKind)| {
        let word = words.iter().find(|(k, _)| k == kind).map_or("", |(_, w)| w);
        format!("{day} {}", frame.t(word))
    };
    hours.own.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn own_read(
    text: &str,
    frame: &Frame,
) -> Option<std::collections::BTreeMap<jiff::civil::Date, DayKind>> {
    let words = [
        (DayKind::Holiday, frame.t("desk-own-holiday")),
        (DayKind::MakeUp, frame.t("desk-own-workday")),
        (DayKind::Ordinary, frame.t("desk-own-ordinary")),
    ];
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    lines
        .map(|line| {
            let (day, word) = line.split_once(char::is_whitespace)?;
            let kind = words.iter().find(|(_, w)| w.as_ref() == word.trim());
            Some((day.parse().ok()?, kind?.0))
        })
        .collect()
}

async fn fill(desk: &Desk, form: Option<Form>) -> Result<SettingsPage, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    by.may(Permission::DeskSet)?;
    let c = by.community;
    let tree = category::ready(house, c).await?;
    let teams = Teams::of(house, c).await?;
    let hours = Hours::of(house, c).await?;
    let people = colleagues(desk).await?;
    let name = |id: Id| {
        let found = people.iter().find(|(p, _)| *p == id);
        found.map_or(String::new(), |(_, name)| name.clone())
    };
    let form = form.unwrap_or_else(|| {
        let mut pairs: Vec<(String, String)> = WEEK
            .iter()
            .zip(&hours.week)
            .map(|(day, text)| ((*day).to_owned(), text.clone()))
            .collect();
        pairs.push(("holiday".into(), hours.holiday.clone()));
        pairs.push(("make_up".into(), hours.make_up.clone()));
        pairs.push(("silent_days".into(), hours.silent_days.to_string()));
        pairs.push(("own".into(), own_text(&hours, frame)));
        pairs.push(("version".into(), hours.version.to_string()));
        Form::filled(pairs)
    });
    let rows = tree.listed(None).into_iter();
    let rows = rows.map(|(depth, k)| category_row(desk, &tree, &teams, depth, k));
    let can = |w: &team::Worker| {
        let skills = w.skills.iter().filter_map(|s| tree.get(s.parse().ok()?));
        let mut said: Vec<String> = skills.map(|k| words::category(k, frame)).collect();
        said.extend(w.buildings.iter().map(|b| hanzi::room::building_said(b)));
        if said.is_empty() {
            frame.t("desk-can-all").into_owned()
        } else {
            frame.join(&said).into_owned()
        }
    };
    let team_row = |t: &team::Team| TeamRow {
        id: t.id,
        name: t.name.clone(),
        lead: t.lead.map_or(String::new(), name),
        mode: frame.t(t.mode.key()).into_owned(),
        workers: teams
            .workers
            .iter()
            .filter(|w| w.team == t.id)
            .map(|w| (w.account, name(w.account), can(w)))
            .collect(),
    };
    let skills = tree
        .listed(None)
        .into_iter()
        .filter(|(depth, _)| *depth > 0);
    let unknown: Vec<String> = Hours::unknown_years(house.now())
        .iter()
        .map(i16::to_string)
        .collect();
    Ok(SettingsPage {
        base: desk.at(""),
        rows: rows.collect(),
        teams: teams.teams.iter().map(team_row).collect(),
        colleagues: people
            .iter()
            .map(|(id, name)| Choice::new(id.as_str(), name.as_str()))
            .collect(),
        modes: words::choices(Mode::ALL, frame, Mode::word, Mode::key),
        skills: skills
            .map(|(_, k)| Choice::new(k.id.as_str(), words::category(k, frame)))
            .collect(),
        buildings: roster::buildings(house, c)
            .await?
            .into_iter()
            .map(|b| {
                let said = hanzi::room::building_said(&b);
                Choice::new(b, said)
            })
            .collect(),
        days: WEEK
            .iter()
            .zip(day_words())
            .map(|(day, word)| ((*day).to_owned(), frame.t(word).into_owned()))
            .collect(),
        years: frame.join(&unknown).into_owned(),
        silent_min: *SILENT_DAYS_RANGE.start(),
        silent_max: *SILENT_DAYS_RANGE.end(),
        form,
        frame: frame.clone().titled("desk-settings"),
    })
}

async fn told(desk: Desk, mut form: Form, done: Result<(), Refused>) -> Response {
    match done {
        Ok(()) => onward::done(&desk.at("/desk-settings"), desk.frame.t("desk-did-set")),
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                form.fault_of_all(sentence);
                draw(desk, super::status(&e), Some(form)).await
            }
            None => desk.refused(&e),
        },
    }
}

/// Sets the office's hours.
pub async fn hours(desk: Desk, form: Form) -> Response {
    let done = async {
        let own = own_read(form.value("own"), &desk.frame).ok_or(Refused::Setting)?;
        let hours = Hours {
            week: WEEK.map(|day| form.value(day).to_owned()),
            holiday: form.value("holiday").to_owned(),
            make_up: form.value("make_up").to_owned(),
            own,
            silent_days: form
                .value("silent_days")
                .parse()
                .map_err(|_| Refused::Setting)?,
            version: form.value("version").parse().unwrap_or(0),
        };
        calendar::set(&desk.house, &desk.by, hours).await
    };
    let done = done.await;
    told(desk, form, done).await
}

/// Makes a team, or changes one.
pub async fn team(desk: Desk, form: Form) -> Response {
    let done = async {
        let mode = Mode::from_word(form.value("mode")).ok_or(Refused::Setting)?;
        let (id, lead) = (id_of(&form, "id"), id_of(&form, "lead"));
        team::set_team(&desk.house, &desk.by, id, form.value("name"), lead, mode).await?;
        Ok(())
    };
    let done = done.await;
    told(desk, Form::default(), done).await
}

/// Puts somebody into a team, or takes them out.
pub async fn worker(desk: Desk, form: Form) -> Response {
    let done = async {
        let team = id_of(&form, "team").ok_or(Refused::NotFound)?;
        let account = id_of(&form, "account").ok_or(Refused::Worker)?;
        if form.value("leave") == "yes" {
            return team::end_worker(&desk.house, &desk.by, team, account).await;
        }
        let skills = form.all("skill").filter_map(|s| s.parse().ok()).collect();
        let buildings = form.all("building").map(str::to_owned).collect();
        team::set_worker(&desk.house, &desk.by, team, account, skills, buildings).await
    };
    let done = done.await;
    told(desk, Form::default(), done).await
}

#[derive(Template)]
#[template(path = "desk/category.html")]
struct CategoryPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    origin: String,
    teams: Vec<Choice>,
    priorities: Vec<Choice>,
    is_root: bool,
}

pub async fn category(desk: Desk) -> Response {
    draw_category(desk, StatusCode::OK, None).await
}

async fn draw_category(desk: Desk, status: StatusCode, form: Option<Form>) -> Response {
    match fill_category(&desk, form).await {
        Ok(page) => page::html(status, page),
        Err(e) => desk.refused(&e),
    }
}

async fn fill_category(desk: &Desk, form: Option<Form>) -> Result<CategoryPage, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    by.may(Permission::DeskSet)?;
    let c = by.community;
    let tree = category::ready(house, c).await?;
    let teams = Teams::of(house, c).await?;
    let k = tree.get(desk.id()?).ok_or(Refused::NotFound)?;
    let number = |n: Option<i64>| n.map_or(String::new(), |n| n.to_string());
    let form = form.unwrap_or_else(|| {
        Form::filled([
            ("name", k.name.clone()),
            ("team", k.team.map_or(String::new(), |t| t.to_string())),
            ("priority", k.priority.map_or("", Priority::word).to_owned()),
            ("first", number(k.first)),
            ("update", number(k.update)),
            ("resolve", number(k.resolve)),
            ("accept", number(k.accept)),
            (
                "round",
                match k.round_the_clock {
                    Some(true) => "yes",
                    _ => "",
                }
                .to_owned(),
            ),
            ("paid", if k.paid { "yes" } else { "" }.to_owned()),
            ("version", k.version.to_string()),
        ])
    });
    Ok(CategoryPage {
        base: desk.at(""),
        own: desk.at(&format!("/desk-categories/{}", k.id)),
        origin: category_row(desk, &tree, &teams, 0, k).origin,
        teams: teams
            .teams
            .iter()
            .map(|t| Choice::new(t.id.as_str(), t.name.as_str()))
            .collect(),
        priorities: words::choices(Priority::ALL, frame, Priority::word, Priority::key),
        is_root: k.parent.is_none(),
        form,
        frame: frame.clone().named(words::category(k, frame)),
    })
}

/// The terms as they were typed.
fn drafted(form: &mut Form) -> Option<Draft> {
    let mut minutes = |name: &'static str| {
        let field = form.field(name, key("desk-f-minutes"));
        field.read_optional(|text| {
            let read = text.parse::<i64>().ok().filter(|n| *n > 0);
            read.ok_or_else(|| say("error-number"))
        })
    };
    let (first, update) = (minutes("first"), minutes("update"));
    let (resolve, accept) = (minutes("resolve"), minutes("accept"));
    Some(Draft {
        name: form.value("name").to_owned(),
        team: id_of(form, "team"),
        priority: Priority::from_word(form.value("priority")),
        first: first?,
        update: update?,
        resolve: resolve?,
        accept: accept?,
        round_the_clock: (form.value("round") == "yes").then_some(true),
        paid: form.value("paid") == "yes",
        retired: form.value("retired") == "yes",
        version: form.value("version").parse().unwrap_or(0),
    })
}

/// Sets a category's terms.
pub async fn set_category(desk: Desk, mut form: Form) -> Response {
    let Some(draft) = drafted(&mut form) else {
        return draw_category(desk, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    };
    let done = async { category::set(&desk.house, &desk.by, Some(desk.id()?), None, draft).await };
    match done.await {
        Ok(_) => onward::done(&desk.at("/desk-settings"), desk.frame.t("desk-did-set")),
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                form.fault_of_all(sentence);
                draw_category(desk, super::status(&e), Some(form)).await
            }
            None => desk.refused(&e),
        },
    }
}

/// Makes a category below another.
pub async fn below(desk: Desk, form: Form) -> Response {
    let draft = Draft {
        name: form.value("name").to_owned(),
        ..Draft::default()
    };
    let done = async { category::set(&desk.house, &desk.by, None, Some(desk.id()?), draft).await };
    match done.await {
        Ok(id) => {
            let to = desk.at(&format!("/desk-categories/{id}"));
            onward::done(&to, desk.frame.t("desk-did-set"))
        }
        Err(e) => desk.refused(&e),
    }
}

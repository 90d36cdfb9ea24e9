//! One viewing: what was asked and granted, what may be done now, and what was looked at.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::may::{Can, can};
use super::{By, desk, refused, words};
use crate::decide::{self, GROUNDS};
use crate::listing::{self, Story};
use crate::scope::{Scope, Way};
use crate::trace::Task;
use crate::viewing::Viewing;
use crate::{State, ViewingError, ask, emergency, loans, opening, own_cover, printing, register};
use dossiers::number;
use foundation::clock::MINUTE;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Flash, Form, Frame, Line, Step, Tag, key, onward, steps};
use permissions::actor::Actor;

pub(super) struct Look {
    pub at: String,
    pub what: String,
    pub copy: String,
}

struct CopyRow {
    nth: i64,
    what: String,
    due: String,
    late: bool,
    ended: String,
    out: bool,
}

struct LoanRow {
    /// Where a difference is settled; empty where there is none.
    settle: String,
    pages: String,
    found: String,
    what: String,
    at: String,
    due: String,
    back: String,
    late: bool,
}

struct Past {
    rows: Vec<desk::Row>,
    pages: i64,
}

#[derive(Template)]
#[template(path = "viewings/show.html")]
struct ShowPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    v: Viewing,
    state: Tag,
    steps: Vec<Step>,
    lines: Vec<Line>,
    reason: String,
    why: String,
    review: String,
    looks: Vec<Look>,
    copies: Vec<CopyRow>,
    loans: Vec<LoanRow>,
    past: Option<Past>,
    kinds: Vec<Choice>,
    modes: Vec<Choice>,
    grounds: Vec<Choice>,
    /// Minutes asked for: what may be granted at most.
    minutes: i64,
    can: Can,
}

/// How far it is on the way from asking to closing.
fn way_of(frame: &Frame, v: &Viewing) -> Vec<Step> {
    let own = v.way == Way::Own;
    let mut names = vec![key("viewings-step-ask"), key("viewings-step-approve")];
    if own {
        names.push(key("viewings-step-cover"));
        names.push(key("viewings-step-release"));
    }
    let covered = names.len();
    names.extend([
        key("viewings-step-register"),
        key("viewings-step-look"),
        key("viewings-step-close"),
    ]);
    let at = match v.state {
        State::Draft => 0,
        State::Submitted => 1,
        State::Approved => 2,
        State::Covered => 3,
        State::Released => covered,
        State::Registered | State::Active => covered + 1,
        State::Closed => covered + 3,
        _ => return Vec::new(),
    };
    steps(names.into_iter().map(|name| frame.t(name).into_owned()), at)
}

fn scope_line(frame: &Frame, s: &Scope) -> String {
    format!(
        "{} · {} · {}",
        words::kinds(frame, s.kinds),
        words::modes(frame, s.modes),
        frame.duration(s.window)
    )
}

fn lines(frame: &Frame, s: &Story) -> Vec<Line> {
    let v = &s.viewing;
    let mut out = Vec::new();
    let mut line = |label: &'static str, value: String| {
        if !value.is_empty() {
            out.push(Line::new(frame.t(label), value));
        }
    };
    let stamp =
        |at: Option<foundation::clock::Moment>| at.map_or(String::new(), |at| frame.stamp(at.0));
    let and = |name: &str, at: Option<foundation::clock::Moment>| {
        if name.is_empty() {
            String::new()
        } else {
            format!("{name} · {}", stamp(at))
        }
    };
    line(key("viewings-purpose"), words::way(frame, v));
    line(key("viewings-visitor"), s.texts.visitor.clone());
    line(key("viewings-asker"), and(&v.asker_name, Some(v.asked_at)));
    line(key("viewings-asked"), scope_line(frame, &v.asked));
    let approver = and(&v.approver_name, v.approved_at);
    if v.deputed {
        line(
            key("viewings-approver"),
            format!("{approver} · {}", frame.t("viewings-deputed")),
        );
    } else {
        line(key("viewings-approver"), approver);
    }
    line(key("viewings-second-by"), v.second_name.clone());
    line(
        key("viewings-covered-by"),
        and(&v.covered_name, v.covered_at),
    );
    line(
        key("viewings-released-by"),
        and(&v.released_name, v.released_at),
    );
    if v.approver_as.is_some() {
        line(key("viewings-granted"), scope_line(frame, &v.granted));
    }
    line(
        key("viewings-registrar"),
        and(&v.registrar_name, v.registered_at),
    );
    line(
        key("viewings-register-number"),
        v.register_number().unwrap_or_default(),
    );
    line(key("viewings-identity"), s.texts.identity.clone());
    line(key("viewings-tapped-by"), v.tapped_name.clone());
    line(key("viewings-witness"), v.witness_name.clone());
    line(key("viewings-from"), stamp(v.from_at));
    line(key("viewings-began"), stamp(v.began_at));
    line(key("viewings-ends"), stamp(v.ends_at));
    line(key("viewings-ended"), stamp(v.ended_at));
    if !v.state.is_final() && !v.state.shows() {
        line(key("viewings-until"), stamp(v.until_at));
    }
    line(key("viewings-answer-by"), stamp(v.answer_at));
    line(
        key("viewings-reviewer"),
        and(&v.reviewer_name, v.reviewed_at),
    );
    if v.withheld {
        line(
            key("viewings-owner"),
            format!("{} {}", frame.t("viewings-withheld"), s.texts.order),
        );
    } else if v.told_at.is_some() {
        line(key("viewings-owner"), stamp(v.told_at));
    }
    for home in &s.homes {
        let file = format!(
            "{} {}",
            home.code,
            number::said(&home.number, frame.words.lang())
        );
        out.push(Line::new(frame.t("viewings-file"), file));
    }
    out
}

/// The looks of a viewing, as its page lists them.
pub(super) async fn looks(
    house: &House,
    by: &Actor,
    frame: &Frame,
    s: &Story,
) -> Result<Vec<Look>, ViewingError> {
    let mut out = Vec::with_capacity(s.looks.len());
    let mut last: Option<dossiers::Document> = None;
    for one in &s.looks {
        if last.as_ref().is_none_or(|d| d.id != one.document) {
            let asked = dossiers::for_viewing::document(house, by.community, one.document).await;
            last = asked.ok();
        }
        let name = last.as_ref().map_or(String::new(), |d| d.label());
        let page = frame.one("viewings-page", "page", one.page);
        let task = match one.task {
            Task::Read => String::new(),
            Task::Cover => format!(" {} {}", frame.t("viewings-look-cover"), one.reader_name),
            Task::Release => format!(" {} {}", frame.t("viewings-look-release"), one.reader_name),
        };
        let times = if one.times > 1 {
            let last = frame.stamp(one.last_at.0);
            let said = [("count", one.times.into()), ("at", last.as_str().into())];
            format!(" {}", frame.with("viewings-look-times", &said))
        } else {
            String::new()
        };
        out.push(Look {
            at: frame.stamp(one.at.0),
            what: format!("{name} {page}{times}{task}"),
            copy: one.copy.map_or(String::new(), |nth| {
                frame.one("viewings-copy", "nth", nth).into_owned()
            }),
        });
    }
    Ok(out)
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    status: StatusCode,
    frame: Frame,
    form: Option<Form>,
) -> Response {
    let now = house.now();
    let read = async {
        let story = listing::story(house, by, id).await?;
        let can = can(by, &story);
        let past = if can.approve || can.second {
            Some(decide::past(house, by, &story.viewing).await?)
        } else {
            None
        };
        let looked = looks(house, by, &frame, &story).await?;
        let copies = printing::copies(house, by, id).await?;
        let loans = loans::of(house, by, id).await?;
        Ok::<_, ViewingError>((story, can, past, looked, copies, loans))
    };
    let (s, can, past, looked, copies, loans) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let base = format!("/c/{c}/viewings");
    let v = s.viewing.clone();
    let form = form.unwrap_or_else(|| {
        let mut pairs: Vec<(&str, String)> =
            vec![("minutes", (v.asked.window / MINUTE).to_string())];
        pairs.extend(v.asked.kinds.iter().map(|k| ("kinds", k.letter().into())));
        pairs.extend(v.asked.modes.iter().map(|m| ("modes", m.word().into())));
        Form::filled(pairs)
    });
    let stamp = |at: foundation::clock::Moment| frame.stamp(at.0);
    let page = ShowPage {
        own: format!("{base}/{id}"),
        state: words::tag(&v),
        steps: way_of(&frame, &v),
        lines: lines(&frame, &s),
        reason: if v.way == Way::Own {
            String::new()
        } else {
            s.texts.reason.clone()
        },
        why: s.texts.why.clone(),
        review: s.texts.review.clone(),
        looks: looked,
        copies: copies
            .into_iter()
            .map(|one| CopyRow {
                nth: one.nth,
                what: frame
                    .with(
                        "viewings-copy-of",
                        &[("nth", one.nth.into()), ("pages", one.pages.into())],
                    )
                    .into_owned(),
                due: one.due_at.map_or(String::new(), stamp),
                late: one.ended.is_empty() && one.due_at.is_some_and(|due| due < now),
                out: one.ended.is_empty(),
                ended: match one.ended.as_str() {
                    "" => String::new(),
                    how => frame.t(copy_word(how)).into_owned(),
                },
            })
            .collect(),
        loans: loans
            .into_iter()
            .map(|l| LoanRow {
                settle: if l.amiss {
                    format!("{base}/{id}/loans/{}", l.id)
                } else {
                    String::new()
                },
                pages: words::counted(&frame, &l),
                found: words::found(&frame, &l),
                late: l.back_at.is_none() && l.due_at < now,
                at: stamp(l.at),
                due: stamp(l.due_at),
                back: l.back_at.map_or(String::new(), stamp),
                what: l.label,
            })
            .collect(),
        past: past.map(|p| Past {
            rows: p
                .viewings
                .iter()
                .map(|one| desk::Row::of(&frame, &base, one, now))
                .collect(),
            pages: p.pages,
        }),
        kinds: words::kind_choices(&frame, v.asked.kinds),
        modes: words::mode_choices(&frame, v.asked.modes),
        grounds: GROUNDS
            .map(|g| Choice::new(g, frame.t(words::ground_word(g))))
            .into(),
        minutes: v.asked.window / MINUTE,
        can,
        form,
        base,
        frame: frame.named(v.number()),
        v,
    };
    page::html(status, page)
}

fn copy_word(how: &str) -> &'static str {
    match how {
        "returned" => key("viewings-copy-returned"),
        "shredded" => key("viewings-copy-shredded"),
        _ => key("viewings-copy-handed-out"),
    }
}

/// One viewing.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, id, StatusCode::OK, frame, None).await
}

/// After an act: on to the viewing, or the refusal beside what was typed.
async fn then(
    house: &House,
    by: &Actor,
    (c, id): (&str, Id),
    frame: Frame,
    form: Form,
    done: Result<(), ViewingError>,
    told: &'static str,
) -> Response {
    match done {
        Ok(()) => onward::done(&format!("/c/{c}/viewings/{id}"), frame.t(told)),
        Err(e) => match (super::status(&e), words::refusal(&e)) {
            (StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT, Some(sentence)) => {
                let mut form = form;
                form.fault_of_all(sentence);
                draw(house, by, c, id, super::status(&e), frame, Some(form)).await
            }
            _ => refused(frame, &e),
        },
    }
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident($house:ident, $by:ident, $id:ident, $form:ident) $told:literal $do:expr;)*) => { $(
        $(#[$doc])*
        pub async fn $name(
            Place($house): Place<Arc<House>>,
            Extension($by): By,
            Path((c, $id)): Path<(String, Id)>,
            frame: Frame,
            $form: Form,
        ) -> Response {
            let done = $do.await.map(|_| ());
            then(&$house, &$by, (&c, $id), frame, $form, done, key($told)).await
        }
    )* };
}

acts! {
    /// It is sent.
    submit(house, by, id, form) "viewings-did-submit" ask::submit(&house, &by, id);
    /// It is taken back.
    withdraw(house, by, id, form) "viewings-did-withdraw" ask::withdraw(&house, &by, id);
    /// It is approved; the door asked for a second factor.
    approve(house, by, id, form) "viewings-did-approve"
        decide::approve(&house, &by, id, granted(&form), None, true);
    /// The second approves it; the door asked for a second factor.
    second(house, by, id, form) "viewings-did-approve" decide::second(&house, &by, id, true);
    /// The manager vouches; the door asked for a second factor.
    tap(house, by, id, form) "viewings-did-tap" decide::tap(&house, &by, id, true);
    /// It is refused.
    deny(house, by, id, form) "viewings-did-deny"
        decide::deny(&house, &by, id, form.value("why"), Some(form.value("ground")));
    /// It ends at once.
    revoke(house, by, id, form) "viewings-did-revoke"
        decide::revoke(&house, &by, id, form.value("why"));
    /// The owner is not told.
    withhold(house, by, id, form) "viewings-did-withhold"
        decide::withhold(&house, &by, id, form.value("order"));
    /// It enters the register.
    register(house, by, id, form) "viewings-did-register"
        register::register(&house, &by, id, form.value("identity"), form.has("seen", "yes"));
    /// A box leaves the shelf.
    lend(house, by, id, form) "viewings-did-lend"
        loans::lend(&house, &by, id, form.value("code"), words::pages(&form));
    /// What is covered is handed to another.
    offer(house, by, id, form) "viewings-did-offer" own_cover::offer(&house, &by, id);
    /// The other lets it go.
    release(house, by, id, form) "viewings-did-release" own_cover::release(&house, &by, id);
    /// The manager lets it go; the door asked for a second factor.
    vouch(house, by, id, form) "viewings-did-release"
        own_cover::vouch(&house, &by, id, true);
    /// It is to be covered anew.
    send_back(house, by, id, form) "viewings-did-send-back"
        own_cover::send_back(&house, &by, id, form.value("why"));
    /// The person may look again.
    thaw(house, by, id, form) "viewings-did-thaw" emergency::thaw(&house, &by, id);
    /// An emergency was looked into; the door asked for a second factor.
    review(house, by, id, form) "viewings-did-review"
        emergency::review(&house, &by, id, form.has("found", "justified"), form.value("why"), true);
    /// It is over.
    close(house, by, id, form) "viewings-did-close" opening::close(&house, &by, id);
}

/// What an approver grants.
fn granted(form: &Form) -> Scope {
    let minutes: i64 = form.value("minutes").parse().unwrap_or(0);
    Scope {
        kinds: words::chosen_kinds(form),
        modes: words::chosen_modes(form),
        window: minutes.clamp(0, 24 * 60) * MINUTE,
    }
}

/// The window opens; the door asked for a second factor. On to the pages.
pub async fn activate(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match opening::activate(&house, &by, id, true).await {
        Ok(v) => {
            let long = v.ends_at.map_or(0, |ends| ends.0 - house.now().0);
            let told = frame.one("viewings-did-activate", "long", frame.duration(long));
            let told = Flash::info(told);
            onward::telling(&format!("/c/{c}/viewings/{id}/view"), told)
        }
        Err(e) => {
            let at = (c.as_str(), id);
            then(&house, &by, at, frame, form, Err(e), key("viewings-title")).await
        }
    }
}

/// A copy came back or was shredded.
pub async fn end_copy(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id, nth)): Path<(String, Id, i64)>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = printing::end_copy(&house, &by, id, nth, form.value("how")).await;
    let told = key("viewings-did-end-copy");
    then(&house, &by, (&c, id), frame, form, done, told).await
}

/// It was found why a box came back with other pages.
pub async fn settle(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id, loan)): Path<(String, Id, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let (found, why) = (form.value("found"), form.value("why"));
    let done = loans::settle(&house, &by, id, loan, found, why).await;
    let told = key("viewings-did-settle");
    then(&house, &by, (&c, id), frame, form, done, told).await
}

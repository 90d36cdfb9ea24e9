//! The compound's policy on speech: each rule's mode with its record, the office's own
//! words, the ladder, the terms; tried on what was said before it is set.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, status, words};
use crate::ladder::{Ladder, REMOVAL_HOURS, Rung};
use crate::lessons::{self, Record};
use crate::policy::{CATEGORIES, Policy, SpeechRules, policy_of, set_policy};
use crate::replay::{self, Replay};
use crate::{ConductError, engine};
use foundation::house::House;
use foundation::page::{self, Choice, Form, Frame, Tone, key, onward};
use moderation::{Mode, Rule as EngineRule};
use permissions::actor::Actor;

/// The office's own words and neighbours: as many lines as a person keeps in order.
const LINES_MAX: usize = 2_000;

struct Rule {
    rule: &'static str,
    word: &'static str,
    now: &'static str,
    modes: Vec<Choice>,
    confirmed: i64,
    decided: i64,
    doubtful: bool,
}

struct Tried {
    texts: i64,
    dismissed: i64,
    confirmed: i64,
    moves: Vec<(&'static str, &'static str, i64)>,
}

#[derive(Template)]
#[template(path = "conduct/policy.html")]
struct PolicyPage {
    frame: Frame,
    form: Form,
    own: String,
    queue: String,
    version: i64,
    rules: Vec<Rule>,
    terms: Vec<(&'static str, &'static str)>,
    /// Field, kind of breach.
    replies: Vec<(String, &'static str)>,
    tried: Option<Tried>,
}

const MODES: [Mode; 4] = [Mode::DryRun, Mode::Flag, Mode::Hold, Mode::Block];

fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::DryRun => key("conduct-mode-dry-run"),
        Mode::Flag => key("conduct-mode-flag"),
        Mode::Hold => key("conduct-mode-hold"),
        Mode::Block => key("conduct-mode-block"),
    }
}

fn verdict_word(word: &str) -> &'static str {
    match word {
        "flag" => key("conduct-mode-flag"),
        "hold" => key("conduct-mode-hold"),
        "block" => key("conduct-mode-block"),
        _ => key("conduct-mode-pass"),
    }
}

const TERMS: [(&str, &str); 8] = [
    ("strike_days", key("conduct-term-strike")),
    ("appeal_days", key("conduct-term-appeal")),
    ("decide_days", key("conduct-term-decide")),
    ("steward_hours_max", key("conduct-term-steward")),
    ("removal_days", key("conduct-term-removal")),
    ("confirm_days", key("conduct-term-confirm")),
    ("keep_days", key("conduct-term-keep")),
    ("undo_minutes", key("conduct-term-undo")),
];

fn term<'p>(p: &'p mut Policy, name: &str) -> Option<&'p mut u32> {
    Some(match name {
        "strike_days" => &mut p.strike_days,
        "appeal_days" => &mut p.appeal_days,
        "decide_days" => &mut p.decide_days,
        "steward_hours_max" => &mut p.steward_hours_max,
        "removal_days" => &mut p.removal_days,
        "confirm_days" => &mut p.confirm_days,
        "keep_days" => &mut p.keep_days,
        "undo_minutes" => &mut p.undo_minutes,
        _ => return None,
    })
}

/// The mode in force: the office's own, else the shipped one.
fn mode_now(policy: &Policy, rule: EngineRule) -> Mode {
    let own = policy.speech.modes.get(rule.code());
    own.and_then(|word| engine::mode_of(word))
        .unwrap_or_else(|| moderation::Policy::default().mode(rule))
}

fn lists(speech: &SpeechRules) -> [(&'static str, &Vec<String>); 6] {
    [
        ("own_words", &speech.words),
        ("allow", &speech.innocent),
        ("numbers", &speech.numbers),
        ("names", &speech.names),
        ("domains", &speech.domains),
        ("offers", &speech.offers),
    ]
}

fn filled(frame: &Frame, policy: &Policy) -> Form {
    let mut p = policy.clone();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, _) in TERMS {
        let value = term(&mut p, name).map_or(0, |t| *t);
        pairs.push((name.to_owned(), value.to_string()));
    }
    for rule in EngineRule::ALL {
        let mode = engine::mode_word(mode_now(policy, rule)).to_owned();
        pairs.push((format!("mode-{}", rule.code()), mode));
    }
    let hours = |r: &Rung| match r.hours {
        REMOVAL_HOURS => "x".to_owned(),
        hours => hours.to_string(),
    };
    let ladder: Vec<String> = policy.ladder.0.iter().map(hours).collect();
    pairs.push(("ladder".into(), ladder.join(" ")));
    for (name, list) in lists(&policy.speech) {
        pairs.push((name.to_owned(), list.join("\n")));
    }
    for category in CATEGORIES {
        let text = words::reply(frame, policy, category);
        pairs.push((format!("reply-{category}"), text));
    }
    Form::filled(pairs)
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .take(LINES_MAX)
        .map(str::to_owned)
        .collect()
}

/// Hours from mild to severe, `x` at the end for removal; severities are spaced anew.
fn ladder(text: &str) -> Option<Ladder> {
    let mut rungs = Vec::new();
    for (at, word) in text.split_whitespace().enumerate() {
        let hours = match word {
            "x" | "X" => REMOVAL_HOURS,
            hours => hours.parse().ok().filter(|h| *h >= 0)?,
        };
        let severity = i64::try_from(at).ok()? * 1_000;
        rungs.push(Rung { severity, hours });
    }
    Some(Ladder(rungs))
}

/// The policy that the form describes; faults stand beside their fields.
fn read(frame: &Frame, form: &mut Form, base: &Policy) -> Policy {
    let mut policy = base.clone();
    for (name, label) in TERMS {
        let number = form.field(name, label).number(0..=3_650);
        if let (Some(number), Some(slot)) = (number, term(&mut policy, name)) {
            *slot = u32::try_from(number).unwrap_or(0);
        }
    }
    for rule in EngineRule::ALL {
        let asked = form.value(&format!("mode-{}", rule.code())).to_owned();
        if let Some(mode) = engine::mode_of(&asked)
            && mode != mode_now(&policy, rule)
        {
            let code = rule.code().to_owned();
            policy.speech.modes.insert(code, asked);
        }
    }
    match ladder(form.value("ladder")) {
        Some(read) => policy.ladder = read,
        None => form.fault("ladder", page::say("conduct-policy-ladder-fault")),
    }
    for category in CATEGORIES {
        let text = form.value(&format!("reply-{category}")).trim().to_owned();
        // The house's own words are not copied into the policy: they stay translated.
        if text.is_empty() || text == frame.t(words::reply_shipped(category)) {
            policy.replies.remove(category);
        } else if text != words::reply(frame, base, category) {
            policy.replies.insert(category.to_owned(), text);
        }
    }
    let speech = &mut policy.speech;
    speech.words = lines(form.value("own_words"));
    let fits = 2..=moderation::WORD_CHARS_MAX;
    let wrong = |w: &String| !fits.contains(&w.chars().count());
    if let Some(at) = speech.words.iter().position(wrong) {
        let sentence = page::say("conduct-policy-word-fault").and("line", at as i64 + 1);
        form.fault("own_words", sentence);
    }
    speech.innocent = lines(form.value("allow"));
    speech.numbers = lines(form.value("numbers"));
    speech.names = lines(form.value("names"));
    speech.domains = lines(form.value("domains"));
    speech.offers = lines(form.value("offers"));
    policy
}

#[allow(clippy::too_many_arguments, reason = "each is one part of the page")]
fn draw(
    c: &str,
    frame: Frame,
    form: Form,
    version: i64,
    policy: &Policy,
    records: &[Record],
    tried: Option<&Replay>,
    status: StatusCode,
) -> Response {
    let rules = EngineRule::ALL
        .into_iter()
        .map(|rule| {
            let record = records.iter().find(|r| r.rule == rule.code());
            let asked = form.value(&format!("mode-{}", rule.code())).to_owned();
            let now = engine::mode_of(&asked);
            // The model queues for a person; it never acts.
            let offered = MODES.into_iter().filter(|m| {
                rule != EngineRule::InsultModel || matches!(m, Mode::DryRun | Mode::Flag)
            });
            Rule {
                rule: rule.code(),
                word: words::rule(rule.code()),
                now: engine::mode_word(now.unwrap_or_else(|| mode_now(policy, rule))),
                modes: offered
                    .map(|m| Choice::new(engine::mode_word(m), frame.t(mode_word(m))))
                    .collect(),
                confirmed: record.map_or(0, |r| r.confirmed),
                decided: record.map_or(0, |r| r.decided),
                doubtful: record.is_some_and(Record::is_doubtful),
            }
        })
        .collect();
    let tried = tried.map(|r| Tried {
        texts: r.texts as i64,
        dismissed: r.acted_on_dismissed as i64,
        confirmed: r.passed_confirmed as i64,
        moves: r
            .moves
            .iter()
            .filter_map(|(k, n)| {
                let (from, to) = k.split_once('>')?;
                Some((verdict_word(from), verdict_word(to), *n as i64))
            })
            .collect(),
    });
    page::html(
        status,
        PolicyPage {
            own: format!("/c/{c}/conduct-policy"),
            queue: format!("/c/{c}/conduct"),
            frame: frame.titled("conduct-policy-title"),
            form,
            version,
            rules,
            terms: TERMS.to_vec(),
            replies: CATEGORIES
                .into_iter()
                .map(|k| (format!("reply-{k}"), words::category(k)))
                .collect(),
            tried,
        },
    )
}

/// The policy in force.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let looked = async {
        let (version, policy) = policy_of(&house, by.community).await?;
        let records = lessons::records(&house, &by).await?;
        Ok::<_, ConductError>((version, policy, records))
    };
    match looked.await {
        Ok((version, policy, records)) => {
            let form = filled(&frame, &policy);
            draw(
                &c,
                frame,
                form,
                version,
                &policy,
                &records,
                None,
                StatusCode::OK,
            )
        }
        Err(e) => refused(frame, e),
    }
}

async fn carry_out(
    house: &House,
    by: &Actor,
    form: &Form,
    policy: Policy,
) -> Result<Option<Replay>, ConductError> {
    if form.value("act") == "try" {
        return Ok(Some(replay::replay_for(house, by, &policy).await?));
    }
    let version = form.value("version").parse().unwrap_or(-1);
    set_policy(house, by, version, policy).await?;
    Ok(None)
}

/// Tries or sets what the form describes.
pub async fn act(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let looked = async {
        let (_, now) = policy_of(&house, by.community).await?;
        let records = lessons::records(&house, &by).await?;
        Ok::<_, ConductError>((now, records))
    };
    let (now, records) = match looked.await {
        Ok(found) => found,
        Err(e) => return refused(frame, e),
    };
    let seen = form.value("version").parse().unwrap_or(0);
    let policy = read(&frame, &mut form, &now);
    let mut code = StatusCode::UNPROCESSABLE_ENTITY;
    let mut tried = None;
    if !form.failed() {
        match carry_out(&house, &by, &form, policy).await {
            Ok(None) => {
                return onward::done(
                    &format!("/c/{c}/conduct-policy"),
                    frame.t("conduct-did-policy"),
                );
            }
            Ok(Some(replay)) => {
                code = StatusCode::OK;
                tried = Some(replay);
            }
            Err(e) => match words::refusal(&e) {
                Some(sentence) => {
                    code = status(&e);
                    form.fault_of_all(sentence);
                }
                None => return refused(frame, e),
            },
        }
    }
    draw(&c, frame, form, seen, &now, &records, tried.as_ref(), code)
}

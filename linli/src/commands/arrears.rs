//! `linli arrears`: the dates of a debt with the rule behind each, and the day's list counted
//! anew.

use anyhow::Context as _;
use arrears::rule::{self, Known, Standing};
use foundation::communities;
use jiff::civil::Date;

use super::Outcome;
use super::installation::Installation;

/// `linli arrears`
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Args {
    /// Says whether a debt is in scope, until when it is followed up next, and why
    Explain {
        /// The due day of the earliest unpaid item
        #[arg(long, value_name = "D", value_parser = day)]
        due: Date,
        /// A day on which the household was followed up; may be given several times
        #[arg(long, value_name = "D", value_parser = day)]
        contact: Vec<Date>,
        /// The day on which all was paid
        #[arg(long, value_name = "D", value_parser = day)]
        paid: Option<Date>,
        /// The day asked for
        #[arg(long, value_name = "D", value_parser = day)]
        today: Date,
        /// Prints one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Works out every account anew from bills, payments and what was written down
    Rebuild {
        /// The compound's name
        #[arg(long, value_name = "NAME")]
        community: String,
    },
}

/// `YYYY-MM-DD` and nothing else.
fn day(text: &str) -> Result<Date, String> {
    let well_formed = text.len() == 10 && text.is_ascii();
    let read = well_formed.then(|| text.parse::<Date>().ok()).flatten();
    read.ok_or_else(|| format!("{text} is no day such as 2025-01-31"))
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    match args {
        Args::Explain {
            due,
            contact,
            paid,
            today,
            json,
        } => Ok(explain(due, &contact, paid, today, json)),
        Args::Rebuild { community } => rebuild(installation, &community).await,
    }
}

async fn rebuild(installation: &Installation, community: &str) -> anyhow::Result<Outcome> {
    let house = installation.open_made().await?;
    let compound = communities::by_name(&house.db, community)
        .await?
        .with_context(|| format!("there is no compound {community}"))?;
    let wrong = arrears::tend::rebuild(&house, compound.number).await?;
    println!("{}: {wrong} accounts were put right", compound.name);
    Ok(Outcome::Sound)
}

fn explain(due: Date, contact: &[Date], paid: Option<Date>, today: Date, json: bool) -> Outcome {
    let known = Known {
        due,
        contacts: contact,
        held_until: None,
        paid,
        today,
    };
    let s = rule::standing(&known);
    let why = why(&known, &s);
    if json {
        let said = serde_json::json!({
            "in_scope": s.in_scope,
            "scope_from": s.scope_from.to_string(),
            "next_deadline": s.deadline.map(|d| d.to_string()),
            "overdue_days": s.overdue_days,
            "rule": why,
            "month_complete": s.month_complete.to_string(),
            "last_contact": s.last_contact.map(|d| d.to_string()),
        });
        println!("{said}");
    } else {
        println!("in scope: {}", if s.in_scope { "yes" } else { "no" });
        println!("scope from: {}", s.scope_from);
        let next = s.deadline.map_or("none".to_owned(), |d| d.to_string());
        println!("next deadline: {next}");
        println!("overdue days: {}", s.overdue_days);
        println!("rule: {why}");
    }
    Outcome::Sound
}

fn why(known: &Known<'_>, s: &Standing) -> String {
    let month = format!(
        "due {}: one month is complete on {} at 24:00 (counted from the due day, clamped to the \
         month's end; 民法典 201, 202), in scope from {}",
        known.due, s.month_complete, s.scope_from
    );
    let Some(deadline) = s.deadline else {
        let paid = known.paid.unwrap_or(known.today);
        return format!("{month}; paid in full on {paid}: out of scope from then");
    };
    let from = match s.last_contact {
        Some(day) if day > s.month_complete => format!("the last contact on {day}"),
        Some(day) => format!(
            "{}: the contact on {day} came before the month was complete and does not shorten it",
            s.month_complete
        ),
        None => format!("{}: no contact since the due day", s.month_complete),
    };
    format!(
        "{month}; next follow-up by {deadline} at 24:00, fifteen days from {from}; holidays do \
         not extend it (SY-WI-KF-09 4.4.2)"
    )
}

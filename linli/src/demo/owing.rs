//! The demo's arrears: who owes for months, what was said to some of them in the last days, a
//! hold that waits for the manager, a demand that is on its way and one that the post brought,
//! and a few that were missed.

use arrears::contact::{self, NewContact, Outcome, Reached, Way};
use arrears::hold::{self, Why};
use arrears::letter::{self, Delivery, Kind, Proof};
use arrears::listing::{self, Query, Show};
use arrears::{escalate, follow, pack, share};
use fees::Fen;
use jiff::ToSpan;
use permissions::Role;

use super::year::Story;

/// What was answered to a call, by turns.
const ANSWERS: [(Outcome, Reached, &str); 5] = [
    (Outcome::Promised, Reached::Owner, "下週發工資就繳。"),
    (Outcome::NoAnswer, Reached::Nobody, ""),
    (Outcome::Told, Reached::Family, "會轉告。"),
    (
        Outcome::Disputes,
        Reached::Owner,
        "二月的電梯停了十天，要求扣減。",
    ),
    (Outcome::Promised, Reached::Owner, "月底前轉帳。"),
];

/// Every so many households nobody was called: the list has something to do.
const MISSED_EACH: usize = 6;

/// What lies on the desk this morning.
pub async fn morning(story: &Story<'_>) -> anyhow::Result<()> {
    let (house, c) = (story.house, story.compound.number);
    follow::follow(house, c).await?;
    let (by, supervisor) = (
        story.colleague(Role::Specialist, 0),
        story.colleague(Role::Supervisor, 0),
    );
    for (nth, building) in roster::buildings(house, c).await?.iter().enumerate() {
        let who = story.colleague(Role::Specialist, nth % 2);
        share::give(house, &supervisor, building, who.account).await?;
    }
    let query = Query {
        show: Show::Scope,
        ..Query::default()
    };
    let found = listing::page(house, &by, &query, None).await?;
    let today = house.now().date();
    for (nth, account) in found.accounts.iter().enumerate() {
        if nth % MISSED_EACH == MISSED_EACH - 1 {
            continue;
        }
        let (result, reached, answered) = ANSWERS[nth % ANSWERS.len()];
        let days_ago = 1 + (nth % 6) as i32;
        let on = today.saturating_sub(days_ago.days());
        let promise = (result == Outcome::Promised)
            .then(|| (on.saturating_add((2 + nth as i32 % 9).days()), Fen(50_000)));
        let new = NewContact {
            on,
            minute: 9 * 60 + 30 + 7 * nth as i64,
            way: if nth % 3 == 2 { Way::Visit } else { Way::Phone },
            reached,
            incoming: false,
            arrived: false,
            result,
            said: String::new(),
            answered: answered.into(),
            promise,
            document: None,
            letter: None,
        };
        contact::record(house, &by, account.room, new).await?;
    }
    for account in found.accounts.iter().skip(3).step_by(15).take(2) {
        hold::ask(
            house,
            &by,
            account.room,
            Why::Dispute,
            "業主要求扣減電梯停運十天的費用。",
        )
        .await?;
    }
    // The city's own rules stand in letters.
    if let Some(city) = pack::shipped().into_iter().find(|p| p.city == "zhengzhou") {
        pack::set(house, &supervisor, city).await?;
    }
    for (nth, account) in found.accounts.iter().take(2).enumerate() {
        let letter = letter::issue(house, &by, account.room, Kind::Demand).await?;
        if nth == 0 {
            let proof = Proof {
                document: None,
                note: "郵政掛號 RA102938475CN".into(),
            };
            letter::settle(house, &by, letter, Delivery::Post, today, proof).await?;
        }
    }
    escalate::run(house, c).await?;
    Ok(())
}

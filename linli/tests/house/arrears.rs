//! Arrears as the office lives them: who comes into scope when, what may be said and what not,
//! holds, letters, stages, escalation, and what the ledger tells of it all.

use arrears::contact::{self, NewContact, Outcome, Reached, Way};
use arrears::hold::{self, State, Why};
use arrears::letter::{self, Delivery, Kind};
use arrears::listing::{self, Query, Show};
use arrears::replay::FollowUps;
use arrears::stage::{self, Stage};
use arrears::{ArrearsError, Unlawful, escalate, events, follow, looking, mine, tend};
use fees::{Fen, PlanPart, add_bill, agree_plan, record, void_payment};
use foundation::clock::{DAY, HOUR, Moment};
use foundation::database::ask;
use foundation::ids::Id;
use foundation::ledger::{COLUMNS, Entry, Late, Rule};
use foundation::params;
use jiff::civil::{Date, date};
use permissions::Role;
use permissions::actor::Actor;

use crate::fees::street::{Street, payment};
use crate::membership::world::employ;

mod pages;
mod papers;

/// A street where the first room's bill was due on 2025-01-15, and its office.
pub struct Desk {
    pub s: Street,
    pub specialist: Actor,
    pub supervisor: Actor,
    pub manager: Actor,
    pub room: Id,
}

impl Desk {
    pub async fn new() -> Desk {
        let s = Street::new().await;
        let room = s.rooms[0];
        let c = s.community;
        let desk = Desk {
            specialist: employ(&s.house, c, Role::Specialist).await,
            supervisor: employ(&s.house, c, Role::Supervisor).await,
            manager: employ(&s.house, c, Role::Manager).await,
            room,
            s,
        };
        desk.on(date(2025, 1, 2));
        desk.bill("2025-01", date(2025, 1, 15), 30_000).await;
        desk
    }

    /// The clock stands at half past ten of a day in Shanghai.
    pub fn on(&self, day: Date) {
        let half_past_ten = 10 * HOUR + HOUR / 2;
        self.s
            .house
            .clock
            .set(Moment::at_start_of(day).plus(half_past_ten));
    }

    pub async fn bill(&self, month: &str, due: Date, fen: i64) -> Id {
        let period = month.parse().expect("a month");
        add_bill(
            &self.s.house,
            &self.s.manager,
            self.room,
            self.s.property,
            period,
            Fen(fen),
            Some(due),
        )
        .await
        .expect("billed")
    }

    pub async fn pay(&self, fen: i64) -> Id {
        let mut new = payment(self.room, fen);
        new.paid_on = self.s.house.now().date();
        let paid = record(&self.s.house, &self.s.manager, new).await;
        paid.expect("paid").payment
    }

    pub async fn follow(&self) {
        let followed = follow::follow(&self.s.house, self.s.community).await;
        followed.expect("followed");
    }

    pub async fn account(&self) -> Option<arrears::Account> {
        self.follow().await;
        match looking::account(&self.s.house, &self.specialist, self.room).await {
            Ok(account) => Some(account),
            Err(ArrearsError::NothingOverdue) => None,
            Err(e) => panic!("{e}"),
        }
    }

    pub async fn contact(&self, new: NewContact) -> Result<Id, ArrearsError> {
        self.follow().await;
        contact::record(&self.s.house, &self.specialist, self.room, new).await
    }

    /// A call of this very moment, in which somebody was told.
    pub fn call(&self) -> NewContact {
        let now = self.s.house.now();
        NewContact {
            on: now.date(),
            minute: 10 * 60,
            way: Way::Phone,
            reached: Reached::Owner,
            incoming: false,
            arrived: false,
            result: Outcome::Told,
            said: String::new(),
            answered: String::new(),
            promise: None,
            document: None,
            letter: None,
        }
    }

    pub async fn late(&self) -> Vec<Late> {
        let sql =
            format!("SELECT {COLUMNS} FROM ledger WHERE community = $1 ORDER BY seq LIMIT 9999");
        let entries: Vec<Entry> = self
            .s
            .house
            .db
            .all(ask(sql, params![self.s.community]))
            .await
            .expect("the ledger is readable");
        let mut rule = FollowUps::default();
        for entry in &entries {
            assert_eq!(rule.see(entry), None);
        }
        Box::new(rule).late(self.s.house.now())
    }

    async fn shown(&self, show: Show) -> i64 {
        let query = Query {
            show,
            ..Query::default()
        };
        let page = listing::page(&self.s.house, &self.specialist, &query, None).await;
        let page = page.expect("listed");
        assert_eq!(page.accounts.len() as i64, page.counts.of(show), "{show:?}");
        page.counts.of(show)
    }

    async fn has_told(&self, kind: foundation::ledger::Kind) -> bool {
        self.s.kinds().await.contains(&kind.name.to_owned())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_comes_into_scope_the_day_after_its_month_and_is_a_task_three_days_ahead() {
    let d = Desk::new().await;
    let a = d.account().await.expect("owes");
    assert_eq!(
        (a.scope_from, a.deadline),
        (date(2025, 2, 16), date(2025, 3, 2))
    );
    d.on(date(2025, 2, 15));
    assert_eq!(
        (d.shown(Show::Scope).await, d.shown(Show::Month).await),
        (0, 1)
    );
    assert!(!d.has_told(events::IN_SCOPE).await);
    d.on(date(2025, 2, 16));
    tend::enter(&d.s.house, d.s.community).await.expect("told");
    assert!(d.has_told(events::IN_SCOPE).await);
    assert_eq!(
        (d.shown(Show::Scope).await, d.shown(Show::Today).await),
        (1, 0)
    );
    // The second of March 2025 is a Sunday: it is done by Friday, and shown from Thursday.
    d.on(date(2025, 2, 27));
    assert_eq!(
        (d.shown(Show::Ahead).await, d.shown(Show::Due).await),
        (1, 0)
    );
    d.on(date(2025, 2, 28));
    assert_eq!(
        (d.shown(Show::Today).await, d.shown(Show::Due).await),
        (1, 1)
    );
    d.on(date(2025, 3, 2));
    assert_eq!(
        (d.shown(Show::Due).await, d.shown(Show::Overdue).await),
        (1, 0)
    );
    d.on(date(2025, 3, 3));
    assert_eq!(
        (d.shown(Show::Due).await, d.shown(Show::Overdue).await),
        (0, 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_restarts_the_fifteen_days_and_a_correction_takes_it_back() {
    let d = Desk::new().await;
    d.on(date(2025, 2, 20));
    let id = d.contact(d.call()).await.expect("recorded");
    assert_eq!(d.account().await.expect("owes").deadline, date(2025, 3, 7));
    d.on(date(2025, 2, 21));
    let by = &d.specialist;
    contact::withdraw(&d.s.house, by, id, "打錯了房號")
        .await
        .expect("withdrawn");
    assert_eq!(d.account().await.expect("owes").deadline, date(2025, 3, 2));
    let again = contact::withdraw(&d.s.house, by, id, "again").await;
    assert!(matches!(again, Err(ArrearsError::Corrected)));
    let story = looking::story(&d.s.house, by, d.room).await.expect("told");
    assert_eq!(story.contacts.len(), 2, "nothing is deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn paying_the_oldest_moves_the_anchor_and_paying_all_ends_it_and_a_void_brings_it_back() {
    let d = Desk::new().await;
    d.bill("2025-02", date(2025, 2, 15), 30_000).await;
    d.on(date(2025, 2, 20));
    d.pay(29_999).await;
    assert_eq!(d.account().await.expect("owes").anchor, date(2025, 1, 15));
    d.pay(1).await;
    let a = d.account().await.expect("owes");
    assert_eq!(
        (a.anchor, a.deadline),
        (date(2025, 2, 15), date(2025, 3, 30))
    );
    assert!(
        d.has_told(events::CLEARED).await,
        "not a month overdue any more"
    );
    let last = d.pay(30_000).await;
    assert!(d.account().await.is_none());
    void_payment(&d.s.house, &d.s.manager, last, "退票")
        .await
        .expect("void");
    assert_eq!(d.account().await.expect("owes").anchor, date(2025, 2, 15));
    let rebuilt = tend::rebuild(&d.s.house, d.s.community)
        .await
        .expect("rebuilt");
    assert_eq!(rebuilt, 0, "nothing was wrong");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_instalment_of_a_plan_is_its_own_due_day() {
    let d = Desk::new().await;
    d.on(date(2025, 3, 1));
    let part = |due, fen| PlanPart {
        due,
        amount: Fen(fen),
    };
    let parts = vec![
        part(date(2025, 3, 31), 15_000),
        part(date(2025, 4, 30), 15_000),
    ];
    agree_plan(&d.s.house, &d.s.manager, d.room, parts, "")
        .await
        .expect("agreed");
    assert_eq!(d.account().await.expect("owes").anchor, date(2025, 3, 31));
    d.on(date(2025, 3, 20));
    d.pay(15_000).await;
    assert_eq!(d.account().await.expect("owes").anchor, date(2025, 4, 30));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_law_forbids_is_refused_and_leaves_nothing() {
    let d = Desk::new().await;
    d.on(date(2025, 2, 20));
    let unlawful = |new: Result<Id, ArrearsError>| match new {
        Err(ArrearsError::Unlawful(what)) => what,
        other => panic!("{other:?}"),
    };
    let night = NewContact {
        minute: 8 * 60 + 59,
        ..d.call()
    };
    assert_eq!(unlawful(d.contact(night.clone()).await), Unlawful::Hours);
    for (said, what) in [
        ("不繳就停水", Unlawful::CutOff),
        ("會鎖您的門禁", Unlawful::Access),
        ("名單會公佈在業主群", Unlawful::Naming),
    ] {
        let new = NewContact {
            said: said.into(),
            ..d.call()
        };
        assert_eq!(unlawful(d.contact(new).await), what, "{said}");
    }
    assert!(!d.has_told(events::CONTACTED).await);
    // What the household itself says and does is recorded as it was.
    let incoming = NewContact {
        incoming: true,
        result: Outcome::Disputes,
        answered: "電梯壞了三個月".into(),
        ..night
    };
    d.contact(incoming).await.expect("recorded");
    d.contact(d.call()).await.expect("the office's own first");
    assert_eq!(unlawful(d.contact(d.call()).await), Unlawful::Day);
    for day in [22, 24] {
        d.on(date(2025, 2, day));
        d.contact(d.call()).await.expect("recorded");
    }
    d.on(date(2025, 2, 26));
    assert_eq!(unlawful(d.contact(d.call()).await), Unlawful::Week);
    d.on(date(2025, 2, 27));
    d.contact(d.call()).await.expect("seven days on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_is_decided_by_another_and_stops_the_office_for_ninety_days_at_most() {
    let d = Desk::new().await;
    d.on(date(2025, 2, 20));
    d.follow().await;
    let (house, owner) = (&d.s.house, d.s.owner_of(d.room).await);
    let stranger = d.s.owner_of(d.s.rooms[1]).await;
    let not_own = hold::ask(house, &stranger, d.room, Why::Dispute, "?").await;
    assert!(matches!(not_own, Err(ArrearsError::NotFound)));
    let id = hold::ask(house, &owner, d.room, Why::Dispute, "面積不對")
        .await
        .expect("asked");
    let twice = hold::ask(house, &d.specialist, d.room, Why::Hardship, "x").await;
    assert!(matches!(twice, Err(ArrearsError::Again)));
    let by_specialist = hold::decide(house, &d.specialist, id, Some(date(2025, 3, 1)), "").await;
    assert!(matches!(by_specialist, Err(ArrearsError::Forbidden(_))));
    // The manager who is that owner, under another account.
    let mut same = d.manager.clone();
    same.person = owner.person;
    let own = hold::decide(house, &same, id, Some(date(2025, 3, 1)), "").await;
    assert!(matches!(own, Err(ArrearsError::OwnCase)));
    for until in [date(2025, 2, 19), date(2025, 5, 22)] {
        let out = hold::decide(house, &d.manager, id, Some(until), "").await;
        assert!(matches!(out, Err(ArrearsError::HoldDays)), "{until}");
    }
    let until = date(2025, 5, 21);
    hold::decide(house, &d.manager, id, Some(until), "核對中")
        .await
        .expect("granted");
    let a = d.account().await.expect("owes");
    assert_eq!((a.held_until, a.deadline), (Some(until), date(2025, 6, 5)));
    assert!(matches!(d.contact(d.call()).await, Err(ArrearsError::Held(u)) if u == until));
    assert_eq!(d.shown(Show::Held).await, 1);
    d.on(date(2025, 4, 1));
    assert_eq!(d.shown(Show::Today).await, 0, "not a task while it runs");
    hold::lift(house, &d.manager, id, "已核對")
        .await
        .expect("lifted");
    assert_eq!(d.account().await.expect("owes").deadline, date(2025, 4, 16));
    let own = mine::stories(house, &owner).await.expect("own");
    assert_eq!((own.len(), own[0].1.holds[0].state), (1, State::Lifted));
    assert_eq!(own[0].1.holds[0].note, "面積不對");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_gives_time_counts_as_contact_and_opens_the_way_to_a_lawyer() {
    let d = Desk::new().await;
    let (house, by) = (&d.s.house, &d.specialist);
    d.on(date(2025, 2, 17));
    d.follow().await;
    let early = letter::issue(house, by, d.room, Kind::Demand).await;
    assert!(matches!(early, Err(ArrearsError::Needs(n)) if n == ["arrears-need-contact"]));
    d.contact(d.call()).await.expect("recorded");
    d.on(date(2025, 2, 25));
    let id = letter::issue(house, by, d.room, Kind::Demand)
        .await
        .expect("issued");
    let twice = letter::issue(house, by, d.room, Kind::Demand).await;
    assert!(matches!(twice, Err(ArrearsError::Again)));
    let drawn = letter::paper_of(house, by, id, &head())
        .await
        .expect("drawn");
    assert_eq!(drawn.record, "CJ-2025-0001");
    assert!(!format!("{:?}", drawn.blocks).contains("怎樣繳費"));
    let ways = fees::PayWays {
        counter: "一樓前台".into(),
        ..fees::PayWays::default()
    };
    fees::set_pay_ways(house, &d.manager, ways)
        .await
        .expect("set");
    let drawn = letter::paper_of(house, by, id, &head())
        .await
        .expect("drawn");
    let said = format!("{:?}", drawn.blocks);
    assert!(
        said.contains("怎樣繳費") && said.contains("一樓前台"),
        "a demand says how to pay"
    );
    d.on(date(2025, 2, 27));
    let day = date(2025, 2, 26);
    letter::settle(
        house,
        by,
        id,
        Delivery::Signed,
        day,
        letter::Proof::default(),
    )
    .await
    .expect("settled");
    let l = letter::one(house, by, id).await.expect("there");
    assert_eq!(l.pay_by, date(2025, 3, 28), "thirty days from the delivery");
    let a = d.account().await.expect("owes");
    assert_eq!(
        (a.deadline, a.limit_on),
        (date(2025, 3, 13), date(2028, 2, 26))
    );
    for stage in [Stage::Written, Stage::Visit] {
        stage::advance(house, by, d.room, stage)
            .await
            .expect("reached");
    }
    let soon = stage::advance(house, &d.manager, d.room, Stage::Lawyer).await;
    assert!(matches!(soon, Err(ArrearsError::Needs(n)) if n == ["arrears-need-term"]));
    d.on(date(2025, 3, 29));
    let not_theirs = stage::advance(house, by, d.room, Stage::Lawyer).await;
    assert!(matches!(not_theirs, Err(ArrearsError::Forbidden(_))));
    let backwards = stage::advance(house, by, d.room, Stage::Phone).await;
    assert!(matches!(backwards, Err(ArrearsError::Again)));
    stage::advance(house, &d.manager, d.room, Stage::Lawyer)
        .await
        .expect("reached");
    assert_eq!(d.account().await.expect("owes").stage, Some(Stage::Lawyer));
}

fn head() -> arrears::evidence::Letterhead {
    arrears::evidence::Letterhead {
        words: foundation::page::words::Words::new(foundation::page::words::Lang::ZhHant),
        compound: "春和苑".into(),
        link: "https://linli.example/c/chunhe/arrears/{room}".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_follow_up_is_told_upwards_once_and_the_ledger_names_it() {
    let d = Desk::new().await;
    let (house, c) = (&d.s.house, d.s.community);
    let run = || async { escalate::run(house, c).await.expect("the morning") };
    d.on(date(2025, 3, 2));
    run().await;
    assert_eq!(d.shown(Show::Escalated).await, 0);
    assert!(d.late().await.is_empty(), "its last day is not over");
    d.on(date(2025, 3, 3));
    run().await;
    run().await;
    let told = |kinds: Vec<String>| kinds.iter().filter(|k| *k == "arrears.escalated").count();
    assert_eq!(told(d.s.kinds().await), 1, "the supervisor, once");
    assert_eq!(d.late().await.len(), 1);
    d.on(date(2025, 3, 10));
    run().await;
    assert_eq!(told(d.s.kinds().await), 2, "the manager after seven days");
    let late = d.late().await;
    assert_eq!(late[0].due.date(), date(2025, 3, 2));
    assert_eq!((late[0].seq, late.len()), (None, 1));
    d.contact(d.call()).await.expect("recorded");
    assert_eq!(d.account().await.expect("owes").escalated, 0);
    let late = d.late().await;
    assert!(
        late[0].seq.is_some() && late.len() == 1,
        "late for ever, done after all"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_was_billed_for_all_is_followed_and_another_compound_sees_nothing() {
    let d = Desk::new().await;
    d.on(date(2026, 3, 2));
    fees::bill_month(&d.s.house, &d.s.manager, crate::fees::street::march(), &[])
        .await
        .expect("billed");
    d.follow().await;
    assert_eq!(
        tend::stale(&d.s.house.db, d.s.community)
            .await
            .expect("compared"),
        0
    );
    d.on(date(2026, 6, 1));
    tend::enter(&d.s.house, d.s.community).await.expect("told");
    assert!(d.shown(Show::Scope).await >= 2);
    let other = employ(&d.s.house, d.s.other.community, Role::Supervisor).await;
    let found = looking::account(&d.s.house, &other, d.room).await;
    assert!(matches!(found, Err(ArrearsError::NotFound)));
    let page = listing::page(&d.s.house, &other, &Query::default(), None).await;
    assert!(page.expect("listed").accounts.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_works_out_the_rooms_that_it_touched_and_no_other() {
    const SPOILT: foundation::ledger::Kind = foundation::ledger::Kind::new("test.spoilt", 1);
    let d = Desk::new().await;
    let (house, c, march) = (&d.s.house, d.s.community, crate::fees::street::march());
    d.on(date(2026, 3, 2));
    // The third room's area is unknown: no batch touches it. The second has paid ahead.
    let aside = d.s.rooms[2];
    add_bill(
        house,
        &d.s.manager,
        aside,
        d.s.property,
        march,
        Fen(700),
        None,
    )
    .await
    .expect("billed");
    record(house, &d.s.manager, payment(d.s.rooms[1], 10_000))
        .await
        .expect("paid ahead");
    d.follow().await;
    let spoilt: Result<(), foundation::database::DbError> = house
        .write(c, &foundation::ledger::Who::operator(), move |mut tx| {
            tx.execute(ask(
                "UPDATE arrears_account SET bills_fen = 1 WHERE community = $1 AND room = $2",
                params![c, aside],
            ))?;
            tx.record(foundation::ledger::Event::new(SPOILT), ())
        })
        .await;
    spoilt.expect("spoilt");
    let stale = async || tend::stale(&house.db, c).await.expect("compared");
    assert_eq!(stale().await, 1);

    d.s.house.clock.advance(HOUR);
    fees::bill_month(house, &d.s.manager, march, &[])
        .await
        .expect("billed");
    assert!(d.has_told(fees::events::CREDITS_SETTLED).await);
    assert_eq!(
        stale().await,
        3,
        "two rooms were billed, and nobody looked yet"
    );
    d.follow().await;
    assert_eq!(
        stale().await,
        1,
        "the room that no batch touched is not looked at"
    );

    let run = fees::runs(house, &d.s.manager).await.expect("runs")[0].id;
    fees::undo_run(house, &d.s.manager, run, "單價錯")
        .await
        .expect("undone");
    assert_eq!(stale().await, 3);
    d.follow().await;
    assert_eq!(
        stale().await,
        1,
        "what was taken back is followed in the same way"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn own_words_lie_sealed_and_the_ledger_holds_none_of_them() {
    let d = Desk::new().await;
    d.on(date(2025, 2, 20));
    let new = NewContact {
        answered: "王女士說下月發工資".into(),
        promise: Some((date(2025, 3, 5), Fen(30_000))),
        result: Outcome::Promised,
        ..d.call()
    };
    d.contact(new).await.expect("recorded");
    let kept: Vec<(String,)> =
        d.s.house
            .db
            .all(ask(
                "SELECT answered FROM arrears_contact WHERE community = $1 LIMIT 9",
                params![d.s.community],
            ))
            .await
            .expect("readable");
    assert!(kept[0].0.starts_with("sealed:"), "{}", kept[0].0);
    let bodies: Vec<(String,)> =
        d.s.house
            .db
            .all(ask(
                "SELECT body FROM ledger WHERE community = $1 LIMIT 999",
                params![d.s.community],
            ))
            .await
            .expect("readable");
    assert!(bodies.iter().all(|(b,)| !b.contains('王')));
    // A promise is a task of the day after it.
    d.on(date(2025, 3, 6));
    assert_eq!(d.shown(Show::Promised).await, 1);
    d.s.house.clock.advance(DAY);
}

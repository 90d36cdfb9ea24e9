//! The desk as owners and the office live it: from the report to the reporter's own word, what
//! the clock does, who sees what.

use ::desk::acts::{self, Doing};
use ::desk::opening::{self, New, Opened, Place};
use ::desk::ticket::Ticket;
use ::desk::work::{self, Saying, Shows};
use ::desk::{Act, Asked, Kind, Outcome, Priority, Refused, Source, State, WaitsFor};
use ::desk::{calls, listing, looking, tend};
use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::database::ask;
use foundation::ids::Id;
use foundation::ledger::{Door, Event, Who};
use foundation::params;
use jiff::civil::date;
use permissions::Role;
use permissions::actor::Actor;

use crate::membership::terms::member;
use crate::membership::world::{C, World, employ};

mod by_phone;
mod confidence;
mod dispatching;
mod handover;
mod histories;
mod kills;
mod pages;
mod shared;
mod ticking;

/// A compound with two owners and its office, on a Tuesday at half past nine.
pub struct Counter {
    pub w: World,
    pub owner: Actor,
    pub neighbour: Actor,
    pub technician: Actor,
    pub other: Actor,
}

impl Counter {
    pub async fn new() -> Counter {
        let w = World::new().await;
        w.house
            .write(C, &Who::operator(), |mut tx| {
                tx.execute(ask(
                    "INSERT INTO place (community, key, level, parent, name, sort_key, import) \
                     VALUES ($1, 'building/3', 'building', '', '3', $2, '')",
                    params![C, "3".as_bytes()],
                ))?;
                tx.record(
                    Event::new(foundation::ledger::Kind::new("test.made", 1)),
                    (),
                )
            })
            .await
            .expect("a building");
        let mut owners = Vec::new();
        for i in 0..2 {
            let (_, joined) = member(&w, i).await;
            let person = accounts::staff::person_of(&w.house, C, joined.account)
                .await
                .expect("asked");
            let roles = vec![Role::Owner];
            owners.push(Actor::account(joined.account, person, C, roles, Door::Web));
        }
        let technician = employ(&w.house, C, Role::Technician).await;
        let other = employ(&w.house, C, Role::Technician).await;
        let nine = Moment::at_start_of(date(2026, 3, 3)).plus(9 * HOUR + 30 * MINUTE);
        w.house.clock.set(nine.max(w.house.now()));
        let mut owners = owners.into_iter();
        let mut one = || owners.next().expect("two joined");
        Counter {
            owner: one(),
            neighbour: one(),
            technician,
            other,
            w,
        }
    }

    pub fn repair(&self) -> New {
        New {
            kind: Kind::Repair,
            words: "廚房水槽滴水".into(),
            place: Place::Room(self.w.rooms[0]),
            ..New::default()
        }
    }

    pub async fn opened(&self, new: New) -> Opened {
        let opened = opening::by_owner(&self.w.house, &self.owner, new).await;
        opened.expect("opened")
    }

    pub async fn act(&self, by: &Actor, id: Id, act: Act, doing: Doing) -> Result<State, Refused> {
        acts::act(&self.w.house, by, id, act, doing).await
    }

    /// The same where nothing stands in the way.
    pub async fn does(&self, by: &Actor, id: Id, act: Act, doing: Doing) -> State {
        let done = self.act(by, id, act, doing).await;
        done.unwrap_or_else(|e| panic!("{}: {e}", act.word()))
    }

    pub async fn ticket(&self, id: Id) -> Ticket {
        let system = Actor::system(C);
        let found = looking::ticket(&self.w.house, &system, id).await;
        found.expect("there")
    }

    /// A repair that the technician reported as done.
    pub async fn resolved(&self) -> Id {
        let id = self.opened(self.repair()).await.id;
        let specialist = self.w.specialist.clone();
        self.does(&specialist, id, Act::Triage, Doing::default())
            .await;
        self.does(&self.technician, id, Act::Grab, Doing::default())
            .await;
        self.does(&self.technician, id, Act::Start, Doing::default())
            .await;
        self.does(&self.technician, id, Act::Resolve, fixed()).await;
        id
    }
}

pub fn fixed() -> Doing {
    Doing {
        words: "換了密封圈".into(),
        outcome: Some(Outcome::Fixed),
        ..Doing::default()
    }
}

pub fn because(words: &str) -> Doing {
    Doing {
        words: words.into(),
        ..Doing::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_closed_by_nobody_but_its_reporter_and_asked_about_by_another() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let id = d.resolved().await;
    let (specialist, supervisor) = (d.w.specialist.clone(), d.w.supervisor.clone());
    for by in [&specialist, &d.technician, &d.neighbour, &supervisor] {
        let done = d.act(by, id, Act::Confirm, Doing::default()).await;
        assert!(done.is_err(), "{:?} confirmed it", by.roles);
    }
    let stars = Doing {
        rating: Some(5),
        ..because("謝謝")
    };
    assert_eq!(
        d.does(&d.owner, id, Act::Confirm, stars).await,
        State::Confirmed
    );
    let t = d.ticket(id).await;
    assert_eq!(
        (t.rating, t.silent, t.worker),
        (Some(5), false, d.technician.account)
    );
    // The worker may not ask whether it was done, even as a colleague of the desk.
    let worker = Actor::account(
        d.technician.account.expect("an account"),
        None,
        C,
        vec![Role::Technician, Role::OnDuty],
        Door::Web,
    );
    let own = calls::record(house, &worker, id, Some(true), "都好").await;
    assert!(matches!(own, Err(Refused::OwnWork)), "{own:?}");
    calls::record(house, &specialist, id, Some(true), "不再滴水")
        .await
        .expect("another may");
    let again = calls::record(house, &specialist, id, Some(false), "").await;
    assert!(matches!(again, Err(Refused::Again)));
    house.clock.advance(4 * DAY);
    tend::run(house, C).await.expect("tended");
    assert_eq!(d.ticket(id).await.state, State::Closed);
    let told = d.w.told(&format!("ticket:{id}")).await;
    let moved = told.iter().filter(|k| *k == "desk.moved").count();
    assert_eq!(told.first().map(String::as_str), Some("desk.opened"));
    assert_eq!(
        moved, 6,
        "triage, grab, start, resolve, confirm, close: {told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn reopening_asks_for_a_reason_and_restarts_nothing_silently() {
    let d = Counter::new().await;
    let id = d.resolved().await;
    let before = looking::readings(&d.w.house, C, &d.ticket(id).await)
        .await
        .expect("read");
    d.w.house.clock.advance(3 * HOUR);
    let done = d.act(&d.owner, id, Act::Reopen, Doing::default()).await;
    assert!(matches!(done, Err(Refused::Words)), "{done:?}");
    d.does(&d.owner, id, Act::Reopen, because("又滴了")).await;
    let t = d.ticket(id).await;
    assert_eq!(
        (t.state, t.reopened, t.assignee),
        (State::Reopened, 1, None)
    );
    let after = looking::readings(&d.w.house, C, &t).await.expect("read");
    assert_eq!(
        after[2].from, before[2].from,
        "the clock goes on where it stood"
    );
    assert!(after[2].is_live());
    assert_eq!(after[2].used_ms, before[2].used_ms);
    assert_eq!(
        after[0].standing, before[0].standing,
        "it was answered once"
    );
    // Long after, it is another matter.
    d.does(&d.technician, id, Act::Grab, Doing::default()).await;
    d.does(&d.technician, id, Act::Start, Doing::default())
        .await;
    d.does(&d.technician, id, Act::Resolve, fixed()).await;
    d.does(&d.owner, id, Act::Confirm, Doing::default()).await;
    d.w.house.clock.advance(31 * DAY);
    let late = d.act(&d.owner, id, Act::Reopen, because("又滴了")).await;
    assert!(matches!(late, Err(Refused::ReopenOver)), "{late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gap_however_many_report_at_once_and_some_fail() {
    let d = Counter::new().await;
    let house = d.w.house.house.clone();
    let mut all = Vec::new();
    for n in 0..40 {
        let (house, owner, mut new) = (house.clone(), d.owner.clone(), d.repair());
        if n % 5 == 4 {
            new.place = Place::Room(d.w.rooms[2]);
        }
        all.push(tokio::spawn(async move {
            opening::by_owner(&house, &owner, new)
                .await
                .map(|o| o.number)
        }));
    }
    let mut numbers = Vec::new();
    for one in all {
        match one.await.expect("no panic") {
            Ok(number) => numbers.push(number.number),
            Err(e) => assert!(matches!(e, Refused::Room), "{e}"),
        }
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=32).collect::<Vec<i64>>());
    let year = i64::from(house.now().date().year());
    house_turns(&d);
    let next = d.opened(d.repair()).await.number;
    assert_eq!(
        (next.year, next.number),
        (year + 1, 1),
        "each year begins anew"
    );
}

fn house_turns(d: &Counter) {
    d.w.house.clock.advance(366 * DAY);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_twice_is_done_once() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let sent = |id: &str| New {
        sent_id: id.into(),
        ..d.repair()
    };
    let first = d.opened(sent("abc1")).await;
    assert_eq!(d.opened(sent("abc1")).await, first);
    let id = first.id;
    let specialist = d.w.specialist.clone();
    d.does(&specialist, id, Act::Triage, Doing::default()).await;
    let once = || Doing {
        sent_id: "grab1".into(),
        ..Doing::default()
    };
    assert_eq!(
        d.does(&d.technician, id, Act::Grab, once()).await,
        State::Accepted
    );
    assert_eq!(
        d.does(&d.technician, id, Act::Grab, once()).await,
        State::Accepted
    );
    for _ in 0..2 {
        let saying = Saying {
            words: "在路上".into(),
            public: true,
            shows: Shows::Before,
            pictures: Vec::new(),
            sent_id: "say1".into(),
        };
        work::say(house, &d.technician, id, saying)
            .await
            .expect("said");
    }
    let story = looking::story(house, &d.owner, &d.ticket(id).await)
        .await
        .expect("read");
    assert_eq!(story.iter().filter(|s| s.words == "在路上").count(), 1);
    assert_eq!(story.iter().filter(|s| s.act == "grab").count(), 1);
    let forged = d.act(
        &d.technician,
        id,
        Act::Start,
        Doing {
            sent_id: "a b'".into(),
            ..Doing::default()
        },
    );
    assert!(matches!(forged.await, Err(Refused::Words)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_from_two_places_at_once_is_done_once_and_both_hear_so() {
    let d = Counter::new().await;
    for round in 0..10 {
        let id = d.opened(d.repair()).await.id;
        let specialist = d.w.specialist.clone();
        d.does(&specialist, id, Act::Triage, Doing::default()).await;
        let version = d.ticket(id).await.version;
        let mut all = Vec::new();
        for _ in 0..4 {
            let (house, by) = (d.w.house.house.clone(), d.technician.clone());
            let doing = Doing {
                version,
                sent_id: format!("both{round}"),
                ..Doing::default()
            };
            all.push(tokio::spawn(async move {
                acts::act(&house, &by, id, Act::Grab, doing).await
            }));
        }
        for one in all {
            let done = one.await.expect("no panic");
            assert!(matches!(done, Ok(State::Accepted)), "{done:?}");
        }
        let told = d.w.told(&format!("ticket:{id}")).await;
        assert_eq!(told.iter().filter(|k| *k == "desk.moved").count(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_keeps_its_guards() {
    let d = Counter::new().await;
    let specialist = d.w.specialist.clone();
    let id = d.opened(d.repair()).await.id;
    let to = |who: &Actor| Doing {
        to: who.account,
        ..Doing::default()
    };
    // Given to whoever cannot work: an owner, nobody.
    for doing in [to(&d.owner), Doing::default(), to(&d.w.host)] {
        let done = d.act(&specialist, id, Act::Assign, doing).await;
        assert!(matches!(done, Err(Refused::Worker)), "{done:?}");
    }
    d.does(&specialist, id, Act::Assign, to(&d.technician))
        .await;
    // Another technician neither accepts it nor takes it away.
    for act in [Act::Accept, Act::Grab, Act::HandBack] {
        let done = d.act(&d.other, id, act, because("我來")).await;
        assert!(done.is_err(), "{}", act.word());
    }
    let silent = d
        .act(&d.technician, id, Act::HandBack, Doing::default())
        .await;
    assert!(matches!(silent, Err(Refused::Words)));
    d.does(&d.technician, id, Act::Accept, Doing::default())
        .await;
    d.does(&d.technician, id, Act::Start, Doing::default())
        .await;
    let wait = |days| Doing {
        waits_for: Some(WaitsFor::Parts),
        days,
        ..because("等密封圈")
    };
    let long = d.act(&d.technician, id, Act::Wait, wait(Some(11))).await;
    assert!(
        matches!(long, Err(Refused::Setting)),
        "longer than it may wait"
    );
    let bare = Doing {
        words: String::new(),
        ..wait(None)
    };
    assert!(matches!(
        d.act(&d.technician, id, Act::Wait, bare).await,
        Err(Refused::Words)
    ));
    d.does(&d.technician, id, Act::Wait, wait(None)).await;
    d.does(&d.technician, id, Act::Resume, Doing::default())
        .await;
    let done = d
        .act(&d.technician, id, Act::Resolve, because("好了"))
        .await;
    assert!(
        matches!(done, Err(Refused::Setting)),
        "an outcome is said apart"
    );
    let stale = Doing {
        version: 1,
        ..fixed()
    };
    let done = d.act(&d.technician, id, Act::Resolve, stale).await;
    assert!(matches!(done, Err(Refused::Changed)));
    let illegal = d.act(&specialist, id, Act::Triage, Doing::default()).await;
    assert!(matches!(illegal, Err(Refused::Illegal(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_assistant_hands_over_and_the_clock_runs_from_the_first_unanswered_word() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let since = house.now();
    house.clock.advance(40 * MINUTE);
    let person = d.owner.person;
    let asked = Asked {
        room: Some(d.w.rooms[0]),
        id: Some(house.id()),
        account: None,
        person,
        text: "天花板漏水怎麼辦".into(),
        category: Some("leak".into()),
        urgent: true,
        since,
        source: Source::Assistant,
    };
    let mut all = Vec::new();
    for _ in 0..2 {
        let opened = ::desk::open(house, C, Actor::system(C).who(), asked.clone()).await;
        all.push(opened.expect("opened"));
    }
    assert_eq!(all[0], all[1], "offered twice, it is one");
    let mine = ::desk::mine(house, &d.owner).await.expect("asked");
    assert_eq!(mine.len(), 1);
    assert_eq!((mine[0].number, mine[0].state), (all[0].number, State::New));
    let t = d.ticket(mine[0].id).await;
    assert_eq!(
        (t.priority, t.source),
        (Priority::Emergency, Source::Assistant)
    );
    assert_eq!(t.reporter_account, d.owner.account, "the owner follows it");
    let readings = looking::readings(house, C, &t).await.expect("read");
    assert_eq!(readings[0].from, since);
    assert!(
        readings[0].is_missed(house.now()),
        "fifteen minutes were promised"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_says_its_totals_and_narrows() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let first = d.resolved().await;
    for n in 0..3 {
        let mut new = d.repair();
        if n == 2 {
            new.priority = Some(Priority::Urgent);
            (new.kind, new.place) = (Kind::Enquiry, Place::Nowhere);
        }
        d.opened(new).await;
    }
    d.does(&d.owner, first, Act::Confirm, Doing::default())
        .await;
    let specialist = &d.w.specialist;
    let page = |q: listing::Query| async move {
        let found = listing::page(house, specialist, &q, None).await;
        let found = found.expect("a page");
        assert_eq!(found.rows.len() as i64, found.total);
        found.total
    };
    let base = listing::Query::default;
    assert_eq!(page(base()).await, 3);
    let show = listing::Show::All;
    assert_eq!(
        page(listing::Query {
            show,
            newest: true,
            ..base()
        })
        .await,
        4
    );
    let kind = Some(Kind::Enquiry);
    assert_eq!(page(listing::Query { kind, ..base() }).await, 1);
    let priority = Some(Priority::Urgent);
    assert_eq!(page(listing::Query { priority, ..base() }).await, 1);
    let building = "3".to_owned();
    assert_eq!(page(listing::Query { building, ..base() }).await, 2);
    let (n,): (i64,) = house
        .db
        .one(ask(
            "SELECT CAST(SUM(tickets) AS BIGINT) FROM desk_tally \
             WHERE community = $1 AND priority = '*' AND building = '*' AND category = '*' \
             AND team = '*'",
            params![C],
        ))
        .await
        .expect("counted");
    assert_eq!(n, 4, "the tally loses none");
    let pool = listing::Query {
        show: listing::Show::Open,
        ..base()
    };
    let refused = listing::page(house, &d.technician, &pool, None).await;
    assert!(
        matches!(refused, Err(Refused::Forbidden(_))),
        "a technician sees the pool and their own"
    );
}

//! The quarterly census: who is due, visits, answers merged once, differences confirmed into the
//! roster, households that check themselves, coverage, and what the ledger replays of it.

use std::collections::BTreeMap;

use census::answer::{self, Fields, Given, Newcomer, Outcome, Stage};
use census::task::Method;
use census::work::{self, Filter};
use census::{CensusError, Quarter, State, Task, confirm, coverage, home, plan, visit};
use dossiers::Kind;
use foundation::clock::{DAY, HOUR, Moment};
use foundation::database::ask;
use foundation::ids::Id;
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;

use crate::archive::office::Office;
use crate::membership::world::{C, employ};

mod doors;
mod keeping;
mod own;

/// 2026-03-02, a Monday, lies in it.
pub const Q1: Quarter = Quarter { year: 2026, nth: 1 };

/// An office whose quarter is planned and shared out: four households of 3-2.
pub async fn planned() -> Office {
    let o = Office::new().await;
    plan::tend(o.house(), &o.w.supervisor, Q1)
        .await
        .expect("planned");
    give_all(&o, &o.w.specialist).await;
    o
}

pub async fn give_all(o: &Office, to: &Actor) {
    let account = to.account.expect("an account");
    census::share::assign(o.house(), &o.w.supervisor, Q1, "3", account)
        .await
        .expect("assigned");
}

pub async fn tasks(o: &Office, q: Quarter) -> Vec<Task> {
    let all = Filter::default();
    work::page(o.house(), &o.w.manager, q, &all, None)
        .await
        .expect("listed")
        .0
}

pub async fn task(o: &Office, at: usize) -> Task {
    tasks(o, Q1).await[at].clone()
}

pub async fn now_is(o: &Office, id: Id) -> Task {
    work::one(o.house(), &o.w.manager, id).await.expect("there")
}

/// Everything as it is known.
pub fn same() -> Fields {
    Fields {
        rest_same: true,
        ..Fields::default()
    }
}

pub async fn known(o: &Office, task: &Task) -> home::Home {
    home::of(o.house(), C, task).await.expect("known")
}

/// All the same but the owner's phone.
pub async fn other_phone(o: &Office, task: &Task, to: &str) -> Fields {
    let home = known(o, task).await;
    let key = format!("phone-{}", home.people[0].party);
    Fields {
        given: BTreeMap::from([(key, Given::To(to.into()))]),
        marks: home
            .questions(&[])
            .map(|q| (q.key.clone(), q.mark.clone()))
            .collect(),
        ..same()
    }
}

pub async fn visited(o: &Office, task: &Task, sent_id: &str, fields: &Fields) -> Outcome {
    answer::send(
        o.house(),
        &o.w.specialist,
        task.id,
        sent_id,
        Method::Visit,
        fields,
    )
    .await
    .expect("taken")
}

async fn told(o: &Office, subject: &str) -> Vec<String> {
    o.w.told(subject).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tenure_is_due_once_in_a_quarter_and_planning_again_changes_nothing() {
    let o = planned().await;
    let all = tasks(&o, Q1).await;
    let codes: Vec<&str> = all.iter().map(|t| t.code.as_str()).collect();
    assert_eq!(codes, ["3-2-1801", "3-2-1802", "3-2-1803", "3-2-1804"]);
    assert!(all.iter().all(|t| t.state == State::Open));
    let again = plan::tend(o.house(), &o.w.supervisor, Q1).await;
    assert_eq!(again.expect("again"), plan::Tended::default());
    let early = plan::tend(o.house(), &o.w.supervisor, Q1.next()).await;
    assert!(matches!(early, Err(CensusError::Early)));
    let not_theirs = plan::tend(o.house(), &o.w.specialist, Q1).await;
    assert!(matches!(not_theirs, Err(CensusError::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parking_space_is_not_due_and_a_tenure_that_ends_early_is_excused() {
    let o = planned().await;
    let (c, by) = (C, &o.w.specialist);
    let first = task(&o, 0).await;
    let room = roster::room(o.house(), c, first.room).await.expect("asked");
    let room = room.expect("there");
    let mut draft = roster::RoomDraft {
        facts: room.facts,
        note: None,
    };
    draft.facts.purpose = Some("parking".into());
    roster::edit_room(o.house(), by, c, first.room, room.version, &draft)
        .await
        .expect("edited");
    let done = plan::tend(o.house(), &o.w.supervisor, Q1).await;
    assert_eq!(done.expect("tended").excused, 1);
    assert_eq!(now_is(&o, first.id).await.state, State::Excused);
    let t = coverage::totals(o.house(), C, Q1).await.expect("counted");
    assert_eq!((t.due(), t.excused), (3, 1));
    // A home again, it is due again.
    draft.facts.purpose = Some("residence".into());
    roster::edit_room(o.house(), by, c, first.room, room.version + 1, &draft)
        .await
        .expect("edited");
    plan::tend(o.house(), &o.w.supervisor, Q1)
        .await
        .expect("tended");
    assert_eq!(now_is(&o, first.id).await.state, State::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_at_moving_in_is_the_quarters_record() {
    let o = planned().await;
    let first = task(&o, 0).await;
    crate::forms::signed(&o, first.dossier, Kind::Registration).await;
    let done = plan::tend(o.house(), &o.w.supervisor, Q1).await;
    assert_eq!(done.expect("tended").registered, 1);
    let first = now_is(&o, first.id).await;
    assert_eq!(
        (first.state, first.method.as_str()),
        (State::Registered, "registration")
    );
    // It is that quarter's only.
    o.w.house.clock.set(Q1.bounds().1.plus(DAY));
    plan::tend(o.house(), &o.w.supervisor, Q1.next())
        .await
        .expect("the next");
    let next = tasks(&o, Q1.next()).await;
    assert_eq!(next[0].state, State::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_complete_when_every_field_is_confirmed_or_changed() {
    let o = planned().await;
    let first = task(&o, 0).await;
    let send = |fields: Fields| {
        let (o, id) = (&o, first.id);
        async move {
            let by = &o.w.specialist;
            answer::send(o.house(), by, id, "visit-0001", Method::Visit, &fields).await
        }
    };
    let bare = send(Fields::default()).await;
    assert!(matches!(bare, Err(CensusError::Missing(keys)) if keys.len() == 5));
    assert_eq!(now_is(&o, first.id).await.state, State::Open);
    assert_eq!(send(same()).await.expect("complete"), Outcome::Counted);
    let first = now_is(&o, first.id).await;
    assert_eq!((first.state, first.late), (State::Counted, false));
    assert_eq!(first.method, "visit");
    let subject = format!("dossier:{}", first.dossier);
    assert_eq!(
        told(&o, &subject).await.last().map(String::as_str),
        Some("census.counted")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_twice_is_merged_once() {
    let o = planned().await;
    let first = task(&o, 0).await;
    let fields = other_phone(&o, &first, "13900139000").await;
    let (a, b) = tokio::join!(
        visited(&o, &first, "phone-7777", &fields),
        visited(&o, &first, "phone-7777", &fields)
    );
    assert_eq!(a, b);
    assert_eq!(visited(&o, &first, "phone-7777", &same()).await, a);
    let all = answer::of_task(o.house(), &o.w.specialist, first.id).await;
    assert_eq!(all.expect("listed").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_difference_enters_the_roster_only_when_a_specialist_confirmed_it() {
    let o = planned().await;
    let (first, by) = (task(&o, 0).await, &o.w.specialist);
    let fields = other_phone(&o, &first, "139 0013 9000").await;
    let Outcome::Waiting(id) = visited(&o, &first, "visit-0001", &fields).await else {
        panic!("it differs");
    };
    assert_eq!(now_is(&o, first.id).await.state, State::Open);
    let account = by.account.expect("an account");
    let round = work::round(o.house(), by, Q1, account, 30).await;
    let round = round.expect("the round");
    assert!(round.iter().all(|t| t.id != first.id), "not visited twice");
    let look = confirm::look(o.house(), by, id).await.expect("looked at");
    assert_eq!(look.differences.len(), 1);
    assert!(look.differences[0].was.contains("****"), "masked");
    let undecided = confirm::confirm(o.house(), by, id, &BTreeMap::new()).await;
    assert!(matches!(undecided, Err(CensusError::Undecided)));
    let decided = BTreeMap::from([(look.differences[0].key.clone(), true)]);
    confirm::confirm(o.house(), by, id, &decided)
        .await
        .expect("confirmed");
    let party = known(&o, &first).await.people[0].party;
    let phones = roster::phones_of(o.house(), C, party).await.expect("asked");
    assert_eq!(phones.len(), 1, "the old one has ended: {phones:?}");
    assert!(phones[0].ends_with("13900139000"), "{phones:?}");
    let first = now_is(&o, first.id).await;
    assert_eq!((first.state, first.changes), (State::Counted, 1));
    // The ledger names the census just before the roster's own event.
    let kinds: Vec<(String,)> = o
        .house()
        .db
        .all(ask(
            "SELECT kind FROM ledger WHERE community = $1 AND (kind LIKE 'census.%' OR kind LIKE \
             'roster.%') ORDER BY seq DESC LIMIT 4",
            params![C],
        ))
        .await
        .expect("readable");
    let kinds: Vec<&str> = kinds.iter().rev().map(|k| k.0.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "census.changed",
            "roster.party_changed",
            "roster.party_changed",
            "census.counted"
        ]
    );
    // And the roster's events say it themselves: the record of the change in the dossier tells
    // that it came by the census.
    let (by_census,): (i64,) = o
        .house()
        .db
        .one(ask(
            "SELECT COUNT(*) FROM ledger WHERE community = $1 AND kind = 'roster.party_changed' \
             AND body LIKE '%\"source\":\"census\"%'",
            params![C],
        ))
        .await
        .expect("counted");
    assert_eq!(by_census, 2);
    let twice = confirm::confirm(o.house(), by, id, &decided).await;
    assert!(matches!(twice, Err(CensusError::Changed)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_over_leaves_the_roster_as_it_is_and_still_counts() {
    let o = planned().await;
    let (first, by) = (task(&o, 0).await, &o.w.specialist);
    let fields = other_phone(&o, &first, "13900139000").await;
    let Outcome::Waiting(id) = visited(&o, &first, "visit-0001", &fields).await else {
        panic!("it differs");
    };
    let party = known(&o, &first).await.people[0].party;
    let key = format!("phone-{party}");
    confirm::confirm(o.house(), by, id, &BTreeMap::from([(key, false)]))
        .await
        .expect("confirmed");
    let phones = roster::phones_of(o.house(), C, party).await.expect("asked");
    assert!(phones[0].ends_with("13800138001"), "{phones:?}");
    assert_eq!(now_is(&o, first.id).await.changes, 0);
    let other = task(&o, 1).await;
    let fields = other_phone(&o, &other, "13900139001").await;
    let Outcome::Waiting(id) = visited(&o, &other, "visit-0002", &fields).await else {
        panic!("it differs");
    };
    confirm::drop(o.house(), by, id).await.expect("put aside");
    assert_eq!(now_is(&o, other.id).await.state, State::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_came_late_with_an_older_page_is_shown_as_a_conflict() {
    let o = planned().await;
    let (first, by) = (task(&o, 0).await, &o.w.specialist);
    // Written without a line, before the desk changed the number.
    let stale = other_phone(&o, &first, "13900139000").await;
    let fresh = other_phone(&o, &first, "13700137000").await;
    let Outcome::Waiting(id) = visited(&o, &first, "desk-00001", &fresh).await else {
        panic!("it differs");
    };
    let key = stale.given.keys().next().expect("one").clone();
    confirm::confirm(o.house(), by, id, &BTreeMap::from([(key.clone(), true)]))
        .await
        .expect("confirmed");
    let Outcome::Conflict(late) = visited(&o, &first, "phone-0001", &stale).await else {
        panic!("the record is another now");
    };
    let look = confirm::look(o.house(), by, late).await.expect("looked at");
    assert!(look.differences.iter().all(|d| d.conflict));
    let (waiting, _) = answer::page(o.house(), by, Stage::Conflict, None)
        .await
        .expect("listed");
    assert_eq!(waiting.len(), 1);
    confirm::confirm(o.house(), by, late, &BTreeMap::from([(key, true)]))
        .await
        .expect("decided");
    let party = look.home.people[0].party;
    let phones = roster::phones_of(o.house(), C, party).await.expect("asked");
    assert!(phones[0].ends_with("13900139000"), "{phones:?}");
    assert_eq!(now_is(&o, first.id).await.changes, 1, "counted once");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_cars_and_the_use_of_a_home_come_and_go_by_the_rosters_verbs() {
    let o = planned().await;
    let (first, by) = (task(&o, 0).await, &o.w.specialist);
    let owner = known(&o, &first).await.people[0].party;
    let child = Newcomer {
        name: "王小寶".into(),
        tie: "family".into(),
        child: true,
        guardian: Some(owner),
        consent: true,
        ..Newcomer::default()
    };
    let tenant = Newcomer {
        name: "何平".into(),
        tie: "tenant".into(),
        phone: "13600136000".into(),
        ..Newcomer::default()
    };
    let fields = Fields {
        given: BTreeMap::from([("use".to_owned(), Given::To("let".into()))]),
        newcomers: vec![child, tenant],
        plates: vec!["粵B12345".into()],
        ..same()
    };
    let Outcome::Waiting(id) = visited(&o, &first, "visit-0001", &fields).await else {
        panic!("it differs");
    };
    let all = |o: Vec<answer::Difference>| o.into_iter().map(|d| (d.key, true)).collect();
    let look = confirm::look(o.house(), by, id).await.expect("looked at");
    assert_eq!(look.differences.len(), 4);
    confirm::confirm(o.house(), by, id, &all(look.differences))
        .await
        .expect("confirmed");
    let home = known(&o, &first).await;
    assert_eq!(home.usage.known, "let");
    assert_eq!((home.people.len(), home.plates.len()), (3, 1));
    let child = home.people.iter().find(|m| m.child).expect("the child");
    // From now on the child is asked about with consent only; the tenant may move out.
    let tenant = home.people.iter().find(|m| m.tie == roster::Tie::Tenant);
    let gone = format!("here-{}", tenant.expect("the tenant").relation);
    let bare: Vec<&str> = home.questions(&[]).map(|q| q.key.as_str()).collect();
    assert!(!bare.iter().any(|k| k.contains(child.party.as_str())));
    let second = Fields {
        given: BTreeMap::from([
            (gone, Given::Gone),
            (home.plates[0].key.clone(), Given::Gone),
        ]),
        ..same()
    };
    // The household is settled: what comes now is decided by a person too.
    let Outcome::Conflict(id) = visited(&o, &first, "visit-0002", &second).await else {
        panic!("the household has its record");
    };
    let look = confirm::look(o.house(), by, id).await.expect("looked at");
    confirm::confirm(o.house(), by, id, &all(look.differences))
        .await
        .expect("confirmed");
    let home = known(&o, &first).await;
    assert_eq!((home.people.len(), home.plates.len()), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_at_home_is_tried_again_at_another_hour_and_an_empty_home_needs_two_signs() {
    let o = planned().await;
    let (first, by) = (task(&o, 0).await, &o.w.specialist);
    assert_eq!(
        visit::away(o.house(), by, first.id).await.expect("noted"),
        1
    );
    let same_hour = visit::away(o.house(), by, first.id).await;
    assert!(matches!(same_hour, Err(CensusError::SamePart)));
    o.w.house.clock.advance(9 * HOUR);
    assert_eq!(
        visit::away(o.house(), by, first.id).await.expect("noted"),
        2
    );
    o.w.house.clock.advance(DAY);
    visit::away(o.house(), by, first.id).await.expect("noted");
    let tried = visit::attempts(o.house(), by, first.id).await;
    assert!(visit::enough(&tried.expect("listed")));

    let one = visit::vacant(o.house(), by, first.id, &["meter", "meter"]).await;
    assert!(matches!(one, Err(CensusError::Signs)));
    visit::vacant(o.house(), by, first.id, &["meter", "access"])
        .await
        .expect("two signs");
    let first = now_is(&o, first.id).await;
    assert_eq!(
        (first.state, first.signs.as_str()),
        (State::Vacant, "meter access")
    );
    assert_eq!(known(&o, &first).await.usage.known, "vacant");
    let t = coverage::totals(o.house(), C, Q1).await.expect("counted");
    assert_eq!((t.vacant, t.in_time()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_want_to_is_not_asked_again_and_may_change_their_mind() {
    let o = planned().await;
    let (first, by) = (task(&o, 0).await, &o.w.specialist);
    visit::refuse(o.house(), by, first.id).await.expect("noted");
    let account = by.account.expect("an account");
    let round = work::round(o.house(), by, Q1, account, 30).await;
    assert!(round.expect("the round").iter().all(|t| t.id != first.id));
    let pressed = visit::away(o.house(), by, first.id).await;
    assert!(matches!(pressed, Err(CensusError::State(State::Refused))));
    let t = coverage::totals(o.house(), C, Q1).await.expect("counted");
    assert_eq!(
        (t.refused, t.in_time(), t.due()),
        (1, 0, 4),
        "never coverage"
    );
    visit::reopen(o.house(), by, first.id)
        .await
        .expect("after all");
    assert_eq!(
        visited(&o, &first, "visit-0001", &same()).await,
        Outcome::Counted
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn finished_after_the_quarter_is_late_for_it_and_nothing_for_the_next() {
    let o = planned().await;
    let (first, by) = (task(&o, 0).await, &o.w.supervisor);
    o.w.house
        .clock
        .set(Moment(Q1.bounds().1.0).plus(DAY + 10 * HOUR));
    census::jobs::tend(o.house(), C).await.expect("the night");
    assert_eq!(
        visited(&o, &first, "visit-0001", &same()).await,
        Outcome::Counted
    );
    let first = now_is(&o, first.id).await;
    assert!(first.late);
    let t = coverage::totals(o.house(), C, Q1).await.expect("counted");
    assert_eq!((t.late, t.in_time(), t.counted), (1, 0, 1));
    let next = tasks(&o, Q1.next()).await;
    let theirs = next.iter().find(|t| t.dossier == first.dossier);
    assert_eq!(theirs.expect("due anew").state, State::Open);
    let plan = plan::of(o.house(), C, Q1).await.expect("asked");
    assert!(plan.expect("there").closed_at.is_some());
    plan::close(o.house(), by, Q1).await.expect("closed once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_has_its_quota_and_the_round_goes_in_shelf_order() {
    let o = planned().await;
    let by = &o.w.specialist;
    let account = by.account.expect("an account");
    let week = work::week(o.house(), C, Q1, account).await.expect("asked");
    // Four weeks with working days up to Thursday the 26th.
    assert_eq!((week.open, week.weeks, week.quota, week.done), (4, 4, 1, 0));
    let first = task(&o, 0).await;
    visited(&o, &first, "visit-0001", &same()).await;
    let week = work::week(o.house(), C, Q1, account).await.expect("asked");
    assert_eq!((week.quota, week.done, week.left()), (1, 1, 0));
    let round = work::round(o.house(), by, Q1, account, 2).await;
    let codes: Vec<String> = round
        .expect("the round")
        .into_iter()
        .map(|t| t.code)
        .collect();
    assert_eq!(codes, ["3-2-1802", "3-2-1803"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_visited_lately_comes_last_in_the_next_quarter() {
    let o = planned().await;
    let first = task(&o, 0).await;
    o.w.house.clock.set(Q1.bounds().1.plus(-3 * DAY));
    visited(&o, &first, "visit-0001", &same()).await;
    o.w.house.clock.set(Q1.bounds().1.plus(DAY));
    plan::tend(o.house(), &o.w.supervisor, Q1.next())
        .await
        .expect("the next");
    let by = &o.w.specialist;
    let account = by.account.expect("an account");
    let round = work::round(o.house(), by, Q1.next(), account, 3).await;
    let codes: Vec<String> = round
        .expect("the round")
        .into_iter()
        .map(|t| t.code)
        .collect();
    assert_eq!(codes, ["3-2-1802", "3-2-1803", "3-2-1804"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn buildings_and_single_homes_go_to_those_who_visit_and_to_nobody_else() {
    let o = planned().await;
    let (lead, second) = (&o.w.supervisor, o.checker.account.expect("an account"));
    let manager = o.w.manager.account.expect("an account");
    let nobody = census::share::assign(o.house(), lead, Q1, "3", manager).await;
    assert!(matches!(nobody, Err(CensusError::Nobody)));
    let first = task(&o, 0).await;
    census::share::hand_over(o.house(), lead, first.id, second)
        .await
        .expect("handed over");
    assert_eq!(now_is(&o, first.id).await.assignee, Some(second));
    let by_self = census::share::hand_over(o.house(), &o.w.specialist, first.id, second).await;
    assert!(matches!(by_self, Err(CensusError::Forbidden(_))));
    // A new specialist finds nothing to share: every building has somebody.
    employ(o.house(), C, Role::Specialist).await;
    let spread = census::share::spread(o.house(), lead, Q1).await;
    assert_eq!(spread.expect("shared out"), 0);
}

//! What time, two reviewers, transfers and removal do.

use std::io::Cursor;

use foundation::clock::DAY;
use foundation::database::{Community, HOUSE, ask};
use foundation::ids::Id;
use foundation::jobs::Runner;
use foundation::ledger::{Door, Event, Kind, Who};
use foundation::params;
use foundation::pictures::PictureRefused;
use membership::desk::{self, Decision};
use membership::draft::{self, Answers};
use membership::join::{self, Joined, Ticket};
use membership::members::{self, Measure};
use membership::pictures::PictureKind;
use membership::state::{Illegal, State};
use membership::{MembershipError, apply, follow, invite, jobs, pictures, view};
use permissions::Role;
use permissions::actor::Actor;
use roster::{self, NewOwner, PersonDraft};

use super::story::{ACCEPTED, new_account};
use super::world::{C, World, employ};

async fn run_jobs(w: &World) {
    let runner = jobs(Runner::default());
    let house = w.house.house.clone();
    while runner
        .run_due(&house.db, &house, house.now())
        .await
        .expect("jobs run")
        > 0
    {}
}

/// Somebody of the roster who joined: their application and what came of it.
pub async fn member(w: &World, i: usize) -> (Id, Joined) {
    let (_, id) = w.applied(w.answers(i)).await;
    desk::decide(&w.house, &w.specialist, id, 1, Decision::Approve)
        .await
        .expect("approved");
    let issued = invite::invite(&w.house, &w.host, id)
        .await
        .expect("invited");
    let ticket = Ticket::Invitation(&issued.secret);
    let joined = join::confirm(&w.house, &w.applicant(), ticket, ACCEPTED, new_account(i)).await;
    (id, joined.expect("joined"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_runs_out_after_fourteen_days_and_a_new_one_admits() {
    let w = World::new().await;
    let (secret, id) = w.applied(w.answers(0)).await;
    desk::decide(&w.house, &w.specialist, id, 1, Decision::Approve)
        .await
        .expect("approved");
    let first = invite::invite(&w.house, &w.host, id)
        .await
        .expect("invited");
    w.house.clock.advance(11 * DAY + 1);
    run_jobs(&w).await;
    w.house.clock.advance(3 * DAY);
    let late = join::look(&w.house, C, Ticket::Invitation(&first.secret)).await;
    assert!(matches!(late, Err(MembershipError::InvitationEnded)));
    run_jobs(&w).await;
    run_jobs(&w).await;
    let app = apply::find(&w.house, C, &secret).await.expect("there");
    assert_eq!(app.state, State::InviteExpired);
    let told = w.told(&format!("application:{id}")).await;
    assert_eq!(
        told[3..],
        ["membership.reminded", "membership.invite_expired"]
    );
    let second = invite::invite(&w.house, &w.host, id).await.expect("again");
    let third = invite::invite(&w.house, &w.host, id)
        .await
        .expect("and again");
    let ended = join::look(&w.house, C, Ticket::Invitation(&second.secret)).await;
    assert!(
        matches!(ended, Err(MembershipError::InvitationEnded)),
        "re-issue ends the earlier one"
    );
    let ticket = Ticket::Invitation(&third.secret);
    join::confirm(&w.house, &w.applicant(), ticket, ACCEPTED, new_account(0))
        .await
        .expect("joined");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_reviewers_at_once_the_second_is_told() {
    let w = World::new().await;
    let (_, id) = w.applied(w.answers(0)).await;
    let words = "請補拍".to_owned();
    let ask_more = Decision::AskMore {
        what: "deed",
        words,
    };
    let (one, two) = tokio::join!(
        desk::decide(&w.house, &w.specialist, id, 1, Decision::Approve),
        desk::decide(&w.house, &w.supervisor, id, 1, ask_more)
    );
    let told = [&one, &two]
        .iter()
        .filter(|r| matches!(r, Err(MembershipError::Changed)))
        .count();
    assert_eq!(told, 1, "{one:?} {two:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_names_its_reason_and_another_reviewer_looks_again() {
    let w = World::new().await;
    let (secret, id) = w.applied(w.answers(0)).await;
    let silent = Decision::Refuse {
        why: "proof_unclear",
        words: String::new(),
    };
    let refused = desk::decide(&w.house, &w.specialist, id, 1, silent).await;
    assert!(matches!(
        refused,
        Err(MembershipError::Illegal(Illegal::NeedsReason))
    ));
    let words = "請在光線好的地方重拍".to_owned();
    let refuse = Decision::Refuse {
        why: "proof_unclear",
        words,
    };
    desk::decide(&w.house, &w.specialist, id, 1, refuse.clone())
        .await
        .expect("refused");
    let machine = desk::decide(&w.house, &Actor::system(C), id, 2, refuse).await;
    assert!(machine.is_err(), "a machine never refuses alone");
    let own = apply::Own::Review("照片是清楚的".into());
    apply::act(&w.house, &w.applicant(), &secret, own)
        .await
        .expect("asked");
    let app = apply::find(&w.house, C, &secret).await.expect("there");
    let same = desk::decide(&w.house, &w.specialist, id, app.version, Decision::Approve).await;
    assert!(
        matches!(same, Err(MembershipError::NotThisReviewer)),
        "{same:?}"
    );
    let other = desk::decide(&w.house, &w.supervisor, id, app.version, Decision::Approve).await;
    assert_eq!(other.expect("approved"), State::Approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_takes_two_and_leaves_the_owner_what_an_owner_keeps() {
    let w = World::new().await;
    let (_, joined) = member(&w, 0).await;
    let id = joined.member;
    let words = "在群裡反覆辱罵鄰居，已兩次禁言".to_owned();
    let ask_it = Measure::AskRemoval { days: 30, words };
    members::measure(&w.house, &w.host, id, 1, ask_it)
        .await
        .expect("proposed");
    let alone = members::measure(&w.house, &w.host, id, 2, Measure::ConfirmRemoval).await;
    assert!(
        matches!(alone, Err(MembershipError::Illegal(Illegal::NeedsAnother))),
        "{alone:?}"
    );
    let state = members::measure(&w.house, &w.manager, id, 2, Measure::ConfirmRemoval).await;
    assert_eq!(state.expect("removed"), State::Removed);
    let m = members::member(&w.house, &w.host, id).await.expect("there");
    assert!(m.notice_only);
    let (roles,): (i64,) = w
        .house
        .db
        .one(ask(
            "SELECT COUNT(*) FROM role_grant WHERE account = $1 AND role = 'owner' AND until_at IS NULL",
            params![joined.account],
        ))
        .await
        .expect("readable");
    assert_eq!(
        roles, 1,
        "notices, tickets and votes hang on the owner's role"
    );
    let mut again = w.answers(0);
    again.phone = "13900139000".into();
    let (_, application) = w.applied(again).await;
    let record = view::record(&w.house, &w.specialist, application)
        .await
        .expect("a record");
    assert_eq!(
        record.app.advice.word(),
        "refuse",
        "the term of the removal still runs"
    );
    assert_eq!(record.app.state, State::Submitted, "and a person decides");
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_ends_after_its_days_and_staying_is_possible_until_then() {
    let w = World::new().await;
    let (_, joined) = member(&w, 0).await;
    let me = Actor::account(joined.account, None, C, vec![Role::Owner], Door::Web);
    let leave = |yes| members::leave(&w.house, &me, joined.member, yes);
    assert_eq!(leave(true).await.expect("leaving"), State::Leaving);
    assert_eq!(leave(false).await.expect("stays"), State::Active);
    assert_eq!(leave(true).await.expect("leaving"), State::Leaving);
    w.house.clock.advance(7 * DAY);
    run_jobs(&w).await;
    let m = members::member(&w.house, &w.host, joined.member)
        .await
        .expect("there");
    assert_eq!((m.state, m.reason.as_str()), (State::Ended, "left"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_of_ownership_ends_the_membership_by_itself_and_once() {
    let w = World::new().await;
    let (application, joined) = member(&w, 0).await;
    assert_eq!(follow::follow(&w.house, C).await.expect("followed"), 0);
    let new = NewOwner::New {
        person: Box::new(PersonDraft {
            name: Some("林志強".into()),
            ..PersonDraft::default()
        }),
        share: None,
    };
    crate::support::transfer(&w.house, &w.manager, C, w.rooms[0], &[new], "2026-03-02")
        .await
        .expect("sold");
    let (one, two) = tokio::join!(follow::follow(&w.house, C), follow::follow(&w.house, C));
    assert_eq!(one.expect("followed") + two.expect("followed"), 1);
    assert_eq!(follow::follow(&w.house, C).await.expect("followed"), 0);
    let m = members::member(&w.house, &w.host, joined.member)
        .await
        .expect("history stays");
    assert_eq!((m.state, m.reason.as_str()), (State::Ended, "transfer"));
    assert_eq!(m.application, Some(application));
}

fn photo(width: u32, height: u32) -> Vec<u8> {
    let picture =
        image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]));
    let mut out = Cursor::new(Vec::new());
    picture
        .write_to(&mut out, image::ImageFormat::Png)
        .expect("a picture");
    out.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_sealed_shown_to_verifiers_and_destroyed_in_time() {
    let w = World::new().await;
    let answers = Answers {
        vouched: false,
        ..w.answers(0)
    };
    let secret = draft::begin(&w.house, C, answers).await.expect("a draft");
    for (bad, why) in [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            PictureRefused::Kind,
        ),
        (b"<html>".to_vec(), PictureRefused::Kind),
        (
            b"\xff\xd8\xff\xe0 not a picture".to_vec(),
            PictureRefused::Damaged,
        ),
        (photo(300, 200)[..400].to_vec(), PictureRefused::Damaged),
        (vec![0xff; 10 * 1024 * 1024 + 1], PictureRefused::TooLarge),
    ] {
        let refused = pictures::add(&w.house, C, &secret, PictureKind::Deed, bad).await;
        assert!(
            matches!(&refused, Err(MembershipError::Picture(p)) if *p == why),
            "{refused:?}"
        );
    }
    let picture = pictures::add(&w.house, C, &secret, PictureKind::Deed, photo(3_000, 100))
        .await
        .expect("taken");
    let receipt = apply::submit(&w.house, &w.applicant(), &secret)
        .await
        .expect("sent");
    let id = receipt.application;
    let file = w
        .house
        .data_dir
        .join("pictures")
        .join(C.to_string())
        .join(id.to_string())
        .join(picture.to_string());
    let sealed = std::fs::read(&file).expect("a file");
    assert!(
        !sealed.windows(3).any(|s| s == [0xff, 0xd8, 0xff]),
        "the file is sealed"
    );
    let shown = pictures::show(&w.house, &w.specialist, id, picture)
        .await
        .expect("shown");
    assert_eq!(shown[..3], [0xff, 0xd8, 0xff]);
    assert!(
        pictures::show(&w.house, &w.host, id, picture)
            .await
            .is_err(),
        "not for the host"
    );
    let words = "名冊上沒有".to_owned();
    let refuse = Decision::Refuse {
        why: "not_on_roster",
        words,
    };
    desk::decide(&w.house, &w.specialist, id, 1, refuse)
        .await
        .expect("refused");
    w.house.clock.advance(29 * DAY);
    run_jobs(&w).await;
    assert!(file.exists(), "kept until its day");
    w.house.clock.advance(DAY);
    run_jobs(&w).await;
    assert!(!file.exists(), "destroyed on its day");
    let told = w.told(&format!("application:{id}")).await;
    assert_eq!(
        told.last().map(String::as_str),
        Some("membership.pictures_erased")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_compound_finds_nothing_of_this_one() {
    let w = World::new().await;
    let (secret, id) = w.applied(w.answers(0)).await;
    let other = Community(2);
    let stranger = employ_elsewhere(&w, other).await;
    assert!(matches!(
        view::record(&w.house, &stranger, id).await,
        Err(MembershipError::NotFound)
    ));
    let decided = desk::decide(&w.house, &stranger, id, 1, Decision::Approve).await;
    assert!(
        matches!(decided, Err(MembershipError::NotFound)),
        "{decided:?}"
    );
    assert!(matches!(
        apply::find(&w.house, other, &secret).await,
        Err(MembershipError::NotFound)
    ));
}

async fn employ_elsewhere(w: &World, c: Community) -> Actor {
    let second = Who::operator();
    w.house
        .db
        .write_across(vec![HOUSE], w.house.stamp(&second), move |mut tx| {
            tx.open_log(c)?;
            let event = Event::new(Kind::new("test.made", 1));
            tx.record(event, ())
        })
        .await
        .expect("another compound");
    employ(&w.house, c, Role::Manager).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_of_the_rows_holds_no_phone_and_no_identity_number() {
    let w = World::new().await;
    let mut answers = w.answers(0);
    answers.vouched = false;
    answers.proof_later = true;
    answers.document = "11010519491231002X".into();
    answers.identity = Some(1);
    let (secret, id) = w.applied(answers).await;
    let rows: Vec<(String, Vec<u8>, Vec<u8>, String, String)> = w
        .house
        .db
        .all(ask(
            "SELECT name, phone, document, checks, words FROM application WHERE community = $1",
            params![C],
        ))
        .await
        .expect("readable");
    assert_eq!(rows.len(), 1);
    let dump = format!("{rows:?}");
    let sealed = [rows[0].1.as_slice(), rows[0].2.as_slice()].concat();
    for secret in ["13800138001", "8001", "11010519491231002X"] {
        assert!(!dump.contains(secret), "{secret} in {dump}");
        assert!(!sealed.windows(secret.len()).any(|s| s == secret.as_bytes()));
    }
    if w.house.db_url.is_none() {
        let file =
            std::fs::read(w.house.data_dir.join("linli.sqlite")).expect("the database's file");
        let wal = std::fs::read(w.house.data_dir.join("linli.sqlite-wal")).unwrap_or_default();
        for needle in ["13800138001", "11010519491231002X", secret.as_str()] {
            for part in [&file, &wal] {
                assert!(
                    !part.windows(needle.len()).any(|s| s == needle.as_bytes()),
                    "{needle}"
                );
            }
        }
    }
    let purpose = membership::texts::TextName::Identity;
    apply::withdraw_consent(&w.house, &w.applicant(), &secret, purpose)
        .await
        .expect("withdrawn");
    let record = view::record(&w.house, &w.specialist, id)
        .await
        .expect("there");
    assert!(
        record.app.document.is_none(),
        "what rested on the consent is destroyed"
    );
}

/// Every text column of every table of this house as one text.
async fn dump(w: &World) -> String {
    let mut out = String::new();
    for (table, column) in [
        ("application", "note"),
        ("application", "words"),
        ("application", "checks"),
        ("application", "reason"),
        ("member", "words"),
        ("member", "removal_words"),
        ("account_reset", "reason"),
        ("behalf", "reason"),
        ("ledger", "body"),
    ] {
        let rows: Vec<(String,)> = w
            .house
            .db
            .all(ask(format!("SELECT {column} FROM {table}"), params![]))
            .await
            .expect("readable");
        out.extend(
            rows.into_iter()
                .map(|r| format!("{table}.{column}: {}\n", r.0)),
        );
    }
    out
}

const TYPED: &str = "請打 13912345678，身份證 11010519491231002X";

fn assert_sealed(dump: &str, kinds: &[&str]) {
    for number in ["13912345678", "11010519491231002X"] {
        assert!(!dump.contains(number), "{number} in\n{dump}");
    }
    for kind in kinds {
        assert!(
            dump.contains(&format!("{kind}: sealed:")),
            "{kind} in\n{dump}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_in_their_own_words_lies_sealed_and_is_read_by_whom_it_is_for() {
    let w = World::new().await;
    let (_, joined) = member(&w, 0).await;
    let words = || TYPED.to_owned();
    let suspend = Measure::Suspend {
        days: 3,
        words: words(),
    };
    members::measure(&w.house, &w.host, joined.member, 1, suspend)
        .await
        .expect("suspended");
    let ask_it = Measure::AskRemoval {
        days: 30,
        words: words(),
    };
    members::measure(&w.house, &w.host, joined.member, 2, ask_it)
        .await
        .expect("proposed");
    let m = members::member(&w.house, &w.host, joined.member)
        .await
        .expect("there");
    assert_eq!((m.words.as_str(), m.removal_words.as_str()), (TYPED, TYPED));

    let mut answers = w.answers(1);
    answers.note = words();
    answers.vouched = false;
    answers.proof_later = true;
    let (secret, id) = w.applied(answers).await;
    let seen = async || {
        let record = view::record(&w.house, &w.specialist, id).await;
        record.expect("there").app
    };
    let app = seen().await;
    assert_eq!(app.note, TYPED);
    let ask_more = Decision::AskMore {
        what: "deed",
        words: words(),
    };
    desk::decide(&w.house, &w.specialist, id, app.version, ask_more)
        .await
        .expect("asked");
    assert_eq!(seen().await.words, TYPED);
    assert_sealed(&dump(&w).await, &["application.words", "application.note"]);
    apply::act(
        &w.house,
        &w.applicant(),
        &secret,
        apply::Own::Answer(words()),
    )
    .await
    .expect("answered");
    assert_eq!(seen().await.words, TYPED);
    accounts::reset::ask_for(&w.house, &w.manager, "13800138001", TYPED)
        .await
        .expect("asked for");
    let asked = accounts::reset::open_requests(&w.house, &w.manager).await;
    assert_eq!(asked.expect("a list")[0].reason, TYPED);
    let all = [
        "application.words",
        "application.note",
        "member.words",
        "member.removal_words",
        "account_reset.reason",
    ];
    assert_sealed(&dump(&w).await, &all);

    // As it lay before such texts were sealed: the start seals it, and twice does nothing.
    for (table, column) in [
        ("application", "note"),
        ("member", "words"),
        ("member", "removal_words"),
        ("account_reset", "reason"),
    ] {
        let put = ask(
            format!("UPDATE {table} SET {column} = $1 WHERE {column} <> ''"),
            params![TYPED],
        );
        w.house
            .db
            .keep::<_, foundation::database::DbError, _>(
                foundation::database::Chore::Migration,
                C,
                move |r| r.execute(put),
            )
            .await
            .expect("as it was");
    }
    assert!(dump(&w).await.contains("13912345678"));
    assert_eq!(seen().await.note, TYPED, "readable meanwhile");
    let done = membership::seal_clear(&w.house).await.expect("sealed");
    assert_eq!(done, 3);
    assert_eq!(accounts::seal_clear(&w.house).await.expect("sealed"), 1);
    assert_sealed(&dump(&w).await, &all);
    assert_eq!(seen().await.note, TYPED);
    assert_eq!(membership::seal_clear(&w.house).await.expect("nothing"), 0);
}

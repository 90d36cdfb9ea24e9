//! The owner archive: a dossier for each tenure, papers handed in and filed, and that nobody
//! sees a page who may not.

use dossiers::intake::{self, Upload};
use dossiers::listing::{self, Filter, Show};
use dossiers::policy::{self, Policy};
use dossiers::{
    ArchiveError, Kind, Kinds, Life, State, Vault, filing, follow, looking, number, open,
};
use foundation::clock::HOUR;
use foundation::ids::Id;
use permissions::Role;
use permissions::actor::Actor;
use roster::{NewOwner, PersonDraft, RelationDraft, Tie};
use std::sync::Arc;

use crate::membership::world::{C, NAMES, employ};

mod crash;
mod keeping;
mod nodes;
pub mod office;
pub mod pages;

use office::{Office, pdf, photo};

#[tokio::test(flavor = "multi_thread")]
async fn each_tenure_has_its_dossier_and_its_number() {
    let o = Office::new().await;
    let all = o.dossiers().await;
    assert_eq!(all.len(), 4);
    for (i, shown) in all.iter().enumerate() {
        let d = &shown.dossier;
        assert_eq!(d.code, format!("3-2-180{}", i + 1));
        assert_eq!((d.tenure, d.life), (1, Life::Open));
        assert!(number::checks(&d.number), "{}", d.number);
        assert!(d.number.starts_with(&format!("3-2-180{}-01-", i + 1)));
        assert_eq!(d.missing, Kinds::OF_HANDOVER);
        assert!(!shown.owners[0].contains(NAMES[i]), "masked");
    }
    // Again changes nothing, and neither does what is followed.
    assert_eq!(open::tend(o.house(), C).await.expect("tended"), 0);
    assert_eq!(follow::follow(o.house(), C).await.expect("followed"), 0);
    assert_eq!(o.dossiers().await.len(), 4);
    let told = o.told().await;
    assert_eq!(told, ["archive.opened", "archive.followed"]);
    let found = listing::search(o.house(), &o.w.manager, "３棟2單元1802").await;
    assert_eq!(found.expect("found")[0].dossier.id, all[1].dossier.id);
    let typed = all[2].dossier.number.to_lowercase();
    let found = listing::search(o.house(), &o.w.manager, &typed).await;
    assert_eq!(found.expect("found")[0].dossier.id, all[2].dossier.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_ends_the_tenure_and_a_new_co_owner_does_not() {
    let o = Office::new().await;
    follow::follow(o.house(), C).await.expect("followed");
    let (room, before) = (o.w.rooms[0], o.dossier(0).await);
    let new = PersonDraft {
        name: Some("周靜".into()),
        ..PersonDraft::default()
    };
    let co = RelationDraft {
        room,
        party: room,
        kind: Tie::CoOwner,
        share: None,
        from: Some("2026-02-01".into()),
        until: None,
        vouched_by: None,
    };
    roster::relate_new(o.house(), &o.w.specialist, C, &new, co)
        .await
        .expect("a co-owner");
    assert_eq!(follow::follow(o.house(), C).await.expect("followed"), 0);
    let now = &o.dossiers().await[0];
    assert_eq!((now.dossier.id, now.owners.len()), (before, 2));

    let buyer = NewOwner::New {
        person: Box::new(PersonDraft {
            name: Some("吳敏".into()),
            ..PersonDraft::default()
        }),
        share: None,
    };
    crate::support::transfer(o.house(), &o.w.specialist, C, room, &[buyer], "2026-03-01")
        .await
        .expect("sold");
    assert_eq!(follow::follow(o.house(), C).await.expect("followed"), 1);
    let next = &o.dossiers().await[0].dossier;
    assert_eq!((next.room, next.tenure), (room, 2));
    assert!(next.number.starts_with("3-2-1801-02-"), "{}", next.number);
    assert_eq!(next.began.as_deref(), Some("2026-03-01"));
    let closed = Filter {
        show: Show::Closed,
        ..Filter::default()
    };
    let (closed, _) = listing::page(o.house(), &o.w.specialist, &closed, None)
        .await
        .expect("listed");
    assert_eq!(closed.len(), 1);
    assert_eq!(closed[0].dossier.id, before);
    assert_eq!(closed[0].dossier.ended.as_deref(), Some("2026-03-01"));
    // A paper of the first tenure that turns up now still finds its dossier.
    o.filed(before, Kind::Covenant, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_is_handed_in_counted_by_another_and_filed() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let id = o
        .hands_in(dossier, Kind::Registration, &[("登記表.pdf", pdf(3, "x"))])
        .await
        .expect("taken");
    let d = o.document(id).await;
    assert_eq!(
        (d.state, d.pages, d.label()),
        (State::Received, 3, "c-001".into())
    );
    assert_eq!(
        (d.title.as_str(), d.signed_by.as_str()),
        ("情況登記表", "王女士")
    );

    // Both who may, see a picture; each look is in the ledger first. Nobody else sees one.
    for by in [&o.w.specialist, &o.checker] {
        let jpeg = looking::page(o.house(), by, id, 2)
            .await
            .expect("a picture");
        assert!(image::load_from_memory(&jpeg).is_ok());
    }
    let third = employ(o.house(), C, Role::Specialist).await;
    for by in [&third, &o.w.supervisor] {
        let seen = looking::page(o.house(), by, id, 1).await;
        assert!(matches!(seen, Err(ArchiveError::NotFound)));
    }
    let seen = looking::page(o.house(), &o.w.manager, id, 1).await;
    assert!(matches!(seen, Err(ArchiveError::Forbidden(_))));
    let outside = looking::page(o.house(), &o.checker, id, 4).await;
    assert!(matches!(outside, Err(ArchiveError::NotFound)));

    // Only the checker counts, and a count that differs files nothing.
    let own = filing::file(o.house(), &o.w.specialist, id, d.row_version, 3).await;
    assert!(matches!(own, Err(ArchiveError::NotFound)));
    let wrong = filing::file(o.house(), &o.checker, id, d.row_version, 4).await;
    assert!(matches!(
        wrong,
        Err(ArchiveError::Pages {
            said: 4,
            counted: 3
        })
    ));
    assert_eq!(o.document(id).await.state, State::Received);
    filing::file(o.house(), &o.checker, id, d.row_version, 3)
        .await
        .expect("filed");
    for by in [&o.w.specialist, &o.checker] {
        let seen = looking::page(o.house(), by, id, 1).await;
        assert!(
            matches!(seen, Err(ArchiveError::NotFound)),
            "filed is closed"
        );
    }
    let shown = &o.dossiers().await[0].dossier;
    assert_eq!((shown.documents, shown.pages, shown.waiting), (1, 3, 0));
    assert!(!shown.missing.has(Kind::Registration) && shown.missing.has(Kind::Covenant));
    let told = o.told().await;
    let of_it: Vec<&str> = told[2..].iter().map(String::as_str).collect();
    assert_eq!(
        of_it,
        [
            "archive.prepared",
            "archive.received",
            "archive.page_seen",
            "archive.page_seen",
            "archive.filed"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_paper_lies_in_clear_on_the_disk() {
    let o = Office::new().await;
    let mark = "SECRETSENTENCE";
    let id = o
        .hands_in(
            o.dossier(0).await,
            Kind::Identity,
            &[("證件.pdf", pdf(1, mark))],
        )
        .await
        .expect("taken");
    looking::page(o.house(), &o.checker, id, 1)
        .await
        .expect("seen");
    // Nor does the key that opens it: a stolen disk without the site key shows nothing.
    let opened = Vault::of(o.house()).open(o.house()).await.expect("open");
    let key = opened.opener.secret();
    let needles = [mark, "王女士", "情況登記表", key.as_str()];
    let mut files = 0;
    let mut folders = vec![o.house().folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("readable").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            files += 1;
            let bytes = std::fs::read(entry.path()).expect("readable");
            for needle in needles {
                let there = bytes.windows(needle.len()).any(|w| w == needle.as_bytes());
                assert!(!there, "{needle} in {}", entry.path().display());
            }
        }
    }
    assert!(files > 20, "{files} files");
}

#[tokio::test(flavor = "multi_thread")]
async fn photographs_of_a_paper_become_one_document() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let id = o
        .hands_in(
            dossier,
            Kind::Handover,
            &[("1.jpg", photo()), ("2.jpg", photo())],
        )
        .await
        .expect("taken");
    let d = o.document(id).await;
    assert_eq!((d.pages, d.media.as_str()), (2, "application/pdf"));
    assert!(d.noticed.contains("bound"));
    let jpeg = looking::page(o.house(), &o.checker, id, 2)
        .await
        .expect("seen");
    let page = image::load_from_memory(&jpeg).expect("a picture").to_rgb8();
    // The dark table is gone: the corner of the page is paper.
    let corner = page.get_pixel(page.width() / 20, page.height() / 20);
    assert!(corner.0.iter().all(|c| *c > 200), "{corner:?}");
    let mixed = [("1.jpg", photo()), ("2.pdf", pdf(1, "x"))];
    let mixed = o.hands_in(dossier, Kind::Handover, &mixed).await;
    assert!(matches!(mixed, Err(ArchiveError::Mixed)));
}

#[tokio::test(flavor = "multi_thread")]
async fn edges_set_by_hand_cut_a_single_photograph() {
    let o = Office::new().await;
    let point = |x, y| scans::camera::Point { x, y };
    // The upper left quarter of the sheet and nothing of the table.
    let corners = [
        point(0.2, 0.2),
        point(0.5, 0.2),
        point(0.5, 0.5),
        point(0.2, 0.5),
    ];
    let file = vec![Upload {
        name: "1.jpg".into(),
        bytes: Arc::new(photo()),
        corners: Some(corners),
    }];
    let draft = o.draft(Kind::Receipt);
    let dossier = o.dossier(0).await;
    let id = intake::hand_in(o.house(), &o.w.specialist, dossier, draft, file)
        .await
        .expect("taken");
    let d = o.document(id).await;
    assert_eq!((d.pages, d.media.as_str()), (1, "application/pdf"));
    let jpeg = looking::page(o.house(), &o.checker, id, 1)
        .await
        .expect("seen");
    let page = image::load_from_memory(&jpeg).expect("a picture").to_rgb8();
    let dark = page
        .pixels()
        .filter(|p| p.0.iter().all(|c| *c < 120))
        .count();
    assert_eq!(dark, 0, "no table");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_are_refused_with_a_reason_and_leave_nothing() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let mut cut = pdf(2, "x");
    cut.truncate(cut.len() / 2);
    let mut script = pdf(1, "x");
    let at = script.len() - 200;
    script.truncate(at);
    let files: [(&str, Vec<u8>); 7] = [
        (
            "a.pdf",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        ),
        (
            "a.pdf",
            b"<!doctype html><script>alert(1)</script>".to_vec(),
        ),
        ("../../etc/passwd", b"root:x:0:0".to_vec()),
        ("a.pdf", b"PK\x03\x04 and so on".to_vec()),
        ("a.pdf", b"MZ\x90\x00\x03".to_vec()),
        ("a.pdf", cut),
        ("a.pdf", Vec::new()),
    ];
    for (name, bytes) in files {
        let taken = o.hands_in(dossier, Kind::Other, &[(name, bytes)]).await;
        let refused = taken.expect_err("not taken");
        assert!(
            matches!(refused, ArchiveError::File(_)),
            "{name}: {refused}"
        );
    }
    assert!(matches!(
        o.hands_in(dossier, Kind::Other, &[]).await,
        Err(ArchiveError::NoFile)
    ));
    let inside = listing::inside(o.house(), &o.w.specialist, dossier).await;
    assert!(inside.expect("shown").documents.is_empty());
    assert_eq!(o.told().await.len(), 2, "nothing but the opening");
    // A path in a name leads nowhere: the name is not kept at all.
    o.hands_in(dossier, Kind::Other, &[("../../x.pdf", pdf(1, "x"))])
        .await
        .expect("a sound file under a strange name");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_checks_what_they_hand_in_while_another_could() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let mut draft = o.draft(Kind::Other);
    draft.checker = o.w.specialist.account.expect("an account");
    let file = || {
        vec![Upload {
            name: "a.pdf".into(),
            bytes: Arc::new(pdf(1, "x")),
            corners: None,
        }]
    };
    let own = intake::hand_in(o.house(), &o.w.specialist, dossier, draft.clone(), file()).await;
    assert!(matches!(own, Err(ArchiveError::OwnDocument)));
    // The manager files nothing, so cannot be named.
    draft.checker = o.w.manager.account.expect("an account");
    let wrong = intake::hand_in(o.house(), &o.w.specialist, dossier, draft.clone(), file()).await;
    assert!(matches!(wrong, Err(ArchiveError::Checker)));
    let forbidden = intake::hand_in(o.house(), &o.w.manager, dossier, draft, file()).await;
    assert!(matches!(forbidden, Err(ArchiveError::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_version_takes_the_place_of_the_earlier_which_stays() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let first = o.filed(dossier, Kind::Keys, 2).await;
    let mut draft = o.draft(Kind::Keys);
    draft.replaces = Some(first);
    let file = vec![Upload {
        name: "b.pdf".into(),
        bytes: Arc::new(pdf(5, "x")),
        corners: None,
    }];
    let second = intake::hand_in(o.house(), &o.w.specialist, dossier, draft, file)
        .await
        .expect("taken");
    assert_eq!(
        o.document(first).await.state,
        State::Filed,
        "until it is filed"
    );
    let d = o.document(second).await;
    assert_eq!(d.version, 2);
    filing::file(o.house(), &o.checker, second, d.row_version, 5)
        .await
        .expect("filed");
    assert_eq!(o.document(first).await.state, State::Replaced);
    let shown = &o.dossiers().await[0].dossier;
    assert_eq!((shown.documents, shown.pages), (1, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_counts_no_more_and_is_seen_by_nobody() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let id = o
        .hands_in(dossier, Kind::Breach, &[("a.pdf", pdf(1, "x"))])
        .await
        .expect("taken");
    let row = o.document(id).await.row_version;
    let other = employ(o.house(), C, Role::Specialist).await;
    let not_theirs = filing::withdraw(o.house(), &other, id, row, "unreadable").await;
    assert!(matches!(not_theirs, Err(ArchiveError::NotFound)));
    filing::withdraw(o.house(), &o.checker, id, row, "unreadable")
        .await
        .expect("taken back");
    let seen = looking::page(o.house(), &o.w.specialist, id, 1).await;
    assert!(matches!(seen, Err(ArchiveError::NotFound)));
    let filed = filing::file(o.house(), &o.checker, id, row + 1, 1).await;
    assert!(matches!(filed, Err(ArchiveError::State(State::Withdrawn))));
    assert_eq!(o.dossiers().await[0].dossier.waiting, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn intake_is_measured_against_its_twenty_four_hours() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let since = o.house().now();
    o.filed(dossier, Kind::Covenant, 1).await;
    let late = o
        .hands_in(dossier, Kind::FireSafety, &[("a.pdf", pdf(1, "x"))])
        .await
        .expect("taken");
    o.house().clock.advance(25 * HOUR);
    let pace = listing::pace(o.house(), &o.w.manager, since).await;
    let pace = pace.expect("counted");
    assert_eq!(
        (pace.waiting, pace.late, pace.filed, pace.in_time),
        (1, 1, 1, 1)
    );
    let row = o.document(late).await.row_version;
    filing::file(o.house(), &o.checker, late, row, 1)
        .await
        .expect("late, but filed");
    let pace = listing::pace(o.house(), &o.w.manager, since).await;
    let pace = pace.expect("counted");
    assert_eq!((pace.waiting, pace.filed, pace.in_time), (0, 2, 1));
    assert_eq!(pace.average, 25 * HOUR / 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manager_says_what_makes_a_dossier_complete() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    o.filed(dossier, Kind::Registration, 1).await;
    let wanted = Policy {
        handed_over: Kinds::of([Kind::Registration]),
        ..Policy::default()
    };
    let forbidden = policy::set(o.house(), &o.w.specialist, &wanted).await;
    assert!(matches!(forbidden, Err(ArchiveError::Forbidden(_))));
    policy::set(o.house(), &o.w.manager, &wanted)
        .await
        .expect("set");
    let counts = listing::counts(o.house(), &o.w.specialist).await;
    assert_eq!(counts.expect("counted"), (4, 3, 1));
    let again = policy::set(o.house(), &o.w.manager, &wanted).await;
    assert!(matches!(again, Err(ArchiveError::Changed)));
    let lacking = Filter {
        lacks: Some(Kind::Registration),
        ..Filter::default()
    };
    let found = listing::count(o.house(), &o.w.specialist, &lacking).await;
    assert_eq!(found.expect("counted"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_stewards_and_the_next_compound_see_nothing() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let id = o.filed(dossier, Kind::Identity, 1).await;
    for role in [Role::Operator, Role::Steward, Role::Host, Role::Cashier] {
        let by = employ(o.house(), C, role).await;
        let seen = listing::inside(o.house(), &by, dossier).await;
        assert!(matches!(seen, Err(ArchiveError::Forbidden(_))), "{role:?}");
        let seen = filing::one(o.house(), &by, id).await;
        assert!(matches!(seen, Err(ArchiveError::Forbidden(_))), "{role:?}");
    }
    let there: Id = o.w.specialist.account.expect("an account");
    let next = foundation::database::Community(2);
    let role = vec![Role::Specialist];
    let by = Actor::account(there, None, next, role, foundation::ledger::Door::Web);
    assert!(matches!(
        listing::inside(o.house(), &by, dossier).await,
        Err(ArchiveError::NotFound)
    ));
    assert!(matches!(
        filing::one(o.house(), &by, id).await,
        Err(ArchiveError::NotFound)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_found_to_be_another_keeps_the_tenure() {
    let o = Office::new().await;
    follow::follow(o.house(), C).await.expect("followed");
    let before = o.dossier(0).await;
    let people = roster::people_of_room(o.house(), C, o.w.rooms[0]).await;
    let owner = people.expect("people")[0].party;
    let twin = PersonDraft {
        name: Some(NAMES[0].into()),
        ..PersonDraft::default()
    };
    let twin = roster::add_person(o.house(), &o.w.specialist, C, &twin).await;
    let twin = twin.expect("a second record");
    roster::merge_parties(o.house(), &o.w.specialist, C, twin, owner)
        .await
        .expect("one of them goes");
    open::tend(o.house(), C).await.expect("tended");
    let now = &o.dossiers().await[0].dossier;
    assert_eq!((now.id, now.tenure), (before, 1), "nobody moved out");
}

//! Who sees what: complaints are confidential, the handler is never whom one is about, and one
//! about the company never reaches it.

use super::*;

struct Eyes<'d> {
    d: &'d Counter,
    committee: Actor,
    second: Actor,
}

async fn complaint(d: &Counter, subject: Option<Id>, company: bool) -> Id {
    let new = New {
        kind: Kind::Complaint,
        words: "態度很差".into(),
        subject,
        about_company: company,
        ..New::default()
    };
    d.opened(new).await.id
}

impl Eyes<'_> {
    async fn see(&self, id: Id) -> Vec<&'static str> {
        let d = self.d;
        let all = [
            ("owner", &d.owner),
            ("neighbour", &d.neighbour),
            ("specialist", &d.w.specialist),
            ("supervisor", &d.w.supervisor),
            ("second", &self.second),
            ("manager", &d.w.manager),
            ("host", &d.w.host),
            ("technician", &d.technician),
            ("committee", &self.committee),
        ];
        let mut out = Vec::new();
        for (name, by) in all {
            if looking::ticket(&d.w.house, by, id).await.is_ok() {
                out.push(name);
            }
        }
        out
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_is_invisible_to_its_subject_and_to_every_other_owner() {
    let d = Counter::new().await;
    let eyes = Eyes {
        committee: employ(&d.w.house, C, Role::Committee).await,
        second: employ(&d.w.house, C, Role::Supervisor).await,
        d: &d,
    };
    let about = complaint(&d, d.w.supervisor.account, false).await;
    assert_eq!(eyes.see(about).await, ["owner", "second", "manager"]);
    let plain = complaint(&d, None, false).await;
    assert_eq!(
        eyes.see(plain).await,
        ["owner", "supervisor", "second", "manager"]
    );
    let company = complaint(&d, None, true).await;
    assert_eq!(eyes.see(company).await, ["owner", "committee"]);
    let repair = d.opened(d.repair()).await.id;
    assert_eq!(
        eyes.see(repair).await,
        [
            "owner",
            "specialist",
            "supervisor",
            "second",
            "manager",
            "host"
        ]
    );
    // Nor does a list, a number typed, or a count show it to its subject.
    let query = listing::Query {
        veil: ::desk::Veil::Complaint,
        ..listing::Query::default()
    };
    let page = listing::page(&d.w.house, &d.w.supervisor, &query, None).await;
    let page = page.expect("a page");
    let ids: Vec<Id> = page.rows.iter().map(|r| r.ticket.id).collect();
    assert_eq!((ids, page.total), (vec![plain], 1));
    let number = d.ticket(about).await.number.to_string();
    let typed = looking::numbered(&d.w.house, &d.w.supervisor, &number).await;
    assert!(typed.expect("asked").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_complaint_is_about_is_never_given_it() {
    let d = Counter::new().await;
    let specialist = d.w.specialist.clone();
    let id = complaint(&d, specialist.account, false).await;
    let to = |who: &Actor| Doing {
        to: who.account,
        ..Doing::default()
    };
    let supervisor = d.w.supervisor.clone();
    let done = d.act(&supervisor, id, Act::Assign, to(&specialist)).await;
    assert!(matches!(done, Err(Refused::Worker)), "{done:?}");
    let done = d.act(&specialist, id, Act::Assign, to(&supervisor)).await;
    assert!(matches!(done, Err(Refused::NotFound)), "{done:?}");
    d.does(&supervisor, id, Act::Assign, to(&supervisor)).await;
    d.does(&supervisor, id, Act::Accept, Doing::default()).await;
    d.does(&supervisor, id, Act::Start, Doing::default()).await;
    let bare = Doing {
        words: String::new(),
        ..fixed()
    };
    let done = d.act(&supervisor, id, Act::Resolve, bare).await;
    assert!(matches!(done, Err(Refused::Words)), "an answer is owed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_does_not_name_who_complained_and_holds_no_word_of_it() {
    let d = Counter::new().await;
    let id = complaint(&d, d.w.specialist.account, false).await;
    let saying = Saying {
        words: "還有錄音".into(),
        public: true,
        shows: Shows::Report,
        pictures: Vec::new(),
        sent_id: String::new(),
    };
    work::say(&d.w.house, &d.owner, id, saying)
        .await
        .expect("said");
    let rows: Vec<(String, String)> =
        d.w.house
            .db
            .all(ask(
                "SELECT actor, body FROM ledger WHERE community = $1 AND subject = $2",
                params![C, format!("ticket:{id}")],
            ))
            .await
            .expect("readable");
    assert_eq!(rows.len(), 2);
    let names: Vec<(String,)> =
        d.w.house
            .db
            .all(ask(
                "SELECT by_name FROM desk_step WHERE community = $1 AND ticket = $2",
                params![C, id],
            ))
            .await
            .expect("readable");
    assert!(names.iter().all(|(name,)| name.is_empty()), "{names:?}");
    let account = d.owner.account.expect("an account").to_string();
    let subject = d.w.specialist.account.expect("an account").to_string();
    for (actor, body) in rows {
        assert!(
            !actor.contains(&account) && !body.contains(&account),
            "{actor} {body}"
        );
        assert!(!body.contains(&subject) && !body.contains("錄音"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_lies_sealed_and_another_compound_finds_nothing() {
    let d = Counter::new().await;
    let mut new = d.repair();
    new.phone = "13900139000".into();
    let id = d.opened(new).await.id;
    let t = d.ticket(id).await;
    assert!(!t.words.contains("水槽") && !t.phone.contains("139"));
    let said = looking::said(&d.w.house, C, &t).await.expect("opened");
    assert_eq!(
        (said.words.as_str(), said.phone.as_str()),
        ("廚房水槽滴水", "13900139000")
    );
    let mut stranger = d.w.manager.clone();
    stranger.community = foundation::database::Community(2);
    let found = looking::ticket(&d.w.house, &stranger, id).await;
    assert!(matches!(found, Err(Refused::NotFound)));
    let done = d.act(&stranger, id, Act::Triage, Doing::default()).await;
    assert!(matches!(done, Err(Refused::NotFound)));
}

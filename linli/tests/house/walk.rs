//! A walk through the whole demo: as each role, from page to page by the links on them.
//! No link leads nowhere, no page fails, and on SQLite none of the statements asked on the
//! way would read a whole table if the compound were large.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use accounts::Side;
use axum::Router;
use foundation::communities;
use foundation::database::HOUSE;
use linli::demo;
use linli::doors::{rooms, web::router};
use permissions::Role;

use crate::accounts_browser::Browser;
use crate::support::TestHouse;

/// So many pages of one role; a list of rooms links to hundreds of the same kind.
const PAGES: usize = 260;
/// Of one kind of page, that is, of one route.
const ALIKE: usize = 5;

/// Addresses that a page links to, without what ends the session or leaves the house.
fn links(body: &str) -> Vec<String> {
    body.split(" href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&amp;", "&").replace("&#38;", "&"))
        .map(|href| href.split('#').next().unwrap_or("").to_owned())
        .filter(|href| href.starts_with('/') && !href.starts_with("/assets/"))
        .collect()
}

/// `/c/chunhe/rooms/0123…?after=x` as `/c/chunhe/rooms/*?after`.
fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path
        .split('/')
        .map(|p| {
            if p.len() >= 12 || p.starts_with(|c: char| c.is_ascii_digit()) {
                "*"
            } else {
                p
            }
        })
        .collect();
    let fields: Vec<&str> = query
        .split('&')
        .filter_map(|f| f.split('=').next())
        .collect();
    format!("{}?{}", parts.join("/"), fields.join("&"))
}

/// Walks from `start` and returns the pages seen and what was wrong with them.
async fn walk(browser: &mut Browser, start: &str, role: Role) -> (usize, Vec<String>) {
    let mut waiting = VecDeque::from([(start.to_owned(), String::from("the beginning"))]);
    let mut known = BTreeSet::from([start.to_owned()]);
    let mut alike = std::collections::BTreeMap::<String, usize>::new();
    let (mut seen, mut wrong) = (0, Vec::new());
    while let Some((path, from)) = waiting.pop_front() {
        if seen == PAGES {
            break;
        }
        seen += 1;
        let page = browser.get(&path).await;
        let status = page.status.as_u16();
        if page.status.is_redirection() {
            let to = page.to().to_owned();
            if to.starts_with('/') && known.insert(to.clone()) {
                waiting.push_back((to, path));
            }
            continue;
        }
        if status != 200 {
            wrong.push(format!(
                "{}: {path} (from {from}) answers {status}",
                role.word()
            ));
        }
        for link in links(&page.body) {
            let of_this_kind = alike.entry(kind(&link)).or_default();
            if *of_this_kind < ALIKE && known.insert(link.clone()) {
                *of_this_kind += 1;
                waiting.push_back((link, path.clone()));
            }
        }
    }
    (seen, wrong)
}

async fn sign_in(house: &TestHouse, router: &Router, role: Role) -> Browser {
    let compound = communities::by_name(&house.db, demo::NAME)
        .await
        .expect("asked");
    let place = compound.expect("the demo's compound").number;
    let scope = if role == Role::Operator { HOUSE } else { place };
    let everybody = accounts::staff::everybody(house, Some(scope))
        .await
        .expect("the colleagues");
    let one = everybody.iter().find(|c| c.role == role && c.active);
    let account = one.expect("the demo has one of each role").id;
    let side = if role.is_staff() {
        Side::Staff
    } else {
        Side::Owner
    };
    let link = accounts::demo_link(house, account, side)
        .await
        .expect("a link");
    let mut browser = Browser::new(router);
    let page = browser.get(&link).await;
    let fields = [("csrf", page.field("csrf"))];
    let fields = fields.each_ref().map(|(n, v)| (*n, v.as_str()));
    let entered = browser.post(&link, &fields).await;
    assert!(
        entered.status.is_redirection(),
        "{} comes in: {}",
        role.word(),
        entered.status
    );
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_in_the_demo_leads_somewhere_and_no_statement_reads_a_whole_table() {
    let house = TestHouse::new().await;
    #[cfg(debug_assertions)]
    house.db.watch_statements().expect("watched");
    demo::fill(&house.house, &house.clock, &|_| ())
        .await
        .expect("the demo's year");
    let router = router(Arc::clone(&house.house), rooms::routes()).expect("guarded");
    let mut wrong = Vec::new();
    let mut pages = 0;
    for role in Role::ALL {
        let mut browser = sign_in(&house, &router, role).await;
        let (seen, found) = walk(&mut browser, "/", role).await;
        pages += seen;
        wrong.extend(found);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(pages > 300, "only {pages} pages were found");
    #[cfg(debug_assertions)]
    {
        let (asked, costly) = house.db.costly_statements().expect("judged");
        let on_postgres = house.db_url.is_some();
        assert!(
            on_postgres || asked > 150,
            "only {asked} statements were asked"
        );
        let told: Vec<String> = costly
            .iter()
            .map(|c| format!("{}\n    {}", c.step, c.sql))
            .collect();
        assert!(
            told.is_empty(),
            "{} of {asked}:\n{}",
            told.len(),
            told.join("\n")
        );
    }
}

//! The permission matrix: every route as every role, at home, in another compound, as
//! nobody, and with an account that was shut. Pinned in `permissions.txt`; a route
//! that is not there fails the test. `LINLI_PIN=1` writes the file anew, for review.

use std::fmt::Write as _;

use accounts::sessions::Opening;
use accounts::{self, NewAccount, Side, Site, sign_in};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use foundation::database::{Community, DbError, HOUSE, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;
use linli::doors::rooms;
use linli::doors::web::{Admitted, router};
use permissions::Role;
use permissions::actor::Actor;
use permissions::routes::Needs;
use tower::ServiceExt as _;

use crate::accounts::compound;
use crate::support::TestHouse;

const TESTED: Kind = Kind::new("test.happened", 1);

fn side(role: Role) -> Side {
    if role.is_staff() {
        Side::Staff
    } else {
        Side::Owner
    }
}

async fn member(house: &House, place: Community, role: Role) -> Id {
    let new = NewAccount {
        name: "王女士".into(),
        ..NewAccount::default()
    };
    let prepared = accounts::prepare(house, new)
        .await
        .expect("fit for an account");
    let scope = vec![HOUSE, place];
    house
        .db
        .write_across::<_, DbError, _>(scope, house.stamp(&Who::operator()), move |mut tx| {
            let id = accounts::insert(&mut tx, prepared)?;
            accounts::grant(&mut tx, place, id, role, None, None)?;
            tx.record(Event::new(TESTED), id)
        })
        .await
        .expect("an account can be made")
}

/// A session in which everything asked for was shown just now.
async fn cookie(house: &House, account: Id, side: Side) -> String {
    let mut opening = Opening::new(house, account, side, String::new());
    opening.second = true;
    let token = sign_in::enter(house, opening, "password")
        .await
        .expect("a session");
    let site = Site {
        base: "http://house.test".into(),
        secure: false,
    };
    let set = token.cookie(&site, side);
    set.split(';').next().expect("a pair").to_owned()
}

/// `+` let in · `s` to the sign-in page · `2` to the second factor · `-` 404 ·
/// `x` 403 · `!` we failed.
async fn ask_as(router: &Router, method: &str, path: &str, cookie: Option<&str>) -> char {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "house.test")
        .header(header::ORIGIN, "http://house.test")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("infallible");
    let to = answer
        .headers()
        .get(header::LOCATION)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    let status = answer.status().as_u16();
    if status >= 500 {
        return '!';
    }
    if answer.extensions().get::<Admitted>().is_some() {
        return '+';
    }
    match status {
        303 if to.starts_with("/sign-in?") => 's',
        303 => '2',
        404 => '-',
        403 => 'x',
        _ => '?',
    }
}

fn words(needs: Needs) -> String {
    match needs {
        Needs::Nothing => "nothing".into(),
        Needs::Link => "link".into(),
        Needs::SignedIn => "signed in".into(),
        Needs::May(p) => p.word().into(),
        Needs::MayFresh(p) => format!("{} fresh", p.word()),
        Needs::MayRecent(p) => format!("{} recent", p.word()),
        Needs::House(p) => format!("house: {}", p.word()),
    }
}

struct Visitor {
    account: Id,
    side: Side,
}

/// Sending may end a session, and a fourth one ends the first: a new one each time.
async fn as_visitor(
    house: &House,
    router: &Router,
    method: &str,
    path: &str,
    who: &Visitor,
) -> char {
    let fresh = cookie(house, who.account, who.side).await;
    ask_as(router, method, path, Some(&fresh)).await
}

async fn visitors(house: &House, place: Community) -> Vec<Visitor> {
    let mut all = Vec::new();
    for role in Role::ALL {
        let home = if role == Role::Operator { HOUSE } else { place };
        let account = member(house, home, role).await;
        let side = side(role);
        all.push(Visitor { account, side });
    }
    all
}

async fn size(house: &House, place: Community) -> i64 {
    let (n,): (i64,) = house
        .db
        .one(ask(
            "SELECT COUNT(*) FROM ledger WHERE community = $1",
            params![place],
        ))
        .await
        .expect("countable");
    n
}

const LEGEND: &str = "\
# + let in · s to the sign-in page · 2 to the second factor · - 404 · x 403 · ! we failed
# Columns: nobody, shut account (a manager's) | at home | in another compound; the roles are
# owner steward host specialist supervisor manager cashier on-duty committee technician operator.
# The operator belongs to the house and is one in every compound.
";

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_matrix_is_as_it_was_agreed_and_no_compound_reaches_into_another() {
    let house = TestHouse::new().await;
    let here = compound(&house, 1, "chunhe").await;
    let other = compound(&house, 2, "qiushi").await;
    let home = visitors(&house, here).await;
    let strangers = visitors(&house, other).await;
    let shut = member(&house, here, Role::Manager).await;
    let shut_cookie = cookie(&house, shut, Side::Staff).await;
    accounts::roles::disable(&house, &Actor::operator(HOUSE), shut)
        .await
        .expect("it can be shut");
    let routes = rooms::routes();
    let mut doors: Vec<(String, &'static str, Needs)> = routes
        .0
        .iter()
        .map(|r| (r.method.to_string(), r.path, r.needs))
        .collect();
    doors.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    let router = router(house.house.clone(), routes).expect("every route is guarded");
    let mut got = String::from(LEGEND);
    let mut failed = Vec::new();
    for (method, pattern, needs) in &doors {
        let path: String = pattern
            .split('/')
            .map(|part| match part {
                "{c}" => "chunhe",
                part if part.starts_with('{') => "0123456789abcdef",
                part => part,
            })
            .collect::<Vec<_>>()
            .join("/");
        let nobody = ask_as(&router, method, &path, None).await;
        let gone = ask_as(&router, method, &path, Some(&shut_cookie)).await;
        let (mut own, mut abroad) = (String::new(), String::new());
        for one in &home {
            own.push(as_visitor(&house, &router, method, &path, one).await);
        }
        let before = size(&house, here).await;
        for one in &strangers {
            abroad.push(as_visitor(&house, &router, method, &path, one).await);
        }
        let open = matches!(needs, Needs::Nothing | Needs::Link);
        let all_but_operator = &abroad[..abroad.len() - 1];
        if pattern.contains("{c}") && !open {
            if !all_but_operator.chars().all(|c| c == '-') {
                failed.push(format!("{method} {pattern} lets strangers near: {abroad}"));
            }
            if size(&house, here).await != before && !abroad.ends_with('+') {
                failed.push(format!("{method} {pattern} wrote for a stranger"));
            }
            if nobody != 's' || gone != 's' {
                failed.push(format!("{method} {pattern} knows nobody: {nobody}{gone}"));
            }
        }
        if format!("{nobody}{gone}{own}{abroad}").contains(['!', '?']) {
            failed.push(format!("{method} {pattern}: {nobody}{gone} {own} {abroad}"));
        }
        let _ = writeln!(
            got,
            "{method:<4} {pattern:<44} {:<28} {nobody}{gone} | {own} | {abroad}",
            words(*needs)
        );
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/house/permissions.txt");
    if std::env::var_os("LINLI_PIN").is_some() {
        std::fs::write(file, &got).expect("the pinned file can be written");
    }
    let pinned = std::fs::read_to_string(file).unwrap_or_default();
    let new: Vec<&str> = got.lines().filter(|l| !pinned.contains(*l)).collect();
    let old: Vec<&str> = pinned.lines().filter(|l| !got.contains(*l)).collect();
    assert!(
        new.is_empty() && old.is_empty(),
        "the matrix is another than the pinned one\nnow:\n{}\nbefore:\n{}",
        new.join("\n"),
        old.join("\n")
    );
}

//! The room's pages, asked as the guard hands a request on: a reviewer decides, the member
//! reads and appeals, and what was typed is never lost.

use axum::http::StatusCode;
use foundation::ids::Id;

use super::world::{INSULT, LEAK, Street};
use crate::membership::world::C;
use crate::roster_pages::{door, get, post};

const WHY: &str = "罵人，證據在原文";

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewer_sees_what_was_found_and_decides_and_the_member_is_told_and_appeals() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m1", INSULT).await;
    let host = door(&s.w.house, conduct::pages::routes(), &s.w.host);
    let queue = get(&host, "/conduct").await;
    assert!(queue.contains("半夜還放音樂") && queue.contains("侮辱字詞"));
    let at = format!("/conduct/{}", case.id);
    let page = get(&host, &at).await;
    assert!(
        page.contains("<mark>傻逼</mark>"),
        "the finding is marked in the text"
    );
    assert!(page.contains("今晚有人放音樂"), "with the line before it");

    let version = case.version.to_string();
    let form = |words: &'static str| {
        vec![
            ("version", version.clone()),
            ("severity", "0".to_owned()),
            ("words", words.to_owned()),
            ("act", "breach".to_owned()),
        ]
    };
    let send = |fields: Vec<(&'static str, String)>| {
        let (host, at) = (host.clone(), at.clone());
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            post(&host, &at, &fields).await
        }
    };
    let (status, _, page) = send(form("短")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("短") && page.contains("5 到 2000"),
        "said beside the field, input kept"
    );
    let (status, to, _) = send(form(WHY)).await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, "/conduct"),
        "nothing waits any more"
    );

    let wang = door(&s.w.house, conduct::pages::routes(), &s.wang);
    let mine = get(&wang, "/my-conduct").await;
    for told in [
        INSULT,
        WHY,
        "侮辱字詞",
        "群規第 1 版",
        "警告",
        "不受影響的事",
    ] {
        assert!(mine.contains(told), "the member is told: {told}");
    }
    let strike = s.strike(&s.wang).await;
    let secret = conduct::appeals::secret(&s.w.house, C, strike.id);
    let stranger = door(&s.w.house, conduct::pages::routes(), &s.w.applicant());
    let link = format!("/appeal/{secret}");
    assert!(
        get(&stranger, &link).await.contains(INSULT),
        "the link works signed out"
    );
    let (status, _, page) = post(&stranger, &link, &[("words", "不"), ("act", "file")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains(">不</textarea>"), "what was typed is kept");
    let words = [("words", "那是歌詞，請再看一次"), ("act", "file")];
    let (status, _, _) = post(&stranger, &link, &words).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(s.count("conduct.appealed").await, 1);

    let steward = door(&s.w.house, conduct::pages::routes(), &s.steward);
    let list = get(&steward, "/conduct-appeals").await;
    let at = list
        .split("/c/chunheyuan/conduct-appeals/")
        .nth(1)
        .expect("listed");
    let id: Id = at
        .split('"')
        .next()
        .unwrap_or_default()
        .parse()
        .expect("an id");
    let at = format!("/conduct-appeals/{id}");
    assert!(get(&steward, &at).await.contains("那是歌詞"));
    let refused = get(&host, &at).await;
    assert!(
        refused.contains("已參與過的人"),
        "whoever decided does not hear it"
    );
    let fields = [
        ("version", "1"),
        ("words", "歌詞屬實，撤銷"),
        ("act", "overturn"),
    ];
    let (status, _, _) = post(&steward, &at, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(get(&wang, "/my-conduct").await.contains("撤銷處理"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_masked_on_the_desk_and_a_conflict_is_said() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m1", LEAK).await;
    let host = door(&s.w.house, conduct::pages::routes(), &s.w.host);
    let at = format!("/conduct/{}", case.id);
    for page in [get(&host, "/conduct").await, get(&host, &at).await] {
        assert!(!page.contains("13800138000"), "no number in clear");
        assert!(page.contains("138••••••00"), "but that one stands there");
    }
    let manager = door(&s.w.house, conduct::pages::routes(), &s.w.manager);
    let version = case.version.to_string();
    let fields = [("version", version.as_str()), ("act", "dismiss")];
    post(&manager, &at, &fields).await;
    let (status, _, page) = post(&host, &at, &fields).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("有人剛剛改過這一則"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manager_tries_a_policy_and_sets_it_and_faults_keep_what_was_typed() {
    let s = Street::new().await;
    s.case(&s.wang, "m1", INSULT).await;
    let manager = door(&s.w.house, conduct::pages::routes(), &s.w.manager);
    let page = get(&manager, "/conduct-policy").await;
    assert!(page.contains("0 24 168 720 x"));
    let mut fields: Vec<(String, String)> = [
        ("version", "0"),
        ("strike_days", "90"),
        ("appeal_days", "20"),
        ("decide_days", "7"),
        ("steward_hours_max", "24"),
        ("removal_days", "180"),
        ("confirm_days", "7"),
        ("keep_days", "200"),
        ("undo_minutes", "10"),
        ("ladder", "0 48 x"),
        ("own_words", "某某傳銷"),
        ("mode-insult_strong", "block"),
        ("act", "try"),
    ]
    .map(|(n, v)| (n.to_owned(), v.to_owned()))
    .to_vec();
    let send = |fields: Vec<(String, String)>| {
        let manager = manager.clone();
        async move {
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            post(&manager, "/conduct-policy", &fields).await
        }
    };
    let (status, _, page) = send(fields.clone()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("試算結果") && page.contains("某某傳銷") && page.contains("退回"));
    let last = fields.len() - 1;
    fields[last].1 = "set".into();
    fields[7].1 = "30".into();
    let (status, _, page) = send(fields.clone()).await;
    assert_eq!(
        status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "logs are kept for six months"
    );
    assert!(page.contains("某某傳銷"), "what was typed is kept");
    fields[7].1 = "200".into();
    let (status, _, page) = send(fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (version, policy) = conduct::policy::policy_of(&s.w.house, C)
        .await
        .expect("set");
    assert_eq!(
        (version, policy.strike_days, policy.ladder.0.len()),
        (1, 90, 3)
    );
    let verdict = conduct::judge::judge(&s.w.house, C, &s.said(&s.wang, "p1", "來參加某某傳銷"))
        .await
        .expect("judged")
        .verdict;
    assert_eq!(
        verdict,
        conduct::judge::Verdict::Hold,
        "the office's own word is found"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breach_without_words_tells_the_offices_reply_and_the_rules_as_they_stood() {
    let s = Street::new().await;
    let host = door(&s.w.house, conduct::pages::routes(), &s.w.host);
    let manager = door(&s.w.house, conduct::pages::routes(), &s.w.manager);
    let page = get(&manager, "/conduct-policy").await;
    assert!(page.contains("這段發言侮辱了他人"), "the house's own words");
    let own = "鄰里之間請好好說話，這句話罵人了。";
    let mut policy = conduct::policy::Policy::default();
    policy.replies.insert("insult".into(), own.into());
    conduct::policy::set_policy(&s.w.house, &s.w.manager, 0, policy.clone())
        .await
        .expect("set");
    policy.replies.insert("insult".into(), "短".into());
    let short = conduct::policy::set_policy(&s.w.house, &s.w.manager, 1, policy).await;
    assert!(short.is_err(), "a reply says something");

    let case = s.case(&s.wang, "m1", INSULT).await;
    let at = format!("/conduct/{}", case.id);
    assert!(get(&host, &at).await.contains(own), "offered at the desk");
    let version = case.version.to_string();
    let (status, _, page) = post(
        &host,
        &at,
        &[
            ("version", version.as_str()),
            ("severity", "0"),
            ("reply", "insult"),
            ("words", ""),
            ("act", "breach"),
        ],
    )
    .await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");

    // A later version of the rules changes nothing about what was broken then.
    membership::texts::publish(
        &s.w.house,
        &s.w.manager,
        membership::texts::TextName::Rules,
        "新群規：第二版".into(),
        "New rules: second version".into(),
    )
    .await
    .expect("published");
    let wang = door(&s.w.house, conduct::pages::routes(), &s.wang);
    let mine = get(&wang, "/my-conduct").await;
    let rules = include_str!("../../../../house/community/membership/src/texts/rules.zh-Hant.txt");
    let first = rules.lines().next().expect("a line");
    for told in [own, "（第 1 版）", first, INSULT, "警告"] {
        assert!(mine.contains(told), "{told}: {mine}");
    }
    assert!(!mine.contains("新群規：第二版"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_stands_at_the_desk_with_how_often_its_reporter_was_right() {
    let s = Street::new().await;
    let host = door(&s.w.house, conduct::pages::routes(), &s.w.host);
    let quiet = "這裏沒有引擎會找到的話";
    let report = async |source: &str| {
        let said = s.said(&s.wang, source, quiet);
        conduct::report::report(&s.w.house, &s.li, &said, "insult")
            .await
            .expect("reported");
        s.case_of(source).await
    };
    let case = report("m1").await;
    let page = get(&host, &format!("/conduct/{}", case.id)).await;
    assert!(page.contains("此人以前沒有已決的舉報"));
    let breach = conduct::desk::Decision::Breach { severity: 0 };
    s.decide(&s.w.host, &case, breach).await.expect("right");
    let case = report("m2").await;
    s.decide(&s.w.host, &case, conduct::desk::Decision::Dismiss)
        .await
        .expect("wrong");
    let case = report("m3").await;
    let page = get(&host, &format!("/conduct/{}", case.id)).await;
    assert!(page.contains("此人以前舉報 2 次，1 次屬實"), "{page}");
    assert!(!page.contains("李娜"), "never who it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_decision_the_next_page_leads_back_to_take_it_back() {
    let s = Street::new().await;
    let host = door(&s.w.house, conduct::pages::routes(), &s.w.host);
    let case = s.case(&s.wang, "m1", INSULT).await;
    let at = format!("/conduct/{}", case.id);
    let version = case.version.to_string();
    let fields = [("version", version.as_str()), ("act", "dismiss")];
    let flash = flash_after(&host, &at, &fields).await;
    let (path, words) = flash.link.expect("a link");
    assert!(path.ends_with(&format!("/conduct/{}#undo", case.id)));
    assert_eq!(words, "撤回這個決定");
    assert!(get(&host, &at).await.contains("id=\"undo\""));
}

/// What the page after a form begins with.
async fn flash_after(
    router: &axum::Router,
    path: &str,
    fields: &[(&str, &str)],
) -> foundation::page::Flash {
    use tower::ServiceExt as _;
    let text = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = axum::http::Request::post(format!("/c/chunheyuan{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(text))
        .expect("a request");
    let answer = router.clone().oneshot(request).await.expect("an answer");
    answer.extensions().get().cloned().expect("a flash")
}

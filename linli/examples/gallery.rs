//! Shows every component on loopback, so that its look can be judged without a compound behind it.
//!
//! `cargo run -p linli --example gallery [PORT]`, then open `/`, `/apply`, `/apply?faults=1`, `/check`,
//! `/queue`, `/queue?open=1`, `/record`, `/pieces`, `/slip`, `/problem/404`. Each page takes `lang`,
//! `theme` and `text` in the address.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, Request};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use foundation::page::{self, *};

/// Monday 23 November 2026, 14:05 in Shanghai.
const NOW_MS: i64 = 1_795_413_900_000;
const HOUR_MS: i64 = 3_600_000;
const PORT: u16 = 8_710;

/// Says a sample text of the gallery, written as `繁|简|English`.
#[derive(Clone, Copy)]
struct Gallery(Lang);

impl Gallery {
    fn t<'s>(&self, text: &'s str) -> &'s str {
        text.split('|').nth(self.0 as usize).unwrap_or(text)
    }
}

struct Row {
    room: &'static str,
    name: &'static str,
    phone: &'static str,
    status: &'static str,
    tone: Tone,
    at: i64,
    due: i64,
}

#[derive(Template)]
#[template(path = "gallery/home.html")]
struct Home {
    frame: Frame,
    g: Gallery,
    steps: Vec<Step>,
    moments: Vec<Moment>,
    waiting: Tone,
}

#[derive(Template)]
#[template(path = "gallery/apply.html")]
struct Apply {
    frame: Frame,
    g: Gallery,
    form: Form,
    relations: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "gallery/check.html")]
struct Check {
    frame: Frame,
    g: Gallery,
    lines: Vec<Line>,
    files: Vec<Thumb>,
}

#[derive(Template)]
#[template(path = "gallery/queue.html")]
struct Queue {
    frame: Frame,
    g: Gallery,
    list: ListQuery,
    chips: Vec<Chip>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    pager: Pager,
    open: bool,
    lines: Vec<Line>,
    moments: Vec<Moment>,
    waiting: Tone,
}

#[derive(Template)]
#[template(path = "gallery/record.html")]
struct Record {
    frame: Frame,
    g: Gallery,
    form: Form,
    comparisons: Vec<Comparison>,
    files: Vec<Thumb>,
    lines: Vec<Line>,
    moments: Vec<Moment>,
    waiting: Tone,
}

#[derive(Template)]
#[template(path = "gallery/pieces.html")]
struct Pieces {
    frame: Frame,
    g: Gallery,
    form: Form,
    work: Progress,
    unknown: Progress,
    tones: [Tone; 5],
    tag: Tag,
    relations: Vec<Choice>,
    qr: String,
    now: i64,
}

#[derive(Template)]
#[template(path = "gallery/slip.html")]
struct Slip {
    frame: Frame,
    g: Gallery,
    qr: String,
}

fn relations(g: Gallery) -> Vec<Choice> {
    vec![
        Choice::new("owner", g.t("業主或共有人|业主或共有人|Owner or co-owner")),
        Choice::new("family", g.t("業主的家人|业主的家人|Owner’s family"))
            .hint(g.t("與業主同住的家人。|与业主同住的家人。|Family who live with the owner.")),
        Choice::new("tenant", g.t("租戶|租户|Tenant")),
    ]
}

fn moments(g: Gallery) -> Vec<Moment> {
    vec![
        Moment {
            at_ms: NOW_MS - HOUR_MS,
            who: g.t("客服 小陳|客服 小陈|Chen, customer service").into(),
            what: g.t("開始核驗|开始核验|Began to verify").into(),
            tone: Tone::Waiting,
            seq: 10_482,
            ..Moment::default()
        },
        Moment {
            at_ms: NOW_MS - 3 * HOUR_MS,
            who: g.t("系統|系统|linli").into(),
            what: g.t("自動比對：三項一致，一項不一致|自动比对：三项一致，一项不一致|Checks: three agree, one differs").into(),
            why: g.t("手機尾號與名冊不同。|手机尾号与名册不同。|Last digits of the phone differ from the roster.").into(),
            tone: Tone::Info,
            seq: 10_459,
        },
        Moment {
            at_ms: NOW_MS - 4 * HOUR_MS,
            who: g.t("王女士|王女士|Ms Wang").into(),
            what: g.t("提交了申請|提交了申请|Sent the application").into(),
            tone: Tone::Done,
            seq: 10_455,
            ..Moment::default()
        },
    ]
}

fn lines(g: Gallery, frame: &Frame) -> Vec<Line> {
    vec![
        Line::new(g.t("房號|房号|Room"), "3-2-1801").change("/apply#f-room"),
        Line::new(g.t("姓名|姓名|Full name"), g.t("王女士|王女士|Wang")).change("/apply#f-name"),
        Line::new(g.t("手機|手机|Phone"), frame.phone("13800138000")).change("/apply#f-phone"),
        Line::new(g.t("關係|关系|Relation"), g.t("業主|业主|Owner")).change("/apply#f-relation"),
        Line::new(g.t("備註|备注|Note"), "").change("/apply#f-note"),
    ]
}

fn files(g: Gallery) -> Vec<Thumb> {
    let file = |picture: &str, name: &str, note: &str| Thumb {
        href: "/paper.svg".into(),
        picture: picture.into(),
        name: name.into(),
        note: note.into(),
    };
    vec![
        file(
            "/paper.svg",
            g.t("房產證 第 1 頁|房产证 第 1 页|Deed, page 1"),
            "1.2 MB",
        ),
        file(
            "/paper.svg",
            g.t("房產證 第 2 頁|房产证 第 2 页|Deed, page 2"),
            "1.4 MB",
        ),
        file("", g.t("購房合同|购房合同|Contract"), "PDF · 3.8 MB"),
    ]
}

fn qr() -> String {
    let code = qrcode::QrCode::new("https://linli.example/j/7F3K-92QP").expect("it is short");
    // The declaration in front is for files of their own.
    let svg = code
        .render::<qrcode::render::svg::Color>()
        .quiet_zone(false)
        .build();
    svg[svg.find("<svg").expect("it is a drawing")..].to_owned()
}

async fn home(frame: Frame) -> Response {
    let g = Gallery(frame.lang());
    let names = [
        "填寫|填写|Apply",
        "核驗|核验|Verify",
        "邀請|邀请|Invite",
        "入群|入群|Join",
    ];
    let steps = steps(names.map(|name| g.t(name).to_owned()), 1);
    let title = g.t("首頁|首页|Home");
    page::ok(Home {
        frame: frame.named(title),
        g,
        steps,
        moments: moments(g),
        waiting: Tone::Waiting,
    })
}

async fn apply(frame: Frame, list: ListQuery) -> Response {
    let g = Gallery(frame.lang());
    let mut form = Form::default();
    let mut status = StatusCode::OK;
    if list.has("faults", "1") {
        form = Form::filled([
            ("room", "3-2-1801"),
            ("phone", "138"),
            ("note", "晚上七點後在家"),
        ]);
        let label = |text: &str| g.t(text).to_owned();
        form.fault(
            "name",
            say("error-required").and("label", label("姓名|姓名|Full name")),
        );
        form.fault(
            "phone",
            say("error-number").and("label", label("手機號碼|手机号码|Mobile phone")),
        );
        form.fault(
            "relation",
            say("error-choose").and(
                "label",
                label("您與這套房的關係|您与这套房的关系|Your relation to this home"),
            ),
        );
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let frame = frame.named(g.t("申請加入業主群|申请加入业主群|Apply to join the owners’ group"));
    page::html(
        status,
        Apply {
            frame,
            g,
            form,
            relations: relations(g),
        },
    )
}

async fn check(frame: Frame) -> Response {
    let g = Gallery(frame.lang());
    let lines = lines(g, &frame);
    let title = g.t("送出前請看一遍|送出前请看一遍|Check your answers");
    page::ok(Check {
        frame: frame.named(title),
        g,
        lines,
        files: files(g),
    })
}

async fn queue(frame: Frame, list: ListQuery) -> Response {
    let g = Gallery(frame.lang());
    let states = [
        ("待核驗|待核验|To verify", Tone::Waiting),
        ("已逾時|已逾时|Overdue", Tone::Overdue),
        ("已核准|已核准|Approved", Tone::Done),
        ("待補充|待补充|Needs more", Tone::Info),
        ("已撤回|已撤回|Withdrawn", Tone::Plain),
    ];
    let people = [
        "王女士",
        "李先生",
        "陳女士",
        "趙先生",
        "黃女士",
        "周先生",
        "吳女士",
    ];
    let rooms = [
        "3-2-1801",
        "3-2-1802",
        "5-1-0302",
        "二期3-2-1801",
        "1-1-0101",
        "7-2-2203",
        "2-1-0502",
        "2-1-0503",
        "6-3-1104",
        "6-3-1201",
        "8-1-0902",
        "9-2-0401",
        "9-2-0402",
        "11-1-1701",
    ];
    let row = |(place, room): (usize, &&'static str)| Row {
        room,
        name: people[place % people.len()],
        phone: "138****8000",
        status: states[place % states.len()].0,
        tone: states[place % states.len()].1,
        at: NOW_MS - place as i64 * 5 * HOUR_MS,
        due: if place % 3 == 1 {
            123_450 * place as i64
        } else {
            0
        },
    };
    let chip = |value: &str, text: &str, count| Chip {
        name: "status",
        value: value.into(),
        text: g.t(text).into(),
        count: Some(count),
    };
    let column = |key, text: &str| Column {
        key,
        text: g.t(text).into(),
    };
    let lines = lines(g, &frame).into_iter().map(|line| Line {
        change: String::new(),
        ..line
    });
    page::ok(Queue {
        g,
        chips: vec![
            chip("", "全部|全部|All", 1_204),
            chip("verifying", "待核驗|待核验|To verify", 12),
            chip("late", "已逾時|已逾时|Overdue", 3),
            chip("info", "待補充|待补充|Needs more", 7),
        ],
        columns: vec![
            column("room", "房號|房号|Room"),
            column("name", "申請人|申请人|Applicant"),
            column("phone", "手機|手机|Phone"),
            column("status", "狀態|状态|Status"),
            column("since", "提交時間|提交时间|Sent"),
            column("due", "欠費|欠费|Arrears"),
        ],
        rows: rooms.iter().enumerate().map(row).collect(),
        pager: Pager {
            total: 1_204,
            shown: 14,
            before: None,
            after: Some("k14".into()),
        },
        open: !list.value("open").is_empty(),
        list,
        lines: lines.collect(),
        moments: moments(g),
        waiting: Tone::Waiting,
        frame: frame.named(g.t("核驗台|核验台|Verification desk")),
    })
}

async fn record(frame: Frame) -> Response {
    let g = Gallery(frame.lang());
    let row = |label: &str, left: &str, right: &str, verdict, why: &str| Comparison {
        label: g.t(label).into(),
        left: g.t(left).into(),
        right: g.t(right).into(),
        verdict,
        why: g.t(why).into(),
    };
    page::ok(Record {
        g,
        form: Form::default(),
        comparisons: vec![
            row(
                "房號|房号|Room",
                "3-2-1801",
                "3-2-1801",
                Verdict::Agrees,
                "",
            ),
            row(
                "姓名|姓名|Name",
                "王麗|王丽|王丽",
                "王丽",
                Verdict::Agrees,
                "繁簡不同，視為同名|繁简不同，视为同名|Other script, same name",
            ),
            row(
                "手機|手机|Phone",
                "138 **** 8000",
                "139 **** 2214",
                Verdict::Differs,
                "尾號不同|尾号不同|Last digits differ",
            ),
            row(
                "證件號|证件号|Identity no.",
                "",
                "3101** **** **12",
                Verdict::Unknown,
                "申請人未填|申请人未填|Not given by the applicant",
            ),
        ],
        files: files(g),
        lines: vec![Line::new(g.t("手機|手机|Phone"), "").masked(Masked {
            masked: "138 **** 8000".into(),
            reveal: "/reveal".into(),
            field: "phone".into(),
        })],
        moments: moments(g),
        waiting: Tone::Waiting,
        frame: frame.named("3-2-1801 王女士"),
    })
}

async fn pieces(frame: Frame) -> Response {
    let g = Gallery(frame.lang());
    page::ok(Pieces {
        g,
        form: Form::filled([("kinds", "owner")]),
        work: Progress {
            done: 41_200,
            total: 100_000,
            text: g.t("正在導入名冊|正在导入名册|Importing the roster").into(),
            poll: String::new(),
            cancel: "/stop".into(),
        },
        unknown: Progress {
            text: g.t("正在讀取檔案|正在读取文件|Reading the file").into(),
            ..Progress::default()
        },
        tones: [
            Tone::Plain,
            Tone::Info,
            Tone::Waiting,
            Tone::Done,
            Tone::Overdue,
        ],
        tag: Verdict::Agrees.tag(),
        relations: relations(g),
        qr: qr(),
        now: NOW_MS - 30 * HOUR_MS,
        frame: frame.named(g.t("零件|零件|Pieces")),
    })
}

async fn slip(frame: Frame) -> Response {
    let g = Gallery(frame.lang());
    page::ok(Slip {
        frame: frame.named(g.t("入群邀請單|入群邀请单|Invitation")),
        g,
        qr: qr(),
    })
}

async fn trouble(Path(status): Path<u16>, mut frame: Frame) -> Response {
    frame.flash.clear();
    problem::page(
        frame,
        StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_FOUND),
    )
}

async fn switch(form: Form) -> Response {
    let mut response = Redirect::to(preferences::back(&form)).into_response();
    for cookie in preferences::cookies(&form) {
        let cookie = HeaderValue::from_str(&cookie).expect("only known values are in it");
        response.headers_mut().append("set-cookie", cookie);
    }
    response
}

/// A picture to show where owners' pictures would be.
async fn paper() -> Response {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 160 120'><rect width='160' height='120' fill='#f3efe4'/>\
               <path d='M30 25h100M30 42h80M30 54h90M30 66h70M30 78h85' stroke='#a99' stroke-width='4'/>\
               <circle cx='120' cy='92' r='14' fill='none' stroke='#b33' stroke-width='3'/></svg>";
    ([("content-type", "image/svg+xml")], svg).into_response()
}

#[derive(serde::Deserialize)]
struct Look {
    lang: Option<String>,
    theme: Option<String>,
    text: Option<String>,
}

/// Stands where the session layer stands in the house.
async fn dress(Query(look): Query<Look>, mut request: Request, next: Next) -> Response {
    let wish = preferences::Preferences::of(request.headers());
    let lang = look
        .lang
        .as_deref()
        .and_then(Lang::from_tag)
        .unwrap_or(wish.lang);
    let path = request.uri().path().to_owned();
    let staff = ["/queue", "/record", "/pieces"].contains(&path.as_str());
    let g = Gallery(lang);
    let item = |word, href: &str, icon, count| NavItem {
        word,
        href: href.into(),
        area: String::new(),
        icon,
        count,
    };
    let nav = if staff {
        vec![
            NavGroup {
                word: key("wing-group"),
                items: vec![
                    item("nav-home", "/today", "list", 0),
                    item("nav-group", "/queue", "shield", 12),
                ],
            },
            NavGroup {
                word: key("wing-services"),
                items: vec![item("nav-services", "/pieces", "service", 4)],
            },
            NavGroup {
                word: key("wing-archive"),
                items: vec![item("wing-archive", "/record", "folder", 0)],
            },
            NavGroup {
                word: key("wing-oversight"),
                items: vec![item("wing-oversight", "/o", "eye", 0)],
            },
        ]
    } else {
        let items = vec![
            item("nav-home", "/", "home", 0),
            item("nav-group", "/group", "chat", 3),
            item("nav-services", "/services", "service", 0),
            item("nav-me", "/me", "person", 0),
        ];
        vec![NavGroup { word: "", items }]
    };
    let role = g.t("客服專員|客服专员|Specialist").to_owned();
    request.extensions_mut().insert(Frame {
        words: Words::new(lang),
        csrf: "gallery".into(),
        person: Some(Person {
            name: g.t(if staff { "陳小姐|陈小姐|Ms Chen" } else { "王女士|王女士|Ms Wang" }).into(),
            roles: if staff { vec![role] } else { vec![] },
        }),
        compound: Some(Compound { name: g.t("蘭庭小區|兰庭小区|Lanting Court").into(), slug: "lanting".into() }),
        nav: nav.into(),
        flash: if path == "/queue" { vec![Flash::done(g.t("已核准 3 戶，邀請已發出。|已核准 3 户，邀请已发出。|Three homes approved; invitations sent."))] } else { vec![] },
        alarm: (path == "/pieces").then(|| g.t("上次備份在 27 小時前，請聯絡系統管理員。|上次备份在 27 小时前，请联系系统管理员。|The last backup is 27 hours old; please tell the operator.").into()),
        theme: look.theme.as_deref().map_or(wish.theme, Theme::from_tag),
        large: look.text.as_deref().map_or(wish.large, |text| text == "large"),
        wing: if staff { Wing::Staff } else { Wing::Owner },
        find: "/find".into(),
        account: "/me".into(),
        path,
        now_ms: NOW_MS,
        ..Frame::default()
    });
    let mut response = next.run(request).await;
    // The house's own policy, so that the gallery fails where the house would.
    let policy = HeaderValue::from_static("default-src 'self'");
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
    response
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    packed::furnish();
    let port = std::env::args()
        .nth(1)
        .map_or(Ok(PORT), |port| port.parse())?;
    let routes = Router::new()
        .route("/", get(home))
        .route("/apply", get(apply))
        .route("/check", get(check))
        .route("/queue", get(queue))
        .route("/record", get(record))
        .route("/pieces", get(pieces))
        .route("/slip", get(slip))
        .route("/problem/{status}", get(trouble))
        .route("/paper.svg", get(paper))
        .route(preferences::ROUTE, post(switch))
        .route(assets::ROUTE, get(assets::serve))
        .layer(middleware::from_fn(dress));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://127.0.0.1:{port}/");
    axum::serve(listener, routes).await?;
    Ok(())
}

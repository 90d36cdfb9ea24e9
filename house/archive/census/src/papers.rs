//! Papers: visit sheets with what is known masked and boxes to tick, slips with codes by which
//! households check themselves, and a quarter's report.

use foundation::clock::Moment;
use foundation::house::House;
use foundation::ledger::{Audience, Event};
use foundation::page::{Words, key};
use paper::{Align, Block, Bundle, Cell, Check, Column, Form, Grid, Modules, Row, Slip, Slips};
use permissions::Permission;
use permissions::actor::Actor;

use crate::home::{self, Home, What};
use crate::link::Fresh;
use crate::pages::words::{tie_word, use_word};
use crate::rule::Quarter;
use crate::task::{State, Task};
use crate::work::{self, Filter};
use crate::{CensusError, coverage, events};

/// Households on one paper: a tower's. A sheet is a third of a page.
pub const SHEETS_MAX: i64 = 150;

/// What papers of a compound share.
#[derive(Clone, Debug)]
pub struct Letterhead {
    pub words: Words,
    pub compound: String,
}

fn made(at: Moment) -> paper::Moment {
    paper::Moment {
        unix_ms: at.0,
        minutes_east: 8 * 60,
    }
}

fn column(w: &Words, key: &str, mm: f32) -> Column {
    Column {
        head: w.t(key).into_owned(),
        mm,
        align: Align::Left,
    }
}

/// The visit sheets of a building or unit, for households without a record: one form per unit.
///
/// # Errors
/// [`CensusError::Nothing`] where there is none.
pub async fn sheets(
    house: &House,
    by: &Actor,
    q: Quarter,
    filter: &Filter,
    head: &Letterhead,
) -> Result<Bundle, CensusError> {
    by.may(Permission::CensusVisit)?;
    let filter = Filter {
        state: Some(State::Open),
        ..filter.clone()
    };
    let tasks = work::some(house, by, q, &filter, SHEETS_MAX).await?;
    sheets_of(house, by, q, tasks, head).await
}

/// The visit sheets of some households.
pub async fn sheets_of(
    house: &House,
    by: &Actor,
    q: Quarter,
    tasks: Vec<Task>,
    head: &Letterhead,
) -> Result<Bundle, CensusError> {
    by.may(Permission::CensusVisit)?;
    if tasks.is_empty() {
        return Err(CensusError::Nothing);
    }
    let (c, w) = (by.community, &head.words);
    let mut forms: Vec<(String, Form)> = Vec::new();
    for task in &tasks {
        let home = home::of(house, c, task).await?;
        let place = place(task);
        if forms.last().is_none_or(|(of, _)| *of != place) {
            forms.push((place.clone(), blank(house, q, &place, head)));
        }
        if let Some((_, form)) = forms.last_mut() {
            household(&mut form.blocks, task, &home, w);
        }
    }
    let dossiers = tasks.iter().map(|t| t.dossier).collect::<Vec<_>>();
    // Whose data went onto paper is in the ledger before the paper is drawn.
    let who = by.who_for(Permission::CensusVisit);
    house
        .write(c, &who, move |tx| {
            let event = Event::new(events::PRINTED)
                .to(Audience::Staff)
                .with("quarter", q.number())
                .with("tenures", dossiers);
            Ok::<_, CensusError>(tx.record(event, ())?)
        })
        .await?;
    Ok(Bundle {
        title: w.t(key("census-sheet-title")).into_owned(),
        forms: forms.into_iter().map(|(_, form)| form).collect(),
    })
}

fn place(task: &Task) -> String {
    [task.building.as_str(), task.unit.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

fn blank(house: &House, q: Quarter, place: &str, head: &Letterhead) -> Form {
    let w = &head.words;
    Form {
        lang: forms::printing::lang(w),
        made: Some(made(house.now())),
        compound: head.compound.clone(),
        title: w.t(key("census-sheet-title")).into_owned(),
        number: format!("{} · {place}", q.word()),
        code: "SY-WI-KF-09-4.4.2".into(),
        record: q.word(),
        page: w.t("forms-paper-page").into_owned(),
        blocks: vec![Block::Text(vec![w.t(key("census-sheet-how")).into_owned()])],
        ..Form::default()
    }
}

fn household(blocks: &mut Vec<Block>, task: &Task, home: &Home, w: &Words) {
    blocks.push(Block::Section(task.code.clone()));
    let tick = format!(
        "□ {}　□ {}",
        w.t(key("census-sheet-same")),
        w.t(key("census-sheet-changed"))
    );
    let mut rows = Vec::new();
    let mut row = |label: String, known: &str| {
        rows.push(vec![label, known.to_owned(), tick.clone(), String::new()]);
    };
    let usage = use_word(&home.usage.known).map_or(String::new(), |k| w.t(k).into_owned());
    row(w.t(key("census-q-use")).into_owned(), &usage);
    for member in &home.people {
        let tie = w.t(tie_word(member.tie));
        if member.child {
            // A child's data are not carried about: the guardian is asked.
            row(format!("{tie}　{}", w.t(key("census-child"))), &member.name);
            continue;
        }
        row(
            format!("{tie}　{}", w.t(key("census-q-name"))),
            &member.name,
        );
        for q in &member.questions {
            match q.what {
                What::Phone => row(format!("{tie}　{}", w.t(key("census-q-phone"))), &q.shown),
                What::Emergency => row(w.t(key("census-q-emergency")).into_owned(), &q.shown),
                _ => {}
            }
        }
    }
    for q in &home.plates {
        row(w.t(key("census-q-plate")).into_owned(), &q.shown);
    }
    blocks.push(Block::Rows {
        columns: vec![
            column(w, key("census-sheet-field"), 42.0),
            column(w, key("census-sheet-known"), 36.0),
            column(w, key("census-sheet-tick"), 42.0),
            column(w, key("census-sheet-new"), 60.0),
        ],
        rows,
        blank: 1,
        mm: 7.4,
    });
    let check = |key: &str| Check::open(&w.t(key));
    let cells = vec![
        Cell::head(&w.t(key("census-sheet-result")), 2),
        Cell::checks(
            vec![
                check(key("census-sheet-all-same")),
                check(key("census-sheet-refused")),
                check(key("census-sheet-vacant")),
            ],
            10,
        ),
    ];
    let signs = vec![
        Cell::head(&w.t(key("census-sheet-tried")), 2),
        Cell::value("1.　　　　　2.　　　　　3.", 5),
        Cell::head(&w.t(key("census-sheet-sign")), 2),
        Cell::value("", 3),
    ];
    blocks.push(Block::Grid(Grid::new(vec![
        Row::new(cells),
        Row::new(signs).tall(9.0),
    ])));
    blocks.push(Block::Gap(3.0));
}

/// Slips for letterboxes; `link` makes an address of a secret.
pub fn slips(
    fresh: &[Fresh],
    head: &Letterhead,
    now: Moment,
    link: impl Fn(&str) -> String,
) -> Slips {
    let w = &head.words;
    let until = fresh.first().map_or(now, |f| f.expires_at);
    let until = foundation::page::fmt::civil_day(w.lang(), until.date());
    Slips {
        lang: forms::printing::lang(w),
        made: Some(made(now)),
        compound: head.compound.clone(),
        title: w.t(key("census-slip-title")).into_owned(),
        text: w.t(key("census-slip-text")).into_owned(),
        until: w
            .one(key("census-slip-until"), "day", until.as_str())
            .into_owned(),
        slips: fresh
            .iter()
            .map(|f| Slip {
                room: f.task.code.clone(),
                code: Modules::of(&link(&f.secret)),
            })
            .collect(),
    }
}

/// A quarter's report: how it ended, by person and by building. Nobody is named but the office.
pub async fn report(
    house: &House,
    by: &Actor,
    q: Quarter,
    head: &Letterhead,
) -> Result<Form, CensusError> {
    by.may(Permission::ArchiveRead)?;
    let (c, w) = (by.community, &head.words);
    let all = coverage::totals(house, c, q).await?;
    let people = coverage::by_person(house, c, q).await?;
    let buildings = coverage::by_building(house, c, q).await?;
    let figures = |t: &coverage::Tally| {
        [t.due(), t.in_time(), t.late, t.vacant, t.refused, t.open]
            .map(|n| n.to_string())
            .to_vec()
    };
    let number = |key: &str| Column {
        align: Align::Right,
        ..column(w, key, 21.0)
    };
    let columns = |first: &str| {
        vec![
            column(w, first, 54.0),
            number(key("census-due")),
            number(key("census-in-time")),
            number(key("census-late")),
            number(key("census-state-vacant")),
            number(key("census-state-refused")),
            number(key("census-state-open")),
        ]
    };
    let row = |name: String, t: &coverage::Tally| {
        let mut cells = vec![name];
        cells.extend(figures(t));
        cells
    };
    let nobody = w.t(key("census-nobody")).into_owned();
    let mut rows: Vec<Vec<String>> = people
        .iter()
        .map(|p| {
            let name = if p.account.is_some() {
                &p.name
            } else {
                &nobody
            };
            row(name.clone(), &p.tally)
        })
        .collect();
    rows.push(row(w.t(key("census-all")).into_owned(), &all));
    Ok(Form {
        lang: forms::printing::lang(w),
        made: Some(made(house.now())),
        compound: head.compound.clone(),
        title: w.t(key("census-report-title")).into_owned(),
        number: q.word(),
        code: "SY-WI-KF-09-4.4.2".into(),
        record: q.word(),
        page: w.t("forms-paper-page").into_owned(),
        blocks: vec![
            Block::Text(vec![
                w.with(
                    key("census-report-lead"),
                    &[
                        ("share", share(&all).into()),
                        ("due", all.due().into()),
                        ("done", all.in_time().into()),
                    ],
                )
                .into_owned(),
            ]),
            Block::Section(w.t(key("census-by-person")).into_owned()),
            Block::Rows {
                columns: columns(key("census-visitor")),
                rows,
                blank: 0,
                mm: 7.0,
            },
            Block::Section(w.t(key("census-by-building")).into_owned()),
            Block::Rows {
                columns: columns(key("census-building")),
                rows: buildings
                    .iter()
                    .map(|b| row(crate::pages::building_named(b.name.clone(), w), &b.tally))
                    .collect(),
                blank: 0,
                mm: 7.0,
            },
        ],
        ..Form::default()
    })
}

/// `96.4%`, of records in time.
pub fn share(t: &coverage::Tally) -> String {
    let permille = t.permille();
    format!("{}.{}%", permille / 10, permille % 10)
}

//! The pack of evidence for an order for payment or a suit: what is owed, what was paid, what was
//! said, which letters arrived, the limitation clock, and the lines of the ledger that vouch for
//! each.

use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Entry, Event, timeline};
use foundation::page::{Lang, Words, key};
use paper::{Align, Block, Cell, Column, Form, Grid, Row};
use permissions::Permission;
use permissions::actor::Actor;

use crate::looking::{self, Story};
use crate::{ArrearsError, events, rule};

/// Lines of the ledger on the paper: six years of a contact each fortnight.
const LINES_MAX: i64 = 200;

/// What papers of a compound share.
#[derive(Clone, Debug, Default)]
pub struct Letterhead {
    pub words: Words,
    pub compound: String,
    /// The house's own address, which the code on the paper leads to; with `{room}`.
    pub link: String,
}

impl Letterhead {
    /// A paper about a room, without its content.
    pub(crate) fn form(&self, room: Id, now: Moment) -> Form {
        Form {
            lang: match self.words.lang() {
                Lang::ZhHant => paper::Lang::Traditional,
                Lang::ZhHans => paper::Lang::Simplified,
                Lang::En => paper::Lang::English,
            },
            made: Some(paper::Moment {
                unix_ms: now.0,
                minutes_east: 8 * 60,
            }),
            compound: self.compound.clone(),
            code: "SY-WI-KF-09 4.4.2".into(),
            page: self.words.t(key("arrears-paper-page")).into_owned(),
            qr: paper::Modules::of(&self.link.replace("{room}", room.as_str())),
            ..Form::default()
        }
    }
}

/// `¥1,234.50`.
pub(crate) fn money(fen: i64) -> String {
    foundation::page::fmt::money(fen)
}

/// Where the ledger stood, signed: so many events, and the note word for word.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'s> {
    pub size: u64,
    pub note: &'s str,
}

/// Draws the pack; that it was drawn stands in the ledger, because it holds what was said.
pub async fn paper_of(
    house: &House,
    by: &Actor,
    room: Id,
    head: &Letterhead,
) -> Result<Form, ArrearsError> {
    Ok(pack(house, by, room, head, None).await?.0)
}

/// The pack with the ledger's signed head upon it, and the numbers of the events that it lists:
/// whoever keeps the ledger proves each of them under that head.
pub async fn pack(
    house: &House,
    by: &Actor,
    room: Id,
    head: &Letterhead,
    signed: Option<Signed<'_>>,
) -> Result<(Form, Vec<u64>), ArrearsError> {
    by.may(Permission::ArrearsFollow)?;
    let c = by.community;
    let story = looking::story(house, by, room).await?;
    let account = fees::account(house, by, room).await?;
    let mut lines = timeline(&house.db, c, "fee_account", room, LINES_MAX).await?;
    // What came after the signature is not under it.
    let under = signed.map_or(u64::MAX, |s| s.size);
    lines.retain(|e| u64::try_from(e.seq).is_ok_and(|seq| seq <= under));
    house
        .write(c, &by.who_for(Permission::ArrearsFollow), move |tx| {
            let event = Event::new(events::EVIDENCE_DRAWN)
                .about("fee_account", room)
                .to(Audience::Staff);
            Ok::<_, ArrearsError>(tx.record(event, ())?)
        })
        .await?;
    let pack = Pack {
        words: &head.words,
        story: &story,
        today: house.now().date(),
    };
    let mut blocks = pack.head();
    blocks.extend(pack.owed(&account));
    blocks.extend(pack.paid(&account));
    blocks.extend(pack.contacts());
    blocks.extend(pack.letters());
    blocks.extend(pack.holds());
    blocks.extend(pack.ledger(&lines));
    if let Some(signed) = signed {
        blocks.extend(pack.signature(signed.note));
    }
    let numbers = lines.iter().filter_map(|e| u64::try_from(e.seq).ok());
    let form = Form {
        title: head.words.t(key("arrears-evidence-title")).into_owned(),
        number: story.code.clone(),
        blocks,
        ..head.form(room, house.now())
    };
    Ok((form, numbers.collect()))
}

struct Pack<'p> {
    words: &'p Words,
    story: &'p Story,
    today: jiff::civil::Date,
}

impl Pack<'_> {
    fn t(&self, key: &str) -> String {
        self.words.t(key).into_owned()
    }

    fn table(
        &self,
        title: &'static str,
        columns: &[(&'static str, f32, Align)],
        rows: Vec<Vec<String>>,
    ) -> Vec<Block> {
        let mut out = vec![Block::Section(self.t(title))];
        if rows.is_empty() {
            out.push(Block::Text(vec![self.t(key("arrears-evidence-none"))]));
            return out;
        }
        out.push(Block::Rows {
            columns: columns
                .iter()
                .map(|(head, mm, align)| Column {
                    head: self.t(head),
                    mm: *mm,
                    align: *align,
                })
                .collect(),
            rows,
            blank: 0,
            mm: 7.0,
        });
        out
    }

    fn head(&self) -> Vec<Block> {
        let pair = |a: &str, x: String, b: &str, y: String| {
            Row::new(vec![
                Cell::head(&self.t(a), 2),
                Cell::value(&x, 4),
                Cell::head(&self.t(b), 2),
                Cell::value(&y, 4),
            ])
        };
        let Some(account) = &self.story.account else {
            return vec![Block::Text(vec![self.t(key("arrears-nothing"))])];
        };
        let known = rule::Known::of(account.anchor, self.today);
        let standing = rule::standing(&known);
        vec![Block::Grid(Grid::new(vec![
            pair(
                key("arrears-f-room"),
                self.story.code.clone(),
                key("arrears-f-owed"),
                money(self.story.overdue_fen),
            ),
            pair(
                key("arrears-f-anchor"),
                account.anchor.to_string(),
                key("arrears-f-days"),
                standing.overdue_days.to_string(),
            ),
            pair(
                key("arrears-f-scope"),
                account.scope_from.to_string(),
                key("arrears-f-limit"),
                account.limit_on.to_string(),
            ),
        ]))]
    }

    fn owed(&self, account: &fees::AccountView) -> Vec<Block> {
        let open = account.bills.iter().filter(|b| b.owed.0 > 0);
        let rows = open.map(|b| {
            vec![
                b.item_name.clone(),
                b.months(),
                b.due.to_string(),
                money(b.amount.0),
                money(b.owed.0),
            ]
        });
        self.table(
            key("arrears-evidence-bills"),
            &[
                (key("arrears-f-item"), 50.0, Align::Left),
                (key("arrears-f-months"), 40.0, Align::Left),
                (key("arrears-f-due"), 30.0, Align::Left),
                (key("arrears-f-amount"), 30.0, Align::Right),
                (key("arrears-f-open"), 30.0, Align::Right),
            ],
            rows.collect(),
        )
    }

    fn paid(&self, account: &fees::AccountView) -> Vec<Block> {
        let stand = account.payments.iter().filter(|p| !p.is_void());
        let rows = stand.map(|p| vec![p.paid_on.to_string(), p.receipt.clone(), money(p.amount.0)]);
        self.table(
            key("arrears-evidence-payments"),
            &[
                (key("arrears-f-day"), 40.0, Align::Left),
                (key("arrears-f-receipt"), 80.0, Align::Left),
                (key("arrears-f-amount"), 60.0, Align::Right),
            ],
            rows.collect(),
        )
    }

    fn contacts(&self) -> Vec<Block> {
        let mut all: Vec<_> = self.story.contacts.iter().filter(|k| k.counts()).collect();
        all.reverse();
        let rows = all.into_iter().map(|k| {
            let mut what = self.t(k.result.key());
            if let Some((day, fen)) = k.promise {
                what.push_str(&format!(" {day} {}", money(fen.0)));
            }
            if k.arrived {
                what.push_str(&format!("（{}）", self.t(key("arrears-arrived"))));
            }
            if !k.answered.is_empty() {
                what.push_str(&format!("：{}", k.answered));
            }
            vec![
                format!("{} {}", k.on, k.time()),
                self.t(k.way.key()),
                self.t(k.reached.key()),
                money(k.shown_fen),
                what,
                k.by_name.clone(),
            ]
        });
        self.table(
            key("arrears-evidence-contacts"),
            &[
                (key("arrears-f-day"), 32.0, Align::Left),
                (key("arrears-f-way"), 20.0, Align::Left),
                (key("arrears-f-reached"), 24.0, Align::Left),
                (key("arrears-f-shown"), 26.0, Align::Right),
                (key("arrears-f-result"), 54.0, Align::Left),
                (key("arrears-f-by"), 24.0, Align::Left),
            ],
            rows.collect(),
        )
    }

    fn letters(&self) -> Vec<Block> {
        let rows = self.story.letters.iter().rev().map(|l| {
            let how = l.delivery.map_or(String::new(), |d| self.t(d.key()));
            vec![
                l.label(),
                self.t(l.kind.key()),
                l.issued_on.to_string(),
                money(l.owed_fen),
                l.pay_by.to_string(),
                l.delivered_on
                    .map_or(self.t(l.state.key()), |day| format!("{day} {how}")),
            ]
        });
        self.table(
            key("arrears-letters"),
            &[
                (key("arrears-f-number"), 30.0, Align::Left),
                (key("arrears-f-kind"), 24.0, Align::Left),
                (key("arrears-f-issued"), 26.0, Align::Left),
                (key("arrears-f-amount"), 26.0, Align::Right),
                (key("arrears-f-pay-by"), 26.0, Align::Left),
                (key("arrears-f-delivery"), 48.0, Align::Left),
            ],
            rows.collect(),
        )
    }

    fn holds(&self) -> Vec<Block> {
        let rows = self.story.holds.iter().rev().map(|h| {
            let day = |d: Option<jiff::civil::Date>| d.map_or(String::new(), |d| d.to_string());
            vec![
                self.t(h.why.key()),
                self.t(h.state.key()),
                day(h.from),
                day(h.until),
                h.note.clone(),
            ]
        });
        self.table(
            key("arrears-holds"),
            &[
                (key("arrears-f-why"), 34.0, Align::Left),
                (key("arrears-f-state"), 24.0, Align::Left),
                (key("arrears-f-from"), 26.0, Align::Left),
                (key("arrears-f-until"), 26.0, Align::Left),
                (key("arrears-f-note"), 70.0, Align::Left),
            ],
            rows.collect(),
        )
    }

    /// The head of the ledger as it is signed, to compare with the file beside the paper.
    fn signature(&self, note: &str) -> Vec<Block> {
        let lines = note.lines().filter(|l| !l.is_empty());
        let mut text = vec![self.t(key("arrears-evidence-head-text"))];
        text.extend(lines.map(str::to_owned));
        vec![
            Block::Section(self.t(key("arrears-evidence-head"))),
            Block::Text(text),
        ]
    }

    /// The number, the time and the leaf of each event: with these a line is proved to lie in
    /// the signed tree, by whoever has a checkpoint.
    fn ledger(&self, lines: &[Entry]) -> Vec<Block> {
        let rows = lines.iter().map(|e| {
            let leaf = e.leaf();
            let hex: String = leaf.iter().map(|b| format!("{b:02x}")).collect();
            vec![
                e.seq.to_string(),
                foundation::page::fmt::stamp(e.at.0),
                // A court reads what was done, not the name of a kind.
                self.t(&format!("event-{}", e.kind.replace(['.', '_'], "-"))),
                hex,
            ]
        });
        let mut out = self.table(
            key("arrears-evidence-ledger"),
            &[
                (key("arrears-f-seq"), 16.0, Align::Right),
                (key("arrears-f-day"), 34.0, Align::Left),
                (key("arrears-f-event"), 42.0, Align::Left),
                (key("arrears-f-leaf"), 88.0, Align::Left),
            ],
            rows.collect(),
        );
        out.push(Block::Text(vec![self.t(key("arrears-evidence-verify"))]));
        out
    }
}

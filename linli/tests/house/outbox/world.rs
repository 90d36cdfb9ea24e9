//! A compound that can be reached, senders that do as they are told, and servers that
//! stand in for a provider, a push service and a mail server.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use foundation::clock::{DAY, Moment};
use foundation::database::{Community, DbError, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;
use outbox::post::{Carrier, Carriers, PostError};
use outbox::sender::{Answer, Parcel, Sender, Sending, Why};
use outbox::{Letter, Post, Recipient, Way};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use crate::membership::world::C;
use crate::support::TestHouse;

const MADE: Kind = Kind::new("test.made", 1);

/// One home: a room on the roster, its owner and the owner's account.
#[derive(Clone, Copy)]
pub struct Home {
    pub room: Id,
    pub party: Id,
    pub account: Id,
}

/// So many homes, each with a phone, a member, a browser at `endpoint` and an address.
pub async fn homes(house: &TestHouse, many: usize, endpoint: &str) -> Vec<Home> {
    let homes: Vec<Home> = (0..many)
        .map(|_| Home {
            room: house.id(),
            party: house.id(),
            account: house.id(),
        })
        .collect();
    for (n, part) in homes.chunks(250).enumerate() {
        let mut asks = Vec::new();
        for (i, h) in part.iter().enumerate() {
            asks.extend(rows(house, h, n * 250 + i, endpoint).await);
        }
        let made: Result<(), DbError> = house
            .write(C, &Who::operator(), move |mut tx| {
                for one in asks {
                    tx.execute(one)?;
                }
                tx.record(Event::new(MADE), ())
            })
            .await;
        made.expect("homes");
    }
    homes
}

async fn rows(house: &House, h: &Home, n: usize, endpoint: &str) -> Vec<foundation::database::Ask> {
    let ring = house
        .keys
        .make(C, &[h.party, h.account])
        .await
        .expect("keys");
    let seal = |whose: Id, column: &str, text: &str| {
        house
            .keys
            .seal(&ring, whose, column, text.as_bytes())
            .expect("sealed")
    };
    let code = format!("9-{}-{:04}", n % 7 + 1, n);
    let public = webpush::public_key(&[7; 32]).expect("a key");
    let browser = format!(
        r#"{{"endpoint":"{endpoint}/{n}","p256dh":"{public}","auth":"AAAAAAAAAAAAAAAAAAAAAA"}}"#
    );
    vec![
        ask(
            "INSERT INTO room (community, id, code, normal, tail, sort_key, phase, zone, building, unit, \
             version, held, import, created_at) VALUES ($1, $2, $3, $3, '', $4, '', '', '9', '1', 1, 0, '', 0)",
            params![C, h.room, &code, code.as_bytes()],
        ),
        ask(
            "INSERT INTO party (community, id, kind, name, name_key, state, version, held, import, created_at) \
             VALUES ($1, $2, 'person', '周全', '周全', 'alive', 1, 0, '', 0)",
            params![C, h.party],
        ),
        ask(
            "INSERT INTO party_phone (community, party, id, sealed, blind_phone, blind_tail, main, added_at, import) \
             VALUES ($1, $2, $3, $4, 0, 0, 1, 0, '')",
            params![
                C,
                h.party,
                house.id(),
                seal(h.party, "phone", &format!("+86139{n:08}"))
            ],
        ),
        ask(
            "INSERT INTO relation (community, id, room, party, kind, ended_why, version, import, created_at) \
             VALUES ($1, $2, $3, $4, 'owner', '', 1, '', 0)",
            params![C, house.id(), h.room, h.party],
        ),
        ask(
            "INSERT INTO member (community, id, account, party, room, room_code, relation, name, name_key, \
             state, version, since, changed_at, reason, words, notice_only, removal_words) \
             VALUES ($1, $2, $3, $4, $5, $6, 'owner', '周全', '周全', 'active', 1, 0, 0, '', '', 0, '')",
            params![C, house.id(), h.account, h.party, h.room, &code],
        ),
        ask(
            "INSERT INTO outbox_device (community, account, id, digest, sealed, agent, created_at) \
             VALUES ($1, $2, $3, $4, $5, '', 0)",
            params![
                C,
                h.account,
                house.id(),
                n.to_be_bytes().to_vec(),
                seal(h.account, "push", &browser)
            ],
        ),
        ask(
            "INSERT INTO outbox_mail (community, account, sealed, confirmed_at, link, link_until, asked, asked_from) \
             VALUES ($1, $2, $3, 0, NULL, 0, 0, 0)",
            params![
                C,
                h.account,
                seal(h.account, "mail", &format!("home{n}@lanting.example"))
            ],
        ),
    ]
}

/// A letter with an item for each home by these ways.
pub async fn letter(house: &TestHouse, homes: &[Home], ways: &[Way], urgent: bool) -> Id {
    let id = house.id();
    let letter = Letter {
        source: format!("test:{id}"),
        title: "停水".into(),
        text: "週六停水".into(),
        path: "/my/notices/1".into(),
        urgent,
        expires_at: house.now().plus(3 * DAY),
    };
    let (homes, ways) = (homes.to_vec(), ways.to_vec());
    let put: Result<(), DbError> = house
        .write(C, &Who::operator(), move |mut tx| {
            outbox::letter_in(&mut tx, id, &letter)?;
            let now = tx.now();
            for h in &homes {
                for way in &ways {
                    let sms = *way == Way::Sms;
                    let to = Recipient {
                        room: Some(h.room),
                        account: (!sms).then_some(h.account),
                        party: sms.then_some(h.party),
                    };
                    assert!(outbox::post_in(&mut tx, id, *way, &to, now)?, "new");
                }
            }
            tx.record(Event::new(MADE), ())
        })
        .await;
    put.expect("posted");
    id
}

/// How many items of a way have a fate.
pub async fn count(house: &House, way: Way, fate: &str) -> i64 {
    let asked = ask(
        "SELECT COUNT(*) FROM outbox_item WHERE community = $1 AND way = $2 AND fate = $3",
        params![C, way.word(), fate],
    );
    let (n,): (i64,) = house.db.one(asked).await.expect("counted");
    n
}

/// The places of what settled, how many attempts the items of a way had at most.
pub async fn most_attempts(house: &House, way: Way) -> i64 {
    let asked = ask(
        "SELECT COALESCE(MAX(attempts), 0) FROM outbox_item WHERE community = $1 AND way = $2",
        params![C, way.word()],
    );
    let (n,): (i64,) = house.db.one(asked).await.expect("counted");
    n
}

/// Everything that settled, followed as a room follows it.
pub async fn settled(house: &House, c: Community) -> Vec<i64> {
    let (mut at, mut out) = (0, Vec::new());
    loop {
        let part = outbox::settled_after(house, c, at, 500)
            .await
            .expect("read");
        let Some(last) = part.last() else { return out };
        at = last.0;
        out.extend(part.iter().map(|p| p.0));
    }
}

/// How a sender in memory behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    Up,
    Down,
    Slow,
    /// Fails at every fourth.
    Flapping,
    Hangs,
}

/// A sender in memory. It panics when it is asked for one item twice at once.
pub struct Fake {
    mood: Mutex<Mood>,
    pub asked: AtomicUsize,
    pub in_hand: Mutex<BTreeSet<String>>,
    pub taken: Mutex<BTreeMap<String, usize>>,
    pub order: Mutex<Vec<bool>>,
    pub twice_at_once: AtomicBool,
}

impl Fake {
    pub fn new(mood: Mood) -> Arc<Fake> {
        Arc::new(Fake {
            mood: Mutex::new(mood),
            asked: AtomicUsize::new(0),
            in_hand: Mutex::default(),
            taken: Mutex::default(),
            order: Mutex::default(),
            twice_at_once: AtomicBool::new(false),
        })
    }

    pub fn becomes(&self, mood: Mood) {
        *self.mood.lock().expect("held by none") = mood;
    }

    pub fn times(&self) -> Vec<usize> {
        self.taken
            .lock()
            .expect("whole")
            .values()
            .copied()
            .collect()
    }
}

impl Sender for Fake {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> Sending<'a> {
        Box::pin(async move {
            let n = self.asked.fetch_add(1, Ordering::SeqCst);
            let fresh = self
                .in_hand
                .lock()
                .expect("whole")
                .insert(parcel.id.clone());
            if !fresh {
                self.twice_at_once.store(true, Ordering::SeqCst);
            }
            let mood = *self.mood.lock().expect("whole");
            match mood {
                Mood::Slow => tokio::time::sleep(Duration::from_millis(20)).await,
                Mood::Hangs => std::future::pending::<()>().await,
                _ => tokio::task::yield_now().await,
            }
            self.in_hand.lock().expect("whole").remove(&parcel.id);
            if mood == Mood::Down || (mood == Mood::Flapping && n.is_multiple_of(4)) {
                return Answer::later(Why::Unreachable);
            }
            let mut taken = self.taken.lock().expect("whole");
            *taken.entry(parcel.id.clone()).or_default() += 1;
            self.order.lock().expect("whole").push(parcel.urgent);
            Answer::Sent
        })
    }
}

/// Senders in memory for push, messages and mail.
#[derive(Clone)]
pub struct Fakes(pub [Arc<Fake>; 3]);

impl Carriers for Fakes {
    fn carrier<'a>(
        &'a self,
        _house: &'a Arc<House>,
        way: Way,
        _known: Option<Carrier>,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Carrier>, PostError>> + Send + 'a>> {
        let sender: Arc<dyn Sender> = self.0[way as usize].clone();
        Box::pin(async move {
            Ok(Some(Carrier {
                sender,
                per_minute: 60_000,
                set_at: Moment(0),
            }))
        })
    }
}

pub fn fakes(push: Mood, sms: Mood, mail: Mood) -> (Fakes, [Arc<Fake>; 3]) {
    let all = [Fake::new(push), Fake::new(sms), Fake::new(mail)];
    (Fakes(all.clone()), all)
}

/// Turns until nothing is queued, half a minute each; how many.
pub async fn run_down(house: &TestHouse, post: &Post, ways: &[Way], most: usize) -> usize {
    for turn in 1..=most {
        post.turn().await.expect("a turn");
        let mut queued = 0;
        for way in ways {
            queued += count(house, *way, "queued").await;
        }
        if queued == 0 {
            return turn;
        }
        house.clock.advance(30_000);
    }
    panic!("not done after {most} turns");
}

/// What a web server standing in answers to its n-th question about a path and a body.
pub type Says = fn(usize, &str) -> (u16, u64);

/// A web server on this machine; what it was asked, and its address.
pub async fn web(says: Says) -> (String, Arc<Mutex<Vec<(String, String)>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let heard: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let ears = heard.clone();
    let asked = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (ears, asked) = (ears.clone(), asked.clone());
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let (mut head, mut length) = (String::new(), 0);
                loop {
                    let mut line = String::new();
                    if stream.read_line(&mut line).await.unwrap_or(0) <= 2 {
                        break;
                    }
                    let lower = line.to_lowercase();
                    if let Some(n) = lower.strip_prefix("content-length:") {
                        length = n.trim().parse().unwrap_or(0);
                    }
                    head.push_str(&line);
                }
                let mut body = vec![0; length];
                if stream.read_exact(&mut body).await.is_err() {
                    return;
                }
                let n = asked.fetch_add(1, Ordering::SeqCst);
                let (status, wait) = says(n, &head);
                tokio::time::sleep(Duration::from_millis(wait)).await;
                if status < 300 {
                    let body = String::from_utf8_lossy(&body).into_owned();
                    ears.lock().expect("whole").push((head, body));
                }
                let answer = format!("HTTP/1.1 {status} x\r\nContent-Length: 2\r\n\r\nok");
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (address, heard)
}

/// A mail server on this machine that refuses whoever is called `nobody`; its port.
pub async fn mail_server() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let ears = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let ears = ears.clone();
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut letter: Option<String> = None;
                let _ = stream.write_all(b"220 here\r\n").await;
                loop {
                    let mut line = String::new();
                    if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                        return;
                    }
                    let answer: &[u8] = match (&mut letter, line.as_str()) {
                        (Some(text), ".\r\n") => {
                            ears.lock().expect("whole").push(std::mem::take(text));
                            letter = None;
                            b"250 ok\r\n"
                        }
                        (Some(text), line) => {
                            text.push_str(line);
                            continue;
                        }
                        (None, line) if line.starts_with("DATA") => {
                            letter = Some(String::new());
                            b"354 go on\r\n"
                        }
                        (None, line) if line.contains("nobody@") => b"550 no such box\r\n",
                        (None, _) => b"250 ok\r\n",
                    };
                    if stream.write_all(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (port, heard)
}

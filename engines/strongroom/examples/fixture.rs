//! Makes a small store of invented documents, its keys and its cards: what
//! `tests/fixtures/v1` was made by, and what `tests/foreign.sh` shows to other validators.
//!
//!     cargo run -p strongroom --example fixture -- DIR

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use strongroom::disk::LocalDisk;
use strongroom::{Class, Escrow, KeyStore, Opener, Part, Place, Role, StrongRoom};

const NOW: i64 = 1_772_323_200_000;

fn main() {
    let dir = PathBuf::from(std::env::args().nth(1).expect("a folder to write to"));
    let (site, escrow) = (Opener::generate(), Opener::generate());
    let recipients = [
        (Role::Site, site.recipient()),
        (Role::Escrow, escrow.recipient()),
    ];
    let keys = Arc::new(LocalDisk::new(dir.join("keys")).expect("a disk"));
    let keys = KeyStore::create(keys, &recipients, NOW).expect("keys");
    let place = Place::folder(dir.join("store")).expect("a place");
    let (room, _) = StrongRoom::create(place, keys).expect("a root");
    room.write_from(NOW).expect("the lease");
    let object = "urn:linli:spring-court:03-01-1801:t01"
        .parse()
        .expect("an id");
    let pdf = || "application/pdf".parse().expect("a media type");
    for version in 1..=2 {
        let now = NOW + i64::from(version);
        let cause = "archive.filed".parse().expect("a cause");
        let mut staged = room.intake(&object, now, cause).expect("begins");
        for class in [Class::A, Class::I] {
            let id = staged.document(class).expect("a document");
            let text = format!("document {} of version {version}", class.letter());
            staged
                .file(&id, Part::Original, pdf(), &mut text.as_bytes())
                .expect("seals");
            staged
                .file(&id, Part::Page(1), pdf(), &mut &b"a picture"[..])
                .expect("seals");
        }
        staged
            .meta(r#"{"owner":"陳小明"}"#.as_bytes())
            .expect("seals");
        let figures = BTreeMap::from([("ledger_seq".to_owned(), 7)]);
        let prepared = staged.prepare(figures).expect("prepares");
        room.publish(&prepared).expect("publishes");
    }
    let heads = serde_json::to_vec_pretty(&room.heads().expect("heads")).expect("json");
    let write = |name: &str, bytes: &[u8]| std::fs::write(dir.join(name), bytes).expect("written");
    write("heads.json", &heads);
    write("site.key", site.secret().as_bytes());
    for share in Escrow::split(&escrow, 3, 5).expect("three of five") {
        write(
            &format!("card-{}.txt", share.number),
            share.text().as_bytes(),
        );
    }
}

//! What the archive keeps beside the papers: pictures of their pages, the nightly reading and its
//! repair, what doctor says of it.

use dossiers::{Kind, Vault, fixity, looking};

use super::office::{self, Office, pdf};
use crate::membership::world::C;

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_drawn_once_and_kept_and_a_page_without_one_is_told() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let id = o
        .hands_in(dossier, Kind::Covenant, &[("a.pdf", pdf(3, "x"))])
        .await
        .expect("taken");
    let stamped = office::stamped_pdf();
    let other = o
        .hands_in(dossier, Kind::Receipt, &[("b.pdf", stamped)])
        .await
        .expect("taken");
    let runner = linli::doors::rooms::jobs();
    let run = runner.run_due(&o.house().db, &o.house().house, o.house().now());
    assert!(run.await.expect("jobs run") >= 2);
    let d = o.document(id).await;
    assert_eq!((d.pictures, d.unseen.as_str()), (Some(3), ""));
    let d = o.document(other).await;
    assert_eq!((d.pictures, d.unseen.as_str()), (Some(0), "1"));

    let opened = Vault::of(o.house()).open(o.house()).await.expect("open");
    let object = dossiers::vault::object(C, dossier);
    let stored = opened.room.documents(&object).expect("readable");
    let parts: Vec<usize> = stored.values().map(|d| d.parts.len()).collect();
    assert_eq!(parts.iter().sum::<usize>(), 4 + 1, "{parts:?}");
    assert!(opened.room.verify(None).expect("looked through").sound());
    let jpeg = looking::page(o.house(), &o.checker, id, 3)
        .await
        .expect("kept");
    assert!(image::load_from_memory(&jpeg).is_ok());
    // Again draws nothing, and the head in the table is that of the strongroom.
    dossiers::pictures::draw(o.house(), C, id, 0)
        .await
        .expect("nothing");
    let told = o.told().await;
    let times = |kind: &str| told.iter().filter(|k| *k == kind).count();
    assert_eq!(times("archive.pictured"), 1, "one version of pictures");
    assert_eq!(times("archive.pages_drawn"), 2);
}

/// Every byte of a folder's tree, written anew elsewhere.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("readable").flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("copied");
        }
    }
}

fn sealed_files(folder: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("readable").flatten() {
        if entry.path().is_dir() {
            sealed_files(&entry.path(), out);
        } else if entry
            .file_name()
            .to_string_lossy()
            .ends_with("original.age")
        {
            out.push(entry.path());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_byte_is_read_within_thirty_nights_and_damage_is_mended_from_the_replica() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    o.filed(dossier, Kind::Covenant, 1).await;
    let root = o.house().data_dir.join("strongroom");
    let replica = o.house().folder.path().join("replica");
    copy(&root, &replica);
    let mut files = Vec::new();
    sealed_files(&root.join("root"), &mut files);
    let mut bytes = std::fs::read(&files[0]).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&files[0], bytes).expect("written");

    let mut damaged = 0;
    for _ in 0..strongroom::FIXITY_SLICES {
        let read = fixity::read(o.house()).await.expect("read").expect("made");
        damaged += read.damages.len();
        o.house().clock.advance(foundation::clock::DAY);
    }
    assert_eq!(damaged, 1, "found in exactly one night of thirty");
    let desk = crate::roster_pages::door(o.house(), dossiers::pages::routes(), &o.w.manager);
    let nowhere = o.house().folder.path().join("nowhere");
    let who = foundation::ledger::Who::operator();
    let refused = fixity::set_replica(o.house(), &who, Some(&nowhere)).await;
    assert!(refused.is_err(), "no copy lies there");
    let set = fixity::set_replica(o.house(), &who, Some(&replica)).await;
    set.expect("a copy lies there");
    let (mut healed, mut told) = (0, false);
    for _ in 0..strongroom::FIXITY_SLICES {
        let read = fixity::read(o.house()).await.expect("read").expect("made");
        told |= !read.damages.is_empty();
        healed += read.healed;
        o.house().clock.advance(foundation::clock::DAY);
    }
    assert_eq!(
        (healed, told),
        (1, false),
        "mended in the night it was found"
    );
    let page = crate::roster_pages::get(&desk, "/files").await;
    assert!(!page.contains("損壞") && !page.contains("沒有完成夜間讀檢"));
    o.house().clock.advance(3 * foundation::clock::DAY);
    let page = crate::roster_pages::get(&desk, "/files").await;
    assert!(page.contains("沒有完成夜間讀檢"), "missed nights are told");
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_looks_at_the_child_the_last_reading_and_the_cards() {
    let o = Office::new().await;
    o.filed(o.dossier(0).await, Kind::Covenant, 1).await;
    let told = || {
        let mut linli = std::process::Command::new(env!("CARGO_BIN_EXE_linli"));
        linli.args(["doctor", "--data"]).arg(&o.house().data_dir);
        let key = o.house().folder.path().join("site.key");
        linli.arg("--key-file").arg(key);
        if let Some(url) = &o.house().db_url {
            linli.arg("--db").arg(url);
        }
        let out = linli.output().expect("it runs").stdout;
        String::from_utf8(out).expect("UTF-8")
    };
    let said = told();
    assert!(said.contains("read by a child without files"), "{said}");
    assert!(
        said.contains("not read yet") && said.contains("there are no cards"),
        "{said}"
    );
    // The real clock is months ahead of the test's: a reading of then is old by now.
    fixity::read(o.house()).await.expect("read");
    let said = told();
    assert!(
        said.contains("strongroom") && said.contains("days ago"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn photographs_that_are_bound_are_kept_as_they_were_taken() {
    use std::io::Read as _;
    use strongroom::Part;
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let photo = office::photo();
    let files = [("1.jpg", photo.clone()), ("2.jpg", photo.clone())];
    let id = o
        .hands_in(dossier, Kind::Identity, &files)
        .await
        .expect("taken");
    let d = o.document(id).await;
    assert_eq!(d.pages, 2);
    let opened = Vault::of(o.house()).open(o.house()).await.expect("opens");
    let object = dossiers::vault::object(C, dossier);
    let stored = d.stored_as.parse().expect("a name");
    let read = |part| {
        let mut bytes = Vec::new();
        let sealed = opened.room.read(&object, &stored, part, &opened.opener);
        sealed
            .expect("kept")
            .read_to_end(&mut bytes)
            .expect("readable");
        bytes
    };
    for nth in [1, 2] {
        assert_eq!(read(Part::Photo(nth)), photo, "byte for byte");
    }
    assert!(read(Part::Original).starts_with(b"%PDF-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_goes_on_behind_any_document() {
    use dossiers::listing;
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    for _ in 0..3 {
        o.hands_in(dossier, Kind::Other, &[("a.pdf", pdf(1, "x"))])
            .await
            .expect("taken");
        o.house().clock.advance(1_000);
    }
    let by = &o.w.specialist;
    let (all, more) = listing::waiting(o.house(), by, None).await.expect("listed");
    assert_eq!((all.len(), more), (3, false));
    let first = &all[0].document;
    let after = Some((first.due_at, first.id));
    let (rest, _) = listing::waiting(o.house(), by, after)
        .await
        .expect("listed");
    let ids = |w: &[listing::Waiting]| w.iter().map(|w| w.document.id).collect::<Vec<_>>();
    assert_eq!(ids(&rest), ids(&all[1..]));
}

//! What must hold of bags, written and checked here; `foreign.sh` has another's tool check them.

use std::fs;
use std::path::Path as FilePath;

use bagit::{Bag, BagError, Fault, Path, Sealed, Valid, validate};
use proptest::prelude::*;

fn path(text: &str) -> Path {
    Path::new(text).expect("a name")
}

fn put(bag: &mut Bag, name: &str, bytes: &[u8]) {
    bag.put(&path(name), |out| out.write_all(bytes))
        .expect("written");
}

fn small(root: &FilePath) -> Sealed {
    let mut bag = Bag::open(root).expect("begun");
    put(&mut bag, "data/目錄.csv", "房號\n".as_bytes());
    put(&mut bag, "data/dossiers/3-2-1801/a-001.pdf", b"%PDF");
    put(&mut bag, "data/100% 真.txt", b"");
    bag.seal(&[
        ("Source-Organization", "春和苑"),
        ("Bagging-Date", "2026-11-27"),
    ])
    .expect("sealed")
}

fn faults(root: &FilePath) -> Vec<Fault> {
    validate(root).expect("read").expect_err("faults")
}

#[test]
fn a_bag_is_valid_and_says_so_to_the_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let sealed = small(root);
    assert_eq!((sealed.files, sealed.bytes), (3, 11));
    assert_eq!(
        validate(root).expect("read"),
        Ok(Valid {
            files: 3,
            bytes: 11
        })
    );
    assert_eq!(Sealed::of(root).expect("read"), Some(sealed));
    let declared = fs::read_to_string(root.join("bagit.txt")).expect("there");
    assert_eq!(
        declared,
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    );
    let info = fs::read_to_string(root.join("bag-info.txt")).expect("there");
    assert!(info.ends_with("Payload-Oxum: 11.3\n"), "{info}");
    let manifest = fs::read_to_string(root.join("manifest-sha512.txt")).expect("there");
    assert!(manifest.contains("  data/100%25 真.txt\n"), "{manifest}");
    // Nothing but the bag is left, and nothing goes in any more.
    assert!(matches!(Bag::open(root), Err(BagError::Sealed)));
    assert_eq!(fs::read_dir(root).expect("there").count(), 5);
}

#[test]
fn each_damage_is_named() {
    let damaged = |damage: &dyn Fn(&FilePath)| {
        let folder = tempfile::tempdir().expect("a folder");
        small(folder.path());
        damage(folder.path());
        faults(folder.path())
    };
    let pdf = "data/dossiers/3-2-1801/a-001.pdf";
    let said = damaged(&|root| fs::write(root.join(pdf), b"%PDG").expect("written"));
    assert_eq!(said, [Fault::Changed(pdf.into())]);
    let said = damaged(&|root| fs::remove_file(root.join(pdf)).expect("gone"));
    assert_eq!(said, [Fault::Missing(pdf.into())]);
    let said = damaged(&|root| fs::write(root.join("data/new"), b"").expect("written"));
    assert_eq!(said, [Fault::Stranger("data/new".into())]);
    let said = damaged(&|root| fs::write(root.join("fetch.txt"), b"").expect("written"));
    assert_eq!(said, [Fault::Fetch]);
    let said = damaged(&|root| fs::write(root.join("bagit.txt"), b"x").expect("written"));
    assert_eq!(
        said,
        [Fault::Declaration, Fault::Changed("bagit.txt".into())]
    );
    let said = damaged(&|root| fs::remove_file(root.join("manifest-sha512.txt")).expect("gone"));
    assert_eq!(said, [Fault::NoManifest]);
    #[cfg(unix)]
    {
        let link = |root: &FilePath| {
            fs::remove_file(root.join(pdf)).expect("gone");
            std::os::unix::fs::symlink("/etc/hostname", root.join(pdf)).expect("a link");
        };
        let said = damaged(&link);
        assert_eq!(
            said,
            [Fault::NoFile(pdf.into()), Fault::Missing(pdf.into())]
        );
    }
}

#[test]
fn a_manifest_that_leads_out_of_the_bag_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    small(folder.path());
    let manifest = folder.path().join("manifest-sha512.txt");
    let mut text = fs::read_to_string(&manifest).expect("there");
    for name in [
        "../outside",
        "/etc/hostname",
        "data/../../x",
        "C:/x",
        "data//x",
    ] {
        text.push_str(&format!("{}  {name}\n", "0".repeat(128)));
    }
    fs::write(&manifest, text).expect("written");
    let lines: Vec<usize> = faults(folder.path())
        .iter()
        .filter_map(|f| match f {
            Fault::Line(_, at) => Some(*at),
            _ => None,
        })
        .collect();
    assert_eq!(lines, [4, 5, 6, 7, 8]);
}

#[test]
fn what_a_crash_cut_off_is_taken_up_and_nothing_done_is_done_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let mut bag = Bag::open(root).expect("begun");
    put(&mut bag, "data/a", b"a");
    // The power goes within the second file, and within its line of the journal.
    let cut = bag.put(&path("data/b"), |out| {
        out.write_all(b"half")?;
        Err(std::io::Error::other("the power"))
    });
    assert!(matches!(cut, Err(BagError::Io(..))));
    drop(bag);
    let journal = root.join("journal.partial");
    let whole = fs::read(&journal).expect("there");
    fs::write(&journal, [&whole[..], &whole[..40]].concat()).expect("written");
    let mut bag = Bag::open(root).expect("taken up");
    assert_eq!((bag.files(), bag.bytes()), (1, 1));
    assert!(bag.has(&path("data/a")).is_some() && bag.has(&path("data/b")).is_none());
    let again = bag.put(&path("data/a"), |_| Ok(()));
    assert!(matches!(again, Err(BagError::There(_))));
    put(&mut bag, "data/b", b"bb");
    bag.seal(&[]).expect("sealed");
    assert_eq!(
        validate(root).expect("read"),
        Ok(Valid { files: 2, bytes: 3 })
    );
}

#[test]
fn names_that_a_system_could_not_keep_are_refused() {
    for bad in [
        "",
        "/a",
        "data/",
        "data/../a",
        "data/a\n",
        "data/a:b",
        "data/a.",
        "data/ a",
        "data/con.txt",
        "data/COM1",
        "data\\a",
    ] {
        assert!(Path::new(bad).is_err(), "{bad:?}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut bag = Bag::open(folder.path()).expect("begun");
    let outside = bag.put(&path("bagit.txt"), |_| Ok(()));
    assert!(
        matches!(outside, Err(BagError::Path(_))),
        "only the payload"
    );
    let line = bag.seal(&[("Label", "two\nlines")]);
    assert!(matches!(line, Err(BagError::Info(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_is_put_in_comes_out_valid(
        files in prop::collection::btree_map("[a-z%業]{1,8}(/[a-z]{1,8}){0,2}\\.x", prop::collection::vec(any::<u8>(), 0..200), 0..12)
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut bag = Bag::open(folder.path()).expect("begun");
        let mut bytes = 0;
        for (name, content) in &files {
            put(&mut bag, &format!("data/{name}"), content);
            bytes += content.len() as u64;
        }
        bag.seal(&[]).expect("sealed");
        let valid = Valid { files: files.len() as u64, bytes };
        prop_assert_eq!(validate(folder.path()).expect("read"), Ok(valid));
    }
}

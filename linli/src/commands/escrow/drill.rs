//! Putting shares together: for the key itself, or to know that they would give it.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use foundation::clock::Moment;
use strongroom::disk::LocalDisk;
use strongroom::{Escrow, KeyStore, Opener, Place, Role, StrongRoom};
use zeroize::Zeroizing;

use super::{cards, shares};
use crate::commands::Outcome;
use crate::commands::installation::Installation;
use crate::commands::strongroom::told;

pub fn combine(out: Option<&Path>) -> anyhow::Result<Outcome> {
    if let Some(path) = out {
        // Before five people have typed.
        ensure!(
            !path.exists(),
            "{}: there is a file already",
            path.display()
        );
    }
    let (Some(key), _) = joined()? else {
        return Ok(Outcome::Wanting);
    };
    let mut line = Zeroizing::new(String::with_capacity(96));
    line.push_str(&key.secret());
    line.push('\n');
    match out {
        Some(path) => {
            let path: PathBuf = path.to_owned();
            cards::write(&path, line.as_bytes()).with_context(|| path.display().to_string())?;
            eprintln!(
                "linli: the key of {} is in {}",
                key.recipient(),
                path.display()
            );
        }
        None => print!("{}", *line),
    }
    Ok(Outcome::Sound)
}

/// The key that the shares on standard input give, and how many lines gave no share; what is
/// wrong is said as it is found.
fn joined() -> anyhow::Result<(Option<Opener>, usize)> {
    let input = std::io::stdin().lock();
    let at_terminal = input.is_terminal();
    if at_terminal {
        eprintln!("One share in each line: the twenty groups of its card, or what its code says.");
    }
    let found = shares::read(input, at_terminal, |line| eprintln!("linli: {line}"))
        .context("standard input")?;
    match Escrow::join(&found.shares) {
        Ok(key) => Ok((Some(key), found.wrong)),
        Err(e) => {
            eprintln!("linli: {e}");
            Ok((None, found.wrong))
        }
    }
}

pub fn check(installation: &Installation) -> anyhow::Result<Outcome> {
    let data = &installation.data;
    let (root, keys) = (data.join("strongroom"), data.join("keys/strongroom"));
    // Looking makes no folders.
    ensure!(
        keys.join("keys.json").is_file() && root.join("root").is_dir(),
        "{}: there is no archive in this data folder",
        data.display()
    );
    let (Some(key), wrong) = joined()? else {
        return Ok(Outcome::Wanting);
    };
    let store = KeyStore::open(Arc::new(LocalDisk::new(&keys)?))?;
    let recipient = key.recipient();
    let record = store
        .keys()
        .into_iter()
        .find(|k| k.role == Role::Escrow && k.recipient == recipient);
    let Some(record) = record else {
        println!("NOT SOUND: these cards are of another archive, or were never put into use");
        return Ok(Outcome::Wanting);
    };
    if let Some(at) = record.retired {
        let day = Moment(at).date();
        println!("NOT SOUND: these cards were replaced on {day} and open nothing any more");
        return Ok(Outcome::Wanting);
    }
    let room = StrongRoom::open(Place::folder(&root)?, store)?;
    let report = room.verify_slots(Some(&key))?;
    for damage in &report.damages {
        println!("NOT SOUND: {}", told(damage));
    }
    let since = Moment(record.since).date();
    println!(
        "the cards of {since} are those of this archive: {} of {} documents and records open",
        report.files - report.damages.len() as u64,
        report.files
    );
    Ok(if report.sound() && wrong == 0 {
        Outcome::Sound
    } else {
        Outcome::Wanting
    })
}

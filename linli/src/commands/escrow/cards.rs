//! Drawing and writing the cards.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, bail, ensure};
use dossiers::ArchiveError;
use dossiers::escrow::MakeError;
use foundation::clock::Moment;
use foundation::ledger::Who;
use foundation::ledger::tree::hex;
use foundation::page::{Lang, Words};
use paper::{EscrowCard, Modules, Paper as _};
use strongroom::{SHARES, Share};
use zeroize::{Zeroize as _, Zeroizing};

use super::Cards;
use crate::commands::Outcome;
use crate::commands::installation::Installation;
use crate::keeping::checkpoints;

/// A name that fits into one line of a card.
const HOLDER_CHARS_MAX: usize = 40;
/// The last groups of a share hold its check sum.
const CHECK_GROUPS: usize = 3;
/// What to do with a card, line by line.
const LINES: [&str; 4] = [
    "escrow-card-1",
    "escrow-card-2",
    "escrow-card-3",
    "escrow-card-4",
];

/// What stands on every card.
struct Print {
    place: String,
    holders: Vec<String>,
    at: Moment,
}

pub async fn make(installation: &Installation, args: Cards) -> anyhow::Result<Outcome> {
    let holders = holders(args.holders)?;
    ensure!(paper::can_write(), paper::PaperError::NoFont);
    let house = installation.open_made().await?;
    let made = empty_folder(&args.out)?;
    let print = Print {
        place: checkpoints::name(&house).await?,
        holders,
        at: house.now(),
    };
    let (dir, printed) = (args.out.clone(), Arc::new(AtomicBool::new(false)));
    let keep = {
        let (dir, printed) = (dir.clone(), printed.clone());
        move |shares: &[Share]| {
            write_all(&dir, shares, &print)?;
            printed.store(true, Ordering::Relaxed);
            Ok(())
        }
    };
    let done = dossiers::escrow::make(&house, &Who::operator(), args.force, keep).await;
    let shown = dir.display();
    match done {
        Ok(done) => {
            println!(
                "{SHARES} cards are in {shown}; {} documents and records are open to them.",
                done.rewritten
            );
            println!(
                "Print them, hand each to another person, then destroy the files: \
                 any three of them open the archive."
            );
            for path in &done.damaged {
                println!("NOT SOUND: {path}: no key at hand opens it");
            }
            if done.damaged.is_empty() {
                return Ok(Outcome::Sound);
            }
            eprintln!(
                "linli: the cards before stay good until these are healed: linli strongroom repair --key-copy DIR"
            );
            Ok(Outcome::Wanting)
        }
        Err(e) if printed.load(Ordering::Relaxed) => {
            bail!("{e}; whether the cards in {shown} are in use tells: linli escrow check")
        }
        Err(e) => {
            if made {
                // It is as empty as it was made.
                let _ = std::fs::remove_dir(&dir);
            }
            match e {
                MakeError::There => bail!("{e}: --force replaces them"),
                MakeError::Archive(ArchiveError::Elsewhere) => {
                    bail!("{e}: stop the service for the moment")
                }
                e => Err(e.into()),
            }
        }
    }
}

fn holders(names: Vec<String>) -> anyhow::Result<Vec<String>> {
    let max = usize::from(SHARES);
    ensure!(
        names.len() <= max,
        "there are {SHARES} cards, and so at most {SHARES} holders"
    );
    for name in &names {
        let fine = !name.trim().is_empty()
            && name.chars().count() <= HOLDER_CHARS_MAX
            && !name.chars().any(char::is_control);
        ensure!(
            fine,
            "a holder's name has 1 to {HOLDER_CHARS_MAX} characters"
        );
    }
    Ok(names)
}

/// Whether the folder was made; an error when there is anything in it.
fn empty_folder(dir: &Path) -> anyhow::Result<bool> {
    let shown = || dir.display().to_string();
    if dir.exists() {
        let mut inside = std::fs::read_dir(dir).with_context(shown)?;
        ensure!(
            inside.next().is_none(),
            "{}: the folder is not empty",
            shown()
        );
        return Ok(false);
    }
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(dir).with_context(shown)?;
    Ok(true)
}

/// Draws all cards before the first is written; none stays if not all are safe.
fn write_all(dir: &Path, shares: &[Share], print: &Print) -> Result<(), ArchiveError> {
    let mut pdfs = Vec::with_capacity(shares.len());
    for share in shares {
        let name = format!("card-{}-of-{}.pdf", share.number, shares.len());
        pdfs.push((dir.join(name), draw(share, shares.len(), print)?));
    }
    let written = pdfs.iter().try_for_each(|(path, pdf)| write(path, pdf));
    let written = written.and_then(|()| std::fs::File::open(dir)?.sync_all());
    if let Err(e) = written {
        for (path, _) in &pdfs {
            // What cannot be removed opens nothing: its key is not in use.
            let _ = std::fs::remove_file(path);
        }
        return Err(e.into());
    }
    Ok(())
}

/// Writes a secret to a new file that its owner alone reads, and waits for the medium.
pub(super) fn write(path: &PathBuf, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn draw(share: &Share, of: usize, print: &Print) -> Result<Zeroizing<Vec<u8>>, ArchiveError> {
    let (zh, en) = (Words::new(Lang::ZhHant), Words::new(Lang::En));
    let lines = |words: &Words| -> Vec<String> {
        LINES
            .iter()
            .map(|line| words.t(line).into_owned())
            .collect()
    };
    let text = share.text();
    let mut groups: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let check = groups.split_off(groups.len() - CHECK_GROUPS);
    let index = u32::from(share.number);
    let holder = print.holders.get(usize::from(share.number) - 1);
    let compound = match holder {
        Some(name) => format!(
            "{}　{} {} {name}",
            print.place,
            zh.t("escrow-card-holder"),
            en.t("escrow-card-holder")
        ),
        None => print.place.clone(),
    };
    let day = print.at.date().to_string();
    let mut card = EscrowCard {
        lang: paper::Lang::Traditional,
        made: Some(paper::Moment {
            unix_ms: print.at.0,
            minutes_east: 0,
        }),
        title: zh.t("escrow-card-title").into_owned(),
        compound,
        index,
        of: u32::try_from(of).unwrap_or(u32::MAX),
        needed: u32::from(share.threshold),
        words: groups,
        check,
        key: format!("key {} · set {} · {day}", hex(&share.key), hex(&share.set)),
        qr: modules(&share.qr()),
        zh: lines(&zh),
        en: lines(&en),
        foot: (
            zh.t("escrow-card-foot").into_owned(),
            format!("{index}/{of}"),
        ),
    };
    let drawn = card.draw(paper::system_fonts());
    for word in card.words.iter_mut().chain(&mut card.check) {
        word.zeroize();
    }
    Ok(Zeroizing::new(drawn?.0))
}

/// The code as modules, for paper.
fn modules(text: &str) -> Modules {
    let code = qrcode::QrCode::new(text.as_bytes()).ok();
    let dark = code.map(|code| {
        let colours = code.to_colors().into_iter();
        colours.map(|c| c == qrcode::Color::Dark).collect()
    });
    dark.and_then(Modules::new).unwrap_or_default()
}

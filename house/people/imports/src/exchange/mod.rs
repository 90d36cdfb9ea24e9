//! The night's exchange of files with the office's own fee system: what lies in the folder
//! is taken in through the importer of fees, each file once; bills and balances go out.
//! The settings and the history are the fees room's.

mod folder;
mod out;

use std::io;

use sheets::{Layout, Limits, guess_all};

use super::fees::{FeesOutcome, read_fees, run_fees};
use super::outcome::Remark;
use super::run::Options;
use super::{ImportError, words};
use fees::exchange::{self, DONE, Ended, Exchange, FAILED, Synced, Taken, Tally};
use fees::imported::Counts;
use folder::{Found, Waiting};
use foundation::communities::{self, Compound};
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::page::{self, Frame};
use permissions::actor::Actor;

/// Files taken in one night; the rest waits for the next. A fee system writes a few.
const FILES_MAX: usize = 200;

/// Why a file, or the whole exchange, failed: words of [`exchange::WHYS`].
const FOLDER: &str = "folder";
const FILE: &str = "file";
const TABLE: &str = "table";
const LARGE: &str = "large";
const BUSY: &str = "busy";

/// Exchanges files for one compound now.
///
/// # Errors
/// Only what cannot be recorded either: the database or the keys. Everything else, a folder
/// that is gone or a file that cannot be read, is the exchange's outcome.
pub async fn exchange(house: &House, c: Community) -> Result<(), ImportError> {
    exchange::arm(house, c).await?;
    let by = Actor::system(c);
    let set = exchange::exchange(house, &by).await?;
    let compound = communities::by_number(&house.db, c).await?;
    let (Some(set), Some(compound)) = (set, compound) else {
        return Ok(());
    };
    let synced = match files(house, &by, &compound, &set).await {
        Ok(synced) => synced,
        Err(ImportError::Folder(e)) => {
            tracing::warn!(error = %e, folder = %set.folder.display(), "no exchange of files");
            Synced {
                ended: Ended::Failed,
                why: FOLDER,
                tally: Tally::default(),
            }
        }
        Err(e) => return Err(e),
    };
    exchange::synced(house, &by, synced).await?;
    Ok(())
}

async fn files(
    house: &House,
    by: &Actor,
    compound: &Compound,
    set: &Exchange,
) -> Result<Synced, ImportError> {
    let (place, now) = (set.folder.clone(), house.now());
    let Waiting { found, unripe } = aside(move || folder::waiting(&place, now, FILES_MAX)).await?;
    let mut synced = Synced {
        ended: Ended::Good,
        why: "",
        tally: Tally {
            waiting: unripe,
            ..Tally::default()
        },
    };
    for file in found {
        let Some(one) = take(house, by, compound, set, &file).await? else {
            // Another import is under way: this one and those after it wait.
            synced.ended = Ended::Failed;
            synced.why = BUSY;
            synced.tally.waiting += 1;
            break;
        };
        synced.tally.files += 1;
        synced.tally.bills += one.tally.bills;
        synced.tally.payments += one.tally.payments;
        synced.tally.faults += one.tally.faults;
        if matches!(one.ended, Ended::Faults | Ended::Failed) {
            synced.tally.faulty += 1;
            synced.ended = Ended::Faults;
        }
    }
    synced.tally.out = out::lay_out(house, compound.number, &set.folder).await?;
    Ok(synced)
}

/// Takes one file in and moves it away; `None` when it must wait.
async fn take(
    house: &House,
    by: &Actor,
    compound: &Compound,
    set: &Exchange,
    file: &Found,
) -> Result<Option<Taken>, ImportError> {
    let c = compound.number;
    let mut taken = Taken {
        id: house.id(),
        at: house.now(),
        file_name: file.name.clone(),
        digest: [0; 32],
        ended: Ended::Failed,
        why: FILE,
        tally: Tally::default(),
    };
    let mut remarks = Vec::new();
    let from = file.clone();
    match aside(move || folder::read(&from, Limits::default().file_bytes)).await {
        Ok(None) => taken.why = LARGE,
        Err(e) => tracing::warn!(error = %e, "a file of the exchange cannot be read"),
        Ok(Some(bytes)) => {
            taken.digest = house.keys.digest("fee-exchange", &bytes);
            if exchange::was_taken(house, c, &taken.digest).await? {
                (taken.ended, taken.why) = (Ended::Again, "");
            } else {
                match bring_in(house, by, compound, &taken, bytes).await {
                    Ok(told) => {
                        taken.why = "";
                        taken.tally.files = 1;
                        taken.tally.add(
                            counts(told.bills),
                            counts(told.payments),
                            told.errors.len() as u64,
                        );
                        taken.ended = match told.errors.is_empty() {
                            true => Ended::Good,
                            false => Ended::Faults,
                        };
                        remarks = told.errors;
                    }
                    Err(ImportError::Busy) => return Ok(None),
                    Err(ImportError::NoTable) => taken.why = TABLE,
                    Err(ImportError::File(e)) => {
                        if matches!(e, sheets::OpenError::TooLarge { .. }) {
                            taken.why = LARGE;
                        }
                        tracing::info!(error = %e, "a file of the exchange is no list");
                    }
                    Err(e) => return Err(e),
                }
            }
        }
    }
    // Remembered before it is moved: whoever dies in between finds it taken.
    exchange::remember_file(house, c, taken.clone()).await?;
    let to = match taken.ended {
        Ended::Good | Ended::Again => DONE,
        Ended::Faults | Ended::Failed => FAILED,
    };
    let stamp = taken.at.zoned().strftime("%Y%m%d-%H%M%S").to_string();
    let (place, file, why) = (set.folder.clone(), file.clone(), taken.why);
    aside(move || {
        let moved = folder::shift(&place, &file, to, &stamp)?;
        if to == FAILED {
            folder::beside(&moved, &report(&remarks, why)?)?;
        }
        Ok(())
    })
    .await?;
    Ok(Some(taken))
}

fn counts(n: super::Counts) -> Counts {
    Counts {
        added: n.added,
        changed: n.changed,
        unchanged: n.unchanged,
    }
}

async fn bring_in(
    house: &House,
    by: &Actor,
    compound: &Compound,
    taken: &Taken,
    bytes: Vec<u8>,
) -> Result<FeesOutcome, ImportError> {
    let name = taken.file_name.clone();
    let read = tokio::task::spawn_blocking(move || {
        let book = sheets::open(&bytes, &name, &Limits::default())?;
        Ok::<_, ImportError>(read_fees(&book, &guess_all(&book, Layout::Fees)))
    })
    .await
    .map_err(|_| DbError::Stopped)??;
    let file = (taken.file_name.as_str(), taken.digest);
    run_fees(
        house,
        by,
        compound,
        file,
        read,
        Options::default(),
        &|_, _| {},
    )
    .await
}

/// Work with files on a thread that may wait: a folder may lie on a slow share.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(io::Error::other("the work with a file was broken off")))
}

/// What was not taken, for whoever mends the file: as CSV, in the office's language.
fn report(remarks: &[Remark], why: &str) -> io::Result<Vec<u8>> {
    let frame = Frame::default();
    let mut out = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    let head = [
        page::key("imports-col-sheet"),
        page::key("imports-col-row"),
        page::key("imports-col-column"),
        page::key("imports-col-value"),
        page::key("imports-col-reason"),
    ];
    let mut wrote = out.write_record(head.map(|k| frame.t(k).into_owned()));
    if let Some(key) = words::failed(why) {
        let said = frame.t(key).into_owned();
        wrote = wrote.and_then(|()| out.write_record(["", "", "", "", said.as_str()]));
    }
    for remark in remarks {
        let cells = super::remarks::as_cells(&frame, remark);
        wrote = wrote.and_then(|()| out.write_record(cells));
    }
    let whole = wrote.and_then(|()| out.into_inner().map_err(|e| e.into_error().into()));
    whole.map_err(io::Error::other)
}

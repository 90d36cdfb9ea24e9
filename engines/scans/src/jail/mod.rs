//! Reading files of strangers in a process that can do nothing else.
//!
//! The house's binary calls [`serve`] in a hidden subcommand; [`Worker`] starts it for one job,
//! waits within a bound and says how it ended. Bytes pass through pipes only, so no plaintext
//! touches a disk. Before the child reads its first byte it gives up files, network, other
//! programs and most of the machine ([`confine`]).

mod confine;
mod protocol;
mod worker;

use std::io::{Read, Write};

use serde::{Deserialize, Serialize};

pub use confine::{Cage, Jail, confine};
pub use worker::Worker;

use crate::camera::{Point, Sheet, Tone};
use crate::refused::Heavy;
use crate::{Inspected, Kind, Limits, Look, Refused, camera};

/// Set in a child's environment, and nothing else is: a binary with an allocator of its own
/// knows by it, before anything was allocated, to use the system's.
pub const CHILD_MARK: &std::ffi::CStr = c"LINLI_READS_SCANS";

/// What the child is asked to do with the bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Operation {
    Inspect {
        name: String,
    },
    /// The page counts from 1.
    Render {
        kind: Kind,
        page: u32,
        look: Look,
    },
    Corners,
    Straighten {
        corners: [Point; 4],
        tone: Tone,
    },
    /// The pages lie one after another in the bytes; their lengths in order.
    Bind {
        lengths: Vec<u64>,
        sheet: Sheet,
    },
    /// How well the child is confined.
    Facts,
    /// For the tests of the jail, which answer it themselves; refused here.
    #[doc(hidden)]
    Trial(String),
}

/// One job: an operation and its bounds. The bytes travel beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    pub operation: Operation,
    pub limits: Limits,
}

/// What came out; pictures and papers as bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    Inspected(Inspected),
    Corners {
        corners: [Point; 4],
        sure: bool,
    },
    /// The file that was made follows.
    #[serde(skip)]
    File(Vec<u8>),
    Facts(Jail),
}

/// Confines this process, reads one job from `input`, does it, writes the answer and returns.
///
/// # Errors
/// When the pipes break; a refusal is an answer.
pub fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
) -> std::io::Result<()> {
    serve_with(input, output, |job, bytes, jail| work(&job, &bytes, jail))
}

/// As [`serve`], with another worker: the tests' own.
#[doc(hidden)]
pub fn serve_with(
    mut input: impl Read + Send + 'static,
    mut output: impl Write + Send + 'static,
    work: impl FnOnce(Job, Vec<u8>, Jail) -> Result<Answer, Refused> + Send + 'static,
) -> std::io::Result<()> {
    // What a library says of its panics may quote the file; and writing it would open files.
    std::panic::set_hook(Box::new(|_| {}));
    let thread = std::thread::Builder::new().stack_size(confine::STACK_BYTES);
    let child = thread.spawn(move || {
        settle();
        let jail = confine(&Cage::default());
        let (job, bytes): (Job, Vec<u8>) = protocol::receive(&mut input)?;
        let answer = crate::inspect::caught(|| work(job, bytes, jail));
        protocol::answer(&mut output, answer)
    })?;
    child
        .join()
        .unwrap_or_else(|_| Err(std::io::ErrorKind::Other.into()))
}

/// Lets the allocator ask what it will ever ask: glibc opens a file of `/proc` the first time the
/// heap of a thread shrinks, and remembers the answer. In the jail that would be a misdeed.
fn settle() {
    const PIECE_BYTES: usize = 64 << 10;
    let pieces: Vec<Vec<u8>> = (0..64).map(|_| vec![1; PIECE_BYTES]).collect();
    drop(std::hint::black_box(pieces));
}

/// Does a job in this very process.
pub(crate) fn work(job: &Job, bytes: &[u8], jail: Jail) -> Result<Answer, Refused> {
    let limits = &job.limits;
    match &job.operation {
        Operation::Inspect { name } => crate::inspect(bytes, name, limits).map(Answer::Inspected),
        Operation::Render { kind, page, look } => {
            crate::render(bytes, *kind, *page, look, limits).map(Answer::File)
        }
        Operation::Corners => {
            let found = camera::corners(bytes, limits)?;
            Ok(Answer::Corners {
                corners: found.corners,
                sure: found.sure,
            })
        }
        Operation::Straighten { corners, tone } => {
            camera::straighten(bytes, corners, *tone, limits).map(Answer::File)
        }
        Operation::Bind { lengths, sheet } => {
            let mut rest = bytes;
            let mut pages = Vec::new();
            for len in lengths {
                let len = usize::try_from(*len).unwrap_or(usize::MAX);
                let (page, behind) = rest.split_at_checked(len).ok_or(Refused::Unknown)?;
                pages.push(page);
                rest = behind;
            }
            camera::bind(&pages, *sheet, limits).map(Answer::File)
        }
        Operation::Facts => Ok(Answer::Facts(jail)),
        Operation::Trial(_) => Err(Refused::TooHeavy(Heavy::Forbidden)),
    }
}

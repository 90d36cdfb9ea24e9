//! Files of strangers are read by a child that can do nothing else ([`scans::jail`]); how many
//! children run at once is bounded here.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use scans::camera::{Point, Sheet, Tone};
use scans::jail::{Answer, Jail, Operation, Worker};
use scans::{Inspected, Kind, Limits, Look, Refused};
use tokio::sync::{OnceCell, Semaphore};

use crate::ArchiveError;
use foundation::house::House;

/// The hidden subcommand of the house's binary that serves as the child.
pub const SUBCOMMAND: &str = "read-scan";
/// Children at once: each may take a core and some hundred megabytes.
const HANDS: usize = 2;
/// Who reads files, kept by the house.
pub struct Reader {
    program: OnceLock<PathBuf>,
    hands: Semaphore,
    /// What holds in a child on this machine, asked once.
    jail: OnceCell<Jail>,
    /// The operator said that files are read all the same where little of it holds.
    unconfined: AtomicBool,
}

/// Whether a child is held well enough to be given a stranger's file.
pub fn holds(jail: &Jail) -> bool {
    jail.calls && jail.limits
}

impl Default for Reader {
    fn default() -> Reader {
        Reader {
            program: OnceLock::new(),
            hands: Semaphore::new(HANDS),
            jail: OnceCell::new(),
            unconfined: AtomicBool::new(false),
        }
    }
}

impl Reader {
    /// The house's own.
    pub fn of(house: &House) -> Arc<Reader> {
        house.kept()
    }

    /// Names the binary whose subcommand is the child, where it is not this very program.
    pub fn by(&self, program: PathBuf) {
        // The first stands: a second start of the same process changes nothing.
        let _ = self.program.set(program);
    }

    /// Lets files be read where the kernel does not hold the child.
    pub fn read_unconfined(&self) {
        self.unconfined.store(true, Ordering::Relaxed);
    }

    /// Refuses where the kernel does not hold the child: a file that breaks its reader would
    /// have the house's own rights.
    async fn confined(&self) -> Result<(), ArchiveError> {
        if self.unconfined.load(Ordering::Relaxed) {
            return Ok(());
        }
        let worker = self.worker()?;
        let ask = || async {
            let facts = tokio::task::spawn_blocking(move || worker.facts()).await;
            Ok::<_, ArchiveError>(facts.map_err(std::io::Error::other)??)
        };
        if holds(self.jail.get_or_try_init(ask).await?) {
            Ok(())
        } else {
            Err(ArchiveError::Unconfined)
        }
    }

    /// A hand for as long as the permit is held, and the worker that it moves.
    async fn hand(&self) -> Result<(tokio::sync::SemaphorePermit<'_>, Worker), ArchiveError> {
        let hand = self.hands.acquire().await.map_err(std::io::Error::other)?;
        Ok((hand, self.worker()?))
    }

    fn worker(&self) -> Result<Worker, ArchiveError> {
        let program = match self.program.get() {
            Some(program) => program.clone(),
            None => std::env::current_exe()?,
        };
        Ok(Worker::new(program, [SUBCOMMAND.into()]))
    }

    async fn run(&self, operation: Operation, bytes: Arc<Vec<u8>>) -> Result<Answer, ArchiveError> {
        self.confined().await?;
        let (_hand, worker) = self.hand().await?;
        let limits = Limits::default();
        let run = move || worker.run(operation, &bytes, &limits);
        let answer = tokio::task::spawn_blocking(run).await;
        Ok(answer.map_err(std::io::Error::other)??)
    }

    /// What a file is and how many pages it has.
    ///
    /// # Errors
    /// [`ArchiveError::File`] with the reason.
    pub async fn inspect(
        &self,
        bytes: Arc<Vec<u8>>,
        name: &str,
    ) -> Result<Inspected, ArchiveError> {
        let name = name.to_owned();
        match self.run(Operation::Inspect { name }, bytes).await? {
            Answer::Inspected(found) => Ok(found),
            _ => Err(ArchiveError::File(Refused::Unknown)),
        }
    }

    /// The picture of a page, counted from 1, as JPEG.
    ///
    /// # Errors
    /// [`ArchiveError::File`] when there is none or it cannot be drawn.
    pub async fn picture(
        &self,
        bytes: Arc<Vec<u8>>,
        kind: Kind,
        page: u32,
    ) -> Result<Vec<u8>, ArchiveError> {
        let operation = Operation::Render {
            kind,
            page,
            look: Look::default(),
        };
        match self.run(operation, bytes).await? {
            Answer::File(jpeg) => Ok(jpeg),
            _ => Err(ArchiveError::File(Refused::Unknown)),
        }
    }

    /// Photographs of one paper, laid flat by the corners given, or where their edges are plain,
    /// as one PDF.
    ///
    /// # Errors
    /// [`ArchiveError::File`] when one is no photograph.
    pub async fn bind(
        &self,
        photos: Vec<(Arc<Vec<u8>>, Option<[Point; 4]>)>,
    ) -> Result<Vec<u8>, ArchiveError> {
        let mut pages = Vec::with_capacity(photos.len());
        for (photo, corners) in photos {
            pages.push(self.flat(photo, corners).await?);
        }
        let lengths = pages.iter().map(|p| p.len() as u64).collect();
        let sheet = Sheet::A4;
        let bytes = Arc::new(pages.concat());
        match self.run(Operation::Bind { lengths, sheet }, bytes).await? {
            Answer::File(pdf) => Ok(pdf),
            _ => Err(ArchiveError::File(Refused::Unknown)),
        }
    }

    async fn flat(
        &self,
        photo: Arc<Vec<u8>>,
        by_hand: Option<[Point; 4]>,
    ) -> Result<Vec<u8>, ArchiveError> {
        let (corners, tone) = match by_hand {
            Some(corners) => (corners, Tone::Colour),
            None => match self.run(Operation::Corners, photo.clone()).await? {
                // Not sure: these are the photograph's own corners, and it stays as it is.
                Answer::Corners { corners, sure } if sure => (corners, Tone::Colour),
                Answer::Corners { corners, .. } => (corners, Tone::Plain),
                _ => return Err(ArchiveError::File(Refused::Unknown)),
            },
        };
        match self
            .run(Operation::Straighten { corners, tone }, photo)
            .await?
        {
            Answer::File(jpeg) => Ok(jpeg),
            _ => Err(ArchiveError::File(Refused::Unknown)),
        }
    }
}

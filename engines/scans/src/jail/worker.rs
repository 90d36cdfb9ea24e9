//! The parent's side: one child for one job, waited for within a bound, always reaped.

use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{Answer, Jail, Job, Operation, protocol};
use crate::refused::Heavy;
use crate::{Limits, Refused};

/// What a dying child may say; only known words are looked for in it.
const LAST_WORDS_MAX: u64 = 4 << 10;

/// How a child is started.
#[derive(Clone, Debug)]
pub struct Worker {
    /// The house's own binary.
    pub program: PathBuf,
    /// The hidden subcommand that calls [`super::serve`].
    pub args: Vec<OsString>,
    /// From the start to the answer, whatever the child is doing.
    pub wall: Duration,
}

impl Worker {
    /// A worker with 20 seconds: twice the processor time that a child has.
    pub fn new(program: impl Into<PathBuf>, args: impl IntoIterator<Item = OsString>) -> Self {
        Self {
            program: program.into(),
            args: args.into_iter().collect(),
            wall: Duration::from_secs(20),
        }
    }

    /// Does one job in a child of its own. It blocks: in an asynchronous house it is called on a
    /// thread for such work. No more run at once than the caller lets.
    ///
    /// # Errors
    /// What the job answers; [`Refused::TooHeavy`] when the child was stopped or died.
    pub fn run(
        &self,
        operation: Operation,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Answer, Refused> {
        let job = Job {
            operation,
            limits: limits.clone(),
        };
        let mut child = self.start()?;
        let answer = self.converse(&mut child, &job, bytes);
        // Whatever came, the child goes: it has answered or never will.
        let early = child.try_wait().ok().flatten();
        if answer.is_some() || early.is_none() {
            child.kill().ok();
        }
        let ended = early.or(child.wait().ok());
        match answer {
            Some(Ok(answer)) => answer,
            Some(Err(std::io::ErrorKind::FileTooLarge)) => Err(Refused::TooHeavy(Heavy::Answer)),
            Some(Err(_)) => Err(Refused::TooHeavy(cause(ended, &last_words(&mut child)))),
            None => Err(Refused::TooHeavy(Heavy::Time)),
        }
    }

    /// How well children are confined on this machine.
    ///
    /// # Errors
    /// As [`Worker::run`].
    pub fn facts(&self) -> Result<Jail, Refused> {
        match self.run(Operation::Facts, &[], &Limits::default())? {
            Answer::Facts(jail) => Ok(jail),
            _ => Err(Refused::TooHeavy(Heavy::Died)),
        }
    }

    fn start(&self) -> Result<Child, Refused> {
        Command::new(&self.program)
            .args(&self.args)
            .env_clear()
            .env(super::CHILD_MARK.to_string_lossy().as_ref(), "1")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|_| Refused::TooHeavy(Heavy::NotStarted))
    }

    /// Sends and receives at once, since either pipe may be full. `None` when time is over.
    fn converse(
        &self,
        child: &mut Child,
        job: &Job,
        bytes: &[u8],
    ) -> Option<Result<Result<Answer, Refused>, std::io::ErrorKind>> {
        let mut input = child.stdin.take().expect("it was piped");
        let mut output = child.stdout.take().expect("it was piped");
        let (told, heard) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(move || {
                told.send(protocol::answered(&mut output).map_err(|e| e.kind()))
                    .ok();
            });
            // A child that is killed closes its end, which ends this thread too.
            scope.spawn(move || protocol::send(&mut input, job, bytes).ok());
            let answer = heard.recv_timeout(self.wall).ok();
            // A broken pipe means that the child is ending; its status says how.
            if !matches!(answer, Some(Err(_))) {
                child.kill().ok();
            }
            answer
        })
    }
}

fn last_words(child: &mut Child) -> String {
    let mut words = Vec::new();
    if let Some(from) = child.stderr.take() {
        from.take(LAST_WORDS_MAX).read_to_end(&mut words).ok();
    }
    String::from_utf8_lossy(&words).into_owned()
}

/// Why a child died, by its signal and the known words of the language's runtime.
fn cause(ended: Option<ExitStatus>, words: &str) -> Heavy {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        // Numbers of Linux: SIGSYS 31 is the filter's, SIGXCPU 24 the processor time's.
        match ended.and_then(|e| e.signal()) {
            Some(31) => return Heavy::Forbidden,
            Some(24) => return Heavy::Time,
            _ => {}
        }
    }
    if ended.is_none() {
        return Heavy::Died;
    }
    if words.contains("memory allocation of") || words.contains("overflowed its stack") {
        return Heavy::Memory;
    }
    Heavy::Died
}

//! Plaintext in, age file out, in one pass: the caller's thread reads, digests and encrypts;
//! a second one digests the ciphertext and writes it. Between them are a few buffers, so
//! that the memory used does not grow with the file, and no plaintext is ever written.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use crate::digest::{Digest, hex};
use crate::disk::Disk;

/// Two chunks of age's; larger buffers were not quicker.
const CHUNK: usize = 128 * 1_024;
/// Buffers under way between the two threads: with those in hand, about a megabyte.
const CHUNKS_UNDER_WAY: usize = 4;

/// A sealed file as it lies on the disk.
pub(crate) struct Stored {
    pub path: String,
    pub digest: Digest,
    pub len: u64,
}

/// What is known of the plaintext after it has passed.
pub(crate) struct Passed {
    pub size: u64,
    pub hmac_sha256: String,
}

enum Job {
    Begin(String),
    Bytes(Vec<u8>),
    End,
}

/// Seals files one after another.
pub(crate) struct Sealer {
    jobs: Option<SyncSender<Job>>,
    stored: Receiver<Stored>,
    failed: Arc<Mutex<Option<io::Error>>>,
    worker: Option<JoinHandle<()>>,
}

impl Sealer {
    pub fn start(disk: Arc<dyn Disk>) -> Sealer {
        let (jobs, todo) = sync_channel(CHUNKS_UNDER_WAY);
        let (done, stored) = std::sync::mpsc::channel();
        let failed = Arc::new(Mutex::new(None));
        let told = Arc::clone(&failed);
        let worker = std::thread::spawn(move || {
            if let Err(e) = write_all(&*disk, &todo, &done) {
                *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(e);
            }
        });
        Sealer {
            jobs: Some(jobs),
            stored,
            failed,
            worker: Some(worker),
        }
    }

    /// Seals all that `plain` gives into a new file at `path`.
    ///
    /// # Errors
    /// What reading or writing says; a write's error may come with a later file.
    pub fn seal(
        &self,
        path: String,
        to: &age::x25519::Recipient,
        digest_key: &[u8; 32],
        plain: &mut dyn Read,
    ) -> io::Result<Passed> {
        self.send(Job::Begin(path))?;
        let recipients = std::iter::once(to as &dyn age::Recipient);
        let sink = Chunks {
            sealer: self,
            buffer: Vec::with_capacity(CHUNK),
        };
        let mut age = age::Encryptor::with_recipients(recipients)
            .map_err(io::Error::other)?
            .wrap_output(sink)?;
        let mut mac = new_mac(digest_key);
        let mut buffer = Zeroizing::new(vec![0; CHUNK]);
        let mut size = 0;
        loop {
            let n = match plain.read(&mut buffer) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if n == 0 {
                break;
            }
            mac.update(&buffer[..n]);
            age.write_all(&buffer[..n])?;
            size += n as u64;
        }
        age.finish()?.flush()?;
        self.send(Job::End)?;
        Ok(Passed {
            size,
            hmac_sha256: hex(&mac.finalize().into_bytes()),
        })
    }

    /// Waits until all is written, and tells what lies where, in the order given.
    pub fn finish(mut self) -> io::Result<Vec<Stored>> {
        self.jobs = None;
        if let Some(worker) = self.worker.take() {
            worker
                .join()
                .map_err(|_| io::Error::other("the writing thread panicked"))?;
        }
        match self.error() {
            Some(e) => Err(e),
            None => Ok(self.stored.try_iter().collect()),
        }
    }

    fn error(&self) -> Option<io::Error> {
        self.failed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn send(&self, job: Job) -> io::Result<()> {
        let jobs = self.jobs.as_ref().expect("open until finished");
        jobs.send(job).map_err(|_| {
            // The worker leaves its error before it hangs up.
            self.error()
                .unwrap_or_else(|| io::Error::other("writing has failed before"))
        })
    }
}

impl Drop for Sealer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

/// The keyed digest of plaintexts.
pub(crate) type PlainMac = Hmac<Sha256>;

pub(crate) fn new_mac(key: &[u8; 32]) -> PlainMac {
    PlainMac::new_from_slice(key).expect("a key of any length will do")
}

struct Chunks<'s> {
    sealer: &'s Sealer,
    buffer: Vec<u8>,
}

impl Write for Chunks<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = bytes.len().min(CHUNK - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..n]);
        if self.buffer.len() == CHUNK {
            let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
            self.sealer.send(Job::Bytes(full))?;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.buffer.is_empty() {
            self.sealer
                .send(Job::Bytes(std::mem::take(&mut self.buffer)))?;
        }
        Ok(())
    }
}

fn write_all(
    disk: &dyn Disk,
    jobs: &Receiver<Job>,
    done: &std::sync::mpsc::Sender<Stored>,
) -> io::Result<()> {
    while let Ok(job) = jobs.recv() {
        let Job::Begin(path) = job else { continue };
        let mut file = disk.create(&path)?;
        let (mut hash, mut len) = (Sha512::new(), 0);
        loop {
            match jobs.recv() {
                Ok(Job::Bytes(bytes)) => {
                    file.write_all(&bytes)?;
                    hash.update(&bytes);
                    len += bytes.len() as u64;
                }
                Ok(Job::End) => break,
                // A reader failed or the staging was dropped: what is written stays staged.
                Ok(Job::Begin(_)) | Err(_) => return Ok(()),
            }
        }
        file.flush()?;
        let digest = Digest(hash.finalize().into());
        let _ = done.send(Stored { path, digest, len });
    }
    Ok(())
}

//! How quick the store is, beside the ciphers it is made of, in the same run.
//!
//!     cargo run --profile dist -p strongroom --example speed -- [DIR] [what…]
//!
//! `what`: `stream` (one large file), `small` (10,000 documents of 500 KB in 1,000 objects),
//! `rotate` (200,000 slots). Default: all three. Prints one line for each figure.
#![allow(clippy::disallowed_methods)] // a stopwatch is the purpose

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use sha2::{Digest as _, Sha512};
use strongroom::disk::LocalDisk;
use strongroom::{Cause, Class, KeyStore, Media, Opener, Part, Place, Role, StrongRoom};

const CHUNK: usize = 64 * 1_024;
const NOW: i64 = 1_772_323_200_000;

fn main() {
    let mut args = std::env::args().skip(1);
    let dir = args.next().map_or_else(
        || std::env::temp_dir().join("strongroom-speed"),
        PathBuf::from,
    );
    let what: Vec<String> = args.collect();
    let asked = |name: &str| what.is_empty() || what.iter().any(|w| w == name);
    let _ = std::fs::remove_dir_all(&dir);
    if asked("stream") {
        stream(&dir.join("stream"));
    }
    if asked("small") {
        small(&dir.join("small"));
    }
    if asked("rotate") {
        rotate(&dir.join("rotate"));
    }
    let _ = std::fs::remove_dir_all(&dir);
}

/// Bytes without end, the same ones again: making them costs nothing.
struct Papers {
    block: Vec<u8>,
    left: usize,
}

impl Papers {
    fn new(len: usize) -> Papers {
        let mut x = 1u64;
        let mut next = || {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (x >> 56) as u8
        };
        Papers {
            block: (0..CHUNK).map(|_| next()).collect(),
            left: len,
        }
    }
}

impl Read for Papers {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = out.len().min(self.left).min(CHUNK);
        out[..n].copy_from_slice(&self.block[..n]);
        self.left -= n;
        Ok(n)
    }
}

/// SHA-512 and ChaCha20-Poly1305 of so many bytes, on one thread, nothing written: MB/s.
fn ciphers(len: usize) -> f64 {
    let cipher = ChaCha20Poly1305::new(&[7; 32].into());
    let mut hash = Sha512::new();
    let mut papers = Papers::new(len);
    let mut buffer = vec![0; CHUNK];
    let begun = Instant::now();
    let mut n = 0u64;
    loop {
        let got = papers.read(&mut buffer).expect("memory");
        if got == 0 {
            break;
        }
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&n.to_le_bytes());
        n += 1;
        let nonce = Nonce::from(nonce);
        cipher
            .encrypt_inout_detached(&nonce, b"", (&mut buffer[..got]).into())
            .expect("short");
        hash.update(&buffer[..got]);
    }
    std::hint::black_box(hash.finalize());
    rate(len, begun)
}

fn rate(len: usize, begun: Instant) -> f64 {
    len as f64 / 1e6 / begun.elapsed().as_secs_f64()
}

fn room(dir: &Path) -> (StrongRoom, Opener) {
    let key = Opener::generate();
    let recipients = [
        (Role::Site, key.recipient()),
        (Role::Escrow, Opener::generate().recipient()),
    ];
    let keys = Arc::new(LocalDisk::new(dir.join("keys")).expect("a disk"));
    let keys = KeyStore::create(keys, &recipients, NOW).expect("keys");
    let place = Place::folder(dir.join("store")).expect("a place");
    let (room, _) = StrongRoom::create(place, keys).expect("a root");
    room.write_from(NOW).expect("the lease");
    (room, key)
}

fn intake(room: &StrongRoom, object: &str, documents: usize, len: usize) -> strongroom::Prepared {
    let cause: Cause = "archive.filed".parse().expect("a cause");
    let pdf: Media = "application/pdf".parse().expect("a type");
    let mut staged = room
        .intake(&object.parse().expect("an id"), NOW, cause)
        .expect("begins");
    for n in 0..documents {
        let id = staged.document(Class::ALL[n % 10]).expect("a document");
        staged
            .file(&id, Part::Original, pdf.clone(), &mut Papers::new(len))
            .expect("seals");
    }
    staged.prepare(BTreeMap::new()).expect("prepares")
}

fn stream(dir: &Path) {
    const LEN: usize = 2_000_000_000;
    let (room, _) = room(dir);
    let before = ciphers(LEN);
    let begun = Instant::now();
    let prepared = intake(&room, "urn:linli:speed:stream:t01", 1, LEN);
    let sealed = rate(LEN, begun);
    room.publish(&prepared).expect("publishes");
    let all = rate(LEN, begun);
    let after = ciphers(LEN);
    let base = f64::midpoint(before, after);
    println!("ciphers alone, one thread    {base:8.0} MB/s ({before:.0} before, {after:.0} after)");
    println!(
        "intake of 2 GB, prepared     {sealed:8.0} MB/s, {:.2} x",
        sealed / base
    );
    println!(
        "intake of 2 GB, published    {all:8.0} MB/s, {:.2} x  (bar 0.6 x)",
        all / base
    );
    println!(
        "memory at most               {:8} MB",
        kilobytes("VmHWM:") / 1_000
    );
    let begun = Instant::now();
    let report = room.verify(None).expect("verifies");
    assert!(report.sound());
    println!("verify                       {:8.0} MB/s", rate(LEN, begun));
}

fn small(dir: &Path) {
    let (objects, each, len) = (1_000, 10, 500_000);
    let (room, _) = room(dir);
    let total = objects * each * len;
    let base = ciphers(total / 5);
    let memory = kilobytes("VmRSS:");
    let begun = Instant::now();
    let mut batch = Vec::new();
    for n in 0..objects {
        batch.push(intake(
            &room,
            &format!("urn:linli:speed:room-{n}:t01"),
            each,
            len,
        ));
        // As an import would: fifty tenures wait for the medium together.
        if batch.len() == 50 {
            room.publish_all(&batch).expect("publishes");
            batch.clear();
        }
    }
    let speed = rate(total, begun);
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "10,000 documents of 500 KB   {speed:8.0} MB/s, {:.2} x, {seconds:.1} s",
        speed / base
    );
    println!(
        "memory                       {:8} kB at first, {} kB at the end",
        memory,
        kilobytes("VmRSS:")
    );
    let begun = Instant::now();
    for n in 0..200 {
        let prepared = intake(&room, &format!("urn:linli:speed:alone-{n}:t01"), 1, len);
        room.publish(&prepared).expect("publishes");
    }
    let each = begun.elapsed().as_secs_f64() * 1e3 / 200.0;
    println!("one document of 500 KB alone {each:8.1} ms, begun to published");
}

fn rotate(dir: &Path) {
    let (objects, each) = (2_000, 100);
    let (room, key) = room(dir);
    for n in 0..objects {
        // Documents of nothing: their slots are what is measured.
        intake(&room, &format!("urn:linli:speed:slots-{n}:t01"), each, 1);
    }
    let content = dir.join("store");
    let before = std::fs::metadata(&content)
        .expect("is there")
        .modified()
        .expect("a time");
    let begun = Instant::now();
    let done = room
        .keys()
        .rotate(&key, &Opener::generate(), NOW)
        .expect("rotates");
    let seconds = begun.elapsed().as_secs_f64();
    assert!(done.damaged.is_empty());
    assert_eq!(
        before,
        std::fs::metadata(&content)
            .expect("is there")
            .modified()
            .expect("a time")
    );
    println!(
        "rotation of {} slots     {seconds:8.1} s  (bar 60 s)",
        done.rewritten
    );
}

/// A figure of this process in kB.
fn kilobytes(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|l| l.starts_with(name))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

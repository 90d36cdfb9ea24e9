//! Verifying an export: every file of it must be what its entries, the signed heads
//! and the signed manifest say, and no file may be there besides.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::super::anchors::{Anchor, Keeper};
use super::super::exporting::{KEY, MANIFEST, MANIFEST_NAME};
use super::check::Checker;
use super::report::{CommunityReport, Finding, Report, Why};
use super::{VerifyError, Wanted};
use crate::keeping::store::Line;
use foundation::database::Community;
use foundation::ledger::checkpoint::{Checkpoint, PublicKey, open_note};
use foundation::ledger::export::{ENTRIES, File, TILE_WIDTH, Tiles, bundle_entries, tile_path};
use foundation::ledger::tree::hex;
use foundation::ledger::{Entry, tree};

/// The largest file of an export: a bundle of the longest entries.
const FILE_BYTES_MAX: u64 = (TILE_WIDTH * (65_535 + 2)) as u64;

struct Exported<'a> {
    dir: &'a Path,
    key: PublicKey,
    seen: BTreeSet<String>,
    /// The files that the manifest or the folder itself speaks against, in that order.
    faulty: Vec<(String, &'static str)>,
}

/// Verifies the export in `dir` without any database.
pub fn verify_export(dir: &Path, wanted: &Wanted) -> Result<Report, VerifyError> {
    if !dir.is_dir() {
        return Err(VerifyError::Export(format!(
            "{}: no such folder",
            dir.display()
        )));
    }
    let key = match &wanted.sources.key {
        Some(key) => key.clone(),
        None => {
            let text = std::fs::read_to_string(dir.join(KEY))
                .map_err(|e| VerifyError::Export(format!("{KEY}: {e}; name the key with --key")))?;
            PublicKey::parse(&text)?
        }
    };
    let mut export = Exported {
        dir,
        key,
        seen: BTreeSet::new(),
        faulty: Vec::new(),
    };
    let (prefix, logs) = export.manifest()?;
    let mut all: Vec<(Community, CommunityReport)> = logs
        .into_iter()
        .map(|c| (c, export.log(c, &prefix, wanted)))
        .collect();
    export.strangers(dir, "");
    let mut report = Report::default();
    for (path, what) in std::mem::take(&mut export.faulty) {
        let of = |(c, _): &&mut (Community, CommunityReport)| log_of(&path) == Some(*c);
        match all.iter_mut().find(of) {
            // What the entries tell is nearer than what the manifest tells of their files.
            Some((_, log)) => log.first_bad.get_or_insert(fault(0, &path, what)),
            None => report.export_bad.get_or_insert(fault(0, &path, what)),
        };
    }
    let is_wanted = |c: Community, log: &CommunityReport| match &wanted.community {
        None => true,
        Some(name) => *name == log.name || *name == c.to_string(),
    };
    report.communities = all
        .into_iter()
        .filter(|(c, log)| is_wanted(*c, log))
        .map(|(_, log)| log)
        .collect();
    if report.communities.is_empty() {
        let name = wanted.community.clone().unwrap_or_default();
        return Err(VerifyError::NoCommunity(name));
    }
    Ok(report)
}

/// The log in whose folder a file lies.
fn log_of(path: &str) -> Option<Community> {
    path.split_once('/')?.0.parse().ok().map(Community)
}

fn fault(seq: i64, file: &str, fault: &'static str) -> Finding {
    Finding {
        seq,
        why: Why::Export {
            file: file.to_owned(),
            fault,
        },
    }
}

impl Exported<'_> {
    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        self.seen.insert(path.to_owned());
        let full = self.dir.join(path);
        let small =
            std::fs::metadata(&full).is_ok_and(|m| m.is_file() && m.len() <= FILE_BYTES_MAX);
        small.then(|| std::fs::read(full).ok()).flatten()
    }

    /// Checks the manifest and the files it lists; the ledgers' name and the logs.
    fn manifest(&mut self) -> Result<(String, Vec<Community>), VerifyError> {
        let note = self.read(MANIFEST).and_then(|n| String::from_utf8(n).ok());
        let signed = match &note {
            None => Err("is missing or unreadable"),
            Some(note) => open_note(note, None, &self.key)
                .map_err(|_| "is not signed by the ledger's key or was changed"),
        };
        let text = match signed {
            Ok(text) => text,
            Err(what) => {
                // Nothing that it says can be believed; each log is signed for itself.
                self.faulty.push((MANIFEST.to_owned(), what));
                return self.folders().map(|logs| (String::new(), logs));
            }
        };
        let mut lines = text.lines();
        let name = lines.next().unwrap_or("");
        let prefix = name.strip_suffix(MANIFEST_NAME).unwrap_or("").to_owned();
        let mut logs = Vec::new();
        for line in lines.take_while(|l| !l.is_empty()) {
            let Some((hash, path)) = line.split_once("  ") else {
                continue;
            };
            let safe = path.split('/').all(|p| !p.is_empty() && p != "..");
            if !safe {
                self.faulty
                    .push((MANIFEST.to_owned(), "names a file outside"));
                continue;
            }
            if let Some(number) = path
                .strip_suffix("/checkpoint")
                .and_then(|n| n.parse().ok())
            {
                logs.push(Community(number));
            }
            match self.read(path) {
                None => self.faulty.push((path.to_owned(), "is missing")),
                Some(bytes) if hex(&Sha256::digest(&bytes)) != hash => {
                    self.faulty.push((path.to_owned(), "was changed"));
                }
                Some(_) => {}
            }
        }
        if logs.is_empty() {
            return Err(VerifyError::Export("the manifest names no ledger".into()));
        }
        Ok((prefix, logs))
    }

    /// The logs that lie there, whatever the manifest says.
    fn folders(&mut self) -> Result<Vec<Community>, VerifyError> {
        for path in ["README.md", "verify_ledger.py", KEY] {
            self.seen.insert(path.to_owned());
        }
        let items = std::fs::read_dir(self.dir)
            .map_err(|e| VerifyError::Export(format!("{}: {e}", self.dir.display())))?;
        let mut logs: Vec<Community> = items
            .flatten()
            .filter(|i| i.path().is_dir())
            .filter_map(|i| i.file_name().to_str()?.parse().ok().map(Community))
            .collect();
        logs.sort_unstable();
        if logs.is_empty() {
            return Err(VerifyError::Export("there is no ledger in it".into()));
        }
        Ok(logs)
    }

    fn log(&mut self, community: Community, prefix: &str, wanted: &Wanted) -> CommunityReport {
        let file = |name: &str| format!("{community}/{name}");
        // A name that was changed may be another log's.
        let named = |path: &str| self.faulty.iter().all(|(p, _)| p != path);
        let name = Some(file("name")).filter(|path| named(path));
        let name = name.and_then(|path| String::from_utf8(self.read(&path)?).ok());
        let mut report = CommunityReport {
            name: name.map_or_else(|| community.to_string(), |n| n.trim_end().to_owned()),
            events: 0,
            root: tree::empty_root(),
            first_bad: None,
            late: Vec::new(),
            signed_to: 0,
        };
        let note = self
            .read(&file("checkpoint"))
            .and_then(|n| String::from_utf8(n).ok());
        let opened = note.as_deref().map(|n| Checkpoint::open(n, &self.key));
        let signed = match opened {
            Some(Ok(c)) if prefix.is_empty() || c.origin == format!("{prefix}{community}") => c,
            Some(Ok(_)) => {
                report.first_bad = Some(fault(0, &file("checkpoint"), "is of another log"));
                return report;
            }
            Some(Err(_)) | None => {
                report.first_bad = Some(fault(
                    0,
                    &file("checkpoint"),
                    "is missing or not signed by the ledger's key",
                ));
                return report;
            }
        };
        let anchors = self.anchors(&signed, wanted);
        let mut checker = Checker::new(None, &anchors, wanted.kinds);
        let bad = self.entries(community, signed.size, &mut checker);
        self.see_all(community, signed.size);
        let walked = checker.finish_without_head();
        report.events = walked.events;
        report.root = walked.root;
        report.late = walked.late;
        report.signed_to = walked.signed_to;
        let mut all: Vec<Finding> = bad.into_iter().chain(walked.bad).collect();
        all.sort_by_key(|f| f.seq);
        report.first_bad = all.into_iter().next();
        report
    }

    fn anchors(&self, signed: &Checkpoint, wanted: &Wanted) -> Vec<Anchor> {
        let given = wanted.sources.given.iter();
        let given = given.filter_map(|n| Checkpoint::open(n, &self.key).ok());
        let mut anchors: Vec<Anchor> = given
            .filter(|c| c.origin == signed.origin)
            .map(|c| (c, Keeper::Given))
            .chain([(signed.clone(), Keeper::File)])
            .map(|(c, keeper)| Anchor {
                size: c.size,
                root: c.root,
                keeper,
            })
            .collect();
        anchors.sort_by_key(|a| a.size);
        anchors
    }

    /// Feeds every entry to the checker and to the builder of tiles, and compares
    /// what the builder says with what lies there.
    fn entries(
        &mut self,
        community: Community,
        size: u64,
        checker: &mut Checker<'_>,
    ) -> Option<Finding> {
        let mut tiles = Tiles::default();
        let mut first = None;
        while tiles.size() < size && first.is_none() {
            let index = tiles.size() / TILE_WIDTH as u64;
            let width = (size - tiles.size()).min(TILE_WIDTH as u64) as usize;
            let path = format!("{community}/{}", tile_path(ENTRIES, index, width));
            let seq = tiles.size() as i64 + 1;
            let Some(bundle) = self.read(&path) else {
                return Some(fault(seq, &path, "is missing"));
            };
            let Some(entries) = bundle_entries(&bundle).filter(|e| e.len() == width) else {
                return Some(fault(seq, &path, "does not hold its number of entries"));
            };
            // The leaves beside tell which entry was changed.
            let tile = format!("{community}/{}", tile_path("0", index, width));
            let leaves = self.read(&tile).unwrap_or_default();
            for (i, bytes) in entries.iter().enumerate() {
                let seq = seq + i as i64;
                let leaf = leaves
                    .chunks_exact(32)
                    .nth(i)
                    .and_then(|l| l.try_into().ok());
                let entry = Entry::from_bytes(bytes).filter(|e| e.community == community);
                let line = Line {
                    seq: entry.as_ref().map_or(seq, |e| e.seq),
                    entry,
                    leaf,
                };
                if !checker.see(line) {
                    return None;
                }
                let mut out = |f: File<'_>| self.compare(community, &f, &mut first);
                let Ok(()) = tiles.push(bytes, &mut out);
            }
        }
        let mut out = |f: File<'_>| self.compare(community, &f, &mut first);
        let Ok(_) = tiles.finish(&mut out);
        first
    }

    fn compare(
        &mut self,
        community: Community,
        f: &File<'_>,
        first: &mut Option<Finding>,
    ) -> Result<(), std::convert::Infallible> {
        let path = format!("{community}/{}", f.path);
        let there = self.read(&path);
        if there.as_deref() != Some(f.bytes) {
            let what = match there {
                Some(_) => "does not fit the entries",
                None => "is missing",
            };
            let seq = f.first_entry.map_or(0, |i| i as i64 + 1);
            first.get_or_insert(fault(seq, &path, what));
        }
        Ok(())
    }

    /// The files that a log of that size has, whether or not it was read to its end.
    fn see_all(&mut self, community: Community, size: u64) {
        let mut count = size;
        let mut level = 0;
        let of = |level: &str, index: u64, width| {
            format!("{community}/{}", tile_path(level, index, width))
        };
        while count > 0 {
            let (whole, rest) = (count / TILE_WIDTH as u64, count % TILE_WIDTH as u64);
            let parts = (0..whole).map(|i| (i, TILE_WIDTH));
            for (index, width) in parts.chain((rest > 0).then_some((whole, rest as usize))) {
                self.seen.insert(of(&level.to_string(), index, width));
                if level == 0 {
                    self.seen.insert(of(ENTRIES, index, width));
                }
            }
            (count, level) = (whole, level + 1);
        }
    }

    /// Files that nothing asked for.
    fn strangers(&mut self, dir: &Path, at: &str) {
        let Ok(items) = std::fs::read_dir(dir) else {
            return;
        };
        for item in items.flatten() {
            let path = format!("{at}{}", item.file_name().to_string_lossy());
            if item.path().is_dir() {
                self.strangers(&item.path(), &format!("{path}/"));
            } else if !self.seen.contains(&path) {
                self.faulty.push((path, "is not part of it"));
            }
        }
    }
}

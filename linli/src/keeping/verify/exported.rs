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
    findings: Vec<Finding>,
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
        findings: Vec::new(),
    };
    let (prefix, logs) = export.manifest()?;
    let mut report = Report::default();
    for community in logs {
        let one = export.log(community, &prefix, wanted);
        if wanted.community.as_ref().is_none_or(|w| *w == one.name) {
            report.communities.push(one);
        }
    }
    if report.communities.is_empty() {
        let name = wanted.community.clone().unwrap_or_default();
        return Err(VerifyError::NoCommunity(name));
    }
    export.strangers(dir, "");
    if let Some(finding) = export.findings.into_iter().next() {
        let first = &mut report.communities[0];
        first.first_bad.get_or_insert(finding);
    }
    Ok(report)
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
        let missing = || VerifyError::Export("the manifest is missing or unreadable".into());
        let note = self.read(MANIFEST).ok_or_else(missing)?;
        let note = String::from_utf8(note).map_err(|_| missing())?;
        let (text, signed) = match open_note(&note, None, &self.key) {
            Ok(text) => (text, true),
            Err(_) => (note.as_str(), false),
        };
        if !signed {
            self.findings.push(fault(
                0,
                MANIFEST,
                "is not signed by the ledger's key or was changed",
            ));
        }
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
                self.findings
                    .push(fault(0, MANIFEST, "names a file outside"));
                continue;
            }
            if let Some(number) = path
                .strip_suffix("/checkpoint")
                .and_then(|n| n.parse().ok())
            {
                logs.push(Community(number));
            }
            match self.read(path) {
                None => self.findings.push(fault(0, path, "is missing")),
                Some(bytes) if hex(&Sha256::digest(&bytes)) != hash => {
                    self.findings.push(fault(0, path, "was changed"));
                }
                Some(_) => {}
            }
        }
        if logs.is_empty() {
            return Err(missing());
        }
        Ok((prefix, logs))
    }

    fn log(&mut self, community: Community, prefix: &str, wanted: &Wanted) -> CommunityReport {
        let file = |name: &str| format!("{community}/{name}");
        let name = self
            .read(&file("name"))
            .and_then(|n| String::from_utf8(n).ok());
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
                self.findings.push(fault(0, &path, "is not part of it"));
            }
        }
    }
}

//! Shares as they are typed or scanned: a line each, and for each line that gives none the
//! reason.

use std::io::BufRead;

use strongroom::{EscrowError, Share, THRESHOLD};
use zeroize::Zeroizing;

/// All lines together: sixteen shares have some 2,000 bytes.
const BYTES_MAX: u64 = 64 * 1024;

/// What was read.
#[derive(Default)]
pub struct Collected {
    pub shares: Vec<Share>,
    /// Lines that gave no share.
    pub wrong: usize,
}

/// Reads shares; blank lines and those that begin with `#` say nothing. At a terminal it ends
/// with the last share that is needed, so that a mistyped line can be typed again.
///
/// # Errors
/// What the input says.
pub fn read(
    input: impl BufRead,
    at_terminal: bool,
    mut tell: impl FnMut(String),
) -> std::io::Result<Collected> {
    let mut input = input.take(BYTES_MAX);
    let mut found = Collected::default();
    let mut number = 0;
    loop {
        let mut line = Zeroizing::new(Vec::with_capacity(256));
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(found);
        }
        number += 1;
        let Ok(text) = std::str::from_utf8(&line) else {
            tell(format!("line {number}: this is no text"));
            found.wrong += 1;
            continue;
        };
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match Share::parse(text).and_then(|share| fits(&found.shares, share)) {
            Ok(share) => found.shares.push(share),
            Err(e) => {
                tell(format!("line {number}: {e}"));
                found.wrong += 1;
            }
        }
        let needed = found.shares.first().map_or(THRESHOLD, |s| s.threshold);
        if at_terminal {
            let have = found.shares.len();
            if have >= usize::from(needed) {
                return Ok(found);
            }
            tell(format!("{have} of {needed} shares"));
        }
    }
}

/// A share that belongs to those before and is not one of them.
fn fits(before: &[Share], share: Share) -> Result<Share, EscrowError> {
    let Some(first) = before.first() else {
        return Ok(share);
    };
    let like = |s: &Share| (s.set, s.key, s.threshold);
    if like(&share) != like(first) {
        return Err(EscrowError::Mixed {
            share: share.number,
            other: first.number,
        });
    }
    if before.iter().any(|s| s.number == share.number) {
        return Err(EscrowError::Twice {
            share: share.number,
        });
    }
    Ok(share)
}

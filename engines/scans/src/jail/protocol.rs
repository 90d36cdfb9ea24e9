//! The frames on the pipes: a head in JSON, then bytes, each behind its length (eight bytes,
//! little end first).

use std::io::{Error, ErrorKind, Read, Result, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Answer;
use crate::Refused;

/// A head tells of at most 500 pages.
const HEAD_BYTES_MAX: u64 = 1 << 20;
/// The longest file that is sent or made: 500 pages of a phone bound together are less.
pub(super) const BODY_BYTES_MAX: u64 = 256 << 20;

fn frame(to: &mut impl Write, bytes: &[u8]) -> Result<()> {
    to.write_all(&(bytes.len() as u64).to_le_bytes())?;
    to.write_all(bytes)
}

fn unframe(from: &mut impl Read, max: u64) -> Result<Vec<u8>> {
    let mut len = [0; 8];
    from.read_exact(&mut len)?;
    let len = u64::from_le_bytes(len);
    if len > max {
        return Err(ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::new();
    // Memory grows with what arrives, not with what is announced.
    from.take(len).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != len {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

pub(super) fn send(to: &mut impl Write, head: &impl Serialize, body: &[u8]) -> Result<()> {
    frame(to, &serde_json::to_vec(head).map_err(Error::other)?)?;
    frame(to, body)?;
    to.flush()
}

pub(super) fn receive<T: DeserializeOwned>(from: &mut impl Read) -> Result<(T, Vec<u8>)> {
    let head = unframe(from, HEAD_BYTES_MAX)?;
    let head = serde_json::from_slice(&head).map_err(Error::other)?;
    Ok((head, unframe(from, BODY_BYTES_MAX)?))
}

/// Sends an answer: a file as the body, anything else as the head.
pub(super) fn answer(
    to: &mut impl Write,
    answer: std::result::Result<Answer, Refused>,
) -> Result<()> {
    match answer {
        Ok(Answer::File(file)) => send(to, &None::<()>, &file),
        other => send(to, &Some(other), &[]),
    }
}

pub(super) fn answered(from: &mut impl Read) -> Result<std::result::Result<Answer, Refused>> {
    let (head, body) = receive::<Option<std::result::Result<Answer, Refused>>>(from)?;
    Ok(head.unwrap_or(Ok(Answer::File(body))))
}

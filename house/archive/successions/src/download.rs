//! The finished package as one stream, once both companies signed: each download is in the ledger
//! before its first byte leaves, and none of it is whole in memory.

use std::io::{self, BufWriter, Write};

use axum::body::{Body, Bytes};
use bagit::Tar;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission::ArchiveSucceed;
use permissions::actor::Actor;
use tokio::sync::mpsc;

use crate::acts::{self, folder};
use crate::succession::State;
use crate::{SuccessionError, events};

/// Bytes that are read ahead of who receives them: so many pieces of so much.
const PIECE: usize = 64 * 1024;
const PIECES: usize = 8;

/// A package that is about to leave.
pub struct Download {
    tar: Tar,
}

/// Takes the package of a succession that both companies signed for.
///
/// # Errors
/// [`SuccessionError::State`] before both signed and once it was deleted.
pub async fn take(house: &House, by: &Actor, id: Id) -> Result<Download, SuccessionError> {
    by.may(ArchiveSucceed)?;
    let s = acts::one(house, by, id).await?;
    if s.state != State::Delivered || s.cleared_at.is_some() {
        return Err(SuccessionError::State(s.state));
    }
    let root = folder(house, by, id).join("bag");
    let looked = tokio::task::spawn_blocking(move || Tar::of(&root, "bag"));
    let tar = looked.await.map_err(io::Error::other)??;
    let bytes = i64::try_from(tar.bytes()).unwrap_or(i64::MAX);
    house
        .write::<_, SuccessionError, _>(by.community, &by.who_for(ArchiveSucceed), move |tx| {
            let event = Event::new(events::DOWNLOADED)
                .about("succession", id)
                .to(Audience::Staff)
                .with("bytes", bytes);
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok(Download { tar })
}

/// Hands pieces to the other side, and waits where it is slow.
struct Pipe(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pipe {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let piece = &piece[..piece.len().min(PIECE)];
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(piece)));
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Download {
    /// How long it is.
    pub fn bytes(&self) -> u64 {
        self.tar.bytes()
    }

    /// As the body of an answer. Where a file cannot be read, the answer breaks off and is
    /// shorter than it said.
    pub fn body(self) -> Body {
        let (to, from) = mpsc::channel(PIECES);
        tokio::task::spawn_blocking(move || {
            let mut out = BufWriter::with_capacity(PIECE, Pipe(to.clone()));
            if let Err(error) = self.tar.write(&mut out) {
                tracing::warn!(%error, "a package was not sent to its end");
                // Nobody may listen any more.
                let _ = to.blocking_send(Err(error));
            }
        });
        Body::from_stream(futures_util::stream::unfold(from, |mut from| async move {
            let piece = from.recv().await?;
            Some((piece, from))
        }))
    }
}

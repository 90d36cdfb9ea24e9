//! Turns at writing into the strongroom. Whoever writes holds its lease, over all of an act and
//! not only while bytes move: of several processes one writes at a time, and none sees what
//! another is in the middle of.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use foundation::house::House;
use strongroom::{LEASE_MS, RoomError, StrongRoom};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard};

use crate::ArchiveError;
use crate::vault::{Opened, Vault};

/// How often an intake asks whether another process came to its end: for some twenty seconds.
pub(crate) const FOR_AN_INTAKE: u32 = 200;
/// How often an act of the operator asks, who is there to come again: for some two seconds.
const FOR_AN_ACT: u32 = 20;
/// How long is waited in between.
pub(crate) const AGAIN: Duration = Duration::from_millis(100);
/// A lease that ends is renewed so often while work goes on.
const RENEWED: Duration = Duration::from_millis(LEASE_MS as u64 / 3);

/// The others of this process, kept out or let in.
enum Hall {
    Shared(#[expect(dead_code, reason = "held")] OwnedRwLockReadGuard<()>),
    Alone(#[expect(dead_code, reason = "held")] OwnedRwLockWriteGuard<()>),
}

/// One turn; others may write when it, and every other of this process, is dropped.
pub(crate) struct Turn {
    room: Arc<StrongRoom>,
    turns: Arc<Mutex<usize>>,
    holding: u64,
    _hall: Hall,
}

impl Vault {
    /// A turn beside other intakes; each keeps its dossier's own turn as well.
    ///
    /// # Errors
    /// [`ArchiveError::Elsewhere`] while another process writes and writes.
    pub(crate) async fn turn(&self, house: &House, opened: &Opened) -> Result<Turn, ArchiveError> {
        let hall = Hall::Shared(self.hall.clone().read_owned().await);
        self.take(house, opened, hall, FOR_AN_INTAKE).await
    }

    /// A turn with nobody beside it.
    ///
    /// # Errors
    /// [`ArchiveError::Elsewhere`] while another process writes.
    pub(crate) async fn alone(&self, house: &House, opened: &Opened) -> Result<Turn, ArchiveError> {
        let hall = Hall::Alone(self.hall.clone().write_owned().await);
        self.take(house, opened, hall, FOR_AN_ACT).await
    }

    async fn take(
        &self,
        house: &House,
        opened: &Opened,
        hall: Hall,
        patience: u32,
    ) -> Result<Turn, ArchiveError> {
        let (turns, room) = (self.turns.clone(), opened.room.clone());
        // The last turn may be letting the lease go at this moment, and asks a bucket: that is
        // not waited for on a thread that drives others.
        let counted = tokio::task::spawn_blocking(move || {
            *locked(&turns) += 1;
            Turn {
                room,
                turns,
                holding: 0,
                _hall: hall,
            }
        });
        let mut turn = counted.await.map_err(std::io::Error::other)?;
        let mut asked = 0;
        loop {
            let (room, now) = (turn.room.clone(), house.now());
            let held = tokio::task::spawn_blocking(move || {
                room.write_from(now.0).map(|()| room.holding())
            });
            match held.await.map_err(std::io::Error::other)? {
                Ok(holding) => {
                    turn.holding = holding;
                    return Ok(turn);
                }
                Err(RoomError::Busy) if asked < patience => {
                    asked += 1;
                    tokio::time::sleep(AGAIN).await;
                }
                Err(e) => return Err(e.into()),
            }
        }
    }
}

impl Turn {
    /// Does what blocks, as the one writer of the strongroom.
    ///
    /// # Errors
    /// [`ArchiveError::Elsewhere`] when the lease ran out in between and another wrote: what was
    /// begun is not gone on with.
    pub(crate) async fn writing<T: Send + 'static>(
        &self,
        house: &House,
        work: impl FnOnce(&StrongRoom) -> Result<T, RoomError> + Send + 'static,
    ) -> Result<T, ArchiveError> {
        let (room, holding) = (self.room.clone(), self.holding);
        let now = house.now();
        let mut done = tokio::task::spawn_blocking(move || {
            room.stay(holding, now.0)?;
            work(&room)
        });
        loop {
            tokio::select! {
                done = &mut done => return Ok(done.map_err(std::io::Error::other)??),
                () = tokio::time::sleep(RENEWED) => {
                    let (room, now) = (self.room.clone(), house.now());
                    // One that is lost is told by the next step.
                    let _ = tokio::task::spawn_blocking(move || room.stay(holding, now.0)).await;
                }
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let (room, turns) = (self.room.clone(), self.turns.clone());
        let last = move || {
            let mut turns = locked(&turns);
            *turns -= 1;
            // Whoever takes a turn now waits for this lock, and takes the lease anew.
            if *turns == 0
                && let Err(e) = room.let_go()
            {
                tracing::warn!(error = %e, "the strongroom's lease ends by itself");
            }
        };
        match tokio::runtime::Handle::try_current() {
            // A bucket is asked: not on a thread that drives others.
            Ok(runtime) => drop(runtime.spawn_blocking(last)),
            Err(_) => last(),
        }
    }
}

fn locked(turns: &Mutex<usize>) -> std::sync::MutexGuard<'_, usize> {
    turns.lock().unwrap_or_else(PoisonError::into_inner)
}

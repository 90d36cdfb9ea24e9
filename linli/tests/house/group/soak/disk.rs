//! A disk that loses its power. SQLite's files below a folder go through a file system
//! of our own, which knows what was written since the last sync: at the power cut every
//! further access fails, and of what was not synced all, nothing, or torn pieces remain.
//! That is stricter than killing the program, after which the system still writes all.

mod system;

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foundation::chance::Chance;

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

static DISKS: Mutex<Vec<Arc<Disk>>> = Mutex::new(Vec::new());

/// A folder whose databases can be cut from their power.
pub struct Disk {
    root: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    dead: bool,
    fuse: Option<Fuse>,
    /// Since each file's last sync, in order.
    unsynced: Vec<(PathBuf, Change)>,
    handles: usize,
}

/// When the power goes.
#[derive(Clone, Copy, Debug)]
pub enum Fuse {
    /// At the write, cut or sync after so many.
    Steps(u64),
    /// After so many syncs: the last is on the disk, and nobody hears that it is.
    Syncs(u64),
}

enum Change {
    Write {
        at: u64,
        old: Vec<u8>,
        new: Vec<u8>,
        size: u64,
    },
    Cut {
        to: u64,
        lost: Vec<u8>,
    },
}

impl Disk {
    /// The databases below `root` that are opened from now on.
    pub fn under(root: &Path) -> Arc<Disk> {
        system::register();
        let disk = Arc::new(Disk {
            root: root.to_owned(),
            state: Mutex::default(),
        });
        lock(&DISKS).push(disk.clone());
        disk
    }

    /// Its folder goes.
    pub fn forget(&self) {
        lock(&DISKS).retain(|d| d.root != self.root);
    }

    pub fn arm(&self, fuse: Option<Fuse>) {
        lock(&self.state).fuse = fuse;
    }

    pub fn is_dead(&self) -> bool {
        lock(&self.state).dead
    }

    /// Files that somebody still holds.
    pub fn handles(&self) -> usize {
        lock(&self.state).handles
    }

    /// The power comes back, when nobody holds a file any more: of what was not synced
    /// some remains.
    pub fn revive(&self, chance: &Chance) -> std::io::Result<()> {
        let mut state = lock(&self.state);
        assert_eq!(state.handles, 0, "somebody still holds a file");
        let mut files: HashMap<PathBuf, File> = HashMap::new();
        for (path, _) in &state.unsynced {
            if !files.contains_key(path) {
                let file = File::options().read(true).write(true).open(path)?;
                files.insert(path.clone(), file);
            }
        }
        for (path, change) in state.unsynced.iter().rev() {
            match change {
                Change::Write { at, old, size, .. } => {
                    files[path].write_all_at(old, *at)?;
                    files[path].set_len(*size)?;
                }
                Change::Cut { to, lost } => files[path].write_all_at(lost, *to)?,
            }
        }
        let fate = chance.below(3);
        for (path, change) in state.unsynced.drain(..) {
            let file = &files[&path];
            match change {
                Change::Write { at, new, .. } => {
                    for (n, sector) in new.chunks(SECTOR).enumerate() {
                        if fate == 1 || fate == 2 && chance.below(2) == 0 {
                            file.write_all_at(sector, at + (n * SECTOR) as u64)?;
                        }
                    }
                }
                Change::Cut { to, .. } if fate == 1 => file.set_len(to)?,
                Change::Cut { .. } => {}
            }
        }
        // Shared memory does not outlive the machine.
        for file in ["linli.sqlite-shm", "keys/keys.sqlite-shm"] {
            let _ = std::fs::remove_file(self.root.join("data").join(file));
        }
        *state = State::default();
        Ok(())
    }
}

impl State {
    /// Burns the fuse by one; whether this step still happens.
    fn step(&mut self, sync: bool) -> bool {
        if self.dead {
            return false;
        }
        match &mut self.fuse {
            Some(Fuse::Steps(0)) => self.dead = true,
            Some(Fuse::Steps(n)) => *n -= 1,
            Some(Fuse::Syncs(n)) if sync => *n = n.saturating_sub(1),
            _ => {}
        }
        !self.dead
    }
}

fn disk_of(path: &Path) -> Option<Arc<Disk>> {
    let disks = lock(&DISKS);
    disks.iter().find(|d| path.starts_with(&d.root)).cloned()
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Rows committed one by one, then the power goes: how many are there after it.
fn kept(synchronous: &str, seed: u64) -> i64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    let file = folder.path().join("data/linli.sqlite");
    let disk = Disk::under(folder.path());
    let conn = rusqlite::Connection::open(&file).expect("it opens");
    let begin = format!(
        "PRAGMA journal_mode=WAL; CREATE TABLE t (n INTEGER); PRAGMA synchronous={synchronous};"
    );
    conn.execute_batch(&begin).expect("a table");
    let chance = Chance::from_seed(seed);
    for n in 0..5 {
        let done = conn.execute("INSERT INTO t VALUES (?1)", [n]);
        done.expect("the power is on");
    }
    disk.arm(Some(Fuse::Steps(chance.below(3))));
    while conn.execute("INSERT INTO t VALUES (99)", []).is_ok() {}
    drop(conn);
    disk.revive(&chance).expect("the power comes back");
    let conn = rusqlite::Connection::open(&file).expect("it opens");
    let sql = "SELECT COUNT(*) FROM t WHERE n < 5";
    let count = conn.query_row(sql, [], |row| row.get(0)).expect("counted");
    drop(conn);
    disk.forget();
    count
}

/// What the schedules are worth: a database that does not wait for the disk loses here.
#[test]
fn the_power_takes_what_was_not_synced_and_nothing_else() {
    assert!((0..40).all(|seed| kept("FULL", seed) == 5));
    assert!((0..40).any(|seed| kept("NORMAL", seed) < 5));
}

//! A root in a folder: `root/` is the OCFL storage root, beside it `work/` and
//! `quarantine/`, all on one file system, so that a version arrives by one rename.

use std::io::{self, Read};
use std::sync::Arc;

use super::{Lease, Storage};
use crate::disk::{Disk, Kind, ReadSeek, join, make_folders, parent};
use crate::names::OpaqueId;

const ROOT: &str = "root";
const QUARANTINE: &str = "quarantine";

/// The root below a [`Disk`].
pub struct FolderStorage {
    disk: Arc<dyn Disk>,
}

impl FolderStorage {
    pub fn new(disk: Arc<dyn Disk>) -> FolderStorage {
        FolderStorage { disk }
    }

    /// Makes folders that are there for good before anything is put into them.
    fn way(&self, path: &str) -> io::Result<()> {
        let touched = make_folders(&*self.disk, path)?;
        if touched.is_empty() {
            Ok(())
        } else {
            self.disk.sync(&[], &touched)
        }
    }

    fn aside(&self) -> io::Result<String> {
        make_folders(&*self.disk, "work/new")?;
        Ok(format!("work/new/{}", OpaqueId::fresh()))
    }
}

fn inside(path: &str) -> String {
    join(ROOT, path)
}

/// A root's path again, of one on the disk.
fn outside(path: &str) -> String {
    path.strip_prefix(ROOT)
        .unwrap_or(path)
        .trim_start_matches('/')
        .to_owned()
}

impl Storage for FolderStorage {
    fn open(&self, path: &str) -> io::Result<Box<dyn ReadSeek>> {
        self.disk.open(&inside(path))
    }

    fn stat(&self, path: &str) -> io::Result<Option<Kind>> {
        self.disk.stat(&inside(path))
    }

    fn list(&self, path: &str) -> io::Result<Vec<(String, Kind)>> {
        self.disk.list(&inside(path))
    }

    fn make_way(&self, path: &str) -> io::Result<Vec<String>> {
        let touched = make_folders(&*self.disk, parent(&inside(path)))?;
        Ok(touched.iter().map(|t| outside(t)).collect())
    }

    fn adopt(&self, _work: &dyn Disk, staged: &str, path: &str) -> io::Result<Vec<String>> {
        let to = inside(path);
        self.disk.rename(staged, &to)?;
        Ok(vec![outside(parent(&to))])
    }

    fn write_new(&self, path: &str, bytes: &mut dyn Read) -> io::Result<()> {
        let (beside, to) = (self.aside()?, inside(path));
        let mut file = self.disk.create(&beside)?;
        io::copy(bytes, &mut file)?;
        file.flush()?;
        file.sync()?;
        self.way(parent(&to))?;
        self.disk.rename(&beside, &to)?;
        self.disk.sync(&[], &[parent(&to).to_owned()])
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let beside = self.aside()?;
        let mut file = self.disk.create(&beside)?;
        file.write_all(bytes)?;
        file.flush()?;
        file.sync()?;
        self.disk.replace(&beside, &inside(path))
    }

    fn settle(&self, folders: &[String]) -> io::Result<()> {
        let folders: Vec<String> = folders.iter().map(|f| inside(f)).collect();
        self.disk.sync(&[], &folders)
    }

    fn set_aside(&self, path: &str, name: &str) -> io::Result<()> {
        let (from, to) = (inside(path), join(QUARANTINE, name));
        self.way(parent(&to))?;
        self.disk.rename(&from, &to)?;
        self.disk
            .sync(&[], &[parent(&from).to_owned(), parent(&to).to_owned()])
    }

    fn prune(&self, path: &str) -> io::Result<()> {
        let mut at = inside(path);
        while at.len() > ROOT.len() {
            match self.disk.stat(&at)? {
                Some(Kind::Folder) if self.disk.list(&at)?.is_empty() => {
                    self.disk.remove_folder(&at)?;
                }
                None => {}
                Some(_) => break,
            }
            at = parent(&at).to_owned();
        }
        Ok(())
    }

    fn lease(&self, _now: i64) -> io::Result<Lease> {
        make_folders(&*self.disk, "work")?;
        let guard = self.disk.lock("work/writer.lock")?;
        // What a crash kept from getting its name is nobody's: there is one writer.
        for (name, _) in self.disk.list("work/new")? {
            self.disk.remove_file(&join("work/new", &name))?;
        }
        Ok(Lease {
            until: None,
            _guard: guard,
        })
    }

    fn renew(&self, _lease: &mut Lease, _now: i64) -> io::Result<()> {
        Ok(())
    }

    fn release(&self, lease: Lease) -> io::Result<()> {
        drop(lease);
        Ok(())
    }
}

//! A disk in memory that forgets, at a crash, what was not synced, and may forget or keep
//! any part of the rest; it crashes or fails at whichever operation it is told to.

use std::collections::BTreeMap;
use std::io::{self, Cursor, ErrorKind, Write};
use std::sync::{Arc, Mutex};

use strongroom::disk::{Disk, Kind, NewFile, ReadSeek, join, parent, safe};

#[derive(Clone, Debug)]
enum Node {
    File {
        bytes: Vec<u8>,
        durable: Option<Vec<u8>>,
    },
    Folder {
        now: BTreeMap<String, usize>,
        durable: BTreeMap<String, usize>,
    },
}

/// What happens at the operation that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The power goes: that operation and all after it fail.
    Crash,
    /// Only writing fails, that time and ever after: the disk is full.
    Full,
}

struct State {
    nodes: Vec<Node>,
    at: Option<(usize, Fault)>,
    count: usize,
    dead: bool,
    full: bool,
    seed: u64,
    /// Every byte that any write was given.
    written: Vec<u8>,
    locked: bool,
    /// Renames since the last crash: the thing, and where it was. A journal keeps a rename
    /// whole, so a thing that lost both its names gets the old one back.
    renames: Vec<(usize, usize, String)>,
}

#[derive(Clone)]
pub struct SimDisk(Arc<Mutex<State>>);

struct SimFile {
    disk: SimDisk,
    node: usize,
}

struct Guard(SimDisk);
impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().locked = false;
    }
}

fn no(kind: ErrorKind) -> io::Error {
    kind.into()
}

impl SimDisk {
    pub fn new() -> SimDisk {
        let top = Node::Folder {
            now: BTreeMap::new(),
            durable: BTreeMap::new(),
        };
        SimDisk(Arc::new(Mutex::new(State {
            nodes: vec![top],
            at: None,
            count: 0,
            dead: false,
            full: false,
            seed: 1,
            written: Vec::new(),
            locked: false,
            renames: Vec::new(),
        })))
    }

    /// A disk of its own with the same content.
    pub fn fork(&self) -> SimDisk {
        let state = self.0.lock().unwrap();
        SimDisk(Arc::new(Mutex::new(State {
            nodes: state.nodes.clone(),
            at: None,
            count: 0,
            dead: false,
            full: false,
            seed: 1,
            written: Vec::new(),
            locked: false,
            renames: Vec::new(),
        })))
    }

    pub fn arm(&self, at: usize, fault: Fault) {
        let mut state = self.0.lock().unwrap();
        state.count = 0;
        state.at = Some((at, fault));
    }

    /// Changing operations since it was armed.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap().count
    }

    pub fn written(&self) -> Vec<u8> {
        self.0.lock().unwrap().written.clone()
    }

    /// There is room again, and no fault to come.
    pub fn relieve(&self) {
        let mut state = self.0.lock().unwrap();
        (state.at, state.full) = (None, false);
    }

    /// Power comes back: what was durable is there, of the rest each thing by chance.
    pub fn restart(&self, seed: u64) {
        let mut state = self.0.lock().unwrap();
        state.seed = seed | 1;
        for n in 0..state.nodes.len() {
            let dice = state.roll();
            let mut node = state.nodes[n].clone();
            match &mut node {
                Node::File { bytes, durable } => {
                    let kept = durable.clone().unwrap_or_default();
                    // Lost, cut short, or all there, if it was not synced.
                    match dice % 3 {
                        _ if *bytes == kept => {}
                        0 => *bytes = kept,
                        1 => bytes.truncate(dice as usize / 3 % (bytes.len() + 1)),
                        _ => {}
                    }
                    *durable = Some(bytes.clone());
                }
                Node::Folder { now, durable } => {
                    let mut names: Vec<String> =
                        now.keys().chain(durable.keys()).cloned().collect();
                    names.sort();
                    names.dedup();
                    for name in names {
                        if now.get(&name) != durable.get(&name) && state.roll().is_multiple_of(2) {
                            match durable.get(&name) {
                                Some(old) => _ = now.insert(name, *old),
                                None => _ = now.remove(&name),
                            }
                        }
                    }
                    *durable = now.clone();
                }
            }
            state.nodes[n] = node;
        }
        (state.at, state.dead, state.full, state.locked) = (None, false, false, false);
        state.relink();
    }

    fn change<T>(
        &self,
        write: bool,
        act: impl FnOnce(&mut State) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut state = self.0.lock().unwrap();
        if state.dead {
            return Err(no(ErrorKind::BrokenPipe));
        }
        let chosen = state.at.is_some_and(|(at, _)| at == state.count);
        state.count += 1;
        if chosen {
            match state.at.expect("chosen").1 {
                Fault::Crash => {
                    state.dead = true;
                    return Err(no(ErrorKind::BrokenPipe));
                }
                Fault::Full => state.full = true,
            }
        }
        if state.full && write {
            return Err(no(ErrorKind::StorageFull));
        }
        act(&mut state)
    }

    fn look<T>(&self, act: impl FnOnce(&State) -> io::Result<T>) -> io::Result<T> {
        let state = self.0.lock().unwrap();
        if state.dead {
            Err(no(ErrorKind::BrokenPipe))
        } else {
            act(&state)
        }
    }
}

impl State {
    fn roll(&mut self) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.seed >> 3
    }

    /// A journal keeps a rename whole: a thing with both its names loses the old one, a
    /// thing with neither gets the old one back.
    fn relink(&mut self) {
        for (node, folder, name) in std::mem::take(&mut self.renames) {
            let links: usize = self
                .nodes
                .iter()
                .map(|n| match n {
                    Node::Folder { now, .. } => now.values().filter(|v| **v == node).count(),
                    Node::File { .. } => 0,
                })
                .sum();
            if let Node::Folder { now, durable } = &mut self.nodes[folder] {
                match links {
                    0 => _ = now.entry(name).or_insert(node),
                    1 => {}
                    _ => now.retain(|n, v| *n != name || *v != node),
                }
                *durable = now.clone();
            }
        }
    }

    fn find(&self, path: &str) -> io::Result<Option<usize>> {
        if path.is_empty() {
            return Ok(Some(0));
        }
        let mut at = 0;
        for name in safe(path)?.split('/') {
            match &self.nodes[at] {
                Node::Folder { now, .. } => match now.get(name) {
                    Some(next) => at = *next,
                    None => return Ok(None),
                },
                Node::File { .. } => return Ok(None),
            }
        }
        Ok(Some(at))
    }

    fn get(&self, path: &str) -> io::Result<usize> {
        self.find(path)?.ok_or_else(|| no(ErrorKind::NotFound))
    }

    fn entries(&mut self, path: &str) -> io::Result<&mut BTreeMap<String, usize>> {
        let at = self.get(parent(path))?;
        match &mut self.nodes[at] {
            Node::Folder { now, .. } => Ok(now),
            Node::File { .. } => Err(no(ErrorKind::NotADirectory)),
        }
    }

    fn put(&mut self, path: &str, node: usize) -> io::Result<()> {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        self.entries(path)?.insert(name, node);
        Ok(())
    }

    fn take(&mut self, path: &str) -> io::Result<usize> {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        self.entries(path)?
            .remove(&name)
            .ok_or_else(|| no(ErrorKind::NotFound))
    }
}

impl Write for SimFile {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        self.disk.change(true, |state| {
            state.written.extend_from_slice(more);
            if let Node::File { bytes, .. } = &mut state.nodes[self.node] {
                bytes.extend_from_slice(more);
            }
            Ok(more.len())
        })
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl NewFile for SimFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.change(true, |state| {
            if let Node::File { bytes, durable } = &mut state.nodes[self.node] {
                *durable = Some(bytes.clone());
            }
            Ok(())
        })
    }
}

impl Disk for SimDisk {
    fn create(&self, path: &str) -> io::Result<Box<dyn NewFile>> {
        let node = self.change(true, |state| {
            if state.find(path)?.is_some() {
                return Err(no(ErrorKind::AlreadyExists));
            }
            state.nodes.push(Node::File {
                bytes: Vec::new(),
                durable: None,
            });
            let node = state.nodes.len() - 1;
            state.put(path, node)?;
            Ok(node)
        })?;
        Ok(Box::new(SimFile {
            disk: self.clone(),
            node,
        }))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn ReadSeek>> {
        self.look(|state| match &state.nodes[state.get(path)?] {
            Node::File { bytes, .. } => {
                Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn ReadSeek>)
            }
            Node::Folder { .. } => Err(no(ErrorKind::InvalidInput)),
        })
    }

    fn stat(&self, path: &str) -> io::Result<Option<Kind>> {
        self.look(|state| {
            Ok(state.find(path)?.map(|n| match &state.nodes[n] {
                Node::File { bytes, .. } => Kind::File(bytes.len() as u64),
                Node::Folder { .. } => Kind::Folder,
            }))
        })
    }

    fn list(&self, path: &str) -> io::Result<Vec<(String, Kind)>> {
        let names = self.look(|state| {
            Ok(match state.find(path)?.map(|n| &state.nodes[n]) {
                Some(Node::Folder { now, .. }) => now.keys().cloned().collect(),
                _ => Vec::new(),
            })
        })?;
        let mut found = Vec::new();
        for name in names {
            let kind = self.stat(&join(path, &name))?.expect("it was listed");
            found.push((name, kind));
        }
        Ok(found)
    }

    fn make_folder(&self, path: &str) -> io::Result<()> {
        self.change(true, |state| {
            if state.find(path)?.is_some() {
                return Ok(());
            }
            let folder = Node::Folder {
                now: BTreeMap::new(),
                durable: BTreeMap::new(),
            };
            state.nodes.push(folder);
            let node = state.nodes.len() - 1;
            state.put(path, node)
        })
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.change(false, |state| {
            if state.find(to)?.is_some() {
                return Err(no(ErrorKind::AlreadyExists));
            }
            state.get(parent(to))?;
            let folder = state.get(parent(from))?;
            let node = state.take(from)?;
            let name = from.rsplit('/').next().unwrap_or(from).to_owned();
            state.renames.push((node, folder, name));
            state.put(to, node)
        })
    }

    fn replace(&self, from: &str, to: &str) -> io::Result<()> {
        self.change(false, |state| {
            state.get(parent(to))?;
            let folder = state.get(parent(from))?;
            let node = state.take(from)?;
            let name = from.rsplit('/').next().unwrap_or(from).to_owned();
            state.renames.push((node, folder, name));
            state.put(to, node)
        })
    }

    fn remove_file(&self, path: &str) -> io::Result<()> {
        self.change(false, |state| state.take(path).map(|_| ()))
    }

    fn remove_folder(&self, path: &str) -> io::Result<()> {
        self.change(false, |state| {
            let node = state.get(path)?;
            match &state.nodes[node] {
                Node::Folder { now, .. } if now.is_empty() => state.take(path).map(|_| ()),
                _ => Err(no(ErrorKind::DirectoryNotEmpty)),
            }
        })
    }

    fn sync(&self, files: &[String], folders: &[String]) -> io::Result<()> {
        for path in files.iter().chain(folders) {
            self.change(true, |state| {
                let node = state.get(path)?;
                match &mut state.nodes[node] {
                    Node::File { bytes, durable } => *durable = Some(bytes.clone()),
                    Node::Folder { now, durable } => *durable = now.clone(),
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn blank(&self, path: &str) -> io::Result<()> {
        self.change(false, |state| {
            let node = state.get(path)?;
            if let Node::File { bytes, durable } = &mut state.nodes[node] {
                bytes.fill(0);
                *durable = Some(bytes.clone());
            }
            Ok(())
        })
    }

    fn lock(&self, _path: &str) -> io::Result<Box<dyn Send + Sync>> {
        let mut state = self.0.lock().unwrap();
        if state.locked {
            return Err(no(ErrorKind::WouldBlock));
        }
        state.locked = true;
        Ok(Box::new(Guard(self.clone())))
    }
}

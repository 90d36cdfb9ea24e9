//! A folder of the machine's own file system.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{Disk, Kind, NewFile, ReadSeek, safe};

/// With more than this many files to sync, one call for the whole file system is cheaper.
const SYNC_SINGLY_MAX: usize = 8;

/// A folder; the path to it may hold links, what is below it may not.
pub struct LocalDisk {
    base: PathBuf,
}

impl LocalDisk {
    /// Opens a folder, making it when absent.
    ///
    /// # Errors
    /// What the file system says.
    pub fn new(base: impl Into<PathBuf>) -> io::Result<LocalDisk> {
        let base = base.into();
        fs::create_dir_all(&base)?;
        Ok(LocalDisk { base })
    }

    /// The path on this machine; refuses one that passes through a link.
    ///
    /// Somebody who may write into the folder can still swap a folder for a link between this
    /// look and the use; such a person can also change the files, which verification finds.
    fn real(&self, path: &str) -> io::Result<PathBuf> {
        if path.is_empty() {
            return Ok(self.base.clone());
        }
        let mut at = self.base.clone();
        let mut names = safe(path)?.split('/').peekable();
        while let Some(name) = names.next() {
            at.push(name);
            if names.peek().is_some() && fs::symlink_metadata(&at).is_ok_and(|m| m.is_symlink()) {
                return Err(link(path));
            }
        }
        Ok(at)
    }
}

fn link(path: &str) -> io::Error {
    io::Error::new(
        ErrorKind::InvalidInput,
        format!("a link stands in the store: {path}"),
    )
}

fn kind(meta: &fs::Metadata) -> Kind {
    if meta.is_file() {
        Kind::File(meta.len())
    } else if meta.is_dir() {
        Kind::Folder
    } else {
        Kind::Other
    }
}

fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        options,
        rustix::fs::OFlags::NOFOLLOW.bits().cast_signed(),
    );
    options
}

impl NewFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

impl Disk for LocalDisk {
    fn create(&self, path: &str) -> io::Result<Box<dyn NewFile>> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(self.real(path)?)?;
        Ok(Box::new(file))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn ReadSeek>> {
        let at = self.real(path)?;
        let file = no_follow(OpenOptions::new().read(true)).open(&at)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(
                ErrorKind::InvalidInput,
                format!("no file: {path}"),
            ));
        }
        Ok(Box::new(file))
    }

    fn stat(&self, path: &str) -> io::Result<Option<Kind>> {
        match fs::symlink_metadata(self.real(path)?) {
            Ok(meta) => Ok(Some(kind(&meta))),
            Err(e) if e.kind() == ErrorKind::NotFound || e.kind() == ErrorKind::NotADirectory => {
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    fn list(&self, path: &str) -> io::Result<Vec<(String, Kind)>> {
        let at = self.real(path)?;
        match fs::symlink_metadata(&at) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) if path.is_empty() => {}
            Ok(_) => return Err(link(path)),
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(e),
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(at)? {
            let entry = entry?;
            // A name that is no text is none of ours; it is shown, never opened.
            let name = entry.file_name().to_string_lossy().into_owned();
            let what = match entry.file_type()? {
                t if t.is_dir() => Kind::Folder,
                t if t.is_file() => Kind::File(entry.metadata()?.len()),
                _ => Kind::Other,
            };
            names.push((name, what));
        }
        names.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(names)
    }

    fn make_folder(&self, path: &str) -> io::Result<()> {
        match fs::create_dir(self.real(path)?) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let (from, to) = (self.real(from)?, self.real(to)?);
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{CWD, RenameFlags, renameat_with};
            match renameat_with(CWD, &from, CWD, &to, RenameFlags::NOREPLACE) {
                // Some file systems do not know the flag.
                Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
                other => return other.map_err(Into::into),
            }
        }
        if fs::symlink_metadata(&to).is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        fs::rename(from, to)
    }

    fn replace(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.real(from)?, self.real(to)?)
    }

    fn remove_file(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.real(path)?)
    }

    fn remove_folder(&self, path: &str) -> io::Result<()> {
        fs::remove_dir(self.real(path)?)
    }

    fn sync(&self, files: &[String], folders: &[String]) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        if files.len() + folders.len() > SYNC_SINGLY_MAX {
            return Ok(rustix::fs::syncfs(File::open(&self.base)?)?);
        }
        for path in files {
            no_follow(OpenOptions::new().read(true))
                .open(self.real(path)?)?
                .sync_all()?;
        }
        for path in folders {
            sync_folder(&self.real(path)?)?;
        }
        Ok(())
    }

    fn blank(&self, path: &str) -> io::Result<()> {
        let mut file = no_follow(OpenOptions::new().write(true)).open(self.real(path)?)?;
        let len = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&vec![0; len])?;
        file.sync_all()
    }

    fn lock(&self, path: &str) -> io::Result<Box<dyn Send + Sync>> {
        // The lock is the kernel's, not the file's being there: it goes with the process.
        let file = no_follow(OpenOptions::new().write(true).create(true).truncate(false))
            .open(self.real(path)?)?;
        file.try_lock().map_err(io::Error::from)?;
        Ok(Box::new(file))
    }
}

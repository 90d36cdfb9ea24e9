//! The file system that SQLite sees: the system's, with every write, cut and sync told to
//! the disk first.

use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use rusqlite::ffi;

use super::{Change, Disk, Fuse, disk_of, lock};

/// From now on SQLite opens files through here.
pub fn register() {
    LazyLock::force(&REGISTERED);
}

/// One open file: ours before, the system's right behind it.
#[repr(C)]
struct Handle {
    base: ffi::sqlite3_file,
    disk: *const Disk,
    path: *mut PathBuf,
}

/// Ours, leaked for the life of the process, over the system's.
struct Shim(*mut ffi::sqlite3_vfs);
// SAFETY: SQLite asks a file system from any thread; ours changes behind locks alone.
unsafe impl Send for Shim {}
unsafe impl Sync for Shim {}

static REGISTERED: LazyLock<Shim> = LazyLock::new(|| {
    // SAFETY: the system's file system lives as long as the process, and so does the copy,
    // whose sizes hold our handle and the system's behind it.
    unsafe {
        let below = ffi::sqlite3_vfs_find(std::ptr::null());
        let mut own = Box::new(*below);
        own.szOsFile += size_of::<Handle>() as c_int;
        own.zName = c"losing-power".as_ptr();
        own.xOpen = Some(open);
        own.xDelete = Some(delete);
        assert_eq!(ffi::sqlite3_vfs_register(Box::leak(own), 1), ffi::SQLITE_OK);
        Shim(below)
    }
});

fn below() -> *mut ffi::sqlite3_vfs {
    REGISTERED.0
}

/// # Safety
/// `name` is null or ends in a zero.
unsafe fn path_of(name: *const c_char) -> Option<PathBuf> {
    if name.is_null() {
        return None;
    }
    let name = unsafe { CStr::from_ptr(name) };
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

// SQLite calls what follows with a file that `open` made and buffers of the sizes it names.

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe {
        let system = (*below()).xOpen.expect("every file system opens");
        let path = path_of(name);
        let Some((disk, path)) = path.and_then(|p| Some((disk_of(&p)?, p))) else {
            // Nothing of ours: the system's file alone.
            return system(below(), name, file, flags, out);
        };
        (*file).pMethods = std::ptr::null();
        let mut state = lock(&disk.state);
        if state.dead {
            return ffi::SQLITE_CANTOPEN;
        }
        let code = system(below(), name, real(file), flags, out);
        if code == ffi::SQLITE_OK {
            state.handles += 1;
            drop(state);
            let handle = file.cast::<Handle>();
            (*handle).disk = Arc::into_raw(disk);
            (*handle).path = Box::into_raw(Box::new(path));
            (*file).pMethods = &raw const METHODS;
        }
        code
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    unsafe {
        let system = (*below()).xDelete.expect("every file system deletes");
        let path = path_of(name);
        if let Some((disk, path)) = path.and_then(|p| Some((disk_of(&p)?, p))) {
            let mut state = lock(&disk.state);
            if state.dead {
                return ffi::SQLITE_IOERR_DELETE;
            }
            state.unsynced.retain(|(other, _)| *other != path);
        }
        system(below(), name, sync)
    }
}

unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    unsafe { file.cast::<Handle>().add(1).cast() }
}

/// The system's method for the system's file.
macro_rules! system {
    ($file:expr, $method:ident $(, $arg:expr)*) => {{
        let file = real($file);
        (*(*file).pMethods).$method.expect("the system has it")(file $(, $arg)*)
    }};
}

/// Methods that go straight to the system.
macro_rules! straight {
    ($($method:ident($($arg:ident: $kind:ty),*) -> $out:ty;)*) => {
        mod straight {
            use super::*;
            $(
                #[allow(non_snake_case)]
                pub unsafe extern "C" fn $method(f: *mut ffi::sqlite3_file $(, $arg: $kind)*) -> $out {
                    unsafe { system!(f, $method $(, $arg)*) }
                }
            )*
        }
    };
}

straight! {
    xFileSize(size: *mut i64) -> c_int;
    xLock(level: c_int) -> c_int;
    xUnlock(level: c_int) -> c_int;
    xCheckReservedLock(out: *mut c_int) -> c_int;
    xFileControl(op: c_int, arg: *mut c_void) -> c_int;
    xSectorSize() -> c_int;
    xDeviceCharacteristics() -> c_int;
    xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) -> c_int;
    xShmLock(offset: c_int, n: c_int, flags: c_int) -> c_int;
    xShmBarrier() -> ();
    xShmUnmap(delete: c_int) -> c_int;
}

unsafe fn parts<'h>(file: *mut ffi::sqlite3_file) -> (&'h Disk, &'h Path) {
    unsafe {
        let handle = file.cast::<Handle>();
        (&*(*handle).disk, &*(*handle).path)
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe {
        let code = system!(file, xClose);
        let handle = file.cast::<Handle>();
        let disk = Arc::from_raw((*handle).disk);
        drop(Box::from_raw((*handle).path));
        lock(&disk.state).handles -= 1;
        code
    }
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    n: c_int,
    at: i64,
) -> c_int {
    unsafe {
        if parts(file).0.is_dead() {
            return ffi::SQLITE_IOERR_READ;
        }
        system!(file, xRead, to, n, at)
    }
}

/// What stands from `at` on, at most `n` bytes, and how long the file is.
unsafe fn there(file: *mut ffi::sqlite3_file, at: i64, n: usize) -> (Vec<u8>, i64) {
    unsafe {
        let mut size = 0;
        assert_eq!(system!(file, xFileSize, &raw mut size), ffi::SQLITE_OK);
        let n = n.min(usize::try_from(size - at).unwrap_or(0));
        let mut old = vec![0; n];
        if n > 0 {
            let code = system!(file, xRead, old.as_mut_ptr().cast(), n as c_int, at);
            assert_eq!(code, ffi::SQLITE_OK, "what is there can be read");
        }
        (old, size)
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    n: c_int,
    at: i64,
) -> c_int {
    unsafe {
        let (disk, path) = parts(file);
        let mut state = lock(&disk.state);
        if state.dead {
            return ffi::SQLITE_IOERR_WRITE;
        }
        let new = std::slice::from_raw_parts(from.cast::<u8>(), n as usize).to_vec();
        let (old, size) = there(file, at, new.len());
        let (at_, size) = (at as u64, size as u64);
        let change = Change::Write {
            at: at_,
            old,
            new,
            size,
        };
        state.unsynced.push((path.to_owned(), change));
        // The write that the power goes at may be there in part.
        let lives = state.step(false);
        let code = system!(file, xWrite, from, n, at);
        if lives { code } else { ffi::SQLITE_IOERR_WRITE }
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, to: i64) -> c_int {
    unsafe {
        let (disk, path) = parts(file);
        let mut state = lock(&disk.state);
        if !state.step(false) {
            return ffi::SQLITE_IOERR_TRUNCATE;
        }
        let (lost, _) = there(file, to, usize::MAX);
        let change = Change::Cut {
            to: to as u64,
            lost,
        };
        state.unsynced.push((path.to_owned(), change));
        system!(file, xTruncate, to)
    }
}

/// Nothing goes to the machine's own disk: what is synced here is what a power cut here
/// leaves alone, and ten thousand schedules would wear a disk for nothing.
unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    let (disk, path) = unsafe { parts(file) };
    let mut state = lock(&disk.state);
    if !state.step(true) {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    state.unsynced.retain(|(other, _)| other != path);
    if matches!(state.fuse, Some(Fuse::Syncs(0))) {
        state.dead = true;
        return ffi::SQLITE_IOERR_FSYNC;
    }
    ffi::SQLITE_OK
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(straight::xFileSize),
    xLock: Some(straight::xLock),
    xUnlock: Some(straight::xUnlock),
    xCheckReservedLock: Some(straight::xCheckReservedLock),
    xFileControl: Some(straight::xFileControl),
    xSectorSize: Some(straight::xSectorSize),
    xDeviceCharacteristics: Some(straight::xDeviceCharacteristics),
    xShmMap: Some(straight::xShmMap),
    xShmLock: Some(straight::xShmLock),
    xShmBarrier: Some(straight::xShmBarrier),
    xShmUnmap: Some(straight::xShmUnmap),
    xFetch: None,
    xUnfetch: None,
};

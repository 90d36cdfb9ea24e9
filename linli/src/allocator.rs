//! Which allocator a process has. The house allocates many small texts, and mimalloc keeps its
//! resident size down. The child that reads strangers' files has the system's: mimalloc holds a
//! gigabyte of address space from the start, which no bound on the child counts, and asks the
//! kernel for more by calls that the child may not make.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU8, Ordering};

use mimalloc::MiMalloc;

/// Chosen once, at the first allocation of the process.
pub struct Chosen;

const UNKNOWN: u8 = 0;
const HOUSE: u8 = 1;
const CHILD: u8 = 2;
static CHOICE: AtomicU8 = AtomicU8::new(UNKNOWN);

fn is_child() -> bool {
    match CHOICE.load(Ordering::Relaxed) {
        HOUSE => false,
        CHILD => true,
        _ => choose(),
    }
}

/// Looks for the mark that the parent sets, without allocating.
#[cold]
fn choose() -> bool {
    // SAFETY: the name ends in a nul; the first allocation happens before `main`, when no other
    // thread could change the environment.
    let child = unsafe { !libc::getenv(scans::jail::CHILD_MARK.as_ptr()).is_null() };
    CHOICE.store(if child { CHILD } else { HOUSE }, Ordering::Relaxed);
    child
}

// SAFETY: every call goes on unchanged to one of two allocators, always to the same one within a
// process, because the choice never changes once it was made.
unsafe impl GlobalAlloc for Chosen {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_child() {
            unsafe { System.alloc(layout) }
        } else {
            unsafe { MiMalloc.alloc(layout) }
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_child() {
            unsafe { System.alloc_zeroed(layout) }
        } else {
            unsafe { MiMalloc.alloc_zeroed(layout) }
        }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        if is_child() {
            unsafe { System.dealloc(at, layout) }
        } else {
            unsafe { MiMalloc.dealloc(at, layout) }
        }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if is_child() {
            unsafe { System.realloc(at, layout, size) }
        } else {
            unsafe { MiMalloc.realloc(at, layout, size) }
        }
    }
}

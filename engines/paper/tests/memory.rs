//! A catalog of 100,000 rows needs the memory of one page, not of 3,000: what is alive is
//! counted at every allocation.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use paper::{Catalog, CatalogRow, Lang, Paper, system_fonts};

struct Counting;

static ALIVE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands everything on to the system's allocator and only counts beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = ALIVE.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(now, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        ALIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

struct Sink(u64);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Pages, bytes and the most memory that was alive meanwhile.
fn written(rows: usize) -> (usize, u64, usize) {
    let catalog = Catalog {
        lang: Lang::Traditional,
        made: None,
        compound: "春和苑".into(),
        about: String::new(),
        page: "第 {page} 頁，共 {pages} 頁".into(),
        foot: (String::new(), String::new()),
        rows: RefCell::new(Box::new((0..rows).map(|i| CatalogRow {
            room: format!("{}-{:04}", i / 1_000, i % 1_000),
            number: format!("YX-{i:06}-01K"),
            owner: "林知夏".into(),
            moved_in: "2021-06-18".into(),
            pages: Some((i % 90) as u32),
            note: String::new(),
        }))),
    };
    let before = ALIVE.load(Relaxed);
    MOST.store(before, Relaxed);
    let mut sink = Sink(0);
    let all = catalog.write(system_fonts(), &mut sink).expect("written");
    assert_eq!(all.bytes, sink.0);
    (all.pages, all.bytes, MOST.load(Relaxed) - before)
}

#[test]
fn a_hundred_thousand_rows_need_no_more_memory_than_a_thousand() {
    let (_, _, few) = written(1_000);
    let (pages, bytes, many) = written(100_000);
    println!("{pages} pages, {bytes} bytes, {few} and {many} bytes alive");
    // 36 rows on a page.
    assert!((2_700..=3_000).contains(&pages), "{pages} pages");
    // What grows is 8 bytes for the place of each object and 4 for each page.
    assert!(
        many < few + 1_000_000,
        "{few} for 1,000 rows, {many} for 100,000"
    );
    assert!(many < 8_000_000, "{many} bytes");
}

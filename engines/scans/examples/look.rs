//! Says what a file is and, with `--out`, draws its pages:
//! `cargo run --profile dist -p scans --example look -- FILE [--out DIR]`.

use std::time::Instant;

use scans::{Limits, Look, inspect, render};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let out = args
        .iter()
        .position(|a| a == "--out")
        .and_then(|i| args.get(i + 1));
    let files = args.iter().filter(|a| *a != "--out" && Some(*a) != out);
    let limits = Limits::default();
    #[allow(clippy::disallowed_methods)] // a figure for people, not a rule of the house
    let begin = Instant::now;
    for file in files {
        let bytes = std::fs::read(file)?;
        let started = begin();
        let found = inspect(&bytes, file, &limits);
        let took = started.elapsed();
        let speed = bytes.len() as f64 / 1e6 / took.as_secs_f64();
        let found = match found {
            Ok(found) => found,
            Err(refused) => {
                println!("{file}: REFUSED {refused} ({refused:?}) {took:?}");
                continue;
            }
        };
        println!(
            "{file}: {:?} {} pages, {:?}, {} bytes out, {took:?}, {speed:.1} MB/s, {:?}",
            found.kind,
            found.pages,
            found.sizes.first(),
            found.decompressed_bytes,
            found.notes
        );
        let Some(out) = out else { continue };
        for page in 1..=found.pages {
            let started = begin();
            let drawn = render(&bytes, found.kind, page, &Look::default(), &limits);
            let took = started.elapsed();
            match drawn {
                Ok(picture) => {
                    let stem = std::path::Path::new(file).file_name().unwrap_or_default();
                    let name = format!("{out}/{}-{page}.jpg", stem.to_string_lossy());
                    println!("  page {page}: {took:?}, {} bytes", picture.len());
                    std::fs::write(name, picture)?;
                }
                Err(refused) => println!("  page {page}: REFUSED {refused:?} {took:?}"),
            }
        }
    }
    Ok(())
}

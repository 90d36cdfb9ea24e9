//! Rates of folding and reading on this machine: `cargo run --profile dist -p hanzi --example timing`.

#![allow(clippy::disallowed_methods)] // it measures

use std::time::Instant;

use hanzi::fold::Fold;
use hanzi::room::RoomCode;
use hanzi::shelf;

/// Rounds of each measurement, of which the best counts.
const ROUNDS: usize = 5;

fn best(mut work: impl FnMut()) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::MAX, f64::min)
}

fn main() {
    let text = "請各位業主於三日內到客服中心領取鑰匙，聯繫電話１３８0013８000。".repeat(30_000);
    let chars = text.chars().count() as f64 / 1e6;
    let decode = best(|| assert!(text.chars().map(u32::from).fold(0, u32::wrapping_add) > 0));
    let fold = Fold::new(&text);
    let plain = best(|| assert!(fold.plain().char_count() > 0));
    let digits = best(|| assert!(fold.digits().char_count() > 0));
    let pinyin = best(|| assert!(fold.pinyin().char_count() > 0));
    println!("decode {:.0} Mchar/s", chars / decode);
    println!("plain  {:.0} Mchar/s", chars / plain);
    println!("digits {:.0} Mchar/s", chars / digits);
    println!("pinyin {:.0} Mchar/s", chars / pinyin);

    let codes: Vec<String> = (0..100_000_u32)
        .map(|n| {
            format!(
                "{}棟{}單元{}{:02}",
                n % 50 + 1,
                n % 3 + 1,
                n % 33 + 1,
                n % 4 + 1
            )
        })
        .collect();
    let parse = best(|| assert!(codes.iter().all(|code| RoomCode::parse(code).is_ok())));
    let sort = best(|| assert_eq!(shelf::sort(&codes).warnings.len(), 0));
    println!("parse  {:.1} µs a code", parse / codes.len() as f64 * 1e6);
    println!("sort   {:.2} s for {} codes", sort, codes.len());
}

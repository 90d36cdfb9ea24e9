//! How many messages of danger are known as such, and how many harmless ones are taken for it:
//! `cargo run --profile dist -p answers --example risk -- engines/answers/tests/heldback/seen/risk.csv`.

use std::collections::BTreeMap;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args()
        .nth(1)
        .ok_or("a CSV of query,kind is needed")?;
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for row in csv::Reader::from_path(file)?.into_deserialize() {
        let (query, kind): (String, String) = row?;
        let known = answers::risk::danger(&query).is_some();
        let of = kinds.entry(kind).or_default();
        of.0 += usize::from(known);
        of.1 += 1;
    }
    for (kind, (known, all)) in &kinds {
        println!("{kind:<12} {known} of {all}");
    }
    let dangers = kinds.iter().filter(|(kind, _)| *kind != "none");
    let (known, all) = dangers.fold((0, 0), |(a, b), (_, (k, n))| (a + k, b + n));
    println!("recall       {:.3}", known as f64 / all.max(1) as f64);
    Ok(())
}

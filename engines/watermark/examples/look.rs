//! Stamps a picture from the disk, or reads its code: `look stamp IN OUT CODE`, `look trace IN`.

use watermark::{Code, Mark, stamp, trace};

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    match asked.as_slice() {
        ["stamp", from, to, number] => {
            let mut picture = image::open(from).expect("a picture").to_rgb8();
            let number = number.parse().expect("a number");
            let mark = Mark {
                lines: &["王女士 0123", "閱-2026-000123 · 2026-11-27 22:00"],
                footer: "王女士 · 工號 0123 · 閱-2026-000123 · 2026-11-27 22:00:05",
                code: Code::new(number).expect("a number of 40 bits"),
            };
            stamp(&mut picture, &mark).expect("a stamped picture");
            picture.save(to).expect("a place to write");
        }
        ["trace", from] => {
            for found in trace(&image::open(from).expect("a picture").to_rgb8()) {
                println!("{}\t{:.2}", found.code.number(), found.confidence);
            }
        }
        _ => eprintln!("look stamp IN OUT CODE | look trace IN"),
    }
}

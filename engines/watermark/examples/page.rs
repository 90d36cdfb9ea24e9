//! Writes stamped pages and photographs of them to look at: `page FOLDER`.

#[path = "../tests/made/mod.rs"]
mod made;

use made::{Crop, Dice, PAGES, STRAIGHT, Taken, stamped};

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    for page in PAGES {
        let mut dice = Dice(1);
        let code = dice.code();
        let marked = stamped(page.draw(&mut dice), code);
        marked
            .save(format!("{folder}/{page:?}.png"))
            .expect("a file");
        let taken = Taken {
            tilt: 15.0,
            turn: 4.0,
            scale: 0.7,
            blur: 0.8,
            grain: 2.0,
            quality: 70,
            crop: Crop::Whole,
        };
        let seen = taken.of(&marked, &mut dice);
        seen.save(format!("{folder}/{page:?}-taken.png"))
            .expect("a file");
        assert!(STRAIGHT.of(&marked, &mut dice) == marked);
    }
}

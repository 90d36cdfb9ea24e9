//! Vertical text for narrow spines: ideographs upright, short numbers upright in one square
//! (縱中橫), longer Latin runs turned by a right angle.

/// A part of a vertical line.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// One sign, upright, in a square of one em.
    Upright(char),
    /// Up to two letters or digits beside each other in one square.
    Square(String),
    /// Letters turned clockwise; they take their width along the line.
    Turned(String),
}

/// Parts a text. `stack` sets every sign upright, as for a short room number.
pub fn pieces(text: &str, stack: bool) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut run = String::new();
    let end = |run: &mut String, out: &mut Vec<Piece>| {
        if run.is_empty() {
            return;
        }
        let word = std::mem::take(run);
        out.push(
            if word.chars().count() <= 2 && word.chars().all(char::is_alphanumeric) {
                Piece::Square(word)
            } else {
                Piece::Turned(word)
            },
        );
    };
    for c in text.chars() {
        let latin = (c as u32) < 0x1100;
        if stack && c.is_alphanumeric() || !latin {
            end(&mut run, &mut out);
            out.push(if "（）()「」『』〈〉《》—…～－".contains(c) {
                Piece::Turned(c.into())
            } else {
                Piece::Upright(c)
            });
        } else {
            run.push(c);
        }
    }
    end(&mut run, &mut out);
    out
}

/// How far an upright sign moves the pen, in em: digits and capitals are no full square.
pub fn pitch(c: char) -> f32 {
    if (c as u32) < 0x1100 { 0.82 } else { 1.0 }
}

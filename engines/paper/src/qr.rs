//! A two-dimensional code as its modules, of a text or as the caller encoded it.

use serde::{Deserialize, Serialize};

/// A square of dark and light modules, without the quiet zone around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modules {
    side: usize,
    dark: Vec<bool>,
}

impl Modules {
    /// Takes the modules row by row; `None` when they are no square.
    pub fn new(dark: Vec<bool>) -> Option<Modules> {
        let side = dark.len().isqrt();
        (side * side == dark.len()).then_some(Modules { side, dark })
    }

    /// The code of a text; empty where the text is too long for any.
    pub fn of(text: &str) -> Modules {
        let code = qrcode::QrCode::new(text.as_bytes()).ok();
        code.and_then(|code| {
            let colours = code.to_colors().into_iter();
            Modules::new(colours.map(|c| c == qrcode::Color::Dark).collect())
        })
        .unwrap_or_default()
    }

    /// How many modules a row has; 0 when there is no code.
    pub fn side(&self) -> usize {
        self.side
    }

    pub fn is_empty(&self) -> bool {
        self.side == 0
    }

    pub(crate) fn dark(&self, x: usize, y: usize) -> bool {
        self.dark[y * self.side + x]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_code_and_one_that_no_code_can_hold_becomes_none() {
        assert_eq!(Modules::of("x").side(), 21);
        assert!(Modules::of(&"x".repeat(3_000)).is_empty());
    }
}

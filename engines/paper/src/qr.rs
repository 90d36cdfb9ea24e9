//! A two-dimensional code as its modules; whoever encodes it is the caller.

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

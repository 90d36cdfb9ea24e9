//! Text without a page: where lines break, and how vertical text is set.

mod kinsoku;
mod lines;
mod upright;

pub use kinsoku::stretches;
pub use lines::{Line, lines};
pub use upright::{Piece, pieces, pitch};

//! A PDF as it leaves: objects go out as they are made, only their places are remembered.

mod colours;
mod embed;
mod file;
mod meta;
mod picture;
mod tree;

pub(crate) use colours::srgb;
pub(crate) use embed::{Used, embed};
pub(crate) use file::{PdfFile, packed};
pub use meta::{About, Moment, write as write_meta};
pub use picture::Picture;
pub(crate) use tree::Tree;

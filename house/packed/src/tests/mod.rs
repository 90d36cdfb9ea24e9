//! What holds for words, formats, forms, lists, assets and the look.

mod forms;
mod keys;
mod look;
mod writing;

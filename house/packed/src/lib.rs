//! What the binary carries with it: the words in three languages and the assets,
//! prepared by the build script. It stands apart from the rooms so that a changed
//! sentence or colour rebuilds this and the front of the house, and no room.

#[cfg(test)]
mod tests;

use foundation::page::assets::{self, Asset};
use foundation::page::words::{self, Files};

mod wrapped {
    use super::{Asset, Files};
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// Hands words and assets to the house, before its first page is drawn. Again does nothing.
pub fn furnish() {
    words::furnish([wrapped::ZH_HANT, wrapped::ZH_HANS, wrapped::EN]);
    assets::furnish(wrapped::ASSETS);
}

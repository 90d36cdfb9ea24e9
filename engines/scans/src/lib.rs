//! Scans: an uploaded paper in; what it is, how many pages it has and a picture of each page
//! out. Hostile files are refused with a reason; every step is bounded by [`Limits`].
//!
//! [`inspect`] and [`render`] are pure. [`jail`] runs them in a process that can do nothing
//! else, which is how files of strangers are to be read. [`camera`] makes a paper out of
//! photographs.

pub mod camera;
mod exif;
mod heic;
mod inflate;
mod inspect;
pub mod jail;
mod jpeg;
mod kind;
mod limits;
mod ofd;
mod pdf;
mod picture;
mod png;
mod refused;
mod render;
mod tiff_file;
mod walk;
mod zip;

pub use inspect::{Inspected, Note, PageSize, inspect};
pub use kind::Kind;
pub use limits::Limits;
pub use picture::{Format, Look};
pub use refused::{Active, Foreign, Heavy, NoPicture, Part, Refused};
pub use render::render;

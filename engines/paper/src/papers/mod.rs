//! The papers of an office.

mod bundle;
mod catalog;
mod door_list;
mod escrow;
mod form;
mod labels;
mod lid;
mod poster;
mod receipt;
mod slips;
mod statement;

pub use bundle::{BUNDLE_PAGES_MAX, Bundle};
pub use catalog::{CATALOG_HEADS, CATALOG_PAGES_MAX, Catalog, CatalogRow};
pub use door_list::DoorList;
pub use escrow::EscrowCard;
pub use form::{Block, Cell, Check, Form, Grid, Row, Signature};
pub use labels::{LabelSheets, Spine, SpineLabel};
pub use lid::{KINDS, LidRow, LidSheet};
pub use poster::Poster;
pub use receipt::Receipt;
pub use slips::{Slip, Slips};
pub use statement::{Account, Section, Statements};

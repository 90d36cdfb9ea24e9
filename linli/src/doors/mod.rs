//! The doors: the web, later the API and the platforms. They know every room's
//! pages; no room knows them.

pub mod find;
pub mod group;
pub mod handover;
pub mod home;
mod matters;
pub mod rooms;
pub mod web;

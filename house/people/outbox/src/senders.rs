//! The three ways out.

pub mod http;
pub mod mail;
pub mod push;
pub mod sms;

//! Arrears (SY-WI-KF-09 4.4.2): who owes for a month and longer, and when they are followed up.

pub mod rule;
pub mod workdays;

//! The rules of all rooms that are replayed over each log.

use foundation::ledger::Rule;

/// A fresh one of each.
pub fn all() -> Vec<Box<dyn Rule>> {
    vec![
        successions::rule::rule(),
        Box::new(census::replay::Quarters::default()),
        Box::new(arrears::replay::FollowUps::default()),
    ]
}

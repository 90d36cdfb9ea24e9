//! The rules of all rooms that are replayed over each log.

use foundation::ledger::Rule;

/// A fresh one of each.
pub fn all() -> Vec<Box<dyn Rule>> {
    vec![
        successions::rule::rule(),
        Box::new(census::replay::Quarters::default()),
        Box::<arrears::replay::FollowUps>::default(),
        Box::new(viewings::rule::WithinGrant::default()),
        Box::<fees::Hands>::default(),
        Box::new(changes::rules::CheckedByAnother),
        Box::new(changes::rules::TransferSettled::default()),
    ]
}

//! Where a question goes that needs people. The desk's room is above none of ours: whoever
//! opens the doors says by [`through`] who takes it. Without a desk it stands on the
//! assistant's own list, and its clock runs all the same.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use foundation::clock::Moment;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Who;

/// A question on its way to people.
#[derive(Clone, Debug)]
pub struct HandedOver {
    pub person: Option<Id>,
    pub text: String,
    /// A risk word: an emergency, round the clock.
    pub urgent: bool,
    /// The first question of the asker that nobody answered.
    pub since: Moment,
}

/// The number of the ticket, or why there is none.
pub type Taken<'a> = Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>>;

/// Whoever takes questions over.
pub trait Desk: Send + Sync {
    fn open<'a>(&'a self, house: &'a House, c: Community, who: Who, asked: HandedOver)
    -> Taken<'a>;
}

#[derive(Default)]
struct Place(OnceLock<Arc<dyn Desk>>);

/// Names the desk; the first one stays.
pub fn through(house: &House, desk: Arc<dyn Desk>) {
    let _ = house.kept::<Place>().0.set(desk);
}

pub(crate) fn desk(house: &House) -> Option<Arc<dyn Desk>> {
    house.kept::<Place>().0.get().cloned()
}

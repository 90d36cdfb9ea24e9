//! Two who must be different are compared as persons: one person with two accounts is one.

use super::store;
use foundation::database::{Community, DbError, Look};
use foundation::ids::Id;

/// Whether two accounts belong to one person. Nobody known is taken for anybody.
pub(super) fn same(
    look: &mut impl Look,
    c: Community,
    one: Option<Id>,
    other: Option<Id>,
) -> Result<bool, DbError> {
    let (Some(one), Some(other)) = (one, other) else {
        return Ok(true);
    };
    if one == other {
        return Ok(true);
    }
    let shared: Option<(Id,)> = look.optional(store::shared_person(c, one, other))?;
    Ok(shared.is_some())
}

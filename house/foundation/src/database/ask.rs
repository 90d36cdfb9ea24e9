//! A question to the database: SQL text with its parameters, as a value, so that
//! the same question can be asked from a page and from inside a write.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::value::Value;

/// A statement and its parameters `$1`, `$2`, …
#[derive(Clone, Debug)]
pub struct Ask {
    pub(super) sql: Cow<'static, str>,
    pub(super) params: Vec<Value>,
}

/// Puts a statement and its parameters together.
pub fn ask(sql: impl Into<Cow<'static, str>>, params: Vec<Value>) -> Ask {
    Ask {
        sql: sql.into(),
        params,
    }
}

/// `params![community, id, "text"]` as values.
#[macro_export]
macro_rules! params {
    ($($p:expr),* $(,)?) => {
        ::std::vec::Vec::<$crate::database::Value>::from([
            $($crate::database::Value::from($p)),*
        ])
    };
}

/// The most members a list in a statement may have; longer ones are asked in parts.
pub const LIST_MAX: usize = 500;

/// A list for `IN (…)`: pushes the members onto `params` and returns the
/// placeholders. Sizes are rounded up to powers of two by repeating the last
/// member, so that few statements are kept prepared.
///
/// # Panics
/// On an empty list or more than [`LIST_MAX`] members: our own mistake.
pub fn list<V: Into<Value> + Clone>(params: &mut Vec<Value>, members: &[V]) -> String {
    assert!(
        !members.is_empty() && members.len() <= LIST_MAX,
        "a list has 1 to {LIST_MAX} members"
    );
    let size = members.len().next_power_of_two();
    let mut text = String::with_capacity(size * 5);
    for i in 0..size {
        let member = &members[i.min(members.len() - 1)];
        params.push(member.clone().into());
        if i > 0 {
            text.push(',');
        }
        let _ = write!(text, "${}", params.len());
    }
    text
}

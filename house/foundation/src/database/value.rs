//! What goes into a statement and what comes out of a row: four kinds of value,
//! alike in both databases.

use super::DbError;
use crate::clock::Moment;
use crate::ids::Id;

/// One value of a statement or a row. Money is integer fen, instants are integer
/// milliseconds, truth is 0 or 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

macro_rules! from {
    ($($t:ty => |$v:ident| $e:expr),* $(,)?) => { $(
        impl From<$t> for Value { fn from($v: $t) -> Value { $e } }
    )* };
}
from! {
    i64 => |v| Value::Int(v),
    i32 => |v| Value::Int(v.into()),
    u32 => |v| Value::Int(v.into()),
    bool => |v| Value::Int(v.into()),
    Moment => |v| Value::Int(v.0),
    Id => |v| Value::Text(v.to_string()),
    &str => |v| Value::Text(clean(v)),
    &String => |v| Value::Text(clean(v)),
    String => |v| Value::Text(clean(&v)),
    Vec<u8> => |v| Value::Blob(v),
    &[u8] => |v| Value::Blob(v.to_vec()),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Value {
        v.map_or(Value::Null, Into::into)
    }
}

// PostgreSQL refuses U+0000 in text; SQLite would cut there. The door strips it
// too, this is the last line.
fn clean(s: &str) -> String {
    if s.contains('\0') {
        s.replace('\0', "")
    } else {
        s.to_owned()
    }
}

/// A row on its way out; values are taken in the order of the SELECT.
pub struct Row {
    values: std::vec::IntoIter<Value>,
}

impl Row {
    pub fn new(values: Vec<Value>) -> Row {
        Row {
            values: values.into_iter(),
        }
    }

    /// The next column.
    ///
    /// # Errors
    /// When the statement has fewer columns or the column is of another kind.
    #[allow(clippy::should_implement_trait)] // it is typed, an iterator is not
    pub fn next<T: FromValue>(&mut self) -> Result<T, DbError> {
        let value = self
            .values
            .next()
            .ok_or_else(|| DbError::Shape("a column is missing from the row".into()))?;
        T::from_value(value)
    }
}

/// A type that a column can be read into.
pub trait FromValue: Sized + Send {
    fn from_value(value: Value) -> Result<Self, DbError>;
}

fn wrong<T>(want: &str, got: &Value) -> Result<T, DbError> {
    let kind = match got {
        Value::Null => "nothing",
        Value::Int(_) => "a number",
        Value::Text(_) => "text",
        Value::Blob(_) => "bytes",
    };
    Err(DbError::Shape(format!("wanted {want}, the row has {kind}")))
}

impl FromValue for Value {
    fn from_value(value: Value) -> Result<Value, DbError> {
        Ok(value)
    }
}
impl FromValue for i64 {
    fn from_value(value: Value) -> Result<i64, DbError> {
        match value {
            Value::Int(n) => Ok(n),
            other => wrong("a number", &other),
        }
    }
}
impl FromValue for u32 {
    fn from_value(value: Value) -> Result<u32, DbError> {
        let n = i64::from_value(value)?;
        u32::try_from(n).map_err(|_| DbError::Shape("a number is out of range".into()))
    }
}
impl FromValue for bool {
    fn from_value(value: Value) -> Result<bool, DbError> {
        Ok(i64::from_value(value)? != 0)
    }
}
impl FromValue for Moment {
    fn from_value(value: Value) -> Result<Moment, DbError> {
        i64::from_value(value).map(Moment)
    }
}
impl FromValue for String {
    fn from_value(value: Value) -> Result<String, DbError> {
        match value {
            Value::Text(s) => Ok(s),
            other => wrong("text", &other),
        }
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Vec<u8>, DbError> {
        match value {
            Value::Blob(b) => Ok(b),
            other => wrong("bytes", &other),
        }
    }
}
impl FromValue for Id {
    fn from_value(value: Value) -> Result<Id, DbError> {
        String::from_value(value)?
            .parse()
            .map_err(|_| DbError::Shape("a stored identifier is damaged".into()))
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Option<T>, DbError> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

/// A type that a whole row can be read into.
pub trait FromRow: Sized + Send {
    fn from_row(row: &mut Row) -> Result<Self, DbError>;
}

macro_rules! tuple_rows {
    ($($name:ident)+) => {
        impl<$($name: FromValue),+> FromRow for ($($name,)+) {
            fn from_row(row: &mut Row) -> Result<Self, DbError> {
                Ok(($(row.next::<$name>()?,)+))
            }
        }
    };
}
tuple_rows!(A);
tuple_rows!(A B);
tuple_rows!(A B C);
tuple_rows!(A B C D);
tuple_rows!(A B C D E);
tuple_rows!(A B C D E F);
tuple_rows!(A B C D E F G);
tuple_rows!(A B C D E F G H);
tuple_rows!(A B C D E F G H I);
tuple_rows!(A B C D E F G H I J);

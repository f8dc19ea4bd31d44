//! The objects of a PDF (ISO 32000-1, 7.3).

use std::collections::BTreeMap;
use std::ops::Range;

use super::ReadError;

/// The number of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id {
    /// Its number.
    pub number: u32,
    /// How often the number was used before.
    pub generation: u16,
}

/// An object that has a number.
#[derive(Debug, Clone)]
pub enum Object {
    /// Anything but a stream.
    Value(Value),
    /// A stream.
    Stream(Stream),
}

/// A dictionary, and where the bytes are.
#[derive(Debug, Clone)]
pub struct Stream {
    /// What is said of the bytes.
    pub dictionary: Dictionary,
    /// Where in the file they are.
    pub data: Range<usize>,
}

/// Anything but a stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Real(f32),
    Name(Box<[u8]>),
    Text(Box<[u8]>),
    Array(Vec<Self>),
    Dictionary(Dictionary),
    Reference(Id),
}

impl Value {
    /// The text of a name.
    pub fn as_name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    /// The bytes of a text.
    pub fn as_text(&self) -> Option<&[u8]> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// Values by their names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dictionary(BTreeMap<Box<[u8]>, Value>);

impl Dictionary {
    /// The value under a name.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.of(key.as_bytes())
    }

    /// The value under a name that is any bytes.
    pub fn of(&self, key: &[u8]) -> Option<&Value> {
        self.0.get(key)
    }

    /// All names and values, sorted by the names.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Value)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    /// Whether `/Type` is this.
    pub fn is_type(&self, name: &str) -> bool {
        self.get("Type").and_then(Value::as_name) == Some(name.as_bytes())
    }

    /// A number of things.
    ///
    /// # Errors
    /// [`ReadError::Broken`] where there is none.
    pub fn count(&self, key: &str) -> Result<usize, ReadError> {
        match self.get(key) {
            Some(Value::Integer(count)) => usize::try_from(*count).map_err(|_| ReadError::Broken),
            _ => Err(ReadError::Broken),
        }
    }

    /// Sets a value. Where a name stands twice, the last one counts.
    pub(super) fn set(&mut self, key: Box<[u8]>, value: Value) {
        self.0.insert(key, value);
    }
}

//! Reading a PDF that nobody vouches for.
//!
//! Only what getting files out and comparing pages need: cross-reference tables and
//! streams, object streams, Flate. Not lopdf: it reads every object on opening, bounds
//! each stream but not their sum, and takes widths, counts and offsets at their word
//! (docs/DECISIONS.md, 31). Here
//!
//! - an object is read when it is asked for, and dropped when it has been looked at;
//! - what is unpacked, what is parsed and how much of both is held have one total for the
//!   whole file, whatever stands in it and however often it is asked for;
//! - what could go round (`/Prev`, lengths that are objects) is followed once, or not deep.

mod lexer;
mod unpack;
mod value;
mod xref;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use lexer::Lexer;
pub use value::{Dictionary, Id, Object, Stream, Value};
use xref::Entry;

/// The most that is unpacked of one PDF, all together, in bytes. A set of documents is a
/// few megabytes; what unpacks to more than this was made to do harm.
pub const LARGEST: usize = 64 << 20;

/// The most of it in streams of packed objects, which are held while the file is read.
const LARGEST_PACKS: usize = 24 << 20;

/// The most bytes that are parsed as objects, counted as often as they are.
const MOST_PARSED: usize = 24 << 20;

/// The most objects packed in one stream.
const MOST_PACKED: usize = 1 << 16;

/// Why a PDF, or a part of it, cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is no PDF, or a broken one.
    #[error("PDFとして読めません")]
    NotPdf,
    /// It is encrypted.
    #[error("パスワードで保護されています")]
    Encrypted,
    /// It carries no files.
    #[error("ファイルが1つも入っていません")]
    Nothing,
    /// A part of it is broken.
    #[error("中のファイルが壊れています")]
    Broken,
    /// It holds more than any that belongs to a plan.
    #[error("中身が大きすぎます")]
    TooLarge,
}

/// A PDF, read as far as it is asked for.
pub struct Reader<'p> {
    bytes: &'p [u8],
    entries: BTreeMap<u32, Entry>,
    trailer: Dictionary,
    packs: RefCell<BTreeMap<u32, Rc<Pack>>>,
    /// What is left of [`LARGEST`], [`LARGEST_PACKS`] and [`MOST_PARSED`].
    unpackable: Cell<usize>,
    holdable: Cell<usize>,
    parsable: Cell<usize>,
}

/// The objects packed in one stream (ISO 32000-1, 7.5.7).
struct Pack {
    content: Vec<u8>,
    /// Of each object its number and where it begins.
    places: Vec<(u32, usize)>,
}

impl<'p> Reader<'p> {
    /// Reads where the objects are.
    ///
    /// # Errors
    /// [`ReadError`] for what is no PDF, a broken one or an encrypted one.
    pub fn open(bytes: &'p [u8]) -> Result<Self, ReadError> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(ReadError::NotPdf);
        }
        let mut reader = Self {
            bytes,
            entries: BTreeMap::new(),
            trailer: Dictionary::default(),
            packs: RefCell::default(),
            unpackable: Cell::new(LARGEST),
            holdable: Cell::new(LARGEST_PACKS),
            parsable: Cell::new(MOST_PARSED),
        };
        let (entries, trailer) = xref::read(&reader).map_err(|error| match error {
            ReadError::Broken => ReadError::NotPdf,
            other => other,
        })?;
        (reader.entries, reader.trailer) = (entries, trailer);
        match reader.trailer.get("Encrypt") {
            Some(_) => Err(ReadError::Encrypted),
            None => Ok(reader),
        }
    }

    /// The catalogue.
    ///
    /// # Errors
    /// [`ReadError::NotPdf`] where there is none.
    pub fn catalogue(&self) -> Result<Dictionary, ReadError> {
        self.dictionary(self.trailer.get("Root")).map_err(|error| match error {
            ReadError::TooLarge => error,
            _ => ReadError::NotPdf,
        })
    }

    /// The object with this number.
    ///
    /// # Errors
    /// [`ReadError`] where there is none, or a broken one.
    pub fn get(&self, id: Id) -> Result<Object, ReadError> {
        match self.entries.get(&id.number) {
            Some(Entry::Plain(offset)) => {
                let (found, object) = self.object_at(*offset, Lengths::Anywhere)?;
                if found == id { Ok(object) } else { Err(ReadError::Broken) }
            }
            Some(Entry::Packed { .. }) => Ok(Object::Value(self.value(id)?)),
            _ => Err(ReadError::Broken),
        }
    }

    /// What a value says: itself, or the object to which it refers.
    ///
    /// # Errors
    /// [`ReadError`] where that object cannot be read, or refers to another.
    pub fn follow(&self, value: &Value) -> Result<Object, ReadError> {
        let Value::Reference(id) = value else { return Ok(Object::Value(value.clone())) };
        match self.get(*id)? {
            Object::Value(Value::Reference(_)) => Err(ReadError::Broken),
            object => Ok(object),
        }
    }

    /// The dictionary that a value is, or to which it refers.
    ///
    /// # Errors
    /// [`ReadError`] where it is none.
    pub fn dictionary(&self, value: Option<&Value>) -> Result<Dictionary, ReadError> {
        match self.follow(value.ok_or(ReadError::Broken)?)? {
            Object::Value(Value::Dictionary(dictionary)) => Ok(dictionary),
            _ => Err(ReadError::Broken),
        }
    }

    /// The array that a value is, or to which it refers.
    ///
    /// # Errors
    /// [`ReadError`] where it is none.
    pub fn array(&self, value: &Value) -> Result<Vec<Value>, ReadError> {
        match self.follow(value)? {
            Object::Value(Value::Array(items)) => Ok(items),
            _ => Err(ReadError::Broken),
        }
    }

    /// The bytes of a stream as they stand in the file.
    pub fn packed(&self, stream: &Stream) -> &'p [u8] {
        self.bytes.get(stream.data.clone()).unwrap_or_default()
    }

    /// An object that is no stream: what a length can be, for one.
    fn value(&self, id: Id) -> Result<Value, ReadError> {
        match self.entries.get(&id.number) {
            Some(Entry::Plain(offset)) => {
                let mut lexer = self.lexer(self.bytes, *offset);
                let value = lexer.header().and_then(|found| match found == id {
                    true => lexer.value(),
                    false => Err(ReadError::Broken),
                });
                self.parsed(&lexer, *offset)?;
                value
            }
            // Packed objects have generation 0 (7.5.7).
            Some(Entry::Packed { stream, index }) if id.generation == 0 => {
                let pack = self.pack(*stream)?;
                let (number, at) = *pack.places.get(*index).ok_or(ReadError::Broken)?;
                if number != id.number {
                    return Err(ReadError::Broken);
                }
                let mut lexer = self.lexer(&pack.content, at);
                let value = lexer.value();
                self.parsed(&lexer, at)?;
                value
            }
            _ => Err(ReadError::Broken),
        }
    }

    /// The object that stands at this byte of the file, and its number.
    fn object_at(&self, offset: usize, lengths: Lengths) -> Result<(Id, Object), ReadError> {
        let mut lexer = self.lexer(self.bytes, offset);
        let read = lexer.header().and_then(|id| Ok((id, lexer.value()?)));
        let is_stream = read.is_ok() && lexer.begins_stream();
        self.parsed(&lexer, offset)?;
        match read? {
            (id, Value::Dictionary(dictionary)) if is_stream => {
                let length = match (dictionary.get("Length"), lengths) {
                    (Some(Value::Integer(length)), _) => *length,
                    (Some(Value::Reference(length)), lengths) if lengths.may_stand(self, *length) => {
                        match self.value(*length)? {
                            Value::Integer(length) => length,
                            _ => return Err(ReadError::Broken),
                        }
                    }
                    _ => return Err(ReadError::Broken),
                };
                let data = self.stream_data(lexer.at(), length)?;
                Ok((id, Object::Stream(Stream { dictionary, data })))
            }
            (id, value) => Ok((id, Object::Value(value))),
        }
    }

    /// Where the data of a stream are, which has to end where it says.
    fn stream_data(&self, start: usize, length: i64) -> Result<Range<usize>, ReadError> {
        let end = usize::try_from(length).ok().and_then(|length| start.checked_add(length));
        let end = end.filter(|end| *end <= self.bytes.len()).ok_or(ReadError::Broken)?;
        let after = &self.bytes[end..];
        let line_end = after.iter().take_while(|byte| matches!(byte, b'\r' | b'\n' | b' ')).take(3).count();
        match after[line_end..].starts_with(b"endstream") {
            true => Ok(start..end),
            false => Err(ReadError::Broken),
        }
    }

    /// The packed objects of this stream, unpacked once.
    fn pack(&self, number: u32) -> Result<Rc<Pack>, ReadError> {
        if let Some(pack) = self.packs.borrow().get(&number) {
            return Ok(pack.clone());
        }
        let Some(Entry::Plain(offset)) = self.entries.get(&number) else { return Err(ReadError::Broken) };
        let (id, object) = self.object_at(*offset, Lengths::Plain)?;
        let Object::Stream(stream) = object else { return Err(ReadError::Broken) };
        if id.number != number || !stream.dictionary.is_type("ObjStm") {
            return Err(ReadError::Broken);
        }
        let (count, first) = (stream.dictionary.count("N")?, stream.dictionary.count("First")?);
        let content = self.unpack(&stream)?;
        let held = content.len().saturating_add(count.saturating_mul(size_of::<(u32, usize)>()));
        let left = self.holdable.get().checked_sub(held).ok_or(ReadError::TooLarge)?;
        self.holdable.set(left);
        if count > MOST_PACKED || first > content.len() {
            return Err(ReadError::Broken);
        }
        let mut lexer = self.lexer(&content[..first], 0);
        let place = |_| {
            let (number, at) = (lexer.count()?, lexer.count()?);
            let number = u32::try_from(number).map_err(|_| ReadError::Broken)?;
            let at = first.checked_add(at).filter(|at| *at < content.len());
            Ok((number, at.ok_or(ReadError::Broken)?))
        };
        let places = (0..count).map(place).collect::<Result<Vec<_>, _>>();
        self.parsed(&lexer, 0)?;
        let pack = Rc::new(Pack { places: places?, content });
        self.packs.borrow_mut().insert(number, pack.clone());
        Ok(pack)
    }

    /// Reads values from here on, as far as may still be parsed.
    fn lexer<'b>(&self, bytes: &'b [u8], at: usize) -> Lexer<'b> {
        let end = at.saturating_add(self.parsable.get()).min(bytes.len());
        Lexer::new(&bytes[..end], at)
    }

    /// Counts what a lexer has parsed.
    fn parsed(&self, lexer: &Lexer<'_>, from: usize) -> Result<(), ReadError> {
        let left = self.parsable.get().saturating_sub(lexer.at().saturating_sub(from).max(1));
        self.parsable.set(left);
        if left == 0 { Err(ReadError::TooLarge) } else { Ok(()) }
    }
}

/// Where the length of a stream may stand, if not in its dictionary.
#[derive(Clone, Copy)]
enum Lengths {
    /// Nowhere else: the places of objects are not known yet.
    Beside,
    /// In an object that is not packed: this stream may be the one that packs it.
    Plain,
    Anywhere,
}

impl Lengths {
    fn may_stand(self, reader: &Reader<'_>, length: Id) -> bool {
        match self {
            Self::Beside => false,
            Self::Plain => matches!(reader.entries.get(&length.number), Some(Entry::Plain(_))),
            Self::Anywhere => true,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

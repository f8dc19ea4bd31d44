//! What a stream unpacks to (ISO 32000-1, 7.4): Flate, and the predictors that other
//! programs put before it in cross-reference streams.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::value::{Dictionary, Object, Stream, Value};
use super::{ReadError, Reader};

/// More filters do not follow each other: one is usual.
const MOST_FILTERS: usize = 4;

/// No row of a predictor is longer, in bytes.
const LONGEST_ROW: usize = 1 << 20;

impl Reader<'_> {
    /// A stream's content. All that is unpacked of a file counts together.
    ///
    /// # Errors
    /// [`ReadError`] for a broken stream, another filter than Flate, or too much.
    pub fn unpack(&self, stream: &Stream) -> Result<Vec<u8>, ReadError> {
        let filters = self.several(stream.dictionary.get("Filter"))?;
        let parameters = self.several(stream.dictionary.get("DecodeParms"))?;
        if filters.len() > MOST_FILTERS {
            return Err(ReadError::Broken);
        }
        if filters.is_empty() {
            let content = self.packed(stream);
            self.spend(content.len())?;
            return Ok(content.to_vec());
        }
        let mut content = Vec::new();
        for (at, filter) in filters.iter().enumerate() {
            if filter.as_name() != Some(b"FlateDecode") {
                return Err(ReadError::Broken);
            }
            content = match at {
                0 => self.inflate(self.packed(stream))?,
                _ => self.inflate(&content)?,
            };
            if let Some(Value::Dictionary(parameters)) = parameters.get(at) {
                content = predicted(content, parameters)?;
            }
        }
        Ok(content)
    }

    /// One value, or an array of them, or nothing.
    fn several(&self, value: Option<&Value>) -> Result<Vec<Value>, ReadError> {
        match value.map(|value| self.follow(value)).transpose()? {
            None | Some(Object::Value(Value::Null)) => Ok(Vec::new()),
            Some(Object::Value(Value::Array(values))) => Ok(values),
            Some(Object::Value(value)) => Ok(vec![value]),
            Some(Object::Stream(_)) => Err(ReadError::Broken),
        }
    }

    fn inflate(&self, packed: &[u8]) -> Result<Vec<u8>, ReadError> {
        let most = self.unpackable.get();
        let mut content = Vec::new();
        let mut inflated = ZlibDecoder::new(packed).take(most as u64 + 1);
        inflated.read_to_end(&mut content).map_err(|_| ReadError::Broken)?;
        self.spend(content.len())?;
        Ok(content)
    }

    /// Counts bytes that are held or compared.
    ///
    /// # Errors
    /// [`ReadError::TooLarge`] where it is too much, all together.
    pub fn spend(&self, bytes: usize) -> Result<(), ReadError> {
        let left = self.unpackable.get().checked_sub(bytes).ok_or(ReadError::TooLarge);
        self.unpackable.set(*left.as_ref().unwrap_or(&0));
        left.map(|_| ())
    }
}

/// Undoes a PNG predictor (7.4.4.4), in place.
fn predicted(mut content: Vec<u8>, parameters: &Dictionary) -> Result<Vec<u8>, ReadError> {
    let number = |key: &str, usual: usize| match parameters.get(key) {
        None => Ok(usual),
        Some(_) => parameters.count(key),
    };
    match number("Predictor", 1)? {
        1 => return Ok(content),
        10..=15 => {}
        _ => return Err(ReadError::Broken),
    }
    let bits = number("Colors", 1)?.checked_mul(number("BitsPerComponent", 8)?).ok_or(ReadError::Broken)?;
    let row = number("Columns", 1)?.checked_mul(bits).ok_or(ReadError::Broken)?.div_ceil(8);
    if row == 0 || row > LONGEST_ROW {
        return Err(ReadError::Broken);
    }
    let pixel = bits.div_ceil(8);
    let mut above = vec![0; row];
    let (mut from, mut to) = (0, 0);
    while from < content.len() {
        let kind = content[from];
        let length = row.min(content.len() - from - 1);
        for at in 0..length {
            let left = if at >= pixel { content[to + at - pixel] } else { 0 };
            let corner = if at >= pixel { above[at - pixel] } else { 0 };
            let foretold = match kind {
                0 => 0,
                1 => left,
                2 => above[at],
                3 => ((u16::from(left) + u16::from(above[at])) / 2) as u8,
                4 => paeth(left, above[at], corner),
                _ => return Err(ReadError::Broken),
            };
            // What is written never passes what is still to be read.
            content[to + at] = content[from + 1 + at].wrapping_add(foretold);
        }
        above[..length].copy_from_slice(&content[to..to + length]);
        from += 1 + length;
        to += length;
    }
    content.truncate(to);
    Ok(content)
}

/// The neighbour that is nearest to what the three let expect.
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let expected = i16::from(left) + i16::from(above) - i16::from(corner);
    let far = |from: u8| (expected - i16::from(from)).abs();
    match () {
        () if far(left) <= far(above) && far(left) <= far(corner) => left,
        () if far(above) <= far(corner) => above,
        () => corner,
    }
}

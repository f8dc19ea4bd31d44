//! Bytes as values (ISO 32000-1, 7.2 and 7.3).

use super::ReadError;
use super::value::{Dictionary, Id, Value};

/// How deep values may stand in each other.
const DEEPEST: usize = 48;

/// How deep brackets may stand in each other within a text.
const MOST_BRACKETS: usize = 100;

/// The most values in one object: what is read of an object at a time is held.
const MOST_VALUES: usize = 200_000;

/// Reads values one after another.
pub(super) struct Lexer<'b> {
    bytes: &'b [u8],
    at: usize,
    /// How many more values there may be.
    values: usize,
}

impl<'b> Lexer<'b> {
    pub fn new(bytes: &'b [u8], at: usize) -> Self {
        Self { bytes, at, values: MOST_VALUES }
    }

    /// How far it has come.
    pub fn at(&self) -> usize {
        self.at.min(self.bytes.len())
    }

    /// `7 0 obj`
    pub fn header(&mut self) -> Result<Id, ReadError> {
        let number = u32::try_from(self.count()?).map_err(|_| ReadError::Broken)?;
        let generation = u16::try_from(self.count()?).map_err(|_| ReadError::Broken)?;
        self.keyword(b"obj").then_some(Id { number, generation }).ok_or(ReadError::Broken)
    }

    /// A whole number that is not negative.
    pub fn count(&mut self) -> Result<usize, ReadError> {
        self.skip();
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).take(20).count();
        let text = std::str::from_utf8(&self.rest()[..digits]).unwrap_or_default();
        let count = text.parse().map_err(|_| ReadError::Broken)?;
        self.at += digits;
        Ok(count)
    }

    /// Whether this word comes next; then it is passed.
    pub fn keyword(&mut self, word: &[u8]) -> bool {
        self.skip();
        let ends = |rest: &[u8]| rest.first().is_none_or(|byte| !is_regular(*byte));
        let comes = self.rest().strip_prefix(word).is_some_and(ends);
        if comes {
            self.at += word.len();
        }
        comes
    }

    /// Whether the data of a stream come next (7.3.8.1); then it stands before them.
    pub fn begins_stream(&mut self) -> bool {
        if !self.keyword(b"stream") {
            return false;
        }
        let end = match self.rest() {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            _ => return false,
        };
        self.at += end;
        true
    }

    /// The next value.
    pub fn value(&mut self) -> Result<Value, ReadError> {
        self.nested(DEEPEST)
    }

    fn nested(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.skip();
        self.values = self.values.checked_sub(1).ok_or(ReadError::TooLarge)?;
        let depth = depth.checked_sub(1).ok_or(ReadError::Broken)?;
        match self.rest() {
            [b'<', b'<', ..] => self.dictionary(depth),
            [b'<', ..] => self.hexadecimal(),
            [b'(', ..] => self.literal(),
            [b'/', ..] => Ok(Value::Name(self.name()?)),
            [b'[', ..] => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.symbol(b"]") {
                    items.push(self.nested(depth)?);
                }
                Ok(Value::Array(items))
            }
            [b'+' | b'-' | b'.' | b'0'..=b'9', ..] => self.number(),
            _ if self.keyword(b"null") => Ok(Value::Null),
            _ if self.keyword(b"true") => Ok(Value::Boolean(true)),
            _ if self.keyword(b"false") => Ok(Value::Boolean(false)),
            _ => Err(ReadError::Broken),
        }
    }

    fn dictionary(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.at += 2;
        let mut dictionary = Dictionary::default();
        while !self.symbol(b">>") {
            if self.rest().first() != Some(&b'/') {
                return Err(ReadError::Broken);
            }
            let key = self.name()?;
            dictionary.set(key, self.nested(depth)?);
        }
        Ok(Value::Dictionary(dictionary))
    }

    /// `#41` in a name is A (7.3.5).
    fn name(&mut self) -> Result<Box<[u8]>, ReadError> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.rest().first().copied().filter(|byte| is_regular(*byte)) {
            self.at += 1;
            name.push(match (byte, self.rest()) {
                (b'#', [high, low, ..]) => match (digit(*high), digit(*low)) {
                    (Some(high), Some(low)) => {
                        self.at += 2;
                        high << 4 | low
                    }
                    _ => byte,
                },
                _ => byte,
            });
        }
        Ok(name.into_boxed_slice())
    }

    /// `<48 65>`; a digit that is left alone has a 0 after it (7.3.4.3).
    fn hexadecimal(&mut self) -> Result<Value, ReadError> {
        self.at += 1;
        let written = self.run(|byte| byte != b'>');
        self.take()?;
        let mut text = Vec::with_capacity(written.len() / 2);
        let mut high = None;
        for byte in written.iter().filter(|byte| !is_blank(**byte)) {
            let digit = digit(*byte).ok_or(ReadError::Broken)?;
            match high.take() {
                Some(high) => text.push(high << 4 | digit),
                None => high = Some(digit),
            }
        }
        text.extend(high.map(|high: u8| high << 4));
        Ok(Value::Text(text.into_boxed_slice()))
    }

    /// `(text)`, with brackets that pair and with escapes (7.3.4.2).
    fn literal(&mut self) -> Result<Value, ReadError> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1_usize);
        loop {
            let plain = self.run(|byte| !matches!(byte, b'(' | b')' | b'\\' | b'\r'));
            text.extend_from_slice(plain);
            let byte = self.take()?;
            match byte {
                b'(' if open == MOST_BRACKETS => return Err(ReadError::Broken),
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    self.escaped(&mut text)?;
                    continue;
                }
                // A line end is a line feed, however it is written.
                b'\r' => {
                    self.at += usize::from(self.rest().first() == Some(&b'\n'));
                    text.push(b'\n');
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                return Ok(Value::Text(text.into_boxed_slice()));
            }
            text.push(byte);
        }
    }

    fn escaped(&mut self, text: &mut Vec<u8>) -> Result<(), ReadError> {
        text.push(match self.take()? {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            first @ b'0'..=b'7' => {
                let mut code = u32::from(first - b'0');
                for _ in 0..2 {
                    let Some(next @ b'0'..=b'7') = self.rest().first() else { break };
                    code = code << 3 | u32::from(next - b'0');
                    self.at += 1;
                }
                // 7.3.4.2: what does not fit is cut off.
                code as u8
            }
            b'\r' => {
                self.at += usize::from(self.rest().first() == Some(&b'\n'));
                return Ok(());
            }
            b'\n' => return Ok(()),
            other => other,
        });
        Ok(())
    }

    /// A number, or `7 0 R`.
    fn number(&mut self) -> Result<Value, ReadError> {
        let is_part = |byte: &u8| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9');
        let length = self.rest().iter().take_while(|byte| is_part(byte)).take(64).count();
        let text = std::str::from_utf8(&self.rest()[..length]).unwrap_or_default();
        if let Ok(number) = text.parse::<i64>() {
            self.at += length;
            if let Ok(number) = u32::try_from(number)
                && let Some(id) = self.reference(number)
            {
                return Ok(Value::Reference(id));
            }
            return Ok(Value::Integer(number));
        }
        let real = text.parse::<f32>().ok().filter(|real| real.is_finite());
        self.at += length;
        real.map(Value::Real).ok_or(ReadError::Broken)
    }

    /// The rest of `7 0 R`, where that is what comes next.
    fn reference(&mut self, number: u32) -> Option<Id> {
        let before = self.at;
        if let Ok(generation) = self.count()
            && let Ok(generation) = u16::try_from(generation)
            && self.keyword(b"R")
        {
            return Some(Id { number, generation });
        }
        self.at = before;
        None
    }

    /// Whether these characters come next; then they are passed.
    fn symbol(&mut self, symbol: &[u8]) -> bool {
        self.skip();
        let comes = self.rest().starts_with(symbol);
        if comes {
            self.at += symbol.len();
        }
        comes
    }

    /// Passes blanks and comments.
    fn skip(&mut self) {
        loop {
            match self.rest() {
                [b'%', ..] => {
                    self.run(|byte| !matches!(byte, b'\r' | b'\n'));
                }
                [byte, ..] if is_blank(*byte) => {
                    self.run(is_blank);
                }
                _ => return,
            }
        }
    }

    /// Passes the bytes that are such.
    fn run(&mut self, is_such: impl Fn(u8) -> bool) -> &'b [u8] {
        let rest = self.rest();
        let end = rest.iter().position(|byte| !is_such(*byte)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn take(&mut self) -> Result<u8, ReadError> {
        let byte = self.rest().first().copied().ok_or(ReadError::Broken)?;
        self.at += 1;
        Ok(byte)
    }

    fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_blank(byte) && !b"()<>[]{}/%".contains(&byte)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value, ReadError> {
        Lexer::new(text.as_bytes(), 0).value()
    }

    #[test]
    fn values_are_read_as_the_standard_says() {
        let text = |text: &str| Value::Text(text.as_bytes().into());
        for (written, value) in [
            ("%x\n null", Value::Null),
            ("-12", Value::Integer(-12)),
            ("+.5", Value::Real(0.5)),
            ("4.", Value::Real(4.0)),
            ("7 0 R", Value::Reference(Id { number: 7, generation: 0 })),
            ("7 0 Rx", Value::Integer(7)),
            ("/A#20B#", Value::Name(b"A B#".as_slice().into())),
            ("(a(b)\\)\\101\\n\\\r\nc\r\nd)", text("a(b))A\nc\nd")),
            ("<48 6>", text("H`")),
            ("[1 0 R]", Value::Array(vec![Value::Reference(Id { number: 1, generation: 0 })])),
            ("[1 2true]", Value::Array(vec![Value::Integer(1), Value::Integer(2), Value::Boolean(true)])),
        ] {
            assert_eq!(read(written), Ok(value), "{written}");
        }
        let Ok(Value::Dictionary(found)) = read("<</A 1/B<</C(x)>>/A 2>>") else { panic!() };
        assert_eq!(found.get("A"), Some(&Value::Integer(2)));
        assert_eq!(found.iter().count(), 2);
    }

    #[test]
    fn what_has_no_end_or_no_bottom_is_broken() {
        for written in ["", "(", "<4", "<4x>", "[", "<<", "<</A", "<<1 2>>", "trueish", "{", "1-2", "9e9"] {
            assert!(read(written).is_err() || written == "9e9", "{written}");
        }
        assert_eq!(read(&"[".repeat(1 << 20)), Err(ReadError::Broken));
        assert_eq!(read(&"<</A".repeat(1 << 20)), Err(ReadError::Broken));
        assert_eq!(read(&format!("[{}", "0 ".repeat(1 << 20))), Err(ReadError::TooLarge));
    }
}

//! The records of an Excel 97–2003 workbook, and the texts in them.
//!
//! A stream is records one after another: a number that tells the kind, a length, data.
//! What is too long for one record goes on in CONTINUE records behind it. Every byte that
//! is walked is paid for, so that it does not matter how often a file has it walked.
//! Numbers of records and their fields are those of Microsoft's [MS-XLS].

use encoding_rs::Encoding;

use crate::workbook::budget::Budget;
use crate::workbook::refusal::Refusal;

pub(super) const BOF: u16 = 0x0809;
pub(super) const EOF: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;

/// A record.
pub(super) struct Record<'a> {
    pub kind: u16,
    pub data: &'a [u8],
    /// The stream behind it, where it may go on.
    rest: &'a [u8],
}

impl<'a> Record<'a> {
    pub fn u16(&self, at: usize) -> Option<u16> {
        u16_at(self.data, at)
    }

    pub fn u32(&self, at: usize) -> Option<u32> {
        u32_at(self.data, at)
    }

    /// Its bytes from `at` on, and those of the records in which it goes on.
    pub fn segments(&self, at: usize) -> Segments<'a> {
        Segments { part: self.data.get(at..).unwrap_or_default(), rest: self.rest }
    }
}

/// Walks through a stream.
pub(super) struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    /// Begins at a place of the stream.
    pub fn from(stream: &'a [u8], at: usize) -> Result<Self, Refusal> {
        Ok(Self { rest: stream.get(at..).ok_or(Refusal::Damaged)? })
    }

    /// The next record. What is walked ends with a record that says so, never before.
    pub fn next(&mut self, budget: &mut Budget) -> Result<Record<'a>, Refusal> {
        let (kind, data, rest) = split(self.rest).ok_or(Refusal::Damaged)?;
        budget.unpack(4 + data.len())?;
        self.rest = rest;
        Ok(Record { kind, data, rest })
    }
}

fn split(stream: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (kind, length) = (u16_at(stream, 0)?, usize::from(u16_at(stream, 2)?));
    let (data, rest) = stream.get(4..)?.split_at_checked(length)?;
    Some((kind, data, rest))
}

/// Bytes that go on from record to record.
pub(super) struct Segments<'a> {
    part: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Segments<'a> {
    /// Goes on to the next record; `None` where the bytes end.
    fn go_on(&mut self) -> Option<()> {
        let (kind, data, rest) = split(self.rest)?;
        if kind != CONTINUE {
            return None;
        }
        (self.part, self.rest) = (data, rest);
        Some(())
    }

    /// Whether there is nothing more.
    pub fn is_at_end(&mut self) -> bool {
        while self.part.is_empty() {
            if self.go_on().is_none() {
                return true;
            }
        }
        false
    }

    fn byte(&mut self) -> Option<u8> {
        while self.part.is_empty() {
            self.go_on()?;
        }
        let (byte, rest) = self.part.split_first()?;
        self.part = rest;
        Some(*byte)
    }

    /// A number of so many bytes.
    pub fn number(&mut self, bytes: u32) -> Option<u32> {
        (0..bytes).try_fold(0, |sum, at| Some(sum | u32::from(self.byte()?) << (8 * at)))
    }

    /// Passes over so many bytes.
    pub fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > self.part.len() {
            count -= self.part.len();
            self.go_on()?;
        }
        self.part = self.part.get(count..)?;
        Some(())
    }

    /// A string's letters, in units of UTF-16; `None` where some are missing.
    pub fn letters(&mut self, count: usize, is_wide: bool) -> Option<Vec<u16>> {
        let mut letters = Vec::new();
        self.letters_into(&mut letters, count, is_wide)?;
        Some(letters)
    }

    /// A text of at most `most` letters, after a byte that tells how wide they are; as much
    /// of it as there is.
    pub fn text_so_far(&mut self, most: usize) -> String {
        let mut letters = Vec::new();
        let _ = self.byte().and_then(|flags| self.letters_into(&mut letters, most, flags & 1 != 0));
        String::from_utf16_lossy(&letters)
    }

    /// Where letters go on in another record, that one says first how wide they are.
    fn letters_into(&mut self, letters: &mut Vec<u16>, count: usize, mut is_wide: bool) -> Option<()> {
        while letters.len() < count {
            let missing = count - letters.len();
            let width = if is_wide { 2 } else { 1 };
            let here = (self.part.len() / width).min(missing);
            let (units, rest) = self.part.split_at_checked(here * width)?;
            if is_wide {
                letters.extend(units.chunks_exact(2).filter_map(|two| u16_at(two, 0)));
            } else {
                letters.extend(units.iter().map(|byte| u16::from(*byte)));
            }
            self.part = rest;
            if here < missing {
                self.go_on()?;
                while self.part.is_empty() {
                    self.go_on()?;
                }
                is_wide = self.byte()? & 1 != 0;
            }
        }
        Some(())
    }
}

/// How a workbook writes its texts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Texts {
    /// Excel 97 and later: UTF-16, with the high bytes left out where all are zero.
    Wide,
    /// Before: in bytes of the system that wrote it; `None` for one nobody knows.
    Bytes(Option<&'static Encoding>),
}

impl Texts {
    /// The bytes of a code page by its number.
    pub fn of_code_page(number: u16) -> Self {
        Self::Bytes(match number {
            932 | 10001 => Some(encoding_rs::SHIFT_JIS),
            936 => Some(encoding_rs::GBK),
            949 => Some(encoding_rs::EUC_KR),
            950 => Some(encoding_rs::BIG5),
            1250 => Some(encoding_rs::WINDOWS_1250),
            1251 => Some(encoding_rs::WINDOWS_1251),
            1252 | 0x8001 => Some(encoding_rs::WINDOWS_1252),
            10000 | 0x8000 => Some(encoding_rs::MACINTOSH),
            65001 => Some(encoding_rs::UTF_8),
            _ => None,
        })
    }

    /// A text of `count` letters (or bytes), without its length.
    pub fn letters(self, segments: &mut Segments<'_>, count: usize) -> Option<String> {
        match self {
            Self::Wide => {
                let is_wide = segments.byte()? & 1 != 0;
                Some(String::from_utf16_lossy(&segments.letters(count, is_wide)?))
            }
            Self::Bytes(encoding) => {
                let bytes: Vec<u8> = std::iter::from_fn(|| segments.byte()).take(count).collect();
                let is_whole = bytes.len() == count;
                is_whole.then(|| match encoding {
                    Some(encoding) => encoding.decode_without_bom_handling(&bytes).0.into_owned(),
                    None => bytes.iter().map(|byte| ascii(*byte)).collect(),
                })
            }
        }
    }

    /// A text with its length before it, in two bytes.
    pub fn text(self, segments: &mut Segments<'_>) -> Option<String> {
        match segments.number(2)? as usize {
            0 => Some(String::new()),
            count => self.letters(segments, count),
        }
    }

    /// A text with its length before it, in one byte.
    pub fn short_text(self, segments: &mut Segments<'_>) -> Option<String> {
        let count = segments.number(1)? as usize;
        self.letters(segments, count)
    }
}

fn ascii(byte: u8) -> char {
    if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER }
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

pub(super) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(f64::from_le_bytes)
}

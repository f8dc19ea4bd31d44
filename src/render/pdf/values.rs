//! Texts and dates as PDF writes them.

use chrono::NaiveDate;
use lopdf::{Object, StringFormat};

/// A text string (ISO 32000-1, 7.9.2.2) in UTF-16 with a byte order mark.
pub fn text_string(text: &str) -> Object {
    if text.is_ascii() {
        return Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    }
    Object::String(utf16_with_bom(text), StringFormat::Hexadecimal)
}

/// The bytes of such a string, whatever is in it.
pub fn utf16_with_bom(text: &str) -> Vec<u8> {
    [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
}

/// Midnight in Japan on the document's date (ISO 32000-1, 7.9.4).
pub fn pdf_date(date: NaiveDate) -> Object {
    Object::string_literal(format!("{}000000+09'00'", date.format("D:%Y%m%d")))
}

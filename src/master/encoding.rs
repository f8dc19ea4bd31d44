//! Bytes to text and back.
//!
//! UTF-8 with or without BOM, CP932 (what Japanese Excel saves as "CSV") and UTF-16
//! with BOM. There is no guesser: strict UTF-8, then CP932, because Japanese text in
//! CP932 is never valid UTF-8 by accident, except for a few characters.
//!
//! The tables of CP932 differ between systems for `～`, `－`, `―` and others. So
//! text is decoded to be understood, but what nobody changed is never encoded
//! again: [`Decoded::source_offsets`] says which bytes a piece of the text came from.

use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};

use crate::finding::{Finding, Findings, Place, ReadingRule};

/// How a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8 {
        /// Whether the file begins with a byte order mark, as Excel writes it.
        bom: bool,
    },
    /// CP932, which Japanese Windows calls Shift_JIS.
    Cp932,
    /// UTF-16, least significant byte first, with BOM.
    Utf16Le,
    /// UTF-16, most significant byte first, with BOM.
    Utf16Be,
}

/// The text of a file, and how it was encoded.
#[derive(Debug, Clone)]
pub(super) struct Decoded {
    pub text: String,
    pub encoding: Encoding,
}

/// Characters that Unicode has twice for one character of JIS, and the one that
/// CP932 has. Windows itself writes the right one for the left one.
const TWINS: [(char, char); 7] = [
    ('〜', '～'), // wave dash, full-width tilde
    ('—', '―'),   // em dash, horizontal bar
    ('−', '－'),  // minus sign, full-width hyphen-minus
    ('‖', '∥'),
    ('¢', '￠'),
    ('£', '￡'),
    ('¬', '￢'),
];

impl Encoding {
    /// As messages name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 { .. } => "UTF-8",
            Self::Cp932 => "Shift_JIS（CP932）",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
        }
    }

    /// Bytes of the byte order mark.
    const fn bom_len(self) -> usize {
        match self {
            Self::Utf8 { bom: true } => 3,
            Self::Utf8 { bom: false } | Self::Cp932 => 0,
            Self::Utf16Le | Self::Utf16Be => 2,
        }
    }

    /// `text` in this encoding, without BOM.
    ///
    /// # Errors
    /// The first character that the encoding does not have. Nothing is replaced,
    /// but for the twins that JIS takes for one character (`〜` and `～`).
    pub fn encode(self, text: &str) -> Result<Vec<u8>, char> {
        match self {
            Self::Utf8 { .. } => Ok(text.as_bytes().to_vec()),
            Self::Utf16Le => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Utf16Be => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Self::Cp932 => {
                let mut bytes = Vec::with_capacity(text.len());
                for character in text.chars() {
                    bytes.extend(cp932(character).ok_or(character)?);
                }
                Ok(bytes)
            }
        }
    }
}

/// One character in CP932, if reading it back gives it again.
fn cp932(character: char) -> Option<Vec<u8>> {
    let wanted = TWINS.iter().find(|(twin, _)| *twin == character).map_or(character, |(_, has)| *has);
    if wanted.is_ascii() {
        return Some(vec![wanted as u8]);
    }
    let mut buffer = [0; 4];
    let (bytes, _, failed) = SHIFT_JIS.encode(wanted.encode_utf8(&mut buffer));
    // The encoder writes `¥` as a backslash: that is not what was asked for.
    let (again, broken) = SHIFT_JIS.decode_without_bom_handling(&bytes);
    (!failed && !broken && again.chars().eq([wanted])).then(|| bytes.into_owned())
}

/// Reads the bytes of a file called `name`.
///
/// # Errors
/// One finding: what the file is instead, or where it cannot be read.
pub(super) fn decode(bytes: &[u8], name: &str) -> Result<Decoded, Findings> {
    let of_file = |kind| Findings::from(Finding::at(Place::file(name), kind));
    if let Some(format) = other_format(bytes) {
        return Err(of_file(ReadingRule::NotText { format }));
    }
    let decoded = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => match std::str::from_utf8(rest) {
            Ok(text) => Decoded { text: text.to_owned(), encoding: Encoding::Utf8 { bom: true } },
            Err(error) => return Err(unreadable(rest, error.valid_up_to(), "UTF-8", name)),
        },
        [0xFF, 0xFE, rest @ ..] => utf16(rest, Encoding::Utf16Le, name)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, Encoding::Utf16Be, name)?,
        _ => without_bom(bytes, name)?,
    };
    if decoded.text.trim().is_empty() {
        return Err(of_file(ReadingRule::EmptyFile));
    }
    match decoded.text.find('\0') {
        Some(at) => {
            Err(Finding::at(Place::line(name, line_at(&decoded.text, at)), ReadingRule::NulByte).into())
        }
        None => Ok(decoded),
    }
}

/// Files that are often taken for a CSV, told by their first bytes.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    const HEADS: [(&[u8], &str); 7] = [
        (b"PK\x03\x04", "Excelブック（.xlsx）またはZIP"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "古い形式のExcelブック（.xls）または暗号化されたブック"),
        (b"%PDF-", "PDF"),
        (b"{\\rtf", "リッチテキスト"),
        (b"\x1F\x8B", "圧縮（gzip）"),
        (b"<!DOCTYPE", "HTML"),
        (b"<html", "HTML"),
    ];
    HEADS.iter().find(|(head, _)| bytes.starts_with(head)).map(|(_, format)| *format)
}

fn without_bom(bytes: &[u8], name: &str) -> Result<Decoded, Findings> {
    let of_file = |encoding| {
        Findings::from(Finding::at(Place::file(name), ReadingRule::UnsupportedEncoding { encoding }))
    };
    let zeros = bytes.iter().filter(|b| **b == 0).count();
    if zeros > 0 && bytes.len().is_multiple_of(2) && zeros * 8 > bytes.len() {
        return Err(of_file("UTF-16（BOMなし）"));
    }
    let utf8_until = match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("\x1B$") && is_header(&ISO_2022_JP.decode(bytes).0) => {
            return Err(of_file("JIS（ISO-2022-JP）"));
        }
        Ok(text) => {
            return Ok(Decoded { text: text.to_owned(), encoding: Encoding::Utf8 { bom: false } });
        }
        Err(error) => error.valid_up_to(),
    };
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    // Three bytes of UTF-8 for each byte of CP932 are enough for every character.
    let mut text = String::with_capacity(bytes.len().saturating_mul(3).saturating_add(16));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    let cp932_until = match result {
        encoding_rs::DecoderResult::InputEmpty if is_header(&text) => {
            return Ok(Decoded { text, encoding: Encoding::Cp932 });
        }
        encoding_rs::DecoderResult::InputEmpty => bytes.len(),
        encoding_rs::DecoderResult::Malformed(length, after) => {
            read.saturating_sub(usize::from(length) + usize::from(after))
        }
        encoding_rs::DecoderResult::OutputFull => read,
    };
    let first_line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    if is_header(&EUC_JP.decode_without_bom_handling(first_line).0) {
        return Err(of_file("EUC-JP"));
    }
    if cp932_until == bytes.len() {
        return Ok(Decoded { text, encoding: Encoding::Cp932 });
    }
    // The encoding in which more of the file can be read is the one it was meant in.
    if utf8_until >= cp932_until {
        Err(unreadable(bytes, utf8_until, "UTF-8", name))
    } else {
        Err(unreadable(bytes, cp932_until, Encoding::Cp932.name(), name))
    }
}

fn is_header(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.contains("種別") || line.contains("名称"))
}

fn utf16(bytes: &[u8], encoding: Encoding, name: &str) -> Result<Decoded, Findings> {
    let unit = |pair: &[u8]| match (encoding, pair) {
        (Encoding::Utf16Be, [high, low]) => u16::from_be_bytes([*high, *low]),
        (_, [low, high]) => u16::from_le_bytes([*low, *high]),
        // An odd byte at the end: half a surrogate is refused below.
        _ => 0xD800,
    };
    let mut text = String::with_capacity(bytes.len());
    for character in char::decode_utf16(bytes.chunks(2).map(unit)) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => {
                let place = Place::line(name, line_at(&text, text.len()));
                return Err(
                    Finding::at(place, ReadingRule::UnreadableBytes { encoding: encoding.name() }).into()
                );
            }
        }
    }
    Ok(Decoded { text, encoding })
}

fn unreadable(bytes: &[u8], at: usize, encoding: &'static str, name: &str) -> Findings {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = 1 + before.iter().filter(|b| **b == b'\n').count();
    Finding::at(Place::line(name, line), ReadingRule::UnreadableBytes { encoding }).into()
}

/// The physical line, from 1, of a place in a text.
fn line_at(text: &str, at: usize) -> usize {
    1 + super::records::line_breaks(text.as_bytes().get(..at).unwrap_or_default())
}

impl Decoded {
    /// Where in `source`, the bytes this was decoded from, the given places of the
    /// text are. `offsets` are ascending, each at a character boundary.
    pub fn source_offsets(&self, source: &[u8], offsets: &[usize]) -> Vec<usize> {
        let bom = self.encoding.bom_len();
        let (mut in_text, mut in_source) = (0, bom);
        let mut found = Vec::with_capacity(offsets.len());
        for &offset in offsets {
            let between = self.text.get(in_text..offset).unwrap_or_default();
            in_source += match self.encoding {
                Encoding::Utf8 { .. } => between.len(),
                Encoding::Utf16Le | Encoding::Utf16Be => between.chars().map(|c| 2 * c.len_utf16()).sum(),
                Encoding::Cp932 => cp932_len(source.get(in_source..).unwrap_or_default(), between),
            };
            in_text = offset;
            found.push(in_source);
        }
        found
    }
}

/// How many bytes the characters of `text` take at the start of `source`. Counted in
/// the source, because CP932 has several codes for some characters.
fn cp932_len(source: &[u8], text: &str) -> usize {
    text.chars().fold(0, |at, _| {
        let is_lead = matches!(source.get(at), Some(0x81..=0x9F | 0xE0..=0xFC));
        at + if is_lead { 2 } else { 1 }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn finding(bytes: &[u8]) -> String {
        let findings = decode(bytes, "master.csv").unwrap_err();
        let finding = findings.iter().next().unwrap();
        format!("{} {}: {}", finding.code(), finding.place.as_ref().unwrap(), finding.message())
    }

    #[test]
    fn every_encoding_is_read() {
        let text = "種別,ID\r\n事業,～－―①髙\r\n";
        let with = |bom: &[u8], bytes: Vec<u8>| [bom, &bytes].concat();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8 { bom: false }),
            (with(b"\xEF\xBB\xBF", text.into()), Encoding::Utf8 { bom: true }),
            (Encoding::Cp932.encode(text).unwrap(), Encoding::Cp932),
            (with(b"\xFF\xFE", Encoding::Utf16Le.encode(text).unwrap()), Encoding::Utf16Le),
            (with(b"\xFE\xFF", Encoding::Utf16Be.encode(text).unwrap()), Encoding::Utf16Be),
        ] {
            let decoded = decode(&bytes, "master.csv").unwrap();
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
            let end = decoded.source_offsets(&bytes, &[text.len()]);
            assert_eq!(end, [bytes.len()]);
        }
    }

    #[test]
    fn e101_empty_file() {
        assert_eq!(finding(b""), "E101 master.csv: ファイルが空です");
        assert_eq!(finding(b"\xEF\xBB\xBF\r\n \r\n"), "E101 master.csv: ファイルが空です");
    }

    #[test]
    fn e102_not_text() {
        assert_eq!(
            finding(b"PK\x03\x04\x14\x00"),
            "E102 master.csv: CSVではなく、Excelブック（.xlsx）またはZIPのファイルです"
        );
        assert_eq!(
            finding(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"),
            "E102 master.csv: CSVではなく、古い形式のExcelブック（.xls）または暗号化されたブックのファイルです"
        );
    }

    #[test]
    fn e103_unreadable_bytes() {
        let mut utf8 = "種別,ID\r\n事業,P001\r\n事業,".as_bytes().to_vec();
        utf8.extend(b"\xFF\r\n");
        assert_eq!(finding(&utf8), "E103 master.csv 3行目: UTF-8として読めない文字があります");
        let mut cp932 = Encoding::Cp932.encode("種別,ID\r\n事業,").unwrap();
        cp932.extend(b"\x81\x20\r\n");
        assert_eq!(finding(&cp932), "E103 master.csv 2行目: Shift_JIS（CP932）として読めない文字があります");
        assert_eq!(finding(b"\xFF\xFEa\0b"), "E103 master.csv 1行目: UTF-16として読めない文字があります");
    }

    #[test]
    fn e104_nul_byte() {
        assert_eq!(finding(b"a,b\r\nc,\0\r\n"), "E104 master.csv 2行目: 文字ではないデータが入っています");
    }

    #[test]
    fn e105_unsupported_encoding() {
        let (euc, _, _) = EUC_JP.encode("種別,ID,名称\n事業,P001,漁業\n");
        assert_eq!(finding(&euc), "E105 master.csv: 文字コードEUC-JPには対応していません");
        let (jis, _, _) = ISO_2022_JP.encode("種別,ID,名称\n");
        assert_eq!(finding(&jis), "E105 master.csv: 文字コードJIS（ISO-2022-JP）には対応していません");
        let utf16 = Encoding::Utf16Le.encode("ID,R3,R4,R5\n種別\n").unwrap();
        assert_eq!(finding(&utf16), "E105 master.csv: 文字コードUTF-16（BOMなし）には対応していません");
    }

    #[test]
    fn a_character_cp932_lacks_is_refused_and_twins_are_not() {
        assert_eq!(Encoding::Cp932.encode("𠮷野家"), Err('𠮷'));
        assert_eq!(Encoding::Cp932.encode("¥"), Err('¥'));
        assert_eq!(Encoding::Cp932.encode("40〜41 — −"), Encoding::Cp932.encode("40～41 ― －"));
    }

    #[test]
    fn codes_that_cp932_has_twice_are_counted_in_the_source() {
        // 髙 as an IBM extension (FBFC) and as NEC selected it (EEE0).
        let source = b"a\xFB\xFC,\xEE\xE0,\xB1";
        let decoded = decode(source, "master.csv").unwrap();
        assert_eq!(decoded.text, "a髙,髙,ｱ");
        assert_eq!(decoded.source_offsets(source, &[4, 5, 8, 9, 12]), [3, 4, 6, 7, 8]);
    }
}

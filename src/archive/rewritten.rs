//! Files that say what they said, in other bytes.
//!
//! A document server that converts line ends, a mail gateway that packs workbooks
//! anew, a colleague who opened a file and saved it: none changed a figure, yet no hash
//! agrees any more. Whoever reads "changed" is helped by the cause. It is only named
//! where the contents were compared and found the same; the file stays changed.

use encoding_rs::SHIFT_JIS;

use super::{Content, Hash, workbook};
use crate::render::pdf;

/// No longer text is tried in other forms, in bytes: there are some forty of them.
const LARGEST_TRIED: usize = 2 << 20;
/// No larger CSV is compared record by record, in bytes.
const LARGEST_RECORDS: usize = 8 << 20;
/// No larger workbook and no larger PDF is compared, in bytes.
const LARGEST_COMPARED: u64 = 32 << 20;

/// What alone sets a file apart from the one that was archived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewritten {
    /// The byte order mark before a text.
    Mark,
    /// The line ends of a text.
    LineEnds,
    /// The encoding of a text.
    Encoding,
    /// Quotes or other forms of a CSV; the cells are the same.
    Fields,
    /// How a workbook's parts are packed; the parts are the same.
    Packed,
    /// Everything of a workbook but its sheets and what their cells hold and show.
    Saved,
    /// How a PDF is written; its pages are the same.
    Pages,
}

impl Rewritten {
    /// The cause, as a message adds it.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::Mark => {
                "中身の文字は同じで、先頭の印（BOM）だけが違います。文書管理システムなどが書き換えたようです"
            }
            Self::LineEnds => {
                "中身の文字は同じで、改行の記号だけが違います。文書管理システムなどが書き換えたようです"
            }
            Self::Encoding => {
                "中身の文字は同じで、文字コードだけが違います。別のプログラムで保存し直されたようです"
            }
            Self::Fields => {
                "どのセルの値も同じで、CSVの書き方だけが違います。Excelなどで保存し直されたようです"
            }
            Self::Packed => {
                "ブックの中身は同じで、圧縮のしかただけが違います。文書管理システムなどが作り直したようです"
            }
            Self::Saved => {
                "どのシートのどのセルの値も表示も同じです。Excelなどで開いて保存し直されたようです（色や罫線は比べていません）"
            }
            Self::Pages => "どのページも同じです。文書管理システムなどが保存し直したようです",
        }
    }
}

/// Why the file called `name` is no longer the one with this hash, where it says the
/// same. `original` is the archived file, where it can be had. What is larger than can
/// be compared in a moment has no such cause.
pub(super) fn rewritten(
    name: &str,
    found: &Content,
    recorded: &str,
    original: Option<&[u8]>,
) -> Option<Rewritten> {
    let extension = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    let found = found.read(LARGEST_COMPARED).ok()?;
    let found = found.as_ref();
    match (extension.as_str(), original) {
        ("xlsx", Some(original)) => workbook::same(original, found).map(|same| match same {
            workbook::Same::Parts => Rewritten::Packed,
            workbook::Same::Cells => Rewritten::Saved,
        }),
        ("pdf", Some(original)) => pdf::same_pages(original, found).then_some(Rewritten::Pages),
        ("csv" | "toml" | "json", _) => of_text(found, |bytes| Hash::of(bytes).to_string() == recorded)
            .or_else(|| (extension == "csv" && same_records(original?, found)).then_some(Rewritten::Fields)),
        _ => None,
    }
}

/// What set a text apart from the one that `is_original` knows: the text is written
/// anew in every form that programs give it.
pub(super) fn of_text(found: &[u8], is_original: impl Fn(&[u8]) -> bool) -> Option<Rewritten> {
    if found.len() > LARGEST_TRIED {
        return None;
    }
    let (own, text) = Form::read(found)?;
    let lines = [text.clone(), lines(&text, "\n"), lines(&text, "\r\n"), between_records(&text)];
    for form in [own, Form::Utf8, Form::Utf8Marked, Form::Cp932, Form::Utf16] {
        for (at, text) in lines.iter().enumerate() {
            // Most forms of a text are one of the others.
            if lines[..at].contains(text) {
                continue;
            }
            let ended = |end: &str| format!("{}{end}", text.trim_end_matches(['\r', '\n']));
            let mut tried: Vec<String> = Vec::with_capacity(4);
            for text in [text.clone(), ended("\n"), ended("\r\n"), ended("")] {
                if tried.contains(&text) {
                    continue;
                }
                let Some(bytes) = form.write(&text) else { continue };
                tried.push(text);
                if bytes != found && is_original(&bytes) {
                    return Some(match () {
                        () if form.is_utf8() && own.is_utf8() && form != own && at == 0 => Rewritten::Mark,
                        () if form.is_utf8() && own.is_utf8() => Rewritten::LineEnds,
                        () if form == own => Rewritten::LineEnds,
                        () => Rewritten::Encoding,
                    });
                }
            }
        }
    }
    None
}

/// The forms in which programs save a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Utf8,
    Utf8Marked,
    Cp932,
    /// Little-endian, with a mark: what Excel calls Unicode.
    Utf16,
}

impl Form {
    /// The form of these bytes and their text.
    fn read(bytes: &[u8]) -> Option<(Self, String)> {
        if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
            return Some((Self::Utf8Marked, String::from_utf8(rest.to_vec()).ok()?));
        }
        if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
            let (units, rest) = rest.as_chunks::<2>();
            let text =
                String::from_utf16(&units.iter().map(|unit| u16::from_le_bytes(*unit)).collect::<Vec<_>>());
            return rest.is_empty().then_some((Self::Utf16, text.ok()?));
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Some((Self::Utf8, text.to_owned()));
        }
        let text = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some((Self::Cp932, text.into_owned()))
    }

    /// The bytes of a text in this form; `None` where it cannot say it.
    fn write(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 => Some(text.as_bytes().to_vec()),
            Self::Utf8Marked => Some([b"\xEF\xBB\xBF", text.as_bytes()].concat()),
            Self::Cp932 => {
                let (bytes, _, lossy) = SHIFT_JIS.encode(text);
                (!lossy).then(|| bytes.into_owned())
            }
            Self::Utf16 => {
                let units = [0xFEFF].into_iter().chain(text.encode_utf16());
                Some(units.flat_map(u16::to_le_bytes).collect())
            }
        }
    }

    fn is_utf8(self) -> bool {
        matches!(self, Self::Utf8 | Self::Utf8Marked)
    }
}

/// The text with these line ends throughout.
fn lines(text: &str, end: &str) -> String {
    // A line end translated twice leaves two carriage returns.
    text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace('\r', "\n").replace('\n', end)
}

/// The text as Excel writes a CSV: CR LF after each record, LF within a cell.
fn between_records(text: &str) -> String {
    let mut quoted = false;
    let mut out = String::with_capacity(text.len());
    for c in lines(text, "\n").chars() {
        quoted ^= c == '"';
        match c {
            '\n' if !quoted => out.push_str("\r\n"),
            c => out.push(c),
        }
    }
    out
}

/// Whether two CSVs hold the same cells. One record of each is held at a time.
fn same_records(one: &[u8], other: &[u8]) -> bool {
    let text = |bytes: &[u8]| match bytes.len() > LARGEST_RECORDS {
        true => None,
        false => Some(lines(&Form::read(bytes)?.1, "\n")),
    };
    let (Some(one), Some(other)) = (text(one), text(other)) else { return false };
    let mut form = csv::ReaderBuilder::new();
    form.has_headers(false).flexible(true);
    let (mut one, mut other) = (form.from_reader(one.as_bytes()), form.from_reader(other.as_bytes()));
    let (mut a, mut b) = (csv::StringRecord::new(), csv::StringRecord::new());
    loop {
        match (one.read_record(&mut a), other.read_record(&mut b)) {
            (Ok(true), Ok(true)) if fields(&a).eq(fields(&b)) => {}
            (Ok(false), Ok(false)) => return true,
            _ => return false,
        }
    }
}

/// The fields of a record up to the last with a text: a spreadsheet fills rows up to the
/// longest.
fn fields(record: &csv::StringRecord) -> impl Iterator<Item = &str> {
    let filled = record.iter().enumerate().filter(|(_, field)| !field.is_empty());
    let length = filled.last().map_or(0, |(at, _)| at + 1);
    record.iter().take(length)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TEXT: &str = "\u{FEFF}種別,名称\r\n事業,\"一\n二\"\r\n事業,三\r\n";

    fn cause(original: &[u8], found: &[u8]) -> Option<Rewritten> {
        rewritten("master.csv", &found.to_vec().into(), &Hash::of(original).to_string(), None)
    }

    #[test]
    fn a_text_in_another_form_is_told_by_its_hash_alone() {
        let original = TEXT.as_bytes();
        let plain = &TEXT["\u{FEFF}".len()..];
        assert_eq!(cause(original, plain.as_bytes()), Some(Rewritten::Mark));
        assert_eq!(cause(original, TEXT.replace("\r\n", "\n").as_bytes()), Some(Rewritten::LineEnds));
        assert_eq!(cause(original, plain.replace("\r\n", "\n").as_bytes()), Some(Rewritten::LineEnds));
        assert_eq!(cause(original, TEXT.trim_end().as_bytes()), Some(Rewritten::LineEnds));
        assert_eq!(cause(plain.as_bytes(), original), Some(Rewritten::Mark));
        let cp932 = SHIFT_JIS.encode(plain).0;
        assert_eq!(cause(original, &cp932), Some(Rewritten::Encoding));
        assert_eq!(cause(&cp932, original), Some(Rewritten::Encoding));
        let wide = Form::Utf16.write(plain).unwrap();
        assert_eq!(cause(original, &wide), Some(Rewritten::Encoding));
    }

    #[test]
    fn a_text_that_says_something_else_has_no_such_cause() {
        for other in
            [TEXT.replace('三', "四"), TEXT.replace(',', "\t"), format!("{TEXT}事業,五\r\n"), String::new()]
        {
            assert_eq!(cause(TEXT.as_bytes(), other.as_bytes()), None, "{other}");
        }
        assert_eq!(cause(TEXT.as_bytes(), &[0xFF, 0xFE, 0]), None);
        assert_eq!(cause(TEXT.as_bytes(), &[0x80, 0xFF]), None);
    }

    #[test]
    fn a_csv_with_other_quotes_is_told_by_its_cells() {
        let original = "a,\"b\",1\r\n\"c\",d,2\r\n";
        let hash = Hash::of(original.as_bytes()).to_string();
        let told = |found: &str| {
            rewritten("x.csv", &found.as_bytes().to_vec().into(), &hash, Some(original.as_bytes()))
        };
        assert_eq!(told("\"a\",\"b\",\"1\"\r\n\"c\",\"d\",\"2\"\r\n"), Some(Rewritten::Fields));
        assert_eq!(told("a,b,1,\nc,d,2,\n"), Some(Rewritten::Fields));
        assert_eq!(told("a,b,1\nc,d,3\n"), None);
        assert_eq!(rewritten("x.csv", &b"a,b,1\nc,d,2\n".to_vec().into(), &hash, None), None);
    }
}

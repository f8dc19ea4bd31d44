//! The records of an Excel 97–2003 workbook, measured before the library reads them.
//!
//! The library reserves a full rectangle for a sheet's cells, so that is checked here.
//! On the way it is noted what the library does not tell: how numbers are shown, notes,
//! text boxes, struck cells, hidden rows, joined cells. Numbers of records and their
//! fields are those of Microsoft's [MS-XLS].

use std::collections::HashMap;
use std::rc::Rc;

use super::Refusal;
use super::book::{At, Look, Note, NoteKind, Struck};
use super::guard::MOST_CELLS;
use super::shown::Format;
use super::workbook::{ShownNumber, Surveyed};

/// Fonts, styles, formats: more than any workbook has.
const MOST_STYLES: usize = 66_000;
/// Notes and joined cells of a sheet that are kept.
const MOST_KEPT: usize = 20_000;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;
const FILE_PASS: u16 = 0x002F;
const FONT: u16 = 0x0031;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0x00E0;
const ROW: u16 = 0x0208;
const DIMENSIONS: u16 = 0x0200;
const MERGE_CELLS: u16 = 0x00E5;
const NOTE: u16 = 0x001C;
const OBJ: u16 = 0x005D;
const TXO: u16 = 0x01B6;
const MUL_RK: u16 = 0x00BD;
/// Blank, number, label, boolean or error, formula, RK, rich label, shared string, and
/// the two that hold several cells of a row.
const CELLS: [u16; 10] = [0x0201, 0x0203, 0x0204, 0x0205, 0x0006, 0x027E, 0x00D6, 0x00FD, MUL_RK, MUL_BLANK];
const MUL_BLANK: u16 = 0x00BE;

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

impl Record<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        u16_at(self.data, at)
    }
}

fn records(stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(rest, 0)?, u16_at(rest, 2)? as usize);
        let data = rest.get(4..4 + length)?;
        rest = rest.get(4 + length..)?;
        Some(Record { kind, data })
    })
}

/// Walks the records: what is noted of each sheet, in the order of the file.
pub(super) fn survey(stream: &[u8]) -> Result<Vec<Surveyed>, Refusal> {
    if records(stream).any(|record| record.kind == FILE_PASS && record.u16(0) != Some(0)) {
        return Err(Refusal::Encrypted);
    }
    let mut walk = Walk::default();
    for record in records(stream) {
        walk.record(&record)?;
    }
    walk.end_sheet();
    // The workbook's own records come first.
    let mut sheets = walk.sheets;
    if !sheets.is_empty() {
        sheets.remove(0);
    }
    Ok(sheets)
}

#[derive(Default)]
struct Walk {
    depth: usize,
    cells: u64,
    extent: Extent,
    sheets: Vec<Surveyed>,
    /// Which fonts strike their letters through.
    fonts: Vec<bool>,
    formats: HashMap<u16, Rc<Format>>,
    styles: Vec<(u16, Look)>,
    /// The object that was described last, and what is still to come of its text.
    object: Option<u16>,
    letters: usize,
    /// Of the sheet: what its objects say, and which of them are notes on which cells.
    said: Vec<(u16, String)>,
    noted: HashMap<u16, At>,
}

impl Walk {
    fn record(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        match record.kind {
            BOF => {
                self.depth += 1;
                // The workbook's own records come first; every later one is a sheet.
                if self.depth == 1 {
                    self.end_sheet();
                    self.extent = Extent::default();
                    self.sheets.push(Surveyed::default());
                }
            }
            EOF => self.depth = self.depth.saturating_sub(1),
            FONT if self.fonts.len() < MOST_STYLES => {
                self.fonts.push(record.u16(2).is_some_and(|flags| flags & 0x0008 != 0));
            }
            FORMAT if self.formats.len() < MOST_STYLES => {
                if let Some(number) = record.u16(0) {
                    let code = letters(record.data.get(2..).unwrap_or_default());
                    self.formats.insert(number, Rc::new(Format::new(&code)));
                }
            }
            XF if self.styles.len() < MOST_STYLES => self.style(record),
            DIMENSIONS => dimensions(record.data)?,
            ROW => {
                let is_hidden = record.u16(12).is_some_and(|flags| flags & 0x0020 != 0);
                if let (true, Some(row), Some(sheet)) = (is_hidden, record.u16(0), self.sheets.last_mut()) {
                    sheet.hidden_rows.insert(u32::from(row));
                }
            }
            MERGE_CELLS => self.joined(record),
            OBJ => self.object = record.u16(6),
            TXO => self.letters = record.u16(10).map_or(0, usize::from),
            CONTINUE if self.letters > 0 => self.text(record.data),
            NOTE => {
                if let (Some(row), Some(column), Some(object)) = (record.u16(0), record.u16(2), record.u16(6))
                {
                    self.noted.insert(object, (u32::from(row), u32::from(column)));
                }
            }
            kind if CELLS.contains(&kind) => self.cell(record)?,
            _ => {}
        }
        Ok(())
    }

    fn style(&mut self, record: &Record<'_>) {
        let font = record.u16(0).unwrap_or(0);
        // There is no font with the number 4.
        let font = usize::from(if font > 4 { font - 1 } else { font });
        let is_struck = self.fonts.get(font).copied().unwrap_or_default();
        let look = Look {
            struck: if is_struck { Struck::Whole } else { Struck::No },
            unlocked: record.u16(4).is_some_and(|flags| flags & 1 == 0),
            ..Look::default()
        };
        self.styles.push((record.u16(2).unwrap_or(0), look));
    }

    fn cell(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        let (Some(row), Some(first)) = (record.u16(0), record.u16(2)) else { return Ok(()) };
        let is_blank = matches!(record.kind, 0x0201 | MUL_BLANK);
        let (last, width) = match record.kind {
            MUL_RK => (record.data.len().checked_sub(2).and_then(|at| record.u16(at)).unwrap_or(first), 6),
            MUL_BLANK => (record.data.len().checked_sub(2).and_then(|at| record.u16(at)).unwrap_or(first), 2),
            _ => (first, 6),
        };
        if !is_blank {
            self.cells += 1 + u64::from(last.saturating_sub(first));
            self.extent.include(row, first)?;
            self.extent.include(row, last.max(first))?;
            if self.cells > MOST_CELLS {
                return Err(Refusal::TooLarge("セルの数が多すぎます"));
            }
        }
        for (at, column) in (first..=last.max(first)).enumerate() {
            let style = record.u16(4 + at * width).and_then(|style| self.styles.get(usize::from(style)));
            let Some((number, look)) = style.cloned() else { continue };
            let at = (u32::from(row), u32::from(column));
            let format = self.format(number);
            let Some(sheet) = self.sheets.last_mut() else { continue };
            let look = if is_blank { Look { struck: Struck::No, ..look } } else { look };
            if look != Look::default() && (sheet.looks.len() as u64) < MOST_CELLS {
                sheet.looks.insert(at, look);
            }
            if !is_blank {
                sheet.numbers.insert(at, ShownNumber::Coded(format));
            }
        }
        Ok(())
    }

    fn format(&mut self, number: u16) -> Rc<Format> {
        let built_in = || match number {
            5..=8 | 42 | 44 => "\"¥\"#,##0.##",
            number => ssfmt::format_code_from_id(u32::from(number)).unwrap_or("General"),
        };
        self.formats.entry(number).or_insert_with(|| Rc::new(Format::new(built_in()))).clone()
    }

    fn joined(&mut self, record: &Record<'_>) {
        let Some(sheet) = self.sheets.last_mut() else { return };
        for at in 0..record.u16(0).map_or(0, usize::from) {
            let field = |field: usize| record.u16(2 + at * 8 + field * 2).map(u32::from);
            let (Some(top), Some(bottom), Some(left), Some(right)) = (field(0), field(1), field(2), field(3))
            else {
                return;
            };
            if sheet.merged.len() < MOST_KEPT {
                sheet.merged.push(((top, left), (bottom, right)));
            }
        }
    }

    /// A piece of an object's text.
    fn text(&mut self, data: &[u8]) {
        let text = characters(data, self.letters);
        self.letters = self.letters.saturating_sub(text.encode_utf16().count().max(1));
        let Some(object) = self.object else { return };
        let is_new = self.said.last().is_none_or(|(of, _)| *of != object);
        if is_new && self.said.len() < MOST_KEPT {
            self.said.push((object, text));
        } else if let Some((_, said)) = self.said.last_mut().filter(|_| !is_new) {
            said.push_str(&text);
        }
    }

    fn end_sheet(&mut self) {
        let (said, noted) = (std::mem::take(&mut self.said), std::mem::take(&mut self.noted));
        let Some(sheet) = self.sheets.last_mut() else { return };
        for (object, text) in said {
            let at = noted.get(&object).copied();
            let kind = if at.is_some() { NoteKind::Comment } else { NoteKind::Shape };
            let text = text.trim();
            if !text.is_empty() {
                sheet.notes.push(Note { at, kind, text: text.to_owned() });
            }
        }
    }
}

/// A text with its length before it, as later versions write it; those before have one
/// byte of length and letters of one byte.
fn letters(data: &[u8]) -> String {
    match (u16_at(data, 0), data.get(2)) {
        (Some(length), Some(0 | 1)) => characters(data.get(2..).unwrap_or_default(), usize::from(length)),
        _ => data.iter().skip(1).map(|byte| char::from(*byte)).collect(),
    }
}

/// At most `most` letters, after a byte that tells how wide they are.
fn characters(data: &[u8], most: usize) -> String {
    let Some((flags, letters)) = data.split_first() else { return String::new() };
    if flags & 1 == 0 {
        return letters.iter().take(most).map(|byte| char::from(*byte)).collect();
    }
    let units = letters.chunks_exact(2).filter_map(|two| u16_at(two, 0)).take(most);
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The rectangle of a sheet's cells; it is kept whole.
#[derive(Default)]
struct Extent {
    seen: Option<(u16, u16, u16, u16)>,
}

impl Extent {
    fn include(&mut self, row: u16, column: u16) -> Result<(), Refusal> {
        let (top, left, bottom, right) = self.seen.unwrap_or((row, column, row, column));
        let all = (top.min(row), left.min(column), bottom.max(row), right.max(column));
        self.seen = Some(all);
        let rows = u64::from(all.2 - all.0) + 1;
        let columns = u64::from(all.3 - all.1) + 1;
        if rows * columns > MOST_CELLS * 8 {
            Err(Refusal::TooLarge("セルの数が多すぎます"))
        } else {
            Ok(())
        }
    }
}

/// A sheet's own statement of its extent, for which memory is reserved.
fn dimensions(data: &[u8]) -> Result<(), Refusal> {
    let (first, last, left, right) = match data.len() {
        10 => {
            (u16_at(data, 0).map(u32::from), u16_at(data, 2).map(u32::from), u16_at(data, 4), u16_at(data, 6))
        }
        14 | 16 => (u32_at(data, 0), u32_at(data, 4), u16_at(data, 8), u16_at(data, 10)),
        _ => return Err(Refusal::Damaged),
    };
    let (Some(first), Some(last), Some(left), Some(right)) = (first, last, left, right) else {
        return Err(Refusal::Damaged);
    };
    let rows = u64::from(last).saturating_sub(u64::from(first));
    let columns = if left > right || left > 0xFF { u64::from(right) } else { u64::from(right - left) };
    let empty = last == 0 || right == 0;
    if !empty && (last <= first || rows * columns > MOST_CELLS * 8) {
        return Err(Refusal::TooLarge("セルの数が多すぎます"));
    }
    Ok(())
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(records: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut all = Vec::new();
        for (kind, data) in records {
            all.extend(kind.to_le_bytes());
            all.extend((data.len() as u16).to_le_bytes());
            all.extend(data);
        }
        all
    }

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// What a sheet of the older kind tells beside its cells.
    #[test]
    fn notes_boxes_strikes_and_hidden_rows_are_noted() {
        let text = |text: &str| {
            [vec![1], text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat()
        };
        let code: Vec<u8> = [words(&[164, 4]), vec![0], b"0.0%".to_vec()].concat();
        let object = |id: u16| words(&[0x15, 0x12, 0x19, id]);
        let txo = |length: u16| words(&[0, 0, 0, 0, 0, length, 16]);
        let survey = survey(&stream(&[
            (BOF, vec![]),
            (FONT, words(&[200, 0])),
            (FONT, words(&[200, 8])),
            (FORMAT, code),
            (XF, words(&[0, 164, 0])),
            (XF, words(&[1, 0, 1])),
            (EOF, vec![]),
            (BOF, vec![]),
            (ROW, words(&[7, 0, 0, 0, 0, 0, 0x20])),
            (0x0203, [words(&[3, 2, 0]), vec![0; 8]].concat()),
            (0x0203, [words(&[4, 2, 1]), vec![0; 8]].concat()),
            (MERGE_CELLS, words(&[1, 3, 5, 2, 2])),
            (OBJ, object(9)),
            (TXO, txo(3)),
            (CONTINUE, text("暫定値")),
            (CONTINUE, vec![0; 16]),
            (OBJ, object(10)),
            (TXO, txo(2)),
            (CONTINUE, text("欄外")),
            (NOTE, words(&[3, 2, 0, 9])),
            (EOF, vec![]),
        ]));
        let Ok([sheet]) = survey.as_deref() else { panic!("{survey:?}") };
        assert!(sheet.hidden_rows.contains(&7));
        assert_eq!(sheet.merged, [((3, 2), (5, 2))]);
        assert_eq!(sheet.looks[&(4, 2)].struck, Struck::Whole);
        assert!(sheet.looks[&(3, 2)].unlocked);
        assert!(matches!(&sheet.numbers[&(3, 2)], ShownNumber::Coded(format) if format.is_percent));
        let said: Vec<String> =
            sheet.notes.iter().map(|note| format!("{:?} {:?} {}", note.kind, note.at, note.text)).collect();
        assert_eq!(said, ["Comment Some((3, 2)) 暫定値", "Shape None 欄外"]);
    }
}

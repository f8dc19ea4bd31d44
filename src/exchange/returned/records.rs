//! The records of an Excel 97–2003 workbook, measured before the library reads them.
//!
//! The library reserves a full rectangle for a sheet's cells, so that is checked here.
//! On the way it is noted what the library does not tell: how numbers are shown, notes,
//! text boxes, struck cells, hidden rows, joined cells. Numbers of records and their
//! fields are those of Microsoft's [MS-XLS].

use std::collections::HashMap;
use std::rc::Rc;

use super::Refusal;
use super::book::{At, Look, Note, NoteKind, Rich, Struck};
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
const SST: u16 = 0x00FC;
const LABEL_SST: u16 = 0x00FD;
const COL_INFO: u16 = 0x007D;
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
    let mut strings: Vec<&[u8]> = Vec::new();
    for record in records(stream) {
        // The strings of the workbook, in as many records as they need.
        match record.kind {
            SST => strings = vec![record.data],
            CONTINUE if !strings.is_empty() && walk.rich.is_none() => strings.push(record.data),
            _ if !strings.is_empty() && walk.rich.is_none() => {
                walk.rich = Some(rich_strings(&strings, &walk.fonts));
                walk.record(&record)?;
            }
            _ => walk.record(&record)?,
        }
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
    fonts: Vec<Font>,
    formats: HashMap<u16, Rc<Format>>,
    styles: Vec<(u16, Look)>,
    /// Strings in several runs, by their numbers.
    rich: Option<HashMap<usize, Rich>>,
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
                self.fonts.push(Font::read(record));
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
            COL_INFO => {
                let is_hidden = record.u16(8).is_some_and(|flags| flags & 1 != 0);
                let columns = record.u16(0).map(u32::from).zip(record.u16(2).map(u32::from));
                if let (true, Some(columns), Some(sheet)) = (is_hidden, columns, self.sheets.last_mut()) {
                    sheet.hidden_columns.push(columns);
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
        let font = font_of(&self.fonts, record.u16(0).unwrap_or(0));
        // A pattern, and the number of its colour in the palette.
        let is_filled = record.u16(16).is_some_and(|bits| bits >> 10 != 0);
        let fill = record.u16(18).map(|bits| u32::from(bits & 0x7F)).filter(|_| is_filled);
        let number = record.u16(2).unwrap_or(0);
        let look = Look {
            struck: if font.struck { Struck::Whole } else { Struck::No },
            raised: font.raised,
            unlocked: record.u16(4).is_some_and(|flags| flags & 1 == 0),
            colours: (fill, font.colour),
            unit: self.format(number).unit(),
            text: None,
        };
        self.styles.push((number, look));
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
            let mut look = look;
            if record.kind == LABEL_SST
                && let (Some(string), Some(rich)) = (u32_at(record.data, 6), &self.rich)
                && let Some(rich) = rich.get(&(string as usize))
            {
                look.take(rich.clone());
            }
            let Some(sheet) = self.sheets.last_mut() else { continue };
            if is_blank {
                (look.struck, look.raised) = (Struck::No, false);
            }
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

/// What a font does to letters.
#[derive(Debug, Clone, Copy, Default)]
struct Font {
    struck: bool,
    raised: bool,
    /// The number of its colour in the palette, where it is not the usual one.
    colour: Option<u32>,
}

impl Font {
    /// Black, and what the system shows text in.
    const USUAL: [u32; 3] = [0x08, 0x40, 0x7FFF];

    fn read(record: &Record<'_>) -> Self {
        Self {
            struck: record.u16(2).is_some_and(|flags| flags & 0x0008 != 0),
            raised: record.u16(8).is_some_and(|position| matches!(position, 1 | 2)),
            colour: record.u16(4).map(u32::from).filter(|colour| !Self::USUAL.contains(colour)),
        }
    }
}

/// A font by its number; there is none with the number 4.
fn font_of(fonts: &[Font], number: u16) -> Font {
    let at = usize::from(if number > 4 { number - 1 } else { number });
    fonts.get(at).copied().unwrap_or_default()
}

/// Bytes that go on from record to record.
struct Segments<'a> {
    parts: &'a [&'a [u8]],
    at: usize,
}

impl Segments<'_> {
    /// The next byte, and whether it is the first of a record.
    fn byte(&mut self) -> Option<(u8, bool)> {
        let mut begins = false;
        while self.parts.first()?.len() <= self.at {
            self.parts = self.parts.get(1..)?;
            (self.at, begins) = (0, true);
        }
        let byte = self.parts.first()?.get(self.at).copied()?;
        self.at += 1;
        Some((byte, begins))
    }

    fn number(&mut self, bytes: u32) -> Option<u32> {
        (0..bytes).try_fold(0, |sum, at| Some(sum | u32::from(self.byte()?.0) << (8 * at)))
    }

    /// A string's letters, in units of UTF-16. Where they go on in another record, that
    /// one says first how wide they are.
    fn letters(&mut self, count: usize, mut is_wide: bool) -> Option<Vec<u16>> {
        let mut letters = Vec::new();
        while letters.len() < count {
            let (mut byte, begins) = self.byte()?;
            if begins {
                is_wide = byte & 1 != 0;
                byte = self.byte()?.0;
            }
            let high = if is_wide { self.byte()?.0 } else { 0 };
            letters.push(u16::from_le_bytes([byte, high]));
        }
        Some(letters)
    }
}

/// Which of a workbook's strings are in several runs that differ.
fn rich_strings(parts: &[&[u8]], fonts: &[Font]) -> HashMap<usize, Rich> {
    let mut found = HashMap::new();
    let mut segments = Segments { parts, at: 8 };
    let mut at = 0;
    while let Some(rich) = rich_string(&mut segments, fonts) {
        if rich != Rich::default() {
            found.insert(at, rich);
        }
        at += 1;
    }
    found
}

fn rich_string(segments: &mut Segments<'_>, fonts: &[Font]) -> Option<Rich> {
    let count = segments.number(2)? as usize;
    let flags = segments.number(1)?;
    let runs = if flags & 8 != 0 { segments.number(2)? } else { 0 };
    let more = if flags & 4 != 0 { segments.number(4)? } else { 0 };
    let letters = segments.letters(count, flags & 1 != 0)?;
    let mut fonts_from: Vec<(usize, Font)> = Vec::new();
    for _ in 0..runs {
        let (from, font) = (segments.number(2)? as usize, segments.number(2)?);
        fonts_from.push((from, font_of(fonts, u16::try_from(font).unwrap_or(0))));
    }
    for _ in 0..more {
        segments.byte()?;
    }
    let mut rich = Rich::default();
    let (mut kept, mut struck) = (Vec::new(), Vec::new());
    for (at, letter) in letters.into_iter().enumerate() {
        let font = fonts_from.iter().rev().find(|(from, _)| *from <= at).map(|(_, font)| *font);
        let font = font.unwrap_or_default();
        if font.struck { &mut struck } else { &mut kept }.push(letter);
        rich.raised |= font.raised;
        rich.colour = rich.colour.or(font.colour);
    }
    rich.struck = Struck::of(&String::from_utf16_lossy(&struck), String::from_utf16_lossy(&kept));
    Some(rich)
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

    /// Strings in several runs, one of which goes on in another record.
    #[test]
    fn runs_of_a_string_are_told_apart() {
        let fonts = [
            Font::default(),
            Font { struck: true, ..Font::default() },
            Font { raised: true, ..Font::default() },
        ];
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let first = [
            vec![0; 8],
            words(&[2]),
            vec![0],
            b"52".to_vec(),
            // 9000 of 489000 is struck, from its second letter to its third.
            words(&[6]),
            vec![8],
            words(&[2]),
            b"489000".to_vec(),
            words(&[1, 1, 2, 0]),
            words(&[3]),
            vec![9],
            words(&[1]),
            wide("5人"),
        ]
        .concat();
        let second = [vec![1], wide("1"), words(&[2, 2])].concat();
        let found = rich_strings(&[&first, &second], &fonts);
        let expected = HashMap::from([
            (1, Rich { struck: Struck::Partly("49000".to_owned()), ..Rich::default() }),
            (2, Rich { raised: true, ..Rich::default() }),
        ]);
        assert_eq!(found, expected);
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

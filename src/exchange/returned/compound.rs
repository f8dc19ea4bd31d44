//! Workbooks of Excel 97–2003 (.xls), measured before they are read.
//!
//! The format is a small file system (sectors, chains, a directory) around one stream
//! of records. The library follows the chains without counting and reserves a full
//! rectangle for a sheet's cells, so both are checked here. On the way it is noted
//! which cells show percentages, which the library does not tell.

use std::collections::{HashMap, HashSet};

use super::Refusal;
use super::guard::MOST_CELLS;

/// What is noted of a workbook's sheets, in their order in the file.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Cells that show percentages, by row and column, for each sheet by name's order.
    pub percent: Vec<HashSet<(u32, u32)>>,
}

const END: u32 = 0xFFFF_FFFE;
const RESERVED: u32 = 0xFFFF_FFFA;

/// Follows the chains and walks the records.
pub(super) fn survey(bytes: &[u8]) -> Result<Survey, Refusal> {
    let stream = workbook_stream(bytes)?;
    if records(&stream).any(|record| record.kind == 0x002F && record.u16(0) != Some(0)) {
        return Err(Refusal::Encrypted);
    }
    walk(&stream)
}

/// The stream called Workbook (Book in older files).
fn workbook_stream(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let sector_size = match u16_at(bytes, 30) {
        Some(9) => 512,
        Some(12) => 4096,
        _ => return Err(Refusal::Damaged),
    };
    let file = Sectors { bytes: bytes.get(sector_size..).unwrap_or_default(), size: sector_size };
    let header = |at: usize| u32_at(bytes, at).ok_or(Refusal::Damaged);
    let mut table_sectors: Vec<u32> = (0..109).filter_map(|at| u32_at(bytes, 76 + at * 4)).collect();
    let mut next = header(68)?;
    let mut steps = 0;
    while next < RESERVED {
        steps += 1;
        if steps > file.count() {
            return Err(Refusal::Damaged);
        }
        let mut more = words(file.sector(next)?);
        next = more.pop().ok_or(Refusal::Damaged)?;
        table_sectors.extend(more);
    }
    let mut table = Vec::new();
    for sector in table_sectors.into_iter().filter(|sector| *sector < RESERVED) {
        table.extend(words(file.sector(sector)?));
        if table.len() > file.count() + 2 * file.size {
            return Err(Refusal::Damaged);
        }
    }
    let directory = file.chain(header(48)?, &table)?;
    let entries: Vec<Entry> = directory.chunks_exact(128).filter_map(Entry::read).collect();
    let root = entries.first().ok_or(Refusal::Damaged)?;
    let named = |name: &str| entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
    let workbook = named("Workbook")
        .or_else(|| named("Book"))
        .ok_or(Refusal::NotAWorkbook("Excelのブックではありません（古い形式の別の文書です）"))?;
    // The library follows the small streams in any case.
    let mini = file.chain(root.start, &table)?;
    let mini_table = words(&file.chain(header(60)?, &table)?);
    let mut stream = if workbook.length < 4096 {
        Sectors { bytes: &mini, size: 64 }.chain(workbook.start, &mini_table)?
    } else {
        file.chain(workbook.start, &table)?
    };
    stream.truncate(workbook.length);
    Ok(stream)
}

struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl Sectors<'_> {
    fn count(&self) -> usize {
        self.bytes.len().div_ceil(self.size)
    }

    fn sector(&self, at: u32) -> Result<&[u8], Refusal> {
        let start = (at as usize).checked_mul(self.size).ok_or(Refusal::Damaged)?;
        let end = (start + self.size).min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty()).ok_or(Refusal::Damaged)
    }

    /// The sectors of a chain, joined. One that comes round again never ends.
    fn chain(&self, first: u32, table: &[u32]) -> Result<Vec<u8>, Refusal> {
        let mut joined = Vec::new();
        let (mut next, mut steps) = (first, 0);
        while next != END && next < RESERVED {
            steps += 1;
            if steps > self.count() {
                return Err(Refusal::Damaged);
            }
            joined.extend_from_slice(self.sector(next)?);
            next = *table.get(next as usize).ok_or(Refusal::Damaged)?;
        }
        Ok(joined)
    }
}

struct Entry {
    name: String,
    start: u32,
    length: usize,
}

impl Entry {
    fn read(bytes: &[u8]) -> Option<Self> {
        let units = (0..32).filter_map(|at| u16_at(bytes, at * 2)).take_while(|unit| *unit != 0);
        let name = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Some(Self { name, start: u32_at(bytes, 116)?, length: u32_at(bytes, 120)? as usize })
    }
}

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

/// Measures every sheet and notes its percentages.
fn walk(stream: &[u8]) -> Result<Survey, Refusal> {
    let mut formats: HashMap<u16, bool> = HashMap::from([(9, true), (10, true)]);
    let mut styles: Vec<u16> = Vec::new();
    let mut survey = Survey::default();
    let (mut cells, mut depth) = (0, 0usize);
    let mut extent = Extent::default();
    for record in records(stream) {
        match record.kind {
            0x0809 => {
                depth += 1;
                // The workbook's own records come first; every later one is a sheet.
                if depth == 1 {
                    extent = Extent::default();
                    survey.percent.push(HashSet::new());
                }
            }
            0x000A => depth = depth.saturating_sub(1),
            0x041E => {
                if let Some(format) = record.u16(0) {
                    formats.insert(format, record.data.get(2..).unwrap_or_default().contains(&b'%'));
                }
            }
            0x00E0 => styles.push(record.u16(2).unwrap_or(0)),
            0x0200 => dimensions(record.data)?,
            0x0203 | 0x0204 | 0x0205 | 0x00D6 | 0x027E | 0x00FD | 0x0006 | 0x00BD => {
                let (Some(row), Some(first)) = (record.u16(0), record.u16(2)) else { continue };
                let last = match record.kind {
                    0x00BD => record.data.len().checked_sub(2).and_then(|at| record.u16(at)).unwrap_or(first),
                    _ => first,
                };
                cells += 1 + u64::from(last.saturating_sub(first));
                extent.include(row, first)?;
                extent.include(row, last.max(first))?;
                if cells > MOST_CELLS {
                    return Err(Refusal::TooLarge("セルの数が多すぎます"));
                }
                for (at, column) in (first..=last.max(first)).enumerate() {
                    let style = record.u16(4 + at * 6).and_then(|style| styles.get(usize::from(style)));
                    let percent = style.and_then(|format| formats.get(format)) == Some(&true);
                    if percent && let Some(sheet) = survey.percent.last_mut() {
                        sheet.insert((u32::from(row), u32::from(column)));
                    }
                }
            }
            _ => {}
        }
    }
    if !survey.percent.is_empty() {
        survey.percent.remove(0);
    }
    Ok(survey)
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

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0)).collect()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

//! Workbooks of Excel 97–2003 (.xls), measured before they are read.
//!
//! The format is a small file system (sectors, chains, a directory) around one stream
//! of records. The library follows the chains without counting, so they are checked
//! here; the stream itself is the matter of [`records`](super::records).

use super::Refusal;
use super::records::{self, u16_at, u32_at};
use super::workbook::Surveyed;

const END: u32 = 0xFFFF_FFFE;
const RESERVED: u32 = 0xFFFF_FFFA;

/// Follows the chains and walks the records: what is noted of each sheet, in the order
/// of the file.
pub(super) fn survey(bytes: &[u8]) -> Result<Vec<Surveyed>, Refusal> {
    records::survey(&workbook_stream(bytes)?)
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

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0)).collect()
}

//! The compound file (OLE) around an Excel 97–2003 workbook ([MS-CFB]).
//!
//! The format is a small file system (sectors, chains, a directory) around one stream of
//! records. A chain is followed only as far as the stream is long, and no further than the
//! file has sectors: one that comes round again never ends.

use super::records::{u16_at, u32_at};
use crate::workbook::budget::Budget;
use crate::workbook::refusal::Refusal;

const END: u32 = 0xFFFF_FFFE;
const RESERVED: u32 = 0xFFFF_FFFA;
/// Streams shorter than this stand in the small sectors.
const SMALL: usize = 4096;

/// The stream called Workbook (Book in older files).
pub(super) fn workbook_stream(bytes: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Refusal> {
    let sector_size = match u16_at(bytes, 30) {
        Some(9) => 512,
        Some(12) => 4096,
        _ => return Err(Refusal::Damaged),
    };
    let file = Sectors { bytes: bytes.get(sector_size..).unwrap_or_default(), size: sector_size };
    let header = |at: usize| u32_at(bytes, at).ok_or(Refusal::Damaged);
    let table = sector_table(bytes, &file)?;
    let directory = file.chain(header(48)?, &table, usize::MAX, budget)?;
    let entries = || directory.chunks_exact(128);
    let root = entries().next().and_then(Entry::read).ok_or(Refusal::Damaged)?;
    let named = |name: &str| entries().find(|entry| is_named(entry, name)).and_then(Entry::read);
    let workbook = named("Workbook")
        .or_else(|| named("Book"))
        .ok_or(Refusal::NotAWorkbook("Excelのブックではありません（古い形式の別の文書です）"))?;
    if workbook.length >= SMALL {
        return file.chain(workbook.start, &table, workbook.length, budget);
    }
    let mini = file.chain(root.start, &table, usize::MAX, budget)?;
    let mini_table = words(&file.chain(header(60)?, &table, usize::MAX, budget)?);
    Sectors { bytes: &mini, size: 64 }.chain(workbook.start, &mini_table, workbook.length, budget)
}

/// Which sector follows on which, for all sectors of the file.
fn sector_table(bytes: &[u8], file: &Sectors<'_>) -> Result<Vec<u32>, Refusal> {
    let mut sectors: Vec<u32> = (0..109).filter_map(|at| u32_at(bytes, 76 + at * 4)).collect();
    let mut next = u32_at(bytes, 68).ok_or(Refusal::Damaged)?;
    let mut steps = 0;
    while next < RESERVED {
        steps += 1;
        if steps > file.count() {
            return Err(Refusal::Damaged);
        }
        let mut more = words(file.sector(next)?);
        next = more.pop().ok_or(Refusal::Damaged)?;
        sectors.extend(more);
    }
    let mut table = Vec::new();
    for sector in sectors.into_iter().filter(|sector| *sector < RESERVED) {
        table.extend(words(file.sector(sector)?));
        if table.len() > file.count() + 2 * file.size {
            return Err(Refusal::Damaged);
        }
    }
    Ok(table)
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
        let end = start.saturating_add(self.size).min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty()).ok_or(Refusal::Damaged)
    }

    /// The first `most` bytes of a chain's sectors, joined.
    fn chain(&self, first: u32, table: &[u32], most: usize, budget: &mut Budget) -> Result<Vec<u8>, Refusal> {
        let mut joined = Vec::new();
        let (mut next, mut steps) = (first, 0);
        while next != END && next < RESERVED && joined.len() < most {
            steps += 1;
            if steps > self.count() {
                return Err(Refusal::Damaged);
            }
            let sector = self.sector(next)?;
            budget.unpack(sector.len())?;
            joined.extend_from_slice(sector);
            next = *table.get(next as usize).ok_or(Refusal::Damaged)?;
        }
        joined.truncate(most);
        Ok(joined)
    }
}

/// Where a stream begins, and how long it is.
struct Entry {
    start: u32,
    length: usize,
}

impl Entry {
    fn read(bytes: &[u8]) -> Option<Self> {
        Some(Self { start: u32_at(bytes, 116)?, length: u32_at(bytes, 120)? as usize })
    }
}

fn is_named(entry: &[u8], name: &str) -> bool {
    let units = (0..32).filter_map(|at| u16_at(entry, at * 2)).take_while(|unit| *unit != 0);
    char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER).to_ascii_lowercase())
        .eq(name.chars().map(|letter| letter.to_ascii_lowercase()))
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0)).collect()
}

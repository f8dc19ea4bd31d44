//! .xls: what records and sectors can claim.

use super::each;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;
const SECTOR: usize = 4096;
const END: u32 = 0xFFFF_FFFE;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn many(count: usize, one: impl FnMut(usize) -> Vec<u8>) -> Vec<u8> {
    (0..count).flat_map(one).collect()
}

/// A workbook with these records before its sheets and on them.
fn workbook(globals: &[u8], sheets: &[&[u8]]) -> Vec<u8> {
    let beginning = record(BOF, &words(&[0x0600, 5]));
    let end = record(EOF, &[]);
    let name = |at: usize| format!("S{at:03}");
    let bounds = sheets.len() * (4 + 8 + 4);
    let mut at = beginning.len() + bounds + globals.len() + end.len();
    let mut stream = beginning.clone();
    for (number, sheet) in sheets.iter().enumerate() {
        let bound = [&(at as u32).to_le_bytes()[..], &[0, 0, 4, 0], name(number).as_bytes()].concat();
        stream.extend(record(0x0085, &bound));
        at += beginning.len() + sheet.len() + end.len();
    }
    stream.extend([globals, &end].concat());
    for sheet in sheets {
        stream.extend([&beginning, *sheet, &end].concat());
    }
    compound(stream, |_, _| {})
}

fn sheet(cells: &[u8]) -> Vec<u8> {
    workbook(&[], &[cells])
}

/// A compound file around a stream. `bend` may change which sector follows on which; it is
/// given the sector of the directory, behind which the stream begins.
fn compound(mut stream: Vec<u8>, bend: impl FnOnce(&mut [u32], usize)) -> Vec<u8> {
    let length = stream.len().max(SECTOR);
    stream.resize(length.next_multiple_of(SECTOR), 0);
    let sectors = stream.len() / SECTOR;
    let tables = (sectors + 2).div_ceil(SECTOR / 4 - 1);
    let mut chains = vec![u32::MAX; tables * (SECTOR / 4)];
    chains[..tables].fill(0xFFFF_FFFD);
    chains[tables] = END;
    for (at, next) in chains.iter_mut().enumerate().skip(tables + 1).take(sectors) {
        *next = if at < tables + sectors { at as u32 + 1 } else { END };
    }
    bend(&mut chains, tables);
    let mut header = vec![0u8; SECTOR];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    put(26, &words(&[4, 0xFFFE, 12, 6]));
    put(44, &(tables as u32).to_le_bytes());
    put(48, &(tables as u32).to_le_bytes());
    put(60, &END.to_le_bytes());
    put(68, &END.to_le_bytes());
    put(76, &[0xFF; 436]);
    for table in 0..tables {
        put(76 + table * 4, &(table as u32).to_le_bytes());
    }
    let mut directory = vec![0u8; SECTOR];
    let first = tables as u32 + 1;
    for (at, (name, start, length)) in
        [("Root Entry", END, 0), ("Workbook", first, length)].iter().enumerate()
    {
        let entry = &mut directory[at * 128..(at + 1) * 128];
        entry[..name.len() * 2].copy_from_slice(&words(&name.encode_utf16().collect::<Vec<_>>()));
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&(*length as u32).to_le_bytes());
    }
    let table: Vec<u8> = chains.iter().flat_map(|sector| sector.to_le_bytes()).collect();
    [header, table, directory, stream].concat()
}

fn number(row: usize, column: u16) -> Vec<u8> {
    record(0x0203, &[words(&[row as u16, column, 0]), 1.0f64.to_le_bytes().to_vec()].concat())
}

/// Numbers of three hundred digits.
fn large_numbers(count: usize) -> Vec<u8> {
    many(count, |at| {
        let place = words(&[(at / 256) as u16, (at % 256) as u16, 0]);
        record(0x0203, &[place, 1.234e300f64.to_le_bytes().to_vec()].concat())
    })
}

fn numbers(count: usize) -> Vec<u8> {
    many(count, |at| number(at / 256, (at % 256) as u16))
}

/// One string after another, each with these flags and what follows them.
fn strings(one: &[u8], count: usize) -> Vec<u8> {
    let head = record(0x00FC, &[[0xFF; 8].as_slice(), one].concat());
    [head, many(count - 1, |_| record(CONTINUE, one))].concat()
}

fn shared(count: usize) -> Vec<u8> {
    many(count, |at| record(0x00FD, &words(&[(at / 256) as u16, (at % 256) as u16, 0, 0, 0])))
}

fn format(number: u16, code: &str) -> Vec<u8> {
    record(0x041E, &[words(&[number, code.len() as u16]), vec![0], code.as_bytes().to_vec()].concat())
}

fn style(format: u16) -> Vec<u8> {
    record(0x00E0, &words(&[0, format, 0, 0, 0, 0, 0, 0, 0, 0]))
}

/// What says how large it is, and is not.
#[test]
fn claims() {
    let dimensions =
        |rows: u32| record(0x0200, &[&[0; 4], &rows.to_le_bytes()[..], &[0, 0, 255, 0], &[0; 2]].concat());
    let claimed = [dimensions(u32::MAX), number(0, 0)].concat();
    let corners = [dimensions(65_536), number(0, 0), number(65_535, 255)].concat();
    let corners: Vec<&[u8]> = vec![&corners; 190];
    let name = |at: u32| record(0x0085, &[&at.to_le_bytes()[..], &[0, 0, 2, 0, 0, b'S']].concat());
    let begin = record(BOF, &words(&[0x0600, 5]));
    let nowhere = [begin.clone(), name(u32::MAX), record(EOF, &[])].concat();
    let globals = [begin.clone(), name(0), record(EOF, &[])].concat();
    each(vec![
        ("given.xls", include_bytes!("../../attacks/xls-rect-60.xls").to_vec(), ""),
        ("far-cells.xls", sheet(&[number(0, 0), number(65_535, u16::MAX)].concat()), "E403"),
        ("claims-cells.xls", sheet(&claimed), "E406"),
        ("corners.xls", workbook(&[], &corners), "E406"),
        (
            "claims-blanks.xls",
            sheet(&many(1_000_000, |at| record(0x00BE, &words(&[at as u16, 0, 0, 0xFFFF])))),
            "E406",
        ),
        ("claims-numbers.xls", sheet(&record(0x00BD, &words(&[0, 0, 0, 0, 0, 255]))), "E403"),
        (
            "claims-letters.xls",
            workbook(&record(0x00FC, &[vec![0xFF; 8], vec![0xFF, 0xFF, 1]].concat()), &[&shared(9)]),
            "E403",
        ),
        (
            "claims-reading.xls",
            workbook(
                &record(0x00FC, &[vec![0xFF; 8], vec![1, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF, b'x']].concat()),
                &[&shared(9)],
            ),
            "E403",
        ),
        (
            "claims-boxes.xls",
            sheet(&many(500_000, |_| record(0x01B6, &words(&[0, 0, 0, 0, 0, 0xFFFF, 0])))),
            "E406",
        ),
        ("claims-joined.xls", sheet(&record(0x00E5, &words(&[0xFFFF]))), "E406"),
        ("cut.xls", compound(record(BOF, &words(&[0x0600, 5])), |_, _| {}), "E403"),
        ("cut-within.xls", compound([&begin[..], &[0x03, 0x02, 0xFF, 0xFF]].concat(), |_, _| {}), "E403"),
        ("nowhere.xls", compound(nowhere, |_, _| {}), "E403"),
        ("points-back.xls", compound(globals, |_, _| {}), "E406"),
        ("password.xls", workbook(&record(0x002F, &words(&[1, 1, 1])), &[]), "E401"),
    ]);
}

/// What is read again and again, or grows where it is read.
#[test]
fn heaps() {
    let long = |letters: u16| [words(&[letters]), vec![0], vec![b'a'; usize::from(letters)]].concat();
    let runs = |count: u16| {
        [
            words(&[30_000]),
            vec![8],
            words(&[count]),
            vec![b'a'; 30_000],
            many(usize::from(count), |_| words(&[29_999, 1])),
        ]
        .concat()
    };
    let formats = many(60_000, |at| [format(at as u16, "0.0\"円\""), style(at as u16)].concat());
    let zeros = |code: &str| [format(164, code), style(164)].concat();
    let echo = zeros(&"@".repeat(250));
    let boxes = many(200_000, |at| {
        let text = record(CONTINUE, &[0, b'x']);
        [record(0x005D, &words(&[0, 0, 0, at as u16])), record(0x01B6, &words(&[0, 0, 0, 0, 0, 1, 0])), text]
            .concat()
    });
    let joined = many(800, |_| {
        record(0x00E5, &[words(&[1_000]), many(1_000, |at| words(&[at as u16, 0xFFFF, 0, 255]))].concat())
    });
    let hidden = many(900_000, |at| record(0x0208, &words(&[at as u16, 0, 0, 0, 0, 0, 0x20])));
    let columns = many(200_000, |at| record(0x007D, &words(&[at as u16 % 256, 0xFFFF, 0, 0, 1])));
    let formula = |at: usize| {
        let cell = [words(&[at as u16, 0, 0]), vec![0, 0, 0, 0, 0, 0, 0xFF, 0xFF], vec![0; 8]].concat();
        [record(0x0006, &cell), record(0x0207, &long(8_000))].concat()
    };
    let charts = many(2_000_000, |_| record(BOF, &[]));
    let sheets = vec![&[][..]; 300];
    // Many names of one large sheet.
    let begin = record(BOF, &words(&[0x0600, 5]));
    let bounds = 199;
    let at = (begin.len() + bounds * 16 + 4) as u32;
    let same = many(bounds, |number| {
        record(0x0085, &[&at.to_le_bytes()[..], &[0, 0, 4, 0], format!("S{number:03}").as_bytes()].concat())
    });
    let one = |cells: Vec<u8>| {
        let stream = [begin.clone(), same.clone(), record(EOF, &[]), begin.clone(), cells, record(EOF, &[])];
        compound(stream.concat(), |_, _| {})
    };
    each(vec![
        ("long-strings.xls", workbook(&strings(&long(8_000), 1), &[&shared(60_000)]), "E402"),
        ("many-strings.xls", workbook(&strings(&long(0), 2_000_000), &[]), "E402"),
        ("many-runs.xls", workbook(&strings(&runs(8_000), 1), &[&shared(1)]), ""),
        ("many-long-runs.xls", workbook(&strings(&runs(8_000), 60), &[&shared(1)]), ""),
        ("many-formats.xls", workbook(&formats, &[]), "E402"),
        ("many-styles.xls", workbook(&many(400_000, |_| style(0)), &[]), "E402"),
        ("many-fonts.xls", workbook(&many(400_000, |_| record(0x0031, &[0; 14])), &[]), "E402"),
        ("blanks.xls", sheet(&many(1_000_000, |at| record(0x0201, &words(&[at as u16, 1, 0])))), "E406"),
        ("literals.xls", workbook(&zeros(&format!("0\"{}\"", "x".repeat(240))), &[&numbers(20_000)]), ""),
        ("zeros.xls", workbook(&zeros(&"0".repeat(250)), &[&numbers(5_000)]), ""),
        ("decimals.xls", workbook(&zeros(&format!("0.{}", "0".repeat(248))), &[&numbers(5_000)]), ""),
        ("percents.xls", workbook(&zeros(&"%".repeat(250)), &[&numbers(5_000)]), ""),
        ("digits.xls", workbook(&zeros("#,##0.00"), &[&large_numbers(5_000)]), ""),
        ("fractions.xls", workbook(&zeros("# ????????????/????????????"), &[&numbers(40_000)]), ""),
        ("sections.xls", workbook(&zeros(&";".repeat(250)), &[&numbers(40_000)]), ""),
        ("echo.xls", workbook(&[echo, strings(&long(900), 1)].concat(), &[&shared(60_000)]), "E402"),
        (
            "long-echo.xls",
            workbook(&[zeros(&"@".repeat(8_000)), strings(&long(8_000), 1)].concat(), &[&shared(1)]),
            "",
        ),
        ("many-numbers.xls", workbook(&[], &[&numbers(60_000), &numbers(60_000)]), ""),
        ("too-many-numbers.xls", workbook(&[], &[numbers(60_000).as_slice(); 6]), "E402"),
        ("many-boxes.xls", sheet(&boxes), "E402"),
        ("joined.xls", sheet(&joined), "E402"),
        ("hidden.xls", sheet(&hidden), "E406"),
        ("hidden-columns.xls", sheet(&columns), "E402"),
        ("formulas.xls", sheet(&many(600, formula)), ""),
        ("charts.xls", sheet(&charts), "E403"),
        ("many-sheets.xls", workbook(&[], &sheets), "E402"),
        ("same-sheet.xls", one(numbers(40_000)), "E402"),
        ("empty-records.xls", sheet(&many(2_000_000, |_| record(0, &[]))), "E406"),
        (
            "empty-continued.xls",
            workbook(&[record(0x00FC, &[0; 8]), many(2_000_000, |_| record(CONTINUE, &[]))].concat(), &[]),
            "E406",
        ),
    ]);
}

/// Sectors that follow on each other in a ring, or belong to several.
#[test]
fn sectors() {
    let records = || [record(BOF, &words(&[0x0600, 5])), record(EOF, &[])].concat();
    let long = || [records(), vec![0; 15 << 20]].concat();
    let mut tables = compound(records(), |_, _| {});
    // The table of sectors is the same one a hundred times, and goes on in itself.
    for at in 0..109 {
        tables[76 + at * 4..80 + at * 4].fill(0);
    }
    tables[68..72].fill(0);
    each(vec![
        ("ring.xls", compound(records(), |chains, directory| chains[directory] = directory as u32), "E403"),
        ("ring-stream.xls", compound(long(), |chains, at| chains[at + 5] = at as u32 + 3), ""),
        ("long-directory.xls", compound(long(), |chains, at| chains[at] = at as u32 + 1), ""),
        ("shared.xls", compound(long(), |chains, at| chains[at + 9] = at as u32), ""),
        ("tables.xls", tables, "E403"),
        ("beyond.xls", compound(records(), |chains, at| chains[at + 1] = 0x00FF_FFFF), ""),
    ]);
}

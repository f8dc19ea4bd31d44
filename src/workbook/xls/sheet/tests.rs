//! Sheets made record by record.

use super::super::globals::DATE_MODE;
use super::*;
use crate::workbook::number_format::Shown;

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

/// A sheet with these records, of a workbook with those.
fn read(version: u16, globals: &[(u16, Vec<u8>)], records: &[(u16, Vec<u8>)]) -> Result<Sheet, Refusal> {
    let mut budget = Budget::default();
    let globals = [&[(BOF, words(&[version, 5]))], globals, &[(EOF, vec![])]].concat();
    let globals = Globals::read(&stream(&globals), &mut budget)?;
    let records = [&[(BOF, vec![])], records, &[(EOF, vec![])]].concat();
    let bound = BoundSheet { at: 0, name: String::new(), is_hidden: false, kind: SheetKind::Cells };
    sheet(&stream(&records), bound, &globals, &mut budget)
}

fn shown(sheet: &Sheet) -> Vec<String> {
    sheet.cells.iter().map(|((row, column), cell)| format!("{row},{column} {}", cell.shown())).collect()
}

fn at(row: u16, column: u16, style: u16, more: &[u8]) -> Vec<u8> {
    [&words(&[row, column, style]), more].concat()
}

#[test]
fn notes_boxes_strikes_and_hidden_rows_are_noted() {
    let text =
        |text: &str| [vec![1], text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat();
    let code: Vec<u8> = [words(&[164, 4]), vec![0], b"0.0%".to_vec()].concat();
    let object = |id: u16| words(&[0x15, 0x12, 0x19, id]);
    let txo = |length: u16| words(&[0, 0, 0, 0, 0, length, 16]);
    let globals = [
        (0x0031, words(&[200, 0])),
        (0x0031, words(&[200, 8])),
        (0x041E, code),
        (0x00E0, words(&[0, 164, 0])),
        (0x00E0, words(&[1, 0, 1])),
    ];
    let sheet = read(
        0x0600,
        &globals,
        &[
            (ROW, words(&[3, 0, 0, 0, 0, 0, 0x20])),
            (ROW, words(&[9, 0, 0, 0, 0, 0, 0x20])),
            (COL_INFO, words(&[4, 6, 0, 0, 1])),
            (COL_INFO, words(&[5, 7, 0, 0, 1])),
            (NUMBER, at(3, 2, 0, &[0; 8])),
            (NUMBER, at(4, 2, 1, &[0; 8])),
            (MERGE_CELLS, words(&[1, 3, 5, 2, 2])),
            (OBJ, object(9)),
            (TXO, txo(3)),
            (0x003C, text("暫定値")),
            (0x003C, vec![0; 16]),
            (OBJ, object(10)),
            (TXO, txo(2)),
            (0x003C, text("欄外")),
            (NOTE, words(&[3, 2, 0, 9])),
        ],
    )
    .unwrap();
    assert_eq!(sheet.hidden_rows.iter().collect::<Vec<_>>(), [&3]);
    assert_eq!(sheet.hidden_columns, [(4, 7)]);
    assert_eq!(sheet.merged, [((3, 2), (5, 2))]);
    assert_eq!(sheet.looks[&(4, 2)].struck, Strikethrough::Whole);
    assert!(sheet.looks[&(3, 2)].unlocked);
    let Cell::Number(number) = &sheet.cells[&(3, 2)] else { panic!() };
    assert_eq!((number.is_percent, &number.shown), (true, &Shown::Text("0.0%".to_owned())));
    let said: Vec<String> =
        sheet.notes.iter().map(|note| format!("{:?} {:?} {}", note.kind, note.at, note.text)).collect();
    assert_eq!(said, ["Comment Some((3, 2)) 暫定値", "Shape None 欄外"]);
}

/// Every kind of cell and of a formula's result.
#[test]
fn cells_of_all_kinds_are_read() {
    let result = |kind: u8, value: u8| [kind, 0, value, 0, 0, 0, 0xFF, 0xFF];
    let date = [words(&[0]), words(&[14])].concat();
    let sheet = read(
        0x0600,
        &[(0x00E0, vec![0; 4]), (0x00E0, date), (DATE_MODE, words(&[1]))],
        &[
            (NUMBER, at(0, 0, 0, &5.5f64.to_le_bytes())),
            (NUMBER, at(0, 1, 1, &43_538f64.to_le_bytes())),
            (RK, at(0, 2, 0, &(((-7i32 as u32) << 2) | 2).to_le_bytes())),
            (RK, at(0, 3, 0, &((1234 << 2) | 3u32).to_le_bytes())),
            (RK, at(0, 4, 0, &((1.5f64.to_bits() >> 32) as u32).to_le_bytes())),
            (MUL_RK, [words(&[1, 0, 0, 6, 0, 0, 10, 0]), words(&[1])].concat()),
            (LABEL, at(2, 0, 0, &[2, 0, 0, b'A', b'B'])),
            (RICH_STRING, at(2, 1, 0, &[1, 0, 1, 0xBA, 0x4E, 1, 0, 0, 0, 0, 0])),
            (LABEL, at(2, 2, 0, &[2, 0, 0, b' ', b' '])),
            (BOOL_ERR, at(3, 0, 0, &[1, 0])),
            (BOOL_ERR, at(3, 1, 0, &[0x17, 1])),
            (FORMULA, at(4, 0, 0, &2.5f64.to_le_bytes())),
            (FORMULA, at(4, 1, 0, &result(0, 0))),
            (0x04BC, vec![0; 8]),
            (STRING, vec![2, 0, 0, b'o', b'k']),
            (FORMULA, at(4, 2, 0, &result(1, 1))),
            (FORMULA, at(4, 3, 0, &result(2, 0x07))),
            (FORMULA, at(4, 4, 0, &result(3, 0))),
            (FORMULA, at(4, 5, 0, &result(0, 0))),
            (FORMULA, at(4, 6, 0, &result(0, 0))),
            (STRING, vec![0, 0]),
            // A chart within the sheet has cells of its own.
            (BOF, vec![]),
            (NUMBER, at(9, 9, 0, &[0; 8])),
            (EOF, vec![]),
        ],
    )
    .unwrap();
    let expected = [
        "0,0 5.5",
        "0,1 2023/3/15",
        "0,2 -7",
        "0,3 12.34",
        "0,4 1.5",
        "1,0 1",
        "1,1 2",
        "2,0 AB",
        "2,1 人",
        "3,0 TRUE",
        "3,1 #REF!",
        "4,0 2.5",
        "4,1 ok",
        "4,2 TRUE",
        "4,3 #DIV/0!",
        "4,5 （計算前の数式）",
    ];
    assert_eq!(shown(&sheet), expected);
}

/// Before Excel 97, texts are bytes of a code page, and notes hold their texts.
#[test]
fn older_texts_are_decoded() {
    let text = |text: &str| encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    let label = |words_: &str| {
        let bytes = text(words_);
        [words(&[bytes.len() as u16]), bytes].concat()
    };
    let records =
        [(LABEL, at(0, 0, 0, &label("担い手"))), (NOTE, [words(&[0, 0]), label("暫定値")].concat())];
    let sheet = read(0x0500, &[(0x0042, words(&[932]))], &records).unwrap();
    assert_eq!(shown(&sheet), ["0,0 担い手"]);
    assert_eq!((sheet.notes[0].at, sheet.notes[0].text.as_str()), (Some((0, 0)), "暫定値"));
    let unknown = read(0x0500, &[(0x0042, words(&[4711]))], &records[..1]).unwrap();
    assert_eq!(shown(&unknown), ["0,0 \u{FFFD}S\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"]);
}

#[test]
fn what_is_no_sheet_is_damaged() {
    for record in [
        (NUMBER, at(0, 256, 0, &[0; 8])),
        (NUMBER, at(0, 0, 0, &[0; 7])),
        (LABEL_SST, at(0, 0, 0, &[0; 4])),
        (LABEL, at(0, 0, 0, &[9, 0, 0, b'x'])),
        (MUL_RK, words(&[0, 9, 0, 0, 0, 3])),
        (FORMULA, vec![]),
    ] {
        assert_eq!(read(0x0600, &[], std::slice::from_ref(&record)), Err(Refusal::Damaged), "{record:?}");
    }
    assert_eq!(read(0x0600, &[(FILE_PASS, words(&[0, 1, 2]))], &[]), Err(Refusal::Encrypted));
    // Many columns claimed by a few bytes, and a sheet without an end.
    assert!(read(0x0600, &[], &[(MUL_BLANK, words(&[0, 0, 0, 0xFFFF]))]).unwrap().cells.is_empty());
    let cut = Records::from(&[], 0).unwrap().next(&mut Budget::default()).map(|_| ());
    assert_eq!(cut, Err(Refusal::Damaged));
}

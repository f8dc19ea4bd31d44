//! No figure enters the record in silence, and nothing that was typed is lost: whatever
//! is typed into a form, wherever, and however its rows and cells are moved about.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::plan::reading::compact;
use crate::workbook::{self, Book, Format, Look, Note, NoteKind, Position, Sheet, stated};

/// A project's department is always the same: one form is enough here.
fn master_of_items(items: &[(usize, usize, usize)]) -> Master {
    let owners = ["漁業", "農業"];
    let names = ["参加者", "講師", "相談", "割合"];
    let figures = ["10人,12人", "2件,3件", "50.0%,55.5%", ",", "1.20,1.35", "延べ500人,延べ620人"];
    let mut text = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,R5,備考\n基本目標,G1,1,目標\n分野,G1-A,ア,分野\n施策,G1-A-1,①,施策\n".to_owned();
    for (owner, name) in owners.iter().enumerate() {
        text.push_str(&format!("事業,P{owner},{owner},{name},水産課,,,目的,内容\n"));
        for (at, (_, item, figure)) in items.iter().enumerate().filter(|(_, (of, ..))| of % 2 == owner) {
            let (item, figure) = (names[item % names.len()], figures[figure % figures.len()]);
            text.push_str(&format!("事業量,P{owner}-{at},,{item},,,,,,,,{figure},,\n"));
        }
    }
    let (master, findings) = master::read(text.as_bytes(), "master.csv", &settings());
    assert!(!findings.has_errors(), "{:?}", said(&findings));
    master.unwrap()
}

fn items() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    prop::collection::vec((0usize..2, 0usize..4, 0usize..6), 2..7)
}

/// What a clerk types: a text, or a number and the format of its cell.
fn typed() -> impl Strategy<Value = Option<(String, &'static str)>> {
    let texts = prop::sample::select(vec![
        "11人",
        "11",
        "１２",
        "3件",
        "56%",
        "0.5",
        "延べ600人",
        "約12人",
        "月2回",
        "1 9人",
        "2\n3",
        "①3",
        "12人※",
        "20～30人",
        "—",
        "調査中",
        "1.255",
        "△3",
        "11\u{200B}",
        "5/3",
        "#REF!",
        "1億2千万円",
    ]);
    let codes = prop::sample::select(vec![
        "General",
        "0",
        "0.0",
        "0%",
        "0.0%",
        "#,##0",
        "#,##0,",
        "0\"人\"",
        "0\"件\"",
        ";;;",
        "\"約\"0",
        "0.0,,",
        "0.00E+00",
        "# ?/?",
        "[>10]0\"多\";0",
        "\"¥\"0",
        "0;;",
        "@",
    ]);
    let numbers = prop::sample::select(vec![
        11.0,
        12.0,
        3.0,
        0.5,
        0.555,
        5.7,
        55.4,
        1.255,
        600.0,
        1234.5,
        38_123_456.0,
        -3.0,
        0.0,
        45049.0,
    ]);
    let number = (numbers, codes).prop_map(|(number, code): (f64, _)| (number.to_string(), code));
    prop_oneof![
        2 => Just(None),
        2 => texts.prop_map(|text| Some((text.to_owned(), ""))),
        3 => number.prop_map(Some),
    ]
}

fn cell(text: &str, code: &str) -> Cell {
    if code.is_empty() {
        return Cell::Text(text.to_owned());
    }
    let (format, value) = (Format::new(code), text.parse().unwrap());
    Cell::Number(Number {
        value,
        is_percent: format.is_percent,
        is_date: format.is_date,
        shown: format.shown(value),
    })
}

/// How the cells of a form are moved about.
#[derive(Debug, Clone)]
pub(super) enum Move {
    Nothing,
    /// Whole rows, keys and all.
    Rows(Index, Index),
    /// What can be seen of two rows.
    Visible(Index, Index),
    /// A cell deleted, or inserted, in a column from the first label on: those below
    /// follow, looks and all.
    Delete(Index, usize),
    Insert(Index, usize),
    /// A row written over another, with its key or without.
    Copy(Index, Index, bool),
    /// The cells of two rows in one column.
    Swap(Index, Index, usize),
}

pub(super) fn moves() -> impl Strategy<Value = Move> {
    let row = any::<Index>;
    prop_oneof![
        Just(Move::Nothing),
        (row(), row()).prop_map(|(a, b)| Move::Rows(a, b)),
        (row(), row()).prop_map(|(a, b)| Move::Visible(a, b)),
        (row(), 0usize..10).prop_map(|(a, column)| Move::Delete(a, column)),
        (row(), 0usize..10).prop_map(|(a, column)| Move::Insert(a, column)),
        (row(), row(), any::<bool>()).prop_map(|(a, b, with_key)| Move::Copy(a, b, with_key)),
        (row(), row(), 0usize..8).prop_map(|(a, b, column)| Move::Swap(a, b, column)),
    ]
}

/// The form's sheet: where its rows stand, and which columns say what.
pub(super) const FIRST: u32 = 3;
const OWNER: u32 = 2;
const ITEM: u32 = 3;
/// R3 and R4 stand before it.
const INPUT: u32 = 9;
const LAST: u32 = 11;

fn put(sheet: &mut Sheet, at: Position, (cell, look): (Option<Cell>, Option<Look>)) {
    match cell {
        Some(cell) => drop(sheet.cells.insert(at, cell)),
        None => drop(sheet.cells.remove(&at)),
    }
    match look {
        Some(look) => drop(sheet.looks.insert(at, look)),
        None => drop(sheet.looks.remove(&at)),
    }
}

fn at(sheet: &Sheet, at: Position) -> (Option<Cell>, Option<Look>) {
    (sheet.cells.get(&at).cloned(), sheet.looks.get(&at).cloned())
}

fn exchange(sheet: &mut Sheet, one: u32, other: u32, columns: std::ops::RangeInclusive<u32>) {
    for column in columns {
        let (a, b) = (at(sheet, (one, column)), at(sheet, (other, column)));
        put(sheet, (one, column), b);
        put(sheet, (other, column), a);
    }
}

pub(super) fn moved(sheet: &mut Sheet, rows: u32, how: &Move) {
    let row = |index: &Index| FIRST + index.index(rows as usize) as u32;
    let end = FIRST + rows;
    match how {
        Move::Nothing => {}
        Move::Rows(a, b) => exchange(sheet, row(a), row(b), 0..=LAST),
        Move::Visible(a, b) => exchange(sheet, row(a), row(b), 1..=LAST),
        Move::Delete(from, column) => {
            let column = *column as u32 + 1;
            for below in row(from)..end {
                let next = at(sheet, (below + 1, column));
                put(sheet, (below, column), next);
            }
        }
        Move::Insert(from, column) => {
            let column = *column as u32 + 1;
            for below in (row(from)..end).rev() {
                let here = at(sheet, (below, column));
                put(sheet, (below + 1, column), here);
            }
            // The new cell looks like the one above it.
            let look = sheet.looks.get(&(row(from), column)).cloned();
            put(sheet, (row(from), column), (None, look));
        }
        Move::Copy(from, to, with_key) => {
            for column in u32::from(!with_key)..=LAST {
                let copied = at(sheet, (row(from), column));
                put(sheet, (row(to), column), copied);
            }
        }
        Move::Swap(a, b, column) => {
            let column = *column as u32 + 1;
            exchange(sheet, row(a), row(b), column..=column);
        }
    }
}

fn books(items: &[(usize, usize, usize)]) -> (Master, Form, Book) {
    let master = master_of_items(items);
    let form = sent(&master).into_iter().next().unwrap();
    let book = workbook::read(&self::workbook(&form, &master)).unwrap();
    (master, form, book)
}

fn outcome_of(master: &Master, book: &Book) -> Outcome {
    let (read, findings) = returned::interpret(book, "回答.xlsx");
    let returned = match read {
        Read::Form(form) => vec![*form],
        _ => vec![],
    };
    let request = Request {
        master,
        settings: &settings(),
        year: Some(r5()),
        accept_revisions: false,
        revised: &[],
        left_out: &[],
        today: "2026-05-20".parse().unwrap(),
    };
    let mut outcome =
        collect(request, &returned.into_iter().map(|returned| (returned, None)).collect::<Vec<_>>());
    let mut all = findings;
    all.append(std::mem::take(&mut outcome.findings));
    outcome.findings = all;
    outcome
}

/// Whether a change says what the sheet shows: the same figure, or the same word.
pub(super) fn says_the_same(new: &str, shown: &str) -> bool {
    let vocabulary = Vocabulary::default();
    let number = |text: &str| stated(text, &vocabulary).map(|quantity| quantity.number);
    match (number(new), number(shown)) {
        (Some(new), Some(shown)) => new == shown,
        _ => compact(new) == compact(shown),
    }
}

/// All that 照会結果 says.
pub(super) fn told(outcome: &Outcome) -> String {
    let mut all = String::new();
    for change in &outcome.changes {
        all.push_str(&format!("{}\n{}\n", change.new, change.remark));
    }
    for query in &outcome.queries {
        all.push_str(&format!("{}\n{}\n{}\n", query.question, query.answer, query.remark));
    }
    for writing in &outcome.writings {
        all.push_str(&format!("{}\n", writing.text));
    }
    for finding in &outcome.findings {
        all.push_str(&format!("{}\n", finding.message()));
    }
    for entry in &outcome.departments {
        all.push_str(&format!("{}\n", entry.clerk));
    }
    all
}

/// The count over 「確認」 is the form's own, whatever it says; a name beside it is the clerk's.
#[test]
fn the_count_is_no_writing_and_nobodys_name() {
    let (master, _, book) = books(&[(0, 0, 0), (0, 1, 1)]);
    let count: Position = (1, LAST);
    assert_eq!(book.sheets[0].cells[&count], Cell::Text("未記入 2件".into()));
    for (count_now, name) in [
        (Cell::Text("未記入 1件".into()), ""),
        (Cell::NotCalculated, ""),
        (Cell::Text("未記入 0件".into()), "根室"),
    ] {
        let mut book = book.clone();
        book.sheets[0].cells.insert(count, count_now);
        if !name.is_empty() {
            book.sheets[0].cells.insert((1, LAST - 1), Cell::Text(name.into()));
        }
        let outcome = outcome_of(&master, &book);
        assert!(outcome.findings.is_empty() && outcome.writings.is_empty(), "{:?}", outcome.writings);
        let entry = outcome.departments.iter().find(|entry| entry.department == "水産課").unwrap();
        assert_eq!(entry.clerk, name);
    }
    let mut book = book;
    book.sheets[0].cells.insert(count, Cell::Text("未記入 2件ですが、7人と思います".into()));
    assert_eq!(outcome_of(&master, &book).writings.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// 記入欄に何が書かれ、行がどう動いても、マスタに入る数値は、横に名前のある項目の、
    /// 表示されていた値である。そうでなければ確認事項になる。
    #[test]
    fn a_figure_reaches_the_name_that_stood_beside_it(
        items in items(),
        answers in prop::collection::vec(typed(), 7),
        how in moves(),
        remark in prop::sample::select(vec!["", "理由"]),
    ) {
        let (master, form, mut book) = books(&items);
        let rows = form.rows.len() as u32;
        let sheet = &mut book.sheets[0];
        for (row, answer) in (FIRST..FIRST + rows).zip(&answers) {
            if let Some((text, code)) = answer {
                sheet.cells.insert((row, INPUT), cell(text, code));
            }
            if !remark.is_empty() {
                sheet.cells.insert((row, INPUT + 1), Cell::Text(remark.to_owned()));
            }
        }
        moved(sheet, rows, &how);
        let sheet = book.sheets[0].clone();
        let outcome = outcome_of(&master, &book);
        let shows = |row: u32, column: u32| sheet.shown((row, column)).unwrap_or_default();
        for change in &outcome.changes {
            let beside = (FIRST..=FIRST + rows).any(|row| {
                compact(&shows(row, ITEM)) == compact(&change.item)
                    && compact(&shows(row, OWNER)) == compact(&change.owner)
                    && says_the_same(&change.new, &shows(row, INPUT))
            });
            prop_assert!(beside, "{change:?} after {how:?}\n{:?}", said(&outcome.findings));
        }
        // An answer that did not get there is told.
        let told = told(&outcome);
        for row in FIRST..=FIRST + rows {
            let shown = shows(row, INPUT);
            let is_taken = outcome.changes.iter().any(|change| says_the_same(&change.new, &shown));
            prop_assert!(is_taken || told.contains(shown.trim()), "「{shown}」 after {how:?}\n{told}");
        }
    }

    /// シートのどこに何を書いても、照会結果のどこかに出る。
    #[test]
    fn nothing_that_was_typed_is_lost(
        items in items(),
        places in prop::collection::vec((0usize..3, 0u32..22, 0u32..15, any::<bool>()), 1..6),
        notes in prop::collection::vec((0u32..22, 0u32..15, any::<bool>()), 0..3),
    ) {
        let (master, _, mut book) = books(&items);
        let mut typed: Vec<(Position, usize, String)> = Vec::new();
        for (number, (sheet, row, column, as_number)) in places.iter().enumerate() {
            let last = book.sheets.len() - 1;
            let sheet = (*sheet).min(last);
            let at = (*row, *column);
            let cell = if *as_number {
                Cell::Number(Number::plain(f64::from(71_001 + 10 * number as u32)))
            } else {
                Cell::Text(format!("書き込み{number}です"))
            };
            // The second of two texts in one cell is the one that is there.
            typed.retain(|(of, on, _)| (*of, *on) != (at, sheet));
            typed.push((at, sheet, cell.shown()));
            book.sheets[sheet].cells.insert(at, cell);
        }
        for (number, (row, column, is_shape)) in notes.iter().enumerate() {
            let kind = if *is_shape { NoteKind::Shape } else { NoteKind::Comment };
            let text = format!("メモ{number}番");
            typed.push(((*row, *column), 0, text.clone()));
            book.sheets[0].notes.push(Note { at: Some((*row, *column)), kind, text });
        }
        let outcome = outcome_of(&master, &book);
        let told = told(&outcome);
        for (at, sheet, text) in &typed {
            // A number that was taken over is told as the row prints it.
            let is_taken = outcome.changes.iter().any(|change| says_the_same(&change.new, text));
            prop_assert!(is_taken || told.contains(text.as_str()), "「{text}」 at {at:?} of sheet {sheet}\n{told}");
        }
    }
}

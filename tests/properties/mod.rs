//! What is always true of a finished document, whatever the plan.
//!
//! Each property is stated on the grid alone and measured anew: nothing here asks the
//! composer or the paginator how they came to their result.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::expect_used)]

mod figures;
mod origins;

use std::collections::BTreeMap;

use jisseki::layout::Length;
use jisseki::layout::grid::{Cell, Content, Document, PageFrame, Role, Sheet, TableKind};
use jisseki::layout::text::Breaker;
use jisseki::plan::Plan;

use crate::plans::{Set, Shown, fonts};

/// What holds for any template.
pub fn hold_for_any_template(set: &Set) {
    for sheet in &set.document.sheets {
        cells_do_not_overlap(sheet);
        rows_are_whole_pixels(sheet);
        rows_are_such_as_excel_holds(sheet);
        pages_hold_all_rows_and_fit(sheet, &set.document.page);
        for cell in &sheet.cells {
            lines_say_the_text(cell);
            lines_fit(sheet, cell);
            breaks_are_japanese(sheet, cell);
            no_cell_spans_a_page_break(sheet, cell);
        }
    }
    contents_name_the_right_pages(&set.document);
    figures::are_the_plans(set);
    figures::heads_stand_over_their_figures(set);
    figures::continued_tables_repeat_their_heads(set);
}

/// All properties at once, for the official template.
pub fn hold(set: &Set) {
    for sheet in &set.document.sheets {
        cells_do_not_overlap(sheet);
        rows_are_whole_pixels(sheet);
        rows_are_such_as_excel_holds(sheet);
        pages_hold_all_rows_and_fit(sheet, &set.document.page);
        for cell in &sheet.cells {
            lines_say_the_text(cell);
            lines_fit(sheet, cell);
            breaks_are_japanese(sheet, cell);
            no_cell_spans_a_page_break(sheet, cell);
        }
        headings_stay_with_what_they_head(sheet);
        blocks_are_whole(sheet, &set.document.page);
        continued_tables_repeat_their_heads(sheet, &set.plan);
    }
    years_stand_in_one_place(&set.document, &set.plan);
    contents_name_the_right_pages(&set.document);
    everything_is_said(set);
    origins::origins_say_what_the_plan_says(set);
    origins::every_printed_row_has_its_page(set);
}

/// The official template's words.
pub const VOLUME: &str = "事業量";
pub const ITEM: &str = "項　目";

/// The name beside a table.
pub fn caption(sheet: &Sheet, table: usize) -> &str {
    let found = sheet.cells.iter().find(|cell| cell.table == Some(table) && cell.role == Role::Caption);
    found.map_or("", Cell::text)
}

fn sum(rows: impl Iterator<Item = Length>) -> Length {
    rows.sum()
}

/// The page of a row, counted within the sheet.
fn page(sheet: &Sheet, row: usize) -> usize {
    sheet.pages.iter().position(|page| page.contains(&row)).expect("every row is on a page")
}

fn cells_do_not_overlap(sheet: &Sheet) {
    let mut taken: BTreeMap<(usize, usize), &Cell> = BTreeMap::new();
    for cell in &sheet.cells {
        assert!(cell.row_span > 0 && cell.column_span > 0, "{cell:?}");
        assert!(cell.row + cell.row_span <= sheet.rows.len(), "{cell:?}");
        assert!(cell.column + cell.column_span <= sheet.columns.len(), "{cell:?}");
        for row in cell.row..cell.row + cell.row_span {
            for column in cell.column..cell.column + cell.column_span {
                let other = taken.insert((row, column), cell);
                assert!(other.is_none(), "{}: {cell:?}\nlies on\n{other:?}", sheet.name);
            }
        }
    }
}

fn rows_are_whole_pixels(sheet: &Sheet) {
    for row in &sheet.rows {
        assert_eq!(row.height.emu() % Length::pt(0.75).emu(), 0, "{row:?}");
    }
}

/// No row is taller than 409.5 pt, and none is nothing.
fn rows_are_such_as_excel_holds(sheet: &Sheet) {
    for row in &sheet.rows {
        assert!(row.height <= Length::pt(409.5) && row.height >= Length::ZERO, "{row:?}");
    }
}

fn pages_hold_all_rows_and_fit(sheet: &Sheet, frame: &PageFrame) {
    let mut next = 0;
    for (at, rows) in sheet.pages.iter().enumerate() {
        assert_eq!(rows.start, next, "{}: page {at} begins where the last ended", sheet.name);
        assert!(!rows.is_empty(), "{}: page {at} is empty", sheet.name);
        next = rows.end;
        let height = sum(sheet.rows_of_page(at).map(|row| sheet.rows[row].height));
        assert!(
            height <= frame.body_height(),
            "{}: page {at} is {} mm too tall; it holds {:?}",
            sheet.name,
            (height - frame.body_height()).to_mm(),
            sheet.cells.iter().filter(|c| rows.contains(&c.row)).map(Cell::text).collect::<Vec<_>>(),
        );
    }
    assert_eq!(next, sheet.rows.len(), "{}: every row is on a page", sheet.name);
    assert!(sum(sheet.columns.iter().copied()) <= frame.body_width());
}

fn lines_say_the_text(cell: &Cell) {
    let lines: String = cell.lines.iter().map(|line| line.text.as_str()).collect();
    let text: String = match &cell.content {
        Content::Stacked(text) => text.split_whitespace().collect(),
        _ => cell.text().split('\n').map(|line| line.trim_end_matches('\r')).collect(),
    };
    assert_eq!(lines, text);
}

fn lines_fit(sheet: &Sheet, cell: &Cell) {
    let style = cell.style;
    let room = sheet.width_of(cell) - style.padding * 2;
    for line in &cell.lines {
        let width = fonts().width(line.text.trim_end(), style.size, style.bold);
        // Lines are broken by their full widths, and drawn with blanks of half an em closed up.
        let halves = (width - line.width).emu() as f64 * 2.0 / style.size.emu() as f64;
        assert!(halves >= 0.0 && (halves - halves.round()).abs() < 1e-3, "{line:?}");
        assert!(line.indent + width <= room, "{line:?} in {} mm", room.to_mm());
    }
    let height = style.leading * cell.lines.len() as i64;
    assert!(height <= sheet.height_of(cell), "{:?} in {} mm", cell.lines, sheet.height_of(cell).to_mm());
}

/// 行頭禁則: never at the start of a line (JIS X 4051, 6.1).
const NOT_FIRST: &str = "、。，．,.)）〕］｝〉》」』】〙〗〟’”»ヽヾーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖ々〻‐゠–〜～？！?!・：；:;％%‰℃";
/// 行末禁則: never at its end.
const NOT_LAST: &str = "(（〔［｛〈《「『【〘〖〝‘“«＃№";

/// Kinsoku, and no number parted from its unit; where no word is wider than the cell.
fn breaks_are_japanese(sheet: &Sheet, cell: &Cell) {
    if matches!(cell.content, Content::Stacked(_)) {
        return;
    }
    let style = cell.style;
    let room = sheet.width_of(cell) - style.padding * 2;
    if Breaker::new(fonts()).longest_word(cell.text(), style.size, style.bold) > room {
        return;
    }
    // Breaks the plan itself asks for are the plan's own.
    let asked: Vec<usize> = cell
        .text()
        .split('\n')
        .scan(0, |at, line| {
            *at += line.trim_end_matches('\r').chars().count();
            Some(*at)
        })
        .collect();
    let mut at = 0;
    for pair in cell.lines.windows(2) {
        at += pair[0].text.chars().count();
        let (Some(last), Some(first)) = (pair[0].text.chars().last(), pair[1].text.chars().next()) else {
            continue;
        };
        // Where the plan has a blank or a break of its own, a line may always end.
        if asked.contains(&at) || last.is_whitespace() {
            continue;
        }
        assert!(!NOT_FIRST.contains(first), "「{first}」 begins a line of {:?}", cell.lines);
        assert!(!NOT_LAST.contains(last), "「{last}」 ends a line of {:?}", cell.lines);
        let digit = last.is_ascii_digit() || ('０'..='９').contains(&last);
        assert!(!(digit && first.is_alphanumeric()), "{last}|{first} in {:?}", cell.lines);
    }
}

fn no_cell_spans_a_page_break(sheet: &Sheet, cell: &Cell) {
    let last = cell.row + cell.row_span - 1;
    assert_eq!(page(sheet, cell.row), page(sheet, last), "{cell:?}");
}

/// A heading is on the page of what it heads; a heading of nothing may stand anywhere.
fn headings_stay_with_what_they_head(sheet: &Sheet) {
    let said: Vec<&Cell> = sheet.cells.iter().filter(|cell| cell.role != Role::Artifact).collect();
    for pair in said.windows(2) {
        let Role::Heading(level) = pair[0].role else { continue };
        let heads_nothing = matches!(pair[1].role, Role::Heading(next) if next <= level);
        assert!(
            heads_nothing || page(sheet, pair[0].row) == page(sheet, pair[1].row),
            "「{}」 is parted from 「{}」",
            pair[0].text(),
            pair[1].text()
        );
    }
}

/// What may stand above a block on a fresh page besides the rows that repeat and its
/// headings: a running head and distances.
const ABOVE_MM: f64 = 16.0;

/// A project or a table is on one page, unless it is taller than a page.
fn blocks_are_whole(sheet: &Sheet, frame: &PageFrame) {
    let height = |rows: &[usize]| sum(rows.iter().map(|row| sheet.rows[*row].height));
    let repeated = sheet.repeat.clone().unwrap_or(0..0).map(|row| sheet.rows[row].height).sum();
    let room = frame.body_height() - repeated - Length::mm(ABOVE_MM);
    let mut headings = Length::ZERO;
    // Each block with the rows it cannot do without.
    let mut blocks: Vec<(String, Vec<usize>, Length)> = Vec::new();
    let mut table = None;
    for cell in sheet.cells.iter().filter(|cell| cell.role != Role::Artifact) {
        let kind = cell.table.map(|table| (sheet.tables[table].kind, caption(sheet, table)));
        match (cell.role, kind) {
            (Role::Heading(4), _) => {
                blocks.push((cell.text().to_owned(), vec![cell.row], headings));
                headings = Length::ZERO;
            }
            (Role::Heading(_) | Role::Title, _) => headings += sheet.rows[cell.row].height,
            (_, Some((TableKind::Contents, _))) => {}
            (Role::RowHeader, Some((_, VOLUME))) => {
                blocks.last_mut().unwrap().1.push(cell.row);
            }
            (_, Some((_, VOLUME))) => {}
            (_, Some(_)) => {
                if table != cell.table {
                    table = cell.table;
                    blocks.push((format!("{kind:?}"), Vec::new(), headings));
                    headings = Length::ZERO;
                }
                if cell.column_span < sheet.columns.len() && cell.role != Role::Caption {
                    blocks.last_mut().unwrap().1.push(cell.row);
                }
            }
            _ => {}
        }
    }
    for (name, mut rows, headings) in blocks {
        rows.dedup();
        rows.sort_unstable();
        rows.dedup();
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { continue };
        let split = page(sheet, *first) != page(sheet, *last);
        assert!(
            !split || height(&rows) > room - headings,
            "{}: 「{name}」 is split though it is only {} mm tall",
            sheet.name,
            height(&rows).to_mm()
        );
    }
}

/// On every page on which a table of 数値目標 or KPI stands, its heads stand above it.
fn continued_tables_repeat_their_heads(sheet: &Sheet, plan: &Plan) {
    for (at, table) in sheet.tables.iter().enumerate() {
        if table.kind == TableKind::Contents || caption(sheet, at) == VOLUME {
            continue;
        }
        for rows in &sheet.pages {
            let body = sheet
                .cells
                .iter()
                .find(|c| c.table == Some(at) && c.role == Role::RowHeader && rows.contains(&c.row));
            let Some(body) = body else { continue };
            let above: Vec<&str> = sheet
                .cells
                .iter()
                .filter(|c| rows.contains(&c.row) && c.row + c.row_span == body.row)
                .map(Cell::text)
                .collect();
            let mut heads = vec![ITEM.to_owned()];
            heads.extend(year_labels(plan));
            for head in heads {
                assert!(above.contains(&head.as_str()), "{head} above {:?}: {above:?}", body.text());
            }
        }
    }
}

/// What stands over the figures of each year.
pub fn year_labels(plan: &Plan) -> Vec<String> {
    plan.years.iter().map(|year| format!("{year}（実績）")).collect()
}

fn years_stand_in_one_place(document: &Document, plan: &Plan) {
    for label in year_labels(plan) {
        let mut places: Vec<(Length, Length)> = document
            .sheets
            .iter()
            .flat_map(|sheet| {
                let heads = sheet.cells.iter().filter(|c| c.text() == label && c.style.fill.is_some());
                heads.map(|cell| (sheet.column_offset(cell.column), sheet.width_of(cell)))
            })
            .collect();
        places.sort_unstable();
        places.dedup();
        assert!(places.len() <= 1, "{label} stands at {places:?}");
    }
}

fn contents_name_the_right_pages(document: &Document) {
    for sheet in &document.sheets {
        let entries: Vec<&Cell> = sheet.cells.iter().filter(|c| c.role == Role::ContentsEntry).collect();
        for pair in entries.chunks(2) {
            let (heading, number) = (pair[0], pair[1]);
            let link = heading.link.unwrap();
            assert_eq!(number.link, Some(link));
            let to = &document.sheets[link.sheet];
            let found = to.cells.iter().find(|c| c.row == link.row && matches!(c.role, Role::Heading(_)));
            assert_eq!(found.unwrap().text(), heading.text());
            let printed = to.first_page.unwrap() + page(to, link.row);
            assert_eq!(number.text(), printed.to_string(), "{}", heading.text());
        }
    }
}

/// Every text of the plan that the template shows stands in a cell.
fn everything_is_said(set: &Set) {
    let said: Vec<&str> = set.document.sheets.iter().flat_map(|s| &s.cells).map(Cell::text).collect();
    let show = Shown::of(&set.template);
    let holds = |text: &str| assert!(said.iter().any(|cell| cell.contains(text)), "{text:?} is not said");
    let trimmed = |text: &str| text.trim_matches([' ', '　']).to_owned();
    for goal in &set.plan.goals {
        holds(&trimmed(&goal.name));
        for field in &goal.fields {
            holds(&trimmed(&field.name));
            field.measures.iter().for_each(|measure| holds(&trimmed(&measure.name)));
        }
    }
    for project in set.plan.projects().filter(|_| show.projects) {
        holds(&project.name);
        holds(&project.department);
        if show.purpose {
            holds(&project.purpose);
        }
        if show.content {
            holds(&project.content);
        }
    }
    for (owner, indicator) in set.plan.indicators() {
        let shown = match owner {
            jisseki::plan::Owner::Goal(_) => show.goal_indicators,
            jisseki::plan::Owner::Measure(..) => show.kpi,
            jisseki::plan::Owner::Project(..) => show.projects,
        };
        if shown {
            holds(&trimmed(&indicator.name));
            holds(&indicator.target);
            indicator.actuals.iter().for_each(|actual| holds(actual.printed()));
        }
    }
}

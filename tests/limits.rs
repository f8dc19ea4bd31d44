//! Excel's limits: what is as large as a worksheet takes is made, what is larger is
//! divided or refused by name.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod documents;
mod package;
mod plans;
mod properties;
mod tagged;

use documents::{Builder, document, style};
use jisseki::layout::LayoutError;
use jisseki::layout::Length;
use jisseki::layout::grid::{Content, Document, Role};
use jisseki::layout::limits::{LONGEST_TEXT, MOST_PAGES};
use jisseki::render::data::DataTable;
use jisseki::render::xlsx::WorkbookError;
use jisseki::render::{Meta, Program, pdf, xlsx};
use package::{elements, part, parts};
use plans::{Draft, IndicatorDraft, MeasureDraft, ProjectDraft, Set, fonts, set};

/// Excel's tallest row, in points.
const TALLEST_ROW_PT: f64 = 409.5;

fn meta() -> Meta {
    Meta {
        title: "実績一覧".into(),
        author: "試験市".into(),
        subject: String::new(),
        keywords: vec![],
        date: chrono::NaiveDate::from_ymd_opt(2024, 6, 10).unwrap(),
        program: Program::this(),
    }
}

fn draw(document: &Document) -> Result<Vec<u8>, WorkbookError> {
    xlsx::to_bytes(document, &DataTable { columns: vec![], rows: vec![] }, &meta(), "BIZ UDゴシック")
}

/// The heights of the rows of every worksheet, in points.
fn heights(workbook: &[u8]) -> Vec<f64> {
    let sheets = parts(workbook).into_iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet"));
    let height = |row: &String| row.split(" ht=\"").nth(1)?.split('"').next()?.parse().ok();
    sheets
        .flat_map(|(_, xml)| elements(&xml, "row").iter().filter_map(height).collect::<Vec<f64>>())
        .collect()
}

fn measure(name: &str, projects: Vec<ProjectDraft>) -> MeasureDraft {
    MeasureDraft { name: name.to_owned(), indicators: vec![], projects, reprint: None }
}

/// Text of so many lines that a person broke.
fn lines(count: usize) -> String {
    (1..=count).map(|at| format!("・取組項目その{at}")).collect::<Vec<_>>().join("\n")
}

/// The heights of the cells with this role that begin with this text.
fn cell_heights(set: &Set, role: Role, begins: &str) -> Vec<f64> {
    let sheets = set.document.sheets.iter();
    let cells = sheets.flat_map(|sheet| sheet.cells.iter().map(move |cell| (sheet, cell)));
    let found = cells.filter(|(_, cell)| cell.role == role && cell.text().starts_with(begins));
    found.map(|(sheet, cell)| sheet.height_of(cell).to_pt()).collect()
}

/// The properties of the grid, tags that make regular tables, and rows that Excel holds.
fn holds(set: &Set) {
    properties::hold(set);
    let tagged = tagged::Tagged::read(&pdf::to_bytes(&set.document, fonts(), &meta()).unwrap());
    for table in tagged.root.all().into_iter().filter(|element| element.kind == "Table") {
        let rows: Vec<_> = table.elements().filter(|element| element.kind == "TR").collect();
        let mut open: Vec<usize> = Vec::new();
        for row in &rows {
            open.iter_mut().for_each(|rows| *rows -= 1);
            open.retain(|rows| *rows > 0);
            open.extend(row.elements().map(|cell| cell.span(b"RowSpan")));
        }
        assert!(open.iter().all(|rows| *rows == 1), "a cell reaches below its table: {open:?}");
    }
    let heights = heights(&draw(&set.document).unwrap());
    assert!(heights.len() > 5 && heights.iter().all(|height| *height <= TALLEST_ROW_PT), "{heights:?}");
}

const PORTRAIT: &str = "[page]\npaper = { width = 297, height = 420 }";

/// A 内容 of forty lines gave one row of 419.25 pt: its block's rows are divided, and
/// nothing of it looks different.
#[test]
fn a_row_taller_than_excels_tallest_is_divided() {
    let mut divided = 0;
    for (template, counts) in [("", 30..44), (PORTRAIT, 30..90)] {
        for count in counts.step_by(3) {
            for indicators in [0, 1, 2] {
                let mut project = ProjectDraft::new("目的", indicators);
                project.content = lines(count);
                let draft = Draft::of(vec![measure("施策", vec![project, ProjectDraft::new("次", 2)])]);
                let set = match set(&draft, template) {
                    Ok(set) => set,
                    Err(LayoutError::TooTall { .. }) => continue,
                    Err(error) => panic!("{error}"),
                };
                holds(&set);
                let tall = cell_heights(&set, Role::Paragraph, "・取組項目その1");
                assert_eq!(tall.len(), 1);
                divided += usize::from(tall[0] > TALLEST_ROW_PT);
            }
        }
    }
    assert!(divided > 20, "{divided} blocks were that tall");
}

/// Other rows can be as tall: those of a KPI with a long name, of a 数値目標 with a long
/// target, of a heading.
#[test]
fn any_row_can_be_divided() {
    for letters in [1_250, 1_500, 2_200] {
        let name = "就業".repeat(letters);
        let kpi = MeasureDraft {
            indicators: vec![
                IndicatorDraft::new("前"),
                IndicatorDraft::new(&name),
                IndicatorDraft::new("後"),
            ],
            ..measure("施策", vec![])
        };
        let set = set(&Draft::of(vec![kpi]), PORTRAIT).unwrap();
        assert!(set.document.sheets.iter().flat_map(|sheet| &sheet.cells).any(|cell| {
            cell.role == Role::RowHeader && cell.row_span > 1 && cell.text().contains(&name)
        }));
        holds(&set);
    }
    let mut draft = Draft::of(vec![measure("施策", vec![ProjectDraft::new("目的", 1)])]);
    draft.goals[0].indicators = vec![IndicatorDraft::new("前"), IndicatorDraft::new(&"割合".repeat(740))];
    let found = set(&draft, PORTRAIT).unwrap();
    assert!(cell_heights(&found, Role::RowHeader, "").iter().any(|height| *height > TALLEST_ROW_PT));
    holds(&found);
    let heading = "産業".repeat(4_000);
    let mut draft = Draft::of(vec![measure(&heading, vec![ProjectDraft::new("目的", 1)])]);
    let template = format!("{PORTRAIT}\n[style.measure]\nsize = 7");
    // The contents set it larger: there it is taller than the page.
    assert!(matches!(set(&draft, &template), Err(LayoutError::NameTooTall { .. })));
    let template = format!("{template}\n[contents]\nlevels = 0");
    let found = set(&draft, &template).unwrap();
    assert!(cell_heights(&found, Role::Heading(3), "").iter().any(|height| *height > TALLEST_ROW_PT));
    holds(&found);
    draft.goals[0].name = heading;
    assert!(matches!(set(&draft, ""), Err(LayoutError::NameTooTall { .. })));
}

/// 409.5 pt are 546 pixels: as tall as Excel makes a row.
#[test]
fn a_row_of_excels_tallest_is_left_whole() {
    let mut builder = Builder::new("シート", "");
    let row = builder.row(TALLEST_ROW_PT);
    builder.text(row, 0, 10, style(), "文");
    builder.sheet.pages.push(0..1);
    assert_eq!(heights(&draw(&document(vec![builder.sheet])).unwrap())[0], TALLEST_ROW_PT);
}

/// E604: what the layout puts together is held to the limit too, not only the cells of
/// the master. Characters that show nothing take no room on the page.
#[test]
fn a_text_longer_than_a_cell_is_refused_by_name() {
    let named = |letters: usize| {
        let name = format!("就業者{}", "\u{200B}".repeat(letters));
        let kpi = MeasureDraft { indicators: vec![IndicatorDraft::new(&name)], ..measure("施策", vec![]) };
        let mut draft = Draft::of(vec![kpi]);
        draft.goals[0].fields[0].measures[0].indicators[0].target = "";
        set(&draft, "")
    };
    // 「① 」 and 就業者 make five characters.
    let fits = named(LONGEST_TEXT - 5).unwrap();
    let longest =
        fits.document.sheets.iter().flat_map(|sheet| &sheet.cells).map(|cell| cell.text().chars().count());
    assert_eq!(longest.max(), Some(LONGEST_TEXT));
    assert!(draw(&fits.document).is_ok());
    let refused = named(LONGEST_TEXT - 4).err().unwrap().to_string();
    assert_eq!(refused, "「G1-A-1-T1」の文章が長すぎて、Excelの1つのセルに入りません");

    let long = "\u{200B}".repeat(LONGEST_TEXT);
    let mut drafts: Vec<Draft> =
        (0..4).map(|_| Draft::of(vec![measure("施策", vec![ProjectDraft::new("目的", 1)])])).collect();
    drafts[0].goals[0].name = long.clone();
    drafts[1].goals[0].fields[0].name = long.clone();
    drafts[2].goals[0].fields[0].measures[0].name = long.clone();
    drafts[3].goals[0].fields[0].measures[0].projects[0].name = long;
    for (draft, id) in drafts.iter().zip(["G1", "G1-A", "G1-A-1", "P001"]) {
        let refused = set(draft, "").err().unwrap().to_string();
        assert_eq!(refused, format!("「{id}」の文章が長すぎて、Excelの1つのセルに入りません"));
    }
}

/// A footer of 255 characters with its codes is made, one of 256 refused.
#[test]
fn a_foot_as_long_as_excels_longest_is_made() {
    let foot = |letters: usize| {
        let mut builder = Builder::goal("基本目標1", 1, 1, false);
        builder.first_page = Some(1);
        let mut document = document(vec![builder]);
        document.page.foot_text = format!("{}{{ページ}}", "頁".repeat(letters));
        draw(&document)
    };
    let written = |workbook: Vec<u8>| {
        let xml = part(&workbook, "xl/worksheets/sheet1.xml");
        let foot = xml.split("<oddFooter>").nth(1).unwrap().split("</oddFooter>").next().unwrap();
        foot.replace("&amp;", "&").replace("&quot;", "\"").chars().count()
    };
    let codes = written(foot(1).unwrap()) - 1;
    assert_eq!(written(foot(255 - codes).unwrap()), 255);
    assert_eq!(foot(256 - codes), Err(WorkbookError::FootTooLong));
}

/// A sheet's name has 31 characters at most: a longer one is shortened, and no two
/// become one.
#[test]
fn a_name_of_31_characters_is_kept_and_a_longer_one_shortened() {
    let name = |letters: usize, end: &str| format!("基本目標{}{end}", "一".repeat(letters));
    let sheets = [name(27, ""), name(28, ""), name(28, "二"), name(40, "三")];
    let sheets = sheets.map(|name| Builder::goal(&name, 1, 1, false));
    let workbook = part(&draw(&document(sheets.into())).unwrap(), "xl/workbook.xml");
    let names: Vec<String> = elements(&workbook, "sheet")
        .iter()
        .filter_map(|sheet| Some(sheet.split("name=\"").nth(1)?.split('"').next()?.to_owned()))
        .filter(|name| name.starts_with("基本目標"))
        .collect();
    assert_eq!(names[0], name(27, ""));
    assert!(names.iter().all(|name| name.chars().count() == 31), "{names:?}");
    assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
}

/// As many pages as Excel takes breaks for, and one more.
#[test]
fn a_sheet_of_as_many_pages_as_excel_breaks_is_made() {
    let sheet = |pages: usize| {
        let mut builder = Builder::new("シート", "");
        for _ in 0..pages {
            let row = builder.row(13.5);
            builder.text(row, 0, 10, style(), "文");
            builder.sheet.pages.push(row..row + 1);
        }
        draw(&document(vec![builder.sheet]))
    };
    let xml = part(&sheet(MOST_PAGES).unwrap(), "xl/worksheets/sheet1.xml");
    assert!(xml.contains("<rowBreaks count=\"1023\" manualBreakCount=\"1023\">"));
    assert_eq!(elements(&xml, "brk").len(), MOST_PAGES - 1);
    assert!(matches!(sheet(MOST_PAGES + 1), Err(WorkbookError::TooLarge { .. })));
}

/// E605: a goal that fills more pages than that is refused by name before it is drawn.
#[test]
fn a_goal_of_too_many_pages_is_refused_by_name() {
    // Pages on which two projects stand.
    let narrow = "[page]\nmargin = { left = 12, right = 12, top = 75, bottom = 80 }\n[contents]\nlevels = 0";
    let goal = |projects: usize| {
        set(&Draft::of(vec![measure("施策", vec![ProjectDraft::new("目的", 0); projects])]), narrow)
    };
    assert_eq!(goal(9).unwrap().document.page_count(), 5);
    assert_eq!(goal(MOST_PAGES * 2 - 1).unwrap().document.page_count(), MOST_PAGES);
    let error = goal(MOST_PAGES * 2).err().unwrap();
    assert!(
        matches!(&error, LayoutError::TooManyPages { id, pages, .. } if id == "G1" && *pages == MOST_PAGES + 1)
    );
    assert_eq!(error.to_string(), "「G1」が1025ページになり、Excelの1枚のシートに入りません");
}

/// What the cells of a divided row say and how they look is not divided.
#[test]
fn a_divided_row_is_drawn_as_one() {
    let mut project = ProjectDraft::new("目的", 1);
    project.content = lines(60);
    let set = set(&Draft::of(vec![measure("施策", vec![project])]), PORTRAIT).unwrap();
    let goal = set.document.sheets.last().unwrap();
    let header = goal.cells.iter().find(|cell| cell.role == Role::RowHeader).unwrap();
    let figure = goal.cells.iter().find(|cell| matches!(cell.content, Content::Value(_))).unwrap();
    assert_eq!((header.row, header.row_span), (figure.row, figure.row_span));
    let parts: Vec<Length> =
        (header.row..header.row + header.row_span).map(|row| goal.rows[row].height).collect();
    let whole: Length = parts.iter().sum();
    assert_eq!(whole, goal.height_of(header));
    assert!(
        goal.pages
            .iter()
            .any(|page| page.contains(&header.row) && page.contains(&(header.row + header.row_span - 1)))
    );
}

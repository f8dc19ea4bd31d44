//! The pages of a plan before any file is made, driven as a library.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use jisseki::app::preview::{self, Preview, PreviewDocument, Request};
use jisseki::app::{Choice, Failure};
use jisseki::layout::Part;
use jisseki::layout::grid::{Cell, Role};
use jisseki::master::Column;
use jisseki::plan::{FiscalYear, Row};
use jisseki::render::svg::CellLink;

const REAL: &str = "data/nemuro";

fn request(plan: &Path) -> Request {
    let date = NaiveDate::from_ymd_opt(2024, 6, 10);
    Request {
        plan: plan.to_owned(),
        choice: Choice::default(),
        year: None,
        date,
        today: date.unwrap(),
        draft: false,
    }
}

fn preview(plan: &str) -> Preview {
    preview::run(&request(Path::new(plan)), &()).map_err(|failure| format!("{failure:?}")).unwrap()
}

/// The real plan with a cell of the row of this ID changed.
fn changed(id: &str, column: Column, text: &str) -> Preview {
    let (folder, real) = (tempfile::tempdir().unwrap(), preview(REAL));
    let bytes = real.loaded.master.source.rewrite(&[(row(&real, id), column, text.to_owned())]).unwrap();
    fs::write(folder.path().join("master.csv"), bytes).unwrap();
    fs::copy(Path::new(REAL).join("plan.toml"), folder.path().join("plan.toml")).unwrap();
    preview(folder.path().to_str().unwrap())
}

fn svg(document: &PreviewDocument, page: usize, link: &dyn Fn(&Cell) -> Option<CellLink>) -> Option<String> {
    document.svg(page, link).map_err(|failure| format!("{failure:?}")).unwrap()
}

/// The row with this ID.
fn row(preview: &Preview, id: &str) -> Row {
    let source = &preview.loaded.master.source;
    source.rows().find(|row| source.cell(*row, Column::Id) == id).unwrap()
}

/// The cells that are on a page for the first time.
fn cells(document: &PreviewDocument, page: usize) -> impl Iterator<Item = &Cell> {
    let (sheet, within) = document.sheet_of(page).unwrap();
    let sheet = &document.document.sheets[sheet];
    let rows = sheet.pages[within].clone();
    sheet.cells.iter().filter(move |cell| rows.contains(&cell.row))
}

#[test]
fn every_page_says_what_its_cells_say() {
    for plan in [REAL, "data/mihon"] {
        let preview = preview(plan);
        assert!(!preview.documents.is_empty() && !preview.findings.has_errors());
        for document in &preview.documents {
            for page in 0..document.page_count() {
                let svg = svg(document, page, &|_| None).unwrap();
                // What is closed up is in an element of its own.
                let text: String = svg.split('<').filter_map(|part| Some(part.split_once('>')?.1)).collect();
                for line in cells(document, page).flat_map(|cell| &cell.lines) {
                    let line = line.text.replace('&', "&amp;");
                    assert!(text.contains(&line), "{} {page}: {line}", document.name);
                }
            }
            assert!(svg(document, document.page_count(), &|_| None).is_none());
        }
    }
}

#[test]
fn pages_have_the_names_that_are_printed_on_them() {
    let preview = preview(REAL);
    let document = &preview.documents[0];
    let names: Vec<String> = (0..3).map(|page| document.page_name(page).unwrap()).collect();
    assert_eq!(names, ["実績一覧 目　次", "実績一覧 1ページ", "実績一覧 2ページ"]);
    let links = cells(document, 0).filter(|cell| cell.role == Role::ContentsPage);
    let mut count = 0;
    for cell in links {
        let page = document.page_of_link(cell.link.unwrap());
        assert_eq!(document.page_name(page).unwrap(), format!("実績一覧 {}ページ", cell.text().trim()));
        count += 1;
    }
    assert!(count > 10);
}

/// From a cell of a page to the master, from there to a place that a finding names, and back.
#[test]
fn pages_and_the_master_lead_to_one_another() {
    let preview = preview(REAL);
    let source = &preview.loaded.master.source;
    let mut count = 0;
    for (at, document) in preview.documents.iter().enumerate() {
        for page in 1..document.page_count() {
            for origin in cells(document, page).flat_map(|cell| cell.origins.iter().copied()) {
                let (row, column) = preview::place_of(origin);
                assert!(source.has(column));
                assert_eq!(preview.origin_of(&source.place(row, column)), Some((row, Some(origin.part))));
                assert!(preview.pages_of(row, Some(origin.part)).contains(&(at, page)));
                count += 1;
            }
        }
    }
    assert!(count > 1000);
}

#[test]
fn what_is_not_printed_is_looked_for_at_the_name_of_its_row() {
    let preview = preview(REAL);
    let source = &preview.loaded.master.source;
    let row = row(&preview, "P001");
    let name = preview.pages_of(row, Some(Part::Name));
    assert!(!name.is_empty());
    let place = source.place(row, Column::Remark);
    assert_eq!(preview.origin_of(&place), Some((row, None)));
    assert_eq!(preview.pages_of(row, None), name);
    assert_eq!(preview.origin_of(&source.row_place(row)), Some((row, None)));
    assert_eq!(preview.pages_of(row, Some(Part::Declared(9))), name);
    let document = &preview.documents[name[0].0];
    assert!(cells(document, name[0].1).any(|cell| document.is_of(cell, row, None)));
    // Elsewhere.
    let header = jisseki::finding::Place { row: Some(1), ..source.row_place(row) };
    assert_eq!(preview.origin_of(&header), None);
    assert_eq!(preview.origin_of(&jisseki::finding::Place::line("plan.toml", 3)), None);
}

#[test]
fn the_cell_that_is_looked_for_is_marked() {
    let preview = preview(REAL);
    let (row, part) = (row(&preview, "P001"), Some(Part::Purpose));
    let (at, page) = preview.pages_of(row, part)[0];
    let document = &preview.documents[at];
    let link = |cell: &Cell| {
        let origin = cell.origin()?;
        let is_marked = document.is_of(cell, row, part);
        Some(CellLink { href: format!("#row-{}", origin.row.0), label: cell.text().to_owned(), is_marked })
    };
    let svg = svg(document, page, &link).unwrap();
    assert_eq!(svg.matches(r#"class="marked""#).count(), 1);
    let marked = svg.split("<a ").find(|link| link.contains(r#"class="marked""#)).unwrap();
    assert!(marked.contains(&format!(r##"data-row="{}" data-part="purpose" href="#row-{}""##, row.0, row.0)));
}

/// `build` would make nothing of it; its pages are what shows where the error is.
#[test]
fn a_master_with_errors_is_shown_as_far_as_it_can_be() {
    let preview = changed("P002", Column::Id, "P001");
    assert!(preview.findings.has_errors());
    assert!(preview.documents[0].page_count() > 10);
    let error = preview.findings.iter().find(|finding| finding.code().starts_with('E')).unwrap();
    let (row, part) = preview.origin_of(error.place.as_ref().unwrap()).unwrap();
    assert!(!preview.pages_of(row, part).is_empty());
}

#[test]
fn what_cannot_be_laid_out_has_no_pages_and_a_reason() {
    let preview = changed("P001", Column::Purpose, &"漁業".repeat(6_000));
    assert!(preview.documents.is_empty() && preview.findings.has_errors());
    assert_eq!(preview.pages_of(row(&preview, "P001"), None), []);
}

#[test]
fn a_department_is_shown_its_part_of_the_plan() {
    let preview = preview(REAL);
    let source = &preview.loaded.master.source;
    let year = FiscalYear::parse("R5").unwrap();
    let department = source.cell(row(&preview, "P001"), Column::Department);
    let pages = preview.form(department, year).map_err(|failure| format!("{failure:?}")).unwrap();
    assert!(pages.page_count() > 0 && pages.page_count() < preview.documents[0].page_count());
    assert!(svg(&pages, 0, &|_| None).unwrap().contains("<text"));
    let Err(Failure::Findings(findings)) = preview.form("宇宙開発課", year) else {
        panic!("no such department")
    };
    assert_eq!(findings.iter().count(), 1);
}

/// It is kept between requests, which are not all answered by one thread.
#[test]
fn a_preview_can_be_kept_and_shared() {
    fn is_shared<T: Send + Sync + 'static>() {}
    is_shared::<Preview>();
}

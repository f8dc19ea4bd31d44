//! A document as it is read aloud, by the layout's reading tree alone.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use jisseki::layout::grid::{Cell, Document, Role, Sheet};
use jisseki::layout::reading::{CellKind, Item, ReadingTree, Section, Spoken, Table, spoken};
use jisseki::layout::{Origin, Part};

use crate::plans::Set;
use crate::properties::{caption, year_labels};

/// An element of the tree: how deep it lies, what PDF calls it, what is heard of it.
pub type Said = (usize, &'static str, String);

/// Every element, in reading order; nothing is heard of those that only hold others.
pub fn said(document: &Document) -> Vec<Said> {
    let mut said = vec![(0, "Document", String::new())];
    for (sheet, section) in document.sheets.iter().zip(&ReadingTree::of(document).sheets) {
        of_section(sheet, section, 1, &mut said);
    }
    said
}

fn heard(cell: &Cell) -> String {
    match spoken(cell) {
        Spoken::InPlace(words) => words.to_owned(),
        Spoken::AsPrinted | Spoken::Meaning(_) => cell.lines.iter().map(|line| line.text.as_str()).collect(),
    }
}

fn of_section(sheet: &Sheet, section: &Section, depth: usize, said: &mut Vec<Said>) {
    let texts = |cells: &[usize]| cells.iter().map(|at| heard(&sheet.cells[*at])).collect::<String>();
    said.push((depth, "Sect", String::new()));
    let inner = depth + 1;
    for item in &section.items {
        match item {
            Item::Section(section) => of_section(sheet, section, inner, said),
            Item::Heading { level, cell } => {
                said.push((inner, ["H1", "H2", "H3", "H4"][usize::from(*level) - 1], texts(&[*cell])));
            }
            Item::Paragraph(cells) => said.push((inner, "P", texts(&cells.clone().collect::<Vec<_>>()))),
            Item::Contents(entries) => {
                said.push((inner, "TOC", String::new()));
                for entry in entries {
                    said.push((inner + 1, "TOCI", String::new()));
                    said.push((inner + 2, "Reference", String::new()));
                    said.push((inner + 3, "Link", texts(&entry.cells)));
                }
            }
            Item::Table(table) => {
                said.push((inner, "Table", String::new()));
                said.extend(table.captions.iter().map(|cell| (inner + 1, "Caption", texts(&[*cell]))));
                for row in &table.rows {
                    said.push((inner + 1, "TR", String::new()));
                    for cell in row {
                        let kind = if cell.kind == CellKind::Datum { "TD" } else { "TH" };
                        said.push((inner + 2, kind, texts(&[cell.cell])));
                    }
                }
            }
        }
    }
}

/// Whatever the plan and the template.
pub fn properties(set: &Set) {
    let tree = ReadingTree::of(&set.document);
    for (sheet, section) in set.document.sheets.iter().zip(&tree.sheets) {
        let mut cells = Vec::new();
        cells_of(section, &mut cells);
        assert!(cells.is_sorted_by(|one, next| one < next), "the order of the cells, none of them twice");
        let is_left_out = |at: &usize| cells.binary_search(at).is_err();
        for cell in (0..sheet.cells.len()).filter(is_left_out).map(|at| &sheet.cells[at]) {
            assert!(cell.role == Role::Artifact || cell.lines.is_empty(), "nobody hears {cell:?}");
        }
        headings_begin_their_sections(section, 1);
        for table in tables(section) {
            cells_know_their_heads(set, sheet, table);
        }
    }
}

fn cells_of(section: &Section, cells: &mut Vec<usize>) {
    for item in &section.items {
        match item {
            Item::Section(inner) => cells_of(inner, cells),
            Item::Heading { cell, .. } => cells.push(*cell),
            Item::Paragraph(own) => cells.extend(own.clone()),
            Item::Contents(entries) => cells.extend(entries.iter().flat_map(|entry| &entry.cells)),
            Item::Table(table) => {
                let own = table.rows.iter().flatten().map(|cell| cell.cell);
                cells.extend(table.captions.iter().copied().chain(own));
            }
        }
    }
}

fn tables(section: &Section) -> Vec<&Table> {
    let of = section.items.iter().flat_map(|item| match item {
        Item::Section(inner) => tables(inner),
        Item::Table(table) => vec![table],
        Item::Heading { .. } | Item::Paragraph(_) | Item::Contents(_) => Vec::new(),
    });
    of.collect()
}

/// 基本目標, 分野 and 施策 are sections, each in the one above it; 事業 and tables stand in
/// that of their 施策.
fn headings_begin_their_sections(section: &Section, depth: usize) {
    for (at, item) in section.items.iter().enumerate() {
        match item {
            Item::Section(inner) => headings_begin_their_sections(inner, depth + 1),
            // The opening of a goal stands before its heading.
            Item::Heading { level: 1, .. } => assert_eq!(depth, 1),
            Item::Heading { level: level @ 2..=3, .. } => assert_eq!((usize::from(*level), 0), (depth, at)),
            Item::Heading { level, .. } => assert_eq!((*level, depth), (4, 3)),
            Item::Paragraph(_) | Item::Table(_) | Item::Contents(_) => assert!(depth == 1 || depth == 3),
        }
    }
}

/// Each figure stands under its year and beside its name; a head over heads is named first.
fn cells_know_their_heads(set: &Set, sheet: &Sheet, table: &Table) {
    let years: BTreeMap<_, _> = set.plan.years.iter().copied().zip(year_labels(&set.plan)).collect();
    let is_goals = caption(sheet, table.table) == "目標";
    for cell in table.rows.iter().flatten() {
        let text = |at: &usize| sheet.cells[*at].text();
        let heads: Vec<&str> = cell.heads.iter().map(text).collect();
        let Some(Origin { row, part, .. }) = sheet.cells[cell.cell].origin() else {
            // Those under 「数値比較」, and heads under nothing.
            assert_eq!(cell.kind, CellKind::ColumnHead);
            assert!(heads.is_empty() || (is_goals && heads == ["数値比較"]), "{heads:?}");
            continue;
        };
        if cell.kind == CellKind::RowHead {
            assert_eq!((part, heads), (Part::Name, vec![]));
            continue;
        }
        let name =
            cell.heads.last().and_then(|head| sheet.cells[*head].origin()).expect("the head of the row");
        assert_eq!((name.row, name.part), (row, Part::Name));
        let figure = match part {
            Part::Target => "目　標",
            Part::Baseline => "基準値",
            Part::Actual(year) => years[&year].as_str(),
            other => panic!("{other:?} in a table"),
        };
        let above = &heads[..heads.len() - 1];
        match is_goals && part != Part::Target {
            true => assert_eq!(above, ["数値比較", figure]),
            false => assert_eq!(above, [figure]),
        }
    }
}

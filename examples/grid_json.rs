//! The grid of a plan's document as JSON, for programs that hold a PDF against it.
//!
//! `cargo run --example grid_json -- data/nemuro --note 令和6年6月10日`
//!
//! Prints a list of pages; each is a list of cells with `text`, `role` and `box`:
//! left, top, right, bottom in points from the page's upper left corner.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, anyhow, bail};
use jisseki::finding::Findings;
use jisseki::layout::font::{FontFiles, Fonts};
use jisseki::layout::grid::{Document, Sheet};
use jisseki::layout::template::{self, Template};
use jisseki::layout::{self, Options};
use jisseki::plan::FiscalYear;
use jisseki::settings::Settings;
use jisseki::{finding, master};
use serde_json::{Value, json};

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().context("the folder of a plan")?);
    let (mut template, mut files): (Template, FontFiles) = (Template::official(), FontFiles::default());
    let (mut year, mut options, mut name) = (None, Options::default(), None);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("a value for {argument}"));
        match argument.as_str() {
            "--draft" => options.draft = true,
            "--note" => options.note = value()?,
            "--year" => year = Some(FiscalYear::parse(&value()?).context("a year such as R4")?),
            "--document" => name = Some(value()?),
            "--template" => {
                let path = PathBuf::from(value()?);
                template = Template::read(&fs::read(&path)?, "template").map_err(|faults| said(&faults))?;
                let beside = |name: &str| fs::read(path.parent().unwrap_or(Path::new(".")).join(name));
                if !template.fonts.fallback.is_empty() {
                    files.fallback = Some(beside(&template.fonts.fallback)?.into());
                }
            }
            other => bail!("unknown option {other}"),
        }
    }
    let settings = Settings::read(&fs::read(folder.join("plan.toml"))?, "plan.toml");
    let mut settings = settings.map_err(|findings| said(&findings))?;
    if let Some(name) = name {
        let document = settings.documents.iter().find(|document| document.name == name);
        let document = document.with_context(|| format!("no document {name}"))?.clone();
        if let Some(path) = &document.template {
            let shipped = path.to_str().and_then(template::shipped).map(|text| text.as_bytes().to_vec());
            let bytes = match shipped {
                Some(bytes) => bytes,
                None => fs::read(folder.join(path))?,
            };
            template = Template::read(&bytes, "template").map_err(|faults| said(&faults))?;
        }
        settings = settings.of(&document);
    }
    let (master, findings) = master::read(&fs::read(folder.join("master.csv"))?, "master.csv", &settings);
    let master = master.ok_or_else(|| said(&findings))?;
    let year = year.or(master.plan.latest_reported()).or(master.plan.years.last().copied());
    let year = year.context("a plan with years")?;
    options.year = Some(year);
    let plan = master.plan.edition(year);
    let fonts = Fonts::parse(&files)?;
    let document = layout::set(&plan, &settings, &template, &fonts, &options)?;
    let pages: Vec<Value> = document
        .sheets
        .iter()
        .flat_map(|sheet| (0..sheet.pages.len()).map(|at| page(&document, sheet, at)))
        .collect();
    println!("{}", Value::from(pages));
    Ok(())
}

fn said(findings: &Findings) -> anyhow::Error {
    anyhow!(finding::render(findings, false, 100))
}

fn page(document: &Document, sheet: &Sheet, at: usize) -> Value {
    let mut top = document.page.top;
    let mut cells = Vec::new();
    for row in sheet.rows_of_page(at) {
        for cell in sheet.cells.iter().filter(|cell| cell.row == row) {
            let left = document.page.left + sheet.column_offset(cell.column);
            let (right, bottom) = (left + sheet.width_of(cell), top + sheet.height_of(cell));
            let edges = [left, top, right, bottom].map(|edge| edge.to_pt());
            cells.push(json!({ "box": edges, "text": cell.text(), "role": format!("{:?}", cell.role) }));
        }
        top += sheet.rows[row].height;
    }
    cells.into()
}

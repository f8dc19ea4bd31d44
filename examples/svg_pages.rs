//! The pages of a plan's documents as SVG, for programs that hold them against the PDF.
//!
//! `cargo run --example svg_pages -- data/nemuro out --date 2024-06-10`
//!
//! Writes `文書_001.svg`, … and the fonts into the folder. Tells how long the plan took and, at
//! the longest, a page.

use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context, Result, anyhow};
use chrono::NaiveDate;
use jisseki::app::preview::{self, Request};
use jisseki::app::{Choice, Failure};
use jisseki::finding;

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let plan = PathBuf::from(arguments.next().context("the folder of a plan")?);
    let out = PathBuf::from(arguments.next().context("a folder to write to")?);
    let date = arguments.skip_while(|argument| argument != "--date").nth(1);
    let date = date.map(|date| date.parse::<NaiveDate>()).transpose()?;
    let today = date.unwrap_or_default();
    let request = Request { plan, choice: Choice::default(), year: None, date, today, draft: false };

    let began = Instant::now();
    let preview = preview::run(&request, &()).map_err(said)?;
    let read = began.elapsed();
    fs::create_dir_all(&out)?;
    let (mut pages, mut longest) = (0, Default::default());
    for document in &preview.documents {
        let fonts = &document.fonts;
        let files = [
            ("regular", Some(&fonts.regular)),
            ("bold", Some(&fonts.bold)),
            ("fallback", fonts.fallback.as_ref()),
        ];
        for (face, bytes) in files.into_iter().filter_map(|(face, bytes)| Some((face, bytes?))) {
            fs::write(out.join(format!("{}_{face}.ttf", document.name)), bytes)?;
        }
        for page in 0..document.page_count() {
            let began = Instant::now();
            let svg = document.svg(page, &|_| None).map_err(said)?.context("a page")?;
            longest = began.elapsed().max(longest);
            fs::write(svg_path(&out, &document.name, page), svg)?;
            pages += 1;
        }
    }
    println!("read in {read:?}, {pages} pages, the longest drawn in {longest:?}");
    Ok(())
}

fn svg_path(out: &Path, document: &str, page: usize) -> PathBuf {
    out.join(format!("{document}_{:03}.svg", page + 1))
}

fn said(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Findings(findings) => anyhow!(finding::render(&findings, false, 100)),
        Failure::Environment { error, .. } | Failure::Changed(error) => error,
        Failure::Stopped => anyhow!("stopped"),
    }
}

//! How long the workbook takes.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/documents/mod.rs"]
mod documents;

use documents::{Builder, document};
use jisseki::render::data::{Column, DataTable, Datum};
use jisseki::render::{Meta, xlsx};

fn main() {
    divan::main();
}

/// Four goals of 15 full pages (some 500 rows each), and 400 rows of data.
#[divan::bench]
fn workbook(bencher: divan::Bencher<'_, '_>) {
    let goals: Vec<_> =
        (1..=4).map(|at| Builder::goal(&format!("基本目標{at}"), 15, at * 15 - 14, false)).collect();
    let mut sheets = vec![Builder::contents(&goals)];
    sheets.extend(goals);
    let document = document(sheets);
    let column = |at: usize| Column::of_words(format!("列{at}"), "");
    let row = |at: usize| {
        let text = |of: usize| Datum::Text(format!("水産資源増大創造支援事業{}", (at / 4) * of));
        (0..34).map(|of| if of > 20 { Datum::Number(at.into()) } else { text(of) }).collect()
    };
    let data = DataTable { columns: (0..34).map(column).collect(), rows: (0..400).map(row).collect() };
    let meta = Meta {
        title: "実績一覧".into(),
        author: "根室市".into(),
        subject: String::new(),
        keywords: vec![],
        date: chrono::NaiveDate::from_ymd_opt(2024, 6, 10).unwrap(),
        program: jisseki::render::Program::this(),
    };
    bencher.bench(|| xlsx::to_bytes(&document, &data, &meta, "BIZ UDゴシック").unwrap());
}

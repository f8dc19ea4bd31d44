//! What `build` spends its time on, part by part, for 1, 4 and 8 copies of the
//! real plan: `cargo bench --bench build`.

#![allow(clippy::unwrap_used)] // a bench that cannot set itself up has nothing to measure

use chrono::NaiveDate;
use divan::{Bencher, black_box};
use jisseki::layout::font::{FontFiles, Fonts};
use jisseki::layout::grid::Document;
use jisseki::layout::template::Template;
use jisseki::layout::{self, Options};
use jisseki::master;
use jisseki::plan::Plan;
use jisseki::render::data::DataTable;
use jisseki::render::{Meta, pdf, xlsx};
use jisseki::settings::Settings;

const MASTER: &[u8] = include_bytes!("../data/nemuro/master.csv");
const SETTINGS: &[u8] = include_bytes!("../data/nemuro/plan.toml");
const COPIES: [usize; 3] = [1, 4, 8];

fn main() {
    divan::main();
}

fn settings() -> Settings {
    Settings::read(SETTINGS, "plan.toml").unwrap()
}

/// The real master `copies` times over, every ID made unique.
fn master_of(copies: usize) -> Vec<u8> {
    let text = String::from_utf8(MASTER.to_vec()).unwrap();
    let (header, rows) = text.split_once("\r\n").unwrap();
    let mut all = format!("{header}\r\n");
    for copy in 0..copies {
        for row in rows.lines() {
            let mut cells: Vec<String> = row.splitn(8, ',').map(str::to_owned).collect();
            for cell in [1, 6] {
                if copy > 0 && !cells[cell].is_empty() {
                    cells[cell] = format!("{}x{copy}", cells[cell]);
                }
            }
            all.push_str(&cells.join(","));
            all.push_str("\r\n");
        }
    }
    all.into_bytes()
}

fn plan_of(copies: usize) -> Plan {
    master::read(&master_of(copies), "master.csv", &settings()).0.unwrap().plan
}

fn set(plan: &Plan, fonts: &Fonts<'_>) -> Document {
    layout::set(plan, &settings(), &Template::official(), fonts, &Options::default()).unwrap()
}

fn meta() -> Meta {
    Meta {
        title: "実績一覧".to_owned(),
        author: "根室市".to_owned(),
        subject: "総合戦略".to_owned(),
        keywords: Vec::new(),
        date: NaiveDate::from_ymd_opt(2024, 6, 10).unwrap(),
        program: jisseki::render::Program::this(),
    }
}

#[divan::bench(args = COPIES)]
fn a_read(bencher: Bencher<'_, '_>, copies: usize) {
    let (bytes, settings) = (master_of(copies), settings());
    bencher.bench(|| master::read(black_box(&bytes), "master.csv", &settings));
}

#[divan::bench(args = COPIES)]
fn b_layout(bencher: Bencher<'_, '_>, copies: usize) {
    let plan = plan_of(copies);
    let files = FontFiles::default();
    bencher.bench(|| set(black_box(&plan), &Fonts::parse(&files).unwrap()));
}

#[divan::bench(args = COPIES)]
fn c_pdf(bencher: Bencher<'_, '_>, copies: usize) {
    let files = FontFiles::default();
    let fonts = Fonts::parse(&files).unwrap();
    let document = set(&plan_of(copies), &fonts);
    bencher.bench(|| pdf::to_bytes(black_box(&document), &fonts, &meta()).unwrap());
}

#[divan::bench(args = COPIES)]
fn d_workbook(bencher: Bencher<'_, '_>, copies: usize) {
    let files = FontFiles::default();
    let plan = plan_of(copies);
    let document = set(&plan, &Fonts::parse(&files).unwrap());
    let data = DataTable::of(&plan, &settings());
    bencher.bench(|| xlsx::to_bytes(black_box(&document), &data, &meta(), "BIZ UDゴシック").unwrap());
}

#[divan::bench(args = COPIES)]
fn e_data(bencher: Bencher<'_, '_>, copies: usize) {
    let (plan, settings) = (plan_of(copies), settings());
    bencher.bench(|| DataTable::of(black_box(&plan), &settings).to_csv());
}

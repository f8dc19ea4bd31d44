//! `jisseki diff`: what changed between two plans, and the 正誤表 of it.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::build::{parse_date, parse_year};
use super::console::{Console, Refusal};
use super::stream::Stream;
use super::{Exit, today};
use crate::app;
use crate::diff;
use crate::plan::FiscalYear;

/// What is said where there is nothing to compare.
pub(super) const REFUSAL: Refusal = Refusal {
    list: "changes",
    line: "比較できません。上のエラーを直してから、もう一度実行してください。",
    stream: Stream::Err,
};

/// What `diff` takes.
#[derive(Debug, Clone, Args)]
pub struct DiffArgs {
    /// 前のもの: 計画のフォルダー、マスタ（CSV）、保存した版のフォルダー（archive/R4 など）、保存用のPDF
    #[arg(value_name = "前")]
    pub old: PathBuf,
    /// 後のもの: 同上
    #[arg(value_name = "後")]
    pub new: PathBuf,
    /// 正誤表を書き出すファイル（.pdf または .xlsx）。拡張子を省略すると両方を作ります
    #[arg(long, value_name = "ファイル")]
    pub out: Option<PathBuf>,
    /// どの年度までの実績を比べるか（例 R4）。省略すると、保存した版の年度（なければすべての年度）
    #[arg(long, value_name = "年度", value_parser = parse_year)]
    pub year: Option<FiscalYear>,
    /// 正誤表の日付（例 2024-06-10）
    #[arg(long, value_name = "日付", value_parser = parse_date)]
    pub date: Option<NaiveDate>,
}

/// Compares the two, and says what differs. Differences are no error: the exit code is 0.
///
/// # Errors
/// As [`app::diff::run`].
pub fn run(args: &DiffArgs, console: &Console) -> app::Result<Exit> {
    let request = app::diff::Request {
        old: args.old.clone(),
        new: args.new.clone(),
        out: args.out.clone(),
        year: args.year,
        date: args.date,
        today: today(),
    };
    let report = app::diff::run(&request, console)?;
    for line in diff::render(&report.changes).lines() {
        console.result(line);
    }
    match report.changes.len() {
        0 => console.result("違いはありません。"),
        count => console.result(&format!("{count}件の違いがあります。")),
    }
    for path in &report.files {
        console.result(&format!("  {}", path.display()));
    }
    console.json(&report);
    Ok(Exit::Done)
}

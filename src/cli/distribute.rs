//! `jisseki distribute`: a workbook for each department to fill in.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::build::{parse_date, parse_year};
use super::console::{Console, Refusal};
use super::stream::Stream;
use super::{Exit, today};
use crate::app::{self, DEFAULT_PLAN, suggested};
use crate::plan::{FiscalYear, date_with_weekday};
use crate::storage::paths;

/// What is said where no form is made.
pub(super) const REFUSAL: Refusal = Refusal {
    list: "files",
    line: "記入票は作っていません。上のエラーを直してから、もう一度実行してください。",
    stream: Stream::Out,
};

/// What `distribute` takes.
#[derive(Debug, Clone, Args)]
pub struct DistributeArgs {
    /// 計画のフォルダー（plan.toml と master.csv のある場所）。省略すると、コマンドを実行したフォルダー
    #[arg(value_name = "計画のフォルダー", default_value = DEFAULT_PLAN, hide_default_value = true)]
    pub plan: PathBuf,
    /// どの年度の実績を照会するか（例 R5）
    #[arg(long, value_name = "年度", value_parser = parse_year)]
    pub year: FiscalYear,
    /// 回答期限（例 2026-05-29）。省略すると3週間後
    #[arg(long, value_name = "日付", value_parser = parse_date)]
    pub due: Option<NaiveDate>,
    /// この担当課の記入票だけを作ります（複数回指定できます）
    #[arg(long, value_name = "担当課")]
    pub department: Vec<String>,
    /// 書き出すフォルダー。省略すると out/照会
    #[arg(long, value_name = "フォルダー", default_value = "out/照会", hide_default_value = true)]
    pub out: PathBuf,
}

/// Makes the forms, and says which.
///
/// # Errors
/// As [`app::distribute::run`].
pub fn run(args: &DistributeArgs, console: &Console) -> app::Result<Exit> {
    let request = app::distribute::Request {
        plan: args.plan.clone(),
        year: args.year,
        due: args.due,
        departments: args.department.clone(),
        out: args.out.clone(),
        today: today(),
    };
    let report = app::distribute::run(&request, &console.progress(3))?;
    console.findings(&report.findings);
    for form in &report.files {
        console.result(&format!("  {}（{}件）", paths::name_of(&form.path), form.rows));
    }
    console.result(&format!(
        "{}の記入票を{}冊、{}に作りました（回答期限 {}、{:.2}秒）",
        report.year.long(),
        report.files.len(),
        paths::shown(&args.out),
        date_with_weekday(report.due),
        report.seconds,
    ));
    let collect = suggested::on_plan("collect", &args.plan, "…");
    console.result(&format!("返送された記入票は、{collect}で取り込みます。"));
    console.json(&report);
    Ok(Exit::Done)
}

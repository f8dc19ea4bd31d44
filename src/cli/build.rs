//! `jisseki build`: the council documents.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::console::{Console, Refusal};
use super::stream::Stream;
use super::{Exit, today};
use crate::app::{self, Choice, DEFAULT_PLAN};
use crate::documents::Wanted;
use crate::plan::FiscalYear;
use crate::settings;

/// What is said where nothing is made.
pub(super) const REFUSAL: Refusal = Refusal {
    list: "files",
    line: "ファイルは作っていません。上のエラーを直してから、もう一度実行してください。",
    stream: Stream::Err,
};

/// What `build` takes.
#[derive(Debug, Clone, Args)]
pub struct BuildArgs {
    /// 計画のフォルダー（plan.toml と master.csv のある場所）。省略すると、コマンドを実行したフォルダー
    #[arg(value_name = "計画のフォルダー", default_value = DEFAULT_PLAN, hide_default_value = true)]
    pub plan: PathBuf,
    /// どの年度までの実績を載せるか（例 R4）。省略すると、実績のある最も新しい年度
    #[arg(long, value_name = "年度", value_parser = parse_year)]
    pub year: Option<FiscalYear>,
    /// 書き出すフォルダー。省略すると out
    #[arg(long, value_name = "フォルダー", default_value = "out", hide_default_value = true)]
    pub out: PathBuf,
    /// 文書の日付（例 2024-06-10）。同じ日付なら、いつ作っても同じファイルになります
    #[arg(long, value_name = "日付", value_parser = parse_date)]
    pub date: Option<NaiveDate>,
    /// 表題に（案）を付けます
    #[arg(long)]
    pub draft: bool,
    /// 作る文書の名前。複数回指定できます。省略すると、plan.toml のすべての文書
    #[arg(long = "document", value_name = "文書")]
    pub documents: Vec<String>,
    /// 様式（テンプレート）のファイル。文書が1つのときに指定できます。省略すると、plan.toml に書いた様式（なければ公式様式）
    #[arg(long, value_name = "ファイル")]
    pub template: Option<PathBuf>,
    /// 一方だけを作ります（pdf または xlsx）
    #[arg(long, value_name = "種類", hide_possible_values = true)]
    pub only: Option<Only>,
}

/// Which of the documents to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// The PDF.
    Pdf,
    /// The workbook and the data.
    Xlsx,
}

pub(super) fn parse_year(text: &str) -> Result<FiscalYear, String> {
    FiscalYear::parse(text).ok_or_else(|| "年度は R4、令和4年度、2022 のように書きます".to_owned())
}

pub(super) fn parse_date(text: &str) -> Result<NaiveDate, String> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| settings::is_date(*date));
    date.ok_or_else(|| "日付は 2024-06-10 のように書きます".to_owned())
}

/// Makes the documents, and says which.
///
/// # Errors
/// As [`app::build::run`].
pub fn run(args: &BuildArgs, console: &Console) -> app::Result<Exit> {
    let request = app::build::Request {
        plan: args.plan.clone(),
        choice: Choice { documents: args.documents.clone(), template: args.template.clone() },
        year: args.year,
        date: args.date,
        today: today(),
        draft: args.draft,
        wanted: match args.only {
            None => Wanted::All,
            Some(Only::Pdf) => Wanted::Pdf,
            Some(Only::Xlsx) => Wanted::Workbook,
        },
        out: args.out.clone(),
    };
    let report = app::build::run(&request, &console.progress(4))?;
    console.findings(&report.findings);
    for file in &report.files {
        let pages = file.pages.map(|pages| format!("（{pages}ページ）")).unwrap_or_default();
        console.result(&format!("  {}{pages}", file.path.display()));
    }
    console.result(&format!(
        "{}までの実績で{}個のファイルを作りました（{:.2}秒）",
        report.year.long(),
        report.files.len(),
        report.seconds,
    ));
    console.json(&report);
    Ok(Exit::Done)
}

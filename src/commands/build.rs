//! `jisseki build`: the council documents.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, anyhow};
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::console::Console;
use super::folder::{DEFAULT_PLAN, Design, Loaded, PlanFolder};
use super::{Outcome, set};
use crate::check;
use crate::documents::{self, Ingredients, Request, Wanted};
use crate::finding::Findings;
use crate::layout::font::Fonts;
use crate::named_file::MediaType;
use crate::plan::{FiscalYear, Plan};
use crate::render::Program;
use crate::settings;

/// What `build` takes.
#[derive(Debug, Clone, Args)]
pub struct BuildArgs {
    /// 計画のフォルダー（plan.toml と master.csv のある場所）。省くと data/nemuro
    #[arg(value_name = "計画のフォルダー", default_value = DEFAULT_PLAN, hide_default_value = true)]
    pub plan: PathBuf,
    /// どの年度までの実績を載せるか（例 R4）。省くと、実績のある最も新しい年度
    #[arg(long, value_name = "年度", value_parser = parse_year)]
    pub year: Option<FiscalYear>,
    /// 書き出すフォルダー。省くと out
    #[arg(long, value_name = "フォルダー", default_value = "out", hide_default_value = true)]
    pub out: PathBuf,
    /// 文書の日付（例 2024-06-10）。同じ日付なら、いつ作っても同じファイルになります
    #[arg(long, value_name = "日付", value_parser = parse_date)]
    pub date: Option<NaiveDate>,
    /// 表題に（案）を付けます
    #[arg(long)]
    pub draft: bool,
    /// 様式（テンプレート）のファイル。省くと公式様式
    #[arg(long, value_name = "ファイル")]
    pub template: Option<PathBuf>,
    /// 片方だけ作ります: pdf か xlsx
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

/// A file that was written.
struct Written {
    path: PathBuf,
    bytes: usize,
    pages: Option<usize>,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be opened or written.
pub fn run(args: &BuildArgs, console: &Console) -> Result<Outcome> {
    let began = Instant::now();
    let bar = console.progress(4);
    bar.set_message("マスタを読んでいます");
    let folder = PlanFolder::open(&args.plan)?;
    let (loaded, mut findings) = folder.load()?;
    let template = args.template.as_deref();
    let usable = match &loaded {
        Some(loaded) => check(&folder, loaded, template, &mut findings)?,
        None => None,
    };
    bar.inc(1);
    let (Some(loaded), Some(Design { template, fonts, .. })) = (&loaded, &usable) else {
        bar.finish_and_clear();
        return Ok(refused(&findings, console));
    };
    if findings.has_errors() {
        bar.finish_and_clear();
        return Ok(refused(&findings, console));
    }
    bar.set_message("紙面を組んでいます");
    let fonts = Fonts::parse(fonts)?;
    let settings = &loaded.settings;
    let plan = &loaded.master.plan;
    let year = edition(args.year, plan)?;
    findings.append(check::edition(&loaded.master, year));
    let printed_date = args.date.or(settings.document.date);
    let request = Request {
        year,
        date: printed_date.unwrap_or_else(super::today),
        printed_date,
        draft: args.draft || settings.document.draft,
        program: Program::this(),
    };
    let from = Ingredients { master: &loaded.master, settings, template, fonts: &fonts };
    let set = match documents::set(&from, &request) {
        Ok(set) => set,
        Err(faults) => {
            bar.finish_and_clear();
            findings.append(faults);
            return Ok(refused(&findings, console));
        }
    };
    bar.inc(1);
    bar.set_message("ファイルを作っています");
    let wanted = match args.only {
        None => Wanted::All,
        Some(Only::Pdf) => Wanted::Pdf,
        Some(Only::Xlsx) => Wanted::Workbook,
    };
    let products = documents::draw(&set, &from, year, wanted)?;
    let pages = set.document.page_count();
    bar.inc(1);
    bar.set_message("書き込んでいます");
    let set: Vec<(&str, &[u8])> =
        products.iter().map(|product| (product.name.as_str(), product.bytes.as_slice())).collect();
    set::write(&args.out, &set, "build", console)?;
    let written: Vec<Written> = products
        .iter()
        .map(|product| {
            let path = args.out.join(&product.name);
            let is_pdf = MediaType::of(&product.name) == Some(MediaType::Pdf);
            Written { path, bytes: product.bytes.len(), pages: is_pdf.then_some(pages) }
        })
        .collect();
    bar.finish_and_clear();
    console.findings(&findings);
    report(&written, year, began, &findings, console);
    Ok(Outcome::Done)
}

/// The edition asked for, or the latest year with an actual.
///
/// # Errors
/// A year the master has no column for.
pub(super) fn edition(asked: Option<FiscalYear>, plan: &Plan) -> Result<FiscalYear> {
    let year = asked.or_else(|| plan.latest_reported()).or_else(|| plan.years.last().copied());
    let Some(year) = year else { return Err(anyhow!("マスタに年度の列がありません")) };
    if !plan.years.contains(&year) {
        let known: Vec<String> = plan.years.iter().map(FiscalYear::to_string).collect();
        return Err(anyhow!(
            "{}はマスタにありません。--year に書けるのは {} です",
            year.long(),
            known.join("、")
        ));
    }
    Ok(year)
}

/// Everything that can be known to be wrong before a page is set. The template with
/// its fonts, where they can be used.
///
/// # Errors
/// A file that cannot be opened.
pub fn check(
    folder: &PlanFolder,
    loaded: &Loaded,
    template: Option<&Path>,
    findings: &mut Findings,
) -> Result<Option<Design>> {
    findings.append(check::check(&loaded.master, &loaded.settings));
    findings.append(check::spreadsheet(&loaded.master, &folder.former(&loaded.settings)));
    let design = match folder.template(template, &loaded.settings)? {
        Ok(design) => design,
        Err(faults) => {
            findings.append(faults);
            return Ok(None);
        }
    };
    let fonts = Fonts::parse(&design.fonts)?;
    let falls_back = |sign| fonts.falls_back(sign);
    let fallback =
        fonts.has_fallback().then_some((design.template.fonts.fallback.as_str(), &falls_back as _));
    let coverage = check::Coverage { covers: &|sign| fonts.covers(sign), fallback };
    findings.append(check::glyphs(&loaded.master.source, &coverage));
    Ok(Some(design))
}

/// Shows why nothing was made.
pub(super) fn refused(findings: &Findings, console: &Console) -> Outcome {
    console.findings(findings);
    console.json(&json!({ "files": [], "findings": findings_json(findings) }));
    console.say("ファイルは作っていません。上のエラーを直してから、もう一度実行してください。");
    Outcome::FoundErrors
}

/// The last lines: what was written, how many pages, how long it took.
fn report(written: &[Written], year: FiscalYear, began: Instant, findings: &Findings, console: &Console) {
    for file in written {
        let pages = file.pages.map(|pages| format!("（{pages}ページ）")).unwrap_or_default();
        console.result(&format!("  {}{pages}", file.path.display()));
    }
    let seconds = began.elapsed().as_secs_f64();
    console.result(&format!(
        "{}までの実績で{}つのファイルを作りました（{seconds:.2}秒）",
        year.long(),
        written.len()
    ));
    let files: Vec<_> = written
        .iter()
        .map(|file| json!({ "path": file.path.display().to_string(), "bytes": file.bytes, "pages": file.pages }))
        .collect();
    console.json(&json!({
        "year": year.to_string(),
        "seconds": seconds,
        "files": files,
        "findings": findings_json(findings),
    }));
}

pub(super) fn findings_json(findings: &Findings) -> serde_json::Value {
    serde_json::from_str(&crate::finding::to_json(findings)).unwrap_or_default()
}

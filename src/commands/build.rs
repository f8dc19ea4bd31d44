//! `jisseki build`: the council documents.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow};
use chrono::{Datelike, NaiveDate};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::console::Console;
use super::folder::{DEFAULT_PLAN, Loaded, PlanFolder};
use super::{Outcome, files};
use crate::check;
use crate::finding::{Finding, FindingKind, Findings};
use crate::layout::font::{FontFiles, Fonts};
use crate::layout::grid::Document;
use crate::layout::template::Template;
use crate::layout::{self, LayoutError, Options};
use crate::master::Column;
use crate::plan::{FiscalYear, Plan};
use crate::render::data::DataTable;
use crate::render::{Meta, pdf, xlsx};
use crate::settings::Settings;

/// The document's name in file names.
const DOCUMENT: &str = "実績一覧";
/// The data's name in file names.
const DATA: &str = "データ";

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
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "日付は 2024-06-10 のように書きます".to_owned())
}

/// A file to be written.
struct Product {
    path: PathBuf,
    bytes: Vec<u8>,
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
    let set = match &loaded {
        Some(loaded) => check(&folder, loaded, template, &mut findings)?,
        None => None,
    };
    bar.inc(1);
    let (Some(loaded), Some((template, font_files))) = (&loaded, &set) else {
        bar.finish_and_clear();
        return Ok(refused(&findings, console));
    };
    if findings.has_errors() {
        bar.finish_and_clear();
        return Ok(refused(&findings, console));
    }
    bar.set_message("紙面を組んでいます");
    let fonts = Fonts::parse(font_files)?;
    let settings = &loaded.settings;
    let plan = &loaded.master.plan;
    let Some(year) = args.year.or_else(|| plan.latest_reported()).or_else(|| plan.years.last().copied())
    else {
        return Err(anyhow!("マスタに年度の列がありません"));
    };
    if !plan.years.contains(&year) {
        let known: Vec<String> = plan.years.iter().map(FiscalYear::to_string).collect();
        return Err(anyhow!(
            "{}はマスタにありません。--year に書けるのは {} です",
            year.long(),
            known.join("、")
        ));
    }
    let edition = plan.clone().edition(year);
    let date = args.date.or(settings.document.date);
    let options = Options { draft: args.draft || settings.document.draft, note: note(settings, date) };
    let document = match layout::set(&edition, settings, template, &fonts, &options) {
        Ok(document) => document,
        Err(error) => {
            bar.finish_and_clear();
            findings.push(layout_finding(&error, loaded));
            return Ok(refused(&findings, console));
        }
    };
    bar.inc(1);
    bar.set_message("ファイルを作っています");
    let meta = meta(settings, &document_title(&options, settings, template), date.unwrap_or_else(today));
    let products = products(args, &edition, year, settings, &document, &fonts, &meta, template)?;
    bar.inc(1);
    bar.set_message("書き込んでいます");
    for product in &products {
        files::replace(&product.path, &product.bytes)?;
    }
    bar.finish_and_clear();
    console.findings(&findings);
    report(&products, year, began, &findings, console);
    Ok(Outcome::Done)
}

/// Everything that can be known to be wrong before a page is set. The template and
/// its fonts, where they can be used.
///
/// # Errors
/// A file that cannot be opened.
pub fn check(
    folder: &PlanFolder,
    loaded: &Loaded,
    template: Option<&Path>,
    findings: &mut Findings,
) -> Result<Option<(Template, FontFiles)>> {
    findings.extend(check::check(&loaded.master, &loaded.settings));
    let (template, font_files) = match folder.template(template, &loaded.settings)? {
        Ok(set) => set,
        Err(faults) => {
            findings.extend(faults);
            return Ok(None);
        }
    };
    let fonts = Fonts::parse(&font_files)?;
    let falls_back = |c| fonts.falls_back(c);
    let fallback = fonts.has_fallback().then_some((template.fonts.fallback.as_str(), &falls_back as _));
    let coverage = check::Coverage { covers: &|c| fonts.covers(c), fallback };
    findings.extend(check::glyphs(&loaded.master.source, &coverage));
    Ok(Some((template, font_files)))
}

/// Shows why nothing was made.
fn refused(findings: &Findings, console: &Console) -> Outcome {
    console.findings(findings);
    console.json(&json!({ "files": [], "findings": findings_json(findings) }));
    console.say("ファイルは作っていません。上のエラーを直してから、もう一度実行してください。");
    Outcome::FoundErrors
}

#[allow(clippy::too_many_arguments)] // the parts of one document; a struct would only rename them
fn products(
    args: &BuildArgs,
    plan: &Plan,
    year: FiscalYear,
    settings: &Settings,
    document: &Document,
    fonts: &Fonts<'_>,
    meta: &Meta,
    template: &Template,
) -> Result<Vec<Product>> {
    let path = |what: &str, extension: &str| {
        args.out.join(format!("{}_{what}_{year}.{extension}", settings.plan.id))
    };
    // The two writers know nothing of each other: each gets a core.
    let (pdf, workbook) = thread::scope(|scope| {
        let pdf =
            (args.only != Some(Only::Xlsx)).then(|| scope.spawn(|| pdf::to_bytes(document, fonts, meta)));
        let workbook = (args.only != Some(Only::Pdf)).then(|| {
            let data = DataTable::of(plan, settings);
            xlsx::to_bytes(document, &data, meta, &template.fonts.excel).map(|bytes| (bytes, data.to_csv()))
        });
        (pdf.map(|pdf| pdf.join()), workbook)
    });
    let mut products = Vec::new();
    if let Some(joined) = pdf {
        let bytes = joined.map_err(|_| anyhow!("PDFの作成が途中で止まりました"))??;
        products.push(Product { path: path(DOCUMENT, "pdf"), bytes, pages: Some(document.page_count()) });
    }
    if let Some(workbook) = workbook {
        let (bytes, csv) = workbook?;
        products.push(Product { path: path(DOCUMENT, "xlsx"), bytes, pages: None });
        products.push(Product { path: path(DATA, "csv"), bytes: csv, pages: None });
    }
    Ok(products)
}

/// The last lines: what was written, how many pages, how long it took.
fn report(products: &[Product], year: FiscalYear, began: Instant, findings: &Findings, console: &Console) {
    for product in products {
        let pages = product.pages.map(|pages| format!("（{pages}ページ）")).unwrap_or_default();
        console.result(&format!("  {}{pages}", product.path.display()));
    }
    let seconds = began.elapsed().as_secs_f64();
    console.result(&format!(
        "{}までの実績で{}つのファイルを作りました（{seconds:.2}秒）",
        year.long(),
        products.len()
    ));
    let files: Vec<_> = products
        .iter()
        .map(|product| json!({ "path": product.path, "bytes": product.bytes.len(), "pages": product.pages }))
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

pub(super) fn layout_finding(error: &LayoutError, loaded: &Loaded) -> Finding {
    match error {
        LayoutError::TooNarrow(narrow) => Finding::nowhere(FindingKind::PageTooNarrow {
            needed_mm: narrow.needed_mm as f64,
            available_mm: narrow.room_mm as f64,
        }),
        LayoutError::TooTall { id, row } => Finding::at(
            loaded.master.source.place(*row, Column::Purpose),
            FindingKind::WordingTooTall { id: id.clone() },
        ),
        LayoutError::NameTooTall { id, row } => Finding::at(
            loaded.master.source.place(*row, Column::Name),
            FindingKind::NameTooTall { id: id.clone() },
        ),
    }
}

/// 「令和６年６月10日　○○会議」, of what is known.
fn note(settings: &Settings, date: Option<NaiveDate>) -> String {
    let date = date.map(japanese_date).unwrap_or_default();
    [date.as_str(), settings.document.meeting.as_str()]
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join("　")
}

/// `令和6年6月10日`. The Reiwa era began on 1 May 2019.
pub fn japanese_date(date: NaiveDate) -> String {
    let reiwa = (date.year(), date.month()) >= (2019, 5);
    let year = match (reiwa, date.year()) {
        (true, 2019) => "令和元".to_owned(),
        (true, year) => format!("令和{}", year - 2018),
        (false, year) if (1989..=2019).contains(&year) => format!("平成{}", year - 1988),
        (false, year) => year.to_string(),
    };
    format!("{year}年{}月{}日", date.month(), date.day())
}

fn document_title(options: &Options, settings: &Settings, template: &Template) -> String {
    let draft = if options.draft { template.labels.draft.as_str() } else { "" };
    format!("{}{draft}", settings.plan.title)
}

fn meta(settings: &Settings, title: &str, date: NaiveDate) -> Meta {
    let document = &settings.document;
    let subject = if document.subject.is_empty() { &settings.plan.name } else { &document.subject };
    Meta {
        title: title.to_owned(),
        author: settings.plan.city.clone(),
        subject: subject.clone(),
        keywords: document.keywords.clone(),
        date,
    }
}

/// Today, or the day of `SOURCE_DATE_EPOCH` (<https://reproducible-builds.org>).
pub(super) fn today() -> NaiveDate {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    match epoch.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0)) {
        Some(time) => time.date_naive(),
        None => chrono::Local::now().date_naive(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_in_its_era() {
        let written = |text: &str| japanese_date(parse_date(text).unwrap());
        assert_eq!(written("2024-06-10"), "令和6年6月10日");
        assert_eq!(written("2019-05-01"), "令和元年5月1日");
        assert_eq!(written("2019-04-30"), "平成31年4月30日");
    }
}

//! `jisseki archive`: keep a year's documents, and answer for them.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::build::{self, parse_date, parse_year};
use super::console::{Console, Refusal};
use super::stream::Stream;
use super::{Exit, today};
use crate::app::archive::{add, extract, list, verify};
use crate::app::{self, DEFAULT_PLAN};
use crate::archive::Manifest;
use crate::plan::{FiscalYear, japanese_date};

/// What is said where nothing is taken out of a PDF.
const NOT_EXTRACTED: Refusal =
    Refusal { list: "files", line: "ファイルは取り出していません。", stream: Stream::Err };

/// What `archive` takes.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ArchiveArgs {
    /// What to do with the archive; to add to it where nothing is named.
    #[command(subcommand)]
    pub command: Option<ArchiveCommand>,
    /// 計画のフォルダー（plan.toml と master.csv のある場所）。省略すると、コマンドを実行したフォルダー
    #[arg(value_name = "計画のフォルダー", default_value = DEFAULT_PLAN, hide_default_value = true)]
    pub plan: PathBuf,
    /// どの年度の文書を保存するか（例 R4）
    #[arg(long, value_name = "年度", value_parser = parse_year, required = true)]
    pub year: Option<FiscalYear>,
    /// 文書の日付（例 2024-06-10）。省略すると、plan.toml に書いた日付（なければ今日）
    #[arg(long, value_name = "日付", value_parser = parse_date)]
    pub date: Option<NaiveDate>,
    /// 訂正の理由。保存した版を訂正し、次の版を正誤表とともに保存します
    #[arg(long, value_name = "理由")]
    pub revise: Option<String>,
    /// すべてのファイルを添付した1つのPDF（PDF/A-3）も作ります
    #[arg(long)]
    pub bundle: bool,
    /// 様式（テンプレート）のファイル。文書が1つのときに指定できます。省略すると、plan.toml に書いた様式（なければ公式様式）
    #[arg(long, value_name = "ファイル")]
    pub template: Option<PathBuf>,
    /// archive が計画のフォルダーの外へのリンクでも、その先に保存します
    #[arg(long)]
    pub follow_links: bool,
}

/// What can be done with an archive.
#[derive(Debug, Clone, Subcommand)]
pub enum ArchiveCommand {
    /// 保存したものがすべて元のままか確認します
    #[command(
        override_usage = "jisseki archive verify [計画のフォルダー] [オプション]",
        next_help_heading = "オプション"
    )]
    Verify(VerifyArgs),
    /// 保存した年度・版・日付・訂正の理由を一覧にします
    #[command(
        override_usage = "jisseki archive list [計画のフォルダー] [オプション]",
        next_help_heading = "オプション"
    )]
    List(OfPlan),
    /// 保存用のPDFから、添付されたファイルを取り出します
    #[command(
        override_usage = "jisseki archive extract <PDF> [オプション]",
        next_help_heading = "オプション"
    )]
    Extract(ExtractArgs),
}

/// A plan, or its archive.
#[derive(Debug, Clone, Args)]
pub struct OfPlan {
    /// 計画のフォルダー、または保存先のフォルダー（archive）。省略すると、コマンドを実行したフォルダー
    #[arg(value_name = "計画のフォルダー", default_value = DEFAULT_PLAN, hide_default_value = true)]
    pub plan: PathBuf,
}

/// What `archive verify` takes.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// Which plan.
    #[command(flatten)]
    pub of: OfPlan,
    /// 起案文書などに控えた、記録の確認用の値（はじめの16桁以上）。その版が残っていることも確認します
    #[arg(long, value_name = "値", value_parser = verify::fingerprint)]
    pub expect: Option<String>,
    /// 警告だけのときも、終了コードを1にします
    #[arg(long)]
    pub strict: bool,
}

/// What `archive extract` takes.
#[derive(Debug, Clone, Args)]
pub struct ExtractArgs {
    /// 「jisseki archive --bundle」で作った、名前に「保存用」と付くPDF
    #[arg(value_name = "PDF")]
    pub file: PathBuf,
    /// 取り出す先のフォルダー。省略すると、PDFと同じ名前のフォルダー
    #[arg(long, value_name = "フォルダー")]
    pub out: Option<PathBuf>,
}

impl ArchiveArgs {
    /// What is said where the data has errors.
    pub(super) fn refusal(&self) -> Refusal {
        match self.command {
            Some(ArchiveCommand::Extract(_)) => NOT_EXTRACTED,
            _ => build::REFUSAL,
        }
    }
}

/// Does what is asked with the archive, and says what came of it.
///
/// # Errors
/// As the use cases in [`app::archive`].
pub fn run(args: &ArchiveArgs, console: &Console) -> app::Result<Exit> {
    match &args.command {
        None => add(args, console),
        Some(ArchiveCommand::Verify(args)) => verify(args, console),
        Some(ArchiveCommand::List(of)) => list(of, console),
        Some(ArchiveCommand::Extract(args)) => extract(args, console),
    }
}

fn add(args: &ArchiveArgs, console: &Console) -> app::Result<Exit> {
    let request = add::Request {
        plan: args.plan.clone(),
        template: args.template.clone(),
        year: args.year,
        date: args.date,
        today: today(),
        revise: args.revise.clone(),
        bundle: args.bundle,
        follow_links: args.follow_links,
    };
    let report = add::run(&request, console)?;
    console.findings(&report.findings);
    for name in &report.files {
        console.result(&format!("  {}", report.folder.join(name).display()));
    }
    let edition = &report.edition;
    console.result(&format!(
        "{}の第{}版を保存しました（{}ページ、{:.2}秒）",
        edition.fiscal_year().long(),
        edition.edition,
        edition.pages(),
        report.seconds,
    ));
    console.result(&format!("記録の確認用の値（SHA-256）: {}", report.sha256));
    console
        .result("この値を起案文書などに控えておくと、保存したものが元のままであることを、後から示せます。");
    console.json(&report);
    Ok(Exit::Done)
}

fn verify(args: &VerifyArgs, console: &Console) -> app::Result<Exit> {
    let request = verify::Request { plan: args.of.plan.clone(), expect: args.expect.clone() };
    let report = verify::run(&request, &console.progress(2))?;
    console.report(&report.findings);
    console.json(&report);
    let failed = report.findings.has_errors() || (args.strict && !report.findings.is_empty());
    for line in &report.lines {
        if failed { console.say(line) } else { console.result(line) }
    }
    Ok(if failed { Exit::FoundErrors } else { Exit::Done })
}

fn list(of: &OfPlan, console: &Console) -> app::Result<Exit> {
    let report = list::run(&list::Request { plan: of.plan.clone() })?;
    console.findings(&report.findings);
    console.json(&report);
    for one in &report.editions {
        let manifest = &one.edition;
        let mut line = format!(
            "{}\t第{}版\t{}\t{}\t実績{}件（未報告{}件）\t{}",
            manifest.fiscal_year().long(),
            manifest.edition,
            japanese_date(manifest.date),
            pages(manifest),
            manifest.filled,
            manifest.empty,
            one.folder
        );
        if !manifest.reason.is_empty() {
            line.push_str(&format!("\t訂正の理由：{}", manifest.reason));
        }
        console.result(&line);
    }
    match report.editions.last() {
        // Which is the last is not known where one cannot be opened.
        _ if report.findings.has_errors() => {}
        Some(last) => console.result(&format!("最後の版の記録の確認用の値（SHA-256）: {}", last.sha256)),
        None => console.result("保存した版はありません。"),
    }
    Ok(Exit::of(&report.findings))
}

/// 「43ページ」; of several documents those of each, by name.
fn pages(manifest: &Manifest) -> String {
    match manifest.documents.as_slice() {
        [_] => format!("{}ページ", manifest.pages()),
        several => {
            let pages = several.iter().map(|document| format!("{} {}ページ", document.name, document.pages));
            pages.collect::<Vec<_>>().join("、")
        }
    }
}

fn extract(args: &ExtractArgs, console: &Console) -> app::Result<Exit> {
    let report = extract::run(&extract::Request { file: args.file.clone(), out: args.out.clone() })?;
    for path in &report.files {
        console.result(&format!("  {}", path.display()));
    }
    console.result(&format!("{}個のファイルを取り出しました", report.files.len()));
    console.json(&report);
    Ok(Exit::Done)
}

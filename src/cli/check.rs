//! `jisseki check`: what is wrong with a master, and nothing else.

use std::path::PathBuf;

use clap::Args;

use super::Exit;
use super::console::Console;
use crate::app::{self, DEFAULT_PLAN, Failure, suggested};
use crate::finding;

/// What `check` takes.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// 計画のフォルダー（plan.toml と master.csv のある場所）。省略すると、コマンドを実行したフォルダー
    #[arg(value_name = "計画のフォルダー", default_value = DEFAULT_PLAN, hide_default_value = true)]
    pub plan: PathBuf,
}

/// Checks a plan, and says what is wrong.
///
/// # Errors
/// A file that cannot be opened.
pub fn run(args: &CheckArgs, console: &Console) -> app::Result<Exit> {
    // What forbids to go on is what is asked for here.
    let findings = match app::check::run(&app::check::Request { plan: args.plan.clone() }) {
        Ok(report) => report.findings,
        Err(Failure::Findings(findings)) => findings,
        Err(failure) => return Err(failure),
    };
    console.report(&findings);
    console.for_programs(&finding::to_json(&findings));
    if findings.has_errors() {
        return Ok(Exit::FoundErrors);
    }
    if findings.is_empty() {
        let build = suggested::on_plan("build", &args.plan, "");
        console.result(&format!("問題は見つかりませんでした。{build}で実績一覧を作れます。"));
    }
    Ok(Exit::Done)
}

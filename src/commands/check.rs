//! `jisseki check`: what is wrong with a master, and nothing else.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::console::{Console, Format};
use super::folder::{DEFAULT_PLAN, PlanFolder};
use super::{Outcome, build, suggested};

/// What `check` takes.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// 計画のフォルダー（plan.toml と master.csv のある場所）。省くと data/nemuro
    #[arg(value_name = "計画のフォルダー", default_value = DEFAULT_PLAN, hide_default_value = true)]
    pub plan: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be opened.
pub fn run(args: &CheckArgs, console: &Console) -> Result<Outcome> {
    let folder = PlanFolder::open(&args.plan)?;
    let (loaded, mut findings) = folder.load()?;
    if let Some(loaded) = &loaded {
        build::check(&folder, loaded, None, &mut findings)?;
    }
    console.report(&findings);
    if findings.has_errors() {
        return Ok(Outcome::FoundErrors);
    }
    if console.format() == Format::Text && findings.is_empty() {
        let build = suggested::on_plan("build", &args.plan, "");
        console.result(&format!("問題は見つかりませんでした。{build}で実績一覧を作れます。"));
    }
    Ok(Outcome::Done)
}

//! `jisseki init`: a new plan's folder.

use std::path::PathBuf;

use clap::Args;

use super::Exit;
use super::console::Console;
use crate::app::{self, suggested};
use crate::plan::FiscalYear;
use crate::storage::paths;

/// What `init` takes.
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// 作るフォルダー。中身のあるフォルダーには書き込みません
    #[arg(value_name = "新しいフォルダー")]
    pub new: PathBuf,
    /// 引き継ぐ計画のフォルダー。構成・担当課・様式を引き継ぎ、実績と目標は空欄にします
    #[arg(long, value_name = "計画のフォルダー", requires = "years")]
    pub from: Option<PathBuf>,
    /// 新しい計画の期間（例 R7..R10）
    #[arg(long, value_name = "期間", value_parser = parse_years)]
    pub years: Option<Years>,
}

/// The years of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Years(Vec<FiscalYear>);

fn parse_years(text: &str) -> Result<Years, String> {
    let said = || "期間は R7..R10 のように、最初と最後の年度を書きます".to_owned();
    let (first, last) = text.split_once("..").ok_or_else(said)?;
    if FiscalYear::parse(first).is_none() || FiscalYear::parse(last).is_none() {
        return Err(said());
    }
    app::init::period(first, last).map(Years)
}

/// Makes the folder, and says what to do with it.
///
/// # Errors
/// As [`app::init::run`].
pub fn run(args: &InitArgs, console: &Console) -> app::Result<Exit> {
    let report = app::init::run(&app::init::Request {
        new: args.new.clone(),
        from: args.from.clone(),
        years: args.years.clone().map(|years| years.0).unwrap_or_default(),
    })?;
    for path in &report.files {
        console.result(&format!("  {}", path.display()));
    }
    console.result(&format!("計画のフォルダー{}を作りました。", paths::shown(&args.new)));
    let next = |command: &str| suggested::on_plan(command, &args.new, "");
    console.result(&match &args.from {
        None => format!(
            "{}で見本の文書を作れます。plan.toml と master.csv を書き換えて使ってください。",
            next("build")
        ),
        Some(_) => format!(
            "plan.toml の計画の名前・表題と、master.csv の基準値を確認し、目標を書いてから{}で調べてください。",
            next("check")
        ),
    });
    console.json(&report);
    Ok(Exit::Done)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_two_years() {
        assert_eq!(parse_years("R7..R10").unwrap().0.len(), 4);
        assert_eq!(parse_years("2025..令和7年度").unwrap().0, [FiscalYear::starting(2025)]);
        for wrong in ["R7", "R7-R10", "R10..R7", "R1..R99", "..", ""] {
            assert!(parse_years(wrong).is_err(), "{wrong}");
        }
    }
}

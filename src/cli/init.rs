//! `jisseki init`: a new plan's folder.

use std::path::PathBuf;

use clap::Args;

use super::Exit;
use super::console::Console;
use crate::app::{self, suggested};
use crate::plan::FiscalYear;
use crate::storage::paths;

/// A plan's period is not longer.
const MOST_YEARS: i32 = 30;

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

/// The years of a plan, first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years(FiscalYear, FiscalYear);

impl Years {
    fn all(self) -> Vec<FiscalYear> {
        (self.0.start()..=self.1.start()).map(FiscalYear::starting).collect()
    }
}

fn parse_years(text: &str) -> Result<Years, String> {
    let said = || "期間は R7..R10 のように、最初と最後の年度を書きます".to_owned();
    let (first, last) = text.split_once("..").ok_or_else(said)?;
    let years = FiscalYear::parse(first).zip(FiscalYear::parse(last)).ok_or_else(said)?;
    match years.1.start() - years.0.start() {
        0..MOST_YEARS => Ok(Years(years.0, years.1)),
        n if n < 0 => Err("期間の最初の年度が、最後の年度より後です".to_owned()),
        _ => Err(format!("期間は{MOST_YEARS}年度までです")),
    }
}

/// Makes the folder, and says what to do with it.
///
/// # Errors
/// As [`app::init::run`].
pub fn run(args: &InitArgs, console: &Console) -> app::Result<Exit> {
    let report = app::init::run(&app::init::Request {
        new: args.new.clone(),
        from: args.from.clone(),
        years: args.years.map(Years::all).unwrap_or_default(),
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
        assert_eq!(parse_years("R7..R10").unwrap().all().len(), 4);
        assert_eq!(parse_years("2025..令和7年度").unwrap().all(), [FiscalYear::starting(2025)]);
        for wrong in ["R7", "R7-R10", "R10..R7", "R1..R99", "..", ""] {
            assert!(parse_years(wrong).is_err(), "{wrong}");
        }
    }
}

//! `jisseki collect`: what the departments sent back, into the master.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::Args;

use super::build::parse_year;
use super::console::{Console, Refusal};
use super::stream::Stream;
use super::{Exit, today};
use crate::app::collect::Report;
use crate::app::{self, DEFAULT_PLAN, PlanFolder};
use crate::exchange::DepartmentStatus;
use crate::plan::FiscalYear;
use crate::storage::paths;

/// What is said where the master has errors.
pub(super) const REFUSAL: Refusal = Refusal {
    list: "changes",
    line: "マスタにエラーがあるため、取り込んでいません。上のエラーを直してから、もう一度実行してください。",
    stream: Stream::Out,
};

/// What `collect` takes.
#[derive(Debug, Clone, Args)]
pub struct CollectArgs {
    /// 返送された記入票（*.xlsx のようにも書けます）、またはそれらを入れたフォルダー。その前に、計画のフォルダーを書けます（省略すると、コマンドを実行したフォルダー）
    #[arg(value_name = "記入票またはフォルダー", required = true)]
    pub paths: Vec<PathBuf>,
    /// どの年度の回答を取り込むか（例 R5）。省略すると、最も多くの記入票の年度
    #[arg(long, value_name = "年度", value_parser = parse_year)]
    pub year: Option<FiscalYear>,
    /// 結果を表示するだけで、何も書き換えません
    #[arg(long)]
    pub dry_run: bool,
    /// 過年度の実績の訂正も取り込みます
    #[arg(long)]
    pub accept_revisions: bool,
    /// 読み取れないファイルや一致しない回答が1つでもあれば、何も取り込みません
    #[arg(long)]
    pub strict: bool,
    /// backup が計画のフォルダーの外へのリンクでも、その先に控えを残します
    #[arg(long)]
    pub follow_links: bool,
    /// 照会結果を書き出すフォルダー。省略すると out
    #[arg(long, value_name = "フォルダー", default_value = "out", hide_default_value = true)]
    pub out: PathBuf,
}

/// Takes over what came back, and says what became of it.
///
/// # Errors
/// As [`app::collect::run`].
pub fn run(args: &CollectArgs, console: &Console) -> app::Result<Exit> {
    let (plan, returns) = plan_and_returns(&args.paths)?;
    if returns.is_empty() {
        return Err(
            anyhow::anyhow!("返送された記入票、またはそれらを入れたフォルダーを指定してください").into()
        );
    }
    if returns.len() == args.paths.len() {
        let does = if args.dry_run { "と比べます" } else { "に取り込みます" };
        let plan = std::path::absolute(&plan).unwrap_or_else(|_| plan.clone());
        console.say(&format!("計画{}のマスタ{does}。", paths::shown(&plan)));
    }
    let request = app::collect::Request {
        plan,
        returns: returns.to_vec(),
        year: args.year,
        dry_run: args.dry_run,
        accept_revisions: args.accept_revisions,
        ticks: None,
        strict: args.strict,
        follow_links: args.follow_links,
        out: args.out.clone(),
        today: today(),
        now: chrono::Local::now().naive_local(),
    };
    let report = app::collect::run(&request, &console.progress(3))?;
    tell(&report, &request.returns, console);
    console.json(&report);
    if report.is_stopped {
        console.result("エラーがあるため、マスタは書き換えていません。");
        return Ok(Exit::FoundErrors);
    }
    Ok(Exit::Done)
}

/// The plan's folder and what came back. The first path may be the plan; without one it is
/// the folder that is worked in, unless the first path may have been meant as one: a master
/// that was not named is not written to on a guess.
///
/// # Errors
/// Asks for the plan.
fn plan_and_returns(paths: &[PathBuf]) -> Result<(PathBuf, &[PathBuf])> {
    match paths.split_first() {
        Some((first, rest)) if first.join("plan.toml").is_file() || PlanFolder::is_named(first) => {
            Ok((first.clone(), rest))
        }
        Some((first, rest)) if first.is_dir() && !rest.is_empty() => bail!(
            "{}に plan.toml がありません。計画のフォルダーを先に、返送された記入票をその後に指定してください",
            paths::shown(first)
        ),
        Some((first, [_, ..])) if !first.exists() && !first.to_string_lossy().contains(['*', '?']) => {
            bail!("{}が見つかりません。場所と名前を確認してください", paths::shown(first))
        }
        _ => {
            let usual = Path::new(DEFAULT_PLAN);
            PlanFolder::open(usual).map_err(|error| {
                anyhow!("{error}。計画のフォルダーは、返送された記入票より前に指定してください")
            })?;
            Ok((usual.to_path_buf(), paths))
        }
    }
}

/// Says what came of it: findings, who has answered, the sums.
fn tell(report: &Report, looked_in: &[PathBuf], console: &Console) {
    let outcome = &report.outcome;
    console.findings(&outcome.findings);
    for entry in &outcome.departments {
        console.result(&line(entry));
    }
    let silent: Vec<&str> = outcome
        .departments
        .iter()
        .filter(|entry| entry.is_silent())
        .map(|entry| entry.department.as_str())
        .collect();
    if !silent.is_empty() {
        console.result(&format!("未提出の担当課: {}", silent.join("、")));
    }
    if !report.passed_over.is_empty() {
        console.result(&format!(
            "記入票ではないため読み取らなかったファイル: {}",
            report.passed_over.join("、")
        ));
    }
    match report.files {
        0 => tell_none(looked_in, console),
        _ => console.result(&sums(report)),
    }
    if !outcome.writings.is_empty() {
        console.result(&format!(
            "回答のほかの書き込みが{}件あります（照会結果の「書き込み」）",
            outcome.writings.len()
        ));
    }
    if let Some(path) = &report.listing {
        console.result(&format!("照会結果: {}", path.display()));
        if report.letters > 0 {
            console.result(&format!(
                "同じフォルダーに、担当課への連絡文を{}通作りました（連絡文_….txt）",
                report.letters
            ));
        }
    }
    if outcome.year.is_some() {
        console.result(&format!("回答を待っている項目: {}件", outcome.waiting));
    }
}

/// Says that there is no form where one was looked for, and what to do.
fn tell_none(looked_in: &[PathBuf], console: &Console) {
    let places: Vec<String> = looked_in.iter().map(|path| paths::shown(path)).collect();
    console.result(&format!("読み取れる記入票がありません（探した場所: {}）。", places.join("、")));
    console.result(
        "「jisseki distribute」で配布した記入票（.xlsx、.xlsm、.xls、.ods）を探しました。担当課から返送された記入票をその場所に入れるか、入れてある場所を指定して、もう一度実行してください。",
    );
}

/// How many answers there are, and what became of them.
fn sums(report: &Report) -> String {
    let outcome = &report.outcome;
    let year = outcome.year.map(|year| format!("{}　", year.long())).unwrap_or_default();
    let taken = match (report.dry_run, report.listing.is_some()) {
        (false, false) => "取り込める回答",
        (true, _) => "取り込む回答（--dry-run のため、まだ取り込んでいません）",
        _ => "取り込んだ回答",
    };
    format!(
        "{year}{}ファイル　{taken} {}件、変更なし {}件、確認事項 {}件（{:.2}秒）",
        report.files,
        outcome.changes.len(),
        outcome.unchanged,
        outcome.queries.len(),
        report.seconds,
    )
}

/// How far a department is.
fn line(entry: &DepartmentStatus) -> String {
    let clerk = if entry.clerk.is_empty() { String::new() } else { format!("　記入者 {}", entry.clerk) };
    let queries =
        if entry.queries > 0 { format!("、確認事項 {}件", entry.queries) } else { String::new() };
    format!("  {}　{}　{}/{}件{queries}{clerk}", entry.words(), entry.department, entry.answered, entry.asked)
}

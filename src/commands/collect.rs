//! `jisseki collect`: what the departments sent back, into the master.
//!
//! The plan is taken before anything is read, so that no other run changes it meanwhile.
//! Everything is read and compared first. Only then is anything written, in this
//! order: the report beside its place, the previous master under `backup/`, the master,
//! the report that says so. Each is a whole file put in place of another, so a run that is
//! stopped anywhere leaves the old master or the new one, and running again goes on as if
//! nothing had happened.
//! What cannot be read or is asked about stops nothing that is sure (`--strict` aside).

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, anyhow, bail};
use chrono::Local;
use clap::Args;
use serde_json::json;

use super::build::{findings_json, parse_year};
use super::console::{Console, Format};
use super::distribute::meta;
use super::folder::{DEFAULT_PLAN, Loaded, PlanFolder};
use super::lock::Locks;
use super::returns::{self, Batch};
use super::set::{self, Output, Staged};
use super::today;
use super::{Outcome, files, reason, swap, typed};
use crate::exchange::{self, Status, lists};
use crate::finding::{Findings, Severity};
use crate::layout::template::Template;
use crate::master;
use crate::plan::FiscalYear;
use crate::render::xlsx;
use crate::workbook;

/// More masters than one can be replaced in a second.
const MOST_BACKUPS: usize = 1_000;
/// The name of the report.
const REPORT: &str = "照会結果.xlsx";

/// What `collect` takes.
#[derive(Debug, Clone, Args)]
pub struct CollectArgs {
    /// 返ってきた記入票（*.xlsx のようにも書けます）、またはそれらを入れたフォルダー。最初に計画のフォルダーを書けます（省くと data/nemuro）
    #[arg(value_name = "記入票またはフォルダー", required = true)]
    pub paths: Vec<PathBuf>,
    /// どの年度の回答を集めるか（例 R5）。省くと、記入票の多くが尋ねている年度
    #[arg(long, value_name = "年度", value_parser = parse_year)]
    pub year: Option<FiscalYear>,
    /// 結果を表示するだけで、何も書き換えません
    #[arg(long)]
    pub dry_run: bool,
    /// 過年度の実績の訂正も取り込みます
    #[arg(long)]
    pub accept_revisions: bool,
    /// 読めないファイルや食い違う回答が1つでもあれば、何も取り込みません
    #[arg(long)]
    pub strict: bool,
    /// backup が計画のフォルダーの外へのリンクでも、その先に控えを残します
    #[arg(long)]
    pub follow_links: bool,
    /// 照会結果を書き出すフォルダー。省くと out
    #[arg(long, value_name = "フォルダー", default_value = "out", hide_default_value = true)]
    pub out: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be opened or written.
pub fn run(args: &CollectArgs, console: &Console) -> Result<Outcome> {
    let began = Instant::now();
    let bar = console.progress(3);
    bar.set_message("マスタを読んでいます");
    let (plan, files) = plan_and_returns(&args.paths)?;
    if files.is_empty() {
        bail!("返ってきた記入票、またはそれらを入れたフォルダーを指定してください");
    }
    let folder = PlanFolder::open(&plan)?;
    if files.len() == args.paths.len() {
        let does = if args.dry_run { "と比べます" } else { "に取り込みます" };
        console.say(&format!("計画{}のマスタ{does}。", files::shown(&plan)));
    }
    let mut locks = match args.dry_run {
        true => Locks::default(),
        false => take(&folder, args, console)?,
    };
    let (loaded, findings) = folder.load()?;
    let Some(loaded) = loaded.filter(|_| !findings.has_errors()) else {
        bar.finish_and_clear();
        return Ok(refused(&findings, console));
    };
    bar.inc(1);
    bar.set_message("記入票を読んでいます");
    let mut batch = returns::read_all(files, loaded.master.source.rows().count())?;
    let today = today();
    let request = exchange::Request {
        master: &loaded.master,
        settings: &loaded.settings,
        year: args.year,
        accept_revisions: args.accept_revisions,
        today,
    };
    let mut outcome = exchange::collect(request, &batch.returns);
    // Thousands of returns take more memory than all that is said of them.
    batch.count = std::mem::take(&mut batch.returns).len();
    let mut all = std::mem::take(&mut batch.findings);
    all.extend(std::mem::take(&mut outcome.findings));
    outcome.findings = all;
    bar.inc(1);
    // A file or a row that cannot be used stops no other, but for those who want all or
    // nothing. Where there is no other, nothing can be done.
    let mut stops = outcome.year.is_some_and(|year| !loaded.master.plan.years.contains(&year))
        || args.strict && outcome.findings.has_errors()
        || batch.count == 0 && outcome.findings.has_errors();
    let new_master = match new_master(&loaded, &outcome) {
        Ok(bytes) => bytes,
        Err(findings) => {
            outcome.findings.extend(findings);
            stops = true;
            None
        }
    };
    if stops {
        bar.finish_and_clear();
        report(&outcome, &batch, args, began, None, console);
        console.result("エラーがあるため、マスタは書き換えていません。");
        return Ok(Outcome::FoundErrors);
    }
    let mut written = None;
    if !args.dry_run && outcome.year.is_some() {
        bar.set_message("書き込んでいます");
        let template = folder.template(None, &loaded.settings)?;
        let font =
            template.map_or_else(|_| Template::official().fonts.excel, |design| design.template.fonts.excel);
        let meta = meta(&loaded, "照会結果", today);
        let listing = xlsx::listing_to_bytes(&lists::result(&outcome), &meta, &font)?;
        written = Some(write(&folder, &loaded, args, &listing, new_master.as_deref(), &mut locks, console)?);
    }
    bar.finish_and_clear();
    report(&outcome, &batch, args, began, written.as_deref(), console);
    Ok(Outcome::Done)
}

/// The plan's folder and what came back. The first path may be the plan; without one it is
/// the usual one, unless that is not there or the first path may have been meant as one: a
/// master that was not named is not written to on a guess.
///
/// # Errors
/// Asks for the plan.
fn plan_and_returns(paths: &[PathBuf]) -> Result<(PathBuf, &[PathBuf])> {
    let usual = typed::native(Path::new(DEFAULT_PLAN));
    match paths.split_first() {
        Some((first, rest)) if first.join("plan.toml").is_file() || PlanFolder::is_named(first) => {
            Ok((first.clone(), rest))
        }
        Some((first, rest)) if first.is_dir() && !rest.is_empty() => bail!(
            "{}に plan.toml がありません。計画のフォルダーを最初に、返ってきた記入票をその後に指定してください",
            files::shown(first)
        ),
        _ if !usual.is_dir() => bail!(
            "計画のフォルダーを最初に、返ってきた記入票をその後に指定してください。省いたときの計画{}もありません",
            files::shown(&usual)
        ),
        _ => Ok((usual, paths)),
    }
}

/// The master with the answers in it; `None` where nothing changes. What was written is
/// read again before it may replace anything.
fn new_master(loaded: &Loaded, outcome: &exchange::Outcome) -> Result<Option<Vec<u8>>, Findings> {
    let edits = outcome.edits();
    if edits.is_empty() {
        return Ok(None);
    }
    let source = &loaded.master.source;
    let bytes = source.rewrite(&edits)?;
    let (again, findings) = master::read(&bytes, source.file_name(), &loaded.settings);
    if findings.has_errors() || again.is_none() {
        return Err(findings);
    }
    Ok((bytes != source.bytes()).then_some(bytes))
}

/// Takes the plan, and tidies it after a run that was stopped.
fn take(folder: &PlanFolder, args: &CollectArgs, console: &Console) -> Result<Locks> {
    let backup = folder.backup();
    folder.own_folder(&backup, args.follow_links)?;
    let (mut locks, was_stopped) = folder.lock("collect", console)?;
    if backup.is_dir() {
        locks.add(&backup, "collect", console)?;
        for path in files::left_over(&backup)? {
            let _ = fs::remove_file(path);
        }
    }
    if let Some(kept) = folder.backup_without_report().filter(|_| was_stopped) {
        if files::read(&kept, files::LARGEST_MASTER).ok() == Some(folder.master_bytes()?) {
            // It was stopped before it replaced anything, and this was its own.
            let _ = files::remove(&kept);
        } else {
            console.say(&format!(
                "前の取り込みは、マスタを書き換えたところで止まり、照会結果を残していません。取り込む前のマスタは{}です。",
                files::shown(&kept)
            ));
        }
    }
    Ok(locks)
}

/// Writes the report, and the new master where there is one. The report says that the
/// answers were taken over, so it is put in place after they were. Where the report is.
fn write(
    folder: &PlanFolder,
    loaded: &Loaded,
    args: &CollectArgs,
    report: &[u8],
    new_master: Option<&[u8]>,
    locks: &mut Locks,
    console: &Console,
) -> Result<PathBuf> {
    let master = folder.real_master()?;
    if new_master.is_some() {
        reason::refuse_read_only(&master)?;
    }
    set::take(locks, &args.out, "collect", &[REPORT], console)?;
    let mut kept = Vec::new();
    // What somebody has written into the last report is kept.
    let is_own = |bytes: &[u8]| bytes == report || xlsx::is_untouched(bytes);
    let (name, over) = set::free_name(&args.out, REPORT, workbook::LARGEST_FILE as u64, is_own, &mut kept)?;
    for kept in kept {
        console.say(&format!("{}は書き換えられているため、残しました。", files::shown(&args.out.join(kept))));
    }
    let staged = Staged::write(&args.out, &[Output { name: &name, bytes: report, over }])?;
    let Some(bytes) = new_master else {
        staged.place()?;
        return Ok(args.out.join(name));
    };
    staged.refuse_held()?;
    let beside = replace_master(folder, &master, loaded.master.source.bytes(), bytes)?;
    // What is done is done: where one of the reports cannot be written, the other is.
    let kept = files::replace(&beside, report);
    let placed = staged.place();
    let elsewhere = match &kept {
        Ok(()) => format!("。同じものが{}にあります", files::shown(&beside)),
        Err(_) => String::new(),
    };
    for report in [kept, placed] {
        report.map_err(|error| {
            anyhow!("マスタには取り込みましたが、照会結果を書けませんでした。{error}{elsewhere}")
        })?;
    }
    Ok(args.out.join(name))
}

/// Keeps the previous master, and replaces it. Where the report on what replaced it belongs.
fn replace_master(folder: &PlanFolder, master: &Path, previous: &[u8], bytes: &[u8]) -> Result<PathBuf> {
    let backup = folder.backup();
    let stamp = Local::now().naive_local().format("%Y%m%d-%H%M%S").to_string();
    // Two runs in one second must not share a backup.
    for at in 1..=MOST_BACKUPS {
        let name = if at == 1 { stamp.clone() } else { format!("{stamp}-{at}") };
        let kept = backup.join(format!("master_{name}.csv"));
        if !files::create(&kept, previous)? {
            continue;
        }
        if let Err(error) = swap::swap(master, previous, bytes, &kept) {
            // Nothing has to be kept where nothing was replaced, which is seen, not concluded.
            if files::read(master, files::LARGEST_MASTER).is_ok_and(|now| now == previous) {
                let _ = files::remove(&kept);
            }
            return Err(error);
        }
        return Ok(backup.join(format!("照会結果_{name}.xlsx")));
    }
    bail!("フォルダー{}に控えが多すぎます", files::shown(&backup))
}

fn refused(findings: &Findings, console: &Console) -> Outcome {
    console.findings(findings);
    console.json(&json!({ "changes": [], "findings": findings_json(findings) }));
    console.result(
        "マスタにエラーがあるため、取り込んでいません。上のエラーを直してから、もう一度実行してください。",
    );
    Outcome::FoundErrors
}

/// The one report on the terminal: findings, the roll, the sum.
fn report(
    outcome: &exchange::Outcome,
    batch: &Batch,
    args: &CollectArgs,
    began: Instant,
    written: Option<&Path>,
    console: &Console,
) {
    console.findings(&outcome.findings);
    for entry in &outcome.departments {
        let clerk =
            if entry.clerk.is_empty() { String::new() } else { format!("　記入者 {}", entry.clerk) };
        let queries =
            if entry.queries > 0 { format!("、確認事項 {}件", entry.queries) } else { String::new() };
        console.result(&format!(
            "  {}　{}　{}/{}件{queries}{clerk}",
            entry.status.name(),
            entry.department,
            entry.answered,
            entry.asked
        ));
    }
    let silent: Vec<&str> = outcome
        .departments
        .iter()
        .filter(|entry| entry.files.is_empty() && entry.status != Status::Answered)
        .map(|entry| entry.department.as_str())
        .collect();
    if !silent.is_empty() {
        console.result(&format!("まだ返ってきていない担当課: {}", silent.join("、")));
    }
    if !batch.passed_over.is_empty() {
        console.result(&format!("記入票ではないため読まなかったファイル: {}", batch.passed_over.join("、")));
    }
    let seconds = began.elapsed().as_secs_f64();
    let year = outcome.year.map(|year| format!("{}　", year.long())).unwrap_or_default();
    let taken = match (args.dry_run, written.is_some()) {
        (false, false) => "取り込める回答",
        (true, _) => "取り込む回答（--dry-run のため、まだ取り込んでいません）",
        _ => "取り込んだ回答",
    };
    console.result(&format!(
        "{year}{}ファイル　{taken} {}件、変更なし {}件、確認事項 {}件（{seconds:.2}秒）",
        batch.count,
        outcome.changes.len(),
        outcome.unchanged,
        outcome.queries.len(),
    ));
    if !outcome.writings.is_empty() {
        console.result(&format!(
            "回答のほかの書き込みが{}件あります（照会結果の「書き込み」）",
            outcome.writings.len()
        ));
    }
    if let Some(path) = written {
        console.result(&format!("照会結果: {}", path.display()));
    }
    if outcome.year.is_some() {
        console.result(&format!("回答を待っている項目: {}件", outcome.waiting));
    }
    // Thousands of returns make a large report.
    if console.format() != Format::Json {
        return;
    }
    let changes: Vec<_> = outcome
        .changes
        .iter()
        .map(|change| json!({
            "id": change.id, "year": change.year.to_string(), "kind": change.kind.name(), "old": change.old,
            "new": change.new, "department": change.department, "remark": change.remark, "file": change.file,
        }))
        .collect();
    let roll: Vec<_> = outcome
        .departments
        .iter()
        .map(|entry| {
            json!({
                "department": entry.department, "status": entry.status.name(), "asked": entry.asked,
                "answered": entry.answered, "open": entry.open, "queries": entry.queries,
                "files": entry.files.iter().map(|(file, _)| file).collect::<Vec<_>>(),
            })
        })
        .collect();
    let writings: Vec<_> = outcome
        .writings
        .iter()
        .map(|writing| {
            json!({
                "department": writing.department, "id": writing.id, "kind": writing.kind,
                "text": writing.text, "place": writing.place.to_string(),
            })
        })
        .collect();
    console.json(&json!({
        "year": outcome.year.map(|year| year.to_string()),
        "dry_run": args.dry_run,
        "written": written.is_some() && !outcome.changes.is_empty(),
        "changes": changes,
        "queries": outcome.queries.len(),
        "writings": writings,
        "waiting": outcome.waiting,
        "unchanged": outcome.unchanged,
        "roll": roll,
        "errors": outcome.findings.count(Severity::Error),
        "seconds": seconds,
        "findings": findings_json(&outcome.findings),
    }));
}

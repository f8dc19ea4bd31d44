//! `jisseki collect`: what the departments sent back, into the master.
//!
//! Everything is read and compared first. Only then is anything written, in this
//! order: the report, the previous master under `backup/`, the master. Each is a whole
//! file put in place of another, so a run that is stopped anywhere leaves the old
//! master or the new one, and running again goes on as if nothing had happened.
//! What cannot be read or is asked about stops nothing that is sure (`--strict` aside).

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow, bail};
use chrono::{DateTime, Local, NaiveDateTime};
use clap::Args;
use serde_json::json;

use super::build::{findings_json, parse_year};
use super::console::{Console, Format};
use super::distribute::meta;
use super::folder::{DEFAULT_PLAN, Loaded, PlanFolder};
use super::today;
use super::{Outcome, files, lists};
use crate::exchange::returned::{self, Read, Returned};
use crate::exchange::{self, Status};
use crate::finding::{Finding, FindingKind, Findings, Place, Severity};
use crate::layout::template::Template;
use crate::master;
use crate::plan::FiscalYear;
use crate::render::xlsx;
use crate::stray::is_stray;

/// What a workbook's name ends in.
const EXTENSIONS: [&str; 5] = ["xlsx", "xlsm", "xls", "ods", "xlsb"];
/// Folders in a folder of returns are looked into so deep.
const DEEPEST: usize = 4;
/// More files than any city hall gets back.
const MOST_FILES: usize = 5_000;
/// The name of the report.
const REPORT: &str = "照会結果.xlsx";

/// What `collect` takes.
#[derive(Debug, Clone, Args)]
pub struct CollectArgs {
    /// 返ってきた記入票、またはそれらを入れたフォルダー。最初に計画のフォルダーを書けます（省くと data/nemuro）
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
    /// 照会結果を書き出すフォルダー。省くと out
    #[arg(long, value_name = "フォルダー", default_value = "out", hide_default_value = true)]
    pub out: PathBuf,
}

/// What was read from the files.
#[derive(Default)]
struct Batch {
    returns: Vec<(Returned, Option<NaiveDateTime>)>,
    /// How many there were, once they have been compared.
    count: usize,
    findings: Findings,
    /// Files in folders that are no workbooks.
    passed_over: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be opened or written.
pub fn run(args: &CollectArgs, console: &Console) -> Result<Outcome> {
    let began = Instant::now();
    let bar = console.progress(3);
    bar.set_message("マスタを読んでいます");
    let (plan, returns) = plan_and_returns(&args.paths);
    if returns.is_empty() {
        bail!("返ってきた記入票、またはそれらを入れたフォルダーを指定してください");
    }
    let folder = PlanFolder::open(plan)?;
    let (loaded, findings) = folder.load()?;
    let Some(loaded) = loaded.filter(|_| !findings.has_errors()) else {
        bar.finish_and_clear();
        return Ok(refused(&findings, console));
    };
    bar.inc(1);
    bar.set_message("記入票を読んでいます");
    let mut batch = read_all(returns)?;
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
            template.map_or_else(|_| Template::official().fonts.excel, |(template, _)| template.fonts.excel);
        let meta = meta(&loaded, "照会結果", today);
        let listing = xlsx::listing_to_bytes(&lists::result(&outcome), &meta, &font)?;
        let path = args.out.join(REPORT);
        files::replace(&path, &listing)?;
        if let Some(bytes) = &new_master {
            replace_master(&folder, &loaded, bytes, &listing, Local::now().naive_local())?;
        }
        written = Some(path);
    }
    bar.finish_and_clear();
    report(&outcome, &batch, args, began, written.as_deref(), console);
    Ok(Outcome::Done)
}

/// The plan's folder, if the first path is one, and the rest.
fn plan_and_returns(paths: &[PathBuf]) -> (&Path, &[PathBuf]) {
    match paths.split_first() {
        Some((first, rest)) if first.join("plan.toml").is_file() || first.ends_with("plan.toml") => {
            (first, rest)
        }
        _ => (Path::new(DEFAULT_PLAN), paths),
    }
}

/// Reads every file, shared out among the cores.
fn read_all(paths: &[PathBuf]) -> Result<Batch> {
    let mut found: Vec<(PathBuf, bool)> = Vec::new();
    let mut batch = Batch::default();
    for path in paths {
        if path.is_dir() {
            in_folder(path, 0, &mut found, &mut batch.passed_over)?;
        } else if !is_stray(&path.file_name().unwrap_or_default().to_string_lossy()) {
            found.push((path.clone(), true));
        }
    }
    let cores = thread::available_parallelism().map_or(1, usize::from).min(8);
    let share = found.len().div_ceil(cores).max(1);
    let parts: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = found
            .chunks(share)
            .map(|part| {
                scope.spawn(move || {
                    part.iter().map(|(path, named)| read_one(path, *named)).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join()).collect()
    });
    for part in parts {
        for one in part.map_err(|_| anyhow!("記入票の読み取りが途中で止まりました"))? {
            let One { name, read, findings, time } = one?;
            batch.findings.extend(findings);
            match read {
                Read::Form(form) => batch.returns.push((*form, time)),
                // Somebody may have answered there; it is not read, and named as such.
                Read::OwnReport => batch.passed_over.push(name),
                Read::Nothing => {}
            }
        }
    }
    Ok(batch)
}

/// What was read from one file.
struct One {
    name: String,
    read: Read,
    findings: Findings,
    time: Option<NaiveDateTime>,
}

/// Reads one file; never writes to it. One that lies in a folder and cannot be opened is
/// a finding: it must not stop the others.
fn read_one(path: &Path, is_named: bool) -> Result<One> {
    let name = path.file_name().unwrap_or(OsStr::new("")).to_string_lossy().into_owned();
    let nothing = |finding: Finding, time| {
        let (name, read) = (name.clone(), Read::Nothing);
        One { name, read, findings: Findings::from(finding), time }
    };
    let bytes = fs::metadata(path).and_then(|data| {
        // A pipe is never read to its end.
        if !data.is_file() {
            return Err(std::io::Error::from(std::io::ErrorKind::InvalidInput));
        }
        let time = data.modified().ok().map(|time| DateTime::<Local>::from(time).naive_local());
        let is_large = data.len() > returned::LARGEST_FILE as u64;
        Ok((if is_large { None } else { Some(fs::read(path)?) }, time))
    });
    match bytes {
        Ok((Some(bytes), time)) => {
            let (read, findings) = returned::read(&bytes, &name);
            Ok(One { name, read, findings, time })
        }
        Ok((None, time)) => Ok(nothing(returned::oversized(&name), time)),
        Err(error) if is_named => {
            Err(anyhow!("{}を開けません。{}", files::shown(path), files::reason(&error)))
        }
        Err(error) => {
            let kind = FindingKind::UnreadableFile { reason: files::reason(&error) };
            Ok(nothing(Finding::at(Place::file(&name), kind), None))
        }
    }
}

/// The workbooks in a folder, by name. What programs and systems leave there is none.
fn in_folder(
    folder: &Path,
    depth: usize,
    found: &mut Vec<(PathBuf, bool)>,
    passed_over: &mut Vec<String>,
) -> Result<()> {
    let cannot = |error: std::io::Error| {
        anyhow!("フォルダー{}を開けません。{}", files::shown(folder), files::reason(&error))
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        paths.push(entry.map_err(cannot)?.path());
    }
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if is_stray(&name) || name.starts_with('.') {
            continue;
        }
        let is_link = path.symlink_metadata().is_ok_and(|data| data.is_symlink());
        if path.is_dir() {
            // A link may lead back to where it stands.
            if depth < DEEPEST && !is_link {
                in_folder(&path, depth + 1, found, passed_over)?;
            }
            continue;
        }
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if EXTENSIONS.contains(&extension.as_str()) {
            if found.len() >= MOST_FILES {
                bail!("フォルダー{}にあるファイルが多すぎます（{MOST_FILES}まで）", files::shown(folder));
            }
            found.push((path, false));
        } else if !name.ends_with("_配布一覧.csv") {
            passed_over.push(name);
        }
    }
    Ok(())
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

/// Keeps the previous master and the report on what replaced it, then replaces it.
fn replace_master(
    folder: &PlanFolder,
    loaded: &Loaded,
    bytes: &[u8],
    report: &[u8],
    now: NaiveDateTime,
) -> Result<()> {
    let path = folder.master_path();
    let previous = loaded.master.source.bytes();
    if files::read(&path, files::LARGEST_MASTER)? != previous {
        bail!("{}が、実行している間に書き換えられました。もう一度実行してください", files::shown(&path));
    }
    let backup = path.with_file_name("backup");
    let stamp = now.format("%Y%m%d-%H%M%S").to_string();
    // Two runs in one second must not share a backup.
    let name = (1..)
        .map(|at| if at == 1 { stamp.clone() } else { format!("{stamp}-{at}") })
        .find(|name| !files::exists(&backup.join(format!("master_{name}.csv"))));
    let name = name.unwrap_or(stamp);
    files::replace(&backup.join(format!("master_{name}.csv")), previous)?;
    files::replace(&backup.join(format!("照会結果_{name}.xlsx")), report)?;
    files::replace(&path, bytes)
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
    for entry in &outcome.roll {
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
        .roll
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
    let year = outcome.year.map(|year| year.long()).unwrap_or_default();
    let taken = match (args.dry_run, written.is_some()) {
        (false, false) => "取り込める回答",
        (true, _) => "取り込む回答（--dry-run のため、まだ取り込んでいません）",
        _ => "取り込んだ回答",
    };
    console.result(&format!(
        "{year}　{}ファイル　{taken} {}件、変更なし {}件、確認事項 {}件（{seconds:.2}秒）",
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
        .roll
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

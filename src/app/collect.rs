//! What the departments sent back, into the master.
//!
//! The plan is taken before anything is read, so that no other run changes it meanwhile.
//! Everything is read and compared first. Only then is anything written, in this
//! order: the report beside its place, the previous master under `backup/`, the master,
//! the report that says so. Each is a whole file put in place of another, so a run that is
//! stopped anywhere leaves the old master or the new one, and running again goes on as if
//! nothing had happened.
//! What cannot be read or is asked about stops nothing that is sure (`strict` aside).

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{anyhow, bail};
use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use super::{Failure, Loaded, Observer, PlanFolder, Result, meta};
use crate::archive::Hash;
use crate::exchange::{self, Outcome, REPORT, lists};
use crate::file_name::folded_name;
use crate::finding::{Findings, Severity};
use crate::layout::template::Template;
use crate::master;
use crate::plan::FiscalYear;
use crate::render::xlsx;
use crate::storage::lock::Locks;
use crate::storage::returns::{self, Batch};
use crate::storage::set::{self, Output, Over, Staged};
use crate::storage::{files, paths, reason, swap};
use crate::workbook;

/// More masters than one can be replaced in a second.
const MOST_BACKUPS: usize = 1_000;
/// What lies in its place and is larger, in bytes, is none of this program's.
const LARGEST_REPORT: u64 = workbook::LARGEST_FILE as u64;

/// What came back, and what is to be done with it.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder.
    pub plan: PathBuf,
    /// The forms that came back, or folders with them; the last name may be a pattern.
    pub returns: Vec<PathBuf>,
    /// The year whose actuals are collected; that of most forms where none is named.
    pub year: Option<FiscalYear>,
    /// Only says what would be done.
    pub dry_run: bool,
    /// Takes over what was changed in past years.
    pub accept_revisions: bool,
    /// Takes over nothing where anything is wrong.
    pub strict: bool,
    /// The backups may lie outside of the plan's folder.
    pub follow_links: bool,
    /// The folder that 照会結果 is written to.
    pub out: PathBuf,
    /// By which day it is told who is late; the date in 照会結果.
    pub today: NaiveDate,
    /// The time by which a backup is named.
    pub now: NaiveDateTime,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What the answers come to.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// How many of the findings are errors.
    pub errors: usize,
    /// Nothing was to be written.
    pub dry_run: bool,
    /// Whether the master has changed.
    pub written: bool,
    /// How long it took.
    pub seconds: f64,
    /// Errors kept the master from being touched.
    #[serde(rename = "stopped")]
    pub is_stopped: bool,
    /// Where 照会結果 is; `None` where nothing was written.
    #[serde(skip)]
    pub listing: Option<PathBuf>,
    /// How many letters lie beside it.
    #[serde(skip)]
    pub letters: usize,
    /// How many files were forms.
    #[serde(skip)]
    pub files: usize,
    /// Files in folders that are no workbooks.
    #[serde(skip)]
    pub passed_over: Vec<String>,
}

/// Reads what came back, and takes over what is sure.
///
/// # Errors
/// A master with errors; a path that leads nowhere, a file that cannot be written.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    let began = Instant::now();
    observer.step("マスタを読んでいます")?;
    let folder = PlanFolder::open(&request.plan)?;
    let tell = |line: &str| observer.notice(line);
    let mut locks = Locks::new("collect", &tell);
    if !request.dry_run {
        take(&folder, request, &mut locks)?;
    }
    let (loaded, _) = folder.load_whole()?;

    observer.step("記入票を読んでいます")?;
    let Batch { returns, findings, passed_over } =
        returns::read_all(&request.returns, most_answers(&loaded), |done, all| observer.progress(done, all))?;
    let mut outcome = exchange::collect(
        exchange::Request {
            master: &loaded.master,
            settings: &loaded.settings,
            year: request.year,
            accept_revisions: request.accept_revisions,
            today: request.today,
        },
        &returns,
    );
    let files = returns.len();
    // Thousands of returns take more memory than all that is said of them.
    drop(returns);
    let of_answers = std::mem::replace(&mut outcome.findings, findings);
    outcome.findings.append(of_answers);
    let mut is_stopped = stops(&outcome, files, &loaded, request);
    let new_master = new_master(&loaded, &outcome).unwrap_or_else(|findings| {
        outcome.findings.append(findings);
        is_stopped = true;
        None
    });

    let (mut listing, mut letters) = (None, Vec::new());
    if !is_stopped && !request.dry_run && outcome.year.is_some() {
        observer.step("書き込んでいます")?;
        let font = match folder.main_design(&loaded.settings) {
            Ok(design) => design.template.fonts.excel,
            Err(Failure::Findings(_)) => Template::official().fonts.excel,
            Err(failure) => return Err(failure),
        };
        let meta = meta(&loaded, "照会結果", request.today);
        let report = xlsx::listing_to_bytes(&lists::result(&outcome), &meta, &font)?;
        let writer = Writer { folder: &folder, previous: loaded.master.source.bytes(), request };
        letters = exchange::letter_files(&outcome);
        listing = Some(writer.write(&report, &letters, new_master.as_deref(), &mut locks)?);
    }
    Ok(Report {
        errors: outcome.findings.count(Severity::Error),
        dry_run: request.dry_run,
        written: listing.is_some() && new_master.is_some(),
        seconds: began.elapsed().as_secs_f64(),
        outcome,
        is_stopped,
        listing,
        letters: letters.len(),
        files,
        passed_over,
    })
}

/// So many cells of the master can be asked for.
fn most_answers(loaded: &Loaded) -> usize {
    let fields = loaded.settings.fields.iter().filter(|field| field.ask).count();
    loaded.master.source.rows().count() * (1 + fields)
}

/// Whether nothing is taken over. A file or a row that cannot be used stops no other, but for
/// those who want all or nothing. Where there is no other, nothing can be done.
fn stops(outcome: &Outcome, files: usize, loaded: &Loaded, request: &Request) -> bool {
    let is_known = |year| loaded.master.plan.years.contains(&year);
    let all_or_nothing = request.strict || files == 0;
    outcome.year.is_some_and(|year| !is_known(year)) || all_or_nothing && outcome.findings.has_errors()
}

/// The master with the answers in it; `None` where nothing changes. What was written is
/// read again before it may replace anything.
fn new_master(loaded: &Loaded, outcome: &Outcome) -> std::result::Result<Option<Vec<u8>>, Findings> {
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
fn take(folder: &PlanFolder, request: &Request, locks: &mut Locks<'_>) -> anyhow::Result<()> {
    let backup = folder.backup();
    folder.own_folder(&backup, request.follow_links)?;
    let was_stopped = folder.lock(locks, request.follow_links)?;
    if backup.is_dir() {
        locks.add(&backup)?;
        for path in files::left_over(&backup)? {
            let _ = files::remove(&path);
        }
    }
    if let Some(kept) = folder.backup_without_report().filter(|_| was_stopped) {
        if files::read(&kept, files::LARGEST_MASTER).ok() == Some(folder.master_bytes()?) {
            // It was stopped before it replaced anything, and this was its own.
            let _ = files::remove(&kept);
        } else {
            locks.tell(&format!(
                "前回の取り込みは、マスタを書き換えた後に停止し、照会結果を残していません。取り込む前のマスタは{}です。",
                paths::shown(&kept)
            ));
        }
    }
    Ok(())
}

/// Writes what came of a collection.
struct Writer<'a> {
    folder: &'a PlanFolder,
    /// The master that was read.
    previous: &'a [u8],
    request: &'a Request,
}

impl Writer<'_> {
    /// Writes the report and the letters, and the new master where there is one. The report says
    /// that the answers were taken over, so it is put in place after they were. Where it is.
    fn write(
        &self,
        report: &[u8],
        letters: &[(String, Vec<u8>)],
        new_master: Option<&[u8]>,
        locks: &mut Locks<'_>,
    ) -> anyhow::Result<PathBuf> {
        let out = &self.request.out;
        let master = self.folder.real_master()?;
        if new_master.is_some() {
            reason::refuse_read_only(&master)?;
        }
        let letters = letters.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        let (wanted, contents): (Vec<&str>, Vec<&[u8]>) =
            [(REPORT, report)].into_iter().chain(letters).unzip();
        let stopped = set::take(locks, out, &wanted)?;
        let places = self.places(&wanted, &contents, &stopped, locks)?;
        let outputs = places.iter().zip(&contents);
        let outputs: Vec<Output<'_>> =
            outputs.map(|((name, over), bytes)| Output { name, bytes, over: *over }).collect();
        let staged = Staged::write(out, &outputs)?;
        let path = out.join(places.first().map_or(REPORT, |(name, _)| name));
        let Some(bytes) = new_master else {
            staged.place()?;
            return Ok(path);
        };
        staged.refuse_held()?;
        let beside = self.replace_master(&master, bytes)?;
        // What is done is done: where one of the reports cannot be written, the other is.
        let kept = files::replace(&beside, report);
        let placed = staged.place();
        let elsewhere = match &kept {
            Ok(()) => format!("。同じものが{}にあります", paths::shown(&beside)),
            Err(_) => String::new(),
        };
        for report in [kept, placed] {
            report.map_err(|error| {
                anyhow!("マスタには取り込みましたが、照会結果を書けませんでした。{error}{elsewhere}")
            })?;
        }
        Ok(path)
    }

    /// Where each file goes: what somebody has written into the last one is kept, and told.
    fn places(
        &self,
        wanted: &[&str],
        contents: &[&[u8]],
        stopped: &HashSet<String>,
        locks: &Locks<'_>,
    ) -> anyhow::Result<Vec<(String, Over)>> {
        let out = &self.request.out;
        let letters = letters_before(out);
        let mut kept = Vec::new();
        // As a folder of Windows tells names apart.
        let mut taken: HashSet<String> = wanted.iter().map(|name| folded_name(name)).collect();
        let places = wanted.iter().zip(contents).map(|(name, new)| {
            let is_own = |bytes: &[u8]| {
                bytes == *new
                    || xlsx::is_untouched(bytes)
                    || letters.contains(bytes)
                    || stopped.contains(&Hash::of(bytes).to_string())
            };
            let is_taken = |other: &str| other != *name && taken.contains(&folded_name(other));
            let place = set::free_name(out, name, LARGEST_REPORT, is_own, is_taken, &mut kept)?;
            taken.insert(folded_name(&place.0));
            Ok(place)
        });
        let places = places.collect::<anyhow::Result<_>>()?;
        for kept in kept {
            locks.tell(&format!("{}は書き換えられているため、残しました。", paths::shown(&out.join(kept))));
        }
        Ok(places)
    }

    /// Keeps the previous master, and replaces it. Where the report on what replaced it belongs.
    fn replace_master(&self, master: &Path, bytes: &[u8]) -> anyhow::Result<PathBuf> {
        let backup = self.folder.backup();
        let stamp = self.request.now.format("%Y%m%d-%H%M%S").to_string();
        // Two runs in one second must not share a backup.
        for at in 1..=MOST_BACKUPS {
            let name = if at == 1 { stamp.clone() } else { format!("{stamp}-{at}") };
            let kept = backup.join(format!("master_{name}.csv"));
            if !files::create(&kept, self.previous)? {
                continue;
            }
            if let Err(error) = swap::swap(master, self.previous, bytes, &kept) {
                // Nothing has to be kept where nothing was replaced, which is seen, not concluded.
                if files::read(master, files::LARGEST_MASTER).is_ok_and(|now| now == self.previous) {
                    let _ = files::remove(&kept);
                }
                return Err(error);
            }
            return Ok(backup.join(format!("照会結果_{name}.xlsx")));
        }
        bail!("フォルダー{}に控えが多すぎます", paths::shown(&backup))
    }
}

/// The letters of the reports before, as their files have them: they stand there too.
fn letters_before(out: &Path) -> HashSet<Vec<u8>> {
    let reports = (1..).map(|at| files::read(&out.join(set::numbered(REPORT, at)), LARGEST_REPORT));
    let books = reports.map_while(|read| read.ok()).filter_map(|bytes| workbook::read(&bytes).ok());
    let sheets = books.flat_map(|book| book.sheets).filter(|sheet| sheet.name == lists::LETTERS);
    let cells = sheets.flat_map(|sheet| sheet.cells.into_values());
    cells.map(|cell| exchange::letter_file(&cell.shown())).collect()
}

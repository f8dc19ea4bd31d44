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

use anyhow::anyhow;
use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use super::backup::{Account, Kept};
use super::{Failure, Loaded, Observer, PlanFolder, Result, meta};
use crate::archive::Hash;
use crate::exchange::returned::Returned;
use crate::exchange::{self, Change, Outcome, REPORT, lists};
use crate::file_name::folded_name;
use crate::finding::{Findings, Severity};
use crate::layout::template::Template;
use crate::master;
use crate::plan::FiscalYear;
use crate::render::xlsx;
use crate::storage::lock::Locks;
use crate::storage::returns::{self, Batch};
use crate::storage::set::{self, Output, Over, Staged};
use crate::storage::{files, paths, reason};
use crate::workbook;

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
    /// What was shown before, and which of it is to be taken over; all where nobody chose.
    pub ticks: Option<Vec<Tick>>,
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

/// A change that was shown, to be taken over or not.
#[derive(Debug, Clone)]
pub struct Tick {
    /// As a rehearsal reported it.
    pub change: Change,
    /// Whether it is taken over.
    pub is_taken: bool,
    /// Whether it comes only with the corrections to past years of its row: these are taken over.
    pub is_revised: bool,
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
    /// The master as it was before; `None` where it has not changed.
    #[serde(skip)]
    pub backup: Option<PathBuf>,
    /// The master as it is now, where it has changed.
    #[serde(skip)]
    pub master: Option<Hash>,
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
/// A master with errors; a path that leads nowhere, a file that cannot be written;
/// [`Failure::Changed`] where what was chosen from is not what is there.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    let began = Instant::now();
    observer.step("マスタを読んでいます")?;
    let folder = PlanFolder::open(&request.plan)?;
    let tell = |line: &str| observer.notice(line);
    let mut locks = Locks::new("collect", &tell);
    if !request.dry_run {
        folder.lock_for_change(&mut locks, request.follow_links)?;
    }
    let (loaded, _) = folder.load_whole()?;

    observer.step("記入票を読んでいます")?;
    let Batch { returns, findings, passed_over } =
        returns::read_all(&request.returns, most_answers(&loaded), |done, all| observer.progress(done, all))?;
    let mut outcome = compared(request, &loaded, &returns)?;
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

    let (mut listing, mut letters, mut backup) = (None, Vec::new(), None);
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
        let (path, kept) = writer.write(&report, &letters, new_master.as_deref(), &mut locks)?;
        (listing, backup) = (Some(path), kept.map(|kept| kept.path));
    }
    Ok(Report {
        errors: outcome.findings.count(Severity::Error),
        dry_run: request.dry_run,
        written: backup.is_some(),
        seconds: began.elapsed().as_secs_f64(),
        outcome,
        is_stopped,
        listing,
        master: backup.as_ref().and(new_master).map(|bytes| Hash::of(&bytes)),
        backup,
        letters: letters.len(),
        files,
        passed_over,
    })
}

/// What came back, held against the master.
///
/// # Errors
/// Where it is not what the user has chosen from.
fn compared(
    request: &Request,
    loaded: &Loaded,
    returns: &[(Returned, Option<NaiveDateTime>)],
) -> Result<Outcome> {
    let ticks = request.ticks.as_deref();
    let left_out = ticks.into_iter().flatten().filter(|tick| !tick.is_taken);
    let left_out: Vec<_> = left_out.map(|tick| (tick.change.row, tick.change.column)).collect();
    let revised = ticks.into_iter().flatten().filter(|tick| tick.is_revised);
    let revised: Vec<_> = revised.map(|tick| tick.change.row).collect();
    let asked = exchange::Request {
        master: &loaded.master,
        settings: &loaded.settings,
        year: request.year,
        accept_revisions: request.accept_revisions,
        revised: &revised,
        left_out: &left_out,
        today: request.today,
    };
    let outcome = exchange::collect(asked, returns);
    if ticks.is_some_and(|ticks| !is_as_shown(ticks, &outcome)) {
        return Err(Failure::Changed(anyhow!(
            "取り込む内容が、表示した後に変わっています（マスタまたは記入票が書き換えられました）。新しい内容を確認してから、もう一度操作してください"
        )));
    }
    Ok(outcome)
}

/// Whether what is found now is what was shown when it was chosen from.
fn is_as_shown(ticks: &[Tick], outcome: &Outcome) -> bool {
    let shown =
        |is_taken| ticks.iter().filter(move |tick| tick.is_taken == is_taken).map(|tick| &tick.change);
    shown(true).eq(&outcome.changes) && shown(false).eq(&outcome.left_out)
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

/// Writes what came of a collection.
struct Writer<'a> {
    folder: &'a PlanFolder,
    /// The master that was read.
    previous: &'a [u8],
    request: &'a Request,
}

impl Writer<'_> {
    /// Writes the report and the letters, and the new master where there is one. The report says
    /// that the answers were taken over, so it is put in place after they were. Where it is, and
    /// the master that was replaced.
    fn write(
        &self,
        report: &[u8],
        letters: &[(String, Vec<u8>)],
        new_master: Option<&[u8]>,
        locks: &mut Locks<'_>,
    ) -> Result<(PathBuf, Option<Kept>)> {
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
            return Ok((path, None));
        };
        staged.refuse_held()?;
        let kept = self.folder.replace_master(self.previous, bytes, &Account::Report, self.request.now)?;
        let beside = kept.report();
        // What is done is done: where one of the reports cannot be written, the other is.
        let beside_it = files::replace(&beside, report);
        let placed = staged.place();
        let elsewhere = match &beside_it {
            Ok(()) => format!("。同じものが{}にあります", paths::shown(&beside)),
            Err(_) => String::new(),
        };
        for report in [beside_it, placed] {
            report.map_err(|error| {
                anyhow!("マスタには取り込みましたが、照会結果を書けませんでした。{error}{elsewhere}")
            })?;
        }
        Ok((path, Some(kept)))
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
}

/// The letters of the reports before, as their files have them: they stand there too.
fn letters_before(out: &Path) -> HashSet<Vec<u8>> {
    let reports = (1..).map(|at| files::read(&out.join(set::numbered(REPORT, at)), LARGEST_REPORT));
    let books = reports.map_while(|read| read.ok()).filter_map(|bytes| workbook::read(&bytes).ok());
    let sheets = books.flat_map(|book| book.sheets).filter(|sheet| sheet.name == lists::LETTERS);
    let cells = sheets.flat_map(|sheet| sheet.cells.into_values());
    cells.map(|cell| exchange::letter_file(&cell.shown())).collect()
}

//! A workbook for each department to fill in.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, anyhow, bail};
use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::build::in_master;
use super::{Loaded, Observer, PlanFolder, Result, as_path, meta};
use crate::archive::Hash;
use crate::cores;
use crate::documents::{Design, layout_finding};
use crate::exchange::{self, Form, Listing, Mail, form_file_name, lists, unique_file_names};
use crate::file_name::folded_name;
use crate::finding::{ExchangeRule, Finding, Findings, Place, nearest};
use crate::layout::font::Fonts;
use crate::layout::grid::Document;
use crate::layout::{self, Options};
use crate::plan::FiscalYear;
use crate::render::listing;
use crate::render::xlsx;
use crate::storage::lock::Locks;
use crate::storage::set::{self, Output, Over, Staged};
use crate::storage::{files, paths};
use crate::workbook;

/// What lies in a form's place and is larger, in bytes, is none of this program's.
const LARGEST: u64 = workbook::LARGEST_FILE as u64;

/// Departments get so many days, where no date is named.
const USUAL_DAYS: u64 = 21;

/// What is to be asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder.
    pub plan: PathBuf,
    /// The year whose actuals are asked for.
    pub year: FiscalYear,
    /// Until when they are to be answered; three weeks from today where none is named.
    pub due: Option<NaiveDate>,
    /// The departments that are asked; all where none is named.
    pub departments: Vec<String>,
    /// The folder the forms are written to.
    pub out: PathBuf,
    /// The date in the files' properties.
    pub today: NaiveDate,
}

/// What was made.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The year whose actuals are asked for.
    pub year: FiscalYear,
    /// Until when they are to be answered.
    pub due: NaiveDate,
    /// How long it took.
    pub seconds: f64,
    /// The forms.
    pub files: Vec<Written>,
    /// What is worth knowing of the data, and of files that were kept.
    pub findings: Findings,
}

/// A form that was written.
#[derive(Debug, Serialize)]
pub struct Written {
    /// Who is asked.
    pub department: String,
    /// Where it is.
    #[serde(serialize_with = "as_path")]
    pub path: PathBuf,
    /// How many rows it asks for.
    pub rows: usize,
    /// What to write to whoever is asked; `None` for the office that asks.
    #[serde(skip)]
    pub mail: Option<Mail>,
}

/// What would be asked of whom.
#[derive(Debug)]
pub struct Preview {
    /// Until when, where no other day is named.
    pub due: NaiveDate,
    /// The departments, in the order of their forms.
    pub departments: Vec<Asked>,
}

impl Preview {
    /// Whether the master has an answer to everything that would be asked.
    pub fn is_answered(&self) -> bool {
        self.departments.iter().all(|asked| asked.open == 0)
    }
}

/// What would be asked of a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its name.
    pub department: String,
    /// How many rows it is asked.
    pub rows: usize,
    /// How many of these ask for no figure, but for a text or a choice.
    pub fields: usize,
    /// How many of the rows the master has no answer for.
    pub open: usize,
}

/// Counts what would be asked, and makes nothing.
///
/// # Errors
/// As [`run`], but for what only writing meets.
pub fn preview(request: &Request) -> Result<Preview> {
    let (loaded, mut findings) = PlanFolder::open(&request.plan)?.load_whole()?;
    in_master(request.year, &loaded.master.plan)?;
    let due = due(request)?;
    let wanted = wanted(request, &loaded, due, &mut findings);
    if findings.has_errors() {
        return Err(findings.into());
    }
    let departments = wanted.iter().map(|(form, _)| Asked {
        department: form.department.clone(),
        rows: form.asked().count(),
        fields: form.fields().len(),
        open: form.asked().filter(|row| !row.current.is_reported()).count(),
    });
    Ok(Preview { due, departments: departments.collect() })
}

/// The day until which answers are asked for.
///
/// # Errors
/// A day that no calendar has.
fn due(request: &Request) -> anyhow::Result<NaiveDate> {
    let usual = || request.today.checked_add_days(Days::new(USUAL_DAYS));
    request.due.or_else(usual).ok_or_else(|| anyhow!("日付が正しくありません"))
}

/// Makes the forms and the lists of them, and puts them in place, all of them or none.
///
/// # Errors
/// A master with errors, a department that is asked for nothing; a file that cannot be opened
/// or written.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    let began = Instant::now();
    observer.step("マスタを読んでいます")?;
    let folder = PlanFolder::open(&request.plan)?;
    let (loaded, mut findings) = folder.load_whole()?;
    in_master(request.year, &loaded.master.plan)?;
    let design = folder.main_design(&loaded.settings).map_err(|failure| failure.after(&findings))?;
    let due = due(request)?;
    let wanted = wanted(request, &loaded, due, &mut findings);
    if findings.has_errors() {
        return Err(findings.into());
    }

    observer.step("記入票を作っています")?;
    let fonts = Fonts::parse(&design.fonts)?;
    let (forms, names): (Vec<Form>, Vec<String>) = wanted.into_iter().unzip();
    let draw = |form: &Form| workbook(form, &loaded, &design, &fonts, request.today);
    let mut workbooks = Vec::with_capacity(forms.len());
    for workbook in cores::each_few(&forms, draw, |done| observer.progress(done, forms.len()))? {
        workbooks.push(workbook.context("記入票の作成")?.map_err(|failure| failure.after(&findings))?);
    }

    observer.step("書き込んでいます")?;
    let meta = meta(&loaded, &format!("{} 配布一覧", request.year.long()), request.today);
    let list = |names: &[String]| -> anyhow::Result<[Vec<u8>; 2]> {
        let list = lists::distribution(&forms, names);
        let csv = listing::to_csv(&list);
        let listing = Listing { sheets: vec![list], csv: Some(Hash::of(&csv).to_string()) };
        Ok([xlsx::listing_to_bytes(&listing, &meta, &design.template.fonts.excel)?, csv])
    };
    let names = write(request, names, &workbooks, list, &mut findings, observer)?;
    let files = forms.iter().zip(&names).map(|(form, name)| Written {
        department: form.department.clone(),
        path: request.out.join(name),
        rows: form.asked().count(),
        mail: exchange::mail(form, name),
    });
    let seconds = began.elapsed().as_secs_f64();
    Ok(Report { year: request.year, due, seconds, files: files.collect(), findings })
}

/// The forms that are asked for, with the names of their files, which do not depend on how
/// many are asked for. A department that has none is a finding.
fn wanted(
    request: &Request,
    loaded: &Loaded,
    due: NaiveDate,
    findings: &mut Findings,
) -> Vec<(Form, String)> {
    let mut wanted = named_forms(loaded, request.year, due);
    let asked = &request.departments;
    if asked.is_empty() {
        return wanted;
    }
    let known = || wanted.iter().map(|(form, _)| form.department.as_str());
    for name in asked.iter().filter(|name| !known().any(|known| known == *name)) {
        let nearest = nearest(name, known()).map(str::to_owned);
        findings.push(Finding::nowhere(ExchangeRule::NothingToAsk { name: name.clone(), nearest }));
    }
    wanted.retain(|(form, _)| asked.contains(&form.department));
    wanted
}

/// All forms of a year, with the names of their files.
pub(super) fn named_forms(loaded: &Loaded, year: FiscalYear, due: NaiveDate) -> Vec<(Form, String)> {
    let all = exchange::forms(&loaded.master.plan, &loaded.settings, year, due);
    let stems: Vec<String> = all.iter().map(|form| form_file_name(year, &form.department)).collect();
    let names = unique_file_names(stems.iter().map(String::as_str), ".xlsx");
    all.into_iter().zip(names).collect()
}

/// Writes the forms and the two lists of them (`list`, given the forms' names). What is
/// there already is replaced only where it is still as this program wrote it: anything
/// else may be somebody's answer. It stays, and the new file stands beside it. The names
/// under which the forms were written.
fn write(
    request: &Request,
    wanted: Vec<String>,
    workbooks: &[Vec<u8>],
    list: impl FnOnce(&[String]) -> anyhow::Result<[Vec<u8>; 2]>,
    findings: &mut Findings,
    observer: &dyn Observer,
) -> anyhow::Result<Vec<String>> {
    let out = &request.out;
    let tell = |line: &str| observer.notice(line);
    let mut locks = Locks::new("distribute", &tell);
    let [list_name, csv_name] = ["xlsx", "csv"].map(|end| format!("{}_配布一覧.{end}", request.year));
    let own: Vec<&str> = wanted.iter().chain([&list_name, &csv_name]).map(String::as_str).collect();
    let stopped = set::take(&mut locks, out, &own)?;
    // The hash of the list as CSV stands in the workbook beside it, be it the second or third.
    let lists = (1..).map(|at| files::read(&out.join(set::numbered(&list_name, at)), LARGEST));
    let noted: HashSet<String> =
        lists.map_while(|read| read.ok()).filter_map(|bytes| xlsx::property(&bytes, xlsx::CSV)).collect();
    let is_noted = |bytes: &[u8]| {
        let hash = Hash::of(bytes).to_string();
        noted.contains(&hash) || stopped.contains(&hash)
    };

    let mut free = |name: &str,
                    new: &[u8],
                    is_own: &dyn Fn(&[u8]) -> bool|
     -> anyhow::Result<(String, Over)> {
        let mut kept = Vec::new();
        let free =
            set::free_name(out, name, LARGEST, |bytes| bytes == new || is_own(bytes), |_| false, &mut kept)?;
        for name in kept {
            let beside = free.0.clone();
            findings.push_at(Place::file(&name), ExchangeRule::TouchedFileKept { beside });
        }
        Ok(free)
    };
    let names = wanted.iter().zip(workbooks).map(|(name, bytes)| free(name, bytes, &xlsx::is_untouched));
    let (names, overs): (Vec<String>, Vec<Over>) =
        names.collect::<anyhow::Result<Vec<_>>>()?.into_iter().unzip();
    one_file_each(&names, out)?;
    let [listing, csv] = list(&names)?;
    let lists = [free(&list_name, &listing, &xlsx::is_untouched)?, free(&csv_name, &csv, &is_noted)?];
    let forms = names.iter().zip(overs).zip(workbooks);
    let lists = lists.iter().map(|(name, over)| (name, *over)).zip([&listing, &csv]);
    let files: Vec<Output<'_>> =
        forms.chain(lists).map(|((name, over), bytes)| Output { name, bytes, over }).collect();
    Staged::write(out, &files)?.place()?;
    Ok(names)
}

/// Makes sure that a form which gives way to somebody's answer does not take the name of
/// another department's: `IT課（2）.xlsx`, beside that of the `it課`.
///
/// # Errors
/// Names the form, and says what to do.
fn one_file_each(names: &[String], out: &Path) -> anyhow::Result<()> {
    let mut taken = HashSet::new();
    match names.iter().find(|name| !taken.insert(folded_name(name))) {
        Some(name) => bail!(
            "2つの担当課の記入票が、同じ名前（{name}）になります。フォルダー{}にある記入済みの票を別のフォルダーに移してから、もう一度実行してください",
            paths::shown(out)
        ),
        None => Ok(()),
    }
}

/// The bytes of one form.
///
/// # Errors
/// A part of the plan that does not fit on the page; what Excel cannot hold.
fn workbook(
    form: &Form,
    loaded: &Loaded,
    design: &Design,
    fonts: &Fonts<'_>,
    today: NaiveDate,
) -> Result<Vec<u8>> {
    let preview = pages(form, loaded, design, fonts)?;
    let title = format!("{} 実績照会 {}", form.year.long(), form.department);
    let vocabulary = loaded.settings.values.vocabulary();
    let meta = meta(loaded, &title, today);
    Ok(xlsx::form_to_bytes(form, &preview, &vocabulary, &meta, &design.template.fonts.excel)?)
}

/// The part of the plan that a form asks about, as it is printed.
///
/// # Errors
/// A part of the plan that does not fit on the page.
pub(super) fn pages(form: &Form, loaded: &Loaded, design: &Design, fonts: &Fonts<'_>) -> Result<Document> {
    let part = form.excerpt(&loaded.master.plan);
    let settings = loaded.settings.of(&design.document);
    let options = Options { year: Some(form.year), ..Options::default() };
    let pages = layout::set(&part, &settings, &design.template, fonts, &options);
    Ok(pages.map_err(|error| Findings::from(layout_finding(&error, &loaded.master)))?)
}

//! `jisseki distribute`: a workbook for each department to fill in.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use chrono::{Days, NaiveDate};
use clap::Args;
use serde_json::json;

use super::build::{findings_json, parse_date, parse_year};
use super::console::Console;
use super::folder::{DEFAULT_PLAN, Design, Loaded, PlanFolder};
use super::lock::Locks;
use super::set::{self, Output, Over, Staged};
use super::{Outcome, files, suggested, today};
use crate::archive::Hash;
use crate::cores;
use crate::documents::layout_finding;
use crate::exchange::{self, Form, Listing, form_file_name, lists, unique_file_names};
use crate::file_name::folded_name;
use crate::finding::{Finding, FindingKind, Findings, Place, nearest};
use crate::layout::font::Fonts;
use crate::layout::template::Template;
use crate::layout::{self, Options};
use crate::plan::{FiscalYear, date_with_weekday};
use crate::render::listing;
use crate::render::xlsx;
use crate::render::{Meta, Program};
use crate::workbook;

/// What lies in a form's place and is larger, in bytes, is none of this program's.
const LARGEST: u64 = workbook::LARGEST_FILE as u64;

/// Departments get so many days, where no date is named.
const USUAL_DAYS: u64 = 21;

/// What `distribute` takes.
#[derive(Debug, Clone, Args)]
pub struct DistributeArgs {
    /// 計画のフォルダー（plan.toml と master.csv のある場所）。省くと data/nemuro
    #[arg(value_name = "計画のフォルダー", default_value = DEFAULT_PLAN, hide_default_value = true)]
    pub plan: PathBuf,
    /// どの年度の実績を照会するか（例 R5）
    #[arg(long, value_name = "年度", value_parser = parse_year)]
    pub year: FiscalYear,
    /// 回答期限（例 2026-05-29）。省くと3週間後
    #[arg(long, value_name = "日付", value_parser = parse_date)]
    pub due: Option<NaiveDate>,
    /// この担当課の分だけ作ります（何度でも書けます）
    #[arg(long, value_name = "担当課")]
    pub department: Vec<String>,
    /// 書き出すフォルダー。省くと out/照会
    #[arg(long, value_name = "フォルダー", default_value = "out/照会", hide_default_value = true)]
    pub out: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be opened or written.
pub fn run(args: &DistributeArgs, console: &Console) -> Result<Outcome> {
    let began = Instant::now();
    let bar = console.progress(3);
    bar.set_message("マスタを読んでいます");
    let folder = PlanFolder::open(&args.plan)?;
    let (loaded, mut findings) = folder.load()?;
    let Some(loaded) = loaded.filter(|_| !findings.has_errors()) else {
        bar.finish_and_clear();
        return Ok(refused(&findings, console));
    };
    let years = &loaded.master.plan.years;
    if !years.contains(&args.year) {
        let known: Vec<String> = years.iter().map(FiscalYear::to_string).collect();
        bail!("{}はマスタにありません。--year に書けるのは {} です", args.year.long(), known.join("、"));
    }
    let Design { template, fonts, .. } = match folder.template(None, &loaded.settings)? {
        Ok(design) => design,
        Err(faults) => {
            bar.finish_and_clear();
            findings.extend(faults);
            return Ok(refused(&findings, console));
        }
    };
    let today = today();
    let due = match args.due {
        Some(due) => due,
        None => {
            today.checked_add_days(Days::new(USUAL_DAYS)).ok_or_else(|| anyhow!("日付が正しくありません"))?
        }
    };
    let all = exchange::forms(&loaded.master.plan, &loaded.settings, args.year, due);
    let names = file_names(&all, args.year);
    let mut wanted: Vec<(Form, String)> = all.into_iter().zip(names).collect();
    if !args.department.is_empty() {
        unknown_departments(&args.department, &wanted, &mut findings);
        wanted.retain(|(form, _)| args.department.contains(&form.department));
    }
    if findings.has_errors() {
        bar.finish_and_clear();
        return Ok(refused(&findings, console));
    }
    bar.inc(1);
    bar.set_message("記入票を作っています");
    let fonts = Fonts::parse(&fonts)?;
    let (forms, names): (Vec<Form>, Vec<String>) = wanted.into_iter().unzip();
    let workbooks = match workbooks(&forms, &loaded, &template, &fonts, today)? {
        Ok(workbooks) => workbooks,
        Err(finding) => {
            bar.finish_and_clear();
            findings.push(*finding);
            return Ok(refused(&findings, console));
        }
    };
    bar.inc(1);
    bar.set_message("書き込んでいます");
    let meta = meta(&loaded, &format!("{} 配布一覧", args.year.long()), today);
    let font = &template.fonts.excel;
    let list = |names: &[String]| -> Result<[Vec<u8>; 2]> {
        let list = lists::distribution(&forms, names);
        let csv = listing::to_csv(&list);
        let listing = Listing { sheets: vec![list], csv: Some(Hash::of(&csv).to_string()) };
        Ok([xlsx::listing_to_bytes(&listing, &meta, font)?, csv])
    };
    let names = write(args, names, &workbooks, list, &mut findings, console)?;
    bar.finish_and_clear();
    console.findings(&findings);
    report(&forms, &names, args, due, began, &findings, console);
    Ok(Outcome::Done)
}

fn file_names(forms: &[Form], year: FiscalYear) -> Vec<String> {
    let stems: Vec<String> = forms.iter().map(|form| form_file_name(year, &form.department)).collect();
    unique_file_names(stems.iter().map(String::as_str), ".xlsx")
}

fn unknown_departments(asked: &[String], forms: &[(Form, String)], findings: &mut Findings) {
    let known = || forms.iter().map(|(form, _)| form.department.as_str());
    for name in asked.iter().filter(|name| !known().any(|known| known == *name)) {
        let nearest = nearest(name, known()).map(str::to_owned);
        findings.push(Finding::nowhere(FindingKind::NothingToAsk { name: name.clone(), nearest }));
    }
}

/// Writes the forms and the two lists of them (`list`, given the forms' names). What is
/// there already is replaced only where it is still as this program wrote it: anything
/// else may be somebody's answer. It stays, and the new file stands beside it. The names
/// under which the forms were written.
fn write(
    args: &DistributeArgs,
    wanted: Vec<String>,
    workbooks: &[Vec<u8>],
    list: impl FnOnce(&[String]) -> Result<[Vec<u8>; 2]>,
    findings: &mut Findings,
    console: &Console,
) -> Result<Vec<String>> {
    let mut locks = Locks::default();
    let [list_name, csv_name] = ["xlsx", "csv"].map(|end| format!("{}_配布一覧.{end}", args.year));
    let own: Vec<&str> = wanted.iter().chain([&list_name, &csv_name]).map(String::as_str).collect();
    let stopped = set::take(&mut locks, &args.out, "distribute", &own, console)?;
    // The hash of the list as CSV stands in the workbook beside it, be it the second or third.
    let lists = (1..).map(|at| files::read(&args.out.join(set::numbered(&list_name, at)), LARGEST));
    let noted: HashSet<String> =
        lists.map_while(Result::ok).filter_map(|bytes| xlsx::property(&bytes, xlsx::CSV)).collect();
    let is_noted = |bytes: &[u8]| {
        let hash = Hash::of(bytes).to_string();
        noted.contains(&hash) || stopped.contains(&hash)
    };

    let mut free = |name: &str, new: &[u8], is_own: &dyn Fn(&[u8]) -> bool| -> Result<(String, Over)> {
        let mut kept = Vec::new();
        let free =
            set::free_name(&args.out, name, LARGEST, |bytes| bytes == new || is_own(bytes), &mut kept)?;
        for name in kept {
            let beside = free.0.clone();
            findings.push_at(Place::file(&name), FindingKind::TouchedFileKept { beside });
        }
        Ok(free)
    };
    let names = wanted.iter().zip(workbooks).map(|(name, bytes)| free(name, bytes, &xlsx::is_untouched));
    let (names, overs): (Vec<String>, Vec<Over>) = names.collect::<Result<Vec<_>>>()?.into_iter().unzip();
    one_file_each(&names, &args.out)?;
    let [listing, csv] = list(&names)?;
    let lists = [free(&list_name, &listing, &xlsx::is_untouched)?, free(&csv_name, &csv, &is_noted)?];
    let forms = names.iter().zip(overs).zip(workbooks);
    let lists = lists.iter().map(|(name, over)| (name, *over)).zip([&listing, &csv]);
    let files: Vec<Output<'_>> =
        forms.chain(lists).map(|((name, over), bytes)| Output { name, bytes, over }).collect();
    Staged::write(&args.out, &files)?.place()?;
    Ok(names)
}

/// Makes sure that a form which gives way to somebody's answer does not take the name of
/// another department's: `IT課（2）.xlsx`, beside that of the `it課`.
///
/// # Errors
/// Names the form, and says what to do.
fn one_file_each(names: &[String], out: &Path) -> Result<()> {
    let mut taken = HashSet::new();
    match names.iter().find(|name| !taken.insert(folded_name(name))) {
        Some(name) => bail!(
            "2つの担当課の記入票が、同じ名前（{name}）になります。フォルダー{}にある記入済みの票を別のフォルダーに移してから、もう一度実行してください",
            files::shown(out)
        ),
        None => Ok(()),
    }
}

/// The workbooks, in the order of the forms. The forms know nothing of each other, so
/// they are shared out among the cores.
fn workbooks(
    forms: &[Form],
    loaded: &Loaded,
    template: &Template,
    fonts: &Fonts<'_>,
    today: NaiveDate,
) -> Result<Result<Vec<Vec<u8>>, Box<Finding>>> {
    let made = cores::each(forms, |form| workbook(form, loaded, template, fonts, today));
    let mut all = Vec::with_capacity(forms.len());
    for bytes in made {
        match bytes.context("記入票の作成")?? {
            Ok(bytes) => all.push(bytes),
            Err(finding) => return Ok(Err(finding)),
        }
    }
    Ok(Ok(all))
}

/// The bytes of one form.
///
/// # Errors
/// Where Excel cannot hold it. A plan that does not fit on the page is a finding.
pub fn workbook(
    form: &Form,
    loaded: &Loaded,
    template: &Template,
    fonts: &Fonts<'_>,
    today: NaiveDate,
) -> Result<Result<Vec<u8>, Box<Finding>>> {
    let part = form.excerpt(&loaded.master.plan);
    let preview = match layout::set(&part, &loaded.settings, template, fonts, &Options::default()) {
        Ok(preview) => preview,
        Err(error) => return Ok(Err(Box::new(layout_finding(&error, &loaded.master)))),
    };
    let title = format!("{} 実績照会 {}", form.year.long(), form.department);
    let vocabulary = loaded.settings.values.vocabulary();
    let meta = meta(loaded, &title, today);
    Ok(Ok(xlsx::form_to_bytes(form, &preview, &vocabulary, &meta, &template.fonts.excel)?))
}

pub(super) fn meta(loaded: &Loaded, title: &str, date: NaiveDate) -> Meta {
    let plan = &loaded.settings.plan;
    Meta {
        title: title.to_owned(),
        author: format!("{}{}", plan.city, plan.office),
        subject: plan.name.clone(),
        keywords: Vec::new(),
        date,
        program: Program::this(),
    }
}

fn refused(findings: &Findings, console: &Console) -> Outcome {
    console.findings(findings);
    console.json(&json!({ "files": [], "findings": findings_json(findings) }));
    console.result("記入票は作っていません。上のエラーを直してから、もう一度実行してください。");
    Outcome::FoundErrors
}

fn report(
    forms: &[Form],
    names: &[String],
    args: &DistributeArgs,
    due: NaiveDate,
    began: Instant,
    findings: &Findings,
    console: &Console,
) {
    for (form, name) in forms.iter().zip(names) {
        console.result(&format!("  {name}（{}件）", form.rows.len()));
    }
    let seconds = began.elapsed().as_secs_f64();
    console.result(&format!(
        "{}の記入票を{}冊、{}に作りました（回答期限 {}、{seconds:.2}秒）",
        args.year.long(),
        forms.len(),
        files::shown(&args.out),
        date_with_weekday(due),
    ));
    let collect = suggested::on_plan("collect", &args.plan, "…");
    console.result(&format!("返ってきたら{collect}で取り込みます。"));
    let made: Vec<_> = forms
        .iter()
        .zip(names)
        .map(|(form, name)| json!({ "department": form.department, "path": args.out.join(name).display().to_string(), "rows": form.rows.len() }))
        .collect();
    console.json(&json!({
        "year": args.year.to_string(),
        "due": due.to_string(),
        "seconds": seconds,
        "files": made,
        "findings": findings_json(findings),
    }));
}

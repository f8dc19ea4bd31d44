//! Every use case driven as a library, as another front would: no command line, no
//! standard output, no clock.
#![allow(missing_docs, clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};
use jisseki::app::archive::{add, extract, list, verify};
use jisseki::app::{
    Choice, Failure, Observer, Refused, Remedy, build, check, collect, diff, distribute, init, mend,
    overview, plans, restore, template,
};
use jisseki::archive::Hash;
use jisseki::documents::Wanted;
use jisseki::exchange;
use jisseki::finding::{Findings, Severity};
use jisseki::master::{self, Column};
use jisseki::plan::{FiscalYear, Row};
use jisseki::settings::Settings;
use jisseki::workbook;
use serde::Serialize;
use serde_json::Value;

/// The day on which all of this happens.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, 8).unwrap()
}

fn now() -> NaiveDateTime {
    today().and_hms_opt(9, 30, 0).unwrap()
}

/// Remembers what it is told.
#[derive(Default)]
struct Log {
    steps: RefCell<Vec<String>>,
    notices: RefCell<Vec<String>>,
}

impl Observer for Log {
    fn step(&self, doing: &str) -> jisseki::app::Result<()> {
        self.steps.borrow_mut().push(doing.to_owned());
        Ok(())
    }

    fn notice(&self, line: &str) {
        self.notices.borrow_mut().push(line.to_owned());
    }
}

/// Stops when it has been asked so often whether to go on.
struct Impatient {
    left: Cell<usize>,
}

impl Impatient {
    fn ask(&self) -> jisseki::app::Result<()> {
        let left = self.left.get().checked_sub(1).ok_or(Failure::Stopped)?;
        self.left.set(left);
        Ok(())
    }
}

impl Observer for Impatient {
    fn step(&self, _doing: &str) -> jisseki::app::Result<()> {
        self.ask()
    }

    fn progress(&self, _done: usize, _all: usize) -> jisseki::app::Result<()> {
        self.ask()
    }
}

/// A copy of the plan that the forms in `tests/returns/files` ask for, in a folder of its own.
struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().join("計画");
        fs::create_dir(&plan).unwrap();
        for name in ["plan.toml", "master.csv"] {
            fs::copy(Path::new("tests/returns/plan").join(name), plan.join(name)).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn plan(&self) -> PathBuf {
        self.path("計画")
    }

    fn master(&self) -> String {
        fs::read_to_string(self.plan().join("master.csv")).unwrap()
    }

    /// Misspells the kind of a row.
    fn break_master(&self) {
        let broken = self.master().replacen("基本目標,", "きほん目標,", 1);
        fs::write(self.plan().join("master.csv"), broken).unwrap();
    }

    fn build(&self) -> build::Request {
        build::Request {
            plan: self.plan(),
            choice: Choice::default(),
            year: None,
            date: None,
            today: today(),
            draft: false,
            wanted: Wanted::All,
            out: self.path("out"),
        }
    }

    fn distribute(&self) -> distribute::Request {
        distribute::Request {
            plan: self.plan(),
            year: FiscalYear::starting(2023),
            due: None,
            departments: Vec::new(),
            out: self.path("照会"),
            today: today(),
        }
    }

    fn collect(&self, returns: &[&str]) -> collect::Request {
        let returned = |name: &&str| Path::new("tests/returns/files").join(name);
        collect::Request {
            plan: self.plan(),
            returns: returns.iter().map(returned).collect(),
            year: None,
            dry_run: false,
            accept_revisions: false,
            ticks: None,
            strict: false,
            follow_links: false,
            out: self.path("out"),
            today: today(),
            now: now(),
        }
    }

    fn add(&self) -> add::Request {
        add::Request {
            plan: self.plan(),
            template: None,
            year: Some(FiscalYear::starting(2022)),
            date: None,
            today: today(),
            revise: None,
            bundle: true,
            follow_links: false,
        }
    }

    fn diff(&self, old: PathBuf, new: PathBuf) -> diff::Request {
        diff::Request {
            old, new, out: Some(self.path("正誤表.pdf")), year: None, date: None, today: today()
        }
    }
}

fn codes(failure: Failure) -> Vec<String> {
    match failure {
        Failure::Findings(findings) => findings.iter().map(|finding| finding.code().to_owned()).collect(),
        failure => panic!("{failure:?}"),
    }
}

fn sentence(failure: Failure) -> String {
    match failure {
        Failure::Environment { error, .. } | Failure::Changed(error) => error.to_string(),
        failure => panic!("{failure:?}"),
    }
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// Which documents, and how, is a choice that any front can make.
#[test]
fn documents_are_chosen_by_their_names() {
    let office = Office::new();
    let settings = office.plan().join("plan.toml");
    let documents = "\n[[documents]]\nname = '一覧'\n[[documents]]\nname = '評価'\ntitle = '評価シート'\n";
    fs::write(&settings, fs::read_to_string(&settings).unwrap() + documents).unwrap();
    let choice = |names: &[&str], template: Option<&str>| Choice {
        documents: names.iter().map(|name| (*name).to_owned()).collect(),
        template: template.map(PathBuf::from),
    };
    let build = |choice| build::run(&build::Request { choice, ..office.build() }, &());
    let of = |choice| -> Vec<Option<String>> {
        build(choice).unwrap().files.into_iter().map(|file| file.document).collect()
    };
    let [one, two] = ["一覧", "評価"].map(|name| Some(name.to_owned()));
    assert_eq!(of(choice(&[], None)), [one.clone(), one.clone(), two.clone(), two.clone(), None]);
    // In the order of the plan, each once.
    assert_eq!(of(choice(&["評価", "一覧", "評価"], None)).len(), 5);
    assert_eq!(of(choice(&["評価"], None)), [two.clone(), two, None]);
    assert!(sentence(build(choice(&["評定"], None)).unwrap_err()).contains("「評定」という文書はありません"));
    let template = Some("templates/official.toml");
    assert!(sentence(build(choice(&[], template)).unwrap_err()).contains("文書が1つのときに使えます"));
    assert_eq!(of(choice(&["一覧"], template)).len(), 3);
    let kept = add::run(&office.add(), &()).unwrap();
    let names: Vec<&str> = kept.edition.documents.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["一覧", "評価"]);
    let refused = add::run(&add::Request { template: template.map(PathBuf::from), ..office.add() }, &());
    assert!(sentence(refused.unwrap_err()).contains("文書が1つのときに使えます"));
}

#[test]
fn documents_are_built() {
    let office = Office::new();
    let log = Log::default();
    let report = build::run(&office.build(), &log).unwrap();
    assert_eq!(log.steps.borrow().len(), 4);
    assert!(log.notices.borrow().is_empty());
    assert_eq!(report.files.len(), 3);
    for file in &report.files {
        assert_eq!(fs::metadata(&file.path).unwrap().len(), file.bytes as u64);
    }
    assert_eq!(names(&office.path("out")).len(), 3);
    let pages: Vec<bool> = report.files.iter().map(|file| file.pages.is_some()).collect();
    assert_eq!(pages, [true, false, false]);
}

/// Wherever a use case is stopped, nothing has been written; and nobody is asked afterwards.
#[test]
fn what_is_stopped_has_written_nothing() {
    let office = Office::new();
    let archived = Office::new();
    add::run(&archived.add(), &()).unwrap();
    let (out, plan) = (Some(office.path("見本.pdf")), Some(office.plan()));
    let file = PathBuf::from("official.toml");
    let show = template::show::Request { file, plan, out, today: today() };
    let copy =
        template::copy::Request { name: "official.toml".into(), out: Some(office.path("写し.toml")) };
    let verify = verify::Request { plan: archived.plan(), expect: None };
    type Use<'a> = (&'a str, usize, Box<dyn Fn(&Impatient) -> Option<Failure> + 'a>);
    let uses: [Use<'_>; 8] = [
        ("build", 4, Box::new(|by| build::run(&office.build(), by).err())),
        ("distribute", 4, Box::new(|by| distribute::run(&office.distribute(), by).err())),
        ("collect", 4, Box::new(|by| collect::run(&office.collect(&["数字で回答.xlsx"]), by).err())),
        ("archive", 4, Box::new(|by| add::run(&office.add(), by).err())),
        ("verify", 3, Box::new(|by| verify::run(&verify, by).err())),
        ("diff", 3, Box::new(|by| diff::run(&office.diff(office.plan(), office.plan()), by).err())),
        ("show", 1, Box::new(|by| template::show::run(&show, by).err())),
        ("copy", 1, Box::new(|by| template::copy::run(&copy, by).err())),
    ];
    let before = (names(office.folder.path()), names(&office.plan()), office.master());
    for (name, questions, run) in &uses {
        for left in 0..*questions {
            let failure = run(&Impatient { left: Cell::new(left) });
            assert!(matches!(failure, Some(Failure::Stopped)), "{name} {left}: {failure:?}");
        }
        assert_eq!((names(office.folder.path()), names(&office.plan()), office.master()), before, "{name}");
    }
    for (name, questions, run) in &uses {
        let failure = run(&Impatient { left: Cell::new(*questions) });
        assert!(failure.is_none(), "{name}: {failure:?}");
    }
}

/// What can be done about a refusal is told by its type: a face names its own controls.
#[test]
fn a_refusal_has_its_remedy() {
    let office = Office::new();
    let remedy = |failure: Failure| match failure {
        Failure::Environment { error, .. } => error.downcast::<Refused>().unwrap().remedy,
        failure => panic!("{failure:?}"),
    };
    let request = build::Request { year: Some(FiscalYear::starting(1999)), ..office.build() };
    let refused = build::run(&request, &()).unwrap_err();
    assert!(matches!(remedy(refused), Remedy::Year(years) if years.contains(&FiscalYear::starting(2023))));
    let revise = |reason: &str| add::Request { revise: Some(reason.to_owned()), ..office.add() };
    assert_eq!(remedy(add::run(&revise("誤り"), &()).unwrap_err()), Remedy::DoNotRevise);
    add::run(&office.add(), &()).unwrap();
    assert_eq!(remedy(add::run(&office.add(), &()).unwrap_err()), Remedy::Revise);
    let refused = sentence(add::run(&revise(" "), &()).unwrap_err());
    assert_eq!(refused, "訂正の理由が空です。訂正の理由を書いてください");
}

/// Whatever the use case: errors of the data are findings, and nothing is written.
#[test]
fn a_master_with_errors_stops_all_but_check() {
    let office = Office::new();
    office.break_master();
    let before = office.master();
    let checked = check::run(&check::Request { plan: office.plan() }).unwrap();
    let found: Vec<String> = checked.findings.iter().map(|finding| finding.code().to_owned()).collect();
    assert!(checked.findings.has_errors());
    // What check finds, build refuses for.
    assert_eq!(codes(build::run(&office.build(), &()).unwrap_err()), found);
    assert_eq!(codes(add::run(&office.add(), &()).unwrap_err()), found);
    let errors = |failure: Failure| codes(failure).iter().filter(|code| code.starts_with('E')).count();
    assert!(errors(distribute::run(&office.distribute(), &()).unwrap_err()) > 0);
    assert!(errors(collect::run(&office.collect(&["数字で回答.xlsx"]), &()).unwrap_err()) > 0);
    assert!(errors(diff::run(&office.diff(office.plan(), office.plan()), &()).unwrap_err()) > 0);
    let next = init::Request { new: office.path("次"), from: Some(office.plan()), years: Vec::new() };
    assert!(errors(init::run(&next).unwrap_err()) > 0);
    assert_eq!(names(office.folder.path()), BTreeSet::from(["計画".to_owned()]));
    assert_eq!(names(&office.plan()), BTreeSet::from(["plan.toml".to_owned(), "master.csv".to_owned()]));
    assert_eq!(office.master(), before);
}

#[test]
fn what_is_not_there_is_no_finding() {
    let office = Office::new();
    let nowhere = office.path("無い");
    let missing = "が見つかりません";
    assert!(sentence(check::run(&check::Request { plan: nowhere.clone() }).unwrap_err()).contains(missing));
    let build = build::Request { plan: nowhere.clone(), ..office.build() };
    assert!(sentence(build::run(&build, &()).unwrap_err()).contains(missing));
    let build = build::Request { year: Some(FiscalYear::starting(1999)), ..office.build() };
    assert!(sentence(build::run(&build, &()).unwrap_err()).contains("はマスタにありません"));
    let distribute = distribute::Request { year: FiscalYear::starting(1999), ..office.distribute() };
    assert!(sentence(distribute::run(&distribute, &()).unwrap_err()).contains("はマスタにありません"));
    assert!(
        sentence(collect::run(&office.collect(&["無い.xlsx"]), &()).unwrap_err()).contains("見つかりません")
    );
    assert!(sentence(list::run(&list::Request { plan: office.plan() }).unwrap_err()).contains(missing));
    assert!(!office.path("out").exists());
}

#[test]
fn forms_are_distributed_and_what_was_filled_in_is_kept() {
    let office = Office::new();
    let first = distribute::run(&office.distribute(), &()).unwrap();
    // Three weeks, where no day is named.
    assert_eq!(first.due, NaiveDate::from_ymd_opt(2026, 5, 29).unwrap());
    let folder = office.path("照会");
    let forms: BTreeMap<&str, &distribute::Written> =
        first.files.iter().map(|form| (form.department.as_str(), form)).collect();
    assert_eq!(names(&folder).len(), forms.len() + 2);
    assert!(forms.values().all(|form| form.rows > 0 && form.path.is_file()));

    // Somebody has answered in one of them.
    let form = &forms["水産課"].path;
    let filled = fs::read("tests/returns/files/数字で回答.xlsx").unwrap();
    fs::write(form, &filled).unwrap();
    let again = distribute::run(&office.distribute(), &()).unwrap();
    assert_eq!(fs::read(form).unwrap(), filled);
    let beside = again.files.iter().find(|form| form.department == "水産課").unwrap();
    assert_ne!(&beside.path, form);
    assert_eq!(again.findings.iter().map(|finding| finding.code()).collect::<Vec<_>>(), ["W437"]);

    // One alone has the name that it has among all.
    let request = distribute::Request {
        departments: vec!["水産課".to_owned()],
        out: office.path("一課"),
        ..office.distribute()
    };
    let one = distribute::run(&request, &()).unwrap();
    assert_eq!(one.files.len(), 1);
    assert_eq!(one.files[0].path.file_name(), form.file_name());
    let request = distribute::Request { departments: vec!["水産か".to_owned()], ..request };
    assert_eq!(codes(distribute::run(&request, &()).unwrap_err()), ["E415"]);
}

#[test]
fn answers_are_collected_once() {
    let office = Office::new();
    let before = office.master();
    let log = Log::default();
    let rehearsal = collect::Request { dry_run: true, ..office.collect(&["数字で回答.xlsx"]) };
    let report = collect::run(&rehearsal, &log).unwrap();
    assert!(!report.outcome.changes.is_empty() && !report.written && report.listing.is_none());
    assert_eq!(office.master(), before);

    let report = collect::run(&office.collect(&["数字で回答.xlsx"]), &log).unwrap();
    assert!(report.written && !report.is_stopped);
    assert!(report.listing.unwrap().is_file());
    assert_ne!(office.master(), before);
    let backup = office.plan().join("backup");
    assert_eq!(fs::read_to_string(backup.join("master_20260508-093000.csv")).unwrap(), before);
    assert!(backup.join("照会結果_20260508-093000.xlsx").is_file());

    let after = office.master();
    let report = collect::run(&office.collect(&["数字で回答.xlsx"]), &log).unwrap();
    assert!(report.outcome.changes.is_empty() && !report.written);
    assert_eq!(office.master(), after);
    assert!(log.notices.borrow().is_empty());
}

/// A cell of the office's master, found by the row's ID: where it is, what it says, and the
/// hash of the master that says so.
fn cell(office: &Office, id: &str, column: Column) -> (Row, String, Hash) {
    let settings = fs::read(office.plan().join("plan.toml")).unwrap();
    let settings = Settings::read(&settings, "plan.toml").unwrap();
    let bytes = office.master().into_bytes();
    let source = master::read(&bytes, "master.csv", &settings).0.unwrap().source;
    let row = source.rows().find(|row| source.cell(*row, Column::Id) == id).unwrap();
    (row, source.cell(row, column).to_owned(), Hash::of(&bytes))
}

/// The request that edits a cell as it is now.
fn mending(office: &Office, id: &str, column: Column, new: &str) -> mend::Request {
    let (row, old, seen) = cell(office, id, column);
    let (plan, new, follow_links, now) = (office.plan(), new.to_owned(), false, now());
    mend::Request { plan, row, column, old, new, seen, follow_links, now }
}

#[test]
fn one_cell_is_mended_and_nothing_else() {
    let office = Office::new();
    let before = office.master();
    let request = mending(&office, "P001", Column::Name, "種苗,生産\n事業");
    let report = mend::run(&request, &()).unwrap();
    assert_eq!(office.master(), before.replacen("種苗生産事業", "\"種苗,生産\n事業\"", 1));
    assert_eq!(report.master, Hash::of(office.master().as_bytes()));
    assert_eq!(fs::read_to_string(report.backup.unwrap()).unwrap(), before);
    let note = fs::read_to_string(office.plan().join("backup/記録_20260508-093000.txt")).unwrap();
    assert!(note.contains("種苗生産事業\r\n") && note.contains("種苗,生産\r\n事業"), "{note}");

    // Two tabs, or Excel in between: nothing is overwritten that was not shown.
    let after = office.master();
    assert!(matches!(mend::run(&request, &()).unwrap_err(), Failure::Changed(_)));
    let fresh = mending(&office, "P001", Column::Name, "別の名前");
    let other = mend::Request { old: "種苗生産事業".to_owned(), ..fresh.clone() };
    assert!(matches!(mend::run(&other, &()).unwrap_err(), Failure::Changed(_)));
    assert_eq!(office.master(), after);
    // What a cell says already is no change, and no backup.
    let same = mend::Request { new: fresh.old.clone(), ..fresh.clone() };
    assert!(mend::run(&same, &()).unwrap().backup.is_none());
    // Within the same second another backup.
    mend::run(&fresh, &()).unwrap();
    let kept = names(&office.plan().join("backup"));
    assert_eq!(kept.iter().filter(|name| name.ends_with(".csv")).count(), 2, "{kept:?}");
    assert_eq!(kept.iter().filter(|name| name.ends_with(".txt")).count(), 2, "{kept:?}");
    assert_eq!(kept.len(), 4, "{kept:?}");
}

/// A master with errors is mended one cell after another; errors that are left are told.
#[test]
fn a_broken_master_is_mended_cell_by_cell() {
    let office = Office::new();
    office.break_master();
    let errors = |findings: &Findings| findings.count(Severity::Error);
    let broken = mend::run(&mending(&office, "P001", Column::Kind, "じぎょう"), &()).unwrap();
    let first = mend::run(&mending(&office, "G1", Column::Kind, "基本目標"), &()).unwrap();
    assert!(errors(&broken.findings) > errors(&first.findings) && errors(&first.findings) > 0);
    let whole = mend::run(&mending(&office, "P001", Column::Kind, "事業"), &()).unwrap();
    assert_eq!(errors(&whole.findings), 0, "{:?}", whole.findings);
    // What was stopped before it wrote has changed nothing.
    let before = (office.master(), names(&office.plan().join("backup")));
    let request = mending(&office, "P001", Column::Name, "止める");
    let failure = mend::run(&request, &Impatient { left: Cell::new(1) }).unwrap_err();
    assert!(matches!(failure, Failure::Stopped));
    // Nor has what the file cannot hold.
    let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode(&before.0);
    fs::write(office.plan().join("master.csv"), &sjis).unwrap();
    let request = mend::Request { new: "𠮷".to_owned(), seen: Hash::of(&sjis), ..request };
    assert_eq!(codes(mend::run(&request, &()).unwrap_err()).len(), 1);
    assert_eq!(fs::read(office.plan().join("master.csv")).unwrap(), *sjis);
    assert_eq!(names(&office.plan().join("backup")), before.1);
}

#[test]
fn what_was_collected_is_taken_back_and_that_too() {
    let office = Office::new();
    let before = office.master();
    let collected = collect::run(&office.collect(&["数字で回答.xlsx"]), &()).unwrap();
    let after = office.master();
    assert_eq!(collected.master, Some(Hash::of(after.as_bytes())));
    let backup = collected.backup.unwrap().file_name().unwrap().to_string_lossy().into_owned();
    let (plan, seen, follow_links) = (office.plan(), collected.master.unwrap(), false);
    let request = restore::Request { plan, backup, seen, follow_links, now: now() };
    let back = restore::run(&request, &()).unwrap();
    assert_eq!(office.master(), before);
    assert_eq!(fs::read_to_string(back.backup.as_ref().unwrap()).unwrap(), after);
    // Somebody has written the master since.
    assert!(matches!(restore::run(&request, &()).unwrap_err(), Failure::Changed(_)));
    let backup = back.backup.unwrap().file_name().unwrap().to_string_lossy().into_owned();
    let again = restore::Request { backup, seen: back.master, ..request };
    restore::run(&again, &()).unwrap();
    assert_eq!(office.master(), after);
    for name in ["../master.csv", "master.csv", "照会結果_20260508-093000.xlsx", ""] {
        let request = restore::Request { backup: name.to_owned(), ..again.clone() };
        assert!(sentence(restore::run(&request, &()).unwrap_err()).contains("控えの名前ではありません"));
    }
}

/// A mend leaves a backup that is no trace of a collection which was stopped, and that hides
/// nothing of what a spreadsheet did to the master before.
#[test]
fn the_backup_of_a_mend_is_not_taken_for_a_collections() {
    let office = Office::new();
    collect::run(&office.collect(&["数字で回答.xlsx"]), &()).unwrap();
    let saved = office.master().replacen("60.0%", "60.00%", 1);
    fs::write(office.plan().join("master.csv"), saved).unwrap();
    let found = || {
        let report = check::run(&check::Request { plan: office.plan() }).unwrap();
        report.findings.iter().map(|finding| finding.code().to_owned()).collect::<Vec<_>>()
    };
    let damage = found();
    let of_excel = "W310".to_owned();
    assert!(damage.contains(&of_excel), "{damage:?}");
    let later = mend::Request {
        now: now() + chrono::Duration::seconds(5),
        ..mending(&office, "P001", Column::Name, "種苗の生産")
    };
    let backup = mend::run(&later, &()).unwrap().backup.unwrap();
    assert_eq!(found(), damage);

    let told = || {
        // As a run leaves it that was killed.
        fs::write(office.plan().join(".jisseki.lock"), "jisseki セルの修正、プロセス 1\n").unwrap();
        let log = Log::default();
        collect::run(&office.collect(&["備考だけ.xlsx"]), &log).unwrap();
        log.notices.borrow().iter().any(|line| line.contains("前回の取り込みは"))
    };
    assert!(!told());
    fs::remove_file(backup.with_file_name("記録_20260508-093005.txt")).unwrap();
    assert!(told());
}

/// What is ticked is taken over, and nothing else; what is left out is told everywhere.
#[test]
fn only_what_is_ticked_is_taken_over() {
    let office = Office::new();
    let before = office.master();
    let rehearsal = collect::Request { dry_run: true, ..office.collect(&["数字で回答.xlsx"]) };
    let shown = collect::run(&rehearsal, &()).unwrap().outcome.changes;
    assert!(shown.len() > 2);
    let (left, taken) = (shown[0].clone(), shown[1..].to_vec());
    let tick = |change: &exchange::Change| collect::Tick {
        change: change.clone(),
        is_taken: *change != left,
        is_revised: false,
    };
    let ticks: Vec<collect::Tick> = shown.iter().map(tick).collect();
    let request =
        collect::Request { ticks: Some(ticks.clone()), ..office.collect(&["数字で回答.xlsx"]) };

    // Somebody has written one of these cells meanwhile, or a file says something else by now.
    mend::run(&mending(&office, &left.id, left.column, "1人"), &()).unwrap();
    assert!(matches!(collect::run(&request, &()).unwrap_err(), Failure::Changed(_)));
    fs::write(office.plan().join("master.csv"), &before).unwrap();
    let mut others = ticks.clone();
    others[1].change.new.push('0');
    let other = collect::Request { ticks: Some(others), ..request.clone() };
    assert!(matches!(collect::run(&other, &()).unwrap_err(), Failure::Changed(_)));
    assert!(!office.path("out").exists() && office.master() == before);

    let report = collect::run(&request, &()).unwrap();
    assert_eq!((&report.outcome.changes, &report.outcome.left_out), (&taken, &vec![left.clone()]));
    let (_, now, _) = cell(&office, &left.id, left.column);
    assert_eq!(now, left.old);
    let (_, now, _) = cell(&office, &taken[0].id, taken[0].column);
    assert_eq!(now, taken[0].new);
    let book = workbook::read(&fs::read(report.listing.unwrap()).unwrap()).unwrap();
    let sheet = book.sheets.iter().find(|sheet| sheet.name == "取り込まなかった回答").unwrap();
    let said: Vec<String> = sheet.cells.values().map(|cell| cell.shown()).collect();
    assert!(said.contains(&left.new) && !said.contains(&taken[0].new), "{said:?}");
    // The department has answered, and the master has not all of it.
    let entry = report.outcome.departments.iter().find(|entry| entry.department == left.department).unwrap();
    assert!(entry.answered < entry.asked && !entry.letter.contains("記入がありませんでした"));
    // It can be taken over later.
    let rest = collect::run(&office.collect(&["数字で回答.xlsx"]), &()).unwrap();
    assert_eq!(rest.outcome.changes, [left]);
}

/// A page shows what differs side by side, and the words to send back.
#[test]
fn answers_that_differ_stand_side_by_side() {
    let office = Office::new();
    let report = collect::run(&office.collect(&["同じ行が2つ、違う回答.xlsx"]), &()).unwrap();
    let [conflict] = report.outcome.conflicts.as_slice() else { panic!("{:?}", report.outcome.conflicts) };
    let answers: BTreeSet<&str> = conflict.answers.iter().map(|answer| answer.answer.as_str()).collect();
    assert_eq!(answers.len(), 2);
    assert!(conflict.answers.iter().all(|answer| answer.place.cell().is_some()));
    let query = report.outcome.queries.iter().find(|query| query.id == conflict.id).unwrap();
    let sent = query.to_send(report.outcome.year.unwrap());
    assert!(sent.starts_with(&format!("{}「{}」　", query.owner, query.item)), "{sent}");
    let entry = report.outcome.departments.iter().find(|one| one.department == query.department).unwrap();
    assert!(entry.letter.contains(&sent));
    let kinds: BTreeSet<&str> = report.outcome.departments.iter().map(|one| one.letter_kind()).collect();
    assert_eq!(kinds, BTreeSet::from(["受領・照会", "督促"]));
}

/// What the first page shows changes with what is done.
#[test]
fn the_overview_tells_how_far_a_year_is() {
    let office = Office::new();
    let request = overview::Request {
        plan: office.plan(),
        year: Some(FiscalYear::starting(2023)),
        out: office.path("out"),
        forms: office.path("out/照会"),
        today: today(),
    };
    let first = overview::run(&request).unwrap();
    assert_eq!((first.name.as_str(), first.city.as_str()), ("試験市総合戦略", "試験市"));
    assert_eq!((first.year, first.years.len(), first.errors), (request.year, 4, 0));
    assert_eq!(first.documents.len(), 1);
    let open = |found: &overview::Overview, name: &str| {
        let one = found.departments.iter().flatten().find(|one| one.department == name);
        one.map_or(0, |one| one.asked - one.answered)
    };
    assert!(open(&first, "水産課") > 0);
    assert!(
        first.last_edition == overview::Kept::None && first.last_backup.is_none() && first.files.is_empty()
    );

    build::run(&office.build(), &()).unwrap();
    assert!(overview::run(&request).unwrap().files.iter().all(|file| !file.is_older && file.bytes > 0));
    add::run(&office.add(), &()).unwrap();
    add::run(&add::Request { revise: Some("誤り".to_owned()), ..office.add() }, &()).unwrap();
    collect::run(&office.collect(&["数字で回答.xlsx"]), &()).unwrap();
    let later = overview::run(&request).unwrap();
    assert!(open(&later, "水産課") < open(&first, "水産課"));
    assert_eq!(later.last_backup, Some(now()));
    let overview::Kept::Whole(edition) = later.last_edition else { panic!("it is kept") };
    assert_eq!((edition.year, edition.edition), (FiscalYear::starting(2022), 2));
    assert_eq!(
        (&edition.folder, later.edition_of_year),
        (&office.plan().join("archive/R4-2"), overview::Kept::None)
    );
    let before = overview::Request { year: Some(FiscalYear::starting(2022)), ..request.clone() };
    let of_before = overview::run(&before).unwrap();
    // Of all that was made, the documents are older: the master was changed since.
    assert_eq!(later.issue, overview::Issue::Older);
    assert_eq!(later.files.iter().filter(|file| file.is_older).count(), 2);
    assert_eq!(of_before.issue, overview::Issue::Missing { made: 0, all: 1 });
    assert_eq!(of_before.edition_of_year, overview::Kept::Whole(edition.clone()));
    fs::remove_file(edition.folder.join("master.csv")).unwrap();
    assert_eq!(overview::run(&before).unwrap().edition_of_year, overview::Kept::Damaged);
    fs::copy(office.plan().join("archive/R4/master.csv"), edition.folder.join("master.csv")).unwrap();

    // Of a plan that cannot be read, what lies beside it.
    fs::write(office.plan().join("master.csv"), "").unwrap();
    let broken = overview::run(&request).unwrap();
    assert!(broken.errors > 0 && broken.years.is_empty() && broken.last_edition != overview::Kept::None);
    fs::write(office.plan().join("plan.toml"), "[").unwrap();
    assert_eq!(overview::run(&request).unwrap().name, "計画");
}

#[test]
fn plans_and_folders_are_listed_and_nothing_else() {
    let office = Office::new();
    add::run(&office.add(), &()).unwrap();
    let other = init::Request { new: office.path("書庫/見本"), from: None, years: Vec::new() };
    fs::create_dir(office.path("書庫")).unwrap();
    init::run(&other).unwrap();
    for name in [".隠し", "Beta", "alpha"] {
        fs::create_dir(office.path(name)).unwrap();
    }
    fs::write(office.path("秘密.txt"), "").unwrap();
    let found = plans::plans(office.folder.path());
    let paths: Vec<&Path> = found.iter().map(|plan| plan.path.as_path()).collect();
    assert_eq!(paths, [office.path("書庫/見本"), office.plan()]);
    assert_eq!((found[1].name.as_str(), found[1].years.len()), ("試験市総合戦略", 4));
    assert_eq!(plans::plans(&office.plan()).len(), 1);
    fs::write(office.plan().join("plan.toml"), "[").unwrap();
    assert_eq!(plans::plans(&office.plan())[0].name, "計画");

    let at = |path: &Path| plans::folders(path).unwrap();
    let listed = at(office.folder.path());
    let shown: Vec<(&str, bool)> =
        listed.folders.iter().map(|one| (one.name.as_str(), one.is_plan)).collect();
    assert_eq!(shown, [("alpha", false), ("Beta", false), ("書庫", false), ("計画", true)]);
    assert!(!listed.is_cut);
    // The editions of an archive are no plans, and nothing to be chosen.
    assert!(at(&office.plan().join("archive")).folders.is_empty());
    let nowhere = office.path("無い");
    assert!(sentence(plans::folders(&nowhere).unwrap_err()).contains("開けません"));
}

#[test]
fn an_edition_is_kept_verified_listed_and_taken_out() {
    let office = Office::new();
    let first = add::run(&office.add(), &()).unwrap();
    assert!(first.files.iter().all(|name| first.folder.join(name).is_file()));
    assert!(sentence(add::run(&office.add(), &()).unwrap_err()).contains("すでに保存されています"));
    let revised = add::Request { revise: Some("誤り".to_owned()), ..office.add() };
    let second = add::run(&revised, &()).unwrap();
    assert_eq!((second.edition.edition, second.edition.sequence), (2, 2));

    let of = |expect: &str| verify::Request { plan: office.plan(), expect: Some(expect.to_owned()) };
    let log = Log::default();
    let verified = verify::run(&of(&first.sha256[..16]), &log).unwrap();
    assert!(verified.findings.is_empty(), "{:?}", verified.findings);
    assert_eq!(verified.editions.len(), 2);
    assert_eq!(verified.newest.unwrap().sha256, second.sha256);
    assert_eq!(verified.noted.unwrap().sha256, first.sha256);
    let verified = verify::run(&of("0123456789abcdef"), &log).unwrap();
    assert_eq!(verified.findings.iter().map(|finding| finding.code()).collect::<Vec<_>>(), ["E721"]);

    let listed = list::run(&list::Request { plan: office.plan() }).unwrap();
    let fingerprints: Vec<&str> = listed.editions.iter().map(|one| one.sha256.as_str()).collect();
    assert_eq!(fingerprints, [&first.sha256, &second.sha256]);

    let bundle = first.files.iter().find(|name| name.contains("保存用")).unwrap();
    let request = extract::Request { file: first.folder.join(bundle), out: Some(office.path("中身")) };
    let extracted = extract::run(&request).unwrap();
    for path in &extracted.files {
        assert_eq!(fs::read(path).unwrap(), fs::read(first.folder.join(path.file_name().unwrap())).unwrap());
    }
    // A folder with content is nobody's to write to.
    assert!(sentence(extract::run(&request).unwrap_err()).contains("はすでにあります"));

    // Another version of a file is named, and no edition is added on top of it.
    fs::write(first.folder.join("manifest.json"), "{}").unwrap();
    match add::run(&add::Request { year: Some(FiscalYear::starting(2021)), ..office.add() }, &()) {
        Err(Failure::Environment { findings, .. }) => assert!(findings.has_errors()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_plan_is_made_and_compared() {
    let office = Office::new();
    let new = office.path("見本");
    let made = init::run(&init::Request { new: new.clone(), from: None, years: Vec::new() }).unwrap();
    assert!(made.files.iter().all(|path| path.is_file()));
    let checked = check::run(&check::Request { plan: new.clone() }).unwrap();
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);

    let years = vec![FiscalYear::starting(2025), FiscalYear::starting(2026)];
    let next = init::Request { new: office.path("次"), from: Some(new.clone()), years };
    init::run(&next).unwrap();
    let report = diff::run(&office.diff(new.clone(), next.new), &()).unwrap();
    assert!(!report.changes.is_empty());
    assert_eq!(report.files, [office.path("正誤表.pdf")]);
    let same = diff::run(&office.diff(new.clone(), new), &()).unwrap();
    assert!(same.changes.is_empty());
}

/// What was reported after an edition is no correction of it, and an edition that is not as
/// it was recorded makes no 正誤表.
#[test]
fn an_edition_is_compared_up_to_its_year_and_as_it_was_recorded() {
    let office = Office::new();
    let edition = add::run(&office.add(), &()).unwrap().folder;
    collect::run(&office.collect(&["数字で回答.xlsx"]), &()).unwrap();
    let all = diff::run(&office.diff(edition.clone(), office.plan()), &()).unwrap();
    assert!(all.changes.is_empty(), "{:?}", all.changes);
    let later = diff::Request {
        year: Some(FiscalYear::starting(2023)),
        ..office.diff(edition.clone(), office.plan())
    };
    assert!(!diff::run(&later, &()).unwrap().changes.is_empty());

    let master = edition.join("master.csv");
    let recorded = fs::read_to_string(&master).unwrap();
    let changed = recorded.replacen('人', "名", 1);
    fs::write(&master, changed).unwrap();
    let log = Log::default();
    let only_shown = diff::Request { out: None, ..office.diff(edition.clone(), office.plan()) };
    assert_eq!(diff::run(&only_shown, &log).unwrap().changes.len(), 1);
    assert!(log.notices.borrow()[0].contains("保存したときのままだと、確認できません"));
    let refuses = || {
        let refused = diff::run(&office.diff(edition.clone(), office.plan()), &()).unwrap_err();
        sentence(refused).contains("正誤表は作りません")
    };
    assert!(refuses());
    fs::write(&master, &recorded).unwrap();
    assert!(!diff::run(&office.diff(edition.clone(), office.plan()), &()).unwrap().files.is_empty());
    // A record that was changed, or taken away.
    let record = edition.join("manifest.json");
    let changed = fs::read_to_string(&record).unwrap().replacen("\"year\": \"R4\"", "\"year\": \"R5\"", 1);
    fs::write(&record, changed).unwrap();
    assert!(refuses());
    fs::remove_file(&record).unwrap();
    assert!(refuses());
}

#[test]
fn a_template_is_copied_where_nothing_stands() {
    let office = Office::new();
    let copy =
        |name: &str| template::copy::Request { name: name.to_owned(), out: Some(office.path("写し.toml")) };
    let made = template::copy::run(&copy("kpi-sheet.toml"), &()).unwrap().file;
    let copied = fs::read(&made).unwrap();
    assert_eq!(copied, fs::read("templates/kpi-sheet.toml").unwrap());
    // What stands there already stays as it is.
    let refused = template::copy::run(&copy("official.toml"), &()).unwrap_err();
    assert!(sentence(refused).contains("すでにあります"));
    assert_eq!(fs::read(&made).unwrap(), copied);
    let refused = template::copy::run(&copy("no-such.toml"), &()).unwrap_err();
    assert!(sentence(refused).contains("kpi-sheet.toml"));
    let folder = template::copy::Request { out: Some(office.plan()), ..copy("kpi-sheet.toml") };
    assert!(sentence(template::copy::run(&folder, &()).unwrap_err()).contains("フォルダーです"));
}

/// The fields of a report, and of what it lists: `files[].path`.
fn fields(value: &Value, within: &str, all: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields_of) => {
            for (name, value) in fields_of {
                let name = if within.is_empty() { name.clone() } else { format!("{within}.{name}") };
                fields(value, &name, all);
                all.insert(name);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| fields(value, &format!("{within}[]"), all)),
        _ => {}
    }
}

/// By command, what docs/JSON.md says of its report.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string("docs/JSON.md").unwrap();
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut command = String::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            command = heading.trim_matches('`').to_owned();
        } else if let Some(field) = line.strip_prefix("| `") {
            let field = field.split('`').next().unwrap().to_owned();
            all.entry(command.clone()).or_default().insert(field);
        }
    }
    all
}

/// What is printed for programs is what docs/JSON.md says, field by field.
#[test]
fn reports_have_the_fields_that_are_documented() {
    let office = Office::new();
    let documented = documented();
    let same = |command: &str, report: &dyn erased::Report| {
        let mut found = BTreeSet::new();
        fields(&report.value(), "", &mut found);
        // Findings are the same everywhere, and told once; so are changes and an edition's record.
        let is_own = |name: &&String| {
            !name.starts_with("findings.")
                && !name.starts_with("left_out[].")
                && !name.starts_with("edition.")
                && !name.starts_with("editions[].edition.")
        };
        let found: BTreeSet<String> = found.iter().filter(is_own).cloned().collect();
        let told = documented.get(command).unwrap_or_else(|| panic!("{command} is not documented"));
        assert_eq!(&found, told, "{command}");
    };
    same("build", &build::run(&office.build(), &()).unwrap());
    same("distribute", &distribute::run(&office.distribute(), &()).unwrap());
    let mut asked = office.collect(&["数字で回答.xlsx", "備考だけ.xlsx"]);
    asked.dry_run = true;
    let shown = collect::run(&asked, &()).unwrap().outcome.changes.into_iter().enumerate();
    asked.ticks = Some(
        shown.map(|(at, change)| collect::Tick { change, is_taken: at > 0, is_revised: false }).collect(),
    );
    same("collect", &collect::run(&asked, &()).unwrap());
    same("archive", &add::run(&office.add(), &()).unwrap());
    same("archive list", &list::run(&list::Request { plan: office.plan() }).unwrap());
    let bundle = add::run(&add::Request { revise: Some("誤り".to_owned()), ..office.add() }, &()).unwrap();
    let file = bundle.folder.join(bundle.files.iter().find(|name| name.contains("保存用")).unwrap());
    same("archive extract", &extract::run(&extract::Request { file, out: Some(office.path("x")) }).unwrap());
    let expect = Some(bundle.sha256);
    same("archive verify", &verify::run(&verify::Request { plan: office.plan(), expect }, &()).unwrap());
    let new = office.path("見本");
    same("init", &init::run(&init::Request { new: new.clone(), from: None, years: Vec::new() }).unwrap());
    same("diff", &diff::run(&office.diff(office.plan(), new), &()).unwrap());
    let file = PathBuf::from("kpi-sheet.toml");
    let of_template =
        template::check::Request { file: file.clone(), plan: Some(office.plan()), today: today() };
    same("template check", &template::check::run(&of_template, &()).unwrap());
    let plan = Some(office.plan());
    let shown = template::show::Request { file, plan, out: Some(office.path("見本.pdf")), today: today() };
    same("template show", &template::show::run(&shown, &()).unwrap());
    let listed = template::fields::Request { plan: Some(office.plan()) };
    same("template fields", &template::fields::run(&listed, &()).unwrap());
    let copied =
        template::copy::Request { name: "kpi-sheet.toml".to_owned(), out: Some(office.path("写し.toml")) };
    same("template copy", &template::copy::run(&copied, &()).unwrap());
    office.break_master();
    same("check", &check::run(&check::Request { plan: office.plan() }).unwrap());
}

/// Reports of any use case.
mod erased {
    use super::*;

    pub trait Report {
        fn value(&self) -> Value;
    }

    impl<T: Serialize> Report for T {
        fn value(&self) -> Value {
            serde_json::to_value(self).unwrap()
        }
    }
}

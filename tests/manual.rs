//! The manual of templates, held against the program: what it shows can be printed, what it
//! says goes wrong goes wrong in those words, and nothing that may be written is left out.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use jisseki::app::{Choice, build};
use jisseki::documents::Wanted;
use jisseki::finding::{Finding, FindingKind, Findings};
use jisseki::layout::template::{Level, Name, Template, keys, shipped, shipped_names};
use jisseki::settings::Settings;

const MANUAL: &str = "docs/TEMPLATES.ja.md";
const PLAN: &str = "data/mihon";

/// A fenced block of the manual.
struct Fenced {
    /// What stands after the fence: toml, csv, text.
    language: String,
    text: String,
}

fn manual() -> String {
    fs::read_to_string(MANUAL).unwrap()
}

fn fenced() -> Vec<Fenced> {
    let manual = manual();
    let blocks = manual.split("\n```").skip(1).step_by(2);
    let fenced = blocks.map(|block| {
        let (language, text) = block.split_once('\n').unwrap();
        Fenced { language: language.to_owned(), text: format!("{text}\n") }
    });
    fenced.collect()
}

/// Its templates by their names, each with the ones before it that it goes on from; and those
/// that are followed by what is wrong with them, with that.
fn templates() -> (BTreeMap<String, String>, Vec<(String, String)>) {
    let (mut sound, mut wrong) = (BTreeMap::new(), Vec::new());
    let fenced = fenced();
    for (at, block) in fenced.iter().enumerate().filter(|(_, block)| block.language == "toml") {
        let head = block.text.lines().next().unwrap().strip_prefix("# ").expect("a name in the first line");
        let (name, before) = head.split_once('（').unwrap_or((head, ""));
        let name = name.strip_suffix(".toml").unwrap().to_owned();
        let said = fenced.get(at + 1).filter(|next| next.language == "text" && name.starts_with("13-"));
        match (name.as_str(), said, before.strip_suffix(".toml の続き）")) {
            ("plan", ..) => {}
            (_, Some(said), _) => wrong.push((block.text.clone(), said.text.clone())),
            (_, None, Some(before)) => {
                let whole: &String = &sound[before];
                sound.insert(name, whole.clone() + &block.text);
            }
            (_, None, None) => {
                assert_eq!(before, "", "{head}");
                assert!(sound.insert(name, block.text.clone()).is_none(), "{head}");
            }
        }
    }
    (sound, wrong)
}

fn settings(text: &str) -> Settings {
    Settings::read(text.as_bytes(), "plan.toml").unwrap()
}

/// The settings of the invented town without its documents.
fn plan_toml() -> String {
    let settings = fs::read_to_string(format!("{PLAN}/plan.toml")).unwrap();
    let (before, documents) = settings.split_once("[[documents]]").unwrap();
    let after = documents.find("[departments]").unwrap();
    format!("{before}{}", &documents[after..])
}

#[test]
fn every_template_prints_the_invented_town() {
    let (sound, _) = templates();
    assert!(sound.len() > 15, "{:?}", sound.keys());
    let folder = tempfile::tempdir().unwrap();
    fs::copy(format!("{PLAN}/master.csv"), folder.path().join("master.csv")).unwrap();
    let mut plan = plan_toml();
    for (name, text) in &sound {
        fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
        plan += &format!("\n[[documents]]\nname = \"{name}\"\ntemplate = \"{name}.toml\"\n");
    }
    fs::write(folder.path().join("plan.toml"), plan).unwrap();
    let request = build::Request {
        plan: folder.path().to_path_buf(),
        choice: Choice::default(),
        year: None,
        date: None,
        today: NaiveDate::from_ymd_opt(2026, 5, 8).unwrap(),
        draft: false,
        wanted: Wanted::Pdf,
        out: folder.path().join("out"),
    };
    let report = build::run(&request, &()).unwrap();
    // A step of the manual need not print all 事業費 yet.
    let told: Vec<_> = report.findings.iter().filter(|finding| finding.code() != "W504").collect();
    assert!(told.is_empty(), "{told:?}");
    let pages: BTreeMap<_, _> =
        report.files.iter().map(|file| (file.document.clone().unwrap(), file.pages.unwrap())).collect();
    // Each of five 事業 on a page of its own, however little stands there.
    for name in ["12-sheet-1", "12-sheet-2", "12-sheet-3", "12-sheet-4"] {
        assert_eq!(pages[name], 5, "{name}");
    }
    // The contents, and each 施策.
    assert_eq!(pages["09-pages"], 4);
}

/// What is wrong with a template, as the manual shows it.
fn said(findings: &Findings) -> String {
    let line = |finding: &Finding| {
        let place = finding.place.as_ref().unwrap().to_string();
        let message = finding.message();
        let message = message.strip_prefix("テンプレートを使えません。").unwrap_or(&message);
        format!("{}　{message}\n", place.strip_prefix("様式.toml ").unwrap())
    };
    findings.iter().map(line).collect()
}

#[test]
fn what_goes_wrong_is_said_in_these_words() {
    let (_, wrong) = templates();
    assert_eq!(wrong.len(), 3);
    let fields = settings(&plan_toml()).fields;
    for (template, expected) in wrong {
        let found = match Template::read(template.as_bytes(), "様式.toml") {
            Ok(template) => template.undeclared(&fields),
            Err(findings) => findings,
        };
        assert_eq!(said(&found), expected);
    }
    // And what stands in the table of codes is a code.
    let codes: BTreeSet<&str> = FindingKind::all().map(|(code, _)| code).collect();
    for line in manual().lines().filter(|line| line.starts_with("| W") || line.starts_with("| E")) {
        let code = line.trim_start_matches("| ").split(' ').next().unwrap();
        assert!(codes.contains(code), "{code}");
    }
}

/// What it shows of plan.toml and of the master can be read, and is so in the invented town.
#[test]
fn the_plan_is_as_it_is_shown() {
    let fenced = fenced();
    let plans = fenced.iter().filter(|block| block.text.starts_with("# plan.toml\n"));
    let plan = plan_toml();
    let (head, _) = plan.split_once("[document]").unwrap();
    let read: Vec<Settings> = plans.map(|block| settings(&format!("{head}\n{}", block.text))).collect();
    assert_eq!(read.len(), 3);
    let own = settings(&plan).fields;
    for field in &read[2].fields {
        let declared = own.iter().find(|own| own.name == field.name).unwrap();
        assert_eq!((&declared.rows, declared.form, declared.ask), (&field.rows, field.form, field.ask));
        assert_eq!(declared.choices, field.choices);
    }
    let records = |text: &str| -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    let master = fs::read_to_string(format!("{PLAN}/master.csv")).unwrap();
    let master = records(master.trim_start_matches('\u{feff}'));
    let shown = records(&fenced.iter().find(|block| block.language == "csv").unwrap().text);
    let columns: Vec<usize> =
        shown[0].iter().map(|name| master[0].iter().position(|own| own == name).unwrap()).collect();
    for row in &shown {
        let is_it = |own: &&Vec<String>| columns.iter().map(|at| &own[*at]).eq(row);
        assert!(master.iter().any(|own| is_it(&own)), "{row:?}");
    }
}

#[test]
fn every_picture_is_there_and_small() {
    let manual = manual();
    let mut shown = BTreeSet::new();
    for place in manual.split("](images/").skip(1) {
        let path = format!("docs/images/{}", place.split(')').next().unwrap());
        let size = fs::metadata(&path).unwrap_or_else(|_| panic!("{path}")).len();
        assert!(size < 40_000, "{path}: {size}");
        shown.insert(path);
    }
    for file in fs::read_dir("docs/images/templates").unwrap() {
        let path = file.unwrap().path().to_str().unwrap().replace('\\', "/");
        assert!(shown.contains(&path), "{path} is shown nowhere");
    }
    for link in manual.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap()) {
        assert!(link.is_empty() || Path::new("docs").join(link).exists(), "{link}");
    }
}

/// Every key, every name and every template is in the manual.
#[test]
fn nothing_that_may_be_written_is_left_out() {
    let manual = manual();
    let has = |word: &str| manual.contains(&format!("`{word}`")) || manual.contains(&format!("`[{word}]`"));
    let official: toml::Table = shipped("official.toml").unwrap().parse().unwrap();
    let mut words: BTreeSet<String> = keys().map(str::to_owned).collect();
    for (key, value) in official.iter().filter(|(key, _)| *key != "block") {
        words.extend(value.as_table().is_none().then(|| key.clone()));
        let inner = value.as_table().into_iter().flatten().filter(|_| key != "style");
        for (name, value) in inner {
            words.insert(if key == "page" && name == "number" { "page.number".into() } else { name.clone() });
            words.extend(value.as_table().into_iter().flatten().map(|(name, _)| name.clone()));
        }
    }
    words.extend(official["style"].as_table().unwrap().keys().cloned());
    words.extend(["base", "format", "全角", "元号", "選択"].map(str::to_owned));
    words.extend(shipped_names().map(str::to_owned));
    let names = Level::ALL.into_iter().flat_map(Name::of).chain(Name::of_document());
    words.extend(names.map(|name| name.word()));
    let left_out: Vec<&String> = words.iter().filter(|word| !has(word)).collect();
    assert!(left_out.is_empty(), "{left_out:?}");
    for level in Level::ALL {
        assert!(manual.contains(level.word()));
    }
}

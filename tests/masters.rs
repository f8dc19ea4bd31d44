//! Broken masters: each mistake is named where it is, and no master that is accepted
//! prints another figure than it holds.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod mistakes;
mod plans;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use jisseki::check::{self, Former};
use jisseki::finding::{Finding, Findings, Severity};
use jisseki::init;
use jisseki::master::{self, Master};
use jisseki::plan::{FiscalYear, Plan, Row, Value};
use jisseki::settings::Settings;
use mistakes::{At, Mistake, Sheet};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// A mistake is made at no more places of a plan than this.
const SITES: usize = 5;

/// A plan to make mistakes in.
struct Clean {
    name: String,
    sheet: Sheet,
    settings: Settings,
}

fn clean() -> Vec<Clean> {
    let folder = |name: &str| {
        let text = |file: &str| fs::read_to_string(format!("{name}/{file}")).unwrap();
        let settings = Settings::read(text("plan.toml").as_bytes(), "plan.toml").unwrap();
        Clean { name: name.to_owned(), sheet: Sheet::read(&text("master.csv")), settings }
    };
    let example = init::example(&[FiscalYear::starting(2025), FiscalYear::starting(2026)]);
    let text = |name: &str| {
        let file = example.iter().find(|kept| kept.name == name).unwrap();
        String::from_utf8(file.bytes.clone()).unwrap()
    };
    let example = Clean {
        name: "data/mihon".to_owned(),
        sheet: Sheet::read(&text("master.csv")),
        settings: Settings::read(text("plan.toml").as_bytes(), "plan.toml").unwrap(),
    };
    let drafts = [3, 7, 12].map(|seed| {
        let draft = plans::seeded(seed);
        let settings = draft.settings();
        Clean { name: format!("seeded({seed})"), sheet: Sheet::read(&draft.master()), settings }
    });
    let costs = Clean {
        name: "costs".to_owned(),
        sheet: Sheet::read(mistakes::costs::MASTER),
        settings: Settings::read(mistakes::costs::SETTINGS.as_bytes(), "plan.toml").unwrap(),
    };
    let mut all = vec![folder("data/nemuro"), folder("tests/returns/plan"), example, costs];
    all.extend(drafts);
    all
}

/// A master with a mistake in it.
struct Broken {
    sheet: Sheet,
    bytes: Vec<u8>,
    /// The lines on which the mistake may be named; none where it is the file's.
    lines: Option<Vec<usize>>,
}

fn broken(clean: &Clean, mistake: &Mistake) -> Vec<Broken> {
    let sites = (mistake.sites)(&clean.sheet);
    let step = sites.len().div_ceil(SITES).max(1);
    let make = |site: &mistakes::Site| {
        let mut sheet = clean.sheet.clone();
        let at = (mistake.make)(&mut sheet, *site);
        let (text, lines) = sheet.write();
        match at {
            At::Rows(rows) => {
                // A row may begin on one line and have its mistake on the next.
                let end = |row: usize| lines.get(row + 1).copied().unwrap_or(usize::MAX);
                let named = rows.iter().flat_map(|row| lines[*row]..end(*row).min(lines[*row] + 10));
                Broken { sheet, bytes: text.clone().into_bytes(), lines: Some(named.collect()) }
            }
            At::File(write) => Broken { sheet, bytes: write(text), lines: None },
        }
    };
    sites.iter().step_by(step).map(make).collect()
}

/// All that is found in a master by itself.
fn found(bytes: &[u8], clean: &Clean) -> (Option<Master>, Findings) {
    let (master, mut findings) = master::read(bytes, "master.csv", &clean.settings);
    if let Some(master) = &master {
        findings.append(check::check(master, &clean.settings));
        findings.append(check::spreadsheet(master, &[]));
    }
    (master, findings)
}

/// What a finding says, wherever its row is.
fn said(finding: &Finding) -> (String, String) {
    let id = finding.place.as_ref().and_then(|place| place.id.clone()).unwrap_or_default();
    (id.to_string(), format!("{} {}", finding.code(), finding.message()))
}

/// Every kind of mistake is named at its line in nineteen of twenty masters and more, by
/// the master alone, and more of them beside a backup.
#[test]
fn mistakes_are_named_where_they_are() {
    let (mut cases, mut accepted) = (0, 0);
    let (mut missed, mut missed_alone) = (Vec::new(), Vec::new());
    let mut kinds: BTreeSet<&str> = BTreeSet::new();
    let all = mistakes::all();
    for clean in clean() {
        let (text, _) = clean.sheet.write();
        let (master, before) = found(text.as_bytes(), &clean);
        let former = [Former { name: "backup".to_owned(), plan: master.unwrap().plan }];
        let before: Vec<_> = before.iter().map(said).collect();
        for mistake in &all {
            for broken in broken(&clean, mistake) {
                cases += 1;
                kinds.insert(mistake.name);
                let names = |finding: &Finding| {
                    let line = finding.place.as_ref().and_then(|place| place.line);
                    let there = |lines: &Vec<usize>| line.is_some_and(|line| lines.contains(&line));
                    broken.lines.as_ref().is_none_or(there) && !before.contains(&said(finding))
                };
                let (master, findings) = found(&broken.bytes, &clean);
                let case = format!("{}: {} {:?}", mistake.name, clean.name, broken.lines);
                if !findings.iter().any(names) {
                    let beside = master.as_ref().map(|master| check::spreadsheet(master, &former));
                    if !beside.is_some_and(|findings| findings.iter().any(names)) {
                        missed.push(case.clone());
                    }
                    missed_alone.push(case);
                }
                if let Some(master) = master.filter(|_| !findings.has_errors()) {
                    accepted += 1;
                    holds(&master, &broken, mistake.name);
                }
            }
        }
    }
    println!("{} kinds, {cases} masters, {accepted} accepted with warnings", kinds.len());
    println!("missed by the master alone: {}\n{}", missed_alone.len(), missed_alone.join("\n"));
    println!("missed beside a backup: {}\n{}", missed.len(), missed.join("\n"));
    assert!(kinds.len() >= 40, "{}", kinds.len());
    assert_eq!(kinds.len(), all.len(), "a kind that occurs in no plan");
    assert!(missed_alone.len() * 20 <= cases, "{} of {cases} missed", missed_alone.len());
}

/// What is no mistake is accepted, and nothing is lost.
#[test]
fn what_is_no_mistake_is_accepted() {
    for clean in clean() {
        for harmless in mistakes::harmless() {
            for broken in broken(&clean, &harmless) {
                let (master, findings) = found(&broken.bytes, &clean);
                let errors: Vec<_> = findings
                    .iter()
                    .filter(|finding| finding.severity() == Severity::Error)
                    .map(said)
                    .collect();
                assert!(errors.is_empty(), "{} {}: {errors:?}", harmless.name, clean.name);
                holds(&master.unwrap(), &broken, harmless.name);
            }
        }
    }
}

/// The plan says of every figure what the file says, read by another reader: the cells
/// that were written, and the `csv` crate where the text is UTF-8.
fn holds(master: &Master, broken: &Broken, name: &str) {
    let mut readings = vec![];
    let utf8 = broken.bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&broken.bytes);
    if let Ok(text) = std::str::from_utf8(utf8) {
        readings.push(Sheet::read(text));
    }
    if !broken.sheet.rows.iter().flatten().any(|cell| cell.raw) {
        readings.push(broken.sheet.clone());
    }
    assert!(!readings.is_empty(), "{name}");
    for sheet in readings {
        let expected = figures_of(&sheet);
        let rows = figure_rows(&master.plan);
        let texts = |values: &Vec<&Value>| -> Vec<String> {
            values.iter().map(|value| value.printed().to_owned()).collect()
        };
        let printed: Vec<Vec<String>> = rows.values().map(texts).collect();
        assert_eq!(printed, expected, "{name}");
        for value in rows.values().flatten() {
            counts_what_it_prints(value, name);
        }
    }
}

fn with<'a>(baseline: &'a Value, years: &'a [Value]) -> Vec<&'a Value> {
    std::iter::once(baseline).chain(years).collect()
}

/// Baseline and years of every row of figures.
fn figure_rows(plan: &Plan) -> BTreeMap<Row, Vec<&Value>> {
    const NONE: &Value = &Value::NotReported;
    let mut rows = BTreeMap::new();
    for (_, indicator) in plan.indicators() {
        rows.insert(indicator.row, with(&indicator.baseline, &indicator.actuals));
        rows.extend(indicator.targets.iter().map(|targets| (targets.row, with(NONE, &targets.figures))));
    }
    for cost in plan.projects().flat_map(|project| &project.costs) {
        rows.insert(cost.row, with(NONE, &cost.actuals));
        rows.extend(cost.budget.iter().map(|budget| (budget.row, with(NONE, &budget.figures))));
    }
    rows
}

/// The baseline and the years' cells of every row of figures, by the headings of the file.
fn figures_of(sheet: &Sheet) -> Vec<Vec<String>> {
    let is_header = |row: &Vec<mistakes::Cell>| {
        row.iter().filter(|cell| "種別,ID,名称,目的".contains(&cell.text)).count() > 3
    };
    let header = sheet.rows.iter().position(is_header).unwrap();
    let heading = |cell: &mistakes::Cell| cell.text.trim().to_owned();
    let headings: Vec<String> = sheet.rows[header].iter().map(heading).collect();
    let kind = headings.iter().position(|heading| heading.ends_with("種別")).unwrap();
    let baseline = headings.iter().position(|heading| heading == "基準値").unwrap();
    let years: Vec<usize> =
        (0..headings.len()).filter(|at| FiscalYear::parse(&headings[*at]).is_some()).collect();
    let seen = |c: char| !matches!(c, '\u{FEFF}' | '\u{200B}');
    let rows = sheet.rows.iter().skip(header + 1);
    rows.filter(|row| {
        row.get(kind).is_some_and(|cell| {
            let kind = cell.text.replace("ＫＰＩ", "KPI");
            ["数値目標", "KPI", "事業量", "事業費", "予算", "目標値"].contains(&kind.as_str())
        })
    })
    .map(|row| {
        let cell = |at: &usize| row.get(*at).map_or("", |cell| cell.text.as_str());
        let shown = |at: &usize| {
            let text: String = cell(at).chars().filter(|c| seen(*c)).collect();
            text.trim().replace("\r\n", "\n")
        };
        // Only these have a baseline, whatever stands there.
        let has_baseline = ["数値目標", "KPI", "ＫＰＩ"].contains(&row[kind].text.as_str());
        let own = if has_baseline { shown(&baseline) } else { String::new() };
        std::iter::once(own).chain(years.iter().map(shown)).collect()
    })
    .collect()
}

/// The digits of a figure are those it prints.
fn counts_what_it_prints(value: &Value, name: &str) {
    let Value::Quantity(quantity) = value else { return };
    let half = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0),
        '．' => Some('.'),
        '0'..='9' | '.' => Some(c),
        _ => None,
    };
    if !quantity.compound {
        let digits: String = quantity.printed.chars().filter_map(half).collect();
        // A nought before the others counts nothing; it is asked about.
        let noughts = digits.bytes().take_while(|digit| *digit == b'0').count();
        let whole = digits.find('.').unwrap_or(digits.len());
        let digits = &digits[noughts.min(whole - 1)..];
        assert_eq!(digits, quantity.number.abs().to_string(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever a draft says of money, targets and its own columns is what the plan says.
    #[test]
    fn what_a_draft_says_is_read(draft in plans::draft()) {
        let (plan, settings) = (draft.plan(), draft.settings());
        let sheet = Sheet::read(&draft.master());
        let figures: Vec<Vec<String>> = figure_rows(&plan)
            .into_values()
            .map(|values| values.into_iter().map(|value| value.printed().to_owned()).collect())
            .collect();
        prop_assert_eq!(figures, figures_of(&sheet));
        for project in plan.projects() {
            let row = project.row.0 + 1;
            let names: Vec<&str> = project.declared.iter().map(|(name, _)| name).collect();
            let expected: Vec<&str> = settings.fields.iter().map(|field| field.name.as_str()).collect();
            prop_assert_eq!(names, expected);
            for (name, cell) in project.declared.iter() {
                prop_assert_eq!(cell.printed(), sheet.of(row, name).trim());
            }
            for cost in &project.costs {
                prop_assert_eq!(&cost.name, sheet.of(cost.row.0 + 1, "名称"));
                prop_assert!(sheet.of(cost.row.0 + 1, "ID").starts_with(&project.id));
            }
        }
        for (at, _) in plan.years.iter().enumerate() {
            for project in plan.projects().filter(|project| project.total(at, false).is_some()) {
                // A sum is of figures, and exact.
                let parts = project.costs.iter().filter_map(|cost| cost.actuals[at].quantity());
                let sum: Decimal = parts.map(|part| part.number).sum();
                prop_assert_eq!(project.total(at, false).unwrap().number, sum);
            }
        }
    }
}

// ── Masters that were saved by a spreadsheet ─────────────────────────────────

/// The sample as a spreadsheet saves it: percentages with two decimals.
fn saved_by_a_spreadsheet() -> (Sheet, usize) {
    let mut sheet = clean().remove(0).sheet;
    let first = sheet.column("基準値");
    let mut changed = 0;
    for cell in sheet.rows.iter_mut().flat_map(|row| row.iter_mut().skip(first)) {
        let one_decimal = cell.text.strip_suffix('%').and_then(|number| number.split_once('.'));
        if let Some((whole, _)) = one_decimal.filter(|(_, decimals)| decimals.len() == 1) {
            assert!(whole.bytes().all(|byte| byte.is_ascii_digit()));
            cell.text.insert(cell.text.len() - 1, '0');
            changed += 1;
        }
    }
    (sheet, changed)
}

/// A folder with the sample's settings and this master.
fn folder_with(sheet: &Sheet) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::copy("data/nemuro/plan.toml", folder.path().join("plan.toml")).unwrap();
    fs::write(folder.path().join("master.csv"), sheet.write().0).unwrap();
    folder
}

fn checked(folder: &tempfile::TempDir) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jisseki"));
    let output = command.args(["--format", "json", "check"]).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Once, with all 52 cells, and with nothing but the master itself to tell by.
#[test]
fn a_master_saved_by_a_spreadsheet_is_warned_about_once() {
    let (sheet, changed) = saved_by_a_spreadsheet();
    assert_eq!(changed, 52);
    let said = checked(&folder_with(&sheet));
    assert_eq!(said.matches("\"W310\"").count(), 1, "{said}");
    assert!(
        said.contains("表計算ソフトが書き換えたと思われるセルが52個あります（K4「53.80%」、L4「55.40%」"),
        "{said}"
    );
}

/// The sample as LibreOffice saves it: whole percentages.
#[test]
fn a_master_whose_percentages_were_rounded_is_warned_about_once() {
    let mut sheet = clean().remove(0).sheet;
    let first = sheet.column("基準値");
    let mut changed = 0;
    for cell in sheet.rows.iter_mut().flat_map(|row| row.iter_mut().skip(first)) {
        if let Some(number) = cell.text.strip_suffix('%').filter(|number| number.contains('.')) {
            let rounded = number.parse::<f64>().unwrap().round();
            cell.text = format!("{rounded}%");
            changed += 1;
        }
    }
    assert_eq!(changed, 61);
    let said = checked(&folder_with(&sheet));
    assert_eq!(said.matches("\"W310\"").count(), 1, "{said}");
    // But for the one that was 100.0%, which people write as 100% too.
    assert!(
        said.contains("表計算ソフトが書き換えたと思われるセルが60個あります（K4「54%」、L4「55%」"),
        "{said}"
    );
}

/// The genuine plan is not asked about, alone or beside its own backup.
#[test]
fn a_genuine_master_is_not_warned_about() {
    let clean = clean().remove(0);
    let folder = folder_with(&clean.sheet);
    assert!(!checked(&folder).contains("W310"));
    fs::create_dir(folder.path().join("backup")).unwrap();
    fs::copy(folder.path().join("master.csv"), folder.path().join("backup/master_20240610-101500.csv"))
        .unwrap();
    assert!(!checked(&folder).contains("W310"));
}

/// What the backup and the archived edition say is compared, and named as the way back.
#[test]
fn a_change_of_form_is_told_from_the_backup_and_the_edition() {
    let clean = clean().remove(0);
    let mut sheet = clean.sheet.clone();
    let site = sheet.figures(|text| text == "1,629人")[0];
    sheet.set(site, "1629");
    let folder = folder_with(&sheet);
    let without = checked(&folder);
    let original = clean.sheet.write().0;
    for (place, other) in [("backup", "master_20240610-101500.csv"), ("archive/R4", "master.csv")] {
        let inner = folder.path().join(place);
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join(other), &original).unwrap();
        let said = checked(&folder);
        assert!(said.contains("1629」（前は「1,629人」）"), "{said}\n{without}");
        assert!(said.contains(&format!("「{place}/{other}」")), "{said}");
        fs::remove_dir_all(folder.path().join(place.split('/').next().unwrap())).unwrap();
    }
    // Junk beside the plan is no former master, and stops nothing.
    fs::create_dir_all(folder.path().join("backup")).unwrap();
    fs::write(folder.path().join("backup/master_x.csv"), b"PK\x03\x04").unwrap();
    assert_eq!(checked(&folder), without);
}

/// The words of `plan.toml` are read like the cells.
#[test]
fn words_of_the_settings_are_known_in_whatever_width() {
    let mut sheet = clean().remove(0).sheet;
    let site = sheet.figures(|text| text == "6件")[0];
    for (word, cell) in [("第３位", "第3位"), ("第３位", "第３位"), ("第3位", "第 ３ 位"), ("ＡＡＡ", "AAA")]
    {
        sheet.set(site, cell);
        let folder = folder_with(&sheet);
        assert!(checked(&folder).contains("W308"), "{cell}");
        let settings = fs::read_to_string("data/nemuro/plan.toml").unwrap();
        let own = settings.replacen("words = []", &format!("words = [\"{word}\"]"), 1);
        assert_ne!(own, settings);
        fs::write(folder.path().join("plan.toml"), own).unwrap();
        assert!(!checked(&folder).contains("W308"), "{word} {cell}");
    }
}

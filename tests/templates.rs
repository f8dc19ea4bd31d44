//! `jisseki template`: what is said of a template while it is being written.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::NaiveDate;
use jisseki::app::template::{check, fields, show};
use jisseki::finding::Finding;
use jisseki::layout::font::{FontFiles, Fonts};
use jisseki::layout::grid::Content;
use jisseki::layout::template::{Template, sample, shipped, shipped_names};
use jisseki::layout::{self, Options};
use jisseki::plan::FiscalYear;

/// A template of one block below its head.
const HEAD: &str = "format = 2\n[sheet]\nper = \"計画\"\n";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, 8).unwrap()
}

/// What is said of a template: the place in its file and what is wrong.
fn said(template: &str) -> Vec<String> {
    let shown = |finding: &Finding| {
        let place = finding.place.as_ref().unwrap().to_string();
        let message = finding.message();
        let message = message.strip_prefix("テンプレートを使えません。").unwrap_or(&message);
        format!("{}：{message}", place.strip_prefix("様式.toml ").unwrap_or(&place))
    };
    match Template::read(template.as_bytes(), "様式.toml") {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(shown).collect(),
    }
}

/// What is said of a block.
fn said_of(block: &str) -> Vec<String> {
    said(&format!("{HEAD}[[block]]\n{block}"))
}

fn checked(file: &str, plan: Option<&Path>) -> check::Report {
    let plan = plan.map(Path::to_path_buf);
    check::run(&check::Request { file: file.into(), plan, today: today() }, &()).unwrap()
}

fn program(arguments: &[&str]) -> (i32, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_jisseki"));
    let run = program.args(arguments).env("COLUMNS", "200").output().unwrap();
    let said = String::from_utf8(run.stdout).unwrap() + &String::from_utf8(run.stderr).unwrap();
    (run.status.code().unwrap(), said)
}

/// The sample's plan with columns of its own.
fn plan_with(fields: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::copy("data/nemuro/master.csv", folder.path().join("master.csv")).unwrap();
    let settings = fs::read_to_string("data/nemuro/plan.toml").unwrap() + fields;
    fs::write(folder.path().join("plan.toml"), settings).unwrap();
    folder
}

#[test]
fn every_template_that_ships_is_sound() {
    for name in shipped_names() {
        let report = checked(name, None);
        assert!(report.findings.is_empty() && report.pages.is_none(), "{name}: {:?}", report.findings);
        let template = report.template.unwrap();
        assert_eq!(template.name, name);
        assert!(!template.blocks.is_empty());
    }
    let report = checked("official.toml", Some(Path::new("data/nemuro")));
    assert!(report.findings.is_empty());
    assert_eq!(report.pages, Some(19));
    assert!(report.template.unwrap().fields.is_empty());
}

/// A sample shows the mark of everything that stands on the pages.
#[test]
fn a_sample_says_every_mark() {
    let years: Vec<FiscalYear> = (2021..=2024).map(FiscalYear::starting).collect();
    let settings = "[plan]\nid = \"a\"\ncity = \"\"\noffice = \"\"\nname = \"\"\ntitle = \"\"\n";
    let settings = jisseki::settings::Settings::read(settings.as_bytes(), "plan.toml").unwrap();
    let settings = sample::settings(&settings);
    let files = FontFiles::default();
    let fonts = Fonts::parse(&files).unwrap();
    for (name, marks) in [
        (
            "official.toml",
            &[
                "{題名}（様式の見本）",
                "{資料番号}",
                "{注記}",
                "{数値目標.目標}",
                "{事業.目的}",
                "{実績}",
                "{基準値}",
            ][..],
        ),
        ("project-sheet.toml", &["{事業.課長名}", "{予算}", "{決算}", "{目標値}", "{事業.ID}"]),
        ("kpi-sheet.toml", &["{KPI.担当課}", "{施策.今後の方向性}"]),
        ("kpi-evaluation.toml", &["{基本目標.委員会意見}"]),
        ("grant-review.toml", &["{事業.成果}", "{事業量.名称}"]),
    ] {
        let template = Template::read(shipped(name).unwrap().as_bytes(), name).unwrap();
        let plan = sample::plan(&template, &[], years.clone());
        let options = Options { draft: false, note: sample::NOTE.to_owned(), year: years.last().copied() };
        let document = layout::set(&plan, &settings, &template, &fonts, &options).unwrap();
        let cells = document.sheets.iter().flat_map(|sheet| &sheet.cells);
        let texts = cells.map(|cell| match &cell.content {
            Content::Value(value) => value.printed().to_owned(),
            content => format!("{content:?}"),
        });
        let all: String = texts.collect();
        for mark in marks {
            assert!(all.contains(mark), "{name}: {mark}\n{all}");
        }
    }
}

#[test]
fn a_sample_is_written_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let request = |out: PathBuf| show::Request {
        file: "project-sheet.toml".into(),
        plan: Some("data/nemuro".into()),
        out: Some(out),
        today: today(),
    };
    let out = folder.path().join("見本/様式.pdf");
    let report = show::run(&request(out.clone()), &()).unwrap();
    assert_eq!((report.file, report.pages), (out.clone(), 2));
    let first = fs::read(&out).unwrap();
    assert!(first.starts_with(b"%PDF"));
    show::run(&request(out.clone()), &()).unwrap();
    assert_eq!(fs::read(&out).unwrap(), first);
    for wrong in [folder.path().to_path_buf(), folder.path().join("様式.xlsx"), folder.path().join("様式")]
    {
        assert!(show::run(&request(wrong), &()).is_err());
    }
}

#[test]
fn names_are_listed_with_examples() {
    let list = |plan: Option<&Path>| {
        fields::run(&fields::Request { plan: plan.map(Path::to_path_buf) }, &()).unwrap()
    };
    let none = list(None);
    assert!(none.plan.is_none() && none.fields.iter().all(|field| field.example.is_none()));
    let folder = plan_with(
        "\n[[fields]]\nname = \"評価\"\nrows = [\"KPI\", \"事業\"]\ntype = \"選択\"\nchoices = [\"Ａ\", \"Ｂ\"]\n",
    );
    let report = list(Some(folder.path()));
    let levels: BTreeSet<&str> = report.fields.iter().map(|field| field.level).collect();
    assert_eq!(levels.len(), 9);
    let of = |level: &str, name: &str| {
        report.fields.iter().find(|field| field.level == level && field.name == name).unwrap()
    };
    assert_eq!(of("計画", "市").example.as_deref(), Some("根室市"));
    assert_eq!(of("施策", "番号").example.as_deref(), Some("①"));
    assert_eq!(of("施策", "番号").below.as_deref(), Some("{施策.番号}"));
    assert_eq!(of("事業費", "決算").below.as_deref(), Some("{事業費「計」.決算}"));
    assert_eq!(of("事業量", "実績").form, "年度ごとの数");
    let own = of("KPI", "評価");
    assert_eq!((own.form, own.mark.as_str(), own.below.as_deref()), ("選択", "{評価}", None));
    assert_eq!(own.choices, ["Ａ", "Ｂ"]);
    assert!(!report.fields.iter().any(|field| field.level == "施策" && field.name == "評価"));
}

/// A name that only a plan can declare is told where one declares it, and listed where none is.
#[test]
fn columns_that_a_plan_does_not_declare_are_named() {
    let folder = plan_with("\n[[fields]]\nname = \"評価\"\nrows = [\"KPI\"]\n");
    let file = folder.path().join("様式.toml");
    let block = "[[block]]\nper = \"KPI\"\ncolumns = [50, 50, 50]\nrows = [[\"{評価}\", \"長：{担当科}\", \"{事業.評価}\"]]\n";
    fs::write(&file, format!("{HEAD}{block}").replace("{事業.評価}", "{施策.評価}")).unwrap();
    let file = file.to_str().unwrap();
    let alone = checked(file, None).template.unwrap().fields;
    let shown: Vec<_> = alone
        .iter()
        .map(|field| (field.name.as_str(), field.rows.clone(), field.nearest.as_deref()))
        .collect();
    assert_eq!(shown, [("評価", vec!["KPI", "施策"], None), ("担当科", vec!["KPI"], Some("担当課"))]);
    let report = checked(file, Some(folder.path()));
    let places: Vec<String> =
        report.findings.iter().map(|finding| finding.place.as_ref().unwrap().to_string()).collect();
    assert_eq!(places, ["様式.toml 7行目 21文字目", "様式.toml 7行目 30文字目"]);
    let messages: Vec<String> = report.findings.iter().map(Finding::message).collect();
    assert!(messages[0].contains("「担当課」ではありませんか"), "{messages:?}");
    assert!(messages[1].contains("rows に「施策」を加えて"), "{messages:?}");
    assert_eq!(report.pages, None);
}

/// Commands end as all others do: 0, 1 where the data have errors, 2 where they cannot be read.
#[test]
fn the_commands_end_as_others_do() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("様式.toml");
    fs::write(&broken, format!("{HEAD}[[block]]\nper = \"施錯\"\n")).unwrap();
    let broken = broken.to_str().unwrap();
    let (code, said) = program(&["template", "check", "kpi-sheet.toml"]);
    assert_eq!(code, 0);
    for told in ["問題はありません。", "A4横（297×210 mm）", "KPIごと", "name = \"評価コメント\""]
    {
        assert!(said.contains(told), "{said}");
    }
    let (code, said) = program(&["template", "check", broken]);
    assert_eq!(code, 1);
    assert!(said.contains("様式.toml 5行目 7文字目") && said.contains("「施策」ではありませんか"), "{said}");
    let (code, said) = program(&["template", "show", broken]);
    assert_eq!(code, 1);
    assert!(said.contains("見本は作っていません"), "{said}");
    let (code, said) = program(&["template", "check", "ない.toml"]);
    assert_eq!(code, 2);
    assert!(said.contains("official.toml、roomy.toml、kpi-evaluation.toml"), "{said}");
    assert_eq!(program(&["template", "fields", "data/nemuro"]).0, 0);
    assert_eq!(program(&["template", "fields", "docs"]).0, 2);
    let (code, json) = program(&["template", "check", broken, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json["findings"]["errors"]), (1, &1.into()));
    assert_eq!(json["findings"]["findings"][0]["place"]["character"], 7);
}

#[test]
fn everything_wrong_is_told_at_once_from_top_to_bottom() {
    assert_eq!(
        said(
            "format = 2\n[page]\nmargn = 3\n[[block]]\nper = \"計画\"\ncolumns = [10]\nrows = [[\"{名前}\"]]\n[style.note]\nsize = 1\n"
        ),
        [
            "3行目 1文字目：「page.margn」という設定項目はありません",
            "7行目 11文字目：計画に「名前」という項目はありません。{計画名} {題名} {今年度} などを書けます",
            "9行目 8文字目：「style.note.size」に 1 は使えません。書けるのは 4～72 pt です",
        ]
    );
    assert_eq!(
        said(
            "format = 2\n[page]\nmargin = { left = 200, right = 90 }\n[[block]]\nper = \"基本目標\"\ncolumns = [{ figure = 2 }]\nrows = [[\"\", \"\"]]\n"
        ),
        [
            "2行目 2文字目：余白を引いた紙面が 50 mm に足りません（page）",
            "7行目 9文字目：欄が2個あります。列は1個です（つなげる欄にも \"<\" や \"^\" を書きます）",
        ]
    );
}

#[test]
fn a_file_of_blocks_says_its_format() {
    let block = "[[block]]\nper = \"基本目標\"\ncolumns = [100]\nrows = [[\"\"]]\n";
    assert_eq!(
        said(block),
        ["1行目 1文字目：format がありません。ファイルの始めに format = 2 と書いてください"]
    );
    assert_eq!(said(&format!("format = 2\n{block}")), [""; 0]);
    assert_eq!(said("[style.note]\nsize = 9\n"), [""; 0]);
}

#[test]
fn a_group_of_year_columns_is_joined_as_a_whole() {
    let block = |head: &str| {
        said_of(&format!(
            "per = \"計画\"\neach = \"KPI\"\ncolumns = [40, {{ years = [20, 20] }}]\nhead = [{head}]\nrows = [[\"{{名称}}\", \"{{実績}}\", \"{{目標値}}\"]]\n"
        ))
    };
    assert_eq!(block("[\"\", \"{年度}\", \"<\"]"), [""; 0]);
    assert_eq!(block("[\"\", \"<\", \"<\"]"), [""; 0]);
    assert_eq!(block("[\"\", { text = \"実績\", span = \"years\" }, \"<\"]"), [""; 0]);
    assert_eq!(
        block("[\"\", \"<\", \"x\"]"),
        ["8行目 19文字目：最初の欄が \"<\" の年度の列では、ほかの欄も \"<\" にします"]
    );
    assert_eq!(
        block("[\"\", { text = \"実績\", span = \"years\" }, \"x\"]"),
        ["8行目 47文字目：最初の欄に span = \"years\" を書いた年度の列では、ほかの欄を \"<\" にします"]
    );
    assert_eq!(
        block("[\"\", \"x\", { text = \"実績\", span = \"years\" }]"),
        ["8行目 19文字目：span = \"years\" は、1年度の列のうち最初の欄に書きます"]
    );
}

#[test]
fn columns_that_keep_their_width_fit_on_the_paper() {
    let block = |columns: &str, cells: &str| {
        said_of(&format!("per = \"計画\"\ncolumns = [{columns}]\nrows = [[{cells}]]\n"))
    };
    assert_eq!(block("{ fixed = 200 }, { figure = 73 }", "\"\", \"\""), [""; 0]);
    assert_eq!(block("{ fixed = 100 }", "\"\""), [""; 0]);
    assert_eq!(block("300", "\"\""), [""; 0]);
    assert_eq!(
        block("{ fixed = 200 }, { figure = 74 }", "\"\", \"\""),
        ["6行目 11文字目：列の幅の合計が 274 mm あり、余白を引いた用紙の幅 273 mm に入りません"]
    );
    assert_eq!(
        block("{ fixed = 200 }, { fixed = 73.5 }, 10", "\"\", \"\", \"\""),
        [
            "6行目 11文字目：いつも同じ幅の列（fixed）だけで 273.5 mm あり、余白を引いた用紙の幅 273 mm に入りません"
        ]
    );
    // The base's own blocks on the file's paper.
    let narrow = said(
        "format = 2\nbase = \"project-sheet.toml\"\n[page]\npaper = { width = 100 }\nmargin = { left = 20, right = 20 }\n",
    );
    let of_base = |said: &String| said.starts_with("project-sheet.toml ") && said.contains("66 mm あり");
    assert!(narrow.iter().any(of_base), "{narrow:?}");
}

#[test]
fn what_repeats_stands_at_the_head_of_the_first_page() {
    let block = |per: &str, more: &str| {
        format!("[[block]]\nper = \"{per}\"\ncolumns = [100]\nrows = [[\"\"]]\n{more}")
    };
    let (plain, repeat) = (block("計画", ""), block("計画", "page = \"repeat\"\n"));
    assert_eq!(said(&format!("{HEAD}{plain}{repeat}{repeat}{plain}")), [""; 0]);
    assert_eq!(
        said(&format!("{HEAD}{}", block("基本目標", "page = \"repeat\"\n"))),
        ["8行目 8文字目：page = \"repeat\" は、sheet.per と同じ per（計画）のブロックにだけ書けます"]
    );
    assert_eq!(
        said(&format!("{HEAD}{repeat}{plain}{repeat}")),
        ["17行目 8文字目：page = \"repeat\" のブロックは、続けて書きます"]
    );
    for table in [block("基本目標", ""), block("計画", "each = \"KPI\"\n")] {
        let found = said(&format!("{HEAD}{table}{repeat}"));
        assert_eq!(found.len(), 1);
        assert!(found[0].ends_with("page = \"repeat\" のブロックは、表や見出しより前に書きます"));
    }
}

#[test]
fn one_part_side_by_side_is_a_table() {
    let part = |more: &str| format!("[[block.beside]]\ncolumns = [50]\nrows = [[\"\"]]\n{more}");
    let block = |parts: &[String]| said_of(&format!("per = \"計画\"\n{}", parts.concat()));
    let (form, each, head) = (part(""), part("each = \"KPI\"\n"), part("head = [[\"x\"]]\n"));
    assert_eq!(block(&[form.clone(), each.clone()]), [""; 0]);
    assert_eq!(block(&[head.clone(), form]), [""; 0]);
    let found = block(&[each, head]);
    assert!(found[0].ends_with("横に並べる部分のうち、head や each を書けるのは1つだけです"), "{found:?}");
}

/// What would silently do nothing is refused.
#[test]
fn what_would_do_nothing_is_refused() {
    let block = |columns: &str, cell: &str, more: &str| {
        said_of(&format!("per = \"計画\"\ncolumns = [{columns}]\nrows = [[{cell}]]\n{more}"))
    };
    assert_eq!(
        block("{ fixed = 10, figure = 20 }", "\"\"", ""),
        ["6行目 35文字目：1つの列に書けるのは、fixed、fit、figure、years のいずれか1つです"]
    );
    assert_eq!(
        block("{ figure = 20, last = 3 }", "\"\"", ""),
        ["6行目 34文字目：last は、年度の列（years）にだけ書けます"]
    );
    assert_eq!(
        block("20", "\"\"", "least = 2\nempty = \"なし\"\n"),
        [
            "8行目 9文字目：least は、each のあるブロックにだけ書けます",
            "9行目 9文字目：empty は、each のあるブロックにだけ書けます"
        ]
    );
    let joined = |more: &str| {
        said(&format!(
            "{HEAD}[[block]]\nper = \"施策\"\ncolumns = [20]\nrows = [[{{ join = \"分野\" }}]]\n{more}"
        ))
    };
    assert_eq!(joined("each = \"KPI\"\n"), [""; 0]);
    assert!(joined("")[0].starts_with("7行目 19文字目：join は、each のある"), "{:?}", joined(""));
}

/// A text that is taller than a page is divided between its lines, and none of them is lost.
#[test]
fn w503_sheet_overflows() {
    let lines: Vec<String> = (1..=150).map(|at| format!("{at}番目の成果")).collect();
    let folder = tempfile::tempdir().unwrap();
    fs::copy("data/mihon/plan.toml", folder.path().join("plan.toml")).unwrap();
    let master = fs::read("data/mihon/master.csv").unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&master[3..]);
    let mut writer = csv::Writer::from_path(folder.path().join("master.csv")).unwrap();
    let mut column = 0;
    for record in reader.records() {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        column = cells.iter().position(|cell| cell == "成果").unwrap_or(column);
        if cells[1] == "P001" {
            cells[column] = lines.join("\n");
        }
        writer.write_record(cells).unwrap();
    }
    writer.flush().unwrap();
    let report = checked("project-sheet.toml", Some(folder.path()));
    let told: Vec<String> = report.findings.iter().map(Finding::message).collect();
    assert_eq!(told, ["「P001」が、1枚に収まらず4ページになります"]);
    assert_eq!(report.findings.iter().next().unwrap().code(), "W503");

    let bytes = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let settings = jisseki::settings::Settings::read(&bytes("plan.toml"), "plan.toml").unwrap();
    let plan = jisseki::master::read(&bytes("master.csv"), "master.csv", &settings).0.unwrap().plan;
    let template = Template::read(shipped("project-sheet.toml").unwrap().as_bytes(), "様式.toml").unwrap();
    let files = FontFiles::default();
    let fonts = Fonts::parse(&files).unwrap();
    let document = layout::set(&plan, &settings, &template, &fonts, &Options::default()).unwrap();
    let cells = document.sheets.iter().flat_map(|sheet| &sheet.cells);
    let said: String = cells
        .filter(|cell| cell.text().contains("番目の成果"))
        .map(|cell| format!("{}\n", cell.text()))
        .collect();
    assert_eq!(said.lines().collect::<Vec<_>>(), lines);
}

/// A label that its column is too narrow for is told of, once for all its places.
#[test]
fn w506_label_divided() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("様式.toml");
    let labels = |width: &str| {
        let template = shipped("official.toml").unwrap().replace("{ fixed = 13 }, 82", width);
        fs::write(&file, template).unwrap();
        let report = checked(file.to_str().unwrap(), Some(Path::new("data/nemuro")));
        let found = report.findings.iter().filter(|finding| finding.code() == "W506");
        found.map(Finding::message).collect::<Vec<_>>()
    };
    assert_eq!(
        labels("{ fixed = 10 }, 85"),
        ["内容", "目的"].map(|label| format!("「（{label}）」が、欄の幅に入らず、語の途中で改行されます"))
    );
    assert_eq!(labels("{ fixed = 13 }, 82"), [""; 0]);
}

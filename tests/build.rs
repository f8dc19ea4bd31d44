//! `jisseki build`, as a clerk runs it, on the real data.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod package;
mod plans;
mod shown;
mod tagged;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use jisseki::plan::{Entry, Project};
use tagged::Tagged;
use tempfile::TempDir;

const REAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/nemuro");
const PDF: &str = "根室市創生総合戦略_実績一覧_R4.pdf";
const XLSX: &str = "根室市創生総合戦略_実績一覧_R4.xlsx";
const CSV: &str = "根室市創生総合戦略_データ_R4.csv";

/// What a run left behind.
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
    /// Every file in the folder it wrote to.
    files: BTreeMap<String, Vec<u8>>,
}

impl Run {
    fn names(&self) -> Vec<&str> {
        self.files.keys().map(String::as_str).collect()
    }

    /// The one file with this ending.
    fn file(&self, ending: &str) -> &[u8] {
        let mut found = self.files.iter().filter(|(name, _)| name.ends_with(ending));
        let file = found.next().unwrap().1;
        assert!(found.next().is_none());
        file
    }

    /// Everything the PDF says.
    fn pdf_text(&self) -> String {
        let pdf = Tagged::read(self.file(".pdf"));
        pdf.text(&pdf.root)
    }
}

fn build_into(out: &Path, plan: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jisseki"));
    command.arg("build").arg(plan).arg("--out").arg(out).args(["--date", "2024-06-10"]).args(arguments);
    let output = command.output().unwrap();
    let entries = fs::read_dir(out).map(|entries| entries.collect::<Vec<_>>()).unwrap_or_default();
    let file =
        |path: PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        files: entries.into_iter().map(|entry| file(entry.unwrap().path())).collect(),
    }
}

fn build(plan: &Path, arguments: &[&str]) -> Run {
    let out = TempDir::new().unwrap();
    build_into(&out.path().join("新しい"), plan, arguments)
}

fn real(arguments: &[&str]) -> Run {
    let run = build(Path::new(REAL), arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

/// A copy of the real plan with another master.
fn with_master(master: &[u8]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::copy(format!("{REAL}/plan.toml"), folder.path().join("plan.toml")).unwrap();
    fs::write(folder.path().join("master.csv"), master).unwrap();
    folder
}

fn master() -> String {
    let text = fs::read_to_string(format!("{REAL}/master.csv")).unwrap();
    text.trim_start_matches('\u{FEFF}').to_owned()
}

#[test]
fn two_runs_write_the_same_three_files() {
    let (one, two) = (real(&[]), real(&[]));
    assert_eq!(one.names(), [CSV, PDF, XLSX]);
    assert!(one.files == two.files, "the same bytes");
    assert!(one.file(".pdf").len() < 700_000);
    let last = one.stdout.lines().last().unwrap();
    assert!(last.starts_with("令和4年度までの実績で3個のファイルを作りました（"), "{}", one.stdout);
    let pages = Tagged::read(one.file(".pdf")).pages.len();
    assert!(one.stdout.contains(&format!("{PDF}（{pages}ページ）\n")), "{}", one.stdout);
    assert!(!(one.stdout + &one.stderr).contains('\x1b'), "no colours where there is no terminal");
}

/// Every name, 目的, 内容, target and value of the master stands in the PDF and in
/// the workbook, as printed.
#[test]
fn everything_in_the_master_is_in_both_documents() {
    let run = real(&[]);
    let pdf = Tagged::read(run.file(".pdf"));
    let heard: Vec<String> = pdf.root.all().into_iter().map(|element| pdf.text(element)).collect();
    let sheets = shown::cells(run.file(".xlsx"));
    // The official sheets; those of the data come after them.
    let seen: BTreeSet<&str> = sheets[..sheets.len() - 2].iter().flatten().map(String::as_str).collect();
    let mut missing = Vec::new();
    let mut both = |text: &str| {
        for (place, found) in [
            ("PDF", heard.iter().any(|said| said.contains(text))),
            ("Excel", seen.iter().any(|cell| cell.contains(text))),
        ] {
            if !found {
                missing.push(format!("{place}: {text}"));
            }
        }
    };
    let plan = plans::real().plan;
    for goal in &plan.goals {
        both(&goal.name);
        for field in &goal.fields {
            both(&field.name);
            field.measures.iter().for_each(|measure| both(&measure.name));
            for entry in field.measures.iter().flat_map(|measure| &measure.entries) {
                if let Entry::Reprint(reprint) = entry {
                    [&reprint.purpose, &reprint.content].into_iter().flatten().for_each(|text| both(text));
                }
            }
        }
    }
    for project in plan.projects() {
        let Project { number, name, department, purpose, content, .. } = project;
        [number, name, department, purpose, content].into_iter().for_each(|text| both(text));
    }
    let mut values = BTreeSet::new();
    for (_, indicator) in plan.indicators() {
        [&indicator.number, &indicator.name, &indicator.target].into_iter().for_each(|text| both(text));
        values.extend(indicator.actuals.iter().chain([&indicator.baseline]).map(|value| value.printed()));
    }
    assert!(values.len() > 200, "{}", values.len());
    for value in values.into_iter().filter(|value| !value.is_empty()) {
        if !heard.iter().any(|said| said == value) {
            missing.push(format!("PDF: {value}"));
        }
        if !seen.contains(value) {
            missing.push(format!("Excel: {value}"));
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// `--year R3` prints the document as it stood then: nothing of R4 is left anywhere.
#[test]
fn a_later_year_is_not_in_an_earlier_edition() {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(master().leak().as_bytes());
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let r4 = rows[0].iter().position(|head| head == "R4").unwrap();
    let mut changed = 0;
    for cell in rows[1..].iter_mut().filter_map(|row| row.get_mut(r4)).filter(|cell| !cell.is_empty()) {
        "987654人".clone_into(cell);
        changed += 1;
    }
    assert!(changed > 100);
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    let plan = with_master(&writer.into_inner().unwrap());
    let holds = |run: &Run| {
        let workbook =
            package::parts(run.file(".xlsx")).into_iter().map(|(_, part)| part).collect::<String>();
        [run.pdf_text(), workbook, String::from_utf8(run.file(".csv").to_vec()).unwrap()]
            .map(|text| text.contains("987654"))
    };
    let (r3, r4) = (build(plan.path(), &["--year", "R3"]), build(plan.path(), &[]));
    assert_eq!(r3.names(), [CSV, PDF, XLSX].map(|name| name.replace("R4", "R3")));
    assert_eq!(holds(&r4), [true; 3]);
    assert_eq!(holds(&r3), [false; 3]);
    // The column stays, and says that nothing is reported.
    assert!(r3.pdf_text().contains("R4（実績）") && r3.pdf_text().contains("未報告"));
}

#[test]
fn only_one_of_the_documents_is_made_where_one_is_wanted() {
    assert_eq!(real(&["--only", "pdf"]).names(), [PDF]);
    assert_eq!(real(&["--only", "xlsx"]).names(), [CSV, XLSX]);
}

#[test]
fn a_draft_says_so_in_every_title_and_on_every_page() {
    let (draft, fair) = (real(&["--draft"]), real(&[]));
    let title = "第２期 根室市創生総合戦略（基本目標・ＫＰＩ・事業）実績一覧（案）";
    assert_eq!(draft.pdf_text().matches(title).count(), 4, "the contents and three goals");
    assert_eq!(fair.pdf_text().matches(title).count(), 0);
    // Each of them bears the date and the document's number, too.
    for words in ["令和6年6月10日", "資料１"] {
        assert_eq!(fair.pdf_text().matches(words).count(), 4, "{words}");
    }
    let pdf = Tagged::read(draft.file(".pdf"));
    let info = pdf.dictionary(pdf.pdf.trailer.get(b"Info").unwrap());
    assert_eq!(tagged::text_string(info.get(b"Title").unwrap()), title);
    // In the margin of every page, which nobody hears again and again.
    assert!(pdf.pages.iter().all(|page| page.artifacts.iter().any(|text| text == "（案）")));
    let cells: Vec<String> = shown::cells(draft.file(".xlsx")).concat();
    assert_eq!(cells.iter().filter(|cell| *cell == title).count(), 4);
}

#[test]
fn quiet_says_nothing_and_json_is_for_programs() {
    let quiet = real(&["--quiet"]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let run = real(&["--format", "json"]);
    assert_eq!(run.stderr, "");
    let said: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(said["year"], "R4");
    assert_eq!(said["findings"]["errors"], 0);
    let sizes: Vec<u64> =
        said["files"].as_array().unwrap().iter().map(|file| file["bytes"].as_u64().unwrap()).collect();
    assert_eq!(sizes, [PDF, XLSX, CSV].map(|name| run.files[name].len() as u64));
    assert_eq!(said["files"][0]["pages"], Tagged::read(run.file(".pdf")).pages.len());
}

/// The same master in any encoding that Excel saves gives the same documents.
#[test]
fn the_encoding_of_the_master_changes_nothing() {
    // CP932 has one long dash only, and Excel writes that for the other.
    let text = master().replace('—', "―");
    let (cp932, _, lost) = encoding_rs::SHIFT_JIS.encode(&text);
    assert!(!lost, "the real master can be written in CP932");
    let utf16 = |mark: u16, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        [mark].into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let crlf = text.replace("\r\n", "\n").replace('\n', "\r\n");
    let plain = build(with_master(text.as_bytes()).path(), &[]);
    for (name, bytes) in [
        ("CP932", cp932.into_owned()),
        ("UTF-16LE", utf16(0xFEFF, u16::to_le_bytes)),
        ("UTF-16BE", utf16(0xFEFF, u16::to_be_bytes)),
        ("UTF-8 with a mark", format!("\u{FEFF}{text}").into_bytes()),
        ("LF", text.replace("\r\n", "\n").into_bytes()),
        ("CRLF", crlf.into_bytes()),
    ] {
        let run = build(with_master(&bytes).path(), &[]);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        assert!(run.files == plain.files, "{name}");
    }
}

/// A copy of the real plan with three documents of different looks.
fn with_documents() -> TempDir {
    let folder = with_master(master().as_bytes());
    let path = folder.path().join("plan.toml");
    let documents = "
[[documents]]
name = \"実績一覧\"

[[documents]]
name = \"評価シート\"
template = \"評価.toml\"
title = \"事務事業評価シート\"
number = \"資料２\"

[[documents]]
name = \"新しい様式\"
template = \"評価.toml\"
editions = [\"R5\"]
";
    fs::write(&path, fs::read_to_string(&path).unwrap() + documents).unwrap();
    let template = "[page]\nmargin = { left = 20, right = 20, top = 20, bottom = 15 }\n[style.band]\nfill = \"#4F6228\"\n";
    fs::write(folder.path().join("評価.toml"), template).unwrap();
    folder
}

/// Of a plan that declares documents, each is made, and the data once.
#[test]
fn every_document_of_a_plan_is_made() {
    let (plan, official) = (with_documents(), real(&[]));
    let all = build(plan.path(), &[]);
    assert_eq!(all.code, 0, "{}", all.stderr);
    let sheet = ["pdf", "xlsx"].map(|end| format!("根室市創生総合戦略_評価シート_R4.{end}"));
    assert_eq!(all.names(), [CSV, PDF, XLSX, &sheet[0], &sheet[1]]);
    // The first looks as if it were the only one.
    assert!(official.files.iter().all(|(name, bytes)| all.files[name] == *bytes));
    let pdf = Tagged::read(&all.files[&sheet[0]]);
    let text = pdf.text(&pdf.root);
    assert!(text.contains("事務事業評価シート") && text.contains("資料２"), "{text}");

    // Some of them alone, with the same bytes.
    let one = build(plan.path(), &["--document", "評価シート"]);
    assert_eq!(one.names(), [CSV, &sheet[0], &sheet[1]]);
    assert!(one.files.iter().all(|(name, bytes)| all.files[name] == *bytes));
    let two = build(plan.path(), &["--document", "評価シート", "--document", "実績一覧", "--only", "pdf"]);
    assert_eq!(two.names(), [PDF, &sheet[0]]);
    let next = build(plan.path(), &["--year", "R5", "--document", "新しい様式"]);
    assert_eq!(next.names().len(), 3, "{}", next.stderr);
    let said = build(plan.path(), &["--format", "json"]).stdout;
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let of: Vec<Option<&str>> =
        said["files"].as_array().unwrap().iter().map(|file| file["document"].as_str()).collect();
    assert_eq!(of, [Some("実績一覧"), Some("実績一覧"), Some("評価シート"), Some("評価シート"), None]);
}

#[test]
fn a_document_that_cannot_be_made_is_named() {
    let plan = with_documents();
    let refused = |arguments: &[&str], code: i32, words: &str| {
        let run = build(plan.path(), arguments);
        assert_eq!((run.code, run.names().len()), (code, 0), "{}", run.stderr);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    };
    refused(
        &["--document", "評価シイト"],
        2,
        "「評価シイト」という文書はありません。「評価シート」の間違いではありませんか。この計画の文書は「実績一覧」「評価シート」「新しい様式」です",
    );
    refused(&["--document", "新しい様式"], 2, "令和4年度の版には、文書「新しい様式」がありません");
    let template = plan.path().join("評価.toml");
    refused(&["--template", template.to_str().unwrap()], 2, "様式の指定は、文書が1つのときに使えます");
    let own = build(plan.path(), &["--template", template.to_str().unwrap(), "--document", "実績一覧"]);
    assert_eq!(own.code, 0, "{}", own.stderr);
    assert!(own.file(".pdf") != real(&[]).file(".pdf"));

    // What cannot be laid out, and what is no template: the other documents are not written either.
    fs::write(&template, "[style.purpose]\nsize = 36.0\n").unwrap();
    refused(&[], 1, "E602");
    refused(&[], 1, "\n  文書「評価シート」\n");
    fs::write(&template, "[page.paper]\nheight = 200.0\n").unwrap();
    refused(&[], 2, "文書「評価シート」を作れません。Excelで指定できない用紙の大きさです");
    fs::write(&template, "[page]\npaperr = 3\n").unwrap();
    refused(&[], 1, "エラー 1 件");
    assert_eq!(build(plan.path(), &["--document", "実績一覧"]).code, 0);
}

/// A run that cannot be done says why, with its exit code, and writes nothing.
#[test]
fn what_cannot_be_built_is_refused_whole() {
    let refused = |plan: &Path, arguments: &[&str]| {
        let run = build(plan, arguments);
        assert_eq!(run.names(), Vec::<&str>::new());
        assert!(!run.stdout.contains("作りました"), "{}", run.stdout);
        (run.code, run.stderr)
    };
    let holds = |(code, said): (i32, String), expected: i32, words: &str| {
        assert!(code == expected && said.contains(words), "{code}: {said}");
    };
    let missing = TempDir::new().unwrap();
    holds(refused(&missing.path().join("無い"), &[]), 2, "計画のフォルダー");
    holds(refused(missing.path(), &[]), 2, "plan.toml がありません");
    holds(
        refused(Path::new(REAL), &["--year", "R9"]),
        2,
        "令和9年度はマスタにありません。--year に書けるのは R3、R4、R5、R6 です",
    );
    holds(refused(Path::new(REAL), &["--year", "来年"]), 2, "年度は R4、令和4年度、2022 のように書きます");
    holds(refused(Path::new(REAL), &["--template", "無い.toml"]), 2, "「無い.toml」を開けません");

    let broken = master().replace("事業量,P001-1,,", "事業料,P001-1,,").replace("55.4%", "55..4%");
    let (code, said) = refused(with_master(broken.as_bytes()).path(), &[]);
    assert_eq!(code, 1);
    for words in ["「事業料」", "55..4%", "エラー 3 件"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let workbook = real(&["--only", "xlsx"]);
    holds(refused(with_master(workbook.file(".xlsx")).path(), &[]), 1, "Excel");
    holds(refused(with_master(b"").path(), &[]), 1, "エラー");
    let mut damaged = encoding_rs::SHIFT_JIS.encode(&master()).0.into_owned();
    let at = damaged.len() / 2;
    damaged[at] = 0xFF;
    damaged[at + 1] = 0xFF;
    holds(refused(with_master(&damaged).path(), &[]), 1, "エラー");
}

/// A folder that cannot be written to: said, and what was there stays as it was.
#[test]
fn a_place_that_cannot_be_written_is_an_error_of_the_environment() {
    let out = TempDir::new().unwrap();
    let file = out.path().join("ファイル");
    fs::write(&file, "前からある").unwrap();
    let run = build_into(&file.join("下"), Path::new(REAL), &[]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("同じ名前のファイルがあり、フォルダーを使えません"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(&file).unwrap(), "前からある");
    // The PDF's name is taken by a folder: nothing half-written is left beside it.
    let taken = out.path().join("出力");
    fs::create_dir_all(taken.join(PDF)).unwrap();
    let status =
        Command::new(env!("CARGO_BIN_EXE_jisseki")).arg("build").arg(REAL).arg("--out").arg(&taken).output();
    assert_eq!(status.unwrap().status.code(), Some(2));
    let left: Vec<_> = fs::read_dir(&taken).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [PDF]);
}

/// Where no one may write, on a system that has such a place for everyone.
#[test]
#[cfg(target_os = "linux")]
fn a_read_only_place_is_an_error_of_the_environment() {
    let run = build_into(Path::new("/proc/実績"), Path::new(REAL), &[]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("エラー: フォルダー「/proc/実績」を作れません。"), "{}", run.stderr);
}

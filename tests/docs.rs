//! What the documents promise, held against the program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use jisseki::finding::FindingKind;

const DOCUMENTS: [&str; 13] = [
    "README.md",
    "README.ja.md",
    "CHANGELOG.md",
    "docs/ARCHITECTURE.md",
    "docs/DECISIONS.md",
    "docs/CONFORMANCE.md",
    "docs/FINDINGS.ja.md",
    "docs/LIMITS.ja.md",
    "docs/MANIFEST.md",
    "docs/RELEASE.md",
    "docs/ARCHIVE.ja.md",
    "docs/TEMPLATES.ja.md",
    "docs/WINDOWS.md",
];

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn help(command: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_jisseki"));
    program.args(command.split_whitespace()).arg("--help");
    String::from_utf8(program.output().unwrap().stdout).unwrap()
}

/// Words that begin with `--` in the lines that show a command.
fn options_of(line: &str) -> BTreeSet<String> {
    line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| word.len() > 2 && word.starts_with("--"))
        .map(str::to_owned)
        .collect()
}

/// Every file and picture a document points to is there.
#[test]
fn links_lead_somewhere() {
    for document in DOCUMENTS {
        let folder = Path::new(document).parent().unwrap();
        for link in read(document).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap();
            if !target.is_empty() && !target.starts_with("http") {
                assert!(folder.join(target).exists(), "{document}: {link}");
            }
        }
    }
}

/// Every command and option that the READMEs show is one the program has.
#[test]
fn commands_and_options_exist() {
    let all = help("");
    for document in
        ["README.md", "README.ja.md", "docs/ARCHIVE.ja.md", "docs/EXCHANGE.md", "docs/TEMPLATES.ja.md"]
    {
        let text = read(document);
        for line in text.lines().map(str::trim).filter(|line| line.starts_with("jisseki ")) {
            let command = line.split_whitespace().nth(1).unwrap();
            assert!(all.contains(command), "{document}: {line}");
            // `archive verify` and its like have options of their own.
            let own = help(command);
            let inner = line.split_whitespace().nth(2).filter(|word| own.contains(&format!("\n  {word} ")));
            let known = inner.map_or(own.clone(), |inner| help(&format!("{command} {inner}")));
            for option in options_of(line) {
                assert!(known.contains(&option), "{document}: {option} in {line}");
            }
        }
    }
}

/// The two commands of the set-up are those the project promises.
#[test]
fn the_set_up_is_two_commands() {
    let text = read("README.md");
    assert!(text.contains("\ncargo run --release -- build "));
    assert!(text.contains("\ncargo test "));
}

/// The list of findings is made from the rules' own sentences.
#[test]
fn the_list_of_findings_is_complete() {
    let rules: String = FindingKind::all().map(|(code, rule)| format!("| {code} | {rule} |\n")).collect();
    let expected = format!(
        "# エラーと警告の一覧\n\n\
         Eで始まるものはエラーで、直すまで文書を作れません。E4…は返ってきたファイルや行のエラーで、\n         そのファイルや行だけを取り込まず、ほかは取り込みます。Wで始まるものは警告です。\n\n\
         | 番号 | 内容 |\n| --- | --- |\n{rules}"
    );
    let path = "docs/FINDINGS.ja.md";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, &expected).unwrap();
    }
    assert_eq!(read(path), expected, "run `UPDATE_DOCS=1 cargo test --test docs` and review the change");
}

/// A code is never given twice, and a test named after it shows what it finds.
#[test]
fn every_rule_has_a_code_of_its_own_and_a_test() {
    let mut sources = Vec::new();
    for folder in ["src", "tests"] {
        files(Path::new(folder), &mut sources);
    }
    let sources: String =
        sources.iter().filter(|path| path.ends_with(".rs")).map(|path| read(path)).collect();
    let mut codes = BTreeSet::new();
    for (code, _) in FindingKind::all() {
        assert!(codes.insert(code), "{code} is given twice");
        let test = format!("fn {}_", code.to_lowercase());
        assert!(sources.contains(&test), "no test {test}");
    }
}

/// How large files may be, and which numbers a template may hold, is made from what the
/// program checks.
#[test]
fn the_limits_are_complete() {
    let master = jisseki::storage::files::LARGEST_MASTER >> 20;
    let toml = jisseki::storage::files::LARGEST_TOML >> 10;
    let expected = format!(
        "# 扱える大きさと、様式の数値の範囲\n\n\
         ## マスタ\n\n\
         人口2万4千人の市の計画は350行、48kBです。次の上限は、大きな市の計画の何倍もの大きさで、\n\
         この中であれば、調べることも文書を作ることも2秒、200MBの中で終わるように決めています。\n\
         超えているマスタは読まず、E112で示します（ファイルの大きさは{master}MBまで）。\n\n\
         | 数 | 上限 |\n| --- | --- |\n{}\n\
         ## 設定ファイル（plan.toml）とテンプレート\n\n\
         ファイルの大きさは{toml}kBまでです。plan.toml の1つの文は300字、1つの一覧は500個、\n\
         文書（`[[documents]]`）は20個、その名前は30字、\n\
         加える列（`[[fields]]`）は50個、その名前は30字、\n\
         テンプレートの1つの文は200字まで、文書の日付は1926年から2999年までです。\n\n\
         テンプレートの `[[block]]` は200個、1つのブロックの `head` と `rows` はそれぞれ60行、`columns` は60個まで、\n\
         1つの年度の列は10本、`last` は50年度、`least` は20行までです。\n\
         記入票の文章の答えは2000字までです。\n\n\
         テンプレートの数値に書けるのは次の範囲です。外れた値はE129で、行とともに示します。\n\
         この範囲でも、用紙に入らない組み合わせはE128またはE6…で示し、数値が消えた文書は作りません。\n\n\
         | 項目 | 範囲 |\n| --- | --- |\n{}",
        jisseki::master::limits_manual(),
        jisseki::layout::template::numbers::manual(),
    );
    let path = "docs/LIMITS.ja.md";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, &expected).unwrap();
    }
    assert_eq!(read(path), expected, "run `UPDATE_DOCS=1 cargo test --test docs` and review the change");
}

/// Texts that end their lines as Windows does: Excel wrote the sample's master.
const CRLF: [&str; 1] = ["data/nemuro/master.csv"];
/// Where the project's texts are.
const OURS: [&str; 12] = [
    ".ci",
    "src",
    "tests",
    "benches",
    "examples",
    "fuzz",
    "data",
    "docs",
    "templates",
    "tools",
    "LICENSE",
    "Cargo.toml",
];
/// What is made or came from elsewhere, not written.
const NOT_OURS: [&str; 7] = ["target", "out", "corpus", "artifacts", "__pycache__", "files", "kept"];

/// The project's files below a folder.
fn files(folder: &Path, found: &mut Vec<String>) {
    if !folder.is_dir() {
        return found.push(folder.to_str().unwrap().replace('\\', "/"));
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !NOT_OURS.contains(&path.file_name().unwrap().to_str().unwrap()) {
            files(&path, found);
        }
    }
}

/// Texts are compiled in, compared and archived byte for byte: an editor or a checkout that
/// changes the ends of their lines changes documents.
#[test]
fn no_line_ends_in_another_way() {
    let rules = read(".gitattributes");
    assert_eq!(rules.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>(), ["* -text"]);
    let mut found = Vec::new();
    for place in OURS {
        files(Path::new(place), &mut found);
    }
    for known in ["LICENSE", ".ci/run", "src/archive/mod.rs", "templates/official.toml", CRLF[0]] {
        assert!(found.iter().any(|path| path == known), "{known}");
    }
    for path in found {
        let bytes = fs::read(&path).unwrap();
        let count = |byte: u8| bytes.iter().filter(|other| **other == byte).count();
        // As git tells texts from the rest.
        if count(0) > 0 {
            continue;
        }
        let pairs = bytes.windows(2).filter(|pair| pair == b"\r\n").count();
        let expected = if CRLF.contains(&path.as_str()) { count(b'\n') } else { 0 };
        assert_eq!((count(b'\r'), pairs), (expected, expected), "{path}");
    }
}

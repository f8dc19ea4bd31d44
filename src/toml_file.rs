//! A TOML file of the plan (`plan.toml`, a template): bytes to settings, or findings.
//!
//! The library reports in English and in the words of its grammar. A clerk is told
//! the line, the key and what to write instead; [`read`] translates.

use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::finding::{Excerpt, Finding, FindingKind, Findings, Place, ReadingRule, SettingsRule, nearest};

/// Reads the bytes of the TOML file called `file_name` (for messages only).
///
/// # Errors
/// What is wrong with it, as findings with their line.
pub fn read<T: DeserializeOwned>(bytes: &[u8], file_name: &str) -> Result<T, Findings> {
    let text = utf8(bytes, file_name)?;
    parse(text, file_name)?;
    toml::from_str(text).map_err(|error| fault(&error, text, file_name))
}

/// The tables and values of a text, each with its place.
///
/// # Errors
/// What is no TOML in it, and keys that nest more deeply than any setting does: whoever
/// reads such a table, down to the library that lets go of it, goes as deep as it is.
pub fn parse<'a>(text: &'a str, file_name: &str) -> Result<Spanned<DeTable<'a>>, Findings> {
    if let Some(at) = too_deep(text) {
        let kind =
            SettingsRule::TomlSyntax { reason: "「.」でつないだ項目が多すぎます".to_owned() };
        return Err(Finding::at(Place::line(file_name, line_of(text, at)), kind).into());
    }
    DeTable::parse(text).map_err(|error| fault(&error, text, file_name))
}

/// Calls `tell` with every value that is no table, and its key with the tables around it.
pub fn for_each_leaf<'a>(table: &DeTable<'a>, tell: &mut impl FnMut(&str, &Spanned<DeValue<'a>>)) {
    fn walk<'a>(value: &Spanned<DeValue<'a>>, key: &str, tell: &mut impl FnMut(&str, &Spanned<DeValue<'a>>)) {
        match value.get_ref() {
            DeValue::Table(table) => {
                table
                    .iter()
                    .for_each(|(name, value)| walk(value, &format!("{key}.{}", name.get_ref()), tell));
            }
            DeValue::Array(list) => {
                tell(key, value);
                list.iter().for_each(|value| walk(value, key, tell));
            }
            _ => tell(key, value),
        }
    }
    table.iter().for_each(|(name, value)| walk(value, name.get_ref(), tell));
}

/// Where more names are joined by points than any setting has.
fn too_deep(text: &str) -> Option<usize> {
    const MOST_POINTS: usize = 64;
    let mut points = 0;
    text.bytes().position(|byte| {
        match byte {
            b'.' => points += 1,
            b'=' | b',' | b'[' | b'{' | b'\n' => points = 0,
            _ => {}
        }
        points > MOST_POINTS
    })
}

/// The physical line, from 1, of a place.
fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    1 + before.iter().filter(|b| **b == b'\n').count()
}

/// Whether a file is what it should be, so far that its lines may be shown: a file that
/// was named by mistake may hold what is nobody's concern.
fn may_be_quoted(text: &str, at: usize, file_name: &str) -> bool {
    let is_setting = |line: &str| line.starts_with('[') || line.contains('=');
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let begins = before.rfind('\n').map_or(0, |at| at + 1);
    let ends = before.len() + after.find('\n').unwrap_or(after.len());
    let line = text.get(begins..ends).unwrap_or_default().trim();
    let goes_on = line.is_empty() || line.starts_with(['#', '"', '\'', ']', '}', '{']);
    is_named_so(file_name) && first.is_none_or(is_setting) && (goes_on || is_setting(line))
}

/// Whether a file is called as files of settings are.
pub fn is_named_so(file_name: &str) -> bool {
    Path::new(file_name).extension().is_some_and(|end| end.eq_ignore_ascii_case("toml"))
}

/// What is said of a file whose lines may not be shown.
pub fn no_settings(file_name: &str) -> Findings {
    let reason = "TOML形式の設定ファイルではないようです".to_owned();
    Finding::at(Place::file(file_name), SettingsRule::TomlSyntax { reason }).into()
}

/// The library's error as a finding with its line.
pub fn fault(error: &toml::de::Error, text: &str, file_name: &str) -> Findings {
    if !may_be_quoted(text, error.span().map_or(0, |span| span.start), file_name) {
        return no_settings(file_name);
    }
    let kind = translate(error.message(), text, error.span());
    let place = match error.span() {
        Some(span) => place(text, &span, file_name),
        None => Place::file(file_name),
    };
    Finding::at(place, kind).into()
}

/// Where `span` (bytes of `text`) is.
pub fn place(text: &str, span: &Range<usize>, file_name: &str) -> Place {
    let line = line_of(text, span.start);
    Place { excerpt: Some(Excerpt::of(text, span.clone())), ..Place::line(file_name, line) }
}

/// The same with the letter in the line: a line of a template holds many cells.
pub fn exact_place(text: &str, span: &Range<usize>, file_name: &str) -> Place {
    let before = text.get(..span.start).unwrap_or_default();
    let begins = before.rfind('\n').map_or(0, |at| at + 1);
    let letters = before.get(begins..).unwrap_or_default().chars().count();
    Place { character: Some(letters + 1), ..place(text, span, file_name) }
}

/// The text; a BOM, as the Windows editor writes it, is passed over.
///
/// # Errors
/// Which other encoding it seems to be in.
pub fn utf8<'a>(bytes: &'a [u8], file_name: &str) -> Result<&'a str, Findings> {
    let without_bom = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(without_bom).map_err(|error| {
        let (cp932, _, broken) = encoding_rs::SHIFT_JIS.decode(bytes);
        let kind: FindingKind = if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
            SettingsRule::TomlEncoding { encoding: "UTF-16" }.into()
        } else if !broken && cp932.contains('=') {
            SettingsRule::TomlEncoding { encoding: "Shift_JIS（CP932）" }.into()
        } else {
            ReadingRule::UnreadableBytes { encoding: "UTF-8" }.into()
        };
        let before = without_bom.get(..error.valid_up_to()).unwrap_or_default();
        let line = line_of(std::str::from_utf8(before).unwrap_or_default(), before.len());
        Finding::at(Place::line(file_name, line), kind).into()
    })
}

/// The library's message in the words of a finding; our own messages, which are
/// Japanese already, as they are.
pub fn translate(message: &str, text: &str, span: Option<Range<usize>>) -> SettingsRule {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let first = cut(quoted.first().copied().unwrap_or_default());
    let others = || quoted.iter().skip(1).copied();
    let pointed = cut(span.clone().and_then(|span| text.get(span)).unwrap_or_default().trim());
    let pointed = pointed.as_str();
    if !message.is_ascii() && !message.contains("expected") {
        SettingsRule::UnusableSetting { message: cut(message.trim()) }
    } else if message.starts_with("unknown field") {
        let nearest = nearest(&first, others()).map(str::to_owned);
        SettingsRule::UnknownKey { key: first, nearest }
    } else if message.starts_with("unknown variant") {
        SettingsRule::UnknownChoice { value: first, choices: others().map(str::to_owned).collect() }
    } else if message.starts_with("missing field") {
        let table = table_at(pointed);
        SettingsRule::MissingKey { key: first, table }
    } else if message.starts_with("duplicate key") || message.starts_with("duplicate field") {
        let key = if first.is_empty() { pointed.to_owned() } else { first };
        SettingsRule::DuplicateKey { key }
    } else if let Some(rest) = message.strip_prefix("invalid type: ") {
        let (found, expected) = rest.split_once(", expected ").unwrap_or((rest, ""));
        SettingsRule::WrongType { expected: kind_of_value(expected), found: kind_of_value(found) }
    } else if message.starts_with("invalid value")
        || message.contains("input")
        || message.contains("out of range")
    {
        SettingsRule::WrongType { expected: "正しい値".into(), found: format!("「{pointed}」") }
    } else {
        SettingsRule::TomlSyntax { reason: reason(message) }
    }
}

/// As much of a text as a message needs.
pub fn cut(text: &str) -> String {
    const MOST: usize = 100;
    let mut letters = text.chars();
    let mut kept: String = letters.by_ref().take(MOST).collect();
    if letters.next().is_some() {
        kept.push('…');
    }
    kept
}

/// The table that lacks a key: the error points at its `[name]`, or at the whole
/// file for what is missing at the top.
fn table_at(pointed: &str) -> Option<String> {
    let is_header = pointed.starts_with('[') && pointed.ends_with(']') && !pointed.contains('\n');
    is_header.then(|| pointed.trim_matches(['[', ']']).trim().to_owned())
}

/// A kind of value in Japanese.
fn kind_of_value(english: &str) -> String {
    const WORDS: [(&str, &str); 13] = [
        ("string", "文字"),
        ("integer", "整数"),
        ("floating point", "小数"),
        ("boolean", "true／false"),
        ("sequence", "一覧"),
        ("datetime", "日付"),
        ("date", "日付"),
        ("map", "表"),
        ("struct", "表"),
        ("table", "表"),
        ("path", "ファイルの名前"),
        ("array", "一覧"),
        ("f64", "数"),
    ];
    let number = ["i64", "u64", "u8", "u16", "u32", "usize", "i32"].iter().any(|word| english.contains(word));
    let kind = WORDS.iter().find(|(word, _)| english.contains(word)).map(|(_, kind)| *kind);
    let kind = kind.unwrap_or(if number { "整数" } else { "別の種類の値" });
    match english.split(['`', '"']).nth(1) {
        Some(value) if !value.is_empty() && !english.starts_with("struct") => {
            format!("{kind}「{}」", cut(value))
        }
        _ => kind.to_owned(),
    }
}

/// Why the grammar does not allow it.
fn reason(message: &str) -> String {
    const REASONS: [(&str, &str); 12] = [
        ("missing closing quote", "「\"」が閉じられていません"),
        ("invalid basic string", "「\"」で囲んだ文字が閉じられていません"),
        ("invalid multi-line", "複数行の文字が閉じられていません"),
        ("unclosed array", "一覧の「]」がありません"),
        ("unclosed table", "「]」がありません"),
        ("unclosed inline table", "「}」がありません"),
        ("missing value", "「=」の後に値がありません"),
        ("string values must be quoted", "文字が「\"」で囲まれていません"),
        ("key with no value", "「=」がありません"),
        ("extra", "余分な記号があります"),
        ("escape", "「\\」の使い方が正しくありません（「\\\\」と2つ書くか、'…' で囲みます）"),
        ("invalid", "書けない文字があります"),
    ];
    let found = REASONS.iter().find(|(english, _)| message.contains(english));
    found.map_or("この位置に書けないものがあります", |(_, japanese)| japanese).to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::settings::Settings;

    const PLAN: &str = "[plan]\nid = \"a\"\ncity = \"b\"\noffice = \"c\"\nname = \"d\"\ntitle = \"e\"\n";

    fn check(bytes: impl AsRef<[u8]>, expected: &str) {
        let findings = Settings::read(bytes.as_ref(), "plan.toml").unwrap_err();
        let shown = |finding: &Finding| {
            format!(
                "{} {}: {} → {}",
                finding.code(),
                finding.place.as_ref().unwrap(),
                finding.message(),
                finding.help()
            )
        };
        let shown: Vec<String> = findings.iter().map(shown).collect();
        assert_eq!(shown, [expected]);
    }

    #[test]
    fn a_good_file_is_read_with_or_without_bom() {
        assert_eq!(Settings::read(PLAN.as_bytes(), "plan.toml").unwrap().plan.city, "b");
        assert!(Settings::read(format!("\u{FEFF}{PLAN}").as_bytes(), "plan.toml").is_ok());
    }

    #[test]
    fn e121_toml_syntax() {
        check(
            PLAN.replace("\"b\"", "根室市"),
            "E121 plan.toml 3行目: 設定ファイルの書き方に誤りがあります（文字が「\"」で囲まれていません） → 見本のファイルと見比べてください。文字は「\"」で囲みます。",
        );
        check(
            PLAN.replace("\"b\"", "\"b"),
            "E121 plan.toml 3行目: 設定ファイルの書き方に誤りがあります（「\"」で囲んだ文字が閉じられていません） → 見本のファイルと見比べてください。文字は「\"」で囲みます。",
        );
    }

    /// A file that was named by mistake may hold what is nobody's concern.
    #[test]
    fn what_is_no_settings_file_is_not_quoted() {
        let shadow = "root:$6$secret:19000:0:99999:7:::\nbin:*:19000::::::\n";
        let env = "SECRET=\"secret\"\n";
        for (text, name) in [
            (shadow, "shadow"),
            (shadow, "plan.toml"),
            (env, ".env"),
            ("# a\n\nsecret\n", "a.toml"),
            ("%PDF-1.7 secret\n1 0 obj\n", "a.pdf"),
            ("{\"secret\": 1}", "a.json"),
        ] {
            let findings = Settings::read(text.as_bytes(), name).unwrap_err();
            let said = crate::finding::to_json(&findings) + &crate::finding::render(&findings, false, 80);
            assert!(
                !said.contains("secret") && said.contains("設定ファイルではないようです"),
                "{name}: {said}"
            );
        }
        let said = |text: &str| {
            crate::finding::render(&Settings::read(text.as_bytes(), "PLAN.TOML").unwrap_err(), false, 80)
        };
        assert!(said("[plan]\nid = \"a\ncity = 3\n").contains("2 | id = \"a"));
        assert!(said("[plan]\nid = [\n\"a\n]\n").contains("3 | \"a"));
    }

    #[test]
    fn tables_as_deep_as_the_file_is_long_are_refused() {
        for deep in ["a.".repeat(100_000) + "a = 1", format!("[{}a]", "a.".repeat(100_000))] {
            let findings = Settings::read(deep.as_bytes(), "plan.toml").unwrap_err();
            assert!(findings.iter().next().unwrap().message().contains("多すぎます"));
        }
        for (open, close) in [("[", "]"), ("{a = ", "}")] {
            let deep = format!("a = {}1{}", open.repeat(40_000), close.repeat(40_000));
            assert!(Settings::read(deep.as_bytes(), "plan.toml").is_err());
        }
    }

    #[test]
    fn e122_unknown_key() {
        check(
            PLAN.replace("office", "ofice"),
            "E122 plan.toml 4行目: 「ofice」という設定項目はありません → 「office」の間違いではありませんか。項目の名前を確認してください。",
        );
    }

    #[test]
    fn e123_missing_key() {
        check(
            PLAN.replace("title = \"e\"\n", ""),
            "E123 plan.toml 1行目: 設定項目「title」がありません → [plan] の下に title = … の行を加えてください。",
        );
        check(
            "[values]\nwords = []\n",
            "E123 plan.toml 1行目: 設定項目「plan」がありません → [plan] の表を加えてください。",
        );
    }

    #[test]
    fn e124_wrong_type() {
        check(
            PLAN.replace("\"b\"", "3"),
            "E124 plan.toml 3行目: 設定の値が正しくありません。文字を書くところに整数「3」が書かれています → 文字は「\"」で囲み、一覧は [\"…\", \"…\"] のように書きます。日付は \"2024-06-10\" のように書きます。",
        );
        check(
            format!("{PLAN}[document]\ndate = \"6月10日\"\n"),
            "E124 plan.toml 8行目: 設定の値が正しくありません。正しい値を書くところに「\"6月10日\"」が書かれています → 文字は「\"」で囲み、一覧は [\"…\", \"…\"] のように書きます。日付は \"2024-06-10\" のように書きます。",
        );
    }

    #[test]
    fn e125_duplicate_key() {
        check(
            format!("{PLAN}city = \"x\"\n"),
            "E125 plan.toml 7行目: 設定項目「city」が2度書かれています → どちらかを削除してください。",
        );
    }

    #[test]
    fn e126_toml_encoding() {
        let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode("[plan]\nid = \"根室市\"\n");
        check(
            cp932,
            "E126 plan.toml 2行目: 設定ファイルの文字コードがShift_JIS（CP932）です → メモ帳で開き、「名前を付けて保存」で文字コードに「UTF-8」を選んで保存し直してください。",
        );
    }

    #[test]
    fn e127_unknown_choice() {
        check(
            format!("{PLAN}[[departments.joint]]\nname = \"x\"\nmembers = []\nworkbook = \"one\"\n"),
            "E127 plan.toml 10行目: 「one」という値は書けません → 書けるのは「shared」、「each」です。",
        );
    }

    #[test]
    fn no_english_is_passed_through() {
        for broken in [
            "[plan",
            "a = [1",
            "a = {b = 1",
            "a = ",
            "= 1",
            "a.b",
            "a = 1 2",
            "a = \"\\q\"",
            "a = 2024-13-99",
            "\u{0}",
            "'''",
        ] {
            let findings = Settings::read(broken.as_bytes(), "plan.toml").unwrap_err();
            let message = findings.iter().next().unwrap().message();
            assert!(!message.contains(|c: char| c.is_ascii_lowercase()), "{broken}: {message}");
        }
    }
}

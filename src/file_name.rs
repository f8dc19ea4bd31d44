//! Names of files: those that this program gives, and those that others give.
//!
//! One policy for both: what this program gives, it takes ([`is_safe_name`]). A name that is
//! given is one that Windows, macOS and Linux all take: forbidden characters become their
//! full-width twins, so a department is still recognised, and two names never become one
//! where a system does not tell upper from lower case. A name that comes from outside (out
//! of a bundle, a manifest) is never mended: it is written as it is, or refused.
//!
//! macOS hands out names in decomposed form (「デ」 as 「テ」 and a mark): what was copied
//! through a Mac has other bytes for the same names. All are compared in composed form
//! (Unicode's NFC); what is written is never changed.

use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::plan::FiscalYear;
use crate::plan::reading::is_invisible;
use crate::stray::is_stray;

/// With the extension, in UTF-16 units as Windows counts.
const MOST_CHARACTERS: usize = 120;
/// Linux counts bytes, 255 of them; room is left for `.jisseki-….tmp` and the like.
const MOST_BYTES: usize = 230;

/// What stands in a file's name where documents have their own names: the data of all of
/// them, what is corrected in them, and the PDF that carries everything.
pub const DATA: &str = "データ";
/// See [`DATA`].
pub const ERRATA: &str = "正誤表";
/// See [`DATA`].
pub const BUNDLE: &str = "保存用";

/// `R5実績照会_水産振興課`, before it is made safe.
pub fn form_file_name(year: FiscalYear, department: &str) -> String {
    format!("{year}実績照会_{department}")
}

/// A document's name: the plan's ID, `end` (「_実績一覧_R4」) and the extension with its dot.
///
/// By such a name an edition knows its documents for good, so a name that every system takes
/// stays as it is, and `_` stands for what none takes, as it always has.
pub fn document_file_name(id: &str, end: &str, extension: &str) -> String {
    let forbidden = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let id: String = id.chars().map(|c| if forbidden(c) { '_' } else { c }).collect();
    let name = format!("{id}{end}{extension}");
    // A long ID is cut, not what tells the files of a plan apart.
    if is_safe_name(&name) { name } else { safe_file_name(&id, end, extension) }
}

/// A name for each stem, in order, no two alike.
pub fn unique_file_names<'a>(stems: impl IntoIterator<Item = &'a str>, extension: &str) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut names = Vec::new();
    for stem in stems {
        let mut name = safe_file_name(stem, "", extension);
        let mut at = 2;
        while !taken.insert(folded_name(&name)) {
            name = safe_file_name(stem, &format!("（{at}）"), extension);
            at += 1;
        }
        names.push(name);
    }
    names
}

/// The name of a file or folder that a browser sends, as it is kept for this run: it says the same
/// to who reads it, and every system takes it.
pub fn sent_file_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, kind)) if kind.chars().all(|c| c.is_ascii_alphanumeric()) && kind.len() <= 8 => {
            safe_file_name(stem, "", &format!(".{kind}"))
        }
        _ => safe_file_name(name, "", ""),
    }
}

/// What opens in a program that shows it. Whatever else a name ends in may be run when it
/// is opened, and nothing this program keeps ends in it.
const SHOWN: [&str; 18] = [
    "pdf", "xlsx", "csv", "toml", "json", "sha256", "txt", "md", "xml", "tsv", "xls", "ods", "docx", "odt",
    "pptx", "png", "jpg", "jpeg",
];

/// Whether a file is only shown when it is opened, and never run.
pub fn is_only_shown(name: &str) -> bool {
    let kind = name.rsplit_once('.').map(|(_, kind)| kind.to_ascii_lowercase());
    !name.contains(':') && kind.is_some_and(|kind| SHOWN.contains(&kind.as_str()))
}

/// The longest name every system takes, in bytes as Linux counts.
const LONGEST: usize = 255;

/// Whether a name from outside may be written as it is: it stays in its folder on every
/// system, says what it is, and its file is only shown when it is opened.
pub fn is_safe_name(name: &str) -> bool {
    let kind = name.rsplit_once('.').map(|(_, kind)| kind.to_ascii_lowercase());
    !name.is_empty()
        && name.len() <= LONGEST
        && name.chars().all(|c| allowed(c) == Some(c))
        && !name.ends_with([' ', '.'])
        && !is_reserved(name)
        && !is_stray(name)
        && kind.is_none_or(|kind| SHOWN.contains(&kind.as_str()))
}

/// A name from outside as a message shows it: short, and without what turns its direction.
pub fn shown_name(name: &str) -> String {
    name.chars().filter(|c| !is_invisible(*c)).take(60).collect()
}

/// Whether two names are the same to whoever reads them.
pub fn same_name(one: &str, other: &str) -> bool {
    one == other || (!(one.is_ascii() && other.is_ascii()) && one.nfc().eq(other.nfc()))
}

/// A name in composed form.
pub fn composed(name: &str) -> String {
    if is_nfc(name) { name.to_owned() } else { name.nfc().collect() }
}

/// As a system that tells neither case nor composition apart sees it.
pub fn folded_name(name: &str) -> String {
    // By upper case first, as Windows does: `ς` and `σ` have one.
    name.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

/// `stem`, `end` and `extension` (with its dot) as a name every system takes. Only the stem
/// is mended and cut: the end tells the files of one stem apart.
fn safe_file_name(stem: &str, end: &str, extension: &str) -> String {
    let clean: String = stem.chars().filter_map(allowed).collect();
    let mut clean = clean.trim_matches([' ', '.', '　']).to_owned();
    if clean.is_empty() {
        clean = "名称なし".to_owned();
    }
    // What is cut may end sooner than it did: a device's name, many blanks, and more.
    let is_taken = |stem: &str| is_reserved(stem) || is_stray(stem);
    if is_taken(&clean) || is_taken(cut(&clean, end, extension)) {
        clean.insert(0, '_');
    }
    format!("{}{end}{extension}", cut(&clean, end, extension))
}

/// As much of a stem as there is room for before `end` and `extension`.
fn cut<'s>(stem: &'s str, end: &str, extension: &str) -> &'s str {
    let mut units = end.encode_utf16().count() + extension.encode_utf16().count();
    let mut bytes = end.len() + extension.len();
    let mut fits = |c: char| {
        units += c.len_utf16();
        bytes += c.len_utf8();
        units <= MOST_CHARACTERS && bytes <= MOST_BYTES
    };
    let length: usize = stem.chars().map_while(|c| fits(c).then_some(c.len_utf8())).sum();
    stem[..length].trim_end_matches([' ', '.', '　'])
}

/// The character, its full-width twin, or nothing.
fn allowed(c: char) -> Option<char> {
    match c {
        '\\' => Some('＼'),
        '/' => Some('／'),
        ':' => Some('：'),
        '*' => Some('＊'),
        '?' => Some('？'),
        '"' => Some('”'),
        '<' => Some('＜'),
        '>' => Some('＞'),
        '|' => Some('｜'),
        // Marks that turn the direction of writing hide what a name really says.
        c if is_invisible(c) => None,
        c => Some(c),
    }
}

/// Whether Windows keeps a name for a device, with or without an extension.
pub fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|rest| {
            let mut characters = rest.chars();
            matches!(characters.next(), Some('0'..='9' | '¹' | '²' | '³')) && characters.next().is_none()
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_made_safe() {
        let long = "長".repeat(200);
        for (stem, expected) in [
            ("R5実績照会_水産振興課", "R5実績照会_水産振興課.xlsx"),
            ("a/b\\c:d*e?f\"g<h>i|j", "a／b＼c：d＊e？f”g＜h＞i｜j.xlsx"),
            ("CON", "_CON.xlsx"),
            ("com1.課", "_com1.課.xlsx"),
            ("~$課", "_~$課.xlsx"),
            ("課. . ", "課.xlsx"),
            ("..\\..\\x", "＼..＼x.xlsx"),
            ("\u{202E}課\u{7}", "課.xlsx"),
            ("", "名称なし.xlsx"),
            (&long, &format!("{}.xlsx", "長".repeat(75))),
        ] {
            assert_eq!(safe_file_name(stem, "", ".xlsx"), expected);
        }
    }

    #[test]
    fn a_name_from_outside_is_written_as_it_is_or_refused() {
        let long = format!("{}.pdf", "あ".repeat(83));
        for name in
            ["計画_実績一覧_R4.pdf", "master.csv", "a b.XLSX", "checksums.sha256", "LICENSE", "R元", &long]
        {
            assert!(is_safe_name(name), "{name}");
        }
        let longer = format!("{}.pdf", "あ".repeat(84));
        for name in [
            "",
            ".",
            "..",
            "...",
            "a/b.pdf",
            "a\\b.pdf",
            "C:",
            "a.pdf:b",
            "a.pdf::$DATA",
            "a\0.pdf",
            "a\nb.pdf",
            "a?.pdf",
            "a.pdf ",
            "a.pdf.",
            "CON",
            "con.pdf",
            "NUL",
            "Aux.csv",
            "COM1",
            "com¹.pdf",
            "LPT9.x.csv",
            "desktop.ini",
            "Thumbs.db",
            "~$a.xlsx",
            "._a.csv",
            ".DS_Store",
            "autorun.inf",
            "a.lnk",
            "a.LNK",
            "a.bat",
            "a.cmd",
            "a.exe",
            "a.com",
            "a.scr",
            "a.pif",
            "a.js",
            "a.vbs",
            "a.ps1",
            "a.hta",
            "a.msi",
            "a.url",
            "a.xlsm",
            "a.html",
            "a.svg",
            "a.pdf.exe",
            "表\u{202E}fdp.csv",
            "a\u{200B}.pdf",
            "a\u{2066}b.pdf",
            "a\u{FEFF}.csv",
            "a\u{A0}.csv",
            &longer,
        ] {
            assert!(!is_safe_name(name), "{name:?}");
        }
        assert_eq!(shown_name("a\u{202E}b\n"), "ab");
    }

    #[test]
    fn the_end_of_a_name_stays_whole() {
        let long = "長".repeat(200);
        for stem in ["計画", "CON.計画", "NUL", "aux.2", "a/b:*?", "計画...", "~$計画", ".", &long] {
            let [one, other] = ["_実績一覧_R4", "_正誤表_R4"].map(|end| safe_file_name(stem, end, ".pdf"));
            assert!(is_safe_name(&one) && is_safe_name(&other), "{one}");
            assert!(one.ends_with("_実績一覧_R4.pdf") && other.ends_with("_正誤表_R4.pdf"), "{one}");
        }
    }

    #[test]
    fn two_departments_never_collide() {
        let long = "長".repeat(200);
        let other = format!("{long}課");
        let names = unique_file_names(["A課", "a課", "A課", &long, &other], ".xlsx");
        assert_eq!(names[..3], ["A課.xlsx", "a課（2）.xlsx", "A課（3）.xlsx"]);
        assert_ne!(names[3], names[4]);
        for (one, other) in
            [("Ａ課", "ａ課"), ("IT課", "it課"), ("デ課", "テ\u{3099}課"), ("ςA", "σa"), ("а", "А")]
        {
            let names = unique_file_names([one, other], ".xlsx");
            assert_eq!(names[1], format!("{other}（2）.xlsx"));
        }
        let taken = unique_file_names(["課", "課", "課（2）"], ".xlsx");
        assert_eq!(taken, ["課.xlsx", "課（2）.xlsx", "課（2）（2）.xlsx"]);
    }

    /// What people write, what is no name anywhere, and what is none after it was mended.
    const STEMS: &str =
        "\\PC{0,130}|.{0,20}|[A-C.]{0,4}|[a-c/:* .]{0,5}|(CON|nul|com1|~\\$|desktop|\\._)[ .　]{0,130}.?";

    proptest! {
        #[test]
        fn every_name_of_a_form_is_safe_and_unique(stems in prop::collection::vec(STEMS, 1..8)) {
            let names = unique_file_names(stems.iter().map(String::as_str), ".xlsx");
            let mut seen = HashSet::new();
            for name in names {
                prop_assert!(is_safe_name(&name), "{name:?}");
                prop_assert!(name.encode_utf16().count() <= MOST_CHARACTERS && name.len() <= MOST_BYTES);
                prop_assert!(!name.strip_suffix(".xlsx").unwrap_or_default().ends_with(['.', ' ']));
                prop_assert!(seen.insert(folded_name(&name)));
            }
        }

        #[test]
        fn every_name_of_a_document_is_safe(id in STEMS) {
            let ends = ["_実績一覧_R4", "_データ_R4", "_正誤表_R4", "_保存用_R4"];
            let names = ends.map(|end| document_file_name(&id, end, ".pdf"));
            for (name, end) in names.iter().zip(ends) {
                prop_assert!(is_safe_name(name) && name.ends_with(&format!("{end}.pdf")), "{name:?}");
            }
        }
    }
}

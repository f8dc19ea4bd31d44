//! `返却\*.xlsx`: names with `*` and `?`, which the shells of Windows hand over as they are.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail};
use glob::Pattern;

use super::paths;
use super::reason::cannot_enter;
use crate::file_name::folded_name;
use crate::stray::is_stray;

/// What a pattern stands for: its folder, and all in it that bears such a name, sorted;
/// `None` for a path that is no pattern. What systems leave behind is not among it.
///
/// # Errors
/// A pattern in the name of a folder, a folder that cannot be opened, no such name.
pub fn matching(path: &Path) -> Result<Option<(&Path, Vec<PathBuf>)>> {
    let is_pattern = |part: &Component<'_>| match part {
        Component::Normal(part) => part.to_string_lossy().contains(['*', '?']),
        _ => false,
    };
    let mut patterns = path.components().filter(is_pattern).peekable();
    if patterns.peek().is_none() {
        return Ok(None);
    }
    let folder = paths::folder_of(path);
    if folder.components().any(|part| is_pattern(&part)) {
        bail!("{}の「*」と「?」は、最後の名前にだけ使えます", paths::shown(path));
    }
    let cannot = |error: std::io::Error| cannot_enter(folder, &error);
    let pattern = pattern(&paths::name_of(path))?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let name = paths::name_of(&path);
        if !is_stray(&name) && !name.starts_with('.') && pattern.matches(&folded_name(&name)) {
            found.push(path);
        }
    }
    if found.is_empty() {
        bail!("{}に当てはまるファイルがありません。場所と名前を確認してください", paths::shown(path));
    }
    found.sort();
    Ok(Some((folder, found)))
}

/// As Windows reads a pattern: whatever the case, and without sets of letters (`[…]`),
/// which are as ordinary there as they are in names.
fn pattern(name: &str) -> Result<Pattern> {
    let mut text = String::with_capacity(name.len());
    // Windows means all names by it, also those without a dot.
    let name = if name == "*.*" { "*" } else { name };
    for c in folded_name(name).chars() {
        match c {
            '[' => text.push_str("[[]"),
            ']' => text.push_str("[]]"),
            // Two of them would be any folders.
            '*' if text.ends_with('*') => {}
            c => text.push(c),
        }
    }
    Ok(Pattern::new(&text)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_read_as_windows_does() {
        for (written, name, is_match) in [
            ("*.xlsx", "水産課.xlsx", true),
            ("*.xlsx", "水産課.XLSX", true),
            ("*.*", "返却", true),
            ("*.XLSX", "水産課.xlsx", true),
            ("r5*ａ課*", "R5実績照会_Ａ課.xlsx", true),
            ("*.xlsx", "水産課.xls", false),
            ("水?課.xlsx", "水産課.xlsx", true),
            ("水?課.xlsx", "水課.xlsx", false),
            ("**.xlsx", "水産課.xlsx", true),
            ("*", "水産課", true),
            ("*[1].xlsx", "水産課[1].xlsx", true),
            ("*[1].xlsx", "水産課1.xlsx", false),
            ("[!a]*", "[!a]b", true),
            ("[!a]*", "b", false),
            // As macOS writes it.
            ("デ*.xlsx", "テ\u{3099}ータ.xlsx", true),
        ] {
            assert_eq!(pattern(written).unwrap().matches(&folded_name(name)), is_match, "{written} {name}");
        }
    }

    #[test]
    fn only_the_last_name_may_be_a_pattern() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["ろ.xlsx", "い.xlsx", "~$い.xlsx", ".い.xlsx", "は.pdf"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let names = |pattern: &str| -> Vec<String> {
            let path = folder.path().join(pattern);
            let (_, found) = matching(&path).unwrap().unwrap();
            found.iter().map(|path| paths::name_of(path)).collect()
        };
        assert_eq!(names("*.xlsx"), ["い.xlsx", "ろ.xlsx"]);
        assert_eq!(names("?.*"), ["い.xlsx", "は.pdf", "ろ.xlsx"]);
        assert!(matching(&folder.path().join("い.xlsx")).unwrap().is_none());
        let told = |pattern: &str| matching(&folder.path().join(pattern)).unwrap_err().to_string();
        assert!(told("*.ods").contains("当てはまるファイルがありません"));
        assert!(told("*/い.xlsx").contains("最後の名前にだけ使えます"));
        assert!(told("無い/*.xlsx").contains("を開けません。ファイルまたはフォルダーが見つかりません"));
    }
}

//! Commands that are suggested to be typed: with paths that arrive as they are.

use std::path::{Path, PathBuf};

use super::DEFAULT_PLAN;

/// 「jisseki build 計画」: a command on a plan; the plan that is taken anyway is not named.
pub fn on_plan(command: &str, plan: &Path, options: &str) -> String {
    let plan = if plan == Path::new(DEFAULT_PLAN) { String::new() } else { format!(" {}", path(plan)) };
    let options = if options.is_empty() { String::new() } else { format!(" {options}") };
    format!("「jisseki {command}{plan}{options}」")
}

/// A path as it is typed here.
fn path(path: &Path) -> String {
    // Without a separator at the end: on Windows it would take the quotation mark with it.
    let path = path.components().collect::<PathBuf>().display().to_string();
    if cfg!(windows) { for_windows(&path) } else { for_unix(&path) }
}

/// For cmd.exe and PowerShell alike: both take what stands in double quotes as one.
/// What they still replace there (`%名前%`, `$名前`) no way of writing saves in both.
fn for_windows(path: &str) -> String {
    match path.chars().all(|c| is_plain(c) || matches!(c, '\\' | ':')) {
        true => path.to_owned(),
        // The root of a drive cannot lose its `\`, and needs no quotes.
        false => format!("\"{path}\""),
    }
}

/// For sh.
fn for_unix(path: &str) -> String {
    if path.chars().all(is_plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// What no shell gives a meaning to. Blanks of all widths are none of it: PowerShell
/// parts words at the full-width one too.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_part_is_quoted() {
        for (path, windows, unix) in [
            ("計画", "計画", "計画"),
            ("データ_2/R4-R7.x", "データ_2/R4-R7.x", "データ_2/R4-R7.x"),
            (r"C:\計画", r"C:\計画", r"'C:\計画'"),
            (r"C:\", r"C:\", r"'C:\'"),
            ("わたしの 計画", "\"わたしの 計画\"", "'わたしの 計画'"),
            ("第2期　計画", "\"第2期　計画\"", "'第2期　計画'"),
            (r"\\server\企画$\計画", "\"\\\\server\\企画$\\計画\"", r"'\\server\企画$\計画'"),
            ("a&b", "\"a&b\"", "'a&b'"),
            ("計画(案)", "\"計画(案)\"", "'計画(案)'"),
            ("it's", "\"it's\"", r"'it'\''s'"),
            ("a^b,c;d=e", "\"a^b,c;d=e\"", "'a^b,c;d=e'"),
        ] {
            assert_eq!(for_windows(path), windows);
            assert_eq!(for_unix(path), unix);
        }
    }

    #[test]
    fn the_usual_plan_is_not_named() {
        assert_eq!(on_plan("build", Path::new(DEFAULT_PLAN), ""), "「jisseki build」");
        assert_eq!(on_plan("archive", Path::new("計画/"), "--year R4"), "「jisseki archive 計画 --year R4」");
    }
}

//! What is typed, as Windows hands it over, and a path as the system writes it.
//!
//! The rules are functions of texts, so that each is tried on every system; only who
//! calls them asks which one this is.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use crate::file_name::is_reserved;
use crate::storage::paths::native;
use crate::visible::visible_line;

/// Options whose value is a text in which a quotation mark may stand.
const TEXTS: [&str; 2] = ["--revise", "--department"];

/// The arguments of a Windows command line with a path that ends in `\"`.
///
/// `"C:\計画\"` is how a folder is completed and quoted there, but programs are handed the
/// `\"` as a quotation mark that closes nothing. No path has such a mark: at the very end
/// it is taken off. Where something follows, that has become part of the path, and where
/// it began cannot be known.
///
/// # Errors
/// Says what happened, and what to type.
pub fn without_swallowed_quote(mut arguments: Vec<OsString>) -> Result<Vec<OsString>, String> {
    let is_text = |argument: &OsString| TEXTS.iter().any(|text| *text == argument);
    let begins_text =
        |argument: &str| argument.split_once('=').is_some_and(|(option, _)| TEXTS.contains(&option));
    for at in 1..arguments.len() {
        if arguments.get(at - 1).is_some_and(is_text) {
            continue;
        }
        let Some(argument) = arguments.get(at).and_then(|argument| argument.to_str()) else { continue };
        let Some((path, rest)) = argument.split_once('"') else { continue };
        if begins_text(argument) || path.is_empty() {
            continue;
        }
        // Where the output was redirected, cmd.exe has left the blank before it.
        if !rest.trim().is_empty() || at + 1 < arguments.len() {
            return Err(swallowed(path, rest));
        }
        // `C:` alone would be the drive's current folder.
        let root = if path.ends_with(':') { "\\" } else { "" };
        let meant = format!("{path}{root}").into();
        if let Some(last) = arguments.last_mut() {
            *last = meant;
        }
    }
    Ok(arguments)
}

/// `path` was typed as `"path\"`, and `rest` has become part of it.
fn swallowed(path: &str, rest: &str) -> String {
    let (path, rest) = (visible_line(path), visible_line(rest.trim()));
    let advice = match path.strip_suffix(':') {
        Some(_) => format!("「\"」で囲まずに {path}\\ と書いてください。"),
        None => format!("最後の「\\」を取って \"{path}\" と書いてください。"),
    };
    format!(
        "「{path}」の後の「\\\"」が、名前の終わりになっていません。Windowsは「\\」の後の「\"」を名前の一部として読むので、後に続く「{rest}」までが1つの名前になりました。\n{advice}"
    )
}

/// A path that was typed, as this system writes it.
///
/// # Errors
/// Names the device of Windows that the path leads to; a server without a share.
pub fn path(path: PathBuf) -> Result<PathBuf, String> {
    if !cfg!(windows) {
        return Ok(path);
    }
    let text = path.to_str().unwrap_or_default();
    if let Some(device) = device_in(text) {
        return Err(format!(
            "「{device}」は、Windowsが機器のために使う名前です。ファイルやフォルダーには別の名前を付けてください"
        ));
    }
    if is_server_alone(text) {
        return Err(
            "サーバーの名前の後に、共有フォルダーの名前も書いてください（例 \\\\サーバー\\共有）".to_owned()
        );
    }
    Ok(native(&named_as_kept(&path)))
}

/// Whether it is a server without a share: Windows would take it for a folder of the drive.
fn is_server_alone(path: &str) -> bool {
    let is_separator = |c: char| c == '\\' || c == '/';
    let Some(rest) = path.strip_prefix(is_separator).and_then(|rest| rest.strip_prefix(is_separator)) else {
        return false;
    };
    rest.split(is_separator).filter(|part| !part.is_empty()).count() < 2
}

/// A path without the blanks and dots at the ends of its names, which Windows leaves out when
/// it makes them, and looks for when they are opened.
fn named_as_kept(path: &Path) -> PathBuf {
    let kept = |part: Component<'_>| match part {
        Component::Normal(name) => match name.to_str().map(|name| name.trim_end_matches([' ', '.'])) {
            Some(kept) if !kept.is_empty() => kept.into(),
            _ => name.to_owned(),
        },
        other => other.as_os_str().to_owned(),
    };
    if path.to_str().is_some_and(|path| path.starts_with(r"\\?\")) {
        return path.to_path_buf();
    }
    path.components().map(kept).collect()
}

/// The first part of a path of Windows that is the name of a device.
fn device_in(path: &str) -> Option<&str> {
    // `\\server\share` may be called anything.
    let parts = path.split(['\\', '/']);
    let skipped = if path.starts_with("\\\\") || path.starts_with("//") { 4 } else { 0 };
    parts.skip(skipped).flat_map(|part| part.split(':')).find(|part| is_reserved(part))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn mended(arguments: &[&str]) -> Result<Vec<OsString>, String> {
        let arguments = std::iter::once(&"jisseki").chain(arguments);
        without_swallowed_quote(arguments.map(OsString::from).collect())
    }

    #[test]
    fn a_quote_at_the_very_end_is_taken_off() {
        for (typed, meant) in [
            (r#"C:\計画""#, r"C:\計画"),
            (r#"C:\わたしの 計画""#, r"C:\わたしの 計画"),
            (r#"\\server\share""#, r"\\server\share"),
            (r#"C:""#, r"C:\"),
            (r#"C:\計画"  "#, r"C:\計画"),
            (r#"--out=D:\出力""#, r"--out=D:\出力"),
        ] {
            assert_eq!(mended(&["check", typed]).unwrap()[2], meant);
        }
    }

    #[test]
    fn what_followed_the_quote_is_not_guessed() {
        let told = mended(&["check", r#"C:\計画" --year R4"#]).unwrap_err();
        assert_eq!(
            told,
            "「C:\\計画」の後の「\\\"」が、名前の終わりになっていません。Windowsは「\\」の後の「\"」を名前の一部として読むので、後に続く「--year R4」までが1つの名前になりました。\n最後の「\\」を取って \"C:\\計画\" と書いてください。"
        );
        assert!(
            mended(&["check", r#"C:" --year R4"#]).unwrap_err().ends_with(r"囲まずに C:\ と書いてください。")
        );
        for typed in [
            &["collect", r#"C:\計画" D:\返却""#][..],
            &["build", "--out", r#"D:\出力" C:\計画"#],
            &["build", r#"C:\計画""#, "--quiet"],
            &["archive", r#"C:\計画" --revise 数字の"#, "誤り"],
        ] {
            assert!(mended(typed).is_err(), "{typed:?}");
        }
    }

    #[test]
    fn a_server_alone_is_no_path() {
        for path in [r"\\server", r"\\server\", "//server", r"\\"] {
            assert!(is_server_alone(path), "{path}");
        }
        for path in [r"\\server\share", r"\\?\C:\計画", r"\計画", r"C:\計画", "計画"] {
            assert!(!is_server_alone(path), "{path}");
        }
    }

    #[test]
    fn what_windows_leaves_out_of_names_is_left_out() {
        for (typed, kept) in
            [("末尾2 ", "末尾2"), ("新計画.", "新計画"), ("x3 ", "x3"), ("..", ".."), (". .", ". .")]
        {
            assert_eq!(named_as_kept(Path::new(typed)), Path::new(kept));
        }
        assert_eq!(named_as_kept(Path::new("a. /b ")), Path::new("a/b"));
    }

    #[test]
    fn a_text_may_have_quotes() {
        for typed in [
            &["check", r"C:\計画", "--quiet"][..],
            &["archive", "--revise", r#""54"は"56"の誤り"#, "計画"],
            &["archive", r#"--revise="54"は"56"の誤り"#, "計画"],
            &["distribute", "--department", r#"いわゆる"課""#],
            // Never a path that ends in `\"`.
            &["check", r#""計画""#],
            &[],
        ] {
            assert_eq!(mended(typed).unwrap()[1..], *typed);
        }
        assert!(without_swallowed_quote(Vec::new()).unwrap().is_empty());
    }

    #[test]
    fn devices_are_found_in_paths() {
        for (path, found) in [
            ("CON", "CON"),
            (r"out\NUL", "NUL"),
            ("out/aux.2", "aux.2"),
            ("C:nul.pdf", "nul.pdf"),
            ("PRN:", "PRN"),
            (r"C:\com1\計画", "com1"),
            (r"\\server\share\LPT1.csv", "LPT1.csv"),
        ] {
            assert_eq!(device_in(path), Some(found), "{path}");
        }
        for path in [r"C:\計画", r"\\aux\con\計画", "console", "CON計画", "NULL.csv", "com10", ".", "..", ""]
        {
            assert_eq!(device_in(path), None, "{path}");
        }
    }

    #[test]
    fn a_path_is_written_with_one_separator() {
        let shown = |path: &str| native(Path::new(path)).display().to_string();
        if cfg!(windows) {
            assert_eq!(shown("C:\\計画\\out/照会/"), r"C:\計画\out\照会");
            assert_eq!(shown(r"\\server\share\計画/a"), r"\\server\share\計画\a");
            assert!(path("out/con.txt".into()).unwrap_err().starts_with("「con.txt」は、"));
        } else {
            assert_eq!(shown("a\\b/c"), "a\\b/c");
            assert_eq!(path("con".into()).unwrap(), Path::new("con"));
        }
    }
}

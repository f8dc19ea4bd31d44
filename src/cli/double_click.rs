//! A program that was double-clicked in Explorer: it gets a window of its own, which closes
//! when it ends, with all that was said.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::Path;

use super::stream::Stream;
use crate::app::PlanFolder;
use crate::visible::visible_line;

/// What lies beside the program, for who opens it first.
const READ_ME: &str = "はじめにお読みください.txt";

const USE: &str = "\
jisseki は、総合戦略の実績一覧などを、1つのCSVマスタから作るプログラムです。
ダブルクリックでは動きません。コマンドプロンプトで、次のように使います。

  1. エクスプローラーで、jisseki.exe のあるフォルダーを開きます。
  2. 上のアドレスバーに cmd と入力して、Enterキーを押します。黒い画面が開きます。
  3. そこに、たとえば次のように入力して、Enterキーを押します。
       jisseki check 計画のフォルダー

計画のフォルダーを jisseki.exe の上にドラッグすると、マスタに誤りがないか調べます。";

/// A window that was opened for this run alone. It is kept open until it has been read,
/// whatever the run ends in.
pub struct Window;

impl Window {
    /// The window, if Explorer opened it: nothing was typed, and at most files and folders
    /// were dropped on the program.
    ///
    /// cmd.exe hands down its `PROMPT`, Explorer has none. PowerShell has none either: who
    /// types the name of the program alone there reads the same, and presses Enter.
    pub fn of_explorer(arguments: &[OsString]) -> Option<Self> {
        let has_console = io::stdin().is_terminal() && io::stdout().is_terminal();
        let is_own =
            cfg!(windows) && is_dropped(arguments) && has_console && std::env::var_os("PROMPT").is_none();
        is_own.then(|| Self)
    }

    /// The command that is meant: to check the plan that was dropped. Without one, says
    /// how the program is used.
    pub fn command(&self, mut arguments: Vec<OsString>) -> Option<Vec<OsString>> {
        if arguments.get(1).is_some_and(|path| is_plan(Path::new(path))) {
            arguments.insert(1, "check".into());
            return Some(arguments);
        }
        Stream::Out.print(USE);
        let program = std::env::current_exe().unwrap_or_default();
        let read_me = program.with_file_name(READ_ME);
        if read_me.is_file() {
            let read_me = read_me.display().to_string();
            Stream::Out.print(&format!("詳しくは「{}」をご覧ください。", visible_line(&read_me)));
        }
        None
    }
}

/// Whether these are the arguments of Explorer: none, or what was dropped on the program.
fn is_dropped(arguments: &[OsString]) -> bool {
    match arguments {
        [_, dropped @ ..] => {
            dropped.iter().all(|path| Path::new(path).is_absolute() && Path::new(path).exists())
        }
        [] => false,
    }
}

/// What may be checked: a folder, or a file that lies in one of a plan.
fn is_plan(path: &Path) -> bool {
    path.is_dir() || PlanFolder::is_named(path)
}

impl Drop for Window {
    fn drop(&mut self) {
        Stream::Out.print("\nEnterキーを押すと、この画面を閉じます。");
        let _ = io::stdin().read_line(&mut String::new());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_explorer_hands_over_is_nothing_or_paths() {
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().to_str().unwrap();
        let dropped = |arguments: &[&str]| {
            let arguments = std::iter::once(&"jisseki").chain(arguments);
            is_dropped(&arguments.map(OsString::from).collect::<Vec<_>>())
        };
        assert!(dropped(&[]) && dropped(&[plan]) && dropped(&[plan, plan]));
        for typed in [&["--help"][..], &["."], &["check", plan], &[plan, "."]] {
            assert!(!dropped(typed), "{typed:?}");
        }
        assert!(is_plan(folder.path()) && is_plan(&folder.path().join("Master.csv")));
        assert!(!is_plan(&folder.path().join("記入票.xlsx")));
    }
}

//! A program that was double-clicked in Explorer, or on which a plan was dropped: it gets a console
//! of its own, which nobody asked for. The window is served by a second process without one, and
//! the console closes as soon as the browser is there.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use super::open::OPENED;
use super::stream::Stream;
use crate::app::PlanFolder;

/// The plan that is to be opened, if Explorer started this: nothing was typed, and at most files
/// and folders were dropped on the program. `None` where a command was typed.
///
/// cmd.exe hands down its `PROMPT`, Explorer has none. PowerShell has none either: who types the
/// name of the program alone there gets the same.
pub fn plan(arguments: &[OsString]) -> Option<Option<PathBuf>> {
    let has_console = io::stdin().is_terminal() && io::stdout().is_terminal();
    let is_explorer =
        cfg!(windows) && is_dropped(arguments) && has_console && std::env::var_os("PROMPT").is_none();
    is_explorer.then(|| arguments.get(1).map(PathBuf::from).filter(|path| is_plan(path)))
}

/// Opens the window in a process of its own. Where that says anything but that it is there, it is
/// shown until it has been read.
pub fn open(plan: Option<&Path>) -> ExitCode {
    let trouble = match started(plan) {
        Ok(mut child) => said(&mut child),
        Err(error) => format!("jisseki を開けませんでした（{error}）。"),
    };
    if trouble.is_empty() {
        return ExitCode::SUCCESS;
    }
    Stream::Out.print(&trouble);
    Stream::Out.print("\nEnterキーを押すと、この画面を閉じます。");
    let _ = io::stdin().read_line(&mut String::new());
    ExitCode::from(2)
}

/// The process that serves the window.
fn started(plan: Option<&Path>) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["open", "--detached"]).args(plan);
    // What goes wrong after the console has closed nobody can be told.
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(windows)]
    {
        /// `DETACHED_PROCESS`: the new process has no console.
        const DETACHED: u32 = 0x0000_0008;
        std::os::windows::process::CommandExt::creation_flags(&mut command, DETACHED);
    }
    command.spawn()
}

/// What went wrong; nothing where the window is there.
fn said(child: &mut Child) -> String {
    let mut lines = Vec::new();
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufReader::lines) {
        match line {
            Ok(line) if line.trim() == OPENED => return String::new(),
            Ok(line) => lines.push(line),
            Err(_) => break,
        }
        // An address to be opened by hand is served on: nothing more is said of it.
        if lines.last().is_some_and(|line| line.contains("/start?k=")) {
            return lines.join("\n");
        }
    }
    let errors = child.stderr.take().map(BufReader::new).into_iter().flat_map(BufReader::lines);
    lines.extend(errors.map_while(Result::ok));
    lines.join("\n")
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

/// What may be opened: a folder, or a file that lies in one of a plan.
fn is_plan(path: &Path) -> bool {
    path.is_dir() || PlanFolder::is_named(path)
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

//! The command line: the only part that prints, reads files and the clock, and
//! decides the exit code.
//!
//! | code | meaning |
//! | --- | --- |
//! | 0 | done (warnings may have been shown) |
//! | 1 | errors in the data: nothing was written |
//! | 2 | wrong usage, or a file that cannot be opened or written |

mod archive;
mod build;
mod check;
mod cli;
mod collect;
mod console;
mod diff;
mod distribute;
mod double_click;
pub mod files;
mod folder;
mod init;
mod lock;
pub mod reason;
mod returns;
mod set;
mod store;
mod stream;
mod suggested;
mod swap;
mod typed;
mod wildcards;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::SystemTime;

use chrono::NaiveDateTime;

use self::double_click::Window;
use self::stream::Stream;
use crate::settings;
use crate::workbook;

pub use cli::Cli;
pub use console::{Console, Format};

/// How a command ended, short of failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// The data has errors; nothing was written.
    FoundErrors,
}

/// Today, or the day of `SOURCE_DATE_EPOCH` (<https://reproducible-builds.org>).
fn today() -> chrono::NaiveDate {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let said = epoch.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    match said.map(|time| time.date_naive()).filter(|date| settings::is_date(*date)) {
        Some(date) => date,
        None => chrono::Local::now().date_naive(),
    }
}

/// A file's time as a clock here shows it; `None` beyond the calendar, where systems put
/// the times of files that came damaged out of an archive.
fn local_time(time: SystemTime) -> Option<NaiveDateTime> {
    let (seconds, nanos) = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => (i64::try_from(after.as_secs()).ok()?, after.subsec_nanos()),
        Err(before) => (i64::try_from(before.duration().as_secs()).ok()?.checked_neg()?, 0),
    };
    let time = chrono::DateTime::from_timestamp(seconds, nanos)?;
    let in_reach = settings::is_date(time.date_naive());
    in_reach.then(|| time.with_timezone(&chrono::Local).naive_local())
}

/// A bug is told in Japanese, with what its finder needs. What a damaged workbook does
/// to the library that reads it is no bug of ours: it becomes a finding.
fn speak_of_bugs() {
    std::panic::set_hook(Box::new(|bug| {
        if !workbook::is_reading() {
            let text =
                "エラー: プログラムの誤りで止まりました。お手数ですが、次の行を作成者に知らせてください。";
            let bug = bug.to_string();
            Stream::Err.print(&format!("{text}\n{}", crate::visible::visible(&bug)));
        }
    }));
}

/// Runs the command line and says how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    speak_of_bugs();
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let window = Window::of_explorer(&arguments);
    if let Some(window) = &window {
        match window.command(arguments) {
            Some(meant) => arguments = meant,
            // As without a command anywhere.
            None => return ExitCode::from(2),
        }
    }
    let cli = match cli::parse(arguments) {
        Ok(cli) => cli,
        Err(answer) => return answer.show(),
    };
    let console = Console::new(&cli.common);
    let result = match &cli.command {
        cli::Command::Archive(args) => archive::run(args, &console),
        cli::Command::Diff(args) => diff::run(args, &console),
        cli::Command::Init(args) => init::run(args, &console),
        cli::Command::Build(args) => build::run(args, &console),
        cli::Command::Check(args) => check::run(args, &console),
        cli::Command::Distribute(args) => distribute::run(args, &console),
        cli::Command::Collect(args) => collect::run(args, &console),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::FoundErrors) => ExitCode::from(1),
        Err(failure) => {
            console.failure(&failure);
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_time_beyond_the_calendar_is_none() {
        let at = |seconds: u64| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        assert!(local_time(at(1_700_000_000).unwrap()).is_some());
        for seconds in [253_402_300_800, 8_210_266_876_799, 67_767_976_233_532_799, i64::MAX as u64] {
            assert_eq!(at(seconds).and_then(local_time), None, "{seconds}");
            let before = SystemTime::UNIX_EPOCH.checked_sub(Duration::from_secs(seconds));
            assert_eq!(before.and_then(local_time), None, "{seconds}");
        }
    }
}

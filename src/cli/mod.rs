//! The command line: the only part that prints, says what day it is and decides the exit code.
//! Each command turns its arguments into the request of a use case ([`app`]),
//! and tells the report in words.
//!
//! | code | meaning |
//! | --- | --- |
//! | 0 | done (warnings may have been shown) |
//! | 1 | errors in the data: nothing was written |
//! | 2 | wrong usage, or a file that cannot be opened or written |

mod archive;
mod build;
mod check;
mod collect;
mod command_line;
mod console;
mod diff;
mod distribute;
mod double_click;
mod init;
mod open;
mod remedy;
mod stream;
mod template;
mod typed;

use std::ffi::OsString;
use std::process::ExitCode;

use self::command_line::Command;
use self::console::Refusal;
use self::stream::Stream;
use crate::app::{self, Failure};
use crate::finding::Findings;
use crate::settings;
use crate::workbook;

pub use command_line::Cli;
pub use console::{Console, Format};

/// How a command ended, short of failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// The data has errors; what that forbids was not done.
    FoundErrors,
}

impl Exit {
    /// By whether there are errors.
    fn of(findings: &Findings) -> Self {
        if findings.has_errors() { Self::FoundErrors } else { Self::Done }
    }
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

/// The time of day, on [`today`].
fn now() -> chrono::NaiveDateTime {
    today().and_time(chrono::Local::now().time())
}

/// A bug is told in Japanese, with what its finder needs. What a damaged workbook does
/// to the library that reads it is no bug of ours: it becomes a finding.
fn speak_of_bugs() {
    std::panic::set_hook(Box::new(|bug| {
        if !workbook::is_reading() {
            let text =
                "エラー: プログラムの不具合で停止しました。お手数ですが、次の行を開発元に連絡してください。";
            let bug = bug.to_string();
            Stream::Err.print(&format!("{text}\n{}", crate::visible::visible(&bug)));
        }
    }));
}

/// Runs the command line and says how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    speak_of_bugs();
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(plan) = double_click::plan(&arguments) {
        return double_click::open(plan.as_deref());
    }
    // Without a command it is opened, as by a double click.
    if arguments.len() == 1 {
        arguments.push("open".into());
    }
    let cli = match command_line::parse(arguments) {
        Ok(cli) => cli,
        Err(answer) => return answer.show(),
    };
    let console = Console::new(&cli.common);
    let code = run_command(&cli, &console);
    if Stream::has_lost() {
        let error = "結果の表示を最後まで書き込めませんでした。書き込む先の空き容量を確認してください";
        console.failure(&anyhow::anyhow!(error), &Findings::new());
        return ExitCode::from(2);
    }
    code
}

/// Runs the command that was typed, and says why where it does not do what was asked.
fn run_command(cli: &Cli, console: &Console) -> ExitCode {
    match cli.command.run(console) {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::FoundErrors) => ExitCode::from(1),
        Err(Failure::Findings(findings)) => {
            console.refuse(&findings, &cli.command.refusal());
            ExitCode::from(1)
        }
        Err(Failure::Environment { error, findings }) => {
            console.failure(&remedy::told(error), &findings);
            ExitCode::from(2)
        }
        Err(Failure::Changed(error)) => {
            console.failure(&error, &Findings::new());
            ExitCode::from(2)
        }
        Err(Failure::Stopped) => {
            console.failure(&anyhow::anyhow!("中止しました。何も書き込んでいません"), &Findings::new());
            ExitCode::from(2)
        }
    }
}

impl Command {
    fn run(&self, console: &Console) -> app::Result<Exit> {
        match self {
            Self::Open(args) => open::run(args, console),
            Self::Archive(args) => archive::run(args, console),
            Self::Diff(args) => diff::run(args, console),
            Self::Init(args) => init::run(args, console),
            Self::Build(args) => build::run(args, console),
            Self::Check(args) => check::run(args, console),
            Self::Distribute(args) => distribute::run(args, console),
            Self::Collect(args) => collect::run(args, console),
            Self::Template(args) => template::run(args, console),
        }
    }

    /// What is said where errors in the data keep the command from doing anything.
    fn refusal(&self) -> Refusal {
        match self {
            Self::Archive(args) => args.refusal(),
            Self::Template(args) => args.refusal(),
            Self::Diff(_) => diff::REFUSAL,
            Self::Distribute(_) => distribute::REFUSAL,
            Self::Collect(_) => collect::REFUSAL,
            Self::Open(_) | Self::Build(_) | Self::Check(_) | Self::Init(_) => build::REFUSAL,
        }
    }
}

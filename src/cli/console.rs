//! What the user sees: messages on standard error, results on standard output.
//!
//! Whatever is printed passes through here and is made visible: a name, a cell or a note
//! that somebody else wrote never reaches the terminal as it stands.

use std::time::Duration;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::stream::Stream;
use crate::app::{self, Observer};
use crate::finding::{self, Findings};
use crate::visible::{escaped_json, visible_line};

/// A terminal whose width is not known is taken to be this wide, in display cells.
const USUAL_WIDTH: usize = 100;

/// How wide the terminal is, in display cells: as the user says, or as it says itself.
pub(super) fn width() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let own = || {
        let size = terminal_size::terminal_size_of(std::io::stderr());
        let (width, _) = size.or_else(|| terminal_size::terminal_size_of(std::io::stdout()))?;
        // A line that fills a console of Windows is followed by an empty one.
        Some(usize::from(width.0) - usize::from(cfg!(windows) && width.0 > 1))
    };
    said.or_else(own).filter(|width| *width > 0).unwrap_or(USUAL_WIDTH)
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct CommonArgs {
    /// 途中経過と結果を表示しません（エラーは表示）
    #[arg(short, long, global = true, display_order = 900)]
    pub quiet: bool,
    /// 結果の形式: text（文章）、json（プログラム用）
    #[arg(
        long,
        global = true,
        display_order = 901,
        value_name = "形式",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: Format,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Where a command speaks to its user.
pub struct Console {
    quiet: bool,
    format: Format,
    width: usize,
}

impl Console {
    /// As its user wants it.
    pub fn new(common: &CommonArgs) -> Self {
        Self { quiet: common.quiet, format: common.format, width: width() }
    }

    /// Shows findings on standard error. Quiet shows only those that forbid a document.
    pub fn findings(&self, findings: &Findings) {
        if self.format == Format::Json || findings.is_empty() || (self.quiet && !findings.has_errors()) {
            return;
        }
        Stream::Err.print(&finding::render(findings, Stream::Err.has_colour(), self.width));
    }

    /// Findings as the result of a command: on standard output; nothing for programs.
    pub fn report(&self, findings: &Findings) {
        if self.format == Format::Text && !findings.is_empty() {
            Stream::Out.print(&finding::render(findings, Stream::Out.has_colour(), self.width));
        }
    }

    /// Why nothing was made.
    pub fn refuse(&self, findings: &Findings, refusal: &Refusal) {
        self.findings(findings);
        self.json(&serde_json::json!({ refusal.list: [], "findings": findings }));
        match refusal.stream {
            Stream::Out => self.result(refusal.line),
            Stream::Err => self.say(refusal.line),
        }
    }

    /// A line of the result, on standard output; nothing when quiet or for programs.
    pub fn result(&self, line: &str) {
        if !self.quiet && self.format == Format::Text {
            Stream::Out.print(&self.line(line, Stream::Out));
        }
    }

    /// A line for the user, on standard error; nothing when quiet or for programs.
    pub fn say(&self, line: &str) {
        if !self.quiet && self.format == Format::Text {
            Stream::Err.print(&self.line(line, Stream::Err));
        }
    }

    /// The report of a use case for programs, on standard output. Its fields are sorted.
    pub fn json(&self, report: &impl Serialize) {
        if self.format == Format::Json {
            // Reports are texts, numbers, lists and structures: there is nothing to refuse.
            let value = serde_json::to_value(report).unwrap_or_default();
            self.for_programs(&format!("{value:#}"));
        }
    }

    /// JSON for programs, on standard output; nothing for people.
    pub fn for_programs(&self, json: &str) {
        if self.format == Format::Json {
            Stream::Out.print_for_programs(&escaped_json(json));
        }
    }

    /// Something that is to be known whatever comes of it, on standard error: of files that
    /// were moved or kept nobody else will tell.
    fn notify(&self, line: &str) {
        Stream::Err.print(&self.line(line, Stream::Err));
    }

    /// A failure: what cannot be opened or written, after what was found on the way to it.
    /// For programs and when quiet too, on standard error.
    pub fn failure(&self, failure: &anyhow::Error, findings: &Findings) {
        if !findings.is_empty() {
            Stream::Err.print(&finding::render(findings, Stream::Err.has_colour(), self.width));
        }
        Stream::Err.print(&self.line(&format!("エラー: {failure:#}"), Stream::Err));
    }

    /// A line as it is written. A sentence is broken on a terminal, where Japanese may
    /// break; names of files, moved in, and lists with tabs are to be copied as they stand.
    fn line(&self, line: &str, stream: Stream) -> String {
        let line = visible_line(line);
        if !stream.is_terminal() || line.starts_with("  ") || line.contains('\t') {
            return line.into_owned();
        }
        finding::wrapped(&line, self.width, 0, 2)
    }

    /// Shows how far a command is, for so many steps, on a terminal only.
    pub fn progress(&self, steps: u64) -> Progress<'_> {
        Progress { console: self, bar: self.bar(steps) }
    }

    fn bar(&self, steps: u64) -> ProgressBar {
        if self.quiet || !Stream::Err.is_terminal() || self.format == Format::Json {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(steps);
        if let Ok(style) = ProgressStyle::with_template("[{bar:24}] {msg}") {
            // The usual blocks are two cells wide on a Japanese console, and taken for one.
            bar.set_style(style.progress_chars("#-"));
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }
}

/// For commands that take no time worth showing.
impl Observer for Console {
    fn notice(&self, line: &str) {
        self.notify(line);
    }
}

/// A bar that shows how far a command is, and is gone when it ends.
pub struct Progress<'a> {
    console: &'a Console,
    bar: ProgressBar,
}

impl Observer for Progress<'_> {
    fn step(&self, doing: &str) -> app::Result<()> {
        // The first step is not yet behind.
        if !self.bar.message().is_empty() {
            self.bar.inc(1);
        }
        self.bar.set_message(doing.to_owned());
        Ok(())
    }

    fn notice(&self, line: &str) {
        self.bar.suspend(|| self.console.notify(line));
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// What a command says where it makes nothing, for the data has errors.
pub struct Refusal {
    /// What the report for programs would list.
    pub list: &'static str,
    /// What is not done, and what to do.
    pub line: &'static str,
    /// Where that is said.
    pub stream: Stream,
}

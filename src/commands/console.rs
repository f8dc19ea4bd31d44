//! What the user sees: messages on standard error, results on standard output.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use crate::finding::{self, Findings};

/// A terminal whose width is not known is taken to be this wide, in display cells.
const USUAL_WIDTH: usize = 100;

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct CommonArgs {
    /// 途中経過や結果の表示を減らします（エラーは表示します）
    #[arg(short, long, global = true, display_order = 900)]
    pub quiet: bool,
    /// 結果の書き方: text（文章）か json（他のプログラム用）
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
    colour: bool,
    width: usize,
    is_terminal: bool,
}

impl Console {
    /// Colour only on a terminal, and not where `NO_COLOR` is set (<https://no-color.org>).
    pub fn new(common: &CommonArgs) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        Self {
            quiet: common.quiet,
            format: common.format,
            colour: is_terminal && !no_colour,
            width: width.unwrap_or(USUAL_WIDTH),
            is_terminal,
        }
    }

    /// How results are to be written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Shows findings on standard error. Quiet shows only those that forbid a document.
    pub fn findings(&self, findings: &Findings) {
        if self.format == Format::Json || (self.quiet && !findings.has_errors()) {
            return;
        }
        let shown = finding::render(findings, self.colour, self.width);
        let _ = write!(std::io::stderr(), "{shown}");
    }

    /// Findings as the result of a command: on standard output.
    pub fn report(&self, findings: &Findings) {
        let text = match self.format {
            Format::Json => finding::to_json(findings) + "\n",
            Format::Text => {
                finding::render(findings, self.colour && std::io::stdout().is_terminal(), self.width)
            }
        };
        let _ = write!(std::io::stdout(), "{text}");
    }

    /// A line of the result, on standard output; nothing when quiet or for programs.
    pub fn result(&self, line: &str) {
        if !self.quiet && self.format == Format::Text {
            let _ = writeln!(std::io::stdout(), "{line}");
        }
    }

    /// A line for the user, on standard error; nothing when quiet or for programs.
    pub fn say(&self, line: &str) {
        if !self.quiet && self.format == Format::Text {
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }

    /// The result for programs, on standard output.
    pub fn json(&self, value: &serde_json::Value) {
        if self.format == Format::Json {
            let _ = writeln!(std::io::stdout(), "{value:#}");
        }
    }

    /// A failure: what cannot be opened or written.
    pub fn failure(&self, failure: &anyhow::Error) {
        let _ = writeln!(std::io::stderr(), "エラー: {failure:#}");
    }

    /// Progress of a few steps, on a terminal only.
    pub fn progress(&self, steps: u64) -> ProgressBar {
        if self.quiet || !self.is_terminal || self.format == Format::Json {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(steps);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }
}

//! What may be typed, and what is answered to what may not.

use std::any::TypeId;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PathBufValueParser, TypedValueParser, ValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use unicode_width::UnicodeWidthStr;

use super::archive::ArchiveArgs;
use super::build::BuildArgs;
use super::check::CheckArgs;
use super::collect::CollectArgs;
use super::console::CommonArgs;
use super::console::width;
use super::diff::DiffArgs;
use super::distribute::DistributeArgs;
use super::init::InitArgs;
use super::open::OpenArgs;
use super::stream::Stream;
use super::template::TemplateArgs;
use super::typed;
use crate::finding::wrapped;
use crate::visible::visible_line;

/// 総合戦略の実績一覧などを、1つのCSVマスタから作ります。
#[derive(Debug, Parser)]
#[command(
    name = "jisseki",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    subcommand_help_heading = "コマンド",
    subcommand_value_name = "コマンド",
    next_help_heading = "オプション",
    override_usage = "jisseki [コマンド] [オプション]",
    after_help = "コマンドごとの説明は、「jisseki build --help」のように入力すると表示します。"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub common: CommonArgs,
    #[command(flatten)]
    help: HelpArgs,
}

/// The help and version flags, described in Japanese.
#[derive(Debug, Clone, Args)]
struct HelpArgs {
    /// この説明を表示します
    #[arg(short, long, action = clap::ArgAction::Help, global = true, display_order = 902)]
    help: Option<bool>,
    /// 版（バージョン）を表示します
    #[arg(short = 'V', long, action = clap::ArgAction::Version, display_order = 903)]
    version: Option<bool>,
}

/// How the help of a command is arranged.
const HELP: &str = "{about}\n\n使い方: {usage}\n\n{all-args}{after-help}";

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// ブラウザーの画面で使います（何も付けずに jisseki を実行したときも同じです）
    #[command(
        override_usage = "jisseki open [計画のフォルダー] [オプション]",
        next_help_heading = "オプション"
    )]
    Open(OpenArgs),
    /// 議会に出す実績一覧（PDFとExcel）を作ります
    #[command(
        override_usage = "jisseki build [計画のフォルダー] [オプション]",
        next_help_heading = "オプション"
    )]
    Build(BuildArgs),
    /// マスタに誤りがないか調べます
    #[command(
        override_usage = "jisseki check [計画のフォルダー] [オプション]",
        next_help_heading = "オプション"
    )]
    Check(CheckArgs),
    /// 担当課ごとの記入票（Excel）を作ります
    #[command(
        override_usage = "jisseki distribute [計画のフォルダー] --year 年度 [オプション]",
        next_help_heading = "オプション"
    )]
    Distribute(DistributeArgs),
    /// 返送された記入票を読み、マスタに取り込みます
    #[command(
        override_usage = "jisseki collect [計画のフォルダー] 記入票またはフォルダー… [オプション]",
        next_help_heading = "オプション"
    )]
    Collect(CollectArgs),
    /// 年度ごとの文書をデータとともに保存し、後から確認します
    #[command(
        override_usage = "jisseki archive [計画のフォルダー] --year <年度> [オプション]",
        next_help_heading = "オプション",
        subcommand_help_heading = "コマンド",
        subcommand_value_name = "コマンド",
        disable_help_subcommand = true
    )]
    Archive(ArchiveArgs),
    /// 2つの計画（マスタ、保存した版）の違いを調べ、正誤表を作ります
    #[command(override_usage = "jisseki diff <前> <後> [オプション]", next_help_heading = "オプション")]
    Diff(DiffArgs),
    /// 新しい計画のフォルダーを作ります（見本、または次の期間の計画）
    #[command(
        override_usage = "jisseki init <新しいフォルダー> [オプション]",
        next_help_heading = "オプション"
    )]
    Init(InitArgs),
    /// 様式（紙面の形を決めるファイル）を調べ、見本を作り、書ける項目の名前を一覧にします
    #[command(
        override_usage = "jisseki template <コマンド> [オプション]",
        next_help_heading = "オプション",
        subcommand_help_heading = "コマンド",
        subcommand_value_name = "コマンド",
        disable_help_subcommand = true,
        arg_required_else_help = true
    )]
    Template(TemplateArgs),
}

/// What is said in place of running a command.
pub struct Answer {
    text: String,
    is_error: bool,
}

impl Answer {
    /// Prints it: help to standard output, errors to standard error.
    pub fn show(&self) -> ExitCode {
        if self.is_error {
            Stream::Err.print(&self.text);
            ExitCode::from(2)
        } else {
            Stream::Out.print(&self.text);
            ExitCode::SUCCESS
        }
    }
}

/// Reads the arguments.
///
/// # Errors
/// Help, the version, or what is wrong, in Japanese.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, Answer> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if cfg!(windows) {
        let refused = |text| Answer { text: format!("エラー: {text}"), is_error: true };
        arguments = typed::without_swallowed_quote(arguments).map_err(refused)?;
    }
    let matches = command().try_get_matches_from(arguments).map_err(|error| answer(&error))?;
    Cli::from_arg_matches(&matches).map_err(|error| answer(&error))
}

/// The whole command line.
fn command() -> clap::Command {
    // Rows of arguments are "引数" in Japanese help, where clap says "Arguments".
    fn in_japanese(command: clap::Command) -> clap::Command {
        let command = command.help_template(HELP).mut_subcommands(in_japanese);
        // Every path, so that none is forgotten.
        let command =
            command.mut_args(|arg| match arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() {
                true => arg.value_parser(ValueParser::new(PathBufValueParser::new().try_map(typed::path))),
                false => arg,
            });
        // Arguments under one heading are sorted by their order here, not as declared.
        let mut order = 0;
        command.mut_args(|arg| match arg.is_positional() {
            true => {
                order += 1;
                arg.help_heading("引数").display_order(order)
            }
            false => arg,
        })
    }
    // Lines are broken by `help_line` alone: clap breaks at blanks, of which Japanese has few.
    in_japanese(Cli::command()).term_width(0)
}

/// A line of the help, no wider than the terminal. What goes on stands under the description.
fn help_line(line: &str, width: usize) -> String {
    let words = line.trim_start_matches(' ');
    let begun = line.len() - words.len();
    // `  --year <年度>    どの年度の…`
    let described = words.find("  ").filter(|_| begun > 0).map(|at| {
        let rest = words[at..].trim_start_matches(' ');
        line.len() - rest.len()
    });
    let (head, text) = line.split_at(described.unwrap_or(begun));
    let indent = head.width_cjk();
    format!("{head}{}", wrapped(text, width, indent, indent))
}

/// clap's errors, in words a clerk understands.
fn answer(error: &clap::Error) -> Answer {
    let of = |kind: ContextKind| context(error, kind);
    let near = |kind: ContextKind| match of(kind) {
        text if text.is_empty() => String::new(),
        text => format!("\n「{text}」のことではありませんか。"),
    };
    let text = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let is_error = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
            let text = error.render().to_string();
            let lines: Vec<String> = text.trim_end().lines().map(|line| help_line(line, width())).collect();
            return Answer { text: lines.join("\n"), is_error };
        }
        ErrorKind::InvalidSubcommand => format!(
            "「{}」というコマンドはありません。{}",
            of(ContextKind::InvalidSubcommand),
            near(ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::UnknownArgument if !of(ContextKind::InvalidArg).starts_with('-') => format!(
            "「{}」は不要な指定です。名前に空白があるときは、全体を「\"」で囲んでください。",
            of(ContextKind::InvalidArg)
        ),
        ErrorKind::UnknownArgument => {
            format!("「{}」は使えません。{}", of(ContextKind::InvalidArg), near(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => invalid_value(error),
        ErrorKind::MissingRequiredArgument => format!("{} を指定してください。", of(ContextKind::InvalidArg)),
        ErrorKind::MissingSubcommand => "コマンドを指定してください。".to_owned(),
        ErrorKind::ArgumentConflict if of(ContextKind::InvalidArg).is_empty() => {
            "コマンド（verify、list、extract）は、計画のフォルダーより前に書きます。".to_owned()
        }
        ErrorKind::ArgumentConflict => {
            format!(
                "{} と {} は同時に指定できません。",
                of(ContextKind::InvalidArg),
                of(ContextKind::PriorArg)
            )
        }
        ErrorKind::InvalidUtf8 => "読み取れない文字が入っています。".to_owned(),
        ErrorKind::TooManyValues => format!("「{}」は不要な指定です。", of(ContextKind::InvalidValue)),
        _ => "指定の方法が正しくありません。".to_owned(),
    };
    Answer {
        text: format!("エラー: {}\n使い方は「jisseki --help」で確認できます。", text.trim_end()),
        is_error: true,
    }
}

/// What clap says of an error, so that a terminal only shows it; empty where it says nothing.
fn context(error: &clap::Error, kind: ContextKind) -> String {
    let text = match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    visible_line(&text).into_owned()
}

/// A value that an option does not take, and what it takes.
fn invalid_value(error: &clap::Error) -> String {
    let valid = match context(error, ContextKind::ValidValue) {
        text if text.is_empty() => {
            std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
        }
        text => format!("使えるのは {text} です"),
    };
    let wrong = match context(error, ContextKind::InvalidValue) {
        value if value.is_empty() => "値がありません".to_owned(),
        value => format!("「{value}」は使えません"),
    };
    format!("{} に{wrong}。{valid}", context(error, ContextKind::InvalidArg))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn said(arguments: &str) -> String {
        let arguments = std::iter::once("jisseki").chain(arguments.split_whitespace()).map(OsString::from);
        match parse(arguments) {
            Ok(_) => "ok".to_owned(),
            Err(answer) => answer.text,
        }
    }

    #[test]
    fn the_definition_holds_together() {
        command().debug_assert();
    }

    #[test]
    fn no_line_of_the_help_is_wider_than_the_terminal() {
        for arguments in ["open", "build", "collect", "archive", "diff", "init", "template", "template show"]
        {
            let said = said(&format!("{arguments} --help"));
            assert!(said.lines().all(|line| line.width_cjk() <= width()), "{said}");
            let joined: String = said.split_whitespace().collect();
            let whole = |text: &str| text.matches("フォルダー").count();
            assert_eq!(whole(&said), whole(&joined), "a word is divided in\n{said}");
        }
        assert_eq!(
            help_line(
                "      --date <日付>        文書の日付（例 2024-06-10）。同じ日付なら、同じファイルに",
                60
            ),
            "      --date <日付>        文書の日付（例 2024-06-10）。同じ\n                           日付なら、同じファイルに"
        );
        assert_eq!(help_line("マスタに誤りがないか調べます", 12), "マスタに\n誤りがないか\n調べます");
    }

    #[test]
    fn what_was_typed_is_shown_as_signs() {
        assert_eq!(
            said("bi\u{1b}[2J\u{202E}ld").lines().next().unwrap(),
            "エラー: 「bi␛[2J〔U+202E〕ld」というコマンドはありません。"
        );
    }

    /// Help and errors are read by clerks: no English sentence in them.
    #[test]
    fn help_and_errors_are_in_japanese() {
        for arguments in [
            "--help",
            "open --help",
            "build --help",
            "check --help",
            "distribute --help",
            "distribute",
            "collect --help",
            "collect",
            "archive --help",
            "archive verify --help",
            "archive list --help",
            "archive extract --help",
            "archive",
            "diff --help",
            "diff a",
            "init --help",
            "init",
            "init a --years R7",
            "template --help",
            "template check --help",
            "template show --help",
            "template fields --help",
            "template show",
            "template",
            "archive --year R4 --revise",
            "archive extract",
            "",
            "bild",
            "build --yaer R4",
            "build --year X",
            "build a b",
        ] {
            let said = said(arguments);
            for english in
                ["Usage", "Options", "Arguments", "Commands", "error:", "Print", "possible", "default:"]
            {
                assert!(!said.contains(english), "{arguments}: {english} in\n{said}");
            }
        }
        assert_eq!(
            said("bild"),
            "エラー: 「bild」というコマンドはありません。\n「build」のことではありませんか。\n使い方は「jisseki --help」で確認できます。"
        );
    }
}

//! `jisseki template`: a city's own layout, while it is being written.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use unicode_width::UnicodeWidthStr;

use super::build;
use super::console::{Console, Refusal};
use super::stream::Stream;
use super::{Exit, today};
use crate::app::template::{check, copy, fields, show};
use crate::app::{self, suggested};

/// What is said where no sample is made.
const NOT_SHOWN: Refusal = Refusal {
    list: "files",
    line: "見本は作っていません。上のエラーを直してから、もう一度実行してください。",
    stream: Stream::Err,
};

/// What `template` takes.
#[derive(Debug, Clone, Args)]
pub struct TemplateArgs {
    /// What to do with templates.
    #[command(subcommand)]
    pub command: TemplateCommand,
}

/// What can be done with templates.
#[derive(Debug, Clone, Subcommand)]
pub enum TemplateCommand {
    /// 様式のファイルに誤りがないか、計画が紙面に入るかを調べます
    #[command(
        override_usage = "jisseki template check <様式> [オプション]",
        next_help_heading = "オプション"
    )]
    Check(CheckArgs),
    /// 値の代わりに項目の名前を入れた見本（PDF）を作ります
    #[command(override_usage = "jisseki template show <様式> [オプション]", next_help_heading = "オプション")]
    Show(ShowArgs),
    /// 様式に書ける項目の名前を、計画での例とともに一覧にします
    #[command(
        override_usage = "jisseki template fields [計画のフォルダー] [オプション]",
        next_help_heading = "オプション"
    )]
    Fields(FieldsArgs),
    /// プログラムに入っている様式の写しを作ります。書き換えて、自分の市の様式にできます
    #[command(override_usage = "jisseki template copy <様式> [オプション]", next_help_heading = "オプション")]
    Copy(CopyArgs),
}

/// A template and its plan.
#[derive(Debug, Clone, Args)]
pub struct OfTemplate {
    /// 様式（テンプレート）のファイル。プログラムに入っている様式は名前だけで指定できます（例 project-sheet.toml）
    #[arg(value_name = "様式")]
    pub file: PathBuf,
    /// 印刷する計画のフォルダー。省略すると、実行したフォルダー（そこが計画のとき）
    #[arg(long, value_name = "計画のフォルダー")]
    pub plan: Option<PathBuf>,
}

/// What `template check` takes.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Which template.
    #[command(flatten)]
    pub of: OfTemplate,
}

/// What `template show` takes.
#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// Which template.
    #[command(flatten)]
    pub of: OfTemplate,
    /// 見本を書き出すファイル（.pdf）。省略すると、out フォルダーの「（様式の名前）_様式の見本.pdf」
    #[arg(long, value_name = "ファイル")]
    pub out: Option<PathBuf>,
}

/// What `template fields` takes.
#[derive(Debug, Clone, Args)]
pub struct FieldsArgs {
    /// 計画のフォルダー。省略すると、実行したフォルダー（そこが計画のとき）
    #[arg(value_name = "計画のフォルダー")]
    pub plan: Option<PathBuf>,
}

/// What `template copy` takes.
#[derive(Debug, Clone, Args)]
pub struct CopyArgs {
    /// プログラムに入っている様式の名前（例 project-sheet.toml）
    #[arg(value_name = "様式")]
    pub name: String,
    /// 写しのファイル（.toml）。省略すると、実行したフォルダーの、様式と同じ名前のファイル。すでにあるファイルには書き込みません
    #[arg(long, value_name = "ファイル")]
    pub out: Option<PathBuf>,
}

impl TemplateArgs {
    /// What is said where errors forbid what was asked.
    pub(super) fn refusal(&self) -> Refusal {
        match self.command {
            TemplateCommand::Show(_) => NOT_SHOWN,
            TemplateCommand::Check(_) | TemplateCommand::Fields(_) | TemplateCommand::Copy(_) => {
                build::REFUSAL
            }
        }
    }
}

/// Does it.
///
/// # Errors
/// As the use case.
pub fn run(args: &TemplateArgs, console: &Console) -> app::Result<Exit> {
    match &args.command {
        TemplateCommand::Check(args) => run_check(args, console),
        TemplateCommand::Show(args) => run_show(args, console),
        TemplateCommand::Fields(args) => run_fields(args, console),
        TemplateCommand::Copy(args) => run_copy(args, console),
    }
}

/// Says what is wrong with a template, or what it prints.
fn run_check(args: &CheckArgs, console: &Console) -> app::Result<Exit> {
    let OfTemplate { file, plan } = args.of.clone();
    let report = check::run(&check::Request { file, plan, today: today() }, console)?;
    console.report(&report.findings);
    console.json(&report);
    let exit = Exit::of(&report.findings);
    let Some(template) = &report.template else { return Ok(exit) };
    if exit == Exit::Done {
        console.result(&match report.pages {
            Some(pages) => format!("問題はありません。計画は{pages}ページに入ります。"),
            None => "問題はありません。".to_owned(),
        });
        summary(template, console);
    }
    if !template.fields.is_empty() {
        console.result("plan.toml に次のように書き、マスタに加える列があります。");
        let lines = template.fields.iter().flat_map(check::Field::declaration);
        lines.for_each(|line| console.result(&format!("  {line}")));
    }
    Ok(exit)
}

/// What a template prints, in words.
fn summary(template: &check::Summary, console: &Console) {
    console.result(&format!("  用紙　　　{}", template.paper()));
    console.result(&format!("  シート　　{}ごと", template.sheet));
    console.result(&format!("  ブロック　{}", template.blocks_in_words()));
}

/// Makes the sample, and says where it is.
fn run_show(args: &ShowArgs, console: &Console) -> app::Result<Exit> {
    let OfTemplate { file, plan } = args.of.clone();
    let request = show::Request { file, plan, out: args.out.clone(), today: today() };
    let report = show::run(&request, console)?;
    console.result(&format!("  {}（{}ページ）", report.file.display(), report.pages));
    console.result("項目の名前を入れた、様式の見本を作りました。");
    console.json(&report);
    Ok(Exit::Done)
}

/// Lists the names that may be written.
fn run_fields(args: &FieldsArgs, console: &Console) -> app::Result<Exit> {
    let report = fields::run(&fields::Request { plan: args.plan.clone() }, console)?;
    for level in report.fields.chunk_by(|one, next| one.level == next.level) {
        let Some(first) = level.first() else { continue };
        console.result(&match first.level {
            "計画" => "どの欄にも書けるもの".to_owned(),
            word => {
                let below = level.iter().rev().find_map(|field| field.below.as_deref());
                let below = below
                    .map(|mark| format!("。{word}に属するものの欄では {mark} のように"))
                    .unwrap_or_default();
                let below = below.replace("事業費に属するもの", "事業");
                format!("{word}（per か each が {word} の欄{below}）")
            }
        });
        let widest = |text: fn(&fields::Field) -> String| {
            level.iter().map(|field| text(field).width_cjk()).max().unwrap_or_default()
        };
        let (mark, meaning) = (widest(|field| field.mark.clone()), widest(said));
        for field in level {
            let example = field.example.as_deref().map(|example| format!("例 {}", short(example)));
            let line = format!(
                "  {}　{}　{}",
                padded(&field.mark, mark),
                padded(&said(field), meaning),
                example.unwrap_or_default()
            );
            console.result(line.trim_end());
        }
    }
    console.result("書き方");
    for line in report.grammar {
        console.result(&format!("  {line}"));
    }
    if report.plan.is_none() {
        let fields = suggested::on_plan("template fields", &PathBuf::from("計画のフォルダー"), "");
        console.result(&format!("{fields}とすると、その計画の列と例も表示します。"));
    }
    console.json(&report);
    Ok(Exit::Done)
}

/// Makes the copy, and says how it comes into use.
fn run_copy(args: &CopyArgs, console: &Console) -> app::Result<Exit> {
    let report = copy::run(&copy::Request { name: args.name.clone(), out: args.out.clone() }, console)?;
    console.result(&format!("  {}", report.file.display()));
    console.result(
        "様式の写しを作りました。plan.toml と同じフォルダーに置き、template にその名前を書いて使います。",
    );
    console.json(&report);
    Ok(Exit::Done)
}

/// What a name is, with its form where that is not plain words.
fn said(field: &fields::Field) -> String {
    match (field.choices.is_empty(), field.form) {
        (false, form) => format!("{}：{form}（{}）", field.meaning, field.choices.join("・")),
        (true, "文章" | "年度ごとの数") => field.meaning.clone(),
        (true, form) => format!("{}：{form}", field.meaning),
    }
}

/// With blanks up to a width in cells.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width_cjk())))
}

/// The beginning of an example: no more than one line.
fn short(example: &str) -> String {
    const MOST: usize = 24;
    let line = example.lines().next().unwrap_or_default();
    let begins: String = line.chars().take(MOST).collect();
    if begins.len() < example.trim_end().len() { format!("{begins}…") } else { begins }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_one_short_line() {
        assert_eq!(short("名称"), "名称");
        assert_eq!(short("一\n二"), "一…");
        assert_eq!(short(&"長".repeat(30)), format!("{}…", "長".repeat(24)));
    }
}

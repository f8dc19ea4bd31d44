//! `jisseki init`: a new plan's folder.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;

use super::console::Console;
use super::folder::{Loaded, PlanFolder};
use super::{Outcome, build, files, set, store, suggested, typed};
use crate::init;
use crate::layout::template::Template;
use crate::named_file::NamedFile;
use crate::plan::FiscalYear;

/// A plan's period is not longer.
const MOST_YEARS: i32 = 30;

/// What `init` takes.
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// 作るフォルダー。中身のあるフォルダーには書き込みません
    #[arg(value_name = "新しいフォルダー")]
    pub new: PathBuf,
    /// 引き継ぐ計画のフォルダー。構成・担当課・様式を引き継ぎ、実績と目標を空にします
    #[arg(long, value_name = "計画のフォルダー", requires = "years")]
    pub from: Option<PathBuf>,
    /// 新しい計画の期間（例 R7..R10）
    #[arg(long, value_name = "期間", value_parser = parse_years)]
    pub years: Option<Years>,
}

/// The years of a plan, first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years(FiscalYear, FiscalYear);

impl Years {
    fn all(self) -> Vec<FiscalYear> {
        (self.0.start()..=self.1.start()).map(FiscalYear::starting).collect()
    }
}

fn parse_years(text: &str) -> Result<Years, String> {
    let said = || "期間は R7..R10 のように、最初と最後の年度を書きます".to_owned();
    let (first, last) = text.split_once("..").ok_or_else(said)?;
    let years = FiscalYear::parse(first).zip(FiscalYear::parse(last)).ok_or_else(said)?;
    match years.1.start() - years.0.start() {
        0..MOST_YEARS => Ok(Years(years.0, years.1)),
        n if n < 0 => Err("期間の最初の年度が、最後の年度より後です".to_owned()),
        _ => Err(format!("期間は{MOST_YEARS}年度までです")),
    }
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be opened or written; a folder with content in it.
pub fn run(args: &InitArgs, console: &Console) -> Result<Outcome> {
    let (kept, next) = match &args.from {
        None => (init::example(&args.years.map(Years::all).unwrap_or_default()), EXAMPLE_NEXT),
        Some(from) => {
            let folder = PlanFolder::open(from)?;
            let (loaded, findings) = folder.load()?;
            let Some(loaded) = loaded.filter(|_| !findings.has_errors()) else {
                return Ok(build::refused(&findings, console));
            };
            let mut template = Vec::new();
            let name = match folder.template_path(None, &loaded.settings) {
                Some(path) => Some(carry_template(&path, &folder, &loaded, &mut template)?),
                None => None,
            };
            let years = args.years.map(Years::all).unwrap_or_default();
            let mut kept = init::next_period(&loaded.master, &loaded.settings, &years, name.as_deref());
            kept.append(&mut template);
            (kept, NEXT_PERIOD)
        }
    };
    set::refuse_archive(files::folder_of(&args.new))?;
    store::write_folder(&args.new, &kept)?;
    let paths: Vec<PathBuf> =
        kept.iter().map(|file| args.new.join(typed::native(Path::new(&file.name)))).collect();
    for path in &paths {
        console.result(&format!("  {}", path.display()));
    }
    console.result(&format!("計画のフォルダー{}を作りました。", files::shown(&args.new)));
    let (command, said) = next;
    console.result(&said.replace("{}", &suggested::on_plan(command, &args.new, "")));
    console.json(&json!({ "files": files::named(&paths) }));
    Ok(Outcome::Done)
}

/// A command, and what is said of it.
type Next = (&'static str, &'static str);

const EXAMPLE_NEXT: Next =
    ("build", "{}で見本の実績一覧を作れます。plan.toml と master.csv を書き換えて使ってください。");
const NEXT_PERIOD: Next = (
    "check",
    "plan.toml の計画の名前・表題と、master.csv の基準値を確かめ、目標を書いてから{}で調べてください。",
);

/// The template and the fonts it names, to lie in the new folder; the name under
/// which plan.toml finds it.
fn carry_template(
    path: &Path,
    folder: &PlanFolder,
    loaded: &Loaded,
    kept: &mut Vec<NamedFile>,
) -> Result<String> {
    let bytes = files::read(path, files::LARGEST_TOML)?;
    let name = files::name_of(path);
    let Ok(template) = Template::read(&bytes, &name) else {
        let check = suggested::on_plan("check", folder.path(), "");
        bail!("テンプレート{}を使えません。{check}で調べてください", files::shown(path));
    };
    let beside = path.parent().unwrap_or(folder.path());
    for font in [&template.fonts.regular, &template.fonts.bold, &template.fonts.fallback] {
        let inside = !font.is_empty() && Path::new(font).components().all(is_plain);
        if inside && !kept.iter().any(|file| file.name == *font) {
            let path = beside.join(typed::native(Path::new(font)));
            kept.push(NamedFile::new(font, files::read(&path, files::LARGEST_FONT)?));
        } else if !font.is_empty() && !inside {
            bail!(
                "テンプレートのフォント「{font}」は計画「{}」のフォルダーの外にあります。フォルダーの中に置いてください",
                loaded.settings.plan.id
            );
        }
    }
    kept.push(NamedFile::new(&name, bytes));
    Ok(name)
}

fn is_plain(part: std::path::Component<'_>) -> bool {
    matches!(part, std::path::Component::Normal(_))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_two_years() {
        assert_eq!(parse_years("R7..R10").unwrap().all().len(), 4);
        assert_eq!(parse_years("2025..令和7年度").unwrap().all(), [FiscalYear::starting(2025)]);
        for wrong in ["R7", "R7-R10", "R10..R7", "R1..R99", "..", ""] {
            assert!(parse_years(wrong).is_err(), "{wrong}");
        }
    }
}

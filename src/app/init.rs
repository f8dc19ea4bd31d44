//! A new plan's folder.

use std::path::{Component, Path, PathBuf};

use anyhow::bail;
use serde::Serialize;

use super::{Loaded, PlanFolder, Result, as_paths, suggested};
use crate::init;
use crate::layout::template::{self as templates, Template};
use crate::named_file::NamedFile;
use crate::plan::FiscalYear;
use crate::storage::{archive_folder, files, paths, set};

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Request {
    /// The folder to be made.
    pub new: PathBuf,
    /// The plan's folder whose next period it is; a small example where none is named.
    pub from: Option<PathBuf>,
    /// The years of the new plan; those of the example where there are none.
    pub years: Vec<FiscalYear>,
}

/// A plan's period is not longer.
const MOST_YEARS: i32 = 30;

/// The years of a plan's period, of which the first and the last were typed.
///
/// # Errors
/// Says what is wrong with them: no years, the other way round, too many.
pub fn period(first: &str, last: &str) -> std::result::Result<Vec<FiscalYear>, String> {
    let (first, last) = FiscalYear::parse(first)
        .zip(FiscalYear::parse(last))
        .ok_or("年度は R7 や 令和7年度 のように書きます")?;
    match last.start() - first.start() {
        0..MOST_YEARS => Ok((first.start()..=last.start()).map(FiscalYear::starting).collect()),
        n if n < 0 => Err("期間の最初の年度が、最後の年度より後です".to_owned()),
        _ => Err(format!("期間は{MOST_YEARS}年度までです")),
    }
}

/// What was made.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The files.
    #[serde(serialize_with = "as_paths")]
    pub files: Vec<PathBuf>,
}

/// Makes the folder: whole, or not at all.
///
/// # Errors
/// An old plan with errors; a folder with content in it, a file that cannot be opened or
/// written.
pub fn run(request: &Request) -> Result<Report> {
    let kept = match &request.from {
        None => init::example(&request.years),
        Some(from) => next_period(from, &request.years)?,
    };
    set::refuse_archive(paths::folder_of(&request.new))?;
    archive_folder::write_folder(&request.new, &kept)?;
    let path = |file: &NamedFile| request.new.join(paths::native(Path::new(&file.name)));
    Ok(Report { files: kept.iter().map(path).collect() })
}

/// The files of the period after a plan.
fn next_period(from: &Path, years: &[FiscalYear]) -> Result<Vec<NamedFile>> {
    let folder = PlanFolder::open(from)?;
    let (loaded, _) = folder.load_whole()?;
    let (mut settings, mut carried) = (loaded.settings.clone(), Vec::new());
    let own = settings.documents.iter_mut().map(|document| &mut document.template);
    for template in own.chain([&mut settings.document.template]).flatten() {
        let path = folder.path().join(paths::native(template));
        // One that comes with the program is there under its name in any folder.
        let is_shipped = templates::shipped(&paths::name_of(&path)).is_some() && !files::exists(&path);
        if !template.as_os_str().is_empty() && !is_shipped {
            *template = carry_template(&path, &folder, &loaded, &mut carried)?.into();
        }
    }
    let name = settings.document.template.as_ref().map(|path| path.to_string_lossy());
    let mut kept = init::next_period(&loaded.master, &settings, years, name.as_deref());
    kept.append(&mut carried);
    Ok(kept)
}

/// The template and the fonts it names, to lie in the new folder; the name under
/// which plan.toml finds it.
fn carry_template(
    path: &Path,
    folder: &PlanFolder,
    loaded: &Loaded,
    kept: &mut Vec<NamedFile>,
) -> anyhow::Result<String> {
    let bytes = files::read(path, files::LARGEST_TOML)?;
    let name = paths::name_of(path);
    let Ok(template) = Template::read(&bytes, &name) else {
        let check = suggested::on_plan("check", folder.path(), "");
        bail!("テンプレート{}を使えません。{check}で調べてください", paths::shown(path));
    };
    let beside = path.parent().unwrap_or(folder.path());
    for font in [&template.fonts.regular, &template.fonts.bold, &template.fonts.fallback] {
        let inside =
            !font.is_empty() && Path::new(font).components().all(|part| matches!(part, Component::Normal(_)));
        if inside && !kept.iter().any(|file| file.name == *font) {
            let path = beside.join(paths::native(Path::new(font)));
            kept.push(NamedFile::new(font, files::read(&path, files::LARGEST_FONT)?));
        } else if !font.is_empty() && !inside {
            bail!(
                "テンプレートのフォント「{font}」は計画「{}」のフォルダーの外にあります。フォルダーの中に置いてください",
                loaded.settings.plan.id
            );
        }
    }
    match kept.iter().find(|file| file.name == name) {
        None => kept.push(NamedFile::new(&name, bytes)),
        Some(other) if other.bytes == bytes => {}
        Some(_) => bail!("「{name}」という名前の、内容の違う様式が2つあります。名前を変えてください"),
    }
    Ok(name)
}

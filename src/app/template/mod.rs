//! Templates: whether one can be used, what stands where on its pages, what may be written in it.

pub mod check;
pub mod copy;
pub mod fields;
pub mod show;

use std::path::Path;

use anyhow::bail;

use super::choice::{fonts_of, template_file};
use super::{DEFAULT_PLAN, Failure, Loaded, Observer, PlanFolder, Result, suggested};
use crate::layout::font::FontFiles;
use crate::layout::template::{self, Template};
use crate::storage::{files, paths};

/// A template with what it names.
struct Opened {
    template: Template,
    /// The name of its file.
    name: String,
    bytes: Vec<u8>,
    fonts: FontFiles,
}

impl Opened {
    /// The template in a file, or the one of that name that comes with the program.
    ///
    /// # Errors
    /// What is wrong with it; a file that cannot be opened.
    fn read(path: &Path) -> Result<Self> {
        let name = paths::name_of(path);
        if !files::exists(path) && template::shipped(&name).is_none() {
            let shipped: Vec<&str> = template::shipped_names().collect();
            let error = format!(
                "様式{}が見つかりません。場所と名前を確認してください。プログラムに入っている様式の名前は、{}です",
                paths::shown(path),
                shipped.join("、")
            );
            return Err(anyhow::anyhow!(error).into());
        }
        let bytes = template_file(path)?;
        let template = Template::read(&bytes, &name)?;
        let fonts = fonts_of(&template, path)?;
        Ok(Self { template, name, bytes, fonts })
    }
}

/// The plan that a template is held against: the one that is named, else the folder that the
/// program is run in, where that is one.
///
/// # Errors
/// A folder that was named and is none of a plan.
fn plan_folder(named: Option<&Path>) -> anyhow::Result<Option<PlanFolder>> {
    match named {
        Some(path) => PlanFolder::open(path).map(Some),
        None => Ok(PlanFolder::open(Path::new(DEFAULT_PLAN)).ok()),
    }
}

/// What a plan says, and whether it can be printed. `None` with a word to the user where too
/// little of it can be read.
///
/// # Errors
/// A file that cannot be opened.
fn loaded(folder: &PlanFolder, observer: &dyn Observer) -> Result<Option<(Loaded, bool)>> {
    let (read, is_whole) = match folder.load() {
        Ok((loaded, findings)) => {
            let is_whole = !findings.has_errors();
            (Some((loaded, is_whole)), is_whole)
        }
        Err(Failure::Findings(_)) => (None, false),
        Err(failure) => return Err(failure),
    };
    if !is_whole {
        let check = suggested::on_plan("check", folder.path(), "");
        observer.notice(&format!(
            "計画のマスタか plan.toml に誤りがあるため、計画と合うかは調べきれていません。{check}で調べてください。"
        ));
    }
    Ok(read)
}

/// Makes sure that a file is to be a PDF.
///
/// # Errors
/// A folder, or a name that ends otherwise.
fn refuse_no_pdf(out: &Path) -> anyhow::Result<()> {
    if out.file_name().is_none() || out.is_dir() {
        bail!("{}はフォルダーです。見本のファイルの名前まで指定してください", paths::shown(out));
    }
    let is_pdf = out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"));
    if is_pdf {
        return Ok(());
    }
    bail!("見本は .pdf のファイルに書き出します。{}の名前の終わりを .pdf にしてください", paths::shown(out))
}

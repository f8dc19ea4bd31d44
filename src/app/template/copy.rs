//! A copy of a template that comes with the program, for a city to write its own from.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use serde::Serialize;

use super::super::{Observer, Remedy, Result, as_path};
use crate::layout::template;
use crate::named_file::NamedFile;
use crate::storage::{files, paths, set};

/// What is to be copied.
#[derive(Debug, Clone)]
pub struct Request {
    /// The name of a template that comes with the program.
    pub name: String,
    /// The file, which must not be there yet; one of the template's own name where none is named.
    pub out: Option<PathBuf>,
}

/// What was made.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The copy.
    #[serde(serialize_with = "as_path")]
    pub file: PathBuf,
}

/// Makes the copy.
///
/// # Errors
/// A name of no template; a file that is there already or that cannot be written.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    let Request { name, out } = request;
    let Some(text) = template::shipped(name) else {
        let names: Vec<&str> = template::shipped_names().collect();
        let error = format!(
            "{}という様式は、プログラムに入っていません。入っているのは、{}です",
            paths::shown(Path::new(name)),
            names.join("、")
        );
        return Err(anyhow!(error).into());
    };
    let file = out.clone().unwrap_or_else(|| PathBuf::from(name));
    if file.file_name().is_none() || file.is_dir() {
        let error =
            format!("{}はフォルダーです。写しのファイルの名前まで指定してください", paths::shown(&file));
        return Err(anyhow!(error).into());
    }
    if files::exists(&file) {
        return Err(Remedy::OtherName.of(format!("{}はすでにあります", paths::shown(&file))).into());
    }
    let copy = NamedFile::new(paths::name_of(&file), text.as_bytes().to_vec());
    observer.step("書き込んでいます")?;
    set::write(paths::folder_of(&file), &[copy], "template copy", &|line| observer.notice(line))?;
    Ok(Report { file })
}

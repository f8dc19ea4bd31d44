//! The files within a PDF that carries an edition.

use std::path::PathBuf;

use serde::Serialize;

use crate::app::{Result, as_paths};
use crate::archive;
use crate::finding::Findings;
use crate::storage::{archive_folder, files, paths, set};

/// What is to be taken out, and where to.
#[derive(Debug, Clone)]
pub struct Request {
    /// The PDF.
    pub file: PathBuf,
    /// The folder to be made; one of the PDF's name where none is named.
    pub out: Option<PathBuf>,
}

/// What was taken out.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Where the files are.
    #[serde(serialize_with = "as_paths")]
    pub files: Vec<PathBuf>,
    /// Nothing.
    pub findings: Findings,
}

/// Takes the files out of the PDF: all of them, or none.
///
/// # Errors
/// A PDF that carries none, or none that may be written; a file that cannot be opened or
/// written.
pub fn run(request: &Request) -> Result<Report> {
    let bytes = files::read(&request.file, files::LARGEST_PDF)?;
    let bundled = archive::bundled_files(&bytes, &paths::name_of(&request.file))?;
    let beside = || PathBuf::from(request.file.file_stem().unwrap_or_default());
    let out = request.out.clone().unwrap_or_else(beside);
    set::refuse_archive(paths::folder_of(&out))?;
    archive_folder::write_folder(&out, &bundled)?;
    let files = bundled.iter().map(|file| out.join(&file.name)).collect();
    Ok(Report { files, findings: Findings::new() })
}

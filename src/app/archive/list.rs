//! The editions of an archive.

use std::path::PathBuf;

use serde::Serialize;

use super::folder_of;
use crate::app::Result;
use crate::archive::{self, Manifest};
use crate::finding::Findings;
use crate::storage::archive_folder;

/// What is to be listed.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder, the archive's, or an edition's.
    pub plan: PathBuf,
}

/// What is there.
#[derive(Debug, Serialize)]
pub struct Report {
    /// In the order in which they were made.
    pub editions: Vec<Edition>,
    /// Editions and records that cannot be read.
    pub findings: Findings,
}

/// An edition.
#[derive(Debug, Serialize)]
pub struct Edition {
    /// Its folder's name.
    pub folder: String,
    /// The fingerprint of its record.
    pub sha256: String,
    /// Its record.
    pub edition: Manifest,
}

/// Reads the records of an archive.
///
/// # Errors
/// Where there is no archive, or it cannot be opened.
pub fn run(request: &Request) -> Result<Report> {
    let stored = archive_folder::read(&folder_of(&request.plan)?)?;
    let (listed, mut findings) = archive::manifests(&stored);
    findings.append(archive::misplaced(&stored));
    let editions = listed.into_iter().map(|one| Edition {
        folder: one.folder.name.clone(),
        sha256: one.sha256.to_string(),
        edition: one.manifest,
    });
    Ok(Report { editions: editions.collect(), findings })
}

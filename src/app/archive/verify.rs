//! Making sure that all that was archived is as it was.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use super::folder_of;
use crate::app::{Choice, Observer, PlanFolder, Result};
use crate::archive::{self, ChainEntry, EditionCheck, FontShelf, Verification};
use crate::documents::Design;
use crate::finding::Findings;
use crate::render::Program;
use crate::storage::{archive_folder, paths};

/// What is to be verified.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder, the archive's, or an edition's.
    pub plan: PathBuf,
    /// A fingerprint that was noted elsewhere, or its first digits, in lower case.
    pub expect: Option<String>,
}

/// A fingerprint, or the beginning of one, as somebody typed it from paper.
///
/// # Errors
/// What is none, in Japanese.
pub fn fingerprint(text: &str) -> std::result::Result<String, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = digits.trim_end_matches('…').to_ascii_lowercase();
    match (16..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(digits),
        false => Err("記録の確認用の値は、0～9とa～fの16桁から64桁で書きます".to_owned()),
    }
}

/// What was found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Everything that is off.
    #[serde(flatten)]
    pub findings: Findings,
    /// What was looked at, folder by folder.
    pub editions: Vec<EditionCheck>,
    /// The newest edition that is there.
    pub newest: Option<ChainEntry>,
    /// The edition with the fingerprint that was asked for.
    pub noted: Option<ChainEntry>,
    /// The result in a sentence, and what is to be known beside it.
    #[serde(skip)]
    pub lines: Vec<String>,
}

/// Reads the whole archive, and makes each of its documents again.
///
/// # Errors
/// Where there is no archive, or it cannot be opened; that it was stopped.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    let began = Instant::now();
    let root = folder_of(&request.plan)?;
    observer.step("保存した版を探しています")?;
    let mut stored = archive_folder::read(&root)?;
    stored.witnesses = archive_folder::witnesses(&root);
    observer.step("ファイルと、作り直した文書を比べています")?;
    let mut verified =
        archive::verify(&stored, &fonts(&root), &Program::this(), |done, all| observer.progress(done, all))?;
    if let Some(fingerprint) = &request.expect {
        verified.hold_against(fingerprint);
    }
    let sentence = format!("{}（{:.2}秒）。", verified.sentence(), began.elapsed().as_secs_f64());
    let lines = std::iter::once(sentence).chain(verified.details()).collect();
    let newest = verified.newest().cloned();
    let Verification { findings, editions, chain, noted } = verified;
    let noted = noted.and_then(|at| chain.into_iter().nth(at));
    Ok(Report { findings, editions, newest, noted, lines })
}

/// The fonts of the plan as it is now, beside which the archive lies. An archive is verified
/// without them where the plan itself is gone or broken.
fn fonts(archive: &Path) -> FontShelf {
    let designs = || -> Option<Vec<Design>> {
        let folder = PlanFolder::open(paths::folder_of(archive)).ok()?;
        let (loaded, _) = folder.load().ok()?;
        Some(folder.designs(&Choice::default(), &loaded.settings).ok()?.0)
    };
    FontShelf::with(designs().unwrap_or_default().iter().map(|design| &design.fonts))
}

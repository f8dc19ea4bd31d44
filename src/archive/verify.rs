//! Reading the whole archive and saying everything that is off, by file.
//!
//! Three questions, each asked only where the one before is answered well: are the
//! files those that were recorded; is the chain of editions whole; do the archived
//! sources still make the archived documents.

use super::bundle::{check_bundle, check_bundle_pages};
use super::chain::{check_chain, check_newest, misplaced};
use super::data::compare_figures;
use super::files::{check_by_checksums, check_files, checksum_of, recorded_bytes};
use super::{
    CHECKSUMS, ChainEntry, CorrectedEdition, Edition, EditionCheck, Figures, Folder, FontShelf, Hash,
    Identity, LARGEST_TEXT, Listed, MANIFEST, Manifest, RecordError, Remade, Role, SourceFiles, Stored,
    Verification, manifests, record,
};
use crate::cores;
use crate::documents::SetError;
use crate::finding::{ArchiveRule, Finding, Findings, Place};
use crate::named_file::NamedFile;
use crate::render::Program;

/// An edition whose files come to more is looked at while no other is, in bytes: what is held
/// at a time is what the largest takes, not their sum.
const LARGE: u64 = 4 << 20;

/// Everything that is off in an archive, and what was looked at. Documents made by
/// another version than `program` are allowed to come out differently, and are then
/// named as such.
///
/// Editions are shared out among the cores, and nothing of them is kept but what was found.
/// `between` is told how many of how many were looked at, and may end the work.
///
/// # Errors
/// What `between` says.
pub fn verify<E>(
    stored: &Stored,
    shelf: &FontShelf,
    program: &Program,
    between: impl Fn(usize, usize) -> Result<(), E>,
) -> Result<Verification, E> {
    let (listed, mut findings) = manifests(stored);
    let look = |folder: &&Folder| check_edition(folder, &listed, shelf, program);
    let (large, small): (Vec<&Folder>, Vec<&Folder>) =
        stored.folders.iter().partition(|folder| folder.size() > LARGE);
    let all = stored.folders.len();
    let mut of_small = cores::each_few(&small, look, |done| between(done, all))?.into_iter();
    let mut of_large = Vec::with_capacity(large.len());
    for one in large.chunks(1) {
        between(small.len() + of_large.len(), all)?;
        of_large.extend(cores::each(one, look));
    }
    let mut of_large = of_large.into_iter();
    let (mut editions, mut of_documents) = (Vec::with_capacity(stored.folders.len()), Findings::new());
    for folder in &stored.folders {
        let looked = if folder.size() > LARGE { of_large.next() } else { of_small.next() };
        let looked = looked.and_then(Result::ok).unwrap_or_else(|| stopped(folder));
        editions.push(looked.checked);
        findings.append(looked.of_files);
        of_documents.append(looked.of_documents);
    }
    findings.append(check_chain(stored, &listed));
    findings.append(check_newest(stored, &listed));
    findings.append(misplaced(stored));
    for name in &stored.unfinished {
        findings.push(Finding::at(Place::file(name), ArchiveRule::UnfinishedEdition));
    }
    for name in &stored.strangers {
        findings.push(Finding::at(Place::file(name), ArchiveRule::UnknownInArchive));
    }
    findings.append(of_documents);
    let chain = listed.iter().map(ChainEntry::of).collect();
    Ok(Verification { findings, editions, chain, noted: None })
}

/// What came of looking at one edition.
pub(super) struct EditionResult {
    /// What is off with its files, and with its documents.
    pub of_files: Findings,
    pub of_documents: Findings,
    pub checked: EditionCheck,
}

/// Looks at one edition.
fn check_edition(
    folder: &Folder,
    listed: &[Listed<'_>],
    shelf: &FontShelf,
    program: &Program,
) -> EditionResult {
    let checked =
        |files, remade, figures| EditionCheck { folder: folder.name.clone(), files, remade, figures };
    let Some(one) = listed.iter().find(|one| one.folder.name == folder.name) else {
        let (of_files, count) = check_by_checksums(folder);
        let checked = checked(count, Remade::NoRecord, Figures::NotCompared);
        return EditionResult { of_files, of_documents: Findings::new(), checked };
    };
    let (mut of_documents, bundled) = check_bundle(one);
    let outcome = check_remade(one, listed, shelf, program);
    of_documents.append(outcome.findings);
    let mut originals = outcome.originals;
    originals.extend(bundled);
    let (of_files, count) = check_files(one, &originals);
    EditionResult { of_files, of_documents, checked: checked(count, outcome.remade, outcome.figures) }
}

/// What came of making an edition again.
struct RemakeResult {
    findings: Findings,
    remade: Remade,
    figures: Figures,
    /// Files as they were recorded, of those that lie there otherwise.
    originals: Vec<NamedFile>,
}

/// Whether the files of an edition, wherever it lies, are those of its record, and the record
/// that of its checksums. Without the editions before and after it no more can be told.
pub fn is_as_recorded(mut folder: Folder) -> bool {
    let record = folder.bytes(MANIFEST, LARGEST_TEXT).and_then(|bytes| Manifest::read(&bytes).ok());
    let Some(record) = record else { return false };
    // A copy may be called anything.
    folder.name = record.folder();
    let stored = Stored { folders: vec![folder], ..Stored::default() };
    let (listed, findings) = manifests(&stored);
    let is = |one| !check_files(one, &[]).0.has_errors();
    !findings.has_errors() && listed.iter().all(is)
}

/// What stands for an edition whose check stopped: an error, never nothing.
pub(super) fn stopped(folder: &Folder) -> EditionResult {
    let stopped = Finding::at(folder.place(MANIFEST), ArchiveRule::VerificationStopped);
    let (remade, figures) = (Remade::Stopped, Figures::NotCompared);
    let checked = EditionCheck { folder: folder.name.clone(), files: 0, remade, figures };
    EditionResult { of_files: Findings::new(), of_documents: stopped.into(), checked }
}

/// Whether making an edition again gives its bytes.
fn check_remade(
    listed: &Listed<'_>,
    all: &[Listed<'_>],
    shelf: &FontShelf,
    program: &Program,
) -> RemakeResult {
    let mut findings = Findings::new();
    let (remade, originals) = match remake(listed, all, shelf) {
        Ok(made) => compare_remade(listed, made, program, &mut findings),
        Err(RemakeError { remade, why }) => {
            let kind = match remade {
                Remade::NoFont => Some(ArchiveRule::ArchivedFontMissing),
                // A damaged source, or a corrected edition that is gone, has been named.
                Remade::Refused if listed.manifest.program != *program => Some(other_version(listed)),
                Remade::Refused => Some(ArchiveRule::CannotBeRemade { why }),
                _ => None,
            };
            findings.extend(kind.map(|kind| Finding::at(listed.folder.place(MANIFEST), kind)));
            findings.extend(check_bundle_pages(listed));
            (remade, Vec::new())
        }
    };
    let figures = match remade {
        // The documents came out as recorded, and so did the table: but it may no longer lie there so.
        Remade::Same if recorded_bytes(listed, Role::Data).is_some() => Figures::Same,
        Remade::Same => Figures::NotCompared,
        // What came out otherwise has been named by its file.
        Remade::Differs => Figures::NotCompared,
        _ => {
            let (figures, faults) = compare_figures(listed, program);
            findings.append(faults);
            figures
        }
    };
    RemakeResult { findings, remade, figures, originals }
}

/// Why an edition was not made again.
struct RemakeError {
    remade: Remade,
    why: String,
}

impl From<Remade> for RemakeError {
    fn from(remade: Remade) -> Self {
        Self { remade, why: String::new() }
    }
}

impl From<Findings> for RemakeError {
    fn from(faults: Findings) -> Self {
        let why = faults.iter().map(Finding::message).next().unwrap_or_default();
        Self { remade: Remade::Refused, why }
    }
}

impl From<RecordError> for RemakeError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Data(faults) | RecordError::Set(SetError::Data(faults)) => faults.into(),
            other => Self { remade: Remade::Refused, why: other.to_string() },
        }
    }
}

/// Makes an edition again from what is archived.
fn remake(listed: &Listed<'_>, all: &[Listed<'_>], shelf: &FontShelf) -> Result<Edition, RemakeError> {
    let manifest = &listed.manifest;
    let fonts = shelf.fonts_of(manifest).ok_or(Remade::NoFont)?;
    let files = SourceFiles::of(listed).ok_or(Remade::NoSources)?;
    let old = match manifest.edition.checked_sub(1).filter(|edition| *edition > 0) {
        None => None,
        Some(edition) => {
            let is_corrected = |other: &&Listed<'_>| {
                other.manifest.year == manifest.year && other.manifest.edition == edition
            };
            let old = all.iter().find(is_corrected).ok_or(Remade::NoCorrected)?;
            let fonts = shelf.fonts_of(&old.manifest).ok_or(Remade::NoFont)?;
            Some((&old.manifest, SourceFiles::of(old).ok_or(Remade::NoCorrected)?, fonts))
        }
    };
    let sources = files.read(fonts)?;
    let old = match old {
        None => None,
        Some((manifest, files, fonts)) => Some(CorrectedEdition { manifest, sources: files.read(fonts)? }),
    };
    let identity = Identity {
        edition: manifest.edition,
        sequence: manifest.sequence,
        reason: manifest.reason.clone(),
        previous: manifest.previous.clone(),
        bundle: manifest.bundle.is_some(),
    };
    Ok(record(&sources, &manifest.request(), &identity, old.as_ref())?)
}

/// Holds what was made again against what was recorded; a file that is no longer as it
/// was recorded has been named by its hash. Gives back the files that came out as they
/// were recorded.
fn compare_remade(
    listed: &Listed<'_>,
    made: Edition,
    program: &Program,
    findings: &mut Findings,
) -> (Remade, Vec<NamedFile>) {
    let Listed { folder, manifest, .. } = listed;
    let (mut differing, mut originals): (Vec<String>, Vec<NamedFile>) = (Vec::new(), Vec::new());
    let mut bundle_differs = false;
    // The checksums follow from the others.
    for file in made.files.into_iter().filter(|file| file.name != CHECKSUMS) {
        let is_bundle = manifest.bundle.as_ref() == Some(&file.name);
        let same = match manifest.file(&file.name) {
            Some(record) => record.sha256 == Hash::of(&file.bytes).to_string(),
            // Missing files have been named; so has a bundle that is not the one of which
            // the checksums speak.
            None => {
                !folder.has_other(&file.name, &file.bytes)
                    || is_bundle && checksum_of(folder, &file.name) == Some(Hash::of(&file.bytes).to_string())
            }
        };
        match same {
            true if folder.has_other(&file.name, &file.bytes) => originals.push(file),
            true => {}
            false if is_bundle => bundle_differs = true,
            false => differing.push(file.name),
        }
    }
    let at = |name: &str| folder.place(name);
    if differing.is_empty() && !bundle_differs {
        return (Remade::Same, originals);
    }
    // Another version may draw other bytes. Where it drew all that is recorded just so,
    // it would have drawn the bundle just so too.
    if !differing.is_empty() && manifest.program != *program {
        findings.push_at(at(MANIFEST), other_version(listed));
        findings.extend(check_bundle_pages(listed));
        return (Remade::OtherVersion, originals);
    }
    let bundle = manifest.bundle.as_ref().filter(|_| bundle_differs);
    for name in differing.iter().chain(bundle) {
        findings.push_at(at(name), ArchiveRule::RemadeDiffers);
    }
    (Remade::Differs, originals)
}

fn other_version(listed: &Listed<'_>) -> ArchiveRule {
    ArchiveRule::MadeByOtherVersion { version: listed.manifest.program.version.clone() }
}

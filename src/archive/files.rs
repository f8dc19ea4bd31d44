//! Whether the files of an edition are those that were recorded, by their hashes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::hash::checksum_line;
use super::rewritten::{Rewritten, of_text, rewritten};
use super::{
    CHECKSUMS, Content, Entry, FileRecord, Folder, Hash, LARGEST_BUNDLE, LARGEST_DATA, LARGEST_MASTER,
    LARGEST_TEXT, Listed, MANIFEST, ReadError, Role, same_name,
};
use crate::file_name::shown_name;
use crate::finding::{ArchiveRule, Findings};
use crate::named_file::NamedFile;
use crate::render::pdf;
use crate::settings::MOST_DOCUMENTS;
use crate::stray::is_stray;

/// An edition has no more files: three for each document, and no ten beside them.
const MOST_LINES: usize = 3 * MOST_DOCUMENTS + 10;

/// Whether the files of an edition are those its manifest and its checksums name, and
/// how many there are. `originals` are files as they were recorded, where they are known.
pub(super) fn check_files(listed: &Listed<'_>, originals: &[NamedFile]) -> (Findings, usize) {
    let Listed { folder, manifest, .. } = listed;
    let mut findings = Findings::new();
    let at = |name: &str| folder.place(name);
    if !same_name(&manifest.folder(), &folder.name) {
        let says = manifest.folder();
        findings.push_at(at(MANIFEST), ArchiveRule::EditionInWrongFolder { says });
    }
    // What should be there: by name, with its hash. The manifest vouches for the
    // sources and documents, and itself stands in the checksums only.
    let mut expected: BTreeMap<&str, Option<String>> = BTreeMap::new();
    expected.extend(manifest.files.iter().map(|file| (file.name.as_str(), Some(file.sha256.clone()))));
    expected.extend(manifest.bundle.iter().map(|name| (name.as_str(), None)));
    expected.insert(MANIFEST, None);
    let mut lines = String::new();
    let mut seen: BTreeSet<&str> = BTreeSet::from([CHECKSUMS]);
    let mut count = 0;
    let mut bundle = None;
    for (name, sha256) in &expected {
        let there = folder.find(name);
        seen.extend(there.map(|(there, _)| there));
        let mut found = String::new();
        match there.map(|(_, entry)| hashed(entry)) {
            Some(Ok((content, hash))) => {
                count += 1;
                found = hash.to_string();
                if manifest.bundle.as_deref() == Some(name) {
                    bundle = rewritten_bundle(name, content, originals);
                }
                if let Some(recorded) = sha256.as_ref().filter(|recorded| **recorded != found) {
                    let original = originals.iter().find(|original| original.name == *name);
                    let original = original.map(|original| original.bytes.as_slice());
                    let kind = ArchiveRule::ArchivedFileChanged {
                        recorded: recorded.clone(),
                        found: found.clone(),
                        cause: rewritten(name, content, recorded, original).map(Rewritten::cause),
                    };
                    findings.push_at(at(name), kind);
                }
            }
            Some(Err(kind)) => findings.push_at(at(name), *kind),
            None => {
                findings.push_at(at(name), ArchiveRule::ArchivedFileMissing { name: (*name).to_owned() });
            }
        }
        lines.push_str(&checksum_line(sha256.as_ref().unwrap_or(&found), name));
    }
    findings.append(check_checksums(folder, &lines, bundle));
    for name in folder.entries.keys() {
        if !seen.contains(name.as_str()) && !is_stray(name) {
            findings.push_at(at(name), ArchiveRule::UnknownInArchive);
        }
    }
    (findings, count)
}

/// A file and its hash, or what is to be said of what stands in its place.
fn hashed(entry: &Entry) -> Result<(&Content, Hash), Box<ArchiveRule>> {
    let refused = |why: String| ArchiveRule::ArchivedFileUnreadable { why };
    let looked = match entry {
        Entry::File(content) => content.hash().map(|hash| (content, hash)),
        Entry::Link => return Err(ArchiveRule::ArchivedFileIsLink.into()),
        Entry::NoFile => return Err(refused("通常のファイルではありません".to_owned()).into()),
        Entry::TooLarge(bytes) => Err(ReadError::TooLarge(*bytes)),
    };
    looked.map_err(|unread| match unread {
        ReadError::TooLarge(bytes) => ArchiveRule::ArchivedFileTooLarge { bytes }.into(),
        ReadError::Refused(why) => refused(why).into(),
    })
}

/// What was done to a bundle, by its name, where it shows and carries what it did.
fn rewritten_bundle<'n>(
    name: &'n str,
    found: &Content,
    originals: &[NamedFile],
) -> Option<(&'n str, &'static str)> {
    let original = &originals.iter().find(|original| original.name == name)?.bytes;
    let bundled = |bytes: &[u8]| {
        let mut files: Vec<NamedFile> = pdf::extract(bytes).ok()?.into_iter().map(|one| one.file).collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Some(files)
    };
    let is_other = !found.is(original).ok()?;
    let how = is_other.then(|| rewritten(name, found, "", Some(original)))??;
    (bundled(original)? == bundled(&found.read(LARGEST_BUNDLE).ok()?)?).then(|| (name, how.cause()))
}

/// Whether the checksums are these lines. `bundle` is what was done to the bundle.
fn check_checksums(folder: &Folder, lines: &str, bundle: Option<(&str, &'static str)>) -> Findings {
    let mut findings = Findings::new();
    let at = folder.place(CHECKSUMS);
    let bytes = match folder.find(CHECKSUMS).map(|(_, entry)| hashed(entry)) {
        Some(Ok((content, _))) => content.read(LARGEST_TEXT),
        Some(Err(kind)) => {
            findings.push_at(at, *kind);
            return findings;
        }
        None => {
            findings.push_at(at, ArchiveRule::ArchivedFileMissing { name: CHECKSUMS.to_owned() });
            return findings;
        }
    };
    // What is larger than any list of hashes is not the one that was written.
    let bytes = bytes.unwrap_or_default();
    let bytes = bytes.as_ref();
    if bytes == lines.as_bytes() {
        return findings;
    }
    if let Some(how) = of_text(bytes, |bytes| bytes == lines.as_bytes()) {
        let kind = ArchiveRule::ChecksumsDiffer { name: None, cause: Some(how.cause()) };
        findings.push_at(at, kind);
        return findings;
    }
    let text = String::from_utf8_lossy(bytes);
    let differs: Vec<&str> = lines.lines().filter(|line| !text.lines().any(|there| there == *line)).collect();
    let named = differs.iter().filter_map(|line| line.split_once("  ")).map(|(_, name)| name.to_owned());
    let mut names: Vec<Option<String>> = named.map(Some).collect();
    if names.is_empty() {
        names.push(None);
    }
    for name in names {
        let cause = bundle.filter(|(bundle, _)| name.as_deref() == Some(bundle)).map(|(_, cause)| cause);
        findings.push_at(at.clone(), ArchiveRule::ChecksumsDiffer { name, cause });
    }
    findings
}

/// The bytes of the file of all documents with this role, where they are as they were recorded.
pub(super) fn recorded_bytes<'a>(listed: &'a Listed<'_>, role: Role) -> Option<Cow<'a, [u8]>> {
    bytes_of(listed, listed.manifest.record(role, None)?)
}

/// The bytes of a file, where they are as they were recorded.
pub(super) fn bytes_of<'a>(listed: &'a Listed<'_>, record: &FileRecord) -> Option<Cow<'a, [u8]>> {
    let most = match record.role {
        Role::Master => LARGEST_MASTER,
        Role::Settings | Role::Template => LARGEST_TEXT,
        Role::Data => LARGEST_DATA,
        Role::Document | Role::Workbook | Role::Errata | Role::ErrataWorkbook => LARGEST_BUNDLE,
    };
    let bytes = listed.folder.bytes(&record.name, most)?;
    record.is(&bytes).then_some(bytes)
}

/// The hash that the checksums of a folder have for a file.
pub(super) fn checksum_of(folder: &Folder, name: &str) -> Option<String> {
    let bytes = folder.bytes(CHECKSUMS, LARGEST_TEXT)?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once("  "));
    lines.find(|(_, of)| *of == name).map(|(sha256, _)| sha256.to_owned())
}

/// What the checksums say of a folder whose manifest cannot be read, and of how many files.
pub(super) fn check_by_checksums(folder: &Folder) -> (Findings, usize) {
    let (mut findings, mut count) = (Findings::new(), 0);
    let Some(bytes) = folder.bytes(CHECKSUMS, LARGEST_TEXT) else { return (findings, count) };
    let mut seen = BTreeSet::from([MANIFEST]);
    let text = String::from_utf8_lossy(&bytes);
    for (recorded, name) in text.lines().take(MOST_LINES).filter_map(|line| line.split_once("  ")) {
        if !seen.insert(name) {
            continue;
        }
        match folder.find(name).map(|(_, entry)| hashed(entry)) {
            Some(Ok((content, found))) => {
                count += 1;
                let found = found.to_string();
                if found != recorded {
                    let cause = rewritten(name, content, recorded, None).map(Rewritten::cause);
                    let recorded = recorded.to_owned();
                    let kind = ArchiveRule::ArchivedFileChanged { recorded, found, cause };
                    findings.push_at(folder.place(name), kind);
                }
            }
            Some(Err(kind)) => findings.push_at(folder.place(name), *kind),
            None => {
                let name = shown_name(name);
                findings.push_at(folder.place(CHECKSUMS), ArchiveRule::ArchivedFileMissing { name });
            }
        }
    }
    (findings, count)
}

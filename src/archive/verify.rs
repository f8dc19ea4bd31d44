//! Reading the whole archive and saying everything that is off, by file.
//!
//! Three questions, each asked only where the one before is answered well: are the
//! files those that were recorded; is the chain of editions whole; do the archived
//! sources still make the archived documents.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::record::checksum_line;
use super::{
    CHECKSUMS, Entry, Folder, Hash, Identity, Latest, Listed, MANIFEST, Manifest, Old, RecordError, Role,
    Sources, Stored, manifests, place, record,
};
use crate::finding::{Finding, FindingKind, Findings, Place};
use crate::layout::font::FontFiles;
use crate::render::pdf;
use crate::stray::is_stray;

/// Font files by their hash: a font is archived as its hash, and found here.
#[derive(Debug, Clone, Default)]
pub struct FontShelf(HashMap<String, Cow<'static, [u8]>>);

impl FontShelf {
    /// The compiled-in fonts and those of `others`.
    pub fn with(others: &FontFiles) -> Self {
        let mut shelf = Self::default();
        for files in [&FontFiles::default(), others] {
            let all = [Some(&files.regular), Some(&files.bold), files.fallback.as_ref()];
            for bytes in all.into_iter().flatten() {
                shelf.0.insert(Hash::of(bytes).to_string(), bytes.clone());
            }
        }
        shelf
    }

    /// The fonts of an edition; `None` where one of them is not at hand.
    pub fn fonts_of(&self, manifest: &Manifest) -> Option<FontFiles> {
        let face = |face: &str| manifest.fonts.iter().find(|font| font.face == face);
        let bytes =
            |face: &str| self.0.get(&manifest.fonts.iter().find(|font| font.face == face)?.sha256).cloned();
        let fallback = match face("fallback") {
            Some(_) => Some(bytes("fallback")?),
            None => None,
        };
        Some(FontFiles { regular: bytes("regular")?, bold: bytes("bold")?, fallback })
    }
}

/// Everything that is off in an archive. `version` is this program's; documents made
/// by another are allowed to come out differently, and are then named as such.
pub fn verify(stored: &Stored, shelf: &FontShelf, version: &str) -> Findings {
    let (listed, mut findings) = manifests(stored);
    for folder in &stored.folders {
        match listed.iter().find(|one| one.folder.name == folder.name) {
            Some(one) => findings.extend(files(one)),
            None => findings.extend(by_checksums(folder)),
        }
    }
    findings.extend(chain(&listed));
    findings.extend(newest(stored, &listed));
    for name in &stored.unfinished {
        findings.push(Finding::at(Place::file(name), FindingKind::UnfinishedEdition));
    }
    for name in &stored.strangers {
        findings.push(Finding::at(Place::file(name), FindingKind::UnknownInArchive));
    }
    findings.extend(remade(&listed, shelf, version));
    findings
}

/// What is off in the chain of editions: what must be mended before another is added.
pub fn verify_chain(stored: &Stored) -> Findings {
    let (listed, mut findings) = manifests(stored);
    for one in listed.iter().filter(|one| one.manifest.folder() != one.folder.name) {
        let says = one.manifest.folder();
        findings.push_at(place(one.folder, MANIFEST), FindingKind::EditionInWrongFolder { says });
    }
    findings.extend(chain(&listed));
    findings.extend(newest(stored, &listed));
    findings
}

/// Whether the files of an edition are those its manifest and its checksums name.
fn files(listed: &Listed<'_>) -> Findings {
    let Listed { folder, manifest, .. } = listed;
    let mut findings = Findings::new();
    let at = |name: &str| place(folder, name);
    if manifest.folder() != folder.name {
        let says = manifest.folder();
        findings.push_at(at(MANIFEST), FindingKind::EditionInWrongFolder { says });
    }
    // What should be there: by name, with its hash. The manifest vouches for the
    // sources and documents, and itself stands in the checksums only.
    let mut expected: BTreeMap<&str, Option<String>> = BTreeMap::new();
    expected.extend(manifest.files.iter().map(|file| (file.name.as_str(), Some(file.sha256.clone()))));
    expected.extend(manifest.bundle.iter().map(|name| (name.as_str(), None)));
    expected.insert(MANIFEST, None);
    let mut lines = String::new();
    for (name, sha256) in &expected {
        let found = match folder.entries.get(*name) {
            Some(Entry::File(bytes)) => Hash::of(bytes).to_string(),
            Some(Entry::TooLarge(bytes)) => {
                findings.push_at(at(name), FindingKind::ArchivedFileTooLarge { bytes: *bytes });
                String::new()
            }
            Some(Entry::NoFile) | None => {
                findings.push_at(at(name), FindingKind::ArchivedFileMissing { name: (*name).to_owned() });
                String::new()
            }
        };
        if let Some(recorded) = sha256
            && !found.is_empty()
            && *recorded != found
        {
            let (recorded, found) = (recorded.clone(), found.clone());
            findings.push_at(at(name), FindingKind::ArchivedFileChanged { recorded, found });
        }
        lines.push_str(&checksum_line(sha256.as_ref().unwrap_or(&found), name));
    }
    findings.extend(checksums(folder, &lines));
    for name in folder.entries.keys() {
        let known = expected.contains_key(name.as_str()) || name == CHECKSUMS;
        if !known && !is_stray(name) {
            findings.push_at(at(name), FindingKind::UnknownInArchive);
        }
    }
    findings
}

/// Whether the checksums are these lines.
fn checksums(folder: &Folder, lines: &str) -> Findings {
    let mut findings = Findings::new();
    let at = place(folder, CHECKSUMS);
    let Some(bytes) = folder.file(CHECKSUMS) else {
        findings.push_at(at, FindingKind::ArchivedFileMissing { name: CHECKSUMS.to_owned() });
        return findings;
    };
    if bytes == lines.as_bytes() {
        return findings;
    }
    let text = String::from_utf8_lossy(bytes);
    let differs: Vec<&str> = lines.lines().filter(|line| !text.lines().any(|there| there == *line)).collect();
    let named = differs.iter().filter_map(|line| line.split_once("  ")).map(|(_, name)| name.to_owned());
    let mut names: Vec<String> = named.collect();
    if names.is_empty() {
        names.push("行の順か区切り".to_owned());
    }
    for name in names {
        findings.push_at(at.clone(), FindingKind::ChecksumsDiffer { name });
    }
    findings
}

/// What the checksums say of a folder whose manifest cannot be read.
fn by_checksums(folder: &Folder) -> Findings {
    let mut findings = Findings::new();
    let Some(bytes) = folder.file(CHECKSUMS) else { return findings };
    for line in String::from_utf8_lossy(bytes).lines().take(1_000) {
        let Some((recorded, name)) = line.split_once("  ").filter(|(_, name)| *name != MANIFEST) else {
            continue;
        };
        match folder.entries.get(name) {
            Some(Entry::File(bytes)) if Hash::of(bytes).to_string() == recorded => {}
            Some(Entry::File(bytes)) => {
                let found = Hash::of(bytes).to_string();
                let recorded = recorded.to_owned();
                findings.push_at(place(folder, name), FindingKind::ArchivedFileChanged { recorded, found });
            }
            _ => {
                let name = name.to_owned();
                findings.push_at(place(folder, CHECKSUMS), FindingKind::ArchivedFileMissing { name });
            }
        }
    }
    findings
}

/// Whether each edition points to the one before it and to the one it corrects.
fn chain(listed: &[Listed<'_>]) -> Findings {
    let mut findings = Findings::new();
    let mut broken = |one: &Listed<'_>, why: String| {
        findings.push_at(place(one.folder, MANIFEST), FindingKind::ChainBroken { why });
    };
    let mut before: Option<&Listed<'_>> = None;
    for one in listed {
        let manifest = &one.manifest;
        let due = before.map_or(1, |before| before.manifest.sequence.saturating_add(1));
        if manifest.sequence != due {
            broken(
                one,
                match manifest.sequence.checked_sub(due) {
                    None => format!("通し番号{}が2つあります", manifest.sequence),
                    Some(_) => format!("通し番号{due}の版がありません"),
                },
            );
        } else {
            match (&manifest.previous, before) {
                (None, None) => {}
                (Some(link), Some(before)) if link.sha256 == before.sha256.to_string() => {}
                (Some(link), _) => {
                    broken(one, format!("1つ前の版「{}」の記録が、この版を作ったときと違います", link.folder))
                }
                (None, Some(_)) => broken(one, "1つ前の版の記録がありません".to_owned()),
            }
        }
        let corrected = manifest.edition.checked_sub(1).filter(|edition| *edition > 0);
        let corrected = corrected.map(|edition| {
            listed
                .iter()
                .find(|other| other.manifest.year == manifest.year && other.manifest.edition == edition)
        });
        match (&manifest.revises, corrected) {
            (None, None) => {}
            (Some(link), Some(Some(old))) if link.sha256 == old.sha256.to_string() => {}
            (Some(link), _) => broken(one, format!("訂正した版「{}」がないか、記録が違います", link.folder)),
            (None, Some(_)) => broken(one, "訂正した版の記録がありません".to_owned()),
        }
        before = Some(one);
    }
    findings
}

/// Whether the newest edition is the one that was newest.
fn newest(stored: &Stored, listed: &[Listed<'_>]) -> Findings {
    let mut findings = Findings::new();
    let at = Place::file(super::LATEST);
    let Some(newest) = listed.last() else {
        if stored.latest.is_some() {
            findings.push_at(at, FindingKind::NewestEditionMissing { folder: String::new() });
        }
        return findings;
    };
    let Some(bytes) = &stored.latest else {
        findings.push_at(at, FindingKind::NewestNotNoted);
        return findings;
    };
    let read: Option<Latest> = serde_json::from_slice(bytes).ok();
    let read = read.filter(|latest: &Latest| latest.to_json() == *bytes);
    let Some(latest) = read else {
        findings.push_at(at, FindingKind::NewestUnreadable);
        return findings;
    };
    let noted = listed.iter().find(|one| one.manifest.sequence == latest.sequence);
    match noted {
        Some(one) if one.sha256.to_string() != latest.sha256 || one.manifest.folder() != latest.folder => {
            findings.push_at(place(one.folder, MANIFEST), FindingKind::NewestDiffers);
        }
        // A run that was stopped between the edition and this note.
        Some(one) if one.manifest.sequence.checked_add(1) == Some(newest.manifest.sequence) => {
            findings.push_at(at, FindingKind::NewestNotNoted);
        }
        Some(one) if one.manifest.sequence == newest.manifest.sequence => {}
        _ => findings.push_at(at, FindingKind::NewestEditionMissing { folder: latest.folder }),
    }
    findings
}

/// Whether the archived sources still make what is archived, and bundles carry it.
/// Editions do not depend on each other here: each core takes the next.
fn remade(listed: &[Listed<'_>], shelf: &FontShelf, version: &str) -> Findings {
    let next = AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from).min(listed.len().max(1));
    let mut found: Vec<(usize, Findings)> = thread::scope(|scope| {
        let work = || {
            let mut mine = Vec::new();
            while let Some(one) = listed.get(next.fetch_add(1, Ordering::Relaxed)) {
                let at = mine.len();
                let mut findings = carried(one);
                findings.extend(again(one, listed, shelf, version));
                mine.push((listed.iter().position(|other| std::ptr::eq(other, one)).unwrap_or(at), findings));
            }
            mine
        };
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect()
    });
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().flat_map(|(_, findings)| findings).collect()
}

/// Whether a bundle carries the files that lie beside it, and no others.
fn carried(listed: &Listed<'_>) -> Findings {
    let Listed { folder, manifest, .. } = listed;
    let mut findings = Findings::new();
    let Some(name) = &manifest.bundle else { return findings };
    let Some(bytes) = folder.file(name) else { return findings };
    let mut differs = |why: String| findings.push_at(place(folder, name), FindingKind::BundleDiffers { why });
    let inside = match pdf::extract(bytes) {
        Ok(inside) => inside,
        Err(error) => {
            differs(error.to_string());
            return findings;
        }
    };
    let mut expected: Vec<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    expected.push(MANIFEST);
    for file in &inside {
        let short: String = file.name.chars().take(60).collect();
        match expected.iter().position(|name| *name == file.name) {
            None => differs(format!("記録にない「{short}」が入っています")),
            Some(at) => {
                expected.remove(at);
                // A file that is missing beside the bundle has been named already.
                let beside = folder.file(&file.name);
                if !file.agrees || beside.is_some_and(|beside| beside != file.bytes) {
                    differs(format!("中の「{short}」が、隣にあるファイルと違います"));
                }
            }
        }
    }
    for name in expected {
        differs(format!("「{name}」が入っていません"));
    }
    findings
}

/// What an edition was made from; `None` where a part of it is not as it was recorded.
pub fn sources<'a>(listed: &'a Listed<'_>, fonts: &'a FontFiles) -> Option<Sources<'a>> {
    let file = |role: Role| {
        let record = listed.manifest.files.iter().find(|file| file.role == role)?;
        let bytes = listed.folder.file(&record.name)?;
        (Hash::of(bytes).to_string() == record.sha256).then_some(bytes)
    };
    Some(Sources {
        master: file(Role::Master)?,
        settings: file(Role::Settings)?,
        template: std::str::from_utf8(file(Role::Template)?).ok()?,
        fonts,
    })
}

/// Whether making an edition again gives its bytes.
fn again(listed: &Listed<'_>, all: &[Listed<'_>], shelf: &FontShelf, version: &str) -> Findings {
    let Listed { folder, manifest, .. } = listed;
    let mut findings = Findings::new();
    let made_by = &manifest.program.version;
    let at = |name: &str| place(folder, name);
    let Some(fonts) = shelf.fonts_of(manifest) else {
        findings.push_at(at(MANIFEST), FindingKind::ArchivedFontMissing);
        return findings;
    };
    let old = manifest.edition.checked_sub(1).filter(|edition| *edition > 0).map(|edition| {
        all.iter().find(|other| other.manifest.year == manifest.year && other.manifest.edition == edition)
    });
    let old_fonts = old.flatten().and_then(|old| shelf.fonts_of(&old.manifest));
    // A damaged source, or a corrected edition that is gone, has been named already.
    let Some(sources) = sources(listed, &fonts) else { return findings };
    let old = match (old, &old_fonts) {
        (None, _) => None,
        (Some(Some(old)), Some(fonts)) => match self::sources(old, fonts) {
            Some(sources) => Some(Old { manifest: &old.manifest, sources }),
            None => return findings,
        },
        (Some(_), _) => return findings,
    };
    let identity = Identity {
        edition: manifest.edition,
        sequence: manifest.sequence,
        reason: manifest.reason.clone(),
        previous: manifest.previous.clone(),
        version: made_by.clone(),
        bundle: manifest.bundle.is_some(),
    };
    let other_version = made_by != version;
    let made = match record(&sources, &manifest.request(), &identity, old.as_ref()) {
        Ok(made) => made,
        Err(_) if other_version => {
            findings.push_at(at(MANIFEST), FindingKind::MadeByOtherVersion { version: made_by.clone() });
            return findings;
        }
        Err(error) => {
            let why = match error {
                RecordError::Data(faults) => faults.iter().map(Finding::message).next().unwrap_or_default(),
                other => other.to_string(),
            };
            findings.push_at(at(MANIFEST), FindingKind::CannotBeRemade { why });
            return findings;
        }
    };
    let differing = made.files.iter().filter(|file| {
        // Missing files have been named; the checksums follow from the others.
        file.name != CHECKSUMS && folder.file(&file.name).is_some_and(|there| there != file.bytes)
    });
    let names: Vec<String> = differing.map(|file| file.name.clone()).collect();
    if other_version && !names.is_empty() {
        findings.push_at(at(MANIFEST), FindingKind::MadeByOtherVersion { version: made_by.clone() });
    } else {
        for name in names {
            findings.push_at(at(&name), FindingKind::RemadeDiffers);
        }
    }
    findings
}

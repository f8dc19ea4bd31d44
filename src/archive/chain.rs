//! The chain of editions: whether each points to the one before it, and whether the
//! newest is the one that was newest.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use super::manifest::{ManifestError, canonical};
use super::rewritten::of_text;
use super::{Entry, Folder, Hash, LARGEST_TEXT, MANIFEST, Manifest, ReadError, Stored, same_name};
use crate::finding::{ArchiveRule, Finding, Findings, Place};

/// An edition whose manifest can be read.
#[derive(Debug, Clone)]
pub struct Listed<'a> {
    /// Where it is.
    pub folder: &'a Folder,
    /// Its record.
    pub manifest: Manifest,
    /// The hash of its manifest.
    pub sha256: Hash,
}

/// [`super::LATEST`]: written after an edition; should a run be stopped in between, it is
/// one edition behind, which verifying tells from a newest edition that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latest {
    /// The newest edition's folder.
    pub folder: String,
    /// Its place in the chain.
    pub sequence: u32,
    /// The SHA-256 of its manifest.
    pub sha256: String,
}

impl Latest {
    /// As the file says it.
    pub fn to_json(&self) -> Vec<u8> {
        canonical(self)
    }
}

/// The manifests of the archive, in the order in which they were made. Those that
/// cannot be read are findings.
pub fn manifests(stored: &Stored) -> (Vec<Listed<'_>>, Findings) {
    let mut findings = Findings::new();
    let mut all = Vec::new();
    for folder in &stored.folders {
        match read_manifest(folder) {
            Ok((manifest, sha256)) => all.push(Listed { folder, manifest, sha256 }),
            Err(faults) => findings.append(faults),
        }
    }
    all.sort_by(|a, b| (a.manifest.sequence, &a.folder.name).cmp(&(b.manifest.sequence, &b.folder.name)));
    (all, findings)
}

fn read_manifest(folder: &Folder) -> Result<(Manifest, Hash), Findings> {
    let fault = |kind| Err(Finding::at(folder.place(MANIFEST), kind).into());
    let unreadable = |why: String| fault(ArchiveRule::ManifestUnreadable { why });
    let content = match folder.entries.get(MANIFEST) {
        Some(Entry::File(content)) => content,
        Some(Entry::Link) => return fault(ArchiveRule::ArchivedFileIsLink),
        Some(Entry::NoFile | Entry::TooLarge(_)) => {
            return unreadable("通常の大きさのファイルではありません".to_owned());
        }
        None => return fault(ArchiveRule::ArchivedFileMissing { name: MANIFEST.to_owned() }),
    };
    match content.read(LARGEST_TEXT) {
        Ok(bytes) => match Manifest::read(&bytes) {
            Ok(manifest) => Ok((manifest, Hash::of(&bytes))),
            Err(why) => unreadable(why.to_string()),
        },
        Err(ReadError::TooLarge(_)) => unreadable(ManifestError::TooLarge.to_string()),
        Err(ReadError::Refused(why)) => fault(ArchiveRule::ArchivedFileUnreadable { why }),
    }
}

/// The editions in the order in which they were made, and what is off in their chain: what
/// must be mended before another is added.
pub fn read_chain(stored: &Stored) -> (Vec<Listed<'_>>, Findings) {
    let (listed, mut findings) = manifests(stored);
    for one in listed.iter().filter(|one| !same_name(&one.manifest.folder(), &one.folder.name)) {
        let says = one.manifest.folder();
        findings.push_at(one.folder.place(MANIFEST), ArchiveRule::EditionInWrongFolder { says });
    }
    findings.append(check_chain(stored, &listed));
    findings.append(check_newest(stored, &listed));
    findings.append(misplaced(stored));
    (listed, findings)
}

/// What bears the name of an edition and is none that can be looked at.
pub fn misplaced(stored: &Stored) -> Findings {
    let links = stored.links.iter().map(|name| (name, ArchiveRule::ArchivedFileIsLink));
    let closed = stored
        .closed
        .iter()
        .map(|(name, why)| (name, ArchiveRule::ArchivedFileUnreadable { why: why.clone() }));
    links.chain(closed).map(|(name, kind)| Finding::at(Place::file(name), kind)).collect()
}

/// Whether each edition points to the one before it and to the one it corrects.
pub(super) fn check_chain(stored: &Stored, listed: &[Listed<'_>]) -> Findings {
    let mut findings = Findings::new();
    let mut broken = |one: &Listed<'_>, why: String| {
        findings.push_at(one.folder.place(MANIFEST), ArchiveRule::ChainBroken { why });
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
                    Some(_) => match unreadable_record(stored, listed) {
                        None => format!("通し番号{due}の版がありません"),
                        Some(folder) => format!(
                            "通し番号{due}の版が見つかりません（記録を読み取れない「{folder}」かもしれません）"
                        ),
                    },
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

/// A folder whose record cannot be read.
fn unreadable_record<'s>(stored: &'s Stored, listed: &[Listed<'_>]) -> Option<&'s str> {
    let names = stored.folders.iter().map(|folder| folder.name.as_str());
    names.into_iter().find(|name| listed.iter().all(|one| one.folder.name != *name))
}

/// Whether the newest edition is the one that was newest, as far as the note of it and
/// what lies elsewhere tell.
pub(super) fn check_newest(stored: &Stored, listed: &[Listed<'_>]) -> Findings {
    let mut findings = check_latest(stored, listed);
    let last = listed.last().map_or(0, |one| one.manifest.sequence);
    for (name, manifest) in &stored.witnesses {
        let is_of_plan = listed.iter().all(|one| one.manifest.plan.id == manifest.plan.id);
        if is_of_plan && manifest.sequence > last {
            let folder = manifest.folder();
            findings.push_at(Place::file(name), ArchiveRule::NewestEditionMissing { folder });
        }
    }
    findings
}

fn check_latest(stored: &Stored, listed: &[Listed<'_>]) -> Findings {
    let mut findings = Findings::new();
    let at = Place::file(super::LATEST);
    let Some(bytes) = &stored.latest else {
        if !stored.folders.is_empty() {
            findings.push_at(at, ArchiveRule::NewestNoteMissing);
        }
        return findings;
    };
    let (latest, cause) = match read_note(bytes) {
        Note::AsWritten(latest) => (latest, None),
        Note::Rewritten(latest, cause) => (latest, Some(cause)),
        Note::Broken => {
            findings.push_at(at, ArchiveRule::NewestUnreadable { cause: None });
            return findings;
        }
    };
    if cause.is_some() {
        findings.push_at(at.clone(), ArchiveRule::NewestUnreadable { cause });
    }
    let noted = listed.iter().find(|one| one.manifest.sequence == latest.sequence);
    let last = listed.last().map(|one| one.manifest.sequence);
    match noted {
        Some(one) if one.sha256.to_string() != latest.sha256 || one.manifest.folder() != latest.folder => {
            findings.push_at(one.folder.place(MANIFEST), ArchiveRule::NewestDiffers);
        }
        // A run that was stopped between the edition and this note.
        Some(one) if one.manifest.sequence.checked_add(1) == last => {
            findings.push_at(at, ArchiveRule::NewestNotNoted);
        }
        Some(one) if Some(one.manifest.sequence) == last => {}
        _ => {
            let is_unreadable = listed.iter().all(|one| !same_name(&one.folder.name, &latest.folder))
                && stored.folders.iter().any(|folder| same_name(&folder.name, &latest.folder));
            findings.push_at(
                at,
                match is_unreadable {
                    true => ArchiveRule::NewestRecordUnreadable { folder: latest.folder },
                    false => ArchiveRule::NewestEditionMissing { folder: latest.folder },
                },
            );
        }
    }
    findings
}

/// The note of the newest edition, as it was found.
enum Note {
    AsWritten(Latest),
    /// It says the same in other bytes, for this cause.
    Rewritten(Latest, &'static str),
    Broken,
}

fn read_note(bytes: &[u8]) -> Note {
    let exactly = |bytes: &[u8]| {
        let latest: Option<Latest> = serde_json::from_slice(bytes).ok();
        latest.filter(|latest| latest.to_json() == bytes)
    };
    if let Some(latest) = exactly(bytes) {
        return Note::AsWritten(latest);
    }
    let latest_written = RefCell::new(None);
    let how = of_text(bytes, |bytes| {
        let latest = exactly(bytes);
        let is_one = latest.is_some();
        latest_written.replace(latest);
        is_one
    });
    match (how, latest_written.into_inner()) {
        (Some(how), Some(latest)) => Note::Rewritten(latest, how.cause()),
        _ => Note::Broken,
    }
}

//! The chain of editions: whether each points to the one before it, and whether the
//! newest is the one that was newest.

use std::cell::RefCell;

use super::rewritten::of_text;
use super::{Latest, Listed, MANIFEST, Stored, place, same_name};
use crate::finding::{ArchiveRule, Findings, Place};

/// Whether each edition points to the one before it and to the one it corrects.
pub(super) fn chain(stored: &Stored, listed: &[Listed<'_>]) -> Findings {
    let mut findings = Findings::new();
    let mut broken = |one: &Listed<'_>, why: String| {
        findings.push_at(place(one.folder, MANIFEST), ArchiveRule::ChainBroken { why });
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
                    Some(_) => match unread(stored, listed) {
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
fn unread<'s>(stored: &'s Stored, listed: &[Listed<'_>]) -> Option<&'s str> {
    let names = stored.folders.iter().map(|folder| folder.name.as_str());
    names.into_iter().find(|name| listed.iter().all(|one| one.folder.name != *name))
}

/// Whether the newest edition is the one that was newest, as far as the note of it and
/// what lies elsewhere tell.
pub(super) fn newest(stored: &Stored, listed: &[Listed<'_>]) -> Findings {
    let mut findings = as_noted(stored, listed);
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

fn as_noted(stored: &Stored, listed: &[Listed<'_>]) -> Findings {
    let mut findings = Findings::new();
    let at = Place::file(super::LATEST);
    let Some(bytes) = &stored.latest else {
        if !stored.folders.is_empty() {
            findings.push_at(at, ArchiveRule::NewestNoteMissing);
        }
        return findings;
    };
    let (latest, cause) = match read(bytes) {
        Read::AsWritten(latest) => (latest, None),
        Read::Rewritten(latest, cause) => (latest, Some(cause)),
        Read::Broken => {
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
            findings.push_at(place(one.folder, MANIFEST), ArchiveRule::NewestDiffers);
        }
        // A run that was stopped between the edition and this note.
        Some(one) if one.manifest.sequence.checked_add(1) == last => {
            findings.push_at(at, ArchiveRule::NewestNotNoted);
        }
        Some(one) if Some(one.manifest.sequence) == last => {}
        _ => {
            let is_unread = listed.iter().all(|one| !same_name(&one.folder.name, &latest.folder))
                && stored.folders.iter().any(|folder| same_name(&folder.name, &latest.folder));
            findings.push_at(
                at,
                match is_unread {
                    true => ArchiveRule::NewestRecordUnreadable { folder: latest.folder },
                    false => ArchiveRule::NewestEditionMissing { folder: latest.folder },
                },
            );
        }
    }
    findings
}

/// What became of the note of the newest edition.
enum Read {
    AsWritten(Latest),
    /// It says the same in other bytes, for this cause.
    Rewritten(Latest, &'static str),
    Broken,
}

fn read(bytes: &[u8]) -> Read {
    let exactly = |bytes: &[u8]| {
        let latest: Option<Latest> = serde_json::from_slice(bytes).ok();
        latest.filter(|latest| latest.to_json() == bytes)
    };
    if let Some(latest) = exactly(bytes) {
        return Read::AsWritten(latest);
    }
    let said = RefCell::new(None);
    let how = of_text(bytes, |bytes| {
        let latest = exactly(bytes);
        let is_one = latest.is_some();
        said.replace(latest);
        is_one
    });
    match (how, said.into_inner()) {
        (Some(how), Some(latest)) => Read::Rewritten(latest, how.cause()),
        _ => Read::Broken,
    }
}

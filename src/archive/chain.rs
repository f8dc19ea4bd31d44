//! The chain of editions: whether each points to the one before it, and whether the
//! newest is the one that was newest.

use super::{Latest, Listed, MANIFEST, Stored, place};
use crate::finding::{FindingKind, Findings, Place};

/// Whether each edition points to the one before it and to the one it corrects.
pub(super) fn chain(listed: &[Listed<'_>]) -> Findings {
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
pub(super) fn newest(stored: &Stored, listed: &[Listed<'_>]) -> Findings {
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

//! What is in a bundle (「保存用」のPDF): taken out, and held against its own record.

use std::collections::BTreeSet;

use super::files::bytes_of;
use super::{FileRecord, LARGEST_BUNDLE, Listed, MANIFEST, Manifest, ReadError, Role, same_name};
use crate::file_name::{folded_name, is_safe_name, shown_name};
use crate::finding::{ArchiveRule, Finding, Findings, Place};
use crate::named_file::NamedFile;
use crate::render::pdf::{self, ExtractedFile};

/// The files within a bundle, each under its base name, and as its manifest records
/// them where it has one.
///
/// # Errors
/// What is wrong with the bundle called `name`.
pub fn bundled_files(pdf: &[u8], name: &str) -> Result<Vec<NamedFile>, Findings> {
    let fault = |why: String| Findings::from(Finding::at(Place::file(name), ArchiveRule::NotABundle { why }));
    let mut files: Vec<NamedFile> = Vec::new();
    let mut taken = BTreeSet::new();
    for ExtractedFile { file, agrees } in pdf::extract(pdf).map_err(|error| fault(error.to_string()))? {
        let base = file.name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let short = shown_name(&base);
        if !is_safe_name(&base) || !taken.insert(folded_name(&base)) {
            return Err(fault(format!("中のファイルの名前「{short}」は使えません")));
        }
        if !agrees {
            return Err(fault(format!("中の「{short}」が壊れています")));
        }
        files.push(NamedFile { name: base, bytes: file.bytes });
    }
    let content =
        |name: &str| files.iter().find(|file| same_name(&file.name, name)).map(|file| file.bytes.as_slice());
    if let Some(bytes) = content(MANIFEST) {
        let manifest = Manifest::read(bytes).map_err(|error| fault(error.to_string()))?;
        let differs = |file: &&FileRecord| content(&file.name).is_none_or(|bytes| !file.is(bytes));
        if let Some(file) = manifest.files.iter().find(differs) {
            return Err(fault(format!("中の「{}」が、保存の記録と違います", file.name)));
        }
    }
    Ok(files)
}

/// The record within a bundle, where it has one that can be read.
pub fn bundled_manifest(pdf: &[u8]) -> Option<Manifest> {
    Manifest::read(&pdf::extract_one(pdf, MANIFEST).ok()??).ok()
}

/// Whether a bundle carries the files that lie beside it, and no others.
///
/// Gives back those of the files in it that are as they were recorded, where what lies
/// beside it is not.
pub(super) fn check_bundle(listed: &Listed<'_>) -> (Findings, Vec<NamedFile>) {
    let Listed { folder, manifest, .. } = listed;
    let (mut findings, mut originals) = (Findings::new(), Vec::new());
    let Some(name) = &manifest.bundle else { return (findings, originals) };
    let Some(content) = folder.file(name) else { return (findings, originals) };
    let mut differs = |why: String| findings.push_at(folder.place(name), ArchiveRule::BundleDiffers { why });
    let bytes = match content.read(LARGEST_BUNDLE) {
        Ok(bytes) => bytes,
        Err(ReadError::TooLarge(_)) => {
            differs("PDFが大きすぎて読めません".to_owned());
            return (findings, originals);
        }
        // That it cannot be read has been named.
        Err(ReadError::Refused(_)) => return (findings, originals),
    };
    let inside = match pdf::extract(&bytes) {
        Ok(inside) => inside,
        Err(error) => {
            differs(error.to_string());
            return (findings, originals);
        }
    };
    let mut expected: Vec<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    expected.push(MANIFEST);
    for ExtractedFile { file, agrees } in inside {
        let short = shown_name(&file.name);
        match expected.iter().position(|name| same_name(name, &file.name)) {
            None => differs(format!("記録にない「{short}」が入っています")),
            Some(at) => {
                let name = expected.remove(at).to_owned();
                let as_recorded = manifest.file(&name).map(|record| record.is(&file.bytes));
                // A file that is missing beside the bundle has been named already.
                let is_other = folder.has_other(&name, &file.bytes);
                match as_recorded {
                    Some(true) if agrees && is_other => differs(format!(
                        "中の「{short}」は保存したときのままで、隣にあるファイルが違います（「jisseki archive extract」で取り出せます）"
                    )),
                    Some(true) | None if agrees && !is_other => {}
                    _ => differs(format!("中の「{short}」が、保存の記録と違います")),
                }
                if as_recorded == Some(true) && is_other {
                    originals.push(NamedFile { name, bytes: file.bytes });
                }
            }
        }
    }
    for name in expected {
        differs(format!("「{name}」が入っていません"));
    }
    (findings, originals)
}

/// Whether the pages of a bundle that cannot be made again are those of the first document
/// beside it, for which the manifest vouches.
pub(super) fn check_bundle_pages(listed: &Listed<'_>) -> Option<Finding> {
    let Listed { folder, manifest, .. } = listed;
    let name = manifest.bundle.as_ref()?;
    let bundle = folder.bytes(name, LARGEST_BUNDLE)?;
    // What is not as it was recorded has been named, and vouches for nothing.
    let record = manifest.record(Role::Document, manifest.documents.first())?;
    let (document, beside) = (bytes_of(listed, record)?, &record.name);
    let why = match pdf::bundle_shows(&document, &bundle) {
        Ok(true) => return None,
        Ok(false) => format!("ページが、隣にある「{beside}」と違います"),
        Err(error) => format!("ページを、隣にある「{beside}」と比べられません。{error}"),
    };
    Some(Finding::at(folder.place(name), ArchiveRule::BundleDiffers { why }))
}

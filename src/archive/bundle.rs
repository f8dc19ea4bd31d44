//! What is in a bundle (「保存用」のPDF): taken out, and held against its own record.

use std::collections::BTreeSet;

use super::{FileRecord, Hash, Kept, MANIFEST, Manifest, same_name};
use crate::file_name::{folded_name, is_safe_name, shown_name};
use crate::finding::{Finding, FindingKind, Findings, Place};
use crate::render::pdf;

/// The files within a bundle, each under its base name, and as its manifest records
/// them where it has one.
///
/// # Errors
/// What is wrong with the bundle called `name`.
pub fn carried(pdf: &[u8], name: &str) -> Result<Vec<Kept>, Findings> {
    let fault = |why: String| Findings::from(Finding::at(Place::file(name), FindingKind::NotABundle { why }));
    let mut kept: Vec<Kept> = Vec::new();
    let mut taken = BTreeSet::new();
    for file in pdf::extract(pdf).map_err(|error| fault(error.to_string()))? {
        let base = file.name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let short = shown_name(&base);
        if !is_safe_name(&base) || !taken.insert(folded_name(&base)) {
            return Err(fault(format!("中のファイルの名前「{short}」は使えません")));
        }
        if !file.agrees {
            return Err(fault(format!("中の「{short}」が壊れています")));
        }
        kept.push(Kept { name: base, bytes: file.bytes });
    }
    let content =
        |name: &str| kept.iter().find(|file| same_name(&file.name, name)).map(|file| file.bytes.as_slice());
    if let Some(bytes) = content(MANIFEST) {
        let manifest = Manifest::read(bytes).map_err(|error| fault(error.to_string()))?;
        let differs = |file: &&FileRecord| {
            content(&file.name).is_none_or(|bytes| Hash::of(bytes).to_string() != file.sha256)
        };
        if let Some(file) = manifest.files.iter().find(differs) {
            return Err(fault(format!("中の「{}」が、保存の記録と違います", file.name)));
        }
    }
    Ok(kept)
}

/// The record within a bundle, where it has one that can be read.
pub fn record_in(pdf: &[u8]) -> Option<Manifest> {
    Manifest::read(&pdf::extract_one(pdf, MANIFEST).ok()??).ok()
}

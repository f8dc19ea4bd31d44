//! The fonts of an edition: archived as their hashes, and found again by them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{FontRecord, Hash, Manifest};
use crate::layout::font::FontFiles;

/// Font files by their hash: a font is archived as its hash, and found here.
#[derive(Debug, Clone, Default)]
pub struct FontShelf(HashMap<String, Cow<'static, [u8]>>);

impl FontShelf {
    /// The compiled-in fonts and those of `others`.
    pub fn with<'f>(others: impl IntoIterator<Item = &'f FontFiles>) -> Self {
        let mut shelf = Self::default();
        shelf.put(&FontFiles::default());
        others.into_iter().for_each(|files| shelf.put(files));
        shelf
    }

    fn put(&mut self, files: &FontFiles) {
        let all = [Some(&files.regular), Some(&files.bold), files.fallback.as_ref()];
        for bytes in all.into_iter().flatten() {
            self.0.insert(Hash::of(bytes).to_string(), bytes.clone());
        }
    }

    /// The fonts of each document of an edition; `None` where one of them is not at hand.
    pub fn fonts_of(&self, manifest: &Manifest) -> Option<Vec<FontFiles>> {
        manifest.documents.iter().map(|document| self.files(&document.fonts)).collect()
    }

    fn files(&self, fonts: &[FontRecord]) -> Option<FontFiles> {
        let face = |face: &str| fonts.iter().find(|font| font.face == face);
        let bytes = |name: &str| self.0.get(&face(name)?.sha256).cloned();
        let fallback = match face("fallback") {
            Some(_) => Some(bytes("fallback")?),
            None => None,
        };
        Some(FontFiles { regular: bytes("regular")?, bold: bytes("bold")?, fallback })
    }
}

/// What the manifest says of font files.
pub(super) fn font_records(fonts: &FontFiles) -> Vec<FontRecord> {
    let faces = [
        ("regular", Some(&fonts.regular)),
        ("bold", Some(&fonts.bold)),
        ("fallback", fonts.fallback.as_ref()),
    ];
    let record = |(face, bytes): (&str, Option<&Cow<'static, [u8]>>)| {
        bytes.map(|bytes| FontRecord {
            face: face.to_owned(),
            size: bytes.len(),
            sha256: Hash::of(bytes).to_string(),
        })
    };
    faces.into_iter().filter_map(record).collect()
}

//! Finished packages in which a part has to say something else.

use std::io::{Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::COMPRESSION;

/// The workbook with other texts in the parts that `is_changed` names: what `change` makes
/// of a part's name and text. The others are taken over as they are, still packed.
pub(super) fn rewritten(
    workbook: &[u8],
    is_changed: impl Fn(&str) -> bool,
    change: impl Fn(&str, String) -> String,
) -> Result<Vec<u8>, ZipError> {
    // The time of every part is the library's own: the same on every run.
    let options = SimpleFileOptions::default()
        .compression_level(Some(COMPRESSION.into()))
        .last_modified_time(zip::DateTime::default());
    let mut archive = ZipArchive::new(Cursor::new(workbook))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(workbook.len())));
    for at in 0..archive.len() {
        let packed = archive.by_index_raw(at)?;
        let name = packed.name()?.into_owned();
        if !is_changed(&name) {
            writer.raw_copy_file(packed)?;
            continue;
        }
        drop(packed);
        let mut text = String::new();
        archive.by_index(at)?.read_to_string(&mut text)?;
        writer.start_file(name.as_str(), options)?;
        writer.write_all(change(&name, text).as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

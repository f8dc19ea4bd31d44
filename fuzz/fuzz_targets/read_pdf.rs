//! What stands in the place of a bundle or a document never stops the program: files come
//! out of it under names that stay in their folder, and it shows what it shows itself.
//!
//! `cargo +nightly fuzz run read_pdf -- -max_total_time=60 -rss_limit_mb=400`

#![no_main]

use jisseki::archive;
use jisseki::file_name::is_safe_name;
use jisseki::render::pdf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(files) = pdf::extract(bytes) {
        assert!(files.iter().map(|one| one.file.bytes.len()).sum::<usize>() <= pdf::LARGEST);
    }
    if let Ok(files) = archive::bundled_files(bytes, "a.pdf") {
        assert!(files.iter().all(|file| is_safe_name(&file.name)));
    }
    let _ = archive::bundled_manifest(bytes);
    let _ = pdf::bundle_shows(bytes, bytes);
    let _ = pdf::same_pages(bytes, bytes);
});

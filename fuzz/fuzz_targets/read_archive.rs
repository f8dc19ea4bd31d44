//! What stands in the place of a manifest, a template or a bundle never stops the
//! program; a manifest that is read is written back unchanged.
//!
//! `cargo +nightly fuzz run read_archive -- -max_total_time=60`

#![no_main]

use jisseki::archive::Manifest;
use jisseki::layout::template::Template;
use jisseki::render::pdf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(manifest) = Manifest::read(bytes) {
        assert_eq!(manifest.to_json(), bytes);
    }
    let _ = Template::whole(bytes, "template.toml");
    let _ = pdf::extract(bytes);
    let _ = pdf::bundle_shows(bytes, bytes);
});

//! What stands in the place of a manifest, a note or a template never stops the program;
//! a manifest that is read is written back unchanged. `read_pdf` does the same for bundles.
//!
//! `cargo +nightly fuzz run read_archive -- -max_total_time=60`

#![no_main]

use std::collections::BTreeMap;

use jisseki::archive::{Content, Entry, Folder, MANIFEST, Manifest, Stored, read_chain};
use jisseki::layout::template::Template;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(manifest) = Manifest::read(bytes) {
        assert_eq!(manifest.to_json(), bytes);
    }
    let _ = Template::whole(bytes, "template.toml");
    let entry = Entry::File(Content::Bytes(bytes.to_vec()));
    let folder = Folder { name: "R4".to_owned(), entries: BTreeMap::from([(MANIFEST.to_owned(), entry)]) };
    let _ = read_chain(&Stored { folders: vec![folder], latest: Some(bytes.to_vec()), ..Stored::default() });
});

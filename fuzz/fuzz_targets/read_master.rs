//! Any bytes can be read without a panic; what is a master is written back unchanged.
//!
//! `cargo +nightly fuzz run read_master -- -max_total_time=60`

#![no_main]

use std::sync::LazyLock;

use jisseki::check::{self, Coverage};
use jisseki::master;
use jisseki::settings::Settings;
use libfuzzer_sys::fuzz_target;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    toml::from_str("[plan]\nid='p'\ncity='c'\noffice='o'\nname='n'\ntitle='t'").expect("the settings are sound")
});

fuzz_target!(|bytes: &[u8]| {
    let (master, findings) = master::read(bytes, "master.csv", &SETTINGS);
    let _ = jisseki::finding::render(&findings, false, 80);
    if let Some(master) = master {
        let _ = check::check(&master, &SETTINGS);
        let _ = check::glyphs(&master.source, &Coverage { covers: &|sign| sign.base.is_ascii(), fallback: None });
        assert_eq!(master.source.rewrite(&[]).as_deref(), Ok(bytes));
    }
});

//! What departments send back may be anything: it is read or refused, never a panic.
//! A zip is what most of them are, so the fuzzer is handed one to begin with.
//!
//! `cargo +nightly fuzz run read_return tests/returns/files -- -max_total_time=60`

#![no_main]

use jisseki::exchange::returned;
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: {
        // A panic of the library that reads workbooks is caught and becomes a finding;
        // any other is what the fuzzer looks for.
        std::panic::set_hook(Box::new(|bug| {
            if !returned::is_reading() {
                eprintln!("{bug}");
                std::process::abort();
            }
        }));
    },
    |bytes: &[u8]| {
    let (_, findings) = returned::read(bytes, "return.xlsx");
    let _ = jisseki::finding::render(&findings, false, 80);
});

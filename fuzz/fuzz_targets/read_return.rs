//! What departments send back may be anything: it is read or refused, never a panic.
//! A zip is what most of them are, so the fuzzer is handed one to begin with.
//!
//! `cargo +nightly fuzz run read_return tests/returns/files -- -max_total_time=60`

#![no_main]

use jisseki::exchange::returned;
use libfuzzer_sys::fuzz_target;

// A panic within the reading is caught by the program; here it ends the run first.
fuzz_target!(|bytes: &[u8]| {
    let (_, findings) = returned::read(bytes, "return.xlsx");
    let _ = jisseki::finding::render(&findings, false, 80);
});

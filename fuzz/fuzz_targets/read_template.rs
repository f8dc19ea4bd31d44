//! A city's own template may hold anything: it is read or refused, never a panic.
#![no_main]

use jisseki::layout::template::Template;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Template::read(bytes, "template.toml");
});

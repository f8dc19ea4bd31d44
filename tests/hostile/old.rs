//! Workbooks of other programs: .ods, and .xls as Excel wrote it before 2007.

use crate::books::package;
use crate::run::collected;

mod compound;
mod document;

/// Each of these files ends in a message with the code beside it; one without a code may
/// be read.
fn each(cases: Vec<(&str, Vec<u8>, &str)>) {
    // To look at them by other means.
    if let Some(folder) = std::env::var_os("HOSTILE_FILES") {
        for (name, bytes, _) in &cases {
            std::fs::write(std::path::Path::new(&folder).join(name), bytes).unwrap();
        }
    }
    for (name, bytes, expected) in cases {
        collected(name, &bytes, expected);
    }
}

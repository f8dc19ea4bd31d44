//! `jisseki` (実績, "actuals"): one CSV master in, the yearly council documents of a
//! Japanese city's strategy out.
//!
//! `cli` is the only part that prints, says what day it is or decides an exit code, `window` its
//! like in the browser; `app` has the use cases, `storage` the disk. All below is a library of values and findings; see
//! `docs/ARCHITECTURE.md` for the map.

pub mod app;
pub mod archive;
pub mod check;
pub mod cli;
pub mod cores;
pub mod diff;
pub mod documents;
pub mod exchange;
pub mod file_name;
pub mod finding;
pub mod init;
pub mod layout;
pub mod master;
pub mod named_file;
pub mod plan;
pub mod render;
pub mod settings;
pub mod sign;
pub mod storage;
pub mod stray;
pub mod toml_file;
pub mod visible;
pub mod window;
pub mod workbook;

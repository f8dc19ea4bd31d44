//! Everything that touches the disk: reading within limits, taking folders, putting files
//! in place whole, and saying in Japanese why the system refused.
//!
//! | file | what it answers for |
//! | --- | --- |
//! | `files` | one file: read within its limit, replaced whole |
//! | `folders` | where somebody begins to look for a folder |
//! | `lock` | one run at a time in a folder |
//! | `set` | files that belong together: all in place, or none |
//! | `swap` | the master: exchanged for the one that was read, and no other |
//! | `archive_folder` | the archive's folder: read as it is found, an edition added whole |
//! | `returns` | what came back from the departments, each file for itself |
//! | `uploads` | what is dropped on the local window, until it is closed |
//! | `user_folder` | what the local window keeps for its user |
//! | `wildcards` | `*` and `?` in names |
//! | `paths` | paths, as the system takes them and as people read them |
//! | `reason` | why the system refused |

pub mod archive_folder;
pub mod files;
pub mod folders;
pub mod lock;
pub mod paths;
pub mod reason;
pub mod returns;
pub mod set;
pub mod swap;
pub mod uploads;
pub mod user_folder;
mod wildcards;

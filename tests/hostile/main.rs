//! Files made to do harm: each ends in a message that names it, within two seconds and
//! 200 MB, and stops nothing else.
//!
//! The program itself is run, so that its time and its peak memory can be measured.
#![allow(missing_docs, clippy::unwrap_used)]

mod books;
mod old;
mod pdf;
mod run;
mod text;
mod xlsx;

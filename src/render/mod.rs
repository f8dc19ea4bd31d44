//! Drawing: grids in, the bytes of files out.
//!
//! A writer draws a [`crate::layout::grid::Document`] and knows nothing of KPIs;
//! what it draws was measured, broken into lines and pages before. Each writer is
//! the only place that names its library. Does no I/O and reads no clock: the date
//! arrives in [`Meta`], so the same input gives the same bytes.

pub mod data;
pub mod listing;
mod meta;
mod page;
pub mod pdf;
pub mod svg;
pub mod xlsx;

pub use meta::{Meta, Program};

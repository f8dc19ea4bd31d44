//! What a page contains: the plan, the template and the fonts in, grids out.

pub mod grid;
mod length;

pub use length::Length;

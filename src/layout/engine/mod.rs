//! From pictures of rows on columns to pages. It knows rows, columns, cells and texts, and
//! nothing of plans: how wide columns are, where lines break, how tall rows are, where pages
//! end.

mod blank;
pub mod block;
pub(crate) mod closing;
pub mod columns;
pub mod divide;
pub mod font;
pub mod limits;
pub mod paginate;
pub mod spread;
pub mod text;
mod words;

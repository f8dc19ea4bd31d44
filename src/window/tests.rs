//! The window as a browser sees it, and as whoever is no browser does.

mod check;
mod client;
mod let_in;

pub use client::{Answered, Client, clock, copy};

//! The local window: the use cases of [`app`](crate::app) as pages in the browser that is there.
//!
//! A second face beside the command line. It serves on 127.0.0.1 alone and to one browser alone
//! ([`guard`]); its pages turn forms into requests and reports into tables ([`pages`]) and have no
//! rule of their own. It prints nothing, and is told what day it is.

mod answer;
mod assets;
mod events;
mod guard;
mod ids;
mod instance;
mod jobs;
mod life;
mod page;
mod pages;
mod previews;
mod progress;
mod readings;
mod secret;
mod server;
mod state;
mod step;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;

use std::path::PathBuf;

use chrono::NaiveDateTime;

pub use server::run;

/// How the window is opened.
pub struct Options {
    /// The plan whose page comes first; the list of plans where none is named.
    pub plan: Option<PathBuf>,
    /// Opens the browser and ends when its last page is closed. Without it, the address is only
    /// told, and the window is served until it is ended.
    pub browser: bool,
    /// The time of day, as often as it is asked for.
    pub clock: fn() -> NaiveDateTime,
}

/// What is to be known of a window that opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The browser shows it.
    Opened,
    /// Where it is to be opened: no browser was asked for.
    At(String),
    /// Where it is to be opened by hand, for no browser could be.
    NoBrowser(String),
}

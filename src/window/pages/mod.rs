//! The pages. Each turns what its forms send into the request of a use case, and the report into
//! HTML; long work is a job ([`super::jobs`]), whose page comes when it is over.

mod archive;
mod build;
mod check;
mod collect;
mod distribute;
mod figures;
mod files;
mod found;
mod home;
mod jobs;
mod paper;
mod plans;
mod refused;
mod sent;

use askama::Template;
use axum::Router;
use serde::Deserialize;

use super::answer::{Answer, Problem, drawn};
use super::state::Shared;
use crate::plan::FiscalYear;

/// With the addresses of all pages.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    let pages = [
        plans::routes,
        home::routes,
        check::routes,
        paper::routes,
        build::routes,
        distribute::routes,
        collect::routes,
        archive::routes,
        files::routes,
        jobs::routes,
    ];
    pages.into_iter().fold(router, |router, page| page(router))
}

/// What the address of a plan's page may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    /// `R4`
    year: Option<String>,
}

impl Asked {
    /// The year, where one is asked for that can be read.
    fn year(&self) -> Option<FiscalYear> {
        self.year.as_deref().and_then(FiscalYear::parse)
    }
}

/// Reads and draws apart from the server, which answers others meanwhile.
pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(anyhow::anyhow!("プログラムの不具合で停止しました").into()))
}

/// What is left when the window has ended.
#[derive(Template)]
#[template(path = "ended.html")]
struct Ended;

/// The last page.
pub fn ended() -> Answer {
    drawn(&Ended)
}

/// As a part of an address (RFC 3986, 2.1).
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

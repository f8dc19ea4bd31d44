//! What pages are told while they are open: how far a job is, and that a master was saved.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use tokio::sync::watch;

use super::answer::{Answer, Problem};
use super::jobs::State as JobState;
use super::pages::apart;
use super::state::Shared;
use crate::storage::files;

/// How often the file of the master is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How far a job is: `step` with what is being done, and in the end `done`.
pub async fn of_job(State(window): State<Shared>, Path(id): Path<String>) -> Answer {
    let job = window.jobs.get(&id).ok_or(Problem::Missing)?;
    let (state, closing) = (job.state(), window.closing());
    let next = |(mut state, mut closing, seen): (watch::Receiver<JobState>, watch::Receiver<bool>, bool)| async move {
        if seen {
            tokio::select! {
                changed = state.changed() => changed.ok()?,
                _ = closing.wait_for(|is| *is) => return None,
            }
        }
        let event = match state.borrow_and_update().clone() {
            JobState::Running(doing) => Event::default().event("step").data(doing.replace(['\r', '\n'], " ")),
            JobState::Done(_) => Event::default().event("done").data("done"),
        };
        Some((Ok(event), (state, closing, true)))
    };
    Ok(sent(stream::unfold((state, closing, false), next)))
}

/// That the master of a plan was saved: `changed`.
pub async fn of_plan(State(window): State<Shared>, Path(id): Path<String>) -> Answer {
    // A share that does not answer keeps nobody but this page waiting.
    let opened = std::sync::Arc::clone(&window);
    let path = apart(move || Ok(opened.plan(&id)?.master_path())).await?;
    let (seen, closing) = (looked(path.clone()).await, window.closing());
    let next = move |(path, seen, mut closing): (PathBuf, _, watch::Receiver<bool>)| async move {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                _ = closing.wait_for(|is| *is) => return None,
            }
            let now = tokio::select! {
                now = looked(path.clone()) => now,
                _ = closing.wait_for(|is| *is) => return None,
            };
            // While it is saved, there is none for a moment.
            if now.is_some() && now != seen {
                return Some((Ok(Event::default().event("changed").data("changed")), (path, now, closing)));
            }
        }
    };
    Ok(sent(stream::unfold((path, seen, closing), next)))
}

/// When a file was saved last.
async fn looked(path: PathBuf) -> Option<(SystemTime, u64)> {
    tokio::task::spawn_blocking(move || files::stamp(&path)).await.ok().flatten()
}

/// Browsers drop an event without data, and an empty text is none: each event carries something.
fn sent(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

//! The server: it listens on this PC alone, and ends with its pages.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::answer::{Answer, Problem, see, typed};
use super::state::{Shared, Window};
use super::{Options, Told, assets, events, guard, instance, pages};
use crate::storage::user_folder::UserFolder;

/// A form has some fields, no more bytes than this; what is dropped on the page has a limit of
/// its own.
const LARGEST_FORM: usize = 2 << 20;
/// Requests that are still being answered get so long when the window ends.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long a second of [`Life`](super::life::Life) is.
const TICK: Duration = Duration::from_secs(1);

/// Opens the window, and serves it until it ends; or, where one is open, opens a tab of that.
///
/// # Errors
/// Where the system gives no port, no random numbers or no folder of the user's own.
pub fn run(options: &Options, tell: &dyn Fn(Told)) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("画面を開く準備ができません")?;
    let user = UserFolder::of_user();
    // Served for whoever has the address, a window is nobody's only one.
    let only = match options.browser {
        false => None,
        true => match instance::only_or_tab(&user, options.plan.as_deref(), tell)? {
            Some(only) => Some(only),
            None => return Ok(()),
        },
    };
    let (window, ended) = runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.context("画面を開く準備ができません")?;
        let port = listener.local_addr().context("画面を開く準備ができません")?.port();
        let window = Arc::new(Window::new(port, options.clock, user)?);
        let address = window.start_address(window.first_page(options.plan.as_deref())?)?;
        if let Some(only) = &only {
            only.note(&instance::note(&window))?;
        }
        let serving = tokio::spawn(serve(listener, Arc::clone(&window)));
        match options.browser {
            true => {
                tell(instance::show(address));
                tokio::spawn(live(Arc::clone(&window)));
            }
            false => tell(Told::At(address)),
        }
        tokio::spawn(end_on_interrupt(Arc::clone(&window)));
        let served = serving.await.context("画面が途中で止まりました").and_then(|served| served);
        Ok::<_, anyhow::Error>((window, served))
    })?;
    // What is being written is written whole; what only waits for a share that is gone is left.
    while window.jobs.run() {
        std::thread::sleep(Duration::from_millis(50));
    }
    window.forget_uploads();
    runtime.shutdown_timeout(PATIENCE);
    ended
}

/// Serves the window until it is closed.
async fn serve(listener: TcpListener, window: Shared) -> Result<()> {
    let (mut closing, mut late) = (window.closing(), window.closing());
    let server = axum::serve(listener, router(window)).with_graceful_shutdown(async move {
        let _ = closing.wait_for(|is| *is).await;
    });
    tokio::select! {
        served = server => served.context("画面が途中で止まりました"),
        () = async move {
            let _ = late.wait_for(|is| *is).await;
            sleep(PATIENCE).await;
        } => Ok(()),
    }
}

/// Ends the window where Ctrl+C is pressed: nothing that was dropped on it is left behind.
async fn end_on_interrupt(window: Shared) {
    if tokio::signal::ctrl_c().await.is_ok() {
        window.jobs.stop();
        window.close();
    }
}

/// Ends the window when its pages are closed.
async fn live(window: Shared) {
    let mut ticks = interval(TICK);
    // While the PC sleeps nothing is counted, and nothing is caught up on.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let runs = window.jobs.run();
        if window.with_life(|life| life.tick(runs)) {
            return window.close();
        }
    }
}

/// All addresses of the window.
pub fn router(window: Shared) -> Router {
    let routes = Router::new()
        .route(guard::START, get(guard::start))
        .route(guard::AGAIN, post(guard::again))
        .route("/assets/{name}", get(assets::show))
        .route("/ping", post(ping))
        .route("/bye", post(bye))
        .route("/quit", post(quit))
        .route("/p/{plan}/events", get(events::of_plan))
        .route("/jobs/{job}/events", get(events::of_job));
    let pages = pages::routes(routes)
        .fallback(|| async { Problem::Missing })
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(middleware::from_fn_with_state(Arc::clone(&window), guard::guard))
        .with_state(Arc::clone(&window));
    Router::new().fallback(guard::enter).layer(DefaultBodyLimit::disable()).with_state((window, pages))
}

/// Which page it is that says so.
#[derive(Deserialize)]
struct OfPage {
    page: String,
}

/// A page is open.
async fn ping(State(window): State<Shared>, Query(of): Query<OfPage>) -> StatusCode {
    window.with_life(|life| life.ping(&of.page));
    StatusCode::NO_CONTENT
}

/// A page is closed.
async fn bye(State(window): State<Shared>, Query(of): Query<OfPage>) -> StatusCode {
    window.with_life(|life| life.bye(&of.page));
    StatusCode::NO_CONTENT
}

/// 「終了」
async fn quit(State(window): State<Shared>, headers: HeaderMap) -> Answer {
    if window.jobs.run() {
        // Without scripts, a page of its own says so, and leads to what runs.
        if !headers.contains_key("x-fragment") {
            return see("/?busy=1");
        }
        let busy = "実行中の作業があります。終わってから、もう一度「終了」を押してください。";
        return Ok((StatusCode::CONFLICT, typed("text/plain; charset=utf-8", busy)).into_response());
    }
    window.close();
    pages::ended()
}

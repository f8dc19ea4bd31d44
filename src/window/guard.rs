//! Who is let in: the one browser that this program has opened, and no page of anybody else.
//!
//! A server on the own PC can be reached by every page that the browser shows. So a request must
//! name this very address (a name that leads here, by DNS rebinding, is another `Host`), have the
//! cookie that only the start address gives, and, where it changes something, come from a page of
//! this window (`Origin`) with its token. See OWASP, Cross-Site Request Forgery Prevention.

use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::answer::{Answer, Problem, see};
use super::state::{Shared, Window};

/// What a page may load, show and send to: itself.
const POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Where the browser begins.
pub const START: &str = "/start";
/// Where another start of the program asks for a tab.
pub const AGAIN: &str = "/again";

/// What stands behind the `?` of every address that changes something.
#[derive(Deserialize)]
struct Carried {
    token: Option<String>,
}

/// Lets a request through, or not; and says on every answer what a browser may do with it.
pub async fn guard(State(window): State<Shared>, request: Request, next: Next) -> Response {
    let is_asset = request.uri().path().starts_with(super::assets::FOLDER);
    let mut response = match refused(&window, &request) {
        Some(problem) => problem,
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    let mut say = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    say(header::CONTENT_SECURITY_POLICY, POLICY);
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // With `no-referrer`, browsers say `Origin: null` for a form, which the guard refuses.
    say(header::REFERRER_POLICY, "same-origin");
    // Fonts have megabytes, and are part of the program: they last as long as its address.
    say(header::CACHE_CONTROL, if is_asset { "private, max-age=3600" } else { "no-store" });
    response
}

/// Why a request is not let through.
fn refused(window: &Window, request: &Request) -> Option<Response> {
    let (headers, path) = (request.headers(), request.uri().path());
    if !says(headers, header::HOST, &window.host()) {
        return Some(Problem::Refused.into_response());
    }
    let is_change = request.method() == Method::POST;
    if !is_change && request.method() != Method::GET {
        return Some(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    // These two ask for a key of their own.
    if path == START || path == AGAIN {
        return None;
    }
    let is_ours = cookie(headers, &window.cookie_name()).any(|value| window.cookie.is(value));
    let is_from_us = || {
        let carried = Query::<Carried>::try_from_uri(request.uri()).ok();
        says(headers, header::ORIGIN, &window.origin())
            && carried.and_then(|carried| carried.0.token).is_some_and(|token| window.token.is(&token))
    };
    (!is_ours || is_change && !is_from_us()).then(|| Problem::Refused.into_response())
}

/// Whether a header is there once and says this.
fn says(headers: &HeaderMap, name: HeaderName, wanted: &str) -> bool {
    let mut said = headers.get_all(name).iter();
    said.next().is_some_and(|said| said.as_bytes() == wanted.as_bytes()) && said.next().is_none()
}

/// The values of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(said, _)| *said == name).map(|(_, value)| value)
}

/// What the start address carries.
#[derive(Deserialize)]
pub struct Start {
    k: Option<String>,
}

/// Exchanges the key for the cookie.
pub async fn start(State(window): State<Shared>, headers: HeaderMap, Query(start): Query<Start>) -> Answer {
    let Some(target) = start.k.and_then(|key| window.burn(&key)) else {
        // Who goes back to the start address is in already.
        let is_ours = cookie(&headers, &window.cookie_name()).any(|value| window.cookie.is(value));
        return if is_ours { see("/") } else { Err(Problem::Refused) };
    };
    let mut response = see(&target)?;
    let cookie =
        format!("{}={}; HttpOnly; SameSite=Strict; Path=/", window.cookie_name(), window.cookie.text());
    // Hexadecimal digits and a port: always fit for a header.
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Another start of the program, which has read the note that only this user can read, gets a
/// new start address. Its body is the plan that it was started with.
pub async fn again(State(window): State<Shared>, headers: HeaderMap, plan: String) -> Answer {
    let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let is_known = |said: &str| said.strip_prefix("Bearer ").is_some_and(|said| window.again.is(said));
    // A browser never sends this header unasked.
    if !said.is_some_and(is_known) || headers.contains_key(header::ORIGIN) {
        return Err(Problem::Refused);
    }
    let plan = Some(plan.as_str()).filter(|plan| !plan.is_empty()).map(std::path::Path::new);
    window.with_life(super::life::Life::expect);
    let address = window.start_address(window.first_page(plan)?)?;
    Ok(super::answer::typed("text/plain; charset=utf-8", address))
}

//! Who is let in: the one browser that this program has opened, and no page of anybody else.
//!
//! A server on the own PC can be reached by every page that the browser shows, and by everybody
//! who shares the PC. So a request must name this very address (a name that leads here, by DNS
//! rebinding, is another `Host`), have the cookie that only the start address gives, and, where it
//! changes something, come from a page of this window (`Origin`) with its token. See OWASP,
//! Cross-Site Request Forgery Prevention.
//!
//! Cookies know no ports: that of this window would be sent to every server on this PC. So all
//! addresses begin with a secret ([`enter`]), and the cookie is sent to none that do not.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tower::ServiceExt;

use super::answer::{Answer, Problem, in_own_words, see};
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

/// The attributes in which a page names an address of this window.
const ADDRESSED: [&str; 6] = ["href", "action", "src", "data-events", "data-job", "data-done"];
/// No page is larger, in bytes.
const LARGEST_PAGE: usize = 64 << 20;

/// Takes the secret with which every address begins off a request, and puts it before the
/// addresses of the answer: pages know nothing of it. Who does not have it gets nothing.
pub async fn enter(State((window, pages)): State<(Shared, Router)>, mut request: Request) -> Response {
    let base = window.base();
    let whole = request.uri().path_and_query().map(|whole| whole.as_str().to_owned()).unwrap_or_default();
    // What follows begins with a `/`: neither `/baseX` nor the bare secret is an address.
    let inner = whole.strip_prefix(&base).filter(|inner| inner.starts_with('/'));
    let known = inner.and_then(|inner| inner.parse().ok());
    // Where nothing is known of the address, the guard says on the answer what it says on others.
    *request.uri_mut() = known.unwrap_or_else(|| axum::http::Uri::from_static(NOWHERE));
    // A router refuses no request.
    let Ok(response) = pages.oneshot(request).await;
    addressed(response, &base).await
}

/// An address without the secret, as the guard sees it.
const NOWHERE: &str = "/nowhere";

/// With the secret before every address.
async fn addressed(mut response: Response, base: &str) -> Response {
    let headers = response.headers_mut();
    let location = headers.get(header::LOCATION).and_then(|place| place.to_str().ok());
    let location = location.and_then(|place| HeaderValue::from_str(&format!("{base}{place}")).ok());
    if let Some(location) = location {
        headers.insert(header::LOCATION, location);
    }
    let is_page = |kind: &HeaderValue| kind.as_bytes().starts_with(b"text/html");
    if !headers.get(header::CONTENT_TYPE).is_some_and(is_page) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST_PAGE).await else { return Problem::Missing.into_response() };
    let mut page = String::from_utf8_lossy(&bytes).into_owned();
    // Quotation marks in texts are escaped: such a thing stands in a tag, and nowhere else.
    for name in ADDRESSED {
        page = page.replace(&format!(" {name}=\"/"), &format!(" {name}=\"{base}/"));
    }
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(page))
}

/// Lets a request through, or not; and says on every answer what a browser may do with it.
pub async fn guard(State(window): State<Shared>, request: Request, next: Next) -> Response {
    let is_asset = request.uri().path().starts_with(super::assets::FOLDER);
    let mut response = match refused(&window, &request) {
        Some(problem) => problem,
        None => in_own_words(next.run(request).await),
    };
    let headers = response.headers_mut();
    let mut say = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    say(header::CONTENT_SECURITY_POLICY, POLICY);
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    say(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
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
    // Browsers say from where they ask: nobody else's page has business here.
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        return Some(Problem::Refused.into_response());
    }
    let is_change = request.method() == Method::POST;
    if !is_change && request.method() != Method::GET {
        return Some(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    if path == NOWHERE {
        return Some(Problem::Refused.into_response());
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
    let cookie = format!(
        "{}={}; HttpOnly; SameSite=Strict; Path={}/",
        window.cookie_name(),
        window.cookie.text(),
        window.base()
    );
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

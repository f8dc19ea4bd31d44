//! Every address, with every way of not being the browser that was let in.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};

use super::client::Client;

/// An ID that stands for nothing.
const NOTHING: &str = "0123456789abcdef";

/// The addresses that are asked for, with what stands for their parts.
const ASKED: &[&str] = &[
    "/",
    "/assets/window.css",
    "/files/ID",
    "/folders",
    "/jobs/ID",
    "/jobs/ID/events",
    "/new/example",
    "/p/PLAN/",
    "/p/PLAN/archive",
    "/p/PLAN/archive/ID",
    "/p/PLAN/build",
    "/p/PLAN/build/template?document=0",
    "/p/PLAN/check",
    "/p/PLAN/collect",
    "/p/PLAN/distribute",
    "/p/PLAN/events",
    "/p/PLAN/fonts/R4/0/fonts.css",
    "/p/PLAN/paper",
];

/// Those that change something.
const CHANGING: &[&str] = &[
    "/bye?page=a",
    "/files/ID/folder",
    "/files/ID/open",
    "/folders",
    "/jobs/ID/stop",
    "/new/example",
    "/p/PLAN/archive/ID/extract",
    "/p/PLAN/archive/compare",
    "/p/PLAN/archive/errata",
    "/p/PLAN/archive/extract",
    "/p/PLAN/archive/keep",
    "/p/PLAN/archive/verify",
    "/p/PLAN/build",
    "/p/PLAN/build/sample",
    "/p/PLAN/check/mend",
    "/p/PLAN/check/restore",
    "/p/PLAN/collect/ID/read",
    "/p/PLAN/collect/ID/restore",
    "/p/PLAN/collect/ID/take",
    "/p/PLAN/collect/upload",
    "/p/PLAN/distribute",
    "/ping?page=a",
    "/plans/PLAN/forget",
    "/quit",
];

/// All of them, of a plan.
fn addresses(plan: &str) -> (Vec<String>, Vec<String>) {
    let whole = |path: &&str| path.replace("PLAN", plan).replace("ID", NOTHING);
    (ASKED.iter().map(whole).collect(), CHANGING.iter().map(whole).collect())
}

/// The sources of the routes name as many as are tried here.
#[test]
fn every_address_is_tried() {
    fn sources(folder: &std::path::Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match path.is_dir() {
                true if name == "tests" => {}
                true => sources(&path, all),
                false if name.ends_with(".rs") && name != "tests.rs" => {
                    all.push_str(&std::fs::read_to_string(&path).unwrap());
                }
                false => {}
            }
        }
    }
    let mut all = String::new();
    sources("src/window".as_ref(), &mut all);
    let mut routes: Vec<&str> = Vec::new();
    for route in all.split(".route(").skip(1) {
        routes.extend(route.split('"').nth(1).filter(|path| path.starts_with('/')));
    }
    let shape = |path: &str| {
        let parts = path.split('?').next().unwrap_or_default().split('/');
        parts.map(str::to_owned).collect::<Vec<_>>()
    };
    let fits = |route: &str, path: &str| {
        let (route, path) = (shape(route), shape(path));
        let is_same = |(one, other): (&String, &String)| one.starts_with('{') || one == other;
        route.len() == path.len() && route.iter().zip(&path).all(is_same)
    };
    assert!(routes.len() > 30, "{routes:?}");
    for route in routes {
        let is_tried = ASKED.iter().chain(CHANGING).any(|path| fits(route, path));
        assert!(is_tried, "{route}");
    }
}

/// A request with one header in place of the browser's own, or without it.
fn spoilt(
    client: &Client,
    method: &Method,
    path: &str,
    name: header::HeaderName,
    value: Option<&str>,
) -> Request<Body> {
    let mut request = client.request(method.clone(), path).body(Body::empty()).unwrap();
    request.headers_mut().remove(&name);
    if let Some(value) = value {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    request
}

#[tokio::test]
async fn another_host_is_refused_everywhere() {
    let client = Client::new("data/mihon");
    let (asked, changing) = addresses(&client.plan);
    let all =
        asked.iter().map(|path| (Method::GET, path)).chain(changing.iter().map(|path| (Method::POST, path)));
    let start = ["/start?k=1".to_owned(), "/again".to_owned()];
    let all = all.chain(start.iter().map(|path| (Method::GET, path)));
    for (method, path) in all {
        for host in [
            None,
            Some("localhost:50123"),
            Some("127.0.0.1"),
            Some("127.0.0.1:50124"),
            Some("127.0.0.1:50123.evil.example"),
            Some("evil.example:50123"),
            Some("[::1]:50123"),
        ] {
            let request = spoilt(&client, &method, path, header::HOST, host);
            assert_eq!(client.send(request).await.status, StatusCode::FORBIDDEN, "{method} {path} {host:?}");
        }
    }
}

#[tokio::test]
async fn who_has_no_cookie_is_refused_everywhere() {
    let client = Client::new("data/mihon");
    let (asked, changing) = addresses(&client.plan);
    let name = client.window.cookie_name();
    let others = [
        None,
        Some(String::new()),
        Some(format!("{name}=")),
        Some(format!("{name}={}", client.window.token.text())),
        Some(format!("jisseki-1={}", client.window.cookie.text())),
    ];
    let all =
        asked.iter().map(|path| (Method::GET, path)).chain(changing.iter().map(|path| (Method::POST, path)));
    for (method, path) in all {
        for cookie in &others {
            let request = spoilt(&client, &method, path, header::COOKIE, cookie.as_deref());
            let answered = client.send(request).await;
            assert_eq!(answered.status, StatusCode::FORBIDDEN, "{method} {path} {cookie:?}");
        }
    }
}

#[tokio::test]
async fn a_page_of_somebody_else_changes_nothing() {
    let client = Client::new("data/mihon");
    let (_, changing) = addresses(&client.plan);
    for path in &changing {
        for origin in [
            None,
            Some("null"),
            Some("http://localhost:50123"),
            Some("https://127.0.0.1:50123"),
            Some("http://127.0.0.1:50124"),
            Some("http://evil.example"),
        ] {
            let request = spoilt(&client, &Method::POST, path, header::ORIGIN, origin);
            assert_eq!(client.send(request).await.status, StatusCode::FORBIDDEN, "{path} {origin:?}");
        }
        let joint = if path.contains('?') { '&' } else { '?' };
        for token in
            [String::new(), format!("{joint}token="), format!("{joint}token={}", client.window.cookie.text())]
        {
            let mut request = client.request(Method::POST, path).body(Body::empty()).unwrap();
            *request.uri_mut() = format!("{}{path}{token}", client.window.base()).parse().unwrap();
            assert_eq!(client.send(request).await.status, StatusCode::FORBIDDEN, "{path} {token}");
        }
    }
}

#[tokio::test]
async fn what_changes_something_is_never_asked_for() {
    let client = Client::new("data/mihon");
    let (asked, changing) = addresses(&client.plan);
    for path in changing.iter().filter(|path| !asked.contains(path)) {
        let request = client.request(Method::GET, path).body(Body::empty()).unwrap();
        assert_eq!(client.send(request).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    for path in &asked {
        for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH, Method::HEAD] {
            let request = client.request(method.clone(), path).body(Body::empty()).unwrap();
            assert_eq!(client.send(request).await.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let client = Client::new("data/mihon");
    let (asked, _) = addresses(&client.plan);
    for path in asked.iter().filter(|path| !path.ends_with("events")) {
        let answered = client.get(path).await;
        let said = |name: &str| answered.head.get(name).map(|value| value.to_str().unwrap());
        let policy = said("content-security-policy").unwrap();
        for part in [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert_eq!(said("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(said("referrer-policy"), Some("same-origin"), "{path}");
        assert!(said("access-control-allow-origin").is_none());
        if !path.starts_with("/assets/") {
            assert_eq!(said("cache-control"), Some("no-store"), "{path}");
        }
        assert!(!answered.text.contains("style="), "{path}: a style of its own is not shown");
    }
}

#[tokio::test]
async fn a_key_lets_one_browser_in_once() {
    let client = Client::new("data/mihon");
    let address = client.window.start_address("/p/x/".to_owned()).unwrap();
    let path = address.strip_prefix(&client.window.origin()).unwrap();
    let stranger = |path: &str| {
        let request = Request::builder().uri(path).header(header::HOST, client.window.host());
        request.body(Body::empty()).unwrap()
    };
    let first = client.send(stranger(path)).await;
    assert_eq!((first.status, first.location.as_str()), (StatusCode::SEE_OTHER, "/p/x/"));
    let cookie = first.head[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with(&client.window.cookie_name()), "{cookie}");
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Strict")
            && cookie.ends_with(&format!("Path={}/", client.window.base()))
    );
    let second = client.send(stranger(path)).await;
    assert_eq!(second.status, StatusCode::FORBIDDEN);
    assert!(second.head.get(header::SET_COOKIE).is_none());
    // Who is in, and goes back to where it began, is led home.
    assert_eq!(client.get(path).await.location, "/");
    for path in ["/start", "/start?k=", "/start?k=0"] {
        assert_eq!(client.send(stranger(path)).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn another_start_gets_a_tab_with_what_only_its_user_can_read() {
    let client = Client::new("data/mihon");
    let again = |secret: &str, origin: Option<&str>| {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}/again", client.window.base()))
            .header(header::HOST, client.window.host())
            .header(header::AUTHORIZATION, format!("Bearer {secret}"));
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        request.body(Body::from(client.folder.to_str().unwrap().to_owned())).unwrap()
    };
    let secret = client.window.again.text();
    let answered = client.send(again(secret, None)).await;
    assert_eq!(answered.status, StatusCode::OK);
    let path = answered.text.strip_prefix(&client.window.origin()).unwrap();
    assert_eq!(client.get(path).await.location, format!("/p/{}/", client.plan));
    assert_eq!(client.send(again(client.window.cookie.text(), None)).await.status, StatusCode::FORBIDDEN);
    let from_a_page = client.send(again(secret, Some("http://evil.example"))).await;
    assert_eq!(from_a_page.status, StatusCode::FORBIDDEN);
}

/// Cookies know no ports: without the secret before its address nothing is answered, whoever has
/// the cookie.
#[tokio::test]
async fn an_address_without_the_secret_is_none() {
    let client = Client::new("data/mihon");
    let cookie = format!("{}={}", client.window.cookie_name(), client.window.cookie.text());
    let base = client.window.base();
    for path in [
        "/",
        "/assets/icon.svg",
        "/start",
        "/again",
        "/x/",
        &base,
        &format!("{base}x/"),
        &format!("/x{base}/"),
    ] {
        let request = Request::builder().uri(path).header(header::HOST, client.window.host());
        let request = request.header(header::COOKIE, &cookie).body(Body::empty()).unwrap();
        let answered = client.send(request).await;
        assert_eq!(answered.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answered.head.contains_key("content-security-policy"), "{path}");
        assert!(!answered.text.contains(client.window.token.text()), "{path}");
    }
}

#[tokio::test]
async fn a_page_of_another_site_gets_nothing_and_learns_nothing() {
    let client = Client::new("data/mihon");
    for (site, is_let_in) in
        [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)]
    {
        let mut request = client.request(Method::GET, "/assets/icon.svg").body(Body::empty()).unwrap();
        request.headers_mut().insert("sec-fetch-site", site.parse().unwrap());
        assert_eq!(client.send(request).await.status == StatusCode::OK, is_let_in, "{site}");
    }
}

/// A plan's folder from elsewhere may hold what is run when it is opened.
#[tokio::test]
async fn what_could_be_run_is_not_opened() {
    let client = Client::new("data/mihon");
    for name in ["a.exe", "a.bat", "a.pdf.lnk", "a.hta", "a.js", "a.csv:b.exe", "a"] {
        let path = client.folder.join(name);
        let _ = std::fs::write(&path, "");
        let id = client.window.file_id(&path).unwrap();
        for act in ["open", "folder"] {
            let answered = client.post(&format!("/files/{id}/{act}"), &[]).await;
            assert_eq!(answered.status, StatusCode::NOT_FOUND, "{name}");
        }
    }
}

#[tokio::test]
async fn an_address_names_no_path() {
    let client = Client::new("data/mihon");
    for path in [
        "/assets/..%2f..%2fCargo.toml",
        "/assets/../Cargo.toml",
        "/files/..%2f..%2fetc%2fpasswd",
        "/files/%2fetc%2fpasswd",
        "/p/..%2f..%2f/",
        "/p/%2ftmp/check",
        "/p/C:%5c/check",
        "/jobs/..%2f1",
    ] {
        assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    // The ID of a plan opens no file, and the other way round.
    let master = client.window.file_id(&client.folder.join("master.csv")).unwrap();
    assert_eq!(client.get(&format!("/p/{master}/check")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(client.get(&format!("/files/{}", client.plan)).await.status, StatusCode::NOT_FOUND);
    // Nothing but PDFs is shown.
    assert_eq!(client.get(&format!("/files/{master}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let client = Client::new("data/mihon");
    let much = "a".repeat(1 << 20);
    let path = format!("/p/{}/build", client.plan);
    let answered = client.post(&path, &[("date", &much)]).await;
    assert_eq!(answered.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answered.text.contains("大きすぎます"), "{}", answered.text);
    let unread = client.page("check?f=x").await;
    assert_eq!(unread.status, StatusCode::BAD_REQUEST);
    assert!(unread.text.contains("正しくありません"), "{}", unread.text);
}

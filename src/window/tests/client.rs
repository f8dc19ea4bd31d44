//! A browser that does what browsers do: it keeps the cookie and says where it comes from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use chrono::{NaiveDate, NaiveDateTime};
use tower::ServiceExt;

use crate::storage::user_folder::UserFolder;
use crate::window::ids::Known;
use crate::window::server::router;
use crate::window::state::{Shared, Window};

/// The port that the window believes to be served on.
const PORT: u16 = 50_123;
/// No page is larger, in bytes.
const LARGEST: usize = 64 << 20;

/// The time of day in tests.
pub fn clock() -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2024, 6, 10).unwrap();
    day.and_hms_opt(9, 30, 0).unwrap()
}

/// A browser that was let in, and a plan.
pub struct Client {
    /// The window.
    pub window: Shared,
    /// The ID of the plan.
    pub plan: String,
    /// The plan's folder: a copy.
    pub folder: PathBuf,
    _files: [tempfile::TempDir; 2],
}

/// An answer, read to its end.
pub struct Answered {
    /// Its status.
    pub status: StatusCode,
    /// Where it leads.
    pub location: String,
    /// What it says.
    pub text: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// All that is said of it.
    pub head: axum::http::HeaderMap,
}

impl Client {
    /// With a copy of a plan of `data/`: its path from the project's root.
    pub fn new(plan: &str) -> Self {
        let files = tempfile::tempdir().unwrap();
        let folder = files.path().join("計画");
        copy(Path::new(plan), &folder);
        let own = tempfile::tempdir().unwrap();
        let user = UserFolder::at(own.path());
        let window = Arc::new(Window::new(PORT, clock, user).unwrap());
        let plan = window.ids.of(Known::Plan(folder.clone())).unwrap();
        Self { window, plan, folder, _files: [files, own] }
    }

    /// A request as this browser makes it, to be spoilt.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookie = format!("{}={}", self.window.cookie_name(), self.window.cookie.text());
        // A page's own addresses have the secret before them, those that tests name do not.
        let base = self.window.base();
        let path = format!("{base}{}", path.strip_prefix(&base).unwrap_or(path));
        let is_post = method == Method::POST;
        let joint = if path.contains('?') { '&' } else { '?' };
        let path = match is_post {
            true => format!("{path}{joint}token={}", self.window.token.text()),
            false => path,
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.window.host())
            .header(header::COOKIE, cookie);
        if is_post { request.header(header::ORIGIN, self.window.origin()) } else { request }
    }

    /// What is answered to a request.
    pub async fn send(&self, request: Request<Body>) -> Answered {
        let response: Response<Body> = router(Arc::clone(&self.window)).oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, LARGEST).await.unwrap().to_vec();
        let location = head.headers.get(header::LOCATION).map(|place| place.to_str().unwrap().to_owned());
        // As tests name addresses.
        let base = self.window.base();
        let location = location.unwrap_or_default();
        Answered {
            status: head.status,
            location: location.strip_prefix(&base).unwrap_or(&location).to_owned(),
            text: String::from_utf8_lossy(&bytes).replace(&format!("\"{base}/"), "\"/"),
            bytes,
            head: head.headers,
        }
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Answered {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Asks for a page of the plan: `check`, `build?year=R4`.
    pub async fn page(&self, path: &str) -> Answered {
        self.get(&format!("/p/{}/{path}", self.plan)).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(fields.join("&")));
        self.send(request.unwrap()).await
    }

    /// Sends files, each with its name, and fields before them.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answered {
        const PART: &str = "jisseki-part";
        let mut body = Vec::new();
        for (name, value) in fields {
            let head =
                format!("--{PART}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        for (name, bytes) in files {
            let head = format!(
                "--{PART}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{PART}--\r\n").as_bytes());
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={PART}"))
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// The page of a job when it is over: follows what a form has answered.
    pub async fn done(&self, begun: &Answered) -> Answered {
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
        let id = begun.location.strip_prefix("/jobs/").expect("a job was begun");
        let mut state = self.window.jobs.get(id).unwrap().state();
        let is_over =
            |state: &crate::window::jobs::State| matches!(state, crate::window::jobs::State::Done(_));
        state.wait_for(is_over).await.unwrap();
        self.get(&begun.location).await
    }
}

/// As a form sends it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).unwrap()),
        }
    }
}

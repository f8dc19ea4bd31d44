//! What a page answers.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::Failure;
use crate::finding::{self, Findings};
use crate::visible::visible;

/// A page, or why there is none.
pub type Answer = Result<Response, Problem>;

/// Why there is no page.
#[derive(Debug)]
pub enum Problem {
    /// Whoever asks is not the browser that was let in.
    Refused,
    /// There is no such page, plan, file or job.
    Missing,
    /// What was sent cannot be understood: what of it.
    Unclear(String),
    /// The use case could not do it.
    Failed(Failure),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        anyhow::Error::from(error).into()
    }
}

/// What a page shows of a problem.
#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    title: &'static str,
    lines: Vec<String>,
    is_gone: bool,
}

impl Problem {
    fn page(&self) -> (StatusCode, ProblemPage) {
        let page = |title, lines| ProblemPage { title, lines, is_gone: false };
        match self {
            Self::Refused => (
                StatusCode::FORBIDDEN,
                ProblemPage {
                    title: "このページは開けません",
                    lines: vec![
                        "jisseki が開いたブラウザーの画面だけで使えます。jisseki をもう一度ダブルクリックしてください。"
                            .to_owned(),
                    ],
                    is_gone: true,
                },
            ),
            Self::Missing => (
                StatusCode::NOT_FOUND,
                page(
                    "ページが見つかりません",
                    vec!["最初の画面に戻って、もう一度選んでください。".to_owned()],
                ),
            ),
            Self::Unclear(what) => (
                StatusCode::BAD_REQUEST,
                page("入力を読み取れません", vec![visible(what).into_owned()]),
            ),
            Self::Failed(failure) => {
                (StatusCode::UNPROCESSABLE_ENTITY, page("できませんでした", said_of(failure)))
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, page) = self.page();
        match page.render() {
            Ok(text) => (status, html(text)).into_response(),
            Err(_) => status.into_response(),
        }
    }
}

/// What a failure says, a line each.
pub fn said_of(failure: &Failure) -> Vec<String> {
    match failure {
        Failure::Findings(findings) => said(findings),
        Failure::Environment { error, findings } => {
            let mut lines = said(findings);
            lines.push(visible(&format!("{error:#}")).into_owned());
            lines
        }
        Failure::Changed(error) => vec![visible(&format!("{error:#}")).into_owned()],
        Failure::Stopped => vec!["中止しました。何も書き込んでいません。".to_owned()],
    }
}

/// Wide enough that no line of a finding is broken: the page breaks them.
const UNBROKEN: usize = 100_000;

fn said(findings: &Findings) -> Vec<String> {
    match findings.is_empty() {
        true => Vec::new(),
        false => finding::render(findings, false, UNBROKEN).lines().map(str::to_owned).collect(),
    }
}

/// A page drawn from its template.
pub fn drawn(template: &impl Template) -> Answer {
    Ok(html(template.render()?))
}

/// HTML.
pub fn html(text: String) -> Response {
    typed("text/html; charset=utf-8", text.into_bytes())
}

/// Bytes of a media type.
pub fn typed(media_type: &'static str, bytes: impl Into<axum::body::Bytes>) -> Response {
    let mut response = Response::new(axum::body::Body::from(bytes.into()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.extensions_mut().insert(Own);
    response
}

/// That an answer is in this program's own words, not in those of the server's library.
#[derive(Clone)]
struct Own;

/// Where the library that reads requests refuses one, in English, the same in words for a clerk.
pub fn in_own_words(response: Response) -> Response {
    let is_own = response.extensions().get::<Own>().is_some();
    let said = match response.status() {
        _ if is_own => return response,
        StatusCode::PAYLOAD_TOO_LARGE => "送られた内容が大きすぎます。文字やファイルを減らしてください。",
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            "アドレスまたは入力の形が正しくありません。元の画面から、もう一度操作してください。"
        }
        _ => return response,
    };
    let status = response.status();
    let mut response = Problem::Unclear(said.to_owned()).into_response();
    *response.status_mut() = status;
    response
}

/// To another page, which is asked for by GET.
pub fn see(address: &str) -> Answer {
    Ok(axum::response::Redirect::to(address).into_response())
}

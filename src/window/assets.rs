//! What the pages are shown with: style sheets, scripts, fonts; all part of the program.

use axum::extract::Path;
use axum::response::Response;

use super::answer::{Answer, Problem, typed};
use crate::layout::font::FontFiles;

/// Where they are.
pub const FOLDER: &str = "/assets/";

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

const PICTURE: &str = "image/svg+xml";

/// Each text with its media type.
const TEXTS: &[(&str, &str, &str)] = &[
    ("copy.js", SCRIPT, include_str!("assets/copy.js")),
    ("drop.js", SCRIPT, include_str!("assets/drop.js")),
    ("icon.svg", PICTURE, include_str!("assets/icon.svg")),
    ("job.js", SCRIPT, include_str!("assets/job.js")),
    ("keys.js", SCRIPT, include_str!("assets/keys.js")),
    ("notices.js", SCRIPT, include_str!("assets/notices.js")),
    ("page.css", CSS, crate::render::svg::STYLE),
    ("page.js", SCRIPT, include_str!("assets/page.js")),
    ("refresh.js", SCRIPT, include_str!("assets/refresh.js")),
    ("rows.js", SCRIPT, include_str!("assets/rows.js")),
    ("ticks.js", SCRIPT, include_str!("assets/ticks.js")),
    ("tokens.css", CSS, include_str!("assets/tokens.css")),
    ("window.css", CSS, include_str!("assets/window.css")),
    ("window.js", SCRIPT, include_str!("assets/window.js")),
];

/// An asset.
pub async fn show(Path(name): Path<String>) -> Answer {
    let text = TEXTS.iter().find(|(known, ..)| *known == name);
    if let Some((_, media_type, text)) = text {
        return Ok(typed(media_type, *text));
    }
    match name.as_str() {
        "BIZUDGothic-Regular.ttf" => Ok(font(FontFiles::default().regular)),
        "BIZUDGothic-Bold.ttf" => Ok(font(FontFiles::default().bold)),
        _ => Err(Problem::Missing),
    }
}

fn font(bytes: std::borrow::Cow<'static, [u8]>) -> Response {
    let bytes = match bytes {
        std::borrow::Cow::Borrowed(bytes) => axum::body::Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => bytes.into(),
    };
    typed("font/ttf", bytes)
}

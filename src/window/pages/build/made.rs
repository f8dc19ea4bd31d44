//! What came of the making of documents.

use anyhow::Error;
use askama::Template;

use crate::app::build::{Before, Report, Request, Written};
use crate::app::since::{self, Since};
use crate::app::{Failure, Observer, Result, build};
use crate::named_file::MediaType;
use crate::storage::paths;
use crate::window::pages::figures::{grouped, size};
use crate::window::pages::found::Found;
use crate::window::pages::refused::Refused;
use crate::window::state::{Shared, Window};

/// The documents that were made.
#[derive(Template)]
#[template(path = "build_done.html")]
struct Made {
    token: String,
    /// 「令和4年度までの実績で5個のファイルを作りました（0.31秒）」
    summary: String,
    files: Vec<FileRow>,
    since: Vec<Since>,
    found: Found,
    /// The page 「調べる」.
    check: String,
    /// This page.
    again: String,
}

struct FileRow {
    id: String,
    name: String,
    /// Its document; 「すべての文書のデータ」
    document: String,
    size: String,
    pages: String,
    before: String,
    is_pdf: bool,
}

/// Makes the documents; what came of it, as HTML.
pub fn run(window: &Shared, plan: &str, request: &Request, observer: &dyn Observer) -> Result<String> {
    let asked = request.year.map(|year| format!("?year={year}")).unwrap_or_default();
    let [check, again] = ["check", "build"].map(|page| format!("/p/{plan}/{page}{asked}"));
    let html = match build::run(request, observer) {
        Ok(report) => made(window, request, &report, (check, again))?.render(),
        Err(Failure::Findings(findings)) => {
            let line = "ファイルは作っていません。次のエラーを直してから、もう一度作ってください。";
            Refused { line, found: Found::of(&findings), check, again }.render()
        }
        Err(failure) => return Err(failure),
    };
    Ok(html.map_err(Error::from)?)
}

fn made(window: &Window, request: &Request, report: &Report, links: (String, String)) -> Result<Made> {
    let asked = since::Request { plan: request.plan.clone(), year: report.year, today: request.today };
    let files = report.files.iter().map(|file| row(window, file)).collect::<anyhow::Result<Vec<_>>>()?;
    let (check, again) = links;
    Ok(Made {
        token: window.token.text().to_owned(),
        summary: format!(
            "{}までの実績で{}個のファイルを作りました（{:.2}秒）。",
            report.year.long(),
            report.files.len(),
            report.seconds
        ),
        files,
        // The documents are made; what else can be said of them is only said.
        since: since::run(&asked).unwrap_or_default(),
        found: Found::of(&report.findings),
        check,
        again,
    })
}

fn row(window: &Window, file: &Written) -> anyhow::Result<FileRow> {
    let name = paths::name_of(&file.path);
    let pages = |count: usize| format!("{}ページ", grouped(count));
    Ok(FileRow {
        id: window.file_id(&file.path)?,
        document: file.document.clone().unwrap_or_else(|| "すべての文書のデータ".to_owned()),
        size: size(file.bytes),
        pages: file.pages.map(pages).unwrap_or_default(),
        before: match file.before {
            Before::Nothing => "新しいファイルです".to_owned(),
            Before::Same => "前回と同じ内容です".to_owned(),
            Before::Other { bytes, pages: before } => {
                let before = before.map(|count| format!("、{}", pages(count))).unwrap_or_default();
                let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
                format!("前回と違います（前回は{}{before}）", size(bytes))
            }
        },
        is_pdf: MediaType::of(&name) == Some(MediaType::Pdf),
        name,
    })
}

//! What came of the making of forms.

use anyhow::Error;
use askama::Template;

use crate::app::distribute::{Report, Request, Written};
use crate::app::{Failure, Observer, Result, distribute};
use crate::exchange::Mail;
use crate::plan::date_with_weekday;
use crate::storage::paths;
use crate::window::pages::found::Found;
use crate::window::pages::refused::Refused;
use crate::window::state::{Shared, Window};

/// The forms that were made.
#[derive(Template)]
#[template(path = "distribute_done.html")]
struct Made {
    token: String,
    /// 「令和5年度の記入票を18冊作りました（回答期限 …、0.40秒）」
    summary: String,
    /// That the date has passed.
    past: Option<String>,
    files: Vec<FileRow>,
    found: Found,
    collect: String,
    again: String,
}

struct FileRow {
    id: String,
    name: String,
    department: String,
    rows: usize,
    mail: Option<Mail>,
}

/// Makes the forms; what came of it, as HTML.
pub fn run(window: &Shared, plan: &str, request: &Request, observer: &dyn Observer) -> Result<String> {
    let link = |page: &str| format!("/p/{plan}/{page}?year={}", request.year);
    let html = match distribute::run(request, observer) {
        Ok(report) => made(window, &report, link("collect"), link("distribute"))?.render(),
        Err(Failure::Findings(findings)) => {
            let line = "記入票は作っていません。次のエラーを直してから、もう一度作ってください。";
            let (check, again) = (link("check"), link("distribute"));
            Refused { line, found: Found::of(&findings), check, again }.render()
        }
        Err(failure) => return Err(failure),
    };
    Ok(html.map_err(Error::from)?)
}

fn made(window: &Window, report: &Report, collect: String, again: String) -> Result<Made> {
    let files = report.files.iter().map(|file| row(window, file)).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Made {
        token: window.token.text().to_owned(),
        summary: format!(
            "{}の記入票を{}冊作りました（回答期限 {}、{:.2}秒）。",
            report.year.long(),
            report.files.len(),
            date_with_weekday(report.due),
            report.seconds
        ),
        past: (report.due < window.today()).then(|| {
            let due = date_with_weekday(report.due);
            format!("回答期限の{due}は、もう過ぎています。直すときは「配る」に戻って、作り直してください。")
        }),
        files,
        found: Found::of(&report.findings),
        collect,
        again,
    })
}

fn row(window: &Window, file: &Written) -> anyhow::Result<FileRow> {
    Ok(FileRow {
        id: window.file_id(&file.path)?,
        name: paths::name_of(&file.path),
        department: file.department.clone(),
        rows: file.rows,
        mail: file.mail.clone(),
    })
}

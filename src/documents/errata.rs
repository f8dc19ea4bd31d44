//! The 正誤表 as it is issued: what `archive --revise` keeps and what `diff --out` writes.

use chrono::NaiveDate;

use super::{Design, DrawError, LaidOut, Request, Wanted, draw_all, meta, note};
use crate::diff::errata::DocumentPages;
use crate::diff::{Change, errata};
use crate::file_name::ERRATA;
use crate::layout::font::Fonts;
use crate::named_file::NamedFile;
use crate::plan::{FiscalYear, japanese_date};
use crate::settings::Settings;

/// What a 正誤表 says.
pub struct Errata<'a> {
    /// What differs between the two plans.
    pub changes: &'a [Change],
    /// The documents that are corrected; see [`super::Set::pages`]. Without any, no page is named.
    pub pages: &'a [DocumentPages],
    /// The edition that is corrected; `None` where the old document is in no archive.
    pub corrected: Option<Issue>,
    /// Why it is corrected, where that is to be said.
    pub reason: Option<&'a str>,
}

/// An edition, as those know it who have it on their desks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issue {
    /// 1, 2, …
    pub edition: u32,
    /// The date printed on it.
    pub printed_date: Option<NaiveDate>,
}

impl Errata<'_> {
    /// What stands between the title and the table.
    fn sentences(&self, year: FiscalYear) -> Vec<String> {
        let issue = self.corrected.map(|issue| {
            let date = issue.printed_date.map(|date| format!("、{}", japanese_date(date)));
            format!("（第{}版{}）", issue.edition, date.unwrap_or_default())
        });
        let names: Vec<&str> = self.pages.iter().map(|document| document.name.as_str()).collect();
        let documents = match names.as_slice() {
            [] | [_] => "実績の一覧".to_owned(),
            several => format!("実績の文書（{}）", several.join("、")),
        };
        let of = format!("{}までの{documents}{}", year.long(), issue.unwrap_or_default());
        let reason = self.reason.map(|reason| format!("訂正の理由：{reason}"));
        [format!("{of}を、次のとおり訂正します。")].into_iter().chain(reason).collect()
    }
}

/// Draws the 正誤表 of the documents of `request.year` in the look of one of the new ones: the
/// PDF, then the workbook.
///
/// # Errors
/// A [`DrawError`] where a writer refuses.
pub fn draw_errata(
    errata: &Errata<'_>,
    settings: &Settings,
    design: &Design,
    request: &Request,
    wanted: Wanted,
) -> Result<Vec<NamedFile>, DrawError> {
    let (template, fonts) = (&design.template, Fonts::parse(&design.fonts)?);
    let corrections = errata::corrections(errata.changes, errata.pages, template);
    let opening = errata::Opening {
        of: settings.plan.title.clone(),
        number: settings.document.number.clone(),
        note: note(settings, request.printed_date),
        lines: errata.sentences(request.year),
    };
    let document = errata::document(&corrections, &opening, template, &fonts);
    let meta = meta(settings, format!("{}　正誤表", opening.of), request.date, &request.program);
    let drawn = LaidOut { design, fonts, document, meta };
    draw_all(&[(ERRATA, &drawn)], &errata::data(&corrections), settings, request.year, wanted)
}

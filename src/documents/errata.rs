//! The 正誤表 as it is issued: what `archive --revise` keeps and what `diff --out` writes.

use chrono::NaiveDate;

use super::{DrawError, Drawn, Ingredients, Request, Title, Wanted, draw_both, file_name, meta, note};
use crate::diff::{Change, errata};
use crate::layout::Places;
use crate::named_file::{MediaType, NamedFile};
use crate::plan::{FiscalYear, japanese_date};

/// What a 正誤表 says.
pub struct Errata<'a> {
    /// What differs between the two documents.
    pub changes: &'a [Change],
    /// The pages of the old one; see [`super::Set::places`]. Without any, none is named.
    pub places: &'a Places,
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
        let of = format!("{}までの実績の一覧{}", year.long(), issue.unwrap_or_default());
        let reason = self.reason.map(|reason| format!("訂正の理由：{reason}"));
        [format!("{of}を、次のとおり訂正します。")].into_iter().chain(reason).collect()
    }
}

/// Draws the 正誤表 of the documents of `request.year` in the look of the new one: the
/// PDF, then the workbook.
///
/// # Errors
/// A [`DrawError`] where a writer refuses.
pub fn draw_errata(
    errata: &Errata<'_>,
    new: &Ingredients<'_>,
    request: &Request,
    wanted: Wanted,
) -> Result<Vec<NamedFile>, DrawError> {
    let Ingredients { settings, template, fonts, .. } = *new;
    let corrections = errata::corrections(errata.changes, errata.places, template);
    let opening = errata::Opening {
        of: settings.plan.title.clone(),
        number: settings.document.number.clone(),
        note: note(settings, request.printed_date),
        lines: errata.sentences(request.year),
    };
    let document = errata::document(&corrections, &opening, template, fonts);
    let meta = meta(settings, format!("{}　正誤表", opening.of), request.date, &request.program);
    let Drawn { pdf, workbook } = draw_both(&document, &errata::data(&corrections), &meta, new, wanted)?;
    let files = [(MediaType::Pdf, pdf), (MediaType::Workbook, workbook)].into_iter();
    let name = |media_type| file_name(settings, Title::Errata, request.year, media_type);
    Ok(files.filter_map(|(kind, bytes)| Some(NamedFile { name: name(kind), bytes: bytes? })).collect())
}

//! The 正誤表 as it is issued: what `archive --revise` keeps and what `diff --out` writes.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{DrawError, Drawn, Ingredients, Request, Title, Wanted, draw_both, file_name, meta, note};
use crate::diff::Change;
use crate::diff::errata::{Correction, corrections};
use crate::layout::PageIndex;
use crate::layout::errata::{Entry, Opening, document};
use crate::named_file::{MediaType, NamedFile};
use crate::plan::{FiscalYear, Plan, japanese_date};
use crate::render::data::{Column, DataTable, Datum};

/// What a 正誤表 says.
pub struct Errata<'a> {
    /// What differs between the two documents.
    pub changes: &'a [Change],
    /// The plan of the old one.
    pub plan: &'a Plan,
    /// The pages of the old one; see [`super::Set::page_index`]. Without any, none is named.
    pub pages: &'a PageIndex,
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
    let corrections = corrections(errata.changes, errata.plan, errata.pages, template);
    let opening = Opening {
        of: settings.plan.title.clone(),
        number: settings.document.number.clone(),
        note: note(settings, request.printed_date),
        lines: errata.sentences(request.year),
    };
    let entries: Vec<Entry<'_>> = corrections.iter().map(entry).collect();
    let document = document(&entries, &opening, template, fonts);
    let meta = meta(settings, format!("{}　正誤表", opening.of), request.date, &request.program);
    let Drawn { pdf, workbook } = draw_both(&document, &data(&corrections), &meta, new, wanted)?;
    let files = [(MediaType::Pdf, pdf), (MediaType::Workbook, workbook)].into_iter();
    let name = |media_type| file_name(settings, Title::Errata, request.year, media_type);
    Ok(files.filter_map(|(kind, bytes)| Some(NamedFile { name: name(kind), bytes: bytes? })).collect())
}

/// A correction, as the pages show it.
fn entry(correction: &Correction) -> Entry<'_> {
    let Correction { id: _, place, item, wrong, right } = correction;
    Entry { place, item, wrong, right }
}

/// The corrections as a table for machines: whole texts, one correction a row.
fn data(corrections: &[Correction]) -> DataTable {
    let columns = vec![
        Column::of_words("番号", "正誤表の番号"),
        Column::of_words("ID", "訂正する指標または事業を一意に示す記号"),
        Column::of_words("場所", "訂正前の文書でのページと、基本目標・分野・施策の番号"),
        Column::of_words("項目", "訂正する項目"),
        Column::of_words("誤", "訂正前"),
        Column::of_words("正", "訂正後"),
    ];
    let text = |text: &str| match text.replace('\n', "　") {
        text if text.is_empty() => Datum::Empty,
        text => Datum::Text(text),
    };
    let rows = corrections.iter().zip(1u32..).map(|(correction, number)| {
        let mut row = vec![Datum::Number(Decimal::from(number))];
        let Correction { id, place, item, wrong, right } = correction;
        row.extend([id, place, item, wrong, right].map(|part| text(part)));
        row
    });
    DataTable { columns, rows: rows.collect() }
}

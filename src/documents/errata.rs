//! The 正誤表 as it is issued: what `archive --revise` keeps and what `diff --out` writes.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Design, DrawError, LaidOut, Request, Wanted, draw_all, meta};
use crate::diff::Change;
use crate::diff::errata::{Correction, DocumentPages, corrections};
use crate::file_name::ERRATA;
use crate::layout::errata::{Entry, Opening, document};
use crate::layout::font::Fonts;
use crate::named_file::NamedFile;
use crate::plan::{FiscalYear, Plan, japanese_date};
use crate::render::data::{Column, DataTable, Datum};
use crate::settings::Settings;

/// What a 正誤表 says.
pub struct Errata<'a> {
    /// What differs between the two plans.
    pub changes: &'a [Change],
    /// The plan that is corrected.
    pub plan: &'a Plan,
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
    /// What stands between the title and the table; where there is none, that there is `nothing`
    /// to correct, and no more.
    fn sentences(&self, year: FiscalYear, nothing: Option<&str>) -> Vec<String> {
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
        if let Some(nothing) = nothing {
            let reason = self.reason.map(|reason| format!("（改版の理由：{reason}）")).unwrap_or_default();
            return vec![format!("{of}について、{}{reason}。", nothing.trim_end_matches('。'))];
        }
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
    let corrections = corrections(errata.changes, errata.plan, errata.pages, template);
    let nothing = corrections.is_empty().then_some(template.errata.nothing.as_str());
    let opening = Opening {
        of: settings.plan.title.clone(),
        number: settings.document.number.clone(),
        meeting: settings.document.meeting.clone(),
        date: request.printed_date.map(japanese_date).unwrap_or_default(),
        issuer: issuer(&settings.plan.city, &settings.plan.office),
        lines: errata.sentences(request.year, nothing),
    };
    let entries: Vec<Entry<'_>> = corrections.iter().map(entry).collect();
    let document = document(&entries, &opening, template, &fonts);
    let meta = meta(settings, format!("{}　正誤表", opening.of), request.date, &request.program);
    let drawn = LaidOut { design, fonts, document, meta };
    draw_all(&[(ERRATA, &drawn)], &data(&corrections), settings, request.year, wanted)
}

/// 「根室市総合政策室」, who issues it.
fn issuer(city: &str, office: &str) -> String {
    if office.starts_with(city) { office.to_owned() } else { format!("{city}{office}") }
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
        row.extend([id, place, item, &wrong.text, &right.text].map(|part| text(part)));
        row
    });
    DataTable { columns, rows: rows.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An edition in which nothing is corrected says that, in one sentence.
    #[test]
    fn one_sentence_says_that_nothing_is_corrected() {
        let plan = Plan { years: Vec::new(), goals: Vec::new() };
        let corrected = Some(Issue { edition: 1, printed_date: NaiveDate::from_ymd_opt(2024, 6, 10) });
        let errata = |reason| Errata { changes: &[], plan: &plan, pages: &[], corrected, reason };
        let year = FiscalYear::starting(2022);
        let nothing = Some("数値と文言の訂正はありません。");
        assert_eq!(
            errata(Some("体裁を改めたため")).sentences(year, nothing),
            [
                "令和4年度までの実績の一覧（第1版、令和6年6月10日）について、数値と文言の訂正はありません（改版の理由：体裁を改めたため）。"
            ]
        );
        assert_eq!(errata(None).sentences(year, nothing).len(), 1);
        assert_eq!(
            errata(Some("転記の誤り")).sentences(year, None),
            [
                "令和4年度までの実績の一覧（第1版、令和6年6月10日）を、次のとおり訂正します。",
                "訂正の理由：転記の誤り"
            ]
        );
    }

    #[test]
    fn the_issuer_is_named_with_its_city_once() {
        assert_eq!(issuer("根室市", "総合政策室"), "根室市総合政策室");
        assert_eq!(issuer("見本町", "見本町企画課"), "見本町企画課");
    }
}

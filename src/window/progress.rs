//! How far the steps of a year are, in words, and what is to be done next.

use std::path::Path;

use chrono::{Datelike, NaiveDate};

use super::page::Step;
use crate::app::overview::{Edition, Made, Overview};
use crate::exchange::form_file_name;
use crate::plan::FiscalYear;
use crate::storage::paths;

/// How far a step is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// 「警告 8件」
    pub state: String,
    /// What is to be done next.
    pub next: &'static str,
    /// Nothing is left to do.
    pub is_ready: bool,
}

impl Progress {
    fn new(state: impl Into<String>, next: &'static str) -> Self {
        Self { state: state.into(), next, is_ready: false }
    }

    fn ready(state: impl Into<String>, next: &'static str) -> Self {
        Self { is_ready: true, ..Self::new(state, next) }
    }

    /// How far a step is; a plan that cannot be read has only one.
    pub fn of(step: Step, overview: &Overview) -> Self {
        match (step, overview.year) {
            (Step::Check, None) => {
                Self::new("読み取れません", "読み取れない理由を確認して、直してください。")
            }
            (Step::Check, Some(_)) => check(overview.errors, overview.warnings),
            (_, None) => Self::default(),
            (Step::Build, Some(year)) => build(year, overview),
            (Step::Distribute, Some(year)) => distribute(year, overview),
            (Step::Collect, Some(_)) => collect(overview),
            (Step::Archive, Some(year)) => archive(year, overview.edition_of_year.as_ref()),
        }
    }
}

fn check(errors: usize, warnings: usize) -> Progress {
    match (errors, warnings) {
        (0, 0) => Progress::ready("問題なし", "データに間違いは見つかっていません。"),
        (0, _) => Progress::new(
            format!("警告 {warnings}件"),
            "内容を確認してください。警告があっても文書は作れます。",
        ),
        (_, 0) => Progress::new(format!("エラー {errors}件"), "エラーを直すと、文書を作れます。"),
        (..) => {
            Progress::new(format!("エラー {errors}件・警告 {warnings}件"), "エラーを直すと、文書を作れます。")
        }
    }
}

fn build(year: FiscalYear, overview: &Overview) -> Progress {
    let own: Vec<&Made> = overview.files.iter().filter(|made| is_document(&made.path, year)).collect();
    if own.is_empty() {
        Progress::new(format!("{year} 未作成"), "実績一覧などの文書を作ります。")
    } else if own.iter().any(|made| made.is_older) {
        Progress::new("マスタより古い文書があります", "マスタが変わったので、文書を作り直してください。")
    } else {
        Progress::ready(format!("{year} 作成済み"), "文書は、今のマスタの内容で作ってあります。")
    }
}

fn distribute(year: FiscalYear, overview: &Overview) -> Progress {
    let begin = form_file_name(year, "");
    let own = || overview.forms.iter().filter(|made| paths::name_of(&made.path).starts_with(&begin));
    match own().filter_map(|made| made.time).max() {
        Some(last) => Progress::ready(
            format!("{}課 作成済み（{}）", own().count(), day(last.date())),
            "記入票を各課に送ったら、回答を待ちます。",
        ),
        None => Progress::new(format!("{year} 未作成"), "各課に送る記入票を作ります。"),
    }
}

fn collect(overview: &Overview) -> Progress {
    let of = |is_begun: bool| overview.silent.iter().filter(|one| (one.answered > 0) == is_begun).count();
    let next = "届いた記入票を確かめて、マスタに取り込みます。";
    match (of(false), of(true)) {
        (0, 0) => Progress::ready(format!("全{}課 回答済み", overview.departments), "回答はそろっています。"),
        (silent, 0) => Progress::new(format!("未回答 {silent}課"), next),
        (0, partly) => Progress::new(format!("一部回答 {partly}課"), next),
        (silent, partly) => Progress::new(format!("未回答 {silent}課・一部回答 {partly}課"), next),
    }
}

fn archive(year: FiscalYear, edition: Option<&Edition>) -> Progress {
    match edition {
        Some(edition) => Progress::ready(
            format!("保存済み {}（{}）", name(edition), day(edition.date)),
            "保存した版は変わりません。訂正は、新しい版として保存します。",
        ),
        None => Progress::new(format!("{year} 未保存"), "提出した文書を、元のデータと一緒に保存します。"),
    }
}

/// 「R4-2」
pub fn name(edition: &Edition) -> String {
    paths::name_of(&edition.folder)
}

/// 「6月10日」
fn day(date: NaiveDate) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// Whether a file is a document of a year, by its name.
fn is_document(path: &Path, year: FiscalYear) -> bool {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    stem.ends_with(&format!("_{year}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_counted_in_words() {
        let state = |errors, warnings| check(errors, warnings).state;
        assert_eq!(state(2, 8), "エラー 2件・警告 8件");
        assert_eq!(state(0, 8), "警告 8件");
        assert_eq!(state(2, 0), "エラー 2件");
        assert!(check(0, 0).is_ready && !check(0, 1).is_ready);
    }

    #[test]
    fn a_document_is_of_the_year_at_the_end_of_its_name() {
        let year = FiscalYear::starting(2022);
        assert!(is_document(Path::new("out/nemuro-2_実績一覧_R4.pdf"), year));
        assert!(!is_document(Path::new("out/nemuro-2_実績一覧_R3.pdf"), year));
        assert!(!is_document(Path::new("out/照会結果.xlsx"), year));
    }
}

//! How far the steps of a year are, in words, and what is to be done next.

use chrono::{Datelike, NaiveDate};

use super::page::Step;
use crate::app::overview::{Edition, Forms, Issue, Kept, Overview};
use crate::exchange::{DepartmentStatus, Status};
use crate::plan::{FiscalYear, japanese_date};
use crate::storage::paths;

/// What there is to say of a year in which nobody is asked.
const NOBODY: &str = "照会する課がありません";

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
    pub fn of(step: Step, overview: &Overview, today: NaiveDate) -> Self {
        match (step, overview.year) {
            (Step::Check, None) => {
                Self::new("読み取れません", "読み取れない理由を確認して、直してください。")
            }
            (Step::Check, Some(_)) => check(overview.errors, overview.warnings),
            (_, None) => Self::default(),
            (Step::Build, Some(year)) => build(year, overview.issue),
            (Step::Distribute, Some(year)) => distribute(year, &overview.forms, today),
            (Step::Collect, Some(_)) => collect(overview.departments.as_deref()),
            (Step::Archive, Some(year)) => archive(year, &overview.edition_of_year, today),
        }
    }
}

fn check(errors: usize, warnings: usize) -> Progress {
    match (errors, warnings) {
        (0, 0) => Progress::ready("問題なし", "データに間違いは見つかっていません。"),
        (0, _) => Progress::new(
            format!("警告 {warnings}件"),
            "内容を確認してください。マスタに直すべきエラーは見つかっていません。",
        ),
        (_, 0) => Progress::new(format!("エラー {errors}件"), "エラーを直すと、文書を作れます。"),
        (..) => {
            Progress::new(format!("エラー {errors}件・警告 {warnings}件"), "エラーを直すと、文書を作れます。")
        }
    }
}

fn build(year: FiscalYear, issue: Issue) -> Progress {
    match issue {
        Issue::Missing { made: 0, .. } => {
            Progress::new(format!("{year} 未作成"), "実績一覧などの文書を作ります。")
        }
        Issue::Missing { made, all } => {
            Progress::new(format!("{year} {all}文書のうち{made}つ作成済み"), "残りの文書を作ってください。")
        }
        Issue::Older => Progress::new(
            "マスタより古い文書があります",
            "マスタ・plan.toml・様式のどれかが変わったので、文書を作り直してください。",
        ),
        Issue::Current => {
            Progress::ready(format!("{year} 作成済み"), "文書は、今のマスタの内容で作ってあります。")
        }
    }
}

fn distribute(year: FiscalYear, forms: &Forms, today: NaiveDate) -> Progress {
    let Forms { made, all, last } = forms;
    let last = last.map(|last| format!("（{}）", day(last.date(), today))).unwrap_or_default();
    match (made, all) {
        (_, 0) => Progress::new(NOBODY, "担当課はマスタに書きます。"),
        (0, _) => Progress::new(format!("{year} 未作成"), "各課に送る記入票を作ります。"),
        (made, all) if made < all => Progress::new(
            format!("{all}課のうち{made}課 作成済み{last}"),
            "ほかの課にも照会するときは、記入票を作ります。",
        ),
        _ => Progress::ready(format!("{made}課 作成済み{last}"), "記入票を各課に送ったら、回答を待ちます。"),
    }
}

fn collect(departments: Option<&[DepartmentStatus]>) -> Progress {
    let Some(departments) = departments else {
        return Progress::new("エラーを直すと数えます", "マスタのエラーを直すと、回答を取り込めます。");
    };
    let of = |wanted: &[Status]| departments.iter().filter(|one| wanted.contains(&one.status)).count();
    let next = "届いた記入票を確かめて、マスタに取り込みます。";
    match (of(&[Status::NotYet, Status::Overdue]), of(&[Status::Partly])) {
        _ if departments.is_empty() => Progress::new(NOBODY, "担当課はマスタに書きます。"),
        (0, 0) => Progress::ready(format!("全{}課 回答済み", departments.len()), "回答はそろっています。"),
        (silent, 0) => Progress::new(format!("未回答 {silent}課"), next),
        (0, partly) => Progress::new(format!("一部回答 {partly}課"), next),
        (silent, partly) => Progress::new(format!("未回答 {silent}課・一部回答 {partly}課"), next),
    }
}

fn archive(year: FiscalYear, kept: &Kept, today: NaiveDate) -> Progress {
    match kept {
        Kept::None => {
            Progress::new(format!("{year} 未保存"), "提出した文書を、元のデータと一緒に保存します。")
        }
        Kept::Whole(edition) => Progress::ready(
            format!("保存済み {}（{}）", name(edition), day(edition.date, today)),
            "保存した版は変わりません。訂正は、新しい版として保存します。",
        ),
        Kept::Damaged => Progress::new(
            "保存の記録を読めません",
            "記録かファイルが壊れているか、足りません。「確かめる」で確認してください。",
        ),
    }
}

/// 「R4-2」
pub fn name(edition: &Edition) -> String {
    paths::name_of(&edition.folder)
}

/// 「6月10日」; of another year, 「令和6年6月10日」.
fn day(date: NaiveDate, today: NaiveDate) -> String {
    match date.year() == today.year() {
        true => format!("{}月{}日", date.month(), date.day()),
        false => japanese_date(date),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
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
    fn a_day_of_another_year_says_of_which() {
        let on = |text: &str| day(text.parse().unwrap(), "2024-06-10".parse().unwrap());
        assert_eq!(on("2024-01-01"), "1月1日");
        assert_eq!(on("2023-12-31"), "令和5年12月31日");
    }

    #[test]
    fn a_step_is_ready_when_nothing_of_it_is_left() {
        let (year, today) = (FiscalYear::starting(2022), "2024-06-10".parse().unwrap());
        let some = build(year, Issue::Missing { made: 1, all: 5 });
        assert_eq!((some.state.as_str(), some.is_ready), ("R4 5文書のうち1つ作成済み", false));
        let some = distribute(year, &Forms { made: 1, all: 3, last: None }, today);
        assert_eq!((some.state.as_str(), some.is_ready), ("3課のうち1課 作成済み", false));
        assert!(!collect(None).is_ready && !archive(year, &Kept::Damaged, today).is_ready);
    }
}

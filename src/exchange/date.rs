//! Dates as a letter writes them.

use chrono::{Datelike, NaiveDate, Weekday};

/// `令和8年5月29日（金）`. Before 令和 the western year is written.
pub fn long_date(date: NaiveDate) -> String {
    let weekday = match date.weekday() {
        Weekday::Mon => '月',
        Weekday::Tue => '火',
        Weekday::Wed => '水',
        Weekday::Thu => '木',
        Weekday::Fri => '金',
        Weekday::Sat => '土',
        Weekday::Sun => '日',
    };
    let reiwa = NaiveDate::from_ymd_opt(2019, 5, 1).is_some_and(|first| date >= first);
    let year = match date.year() {
        2019 if reiwa => "令和元".to_owned(),
        year if reiwa => format!("令和{}", year - 2018),
        year => year.to_string(),
    };
    format!("{year}年{}月{}日（{weekday}）", date.month(), date.day())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_in_its_era_with_its_weekday() {
        for (date, expected) in [
            ("2026-05-29", "令和8年5月29日（金）"),
            ("2019-05-01", "令和元年5月1日（水）"),
            ("2019-04-30", "2019年4月30日（火）"),
        ] {
            assert_eq!(long_date(date.parse().unwrap()), expected);
        }
    }
}

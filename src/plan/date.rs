//! Dates in Japanese eras, as documents and letters write them.

use chrono::{Datelike, NaiveDate, Weekday};

use super::year::ERAS;

/// `令和6年6月10日`; the western year before 昭和.
pub fn japanese_date(date: NaiveDate) -> String {
    let day = (date.year(), date.month(), date.day());
    let year = match ERAS.iter().find(|era| day >= era.first_day) {
        Some(era) if date.year() == era.first => format!("{}元", era.name),
        Some(era) => format!("{}{}", era.name, date.year() - era.first + 1),
        None => date.year().to_string(),
    };
    format!("{year}年{}月{}日", date.month(), date.day())
}

/// `令和8年5月29日（金）`
pub fn date_with_weekday(date: NaiveDate) -> String {
    let weekday = match date.weekday() {
        Weekday::Mon => '月',
        Weekday::Tue => '火',
        Weekday::Wed => '水',
        Weekday::Thu => '木',
        Weekday::Fri => '金',
        Weekday::Sat => '土',
        Weekday::Sun => '日',
    };
    format!("{}（{weekday}）", japanese_date(date))
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
            ("2019-04-30", "平成31年4月30日（火）"),
            ("1989-01-08", "平成元年1月8日（日）"),
            ("1989-01-07", "昭和64年1月7日（土）"),
            ("1926-12-24", "1926年12月24日（金）"),
        ] {
            assert_eq!(date_with_weekday(date.parse().unwrap()), expected);
        }
    }
}

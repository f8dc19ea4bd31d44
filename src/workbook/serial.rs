//! Days and times as Excel counts them: days since an epoch, the time as their fraction.

use chrono::{Days, NaiveDate};

/// The day after the last one that Excel knows.
const END: f64 = 2_958_466.0;
const SECONDS: f64 = 86_400.0;

/// `2026/5/3`, with the time where there is one. `since_1904` tells the epoch; in the
/// usual one 1900 has a 29 February.
pub(super) fn shown_date(value: f64, since_1904: bool) -> String {
    if !(0.0..END).contains(&value) {
        return value.to_string();
    }
    // What rounds up to midnight is the next day.
    let thousandths = (value.fract() * SECONDS).fract() * 1000.0;
    let carry = u32::from(thousandths.round() >= 1000.0);
    let seconds = (value.fract() * SECONDS) as u32 + carry;
    let (day, seconds) = match seconds {
        86_400.. => (value.trunc() + 1.0, 0),
        seconds => (value.trunc(), seconds),
    };
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if value < 1.0 {
        return format!("{hour}:{minute:02}:{second:02}");
    }
    let time = if value.fract() == 0.0 { String::new() } else { format!(" {hour}:{minute:02}") };
    format!("{}{time}", date(day as u64, since_1904))
}

fn date(day: u64, since_1904: bool) -> String {
    let after = |year, month, of_month, days| {
        NaiveDate::from_ymd_opt(year, month, of_month)?.checked_add_days(Days::new(days))
    };
    let date = match day {
        60 if !since_1904 => return "1900/2/29".to_owned(),
        day if since_1904 => after(1904, 1, 1, day),
        day @ ..60 => after(1899, 12, 31, day),
        day => after(1899, 12, 30, day),
    };
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default();
    date.unwrap_or(last).min(last).format("%Y/%-m/%-d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_named_as_excel_names_them() {
        for (value, since_1904, expected) in [
            (0.5, false, "12:00:00"),
            (0.0, false, "0:00:00"),
            (1.0, false, "1900/1/1"),
            (59.0, false, "1900/2/28"),
            (60.0, false, "1900/2/29"),
            (61.0, false, "1900/3/1"),
            (366.0, false, "1900/12/31"),
            (367.0, false, "1901/1/1"),
            (45_049.0, false, "2023/5/3"),
            (45_049.5, false, "2023/5/3 12:00"),
            (45_049.999_999_999, false, "2023/5/4 0:00"),
            (43_587.0, true, "2023/5/3"),
            (2_958_465.0, false, "9999/12/31"),
            (2_958_465.0, true, "9999/12/31"),
            (2_958_466.0, false, "2958466"),
            (-1.0, false, "-1"),
            (f64::NAN, false, "NaN"),
        ] {
            assert_eq!(shown_date(value, since_1904), expected, "{value}");
        }
    }
}

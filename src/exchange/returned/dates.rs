//! Dates and times, which a sheet keeps as numbers: days since 1900 (or 1904), with the
//! time of day behind the point.

use chrono::{Days, NaiveDate};

/// The first day after 31 December 9999.
const END: f64 = 2_958_466.0;
const SECONDS: f64 = 86_400.0;

/// `2026/5/3`, with the time where there is one; a time alone as `8:30:00`.
pub(super) fn shown_date(days: f64, since_1904: bool) -> String {
    if !(0.0..END).contains(&days) {
        return days.to_string();
    }
    let (mut day, mut second) = (days.floor() as u64, (days.fract() * SECONDS) as u64);
    // A part of a second may be a rounding's.
    if ((days.fract() * SECONDS).fract() * 1000.0).round() >= 1000.0 {
        second += 1;
    }
    if second >= SECONDS as u64 {
        (day, second) = (day + 1, 0);
    }
    let (hour, minute) = (second / 3600, second / 60 % 60);
    if days < 1.0 {
        return format!("{hour}:{minute:02}:{:02}", second % 60);
    }
    let time = if days.fract() == 0.0 { String::new() } else { format!(" {hour}:{minute:02}") };
    match calendar(day, since_1904) {
        Some((year, month, day)) => format!("{year}/{month}/{day}{time}"),
        None => days.to_string(),
    }
}

fn calendar(day: u64, since_1904: bool) -> Option<(i32, u32, u32)> {
    use chrono::Datelike;
    // Excel counts a 29 February 1900, which there never was.
    if day == 60 && !since_1904 {
        return Some((1900, 2, 29));
    }
    let first = match (since_1904, day) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1),
        (false, ..60) => NaiveDate::from_ymd_opt(1899, 12, 31),
        (false, _) => NaiveDate::from_ymd_opt(1899, 12, 30),
    }?;
    let last = NaiveDate::from_ymd_opt(9999, 12, 31)?;
    let date = first.checked_add_days(Days::new(day))?.min(last);
    Some((date.year(), date.month(), date.day()))
}

/// Whether a number format makes a date or a time of a number: its first section has a
/// letter for a part of one.
pub(super) fn makes_dates(code: &str) -> bool {
    let mut letters = code.chars();
    // `AM/PM` has letters of its own.
    let mut halves = false;
    while let Some(letter) = letters.next() {
        match letter.to_ascii_lowercase() {
            '\\' | '_' | '*' => drop(letters.next()),
            '"' => drop(letters.find(|letter| *letter == '"')),
            ';' => return false,
            '[' => {
                let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                if is_elapsed(&inside) {
                    return true;
                }
            }
            'p' | 'm' | '/' if halves => return true,
            'd' | 'm' | 'h' | 'y' | 's' if !halves => return true,
            'a' => halves = true,
            _ => {}
        }
    }
    false
}

/// `[h]`, `[mm]`, `[ss]`: time that goes on beyond a day.
fn is_elapsed(inside: &str) -> bool {
    let inside = inside.to_ascii_lowercase();
    matches!(inside.chars().next(), Some(first @ ('h' | 'm' | 's')) if inside.chars().all(|c| c == first))
}

/// Whether a format that programs know by its number alone makes dates or times.
pub(super) fn is_built_in_date(number: u16) -> bool {
    matches!(number, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        for (days, since_1904, expected) in [
            (1.0, false, "1900/1/1"),
            (59.0, false, "1900/2/28"),
            (60.0, false, "1900/2/29"),
            (61.0, false, "1900/3/1"),
            (45_000.0, false, "2023/3/15"),
            (45_000.5, false, "2023/3/15 12:00"),
            (45_000.999_999_999, false, "2023/3/16 0:00"),
            (0.25, false, "6:00:00"),
            (43_538.0, true, "2023/3/15"),
            (2_958_465.0, false, "9999/12/31"),
            (-1.0, false, "-1"),
            (2_958_466.0, false, "2958466"),
        ] {
            assert_eq!(shown_date(days, since_1904), expected, "{days}");
        }
    }

    #[test]
    fn formats_that_make_dates_are_told() {
        for (code, expected) in [
            ("yyyy/m/d", true),
            ("[$-411]ge.m.d;@", true),
            ("[h]:mm", true),
            ("AM/PM", true),
            ("0\"年\"", false),
            ("0\\d", false),
            ("\"day\"0", false),
            ("0;yyyy", false),
            ("General", false),
            ("[Red]0", false),
        ] {
            assert_eq!(makes_dates(code), expected, "{code}");
        }
    }
}

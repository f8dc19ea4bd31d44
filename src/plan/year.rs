//! 年度 (fiscal years), April to March, in Japanese eras.
//!
//! A year is kept as the western year in which it begins, so years sort and
//! subtract; the era is only a way of writing it. 令和元年度 and 平成31年度 are
//! the same fiscal year (2019); it is written as 令和元年度, as the Cabinet
//! Office asked of all offices in April 2019.

use std::fmt;

use serde::{Serialize, Serializer};

use super::reading::compact;

/// One 年度: April of [`start`](Self::start) to March of the year after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYear {
    start: i32,
}

/// As it is displayed: `R4`.
impl Serialize for FiscalYear {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An era.
pub(super) struct Era {
    letter: char,
    pub(super) name: &'static str,
    /// The western year of its first fiscal year, which is that of its first day.
    pub(super) first: i32,
    /// Year, month and day on which it began.
    pub(super) first_day: (i32, u32, u32),
}

/// Newest first. 昭和 is as far back as a plan in force can look.
pub(super) const ERAS: [Era; 3] = [
    Era { letter: 'R', name: "令和", first: 2019, first_day: (2019, 5, 1) },
    Era { letter: 'H', name: "平成", first: 1989, first_day: (1989, 1, 8) },
    Era { letter: 'S', name: "昭和", first: 1926, first_day: (1926, 12, 25) },
];

impl Era {
    /// What stands behind its name, or its letter in either case, where a text begins with one.
    fn behind<'t>(&self, text: &'t str) -> Option<&'t str> {
        let letters = [self.letter, self.letter.to_ascii_lowercase()];
        text.strip_prefix(self.name).or_else(|| text.strip_prefix(letters))
    }
}

/// What stands behind the era (`令和`, `R`, `r`) with which a text begins, where it does.
pub fn behind_era(text: &str) -> Option<&str> {
    ERAS.iter().find_map(|era| era.behind(text))
}

/// Whether the name of an era stands anywhere in a text.
pub(super) fn names_era(text: &str) -> bool {
    ERAS.iter().any(|era| text.contains(era.name))
}

impl FiscalYear {
    /// The fiscal year that begins in April of the western year `start`.
    pub const fn starting(start: i32) -> Self {
        Self { start }
    }

    /// The western year in which the fiscal year begins.
    pub const fn start(self) -> i32 {
        self.start
    }

    /// The fiscal year after this one.
    pub const fn next(self) -> Self {
        Self { start: self.start.saturating_add(1) }
    }

    /// Reads `R3`, `H30`, `R元`, `令和3年度`, `令和3`, `2021` or `2021年度`, in
    /// half or full width. `None` for anything else, including years before 昭和.
    pub fn parse(text: &str) -> Option<Self> {
        let text = compact(text);
        let text = text.strip_suffix("年度").or_else(|| text.strip_suffix('年')).unwrap_or(&text);
        for era in &ERAS {
            if let Some(number) = era.behind(text) {
                let number = if number == "元" { 1 } else { whole(number, 2)? };
                return (number >= 1).then(|| Self::starting(era.first + number - 1));
            }
        }
        let western = if text.len() == 4 {
            whole(text, 4)?
        } else {
            return None;
        };
        (1926..=2999).contains(&western).then(|| Self::starting(western))
    }

    fn era(self) -> Option<(&'static Era, i32)> {
        ERAS.iter().find(|era| self.start >= era.first).map(|era| (era, self.start - era.first + 1))
    }

    /// The long form: `令和3年度`, `令和元年度`.
    pub fn long(self) -> String {
        match self.era() {
            Some((era, 1)) => format!("{}元年度", era.name),
            Some((era, n)) => format!("{}{n}年度", era.name),
            None => format!("{}年度", self.start),
        }
    }
}

/// The short form: `R3`, `H30`, `R元`.
impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.era() {
            Some((era, 1)) => write!(f, "{}元", era.letter),
            Some((era, n)) => write!(f, "{}{n}", era.letter),
            None => write!(f, "{}", self.start),
        }
    }
}

/// A whole number of one to `most` digits and nothing else.
fn whole(text: &str, most: usize) -> Option<i32> {
    let digits = !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_of_a_year_is_read() {
        for (text, start) in [
            ("R3", 2021),
            ("Ｒ３", 2021),
            ("r3", 2021),
            ("H30", 2018),
            ("R元", 2019),
            ("R1", 2019),
            ("H31", 2019),
            ("令和3年度", 2021),
            ("令和元年度", 2019),
            ("平成 30 年度", 2018),
            ("2021", 2021),
            ("２０２１年度", 2021),
        ] {
            assert_eq!(FiscalYear::parse(text), Some(FiscalYear::starting(start)), "{text}");
        }
    }

    #[test]
    fn what_is_no_year_is_refused() {
        for text in ["", "R", "R0", "R3（実績）", "備考", "21", "20211", "R-3", "R+3", "M45"] {
            assert_eq!(FiscalYear::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_year_is_written_in_its_era() {
        let year = FiscalYear::starting;
        assert_eq!((year(2021).to_string(), year(2021).long()), ("R3".into(), "令和3年度".into()));
        assert_eq!((year(2019).to_string(), year(2019).long()), ("R元".into(), "令和元年度".into()));
        assert_eq!((year(2018).to_string(), year(2018).long()), ("H30".into(), "平成30年度".into()));
    }
}

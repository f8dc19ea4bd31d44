//! `1億2,345万円`, `2万3千人`: one number printed in several scales.
//!
//! It counts what its last scale counts: 12345 of 万円, 23 of 千人. So a row that says
//! `9,800万円` in one year and `1億2,345万円` in the next has one unit, and the two
//! numbers can be compared as they are.

use rust_decimal::Decimal;

use super::error::ValueError;
use super::number::{decimal, split_number};
use super::unit::is_unit;

/// The scales, each with its number of zeros, longest word first where one begins another.
const SCALES: [(&str, u32); 6] = [("千万", 7), ("百万", 6), ("兆", 12), ("億", 8), ("万", 4), ("千", 3)];

/// A number of several scales.
pub(super) struct Compound {
    /// In units of the last scale.
    pub number: Decimal,
    pub grouped: bool,
    /// With the last scale: `万円`.
    pub unit: String,
}

/// Reads `text`, which begins with a digit; `None` where it is no such number.
///
/// Each scale is below the one before and its count fits beneath it, and only the last
/// has decimals: `1億12,345万円` and `1.5億2,000万円` are slips, not numbers.
///
/// # Errors
/// A part whose digits are wrong in themselves.
pub(super) fn read(text: &str) -> Result<Option<Compound>, ValueError> {
    let mut rest = text;
    let mut sum = Decimal::ZERO;
    let mut above: Option<u32> = None;
    let mut grouped = false;
    loop {
        let (digits, behind) = split_number(rest);
        let number = decimal(digits)?;
        let scale = SCALES.iter().find(|(word, _)| behind.starts_with(word));
        let zeros = scale.map_or(0, |(_, zeros)| *zeros);
        let fits = match above {
            None => true,
            Some(above) if zeros < above => power(above - zeros).is_some_and(|limit| number < limit),
            Some(_) => false,
        };
        // A part that begins with 0 was typed for a place of digits, not for a count.
        let padded =
            above.is_some() && digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        if !fits || padded || (above.is_some() && number.is_zero()) {
            return Ok(None);
        }
        grouped |= digits.contains(',');
        // What was counted in the scale above, counted in this one.
        let so_far = match above {
            None => Some(Decimal::ZERO),
            Some(above) => power(above - zeros).and_then(|by| sum.checked_mul(by)),
        };
        sum = so_far.and_then(|so_far| so_far.checked_add(number)).ok_or(ValueError::TooLong)?;
        let word = scale.map_or("", |(word, _)| *word);
        let after = behind.get(word.len()..).unwrap_or_default();
        if after.starts_with(|c: char| c.is_ascii_digit()) {
            if word.is_empty() || number.scale() > 0 {
                return Ok(None);
            }
            (above, rest) = (Some(zeros), after);
            continue;
        }
        // 千億円 behind another scale is none that people write.
        let ends = !after.starts_with(['十', '百', '千', '万', '億', '兆']);
        // 1億2,345 has lost its 万円.
        let counts = !behind.is_empty() && is_unit(behind) && !behind.contains('%');
        let whole = above.is_some() && ends && counts;
        return Ok(whole.then(|| Compound { number: sum, grouped, unit: behind.to_owned() }));
    }
}

fn power(zeros: u32) -> Option<Decimal> {
    10_i64.checked_pow(zeros).map(Decimal::from)
}

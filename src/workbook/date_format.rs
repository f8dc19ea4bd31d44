//! Which number formats make dates or times of a number.

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
pub(super) const fn is_built_in_date(number: u32) -> bool {
    matches!(number, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_make_dates_are_told() {
        for (code, expected) in [
            ("yyyy/m/d", true),
            ("[$-411]ge.m.d;@", true),
            ("[h]:mm", true),
            ("AM/PM", true),
            ("[ss]", true),
            ("h\"時\"mm\"分\"", true),
            ("ha/p", true),
            ("#,##0\\d", false),
            ("0*y", false),
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

    #[test]
    fn built_in_formats_are_told_by_their_numbers() {
        assert!(is_built_in_date(14) && is_built_in_date(31) && is_built_in_date(58));
        assert!(!is_built_in_date(13) && !is_built_in_date(48));
    }
}

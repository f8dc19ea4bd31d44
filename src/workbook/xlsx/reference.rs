//! Cells and areas by their names.

use std::borrow::Cow;

use crate::workbook::book::Position;

/// `J10` as row and column from 0.
pub(super) fn cell_of(name: &str) -> Option<Position> {
    let name: Cow<'_, str> = if name.contains('$') { name.replace('$', "").into() } else { name.into() };
    let name = name.trim();
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = name.split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let letter = |byte: u8| u32::from(byte.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().fold(0, |sum, byte| sum * 26 + letter(byte));
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column - 1))
}

/// `J10:K11` as its first and its last cell.
pub(super) fn area_of(area: &str) -> Option<(Position, Position)> {
    let (first, last) = area.split_once(':').unwrap_or((area, area));
    Some((cell_of(first)?, cell_of(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_in_a_sheet() {
        assert_eq!(cell_of("J10"), Some((9, 9)));
        assert_eq!(cell_of("$AA$1"), Some((0, 26)));
        assert_eq!(
            (cell_of("10"), cell_of("A0"), cell_of("ABCD1"), cell_of("é1"), cell_of("A+1")),
            (None, None, None, None, None)
        );
        assert_eq!(area_of("K10:K12"), Some(((9, 10), (11, 10))));
    }
}

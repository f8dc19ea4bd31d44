//! The shared strings of an Excel 97–2003 workbook: each text once, with what its runs of
//! letters say; cells name them by number.

use super::font::{Font, font_of};
use super::records::{Record, Segments};
use crate::workbook::book::{RunStyle, Strikethrough};
use crate::workbook::budget::Budget;
use crate::workbook::refusal::Refusal;

/// A text and how its letters look.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct SharedString {
    pub text: String,
    /// `None` where all letters look like the cell.
    pub rich: Option<Box<RunStyle>>,
}

/// Reads the record that holds them, as far as there are any; how many it says it has does
/// not matter.
pub(super) fn shared_strings(
    record: &Record<'_>,
    fonts: &[Font],
    budget: &mut Budget,
) -> Result<Vec<SharedString>, Refusal> {
    let mut segments = record.segments(8);
    let mut strings = Vec::new();
    while !segments.is_at_end() {
        let string = shared_string(&mut segments, fonts).ok_or(Refusal::Damaged)?;
        let struck = match string.rich.as_deref() {
            Some(RunStyle { struck: Strikethrough::Partly(rest), .. }) => rest.len(),
            _ => 0,
        };
        budget.text(size_of::<SharedString>() + size_of::<RunStyle>() + string.text.len() + struck)?;
        strings.push(string);
    }
    Ok(strings)
}

fn shared_string(segments: &mut Segments<'_>, fonts: &[Font]) -> Option<SharedString> {
    let count = segments.number(2)? as usize;
    let flags = segments.number(1)?;
    let runs = if flags & 8 != 0 { segments.number(2)? } else { 0 };
    // What an editor keeps of a reading (furigana) stands behind.
    let more = if flags & 4 != 0 { segments.number(4)? as usize } else { 0 };
    let letters = segments.letters(count, flags & 1 != 0)?;
    let mut fonts_from: Vec<(usize, Font)> = Vec::new();
    for _ in 0..runs {
        let (from, font) = (segments.number(2)? as usize, segments.number(2)?);
        fonts_from.push((from, font_of(fonts, u16::try_from(font).unwrap_or(0))));
    }
    segments.skip(more)?;
    let rich = rich(&letters, &fonts_from);
    let rich = (rich != RunStyle::default()).then(|| Box::new(rich));
    Some(SharedString { text: String::from_utf16_lossy(&letters), rich })
}

fn rich(letters: &[u16], fonts_from: &[(usize, Font)]) -> RunStyle {
    let mut rich = RunStyle::default();
    if fonts_from.is_empty() {
        return rich;
    }
    let (mut kept, mut struck) = (Vec::new(), Vec::new());
    let mut runs = fonts_from.iter().peekable();
    let mut font = Font::default();
    for (at, letter) in letters.iter().enumerate() {
        while let Some((_, next)) = runs.next_if(|(from, _)| *from <= at) {
            font = *next;
        }
        if font.struck { &mut struck } else { &mut kept }.push(*letter);
        rich.raised |= font.raised;
        rich.colour = rich.colour.or(font.colour);
    }
    rich.struck = Strikethrough::of(&String::from_utf16_lossy(&struck), String::from_utf16_lossy(&kept));
    rich
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::records::Records;
    use super::*;

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    fn read(parts: &[&[u8]]) -> Result<Vec<SharedString>, Refusal> {
        let mut stream = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            stream.extend(if at == 0 { 0x00FC_u16 } else { 0x003C }.to_le_bytes());
            stream.extend((part.len() as u16).to_le_bytes());
            stream.extend(*part);
        }
        let fonts = [
            Font::default(),
            Font { struck: true, ..Font::default() },
            Font { raised: true, ..Font::default() },
        ];
        let mut budget = Budget::default();
        let record = Records::from(&stream, 0)?.next(&mut budget)?;
        shared_strings(&record, &fonts, &mut budget)
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    /// Strings in several runs, one of which goes on in another record.
    #[test]
    fn runs_of_a_string_are_told_apart() {
        let first = [
            vec![0; 8],
            words(&[2]),
            vec![0],
            b"52".to_vec(),
            // 9000 of 489000 is struck, from its second letter to its third.
            words(&[6]),
            vec![8],
            words(&[2]),
            b"489000".to_vec(),
            words(&[1, 1, 2, 0]),
            words(&[3]),
            vec![9],
            words(&[1]),
            wide("5人"),
        ]
        .concat();
        let second = [vec![1], wide("1"), words(&[2, 2])].concat();
        let strings = read(&[&first, &second]).unwrap();
        let struck = RunStyle { struck: Strikethrough::Partly("49000".to_owned()), ..RunStyle::default() };
        let raised = RunStyle { raised: true, ..RunStyle::default() };
        let expected = [("52", None), ("489000", Some(struck)), ("5人1", Some(raised))];
        let expected =
            expected.map(|(text, rich)| SharedString { text: text.to_owned(), rich: rich.map(Box::new) });
        assert_eq!(strings, expected);
    }

    /// A string whose letters are narrow in one record and wide in the next, with a reading
    /// behind it that fills a record of its own.
    #[test]
    fn a_string_goes_on_in_other_letters() {
        let first = [vec![0; 8], words(&[4]), vec![4, 3, 0, 0, 0], b"AB".to_vec()].concat();
        let second = [vec![1], wide("課題")].concat();
        let next = [words(&[1]), vec![0], b"!".to_vec()].concat();
        let strings = read(&[&first, &[], &second, &[9, 9, 9], &next]).unwrap();
        let texts: Vec<&str> = strings.iter().map(|string| string.text.as_str()).collect();
        assert_eq!(texts, ["AB課題", "!"]);
    }

    /// Whatever a string claims, only what is there is read.
    #[test]
    fn a_string_that_claims_more_than_there_is_is_damaged() {
        let claims = |rest: &[u8]| [&[0; 8], rest].concat();
        for rest in [
            &[0xFF, 0xFF, 0][..],
            &[1, 0, 8, 0xFF, 0xFF, b'x'],
            &[1, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF, b'x'],
            &[1],
        ] {
            assert_eq!(read(&[&claims(rest)]), Err(Refusal::Damaged), "{rest:?}");
        }
        assert_eq!(read(&[&claims(&[])]), Ok(vec![]));
    }
}

//! A worksheet drawn from a grid.

use std::collections::BTreeSet;
use std::ops::Range;

use rust_xlsxwriter::{Format, FormatUnderline, Url, Worksheet};

use super::figure::{Figure, printed_figure};
use super::name::Names;
use super::style::{EMU_PER_PIXEL, Fit, Formats, indent_of};
use super::{WorkbookError, check_length, place};
use crate::layout::Length;
use crate::layout::grid::{Cell, Content, LEADER, Link, Role, Sheet};

/// Draws the grid: widths, heights, merges, styles and contents.
pub(super) fn draw(
    worksheet: &mut Worksheet,
    sheet: &Sheet,
    names: &Names,
    formats: &mut Formats<'_>,
) -> Result<(), WorkbookError> {
    worksheet.set_screen_gridlines(false);
    let name = worksheet.name();
    for (column, width) in column_pixels(&sheet.columns).into_iter().enumerate() {
        worksheet.set_column_width_pixels(place(0, column, &name)?.1, width)?;
    }
    for (row, height) in sheet.rows.iter().enumerate() {
        // Heights are whole pixels by the grid's own rule; rounding only guards it.
        worksheet.set_row_height_pixels(place(row, 0, &name)?.0, pixels(height.height))?;
    }
    for cell in &sheet.cells {
        draw_cell(worksheet, sheet, cell, &name, names, formats)?;
    }
    if sheet.frozen_rows > 0 {
        worksheet.set_freeze_panes(place(sheet.frozen_rows, 0, &name)?.0, 0)?;
    }
    Ok(())
}

fn draw_cell(
    worksheet: &mut Worksheet,
    sheet: &Sheet,
    cell: &Cell,
    name: &str,
    names: &Names,
    formats: &mut Formats<'_>,
) -> Result<(), WorkbookError> {
    let (row, column) = place(cell.row, cell.column, name)?;
    let (last_row, last_column) =
        place(cell.row + cell.row_span.max(1) - 1, cell.column + cell.column_span.max(1) - 1, name)?;
    let text = cell.text();
    check_length(text, name, row, column)?;

    let figure = figure(cell).filter(|figure| formats.takes(&figure.format));
    let number_format = match cell.role {
        Role::ContentsEntry if cell.lines.len() == 1 => format!("@\" \"*{LEADER}"),
        _ => figure.as_ref().map_or_else(String::new, |figure| figure.format.clone()),
    };
    let indent = indent(cell, sheet.width_of(cell));
    let format = formats.of(&cell.style, fit(sheet, cell), indent, &number_format);

    if (row, column) != (last_row, last_column) {
        // Every cell of the range gets the format: Excel takes each rule of the
        // merged cell from the cell at that edge.
        worksheet.merge_range(row, column, last_row, last_column, "", format)?;
    }
    // LibreOffice draws no dots behind a text with a link; the link is the number's.
    let link = cell.link.filter(|_| cell.role != Role::ContentsEntry);
    if let Some(link) = link.and_then(|link| target(link, names)).filter(|_| !text.is_empty()) {
        worksheet.write_url_with_options(row, column, link, text, "", Some(format))?;
    }
    // Never by the general `write`: a text that begins with = is text.
    match figure {
        Some(Figure { number, .. }) => worksheet.write_number_with_format(row, column, number, format)?,
        None if text.is_empty() => worksheet.write_blank(row, column, format)?,
        None if !cell.underlined.is_empty() => {
            write_underlined(worksheet, (row, column), text, &cell.underlined, format)?
        }
        None => worksheet.write_string_with_format(row, column, text, format)?,
    };
    Ok(())
}

/// The number that a cell holds; `None` for one that holds text.
fn figure(cell: &Cell) -> Option<Figure> {
    match &cell.content {
        Content::Value(value) => value.quantity().and_then(printed_figure),
        Content::Text(text) if cell.role == Role::ContentsPage => {
            let number = text.parse::<u32>().ok()?;
            Some(Figure { number: number.into(), format: "0".to_owned() })
        }
        _ => None,
    }
}

/// Writes a text of which parts are underlined.
fn write_underlined<'w>(
    worksheet: &'w mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    underlined: &[Range<usize>],
    format: &Format,
) -> Result<&'w mut Worksheet, WorkbookError> {
    let under = format.clone().set_underline(FormatUnderline::Single);
    let edges = [0, text.len()].into_iter().chain(underlined.iter().flat_map(|part| [part.start, part.end]));
    let edges: BTreeSet<usize> = edges.collect();
    let is_under = |at: usize| underlined.iter().any(|part| part.contains(&at));
    let pieces: Vec<(&Format, &str)> = edges
        .iter()
        .zip(edges.iter().skip(1))
        .filter_map(|(start, end)| {
            Some((if is_under(*start) { &under } else { format }, text.get(*start..*end)?))
        })
        .collect();
    Ok(match pieces.as_slice() {
        [(format, text)] => worksheet.write_string_with_format(row, column, *text, format)?,
        pieces => write_pieces(worksheet, (row, column), pieces, format)?,
    })
}

/// Writes a text of pieces, each in its own format. What looks like one of Excel's escapes
/// (_x0041_), for which Excel would read another letter, the library writes as it stands.
pub(super) fn write_pieces<'w>(
    worksheet: &'w mut Worksheet,
    (row, column): (u32, u16),
    pieces: &[(&Format, &str)],
    format: &Format,
) -> Result<&'w mut Worksheet, WorkbookError> {
    let escaped: Vec<String> = pieces.iter().map(|(_, text)| text.replace("_x", "_x005F_x")).collect();
    let pieces: Vec<(&Format, &str)> =
        pieces.iter().zip(&escaped).map(|((format, _), text)| (*format, text.as_str())).collect();
    Ok(worksheet.write_rich_string_with_format(row, column, &pieces, format)?)
}

/// A link within the workbook; `None` where it leads to no sheet.
fn target(link: Link, names: &Names) -> Option<Url> {
    let name = names.sheets.get(link.sheet)?;
    Some(Url::new(format!("internal:'{name}'!A{}", link.row + 1)))
}

fn fit(sheet: &Sheet, cell: &Cell) -> Fit {
    match &cell.content {
        Content::Empty => Fit::None,
        Content::Stacked(_) => Fit::Stack,
        Content::Value(_) => Fit::Shrink,
        Content::Text(text) => {
            // A cell with room for a second line wraps, so a clerk's longer text
            // shows; one without would cut it.
            let room = sheet.height_of(cell) >= cell.style.leading * 2;
            if cell.lines.len() > 1 || text.contains('\n') || room { Fit::Wrap } else { Fit::Shrink }
        }
    }
}

/// How many steps a cell's text is set in: what its padding comes to, where its lines still fit.
fn indent(cell: &Cell, width: Length) -> u8 {
    let widest = cell.lines.iter().map(|line| line.indent + line.width).max().unwrap_or_default();
    indent_of(cell.style.padding, width - widest)
}

fn pixels(length: Length) -> u32 {
    u32::try_from((length.emu() + EMU_PER_PIXEL / 2) / EMU_PER_PIXEL).unwrap_or(0)
}

/// The columns in pixels, by their edges: so no rounding adds up, and the whole is
/// never wider than the grid (Excel would print it smaller).
fn column_pixels(columns: &[Length]) -> Vec<u32> {
    let whole: Length = columns.iter().sum();
    let most = u32::try_from(whole.emu() / EMU_PER_PIXEL).unwrap_or(0);
    let mut left = Length::ZERO;
    let mut widths = Vec::with_capacity(columns.len());
    for width in columns {
        let right = left + *width;
        widths.push(pixels(right).min(most).saturating_sub(pixels(left)));
        left = right;
    }
    widths
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read;

    use super::*;

    /// What is underlined is so in the workbook, be it all of a text, its beginning or its end.
    #[test]
    fn underlined_parts_are_pieces_of_a_rich_string() {
        let strings = |text: &str, underlined: &[(usize, usize)]| {
            let underlined: Vec<_> = underlined.iter().map(|(start, end)| *start..*end).collect();
            let mut workbook = super::super::new_workbook("BIZ UDゴシック").unwrap();
            let format = Format::new().set_font_name("BIZ UDゴシック");
            write_underlined(workbook.add_worksheet(), (0, 0), text, &underlined, &format).unwrap();
            let bytes = workbook.save_to_buffer().unwrap();
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
            let mut xml = String::new();
            archive.by_name("xl/sharedStrings.xml").unwrap().read_to_string(&mut xml).unwrap();
            let pieces =
                xml.split("<t").skip(1).map(|piece| piece.split(['>', '<']).nth(1).unwrap().to_owned());
            (pieces.collect::<Vec<_>>(), xml.matches("<u/>").count())
        };
        assert_eq!(strings("12人", &[(0, 2)]), (vec!["12".into(), "人".into()], 1));
        assert_eq!(strings("約12人、3人", &[(3, 5), (11, 12)]).0, ["約", "12", "人、", "3", "人"]);
        assert_eq!(strings("約12", &[(3, 5)]), (vec!["約".into(), "12".into()], 1));
        assert_eq!(strings("新規", &[(0, 6)]), (vec!["新規".into()], 0), "the format of the cell says it");
        assert_eq!(strings("a_x0041_人", &[(0, 1)]).0, ["a", "_x005F_x0041_人"]);
    }

    #[test]
    fn widths_in_pixels_do_not_drift() {
        let columns: Vec<Length> = [7.0, 88.0, 83.0, 19.0, 19.0, 19.0, 19.0, 19.0].map(Length::mm).into();
        let widths = column_pixels(&columns);
        assert_eq!(widths, [26, 333, 314, 72, 71, 72, 72, 71]);
        assert_eq!(widths.iter().sum::<u32>(), 1031, "273 mm are 1031.8 pixels");
    }
}

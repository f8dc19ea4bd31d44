//! A plain 目次, for documents that bring none.

use rust_xlsxwriter::{Format, FormatAlign, FormatUnderline, Url, Worksheet};

use super::name::{CONTENTS, DATA, MEANINGS, Names};
use super::{WorkbookError, check_length, place};
use crate::layout::grid::Document;
use crate::render::Meta;

/// Draws the title, and for each sheet a link and what the sheet is.
pub(super) fn draw(
    worksheet: &mut Worksheet,
    document: &Document,
    names: &Names,
    meta: &Meta,
    font: &str,
) -> Result<(), WorkbookError> {
    worksheet.set_name(CONTENTS)?;
    worksheet.set_screen_gridlines(false);
    super::page::set_paper(worksheet, &document.page)?;
    worksheet.set_print_fit_to_pages(1, 0);
    worksheet.set_column_width_pixels(0, 280)?;
    worksheet.set_column_width_pixels(1, 720)?;

    let plain = Format::new().set_font_name(font).set_font_charset(128).set_font_size(11);
    let plain = plain.set_align(FormatAlign::VerticalCenter);
    let title = plain.clone().set_bold().set_font_size(16);
    let head = plain.clone().set_bold();
    let link = plain.clone().set_underline(FormatUnderline::Single).set_font_color(0x0563C1);

    check_length(&meta.title, CONTENTS, 0, 0)?;
    worksheet.write_string_with_format(0, 0, &meta.title, &title)?;
    worksheet.write_string_with_format(2, 0, "シート", &head)?;
    worksheet.write_string_with_format(2, 1, "内容", &head)?;
    let sheets =
        document.sheets.iter().zip(&names.sheets).map(|(sheet, name)| (name.as_str(), sheet.title.as_str()));
    let own = [
        (DATA, "指標ごとの目標・基準値・実績を、機械で読める形にした表"),
        (MEANINGS, "「データ」の各列の意味"),
    ];
    for (at, (name, what)) in sheets.chain(own).enumerate() {
        let (row, _) = place(at + 3, 0, CONTENTS)?;
        let url = Url::new(format!("internal:'{name}'!A1"));
        worksheet.write_url_with_options(row, 0, url, name, "", Some(&link))?;
        check_length(what, CONTENTS, row, 1)?;
        worksheet.write_string_with_format(row, 1, what, &plain)?;
    }
    Ok(())
}

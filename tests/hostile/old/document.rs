//! .ods: what a few letters can ask for.

use super::{each, package};

fn document(body: &str) -> Vec<u8> {
    styled("", body)
}

/// A document with these styles before its tables.
fn styled(styles: &str, body: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    );
    package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
    ])
}

fn table(name: &str, rows: &str) -> String {
    format!("<table:table table:name=\"{name}\">{rows}</table:table>")
}

fn row(cells: &str) -> String {
    format!("<table:table-row>{cells}</table:table-row>")
}

fn sheet(rows: &str) -> Vec<u8> {
    document(&table("S", rows))
}

fn text(content: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{content}</text:p></table:table-cell>")
}

fn number(attributes: &str, shown: &str) -> String {
    format!(
        "<table:table-cell office:value-type=\"float\" office:value=\"1\" {attributes}><text:p>{shown}</text:p></table:table-cell>"
    )
}

/// What is repeated by attributes.
#[test]
fn repetitions() {
    let wide = number("table:number-columns-repeated=\"16384\"", "1");
    let million_rows = |cells: &str| {
        format!("<table:table-row table:number-rows-repeated=\"1000000\">{cells}</table:table-row>")
    };
    let long = "あ".repeat(100_000);
    let blank_rows: String = (0..20_000)
        .map(|_| "<table:table-row table:visibility=\"collapse\" table:number-rows-repeated=\"1000000000000\"><table:table-cell table:number-columns-repeated=\"18446744073709551615\"/></table:table-row>")
        .collect();
    let open = "<style:style style:name=\"o\" style:family=\"table-cell\"><style:table-cell-properties style:cell-protect=\"none\"/></style:style>";
    let open_cells =
        million_rows("<table:table-cell table:style-name=\"o\" table:number-columns-repeated=\"16384\"/>");
    let tables: String =
        (0..150).map(|at| table(&format!("S{at}"), &million_rows(&number("", "1")))).collect();
    each(vec![
        ("given.ods", include_bytes!("../../attacks/ods-rows-repeat-x20.ods").to_vec(), "E402"),
        ("wide.ods", sheet(&million_rows(&wide)), "E402"),
        ("wide-rows.ods", sheet(&row(&wide).repeat(500)), "E402"),
        ("tall.ods", document(&tables), "E402"),
        ("blanks.ods", sheet(&row(&text("<text:s text:c=\"1000000000\"/>"))), "E402"),
        ("most-blanks.ods", sheet(&row(&text("<text:s text:c=\"18446744073709551615\"/>"))), "E402"),
        ("many-blanks.ods", sheet(&row(&text("<text:s text:c=\"1000000\"/>").repeat(1_000))), "E402"),
        (
            "note-of-blanks.ods",
            sheet(&row(&format!(
                "<table:table-cell><office:annotation><text:p>{}</text:p></office:annotation></table:table-cell>",
                "<text:s text:c=\"1000000\"/>".repeat(1_000)
            ))),
            "E402",
        ),
        ("long-text-repeated.ods", sheet(&million_rows(&text(&long))), "E402"),
        (
            "long-number-repeated.ods",
            sheet(&row(&number("table:number-columns-repeated=\"16000\"", &long))),
            "E402",
        ),
        (
            "struck-repeated.ods",
            styled(
                "<style:style style:name=\"s\"><style:text-properties style:text-line-through-style=\"solid\"/></style:style>",
                &table(
                    "S",
                    &million_rows(&text(&format!("<text:span text:style-name=\"s\">{long}</text:span>5"))),
                ),
            ),
            "E402",
        ),
        ("far-row.ods", sheet(&format!("{blank_rows}{}", row(&number("", "1")))), "E402"),
        ("empty-rows.ods", sheet(&blank_rows), "E406"),
        ("open-cells.ods", styled(open, &table("S", &open_cells.repeat(2_000))), "E406"),
        ("not-a-number.ods", sheet(&row(&number("table:number-columns-repeated=\"1e9\"", "1"))), "E403"),
        ("formulas.ods", sheet(&million_rows("<table:table-cell table:formula=\"of:=1\"/>")), "E402"),
    ]);
}

/// What is many, long or deep by itself.
#[test]
fn heaps() {
    let cells = "<table:table-cell/>";
    let named = format!("<style:style style:name=\"{}\"/>", "n".repeat(4 << 20));
    let by_column = format!(
        "<table:table-column table:default-cell-style-name=\"{}\"/>{}",
        "n".repeat(4 << 20),
        row(&cells.repeat(500_000))
    );
    let columns = "<table:table-column/>".repeat(90_000);
    let joined = row(
        "<table:table-cell table:number-columns-spanned=\"16384\" table:number-rows-spanned=\"1000000\"/>",
    );
    let children: String = (0..150_000)
        .map(|at| format!("<style:style style:name=\"c{at}\" style:parent-style-name=\"c{}\"/>", at / 2))
        .collect();
    let formats: String = (0..50_000)
        .map(|at| format!("<number:text-style style:name=\"f{at}\"><number:text>円</number:text><number:text-content/></number:text-style>"))
        .collect();
    let echo = format!(
        "<number:text-style style:name=\"f\">{}</number:text-style><style:style style:name=\"e\" style:data-style-name=\"f\"/>",
        "<number:text-content/>".repeat(250)
    );
    let echoed = |count: usize| {
        let cell = text(&"x".repeat(900)).replacen(
            "<table:table-cell",
            "<table:table-cell table:style-name=\"e\"",
            1,
        );
        row(&cell.repeat(count))
    };
    let note =
        "<table:table-cell><office:annotation><text:p>x</text:p></office:annotation></table:table-cell>";
    let inner = format!(
        "<table:table-cell>{}{}</table:table-cell>",
        "<table:table>".repeat(200),
        "</table:table>".repeat(200)
    );
    let attributes: String = (0..1_000_000).map(|at| format!(" a{at}=\"\"")).collect();
    let laughs = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>";
    let tables: String = (0..300).map(|at| table(&format!("S{at}"), "")).collect();
    let alike = table("S", &row(&text("a"))) + &table("S", &row(&text("b")));
    let texts: String = (0..250_000).map(|at| text(&at.to_string())).collect();
    let spaces = vec![b' '; 200 << 20];
    each(vec![
        ("open-table.ods", package(&[("content.xml", b"<a><table:table table:name=\"S\">")]), "E403"),
        ("deep.ods", package(&[("content.xml", "<a>".repeat(8 << 20).as_bytes())]), "E402"),
        ("bomb.ods", package(&[("content.xml", &spaces)]), "E402"),
        ("bomb-beside.ods", package(&[("content.xml", b"<a/>"), ("Pictures/1.png", &spaces)]), ""),
        ("styles-bomb.ods", package(&[("content.xml", b"<a/>"), ("styles.xml", &spaces)]), "E402"),
        ("empty-elements.ods", package(&[("content.xml", format!("<a>{}</a>", "<b/>".repeat(3_000_000)).as_bytes())]), "E406"),
        ("empty-cells.ods", sheet(&row(&cells.repeat(800_000))), "E406"),
        ("long-style-name.ods", styled(&named, &table("S", &by_column)), ""),
        ("many-columns.ods", sheet(&format!("{columns}{}", row(&cells.repeat(500_000)))), "E406"),
        ("joined.ods", sheet(&joined.repeat(90_000)), "E402"),
        ("many-styles.ods", styled(&children, &table("S", "")), "E402"),
        ("many-formats.ods", styled(&formats, &table("S", "")), "E402"),
        ("echo.ods", styled(&echo, &table("S", &echoed(10_000))), "E402"),
        ("many-notes.ods", sheet(&row(&note.repeat(200_000))), "E402"),
        ("inner-tables.ods", sheet(&row(&inner)), "E406"),
        ("inner-rows.ods", sheet(&row("<table:table-row></table:table-row>")), "E403"),
        ("many-attributes.ods", sheet(&row(&format!("<table:table-cell{attributes}/>"))), "E406"),
        ("laughs.ods", package(&[("content.xml", format!("{laughs}<a>&b;</a>").as_bytes())]), "E403"),
        ("many-tables.ods", document(&tables), "E402"),
        ("two-alike.ods", document(&alike), "E418"),
        ("many-texts.ods", sheet(&row(&texts[..texts.len() / 300]).repeat(300)), ""),
        ("long-text.ods", sheet(&row(&text(&"あ".repeat(9 << 20)))), "E402"),
        ("a-text-document.ods", package(&[("content.xml", b"<a/>"), ("mimetype", b"application/vnd.oasis.opendocument.text")]), "E404"),
        (
            "password.ods",
            package(&[
                ("content.xml", b"\x01\x02"),
                ("META-INF/manifest.xml", b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"),
            ]),
            "E401",
        ),
        ("password-whole.ods", package(&[("encrypted-package", b"\x01\x02")]), "E401"),
    ]);
}

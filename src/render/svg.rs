//! The SVG writer: one page as an element of a page of the Web.
//!
//! The same page as the PDF's, of real text, for somebody who looks into a plan before its files
//! are made. A cell that says something of the plan is a group of its own (`data-row`, its
//! [`Row`](crate::plan::Row); `data-part`, its [`Part`]), and a link where its caller wants one. Nothing in it asks for anything: no script, no style, no address but those
//! of the links, so that the strictest Content-Security-Policy lets it be.

use std::fmt::{self, Write};

use super::page::{Area, Page, PageCell, Text};
use crate::layout::Length;
use crate::layout::font::{FaceId, Fonts};
use crate::layout::grid::{Cell, Colour, Document};
use crate::layout::{Origin, Part};

/// What the style sheet of a page has to say, so that its letters stand as in the PDF. It also
/// declares the families of [`family_name`] by `@font-face`.
pub const STYLE: &str = include_str!("svg/page.css");

/// The family of which the faces of running text, of headings, and of what those two lack are
/// asked for.
const fn family_name(face: FaceId) -> &'static str {
    match face {
        FaceId::Regular => "jisseki-regular",
        FaceId::Bold => "jisseki-bold",
        FaceId::Fallback => "jisseki-fallback",
    }
}

/// The pixels of a screen to the point (CSS Values, 6.2).
const PIXELS_PER_PT: f64 = 96.0 / 72.0;

/// Where a cell leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellLink {
    /// The address.
    pub href: String,
    /// What a screen reader says of the link.
    pub label: String,
    /// The cell is the one that is looked for: it has a ground and an outline of its own.
    pub is_marked: bool,
}

/// The page `page` of a sheet, both counted from 0; `None` where there is none. It is called
/// `label`; `link` says where a cell leads.
pub fn page(
    document: &Document,
    (sheet, page): (usize, usize),
    fonts: &Fonts<'_>,
    label: &str,
    link: &dyn Fn(&Cell) -> Option<CellLink>,
) -> Option<String> {
    let sheet = document.sheets.get(sheet)?;
    let cells = sheet.cells_of_pages();
    let drawn = Page::of(document, sheet, page, cells.get(page)?, fonts);
    let mut svg = String::new();
    // A text takes whatever is written to it.
    Writer { out: &mut svg, fonts }.page(document, &drawn, label, link).ok()?;
    Some(svg)
}

struct Writer<'a> {
    out: &'a mut String,
    fonts: &'a Fonts<'a>,
}

impl Writer<'_> {
    fn page(
        &mut self,
        document: &Document,
        page: &Page<'_>,
        label: &str,
        link: &dyn Fn(&Cell) -> Option<CellLink>,
    ) -> fmt::Result {
        let (width, height) = (Points(document.page.width), Points(document.page.height));
        write!(
            self.out,
            r##"<svg xmlns="http://www.w3.org/2000/svg" class="page" viewBox="0 0 {width} {height}" role="group" aria-label="{}" font-family="{}" text-rendering="geometricPrecision" xml:space="preserve"><rect class="paper" width="{width}" height="{height}" fill="#ffffff"/>"##,
            Escaped(label),
            family_name(FaceId::Regular),
        )?;
        for (area, colour) in &page.grounds {
            // Not smoothed: between two of one colour there is no gap.
            self.rectangle(*area, &format!(r#"shape-rendering="crispEdges" fill="{}""#, Hex(*colour)))?;
        }
        self.rules(document, page)?;
        for cell in &page.cells {
            self.cell(cell, link(cell.cell).as_ref())?;
        }
        for text in &page.margins {
            self.text(text, text.colour, "")?;
        }
        self.out.write_str("</svg>\n")
    }

    /// The rules: as wide as on paper, however large the page is shown, and a pixel at the least.
    /// Smoothed, those of a page that is shown small would be shadows.
    fn rules(&mut self, document: &Document, page: &Page<'_>) -> fmt::Result {
        let width = Points(Length::pt((document.rule.width.to_pt() * PIXELS_PER_PT).max(1.0)));
        let colour = Hex(document.rule.colour);
        write!(
            self.out,
            r#"<path shape-rendering="crispEdges" vector-effect="non-scaling-stroke" stroke="{colour}" stroke-width="{width}" stroke-linecap="square" d=""#
        )?;
        for [(from_x, from_y), (to_x, to_y)] in &page.rules {
            write!(self.out, "M{} {}", Points(*from_x), Points(*from_y))?;
            match from_y == to_y {
                true => write!(self.out, "H{}", Points(*to_x))?,
                false => write!(self.out, "V{}", Points(*to_y))?,
            }
        }
        self.out.write_str("\"/>")
    }

    fn cell(&mut self, on_page: &PageCell<'_>, link: Option<&CellLink>) -> fmt::Result {
        let PageCell { cell, area, .. } = on_page;
        let origin = cell.origin();
        let is_grouped = origin.is_some() || link.is_some();
        if is_grouped {
            let element = if link.is_some() { "a" } else { "g" };
            write!(self.out, r#"<{element} id="cell-{}" class="cell""#, on_page.index)?;
            if let Some(Origin { row, part, .. }) = origin {
                write!(self.out, r#" data-row="{}" data-part="{}""#, row.0, PartName(part))?;
            }
            if let Some(CellLink { href, label, is_marked }) = link {
                write!(self.out, r#" href="{}" aria-label="{}""#, Escaped(href), Escaped(label))?;
                self.out.write_str(if *is_marked { r#" aria-current="true">"# } else { ">" })?;
                // What can be pressed is the whole cell.
                self.rectangle(
                    *area,
                    match is_marked {
                        true => r##"class="marked" fill="#fff3a8" stroke="#000000" stroke-width="1.5""##,
                        false => r#"class="area" fill="none" pointer-events="all""#,
                    },
                )?;
            } else {
                self.out.write_char('>')?;
            }
        }
        // White letters could not be read on the ground of a mark.
        let is_marked = link.is_some_and(|link| link.is_marked);
        let colour = if is_marked { Colour { red: 0, green: 0, blue: 0 } } else { cell.style.colour };
        for line in &on_page.lines {
            self.text(line, colour, "")?;
        }
        for area in &on_page.underlines {
            self.rectangle(*area, &format!(r#"fill="{}""#, Hex(colour)))?;
        }
        if is_grouped {
            self.out.write_str(if link.is_some() { "</a>" } else { "</g>" })?;
        }
        match &on_page.leader {
            Some(leader) => self.text(leader, leader.colour, r#" aria-hidden="true""#),
            None => Ok(()),
        }
    }

    fn rectangle(&mut self, area: Area, attributes: &str) -> fmt::Result {
        let Area { left, right, top, bottom } = area;
        let (x, y, width, height) = (Points(left), Points(top), Points(right - left), Points(bottom - top));
        write!(self.out, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" {attributes}/>"#)
    }

    /// A line of text. What stands as the line's beginning does needs no element of its own.
    fn text(&mut self, text: &Text<'_>, colour: Colour, attributes: &str) -> fmt::Result {
        let (x, baseline, size) = (Points(text.x), Points(text.baseline), Points(text.size));
        write!(self.out, r#"<text x="{x}" y="{baseline}" font-size="{size}"{attributes}"#)?;
        let main = if text.bold { FaceId::Bold } else { FaceId::Regular };
        if text.bold {
            write!(self.out, r#" font-family="{}""#, family_name(main))?;
        }
        if colour != (Colour { red: 0, green: 0, blue: 0 }) {
            write!(self.out, r#" fill="{}""#, Hex(colour))?;
        }
        self.out.write_char('>')?;
        for (run, is_closed) in text.runs(self.fonts) {
            let is_parted = is_closed || run.face != main;
            if is_parted {
                self.out.write_str("<tspan")?;
            }
            if is_closed {
                write!(self.out, r#" dx="-{}""#, Points(text.size / 2))?;
            }
            if run.face != main {
                write!(self.out, r#" font-family="{}""#, family_name(run.face))?;
            }
            if is_parted {
                self.out.write_char('>')?;
            }
            write!(self.out, "{}", Escaped(&run.text))?;
            run.selector.map_or(Ok(()), |selector| self.out.write_char(selector))?;
            if is_parted {
                self.out.write_str("</tspan>")?;
            }
        }
        self.out.write_str("</text>")
    }
}

/// A length in points, to a thousandth.
struct Points(Length);

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousandths = (self.0.to_pt() * 1000.0).round();
        write!(f, "{}", thousandths / 1000.0)
    }
}

/// `#1f3864`
struct Hex(Colour);

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Colour { red, green, blue } = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// `actual:2022`
struct PartName(Part);

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Part::Name => f.write_str("name"),
            Part::Department => f.write_str("department"),
            Part::Purpose => f.write_str("purpose"),
            Part::Content => f.write_str("content"),
            Part::Target => f.write_str("target"),
            Part::Baseline => f.write_str("baseline"),
            Part::Actual(year) => write!(f, "actual:{}", year.start()),
            Part::Declared(at) => write!(f, "declared:{at}"),
        }
    }
}

/// A text in an element or an attribute, without what XML cannot hold (XML 1.0, 2.2).
struct Escaped<'t>(&'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\u{FFFE}' | '\u{FFFF}' => {}
                c if c.is_control() => {}
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::layout::font::FontFiles;
    use crate::layout::grid::{Align, Role};
    use crate::plan::{FiscalYear, Row};
    use crate::render::page::sample;

    /// The page with one cell of these lines, which says an actual; `link` is where it leads.
    fn drawn(lines: &[&str], link: Option<CellLink>) -> String {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let mut document = sample::document(lines, Align::Left, None, &fonts);
        let cell = &mut document.sheets[0].cells[0];
        let part = Part::Actual(FiscalYear::starting(2022));
        cell.origins.push(Origin { row: Row(118), part, reprint: None });
        let svg = page(&document, (0, 0), &fonts, "実績一覧 1ページ", &|_| link.clone()).unwrap();
        assert!(page(&document, (0, 1), &fonts, "", &|_| None).is_none());
        assert!(page(&document, (1, 0), &fonts, "", &|_| None).is_none());
        svg
    }

    /// What is said between the elements, if they are whole; a `|` where a text begins.
    fn said(svg: &str) -> String {
        let mut reader = quick_xml::Reader::from_str(svg);
        let mut said = String::new();
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(start) if start.name().as_ref() == "text" => said.push('|'),
                quick_xml::events::Event::Text(text) => said.push_str(&text),
                quick_xml::events::Event::GeneralRef(name) => {
                    said.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap())
                }
                quick_xml::events::Event::Eof => return said,
                _ => {}
            }
        }
    }

    #[test]
    fn every_line_of_a_page_is_a_text_of_it() {
        let svg = drawn(&["根室市の", "（港町）"], None);
        assert_eq!(said(&svg).trim(), "|根室市の|（港町）");
        assert!(svg.contains(r#"<g id="cell-0" class="cell" data-row="118" data-part="actual:2022">"#));
        assert!(svg.contains(r#"viewBox="0 0 100 50""#) && !svg.contains("<a "));
    }

    #[test]
    fn closed_up_brackets_stand_half_an_em_to_the_left() {
        let svg = drawn(&["市（町）（村）"], None);
        assert!(svg.contains(r#">市（町）<tspan dx="-5">（村）</tspan></text>"#), "{svg}");
    }

    #[test]
    fn what_means_something_in_xml_is_escaped_and_controls_are_dropped() {
        let svg = drawn(&["<b>&\"\u{1}\u{7f}港"], None);
        assert_eq!(said(&svg).trim(), "|<b>&\"港");
        let href = "/見る?a=1&b=\"<x>".to_owned();
        let svg = drawn(&["港"], Some(CellLink { href, label: "<港>".into(), is_marked: false }));
        assert!(svg.contains(r#"href="/見る?a=1&amp;b=&quot;&lt;x&gt;" aria-label="&lt;港&gt;""#), "{svg}");
        assert_eq!(said(&svg).trim(), "|港");
    }

    /// A mark is not told by its colour alone.
    #[test]
    fn a_marked_cell_has_a_ground_and_an_outline() {
        let link = |is_marked| CellLink { href: "#x".into(), label: "港".into(), is_marked };
        let marked = drawn(&["港"], Some(link(true)));
        let rectangle = marked.split("<rect").find(|rest| rest.contains(r#"class="marked""#)).unwrap();
        assert!(rectangle.contains("fill=") && rectangle.contains("stroke="));
        assert!(marked.contains(r#"aria-current="true""#));
        let other = drawn(&["港"], Some(link(false)));
        assert!(!other.contains("marked") && !other.contains("aria-current"));
        assert!(other.contains(r#"<a id="cell-0" class="cell""#));
    }

    /// `default-src 'self'` forbids both.
    #[test]
    fn there_is_neither_style_nor_script() {
        let svg = drawn(&["港"], Some(CellLink { href: "#".into(), label: String::new(), is_marked: true }));
        assert!(!svg.contains("style") && !svg.contains("<script") && !svg.contains(" on"));
    }

    #[test]
    fn the_dots_of_the_contents_are_not_read_aloud() {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let mut document = sample::document(&["港"], Align::Left, None, &fonts);
        let cells = &mut document.sheets[0].cells;
        let mut number = cells[0].clone();
        (number.role, number.style.align) = (Role::ContentsPage, Align::Right);
        cells.push(number);
        let svg = page(&document, (0, 0), &fonts, "", &|_| None).unwrap();
        assert!(svg.contains(r#" aria-hidden="true">……"#), "{svg}");
    }
}

//! Two workbooks compared: by their parts, and by what their cells hold and show.
//!
//! A cell can show another figure than it holds: `1,999人` is a number format too. So both
//! are compared, and whatever else changes what is seen of a figure: what is hidden, what
//! is laid over the cells, formats that depend on conditions. Colours, rules and widths
//! are not.
//!
//! A file of an archive is not trusted: nothing is unpacked beyond some times what the
//! workbook of this program holds, and a broken one is simply not the same.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::workbook::{Format, Shown};

/// The most parts, and the most they unpack to together, in bytes.
const MOST_PARTS: usize = 2_000;
const LARGEST: u64 = 64 << 20;

/// What another program makes of a workbook unpacks to so many times as much at most, and
/// to so many bytes more.
const TIMES: u64 = 4;
const MORE: u64 = 2 << 20;

/// The most that is read of all cells of a sheet, in bytes: a text stands once in a file,
/// however many cells show it.
const MOST_SEEN: usize = 32 << 20;

/// The most number formats.
const MOST_FORMATS: usize = 2_000;

/// More hidden columns side by side are not told apart.
const MOST_HIDDEN: u32 = 256;

/// The parts of a package by name.
type Parts = BTreeMap<String, Vec<u8>>;

/// What two workbooks have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Same {
    /// All parts, however they are packed.
    Parts,
    /// The sheets, and what each cell holds and shows.
    Cells,
}

/// What a workbook still has of the one that was archived.
pub(super) fn same(original: &[u8], found: &[u8]) -> Option<Same> {
    let original = parts(original, LARGEST)?;
    let size: usize = original.values().map(Vec::len).sum();
    let found = parts(found, (size as u64 * TIMES + MORE).min(LARGEST))?;
    if original == found {
        return Some(Same::Parts);
    }
    (sheets(&original)? == sheets(&found)?).then_some(Same::Cells)
}

fn parts(bytes: &[u8], most: u64) -> Option<Parts> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    if archive.len() > MOST_PARTS {
        return None;
    }
    let mut left = most;
    let mut parts = Parts::new();
    for at in 0..archive.len() {
        let part = archive.by_index(at).ok()?;
        let name = part.name().ok()?.into_owned();
        let mut content = Vec::new();
        part.take(left + 1).read_to_end(&mut content).ok()?;
        left = left.checked_sub(content.len() as u64)?;
        parts.insert(name, content);
    }
    Some(parts)
}

/// What stands on a sheet: of a cell by its reference what it holds and what it shows; of
/// whatever else changes what is seen its name, and where it is.
type SheetCells = BTreeMap<String, (String, String)>;

/// What stands on each sheet, in the order of the sheets, with the sheet's name.
fn sheets(parts: &Parts) -> Option<Vec<(String, SheetCells)>> {
    let text = |name: &str| std::str::from_utf8(parts.get(name)?).ok();
    let strings = match parts.get("xl/sharedStrings.xml") {
        Some(bytes) => strings(std::str::from_utf8(bytes).ok()?)?,
        None => Vec::new(),
    };
    let mut targets = BTreeMap::new();
    each_tag(text("xl/_rels/workbook.xml.rels")?, |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            targets.insert(id, target);
        }
    })?;
    let styles = styles(text("xl/styles.xml")?)?;
    let mut named = Vec::new();
    each_tag(text("xl/workbook.xml")?, |tag| {
        if tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(tag, "name"), attribute(tag, "r:id"))
        {
            let is_hidden = attribute(tag, "state").is_some_and(|state| state != "visible");
            named.push((if is_hidden { format!("{name}（hidden）") } else { name }, id));
        }
    })?;
    named
        .into_iter()
        .map(|(name, id)| {
            let target = targets.get(&id)?.trim_start_matches("/xl/");
            Some((name, cells_of(text(&format!("xl/{target}"))?, &strings, &styles)?))
        })
        .collect()
}

/// Calls `each` with every tag that opens.
fn each_tag(xml: &str, mut each: impl FnMut(&BytesStart<'_>)) -> Option<()> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => each(&tag),
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

/// The texts that cells share. Readings (furigana) are no part of them.
fn strings(xml: &str) -> Option<Vec<String>> {
    let mut reader = Reader::from_str(xml);
    let mut all = Vec::new();
    let (mut text, mut inside, mut reading) = (String::new(), false, 0usize);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "si" => text.clear(),
                "t" => inside = true,
                "rPh" => reading += 1,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => all.push(String::new()),
            Event::End(tag) => match tag.local_name().as_ref() {
                "si" => all.push(std::mem::take(&mut text)),
                "t" => inside = false,
                "rPh" => reading = reading.saturating_sub(1),
                _ => {}
            },
            Event::Eof => return Some(all),
            event if inside && reading == 0 => text.push_str(&text_of(&event)?),
            _ => {}
        }
    }
}

/// How a number is shown.
struct NumberFormat {
    code: String,
    format: Format,
}

impl NumberFormat {
    fn shown(&self, value: f64) -> String {
        match self.format.shown(value) {
            Shown::Text(text) => text,
            // What nobody can read shows the same under the same code.
            Shown::Unknown | Shown::Unreadable => format!("{value:e} {}", self.code),
        }
    }
}

/// The number format of each style that a cell can have.
fn styles(xml: &str) -> Option<Vec<Rc<NumberFormat>>> {
    let (mut codes, mut numbers, mut inside) = (BTreeMap::new(), Vec::new(), false);
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    codes.insert(attribute(&tag, "numFmtId")?, attribute(&tag, "formatCode")?);
                    if codes.len() > MOST_FORMATS {
                        return None;
                    }
                }
                "cellXfs" => inside = true,
                "xf" if inside => numbers.push(attribute(&tag, "numFmtId").unwrap_or_else(|| "0".into())),
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => inside = false,
            Event::Eof => break,
            _ => {}
        }
    }
    let mut made: BTreeMap<String, Rc<NumberFormat>> = BTreeMap::new();
    let format = |number: String| {
        if let Some(made) = made.get(&number) {
            return Some(made.clone());
        }
        let code = match codes.get(&number) {
            Some(code) => code.clone(),
            None => ssfmt::format_code_from_id(number.parse().ok()?)?.to_owned(),
        };
        let format = Rc::new(NumberFormat { format: Format::new(&code), code });
        made.insert(number, format.clone());
        Some(format)
    };
    numbers.into_iter().map(format).collect()
}

/// What changes what is seen of a sheet's cells, wherever it stands in a sheet.
const OVERLAYS: [&str; 6] =
    ["conditionalFormatting", "drawing", "legacyDrawing", "picture", "oleObjects", "controls"];

/// What a tag says that changes what is seen of a sheet, by name: what is hidden, and what
/// is laid over the cells.
fn overlays(tag: &BytesStart<'_>) -> Option<Vec<String>> {
    let name = tag.local_name();
    let is_hidden = || attribute(tag, "hidden").is_some_and(|it| it == "1" || it == "true");
    Some(match name.as_ref() {
        "row" if is_hidden() => vec![format!("row {}", attribute(tag, "r").unwrap_or_default())],
        "col" if is_hidden() => {
            let end = |end: &str| attribute(tag, end)?.parse::<u32>().ok();
            let (first, last) = (end("min")?, end("max")?);
            // Columns that hold nothing may be hidden in one piece to the last.
            let last = last.min(first.saturating_add(MOST_HIDDEN));
            (first..=last).map(|column| format!("col {column}")).collect()
        }
        name if OVERLAYS.contains(&name) => vec![name.to_owned()],
        _ => Vec::new(),
    })
}

/// A cell of a sheet, as far as it has been read.
#[derive(Default)]
struct Cell {
    reference: String,
    kind: String,
    style: usize,
    value: String,
}

impl Cell {
    fn open(tag: &BytesStart<'_>) -> Option<Self> {
        Some(Self {
            reference: attribute(tag, "r")?,
            kind: attribute(tag, "t").unwrap_or_default(),
            style: attribute(tag, "s").map_or(Some(0), |style| style.parse().ok())?,
            value: String::new(),
        })
    }

    /// What it holds, a number as its float, and what it shows.
    fn held_and_shown(&self, strings: &[String], styles: &[Rc<NumberFormat>]) -> Option<(String, String)> {
        let format = styles.get(self.style)?;
        let value = self.value.trim();
        if matches!(self.kind.as_str(), "" | "n") && !value.is_empty() {
            let number = value.parse::<f64>().ok()?;
            return Some((format!("{number:e}"), format.shown(number)));
        }
        let held = match self.kind.as_str() {
            "s" => strings.get(value.parse::<usize>().ok()?)?.clone(),
            _ if value.is_empty() => String::new(),
            _ => self.value.clone(),
        };
        let shown = format.format.shown_text(&held).unwrap_or_else(|| held.clone());
        Some((held, shown))
    }
}

/// What stands on a sheet.
fn cells_of(xml: &str, strings: &[String], styles: &[Rc<NumberFormat>]) -> Option<SheetCells> {
    let mut reader = Reader::from_str(xml);
    let mut cells = SheetCells::new();
    let (mut cell, mut inside, mut left) = (Cell::default(), false, MOST_SEEN);
    loop {
        let event = reader.read_event().ok()?;
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            cells.extend(overlays(tag)?.into_iter().map(|name| (name, Default::default())));
        }
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => cell = Cell::open(&tag)?,
                "v" | "t" => inside = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "c" => {
                    let (held, shown) = cell.held_and_shown(strings, styles)?;
                    left = left.checked_sub(held.len() + shown.len())?;
                    if !held.is_empty() {
                        cells.insert(std::mem::take(&mut cell.reference), (held, shown));
                    }
                }
                "v" | "t" => inside = false,
                _ => {}
            },
            Event::Eof => return Some(cells),
            event if inside => cell.value.push_str(&text_of(&event)?),
            _ => {}
        }
    }
}

/// What a piece of text says.
fn text_of(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Text(text) => Some(text.xml10_content().into_owned()),
        Event::CData(text) => Some(text.xml10_content().into_owned()),
        Event::GeneralRef(name) => match name.resolve_char_ref().ok()? {
            Some(c) => Some(c.to_string()),
            None => quick_xml::escape::resolve_predefined_entity(name).map(str::to_owned),
        },
        _ => Some(String::new()),
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.0 == name);
    let value = found?.value;
    quick_xml::escape::unescape(&value).ok().map(|value| value.into_owned())
}

//! Two workbooks compared: by their parts, and by what their cells hold.
//!
//! A file of an archive is not trusted: nothing is unpacked beyond what a workbook of
//! this program could hold, and a broken one is simply not the same.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// The most parts, and the most they unpack to together, in bytes.
const MOST_PARTS: usize = 2_000;
const LARGEST: u64 = 256 << 20;

/// The parts of a package by name.
type Parts = BTreeMap<String, Vec<u8>>;

/// Whether two packages hold the same parts, however they are packed.
pub(super) fn same_parts(one: &[u8], other: &[u8]) -> bool {
    match (parts(one), parts(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// Whether two workbooks have the same sheets, and in each cell the same text or number.
pub(super) fn same_cells(one: &[u8], other: &[u8]) -> bool {
    let cells = |bytes| sheets(&parts(bytes)?);
    match (cells(one), cells(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

fn parts(bytes: &[u8]) -> Option<Parts> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    if archive.len() > MOST_PARTS {
        return None;
    }
    let mut left = LARGEST;
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

/// The filled cells of each sheet, in the order of the sheets: name, then cells by
/// their reference.
fn sheets(parts: &Parts) -> Option<Vec<(String, BTreeMap<String, String>)>> {
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
    let mut named = Vec::new();
    each_tag(text("xl/workbook.xml")?, |tag| {
        if tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(tag, "name"), attribute(tag, "r:id"))
        {
            named.push((name, id));
        }
    })?;
    named
        .into_iter()
        .map(|(name, id)| {
            let target = targets.get(&id)?.trim_start_matches("/xl/");
            Some((name, cells(text(&format!("xl/{target}"))?, &strings)?))
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
            event if inside && reading == 0 => text.push_str(&said(&event)?),
            _ => {}
        }
    }
}

/// The filled cells of a sheet: a number as its float, anything else as its text.
fn cells(xml: &str, strings: &[String]) -> Option<BTreeMap<String, String>> {
    let mut reader = Reader::from_str(xml);
    let mut cells = BTreeMap::new();
    let (mut at, mut kind, mut value, mut inside) = (String::new(), String::new(), String::new(), false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => {
                    at = attribute(&tag, "r")?;
                    kind = attribute(&tag, "t").unwrap_or_default();
                    value.clear();
                }
                "v" | "t" => inside = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "c" => {
                    let held = match kind.as_str() {
                        "s" => strings.get(value.trim().parse::<usize>().ok()?)?.clone(),
                        "" | "n" => match value.trim() {
                            "" => String::new(),
                            number => format!("{:e}", number.parse::<f64>().ok()?),
                        },
                        _ => value.clone(),
                    };
                    if !held.is_empty() {
                        cells.insert(std::mem::take(&mut at), held);
                    }
                }
                "v" | "t" => inside = false,
                _ => {}
            },
            Event::Eof => return Some(cells),
            event if inside => value.push_str(&said(&event)?),
            _ => {}
        }
    }
}

/// What a piece of text says.
fn said(event: &Event<'_>) -> Option<String> {
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
    found.map(|attribute| attribute.value.into_owned())
}

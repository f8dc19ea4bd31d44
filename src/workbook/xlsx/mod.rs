//! .xlsx and .xlsm (ECMA-376 part 1), read by ourselves.
//!
//! ```text
//! package ─► workbook part ─► styles, strings ─► each sheet's part ─► its notes
//! ```
//!
//! Every part is unpacked and read once, each time a sheet names it, and paid for from the
//! file's [`Budget`]. Nothing is reserved because a part claims it, no formula is expanded,
//! and what no cell asks for is not understood.
//!
//! What it makes of a file is held to a library that reads workbooks (the tests, `oracle`).

mod cells;
mod colours;
mod notes;
#[cfg(test)]
mod oracle;
mod reference;
mod strings;
mod styles;

use std::collections::{HashMap, HashSet};

use quick_xml::events::BytesStart;

use crate::workbook::book::{Book, NoteKind};
use crate::workbook::budget::{Budget, LARGEST_PART, LARGEST_SHEET, MOST_SHEETS};
use crate::workbook::notes::Notes;
use crate::workbook::package::{Package, Related};
use crate::workbook::refusal::Refusal;
use crate::workbook::xml::{XmlEvent, own, walk_lenient, walk_strict};
use cells::Context;
use colours::Theme;
use strings::Strings;
use styles::Styles;

/// What the workbook part says.
#[derive(Debug, Default)]
struct WorkbookPart {
    tabs: Vec<Tab>,
    since_1904: bool,
}

/// A sheet as its workbook names it.
#[derive(Debug)]
struct Tab {
    name: String,
    /// The number of its relationship.
    id: String,
    is_hidden: bool,
}

/// Reads a workbook.
pub(super) fn read(package: Package<'_>, budget: &mut Budget) -> Result<Book, Refusal> {
    let mut reader = BookReader { package, budget };
    let root = reader.package.related("", LARGEST_PART, reader.budget)?.ok_or(Refusal::Damaged)?;
    let workbook = target(&root, "officeDocument").ok_or(Refusal::Damaged)?;
    let folder = workbook.rsplit_once('/').map_or("", |(folder, _)| folder);
    let related = reader.package.related(workbook, LARGEST_PART, reader.budget)?.ok_or(Refusal::Damaged)?;
    // Where a program forgot to say so, its parts stand where Excel puts them.
    let named = |kind: &str, usual: &str| {
        target(&related, kind).map_or_else(|| format!("{folder}/{usual}"), str::to_owned)
    };
    let contents = match reader.text(workbook)? {
        Some(text) => WorkbookPart::of(&text, reader.budget)?,
        None => WorkbookPart::default(),
    };
    contents.check()?;
    let theme = Theme::of(reader.optional_text(&named("theme", "theme/theme1.xml"))?.as_deref());
    let styles = match reader.text(&named("styles", "styles.xml"))? {
        Some(text) => Styles::of(&text, &theme)?,
        None => Styles::default(),
    };
    let strings = match reader.text(&named("sharedStrings", "sharedStrings.xml"))? {
        Some(text) => Strings::of(&text, reader.budget)?,
        None => Strings::default(),
    };
    let mut book = Book::default();
    let properties = target(&root, "custom-properties").unwrap_or("docProps/custom.xml");
    if let Some(text) = reader.optional_text(properties)? {
        properties_of(&text, &mut book, reader.budget)?;
    }
    reader.sheets(contents, &related, (strings, styles), &mut book)?;
    Ok(book)
}

/// The part of a kind that another one refers to.
fn target<'r>(related: &'r [Related], kind: &str) -> Option<&'r str> {
    related.iter().rfind(|part| part.kind == kind).map(|part| part.target.as_str())
}

/// The parts of a kind, each once however often it is named.
fn once(related: &[Related], is_of_kind: impl Fn(&Related) -> bool) -> impl Iterator<Item = &Related> {
    let mut seen = HashSet::new();
    related.iter().filter(move |part| is_of_kind(part) && seen.insert(part.target.as_str()))
}

struct BookReader<'a, 'b> {
    package: Package<'a>,
    budget: &'b mut Budget,
}

impl BookReader<'_, '_> {
    fn text(&mut self, part: &str) -> Result<Option<String>, Refusal> {
        self.package.text(part, LARGEST_PART, self.budget)
    }

    /// A part whose loss loses no answer.
    fn optional_text(&mut self, part: &str) -> Result<Option<String>, Refusal> {
        match self.text(part) {
            Err(Refusal::Damaged) => Ok(None),
            other => other,
        }
    }

    fn sheets(
        &mut self,
        contents: WorkbookPart,
        related: &[Related],
        (strings, styles): (Strings, Styles),
        book: &mut Book,
    ) -> Result<(), Refusal> {
        let parts: HashMap<&str, &str> =
            related.iter().map(|part| (part.id.as_str(), part.target.as_str())).collect();
        let mut notes = Notes::default();
        let mut known = (strings, styles);
        for tab in contents.tabs {
            let part = *parts.get(tab.id.as_str()).ok_or(Refusal::Damaged)?;
            let Some(text) = self.package.text(part, LARGEST_SHEET, self.budget)? else { continue };
            let (strings, styles) = known;
            let mut shared =
                Context { strings, styles, since_1904: contents.since_1904, budget: self.budget };
            let sheet = cells::sheet(&text, &mut shared, &mut notes);
            known = (shared.strings, shared.styles);
            drop(text);
            // A chart stands on a sheet without cells.
            let Some(mut sheet) = sheet? else {
                notes.take();
                continue;
            };
            self.notes(part, &mut notes)?;
            sheet.notes = notes.take();
            sheet.is_hidden = tab.is_hidden;
            sheet.name = tab.name;
            book.sheets.push(sheet);
        }
        Ok(())
    }

    /// What is written on a sheet but in no cell.
    fn notes(&mut self, sheet: &str, notes: &mut Notes) -> Result<(), Refusal> {
        let related = match self.package.related(sheet, LARGEST_PART, self.budget) {
            Err(Refusal::Damaged) => return Ok(()),
            related => related?.unwrap_or_default(),
        };
        let of = |kind: &'static str| once(&related, move |part| part.kind == kind);
        for part in of("threadedComment") {
            if let Some(text) = self.optional_text(&part.target)? {
                notes.extend(NoteKind::Comment, notes::threads(text.as_bytes()), self.budget)?;
            }
        }
        for part in of("comments") {
            if let Some(text) = self.optional_text(&part.target)? {
                let said = notes::comments(text.as_bytes(), notes.has_comment());
                notes.extend(NoteKind::Comment, said, self.budget)?;
            }
        }
        for part in of("drawing") {
            if let Some(text) = self.optional_text(&part.target)? {
                notes.extend(NoteKind::Shape, notes::shapes(text.as_bytes()), self.budget)?;
            }
            self.charts(&part.target, notes)?;
        }
        for part in of("vmlDrawing") {
            if let Some(text) = self.optional_text(&part.target)? {
                notes.extend(NoteKind::Shape, notes::old_shapes(text.as_bytes()), self.budget)?;
            }
        }
        Ok(())
    }

    /// Charts and diagrams keep their texts in parts of their own.
    fn charts(&mut self, drawing: &str, notes: &mut Notes) -> Result<(), Refusal> {
        let related = match self.package.related(drawing, LARGEST_PART, self.budget) {
            Err(Refusal::Damaged) => return Ok(()),
            related => related?.unwrap_or_default(),
        };
        for part in once(&related, |part| matches!(part.kind.as_str(), "chart" | "diagramData")) {
            if let Some(text) = self.optional_text(&part.target)? {
                notes.extend(NoteKind::Shape, notes::texts(text.as_bytes()), self.budget)?;
            }
        }
        Ok(())
    }
}

impl WorkbookPart {
    /// Reads the workbook part.
    fn of(text: &str, budget: &mut Budget) -> Result<Self, Refusal> {
        let mut contents = Self::default();
        let mut is_whole = false;
        let result = walk_strict(text, |event| {
            match event {
                XmlEvent::Open(tag) => match tag.local_name().as_ref() {
                    "sheet" => contents.tabs.push(Tab::of(tag, budget)?),
                    "workbookPr" => {
                        if let Some(value) = own(tag, "date1904")? {
                            contents.since_1904 = matches!(&*value, "1" | "true" | "on");
                        }
                    }
                    _ => {}
                },
                XmlEvent::Close("workbook") => is_whole = true,
                XmlEvent::Close(_) | XmlEvent::Text(_) => {}
            }
            Ok(())
        });
        match result {
            Err(Refusal::Damaged) if is_whole => Ok(contents),
            Ok(()) if !is_whole => Err(Refusal::Damaged),
            result => result.map(|()| contents),
        }
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.tabs.len() > MOST_SHEETS {
            return Err(Refusal::TooLarge("シートの数が多すぎます"));
        }
        // Sheets are told apart by their names: of two alike nobody knows which is meant.
        let names: HashSet<String> = self.tabs.iter().map(|tab| tab.name.to_lowercase()).collect();
        if names.len() < self.tabs.len() { Err(Refusal::Doubled) } else { Ok(()) }
    }
}

impl Tab {
    fn of(tag: &BytesStart<'_>, budget: &mut Budget) -> Result<Self, Refusal> {
        let name = own(tag, "name")?.unwrap_or_default().into_owned();
        budget.item()?;
        budget.text(name.len())?;
        // `r:id`, whatever the prefix; a sheet has no `id` without one.
        let mut id = String::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Refusal::Damaged)?;
            if attribute.key.local_name().as_ref() == "id" {
                id = attribute.value.into_owned();
            }
        }
        let is_hidden = own(tag, "state")?.is_some_and(|state| matches!(&*state, "hidden" | "veryHidden"));
        Ok(Self { name, id, is_hidden })
    }
}

/// The file's own properties (ECMA-376 part 1, 22.3).
fn properties_of(text: &str, book: &mut Book, budget: &mut Budget) -> Result<(), Refusal> {
    let mut name: Option<String> = None;
    let mut all: Vec<(String, String)> = Vec::new();
    let mut value = String::new();
    walk_lenient(text.as_bytes(), |event| match event {
        XmlEvent::Open(tag) if tag.local_name().as_ref() == "property" => {
            name = own(tag, "name").ok().flatten().map(std::borrow::Cow::into_owned);
            value.clear();
        }
        XmlEvent::Text(text) if name.is_some() => value.push_str(text),
        XmlEvent::Close("property") => all.extend(name.take().map(|name| (name, std::mem::take(&mut value)))),
        XmlEvent::Open(_) | XmlEvent::Close(_) | XmlEvent::Text(_) => {}
    });
    for (name, value) in all {
        budget.item()?;
        budget.text(name.len() + value.len())?;
        book.properties.insert(name, value.trim().to_owned());
    }
    Ok(())
}

//! Styles of a document of LibreOffice: how cells and letters look, what formats add to
//! texts, and which tables do not show.

use std::collections::HashMap;
use std::rc::Rc;

use quick_xml::events::BytesStart;

use super::xml::{Step, raw};
use crate::workbook::book::{Look, Strikethrough};
use crate::workbook::budget::Budget;
use crate::workbook::number_format::Format;
use crate::workbook::refusal::Refusal;

/// Letters of a format that are read; a longer one is no format.
const LONGEST_CODE: usize = 256;

/// A style by its name.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    pub look: Look,
    /// Of texts; numbers stand in the file as they show.
    pub format: Option<Rc<Format>>,
    /// Whether a table in this style does not show.
    pub hides: bool,
}

/// The styles of a document, as far as they have been read.
#[derive(Default)]
pub(super) struct Styles {
    known: HashMap<String, Rc<Style>>,
    /// The style that is being read.
    style: Option<(String, Style)>,
    /// The format of texts that is being read, and those that were.
    format: Option<(String, String)>,
    formats: HashMap<String, Rc<Format>>,
}

impl Styles {
    pub fn get(&self, name: &str) -> Option<Rc<Style>> {
        self.known.get(name).cloned()
    }

    /// A step of a walk through styles.
    pub fn step(&mut self, step: &Step<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        match step {
            Step::Open(tag, _) => self.open(tag, budget),
            Step::Text(text) => {
                self.text(text);
                Ok(())
            }
            Step::Close(name, _) => self.close(name, budget),
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        match tag.name().0 {
            "style:style" => self.begin(tag, budget)?,
            "style:text-properties" => self.letters(tag),
            "style:table-cell-properties" => {
                if let Some((_, Style { look, .. })) = &mut self.style {
                    if raw(tag, "fo:background-color").is_some() {
                        look.colours.0 = colour(tag, "fo:background-color");
                    }
                    if let Some(how) = raw(tag, "style:cell-protect") {
                        look.unlocked = how == "none";
                    }
                }
            }
            "style:table-properties" => {
                if let (Some((_, style)), Some(display)) = (&mut self.style, raw(tag, "table:display")) {
                    style.hides = display == "false";
                }
            }
            "number:text-style" => {
                let name = raw(tag, "style:name").unwrap_or_default().into_owned();
                budget.text(name.len())?;
                self.format = Some((name, String::new()));
            }
            "number:text-content" => self.add_to_format("@"),
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, tag: &BytesStart<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        let name = raw(tag, "style:name").unwrap_or_default().into_owned();
        budget.item()?;
        budget.text(name.len())?;
        let parent = raw(tag, "style:parent-style-name").and_then(|parent| self.known.get(&*parent));
        let mut style = parent.map(|parent| Style::clone(parent)).unwrap_or_default();
        style.hides = false;
        let format = raw(tag, "style:data-style-name").and_then(|format| self.formats.get(&*format));
        if let Some(format) = format {
            style.format = Some(format.clone());
        }
        self.style = Some((name, style));
        Ok(())
    }

    fn letters(&mut self, tag: &BytesStart<'_>) {
        let Some((_, Style { look, .. })) = &mut self.style else { return };
        let line =
            raw(tag, "style:text-line-through-style").or_else(|| raw(tag, "style:text-line-through-type"));
        match line.as_deref() {
            None => {}
            Some("none") => look.struck = Strikethrough::No,
            Some(_) => look.struck = Strikethrough::Whole,
        }
        if let Some(position) = raw(tag, "style:text-position") {
            look.raised = !position.starts_with("0%");
        }
        if let Some(colour) = colour(tag, "fo:color") {
            look.colours.1 = (colour != 0).then_some(colour);
        }
    }

    /// Text, of which a format may consist.
    fn text(&mut self, text: &str) {
        if self.format.is_some() {
            let text: String = text.chars().filter(|letter| *letter != '"').take(LONGEST_CODE).collect();
            self.add_to_format(&format!("\"{text}\""));
        }
    }

    fn add_to_format(&mut self, part: &str) {
        if let Some((_, code)) = &mut self.format
            && code.len() <= LONGEST_CODE
        {
            code.push_str(part);
        }
    }

    fn close(&mut self, name: &str, budget: &mut Budget) -> Result<(), Refusal> {
        match name {
            "style:style" => {
                self.known.extend(self.style.take().map(|(name, style)| (name, Rc::new(style))));
            }
            "number:text-style" => {
                if let Some((name, code)) = self.format.take() {
                    budget.format()?;
                    self.formats.insert(name, Rc::new(Format::new(&code)));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// `#ff0000` as RGB.
fn colour(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    u32::from_str_radix(raw(tag, name)?.strip_prefix('#')?, 16).ok()
}

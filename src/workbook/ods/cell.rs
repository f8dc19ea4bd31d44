//! A cell of a document of LibreOffice whose end has not come yet.

use std::rc::Rc;

use quick_xml::events::BytesStart;

use super::styles::Style;
use super::xml::{counted, meant};
use crate::workbook::book::{Cell, Look, Number, Strikethrough};
use crate::workbook::budget::Budget;
use crate::workbook::number_format::Shown;
use crate::workbook::refusal::Refusal;
use crate::workbook::sheet_builder::{shown_text, text_cell};

/// A cell that is being read.
#[derive(Default)]
pub(super) struct CellBuilder {
    /// Its column, and how many columns show the same.
    pub first: u64,
    pub repeats: u64,
    /// What its attributes say that it holds.
    value: Option<Value>,
    kind: ValueKind,
    is_error: bool,
    has_formula: bool,
    /// The name of its style, where it has one of its own.
    pub style_name: Option<String>,
    pub style: Option<Rc<Style>>,
    /// The colour of letters in it.
    colour: Option<u32>,
    /// What it shows, and what of that is struck or raised.
    text: String,
    struck: String,
    raised: bool,
    has_paragraph: bool,
}

enum Value {
    Number(f64),
    Date(String),
    Logical(bool),
    Text(String),
}

#[derive(Default, PartialEq, Eq)]
enum ValueKind {
    #[default]
    Unsaid,
    Percentage,
    Number,
    Text,
    Other,
}

impl CellBuilder {
    /// Reads its attributes. Of two values the first counts.
    pub fn open(tag: &BytesStart<'_>, budget: &mut Budget) -> Result<Self, Refusal> {
        let mut cell = Self { repeats: 1, ..Self::default() };
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Refusal::Damaged)?;
            let text = &*attribute.value;
            match attribute.key.0 {
                "table:number-columns-repeated" => cell.repeats = counted(text)?,
                "table:style-name" => cell.style_name = Some(text.to_owned()),
                "table:formula" => cell.has_formula = !text.is_empty(),
                "calcext:value-type" => cell.is_error = text == "error",
                "office:value-type" => {
                    cell.kind = match text {
                        "percentage" => ValueKind::Percentage,
                        "float" | "currency" => ValueKind::Number,
                        "string" => ValueKind::Text,
                        _ => ValueKind::Other,
                    }
                }
                name if cell.value.is_none() => cell.value = value(name, text, budget)?,
                _ => {}
            }
        }
        Ok(cell)
    }

    /// A paragraph begins.
    pub fn begin_paragraph(&mut self) {
        if std::mem::replace(&mut self.has_paragraph, true) {
            self.text.push('\n');
        }
    }

    /// Takes over what it shows. The letters have been paid for.
    pub fn show(&mut self, text: &str, is_struck: bool, is_raised: bool) {
        self.text.push_str(text);
        if is_struck {
            self.struck.push_str(text);
        }
        self.raised |= is_raised && !text.trim().is_empty();
    }

    /// Letters have a colour.
    pub fn coloured(&mut self, colour: Option<u32>) {
        self.colour = colour.or(self.colour);
    }

    /// What the cell holds, if anything, and how it looks.
    pub fn close(mut self) -> (Option<Cell>, Look) {
        let look = self.look();
        let text = std::mem::take(&mut self.text);
        let is_said = self.value.is_some() || self.kind == ValueKind::Text;
        let cell = match self.value {
            Some(Value::Number(value)) => Some(Cell::Number(self.kind.number(value, text.trim()))),
            Some(Value::Date(date)) => Some(Cell::Date(date)),
            Some(Value::Logical(value)) => Some(Cell::Logical(value)),
            // The name of an error stands only where it shows.
            Some(Value::Text(said)) if self.is_error && said.is_empty() => text_cell(text),
            Some(Value::Text(said)) => text_cell(said),
            None => text_cell(text),
        };
        let is_waiting = cell.is_none() && self.has_formula && !is_said;
        (if is_waiting { Some(Cell::NotCalculated) } else { cell }, look)
    }

    fn look(&self) -> Look {
        let mut look = self.style.as_ref().map(|style| style.look.clone()).unwrap_or_default();
        look.colours.1 = self.colour.or(look.colours.1);
        let (text, struck) = (self.text.trim(), self.struck.trim());
        look.raised = !text.is_empty() && (look.raised || self.raised);
        if text.is_empty() {
            look.struck = Strikethrough::No;
            return look;
        }
        let format = self.style.as_ref().and_then(|style| style.format.as_ref());
        look.text = format.and_then(|format| shown_text(format, text));
        if !struck.is_empty() && look.struck == Strikethrough::No {
            let rest = text.replacen(struck, "", 1);
            look.struck =
                if rest.trim().is_empty() { Strikethrough::Whole } else { Strikethrough::Partly(rest) };
        }
        look
    }
}

impl ValueKind {
    /// A number beside which no text stands shows nothing.
    fn number(&self, value: f64, shown: &str) -> Number {
        let is_percent = match self {
            Self::Percentage => true,
            Self::Number => false,
            _ => return Number::plain(value),
        };
        Number { value, is_percent, is_date: false, shown: Shown::Text(shown.to_owned()) }
    }
}

fn value(name: &str, text: &str, budget: &mut Budget) -> Result<Option<Value>, Refusal> {
    let mut meant = || {
        budget.text(text.len())?;
        meant(text)
    };
    Ok(Some(match name {
        "office:value" => Value::Number(text.trim().parse().map_err(|_| Refusal::Damaged)?),
        "office:string-value" => Value::Text(meant()?),
        "office:date-value" | "office:time-value" => Value::Date(meant()?),
        "office:boolean-value" => Value::Logical(text.eq_ignore_ascii_case("true")),
        _ => return Ok(None),
    }))
}

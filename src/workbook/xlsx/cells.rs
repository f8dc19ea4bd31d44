//! The part of a sheet: its cells, and what of it a clerk may have meant beside them.
//!
//! All is read in one pass. What is kept is paid for before it is kept: a cell as a cell,
//! its letters as text, each time a shared one is taken.

use quick_xml::events::BytesStart;

use super::notes::margin_text;
use super::reference::{area_of, cell_of};
use super::strings::{Runs, Strings, with_escapes};
use super::styles::{ResolvedStyle, Styles};
use crate::workbook::book::{Cell, Look, NoteKind, Number, Position, RunStyle, Sheet, Strikethrough};
use crate::workbook::budget::Budget;
use crate::workbook::notes::Notes;
use crate::workbook::refusal::Refusal;
use crate::workbook::serial::shown_date;
use crate::workbook::sheet_builder::shown_text;
use crate::workbook::xml::{XmlEvent, attribute, own, says_yes, walk_strict};

/// Looks of empty cells that are kept: whole columns may be coloured.
const MOST_EMPTY: usize = 50_000;
/// Hidden rows and columns that are kept.
const MOST_HIDDEN: usize = 100_000;

/// What the cells of a workbook refer to, and what reading them may cost.
pub(super) struct Context<'b> {
    pub strings: Strings,
    pub styles: Styles,
    pub since_1904: bool,
    pub budget: &'b mut Budget,
}

/// The sheet in a part, without its name; `None` for one that has no cells at all, such
/// as that of a chart.
pub(super) fn sheet(
    text: &str,
    shared: &mut Context<'_>,
    notes: &mut Notes,
) -> Result<Option<Sheet>, Refusal> {
    let mut reader = Reader::new(shared, notes);
    match walk_strict(text, |event| reader.event(event)) {
        // What stands behind the cells is read as far as it can be.
        Err(Refusal::Damaged) if reader.data == Data::Closed => {}
        result => result?,
    }
    match reader.data {
        Data::Closed => Ok(Some(reader.sheet)),
        Data::None if reader.has_root => Ok(None),
        Data::None | Data::Open => Err(Refusal::Damaged),
    }
}

/// How far the cells have been read.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Data {
    None,
    Open,
    Closed,
}

/// What is open within a cell.
enum OpenElement {
    Nothing,
    Value,
    Formula,
    Text(Runs),
    /// Something else, so deep.
    Other(usize),
}

/// The kinds of values; `d` is a date. Some programs write the name of the element.
const KINDS: [&str; 8] = ["s", "str", "n", "b", "e", "d", "inlineStr", "is"];

/// A cell while it is read.
struct CellBuilder {
    at: Position,
    style: usize,
    /// What kind of value it has (ECMA-376 part 1, 18.18.11).
    kind: &'static str,
    value: Option<String>,
    text: Option<(String, RunStyle)>,
    has_formula: bool,
    inside: OpenElement,
}

/// What a cell turns out to hold.
enum CellContent {
    Nothing,
    /// A text without letters: a formula gave it.
    Blank,
    Cell(Cell),
}

struct Reader<'s, 'b> {
    shared: &'s mut Context<'b>,
    notes: &'s mut Notes,
    sheet: Sheet,
    has_root: bool,
    data: Data,
    row: u32,
    column: u32,
    open: Option<CellBuilder>,
    /// Empty cells whose looks are kept.
    empty: usize,
    margin: Option<String>,
}

impl<'s, 'b> Reader<'s, 'b> {
    fn new(shared: &'s mut Context<'b>, notes: &'s mut Notes) -> Self {
        Self {
            shared,
            notes,
            sheet: Sheet::default(),
            has_root: false,
            data: Data::None,
            row: 0,
            column: 0,
            open: None,
            empty: 0,
            margin: None,
        }
    }

    fn event(&mut self, event: XmlEvent<'_>) -> Result<(), Refusal> {
        match (event, &mut self.open) {
            (XmlEvent::Open(tag), Some(open)) => open.opens(tag)?,
            (XmlEvent::Text(text), Some(open)) => open.text(text),
            (XmlEvent::Close("c"), Some(_)) => {
                if let Some(open) = self.open.take() {
                    self.finish(open)?;
                }
            }
            (XmlEvent::Close(name), Some(open)) => open.closes(name),
            (XmlEvent::Open(tag), None) => self.opens(tag)?,
            (XmlEvent::Text(text), None) => {
                if let Some(margin) = &mut self.margin {
                    margin.push_str(text);
                }
            }
            (XmlEvent::Close(name), None) => self.closes(name)?,
        }
        Ok(())
    }

    fn opens(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        self.has_root = true;
        match (tag.local_name().as_ref(), self.data) {
            ("sheetData", Data::None) => self.data = Data::Open,
            ("row", Data::Open) => self.opens_row(tag)?,
            ("c", Data::Open) => self.open = Some(self.opens_cell(tag)?),
            ("col", _) if says_yes(tag, "hidden") => {
                self.shared.budget.item()?;
                let number = |name: &str| attribute(tag, name)?.trim().parse::<u32>().ok()?.checked_sub(1);
                self.sheet.hidden_columns.extend(number("min").zip(number("max")));
            }
            ("mergeCell", _) => {
                self.shared.budget.item()?;
                self.sheet.merged.extend(attribute(tag, "ref").and_then(|area| area_of(&area)));
            }
            (name, _) if is_margin(name) => self.margin = Some(String::new()),
            _ => {}
        }
        Ok(())
    }

    fn opens_row(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        if let Some(given) = own(tag, "r")? {
            let row = given.trim().parse::<u32>().ok().and_then(|row| row.checked_sub(1));
            self.row = row.ok_or(Refusal::Damaged)?;
        }
        self.column = 0;
        let no_height = attribute(tag, "ht").is_some_and(|height| height.trim().parse() == Ok(0.0));
        if (says_yes(tag, "hidden") || no_height) && self.sheet.hidden_rows.len() < MOST_HIDDEN {
            self.sheet.hidden_rows.insert(self.row);
        }
        Ok(())
    }

    fn opens_cell(&mut self, tag: &BytesStart<'_>) -> Result<CellBuilder, Refusal> {
        let (mut at, mut style, mut kind) = ((self.row, self.column), 0, "");
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Refusal::Damaged)?;
            match attribute.key.as_ref() {
                "r" => at = cell_of(&attribute.value).ok_or(Refusal::Damaged)?,
                "s" => style = attribute.value.trim().parse().unwrap_or(0),
                "t" => {
                    // Of one that is not known, no value can be read.
                    kind = KINDS.into_iter().find(|known| *known == attribute.value).unwrap_or("?");
                }
                _ => {}
            }
        }
        self.column = at.1.checked_add(1).ok_or(Refusal::Damaged)?;
        Ok(CellBuilder {
            at,
            style,
            kind,
            value: None,
            text: None,
            has_formula: false,
            inside: OpenElement::Nothing,
        })
    }

    fn closes(&mut self, name: &str) -> Result<(), Refusal> {
        match (name, self.data) {
            ("sheetData", Data::Open) => self.data = Data::Closed,
            ("row", Data::Open) => {
                self.row = self.row.saturating_add(1);
                self.column = 0;
            }
            (name, _) if is_margin(name) => {
                let said = margin_text(&self.margin.take().unwrap_or_default());
                self.notes.push(None, NoteKind::Margin, &said, self.shared.budget)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Keeps a cell that has been read.
    fn finish(&mut self, open: CellBuilder) -> Result<(), Refusal> {
        let styled = self.shared.styles.get(open.style, self.shared.budget)?;
        let is_empty = open.value.is_none() && open.text.is_none() && !open.has_formula;
        if is_empty && styled.is_plain {
            return Ok(());
        }
        let (at, has_formula) = (open.at, open.has_formula);
        let mut look = styled.look.clone();
        let held = match self.shared.held(open, &styled, &mut look)? {
            CellContent::Nothing if has_formula => CellContent::Cell(Cell::NotCalculated),
            held => held,
        };
        let is_filled = matches!(held, CellContent::Cell(_));
        if let CellContent::Cell(cell) = held {
            self.shared.budget.cells(1)?;
            self.sheet.cells.insert(at, cell);
        }
        if look != Look::default() && (is_filled || self.empty < MOST_EMPTY) {
            self.empty += usize::from(!is_filled);
            self.shared.budget.text(look.unit.as_ref().map_or(0, String::len))?;
            self.sheet.looks.insert(at, look);
        }
        Ok(())
    }
}

impl CellBuilder {
    fn opens(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        match (&mut self.inside, tag.local_name().as_ref()) {
            (OpenElement::Nothing, "v") => {
                self.value = Some(String::new());
                self.inside = OpenElement::Value;
            }
            (OpenElement::Nothing, "f") => {
                // One that shares another's, or fills a table, need not say how.
                self.has_formula |= own(tag, "t")?.is_some_and(|kind| kind != "normal");
                self.inside = OpenElement::Formula;
            }
            (OpenElement::Nothing, "is") => self.inside = OpenElement::Text(Runs::default()),
            (OpenElement::Nothing, _) => self.inside = OpenElement::Other(1),
            (OpenElement::Text(runs), _) => runs.open(tag)?,
            (OpenElement::Other(depth), _) => *depth += 1,
            (OpenElement::Value | OpenElement::Formula, _) => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        match &mut self.inside {
            OpenElement::Value => self.value.get_or_insert_default().push_str(text),
            OpenElement::Formula => self.has_formula |= !text.is_empty(),
            OpenElement::Text(runs) => runs.text(text),
            OpenElement::Nothing | OpenElement::Other(_) => {}
        }
    }

    fn closes(&mut self, name: &str) {
        match (&mut self.inside, name) {
            (OpenElement::Value, "v") | (OpenElement::Formula, "f") | (OpenElement::Other(1), _) => {
                self.inside = OpenElement::Nothing;
            }
            (OpenElement::Other(depth), _) => *depth -= 1,
            (OpenElement::Text(runs), "is") => {
                self.text = Some(std::mem::take(runs).finish());
                self.inside = OpenElement::Nothing;
            }
            (OpenElement::Text(runs), name) => runs.close(name),
            _ => {}
        }
    }
}

impl Context<'_> {
    /// What a cell holds; what it says beside that goes into its look.
    fn held(
        &mut self,
        open: CellBuilder,
        styled: &ResolvedStyle,
        look: &mut Look,
    ) -> Result<CellContent, Refusal> {
        if let Some((text, rich)) = open.text {
            return self.text(&text, Some(&rich), styled, look);
        }
        let Some(value) = open.value else { return Ok(CellContent::Nothing) };
        let trimmed = value.trim();
        Ok(match open.kind {
            "str" => return self.text(&with_escapes(&value), None, styled, look),
            // Its text stands elsewhere, or it has none.
            "inlineStr" | "is" => CellContent::Nothing,
            _ if trimmed.is_empty() => CellContent::Nothing,
            "s" => {
                let at: usize = trimmed.parse().map_err(|_| Refusal::Damaged)?;
                // Taken out while it is copied: what it costs is counted elsewhere.
                let strings = std::mem::take(&mut self.strings);
                let text = strings.get(at).ok_or(Refusal::Damaged);
                let held = text.and_then(|text| self.text(text, strings.rich(at), styled, look));
                self.strings = strings;
                return held;
            }
            "n" | "" => match trimmed.parse::<f64>() {
                Ok(number) => CellContent::Cell(self.number(number, styled)?),
                Err(_) if open.kind.is_empty() => return self.text(&value, None, styled, look),
                Err(_) => return Err(Refusal::Damaged),
            },
            "b" => match trimmed {
                "0" => CellContent::Cell(Cell::Logical(false)),
                "1" => CellContent::Cell(Cell::Logical(true)),
                word if word.eq_ignore_ascii_case("false") => CellContent::Cell(Cell::Logical(false)),
                word if word.eq_ignore_ascii_case("true") => CellContent::Cell(Cell::Logical(true)),
                _ => return Err(Refusal::Damaged),
            },
            "?" => return Err(Refusal::Damaged),
            kind => {
                self.budget.text(value.len())?;
                CellContent::Cell(if kind == "e" {
                    Cell::Error(trimmed.to_owned())
                } else {
                    Cell::Date(value)
                })
            }
        })
    }

    fn text(
        &mut self,
        text: &str,
        rich: Option<&RunStyle>,
        styled: &ResolvedStyle,
        look: &mut Look,
    ) -> Result<CellContent, Refusal> {
        if let Some(rich) = rich {
            if let Strikethrough::Partly(kept) = &rich.struck {
                self.budget.text(kept.len())?;
            }
            look.take(rich.clone());
        }
        if text.trim().is_empty() {
            return Ok(CellContent::Blank);
        }
        self.budget.text(text.len())?;
        look.text = shown_text(&styled.coded.format, text);
        self.budget.text(look.text.as_ref().map_or(0, String::len))?;
        Ok(CellContent::Cell(Cell::Text(text.to_owned())))
    }

    fn number(&mut self, value: f64, styled: &ResolvedStyle) -> Result<Cell, Refusal> {
        if styled.is_date {
            let date = shown_date(value, self.since_1904);
            self.budget.text(date.len())?;
            return Ok(Cell::Date(date));
        }
        let format = &styled.coded.format;
        self.budget.text(styled.coded.cost)?;
        Ok(Cell::Number(Number {
            value,
            is_percent: format.is_percent,
            is_date: format.is_date,
            shown: format.shown(value),
        }))
    }
}

fn is_margin(name: &str) -> bool {
    matches!(name, "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::colours::Theme;
    use super::*;

    fn read_sheet(part: &str, budget: &mut Budget) -> Result<Option<Sheet>, Refusal> {
        let strings =
            "<sst><si><t>一</t></si><si><t> </t></si><si><r><rPr><strike/></rPr><t>二</t></r></si></sst>";
        let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"0&quot;人&quot;\"/></numFmts>\
             <cellXfs><xf/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";
        let strings = Strings::of(strings, budget)?;
        let styles = Styles::of(styles, &Theme::of(None))?;
        let mut shared = Context { strings, styles, since_1904: false, budget };
        sheet(part, &mut shared, &mut Notes::default())
    }

    fn shown(cells: &str) -> String {
        let part = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
        match read_sheet(&part, &mut Budget::default()) {
            Ok(sheet) => {
                let cells = sheet.unwrap().cells;
                let all = cells.iter().map(|((row, column), cell)| format!("{row}/{column} {cell:?}"));
                all.collect::<Vec<_>>().join(" ")
            }
            Err(refusal) => format!("{refusal:?}"),
        }
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let plain = "Number(Number { value: 5.0, is_percent: false, is_date: false, shown: Text(\"5\") })";
        for (cell, expected) in [
            ("<c><v>5</v></c>", format!("0/0 {plain}")),
            ("<c r=\"B3\" t=\"n\"><v> 5 </v></c>", format!("2/1 {plain}")),
            ("<c><f>1+4</f><v>&#53;</v></c>", format!("0/0 {plain}")),
            ("<x:c><x:v>5</x:v></x:c>", format!("0/0 {plain}")),
            ("<c><v>五</v></c>", "0/0 Text(\"五\")".to_owned()),
            ("<c t=\"n\"><v>五</v></c>", "Damaged".to_owned()),
            ("<c t=\"s\"><v>0</v></c>", "0/0 Text(\"一\")".to_owned()),
            ("<c t=\"s\"><v>9</v></c>", "Damaged".to_owned()),
            ("<c t=\"s\"><v>x</v></c>", "Damaged".to_owned()),
            ("<c t=\"s\"><v/></c>", String::new()),
            ("<c t=\"str\"><f>A1</f><v>a_x0042_</v></c>", "0/0 Text(\"aB\")".to_owned()),
            ("<c t=\"inlineStr\"><is><t>a</t></is></c>", "0/0 Text(\"a\")".to_owned()),
            ("<c t=\"inlineStr\"><v>b</v><is><r><t>a</t></r></is></c>", "0/0 Text(\"a\")".to_owned()),
            (
                "<c t=\"b\"><v>1</v></c><c t=\"b\"><v>false</v></c>",
                "0/0 Logical(true) 0/1 Logical(false)".to_owned(),
            ),
            ("<c t=\"b\"><v>2</v></c>", "Damaged".to_owned()),
            ("<c t=\"e\"><v>#SPILL!</v></c>", "0/0 Error(\"#SPILL!\")".to_owned()),
            ("<c t=\"d\"><v>2023-05-03</v></c>", "0/0 Date(\"2023-05-03\")".to_owned()),
            ("<c s=\"1\"><v>45049</v></c>", "0/0 Date(\"2023/5/3\")".to_owned()),
            ("<c t=\"z\"><v>1</v></c>", "Damaged".to_owned()),
            ("<c r=\"1A\"><v>1</v></c>", "Damaged".to_owned()),
            ("<c r=A1><v>1</v></c>", "Damaged".to_owned()),
            ("<c><extLst><ext><v>7</v></ext></extLst></c>", String::new()),
        ] {
            assert_eq!(shown(cell), expected, "{cell}");
        }
    }

    /// A formula without its result has yet to be calculated; one whose result is an empty
    /// text has been.
    #[test]
    fn formulas_without_a_result_are_told_from_blank_ones() {
        for (cell, expected) in [
            ("<c><f>A2</f></c>", "0/0 NotCalculated"),
            ("<c><f>A2</f><v/></c>", "0/0 NotCalculated"),
            ("<c><f t=\"shared\" si=\"4000000000\"/></c>", "0/0 NotCalculated"),
            ("<c><f/></c>", ""),
            ("<c t=\"str\"><f>A2</f><v></v></c>", ""),
            ("<c t=\"str\"><f>A2</f></c>", "0/0 NotCalculated"),
            ("<c t=\"s\"><f>A2</f><v>1</v></c>", ""),
        ] {
            assert_eq!(shown(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_sheet_tells_what_is_hidden_joined_and_struck() {
        let part = "<worksheet><cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols>\
             <sheetData><row r=\"2\" hidden=\"1\"><c r=\"B2\" t=\"s\"><v>2</v></c></row>\
             <row ht=\"0\"><c t=\"inlineStr\"><is><r><rPr><strike/></rPr><t>1</t></r><r><t>2</t></r></is></c>\
             <c s=\"2\"><v>5</v></c></row></sheetData><mergeCells><mergeCell ref=\"J10:J12\"/></mergeCells><broken";
        let sheet = read_sheet(part, &mut Budget::default()).unwrap().unwrap();
        assert_eq!(sheet.hidden_rows, BTreeSet::from([1, 2]));
        assert_eq!(sheet.hidden_columns, [(1, 2)]);
        assert_eq!(sheet.merged, [((9, 9), (11, 9))]);
        let looks: Vec<_> =
            sheet.looks.iter().map(|(at, look)| (*at, look.struck.clone(), look.unit.as_deref())).collect();
        let partly = Strikethrough::Partly("2".to_owned());
        assert_eq!(
            looks,
            [
                ((1, 1), Strikethrough::Whole, None),
                ((2, 0), partly, None),
                ((2, 1), Strikethrough::No, Some("人"))
            ]
        );
    }

    #[test]
    fn only_a_whole_sheet_is_read() {
        let mut budget = Budget::default();
        assert_eq!(read_sheet("<worksheet><sheetData><row>", &mut budget), Err(Refusal::Damaged));
        assert_eq!(read_sheet("", &mut budget), Err(Refusal::Damaged));
        assert_eq!(read_sheet("<chartsheet/>", &mut budget), Ok(None));
        let two = "<worksheet><sheetData/><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>";
        assert_eq!(read_sheet(two, &mut budget).unwrap().unwrap().cells.len(), 0);
        let deep = format!("<worksheet>{}", "<a>".repeat(300));
        assert!(matches!(read_sheet(&deep, &mut budget), Err(Refusal::TooLarge(_))));
    }

    #[test]
    fn each_cell_pays_for_the_text_it_takes() {
        let cells = "<c t=\"s\"><v>0</v></c>".repeat(1_000);
        let part = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
        let mut budget = Budget::default();
        while budget.text(1 << 20).is_ok() {}
        while budget.text(1 << 10).is_ok() {}
        assert_eq!(read_sheet(&part, &mut budget), Err(Refusal::TooLarge("文字の数が多すぎます")));
    }
}

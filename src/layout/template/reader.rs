//! `[[block]]` read from TOML, every fault with its place.

mod checks;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use checks::out_of_reach;

use super::StyleSpec;
use super::block::{BlockSpec, CellSpec, ColumnSpec, Join, OwnCell, PageUse, PartSpec};
use super::declared::DeclaredUse;
use super::level::Level;
use super::mark::{Mark, Name, Text};
use super::numbers::{LONGEST_TEXT, MOST_MM};
use crate::finding::{Findings, SettingsRule, nearest};
use crate::layout::Length;
use crate::toml_file;

/// No layout has more blocks, or more rows in a block.
const MOST_BLOCKS: usize = 200;
const MOST_ROWS: usize = 60;
const MOST_COLUMNS: usize = 60;
/// No table has more empty rows.
const MOST_LEAST: i64 = 20;

pub(super) const BLOCK_KEYS: [&str; 15] = [
    "per", "each", "columns", "head", "rows", "beside", "heading", "page", "gap", "below", "least", "empty",
    "reprints", "summary", "without",
];
pub(super) const PART_KEYS: [&str; 6] = ["each", "columns", "head", "rows", "least", "empty"];
pub(super) const CELL_KEYS: [&str; 7] = ["text", "style", "join", "th", "span", "height", "heading"];
pub(super) const COLUMN_KEYS: [&str; 5] = ["fixed", "fit", "figure", "years", "last"];

/// A value that is at its place.
type Value<'a> = Spanned<DeValue<'a>>;

/// Reads blocks, and notes what is wrong with them.
pub(super) struct Reader<'a> {
    text: &'a str,
    file_name: &'a str,
    styles: &'a BTreeMap<String, StyleSpec>,
    page: Page,
    faults: Findings,
    declared: Vec<DeclaredUse>,
}

/// The pages that blocks are for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// For which level there is a sheet.
    pub per: Level,
    /// How wide they are between the margins.
    pub room: Length,
}

/// What was read.
#[derive(Default)]
pub(super) struct Read {
    pub blocks: Vec<BlockSpec>,
    pub declared: Vec<DeclaredUse>,
}

/// Reads the blocks of a template.
///
/// # Errors
/// Everything wrong with them.
pub(super) fn read(
    list: &Value<'_>,
    text: &str,
    file_name: &str,
    styles: &BTreeMap<String, StyleSpec>,
    page: Page,
) -> Result<Read, Findings> {
    let mut reader = Reader { text, file_name, styles, page, faults: Findings::new(), declared: Vec::new() };
    let DeValue::Array(tables) = list.get_ref() else {
        reader.fault(&list.span(), "block は、[[block]] のように書きます");
        return Err(reader.faults);
    };
    if tables.len() > MOST_BLOCKS {
        reader.fault(&list.span(), format!("[[block]] は{MOST_BLOCKS}個までです"));
        return Err(reader.faults);
    }
    let blocks: Vec<BlockSpec> = tables.iter().filter_map(|block| reader.block(block)).collect();
    if blocks.len() == tables.len() {
        reader.repeats(&blocks, tables, page.per);
        reader.stand_ins(&blocks, tables);
    }
    if reader.faults.is_empty() { Ok(Read { blocks, declared: reader.declared }) } else { Err(reader.faults) }
}

impl Reader<'_> {
    fn fault(&mut self, span: &Range<usize>, message: impl Into<String>) {
        let place = toml_file::exact_place(self.text, span, self.file_name);
        self.faults.push_at(place, SettingsRule::Template { message: message.into() });
    }

    fn wrong_type(&mut self, value: &Value<'_>, expected: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "文字",
            DeValue::Integer(_) | DeValue::Float(_) => "数",
            DeValue::Boolean(_) => "true／false",
            DeValue::Array(_) => "一覧",
            DeValue::Table(_) => "表",
            DeValue::Datetime(_) => "日付",
        };
        let place = toml_file::exact_place(self.text, &value.span(), self.file_name);
        let kind = SettingsRule::WrongType { expected: expected.to_owned(), found: found.to_owned() };
        self.faults.push_at(place, kind);
    }

    fn unknown_keys(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref().to_string();
            let nearest = nearest(&name, known.iter().copied()).map(str::to_owned);
            let place = toml_file::exact_place(self.text, &key.span(), self.file_name);
            self.faults.push_at(place, SettingsRule::UnknownKey { key: toml_file::cut(&name), nearest });
        }
    }

    // ── Values ────────────────────────────────────────────────────────────────

    fn string(&mut self, value: &Value<'_>) -> Option<String> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(value, "文字");
            return None;
        };
        if text.chars().count() > LONGEST_TEXT {
            self.fault(&value.span(), format!("文字が長すぎます。書けるのは{LONGEST_TEXT}字までです"));
            return None;
        }
        if let Some(control) = text.chars().find(|c| c.is_control() && *c != '\n') {
            let code = u32::from(control);
            self.fault(&value.span(), format!("印刷できない文字（U+{code:04X}）が入っています"));
            return None;
        }
        Some(text.to_string())
    }

    fn number(&mut self, value: &Value<'_>, least: f64, most: f64, unit: &str) -> Option<f64> {
        let number = match value.get_ref() {
            DeValue::Integer(whole) => whole.to_string().replace('_', "").parse::<f64>().ok(),
            DeValue::Float(float) => float.to_string().replace('_', "").parse::<f64>().ok(),
            _ => None,
        };
        let Some(number) = number else {
            self.wrong_type(value, "数");
            return None;
        };
        if !(least <= number && number <= most) {
            self.fault(
                &value.span(),
                format!("{number} は使えません。書けるのは {least}～{most}{unit} です"),
            );
            return None;
        }
        Some(number)
    }

    fn mm(&mut self, value: &Value<'_>, least: f64) -> Option<Length> {
        self.number(value, least, MOST_MM, " mm").map(Length::mm)
    }

    fn whole(&mut self, value: &Value<'_>, least: i64, most: i64) -> Option<usize> {
        let number = self.number(value, least as f64, most as f64, "")?;
        if number.fract() != 0.0 {
            self.wrong_type(value, "整数");
            return None;
        }
        Some(number as usize)
    }

    fn flag(&mut self, value: &Value<'_>) -> Option<bool> {
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => {
                self.wrong_type(value, "true か false");
                None
            }
        }
    }

    /// One of these words.
    fn choice<T: Clone>(&mut self, value: &Value<'_>, choices: &[(&str, T)]) -> Option<T> {
        let word = self.string(value)?;
        if let Some((_, choice)) = choices.iter().find(|(known, _)| *known == word) {
            return Some(choice.clone());
        }
        let words: Vec<String> = choices.iter().map(|(word, _)| (*word).to_owned()).collect();
        let perhaps = match nearest(&word, words.iter().map(String::as_str)) {
            Some(nearest) => format!("「{nearest}」ではありませんか"),
            None => format!("書けるのは、{}です", words.join("、")),
        };
        self.fault(&value.span(), format!("「{word}」という値は書けません。{perhaps}"));
        None
    }

    fn level(&mut self, value: &Value<'_>, levels: &[Level]) -> Option<Level> {
        let choices: Vec<(&str, Level)> = levels.iter().map(|level| (level.word(), *level)).collect();
        if let DeValue::String(word) = value.get_ref()
            && let Some(level) = Level::parse(word).filter(|level| levels.contains(level))
        {
            return Some(level);
        }
        self.choice(value, &choices)
    }

    /// A text with marks for records of `own`.
    fn text(&mut self, value: &Value<'_>, own: Level, in_years: bool) -> Option<Text> {
        let words = self.string(value)?;
        match Text::parse(&words) {
            Ok(text) => {
                let spans = self.mark_spans(&value.span());
                let is_plain = spans.len() == text.marks().count();
                for (at, mark) in text.marks().enumerate() {
                    let span = spans.get(at).filter(|_| is_plain).cloned();
                    self.mark(mark, &span.unwrap_or_else(|| value.span()), own, in_years);
                }
                Some(text)
            }
            Err(why) => {
                self.fault(&value.span(), why);
                None
            }
        }
    }

    /// Where the marks of a text stand in the file, as far as they are written with their own
    /// braces and not with escapes.
    fn mark_spans(&self, span: &Range<usize>) -> Vec<Range<usize>> {
        let written = self.text.get(span.clone()).unwrap_or_default();
        let opens = written.match_indices('{').map(|(at, _)| at);
        let until = |open: usize| written[open..].find('}').map(|close| open + close + 1);
        opens.filter_map(|open| Some(span.start + open..span.start + until(open)?)).collect()
    }

    /// Whether a mark can be filled for records of `own`.
    fn mark(&mut self, mark: &Mark, span: &Range<usize>, own: Level, in_years: bool) {
        self.form_of(mark, span);
        if mark.name.is_of_document() {
            self.mark_of_document(mark, span, in_years);
        } else if let Some(why) = out_of_reach(mark, own) {
            self.fault(span, why);
        } else {
            self.year_of(mark, span, in_years);
            if let Name::Declared(name) = &mark.name {
                let place = toml_file::exact_place(self.text, span, self.file_name);
                self.declared.push(DeclaredUse { name: name.clone(), level: mark.level(own), place });
            }
        }
    }

    // ── Blocks ────────────────────────────────────────────────────────────────

    fn block(&mut self, value: &Value<'_>) -> Option<BlockSpec> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type(value, "表");
            return None;
        };
        self.unknown_keys(table, &BLOCK_KEYS);
        let per = self.per(table, &value.span())?;
        let mut block = BlockSpec {
            per,
            parts: Vec::new(),
            heading: None,
            page: PageUse::Flow,
            gap: Length::ZERO,
            below: None,
            without: None,
            reprints: false,
            summary: Text::default(),
            span: value.span(),
        };
        if let Some(value) = table.get("heading") {
            block.heading = self.whole(value, 1, 6).map(|level| level as u8);
        }
        if let Some(value) = table.get("page") {
            let choices = [("new", PageUse::New), ("repeat", PageUse::Repeat)];
            block.page = self.choice(value, &choices).unwrap_or(PageUse::Flow);
        }
        if let Some(value) = table.get("gap") {
            block.gap = self.mm(value, 0.0).unwrap_or_default();
        }
        if let Some(value) = table.get("below") {
            block.below = self.mm(value, 0.0);
        }
        if let Some(value) = table.get("without") {
            block.without = self.level_below(value, per, "without");
        }
        if let Some(value) = table.get("reprints") {
            block.reprints = self.flag(value).unwrap_or_default();
            if per != Level::Project {
                self.fault(&value.span(), "reprints は、per = \"事業\" のブロックにだけ書けます");
            }
        }
        if let Some(value) = table.get("summary") {
            block.summary = self.text(value, per, false).unwrap_or_default();
        }
        block.parts = self.parts(table, &value.span(), per);
        if let Some(columns) = table.get("beside").or_else(|| table.get("columns")) {
            self.widths(&block, columns, self.page.room);
        }
        self.heading(&mut block);
        let of_tables = block.parts.iter().filter(|part| part.is_table());
        if of_tables.flat_map(PartSpec::own_cells).any(|cell| cell.heading.is_some()) {
            let span = table.get("heading").map_or_else(|| value.span(), Spanned::span);
            self.fault(&span, "heading は、head も each もない行の欄に書きます");
        }
        let is_repeated_table =
            block.page == PageUse::Repeat && block.parts.iter().any(|part| part.each.is_some());
        if is_repeated_table {
            self.fault(&value.span(), "page = \"repeat\" のブロックに each は書けません");
        }
        Some(block)
    }

    /// What a block is printed for: something that belongs to what sheets are made for.
    fn per(&mut self, table: &DeTable<'_>, span: &Range<usize>) -> Option<Level> {
        let sheet = self.page.per;
        let Some(per) = table.get("per") else {
            let words = Level::ALL.map(Level::word).join("・");
            self.fault(span, format!("[[block]] に per（{words}）がありません"));
            return None;
        };
        let level = self.level(per, &Level::ALL)?;
        if !level.is_within(sheet) {
            let message =
                format!("sheet.per が「{}」のときは、per に「{}」と書けません", sheet.word(), level.word());
            self.fault(&per.span(), message);
            return None;
        }
        Some(level)
    }

    /// The heading is the cell that says so; else the first of the block.
    fn heading(&mut self, block: &mut BlockSpec) {
        let cells =
            block.parts.iter_mut().flat_map(|part| part.head.iter_mut().chain(&mut part.rows)).flatten();
        let mut own: Vec<&mut OwnCell> = cells
            .filter_map(|cell| match cell {
                CellSpec::Own(own) => Some(own.as_mut()),
                _ => None,
            })
            .collect();
        match (block.heading, own.iter().find_map(|cell| cell.heading)) {
            (_, Some(level)) => block.heading = Some(level),
            (Some(level), None) => {
                if let Some(first) = own.first_mut() {
                    first.heading = Some(level);
                }
            }
            (None, None) => {}
        }
    }

    fn parts(&mut self, table: &DeTable<'_>, span: &Range<usize>, per: Level) -> Vec<PartSpec> {
        let Some(beside) = table.get("beside") else {
            return self.part(table, span, per).into_iter().collect();
        };
        for key in PART_KEYS {
            if let Some(value) = table.get(key) {
                self.fault(&value.span(), format!("{key} は、[[block.beside]] の下に書きます"));
            }
        }
        let DeValue::Array(parts) = beside.get_ref() else {
            self.wrong_type(beside, "[[block.beside]]");
            return Vec::new();
        };
        let mut read = Vec::new();
        for part in parts.iter() {
            match part.get_ref() {
                DeValue::Table(table) => {
                    self.unknown_keys(table, &PART_KEYS);
                    read.extend(self.part(table, &part.span(), per));
                }
                _ => self.wrong_type(part, "表"),
            }
        }
        let tables = read.iter().filter(|part| part.is_table()).count();
        if tables > 1 {
            self.fault(&beside.span(), "横に並べる部分のうち、head や each を書けるのは1つだけです");
        }
        read
    }

    fn part(&mut self, table: &DeTable<'_>, span: &Range<usize>, per: Level) -> Option<PartSpec> {
        let each = table.get("each").and_then(|value| self.level_below(value, per, "each"));
        let Some(columns) = table.get("columns") else {
            self.fault(span, "columns（列の幅）がありません");
            return None;
        };
        let columns = self.columns(columns)?;
        let own = each.unwrap_or(per);
        let head = match table.get("head") {
            Some(rows) => self.rows(rows, &columns, per, true),
            None => Some(Vec::new()),
        };
        let Some(rows) = table.get("rows") else {
            self.fault(span, "rows（行）がありません");
            return None;
        };
        let (rows_span, rows) = (rows.span(), self.rows(rows, &columns, own, false));
        let (head, rows) = (head?, rows?);
        if rows.is_empty() {
            self.fault(&rows_span, "rows に行がありません");
            return None;
        }
        let least = table.get("least").and_then(|value| self.whole(value, 0, MOST_LEAST)).unwrap_or(0);
        let empty = table.get("empty").and_then(|value| self.string(value));
        let part = PartSpec { each, columns, head, rows, least, empty };
        self.shape(&part, table, span);
        self.without_each(&part, table);
        self.fits(&part, table);
        Some(part)
    }

    /// A level below that of a block, which `key` names.
    fn level_below(&mut self, value: &Value<'_>, per: Level, key: &str) -> Option<Level> {
        let below: Vec<Level> =
            Level::ALL.into_iter().filter(|level| *level != per && level.is_within(per)).collect();
        if below.is_empty() {
            self.fault(&value.span(), format!("per = \"{}\" のブロックに {key} は書けません", per.word()));
            return None;
        }
        self.level(value, &below)
    }

    fn columns(&mut self, value: &Value<'_>) -> Option<Vec<ColumnSpec>> {
        let DeValue::Array(list) = value.get_ref() else {
            self.wrong_type(value, "列の幅の一覧");
            return None;
        };
        let columns: Vec<Option<ColumnSpec>> = list.iter().map(|column| self.column(column)).collect();
        let columns: Vec<ColumnSpec> = columns.into_iter().collect::<Option<_>>()?;
        let years = columns.iter().filter(|column| matches!(column, ColumnSpec::Years { .. })).count();
        if columns.is_empty() || columns.len() > MOST_COLUMNS {
            self.fault(&value.span(), format!("列は、1つから{MOST_COLUMNS}までです"));
            return None;
        }
        if years > 1 {
            self.fault(&value.span(), "年度の列（years）は、1つの表に1組だけ書けます");
            return None;
        }
        Some(columns)
    }

    fn column(&mut self, value: &Value<'_>) -> Option<ColumnSpec> {
        const LEAST: f64 = 2.0;
        let DeValue::Table(table) = value.get_ref() else {
            return self.mm(value, LEAST).map(ColumnSpec::Text);
        };
        self.unknown_keys(table, &COLUMN_KEYS);
        self.column_keys(table);
        if let Some(value) = table.get("fixed") {
            return self.mm(value, LEAST).map(ColumnSpec::Fixed);
        }
        if let Some(value) = table.get("fit") {
            return self.mm(value, LEAST).map(ColumnSpec::Fit);
        }
        if let Some(value) = table.get("figure") {
            return self.mm(value, LEAST).map(ColumnSpec::Figure);
        }
        let Some(years) = table.get("years") else {
            self.fault(
                &value.span(),
                "列は、88 か { fixed = 7 } か { figure = 19 } か { years = 19 } のように書きます",
            );
            return None;
        };
        let widths = match years.get_ref() {
            DeValue::Array(list) => {
                let widths: Vec<Option<Length>> = list.iter().map(|width| self.mm(width, LEAST)).collect();
                widths.into_iter().collect::<Option<Vec<_>>>()?
            }
            _ => vec![self.mm(years, LEAST)?],
        };
        if widths.is_empty() || widths.len() > 10 {
            self.fault(&years.span(), "1つの年度の列は、1つから10までです");
            return None;
        }
        let last = table.get("last").and_then(|value| self.whole(value, 1, 50));
        Some(ColumnSpec::Years { widths, last })
    }

    fn rows(
        &mut self,
        value: &Value<'_>,
        columns: &[ColumnSpec],
        own: Level,
        is_head: bool,
    ) -> Option<Vec<Vec<CellSpec>>> {
        let DeValue::Array(list) = value.get_ref() else {
            self.wrong_type(value, "行の一覧");
            return None;
        };
        if list.len() > MOST_ROWS {
            self.fault(&value.span(), format!("行は{MOST_ROWS}までです"));
            return None;
        }
        let rows: Vec<_> = list.iter().map(|row| self.row(row, columns, own, is_head)).collect();
        rows.into_iter().collect()
    }

    fn row(
        &mut self,
        value: &Value<'_>,
        columns: &[ColumnSpec],
        own: Level,
        is_head: bool,
    ) -> Option<Vec<CellSpec>> {
        let DeValue::Array(list) = value.get_ref() else {
            self.wrong_type(value, "欄の一覧");
            return None;
        };
        let wanted: usize = columns.iter().map(ColumnSpec::cells).sum();
        if list.len() != wanted {
            let message = format!(
                "欄が{}個あります。列は{wanted}個です（つなげる欄にも \"<\" や \"^\" を書きます）",
                list.len()
            );
            self.fault(&value.span(), message);
            return None;
        }
        let is_year = columns.iter().flat_map(|column| {
            let is_year = matches!(column, ColumnSpec::Years { .. });
            std::iter::repeat_n(is_year, column.cells())
        });
        let cells: Vec<_> =
            list.iter().zip(is_year).map(|(cell, is_year)| self.cell(cell, own, is_year, is_head)).collect();
        let cells: Vec<CellSpec> = cells.into_iter().collect::<Option<_>>()?;
        self.year_group(&cells, list, columns);
        Some(cells)
    }

    fn cell(&mut self, value: &Value<'_>, own: Level, in_years: bool, is_head: bool) -> Option<CellSpec> {
        let mut cell = OwnCell {
            text: Text::default(),
            style: None,
            style_name: None,
            join: None,
            is_head: false,
            spans_years: false,
            height: Length::ZERO,
            heading: None,
        };
        let DeValue::Table(table) = value.get_ref() else {
            return match value.get_ref() {
                DeValue::String(text) if text == "<" => Some(CellSpec::Left),
                DeValue::String(text) if text == "^" => Some(CellSpec::Above),
                _ => {
                    cell.text = self.text(value, own, in_years)?;
                    Some(CellSpec::Own(Box::new(cell)))
                }
            };
        };
        self.unknown_keys(table, &CELL_KEYS);
        if let Some(value) = table.get("span") {
            cell.spans_years = self.choice(value, &[("years", true)]).unwrap_or_default();
            if !in_years {
                self.fault(&value.span(), "span = \"years\" は、年度の列（years）の最初の欄に書きます");
            }
        }
        if let Some(value) = table.get("text") {
            cell.text = self.text(value, own, in_years && !cell.spans_years)?;
        }
        if let Some(value) = table.get("style") {
            let name = self.string(value)?;
            let choices: Vec<(&str, StyleSpec)> =
                self.styles.iter().map(|(name, style)| (name.as_str(), *style)).collect();
            cell.style = self.choice(value, &choices);
            cell.style_name = Some(name);
        }
        if let Some(value) = table.get("join") {
            cell.join = self.join(value, own);
            if is_head {
                self.fault(
                    &value.span(),
                    "join は rows の欄にだけ書けます。head では \"<\" と \"^\" でつなげます",
                );
            }
        }
        if let Some(value) = table.get("th") {
            cell.is_head = self.flag(value).unwrap_or_default();
        }
        if let Some(value) = table.get("height") {
            cell.height = self.mm(value, 0.0).unwrap_or_default();
        }
        if let Some(value) = table.get("heading") {
            cell.heading = self.whole(value, 1, 6).map(|level| level as u8);
        }
        Some(CellSpec::Own(Box::new(cell)))
    }

    fn join(&mut self, value: &Value<'_>, own: Level) -> Option<Join> {
        let word = self.string(value)?;
        let above: Vec<Level> =
            Level::ALL.into_iter().filter(|level| *level != own && own.is_within(*level)).collect();
        match Level::parse(&word) {
            Some(level) if above.contains(&level) => Some(Join::Level(level)),
            Some(_) => {
                let words: Vec<&str> = above.iter().map(|level| level.word()).collect();
                let message = format!(
                    "{}の行を「{word}」でまとめることはできません。書けるのは、{}です",
                    own.word(),
                    words.join("、")
                );
                self.fault(&value.span(), message);
                None
            }
            None => {
                let place = toml_file::exact_place(self.text, &value.span(), self.file_name);
                self.declared.push(DeclaredUse { name: word.clone(), level: own, place });
                Some(Join::Declared(word))
            }
        }
    }

    /// Joins that are no rectangle, and what joins nothing.
    fn shape(&mut self, part: &PartSpec, table: &DeTable<'_>, span: &Range<usize>) {
        let (head, rows) = (table.get("head"), table.get("rows"));
        let place = |row: usize, column: usize| {
            let (list, row) = match row.checked_sub(part.head.len()) {
                None => (head, row),
                Some(row) => (rows, row),
            };
            let DeValue::Array(list) = list?.get_ref() else { return None };
            let DeValue::Array(cells) = list.get(row)?.get_ref() else { return None };
            cells.get(column).map(Spanned::span)
        };
        for (row, column, why) in shape::misjoined(part).into_iter().chain(shape::misplaced(part)) {
            self.fault(&place(row, column).unwrap_or_else(|| span.clone()), why);
        }
    }
}

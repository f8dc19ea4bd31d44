//! The template: every row and column, size, colour and word of the layout.
//!
//! `templates/official.toml` is the city's official layout and documents each key.
//! A city's own file need only say what it changes: it is laid over the official one, or over
//! the one that it names as its `base`, key by key; of blocks it has none, or all. A key that
//! one does not have is refused, for a misspelt key must not be a change that silently does
//! nothing.

pub mod block;
mod declared;
pub mod level;
pub mod mark;
pub mod numbers;
mod overlay;
mod reader;
pub mod sample;
mod style;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, de};
use toml::Spanned;
use toml::de::DeValue;

pub use block::{BlockSpec, CellSpec, ColumnSpec, Join, OwnCell, PageUse, PartSpec};
pub use declared::DeclaredUse;
pub use level::Level;
pub use mark::{Mark, Name, Text};
pub use style::StyleSpec;
pub(crate) use style::WhenEmpty;

use crate::finding::{Finding, Findings, SettingsRule, nearest};
use crate::layout::Length;
use crate::layout::grid::{Colour, PAGE_MARK, Rule};
use crate::plan::reading;
use crate::settings::FieldSettings;
use crate::toml_file;
use style::{WHITE, contrast};

const OFFICIAL: &str = include_str!("../../../templates/official.toml");

/// The templates that come with the program, by the names of their files.
const SHIPPED: [(&str, &str); 6] = [
    ("official.toml", OFFICIAL),
    ("roomy.toml", include_str!("../../../templates/roomy.toml")),
    ("kpi-evaluation.toml", include_str!("../../../templates/kpi-evaluation.toml")),
    ("project-sheet.toml", include_str!("../../../templates/project-sheet.toml")),
    ("grant-review.toml", include_str!("../../../templates/grant-review.toml")),
    ("kpi-sheet.toml", include_str!("../../../templates/kpi-sheet.toml")),
];

/// The template of this file name that comes with the program.
pub fn shipped(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(own, _)| *own == name).map(|(_, text)| *text)
}

/// The file names of the templates that come with the program.
pub fn shipped_names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// Every key that a block, its parts, columns and cells and a style may have: what the manual
/// has to explain.
pub fn keys() -> impl Iterator<Item = &'static str> {
    let of_blocks = reader::BLOCK_KEYS.into_iter().chain(reader::PART_KEYS);
    let of_cells = reader::COLUMN_KEYS.into_iter().chain(reader::CELL_KEYS);
    of_blocks.chain(of_cells).chain(overlay::STYLE_KEYS)
}

/// A template. See `templates/official.toml` for what each key means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // documented key by key in the template itself
pub struct Template {
    pub format: u32,
    pub page: Page,
    pub fonts: FontNames,
    pub rule: RuleSpec,
    pub sheet: SheetSpec,
    pub contents: ContentsSpec,
    pub running_head: RunningHead,
    pub words: Words,
    pub errata: Errata,
    pub style: BTreeMap<String, StyleSpec>,
    /// `[[block]]`, from top to bottom.
    #[serde(skip)]
    pub blocks: Vec<BlockSpec>,
    /// Where it uses columns that a plan has to declare.
    #[serde(skip)]
    pub declared: Vec<DeclaredUse>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Page {
    pub paper: Paper,
    pub margin: Margin,
    pub number: PageNumber,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Paper {
    #[serde(deserialize_with = "mm")]
    pub width: Length,
    #[serde(deserialize_with = "mm")]
    pub height: Length,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Margin {
    #[serde(deserialize_with = "mm")]
    pub left: Length,
    #[serde(deserialize_with = "mm")]
    pub right: Length,
    #[serde(deserialize_with = "mm")]
    pub top: Length,
    #[serde(deserialize_with = "mm")]
    pub bottom: Length,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct PageNumber {
    pub text: String,
    #[serde(deserialize_with = "pt")]
    pub size: Length,
    #[serde(deserialize_with = "mm")]
    pub baseline: Length,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct FontNames {
    pub regular: String,
    pub bold: String,
    pub fallback: String,
    pub excel: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RuleSpec {
    #[serde(deserialize_with = "pt")]
    pub width: Length,
    pub colour: Colour,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SheetSpec {
    #[serde(deserialize_with = "sheet_level")]
    pub per: Level,
    #[serde(deserialize_with = "marked")]
    pub name: Text,
    /// Whether blocks for records `without` something are used.
    pub compact: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ContentsSpec {
    pub title: String,
    pub levels: u8,
    #[serde(deserialize_with = "mm")]
    pub gap: Length,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RunningHead {
    #[serde(deserialize_with = "marked")]
    pub text: Text,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Words {
    pub new: String,
    pub reprint: String,
    pub no_number: String,
    pub draft: String,
    #[serde(deserialize_with = "composed")]
    pub continued: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Errata {
    #[serde(deserialize_with = "mm")]
    pub number: Length,
    #[serde(deserialize_with = "mm")]
    pub place: Length,
    #[serde(deserialize_with = "mm")]
    pub item: Length,
    #[serde(deserialize_with = "mm")]
    pub wrong: Length,
    #[serde(deserialize_with = "mm")]
    pub right: Length,
    pub title_label: String,
    pub number_label: String,
    pub place_label: String,
    pub item_label: String,
    pub wrong_label: String,
    pub right_label: String,
    pub page: String,
    pub nothing: String,
    pub absent: String,
    pub dropped: String,
    pub empty: String,
    pub as_original: String,
    pub every_goal: String,
}

impl Page {
    /// How wide it is between the margins.
    fn room(&self) -> Length {
        self.paper.width - self.margin.left - self.margin.right
    }

    /// The same for the columns of blocks: where the margins leave too little, that is told, and
    /// not what every block lacks.
    fn usable_room(&self) -> Length {
        let room = self.room();
        if room < Length::mm(LEAST_BODY_MM) { Length::mm(ANY_ROOM_MM) } else { room }
    }
}

impl Template {
    /// The official layout.
    pub fn official() -> Self {
        // Cannot fail: a unit test reads the compiled-in file.
        #[allow(clippy::expect_used)]
        Self::read(b"", "").expect("the built-in template is valid")
    }

    /// The official layout with the changes of a city's own file, called `file_name`,
    /// laid over it. Blocks are not laid over: a file that has any has all of its own.
    ///
    /// # Errors
    /// Everything wrong with the file, with its line: no TOML, a key the official one
    /// has not, a value it cannot take, a block that cannot be printed.
    pub fn read(bytes: &[u8], file_name: &str) -> Result<Self, Findings> {
        match overlay::laid_over(bytes, file_name) {
            Ok(table) => Self::of(table, bytes, file_name),
            Err(mut faults) => {
                faults.append(faults_of_blocks(bytes, file_name));
                Err(overlay::from_top_to_bottom(faults))
            }
        }
    }

    /// The whole text of the template that [`Self::read`] makes of a city's own file:
    /// the official one where it is empty. With [`Self::whole`] it means in any later
    /// version what it means now.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn whole_text(bytes: &[u8], file_name: &str) -> Result<String, Findings> {
        if bytes.is_empty() {
            return Ok(OFFICIAL.to_owned());
        }
        Ok(overlay::laid_over(bytes, file_name)?.to_string())
    }

    /// Reads a whole template, as [`Self::whole_text`] gives it: nothing is taken from
    /// the official one.
    ///
    /// # Errors
    /// As [`Self::read`], and a key that is missing.
    pub fn whole(bytes: &[u8], file_name: &str) -> Result<Self, Findings> {
        overlay::refusals(bytes, file_name)?;
        let text = toml_file::utf8(bytes, file_name)?;
        let table = text.parse().map_err(|error| toml_file::fault(&error, text, file_name))?;
        Self::of(table, bytes, file_name)
    }

    /// The template of a whole table. `bytes` are the file's whose places are told.
    fn of(mut table: toml::Table, bytes: &[u8], file_name: &str) -> Result<Self, Findings> {
        table.remove("block");
        table.remove("base");
        // Every leaf was tried: what fails now is no fault of one line.
        let mut template: Self = table.try_into().map_err(|error| toml_file::fault(&error, "", file_name))?;
        if template.format != FORMAT {
            let message = format!(
                "format = {} の様式は読めません。このプログラムが読むのは format = {FORMAT} です",
                template.format
            );
            let place = overlay::place_of(bytes, "format", file_name);
            return Err(Finding::at(place, SettingsRule::Template { message }).into());
        }
        let own = toml_file::utf8(bytes, file_name)?;
        let parsed = toml_file::parse(own, file_name)?;
        let (base_name, base_text) = overlay::base_file(parsed.get_ref());
        let base = toml_file::parse(base_text, base_name)?;
        let page = reader::Page { per: template.sheet.per, room: template.page.usable_room() };
        let mut findings = Findings::new();
        // The base's blocks, where the file has none of its own.
        let (list, text, name) = match parsed.get_ref().get("block") {
            Some(list) => (Some(list), own, file_name),
            None => (base.get_ref().get("block"), base_text, base_name),
        };
        if let (Some(list), false) = (parsed.get_ref().get("block"), parsed.get_ref().contains_key("format"))
        {
            let message = format!("format がありません。ファイルの始めに format = {FORMAT} と書いてください");
            findings.push_at(
                toml_file::exact_place(own, &list.span(), file_name),
                SettingsRule::Template { message },
            );
        }
        let read = list.map(|list| reader::read(list, text, name, &template.style, page));
        match read.unwrap_or_else(|| Ok(reader::Read::default())) {
            Ok(read) => {
                (template.blocks, template.declared) = (read.blocks, read.declared);
                if let Some(styles) = parsed.get_ref().get("style") {
                    findings.append(template.unused_styles(styles, own, file_name));
                }
                if !template.sheet.compact {
                    template.blocks.retain(|block| block.without.is_none());
                }
            }
            Err(faults) => findings.append(faults),
        }
        findings.append(template.faults_at(bytes, file_name));
        if findings.is_empty() { Ok(template) } else { Err(overlay::from_top_to_bottom(findings)) }
    }

    /// A style that nothing uses is a name misspelt.
    fn unused_styles(&self, styles: &Spanned<DeValue<'_>>, text: &str, file_name: &str) -> Findings {
        let mut findings = Findings::new();
        let DeValue::Table(table) = styles.get_ref() else { return findings };
        let parts = self.blocks.iter().flat_map(|block| &block.parts);
        let used: BTreeSet<&str> =
            parts.flat_map(PartSpec::own_cells).filter_map(|cell| cell.style_name.as_deref()).collect();
        let official = overlay::official();
        let known = official.get("style").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        for key in table.keys() {
            let name: &str = key.get_ref();
            if used.contains(name) || known.contains_key(name) {
                continue;
            }
            let nearest = nearest(name, known.keys().map(String::as_str).chain(used.iter().copied()));
            let perhaps = nearest.map(|nearest| format!("「{nearest}」ではありませんか")).unwrap_or_default();
            let message = format!("style.{name} を使う欄がありません。{perhaps}");
            let place = toml_file::exact_place(text, &key.span(), file_name);
            findings.push_at(place, SettingsRule::Template { message });
        }
        findings
    }

    /// What no single number can be blamed for, at its place.
    fn faults_at(&self, bytes: &[u8], file_name: &str) -> Findings {
        let finding = |(key, message): (String, String)| {
            let place = overlay::place_of(bytes, &key, file_name);
            Finding::at(place, SettingsRule::Template { message: format!("{message}（{key}）") })
        };
        self.faults().into_iter().map(finding).collect()
    }

    /// What no single number can be blamed for, with the table it is in.
    fn faults(&self) -> Vec<(String, String)> {
        let page = &self.page;
        let least_body = Length::mm(LEAST_BODY_MM);
        let mut faults = Vec::new();
        let mut fault = |key: &str, message: String| faults.push((key.to_owned(), message));
        let wide = page.room();
        let tall = page.paper.height - page.margin.top - page.margin.bottom;
        if wide.min(tall) < least_body {
            fault("page", format!("余白を引いた紙面が {LEAST_BODY_MM} mm に足りません"));
        } else if !page.number.text.is_empty() && page.number.baseline + page.number.size > page.margin.bottom
        {
            fault("page.number", "ページ番号が下の余白に収まらず、表に重なります".to_owned());
        }
        if page.number.text.replace(PAGE_MARK, "").contains(['{', '}']) {
            fault("page.number", format!("ページ番号に書ける印は、{PAGE_MARK} だけです"));
        }
        let parts = self.blocks.iter().flat_map(|block| &block.parts);
        if parts.flat_map(PartSpec::own_cells).any(|cell| cell.height > tall) {
            fault("block", "height が、余白を引いた紙面の高さを超えています".to_owned());
        }
        let errata = &self.errata;
        let widths = [errata.number, errata.place, errata.item, errata.wrong, errata.right];
        let all: Length = widths.iter().sum();
        let [number, item, head] = ["document_number", "text", "header"].map(|name| self.style(name));
        let is_narrow = |(at, width): (usize, &Length)| {
            let styles = if at == 0 { [number, head] } else { [item, head] };
            let least = styles.map(|style| style.size + style.padding * 2);
            wide.share(width.emu(), all.emu()) < least[0].max(least[1])
        };
        if wide.min(tall) >= least_body && widths.iter().enumerate().any(is_narrow) {
            fault("errata", "正誤表に、文字1つより狭い列ができます".to_owned());
        }
        for (name, style) in &self.style {
            let contrast = contrast(style.colour, style.fill.unwrap_or(WHITE));
            if contrast < LEAST_CONTRAST {
                let said = "文字の色が地の色に近く、読めません";
                fault(
                    &format!("style.{name}"),
                    format!("{said}（明るさの比 {contrast:.1}、{LEAST_CONTRAST:.1} 以上にします）"),
                );
            }
        }
        faults
    }

    /// The style of this name; that of plain text where there is none.
    pub fn style(&self, name: &str) -> StyleSpec {
        self.style.get(name).or_else(|| self.style.get("text")).copied().unwrap_or(StyleSpec::PLAIN)
    }

    /// The 事業費 that the template prints by their names, each once.
    pub fn cost_names(&self) -> BTreeSet<&str> {
        let cells = self.blocks.iter().flat_map(|block| &block.parts).flat_map(PartSpec::own_cells);
        cells.flat_map(|cell| cell.text.marks()).filter_map(|mark| mark.cost.as_deref()).collect()
    }

    /// What is wrong with the columns that the template takes for declared.
    pub fn undeclared(&self, fields: &[FieldSettings]) -> Findings {
        let mut findings = Findings::new();
        for used in &self.declared {
            if used.is_among(fields) {
                continue;
            }
            let message = used.unknown(fields);
            findings.push_at(used.place.clone(), SettingsRule::Template { message });
        }
        findings
    }

    /// The rules around cells.
    pub(crate) fn rule(&self) -> Rule {
        Rule { width: self.rule.width, colour: self.rule.colour }
    }
}

/// What is wrong with the blocks of a file that cannot be laid over its base, so that all its
/// faults are told at once.
fn faults_of_blocks(bytes: &[u8], file_name: &str) -> Findings {
    let found = || {
        let text = toml_file::utf8(bytes, file_name).ok().filter(|_| toml_file::is_named_so(file_name))?;
        let parsed = toml_file::parse(text, file_name).ok()?;
        let table = parsed.get_ref();
        let within = |name: &str| match table.get(name).map(Spanned::get_ref) {
            Some(DeValue::Table(inner)) => Some(inner),
            _ => None,
        };
        let mut styles = Template::official().style;
        let own = within("style").into_iter().flat_map(|styles| styles.keys());
        styles.extend(own.map(|name| (name.get_ref().to_string(), StyleSpec::PLAIN)));
        let per = match within("sheet").and_then(|sheet| sheet.get("per")).map(Spanned::get_ref) {
            Some(DeValue::String(word)) if Level::parse(word) == Some(Level::Goal) => Level::Goal,
            _ => Level::Plan,
        };
        // What is known of the paper may be what is wrong.
        let page = reader::Page { per, room: Length::mm(ANY_ROOM_MM) };
        reader::read(table.get("block")?, text, file_name, &styles, page).err()
    };
    found().unwrap_or_default()
}

/// The format that this program reads and writes.
pub const FORMAT: u32 = 2;

/// Wider than any columns: for blocks whose paper is not known.
const ANY_ROOM_MM: f64 = 100.0 * numbers::MOST_MM;

/// What the margins leave of a page, at the least.
const LEAST_BODY_MM: f64 = 50.0;

/// Letters on a ground less unlike them than this are taken for a mistake. Much less than
/// people with poor sight need: a city may want its notes grey.
const LEAST_CONTRAST: f64 = 1.5;

/// Fills `{name}` marks in a label of the template.
pub fn fill(label: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(label.len());
    let mut rest = label;
    // One pass, so that a `{name}` inside a value is left alone.
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        let tail = &rest[open..];
        let found = tail.find('}').and_then(|close| {
            let value = values.iter().find(|(name, _)| *name == &tail[1..close])?;
            Some((value.1, close))
        });
        match found {
            Some((value, close)) => {
                text.push_str(value);
                rest = &tail[close + 1..];
            }
            None => {
                text.push('{');
                rest = &tail[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// What is set behind a text that is composed itself.
fn composed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(|text| reading::composed(&text).into_owned())
}

fn mm<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Length, D::Error> {
    length(deserializer, Length::mm)
}

fn pt<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Length, D::Error> {
    length(deserializer, Length::pt)
}

fn length<'de, D: Deserializer<'de>>(deserializer: D, unit: fn(f64) -> Length) -> Result<Length, D::Error> {
    // Its range was looked at before: see [`numbers`].
    Ok(unit(f64::deserialize(deserializer)?))
}

fn sheet_level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Level, D::Error> {
    let word = String::deserialize(deserializer)?;
    match Level::parse(&word) {
        Some(level @ (Level::Plan | Level::Goal)) => Ok(level),
        _ => Err(de::Error::custom("sheet.per に書けるのは、「計画」か「基本目標」です")),
    }
}

fn marked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    Text::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

#[cfg(test)]
mod tests;

//! The template: every row and column, size, colour and word of the layout.
//!
//! `templates/official.toml` is the city's official layout and documents each key.
//! A city's own file need only say what it changes: it is laid over the official one, or over
//! the one that it names as its `base`, key by key; of blocks it has none, or all. A key that
//! one does not have is refused, for a misspelt key must not be a change that silently does
//! nothing.

pub mod block;
pub mod level;
pub mod mark;
pub mod numbers;
mod overlay;
mod reader;
pub mod sample;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, de};
use toml::Spanned;
use toml::de::DeValue;

pub use block::{BlockSpec, CellSpec, ColumnSpec, Join, OwnCell, PageUse, PartSpec};
pub use level::Level;
pub use mark::{Mark, Name, Text};
pub use reader::DeclaredUse;

use crate::finding::{Finding, Findings, SettingsRule, nearest};
use crate::layout::Length;
use crate::layout::grid::{Align, Borders, Colour, PAGE_MARK, Rule, Style, VerticalAlign};
use crate::settings::FieldSettings;
use crate::toml_file;

const OFFICIAL: &str = include_str!("../../../templates/official.toml");

/// The templates that come with the program, by the names of their files.
const SHIPPED: [(&str, &str); 5] = [
    ("official.toml", OFFICIAL),
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

/// How one kind of cell looks.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StyleSpec {
    #[serde(default = "default_size", deserialize_with = "pt")]
    size: Length,
    #[serde(default = "default_leading")]
    leading: f64,
    #[serde(default)]
    bold: bool,
    #[serde(default = "black")]
    colour: Colour,
    #[serde(default, deserialize_with = "optional_colour")]
    fill: Option<Colour>,
    #[serde(default = "left")]
    align: Align,
    #[serde(default = "middle")]
    valign: VerticalAlign,
    #[serde(default = "default_padding", deserialize_with = "mm")]
    padding: Length,
    #[serde(default = "default_space", deserialize_with = "mm")]
    space: Length,
    #[serde(default = "all_edges", deserialize_with = "edges")]
    rule: Borders,
    #[serde(default, deserialize_with = "when_empty")]
    empty: WhenEmpty,
    #[serde(default)]
    stacked: bool,
}

/// What becomes of a cell that says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum WhenEmpty {
    /// It is drawn without words.
    #[default]
    Draw,
    /// It is not drawn.
    Hide,
    /// As drawn; words that stand beside nothing but empty cells are left out too.
    Blank,
}

fn default_size() -> Length {
    Length::pt(8.0)
}

fn all_edges() -> Borders {
    Borders::ALL
}

fn default_leading() -> f64 {
    1.3
}

fn default_padding() -> Length {
    Length::mm(0.8)
}

fn default_space() -> Length {
    Length::mm(0.5)
}

fn black() -> Colour {
    Colour { red: 0, green: 0, blue: 0 }
}

fn left() -> Align {
    Align::Left
}

fn middle() -> VerticalAlign {
    VerticalAlign::Middle
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

impl StyleSpec {
    /// Plain text, where a template has no style of that name.
    const PLAIN: Self = Self {
        size: Length::ZERO,
        leading: 1.3,
        bold: false,
        colour: Colour { red: 0, green: 0, blue: 0 },
        fill: None,
        align: Align::Left,
        valign: VerticalAlign::Middle,
        padding: Length::ZERO,
        space: Length::ZERO,
        rule: Borders::ALL,
        empty: WhenEmpty::Draw,
        stacked: false,
    };

    /// The style of a cell with these edges ruled.
    pub(crate) fn with(&self, borders: Borders) -> Style {
        Style {
            size: self.size,
            leading: self.size.times(self.leading),
            bold: self.bold,
            colour: self.colour,
            fill: self.fill,
            align: self.align,
            valign: self.valign,
            padding: self.padding,
            space: self.space,
            borders,
        }
    }

    /// Above and below the text.
    pub(crate) fn space(&self) -> Length {
        self.space
    }

    /// The edges that are ruled.
    pub(crate) fn rule(&self) -> Borders {
        self.rule
    }

    /// What becomes of a cell that says nothing.
    pub(crate) fn when_empty(&self) -> WhenEmpty {
        self.empty
    }

    /// Whether its letters stand one below the other.
    pub(crate) fn is_stacked(&self) -> bool {
        self.stacked
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
            let message = unknown_name(used, fields);
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

/// What to say of a name that is neither the program's nor the plan's.
fn unknown_name(used: &DeclaredUse, fields: &[FieldSettings]) -> String {
    let (name, level) = (&used.name, used.level.word());
    if fields.iter().any(|field| field.name == *name) {
        return format!(
            "「{name}」は、{level}の項目ではありません。plan.toml の [[fields]] で、rows に「{level}」を加えてください"
        );
    }
    let own = |field: &&FieldSettings| used.level.row_kind().is_some_and(|kind| field.rows.contains(&kind));
    let known: Vec<String> = Name::of(used.level)
        .chain(Name::of_document())
        .map(|name| name.word())
        .chain(fields.iter().filter(own).map(|field| field.name.clone()))
        .collect();
    let perhaps = match nearest(name, known.iter().map(String::as_str)) {
        Some(nearest) => format!("「{nearest}」ではありませんか"),
        None => format!("書けるのは、{}です", known.join("、")),
    };
    format!(
        "{level}に「{name}」という項目はありません。{perhaps}。マスタに足した列なら、plan.toml の [[fields]] に書いてください"
    )
}

/// The format that this program reads and writes.
pub const FORMAT: u32 = 2;

/// Wider than any columns: for blocks whose paper is not known.
const ANY_ROOM_MM: f64 = 100.0 * numbers::MOST_MM;

/// What the margins leave of a page, at the least.
const LEAST_BODY_MM: f64 = 50.0;

/// The paper.
const WHITE: Colour = Colour { red: 255, green: 255, blue: 255 };

/// Letters on a ground less unlike them than this are taken for a mistake. Much less than
/// people with poor sight need: a city may want its notes grey.
const LEAST_CONTRAST: f64 = 1.5;

/// How many times lighter the lighter of two colours is, as WCAG 2.2 counts it: 1 to 21.
fn contrast(one: Colour, other: Colour) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let light = |colour: Colour| {
        0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
    };
    let (one, other) = (light(one) + 0.05, light(other) + 0.05);
    if one > other { one / other } else { other / one }
}

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

/// `"上下左"`: the edges that are ruled.
fn edges<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Borders, D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut borders = Borders::NONE;
    for edge in text.chars() {
        match edge {
            '上' => borders.top = true,
            '下' => borders.bottom = true,
            '左' => borders.left = true,
            '右' => borders.right = true,
            _ => {
                return Err(de::Error::custom(format!(
                    "「{text}」は、罫線を引く辺として読めません（例 \"上下左右\"）"
                )));
            }
        }
    }
    Ok(borders)
}

/// `"hide"` or `"blank"`.
fn when_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<WhenEmpty, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "" => Ok(WhenEmpty::Draw),
        "hide" => Ok(WhenEmpty::Hide),
        "blank" => Ok(WhenEmpty::Blank),
        _ => Err(de::Error::custom("empty に書けるのは、\"hide\" か \"blank\" です")),
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex(&text)
            .ok_or_else(|| de::Error::custom(format!("「{text}」は色として読めません（例 \"#1F3864\"）")))
    }
}

fn optional_colour<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Colour>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    match hex(&text) {
        Some(colour) => Ok(Some(colour)),
        None => Err(de::Error::custom(format!("「{text}」は色として読めません（例 \"#1F3864\"）"))),
    }
}

fn hex(text: &str) -> Option<Colour> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some(Colour { red: part(0)?, green: part(2)?, blue: part(4)? })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const CHANGES: &str = "[contents]\ngap = 2\n[style.band]\nvalign = \"top\"";

    #[test]
    fn the_official_template_is_valid_and_fills_the_page() {
        let template = Template::official();
        let room = template.page.paper.width - template.page.margin.left - template.page.margin.right;
        let width = |column: &ColumnSpec| match column {
            ColumnSpec::Text(width) | ColumnSpec::Fixed(width) | ColumnSpec::Figure(width) => *width,
            ColumnSpec::Years { widths, .. } => widths.iter().sum::<Length>() * 4,
        };
        assert_eq!(template.blocks.len(), 7);
        for block in &template.blocks {
            let columns = block.parts.iter().flat_map(|part| &part.columns);
            assert_eq!(columns.map(width).sum::<Length>(), room, "{block:?}");
        }
    }

    #[test]
    fn a_city_changes_only_what_it_names() {
        let template = Template::read(CHANGES.as_bytes(), "市.toml").unwrap();
        assert_eq!(template.contents.gap, Length::mm(2.0));
        assert_eq!(template.contents.levels, 3);
        assert_eq!(template.style("band").valign, VerticalAlign::Top);
        assert!(template.style("band").bold);
        assert_eq!(template.blocks.len(), 7);
    }

    /// Of blocks a city has none of its own, or all; of the rest only what it names.
    #[test]
    fn a_city_with_a_block_of_its_own_has_no_other() {
        let own = "format = 2\n[[block]]\nper = \"基本目標\"\ncolumns = [273]\nrows = [[{ text = \"{名称}\", style = \"own\" }]]\n";
        let template = Template::read(format!("{own}[style.own]\nsize = 12").as_bytes(), "市.toml").unwrap();
        assert_eq!(template.blocks.len(), 1);
        assert_eq!(template.style("own").size, Length::pt(12.0));
        // What a style of the city's own does not say has its default.
        assert_eq!(template.style("own").leading, 1.3);
        assert_eq!(template.words.new, "【新規】");
    }

    #[test]
    fn a_template_may_stand_on_any_that_is_shipped() {
        let text = "base = \"kpi-sheet.toml\"\n[contents]\nlevels = 2";
        let based = Template::read(text.as_bytes(), "市.toml").unwrap();
        let shipped =
            Template::read(shipped("kpi-sheet.toml").unwrap().as_bytes(), "kpi-sheet.toml").unwrap();
        assert_eq!(format!("{:?}", based.blocks), format!("{:?}", shipped.blocks));
        assert_eq!((based.contents.levels, shipped.contents.levels), (2, 0));
    }

    /// What is kept in an archive means the same without the official template.
    #[test]
    fn a_whole_template_stands_alone() {
        // Where blocks stand in their file is no part of what they mean.
        let shown = |mut template: Template| {
            template.blocks.iter_mut().for_each(|block| block.span = 0..0);
            template.declared.clear();
            format!("{template:?}")
        };
        for changes in ["", CHANGES, "base = \"kpi-sheet.toml\""] {
            let whole = Template::whole_text(changes.as_bytes(), "市.toml").unwrap();
            let alone = Template::whole(whole.as_bytes(), "様式.toml").unwrap();
            assert_eq!(shown(alone), shown(Template::read(changes.as_bytes(), "市.toml").unwrap()));
        }
        assert!(Template::whole(CHANGES.as_bytes(), "様式.toml").is_err());
    }

    /// Everything the template cannot mean is refused, all of it at once, with its line.
    #[test]
    fn what_the_template_cannot_mean_is_refused() {
        let faults = |changes: &str| {
            let findings = Template::read(changes.as_bytes(), "市.toml").unwrap_err();
            let shown = |f: &Finding| format!("{} {}: {}", f.code(), f.place.as_ref().unwrap(), f.message());
            findings.iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(
            faults(
                "[contents]\ngpa = 21\ngap = -1\nlevels = \"広い\"\n[style.band]\ncolour = \"青\"\nsise = 3"
            ),
            [
                "E122 市.toml 2行目 1文字目: 「contents.gpa」という設定項目はありません",
                "E129 市.toml 3行目 7文字目: 「contents.gap」に -1 は使えません。書けるのは 0～50 mm です",
                "E124 市.toml 4行目 10文字目: 設定の値が正しくありません。整数を書くところに文字「広い」が書かれています",
                "E129 市.toml 6行目 10文字目: 「青」は色として読めません（例 \"#1F3864\"）",
                "E122 市.toml 7行目 1文字目: 「style.band.sise」という設定項目はありません",
            ]
        );
        assert_eq!(
            faults("[contents]\ngap = "),
            ["E121 市.toml 2行目: 設定ファイルの書き方に誤りがあります（文字が「\"」で囲まれていません）"]
        );
        assert_eq!(
            faults("[page]\nmargin = { left = 200, right = 90, top = 1, bottom = 1 }"),
            [
                "E128 市.toml 1行目 2文字目: テンプレートを使えません。余白を引いた紙面が 50 mm に足りません（page）"
            ]
        );
        assert_eq!(
            faults("[page]\nnumber = { baseline = 20 }\n[style.value]\nsize = 9\ncolour = \"#FFFFF0\""),
            [
                "E128 市.toml 2行目 1文字目: テンプレートを使えません。ページ番号が下の余白に収まらず、表に重なります（page.number）",
                "E128 市.toml 3行目 8文字目: テンプレートを使えません。文字の色が地の色に近く、読めません（明るさの比 1.0、1.5 以上にします）（style.value）",
            ]
        );
    }

    /// What only the file as a whole shows.
    #[test]
    fn a_style_of_no_use_and_a_base_of_no_file_are_refused() {
        let fault = |changes: &str| {
            let findings = Template::read(changes.as_bytes(), "市.toml").unwrap_err();
            let fault = findings.iter().next().unwrap();
            format!("{}: {}", fault.place.as_ref().unwrap(), fault.message())
        };
        assert_eq!(
            fault("format = 2\n[style.bnad]\nsize = 9"),
            "市.toml 2行目 8文字目: テンプレートを使えません。style.bnad を使う欄がありません。「band」ではありませんか"
        );
        assert_eq!(
            fault("base = \"kpi-shete.toml\""),
            "市.toml 1行目 8文字目: テンプレートを使えません。base に書いた「kpi-shete.toml」という様式は、\
             プログラムに入っていません。「kpi-sheet.toml」ではありませんか"
        );
        assert_eq!(
            fault("\nformat = 1"),
            "市.toml 2行目 1文字目: テンプレートを使えません。format = 1 の様式は読めません。\
             このプログラムが読むのは format = 2 です"
        );
    }

    #[test]
    fn labels_are_filled_in_one_pass() {
        assert_eq!(fill("（{number}）{name}{x}", &[("number", "{name}"), ("name", "ア")]), "（{name}）ア{x}");
    }
}

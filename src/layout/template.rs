//! The template: every width, size, colour and word of the layout.
//!
//! `templates/official.toml` is the city's official layout and documents each key.
//! A city's own file need only say what it changes: it is laid over the official
//! one, key by key. A key the official file does not have is refused, for a
//! misspelt key must not be a change that silently does nothing.

use serde::{Deserialize, Deserializer, de};
use toml::{Table, Value};

use super::Length;
use super::grid::{Align, Borders, Colour, Rule, Style, VerticalAlign};

const OFFICIAL: &str = include_str!("../../templates/official.toml");

/// A template. See `templates/official.toml` for what each key means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // documented key by key in the template itself
pub struct Template {
    pub page: Page,
    pub fonts: FontNames,
    pub rule: RuleSpec,
    pub columns: Columns,
    pub gaps: Gaps,
    pub show: Show,
    pub labels: Labels,
    pub errata: Errata,
    pub style: Styles,
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
pub struct Columns {
    #[serde(deserialize_with = "mm")]
    pub label: Length,
    #[serde(deserialize_with = "mm")]
    pub year: Length,
    #[serde(deserialize_with = "mm")]
    pub goal_item: Length,
    #[serde(deserialize_with = "mm")]
    pub goal_target: Length,
    #[serde(deserialize_with = "mm")]
    pub kpi_item: Length,
    #[serde(deserialize_with = "mm")]
    pub project: Length,
    #[serde(deserialize_with = "mm")]
    pub department: Length,
    #[serde(deserialize_with = "mm")]
    pub purpose_label: Length,
    #[serde(deserialize_with = "mm")]
    pub project_item: Length,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Gaps {
    #[serde(deserialize_with = "mm")]
    pub title: Length,
    #[serde(deserialize_with = "mm")]
    pub band: Length,
    #[serde(deserialize_with = "mm")]
    pub heading: Length,
    #[serde(deserialize_with = "mm")]
    pub section: Length,
    #[serde(deserialize_with = "mm")]
    pub table: Length,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Show {
    pub contents: bool,
    pub goal_indicators: bool,
    pub kpi: bool,
    pub projects: bool,
    pub reprints: bool,
    pub baseline: bool,
    pub purpose: bool,
    pub content: bool,
    pub running_head: bool,
    pub least_project_rows: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Labels {
    pub goal_indicators: String,
    pub kpi: String,
    pub volume: String,
    pub item: String,
    pub target: String,
    pub comparison: String,
    pub baseline: String,
    pub year: String,
    pub purpose: String,
    pub content: String,
    pub new: String,
    pub reprint: String,
    pub department: String,
    pub no_number: String,
    pub draft: String,
    pub contents: String,
    pub goal: String,
    pub field: String,
    pub measure: String,
    pub indicator: String,
    pub kpi_target: String,
    pub project: String,
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

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Styles {
    pub title: StyleSpec,
    pub document_number: StyleSpec,
    pub note: StyleSpec,
    pub band: StyleSpec,
    pub field: StyleSpec,
    pub measure: StyleSpec,
    pub running_head: StyleSpec,
    pub label: StyleSpec,
    pub header: StyleSpec,
    pub item: StyleSpec,
    pub target: StyleSpec,
    pub value: StyleSpec,
    pub project: StyleSpec,
    pub department: StyleSpec,
    pub purpose_label: StyleSpec,
    pub purpose: StyleSpec,
    pub contents_title: StyleSpec,
    pub contents_goal: StyleSpec,
    pub contents_field: StyleSpec,
    pub contents_measure: StyleSpec,
    pub contents_page: StyleSpec,
}

/// How one kind of cell looks.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StyleSpec {
    #[serde(deserialize_with = "pt")]
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

impl StyleSpec {
    /// The style of a cell with these edges ruled.
    pub fn with(&self, borders: Borders) -> Style {
        Style {
            size: self.size,
            leading: self.size.times(self.leading),
            bold: self.bold,
            colour: self.colour,
            fill: self.fill,
            align: self.align,
            valign: self.valign,
            padding: self.padding,
            borders,
        }
    }

    /// Above and below the text.
    pub fn space(&self) -> Length {
        self.space
    }
}

/// A template that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The file is no TOML, or a value in it has the wrong type.
    #[error("{line}行目の書き方が正しくありません: {text}")]
    Unreadable {
        /// Counted from 1.
        line: usize,
        /// The line itself.
        text: String,
    },
    /// The official template has no such key.
    #[error("「{key}」という項目はありません。公式様式（official.toml）にある名前で書いてください")]
    UnknownKey {
        /// With the tables it stands in, such as `style.band.colour`.
        key: String,
    },
    /// A value of the wrong type, or out of range.
    #[error("値が正しくありません: {0}")]
    Invalid(String),
}

impl Template {
    /// The official layout.
    pub fn official() -> Self {
        // Cannot fail: a unit test reads the compiled-in file.
        #[allow(clippy::expect_used)]
        Self::overlaid("").expect("the built-in template is valid")
    }

    /// The official layout with the changes of a city's own file laid over it.
    ///
    /// # Errors
    /// A file that is no TOML, has a key the official one has not, or a value of
    /// the wrong type.
    pub fn overlaid(changes: &str) -> Result<Self, TemplateError> {
        Self::of(laid_over(changes)?)
    }

    /// What no type can say: the paper has room, sizes can be read.
    fn checked(self) -> Result<Self, TemplateError> {
        let page = &self.page;
        let room = page.paper.width - page.margin.left - page.margin.right;
        if room < Length::mm(50.0)
            || page.paper.height - page.margin.top - page.margin.bottom < Length::mm(50.0)
        {
            return Err(TemplateError::Invalid("page: 余白を引いた紙面が 50 mm に足りません".to_owned()));
        }
        let columns = &self.columns;
        if columns.department + columns.purpose_label > columns.project {
            return Err(TemplateError::Invalid(
                "columns: department と purpose_label の合計が project の幅を超えています".to_owned(),
            ));
        }
        Ok(self)
    }

    /// The whole text of the template that [`Self::overlaid`] makes of these changes:
    /// the official one where there are none.
    ///
    /// # Errors
    /// As [`Self::overlaid`].
    pub fn whole_text(changes: &str) -> Result<String, TemplateError> {
        if changes.is_empty() {
            return Ok(OFFICIAL.to_owned());
        }
        Ok(laid_over(changes)?.to_string())
    }

    /// Reads a whole template, as [`Self::whole_text`] gives it: nothing is taken from
    /// the official one, so that it means in any later version what it meant.
    ///
    /// # Errors
    /// As [`Self::overlaid`], and a key that is missing.
    pub fn whole(text: &str) -> Result<Self, TemplateError> {
        Self::of(parse(text)?)
    }

    fn of(table: Table) -> Result<Self, TemplateError> {
        let template: Self = table
            .try_into()
            .map_err(|error: toml::de::Error| TemplateError::Invalid(error.message().to_owned()))?;
        template.checked()
    }

    /// The rules around cells.
    pub fn rule(&self) -> Rule {
        Rule { width: self.rule.width, colour: self.rule.colour }
    }
}

fn parse(text: &str) -> Result<Table, TemplateError> {
    let text = text.trim_start_matches('\u{FEFF}');
    text.parse().map_err(|error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let line = text.get(..at).map_or(0, |before| before.matches('\n').count());
        TemplateError::Unreadable {
            line: line + 1,
            text: text.lines().nth(line).unwrap_or_default().trim().to_owned(),
        }
    })
}

/// The official template with `changes` laid over it.
fn laid_over(changes: &str) -> Result<Table, TemplateError> {
    let mut table = parse(OFFICIAL)?;
    overlay(&mut table, parse(changes)?, "")?;
    Ok(table)
}

/// Lays `changes` over `base`, key by key.
fn overlay(base: &mut Table, changes: Table, path: &str) -> Result<(), TemplateError> {
    // A style lists only what differs from the defaults; its keys are checked by serde.
    let open = path.starts_with("style.");
    for (key, change) in changes {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (base.get_mut(&key), change) {
            (Some(Value::Table(inner)), Value::Table(changes)) => overlay(inner, changes, &path)?,
            // A whole number may stand for a length: 19 is 19.0.
            (Some(slot), change) => *slot = change,
            (None, change) if open => {
                base.insert(key, change);
            }
            (None, _) => return Err(TemplateError::UnknownKey { key: path }),
        }
    }
    Ok(())
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
    let value = f64::deserialize(deserializer)?;
    if (0.0..=2000.0).contains(&value) {
        Ok(unit(value))
    } else {
        Err(de::Error::custom(format!("{value} は長さとして使えません")))
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

    #[test]
    fn the_official_template_is_valid_and_fills_the_page() {
        let template = Template::official();
        let columns = &template.columns;
        let room = template.page.paper.width - template.page.margin.left - template.page.margin.right;
        let goal = columns.label + columns.goal_item + columns.goal_target + columns.year * 5;
        let kpi = columns.label + columns.kpi_item + columns.year * 5;
        let project = columns.project + columns.label + columns.project_item + columns.year * 4;
        assert_eq!((goal, kpi, project), (room, room, room));
    }

    #[test]
    fn a_city_changes_only_what_it_names() {
        let template = Template::overlaid("[columns]\nyear = 21\n[style.band]\nvalign = \"top\"").unwrap();
        assert_eq!(template.columns.year, Length::mm(21.0));
        assert_eq!(template.columns.label, Length::mm(7.0));
        assert_eq!(template.style.band.valign, VerticalAlign::Top);
        assert!(template.style.band.bold);
    }

    /// What is kept in an archive means the same without the official template.
    #[test]
    fn a_whole_template_stands_alone() {
        let shown = |template: Template| format!("{template:?}");
        for changes in ["", "[columns]\nyear = 21\n[style.band]\nvalign = \"top\""] {
            let whole = Template::whole_text(changes).unwrap();
            assert_eq!(shown(Template::whole(&whole).unwrap()), shown(Template::overlaid(changes).unwrap()));
        }
        assert!(Template::whole("[columns]\nyear = 21").is_err());
    }

    #[test]
    fn what_the_template_cannot_mean_is_refused() {
        let error = |changes: &str| Template::overlaid(changes).unwrap_err().to_string();
        assert_eq!(
            error("[columns]\nyaer = 21"),
            "「columns.yaer」という項目はありません。公式様式（official.toml）にある名前で書いてください"
        );
        assert_eq!(error("[columns]\nyear = "), "2行目の書き方が正しくありません: year =");
        assert!(error("[style.band]\ncolour = \"青\"").contains("「青」は色として読めません"));
        assert!(error("[style.band]\nsise = 3").contains("sise"));
        assert!(error("[columns]\nyear = -1").contains("-1 は長さとして使えません"));
        assert!(error("[page]\nmargin = { left = 200, right = 90, top = 1, bottom = 1 }").contains("50 mm"));
    }

    #[test]
    fn labels_are_filled_in_one_pass() {
        assert_eq!(fill("（{number}）{name}{x}", &[("number", "{name}"), ("name", "ア")]), "（{name}）ア{x}");
    }
}

//! The template: every width, size, colour and word of the layout.
//!
//! `templates/official.toml` is the city's official layout and documents each key.
//! A city's own file need only say what it changes: it is laid over the official
//! one, key by key. A key the official file does not have is refused, for a
//! misspelt key must not be a change that silently does nothing.

pub mod numbers;
mod overlay;

use serde::{Deserialize, Deserializer, de};

use crate::finding::{Finding, Findings, SettingsRule};
use crate::layout::Length;
use crate::layout::grid::{Align, Borders, Colour, Rule, Style, VerticalAlign};
use crate::toml_file;

const OFFICIAL: &str = include_str!("../../../templates/official.toml");

/// A template. See `templates/official.toml` for what each key means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // documented key by key in the template itself
pub struct Template {
    pub page: Page,
    pub fonts: FontNames,
    pub rule: RuleSpec,
    pub columns: ColumnWidths,
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
pub struct ColumnWidths {
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

impl Styles {
    /// Each with its key.
    fn all(&self) -> [(&'static str, &StyleSpec); 21] {
        [
            ("title", &self.title),
            ("document_number", &self.document_number),
            ("note", &self.note),
            ("band", &self.band),
            ("field", &self.field),
            ("measure", &self.measure),
            ("running_head", &self.running_head),
            ("label", &self.label),
            ("header", &self.header),
            ("item", &self.item),
            ("target", &self.target),
            ("value", &self.value),
            ("project", &self.project),
            ("department", &self.department),
            ("purpose_label", &self.purpose_label),
            ("purpose", &self.purpose),
            ("contents_title", &self.contents_title),
            ("contents_goal", &self.contents_goal),
            ("contents_field", &self.contents_field),
            ("contents_measure", &self.contents_measure),
            ("contents_page", &self.contents_page),
        ]
    }
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
            borders,
        }
    }

    /// Above and below the text.
    pub(crate) fn space(&self) -> Length {
        self.space
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
    /// laid over it.
    ///
    /// # Errors
    /// Everything wrong with the file, with its line: no TOML, a key the official one
    /// has not, a value it cannot take.
    pub fn read(bytes: &[u8], file_name: &str) -> Result<Self, Findings> {
        let table = overlay::laid_over(bytes, file_name)?;
        // Every leaf was tried: what fails now is no fault of one line.
        let template: Self = table.try_into().map_err(|error| toml_file::fault(&error, "", file_name))?;
        template.without_fault(bytes, file_name)
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
        toml_file::read::<Self>(bytes, file_name)?.without_fault(bytes, file_name)
    }

    fn without_fault(self, bytes: &[u8], file_name: &str) -> Result<Self, Findings> {
        let faults = self.faults();
        if faults.is_empty() {
            return Ok(self);
        }
        let finding = |(key, message): (String, String)| {
            let place = overlay::place_of(bytes, &key, file_name);
            Finding::at(place, SettingsRule::Template { message: format!("{message}（{key}）") })
        };
        Err(faults.into_iter().map(finding).collect())
    }

    /// What no single number can be blamed for, with the table it is in.
    fn faults(&self) -> Vec<(String, String)> {
        let (page, columns) = (&self.page, &self.columns);
        let least_body = Length::mm(LEAST_BODY_MM);
        let mut faults = Vec::new();
        let mut fault = |key: &str, message: String| faults.push((key.to_owned(), message));
        let wide = page.paper.width - page.margin.left - page.margin.right;
        let tall = page.paper.height - page.margin.top - page.margin.bottom;
        if wide.min(tall) < least_body {
            fault("page", format!("余白を引いた紙面が {LEAST_BODY_MM} mm に足りません"));
        } else if !page.number.text.is_empty() && page.number.baseline + page.number.size > page.margin.bottom
        {
            fault("page.number", "ページ番号が下の余白に収まらず、表に重なります".to_owned());
        }
        if columns.department + columns.purpose_label > columns.project {
            fault("columns", "department と purpose_label の合計が project の幅を超えています".to_owned());
        }
        let errata = &self.errata;
        let widths = [errata.number, errata.place, errata.item, errata.wrong, errata.right];
        let all: Length = widths.iter().sum();
        let (number, item, head) = (&self.style.document_number, &self.style.item, &self.style.header);
        let is_narrow = |(at, width): (usize, &Length)| {
            let styles = if at == 0 { [number, head] } else { [item, head] };
            let least = styles.map(|style| style.size + style.padding * 2);
            wide.share(width.emu(), all.emu()) < least[0].max(least[1])
        };
        if wide.min(tall) >= least_body && widths.iter().enumerate().any(is_narrow) {
            fault("errata", "正誤表に、文字1つより狭い列ができます".to_owned());
        }
        for (name, style) in self.style.all() {
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

    /// The rules around cells.
    pub(crate) fn rule(&self) -> Rule {
        Rule { width: self.rule.width, colour: self.rule.colour }
    }
}

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
        let changes = "[columns]\nyear = 21\n[style.band]\nvalign = \"top\"";
        let template = Template::read(changes.as_bytes(), "市.toml").unwrap();
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
            let whole = Template::whole_text(changes.as_bytes(), "市.toml").unwrap();
            let alone = Template::whole(whole.as_bytes(), "様式.toml").unwrap();
            assert_eq!(shown(alone), shown(Template::read(changes.as_bytes(), "市.toml").unwrap()));
        }
        assert!(Template::whole(b"[columns]\nyear = 21", "様式.toml").is_err());
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
                "[columns]\nyaer = 21\nlabel = -1\nyear = \"広い\"\n[style.band]\ncolour = \"青\"\nsise = 3"
            ),
            [
                "E122 市.toml 2行目: 「columns.yaer」という設定項目はありません",
                "E129 市.toml 3行目: 「columns.label」に -1 は使えません。書けるのは 3～60 mm です",
                "E124 市.toml 4行目: 設定の値が正しくありません。数を書くところに文字「広い」が書かれています",
                "E129 市.toml 6行目: 「青」は色として読めません（例 \"#1F3864\"）",
                "E122 市.toml 7行目: 「style.band.sise」という設定項目はありません",
            ]
        );
        assert_eq!(
            faults("[columns]\nyear = "),
            ["E121 市.toml 2行目: 設定ファイルの書き方に誤りがあります（文字が「\"」で囲まれていません）"]
        );
        assert_eq!(
            faults("[page]\nmargin = { left = 200, right = 90, top = 1, bottom = 1 }"),
            ["E128 市.toml 1行目: テンプレートを使えません。余白を引いた紙面が 50 mm に足りません（page）"]
        );
        assert_eq!(
            faults("[page]\nnumber = { baseline = 20 }\n[style.value]\nsize = 9\ncolour = \"#FFFFF0\""),
            [
                "E128 市.toml 2行目: テンプレートを使えません。ページ番号が下の余白に収まらず、表に重なります（page.number）",
                "E128 市.toml 3行目: テンプレートを使えません。文字の色が地の色に近く、読めません（明るさの比 1.0、1.5 以上にします）（style.value）",
            ]
        );
    }

    #[test]
    fn labels_are_filled_in_one_pass() {
        assert_eq!(fill("（{number}）{name}{x}", &[("number", "{name}"), ("name", "ア")]), "（{name}）ア{x}");
    }
}

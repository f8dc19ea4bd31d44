//! How cells look: `[style.*]`.

use serde::{Deserialize, Deserializer, de};

use super::{mm, pt};
use crate::layout::Length;
use crate::layout::grid::{Align, Borders, Colour, Style, VerticalAlign};

/// How one kind of cell looks.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StyleSpec {
    #[serde(default = "default_size", deserialize_with = "pt")]
    pub(super) size: Length,
    #[serde(default = "default_leading")]
    pub(super) leading: f64,
    #[serde(default)]
    pub(super) bold: bool,
    #[serde(default = "black")]
    pub(super) colour: Colour,
    #[serde(default, deserialize_with = "optional_colour")]
    pub(super) fill: Option<Colour>,
    #[serde(default = "left")]
    pub(super) align: Align,
    #[serde(default = "middle")]
    pub(super) valign: VerticalAlign,
    #[serde(default = "default_padding", deserialize_with = "mm")]
    pub(super) padding: Length,
    #[serde(default = "default_space", deserialize_with = "mm")]
    pub(super) space: Length,
    #[serde(default = "all_edges", deserialize_with = "edges")]
    pub(super) rule: Borders,
    #[serde(default, deserialize_with = "when_empty")]
    pub(super) empty: WhenEmpty,
    #[serde(default)]
    pub(super) stacked: bool,
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
    1.25
}

fn default_padding() -> Length {
    Length::mm(0.8)
}

fn default_space() -> Length {
    Length::mm(0.2)
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
    /// Plain text, where a template has no style of that name.
    pub(super) const PLAIN: Self = Self {
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

    /// The same with the text at the right.
    pub(crate) fn at_right(self) -> Self {
        Self { align: Align::Right, ..self }
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

/// The paper.
pub(super) const WHITE: Colour = Colour { red: 255, green: 255, blue: 255 };

/// How many times lighter the lighter of two colours is, as WCAG 2.2 counts it: 1 to 21.
pub(super) fn contrast(one: Colour, other: Colour) -> f64 {
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

//! Colours: written out, by number, or by their place in the workbook's theme
//! (ECMA-376 part 1, 18.8.3, 18.8.27 and 20.1.6.2).

use quick_xml::events::BytesStart;

use crate::workbook::refusal::Refusal;
use crate::workbook::xml::{XmlEvent, own, walk_lenient};

/// The colours that are told by number.
const INDEXED: [u32; 64] = [
    0x000000, 0xFFFFFF, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0xFF00FF, 0x00FFFF, 0x000000, 0xFFFFFF,
    0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0xFF00FF, 0x00FFFF, 0x800000, 0x008000, 0x000080, 0x808000,
    0x800080, 0x008080, 0xC0C0C0, 0x808080, 0x9999FF, 0x993366, 0xFFFFCC, 0xCCFFFF, 0x660066, 0xFF8080,
    0x0066CC, 0xCCCCFF, 0x000080, 0xFF00FF, 0xFFFF00, 0x00FFFF, 0x800080, 0x800000, 0x008080, 0x0000FF,
    0x00CCFF, 0xCCFFFF, 0xCCFFCC, 0xFFFF99, 0x99CCFF, 0xFF99CC, 0xCC99FF, 0xFFCC99, 0x3366FF, 0x33CCCC,
    0x99CC00, 0xFFCC00, 0xFF9900, 0xFF6600, 0x666699, 0x969696, 0x003366, 0x339966, 0x003300, 0x333300,
    0x993300, 0x993366, 0x333399, 0x333333,
];

/// Of a workbook that has no theme.
const OFFICE: [u32; 12] = [
    0xFFFFFF, 0x000000, 0xEEECE1, 0x1F497D, 0x4F81BD, 0xC0504D, 0x9BBB59, 0x8064A2, 0x4BACC6, 0xF79646,
    0x0000FF, 0x800080,
];

/// The colours of a theme, as styles count them.
#[derive(Debug)]
pub(super) struct Theme(Vec<u32>);

impl Theme {
    /// Reads the part of a theme; without one, or without its colours, Office's own.
    pub fn of(part: Option<&str>) -> Self {
        let mut colours = Vec::new();
        // Within the scheme, each colour is an element with its value in another.
        let (mut in_scheme, mut depth, mut is_known) = (false, 0usize, true);
        // The rest of it says how shapes are drawn.
        let part = part.unwrap_or_default();
        let end = memchr::memmem::rfind(part.as_bytes(), b"clrScheme>").map_or(part.len(), |at| at + 10);
        walk_lenient(part.as_bytes().get(..end).unwrap_or_default(), |event| match event {
            XmlEvent::Open(tag) if tag.local_name().as_ref() == "clrScheme" => in_scheme = true,
            XmlEvent::Open(tag) if in_scheme && colours.len() < OFFICE.len() => {
                depth += 1;
                if depth == 1 {
                    is_known = false;
                }
                if !is_known && let Some(rgb) = value(tag) {
                    colours.push(rgb);
                    is_known = true;
                }
            }
            XmlEvent::Close("clrScheme") => in_scheme = false,
            XmlEvent::Close(_) if in_scheme && depth > 0 => {
                depth -= 1;
                if depth == 0 && !is_known {
                    colours.push(0);
                    is_known = true;
                }
            }
            _ => {}
        });
        if colours.len() < 4 {
            return Self(OFFICE.to_vec());
        }
        // Styles count light before dark.
        colours.swap(0, 1);
        colours.swap(2, 3);
        Self(colours)
    }

    /// The colour that an element of a style tells.
    pub fn colour(&self, tag: &BytesStart<'_>) -> Result<Option<u32>, Refusal> {
        let number =
            |name: &str| Ok(own(tag, name)?.and_then(|value| value.parse::<u8>().ok()).map(usize::from));
        let colour = if let Some(value) = own(tag, "rgb")? {
            rgb(&value)
        } else if own(tag, "theme")?.is_some() {
            number("theme")?.map(|at| self.0.get(at).copied().unwrap_or(0))
        } else {
            number("indexed")?.map(|at| match at {
                65 => 0xFF_FF_FF,
                at => INDEXED.get(at).copied().unwrap_or(0),
            })
        };
        let tint = own(tag, "tint")?.and_then(|tint| tint.parse::<f64>().ok()).filter(|tint| *tint != 0.0);
        Ok(colour.map(|colour| tint.map_or(colour, |tint| tinted(colour, tint))))
    }
}

fn value(tag: &BytesStart<'_>) -> Option<u32> {
    if !matches!(tag.local_name().as_ref(), "srgbClr" | "sysClr") {
        return None;
    }
    // A colour of the system stands there with what it was last.
    let attribute = |name: &str| own(tag, name).ok().flatten().and_then(|value| rgb(&value));
    attribute("lastClr").or_else(|| attribute("val"))
}

/// `FF8040` or `80FF8040`, without what says how much shines through.
fn rgb(value: &str) -> Option<u32> {
    let is_one = matches!(value.len(), 6 | 8) && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_one.then(|| u32::from_str_radix(value, 16).ok())?.map(|argb| argb & 0x00FF_FFFF)
}

/// A colour made lighter or darker, its hue kept (ECMA-376 part 1, 18.8.19).
fn tinted(colour: u32, tint: f64) -> u32 {
    let [red, green, blue] = [16, 8, 0].map(|shift| f64::from(colour >> shift & 0xFF) / 255.0);
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let light = (most + least) / 2.0;
    let span = most - least;
    let saturation = match span {
        0.0 => 0.0,
        span if light > 0.5 => span / (2.0 - most - least),
        span => span / (most + least),
    };
    let hue = if span == 0.0 {
        0.0
    } else if most == red {
        (green - blue) / span + if green < blue { 6.0 } else { 0.0 }
    } else if most == green {
        (blue - red) / span + 2.0
    } else {
        (red - green) / span + 4.0
    } / 6.0;
    let light = if tint < 0.0 { light * (1.0 + tint) } else { light * (1.0 - tint) + tint }.clamp(0.0, 1.0);
    let high = if light < 0.5 { light * (1.0 + saturation) } else { light + saturation - light * saturation };
    let low = 2.0 * light - high;
    let channel = |hue: f64| {
        let part = match hue.rem_euclid(1.0) {
            hue if hue < 1.0 / 6.0 => low + (high - low) * 6.0 * hue,
            hue if hue < 0.5 => high,
            hue if hue < 2.0 / 3.0 => low + (high - low) * (2.0 / 3.0 - hue) * 6.0,
            _ => low,
        };
        (part * 255.0).round().clamp(0.0, 255.0) as u32
    };
    channel(hue + 1.0 / 3.0) << 16 | channel(hue) << 8 | channel(hue - 1.0 / 3.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn colour(theme: &Theme, attributes: &str) -> Option<u32> {
        let tag = BytesStart::from_content(format!("color {attributes}"), 5);
        theme.colour(&tag).unwrap()
    }

    #[test]
    fn colours_are_told_in_three_ways() {
        let office = Theme::of(None);
        for (attributes, expected) in [
            ("rgb=\"FFFF0000\"", Some(0xFF_00_00)),
            ("rgb=\"00ff40\"", Some(0x00_FF_40)),
            ("rgb=\"赤\" indexed=\"2\"", None),
            ("theme=\"4\"", Some(0x4F_81_BD)),
            ("theme=\"99\"", Some(0)),
            ("indexed=\"2\"", Some(0xFF_00_00)),
            ("indexed=\"64\"", Some(0)),
            ("indexed=\"65\"", Some(0xFF_FF_FF)),
            ("auto=\"1\"", None),
            ("theme=\"1\" tint=\"0.5\"", Some(0x80_80_80)),
            ("rgb=\"FFFFFFFF\" tint=\"-0.5\"", Some(0x80_80_80)),
        ] {
            assert_eq!(colour(&office, attributes), expected, "{attributes}");
        }
        assert_eq!(tinted(0x4F_81_BD, 0.399_975_585_192_419_2), 0x95_B3_D7, "as Excel's own palette has it");
    }

    #[test]
    fn a_theme_counts_light_before_dark() {
        let theme = Theme::of(Some(
            "<a:theme><a:clrScheme><a:dk1><a:sysClr val=\"windowText\" lastClr=\"010101\"/></a:dk1><a:lt1><a:srgbClr val=\"FEFEFE\"/></a:lt1>\
             <a:dk2/><a:lt2><a:srgbClr val=\"000002\"/></a:lt2><a:accent1><a:srgbClr val=\"000003\"/></a:accent1></a:clrScheme></a:theme>",
        ));
        assert_eq!(theme.0, [0xFE_FE_FE, 0x01_01_01, 2, 0, 3]);
        assert_eq!(Theme::of(Some("<a:theme><a:clrScheme><a:dk1>")).0, OFFICE);
    }
}

//! A workbook as its reader sees it: every cell's text, numbers through their format.
//!
//! Understands the number formats of this program and no others: literal text in
//! quotes, grouped or plain digits, decimals, a percent sign, sections for signs.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use crate::package::{elements, parts};

/// The text of each cell of the worksheets, sheet by sheet.
pub fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let parts: BTreeMap<String, String> = parts(bytes).into_iter().collect();
    let strings: Vec<String> = parts["xl/sharedStrings.xml"].split("<si>").skip(1).map(text).collect();
    let styles = &parts["xl/styles.xml"];
    let codes: BTreeMap<String, String> = elements(styles, "numFmt")
        .iter()
        .map(|format| (attribute(format, "numFmtId").unwrap(), attribute(format, "formatCode").unwrap()))
        .collect();
    let of_style: Vec<Option<&String>> = elements(section(styles, "cellXfs"), "xf")
        .iter()
        .map(|xf| codes.get(&attribute(xf, "numFmtId").unwrap()))
        .collect();
    let mut sheets = Vec::new();
    for at in 1.. {
        let Some(sheet) = parts.get(&format!("xl/worksheets/sheet{at}.xml")) else { break };
        let cells = sheet.split("<c ").skip(1).filter_map(|cell| {
            let (head, rest) = cell.split_once('>')?;
            let value = rest.split_once("<v>")?.1.split("</v>").next()?;
            let head = format!("<c {head}>");
            if attribute(&head, "t").as_deref() == Some("s") {
                return Some(strings[value.parse::<usize>().unwrap()].clone());
            }
            let style = attribute(&head, "s").map_or(0, |style| style.parse::<usize>().unwrap());
            let number: f64 = value.parse().unwrap();
            Some(of_style[style].map_or_else(|| builtin(styles, style, number), |code| shown(code, number)))
        });
        sheets.push(cells.collect());
    }
    sheets
}

fn section<'x>(xml: &'x str, name: &str) -> &'x str {
    let from = xml.find(&format!("<{name} ")).unwrap();
    &xml[from..xml.find(&format!("</{name}>")).unwrap()]
}

/// The formats every workbook has: 1 is `0`, 2 `0.00`, 3 `#,##0`, 4 `#,##0.00`, 9 `0%`, 10 `0.00%`.
fn builtin(styles: &str, style: usize, number: f64) -> String {
    let xf = &elements(section(styles, "cellXfs"), "xf")[style];
    let code = match attribute(xf, "numFmtId").unwrap().as_str() {
        "0" => return number.to_string(),
        "1" => "0",
        "2" => "0.00",
        "3" => "#,##0",
        "4" => "#,##0.00",
        "9" => "0%",
        "10" => "0.00%",
        other => panic!("format {other}"),
    };
    shown(code, number)
}

/// The text of a shared string, its runs joined.
fn text(item: &str) -> String {
    let item = item.split("</si>").next().unwrap();
    item.split("<t")
        .skip(1)
        .map(|run| unescaped(run.split_once('>').unwrap().1.split("</t>").next().unwrap()))
        .collect()
}

fn attribute(element: &str, name: &str) -> Option<String> {
    let value = element.split(&format!(" {name}=\"")).nth(1)?;
    Some(unescaped(value.split('"').next()?))
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// What Excel shows for a number under a format.
fn shown(code: &str, number: f64) -> String {
    let sections: Vec<&str> = code.split(';').collect();
    let negative = number < 0.0 && sections.len() > 1;
    let section = sections[usize::from(negative)];
    let (mut before, mut after, mut digits) = (String::new(), String::new(), String::new());
    for (at, piece) in section.split('"').enumerate() {
        match (at % 2, digits.is_empty()) {
            (1, true) => before.push_str(piece),
            (1, false) => after.push_str(piece),
            _ => digits.push_str(piece),
        }
    }
    let percent = digits.ends_with('%');
    let digits = digits.trim_end_matches('%');
    let decimals = digits.split_once('.').map_or(0, |(_, zeros)| zeros.len());
    let scaled = if percent { number.abs() * 100.0 } else { number.abs() };
    let plain = format!("{scaled:.decimals$}");
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), ""), |(w, f)| (w, f));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if digits.starts_with('#') && at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let point = if decimals > 0 { "." } else { "" };
    format!("{before}{grouped}{point}{fraction}{}{after}", if percent { "%" } else { "" })
}

//! Findings for other programs (`--format json`).

use serde::{Serialize, Serializer};

use crate::finding::{Finding, Findings, Severity};

/// The whole answer. Fields are only ever added.
#[derive(Serialize)]
struct Report<'a> {
    /// How many findings are errors.
    errors: usize,
    /// How many findings are warnings.
    warnings: usize,
    /// In row order; of one rule no more than anybody reads.
    findings: Vec<Item<'a>>,
    /// How many more there are than `findings` lists.
    omitted: usize,
}

#[derive(Serialize)]
struct Item<'a> {
    /// `E201`: stable.
    code: &'a str,
    /// `error` or `warning`.
    severity: &'a str,
    /// What is wrong, in Japanese; the wording may change.
    message: String,
    /// What to do, in Japanese.
    help: String,
    /// Where; `null` for what concerns no file.
    place: Option<At<'a>>,
    /// The document that it concerns alone.
    document: Option<&'a str>,
}

#[derive(Serialize)]
struct At<'a> {
    /// The file's name without its folder.
    file: &'a str,
    /// The sheet, where the file is a workbook.
    sheet: Option<&'a str>,
    /// The physical line, from 1.
    line: Option<usize>,
    /// The letter of the line, from 1: in a template alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    character: Option<usize>,
    /// The row in Excel, from 1.
    row: Option<usize>,
    /// The column, from 1.
    column: Option<usize>,
    /// The column's heading as the file writes it.
    heading: Option<&'a str>,
    /// The cell as Excel names it, such as `L42`.
    cell: Option<String>,
    /// The ID in the row.
    id: Option<&'a str>,
    /// The part of the file in question.
    text: Option<&'a str>,
}

/// An object with `errors`, `warnings` and `findings`; each finding has `code`, `severity`,
/// `message`, `help`, `document` and `place` (`file`, `sheet`, `line`, `row`, `column`, `heading`, `cell`,
/// `id`, `text`; each `null` where unknown; in a template `character` too). `omitted` counts those of a rule that are too
/// many to list.
impl Serialize for Findings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = Report {
            errors: self.count(Severity::Error),
            warnings: self.count(Severity::Warning),
            findings: self.iter().map(item).collect(),
            omitted: self.omitted(),
        };
        report.serialize(serializer)
    }
}

/// The findings as JSON, for `--format json`. Ends with a line break.
pub fn to_json(findings: &Findings) -> String {
    // Strings and numbers alone: serde_json has nothing to refuse.
    let mut json = serde_json::to_string_pretty(findings).unwrap_or_default();
    json.push('\n');
    json
}

fn item(finding: &Finding) -> Item<'_> {
    Item {
        code: finding.code(),
        severity: match finding.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: finding.message(),
        help: finding.help(),
        document: finding.document.as_deref(),
        place: finding.place.as_ref().map(|place| At {
            file: &place.file,
            sheet: place.sheet.as_deref(),
            line: place.line,
            character: place.character,
            row: place.row,
            column: place.column.map(|column| column + 1),
            heading: place.heading.as_deref(),
            cell: place.cell(),
            id: place.id.as_deref(),
            text: place.excerpt.as_ref().and_then(|excerpt| excerpt.text.get(excerpt.span.clone())),
        }),
    }
}

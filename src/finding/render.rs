//! Findings for a terminal: what, where, what next.
//!
//! Warnings come first and errors last, because the last lines are what a reader
//! sees; findings of one rule stand together, five of them shown. Widths are
//! display cells as a Japanese terminal counts them, never bytes or characters.

use std::collections::BTreeSet;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::wrapped;
use crate::finding::{Excerpt, Finding, Findings, Place, Severity};
use crate::visible::visible_line;

/// So many findings of one rule are shown in full.
const SHOWN: usize = 5;

/// So many files are named of which nothing else is shown.
const MOST_NAMED: usize = 100;

/// A terminal narrower than this is taken to be this wide.
const NARROWEST: usize = 40;

/// Lines that go on are moved in by so many cells.
const INDENT: usize = 4;

/// All findings as text for a terminal `width` cells wide, ending with a summary
/// line; empty if there is none.
pub fn render(findings: &Findings, colour: bool, width: usize) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let paint = Paint { colour };
    let mut out = String::new();
    for severity in [Severity::Warning, Severity::Error] {
        for group in groups(findings, severity) {
            for finding in group.iter().take(SHOWN) {
                one(&mut out, finding, &paint, width.max(NARROWEST));
                out.push('\n');
            }
            if let [first, ..] = group[..]
                && findings.count_of(first.code()) > SHOWN
            {
                let more = findings.count_of(first.code()) - SHOWN;
                let files = other_files(&group);
                let line = format!("ほか {more} 件（{} {}）{files}", severity.word(), first.code());
                out.push_str(&wrapped(&line, width.max(NARROWEST), 0, INDENT));
                out.push_str("\n\n");
            }
        }
    }
    out.push_str(&summary(findings));
    out.push('\n');
    out
}

/// The files of which nothing is shown: `: 6.xlsx、7.xlsx`; empty for none. Each file that
/// something is wrong with is named.
fn other_files(group: &[&Finding]) -> String {
    let name =
        |finding: &&Finding| finding.place.as_ref().map(|place| visible_line(&place.file).into_owned());
    let shown: BTreeSet<String> = group.iter().take(SHOWN).filter_map(name).collect();
    let others: BTreeSet<String> = group.iter().skip(SHOWN).filter_map(name).collect();
    let others: Vec<&String> = others.difference(&shown).collect();
    let names = others.iter().take(MOST_NAMED).map(|name| name.as_str()).collect::<Vec<_>>().join("、");
    match others.len() {
        0 => String::new(),
        1..=MOST_NAMED => format!(": {names}"),
        count => format!(": {names}、ほか {} ファイル", count - MOST_NAMED),
    }
}

/// `エラー 2 件、警告 3 件`
fn summary(findings: &Findings) -> String {
    let counted = |severity: Severity| match findings.count(severity) {
        0 => None,
        n => Some(format!("{} {n} 件", severity.word())),
    };
    [counted(Severity::Error), counted(Severity::Warning)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("、")
}

/// Those of one severity, put together by code, in the order in which a code first occurs.
fn groups(findings: &Findings, severity: Severity) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.severity() == severity) {
        let same =
            |group: &&mut Vec<&Finding>| group.first().is_some_and(|first| first.code() == finding.code());
        match groups.iter_mut().find(same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

fn one(out: &mut String, finding: &Finding, paint: &Paint, width: usize) {
    let severity = finding.severity();
    let title = format!("{} {}", severity.word(), finding.code());
    let begun = format!("{title}: ").width_cjk();
    let message = wrapped(&visible_line(&finding.message()), width, begun, INDENT);
    out.push_str(&format!("{}: {message}\n", paint.title(severity, &title)));
    if let Some(document) = &finding.document {
        let shown = wrapped(&visible_line(&format!("文書「{document}」")), width, 2, INDENT);
        out.push_str(&format!("  {}\n", paint.dim(&shown)));
    }
    if let Some(place) = &finding.place {
        let shown = wrapped(&visible_line(&place.to_string()), width, 2, INDENT);
        out.push_str(&format!("  {}\n", paint.dim(&shown)));
        excerpt(out, place, severity, paint, width);
    }
    let help = finding.help();
    if !help.is_empty() {
        let help = wrapped(&visible_line(&help), width, "  → ".width_cjk(), INDENT);
        out.push_str(&format!("  → {help}\n"));
    }
}

/// The line of the file under its number, and carets under the part in question.
fn excerpt(out: &mut String, place: &Place, severity: Severity, paint: &Paint, width: usize) {
    let Some(excerpt) = &place.excerpt else { return };
    let number = place.line.map(|line| line.to_string()).unwrap_or_default();
    let gutter = format!("  {number} | ");
    let cut = Cut::of(excerpt, width.saturating_sub(gutter.len()).max(NARROWEST / 2));
    let blank = " ".repeat(number.len());
    let carets = paint.title(severity, &"^".repeat(cut.under.max(1)));
    out.push_str(&format!("{}{}\n", paint.dim(&gutter), cut.text));
    out.push_str(&format!("{}{}{carets}\n", paint.dim(&format!("  {blank} | ")), " ".repeat(cut.before)));
}

/// A line shortened around the part in question.
struct Cut {
    text: String,
    /// Cells before the part.
    before: usize,
    /// Cells of the part.
    under: usize,
}

/// Cells of a character; what has no width of its own is shown as a blank.
fn cells(c: char) -> (char, usize) {
    match c.width_cjk() {
        Some(0) | None if !c.is_control() => (c, 0),
        Some(n) => (c, n),
        None => (' ', 1),
    }
}

impl Cut {
    fn of(excerpt: &Excerpt, room: usize) -> Self {
        let Excerpt { text, span, .. } = excerpt;
        let measure = |part: &str| visible_line(part).chars().map(cells).collect::<Vec<(char, usize)>>();
        let sum = |part: &[(char, usize)]| part.iter().map(|(_, n)| n).sum::<usize>();
        let (left, rest) = text.split_at(span.start.min(text.len()));
        let (part, right) = rest.split_at(span.end.saturating_sub(span.start).min(rest.len()));
        let (left, part, right) = (measure(left), measure(part), measure(right));
        let whole = sum(&left) + sum(&part) + sum(&right);
        let room = if whole <= room && !excerpt.cut_before && !excerpt.cut_after {
            whole
        } else {
            room.saturating_sub(4) // an ellipsis of two cells at either end
        };
        let part_shown = fitting(part.iter(), sum(&part).min(room));
        let under = sum(&part[..part_shown]);
        // A third of the rest before, all that is left after, and what is then free before.
        let free = room - under;
        let after_least = sum(&right).min(free - free / 3);
        let left_shown = fitting(left.iter().rev(), free - after_least);
        let left_part = &left[left.len() - left_shown..];
        let right_shown = fitting(right.iter(), free - sum(left_part));
        let mut shown = String::new();
        let mut before = sum(left_part);
        if excerpt.cut_before || left_shown < left.len() {
            shown.push('…');
            before += 2;
        }
        let right_part = if part_shown < part.len() { &[][..] } else { &right[..right_shown] };
        shown.extend(left_part.iter().chain(&part[..part_shown]).chain(right_part).map(|(c, _)| c));
        if excerpt.cut_after || part_shown < part.len() || right_part.len() < right.len() {
            shown.push('…');
        }
        Self { text: shown, before, under }
    }
}

/// How many of these fit in so many cells.
fn fitting<'a>(characters: impl Iterator<Item = &'a (char, usize)>, room: usize) -> usize {
    let mut used = 0;
    characters
        .take_while(|(_, n)| {
            used += n;
            used <= room
        })
        .count()
}

struct Paint {
    colour: bool,
}

impl Paint {
    fn title(&self, severity: Severity, text: &str) -> String {
        match severity {
            Severity::Error => self.with("1;31", text),
            Severity::Warning => self.with("1;33", text),
        }
    }

    fn dim(&self, text: &str) -> String {
        self.with("2", text)
    }

    fn with(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::finding::{ExchangeRule, ReadingRule, StructureRule, to_json};

    fn unknown_project(text: &str, id: &str) -> Finding {
        let at = text.find(id).unwrap();
        Finding::at(
            Place {
                line: Some(118),
                row: Some(118),
                column: Some(6),
                heading: Some("再掲元".into()),
                excerpt: Some(Excerpt::of(text, at..at + id.len())),
                ..Place::file("実績マスタ.csv")
            },
            StructureRule::ReprintOfUnknownProject { id: id.into(), nearest: Some("P099".into()) },
        )
    }

    #[test]
    fn a_finding_says_what_where_and_what_next() {
        let findings = Findings::from(unknown_project("再掲,,,,,,P999,,,,,,,,,", "P999"));
        assert_eq!(
            render(&findings, false, 100),
            "\
エラー E201: 再掲元の事業「P999」が見つかりません
  実績マスタ.csv 118行目 G列「再掲元」（セル G118）
  118 | 再掲,,,,,,P999,,,,,,,,,
      |           ^^^^
  → 「P099」の間違いではありませんか。再掲元には、先に出てくる事業のIDを書きます。

エラー 1 件
"
        );
    }

    #[test]
    fn a_long_line_is_shortened_around_the_part_in_question() {
        let line = format!("{}P999{}", "前".repeat(80), "後".repeat(80));
        let shown = render(&Findings::from(unknown_project(&line, "P999")), false, 60);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[2], "  118 | …前前前前前前前P999後後後後後後後後後後後後後後後…");
        assert_eq!(lines[3], "      |                 ^^^^");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let mut finding = unknown_project(&format!("再掲,,,,,,P999,{}", "あ".repeat(300)), "P999");
        if let Some(place) = &mut finding.place {
            place.file = ("実績マスタ".repeat(8) + ".csv").into();
        }
        let mut findings = Findings::from(finding);
        findings.push(Finding::nowhere(ReadingRule::TooLarge { what: "行", most: 3_000 }));
        for width in [40, 63, 80, 100] {
            let shown = render(&findings, false, width);
            assert!(shown.lines().all(|line| line.width_cjk() <= width), "{width}:\n{shown}");
            assert!(
                !shown.lines().any(|line| line.trim_start().starts_with(['、', '。', '」', '）'])),
                "{shown}"
            );
        }
    }

    /// What a stranger wrote in a cell or called a file reaches no terminal.
    #[test]
    fn what_a_terminal_obeys_is_shown_as_a_sign() {
        let id = "P\u{1b}]0;x\u{7}\u{9b}2J\u{202E}";
        let mut finding = unknown_project(&format!("再掲,{id},\u{200B}あ"), id);
        if let Some(place) = &mut finding.place {
            place.file = "a\u{1b}c\nb.csv".into();
            place.sheet = Some("\u{2066}".into());
        }
        let shown = render(&Findings::from(finding), false, 200);
        assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
        assert!(!shown.contains(['\u{202E}', '\u{2066}', '\u{200B}']), "{shown:?}");
        assert!(shown.contains("  a␛c␊b.csv シート「〔U+2066〕」"), "{shown}");
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[2], "  118 | 再掲,P␛]0;x␇〔U+009B〕2J〔U+202E〕,〔U+200B〕あ");
        assert_eq!(lines[3], "      |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^");
    }

    #[test]
    fn each_file_is_named() {
        let refused = |at: usize| {
            let place = Place { file: format!("{at}.xlsx").into(), ..Place::file("") };
            Finding::at(place, ExchangeRule::DamagedWorkbook)
        };
        let shown = render(&(0..8).map(refused).collect(), false, 80);
        assert!(shown.contains("\nほか 3 件（エラー E403）: 5.xlsx、6.xlsx、7.xlsx\n"), "{shown}");
        let shown = render(&(0..120).map(refused).collect(), false, 80);
        assert!(shown.contains("、ほか 15 ファイル"), "{shown}");
        assert!(shown.lines().all(|line| line.width_cjk() <= 80), "{shown}");
    }

    #[test]
    fn more_than_five_of_a_kind_are_counted_and_errors_come_last() {
        let mut findings: Findings = (0..8).map(|_| unknown_project("再掲,P999", "P999")).collect();
        findings.push(Finding::nowhere(StructureRule::MissingDepartment));
        let shown = render(&findings, false, 80);
        assert_eq!(shown.matches("エラー E201: ").count(), 5);
        assert!(shown.starts_with("警告 W223"), "{shown}");
        assert!(shown.ends_with("ほか 3 件（エラー E201）\n\nエラー 8 件、警告 1 件\n"), "{shown}");
    }

    #[test]
    fn colour_is_only_where_it_is_wanted() {
        let findings = Findings::from(unknown_project("再掲,P999", "P999"));
        assert!(render(&findings, true, 80).starts_with("\x1b[1;31mエラー E201\x1b[0m: "));
        assert!(!render(&findings, false, 80).contains('\x1b'));
    }

    #[test]
    fn json_names_the_cell() {
        let json = to_json(&Findings::from(unknown_project("再掲,,,,,,P999", "P999")));
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["errors"], 1);
        assert_eq!(value["findings"][0]["code"], "E201");
        assert_eq!(value["findings"][0]["place"]["cell"], "G118");
        assert_eq!(value["findings"][0]["place"]["text"], "P999");
    }
}

//! The differences as text, for the terminal.

use std::fmt::Write;

use super::change::{Change, What};
use crate::visible::visible_line;

/// What changed, one paragraph for each thing, in Japanese. Empty for no changes.
pub fn render(changes: &[Change]) -> String {
    let mut text = String::new();
    let mut last: Option<&Change> = None;
    for change in changes {
        let same = |last: &Change| {
            (last.kind, &last.id, &last.section) == (change.kind, &change.id, &change.section)
        };
        if !last.is_some_and(same) {
            let id = if change.id.is_empty() { String::new() } else { format!("（{}）", change.id) };
            let section = match change.section.to_string() {
                section if section.is_empty() => section,
                section => format!("{section}　"),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", visible_line(&format!("{section}{}{id}", change.subject())));
        }
        let _ = match &change.what {
            what @ What::Added => writeln!(text, "  + {}: {}", what.word(), one_line(&change.new)),
            what @ What::Dropped => writeln!(text, "  - {}: {}", what.word(), one_line(&change.old)),
            what => {
                writeln!(text, "    {}: {} → {}", what.word(), shown(&change.old), shown(&change.new))
            }
        };
        last = Some(change);
    }
    text
}

fn one_line(text: &str) -> String {
    text.split(['\n', '\r']).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("　")
}

fn shown(text: &str) -> String {
    if text.is_empty() { "（空）".to_owned() } else { format!("「{}」", one_line(text)) }
}

//! A city's own file, laid over the official template key by key.
//!
//! Every leaf is tried on its own, so that each key or value the template cannot take
//! is told at once, with its line.

use std::ops::Range;

use serde::Deserialize;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use super::{OFFICIAL, Template};
use crate::finding::{Finding, FindingKind, Findings, nearest};
use crate::toml_file;

/// The official template with a city's changes laid over it.
pub fn laid_over(bytes: &[u8], file_name: &str) -> Result<Table, Findings> {
    let text = toml_file::utf8(bytes, file_name)?;
    let changes = DeTable::parse(text).map_err(|error| toml_file::fault(&error, text, file_name))?;
    // Cannot fail: a unit test reads the compiled-in file.
    #[allow(clippy::expect_used)]
    let official: Table = OFFICIAL.parse().expect("the built-in template is TOML");
    let mut overlay = Overlay { text, file_name, official: &official, faults: Findings::new() };
    let mut table = official.clone();
    overlay.lay(&mut table, changes.get_ref(), &mut Vec::new());
    if overlay.faults.is_empty() {
        return Ok(table);
    }
    // The keys come in the order of their names; a reader goes from top to bottom.
    let mut faults: Vec<Finding> = overlay.faults.into_iter().collect();
    faults.sort_by_key(|fault| fault.place.as_ref().and_then(|place| place.line));
    Err(faults.into_iter().collect())
}

/// Lays a city's changes over the official template, and notes what cannot be laid.
struct Overlay<'a> {
    text: &'a str,
    file_name: &'a str,
    official: &'a Table,
    faults: Findings,
}

impl Overlay<'_> {
    /// `path` is where `base` stands in the template.
    fn lay(&mut self, base: &mut Table, changes: &DeTable<'_>, path: &mut Vec<String>) {
        // A style lists only what differs from the defaults; serde knows its keys.
        let open = path.len() == 2 && path[0] == "style";
        for (key, change) in changes {
            let name: &str = key.get_ref();
            path.push(name.to_owned());
            let known = base.contains_key(name);
            match (base.get_mut(name), change.get_ref()) {
                (Some(Value::Table(inner)), DeValue::Table(changes)) => self.lay(inner, changes, path),
                _ if known || open => {
                    if let Some(value) = self.tried(path, change.span()) {
                        base.insert(name.to_owned(), value);
                    }
                }
                _ => {
                    let nearest = nearest(name, base.keys().map(String::as_str)).map(str::to_owned);
                    let kind = FindingKind::UnknownKey { key: path.join("."), nearest };
                    self.faults.push_at(toml_file::place(self.text, &key.span(), self.file_name), kind);
                }
            }
            path.pop();
        }
    }

    /// The value at `path` of the changes, if the official template takes it.
    fn tried(&mut self, path: &[String], span: Range<usize>) -> Option<Value> {
        let changes: Table = self.text.parse().ok()?;
        let (last, tables) = path.split_last()?;
        let inner = tables.iter().try_fold(&changes, |table, key| table.get(key)?.as_table())?;
        let value = inner.get(last)?.clone();
        let mut table = self.official.clone();
        let slot = tables.iter().try_fold(&mut table, |table, key| table.get_mut(key)?.as_table_mut())?;
        slot.insert(last.clone(), value.clone());
        match Template::deserialize(table) {
            Ok(_) => Some(value),
            Err(error) => {
                let kind = toml_file::translate(error.message(), self.text, Some(span.clone()));
                self.faults.push_at(toml_file::place(self.text, &span, self.file_name), kind);
                None
            }
        }
    }
}

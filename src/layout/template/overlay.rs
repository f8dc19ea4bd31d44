//! A city's own file, laid over the official template key by key.
//!
//! Every leaf is tried on its own, so that each key or value the template cannot take
//! is told at once, with its line.

use serde::Deserialize;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::{OFFICIAL, Template, numbers};
use crate::finding::{Finding, Findings, Place, SettingsRule, nearest};
use crate::toml_file;

/// A file with more faults than this is no template.
const MOST_FAULTS: usize = 100;

/// What a style may say; one that says less has the defaults for the rest.
pub const STYLE_KEYS: [&str; 12] = [
    "size", "leading", "bold", "colour", "fill", "align", "valign", "padding", "space", "rule", "empty",
    "stacked",
];

/// The official template, as it stands in its file.
pub fn official() -> Table {
    // Cannot fail: a unit test reads the compiled-in file.
    #[allow(clippy::expect_used)]
    OFFICIAL.parse().expect("the built-in template is TOML")
}

/// What a file is laid over: the template that it names as its `base`, else the official one.
///
/// # Errors
/// A name of none that comes with the program.
fn base(changes: &DeTable<'_>, text: &str, file_name: &str) -> Result<Table, Findings> {
    let Some(named) = changes.get("base") else { return Ok(official()) };
    let DeValue::String(name) = named.get_ref() else { return Ok(official()) };
    if let Some(shipped) = super::shipped(name) {
        return if shipped == OFFICIAL { Ok(official()) } else { laid_over(shipped.as_bytes(), name) };
    }
    let names: Vec<&str> = super::shipped_names().collect();
    let perhaps = match nearest(name, names.iter().copied()) {
        Some(nearest) => format!("「{nearest}」ではありませんか"),
        None => format!("書けるのは、{}です", names.join("、")),
    };
    let message = format!("base に書いた「{name}」という様式は、プログラムに入っていません。{perhaps}");
    let place = toml_file::exact_place(text, &named.span(), file_name);
    Err(Finding::at(place, SettingsRule::Template { message }).into())
}

/// The name and the text of the template whose blocks a file has that has none of its own: its
/// base's, or the official ones where that has none either.
pub fn base_file(changes: &DeTable<'_>) -> (&'static str, &'static str) {
    let named = changes.get("base").and_then(|named| match named.get_ref() {
        DeValue::String(name) => {
            super::SHIPPED.into_iter().find(|(own, text)| own == name && text.contains("\n[[block]]"))
        }
        _ => None,
    });
    named.unwrap_or(("official.toml", OFFICIAL))
}

/// The official template with a city's changes laid over it.
pub fn laid_over(bytes: &[u8], file_name: &str) -> Result<Table, Findings> {
    let text = toml_file::utf8(bytes, file_name)?;
    let changes = toml_file::parse(text, file_name)?;
    // Cannot fail: the same text was read a line before.
    let values: Table = text.parse().map_err(|error| toml_file::fault(&error, text, file_name))?;
    let mut table = base(changes.get_ref(), text, file_name)?;
    let mut official = table.clone();
    official.remove("block");
    let mut overlay = Overlay { text, file_name, official: &official, faults: Findings::new() };
    overlay.lay(&mut table, changes.get_ref(), &values, &mut Vec::new());
    match overlay.faults {
        none if none.is_empty() => Ok(table),
        _ if !toml_file::is_named_so(file_name) => Err(toml_file::no_settings(file_name)),
        faults => Err(from_top_to_bottom(faults)),
    }
}

/// What is wrong with the numbers and texts of a whole template.
pub fn refusals(bytes: &[u8], file_name: &str) -> Result<(), Findings> {
    let text = toml_file::utf8(bytes, file_name)?;
    let whole = toml_file::parse(text, file_name)?;
    let values: Table = text.parse().map_err(|error| toml_file::fault(&error, text, file_name))?;
    let mut found = Findings::new();
    refused(whole.get_ref(), &values, &mut Vec::new(), &mut |path, key, value| {
        if let Some(message) = numbers::refusal(path, value) {
            let place = toml_file::exact_place(text, &key.span(), file_name);
            found.push_at(place, SettingsRule::UnusableSetting { message });
        }
    });
    if found.is_empty() { Ok(()) } else { Err(from_top_to_bottom(found)) }
}

/// Goes through the leaves of a table, each with its path.
fn refused(
    table: &DeTable<'_>,
    values: &Table,
    path: &mut Vec<String>,
    tell: &mut impl FnMut(&[String], &Spanned<DeValue<'_>>, &Value),
) {
    for (key, leaf) in table {
        let name: &str = key.get_ref();
        let Some(value) = values.get(name) else { continue };
        path.push(name.to_owned());
        match (leaf.get_ref(), value) {
            (DeValue::Table(inner), Value::Table(values)) => refused(inner, values, path, tell),
            _ => tell(path, leaf, value),
        }
        path.pop();
    }
}

/// Where a file speaks of a key, or of the innermost table around it that it has; the file
/// as a whole where it has none.
pub fn place_of(bytes: &[u8], path: &str, file_name: &str) -> Place {
    let found = || {
        let text = toml_file::utf8(bytes, file_name).ok()?;
        let changes = toml_file::parse(text, file_name).ok()?;
        let mut table = changes.get_ref();
        let mut span = None;
        for name in path.split('.') {
            let Some((key, value)) = table.get_key_value(name) else { break };
            span = Some(key.span());
            let DeValue::Table(inner) = value.get_ref() else { break };
            table = inner;
        }
        span.map(|span| toml_file::exact_place(text, &span, file_name))
    };
    found().unwrap_or_else(|| Place::file(file_name))
}

/// The keys come in the order of their names; a reader goes from top to bottom.
pub fn from_top_to_bottom(mut findings: Findings) -> Findings {
    findings.sort_by_key(|fault| fault.place.as_ref().map(|place| (place.line, place.character)));
    findings
}

/// Lays a city's changes over the official template, and notes what cannot be laid.
struct Overlay<'a> {
    text: &'a str,
    file_name: &'a str,
    official: &'a Table,
    faults: Findings,
}

impl Overlay<'_> {
    /// `path` is where `base` stands in the template; `values` are those of `changes`.
    fn lay(&mut self, base: &mut Table, changes: &DeTable<'_>, values: &Table, path: &mut Vec<String>) {
        let in_style = path.len() == 2 && path.first().is_some_and(|first| first == "style");
        for (key, change) in changes {
            let name: &str = key.get_ref();
            let Some(value) = values.get(name).filter(|_| self.faults.len() < MOST_FAULTS) else { return };
            if path.is_empty() && name == "base" && matches!(value, Value::String(_)) {
                continue;
            }
            if path.is_empty() && name == "block" {
                // All or none: read from the file itself.
                base.insert(name.to_owned(), value.clone());
                continue;
            }
            path.push(name.to_owned());
            let is_new_style = path.len() == 2 && path[0] == "style" && !base.contains_key(name);
            if let (true, DeValue::Table(_)) = (is_new_style, change.get_ref()) {
                base.insert(name.to_owned(), Value::Table(Table::new()));
            }
            let known = base.contains_key(name) || (in_style && STYLE_KEYS.contains(&name));
            match (base.get_mut(name), change.get_ref(), value) {
                (Some(Value::Table(inner)), DeValue::Table(changes), Value::Table(values)) => {
                    self.lay(inner, changes, values, path);
                }
                _ if known => match self.refusal(path, value, change) {
                    Some(kind) => {
                        self.faults
                            .push_at(toml_file::exact_place(self.text, &change.span(), self.file_name), kind);
                    }
                    None => {
                        base.insert(name.to_owned(), value.clone());
                    }
                },
                _ => {
                    let other =
                        base.keys().map(String::as_str).chain(STYLE_KEYS.into_iter().filter(|_| in_style));
                    let nearest = nearest(name, other).map(str::to_owned);
                    let kind = SettingsRule::UnknownKey { key: toml_file::cut(&path.join(".")), nearest };
                    self.faults.push_at(toml_file::exact_place(self.text, &key.span(), self.file_name), kind);
                }
            }
            path.pop();
        }
    }

    /// Why the official template does not take a value at `path`.
    fn refusal(&self, path: &[String], value: &Value, at: &Spanned<DeValue<'_>>) -> Option<SettingsRule> {
        if let Some(message) = numbers::refusal(path, value) {
            return Some(SettingsRule::UnusableSetting { message });
        }
        let (last, tables) = path.split_last()?;
        let mut table = self.official.clone();
        let slot = tables.iter().try_fold(&mut table, |table, key| {
            // A style of the city's own stands in no table of the official one.
            let inner = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
            inner.as_table_mut()
        })?;
        slot.insert(last.clone(), value.clone());
        let error = Template::deserialize(table).err()?;
        Some(toml_file::translate(error.message(), self.text, Some(at.span())))
    }
}

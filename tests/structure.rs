//! The map of the modules in docs/ARCHITECTURE.md, held against what they use.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The last column of a module of which all others may be used, and of one that uses none.
const EVERYTHING: &str = "everything";
const NOTHING: &str = "nothing";
/// What modules of tests are called.
const TESTS: [&str; 3] = ["tests", "properties", "oracle"];

/// By module, those that it may use, as the table says; `None` for all.
fn allowed() -> BTreeMap<String, Option<BTreeSet<String>>> {
    let map = fs::read_to_string("docs/ARCHITECTURE.md").unwrap();
    let rows = map.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.split('|').map(str::trim).collect::<Vec<_>>())
        .filter(|row| row.len() == 5)
        .map(|row| {
            let uses = match row[3] {
                EVERYTHING => None,
                NOTHING => Some(BTreeSet::new()),
                names => Some(names.split(", ").map(name).collect()),
            };
            (name(row[1]), uses)
        })
        .collect()
}

/// The name of a module between its backticks, beside which nothing stands in a cell.
fn name(quoted: &str) -> String {
    let name = quoted.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    name.filter(|name| identifier(name) == *name)
        .unwrap_or_else(|| panic!("{quoted} names no module"))
        .to_owned()
}

/// Every file below a path.
fn files(path: &Path, all: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files(&entry.unwrap().path(), all);
        }
    } else {
        all.push(path.to_owned());
    }
}

/// The modules that a file uses, its tests and comments aside.
fn used(text: &str) -> BTreeSet<String> {
    let begins_tests = |line: &str| TESTS.iter().any(|tests| line.starts_with(&format!("mod {tests} {{")));
    let code = text.lines().take_while(|line| !begins_tests(line));
    let code: Vec<&str> = code.filter(|line| !line.trim_start().starts_with("//")).collect();
    code.join(" ").split("crate::").skip(1).flat_map(first_parts).map(str::to_owned).collect()
}

/// The first part of a path, or of each of the paths between braces: `a` and `d` of
/// `{a::{b, c}, d}`.
fn first_parts(paths: &str) -> Vec<&str> {
    let Some(group) = paths.strip_prefix('{') else { return vec![identifier(paths)] };
    let (mut parts, mut depth, mut begins) = (Vec::new(), 0usize, true);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' => begins = depth == 0,
            _ if begins && !letter.is_whitespace() => {
                parts.push(identifier(&group[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    parts
}

/// The identifier with which a text begins.
fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// By module, all that its files use of the others.
fn found(is_module: impl Fn(&str) -> bool) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut all = Vec::new();
    files(Path::new("src"), &mut all);
    for path in all {
        let parts: Vec<&str> =
            path.iter().skip(1).map(|part| part.to_str().unwrap().trim_end_matches(".rs")).collect();
        let module = parts[0];
        if parts.iter().any(|part| TESTS.contains(part)) || module == "lib" || module == "main" {
            continue;
        }
        let mut used = used(&fs::read_to_string(&path).unwrap());
        used.retain(|used| is_module(used) && used != module);
        found.entry(module.to_owned()).or_default().extend(used);
    }
    found
}

#[test]
fn modules_use_what_the_map_lets_them() {
    let mut allowed = allowed();
    let mut found = found(|name| allowed.contains_key(name));
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        allowed.keys().collect::<Vec<_>>(),
        "the modules there are, and those on the map"
    );
    // Of a module that may use everything nothing is left to be said.
    found.retain(|module, _| allowed.get(module).is_some_and(Option::is_some));
    allowed.retain(|_, uses| uses.is_some());
    for (module, used) in found {
        assert_eq!(Some(used), allowed[&module], "what {module} uses, and what it may use");
    }
}

#[test]
fn every_way_of_using_a_module_is_seen() {
    let text = "\
use crate::{a, b::{c, d::{self, e}, f}, g as h};
use crate::{
    // crate::no
    i::{j, k},
    l,
};
fn m() { crate::n::o(crate::p) }
mod tests {
    use crate::q;
";
    assert_eq!(used(text), ["a", "b", "g", "i", "l", "n", "p"].map(str::to_owned).into());
}

//! The map of the modules in docs/ARCHITECTURE.md, held against what they use.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The last column of a module of which all others may be used.
const EVERYTHING: &str = "everything";

/// By module, those that it may use, as the table says; `None` for all.
fn allowed() -> BTreeMap<String, Option<BTreeSet<String>>> {
    let map = fs::read_to_string("docs/ARCHITECTURE.md").unwrap();
    let cells = |line: &str| -> Vec<String> { line.split('|').map(|cell| cell.trim().to_owned()).collect() };
    let named = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<_>>();
    let rows = map.lines().filter(|line| line.starts_with("| `")).map(cells);
    rows.filter(|row| row.len() == 5)
        .map(|row| {
            let uses = (row[3] != EVERYTHING).then(|| named(&row[3]));
            (row[1].trim_matches('`').to_owned(), uses)
        })
        .collect()
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
    let code = text.lines().take_while(|line| !line.starts_with("mod tests {"));
    let code = code.filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .collect()
}

#[test]
fn modules_use_what_the_map_lets_them() {
    let allowed = allowed();
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut all = Vec::new();
    files(Path::new("src"), &mut all);
    for path in all {
        let parts: Vec<String> = path
            .iter()
            .skip(1)
            .map(|part| part.to_str().unwrap().trim_end_matches(".rs").to_owned())
            .collect();
        let is_test = parts.iter().any(|part| part == "tests" || part == "properties" || part == "oracle");
        let module = &parts[0];
        if is_test || module == "lib" || module == "main" {
            continue;
        }
        let uses = allowed.get(module).unwrap_or_else(|| panic!("{module} is not on the map"));
        found.insert(module.clone());
        let Some(uses) = uses else { continue };
        for used in used(&fs::read_to_string(&path).unwrap()) {
            let is_module = allowed.contains_key(&used) && used != *module;
            assert!(
                !is_module || uses.contains(&used),
                "{}: {used} is not {module}'s to use",
                path.display()
            );
        }
    }
    assert_eq!(found, allowed.into_keys().collect(), "a module on the map that is not there");
}

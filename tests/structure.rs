//! The map of the modules in docs/ARCHITECTURE.md, held against what they use; and that nothing
//! is used in a circle, of modules or of files.
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

/// The code of a file, without its tests and comments.
fn code(text: &str) -> String {
    let begins_tests = |line: &str| TESTS.iter().any(|tests| line.starts_with(&format!("mod {tests} {{")));
    let code = text.lines().take_while(|line| !begins_tests(line));
    let code: Vec<&str> = code.filter(|line| !line.trim_start().starts_with("//")).collect();
    code.join("\n")
}

/// Every path in code that begins with one of these words.
fn paths_from<'c>(code: &'c str, roots: &[&str]) -> Vec<Vec<&'c str>> {
    let is_whole = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || "_:".contains(c));
    let found = roots.iter().flat_map(|root| code.match_indices(root)).filter(|(at, _)| is_whole(*at));
    found.flat_map(|(at, _)| paths(&code[at..])).collect()
}

/// The path with which a text begins, or those of its group: `a::b` and `a::c::d` of
/// `a::{b, c::d}`.
fn paths(text: &str) -> Vec<Vec<&str>> {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        return items(group).into_iter().flat_map(paths).collect();
    }
    let first = identifier(text);
    let rest = text[first.len()..].strip_prefix("::").map_or(vec![vec![]], paths);
    rest.into_iter().map(|rest| [vec![first], rest].concat()).collect()
}

/// What stands between commas, up to the brace that closes.
fn items(group: &str) -> Vec<&str> {
    let (mut items, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' | ',' if depth == 0 => {
                items.push(&group[from..at]);
                from = at + 1;
                if letter == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    items.retain(|item| !item.trim().is_empty());
    items
}

/// The modules that code uses.
fn used(code: &str) -> BTreeSet<String> {
    let paths = paths_from(code, &["crate"]);
    paths.iter().filter_map(|path| path.get(1)).map(|module| (*module).to_owned()).collect()
}

/// The identifier with which a text begins.
fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// Where a file or what it says stands among the modules: `a`, `b` for `a/b.rs` and `a/b/mod.rs`.
type Place = Vec<String>;

/// The code of every file that is no test, by its place; `lib.rs` and `main.rs` aside.
fn program() -> BTreeMap<Place, String> {
    let mut all = Vec::new();
    files(Path::new("src"), &mut all);
    let mut program = BTreeMap::new();
    for path in all {
        let parts = path.iter().skip(1).map(|part| part.to_str().unwrap().trim_end_matches(".rs").to_owned());
        let mut place: Place = parts.collect();
        place.pop_if(|last| last == "mod");
        if ["lib", "main"].contains(&place[0].as_str())
            || place.iter().any(|part| TESTS.contains(&part.as_str()))
        {
            continue;
        }
        program.insert(place, code(&fs::read_to_string(&path).unwrap()));
    }
    program
}

/// By module, all that its files use of the others.
fn found(is_module: impl Fn(&str) -> bool) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (place, code) in program() {
        let mut used = used(&code);
        used.retain(|used| is_module(used) && *used != place[0]);
        found.entry(place[0].clone()).or_default().extend(used);
    }
    found
}

/// What a path means in the file `here`.
fn meant(path: &[&str], here: &Place) -> Place {
    let mut place = here.clone();
    for part in path {
        match *part {
            "crate" => place.clear(),
            "super" => drop(place.pop()),
            "self" => {}
            name => place.push(name.to_owned()),
        }
    }
    place
}

/// By the names that files take in from others, or hand on, what these mean.
fn taken_in(program: &BTreeMap<Place, String>) -> BTreeMap<Place, Place> {
    let mut taken_in = BTreeMap::new();
    for (here, code) in program {
        for (at, word) in code.match_indices("use ") {
            let before = code[..at].rsplit('\n').next().unwrap_or_default().trim_start();
            if !before.is_empty() && !before.starts_with("pub") {
                continue;
            }
            for path in paths(&code[at + word.len()..]) {
                let name = [here.as_slice(), &[path[path.len() - 1].to_owned()]].concat();
                taken_in.insert(name, meant(&path, here));
            }
        }
    }
    taken_in
}

/// By file, the files that it uses, whoever handed on what it takes of them; those above and
/// below it in the tree of modules aside.
fn used_files(program: &BTreeMap<Place, String>) -> BTreeMap<Place, BTreeSet<Place>> {
    let taken_in = taken_in(program);
    // Where a name is taken in from a file that has taken it in, that one is asked, and so on.
    let file_of = |mut place: Place| {
        for _ in 0..5 {
            let known = (1..=place.len()).rev().find_map(|to| Some((to, taken_in.get(&place[..to])?)));
            let Some((to, target)) = known.filter(|(to, target)| place[..*to] != target[..]) else { break };
            place = [target, &place[to..]].concat();
        }
        (1..=place.len()).rev().map(|to| place[..to].to_vec()).find(|file| program.contains_key(file))
    };
    let uses = |(here, code): (&Place, &String)| {
        let paths = paths_from(code, &["crate", "super", "self"]);
        let mut used: BTreeSet<Place> = paths.iter().filter_map(|path| file_of(meant(path, here))).collect();
        used.retain(|used| !used.starts_with(here) && !here.starts_with(used));
        (here.clone(), used)
    };
    program.iter().map(uses).collect()
}

/// Of who uses whom, what is part of a circle, or lies between two.
fn circles<T: Ord + Clone>(mut uses: BTreeMap<T, BTreeSet<T>>) -> BTreeMap<T, BTreeSet<T>> {
    loop {
        let before: usize = uses.values().map(BTreeSet::len).sum::<usize>() + uses.len();
        let used: BTreeSet<T> = uses.values().flatten().cloned().collect();
        uses.retain(|one, of| used.contains(one) && !of.is_empty());
        let left: BTreeSet<T> = uses.keys().cloned().collect();
        uses.values_mut().for_each(|of| of.retain(|one| left.contains(one)));
        if uses.values().map(BTreeSet::len).sum::<usize>() + uses.len() == before {
            return uses;
        }
    }
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
fn the_map_leads_down_only() {
    let allowed = allowed();
    let all: BTreeSet<String> = allowed.keys().cloned().collect();
    let uses = allowed.into_iter().map(|(module, uses)| {
        let others = all.iter().filter(|other| **other != module).cloned();
        (module.clone(), uses.unwrap_or_else(|| others.collect()))
    });
    assert_eq!(circles(uses.collect()), BTreeMap::new());
}

#[test]
fn no_two_files_use_each_other() {
    let program = program();
    let uses = used_files(&program);
    let place = |path: &str| path.split("::").map(str::to_owned).collect::<Place>();
    assert!(uses[&place("diff::errata")].contains(&place("diff::printed")), "nothing is read any more");
    assert_eq!(circles(uses), BTreeMap::new());
}

#[test]
fn circles_of_any_length_are_seen() {
    let file = |name: &str, code: &str| (name.split("::").map(str::to_owned).collect(), code.to_owned());
    let program = BTreeMap::from([
        file("a", "pub use b::{B, c};\nfn a() { b::c::d() }"),
        file("a::b", "use super::e;\npub use c::C;"),
        file("a::b::c", "use crate::f::{\n    self, G,\n};"),
        file("a::e", "fn e() { crate::f::g() }"),
        file("f", "pub(crate) use g::G;"),
        file("f::g", "use crate::a::{B, c::C};"),
        file("h", "use crate::a::B;"),
    ]);
    let left = circles(used_files(&program));
    let left: Vec<String> = left.keys().map(|place| place.join("::")).collect();
    assert_eq!(left, ["a::b", "a::b::c", "a::e", "f::g"]);
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
    assert_eq!(used(&code(text)), ["a", "b", "g", "i", "l", "n", "p"].map(str::to_owned).into());
}

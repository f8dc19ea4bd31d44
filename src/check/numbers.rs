//! 「番号」 of the projects: none twice, none left out.
//!
//! One number may stand for several (`37/38`, `40～41`), and `-` for none. Numbers
//! run through the plan, or begin anew with each goal where the plan does so.

use std::collections::BTreeMap;

use crate::finding::{Findings, ValueRule};
use crate::master::{Column, Master};
use crate::plan::reading::compact;
use crate::plan::{Goal, Project, Row};

/// A range wider than this is no range of projects.
const WIDEST: u32 = 100;

/// A longer text is no number, in bytes.
const LONGEST: usize = 100;

pub(super) fn check(master: &Master) -> Findings {
    let goals: Vec<Vec<&Project>> = master.plan.goals.iter().map(projects).collect();
    let begins_anew = |projects: &&Vec<&Project>| projects.iter().any(|p| numbers(&p.number).contains(&1));
    let scopes = if goals.iter().filter(begins_anew).count() > 1 { goals } else { vec![goals.concat()] };
    let mut findings = Findings::new();
    for scope in scopes {
        check_scope(master, &scope, &mut findings);
    }
    findings
}

fn projects(goal: &Goal) -> Vec<&Project> {
    goal.fields.iter().flat_map(|field| &field.measures).flat_map(|measure| measure.projects()).collect()
}

fn check_scope(master: &Master, projects: &[&Project], findings: &mut Findings) {
    let mut first: BTreeMap<u32, Row> = BTreeMap::new();
    for project in projects {
        for number in numbers(&project.number) {
            match first.get(&number) {
                Some(row) if *row != project.row => {
                    let kind = ValueRule::DuplicateNumber { number, line: master.source.line(*row) };
                    findings.push_where(kind, || master.source.place(project.row, Column::Number));
                }
                _ => {
                    first.insert(number, project.row);
                }
            }
        }
    }
    let mut expected = 1;
    for (&number, &row) in &first {
        if number > expected {
            let kind = ValueRule::NumberGap { from: expected, to: number - 1 };
            findings.push_at(master.source.place(row, Column::Number), kind);
        }
        expected = number.saturating_add(1);
    }
}

/// The numbers that a printed number stands for; none where it is no number.
fn numbers(printed: &str) -> Vec<u32> {
    if printed.len() > LONGEST {
        return Vec::new();
    }
    let printed = compact(printed);
    let parts = printed.split(['/', '・', ',', '、']).map(|part| {
        let (from, to) = part.split_once(['~', '〜', '-', '–']).unwrap_or((part, part));
        let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
        (from <= to && to - from < WIDEST).then_some(from..=to)
    });
    let parts: Option<Vec<_>> = parts.collect();
    parts.into_iter().flatten().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn a_printed_number_may_stand_for_several() {
        for (printed, expected) in [
            ("1", &[1][..]),
            ("37/38", &[37, 38]),
            ("40～41", &[40, 41]),
            ("４０〜４２", &[40, 41, 42]),
            ("-", &[]),
            ("①", &[1]),
            ("1-4000000000", &[]),
        ] {
            assert_eq!(numbers(printed), expected, "{printed}");
        }
    }
}

//! 「目的」「内容」: a project without either, and a 「再掲」 whose wording is no different
//! from the original's.

use std::collections::HashMap;

use crate::finding::{Findings, StructureRule, ValueRule};
use crate::master::{Column, Master};
use crate::plan::{Entry, Project};

pub(super) fn check(master: &Master) -> Findings {
    let projects: HashMap<&str, &Project> =
        master.plan.projects().map(|project| (project.id.as_str(), project)).collect();
    let measures = master.plan.goals.iter().flat_map(|goal| &goal.fields).flat_map(|field| &field.measures);
    let mut findings = Findings::new();
    for entry in measures.flat_map(|measure| &measure.entries) {
        let reprint = match entry {
            Entry::Reprint(reprint) => reprint,
            Entry::Project(project) => {
                // A missing column was reported once.
                let has_both = master.source.has(Column::Purpose) && master.source.has(Column::Content);
                if has_both && project.purpose.is_empty() && project.content.is_empty() {
                    let place = master.source.place(project.row, Column::Purpose);
                    findings.push_at(place, StructureRule::MissingWording);
                }
                continue;
            }
        };
        let Some(original) = projects.get(reprint.of.as_str()) else { continue };
        for (column, heading, own, theirs) in [
            (Column::Purpose, "目的", &reprint.purpose, &original.purpose),
            (Column::Content, "内容", &reprint.content, &original.content),
        ] {
            if own.as_ref() == Some(theirs) {
                let kind = ValueRule::SameWording { heading, id: original.id.clone() };
                findings.push_at(master.source.place(reprint.row, column), kind);
            }
        }
    }
    findings
}

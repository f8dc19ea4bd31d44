//! 「目標」: a sentence that cannot be read is printed, but not evaluated.

use crate::finding::{Findings, ValueRule};
use crate::master::{Column, Master};
use crate::plan::{RowKind, Target, TargetError};

pub(super) fn check(master: &Master) -> Findings {
    let mut findings = Findings::new();
    if !master.source.has(Column::Target) {
        return findings; // reported once, as a missing column
    }
    for (owner, indicator) in master.plan.indicators() {
        let kind = owner.indicator_kind();
        if kind == RowKind::ProjectIndicator {
            continue;
        }
        let found = match Target::parse(&indicator.target) {
            Ok(_) => continue,
            Err(TargetError::Empty) => ValueRule::MissingTarget { kind },
            Err(why) => ValueRule::TargetNotUnderstood { text: indicator.target.clone(), why },
        };
        findings.push_at(master.source.place(indicator.row, Column::Target), found);
    }
    findings
}

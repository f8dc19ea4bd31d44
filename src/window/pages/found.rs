//! Findings by their kinds, as pages show them that are not about findings.

use crate::finding::{Finding, Findings, Severity};
use crate::visible::visible;

/// So many findings of a kind are shown; of more, the number.
const SHOWN: usize = 50;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// 「エラー 2件、警告 8件」; empty for none.
    pub summary: String,
    /// The errors, then the warnings.
    pub kinds: Vec<Kind>,
}

/// What was found by one rule.
#[derive(Debug)]
pub struct Kind {
    /// 「エラー」「警告」
    pub word: &'static str,
    /// `error`, `warning`
    pub class: &'static str,
    /// `W301`
    pub code: &'static str,
    /// How often.
    pub count: usize,
    /// The first of them.
    pub shown: Vec<Shown>,
    /// How many are not shown.
    pub more: usize,
}

/// A finding.
#[derive(Debug)]
pub struct Shown {
    /// What is wrong.
    pub message: String,
    /// In which document or file, and where there; empty where it concerns none.
    pub place: String,
    /// What to do; empty where the message says it all.
    pub help: String,
}

impl Found {
    /// By kind, in the order in which they first occur.
    pub fn of(findings: &Findings) -> Self {
        let mut groups: Vec<Vec<&Finding>> = Vec::new();
        for finding in findings {
            match groups.iter_mut().find(|group| group.iter().any(|one| one.code() == finding.code())) {
                Some(group) => group.push(finding),
                None => groups.push(vec![finding]),
            }
        }
        let kinds = groups.iter().filter_map(|group| Kind::of(group, findings));
        let mut kinds: Vec<Kind> = kinds.collect();
        kinds.sort_by_key(|kind| kind.class);
        let counted = |severity: Severity| match findings.count(severity) {
            0 => None,
            count => Some(format!("{} {count}件", severity.word())),
        };
        let counted = [Severity::Error, Severity::Warning].into_iter().filter_map(counted);
        Self { summary: counted.collect::<Vec<_>>().join("、"), kinds }
    }
}

impl Kind {
    fn of(group: &[&Finding], all: &Findings) -> Option<Self> {
        let first = group.first()?;
        let shown: Vec<Shown> = group.iter().take(SHOWN).map(|finding| Shown::of(finding)).collect();
        let count = all.count_of(first.code());
        let class = if first.severity() == Severity::Error { "error" } else { "warning" };
        let more = count.saturating_sub(shown.len());
        Some(Self { word: first.severity().word(), class, code: first.code(), count, shown, more })
    }
}

impl Shown {
    fn of(finding: &Finding) -> Self {
        let document = finding.document.as_ref().map(|name| format!("文書「{name}」"));
        let place = finding.place.as_ref().map(ToString::to_string);
        let place: Vec<String> = document.into_iter().chain(place).collect();
        let text = |text: &str| visible(text).into_owned();
        Self {
            message: text(&finding.message()),
            place: text(&place.join("　")),
            help: text(&finding.help()),
        }
    }
}

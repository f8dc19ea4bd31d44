//! A finding, and all findings of a run.

use std::collections::BTreeMap;

use super::{FindingKind, Place, Severity};

/// One thing a person has to look at.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which rule, with what the message needs.
    pub kind: FindingKind,
    /// Where; `None` for what concerns no file.
    pub place: Option<Place>,
    /// The document that cannot be made or looks otherwise, where it is one of several.
    pub document: Option<String>,
}

impl Finding {
    /// A finding at a place.
    pub fn at(place: Place, kind: impl Into<FindingKind>) -> Self {
        Self { kind: kind.into(), place: Some(place), document: None }
    }

    /// A finding without a place.
    pub fn nowhere(kind: impl Into<FindingKind>) -> Self {
        Self { kind: kind.into(), place: None, document: None }
    }

    /// The stable code, such as `E201`.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Told by the code's first letter.
    pub fn severity(&self) -> Severity {
        Severity::of(self.code())
    }

    /// What is wrong, one sentence in Japanese.
    pub fn message(&self) -> String {
        self.kind.message()
    }

    /// What to do, in Japanese; empty where the message says it all.
    pub fn help(&self) -> String {
        self.kind.help()
    }
}

/// So many findings of one rule are kept. Nobody reads more, and a file made to do harm
/// would have one for each of its characters; further ones are only counted.
const KEPT: usize = 500;

/// All findings of a run, in the order of the rows they concern.
#[must_use]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    list: Vec<Finding>,
    /// How many there are of each rule, with those that were not kept.
    counts: BTreeMap<&'static str, usize>,
}

impl Findings {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        if self.counted(finding.code()) {
            self.list.push(finding);
        }
    }

    /// Adds one at a place.
    pub fn push_at(&mut self, place: Place, kind: impl Into<FindingKind>) {
        self.push(Finding::at(place, kind));
    }

    /// Adds one at a place that is only looked for where the finding is kept: for rules
    /// that may find something in every cell.
    pub fn push_where(&mut self, kind: impl Into<FindingKind>, place: impl FnOnce() -> Place) {
        let kind = kind.into();
        if self.counted(kind.code()) {
            self.list.push(Finding::at(place(), kind));
        }
    }

    /// Counts one more of a rule; whether it is to be kept.
    fn counted(&mut self, code: &'static str) -> bool {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        *count <= KEPT
    }

    /// Adds all of another's, and counts what that has not kept.
    pub fn append(&mut self, other: Self) {
        let Self { list, counts: mut unkept } = other;
        for finding in list {
            if let Some(count) = unkept.get_mut(finding.code()) {
                *count -= 1;
            }
            self.push(finding);
        }
        for (code, count) in unkept {
            *self.counts.entry(code).or_default() += count;
        }
    }

    /// Puts them in the order of `key`, those alike as they were found.
    pub fn sort_by_key<K: Ord>(&mut self, key: impl FnMut(&Finding) -> K) {
        self.list.sort_by_key(key);
    }

    /// Whether any of them forbids making documents.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.iter().filter(|(code, _)| Severity::of(code) == severity).map(|(_, count)| count).sum()
    }

    /// How many are of this rule.
    pub fn count_of(&self, code: &str) -> usize {
        self.counts.get(code).copied().unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.counts.values().sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Drops those that are not to be kept. Of a rule of which none is left, those that were
    /// only counted go too.
    pub fn retain(&mut self, keep: impl Fn(&Finding) -> bool) {
        let mut left: BTreeMap<&'static str, usize> = BTreeMap::new();
        for finding in &self.list {
            let left = left.entry(finding.code()).or_default();
            if keep(finding) {
                *left += 1;
            } else if let Some(count) = self.counts.get_mut(finding.code()) {
                *count -= 1;
            }
        }
        self.list.retain(keep);
        self.counts.retain(|code, _| left.get(code).is_none_or(|left| *left > 0));
    }

    /// How many were counted, and not kept.
    pub fn omitted(&self) -> usize {
        self.len() - self.list.len()
    }

    /// Those that were kept, to be changed in their places.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Finding> {
        self.list.iter_mut()
    }

    /// Those that were kept, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.list.iter()
    }
}

impl From<Finding> for Findings {
    fn from(finding: Finding) -> Self {
        std::iter::once(finding).collect()
    }
}

impl Extend<Finding> for Findings {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, more: T) {
        more.into_iter().for_each(|finding| self.push(finding));
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<T: IntoIterator<Item = Finding>>(all: T) -> Self {
        let mut findings = Self::new();
        findings.extend(all);
        findings
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{ReadingRule, StructureRule};

    /// A rule broken in every cell costs no more than one broken in some.
    #[test]
    fn of_one_rule_no_more_are_kept_than_anybody_reads() {
        let many = || (0..KEPT + 7).map(|_| Finding::nowhere(StructureRule::MissingDepartment));
        let mut findings: Findings = many().collect();
        findings.push(Finding::nowhere(ReadingRule::EmptyFile));
        assert_eq!((findings.iter().count(), findings.len()), (KEPT + 1, KEPT + 8));
        let mut both = Findings::new();
        both.append(findings.clone());
        both.append(findings);
        both.push_where(StructureRule::MissingDepartment, || unreachable!("no place is looked for"));
        assert_eq!((both.iter().count(), both.len()), (KEPT + 2, 2 * KEPT + 17));
        assert_eq!((both.count(Severity::Error), both.count_of("W223")), (2, 2 * KEPT + 15));
        assert!(both.has_errors());
        both.retain(|finding| finding.code() == "W223");
        assert_eq!((both.iter().count(), both.len(), both.omitted()), (KEPT, 2 * KEPT + 15, KEPT + 15));
        both.retain(|_| false);
        assert_eq!((both.len(), both.omitted()), (0, 0));
    }
}

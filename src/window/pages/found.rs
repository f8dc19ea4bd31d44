//! Findings by their kinds, as pages show them that are not about findings.

use crate::app::Failure;
use crate::finding::{Finding, Findings, Severity};
use crate::visible::visible;
use crate::window::answer::said_of;

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
    /// A text that is no finding.
    pub fn plain(text: &str) -> Self {
        Self { message: visible(text).into_owned(), place: String::new(), help: String::new() }
    }

    fn of(finding: &Finding) -> Self {
        let document = finding.document.as_ref().map(|name| format!("文書「{name}」"));
        let place = finding.place.as_ref().map(ToString::to_string);
        let place: Vec<String> = document.into_iter().chain(place).collect();
        let text = |text: &str| visible(text).into_owned();
        Self {
            message: text(&finding.message()),
            place: text(&place.join("　")),
            help: help(&finding.help()),
        }
    }
}

/// What a failure says: each of its findings, and what is none.
pub fn faults(failure: &Failure) -> Vec<Shown> {
    match failure {
        Failure::Findings(findings) => findings.iter().map(Shown::of).collect(),
        Failure::Environment { error, findings } => {
            let error = Shown::plain(&format!("{error:#}"));
            findings.iter().map(Shown::of).chain([error]).collect()
        }
        Failure::Changed(_) | Failure::Stopped => {
            said_of(failure).iter().map(|line| Shown::plain(line)).collect()
        }
    }
}

/// What to do, without the sentences that speak of the command line.
pub fn help(text: &str) -> String {
    let is_command = |part: &str| part.starts_with(|c: char| c.is_ascii_lowercase());
    let is_told =
        |sentence: &&str| !sentence.contains("--") && !sentence.split("jisseki ").skip(1).any(is_command);
    text.split_inclusive('。').filter(is_told).map(|sentence| visible(sentence).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::help;

    #[test]
    fn pages_do_not_speak_of_commands() {
        let of_two = "年度を確認してください。集計する年度は --year で指定できます。";
        assert_eq!(help(of_two), "年度を確認してください。");
        assert_eq!(help("記入済みなら「jisseki collect」で取り込んでください。"), "");
        let of_program = "確認するには、その版の jisseki を使ってください。";
        assert_eq!(help(of_program), of_program);
    }
}

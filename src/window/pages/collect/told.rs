//! What a collection has found, as the pages show it. What departments wrote is shown so that a
//! page only shows it.

use std::collections::{HashMap, HashSet};

use crate::app::collect::Report;
use crate::exchange::{Change, ChangeKind, Conflict, DepartmentStatus, Outcome, Query, Status, Writing};
use crate::finding::{Finding, Place, Severity};
use crate::visible::visible;
use crate::window::pages::found::help;

/// Groups with no more lines in all are shown unfolded: those of a city's plan are.
const FEW: usize = 300;
/// So many questions and quotations of a department are shown; 照会結果 has all of them.
const MOST_LINES: usize = 500;
/// So many files of a department are named beside it.
const FEW_FILES: usize = 3;

/// All but the changes.
pub struct Told {
    /// 「令和5年度」; empty where no form says one.
    pub year: String,
    /// How many files were forms.
    pub files: usize,
    /// How many answers say what the master says already.
    pub unchanged: usize,
    /// How many rows of forms wait for an answer.
    pub waiting: usize,
    /// How many questions there are.
    pub questions: usize,
    pub queries: Vec<Group<QueryLine>>,
    pub conflicts: Vec<ConflictLine>,
    /// Files of which nothing can be used.
    pub unread: Vec<FindingLine>,
    /// What else was found, that is no question.
    pub findings: Vec<FindingLine>,
    /// How many more were found.
    pub omitted: usize,
    pub passed_over: Vec<String>,
    /// How many writings there are.
    pub written: usize,
    pub writings: Vec<Group<WritingLine>>,
    pub departments: Vec<DepartmentLine>,
}

/// Lines of a department.
pub struct Group<T> {
    pub department: String,
    pub lines: Vec<T>,
    /// How many more there are.
    pub more: usize,
    /// Whether it is shown unfolded.
    pub is_open: bool,
}

impl<T> Group<T> {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.lines.len() + self.more
    }
}

/// A change, old and new.
pub struct ChangeLine {
    /// By which it is ticked.
    pub number: usize,
    pub kind: &'static str,
    /// The class that tells its kind.
    pub tone: &'static str,
    pub owner: String,
    pub item: String,
    pub year: String,
    pub old: String,
    pub new: String,
    pub remark: String,
    pub file: String,
    /// What is taken over with it.
    pub also: Vec<ChangeLine>,
}

/// A question.
pub struct QueryLine {
    pub owner: String,
    pub item: String,
    pub question: String,
    pub help: String,
    pub answer: String,
    pub remark: String,
    pub place: String,
    /// The text to send back.
    pub to_send: String,
}

/// A cell that was answered in several ways.
pub struct ConflictLine {
    pub owner: String,
    pub item: String,
    pub year: String,
    pub master: String,
    pub answers: Vec<AnswerLine>,
}

/// One of these ways.
pub struct AnswerLine {
    pub department: String,
    pub answer: String,
    pub remark: String,
    pub place: String,
}

/// A finding.
pub struct FindingLine {
    pub is_error: bool,
    pub code: &'static str,
    pub message: String,
    pub place: String,
    pub help: String,
}

/// What was written beside the answers.
pub struct WritingLine {
    pub kind: String,
    pub text: String,
    pub owner: String,
    pub item: String,
    pub place: String,
}

/// How far a department is.
pub struct DepartmentLine {
    pub department: String,
    pub words: &'static str,
    /// The class that tells how far.
    pub tone: &'static str,
    pub asked: usize,
    pub answered: usize,
    pub open: usize,
    pub queries: usize,
    pub clerk: String,
    pub files: Vec<String>,
    /// More files, folded.
    pub more_files: Vec<String>,
    pub letter: String,
    /// 「督促」
    pub letter_kind: &'static str,
}

impl Told {
    /// Of a report.
    pub fn of(report: &Report) -> Self {
        let outcome = &report.outcome;
        let asked: HashSet<(&Place, &str)> =
            outcome.queries.iter().map(|query| (&query.place, query.question.as_str())).collect();
        let is_question = |finding: &Finding| {
            finding.place.as_ref().is_some_and(|place| asked.contains(&(place, finding.message().as_str())))
        };
        let others = outcome.findings.iter().filter(|finding| !is_question(finding));
        let (unread, findings): (Vec<&Finding>, Vec<&Finding>) =
            others.partition(|finding| is_of_file(finding));
        Self {
            year: outcome.year.map(|year| year.long()).unwrap_or_default(),
            files: report.files,
            unchanged: outcome.unchanged,
            waiting: outcome.waiting,
            questions: outcome.queries.len(),
            queries: query_groups(outcome),
            conflicts: outcome.conflicts.iter().map(conflict_line).collect(),
            unread: finding_lines(unread.into_iter()),
            findings: finding_lines(findings.into_iter()),
            omitted: outcome.findings.omitted(),
            passed_over: report.passed_over.iter().map(|name| shown(name)).collect(),
            written: outcome.writings.len(),
            writings: groups(&outcome.writings, |writing| &writing.department, writing_line, MOST_LINES),
            departments: department_lines(outcome),
        }
    }

    /// Whether they are shown unfolded.
    pub fn has_few_conflicts(&self) -> bool {
        self.conflicts.iter().map(|conflict| conflict.answers.len()).sum::<usize>() <= FEW
    }
}

/// An error that speaks of a file as a whole.
fn is_of_file(finding: &Finding) -> bool {
    let is_whole = |place: &Place| place.sheet.is_none() && place.row.is_none() && place.line.is_none();
    finding.severity() == Severity::Error && finding.place.as_ref().is_some_and(is_whole)
}

fn shown(text: &str) -> String {
    visible(text).into_owned()
}

/// Lines by department, in the order in which these come.
fn groups<'a, T: 'a, L>(
    all: impl IntoIterator<Item = &'a T>,
    department: impl Fn(&'a T) -> &'a str,
    line: impl Fn(&'a T) -> L,
    most: usize,
) -> Vec<Group<L>> {
    let mut groups: Vec<Group<L>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut count = 0;
    for one in all {
        count += 1;
        let name = department(one);
        let at = *places.entry(name).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Group { department: shown(name), lines: Vec::new(), more: 0, is_open: false });
        }
        let Some(group) = groups.get_mut(at) else { continue };
        match group.lines.len() < most {
            true => group.lines.push(line(one)),
            false => group.more += 1,
        }
    }
    groups.iter_mut().for_each(|group| group.is_open = count <= FEW);
    groups
}

/// Changes by department, each for itself.
pub fn change_groups(changes: &[Change]) -> Vec<Group<ChangeLine>> {
    joint_groups(changes.iter().map(|change| vec![change]), 0)
}

/// Changes by department, those together that are taken over with one tick; `first` is the number of
/// the first.
pub fn joint_groups<'a>(
    changes: impl IntoIterator<Item = Vec<&'a Change>>,
    first: usize,
) -> Vec<Group<ChangeLine>> {
    let split = |(at, joint): (usize, Vec<&'a Change>)| {
        let (change, also) = joint.split_first()?;
        Some((at, *change, also.to_vec()))
    };
    let numbered: Vec<(usize, &Change, Vec<&Change>)> = (first..).zip(changes).filter_map(split).collect();
    let line = |(at, change, also): &(usize, &Change, Vec<&Change>)| {
        let also = also.iter().map(|change| change_line(*at, change, Vec::new())).collect();
        change_line(*at, change, also)
    };
    groups(&numbered, |(_, change, _)| &change.department, line, usize::MAX)
}

fn change_line(number: usize, change: &Change, also: Vec<ChangeLine>) -> ChangeLine {
    ChangeLine {
        number,
        also,
        kind: change.kind.name(),
        tone: match change.kind {
            ChangeKind::Answer => "tag-success",
            ChangeKind::Correction => "tag-info",
            ChangeKind::Revision => "tag-warning",
        },
        owner: shown(&change.owner),
        item: shown(&change.item),
        year: change.year.to_string(),
        old: shown(&change.old),
        new: shown(&change.new),
        remark: shown(&change.remark),
        file: shown(&change.file),
    }
}

fn query_groups(outcome: &Outcome) -> Vec<Group<QueryLine>> {
    let line = |query: &Query| QueryLine {
        owner: shown(&query.owner),
        item: shown(&query.item),
        question: shown(&query.question),
        help: help(&query.help),
        answer: shown(&query.answer),
        remark: shown(&query.remark),
        place: shown(&query.place.to_string()),
        to_send: outcome.year.map(|year| shown(&query.to_send(year))).unwrap_or_default(),
    };
    groups(&outcome.queries, |query| &query.department, line, MOST_LINES)
}

fn conflict_line(conflict: &Conflict) -> ConflictLine {
    let answers = conflict.answers.iter().map(|answer| AnswerLine {
        department: shown(&answer.department),
        answer: shown(&answer.answer),
        remark: shown(&answer.remark),
        place: shown(&answer.place.to_string()),
    });
    ConflictLine {
        owner: shown(&conflict.owner),
        item: shown(&conflict.item),
        year: conflict.year.to_string(),
        master: shown(&conflict.master),
        answers: answers.collect(),
    }
}

/// Findings, errors first.
pub fn finding_lines<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<FindingLine> {
    let line = |finding: &Finding| FindingLine {
        is_error: finding.severity() == Severity::Error,
        code: finding.code(),
        message: shown(&finding.message()),
        place: finding.place.as_ref().map(|place| shown(&place.to_string())).unwrap_or_default(),
        help: help(&finding.help()),
    };
    let mut lines: Vec<FindingLine> = findings.map(line).collect();
    lines.sort_by_key(|line| !line.is_error);
    lines
}

fn writing_line(writing: &Writing) -> WritingLine {
    WritingLine {
        kind: shown(&writing.kind),
        text: shown(&writing.text),
        owner: shown(&writing.owner),
        item: shown(&writing.item),
        place: shown(&writing.place.to_string()),
    }
}

/// How far all departments are.
pub fn department_lines(outcome: &Outcome) -> Vec<DepartmentLine> {
    outcome.departments.iter().map(department_line).collect()
}

fn department_line(entry: &DepartmentStatus) -> DepartmentLine {
    let mut files: Vec<String> = entry.files.iter().map(|(name, _)| shown(name)).collect();
    let more_files = files.split_off(files.len().min(FEW_FILES));
    DepartmentLine {
        department: shown(&entry.department),
        words: entry.words(),
        tone: match entry.status {
            Status::Answered => "tag-success",
            Status::Partly => "tag-info",
            Status::NotYet => "",
            Status::Overdue => "tag-warning",
        },
        asked: entry.asked,
        answered: entry.answered,
        open: entry.open,
        queries: entry.queries,
        clerk: shown(&entry.clerk),
        files,
        more_files,
        letter: shown(&entry.letter),
        letter_kind: entry.letter_kind(),
    }
}

//! What the rows of one indicator say, compared with each other and with the master.

use std::collections::HashSet;

use super::collector::{Answer, Candidate, Collector, is_as_sent};
use crate::exchange::answer::{Doubt, Reading};
use crate::exchange::notation::{Notation, is_large_change, same};
use crate::exchange::outcome::{Change, ChangeKind, Conflict, ConflictingAnswer};
use crate::exchange::returned::{PlacedCell, ReturnedRow};
use crate::exchange::row::FormRow;
use crate::exchange::status::RowState;
use crate::exchange::words::LONGEST_ANSWER;
use crate::exchange::{wording, writing};
use crate::finding::{ExchangeRule, Place, ReadingRule};
use crate::master::Column;
use crate::plan::reading::compact;
use crate::plan::{FiscalYear, Value};
use crate::workbook::Strikethrough;

/// What the rows of one indicator say of the year asked for.
struct Answers<'r> {
    sure: Vec<Answer<'r>>,
    /// The last row whose cell has been asked about.
    doubted: Option<&'r ReturnedRow>,
    /// Whether what the master says already stands.
    is_unchanged: bool,
}

/// A cell that speaks of a past year.
struct PastCell<'c, 'r> {
    /// The number of its candidate.
    at: usize,
    candidate: &'c Candidate<'r>,
    cell: &'r PlacedCell,
    /// What the master said when the form was sent out.
    sent: &'r str,
    /// Whether it is the answer of a form that asked for that year.
    is_answer: bool,
}

impl<'a> Collector<'a> {
    /// Everything that came back for one indicator.
    pub(super) fn row(&mut self, id: &str, candidates: &[Candidate<'_>]) {
        let Some((row, _)) = self.rows.get(id).copied() else { return };
        let (queries, changes) = (self.outcome.queries.len(), self.outcome.changes.len());
        // A row is answered as a whole or not at all: while a past figure is in
        // question, so is the row.
        let doubtful = self.past_years(row, candidates);
        let now = candidates.iter().enumerate().filter(|(_, one)| one.row.key.year == self.year);
        let (held, sure): (Vec<_>, Vec<_>) = now.partition(|(at, _)| doubtful.contains(at));
        let sure: Vec<&Candidate<'_>> = sure.into_iter().map(|(_, one)| one).collect();
        let mut state = self.answer(row, &sure);
        for from in
            held.iter().map(|(_, one)| one.row).filter(|from| self.says_something(from)).collect::<Vec<_>>()
        {
            let kind = ExchangeRule::AnswerHeld { year: self.year, answer: from.input.shown() };
            self.query(row, from, &from.input, kind);
            state = RowState::Queried;
        }
        for from in sure.iter().map(|one| one.row) {
            let changes = self.outcome.changes.get(changes..).unwrap_or_default();
            if changes.iter().any(|change| change.remark == from.remark) {
                continue;
            }
            if state == RowState::Open && !from.remark.is_empty() && from.input.content.is_none() {
                let kind = ExchangeRule::RemarkWithoutFigure { remark: from.remark.clone() };
                self.query(row, from, &from.input, kind);
                state = RowState::Queried;
            }
        }
        self.quote_remarks(row, candidates, queries, changes);
        let known = self.states.entry(id.to_owned()).or_insert(state);
        if state == RowState::Queried || *known == RowState::Open {
            *known = state;
        }
    }

    /// Quotes the remarks that stand in no query and no change of the row: those from
    /// these numbers on.
    fn quote_remarks(
        &mut self,
        row: &'a FormRow,
        candidates: &[Candidate<'_>],
        queries: usize,
        changes: usize,
    ) {
        let queries = self.outcome.queries.get(queries..).unwrap_or_default();
        let changes = self.outcome.changes.get(changes..).unwrap_or_default();
        let asked: HashSet<(&Place, &str)> =
            queries.iter().map(|query| (&query.row, query.remark.as_str())).collect();
        let taken: HashSet<&str> = changes.iter().map(|change| change.remark.as_str()).collect();
        let is_quoted = |from: &ReturnedRow| {
            taken.contains(from.remark.as_str()) || asked.contains(&(&from.place, from.remark.as_str()))
        };
        let left: Vec<&ReturnedRow> =
            candidates.iter().map(|one| one.row).filter(|from| !is_quoted(from)).collect();
        for from in left {
            self.quote(from, Some(row), "備考", &from.remark, &from.place);
        }
    }

    /// The year asked for.
    fn answer(&mut self, row: &'a FormRow, candidates: &[&Candidate<'_>]) -> RowState {
        let year = self.year;
        let answers = self.answers(row, candidates);
        let sure = &answers.sure;
        // One answer is sure and another is in question: so is the first.
        if let (Some(doubted), Some(first)) = (answers.doubted, sure.first()) {
            let kind = ExchangeRule::AnswersDiffer {
                year,
                answer: first.value.printed().to_owned(),
                other_answer: doubted.input.shown(),
                other: doubted.input.place.to_string(),
            };
            let doubted = conflicting(doubted, &doubted.input, doubted.input.shown());
            self.conflict(row, year, &row.current, sure.iter().map(conflicting_answer).chain([doubted]));
            self.query(row, first.from, first.cell, kind);
            return RowState::Queried;
        }
        let Some(first) = self.agreed(row, year, &row.current, sure) else {
            return if answers.doubted.is_some() || !sure.is_empty() {
                RowState::Queried
            } else if answers.is_unchanged {
                RowState::Answered
            } else {
                RowState::Open
            };
        };
        if let Some(kind) = self.objection(row, &first.value, sure) {
            self.query(row, first.from, first.cell, kind);
            return RowState::Queried;
        }
        let remark = sure.iter().map(|answer| answer.from.remark.as_str()).find(|remark| !remark.is_empty());
        match self.change(row, year, &row.current, first, remark.unwrap_or_default()) {
            true => RowState::Answered,
            false => RowState::Queried,
        }
    }

    /// What all rows say of the year asked for; what is in doubt has been asked about.
    fn answers<'r>(&mut self, row: &'a FormRow, candidates: &[&Candidate<'r>]) -> Answers<'r> {
        let is_unchanged = row.current.is_reported();
        let mut answers = Answers { sure: Vec::new(), doubted: None, is_unchanged };
        for Candidate { row: from, doubts } in candidates {
            let base = self.base(&from.key);
            let mut misgivings = self.misgivings(row, from, &from.input, &base, self.year);
            let says_something = self.says_something(from);
            if says_something && wording::is_not_final(&from.remark) {
                let text = from.remark.clone();
                misgivings.push(ExchangeRule::WrittenBesideAnswer { kind: "備考", text });
            }
            let doubts = doubts.iter().filter(|_| says_something);
            let is_held = self.doubt(row, from, &from.input, misgivings, doubts);
            if is_held {
                answers.doubted = Some(from);
            }
            self.one_answer(row, from, base, is_held, &mut answers);
        }
        answers
    }

    /// What one row says of the year asked for. Where it has been asked about already
    /// (`is_held`), its value is not taken.
    fn one_answer<'r>(
        &mut self,
        row: &'a FormRow,
        from: &'r ReturnedRow,
        base: Value,
        is_held: bool,
        answers: &mut Answers<'r>,
    ) {
        let year = self.year;
        let question = match self.input(&from.input, row) {
            Reading::Value(_) | Reading::Doubt(Doubt::Text(_)) if is_held => return,
            Reading::Value(Value::Quantity(typed))
                if is_in_words(row) && !row.same(&Value::Quantity(typed.clone()), &base) =>
            {
                ExchangeRule::FigureAmongWords { year, text: typed.printed }
            }
            Reading::Value(value) if row.same(&value, &row.current) => return self.unchanged(answers),
            Reading::Value(value) if row.same(&value, &base) => return,
            Reading::Value(value) => {
                return answers.sure.push(Answer { from, cell: &from.input, base, value });
            }
            Reading::Blank if base.is_reported() && row.same(&base, &row.current) => {
                ExchangeRule::AnswerErased { year, base: base.printed().to_owned() }
            }
            Reading::Blank => return,
            Reading::Doubt(_) if is_as_sent(&from.input, &base) => return,
            // Where figures are texts, a text is an answer.
            Reading::Doubt(Doubt::Text(text)) if is_in_words(row) && is_alike(row, &text) => {
                let value = Value::Text(text);
                if row.same(&value, &row.current) {
                    return self.unchanged(answers);
                }
                return answers.sure.push(Answer { from, cell: &from.input, base, value });
            }
            Reading::Doubt(doubt) => doubted(year, doubt),
        };
        self.query(row, from, &from.input, question);
        answers.doubted = Some(from);
    }

    fn unchanged(&mut self, answers: &mut Answers<'_>) {
        self.outcome.unchanged += 1;
        answers.is_unchanged = true;
    }

    /// Why an answer is asked about on which all rows agree.
    fn objection(&self, row: &FormRow, value: &Value, sure: &[Answer<'_>]) -> Option<ExchangeRule> {
        let year = self.year;
        let explains = |from: &ReturnedRow| {
            wording::is_reason(&from.remark) && from.remark_look.struck == Strikethrough::No
        };
        let is_explained = sure.iter().any(|answer| explains(answer.from));
        let answer = || value.printed().to_owned();
        if !is_explained && is_large_change(row.last_year(), value) {
            let last = row.last_year().map(|value| value.printed().to_owned()).unwrap_or_default();
            Some(ExchangeRule::LargeChange { year, last, answer: answer() })
        } else if self.is_past && row.current.is_reported() && !self.accepts_revisions(row) {
            let base = row.current.printed().to_owned();
            Some(ExchangeRule::PastRevised { year, base, answer: answer() })
        } else if row.is_reference() && !self.accepts_revisions(row) {
            let base = row.current.printed().to_owned();
            Some(ExchangeRule::TargetRevised { year, base, answer: answer() })
        } else {
            None
        }
    }

    /// Asks whatever calls an answer into question, each at its place; whether anything
    /// does.
    fn doubt<'b>(
        &mut self,
        row: &FormRow,
        from: &ReturnedRow,
        cell: &PlacedCell,
        misgivings: Vec<ExchangeRule>,
        doubts: impl Iterator<Item = &'b (Place, ExchangeRule)>,
    ) -> bool {
        let own = misgivings.into_iter().map(|kind| (cell.place.clone(), kind));
        let all: Vec<(Place, ExchangeRule)> = own.chain(doubts.cloned()).collect();
        let is_doubtful = !all.is_empty();
        for (place, kind) in all {
            self.query(row, from, &PlacedCell { place, ..cell.clone() }, kind);
        }
        is_doubtful
    }

    /// Why a cell is asked about whatever it says: how it looks, and whether its unit is
    /// still the row's.
    fn misgivings(
        &self,
        row: &FormRow,
        from: &ReturnedRow,
        cell: &PlacedCell,
        sent: &Value,
        year: FiscalYear,
    ) -> Vec<ExchangeRule> {
        let mut all = Vec::new();
        if cell.content.is_none() {
            return all;
        }
        let answer = || cell.shown();
        match &cell.look.struck {
            Strikethrough::Whole => {
                all.push(ExchangeRule::AnswerStruck { year, answer: answer(), rest: None })
            }
            Strikethrough::Partly(rest) => {
                let rest = Some(rest.trim().to_owned());
                all.push(ExchangeRule::AnswerStruck { year, answer: answer(), rest });
            }
            Strikethrough::No => {}
        }
        if is_as_sent(cell, sent) {
            return all;
        }
        if let (fill, Some(letters)) = cell.look.colours
            && (letters == 0xFF_FF_FF || fill == Some(letters))
        {
            let shown = "（見えない色の文字）".to_owned();
            all.push(ExchangeRule::ShownDiffers { year, shown, stored: answer() });
        }
        if cell.look.raised {
            all.push(ExchangeRule::AnswerRaised { year, answer: answer() });
        }
        if cell.is_joined {
            all.push(ExchangeRule::AnswerJoined { year, answer: answer() });
        }
        if let Some((unit, shown)) = writing::changed_unit(from, row) {
            all.push(ExchangeRule::UnitCellChanged { unit, shown, answer: answer() });
        }
        all
    }

    /// The years before the one asked for: locked in the form, and changed all the same.
    /// Gives the rows of which a past year is in question, by their numbers.
    fn past_years(&mut self, row: &'a FormRow, candidates: &[Candidate<'_>]) -> HashSet<usize> {
        let mut doubtful = HashSet::new();
        for (year, master) in &row.past {
            self.past_year(row, candidates, *year, master, &mut doubtful);
        }
        doubtful
    }

    fn past_year(
        &mut self,
        row: &'a FormRow,
        candidates: &[Candidate<'_>],
        year: FiscalYear,
        master: &Value,
        doubtful: &mut HashSet<usize>,
    ) {
        let mut sure: Vec<Answer<'_>> = Vec::new();
        for PastCell { at, candidate: Candidate { row: from, doubts }, cell, sent, is_answer } in
            past_cells(candidates, year)
        {
            let base = self.value(sent);
            let misgivings = self.misgivings(row, from, cell, &base, year);
            let counts = is_answer && self.says_something(from);
            let doubts = doubts.iter().filter(|_| counts);
            if self.doubt(row, from, cell, misgivings, doubts) {
                doubtful.insert(at);
                continue;
            }
            let notation = self.past_notation(row, year, &from.key.past);
            let value = match self.reading(cell, notation.as_ref()) {
                Reading::Value(value) => value,
                Reading::Blank if is_answer => continue,
                Reading::Blank => Value::NotReported,
                Reading::Doubt(_) if is_as_sent(cell, &base) => continue,
                Reading::Doubt(doubt) => {
                    self.query(row, from, cell, doubted(year, doubt));
                    doubtful.insert(at);
                    continue;
                }
            };
            if same(&value, &base) || same(&value, master) {
                continue;
            }
            let refused = !self.accepts_revisions(row) || !value.is_reported();
            if refused {
                // A figure that is gone contradicts nothing; one that is another does.
                if value.is_reported() {
                    doubtful.insert(at);
                }
                let (base, answer) = (base.printed().to_owned(), value.printed().to_owned());
                self.query(row, from, cell, ExchangeRule::PastRevised { year, base, answer });
            } else {
                sure.push(Answer { from, cell, base, value });
            }
        }
        if let Some(first) = self.agreed(row, year, master, &sure) {
            let remark = first.from.remark.clone();
            self.change(row, year, master, first, &remark);
        }
    }

    /// How a past year of a row is written: its own figure tells better than the last.
    pub(super) fn past_notation(
        &self,
        row: &FormRow,
        year: FiscalYear,
        sent: &[(FiscalYear, String)],
    ) -> Option<Notation> {
        let sent = sent.iter().find(|(of, _)| *of == year).map(|(_, text)| self.value(text));
        let until = row.past.iter().filter(|(of, _)| *of <= year).rev().map(|(_, value)| value);
        let after = row.past.iter().filter(|(of, _)| *of > year).map(|(_, value)| value);
        Notation::of(sent.iter().chain(until).chain(after).chain([&row.baseline]))
            .or_else(|| row.notation.clone())
    }

    /// What all rows say alike, if it does not contradict the master.
    fn agreed<'s, 'r>(
        &mut self,
        row: &FormRow,
        year: FiscalYear,
        master: &Value,
        answers: &'s [Answer<'r>],
    ) -> Option<&'s Answer<'r>> {
        let (first, others) = answers.split_first()?;
        let mut agreed = true;
        for other in others.iter().filter(|other| !row.same(&other.value, &first.value)) {
            let kind = ExchangeRule::AnswersDiffer {
                year,
                answer: other.value.printed().to_owned(),
                other_answer: first.value.printed().to_owned(),
                other: first.cell.place.to_string(),
            };
            self.query(row, other.from, other.cell, kind);
            agreed = false;
        }
        if !agreed {
            self.conflict(row, year, master, answers.iter().map(conflicting_answer));
        }
        for answer in answers.iter().filter(|answer| !row.same(&answer.base, master)) {
            let kind = ExchangeRule::MasterChanged {
                year,
                base: answer.base.printed().to_owned(),
                master: master.printed().to_owned(),
                answer: answer.value.printed().to_owned(),
            };
            self.query(row, answer.from, answer.cell, kind);
            agreed = false;
        }
        agreed.then_some(first)
    }

    /// Puts answers side by side that do not agree.
    fn conflict(
        &mut self,
        row: &FormRow,
        year: FiscalYear,
        master: &Value,
        answers: impl Iterator<Item = ConflictingAnswer>,
    ) {
        self.outcome.conflicts.push(Conflict {
            id: row.master_id().to_owned(),
            owner: row.owner.clone(),
            item: row.item.clone(),
            year,
            master: master.printed().to_owned(),
            answers: answers.collect(),
        });
    }

    /// Takes an answer over; not one that the master's file has no letters for.
    fn change(
        &mut self,
        row: &FormRow,
        year: FiscalYear,
        old: &Value,
        answer: &Answer<'_>,
        remark: &str,
    ) -> bool {
        let kind = match year {
            year if year != self.year => ChangeKind::Revision,
            _ if old.is_reported() => ChangeKind::Correction,
            _ => ChangeKind::Answer,
        };
        let encoding = self.request.master.source.encoding();
        if let Err(character) = encoding.encode(answer.value.printed()) {
            let kind = ReadingRule::CharacterNotInEncoding { character, encoding: encoding.name() };
            self.query(row, answer.from, answer.cell, kind);
            return false;
        }
        self.outcome.changes.push(Change {
            kind,
            department: answer.from.key.department.clone(),
            id: row.master_id().to_owned(),
            field: row.field.as_ref().map(|_| row.item.clone()),
            owner: row.owner.clone(),
            item: row.item.clone(),
            row: row.row,
            column: match &row.field {
                Some(field) => Column::Declared(field.at),
                None => Column::Actual(year),
            },
            year,
            old: old.printed().to_owned(),
            new: answer.value.printed().to_owned(),
            remark: remark.to_owned(),
            file: answer.cell.place.file.to_string(),
        });
        true
    }
}

/// An answer beside others.
fn conflicting_answer(answer: &Answer<'_>) -> ConflictingAnswer {
    conflicting(answer.from, answer.cell, answer.value.printed().to_owned())
}

fn conflicting(from: &ReturnedRow, cell: &PlacedCell, answer: String) -> ConflictingAnswer {
    ConflictingAnswer {
        department: from.key.department.clone(),
        answer,
        remark: from.remark.clone(),
        place: cell.place.clone(),
    }
}

/// What stands in the forms of later years, and what was answered in forms of that year.
fn past_cells<'c, 'r>(candidates: &'c [Candidate<'r>], year: FiscalYear) -> Vec<PastCell<'c, 'r>> {
    let mut cells = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let from = candidate.row;
        let cell = from.past.iter().find(|(of, _)| *of == year).map(|(_, cell)| cell);
        let sent = from.key.past.iter().find(|(of, _)| *of == year).map(|(_, text)| text.as_str());
        if let (Some(cell), Some(sent)) = (cell, sent) {
            cells.push(PastCell { at, candidate, cell, sent, is_answer: false });
        }
        if from.key.year == year {
            cells.push(PastCell { at, candidate, cell: &from.input, sent: &from.key.base, is_answer: true });
        }
    }
    cells
}

/// Whether a row's figures are texts, such as 順位 or ◎.
fn is_in_words(row: &FormRow) -> bool {
    let past = row.past.iter().map(|(_, value)| value);
    let mut told = past.rev().chain([&row.baseline, &row.current]).filter(|value| value.is_reported());
    told.any(|value| matches!(value, Value::Text(_))) && row.notation.is_none()
}

/// Whether a text is of the kind that the row was told in last: with figures or without.
fn is_alike(row: &FormRow, text: &str) -> bool {
    let has_digit = |text: &str| compact(text).contains(|c: char| c.is_ascii_digit());
    let past = row.past.iter().rev().map(|(_, value)| value).chain([&row.baseline]);
    let last = past.filter_map(|value| match value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    });
    last.take(1).all(|last| has_digit(last) == has_digit(text))
}

fn doubted(year: FiscalYear, doubt: Doubt) -> ExchangeRule {
    match doubt {
        Doubt::Date(shown) | Doubt::DateNumber(shown) => ExchangeRule::AnswerIsDate { year, shown },
        Doubt::Error(shown) => ExchangeRule::AnswerIsError { year, shown },
        Doubt::NotCalculated => ExchangeRule::AnswerNotCalculated { year },
        Doubt::Logical(value) => ExchangeRule::AnswerNotUnderstood {
            year,
            text: if value { "TRUE" } else { "FALSE" }.to_owned(),
            why: crate::plan::ValueError::NoNumber,
        },
        Doubt::NotUnderstood(text, why) => ExchangeRule::AnswerNotUnderstood { year, text, why },
        Doubt::Percent(text) => ExchangeRule::AmbiguousPercent { year, text },
        Doubt::Unit { text, unit, usual } => ExchangeRule::AnswerUnitDiffers { year, text, unit, usual },
        Doubt::NoUnit(text) => ExchangeRule::AnswerWithoutUnit { year, text },
        Doubt::Negative(text) => ExchangeRule::NegativeAnswer { year, text },
        Doubt::Inexact(text) => ExchangeRule::InexactAnswer { year, text },
        Doubt::Shown { shown, stored } => ExchangeRule::ShownDiffers { year, shown, stored },
        Doubt::Precise { text, decimals } => ExchangeRule::TooManyDecimals { year, text, decimals },
        Doubt::Text(text) => ExchangeRule::AnswerInWords { year, text },
        Doubt::NotAChoice { text, nearest, choices } => {
            ExchangeRule::AnswerNotAChoice { year, text, nearest, choices }
        }
        Doubt::Garbled(text) => ExchangeRule::AnswerGarbled { year, text },
        Doubt::TooLong(letters) => ExchangeRule::AnswerTooLong { year, letters, most: LONGEST_ANSWER },
        Doubt::Reference(text) => ExchangeRule::AnswerRefers { year, text },
        Doubt::Prefix { text, usual } => ExchangeRule::AnswerPrefixDiffers { year, text, usual },
    }
}

//! 集計 (collecting): returned forms against the master.
//!
//! For one indicator and one year three texts are compared: what the master said when
//! the form went out (the base), what it says now, and what came back.
//!
//! ```text
//! came back = master now ......................... unchanged
//! came back = base ............................... untouched: the clerk said nothing
//! came back ≠ base, master now = base ............ an answer (or a revision)
//! came back ≠ base, master now ≠ base, all differ. a conflict
//! ```
//!
//! Before anything is compared, a row has to agree with its key ([`identity`]). What has
//! to be asked about is a query: it is not taken over, and all that is sure is. A row or
//! a file that cannot be used stops no other. Whatever else a department wrote is quoted
//! ([`Outcome::writings`]): 「備考」 of the master is the office's own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

use super::answer::{Doubt, Reading, is_figure_as_sent, understand};
use super::form::{Form, FormRow, Frame, forms};
use super::identity;
use super::label::Label;
use super::notation::{Notation, same};
use super::outcome::{Change, ChangeKind, Outcome, Query, Request};
use super::returned::{Asked, Cell, Returned, ReturnedRow, Struck, Written, WrittenKind};
use super::roll;
use super::texts::folded;
use super::writing::{self, Writing};
use crate::finding::{FindingKind, Place};
use crate::plan::{FiscalYear, Value, Vocabulary};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing came back, or an empty cell.
    Open,
    /// There is a question.
    Queried,
    /// The master has an answer, or gets it now.
    Answered,
}

/// Compares what came back with the master. `returns` with the time of each file.
pub fn collect(request: Request<'_>, returns: &[(Returned, Option<NaiveDateTime>)]) -> Outcome {
    let mut outcome = Outcome::new(request.year.or_else(|| asked_year(returns)));
    let Some(year) = outcome.year else { return outcome };
    let plan = &request.master.plan;
    if !plan.years.contains(&year) {
        let place = Place::file(request.master.source.file_name());
        outcome.findings.push_at(place, FindingKind::YearNotInMaster { year });
        return outcome;
    }
    let keys = |returned: &Returned| returned.rows.iter().map(|row| row.key.due).collect::<Vec<_>>();
    outcome.due = returns.iter().flat_map(|(returned, _)| keys(returned)).max();
    let all = forms(plan, request.settings, year, outcome.due.unwrap_or(request.today));
    let mut collector = Collector {
        request,
        year,
        is_past: request.year.is_none() && plan.latest_reported() > Some(year),
        vocabulary: request.settings.values.vocabulary(),
        forms: &all,
        rows: BTreeMap::new(),
        outcome,
        states: BTreeMap::new(),
    };
    for form in &all {
        for row in &form.rows {
            collector.rows.entry(row.id.clone()).or_insert((row, form));
        }
    }
    let mut came: BTreeMap<&str, Vec<Came<'_>>> = BTreeMap::new();
    for (returned, _) in returns {
        let mut beside = collector.written(returned);
        for (at, row) in collector.belonging(returned) {
            let beside = beside.remove(&at).unwrap_or_default();
            came.entry(row.key.id.as_str()).or_default().push(Came { row, beside });
        }
        collector.missing_rows(returned);
    }
    // In the order of the plan, so that the report reads like the document.
    for (_, indicator) in plan.indicators() {
        if let Some(rows) = came.get(indicator.id.as_str()) {
            collector.row(&indicator.id, rows);
        }
    }
    let Collector { mut outcome, states, .. } = collector;
    outcome.roll = roll::roll(&all, &states, returns, &outcome, request.today);
    let rows = all.iter().flat_map(|form| &form.rows);
    let waits = rows.filter(|row| roll::state(row, &states) != State::Answered);
    outcome.waiting = waits.map(|row| row.id.as_str()).collect::<BTreeSet<_>>().len();
    outcome
}

/// The year most of the files ask for; of two alike, the later.
fn asked_year(returns: &[(Returned, Option<NaiveDateTime>)]) -> Option<FiscalYear> {
    let mut counts: BTreeMap<FiscalYear, usize> = BTreeMap::new();
    for (returned, _) in returns {
        let of_rows = returned.rows.first().map(|row| row.key.year);
        if let Some(year) = of_rows.or(returned.key.as_ref().map(|key| key.year)) {
            *counts.entry(year).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(year, count)| (*count, *year)).map(|(year, _)| year)
}

struct Collector<'a> {
    request: Request<'a>,
    year: FiscalYear,
    /// Whether nobody named the year and a later one has been reported: what came back
    /// is a form of a year that is closed.
    is_past: bool,
    vocabulary: Vocabulary,
    forms: &'a [Form],
    /// Every row that is asked, with the (first) form it stands in.
    rows: BTreeMap<String, (&'a FormRow, &'a Form)>,
    outcome: Outcome,
    states: BTreeMap<String, State>,
}

/// A returned row, and why its answer is asked about whatever it says.
struct Came<'r> {
    row: &'r ReturnedRow,
    /// What is written beside it, and how it looks.
    beside: Vec<FindingKind>,
}

/// What one returned row says of one year, next to what it was sent out with.
struct Said<'r> {
    from: &'r ReturnedRow,
    asked: &'r Asked,
    base: Value,
    value: Value,
}

impl<'a> Collector<'a> {
    // ── Which rows are looked at ──────────────────────────────────────────────

    /// The rows of a file that speak of this plan, with their numbers; the others are
    /// findings.
    fn belonging<'r>(&mut self, returned: &'r Returned) -> Vec<(usize, &'r ReturnedRow)> {
        let mut rows = Vec::new();
        let (mut other_plan, mut other_year) = (None, None);
        for (at, row) in returned.rows.iter().enumerate() {
            if row.key.plan != self.request.settings.plan.id {
                other_plan.get_or_insert(&row.key.plan);
                continue;
            }
            if row.key.year != self.year {
                other_year.get_or_insert(row.key.year);
            }
            // An answer to an earlier year may correct it; one to a later year is asked
            // about when that year is collected.
            if row.key.year <= self.year {
                rows.push((at, row));
            }
        }
        let place = || Place::file(&returned.file);
        if let Some(plan) = other_plan {
            self.outcome.findings.push_at(place(), FindingKind::FormOfOtherPlan { plan: plan.clone() });
        }
        if let Some(year) = other_year {
            let kind = FindingKind::FormOfOtherYear { year, expected: self.year };
            self.outcome.findings.push_at(place(), kind);
        }
        let department = file_department(returned);
        rows.retain(|(_, row)| self.is_known(row) && self.may_answer(row, department) && self.is_itself(row));
        rows
    }

    fn is_known(&mut self, row: &ReturnedRow) -> bool {
        if self.rows.contains_key(&row.key.id) {
            return true;
        }
        let id = row.key.id.clone();
        let base = self.value(&row.key.base);
        let said = self.reading(&row.input, Notation::of([&base]).as_ref());
        let untouched =
            said == Reading::Blank || matches!(&said, Reading::Value(value) if same(value, &base));
        let kind = if untouched {
            FindingKind::UnknownRow { id }
        } else {
            FindingKind::AnswerToUnknownRow { id, answer: row.input.shown() }
        };
        self.outcome.findings.push_at(row.place.clone(), kind);
        self.quote(row, None, "備考", &row.remark, &row.place);
        false
    }

    /// Whether the file's department is the row's. A sheet can be copied from one file
    /// into another, and hidden there.
    fn may_answer(&mut self, row: &ReturnedRow, department: Option<&str>) -> bool {
        let Some(of_file) = department.filter(|department| *department != row.key.department) else {
            return true;
        };
        let (kind, answer) = (row.key.department.clone(), row.input.shown());
        let kind =
            FindingKind::RowOfOtherDepartment { department: kind, of_file: of_file.to_owned(), answer };
        self.refuse(row, kind);
        false
    }

    /// Whether a row speaks of the indicator its key names.
    fn is_itself(&mut self, row: &ReturnedRow) -> bool {
        let Some((of, first)) = self.rows.get(&row.key.id).copied() else { return false };
        let form = self.forms.iter().find(|form| form.department == row.key.department).unwrap_or(first);
        let past = self.past_figures(row, of);
        if let Some(kind) = identity::contradiction(row, of, form, &past) {
            self.refuse(row, kind);
            return false;
        }
        if row.has_slipped && row.input.cell.is_some() {
            self.refuse(row, FindingKind::AnswersSlipped { answer: row.input.shown() });
            return false;
        }
        true
    }

    /// Asks about a row as a whole; nothing is taken from it, and what stands in it is
    /// quoted. A row that says nothing needs no question.
    fn refuse(&mut self, row: &ReturnedRow, kind: FindingKind) {
        let Some((of, _)) = self.rows.get(&row.key.id).copied() else { return };
        let past: Vec<(String, &Asked)> = row
            .past
            .iter()
            .zip(&row.key.past)
            .filter(|((_, asked), (_, sent))| asked.cell.is_some() && !is_as_sent(asked, &self.value(sent)))
            .map(|((year, asked), _)| (format!("{year}の欄"), asked))
            .collect();
        for (name, asked) in past {
            self.quote(row, Some(of), &name, &asked.shown(), &asked.place);
        }
        if self.says_something(row) || !row.remark.is_empty() {
            self.query(of, row, &row.input, kind);
            self.states.insert(of.id.clone(), State::Queried);
        }
    }

    /// Whether something else stands in the answer's cell than was sent out.
    fn says_something(&self, row: &ReturnedRow) -> bool {
        row.input.cell.is_some() && !is_as_sent(&row.input, &self.value(&row.key.base))
    }

    /// What stands in a row for the years before, as far as it is figures.
    fn past_figures(&self, row: &ReturnedRow, of: &FormRow) -> Vec<(FiscalYear, Value)> {
        let figure = |(year, asked): &(FiscalYear, Asked)| {
            let sent = row.key.past.iter().find(|(of, _)| of == year).map(|(_, text)| self.value(text));
            if let Some(sent) = sent.filter(|sent| is_as_sent(asked, sent)) {
                return Some((*year, sent));
            }
            match self.reading(asked, self.past_notation(of, *year, &row.key.past).as_ref()) {
                Reading::Value(value) => Some((*year, value)),
                _ => None,
            }
        };
        row.past.iter().filter_map(figure).collect()
    }

    /// Rows of its department that a file no longer has.
    fn missing_rows(&mut self, returned: &Returned) {
        let of_rows = returned.rows.iter().map(|row| &row.key).find(|key| key.year == self.year);
        let of_file = returned.key.as_ref().filter(|key| key.year == self.year);
        let plan = &self.request.settings.plan.id;
        let department = of_rows
            .filter(|key| key.plan == *plan)
            .map(|key| &key.department)
            .or(of_file.filter(|key| key.plan == *plan).map(|key| &key.department));
        let Some(form) = self.forms.iter().find(|form| Some(&form.department) == department) else { return };
        let has = |id: &str| returned.rows.iter().any(|row| row.key.id == id);
        let ids: Vec<String> =
            form.rows.iter().filter(|row| !has(&row.id)).map(|row| row.id.clone()).collect();
        if !ids.is_empty() {
            let kind = FindingKind::RowsMissing { department: form.department.clone(), ids };
            self.outcome.findings.push_at(Place::file(&returned.file), kind);
        }
    }

    // ── What they say ─────────────────────────────────────────────────────────

    /// Everything that came back for one indicator.
    fn row(&mut self, id: &str, came: &[Came<'_>]) {
        let Some((row, _)) = self.rows.get(id).copied() else { return };
        let (queries, changes) = (self.outcome.queries.len(), self.outcome.changes.len());
        // A row is answered as a whole or not at all: while a past figure is in
        // question, so is the row.
        let doubtful = self.past_years(row, came);
        let now = came.iter().filter(|came| came.row.key.year == self.year);
        let (held, sure): (Vec<&Came<'_>>, Vec<&Came<'_>>) =
            now.partition(|came| doubtful.contains(&came.row.place));
        let mut state = self.answer(row, &sure);
        for from in
            held.iter().map(|came| came.row).filter(|from| self.says_something(from)).collect::<Vec<_>>()
        {
            let kind = FindingKind::AnswerHeld { year: self.year, answer: from.input.shown() };
            self.query(row, from, &from.input, kind);
            state = State::Queried;
        }
        for from in sure.iter().map(|came| came.row) {
            let changes = self.outcome.changes.get(changes..).unwrap_or_default();
            if changes.iter().any(|change| change.remark == from.remark) {
                continue;
            }
            if state == State::Open && !from.remark.is_empty() && from.input.cell.is_none() {
                let kind = FindingKind::RemarkWithoutFigure { remark: from.remark.clone() };
                self.query(row, from, &from.input, kind);
                state = State::Queried;
            }
        }
        for from in came.iter().map(|came| came.row) {
            let queries = self.outcome.queries.get(queries..).unwrap_or_default();
            let changes = self.outcome.changes.get(changes..).unwrap_or_default();
            let is_quoted =
                queries.iter().any(|query| query.row == from.place && query.remark == from.remark)
                    || changes.iter().any(|change| change.remark == from.remark);
            if !is_quoted {
                self.quote(from, Some(row), "備考", &from.remark, &from.place);
            }
        }
        let known = self.states.entry(id.to_owned()).or_insert(state);
        if state == State::Queried || *known == State::Open {
            *known = state;
        }
    }

    /// The year asked for.
    fn answer(&mut self, row: &'a FormRow, came: &[&Came<'_>]) -> State {
        let year = self.year;
        let mut said: Vec<Said<'_>> = Vec::new();
        let mut queried = false;
        let mut kept = row.current.is_reported();
        for Came { row: from, beside } in came {
            let base = self.value(&from.key.base);
            let misgivings = self.misgivings(row, from, beside);
            let is_held = !misgivings.is_empty();
            queried |= is_held;
            misgivings.into_iter().for_each(|kind| self.query(row, from, &from.input, kind));
            match self.reading(&from.input, row.notation.as_ref()) {
                Reading::Value(_) | Reading::Doubt(Doubt::Text(_)) if is_held => {}
                Reading::Value(value) => {
                    if same(&value, &row.current) {
                        self.outcome.unchanged += 1;
                        kept = true;
                    } else if !same(&value, &base) {
                        said.push(Said { from, asked: &from.input, base, value });
                    }
                }
                Reading::Blank if base.is_reported() && same(&base, &row.current) => {
                    let kind = FindingKind::AnswerErased { year, base: base.printed().to_owned() };
                    self.query(row, from, &from.input, kind);
                    queried = true;
                }
                Reading::Blank => {}
                Reading::Doubt(doubt) if is_as_sent(&from.input, &base) => drop(doubt),
                // Where figures are texts, a text is an answer.
                Reading::Doubt(Doubt::Text(text)) if is_in_words(row) => {
                    let value = Value::Text(text);
                    if same(&value, &row.current) {
                        self.outcome.unchanged += 1;
                        kept = true;
                    } else {
                        said.push(Said { from, asked: &from.input, base, value });
                    }
                }
                Reading::Doubt(doubt) => {
                    self.query(row, from, &from.input, doubted(year, doubt));
                    queried = true;
                }
            }
        }
        let Some(first) = self.agreed(row, year, &row.current, &said) else {
            return if queried || !said.is_empty() {
                State::Queried
            } else if kept {
                State::Answered
            } else {
                State::Open
            };
        };
        let remark = said.iter().map(|said| said.from.remark.as_str()).find(|remark| !remark.is_empty());
        let asked = if remark.is_none() && is_large_change(row.last_year(), &first.value) {
            let last = row.last_year().map(|value| value.printed().to_owned()).unwrap_or_default();
            Some(FindingKind::LargeChange { year, last, answer: first.value.printed().to_owned() })
        } else if self.is_past && row.current.is_reported() && !self.request.accept_revisions {
            let base = row.current.printed().to_owned();
            Some(FindingKind::PastRevised { year, base, answer: first.value.printed().to_owned() })
        } else {
            None
        };
        if let Some(kind) = asked {
            self.query(row, first.from, first.asked, kind);
            return State::Queried;
        }
        let kind = if row.current.is_reported() { ChangeKind::Correction } else { ChangeKind::Answer };
        let is_taken = self.change(row, kind, year, &row.current, first, remark.unwrap_or_default());
        if queried || !is_taken { State::Queried } else { State::Answered }
    }

    /// Why an answer is asked about whatever it says: how it looks, and what stands
    /// beside it.
    fn misgivings(&self, row: &FormRow, from: &ReturnedRow, beside: &[FindingKind]) -> Vec<FindingKind> {
        let (year, input) = (self.year, &from.input);
        let mut all = Vec::new();
        if input.cell.is_none() {
            return all;
        }
        let answer = || input.shown();
        match &input.look.struck {
            Struck::Whole => all.push(FindingKind::AnswerStruck { year, answer: answer(), rest: None }),
            Struck::Partly(rest) => {
                let rest = Some(rest.trim().to_owned());
                all.push(FindingKind::AnswerStruck { year, answer: answer(), rest });
            }
            Struck::No => {}
        }
        if !self.says_something(from) {
            return all;
        }
        if input.is_joined {
            all.push(FindingKind::AnswerJoined { year, answer: answer() });
        }
        if let Some((unit, shown)) = writing::changed_unit(from, row) {
            all.push(FindingKind::UnitCellChanged { unit, shown, answer: answer() });
        }
        all.extend(beside.iter().cloned());
        all
    }

    /// The years before the one asked for: locked in the form, and changed all the same.
    /// Gives the rows of which a past year is in question.
    fn past_years(&mut self, row: &'a FormRow, came: &[Came<'_>]) -> Vec<Place> {
        let mut doubtful = Vec::new();
        for (year, master) in &row.past {
            self.past_year(row, came, *year, master, &mut doubtful);
        }
        doubtful
    }

    fn past_year(
        &mut self,
        row: &'a FormRow,
        came: &[Came<'_>],
        year: FiscalYear,
        master: &Value,
        doubtful: &mut Vec<Place>,
    ) {
        // What stands in the forms of this year, and what was answered in forms of that.
        let mut asked: Vec<(&ReturnedRow, &Asked, &str, bool)> = Vec::new();
        for from in came.iter().map(|came| came.row) {
            let cell = from.past.iter().find(|(of, _)| *of == year).map(|(_, asked)| asked);
            let sent = from.key.past.iter().find(|(of, _)| *of == year).map(|(_, text)| text.as_str());
            asked.extend(cell.zip(sent).map(|(cell, sent)| (from, cell, sent, false)));
            if from.key.year == year {
                asked.push((from, &from.input, &from.key.base, true));
            }
        }
        let mut said: Vec<Said<'_>> = Vec::new();
        for (from, asked, sent, is_answer) in asked {
            let base = self.value(sent);
            let notation = self.past_notation(row, year, &from.key.past);
            let value = match self.reading(asked, notation.as_ref()) {
                Reading::Value(value) => value,
                Reading::Blank if is_answer => continue,
                Reading::Blank => Value::NotReported,
                Reading::Doubt(_) if is_as_sent(asked, &base) => continue,
                Reading::Doubt(doubt) => {
                    self.query(row, from, asked, doubted(year, doubt));
                    doubtful.push(from.place.clone());
                    continue;
                }
            };
            if same(&value, &base) || same(&value, master) {
                continue;
            }
            let refused = !self.request.accept_revisions || !value.is_reported();
            if refused {
                // A figure that is gone contradicts nothing; one that is another does.
                if value.is_reported() {
                    doubtful.push(from.place.clone());
                }
                let (base, answer) = (base.printed().to_owned(), value.printed().to_owned());
                self.query(row, from, asked, FindingKind::PastRevised { year, base, answer });
            } else {
                said.push(Said { from, asked, base, value });
            }
        }
        if let Some(first) = self.agreed(row, year, master, &said) {
            let remark = first.from.remark.clone();
            self.change(row, ChangeKind::Revision, year, master, first, &remark);
        }
    }

    /// How a past year of a row is written: its own figure tells better than the last.
    fn past_notation(
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

    /// What a cell says, as the row writes its figures.
    fn reading(&self, asked: &Asked, notation: Option<&Notation>) -> Reading {
        match (&asked.cell, &asked.look.text) {
            (Some(Cell::Text(stored)), Some(shown)) => {
                Reading::Doubt(Doubt::Shown { shown: shown.clone(), stored: stored.clone() })
            }
            (cell, _) => understand(cell.as_ref(), notation, &self.vocabulary),
        }
    }

    /// The one thing all said, if it does not contradict the master.
    fn agreed<'s, 'r>(
        &mut self,
        row: &FormRow,
        year: FiscalYear,
        master: &Value,
        said: &'s [Said<'r>],
    ) -> Option<&'s Said<'r>> {
        let (first, others) = said.split_first()?;
        let mut agreed = true;
        for other in others.iter().filter(|other| !same(&other.value, &first.value)) {
            let kind = FindingKind::AnswersDiffer {
                year,
                answer: other.value.printed().to_owned(),
                other_answer: first.value.printed().to_owned(),
                other: first.asked.place.to_string(),
            };
            self.query(row, other.from, other.asked, kind);
            agreed = false;
        }
        for said in said.iter().filter(|said| !same(&said.base, master)) {
            let kind = FindingKind::MasterChanged {
                year,
                base: said.base.printed().to_owned(),
                master: master.printed().to_owned(),
                answer: said.value.printed().to_owned(),
            };
            self.query(row, said.from, said.asked, kind);
            agreed = false;
        }
        agreed.then_some(first)
    }

    /// Takes an answer over; not one that the master's file has no letters for.
    fn change(
        &mut self,
        row: &FormRow,
        kind: ChangeKind,
        year: FiscalYear,
        old: &Value,
        said: &Said<'_>,
        remark: &str,
    ) -> bool {
        let encoding = self.request.master.source.encoding();
        if let Err(character) = encoding.encode(said.value.printed()) {
            let kind = FindingKind::CharacterNotInEncoding { character, encoding: encoding.name() };
            self.query(row, said.from, said.asked, kind);
            return false;
        }
        self.outcome.changes.push(Change {
            kind,
            department: said.from.key.department.clone(),
            id: row.id.clone(),
            owner: row.owner.clone(),
            item: row.item.clone(),
            row: row.row,
            year,
            old: old.printed().to_owned(),
            new: said.value.printed().to_owned(),
            remark: remark.to_owned(),
            file: said.asked.place.file.clone(),
        });
        true
    }

    fn query(&mut self, row: &FormRow, from: &ReturnedRow, asked: &Asked, kind: FindingKind) {
        self.outcome.queries.push(Query {
            department: from.key.department.clone(),
            id: row.id.clone(),
            owner: row.owner.clone(),
            item: row.item.clone(),
            question: kind.to_string(),
            help: kind.help(),
            answer: asked.shown(),
            remark: from.remark.clone(),
            place: asked.place.clone(),
            row: from.place.clone(),
        });
        self.outcome.findings.push_at(asked.place.clone(), kind);
    }

    // ── What else they wrote ──────────────────────────────────────────────────

    /// Quotes whatever a file says beside its answers. Gives what calls an answer into
    /// question, by the number of its row.
    fn written(&mut self, returned: &Returned) -> HashMap<usize, Vec<FindingKind>> {
        let mut beside: HashMap<usize, Vec<FindingKind>> = HashMap::new();
        let ours = if returned.tells_own_texts { BTreeSet::new() } else { self.own_texts(returned) };
        let department = file_department(returned).unwrap_or_default();
        let is_own =
            |written: &Written| written.kind == WrittenKind::Cell && ours.contains(&folded(&written.text));
        let foreign: Vec<&Written> = returned.written.iter().filter(|written| !is_own(written)).collect();
        for written in &foreign {
            self.one_written(written, returned, department, &mut beside);
        }
        // What may say what colours mean: 「赤字は速報値」.
        let outside = foreign.iter().filter(|written| written.row.is_none());
        let legend = outside.map(|written| written.text.as_str()).find(|text| writing::doubts(text));
        self.looks(returned, legend, &mut beside);
        let known = |from: &ReturnedRow| self.rows.get(&from.key.id).map(|(of, _)| *of);
        let rows: Vec<(&ReturnedRow, &FormRow)> =
            returned.rows.iter().filter_map(|from| Some((from, known(from)?))).collect();
        let sent = writing::sent_labels(rows.iter().copied());
        for (from, of) in rows {
            for (label, sent, shown) in writing::changed_labels(from, of, &sent) {
                let text = format!("「{sent}」→「{shown}」");
                self.quote(from, Some(of), &format!("{}の欄", label.heading()), &text, &from.place);
            }
        }
        beside
    }

    /// A text beside or below the table, a note, a shape. What can change a figure is
    /// asked about, once; it is quoted whole in any case, for a question is one line.
    fn one_written(
        &mut self,
        written: &Written,
        returned: &Returned,
        department: &str,
        beside: &mut HashMap<usize, Vec<FindingKind>>,
    ) {
        let from = written.row.and_then(|at| returned.rows.get(at));
        let of = from.and_then(|from| self.rows.get(&from.key.id)).map(|(row, _)| *row);
        let (kind, text) = (written.kind.name(of.is_some()), written.text.clone());
        if writing::can_change_figure(&text) && written.kind != WrittenKind::Keyless {
            match (written.row, from.zip(of)) {
                (Some(at), Some((from, _))) if self.says_something(from) => {
                    beside.entry(at).or_default().push(FindingKind::WrittenBesideAnswer { kind, text });
                }
                (_, Some((from, of))) => {
                    let asked = Asked { place: written.place.clone(), ..from.input.clone() };
                    self.query(of, from, &asked, FindingKind::WrittenBesideAnswer { kind, text });
                    self.states.insert(of.id.clone(), State::Queried);
                }
                _ => self.outside(written, department, FindingKind::WrittenOutside { kind, text }),
            }
        }
        self.outcome.writings.push(Writing {
            department: from.map_or(department, |from| from.key.department.as_str()).to_owned(),
            id: of.map(|of| of.id.clone()).unwrap_or_default(),
            owner: of.map(|of| of.owner.clone()).unwrap_or_default(),
            item: of.map(|of| of.item.clone()).unwrap_or_default(),
            kind: kind.to_owned(),
            text: written.text.clone(),
            place: written.place.clone(),
        });
    }

    /// Asks about a text that stands beside no answer.
    fn outside(&mut self, written: &Written, department: &str, kind: FindingKind) {
        self.outcome.queries.push(Query {
            department: department.to_owned(),
            id: String::new(),
            owner: String::new(),
            item: String::new(),
            question: kind.to_string(),
            help: kind.help(),
            answer: written.text.clone(),
            remark: String::new(),
            place: written.place.clone(),
            row: written.place.clone(),
        });
        self.outcome.findings.push_at(written.place.clone(), kind);
    }

    /// Answers that are coloured, or in rows that do not show.
    fn looks(
        &mut self,
        returned: &Returned,
        legend: Option<&str>,
        beside: &mut HashMap<usize, Vec<FindingKind>>,
    ) {
        let usual = writing::usual_look(returned);
        for (at, from) in returned.rows.iter().enumerate() {
            let Some((of, _)) = self.rows.get(&from.key.id).copied() else { continue };
            if !self.says_something(from) {
                continue;
            }
            let answer = from.input.shown();
            if writing::is_coloured(&from.input.look, &usual) {
                if let Some(legend) = legend {
                    let kind =
                        FindingKind::AnswerColoured { answer: answer.clone(), legend: legend.to_owned() };
                    beside.entry(at).or_default().push(kind);
                } else {
                    let text = format!("回答「{answer}」のセルまたは文字の色が変えられています");
                    self.quote(from, Some(of), "色", &text, &from.input.place);
                }
            }
            if from.is_hidden {
                let text = format!("隠れている行に回答「{answer}」があります");
                self.quote(from, Some(of), "隠れた行", &text, &from.input.place);
            }
        }
    }

    /// All texts that the form in a file was sent out with, folded, as far as the plan
    /// still tells them.
    fn own_texts(&self, returned: &Returned) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        let plan = &self.request.settings.plan;
        let mut seen = BTreeSet::new();
        for key in returned.rows.iter().map(|row| &row.key) {
            if seen.insert((&key.department, key.year, key.due)) {
                let named = (plan.name.as_str(), plan.office.as_str(), key.department.as_str());
                let past = key.past.iter().map(|(year, _)| *year);
                let frame = Frame::new(named, key.year, key.due, past, self.vocabulary.words());
                all.extend(frame.texts().map(folded));
            }
        }
        // Rows whose key was erased.
        for row in self.forms.iter().flat_map(|form| &form.rows) {
            all.extend(Label::ALL.into_iter().map(|label| folded(&row.label(label))));
            all.extend(row.past.iter().map(|(_, value)| folded(value.printed())));
        }
        all
    }

    fn quote(&mut self, from: &ReturnedRow, of: Option<&FormRow>, kind: &str, text: &str, place: &Place) {
        if text.trim().is_empty() {
            return;
        }
        self.outcome.writings.push(Writing {
            department: from.key.department.clone(),
            id: from.key.id.clone(),
            owner: of.map(|of| of.owner.clone()).unwrap_or_default(),
            item: of.map_or_else(|| from.key.item.clone(), |of| of.item.clone()),
            kind: kind.to_owned(),
            text: text.to_owned(),
            place: place.clone(),
        });
    }

    /// A text the master printed; what it cannot read was refused before.
    fn value(&self, printed: &str) -> Value {
        Value::parse(printed, &self.vocabulary).unwrap_or(Value::NotReported)
    }
}

/// Whose file it is: as its own key says, else as most of its rows do.
pub(super) fn file_department(returned: &Returned) -> Option<&str> {
    if let Some(key) = &returned.key {
        return Some(&key.department);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &returned.rows {
        *counts.entry(&row.key.department).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(department, _)| department)
}

/// Whether a row's figures are texts, such as 順位 or ◎.
fn is_in_words(row: &FormRow) -> bool {
    let past = row.past.iter().map(|(_, value)| value);
    let mut told = past.rev().chain([&row.baseline, &row.current]).filter(|value| value.is_reported());
    told.any(|value| matches!(value, Value::Text(_))) && row.notation.is_none()
}

/// Whether a cell that cannot be understood is only what was sent out.
fn is_as_sent(asked: &Asked, base: &Value) -> bool {
    asked.cell.as_ref().is_some_and(|cell| {
        is_figure_as_sent(cell, base) || (base.is_reported() && cell.shown().trim() == base.printed())
    })
}

fn doubted(year: FiscalYear, doubt: Doubt) -> FindingKind {
    match doubt {
        Doubt::Date(shown) | Doubt::DateNumber(shown) => FindingKind::AnswerIsDate { year, shown },
        Doubt::Error(shown) => FindingKind::AnswerIsError { year, shown },
        Doubt::NotCalculated => FindingKind::AnswerNotCalculated { year },
        Doubt::Logical(value) => FindingKind::AnswerNotUnderstood {
            year,
            text: if value { "TRUE" } else { "FALSE" }.to_owned(),
            why: crate::plan::ValueError::NoNumber,
        },
        Doubt::NotUnderstood(text, why) => FindingKind::AnswerNotUnderstood { year, text, why },
        Doubt::Percent(text) => FindingKind::AmbiguousPercent { year, text },
        Doubt::Unit { text, unit, usual } => FindingKind::AnswerUnitDiffers { year, text, unit, usual },
        Doubt::NoUnit(text) => FindingKind::AnswerWithoutUnit { year, text },
        Doubt::Negative(text) => FindingKind::NegativeAnswer { year, text },
        Doubt::Inexact(text) => FindingKind::InexactAnswer { year, text },
        Doubt::Shown { shown, stored } => FindingKind::ShownDiffers { year, shown, stored },
        Doubt::Precise { text, decimals } => FindingKind::TooManyDecimals { year, text, decimals },
        Doubt::Text(text) => FindingKind::AnswerInWords { year, text },
        Doubt::Prefix { text, usual } => FindingKind::AnswerPrefixDiffers { year, text, usual },
    }
}

/// Whether a figure differs from last year's by more than half of it.
pub fn is_large_change(last_year: Option<&Value>, answer: &Value) -> bool {
    let (Some(last), Some(new)) = (last_year.and_then(Value::quantity), answer.quantity()) else {
        return false;
    };
    let Some(difference) = new.number.checked_sub(last.number) else { return true };
    difference.abs().checked_mul(Decimal::TWO).is_none_or(|twice| twice > last.number.abs())
}

//! Which returned rows are looked at: those of this plan and year, of the file's own
//! department, that speak of the indicator their key names.

use std::collections::HashSet;

use super::collector::{Collector, file_department, is_as_sent};
use crate::exchange::answer::Reading;
use crate::exchange::identity;
use crate::exchange::notation::{Notation, same};
use crate::exchange::returned::{PlacedCell, Returned, ReturnedRow};
use crate::exchange::row::FormRow;
use crate::exchange::status::RowState;
use crate::finding::{ExchangeRule, Place};
use crate::plan::{FiscalYear, Value};

impl Collector<'_> {
    /// The rows of a file that speak of this plan, with their numbers; the others are
    /// findings.
    pub(super) fn belonging<'r>(&mut self, returned: &'r Returned) -> Vec<(usize, &'r ReturnedRow)> {
        let mut rows = Vec::new();
        let (mut other_plan, mut other_year) = (None, None);
        for (at, row) in returned.rows.iter().enumerate() {
            if row.key.plan != self.request.settings.plan.id {
                other_plan.get_or_insert(&row.key.plan);
                self.quote_dropped(row, "別の計画の記入票");
                continue;
            }
            if row.key.year != self.year {
                other_year.get_or_insert(row.key.year);
            }
            // An answer to an earlier year may correct it; one to a later year is asked
            // about when that year is collected. A declared column has no years.
            if row.key.year == self.year || (row.key.year < self.year && !row.key.is_of_field()) {
                rows.push((at, row));
            } else {
                self.quote_dropped(row, "別の年度の記入票");
            }
        }
        let place = || Place::file(&returned.file);
        if let Some(plan) = other_plan {
            self.outcome.findings.push_at(place(), ExchangeRule::FormOfOtherPlan { plan: plan.clone() });
        }
        if let Some(year) = other_year {
            let kind = ExchangeRule::FormOfOtherYear { year, expected: self.year };
            self.outcome.findings.push_at(place(), kind);
        }
        let department = file_department(returned);
        rows.retain(|(_, row)| self.is_known(row) && self.may_answer(row, department) && self.is_itself(row));
        rows
    }

    /// Quotes what stands in a row that is not looked at.
    fn quote_dropped(&mut self, row: &ReturnedRow, kind: &str) {
        if self.says_something(row) {
            let answer = format!("回答「{}」", row.input.shown());
            self.quote(row, None, kind, &answer, &row.input.place);
        }
        self.quote(row, None, kind, &row.remark, &row.place);
    }

    fn is_known(&mut self, row: &ReturnedRow) -> bool {
        if self.rows.contains_key(&row.key.id) {
            return true;
        }
        let id = row.key.id.clone();
        let base = self.base(&row.key);
        let said = self.reading(&row.input, Notation::of([&base]).as_ref());
        let untouched = !self.says_something(row)
            || said == Reading::Blank
            || matches!(&said, Reading::Value(value) if same(value, &base));
        let kind = if untouched {
            ExchangeRule::UnknownRow { id }
        } else {
            ExchangeRule::AnswerToUnknownRow { id, answer: row.input.shown() }
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
            ExchangeRule::RowOfOtherDepartment { department: kind, of_file: of_file.to_owned(), answer };
        self.refuse(row, kind);
        false
    }

    /// Whether a row speaks of the indicator its key names.
    fn is_itself(&mut self, row: &ReturnedRow) -> bool {
        let Some((of, first)) = self.rows.get(&row.key.id).copied() else { return false };
        let form = self.forms.get(row.key.department.as_str()).copied().unwrap_or(first);
        let past = self.past_figures(row, of);
        if let Some(kind) = identity::contradiction(row, of, form, &past) {
            self.refuse(row, kind);
            return false;
        }
        let answer = row.input.shown();
        let kind = if row.has_slipped && row.input.content.is_some() {
            ExchangeRule::AnswersSlipped { answer }
        } else if row.has_other_headings {
            ExchangeRule::HeadingsDiffer { answer }
        } else if row.is_on_hidden_sheet {
            ExchangeRule::AnswerOnHiddenSheet { answer }
        } else {
            return true;
        };
        self.refuse(row, kind);
        false
    }

    /// Asks about a row as a whole; nothing is taken from it, and what stands in it is
    /// quoted. A row that says nothing needs no question.
    fn refuse(&mut self, row: &ReturnedRow, kind: ExchangeRule) {
        let Some((of, _)) = self.rows.get(&row.key.id).copied() else { return };
        let past: Vec<(String, &PlacedCell)> = row
            .past
            .iter()
            .zip(&row.key.past)
            .filter(|((_, cell), (_, sent))| cell.content.is_some() && !is_as_sent(cell, &self.value(sent)))
            .map(|((year, cell), _)| (format!("{year}の欄"), cell))
            .collect();
        for (name, cell) in past {
            self.quote(row, Some(of), &name, &cell.shown(), &cell.place);
        }
        if self.says_something(row) || !row.remark.is_empty() {
            self.query(of, row, &row.input, kind);
            self.states.insert(of.id.clone(), RowState::Queried);
        }
    }

    /// Whether something else stands in the answer's cell than was sent out.
    pub(super) fn says_something(&self, row: &ReturnedRow) -> bool {
        row.input.content.is_some() && !is_as_sent(&row.input, &self.base(&row.key))
    }

    /// What stands in a row for the years before, as far as it is figures.
    fn past_figures(&self, row: &ReturnedRow, of: &FormRow) -> Vec<(FiscalYear, Value)> {
        let figure = |(year, cell): &(FiscalYear, PlacedCell)| {
            let sent = row.key.past.iter().find(|(of, _)| of == year).map(|(_, text)| self.value(text));
            if let Some(sent) = sent.filter(|sent| is_as_sent(cell, sent)) {
                return Some((*year, sent));
            }
            match self.reading(cell, self.past_notation(of, *year, &row.key.past).as_ref()) {
                Reading::Value(value) => Some((*year, value)),
                _ => None,
            }
        };
        row.past.iter().filter_map(figure).collect()
    }

    /// Rows of its department that a file no longer has.
    pub(super) fn missing_rows(&mut self, returned: &Returned) {
        let of_rows = returned.rows.iter().map(|row| &row.key).find(|key| key.year == self.year);
        let of_file = returned.key.as_ref().filter(|key| key.year == self.year);
        let plan = &self.request.settings.plan.id;
        let department = of_rows
            .filter(|key| key.plan == *plan)
            .map(|key| &key.department)
            .or(of_file.filter(|key| key.plan == *plan).map(|key| &key.department));
        let form = department.and_then(|department| self.forms.get(department.as_str()));
        let Some(form) = form.copied() else { return };
        let there: HashSet<&str> = returned.rows.iter().map(|row| row.key.id.as_str()).collect();
        let missing = form.rows.iter().filter(|row| !there.contains(row.id.as_str()));
        let ids: Vec<String> = missing.map(|row| row.id.clone()).collect();
        if !ids.is_empty() {
            let kind = ExchangeRule::RowsMissing { department: form.department.clone(), ids };
            self.outcome.findings.push_at(Place::file(&returned.file), kind);
        }
    }
}

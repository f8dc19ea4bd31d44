//! What the rows of one indicator say, compared with each other and with the master.

use super::*;
use crate::finding::{ExchangeRule, ReadingRule};

impl<'a> Collector<'a> {
    /// Everything that came back for one indicator.
    pub(super) fn row(&mut self, id: &str, came: &[Came<'_>]) {
        let Some((row, _)) = self.rows.get(id).copied() else { return };
        let (queries, changes) = (self.outcome.queries.len(), self.outcome.changes.len());
        // A row is answered as a whole or not at all: while a past figure is in
        // question, so is the row.
        let doubtful = self.past_years(row, came);
        let now = came.iter().enumerate().filter(|(_, came)| came.row.key.year == self.year);
        let (held, sure): (Vec<_>, Vec<_>) = now.partition(|(at, _)| doubtful.contains(at));
        let sure: Vec<&Came<'_>> = sure.into_iter().map(|(_, came)| came).collect();
        let mut state = self.answer(row, &sure);
        for from in
            held.iter().map(|(_, came)| came.row).filter(|from| self.says_something(from)).collect::<Vec<_>>()
        {
            let kind = ExchangeRule::AnswerHeld { year: self.year, answer: from.input.shown() };
            self.query(row, from, &from.input, kind);
            state = State::Queried;
        }
        for from in sure.iter().map(|came| came.row) {
            let changes = self.outcome.changes.get(changes..).unwrap_or_default();
            if changes.iter().any(|change| change.remark == from.remark) {
                continue;
            }
            if state == State::Open && !from.remark.is_empty() && from.input.cell.is_none() {
                let kind = ExchangeRule::RemarkWithoutFigure { remark: from.remark.clone() };
                self.query(row, from, &from.input, kind);
                state = State::Queried;
            }
        }
        self.quote_remarks(row, came, queries, changes);
        let known = self.states.entry(id.to_owned()).or_insert(state);
        if state == State::Queried || *known == State::Open {
            *known = state;
        }
    }

    /// Quotes the remarks that stand in no query and no change of the row: those from
    /// these numbers on.
    fn quote_remarks(&mut self, row: &'a FormRow, came: &[Came<'_>], queries: usize, changes: usize) {
        let queries = self.outcome.queries.get(queries..).unwrap_or_default();
        let changes = self.outcome.changes.get(changes..).unwrap_or_default();
        let asked: HashSet<(&Place, &str)> =
            queries.iter().map(|query| (&query.row, query.remark.as_str())).collect();
        let taken: HashSet<&str> = changes.iter().map(|change| change.remark.as_str()).collect();
        let is_quoted = |from: &ReturnedRow| {
            taken.contains(from.remark.as_str()) || asked.contains(&(&from.place, from.remark.as_str()))
        };
        let left: Vec<&ReturnedRow> =
            came.iter().map(|came| came.row).filter(|from| !is_quoted(from)).collect();
        for from in left {
            self.quote(from, Some(row), "備考", &from.remark, &from.place);
        }
    }

    /// The year asked for.
    fn answer(&mut self, row: &'a FormRow, came: &[&Came<'_>]) -> State {
        let year = self.year;
        let mut said: Vec<Said<'_>> = Vec::new();
        let mut queried: Option<&Asked> = None;
        let mut kept = row.current.is_reported();
        for Came { row: from, beside } in came {
            let base = self.value(&from.key.base);
            let mut misgivings = self.misgivings(row, from, &from.input, &base, year);
            let says_something = self.says_something(from);
            if says_something && writing::is_not_final(&from.remark) {
                let text = from.remark.clone();
                misgivings.push(ExchangeRule::WrittenBesideAnswer { kind: "備考", text });
            }
            let beside = beside.iter().filter(|_| says_something);
            let is_held = self.doubt(row, from, &from.input, misgivings, beside);
            if is_held {
                queried = Some(&from.input);
            }
            match self.reading(&from.input, row.notation.as_ref()) {
                Reading::Value(_) | Reading::Doubt(Doubt::Text(_)) if is_held => {}
                Reading::Value(Value::Quantity(typed))
                    if is_in_words(row) && !same(&Value::Quantity(typed.clone()), &base) =>
                {
                    let kind = ExchangeRule::FigureAmongWords { year, text: typed.printed };
                    self.query(row, from, &from.input, kind);
                    queried = Some(&from.input);
                }
                Reading::Value(value) => {
                    if same(&value, &row.current) {
                        self.outcome.unchanged += 1;
                        kept = true;
                    } else if !same(&value, &base) {
                        said.push(Said { from, asked: &from.input, base, value });
                    }
                }
                Reading::Blank if base.is_reported() && same(&base, &row.current) => {
                    let kind = ExchangeRule::AnswerErased { year, base: base.printed().to_owned() };
                    self.query(row, from, &from.input, kind);
                    queried = Some(&from.input);
                }
                Reading::Blank => {}
                Reading::Doubt(doubt) if is_as_sent(&from.input, &base) => drop(doubt),
                // Where figures are texts, a text is an answer.
                Reading::Doubt(Doubt::Text(text)) if is_in_words(row) && is_alike(row, &text) => {
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
                    queried = Some(&from.input);
                }
            }
        }
        // One answer is sure and another is in question: so is the first.
        if let (Some(doubted), Some(first)) = (queried, said.first()) {
            let kind = ExchangeRule::AnswersDiffer {
                year,
                answer: first.value.printed().to_owned(),
                other_answer: doubted.shown(),
                other: doubted.place.to_string(),
            };
            self.query(row, first.from, first.asked, kind);
            return State::Queried;
        }
        let Some(first) = self.agreed(row, year, &row.current, &said) else {
            return if queried.is_some() || !said.is_empty() {
                State::Queried
            } else if kept {
                State::Answered
            } else {
                State::Open
            };
        };
        let remark = said.iter().map(|said| said.from.remark.as_str()).find(|remark| !remark.is_empty());
        let is_explained = said
            .iter()
            .any(|said| writing::is_reason(&said.from.remark) && said.from.remark_look.struck == Struck::No);
        let asked = if !is_explained && is_large_change(row.last_year(), &first.value) {
            let last = row.last_year().map(|value| value.printed().to_owned()).unwrap_or_default();
            Some(ExchangeRule::LargeChange { year, last, answer: first.value.printed().to_owned() })
        } else if self.is_past && row.current.is_reported() && !self.request.accept_revisions {
            let base = row.current.printed().to_owned();
            Some(ExchangeRule::PastRevised { year, base, answer: first.value.printed().to_owned() })
        } else {
            None
        };
        if let Some(kind) = asked {
            self.query(row, first.from, first.asked, kind);
            return State::Queried;
        }
        let kind = if row.current.is_reported() { ChangeKind::Correction } else { ChangeKind::Answer };
        let is_taken = self.change(row, kind, year, &row.current, first, remark.unwrap_or_default());
        if queried.is_some() || !is_taken { State::Queried } else { State::Answered }
    }

    /// Asks whatever calls an answer into question, each at its place; whether anything
    /// does.
    fn doubt<'b>(
        &mut self,
        row: &FormRow,
        from: &ReturnedRow,
        asked: &Asked,
        misgivings: Vec<ExchangeRule>,
        beside: impl Iterator<Item = &'b (Place, ExchangeRule)>,
    ) -> bool {
        let own = misgivings.into_iter().map(|kind| (asked.place.clone(), kind));
        let all: Vec<(Place, ExchangeRule)> = own.chain(beside.cloned()).collect();
        let is_doubtful = !all.is_empty();
        for (place, kind) in all {
            self.query(row, from, &Asked { place, ..asked.clone() }, kind);
        }
        is_doubtful
    }

    /// Why a cell is asked about whatever it says: how it looks, and whether its unit is
    /// still the row's.
    fn misgivings(
        &self,
        row: &FormRow,
        from: &ReturnedRow,
        asked: &Asked,
        sent: &Value,
        year: FiscalYear,
    ) -> Vec<ExchangeRule> {
        let mut all = Vec::new();
        if asked.cell.is_none() {
            return all;
        }
        let answer = || asked.shown();
        match &asked.look.struck {
            Struck::Whole => all.push(ExchangeRule::AnswerStruck { year, answer: answer(), rest: None }),
            Struck::Partly(rest) => {
                let rest = Some(rest.trim().to_owned());
                all.push(ExchangeRule::AnswerStruck { year, answer: answer(), rest });
            }
            Struck::No => {}
        }
        if is_as_sent(asked, sent) {
            return all;
        }
        if let (fill, Some(letters)) = asked.look.colours
            && (letters == 0xFF_FF_FF || fill == Some(letters))
        {
            let shown = "（見えない色の文字）".to_owned();
            all.push(ExchangeRule::ShownDiffers { year, shown, stored: answer() });
        }
        if asked.look.raised {
            all.push(ExchangeRule::AnswerRaised { year, answer: answer() });
        }
        if asked.is_joined {
            all.push(ExchangeRule::AnswerJoined { year, answer: answer() });
        }
        if let Some((unit, shown)) = writing::changed_unit(from, row) {
            all.push(ExchangeRule::UnitCellChanged { unit, shown, answer: answer() });
        }
        all
    }

    /// The years before the one asked for: locked in the form, and changed all the same.
    /// Gives the rows of which a past year is in question, by their numbers.
    fn past_years(&mut self, row: &'a FormRow, came: &[Came<'_>]) -> HashSet<usize> {
        let mut doubtful = HashSet::new();
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
        doubtful: &mut HashSet<usize>,
    ) {
        // What stands in the forms of this year, and what was answered in forms of that.
        let mut asked: Vec<((usize, &Came<'_>), &Asked, &str, bool)> = Vec::new();
        for came in came.iter().enumerate() {
            let from = came.1.row;
            let cell = from.past.iter().find(|(of, _)| *of == year).map(|(_, asked)| asked);
            let sent = from.key.past.iter().find(|(of, _)| *of == year).map(|(_, text)| text.as_str());
            asked.extend(cell.zip(sent).map(|(cell, sent)| (came, cell, sent, false)));
            if from.key.year == year {
                asked.push((came, &from.input, &from.key.base, true));
            }
        }
        let mut said: Vec<Said<'_>> = Vec::new();
        for ((at, Came { row: from, beside }), asked, sent, is_answer) in asked {
            let base = self.value(sent);
            let misgivings = self.misgivings(row, from, asked, &base, year);
            let counts = is_answer && self.says_something(from);
            let beside = beside.iter().filter(|_| counts);
            if self.doubt(row, from, asked, misgivings, beside) {
                doubtful.insert(at);
                continue;
            }
            let notation = self.past_notation(row, year, &from.key.past);
            let value = match self.reading(asked, notation.as_ref()) {
                Reading::Value(value) => value,
                Reading::Blank if is_answer => continue,
                Reading::Blank => Value::NotReported,
                Reading::Doubt(_) if is_as_sent(asked, &base) => continue,
                Reading::Doubt(doubt) => {
                    self.query(row, from, asked, doubted(year, doubt));
                    doubtful.insert(at);
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
                    doubtful.insert(at);
                }
                let (base, answer) = (base.printed().to_owned(), value.printed().to_owned());
                self.query(row, from, asked, ExchangeRule::PastRevised { year, base, answer });
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
            let kind = ExchangeRule::AnswersDiffer {
                year,
                answer: other.value.printed().to_owned(),
                other_answer: first.value.printed().to_owned(),
                other: first.asked.place.to_string(),
            };
            self.query(row, other.from, other.asked, kind);
            agreed = false;
        }
        for said in said.iter().filter(|said| !same(&said.base, master)) {
            let kind = ExchangeRule::MasterChanged {
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
            let kind = ReadingRule::CharacterNotInEncoding { character, encoding: encoding.name() };
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
            file: said.asked.place.file.to_string(),
        });
        true
    }
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
        Doubt::Prefix { text, usual } => ExchangeRule::AnswerPrefixDiffers { year, text, usual },
    }
}

//! What departments wrote beside their answers: quoted, and asked about where it can
//! change a figure.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::collector::{Collector, file_department};
use crate::exchange::earlier;
use crate::exchange::form::{Form, Frame};
use crate::exchange::label::Label;
use crate::exchange::outcome::Query;
use crate::exchange::returned::{PlacedCell, Returned, ReturnedRow, Written, WrittenKind};
use crate::exchange::row::FormRow;
use crate::exchange::status::RowState;
use crate::exchange::wording;
use crate::exchange::writing::{self, Writing};
use crate::finding::{ExchangeRule, FindingKind, Name, Place};
use crate::plan::reading::compact;

/// Different forms in one file whose printed sentences are known.
const MOST_FRAMES: usize = 20;

/// What calls answers into question, by the numbers of their rows, each with its place.
type Doubts = HashMap<usize, Vec<(Place, ExchangeRule)>>;

impl Collector<'_> {
    /// Quotes whatever a file says beside its answers. Gives what calls an answer into
    /// question, by the number of its row.
    pub(super) fn written(&mut self, returned: &Returned) -> Doubts {
        let mut doubts = Doubts::new();
        let ours = self.own_texts(returned);
        // A sheet that was copied says all of it once more.
        let mut of_sheets: HashMap<Option<Name>, HashMap<String, usize>> = HashMap::new();
        let department = file_department(returned).unwrap_or_default();
        let mut is_own = |written: &Written| {
            let sheet = of_sheets.entry(written.place.sheet.clone()).or_insert_with(|| ours.clone());
            let times = sheet.get_mut(&compact(&written.text)).filter(|times| **times > 0);
            let is_own = written.kind == WrittenKind::Cell && times.is_some();
            if let (true, Some(times)) = (is_own, times) {
                *times -= 1;
            }
            is_own
        };
        let foreign: Vec<&Written> = returned.written.iter().filter(|written| !is_own(written)).collect();
        let mut asked_sheets: BTreeSet<Option<&str>> = BTreeSet::new();
        for written in &foreign {
            // Of a sheet that is quoted in several pieces one question is enough.
            let is_first =
                written.kind != WrittenKind::Sheet || asked_sheets.insert(written.place.sheet.as_deref());
            self.one_written(written, returned, department, is_first, &mut doubts);
        }
        // What may say what colours mean: 「赤字は速報値」.
        let said = foreign.iter().map(|written| written.text.as_str());
        let remarks = returned.rows.iter().map(|row| row.remark.as_str());
        let mut texts = said.chain(remarks);
        self.looks(returned, || texts.find(|text| wording::is_legend(text)), &mut doubts);
        let known = |from: &ReturnedRow| self.rows.get(&from.key.id).map(|(of, _)| *of);
        let rows: Vec<(&ReturnedRow, &FormRow)> =
            returned.rows.iter().filter_map(|from| Some((from, known(from)?))).collect();
        let sent = writing::sent_labels(rows.iter().copied());
        for (from, of) in rows {
            for (label, text, place) in writing::changed_labels(from, of, &sent) {
                self.quote(from, Some(of), &format!("{}の欄", label.heading()), &text, &place);
            }
        }
        doubts
    }

    /// A text beside or below the table, a note, a shape. What can change a figure is
    /// asked about, once; it is quoted whole in any case, for a question is one line.
    fn one_written(
        &mut self,
        written: &Written,
        returned: &Returned,
        department: &str,
        may_ask: bool,
        doubts: &mut Doubts,
    ) {
        let from = written.row.and_then(|at| returned.rows.get(at));
        let of = from.and_then(|from| self.rows.get(&from.key.id)).map(|(row, _)| *row);
        let (kind, text) = (written.kind.name(of.is_some()), written.text.clone());
        // Doubts an answer anything can change it but a greeting; elsewhere only what names
        // a figure or doubts one.
        let asks = match of {
            Some(_) => !wording::is_courtesy(&text),
            None => wording::can_change_figure(&text),
        };
        if asks && may_ask && written.kind != WrittenKind::Keyless {
            match (written.row, from.zip(of)) {
                (Some(at), Some((from, _))) if self.says_something(from) => {
                    let asks = (written.place.clone(), ExchangeRule::WrittenBesideAnswer { kind, text });
                    doubts.entry(at).or_default().push(asks);
                }
                (_, Some((from, of))) => {
                    let asked = PlacedCell { place: written.place.clone(), ..from.input.clone() };
                    self.query(of, from, &asked, ExchangeRule::WrittenBesideAnswer { kind, text });
                    self.states.insert(of.id.clone(), RowState::Queried);
                }
                _ => self.outside(written, department, ExchangeRule::WrittenOutside { kind, text }),
            }
        }
        self.outcome.writings.push(Writing {
            department: from.map_or(department, |from| from.key.department.as_str()).to_owned(),
            id: of.map(|of| of.master_id().to_owned()).unwrap_or_default(),
            owner: of.map(|of| of.owner.clone()).unwrap_or_default(),
            item: of.map(|of| of.item.clone()).unwrap_or_default(),
            kind: kind.to_owned(),
            text: written.text.clone(),
            place: written.place.clone(),
        });
    }

    /// Asks about a text that stands beside no answer.
    fn outside(&mut self, written: &Written, department: &str, kind: impl Into<FindingKind>) {
        let kind = kind.into();
        self.outcome.queries.push(Query {
            department: department.to_owned(),
            id: String::new(),
            owner: String::new(),
            item: String::new(),
            question: kind.message(),
            help: kind.help(),
            answer: written.text.clone(),
            remark: String::new(),
            place: written.place.clone(),
            row: written.place.clone(),
        });
        self.outcome.findings.push_at(written.place.clone(), kind);
    }

    /// Answers that are coloured, or in rows that do not show.
    /// `find_legend` looks for a text that may say what colours mean, once.
    fn looks<'r>(
        &mut self,
        returned: &Returned,
        mut find_legend: impl FnMut() -> Option<&'r str>,
        doubts: &mut Doubts,
    ) {
        let usual = writing::usual_look(returned);
        let mut legend: Option<Option<&str>> = None;
        for (at, from) in returned.rows.iter().enumerate() {
            let Some((of, _)) = self.rows.get(&from.key.id).copied() else { continue };
            if !self.says_something(from) {
                continue;
            }
            let answer = from.input.shown();
            if writing::is_coloured(&from.input.look, &usual) {
                if let Some(legend) = *legend.get_or_insert_with(&mut find_legend) {
                    let kind =
                        ExchangeRule::AnswerColoured { answer: answer.clone(), legend: legend.to_owned() };
                    doubts.entry(at).or_default().push((from.input.place.clone(), kind));
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

    /// What the form in a file was sent out with and its rows do not tell, folded, each
    /// as often as it may occur: the sentences around the table, where the file itself
    /// does not know them, and the rows whose keys are gone.
    fn own_texts(&self, returned: &Returned) -> HashMap<String, usize> {
        let mut all: HashMap<String, usize> = HashMap::new();
        let mut add = |text: &str| *all.entry(compact(text)).or_default() += 1;
        if returned.tells_own_texts {
            return all;
        }
        let plan = &self.request.settings.plan;
        let mut seen = BTreeSet::new();
        for key in returned.rows.iter().map(|row| &row.key) {
            if seen.len() < MOST_FRAMES && seen.insert((&key.department, key.year, key.due)) {
                let named = (plan.name.as_str(), plan.office.as_str(), key.department.as_str());
                let past = key.past.iter().map(|(year, _)| *year);
                let frame = Frame::new(named, key.year, key.due, past, self.vocabulary.words());
                let earlier = earlier::texts(&frame, key.year, self.vocabulary.words());
                frame.texts().chain(earlier).for_each(|text| add(&text));
            }
        }
        let department = file_department(returned);
        let form = department.and_then(|department| self.forms.get(department)).copied();
        let there: HashSet<&str> = returned.rows.iter().map(|row| row.key.id.as_str()).collect();
        let rows = form.iter().flat_map(|form| &form.rows);
        for row in rows.filter(|row| !there.contains(row.id.as_str())) {
            Label::ALL.into_iter().for_each(|label| add(&row.label(label)));
            row.past.iter().for_each(|(_, value)| add(value.printed()));
            Form::CHECKS.into_iter().for_each(&mut add);
        }
        all
    }
}

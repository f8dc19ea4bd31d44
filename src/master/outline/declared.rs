//! The columns that a plan declares for itself (`[[fields]]`).

use super::{Outline, shortened};
use crate::finding::StructureRule;
use crate::master::columns::Column;
use crate::plan::{Declared, DeclaredCell, Row, RowKind, reading};
use crate::settings::{FieldForm, FieldSettings};

/// What may be chosen in a column: as it is compared, and as the plan writes it.
pub(super) type Choices = Vec<(String, String)>;

/// The choices of every declared column.
pub(super) fn choices(fields: &[FieldSettings]) -> Vec<Choices> {
    let of = |field: &FieldSettings| {
        field.choices.iter().map(|choice| (reading::key(choice), choice.trim().to_owned())).collect()
    };
    fields.iter().map(of).collect()
}

impl Outline<'_> {
    /// What a row says in the columns declared for its kind: in each of them, be it nothing.
    pub(super) fn declared(&mut self, row: Row, kind: RowKind) -> Declared {
        let source = self.source;
        let fields =
            source.columns().fields.iter().enumerate().filter(|(_, field)| field.rows.contains(&kind));
        let cells = fields.map(|(at, field)| {
            let column = Column::Declared(at);
            let cell = match field.form {
                FieldForm::Text => DeclaredCell::Text(self.text(row, column)),
                FieldForm::Choice => DeclaredCell::Text(self.choice(row, at)),
                FieldForm::Number => DeclaredCell::Figure(self.value(row, column)),
            };
            (field.name.clone(), cell)
        });
        Declared::new(cells.collect())
    }

    /// The choice as `plan.toml` writes it, in whatever width the master does.
    fn choice(&mut self, row: Row, at: usize) -> String {
        let text = self.text(row, Column::Declared(at));
        let key = reading::key(&text);
        let choices = self.choices.get_mut(at).map(std::mem::take).unwrap_or_default();
        let known = choices.iter().find(|(folded, _)| *folded == key).map(|(_, choice)| choice.clone());
        if known.is_none() && !key.is_empty() && !self.shifted.contains(&row) {
            let nearest = self.suggest(&text, choices.iter().map(|(_, choice)| choice.as_str()));
            let nearest = nearest.map(str::to_owned);
            let all = choices.iter().map(|(_, choice)| choice.clone()).collect();
            let kind = StructureRule::NoSuchChoice { text: shortened(&text), nearest, choices: all };
            self.report(row, Column::Declared(at), kind);
        }
        if let Some(of) = self.choices.get_mut(at) {
            *of = choices;
        }
        known.unwrap_or(text)
    }
}

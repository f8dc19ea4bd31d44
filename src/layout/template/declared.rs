//! Columns that a template takes for declared: the plan says whether they are.

use super::level::Level;
use super::mark::Name;
use crate::finding::{Place, nearest};
use crate::settings::FieldSettings;

/// Where a template uses a column that the plan has to declare.
#[derive(Debug, Clone)]
pub struct DeclaredUse {
    /// The column's name.
    pub name: String,
    /// Of whose records.
    pub level: Level,
    /// Where it is used.
    pub place: Place,
}

impl DeclaredUse {
    /// Whether it is one of the columns that a plan declares.
    pub fn is_among(&self, fields: &[FieldSettings]) -> bool {
        let kind = self.level.row_kind();
        let is_it = |field: &FieldSettings| {
            field.name == self.name && kind.is_some_and(|kind| field.rows.contains(&kind))
        };
        fields.iter().any(is_it)
    }

    /// What to say of a name that is neither the program's nor the plan's.
    pub(super) fn unknown(&self, fields: &[FieldSettings]) -> String {
        let (name, level) = (&self.name, self.level.word());
        if fields.iter().any(|field| field.name == *name) {
            return format!(
                "「{name}」は、{level}の項目ではありません。plan.toml の [[fields]] で、rows に「{level}」を加えてください"
            );
        }
        let own =
            |field: &&FieldSettings| self.level.row_kind().is_some_and(|kind| field.rows.contains(&kind));
        let known: Vec<String> = Name::of(self.level)
            .chain(Name::of_document())
            .map(|name| name.word())
            .chain(fields.iter().filter(own).map(|field| field.name.clone()))
            .collect();
        let perhaps = match nearest(name, known.iter().map(String::as_str)) {
            Some(nearest) => format!("「{nearest}」ではありませんか"),
            None => format!("書けるのは、{}です", known.join("、")),
        };
        format!(
            "{level}に「{name}」という項目はありません。{perhaps}。マスタに足した列なら、plan.toml の [[fields]] に書いてください"
        )
    }
}

//! What a row says in the columns that a plan declares for itself (`[[fields]]`).

use super::Value;

/// The declared columns of one row, in the order in which the plan declares them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared(Vec<(String, DeclaredCell)>);

/// What a row says in one declared column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredCell {
    /// Words: a text, or one of the choices. Empty where nobody has written any.
    Text(String),
    /// A figure.
    Figure(Value),
}

impl Declared {
    /// These cells, each under its column's name.
    pub fn new(cells: Vec<(String, DeclaredCell)>) -> Self {
        Self(cells)
    }

    /// The cell of a column; `None` where the plan declares none of that name for such rows.
    pub fn get(&self, name: &str) -> Option<&DeclaredCell> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, cell)| cell)
    }

    /// All cells with the names of their columns.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &DeclaredCell)> {
        self.0.iter().map(|(name, cell)| (name.as_str(), cell))
    }
}

impl DeclaredCell {
    /// The text to print.
    pub fn printed(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Figure(value) => value.printed(),
        }
    }
}

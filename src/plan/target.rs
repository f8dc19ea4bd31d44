//! 「目標」: the printed sentence of a target, read into what it asks for.

/// A target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target;

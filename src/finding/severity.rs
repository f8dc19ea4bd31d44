//! How grave a finding is.

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 「警告」: the documents can be made; somebody should look.
    Warning,
    /// 「エラー」: no document may be made from this.
    Error,
}

impl Severity {
    /// Of a rule, by the first letter of its code: `E` or `W`.
    pub(super) fn of(code: &str) -> Self {
        if code.starts_with('E') { Self::Error } else { Self::Warning }
    }

    /// As messages name it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Warning => "警告",
            Self::Error => "エラー",
        }
    }
}

//! The steps of a year's work.

/// A step of the year's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// 「調べる」
    Check,
    /// 「作る」
    Build,
    /// 「配る」
    Distribute,
    /// 「集める」
    Collect,
    /// 「保存する」
    Archive,
}

impl Step {
    /// In their order.
    pub const ALL: [Self; 5] = [Self::Check, Self::Build, Self::Distribute, Self::Collect, Self::Archive];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Check => "調べる",
            Self::Build => "作る",
            Self::Distribute => "配る",
            Self::Collect => "集める",
            Self::Archive => "保存する",
        }
    }

    /// Its part of an address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Build => "build",
            Self::Distribute => "distribute",
            Self::Collect => "collect",
            Self::Archive => "archive",
        }
    }
}

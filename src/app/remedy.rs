//! What can be done about a refusal. A use case knows no options and no buttons: each face of the
//! program says the remedy in the words of its own controls.

use std::fmt::{self, Display};

use crate::plan::FiscalYear;

/// What the user can ask for instead of what was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// One of the years that the master has.
    Year(Vec<FiscalYear>),
    /// One document alone, or templates in `plan.toml`.
    OneDocument,
    /// A corrected edition, with a reason.
    Revise,
    /// An edition without a reason: there is none to correct.
    DoNotRevise,
    /// A reason that is not empty.
    Reason,
    /// That links may lead out of the plan's folder.
    FollowLinks,
    /// Another name of the file.
    OtherName,
}

impl Remedy {
    /// The error that has this remedy; `what` is a sentence without its 「。」.
    pub(super) fn of(self, what: String) -> anyhow::Error {
        Refused { what, remedy: self }.into()
    }
}

/// In words that hold for any face.
impl Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(years) => write!(f, "選べる年度は {} です", listed(years)),
            Self::OneDocument => {
                f.write_str("plan.toml の [[documents]] の template に書くか、文書を1つ選んでください")
            }
            Self::Revise => f.write_str("訂正するときは、訂正の理由を書いてください"),
            Self::DoNotRevise => f.write_str("訂正の理由を書かずに保存してください"),
            Self::Reason => f.write_str("訂正の理由を書いてください"),
            Self::FollowLinks => f.write_str("そこに保存してよいか、確認してください"),
            Self::OtherName => f.write_str("別の名前を指定してください"),
        }
    }
}

/// 「R4、R5」
pub fn listed(years: &[FiscalYear]) -> String {
    years.iter().map(FiscalYear::to_string).collect::<Vec<_>>().join("、")
}

/// What was refused, with what can be done about it: an error of
/// [`Failure::Environment`](super::Failure).
#[derive(Debug, thiserror::Error)]
#[error("{what}。{remedy}")]
pub struct Refused {
    /// What is wrong, without its 「。」.
    pub what: String,
    /// What can be done.
    pub remedy: Remedy,
}

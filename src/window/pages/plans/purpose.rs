//! What a folder is looked for, and the addresses that say so.

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A plan, to open it.
    Plan,
    /// A place for the example.
    Example,
    /// A place for the next period of a plan.
    Next,
}

impl Purpose {
    /// Its part of an address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Example => "example",
            Self::Next => "next",
        }
    }

    /// The heading of the list of folders.
    pub fn title(self) -> &'static str {
        match self {
            Self::Plan => "フォルダーから計画を選ぶ",
            Self::Example | Self::Next => "新しい計画を置くフォルダーを選ぶ",
        }
    }
}

/// The address of the form of a new plan.
pub fn form_address(purpose: Purpose, place: Option<&str>, from: Option<&str>) -> String {
    let asked = [("in", place), ("from", from)];
    let asked: Vec<String> =
        asked.into_iter().filter_map(|(key, id)| Some(format!("{key}={}", id?))).collect();
    let mark = if asked.is_empty() { "" } else { "?" };
    format!("/new/{}{mark}{}", purpose.key(), asked.join("&"))
}

/// `to=next&from=0123456789abcdef`; an ID that is none is left out.
pub fn rest(purpose: Purpose, from: Option<&str>) -> String {
    let from = from.filter(|id| id.chars().all(|c| c.is_ascii_alphanumeric()));
    let from = from.map(|id| format!("&from={id}")).unwrap_or_default();
    format!("to={}{from}", purpose.key())
}

/// The address of the list, from where a folder for something is looked for.
pub fn list_address(purpose: Purpose, at: Option<&str>, from: Option<&str>) -> String {
    let at = at.map(|id| format!("at={id}&")).unwrap_or_default();
    format!("/folders?{at}{}", rest(purpose, from))
}

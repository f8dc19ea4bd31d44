//! Every rule, declared once: its code, what its finding holds, its message, what to do.
//!
//! One file a family. A rule's doc comment is the rule in Japanese, from which the manual's
//! list is made. Codes are stable: a code is never given to another rule, and its first letter
//! is the severity.
//!
//! A macro, because an enum keeps its fields apart from what is said of them, and a match that
//! returned all of it would make the texts of a finding wherever only its code is asked for.

/// A family: an enum of its rules. Of each rule
///
/// ```text
/// /// 「再掲元」に書かれた事業が計画にない。           the rule, as the manual lists it
/// E201 ReprintOfUnknownProject { id: String, … }        its code; what its finding holds
///     message: "事業「{}」が見つかりません", quote(id); what is wrong, as for `format!`
///     help: perhaps(nearest.as_deref(), "…");           what to do; empty where the message says it
/// ```
///
/// Message and help see the fields as references.
macro_rules! rules {
    (
        $(#[$about:meta])*
        pub enum $family:ident;
        $(
            #[doc = $sentence:literal]
            $code:ident $rule:ident $({ $($field:ident: $type:ty),* $(,)? })?
                message: $message:literal $(, $part:expr)*;
                help: $help:expr;
        )*
    ) => {
        $(#[$about])*
        // The fields say in their names what the rule's sentence speaks of.
        #[allow(missing_docs)]
        #[derive(Debug, Clone, PartialEq)]
        pub enum $family {
            $(#[doc = concat!(stringify!($code), $sentence)] $rule $({ $($field: $type),* })?,)*
        }

        // A message or a help speaks of some of the fields.
        #[allow(unused_variables)]
        impl $family {
            /// The code of every rule, and its sentence.
            pub(super) const ALL: &[(&str, &str)] = &[$((stringify!($code), $sentence)),*];

            pub(super) fn code(&self) -> &'static str {
                match self { $(Self::$rule { .. } => stringify!($code),)* }
            }

            pub(super) fn message(&self) -> String {
                match self { $(Self::$rule $({ $($field),* })? => format!($message $(, $part)*),)* }
            }

            pub(super) fn help(&self) -> String {
                match self { $(Self::$rule $({ $($field),* })? => String::from($help),)* }
            }
        }
    };
}

mod archive;
mod exchange;
mod layout;
mod phrase;
mod reading;
mod settings;
mod structure;
mod values;

#[cfg(test)]
mod tests;

pub use archive::ArchiveRule;
pub use exchange::ExchangeRule;
pub use layout::LayoutRule;
pub use reading::ReadingRule;
pub use settings::SettingsRule;
pub use structure::StructureRule;
pub use values::ValueRule;

/// A rule of any family.
macro_rules! families {
    ($($name:ident($family:ident),)*) => {
        /// Which rule, with what its message needs.
        #[derive(Debug, Clone, PartialEq)]
        pub enum FindingKind {
            $(#[doc = concat!("See [`", stringify!($family), "`].")] $name($family),)*
        }

        $(impl From<$family> for FindingKind {
            fn from(rule: $family) -> Self {
                Self::$name(rule)
            }
        })*

        impl FindingKind {
            /// The stable code, such as `E201`.
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name(rule) => rule.code(),)* }
            }

            /// What is wrong, one sentence in Japanese.
            pub fn message(&self) -> String {
                match self { $(Self::$name(rule) => rule.message(),)* }
            }

            /// What to do, in Japanese; empty where the message says it all.
            pub fn help(&self) -> String {
                match self { $(Self::$name(rule) => rule.help(),)* }
            }

            /// The code of every rule and its sentence, in the order of the manual.
            pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
                let families = [$($family::ALL),*];
                families.into_iter().flatten().map(|(code, sentence)| (*code, sentence.trim_start()))
            }
        }
    };
}

families! {
    Reading(ReadingRule),
    Settings(SettingsRule),
    Structure(StructureRule),
    Value(ValueRule),
    Layout(LayoutRule),
    Exchange(ExchangeRule),
    Archive(ArchiveRule),
}

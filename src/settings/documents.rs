//! `[[documents]]`: the documents that are made of the plan.

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, de};
use toml::de::{DeTable, DeValue};

use super::Settings;
use crate::file_name::{BUNDLE, DATA, ERRATA, folded_name, is_safe_name};
use crate::plan::FiscalYear;

/// A document of a plan that declares none.
const ACTUALS: &str = "実績一覧";
/// The longest name, in letters: it stands in the name of a file beside the plan's ID.
const LONGEST_NAME: usize = 30;
/// No plan has more documents: no council reads as many.
pub const MOST_DOCUMENTS: usize = 20;

/// A document that is made of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanDocument {
    /// Stands in the names of its files, such as 事務事業評価シート.
    pub name: String,
    /// Its template, relative to `plan.toml`: that of `[document]` where none is named, the
    /// official one where it is empty.
    pub template: Option<PathBuf>,
    /// Its title, in place of the plan's.
    pub title: Option<String>,
    /// 「資料２」, in place of the one of `[document]`.
    pub number: Option<String>,
    /// The editions it belongs to; all where none is named.
    #[serde(default, deserialize_with = "years")]
    pub editions: Vec<FiscalYear>,
}

impl PlanDocument {
    /// The documents of a plan that declares none: the official one.
    pub fn official() -> Vec<Self> {
        let (template, title, number) = (None, None, None);
        vec![Self { name: ACTUALS.to_owned(), template, title, number, editions: Vec::new() }]
    }

    /// Whether the edition of a year has it.
    pub fn is_of(&self, year: FiscalYear) -> bool {
        self.editions.is_empty() || self.editions.contains(&year)
    }
}

impl Settings {
    /// The settings as they are for one of the documents: with its own title and number.
    pub fn of(&self, document: &PlanDocument) -> Self {
        let mut own = self.clone();
        own.plan.title = document.title.clone().unwrap_or(own.plan.title);
        own.document.number = document.number.clone().unwrap_or(own.document.number);
        own
    }

    /// The template's file of a document, relative to `plan.toml`; `None` for the official one.
    pub fn template_of<'a>(&'a self, document: &'a PlanDocument) -> Option<&'a Path> {
        let template = document.template.as_deref().or(self.document.template.as_deref());
        template.filter(|path| !path.as_os_str().is_empty())
    }
}

fn years<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<FiscalYear>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    let read = |word: &String| {
        FiscalYear::parse(word)
            .ok_or_else(|| de::Error::custom(format!("「{word}」は年度として読めません（例 \"R4\"）")))
    };
    words.iter().map(read).collect()
}

/// What is wrong with the documents of a `plan.toml`, each with its place.
pub(super) fn refusals(table: &DeTable<'_>) -> Vec<(Range<usize>, String)> {
    let Some(listed) = table.get("documents") else { return Vec::new() };
    let DeValue::Array(documents) = listed.get_ref() else { return Vec::new() };
    let mut refused = Vec::new();
    if documents.is_empty() {
        let why = "「documents」に文書が1つもありません。1つ以上書くか、この行を消してください";
        refused.push((listed.span(), why.to_owned()));
    }
    let mut taken = HashSet::from([DATA, ERRATA, BUNDLE].map(folded_name));
    for (at, document) in documents.iter().enumerate() {
        let DeValue::Table(document) = document.get_ref() else { continue };
        if let Some((name, span)) =
            document.get("name").and_then(|it| Some((it.get_ref().as_str()?, it.span())))
        {
            let is_taken = !taken.insert(folded_name(name));
            let why = match () {
                () if at >= MOST_DOCUMENTS => {
                    format!("の文書が多すぎます。書けるのは{MOST_DOCUMENTS}個までです")
                }
                () if is_taken => format!("に「{name}」は使えません。同じ名前のファイルがほかにできます"),
                () if name.chars().count() > LONGEST_NAME => {
                    format!("の文字が長すぎます。書けるのは{LONGEST_NAME}字までです")
                }
                () if !is_name(name) => format!("の「{name}」は、ファイルの名前に使えません"),
                () => String::new(),
            };
            if !why.is_empty() {
                refused.push((span, format!("「documents.name」{why}")));
            }
        }
        let is_empty = |list: &DeValue<'_>| list.as_array().is_some_and(|list| list.is_empty());
        if let Some(editions) = document.get("editions").filter(|list| is_empty(list.get_ref())) {
            let why =
                "「documents.editions」に年度がありません。すべての年度の文書なら、この行を消してください";
            refused.push((editions.span(), why.to_owned()));
        }
    }
    refused
}

/// Whether a name can stand between others in the name of a file.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name == name.trim() && is_safe_name(&format!("_{name}_.pdf"))
}

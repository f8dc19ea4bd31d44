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
        let why = "「documents」に文書が1つもありません。1つ以上書くか、この行を削除してください";
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
                "「documents.editions」に年度がありません。すべての年度の文書なら、この行を削除してください";
            refused.push((editions.span(), why.to_owned()));
        }
    }
    refused
}

/// Whether a name can stand between others in the name of a file.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name == name.trim() && is_safe_name(&format!("_{name}_.pdf"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PLAN: &str = "[plan]\nid = 'a'\ncity = 'b'\noffice = 'c'\nname = 'd'\ntitle = 'e'\n\
                        [document]\nnumber = '資料１'\ntemplate = '市.toml'\n";

    fn read(documents: &str) -> Result<Settings, Vec<String>> {
        let read = Settings::read(format!("{PLAN}{documents}").as_bytes(), "plan.toml");
        read.map_err(|findings| findings.iter().map(|finding| finding.message()).collect())
    }

    #[test]
    fn a_document_says_only_what_is_its_own() {
        let settings = read(
            "[[documents]]\nname = '一'\n[[documents]]\nname = '二'\ntemplate = ''\ntitle = '題'\n\
             number = ''\neditions = ['R4', '令和5年度']",
        )
        .unwrap();
        let [one, two] = settings.documents.as_slice() else { panic!("{settings:?}") };
        let shown = |document| {
            let own = settings.of(document);
            let template = settings.template_of(document).map(Path::to_path_buf);
            (own.plan.title, own.document.number, template)
        };
        assert_eq!(shown(one), ("e".into(), "資料１".into(), Some("市.toml".into())));
        assert_eq!(shown(two), ("題".into(), String::new(), None));
        let of =
            |document: &PlanDocument| [3, 4, 5].map(|year| document.is_of(FiscalYear::starting(2018 + year)));
        assert_eq!((of(one), of(two)), ([true; 3], [false, true, true]));
        let official = read("").unwrap();
        assert_eq!(official.documents, PlanDocument::official());
        assert_eq!(official.template_of(&official.documents[0]), Some(Path::new("市.toml")));
    }

    #[test]
    fn a_name_that_makes_no_file_of_its_own_is_refused() {
        for name in
            ["", " ", "データ", "正誤表", "保存用", "a/b", "a?", "a\\u0007", "表\u{202E}", &"長".repeat(31)]
        {
            let said = read(&format!("[[documents]]\nname = \"{name}\"")).unwrap_err();
            assert!(said.iter().any(|said| said.contains("「documents.name」")), "{name}: {said:?}");
        }
        let twice = "[[documents]]\nname = 'Ａ表'\n[[documents]]\nname = 'ａ表'";
        assert_eq!(read(twice).unwrap_err().len(), 1);
        let many: String = (0..=MOST_DOCUMENTS).map(|at| format!("[[documents]]\nname = '{at}'\n")).collect();
        assert_eq!(
            read(&many).unwrap_err(),
            ["「documents.name」の文書が多すぎます。書けるのは20個までです"]
        );
        for editions in ["[]", "['来年']", "'R4'", "[4]"] {
            assert!(
                read(&format!("[[documents]]\nname = '表'\neditions = {editions}")).is_err(),
                "{editions}"
            );
        }
        assert!(read("[[documents]]\ntitle = '題'").is_err());
    }
}

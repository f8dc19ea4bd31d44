//! The names that may be written in a template, with what a plan says of each.

use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::super::{Loaded, Observer, Result, as_path};
use super::{loaded, plan_folder};
use crate::layout;
use crate::layout::template::{Level, Name, Template};
use crate::settings::{FieldForm, FieldSettings};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan, as for [`check`](super::check::Request::plan).
    pub plan: Option<PathBuf>,
}

/// What may be written.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The plan of the examples; `None` where there is none.
    #[serde(serialize_with = "as_plan")]
    pub plan: Option<PathBuf>,
    /// By the level of the plan that has them, from the highest.
    pub fields: Vec<Field>,
    /// How marks are written.
    pub grammar: [&'static str; 3],
}

/// A name.
#[derive(Debug, Serialize)]
pub struct Field {
    /// The level that has it; 計画 for what may stand anywhere.
    pub level: &'static str,
    /// The name.
    pub name: String,
    /// As it is written for a record of the level.
    pub mark: String,
    /// As it is written for what belongs to a record of the level; `None` where that cannot be.
    pub below: Option<String>,
    /// What it is.
    pub meaning: String,
    /// 文章, 選択, 数 or 年度ごとの数.
    #[serde(rename = "type")]
    pub form: &'static str,
    /// The words of which it may be one, where it is a 選択.
    pub choices: Vec<String>,
    /// The first that the plan says.
    pub example: Option<String>,
}

/// How marks are written, in words.
const GRAMMAR: [&str; 3] = [
    "{名称} はその件の値、{施策.名称} はその件が属する施策の値、{事業費「計」.決算} は名称で選んだ事業費の値です。",
    "年度ごとの数は、年度の列（years）ではその年度の値です。ほかの欄では {実績.今年度} のように、今年度・前年度・翌年度・R4 を付けます。",
    "{【担当課】} のように { } の中に書いた記号や空白は、値があるときだけ印刷します。書き方は {番号:全角} {今年度:元号} {評価:選択} で変えられます。",
];

/// Lists the names.
///
/// # Errors
/// A folder that was named and is none of a plan; a file that cannot be opened.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    let folder = plan_folder(request.plan.as_deref())?;
    let plan = folder.as_ref().map(|folder| loaded(folder, observer)).transpose()?.flatten();
    let plan = plan.map(|(plan, _)| plan);
    let template = Template::official();
    let example = |level: Level, name: &Name| {
        let Loaded { settings, master, .. } = plan.as_ref()?;
        layout::example(&master.plan, settings, &template, level, name)
    };
    let fields = Level::ALL.into_iter().flat_map(|level| {
        let declared: &[FieldSettings] = plan.as_ref().map_or(&[], |plan| &plan.settings.fields);
        let given = given(level).into_iter().map(|name| (name, None));
        let is_own =
            move |field: &&FieldSettings| level.row_kind().is_some_and(|kind| field.rows.contains(&kind));
        let declared = declared.iter().filter(is_own);
        let declared = declared.map(|field| (Name::Declared(field.name.clone()), Some(field)));
        let all: Vec<Field> =
            given.chain(declared).map(|(name, of)| field(level, &name, of, example(level, &name))).collect();
        all
    });
    let fields = fields.collect();
    Ok(Report { plan: folder.map(|folder| folder.path().to_path_buf()), fields, grammar: GRAMMAR })
}

/// The program's own names of a level.
fn given(level: Level) -> Vec<Name> {
    match level {
        Level::Plan => Name::of_document().chain([Name::Heading(1)]).collect(),
        _ => Name::of(level).collect(),
    }
}

/// `{施策.名称}`, `{事業費「計」.決算}`
fn below(level: Level, name: &Name) -> Option<String> {
    let has_children = Level::ALL.into_iter().any(|other| other.parent() == Some(level));
    match level {
        Level::Cost if name.is_of_a_year() => Some(format!("{{事業費「計」.{}}}", name.word())),
        Level::Plan => None,
        _ if has_children => Some(format!("{{{}.{}}}", level.word(), name.word())),
        _ => None,
    }
}

fn field(level: Level, name: &Name, declared: Option<&FieldSettings>, example: Option<String>) -> Field {
    let form = match (declared, name) {
        (Some(field), _) => field.form.word(),
        (None, Name::Baseline) => FieldForm::Number.word(),
        (None, name) if name.is_of_a_year() => "年度ごとの数",
        (None, _) => FieldForm::Text.word(),
    };
    Field {
        level: level.word(),
        name: name.word(),
        mark: format!("{{{}}}", name.word()),
        below: below(level, name),
        meaning: name.meaning().to_owned(),
        form,
        choices: declared.map(|field| field.choices.clone()).unwrap_or_default(),
        example,
    }
}

fn as_plan<S: Serializer>(plan: &Option<PathBuf>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    match plan {
        Some(path) => as_path(path, serializer),
        None => serializer.serialize_none(),
    }
}

//! `[[fields]]`: columns of the master that a plan declares for itself, such as 評価.
//!
//! Each is found by its name: in the master's header, in templates, on forms. So a name
//! must not be anything else there.

use serde::{Deserialize, Deserializer, de};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::finding::{Findings, SettingsRule, nearest};
use crate::plan::reading::{compact, is_blank, key};
use crate::plan::{FiscalYear, RowKind};
use crate::toml_file;

/// A declared column.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSettings {
    /// The column's heading, and its name in templates.
    pub name: String,
    /// The kinds of rows that use it, by the words of 「種別」.
    #[serde(deserialize_with = "row_kinds")]
    pub rows: Vec<RowKind>,
    /// What stands in its cells.
    #[serde(rename = "type", default)]
    pub form: FieldForm,
    /// The words of which a cell may hold one, where `form` is [`FieldForm::Choice`].
    #[serde(default)]
    pub choices: Vec<String>,
    /// Whether the departments are asked for it on their forms.
    #[serde(default = "asked")]
    pub ask: bool,
}

/// What stands in the cells of a declared column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum FieldForm {
    /// Any words.
    #[default]
    #[serde(rename = "文章")]
    Text,
    /// One of a list of words.
    #[serde(rename = "選択")]
    Choice,
    /// A figure.
    #[serde(rename = "数")]
    Number,
}

impl FieldForm {
    /// As `plan.toml` writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "文章",
            Self::Choice => "選択",
            Self::Number => "数",
        }
    }
}

fn asked() -> bool {
    true
}

/// Words that [`check`] has passed.
fn row_kinds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RowKind>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    let read = |word: &String| {
        RowKind::parse(word).ok_or_else(|| de::Error::custom(format!("「{word}」という種別はありません")))
    };
    words.iter().map(read).collect()
}

/// The most columns that a plan may declare: every row has a cell of each of its own.
const MOST_FIELDS: usize = 50;
/// The longest name, in letters: a heading of more is a sentence.
const LONGEST_NAME: usize = 30;
/// What marks are made of in templates (`{事業費「計」.決算:元号}`, `{【評価】}`).
const OF_MARKS: [char; 8] = ['{', '}', '「', '」', '【', '】', '.', ':'];
/// The headings of the master's own columns, and other names that templates know.
const TAKEN: [&str; 34] = [
    "種別",
    "ID",
    "番号",
    "名称",
    "担当課",
    "区分",
    "再掲元",
    "目的",
    "内容",
    "目標",
    "基準値",
    "備考",
    "実績",
    "決算",
    "予算",
    "目標値",
    "計画",
    "年度",
    "今年度",
    "前年度",
    "翌年度",
    "計",
    "計画名",
    "題名",
    "資料番号",
    "注記",
    "市",
    "部署",
    "見出し1",
    "見出し2",
    "見出し3",
    "見出し4",
    "見出し5",
    "見出し6",
];

/// What is wrong with the declared columns, each with its line. Values of a wrong type are
/// left to the reading as a whole.
pub(super) fn check(table: &DeTable<'_>, text: &str, file_name: &str) -> Findings {
    let mut checker = Checker { text, file_name, names: Vec::new(), findings: Findings::new() };
    let Some(list) = value(table, "fields").and_then(|fields| fields.get_ref().as_array()) else {
        return checker.findings;
    };
    for (at, field) in list.iter().enumerate() {
        if at == MOST_FIELDS {
            checker.tell(field, SettingsRule::TooManyFields { most: MOST_FIELDS });
            break;
        }
        if let Some(table) = field.get_ref().as_table() {
            checker.field(table);
        }
    }
    checker.findings
}

fn value<'t, 'a>(table: &'t DeTable<'a>, name: &str) -> Option<&'t Spanned<DeValue<'a>>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
}

/// The texts of a list.
fn words<'t>(list: &'t Spanned<DeValue<'_>>) -> Vec<(&'t Spanned<DeValue<'t>>, &'t str)> {
    let words = list.get_ref().as_array().into_iter().flatten();
    words.filter_map(|word| Some((word, word.get_ref().as_str()?))).collect()
}

struct Checker<'a> {
    text: &'a str,
    file_name: &'a str,
    /// The names so far, as they are compared, and their lines.
    names: Vec<(String, usize)>,
    findings: Findings,
}

impl Checker<'_> {
    fn tell(&mut self, at: &Spanned<DeValue<'_>>, rule: SettingsRule) {
        self.findings.push_at(toml_file::place(self.text, &at.span(), self.file_name), rule);
    }

    fn field(&mut self, table: &DeTable<'_>) {
        if let Some(name) = value(table, "name") {
            self.name(name);
        }
        if let Some(rows) = value(table, "rows") {
            self.rows(rows);
        }
        let form = value(table, "type");
        let is_choice = form.and_then(|form| form.get_ref().as_str()) == Some(FieldForm::Choice.word());
        match (value(table, "choices"), form) {
            (Some(choices), _) => self.choices(choices, is_choice),
            (None, Some(form)) if is_choice => self.tell(form, SettingsRule::NoChoices),
            _ => {}
        }
    }

    fn name(&mut self, at: &Spanned<DeValue<'_>>) {
        let Some(name) = at.get_ref().as_str() else { return };
        let folded = compact(name).to_lowercase();
        let is_taken = TAKEN.iter().any(|taken| taken.to_lowercase() == folded)
            || RowKind::words().any(|word| word.to_lowercase() == folded)
            || FiscalYear::parse(name).is_some();
        let mark = folded.chars().find(|c| OF_MARKS.contains(c));
        let why = if folded.is_empty() {
            Some("空です".to_owned())
        } else if name.chars().count() > LONGEST_NAME {
            Some(format!("長すぎます。{LONGEST_NAME}字までです"))
        } else if is_taken {
            Some("ほかのものの名前です".to_owned())
        } else if let Some(mark) = mark {
            Some(format!("「{mark}」は使えません"))
        } else if name.contains(is_blank) {
            Some("空白は使えません".to_owned())
        } else {
            None
        };
        if let Some(why) = why {
            return self.tell(at, SettingsRule::FieldName { name: toml_file::cut(name), why });
        }
        match self.names.iter().find(|(other, _)| *other == folded) {
            Some(&(_, line)) => {
                self.tell(at, SettingsRule::DuplicateField { name: name.to_owned(), line });
            }
            None => {
                let line = toml_file::place(self.text, &at.span(), self.file_name).line.unwrap_or_default();
                self.names.push((folded, line));
            }
        }
    }

    fn rows(&mut self, at: &Spanned<DeValue<'_>>) {
        if at.get_ref().as_array().is_some_and(|list| list.is_empty()) {
            self.tell(at, SettingsRule::FieldRows { word: String::new(), nearest: None });
        }
        for (at, word) in words(at) {
            if RowKind::parse(word).is_some_and(RowKind::may_declare) {
                continue;
            }
            let candidates =
                RowKind::words().filter(|word| RowKind::parse(word).is_some_and(RowKind::may_declare));
            let is_unknown = RowKind::parse(word).is_none();
            let nearest = nearest(word, candidates.filter(|_| is_unknown)).map(str::to_owned);
            self.tell(at, SettingsRule::FieldRows { word: toml_file::cut(word), nearest });
        }
    }

    fn choices(&mut self, at: &Spanned<DeValue<'_>>, is_choice: bool) {
        let all = words(at);
        if !is_choice {
            return self.tell(at, SettingsRule::ChoicesOfOther);
        }
        if at.get_ref().as_array().is_some_and(|list| list.is_empty()) {
            return self.tell(at, SettingsRule::NoChoices);
        }
        let mut known: Vec<String> = Vec::new();
        for (at, word) in all {
            let folded = key(word);
            if folded.is_empty() || known.contains(&folded) {
                self.tell(at, SettingsRule::UnusableChoice { word: toml_file::cut(word) });
            }
            known.push(folded);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::master::Column;
    use crate::settings::Settings;

    /// The plan's own table, on six lines.
    const PLAN: &str = "[plan]\nid='a'\ncity='b'\noffice='c'\nname='d'\ntitle='e'\n";

    fn read(fields: &str) -> Result<Settings, Findings> {
        Settings::read(format!("{PLAN}{fields}").as_bytes(), "plan.toml")
    }

    /// `E130 8行目: …`, of fields that begin on line 7.
    fn found(fields: &str) -> Vec<String> {
        let findings = read(fields).err().unwrap_or_default();
        let one = |finding: &crate::finding::Finding| {
            let line = finding.place.as_ref().and_then(|place| place.line).unwrap_or_default();
            format!("{} {line}行目: {}", finding.code(), finding.message())
        };
        findings.iter().map(one).collect()
    }

    fn named(name: &str) -> String {
        format!("[[fields]]\nname = \"{name}\"\nrows = [\"KPI\"]\n")
    }

    #[test]
    fn declared_columns_are_read() {
        let settings = read(
            "[[fields]]\nname = '評価'\nrows = ['ＫＰＩ', '事業']\ntype = '選択'\nchoices = ['Ａ', 'Ｂ']\n\
             [[fields]]\nname = '成果・課題（R4）'\nrows = ['施策']\nask = false\n",
        );
        let fields = settings.unwrap().fields;
        assert_eq!(
            (&fields[0].rows[..], fields[0].form),
            (&[RowKind::Kpi, RowKind::Project][..], FieldForm::Choice)
        );
        assert_eq!((fields[1].form, fields[0].ask, fields[1].ask), (FieldForm::Text, true, false));
    }

    #[test]
    fn e130_field_name() {
        for (name, why) in [
            ("", "空です"),
            ("　", "空です"),
            (" 評価", "空白は使えません"),
            ("評 価", "空白は使えません"),
            ("評\u{200B}価", "空白は使えません"),
            ("評価.R4", "「.」は使えません"),
            ("評価：Ａ", "「:」は使えません"),
            ("「評価」", "「「」は使えません"),
            ("{評価}", "「{」は使えません"),
            ("ＩＤ", "ほかのものの名前です"),
            ("備考", "ほかのものの名前です"),
            ("Ｒ４", "ほかのものの名前です"),
            ("令和4年度", "ほかのものの名前です"),
            ("事業費", "ほかのものの名前です"),
            ("決算", "ほかのものの名前です"),
            ("部署", "ほかのものの名前です"),
            ("見出し１", "ほかのものの名前です"),
        ] {
            let expected = format!("E130 8行目: 追加する列の名前「{name}」は使えません（{why}）");
            assert_eq!(found(&named(name)), [expected], "{name}");
        }
        let long = found(&named(&"長".repeat(31)));
        assert!(long[0].ends_with("（長すぎます。30字までです）"), "{long:?}");
        let help = read(&named("評 価")).unwrap_err().iter().next().unwrap().help();
        assert!(help.contains("「{ } 「 」 【 】 . :」"), "{help}");
        // No column of the master's own can be declared once more.
        for column in Column::NAMED {
            assert!(found(&named(&column.heading(&[])))[0].starts_with("E130"), "{column:?}");
        }
    }

    #[test]
    fn e131_duplicate_field() {
        let twice = format!("{}{}", named("評価A"), named("評価ａ"));
        assert_eq!(found(&twice), ["E131 11行目: 追加する列「評価ａ」は8行目にもあります"]);
    }

    #[test]
    fn e132_field_rows() {
        for (rows, said) in [
            ("[]", "列を使う種別がありません"),
            ("['KPI', '再掲']", "「再掲」の行には、列を追加できません"),
            ("['事業費']", "「事業費」の行には、列を追加できません"),
            ("['予算']", "「予算」の行には、列を追加できません"),
            ("['目標値']", "「目標値」の行には、列を追加できません"),
            ("['議会']", "「議会」という種別はありません"),
        ] {
            let field = format!("[[fields]]\nname = '評価'\nrows = {rows}\n");
            assert_eq!(found(&field), [format!("E132 9行目: {said}")]);
        }
        let findings = read("[[fields]]\nname = '評価'\nrows = ['KPI',\n'施作']\n").unwrap_err();
        let finding = findings.iter().next().unwrap();
        assert_eq!(finding.place.as_ref().unwrap().line, Some(10));
        assert!(finding.help().starts_with("「施策」の間違いではありませんか。"));
    }

    #[test]
    fn e133_no_choices() {
        for (choices, line) in [("", 10), ("choices = []", 11)] {
            let field = format!("{}type = '選択'\n{choices}\n", named("評価"));
            assert_eq!(found(&field), [format!("E133 {line}行目: 選択の列に、選べる言葉がありません")]);
        }
    }

    #[test]
    fn e134_choices_of_other() {
        for form in ["", "type = '数'\n", "type = '文章'\n"] {
            let found = found(&format!("{}{form}choices = ['Ａ']\n", named("評価")));
            assert!(found.len() == 1 && found[0].starts_with("E134"), "{found:?}");
        }
    }

    #[test]
    fn e135_unusable_choice() {
        let field = format!("{}type = '選択'\nchoices = ['Ａ', ' ', 'B',\n'A']\n", named("評価"));
        assert_eq!(
            found(&field),
            [
                "E135 11行目: 選べる言葉に、空のものがあります",
                "E135 12行目: 選べる言葉「A」が2度書かれています"
            ]
        );
    }

    #[test]
    fn e136_too_many_fields() {
        let many: String = (0..60).map(|at| named(&format!("列{at}番"))).collect();
        assert_eq!(found(&many), ["E136 157行目: 追加する列が多すぎます（50列まで）"]);
    }

    #[test]
    fn what_is_wrong_with_other_keys_is_said_as_ever() {
        for (field, code) in [
            ("[[fields]]\nname = '評価'\n", "E123"),
            ("[[fields]]\nname = '評価'\nrows = ['KPI']\nkind = '選択'\n", "E122"),
            ("[[fields]]\nname = '評価'\nrows = ['KPI']\ntype = '選沢'\n", "E127"),
            ("[[fields]]\nname = '評価'\nrows = 'KPI'\n", "E124"),
            ("[[fields]]\nname = 3\nrows = ['KPI']\n", "E124"),
            ("fields = 3\n", "E122"),
            ("[fields]\nname = '評価'\n", "E124"),
        ] {
            let found = found(field);
            assert!(found.len() == 1 && found[0].starts_with(code), "{field}: {found:?}");
        }
    }
}

//! The text of a new `plan.toml`, with a comment for every key.

use crate::settings::{FieldForm, FieldSettings, JointDepartment, JointWorkbook, Settings};

/// What is filled in.
struct Words<'a> {
    head: &'a str,
    id: &'a str,
    city: &'a str,
    city_code: &'a str,
    office: &'a str,
    name: &'a str,
    title: &'a str,
    /// Behind name and title.
    check: &'a str,
    number: &'a str,
    template: Option<&'a str>,
    keywords: &'a [String],
    order: &'a [String],
    outside: &'a [String],
    joint: &'a [JointDepartment],
    words: &'a [String],
    prefixes: &'a [String],
    fields: &'a [FieldSettings],
}

/// The settings of the example.
pub(super) fn example() -> String {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    text(&Words {
        head: "# 計画の設定（見本）。マスタ（master.csv）に書かれていないことを書きます。",
        id: "見本市総合戦略",
        city: "見本市",
        city_code: "",
        office: "企画課",
        name: "見本市総合戦略",
        title: "見本市総合戦略（基本目標・ＫＰＩ・事業）実績一覧",
        check: "",
        number: "資料１",
        template: None,
        keywords: &own(&["総合戦略", "KPI", "実績"]),
        order: &own(&["企画課", "産業課", "こども課"]),
        outside: &own(&["民間等"]),
        joint: &[],
        words: &[],
        prefixes: &[],
        fields: &[],
    })
}

/// The settings of the period after a plan with these.
pub(super) fn next_period(old: &Settings, template: Option<&str>) -> String {
    let plan = &old.plan;
    text(&Words {
        head: "# 計画の設定。前の期間の計画から引き継ぎました。「要確認」の行を新しい計画に合わせてください。",
        id: &plan.id,
        city: &plan.city,
        city_code: &plan.city_code,
        office: &plan.office,
        name: &plan.name,
        title: &plan.title,
        check: "  # 要確認: 前の計画のままです",
        number: &old.document.number,
        template,
        keywords: &old.document.keywords,
        order: &old.departments.order,
        outside: &old.departments.outside,
        joint: &old.departments.joint,
        words: &old.values.words,
        prefixes: &old.values.prefixes,
        fields: &old.fields,
    })
}

fn text(words: &Words<'_>) -> String {
    let Words { head, check, .. } = words;
    let template = match words.template {
        Some(name) => format!("template = {}", quoted(name)),
        None => "# template = \"様式.toml\"".to_owned(),
    };
    let fields: Vec<String> = words.fields.iter().map(field).collect();
    let fields = if fields.is_empty() { FIELD_SHOWN.to_owned() } else { fields.join("\n") };
    let joint: String = words.joint.iter().map(joint).collect();
    let joint = if joint.is_empty() { JOINT_SHOWN.to_owned() } else { joint };
    format!(
        r#"{head}

[plan]
id = {id}{check}
# ↑ 作られるファイルの名前の先頭
city = {city}
# 全国地方公共団体コード（検査数字を含む6桁）。例 "012238"
city_code = {city_code}
# マスタを管理する部署
office = {office}
# 計画の名前
name = {name}{check}
# 実績一覧の表題
title = {title}{check}

[document]
# 右上の枠に入れる資料番号。空なら出しません
number = {number}
# 会議の名前。空なら出しません
meeting = ""
# 文書の日付。書かなければ --date で指定します
# date = "2026-06-10"
# 表題に（案）を付けるなら true
draft = false
# 様式（テンプレート）のファイル。書かなければ公式様式
{template}
# ファイルのプロパティに入るキーワード
keywords = {keywords}

[departments]
# 担当課の並び順。配布・集計の一覧はこの順です
order = {order}
# 市の外の団体。照会のブックは作りません
outside = {outside}

# 連名の担当課。workbook = "shared" なら連名で1冊、"each" ならそれぞれに1冊
{joint}
[values]
# 数値の代わりに書いてよい言葉（「調査中」「集計中」は書かなくても使えます）
words = {value_words}
# 数値の前に書いてよい言葉（「延べ」「約」などは書かなくても使えます）
prefixes = {prefixes}
# 「◎」「第3位」のように文字で答える項目のID（書いておくと、W308の警告が出ません）
texts = []

# マスタに加える列（評価、成果、課題、会計など）。マスタの見出しにも、同じ名前の列を加えます
# name: 見出し。テンプレートでもこの名前で使います
# rows: この列を使う種別（基本目標・数値目標・分野・施策・KPI・事業・事業量）
# type: "文章"、"選択"（choices に選べる言葉を並べます）、"数" のどれか
# ask: 記入票で担当課に尋ねるなら true、事務局が書くなら false
{fields}"#,
        id = quoted(words.id),
        city = quoted(words.city),
        city_code = quoted(words.city_code),
        office = quoted(words.office),
        name = quoted(words.name),
        title = quoted(words.title),
        number = quoted(words.number),
        keywords = list(words.keywords),
        order = list(words.order),
        outside = list(words.outside),
        value_words = list(words.words),
        prefixes = list(words.prefixes),
    )
}

/// How a joint department is written, where there is none.
const JOINT_SHOWN: &str = "# [[departments.joint]]\n# name = \"甲課・乙課\"\n# members = [\"甲課\", \"乙課\"]\n# workbook = \"shared\"\n";

fn joint(joint: &JointDepartment) -> String {
    let workbook = match joint.workbook {
        JointWorkbook::Shared => "shared",
        JointWorkbook::Each => "each",
    };
    let (name, members) = (quoted(&joint.name), list(&joint.members));
    format!("[[departments.joint]]\nname = {name}\nmembers = {members}\nworkbook = \"{workbook}\"\n\n")
}

/// How a declared column is written, where there is none.
const FIELD_SHOWN: &str = "# [[fields]]\n# name = \"評価\"\n# rows = [\"KPI\", \"事業\"]\n# type = \"選択\"\n# choices = [\"Ａ\", \"Ｂ\", \"Ｃ\"]\n# ask = true\n";

fn field(field: &FieldSettings) -> String {
    let rows: Vec<String> = field.rows.iter().map(|kind| kind.word().to_owned()).collect();
    let choices = match field.form {
        FieldForm::Choice => format!("choices = {}\n", list(&field.choices)),
        FieldForm::Text | FieldForm::Number => String::new(),
    };
    let (name, form, ask) = (quoted(&field.name), field.form.word(), field.ask);
    format!("[[fields]]\nname = {name}\nrows = {}\ntype = \"{form}\"\n{choices}ask = {ask}\n", list(&rows))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(words: &[String]) -> String {
    const WIDE: usize = 5;
    let quoted: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    if words.len() <= WIDE {
        return format!("[{}]", quoted.join(", "));
    }
    let lines = quoted.chunks(WIDE).map(|line| format!("  {},\n", line.join(", ")));
    format!("[\n{}]", lines.collect::<String>())
}

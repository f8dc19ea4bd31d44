//! The text of a new `plan.toml`, with a comment for every key.

use crate::settings::{FieldForm, FieldSettings, JointDepartment, JointWorkbook, PlanDocument, Settings};

/// The settings of the period after a plan with these.
pub(super) fn next_period(old: &Settings, template: Option<&str>) -> String {
    text(old, template) + &documents(&old.documents)
}

/// The documents of a plan that declares any. Their editions were of its own years.
fn documents(all: &[PlanDocument]) -> String {
    if all == PlanDocument::official() {
        return String::new();
    }
    let document = |PlanDocument { name, template, title, number, .. }: &PlanDocument| {
        let template = template.as_ref().map(|path| path.to_string_lossy().into_owned());
        let keys = [("template", &template), ("title", title), ("number", number)];
        let lines = keys.into_iter().filter_map(|(key, value)| Some((key, quoted(value.as_ref()?))));
        let lines: String = lines.map(|(key, value)| format!("{key} = {value}\n")).collect();
        format!("\n[[documents]]\nname = {}\n{lines}", quoted(name))
    };
    all.iter().map(document).collect()
}

fn text(old: &Settings, template: Option<&str>) -> String {
    let Settings { plan, document, departments, values, .. } = old;
    let template = match template {
        Some(name) => format!("template = {}", quoted(name)),
        None => "# template = \"様式.toml\"".to_owned(),
    };
    let fields: Vec<String> = old.fields.iter().map(field).collect();
    let fields = if fields.is_empty() { FIELD_SHOWN.to_owned() } else { fields.join("\n") };
    let joint: String = departments.joint.iter().map(joint).collect();
    let joint = if joint.is_empty() { JOINT_SHOWN.to_owned() } else { joint };
    format!(
        r#"# 計画の設定。前の期間の計画から引き継ぎました。「要確認」の行を新しい計画に合わせてください。

[plan]
id = {id}  # 要確認: 前の計画のままです
# ↑ 作られるファイルの名前の先頭
city = {city}
# 全国地方公共団体コード（検査数字を含む6桁）。例 "012238"
city_code = {city_code}
# マスタを管理する部署
office = {office}
# 計画の名前
name = {name}  # 要確認: 前の計画のままです
# 実績一覧の表題
title = {title}  # 要確認: 前の計画のままです

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
# type: "文章"、"選択"（choices に選べる言葉を並べます）、"数" のいずれか
# ask: 記入票で担当課に尋ねるなら true、事務局が書くなら false
{fields}"#,
        id = quoted(&plan.id),
        city = quoted(&plan.city),
        city_code = quoted(&plan.city_code),
        office = quoted(&plan.office),
        name = quoted(&plan.name),
        title = quoted(&plan.title),
        number = quoted(&document.number),
        keywords = list(&document.keywords),
        order = list(&departments.order),
        outside = list(&departments.outside),
        value_words = list(&values.words),
        prefixes = list(&values.prefixes),
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

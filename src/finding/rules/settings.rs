//! E1: `plan.toml` and the template.

use super::phrase::perhaps;
use crate::plan::RowKind;

rules! {
    /// What is wrong with `plan.toml` or the template.
    pub enum SettingsRule;

    /// 設定ファイルの書き方に誤りがある。
    E121 TomlSyntax { reason: String }
        message: "設定ファイルの書き方に誤りがあります（{reason}）";
        help: "見本のファイルと見比べてください。文字は「\"」で囲みます。";

    /// 設定ファイルに知らない項目がある。
    E122 UnknownKey { key: String, nearest: Option<String> }
        message: "「{key}」という設定項目はありません";
        help: perhaps(nearest.as_deref(), "項目の名前を確認してください。");

    /// 設定ファイルに必要な項目がない。
    E123 MissingKey { key: String, table: Option<String> }
        message: "設定項目「{key}」がありません";
        help: match table {
            Some(table) => format!("[{table}] の下に {key} = … の行を加えてください。"),
            None => format!("[{key}] の表を加えてください。"),
        };

    /// 設定ファイルの値の種類が違う。
    E124 WrongType { expected: String, found: String }
        message: "設定の値が正しくありません。{expected}を書くところに{found}が書かれています";
        help: "文字は「\"」で囲み、一覧は [\"…\", \"…\"] のように書きます。日付は \"2024-06-10\" のように書きます。";

    /// 設定ファイルに同じ項目が2度書かれている。
    E125 DuplicateKey { key: String }
        message: "設定項目「{key}」が2度書かれています";
        help: "どちらかを削除してください。";

    /// 設定ファイルの文字コードがUTF-8ではない。
    E126 TomlEncoding { encoding: &'static str }
        message: "設定ファイルの文字コードが{encoding}です";
        help: "メモ帳で開き、「名前を付けて保存」で文字コードに「UTF-8」を選んで保存し直してください。";

    /// 設定の値が、書いてよい言葉のどれでもない。
    E127 UnknownChoice { value: String, choices: Vec<String> }
        message: "「{value}」という値は書けません";
        help: format!("書けるのは{}です。", listed(choices));

    /// テンプレートの書き方に誤りがある。
    E128 Template { message: String }
        message: "テンプレートを使えません。{message}";
        help: "「様式の作り方」（docs/TEMPLATES.ja.md）か、jisseki template copy official.toml で作った写しの書き方にならって直してください。";

    /// 設定の値が、その項目に使えない。
    E129 UnusableSetting { message: String }
        message: "{message}";
        help: "公式様式（templates/official.toml）の同じ項目の書き方にならって直してください。";

    /// 追加する列（fields）の名前が使えない。
    E130 FieldName { name: String, why: String }
        message: "追加する列の名前「{name}」は使えません（{why}）";
        help: "マスタの見出しと同じ文字を、空白や「{ } 「 」 【 】 . :」を入れずに書きます。マスタの列・種別・年度と同じ名前は付けられません。";

    /// 追加する列（fields）が2度書かれている。
    E131 DuplicateField { name: String, line: usize }
        message: "追加する列「{name}」は{line}行目にもあります";
        help: "どちらかの [[fields]] を削除するか、名前を変えてください。";

    /// 追加する列（fields）の種別が正しくない。
    E132 FieldRows { word: String, nearest: Option<String> }
        message: "{}", rows_fault(word);
        help: perhaps(nearest.as_deref(), "rows には、列を使う種別を rows = [\"KPI\", \"事業\"] のように書きます。書けるのは、基本目標・数値目標・分野・施策・KPI・事業・事業量です。");

    /// 選択の列（fields）に、選べる言葉がない。
    E133 NoChoices
        message: "選択の列に、選べる言葉がありません";
        help: "choices = [\"Ａ\", \"Ｂ\"] のように、選べる言葉を並べて書いてください。";

    /// 選択ではない列（fields）に、選べる言葉が書かれている。
    E134 ChoicesOfOther
        message: "choices は、選択の列だけに書けます";
        help: "type = \"選択\" とするか、choices の行を削除してください。";

    /// 選べる言葉（fields の choices）が空か、2度書かれている。
    E135 UnusableChoice { word: String }
        message: "{}", choice_fault(word);
        help: "全角と半角、空白だけが違う言葉は、同じ言葉として扱います。その言葉を削除するか、直してください。";

    /// 追加する列（fields）が多すぎる。
    E136 TooManyFields { most: usize }
        message: "追加する列が多すぎます（{most}列まで）";
        help: "使わない列の [[fields]] を削除してください。";
}

fn rows_fault(word: &str) -> String {
    match (word, RowKind::parse(word)) {
        ("", _) => "列を使う種別がありません".to_owned(),
        (_, Some(kind)) => format!("「{kind}」の行には、列を追加できません"),
        (word, None) => format!("「{word}」という種別はありません"),
    }
}

fn choice_fault(word: &str) -> String {
    match word.trim() {
        "" => "選べる言葉に、空のものがあります".to_owned(),
        word => format!("選べる言葉「{word}」が2度書かれています"),
    }
}

fn listed(words: &[String]) -> String {
    words.iter().map(|word| format!("「{word}」")).collect::<Vec<_>>().join("、")
}

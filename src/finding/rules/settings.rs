//! E1: `plan.toml` and the template.

use super::phrase::perhaps;

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
        help: perhaps(nearest.as_deref(), "項目の名前を確かめてください。");

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
        help: "どちらかを消してください。";

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
        help: "公式様式（templates/official.toml）の書き方にならって直してください。";

    /// 設定の値が、その項目に使えない。
    E129 UnusableSetting { message: String }
        message: "{message}";
        help: "公式様式（templates/official.toml）の同じ項目の書き方にならって直してください。";
}

fn listed(words: &[String]) -> String {
    words.iter().map(|word| format!("「{word}」")).collect::<Vec<_>>().join("、")
}

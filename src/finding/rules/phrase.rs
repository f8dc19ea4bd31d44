//! Parts of messages and helps that several families share.

use crate::finding::quote;
use crate::plan::ValueError;

/// `U+9AD9`
pub(super) fn code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// What a cell says, or that it says nothing.
pub(super) fn blank(text: &str) -> String {
    if text.trim().is_empty() { "（空欄）".to_owned() } else { quote(text) }
}

/// What else there is of the kind, in brackets; nothing where there is none.
pub(super) fn counted(before: &str, more: usize, after: &str) -> String {
    if more == 0 { String::new() } else { format!("（{before}{more}{after}）") }
}

/// So many other cells have the same.
pub(super) fn elsewhere(more: usize) -> String {
    counted("ほか", more, "個のセルにも")
}

/// 「…」の間違いではありませんか。 and what holds in any case.
pub(super) fn perhaps(nearest: Option<&str>, always: &str) -> String {
    match nearest {
        Some(word) => format!("「{word}」の間違いではありませんか。{always}"),
        None => always.to_owned(),
    }
}

/// The first ten, and how many there are besides.
pub(super) fn listed_ids(ids: &[String]) -> String {
    const MOST: usize = 10;
    let shown = ids.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join("、");
    match ids.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} ほか{more}件"),
    }
}

/// Excel's own mishaps leave marks; the commonest are named.
pub(super) fn value_help(text: &str, why: ValueError) -> &'static str {
    let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    if has(&["#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#NAME?", "#NUM!"]) {
        return "Excelの数式のエラーがそのまま残っています。正しい数値を書いてください。";
    }
    if text.contains('#') {
        return "Excelの列の幅が足りず「###」と保存されたものです。正しい数値を書き直してください。";
    }
    let slip = match why {
        ValueError::BlankInNumber(_) => {
            "1つの数値なら途中の空白や改行を消し、2つの数値ならどちらか1つを書いてください。"
        }
        ValueError::Mark(_) => {
            "丸数字や上付きの数字は数値に含められません。注の印なら備考に移し、数字のつもりなら普通の数字で書き直してください。"
        }
        ValueError::LetterForDigit(_) => "数字の「0」「1」に入力し直してください。",
        ValueError::MisplacedComma => "カンマは3桁ごとに付けます（例: 12,345人）。",
        ValueError::TooLong => "28桁までの数値を書いてください。",
        ValueError::NoNumber | ValueError::UnknownPrefix | ValueError::UnknownUnit => "",
    };
    if !slip.is_empty() {
        return slip;
    }
    if has(&["年", "月"]) || text.matches(['/', '-']).count() == 2 {
        return "Excelが日付に変えたものかもしれません。「2,070人」のように数値と単位を書いてください。";
    }
    "「2,070人」「55.4%」「延べ49,381人」のように書きます。該当がなければ「—」とし、未報告なら空欄にします。「調査中」などの言葉は plan.toml の [values] に加えると使えます。"
}

//! What forms that were sent out earlier say otherwise: they are still on their way back.

use super::form::{CLERK_LABEL, Frame};
use crate::plan::FiscalYear;

/// What stood behind the cell for the clerk's name.
pub(super) const CLERK_HINT: &str = "（氏名と内線番号を入力してください）";

/// The texts that stood around the table, but for the headings that a form still has.
/// `words` are those that may stand for a figure.
pub(super) fn texts(frame: &Frame, asked: FiscalYear, words: &[String]) -> Vec<String> {
    let year = asked.long();
    let words: Vec<String> = words.iter().map(|word| format!("「{word}」")).collect();
    let words = match words.as_slice() {
        [] => "何も書かないで".to_owned(),
        words => format!("{}と入力して", words.join("・")),
    };
    let kept = [&frame.title, &frame.department, &frame.due].map(String::clone);
    let own = [
        CLERK_LABEL.to_owned(),
        CLERK_HINT.to_owned(),
        format!(
            "１　黄色の「{asked} 記入欄」に、{year}の実績を数字で入力してください。単位は自動で付きます。Tabキーで次の記入欄に移ります。"
        ),
        format!(
            "２　該当がないときは「—」、まだ分からないときは{words}ください。前年度から50％を超えて増減した項目は、備考に理由を書いてください。"
        ),
        format!("{asked}（実績）\n記入欄"),
    ];
    kept.into_iter().chain(own).collect()
}

//! 書き込み: what departments write beside their answers, which never enters the master
//! and must never be lost.
//!
//! What can change a figure is asked about; all else is quoted as it stands.

use std::collections::BTreeSet;

use super::form::FormRow;
use super::label::Label;
use super::returned::{Look, Returned, ReturnedRow, WrittenKind};
use super::texts::folded;
use crate::finding::Place;

/// Something a department wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Writing {
    /// Who wrote it.
    pub department: String,
    /// The indicator beside which it stands; empty for none.
    pub id: String,
    /// The project, measure or goal that the indicator belongs to.
    pub owner: String,
    /// 「項目」
    pub item: String,
    /// What it is: 備考, メモ, 表の外 ….
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl WrittenKind {
    /// As the report names it.
    pub const fn name(self, in_row: bool) -> &'static str {
        match self {
            Self::Cell if in_row => "行の横",
            Self::Cell => "表の外",
            Self::Check => "確認の欄",
            Self::Keyless => "鍵のない行",
            Self::Note => "セルのメモ",
            Self::Shape => "図形の文字",
        }
    }
}

/// Words by which a figure is called into question: it is not final, it is wrong, it
/// counts something else.
const DOUBTING: [&str; 28] = [
    "暫定",
    "速報",
    "見込",
    "仮",
    "未確定",
    "概算",
    "推計",
    "推定",
    "予定",
    "予測",
    "確認",
    "調整",
    "精査",
    "誤",
    "訂正",
    "修正",
    "変更",
    "間違",
    "正し",
    "違",
    "含",
    "除",
    "うち",
    "のみ",
    "未定",
    "不明",
    "?",
    "集計",
];

/// Whether a text speaks of a figure that is not certain.
pub(super) fn doubts(text: &str) -> bool {
    let text = folded(text);
    DOUBTING.iter().any(|word| text.contains(word))
}

/// Whether a text beside an answer can change it: it names a figure, or doubts one.
pub(super) fn can_change_figure(text: &str) -> bool {
    text.chars().any(char::is_numeric) || doubts(text)
}

/// Whether a cell has a colour that those around it do not have.
pub(super) fn is_coloured(look: &Look, usual: &Look) -> bool {
    let differs = |own: Option<u32>, usual: Option<u32>| own.is_some() && own != usual;
    differs(look.colours.0, usual.colours.0) || differs(look.colours.1, usual.colours.1)
}

/// How the answers' cells of a file look, most of them.
pub(super) fn usual_look(returned: &Returned) -> Look {
    let mut counts: Vec<(&Look, usize)> = Vec::new();
    for row in &returned.rows {
        match counts.iter_mut().find(|(look, _)| look.colours == row.input.look.colours) {
            Some((_, count)) => *count += 1,
            None => counts.push((&row.input.look, 1)),
        }
    }
    // A form of one row has nothing to be compared with.
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(look, _)| look.clone()).unwrap_or_default()
}

/// What the form said of a row under a heading: as its key tells, else as the plan does.
fn sent_label(row: &ReturnedRow, of: &FormRow, label: Label) -> String {
    row.key.label(label).map_or_else(|| of.label(label), str::to_owned)
}

/// Everything the rows of a file were sent out with under their headings.
pub(super) fn sent_labels<'a>(
    rows: impl IntoIterator<Item = (&'a ReturnedRow, &'a FormRow)>,
) -> BTreeSet<(Label, String)> {
    let labels = |(row, of)| Label::ALL.map(|label| (label, folded(&sent_label(row, of, label))));
    rows.into_iter().flat_map(labels).collect()
}

/// The cells of a row in which something was typed that no row of the file was sent out
/// with: heading, what it said, what it says. What was only moved is no writing.
pub(super) fn changed_labels(
    row: &ReturnedRow,
    of: &FormRow,
    sent: &BTreeSet<(Label, String)>,
) -> Vec<(Label, String, String)> {
    let typed = row.labels.iter().filter(|(label, shown)| !sent.contains(&(*label, folded(shown))));
    typed.map(|(label, shown)| (*label, sent_label(row, of, *label), shown.clone())).collect()
}

/// The unit that stands in a row, where it is not the one that was sent out.
pub(super) fn changed_unit(row: &ReturnedRow, of: &FormRow) -> Option<(String, String)> {
    let shown = row.label(Label::Unit)?;
    let sent = sent_label(row, of, Label::Unit);
    // Keys of forms sent out earlier do not tell that there was no unit yet.
    if row.key.labels.is_none() && shown == FormRow::NO_UNIT {
        return None;
    }
    (folded(shown) != folded(&sent)).then(|| (sent, shown.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_can_change_a_figure_is_told_from_one_that_cannot() {
        for (text, can) in [
            ("暫定値です", true),
            ("正しくは25人", true),
            ("①を含む", true),
            ("後日　訂 正します", true),
            ("これでよいですか？", true),
            ("よろしくお願いします", false),
            ("合同説明会を開いたため", false),
        ] {
            assert_eq!(can_change_figure(text), can, "{text}");
        }
    }
}

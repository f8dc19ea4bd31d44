//! 書き込み: what departments write beside their answers, which never enters the master
//! and must never be lost.
//!
//! What can change a figure is asked about; all else is quoted as it stands.

use std::collections::{BTreeSet, HashMap};

use serde::{Serialize, Serializer};

use super::form::{Form, FormRow};
use super::label::Label;
use super::returned::{Look, Returned, ReturnedRow, SharedLook, WrittenKind};
use crate::finding::Place;
use crate::plan::reading::compact;

/// Something a department wrote.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Writing {
    /// Who wrote it.
    pub department: String,
    /// The indicator beside which it stands; empty for none.
    pub id: String,
    /// The project, measure or goal that the indicator belongs to.
    #[serde(skip)]
    pub owner: String,
    /// 「項目」
    #[serde(skip)]
    pub item: String,
    /// What it is: 備考, メモ, 表の外 ….
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Where it stands.
    #[serde(serialize_with = "as_text")]
    pub place: Place,
}

fn as_text<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(place)
}

impl WrittenKind {
    /// As the report names it.
    pub const fn name(self, in_row: bool) -> &'static str {
        match self {
            Self::Sheet => "別のシート",
            Self::Cell if in_row => "行の横",
            Self::Cell => "表の外",
            Self::Check => "確認の欄",
            Self::Keyless => "鍵のない行",
            Self::Note => "セルのメモ",
            Self::Shape => "図形の文字",
            Self::Margin => "ヘッダーとフッター",
        }
    }
}

/// Words by which a figure is called into question: it is not final, it is wrong, it
/// counts something else.
const DOUBTING: [&str; 45] = [
    "暫定",
    "速報",
    "見込",
    "仮",
    "未確定",
    "概算",
    "概数",
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
    "間ちがい",
    "まちがい",
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
    "参考",
    "差し替",
    "差替",
    "再計算",
    "保留",
    "無効",
    "取消",
    "取り消",
    "前年",
    "昨年",
    "去年",
    "未公表",
    "時点",
    "単位",
];

/// Words that say of an answer, in its own remark, that it is not final. Others explain
/// a change, as remarks should.
const NOT_FINAL: [&str; 16] = [
    "調査中",
    "暫定",
    "速報",
    "未確定",
    "確定していな",
    "仮の",
    "仮値",
    "概算",
    "要確認",
    "確認中",
    "精査中",
    "集計中",
    "差し替",
    "差替",
    "正しくは",
    "に訂正",
];

/// Words of courtesy: nothing is said of the figure.
const COURTEOUS: [&str; 8] = ["よろしく", "宜しく", "お願い", "お世話", "ありがとう", "了解", "承知", "失礼"];

/// Ways to reach somebody.
const CONTACTS: [&str; 5] = ["内線", "電話", "TEL", "担当", "メール"];

/// What colours are called, where somebody says what they mean.
const COLOURS: [&str; 13] =
    ["赤", "青", "緑", "黄", "橙", "紫", "桃", "色", "白字", "網掛", "網かけ", "マーカー", "塗り"];

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Whether a text speaks of a figure that is not certain.
pub(super) fn doubts(text: &str) -> bool {
    has(&compact(text), &DOUBTING)
}

/// Whether a text outside of the table can change a figure: it names one, or doubts one.
pub(super) fn can_change_figure(text: &str) -> bool {
    let is_contact = has(&compact(text), &CONTACTS);
    doubts(text) || (!is_contact && text.chars().any(char::is_numeric))
}

/// Whether a text beside an answer says nothing of it.
pub(super) fn is_courtesy(text: &str) -> bool {
    has(&compact(text), &COURTEOUS) && !can_change_figure(text)
}

/// Whether a remark says that its answer is not final.
pub(super) fn is_not_final(remark: &str) -> bool {
    has(&compact(remark), &NOT_FINAL)
}

/// Whether a remark can explain a change: it says something, and more than that nothing
/// has been said yet.
pub(super) fn is_reason(remark: &str) -> bool {
    const NOTHING_SAID: [&str; 7] = ["要確認", "未記入", "確認中", "なし", "特になし", "同上", "同左"];
    let text = crate::plan::reading::key(remark);
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    letters >= 2 && !NOTHING_SAID.contains(&text.as_str())
}

/// Whether a text may say what colours mean (「赤字は速報値」).
pub(super) fn is_legend(text: &str) -> bool {
    let text = compact(text);
    has(&text, &COLOURS) || has(&text, &DOUBTING)
}

/// Whether a cell has a colour that those around it do not have.
pub(super) fn is_coloured(look: &Look, usual: &Look) -> bool {
    let differs = |own: Option<u32>, usual: Option<u32>| own.is_some() && own != usual;
    differs(look.colours.0, usual.colours.0) || differs(look.colours.1, usual.colours.1)
}

/// How the answers' cells of a file look: as they were sent out, where any still does;
/// else as most do.
pub(super) fn usual_look(returned: &Returned) -> SharedLook {
    let looks = || returned.rows.iter().flat_map(|row| [&row.input.look, &row.remark_look]);
    if let Some(look) = looks().find(|look| look.colours == (Some(Form::TO_FILL), None)) {
        return look.clone();
    }
    let mut counts: Vec<(&SharedLook, usize)> = Vec::new();
    let mut known = HashMap::new();
    for look in looks() {
        let at = *known.entry(look.colours).or_insert(counts.len());
        match counts.get_mut(at) {
            Some((_, count)) => *count += 1,
            None => counts.push((look, 1)),
        }
    }
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
    let labels = |(row, of)| Label::ALL.map(|label| (label, compact(&sent_label(row, of, label))));
    rows.into_iter().flat_map(labels).collect()
}

/// The cells of a row in which something was typed that no row of the file was sent out
/// with: heading, what it said and what it says, where. What was only moved is no writing.
pub(super) fn changed_labels(
    row: &ReturnedRow,
    of: &FormRow,
    sent: &BTreeSet<(Label, String)>,
) -> Vec<(Label, String, Place)> {
    let place = |column: Option<usize>| match column {
        Some(column) => Place { column: Some(column), ..row.place.clone() },
        None => row.place.clone(),
    };
    let columns = row.label_columns.iter().copied().map(Some).chain(std::iter::repeat(None));
    let all = row.labels.iter().zip(columns);
    let typed = all.filter(|((label, shown), _)| !sent.contains(&(*label, compact(shown))));
    typed
        .map(|((label, shown), column)| {
            let text = format!("「{}」→「{shown}」", sent_label(row, of, *label));
            (*label, text, place(column))
        })
        .collect()
}

/// The unit that stands in a row, where it is not the one that was sent out.
pub(super) fn changed_unit(row: &ReturnedRow, of: &FormRow) -> Option<(String, String)> {
    let shown = row.label(Label::Unit)?;
    let sent = sent_label(row, of, Label::Unit);
    // Where there was no unit yet, the answer brings it, or is asked for it.
    if [sent.as_str(), shown].contains(&FormRow::NO_UNIT) {
        return None;
    }
    (compact(shown) != compact(&sent)).then(|| (sent, shown.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something() {
        for remark in
            ["\u{200B}", "\u{3164}", "\u{2800}", ".", "-", "？", "〃", "要確認", "未記入", "　", "同上"]
        {
            assert!(!is_reason(remark), "{remark}");
        }
        for remark in ["しけのため", "補助を広げた", "増員", "閉鎖（3月）"] {
            assert!(is_reason(remark), "{remark}");
        }
        assert!(is_not_final("速報値です") && is_not_final("56人に訂正") && !is_not_final("算定の見直し"));
    }

    #[test]
    fn a_text_that_can_change_a_figure_is_told_from_one_that_cannot() {
        for (text, can) in [
            ("暫定値です", true),
            ("正しくは25人", true),
            ("①を含む", true),
            ("後日　訂 正します", true),
            ("これでよいですか？", true),
            ("よろしくお願いします", false),
            ("山田（内線123）", false),
            ("参考値", true),
            ("合同説明会を開いたため", false),
        ] {
            assert_eq!(can_change_figure(text), can, "{text}");
        }
    }
}

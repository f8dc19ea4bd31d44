//! What the words of a text say of a figure: that it is not final, that it is wrong, why it
//! changed, or nothing.

use crate::plan::reading::{compact, key};

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
    let text = key(remark);
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    letters >= 2 && !NOTHING_SAID.contains(&text.as_str())
}

/// Whether a text may say what colours mean (「赤字は速報値」).
pub(super) fn is_legend(text: &str) -> bool {
    let text = compact(text);
    has(&text, &COLOURS) || has(&text, &DOUBTING)
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

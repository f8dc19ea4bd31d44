//! Rules whose findings no other test shows whole.

use super::{FindingKind, LayoutRule, SettingsRule};

/// `E602 事業「P001」の…入りません → …小さくしてください。`
fn told(rule: impl Into<FindingKind>) -> String {
    let kind = rule.into();
    format!("{} {} → {}", kind.code(), kind.message(), kind.help())
}

#[test]
fn e128_template() {
    assert_eq!(
        told(SettingsRule::Template { message: "列の幅がありません".into() }),
        "E128 テンプレートを使えません。列の幅がありません → \
         「様式の作り方」（docs/TEMPLATES.ja.md）か、jisseki template copy official.toml で作った写しの書き方にならって直してください。"
    );
}

#[test]
fn e129_unusable_setting() {
    assert_eq!(
        told(SettingsRule::UnusableSetting { message: "「青」は色として読めません".into() }),
        "E129 「青」は色として読めません → \
         公式様式（templates/official.toml）の同じ項目の書き方にならって直してください。"
    );
}

#[test]
fn e601_page_too_narrow() {
    assert_eq!(
        told(LayoutRule::PageTooNarrow { needed_mm: 301.25, available_mm: 273.0 }),
        "E601 用紙の幅が足りません（必要な幅 301.2 mm、使える幅 273.0 mm） → \
         印刷する年度を減らすか、テンプレートで用紙を大きくするか、年度の列の幅を狭くしてください。"
    );
}

#[test]
fn e602_wording_too_tall() {
    assert_eq!(
        told(LayoutRule::WordingTooTall { id: "P001".into() }),
        "E602 事業「P001」の目的・内容が長すぎて、1ページに入りません → \
         目的・内容を短くするか、テンプレートの文字を小さくしてください。"
    );
}

#[test]
fn e603_name_too_tall() {
    assert_eq!(
        told(LayoutRule::NameTooTall { id: "G1-A-1".into() }),
        "E603 「G1-A-1」の文章が長すぎて、1ページに入りません → \
         文章を短くするか、テンプレートの列を広くするか、文字を小さくしてください。"
    );
}

#[test]
fn e604_text_too_long_for_excel() {
    assert_eq!(
        told(LayoutRule::TextTooLongForExcel { id: "G1-A-1-K1".into() }),
        "E604 「G1-A-1-K1」の文が長すぎて、Excelの1つのセルに入りません（上限は32,767文字） → \
         名称・目標の文を短くしてください。"
    );
}

#[test]
fn e605_too_many_pages() {
    assert_eq!(
        told(LayoutRule::TooManyPages { id: "G1".into(), pages: 1_025 }),
        "E605 「G1」が1025ページになり、Excelの1枚のシートに入りません（上限は1,024ページ） → \
         別のデータがつながっていないか確認してください。計画が本当に長いときは、基本目標を分けるか、\
         テンプレートの文字を小さくしてください。"
    );
}

#[test]
fn e606_cell_too_narrow() {
    assert_eq!(
        told(LayoutRule::CellTooNarrow { id: "P001".into() }),
        "E606 「P001」の文字が、列の幅に1つも入りません → \
         テンプレートの列の幅を広くするか、文字（size）か左右のあき（padding）を小さくしてください。"
    );
}

#[test]
fn e607_document_too_large() {
    assert_eq!(
        told(LayoutRule::DocumentTooLarge { id: "G1-A-1".into() }),
        "E607 「G1-A-1」のところで、文書のセルと文字が多くなりすぎます → \
         長い文の再掲が続いていないか、様式の least が大きすぎないか、\
         別のデータがつながっていないか確認してください。"
    );
}

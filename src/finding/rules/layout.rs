//! E6 and W5: fonts, and what fits on a page.

use super::phrase::code_point;
use crate::finding::quote;

rules! {
    /// What fonts and pages cannot hold.
    pub enum LayoutRule;

    /// 使う書体にない文字がある。
    W501 MissingGlyph { character: char, selector: Option<char>, fallback: Option<String> }
        message: "{}は、使う書体にありません", glyph(*character, *selector);
        help: match (fallback, selector) {
            (Some(font), _) => format!("代わりに{font}で印刷します。字形を確認してください。"),
            (None, Some(_)) => format!("PDFでは、通常の形の「{character}」で印刷されます。この形でなければならないときは、テンプレートで字形のある書体を指定してください。"),
            (None, None) => "PDFでは「〓」と印刷されます。別の文字に置き換えるか、テンプレートで、その文字のある書体を指定してください。".to_owned(),
        };

    /// 漢字に見えるが、部首の記号または互換漢字である。
    W502 NoOrdinaryKanji { characters: Vec<(char, Option<char>)> }
        message: "{}", no_ordinary(characters);
        help: format!("PDFなどからコピーすると入ることがあります。見た目は同じでも、検索や担当課の照合では別の文字として扱われ、書体にない文字はPDFで「〓」と印刷されます。{}に置き換えてください。", ordinary(characters));

    /// 1枚に収めるシートが、2ページ以上になる。
    W503 SheetOverflows { id: String, pages: usize }
        message: "「{}」が、1枚に収まらず{pages}ページになります", quote(id);
        help: "文章を短くするか、様式の文字（size）を小さくしてください。このままでも、残りは次のページに印刷されます。";

    /// 事業費が、その文書のどの欄にも印刷されない。
    W504 CostNotPrinted { name: String }
        message: "事業費「{}」は、様式のどの欄にも印刷されません", quote(name);
        help: "マスタの名称か、様式に書いた名称（{{事業費「…」.決算}}）の、どちらかを直してください。印刷しなくてよければ、このままで構いません。";

    /// 様式が名称で印刷する事業費が、マスタにない。
    W505 CostNotGiven { name: String }
        message: "様式にある事業費「{}」は、マスタのどの事業にもありません", quote(name);
        help: "その欄は空のまま印刷されます。名称を確認してください。";

    /// 様式に書いた見出しやラベルが、欄の幅に入らず語の途中で改行される。
    W506 LabelDivided { label: String }
        message: "「{}」が、欄の幅に入らず、語の途中で改行されます", quote(label);
        help: "様式の列の幅を広くするか、文字（size）か左右のあき（padding）を小さくしてください。";

    /// 年度が多すぎて、用紙の幅に入らない。
    E601 PageTooNarrow { needed_mm: f64, available_mm: f64 }
        message: "用紙の幅が足りません（必要な幅 {needed_mm:.1} mm、使える幅 {available_mm:.1} mm）";
        help: "印刷する年度を減らすか、テンプレートで用紙を大きくするか、年度の列の幅を狭くしてください。";

    /// 1つの事業の目的・内容が、1ページに入らない。
    E602 WordingTooTall { id: String }
        message: "事業「{}」の目的・内容が長すぎて、1ページに入りません", quote(id);
        help: "目的・内容を短くするか、テンプレートの文字を小さくしてください。";

    /// 見出し、または表の1行が、1ページに入らない。
    E603 NameTooTall { id: String }
        message: "「{}」の文章が長すぎて、1ページに入りません", quote(id);
        help: "文章を短くするか、テンプレートの列を広くするか、文字を小さくしてください。";

    /// 見出しや名称・目標を合わせた文が、Excelの1つのセルに入らない（上限は32,767文字）。
    E604 TextTooLongForExcel { id: String }
        message: "「{}」の文が長すぎて、Excelの1つのセルに入りません（上限は32,767文字）", quote(id);
        help: "名称・目標の文を短くしてください。";

    /// 1つの基本目標が、Excelの1枚のシートに入らないページ数になる（上限は1,024ページ）。
    E605 TooManyPages { id: String, pages: usize }
        message: "「{}」が{pages}ページになり、Excelの1枚のシートに入りません（上限は1,024ページ）", quote(id);
        help: "別のデータがつながっていないか確認してください。計画が本当に長いときは、基本目標を分けるか、テンプレートの文字を小さくしてください。";

    /// 列の幅が、文字1つの幅に足りない。
    E606 CellTooNarrow { id: String }
        message: "「{}」の文字が、列の幅に1つも入りません", quote(id);
        help: "テンプレートの列の幅を広くするか、文字（size）か左右のあき（padding）を小さくしてください。";

    /// 文書が、どの市の計画よりも大きくなる（表のセルと文字の数）。
    E607 DocumentTooLarge { id: String }
        message: "「{}」のところで、文書のセルと文字が多くなりすぎます", quote(id);
        help: "長い文の再掲が続いていないか、様式の least が大きすぎないか、別のデータがつながっていないか確認してください。";
}

/// 「𠮷」（U+20BB7）, or of a form asked for by a selector 「葛󠄀」（U+845B U+E0100）の字形
fn glyph(character: char, selector: Option<char>) -> String {
    let code = code_point(character);
    match selector {
        None => format!("「{character}」（{code}）"),
        Some(selector) => format!("「{character}{selector}」（{code} {}）の字形", code_point(selector)),
    }
}

/// 「⾼」（U+2FBC）は、通常の漢字「高」（U+9AD8）ではありません; of several, each with its kanji.
fn no_ordinary(characters: &[(char, Option<char>)]) -> String {
    const MOST: usize = 8;
    match characters {
        [(character, Some(kanji))] => format!(
            "「{character}」（{}）は、通常の漢字「{kanji}」（{}）ではありません",
            code_point(*character),
            code_point(*kanji)
        ),
        [(character, None)] => {
            format!("「{character}」（{}）は、通常の漢字ではなく、部首の記号です", code_point(*character))
        }
        several => {
            let named = several.iter().take(MOST).map(|(character, ordinary)| match ordinary {
                Some(kanji) => {
                    format!("「{character}」（{}、通常は「{kanji}」）", code_point(*character))
                }
                None => format!("「{character}」（{}、部首の記号）", code_point(*character)),
            });
            let more = match several.len().saturating_sub(MOST) {
                0 => String::new(),
                more => format!("など{}字", more + MOST),
            };
            format!("{}{more}は、通常の漢字ではありません", named.collect::<Vec<_>>().join(""))
        }
    }
}

/// What to write instead: 「高」, or nothing that could be named.
fn ordinary(characters: &[(char, Option<char>)]) -> String {
    let kanji: String = characters.iter().filter_map(|(_, kanji)| *kanji).collect();
    if kanji.is_empty() { "通常の漢字".to_owned() } else { format!("「{kanji}」") }
}

//! E3 and W3: figures, targets and wording.

use super::phrase::{code_point, counted, elsewhere, listed_ids, value_help};
use crate::finding::quote;
use crate::plan::{FiscalYear, RowKind, TargetError, ValueError};

rules! {
    /// What is wrong with figures, targets and wording.
    pub enum ValueRule;

    /// 数値として読めない。
    E301 UnreadableValue { text: String, why: ValueError }
        message: "「{}」は{why}", quote(text);
        help: value_help(text, *why);

    /// 事業費の計が、内訳を足した数と違う。
    E302 TotalDiffers { name: String, year: FiscalYear, what: &'static str, given: String, sum: String }
        message: "{}の{what}の「{}」は「{}」ですが、内訳を足すと「{sum}」です", year.long(), quote(name), quote(given);
        help: "どちらかの数値を直してください。「計」「合計」「総事業費」という名称の事業費は、同じ事業のほかの事業費の計として確認します。計の行がないときは、様式で足した数を印刷できます。";

    /// 多くの行で報告済みの年度の「実績」が空のままである。
    W301 ActualNotReported { year: FiscalYear, department: String, ids: Vec<String> }
        message: "{}の実績が{}件未記入です（{department}）", year.long(), ids.len();
        help: format!("担当課に確認してください。該当がなければ「—」と書きます。対象: {}", listed_ids(ids));

    /// 「目標」の文を読み取れない。
    W302 TargetNotUnderstood { text: String, why: TargetError }
        message: "目標「{}」を読み取れません（{why}）", quote(text);
        help: "「4年で320人とし25人減少」「4年で15人増加」「年間延べ60,000人」のように書くと、達成度を計算できます。このままでも印刷はされます。";

    /// 再掲の文言が、元の事業と同じである。
    W303 SameWording { heading: &'static str, id: String }
        message: "再掲の「{heading}」が、元の事業「{}」と同じ文です", quote(id);
        help: format!("空にすると元の事業の文が印刷され、直すのが1か所で済みます。「{heading}」を空にしてください。");

    /// 同じ番号の事業が2つ以上ある。
    W304 DuplicateNumber { number: u32, line: usize }
        message: "事業の番号「{number}」は{line}行目にもあります";
        help: "どちらかの番号を直してください。";

    /// 事業の番号が抜けている。
    W305 NumberGap { from: u32, to: u32 }
        message: "事業の番号が抜けています（{}）", run(*from, *to);
        help: "行が抜けていないか確認してください。欠番ならこのままで構いません。";

    /// 同じ行の中で単位が違う。
    W306 UnitDiffers { unit: String, usual: String }
        message: "{}", units(unit, usual);
        help: "単位を確認してください。";

    /// 数値目標またはKPIに目標がない。
    W307 MissingTarget { kind: RowKind }
        message: "「{kind}」の行に目標がありません";
        help: "目標がない項目は、達成度を計算しません。";

    /// 数値の代わりに文字が書かれている。
    W308 TextForFigure { text: String, id: String, more: usize }
        message: "「{}」は数値ではなく、文字として印刷します{}", quote(text), counted("同じ行にほか", *more, "件");
        help: format!("計算やグラフには使えません。数値のつもりなら「2,070人」のように書き直してください。このままでよければ、plan.toml の [values] の texts に \"{id}\" を加えると、次から確認しません。");

    /// 文が「=」「+」「@」などで始まり、CSVをExcelで開くと数式になる。
    W340 LooksLikeFormula { text: String, begins: char }
        message: "「{begins}」で始まる文は、CSVをExcelで開くと数式として扱われます（「{}」）", quote(text);
        help: "印刷とExcelブックにはそのまま出ます。CSVは機械で読むためのデータなので書き換えません。Excelで開く人がいるなら、先頭に文字を置くか、表現を変えてください（例「15人の増加」）。";

    /// 「—」に似た別の文字が使われている。
    W309 LookAlikeDash { character: char, more: usize }
        message: "「{character}」（{}）は「—」や「-」ではありません{}", dash(*character), elsewhere(*more);
        help: "該当なしなら「—」、範囲なら「～」や「-」に入力し直してください。形は似ていても別の文字として印刷されます。";

    /// 表計算ソフトが書き換えたと思われるセルがある。
    W310 ChangedBySpreadsheet { cells: Vec<String>, sources: Vec<String> }
        message: "表計算ソフトが書き換えたと思われるセルが{}個あります（{}）", cells.len(), first_few(cells);
        help: format!("CSVをExcelやLibreOfficeでそのまま開いて保存すると、割合の桁や単位のない数値、日付に似た文字が変わります。{}意図した変更ならこのままで構いません。対象: {}", back_to(sources), listed_ids(cells));

    /// 同じ行の中で、億・万・千などの位が違い、大きさも合わない。
    W311 ScaleDiffers { text: String, usual: String }
        message: "「{}」は、同じ行の「{}」と位（億・万・千など）が違い、大きさも合いません", quote(text), quote(usual);
        help: "億・万・千が抜けたり余ったりしていないか確認してください。正しければこのままで構いません。";

    /// 後の値があるのに、前の年度（または基準値）だけが空である。
    W312 HoleBeforeFigure { heading: String, text: String }
        message: "「{heading}」が空なのに、その右に「{}」があります", quote(text);
        help: "この行の値が、1つ右の年度にずれていないか確認してください。該当がない年度には「—」と書きます。";

    /// ほとんどの行で空の年度に、わずかな値だけがある。
    W313 LonelyYear { year: FiscalYear, count: usize, of: usize, is_latest: bool }
        message: "{}の実績は{count}件だけで、ほかの{}件は空です", year.long(), of.saturating_sub(*count);
        help: match is_latest {
            true => format!("値が別の年度にずれていないか確認してください。年度を指定しないと、値のある最も新しい年度として{}が選ばれます。前の年度までの文書は --year で作れます。", year.long()),
            false => "値が別の年度にずれていないか確認してください。".to_owned(),
        };

    /// 桁区切りのカンマが小数点になっているように見える。
    W314 PointForComma { cells: Vec<String> }
        message: "桁区切りのカンマが小数点になっているように見えます（{}）", first_few(cells);
        help: "「2.070」が「2,070」のことなら、カンマに直してください。小数なら、このままで構いません。";

    /// 数値が0で始まっている。
    W315 LeadingNought { cells: Vec<String> }
        message: "0で始まる数値があります（{}）", first_few(cells);
        help: "1つの値が2つのセルに分かれたか、桁が欠けていないか確認してください。先頭の0は、PDFとExcelブックで違って見えます。";

    /// 同じ行の中で、数値の前後の言葉や符号の付け方が違う。
    W316 NotationDiffers { what: String }
        message: "同じ行の中で、{what}";
        help: "書き忘れや打ち間違いがないか確認してください。正しければこのままで構いません。";

    /// 目標に単位があるのに、その行の値に単位がない。
    W317 UnitOfTargetMissing { unit: String }
        message: "目標の単位は「{}」ですが、この行の値には単位がありません", quote(unit);
        help: format!("「{unit}」が抜けていないか確認してください。「0.554」が「55.4%」のことなら、割合に直してください。");

    /// 控えまたは保存した版と、行や過去の値が違う。
    W318 ChangedSinceFormer { changes: Vec<String>, sources: Vec<String> }
        message: "控えや保存した版と違うところが{}件あります（{}）", changes.len(), first_few(changes);
        help: format!("{}と見比べて、消えたり入れ替わったりしていないか確認してください。意図した訂正ならこのままで構いません。対象: {}", sources.join("、"), listed_ids(changes));

    /// 作ろうとしている年度の実績が1件もない。
    W319 NothingReported { year: FiscalYear }
        message: "{}の実績が1件もありません", year.long();
        help: "その年度の欄は空のまま印刷されます。年度がこれでよいか確認してください。";

    /// 「目標値」「予算」の単位が、属する先の行と違う。
    W320 FurtherUnitDiffers { kind: RowKind, unit: String, usual: String }
        message: "「{kind}」の{}が、すぐ上の行の{}と違います", unit_named(unit), unit_named(usual);
        help: "単位を確認してください。行が移されていないかも確認してください。";

    /// 1つの事業の事業費の中で、円・千円などの単位が違う。
    W321 CostUnitDiffers { unit: String, name: String, usual: String }
        message: "{}が、同じ事業の「{}」の{}と違います", unit_named(unit), quote(name), unit_named(usual);
        help: "円と千円などが混ざっていると、足すことができず、計を確認できません。単位を確認してください。";

    /// 1つの事業に、計の事業費が2つ以上ある。
    W322 SeveralTotals { names: Vec<String> }
        message: "計の事業費が{}件あります（{}）", names.len(), names.join("、");
        help: "どれがどの事業費の計か分からないので、計が合うかどうかは確認しません。このままでも印刷はされます。";

    /// 小計や総計のような名称の事業費があり、計を確認できない。
    W323 TotalByAnotherName { name: String }
        message: "事業費「{}」は、ほかの事業費を足したもののように見えます", quote(name);
        help: "全部を足したものなら、名称を「計」「合計」「総事業費」のいずれかにしてください。内訳との合計を確認します。そうでなければ、このままでも印刷はされますが、この事業の計は計算も確認もしません。";

    /// 数値の範囲に、半角の「~」が使われている。
    W324 HalfWidthTilde { more: usize }
        message: "数値の範囲に、半角の「~」が使われています{}", elsewhere(*more);
        help: "全角の「～」に直してください（例「20～39歳」）。半角の「~」は、書体によっては上に寄った小さな記号として印刷されます。";

    /// かっこの始まりと終わりで、全角と半角が違う。
    W325 BracketsUnpaired { text: String }
        message: "かっこの始まりと終わりで、全角と半角が違います（「{}」）", quote(text);
        help: "どちらかの幅にそろえてください。公用文では全角の「（ ）」を使います。";

    /// 1つの行に、全角のかっこと半角のかっこがある。
    W326 BracketsMixed { full: String, half: String }
        message: "この行に、全角のかっこ「{}」と半角のかっこ「{}」があります", quote(full), quote(half);
        help: "どちらかの幅にそろえてください。公用文では全角の「（ ）」を使います。";
}

/// 単位「人」, or that there is none.
fn unit_named(unit: &str) -> String {
    if unit.is_empty() { "単位のない値".to_owned() } else { format!("単位「{}」", quote(unit)) }
}

fn run(from: u32, to: u32) -> String {
    if from == to { from.to_string() } else { format!("{from}～{to}") }
}

fn units(unit: &str, usual: &str) -> String {
    if unit.is_empty() {
        format!("単位がありません（同じ行のほかの値は「{usual}」）")
    } else if usual.is_empty() {
        format!("同じ行のほかの値にない単位「{unit}」があります")
    } else {
        format!("単位「{unit}」が、同じ行のほかの値の「{usual}」と違います")
    }
}

/// A sign that looks like a dash, by its name.
fn dash(character: char) -> String {
    match character {
        'ー' | 'ｰ' => "長音記号".to_owned(),
        '─' | '━' => "罫線".to_owned(),
        '一' => "漢数字の一".to_owned(),
        '‐' | '‑' => "ハイフン".to_owned(),
        other => code_point(other),
    }
}

/// The first of a list, and that there are more.
fn first_few(cells: &[String]) -> String {
    const MOST: usize = 5;
    let shown = cells.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join("、");
    if cells.len() > MOST { format!("{shown}…") } else { shown }
}

/// What to hold a changed file against.
fn back_to(sources: &[String]) -> String {
    match sources {
        [] => "前のファイルの控えから戻してください。".to_owned(),
        sources => format!("{}と見比べて戻してください。", sources.join("、")),
    }
}

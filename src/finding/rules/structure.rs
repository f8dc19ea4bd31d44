//! E2 and W2: columns, rows, the outline and its references.

use super::phrase::{counted, elsewhere, perhaps};
use crate::finding::quote;
use crate::plan::{FiscalYear, RowKind};

rules! {
    /// What is wrong with the columns, the rows, the outline or its references.
    pub enum StructureRule;

    /// 「再掲元」に書かれた事業が計画にない。
    E201 ReprintOfUnknownProject { id: String, nearest: Option<String> }
        message: "再掲元の事業「{}」が見つかりません", quote(id);
        help: perhaps(nearest.as_deref(), "再掲元には、先に出てくる事業のIDを書きます。");

    /// 「再掲元」の事業が、再掲より後に書かれている。
    E202 ReprintBeforeProject { id: String, line: usize }
        message: "再掲元の事業「{}」は、この再掲より後（{line}行目）にあります", quote(id);
        help: "先に出てくる方を「事業」とし、後の方を「再掲」にしてください。再掲元には、先に出てくる事業のIDを書きます。";

    /// 「再掲元」が事業ではない行を指している。
    E203 ReprintOfOther { id: String, kind: RowKind, line: usize }
        message: "再掲元「{}」は事業ではなく「{kind}」の行（{line}行目）です", quote(id);
        help: "再掲元には、先に出てくる「事業」の行のIDを書きます。";

    /// 再掲の行に「再掲元」が書かれていない。
    E204 ReprintOfNothing
        message: "再掲の行に、再掲元の事業のIDがありません";
        help: "「再掲元」の列に、先に出てくる事業のIDを書いてください。";

    /// 再掲の行に数値が書かれている。
    E205 ReprintWithFigure { text: String }
        message: "再掲の行に数値「{}」が書かれています", quote(text);
        help: "再掲の数値は元の事業から印刷されます。ここは空にし、数値は元の事業の「事業量」の行に書いてください。";

    /// 見出しの行がない。
    E211 NoHeader
        message: "見出しの行がありません";
        help: "1行目に「種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,…,備考」の見出しが必要です。ファイルを取り違えていないかも確認してください。";

    /// 必要な列がない。
    E212 MissingColumn { heading: String }
        message: "「{heading}」の列がありません";
        help: "見出しの行にこの列を加えてください。使わない列でも見出しは必要です。";

    /// 設定ファイルの fields にある列がない。
    E236 MissingDeclared { heading: String }
        message: "plan.toml の [[fields]] にある「{heading}」の列が、マスタにありません";
        help: "見出しの行に、この列を加えてください（どこに加えても構いません）。使わない列なら、plan.toml の [[fields]] から削除してください。";

    /// 見出しの書き間違いと思われる列がある。
    E213 MisspeltColumn { heading: String, nearest: String }
        message: "「{}」という列はありません", quote(heading);
        help: perhaps(Some(nearest), "");

    /// 同じ見出しの列が2つ以上ある。
    E214 DuplicateColumn { heading: String, first: String, second: String }
        message: "「{heading}」の列が2つあります（{first}列と{second}列）";
        help: "どちらかの列を削除するか、見出しを直してください。";

    /// 同じ年度の列が2つ以上ある。
    E215 DuplicateYear { year: FiscalYear, first: String, second: String }
        message: "{}の列が2つあります（{first}列と{second}列）", year.long();
        help: "どちらかの列を削除するか、見出しを直してください。";

    /// 年度の列が古い順に並んでいない。
    E216 YearsOutOfOrder { before: FiscalYear, after: FiscalYear }
        message: "年度の列が古い順に並んでいません（{before}の次に{after}があります）";
        help: "年度の列を、左から古い順に並べてください。";

    /// 年度の列が1つもない。
    E217 NoYears
        message: "年度の列がありません";
        help: "「R3」「令和3年度」のような見出しの列を加えてください。";

    /// 見出しのない列に値が書かれている。
    E218 ValueOutsideColumns { text: String, more: usize }
        message: "見出しのない列に「{}」と書かれています{}", quote(text), counted("同じ列にほか", *more, "件");
        help: "値が右にずれていないか確認してください。不要な値なら消し、必要な列なら見出しを付けてください。";

    /// 年度のようだが年度として読めない見出しがある。
    E219 UnreadableYear { heading: String, nearest: Option<String> }
        message: "見出し「{}」は年度として読めません", quote(heading);
        help: perhaps(nearest.as_deref(), "年度の見出しは「R3」「令和3年度」「2021」のように書きます。");

    /// マスタにない見出しの列がある。
    W211 UnknownColumn { heading: String, cells: usize }
        message: "「{}」の列は使われません{}", quote(heading), counted("値が", *cells, "件あります");
        help: "印刷にも集計にも使われません。メモなら「備考」の列に書けます。使う列なら、plan.toml の [[fields]] に加えます。";

    /// 年度の列が途中で抜けている。
    W212 YearMissing { missing: FiscalYear }
        message: "{}の列がありません", missing.long();
        help: "その年度がなくてよいか確認してください。";

    /// 年度が、ほかの年度から離れすぎている。
    E233 YearOutOfReach { heading: String, year: FiscalYear }
        message: "年度の見出し「{}」（{}年度）は、離れすぎています", quote(heading), year.start();
        help: "年度の打ち間違いではありませんか（「R9」を「R99」など）。見出しを直してください。";

    /// 見出しの行より上に、ほかの行がある。
    W213 RowsAboveHeader { text: String, count: usize }
        message: "見出しの行より上に「{}」などの行が{count}行あり、読み飛ばしました", quote(text);
        help: "表題などの行なら削除してください。見出しは1行目に書きます。";

    /// 行のセルが、見出しより多い。
    E230 RowTooLong { cells: usize, columns: usize, lines: Vec<usize> }
        message: "セルの数が見出しより多くあります（{cells}個、見出しは{columns}個）{}", also_lines(lines);
        help: "余分なカンマがあるか、カンマのある値の「\"」がなくなって、途中から右にずれています。この行の値は読んでいません。";

    /// カンマのある値が、「"」がないために2つのセルに分かれている。
    E231 LostQuote { before: String, after: String }
        message: "「{}」と「{}」は、1つの値がカンマで2つのセルに分かれたものと思われます", quote(before), quote(after);
        help: format!("1つの値なら「\"{before},{after}\"」のように「\"」で囲んでください。この行の値は読んでいません。");

    /// 行が途中で終わっている。
    E232 RowEndsEarly { heading: String }
        message: "行が途中で終わっています（「{heading}」から右のセルがありません）";
        help: "行の後ろが失われていないか、控え（バックアップ）と見比べてください。空でよければ、足りないカンマを加えてください。";

    /// 隣り合う2つの値が、1つの値の分かれたもののように見える。
    W226 PerhapsLostQuote { before: String, after: String }
        message: "「{}」と「{}」は、1つの値がカンマで2つのセルに分かれたもののように見えます", quote(before), quote(after);
        help: format!("1つの値なら「\"{before},{after}\"」のように「\"」で囲んでください。2つの値なら、前の値にも単位を付けてください。");

    /// この行だけ、セルの数が見出しより少ない。
    W227 OnlyShortRow { cells: usize, columns: usize }
        message: "この行だけ、セルの数が見出しより少なくなっています（{cells}個、見出しは{columns}個）";
        help: "行の後ろが失われていないか、控え（バックアップ）と見比べてください。";

    /// 「種別」が知らない言葉である。
    E221 UnknownKind { text: String, nearest: Option<&'static str> }
        message: "種別「{}」はありません", quote(text);
        help: perhaps(*nearest, &format!("種別は、{}のいずれかです。", kinds()));

    /// 行の属する先（上の段の行）がない。
    E222 NoParent { kind: RowKind, parent: RowKind }
        message: "「{kind}」の上に、属する先の「{parent}」がありません";
        help: format!("この行より上に「{parent}」の行を置いてください。「{kind}」は、すぐ上の「{parent}」に属します。");

    /// 行の順序が、印刷される順と合わない。
    E223 OutOfOrder { kind: RowKind, earlier: RowKind }
        message: "「{kind}」が「{earlier}」より後にあります";
        help: format!("「{kind}」の行を「{earlier}」の行より上に移してください。印刷では先に出ます。");

    /// 同じIDの行が2つ以上ある。
    E224 DuplicateId { id: String, line: usize }
        message: "ID「{}」は{line}行目にもあります", quote(id);
        help: "どちらかに、まだ使われていないIDを付けてください。";

    /// IDがない。
    E225 MissingId { kind: RowKind }
        message: "「{kind}」の行にIDがありません";
        help: "まだ使われていないIDを付けてください。IDは計画の期間中変えません。番号のない事業はX01、X02…とします。";

    /// 名称がない。
    E226 MissingName { kind: RowKind }
        message: "「{kind}」の行に名称がありません";
        help: "「名称」の列に、印刷する名前を書いてください。";

    /// 「区分」が「新規」でも空でもない。
    E227 UnknownDivision { text: String }
        message: "区分「{}」はありません", quote(text);
        help: "新規の事業なら「新規」と書き、そうでなければ空にします。";

    /// 見出しの下に1行もない。
    E228 NoRows
        message: "見出しの下に、計画の行が1つもありません";
        help: "ファイルを取り違えていないか確認してください。";

    /// 「種別」が空の行に、ほかの値が書かれている。
    E229 MissingKind
        message: "種別が書かれていません";
        help: format!("種別（{}のいずれか）を書くか、行を空にしてください。", kinds());

    /// 「予算」「目標値」が、属する先の行のすぐ下にない。
    E237 NotBelowItsRow { kind: RowKind }
        message: "「{kind}」のすぐ上に、属する先の{}の行がありません", owners(*kind);
        help: format!("「{kind}」は、属する先の行のすぐ下に書きます。上の行が消えたか、行が移されていないか確認してください。");

    /// 1つの行に「予算」「目標値」が2つ以上ある。
    E238 SecondFigures { kind: RowKind, line: usize }
        message: "同じ行の「{kind}」は{line}行目にもあります";
        help: "どちらかの行を削除するか、属する先の行のすぐ下に移してください。";

    /// 「予算」「目標値」の名称が、属する先の行と違う。
    E239 NameOfOther { kind: RowKind, name: String, above: String }
        message: "「{kind}」の名称「{}」が、すぐ上の行の「{}」と違います", quote(name), quote(above);
        help: format!("「{kind}」は、すぐ上の行のものとして読みます。行が移されていないか確認してください。名称は空で構いません。");

    /// 1つの事業に、同じ名称の事業費が2つ以上ある。
    E240 DuplicateCost { name: String, line: usize }
        message: "事業費「{}」は、同じ事業の{line}行目にもあります", quote(name);
        help: "どちらかの行を削除するか、名称を直してください。";

    /// 選択の列に、選べない言葉が書かれている。
    E241 NoSuchChoice { text: String, nearest: Option<String>, choices: Vec<String> }
        message: "「{}」は選べません", quote(text);
        help: perhaps(nearest.as_deref(), &choose(choices));

    /// この種別では使わない列に値が書かれている。
    W221 UnusedCell { kind: RowKind, heading: String, text: String }
        message: "「{kind}」の行では「{heading}」は使われません（「{}」）", quote(text);
        help: "列がずれていないか確認し、不要なら削除してください。印刷されません。";

    /// 番号がない。
    W222 MissingNumber { kind: RowKind }
        message: "「{kind}」の行に番号がありません";
        help: "印刷する番号を書いてください。番号を付けない事業は「-」とします。";

    /// 事業に担当課がない。
    W223 MissingDepartment
        message: "事業に担当課がありません";
        help: "担当課がないと、照会のブックに入りません。";

    /// 「担当課」が設定ファイルの一覧にない。
    W224 UnknownDepartment { name: String, nearest: Option<String> }
        message: "担当課「{}」は、設定ファイルの一覧にありません", quote(name);
        help: perhaps(nearest.as_deref(), "正しければ、plan.toml の [departments] の order、outside または joint に加えてください。");

    /// 同じ施策の中に、同じ事業が2度出てくる。
    W225 ReprintInSameMeasure { id: String, line: usize }
        message: "事業「{}」は、同じ施策の{line}行目にもあります", quote(id);
        help: "同じ施策に2度印刷されます。不要な方の行を削除してください。";

    /// 事業に、目的も内容も書かれていない。
    W228 MissingWording
        message: "事業に目的も内容も書かれていません";
        help: "目的と内容が空欄のまま印刷されます。列がずれていないか確認してください。";

    /// IDが示す属する先と、行の位置が合わない。
    W229 BelongsElsewhere {
        kind: RowKind,
        id: String,
        parent: RowKind,
        under: String,
        seems: String,
        line: Option<usize>,
        more: usize,
    }
        message: "「{kind}」のID「{}」は、上にある「{parent}」の「{}」のものではないようです{}", quote(id), quote(under), counted("続く", *more, "行も同じ");
        help: format!("IDからは「{seems}」{}のもののようです。上の行が消えたか、行が移されていないか確認してください。", at_line(*line));

    /// IDまたは種別が、全角などで書かれている。
    W230 WrittenWide { heading: &'static str, text: String, read: String, more: usize }
        message: "{heading}「{}」は、「{}」と読みます{}", quote(text), quote(read), elsewhere(*more);
        help: "ほかの行と同じく、半角で書いてください。";

    /// 2つの版が合わさったままになっている。
    E234 MergeMarkers { text: String, lines: Vec<usize> }
        message: "2つの版が合わさっています（「{}」の行があります）{}", quote(text), also_lines(lines);
        help: "「<<<<<<<」から「=======」までと「>>>>>>>」までが、それぞれの版です。どちらかを残し、印の行を削除してください。それまでは、ほかの行を調べません。";

    /// 文字化けしている。
    E235 Mojibake { text: String, meant: Option<String>, more: usize }
        message: "文字化けしています（「{}」）{}", quote(text), elsewhere(*more);
        help: format!("別の文字コードとして開いて保存したものと思われます{}。控え（バックアップ）から戻してください。", origin(meant.as_deref()));

    /// 設定ファイルの texts に書かれたIDの項目がない。
    W231 TextsOfUnknownId { id: String, nearest: Option<String> }
        message: "設定ファイルの [values] texts にある「{}」は、計画の項目にありません", quote(id);
        help: perhaps(nearest.as_deref(), "IDを直すか、plan.toml の [values] texts から削除してください。");
}

/// All that may stand in 「種別」.
fn kinds() -> String {
    RowKind::words().collect::<Vec<_>>().join("・")
}

/// The rows to which such a row may belong.
fn owners(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Budget => "「事業費」",
        _ => "「数値目標」「KPI」「事業量」",
    }
}

/// What may be chosen, where that can be read at a glance.
fn choose(choices: &[String]) -> String {
    const MOST: usize = 12;
    let shown: Vec<String> =
        choices.iter().take(MOST).map(|choice| format!("「{}」", quote(choice))).collect();
    let more = if choices.len() > MOST { "など" } else { "" };
    format!(
        "選べるのは{}{more}です。言葉を増やすときは、plan.toml の choices に加えてください。",
        shown.join("")
    )
}

/// `（18行目、21行目も同じ）`
fn also_lines(lines: &[usize]) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> = lines.iter().take(MOST).map(|line| format!("{line}行目")).collect();
    match lines.len().saturating_sub(MOST) {
        _ if lines.is_empty() => String::new(),
        0 => format!("（{}も同じ）", shown.join("、")),
        more => format!("（{}ほか{more}行も同じ）", shown.join("、")),
    }
}

/// `（18行目）`, where it is known.
fn at_line(line: Option<usize>) -> String {
    line.map(|line| format!("（{line}行目）")).unwrap_or_default()
}

/// What a garbled text was, where it can be told.
fn origin(meant: Option<&str>) -> String {
    meant.map(|meant| format!("（元は「{}」）", quote(meant))).unwrap_or_default()
}

//! Every rule: what its finding holds, and its message.
//!
//! The doc comment of a variant is the rule, in Japanese, after its code; the
//! manual's list is made from it. Codes are stable: a code is never given to another
//! rule, and the first letter is the severity. E1 reading, E2 structure and
//! references, E3 values, E4 returned workbooks, W by the same hundreds, W5 fonts, E6
//! layout, E7 the archive.

use super::phrase::{
    alike, also_lines, below, besides, blank, checksums, code_point, dash, datum, elsewhere, first_few,
    glyph, grouped, holding, no_ordinary, no_unit, nothing, places, quoted, run, short_hash, struck, units,
};
use crate::finding::quote as short;
use crate::plan::{FiscalYear, RowKind, TargetError, ValueError};

/// What is wrong.
// The fields say in their names what the rule's sentence speaks of.
#[allow(missing_docs)]
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FindingKind {
    // ── Reading the file ──────────────────────────────────────────────────────
    /// E101 ファイルに何も書かれていない。
    #[error("ファイルが空です")]
    EmptyFile,
    /// E102 CSVではなく、Excelのブックなど別の種類のファイルである。
    #[error("CSVではなく、{format}のファイルです")]
    NotText { format: &'static str },
    /// E103 文字コードとして読めないところがある。
    #[error("{encoding}として読めない文字があります")]
    UnreadableBytes { encoding: &'static str },
    /// E104 文字ではないデータ（値が0のバイト）が入っている。
    #[error("文字ではないデータが入っています")]
    NulByte,
    /// E105 対応していない文字コードで保存されている。
    #[error("文字コード{encoding}には対応していません")]
    UnsupportedEncoding { encoding: &'static str },
    /// E106 「"」で始まったセルが閉じられていない。
    #[error("「\"」で始まるセルが、ファイルの終わりまで閉じられていません")]
    QuoteNotClosed,
    /// E107 「"」で閉じたセルの後に文字が続いている。
    #[error("「\"」で閉じたセルの後に文字が続いています")]
    TextAfterQuote,
    /// E108 1つのセルがExcelの上限（32,767文字）より長い。
    #[error("1つのセルに{length}文字が入っています（Excelの上限は32,767文字）")]
    CellTooLong { length: usize },
    /// E109 カンマ区切りではない（タブなどで区切られている）。
    #[error("カンマ区切りではなく、{separator}で区切られています")]
    NotComma { separator: &'static str },
    /// E110 書き込む文字を、マスタの文字コードで表せない。
    #[error("「{}」（{}）は、マスタの文字コード{encoding}で表せません", .character, code_point(*.character))]
    CharacterNotInEncoding { character: char, encoding: &'static str },
    /// E111 書き込む先の行または列がマスタにない。
    #[error("書き込む先の{what}がマスタにありません")]
    NoSuchCell { what: String },
    /// E112 マスタの行・列・セル・年度・基本目標・担当課の数が、扱える上限を超えている。
    #[error("マスタの{what}が多すぎます（上限は{}）", grouped(*.most))]
    TooLarge { what: &'static str, most: usize },
    /// E113 問題が多すぎるため、途中で調べるのをやめた。
    #[error("問題が{count}件を超えたため、この行から先は調べていません")]
    TooManyFindings { count: usize },
    /// W101 セルの途中に「"」がある。
    #[error("セルの途中に「\"」があります")]
    StrayQuote,
    /// W102 見えない文字が入っている。
    #[error("見えない文字（{}）が入っています{}", code_point(*.character), elsewhere(*.more))]
    InvisibleCharacter { character: char, more: usize },
    /// W103 ファイルの先頭の印（BOM）が2つ以上ある。
    #[error("ファイルの先頭の印（BOM）が2つ以上あります")]
    DoubledBom,
    /// W104 改行が、昔のMacの形式（CRだけ）である。
    #[error("改行が、昔のMacの形式（CRだけ）です")]
    OnlyCarriageReturns,
    /// W105 濁点などが、文字から分かれた形（NFD）で書かれている。
    #[error("濁点などが文字から分かれた形（NFD）で書かれています{}", elsewhere(*.more))]
    DecomposedText { more: usize },

    // ── plan.toml and the template ────────────────────────────────────────────
    /// E121 設定ファイルの書き方に誤りがある。
    #[error("設定ファイルの書き方に誤りがあります（{reason}）")]
    TomlSyntax { reason: String },
    /// E122 設定ファイルに知らない項目がある。
    #[error("「{key}」という設定項目はありません")]
    UnknownKey { key: String, nearest: Option<String> },
    /// E123 設定ファイルに必要な項目がない。
    #[error("設定項目「{key}」がありません")]
    MissingKey { key: String, table: Option<String> },
    /// E124 設定ファイルの値の種類が違う。
    #[error("設定の値が正しくありません。{expected}を書くところに{found}が書かれています")]
    WrongType { expected: String, found: String },
    /// E125 設定ファイルに同じ項目が2度書かれている。
    #[error("設定項目「{key}」が2度書かれています")]
    DuplicateKey { key: String },
    /// E126 設定ファイルの文字コードがUTF-8ではない。
    #[error("設定ファイルの文字コードが{encoding}です")]
    TomlEncoding { encoding: &'static str },
    /// E127 設定の値が、書いてよい言葉のどれでもない。
    #[error("「{value}」という値は書けません")]
    UnknownChoice { value: String, choices: Vec<String> },

    /// E128 テンプレートの書き方に誤りがある。
    #[error("テンプレートを使えません。{message}")]
    Template { message: String },

    /// E129 設定の値が、その項目に使えない。
    #[error("{message}")]
    UnusableSetting { message: String },

    // ── References ────────────────────────────────────────────────────────────
    /// E201 「再掲元」に書かれた事業が計画にない。
    #[error("再掲元の事業「{}」が見つかりません", short(.id))]
    ReprintOfUnknownProject { id: String, nearest: Option<String> },
    /// E202 「再掲元」の事業が、再掲より後に書かれている。
    #[error("再掲元の事業「{}」は、この再掲より後（{line}行目）にあります", short(.id))]
    ReprintBeforeProject { id: String, line: usize },
    /// E203 「再掲元」が事業ではない行を指している。
    #[error("再掲元「{}」は事業ではなく「{kind}」の行（{line}行目）です", short(.id))]
    ReprintOfOther { id: String, kind: RowKind, line: usize },
    /// E204 再掲の行に「再掲元」が書かれていない。
    #[error("再掲の行に、再掲元の事業のIDがありません")]
    ReprintOfNothing,
    /// E205 再掲の行に数値が書かれている。
    #[error("再掲の行に数値「{}」が書かれています", short(.text))]
    ReprintWithFigure { text: String },

    // ── Columns ───────────────────────────────────────────────────────────────
    /// E211 見出しの行がない。
    #[error("見出しの行がありません")]
    NoHeader,
    /// E212 必要な列がない。
    #[error("「{heading}」の列がありません")]
    MissingColumn { heading: String },
    /// E213 見出しの書き間違いと思われる列がある。
    #[error("「{}」という列はありません", short(.heading))]
    MisspeltColumn { heading: String, nearest: String },
    /// E214 同じ見出しの列が2つ以上ある。
    #[error("「{heading}」の列が2つあります（{first}列と{second}列）")]
    DuplicateColumn { heading: String, first: String, second: String },
    /// E215 同じ年度の列が2つ以上ある。
    #[error("{}の列が2つあります（{first}列と{second}列）", .year.long())]
    DuplicateYear { year: FiscalYear, first: String, second: String },
    /// E216 年度の列が古い順に並んでいない。
    #[error("年度の列が古い順に並んでいません（{before}の次に{after}があります）")]
    YearsOutOfOrder { before: FiscalYear, after: FiscalYear },
    /// E217 年度の列が1つもない。
    #[error("年度の列がありません")]
    NoYears,
    /// E218 見出しのない列に値が書かれている。
    #[error("見出しのない列に「{}」と書かれています{}", short(.text), below(*.more))]
    ValueOutsideColumns { text: String, more: usize },
    /// E219 年度のようだが年度として読めない見出しがある。
    #[error("見出し「{}」は年度として読めません", short(.heading))]
    UnreadableYear { heading: String, nearest: Option<String> },
    /// W211 マスタにない見出しの列がある。
    #[error("「{}」の列は使われません{}", short(.heading), holding(*.cells))]
    UnknownColumn { heading: String, cells: usize },
    /// W212 年度の列が途中で抜けている。
    #[error("{}の列がありません", .missing.long())]
    YearMissing { missing: FiscalYear },
    /// E233 年度が、ほかの年度から離れすぎている。
    #[error("年度の見出し「{}」（{}年度）は、離れすぎています", short(.heading), .year.start())]
    YearOutOfReach { heading: String, year: FiscalYear },
    /// W213 見出しの行より上に、ほかの行がある。
    #[error("見出しの行より上に「{}」などの行が{count}行あり、読み飛ばしました", short(.text))]
    RowsAboveHeader { text: String, count: usize },

    // ── The shape of the rows ─────────────────────────────────────────────────
    /// E230 行のセルが、見出しより多い。
    #[error("セルの数が見出しより多くあります（{cells}個、見出しは{columns}個）{}", also_lines(.lines))]
    RowTooLong { cells: usize, columns: usize, lines: Vec<usize> },
    /// E231 カンマのある値が、「"」がないために2つのセルに分かれている。
    #[error("「{}」と「{}」は、1つの値がカンマで2つのセルに分かれたものと思われます", short(.before), short(.after))]
    LostQuote { before: String, after: String },
    /// E232 行が途中で終わっている。
    #[error("行が途中で終わっています（「{heading}」から右のセルがありません）")]
    RowEndsEarly { heading: String },
    /// W226 となり合う2つの値が、1つの値の分かれたもののように見える。
    #[error("「{}」と「{}」は、1つの値がカンマで2つのセルに分かれたもののように見えます", short(.before), short(.after))]
    PerhapsLostQuote { before: String, after: String },
    /// W227 この行だけ、セルの数が見出しより少ない。
    #[error("この行だけ、セルの数が見出しより少なくなっています（{cells}個、見出しは{columns}個）")]
    OnlyShortRow { cells: usize, columns: usize },

    // ── The outline ───────────────────────────────────────────────────────────
    /// E221 「種別」が知らない言葉である。
    #[error("種別「{}」はありません", short(.text))]
    UnknownKind { text: String, nearest: Option<&'static str> },
    /// E222 行の属する先（上の段の行）がない。
    #[error("「{kind}」の上に、属する先の「{parent}」がありません")]
    NoParent { kind: RowKind, parent: RowKind },
    /// E223 行の順序が、印刷される順と合わない。
    #[error("「{kind}」が「{earlier}」より後にあります")]
    OutOfOrder { kind: RowKind, earlier: RowKind },
    /// E224 同じIDの行が2つ以上ある。
    #[error("ID「{}」は{line}行目にもあります", short(.id))]
    DuplicateId { id: String, line: usize },
    /// E225 IDがない。
    #[error("「{kind}」の行にIDがありません")]
    MissingId { kind: RowKind },
    /// E226 名称がない。
    #[error("「{kind}」の行に名称がありません")]
    MissingName { kind: RowKind },
    /// E227 「区分」が「新規」でも空でもない。
    #[error("区分「{}」はありません", short(.text))]
    UnknownDivision { text: String },
    /// E228 見出しの下に1行もない。
    #[error("見出しの下に、計画の行が1つもありません")]
    NoRows,
    /// E229 「種別」が空の行に、ほかの値が書かれている。
    #[error("種別が書かれていません")]
    MissingKind,
    /// W221 この種別では使わない列に値が書かれている。
    #[error("「{kind}」の行では「{heading}」は使われません（「{}」）", short(.text))]
    UnusedCell { kind: RowKind, heading: String, text: String },
    /// W222 番号がない。
    #[error("「{kind}」の行に番号がありません")]
    MissingNumber { kind: RowKind },
    /// W223 事業に担当課がない。
    #[error("事業に担当課がありません")]
    MissingDepartment,
    /// W224 「担当課」が設定ファイルの一覧にない。
    #[error("担当課「{}」は、設定ファイルの一覧にありません", short(.name))]
    UnknownDepartment { name: String, nearest: Option<String> },
    /// W225 同じ施策の中に、同じ事業が2度出てくる。
    #[error("事業「{}」は、同じ施策の{line}行目にもあります", short(.id))]
    ReprintInSameMeasure { id: String, line: usize },
    /// W228 事業に、目的も内容も書かれていない。
    #[error("事業に目的も内容も書かれていません")]
    MissingWording,
    /// W229 IDが示す属する先と、行の位置が合わない。
    #[error("「{kind}」のID「{}」は、上にある「{parent}」の「{}」のものではないようです{}", short(.id), short(.under), alike(*.more))]
    BelongsElsewhere {
        kind: RowKind,
        id: String,
        parent: RowKind,
        under: String,
        seems: String,
        line: Option<usize>,
        more: usize,
    },
    /// W230 IDまたは種別が、全角などで書かれている。
    #[error("{heading}「{}」は、「{}」と読みます{}", short(.text), short(.read), elsewhere(*.more))]
    WrittenWide { heading: &'static str, text: String, read: String, more: usize },
    /// E234 2つの版が合わさったままになっている。
    #[error("2つの版が合わさっています（「{}」の行があります）{}", short(.text), also_lines(.lines))]
    MergeMarkers { text: String, lines: Vec<usize> },
    /// E235 文字化けしている。
    #[error("文字化けしています（「{}」）{}", short(.text), elsewhere(*.more))]
    Mojibake { text: String, meant: Option<String>, more: usize },
    /// W231 設定ファイルの texts に書かれたIDの項目がない。
    #[error("設定ファイルの [values] texts にある「{}」は、計画の項目にありません", short(.id))]
    TextsOfUnknownId { id: String, nearest: Option<String> },

    // ── Values ────────────────────────────────────────────────────────────────
    /// E301 数値として読めない。
    #[error("「{}」は{why}", short(.text))]
    UnreadableValue { text: String, why: ValueError },
    /// W301 多くの行で報告済みの年度の「実績」が空のままである。
    #[error("{}の実績が{}件空のままです（{}）", .year.long(), .ids.len(), .department)]
    ActualNotReported { year: FiscalYear, department: String, ids: Vec<String> },
    /// W302 「目標」の文を読み取れない。
    #[error("目標「{}」を読み取れません（{why}）", short(.text))]
    TargetNotUnderstood { text: String, why: TargetError },
    /// W303 再掲の文言が、元の事業と同じである。
    #[error("再掲の「{heading}」が、元の事業「{}」と同じ文です", short(.id))]
    SameWording { heading: &'static str, id: String },
    /// W304 同じ番号の事業が2つ以上ある。
    #[error("事業の番号「{number}」は{line}行目にもあります")]
    DuplicateNumber { number: u32, line: usize },
    /// W305 事業の番号が抜けている。
    #[error("事業の番号が抜けています（{}）", run(*.from, *.to))]
    NumberGap { from: u32, to: u32 },
    /// W306 同じ行の中で単位が違う。
    #[error("{}", units(.unit, .usual))]
    UnitDiffers { unit: String, usual: String },
    /// W307 数値目標またはKPIに目標がない。
    #[error("「{kind}」の行に目標がありません")]
    MissingTarget { kind: RowKind },
    /// W308 数値の代わりに文字が書かれている。
    #[error("「{}」は数値ではなく、文字として印刷します{}", short(.text), besides(*.more))]
    TextForFigure { text: String, id: String, more: usize },
    /// W340 文が「=」「+」「@」などで始まり、CSVをExcelで開くと数式になる。
    #[error("「{begins}」で始まる文は、CSVをExcelで開くと数式として扱われます（「{}」）", short(.text))]
    LooksLikeFormula { text: String, begins: char },
    /// W309 「—」に似た別の字が使われている。
    #[error("「{}」（{}）は「—」や「-」ではありません{}", .character, dash(*.character), elsewhere(*.more))]
    LookAlikeDash { character: char, more: usize },
    /// W310 表計算ソフトが書き換えたと思われるセルがある。
    #[error("表計算ソフトが書き換えたと思われるセルが{}個あります（{}）", .cells.len(), first_few(.cells))]
    ChangedBySpreadsheet { cells: Vec<String>, sources: Vec<String> },
    /// W311 同じ行の中で、億・万・千などの位が違い、大きさも合わない。
    #[error("「{}」は、同じ行の「{}」と位（億・万・千など）が違い、大きさも合いません", short(.text), short(.usual))]
    ScaleDiffers { text: String, usual: String },
    /// W312 後の値があるのに、前の年度（または基準値）だけが空である。
    #[error("「{heading}」が空なのに、その右に「{}」があります", short(.text))]
    HoleBeforeFigure { heading: String, text: String },
    /// W313 ほとんどの行で空の年度に、わずかな値だけがある。
    #[error("{}の実績は{count}件だけで、ほかの{}件は空です", .year.long(), .of.saturating_sub(*.count))]
    LonelyYear { year: FiscalYear, count: usize, of: usize, is_latest: bool },
    /// W314 桁区切りのカンマが小数点になっているように見える。
    #[error("桁区切りのカンマが小数点になっているように見えます（{}）", first_few(.cells))]
    PointForComma { cells: Vec<String> },
    /// W315 数値が0で始まっている。
    #[error("0で始まる数値があります（{}）", first_few(.cells))]
    LeadingNought { cells: Vec<String> },
    /// W316 同じ行の中で、数値の前後の言葉や符号の付け方が違う。
    #[error("同じ行の中で、{what}")]
    NotationDiffers { what: String },
    /// W317 目標に単位があるのに、その行の値に単位がない。
    #[error("目標の単位は「{}」ですが、この行の値には単位がありません", short(.unit))]
    UnitOfTargetMissing { unit: String },
    /// W318 控えまたは保存した版と、行や過去の値が違う。
    #[error("控えや保存した版と違うところが{}件あります（{}）", .changes.len(), first_few(.changes))]
    ChangedSinceFormer { changes: Vec<String>, sources: Vec<String> },
    /// W319 作ろうとしている年度の実績が1件もない。
    #[error("{}の実績が1件もありません", .year.long())]
    NothingReported { year: FiscalYear },

    // ── Fonts and layout ──────────────────────────────────────────────────────
    /// W501 使う書体にない文字がある。
    #[error("{}は、使う書体にありません", glyph(*.character, *.selector))]
    MissingGlyph { character: char, selector: Option<char>, fallback: Option<String> },
    /// W502 漢字に見えるが、部首の記号または互換漢字である。
    #[error("{}", no_ordinary(.characters))]
    NoOrdinaryKanji { characters: Vec<(char, Option<char>)> },
    /// E601 年度が多すぎて、用紙の幅に入らない。
    #[error("用紙の幅が足りません（必要な幅 {needed_mm:.1} mm、使える幅 {available_mm:.1} mm）")]
    PageTooNarrow { needed_mm: f64, available_mm: f64 },
    /// E602 1つの事業の目的・内容が、1ページに入らない。
    #[error("事業「{}」の目的・内容が長すぎて、1ページに入りません", short(.id))]
    WordingTooTall { id: String },
    /// E603 見出し、または表の1行が、1ページに入らない。
    #[error("「{}」の名称・目標が長すぎて、1ページに入りません", short(.id))]
    NameTooTall { id: String },

    /// E604 見出しや名称・目標を合わせた文が、Excelの1つのセルに入らない（上限は32,767文字）。
    #[error("「{}」の文が長すぎて、Excelの1つのセルに入りません（上限は32,767文字）", short(.id))]
    TextTooLongForExcel { id: String },
    /// E605 1つの基本目標が、Excelの1枚のシートに入らないページ数になる（上限は1,024ページ）。
    #[error("「{}」が{pages}ページになり、Excelの1枚のシートに入りません（上限は1,024ページ）", short(.id))]
    TooManyPages { id: String, pages: usize },
    /// E606 列の幅が、文字1つの幅に足りない。
    #[error("「{}」の文字が、列の幅に1つも入りません", short(.id))]
    CellTooNarrow { id: String },
    /// E607 文書が、どの市の計画よりも大きくなる（表のセルと文字の数）。
    #[error("「{}」のところで、文書のセルと文字が多くなりすぎます", short(.id))]
    DocumentTooLarge { id: String },

    // ── Returned workbooks ────────────────────────────────────────────────────
    /// E401 回答のブックにパスワードが付いている。
    #[error("パスワードが付いているため、開けません")]
    EncryptedWorkbook,
    /// E402 回答のブックが大きすぎるか、開くと膨らむ作りになっている。
    #[error("回答のブックとしては大きすぎるため、開きません（{why}）")]
    OversizedWorkbook { why: &'static str },
    /// E403 回答のブックが壊れている。
    #[error("ファイルが壊れていて開けません")]
    DamagedWorkbook,
    /// E404 Excelなどのブックではない。
    #[error("回答のブックではありません（{why}）")]
    NotAWorkbook { why: &'static str },
    /// E405 読み取れない形式のブックである。
    #[error("{format}は読み取れません")]
    UnsupportedWorkbook { format: &'static str },
    /// E406 記入票ではない（照会の鍵が1つもない）。
    #[error("記入票ではありません（行を見分ける鍵が1つもありません）")]
    NotAForm,
    /// E407 別の計画の記入票である。
    #[error("別の計画（{}）の記入票です", short(.plan))]
    FormOfOtherPlan { plan: String },
    /// E408 別の年度の記入票である。
    #[error("{}の記入票です（集計しているのは{}）", .year.long(), .expected.long())]
    FormOfOtherYear { year: FiscalYear, expected: FiscalYear },
    /// E409 配布した後にマスタが変わり、回答とも違う。
    #[error("{}：配布の後にマスタが「{}」から「{}」に変わっていて、回答「{}」と違います", .year, blank(.base), blank(.master), blank(.answer))]
    MasterChanged { year: FiscalYear, base: String, master: String, answer: String },
    /// E410 同じ項目への2つの回答が違う。
    #[error("{}：同じ項目への回答が違います（「{}」と、{other}の「{}」）", .year, blank(.answer), blank(.other_answer))]
    AnswersDiffer { year: FiscalYear, answer: String, other_answer: String, other: String },
    /// E411 計画にない項目への回答である。
    #[error("ID「{}」の項目は、マスタにありません（回答「{}」）", short(.id), blank(.answer))]
    AnswerToUnknownRow { id: String, answer: String },
    /// E412 行を見分ける鍵が書き換えられている。
    #[error("行を見分ける鍵が書き換えられています")]
    BrokenKey,
    /// E413 行の中のどこが記入欄か分からない。
    #[error("この行の記入欄がどの列か分かりません")]
    InputNotFound,
    /// E414 マスタに年度の列がない。
    #[error("マスタに{}の列がありません", .year.long())]
    YearNotInMaster { year: FiscalYear },
    /// E415 指定した担当課に、照会する項目がない。
    #[error("担当課「{}」に照会する項目はありません", short(.name))]
    NothingToAsk { name: String, nearest: Option<String> },
    /// W401 回答が日付になっている。
    #[error("{}：回答が日付（{}）になっています", .year, short(.shown))]
    AnswerIsDate { year: FiscalYear, shown: String },
    /// W402 回答を読み取れない。
    #[error("{}：回答「{}」は{why}", .year, short(.text))]
    AnswerNotUnderstood { year: FiscalYear, text: String, why: ValueError },
    /// W403 回答のセルが数式のエラーになっている。
    #[error("{}：回答のセルがエラー（{}）になっています", .year, short(.shown))]
    AnswerIsError { year: FiscalYear, shown: String },
    /// W404 回答の数式が計算されないまま保存されている。
    #[error("{}：回答の数式が、計算されないまま保存されています", .year)]
    AnswerNotCalculated { year: FiscalYear },
    /// W405 割合の回答が、どの大きさを指すか分からない。
    #[error("{}：割合の回答「{}」が何％を指すか分かりません", .year, short(.text))]
    AmbiguousPercent { year: FiscalYear, text: String },
    /// W406 回答の単位が、その項目の単位と違う。
    #[error("{}：回答「{}」の単位「{unit}」が、いつもの「{}」と違います", .year, short(.text), no_unit(.usual))]
    AnswerUnitDiffers { year: FiscalYear, text: String, unit: String, usual: String },
    /// W407 単位のない回答で、その項目の単位が分からない。
    #[error("{}：回答「{}」の単位が分かりません", .year, short(.text))]
    AnswerWithoutUnit { year: FiscalYear, text: String },
    /// W408 前年度から50％を超えて変わったのに、理由が書かれていない。
    #[error("{}：前年度の「{}」から「{}」へ50％を超えて変わっていますが、理由が書かれていません", .year, short(.last), short(.answer))]
    LargeChange { year: FiscalYear, last: String, answer: String },
    /// W409 過年度の実績が書き換えられている。
    #[error("過年度（{}）の実績が「{}」から「{}」に書き換えられています", .year, blank(.base), blank(.answer))]
    PastRevised { year: FiscalYear, base: String, answer: String },
    /// W410 記入票にあった行がなくなっている。
    #[error("{}件の行がありません（{}）", .ids.len(), .department)]
    RowsMissing { department: String, ids: Vec<String> },
    /// W411 配布した時に入っていた実績が消されている。
    #[error("{}：配布した時に入っていた「{}」が消されています", .year, short(.base))]
    AnswerErased { year: FiscalYear, base: String },
    /// W412 マイナスの回答である。
    #[error("{}：回答「{}」がマイナスです", .year, short(.text))]
    NegativeAnswer { year: FiscalYear, text: String },
    /// W413 正確に読み取れない数値である。
    #[error("{}：回答「{}」は桁が多すぎて正確に読み取れません", .year, short(.text))]
    InexactAnswer { year: FiscalYear, text: String },
    /// W415 鍵のない行に記入がある。
    #[error("見分ける鍵のない行に「{}」と記入されています", short(.text))]
    AnswerWithoutKey { text: String },
    /// W414 マスタにない項目の行が、空欄のまま残っている。
    #[error("ID「{}」の項目は、マスタにありません", short(.id))]
    UnknownRow { id: String },

    /// E417 返ってきたファイルを開けない。
    #[error("ファイルを開けません（{reason}）")]
    UnreadableFile { reason: String },
    /// E418 ブックの中に、同じ名前の部品またはシートが2つある。
    #[error("ブックの中に、同じ名前の部品またはシートが2つあります")]
    DoubledParts,
    /// W416 行に見えている項目と、見分ける鍵の項目が違う。
    #[error("この行の{heading}は「{}」ですが、見分ける鍵では「{}」です（回答「{}」）", blank(.shown), short(.expected), blank(.answer))]
    RowContradictsKey {
        heading: &'static str,
        shown: String,
        expected: String,
        perhaps: Option<String>,
        answer: String,
    },
    /// W417 配布した後に、マスタで項目または事業の名前が変わっている。
    #[error("配布した時の「{}」が、いまのマスタでは「{}」です（回答「{}」）", short(.sent), short(.now), blank(.answer))]
    RowRenamed { sent: String, now: String, answer: String },
    /// W418 過年度の実績が、別の行のものになっている。
    #[error("この行の過年度の実績は、別の項目のものです（回答「{}」）", blank(.answer))]
    PastOfOtherRow { other: String, answer: String },
    /// W419 別の担当課の行が入っている。
    #[error("{}のファイルに、{}の行が入っています（回答「{}」）", short(.of_file), short(.department), blank(.answer))]
    RowOfOtherDepartment { department: String, of_file: String, answer: String },
    /// W420 記入欄のセルが上下にずれている。
    #[error("記入欄のセルが削除または挿入され、上下にずれているようです（回答「{}」）", blank(.answer))]
    AnswersSlipped { answer: String },
    /// W421 シートに表示されている値と、セルの中の値が違う。
    #[error("{}：シートには「{}」と表示されていますが、セルの値は「{}」です", .year, short(.shown), short(.stored))]
    ShownDiffers { year: FiscalYear, shown: String, stored: String },
    /// W422 その項目の書き方より小数が細かい。
    #[error("{}：回答「{}」は、この項目の書き方（{}）では表せません", .year, short(.text), places(*.decimals))]
    TooManyDecimals { year: FiscalYear, text: String, decimals: u32 },
    /// W423 数値の項目に、言葉や範囲で回答している。
    #[error("{}：回答「{}」は1つの数値ではありません", .year, short(.text))]
    AnswerInWords { year: FiscalYear, text: String },
    /// W424 回答に取り消し線が引かれている。
    #[error("{}：回答「{}」{}", .year, short(.answer), struck(.rest.as_deref()))]
    AnswerStruck { year: FiscalYear, answer: String, rest: Option<String> },
    /// W425 記入欄が、ほかの行の記入欄と結合されている。
    #[error("{}：回答「{}」のセルが、ほかの行と結合されています", .year, short(.answer))]
    AnswerJoined { year: FiscalYear, answer: String },
    /// W426 「単位」の欄が書き換えられている。
    #[error("「単位」の欄が「{}」から「{}」に書き換えられています（回答「{}」）", no_unit(.unit), blank(.shown), blank(.answer))]
    UnitCellChanged { unit: String, shown: String, answer: String },
    /// W427 過年度の実績が確かめられるまで、回答を取り込めない。
    #[error("{}：過年度の欄に確かめることがあるため、回答「{}」も取り込んでいません", .year, short(.answer))]
    AnswerHeld { year: FiscalYear, answer: String },
    /// W428 記入がなく、備考だけが書かれている。
    #[error("記入欄は空ですが、備考に「{}」とあります", short(.remark))]
    RemarkWithoutFigure { remark: String },
    /// W429 回答の横に、数値を左右しうる書き込みがある。
    #[error("{kind}に「{}」とあります", short(.text))]
    WrittenBesideAnswer { kind: &'static str, text: String },
    /// W430 表の外に、数値を左右しうる書き込みがある。
    #[error("{kind}に「{}」と書かれています", short(.text))]
    WrittenOutside { kind: &'static str, text: String },
    /// W431 回答に色が付けられ、色の意味らしい書き込みがある。
    #[error("回答「{}」に色が付けられています（表の外に「{}」とあります）", short(.answer), short(.legend))]
    AnswerColoured { answer: String, legend: String },
    /// W432 数値の前の言葉が、その項目のものと違う。
    #[error("{}：回答「{}」の数値の前の言葉が、いつもの「{}」と違います", .year, short(.text), nothing(.usual))]
    AnswerPrefixDiffers { year: FiscalYear, text: String, usual: String },
    /// W433 回答の文字の一部が、上付きまたは下付きになっている。
    #[error("{}：回答「{}」に、上付きまたは下付きの文字があります", .year, short(.answer))]
    AnswerRaised { year: FiscalYear, answer: String },
    /// W434 言葉で答えてきた項目に、数値で回答している。
    #[error("{}：言葉で答えてきた項目に、数値「{}」と回答しています", .year, short(.text))]
    FigureAmongWords { year: FiscalYear, text: String },
    /// W435 見えている見出しと、隠れた見出しの列が違う。
    #[error("見出しが入れ替わっています（回答「{}」）", blank(.answer))]
    HeadingsDiffer { answer: String },
    /// W436 隠れているシートに回答がある。
    #[error("隠れているシートに回答「{}」があります", blank(.answer))]
    AnswerOnHiddenSheet { answer: String },
    /// W437 作ろうとした名前のファイルが、このプログラムの書いたままではない。
    #[error("このファイルは配布した時のままではないため、残しました（新しいものは「{beside}」）")]
    TouchedFileKept { beside: String },
    /// W438 記入票のフォルダーの中に、開かなかったフォルダーがある。
    #[error("このフォルダーの中は読んでいません。{why}")]
    FolderNotEntered { why: &'static str },

    // ── The archive ───────────────────────────────────────────────────────────
    /// E701 保存した版に、記録されているファイルがない。
    #[error("「{name}」がありません")]
    ArchivedFileMissing { name: String },
    /// E702 保存した版のファイルが、記録と違う。
    #[error("保存したときの内容と違います（記録は{}…、いまは{}…）", short_hash(.recorded), short_hash(.found))]
    ArchivedFileChanged { recorded: String, found: String, cause: Option<&'static str> },
    /// E703 保存した版に、記録にないファイルがある。
    #[error("保存の記録にないものがあります")]
    UnknownInArchive,
    /// E704 保存の記録（manifest.json）を読み取れない。
    #[error("保存の記録を読み取れません。{why}")]
    ManifestUnreadable { why: String },
    /// E705 保存した版が、別の版のフォルダーにある。
    #[error("「{says}」の版の記録が、別の名前のフォルダーにあります")]
    EditionInWrongFolder { says: String },
    /// E706 保存した版のつながりが切れている。
    #[error("版のつながりが切れています。{why}")]
    ChainBroken { why: String },
    /// E707 保存したデータから作り直した文書が、保存した文書と違う。
    #[error("保存したデータから作り直したものと違います")]
    RemadeDiffers,
    /// E708 保存したデータから文書を作り直せない。
    #[error("保存したデータから作り直せません。{why}")]
    CannotBeRemade { why: String },
    /// E709 1つにまとめたPDFの中のファイルが、隣のファイルと違う。
    #[error("PDFの中のファイルが合いません。{why}")]
    BundleDiffers { why: String },
    /// E710 checksums.sha256 の記録が、実際のファイルと違う。
    #[error("{}", checksums(.name.as_deref()))]
    ChecksumsDiffer { name: Option<String>, cause: Option<&'static str> },
    /// E711 いちばん新しい版が消えている。
    #[error("いちばん新しい版{}がありません", quoted(.folder))]
    NewestEditionMissing { folder: String },
    /// E712 いちばん新しい版の記録が、latest.json と違う。
    #[error("latest.json が覚えている記録と違います")]
    NewestDiffers,
    /// E713 latest.json を読み取れない。
    #[error("latest.json が、作ったときのままではありません")]
    NewestUnreadable { cause: Option<&'static str> },
    /// E714 保存した版のファイルが、あり得ないほど大きい。
    #[error("大きすぎるため読みません（{bytes}バイト）")]
    ArchivedFileTooLarge { bytes: u64 },
    /// E715 ファイルを取り出せるPDFではない。
    #[error("データの入ったPDFではありません。{why}")]
    NotABundle { why: String },
    /// E716 保存した版を確かめる途中で、プログラムが止まった。
    #[error("この版を確かめる途中で、プログラムが止まりました")]
    VerificationStopped,
    /// W701 保存の途中で止まった残りがある。
    #[error("保存の途中で止まったときの残りです")]
    UnfinishedEdition,
    /// W702 latest.json が、いちばん新しい版より古い。
    #[error("latest.json に、いちばん新しい版が書かれていません")]
    NewestNotNoted,
    /// W703 別の版の jisseki で保存されたため、作り直しても同じにならない。
    #[error("jisseki {version} で保存された版です。この jisseki では同じものを作り直せません")]
    MadeByOtherVersion { version: String },
    /// W704 保存したときの書体のファイルがないため、作り直しを確かめられない。
    #[error("保存したときの書体のファイルがありません")]
    ArchivedFontMissing,
    /// E717 データのCSVの値が、保存したマスタの値と違う。
    #[error("データのCSVの値が、保存したマスタと違います（{}：CSVは「{}」、マスタは「{}」）", datum(.id, .column), blank(.csv), blank(.master))]
    ArchivedFigureDiffers { id: String, column: String, csv: String, master: String },
    /// E718 いちばん新しい版の記録を読み取れない。
    #[error("いちばん新しい版「{}」はありますが、その記録（manifest.json）を読み取れません", short(.folder))]
    NewestRecordUnreadable { folder: String },
    /// E719 保存した版に、ファイルの代わりにリンクがある。
    #[error("ファイルではなく、ほかの場所へのリンクです")]
    ArchivedFileIsLink,
    /// E720 保存した版のファイルを開けない。
    #[error("開けません。{why}")]
    ArchivedFileUnreadable { why: String },
    /// E721 控えた指紋の版がない。
    #[error("控えた指紋「{}」の版がありません", short(.noted))]
    NotedEditionMissing { noted: String },
    /// W706 latest.json がない。
    #[error("latest.json がありません")]
    NewestNoteMissing,
    /// W707 データのCSVの文が、保存したマスタの文と違う。
    #[error("データのCSVの文が、保存したマスタと違います（{}：CSVは「{}」、マスタは「{}」）", datum(.id, .column), blank(.csv), blank(.master))]
    ArchivedWordingDiffers { id: String, column: String, csv: String, master: String },
}

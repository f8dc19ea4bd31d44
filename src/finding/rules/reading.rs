//! E1 and W1: the bytes, the cells and the characters of a CSV file.

use super::phrase::{code_point, elsewhere};

rules! {
    /// What is wrong with the bytes, the cells and the characters of a CSV file.
    pub enum ReadingRule;

    /// ファイルに何も書かれていない。
    E101 EmptyFile
        message: "ファイルが空です";
        help: "ファイルを取り違えていないか確認してください。";

    /// CSVではなく、Excelのブックなど別の種類のファイルである。
    E102 NotText { format: &'static str }
        message: "CSVではなく、{format}のファイルです";
        help: "ファイル名の拡張子を変えただけではCSVになりません。Excelで開き、「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んで保存してください。";

    /// 文字コードとして読めないところがある。
    E103 UnreadableBytes { encoding: &'static str }
        message: "{encoding}として読めない文字があります";
        help: "ファイルが壊れているか、2種類の文字コードが混ざっています。Excelで開いて確認し、「CSV UTF-8（コンマ区切り）」で保存し直してください。";

    /// 文字ではないデータが入っている。
    E104 NulByte
        message: "文字ではないデータが入っています";
        help: "CSVではないファイルか、壊れたファイルです。Excelで開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。";

    /// 対応していない文字コードで保存されている。
    E105 UnsupportedEncoding { encoding: &'static str }
        message: "文字コード{encoding}には対応していません";
        help: "UTF-8、Shift_JIS（CP932）、BOM付きUTF-16のいずれかで保存し直してください。";

    /// 「"」で始まったセルが閉じられていない。
    E106 QuoteNotClosed
        message: "「\"」で始まるセルが、ファイルの終わりまで閉じられていません";
        help: "このセルの終わりに「\"」を付けてください。";

    /// 「"」で閉じたセルの後に文字が続いている。
    E107 TextAfterQuote
        message: "「\"」で閉じたセルの後に文字が続いています";
        help: "セルの中で「\"」を使うときは「\"\"」と2つ続けて書きます。Excelで開いて保存し直すと正しい形になります。";

    /// 1つのセルがExcelの上限（32,767文字）より長い。
    E108 CellTooLong { length: usize }
        message: "1つのセルに{length}文字が入っています（Excelの上限は32,767文字）";
        help: "別のセルの内容がつながっていないか確認し、短くしてください。";

    /// カンマ区切りではない（タブなどで区切られている）。
    E109 NotComma { separator: &'static str }
        message: "カンマ区切りではなく、{separator}で区切られています";
        help: "Excelの「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んで保存し直してください。";

    /// 書き込む文字を、マスタの文字コードで表せない。
    E110 CharacterNotInEncoding { character: char, encoding: &'static str }
        message: "「{character}」（{}）は、マスタの文字コード{encoding}で表せません", code_point(*character);
        help: "別の文字に置き換えるか、マスタを「CSV UTF-8（コンマ区切り）」で保存し直してからもう一度実行してください。";

    /// 書き込む先の行または列がマスタにない。
    E111 NoSuchCell { what: String }
        message: "書き込む先の{what}がマスタにありません";
        help: "マスタに行または列を加えてから、もう一度実行してください。";

    /// マスタの行・列・セル・年度・基本目標・担当課の数が、扱える上限を超えている。
    E112 TooLarge { what: &'static str, most: usize }
        message: "マスタの{what}が多すぎます（上限は{}）", grouped(*most);
        help: "上限は、大きな市の計画の何倍もの数です。ファイルを取り違えていないか、空の行や列が続いていないか確認してください（Excelで余分な行・列を選んで削除し、保存し直すとなくなります）。";

    /// 問題が多すぎるため、途中で調べるのをやめた。
    E113 TooManyFindings { count: usize }
        message: "問題が{count}件を超えたため、この行から先は調べていません";
        help: "上の問題を直してから、もう一度実行してください。";

    /// セルの途中に「"」がある。
    W101 StrayQuote
        message: "セルの途中に「\"」があります";
        help: "文字としての「\"」ならこのままで構いません。セルを囲むつもりなら、カンマとの間の空白を削除してください。";

    /// 見えない文字が入っている。
    W102 InvisibleCharacter { character: char, more: usize }
        message: "見えない文字（{}）が入っています{}", code_point(*character), elsewhere(*more);
        help: "ほかの文書などから貼り付けたときに混ざったものです。セルを入力し直すと消えます。";

    /// ファイルの先頭の印（BOM）が2つ以上ある。
    W103 DoubledBom
        message: "ファイルの先頭の印（BOM）が2つ以上あります";
        help: "1つだけと見なして読みました。Excelで開いて「CSV UTF-8（コンマ区切り）」で保存し直すと1つになります。";

    /// 改行が、古いMacの形式（CRだけ）である。
    W104 OnlyCarriageReturns
        message: "改行が、古いMacの形式（CRだけ）です";
        help: "このまま読めます。Excelで「CSV UTF-8（コンマ区切り）」で保存し直すと、ほかのソフトでも開けます。";

    /// 濁点などが、文字から分かれた形（NFD）で書かれている。
    W105 DecomposedText { more: usize }
        message: "濁点などが文字から分かれた形（NFD）で書かれています{}", elsewhere(*more);
        help: "Macなどで作られた文字です。通常の形に直して読み、印刷します。マスタのファイルは書き換えません。";
}

/// `100,000`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

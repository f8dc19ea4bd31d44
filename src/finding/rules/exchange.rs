//! E4 and W4: forms sent out and what comes back.

use super::phrase::{blank, listed_ids, perhaps, value_help};
use crate::finding::quote;
use crate::plan::{FiscalYear, ValueError};

rules! {
    /// What is wrong with the forms sent out and with what comes back.
    pub enum ExchangeRule;

    /// 回答のブックにパスワードが付いている。
    E401 EncryptedWorkbook
        message: "パスワードが付いているため、開けません";
        help: "パスワードを外して再提出するよう、担当課に依頼してください。Excelで開いて「ファイル」→「情報」→「ブックの保護」で外せます。";

    /// 回答のブックが大きすぎるか、展開すると極端に大きくなる。
    E402 OversizedWorkbook { why: &'static str }
        message: "回答のブックとしては大きすぎるため、開きません（{why}）";
        help: "記入票ではないファイルか、不正に加工されたファイルです。送信元に確認してください。記入票なら、配布したブックに回答を書き写して再提出するよう依頼してください。";

    /// 回答のブックが壊れている。
    E403 DamagedWorkbook
        message: "ファイルが壊れていて開けません";
        help: "担当課に再提出を依頼してください。";

    /// Excelなどのブックではない。
    E404 NotAWorkbook { why: &'static str }
        message: "回答のブックではありません（{why}）";
        help: "ファイルを取り違えていないか確認してください。回答は .xlsx、.xlsm、.xls、.ods で読み取ります。";

    /// 読み取れない形式のブックである。
    E405 UnsupportedWorkbook { format: &'static str }
        message: "{format}は読み取れません";
        help: "Excelで開き、「名前を付けて保存」で「Excelブック（*.xlsx）」にしてください。";

    /// 記入票ではない（行の識別番号が1つもない）。
    E406 NotAForm
        message: "記入票ではありません（行の識別番号が1つもありません）";
        help: "配布したブックの行を貼り付けた表なら、もう一度、行全体（隠れているA列を含む）を貼り付けてください。関係のないファイルなら、フォルダーから除いてください。";

    /// 別の計画の記入票である。
    E407 FormOfOtherPlan { plan: String }
        message: "別の計画（{}）の記入票です", quote(plan);
        help: "この計画の記入票かどうか確認し、違うファイルなら除いてください。";

    /// 別の年度の記入票である。
    E408 FormOfOtherYear { year: FiscalYear, expected: FiscalYear }
        message: "{}の記入票です（集計しているのは{}）", year.long(), expected.long();
        help: "年度を確認し、違うファイルなら除いてください。集計する年度は --year で指定できます。";

    /// 配布した後にマスタが変わり、回答とも違う。
    E409 MasterChanged { year: FiscalYear, base: String, master: String, answer: String }
        message: "{year}：配布の後にマスタが「{}」から「{}」に変わっていて、回答「{}」と違います", blank(base), blank(master), blank(answer);
        help: "どちらが正しいか確認してください。前に取り込んだ同じ課の回答を直したものなら、マスタを元の値に戻してから、もう一度実行してください。この項目の回答は取り込みません。";

    /// 同じ項目への2つの回答が違う。
    E410 AnswersDiffer { year: FiscalYear, answer: String, other_answer: String, other: String }
        message: "{year}：同じ項目への回答が違います（「{}」と、{other}の「{}」）", blank(answer), blank(other_answer);
        help: "担当課にどちらが正しいか確認し、違う方のファイルか行を除いてください。この項目の回答は取り込みません。";

    /// 計画にない項目への回答である。
    E411 AnswerToUnknownRow { id: String, answer: String }
        message: "ID「{}」の項目は、マスタにありません（回答「{}」）", quote(id), blank(answer);
        help: "配布の後に項目が消されたか、IDが変わっています。マスタを確認してください。この行からは何も取り込みません。";

    /// 行の識別番号が書き換えられている。
    E412 BrokenKey
        message: "行の識別番号が書き換えられています";
        help: "隠れているA列が書き換えられています。配布したブックに回答を書き写して再提出するよう、担当課に依頼してください。";

    /// 行の中のどこが記入欄か分からない。
    E413 InputNotFound
        message: "この行の記入欄がどの列か分かりません";
        help: "見出しと離れた行です。配布したブックに回答を書き写して再提出するよう、担当課に依頼してください。";

    /// マスタに年度の列がない。
    E414 YearNotInMaster { year: FiscalYear }
        message: "マスタに{}の列がありません", year.long();
        help: "マスタの見出しに、その年度の列を加えてください。";

    /// 指定した担当課に、照会する項目がない。
    E415 NothingToAsk { name: String, nearest: Option<String> }
        message: "担当課「{}」に照会する項目はありません", quote(name);
        help: perhaps(nearest.as_deref(), "担当課の名前は、マスタの「担当課」に書かれたとおりに指定します。");

    /// 回答が日付になっている。
    W401 AnswerIsDate { year: FiscalYear, shown: String }
        message: "{year}：回答が日付（{}）になっています", quote(shown);
        help: "「5/3」などと入力すると、Excelが日付に変えます。正しい数値を担当課に確認してください。この回答は取り込みません。";

    /// 回答を読み取れない。
    W402 AnswerNotUnderstood { year: FiscalYear, text: String, why: ValueError }
        message: "{year}：回答「{}」は{why}", quote(text);
        help: value_help(text, *why);

    /// 回答のセルが数式のエラーになっている。
    W403 AnswerIsError { year: FiscalYear, shown: String }
        message: "{year}：回答のセルがエラー（{}）になっています", quote(shown);
        help: "正しい数値を担当課に確認してください。この回答は取り込みません。";

    /// 回答の数式が計算されないまま保存されている。
    W404 AnswerNotCalculated { year: FiscalYear }
        message: "{year}：回答の数式が、計算されないまま保存されています";
        help: "担当課に、Excelで開いて保存し直すか、数値を直接入力するよう依頼してください。";

    /// 割合の回答が、どの大きさを指すか分からない。
    W405 AmbiguousPercent { year: FiscalYear, text: String }
        message: "{year}：割合の回答「{}」が何％を指すか分かりません", quote(text);
        help: "「50%」のように％を付けて回答するよう依頼してください。この回答は取り込みません。";

    /// 回答の単位が、その項目の単位と違う。
    W406 AnswerUnitDiffers { year: FiscalYear, text: String, unit: String, usual: String }
        message: "{year}：回答「{}」の単位「{unit}」が、従来の「{}」と違います", quote(text), no_unit(usual);
        help: "単位を担当課に確認してください。換算はしません。この回答は取り込みません。";

    /// 単位のない回答で、その項目の単位が分からない。
    W407 AnswerWithoutUnit { year: FiscalYear, text: String }
        message: "{year}：回答「{}」の単位が分かりません", quote(text);
        help: "「3件」のように単位を付けて回答するよう依頼してください。初めての回答なので、単位が決まっていません。";

    /// 前年度から50％を超えて変わったのに、理由が書かれていない。
    W408 LargeChange { year: FiscalYear, last: String, answer: String }
        message: "{year}：前年度の「{}」から「{}」へ50％を超えて変わっていますが、理由が書かれていません", quote(last), quote(answer);
        help: "担当課に理由を確認し、備考への記入を依頼してください。理由があれば取り込みます。";

    /// 過年度の実績が書き換えられている。
    W409 PastRevised { year: FiscalYear, base: String, answer: String }
        message: "過年度（{year}）の実績が「{}」から「{}」に書き換えられています", blank(base), blank(answer);
        help: "このままでは取り込みません。担当課に確認し、正しければ --accept-revisions を付けて実行してください。締め切った年度の回答を改めて集計するときは、--year で年度を指定してください。";

    /// 記入票にあった行がなくなっている。
    W410 RowsMissing { department: String, ids: Vec<String> }
        message: "{}件の行がありません（{department}）", ids.len();
        help: format!("行を消さずに再提出するよう依頼してください。対象: {}", listed_ids(ids));

    /// 配布した時に入っていた実績が消されている。
    W411 AnswerErased { year: FiscalYear, base: String }
        message: "{year}：配布した時に入っていた「{}」が消されています", quote(base);
        help: "消してよいか担当課に確認してください。該当がなければ「—」と記入するよう依頼してください。マスタは変えません。";

    /// マイナスの回答である。
    W412 NegativeAnswer { year: FiscalYear, text: String }
        message: "{year}：回答「{}」がマイナスです", quote(text);
        help: "入力の誤りでないか担当課に確認してください。この回答は取り込みません。";

    /// 正確に読み取れない数値である。
    W413 InexactAnswer { year: FiscalYear, text: String }
        message: "{year}：回答「{}」は桁が多すぎて正確に読み取れません", quote(text);
        help: "数値ではなく文字として入力するよう依頼してください。この回答は取り込みません。";

    /// 識別番号のない行に記入がある。
    W415 AnswerWithoutKey { text: String }
        message: "識別番号のない行に「{}」と記入されています", quote(text);
        help: "どの項目への回答か分からないため、取り込めません。表の外の書き込みなら、備考に移すよう依頼してください。";

    /// マスタにない項目の行が、空欄のまま残っている。
    W414 UnknownRow { id: String }
        message: "ID「{}」の項目は、マスタにありません", quote(id);
        help: "配布の後に項目が消されたか、IDが変わっています。";

    /// 返ってきたファイルを開けない。
    E417 UnreadableFile { reason: String }
        message: "ファイルを開けません（{reason}）";
        help: "ほかのプログラムで開いているなら閉じ、読み取れる場所にコピーしてから、もう一度実行してください。";

    /// ブックの中に、同じ名前の部品またはシートが2つある。
    E418 DoubledParts
        message: "ブックの中に、同じ名前の部品またはシートが2つあります";
        help: "壊れているか、不正に加工されたファイルです。Excelで開いて保存し直したものを再提出するよう、担当課に依頼してください。";

    /// 行に見えている項目と、識別番号の示す項目が違う。
    W416 RowContradictsKey {
        heading: &'static str,
        shown: String,
        expected: String,
        perhaps: Option<String>,
        answer: String,
    }
        message: "この行の{heading}は「{}」ですが、識別番号では「{}」です（回答「{}」）", blank(shown), quote(expected), blank(answer);
        help: format!("{}行が並べ替えられたか、コピーされています。どの項目への回答か担当課に確認してください。この行からは何も取り込みません。", guess(perhaps.as_deref()));

    /// 配布した後に、マスタで項目または事業の名前が変わっている。
    W417 RowRenamed { sent: String, now: String, answer: String }
        message: "配布した時の「{}」が、現在のマスタでは「{}」です（回答「{}」）", quote(sent), quote(now), blank(answer);
        help: "名前を直しただけか、IDを付け替えたかを確認してください。名前を直しただけなら、記入票を作り直して回答を写すか、マスタに直接書いてください。この行からは何も取り込みません。";

    /// 過年度の実績が、別の行のものになっている。
    W418 PastOfOtherRow { other: String, answer: String }
        message: "この行の過年度の実績は、別の項目のものです（回答「{}」）", blank(answer);
        help: format!("この行は『{other}』の回答かもしれません。行が並べ替えられたか、コピーされています。担当課に確認してください。この行からは何も取り込みません。");

    /// 別の担当課の行が入っている。
    W419 RowOfOtherDepartment { department: String, of_file: String, answer: String }
        message: "{}のファイルに、{}の行が入っています（回答「{}」）", quote(of_file), quote(department), blank(answer);
        help: "隠れているシートも含めて、別の課のシートがコピーされていないか確認してください。この行からは何も取り込みません。";

    /// 記入欄のセルが上下にずれている。
    W420 AnswersSlipped { answer: String }
        message: "記入欄のセルが削除または挿入され、上下にずれているようです（回答「{}」）", blank(answer);
        help: "どの行の回答か分かりません。配布したブックに回答を書き写して再提出するよう、担当課に依頼してください。この行からは何も取り込みません。";

    /// シートに表示されている値と、セルの中の値が違う。
    W421 ShownDiffers { year: FiscalYear, shown: String, stored: String }
        message: "{year}：シートには「{}」と表示されていますが、セルの値は「{}」です", quote(shown), quote(stored);
        help: format!("表示のとおりの「{shown}」でよいか担当課に確認し、数値を直接入力して再提出するよう依頼してください。この回答は取り込みません。");

    /// その項目の書き方より小数が細かい。
    W422 TooManyDecimals { year: FiscalYear, text: String, decimals: u32 }
        message: "{year}：回答「{}」は、この項目の書き方（{}）では表せません", quote(text), places(*decimals);
        help: "四捨五入した数値を担当課に確認し、入力し直すよう依頼してください。細かい値のまま載せるなら、マスタに直接書いてください。この回答は取り込みません。";

    /// 数値の項目に、言葉や範囲で回答している。
    W423 AnswerInWords { year: FiscalYear, text: String }
        message: "{year}：回答「{}」は1つの数値ではありません", quote(text);
        help: "1つの数値で回答するよう依頼してください。該当がなければ「—」とします。このまま載せるなら、マスタに直接書いてください。この回答は取り込みません。";

    /// 回答に取り消し線が引かれている。
    W424 AnswerStruck { year: FiscalYear, answer: String, rest: Option<String> }
        message: "{year}：回答「{}」{}", quote(answer), struck(rest.as_deref());
        help: "取り消したのか、残した方が正しいのかを担当課に確認してください。この回答は取り込みません。";

    /// 記入欄が、ほかの行の記入欄と結合されている。
    W425 AnswerJoined { year: FiscalYear, answer: String }
        message: "{year}：回答「{}」のセルが、ほかの行と結合されています", quote(answer);
        help: "どの行の回答か担当課に確認し、行ごとに入力するよう依頼してください。この回答は取り込みません。";

    /// 「単位」の欄が書き換えられている。
    W426 UnitCellChanged { unit: String, shown: String, answer: String }
        message: "「単位」の欄が「{}」から「{}」に書き換えられています（回答「{}」）", no_unit(unit), blank(shown), blank(answer);
        help: "単位を変えるのか担当課に確認してください。換算はしません。この回答は取り込みません。";

    /// 過年度の実績が確認できるまで、回答を取り込めない。
    W427 AnswerHeld { year: FiscalYear, answer: String }
        message: "{year}：過年度の欄に確認事項があるため、回答「{}」も取り込んでいません", quote(answer);
        help: "同じ行の過年度の実績を先に確認してください。この回答は取り込みません。";

    /// 記入がなく、備考だけが書かれている。
    W428 RemarkWithoutFigure { remark: String }
        message: "記入欄は空ですが、備考に「{}」とあります", quote(remark);
        help: "備考に書かれた数値があれば、記入欄に入力して再提出するよう依頼してください。";

    /// 回答の横に、数値を左右しうる書き込みがある。
    W429 WrittenBesideAnswer { kind: &'static str, text: String }
        message: "{kind}に「{}」とあります", quote(text);
        help: "数値が変わるのか担当課に確認してください。この行の回答は取り込みません。理由や注記は備考に記入するよう依頼してください。";

    /// 表の外に、数値を左右しうる書き込みがある。
    W430 WrittenOutside { kind: &'static str, text: String }
        message: "{kind}に「{}」と書かれています", quote(text);
        help: "回答に関わることか確認してください。この書き込みからは何も取り込みません。";

    /// 回答に色が付けられ、色の意味らしい書き込みがある。
    W431 AnswerColoured { answer: String, legend: String }
        message: "回答「{}」に色が付けられています（表の外に「{}」とあります）", quote(answer), quote(legend);
        help: "色の意味を担当課に確認してください。この回答は取り込みません。";

    /// 数値の前の言葉が、その項目のものと違う。
    W432 AnswerPrefixDiffers { year: FiscalYear, text: String, usual: String }
        message: "{year}：回答「{}」の数値の前の言葉が、従来の「{}」と違います", quote(text), nothing(usual);
        help: "「月2回」と「2回」のように、数え方が違わないか担当課に確認してください。この回答は取り込みません。";

    /// 回答の文字の一部が、上付きまたは下付きになっている。
    W433 AnswerRaised { year: FiscalYear, answer: String }
        message: "{year}：回答「{}」に、上付きまたは下付きの文字があります", quote(answer);
        help: "注の印が数字に見えていないか、担当課に確認してください。この回答は取り込みません。";

    /// 文字で回答してきた項目に、数値で回答している。
    W434 FigureAmongWords { year: FiscalYear, text: String }
        message: "{year}：文字で回答してきた項目に、数値「{}」と回答しています", quote(text);
        help: "行がずれていないか担当課に確認してください。数値に変えるなら、マスタに直接書いてください。この回答は取り込みません。";

    /// 見えている見出しと、隠れた見出しの列が違う。
    W435 HeadingsDiffer { answer: String }
        message: "見出しが入れ替わっています（回答「{}」）", blank(answer);
        help: "列が入れ替えられたか、見出しが書き換えられています。どの年度の実績か担当課に確認してください。この行からは何も取り込みません。";

    /// 隠れているシートに回答がある。
    W436 AnswerOnHiddenSheet { answer: String }
        message: "隠れているシートに回答「{}」があります", blank(answer);
        help: "見えているシートの回答と違わないか担当課に確認してください。この行からは何も取り込みません。";

    /// 作ろうとした名前のファイルが、このプログラムの書いたままではない。
    W437 TouchedFileKept { beside: String }
        message: "このファイルは配布した時のままではないため、残しました（新しいものは「{beside}」）";
        help: "記入やメモがあるかもしれません。記入済みの記入票なら「jisseki collect」で取り込み、不要なら削除してください。";

    /// 記入票のフォルダーの中に、開かなかったフォルダーがある。
    W438 FolderNotEntered { why: &'static str }
        message: "このフォルダーの中は読んでいません。{why}";
        help: "中に記入票があれば、そのフォルダーを「jisseki collect」に直接指定するか、浅いところに移してください。";

    /// マスタにある年度の目標値が、記入票で書き換えられている。
    W439 TargetRevised { year: FiscalYear, base: String, answer: String }
        message: "{year}：目標値が「{}」から「{}」に書き換えられています", quote(base), quote(answer);
        help: "実績を目標値の行に入力していないか担当課に確認してください。目標値を改めるなら、--accept-revisions を付けて実行するか、マスタに直接書いてください。";

    /// 回答が、選択肢のどれでもない。
    W440 AnswerNotAChoice { year: FiscalYear, text: String, nearest: Option<String>, choices: Vec<String> }
        message: "{year}：回答「{}」は、選択肢にありません", quote(text);
        help: perhaps(nearest.as_deref(), &format!("選べるのは{}です。どれにするか担当課に確認してください。この回答は取り込みません。", listed_words(choices)));

    /// 回答の文章が長すぎる。
    W441 AnswerTooLong { year: FiscalYear, letters: usize, most: usize }
        message: "{year}：回答の文章が長すぎます（{letters}字）";
        help: format!("{most}字以内に収めるよう依頼してください。このまま載せるなら、マスタに直接書いてください。この回答は取り込みません。");

    /// 回答の文章が文字化けしている。
    W442 AnswerGarbled { year: FiscalYear, text: String }
        message: "{year}：回答「{}」は文字化けしています", quote(text);
        help: "元の文章の再提出を依頼してください。この回答は取り込みません。";

    /// 回答が、ほかの文章を指す言葉だけである。
    W443 AnswerRefers { year: FiscalYear, text: String }
        message: "{year}：回答が「{}」だけです", quote(text);
        help: "このまま取り込むと、この言葉が文書に印刷されます。現在の文章のままでよければ、対応は不要です。書き直すなら、文章の提出を依頼してください。この回答は取り込みません。";
}

fn places(decimals: u32) -> String {
    if decimals == 0 { "小数なし".to_owned() } else { format!("小数第{decimals}位まで") }
}

fn struck(rest: Option<&str>) -> String {
    match rest {
        Some(rest) => format!("の一部に取り消し線が引かれています（残りは「{}」）", quote(rest)),
        None => "に取り消し線が引かれています".to_owned(),
    }
}

fn nothing(text: &str) -> &str {
    if text.is_empty() { "（なし）" } else { text }
}

/// The first ten.
fn listed_words(words: &[String]) -> String {
    const MOST: usize = 10;
    let shown: String = words.iter().take(MOST).map(|word| format!("「{}」", quote(word))).collect();
    if words.len() > MOST { format!("{shown}など") } else { shown }
}

fn no_unit(unit: &str) -> &str {
    if unit.is_empty() { "（単位なし）" } else { unit }
}

/// Whose answer a row may be, where anything speaks for it.
fn guess(name: Option<&str>) -> String {
    name.map(|name| format!("この行は『{name}』の回答かもしれません。")).unwrap_or_default()
}

//! What to do about a finding, in words a clerk uses.

use crate::finding::FindingKind;
use crate::plan::ValueError;

impl FindingKind {
    /// What to do, in Japanese; empty where the message says it all.
    pub fn help(&self) -> String {
        let fixed = match self {
            Self::EmptyFile => "ファイルを取り違えていないか確かめてください。",
            Self::NotText { .. } => {
                "ファイル名の拡張子を変えただけではCSVになりません。Excelで開き、「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んで保存してください。"
            }
            Self::UnreadableBytes { .. } => {
                "ファイルが壊れているか、2種類の文字コードが混ざっています。Excelで開いて確かめ、「CSV UTF-8（コンマ区切り）」で保存し直してください。"
            }
            Self::NulByte => {
                "CSVではないファイルか、壊れたファイルです。Excelで開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。"
            }
            Self::UnsupportedEncoding { .. } => {
                "UTF-8、Shift_JIS（CP932）、BOM付きUTF-16のいずれかで保存し直してください。"
            }
            Self::QuoteNotClosed => "このセルの終わりに「\"」を付けてください。",
            Self::TextAfterQuote => {
                "セルの中で「\"」を使うときは「\"\"」と2つ続けて書きます。Excelで開いて保存し直すと正しい形になります。"
            }
            Self::CellTooLong { .. } => "別のセルの内容がつながっていないか確かめ、短くしてください。",
            Self::NotComma { .. } => {
                "Excelの「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んで保存し直してください。"
            }
            Self::CharacterNotInEncoding { .. } => {
                "別の文字に置き換えるか、マスタを「CSV UTF-8（コンマ区切り）」で保存し直してからもう一度実行してください。"
            }
            Self::NoSuchCell { .. } => "マスタに行または列を加えてから、もう一度実行してください。",
            Self::TooLarge { .. } => {
                "上限は、大きな市の計画の何倍もの数です。ファイルを取り違えていないか、空の行や列が続いていないか確かめてください（Excelで余分な行・列を選んで削除し、保存し直すとなくなります）。"
            }
            Self::TooManyFindings { .. } => "上の問題を直してから、もう一度実行してください。",
            Self::StrayQuote => {
                "文字としての「\"」ならこのままで構いません。セルを囲むつもりなら、カンマとの間の空白を消してください。"
            }
            Self::InvisibleCharacter { .. } => {
                "よそから写した文字に混ざったものです。セルを打ち直すと消えます。"
            }
            Self::DoubledBom => {
                "1つだけと見なして読みました。Excelで開いて「CSV UTF-8（コンマ区切り）」で保存し直すと1つになります。"
            }
            Self::OnlyCarriageReturns => {
                "このまま読めます。Excelで「CSV UTF-8（コンマ区切り）」で保存し直すと、ほかのソフトでも開けます。"
            }
            Self::DecomposedText { .. } => {
                "Macなどで作られた文字です。ふつうの形に直して読み、印刷します。マスタのファイルは書き換えません。"
            }
            Self::TomlSyntax { .. } => "見本のファイルと見比べてください。文字は「\"」で囲みます。",
            Self::MissingKey { table, key } => {
                return match table {
                    Some(table) => format!("[{table}] の下に {key} = … の行を加えてください。"),
                    None => format!("[{key}] の表を加えてください。"),
                };
            }
            Self::WrongType { .. } => {
                "文字は「\"」で囲み、一覧は [\"…\", \"…\"] のように書きます。日付は \"2024-06-10\" のように書きます。"
            }
            Self::DuplicateKey { .. } => "どちらかを消してください。",
            Self::TomlEncoding { .. } => {
                "メモ帳で開き、「名前を付けて保存」で文字コードに「UTF-8」を選んで保存し直してください。"
            }
            Self::UnknownKey { nearest, .. } => {
                return perhaps(nearest.as_deref(), "項目の名前を確かめてください。");
            }
            Self::UnknownChoice { choices, .. } => {
                return format!("書けるのは{}です。", listed(choices));
            }
            Self::ReprintOfUnknownProject { nearest, .. } => {
                return perhaps(nearest.as_deref(), "再掲元には、先に出てくる事業のIDを書きます。");
            }
            Self::ReprintBeforeProject { .. } => {
                "先に出てくる方を「事業」とし、後の方を「再掲」にしてください。再掲元には、先に出てくる事業のIDを書きます。"
            }
            Self::ReprintOfOther { .. } => "再掲元には、先に出てくる「事業」の行のIDを書きます。",
            Self::ReprintOfNothing => "「再掲元」の列に、先に出てくる事業のIDを書いてください。",
            Self::ReprintWithFigure { .. } => {
                "再掲の数値は元の事業から印刷されます。ここは空にし、数値は元の事業の「事業量」の行に書いてください。"
            }
            Self::NoHeader => {
                "1行目に「種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,…,備考」の見出しが要ります。ファイルを取り違えていないかも確かめてください。"
            }
            Self::MissingColumn { .. } => {
                "見出しの行にこの列を加えてください。使わない列でも見出しは要ります。"
            }
            Self::MisspeltColumn { nearest, .. } => return perhaps(Some(nearest), ""),
            Self::DuplicateColumn { .. } | Self::DuplicateYear { .. } => {
                "どちらかの列を消すか、見出しを直してください。"
            }
            Self::YearsOutOfOrder { .. } => "年度の列を、左から古い順に並べてください。",
            Self::NoYears => "「R3」「令和3年度」のような見出しの列を加えてください。",
            Self::ValueOutsideColumns { .. } => {
                "値が右にずれていないか確かめてください。要らない値なら消し、要る列なら見出しを付けてください。"
            }
            Self::UnreadableYear { nearest, .. } => {
                return perhaps(
                    nearest.as_deref(),
                    "年度の見出しは「R3」「令和3年度」「2021」のように書きます。",
                );
            }
            Self::UnknownColumn { .. } => {
                "印刷にも集計にも使われません。覚え書きなら「備考」の列に書けます。"
            }
            Self::YearMissing { .. } => "その年度がなくてよいか確かめてください。",
            Self::YearOutOfReach { .. } => {
                "年度の打ち間違いではありませんか（「R9」を「R99」など）。見出しを直してください。"
            }
            Self::RowsAboveHeader { .. } => "表題などの行なら消してください。見出しは1行目に書きます。",
            Self::RowTooLong { .. } => {
                "余分なカンマがあるか、カンマのある値の「\"」がなくなって、途中から右にずれています。この行の値は読んでいません。"
            }
            Self::LostQuote { before, after } => {
                return format!(
                    "1つの値なら「\"{before},{after}\"」のように「\"」で囲んでください。この行の値は読んでいません。"
                );
            }
            Self::PerhapsLostQuote { before, after } => {
                return format!(
                    "1つの値なら「\"{before},{after}\"」のように「\"」で囲んでください。2つの値なら、前の値にも単位を付けてください。"
                );
            }
            Self::RowEndsEarly { .. } => {
                "行の後ろが失われていないか、控え（バックアップ）と見比べてください。空でよければ、足りないカンマを加えてください。"
            }
            Self::OnlyShortRow { .. } => {
                "行の後ろが失われていないか、控え（バックアップ）と見比べてください。"
            }
            Self::MissingWording => {
                "目的と内容が空欄のまま印刷されます。列がずれていないか確かめてください。"
            }
            Self::BelongsElsewhere { seems, line, .. } => {
                let place = line.map(|line| format!("（{line}行目）")).unwrap_or_default();
                return format!(
                    "IDからは「{seems}」{place}のもののようです。上の行が消えたか、行が移されていないか確かめてください。"
                );
            }
            Self::WrittenWide { .. } => "ほかの行と同じく、半角で書いてください。",
            Self::MergeMarkers { .. } => {
                "「<<<<<<<」から「=======」までと「>>>>>>>」までが、それぞれの版です。どちらかを残し、印の行を消してください。それまでは、ほかの行を調べません。"
            }
            Self::Mojibake { meant: Some(meant), .. } => {
                return format!(
                    "別の文字コードとして開いて保存したものと思われます（もとは「{}」）。控え（バックアップ）から戻してください。",
                    crate::finding::quote(meant)
                );
            }
            Self::Mojibake { meant: None, .. } => {
                "別の文字コードとして開いて保存したものと思われます。控え（バックアップ）から戻してください。"
            }
            Self::TextsOfUnknownId { nearest, .. } => {
                return perhaps(
                    nearest.as_deref(),
                    "IDを直すか、plan.toml の [values] texts から消してください。",
                );
            }
            Self::MissingKind => {
                "種別（基本目標・数値目標・分野・施策・KPI・事業・事業量・再掲のどれか）を書くか、行を空にしてください。"
            }
            Self::UnknownKind { nearest, .. } => {
                return perhaps(
                    *nearest,
                    "種別は、基本目標・数値目標・分野・施策・KPI・事業・事業量・再掲のどれかです。",
                );
            }
            Self::NoParent { parent, kind } => {
                return format!(
                    "この行より上に「{parent}」の行を置いてください。「{kind}」は、すぐ上の「{parent}」に属します。"
                );
            }
            Self::OutOfOrder { kind, earlier } => {
                return format!(
                    "「{kind}」の行を「{earlier}」の行より上に移してください。印刷では先に出ます。"
                );
            }
            Self::DuplicateId { .. } => "どちらかに、まだ使われていないIDを付けてください。",
            Self::MissingId { .. } => {
                "まだ使われていないIDを付けてください。IDは計画の期間中変えません。番号のない事業はX01、X02…とします。"
            }
            Self::MissingName { .. } => "「名称」の列に、印刷する名前を書いてください。",
            Self::UnknownDivision { .. } => "新規の事業なら「新規」と書き、そうでなければ空にします。",
            Self::NoRows => "ファイルを取り違えていないか確かめてください。",
            Self::UnusedCell { .. } => {
                "列がずれていないか確かめ、要らなければ消してください。印刷されません。"
            }
            Self::MissingNumber { .. } => "印刷する番号を書いてください。番号を付けない事業は「-」とします。",
            Self::MissingDepartment => "担当課がないと、照会のブックに入りません。",
            Self::UnknownDepartment { nearest, .. } => {
                return perhaps(
                    nearest.as_deref(),
                    "正しければ、plan.toml の [departments] の order、outside または joint に加えてください。",
                );
            }
            Self::ReprintInSameMeasure { .. } => {
                "同じ施策に2度印刷されます。要らない方の行を消してください。"
            }
            Self::UnreadableValue { text, why } => return value_help(text, *why).to_owned(),
            Self::ActualNotReported { ids, .. } => {
                return format!(
                    "担当課に確かめてください。該当がなければ「—」と書きます。対象: {}",
                    listed_ids(ids)
                );
            }
            Self::NothingReported { .. } => {
                "その年度の欄は空のまま印刷されます。年度がこれでよいか確かめてください。"
            }
            Self::TargetNotUnderstood { .. } => {
                "「4年で320人とし25人減少」「4年で15人増加」「年間延べ60,000人」のように書くと、達成度を計算できます。このままでも印刷はされます。"
            }
            Self::SameWording { heading, .. } => {
                return format!(
                    "空にすると元の事業の文が印刷され、直すのが1か所で済みます。「{heading}」を空にしてください。"
                );
            }
            Self::DuplicateNumber { .. } => "どちらかの番号を直してください。",
            Self::NumberGap { .. } => "行が抜けていないか確かめてください。欠番ならこのままで構いません。",
            Self::UnitDiffers { .. } => "単位を確かめてください。",
            Self::LookAlikeDash { .. } => {
                "該当なしなら「—」、範囲なら「～」や「-」に打ち直してください。形は似ていても別の字として印刷されます。"
            }
            Self::ChangedBySpreadsheet { cells, sources } => {
                let back = if sources.is_empty() {
                    "前のファイルの控えから戻してください。".to_owned()
                } else {
                    format!("{}と見比べて戻してください。", sources.join("、"))
                };
                return format!(
                    "CSVをExcelやLibreOfficeでそのまま開いて保存すると、割合の桁や単位のない数値、日付に似た文字が変わります。{back}意図した変更ならこのままで構いません。対象: {}",
                    listed_ids(cells)
                );
            }
            Self::ScaleDiffers { .. } => {
                "億・万・千が抜けたり余ったりしていないか確かめてください。正しければこのままで構いません。"
            }
            Self::HoleBeforeFigure { .. } => {
                "この行の値が、1つ右の年度にずれていないか確かめてください。該当がない年度には「—」と書きます。"
            }
            Self::LonelyYear { year, is_latest: true, .. } => {
                return format!(
                    "値が別の年度にずれていないか確かめてください。年度を指定しないと、値のある最も新しい年度として{}が選ばれます。前の年度までの文書は --year で作れます。",
                    year.long()
                );
            }
            Self::LonelyYear { .. } => "値が別の年度にずれていないか確かめてください。",
            Self::PointForComma { .. } => {
                "「2.070」が「2,070」のことなら、カンマに直してください。小数なら、このままで構いません。"
            }
            Self::LeadingNought { .. } => {
                "1つの値が2つのセルに分かれたか、桁が欠けていないか確かめてください。頭の0は、PDFとExcelブックで違って見えます。"
            }
            Self::NotationDiffers { .. } => {
                "書き忘れや打ち間違いがないか確かめてください。正しければこのままで構いません。"
            }
            Self::UnitOfTargetMissing { unit } => {
                return format!(
                    "「{unit}」が抜けていないか確かめてください。「0.554」が「55.4%」のことなら、割合に直してください。"
                );
            }
            Self::ChangedSinceFormer { changes, sources } => {
                return format!(
                    "{}と見比べて、消えたり入れ替わったりしていないか確かめてください。意図した訂正ならこのままで構いません。対象: {}",
                    sources.join("、"),
                    listed_ids(changes)
                );
            }
            Self::TextForFigure { id, .. } => {
                return format!(
                    "計算やグラフには使えません。数値のつもりなら「2,070人」のように書き直してください。このままでよければ、plan.toml の [values] の texts に \"{id}\" を加えると、次から確かめません。"
                );
            }
            Self::MissingTarget { .. } => "目標がない項目は、達成度を計算しません。",
            Self::MissingGlyph { fallback: None, selector: Some(_), character } => {
                return format!(
                    "PDFでは、ふつうの形の「{character}」で印刷されます。この形でなければならないときは、テンプレートで字形のある書体を指定してください。"
                );
            }
            Self::MissingGlyph { fallback, .. } => {
                return match fallback {
                    Some(font) => format!("代わりに{font}で印刷します。形を確かめてください。"),
                    None => "PDFでは「〓」と印刷されます。別の字に置き換えるか、テンプレートで字のある書体を指定してください。".to_owned(),
                };
            }
            Self::LooksLikeFormula { .. } => {
                "印刷とExcelブックにはそのまま出ます。CSVは機械で読むためのデータなので書き換えません。Excelで開く人がいるなら、先頭に文字を置くか言い回しを変えてください（例「15人の増加」）。"
            }
            Self::NoOrdinaryKanji { characters } => {
                let kanji: String = characters.iter().filter_map(|(_, kanji)| *kanji).collect();
                let instead =
                    if kanji.is_empty() { "ふつうの漢字".to_owned() } else { format!("「{kanji}」") };
                return format!(
                    "PDFなどから写すと入ることがあります。見た目は同じでも、検索や担当課の照合で別の字になり、書体にない字はPDFで「〓」と印刷されます。{instead}に置き換えてください。"
                );
            }
            Self::UnusableSetting { .. } => {
                "公式様式（templates/official.toml）の同じ項目の書き方にならって直してください。"
            }
            Self::Template { .. } => "公式様式（templates/official.toml）の書き方にならって直してください。",
            Self::WordingTooTall { .. } => "目的・内容を短くするか、テンプレートの文字を小さくしてください。",
            Self::NameTooTall { .. } => "名称・目標を短くするか、テンプレートの文字を小さくしてください。",
            Self::DocumentTooLarge { .. } => {
                "長い文の再掲が続いていないか、テンプレートの least_project_rows が大きすぎないか、別のデータがつながっていないか確かめてください。"
            }
            Self::CellTooNarrow { .. } => {
                "テンプレートの列の幅を広くするか、文字（size）か左右のあき（padding）を小さくしてください。"
            }
            Self::TextTooLongForExcel { .. } => "名称・目標の文を短くしてください。",
            Self::TooManyPages { .. } => {
                "別のデータがつながっていないか確かめてください。計画が本当に長いときは、基本目標を分けるか、テンプレートの文字を小さくしてください。"
            }
            Self::PageTooNarrow { .. } => {
                "印刷する年度を減らすか、テンプレートで用紙を大きくするか、年度の列の幅を狭くしてください。"
            }
            Self::EncryptedWorkbook => {
                "担当課に、パスワードを外して送り直すよう頼んでください。Excelで開いて「ファイル」→「情報」→「ブックの保護」で外せます。"
            }
            Self::OversizedWorkbook { .. } => {
                "記入票ではないファイルか、細工されたファイルです。送り主に確かめてください。記入票なら、配布したブックに写して送り直してもらってください。"
            }
            Self::DamagedWorkbook => "担当課に、もう一度送るよう頼んでください。",
            Self::NotAWorkbook { .. } => {
                "ファイルを取り違えていないか確かめてください。回答は .xlsx、.xlsm、.xls、.ods で読み取ります。"
            }
            Self::UnsupportedWorkbook { .. } => {
                "Excelで開き、「名前を付けて保存」で「Excelブック（*.xlsx）」にしてください。"
            }
            Self::NotAForm => {
                "配布したブックの行（隠れているA列を含む）を写した表なら、もう一度、行全体を写してください。関係のないファイルなら、フォルダーから除いてください。"
            }
            Self::FormOfOtherPlan { .. } => {
                "この計画の記入票かどうか確かめ、違うファイルなら除いてください。"
            }
            Self::FormOfOtherYear { .. } => {
                "年度を確かめ、違うファイルなら除いてください。集計する年度は --year で指定できます。"
            }
            Self::MasterChanged { .. } => {
                "どちらが正しいか確かめてください。前に取り込んだ同じ課の回答を直したものなら、マスタを元の値に戻してから、もう一度実行してください。この項目の回答は取り込みません。"
            }
            Self::AnswersDiffer { .. } => {
                "担当課にどちらが正しいか確かめ、違う方のファイルか行を除いてください。この項目の回答は取り込みません。"
            }
            Self::AnswerToUnknownRow { .. } => {
                "配布の後に項目が消されたか、IDが変わっています。マスタを確かめてください。この行からは何も取り込みません。"
            }
            Self::BrokenKey => {
                "隠れているA列が書き換えられています。配布したブックに回答を写して、送り直してもらってください。"
            }
            Self::InputNotFound => {
                "見出しと離れた行です。配布したブックに回答を写して、送り直してもらってください。"
            }
            Self::AnswerWithoutKey { .. } => {
                "どの項目への回答か分からないため、取り込めません。表の外の書き込みなら、備考に移してもらってください。"
            }
            Self::YearNotInMaster { .. } => "マスタの見出しに、その年度の列を加えてください。",
            Self::NothingToAsk { nearest, .. } => {
                return perhaps(
                    nearest.as_deref(),
                    "担当課の名前は、マスタの「担当課」に書かれたとおりに指定します。",
                );
            }
            Self::TouchedFileKept { .. } => {
                "記入やメモがあるかもしれません。記入済みの票なら「jisseki collect」で取り込み、要らなければ消してください。"
            }
            Self::FolderNotEntered { .. } => {
                "中に記入票があれば、そのフォルダーを「jisseki collect」に直接指定するか、浅いところに移してください。"
            }
            Self::AnswerIsDate { .. } => {
                "「5/3」などと入力すると、Excelが日付に変えます。正しい数値を担当課に確かめてください。この回答は取り込みません。"
            }
            Self::AnswerNotUnderstood { text, why, .. } => return value_help(text, *why).to_owned(),
            Self::AnswerIsError { .. } => "正しい数値を担当課に確かめてください。この回答は取り込みません。",
            Self::AnswerNotCalculated { .. } => {
                "担当課に、Excelで開いて保存し直すか、数値を直接入力するよう頼んでください。"
            }
            Self::AmbiguousPercent { .. } => {
                "「50%」のように％を付けて答えてもらってください。この回答は取り込みません。"
            }
            Self::AnswerUnitDiffers { .. } => {
                "単位を担当課に確かめてください。換算はしません。この回答は取り込みません。"
            }
            Self::AnswerWithoutUnit { .. } => {
                "「3件」のように単位を付けて答えてもらってください。初めての回答なので、単位が決まっていません。"
            }
            Self::LargeChange { .. } => {
                "担当課に理由を確かめ、備考に書いてもらってください。理由があれば取り込みます。"
            }
            Self::PastRevised { .. } => {
                "このままでは取り込みません。担当課に確かめ、正しければ --accept-revisions を付けて実行してください。閉じた年度の回答を集め直すときは --year で年度を指定します。"
            }
            Self::RowsMissing { ids, .. } => {
                return format!("行を消さずに送り直してもらってください。対象: {}", listed_ids(ids));
            }
            Self::AnswerErased { .. } => {
                "消してよいか担当課に確かめてください。該当がなければ「—」と書いてもらいます。マスタは変えません。"
            }
            Self::NegativeAnswer { .. } => {
                "入力の誤りでないか担当課に確かめてください。この回答は取り込みません。"
            }
            Self::InexactAnswer { .. } => "文字として入力してもらってください。この回答は取り込みません。",
            Self::UnknownRow { .. } => "配布の後に項目が消されたか、IDが変わっています。",
            Self::UnreadableFile { .. } => {
                "ほかのプログラムで開いているなら閉じ、読み取れる場所に写してから、もう一度実行してください。"
            }
            Self::DoubledParts => {
                "壊れているか、細工されたファイルです。担当課に、Excelで開いて保存し直したものを送ってもらってください。"
            }
            Self::RowContradictsKey { perhaps, .. } => {
                let perhaps =
                    perhaps.as_ref().map(|name| format!("この行は『{name}』の回答かもしれません。"));
                return format!(
                    "{}行が並べ替えられたか、写されています。どの項目への回答か担当課に確かめてください。この行からは何も取り込みません。",
                    perhaps.unwrap_or_default()
                );
            }
            Self::RowRenamed { .. } => {
                "名前を直しただけか、IDを付け替えたかを確かめてください。名前を直しただけなら、記入票を作り直して回答を写すか、マスタに直接書いてください。この行からは何も取り込みません。"
            }
            Self::PastOfOtherRow { other, .. } => {
                return format!(
                    "この行は『{other}』の回答かもしれません。行が並べ替えられたか、写されています。担当課に確かめてください。この行からは何も取り込みません。"
                );
            }
            Self::RowOfOtherDepartment { .. } => {
                "隠れているシートも含めて、別の課のシートが写されていないか確かめてください。この行からは何も取り込みません。"
            }
            Self::AnswersSlipped { .. } => {
                "どの行の回答か分かりません。配布したブックに回答を写して、送り直してもらってください。この行からは何も取り込みません。"
            }
            Self::ShownDiffers { shown, .. } => {
                return format!(
                    "表示のとおりの「{shown}」でよいか担当課に確かめ、数値を直接入力して送り直してもらってください。この回答は取り込みません。"
                );
            }
            Self::TooManyDecimals { .. } => {
                "四捨五入した数値を担当課に確かめ、入力し直してもらってください。細かい値のまま載せるなら、マスタに直接書いてください。この回答は取り込みません。"
            }
            Self::AnswerInWords { .. } => {
                "1つの数値で答えてもらってください。該当がなければ「—」とします。このまま載せるなら、マスタに直接書いてください。この回答は取り込みません。"
            }
            Self::AnswerStruck { .. } => {
                "取り消したのか、残した方が正しいのかを担当課に確かめてください。この回答は取り込みません。"
            }
            Self::AnswerJoined { .. } => {
                "どの行の回答か担当課に確かめ、行ごとに入力してもらってください。この回答は取り込みません。"
            }
            Self::UnitCellChanged { .. } => {
                "単位を変えるのか担当課に確かめてください。換算はしません。この回答は取り込みません。"
            }
            Self::AnswerHeld { .. } => {
                "同じ行の過年度の実績を先に確かめてください。この回答は取り込みません。"
            }
            Self::RemarkWithoutFigure { .. } => {
                "備考に書かれた数値があれば、記入欄に入力して送り直してもらってください。"
            }
            Self::WrittenBesideAnswer { .. } => {
                "数値が変わるのか担当課に確かめてください。この行の回答は取り込みません。理由や注記は備考に書いてもらいます。"
            }
            Self::WrittenOutside { .. } => {
                "回答に関わることか確かめてください。この書き込みからは何も取り込みません。"
            }
            Self::AnswerRaised { .. } => {
                "注の印が数字に見えていないか、担当課に確かめてください。この回答は取り込みません。"
            }
            Self::FigureAmongWords { .. } => {
                "行がずれていないか担当課に確かめてください。数値に変えるなら、マスタに直接書いてください。この回答は取り込みません。"
            }
            Self::HeadingsDiffer { .. } => {
                "列が入れ替えられたか、見出しが書き換えられています。どの年度の実績か担当課に確かめてください。この行からは何も取り込みません。"
            }
            Self::AnswerOnHiddenSheet { .. } => {
                "見えているシートの回答と違わないか担当課に確かめてください。この行からは何も取り込みません。"
            }
            Self::AnswerPrefixDiffers { .. } => {
                "「月2回」と「2回」のように、数え方が違わないか担当課に確かめてください。この回答は取り込みません。"
            }
            Self::AnswerColoured { .. } => "色の意味を担当課に確かめてください。この回答は取り込みません。",
            Self::ArchivedFileMissing { .. } => {
                "消えたか、名前が変わっています。控え（バックアップ）から戻してください。"
            }
            Self::ArchivedFileChanged { cause: Some(cause), .. } => {
                return format!("{cause}。元のファイルを控え（バックアップ）から戻してください。");
            }
            Self::ArchivedFileChanged { cause: None, .. } => {
                "書き換えられたか、壊れています。控え（バックアップ）から戻してください。訂正は、保存した版を直さず「jisseki archive --revise」で行います。"
            }
            Self::UnknownInArchive => "保存の後に置かれたものです。必要なら別の場所に移してください。",
            Self::ManifestUnreadable { .. } => "控え（バックアップ）から戻してください。",
            Self::EditionInWrongFolder { .. } => {
                "フォルダーの名前が変わったか、入れ替わっています。元の名前に戻してください。"
            }
            Self::ChainBroken { .. } => {
                "前の版が消えたか、記録が書き換えられています。控え（バックアップ）と見比べてください。"
            }
            Self::RemadeDiffers => {
                "文書だけが差し替えられたか、プログラムが違います。控え（バックアップ）と見比べてください。"
            }
            Self::CannotBeRemade { .. } => "保存したときの jisseki で確かめてください。",
            Self::BundleDiffers { .. } => "控え（バックアップ）から戻してください。",
            Self::ChecksumsDiffer { cause: Some(cause), .. } => {
                return format!("{cause}。元のファイルを控え（バックアップ）から戻してください。");
            }
            Self::ChecksumsDiffer { cause: None, .. } => {
                "どちらかが書き換えられたか、壊れています。控え（バックアップ）と見比べてください。"
            }
            Self::NewestEditionMissing { .. } => "控え（バックアップ）から戻してください。",
            Self::NewestDiffers => {
                "どちらかが書き換えられたか、壊れています。控え（バックアップ）と見比べてください。"
            }
            Self::NewestUnreadable { cause: Some(cause) } => {
                return format!("{cause}。控え（バックアップ）から戻してください。");
            }
            Self::NewestUnreadable { cause: None } => {
                "控え（バックアップ）から戻すか、「jisseki archive list」で版を確かめたうえで消してください。次の保存のときに作り直されます。"
            }
            Self::ArchivedFileTooLarge { .. } => {
                "保存したファイルではありません。控え（バックアップ）から戻してください。"
            }
            Self::NotABundle { .. } => {
                "「jisseki archive --bundle」で作った、名前に「保存用」と付くPDFを指定してください。"
            }
            Self::VerificationStopped => {
                "この版は確かめられていません。プログラムの不具合です。控え（バックアップ）と見比べ、開発元に知らせてください。"
            }
            Self::UnfinishedEdition => "版には含まれません。消して構いません。",
            Self::NewestNotNoted => {
                "前回の保存で書けなかったか、latest.json が古いものに戻されています。いちばん新しい版の記録の指紋を、起案文書などの控えと見比べてください。次の保存のときに書き直されます。"
            }
            Self::MadeByOtherVersion { .. } => {
                "文書の作り直しは確かめていません。確かめるには、その版の jisseki を使ってください。"
            }
            Self::ArchivedFontMissing => {
                "作り直しまで確かめるには、テンプレートに保存したときと同じ書体を指定してください。"
            }
            Self::ArchivedFigureDiffers { .. } => {
                "CSVかマスタが、記録の指紋ごと書き換えられています。控え（バックアップ）と見比べてください。"
            }
            Self::NewestRecordUnreadable { .. } => "manifest.json を控え（バックアップ）から戻してください。",
            Self::ArchivedFileIsLink => {
                "リンクの先のファイルは保存されたものではありません。リンクを消し、元のファイルを控え（バックアップ）から戻してください。"
            }
            Self::ArchivedFileUnreadable { .. } => {
                "この版は確かめられていません。開けるようにしてから、もう一度確かめてください。"
            }
            Self::NotedEditionMissing { .. } => {
                "控えが正しければ、その版が消えたか、書き換えられています。控え（バックアップ）と見比べてください。"
            }
            Self::NewestNoteMissing => {
                "保存のたびに書かれるファイルです。これがないと、いちばん新しい版が消えていても分かりません。残っている版の記録の指紋を、起案文書などの控えと見比べてください。次の保存のときに書き直されます。"
            }
            Self::ArchivedWordingDiffers { .. } => {
                "jisseki の版による書き方の違いか、書き換えです。控え（バックアップ）と見比べてください。"
            }
        };
        fixed.to_owned()
    }
}

/// 「…」の間違いではありませんか。 and what holds in any case.
fn perhaps(nearest: Option<&str>, always: &str) -> String {
    match nearest {
        Some(word) => format!("「{word}」の間違いではありませんか。{always}"),
        None => always.to_owned(),
    }
}

fn listed(words: &[String]) -> String {
    words.iter().map(|word| format!("「{word}」")).collect::<Vec<_>>().join("、")
}

fn listed_ids(ids: &[String]) -> String {
    const MOST: usize = 10;
    let shown = ids.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join("、");
    match ids.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} ほか{more}件"),
    }
}

/// Excel's own mishaps leave marks; the commonest are named.
fn value_help(text: &str, why: ValueError) -> &'static str {
    let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    if has(&["#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#NAME?", "#NUM!"]) {
        return "Excelの数式のエラーがそのまま残っています。正しい数値を書いてください。";
    }
    if text.contains('#') {
        return "Excelの列の幅が足りず「###」と保存されたものです。正しい数値を書き直してください。";
    }
    let slip = match why {
        ValueError::BlankInNumber(_) => {
            "1つの数値なら途中の空白や改行を消し、2つの数値ならどちらか1つを書いてください。"
        }
        ValueError::Mark(_) => {
            "丸数字や上付きの数字は数値に含められません。注の印なら備考に移し、数字のつもりなら普通の数字で書き直してください。"
        }
        ValueError::LetterForDigit(_) => "数字の「0」「1」に打ち直してください。",
        ValueError::MisplacedComma => "カンマは3桁ごとに付けます（例: 12,345人）。",
        ValueError::TooLong => "28桁までの数値を書いてください。",
        ValueError::NoNumber | ValueError::UnknownPrefix | ValueError::UnknownUnit => "",
    };
    if !slip.is_empty() {
        return slip;
    }
    if has(&["年", "月"]) || text.matches(['/', '-']).count() == 2 {
        return "Excelが日付に変えたものかもしれません。「2,070人」のように数値と単位を書いてください。";
    }
    "「2,070人」「55.4%」「延べ49,381人」のように書きます。該当がなければ「—」、まだなら空にします。「調査中」などの言葉は plan.toml の [values] に加えると使えます。"
}

//! E7 and W7: the archive.

use super::phrase::blank;
use crate::finding::quote;

rules! {
    /// What is wrong with the archive.
    pub enum ArchiveRule;

    /// 保存した版に、記録されているファイルがない。
    E701 ArchivedFileMissing { name: String }
        message: "「{name}」がありません";
        help: "消えたか、名前が変わっています。控え（バックアップ）から戻してください。";

    /// 保存した版のファイルが、記録と違う。
    E702 ArchivedFileChanged { recorded: String, found: String, cause: Option<&'static str> }
        message: "保存したときの内容と違います（記録は{}…、現在は{}…）", short_hash(recorded), short_hash(found);
        help: because(
            *cause,
            "元のファイルを控え（バックアップ）から戻してください。",
            "書き換えられたか、壊れています。控え（バックアップ）から戻してください。訂正は、保存した版を直さず「jisseki archive --revise」で行います。",
        );

    /// 保存した版に、記録にないファイルがある。
    E703 UnknownInArchive
        message: "保存の記録にないものがあります";
        help: "保存の後に置かれたものです。必要なら別の場所に移してください。";

    /// 保存の記録（manifest.json）を読み取れない。
    E704 ManifestUnreadable { why: String }
        message: "保存の記録を読み取れません。{why}";
        help: "控え（バックアップ）から戻してください。";

    /// 保存した版が、別の版のフォルダーにある。
    E705 EditionInWrongFolder { says: String }
        message: "「{says}」の版の記録が、別の名前のフォルダーにあります";
        help: "フォルダーの名前が変わったか、入れ替わっています。元の名前に戻してください。";

    /// 保存した版のつながりが切れている。
    E706 ChainBroken { why: String }
        message: "版のつながりが切れています。{why}";
        help: "前の版が消えたか、記録が書き換えられています。控え（バックアップ）と見比べてください。";

    /// 保存したデータから作り直した文書が、保存した文書と違う。
    E707 RemadeDiffers
        message: "保存したデータから作り直したものと違います";
        help: "文書だけが差し替えられたか、プログラムが違います。控え（バックアップ）と見比べてください。";

    /// 保存したデータから文書を作り直せない。
    E708 CannotBeRemade { why: String }
        message: "保存したデータから作り直せません。{why}";
        help: "保存したときの jisseki で確認してください。";

    /// 1つにまとめたPDFの中のファイルが、隣のファイルと違う。
    E709 BundleDiffers { why: String }
        message: "PDFの中のファイルが合いません。{why}";
        help: "控え（バックアップ）から戻してください。";

    /// checksums.sha256 の記録が、実際のファイルと違う。
    E710 ChecksumsDiffer { name: Option<String>, cause: Option<&'static str> }
        message: "{}", checksums(name.as_deref());
        help: because(
            *cause,
            "元のファイルを控え（バックアップ）から戻してください。",
            "どちらかが書き換えられたか、壊れています。控え（バックアップ）と見比べてください。",
        );

    /// 最新の版が消えている。
    E711 NewestEditionMissing { folder: String }
        message: "最新の版{}がありません", quoted(folder);
        help: "控え（バックアップ）から戻してください。";

    /// 最新の版の記録が、latest.json と違う。
    E712 NewestDiffers
        message: "最新の版の記録が、latest.json の控えと違います";
        help: "どちらかが書き換えられたか、壊れています。控え（バックアップ）と見比べてください。";

    /// latest.json を読み取れない。
    E713 NewestUnreadable { cause: Option<&'static str> }
        message: "latest.json が、作ったときのままではありません";
        help: because(
            *cause,
            "控え（バックアップ）から戻してください。",
            "控え（バックアップ）から戻すか、「jisseki archive list」で版を確認したうえで削除してください。次の保存のときに作り直されます。",
        );

    /// 保存した版のファイルが、極端に大きい。
    E714 ArchivedFileTooLarge { bytes: u64 }
        message: "大きすぎるため読みません（約{}MB）", bytes.div_ceil(1_000_000);
        help: "保存したファイルではありません。控え（バックアップ）から戻してください。";

    /// ファイルを取り出せるPDFではない。
    E715 NotABundle { why: String }
        message: "データの入ったPDFではありません。{why}";
        help: "「jisseki archive --bundle」で作った、名前に「保存用」と付くPDFを指定してください。";

    /// 保存した版を確認する途中で、プログラムが止まった。
    E716 VerificationStopped
        message: "この版を確認する途中で、プログラムが止まりました";
        help: "この版は確認されていません。プログラムの不具合です。控え（バックアップ）と見比べ、開発元に連絡してください。";

    /// 保存の途中で止まった残りがある。
    W701 UnfinishedEdition
        message: "保存の途中で止まったときの残りです";
        help: "版には含まれません。削除して構いません。";

    /// latest.json が、最新の版より古い。
    W702 NewestNotNoted
        message: "latest.json に、最新の版が書かれていません";
        help: "前回の保存で書けなかったか、latest.json が古いものに戻されています。最新の版の記録の確認用の値を、起案文書などの控えと見比べてください。次の保存のときに書き直されます。";

    /// 別の版の jisseki で保存されたため、作り直しても同じにならない。
    W703 MadeByOtherVersion { version: String }
        message: "jisseki {version} で保存された版です。この jisseki では同じものを作り直せません";
        help: "文書の作り直しは確認していません。確認するには、その版の jisseki を使ってください。";

    /// 保存したときの書体のファイルがないため、作り直しを確認できない。
    W704 ArchivedFontMissing
        message: "保存したときの書体のファイルがありません";
        help: "作り直しまで確認するには、テンプレートに保存したときと同じ書体を指定してください。";

    /// データのCSVの値が、保存したマスタの値と違う。
    E717 ArchivedFigureDiffers { id: String, column: String, csv: String, master: String }
        message: "データのCSVの値が、保存したマスタと違います（{}：CSVは「{}」、マスタは「{}」）", datum(id, column), blank(csv), blank(master);
        help: "CSVかマスタが、記録の確認用の値ごと書き換えられています。控え（バックアップ）と見比べてください。";

    /// 最新の版の記録を読み取れない。
    E718 NewestRecordUnreadable { folder: String }
        message: "最新の版「{}」はありますが、その記録（manifest.json）を読み取れません", quote(folder);
        help: "manifest.json を控え（バックアップ）から戻してください。";

    /// 保存した版に、ファイルの代わりにリンクがある。
    E719 ArchivedFileIsLink
        message: "ファイルではなく、ほかの場所へのリンクです";
        help: "リンクの先のファイルは保存されたものではありません。リンクを消し、元のファイルを控え（バックアップ）から戻してください。";

    /// 保存した版のファイルを開けない。
    E720 ArchivedFileUnreadable { why: String }
        message: "開けません。{why}";
        help: "この版は確認されていません。開けるようにしてから、もう一度確認してください。";

    /// 控えた確認用の値の版がない。
    E721 NotedEditionMissing { noted: String }
        message: "控えた確認用の値「{}」の版がありません", quote(noted);
        help: "控えが正しければ、その版が消えたか、書き換えられています。控え（バックアップ）と見比べてください。";

    /// latest.json がない。
    W706 NewestNoteMissing
        message: "latest.json がありません";
        help: "保存のたびに書かれるファイルです。これがないと、最新の版が消えていても分かりません。残っている版の記録の確認用の値を、起案文書などの控えと見比べてください。次の保存のときに書き直されます。";

    /// データのCSVの文が、保存したマスタの文と違う。
    W707 ArchivedWordingDiffers { id: String, column: String, csv: String, master: String }
        message: "データのCSVの文が、保存したマスタと違います（{}：CSVは「{}」、マスタは「{}」）", datum(id, column), blank(csv), blank(master);
        help: "jisseki の版による書き方の違いか、書き換えです。控え（バックアップ）と見比べてください。";
}

/// The beginning of a SHA-256: enough to tell two apart.
fn short_hash(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// What in the checksums does not agree: a file, or how they are written.
fn checksums(name: Option<&str>) -> String {
    match name {
        Some(name) => format!("「{name}」が、checksums.sha256 の記録と違います"),
        None => "checksums.sha256 の書き方が、保存したときと違います".to_owned(),
    }
}

/// 「R4」, or nothing.
fn quoted(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("「{}」", quote(name)) }
}

/// ID「P001-1」の「基準値」
fn datum(id: &str, column: &str) -> String {
    format!("ID「{}」の「{}」", quote(id), quote(column))
}

/// What to do where the cause is known, and where it is not.
fn because(cause: Option<&str>, known: &str, unknown: &str) -> String {
    match cause {
        Some(cause) => format!("{cause}。{known}"),
        None => unknown.to_owned(),
    }
}

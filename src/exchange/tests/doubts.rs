//! The rules of rows, of what a sheet shows, and of what stands beside the answers: no
//! figure enters the record in silence.

use super::*;
use crate::exchange::returned::{Written, WrittenKind};
use crate::finding::{ExchangeRule, FindingKind};
use crate::workbook::{Format, Strikethrough};

/// A form of three rows, the first two of one project: P1-1 and P1-2 in 人, P1-3 in 件.
fn three_rows() -> (Master, Returned) {
    let master = master_of("P1-1,参加者,10人,11人,\nP1-2,講師,2人,3人,\nP1-3,相談,20件,21件,");
    let returned = came_back(&sent(&master)[0]);
    (master, returned)
}

fn taken(outcome: &Outcome) -> Vec<String> {
    outcome.changes.iter().map(|change| format!("{} {}", change.id, change.new)).collect()
}

fn quoted(outcome: &Outcome) -> Vec<String> {
    outcome
        .writings
        .iter()
        .map(|writing| format!("{} {} {}", writing.id, writing.kind, writing.text))
        .collect()
}

fn shown_as(value: f64, code: &str) -> Cell {
    let format = Format::new(code);
    Cell::Number(Number {
        is_percent: format.is_percent,
        is_date: format.is_date,
        shown: format.shown(value),
        ..Number::plain(value)
    })
}

fn beside(row: Option<usize>, kind: WrittenKind, text: &str) -> Written {
    Written { place: Place::file("回答.xlsx"), kind, text: text.to_owned(), row }
}

/// E417 返ってきたファイルを開けない。
#[test]
fn e417_unreadable_file() {
    let rule = ExchangeRule::UnreadableFile { reason: "アクセスする権限がありません".into() };
    assert_eq!(FindingKind::from(rule).message(), "ファイルを開けません（アクセスする権限がありません）");
}

/// E418 ブックの中に、同じ名前の部品またはシートが2つある。
#[test]
fn e418_doubled_parts() {
    let bytes = rust_xlsx(|_| {});
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.contains("xl/worksheets/sheet1.xml"));
    // Written as another name of the same length, so that the package stays whole.
    let other = package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/worksheets/sheet1.xml", b"<a/>"),
        ("xl/worksheets/sheet2.xml", b"<b/>"),
    ]);
    for twin in [&b"sheet1"[..], b"SHEET1"] {
        let mut doubled = other.clone();
        let places: Vec<usize> = memchr::memmem::find_iter(&other, b"sheet2").collect();
        for at in places {
            doubled[at..at + 6].copy_from_slice(twin);
        }
        assert_eq!(refused(&doubled), ["E418 ブックの中に、同じ名前の部品またはシートが2つあります"]);
    }
}

/// W416 行に見えている項目と、識別番号の示す項目が違う。
#[test]
fn w416_row_contradicts_key() {
    // The visible cells of two rows change places; the hidden keys stay.
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(number(3.0));
    returned.rows[1].input.content = Some(number(12.0));
    returned.rows[2].input.content = Some(number(22.0));
    let labels = returned.rows[0].labels.clone();
    returned.rows[0].labels = std::mem::replace(&mut returned.rows[1].labels, labels);
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        [
            "W416 この行の項目は「講師」ですが、識別番号では「参加者」です（回答「3」）",
            "W416 この行の項目は「参加者」ですが、識別番号では「講師」です（回答「12」）",
        ]
    );
    assert!(outcome.queries[0].help.starts_with("この行は『事業　講師』の回答かもしれません。"));
    assert_eq!(taken(&outcome), ["P1-3 22件"]);

    // A copied row with a name of its own: only that row is asked about.
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(number(12.0));
    let mut copy = returned.rows[0].clone();
    copy.labels[2].1 = "うち新規".into();
    copy.input.content = Some(number(4.0));
    returned.rows.push(copy);
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        ["W416 この行の項目は「うち新規」ですが、識別番号では「参加者」です（回答「4」）"]
    );
    assert_eq!(taken(&outcome), ["P1-1 12人"]);

    // A name that is gone, and a project's name that is another's.
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(number(12.0));
    returned.rows[0].labels[2].1 = String::new();
    returned.rows[2].input.content = Some(number(22.0));
    returned.rows[2].labels[1].1 = "別の事業".into();
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        [
            "W416 この行の項目は「（空欄）」ですが、識別番号では「参加者」です（回答「12」）",
            "W416 この行の事業・施策は「別の事業」ですが、識別番号では「事業」です（回答「22」）",
        ]
    );
    assert!(taken(&outcome).is_empty());
}

/// W417 配布した後に、マスタで項目または事業の名前が変わっている。
#[test]
fn w417_row_renamed() {
    let (_, mut returned) = three_rows();
    for (row, answer) in returned.rows.iter_mut().zip([12.0, 3.0, 22.0]) {
        row.input.content = Some(number(answer));
    }
    // IDs given anew: what was P1-1 is P1-2 now.
    let renumbered = master_of("P1-2,参加者,10人,11人,\nP1-1,講師,2人,3人,\nP1-3,相談,20件,21件,");
    let outcome = collected(&renumbered, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        [
            "W417 配布した時の「参加者」が、現在のマスタでは「講師」です（回答「12」）",
            "W417 配布した時の「講師」が、現在のマスタでは「参加者」です（回答「3」）",
        ]
    );
    assert_eq!(taken(&outcome), ["P1-3 22件"]);
}

/// W418 過年度の実績が、別の行のものになっている。
#[test]
fn w418_past_of_other_row() {
    let master = master_of("P1-1,参加者,10人,11人,\nP1-2,参加者,2人,3人,");
    let mut returned = came_back(&sent(&master)[0]);
    let past = returned.rows[0].past.clone();
    returned.rows[1].past = past;
    returned.rows[1].input.content = Some(number(4.0));
    let outcome = collected(&master, vec![returned]);
    assert_eq!(said(&outcome.findings), ["W418 この行の過年度の実績は、別の項目のものです（回答「4」）"]);
    assert!(taken(&outcome).is_empty());
}

/// W419 別の担当課の行が入っている。
#[test]
fn w419_row_of_other_department() {
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(number(12.0));
    returned.rows[1].input.content = Some(number(4.0));
    returned.rows[1].key.department = "商工課".into();
    let outcome = collected(&master, vec![returned]);
    assert_eq!(said(&outcome.findings), ["W419 水産課のファイルに、商工課の行が入っています（回答「4」）"]);
    assert_eq!(taken(&outcome), ["P1-1 12人"]);
}

/// W420 記入欄のセルが上下にずれている。
#[test]
fn w420_answers_slipped() {
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(number(4.0));
    returned.rows.iter_mut().for_each(|row| row.has_slipped = true);
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        ["W420 記入欄のセルが削除または挿入され、上下にずれているようです（回答「4」）"]
    );
    assert!(taken(&outcome).is_empty());
}

/// W421 シートに表示されている値と、セルの中の値が違う。
#[test]
fn w421_shown_differs() {
    let told = |shown: &str, stored: &str| {
        [format!("W421 R5：シートには「{shown}」と表示されていますが、セルの値は「{stored}」です")]
    };
    assert_eq!(asked("60.0%", shown_as(0.624_324_324_324_324, "0.0%")), told("62.4%", "62.4324324324324%"));
    assert_eq!(asked("30,000千円", shown_as(38_123_456.0, "#,##0,")), told("38,123", "38123456"));
    assert_eq!(asked("20人", shown_as(23.4, "0\"人\"")), told("23人", "23.4"));
    assert_eq!(asked("20人", shown_as(23.0, ";;;")), told("（何も表示されない）", "23"));
    let rule = ExchangeRule::ShownDiffers { year: r5(), shown: "62.4%".into(), stored: "62.43%".into() };
    assert!(FindingKind::from(rule).help().starts_with("表示のとおりの「62.4%」でよいか"));
    // A text that shows with what its format adds.
    let master = master_of("P1-1,件数,,5件,");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].input.content = Some(text("6"));
    returned.rows[0].input.look.text = Some("6人".into());
    let outcome = collected(&master, vec![returned]);
    assert_eq!(said(&outcome.findings), told("6人", "6"));
}

/// W422 その項目の書き方より小数が細かい。
#[test]
fn w422_too_many_decimals() {
    let told = |text: &str, places: &str| {
        [format!("W422 R5：回答「{text}」は、この項目の書き方（{places}）では表せません")]
    };
    assert_eq!(asked("20人", number(23.5)), told("23.5人", "小数なし"));
    assert_eq!(asked("55.4%", text("56.25%")), told("56.25%", "小数第1位まで"));
    assert_eq!(asked("1.50億円", number(1.555)), told("1.555億円", "小数第2位まで"));
}

/// W423 数値の項目に、言葉や範囲で回答している。
#[test]
fn w423_answer_in_words() {
    for answer in ["20～30人", "実施済", "10人（うち女性3人）", "第3位"] {
        assert_eq!(
            asked("20人", text(answer)),
            [format!("W423 R5：回答「{answer}」は1つの数値ではありません")]
        );
    }
    // Where the row has always been told in words, words are an answer.
    let master = master_of("P1-1,評価,◎,〇,");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].input.content = Some(text("△"));
    let outcome = collected(&master, vec![returned]);
    assert_eq!((taken(&outcome), said(&outcome.findings)), (vec!["P1-1 △".to_owned()], vec![]));
}

/// W424 回答に取り消し線が引かれている。
#[test]
fn w424_answer_struck() {
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(number(12.0));
    returned.rows[0].input.look.struck = Strikethrough::Whole;
    returned.rows[1].input.content = Some(text("34"));
    returned.rows[1].input.look.struck = Strikethrough::Partly("4".into());
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        [
            "W424 R5：回答「12」に取り消し線が引かれています",
            "W424 R5：回答「34」の一部に取り消し線が引かれています（残りは「4」）",
        ]
    );
    assert!(taken(&outcome).is_empty());
    // A figure that was sent out and struck through.
    let master = master_of("P1-1,件数,,5件,6件");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].input.look.struck = Strikethrough::Whole;
    let outcome = collected(&master, vec![returned]);
    assert_eq!(said(&outcome.findings), ["W424 R5：回答「6件」に取り消し線が引かれています"]);
}

/// W425 記入欄が、ほかの行の記入欄と結合されている。
#[test]
fn w425_answer_joined() {
    let (master, mut returned) = three_rows();
    for row in &mut returned.rows[..2] {
        row.input.content = Some(number(12.0));
        row.input.is_joined = true;
    }
    let outcome = collected(&master, vec![returned]);
    let expected = "W425 R5：回答「12」のセルが、ほかの行と結合されています";
    assert_eq!(said(&outcome.findings), [expected, expected]);
    assert!(taken(&outcome).is_empty());
}

/// W426 「単位」の欄が書き換えられている。
#[test]
fn w426_unit_cell_changed() {
    let (master, mut returned) = three_rows();
    returned.rows[2].input.content = Some(number(22.0));
    returned.rows[2].labels[3].1 = "千件".into();
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        ["W426 「単位」の欄が「件」から「千件」に書き換えられています（回答「22」）"]
    );
    assert!(taken(&outcome).is_empty());
}

/// W427 過年度の実績が確認できるまで、回答を取り込めない。
#[test]
fn w427_answer_held() {
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(number(12.0));
    returned.rows[0].past[0].1.content = Some(number(9.0));
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        [
            "W409 過年度（R3）の実績が「10人」から「9人」に書き換えられています",
            "W427 R5：過年度の欄に確認事項があるため、回答「12」も取り込んでいません",
        ]
    );
    assert!(taken(&outcome).is_empty());
}

/// W428 記入がなく、備考だけが書かれている。
#[test]
fn w428_remark_without_figure() {
    let (master, mut returned) = three_rows();
    returned.rows[0].remark = "12人でした".into();
    let outcome = collected(&master, vec![returned]);
    assert_eq!(said(&outcome.findings), ["W428 記入欄は空ですが、備考に「12人でした」とあります"]);
    let entry = outcome.departments.iter().find(|entry| entry.department == "水産課").unwrap();
    assert_eq!((entry.status, entry.open), (Status::Partly, 2));
}

/// W429 回答の横に、数値を左右しうる書き込みがある。
#[test]
fn w429_written_beside_answer() {
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(number(12.0));
    returned.rows[1].input.content = Some(number(4.0));
    returned.written.push(beside(Some(0), WrittenKind::Note, "暫定値"));
    returned.written.push(beside(Some(1), WrittenKind::Note, "よろしくお願いします"));
    returned.written.push(beside(Some(2), WrittenKind::Check, "22件です"));
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        ["W429 確認の欄に「22件です」とあります", "W429 セルのメモに「暫定値」とあります"]
    );
    assert_eq!(taken(&outcome), ["P1-2 4人"]);
    assert_eq!(
        quoted(&outcome),
        ["P1-1 セルのメモ 暫定値", "P1-2 セルのメモ よろしくお願いします", "P1-3 確認の欄 22件です"]
    );
}

/// W430 表の外に、数値を左右しうる書き込みがある。
#[test]
fn w430_written_outside() {
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(number(12.0));
    returned.written.push(beside(None, WrittenKind::Cell, "合計 16"));
    returned.written.push(beside(None, WrittenKind::Shape, "ご確認をお願いします"));
    returned.written.push(beside(None, WrittenKind::Cell, "お世話になります"));
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        [
            "W430 表の外に「合計 16」と書かれています",
            "W430 図形の文字に「ご確認をお願いします」と書かれています",
        ]
    );
    assert_eq!(taken(&outcome), ["P1-1 12人"]);
    assert_eq!(outcome.writings.len(), 3);
}

/// W431 回答に色が付けられ、色の意味らしい書き込みがある。
#[test]
fn w431_answer_coloured() {
    let coloured = |legend: Option<&str>| {
        let (master, mut returned) = three_rows();
        returned.rows[0].input.content = Some(number(12.0));
        returned.rows[0].input.look.colours = (None, Some(0xFF_00_00));
        returned.rows[1].input.content = Some(number(4.0));
        returned.written.extend(legend.map(|legend| beside(None, WrittenKind::Cell, legend)));
        collected(&master, vec![returned])
    };
    let outcome = coloured(Some("赤字は速報値"));
    assert_eq!(
        said(&outcome.findings),
        [
            "W430 表の外に「赤字は速報値」と書かれています",
            "W431 回答「12」に色が付けられています（表の外に「赤字は速報値」とあります）",
        ]
    );
    assert_eq!(taken(&outcome), ["P1-2 4人"]);
    let outcome = coloured(None);
    assert_eq!(taken(&outcome), ["P1-1 12人", "P1-2 4人"]);
    assert_eq!(quoted(&outcome), ["P1-1 色 回答「12」のセルまたは文字の色が変えられています"]);
}

/// W432 数値の前の言葉が、その項目のものと違う。
#[test]
fn w432_answer_prefix_differs() {
    for (last, answer, usual) in
        [("5回", "月2回", "（なし）"), ("延べ400人", "年間500人", "延べ"), ("5件", "累計6件", "（なし）")]
    {
        let expected = format!("W432 R5：回答「{answer}」の数値の前の言葉が、従来の「{usual}」と違います");
        assert_eq!(asked(last, text(answer)), [expected]);
    }
}

/// W433 回答の文字の一部が、上付きまたは下付きになっている。
#[test]
fn w433_answer_raised() {
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(text("121"));
    returned.rows[0].input.look.raised = true;
    let outcome = collected(&master, vec![returned]);
    assert_eq!(said(&outcome.findings), ["W433 R5：回答「121」に、上付きまたは下付きの文字があります"]);
    assert!(taken(&outcome).is_empty());
}

/// W434 文字で回答してきた項目に、数値で回答している。
#[test]
fn w434_figure_among_words() {
    for (last, answer, expected) in [
        ("第3位", "3,000人", "W434 R5：文字で回答してきた項目に、数値「3,000人」と回答しています"),
        ("◎", "100%", "W434 R5：文字で回答してきた項目に、数値「100%」と回答しています"),
        ("第3位", "◎", "W423 R5：回答「◎」は1つの数値ではありません"),
    ] {
        assert_eq!(asked(last, text(answer)), [expected]);
    }
}

/// W435 見えている見出しと、隠れた見出しの列が違う。
#[test]
fn w435_headings_differ() {
    let (master, mut returned) = three_rows();
    returned.rows[0].input.content = Some(number(12.0));
    returned.rows.iter_mut().for_each(|row| row.has_other_headings = true);
    let outcome = collected(&master, vec![returned]);
    assert_eq!(said(&outcome.findings), ["W435 見出しが入れ替わっています（回答「12」）"]);
    assert!(taken(&outcome).is_empty());
}

/// W436 隠れているシートに回答がある。
#[test]
fn w436_answer_on_hidden_sheet() {
    let (master, mut returned) = three_rows();
    returned.rows[1].input.content = Some(number(4.0));
    returned.rows[1].is_on_hidden_sheet = true;
    let outcome = collected(&master, vec![returned]);
    assert_eq!(said(&outcome.findings), ["W436 隠れているシートに回答「4」があります"]);
    assert!(taken(&outcome).is_empty());
}

/// A remark explains a change only where it says something, and never that the figure
/// is final where it says it is not.
#[test]
fn remarks_that_are_no_reason() {
    for (answer, remark, expected) in [
        (
            30.0,
            "〃",
            "W408 R5：前年度の「11人」から「30人」へ50％を超えて変わっていますが、理由が書かれていません",
        ),
        (12.0, "速報値です", "W429 備考に「速報値です」とあります"),
        (12.0, "誤り。正しくは56人", "W429 備考に「誤り。正しくは56人」とあります"),
    ] {
        let (master, mut returned) = three_rows();
        returned.rows[0].input.content = Some(number(answer));
        returned.rows[0].remark = remark.into();
        let outcome = collected(&master, vec![returned]);
        assert_eq!(said(&outcome.findings), [expected]);
        assert!(taken(&outcome).is_empty());
    }
}

/// One file is sure and another is not: neither is taken.
#[test]
fn a_sure_answer_beside_a_doubtful_one_waits() {
    let (master, mut sure) = three_rows();
    let mut doubtful = sure.clone();
    sure.rows[0].input.content = Some(number(12.0));
    doubtful.rows[0].input.content = Some(text("13人?"));
    let outcome = collected(&master, vec![sure, doubtful]);
    let codes: Vec<&str> = outcome.findings.iter().map(|finding| finding.code()).collect();
    assert_eq!(codes, ["W402", "E410"]);
    assert!(taken(&outcome).is_empty());
}

/// A correction of a past year is looked at as closely as an answer.
#[test]
fn revisions_have_misgivings_too() {
    let (master, mut returned) = three_rows();
    returned.rows[0].past[0].1.content = Some(number(9.0));
    returned.rows[0].past[0].1.look.struck = Strikethrough::Whole;
    returned.rows[1].past[0].1.content = Some(number(1.0));
    returned.rows[1].past[0].1.is_joined = true;
    let request = Request {
        master: &master,
        settings: &settings(),
        year: None,
        accept_revisions: true,
        revised: &[],
        left_out: &[],
        today: "2026-05-20".parse().unwrap(),
    };
    let outcome = super::collect(request, &[(returned, None)]);
    let codes: Vec<&str> = outcome.findings.iter().map(|finding| finding.code()).collect();
    assert_eq!(codes, ["W424", "W425"]);
    assert!(outcome.changes.is_empty());
}

// ── One bad row stops nobody else ─────────────────────────────────────────────

#[test]
fn remarks_of_untouched_and_unchanged_rows_are_quoted() {
    let master = master_of("P1-1,参加者,10人,11人,12人\nP1-2,講師,2人,3人,4人");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].remark = "昨年と同じ会場".into();
    returned.rows[1].input.content = Some(number(4.0));
    returned.rows[1].remark = "変更なし".into();
    let outcome = collected(&master, vec![returned]);
    assert_eq!(quoted(&outcome), ["P1-1 備考 昨年と同じ会場", "P1-2 備考 変更なし"]);
    assert!(outcome.findings.is_empty() && outcome.changes.is_empty());
}

/// An answer that stands in a form of an earlier year is a revision of that year.
#[test]
fn an_answer_to_an_earlier_year_is_a_revision() {
    let (master, returned) = three_rows();
    let mut old = returned.clone();
    old.file = "昨年.xlsx".into();
    for row in &mut old.rows {
        row.key.year = FiscalYear::starting(2022);
        row.key.base = row.key.past.pop().unwrap().1;
        row.input.content = row.past.pop().unwrap().1.content;
    }
    old.rows[0].input.content = Some(number(99.0));
    let collect = |accept_revisions: bool| {
        let request = Request {
            master: &master,
            settings: &settings(),
            year: Some(r5()),
            accept_revisions,
            revised: &[],
            left_out: &[],
            today: "2026-05-20".parse().unwrap(),
        };
        super::collect(request, &[(returned.clone(), None), (old.clone(), None)])
    };
    let outcome = collect(false);
    assert_eq!(
        said(&outcome.findings),
        [
            "E408 令和4年度の記入票です（集計しているのは令和5年度）",
            "W409 過年度（R4）の実績が「11人」から「99人」に書き換えられています",
        ]
    );
    assert!(outcome.changes.is_empty());
    let outcome = collect(true);
    let revised: Vec<String> = outcome
        .changes
        .iter()
        .map(|change| format!("{} {} {}", change.id, change.year, change.new))
        .collect();
    assert_eq!(revised, ["P1-1 R4 99人"]);
}

/// The corrections of one row may be accepted; those of the others are asked about as always.
#[test]
fn revisions_are_accepted_row_by_row() {
    let (master, mut returned) = three_rows();
    for row in &mut returned.rows[..2] {
        row.past.last_mut().unwrap().1.content = Some(number(9.0));
        row.input.content = Some(number(12.0));
        row.remark = "集計の誤り".into();
    }
    let collect = |accept_revisions, revised: &[crate::plan::Row]| {
        let request = Request {
            master: &master,
            settings: &settings(),
            year: Some(r5()),
            accept_revisions,
            revised,
            left_out: &[],
            today: "2026-05-20".parse().unwrap(),
        };
        super::collect(request, &[(returned.clone(), None)])
    };
    assert!(collect(false, &[]).changes.is_empty());
    let all = collect(true, &[]).changes;
    let row = all[0].row;
    let outcome = collect(false, &[row]);
    let (own, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|change| change.row == row);
    assert_eq!((outcome.changes, own.len(), others.len()), (own, 2, 2));
    assert!(outcome.queries.iter().all(|query| query.id == others[0].id) && outcome.queries.len() == 2);
    assert!(
        outcome.departments[0].letter.contains("「3人」から「9人」"),
        "{}",
        outcome.departments[0].letter
    );
}

/// A letter that the master's file cannot hold keeps its own row out, no other.
#[test]
fn an_answer_the_masters_encoding_lacks_is_asked_about() {
    let utf8 = master_of("P1-1,評価,◎,〇,\nP1-2,講師,2人,3人,");
    let text_of = String::from_utf8(utf8.source.bytes().to_vec()).unwrap();
    let bytes = crate::master::Encoding::Cp932.encode(&text_of).unwrap();
    let master = master::read(&bytes, "master.csv", &settings()).0.unwrap();
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].input.content = Some(text("\u{2713}"));
    returned.rows[1].input.content = Some(number(4.0));
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        ["E110 「\u{2713}」（U+2713）は、マスタの文字コードShift_JIS（CP932）で表せません"]
    );
    assert_eq!(taken(&outcome), ["P1-2 4人"]);
}

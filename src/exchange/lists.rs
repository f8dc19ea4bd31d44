//! The lists a run leaves for the office: what was sent out, what came back.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::form::Form;
use super::key::FileKey;
use super::listing::{ListCell, ListColumn, ListSheet, Listing};
use super::outcome::{Change, Outcome, Status};
use crate::plan::date_with_weekday;

/// 「配布一覧」: the forms and the files they are in.
pub fn distribution(forms: &[Form], files: &[String]) -> ListSheet {
    const COLUMNS: [(&str, u32); 8] = [
        ("担当課", 28),
        ("ファイル", 44),
        ("件数", 6),
        ("うち記入済", 10),
        ("年度", 12),
        ("回答期限", 26),
        ("計画", 30),
        ("確認用の値", 66),
    ];
    let rows = forms.iter().zip(files).map(|(form, file)| -> Vec<ListCell> {
        vec![
            form.department.as_str().into(),
            file.as_str().into(),
            form.rows.len().into(),
            form.rows.iter().filter(|row| row.current.is_reported()).count().into(),
            form.year.long().into(),
            date_with_weekday(form.due).into(),
            form.plan_name.as_str().into(),
            FileKey::of(form).fingerprint.into(),
        ]
    });
    let mut list = sheet("配布一覧", Vec::new(), &COLUMNS, rows.collect());
    // Needed once, should a form be in doubt.
    list.columns.last_mut().into_iter().for_each(|column| column.is_hidden = true);
    list
}

/// More letters than a cell of Excel holds are cut, and said to be.
fn cell(text: &str) -> ListCell {
    const MOST: usize = 32_000;
    let mut units = 0;
    let kept = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > MOST
    });
    match kept {
        Some((at, _)) => format!("{}…（長いため、ここまで）", text.get(..at).unwrap_or_default()).into(),
        None => text.into(),
    }
}

/// Files of a department that are named; of more, only the number is told.
const MOST_NAMES: usize = 200;
/// Rows of one list; Excel has no more than a million, and nobody reads so many.
const MOST_ROWS: usize = 100_000;

/// One a line, as far as anybody reads them.
fn lines(all: impl ExactSizeIterator<Item = String>) -> ListCell {
    let more = all.len().saturating_sub(MOST_NAMES);
    let mut lines: Vec<String> = all.take(MOST_NAMES).collect();
    if more > 0 {
        lines.push(format!("…（ほか{more}件）"));
    }
    cell(&lines.join("\n"))
}

/// The rows of a list, as many as it takes; the last one tells how many are left out.
fn rows(mut all: impl ExactSizeIterator<Item = Vec<ListCell>>) -> Vec<Vec<ListCell>> {
    let mut kept: Vec<Vec<ListCell>> = all.by_ref().take(MOST_ROWS).collect();
    tell_more(&mut kept, all.len());
    kept
}

/// Says how many rows there are beyond those of a list.
fn tell_more(kept: &mut Vec<Vec<ListCell>>, more: usize) {
    if more > 0 {
        kept.push(vec![format!("（多すぎるため、ほか{more}件は書いていません）").into()]);
    }
}

/// 「照会結果」: who has answered, what changes, what to ask, what to write.
pub fn result(outcome: &Outcome) -> Listing {
    let sheets = [
        Some(status(outcome)),
        Some(changes("取り込んだ実績", &outcome.changes, notes(outcome))),
        (!outcome.left_out.is_empty()).then(|| left_out(outcome)),
        Some(queries(outcome)),
        Some(writings(outcome)),
        Some(findings(outcome)),
        Some(letters(outcome)),
    ];
    Listing { csv: None, sheets: sheets.into_iter().flatten().collect() }
}

/// 「回答状況」: how far each department is.
fn status(outcome: &Outcome) -> ListSheet {
    const COLUMNS: [(&str, u32); 9] = [
        ("担当課", 28),
        ("状況", 22),
        ("照会", 6),
        ("回答", 6),
        ("未回答", 8),
        ("確認事項", 10),
        ("記入者", 18),
        ("ファイル", 44),
        ("更新日時", 18),
    ];
    let all = outcome.departments.iter().map(|department| {
        vec![
            department.department.as_str().into(),
            department.words().into(),
            department.asked.into(),
            department.answered.into(),
            department.open.into(),
            department.queries.into(),
            cell(&department.clerk),
            lines(department.files.iter().map(|(file, _)| file.clone())),
            lines(department.files.iter().map(|(_, time)| shown_time(*time))),
        ]
    });
    sheet("回答状況", notes(outcome), &COLUMNS, rows(all))
}

/// 「取り込まなかった回答」: what the office has left out.
fn left_out(outcome: &Outcome) -> ListSheet {
    let mut notes = notes(outcome);
    notes.push(
        "取り込まない（取りまとめる側の判断）とした回答です。マスタは「変更前」のままです。".to_owned(),
    );
    changes("取り込まなかった回答", &outcome.left_out, notes)
}

/// 「取り込んだ実績」: what changes in the master.
fn changes(name: &str, changes: &[Change], notes: Vec<String>) -> ListSheet {
    // Texts need room.
    let room = if changes.iter().any(|change| change.field.is_some()) { 50 } else { 14 };
    let columns = [
        ("担当課", 20),
        ("種類", 14),
        ("ID", 12),
        ("事業・施策", 30),
        ("項目", 30),
        ("年度", 6),
        ("変更前", room),
        ("変更後", room),
        ("備考（担当課の記入）", 36),
        ("ファイル", 30),
    ];
    let all = changes.iter().map(|change| {
        vec![
            cell(&change.department),
            change.kind.name().into(),
            cell(&change.id),
            cell(&change.owner),
            cell(&change.item),
            change.year.to_string().into(),
            cell(&change.old),
            cell(&change.new),
            cell(&change.remark),
            cell(&change.file),
        ]
    });
    sheet(name, notes, &columns, rows(all))
}

/// 「確認事項」: what to ask.
fn queries(outcome: &Outcome) -> ListSheet {
    const COLUMNS: [(&str, u32); 9] = [
        ("担当課", 20),
        ("ID", 12),
        ("事業・施策", 30),
        ("項目", 30),
        ("確認したいこと", 50),
        ("対応", 50),
        ("記入欄（担当課の記入）", 20),
        ("備考（担当課の記入）", 30),
        ("場所", 40),
    ];
    let all = outcome.queries.iter().map(|query| {
        vec![
            cell(&query.department),
            cell(&query.id),
            cell(&query.owner),
            cell(&query.item),
            cell(&query.question),
            cell(&query.help),
            cell(&query.answer),
            cell(&query.remark),
            cell(&query.place.to_string()),
        ]
    });
    sheet("確認事項", notes(outcome), &COLUMNS, rows(all))
}

/// 「書き込み」: what departments wrote beside their answers.
fn writings(outcome: &Outcome) -> ListSheet {
    const COLUMNS: [(&str, u32); 7] = [
        ("担当課", 20),
        ("種類", 14),
        ("書かれていること", 60),
        ("ID", 12),
        ("事業・施策", 30),
        ("項目", 30),
        ("場所", 44),
    ];
    let all = outcome.writings.iter().map(|writing| {
        vec![
            cell(&writing.department),
            writing.kind.as_str().into(),
            cell(&writing.text),
            cell(&writing.id),
            cell(&writing.owner),
            cell(&writing.item),
            cell(&writing.place.to_string()),
        ]
    });
    sheet("書き込み", notes(outcome), &COLUMNS, rows(all))
}

/// 「確認事項一覧（全件）」
fn findings(outcome: &Outcome) -> ListSheet {
    const COLUMNS: [(&str, u32); 4] = [("番号", 8), ("内容", 60), ("場所", 44), ("対応", 60)];
    let all = outcome.findings.iter().map(|finding| {
        let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
        vec![finding.code().into(), cell(&finding.message()), cell(&place), cell(&finding.help())]
    });
    let mut rows = rows(all);
    // Of one rule no more are kept than anybody reads.
    tell_more(&mut rows, outcome.findings.omitted());
    sheet("確認事項一覧（全件）", notes(outcome), &COLUMNS, rows)
}

/// The list of what to write to each department.
pub const LETTERS: &str = "連絡文";

/// 「連絡文」
fn letters(outcome: &Outcome) -> ListSheet {
    const COLUMNS: [(&str, u32); 3] =
        [("担当課", 28), ("種類", 12), ("文面（メールに貼り付けて使えます）", 100)];
    let written: Vec<_> = outcome.departments.iter().filter(|one| !one.letter.is_empty()).collect();
    let all = written.iter().map(|department| {
        let kind = department.letter_kind();
        vec![department.department.as_str().into(), kind.into(), cell(&department.letter)]
    });
    sheet(LETTERS, notes(outcome), &COLUMNS, rows(all))
}

fn sheet(name: &str, notes: Vec<String>, columns: &[(&str, u32)], rows: Vec<Vec<ListCell>>) -> ListSheet {
    let columns = columns.iter().map(|(heading, width)| ListColumn::new(heading, *width)).collect();
    ListSheet { name: name.to_owned(), notes, columns, rows }
}

fn notes(outcome: &Outcome) -> Vec<String> {
    let year = outcome.year.map(|year| format!("{}　実績照会の結果", year.long()));
    let due = outcome.due.map(|due| format!("回答期限：{}", date_with_weekday(due)));
    // In the order of the states; a 所属 is a 課, a hospital or a museum.
    let mut counts: BTreeMap<(Status, bool), (&str, usize)> = BTreeMap::new();
    for one in &outcome.departments {
        counts.entry((one.status, one.overdue)).or_insert((one.words(), 0)).1 += 1;
    }
    let counts: Vec<String> =
        counts.into_values().map(|(words, count)| format!("{words} {count}所属")).collect();
    [year, due, Some(counts.join("、"))].into_iter().flatten().collect()
}

fn shown_time(time: Option<NaiveDateTime>) -> String {
    time.map(|time| time.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_for_a_cell_is_cut_and_said_to_be() {
        let ListCell::Text(text) = cell(&"漢".repeat(40_000)) else { panic!() };
        assert!(text.ends_with("漢…（長いため、ここまで）") && text.encode_utf16().count() < 32_767);
        assert_eq!(cell("短い"), "短い".into());
        let ListCell::Text(text) = lines((0..5_000).map(|at| format!("記入票{at}.xlsx"))) else {
            panic!()
        };
        assert!(text.starts_with("記入票0.xlsx\n") && text.ends_with("\n…（ほか4800件）"));
        assert_eq!(lines(["一", "二"].map(str::to_owned).into_iter()), "一\n二".into());
    }

    #[test]
    fn of_too_many_rows_the_last_tells_how_many_are_left_out() {
        let all: Vec<usize> = (0..MOST_ROWS + 3).collect();
        let rows = rows(all.iter().map(|at| vec![ListCell::from(*at)]));
        assert_eq!(rows.len(), MOST_ROWS + 1);
        assert_eq!(rows.last(), Some(&vec!["（多すぎるため、ほか3件は書いていません）".into()]));
    }
}

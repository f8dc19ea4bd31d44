//! The lists a run leaves for the office: what was sent out, what came back.

use chrono::NaiveDateTime;

use crate::exchange::{FileKey, Form, Outcome, Status, long_date};
use crate::render::listing::{ListCell, ListColumn, ListSheet, Listing};

/// 「配布一覧」: the forms and the files they are in.
pub fn distribution(forms: &[Form], files: &[String]) -> ListSheet {
    let columns = [
        ("担当課", 28),
        ("ファイル", 44),
        ("件数", 6),
        ("うち記入済", 10),
        ("年度", 12),
        ("回答期限", 26),
        ("計画", 30),
        ("照合用の値", 66),
    ];
    let rows = forms.iter().zip(files).map(|(form, file)| -> Vec<ListCell> {
        vec![
            form.department.as_str().into(),
            file.as_str().into(),
            form.rows.len().into(),
            form.rows.iter().filter(|row| row.current.is_reported()).count().into(),
            form.year.long().into(),
            long_date(form.due).into(),
            form.plan_name.as_str().into(),
            FileKey::of(form).fingerprint.into(),
        ]
    });
    ListSheet {
        name: "配布一覧".to_owned(),
        notes: Vec::new(),
        columns: columns.map(|(heading, width)| ListColumn::new(heading, width)).to_vec(),
        rows: rows.collect(),
    }
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

/// 「照会結果」: who has answered, what changes, what to ask, what to write.
pub fn result(outcome: &Outcome) -> Listing {
    let sheet = |name: &str, columns: &[(&str, u32)], rows: Vec<Vec<ListCell>>| ListSheet {
        name: name.to_owned(),
        notes: notes(outcome),
        columns: columns.iter().map(|(heading, width)| ListColumn::new(heading, *width)).collect(),
        rows,
    };
    let roll = outcome.roll.iter().map(|entry| {
        let files: Vec<&str> = entry.files.iter().map(|(file, _)| file.as_str()).collect();
        let times: Vec<String> = entry.files.iter().map(|(_, time)| shown_time(*time)).collect();
        vec![
            entry.department.as_str().into(),
            entry.status.name().into(),
            entry.asked.into(),
            entry.answered.into(),
            entry.open.into(),
            entry.queries.into(),
            cell(&entry.clerk),
            files.join("\n").into(),
            times.join("\n").into(),
        ]
    });
    let changes = outcome.changes.iter().map(|change| {
        vec![
            change.department.as_str().into(),
            change.kind.name().into(),
            change.id.as_str().into(),
            cell(&change.owner),
            cell(&change.item),
            change.year.to_string().into(),
            change.old.as_str().into(),
            change.new.as_str().into(),
            cell(&change.remark),
            change.file.as_str().into(),
        ]
    });
    let queries = outcome.queries.iter().map(|query| {
        vec![
            query.department.as_str().into(),
            query.id.as_str().into(),
            cell(&query.owner),
            cell(&query.item),
            cell(&query.question),
            query.help.as_str().into(),
            cell(&query.answer),
            cell(&query.remark),
            query.place.to_string().into(),
        ]
    });
    let writings = outcome.writings.iter().map(|writing| {
        vec![
            writing.department.as_str().into(),
            writing.kind.as_str().into(),
            cell(&writing.text),
            writing.id.as_str().into(),
            writing.owner.as_str().into(),
            writing.item.as_str().into(),
            writing.place.to_string().into(),
        ]
    });
    let findings = outcome.findings.iter().map(|finding| {
        let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
        vec![finding.code().into(), finding.message().into(), place.into(), finding.help().into()]
    });
    let letters = outcome.roll.iter().map(|entry| {
        let kind = match (entry.status, entry.files.is_empty()) {
            (Status::Answered, _) => "受領",
            (_, true) => "督促",
            (_, false) => "受領・照会",
        };
        vec![entry.department.as_str().into(), kind.into(), cell(&entry.letter)]
    });
    Listing {
        csv: None,
        sheets: vec![
            sheet(
                "回答状況",
                &[
                    ("担当課", 28),
                    ("状況", 10),
                    ("照会", 6),
                    ("回答", 6),
                    ("未回答", 8),
                    ("確認事項", 10),
                    ("記入者", 18),
                    ("ファイル", 44),
                    ("更新日時", 18),
                ],
                roll.collect(),
            ),
            sheet(
                "取り込んだ実績",
                &[
                    ("担当課", 20),
                    ("種類", 14),
                    ("ID", 12),
                    ("事業・施策", 30),
                    ("項目", 30),
                    ("年度", 6),
                    ("変更前", 14),
                    ("変更後", 14),
                    ("備考（担当課の記入）", 36),
                    ("ファイル", 30),
                ],
                changes.collect(),
            ),
            sheet(
                "確認事項",
                &[
                    ("担当課", 20),
                    ("ID", 12),
                    ("事業・施策", 30),
                    ("項目", 30),
                    ("確認したいこと", 50),
                    ("対応", 50),
                    ("記入欄（担当課の記入）", 20),
                    ("備考（担当課の記入）", 30),
                    ("場所", 40),
                ],
                queries.collect(),
            ),
            sheet(
                "書き込み",
                &[
                    ("担当課", 20),
                    ("種類", 14),
                    ("書かれていること", 60),
                    ("ID", 12),
                    ("事業・施策", 30),
                    ("項目", 30),
                    ("場所", 44),
                ],
                writings.collect(),
            ),
            sheet(
                "指摘のすべて",
                &[("番号", 8), ("内容", 60), ("場所", 44), ("対応", 60)],
                findings.collect(),
            ),
            sheet(
                "連絡文",
                &[("担当課", 28), ("種類", 12), ("文面（メールに貼り付けて使えます）", 100)],
                letters.collect(),
            ),
        ],
    }
}

fn notes(outcome: &Outcome) -> Vec<String> {
    let year = outcome.year.map(|year| format!("{}　実績照会の結果", year.long()));
    let due = outcome.due.map(|due| format!("回答期限：{}", long_date(due)));
    let count = |status: Status| outcome.roll.iter().filter(|entry| entry.status == status).count();
    let states = [Status::Answered, Status::Partly, Status::NotYet, Status::Overdue]
        .map(|status| format!("{} {}課", status.name(), count(status)));
    [year, due, Some(states.join("、"))].into_iter().flatten().collect()
}

fn shown_time(time: Option<NaiveDateTime>) -> String {
    time.map(|time| time.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

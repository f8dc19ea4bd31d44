//! 連絡文 (letters): what to write to a department, ready to be pasted into a mail.
//!
//! With its form goes a mail that says what is asked, until when and where to. When it has
//! answered: a department knows its answers. It is told how many are there, how many are missing
//! and what is asked, by the names that its form shows; never by IDs, which are the master's own.

use super::form::Form;
use super::outcome::{DepartmentStatus, Outcome, Query, Status};
use crate::file_name::unique_file_names;
use crate::plan::{FiscalYear, date_with_weekday};
use crate::visible::visible;

/// The name of the report's file, beside which the letters stand.
pub const REPORT: &str = "照会結果.xlsx";
/// How the names of letters' files begin and end.
const FILE: (&str, &str) = ("連絡文_", ".txt");
/// A letter has so many questions; of more, the number.
const MOST_LISTED: usize = 60;

/// A mail that has a subject of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// 「件名」
    pub subject: String,
    /// What stands in it.
    pub body: String,
}

/// The mail with which a form is sent out as the file of this name; `None` for the office that
/// asks, which needs no letter from itself.
pub fn mail(form: &Form, file: &str) -> Option<Mail> {
    let Form { office, department, plan_name, .. } = form;
    if department == office {
        return None;
    }
    let (year, due) = (form.year.long(), date_with_weekday(form.due));
    let (rows, fields) = (form.rows.len(), form.fields().len());
    let of_fields = if fields > 0 {
        format!("（うち文章や選択で答える項目が{fields}件）")
    } else {
        String::new()
    };
    let body = format!(
        "{department}　ご担当者様\n\n{office}です。\n\
         「{plan_name}」の{year}実績を照会します。\n\
         {due}までに、添付の記入票に記入のうえ、返送をお願いします。\n\n\
         ・記入票　{file}\n\
         ・照会する項目　{rows}件{of_fields}\n\
         ・回答期限　{due}\n\
         ・返送先　{office}\n\n\
         記入のしかたは、記入票に書いてあります。記入票のファイルをそのまま添付して、返送してください。\n"
    );
    Some(Mail { subject: format!("【照会】{year}実績（{plan_name}）　{due}まで"), body })
}

impl DepartmentStatus {
    /// What kind of letter it gets.
    pub fn letter_kind(&self) -> &'static str {
        if self.is_silent() {
            "督促"
        } else if self.status == Status::Answered && self.queries == 0 {
            "受領"
        } else {
            "受領・照会"
        }
    }
}

/// What to send; empty for the office that asks, which needs no letter from itself.
/// `has_answered`: something was said that is not what the form was sent out with.
pub(super) fn letter(entry: &DepartmentStatus, form: &Form, outcome: &Outcome, has_answered: bool) -> String {
    if form.department == form.office {
        return String::new();
    }
    let clerk = if entry.clerk.is_empty() { "ご担当者" } else { &entry.clerk };
    let about = format!("「{}」の{}実績の照会", form.plan_name, form.year.long());
    let mut text = format!("{}　{clerk}様\n\n{}です。\n", entry.department, form.office);
    let until = match outcome.due.map(date_with_weekday) {
        Some(due) if entry.overdue => format!("回答期限の{due}を過ぎていますので、至急、"),
        Some(due) => format!("{due}までに、"),
        None => String::new(),
    };
    let open = entry.open;
    if entry.is_silent() {
        text.push_str(&format!("{about}について、{open}件の回答をまだいただいていません。\n"));
        text.push_str(&format!("{until}記入票に記入のうえ、返送をお願いします。\n"));
        return text;
    }
    let wrote = outcome.writings.iter().any(|writing| writing.department == entry.department);
    if has_answered || entry.queries > 0 || wrote {
        text.push_str(&format!("{about}に回答をいただき、ありがとうございました。\n"));
        text.push_str(&received(entry));
    } else {
        text.push_str(&format!("{about}の記入票をお返しいただきましたが、記入がありませんでした。\n"));
    }
    text.push_str(&questions(entry, form.year, outcome));
    if open > 0 {
        text.push_str(&format!(
            "\nまだ記入のない項目が{open}件あります。{until}記入のうえ、返送をお願いします。\n"
        ));
    }
    text
}

/// How much is there: what stood in the form before, too.
fn received(entry: &DepartmentStatus) -> String {
    match (entry.asked, entry.answered) {
        (_, 0) => String::new(),
        (asked, answered) if asked == answered => {
            format!("照会した{asked}件の回答が、すべてそろいました。\n")
        }
        (asked, answered) => format!("照会した{asked}件のうち、{answered}件が記入済みです。\n"),
    }
}

/// What is asked; empty for nothing.
fn questions(entry: &DepartmentStatus, year: FiscalYear, outcome: &Outcome) -> String {
    let own = || outcome.queries.iter().filter(|query| query.department == entry.department);
    let count = own().count();
    if count == 0 {
        return String::new();
    }
    let mut text = format!("\n次の点（{count}件）をご確認のうえ、お知らせください。\n");
    text.extend(own().take(MOST_LISTED).map(|query| format!("・{}\n", query.to_send(year))));
    if count > MOST_LISTED {
        text.push_str(&format!("・ほか{}件\n", count - MOST_LISTED));
    }
    text
}

impl Query {
    /// As it is sent to the department in a collection of this year: 「産後ケア事業「利用者数」　回答「50？」は…」
    pub fn to_send(&self, year: FiscalYear) -> String {
        let of_year = format!("{year}：");
        let asked = self.question.strip_prefix(&of_year).unwrap_or(&self.question);
        match (self.owner.as_str(), self.item.as_str()) {
            (_, "") => asked.to_owned(),
            (owner, item) => format!("{owner}「{item}」　{asked}"),
        }
    }
}

/// The letters as files for a plain editor, with their names: UTF-8 that says so, and the line
/// ends of Windows.
pub fn letter_files(outcome: &Outcome) -> Vec<(String, Vec<u8>)> {
    let written = || outcome.departments.iter().filter(|entry| !entry.letter.is_empty());
    let stems: Vec<String> = written().map(|entry| format!("{}{}", FILE.0, entry.department)).collect();
    let names = unique_file_names(stems.iter().map(String::as_str), FILE.1);
    names.into_iter().zip(written().map(|entry| letter_file(&visible(&entry.letter)))).collect()
}

/// Whether a file bears the name of a letter: nobody answers in one.
pub fn is_letter_file(name: &str) -> bool {
    name.starts_with(FILE.0) && name.ends_with(FILE.1)
}

/// A letter as the bytes of its file.
pub fn letter_file(letter: &str) -> Vec<u8> {
    format!("\u{FEFF}{}", letter.replace('\n', "\r\n")).into_bytes()
}

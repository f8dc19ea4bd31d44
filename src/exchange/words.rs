//! Answers in words: texts and choices, for the columns that a plan declares.

use super::answer::{Doubt, Reading, error_text};
use crate::finding::nearest;
use crate::master::is_garbled;
use crate::plan::Value;
use crate::plan::reading::{composed, key, printed};
use crate::settings::FieldForm;
use crate::workbook::{Cell, Shown};

/// Letters of an answer: two pages of print. A cell of Excel would hold more, a document's
/// table does not.
pub const LONGEST_ANSWER: usize = 2_000;

/// A declared column (`[[fields]]`) that a row asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedField {
    /// Which of the plan's.
    pub at: usize,
    /// What an answer is.
    pub form: FieldForm,
    /// The words of which it may be one, where it is a choice.
    pub choices: Vec<String>,
}

/// A text as it is compared and written: its line breaks of one kind, nothing at the ends of
/// its lines, nothing that nobody sees.
pub(super) fn normal(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace(['\r', '\u{B}', '\u{2028}'], "\n").replace('\t', "　");
    let lines: Vec<&str> = lines.split('\n').map(str::trim_end).collect();
    let seen: String = lines.join("\n").chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    printed(&composed(&seen))
}

/// What a text says; blank is not reported.
pub(super) fn value(text: &str) -> Value {
    let text = normal(text);
    if text.is_empty() { Value::NotReported } else { Value::Text(text) }
}

/// Reads the cell of an answer in words.
pub(super) fn understand(cell: Option<&Cell>, field: &AskedField) -> Reading {
    let text = match cell {
        None => return Reading::Blank,
        Some(Cell::Text(text)) => text.clone(),
        Some(Cell::Number(number)) => match &number.shown {
            _ if number.is_date => return Reading::Doubt(Doubt::Date(number.value.to_string())),
            Shown::Text(shown) => shown.clone(),
            Shown::Unknown | Shown::Unreadable => number.value.to_string(),
        },
        Some(Cell::Date(shown)) => return Reading::Doubt(Doubt::Date(shown.clone())),
        Some(Cell::Logical(value)) => return Reading::Doubt(Doubt::Logical(*value)),
        Some(Cell::Error(shown)) => return Reading::Doubt(Doubt::Error(shown.clone())),
        Some(Cell::NotCalculated) => return Reading::Doubt(Doubt::NotCalculated),
    };
    let text = normal(&text);
    let letters = text.chars().count();
    if text.is_empty() {
        return Reading::Blank;
    }
    if let Some(error) = error_text(&text) {
        return Reading::Doubt(Doubt::Error(error));
    }
    // A master that says such a thing is not read any more.
    if is_garbled(&text) {
        return Reading::Doubt(Doubt::Garbled(text));
    }
    if letters > LONGEST_ANSWER {
        return Reading::Doubt(Doubt::TooLong(letters));
    }
    if field.form == FieldForm::Text && refers(&text) {
        return Reading::Doubt(Doubt::Reference(text));
    }
    if field.form != FieldForm::Choice {
        return Reading::Value(Value::Text(text));
    }
    // An apostrophe keeps Excel's hands off what it takes for a date or a number.
    let word = key(text.trim_start_matches('\''));
    let chosen = field.choices.iter().find(|choice| key(choice) == word);
    chosen.map(|choice| Reading::Value(Value::Text(choice.trim().to_owned()))).unwrap_or_else(|| {
        let nearest = nearest(&text, field.choices.iter().map(String::as_str)).map(str::to_owned);
        Reading::Doubt(Doubt::NotAChoice { text, nearest, choices: field.choices.clone() })
    })
}

/// Whether a text only speaks of another, which it would take the place of.
fn refers(text: &str) -> bool {
    const OTHERS: [&str; 10] = [
        "変更なし",
        "変更無し",
        "変更ありません",
        "同上",
        "同左",
        "同じ",
        "前回と同じ",
        "前年度と同じ",
        "昨年度と同じ",
        "前回のとおり",
    ];
    OTHERS.contains(&key(text.trim_end_matches('。')).as_str())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(form: FieldForm, text: &str) -> Reading {
        let choices = ["Ａ", "Ｂ", "拡充", "現状維持"].map(str::to_owned).to_vec();
        understand(Some(&Cell::Text(text.to_owned())), &AskedField { at: 0, form, choices })
    }

    #[test]
    fn a_text_keeps_its_lines_and_loses_what_nobody_sees() {
        for (typed, expected) in [
            ("一\r\n二  \r\n三\r\n", "一\n二\n三"),
            (" 漁獲が\u{200B}減った。\u{7}", "漁獲が減った。"),
            ("か\u{3099}", "が"),
            ("第 3　回", "第 3　回"),
        ] {
            assert_eq!(read(FieldForm::Text, typed), Reading::Value(Value::Text(expected.to_owned())));
        }
        assert_eq!(read(FieldForm::Text, " \n　"), Reading::Blank);
        let long = "長".repeat(LONGEST_ANSWER + 1);
        assert_eq!(read(FieldForm::Text, &long), Reading::Doubt(Doubt::TooLong(LONGEST_ANSWER + 1)));
        assert_eq!(read(FieldForm::Text, "#REF!"), Reading::Doubt(Doubt::Error("#REF!".to_owned())));
    }

    #[test]
    fn a_choice_is_one_of_the_list_in_whatever_width() {
        for (typed, chosen) in [("A", "Ａ"), ("'A", "Ａ"), ("Ｂ ", "Ｂ"), ("現状 維持", "現状維持")]
        {
            assert_eq!(read(FieldForm::Choice, typed), Reading::Value(Value::Text(chosen.to_owned())));
        }
        for (typed, expected) in [("現状維待", Some("現状維持")), ("廃止", None), ("—", None)] {
            let Reading::Doubt(Doubt::NotAChoice { nearest, .. }) = read(FieldForm::Choice, typed) else {
                panic!("{typed}")
            };
            assert_eq!(nearest.as_deref(), expected, "{typed}");
        }
    }
}

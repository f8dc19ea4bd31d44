//! 書き込み: what departments write beside their answers, which never enters the master
//! and must never be lost.
//!
//! What can change a figure is asked about; all else is quoted as it stands.

use std::collections::{BTreeSet, HashMap};

use serde::{Serialize, Serializer};

use super::form::Form;
use super::label::Label;
use super::returned::{Returned, ReturnedRow, WrittenKind};
use super::row::FormRow;
use crate::finding::Place;
use crate::plan::reading::compact;
use crate::workbook::{Look, SharedLook};

/// Something a department wrote.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Writing {
    /// Who wrote it.
    pub department: String,
    /// The indicator beside which it stands; empty for none.
    pub id: String,
    /// The project, measure or goal that the indicator belongs to.
    #[serde(skip)]
    pub owner: String,
    /// 「項目」
    #[serde(skip)]
    pub item: String,
    /// What it is: 備考, メモ, 表の外 ….
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Where it stands.
    #[serde(serialize_with = "as_text")]
    pub place: Place,
}

fn as_text<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(place)
}

impl WrittenKind {
    /// As the report names it.
    pub const fn name(self, in_row: bool) -> &'static str {
        match self {
            Self::Sheet => "別のシート",
            Self::Cell if in_row => "行の横",
            Self::Cell => "表の外",
            Self::Check => "確認の欄",
            Self::Keyless => "識別番号のない行",
            Self::Note => "セルのメモ",
            Self::Shape => "図形の文字",
            Self::Margin => "ヘッダーとフッター",
        }
    }
}

/// Whether a cell has a colour that those around it do not have.
pub(super) fn is_coloured(look: &Look, usual: &Look) -> bool {
    let differs = |own: Option<u32>, usual: Option<u32>| own.is_some() && own != usual;
    differs(look.colours.0, usual.colours.0) || differs(look.colours.1, usual.colours.1)
}

/// How the answers' cells of a file look: as they were sent out, where any still does;
/// else as most do.
pub(super) fn usual_look(returned: &Returned) -> SharedLook {
    let looks = || returned.rows.iter().flat_map(|row| [&row.input.look, &row.remark_look]);
    if let Some(look) = looks().find(|look| look.colours == (Some(Form::TO_FILL), None)) {
        return look.clone();
    }
    let mut counts: Vec<(&SharedLook, usize)> = Vec::new();
    let mut known = HashMap::new();
    for look in looks() {
        let at = *known.entry(look.colours).or_insert(counts.len());
        match counts.get_mut(at) {
            Some((_, count)) => *count += 1,
            None => counts.push((look, 1)),
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(look, _)| look.clone()).unwrap_or_default()
}

/// What the form said of a row under a heading: as its key tells, else as the plan does.
fn sent_label(row: &ReturnedRow, of: &FormRow, label: Label) -> String {
    row.key.label(label).map_or_else(|| of.label(label), str::to_owned)
}

/// Everything the rows of a file were sent out with under their headings.
pub(super) fn sent_labels<'a>(
    rows: impl IntoIterator<Item = (&'a ReturnedRow, &'a FormRow)>,
) -> BTreeSet<(Label, String)> {
    let labels = |(row, of)| Label::ALL.map(|label| (label, compact(&sent_label(row, of, label))));
    rows.into_iter().flat_map(labels).collect()
}

/// The cells of a row in which something was typed that no row of the file was sent out
/// with: heading, what it said and what it says, where. What was only moved is no writing.
pub(super) fn changed_labels(
    row: &ReturnedRow,
    of: &FormRow,
    sent: &BTreeSet<(Label, String)>,
) -> Vec<(Label, String, Place)> {
    let place = |column: Option<usize>| match column {
        Some(column) => Place { column: Some(column), ..row.place.clone() },
        None => row.place.clone(),
    };
    let columns = row.label_columns.iter().copied().map(Some).chain(std::iter::repeat(None));
    let all = row.labels.iter().zip(columns);
    let typed = all.filter(|((label, shown), _)| !sent.contains(&(*label, compact(shown))));
    typed
        .map(|((label, shown), column)| {
            let text = format!("「{}」→「{shown}」", sent_label(row, of, *label));
            (*label, text, place(column))
        })
        .collect()
}

/// The unit that stands in a row, where it is not the one that was sent out.
pub(super) fn changed_unit(row: &ReturnedRow, of: &FormRow) -> Option<(String, String)> {
    let shown = row.label(Label::Unit)?;
    let sent = sent_label(row, of, Label::Unit);
    // Where there was no unit yet, the answer brings it, or is asked for it.
    if [sent.as_str(), shown].contains(&FormRow::NO_UNIT) {
        return None;
    }
    (compact(shown) != compact(&sent)).then(|| (sent, shown.to_owned()))
}

//! What no single value of a block can be blamed for: marks of what a record has not, groups of
//! year columns, widths that no paper holds, blocks that stand again on every page.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Reader, Value};
use crate::finding::nearest;
use crate::layout::Length;
use crate::layout::template::Level;
use crate::layout::template::block::{BlockSpec, CellSpec, ColumnSpec, PageUse, PartSpec};
use crate::layout::template::mark::{Form, Mark, Name};

impl Reader<'_> {
    /// A form in which a mark's value cannot be written. Whether a declared column is a choice
    /// or a figure only the plan tells.
    pub(super) fn form_of(&mut self, mark: &Mark, span: &Range<usize>) {
        let is_year = matches!(mark.name, Name::ColumnYear | Name::Year(_));
        let why = match mark.form {
            Some(Form::Wide) if mark.name.is_of_a_year() || mark.name == Name::Baseline => {
                ":全角 は、数値の項目には付けられません"
            }
            Some(Form::Era) if !is_year => ":元号 は、年度・今年度・前年度・翌年度にだけ付けられます",
            Some(Form::Choices) if !matches!(mark.name, Name::Declared(_)) => {
                ":選択 は、plan.toml で選択にした列にだけ付けられます"
            }
            _ => return,
        };
        self.fault(span, why);
    }

    /// A mark of the document as a whole takes nothing before or behind its name.
    pub(super) fn mark_of_document(&mut self, mark: &Mark, span: &Range<usize>, in_years: bool) {
        if mark.of.is_some() || mark.cost.is_some() || mark.year.is_some() {
            let word = mark.name.word();
            let why = format!("{{{word}}} は文書のものです。前や後に「.」で何かを付けることはできません");
            self.fault(span, why);
        }
        if mark.name == Name::ColumnYear && !in_years {
            let why = "{年度} は、年度の列（years）の欄にだけ書けます。ほかの欄では {今年度} と書きます";
            self.fault(span, why);
        }
    }

    /// A figure of a year needs one where no column gives it; anything else takes none.
    pub(super) fn year_of(&mut self, mark: &Mark, span: &Range<usize>, in_years: bool) {
        let word = mark.name.word();
        match (mark.name.is_of_a_year(), mark.year) {
            (true, None) if !in_years => {
                let of = mark.of.map(|of| format!("{}.", of.word())).unwrap_or_default();
                let cost = mark.cost.as_ref().map(|cost| format!("事業費「{cost}」.")).unwrap_or_default();
                let why = format!(
                    "「{word}」は年度ごとの数値です。年度の列（years）の欄に書くか、{{{of}{cost}{word}.今年度}} のように年度を付けます"
                );
                self.fault(span, why);
            }
            (false, Some(_)) => self.fault(span, format!("「{word}」に年度は付けられません")),
            _ => {}
        }
    }

    /// The columns of a year stand again for every year: what joins the first of them to its
    /// left, or spans all years, takes all of them.
    pub(super) fn year_group(&mut self, cells: &[CellSpec], list: &[Value<'_>], columns: &[ColumnSpec]) {
        let mut at = 0;
        for column in columns {
            let group = at..at + column.cells();
            at = group.end;
            let (Some([first, others @ ..]), Some([_, places @ ..])) =
                (cells.get(group.clone()), list.get(group))
            else {
                continue;
            };
            let is_left = |cell: &CellSpec| matches!(cell, CellSpec::Left);
            let spans = |cell: &CellSpec| matches!(cell, CellSpec::Own(own) if own.spans_years);
            for (cell, place) in others.iter().zip(places) {
                let why = if spans(cell) {
                    "span = \"years\" は、1年度の列のうち最初の欄に書きます"
                } else if spans(first) && !is_left(cell) {
                    "最初の欄に span = \"years\" を書いた年度の列では、ほかの欄を \"<\" にします"
                } else if is_left(first) && !is_left(cell) {
                    "最初の欄が \"<\" の年度の列では、ほかの欄も \"<\" にします"
                } else {
                    continue;
                };
                self.fault(&place.span(), why);
            }
        }
    }

    /// A column is of one kind, and only one of years has a last.
    pub(super) fn column_keys(&mut self, table: &DeTable<'_>) {
        let mut kinds = ["fixed", "fit", "figure", "years"].into_iter().filter_map(|key| table.get(key));
        if let Some(second) = kinds.nth(1) {
            self.fault(&second.span(), "1つの列に書けるのは、fixed、fit、figure、years のいずれか1つです");
        }
        if let Some(last) = table.get("last").filter(|_| !table.contains_key("years")) {
            self.fault(&last.span(), "last は、年度の列（years）にだけ書けます");
        }
    }

    /// A column that fits its text takes from the one at its left; in a table, columns stand.
    pub(super) fn fits(&mut self, part: &PartSpec, table: &DeTable<'_>) {
        let is_fit = |column: &ColumnSpec| matches!(column, ColumnSpec::Fit(_));
        let Some(at) = part.columns.iter().position(is_fit) else { return };
        let why = if part.is_table() {
            "fit の列は、each も head もないブロックにだけ書けます"
        } else if at == 0 {
            "fit の列の左に、幅をゆずる列がありません"
        } else {
            return;
        };
        if let Some(columns) = table.get("columns") {
            self.fault(&columns.span(), why);
        }
    }

    /// What means something for rows that repeat, and would do nothing where none do.
    pub(super) fn without_each(&mut self, part: &PartSpec, table: &DeTable<'_>) {
        if part.each.is_some() {
            return;
        }
        for key in ["least", "empty"] {
            if let Some(value) = table.get(key) {
                self.fault(&value.span(), format!("{key} は、each のあるブロックにだけ書けます"));
            }
        }
        let Some(DeValue::Array(rows)) = table.get("rows").map(Spanned::get_ref) else { return };
        let cells = rows.iter().filter_map(|row| match row.get_ref() {
            DeValue::Array(cells) => Some(cells.iter()),
            _ => None,
        });
        let joins: Vec<_> = cells
            .flatten()
            .filter_map(|cell| match cell.get_ref() {
                DeValue::Table(cell) => cell.get("join").map(Spanned::span),
                _ => None,
            })
            .collect();
        for span in joins {
            self.fault(
                &span,
                "join は、each のあるブロックの欄にだけ書けます。ほかでは \"<\" と \"^\" でつなげます",
            );
        }
    }

    /// Columns that keep their width and are wider than the paper: those of years and of text
    /// give way, where there are any.
    pub(super) fn widths(&mut self, block: &BlockSpec, columns: &Value<'_>, room: Length) {
        let (mut fixed, mut all, mut gives_way) = (Length::ZERO, Length::ZERO, false);
        for column in block.parts.iter().flat_map(|part| &part.columns) {
            match column {
                ColumnSpec::Fixed(width) => {
                    fixed += *width;
                    all += *width;
                }
                ColumnSpec::Figure(width) => all += *width,
                ColumnSpec::Text(_) | ColumnSpec::Fit(_) | ColumnSpec::Years { .. } => gives_way = true,
            }
        }
        let (said, wide) = if gives_way {
            ("いつも同じ幅の列（fixed）だけで", fixed)
        } else {
            ("列の幅の合計が", all)
        };
        if wide > room {
            let message = format!(
                "{said} {} mm あり、余白を引いた用紙の幅 {} mm に入りません",
                shown(wide),
                shown(room)
            );
            self.fault(&columns.span(), message);
        }
    }

    /// What is printed in place of the block before it needs one that it can stand in for.
    pub(super) fn stand_ins(&mut self, blocks: &[BlockSpec], tables: &[Value<'_>]) {
        for (at, (block, table)) in blocks.iter().zip(tables).enumerate() {
            let before = at.checked_sub(1).and_then(|before| blocks.get(before));
            let stands_in = |before: &BlockSpec| before.per == block.per && before.without.is_none();
            if block.without.is_some() && !before.is_some_and(stands_in) {
                let why = "without のブロックのすぐ上には、per が同じで without のないブロックがいります";
                self.fault(&table.span(), why);
            }
        }
    }

    /// What stands again on every page stands together at the head of the first.
    pub(super) fn repeats(&mut self, blocks: &[BlockSpec], tables: &[Value<'_>], sheet: Level) {
        for (at, (block, table)) in blocks.iter().zip(tables).enumerate() {
            if block.page != PageUse::Repeat {
                continue;
            }
            let before = &blocks[..at];
            let is_opening =
                |block: &BlockSpec| block.per == sheet && block.parts.iter().all(|part| part.each.is_none());
            let is_apart = before.iter().any(|block| block.page == PageUse::Repeat)
                && before.last().is_some_and(|block| block.page != PageUse::Repeat);
            let why = if block.per != sheet {
                let word = sheet.word();
                format!("page = \"repeat\" は、sheet.per と同じ per（{word}）のブロックにだけ書けます")
            } else if !before.iter().all(is_opening) {
                "page = \"repeat\" のブロックは、表や見出しより前に書きます".to_owned()
            } else if is_apart {
                "page = \"repeat\" のブロックは、続けて書きます".to_owned()
            } else {
                continue;
            };
            let page = match table.get_ref() {
                DeValue::Table(table) => table.get("page").map(Spanned::span),
                _ => None,
            };
            self.fault(&page.unwrap_or_else(|| block.span.clone()), why);
        }
    }
}

/// A width in mm, as a template writes it: no more digits than it has.
fn shown(width: Length) -> f64 {
    (width.to_mm() * 100.0).round() / 100.0
}

/// Why a record of `own` has no such thing as a mark names; `None` where it has.
pub(super) fn out_of_reach(mark: &Mark, own: Level) -> Option<String> {
    let word = mark.name.word();
    if let Some(of) = mark.of.filter(|of| !own.is_within(*of)) {
        return Some(format!("{}ごとの欄から、{}の「{word}」は取り出せません", own.word(), of.word()));
    }
    if let Some(cost) = &mark.cost {
        if !mark.of.unwrap_or(own).is_within(Level::Project) {
            return Some(format!("{}ごとの欄に、事業費は書けません", own.word()));
        }
        if !mark.name.is_of_a_year() && mark.name.is_of(Level::Cost) {
            return Some(format!("事業費「{cost}」から取り出せるのは、決算と予算です"));
        }
    }
    let level = mark.level(own);
    if mark.name.is_of(level) {
        return None;
    }
    let has: Vec<String> = Name::of(level).map(|name| name.word()).collect();
    let perhaps = match nearest(&word, has.iter().map(String::as_str)) {
        Some(nearest) => format!("「{nearest}」ではありませんか"),
        None if has.is_empty() => "{計画名} {題名} {今年度} などを書けます".to_owned(),
        None => format!("書けるのは、{}です", has.join("、")),
    };
    Some(format!("{}に「{word}」という項目はありません。{perhaps}", level.word()))
}

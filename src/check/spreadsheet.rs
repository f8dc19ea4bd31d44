//! A spreadsheet has been here: a CSV that was opened in Excel and saved as it stood.
//!
//! Excel takes `55.4%` for a number and writes it as `55.40%`, a bare `1,622` as `1622`,
//! `1-2` as a date, and `001` as `1`. Nothing of that is a wrong number, so no other rule
//! sees it, and all of it is printed. One finding names the cells.
//!
//! How it is told, without asking about a genuine plan:
//! - against what the master was (the newest backup, the newest edition): the same
//!   number in another form, or with fewer decimals, and in no former master as it is now;
//! - by Excel's own mark: no percentage of the whole plan has decimals but two, and most
//!   of those end in 0. Of genuine percentages with two decimals one in ten does;
//! - by that of LibreOffice, which rounds percentages to whole ones: no percentage of the
//!   whole plan has decimals, though targets do;
//! - within a row: percentages with fewer decimals than the target, percentages that all
//!   end in 0 behind a target with fewer, or one figure whose decimals or commas differ
//!   from those of at least two others.
//!
//! A round figure (0%, 100%, 10億円 among decimals) is no trace: people write it so. A
//! whole percentage among decimals is one only where the plan writes 70.0% elsewhere.

use std::collections::{BTreeMap, HashMap, HashSet};

use rust_decimal::Decimal;

use super::cells::{Figures, figure_rows};
use super::former::{Former, changed_form};
use crate::finding::{Finding, Findings, ValueRule};
use crate::master::{Column, Master};
use crate::plan::{Quantity, Row, Value, reading};

/// A cell, in the order in which the master is read.
type Place = (Row, Column);

/// One finding for all cells that a spreadsheet has changed; none where there is none.
pub(super) fn check(master: &Master, former: &[Former]) -> Findings {
    let mut cells: BTreeMap<Place, Option<String>> = BTreeMap::new();
    let rows: Vec<Figures<'_>> =
        figure_rows(&master.plan).into_iter().map(|row| row.with_figures(&master.plan)).collect();
    for place in percentages(&rows).into_iter().chain(rounded(&rows)) {
        cells.entry(place).or_default();
    }
    let keeps_noughts = keeps_noughts(&rows);
    for (row, figures) in &rows {
        for column in odd_in_row(row.target, figures, keeps_noughts) {
            cells.entry((row.row, column)).or_default();
        }
    }
    against_former(master, former, &rows, &mut cells);
    for (row, column, text) in master.source.cells() {
        if matches!(column, Column::Id | Column::Number | Column::ReprintOf) && is_made_of_date(text) {
            cells.entry((row, column)).or_default();
        }
    }
    let Some((&(row, column), _)) = cells.first_key_value() else { return Findings::new() };
    let named = cells.iter().map(|(&(row, column), was)| {
        let cell = master.source.place(row, column).cell().unwrap_or_default();
        let now = crate::finding::quote(master.source.cell(row, column));
        match was {
            Some(was) => format!("{cell}「{now}」（前は「{}」）", crate::finding::quote(was)),
            None => format!("{cell}「{now}」"),
        }
    });
    let kind = ValueRule::ChangedBySpreadsheet {
        cells: named.collect(),
        sources: former.iter().map(|former| format!("「{}」", former.name)).collect(),
    };
    Finding::at(master.source.place(row, column), kind).into()
}

/// Whether the last decimal printed is a 0.
fn ends_in_nought(figure: &Quantity) -> bool {
    figure.number.scale() > 0 && figure.number.normalize().scale() < figure.number.scale()
}

/// Excel writes every percentage that has decimals with two of them.
fn percentages(rows: &[Figures<'_>]) -> Vec<Place> {
    const EXCELS: u32 = 2;
    /// Fewer may be chance.
    const ENOUGH: usize = 4;
    let all = || {
        let figures = rows.iter().flat_map(|(_, figures)| figures).map(|(_, figure)| *figure);
        figures.filter(|figure| figure.is_percent() && figure.number.scale() > 0)
    };
    let noughts = all().filter(|figure| ends_in_nought(figure)).count();
    if all().any(|figure| figure.number.scale() != EXCELS) || noughts < ENOUGH || noughts * 2 <= all().count()
    {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (row, figures) in rows {
        // A row with a second decimal of its own has always had two.
        let own = |(_, figure): &&(Column, &Quantity)| figure.is_percent() && figure.number.scale() == EXCELS;
        if figures.iter().filter(own).all(|(_, figure)| ends_in_nought(figure)) {
            found.extend(figures.iter().filter(own).map(|(column, _)| (row.row, *column)));
        }
    }
    found
}

/// LibreOffice writes every percentage without decimals.
fn rounded(rows: &[Figures<'_>]) -> Vec<Place> {
    let all = || {
        let places = rows
            .iter()
            .flat_map(|(row, figures)| figures.iter().map(|(column, figure)| ((row.row, *column), *figure)));
        places.filter(|(_, figure)| figure.is_percent())
    };
    let is_finer =
        |(row, _): &Figures<'_>| decimals_of_target(row.target).is_some_and(|target| target.printed > 0);
    if all().any(|(_, figure)| figure.number.scale() > 0) || !rows.iter().any(is_finer) {
        return Vec::new();
    }
    all().filter(|(_, figure)| !is_round(figure)).map(|(place, _)| place).collect()
}

/// 0% and 100%: exact, and written without decimals everywhere.
fn is_round(figure: &Quantity) -> bool {
    figure.number.is_zero() || figure.number.abs() == Decimal::ONE_HUNDRED
}

/// Whether the plan writes whole percentages as 70.0%, as a rule.
fn keeps_noughts(rows: &[Figures<'_>]) -> bool {
    /// One may be chance.
    const ENOUGH: usize = 3;
    let all = || rows.iter().flat_map(|(_, figures)| figures).map(|(_, figure)| *figure);
    let whole = |figure: &&Quantity| {
        figure.is_percent() && !is_round(figure) && figure.number.normalize().scale() == 0
    };
    let kept = all().filter(whole).filter(|figure| figure.number.scale() > 0).count();
    let dropped = all().filter(whole).filter(|figure| figure.number.scale() == 0).count();
    kept >= ENOUGH && kept > dropped
}

/// Figures whose form differs from the others of their row, or from its target.
fn odd_in_row(target: &str, figures: &[(Column, &Quantity)], keeps_noughts: bool) -> Vec<Column> {
    let mut odd: Vec<Column> = Vec::new();
    let target = decimals_of_target(target);
    // 55.40% behind a target of 54.1%. One of 30.0% may have been rounded by people.
    let is_wider = |figure: &Quantity| {
        let scale = figure.number.scale();
        let wider = target.is_some_and(|target| target.printed == target.needed && scale > target.printed);
        figure.is_percent()
            && scale > 1
            && ends_in_nought(figure)
            && wider
            && target.is_some_and(|t| t.needed > 0)
    };
    if !figures.is_empty() && figures.iter().all(|(_, figure)| is_wider(figure)) {
        return figures.iter().map(|(column, _)| *column).collect();
    }
    // 54% behind a target of 54.1%.
    let is_narrower = |figure: &Quantity| {
        figure.is_percent()
            && !is_round(figure)
            && target.is_some_and(|target| figure.number.scale() < target.printed)
    };
    for (at, (column, figure)) in figures.iter().enumerate() {
        let others = || figures.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (_, q))| *q);
        let alike = || others().filter(|other| other.unit == figure.unit);
        let scale = alike().next().map(|other| other.number.scale());
        let agreed = alike().count() > 1 && alike().all(|other| Some(other.number.scale()) == scale);
        let own = figure.number.scale();
        let is_odd = match scale.filter(|_| agreed) {
            Some(usual) if own > usual => figure.number.normalize().scale() <= usual,
            Some(usual) if own > 0 => own < usual,
            // 55% among decimals; of the baseline nobody knows how exact it was.
            Some(usual) => {
                own < usual
                    && keeps_noughts
                    && figure.is_percent()
                    && !is_round(figure)
                    && *column != Column::Baseline
            }
            None => false,
        };
        let large = |figure: &Quantity| figure.number.abs() >= Decimal::ONE_THOUSAND;
        // 1622 among 2,070人 and 1,959人: with or without its unit, its comma is gone.
        let lost_comma = large(figure)
            && !figure.grouped
            && others().filter(|other| large(other)).count() > 0
            && others().filter(|other| large(other)).all(|other| other.grouped);
        // 0.554 among percentages.
        let lost_percent = figure.unit.is_empty()
            && own > 1
            && figure.number.abs() < Decimal::ONE
            && others().count() > 1
            && others().all(Quantity::is_percent);
        if is_odd || is_narrower(figure) || lost_comma || lost_percent {
            odd.push(*column);
        }
    }
    odd
}

/// The most decimals of the percentages and points that a target names.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Decimals {
    printed: u32,
    /// Without the noughts at the end.
    needed: u32,
}

fn decimals_of_target(target: &str) -> Option<Decimals> {
    let target = reading::folded(target);
    let parts = target.match_indices(['%', 'ポ']).filter_map(|(at, _)| {
        let before = target.get(..at)?;
        let digits = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let digits = before.get(digits..)?.trim_start_matches('.');
        let number = Decimal::from_str_exact(digits).ok()?;
        Some(Decimals { printed: number.scale(), needed: number.normalize().scale() })
    });
    parts.reduce(|most, part| Decimals {
        printed: most.printed.max(part.printed),
        needed: most.needed.max(part.needed),
    })
}

/// What differs from all former masters only in its form.
fn against_former(
    master: &Master,
    former: &[Former],
    rows: &[Figures<'_>],
    cells: &mut BTreeMap<Place, Option<String>>,
) {
    type Known<'a> = HashMap<(&'a str, Column), Vec<&'a Value>>;
    let mut known: Known<'_> = HashMap::new();
    let mut ids: HashSet<&str> = HashSet::new();
    for former in former {
        for row in figure_rows(&former.plan) {
            ids.insert(row.id);
            for (column, value) in row.values(&former.plan) {
                known.entry((row.id, column)).or_default().push(value);
            }
        }
        ids.extend(former.plan.projects().map(|project| project.id.as_str()));
    }
    for (row, _) in rows {
        for (column, now) in row.values(&master.plan) {
            let then = known.get(&(row.id, column)).map(Vec::as_slice).unwrap_or_default();
            let unchanged = then.iter().any(|then| then.printed() == now.printed());
            let was = then.iter().find(|then| changed_form(now, then)).filter(|_| !unchanged);
            if let Some(was) = was {
                cells.insert((row.row, column), Some(was.printed().to_owned()));
            }
        }
    }
    // IDs that were there with noughts before them.
    let bare = |id: &str| id.trim_start_matches('0').to_owned();
    let with_noughts: HashMap<String, &str> =
        ids.iter().filter(|id| id.starts_with('0')).map(|id| (bare(id), *id)).collect();
    for (row, column, text) in master.source.cells() {
        let id = reading::key(text);
        if matches!(column, Column::Id | Column::ReprintOf)
            && !ids.contains(id.as_str())
            && let Some(was) = with_noughts.get(&id)
        {
            cells.insert((row, column), Some((*was).to_owned()));
        }
    }
}

/// What Excel makes of `1-2`, of `2024-5-1` and of `12E3`; no ID and no number is so
/// written by hand.
fn is_made_of_date(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let text = reading::key(text).to_ascii_lowercase();
    let is_number = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let month_and_day = || {
        let (month, day) = text.strip_suffix('日')?.split_once('月')?;
        let month = month.split_once('年').map_or(month, |(_, month)| month);
        Some(is_number(month) && is_number(day))
    };
    let in_english = || {
        let (one, other) = text.split_once('-')?;
        Some(MONTHS.contains(&one) && is_number(other) || is_number(one) && MONTHS.contains(&other))
    };
    let parts: Vec<&str> = text.split('/').collect();
    let with_year = parts.len() == 3 && parts.iter().all(|part| is_number(part)) && parts[0].len() == 4;
    let scientific = text.split_once("e+").is_some_and(|(number, power)| {
        is_number(power) && number.split('.').all(|part| !part.is_empty() && is_number(part))
    });
    with_year || scientific || month_and_day() == Some(true) || in_english() == Some(true)
}

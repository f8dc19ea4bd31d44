//! The archived data table held against the archived master.
//!
//! The pages need the program and the fonts of their time; the data table needs
//! neither. So where the documents cannot be made again, this still can be asked:
//! are the figures in the CSV those of the master beside it.

use super::files::recorded_bytes;
use super::{Figures, Listed, MASTER, Role, SETTINGS};
use crate::finding::{ArchiveRule, Finding, Findings};
use crate::master;
use crate::render::Program;
use crate::render::data::{DataTable, Holds};
use crate::settings::Settings;

/// How many times as large as this program's another version's table may be, and by how
/// many bytes more.
const TIMES: usize = 2;
const MORE: usize = 1 << 16;

/// Whether the data table of an edition has the figures of its master. Nothing is
/// compared where one of them is not as it was recorded, which has been named, or where
/// the master cannot be read.
pub(super) fn compare_figures(listed: &Listed<'_>, program: &Program) -> (Figures, Findings) {
    let unknown = (Figures::NotCompared, Findings::new());
    let Some(name) = listed.manifest.name_of(Role::Data) else { return unknown };
    let (Some(found), Some(made)) = (recorded_bytes(listed, Role::Data), data_table(listed)) else {
        return unknown;
    };
    let own = made.to_csv();
    if own == *found {
        return (Figures::Same, Findings::new());
    }
    let at = || listed.folder.place(name);
    // The same program writes the same bytes.
    if listed.manifest.program == *program {
        return (Figures::Differs, Finding::at(at(), ArchiveRule::RemadeDiffers).into());
    }
    // Another version may add columns; what is much larger is no table of this master.
    let most = own.len() * TIMES + MORE;
    let Some(found) = Some(found).filter(|found| found.len() <= most).and_then(|found| records(&found))
    else {
        let kind = differs("", "", "", "");
        return (Figures::Differs, Finding::at(at(), kind).into());
    };
    let mut findings = Findings::new();
    let Difference { figure, wording } = compare(&found, &made);
    let remade = if figure.is_some() { Figures::Differs } else { Figures::Same };
    findings.extend(figure.into_iter().chain(wording).map(|kind| Finding::at(at(), kind)));
    (remade, findings)
}

/// The data table of the archived master.
fn data_table(listed: &Listed<'_>) -> Option<DataTable> {
    let settings = Settings::read(&recorded_bytes(listed, Role::Settings)?, SETTINGS).ok()?;
    let (master, findings) = master::read(&recorded_bytes(listed, Role::Master)?, MASTER, &settings);
    let master = master.filter(|_| !findings.has_errors())?;
    Some(DataTable::of(&master.plan.edition(listed.manifest.fiscal_year()), &settings))
}

/// A CSV's records; `None` for what is no CSV.
fn records(bytes: &[u8]) -> Option<Vec<Vec<String>>> {
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{FEFF}');
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.into_records().map(|record| Some(record.ok()?.iter().map(str::to_owned).collect())).collect()
}

/// The first of each kind of difference.
#[derive(Default)]
struct Difference {
    figure: Option<ArchiveRule>,
    wording: Option<ArchiveRule>,
}

/// Holds the columns that both tables have against each other: another version may add
/// some, and may word a text otherwise, but no version makes another figure of a figure.
fn compare(found: &[Vec<String>], made: &DataTable) -> Difference {
    let mut difference = Difference::default();
    let header = found.first().map(Vec::as_slice).unwrap_or_default();
    let rows = found.get(1..).unwrap_or_default();
    let there = |name: &str| header.iter().position(|there| there == name);
    let ours = |name: &str| made.columns.iter().position(|column| column.name == name);
    let cell = |row: Option<&Vec<String>>, at: Option<usize>| {
        row.zip(at).and_then(|(row, at)| row.get(at)).cloned().unwrap_or_default()
    };
    let own = |row: usize, at: Option<usize>| {
        made.rows.get(row).zip(at).and_then(|(row, at)| row.get(at)).map_or(String::new(), |it| it.to_text())
    };
    for row in 0..rows.len().max(made.rows.len()) {
        let (csv, master) = (cell(rows.get(row), there(ID)), own(row, ours(ID)));
        // Rows that do not belong together are not compared further.
        if csv != master {
            let id = if master.is_empty() { &csv } else { &master };
            difference.figure.get_or_insert_with(|| differs(id, ID, &csv, &master));
            return difference;
        }
        for (at, column) in made.columns.iter().enumerate() {
            let name = column.name.as_str();
            let Some(place) = there(name) else {
                if column.holds == Holds::Number {
                    difference.figure.get_or_insert_with(|| differs(&master, name, "", &own(row, Some(at))));
                }
                continue;
            };
            let (csv, master_says) = (cell(rows.get(row), Some(place)), own(row, Some(at)));
            if csv == master_says {
                continue;
            }
            if column.holds != Holds::Words {
                difference.figure.get_or_insert_with(|| differs(&master, name, &csv, &master_says));
            } else {
                difference.wording.get_or_insert_with(|| ArchiveRule::ArchivedWordingDiffers {
                    id: master.clone(),
                    column: name.to_owned(),
                    csv,
                    master: master_says,
                });
            }
        }
    }
    difference
}

/// The column by which a row is known.
const ID: &str = "ID";

fn differs(id: &str, column: &str, csv: &str, master: &str) -> ArchiveRule {
    ArchiveRule::ArchivedFigureDiffers {
        id: id.to_owned(),
        column: column.to_owned(),
        csv: csv.to_owned(),
        master: master.to_owned(),
    }
}

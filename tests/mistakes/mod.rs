//! Masters with one mistake each: what people and spreadsheets do to a file.
//!
//! A [`Mistake`] says where in a master it could be made and makes it there; what it
//! touched is where it has to be named. Masters are held as cells, so that a mistake is
//! one line here and the file around it stays as it was.
#![allow(missing_docs, dead_code, clippy::unwrap_used)]

mod cells;
pub mod costs;
mod files;
mod rows;

/// A cell, and whether it is written without the quotes it needs.
#[derive(Debug, Clone)]
pub struct Cell {
    pub text: String,
    pub raw: bool,
}

impl Cell {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), raw: false }
    }

    pub fn raw(text: &str) -> Self {
        Self { text: text.to_owned(), raw: true }
    }
}

/// A master as rows of cells, the header first.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub rows: Vec<Vec<Cell>>,
}

/// A place in it.
pub type Site = (usize, usize);

/// Where a mistake has to be named.
pub enum At {
    /// In one of these rows of the sheet as it is now.
    Rows(Vec<usize>),
    /// Of the file, wherever; the text is written so.
    File(fn(String) -> Vec<u8>),
}

/// A kind of mistake.
pub struct Mistake {
    pub name: &'static str,
    /// Where it could be made.
    pub sites: fn(&Sheet) -> Vec<Site>,
    /// Makes it.
    pub make: fn(&mut Sheet, Site) -> At,
}

/// All kinds.
pub fn all() -> Vec<Mistake> {
    [cells::mistakes(), rows::mistakes(), costs::mistakes(), files::mistakes()]
        .into_iter()
        .flatten()
        .collect()
}

/// What is no mistake though the file differs: nothing is to be lost by it.
pub fn harmless() -> Vec<Mistake> {
    files::harmless()
}

/// In that row.
pub fn row(at: usize) -> At {
    At::Rows(vec![at])
}

impl Sheet {
    pub fn read(text: &str) -> Self {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
        let rows = reader.records().map(|record| record.unwrap().iter().map(Cell::new).collect());
        Self { rows: rows.collect() }
    }

    /// The text, and the physical line on which each row begins.
    pub fn write(&self) -> (String, Vec<usize>) {
        let mut text = String::new();
        let mut lines = Vec::new();
        for row in &self.rows {
            lines.push(1 + text.matches('\n').count());
            for (at, cell) in row.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                let quote = !cell.raw && cell.text.contains([',', '"', '\n', '\r']);
                if quote {
                    text.push_str(&format!("\"{}\"", cell.text.replace('"', "\"\"")));
                } else {
                    text.push_str(&cell.text);
                }
            }
            text.push_str("\r\n");
        }
        (text, lines)
    }

    pub fn column(&self, heading: &str) -> usize {
        self.rows[0].iter().position(|cell| cell.text == heading).unwrap()
    }

    pub fn text(&self, (row, column): Site) -> &str {
        self.rows[row].get(column).map_or("", |cell| &cell.text)
    }

    pub fn of(&self, row: usize, heading: &str) -> &str {
        self.text((row, self.column(heading)))
    }

    pub fn set(&mut self, (row, column): Site, text: &str) {
        let cells = &mut self.rows[row];
        while cells.len() <= column {
            cells.push(Cell::new(""));
        }
        cells[column] = Cell::new(text);
    }

    /// The years' columns; the declared ones stand behind them.
    pub fn years(&self) -> std::ops::Range<usize> {
        let is_behind = |cell: &Cell| ["評価", "備考"].contains(&cell.text.as_str());
        self.column("基準値") + 1..self.rows[0].iter().position(is_behind).unwrap()
    }

    /// Rows of these kinds.
    pub fn kinds(&self, kinds: &[&str]) -> Vec<usize> {
        (1..self.rows.len()).filter(|row| kinds.contains(&self.of(*row, "種別"))).collect()
    }

    /// Cells under a heading, in rows of these kinds, that satisfy a condition.
    pub fn cells(&self, kinds: &[&str], heading: &str, fits: impl Fn(&str) -> bool) -> Vec<Site> {
        let column = self.column(heading);
        let sites = self.kinds(kinds).into_iter().map(|row| (row, column));
        sites.filter(|site| fits(self.text(*site))).collect()
    }

    /// Cells of figures that satisfy a condition.
    pub fn figures(&self, fits: impl Fn(&str) -> bool) -> Vec<Site> {
        let mut sites = Vec::new();
        for row in self.kinds(&["数値目標", "KPI", "事業量", "事業費", "予算", "目標値"]) {
            let has_baseline = ["数値目標", "KPI"].contains(&self.of(row, "種別"));
            let first = if has_baseline { self.column("基準値") } else { self.years().start };
            sites.extend(
                (first..self.years().end).map(|column| (row, column)).filter(|site| fits(self.text(*site))),
            );
        }
        sites
    }

    /// The other figures of a row.
    pub fn others(&self, (row, column): Site) -> Vec<&str> {
        let all = self.column("基準値")..self.years().end;
        all.filter(|at| *at != column)
            .map(|at| self.text((row, at)))
            .filter(|text| !text.is_empty())
            .collect()
    }
}

/// Half-width digits.
pub fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// The digits, commas and points of a figure, and what stands around them.
pub fn parts(text: &str) -> (String, String, String) {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let end = text[start..].find(|c| !is_number(c)).map_or(text.len(), |at| start + at);
    (text[..start].to_owned(), text[start..end].to_owned(), text[end..].to_owned())
}

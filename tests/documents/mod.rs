//! Documents made by hand, for tests and benches of the writers.
#![allow(missing_docs, dead_code, clippy::unwrap_used)]

use jisseki::layout::Length;
use jisseki::layout::grid::*;
use jisseki::plan::{Value, Vocabulary};

pub const BLACK: Colour = Colour { red: 0, green: 0, blue: 0 };
const WHITE: Colour = Colour { red: 255, green: 255, blue: 255 };
const BAND: Colour = Colour { red: 31, green: 56, blue: 100 };
const HEAD: Colour = Colour { red: 230, green: 230, blue: 230 };

/// The paper of the official layout.
pub fn page() -> PageFrame {
    PageFrame {
        width: Length::mm(297.0),
        height: Length::mm(210.0),
        left: Length::mm(12.0),
        top: Length::mm(12.0),
        right: Length::mm(12.0),
        bottom: Length::mm(12.0),
        foot: Length::mm(7.0),
        foot_size: Length::pt(9.0),
        foot_text: "− {ページ} −".into(),
        head_text: String::new(),
    }
}

pub fn style() -> Style {
    Style {
        size: Length::pt(8.5),
        leading: Length::pt(10.5),
        bold: false,
        colour: BLACK,
        fill: None,
        align: Align::Left,
        valign: VerticalAlign::Middle,
        padding: Length::mm(0.8),
        space: Length::mm(0.5),
        borders: Borders::ALL,
    }
}

fn heading(size: f64) -> Style {
    Style {
        size: Length::pt(size),
        bold: true,
        borders: Borders::NONE,
        leading: Length::pt(size * 1.3),
        ..style()
    }
}

fn header() -> Style {
    Style { fill: Some(HEAD), align: Align::Center, ..style() }
}

fn figures() -> Style {
    Style { align: Align::Right, ..style() }
}

/// A sheet under construction: rows are added, cells stand in the last one.
pub struct Builder {
    pub sheet: Sheet,
}

impl Builder {
    /// The union of the official tables' edges.
    pub fn new(name: &str, title: &str) -> Self {
        let columns = [7.0, 88.0, 37.0, 7.0, 39.0, 19.0, 19.0, 19.0, 19.0, 19.0].map(Length::mm).into();
        Self {
            sheet: Sheet {
                name: name.into(),
                title: title.into(),
                columns,
                rows: vec![],
                cells: vec![],
                tables: vec![],
                pages: vec![],
                repeat: None,
                first_page: None,
                frozen_rows: 0,
            },
        }
    }

    pub fn row(&mut self, points: f64) -> usize {
        self.sheet.rows.push(GridRow { height: Length::pt(points) });
        self.sheet.rows.len() - 1
    }

    pub fn cell(
        &mut self,
        row: usize,
        rows: usize,
        column: usize,
        columns: usize,
        style: Style,
        content: Content,
    ) {
        let mut cell = Cell {
            row,
            row_span: rows,
            column,
            column_span: columns,
            style,
            content,
            lines: vec![],
            role: Role::Data,
            table: None,
            link: None,
            underlined: vec![],
            origins: vec![],
        };
        let text = cell.text().to_owned();
        if !text.is_empty() {
            let width = style.size * text.chars().count() as i64;
            let room = self.sheet.width_of(&cell) - style.padding * 2;
            let count = (width.emu() / room.emu().max(1)).max(0) as usize + 1;
            cell.lines = vec![Line { text, width, indent: Length::ZERO }; count];
        }
        self.sheet.cells.push(cell);
    }

    pub fn text(&mut self, row: usize, column: usize, columns: usize, style: Style, text: &str) {
        self.cell(row, 1, column, columns, style, Content::Text(text.into()));
    }

    pub fn value(&mut self, row: usize, column: usize, text: &str) {
        let value = Value::parse(text, &Vocabulary::default()).unwrap();
        self.cell(row, 1, column, 1, figures(), Content::Value(value));
    }

    fn stacked(&mut self, row: usize, rows: usize, column: usize, text: &str) {
        self.cell(row, rows, column, 1, header(), Content::Stacked(text.into()));
    }

    /// Title, 資料 number, band and the goal's table: as much as stands on a first page.
    pub fn goal_head(&mut self) {
        let row = self.row(15.0);
        self.text(row, 9, 1, Style { align: Align::Center, ..style() }, "資料１");
        let row = self.row(21.0);
        let title = Style { align: Align::Center, ..heading(14.0) };
        self.text(row, 0, 10, title, "第２期 根室市創生総合戦略（基本目標・ＫＰＩ・事業）実績一覧");
        self.row(12.0);
        let row = self.row(18.0);
        let band = Style { fill: Some(BAND), colour: WHITE, ..heading(11.0) };
        self.text(row, 0, 10, band, "基本目標－１　「ひと」と「しごと」を呼び込み、新しい人の流れをつくる");
        self.row(9.0);
        let first = self.row(13.5);
        self.row(13.5);
        self.stacked(first, 3, 0, "目標");
        self.cell(first, 2, 1, 1, header(), Content::Text("項　目".into()));
        self.cell(first, 2, 2, 3, header(), Content::Text("目　標".into()));
        self.cell(first, 1, 5, 5, header(), Content::Text("数値比較".into()));
        self.years(first + 1, 5, &["基準値", "R3（実績）", "R4（実績）", "R5（実績）", "R6（実績）"]);
        let row = self.row(13.5);
        self.text(row, 1, 1, style(), "① 20～39歳の女性の人口");
        self.text(row, 2, 3, style(), "4年で43人減少を抑制し1,665人確保");
        for (at, text) in ["1,622人", "2,070人", "—", "55.4%", ""].into_iter().enumerate() {
            self.value(row, 5 + at, text);
        }
        let row = self.row(21.0);
        self.text(
            row,
            0,
            10,
            Style { padding: Length::mm(6.5), ..heading(10.0) },
            "① 農林漁業の持続的な発展及び担い手対策の推進",
        );
    }

    fn years(&mut self, row: usize, from: usize, names: &[&str]) {
        for (at, name) in names.iter().enumerate() {
            self.text(row, from + at, 1, header(), name);
        }
    }

    /// A block of a project, 12 + 13.5 + 24 + 13.5 points tall.
    pub fn project(&mut self, number: usize) {
        self.row(9.0);
        let first = self.row(13.5);
        let plain = Borders { right: false, ..Borders::ALL };
        self.text(
            first,
            0,
            2,
            Style { bold: true, fill: Some(HEAD), borders: plain, ..style() },
            &format!("{number}　水産資源増大創造支援事業"),
        );
        let right = Style {
            align: Align::Right,
            fill: Some(HEAD),
            borders: Borders { left: false, ..Borders::ALL },
            ..style()
        };
        self.text(first, 2, 1, right, "【水産振興課】");
        self.cell(first, 3, 3, 1, header(), Content::Stacked("事業量".into()));
        self.text(first, 4, 2, header(), "項　目");
        self.years(first, 6, &["R3（実績）", "R4（実績）", "R5（実績）", "R6（実績）"]);
        let purpose = self.row(24.0);
        self.text(purpose, 0, 3, style(), "(目的)操業・生産体制への実用に向けた、新たな活路を見出すための「試験的な取り組み」に対して側面的な支援を行い、将来的な水産資源の増大を図る");
        self.text(purpose, 4, 2, style(), "根室市水産資源増大創造支援補助金交付団体数及び利用者数");
        let content = self.row(13.5);
        self.text(content, 0, 3, style(), "(内容)将来的な水産資源の増大及び収益性の確保");
        self.cell(content, 1, 4, 2, style(), Content::Empty);
        for (at, text) in ["6件", "延べ49,381人", "146.00億円", "△3.2%"].into_iter().enumerate() {
            self.value(purpose, 6 + at, text);
        }
        for at in 0..4 {
            self.value(content, 6 + at, "");
        }
    }

    /// A goal of `pages` full pages, the first two rows of which repeat where `repeat`.
    pub fn goal(name: &str, pages: usize, first_page: usize, repeat: bool) -> Sheet {
        let mut builder = Self::new(name, &format!("{name}　「ひと」と「しごと」を呼び込む"));
        let body = page().body_height();
        builder.goal_head();
        let repeat = repeat.then_some(0..2);
        let repeated: Length =
            builder.sheet.rows[..if repeat.is_some() { 2 } else { 0 }].iter().map(|r| r.height).sum();
        let block = Length::pt(60.0);
        let mut number = 0;
        let mut start = 0;
        for at in 0..pages {
            let mut used: Length = builder.sheet.rows[start..].iter().map(|row| row.height).sum();
            if at > 0 {
                used += repeated;
            }
            while used + block <= body {
                number += 1;
                builder.project(number);
                used += block;
            }
            // What is left of the page is one empty row, so the page is full to the last pixel.
            let left = (body - used).emu() / Length::pt(0.75).emu();
            if left > 0 {
                builder.row(left as f64 * 0.75);
            }
            let end = builder.sheet.rows.len();
            builder.sheet.pages.push(start..end);
            start = end;
        }
        builder.sheet.repeat = repeat;
        builder.sheet.first_page = Some(first_page);
        builder.sheet.frozen_rows = 2;
        builder.sheet
    }

    /// A contents sheet that leads to the head of every other sheet.
    pub fn contents(sheets: &[Sheet]) -> Sheet {
        let mut builder = Self::new("目次", "目次");
        let row = builder.row(21.0);
        builder.text(row, 0, 10, heading(14.0), "目次");
        builder.sheet.tables.push(Table { kind: TableKind::Contents, summary: "目次".into() });
        for (at, sheet) in sheets.iter().enumerate() {
            let row = builder.row(18.0);
            builder.text(row, 0, 10, Style { borders: Borders::NONE, ..style() }, &sheet.title);
            let entry = builder.sheet.cells.last_mut().unwrap();
            entry.link = Some(Link { sheet: at + 1, row: 3 });
            entry.role = Role::ContentsEntry;
        }
        let end = builder.sheet.rows.len();
        builder.sheet.pages.push(0..end);
        builder.sheet
    }
}

pub fn document(sheets: Vec<Sheet>) -> Document {
    let rule = Rule { width: Length::pt(0.4), colour: Colour { red: 110, green: 110, blue: 110 } };
    Document { page: page(), rule, sheets, overflows: Vec::new() }
}

/// Two goals of three and two full pages, with contents.
pub fn sample() -> Document {
    let goals = vec![Builder::goal("基本目標1", 3, 1, false), Builder::goal("基本目標2", 2, 4, true)];
    let mut sheets = vec![Builder::contents(&goals)];
    sheets.extend(goals);
    document(sheets)
}

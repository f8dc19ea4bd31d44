//! Templates made by chance from the whole vocabulary, for plans made by chance that have
//! costs, targets by year and declared columns.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write;

use jisseki::finding::Severity;
use jisseki::layout::template::{Level, Template};
use jisseki::layout::{self, LayoutError, Options};
use jisseki::master;
use jisseki::plan::Plan;
use jisseki::settings::Settings;

use crate::plans::{Draft, Further, Set, fonts};

/// Numbers by chance, taken one by one; noughts, the plainest choice, once they are used up.
pub struct Dice<'a>(std::slice::Iter<'a, u32>);

impl<'r> Dice<'r> {
    pub fn new(rolls: &'r [u32]) -> Self {
        Self(rolls.iter())
    }

    /// From 0 to below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        self.0.next().copied().unwrap_or_default() as usize % sides.max(1)
    }

    /// Once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.roll(times) == times - 1
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

/// A template by chance, as a city would write it.
pub fn template(dice: &mut Dice<'_>) -> String {
    let mut text = "format = 2\n".to_owned();
    let is_portrait = dice.once_in(3);
    let room = if is_portrait {
        text.push_str("[page]\npaper = { width = 210.0, height = 297.0 }\n");
        186
    } else {
        273
    };
    let sheet = dice.one_of(&["基本目標", "計画"]);
    writeln!(text, "[sheet]\nper = \"{sheet}\"").unwrap();
    writeln!(text, "[contents]\nlevels = {}", [3, 0, 1, 6][dice.roll(4)]).unwrap();
    if dice.once_in(4) {
        text.push_str("[running_head]\ntext = \"\"\n");
    }
    let mut may_stand_again = true;
    for _ in 0..1 + dice.roll(6) {
        may_stand_again = block(dice, sheet, room, may_stand_again, &mut text);
    }
    text
}

const PER: [Level; 8] = [
    Level::Measure,
    Level::Goal,
    Level::Field,
    Level::Project,
    Level::Kpi,
    Level::GoalIndicator,
    Level::ProjectIndicator,
    Level::Cost,
];

/// Whether another may stand behind it that stands again on every page.
fn block(dice: &mut Dice<'_>, sheet: &str, room: usize, may_stand_again: bool, text: &mut String) -> bool {
    let per = if sheet == "計画" && dice.once_in(6) { Level::Plan } else { PER[dice.roll(PER.len())] };
    writeln!(text, "\n[[block]]\nper = \"{}\"", per.word()).unwrap();
    let natural = match per {
        Level::Goal => 1,
        Level::Field => 2,
        Level::Measure => 3,
        Level::Project => 4,
        _ => 0,
    };
    let is_beside = dice.once_in(5);
    let has_heading = natural > 0 && !is_beside && dice.roll(3) > 0;
    if has_heading {
        writeln!(text, "heading = {natural}").unwrap();
    }
    let page = dice.roll(10);
    // What stands again on every page is of the sheet, and stands first.
    let repeats = per.word() == sheet && may_stand_again && page >= 6;
    if page == 9 && !repeats {
        text.push_str("page = \"new\"\n");
    }
    if repeats {
        text.push_str("page = \"repeat\"\n");
    }
    if dice.once_in(2) {
        writeln!(text, "gap = {}.5", dice.roll(9)).unwrap();
    }
    if dice.once_in(3) {
        writeln!(text, "below = {}", dice.roll(6)).unwrap();
    }
    if per == Level::Project && dice.once_in(3) {
        text.push_str("reprints = true\n");
    }
    text.push_str("summary = \"{計画名}の表\"\n");
    let may_repeat = !repeats && !has_heading;
    if is_beside {
        let left = room / [2, 3][dice.roll(2)];
        let each = dice.roll(3);
        text.push_str("[[block.beside]]\n");
        part(dice, per, left, may_repeat && each == 1, text);
        text.push_str("[[block.beside]]\n");
        part(dice, per, room - left, may_repeat && each == 2, text);
    } else {
        let each = dice.roll(4) > 0;
        part(dice, per, room, may_repeat && each, text);
    }
    repeats
}

/// What a column of the picture is.
#[derive(Clone, Copy, PartialEq)]
enum Is {
    Label,
    Text,
    Figure,
    Year(usize),
}

fn part(dice: &mut Dice<'_>, per: Level, room: usize, may_repeat: bool, text: &mut String) {
    let below: Vec<Level> = PER.into_iter().filter(|level| *level != per && level.is_within(per)).collect();
    let each = (may_repeat && !below.is_empty()).then(|| below[dice.roll(below.len())]);
    if let Some(each) = each {
        writeln!(text, "each = \"{}\"", each.word()).unwrap();
        if dice.once_in(4) {
            writeln!(text, "least = {}", dice.roll(5)).unwrap();
        }
        if dice.once_in(3) {
            text.push_str("empty = \"ありません。\"\n");
        }
    }
    let heads = if each.is_some() { [1, 2, 1, 0][dice.roll(4)] } else { [0, 0, 0, 1][dice.roll(4)] };
    let has_label = heads > 0 && dice.once_in(3);
    let years = if room > 120 { [0, 1, 2][dice.roll(3)] } else { 0 };
    let figures = dice.roll(3);
    let texts = 1 + dice.roll(if room > 120 { 4 } else { 2 });
    let mut columns = Vec::new();
    let mut list = Vec::new();
    let mut left = room;
    if has_label {
        columns.push(Is::Label);
        list.push("{ fixed = 7 }".to_owned());
        left -= 7;
    }
    let last = dice.roll(4);
    let shown_years = if last > 0 { last.min(4) } else { 4 };
    let years = if (years * shown_years + figures) * 13 < room * 2 / 3 { years } else { 0 };
    left -= (years * shown_years + figures) * 13;
    for at in 0..texts {
        let width = if at + 1 == texts { left - left / texts * (texts - 1) } else { left / texts };
        columns.push(Is::Text);
        list.push(if at > 0 && dice.once_in(5) {
            format!("{{ fixed = {width} }}")
        } else {
            width.to_string()
        });
    }
    for _ in 0..figures {
        columns.push(Is::Figure);
        list.push("{ figure = 13 }".to_owned());
    }
    if years > 0 {
        columns.extend((0..years).map(Is::Year));
        let widths = if years == 1 { "13".to_owned() } else { "[13, 13]".to_owned() };
        let last = if last > 0 { format!(", last = {last}") } else { String::new() };
        list.push(format!("{{ years = {widths}{last} }}"));
    }
    writeln!(text, "columns = [{}]", list.join(", ")).unwrap();
    let own = each.unwrap_or(per);
    if heads > 0 {
        let rows = rows(dice, &columns, per, heads, true, has_label, false);
        writeln!(text, "head = [\n{rows}]").unwrap();
    }
    let count = 1 + dice.roll(3);
    let rows = rows(dice, &columns, own, count, false, has_label, each.is_some());
    writeln!(text, "rows = [\n{rows}]").unwrap();
}

/// Rows of cells, some of them joined to rectangles.
fn rows(
    dice: &mut Dice<'_>,
    columns: &[Is],
    own: Level,
    count: usize,
    is_head: bool,
    has_label: bool,
    is_each: bool,
) -> String {
    let mut cells: Vec<Vec<Option<&str>>> = vec![vec![None; columns.len()]; count];
    // Which cell is one over all rows, so that records can share it.
    let mut is_whole = vec![count == 1; columns.len()];
    if has_label {
        for (row, cells) in cells.iter_mut().enumerate() {
            cells[0] = if is_head && row == 0 {
                Some("{ text = \"目標\", style = \"label\" }")
            } else {
                Some("^")
            };
        }
    }
    for _ in 0..dice.roll(4) {
        let (row, column) = (dice.roll(count), dice.roll(columns.len()));
        let (bottom, right) = (row + dice.roll(count - row), column + dice.roll(columns.len() - column));
        let is_free = (row..=bottom).all(|at| cells[at][column..=right].iter().all(Option::is_none));
        // The second figure of a year belongs to its year alone.
        let is_odd =
            matches!(columns[right], Is::Year(0)) && matches!(columns.get(right + 1), Some(Is::Year(1)));
        if !is_free || (is_odd && right > column) {
            continue;
        }
        for (at, cells) in cells.iter_mut().enumerate().take(bottom + 1).skip(row) {
            for (own, cell) in cells.iter_mut().enumerate().take(right + 1).skip(column) {
                *cell = match (at - row, own - column) {
                    (0, 0) => continue,
                    (_, 0) => Some("^"),
                    _ => Some("<"),
                };
            }
        }
        // Taken, though not yet written.
        cells[row][column] = Some("");
        is_whole[column] = (row, bottom) == (0, count - 1);
    }
    let mut text = String::new();
    for (row, of_row) in cells.iter().enumerate() {
        text.push_str("  [");
        let mut over_years = false;
        for (at, cell) in of_row.iter().enumerate() {
            let is_years_second = columns[at] == Is::Year(1);
            let written = match cell {
                Some(joined) if !joined.is_empty() => (*joined).to_owned(),
                _ if over_years && is_years_second && !dice.once_in(8) => "<".to_owned(),
                _ => {
                    let ends_row = row + 1 == count || cells[row + 1][at] != Some("^");
                    let may_span = is_head && columns[at] == Is::Year(0) && ends_row;
                    over_years =
                        may_span && dice.once_in(4) && of_row.get(at + 1).is_none_or(Option::is_none);
                    let may_join = is_each && row == 0 && (is_whole[at] || dice.once_in(8));
                    own_cell(dice, columns[at], own, is_head, over_years, may_join)
                }
            };
            let written = if written.starts_with('{') { written } else { format!("\"{written}\"") };
            write!(text, "{written}, ").unwrap();
        }
        text.push_str("],\n");
    }
    text
}

fn own_cell(
    dice: &mut Dice<'_>,
    is: Is,
    own: Level,
    is_head: bool,
    over_years: bool,
    may_join: bool,
) -> String {
    let in_years = matches!(is, Is::Year(_)) && !over_years;
    let words = if is_head {
        match in_years {
            true => dice.one_of(&["{年度}（実績）", "{年度:元号}", "実績"]),
            false => dice.one_of(&["項　目", "目　標", "区分（千円）", "", "{計画名}"]),
        }
    } else {
        mark(dice, is, own, in_years)
    };
    let mut keys = format!("text = \"{words}\"");
    if over_years {
        keys.push_str(", span = \"years\"");
    }
    if !is_head && is == Is::Text && dice.once_in(3) {
        keys.push_str(", th = true");
    }
    if dice.once_in(6) {
        write!(keys, ", height = {}", dice.roll(20)).unwrap();
    }
    if is == Is::Text && dice.once_in(6) {
        let style = dice.one_of(&["text", "purpose", "note", "department", "field", "purpose_label"]);
        write!(keys, ", style = \"{style}\"").unwrap();
    }
    let above: Vec<Level> =
        Level::ALL.into_iter().filter(|level| *level != own && own.is_within(*level)).collect();
    if may_join && is == Is::Text && !above.is_empty() && dice.once_in(3) {
        write!(keys, ", join = \"{}\"", above[dice.roll(above.len())].word()).unwrap();
    }
    format!("{{ {keys} }}")
}

/// A text with marks that records of a level have.
fn mark(dice: &mut Dice<'_>, is: Is, own: Level, in_years: bool) -> &'static str {
    const OF_PLAN: [&str; 4] = ["{計画名}", "{題名}", "{資料番号}", "{今年度:元号}の実績"];
    let is_within = |level: Level| own.is_within(level);
    let mut texts: Vec<&str> = Vec::new();
    if in_years {
        match own {
            Level::Kpi | Level::GoalIndicator | Level::ProjectIndicator => {
                texts.extend(["{実績}", "{目標値}", "{実績}", "（{実績}）"]);
            }
            Level::Cost => texts.extend(["{決算}", "{予算}"]),
            Level::Project => texts.extend(["{事業費「計」.決算}", "{事業費「一般財源」.予算}"]),
            _ => texts.extend(["", "{年度}"]),
        }
    } else if is == Is::Figure {
        match own {
            Level::Kpi => texts.extend(["{基準値}", "{実績.今年度}", "{目標値.R4}", "{指数}"]),
            Level::GoalIndicator => texts.extend(["{基準値}", "{実績.前年度}"]),
            Level::ProjectIndicator => texts.extend(["{実績.今年度}", "{指数}", "{実績.翌年度}"]),
            Level::Cost => texts.extend(["{決算.今年度}", "{予算.R3}"]),
            Level::Project => texts.extend(["{事業費「計」.決算.今年度}", "{事業費「国庫支出金」.予算.R3}"]),
            _ => texts.extend(["", "—"]),
        }
    } else {
        match own {
            Level::Plan => texts.extend(OF_PLAN),
            Level::Goal => texts.extend(["{番号　}{名称}", "{名称}", "{ID}", "{題名}"]),
            Level::Field => texts.extend(["{（番号）}{名称}", "{基本目標.名称}"]),
            Level::Measure => texts.extend(["{番号 }{名称}", "{評価:選択}", "{評価}"]),
            Level::Kpi | Level::GoalIndicator => {
                texts.extend(["{番号 }{名称}{／目標}", "{目標}", "{担当課}"])
            }
            Level::Project => texts.extend([
                "{番号　}{名称}{区分}",
                "{目的}",
                "{内容}",
                "{【担当課】}",
                "{評価}",
                "{コメント}",
            ]),
            Level::ProjectIndicator => texts.extend(["{名称}", "{事業.名称}", "{事業.コメント}"]),
            Level::Cost => texts.extend(["{名称}", "{事業.名称}"]),
        }
        if is_within(Level::Measure) {
            texts.push("{施策.名称}");
        }
        if is_within(Level::Goal) {
            texts.push("{基本目標.番号:全角}");
        }
        texts.extend(["区分", ""]);
    }
    texts[dice.roll(texts.len())]
}

const FIELDS: &str = r#"
[[fields]]
name = "評価"
rows = ["施策", "KPI", "事業"]
type = "選択"
choices = ["Ａ", "Ｂ", "Ｃ"]
[[fields]]
name = "コメント"
rows = ["KPI", "事業"]
[[fields]]
name = "指数"
rows = ["KPI", "事業量"]
type = "数"
"#;

/// A plan with costs, targets by year and declared columns, and its settings.
pub fn plan(draft: &Draft, dice: &mut Dice<'_>) -> (Plan, Settings) {
    // Columns and rows of its own, in place of those that a draft may have.
    let draft = &Draft { further: Further::default(), ..draft.clone() };
    let settings = format!("{}{FIELDS}", draft.settings_text());
    let settings = Settings::read(settings.as_bytes(), "plan.toml").unwrap();
    let text = master(draft, dice);
    let (master, findings) = master::read(text.as_bytes(), "master.csv", &settings);
    let errors: Vec<String> =
        findings.iter().filter(|f| f.severity() == Severity::Error).map(|f| f.message()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{text}");
    (master.unwrap().plan, settings)
}

fn master(draft: &Draft, dice: &mut Dice<'_>) -> String {
    let plain = draft.master();
    let mut bytes = Vec::new();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(plain.as_bytes());
    for (at, record) in reader.records().enumerate() {
        let record: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        let kind = record[0].as_str();
        let mut declared = ["", "", ""].map(str::to_owned);
        if at == 0 {
            declared = ["評価", "コメント", "指数"].map(str::to_owned);
        }
        if matches!(kind, "施策" | "KPI" | "事業") {
            declared[0] = dice.one_of(&["Ａ", "", "Ｂ", "Ｃ"]).to_owned();
        }
        if matches!(kind, "KPI" | "事業") {
            declared[1] = dice
                .one_of(&["", "計画どおり進んでいる", "人手が足りず、次年度へ持ち越した取組がある。"])
                .to_owned();
        }
        if matches!(kind, "KPI" | "事業量") {
            declared[2] = dice.one_of(&["", "1.25", "103"]).to_owned();
        }
        writer.write_record(record.iter().chain(&declared)).unwrap();
        let mut row = |kind: &str, id: &str, name: &str, figure: &str| {
            let mut cells = [kind, id, "", name, "", "", "", "", "", "", ""].map(str::to_owned).to_vec();
            cells.extend((0..draft.years).map(|_| figure.to_owned()));
            cells.extend(["", "", "", ""].map(str::to_owned));
            writer.write_record(&cells).unwrap();
        };
        let id = record[1].as_str();
        match kind {
            "KPI" | "数値目標" | "事業量" if dice.once_in(3) => {
                row("目標値", &format!("{id}-M"), "", "1,500人")
            }
            "事業" => {
                let costs = dice.roll(3);
                for (at, name) in ["国庫支出金", "一般財源"].iter().enumerate().take(costs) {
                    let own = format!("{id}-C{at}");
                    row("事業費", &own, name, dice.one_of(&["1,200千円", "", "—", "75千円"]));
                    if dice.once_in(2) {
                        row("予算", &format!("{own}-B"), "", "2,000千円");
                    }
                }
            }
            _ => {}
        }
    }
    drop(writer);
    String::from_utf8(bytes).unwrap()
}

/// A plan set by a template; `None` for a template that the reader refuses.
pub fn set(draft: &Draft, rolls: &[u32]) -> Option<(String, Result<Set, LayoutError>)> {
    let mut dice = Dice::new(rolls);
    let text = template(&mut dice);
    let (plan, settings) = plan(draft, &mut dice);
    let template = match Template::read(text.as_bytes(), "様式.toml") {
        Ok(template) => template,
        Err(faults) => {
            let faults: Vec<String> = faults.iter().map(|fault| fault.message()).collect();
            if std::env::var_os("SHOW_REFUSED").is_some() {
                println!("{text}\n{faults:#?}");
            }
            return None;
        }
    };
    let undeclared = template.undeclared(&settings.fields);
    assert!(undeclared.is_empty(), "{text}\n{undeclared:?}");
    let document = layout::set(&plan, &settings, &template, fonts(), &Options::default());
    Some((text, document.map(|document| Set { plan, settings, template, document })))
}

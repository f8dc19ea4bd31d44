//! The layout of any plan: properties of the grid, what is read aloud of it, and a small
//! grid to look at.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod numbers;
mod pictures;
mod plans;
mod properties;
mod reading;
mod said;

use std::fmt::Write;
use std::sync::LazyLock;

use jisseki::layout::LayoutError;
use jisseki::layout::grid::{Content, Document, Role};
use plans::{
    Draft, IndicatorDraft, MeasureDraft, ProjectDraft, Set, blocks, blocks_without, blocks_without_baseline,
    draft, set,
};
use proptest::prelude::*;

/// The official template, and what cities may change in it.
static TEMPLATES: LazyLock<[String; 10]> = LazyLock::new(|| {
    let wording = [
        "  [{ text = \"（目的）\", style = \"purpose_label\" }, { text = \"{目的}\", style = \"purpose\" }, \"<\"],\n",
        "  [{ text = \"（内容）\", style = \"purpose_label\" }, { text = \"{内容}\", style = \"purpose\" }, \"<\"],\n",
    ];
    let wide = "[page]\npaper = { width = 420, height = 297 }\nmargin = { left = 20, right = 25, top = 15, bottom = 20 }";
    let small = "[style.purpose]\nsize = 8.5\n[style.value]\nsize = 7\n";
    [
        String::new(),
        "[contents]\nlevels = 0".to_owned(),
        blocks_without_baseline(),
        blocks(&wording.map(|row| (row, ""))),
        format!(
            "[running_head]\ntext = \"\"\n{}",
            blocks(&[("reprints = true                  # 再掲も印刷します\n", "")])
        ),
        blocks_without(&["# 数値目標", "# KPI"]),
        blocks_without(&["# 事業"]),
        blocks(&[("least = 2", "least = 4"), ("82, { fit = 37 }]", "99, { fit = 20 }]")]),
        wide.to_owned(),
        format!("{small}{}", blocks(&[("gap = 3.2\nbelow = 1.2", "gap = 9.0\nbelow = 5.0")])),
    ]
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_properties_hold_for_any_plan(draft in draft(), template in 0..TEMPLATES.len()) {
        match set(&draft, &TEMPLATES[template]) {
            Ok(set) => {
                properties::hold(&set);
                reading::properties(&set);
            }
            // Ten years beside a word that cannot be broken leave no room for the rest,
            // or so little that a long 目的 beside a long 内容 is taller than a page.
            Err(LayoutError::TooNarrow(narrow)) => {
                prop_assert!(draft.years == 10 && narrow.needed_mm > narrow.room_mm, "{}", narrow);
            }
            Err(error) => prop_assert!(draft.years == 10, "{}", error),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever numbers a template has, no figure vanishes: the properties hold, or it is refused.
    #[test]
    fn the_properties_hold_for_any_numbers(template in numbers::template(), years in 1usize..6) {
        if numbers::is_usable(&template) && let Ok(set) = set(&small(years), &template) {
            properties::hold(&set);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a city draws of whatever plan, or it is refused.
    #[test]
    fn the_properties_hold_for_any_picture(draft in draft(), rolls in prop::collection::vec(any::<u32>(), 20..400)) {
        if let Some((text, Ok(set))) = pictures::set(&draft, &rolls) {
            let held = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| properties::hold_for_any_template(&set)));
            prop_assert!(held.is_ok(), "{}", text);
        }
    }
}

/// Pictures made by chance test little where they are refused.
#[test]
fn most_pictures_made_by_chance_are_drawn() {
    let (mut drawn, mut refused, mut too_large) = (0, 0, 0);
    for seed in 0..80u32 {
        let rolls: Vec<u32> =
            (0..300u32).map(|at| (seed * 7919 + at).wrapping_mul(2_654_435_761) >> 7).collect();
        match pictures::set(&small(4), &rolls) {
            None => refused += 1,
            Some((_, Err(_))) => too_large += 1,
            Some(_) => drawn += 1,
        }
    }
    assert!(drawn >= 60, "{drawn} drawn, {refused} refused, {too_large} that no page holds");
}

/// A page of contents that has no room for its first entry is refused.
#[test]
fn a_heading_of_contents_is_never_alone() {
    let changes = "[page]\npaper = { height = 114.21 }\n[style.contents_page]\nsize = 69.69\n";
    assert!(matches!(set(&small(5), changes), Err(LayoutError::NameTooTall { .. })));
}

/// A 事業 with one 事業量 or none has room for its 目的 and its 内容 all the same.
#[test]
fn a_block_of_few_rows_has_room_for_its_words() {
    properties::hold(&set(&small(4), &blocks(&[("least = 2", "least = 1")])).unwrap());
}

/// One of everything.
fn small(years: usize) -> Draft {
    let project = ProjectDraft::new("資源の増大と安定した漁業経営を図る", 2);
    let mut one = measure("農林漁業の持続的な発展", 2, vec![project, ProjectDraft::new("", 0)]);
    one.reprint = Some("別の目的".to_owned());
    let mut draft = Draft::of(vec![one.clone(), MeasureDraft { projects: vec![], ..one }]);
    draft.years = years;
    draft.number = "資料１".to_owned();
    draft.goals[0].indicators = vec![IndicatorDraft::new("生産年齢人口割合")];
    draft
}

fn measure(name: &str, kpis: usize, projects: Vec<ProjectDraft>) -> MeasureDraft {
    let indicators = vec![IndicatorDraft::new("新規就業者数"); kpis];
    MeasureDraft { name: name.to_owned(), indicators, projects, reprint: None }
}

/// Every height of a 目的 from a line to more than a page, under headings of one line
/// and of many, first on its page and after others: it fits on its page or is refused.
#[test]
fn a_tall_wording_fits_a_page_or_is_refused() {
    let mut refused = [0; 2];
    for (at, heading) in ["担い手対策".to_owned(), "担い手対策".repeat(80)].iter().enumerate() {
        for lines in (1..64).chain([400]) {
            let tall = "漁業".repeat(lines * 21);
            let before = measure("前の施策", 3, vec![ProjectDraft::new("短い", 2)]);
            let tall =
                vec![ProjectDraft::new("短い", 2), ProjectDraft::new(&tall, 2), ProjectDraft::new(&tall, 17)];
            for projects in [tall.clone(), tall[1..].to_vec()] {
                let draft = Draft::of(vec![before.clone(), measure(heading, 0, projects)]);
                match set(&draft, "") {
                    Ok(set) => properties::hold(&set),
                    Err(LayoutError::TooTall { id, .. }) => {
                        assert!(lines > 25, "{id} has only {lines} lines");
                        refused[at] += 1;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }
    assert!(refused.iter().all(|count| *count > 10), "{refused:?}");
}

/// What no page can hold is refused by name, never printed over the page's edge.
#[test]
fn a_name_taller_than_a_page_is_refused() {
    let long = "漁業".repeat(4000);
    let refused = |draft: &Draft| set(draft, "").err().unwrap().to_string();
    let plain = || Draft::of(vec![measure("施策", 2, vec![])]);
    let mut kpi = plain();
    kpi.goals[0].fields[0].measures[0].indicators[1].name = long.clone();
    assert_eq!(refused(&kpi), "「G1-A-1-T2」の文章が長すぎて、1ページに入りません");
    let mut indicator = plain();
    indicator.goals[0].indicators = vec![IndicatorDraft::new(&long)];
    assert_eq!(refused(&indicator), "「G1-T1」の文章が長すぎて、1ページに入りません");
    let mut names = [plain(), plain(), plain()];
    names[0].goals[0].name = long.clone();
    names[1].goals[0].fields[0].name = long.clone();
    names[2].goals[0].fields[0].measures[0].name = long;
    for (draft, id) in names.iter().zip(["G1", "G1-A", "G1-A-1"]) {
        assert_eq!(refused(draft), format!("「{id}」の文章が長すぎて、1ページに入りません"));
    }
}

/// What a reader hears of a document of the official template, held against its plan.
fn what_is_read_is_the_plan(set: &Set) {
    let groups = ["Document", "Sect", "Table", "TR", "TOC", "TOCI", "Reference"];
    let said = reading::said(&set.document).into_iter().filter(|(_, kind, _)| !groups.contains(kind));
    let said: Vec<(String, String)> = said.map(|(_, kind, text)| (kind.to_owned(), text)).collect();
    assert_eq!(said, said::expected(set));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_of_any_plan_is_the_plan(draft in draft(), baseline: bool) {
        let less = || format!("[contents]\nlevels = 0\n{}", blocks_without_baseline());
        let template = if baseline { String::new() } else { less() };
        if let Ok(set) = set(&draft, &template) {
            what_is_read_is_the_plan(&set);
        }
    }
}

/// The real plan, as it is handed to the council.
#[test]
fn the_properties_hold_for_the_real_plan() {
    let set = plans::real();
    properties::hold(&set);
    reading::properties(&set);
    what_is_read_is_the_plan(&set);
}

/// No text of the real plan ends on a line of one or two letters, but where three do not fit.
#[test]
fn last_lines_of_the_real_plan_are_no_single_letters() {
    let set = plans::real();
    let cells = set.document.sheets.iter().flat_map(|sheet| &sheet.cells);
    let broken = cells.filter(|cell| cell.lines.len() > 1 && matches!(cell.content, Content::Text(_)));
    let (mut count, mut short) = (0, Vec::new());
    for cell in broken {
        count += 1;
        let lines: Vec<&str> = cell.lines.iter().map(|line| line.text.trim()).collect();
        if lines.last().is_some_and(|line| line.chars().count() < 3) {
            short.push(lines.join("/"));
        }
    }
    assert!(count > 50, "{count}");
    assert_eq!(short, [""; 0]);
}

/// Headings with nothing under them, more than a page of them.
#[test]
fn many_empty_headings_are_set_on_several_pages() {
    let mut draft = Draft::of((0..90).map(|_| measure("空の施策", 0, vec![])).collect());
    properties::hold(&set(&draft, "").unwrap());
    let empty = draft.goals[0].fields[0].clone();
    draft.goals[0].fields = vec![plans::FieldDraft { measures: vec![], ..empty }; 90];
    properties::hold(&set(&draft, "").unwrap());
    draft.goals = vec![plans::GoalDraft { fields: vec![], ..draft.goals[0].clone() }; 90];
    properties::hold(&set(&draft, "").unwrap());
}

/// A KPI table of 60 rows, begun at every height of the page, under running heads.
#[test]
fn a_long_kpi_table_is_continued_with_its_heads() {
    for kpis in (1..62).step_by(3) {
        for before in 0..4 {
            let fill = measure("前の施策", 2, vec![ProjectDraft::new("短い", 3); before]);
            let set =
                set(&Draft::of(vec![fill, measure("施策", kpis, vec![ProjectDraft::new("短い", 1)])]), "");
            properties::hold(&set.unwrap());
        }
    }
}

/// A 施策 whose projects fill several pages names itself at the head of each.
#[test]
fn a_page_that_goes_on_says_what_goes_on() {
    let set = set(&Draft::of(vec![measure("担い手", 1, vec![ProjectDraft::new("短い", 3); 9])]), "").unwrap();
    let goal = set.document.sheets.last().unwrap();
    let heads: Vec<&str> = goal
        .pages
        .iter()
        .skip(1)
        .map(|rows| goal.cells.iter().find(|cell| cell.row == rows.start).unwrap().text())
        .collect();
    assert_eq!(heads, ["（ア）経済・雇用対策の推進　① 担い手（続き）"]);
}

/// Also a table that is split keeps its distance from the running head.
#[test]
fn a_table_that_goes_on_stands_below_its_running_head() {
    let set = set(&Draft::of(vec![measure("施策", 80, vec![])]), "").unwrap();
    let goal = set.document.sheets.last().unwrap();
    assert!(goal.pages.len() > 1);
    for page in &goal.pages[1..] {
        let begins = |row: usize| goal.cells.iter().find(|cell| cell.row == row).map(|cell| cell.text());
        assert_eq!(begins(page.start), Some("（ア）経済・雇用対策の推進　① 施策（続き）"));
        assert_eq!(begins(page.start + 1), None);
        assert_eq!(begins(page.start + 2), Some("KPI"));
    }
}

/// Ten years of figures like Nemuro's fit on A4; thirty say what is missing.
#[test]
fn ten_years_fit_and_thirty_say_why_not() {
    let mut draft = Draft::of(vec![measure("施策", 4, vec![ProjectDraft::new("目的", 3)])]);
    draft.years = 10;
    properties::hold(&set(&draft, "").unwrap());
    let tall = ProjectDraft::new(&"漁業".repeat(300), 15);
    draft.goals[0].fields[0].measures[0].projects.push(tall);
    properties::hold(&set(&draft, "").unwrap());
    draft.years = 30;
    let error = set(&draft, "").err().unwrap();
    assert_eq!(error.to_string(), "30年度分の列が紙面に入りません（必要 423 mm、紙面 273 mm）");
}

/// The grid as text, for the eye: one line for each row, cells with their place.
fn shadow(document: &Document) -> String {
    let mut shadow = String::new();
    for sheet in &document.sheets {
        writeln!(shadow, "# {}: {} columns", sheet.name, sheet.columns.len()).unwrap();
        for (row, height) in sheet.rows.iter().enumerate() {
            if let Some(page) = sheet.pages.iter().position(|page| page.start == row) {
                writeln!(shadow, "-- page {}", sheet.first_page.unwrap_or(1) + page).unwrap();
            }
            write!(shadow, "{:>6} |", height.height.to_pt()).unwrap();
            for cell in sheet.cells.iter().filter(|cell| cell.row == row) {
                let (from, to) = (sheet.column_offset(cell.column), sheet.width_of(cell));
                let down = if cell.row_span > 1 { format!("×{}", cell.row_span) } else { String::new() };
                let mark = match cell.role {
                    Role::Artifact => "·".to_owned(),
                    Role::Heading(level) => format!("H{level} "),
                    role => format!("{} ", &format!("{role:?}")[..1]),
                };
                let lines: Vec<&str> = cell.lines.iter().map(|line| line.text.as_str()).collect();
                let leader = lines.first().is_some_and(|line| line.starts_with('…'));
                let text = if leader { "…".to_owned() } else { lines.join("/") };
                let text = if cell.content == Content::Empty { String::new() } else { text };
                write!(shadow, " [{:.0}+{:.0}{down} {mark}{text}]", from.to_mm(), to.to_mm()).unwrap();
            }
            shadow.push('\n');
        }
    }
    shadow
}

/// The whole of a tiny plan, so that a change of the layout is seen in review.
#[test]
fn the_grid_of_a_tiny_plan() {
    let project = ProjectDraft {
        is_new: true, ..ProjectDraft::new("資源の増大と安定した漁業経営を図る", 2)
    };
    let mut one = measure("農林漁業の持続的な発展", 1, vec![project, ProjectDraft::new("", 0)]);
    one.reprint = Some("別の目的".to_owned());
    let mut draft = Draft::of(vec![one.clone(), MeasureDraft { projects: vec![], ..one }]);
    draft.number = "資料１".to_owned();
    draft.goals[0].indicators = vec![IndicatorDraft::new("生産年齢人口割合")];
    insta::assert_snapshot!(shadow(&set(&draft, "").unwrap().document));
}

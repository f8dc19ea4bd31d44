//! Plans that are not Nemuro's: generated, and read through the whole master reader.
//!
//! A [`Draft`] is shrinkable and readable when a property fails; its CSV text goes
//! through [`jisseki::master::read`] like any city's file.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::sync::LazyLock;

use jisseki::layout::font::{FontFiles, Fonts};
use jisseki::layout::grid::Document;
use jisseki::layout::template::{Level, Name, Template};
use jisseki::layout::{self, LayoutError, Options};
use jisseki::master;
use jisseki::plan::Plan;
use jisseki::settings::Settings;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A plan as an office would type it.
#[derive(Clone)]
pub struct Draft {
    pub years: usize,
    pub title: String,
    pub number: String,
    pub goals: Vec<GoalDraft>,
    pub further: Further,
}

/// What a plan may hold beyond the eight kinds of rows and their columns, taken in turn by
/// its projects, its indicators and its rows.
#[derive(Debug, Clone, Default)]
pub struct Further {
    /// Of each project, its 事業費: whether each has a 予算 too.
    pub costs: Vec<Vec<bool>>,
    /// Of each indicator, whether it has a 目標値.
    pub targets: Vec<bool>,
    /// What stands in the declared columns; none are declared where there is none.
    pub comments: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct GoalDraft {
    pub name: String,
    pub indicators: Vec<IndicatorDraft>,
    pub fields: Vec<FieldDraft>,
}

#[derive(Debug, Clone)]
pub struct FieldDraft {
    pub name: String,
    pub measures: Vec<MeasureDraft>,
}

#[derive(Debug, Clone)]
pub struct MeasureDraft {
    pub name: String,
    pub indicators: Vec<IndicatorDraft>,
    pub projects: Vec<ProjectDraft>,
    /// Shows the first project of the plan again, with its own wording or without.
    pub reprint: Option<String>,
}

#[derive(Debug, Clone)]
pub struct ProjectDraft {
    pub number: &'static str,
    pub name: String,
    pub department: &'static str,
    pub is_new: bool,
    pub purpose: String,
    pub content: String,
    pub indicators: Vec<IndicatorDraft>,
}

#[derive(Debug, Clone)]
pub struct IndicatorDraft {
    pub name: String,
    pub target: &'static str,
    pub figures: Vec<&'static str>,
}

const TYPICAL: [&str; 10] = [
    "水産資源増大創造支援事業",
    "新規農林業就業者数",
    "農林漁業の持続的な発展及び担い手対策の推進と若年就業者の定着化促進",
    "ふるさと応援・寄附受納額（企業版を含む）",
    "サーモン養殖（サクラマス・ベニザケ）の種苗生産数",
    "20～39歳の女性の人口",
    "商品「根室」のＰＲ、販売先の拡大、新商品の開発、第3回セミナーの開催",
    "4年間で延べ1,500人が参加し、2,800人の交流人口を生む取組み",
    "介護初任者研修受講者数",
    "移住・定住の促進",
];

const NASTY: [&str; 17] = [
    "髙橋﨑山～〜①⑳㉑㊿㎡㎞％",
    "=SUM(A1:A9)",
    "+15人の増加",
    "-5ポイント",
    "@根室",
    "<事業> & \"引用\" 'x'",
    "第一\n第二のきわめて長い行、そして\n\n終わり",
    "さけ🐟鮭",
    "𩸽と𠮷野の漁",
    "supercalifragilisticexpialidocious-hypermodernisation",
    "https://www.city.nemuro.hokkaido.jp/lg/subject/0001.html",
    "ーーーーーーーーーーーーーーーーーーーーーーーー",
    "。。。。、、、、」」」」",
    "（（（（（（「「「「",
    "１２３４５６７８９０１２３４５６７８９０人",
    "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴ",
    "  前後に空白　",
];

const FRAGMENTS: [&str; 16] = [
    "水産資源の増大を図り、",
    "支援（助成）を行う。",
    "「稼げる」仕組み",
    "0.3ポイント向上",
    "年間2,800人とし、",
    "髙",
    "﨑",
    "～〜",
    "①㊿",
    "100㎡",
    "ー",
    "サーモン",
    "ＩＣＴ",
    "Society 5.0",
    "・",
    "延べ49,381人・日",
];

const FIGURES: [&str; 14] = [
    "",
    "",
    "—",
    "-",
    "調査中",
    "2,070人",
    "55.4%",
    "延べ49,381人",
    "174人/日",
    "146.00億円",
    "5,457千尾",
    "326.6",
    "△3.2%",
    "１２３ 人",
];

const TARGETS: [&str; 7] = [
    "",
    "4年で54.1%とし0.3ポイント向上",
    "4年で延べ1,500人増加",
    "4年で43人減少を抑制し1,665人確保",
    "1.67（現状値）以上の水準維持",
    "4年で年間2,800人とし87人増加",
    "年間延べ60,000人",
];

const DEPARTMENTS: [&str; 6] = [
    "水産振興課",
    "農業委員会・農林課",
    "民間等",
    "水産加工振興センター",
    "",
    "教育委員会生涯学習部社会教育課文化財係",
];

/// The names of 事業費, none of them a total: parts are made by chance.
const COSTS: [&str; 4] = ["国庫支出金", "道支出金", "その他", "一般財源"];

const MONEY: [&str; 6] = ["1,200千円", "—", "", "調査中", "0.5億円", "12千円"];

const RATINGS: [&str; 4] = ["", "Ａ 順調", "Ｂ", "－"];

/// A text of exactly `length` characters.
pub fn long(length: usize) -> impl Strategy<Value = String> {
    vec(select(FRAGMENTS.to_vec()), 1..8).prop_map(move |parts| {
        let endless = parts.iter().cycle().flat_map(|part| part.chars());
        endless.take(length).collect()
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(TYPICAL.to_vec()).prop_map(str::to_owned),
        3 => select(NASTY.to_vec()).prop_map(str::to_owned),
        1 => long(120),
    ]
}

fn wording() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => name(),
        2 => (20..120_usize).prop_flat_map(long),
        1 => long(600),
        1 => Just(String::new()),
    ]
}

fn indicator() -> impl Strategy<Value = IndicatorDraft> {
    (name(), select(TARGETS.to_vec()), vec(select(FIGURES.to_vec()), 11))
        .prop_map(|(name, target, figures)| IndicatorDraft { name, target, figures })
}

fn project() -> impl Strategy<Value = ProjectDraft> {
    let count = prop_oneof![1 => Just(0), 6 => 1..4_usize, 1 => Just(15)];
    (
        select(vec!["1", "37/38", "40～41", "-", "86"]),
        name(),
        select(DEPARTMENTS.to_vec()),
        any::<bool>(),
        wording(),
        wording(),
        count.prop_flat_map(|count| vec(indicator(), count)),
    )
        .prop_map(|(number, name, department, is_new, purpose, content, indicators)| ProjectDraft {
            number,
            name,
            department,
            is_new,
            purpose,
            content,
            indicators,
        })
}

fn measure() -> impl Strategy<Value = MeasureDraft> {
    let count = prop_oneof![1 => Just(0), 8 => 1..5_usize, 1 => Just(60)];
    let reprint = prop_oneof![3 => Just(None), 1 => wording().prop_map(Some)];
    (name(), count.prop_flat_map(|count| vec(indicator(), count)), vec(project(), 0..4), reprint).prop_map(
        |(name, indicators, projects, reprint)| MeasureDraft { name, indicators, projects, reprint },
    )
}

fn goal() -> impl Strategy<Value = GoalDraft> {
    let field = (name(), vec(measure(), 0..3)).prop_map(|(name, measures)| FieldDraft { name, measures });
    (name(), vec(indicator(), 0..4), vec(field, 0..3)).prop_map(|(name, indicators, fields)| GoalDraft {
        name,
        indicators,
        fields,
    })
}

fn further() -> impl Strategy<Value = Further> {
    let costs = vec(vec(any::<bool>(), 0..=COSTS.len()), 1..4);
    let some = (costs, vec(any::<bool>(), 1..5), vec(wording(), 0..4))
        .prop_map(|(costs, targets, comments)| Further { costs, targets, comments });
    prop_oneof![Just(Further::default()), some]
}

/// Any plan.
pub fn draft() -> impl Strategy<Value = Draft> {
    let title = prop_oneof![3 => Just("第２期 総合戦略 実績一覧".to_owned()), 1 => long(120)];
    (select(vec![1, 4, 4, 10]), title, select(vec!["資料１", ""]), vec(goal(), 1..=5), further()).prop_map(
        |(years, title, number, goals, further)| Draft {
            years,
            title,
            number: number.to_owned(),
            goals,
            further,
        },
    )
}

/// The same plan for the same seed, on every machine.
pub fn seeded(seed: u64) -> Draft {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    draft().new_tree(&mut runner).unwrap().current()
}

/// A failing plan is shown as the file one would open in Excel.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}（{}）\n{}", self.title, self.number, self.master())
    }
}

impl IndicatorDraft {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(), target: "4年で15人増加", figures: ["17人", "2,070人", "—"].repeat(4)
        }
    }
}

impl ProjectDraft {
    pub fn new(purpose: &str, indicators: usize) -> Self {
        Self {
            number: "1",
            name: "種苗放流事業".to_owned(),
            department: "水産振興課",
            is_new: false,
            purpose: purpose.to_owned(),
            content: "放流".to_owned(),
            indicators: vec![IndicatorDraft::new("放流数"); indicators],
        }
    }
}

impl Draft {
    /// One goal with one field; the rest is the test's own.
    pub fn of(measures: Vec<MeasureDraft>) -> Self {
        let field = FieldDraft { name: "経済・雇用対策の推進".to_owned(), measures };
        let goal =
            GoalDraft {
                name: "しごとをつくる".to_owned(), indicators: Vec::new(), fields: vec![field]
            };
        Self {
            years: 4,
            title: "実績一覧".to_owned(),
            number: String::new(),
            goals: vec![goal],
            further: Further::default(),
        }
    }

    /// The master, as Excel would save it.
    pub fn master(&self) -> String {
        let mut rows = Rows { draft: self, rows: Vec::new(), indicators: 0, projects: 0 };
        rows.all();
        let mut bytes = Vec::new();
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
        rows.rows.iter().for_each(|row| writer.write_record(row).unwrap());
        drop(writer);
        String::from_utf8(bytes).unwrap()
    }

    /// The `plan.toml` beside it.
    pub fn settings(&self) -> Settings {
        Settings::read(self.settings_text().as_bytes(), "plan.toml").unwrap()
    }

    /// Its text.
    pub fn settings_text(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let departments = toml::Value::from(
            DEPARTMENTS.iter().filter(|d| !d.is_empty()).map(|d| (*d).to_owned()).collect::<Vec<_>>(),
        );
        format!(
            "[plan]\nid = \"試験\"\ncity = \"試験市\"\ncity_code = \"012238\"\noffice = \"総合政策室\"\n\
             name = \"総合戦略\"\ntitle = {}\n[document]\nnumber = {}\n[departments]\norder = {departments}\n{}",
            quoted(&self.title),
            quoted(&self.number),
            if self.further.comments.is_empty() { "" } else { DECLARED },
        )
    }

    /// The plan, read from the master like any other.
    pub fn plan(&self) -> Plan {
        let settings = self.settings();
        let (master, findings) = master::read(self.master().as_bytes(), "master.csv", &settings);
        let findings: Vec<String> = findings
            .iter()
            .filter(|f| f.severity() == jisseki::finding::Severity::Error)
            .map(|f| f.message())
            .collect();
        assert_eq!(findings, Vec::<String>::new());
        master.unwrap().plan
    }
}

/// A 選択 of projects and KPIs, a 文章 of all that may have one, a 数 of projects.
const DECLARED: &str = "\
[[fields]]\nname = \"評価\"\nrows = [\"KPI\", \"事業\"]\ntype = \"選択\"\nchoices = [\"Ａ 順調\", \"Ｂ\", \"－\"]
[[fields]]\nname = \"所見\"\nrows = [\"基本目標\", \"数値目標\", \"分野\", \"施策\", \"KPI\", \"事業\", \"事業量\"]
[[fields]]\nname = \"人工\"\nrows = [\"事業\"]\ntype = \"数\"\nask = false
";

/// A master's rows under construction.
struct Rows<'a> {
    draft: &'a Draft,
    rows: Vec<Vec<String>>,
    indicators: usize,
    projects: usize,
}

impl Rows<'_> {
    /// A row up to 目標, with its figures from 基準値 on.
    fn row(&mut self, cells: [&str; 10], figures: &[&str]) {
        let figures = figures.iter().copied().chain(std::iter::repeat("")).take(self.draft.years + 1);
        let mut row: Vec<String> = cells.into_iter().chain(figures).map(str::to_owned).collect();
        let comments = &self.draft.further.comments;
        if !comments.is_empty() {
            let at = self.rows.len();
            let declares = !["再掲", "事業費", "予算", "目標値"].contains(&cells[0]);
            let rating = RATINGS[at % RATINGS.len()];
            let hands = ["0.5人", "", "—"][at % 3];
            row.push(if ["KPI", "事業"].contains(&cells[0]) { rating } else { "" }.to_owned());
            row.push(if declares { comments[at % comments.len()].clone() } else { String::new() });
            row.push(if cells[0] == "事業" { hands } else { "" }.to_owned());
        }
        row.push(String::new());
        self.rows.push(row);
    }

    fn all(&mut self) {
        let years = (0..self.draft.years).map(|at| format!("R{}", at + 3));
        let named =
            ["種別", "ID", "番号", "名称", "担当課", "区分", "再掲元", "目的", "内容", "目標", "基準値"];
        let declared: &[&str] =
            if self.draft.further.comments.is_empty() { &[] } else { &["評価", "所見", "人工"] };
        let declared = declared.iter().chain(&["備考"]).map(|heading| (*heading).to_owned());
        self.rows.push(named.map(str::to_owned).into_iter().chain(years).chain(declared).collect());
        for (g, goal) in self.draft.goals.iter().enumerate() {
            let goal_id = format!("G{}", g + 1);
            let number = (g + 1).to_string();
            self.row(["基本目標", &goal_id, &number, &goal.name, "", "", "", "", "", ""], &[]);
            self.indicators("数値目標", &goal_id, &goal.indicators);
            for (f, field) in goal.fields.iter().enumerate() {
                // A to Z, then AA to ZZ.
                let letter = |at: usize| char::from(b'A' + (at % 26) as u8);
                let first = (f >= 26).then(|| letter(f / 26 - 1)).map(String::from).unwrap_or_default();
                let field_id = format!("{goal_id}-{first}{}", letter(f));
                let number = ["ア", "イ", "ウ"][f % 3];
                self.row(["分野", &field_id, number, &field.name, "", "", "", "", "", ""], &[]);
                for (m, measure) in field.measures.iter().enumerate() {
                    self.measure(&format!("{field_id}-{}", m + 1), &circled(m), measure);
                }
            }
        }
    }

    fn measure(&mut self, id: &str, number: &str, measure: &MeasureDraft) {
        self.row(["施策", id, number, &measure.name, "", "", "", "", "", ""], &[]);
        self.indicators("KPI", id, &measure.indicators);
        if let Some(wording) = measure.reprint.as_ref().filter(|_| self.projects > 0) {
            self.row(["再掲", "", "", "", "", "", "P001", wording, "", ""], &[]);
        }
        for project in &measure.projects {
            self.projects += 1;
            let id = format!("P{:03}", self.projects);
            let ProjectDraft { number, name, department, purpose, content, .. } = project;
            let mark = if project.is_new { "新規" } else { "" };
            self.row(["事業", &id, number, name, department, mark, "", purpose, content, ""], &[]);
            self.indicators("事業量", &id, &project.indicators);
            self.costs(&id);
        }
    }

    fn indicators(&mut self, kind: &str, of: &str, list: &[IndicatorDraft]) {
        for (at, indicator) in list.iter().enumerate() {
            let own = kind != "事業量";
            let id = format!("{of}-{}{}", if own { "T" } else { "" }, at + 1);
            let number = if own { circled(at) } else { String::new() };
            let target = if own { indicator.target } else { "" };
            let mut figures = indicator.figures.clone();
            if !own {
                figures[0] = "";
            }
            self.row([kind, &id, &number, &indicator.name, "", "", "", "", "", target], &figures);
            let targets = &self.draft.further.targets;
            self.indicators += 1;
            if !targets.is_empty() && targets[self.indicators % targets.len()] {
                figures.reverse();
                figures[0] = "";
                let id = format!("{id}-T");
                self.row(["目標値", &id, "", "", "", "", "", "", "", ""], &figures);
            }
        }
    }

    fn costs(&mut self, of: &str) {
        let costs = &self.draft.further.costs;
        let Some(costs) = costs.get(self.projects % costs.len().max(1)) else { return };
        for (at, has_budget) in costs.iter().enumerate() {
            let money = MONEY.iter().cycle().skip(self.projects + at).take(self.draft.years);
            let figures: Vec<&str> = std::iter::once("").chain(money.copied()).collect();
            let id = format!("{of}-C{}", at + 1);
            self.row(["事業費", &id, "", COSTS[at], "", "", "", "", "", ""], &figures);
            if *has_budget {
                let id = format!("{id}-B");
                self.row(["予算", &id, "", "", "", "", "", "", "", ""], &figures);
            }
        }
    }
}

/// ①, ② … ㊿, then plain numbers.
fn circled(at: usize) -> String {
    let at = at as u32;
    let sign = match at {
        0..20 => char::from_u32(0x2460 + at),
        20..35 => char::from_u32(0x3251 + at - 20),
        35..50 => char::from_u32(0x32B1 + at - 35),
        _ => None,
    };
    sign.map_or_else(|| (at + 1).to_string(), String::from)
}

static FILES: LazyLock<FontFiles> = LazyLock::new(FontFiles::default);
static FONTS: LazyLock<Fonts<'static>> = LazyLock::new(|| Fonts::parse(&FILES).unwrap());

/// The fonts every document of the tests is set in.
pub fn fonts() -> &'static Fonts<'static> {
    &FONTS
}

/// A plan set by a template.
pub struct Set {
    pub plan: Plan,
    pub settings: Settings,
    pub template: Template,
    pub document: Document,
}

/// The official template's blocks with these replaced by those: what a city writes that
/// prints less, or otherwise.
pub fn blocks(replaced: &[(&str, &str)]) -> String {
    let official = include_str!("../../templates/official.toml");
    let begin = official.find("\n[[block]]").unwrap();
    let end = official.find("# ── 文字の体裁").unwrap();
    replaced.iter().fold(official[begin..end].to_owned(), |blocks, (from, to)| {
        assert!(blocks.contains(from), "{from}");
        blocks.replace(from, to)
    })
}

/// The official blocks without those that begin with these comments.
pub fn blocks_without(comments: &[&str]) -> String {
    let all = blocks(&[]);
    let (mut kept, mut left_out) = (String::new(), 0);
    // What would stand in for others is not used.
    let used = all.split("\n[[block]]").skip(1).filter(|block| !block.contains("\nwithout = "));
    for block in used {
        match comments.iter().any(|comment| block.trim_start().starts_with(comment)) {
            true => left_out += 1,
            false => kept.push_str(&format!("\n[[block]]{block}")),
        }
    }
    assert_eq!(left_out, comments.len());
    kept
}

/// The official blocks without the 基準値.
pub fn blocks_without_baseline() -> String {
    blocks(&[
        ("{ figure = 19 }, { years = 19 }]", "{ years = 19 }]"),
        ("\"数値比較\", \"<\"]", "{ text = \"数値比較\", span = \"years\" }]"),
        ("\"基準値\", ", ""),
        ("\"{基準値}\", ", ""),
    ])
}

/// What of the plan a template prints.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    pub goal_indicators: bool,
    pub kpi: bool,
    pub projects: bool,
    pub reprints: bool,
    pub baseline: bool,
    pub purpose: bool,
    pub content: bool,
    pub contents: bool,
    /// The rows that a table of 事業量 has at the least.
    pub least: usize,
}

impl Shown {
    /// What a template with the blocks of the official one prints, or fewer of them.
    pub fn of(template: &Template) -> Self {
        let parts = || template.blocks.iter().flat_map(|block| &block.parts);
        let has = |each: Level| parts().any(|part| part.each == Some(each));
        let says = |name: &Name| {
            parts()
                .flat_map(|part| part.own_cells())
                .flat_map(|cell| cell.text.marks())
                .any(|mark| mark.name == *name)
        };
        let of_project = || template.blocks.iter().filter(|block| block.per == Level::Project);
        Self {
            goal_indicators: has(Level::GoalIndicator),
            kpi: has(Level::Kpi),
            projects: of_project().count() > 0,
            reprints: of_project().any(|block| block.reprints),
            baseline: says(&Name::Baseline),
            purpose: says(&Name::Purpose),
            content: says(&Name::Content),
            contents: template.contents.levels > 0,
            least: parts().map(|part| part.least).max().unwrap_or_default(),
        }
    }
}

/// Sets a draft by the official template with `changes` laid over it.
pub fn set(draft: &Draft, changes: &str) -> Result<Set, LayoutError> {
    let (plan, settings) = (draft.plan(), draft.settings());
    let template = Template::read(format!("format = 2\n{changes}").as_bytes(), "様式.toml").unwrap();
    let document = layout::set(&plan, &settings, &template, fonts(), &Options::default())?;
    Ok(Set { plan, settings, template, document })
}

/// The real plan by the official template.
pub fn real() -> Set {
    let read =
        |name: &str| std::fs::read(format!("{}/data/nemuro/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let settings = Settings::read(&read("plan.toml"), "plan.toml").unwrap();
    let plan = master::read(&read("master.csv"), "master.csv", &settings).0.unwrap().plan;
    let template = Template::official();
    let document = layout::set(&plan, &settings, &template, fonts(), &Options::default()).unwrap();
    Set { plan, settings, template, document }
}

//! 記入票 (forms): one department, one year, the rows it answers for.
//!
//! What is asked, and who answers it, is said in [`row`]. Rows of a body
//! outside the city hall stand in no form. Rows of a joint department stand in one form
//! under the joint name, or in the form of each member, as `plan.toml` says.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::label::Label;
use super::row::{self, FormRow};
use super::words::LONGEST_ANSWER;
use crate::plan::{Entry, FiscalYear, Plan, Row, date_with_weekday};
use crate::settings::{JointWorkbook, Settings};

/// 「記入票」: what is asked of one department.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The plan's ID.
    pub plan: String,
    /// The plan's name, to print.
    pub plan_name: String,
    /// The office that asks.
    pub office: String,
    /// The department that answers.
    pub department: String,
    /// The year asked for.
    pub year: FiscalYear,
    /// Until when.
    pub due: NaiveDate,
    /// The figures, then the declared columns, both in printed order.
    pub rows: Vec<FormRow>,
}

/// One form for each department that has something to answer: those of `plan.toml` in
/// its order, then those it does not name, as they come in the plan.
pub fn forms(plan: &Plan, settings: &Settings, year: FiscalYear, due: NaiveDate) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    for (answerer, row) in row::asked(plan, settings, year) {
        for department in members(answerer, settings) {
            match forms.iter_mut().find(|form| form.department == department) {
                Some(form) => form.rows.push(row.clone()),
                None => forms.push(Form {
                    plan: settings.plan.id.clone(),
                    plan_name: settings.plan.name.clone(),
                    office: settings.plan.office.clone(),
                    department: department.to_owned(),
                    year,
                    due,
                    rows: vec![row.clone()],
                }),
            }
        }
    }
    let order = |form: &Form| place_in_order(&form.department, settings);
    forms.sort_by_key(order);
    forms
}

/// Where a department stands in `plan.toml`: a joint one behind its first member.
fn place_in_order(department: &str, settings: &Settings) -> (usize, bool) {
    let departments = &settings.departments;
    let place = |name: &str| departments.order.iter().position(|known| known == name);
    let joint = || departments.joint.iter().find(|joint| joint.name == department);
    match place(department) {
        Some(at) => (at, false),
        None => {
            let first =
                joint().and_then(|joint| joint.members.iter().filter_map(|member| place(member)).min());
            (first.unwrap_or(usize::MAX), true)
        }
    }
}

/// A department, or the members of a joint one that each get a form; none for a body
/// outside the city hall.
fn members<'a>(name: &'a str, settings: &'a Settings) -> Vec<&'a str> {
    let departments = &settings.departments;
    let is_outside = |name: &str| departments.outside.iter().any(|outside| outside == name);
    let joint = departments.joint.iter().find(|joint| joint.name == name);
    let names = match joint {
        Some(joint) if joint.workbook == JointWorkbook::Each && !joint.members.is_empty() => {
            let mut names: Vec<&str> = Vec::new();
            for member in &joint.members {
                if !names.contains(&member.as_str()) {
                    names.push(member);
                }
            }
            names
        }
        _ => vec![name],
    };
    names.into_iter().filter(|name| !is_outside(name)).collect()
}

/// Begins what stands before the cell for the clerk's name.
pub(super) const CLERK_LABEL: &str = "記入者";
/// What stands before it.
pub const CLERK_CELL: &str = "記入者\n（氏名・内線）";

/// What stands in a form's footer, before the page's number.
pub fn footer(year: FiscalYear, department: &str) -> String {
    format!("{}　{}", year.long(), department.chars().take(60).collect::<String>())
}

/// The sentences of a form, around its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// At the head.
    pub title: String,
    /// Who is asked, about which plan.
    pub department: String,
    /// Until when, and where to.
    pub due: String,
    /// How to fill it in.
    pub help: Vec<String>,
    /// Over the columns behind the key.
    pub headings: Vec<String>,
}

impl Frame {
    /// The sentences of a form that asks for `year`, with the years of its past columns.
    /// The plan, the office that asks and the department come by their names.
    pub fn new(
        (plan, office, department): (&str, &str, &str),
        asked: FiscalYear,
        due: NaiveDate,
        past: impl IntoIterator<Item = FiscalYear>,
        words: &[String],
    ) -> Self {
        let year = asked.long();
        let words: Vec<String> = words.iter().map(|word| format!("「{word}」")).collect();
        let words = if words.is_empty() { "空欄".to_owned() } else { words.join("・") };
        let mut headings: Vec<String> = Label::ALL.map(|label| label.heading().to_owned()).to_vec();
        headings.extend(past.into_iter().map(|year| format!("{year}（実績）")));
        headings.push(format!("{}\n（{asked}実績）", Form::INPUT));
        headings.push("備考\n（増減の理由など）".to_owned());
        headings.push("確認".to_owned());
        Self {
            title: format!("{year}　実績照会　記入票"),
            department: format!("担当課：{department}　　（{plan}）"),
            due: format!("回答期限：{}　　提出先：{office}", date_with_weekday(due)),
            help: vec![
                format!(
                    "１　黄色の{}に数字を入力してください。該当なしは「—」、未定は{words}。",
                    Form::INPUT
                ),
                "２　前年度から50％を超えて増減した項目は、備考に理由を書いてください。".to_owned(),
            ],
            headings,
        }
    }

    /// What stands above the table: the title, and below it everything else.
    pub fn opening(&self) -> (&str, String) {
        let lines = [&self.department, &self.due].into_iter().chain(&self.help);
        (&self.title, lines.flat_map(|line| ["\n", line.as_str()]).collect())
    }

    /// Everything that stands in the form around its rows.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        let (title, lines) = self.opening();
        [title.to_owned() + &lines, CLERK_CELL.to_owned()].into_iter().chain(self.headings.iter().cloned())
    }
}

impl Form {
    /// What the column to fill in is called: on both sheets, in messages, in the manual.
    pub const INPUT: &str = "記入欄";
    /// The name of the sheet with the view of the official document.
    pub const PREVIEW: &str = "実績一覧";
    /// What stands at the head of that sheet, and of each of its pages.
    pub const PREVIEW_BAND: &str =
        "見本：公表する「実績一覧」での載り方です。ここには記入せず、「記入票」に記入してください。";
    /// The colour of the cells to fill in, RGB.
    pub const TO_FILL: u32 = 0xFF_F2_CC;
    /// What 「確認」 says of an answer that is not there yet.
    pub const STILL_BLANK: &str = "未記入";
    /// What 「確認」 says of an answer that differs much from last year's.
    pub const LARGE_CHANGE: &str = "増減の理由を備考へ";
    /// What it said of that on forms sent out earlier.
    const LARGE_CHANGE_EARLIER: &str = "50％を超える増減：理由を備考へ";
    /// All that 「確認」 can say of its own, and what it said on forms sent out earlier.
    pub const CHECKS: [&str; 3] = [Self::STILL_BLANK, Self::LARGE_CHANGE, Self::LARGE_CHANGE_EARLIER];

    /// What stands over 「確認」: how many answers are not there yet.
    pub fn count(blank: usize) -> String {
        format!("{} {blank}件", Self::STILL_BLANK)
    }

    /// Whether a text is such a count.
    pub fn is_count(text: &str) -> bool {
        let rest = text.trim().strip_prefix(Self::STILL_BLANK);
        let number = rest.and_then(|rest| rest.strip_prefix(' ')?.strip_suffix('件'));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// The sentences around the table. `words` are those that may stand for a figure.
    pub fn frame(&self, words: &[String]) -> Frame {
        let mut frame = self.figure_frame(words);
        if !self.fields().is_empty() {
            let sheet = Self::FIELDS;
            frame.help.push(format!("３　シート「{sheet}」にも、記入をお願いします。"));
        }
        frame
    }

    fn figure_frame(&self, words: &[String]) -> Frame {
        let past = self.rows.first().map(|row| row.past.as_slice()).unwrap_or_default();
        let past = past.iter().map(|(year, _)| *year);
        let named = (self.plan_name.as_str(), self.office.as_str(), self.department.as_str());
        Frame::new(named, self.year, self.due, past, words)
    }

    /// The sentences of the sheet that asks for declared columns.
    pub fn field_frame(&self) -> Frame {
        let frame = self.figure_frame(&[]);
        let headings = Label::ALL.into_iter().take_while(|label| *label != Label::Unit).map(Label::heading);
        let year = self.year.long();
        Frame {
            title: format!("{year}　実績照会　記入票（{}）", Self::FIELDS),
            help: vec![
                format!(
                    "１　黄色の{}に入力してください。前に書かれたものは、{year}に合わせて書き直します（直しがなければそのまま）。",
                    Self::INPUT
                ),
                format!(
                    "２　文章は{LONGEST_ANSWER}字までです。行を変えるときはAltキーを押しながらEnterキーを押し、選択の項目は欄の右の▼から選びます。"
                ),
            ],
            headings: headings.chain([Self::FIELD_HEADING, "確認"]).map(str::to_owned).collect(),
            ..frame
        }
    }

    /// The column of a row's key; the first, and hidden.
    pub const KEY_COLUMN: u16 = 0;
    /// The column of the item's name.
    pub const ITEM_COLUMN: u16 = 3;
    /// The column of the answer, where a declared column is asked for.
    pub const FIELD_COLUMN: u16 = 4;
    /// What stands over it.
    pub const FIELD_HEADING: &str = "記入欄\n（文章・選択）";
    /// The name of the sheet that asks for declared columns.
    pub const FIELDS: &str = "文章で答える項目";
    /// The column of the oldest past year; then come the other years, the input and
    /// the remark.
    pub const FIRST_YEAR_COLUMN: u16 = 7;

    /// The rows that ask for something, and do not only tell what is known.
    pub fn asked(&self) -> impl Iterator<Item = &FormRow> {
        self.rows.iter().filter(|row| !row.is_reference())
    }

    /// The rows that ask for figures of a year.
    pub fn figures(&self) -> &[FormRow] {
        self.rows.get(..self.first_field()).unwrap_or_default()
    }

    /// The rows that ask for declared columns.
    pub fn fields(&self) -> &[FormRow] {
        self.rows.get(self.first_field()..).unwrap_or_default()
    }

    fn first_field(&self) -> usize {
        self.rows.iter().position(|row| row.field.is_some()).unwrap_or(self.rows.len())
    }

    /// The part of the plan this form asks about, to be printed as the office prints
    /// it: the blocks of its rows, under the headings they stand under.
    pub fn excerpt(&self, plan: &Plan) -> Plan {
        let rows: HashSet<Row> = self.rows.iter().map(|row| row.row).collect();
        let is_asked = |row: Row| rows.contains(&row);
        let mut part = plan.clone();
        for goal in &mut part.goals {
            goal.indicators.retain(|indicator| is_asked(indicator.row));
            for field in &mut goal.fields {
                for measure in &mut field.measures {
                    measure.indicators.retain(|indicator| is_asked(indicator.row));
                    measure.entries.retain(|entry| match entry {
                        Entry::Project(project) => {
                            let indicators = project.indicators.iter().map(|indicator| indicator.row);
                            let costs = project.costs.iter().map(|cost| cost.row);
                            indicators.chain(costs).chain([project.row]).any(is_asked)
                        }
                        Entry::Reprint(_) => false,
                    });
                }
                field
                    .measures
                    .retain(|measure| !measure.indicators.is_empty() || !measure.entries.is_empty());
            }
            goal.fields.retain(|field| !field.measures.is_empty());
        }
        part.goals.retain(|goal| !goal.indicators.is_empty() || !goal.fields.is_empty());
        part
    }
}

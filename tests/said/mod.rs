//! What a reader should hear of a plan, element by element: the official document's
//! order stated once more, from the plan alone.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use jisseki::layout::grid::Role;
use jisseki::plan::{Entry, Goal, Indicator, Measure, Project, Value};

use crate::plans::{Set, Shown};
use crate::properties::{VOLUME, caption};

type Said = Vec<(String, String)>;

struct Speaker<'a> {
    set: &'a Set,
    said: Said,
    /// The numbers of rows of the tables of 事業量 still to come: a project taller
    /// than a page has several tables.
    pieces: std::vec::IntoIter<usize>,
}

/// Kind and text of every element of the official template's document.
pub fn expected(set: &Set) -> Said {
    let mut speaker = Speaker { set, said: Vec::new(), pieces: pieces(set).into_iter() };
    if Shown::of(&set.template).contents {
        speaker.contents();
    }
    for goal in &set.plan.goals {
        speaker.goal(goal);
    }
    speaker.said
}

fn pieces(set: &Set) -> Vec<usize> {
    let mut pieces = Vec::new();
    for sheet in &set.document.sheets {
        for at in 0..sheet.tables.len() {
            let rows =
                sheet.cells.iter().filter(|c| c.table == Some(at) && c.role == Role::RowHeader).count();
            if caption(sheet, at) == VOLUME {
                pieces.push(rows);
            }
        }
    }
    pieces
}

fn goal_heading(goal: &Goal) -> String {
    let wide: String = goal
        .number
        .chars()
        .map(|c| c.to_digit(10).map_or(c, |d| "０１２３４５６７８９".chars().nth(d as usize).unwrap()))
        .collect();
    format!("基本目標－{wide}　{}", goal.name)
}

impl Speaker<'_> {
    fn say(&mut self, kind: &str, text: &str) {
        // A given line break is a new line on paper, and nothing to the ear.
        let text: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
        self.said.push((kind.to_owned(), text));
    }

    fn contents(&mut self) {
        self.opening();
        self.say("H1", "目　次");
        let headings: Vec<(String, String)> = self
            .set
            .document
            .sheets
            .iter()
            .skip(1)
            .flat_map(|sheet| {
                let headings = sheet.cells.iter().filter(|c| matches!(c.role, Role::Heading(1..=3)));
                headings.map(|cell| {
                    let page = sheet.first_page.unwrap() + sheet.page_of(cell.row);
                    (cell.text().to_owned(), page.to_string())
                })
            })
            .collect();
        for (heading, page) in headings {
            self.say("Link", &format!("{heading}{page}"));
        }
    }

    /// What stands at the head of the contents and of every goal.
    fn opening(&mut self) {
        let (number, title) =
            (self.set.settings.document.number.clone(), self.set.settings.plan.title.clone());
        if !number.is_empty() {
            self.say("P", &number);
        }
        self.say("P", &trimmed(&title));
    }

    fn goal(&mut self, goal: &Goal) {
        self.opening();
        self.say("H1", &trimmed(&goal_heading(goal)));
        if !goal.indicators.is_empty() {
            self.say("Caption", "目標");
            ["項　目", "目　標", "数値比較"].iter().for_each(|head| self.say("TH", head));
            self.heads(true);
            for indicator in &goal.indicators {
                self.say("TH", &trimmed(&format!("{} {}", indicator.number, indicator.name)));
                self.say("TD", &indicator.target);
                self.figures(indicator, true);
            }
        }
        for field in &goal.fields {
            self.say("H2", &trimmed(&format!("（{}）{}", field.number, field.name)));
            field.measures.iter().for_each(|measure| self.measure(measure));
        }
    }

    fn measure(&mut self, measure: &Measure) {
        self.say("H3", &trimmed(&format!("{} {}", measure.number, measure.name)));
        if !measure.indicators.is_empty() {
            self.say("Caption", "KPI");
            self.say("TH", "項　目");
            self.heads(true);
            for indicator in &measure.indicators {
                let target = match indicator.target.as_str() {
                    "" => String::new(),
                    target => format!("／{target}"),
                };
                let name = trimmed(&format!("{} {}", indicator.number, indicator.name));
                self.say("TH", &format!("{name}{target}"));
                self.figures(indicator, true);
            }
        }
        for entry in &measure.entries {
            match entry {
                Entry::Project(project) => {
                    let number = if project.number.is_empty() { "-" } else { &project.number };
                    let mark = if project.is_new { "【新規】" } else { "" };
                    let (purpose, content) = (project.purpose.clone(), project.content.clone());
                    self.project(project, number, mark, &purpose, &content);
                }
                Entry::Reprint(reprint) => {
                    let project = self.set.plan.projects().find(|project| project.id == reprint.of).unwrap();
                    let purpose = reprint.purpose.as_ref().unwrap_or(&project.purpose).clone();
                    let content = reprint.content.as_ref().unwrap_or(&project.content).clone();
                    self.project(project, "-", "【再掲】", &purpose, &content);
                }
            }
        }
    }

    fn project(&mut self, project: &Project, number: &str, mark: &str, purpose: &str, content: &str) {
        let name = trimmed(&format!("{number}　{}", project.name));
        self.say("H4", &format!("{name}{mark}"));
        if !project.department.is_empty() {
            self.say("P", &format!("【{}】", project.department));
        }
        for (label, wording) in [("（目的）", purpose), ("（内容）", content)] {
            if !wording.is_empty() {
                self.say("P", &format!("{label}{wording}"));
            }
        }
        let mut rest = project.indicators.as_slice();
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(self.pieces.next().unwrap());
            self.say("Caption", "事業量");
            self.say("TH", "項　目");
            self.heads(false);
            for indicator in piece {
                self.say("TH", &indicator.name);
                self.figures(indicator, false);
            }
            rest = more;
        }
    }

    fn heads(&mut self, baseline: bool) {
        if baseline && Shown::of(&self.set.template).baseline {
            self.say("TH", "基準値");
        }
        let years: Vec<String> = self.set.plan.years.iter().map(|year| format!("{year}（実績）")).collect();
        years.iter().for_each(|year| self.say("TH", year));
    }

    fn figures(&mut self, indicator: &Indicator, baseline: bool) {
        let baseline =
            Some(&indicator.baseline).filter(|_| baseline && Shown::of(&self.set.template).baseline);
        for value in baseline.into_iter().chain(&indicator.actuals) {
            self.say("TD", if *value == Value::NotReported { "未報告" } else { value.printed() });
        }
    }
}

fn trimmed(text: &str) -> String {
    text.trim_matches([' ', '　']).to_owned()
}

//! Everything that is wrong with a template, and whether a plan fits on its pages.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use chrono::NaiveDate;
use serde::Serialize;

use super::super::build::edition;
use super::super::{Failure, Loaded, Observer, Result};
use super::{Opened, loaded, plan_folder};
use crate::documents::{self, Design, Ingredients};
use crate::finding::{Findings, nearest};
use crate::layout::template::{BlockSpec, Level, Name, Template};
use crate::settings::FieldSettings;

/// What is to be looked at.
#[derive(Debug, Clone)]
pub struct Request {
    /// The template's file, or the name of one that comes with the program.
    pub file: PathBuf,
    /// The plan that is to be printed with it; the folder that the program is run in where none
    /// is named and that is a plan's.
    pub plan: Option<PathBuf>,
    /// The date that a document without one bears.
    pub today: NaiveDate,
}

/// What was found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What it prints; `None` where it cannot be read.
    pub template: Option<Summary>,
    /// How many pages the plan has; `None` where it was not laid out.
    pub pages: Option<usize>,
    /// Everything that is wrong.
    pub findings: Findings,
}

/// What a template prints.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// The name of its file.
    pub name: String,
    /// The width of the paper, in mm.
    pub width: f64,
    /// The height of the paper, in mm.
    pub height: f64,
    /// For each of what it makes a sheet.
    pub sheet: &'static str,
    /// From top to bottom.
    pub blocks: Vec<Block>,
    /// The columns that a plan has to declare and this one, where there is one, does not.
    pub fields: Vec<Field>,
}

/// A block of it.
#[derive(Debug, Serialize)]
pub struct Block {
    /// For each of what it is printed.
    pub per: &'static str,
    /// For each of what its rows are repeated.
    pub each: Option<&'static str>,
}

/// A column that it takes for declared.
#[derive(Debug, Serialize)]
pub struct Field {
    /// The column's name.
    pub name: String,
    /// Of which kinds of rows.
    pub rows: Vec<&'static str>,
    /// The program's own name that is nearest to it.
    pub nearest: Option<String>,
}

/// Checks a template.
///
/// # Errors
/// A file that cannot be opened.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    let folder = plan_folder(request.plan.as_deref())?;
    let opened = match Opened::read(&request.file) {
        Ok(opened) => opened,
        Err(Failure::Findings(findings)) => return Ok(Report { template: None, pages: None, findings }),
        Err(failure) => return Err(failure),
    };
    let read = folder.map(|folder| loaded(&folder, observer)).transpose()?.flatten();
    let declared: &[FieldSettings] = read.as_ref().map_or(&[], |(plan, _)| &plan.settings.fields);
    let mut findings = match &read {
        Some(_) => opened.template.undeclared(declared),
        None => Findings::new(),
    };
    let template = Some(summary(&opened.template, &opened.name, declared));
    let mut pages = None;
    if let Some((plan, true)) = &read
        && !findings.has_errors()
    {
        match laid_out(opened, plan, request.today, &request.file) {
            Ok((count, warnings)) => {
                pages = Some(count);
                findings.append(warnings);
            }
            Err(Failure::Findings(faults)) => findings.append(faults),
            Err(failure) => return Err(failure),
        }
    }
    Ok(Report { template, pages, findings })
}

/// How many pages a plan has with a template, and what is worth knowing of them.
///
/// # Errors
/// Why it does not fit on them.
fn laid_out(opened: Opened, plan: &Loaded, today: NaiveDate, path: &Path) -> Result<(usize, Findings)> {
    let Opened { template, name, bytes, fonts } = opened;
    let settings = &plan.settings;
    // The title that the template has in this plan.
    let is_own = |template: Option<&Path>| template.is_some_and(|own| own.file_name() == path.file_name());
    let own = settings.documents.iter().find(|document| is_own(settings.template_of(document)));
    let document = own.or(settings.documents.first()).ok_or_else(|| anyhow!("計画に文書がありません"))?;
    let designs = [Design { document: document.clone(), template, fonts, file: bytes, name }];
    let from = Ingredients { master: &plan.master, settings, designs: &designs };
    let year = edition(None, &plan.master.plan)?;
    let set = documents::set(&from, &documents::Request::new(settings, year, None, today))?;
    let pages = set.documents.iter().map(|one| one.document.page_count()).sum();
    Ok((pages, set.findings))
}

impl Summary {
    /// 「A4横（297×210 mm）」
    pub fn paper(&self) -> String {
        const SIZES: [(&str, f64, f64); 4] =
            [("A3", 297.0, 420.0), ("A4", 210.0, 297.0), ("A5", 148.0, 210.0), ("B4", 257.0, 364.0)];
        let (width, height) = (self.width, self.height);
        let (short, long) = if width < height { (width, height) } else { (height, width) };
        let is_size = |(_, own_short, own_long): &&(&str, f64, f64)| {
            (own_short - short).abs() < 0.5 && (own_long - long).abs() < 0.5
        };
        let name = SIZES.iter().find(is_size).map_or("", |(name, _, _)| *name);
        let lies = if width > height { "横" } else { "縦" };
        format!("{name}{lies}（{}×{} mm）", width.round(), height.round())
    }

    /// 「3個（基本目標ごと、施策ごと、事業ごと（事業費の表））」
    pub fn blocks_in_words(&self) -> String {
        let blocks = self.blocks.iter().map(|block| match block.each {
            Some(each) => format!("{}ごと（{each}の表）", block.per),
            None => format!("{}ごと", block.per),
        });
        format!("{}個（{}）", self.blocks.len(), blocks.collect::<Vec<_>>().join("、"))
    }
}

impl Field {
    /// How `plan.toml` declares it, a line each.
    pub fn declaration(&self) -> [String; 3] {
        let rows: Vec<String> = self.rows.iter().map(|row| format!("\"{row}\"")).collect();
        let perhaps = self.nearest.as_deref().map(|name| format!("  # 「{name}」の間違いではありませんか"));
        [
            "[[fields]]".to_owned(),
            format!("name = \"{}\"{}", self.name, perhaps.unwrap_or_default()),
            format!("rows = [{}]", rows.join(", ")),
        ]
    }
}

fn summary(template: &Template, name: &str, declared: &[FieldSettings]) -> Summary {
    let block = |block: &BlockSpec| Block {
        per: block.per.word(),
        each: block.parts.iter().find_map(|part| part.each).map(Level::word),
    };
    let paper = &template.page.paper;
    Summary {
        name: name.to_owned(),
        width: paper.width.to_mm(),
        height: paper.height.to_mm(),
        sheet: template.sheet.per.word(),
        blocks: template.blocks.iter().map(block).collect(),
        fields: missing(template, declared),
    }
}

/// The columns that a template takes for declared and that are not, by their names.
fn missing(template: &Template, declared: &[FieldSettings]) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for used in &template.declared {
        let word = used.level.word();
        if used.is_among(declared) {
            continue;
        }
        match fields.iter_mut().find(|field| field.name == used.name) {
            Some(field) if field.rows.contains(&word) => {}
            Some(field) => field.rows.push(word),
            None => {
                let known = Name::of(used.level).chain(Name::of_document()).map(|name| name.word());
                let known: Vec<String> = known.collect();
                let nearest = nearest(&used.name, known.iter().map(String::as_str)).map(str::to_owned);
                fields.push(Field { name: used.name.clone(), rows: vec![word], nearest });
            }
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_is_named_as_people_name_it() {
        for (width, height, name) in [
            (297.0, 210.0, "A4横（297×210 mm）"),
            (297.0, 420.0, "A3縦（297×420 mm）"),
            (300.0, 200.0, "横（300×200 mm）"),
        ] {
            let (name_of_file, blocks, fields) = (String::new(), Vec::new(), Vec::new());
            let summary = Summary { name: name_of_file, width, height, sheet: "計画", blocks, fields };
            assert_eq!(summary.paper(), name);
        }
    }
}

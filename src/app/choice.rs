//! The documents of a plan that are meant, each with its template and fonts.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::Remedy;
use crate::check;
use crate::documents::Design;
use crate::finding::{Findings, nearest};
use crate::layout::font::{self, FontError, FontFiles, Fonts};
use crate::layout::template::{self, Template};
use crate::master::Master;
use crate::plan::FiscalYear;
use crate::settings::{PlanDocument, Settings};
use crate::storage::{files, paths};

/// Which documents of a plan are made, and with which template.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Their names; all where none is named.
    pub documents: Vec<String>,
    /// A template's file, in place of that of the only document.
    pub template: Option<PathBuf>,
}

impl Choice {
    /// Those of a plan's documents that are meant.
    ///
    /// # Errors
    /// A name that no document has; a template for several documents.
    pub fn of<'s>(&self, settings: &'s Settings) -> Result<Vec<&'s PlanDocument>> {
        let names = || settings.documents.iter().map(|document| document.name.as_str());
        if let Some(unknown) = self.documents.iter().find(|name| !names().any(|known| known == *name)) {
            let nearest = nearest(unknown, names());
            let perhaps =
                nearest.map(|name| format!("「{name}」の間違いではありませんか。")).unwrap_or_default();
            bail!("「{unknown}」という文書はありません。{perhaps}この計画の文書は{}です", listed(names()));
        }
        let is_meant =
            |document: &&PlanDocument| self.documents.is_empty() || self.documents.contains(&document.name);
        let meant: Vec<&PlanDocument> = settings.documents.iter().filter(is_meant).collect();
        if self.template.is_some() && meant.len() > 1 {
            let meant = listed(meant.iter().map(|document| document.name.as_str()));
            let what = format!("様式の指定は、文書が1つのときに使えます（{meant}があります）");
            return Err(Remedy::OneDocument.of(what));
        }
        Ok(meant)
    }
}

/// 「実績一覧」「事務事業評価シート」
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("「{name}」")).collect()
}

/// Those of the edition of a year.
///
/// # Errors
/// Where it has none of them, or not one that was asked for.
pub fn of_edition(designs: Vec<Design>, year: FiscalYear, choice: &Choice) -> Result<Vec<Design>> {
    let (of_year, others): (Vec<Design>, Vec<Design>) =
        designs.into_iter().partition(|design| design.document.is_of(year));
    if of_year.is_empty() || !(choice.documents.is_empty() || others.is_empty()) {
        bail!(
            "{}の版には、文書{}がありません。plan.toml の [[documents]] の editions を確認してください",
            year.long(),
            listed(others.iter().map(|design| design.document.name.as_str()))
        );
    }
    Ok(of_year)
}

/// A document with the template at `path`, or the official one, and the font files it names.
///
/// # Errors
/// What is wrong with the template; a template or font file that cannot be opened.
pub fn design(document: &PlanDocument, path: Option<&Path>, settings: &Settings) -> super::Result<Design> {
    let document = document.clone();
    let Some(path) = path else { return Ok(Design::official(document)) };
    let name = paths::name_of(path);
    let file = template_file(path)?;
    let template = Template::read(&file, &name)?;
    let undeclared = template.undeclared(&settings.fields);
    if undeclared.has_errors() {
        return Err(undeclared.into());
    }
    let fonts = fonts_of(&template, path)?;
    Ok(Design { document, template, fonts, file, name })
}

/// The bytes of a template's file: of a city's own, else of the one of that name that comes
/// with the program.
///
/// # Errors
/// A file that cannot be opened.
pub fn template_file(path: &Path) -> Result<Vec<u8>> {
    match template::shipped(&paths::name_of(path)) {
        Some(shipped) if !files::exists(path) => Ok(shipped.as_bytes().to_vec()),
        _ => {
            let file = files::read(path, files::LARGEST_TOML)?;
            if file.iter().all(u8::is_ascii_whitespace) {
                bail!("様式のファイル{}は空です。保存し忘れていないか確認してください", paths::shown(path));
            }
            Ok(file)
        }
    }
}

/// The fonts that the template at `path` names.
///
/// # Errors
/// A font file that cannot be opened or used.
pub fn fonts_of(template: &Template, path: &Path) -> Result<FontFiles> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut fonts = FontFiles::default();
    if let Some(bytes) = font_file(folder, &template.fonts.regular)? {
        fonts.regular = bytes;
    }
    if let Some(bytes) = font_file(folder, &template.fonts.bold)? {
        fonts.bold = bytes;
    }
    fonts.fallback = font_file(folder, &template.fonts.fallback)?;
    Ok(fonts)
}

/// The signs of a master that the fonts of its documents do not have: once for fonts that
/// several share.
///
/// # Errors
/// A font that cannot be used.
pub fn glyphs(master: &Master, designs: &[Design]) -> std::result::Result<Findings, FontError> {
    let mut distinct: Vec<&Design> = Vec::new();
    for design in designs {
        if distinct.iter().all(|other| other.fonts != design.fonts) {
            distinct.push(design);
        }
    }
    let mut findings = Findings::new();
    for design in &distinct {
        let fonts = Fonts::parse(&design.fonts)?;
        let falls_back = |sign| fonts.falls_back(sign);
        let fallback =
            fonts.has_fallback().then_some((design.template.fonts.fallback.as_str(), &falls_back as _));
        let coverage = check::Coverage { covers: &|sign| fonts.covers(sign), fallback };
        let mut found = check::glyphs(&master.source, &coverage);
        let document = (distinct.len() > 1).then(|| design.document.name.clone());
        found.iter_mut().for_each(|finding| finding.document = document.clone());
        findings.append(found);
    }
    Ok(findings)
}

/// The bytes of a font that a template in `folder` names; `None` where it names none.
///
/// # Errors
/// A file that cannot be opened or used.
fn font_file(folder: &Path, name: &str) -> Result<Option<Cow<'static, [u8]>>> {
    if name.is_empty() {
        return Ok(None);
    }
    let path = folder.join(paths::native(Path::new(name)));
    let bytes = files::read(&path, files::LARGEST_FONT)?;
    if !font::is_usable(&bytes) {
        bail!(
            "フォント{}を使えません。数字や文字の形または幅がないか、TrueType（.ttf）ではありません",
            paths::shown(&path)
        );
    }
    Ok(Some(Cow::Owned(bytes)))
}

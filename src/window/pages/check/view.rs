//! What stands beside the table: a finding or a cell, its field, and the page it is printed on.

use super::{Asked, FindingRow, List, cell};
use crate::app::PlanFolder;
use crate::app::preview::{Preview, PreviewDocument, place_of};
use crate::archive::Hash;
use crate::documents::file_name;
use crate::finding::{Finding, Place};
use crate::layout::Part;
use crate::layout::grid::Cell;
use crate::master::Column;
use crate::named_file::MediaType;
use crate::plan::Row;
use crate::render::svg::CellLink;
use crate::storage::files;
use crate::visible::visible;
use crate::window::answer::Problem;
use crate::window::page::out;
use crate::window::pages::found::help;
use crate::window::pages::paper::fonts_of;
use crate::window::state::Window;

/// What is asked for.
pub struct ViewRequest<'a> {
    /// The plan.
    pub preview: &'a Preview,
    /// The table.
    pub list: &'a List,
    /// What the address says.
    pub asked: &'a Asked,
    /// The address of this page, with year and filter.
    pub address: &'a str,
    /// What was typed into the cell that is asked for, and not written.
    pub typed: Option<String>,
}

/// What stands beside the table.
pub struct View {
    /// What is looked at, for a screen reader.
    pub title: String,
    /// What is wrong there.
    pub findings: Vec<FindingNote>,
    /// The cell, where it can be edited.
    pub field: Option<Field>,
    /// A file that is to be opened, for what is wrong elsewhere than in the master.
    pub file: Option<OtherFile>,
    /// The drawn page.
    pub paper: Option<Paper>,
    /// The pages on which it is printed, where there are several.
    pub pages: Vec<PageLink>,
}

/// A finding in full.
pub struct FindingNote {
    /// `error` or `warning`
    pub kind: &'static str,
    /// 「エラー」
    pub word: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// A cell that can be edited.
pub struct Field {
    /// `G118`
    pub cell: String,
    /// 「目的」
    pub heading: String,
    /// `P001`
    pub id: String,
    /// What it says, or what was typed and not written.
    pub text: String,
    /// What it says, where something else was typed.
    pub now: Option<String>,
    /// How many lines are shown.
    pub lines: usize,
    /// The master as it is shown.
    pub seen: String,
}

/// A file beside the master.
pub struct OtherFile {
    /// Its name.
    pub name: String,
    /// Its ID.
    pub id: String,
}

/// A drawn page.
pub struct Paper {
    /// 「実績一覧 12ページ」
    pub name: String,
    /// The style sheet of its fonts; empty for the program's own.
    pub fonts: String,
    /// The page.
    pub svg: String,
    /// The page before; empty for none.
    pub before: String,
    /// The page after; empty for none.
    pub after: String,
    /// The page in the finished PDF; empty where there is none.
    pub pdf: String,
}

/// A page that can be shown.
pub struct PageLink {
    /// 「実績一覧 12ページ」
    pub name: String,
    /// Its address.
    pub href: String,
    /// It is shown.
    pub is_current: bool,
}

/// What is looked at.
struct Target<'a> {
    finding: Option<&'a FindingRow>,
    place: Option<Place>,
    origin: Option<(Row, Option<Part>)>,
    /// How it is asked for, as a part of an address.
    query: String,
}

impl ViewRequest<'_> {
    /// What stands beside the table; nothing where there is no such place.
    ///
    /// # Errors
    /// A font that cannot be used.
    pub fn view(self, window: &Window, folder: &PlanFolder) -> Result<Option<View>, Problem> {
        let Some(target) = self.target() else { return Ok(None) };
        let pages = match target.origin {
            Some((row, part)) => self.preview.pages_of(row, part),
            None => Vec::new(),
        };
        let shown = self.page(&pages);
        let paper = shown.map(|page| self.paper(page, &target, window, folder)).transpose()?.flatten();
        let links = pages.iter().filter_map(|(d, n)| {
            let name = self.preview.documents.get(*d)?.page_name(*n)?;
            let href = self.href(&target.query, *d, *n);
            Some(PageLink { name, href, is_current: Some((*d, *n)) == shown })
        });
        let pages: Vec<PageLink> = if pages.len() > 1 { links.collect() } else { Vec::new() };
        let title = match (&target.finding, &target.place) {
            (Some(finding), _) => format!("{}: {}", finding.word, finding.message),
            (None, Some(place)) => visible(&place.to_string()).into_owned(),
            (None, None) => paper.as_ref().map(|paper| paper.name.clone()).unwrap_or_default(),
        };
        let file = self.other_file(&target, window, folder)?;
        let (findings, field) = (self.findings(&target), self.field(&target));
        Ok(Some(View { title, findings, field, file, paper, pages }))
    }

    /// A finding, a cell, or a page alone; the first finding where nothing is asked for.
    fn target(&self) -> Option<Target<'_>> {
        let (preview, asked) = (self.preview, self.asked);
        let source = &preview.loaded.master.source;
        if let Some(name) = asked.cell() {
            let (row, column) = source.cell_of(&cell::place(name, source.file_name())?)?;
            // With its heading and ID.
            let place = source.place(row, column?);
            let (origin, query) = (preview.origin_of(&place), format!("&cell={name}"));
            return Some(Target { finding: None, place: Some(place), origin, query });
        }
        if asked.f.is_none() && asked.d.is_some() {
            return Some(Target { finding: None, place: None, origin: None, query: String::new() });
        }
        let wanted = asked.f.or_else(|| self.list.rows.first().map(|row| row.index));
        let Some(index) = wanted else {
            return Some(Target { finding: None, place: None, origin: None, query: String::new() });
        };
        let finding: &Finding = preview.findings.iter().nth(index)?;
        let place = finding.place.clone();
        let origin = place.as_ref().and_then(|place| preview.origin_of(place));
        let row = self.list.rows.iter().find(|row| row.index == index)?;
        Some(Target { finding: Some(row), place, origin, query: format!("&f={index}") })
    }

    /// The page that is shown: the one that is asked for, else the first on which it is printed.
    fn page(&self, pages: &[(usize, usize)]) -> Option<(usize, usize)> {
        let asked = self.asked.d.map(|d| (d, self.asked.n.unwrap_or_default()));
        let is_there =
            |(d, n): &(usize, usize)| self.preview.documents.get(*d).is_some_and(|one| *n < one.page_count());
        asked.filter(is_there).or_else(|| pages.first().copied()).or(Some((0, 0)).filter(is_there))
    }

    fn paper(
        &self,
        (d, n): (usize, usize),
        target: &Target<'_>,
        window: &Window,
        folder: &PlanFolder,
    ) -> Result<Option<Paper>, Problem> {
        let Some(document) = self.preview.documents.get(d) else { return Ok(None) };
        let link = |cell: &Cell| self.link(cell, document, (d, n), target);
        let (Some(svg), Some(name)) = (document.svg(n, &link)?, document.page_name(n)) else {
            return Ok(None);
        };
        let beside = |n: Option<usize>| {
            let n = n.filter(|n| *n < document.page_count());
            n.map(|n| self.href(&target.query, d, n)).unwrap_or_default()
        };
        let settings = &self.preview.loaded.settings;
        let made =
            out(folder.path()).join(file_name(settings, &document.name, self.preview.year, MediaType::Pdf));
        let pdf = match files::exists(&made) {
            true => format!("/files/{}#page={}", window.file_id(&made)?, n + 1),
            false => String::new(),
        };
        let plan = self.address.split('/').nth(2).unwrap_or_default();
        let fonts = fonts_of(plan, self.preview.year, &d.to_string(), &document.fonts);
        Ok(Some(Paper {
            fonts,
            name,
            svg,
            before: beside(n.checked_sub(1)),
            after: beside(Some(n + 1)),
            pdf,
        }))
    }

    /// Where a cell of the page leads: to the cell of the master that it is taken from.
    fn link(
        &self,
        cell: &Cell,
        document: &PreviewDocument,
        (d, n): (usize, usize),
        target: &Target<'_>,
    ) -> Option<CellLink> {
        let (row, column) = place_of(cell.origin()?);
        let place = self.preview.loaded.master.source.place(row, column);
        let name = place.cell()?;
        let is_marked = target.origin.is_some_and(|(row, part)| document.is_of(cell, row, part));
        let heading = place.heading.as_deref().unwrap_or_default();
        Some(CellLink {
            href: self.href(&format!("&cell={name}"), d, n),
            label: format!("セル {name}「{heading}」 {}", cell.text()),
            is_marked,
        })
    }

    fn href(&self, query: &str, d: usize, n: usize) -> String {
        format!("{}{query}&d={d}&n={n}", self.address)
    }

    /// The finding that was chosen, or all that is found in the cell.
    fn findings(&self, target: &Target<'_>) -> Vec<FindingNote> {
        let is_here = |finding: &&Finding| match (&target.finding, &target.place, &finding.place) {
            (None, Some(place), Some(other)) => {
                place.file == other.file && place.row == other.row && place.column == other.column
            }
            _ => false,
        };
        let note = |kind, word, message: String, help: String| FindingNote { kind, word, message, help };
        if let Some(row) = target.finding {
            return vec![note(row.kind, row.word, row.message.clone(), row.help.clone())];
        }
        let all = self.preview.findings.iter().filter(is_here).map(|finding| {
            let is_error = finding.severity() == crate::finding::Severity::Error;
            let kind = if is_error { "error" } else { "warning" };
            let shown = |text: String| visible(&text).into_owned();
            note(kind, finding.severity().word(), shown(finding.message()), help(&finding.help()))
        });
        all.collect()
    }

    /// The cell, if it is one of the master that has a heading.
    fn field(&self, target: &Target<'_>) -> Option<Field> {
        let source = &self.preview.loaded.master.source;
        let (row, column): (Row, Option<Column>) = source.cell_of(target.place.as_ref()?)?;
        let column = column?;
        let (place, said) = (source.place(row, column), source.cell(row, column).to_owned());
        let typed = self.typed.clone().filter(|_| target.finding.is_none());
        let text = typed.unwrap_or_else(|| said.clone());
        /// A field for a figure has one line, one for a text some.
        const MOST_LINES: usize = 8;
        const CHARACTERS_A_LINE: usize = 30;
        let lines = text.lines().map(|line| 1 + line.chars().count() / CHARACTERS_A_LINE).sum::<usize>();
        Some(Field {
            cell: place.cell()?,
            heading: place.heading.clone().unwrap_or_default(),
            id: place.id.as_deref().unwrap_or_default().to_owned(),
            now: (text != said).then_some(said),
            lines: lines.clamp(1, MOST_LINES),
            text,
            seen: Hash::of(source.bytes()).to_string(),
        })
    }

    /// `plan.toml`, or a template: where something is wrong with it, it is opened.
    fn other_file(
        &self,
        target: &Target<'_>,
        window: &Window,
        folder: &PlanFolder,
    ) -> Result<Option<OtherFile>, Problem> {
        let Some(place) = target.place.as_ref().filter(|_| target.origin.is_none()) else { return Ok(None) };
        let settings = &self.preview.loaded.settings;
        let templates = settings.documents.iter().filter_map(|one| folder.template_path(settings, one));
        let paths = [folder.settings_path(), folder.master_path()].into_iter().chain(templates);
        let path = paths.into_iter().find(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy() == *place.file) && files::exists(path)
        });
        let file = path.map(|path| {
            Ok::<_, Problem>(OtherFile { name: place.file.to_string(), id: window.file_id(&path)? })
        });
        file.transpose()
    }
}

//! The structure tree: what the pages say to a reader who cannot see them.
//!
//! ISO 32000-1, 14.7 and 14.8 (tagged PDF); ISO 14289-1 (PDF/UA-1), clause 7. The
//! tree is Document → Sect (基本目標, 分野, 施策) with H1 to H4, each table a Table
//! of TR, TH and TD, the contents a TOC of links. It is read off the cells' roles
//! in reading order; the tree knows no more of the plan than the grid does.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document as Pdf, Object, ObjectId, dictionary};

use super::paint::{Painted, tag};
use super::text_string;
use crate::layout::grid::{Cell, Content, Document, Role, Sheet, TableKind};
use crate::plan::Value;

/// What is read aloud for a figure nobody has reported yet.
const UNREPORTED: &str = "未報告";
/// What is read aloud for 「—」.
const NOT_APPLICABLE: &str = "該当なし";

/// A link from one page to another, to be drawn as an annotation.
pub struct LinkPlace {
    /// Which page it is on, counted from 0.
    pub page: usize,
    /// Left, bottom, right, top in points.
    pub rectangle: [f32; 4],
    /// The sheet and row it leads to.
    pub to: (usize, usize),
    /// What a screen reader says of it.
    pub description: String,
    /// The annotation's object.
    pub id: ObjectId,
}

/// The finished tree.
pub struct Structure {
    /// The object of the tree's root.
    pub root: ObjectId,
    /// The links met in the contents.
    pub links: Vec<LinkPlace>,
}

/// An element under construction.
struct Element {
    id: ObjectId,
    kind: &'static str,
    parent: Option<usize>,
    kids: Vec<Kid>,
    extra: Dictionary,
}

enum Kid {
    Element(usize),
    Marked { page: usize, mcid: usize },
    Annotation { page: usize, id: ObjectId },
}

struct Tree<'a> {
    pdf: &'a mut Pdf,
    elements: Vec<Element>,
    /// For each page, the element of each MCID.
    owners: Vec<Vec<Option<usize>>>,
    links: Vec<LinkPlace>,
    link_elements: Vec<usize>,
    names: BTreeMap<Vec<u8>, usize>,
}

/// Builds the tree of all pages. `painted` holds the pages in order, with the sheet
/// each belongs to; `pages` their objects.
pub fn build(
    document: &Document,
    painted: &[(usize, Painted)],
    pages: &[ObjectId],
    pdf: &mut Pdf,
) -> Structure {
    let owners = painted.iter().map(|(_, page)| vec![None; page.marked.len()]).collect();
    let mut tree = Tree {
        pdf,
        elements: Vec::new(),
        owners,
        links: Vec::new(),
        link_elements: Vec::new(),
        names: BTreeMap::new(),
    };
    let top = tree.element("Document", None);
    for (index, sheet) in document.sheets.iter().enumerate() {
        let marks = marks_of(index, painted);
        tree.sheet(sheet, top, &marks, painted);
    }
    tree.finish(pages)
}

/// Where each cell of a sheet is marked: page and MCID.
fn marks_of(sheet: usize, painted: &[(usize, Painted)]) -> BTreeMap<usize, (usize, usize)> {
    let pages = painted.iter().enumerate().filter(|(_, (of, _))| *of == sheet);
    pages
        .flat_map(|(page, (_, painted))| {
            painted.marked.iter().enumerate().map(move |(mcid, cell)| (*cell, (page, mcid)))
        })
        .collect()
}

impl Tree<'_> {
    fn element(&mut self, kind: &'static str, parent: Option<usize>) -> usize {
        let index = self.elements.len();
        let id = self.pdf.new_object_id();
        self.elements.push(Element { id, kind, parent, kids: Vec::new(), extra: Dictionary::new() });
        if let Some(parent) = parent {
            self.elements[parent].kids.push(Kid::Element(index));
        }
        index
    }

    fn own(&mut self, element: usize, (page, mcid): (usize, usize)) {
        self.elements[element].kids.push(Kid::Marked { page, mcid });
        self.owners[page][mcid] = Some(element);
    }

    /// One sheet: a Sect, with a Sect in it for each 分野 and in those for each 施策.
    fn sheet(
        &mut self,
        sheet: &Sheet,
        top: usize,
        marks: &BTreeMap<usize, (usize, usize)>,
        painted: &[(usize, Painted)],
    ) {
        let mut sections = vec![self.element("Sect", Some(top))];
        let mut at = 0;
        let mut contents = None;
        while at < sheet.cells.len() {
            let cell = &sheet.cells[at];
            let Some(section) = sections.last().copied() else { return };
            let mark = marks.get(&at).copied();
            match (cell.role, mark) {
                (Role::Artifact, _) => {}
                (Role::ContentsEntry, _) => {
                    let list = match contents {
                        Some(list) => list,
                        None => *contents.insert(self.element("TOC", Some(section))),
                    };
                    at += self.contents_entry(sheet, at, list, marks, painted);
                    continue;
                }
                (_, _) if cell.table.is_some() => {
                    let end = sheet.cells[at..]
                        .iter()
                        .position(|c| c.table != cell.table && c.role != Role::Artifact);
                    let end = end.map_or(sheet.cells.len(), |more| at + more);
                    self.table(sheet, at..end, section, marks);
                    at = end;
                    continue;
                }
                (_, None) => {}
                (Role::Heading(level @ 2..=3), Some(mark)) => {
                    sections.truncate(usize::from(level) - 1);
                    let parent = sections.last().copied().unwrap_or(top);
                    let section = self.element("Sect", Some(parent));
                    sections.push(section);
                    let heading = self.element(tag(cell.role), Some(section));
                    self.own(heading, mark);
                }
                (_, Some(mark)) => {
                    let element = self.element(tag(cell.role), Some(section));
                    self.own(element, mark);
                    if cell.role == Role::Label
                        && let Some(next) = marks.get(&(at + 1))
                    {
                        self.own(element, *next);
                        at += 1;
                    }
                }
            }
            at += 1;
        }
    }

    /// An entry of the contents: heading and page number, one link. Says how many
    /// cells it took.
    fn contents_entry(
        &mut self,
        sheet: &Sheet,
        at: usize,
        list: usize,
        marks: &BTreeMap<usize, (usize, usize)>,
        painted: &[(usize, Painted)],
    ) -> usize {
        let row = sheet.cells[at].row;
        let count = sheet.cells[at..].iter().take_while(|cell| cell.row == row).count();
        let parts: Vec<usize> =
            (at..at + count).filter(|i| sheet.cells[*i].role == Role::ContentsEntry).collect();
        let item = self.element("TOCI", Some(list));
        let reference = self.element("Reference", Some(item));
        let link = self.element("Link", Some(reference));
        let mut rectangle: Option<[f32; 4]> = None;
        let mut page = 0;
        for part in &parts {
            let Some(mark) = marks.get(part) else { continue };
            self.own(link, *mark);
            page = mark.0;
            if let Some(place) = painted.get(page).and_then(|(_, painted)| painted.places.get(part)) {
                let [l, b, r, t] = rectangle.unwrap_or([place.left, place.bottom, place.right, place.top]);
                rectangle =
                    Some([l.min(place.left), b.min(place.bottom), r.max(place.right), t.max(place.top)]);
            }
        }
        if let (Some(rectangle), Some(to)) = (rectangle, sheet.cells[at].link) {
            let id = self.pdf.new_object_id();
            let words: Vec<&str> = parts.iter().map(|part| sheet.cells[*part].text()).collect();
            let description = format!("{}ページ", words.join(" "));
            self.elements[link].kids.push(Kid::Annotation { page, id });
            self.link_elements.push(link);
            self.links.push(LinkPlace { page, rectangle, to: (to.sheet, to.row), description, id });
        }
        count
    }

    /// A table: its caption, then a TR for each row.
    fn table(
        &mut self,
        sheet: &Sheet,
        cells: std::ops::Range<usize>,
        section: usize,
        marks: &BTreeMap<usize, (usize, usize)>,
    ) {
        let cells: Vec<(usize, &Cell)> = sheet.cells[cells.clone()]
            .iter()
            .enumerate()
            .map(|(i, cell)| (cells.start + i, cell))
            .filter(|(_, cell)| cell.role != Role::Artifact)
            .collect();
        let table = self.element("Table", Some(section));
        let described = cells.first().and_then(|(_, cell)| sheet.tables.get(cell.table?));
        if let Some(described) = described {
            let summary = text_string(&described.summary);
            self.elements[table].extra.set("A", dictionary! { "O" => "Table", "Summary" => summary });
        }
        for (index, cell) in cells.iter().filter(|(_, cell)| cell.role == Role::Caption) {
            let caption = self.element("Caption", Some(table));
            // Its letters stand one below the other; it is one word.
            self.elements[caption].extra.set("ActualText", text_string(cell.text()));
            if let Some(mark) = marks.get(index) {
                self.own(caption, *mark);
            }
        }
        let body: Vec<&(usize, &Cell)> =
            cells.iter().filter(|(_, cell)| cell.role != Role::Caption).collect();
        let columns: BTreeSet<usize> = body.iter().map(|(_, cell)| cell.column).collect();
        // A row of the grid in which nothing begins is none of the table: a tall row is
        // divided into several for Excel's sake.
        let rows: BTreeSet<usize> = body.iter().map(|(_, cell)| cell.row).collect();
        // One scope is not enough where heads stand over heads (ISO 32000-1, 14.8.5.7).
        let named = described.is_some_and(|table| table.kind == TableKind::GoalIndicators);
        let mut row = None;
        let mut heads: Vec<(&Cell, Vec<u8>)> = Vec::new();
        for (index, cell) in body {
            let tr = match row {
                Some((at, tr)) if at == cell.row => tr,
                _ => self.element("TR", Some(table)),
            };
            row = Some((cell.row, tr));
            let element = self.element(tag(cell.role), Some(tr));
            let column_span = columns.range(cell.column..cell.column + cell.column_span).count();
            let mut attributes = dictionary! { "O" => "Table" };
            match cell.role {
                Role::ColumnHeader => attributes.set("Scope", "Column"),
                Role::RowHeader => attributes.set("Scope", "Row"),
                _ => {}
            }
            if column_span > 1 {
                attributes.set("ColSpan", column_span as i64);
            }
            let row_span = rows.range(cell.row..cell.row + cell.row_span).count();
            if row_span > 1 {
                attributes.set("RowSpan", row_span as i64);
            }
            if named {
                let over = |head: &Cell| {
                    let across = cell.column < head.column + head.column_span
                        && head.column < cell.column + cell.column_span;
                    (head.role == Role::ColumnHeader && across)
                        || (head.role == Role::RowHeader && head.row == cell.row)
                };
                let above: Vec<Object> = heads
                    .iter()
                    .filter(|(head, _)| over(head) && cell.role != Role::RowHeader)
                    .map(|(_, name)| Object::string_literal(name.clone()))
                    .collect();
                if !above.is_empty() {
                    attributes.set("Headers", above);
                }
                if matches!(cell.role, Role::ColumnHeader | Role::RowHeader) {
                    let name = format!("h{:06}", element).into_bytes();
                    self.elements[element].extra.set("ID", Object::string_literal(name.clone()));
                    self.names.insert(name.clone(), element);
                    heads.push((cell, name));
                }
            }
            if attributes.len() > 1 {
                self.elements[element].extra.set("A", attributes);
            }
            match &cell.content {
                Content::Value(Value::NotReported) => {
                    self.elements[element].extra.set("ActualText", text_string(UNREPORTED));
                }
                Content::Value(Value::NotApplicable(_)) => {
                    self.elements[element].extra.set("Alt", text_string(NOT_APPLICABLE));
                }
                _ => {}
            }
            if let Some(mark) = marks.get(index) {
                self.own(element, *mark);
            }
        }
    }

    /// Writes the elements, the parent tree (14.7.4.4) and the tree of names.
    fn finish(self, pages: &[ObjectId]) -> Structure {
        let root = self.pdf.new_object_id();
        let ids: Vec<ObjectId> = self.elements.iter().map(|element| element.id).collect();
        for element in self.elements {
            let page = element.kids.iter().find_map(|kid| match kid {
                Kid::Marked { page, .. } => pages.get(*page).copied(),
                _ => None,
            });
            let kids: Vec<Object> =
                element.kids.iter().map(|kid| kid_object(kid, &ids, pages, page)).collect();
            let parent = element.parent.and_then(|parent| ids.get(parent).copied()).unwrap_or(root);
            let mut written = dictionary! { "S" => element.kind, "P" => parent };
            if let Some(page) = page {
                written.set("Pg", page);
            }
            match <[Object; 1]>::try_from(kids) {
                Ok([only]) => written.set("K", only),
                Err(kids) if kids.is_empty() => {}
                Err(kids) => written.set("K", kids),
            }
            written.extend(&element.extra);
            self.pdf.objects.insert(element.id, Object::Dictionary(written));
        }
        let mut numbers: Vec<Object> = Vec::new();
        for (page, owners) in self.owners.iter().enumerate() {
            let owners = owners.iter().map(|owner| match owner.and_then(|owner| ids.get(owner)) {
                Some(id) => Object::Reference(*id),
                None => Object::Null,
            });
            numbers.push((page as i64).into());
            numbers.push(Object::Array(owners.collect()));
        }
        for (at, element) in self.link_elements.iter().enumerate() {
            numbers.push(((pages.len() + at) as i64).into());
            numbers.push(Object::Reference(ids[*element]));
        }
        let next = (pages.len() + self.link_elements.len()) as i64;
        let parents = self.pdf.add_object(dictionary! { "Nums" => numbers });
        let top = ids.first().copied().unwrap_or(root);
        let mut written = dictionary! {
            "Type" => "StructTreeRoot",
            "K" => top,
            "ParentTree" => parents,
            "ParentTreeNextKey" => next,
        };
        if !self.names.is_empty() {
            let names = self.names.into_iter();
            let names: Vec<Object> = names
                .flat_map(|(name, element)| [Object::string_literal(name), Object::Reference(ids[element])])
                .collect();
            written.set("IDTree", self.pdf.add_object(dictionary! { "Names" => names }));
        }
        self.pdf.objects.insert(root, Object::Dictionary(written));
        Structure { root, links: self.links }
    }
}

fn kid_object(kid: &Kid, ids: &[ObjectId], pages: &[ObjectId], own_page: Option<ObjectId>) -> Object {
    match kid {
        Kid::Element(index) => Object::Reference(ids[*index]),
        Kid::Marked { page, mcid } if pages.get(*page).copied() == own_page => (*mcid as i64).into(),
        Kid::Marked { page, mcid } => {
            Object::Dictionary(dictionary! { "Type" => "MCR", "Pg" => pages[*page], "MCID" => *mcid as i64 })
        }
        Kid::Annotation { page, id } => {
            Object::Dictionary(dictionary! { "Type" => "OBJR", "Pg" => pages[*page], "Obj" => *id })
        }
    }
}

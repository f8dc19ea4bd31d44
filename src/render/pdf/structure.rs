//! The structure tree: what the pages say to a reader who cannot see them.
//!
//! ISO 32000-1, 14.7 and 14.8 (tagged PDF); ISO 14289-1 (PDF/UA-1), clause 7. Writes the
//! [`ReadingTree`] of a document as elements: Document → Sect (基本目標, 分野, 施策) with H1
//! to H4, each table a Table of TR, TH and TD, the contents a TOC of links.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document as Pdf, Object, ObjectId, dictionary};

use super::paint::{Painted, heading};
use super::values::text_string;
use crate::layout::grid::{Document, Sheet};
use crate::layout::reading::{CellKind, ContentsEntry, Item, ReadingTree, Section, Spoken, Table, spoken};

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

/// The elements of all pages, as they grow.
struct Elements<'a> {
    pdf: &'a mut Pdf,
    elements: Vec<Element>,
    /// For each page, the element of each MCID.
    owners: Vec<Vec<Option<usize>>>,
    links: Vec<LinkPlace>,
    link_elements: Vec<usize>,
    names: BTreeMap<Vec<u8>, usize>,
}

/// A sheet, and where its cells stand.
struct Marked<'a> {
    sheet: &'a Sheet,
    painted: &'a [(usize, Painted)],
    /// The page and MCID of each cell that is heard.
    marks: BTreeMap<usize, (usize, usize)>,
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
    let mut elements = Elements {
        pdf,
        elements: Vec::new(),
        owners,
        links: Vec::new(),
        link_elements: Vec::new(),
        names: BTreeMap::new(),
    };
    let top = elements.element("Document", None);
    let tree = ReadingTree::of(document);
    for (index, (sheet, section)) in document.sheets.iter().zip(&tree.sheets).enumerate() {
        let of = Marked { sheet, painted, marks: marks_of(index, painted) };
        elements.section(section, top, &of);
    }
    elements.finish(pages)
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

impl Elements<'_> {
    fn element(&mut self, kind: &'static str, parent: Option<usize>) -> usize {
        let index = self.elements.len();
        let id = self.pdf.new_object_id();
        self.elements.push(Element { id, kind, parent, kids: Vec::new(), extra: Dictionary::new() });
        if let Some(parent) = parent {
            self.elements[parent].kids.push(Kid::Element(index));
        }
        index
    }

    /// Puts what is drawn of a cell into an element.
    fn own(&mut self, element: usize, cell: usize, of: &Marked<'_>) {
        if let Some((page, mcid)) = of.marks.get(&cell).copied() {
            self.elements[element].kids.push(Kid::Marked { page, mcid });
            self.owners[page][mcid] = Some(element);
        }
    }

    /// The element of a cell.
    fn leaf(&mut self, kind: &'static str, parent: usize, cell: usize, of: &Marked<'_>) -> usize {
        let element = self.element(kind, Some(parent));
        self.own(element, cell, of);
        element
    }

    /// What is read aloud of a cell, where that is not what is drawn.
    fn speak(&mut self, element: usize, cell: usize, of: &Marked<'_>) {
        let extra = &mut self.elements[element].extra;
        match spoken(&of.sheet.cells[cell]) {
            Spoken::AsPrinted => {}
            Spoken::InPlace(words) => extra.set("ActualText", text_string(words)),
            Spoken::Meaning(words) => extra.set("Alt", text_string(words)),
        }
    }

    fn section(&mut self, section: &Section, parent: usize, of: &Marked<'_>) {
        let own = self.element("Sect", Some(parent));
        for item in &section.items {
            match item {
                Item::Section(inner) => self.section(inner, own, of),
                Item::Heading { level, cell } => {
                    self.leaf(heading(*level), own, *cell, of);
                }
                Item::Paragraph(cells) => {
                    let paragraph = self.leaf("P", own, cells.start, of);
                    cells.clone().skip(1).for_each(|cell| self.own(paragraph, cell, of));
                }
                Item::Table(table) => self.table(table, own, of),
                Item::Contents(entries) => {
                    let list = self.element("TOC", Some(own));
                    entries.iter().for_each(|entry| self.contents_entry(entry, list, of));
                }
            }
        }
    }

    /// An entry of the contents: heading and page number, one link.
    fn contents_entry(&mut self, entry: &ContentsEntry, list: usize, of: &Marked<'_>) {
        let item = self.element("TOCI", Some(list));
        let reference = self.element("Reference", Some(item));
        let link = self.element("Link", Some(reference));
        let mut rectangle: Option<[f32; 4]> = None;
        let mut page = 0;
        for part in &entry.cells {
            let Some(mark) = of.marks.get(part) else { continue };
            self.own(link, *part, of);
            page = mark.0;
            if let Some(place) = of.painted.get(page).and_then(|(_, painted)| painted.places.get(part)) {
                let [l, b, r, t] = rectangle.unwrap_or([place.left, place.bottom, place.right, place.top]);
                rectangle =
                    Some([l.min(place.left), b.min(place.bottom), r.max(place.right), t.max(place.top)]);
            }
        }
        if let (Some(rectangle), Some(to)) = (rectangle, entry.link) {
            let id = self.pdf.new_object_id();
            let words: Vec<&str> = entry.cells.iter().map(|part| of.sheet.cells[*part].text()).collect();
            let description = format!("{}ページ", words.join(" "));
            self.elements[link].kids.push(Kid::Annotation { page, id });
            self.link_elements.push(link);
            self.links.push(LinkPlace { page, rectangle, to: (to.sheet, to.row), description, id });
        }
    }

    /// A table: its caption, then a TR for each row.
    fn table(&mut self, read: &Table, section: usize, of: &Marked<'_>) {
        let table = self.element("Table", Some(section));
        if let Some(described) = of.sheet.tables.get(read.table) {
            let summary = text_string(&described.summary);
            self.elements[table].extra.set("A", dictionary! { "O" => "Table", "Summary" => summary });
        }
        for caption in &read.captions {
            let element = self.leaf("Caption", table, *caption, of);
            self.speak(element, *caption, of);
        }
        // The scopes of heads are not enough where heads stand over heads (ISO 32000-1,
        // 14.8.5.7): then they have names, by which cells say which are theirs.
        let cells = || read.rows.iter().flatten();
        let named = cells().any(|cell| cell.kind == CellKind::ColumnHead && !cell.heads.is_empty());
        let mut names: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
        for row in &read.rows {
            let tr = self.element("TR", Some(table));
            for cell in row {
                let (kind, scope) = match cell.kind {
                    CellKind::ColumnHead => ("TH", Some("Column")),
                    CellKind::RowHead => ("TH", Some("Row")),
                    CellKind::Datum => ("TD", None),
                };
                let element = self.leaf(kind, tr, cell.cell, of);
                let mut attributes = dictionary! { "O" => "Table" };
                if let Some(scope) = scope {
                    attributes.set("Scope", scope);
                }
                for (name, span) in [("ColSpan", cell.columns), ("RowSpan", cell.rows)] {
                    if span > 1 {
                        attributes.set(name, span as i64);
                    }
                }
                if named {
                    let heads = cell.heads.iter().filter_map(|head| names.get(head));
                    let heads: Vec<Object> = heads.map(|name| Object::string_literal(name.clone())).collect();
                    if !heads.is_empty() {
                        attributes.set("Headers", heads);
                    }
                    if cell.kind != CellKind::Datum {
                        names.insert(cell.cell, self.name(element));
                    }
                }
                if attributes.len() > 1 {
                    self.elements[element].extra.set("A", attributes);
                }
                self.speak(element, cell.cell, of);
            }
        }
    }

    /// Names an element, so that others can say that they are its.
    fn name(&mut self, element: usize) -> Vec<u8> {
        let name = format!("h{element:06}").into_bytes();
        self.elements[element].extra.set("ID", Object::string_literal(name.clone()));
        self.names.insert(name.clone(), element);
        name
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

//! A reader of tagged PDF: the structure tree, and the text its marks stand for.
//!
//! Knows nothing of the writer. Reads what ISO 32000-1, 14.7 and 14.8 say a reader
//! finds: elements from the root down, marked content by page and MCID, text through
//! each font's ToUnicode, ActualText in place of what it covers.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};

/// A PDF that has been read.
pub struct Tagged {
    pub pdf: Document,
    pub pages: Vec<Page>,
    pub root: Element,
}

/// A page's text.
pub struct Page {
    pub id: ObjectId,
    /// By MCID.
    pub marked: BTreeMap<i64, String>,
    /// Of each artifact with text, in order.
    pub artifacts: Vec<String>,
}

/// An element of the structure tree.
#[derive(Debug, Clone)]
pub struct Element {
    pub id: ObjectId,
    pub kind: String,
    pub actual: Option<String>,
    pub alt: Option<String>,
    pub name: Option<Vec<u8>>,
    pub attributes: Dictionary,
    pub kids: Vec<Kid>,
}

#[derive(Debug, Clone)]
pub enum Kid {
    Element(Element),
    Mark { page: usize, mcid: i64 },
    Annotation { page: usize, id: ObjectId },
}

impl Tagged {
    pub fn read(bytes: &[u8]) -> Self {
        let pdf = Document::load_mem(bytes).unwrap();
        let pages: Vec<Page> = pdf.get_pages().into_values().map(|id| read_page(&pdf, id)).collect();
        let root = dictionary(&pdf, pdf.catalog().unwrap().get(b"StructTreeRoot").unwrap());
        let top = root.get(b"K").unwrap().as_reference().unwrap();
        let root = read_element(&pdf, &pages, top, None);
        Self { pdf, pages, root }
    }

    pub fn catalog(&self) -> &Dictionary {
        self.pdf.catalog().unwrap()
    }

    /// A dictionary, followed through a reference.
    pub fn dictionary(&self, object: &Object) -> Dictionary {
        dictionary(&self.pdf, object)
    }

    pub fn page_of(&self, id: ObjectId) -> usize {
        self.pages.iter().position(|page| page.id == id).unwrap()
    }

    /// What a screen reader says of an element.
    pub fn text(&self, element: &Element) -> String {
        if let Some(actual) = &element.actual {
            return actual.clone();
        }
        let said = |kid: &Kid| match kid {
            Kid::Element(element) => self.text(element),
            Kid::Mark { page, mcid } => {
                let found = self.pages[*page].marked.get(mcid);
                found.unwrap_or_else(|| panic!("no MCID {mcid} on page {page}")).clone()
            }
            Kid::Annotation { .. } => String::new(),
        };
        element.kids.iter().map(said).collect()
    }

    /// The number of a page as a reader shows it.
    pub fn label(&self, page: usize) -> String {
        let labels = self.dictionary(self.catalog().get(b"PageLabels").unwrap());
        let numbers = labels.get(b"Nums").unwrap().as_array().unwrap();
        let range = numbers.chunks(2).rfind(|pair| pair[0].as_i64().unwrap() <= page as i64).unwrap();
        let style = self.dictionary(&range[1]);
        let first = style.get(b"St").map_or(1, |first| first.as_i64().unwrap());
        let number = first + page as i64 - range[0].as_i64().unwrap();
        match style.get(b"S").unwrap().as_name().unwrap() {
            b"D" => number.to_string(),
            b"r" => {
                ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"][number as usize].to_owned()
            }
            other => panic!("{other:?}"),
        }
    }

    /// The bookmarks in order: level, title, page.
    pub fn outline(&self) -> Vec<(usize, String, usize)> {
        let mut entries = Vec::new();
        if let Ok(outlines) = self.catalog().get(b"Outlines") {
            self.bookmarks(&self.dictionary(outlines), 1, &mut entries);
        }
        entries
    }

    fn bookmarks(&self, parent: &Dictionary, level: usize, entries: &mut Vec<(usize, String, usize)>) {
        let mut next = parent.get(b"First").ok().cloned();
        let mut before = None;
        while let Some(at) = next {
            let entry = self.dictionary(&at);
            assert_eq!(entry.get(b"Prev").ok().cloned(), before, "the way back");
            let dest = entry.get(b"Dest").unwrap().as_array().unwrap();
            let page = self.page_of(dest[0].as_reference().unwrap());
            entries.push((level, text_string(entry.get(b"Title").unwrap()), page));
            self.bookmarks(&entry, level + 1, entries);
            next = entry.get(b"Next").ok().cloned();
            if next.is_none() {
                assert_eq!(parent.get(b"Last").unwrap(), &at);
            }
            before = Some(at);
        }
    }
}

impl Element {
    /// Every element below and this one, in order.
    pub fn all(&self) -> Vec<&Element> {
        let mut all = vec![self];
        for kid in &self.kids {
            if let Kid::Element(element) = kid {
                all.extend(element.all());
            }
        }
        all
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.kids.iter().filter_map(|kid| match kid {
            Kid::Element(element) => Some(element),
            _ => None,
        })
    }

    pub fn attribute(&self, key: &[u8]) -> Option<&Object> {
        self.attributes.get(key).ok()
    }

    pub fn span(&self, key: &[u8]) -> usize {
        self.attribute(key).map_or(1, |span| usize::try_from(span.as_i64().unwrap()).unwrap())
    }
}

fn dictionary(pdf: &Document, object: &Object) -> Dictionary {
    let (_, object) = pdf.dereference(object).unwrap();
    object.as_dict().unwrap().clone()
}

/// A text string: UTF-16 with a mark, or ASCII.
pub fn text_string(object: &Object) -> String {
    let bytes = object.as_str().unwrap();
    match bytes.strip_prefix(b"\xFE\xFF") {
        Some(units) => utf16(units),
        None => {
            assert!(bytes.is_ascii());
            String::from_utf8(bytes.to_vec()).unwrap()
        }
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
    String::from_utf16(&units).unwrap()
}

fn read_element(pdf: &Document, pages: &[Page], id: ObjectId, parent: Option<ObjectId>) -> Element {
    let own = pdf.get_dictionary(id).unwrap();
    if let Some(parent) = parent {
        assert_eq!(own.get(b"P").unwrap().as_reference().unwrap(), parent, "an element names its parent");
    }
    let text = |key: &[u8]| own.get(key).ok().map(text_string);
    let page_of = |of: &Dictionary| {
        let id = of.get(b"Pg").or_else(|_| own.get(b"Pg")).unwrap().as_reference().unwrap();
        pages.iter().position(|page| page.id == id).unwrap()
    };
    let kid = |object: &Object| match object {
        Object::Integer(mcid) => Kid::Mark { page: page_of(own), mcid: *mcid },
        Object::Reference(kid) => Kid::Element(read_element(pdf, pages, *kid, Some(id))),
        Object::Dictionary(kid) => match kid.get(b"Type").unwrap().as_name().unwrap() {
            b"MCR" => Kid::Mark { page: page_of(kid), mcid: kid.get(b"MCID").unwrap().as_i64().unwrap() },
            b"OBJR" => {
                Kid::Annotation { page: page_of(kid), id: kid.get(b"Obj").unwrap().as_reference().unwrap() }
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let kids = match own.get(b"K") {
        Ok(Object::Array(kids)) => kids.iter().map(kid).collect(),
        Ok(only) => vec![kid(only)],
        Err(_) => Vec::new(),
    };
    Element {
        id,
        kind: String::from_utf8(own.get(b"S").unwrap().as_name().unwrap().to_vec()).unwrap(),
        actual: text(b"ActualText"),
        alt: text(b"Alt"),
        name: own.get(b"ID").ok().map(|name| name.as_str().unwrap().to_vec()),
        attributes: own.get(b"A").map(|a| dictionary(pdf, a)).unwrap_or_default(),
        kids,
    }
}

/// What a piece of marked content is.
enum Mark {
    Artifact(String),
    Mcid(i64, String),
    /// With the text that stands in its place.
    Span(String),
}

fn read_page(pdf: &Document, id: ObjectId) -> Page {
    let resources = page_resources(pdf, id);
    let fonts = dictionary(pdf, resources.get(b"Font").unwrap());
    let mut maps: BTreeMap<Vec<u8>, BTreeMap<u16, String>> = BTreeMap::new();
    let mut page = Page { id, marked: BTreeMap::new(), artifacts: Vec::new() };
    let mut open: Vec<Mark> = Vec::new();
    let mut font: Vec<u8> = Vec::new();
    let content = Content::decode(&pdf.get_page_content(id)).unwrap();
    for operation in &content.operations {
        let operands = &operation.operands;
        match operation.operator.as_str() {
            "BMC" => {
                assert_eq!(operands[0].as_name().unwrap(), b"Artifact");
                open.push(Mark::Artifact(String::new()));
            }
            "BDC" => {
                let properties = operands[1].as_dict().expect("properties in place");
                open.push(match operands[0].as_name().unwrap() {
                    b"Artifact" => Mark::Artifact(String::new()),
                    b"Span" => {
                        assert!(matches!(open.last(), Some(Mark::Mcid(..) | Mark::Artifact(_))));
                        Mark::Span(text_string(properties.get(b"ActualText").unwrap()))
                    }
                    _ => {
                        assert!(open.is_empty(), "content with an MCID stands alone");
                        Mark::Mcid(properties.get(b"MCID").unwrap().as_i64().unwrap(), String::new())
                    }
                });
            }
            "EMC" => match open.pop().expect("a mark to end") {
                Mark::Artifact(text) if text.is_empty() => {}
                Mark::Artifact(text) => page.artifacts.push(text),
                Mark::Mcid(mcid, text) => {
                    assert!(page.marked.insert(mcid, text).is_none(), "MCID {mcid} twice");
                }
                Mark::Span(actual) => say(&mut open, &actual),
            },
            "Tf" => {
                font = operands[0].as_name().unwrap().to_vec();
                maps.entry(font.clone()).or_insert_with(|| to_unicode(pdf, fonts.get(&font).unwrap()));
            }
            "Tj" => show(&mut open, &maps[&font], operands[0].as_str().unwrap()),
            "TJ" => {
                for item in operands[0].as_array().unwrap() {
                    if let Object::String(codes, _) = item {
                        show(&mut open, &maps[&font], codes);
                    }
                }
            }
            "'" | "\"" | "Do" | "sh" | "BI" => panic!("{} is not looked for", operation.operator),
            "S" | "s" | "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" => {
                assert!(matches!(open.last(), Some(Mark::Artifact(_))), "a drawing outside an artifact");
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "a mark that does not end");
    page
}

fn page_resources(pdf: &Document, id: ObjectId) -> Dictionary {
    let page = pdf.get_dictionary(id).unwrap();
    dictionary(pdf, page.get(b"Resources").unwrap())
}

fn show(open: &mut [Mark], map: &BTreeMap<u16, String>, codes: &[u8]) {
    for code in codes.chunks(2) {
        let code = u16::from_be_bytes([code[0], code[1]]);
        assert_ne!(code, 0, ".notdef is drawn");
        let text = map.get(&code).unwrap_or_else(|| panic!("glyph {code} has no text"));
        // What an ActualText covers is not said.
        if !matches!(open.last(), Some(Mark::Span(_))) {
            say(open, text);
        }
    }
}

fn say(open: &mut [Mark], text: &str) {
    match open.last_mut().expect("text outside any mark") {
        Mark::Artifact(said) | Mark::Mcid(_, said) => said.push_str(text),
        Mark::Span(_) => panic!("a Span in a Span"),
    }
}

/// The ToUnicode map of a font: glyph to text.
fn to_unicode(pdf: &Document, font: &Object) -> BTreeMap<u16, String> {
    let font = dictionary(pdf, font);
    let (_, stream) = pdf.dereference(font.get(b"ToUnicode").unwrap()).unwrap();
    let stream = stream.as_stream().unwrap();
    let plain = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
    let text = String::from_utf8(plain).unwrap();
    let mut map = BTreeMap::new();
    let hex = |word: &str| -> Vec<u8> {
        let digits = word.trim_matches(['<', '>']);
        (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
    };
    let code = |word: &str| {
        let bytes = hex(word);
        u16::from_be_bytes([bytes[0], bytes[1]])
    };
    for (kind, size) in [("bfchar", 2), ("bfrange", 3)] {
        for section in text.split(&format!("begin{kind}")).skip(1) {
            let body = section.split(&format!("end{kind}")).next().unwrap();
            assert!(!body.contains('['), "ranges of lists are not looked for");
            let words: Vec<&str> =
                body.split(|c: char| c.is_whitespace()).filter(|w| !w.is_empty()).collect();
            for entry in words.chunks(size) {
                let (first, last) = (code(entry[0]), code(entry[size - 2]));
                for at in first..=last {
                    let mut target = hex(entry[size - 1]);
                    let end = target.len() - 1;
                    target[end] += u8::try_from(at - first).unwrap();
                    map.insert(at, utf16(&target));
                }
            }
        }
    }
    map
}

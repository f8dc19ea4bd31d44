//! The PDF, read back through its structure tree by a reader of our own.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod plans;
mod properties;
mod reading;
mod tagged;

use std::collections::{BTreeMap, BTreeSet};

use jisseki::layout::grid::Role;
use jisseki::render::{Meta, pdf};
use lopdf::Object;
use plans::{
    Draft, IndicatorDraft, MeasureDraft, ProjectDraft, Set, blocks_without_baseline, draft, fonts, real, set,
};
use proptest::prelude::*;
use tagged::{Element, Kid, Tagged, text_string};

fn meta() -> Meta {
    Meta {
        title: "実績一覧 <案> & 𠮷".to_owned(),
        author: "根室市".to_owned(),
        subject: "総合戦略".to_owned(),
        keywords: vec!["KPI".to_owned(), "実績".to_owned()],
        date: chrono::NaiveDate::from_ymd_opt(2024, 6, 10).unwrap(),
        program: jisseki::render::Program::this(),
    }
}

fn bytes(set: &Set) -> Vec<u8> {
    pdf::to_bytes(&set.document, fonts(), &meta()).unwrap()
}

/// All properties of a tagged document at once.
fn hold(set: &Set, pdf: &Tagged) {
    assert_eq!(pdf.pages.len(), set.document.page_count());
    let said = reading::said(&set.document);
    let said: Vec<_> = said.into_iter().map(|(depth, kind, text)| (depth, kind.to_owned(), text)).collect();
    assert_eq!(elements(pdf, &pdf.root, 0), said, "the structure is the reading tree");
    every_mark_has_one_owner(pdf);
    tables_are_regular(pdf);
    bookmarks_are_the_headings(pdf);
    pages_bear_their_numbers(set, pdf);
    links_lead_where_they_say(pdf);
}

/// Every element with its depth and its kind, and what is said of those that hold text.
fn elements(pdf: &Tagged, element: &Element, depth: usize) -> Vec<(usize, String, String)> {
    let holds_text = element.elements().next().is_none();
    let text = if holds_text { pdf.text(element) } else { String::new() };
    let own = (depth, element.kind.clone(), text);
    let inner = element.elements().flat_map(|inner| elements(pdf, inner, depth + 1));
    std::iter::once(own).chain(inner).collect()
}

/// MCIDs are unique on their page (the reader refuses others), each belongs to one
/// element, and the parent tree names that element.
fn every_mark_has_one_owner(pdf: &Tagged) {
    let mut owners: BTreeMap<(usize, i64), lopdf::ObjectId> = BTreeMap::new();
    let mut annotations: BTreeMap<lopdf::ObjectId, (usize, lopdf::ObjectId)> = BTreeMap::new();
    for element in pdf.root.all() {
        for kid in &element.kids {
            match kid {
                Kid::Mark { page, mcid } => {
                    assert!(
                        owners.insert((*page, *mcid), element.id).is_none(),
                        "{page}/{mcid} has two owners"
                    );
                }
                Kid::Annotation { page, id } => {
                    annotations.insert(*id, (*page, element.id));
                }
                Kid::Element(_) => {}
            }
        }
    }
    let marked: BTreeSet<(usize, i64)> = pdf
        .pages
        .iter()
        .enumerate()
        .flat_map(|(at, page)| page.marked.keys().map(move |mcid| (at, *mcid)))
        .collect();
    assert_eq!(owners.keys().copied().collect::<BTreeSet<_>>(), marked, "every mark is in the tree");

    let root = pdf.dictionary(pdf.catalog().get(b"StructTreeRoot").unwrap());
    let tree = pdf.dictionary(root.get(b"ParentTree").unwrap());
    let numbers = tree.get(b"Nums").unwrap().as_array().unwrap();
    let tree: BTreeMap<i64, &Object> =
        numbers.chunks(2).map(|pair| (pair[0].as_i64().unwrap(), &pair[1])).collect();
    assert_eq!(tree.len() * 2, numbers.len(), "no key twice");
    let mut found = BTreeMap::new();
    for (at, page) in pdf.pages.iter().enumerate() {
        let own = pdf.pdf.get_dictionary(page.id).unwrap();
        let key = own.get(b"StructParents").unwrap().as_i64().unwrap();
        for (mcid, owner) in tree[&key].as_array().unwrap().iter().enumerate() {
            found.insert((at, mcid as i64), owner.as_reference().unwrap());
        }
        for annotation in own.get(b"Annots").map(|a| a.as_array().unwrap().clone()).unwrap_or_default() {
            let id = annotation.as_reference().unwrap();
            let key = pdf.dictionary(&annotation).get(b"StructParent").unwrap().as_i64().unwrap();
            let owner = tree[&key].as_reference().unwrap();
            assert_eq!(annotations.remove(&id), Some((at, owner)), "a link and its element");
        }
    }
    assert_eq!(found, owners, "the parent tree");
    assert!(annotations.is_empty(), "links that stand on no page");
}

/// Every row of a table has the same number of columns, spans counted; every TH says
/// of what it is the head; named heads exist.
fn tables_are_regular(pdf: &Tagged) {
    let names: BTreeSet<Vec<u8>> = pdf.root.all().iter().filter_map(|e| e.name.clone()).collect();
    for table in pdf.root.all().into_iter().filter(|element| element.kind == "Table") {
        let rows: Vec<&Element> = table.elements().filter(|element| element.kind == "TR").collect();
        let mut reaching: Vec<(usize, usize)> = Vec::new();
        let mut widths = Vec::new();
        for row in &rows {
            let own: usize = row.elements().map(|cell| cell.span(b"ColSpan")).sum();
            let above: usize = reaching.iter().map(|(columns, _)| *columns).sum();
            widths.push(own + above);
            reaching.iter_mut().for_each(|(_, rows)| *rows -= 1);
            reaching.extend(row.elements().map(|cell| (cell.span(b"ColSpan"), cell.span(b"RowSpan") - 1)));
            reaching.retain(|(_, rows)| *rows > 0);
            for cell in row.elements() {
                let scope = cell.attribute(b"Scope").map(|scope| scope.as_name().unwrap().to_vec());
                match cell.kind.as_str() {
                    "TH" => assert!(scope.is_some_and(|scope| scope == b"Row" || scope == b"Column")),
                    "TD" => assert_eq!(scope, None),
                    other => panic!("{other} in a row"),
                }
                for head in cell.attribute(b"Headers").map_or(&[][..], |heads| heads.as_array().unwrap()) {
                    assert!(names.contains(head.as_str().unwrap()), "{head:?}");
                }
            }
        }
        assert!(reaching.is_empty(), "a cell reaches below its table");
        assert!(rows.len() > 1 && widths.windows(2).all(|pair| pair[0] == pair[1]), "{widths:?}");
    }
}

fn page_of(element: &Element) -> usize {
    match element.kids.first() {
        Some(Kid::Mark { page, .. }) => *page,
        other => panic!("{other:?}"),
    }
}

fn bookmarks_are_the_headings(pdf: &Tagged) {
    let headings: Vec<(usize, String, usize)> = pdf
        .root
        .all()
        .into_iter()
        .filter_map(|element| {
            let level = ["H1", "H2", "H3"].iter().position(|kind| *kind == element.kind)?;
            Some((level + 1, pdf.text(element), page_of(element)))
        })
        .collect();
    assert_eq!(without_breaks(pdf.outline()), headings);
    let open =
        pdf.dictionary(pdf.catalog().get(b"Outlines").unwrap()).get(b"Count").unwrap().as_i64().unwrap();
    assert_eq!(open as usize, headings.iter().filter(|(level, ..)| *level < 3).count(), "shown at first");
}

/// Dots lead from every heading of the contents to its number, and nobody hears of them.
fn leaders_are_artifacts(set: &Set, pdf: &Tagged) {
    let of = |role: Role| set.document.sheets[0].cells.iter().filter(|cell| cell.role == role).count();
    let contents = &pdf.pages[..set.document.sheets[0].pages.len()];
    let are_dots = |text: &&String| !text.is_empty() && text.chars().all(|c| c == '…');
    let leaders = contents.iter().flat_map(|page| &page.artifacts).filter(are_dots).count();
    assert_eq!((leaders, leaders), (of(Role::ContentsEntry), of(Role::ContentsPage)));
    assert!(
        leaders > 20 && !pdf.pages.iter().any(|page| page.marked.values().any(|text| text.contains("……")))
    );
}

fn without_breaks(entries: Vec<(usize, String, usize)>) -> Vec<(usize, String, usize)> {
    entries.into_iter().map(|(level, title, page)| (level, title.replace('\n', ""), page)).collect()
}

/// The number at the foot is the number a reader shows.
fn pages_bear_their_numbers(set: &Set, pdf: &Tagged) {
    let numbered: Vec<bool> = set
        .document
        .sheets
        .iter()
        .flat_map(|sheet| vec![sheet.first_page.is_some(); sheet.pages.len()])
        .collect();
    for (at, page) in pdf.pages.iter().enumerate().filter(|(at, _)| numbered[*at]) {
        assert_eq!(page.artifacts.last(), Some(&format!("− {} −", pdf.label(at))));
    }
}

/// Each entry of the contents leads to the page whose number it prints.
fn links_lead_where_they_say(pdf: &Tagged) {
    for link in pdf.root.all().into_iter().filter(|element| element.kind == "Link") {
        let text = pdf.text(link);
        let annotation = link.kids.iter().find_map(|kid| match kid {
            Kid::Annotation { id, .. } => Some(pdf.pdf.get_dictionary(*id).unwrap()),
            _ => None,
        });
        let annotation = annotation.expect("a link has an annotation");
        let dest = annotation.get(b"Dest").unwrap().as_array().unwrap();
        let to = pdf.page_of(dest[0].as_reference().unwrap());
        let Some(Kid::Mark { page, mcid }) = link.kids.iter().rfind(|kid| matches!(kid, Kid::Mark { .. }))
        else {
            panic!("a link has text")
        };
        assert_eq!(pdf.pages[*page].marked[mcid], pdf.label(to), "{text}");
        let heading = text.strip_suffix(&pdf.label(to)).unwrap();
        let contents = text_string(annotation.get(b"Contents").unwrap()).replace('\n', "");
        assert_eq!(contents, format!("{heading} {}ページ", pdf.label(to)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_structure_is_the_reading_tree(draft in draft(), baseline: bool) {
        let less = || format!("[contents]\nlevels = 0\n{}", blocks_without_baseline());
        let template = if baseline { String::new() } else { less() };
        if let Ok(set) = set(&draft, &template) {
            hold(&set, &Tagged::read(&bytes(&set)));
        }
    }
}

/// The real plan, as it is handed to the council.
#[test]
fn the_structure_of_the_real_plan_is_its_reading_tree() {
    let set = real();
    let written = bytes(&set);
    let tagged = Tagged::read(&written);
    hold(&set, &tagged);
    leaders_are_artifacts(&set, &tagged);
    assert!(written.len() < 600_000, "{} bytes", written.len());
    assert!(written == bytes(&set), "the same bytes on two runs");
}

/// Characters outside the BMP, without a glyph, with a variation selector, with
/// joiners: what is read and copied is what the master says.
#[test]
fn rare_characters_are_read_exactly() {
    for text in [
        "𩸽と𠮷野",
        "さけ🐟鮭",
        "葛\u{E0100}飾区",
        "辻\u{E0100}と辻と辻\u{E0101}、芦\u{E0100}\u{E0101}屋",
        // One glyph of the font shows both.
        "神\u{FE00}と\u{FA19}と神",
        "葛\u{E0110}葛\u{E0100}\u{200B}",
        "☎\u{FE0E}\u{E0100}",
        "👨\u{200D}👩\u{200D}👧の家",
        "e\u{301}",
        "ﾊﾟﾊﾞ",
        "\u{E000}外字",
    ] {
        let mut project = ProjectDraft::new(text, 1);
        project.name = text.to_owned();
        project.indicators[0].name = text.to_owned();
        let indicators = vec![IndicatorDraft::new(text)];
        let measure =
            MeasureDraft { name: text.to_owned(), indicators, projects: vec![project], reprint: None };
        let set = set(&Draft::of(vec![measure]), "").unwrap();
        hold(&set, &Tagged::read(&bytes(&set)));
    }
}

/// What the file says of itself, twice: the XMP metadata and the information dictionary.
#[test]
fn the_metadata_agree() {
    let set = set(&Draft::of(vec![]), "").unwrap();
    let pdf = Tagged::read(&bytes(&set));
    let info = pdf.dictionary(pdf.pdf.trailer.get(b"Info").unwrap());
    let info = |key: &[u8]| text_string(info.get(key).unwrap());
    let (_, xmp) = pdf.pdf.dereference(pdf.catalog().get(b"Metadata").unwrap()).unwrap();
    let xmp = xmp.as_stream().unwrap();
    assert!(!xmp.dict.has(b"Filter"), "read without knowing PDF");
    let xmp = String::from_utf8(xmp.content.clone()).unwrap();
    let tagged = |name: &str| -> String {
        let inside =
            xmp.split(&format!("<{name}>")).nth(1).unwrap().split(&format!("</{name}>")).next().unwrap();
        let plain: String = inside
            .split('<')
            .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
            .collect::<Vec<_>>()
            .join("");
        plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").trim().to_owned()
    };
    assert_eq!((info(b"Title"), tagged("dc:title")), (meta().title, meta().title));
    assert_eq!((info(b"Author"), tagged("dc:creator")), ("根室市".into(), "根室市".into()));
    assert_eq!((info(b"Subject"), tagged("dc:description")), ("総合戦略".into(), "総合戦略".into()));
    assert_eq!((info(b"Keywords"), tagged("pdf:Keywords")), ("KPI, 実績".into(), "KPI, 実績".into()));
    assert_eq!((info(b"Creator"), tagged("xmp:CreatorTool")), ("jisseki".into(), "jisseki".into()));
    assert_eq!(info(b"Producer"), tagged("pdf:Producer"));
    assert_eq!(info(b"CreationDate"), "D:20240610000000+09'00'");
    assert_eq!(info(b"ModDate"), info(b"CreationDate"));
    for name in ["xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"] {
        assert_eq!(tagged(name), "2024-06-10T00:00:00+09:00");
    }
    for (name, value) in [("pdfaid:part", "2"), ("pdfaid:conformance", "A"), ("pdfuaid:part", "1")] {
        assert_eq!(tagged(name), value);
    }
}

/// Language, title bar, marks, tab order, and an identifier made from the content.
#[test]
fn the_catalogue_says_what_readers_ask() {
    let of = |draft: &Draft| Tagged::read(&bytes(&set(draft, "").unwrap()));
    let pdf = of(&Draft::of(vec![]));
    let catalog = pdf.catalog();
    assert_eq!(text_string(catalog.get(b"Lang").unwrap()), "ja-JP");
    assert_eq!(catalog.get(b"PageMode").unwrap().as_name().unwrap(), b"UseOutlines");
    let marked = pdf.dictionary(catalog.get(b"MarkInfo").unwrap());
    assert_eq!(marked.get(b"Marked").unwrap(), &Object::Boolean(true));
    let viewer = pdf.dictionary(catalog.get(b"ViewerPreferences").unwrap());
    assert_eq!(viewer.get(b"DisplayDocTitle").unwrap(), &Object::Boolean(true));
    for page in &pdf.pages {
        assert_eq!(pdf.pdf.get_dictionary(page.id).unwrap().get(b"Tabs").unwrap().as_name().unwrap(), b"S");
    }
    let id = |pdf: &Tagged| {
        let both = pdf.pdf.trailer.get(b"ID").unwrap().as_array().unwrap().clone();
        assert!(both.len() == 2 && both[0] == both[1] && both[0].as_str().unwrap().len() == 16);
        both[0].as_str().unwrap().to_vec()
    };
    let other = of(&Draft { title: "別の文書".to_owned(), ..Draft::of(vec![]) });
    assert_eq!(id(&pdf), id(&of(&Draft::of(vec![]))));
    assert_ne!(id(&pdf), id(&other));
}

/// Empty years and 「—」 are read as words.
#[test]
fn what_is_not_a_figure_is_read_as_words() {
    let mut indicator = IndicatorDraft::new("就業者数");
    indicator.figures = vec!["17人", "", "—", "調査中", "△3.2%"];
    let measure =
        MeasureDraft { name: "施策".into(), indicators: vec![indicator], projects: vec![], reprint: None };
    let pdf = Tagged::read(&bytes(&set(&Draft::of(vec![measure]), "").unwrap()));
    let cells: Vec<(String, Option<String>)> = pdf
        .root
        .all()
        .into_iter()
        .filter(|element| element.kind == "TD")
        .map(|cell| (pdf.text(cell), cell.alt.clone()))
        .collect();
    let not_applicable = ("—".to_owned(), Some("該当なし".to_owned()));
    let plain = |text: &str| (text.to_owned(), None);
    assert_eq!(cells, [plain("17人"), plain("未報告"), not_applicable, plain("調査中"), plain("△3.2%")]);
}

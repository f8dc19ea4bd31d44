//! What the library leaves out of an .xlsx and a clerk may have meant: notes and
//! threads of comments, text boxes, struck letters, hidden rows, joined cells.
//!
//! Parts are found by the package's own relationships (ECMA-376 part 2, 9.3), each
//! sheet's by the name on its tab.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Cursor, Read};

use super::book::{At, Note, NoteKind, Rich, Struck};
use super::guard::MOST_CELLS;
use super::xml::{Piece, attribute, says_yes, walk};

/// Notes of a sheet that are kept; nobody reads more.
const MOST_NOTES: usize = 2_000;
/// Joined areas of a sheet that are kept.
const MOST_MERGED: usize = 20_000;

/// What is noted of one sheet.
#[derive(Debug, Default)]
pub(super) struct Traces {
    pub notes: Vec<Note>,
    /// Cells whose text is in several runs.
    pub rich: BTreeMap<At, Rich>,
    pub hidden_rows: BTreeSet<u32>,
    pub hidden_columns: Vec<(u32, u32)>,
    pub merged: Vec<(At, At)>,
}

/// The traces of every sheet, by the name on its tab.
pub(super) fn traces(bytes: &[u8]) -> HashMap<String, Traces> {
    let Some(mut package) = Package::open(bytes) else { return HashMap::new() };
    let workbook = package
        .related("")
        .into_iter()
        .find(|part| part.kind == "officeDocument")
        .map_or("xl/workbook.xml".to_owned(), |part| part.target);
    let targets: HashMap<String, Related> =
        package.related(&workbook).into_iter().map(|part| (part.id.clone(), part)).collect();
    let strings = targets.values().find(|part| part.kind == "sharedStrings").map(|part| part.target.clone());
    let strings = strings.and_then(|part| package.part(&part)).map(|text| rich_strings(&text));
    let mut sheets: Vec<(String, String)> = Vec::new();
    walk(&package.part(&workbook).unwrap_or_default(), |piece| {
        if let Piece::Open(tag) = piece
            && tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(tag, "name"), relationship(tag))
            && let Some(part) = targets.get(&id)
        {
            sheets.push((name, part.target.clone()));
        }
    });
    let strings = strings.unwrap_or_default();
    sheets.into_iter().map(|(name, part)| (name, package.sheet(&part, &strings))).collect()
}

/// `r:id`; a sheet has an `id`-like attribute of its own (`sheetId`).
fn relationship(tag: &quick_xml::events::BytesStart<'_>) -> Option<String> {
    attribute(tag, "id")
}

/// A part that another one refers to.
struct Related {
    id: String,
    /// The last word of its type: `comments`, `drawing`.
    kind: String,
    target: String,
}

struct Package<'a> {
    archive: zip::ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Package<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        Some(Self { archive: zip::ZipArchive::new(Cursor::new(bytes)).ok()? })
    }

    /// The text of a part; its size was measured before.
    fn part(&mut self, name: &str) -> Option<Vec<u8>> {
        let found =
            self.archive.file_names().flatten().find(|known| known.eq_ignore_ascii_case(name))?.to_string();
        let mut text = Vec::new();
        self.archive.by_name(&found).ok()?.read_to_end(&mut text).ok()?;
        Some(text)
    }

    /// What `part` refers to; the package itself for an empty name.
    fn related(&mut self, part: &str) -> Vec<Related> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let at = if folder.is_empty() {
            format!("_rels/{file}.rels")
        } else {
            format!("{folder}/_rels/{file}.rels")
        };
        let mut all = Vec::new();
        walk(&self.part(&at).unwrap_or_default(), |piece| {
            let Piece::Open(tag) = piece else { return };
            let (Some(id), Some(kind), Some(target)) =
                (attribute(tag, "Id"), attribute(tag, "Type"), attribute(tag, "Target"))
            else {
                return;
            };
            if attribute(tag, "TargetMode").as_deref() != Some("External") {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                all.push(Related { id, kind, target: resolved(folder, &target) });
            }
        });
        all
    }

    fn sheet(&mut self, part: &str, strings: &HashMap<usize, Rich>) -> Traces {
        let mut traces = self.part(part).map(|text| cells(&text, strings)).unwrap_or_default();
        let related = self.related(part);
        let of = |kind: &'static str| related.iter().filter(move |part| part.kind == kind);
        for part in of("threadedComment") {
            threads(&self.part(&part.target).unwrap_or_default(), &mut traces.notes);
        }
        for part in of("comments") {
            comments(&self.part(&part.target).unwrap_or_default(), &mut traces.notes);
        }
        for part in of("drawing") {
            shapes(&self.part(&part.target).unwrap_or_default(), &mut traces.notes);
            // Charts and diagrams keep their texts in parts of their own.
            for inner in self.related(&part.target) {
                if matches!(inner.kind.as_str(), "chart" | "diagramData") {
                    texts(&self.part(&inner.target).unwrap_or_default(), &mut traces.notes);
                }
            }
        }
        for part in of("vmlDrawing") {
            old_shapes(&self.part(&part.target).unwrap_or_default(), &mut traces.notes);
        }
        traces.notes.truncate(MOST_NOTES);
        traces
    }
}

/// A target as a part's name: relative to the folder of the part that names it.
fn resolved(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/').filter(|step| !step.is_empty() && *step != ".") {
        if step == ".." {
            steps.pop();
        } else {
            steps.push(step);
        }
    }
    steps.join("/")
}

/// Runs of a text while they are read.
#[derive(Default)]
struct Runs {
    kept: String,
    struck: String,
    is_struck: bool,
    is_raised: bool,
    raised: bool,
    /// Of the run, and of the runs that had any.
    own_colour: Option<u32>,
    colour: Option<u32>,
    /// Readings above the letters are no text of their own.
    in_reading: bool,
    in_text: bool,
}

impl Runs {
    fn open(&mut self, tag: &quick_xml::events::BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "r" => (self.is_struck, self.is_raised, self.own_colour) = (false, false, None),
            "strike" => self.is_struck = attribute(tag, "val").is_none() || says_yes(tag, "val"),
            "vertAlign" => {
                let how = attribute(tag, "val");
                self.is_raised = matches!(how.as_deref(), Some("superscript" | "subscript"));
            }
            "color" => {
                let rgb = attribute(tag, "rgb").and_then(|rgb| u32::from_str_radix(&rgb, 16).ok());
                self.own_colour = rgb.map(|rgb| rgb & 0x00FF_FFFF).filter(|rgb| *rgb != 0);
            }
            "rPh" => self.in_reading = true,
            "t" => self.in_text = true,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !self.in_text || self.in_reading {
            return;
        }
        if self.is_struck { &mut self.struck } else { &mut self.kept }.push_str(text);
        if !text.trim().is_empty() {
            self.raised |= self.is_raised;
            self.colour = self.colour.or(self.own_colour);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "r" => (self.is_struck, self.is_raised, self.own_colour) = (false, false, None),
            "rPh" => self.in_reading = false,
            "t" => self.in_text = false,
            _ => {}
        }
    }

    fn finish(self) -> Rich {
        Rich { struck: Struck::of(&self.struck, self.kept), raised: self.raised, colour: self.colour }
    }
}

/// Which of the shared strings say more than their letters.
fn rich_strings(text: &[u8]) -> HashMap<usize, Rich> {
    let mut found = HashMap::new();
    if memchr::memmem::find(text, b"rPr").is_none() {
        return found;
    }
    let (mut at, mut runs) = (0usize, Runs::default());
    walk(text, |piece| match piece {
        Piece::Open(tag) if tag.local_name().as_ref() == "si" => runs = Runs::default(),
        Piece::Open(tag) => runs.open(tag),
        Piece::Text(text) => runs.text(text),
        Piece::Close("si") => {
            let rich = std::mem::take(&mut runs).finish();
            if rich != Rich::default() {
                found.insert(at, rich);
            }
            at += 1;
        }
        Piece::Close(name) => runs.close(name),
    });
    found
}

/// A sheet's own part: hidden rows, joined cells, cells whose text is struck.
fn cells(text: &[u8], strings: &HashMap<usize, Rich>) -> Traces {
    let mut traces = Traces::default();
    let (mut row, mut column) = (0u32, 0u32);
    let (mut at, mut is_shared, mut in_value) = ((0, 0), false, false);
    let mut value = String::new();
    let mut inline: Option<Runs> = None;
    let mut margin: Option<String> = None;
    walk(text, |piece| match piece {
        Piece::Open(tag) => match tag.local_name().as_ref() {
            name if name.ends_with("Header") || name.ends_with("Footer") => margin = Some(String::new()),
            "row" => {
                let given = attribute(tag, "r").and_then(|r| r.parse::<u32>().ok());
                row = given.and_then(|r| r.checked_sub(1)).unwrap_or(row);
                column = 0;
                let no_height = attribute(tag, "ht").is_some_and(|height| height.trim().parse() == Ok(0.0));
                if (says_yes(tag, "hidden") || no_height) && traces.hidden_rows.len() < MOST_CELLS as usize {
                    traces.hidden_rows.insert(row);
                }
            }
            "col" if says_yes(tag, "hidden") && traces.hidden_columns.len() < MOST_MERGED => {
                let number = |name: &str| attribute(tag, name)?.trim().parse::<u32>().ok()?.checked_sub(1);
                traces.hidden_columns.extend(number("min").zip(number("max")));
            }
            "c" => {
                at = attribute(tag, "r").and_then(|r| cell(&r)).unwrap_or((row, column));
                column = at.1 + 1;
                is_shared = attribute(tag, "t").as_deref() == Some("s");
                value.clear();
            }
            "v" => in_value = true,
            "is" => inline = Some(Runs::default()),
            "mergeCell" if traces.merged.len() < MOST_MERGED => {
                traces.merged.extend(attribute(tag, "ref").and_then(|area| area_of(&area)));
            }
            _ => {
                if let Some(runs) = &mut inline {
                    runs.open(tag);
                }
            }
        },
        Piece::Text(text) => {
            if let Some(margin) = &mut margin {
                margin.push_str(text);
            } else if in_value && is_shared && value.len() < 20 {
                value.push_str(text);
            } else if let Some(runs) = &mut inline {
                runs.text(text);
            }
        }
        Piece::Close("v") => in_value = false,
        Piece::Close("is") => {
            let rich = inline.take().unwrap_or_default().finish();
            if rich != Rich::default() {
                traces.rich.insert(at, rich);
            }
        }
        Piece::Close("c") => {
            if let Some(rich) = value.trim().parse().ok().and_then(|index: usize| strings.get(&index)) {
                traces.rich.insert(at, rich.clone());
            }
        }
        Piece::Close("row") => row = row.saturating_add(1),
        Piece::Close(name) if name.ends_with("Header") || name.ends_with("Footer") => {
            let said = margin_text(&margin.take().unwrap_or_default());
            push(&mut traces.notes, None, NoteKind::Margin, &said);
        }
        Piece::Close(name) => {
            if let Some(runs) = &mut inline {
                runs.close(name);
            }
        }
    });
    traces
}

/// What a header or a footer says beside page numbers and dates (ECMA-376 part 1,
/// 18.3.1.46: `&L&9…&P / &N`); empty where it says nothing else.
fn margin_text(code: &str) -> String {
    let mut out = String::new();
    let mut letters = code.chars().peekable();
    while let Some(c) = letters.next() {
        if c != '&' {
            out.push(c);
            continue;
        }
        match letters.next() {
            Some('&') => out.push('&'),
            Some('"') => drop(letters.by_ref().find(|c| *c == '"')),
            Some('K') => letters.by_ref().take(6).for_each(drop),
            Some('L' | 'C' | 'R') => out.push(' '),
            Some('0'..='9') => while letters.next_if(char::is_ascii_digit).is_some() {},
            _ => {}
        }
    }
    let text = out.trim_matches(|c: char| c.is_whitespace() || c == '/' || c == '−' || c == '-');
    if text.chars().any(char::is_alphanumeric) { text.to_owned() } else { String::new() }
}

/// Notes on cells. What stands there for a thread of comments is passed over where the
/// thread itself has been read.
fn comments(text: &[u8], notes: &mut Vec<Note>) {
    let threads = notes.len();
    let mut authors: Vec<String> = Vec::new();
    let (mut in_author, mut in_text, mut in_reading) = (false, false, false);
    let mut at = None;
    let mut of_thread = false;
    let mut said = String::new();
    walk(text, |piece| match piece {
        Piece::Open(tag) => match tag.local_name().as_ref() {
            "author" => {
                in_author = true;
                authors.push(String::new());
            }
            "comment" => {
                at = attribute(tag, "ref").and_then(|r| cell(&r));
                let author = attribute(tag, "authorId").and_then(|id| id.parse::<usize>().ok());
                let author = author.and_then(|id| authors.get(id)).map_or("", String::as_str);
                of_thread = author.starts_with("tc=") && threads > 0;
                said.clear();
            }
            "t" => in_text = true,
            "rPh" => in_reading = true,
            _ => {}
        },
        Piece::Text(text) => {
            if in_author && let Some(author) = authors.last_mut() {
                author.push_str(text);
            } else if in_text && !in_reading {
                said.push_str(text);
            }
        }
        Piece::Close("author") => in_author = false,
        Piece::Close("t") => in_text = false,
        Piece::Close("rPh") => in_reading = false,
        Piece::Close("comment") => {
            if !of_thread {
                push(notes, at, NoteKind::Comment, &said);
            }
        }
        Piece::Close(_) => {}
    });
}

/// Threads of comments on cells: one note each comment.
fn threads(text: &[u8], notes: &mut Vec<Note>) {
    let (mut at, mut in_text, mut said) = (None, false, String::new());
    walk(text, |piece| match piece {
        Piece::Open(tag) => match tag.local_name().as_ref() {
            "threadedComment" => {
                at = attribute(tag, "ref").and_then(|r| cell(&r));
                said.clear();
            }
            "text" => in_text = true,
            _ => {}
        },
        Piece::Text(text) if in_text => said.push_str(text),
        Piece::Close("text") => in_text = false,
        Piece::Close("threadedComment") => push(notes, at, NoteKind::Comment, &said),
        _ => {}
    });
}

/// Text in shapes, each with the cell on which the shape begins.
fn shapes(text: &[u8], notes: &mut Vec<Note>) {
    let (mut row, mut column) = (None, None);
    let (mut in_from, mut in_text) = (false, false);
    let mut digits = String::new();
    let mut said = String::new();
    walk(text, |piece| match piece {
        Piece::Open(tag) => match tag.local_name().as_ref() {
            "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" => {
                (row, column) = (None, None);
                said.clear();
            }
            "from" => in_from = true,
            "t" => in_text = true,
            "br" => said.push('\n'),
            _ => digits.clear(),
        },
        Piece::Text(text) if in_text => said.push_str(text),
        Piece::Text(text) if in_from => digits.push_str(text),
        Piece::Close("row") if in_from => row = digits.trim().parse().ok(),
        Piece::Close("col") if in_from => column = digits.trim().parse().ok(),
        Piece::Close("from") => in_from = false,
        Piece::Close("t") => in_text = false,
        Piece::Close("p") if !said.is_empty() => said.push('\n'),
        Piece::Close("twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor") => {
            push(notes, row.zip(column), NoteKind::Shape, &said);
        }
        _ => {}
    });
}

/// All the text of a chart or a diagram.
fn texts(text: &[u8], notes: &mut Vec<Note>) {
    let (mut in_text, mut said) = (false, String::new());
    walk(text, |piece| match piece {
        Piece::Open(tag) => in_text |= tag.local_name().as_ref() == "t",
        Piece::Text(text) if in_text => said.push_str(text),
        Piece::Close("t") => in_text = false,
        Piece::Close("p") if !said.is_empty() => said.push('\n'),
        _ => {}
    });
    push(notes, None, NoteKind::Shape, &said);
}

/// Text in shapes of the older kind. The boxes of notes are among them; their text has
/// been read where it belongs.
fn old_shapes(text: &[u8], notes: &mut Vec<Note>) {
    let (mut in_box, mut is_note) = (false, false);
    let mut said = String::new();
    walk(text, |piece| match piece {
        Piece::Open(tag) => match tag.local_name().as_ref() {
            "shape" | "rect" | "roundrect" | "oval" | "polyline" | "line" => {
                is_note = false;
                said.clear();
            }
            "textbox" => in_box = true,
            // Letters that are drawn along a line.
            "textpath" => said.push_str(&attribute(tag, "string").unwrap_or_default()),
            "br" if in_box => said.push('\n'),
            "ClientData" => is_note = attribute(tag, "ObjectType").as_deref() == Some("Note"),
            _ => {}
        },
        Piece::Text(text) if in_box => said.push_str(text.trim()),
        Piece::Close("textbox") => in_box = false,
        Piece::Close("shape" | "rect" | "roundrect" | "oval" | "polyline" | "line") => {
            if !is_note {
                push(notes, None, NoteKind::Shape, &said);
            }
            said.clear();
        }
        _ => {}
    });
}

fn push(notes: &mut Vec<Note>, at: Option<At>, kind: NoteKind, text: &str) {
    let text = text.trim();
    if !text.is_empty() && notes.len() < MOST_NOTES {
        notes.push(Note { at, kind, text: text.to_owned() });
    }
}

/// `J10` as row and column from 0.
fn cell(name: &str) -> Option<At> {
    let name = name.trim().replace('$', "");
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = name.split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let letter = |byte: u8| u32::from(byte.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().fold(0, |sum, byte| sum * 26 + letter(byte));
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column - 1))
}

fn area_of(area: &str) -> Option<(At, At)> {
    let (first, last) = area.split_once(':').unwrap_or((area, area));
    Some((cell(first)?, cell(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_margin_says_what_is_no_code() {
        for (code, expected) in [
            ("&L&9令和5年度　水産課&C&9&P / &N", "令和5年度　水産課"),
            ("&C− &P −", ""),
            ("&L&\"BIZ UDゴシック,標準\"&K00-022速報値&R&D", "速報値"),
            ("&CA && B", "A & B"),
        ] {
            assert_eq!(margin_text(code), expected, "{code}");
        }
    }

    #[test]
    fn cells_and_targets_are_named_as_in_a_package() {
        assert_eq!(cell("J10"), Some((9, 9)));
        assert_eq!(cell("$AA$1"), Some((0, 26)));
        assert_eq!((cell("10"), cell("A0"), cell("ABCD1"), cell("é1")), (None, None, None, None));
        assert_eq!(area_of("K10:K12"), Some(((9, 10), (11, 10))));
        assert_eq!(resolved("xl/worksheets", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolved("xl", "/xl/worksheets/a.xml"), "xl/worksheets/a.xml");
    }

    #[test]
    fn struck_and_raised_letters_are_told_from_the_others() {
        let strings = rich_strings(
            "<sst><si><t>5</t></si><si><r><rPr><strike/></rPr><t>5</t></r><r><t>6人</t></r></si>\
             <si><r><rPr><strike val=\"1\"/></rPr><t>7</t></r><rPh><t>ナナ</t></rPh></si>\
             <si><r><rPr><strike val=\"0\"/></rPr><t>8</t></r></si>\
             <si><r><t>5</t></r><r><rPr><vertAlign val=\"superscript\"/></rPr><t>1</t></r></si>\
             <si><r><rPr><color rgb=\"FFFF0000\"/></rPr><t>9</t></r></si></sst>"
                .as_bytes(),
        );
        let rich = |struck| Rich { struck, ..Rich::default() };
        let expected = HashMap::from([
            (1, rich(Struck::Partly("6人".to_owned()))),
            (2, rich(Struck::Whole)),
            (4, Rich { raised: true, ..Rich::default() }),
            (5, Rich { colour: Some(0xFF_00_00), ..Rich::default() }),
        ]);
        assert_eq!(strings, expected);
    }

    #[test]
    fn a_sheet_tells_what_is_hidden_and_joined() {
        let strings = HashMap::from([(3, Rich { struck: Struck::Whole, ..Rich::default() })]);
        let sheet = "<worksheet><sheetData><row r=\"2\" hidden=\"1\"><c r=\"B2\" t=\"s\"><v>3</v></c></row>\
             <row><c t=\"inlineStr\"><is><r><rPr><strike/></rPr><t>1</t></r><r><t>2</t></r></is></c></row></sheetData>\
             <mergeCells><mergeCell ref=\"J10:J12\"/></mergeCells></worksheet>";
        let traces = cells(sheet.as_bytes(), &strings);
        assert_eq!(traces.hidden_rows, BTreeSet::from([1]));
        assert_eq!(traces.merged, [((9, 9), (11, 9))]);
        let rich = |struck| Rich { struck, ..Rich::default() };
        let expected =
            BTreeMap::from([((1, 1), rich(Struck::Whole)), ((2, 0), rich(Struck::Partly("2".to_owned())))]);
        assert_eq!(traces.rich, expected);
    }

    #[test]
    fn notes_threads_and_boxes_are_read() {
        let mut notes = Vec::new();
        threads(
            "<ThreadedComments><threadedComment ref=\"J10\"><text>暫定&amp;要確認</text></threadedComment></ThreadedComments>".as_bytes(),
            &mut notes,
        );
        comments(
            "<comments><authors><author>tc={1}</author><author>花子</author></authors><commentList>\
             <comment ref=\"J10\" authorId=\"0\"><text><t>[Threaded comment]</t></text></comment>\
             <comment ref=\"K11\" authorId=\"1\"><text><r><t>後日</t></r><r><t>訂正</t></r></text></comment></commentList></comments>".as_bytes(),
            &mut notes,
        );
        shapes(
            "<xdr:wsDr xmlns:xdr=\"x\" xmlns:a=\"a\"><xdr:twoCellAnchor><xdr:from><xdr:col>3</xdr:col><xdr:row>18</xdr:row></xdr:from>\
             <xdr:sp><xdr:txBody><a:p><a:r><a:t>見込み</a:t></a:r></a:p><a:p><a:r><a:t>です</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>".as_bytes(),
            &mut notes,
        );
        old_shapes(
            "<xml><v:shape><v:textbox><div>メモ</div></v:textbox><x:ClientData ObjectType=\"Note\"/></v:shape>\
             <v:shape><v:textbox><div>古い箱<br></div></v:textbox></v:shape></xml>".as_bytes(),
            &mut notes,
        );
        let said: Vec<String> =
            notes.iter().map(|note| format!("{:?} {:?} {}", note.kind, note.at, note.text)).collect();
        assert_eq!(
            said,
            [
                "Comment Some((9, 9)) 暫定&要確認",
                "Comment Some((10, 10)) 後日訂正",
                "Shape Some((18, 3)) 見込み\nです",
                "Shape None 古い箱",
            ]
        );
    }
}

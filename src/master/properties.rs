//! Properties of the master, over generated files: reading never panics, nothing is
//! changed that nobody changed, and a changed cell changes alone.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::plan::{Entry, FiscalYear, YearFigures};

fn settings() -> Settings {
    let text = "[plan]\nid='p'\ncity='c'\noffice='o'\nname='n'\ntitle='t'\n\
        [[fields]]\nname='評価'\nrows=['KPI','事業']\ntype='選択'\nchoices=['漁','業']\n\
        [[fields]]\nname='人工'\nrows=['事業','施策']\ntype='数'\n";
    Settings::read(text.as_bytes(), "plan.toml").unwrap()
}

fn read_bytes(bytes: &[u8]) -> Option<Master> {
    read(bytes, "master.csv", &settings()).0
}

/// How a file is written.
#[derive(Debug, Clone, Copy)]
struct Style {
    encoding: Encoding,
    ending: &'static str,
    quote_all: bool,
    ends_with_break: bool,
}

fn style() -> impl Strategy<Value = Style> {
    let encodings = [
        Encoding::Utf8 { bom: false },
        Encoding::Utf8 { bom: true },
        Encoding::Cp932,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
    ];
    (0..encodings.len(), any::<(bool, bool, bool)>()).prop_map(
        move |(at, (crlf, quote_all, ends_with_break))| Style {
            encoding: encodings[at],
            ending: if crlf { "\r\n" } else { "\n" },
            quote_all,
            ends_with_break,
        },
    )
}

/// A cell's text: what plans hold, and what breaks readers.
fn cell() -> impl Strategy<Value = String> {
    "[0-9a,\"漁業～－①髙ｱ%人 \r\n]{0,6}"
}

/// A master: the header and rows of a kind and some cells.
fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    let kind = proptest::sample::select(vec![
        "基本目標",
        "数値目標",
        "分野",
        "施策",
        "KPI",
        "事業",
        "事業量",
        "再掲",
        "事業費",
        "予算",
        "目標値",
        "",
        "議会",
    ]);
    let id = "P[0-3]";
    let row = (kind, id, id, vec(cell(), 0..16)).prop_map(|(kind, id, of, mut cells)| {
        if let Some(cell) = cells.get_mut(5) {
            *cell = of;
        }
        [vec![kind.to_owned(), id], cells].concat()
    });
    vec(row, 0..12).prop_map(|rows| {
        let header = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,人工,評価,備考";
        let header = header.split(',').map(str::to_owned).collect();
        [vec![header], rows].concat()
    })
}

fn written(rows: &[Vec<String>], style: Style) -> Vec<u8> {
    let cell = |text: &String| {
        if style.quote_all || text.contains([',', '"', '\r', '\n']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.clone()
        }
    };
    let row = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(",");
    let mut text = rows.iter().map(row).collect::<Vec<_>>().join(style.ending);
    if style.ends_with_break {
        text.push_str(style.ending);
    }
    let bom: &[u8] = match style.encoding {
        Encoding::Utf8 { bom: true } => b"\xEF\xBB\xBF",
        Encoding::Utf8 { bom: false } | Encoding::Cp932 => b"",
        Encoding::Utf16Le => b"\xFF\xFE",
        Encoding::Utf16Be => b"\xFE\xFF",
    };
    [bom, &style.encoding.encode(&text).unwrap()].concat()
}

const COLUMNS: [Column; 5] = [
    Column::Name,
    Column::Purpose,
    Column::Actual(FiscalYear::starting(2022)),
    Column::Declared(1),
    Column::Remark,
];

/// Every cell of every row and column, as text.
fn all_cells(source: &Source) -> Vec<(Row, Column, String)> {
    source.cells().map(|(row, column, text)| (row, column, text.to_owned())).collect()
}

fn check_plan(plan: &Plan) {
    let years = plan.years.len();
    let fits = |further: &Option<YearFigures>| further.as_ref().is_none_or(|row| row.figures.len() == years);
    for (_, indicator) in plan.indicators() {
        assert!(indicator.actuals.len() == years && fits(&indicator.targets), "{plan:?}");
    }
    for project in plan.projects() {
        // Every declared column of its kind, be it empty.
        assert_eq!(project.declared.iter().count(), 2);
        assert!(
            project.costs.iter().all(|cost| cost.actuals.len() == years && fits(&cost.budget)),
            "{plan:?}"
        );
    }
    let mut seen = Vec::new();
    let measures = plan.goals.iter().flat_map(|goal| &goal.fields).flat_map(|field| &field.measures);
    for entry in measures.flat_map(|measure| &measure.entries) {
        match entry {
            Entry::Project(project) => seen.push(project.id.as_str()),
            Entry::Reprint(reprint) => assert!(seen.contains(&reprint.of.as_str()), "{plan:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_read_without_panic(bytes in any::<Vec<u8>>()) {
        if let Some(master) = read_bytes(&bytes) {
            prop_assert_eq!(master.source.rewrite(&[]).unwrap(), bytes);
        }
    }

    #[test]
    fn any_rows_under_a_header_are_read_without_panic(text in "([,\"\r\n]|種別|事業|事業費|予算|再掲|P1|5人|～){0,80}") {
        let text = format!("種別,ID,名称,再掲元,R3\r\n{text}");
        let master = read_bytes(text.as_bytes()).unwrap();
        check_plan(&master.plan);
        prop_assert_eq!(master.source.rewrite(&[]).unwrap(), text.as_bytes());
    }

    /// Read, then written without a change: the same bytes.
    #[test]
    fn nothing_changed_is_nothing_changed(rows in rows(), style in style()) {
        let bytes = written(&rows, style);
        let master = read_bytes(&bytes).unwrap();
        check_plan(&master.plan);
        prop_assert_eq!(master.source.rewrite(&[]).unwrap(), &bytes[..]);
        let same = all_cells(&master.source);
        prop_assert_eq!(master.source.rewrite(&same).unwrap(), bytes);
    }

    /// A changed cell reads as what was written; every other cell as before; and the
    /// bytes before and after it are the same.
    #[test]
    fn a_changed_cell_changes_alone(
        rows in rows(),
        style in style(),
        row in any::<prop::sample::Index>(),
        column in proptest::sample::select(COLUMNS.to_vec()),
        text in cell(),
    ) {
        let bytes = written(&rows, style);
        let master = read_bytes(&bytes).unwrap();
        let source = &master.source;
        let count = source.rows().count();
        prop_assume!(count > 0);
        let row = Row(row.index(count));
        let changed = source.rewrite(&[(row, column, text.clone())]).unwrap();
        let again = read_bytes(&changed).unwrap().source;
        prop_assert_eq!(again.cell(row, column), &text[..]);
        prop_assert_eq!(again.encoding(), source.encoding());
        let others = |source: &Source| {
            let mut cells = all_cells(source);
            cells.retain(|(at, of, _)| (*at, *of) != (row, column));
            cells
        };
        prop_assert_eq!(others(&again), others(source));
        let same_before = bytes.iter().zip(&changed).take_while(|(a, b)| a == b).count();
        let same_after = bytes.iter().rev().zip(changed.iter().rev()).take_while(|(a, b)| a == b).count();
        // What differs is no longer than the two texts with quotes, doubled, and commas.
        let most = |text: &str| 4 * (2 * text.chars().count() + 2 + 14 * 3);
        prop_assert!(bytes.len().saturating_sub(same_before + same_after) <= most(source.cell(row, column)));
        prop_assert!(changed.len().saturating_sub(same_before + same_after) <= most(&text));
    }

    /// Several changes at once are the same as one after the other.
    #[test]
    fn changes_do_not_disturb_each_other(
        rows in rows(),
        style in style(),
        texts in vec(cell(), 5),
    ) {
        let bytes = written(&rows, style);
        let source = read_bytes(&bytes).unwrap().source;
        prop_assume!(source.rows().count() > 0);
        let last = Row(source.rows().count() - 1);
        let changes: Vec<_> = COLUMNS.into_iter().zip(texts).map(|(column, text)| (last, column, text)).collect();
        let together = source.rewrite(&changes).unwrap();
        let mut one_by_one = bytes;
        for change in changes {
            let source = read_bytes(&one_by_one).unwrap().source;
            one_by_one = source.rewrite(&[change]).unwrap();
        }
        let cells = |bytes: &[u8]| all_cells(&read_bytes(bytes).unwrap().source);
        prop_assert_eq!(cells(&together), cells(&one_by_one));
    }
}

#[test]
fn e110_character_not_in_encoding() {
    let text = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3\r\n基本目標,G1,1,産業\r\n";
    let bytes = Encoding::Cp932.encode(text).unwrap();
    let source = read_bytes(&bytes).unwrap().source;
    let findings = source.rewrite(&[(Row(0), Column::Name, "𠮷野".into())]).unwrap_err();
    let finding = findings.iter().next().unwrap();
    assert_eq!(finding.message(), "「𠮷」（U+20BB7）は、マスタの文字コードShift_JIS（CP932）で表せません");
    assert_eq!(finding.place.as_ref().unwrap().cell().as_deref(), Some("D2"));
}

#[test]
fn e111_no_such_cell() {
    let text = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3\n基本目標,G1,1,産業\n";
    let source = read_bytes(text.as_bytes()).unwrap().source;
    let year = Column::Actual(FiscalYear::starting(2030));
    let changes = [(Row(0), year, "5人".into()), (Row(7), Column::Name, "x".into())];
    let findings = source.rewrite(&changes).unwrap_err();
    let messages: Vec<String> = findings.iter().map(Finding::message).collect();
    assert_eq!(
        messages,
        [
            "書き込む先の列「R12」がマスタにありません",
            "書き込む先の行（見出しの下の8行目）がマスタにありません"
        ]
    );
}

#[test]
fn a_short_record_is_filled_up_in_its_own_style() {
    let text = "種別,ID,名称,R3,R4\r\n\"事業量\",\"P1\"\r\n\r\n事業量,P2\r\n";
    let source = read_bytes(text.as_bytes()).unwrap().source;
    let year = Column::Actual(FiscalYear::starting(2022));
    let changes: Vec<_> = source.rows().map(|row| (row, year, "5人".to_owned())).collect();
    let changed = source.rewrite(&changes).unwrap();
    assert_eq!(
        String::from_utf8(changed).unwrap(),
        "種別,ID,名称,R3,R4\r\n\"事業量\",\"P1\",\"\",\"\",\"5人\"\r\n,,,,5人\r\n事業量,P2,,,5人\r\n"
    );
}

//! What becomes of widths when there is room, and when there is not.
#![allow(clippy::unwrap_used)]

use super::Column::{Figure, Fixed, Text};
use super::*;

fn mm(length: f64) -> Length {
    Length::mm(length)
}

/// The official tables: 数値目標, KPI, 事業 beside 事業量; `years` of figures.
fn official(years: usize) -> Vec<BlockColumns> {
    let figures = |count: usize| vec![Figure(mm(19.0)); count];
    vec![
        [vec![Fixed(mm(7.0)), Text(mm(88.0)), Text(mm(83.0))], figures(years + 1)].concat(),
        [vec![Fixed(mm(7.0)), Text(mm(171.0))], figures(years + 1)].concat(),
        [
            vec![Fixed(mm(13.0)), Text(mm(82.0)), Text(mm(37.0)), Fixed(mm(7.0)), Text(mm(58.0))],
            figures(years),
        ]
        .concat(),
    ]
}

const ROOM: f64 = 273.0;

/// Every word of 20 mm, a figure of 14 mm in one line and of 6 mm by its longest word.
fn minimum(blocks: &[BlockColumns]) -> MinimumWidths {
    let words = blocks.iter().map(|columns| vec![mm(20.0); columns.len()]).collect();
    MinimumWidths { words, wishes: Vec::new(), figure: mm(14.0), figure_word: mm(6.0) }
}

fn widths(spans: &[Span]) -> Vec<f64> {
    spans.iter().map(|span| (span.width().to_mm() * 100.0).round() / 100.0).collect()
}

fn solved(blocks: &[BlockColumns]) -> Vec<Vec<Span>> {
    let spans = solve(blocks, mm(ROOM), || minimum(blocks)).unwrap();
    for spans in &spans {
        assert_eq!((spans[0].from, spans.last().unwrap().to), (Length::ZERO, mm(ROOM)));
        assert!(spans.windows(2).all(|pair| pair[0].to == pair[1].from), "{spans:?}");
    }
    spans
}

/// Where the template's widths fit, nobody asks how wide the texts are.
#[test]
fn four_years_have_the_widths_of_the_template() {
    let spans = solve(&official(4), mm(ROOM), || panic!("they fit")).unwrap();
    assert_eq!(widths(&spans[0]), [7.0, 88.0, 83.0, 19.0, 19.0, 19.0, 19.0, 19.0]);
    assert_eq!(widths(&spans[1]), [7.0, 171.0, 19.0, 19.0, 19.0, 19.0, 19.0]);
    assert_eq!(widths(&spans[2]), [13.0, 82.0, 37.0, 7.0, 58.0, 19.0, 19.0, 19.0, 19.0]);
}

/// What fewer years leave goes to the texts, in proportion and in whole millimetres.
#[test]
fn one_year_leaves_its_room_to_the_texts() {
    let spans = solved(&official(1));
    assert_eq!(widths(&spans[0]), [7.0, 117.0, 111.0, 19.0, 19.0]);
    assert_eq!(widths(&spans[1]), [7.0, 228.0, 19.0, 19.0]);
    assert_eq!(widths(&spans[2]), [13.0, 108.0, 48.0, 7.0, 78.0, 19.0]);
}

/// With ten years the figures of all blocks have one width, and stand in one place.
#[test]
fn ten_years_give_way_alike_in_every_block() {
    let spans = solved(&official(10));
    let last = |block: &[Span]| widths(&block[block.len() - 10..]);
    assert_eq!(last(&spans[0]), last(&spans[2]));
    assert_eq!(last(&spans[1]), last(&spans[2]));
    // Texts keep six tenths of theirs: (273 - 20 - 0.6 * 177) / 10.
    assert_eq!(last(&spans[2])[0], 14.68);
    for (spans, columns) in spans.iter().zip(official(10)) {
        let texts = spans.iter().zip(&columns).filter(|(_, column)| matches!(column, Text(_)));
        assert!(texts.clone().all(|(span, _)| span.width() >= mm(20.0)), "{spans:?}");
    }
}

/// Below what a figure needs in one line the texts shrink on to their longest word, and then
/// the figures to theirs.
#[test]
fn texts_shrink_to_their_words_before_figures_to_theirs() {
    let wide = |years: usize, width: f64| {
        let spans = solved(&[[vec![Text(mm(200.0))], vec![Figure(mm(19.0)); years]].concat()]);
        assert_eq!(spans[0][years].width(), mm(width), "{years}");
        spans[0][0].width()
    };
    assert_eq!(wide(12, 14.0), mm(ROOM - 12.0 * 14.0));
    assert_eq!(wide(18, 14.0), mm(ROOM - 18.0 * 14.0));
    let narrow = solved(&[[vec![Text(mm(200.0))], vec![Figure(mm(19.0)); 22]].concat()]);
    assert!(narrow[0][0].width() >= mm(20.0) && narrow[0][22].width() < mm(14.0), "{narrow:?}");
}

#[test]
fn what_does_not_fit_says_how_much_is_missing() {
    let blocks = official(40);
    let error = solve(&blocks, mm(ROOM), || minimum(&blocks)).unwrap_err();
    // 13 + 7 of labels, 3 × 20 of words, 40 × 6 of figures; the first has 7 + 2 × 20 + 41 × 6.
    assert_eq!(error, TooNarrow { years: 40, needed_mm: 320, room_mm: 273 });
    assert_eq!(error.to_string(), "40年度分の列が紙面に入りません（必要 320 mm、紙面 273 mm）");
}

/// A text beside others gets the width at which it does not outgrow a page, as far as the
/// others can spare it.
#[test]
fn a_wish_is_granted_where_there_is_room() {
    let blocks = official(10);
    let wished = |width: f64| {
        let wish = Wish { block: 2, columns: 1..3, width: mm(width) };
        let minimum = MinimumWidths { wishes: vec![wish], ..minimum(&blocks) };
        let spans = solve(&blocks, mm(ROOM), || minimum).unwrap();
        (spans[2][2].to - spans[2][1].from, spans[2][5].width())
    };
    let (plain, figure) = wished(0.0);
    assert!(plain < mm(120.0));
    let (granted, narrower) = wished(120.0);
    assert!(granted >= mm(120.0) && narrower < figure, "{granted:?} {narrower:?}");
    // More than there is: what the longest words of the others and of the figures leave.
    let (most, least) = wished(1000.0);
    assert_eq!(least, mm(6.0));
    assert!(most > granted && most <= mm(ROOM - 20.0 - 20.0 - 60.0), "{most:?}");
}

/// Figures of different widths: the wide ones give way first, the narrow ones only where all do.
#[test]
fn narrow_figures_keep_their_width_while_wide_ones_give_way() {
    let block = vec![Text(mm(150.0)), Figure(mm(12.0)), Figure(mm(60.0)), Figure(mm(60.0))];
    let other = vec![Text(mm(200.0)), Figure(mm(30.0))];
    let spans = solved(&[block, other]);
    let first = widths(&spans[0]);
    assert_eq!((first[1], first[2]), (12.0, first[3]));
    assert!(first[2] < 60.0 && first[2] >= 14.0, "{first:?}");
    // Its own width, for it is below what holds for all.
    assert_eq!(widths(&spans[1])[1], first[2].min(30.0));
}

#[test]
fn edges_are_the_union_of_all_spans() {
    let spans = solved(&official(4));
    let edges = Edges::of(spans.iter().flatten().copied());
    assert_eq!(edges.widths().iter().sum::<Length>(), mm(ROOM));
    assert!(edges.widths().iter().all(|width| *width >= mm(1.0)));
    let kpi = spans[1][1];
    let (first, count) = edges.locate(kpi);
    assert_eq!(edges.widths()[first..first + count].iter().sum::<Length>(), kpi.width());
}

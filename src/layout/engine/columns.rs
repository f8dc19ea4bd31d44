//! How wide the columns are.
//!
//! All blocks of a document are solved together, so that figures stand in one place
//! through it: no column of figures is wider than one width that holds for the whole
//! document. Where every block fits with the widths of the template, they are the
//! template's own, and text columns take what is left; with more years, columns give way:
//!
//! 1. text columns shrink in proportion, to [`COMFORT`] of their template width;
//! 2. columns of figures shrink to what their figures need in one line;
//! 3. text columns shrink on, to their longest word; those of a text that stands in one
//!    block with others to a width at which it does not outgrow a page, if the figures can
//!    spare it;
//! 4. columns of figures shrink to their longest word.
//!
//! What does not fit then is an error that says how much is missing.

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::layout::Length;

/// The share of its template width that a text column keeps while year columns can
/// still give way.
const COMFORT: (i64, i64) = (6, 10);

/// From one edge to another, in lengths from the grid's left edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The left edge.
    pub from: Length,
    /// The right edge.
    pub to: Length,
}

impl Span {
    /// How wide it is.
    pub fn width(self) -> Length {
        self.to - self.from
    }

    /// From the left edge of this one to the right edge of the other.
    pub fn through(self, other: Self) -> Self {
        Self { from: self.from, to: other.to }
    }
}

/// The edges of a grid's columns, left to right, from 0 to the whole width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edges(Vec<Length>);

impl Edges {
    /// The union of the edges of `spans`.
    pub fn of(spans: impl Iterator<Item = Span>) -> Self {
        let mut edges: Vec<Length> = spans.flat_map(|span| [span.from, span.to]).collect();
        edges.sort_unstable();
        edges.dedup();
        Self(edges)
    }

    /// The widths of the columns.
    pub fn widths(&self) -> Vec<Length> {
        self.0.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    /// The first column of a span and how many columns it has.
    pub fn locate(&self, span: Span) -> (usize, usize) {
        let at = |edge: Length| self.0.binary_search(&edge).unwrap_or_else(|next| next);
        (at(span.from), at(span.to).saturating_sub(at(span.from)).max(1))
    }
}

/// A column, as it asks for its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Takes what is left, in proportion.
    Text(Length),
    /// Always as wide.
    Fixed(Length),
    /// Figures: as wide where there is room.
    Figure(Length),
}

/// The columns of one block: of all its parts, from left to right.
pub type BlockColumns = Vec<Column>;

/// The least widths that texts allow, with their padding, for the columns of every block.
#[derive(Debug, Clone, Default)]
pub struct MinimumWidths {
    /// For every block and column of text: its longest word. Columns of other kinds have none.
    pub words: Vec<Vec<Length>>,
    /// Widths that are wished for, not insisted on, so that a text fits on a page.
    pub wishes: Vec<Wish>,
    /// The widest figure in one line.
    pub figure: Length,
    /// The widest word of a figure.
    pub figure_word: Length,
}

/// A width wished for a run of columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Of which block.
    pub block: usize,
    /// Which of its columns.
    pub columns: Range<usize>,
    /// How wide they should be together.
    pub width: Length,
}

/// The years do not fit on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{years}年度分の列が紙面に入りません（必要 {needed_mm} mm、紙面 {room_mm} mm）")]
pub struct TooNarrow {
    /// How many columns of figures the block has that needs most.
    pub years: usize,
    /// The least width of the widest block, in whole millimetres.
    pub needed_mm: i64,
    /// The width there is, in whole millimetres.
    pub room_mm: i64,
}

/// The spans of the columns of every block, from the left edge of the page, in `room`.
///
/// `minimum` is asked only when the template's widths do not fit.
///
/// # Errors
/// [`TooNarrow`] where even the longest words do not fit.
pub fn solve(
    blocks: &[BlockColumns],
    room: Length,
    minimum: impl FnOnce() -> MinimumWidths,
) -> Result<Vec<Vec<Span>>, TooNarrow> {
    let asked: Vec<WidthRequest> = blocks.iter().map(|columns| WidthRequest::of(columns)).collect();
    let widest = asked.iter().flat_map(|block| &block.figures).max().copied().unwrap_or_default();
    let fits = |block: &WidthRequest| block.text_room(room, widest) >= block.texts.iter().sum();
    let (figure, floors) = if asked.iter().all(fits) {
        (widest, asked.iter().map(|block| vec![Length::ZERO; block.texts.len()]).collect())
    } else {
        give_way(blocks, &asked, widest, room, &minimum())?
    };
    let spans = blocks.iter().zip(&asked).zip(&floors).map(|((columns, block), floors)| {
        let texts = match block.texts.is_empty() {
            true => Vec::new(),
            false => share(block.text_room(room, figure), &block.texts, floors),
        };
        placed(columns, &texts, figure)
    });
    Ok(spans.collect())
}

/// Steps 1 to 4 of the module's text: the width that no column of figures exceeds, and for
/// every block what its text columns need.
fn give_way(
    blocks: &[BlockColumns],
    asked: &[WidthRequest],
    widest: Length,
    room: Length,
    minimum: &MinimumWidths,
) -> Result<(Length, Vec<Vec<Length>>), TooNarrow> {
    let floors = floors(blocks, asked, room, minimum);
    let comfort = |length: &Length| length.share(COMFORT.0, COMFORT.1);
    // The widest figures that leave every block its texts.
    let leaving = |wanted: &dyn Fn(usize) -> Length| {
        let each = asked.iter().enumerate().filter(|(_, block)| !block.figures.is_empty());
        each.map(|(at, block)| block.figure_in(room - block.fixed - wanted(at))).min().unwrap_or(widest)
    };
    let comfortable = leaving(&|at| {
        let texts = asked[at].texts.iter().zip(&floors[at]);
        texts.map(|(text, floor)| comfort(text).max(*floor)).sum()
    });
    let tight = leaving(&|at| floors[at].iter().sum());
    let figure = comfortable.max(minimum.figure).min(tight).min(widest);
    let least = minimum.figure_word.min(widest);
    let needed = |(at, block): (usize, &WidthRequest)| {
        block.fixed + floors[at].iter().sum::<Length>() + block.figures_width(least)
    };
    let most = asked.iter().enumerate().max_by_key(|(at, block)| needed((*at, block)));
    if let Some((at, block)) = most
        && needed((at, block)) > room
    {
        return Err(TooNarrow {
            years: block.figures.len(),
            needed_mm: needed((at, block)).to_mm().ceil() as i64,
            room_mm: room.to_mm().floor() as i64,
        });
    }
    Ok((figure, floors))
}

/// What the text columns of every block need at the least.
fn floors(
    blocks: &[BlockColumns],
    asked: &[WidthRequest],
    room: Length,
    minimum: &MinimumWidths,
) -> Vec<Vec<Length>> {
    let mm = Length::mm(1.0);
    let of_block = |(at, columns): (usize, &BlockColumns)| {
        let words = columns.iter().enumerate().filter(|(_, column)| matches!(column, Column::Text(_)));
        let word = |column: usize| minimum.words.get(at).and_then(|words| words.get(column));
        words
            .map(|(column, _)| word(column).copied().unwrap_or_default().up_to_multiple_of(mm))
            .collect::<Vec<_>>()
    };
    let mut floors: Vec<Vec<Length>> = blocks.iter().enumerate().map(of_block).collect();
    for wish in &minimum.wishes {
        let (columns, block) = (&blocks[wish.block], &asked[wish.block]);
        let is_text = |at: &usize| matches!(columns.get(*at), Some(Column::Text(_)));
        let order = |at: usize| (0..at).filter(|before| is_text(before)).count();
        let texts: Vec<usize> = wish.columns.clone().filter(is_text).map(order).collect();
        let Some(first) = texts.first().copied() else { continue };
        let fixed: Length = wish
            .columns
            .clone()
            .filter_map(|at| match columns.get(at) {
                Some(Column::Fixed(width) | Column::Figure(width)) => Some(*width),
                _ => None,
            })
            .sum();
        let own = &mut floors[wish.block];
        let others: Length =
            own.iter().enumerate().filter(|(at, _)| *at != first).map(|(_, floor)| *floor).sum();
        let beside: Length = texts.iter().skip(1).filter_map(|at| own.get(*at)).sum();
        let spare = block.text_room(room, minimum.figure_word) - others;
        let wished = (wish.width - fixed - beside).min(spare);
        if let Some(floor) = own.get_mut(first) {
            *floor = (*floor).max(mm * (wished.emu().max(0) / mm.emu()));
        }
    }
    floors
}

/// Side by side, from the left edge.
fn placed(columns: &[Column], texts: &[Length], figure: Length) -> Vec<Span> {
    let mut texts = texts.iter().copied();
    let mut at = Length::ZERO;
    let place = |column: &Column| {
        let width = match column {
            Column::Text(_) => texts.next().unwrap_or_default(),
            Column::Fixed(width) => *width,
            Column::Figure(width) => (*width).min(figure),
        };
        let from = at;
        at += width;
        Span { from, to: at }
    };
    columns.iter().map(place).collect()
}

/// What one block asks of the page's width.
#[derive(Debug, Clone)]
struct WidthRequest {
    fixed: Length,
    figures: Vec<Length>,
    texts: Vec<Length>,
}

impl WidthRequest {
    fn of(columns: &[Column]) -> Self {
        let mut asked = Self { fixed: Length::ZERO, figures: Vec::new(), texts: Vec::new() };
        for column in columns {
            match column {
                Column::Text(width) => asked.texts.push(*width),
                Column::Fixed(width) => asked.fixed += *width,
                Column::Figure(width) => asked.figures.push(*width),
            }
        }
        asked.figures.sort_unstable();
        asked
    }

    /// How wide the figures are together, none wider than `figure`.
    fn figures_width(&self, figure: Length) -> Length {
        self.figures.iter().map(|width| (*width).min(figure)).sum()
    }

    fn text_room(&self, room: Length, figure: Length) -> Length {
        room - self.fixed - self.figures_width(figure)
    }

    /// The greatest width that no figure may exceed so that all are no wider than `width`
    /// together.
    fn figure_in(&self, width: Length) -> Length {
        let mut left = width;
        for (at, figure) in self.figures.iter().enumerate() {
            let fair = left / (self.figures.len() - at) as i64;
            if *figure > fair {
                return fair;
            }
            left -= *figure;
        }
        self.figures.last().copied().unwrap_or_default()
    }
}

/// Shares `room` in proportion to `weights`, none below its floor, in whole
/// millimetres but for the last: so that edges of different tables either meet or
/// stand a visible distance apart.
fn share(room: Length, weights: &[Length], floors: &[Length]) -> Vec<Length> {
    let mut parts = vec![None; weights.len()];
    loop {
        let taken: Length = parts.iter().flatten().sum();
        let open: Length =
            weights.iter().zip(&parts).filter(|(_, part)| part.is_none()).map(|(w, _)| *w).sum();
        let rest = room - taken;
        let fair = |weight: Length| rest.share(weight.emu(), open.emu());
        let low = (0..weights.len()).find(|at| parts[*at].is_none() && fair(weights[*at]) < floors[*at]);
        match low {
            Some(at) => parts[at] = Some(floors[at]),
            None => {
                let mut parts: Vec<Length> = parts
                    .iter()
                    .zip(weights)
                    .map(|(part, weight)| part.unwrap_or_else(|| fair(*weight)))
                    .collect();
                let mm = Length::mm(1.0);
                let last = parts.len().saturating_sub(1);
                for part in parts.iter_mut().take(last) {
                    *part = mm * (part.emu() / mm.emu());
                }
                let others: Length = parts.iter().take(last).sum();
                if let Some(part) = parts.last_mut() {
                    *part = room - others;
                }
                return parts;
            }
        }
    }
}

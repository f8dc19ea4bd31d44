//! Which signs carry half an em of blank: brackets, commas and full stops.

/// On which side a sign carries half an em of blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blank {
    /// An opening bracket.
    Before,
    /// A closing bracket, a comma, a full stop.
    Behind,
    /// Any other.
    Nowhere,
}

/// Brackets that open, and then what closes.
const OPENING: [char; 12] = ['（', '「', '『', '【', '〔', '［', '｛', '〈', '《', '〘', '〖', '〝'];
const CLOSING: [char; 16] =
    ['）', '」', '』', '】', '〕', '］', '｝', '〉', '》', '〙', '〗', '〟', '、', '。', '，', '．'];

impl Blank {
    /// Where a character carries its blank in a Japanese face.
    pub fn of(c: char) -> Self {
        match c {
            '、'..='〟' | '（'..='｝' if OPENING.contains(&c) => Self::Before,
            '、'..='〟' | '（'..='｝' if CLOSING.contains(&c) => Self::Behind,
            _ => Self::Nowhere,
        }
    }

    /// All that carry one.
    pub fn bearers() -> impl Iterator<Item = char> {
        OPENING.into_iter().chain(CLOSING)
    }
}

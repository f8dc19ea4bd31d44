//! The words that may stand in place of a figure or before it.

use super::form::in_one_width;
use crate::plan::reading;

/// So many prefixes may stand one behind the other.
const MOST_PREFIXES: usize = 3;

/// The words that may stand in place of a figure or before it.
///
/// They are compared as the cells are read: in whatever width either is written.
///
/// The defaults are those met in issued documents; `plan.toml` can name others.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    /// As they were written.
    words: Vec<String>,
    /// In their reading form, like the prefixes.
    keys: Vec<String>,
    prefixes: Vec<String>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let words = ["調査中", "集計中"];
        let prefixes = [
            "延べ",
            "のべ",
            "約",
            "年間",
            "総額",
            "累計",
            "年",
            "月",
            "週",
            "日",
            "毎年",
            "毎月",
            "毎週",
            "毎日",
            "月間",
            "全",
            "計",
            "合計",
            "平均",
            "見込",
            "見込み",
        ];
        Self::new(words, prefixes)
    }
}

impl Vocabulary {
    /// Those words and no others, in whatever width they are written.
    pub fn new<'a>(
        words: impl IntoIterator<Item = &'a str>,
        prefixes: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let words = words.into_iter().map(reading::stripped).filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(str::to_owned).collect();
        let keys = words.iter().map(|word| in_one_width(word).0).collect();
        let prefixes = prefixes.into_iter().map(|word| in_one_width(word).0).filter(|word| !word.is_empty());
        Self { keys, prefixes: prefixes.collect(), words }
    }

    /// No words at all.
    pub fn empty() -> Self {
        Self { words: Vec::new(), keys: Vec::new(), prefixes: Vec::new() }
    }

    /// The built-in words and these: 調査中 in place of a figure, 延べ before one.
    pub fn with(words: &[String], prefixes: &[String]) -> Self {
        let own = Self::new(words.iter().map(String::as_str), prefixes.iter().map(String::as_str));
        let mut all = Self::default();
        all.words.extend(own.words);
        all.keys.extend(own.keys);
        all.prefixes.extend(own.prefixes);
        all
    }

    /// The words that may stand in place of a figure, as they were written.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether a text in its reading form is one of the words.
    pub(super) fn knows_word(&self, text: &str) -> bool {
        self.keys.iter().any(|key| key == text)
    }

    /// Whether `text` is nothing, a known prefix, or two or three of them (約年間).
    pub(super) fn knows_prefix(&self, text: &str) -> bool {
        fn is_made_of(text: &str, known: &[String], most: usize) -> bool {
            text.is_empty()
                || most > 0
                    && known.iter().any(|prefix| {
                        text.strip_prefix(prefix.as_str())
                            .is_some_and(|rest| is_made_of(rest, known, most - 1))
                    })
        }
        is_made_of(text, &self.prefixes, MOST_PREFIXES)
    }
}

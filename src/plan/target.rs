//! 「目標」: the printed sentence of a target, read into what it asks for.
//!
//! The sentence is the record and is printed as it stands; this is a view on it, for
//! the evaluation. Nothing is guessed: a sentence of another form is refused, and
//! where the form leaves open what is compared, [`Target::reading`] says so.
//!
//! Two traps are kept visible here instead of being decided in passing. A sum over
//! the years (`4年で15人増加`) never subtracts the baseline, which is the period
//! before. And a running total (`制度開始からの累計`) already adds up: it must not
//! be summed again, but only the note in brackets tells it from a sum.

use rust_decimal::Decimal;

use super::reading;
use super::value::{Quantity, Value, ValueError, Vocabulary};

/// A target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// 「4年で」: the years it speaks of, where it names them.
    pub years: Option<u32>,
    /// What it asks for.
    pub aim: Aim,
    /// 「（制度開始からの累計）」: what stands in brackets at the end, without them.
    pub note: String,
}

/// What a target asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// `54.1%とし0.3ポイント向上`, `50%`, `延べ5万人`, `43人減少を抑制し1,665人確保`.
    Reach {
        /// What is to be reached.
        level: Amount,
        /// How far that is from the baseline, where the sentence says it.
        change: Option<Change>,
    },
    /// `15人増加`, `総額500億円増加`, `3.7%の向上`.
    Move(Change),
    /// `1.67（現状値）以上の水準維持`.
    Keep {
        /// What is to be kept.
        level: Amount,
        /// On which side of it.
        bound: Bound,
    },
}

/// A number of something: `年間2,800人`, `延べ5万人`, `年間相談件数80件`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// 「年間」: in each year.
    pub yearly: bool,
    /// 「延べ」「総額」
    pub counting: Counting,
    /// What is counted, where the sentence names it: `相談件数`.
    pub subject: String,
    /// The number and its unit, 万 and 億 being part of the unit as printed.
    pub quantity: Quantity,
}

/// How an amount is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// The sentence does not say.
    Plain,
    /// 「延べ」: everybody as often as they come.
    Repeated,
    /// 「総額」「累計」: all of it together.
    Total,
}

/// `25人減少`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// By how much.
    pub amount: Amount,
    /// Which way.
    pub direction: Direction,
}

/// Which way a figure is to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// 「増加」「上昇」
    Up,
    /// 「減少」「低下」「削減」「縮減」
    Down,
    /// 「向上」「改善」: up or down is told by the baseline (2.44% → 2.00% is down).
    Better,
    /// 「減少を抑制」: down, but by no more than this.
    DownAtMost,
}

/// On which side of a level a figure is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// 「以上」
    AtLeast,
    /// 「以下」
    AtMost,
    /// 「維持」 alone.
    Same,
}

/// What is compared with the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The latest year's figure.
    Level,
    /// Each year's figure by itself.
    EveryYear,
    /// The sum of the years, without the baseline.
    SumOfYears,
    /// The latest year's figure, which already adds up.
    RunningTotal,
    /// The sentence leaves it open: `750人` may be reached in a year or in sum.
    Open,
}

/// Why a sentence is no target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The cell is empty.
    #[error("空です")]
    Empty,
    /// There is no number where one belongs, or it cannot be read.
    #[error("数値の部分が{0}")]
    Number(ValueError),
    /// It is none of the known forms.
    #[error("対応していない書き方です")]
    Form,
}

/// Words for a direction, longest first where one ends another.
const DIRECTIONS: [(&str, Direction); 10] = [
    ("増加", Direction::Up),
    ("上昇", Direction::Up),
    ("増", Direction::Up),
    ("減少", Direction::Down),
    ("低下", Direction::Down),
    ("削減", Direction::Down),
    ("縮減", Direction::Down),
    ("減", Direction::Down),
    ("向上", Direction::Better),
    ("改善", Direction::Better),
];

/// Ends of a sentence that asks to keep a level.
const KEEPING: [(&str, Bound); 11] = [
    ("以上の水準を維持", Bound::AtLeast),
    ("以上の水準維持", Bound::AtLeast),
    ("以上を維持", Bound::AtLeast),
    ("以下の水準を維持", Bound::AtMost),
    ("以下の水準維持", Bound::AtMost),
    ("以下を維持", Bound::AtMost),
    ("の水準維持", Bound::Same),
    ("を維持", Bound::Same),
    ("維持", Bound::Same),
    ("以下", Bound::AtMost),
    ("以内", Bound::AtMost),
];

/// No sentence of a target is longer; a longer cell is something else.
const LONGEST: usize = 200;

impl Target {
    /// Reads the printed sentence.
    ///
    /// # Errors
    /// A [`TargetError`] where it is none of the known forms.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        if text.chars().nth(LONGEST).is_some() {
            return Err(TargetError::Form);
        }
        // A blank within a number parts two: it is not closed up.
        if let Err(why @ ValueError::BlankInNumber(_)) = Value::parse(text, &Vocabulary::empty()) {
            return Err(TargetError::Number(why));
        }
        let compact = reading::key(text);
        if compact.is_empty() {
            return Err(TargetError::Empty);
        }
        let (sentence, note) = split_note(&compact);
        let (years, sentence) = split_years(sentence);
        Ok(Self { years, aim: Aim::parse(sentence)?, note: note.to_owned() })
    }

    /// What is compared with the target.
    pub fn reading(&self) -> Reading {
        if self.note.contains("累計") {
            return Reading::RunningTotal;
        }
        match &self.aim {
            Aim::Keep { .. } => Reading::Level,
            Aim::Move(change) if change.amount.yearly => Reading::EveryYear,
            Aim::Move(change) if is_share(&change.amount) => Reading::Level,
            Aim::Move(_) => Reading::SumOfYears,
            Aim::Reach { level, .. } if level.yearly => Reading::EveryYear,
            Aim::Reach { change: Some(_), .. } => Reading::Level,
            Aim::Reach { level, .. } if level.counting != Counting::Plain => Reading::SumOfYears,
            Aim::Reach { level, .. } if is_share(level) => Reading::Level,
            Aim::Reach { .. } => Reading::Open,
        }
    }
}

/// Shares do not add up over the years.
fn is_share(amount: &Amount) -> bool {
    amount.quantity.is_percent() || amount.quantity.unit == "ポイント"
}

impl Aim {
    fn parse(sentence: &str) -> Result<Self, TargetError> {
        if let Some((level, change)) = sentence.split_once("とし") {
            let change = change.trim_start_matches(['、', 'て']);
            return Ok(Self::Reach { level: Amount::parse(level)?, change: Some(Change::parse(change)?) });
        }
        if let Some((change, level)) = sentence.split_once("減少を抑制し") {
            let change = Change { amount: Amount::parse(change)?, direction: Direction::DownAtMost };
            let level = level.trim_start_matches(['、', 'て']);
            return Ok(Self::Reach { level: Amount::parse(reached(level))?, change: Some(change) });
        }
        for (ending, bound) in KEEPING {
            if let Some(level) = sentence.strip_suffix(ending) {
                let (level, _) = split_note(level);
                return Ok(Self::Keep { level: Amount::parse(level)?, bound });
            }
        }
        if DIRECTIONS.iter().any(|(word, _)| sentence.ends_with(word)) {
            return Ok(Self::Move(Change::parse(sentence)?));
        }
        Ok(Self::Reach { level: Amount::parse(reached(sentence))?, change: None })
    }
}

/// Without the words that only say that a level is reached.
fn reached(level: &str) -> &str {
    const WORDS: [&str; 7] = ["以上を確保", "以上確保", "を確保", "確保", "を達成", "達成", "以上"];
    WORDS.iter().find_map(|words| level.strip_suffix(words)).unwrap_or(level)
}

impl Change {
    fn parse(text: &str) -> Result<Self, TargetError> {
        let (amount, direction) = DIRECTIONS
            .iter()
            .find_map(|(word, direction)| Some((text.strip_suffix(word)?, *direction)))
            .ok_or(TargetError::Form)?;
        let amount = amount.strip_suffix('の').unwrap_or(amount);
        Ok(Self { amount: Amount::parse(amount)?, direction })
    }
}

impl Amount {
    fn parse(text: &str) -> Result<Self, TargetError> {
        let (mut yearly, mut counting, mut rest) = (false, Counting::Plain, text);
        loop {
            if let Some(after) = rest.strip_prefix("年間") {
                (yearly, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("延べ").or_else(|| rest.strip_prefix("のべ")) {
                (counting, rest) = (Counting::Repeated, after);
            } else if let Some(after) = rest.strip_prefix("総額").or_else(|| rest.strip_prefix("累計")) {
                (counting, rest) = (Counting::Total, after);
            } else {
                break;
            }
        }
        let digits =
            rest.find(|c: char| c.is_ascii_digit()).ok_or(TargetError::Number(ValueError::NoNumber))?;
        let (subject, figure) = rest.split_at(digits);
        if !subject.chars().all(may_stand_in_subject) {
            return Err(TargetError::Form);
        }
        match Value::parse(figure, &Vocabulary::empty()) {
            Ok(Value::Quantity(quantity)) if is_bare(&quantity.unit) => {
                Ok(Self { yearly, counting, subject: subject.to_owned(), quantity })
            }
            Ok(_) => Err(TargetError::Form),
            Err(ValueError::UnknownUnit | ValueError::UnknownPrefix) => Err(TargetError::Form),
            Err(why) => Err(TargetError::Number(why)),
        }
    }
}

/// The number without 千, 万 and 億, and the unit that is left: `5万人` is
/// `(50000, 人)`. So `49,500人` and `5万人` can be compared.
///
/// A number that would need more than 28 digits is left in its own unit.
pub fn in_base_unit(quantity: &Quantity) -> (Decimal, &str) {
    const SCALES: [(&str, i64); 7] = [
        ("百万", 1_000_000),
        ("千万", 10_000_000),
        ("十億", 1_000_000_000),
        ("兆", 1_000_000_000_000),
        ("億", 100_000_000),
        ("万", 10_000),
        ("千", 1_000),
    ];
    SCALES
        .iter()
        .find_map(|(word, scale)| {
            let unit = quantity.unit.strip_prefix(word)?;
            Some((quantity.number.checked_mul(Decimal::from(*scale))?, unit))
        })
        .unwrap_or((quantity.number, &quantity.unit))
}

/// Kanji, katakana and letters: a noun. A sentence has hiragana.
fn may_stand_in_subject(c: char) -> bool {
    c.is_alphabetic() && !('ぁ'..='ん').contains(&c)
}

/// Whether this is a unit and nothing more. A sentence that goes on after the number
/// has a particle; one that qualifies it (`以上`, `程度`) says something else.
fn is_bare(unit: &str) -> bool {
    !unit.contains(['を', 'に', 'で', 'が', 'は', 'へ', 'と', 'し'])
        && !["以上", "以下", "以内", "未満", "程度", "前後"].iter().any(|word| unit.ends_with(word))
}

/// `4年で`; 「4年間で」 is the same.
fn split_years(sentence: &str) -> (Option<u32>, &str) {
    let Some((number, rest)) = sentence.split_once("年で").or_else(|| sentence.split_once("年間で"))
    else {
        return (None, sentence);
    };
    match number.parse() {
        Ok(years) if number.bytes().all(|b| b.is_ascii_digit()) && years > 0 => (Some(years), rest),
        _ => (None, sentence),
    }
}

/// The brackets at the end, and what stands before them.
fn split_note(text: &str) -> (&str, &str) {
    let Some(inside) = text.strip_suffix(')') else {
        return (text, "");
    };
    let mut depth = 1;
    for (at, c) in inside.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&inside[..at], &inside[at + 1..]);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(amount: &Amount) -> String {
        let yearly = if amount.yearly { "年間" } else { "" };
        let counting = match amount.counting {
            Counting::Plain => "",
            Counting::Repeated => "延べ",
            Counting::Total => "総額",
        };
        let q = &amount.quantity;
        format!("{yearly}{counting}{}{} {}", amount.subject, q.number, q.unit)
    }

    fn change(change: &Change) -> String {
        let direction = match change.direction {
            Direction::Up => "up",
            Direction::Down => "down",
            Direction::Better => "better",
            Direction::DownAtMost => "down at most",
        };
        format!("{direction} {}", amount(&change.amount))
    }

    /// The target in words, and what is compared with it.
    fn read(text: &str) -> String {
        let target = match Target::parse(text) {
            Ok(target) => target,
            Err(why) => return format!("{why:?}"),
        };
        let aim = match &target.aim {
            Aim::Reach { level, change: None } => format!("reach {}", amount(level)),
            Aim::Reach { level, change: Some(by) } => format!("reach {}, {}", amount(level), change(by)),
            Aim::Move(by) => change(by),
            Aim::Keep { level, bound } => format!("keep {bound:?} {}", amount(level)),
        };
        let years = target.years.map(|n| format!("{n}: ")).unwrap_or_default();
        let note = if target.note.is_empty() { String::new() } else { format!(" ({})", target.note) };
        format!("{years}{aim}{note} = {:?}", target.reading())
    }

    /// Every form that occurs in the issued document.
    #[test]
    fn the_targets_of_the_issued_document_are_read() {
        for (text, expected) in [
            ("4年で43人減少を抑制し1,665人確保", "4: reach 1665 人, down at most 43 人 = Level"),
            ("4年で54.1%とし0.3ポイント向上", "4: reach 54.1 %, better 0.3 ポイント = Level"),
            ("4年で2.00%とし0.44ポイント向上", "4: reach 2.00 %, better 0.44 ポイント = Level"),
            ("4年で15人増加", "4: up 15 人 = SumOfYears"),
            ("4年で320人とし25人減少", "4: reach 320 人, down 25 人 = Level"),
            ("4年で年間70億円とし6億円増加", "4: reach 年間70 億円, up 6 億円 = EveryYear"),
            ("4年で年間2,800人とし87人増加", "4: reach 年間2800 人, up 87 人 = EveryYear"),
            ("4年で年間相談件数80件とし年間50件増加", "4: reach 年間相談件数80 件, up 年間50 件 = EveryYear"),
            ("1.67（現状値）以上の水準維持", "keep AtLeast 1.67  = Level"),
            ("4年で50%", "4: reach 50 % = Level"),
            ("4年で年間延べ46,000人", "4: reach 年間延べ46000 人 = EveryYear"),
            ("年間延べ60,000人", "reach 年間延べ60000 人 = EveryYear"),
            ("4年で750人", "4: reach 750 人 = Open"),
            ("4年で延べ150世帯", "4: reach 延べ150 世帯 = SumOfYears"),
            ("4年で50人増加(制度開始からの累計)", "4: up 50 人 (制度開始からの累計) = RunningTotal"),
            ("4年で90万件増加", "4: up 90 万件 = SumOfYears"),
            ("4年で延べ30件増加", "4: up 延べ30 件 = SumOfYears"),
            ("4年で35.0%とし3.7%の向上", "4: reach 35.0 %, better 3.7 % = Level"),
            ("4年で30.0%とし8.4%向上", "4: reach 30.0 %, better 8.4 % = Level"),
            ("4年で延べ5万人", "4: reach 延べ5 万人 = SumOfYears"),
            ("4年で総額500億円増加", "4: up 総額500 億円 = SumOfYears"),
            ("4年で総額395億円", "4: reach 総額395 億円 = SumOfYears"),
            ("4年で5,000万円", "4: reach 5000 万円 = Open"),
            ("4年で41事業", "4: reach 41 事業 = Open"),
            ("4年で16.0%とし0.6ポイント増加", "4: reach 16.0 %, up 0.6 ポイント = Level"),
            ("４年で 15 人 増加", "4: up 15 人 = SumOfYears"),
            ("50%以上", "reach 50 % = Level"),
            ("4年間で待機児童数5人以下", "4: keep AtMost 待機児童数5 人 = Level"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for (text, expected) in [
            ("", "Empty"),
            ("できるだけ増加", "Number(NoNumber)"),
            ("4年で", "Number(NoNumber)"),
            ("4年で15人程度を目指す", "Form"),
            ("4年で12,34人増加", "Number(MisplacedComma)"),
            ("令和6年度までに15人増加", "Form"),
            ("4年で15人とし", "Form"),
            ("4年で3人から15人へ増加", "Form"),
            ("4年で15人程度", "Form"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn amounts_of_different_scale_compare() {
        for (text, expected) in [
            ("5万人", "50000 人"),
            ("395億円", "39500000000 円"),
            ("5,457千尾", "5457000 尾"),
            ("1.5%", "1.5 %"),
        ] {
            let Ok(Target { aim: Aim::Reach { level, .. }, .. }) = Target::parse(text) else {
                panic!("{text}");
            };
            let (number, unit) = in_base_unit(&level.quantity);
            assert_eq!(format!("{} {unit}", number.normalize()), expected);
        }
    }
}

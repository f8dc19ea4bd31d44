//! What a verification has shown, and what it has not: said exactly, for a sentence
//! that claims more than was looked at is worse than none.

use serde::Serialize;

use super::Listed;
use crate::finding::{ArchiveRule, Finding, Findings, Place};
use crate::plan::FiscalYear;

/// What came of verifying an archive.
#[must_use]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verification {
    /// Everything that is off.
    pub findings: Findings,
    /// What was looked at, folder by folder, in the order of their names.
    pub editions: Vec<EditionCheck>,
    /// The editions whose record can be read, in the order in which they were made.
    pub chain: Vec<ChainEntry>,
    /// Which of them was noted elsewhere, where that was asked: its place in the chain.
    pub noted: Option<usize>,
}

/// What was looked at in the folder of one edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditionCheck {
    /// The folder.
    pub folder: String,
    /// How many files were held against the hashes recorded of them.
    pub files: usize,
    /// Whether the archived data were made into documents again.
    pub remade: Remade,
    /// Whether its data table has the figures of its master.
    pub figures: Figures,
}

/// Whether the archived data still make the archived documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remade {
    /// The same bytes came out.
    Same,
    /// Something else came out: findings name the files.
    Differs,
    /// Not verified: a font of that time is not at hand.
    NoFont,
    /// Not verified: another version of the program made it, and this one draws otherwise.
    OtherVersion,
    /// Not verified: what it was made from is not as it was recorded.
    NoSources,
    /// Not verified: the edition that it corrects is not there as it was.
    NoCorrected,
    /// Not verified: no document could be made from the data.
    Refused,
    /// Not verified: this program stopped while it was at it.
    Stopped,
    /// Not verified: the record cannot be read.
    NoRecord,
}

impl Remade {
    /// Why it is not known whether the same comes out; `None` where it is.
    pub const fn why_not(self) -> Option<&'static str> {
        match self {
            Self::Same | Self::Differs => None,
            Self::NoFont => Some("保存したときの書体のファイルがありません"),
            Self::OtherVersion => Some("別の版の jisseki で保存されています"),
            Self::NoSources => Some("元になったデータが保存したときのままではありません"),
            Self::NoCorrected => Some("訂正した前の版が保存したときのままではありません"),
            Self::Refused => Some("保存したデータから文書を作れませんでした"),
            Self::Stopped => Some("確認する途中で止まりました"),
            Self::NoRecord => Some("保存の記録を読み取れません"),
        }
    }
}

/// Whether the archived data table has the figures of the archived master.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Figures {
    /// It has.
    Same,
    /// It has not: a finding names the first that differs.
    Differs,
    /// Not compared: one of the two is not as it was recorded, or cannot be read.
    NotCompared,
}

/// An edition of the chain. The newest is to be held against a note kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainEntry {
    /// Its folder.
    pub folder: String,
    /// Its year, such as `R4`.
    pub year: String,
    /// 1, 2, …
    pub edition: u32,
    /// The SHA-256 of its manifest.
    pub sha256: String,
}

impl ChainEntry {
    pub(super) fn of(one: &Listed<'_>) -> Self {
        Self {
            folder: one.folder.name.clone(),
            year: one.manifest.year.clone(),
            edition: one.manifest.edition,
            sha256: one.sha256.to_string(),
        }
    }
}

impl Verification {
    /// The newest edition that is there; `None` where no record can be read.
    pub fn newest(&self) -> Option<&ChainEntry> {
        self.chain.last()
    }

    /// Holds the chain against a fingerprint that was noted elsewhere: all of its digits,
    /// or the first of them. That no edition has it is a finding.
    pub fn hold_against(&mut self, fingerprint: &str) {
        self.noted = self.chain.iter().rposition(|one| one.sha256.starts_with(fingerprint));
        if self.noted.is_none() {
            let kind = ArchiveRule::NotedEditionMissing { noted: fingerprint.to_owned() };
            self.findings.push(Finding::at(Place::file(super::MANIFEST), kind));
        }
    }

    /// Whether the newest edition is the one that was noted elsewhere.
    fn end_is_noted(&self) -> bool {
        self.noted.is_some_and(|at| at + 1 == self.chain.len())
    }

    /// Whether nothing is off and nothing that could be looked at was left out. Even so
    /// editions may have been taken away from the end: see [`Self::newest`].
    pub fn is_whole(&self) -> bool {
        !self.findings.has_errors() && self.not_remade().is_empty() && !self.end_is_doubtful()
    }

    /// The folders of which it is not known whether their data make their documents.
    fn not_remade(&self) -> Vec<&str> {
        let unknown = self.editions.iter().filter(|one| one.remade != Remade::Same);
        unknown.map(|one| one.folder.as_str()).collect()
    }

    /// Whether there is no note of the newest edition, or one of an older edition.
    fn end_is_doubtful(&self) -> bool {
        if self.end_is_noted() {
            return false;
        }
        let doubts = [ArchiveRule::NewestNotNoted.into(), ArchiveRule::NewestNoteMissing.into()];
        self.findings.iter().any(|finding| doubts.contains(&finding.kind))
    }

    /// The outcome in one sentence or two, without the last full stop: first what is not
    /// known.
    pub fn sentence(&self) -> String {
        let count = self.editions.len();
        if self.findings.has_errors() {
            return format!("{count}件の版を確認しました。問題があります");
        }
        if count == 0 {
            return "保存した版はありません。確認したものはありません".to_owned();
        }
        let mut unknown = Vec::new();
        let not_remade = self.not_remade();
        if !not_remade.is_empty() {
            unknown.push(format!(
                "{}の文書が保存したデータから作ったものかは、確認できませんでした",
                several(&not_remade)
            ));
        }
        if self.end_is_doubtful() {
            unknown.push("最新の版が残っているかは、確認できませんでした".to_owned());
        }
        if unknown.is_empty() {
            format!("{count}件の版を確認しました。ここにある版は、どれも保存の記録のとおりです")
        } else {
            format!("{}。ほかは、ここにある{count}件の版のいずれも保存の記録のとおりです", unknown.join("。"))
        }
    }

    /// What was looked at, what was not and what cannot be, a line each.
    pub fn details(&self) -> Vec<String> {
        if self.editions.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![format!("確認したもの: {}", self.scope())];
        for one in &self.editions {
            if let Some(why) = one.remade.why_not() {
                lines.push(format!(
                    "確認していないもの: {} のデータから同じ文書ができること（{why}）",
                    one.folder
                ));
            } else if one.remade == Remade::Same && one.figures == Figures::NotCompared {
                lines.push(format!(
                    "確認していないもの: {} のデータのCSVの値（ファイルが保存したときのままではありません）",
                    one.folder
                ));
            }
        }
        if let Some(newest) = self.newest() {
            let year = FiscalYear::parse(&newest.year).map_or(newest.year.clone(), FiscalYear::long);
            lines.push(format!(
                "最新の版: {year}の第{}版（{}）、記録の確認用の値 {}…",
                newest.edition,
                newest.folder,
                newest.sha256.get(..FINGERPRINT).unwrap_or(&newest.sha256)
            ));
        }
        lines.extend(self.noted_line());
        if self.end_is_noted() {
            return lines;
        }
        lines.push(
            "保存先の中だけでは分からないこと: 新しい方の版が取り除かれたり、記録の確認用の値ごと作り直されたりしていないこと。起案文書などに控えた確認用の値と、上の値が同じか見比べてください"
                .to_owned(),
        );
        lines
    }

    /// What was looked at, in a few words.
    fn scope(&self) -> String {
        let files: usize = self.editions.iter().map(|one| one.files).sum();
        let is_remade = |one: &&EditionCheck| matches!(one.remade, Remade::Same | Remade::Differs);
        let remade = self.editions.iter().filter(is_remade).count();
        let compared =
            self.editions.iter().filter(|one| !is_remade(one) && one.figures != Figures::NotCompared).count();
        let records = self.editions.iter().filter(|one| one.remade != Remade::NoRecord).count();
        let scope: Vec<String> = [
            (files > 0).then(|| format!("{files}個のファイル")),
            (records == self.editions.len()).then(|| "記録の確認用の値と版のつながり".to_owned()),
            (0 < records && records < self.editions.len())
                .then(|| format!("読み取れた記録の確認用の値とつながり（{records}件の版）")),
            (remade > 0).then(|| format!("保存したデータから作り直した文書（{remade}件の版）")),
            (compared > 0).then(|| format!("データのCSVとマスタの値（{compared}件の版）")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if scope.is_empty() { "ありません".to_owned() } else { scope.join("、") }
    }

    /// Which edition was noted elsewhere, where that was asked.
    fn noted_line(&self) -> Option<String> {
        let at = self.noted?;
        let noted = self.chain.get(at)?;
        let later: Vec<&str> = self.chain[at + 1..].iter().map(|one| one.folder.as_str()).collect();
        Some(match later.is_empty() {
            true => "控えた確認用の値は、最新の版のものです".to_owned(),
            false => format!(
                "控えた確認用の値は、{} のものです。その後に加えた版: {}",
                noted.folder,
                several(&later).trim_end()
            ),
        })
    }
}

/// The digits of a hash that are shown: enough to be compared by eye.
const FINGERPRINT: usize = 16;

/// 「R4、R5、R6 ほか2件の版」, of the first of many.
fn several(folders: &[&str]) -> String {
    const MOST: usize = 3;
    let shown = folders.iter().take(MOST).copied().collect::<Vec<_>>().join("、");
    match folders.len().saturating_sub(MOST) {
        0 => format!("{shown} "),
        more => format!("{shown} ほか{more}件の版"),
    }
}

//! What a verification has shown, and what it has not: said exactly, for a sentence
//! that claims more than was looked at is worse than none.

use serde::Serialize;

use crate::finding::Findings;

/// What came of verifying an archive.
#[must_use]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verification {
    /// Everything that is off.
    pub findings: Findings,
    /// What was looked at, folder by folder, in the order of their names.
    pub editions: Vec<Checked>,
}

/// What was looked at in the folder of one edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The folder.
    pub folder: String,
    /// How many files were held against the hashes recorded of them.
    pub files: usize,
    /// Whether the archived data were made into documents again.
    pub remade: Remade,
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
            Self::Stopped => Some("確かめる途中で止まりました"),
            Self::NoRecord => Some("保存の記録を読み取れません"),
        }
    }
}

impl Verification {
    /// Whether nothing is off and nothing was left out.
    pub fn is_whole(&self) -> bool {
        !self.findings.has_errors() && self.editions.iter().all(|one| one.remade == Remade::Same)
    }

    /// The outcome in one sentence, without its full stop.
    pub fn sentence(&self) -> String {
        let count = self.editions.len();
        if self.findings.has_errors() {
            format!("{count}つの版を確かめました。問題があります")
        } else if count == 0 {
            "保存した版はありません。確かめたものはありません".to_owned()
        } else if self.is_whole() {
            format!("{count}つの版を確かめました。すべて保存したときのままです")
        } else {
            format!(
                "{count}つの版を確かめました。確かめたものは保存したときのままですが、確かめられなかったものがあります"
            )
        }
    }

    /// What was looked at and what was not, a line each.
    pub fn details(&self) -> Vec<String> {
        let files: usize = self.editions.iter().map(|one| one.files).sum();
        if self.editions.is_empty() {
            return Vec::new();
        }
        let remade =
            self.editions.iter().filter(|one| matches!(one.remade, Remade::Same | Remade::Differs)).count();
        let mut looked_at = format!("確かめたもの: {files}個のファイルと記録の指紋、版のつながり");
        if remade > 0 {
            looked_at.push_str(&format!("、保存したデータから作り直した文書（{remade}つの版）"));
        }
        let mut lines = vec![looked_at];
        for one in &self.editions {
            if let Some(why) = one.remade.why_not() {
                lines.push(format!(
                    "確かめていないもの: {} のデータから同じ文書ができること（{why}）",
                    one.folder
                ));
            }
        }
        lines
    }
}

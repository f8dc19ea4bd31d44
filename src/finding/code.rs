//! The code of every rule, and its severity, which is the first letter of the code.

use super::{FindingKind, Severity};

impl FindingKind {
    /// The stable code, such as `E201`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile => "E101",
            Self::NotText { .. } => "E102",
            Self::UnreadableBytes { .. } => "E103",
            Self::NulByte => "E104",
            Self::UnsupportedEncoding { .. } => "E105",
            Self::QuoteNotClosed => "E106",
            Self::TextAfterQuote => "E107",
            Self::CellTooLong { .. } => "E108",
            Self::NotComma { .. } => "E109",
            Self::CharacterNotInEncoding { .. } => "E110",
            Self::NoSuchCell { .. } => "E111",
            Self::TooLarge { .. } => "E112",
            Self::TooManyFindings { .. } => "E113",
            Self::StrayQuote => "W101",
            Self::InvisibleCharacter { .. } => "W102",
            Self::DoubledBom => "W103",
            Self::OnlyCarriageReturns => "W104",
            Self::TomlSyntax { .. } => "E121",
            Self::UnknownKey { .. } => "E122",
            Self::MissingKey { .. } => "E123",
            Self::WrongType { .. } => "E124",
            Self::DuplicateKey { .. } => "E125",
            Self::TomlEncoding { .. } => "E126",
            Self::UnknownChoice { .. } => "E127",
            Self::Template { .. } => "E128",
            Self::UnusableSetting { .. } => "E129",
            Self::ReprintOfUnknownProject { .. } => "E201",
            Self::ReprintBeforeProject { .. } => "E202",
            Self::ReprintOfOther { .. } => "E203",
            Self::ReprintOfNothing => "E204",
            Self::ReprintWithFigure { .. } => "E205",
            Self::NoHeader => "E211",
            Self::MissingColumn { .. } => "E212",
            Self::MisspeltColumn { .. } => "E213",
            Self::DuplicateColumn { .. } => "E214",
            Self::DuplicateYear { .. } => "E215",
            Self::YearsOutOfOrder { .. } => "E216",
            Self::NoYears => "E217",
            Self::ValueOutsideColumns { .. } => "E218",
            Self::UnreadableYear { .. } => "E219",
            Self::UnknownColumn { .. } => "W211",
            Self::YearMissing { .. } => "W212",
            Self::YearOutOfReach { .. } => "E233",
            Self::RowsAboveHeader { .. } => "W213",
            Self::RowTooLong { .. } => "E230",
            Self::LostQuote { .. } => "E231",
            Self::RowEndsEarly { .. } => "E232",
            Self::PerhapsLostQuote { .. } => "W226",
            Self::OnlyShortRow { .. } => "W227",
            Self::UnknownKind { .. } => "E221",
            Self::NoParent { .. } => "E222",
            Self::OutOfOrder { .. } => "E223",
            Self::DuplicateId { .. } => "E224",
            Self::MissingId { .. } => "E225",
            Self::MissingName { .. } => "E226",
            Self::UnknownDivision { .. } => "E227",
            Self::NoRows => "E228",
            Self::MissingKind => "E229",
            Self::UnusedCell { .. } => "W221",
            Self::MissingNumber { .. } => "W222",
            Self::MissingDepartment => "W223",
            Self::UnknownDepartment { .. } => "W224",
            Self::ReprintInSameMeasure { .. } => "W225",
            Self::MissingWording => "W228",
            Self::BelongsElsewhere { .. } => "W229",
            Self::WrittenWide { .. } => "W230",
            Self::DecomposedText { .. } => "W105",
            Self::MergeMarkers { .. } => "E234",
            Self::Mojibake { .. } => "E235",
            Self::TextsOfUnknownId { .. } => "W231",
            Self::UnreadableValue { .. } => "E301",
            Self::ActualNotReported { .. } => "W301",
            Self::TargetNotUnderstood { .. } => "W302",
            Self::SameWording { .. } => "W303",
            Self::DuplicateNumber { .. } => "W304",
            Self::NumberGap { .. } => "W305",
            Self::UnitDiffers { .. } => "W306",
            Self::MissingTarget { .. } => "W307",
            Self::TextForFigure { .. } => "W308",
            Self::LookAlikeDash { .. } => "W309",
            Self::ChangedBySpreadsheet { .. } => "W310",
            Self::ScaleDiffers { .. } => "W311",
            Self::HoleBeforeFigure { .. } => "W312",
            Self::LonelyYear { .. } => "W313",
            Self::PointForComma { .. } => "W314",
            Self::LeadingNought { .. } => "W315",
            Self::NotationDiffers { .. } => "W316",
            Self::UnitOfTargetMissing { .. } => "W317",
            Self::ChangedSinceFormer { .. } => "W318",
            Self::NothingReported { .. } => "W319",
            Self::MissingGlyph { .. } => "W501",
            Self::LooksLikeFormula { .. } => "W340",
            Self::NoOrdinaryKanji { .. } => "W502",
            Self::PageTooNarrow { .. } => "E601",
            Self::WordingTooTall { .. } => "E602",
            Self::NameTooTall { .. } => "E603",
            Self::TextTooLongForExcel { .. } => "E604",
            Self::TooManyPages { .. } => "E605",
            Self::CellTooNarrow { .. } => "E606",
            Self::DocumentTooLarge { .. } => "E607",
            Self::EncryptedWorkbook => "E401",
            Self::OversizedWorkbook { .. } => "E402",
            Self::DamagedWorkbook => "E403",
            Self::NotAWorkbook { .. } => "E404",
            Self::UnsupportedWorkbook { .. } => "E405",
            Self::NotAForm => "E406",
            Self::FormOfOtherPlan { .. } => "E407",
            Self::FormOfOtherYear { .. } => "E408",
            Self::MasterChanged { .. } => "E409",
            Self::AnswersDiffer { .. } => "E410",
            Self::AnswerToUnknownRow { .. } => "E411",
            Self::BrokenKey => "E412",
            Self::InputNotFound => "E413",
            Self::AnswerWithoutKey { .. } => "W415",
            Self::YearNotInMaster { .. } => "E414",
            Self::NothingToAsk { .. } => "E415",
            Self::AnswerIsDate { .. } => "W401",
            Self::AnswerNotUnderstood { .. } => "W402",
            Self::AnswerIsError { .. } => "W403",
            Self::AnswerNotCalculated { .. } => "W404",
            Self::AmbiguousPercent { .. } => "W405",
            Self::AnswerUnitDiffers { .. } => "W406",
            Self::AnswerWithoutUnit { .. } => "W407",
            Self::LargeChange { .. } => "W408",
            Self::PastRevised { .. } => "W409",
            Self::RowsMissing { .. } => "W410",
            Self::AnswerErased { .. } => "W411",
            Self::NegativeAnswer { .. } => "W412",
            Self::InexactAnswer { .. } => "W413",
            Self::UnknownRow { .. } => "W414",
            Self::UnreadableFile { .. } => "E417",
            Self::DoubledParts => "E418",
            Self::RowContradictsKey { .. } => "W416",
            Self::RowRenamed { .. } => "W417",
            Self::PastOfOtherRow { .. } => "W418",
            Self::RowOfOtherDepartment { .. } => "W419",
            Self::AnswersSlipped { .. } => "W420",
            Self::ShownDiffers { .. } => "W421",
            Self::TooManyDecimals { .. } => "W422",
            Self::AnswerInWords { .. } => "W423",
            Self::AnswerStruck { .. } => "W424",
            Self::AnswerJoined { .. } => "W425",
            Self::UnitCellChanged { .. } => "W426",
            Self::AnswerHeld { .. } => "W427",
            Self::RemarkWithoutFigure { .. } => "W428",
            Self::WrittenBesideAnswer { .. } => "W429",
            Self::WrittenOutside { .. } => "W430",
            Self::AnswerColoured { .. } => "W431",
            Self::AnswerPrefixDiffers { .. } => "W432",
            Self::AnswerRaised { .. } => "W433",
            Self::FigureAmongWords { .. } => "W434",
            Self::HeadingsDiffer { .. } => "W435",
            Self::AnswerOnHiddenSheet { .. } => "W436",
            Self::TouchedFileKept { .. } => "W437",
            Self::FolderNotEntered { .. } => "W438",
            Self::ArchivedFileMissing { .. } => "E701",
            Self::ArchivedFileChanged { .. } => "E702",
            Self::UnknownInArchive => "E703",
            Self::ManifestUnreadable { .. } => "E704",
            Self::EditionInWrongFolder { .. } => "E705",
            Self::ChainBroken { .. } => "E706",
            Self::RemadeDiffers => "E707",
            Self::CannotBeRemade { .. } => "E708",
            Self::BundleDiffers { .. } => "E709",
            Self::ChecksumsDiffer { .. } => "E710",
            Self::NewestEditionMissing { .. } => "E711",
            Self::NewestDiffers => "E712",
            Self::NewestUnreadable { .. } => "E713",
            Self::ArchivedFileTooLarge { .. } => "E714",
            Self::NotABundle { .. } => "E715",
            Self::VerificationStopped => "E716",
            Self::UnfinishedEdition => "W701",
            Self::NewestNotNoted => "W702",
            Self::MadeByOtherVersion { .. } => "W703",
            Self::ArchivedFontMissing => "W704",
            Self::ArchivedFigureDiffers { .. } => "E717",
            Self::NewestRecordUnreadable { .. } => "E718",
            Self::ArchivedFileIsLink => "E719",
            Self::ArchivedFileUnreadable { .. } => "E720",
            Self::NotedEditionMissing { .. } => "E721",
            Self::NewestNoteMissing => "W706",
            Self::ArchivedWordingDiffers { .. } => "W707",
        }
    }

    /// Told by the code's first letter.
    pub fn severity(&self) -> Severity {
        severity(self.code())
    }
}

/// The severity of a code.
pub(super) fn severity(code: &str) -> Severity {
    if code.starts_with('E') { Severity::Error } else { Severity::Warning }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// Every test that is named after a rule.
    const TESTS: [&str; 15] = [
        include_str!("../archive/tests.rs"),
        include_str!("../archive/tests/hostile.rs"),
        include_str!("../archive/tests/verdict.rs"),
        include_str!("render.rs"),
        include_str!("../check/tests.rs"),
        include_str!("../check/tests/doubts.rs"),
        include_str!("../exchange/tests/doubts.rs"),
        include_str!("../exchange/tests/rules.rs"),
        include_str!("../master/doubts.rs"),
        include_str!("../master/encoding.rs"),
        include_str!("../master/properties.rs"),
        include_str!("../master/tests.rs"),
        include_str!("../toml_file.rs"),
        include_str!("../../tests/distribute.rs"),
        include_str!("../../tests/faults.rs"),
    ];

    /// The codes of a file that follow `before` and end at `after`.
    fn codes(source: &'static str, before: &str, after: char) -> Vec<&'static str> {
        source
            .lines()
            .filter_map(|line| line.trim().split_once(before)?.1.split(after).next())
            .filter(|word| word.len() == 4 && word[1..].bytes().all(|b| b.is_ascii_digit()))
            .collect()
    }

    #[test]
    fn every_rule_has_one_code_its_sentence_and_a_test() {
        let given = codes(include_str!("code.rs"), "=> \"", '"');
        let documented: BTreeSet<&str> = codes(include_str!("kind.rs"), "/// ", ' ').into_iter().collect();
        assert_eq!(given.iter().copied().collect::<BTreeSet<_>>().len(), given.len(), "a code given twice");
        assert_eq!(given.iter().copied().collect::<BTreeSet<_>>(), documented);
        for code in given {
            let test = format!("fn {}_", code.to_lowercase());
            assert!(TESTS.iter().any(|source| source.contains(&test)), "no test {test}");
        }
    }
}

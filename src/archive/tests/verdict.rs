//! `archive verify` proves what it says, and says what it did not prove.

use super::*;

pub(super) const DATA: &str = "見本町総合戦略_データ_R7.csv";

/// Puts a file in the place of one that the manifest vouches for, as a thief would who
/// can write everything: manifest, checksums and all.
fn forge(stored: &mut Stored, folder: &str, name: &str, bytes: Vec<u8>) {
    *stored.bytes(folder, name) = bytes;
    let bytes = stored.bytes(folder, name).clone();
    let (size, hash) = (bytes.len(), Hash::of(&bytes).to_string());
    let old = Manifest::read(stored.bytes(folder, MANIFEST)).unwrap();
    let old = old.files.iter().find(|file| file.name == name).unwrap().sha256.clone();
    stored.rewrite(folder, |manifest| {
        let record = manifest.files.iter_mut().find(|file| file.name == name).unwrap();
        (record.size, record.sha256) = (size, hash.clone());
    });
    let sums = String::from_utf8(stored.bytes(folder, CHECKSUMS).clone()).unwrap();
    *stored.bytes(folder, CHECKSUMS) = sums.replace(&old, &hash).into_bytes();
}

/// Puts another bundle in place, with checksums that agree.
fn swap_bundle(stored: &mut Stored, bytes: Vec<u8>) {
    let old = Hash::of(stored.bytes("R8", BUNDLE)).to_string();
    let new = Hash::of(&bytes).to_string();
    *stored.bytes("R8", BUNDLE) = bytes;
    let sums = String::from_utf8(stored.bytes("R8", CHECKSUMS).clone()).unwrap();
    assert!(sums.contains(&old));
    *stored.bytes("R8", CHECKSUMS) = sums.replace(&old, &new).into_bytes();
}

/// A bundle that carries what the one of R8 carries, under other names, with the pages of
/// another master, by the same program.
fn rebundled(master: &str, rename: impl Fn(&str) -> Vec<String>) -> Vec<u8> {
    let mut stored = archive();
    let bundled = pdf::extract(stored.bytes("R8", BUNDLE)).unwrap();
    let settings = crate::settings::Settings::read(&example(SETTINGS), SETTINGS).unwrap();
    let (master, _) = crate::master::read(master.as_bytes(), MASTER, &settings);
    let (master, settings) = (&master.unwrap(), &settings);
    let designs = &[documents::Design::official(settings.documents[0].clone())];
    let from = documents::Ingredients { master, settings, designs };
    let request = manifests(&stored).0[2].manifest.request();
    let set = documents::set(&from, &request).unwrap();
    let files = bundled.iter().map(|one| &one.file);
    let renamed = files.flat_map(|file| rename(&file.name).into_iter().map(|name| (name, &file.bytes)));
    let renamed: Vec<NamedFile> = renamed.map(|(name, bytes)| NamedFile::new(name, bytes.clone())).collect();
    let attachment = |file| pdf::Attachment {
        file,
        description: String::new(),
        relationship: pdf::Relationship::Source,
        date: request.date,
    };
    let attachments: Vec<pdf::Attachment<'_>> = renamed.iter().map(attachment).collect();
    pdf::bundle(&set.documents[0].document, &set.documents[0].fonts, &set.documents[0].meta, &attachments)
        .unwrap()
}

/// A bundle that carries exactly what the one of R8 carries, but shows other pages.
pub(super) fn bundle_with_other_pages() -> Vec<u8> {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    let master = || String::from_utf8(example(MASTER)).unwrap().replace("17.6%", "71.6%");
    BYTES.get_or_init(|| rebundled(&master(), |name| vec![name.to_owned()])).clone()
}

fn codes(findings: &Findings) -> Vec<&'static str> {
    findings.iter().map(Finding::code).collect()
}

/// Every new version of the program once made every old edition differ: its number
/// stood in each PDF.
#[test]
fn an_archive_of_another_version_verifies_fully() {
    for version in ["0.0.1", "1.0.0", "2.0.0", "10.3.7-rc.1"] {
        let this = Program { version: version.to_owned(), ..program() };
        let verified = verify(&archive(), shelf(), &this);
        assert!(verified.findings.is_empty(), "{version}: {:?}", verified.findings);
        assert!(verified.editions.iter().all(|one| one.remade == Remade::Same), "{version}");
    }
    let mut stored = archive();
    let pdf = String::from_utf8_lossy(stored.bytes("R7", PDF)).into_owned();
    assert!(pdf.contains("<pdf:Producer>jisseki 1.0.0 (printpdf)</pdf:Producer>"));
}

/// The manifest cannot vouch for the bundle: it is made again.
#[test]
fn a_bundle_tampered_with_together_with_its_checksums_is_found() {
    let bundle = format!("R8/{BUNDLE}");
    let mut altered = archive().bytes("R8", BUNDLE).clone();
    altered.extend_from_slice(b"\n% more\n");
    let document = archive().bytes("R7", PDF).clone();
    for bytes in [bundle_with_other_pages(), altered, document, Vec::new()] {
        let mut stored = archive();
        swap_bundle(&mut stored, bytes);
        for this in [program(), later()] {
            let findings = verify(&stored, shelf(), &this).findings;
            assert!(!codes(&findings).contains(&"E710"), "the checksums agree: {findings:?}");
            let named = |finding: &Finding| {
                matches!(finding.code(), "E707" | "E709") && finding.place.as_ref().unwrap().file == bundle
            };
            assert!(findings.iter().any(named), "{findings:?}");
        }
    }
}

/// Where the bundle cannot be made again, its pages are held against the document's.
#[test]
fn a_bundle_that_cannot_be_made_again_is_held_against_the_document() {
    let no_fonts = FontShelf::default();
    let sound = verify(&archive(), &no_fonts, &program()).findings;
    assert_eq!(codes(&sound), ["W704", "W704", "W704"]);
    let mut stored = archive();
    swap_bundle(&mut stored, bundle_with_other_pages());
    let findings = verify(&stored, &no_fonts, &program()).findings;
    let found = findings.iter().find(|finding| finding.code() == "E709").unwrap();
    let said = format!("PDFの中のファイルが合いません。ページが、隣にある「{PDF_R8}」と違います");
    assert_eq!(found.message(), said);
}

/// What another version draws otherwise is no sign of tampering, and is not said to be
/// verified either.
#[test]
fn what_is_not_verified_is_said() {
    let whole = verify(&archive(), shelf(), &later());
    assert_eq!(whole.sentence(), "3件の版を確認しました。ここにある版は、どれも保存の記録のとおりです");
    let fingerprint = Hash::of(archive().bytes("R8", MANIFEST)).to_string();
    let newest = format!("最新の版: 令和8年度の第1版（R8）、記録の確認用の値 {}…", &fingerprint[..16]);
    assert_eq!(
        whole.details(),
        [
            "確認したもの: 24個のファイル、記録の確認用の値と版のつながり、保存したデータから作り直した文書（3件の版）",
            &newest,
            OUT_OF_REACH,
        ]
    );

    let mut stored = archive();
    let mut pdf = stored.bytes("R8", PDF_R8).clone();
    pdf.push(b'\n');
    forge(&mut stored, "R8", PDF_R8, pdf);
    let verified = verify(&stored, shelf(), &later());
    assert!(codes(&verified.findings).contains(&"W703"), "{:?}", verified.findings);
    assert_eq!(verified.editions[2].remade, Remade::OtherVersion);
    assert!(!verified.is_whole());
    let details = verified.details();
    assert!(
        details[0].ends_with("作り直した文書（2件の版）、データのCSVとマスタの値（1件の版）"),
        "{details:?}"
    );
    assert_eq!(
        details[1],
        "確認していないもの: R8 のデータから同じ文書ができること（別の版の jisseki で保存されています）"
    );

    let verified = verify(&archive(), &FontShelf::default(), &program());
    assert_eq!(
        verified.sentence(),
        "R7、R7-2、R8 の文書が保存したデータから作ったものかは、確認できませんでした。ほかは、ここにある3件の版のいずれも保存の記録のとおりです"
    );
    assert_eq!(verified.details().len(), 6);
    assert!(verified.details()[1].contains("R7 の") && verified.details()[1].contains("書体"));
    assert!(!verified.details()[0].contains("作り直した"));

    let verified = verify(&Stored::default(), shelf(), &program());
    assert_eq!(verified.sentence(), "保存した版はありません。確認したものはありません");

    let mut stored = archive();
    stored.bytes("R7", MASTER).push(b'!');
    let verified = verify(&stored, shelf(), &program());
    assert_eq!(verified.sentence(), "3件の版を確認しました。問題があります");
    let remade: Vec<Remade> = verified.editions.iter().map(|one| one.remade).collect();
    // R7-2 corrects R7, whose data it is made from too.
    assert_eq!(remade, [Remade::NoSources, Remade::NoCorrected, Remade::Same]);
}

/// Without its record an edition's files speak through the checksums alone, or not at all.
#[test]
fn a_record_that_is_gone_is_not_said_to_be_verified() {
    let mut stored = archive();
    stored.folder("R8").entries.remove(MANIFEST);
    let said = verify(&stored, shelf(), &program()).details().remove(0);
    assert!(said.contains("個のファイル、読み取れた記録の確認用の値とつながり（2件の版）、"), "{said}");
    for folder in ["R7", "R7-2", "R8"] {
        stored.folder(folder).entries.remove(MANIFEST);
        stored.folder(folder).entries.remove(CHECKSUMS);
    }
    assert_eq!(verify(&stored, shelf(), &program()).details()[0], "確認したもの: ありません");
}

const OUT_OF_REACH: &str = "保存先の中だけでは分からないこと: 新しい方の版が取り除かれたり、記録の確認用の値ごと作り直されたりしていないこと。起案文書などに控えた確認用の値と、上の値が同じか見比べてください";

/// The archive without its newest editions, of which nothing is left.
fn shortened(newest: &str, note: bool) -> Stored {
    let mut stored = archive();
    let end = stored.folders.iter().position(|folder| folder.name == newest).unwrap();
    stored.folders.truncate(end + 1);
    stored.latest = None;
    if note {
        note_newest(&mut stored);
    }
    stored
}

/// Writes the note of the newest edition, as the program does.
fn note_newest(stored: &mut Stored) {
    let before = stored.clone();
    let (listed, _) = manifests(&before);
    let newest = listed.last().unwrap();
    let Link { folder, sha256 } = newest.manifest.link();
    stored.latest = Some(Latest { folder, sequence: newest.manifest.sequence, sha256 }.to_json());
}

/// An end that was taken away together with the note of it leaves no trace within: what
/// is said claims no more, and shows the fingerprint that tells.
#[test]
fn an_end_that_was_taken_away_is_never_said_to_be_there() {
    let whole = verify(&archive(), shelf(), &program()).newest().cloned().unwrap();
    let revised = {
        let mut stored = shortened("R7", true);
        add(&mut stored, "R7", &example(MASTER), "別の訂正", false);
        stored
    };
    for stored in [shortened("R7-2", true), shortened("R7", true), revised] {
        let verified = verify(&stored, shelf(), &program());
        assert!(verified.findings.is_empty(), "{:?}", verified.findings);
        let count = stored.folders.len();
        let said = format!("{count}件の版を確認しました。ここにある版は、どれも保存の記録のとおりです");
        assert_eq!(verified.sentence(), said);
        let newest = verified.newest().cloned().unwrap();
        assert_ne!(newest.sha256, whole.sha256, "what was noted elsewhere tells");
        let details = verified.details();
        assert!(details.iter().any(|line| line.contains(&newest.sha256[..16])), "{details:?}");
        assert_eq!(details.last().map(String::as_str), Some(OUT_OF_REACH));
    }
}

/// W706 latest.json がない。
#[test]
fn w706_newest_note_missing() {
    for newest in ["R7", "R7-2", "R8"] {
        let verified = verify(&shortened(newest, false), shelf(), &program());
        assert_eq!(codes(&verified.findings), ["W706"], "{newest}");
        let warned = verified.findings.iter().next().unwrap();
        assert!(warned.help().contains("最新の版が消えていても分かりません"), "{}", warned.help());
        assert!(!verified.is_whole());
        let count = verified.editions.len();
        assert_eq!(
            verified.sentence(),
            format!(
                "最新の版が残っているかは、確認できませんでした。ほかは、ここにある{count}件の版のいずれも保存の記録のとおりです"
            )
        );
    }
    // Of an archive in which nothing is left, there is nothing to say.
    assert!(verify(&Stored::default(), shelf(), &program()).findings.is_empty());
}

/// E718 最新の版の記録を読み取れない。
#[test]
fn e718_newest_record_unreadable() {
    type Damage = fn(&mut Stored);
    let damages: [Damage; 4] = [
        |stored| stored.bytes("R8", MANIFEST).clear(),
        |stored| stored.bytes("R8", MANIFEST).truncate(300),
        |stored| stored.bytes("R8", MANIFEST).push(b' '),
        |stored| drop(stored.folder("R8").entries.remove(MANIFEST)),
    ];
    for damage in damages {
        let mut stored = archive();
        damage(&mut stored);
        let findings = verify(&stored, shelf(), &program()).findings;
        let codes = codes(&findings);
        assert!(codes.contains(&"E718") && !codes.contains(&"E711"), "{findings:?}");
        let said = findings.iter().find(|finding| finding.code() == "E718").unwrap().message();
        assert_eq!(said, "最新の版「R8」はありますが、その記録（manifest.json）を読み取れません");
    }
    // All of them, or one in the midst of the chain.
    let mut stored = archive();
    for folder in ["R7", "R7-2", "R8"] {
        stored.bytes(folder, MANIFEST).clear();
    }
    assert!(codes(&verify(&stored, shelf(), &program()).findings).contains(&"E718"));
    let mut stored = archive();
    stored.bytes("R7-2", MANIFEST).clear();
    let findings = verify(&stored, shelf(), &program()).findings;
    let said = findings.iter().find(|finding| finding.code() == "E706").unwrap().message();
    assert!(said.contains("記録を読み取れない「R7-2」かもしれません"), "{said}");
}

/// R7 alone, as another version would have made it: its data and its PDF are changed,
/// and every hash made to agree.
fn forged(change: impl Fn(String) -> String) -> Stored {
    let mut stored = shortened("R7", true);
    let data = String::from_utf8(stored.bytes("R7", DATA).clone()).unwrap();
    forge(&mut stored, "R7", DATA, change(data).into_bytes());
    let mut pdf = stored.bytes("R7", PDF).clone();
    pdf.push(b'\n');
    forge(&mut stored, "R7", PDF, pdf);
    stored.rewrite("R7", |manifest| manifest.program.version = "9.9.9".to_owned());
    note_newest(&mut stored);
    stored
}

/// What comes out is as it was recorded; the table that lies there is not, and is not said to be.
#[test]
fn a_table_that_was_changed_has_not_the_figures_of_its_master() {
    let mut stored = archive();
    stored.bytes("R7", DATA).push(b' ');
    let verified = verify(&stored, shelf(), &program());
    let of_r7 = verified.editions.iter().find(|one| one.folder == "R7").unwrap();
    assert_eq!((of_r7.remade, of_r7.figures), (Remade::Same, Figures::NotCompared));
    assert!(verified.details().iter().any(|line| line.contains("R7 のデータのCSVの値")));
}

/// E717 データのCSVの値が、保存したマスタの値と違う。
#[test]
fn e717_archived_figure_differs() {
    type Change = fn(String) -> String;
    let changes: [(Change, &str); 6] = [
        (
            |data| data.replace("\"17.6\"", "\"71.6\""),
            "「2025年度（令和7年度）実績」：CSVは「71.6」、マスタは「17.6」",
        ),
        (|data| data.replacen("数値あり", "未報告", 1), "の状態」：CSVは「未報告」、マスタは「数値あり」"),
        (
            |data| data.replace("2025年度（令和7年度）実績", "2025年度の実績"),
            "「2025年度（令和7年度）実績」：CSVは「（空欄）」",
        ),
        (
            |data| data.lines().map(|line| format!("{line}\r\n")).take(3).collect(),
            "の「ID」：CSVは「（空欄）」",
        ),
        (|data| data + "\"\",\"\",\"\",\"X9\"\r\n", "ID「X9」の「ID」：CSVは「X9」、マスタは「（空欄）」"),
        (|_| "junk".to_owned(), "CSVは「（空欄）」"),
    ];
    for (change, expected) in changes {
        for fonts in [shelf(), &FontShelf::default()] {
            let verified = verify(&forged(change), fonts, &program());
            let found = verified.findings.iter().find(|finding| finding.code() == "E717");
            let found = found.unwrap_or_else(|| panic!("{expected}: {:?}", verified.findings));
            assert!(found.message().contains(expected), "{}", found.message());
            assert_eq!(found.place.as_ref().unwrap().file, format!("R7/{DATA}"));
            assert_eq!(verified.editions[0].figures, Figures::Differs);
            assert_eq!(verified.sentence(), "1件の版を確認しました。問題があります");
        }
    }
    // Nothing but what another version draws: not verified, and said so first.
    let verified = verify(&forged(|data| data), shelf(), &program());
    assert_eq!(codes(&verified.findings), ["W703"]);
    assert_eq!(verified.editions[0].figures, Figures::Same);
    assert_eq!(
        verified.sentence(),
        "R7 の文書が保存したデータから作ったものかは、確認できませんでした。ほかは、ここにある1件の版のいずれも保存の記録のとおりです"
    );
    // The same version, its fonts not at hand: the data need none.
    let mut stored = shortened("R7", true);
    let data = String::from_utf8(stored.bytes("R7", DATA).clone()).unwrap();
    forge(&mut stored, "R7", DATA, data.replace("17.6", "71.6").into_bytes());
    note_newest(&mut stored);
    let findings = verify(&stored, &FontShelf::default(), &program()).findings;
    assert_eq!(codes(&findings), ["W704", "E707"]);
}

/// W707 データのCSVの文が、保存したマスタの文と違う。
#[test]
fn w707_archived_wording_differs() {
    for (from, to) in [
        ("催しの案内ボランティア", "催しの按内ボランティア"),
        ("見本町", "見本市"),
        ("\"事業量\"", "\"活動量\""),
    ] {
        let findings = verify(&forged(|data| data.replace(from, to)), shelf(), &program()).findings;
        assert_eq!(codes(&findings), ["W703", "W707"], "{from}: {findings:?}");
    }
    // A column that this version does not know is no difference.
    let added = |data: String| data.lines().map(|line| format!("{line},\"x\"\r\n")).collect();
    let findings = verify(&forged(added), shelf(), &program()).findings;
    assert_eq!(codes(&findings), ["W703"], "{findings:?}");
}

/// E716 保存した版を確認する途中で、プログラムが止まった。
#[test]
fn e716_verification_stopped() {
    // A bug cannot be put into an archive: what stands for lost work is looked at itself.
    let stored = archive();
    let stopped = verify::stopped(&stored.folders[1]);
    let finding = stopped.of_documents.iter().next().unwrap();
    assert_eq!(
        (finding.code(), finding.place.as_ref().unwrap().file.as_str()),
        ("E716", "R7-2/manifest.json")
    );
    assert_eq!(finding.message(), "この版を確認する途中で、プログラムが止まりました");
    assert!(stopped.of_documents.has_errors());
    assert_eq!(stopped.checked.remade.why_not(), Some("確認する途中で止まりました"));
}

/// 「デ」 as 「テ」 and a mark, as a Mac hands names out.
fn decomposed(stored: &mut Stored) {
    use unicode_normalization::UnicodeNormalization;
    for folder in &mut stored.folders {
        let entries = std::mem::take(&mut folder.entries);
        folder.entries = entries.into_iter().map(|(name, entry)| (name.nfd().collect(), entry)).collect();
    }
}

#[test]
fn names_that_went_through_a_mac_are_the_same_names() {
    let mut stored = archive();
    decomposed(&mut stored);
    assert!(stored.folders[0].entries.keys().any(|name| name.contains('\u{3099}')), "the data's name");
    assert_eq!(found(&stored), Vec::<String>::new());
    assert!(verify(&stored, shelf(), &later()).is_whole());

    // What is wrong is still named, as it was recorded.
    let mut stored = archive();
    stored.bytes("R7", DATA).push(b' ');
    decomposed(&mut stored);
    assert!(found(&stored).contains(&format!("E702 R7/{DATA}")));
    let mut stored = archive();
    stored.folder("R7").entries.remove(DATA);
    decomposed(&mut stored);
    assert!(found(&stored).contains(&format!("E701 R7/{DATA}")));

    // Beside the file itself, one whose name only reads the same is a stranger.
    let mut stored = archive();
    let name: String = composed(DATA).replace('デ', "テ\u{3099}");
    stored.folder("R7").entries.insert(name.clone(), Entry::File(b"other".to_vec().into()));
    assert_eq!(found(&stored), [format!("E703 R7/{name}")]);
}

/// The names within a bundle too; and no two that are one name on a Mac are taken out.
#[test]
fn names_within_a_bundle_are_compared_as_they_are_read() {
    use unicode_normalization::UnicodeNormalization;
    let master = String::from_utf8(example(MASTER)).unwrap().replace("17.6%", "17.7%");
    let decomposed = rebundled(&master, |name| vec![name.nfd().collect()]);
    assert_eq!(bundled_files(&decomposed, "保存用.pdf").unwrap().len(), 7);
    let mut stored = archive();
    swap_bundle(&mut stored, decomposed);
    // The bytes are others, the files in it are not.
    assert_eq!(found(&stored), [format!("E707 R8/{BUNDLE}")]);

    let twice = |name: &str| match name.contains('デ') {
        true => vec![name.to_owned(), name.nfd().collect()],
        false => vec![name.to_owned()],
    };
    let refused = bundled_files(&rebundled(&master, twice), "保存用.pdf").unwrap_err();
    assert!(refused.iter().next().unwrap().message().contains("の名前「"), "{refused:?}");
}

/// Whatever a plan's ID, files come out of its bundle under the names they were given.
#[test]
fn a_bundle_gives_back_the_names_of_any_plan() {
    let master = String::from_utf8(example(MASTER)).unwrap();
    for id in ["a/b", "~$計画", &format!("CON{}x", " ".repeat(200)), &"𠮟".repeat(300)] {
        let renamed = |name: &str| match name.strip_prefix("見本町総合戦略") {
            Some(rest) => {
                let (end, extension) = rest.split_at(rest.rfind('.').unwrap());
                vec![crate::file_name::document_file_name(id, end, extension)]
            }
            // The record has the names as they were.
            None if name == MANIFEST => Vec::new(),
            None => vec![name.to_owned()],
        };
        let files = bundled_files(&rebundled(&master, renamed), "保存用.pdf").unwrap();
        assert_eq!(files.len(), 6, "{id}");
        let of_plan = files.iter().filter(|file| ![MASTER, SETTINGS, TEMPLATE].contains(&file.name.as_str()));
        assert!(of_plan.clone().count() == 3 && of_plan.clone().all(|file| file.name.contains("_R8.")));
    }
}

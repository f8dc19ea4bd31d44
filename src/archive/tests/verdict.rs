//! `archive verify` proves what it says, and says what it did not prove.

use super::*;

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
    let kept = pdf::extract(stored.bytes("R8", BUNDLE)).unwrap();
    let settings = crate::settings::Settings::read(&example(SETTINGS), SETTINGS).unwrap();
    let (master, _) = crate::master::read(master.as_bytes(), MASTER, &settings);
    let (template, files) = (Template::official(), FontFiles::default());
    let fonts = crate::layout::font::Fonts::parse(&files).unwrap();
    let from = crate::documents::Ingredients {
        master: &master.unwrap(),
        settings: &settings,
        template: &template,
        fonts: &fonts,
    };
    let request = manifests(&stored).0[2].manifest.request();
    let set = crate::documents::set(&from, &request).unwrap();
    let mut carried = Vec::new();
    for file in kept {
        carried.extend(rename(&file.name).into_iter().map(|name| pdf::Attachment {
            name,
            description: String::new(),
            relationship: pdf::Relationship::Source,
            media_type: crate::render::MediaType::Csv,
            bytes: file.bytes.clone(),
            date: request.date,
        }));
    }
    pdf::bundle(&set.document, &fonts, &set.meta, &carried).unwrap()
}

/// A bundle that carries exactly what the one of R8 carries, but shows other pages.
fn bundle_with_other_pages() -> Vec<u8> {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    let master = || String::from_utf8(example(MASTER)).unwrap().replace("17.2%", "71.2%");
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
    assert_eq!(whole.sentence(), "3つの版を確かめました。すべて保存したときのままです");
    assert_eq!(
        whole.details(),
        [
            "確かめたもの: 24個のファイルと記録の指紋、版のつながり、保存したデータから作り直した文書（3つの版）"
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
    let last = verified.details().pop().unwrap();
    assert_eq!(
        last,
        "確かめていないもの: R8 のデータから同じ文書ができること（別の版の jisseki で保存されています）"
    );

    let verified = verify(&archive(), &FontShelf::default(), &program());
    assert_eq!(
        verified.sentence(),
        "3つの版を確かめました。確かめたものは保存したときのままですが、確かめられなかったものがあります"
    );
    assert_eq!(verified.details().len(), 4);
    assert!(verified.details()[1].contains("R7 の") && verified.details()[1].contains("書体"));
    assert!(!verified.details()[0].contains("作り直した"));

    let verified = verify(&Stored::default(), shelf(), &program());
    assert_eq!(verified.sentence(), "保存した版はありません。確かめたものはありません");

    let mut stored = archive();
    stored.bytes("R7", MASTER).push(b'!');
    let verified = verify(&stored, shelf(), &program());
    assert_eq!(verified.sentence(), "3つの版を確かめました。問題があります");
    let remade: Vec<Remade> = verified.editions.iter().map(|one| one.remade).collect();
    // R7-2 corrects R7, whose data it is made from too.
    assert_eq!(remade, [Remade::NoSources, Remade::NoCorrected, Remade::Same]);
}

/// E716 保存した版を確かめる途中で、プログラムが止まった。
#[test]
fn e716_verification_stopped() {
    // A bug cannot be put into an archive: what stands for lost work is looked at itself.
    let stored = archive();
    let lost = verify::lost(&manifests(&stored).0[1]);
    let finding = lost.findings.iter().next().unwrap();
    assert_eq!(
        (finding.code(), finding.place.as_ref().unwrap().file.as_str()),
        ("E716", "R7-2/manifest.json")
    );
    assert_eq!(finding.message(), "この版を確かめる途中で、プログラムが止まりました");
    assert!(lost.findings.has_errors());
    assert_eq!(lost.remade.why_not(), Some("確かめる途中で止まりました"));
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
    stored.folder("R7").entries.insert(name.clone(), Entry::File(b"other".to_vec()));
    assert_eq!(found(&stored), [format!("E703 R7/{name}")]);
}

/// The names within a bundle too; and no two that are one name on a Mac are taken out.
#[test]
fn names_within_a_bundle_are_compared_as_they_are_read() {
    use unicode_normalization::UnicodeNormalization;
    let master = String::from_utf8(example(MASTER)).unwrap().replace("17.2%", "17.3%");
    let decomposed = rebundled(&master, |name| vec![name.nfd().collect()]);
    assert_eq!(carried(&decomposed, "保存用.pdf").unwrap().len(), 7);
    let mut stored = archive();
    swap_bundle(&mut stored, decomposed);
    // The bytes are others, the files in it are not.
    assert_eq!(found(&stored), [format!("E707 R8/{BUNDLE}")]);

    let twice = |name: &str| match name.contains('デ') {
        true => vec![name.to_owned(), name.nfd().collect()],
        false => vec![name.to_owned()],
    };
    let refused = carried(&rebundled(&master, twice), "保存用.pdf").unwrap_err();
    assert!(refused.iter().next().unwrap().message().contains("の名前「"), "{refused:?}");
}

const DATA: &str = "見本市総合戦略_データ_R7.csv";
const WORKBOOK: &str = "見本市総合戦略_実績一覧_R7.xlsx";

/// What verifying says of a file of R7 that was put in the place of the archived one.
fn cause(name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Option<&'static str> {
    let mut stored = archive();
    let bytes = stored.bytes("R7", name).clone();
    *stored.bytes("R7", name) = change(bytes);
    let findings = verify(&stored, shelf(), &program()).findings;
    let of_file = |finding: &&Finding| finding.place.as_ref().unwrap().file == format!("R7/{name}");
    let named: Vec<&Finding> = findings.iter().filter(of_file).collect();
    assert_eq!(named.len(), 1, "{findings:?}");
    match &named[0].kind {
        FindingKind::ArchivedFileChanged { cause, .. } => *cause,
        other => panic!("{other:?}"),
    }
}

/// The parts of a workbook, changed and packed anew.
fn repacked(workbook: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(9));
    for at in (0..archive.len()).rev() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut xml = String::new();
        part.read_to_string(&mut xml).unwrap();
        writer.start_file(&name, options).unwrap();
        writer.write_all(change(&name, xml).as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Line ends, marks, zips: a document server changes bytes, not figures.
#[test]
fn a_file_that_says_the_same_in_other_bytes_is_told_so() {
    let text = |change: fn(String) -> String| {
        move |bytes: Vec<u8>| change(String::from_utf8(bytes).unwrap()).into_bytes()
    };
    let line_ends = cause(DATA, text(|text| text.replace("\r\n", "\n"))).unwrap();
    assert!(line_ends.contains("改行の記号だけ"), "{line_ends}");
    let mark = cause(DATA, text(|text| text.replace('\u{FEFF}', ""))).unwrap();
    assert!(mark.contains("BOM"), "{mark}");
    for name in [MASTER, SETTINGS, TEMPLATE] {
        let line_ends = cause(name, text(|text| text.replace('\n', "\r\n"))).unwrap();
        assert!(line_ends.contains("改行"), "{name}: {line_ends}");
    }
    // A spreadsheet quotes only what has to be.
    let fields = cause(DATA, |bytes| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for record in csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice()).records() {
            writer.write_record(&record.unwrap()).unwrap();
        }
        writer.into_inner().unwrap()
    })
    .unwrap();
    assert!(fields.contains("どのセルの値も同じ"), "{fields}");
    assert_eq!(cause(DATA, text(|text| text.replace('1', "2"))), None);

    let packed = cause(WORKBOOK, |bytes| repacked(&bytes, |_, xml| xml)).unwrap();
    assert!(packed.contains("圧縮のしかた"), "{packed}");
    // Another program writes styles and coordinates of its own.
    let styled = |bytes: Vec<u8>| repacked(&bytes, |_, xml| xml.replace(" s=\"", " x=\"1\" s=\""));
    let saved = cause(WORKBOOK, styled).unwrap();
    assert!(saved.contains("どのシートのどのセルの値も同じ"), "{saved}");
    let typed = |bytes: Vec<u8>| {
        repacked(&bytes, |name, xml| match name {
            "xl/sharedStrings.xml" => xml.replace("見守り", "見張り"),
            _ => xml,
        })
    };
    assert_eq!(cause(WORKBOOK, typed), None);
    let figure = |bytes: Vec<u8>| repacked(&bytes, |_, xml| xml.replacen("<v>0.", "<v>1.", 1));
    assert_eq!(cause(WORKBOOK, figure), None);
    assert_eq!(cause(WORKBOOK, |_| b"PK".to_vec()), None);

    // A PDF that another program wrote anew: the same objects in another file.
    let pages = cause(PDF, |bytes| {
        let mut pdf = lopdf::Document::load_mem(&bytes).unwrap();
        pdf.renumber_objects();
        let mut out = Vec::new();
        pdf.save_to(&mut out).unwrap();
        out
    });
    assert!(pages.unwrap().contains("どのページも同じ"));
    assert_eq!(cause(PDF, |_| bundle_with_other_pages()), None);
}

/// A record whose line ends were converted is refused, and the cause is named.
#[test]
fn a_record_in_another_form_is_told_so() {
    let mut stored = archive();
    let manifest = String::from_utf8(stored.bytes("R8", MANIFEST).clone()).unwrap();
    for (form, cause) in [
        (manifest.replace('\n', "\r\n"), Some("改行の記号だけ")),
        (format!("\u{FEFF}{manifest}"), Some("BOM")),
        (manifest.trim_end().to_owned(), Some("改行の記号だけ")),
        (manifest.replace("  ", " "), None),
        (manifest.replace("\"pages\": ", "\"pages\": 1").replace('\n', "\r\n"), Some("改行の記号だけ")),
    ] {
        *stored.bytes("R8", MANIFEST) = form.into_bytes();
        let findings = verify(&stored, shelf(), &program()).findings;
        let named = findings.iter().find(|finding| finding.code() == "E704").unwrap().message();
        assert!(cause.is_none_or(|cause| named.contains(cause)), "{named}");
        assert!(cause.is_some() || named.contains("書き換えられた"), "{named}");
    }
}

/// What the bundle carries as it was recorded is not called wrong for what lies beside it.
#[test]
fn the_bundle_is_told_from_what_lies_beside_it() {
    let mut stored = archive();
    stored.bytes("R8", MASTER).push(b'!');
    let findings = verify(&stored, shelf(), &program()).findings;
    let said = findings.iter().find(|finding| finding.code() == "E709").unwrap().message();
    assert!(said.contains("中の「master.csv」は保存したときのままで、隣にあるファイルが違います"), "{said}");
}

/// The original is at hand in the bundle too, when the sources themselves are changed.
#[test]
fn the_bundle_tells_what_became_of_a_master_that_was_saved_again() {
    let mut stored = archive();
    let text = String::from_utf8(stored.bytes("R8", MASTER).clone()).unwrap();
    let commas = text.lines().map(|line| format!("{line},")).collect::<Vec<_>>().join("\r\n");
    *stored.bytes("R8", MASTER) = commas.into_bytes();
    let findings = verify(&stored, shelf(), &program()).findings;
    let changed = findings.iter().find(|finding| finding.code() == "E702").unwrap();
    assert!(
        changed.help().starts_with("どのセルの値も同じで、CSVの書き方だけが違います"),
        "{}",
        changed.help()
    );
}

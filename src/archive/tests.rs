#![allow(clippy::unwrap_used)]

mod hostile;
mod rewritten;
mod verdict;

use std::sync::OnceLock;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::documents::{self, Request};
use crate::file_name::{BUNDLE as BUNDLED, DATA, ERRATA};
use crate::finding::{ArchiveRule, Finding, Findings, Place};
use crate::init;
use crate::layout::font::FontFiles;
use crate::layout::template::Template;
use crate::named_file::{MediaType, NamedFile};
use crate::plan::FiscalYear;
use crate::render::{Program, pdf};

/// The program that made the archive.
fn program() -> Program {
    Program { name: "jisseki".to_owned(), version: "1.0.0".to_owned() }
}

/// Another version, which draws the same.
fn later() -> Program {
    Program { version: "2.0.0".to_owned(), ..program() }
}

/// A shelf with the compiled-in fonts.
fn shelf() -> &'static FontShelf {
    static SHELF: OnceLock<FontShelf> = OnceLock::new();
    SHELF.get_or_init(|| FontShelf::with([]))
}

/// Everything that is off, by one who never stops.
fn verify(stored: &Stored, shelf: &FontShelf, program: &Program) -> Verification {
    super::verify(stored, shelf, program, |_, _| Ok::<_, std::convert::Infallible>(())).unwrap()
}

/// A file of the example, whose newest actuals are those of R7, and which makes one document.
fn example(name: &str) -> Vec<u8> {
    let years: Vec<FiscalYear> = (2023..=2027).map(FiscalYear::starting).collect();
    let file = init::example(&years).into_iter().find(|file| file.name == name).unwrap();
    let text = String::from_utf8(file.bytes).unwrap();
    match text.split_once("[[documents]]") {
        Some((head, rest)) => format!("{head}[departments]{}", rest.split_once("[departments]").unwrap().1),
        None => text,
    }
    .into_bytes()
}

/// Makes the next edition of the archive from this master, as the command does.
fn add(stored: &mut Stored, year: &str, master: &[u8], reason: &str, bundle: bool) {
    let year = FiscalYear::parse(year).unwrap();
    let (settings, fonts) = (example(SETTINGS), vec![FontFiles::default()]);
    let templates = vec![("実績一覧".to_owned(), Template::whole_text(b"", "").unwrap().into_bytes())];
    let before = stored.clone();
    let (listed, findings) = manifests(&before);
    assert!(findings.is_empty());
    let corrected = listed.iter().rfind(|one| one.manifest.fiscal_year() == year);
    let old = corrected.map(|one| CorrectedEdition {
        manifest: &one.manifest,
        sources: SourceFiles::of(one).unwrap().read(fonts.clone()).unwrap(),
    });
    let date = "2026-06-10".parse().unwrap();
    let request =
        Request { year, date, printed_date: Some(date), draft: false, edition: None, program: program() };
    let identity = Identity {
        edition: corrected.map_or(1, |one| one.manifest.edition + 1),
        sequence: listed.len() as u32 + 1,
        reason: reason.to_owned(),
        previous: listed.last().map(|one| one.manifest.link()),
        bundle,
    };
    let now = SourceFiles { master: master.to_vec(), settings, templates }.read(fonts).unwrap();
    let edition = record(&now, &request, &identity, old.as_ref()).unwrap();
    let entries = edition.files.into_iter().map(|file| (file.name, Entry::File(file.bytes.into()))).collect();
    let link = edition.manifest.link();
    let latest = Latest { folder: link.folder.clone(), sequence: identity.sequence, sha256: link.sha256 };
    stored.folders.push(Folder { name: link.folder, entries });
    stored.latest = Some(latest.to_json());
}

/// R7, its correction R7-2, and R8 with a bundle.
fn archive() -> Stored {
    static ARCHIVE: OnceLock<Stored> = OnceLock::new();
    let made = ARCHIVE.get_or_init(|| {
        let mut stored = Stored::default();
        let master = example(MASTER);
        let corrected = String::from_utf8(master.clone()).unwrap().replace("17.6%", "17.7%");
        add(&mut stored, "R7", &master, "", false);
        add(&mut stored, "R7", corrected.as_bytes(), "転記の誤り", false);
        add(&mut stored, "R8", corrected.as_bytes(), "", true);
        stored
    });
    made.clone()
}

impl Stored {
    fn folder(&mut self, name: &str) -> &mut Folder {
        self.folders.iter_mut().find(|folder| folder.name == name).unwrap()
    }

    fn bytes(&mut self, folder: &str, name: &str) -> &mut Vec<u8> {
        match self.folder(folder).entries.get_mut(name).unwrap() {
            Entry::File(Content::Bytes(bytes)) => bytes,
            other => panic!("{other:?}"),
        }
    }

    /// Writes a manifest with these changes, and checksums that agree with it.
    fn rewrite(&mut self, folder: &str, change: impl Fn(&mut Manifest)) {
        let mut manifest = Manifest::read(self.bytes(folder, MANIFEST)).unwrap();
        let (from, to) = (Hash::of(&manifest.to_json()), {
            change(&mut manifest);
            Hash::of(&manifest.to_json())
        });
        *self.bytes(folder, MANIFEST) = manifest.to_json();
        let sums = String::from_utf8(self.bytes(folder, CHECKSUMS).clone()).unwrap();
        *self.bytes(folder, CHECKSUMS) = sums.replace(&from.to_string(), &to.to_string()).into_bytes();
    }
}

/// `E702 R7/master.csv` of each finding.
fn found(stored: &Stored) -> Vec<String> {
    let findings = verify(stored, shelf(), &program()).findings;
    findings.iter().map(|f| format!("{} {}", f.code(), f.place.as_ref().unwrap().file)).collect()
}

/// The archive with one change gives, among its findings, this one.
fn check(change: impl FnOnce(&mut Stored), expected: &str) {
    let mut stored = archive();
    change(&mut stored);
    let found = found(&stored);
    assert!(found.iter().any(|one| one == expected), "{expected} not in {found:?}");
}

const BUNDLE: &str = "見本町総合戦略_保存用_R8.pdf";
const PDF: &str = "見本町総合戦略_実績一覧_R7.pdf";

#[test]
fn an_archive_as_it_was_made_has_nothing_to_be_found() {
    assert_eq!(found(&archive()), Vec::<String>::new());
    assert_eq!(found(&Stored::default()), Vec::<String>::new());
}

/// What Windows and macOS leave behind is no sign of tampering.
#[test]
fn what_systems_leave_in_a_folder_is_passed_over() {
    let mut stored = archive();
    for name in ["Thumbs.db", "~$見本.xlsx", ".~lock.見本.xlsx#", "._master.csv", "DESKTOP.INI"] {
        stored.folder("R7").entries.insert(name.into(), Entry::File(vec![1].into()));
    }
    stored.folder("R8").entries.insert("@eaDir".into(), Entry::NoFile);
    assert_eq!(found(&stored), Vec::<String>::new());
}

/// E701 保存した版に、記録されているファイルがない。
#[test]
fn e701_archived_file_missing() {
    for name in archive().folder("R7-2").entries.keys() {
        check(|stored| drop(stored.folder("R7-2").entries.remove(name)), &format!("E701 R7-2/{name}"));
    }
}

/// E702 保存した版のファイルが、記録と違う。
#[test]
fn e702_archived_file_changed() {
    check(|stored| stored.bytes("R7", MASTER).push(b'\n'), "E702 R7/master.csv");
    let swap = |stored: &mut Stored| {
        let first = stored.bytes("R7", MASTER).clone();
        let second = std::mem::replace(stored.bytes("R7-2", MASTER), first);
        *stored.bytes("R7", MASTER) = second;
    };
    check(swap, "E702 R7/master.csv");
    check(swap, "E702 R7-2/master.csv");
}

/// E703 保存した版に、記録にないファイルがある。
#[test]
fn e703_unknown_in_archive() {
    check(
        |s| drop(s.folder("R7").entries.insert("追加.txt".into(), Entry::File(vec![].into()))),
        "E703 R7/追加.txt",
    );
    check(|s| drop(s.folder("R7").entries.insert("中".into(), Entry::NoFile)), "E703 R7/中");
    check(|s| s.strangers.push("メモ.txt".into()), "E703 メモ.txt");
}

/// A record of a later form is none that is guessed at.
#[test]
fn a_record_of_an_unknown_schema_is_refused_by_its_number() {
    let json = String::from_utf8(archive().bytes("R7", MANIFEST).clone()).unwrap();
    for (schema, said) in
        [("2", "（schema 2）"), ("0", "（schema 0）"), ("4294967297", "（schema 4294967297）")]
    {
        let later = json.replace("\"schema\": 1,", &format!("\"schema\": {schema},\n  \"new\": [],"));
        let error = Manifest::read(later.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(said) && error.contains("新しい版の jisseki"), "{error}");
    }
    let text = json.replace("\"schema\": 1,", "\"schema\": \"1\",");
    assert!(
        Manifest::read(text.as_bytes()).unwrap_err().to_string().contains("行目が記録の形ではありません")
    );
}

/// E704 保存の記録（manifest.json）を読み取れない。
#[test]
fn e704_manifest_unreadable() {
    for junk in [&b""[..], b"{}", b"[[[[", b"\xFF\xFE", b"{\"schema\":\"jisseki-archive/1\"}"] {
        check(|stored| *stored.bytes("R7", MANIFEST) = junk.to_vec(), "E704 R7/manifest.json");
    }
    check(|stored| *stored.bytes("R7", MANIFEST) = vec![b' '; 2 << 20], "E704 R7/manifest.json");
    // A name that leads out of the folder is never followed.
    check(|s| s.rewrite("R7", |m| m.files[0].name = "../../etc/passwd".into()), "E704 R7/manifest.json");
    check(|s| s.rewrite("R7", |m| m.files[0].name = m.files[1].name.clone()), "E704 R7/manifest.json");
    check(|s| s.rewrite("R7", |m| m.files[0].name = "実績.lnk".into()), "E704 R7/manifest.json");
    check(|s| s.rewrite("R7", |m| m.files[0].name = "表\u{202E}fdp.csv".into()), "E704 R7/manifest.json");
    check(|s| s.rewrite("R7", |m| m.files[0].name = m.files[1].name.to_uppercase()), "E704 R7/manifest.json");
    check(|s| s.rewrite("R7", |m| m.files[0].role = m.files[1].role), "E704 R7/manifest.json");
    check(|s| s.rewrite("R7", |m| m.files[0].document = Some("別の文書".into())), "E704 R7/manifest.json");
    check(|s| s.rewrite("R7", |m| m.documents.push(m.documents[0].clone())), "E704 R7/manifest.json");
    check(|s| s.rewrite("R7", |m| m.documents.clear()), "E704 R7/manifest.json");
    check(|s| s.rewrite("R7", |m| m.edition = 0), "E704 R7/manifest.json");
    for date in [NaiveDate::MIN, NaiveDate::MAX] {
        check(|s| s.rewrite("R7", |m| m.date = date), "E704 R7/manifest.json");
        check(|s| s.rewrite("R7", |m| m.options.printed_date = Some(date)), "E704 R7/manifest.json");
    }
}

/// What lies beside a manifest that cannot be read is held against the checksums.
#[test]
fn files_beside_a_broken_manifest_are_still_checked() {
    let change = |stored: &mut Stored| {
        stored.bytes("R7", MANIFEST).clear();
        stored.bytes("R7", MASTER).push(b' ');
    };
    check(change, "E702 R7/master.csv");
}

/// E705 保存した版が、別の版のフォルダーにある。
#[test]
fn e705_edition_in_wrong_folder() {
    let swap = |stored: &mut Stored| {
        stored.folder("R7").name = "x".into();
        stored.folder("R8").name = "R7".into();
        stored.folder("x").name = "R8".into();
    };
    check(swap, "E705 R7/manifest.json");
    check(swap, "E705 R8/manifest.json");
}

/// E706 保存した版のつながりが切れている。
#[test]
fn e706_chain_broken() {
    check(|stored| stored.folders.retain(|folder| folder.name != "R7"), "E706 R7-2/manifest.json");
    check(|stored| stored.folders.retain(|folder| folder.name != "R7-2"), "E706 R8/manifest.json");
    // Even a manifest whose checksums were made to agree.
    check(|s| s.rewrite("R7", |m| m.documents[0].pages += 1), "E706 R7-2/manifest.json");
    check(|s| s.rewrite("R8", |m| m.previous = None), "E706 R8/manifest.json");
    check(|s| s.rewrite("R8", |m| m.sequence = 1), "E706 R8/manifest.json");
    check(|s| s.rewrite("R7-2", |m| m.revises = None), "E706 R7-2/manifest.json");
}

/// E707 保存したデータから作り直した文書が、保存した文書と違う。
#[test]
fn e707_remade_differs() {
    let forged = |stored: &mut Stored| {
        stored.bytes("R7", PDF).push(b'\n');
        let pdf = stored.bytes("R7", PDF).clone();
        stored.rewrite("R7", |manifest| {
            let record = manifest.files.iter_mut().find(|file| file.name == PDF).unwrap();
            (record.size, record.sha256) = (pdf.len(), Hash::of(&pdf).to_string());
        });
    };
    check(forged, &format!("E707 R7/{PDF}"));
}

/// E708 保存したデータから文書を作り直せない。
#[test]
fn e708_cannot_be_remade() {
    let forged = |stored: &mut Stored| {
        *stored.bytes("R7", MASTER) = b"junk".to_vec();
        stored.rewrite("R7", |manifest| {
            let record = manifest.files.iter_mut().find(|file| file.name == MASTER).unwrap();
            record.sha256 = Hash::of(b"junk").to_string();
        });
    };
    check(forged, "E708 R7/manifest.json");
}

/// E709 1つにまとめたPDFの中のファイルが、隣のファイルと違う。
#[test]
fn e709_bundle_differs() {
    check(|s| s.bytes("R8", MASTER).push(b'\n'), &format!("E709 R8/{BUNDLE}"));
    check(|s| s.bytes("R8", BUNDLE).clear(), &format!("E709 R8/{BUNDLE}"));
    let other = archive().bytes("R7", PDF).clone();
    check(|s| *s.bytes("R8", BUNDLE) = other, &format!("E709 R8/{BUNDLE}"));
}

/// E710 checksums.sha256 の記録が、実際のファイルと違う。
#[test]
fn e710_checksums_differ() {
    check(|s| s.bytes("R7", CHECKSUMS).push(b'\n'), "E710 R7/checksums.sha256");
    check(|s| s.bytes("R7", CHECKSUMS).clear(), "E710 R7/checksums.sha256");
    check(|s| s.bytes("R8", BUNDLE).push(b'\n'), "E710 R8/checksums.sha256");
}

/// E711 最新の版が消えている。
#[test]
fn e711_newest_edition_missing() {
    check(|stored| stored.folders.retain(|folder| folder.name != "R8"), "E711 latest.json");
    check(|stored| stored.folders.clear(), "E711 latest.json");
    // Gone with the note of it: a bundle that lies elsewhere knows.
    let gone = |stored: &mut Stored| {
        let record = bundled_manifest(stored.bytes("R8", BUNDLE)).unwrap();
        stored.witnesses.push((BUNDLE.to_owned(), record));
        stored.folders.retain(|folder| folder.name != "R8");
        stored.latest = None;
    };
    check(gone, &format!("E711 {BUNDLE}"));
    let mut stored = archive();
    let record = bundled_manifest(stored.bytes("R8", BUNDLE)).unwrap();
    stored.witnesses.push((BUNDLE.to_owned(), record));
    assert_eq!(found(&stored), Vec::<String>::new());
    // One of another plan knows nothing of this one.
    gone(&mut stored);
    for (_, record) in &mut stored.witnesses {
        record.plan.id.push('x');
    }
    assert_eq!(found(&stored), ["W706 latest.json"]);
}

/// E712 最新の版の記録が、latest.json と違う。
#[test]
fn e712_newest_differs() {
    check(|s| s.rewrite("R8", |m| m.documents[0].pages += 1), "E712 R8/manifest.json");
}

/// E713 latest.json を読み取れない。
#[test]
fn e713_newest_unreadable() {
    for junk in [&b""[..], b"{}", b"\xFF"] {
        check(|stored| stored.latest = Some(junk.to_vec()), "E713 latest.json");
    }
}

/// E714 保存した版のファイルが、極端に大きい。
#[test]
fn e714_archived_file_too_large() {
    check(
        |s| drop(s.folder("R7").entries.insert(PDF.into(), Entry::TooLarge(1 << 40))),
        &format!("E714 R7/{PDF}"),
    );
    check(
        |s| drop(s.folder("R7").entries.insert(MANIFEST.into(), Entry::TooLarge(1 << 40))),
        "E704 R7/manifest.json",
    );
}

/// E715 ファイルを取り出せるPDFではない。
#[test]
fn e715_not_a_bundle() {
    let why = pdf::extract(archive().bytes("R7", PDF)).unwrap_err().to_string();
    let finding = Finding::at(Place::file("a.pdf"), ArchiveRule::NotABundle { why });
    assert_eq!(finding.code(), "E715");
    assert_eq!(finding.message(), "データの入ったPDFではありません。ファイルが1つも入っていません");
}

/// W701 保存の途中で止まった残りがある。
#[test]
fn w701_unfinished_edition() {
    check(|s| s.unfinished.push(".jisseki-R9-1".into()), "W701 .jisseki-R9-1");
}

/// W702 latest.json が、最新の版より古い。
#[test]
fn w702_newest_not_noted() {
    let behind = |stored: &mut Stored| {
        let link = Manifest::read(stored.bytes("R7-2", MANIFEST)).unwrap().link();
        stored.latest = Some(Latest { folder: link.folder, sequence: 2, sha256: link.sha256 }.to_json());
    };
    let mut stored = archive();
    behind(&mut stored);
    assert_eq!(found(&stored), ["W702 latest.json"]);
    let findings = verify(&stored, shelf(), &program()).findings;
    assert!(findings.iter().next().unwrap().help().contains("控えと見比べてください"));
}

/// W703 別の版の jisseki で保存されたため、作り直しても同じにならない。
#[test]
fn w703_made_by_other_version() {
    // Another program would have drawn other bytes: here the data stand in for it.
    let stored = {
        let mut stored = archive();
        stored.bytes("R8", PDF_R8).push(b'\n');
        let pdf = stored.bytes("R8", PDF_R8).clone();
        stored.rewrite("R8", |manifest| {
            let record = manifest.files.iter_mut().find(|file| file.name == PDF_R8).unwrap();
            (record.size, record.sha256) = (pdf.len(), Hash::of(&pdf).to_string());
        });
        stored
    };
    let findings = verify(&stored, shelf(), &later()).findings;
    let warned = findings.iter().find(|finding| finding.code() == "W703").unwrap();
    assert_eq!(
        warned.message(),
        "jisseki 1.0.0 で保存された版です。この jisseki では同じものを作り直せません"
    );
    assert!(findings.iter().all(|finding| finding.code() != "E707"));
    // What comes out the same needs no warning, whoever made it.
    assert!(verify(&archive(), shelf(), &later()).is_whole());
}

const PDF_R8: &str = "見本町総合戦略_実績一覧_R8.pdf";

/// W704 保存したときの書体のファイルがないため、作り直しを確認できない。
#[test]
fn w704_archived_font_missing() {
    let findings = verify(&archive(), &FontShelf::default(), &program()).findings;
    assert_eq!(findings.iter().map(Finding::code).collect::<Vec<_>>(), ["W704", "W704", "W704"]);
}

/// A correction's files say what was corrected.
#[test]
fn a_second_edition_comes_with_its_errata() {
    let mut stored = archive();
    let manifest = Manifest::read(stored.bytes("R7-2", MANIFEST)).unwrap();
    assert_eq!(manifest.reason, "転記の誤り");
    assert_eq!(manifest.revises.as_ref().unwrap().folder, "R7");
    assert!(manifest.name_of(Role::Errata).is_some() && manifest.name_of(Role::ErrataWorkbook).is_some());
    let first = Manifest::read(stored.bytes("R7", MANIFEST)).unwrap();
    assert_eq!((first.name_of(Role::Errata), &first.revises), (None, &None));
}

/// docs/MANIFEST.md describes every field there is, and no other.
#[test]
fn the_manifest_is_documented() {
    let document = include_str!("../../docs/MANIFEST.md");
    let json: serde_json::Value = serde_json::from_slice(archive().bytes("R7-2", MANIFEST)).unwrap();
    let fields: Vec<&String> = json.as_object().unwrap().keys().collect();
    for field in &fields {
        assert!(document.contains(&format!("\n| `{field}` | ")), "{field}");
    }
    for part in ["plan", "program", "options"] {
        for field in json[part].as_object().unwrap().keys() {
            assert!(document.contains(&format!("`{field}`")), "{part}.{field}");
        }
    }
    for part in [&json["documents"][0], &json["documents"][0]["fonts"][0], &json["files"][0]] {
        for field in part.as_object().unwrap().keys() {
            assert!(document.contains(&format!("`{field}`")), "{field}");
        }
    }
}

/// Every file of the archive, with the folder it is in.
fn every_file() -> Vec<(String, String)> {
    let all = archive();
    let of = |folder: &Folder| {
        folder.entries.keys().map(|name| (folder.name.clone(), name.clone())).collect::<Vec<_>>()
    };
    all.folders.iter().flat_map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// One byte changed anywhere: the file is named.
    #[test]
    fn any_byte_changed_names_its_file(file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), flip in 1u8..) {
        let files = every_file();
        let (folder, name) = file.get(&files).clone();
        let mut stored = archive();
        let bytes = stored.bytes(&folder, &name);
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let findings = verify(&stored, shelf(), &program()).findings;
        let path = format!("{folder}/{name}");
        // A file that only the checksums vouch for is named in the message.
        let names = |finding: &Finding| {
            let place = finding.place.as_ref().unwrap();
            place.file == path || (place.file == format!("{folder}/{CHECKSUMS}") && finding.message().contains(&name))
        };
        prop_assert!(findings.has_errors());
        prop_assert!(findings.iter().any(names), "{path} byte {at}: {findings:?}");
    }

    /// Whatever a plan's ID, the names of its edition are such as its record takes.
    #[test]
    fn a_record_takes_the_names_of_any_plan(id in "\\PC{0,130}|.{0,20}|(CON|nul|~\\$)[ .　]{0,130}.?") {
        let mut settings = crate::settings::Settings::read(&example(SETTINGS), SETTINGS).unwrap();
        settings.plan.id = id;
        let mut manifest = Manifest::read(archive().bytes("R8", MANIFEST)).unwrap();
        let year = manifest.fiscal_year();
        for file in &mut manifest.files {
            let word = match file.role {
                Role::Document | Role::Workbook => file.document.as_deref().unwrap(),
                Role::Data => DATA,
                Role::Errata | Role::ErrataWorkbook => ERRATA,
                Role::Master | Role::Settings | Role::Template => continue,
            };
            file.name = documents::file_name(&settings, word, year, MediaType::of(&file.name).unwrap());
        }
        manifest.bundle = Some(documents::file_name(&settings, BUNDLED, year, MediaType::Pdf));
        prop_assert_eq!(Manifest::read(&manifest.to_json()), Ok(manifest));
    }

    #[test]
    fn any_byte_of_the_note_changed_is_found(at in any::<prop::sample::Index>(), flip in 1u8..) {
        let mut stored = archive();
        let mut bytes = stored.latest.clone().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        stored.latest = Some(bytes);
        prop_assert!(read_chain(&stored).1.has_errors());
    }

    /// Nothing that stands in the place of a manifest or a bundle stops the program.
    #[test]
    fn junk_is_refused_and_nothing_panics(junk in prop::collection::vec(any::<u8>(), 0..400), cut in any::<prop::sample::Index>()) {
        prop_assert!(Manifest::read(&junk).is_err());
        let mut bundle = archive().bytes("R8", BUNDLE).clone();
        let at = cut.index(bundle.len());
        let end = (at + junk.len()).min(bundle.len());
        bundle[at..end].copy_from_slice(&junk[..end - at]);
        let _ = pdf::extract(&bundle);
        let _ = pdf::extract(&bundle[..at]);
    }
}

//! How long an archive takes to verify: every hash, the chain, every edition made again.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::fs;

use jisseki::archive::{
    Entry, Folder, FontShelf, Hash, Identity, Latest, Link, SourceFiles, Stored, record, verify,
};
use jisseki::documents::Request;
use jisseki::layout::font::FontFiles;
use jisseki::layout::template::Template;
use jisseki::plan::FiscalYear;
use jisseki::render::Program;

fn main() {
    divan::main();
}

/// The years that are archived; the master has columns for four of them.
const YEARS: u32 = 10;

/// Ten editions of the sample plan, each with a bundle where asked for.
fn archive(bundle: bool) -> Stored {
    let master = fs::read("data/nemuro/master.csv").unwrap();
    let settings = fs::read("data/nemuro/plan.toml").unwrap();
    let templates = vec![("実績一覧".to_owned(), Template::whole_text(b"", "").unwrap().into_bytes())];
    let sources = SourceFiles { master, settings, templates }.read(vec![FontFiles::default()]).unwrap();
    let date = "2024-06-10".parse().unwrap();
    let mut stored = Stored::default();
    let mut previous: Option<Link> = None;
    for sequence in 1..=YEARS {
        let year = FiscalYear::starting(2020 + sequence as i32);
        let request = Request {
            year,
            date,
            printed_date: Some(date),
            draft: false,
            edition: None,
            program: Program::this(),
        };
        let identity =
            Identity { edition: 1, sequence, reason: String::new(), previous: previous.clone(), bundle };
        let edition = record(&sources, &request, &identity, None).unwrap();
        let entries: BTreeMap<String, Entry> =
            edition.files.into_iter().map(|file| (file.name, Entry::File(file.bytes.into()))).collect();
        let link = edition.manifest.link();
        let sha256 = Hash::of(&edition.manifest.to_json()).to_string();
        stored.latest = Some(Latest { folder: link.folder.clone(), sequence, sha256 }.to_json());
        stored.folders.push(Folder { name: link.folder.clone(), entries });
        previous = Some(link);
    }
    stored
}

#[divan::bench(args = [false, true], sample_count = 5, sample_size = 1)]
fn verify_ten_years(bencher: divan::Bencher<'_, '_>, bundle: bool) {
    let stored = archive(bundle);
    let shelf = FontShelf::with([]);
    bencher.bench(|| {
        let on = |_, _| Ok::<_, std::convert::Infallible>(());
        let verified = verify(&stored, &shelf, &Program::this(), on).unwrap();
        assert!(verified.is_whole(), "{verified:?}");
        verified
    });
}

/// The hashes of the fonts are taken once a run.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn shelf() -> FontShelf {
    FontShelf::with([])
}

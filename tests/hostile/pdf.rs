//! PDFs: a bundle that comes back from a document server may be any file.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::run::ended;

const KIDS_SELF: &[u8] = include_bytes!("../attacks/kids-self.pdf");
const XREF_W_HUGE: &[u8] = include_bytes!("../attacks/xref-w-huge.pdf");

/// A PDF in the making: objects by their places in it.
struct Pdf {
    bytes: Vec<u8>,
    places: Vec<(u32, usize)>,
}

impl Pdf {
    fn new() -> Self {
        Self { bytes: b"%PDF-1.7\n".to_vec(), places: Vec::new() }
    }

    fn object(mut self, number: u32, text: &str) -> Self {
        self.places.push((number, self.bytes.len()));
        self.bytes.extend(format!("{number} 0 obj\n{text}\nendobj\n").into_bytes());
        self
    }

    fn stream(mut self, number: u32, dictionary: &str, data: &[u8]) -> Self {
        self.places.push((number, self.bytes.len()));
        let length = data.len();
        write!(self.bytes, "{number} 0 obj\n<</Length {length}{dictionary}>>stream\n").unwrap();
        self.bytes.extend(data);
        self.bytes.extend(b"\nendstream\nendobj\n");
        self
    }

    /// Ends with a table of all objects, and this beside the root in the trailer.
    fn table(mut self, trailer: &str) -> Vec<u8> {
        let start = self.bytes.len();
        let mut table = "xref\n0 1\n0000000000 65535 f \n".to_owned();
        for (number, place) in &self.places {
            let _ = write!(table, "{number} 1\n{place:010} 00000 n \n");
        }
        let trailer = trailer.replace("{start}", &start.to_string());
        let end = format!("{table}trailer\n<</Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n");
        self.bytes.extend(end.into_bytes());
        self.bytes
    }

    /// Ends with a cross-reference stream of all objects and these packed ones.
    fn stream_table(mut self, packed: &[(u32, u32, u16)], dictionary: &str) -> Vec<u8> {
        let start = self.bytes.len();
        let mut rows: Vec<(u32, [u8; 7])> = Vec::new();
        let mut row = |number: u32, kind: u8, second: u32, third: u16| {
            let mut bytes = [kind, 0, 0, 0, 0, 0, 0];
            bytes[1..5].copy_from_slice(&second.to_be_bytes());
            bytes[5..].copy_from_slice(&third.to_be_bytes());
            rows.push((number, bytes));
        };
        for (number, place) in &self.places {
            row(*number, 1, *place as u32, 0);
        }
        for (number, stream, at) in packed {
            row(*number, 2, *stream, *at);
        }
        let index: String = rows.iter().map(|(number, _)| format!("{number} 1 ")).collect();
        let data: Vec<u8> = rows.iter().flat_map(|(_, row)| *row).collect();
        self = self.stream(
            999_999,
            &format!("/Type/XRef/Root 1 0 R/Size 1000000/W[1 4 2]/Index[{index}]{dictionary}"),
            &data,
        );
        self.bytes.extend(format!("startxref\n{start}\n%%EOF\n").into_bytes());
        self.bytes
    }
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A PDF whose names of files are these, and whatever more.
fn named(names: &[String], more: impl FnOnce(Pdf) -> Pdf) -> Vec<u8> {
    let listed: String = names.iter().map(|name| format!("({name}) 3 0 R ")).collect();
    let pdf = Pdf::new()
        .object(1, "<</Type/Catalog/Names<</EmbeddedFiles 2 0 R>>/Pages 7 0 R>>")
        .object(2, &format!("<</Names[{listed}]>>"));
    more(pdf).table("")
}

/// A PDF that carries one file of this name.
fn carrying(name: &str, data: &[u8], dictionary: &str) -> Vec<u8> {
    let utf16: String = name.encode_utf16().fold("FEFF".to_owned(), |mut text, unit| {
        let _ = write!(text, "{unit:04X}");
        text
    });
    named(&["a".to_owned()], |pdf| {
        pdf.object(3, &format!("<</Type/Filespec/UF<{utf16}>/EF<</F 4 0 R>>>>")).stream(4, dictionary, data)
    })
}

/// Trees and tables that go round, or on.
fn rings() -> Vec<(&'static str, Vec<u8>)> {
    let root = "<</Type/Catalog/Names<</EmbeddedFiles 2 0 R>>/Pages 2 0 R>>";
    let doubled = (2..62).fold(Pdf::new().object(1, root), |pdf, at| {
        pdf.object(at, &format!("<</Kids[{0} 0 R {0} 0 R]>>", at + 1))
    });
    let long = (2..20_000)
        .fold(Pdf::new().object(1, root), |pdf, at| pdf.object(at, &format!("<</Kids[{} 0 R]>>", at + 1)));
    let mut sections = Pdf::new().object(1, root).bytes;
    let mut before = String::new();
    for _ in 0..20_000 {
        let start = sections.len();
        sections.extend(format!("xref\n0 0\ntrailer\n<</Root 1 0 R{before}>>\n").into_bytes());
        before = format!("/Prev {start}");
    }
    let start = sections.len();
    sections
        .extend(format!("xref\n0 0\ntrailer\n<</Root 1 0 R{before}>>\nstartxref\n{start}\n").into_bytes());
    vec![
        ("kids-self.pdf", KIDS_SELF.to_vec()),
        (
            "kids-ring.pdf",
            Pdf::new()
                .object(1, root)
                .object(2, "<</Kids[3 0 R 3 0 R]>>")
                .object(3, "<</Kids[2 0 R 2 0 R]>>")
                .table(""),
        ),
        ("kids-doubled.pdf", doubled.table("")),
        ("kids-long.pdf", long.table("")),
        ("prev-self.pdf", Pdf::new().object(1, root).table("/Prev {start}")),
        ("prev-long.pdf", sections),
        ("hybrid-self.pdf", Pdf::new().object(1, root).table("/XRefStm {start}")),
        ("reference-self.pdf", Pdf::new().object(1, "1 0 R").table("")),
        (
            "length-self.pdf",
            Pdf::new().object(1, root).object(2, "<</Length 2 0 R>>stream\nab\nendstream").table(""),
        ),
        (
            "pack-in-itself.pdf",
            Pdf::new()
                .object(5, "<</Type/ObjStm/N 1/First 4/Length 6 0 R>>stream\n6 0 9\nendstream")
                .stream_table(&[(1, 5, 0), (6, 5, 0)], ""),
        ),
    ]
}

/// Widths, counts and lengths that nothing stands behind.
fn claims() -> Vec<(&'static str, Vec<u8>)> {
    let root = "<</Type/Catalog>>";
    let claim = |claim: &str| {
        let mut pdf = Pdf::new().object(1, root);
        let start = pdf.bytes.len();
        pdf = pdf.stream(2, &format!("/Type/XRef/Root 1 0 R{claim}"), b"abcdef");
        [pdf.bytes, format!("startxref\n{start}\n").into_bytes()].concat()
    };
    let packed = |claim: &str, content: &[u8]| {
        let dictionary = format!("/Type/ObjStm/Filter/FlateDecode{claim}");
        Pdf::new().stream(5, &dictionary, &deflated(content)).stream_table(&[(1, 5, 0)], "")
    };
    let table = |claim: &str| format!("%PDF-1.7\nxref\n{claim}\ntrailer\n<<>>\nstartxref\n9\n").into_bytes();
    vec![
        ("xref-w-huge.pdf", XREF_W_HUGE.to_vec()),
        ("width-none.pdf", claim("/W[0 0 0]/Size 9999999999")),
        ("width-sum.pdf", claim("/W[9223372036854775807 9223372036854775807 2]/Size 3")),
        ("index-long.pdf", claim("/W[1 1 1]/Index[0 9223372036854775807]/Size 3")),
        ("index-far.pdf", claim("/W[1 1 1]/Index[4294967295 2]/Size 3")),
        ("columns.pdf", {
            let parameters = "/DecodeParms<</Predictor 12/Columns 9999999999999>>";
            claim(&format!("/W[1 1 1]/Size 2/Filter/FlateDecode{parameters}"))
        }),
        ("table-long.pdf", table("0 99999999999\n0000000009 00000 n ")),
        ("table-far.pdf", table("99999999999999999999 1\n0000000009 00000 n ")),
        ("pack-many.pdf", packed("/N 9999999999/First 4", b"1 0 <<>>")),
        ("pack-first.pdf", packed("/N 1/First 99999999999", b"1 0 <<>>")),
        ("pack-far.pdf", packed("/N 1/First 14", b"1 99999999999 <<>>")),
        ("length-far.pdf", carrying("a.csv", b"", "/Length 99999999999")),
        ("start-far.pdf", b"%PDF-1.7\nstartxref\n99999999999999999999\n".to_vec()),
    ]
}

/// A little that unpacks, or parses, to much.
fn giants() -> Vec<(&'static str, Vec<u8>)> {
    let zeros = vec![b'0'; 16 << 20];
    let packed = deflated(&zeros);
    let many: Vec<String> = (0..900).map(|at| format!("{at}.csv")).collect();
    let one = |pdf: Pdf| pdf.object(3, "<</UF(a.csv)/EF<</F 4 0 R>>>>");
    let flate = "/Filter/FlateDecode";
    let bomb = deflated(&vec![0; 300 << 20]);
    let hundred = "/FlateDecode".repeat(100);
    // Each pack holds one number, and much air.
    let mut packs = Pdf::new().object(1, "<</Type/Catalog/Names 1000 0 R/Pages 1000 0 R>>");
    let air = deflated(&[b"9 0 ".to_vec(), vec![b' '; 12 << 20], b"1".to_vec()].concat());
    for at in 0..60 {
        packs = packs.stream(10 + at, "/Type/ObjStm/Filter/FlateDecode/N 1/First 4", &air);
    }
    let held: Vec<(u32, u32, u16)> = (0..60).map(|at| (1_000 + at, 10 + at, 0)).collect();
    // Every name leads through the same long object.
    let long = format!("<</UF(a.csv)/EF<</F 4 0 R>>/X({})>>", "x".repeat(4 << 20));
    let spread = format!("[{}]", "0 ".repeat(20 << 20));
    let literal = format!("({}", "\\(".repeat(10 << 20));
    let comment = format!("%{}", "x".repeat(40 << 20));
    let nested = "[".repeat(30 << 20);
    let keys: String = (0..2_000_000).fold(String::new(), |mut text, at| {
        let _ = write!(text, "/{at} 0");
        text
    });
    vec![
        ("bomb.pdf", carrying("a.csv", &bomb, flate)),
        ("bomb-in-bomb.pdf", carrying("a.csv", &deflated(&bomb), "/Filter[/FlateDecode/FlateDecode]")),
        ("filters.pdf", carrying("a.csv", &packed, &format!("/Filter[{hundred}]"))),
        ("names-of-one.pdf", named(&many, |pdf| one(pdf).stream(4, flate, &packed))),
        ("names-of-one-plain.pdf", named(&many, |pdf| one(pdf).stream(4, "", &zeros))),
        ("packs.pdf", packs.stream_table(&held, "")),
        ("names-through-one.pdf", named(&many, |pdf| pdf.object(3, &long).stream(4, "", b"1"))),
        (
            "names-many.pdf",
            named(&(0..100_000).map(|at| at.to_string()).collect::<Vec<_>>(), |pdf| {
                one(pdf).stream(4, "", b"1")
            }),
        ),
        ("values-many.pdf", Pdf::new().object(1, &spread).table("")),
        ("keys-many.pdf", Pdf::new().object(1, &format!("<<{keys}>>")).table("")),
        ("literal-open.pdf", Pdf::new().object(1, &literal).table("")),
        ("comment-long.pdf", Pdf::new().object(1, &comment).table("")),
        ("nested.pdf", Pdf::new().object(1, &nested).table("")),
    ]
}

/// The example plan with an edition and its bundle, in `plan/`.
fn archived(folder: &Path) {
    for arguments in [
        &["init", "plan", "--years", "R5..R9"][..],
        &["archive", "plan", "--year", "R7", "--date", "2026-06-10", "--bundle", "--quiet"],
    ] {
        assert_eq!(ended("plan", folder, arguments).code, 0);
    }
}

const DOCUMENT: &str = "plan/archive/R7/見本町総合戦略_実績一覧_R7.pdf";
const BUNDLE: &str = "plan/archive/R7/見本町総合戦略_保存用_R7.pdf";

/// Hands the program a PDF in every way it takes one.
fn tried(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).unwrap();
    let run = ended(name, folder, &["archive", "extract", name, "--out", "out"]);
    assert!(run.code == 1 && run.said.contains(name) && run.said.contains("E715"), "{name}: {}", run.said);
    assert!(!folder.join("out").exists(), "{name}");
    let run = ended(name, folder, &["diff", name, "plan"]);
    assert!(run.code == 1 && run.said.contains(name) && run.said.contains("E715"), "{name}: {}", run.said);
    fs::remove_file(folder.join(name)).unwrap();
    for place in [DOCUMENT, BUNDLE] {
        let before = fs::read(folder.join(place)).unwrap();
        fs::write(folder.join(place), bytes).unwrap();
        let run = ended(&format!("{name} as {place}"), folder, &["archive", "verify", "plan"]);
        let file = place.rsplit('/').next().unwrap();
        assert!(run.code == 1 && run.said.contains(file), "{name}: {}", run.said);
        assert!(!run.said.contains("E716"), "{name}: {}", run.said);
        fs::write(folder.join(place), before).unwrap();
    }
}

#[test]
fn hostile_pdfs_end_in_a_message() {
    let folder = tempfile::tempdir().unwrap();
    archived(folder.path());
    for (name, bytes) in rings().into_iter().chain(claims()) {
        tried(folder.path(), name, &bytes);
    }
    assert_eq!(ended("whole", folder.path(), &["archive", "verify", "plan"]).code, 0);
}

#[test]
fn giant_pdfs_end_in_a_message() {
    let folder = tempfile::tempdir().unwrap();
    archived(folder.path());
    for (name, bytes) in giants() {
        tried(folder.path(), name, &bytes);
    }
}

/// A name out of a PDF is a name in the folder asked for, and opens nothing that runs.
#[test]
fn no_name_in_a_pdf_leads_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut names: Vec<String> =
        ["CON", "nul.csv", "COM1.csv", "a.csv.", "a.csv ", "desktop.ini", "AUTORUN.INF"]
            .into_iter()
            .chain([
                "表\u{202E}vsc.exe",
                "表\u{202E}exe.csv",
                "a\u{200B}.csv",
                "\u{1}.csv",
                "..",
                "",
                "a/..",
                "~$a.xlsx",
            ])
            .chain(["a.csv:b", "C:a.csv", "a.csv::$DATA", "a*.csv", "a|b.csv"])
            .map(str::to_owned)
            .collect();
    for kind in
        ["lnk", "bat", "cmd", "com", "exe", "scr", "pif", "js", "vbs", "hta", "msi", "url", "xlsm", "Html"]
    {
        names.push(format!("実績.{kind}"));
    }
    names.push(format!("{}.csv", "長".repeat(90)));
    names.push("長".repeat(40_000));
    for name in names {
        let label = name.chars().take(20).collect::<String>();
        fs::write(folder.path().join("a.pdf"), carrying(&name, b"1", "")).unwrap();
        let run = ended(&label, folder.path(), &["archive", "extract", "a.pdf", "--out", "out"]);
        assert!(run.code == 1 && run.said.contains("E715"), "{label}: {}", run.said);
        assert!(!run.said.contains('\u{202E}') && !folder.path().join("out").exists(), "{label}");
    }
    // What is only in another folder loses the folder.
    for name in ["../../a.csv", "..\\a.csv", "/etc/a.csv", "C:\\a.csv"] {
        fs::write(folder.path().join("a.pdf"), carrying(name, b"1", "")).unwrap();
        let run = ended(name, folder.path(), &["archive", "extract", "a.pdf", "--out", "out"]);
        assert_eq!(run.code, 0, "{}", run.said);
        assert_eq!(fs::read(folder.path().join("out/a.csv")).unwrap(), b"1");
        fs::remove_dir_all(folder.path().join("out")).unwrap();
    }
    // Two names that are one where case or composition is not told apart.
    for (one, other) in [("a.csv", "A.CSV"), ("デ.csv", "テ\u{3099}.csv"), ("a.csv", "b/a.csv")] {
        let spec = |name: &str, number: u32| {
            let utf16: String = name.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
            (number, format!("<</UF<FEFF{utf16}>/EF<</F 5 0 R>>>>"))
        };
        let [(_, one), (_, other)] = [spec(one, 3), spec(other, 4)];
        let pdf = Pdf::new()
            .object(1, "<</Names<</EmbeddedFiles 2 0 R>>>>")
            .object(2, "<</Names[(a) 3 0 R (b) 4 0 R]>>")
            .object(3, &one)
            .object(4, &other)
            .stream(5, "", b"1");
        fs::write(folder.path().join("a.pdf"), pdf.table("")).unwrap();
        let run = ended("two", folder.path(), &["archive", "extract", "a.pdf", "--out", "out"]);
        assert!(run.code == 1 && run.said.contains("使えません"), "{}", run.said);
    }
}

/// What is put in the place of a file, and the code of what is then said.
type Attack<'a> = (&'a dyn Fn(&Path), &'a str);

/// Names of devices that never end, or wait for somebody.
#[cfg(unix)]
const DEVICES: [&str; 2] = ["/dev/zero", "/dev/stdin"];
#[cfg(windows)]
const DEVICES: [&str; 2] = ["NUL", "CON"];

/// Makes something at a path.
type Maker = fn(&Path);

/// What can be made in the place of a file that is none: its name, and how.
#[cfg(unix)]
const NO_FILES: [(&str, Maker); 2] = [("pipe.pdf", pipe), ("link.pdf", link)];
/// Links may be made by administrators only, and pipes have no place in a folder.
#[cfg(windows)]
const NO_FILES: [(&str, Maker); 0] = [];

#[cfg(unix)]
fn pipe(path: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[cfg(unix)]
fn link(path: &Path) {
    std::os::unix::fs::symlink("/dev/zero", path).unwrap();
}

/// What is no file, or larger than any, is not waited for and not read.
#[test]
fn what_is_no_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    archived(folder.path());
    let sparse = |path: &Path, size: u64| fs::File::create(path).unwrap().set_len(size).unwrap();
    sparse(&folder.path().join("2GB.pdf"), 2 << 30);
    fs::create_dir(folder.path().join("folder.pdf")).unwrap();
    for (name, make) in NO_FILES {
        make(&folder.path().join(name));
    }
    let made = NO_FILES.iter().map(|(name, _)| *name);
    for name in ["2GB.pdf", "folder.pdf"].into_iter().chain(DEVICES).chain(made.clone()) {
        let run = ended(name, folder.path(), &["archive", "extract", name, "--out", "out"]);
        assert!(run.code == 2 && run.said.contains(name), "{name}: {}", run.said);
    }
    for name in ["2GB.pdf"].into_iter().chain(made) {
        let run = ended(name, folder.path(), &["diff", name, "plan"]);
        assert!(run.code == 2 && run.said.contains(name), "{name}: {}", run.said);
    }

    let edition = folder.path().join("plan/archive/R7");
    let verify = |name: &str, expected: &str| {
        let run = ended(name, folder.path(), &["archive", "verify", "plan"]);
        let is_said = run.said.contains(name) && run.said.contains(expected);
        assert!(run.code == 1 && is_said && !run.said.contains("E716"), "{name}: {}", run.said);
    };
    sparse(&edition.join("余り.bin"), 255 << 20);
    verify("余り.bin", "E703");
    fs::remove_file(edition.join("余り.bin")).unwrap();
    for name in ["master.csv", "manifest.json", "checksums.sha256", "見本町総合戦略_実績一覧_R7.xlsx"]
    {
        let path = edition.join(name);
        let before = fs::read(&path).unwrap();
        let mut attacks: Vec<Attack<'_>> = Vec::new();
        let (large, giant) = (|path: &Path| sparse(path, 255 << 20), |path: &Path| sparse(path, 2 << 30));
        attacks.push((&large, "E7"));
        attacks.push((&giant, "E7"));
        attacks.extend(
            NO_FILES.iter().map(|(name, make)| {
                (make as &dyn Fn(&Path), if name.contains("link") { "E719" } else { "E7" })
            }),
        );
        for (attack, expected) in attacks {
            fs::remove_file(&path).unwrap();
            attack(&path);
            verify(name, expected);
        }
        fs::remove_file(&path).unwrap();
        fs::write(&path, before).unwrap();
    }
    // Texts of the largest size, which the bundle's own are held against.
    for name in ["master.csv", "見本町総合戦略_データ_R7.csv", "manifest.json", "checksums.sha256"]
    {
        let before = fs::read(edition.join(name)).unwrap();
        for size in [1 << 20, 2 << 20, 8 << 20] {
            fs::write(edition.join(name), b"a,b\r\n".repeat(size / 5)).unwrap();
            verify(name, "E7");
        }
        fs::write(edition.join(name), before).unwrap();
    }
    let note = folder.path().join("plan/archive/latest.json");
    let giant = |path: &Path| sparse(path, 2 << 30);
    let made = NO_FILES.iter().map(|(_, make)| make as &dyn Fn(&Path));
    for attack in made.chain([&giant as &dyn Fn(&Path)]) {
        fs::remove_file(&note).unwrap();
        attack(&note);
        verify("latest.json", "E713");
    }
}

//! Masters, settings, templates, and what a stranger wrote in them: a city's files are
//! edited by hand, mailed, and named by mistake.

use std::fmt::Write as _;
use std::path::Path;

use crate::run::{Ended, ended};

const HEADER: &str = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,R5,R6,備考\r\n";
const HEADS: &str = "基本目標,G1,1,目標\r\n分野,G1-A,ア,分野\r\n施策,G1-A-1,①,施策\r\n";
const SETTINGS: &str =
    "[plan]\nid = \"計画\"\ncity = \"市\"\noffice = \"室\"\nname = \"計画\"\ntitle = \"実績\"\n";
const MASTER: &str = "事業,P1,1,事業,課,,,目的,内容\r\n事業量,P1-1,,件数,,,,,,,,1件,2件,3件,4件,\r\n";
const MEGABYTE: usize = 1 << 20;

/// A folder with a plan in it.
fn plan(master: &[u8], settings: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("p")).unwrap();
    std::fs::write(folder.path().join("p/plan.toml"), settings).unwrap();
    std::fs::write(folder.path().join("p/master.csv"), master).unwrap();
    folder
}

fn small() -> Vec<u8> {
    format!("{HEADER}{HEADS}{MASTER}").into_bytes()
}

/// Nothing of what was said is obeyed by a terminal.
fn is_visible(name: &str, said: &str) {
    let hidden = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    assert!(!said.contains(hidden), "{name}: {:?}", said.chars().find(|c| hidden(*c)));
}

/// Refused, by name, with this in the message.
fn refused(name: &str, ended: &Ended, file: &str, expected: &str) {
    assert!(ended.code > 0, "{name}: {}", ended.said);
    assert!(ended.said.contains(file) && ended.said.contains(expected), "{name}: {}", ended.said);
    is_visible(name, &ended.said);
}

fn repeated(row: impl Fn(usize) -> String, rows: usize) -> String {
    (0..rows).fold(format!("{HEADER}{HEADS}"), |mut text, at| {
        text.push_str(&row(at));
        text
    })
}

#[test]
fn hostile_masters_end_in_a_message() {
    let kanji: String = ('\u{4E00}'..'\u{7500}').collect();
    let years: Vec<String> = (1926..2990).map(|year| year.to_string()).collect();
    let many = |text: &str, bytes: usize| text.repeat(bytes / text.len()).into_bytes();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("200 MB", vec![b','; 200 * MEGABYTE], "1MBを超えています"),
        ("78 MB of commas", vec![b','; 78 * MEGABYTE], "1MBを超えています"),
        ("a row of 100 MB", vec![b'a'; 100 * MEGABYTE], "1MBを超えています"),
        ("commas", vec![b','; MEGABYTE], "E112"),
        ("letters", many("a,", MEGABYTE), "E112"),
        ("short rows", many("a\n", MEGABYTE), "E112"),
        ("blank rows", many("\n", MEGABYTE), "E101"),
        ("goals", repeated(|at| format!("基本目標,G{at},1,目\n"), 2_900).into_bytes(), "E112"),
        ("years", format!("種別,ID,{}\n{}", years.join(","), "事業\n".repeat(2_900)).into_bytes(), "E112"),
        (
            "departments",
            repeated(|at| format!("事業,P{at},1,名,課{at},,,目,内\n"), 2_900).into_bytes(),
            "E112",
        ),
        ("findings", repeated(|_| "事業,,,,,,,,,,あ,い,う,え,お,\n".to_owned(), 2_900).into_bytes(), "E113"),
        ("one cell", format!("\"{}\"", "あ\n".repeat(MEGABYTE / 4 - 8)).into_bytes(), "E108"),
        ("never closed", format!("{HEADER}\"{}", "あ\n".repeat(MEGABYTE / 5)).into_bytes(), "E106"),
        ("quotes", format!("{HEADER}{}", "\"".repeat(MEGABYTE - 1_000)).into_bytes(), "E1"),
        ("stray quotes", repeated(|_| format!("{}\n", "a\"b,".repeat(15)), 2_900).into_bytes(), "W101"),
        (
            "unknown projects",
            repeated(|at| format!("事業,P{at:04},1,名,課,,,目,内\n再掲,,,,,,P{at:04}x\n"), 1_490)
                .into_bytes(),
            "E201",
        ),
        (
            "characters of no face",
            repeated(|at| format!("事業,P{at},1,名,課,,,{kanji},内\n"), 30).into_bytes(),
            "E113",
        ),
        (
            "numbers of numbers",
            repeated(|at| format!("事業,P{at},\"{}\",名,課,,,目,内\n", "1-99,".repeat(6_000)), 30)
                .into_bytes(),
            "E602",
        ),
        (
            "a project of many rows",
            repeated(
                |at| match at {
                    0 => format!("事業,P,1,名,課,,,{},内\n", "目的を".repeat(2_000)),
                    at => format!("事業量,P-{at},,数,,,,,,,,1件,2件,3件,4件,\n"),
                },
                2_900,
            )
            .into_bytes(),
            "E602",
        ),
        (
            "one wording in many places",
            repeated(
                |at| match at {
                    0 => format!("事業,P,1,名,課,,,{},{}\n", "目的を".repeat(200), "内容を".repeat(200)),
                    at => format!("施策,M{at},①,施策\n再掲,,,,,,P\n"),
                },
                1_450,
            )
            .into_bytes(),
            "E607",
        ),
        ("zeros", vec![0; MEGABYTE], "E10"),
        ("half of UTF-16", [b"\xFF\xFE".as_slice(), &[0xD8; 1_000_001]].concat(), "E103"),
        ("half of CP932", vec![0x81; MEGABYTE], "master.csv"),
    ];
    for (name, master, expected) in cases {
        let folder = plan(&master, SETTINGS.as_bytes());
        for command in [&["check", "p"][..], &["build", "p", "--out", "o"]] {
            let ended = ended(name, folder.path(), command);
            // What the pages cannot hold is not known before they are set.
            if command[0] == "build" || !expected.starts_with("E6") && name != "characters of no face" {
                refused(name, &ended, "master.csv", expected);
            }
        }
    }
}

/// The backup and the edition are masters too.
#[test]
fn hostile_former_masters_stop_nothing() {
    for (name, former) in [
        ("commas", vec![b','; MEGABYTE]),
        ("200 MB", vec![b'a'; 200 * MEGABYTE]),
        ("findings", repeated(|_| "事業,,,,,,,,,,あ,い,う,え,お,\n".to_owned(), 2_900).into_bytes()),
    ] {
        let folder = plan(&small(), SETTINGS.as_bytes());
        for beside in ["p/backup/master_20240610-101500.csv", "p/archive/R4/master.csv"] {
            let path = folder.path().join(beside);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &former).unwrap();
        }
        let ended = ended(name, folder.path(), &["build", "p", "--out", "o"]);
        assert_eq!(ended.code, 0, "{name}: {}", ended.said);
    }
}

/// As much as a master may hold is made within the same bounds.
#[test]
fn the_largest_plans_are_built_in_time() {
    let projects = repeated(|at| format!("事業,P{at:04},{},名,課,,,目的,内容\n", at + 1), 2_990);
    let volumes = repeated(
        |at| match at % 3 {
            0 => format!("事業,P{at:04},{},名,課,,,目的,内容\n", at / 3 + 1),
            _ => format!("事業量,P{at:04},,件数,,,,,,,,\"1,234件\",\"1,234件\",\"1,234件\",\"1,234件\",\n"),
        },
        2_990,
    );
    let wording = "漁業の振興を図り、".repeat(45);
    let words = repeated(|at| format!("事業,P{at:04},{},名,課,,,{wording},{wording}\n", at + 1), 400);
    for (name, master) in [("projects", projects), ("volumes", volumes), ("words", words)] {
        assert!(master.len() < MEGABYTE, "{name}: {}", master.len());
        let folder = plan(master.as_bytes(), SETTINGS.as_bytes());
        let ended = ended(name, folder.path(), &["build", "p", "--out", "o"]);
        assert_eq!(ended.code, 0, "{name}: {}", ended.said);
    }
}

/// A template of many empty rows makes much of a plan that is large already.
#[test]
fn a_large_plan_and_a_large_template_end_in_a_message() {
    let projects = repeated(|at| format!("事業,P{at:04},{},名,課,,,目的,内容\n", at + 1), 2_990);
    let folder = plan(projects.as_bytes(), SETTINGS.as_bytes());
    let official = include_str!("../../templates/official.toml");
    let rows = official.replace("least = 2 ", "least = 20 ");
    let label = official.replace("項　目", &"項".repeat(200)).replace("（目的）", &"目".repeat(200));
    for template in [rows, label] {
        assert_ne!(template, official);
        std::fs::write(folder.path().join("t.toml"), template).unwrap();
        let ended = ended("large", folder.path(), &["build", "p", "--out", "o", "--template", "t.toml"]);
        refused("large", &ended, "master.csv", "E60");
    }
}

#[test]
fn hostile_settings_end_in_a_message() {
    let with = |more: &str| format!("{SETTINGS}{more}").into_bytes();
    let tables: String = (0..20_000).fold(String::new(), |mut text, at| {
        let _ = writeln!(text, "[a{at}]");
        text
    });
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("huge", vec![b'a'; 100 * MEGABYTE], "256kBを超えています"),
        ("deep lists", format!("a = {}", "[".repeat(200_000)).into_bytes(), "E121"),
        ("deep tables", format!("a = {}", "{a = ".repeat(50_000)).into_bytes(), "E121"),
        ("deep keys", format!("{}a = 1", "a.".repeat(120_000)).into_bytes(), "E121"),
        ("deep names", format!("[{}a]", "a.".repeat(120_000)).into_bytes(), "E121"),
        ("many tables", tables.into_bytes(), "E122"),
        (
            "a long text",
            SETTINGS.replace("\"市\"", &format!("\"{}\"", "市".repeat(80_000))).into_bytes(),
            "E129",
        ),
        ("a long list", with(&format!("[values]\nwords = [{}]\n", "\"a\",".repeat(60_000))), "E129"),
        ("many joint", with(&"[[departments.joint]]\nname = \"a\"\nmembers = []\n".repeat(5_000)), "E129"),
        ("escapes", SETTINGS.replace("\"市\"", "\"\\u001b[2J\"").into_bytes(), "E129"),
        ("a far date", with("[document]\ndate = \"9999-12-31\"\n"), "E129"),
        ("a long number", format!("a = {}", "9".repeat(200_000)).into_bytes(), "plan.toml"),
        ("zeros", vec![0; 200_000], "E121"),
    ];
    for (name, settings, expected) in cases {
        let folder = plan(&small(), &settings);
        for command in [&["check", "p"][..], &["init", "n", "--from", "p", "--years", "R7..R8"]] {
            refused(name, &ended(name, folder.path(), command), "plan.toml", expected);
        }
    }
}

#[test]
fn hostile_templates_end_in_a_message() {
    let attacks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks");
    let given = |name: &str| std::fs::read(attacks.join(name)).unwrap();
    let styles: String = (0..20_000).fold("[style.title]\n".to_owned(), |mut text, at| {
        let _ = writeln!(text, "a{at} = 1");
        text
    });
    let own = |text: &str| text.as_bytes().to_vec();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("size0.toml", given("figures-vanish-size0.toml"), "「style.value.size」に 0 は使えません"),
        ("rows.toml", given("panic.toml"), "9223372036854776000 は使えません"),
        ("infinite.toml", own("[style.value]\nsize = inf\n"), "E129"),
        (
            "nan.toml",
            own("[[block]]\nper = \"施策\"\ngap = nan\ncolumns = [-nan]\nrows = [[\"\"]]\n"),
            "NaN は使えません",
        ),
        ("negative.toml", own("[page]\nmargin = { left = -5 }\n"), "「page.margin.left」に -5"),
        ("huge.toml", own("[page]\npaper = { width = 1e300 }\n"), "E129"),
        ("leading.toml", own("[style.text]\nleading = 0\n"), "「style.text.leading」に 0"),
        ("white.toml", own("[style.value]\ncolour = \"#FFFFFF\"\n"), "E128"),
        ("foot.toml", own("[page]\nmargin = { bottom = 0 }\n"), "E128"),
        ("padding.toml", own("[style.value]\npadding = 30\n"), "E6"),
        ("letters.toml", own("[style.project_label]\nsize = 72\n"), "E6"),
        ("long-label.toml", own(&format!("[words]\nnew = \"{}\"\n", "項".repeat(70_000))), "E129"),
        ("escape.toml", own("[words]\nnew = \"\\u001b[2J\"\n"), "E129"),
        ("many.toml", styles.into_bytes(), "E122"),
        ("deep.toml", own(&format!("{}a = 1", "a.".repeat(120_000))), "E121"),
        ("large.toml", vec![b'#'; 100 * MEGABYTE], "256kBを超えています"),
    ];
    let folder = plan(&small(), SETTINGS.as_bytes());
    for (name, template, expected) in cases {
        std::fs::write(folder.path().join(name), template).unwrap();
        let ended = ended(name, folder.path(), &["build", "p", "--out", "o", "--template", name]);
        // What only the pages show is told where it stands in the master.
        let file = if expected == "E6" { "master.csv" } else { name };
        refused(name, &ended, file, expected);
        assert!(!folder.path().join("o").exists(), "{name}");
    }
}

/// Whatever is named as a template by mistake, not a line of it is shown.
#[test]
fn what_is_no_template_is_not_quoted() {
    let shadow = "root:$6$SECRET:19000:0:99999:7:::\nbin:*:19000::::::\n";
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode("SECRET = 秘密の文\n");
    let cases: [(&str, &[u8]); 8] = [
        ("shadow", shadow.as_bytes()),
        ("shadow.toml", shadow.as_bytes()),
        (".env", b"SECRET=\"SECRET\"\n"),
        ("a.pdf", b"%PDF-1.7\nSECRET\n"),
        ("id.toml", b"-----BEGIN SECRET-----\nSECRET=\n"),
        ("a.json", b"{\"SECRET\": \"SECRET\"}"),
        ("cp932.txt", &cp932),
        ("a.txt", b"# a\n\n\nSECRET and more\n"),
    ];
    for (name, bytes) in cases {
        let folder = plan(&small(), SETTINGS.as_bytes());
        std::fs::write(folder.path().join(name), bytes).unwrap();
        for format in ["text", "json"] {
            let arguments = ["build", "p", "--out", "o", "--template", name, "--format", format];
            let ended = ended(name, folder.path(), &arguments);
            refused(name, &ended, name, "");
            assert!(!ended.said.contains("SECRET"), "{name}: {}", ended.said);
        }
        // The same file in the place of the plan's own, and of its master.
        std::fs::write(folder.path().join("p/master.csv"), bytes).unwrap();
        let master = ended(name, folder.path(), &["init", "n", "--from", "p", "--years", "R7..R8"]);
        refused(name, &master, "master.csv", "");
        assert!(!master.said.contains("SECRET"), "{name}: {}", master.said);
    }
}

/// Escape sequences, marks that turn the order of text, and what nobody sees, in every
/// place a stranger can write to, through every command.
#[test]
fn what_a_stranger_wrote_never_reaches_the_terminal() {
    let evil = "\u{1b}]0;x\u{7}\u{9b}2J\u{202E}\u{2066}\u{200B}\u{7f}";
    let master = format!(
        "{HEADER}{HEADS}事業,P1{evil},1,名{evil},課{evil},,,目{evil}的,内容\r\n\
         事業量,P1-1,,数{evil},,,,,,,,1{evil}件,{evil},3件,4件,{evil}\r\n再掲,,,,,,P9{evil}\r\n{evil},X,1,名\r\n"
    );
    let sound = format!(
        "{HEADER}{HEADS}事業,P1,1,名{evil},課{evil},,,目{evil}的,内容\r\n\
         事業量,P1-1,,数{evil},,,,,,,,1件,2件,3件,4件,{evil}\r\n"
    );
    let other = sound.replace("1件", "9件").replace("内容", &format!("内容{evil}"));
    let folder = plan(master.as_bytes(), SETTINGS.as_bytes());
    for (name, text) in [("sound", &sound), ("other", &other)] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(name).join("plan.toml"), SETTINGS).unwrap();
        std::fs::write(folder.path().join(name).join("master.csv"), text).unwrap();
    }
    // Windows takes no control characters in names.
    let file = if cfg!(windows) { "記\u{9b}2J入\u{202E}票" } else { "記\u{1b}[2J\n入\u{202E}票" };
    std::fs::create_dir(folder.path().join("returned")).unwrap();
    std::fs::write(folder.path().join("returned").join(format!("{file}.xlsx")), b"PK").unwrap();
    std::fs::write(folder.path().join(format!("{file}.toml")), "[contents]\ngap = -1\n").unwrap();
    let (template, odd) = (format!("{file}.toml"), format!("無{file}"));
    let runs: Vec<Vec<&str>> = vec![
        vec!["check", "p"],
        vec!["check", &odd],
        vec!["build", "p", "--out", "o"],
        vec!["build", "sound", "--out", &odd],
        vec!["build", "sound", "--out", "o", "--template", &template],
        vec!["distribute", "p", "--year", "R6", "--out", "d"],
        vec!["distribute", "sound", "--year", "R6", "--out", "d", "--due", "2025-05-01"],
        vec!["collect", "sound", "returned", "--dry-run"],
        vec!["diff", "sound", "other"],
        vec!["archive", "sound", "--year", "R4"],
        vec!["archive", "sound", "--year", "R4", "--revise", &file],
        vec!["archive", "list", "sound"],
        vec!["archive", "verify", "sound"],
        vec!["archive", "extract", &template],
        vec!["init", &odd],
        vec![&file],
        vec!["build", "--year", &file],
        vec!["check", "sound", &file],
    ];
    for run in runs {
        for format in ["text", "json"] {
            for quiet in [false, true] {
                let mut arguments = run.clone();
                arguments.extend(["--format", format]);
                arguments.extend(quiet.then_some("--quiet"));
                let ended = ended(&run.join(" ").escape_debug().to_string(), folder.path(), &arguments);
                is_visible(&run.join(" "), &ended.said);
                let json = ended.said.find('{').and_then(|at| ended.said.get(at..));
                if let Some(json) = json.filter(|_| format == "json") {
                    assert!(serde_json::from_str::<serde_json::Value>(json).is_ok(), "{run:?}: {json}");
                }
            }
        }
    }
}

/// A name that is no text, as other systems write them, is a name all the same.
#[cfg(unix)]
#[test]
fn no_name_stops_the_program() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = plan(&small(), SETTINGS.as_bytes());
    let odd = OsStr::from_bytes(b"o\xFF\x1b[2J");
    std::os::unix::fs::symlink("out", folder.path().join(odd)).unwrap();
    std::fs::create_dir(folder.path().join("out")).unwrap();
    for arguments in [&["build", "p", "--out"][..], &["distribute", "p", "--year", "R6", "--out"], &["init"]]
    {
        for format in ["text", "json"] {
            let mut program = std::process::Command::new(crate::run::program());
            program.current_dir(folder.path()).args(["--format", format]).args(arguments).arg(odd);
            let output = program.output().unwrap();
            assert!(output.status.code().is_some_and(|code| code <= 2), "{arguments:?}: {output:?}");
            is_visible("odd name", &String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
        }
    }
}

/// Dates and years at the ends of the calendar.
#[test]
fn no_date_is_too_far() {
    let folder = plan(&small(), SETTINGS.as_bytes());
    for (command, option) in [("build", "--date"), ("archive", "--date"), ("distribute", "--due")] {
        for date in
            ["262142-12-31", "+262142-12-31", "-262143-01-01", "9999-12-31", "0000-01-01", "1-1-1", "NaN"]
        {
            let given = format!("{option}={date}");
            let ended = ended(date, folder.path(), &[command, "p", "--year", "R6", &given]);
            assert_eq!(ended.code, 2, "{command} {date}: {}", ended.said);
        }
    }
    for year in ["R999999999", "R0", "令和0年", "令和99999999999999999999", "2147483647", "-1", "H0", "R99"]
    {
        let given = format!("--year={year}");
        let ended = ended(year, folder.path(), &["build", "p", "--out", "o", &given]);
        assert_eq!(ended.code, 2, "{year}: {}", ended.said);
    }
}

/// Fonts whose figures would not be seen: a table of a sound font is spoilt.
#[test]
fn fonts_that_show_no_figures_are_refused() {
    let sound =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/fonts/BIZUDGothic-Regular.ttf"))
            .unwrap();
    let table = |tag: &[u8]| {
        let at = sound[..400].windows(4).position(|window| window == tag).unwrap();
        let word = |at: usize| u32::from_be_bytes(sound[at..at + 4].try_into().unwrap()) as usize;
        word(at + 8)..word(at + 8) + word(at + 12)
    };
    let filled = |tag: &[u8], byte: u8| {
        let mut font = sound.clone();
        font[table(tag)].fill(byte);
        font
    };
    let mut tall = sound.clone();
    let lines = table(b"hhea").start + 4;
    tall[lines..lines + 4].copy_from_slice(&[0x7F, 0xFF, 0x80, 0x00]);
    let mut far = sound.clone();
    let metrics = far[..400].windows(4).position(|window| window == b"hmtx").unwrap() + 8;
    far[metrics..metrics + 4].copy_from_slice(&[0x7F, 0xFF, 0xFF, 0xF0]);
    let fonts = [
        ("幅がない.ttf", filled(b"hmtx", 0)),
        ("形がない.ttf", filled(b"loca", 0)),
        ("行が高い.ttf", tall),
        ("幅の表が遠い.ttf", far),
        ("途中まで.ttf", sound[..1000].to_vec()),
        ("空.ttf", Vec::new()),
        ("フォントではない.ttf", b"%PDF-1.7".to_vec()),
    ];
    for (name, bytes) in fonts {
        let folder = plan(&small(), SETTINGS.as_bytes());
        std::fs::write(folder.path().join(name), bytes).unwrap();
        std::fs::write(folder.path().join("t.toml"), format!("[fonts]\nregular = \"{name}\"\n")).unwrap();
        let ended = ended(name, folder.path(), &["build", "p", "--template", "t.toml", "--out", "o"]);
        assert!(ended.code == 2 && ended.said.contains(name), "{name}: {}", ended.said);
    }
}

//! `jisseki archive`, `diff` and `init` as commands: what they write, say and refuse.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// Where the program is, from whatever folder it is run.
fn program() -> PathBuf {
    std::path::absolute(env!("CARGO_BIN_EXE_jisseki")).unwrap()
}

/// A folder with the example plan in `plan/`.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        assert_eq!(desk.run("init plan --years R5..R9").status.code(), Some(0));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new(program());
        // Nothing may come from the clock: 2001-09-09.
        command.env("SOURCE_DATE_EPOCH", "1000000000").env("NO_COLOR", "1");
        command.current_dir(self.folder.path()).args(arguments.split_whitespace()).output().unwrap()
    }

    /// Runs a command that is to succeed; what it said on standard output.
    fn ok(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{arguments}\n{out}{err}");
        out
    }

    /// Runs a command that is to end with `code`; all it said.
    fn fails(&self, code: i32, arguments: &str) -> String {
        let output = self.run(arguments);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments}\n{said}");
        said
    }

    /// Declares two documents of different looks.
    fn declare_documents(&self) {
        let path = self.path("plan/plan.toml");
        let documents = "
[[documents]]
name = \"実績一覧\"

[[documents]]
name = \"評価シート\"
template = \"評価.toml\"
title = \"見本町事務事業評価シート\"
number = \"資料２\"
editions = [\"R7\", \"令和8年度\"]
";
        let text = fs::read_to_string(&path).unwrap();
        // In place of those of the example.
        let (head, rest) = text.split_once("[[documents]]").unwrap();
        let (_, rest) = rest.split_once("[departments]").unwrap();
        fs::write(&path, format!("{head}[departments]{rest}{documents}")).unwrap();
        let template = "[page]\nmargin = { left = 20, right = 20, top = 20, bottom = 15 }\n[style.band]\nfill = \"#4F6228\"\n";
        fs::write(self.path("plan/評価.toml"), template).unwrap();
    }

    fn replace_in_master(&self, from: &str, to: &str) {
        let path = self.path("plan/master.csv");
        let master = fs::read_to_string(&path).unwrap();
        assert!(master.contains(from));
        fs::write(path, master.replace(from, to)).unwrap();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Every file under a folder, by path, with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_path_buf(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Archive, correct, list, verify, extract, damage: a plan's life.
#[test]
fn a_year_is_archived_corrected_and_verified() {
    let desk = Desk::new();
    assert!(desk.fails(2, "archive verify plan").contains("見つかりません"));
    let said = desk.ok("archive plan --year R7 --date 2026-06-10 --bundle");
    assert!(said.contains("令和7年度の第1版を保存しました") && said.contains("SHA-256"), "{said}");

    // What is archived is never written again.
    let before = files(&desk.path("plan/archive"));
    let said = desk.fails(2, "archive plan --year R7 --date 2026-06-11");
    assert!(
        said.contains("すでに保存されています（第1版、令和8年6月10日）") && said.contains("--revise"),
        "{said}"
    );
    assert!(desk.fails(2, "archive plan --year R8 --revise 理由").contains("まだ保存されていません"));
    assert_eq!(files(&desk.path("plan/archive")), before);

    desk.replace_in_master("17.6%", "17.7%");
    desk.ok("archive plan --year R7 --date 2026-07-01 --revise 転記の誤り");
    let after = files(&desk.path("plan/archive"));
    let kept = before.iter().filter(|(path, _)| path.starts_with("R7"));
    assert!(kept.clone().count() > 8 && kept.into_iter().all(|(path, bytes)| after[path] == *bytes));
    assert!(after.contains_key(Path::new("R7-2/見本町総合戦略_正誤表_R7.pdf")));
    assert!(after.contains_key(Path::new("R7-2/見本町総合戦略_正誤表_R7.xlsx")));

    let listed = desk.ok("archive list plan");
    assert!(
        listed.contains("令和7年度\t第2版\t令和8年7月1日") && listed.contains("訂正の理由：転記の誤り"),
        "{listed}"
    );
    let said = desk.ok("archive verify plan");
    assert!(said.contains("2件の版を確認しました。ここにある版は、どれも保存の記録のとおりです（"), "{said}");
    assert!(said.contains("確認したもの: ") && said.contains("作り直した文書（2件の版）"), "{said}");
    assert!(!said.contains("確認していないもの"), "{said}");
    let noted = listed.split("記録の確認用の値（SHA-256）: ").nth(1).unwrap();
    assert!(
        said.contains(&format!("令和7年度の第2版（R7-2）、記録の確認用の値 {}…", &noted[..16])),
        "{said}"
    );
    assert!(said.contains("保存先の中だけでは分からないこと"), "{said}");
    let said = desk.ok("archive verify plan --format json");
    assert_eq!(said.matches("\"remade\": \"same\"").count(), 2, "{said}");
    assert!(said.contains("\"newest\": {") && said.contains(noted.trim()), "{said}");

    // A bundle gives back what lies beside it, byte for byte.
    desk.ok("archive extract plan/archive/R7/見本町総合戦略_保存用_R7.pdf --out taken");
    let taken = files(&desk.path("taken"));
    assert!(taken.len() >= 7);
    for (name, bytes) in &taken {
        assert_eq!(after[&Path::new("R7").join(name)], *bytes, "{}", name.display());
    }
    assert!(
        desk.fails(2, "archive extract plan/archive/R7/見本町総合戦略_保存用_R7.pdf --out taken")
            .contains("すでにあります")
    );
    assert!(desk.fails(1, "archive extract plan/archive/R7/見本町総合戦略_実績一覧_R7.pdf").contains("E715"));

    // What systems leave behind is neither an edition nor a file of one.
    fs::create_dir_all(desk.path("plan/archive/@eaDir")).unwrap();
    fs::create_dir_all(desk.path("plan/archive/R7/@eaDir")).unwrap();
    for name in [".DS_Store", "R7/Thumbs.db", "R7-2/~$見本.xlsx", ".~lock.見本.xlsx#", "R7/._master.csv"]
    {
        fs::write(desk.path("plan/archive").join(name), "1").unwrap();
    }
    assert!(desk.ok("archive verify plan").contains("どれも保存の記録のとおりです"));

    // Copied through a Mac: 「デ」 is 「テ」 and a mark in every name.
    for folder in ["R7", "R7-2"] {
        let folder = desk.path("plan/archive").join(folder);
        for entry in fs::read_dir(&folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let decomposed: String =
                unicode_normalization::UnicodeNormalization::nfd(name.as_str()).collect();
            fs::rename(folder.join(name), folder.join(decomposed)).unwrap();
        }
    }
    assert!(desk.path("plan/archive/R7/見本町総合戦略_テ\u{3099}ータ_R7.csv").exists());
    assert!(desk.ok("archive verify plan").contains("どれも保存の記録のとおりです（"));
    assert!(desk.ok("archive list plan").contains("第2版"));
    desk.replace_in_master("17.7%", "17.9%");
    desk.ok("archive plan --year R7 --date 2026-08-01 --revise 再訂正");
    assert!(desk.ok("archive verify plan").contains("3件の版を確認しました。ここにある版は、どれも"));

    // The archive stands by itself: without the plan, and named directly.
    fs::remove_file(desk.path("plan/plan.toml")).unwrap();
    fs::rename(desk.path("plan/archive"), desk.path("kept")).unwrap();
    desk.ok("archive verify kept");
    fs::write(desk.path("kept/R7/master.csv"), "junk").unwrap();
    let said = desk.fails(1, "archive verify kept");
    assert!(said.contains("E702") && said.contains("R7/master.csv"), "{said}");
    assert!(desk.fails(1, "archive verify kept --format json").contains("\"code\": \"E702\""));
}

/// Two folders, two days: the same bytes.
#[test]
fn the_same_input_and_date_give_the_same_archive() {
    let [one, two] = [Desk::new(), Desk::new()];
    for (desk, epoch) in [(&one, "1000000000"), (&two, "2000000000")] {
        for year in ["R7", "R8"] {
            let mut command = Command::new(program());
            command
                .env("SOURCE_DATE_EPOCH", epoch)
                .env("TZ", "America/New_York")
                .current_dir(desk.folder.path());
            command
                .args(["archive", "plan", "--year", year, "--date", "2026-06-10", "--bundle"])
                .assert()
                .success();
        }
    }
    let (one, two) = (files(&one.path("plan")), files(&two.path("plan")));
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(*bytes == two[name], "{} differs", name.display());
    }
}

/// The newest edition and the note of it, taken away together: paper knows, and a bundle.
#[test]
fn an_end_that_was_taken_away_is_known_elsewhere() {
    let desk = Desk::new();
    desk.ok("archive plan --year R7 --date 2026-06-10");
    desk.ok("archive plan --year R8 --date 2027-06-10 --bundle");
    let noted = desk.ok("archive list plan");
    let noted = noted.split("（SHA-256）: ").nth(1).unwrap().trim();
    let said = desk.ok(&format!("archive verify plan --strict --expect {noted}"));
    assert!(said.contains("控えた確認用の値は、最新の版のものです"), "{said}");
    let first = fs::read(desk.path("plan/archive/R7/manifest.json")).unwrap();
    let first = jisseki::archive::Hash::of(&first).to_string();
    let said = desk.ok(&format!("archive verify plan --expect {}…", &first[..16]));
    assert!(said.contains("控えた確認用の値は、R7 のものです。その後に加えた版: R8"), "{said}");
    for wrong in [&noted[..15], "xxxxxxxxxxxxxxxx"] {
        assert!(desk.fails(2, &format!("archive verify plan --expect {wrong}")).contains("16桁"));
    }

    let bundle = "見本町総合戦略_保存用_R8.pdf";
    fs::rename(desk.path("plan/archive/R8"), desk.path("R8")).unwrap();
    fs::remove_file(desk.path("plan/archive/latest.json")).unwrap();
    assert!(desk.ok("archive verify plan").contains("W706"));
    assert!(desk.fails(1, "archive verify plan --strict").contains("W706"));
    assert!(desk.fails(1, &format!("archive verify plan --expect {noted}")).contains("E721"));
    for place in ["plan", "plan/archive"] {
        fs::copy(desk.path("R8").join(bundle), desk.path(place).join(bundle)).unwrap();
        let said = desk.fails(1, "archive verify plan");
        assert!(said.contains("E711") && said.contains(bundle) && said.contains("「R8」"), "{said}");
        assert!(desk.fails(2, "archive plan --year R9 --date 2028-06-10").contains("版を加えません"));
        fs::remove_file(desk.path(place).join(bundle)).unwrap();
    }
}

/// A link is no file, and its folder no edition; what cannot be opened stops nothing else.
#[cfg(unix)]
#[test]
fn links_and_closed_folders_are_named() {
    use std::os::unix::fs::symlink;

    let desk = Desk::new();
    desk.ok("archive plan --year R7 --date 2026-06-10");
    desk.ok("archive plan --year R8 --date 2027-06-10");
    let master = desk.path("plan/archive/R7/master.csv");
    fs::remove_file(&master).unwrap();
    symlink(desk.path("plan/master.csv"), &master).unwrap();
    let said = desk.fails(1, "archive verify plan");
    assert!(said.contains("E719") && said.contains("R7/master.csv") && said.contains("リンク"), "{said}");
    assert!(!said.contains("R8/") && !said.contains("E701"), "{said}");
    fs::rename(desk.path("plan/archive/R8"), desk.path("R8")).unwrap();
    symlink(desk.path("R8"), desk.path("plan/archive/R8")).unwrap();
    let said = desk.fails(1, "archive verify plan");
    assert!(said.contains("E719") && said.contains("\n  R8\n"), "{said}");
}

#[test]
fn a_chain_with_a_gap_is_not_added_to() {
    let desk = Desk::new();
    desk.ok("archive plan --year R7 --date 2026-06-10");
    desk.ok("archive plan --year R8 --date 2027-06-10");
    fs::remove_dir_all(desk.path("plan/archive/R7")).unwrap();
    let said = desk.fails(2, "archive plan --year R9 --date 2028-06-10");
    assert!(said.contains("E706") && said.contains("版を加えません"), "{said}");
    assert!(!desk.path("plan/archive/R9").exists());
}

/// Whatever moment a run is stopped at: no edition, or a whole one.
#[test]
fn a_run_that_is_killed_leaves_no_half_edition() {
    use std::time::Duration;

    let desk = Desk::new();
    let began = std::time::Instant::now();
    desk.ok("archive plan --year R7 --date 2026-06-10 --bundle --quiet");
    let length = began.elapsed();
    let mut killed = 0;
    for step in 0..12u32 {
        let delay = length * step / 11 + Duration::from_micros(37) * step;
        fs::remove_dir_all(desk.path("plan/archive")).unwrap();
        let mut child = std::process::Command::new(program())
            .current_dir(desk.folder.path())
            .args(["archive", "plan", "--year", "R7", "--date", "2026-06-10", "--bundle", "--quiet"])
            .spawn()
            .unwrap();
        std::thread::sleep(delay);
        // Nothing can be cleaned up.
        let _ = child.kill();
        killed += u32::from(!child.wait().unwrap().success());
        if desk.path("plan/archive").exists() {
            let output = desk.run("archive verify plan");
            assert_eq!(output.status.code(), Some(0), "{delay:?}\n{}", text(&output.stdout));
        }
        // And the next run does what this one should have done.
        if !desk.path("plan/archive/R7").exists() {
            desk.ok("archive plan --year R7 --date 2026-06-10 --quiet");
        }
        assert_eq!(desk.run("archive verify plan").status.code(), Some(0));
    }
    assert!(killed > 0);
}

/// An edition has a master too, which no command changes.
#[test]
fn an_edition_is_no_plan_to_write_to() {
    let desk = Desk::new();
    desk.ok("archive plan --year R7 --date 2026-06-10");
    desk.ok("distribute plan --year R8 --out forms");
    for command in ["collect plan/archive/R7 forms", "archive plan/archive/R7 --year R8"] {
        let said = desk.fails(2, command);
        assert!(said.contains("保存した版には書き込みません"), "{command}: {said}");
    }
    // Whoever names an edition means its archive.
    desk.ok("archive verify plan/archive/R7");
    assert!(desk.fails(2, "archive verify nowhere").contains("計画のフォルダー「nowhere」が見つかりません"));
}

#[test]
fn plans_masters_editions_and_bundles_can_be_compared() {
    let desk = Desk::new();
    desk.ok("archive plan --year R7 --date 2026-06-10 --bundle");
    fs::copy(desk.path("plan/master.csv"), desk.path("old.csv")).unwrap();
    assert_eq!(desk.ok("diff plan plan"), "違いはありません。\n");
    desk.replace_in_master("17.6%", "17.7%");
    desk.replace_in_master("催しの案内ボランティア", "催しの案内人");
    let expected = "基本目標1　数値目標①「人口に占める20～39歳の割合」（G1-T1）\n    R7実績: 「17.6%」 → 「17.7%」\n基本目標2（ア）①　事業「催しの案内ボランティア」（X01）\n    名称: 「催しの案内ボランティア」 → 「催しの案内人」\n2件の違いがあります。\n";
    let bundle = "plan/archive/R7/見本町総合戦略_保存用_R7.pdf";
    for old in ["plan/archive/R7", bundle, "old.csv"] {
        assert_eq!(desk.ok(&format!("diff {old} plan")), expected, "{old}");
    }
    let said = desk.ok("diff plan/archive/R7 plan --out 正誤 --date 2026-07-01 --format json");
    assert!(said.contains("\"what\": \"actual:R7\"") && said.contains("正誤.pdf"), "{said}");
    assert!(fs::read(desk.path("正誤.pdf")).unwrap().starts_with(b"%PDF-1.7"));
    assert!(fs::read(desk.path("正誤.xlsx")).unwrap().starts_with(b"PK"));
    assert!(desk.fails(2, "diff plan plan --out a.doc").contains(".pdf または .xlsx"));
    fs::write(desk.path("junk.pdf"), "junk").unwrap();
    assert!(desk.fails(1, "diff junk.pdf plan").contains("E715"));
    fs::write(desk.path("junk.csv"), "a\tb\n").unwrap();
    assert!(desk.fails(1, "diff junk.csv plan").contains("E211"));
}

#[test]
fn a_new_plan_can_be_built_and_followed() {
    let desk = Desk::new();
    assert!(desk.ok("check plan").contains("問題は見つかりませんでした"));
    desk.ok("build plan --date 2026-06-10 --out made");
    assert_eq!(files(&desk.path("made")).len(), 11);
    // Never into a folder with content.
    fs::create_dir(desk.path("used")).unwrap();
    fs::write(desk.path("used/note.txt"), "1").unwrap();
    assert!(desk.fails(2, "init used").contains("すでにあります"));
    assert_eq!(files(&desk.path("used")).len(), 1);
    fs::create_dir(desk.path("empty")).unwrap();
    desk.ok("init empty --from plan --years R11..R14");
    assert_eq!(desk.run("check empty").status.code(), Some(0));
    let master = fs::read_to_string(desk.path("empty/master.csv")).unwrap();
    assert!(
        master.contains("基準値,R11,R12,R13,R14,評価")
            && master.contains("前期の目標：4年で40人（年間10人）")
    );
    desk.ok("build empty --date 2030-06-10 --out made");
    assert!(desk.fails(2, "init other --from plan").contains("--years"));
}

/// All documents of a plan are kept, each with its own template, and verified and corrected
/// together.
#[test]
fn every_document_of_a_plan_is_kept() {
    let desk = Desk::new();
    desk.declare_documents();
    let said = desk.ok("archive plan --year R7 --date 2026-06-10 --bundle");
    for name in ["template_実績一覧.toml", "template_評価シート.toml", "見本町総合戦略_評価シート_R7.xlsx"]
    {
        assert!(said.contains(name), "{said}");
    }
    let kept = files(&desk.path("plan/archive/R7"));
    assert_eq!(kept.len(), 12, "{:?}", kept.keys());
    let pdf = |name: &str| &kept[Path::new(&format!("見本町総合戦略_{name}_R7.pdf"))];
    assert_ne!(pdf("実績一覧"), pdf("評価シート"));

    // The plan's own template changes: what is kept has its own.
    fs::write(desk.path("plan/評価.toml"), "format = 2\n").unwrap();
    let said = desk.ok("archive verify plan");
    assert!(said.contains("確認したもの: 11個のファイル") && !said.contains("確認していないもの"), "{said}");
    let listed = desk.ok("archive list plan");
    assert!(listed.contains("\t実績一覧 3ページ、評価シート 3ページ\t"), "{listed}");

    // One 正誤表 names the pages of both, and the year after has one document.
    desk.replace_in_master("17.6%", "17.7%");
    desk.ok("archive plan --year R7 --date 2026-07-01 --revise 転記の誤り");
    let corrected = files(&desk.path("plan/archive/R7-2"));
    assert!(corrected.contains_key(Path::new("見本町総合戦略_正誤表_R7.pdf")));
    let said = desk.ok("archive plan --year R9 --date 2028-06-10");
    assert!(said.contains("template.toml") && !said.contains("評価シート"), "{said}");
    let said = desk.ok("archive verify plan");
    assert!(said.contains("作り直した文書（3件の版）"), "{said}");

    // The bundle carries all of it, and can be compared with.
    let bundle = "plan/archive/R7/見本町総合戦略_保存用_R7.pdf";
    let said = desk.ok(&format!("archive extract {bundle} --out 中"));
    assert!(said.contains("10個のファイルを取り出しました"), "{said}");
    for old in [bundle, "plan/archive/R7"] {
        desk.ok(&format!("diff {old} plan --out 正誤表/{}.xlsx", old.len()));
    }
    let errata: Vec<Vec<u8>> = files(&desk.path("正誤表")).into_values().collect();
    assert!(errata.len() == 2 && errata[0] == errata[1]);

    // What is done to one of them is found.
    fs::write(desk.path("plan/archive/R7/template_評価シート.toml"), "").unwrap();
    let said = desk.fails(1, "archive verify plan");
    assert!(said.contains("E702") && said.contains("R7/template_評価シート.toml"), "{said}");
    assert!(said.contains(
        "R7 のデータから同じ文書ができること（元になったデータが保存したときのままではありません）"
    ));
}

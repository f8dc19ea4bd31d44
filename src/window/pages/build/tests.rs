use std::collections::BTreeMap;
use std::path::Path;

use axum::http::StatusCode;

use crate::app::{Choice, PlanFolder, build, check};
use crate::documents::Wanted;
use crate::finding::Severity;
use crate::plan::FiscalYear;
use crate::window::page::out;
use crate::window::tests::Client;

/// The files of a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect()
}

const ALL: [(&str, &str); 5] =
    [("document", "実績一覧"), ("year", "R4"), ("date", "2024-06-10"), ("draft", "1"), ("only", "")];

/// What the browser gets made is what the use case makes, and so what the command line makes.
#[tokio::test]
async fn the_files_are_those_of_the_use_case() {
    let client = Client::new("data/nemuro");
    let begun = client.post(&format!("/p/{}/build", client.plan), &ALL).await;
    let done = client.done(&begun).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let request = build::Request {
        plan: client.folder.clone(),
        choice: Choice::default(),
        year: FiscalYear::parse("R4"),
        date: "2024-06-10".parse().ok(),
        today: client.window.today(),
        draft: true,
        wanted: Wanted::All,
        out: elsewhere.path().to_path_buf(),
    };
    let report = build::run(&request, &()).unwrap();
    assert!(files(&out(&client.folder)) == files(elsewhere.path()));
    assert!(done.text.contains(&format!("{}個のファイルを作りました", report.files.len())), "{}", done.text);
    for file in &report.files {
        let name = file.path.file_name().unwrap().to_string_lossy();
        assert!(done.text.contains(&*name), "{name}");
        assert_eq!(file.before, build::Before::Nothing);
    }
    assert!(done.text.contains("新しいファイルです") && !done.text.contains("前回と同"), "{}", done.text);
}

/// A second run says of each file whether it is another.
#[tokio::test]
async fn what_changed_since_the_last_run_is_told() {
    let client = Client::new("data/nemuro");
    let path = format!("/p/{}/build", client.plan);
    let fields = [("document", "実績一覧"), ("year", "R4"), ("only", "pdf")];
    client.done(&client.post(&path, &fields).await).await;
    let again = client.done(&client.post(&path, &fields).await).await;
    assert!(
        again.text.contains("前回と同じ内容です") && !again.text.contains("前回と違います"),
        "{}",
        again.text
    );
    let draft = [("document", "実績一覧"), ("year", "R4"), ("only", "pdf"), ("draft", "1")];
    let draft = client.done(&client.post(&path, &draft).await).await;
    let (_, before) = draft.text.split_once("前回と違います（前回は").expect("it is another");
    let before = before.split_once('）').unwrap().0;
    let pages = draft.text.split_once("ページ</td>").unwrap().0.rsplit_once('>').unwrap().1;
    assert!(before.ends_with(&format!("、{pages}ページ")), "{before} {pages}");
}

#[tokio::test]
async fn the_page_shows_the_documents_and_what_was_found() {
    let client = Client::new("data/nemuro");
    let page = client.page("build").await;
    let findings = check::run(&check::Request { plan: client.folder.clone() }).unwrap().findings;
    let told = format!("警告 {}件が見つかりました", findings.count(Severity::Warning));
    assert!(page.text.contains(&told), "{}", page.text);
    assert!(page.text.contains("<option value=\"R4\" selected>"), "the latest year with an actual");

    let client = Client::new("data/mihon");
    let page = client.page("build").await;
    let (loaded, _) = PlanFolder::open(&client.folder).unwrap().load().unwrap();
    for document in &loaded.settings.documents {
        assert!(page.text.contains(&format!("value=\"{}\" checked", document.name)), "{}", document.name);
    }
    assert!(page.text.contains("project-sheet.toml") && page.text.contains("エラーも警告もありません"));
}

/// Errors of the master forbid all documents, those of a template its own.
#[tokio::test]
async fn errors_are_told_before_and_after_the_button() {
    let client = Client::new("data/mihon");
    std::fs::write(client.folder.join("悪い様式.toml"), "format = 2\nnonsense = 1\n").unwrap();
    let path = client.folder.join("plan.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, settings.replace("\"project-sheet.toml\"", "\"悪い様式.toml\"")).unwrap();
    let page = client.page("build").await;
    assert!(
        page.text.contains("エラー 1件</span>") && page.text.contains("文書を作る</button>"),
        "{}",
        page.text
    );
    assert!(page.text.contains("はエラーがあるので作れません。ほかの"), "{}", page.text);
    let others = client.post(&format!("/p/{}/build", client.plan), &[("document", "実績一覧")]).await;
    let others = client.done(&others).await.text;
    assert!(others.contains("banner-success") && !others.contains("banner-error"), "{others}");
    std::fs::remove_dir_all(out(&client.folder)).unwrap();
    let (at, name) = (3, "悪い様式.toml");
    let template = client.page(&format!("build/template?document={at}")).await;
    assert!(template.text.contains("nonsense") && template.text.contains(name), "{}", template.text);

    let master = client.folder.join("master.csv");
    let text = std::fs::read_to_string(&master).unwrap().replacen("基本目標,G1,", "基本目標,,", 1);
    std::fs::write(&master, text).unwrap();
    let page = client.page("build").await;
    assert!(page.text.contains("エラーがあるので作れません"), "{}", page.text);
    assert!(!page.text.contains("文書を作る</button>"));
    let begun = client.post(&format!("/p/{}/build", client.plan), &[("document", "実績一覧")]).await;
    let refused = client.done(&begun).await;
    assert!(refused.text.contains("ファイルは作っていません"), "{}", refused.text);
    assert!(refused.text.contains(&format!("/p/{}/check", client.plan)));
    assert!(!out(&client.folder).exists());
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_told() {
    let client = Client::new("data/nemuro");
    let path = format!("/p/{}/build", client.plan);
    for (fields, told) in [
        (&[("year", "R4")][..], "作る文書を1つ以上選んでください"),
        (&[("document", "実績一覧"), ("date", "6/10")], "文書の日付は 2024-06-10 のように"),
        (&[("document", "実績一覧"), ("year", "いつか")], "年度は R4"),
    ] {
        let answered = client.post(&path, fields).await;
        assert_eq!(answered.status, StatusCode::BAD_REQUEST);
        assert!(answered.text.contains(told), "{}", answered.text);
    }
}

/// Each template, the official one too, is drawn with the names of its fields.
#[tokio::test]
async fn a_template_is_checked_and_drawn() {
    let client = Client::new("data/mihon");
    for at in 0..5 {
        let page = client.page(&format!("build/template?document={at}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("様式にエラーはありません。計画は"), "{}", page.text);
        assert!(page.text.contains("<svg ") && page.text.contains("名称"));
    }
    assert_eq!(client.page("build/template?document=5").await.status, StatusCode::NOT_FOUND);
    let begun = client.post(&format!("/p/{}/build/sample", client.plan), &[("document", "1")]).await;
    let done = client.done(&begun).await;
    assert!(done.text.contains("kpi-evaluation_様式の見本.pdf"), "{}", done.text);
    let file = done.text.split_once("href=\"/files/").unwrap().1.split_once('"').unwrap().0;
    let pdf = client.get(&format!("/files/{file}")).await;
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    assert_eq!(pdf.head["content-type"], "application/pdf");
    let name = pdf.head["content-disposition"].to_str().unwrap();
    assert!(name.starts_with("inline; filename*=UTF-8''kpi-evaluation_%E6%A7%98"), "{name}");
}

/// How much of the plan has changed is told against what is kept of it.
#[tokio::test]
async fn changes_since_the_newest_backup_are_counted() {
    let client = Client::new("data/nemuro");
    let master = std::fs::read_to_string(client.folder.join("master.csv")).unwrap();
    let before = master.replacen("\"2,070人\"", "\"2,071人\"", 1);
    assert_ne!(before, master);
    std::fs::create_dir(client.folder.join("backup")).unwrap();
    std::fs::write(client.folder.join("backup/master_20240501-101500.csv"), before).unwrap();
    let fields = [("document", "実績一覧"), ("year", "R4"), ("only", "pdf")];
    let done = client.done(&client.post(&format!("/p/{}/build", client.plan), &fields).await).await;
    let told = "backup/master_20240501-101500.csv と比べて、1か所が変わっています";
    assert!(done.text.contains(told), "{}", done.text);
}

/// What was forgotten is told on the page itself.
#[tokio::test]
async fn nothing_is_made_where_nothing_is_ticked() {
    let client = Client::new("data/mihon");
    let path = format!("/p/{}/build", client.plan);
    for fields in [&[("year", "R7")][..], &[("document", "実績一覧"), ("date", "6月10日")]] {
        let again = client.post(&path, fields).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST);
        assert!(again.text.contains("作業の段階") && again.text.contains("banner-error"), "{}", again.text);
        let ticked = again.text.matches(" checked>実績一覧").count();
        assert_eq!(ticked, fields.iter().filter(|(name, _)| *name == "document").count());
    }
}

/// Findings name the file of a template, not its folder.
#[tokio::test]
async fn templates_of_one_name_are_told_apart() {
    let client = Client::new("data/mihon");
    let path = client.folder.join("plan.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    for (folder, bad) in [("甲", ""), ("乙", "nonsense = 1\n")] {
        std::fs::create_dir(client.folder.join(folder)).unwrap();
        let text = std::fs::read_to_string("templates/project-sheet.toml").unwrap();
        std::fs::write(client.folder.join(folder).join("様式.toml"), format!("{bad}{text}")).unwrap();
    }
    let settings = settings.replacen("\"project-sheet.toml\"", "\"甲/様式.toml\"", 1);
    let settings = settings.replacen("\"kpi-sheet.toml\"", "\"乙/様式.toml\"", 1);
    assert!(settings.contains("甲/様式") && settings.contains("乙/様式"), "{settings}");
    std::fs::write(&path, settings).unwrap();
    let page = client.page("build").await.text;
    assert_eq!(page.matches("<span class=\"tag tag-error\">").count(), 1, "{page}");
    assert!(page.contains("<td>甲/様式.toml</td>") && page.contains("文書を作る</button>"), "{page}");
}

use std::collections::BTreeMap;
use std::path::Path;

use crate::app::distribute;
use crate::plan::FiscalYear;
use crate::window::page::out;
use crate::window::tests::Client;

fn request(client: &Client, out: &Path) -> distribute::Request {
    distribute::Request {
        plan: client.folder.clone(),
        year: FiscalYear::parse("R5").unwrap(),
        due: "2024-06-28".parse().ok(),
        departments: Vec::new(),
        out: out.to_path_buf(),
        today: client.window.today(),
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect()
}

/// The forms are those of the use case, byte for byte, and each has the words to send it with.
#[tokio::test]
async fn the_forms_are_those_of_the_use_case() {
    let client = Client::new("data/nemuro");
    let elsewhere = tempfile::tempdir().unwrap();
    let report = distribute::run(&request(&client, elsewhere.path()), &()).unwrap();
    let departments: Vec<&str> = report.files.iter().map(|file| file.department.as_str()).collect();
    let mut fields = vec![("year", "R5"), ("due", "2024-06-28")];
    fields.extend(departments.iter().map(|name| ("department", *name)));
    let begun = client.post(&format!("/p/{}/distribute", client.plan), &fields).await;
    let done = client.done(&begun).await;
    assert!(files(&out(&client.folder).join("照会")) == files(elsewhere.path()));
    for file in &report.files {
        assert!(done.text.contains(&format!("<td class=\"num\">{}件</td>", file.rows)));
        match &file.mail {
            Some(mail) => {
                assert!(done.text.contains(&mail.subject) && done.text.contains(&mail.body), "{}", mail.body);
                assert!(mail.body.contains("令和6年6月28日（金）までに") && mail.body.contains(".xlsx"));
            }
            None => assert_eq!(file.department, "総合政策室"),
        }
    }
}

/// The page counts what the forms will ask, before any is made.
#[tokio::test]
async fn the_page_counts_what_is_asked() {
    let client = Client::new("data/nemuro");
    let page = client.page("distribute?year=R5").await;
    assert!(page.text.contains("value=\"2024-07-01\""), "three weeks from today");
    let elsewhere = tempfile::tempdir().unwrap();
    let report = distribute::run(&request(&client, elsewhere.path()), &()).unwrap();
    let counted: Vec<(String, String)> = page
        .text
        .split("name=\"department\" value=\"")
        .skip(1)
        .map(|row| {
            let name = row.split_once('"').unwrap().0;
            let rows = row.split_once("<td class=\"num\">").unwrap().1.split_once('件').unwrap().0;
            (name.to_owned(), rows.to_owned())
        })
        .collect();
    let made: Vec<(String, String)> =
        report.files.iter().map(|file| (file.department.clone(), file.rows.to_string())).collect();
    assert_eq!(counted, made);
    assert!(!out(&client.folder).exists(), "nothing is made by looking");
    assert!(!page.text.contains("すべて記入されています"));
    std::fs::write(client.folder.join("master.csv"), "種別").unwrap();
    let page = client.page("distribute?year=R5").await;
    assert!(!page.text.contains("記入票を作る</button>"), "{}", page.text);
    assert!(page.text.contains("記入票を作れません"), "{}", page.text);
}

/// A form that somebody has filled in stays, and the page says so.
#[tokio::test]
async fn a_form_that_was_filled_in_is_kept_and_told() {
    let client = Client::new("data/nemuro");
    let path = format!("/p/{}/distribute", client.plan);
    let fields = [("year", "R5"), ("department", "農林課"), ("single", "水産振興課")];
    client.done(&client.post(&path, &fields).await).await;
    assert!(!out(&client.folder).join("照会/R5実績照会_農林課.xlsx").exists(), "one alone was asked for");
    let form = out(&client.folder).join("照会/R5実績照会_水産振興課.xlsx");
    std::fs::write(&form, b"filled in").unwrap();
    let again = client.done(&client.post(&path, &fields).await).await;
    assert!(again.text.contains("W437"), "{}", again.text);
    assert!(again.text.contains("R5実績照会_水産振興課（2）.xlsx"));
    assert_eq!(std::fs::read(&form).unwrap(), b"filled in");
}

#[tokio::test]
async fn nobody_is_asked_where_nobody_is_ticked() {
    let client = Client::new("data/nemuro");
    let answered = client.post(&format!("/p/{}/distribute", client.plan), &[("year", "R5")]).await;
    assert!(answered.text.contains("担当課を1つ以上選んでください"), "{}", answered.text);
    assert!(answered.text.contains("作業の段階") && answered.text.contains("記入票を作る</button>"));
    assert!(!answered.text.contains("\" checked>"), "{}", answered.text);
}

#[tokio::test]
async fn a_date_that_has_passed_is_told() {
    let client = Client::new("data/nemuro");
    let path = format!("/p/{}/distribute", client.plan);
    for (due, is_past) in [("2024-06-09", true), ("2024-06-10", false)] {
        let fields = [("year", "R5"), ("single", "水産振興課"), ("due", due)];
        let done = client.done(&client.post(&path, &fields).await).await.text;
        assert_eq!(done.contains("もう過ぎています"), is_past, "{done}");
    }
}

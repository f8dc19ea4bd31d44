//! 「調べる」: the findings, the page beside them, and cells that are edited there.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use super::client::{Answered, Client};
use crate::app::{Choice, PlanFolder};
use crate::archive::Hash;

/// A cell of the sample: the 目的 of its first project.
const CELL: &str = "H11";

impl Client {
    fn master(&self) -> Vec<u8> {
        std::fs::read(self.folder.join("master.csv")).unwrap()
    }

    /// Takes back what has led to the master `seen`.
    async fn take_back(&self, backup: &str, seen: &str) -> Answered {
        let path = format!("/p/{}/check/restore", self.plan);
        let fields = [("backup", backup), ("seen", seen), ("year", "R4"), ("cell", CELL)];
        self.post(&path, &fields).await
    }

    /// Edits a cell of the master that was shown as `seen`.
    async fn edit(&self, cell: &str, new: &str, seen: &str) -> Answered {
        let path = format!("/p/{}/check/mend", self.plan);
        self.post(&path, &[("cell", cell), ("new", new), ("seen", seen), ("year", "R4")]).await
    }
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let field = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    field.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn every_finding_is_in_the_table() {
    let client = Client::new("data/nemuro");
    let page = client.page("check").await;
    assert_eq!(page.status, StatusCode::OK);
    let examined = PlanFolder::open(&client.folder).unwrap().examine(&Choice::default()).unwrap();
    assert!(examined.findings.len() > 5);
    for finding in &examined.findings {
        let cell = finding.place.as_ref().and_then(|place| place.cell()).unwrap();
        assert!(page.text.contains(&format!("<td class=\"mono\">{cell}</td>")), "{cell}");
    }
    let rows = page.text.matches("data-page>").count();
    assert!(rows >= examined.findings.len(), "{rows}");
    // By department, and by kind.
    let some = client.page("check?kind=error").await;
    assert!(some.text.contains("この条件に当てはまるものはありません"));
}

#[tokio::test]
async fn a_finding_is_marked_on_its_page() {
    let client = Client::new("data/nemuro");
    let mut request =
        client.request(Method::GET, &format!("/p/{}/check?f=3", client.plan)).body(Body::empty()).unwrap();
    request.headers_mut().insert("x-fragment", "1".parse().unwrap());
    let fragment = client.send(request).await;
    assert!(!fragment.text.contains("<html"), "the rest of the page stays");
    assert_eq!(fragment.text.matches("class=\"marked\"").count(), 1);
    // Each cell of the page leads to its cell of the master.
    let links = fragment.text.matches("&amp;cell=").count();
    assert!(links > 50, "{links}");
}

#[tokio::test]
async fn an_edited_cell_changes_its_bytes_alone_and_can_be_taken_back() {
    let client = Client::new("data/nemuro");
    let before = client.master();
    let loaded = PlanFolder::open(&client.folder).unwrap().load().unwrap().0;
    let old = loaded.master.plan.projects().next().unwrap().purpose.clone();
    let page = client.page(&format!("check?cell={CELL}")).await;
    assert!(page.text.contains(&old), "it says what the cell says");
    let seen = hidden(&page.text, "seen");
    assert_eq!(seen, Hash::of(&before).to_string());
    let done = client.edit(CELL, "新しい目的", &seen).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let after = client.master();
    let expected = String::from_utf8(before.clone()).unwrap().replacen(&old, "新しい目的", 1);
    assert_eq!(String::from_utf8(after).unwrap(), expected, "a cell has changed, not more");

    let page = client.get(&done.location).await;
    let (backup, seen) = (hidden(&page.text, "backup"), hidden(&page.text, "seen"));
    assert!(backup.starts_with("master_20240610-093000"), "{backup}");
    assert_eq!(std::fs::read(client.folder.join("backup").join(&backup)).unwrap(), before);
    let back = client.take_back(&backup, &seen).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
    assert_eq!(client.master(), before);
    let page = client.get(&back.location).await;
    assert!(page.text.contains("元に戻しました"));
    assert_eq!(hidden(&page.text, "cell"), CELL, "the same cell is still shown");
    assert!(!page.text.contains("元に戻す"), "it is done");
}

#[tokio::test]
async fn what_came_later_is_not_taken_back() {
    let client = Client::new("data/nemuro");
    let seen = hidden(&client.page(&format!("check?cell={CELL}")).await.text, "seen");
    let done = client.edit(CELL, "新しい目的", &seen).await;
    let page = client.get(&done.location).await;
    let (backup, seen) = (hidden(&page.text, "backup"), hidden(&page.text, "seen"));
    let mut saved = client.master();
    saved.extend_from_slice(b"\r\n");
    std::fs::write(client.folder.join("master.csv"), &saved).unwrap();
    // The address is still that of the edit.
    let page = client.get(&done.location).await;
    assert!(!page.text.contains("元に戻す"), "it would take back more than the edit");
    let refused = client.take_back(&backup, &seen).await;
    assert_eq!(client.master(), saved);
    assert!(refused.text.contains("別の画面かプログラムで書き換えられています"), "{}", refused.text);
    let field = refused.text.split("<textarea").nth(1).unwrap().split("</textarea>").next().unwrap();
    assert!(field.ends_with("新しい目的"), "the field says what the cell says: {field}");
    assert!(!refused.text.contains("書き換えていません。マスタの今の内容"));
    // No such backup.
    let seen = Hash::of(&saved);
    let page = client.page(&format!("check?undo=master_20200101-000000.csv&wrote={seen}")).await;
    assert!(!page.text.contains("元に戻す"));
}

#[tokio::test]
async fn an_edit_keeps_what_the_table_was_filtered_by() {
    let client = Client::new("data/nemuro");
    let page = client.page(&format!("check?kind=warning&department=&order=kind&cell={CELL}")).await;
    let kept = |name: &str| hidden(&page.text, name);
    assert_eq!((kept("kind").as_str(), kept("order").as_str()), ("warning", "kind"));
    let fields =
        [("cell", CELL), ("new", "新しい目的"), ("seen", &kept("seen")), ("year", "R4"), ("kind", "warning")];
    let done = client.post(&format!("/p/{}/check/mend", client.plan), &fields).await;
    assert!(done.location.contains("&year=R4&kind=warning&cell=H11"), "{}", done.location);
}

#[tokio::test]
async fn what_another_program_saved_is_never_overwritten() {
    let client = Client::new("data/nemuro");
    let seen = hidden(&client.page(&format!("check?cell={CELL}")).await.text, "seen");
    let mut saved = client.master();
    saved.extend_from_slice(b"\r\n");
    std::fs::write(client.folder.join("master.csv"), &saved).unwrap();
    let refused = client.edit(CELL, "打ち込んだ<目的>", &seen).await;
    assert_eq!(refused.status, StatusCode::OK);
    assert_eq!(client.master(), saved);
    assert!(refused.text.contains("別の画面かプログラムで書き換えられています"), "{}", refused.text);
    assert!(refused.text.contains("打ち込んだ&#60;目的&#62;"), "what was typed is not lost");
    // With what the file says now, it is written.
    let done = client.edit(CELL, "打ち込んだ目的", &hidden(&refused.text, "seen")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[tokio::test]
async fn of_two_tabs_that_edit_one_cell_the_second_is_told() {
    let client = Client::new("data/nemuro");
    let seen = hidden(&client.page(&format!("check?cell={CELL}")).await.text, "seen");
    assert_eq!(client.edit(CELL, "一つ目", &seen).await.status, StatusCode::SEE_OTHER);
    let written = client.master();
    let second = client.edit(CELL, "二つ目", &seen).await;
    assert!(second.text.contains("別の画面かプログラムで書き換えられています"));
    assert!(second.text.contains("一つ目") && second.text.contains("二つ目"), "both are shown");
    assert_eq!(client.master(), written);
}

#[tokio::test]
async fn what_is_no_cell_is_refused() {
    let client = Client::new("data/nemuro");
    let (before, seen) = (client.master(), Hash::of(&client.master()).to_string());
    for cell in ["", "A0", "ZZ9", "A1", "A99999", "../master.csv", "あ1"] {
        let answered = client.edit(cell, "x", &seen).await;
        assert!(answered.status.is_client_error(), "{cell}: {}", answered.status);
    }
    assert_eq!(client.master(), before);
    // An ID that would read as another row is refused by the rules, not by chance.
    for place in ["cell=ZZ9&f=99999&d=99&n=99", "cell=A1", "f=9999"] {
        let page = client.page(&format!("check?{place}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("その場所はありません"), "{place}");
    }
}

#[tokio::test]
async fn a_plan_that_cannot_be_laid_out_says_why_within_its_frame() {
    let client = Client::new("data/mihon");
    let settings = client.folder.join("plan.toml");
    let sound = std::fs::read_to_string(&settings).unwrap();
    for broken in [format!("{sound}\nない項目 = [\n"), sound.replacen("\"kpi-evaluation", "\"なし", 1)]
    {
        std::fs::write(&settings, &broken).unwrap();
        let page = client.page("check").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("class=\"steps\"") && page.text.contains("plan.toml を開く"));
        assert!(!page.text.contains("エラーも警告もありません"));
        assert!(page.text.contains("banner-error") || page.text.contains("tag-error"), "{}", page.text);
    }
}

#[tokio::test]
async fn of_a_master_that_cannot_be_read_it_says_why() {
    let client = Client::new("data/nemuro");
    std::fs::write(client.folder.join("master.csv"), "").unwrap();
    let page = client.page("check").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("空です") || page.text.contains("エラーが1件"), "{}", page.text);
    std::fs::remove_file(client.folder.join("master.csv")).unwrap();
    let page = client.page("check").await;
    assert!(page.text.contains("master.csv がありません"), "{}", page.text);
}

#[tokio::test]
async fn the_pages_of_documents_and_forms_are_drawn() {
    let client = Client::new("data/nemuro");
    let page = client.page("paper?year=R4&d=0&n=1").await;
    assert!(page.text.contains("<svg") && page.text.contains("次のページ"));
    assert_eq!(client.page("paper?d=7").await.status, StatusCode::NOT_FOUND);
    let form = client.page("paper?year=R4&department=水産振興課").await;
    assert!(form.text.contains("<svg"), "{}", form.text);
}

//! What comes back through the page is what comes back through the use case: the same files.

use std::fs;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;

use crate::app::collect;
use crate::storage::uploads;
use crate::window::tests::{Answered, Client, clock, copy};

const PLAN: &str = "tests/returns/plan";
const ANSWERED: &str = "数字で回答.xlsx";

fn returned(name: &str) -> Vec<u8> {
    fs::read(Path::new("tests/returns/files").join(name)).unwrap()
}

fn master(plan: &Path) -> String {
    fs::read_to_string(plan.join("master.csv")).unwrap()
}

/// Drops these files, and reads them.
async fn read(client: &Client, names: &[&str]) -> Answered {
    let files: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (*name, returned(name))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let begun = drop_files(client, &files).await;
    client.done(&begun).await
}

async fn drop_files(client: &Client, files: &[(&str, &[u8])]) -> Answered {
    client.upload(&format!("/p/{}/collect/upload", client.plan), &[("year", "")], files).await
}

/// What is after a text, until the next `"`.
fn after<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The form of a page that leads here.
fn form<'t>(page: &'t Answered, end: &str) -> &'t str {
    let actions = after(&page.text, "action=\"");
    let found = actions.iter().find_map(|action| action.split('?').next().filter(|path| path.ends_with(end)));
    found.unwrap_or_else(|| panic!("{end}: {}", page.text))
}

/// The numbers of the changes that are ticked, or of all.
fn numbers(page: &Answered, is_ticked: bool) -> Vec<&str> {
    let boxes = page.text.split("name=\"take\" value=\"").skip(1).filter_map(|rest| rest.split('>').next());
    let wanted = boxes.filter(|input| !is_ticked || input.ends_with(" checked"));
    wanted.filter_map(|input| input.split('"').next()).collect()
}

async fn take(client: &Client, page: &Answered, numbers: &[&str]) -> Answered {
    let fields: Vec<(&str, &str)> = numbers.iter().map(|number| ("take", *number)).collect();
    let begun = client.post(form(page, "/take"), &fields).await;
    client.done(&begun).await
}

/// The master after the use case has taken over these files.
fn by_the_use_case(names: &[&str], accept_revisions: bool) -> String {
    let folder = tempfile::tempdir().unwrap();
    copy(Path::new(PLAN), folder.path());
    let returns: Vec<PathBuf> =
        names.iter().map(|name| Path::new("tests/returns/files").join(name)).collect();
    let request = collect::Request {
        plan: folder.path().to_path_buf(),
        returns,
        year: None,
        dry_run: false,
        accept_revisions,
        ticks: None,
        strict: false,
        follow_links: false,
        out: folder.path().join("out"),
        today: clock().date(),
        now: clock(),
    };
    collect::run(&request, &()).unwrap();
    master(folder.path())
}

/// How many uploads lie in the window's folder.
fn kept(client: &Client) -> usize {
    fs::read_dir(client.window.uploads()).unwrap().count()
}

#[tokio::test]
async fn what_is_taken_over_is_what_the_use_case_takes_over_and_can_be_taken_back() {
    let client = Client::new(PLAN);
    let before = master(&client.folder);
    let page = read(&client, &[ANSWERED]).await;
    assert!(page.text.contains("まだ何も書き換えていません"), "{}", page.text);
    assert!(page.text.contains("2,300千尾"), "{}", page.text);
    assert_eq!(master(&client.folder), before, "a dry run");

    let taken = take(&client, &page, &numbers(&page, true)).await;
    assert_eq!(master(&client.folder), by_the_use_case(&[ANSWERED], false), "{}", taken.text);
    assert_ne!(master(&client.folder), before);
    assert!(taken.text.contains("backup/master_20240610-093000.csv"), "{}", taken.text);
    assert!(taken.text.contains("照会結果.xlsx") && client.folder.join("out/照会結果.xlsx").is_file());

    let taking = after(&taken.text, "name=\"taking\" value=\"")[0];
    let begun = client.post(form(&taken, "/restore"), &[("taking", taking)]).await;
    let restored = client.done(&begun).await;
    assert!(restored.text.contains("取り込む前の内容に戻しました"), "{}", restored.text);
    assert_eq!(master(&client.folder), before);
    let again = client.post(form(&taken, "/restore"), &[("taking", taking)]).await;
    assert!(again.text.contains("もう元に戻してあります"), "{}", again.text);

    // The page can be ticked again; the first button does not take that back.
    take(&client, &page, &numbers(&page, true)).await;
    assert_ne!(master(&client.folder), before);
    let again = client.post(form(&taken, "/restore"), &[("taking", taking)]).await;
    assert!(again.text.contains("もう元に戻してあります"), "{}", again.text);
    assert_ne!(master(&client.folder), before);
}

#[tokio::test]
async fn what_is_not_ticked_is_not_taken_over() {
    let client = Client::new(PLAN);
    let before = master(&client.folder);
    let page = read(&client, &[ANSWERED]).await;
    let numbers = numbers(&page, true);
    let [first, rest @ ..] = &numbers[..] else { panic!("{}", page.text) };
    assert!(!rest.is_empty());
    let taken = take(&client, &page, &[first]).await;
    assert!(taken.text.contains("取り込まなかった変更"), "{}", taken.text);
    let changed = |after: &str| before.lines().zip(after.lines()).filter(|(old, new)| old != new).count();
    assert_eq!(changed(&master(&client.folder)), 1);
    assert!(changed(&by_the_use_case(&[ANSWERED], false)) > 1);
}

#[tokio::test]
async fn corrections_of_past_years_are_told_apart_and_not_ticked() {
    const REVISED: &str = "過年度を書き換えた.xlsx";
    let client = Client::new(PLAN);
    let page = read(&client, &[REVISED]).await;
    let (all, ticked) = (numbers(&page, false), numbers(&page, true));
    assert!(ticked.len() < all.len() && page.text.contains("過年度の実績や目標の訂正"), "{}", page.text);
    take(&client, &page, &ticked).await;
    assert_eq!(master(&client.folder), by_the_use_case(&[REVISED], false));

    let client = Client::new(PLAN);
    let page = read(&client, &[REVISED]).await;
    take(&client, &page, &all).await;
    assert_eq!(master(&client.folder), by_the_use_case(&[REVISED], true));
}

#[tokio::test]
async fn a_correction_that_is_not_ticked_is_asked_about_though_another_is() {
    let client = Client::new(PLAN);
    let page = read(&client, &["過年度を書き換えた.xlsx"]).await;
    let revised: Vec<&str> =
        numbers(&page, false).into_iter().filter(|number| !numbers(&page, true).contains(number)).collect();
    let [first, second] = revised[..] else { panic!("{}", page.text) };
    for (ticked, taken, asked) in [(first, "2,210千尾", "61.0%"), (second, "61.0%", "2,210千尾")] {
        let client = Client::new(PLAN);
        let page = read(&client, &["過年度を書き換えた.xlsx"]).await;
        let done = take(&client, &page, &[ticked]).await;
        let after = master(&client.folder);
        assert!(after.contains(taken) && !after.contains(asked), "{after}");
        assert!(done.text.contains(&format!("から「{asked}」に書き換えられています")), "{}", done.text);
        assert!(!done.text.contains(&format!("から「{taken}」に")), "{}", done.text);
    }
}

#[tokio::test]
async fn conflicts_stand_side_by_side_and_questions_have_a_text_to_send() {
    let client = Client::new(PLAN);
    let page = read(&client, &["農林課の回答.xlsx", "農業委員会の違う回答.xlsx", "中身はCSV.xlsx"]).await;
    for said in [
        "回答の食い違い",
        "農林課",
        "農業委員会",
        "data-copy-text=",
        "使えなかったファイル",
        "中身はCSV.xlsx",
    ] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
}

#[tokio::test]
async fn a_master_that_was_changed_meanwhile_is_not_touched_and_the_upload_is_read_again() {
    let client = Client::new(PLAN);
    let page = read(&client, &[ANSWERED]).await;
    let saved = master(&client.folder).replace("\"2,207千尾\",,,", "\"2,207千尾\",\"2,250千尾\",,");
    fs::write(client.folder.join("master.csv"), &saved).unwrap();
    let refused = take(&client, &page, &numbers(&page, true)).await;
    assert!(refused.text.contains("取り込んでいません"), "{}", refused.text);
    assert_eq!(master(&client.folder), saved);
    let begun = client.post(form(&refused, "/read"), &[("year", "")]).await;
    let again = client.done(&begun).await;
    assert!(again.text.contains("2,250千尾"), "{}", again.text);
}

#[tokio::test]
async fn the_page_shows_how_far_every_department_is() {
    let client = Client::new(PLAN);
    let page = client.page("collect?year=R5").await;
    assert_eq!(page.status, StatusCode::OK);
    for said in ["令和5年度の回答の状況", "水産課", "農業委員会", "回答をまだいただいていません"]
    {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
}

#[tokio::test]
async fn names_of_files_lead_nowhere_else() {
    let client = Client::new(PLAN);
    let bytes = returned(ANSWERED);
    let begun = drop_files(&client, &[("../../x.xlsx", &bytes), ("照会/..\\..\\y.xlsx", &bytes)]).await;
    let page = client.done(&begun).await;
    assert!(page.text.contains("2ファイル"), "{}", page.text);
    assert_eq!(kept(&client), 1);
    let above = client.window.uploads().parent().unwrap();
    assert!(!above.join("x.xlsx").exists() && !above.join("y.xlsx").exists());
}

#[tokio::test]
async fn nothing_is_left_of_what_is_refused() {
    let client = Client::new(PLAN);
    for files in [&[][..], &[("", &b""[..])], &[("~$票.xlsx", &b"x"[..]), (".DS_Store", b"x")]] {
        let refused = drop_files(&client, files).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
        assert!(refused.text.contains("記入票が選ばれていません"), "{}", refused.text);
    }
    let large = vec![0; uploads::LARGEST as usize + 1];
    let refused = drop_files(&client, &[("大きな票.xlsx", &large)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("200MBまで"), "{}", refused.text);
    assert_eq!(kept(&client), 0);
}

#[tokio::test]
async fn a_year_that_is_none_is_refused_and_nothing_is_kept() {
    let client = Client::new(PLAN);
    let path = format!("/p/{}/collect/upload", client.plan);
    let bytes = returned(ANSWERED);
    let refused = client.upload(&path, &[("year", "来年")], &[(ANSWERED, &bytes)]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
    assert!(refused.text.contains("年度は R4"), "{}", refused.text);
    assert_eq!(kept(&client), 0);
}

#[tokio::test]
async fn errors_of_the_master_are_shown_as_on_other_pages_and_nothing_is_kept() {
    let client = Client::new(PLAN);
    let spoilt = master(&client.folder).replace("施策,G1-A-1,", "施作,G1-A-1,");
    fs::write(client.folder.join("master.csv"), spoilt).unwrap();
    let page = read(&client, &[ANSWERED]).await;
    assert!(page.text.contains("記入票は読み取っていません"), "{}", page.text);
    assert!(page.text.contains(&format!("href=\"/p/{}/check\"", client.plan)), "{}", page.text);
    assert_eq!(kept(&client), 0);
}

#[tokio::test]
async fn uploads_go_with_the_last_reading_of_them() {
    let client = Client::new(PLAN);
    for _ in 0..25 {
        read(&client, &["備考だけ.xlsx"]).await;
    }
    assert_eq!(kept(&client), 20);
}

#[tokio::test]
async fn what_is_none_of_this_window_is_not_found() {
    let client = Client::new(PLAN);
    let of_plan = |path: &str| format!("/p/{}/collect/{path}", client.plan);
    for path in ["0123456789abcdef/read", "0123456789abcdef/take", "0123456789abcdef/restore"] {
        let answered = client.post(&of_plan(path), &[]).await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use axum::http::StatusCode;

use super::listed;
use crate::app::PlanFolder;
use crate::app::archive::{add, list, verify};
use crate::app::diff;
use crate::plan::FiscalYear;
use crate::window::tests::Client;

const PLAN: &str = "data/mihon";

/// Every file of an edition, with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()))
        .collect()
}

/// What the pages' form for the year R7 asks of the use case.
fn request(client: &Client, revise: Option<&str>) -> add::Request {
    add::Request {
        plan: client.folder.clone(),
        template: None,
        year: FiscalYear::parse("R7"),
        date: Some("2026-06-10".parse().unwrap()),
        today: client.window.today(),
        revise: revise.map(str::to_owned),
        bundle: true,
        follow_links: false,
    }
}

fn change_master(client: &Client, from: &str, to: &str) {
    let path = client.folder.join("master.csv");
    let master = fs::read_to_string(&path).unwrap();
    assert!(master.contains(from));
    fs::write(path, master.replacen(from, to, 1)).unwrap();
}

fn editions(client: &Client) -> Vec<list::Edition> {
    listed(&PlanFolder::open(&client.folder).unwrap()).unwrap().editions
}

async fn send(client: &Client, path: &str, fields: &[(&str, &str)]) -> String {
    let begun = client.post(&format!("/p/{}/archive/{path}", client.plan), fields).await;
    client.done(&begun).await.text
}

const KEEP: [(&str, &str); 3] = [("year", "R7"), ("date", "2026-06-10"), ("bundle", "1")];

/// A year's life in the window: what lies in the archive is what the use case would have put there.
#[tokio::test]
async fn what_is_kept_is_what_the_use_case_keeps() {
    let (client, other) = (Client::new(PLAN), Client::new(PLAN));
    assert!(client.page("archive").await.text.contains("まだ保存した版はありません"));

    let page = send(&client, "keep", &KEEP).await;
    let report = add::run(&request(&other, None), &()).unwrap();
    assert!(page.contains("令和7年度の第1版を保存しました") && page.contains(&report.sha256), "{page}");
    assert_eq!(files(&client.folder.join("archive/R7")), files(&report.folder));

    // Kept once, it is corrected: with a reason, and with a 正誤表.
    let page = client.page("archive?year=R7").await.text;
    assert!(page.contains("訂正の理由") && page.contains("※必須") && page.contains(&report.sha256), "{page}");
    assert!(send(&client, "keep", &KEEP).await.contains("すでに保存されています"));
    let mended = |fields: &[_]| [&KEEP[..], fields].concat();
    assert!(send(&client, "keep", &mended(&[("revise", " ")])).await.contains("訂正の理由が空です"));
    assert!(!page.contains("数値と文言の変更はありません"));
    for one in [&client, &other] {
        change_master(one, "17.6%", "17.5%");
    }
    let page = send(&client, "keep", &mended(&[("revise", "転記<誤り>")])).await;
    let report = add::run(&request(&other, Some("転記<誤り>")), &()).unwrap();
    assert!(page.contains("第2版を保存しました") && page.contains("正誤表（PDF）"), "{page}");
    assert!(page.contains("転記&#60;誤り&#62;"), "{page}");
    assert_eq!(files(&client.folder.join("archive/R7-2")), files(&report.folder));
    assert_eq!(editions(&client).last().unwrap().sha256, report.sha256);
    assert!(!page.contains("数値と文言の変更はありません"));
    let page = send(&client, "keep", &mended(&[("revise", "様式だけ")])).await;
    assert!(page.contains("第3版を保存しました") && page.contains("数値と文言の変更はありません"), "{page}");
}

#[tokio::test]
async fn what_was_touched_is_found_and_a_noted_value_is_held_against_it() {
    let client = Client::new(PLAN);
    let report = add::run(&request(&client, None), &()).unwrap();
    let noted = format!("{} {}…", &report.sha256[..8].to_uppercase(), &report.sha256[8..20]);
    let page = send(&client, "verify", &[("expect", &noted)]).await;
    assert!(page.contains("控えた確認用の値は、最新の版のものです"), "{page}");
    assert!(page.contains("保存の記録のとおりです") && page.contains("banner-success"), "{page}");
    let refused = client.post(&format!("/p/{}/archive/verify", client.plan), &[("expect", "12x")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(
        refused.text.contains("作業の段階") && refused.text.contains("value=\"12x\""),
        "{}",
        refused.text
    );

    let data = report.files.iter().find(|name| name.ends_with(".csv") && name.contains("データ")).unwrap();
    let (path, as_it_was) = (report.folder.join(data), fs::read(report.folder.join(data)).unwrap());
    fs::write(&path, String::from_utf8(as_it_was.clone()).unwrap().replacen("17.6", "17.5", 1)).unwrap();
    let page = send(&client, "verify", &[]).await;
    assert!(page.contains("比べていません（ファイルが") && !page.contains("マスタと同じです"), "{page}");
    fs::write(&path, as_it_was).unwrap();

    let touched = report.folder.join("master.csv");
    fs::write(&touched, [&fs::read(&touched).unwrap()[..], b"x"].concat()).unwrap();
    let page = send(&client, "verify", &[]).await;
    let request = verify::Request { plan: client.folder.clone(), expect: None };
    let told = verify::run(&request, &()).unwrap();
    assert!(page.contains("banner-error") && page.contains("問題があります"), "{page}");
    for finding in told.findings.iter() {
        assert!(page.contains(finding.code()), "{}", finding.code());
    }
}

#[tokio::test]
async fn differences_are_those_of_the_use_case_and_so_is_the_errata() {
    let client = Client::new(PLAN);
    add::run(&request(&client, None), &()).unwrap();
    change_master(&client, "17.6%", "17.5%");
    let pair = [("old", "R7"), ("new", "master"), ("date", "2026-09-01")];
    let page = send(&client, "compare", &pair).await;
    let request = diff::Request {
        old: client.folder.join("archive/R7"),
        new: client.folder.clone(),
        out: Some(client.folder.join("out/比較")),
        year: None,
        date: Some("2026-09-01".parse().unwrap()),
        today: client.window.today(),
    };
    let report = diff::run(&request, &()).unwrap();
    assert!(page.contains(&format!("{}件の違いがあります", report.changes.len())), "{page}");
    for change in &report.changes {
        assert!(page.contains(&change.id) && page.contains(&change.new), "{change:?}");
    }

    let page = send(&client, "errata", &pair).await;
    assert!(page.contains("正誤表を作りました"), "{page}");
    for path in &report.files {
        let name = format!("正誤表_R7_マスタ.{}", path.extension().unwrap().to_str().unwrap());
        assert_eq!(fs::read(path).unwrap(), fs::read(client.folder.join("out").join(name)).unwrap());
    }
}

/// Whoever chooses one thing twice is told on the page, and has chosen nothing in vain.
#[tokio::test]
async fn nothing_is_compared_with_itself() {
    let client = Client::new(PLAN);
    add::run(&request(&client, None), &()).unwrap();
    let again = client
        .post(&format!("/p/{}/archive/compare", client.plan), &[("old", "master"), ("new", "master")])
        .await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(again.text.contains("同じものは比べられません") && again.text.contains("作業の段階"));
    assert_eq!(again.text.matches("value=\"master\" selected").count(), 2, "{}", again.text);
}

/// A backup of the master is compared as an edition is.
#[tokio::test]
async fn backups_are_compared_too() {
    let client = Client::new(PLAN);
    let backup = client.folder.join("backup");
    fs::create_dir(&backup).unwrap();
    fs::copy(client.folder.join("master.csv"), backup.join("master_20260508-093000.csv")).unwrap();
    change_master(&client, "17.6%", "17.5%");
    assert!(client.page("archive").await.text.contains("控え（2026-05-08 09:30:00）"));
    let page =
        send(&client, "compare?year=R6", &[("old", "master_20260508-093000.csv"), ("new", "master")]).await;
    assert!(page.contains("1件の違いがあります") && page.contains("17.6%"), "{page}");
    assert!(page.contains(&format!("/p/{}/archive?year=R6", client.plan)), "{page}");
}

/// What leads out of the plan's folder is written to where that was said to be meant.
#[cfg(unix)]
#[tokio::test]
async fn an_archive_elsewhere_has_to_be_meant() {
    let (client, elsewhere) = (Client::new(PLAN), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(elsewhere.path(), client.folder.join("archive")).unwrap();
    let meant = "その先に保存してよい";
    assert!(client.page("archive").await.text.contains(meant));
    assert!(send(&client, "keep", &KEEP).await.contains("リンクです"));
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    let said = [&KEEP[..], &[("elsewhere", "1")]].concat();
    assert!(send(&client, "keep", &said).await.contains("第1版を保存しました"));
    assert!(elsewhere.path().join("R7/manifest.json").is_file());
}

/// No name that a form or an address carries leads to anything but what the page lists.
#[tokio::test]
async fn only_what_is_listed_can_be_named() {
    let client = Client::new(PLAN);
    add::run(&request(&client, None), &()).unwrap();
    let compare = format!("/p/{}/archive/compare", client.plan);
    for other in ["", "R7", "R7/../R7", "../..", "/etc", "master_20260101-000000.csv"] {
        let refused = client.post(&compare, &[("old", "R7"), ("new", other)]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{other}");
    }
    for other in ["R8", "..%2F..", "latest.json", "%2Fetc"] {
        assert_eq!(client.page(&format!("archive/{other}")).await.status, StatusCode::NOT_FOUND, "{other}");
    }
    let unclear = client.post(&format!("/p/{}/archive/keep", client.plan), &[("year", "来年")]).await;
    assert_eq!(unclear.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn of_a_master_with_errors_nothing_is_kept() {
    let client = Client::new(PLAN);
    change_master(&client, "G1-T1,", "G1,");
    let page = send(&client, "keep", &KEEP).await;
    assert!(page.contains("保存していません") && page.contains("「調べる」で直す"), "{page}");
    assert!(!client.folder.join("archive").exists());
}

#[tokio::test]
async fn a_bundle_is_taken_apart_wherever_it_comes_from() {
    let client = Client::new(PLAN);
    let report = add::run(&request(&client, None), &()).unwrap();
    let bundle = report.edition.bundle.clone().unwrap();
    let page = client.page("archive/R7").await.text;
    assert!(page.contains(&bundle) && page.contains("保存用PDFから取り出す"), "{page}");
    let page = send(&client, "R7/extract", &[]).await;
    let out = client.folder.join("out").join(bundle.trim_end_matches(".pdf"));
    let (kept, mut taken) = (files(&report.folder), files(&out));
    assert!(
        page.contains("取り出し") && taken.remove("master.csv").as_ref() == kept.get("master.csv"),
        "{page}"
    );

    let address = format!("/p/{}/archive/extract", client.plan);
    let begun = client.upload(&address, &[], &[("控え.pdf", &kept[&bundle])]).await;
    assert!(client.done(&begun).await.text.contains("控え"));
    assert_eq!(files(&client.folder.join("out/控え")), files(&out));
    let begun = client.upload(&address, &[], &[("控え2.pdf", b"%PDF-1.7")]).await;
    assert!(client.done(&begun).await.text.contains("banner-error"));
    assert_eq!(client.upload(&address, &[], &[]).await.status, StatusCode::BAD_REQUEST);
}

#![allow(missing_docs, clippy::unwrap_used)]

use axum::http::StatusCode;

use crate::window::ids::Known;
use crate::window::jobs::{self, Order};
use crate::window::page::Step;
use crate::window::tests::Client;

const PLAN: &str = "data/mihon";

/// The ID of a folder in the list of folders.
fn folder_id(client: &Client, path: &std::path::Path) -> String {
    client.window.ids.of(Known::Folder(path.to_path_buf())).unwrap()
}

#[tokio::test]
async fn plans_used_before_are_listed_and_those_that_are_gone_are_told() {
    let client = Client::new(PLAN);
    assert!(client.get("/").await.text.contains("まだありません"));
    client.page("").await;
    let gone = client.folder.with_file_name("無い計画");
    client.window.user.remember(&gone);

    let page = client.get("/").await.text;
    assert!(page.contains(&format!("<a href=\"/p/{}/\">", client.plan)), "{page}");
    assert!(page.contains("見つかりません") && page.contains("無い計画"), "{page}");

    let id = client.window.ids.of(Known::Plan(gone.clone())).unwrap();
    let answer = client.post(&format!("/plans/{id}/forget"), &[]).await;
    assert_eq!(answer.location, "/");
    assert!(!client.window.user.plans().contains(&gone));
    assert!(!client.get("/").await.text.contains("無い計画"));
}

#[tokio::test]
async fn a_plan_that_cannot_be_read_can_be_opened_and_says_why() {
    let client = Client::new(PLAN);
    std::fs::write(client.folder.join("plan.toml"), "[plan").unwrap();
    client.window.user.remember(&client.folder);
    let page = client.get("/").await.text;
    assert!(
        page.contains("内容を読み取れません") && page.contains(&format!("/p/{}/", client.plan)),
        "{page}"
    );
}

#[tokio::test]
async fn a_plan_is_found_in_the_list_of_folders_which_says_nothing_of_files() {
    let client = Client::new(PLAN);
    let parent = client.folder.parent().unwrap().to_path_buf();
    std::fs::write(parent.join("秘密.txt"), "").unwrap();

    let page = client.get(&format!("/folders?at={}", folder_id(&client, &parent))).await.text;
    assert!(page.contains(&format!("/p/{}/", client.plan)), "{page}");
    assert!(!page.contains("秘密"), "{page}");
    assert!(!page.contains("href=\"/tmp"), "{page}");

    let inside = client.get(&format!("/folders?at={}", folder_id(&client, &client.folder))).await.text;
    assert!(inside.contains("この計画を開く") && !inside.contains("master.csv</"), "{inside}");
    assert!(client.get("/folders").await.text.contains("探し始める場所"));
    for wrong in [client.plan.as_str(), "..", "/etc"] {
        assert_eq!(client.get(&format!("/folders?at={wrong}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_place_that_was_pasted_is_gone_to() {
    let client = Client::new(PLAN);
    let folder = client.folder.display().to_string();
    let master = client.folder.join("master.csv").display().to_string();
    for typed in [folder.clone(), format!(" \"{folder}\" "), master] {
        let answer = client.post("/folders?to=plan", &[("place", &typed)]).await;
        assert_eq!(answer.location, format!("/folders?at={}&to=plan", folder_id(&client, &client.folder)));
    }
    for (wrong, told) in [("", "入力してください"), ("計画", "初めから書いて"), ("/無い/計画", "ありません")]
    {
        let answer = client.post("/folders", &[("place", wrong)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.text.contains(told), "{wrong}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_example_is_made_where_it_was_asked_for() {
    let client = Client::new(PLAN);
    let parent = client.folder.parent().unwrap().to_path_buf();
    let id = folder_id(&client, &parent);
    let form = client.get(&format!("/new/example?in={id}")).await.text;
    assert!(form.contains("見本から新しい計画を作る") && form.contains(&id), "{form}");

    let fields = |name, first, last| [("in", id.as_str()), ("name", name), ("first", first), ("last", last)];
    for (name, first, last, told) in [
        ("", "", "", "名前を入力してください"),
        ("../外", "", "", "この名前は使えません"),
        ("計画", "", "", "すでにあります"),
        ("新", "R7", "", "年度は R7 や"),
        ("新", "R9", "R7", "最後の年度より後です"),
    ] {
        let answer = client.post("/new/example", &fields(name, first, last)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text.contains(told) && answer.text.contains("aria-invalid"), "{}", answer.text);
    }
    assert_eq!(std::fs::read_dir(&parent).unwrap().flatten().filter(|e| e.path().is_dir()).count(), 1);

    let answer = client.post("/new/example", &fields("新しい計画", "", "")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let kept = crate::init::example(&[]);
    for file in kept {
        assert_eq!(std::fs::read(parent.join("新しい計画").join(&file.name)).unwrap(), file.bytes);
    }
    assert_eq!(client.get(&answer.location).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_next_period_takes_over_a_plan() {
    let client = Client::new(PLAN);
    let id = folder_id(&client, client.folder.parent().unwrap());
    let form = client.get(&format!("/new/next?from={}", client.plan)).await.text;
    assert!(form.contains(" selected>") && form.contains(&id), "its own folder's is the usual place: {form}");

    let mut fields =
        vec![("in", id.as_str()), ("from", ""), ("name", "次期"), ("first", "R9"), ("last", "R12")];
    let answer = client.post("/new/next", &fields).await;
    assert!(answer.text.contains("引き継ぐ計画を選んでください"), "{}", answer.text);
    fields[1].1 = &client.plan;
    let answer = client.post("/new/next", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let made = client.folder.with_file_name("次期");
    assert!(crate::app::PlanFolder::open(&made).unwrap().load_whole().is_ok());
}

#[tokio::test]
async fn an_old_plan_with_errors_says_so_in_the_form() {
    let client = Client::new(PLAN);
    std::fs::write(client.folder.join("master.csv"), "種類\n謎").unwrap();
    let id = folder_id(&client, client.folder.parent().unwrap());
    let fields =
        [("in", id.as_str()), ("from", &client.plan), ("name", "次期"), ("first", "R9"), ("last", "R12")];
    let answer = client.post("/new/next", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!client.folder.with_file_name("次期").exists());
}

#[tokio::test]
async fn a_window_that_is_busy_says_so() {
    let client = Client::new(PLAN);
    assert!(client.get("/?busy=1").await.text.contains("作業が終わりました"));

    let order =
        Order {
            title: "文書を作る".to_owned(), plan: client.plan.clone(), step: Step::Build, year: None
        };
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let job = jobs::begin(&client.window, order, move |_, _| {
        ended.recv().ok();
        Ok(String::new())
    });
    // Without scripts, 「終了」 leads there; with them, the page says it.
    let kept = client.post("/quit", &[]).await;
    assert_eq!((kept.status, kept.location.as_str()), (StatusCode::SEE_OTHER, "/?busy=1"));
    let page = client.get(&kept.location).await.text;
    assert!(page.contains("まだ終了していません") && page.contains(&job.unwrap()), "{page}");
    end.send(()).unwrap();
}

//! The home of a plan: its steps, and what was last done.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use serde::Deserialize;

use super::apart;
use super::figures::size;
use super::plans::place;
use crate::app::overview::{Kept, Made};
use crate::app::{Choice, Failure, PlanFolder};
use crate::named_file::MediaType;
use crate::plan::{FiscalYear, japanese_date};
use crate::storage::paths;
use crate::visible::visible_line;
use crate::window::answer::{Answer, Problem, drawn, said_of};
use crate::window::page::{Notice, Page, Step};
use crate::window::progress::{self, Progress};
use crate::window::state::{Shared, Window};

/// So many files are shown, the newest.
const MOST_FILES: usize = 10;

/// The addresses of this page.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/", get(show))
}

/// What the address asks for.
#[derive(Deserialize)]
struct Asked {
    /// `R4`
    year: Option<String>,
    /// The plan was made just now: from the example, or as the next period.
    made: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    cards: Vec<Card>,
    /// Why nothing of the plan can be read.
    trouble: Vec<String>,
    place: String,
    /// The ID of the master's file.
    master: String,
    documents: String,
    backup: String,
    edition: String,
    files: Vec<FileRow>,
    /// How many more there are.
    more: usize,
    /// How many letters to departments lie beside them.
    letters: usize,
}

/// A step.
struct Card {
    name: &'static str,
    href: String,
    what: &'static str,
    progress: Progress,
}

/// A file that was made.
struct FileRow {
    id: String,
    name: String,
    time: String,
    size: String,
    is_older: bool,
    is_pdf: bool,
}

async fn show(State(window): State<Shared>, Path(plan): Path<String>, Query(asked): Query<Asked>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        window.user.remember(folder.path());
        let year = asked.year.as_deref().and_then(FiscalYear::parse);
        let mut page = Page::of(&window, &folder, "", None, year)?;
        page.title = match page.plan.as_ref().map(|plan| plan.year.as_str()) {
            Some(year) if !year.is_empty() => format!("{year}の作業"),
            _ => "計画を読み取れません".to_owned(),
        };
        page.notices.extend(asked.made.as_deref().and_then(made));
        drawn(&home(&window, &folder, page)?)
    })
    .await
}

/// What is said of a plan that was made just now.
fn made(how: &str) -> Option<Notice> {
    match how {
        "example" => Some(Notice::success(
            "見本の計画を作りました。「作る」で文書を作って試せます。plan.toml と master.csv を書き換えて使ってください。",
        )),
        "next" => Some(Notice::success(
            "次の期間の計画を作りました。plan.toml の計画の名前・表題と、master.csv の基準値を確認し、目標を書いてから「調べる」を開いてください。",
        )),
        _ => None,
    }
}

fn home(window: &Window, folder: &PlanFolder, page: Page) -> Result<HomePage, Problem> {
    let trouble = match &page.overview {
        Some(known) if known.year.is_none() => why_unreadable(folder),
        _ => Vec::new(),
    };
    let mut home = HomePage {
        cards: Vec::new(),
        trouble,
        place: place(folder.path()),
        master: window.file_id(&folder.master_path())?,
        documents: String::new(),
        backup: String::new(),
        edition: String::new(),
        files: Vec::new(),
        more: 0,
        letters: 0,
        page,
    };
    let Some(known) = &home.page.overview else { return Ok(home) };
    if known.year.is_some() {
        let cards = Step::ALL.into_iter().zip(&home.page.steps).map(|(step, head)| Card {
            name: step.name(),
            href: head.href.clone(),
            what: what(step),
            progress: Progress::of(step, known, window.today()),
        });
        home.cards = cards.collect();
    }
    home.documents = visible_line(&known.documents.join("、")).into_owned();
    home.backup = known.last_backup.map(shown).unwrap_or_default();
    home.edition = edition(&known.last_edition);
    home.letters = known.letters;
    let files = known.files.iter().take(MOST_FILES).map(|made| row(window, made));
    home.files = files.collect::<Result<_, _>>()?;
    home.more = known.files.len().saturating_sub(MOST_FILES);
    Ok(home)
}

/// What keeps the plan from being worked on.
fn why_unreadable(folder: &PlanFolder) -> Vec<String> {
    match folder.examine(&Choice::default()) {
        Ok(examined) => said_of(&Failure::Findings(examined.findings)),
        Err(failure) => said_of(&failure),
    }
}

/// What a step is.
fn what(step: Step) -> &'static str {
    match step {
        Step::Check => "マスタと様式に、間違いや抜けがないか調べます。",
        Step::Build => "議会に出す文書（PDF・Excel）を作ります。",
        Step::Distribute => "各課に書いてもらう記入票を作ります。",
        Step::Collect => "届いた記入票を読み、マスタに取り込みます。",
        Step::Archive => "提出したものを、後から確かめられる形で残します。",
    }
}

/// 「R4-2（令和6年6月10日）」
fn edition(last: &Kept) -> String {
    match last {
        Kept::None => String::new(),
        Kept::Whole(last) => format!("{}（{}）", progress::name(last), japanese_date(last.date)),
        Kept::Damaged => "保存の記録を読めません。「保存する」で確認してください。".to_owned(),
    }
}

/// 「令和6年6月10日 9:30」
fn shown(time: chrono::NaiveDateTime) -> String {
    format!("{} {}", japanese_date(time.date()), time.format("%-H:%M"))
}

fn row(window: &Window, made: &Made) -> Result<FileRow, Problem> {
    let name = paths::name_of(&made.path);
    Ok(FileRow {
        id: window.file_id(&made.path)?,
        time: made.time.map(shown).unwrap_or_default(),
        size: size(usize::try_from(made.bytes).unwrap_or(usize::MAX)),
        is_older: made.is_older,
        is_pdf: MediaType::of(&name) == Some(MediaType::Pdf),
        name: visible_line(&name).into_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::StatusCode;

    use crate::app::PlanFolder;
    use crate::documents::file_name;
    use crate::named_file::MediaType;
    use crate::plan::FiscalYear;
    use crate::window::tests::Client;

    /// What the page says changes with what is done, by whichever face of the program.
    #[tokio::test]
    async fn the_home_says_how_far_the_year_is() {
        let client = Client::new("data/nemuro");
        let page = client.page("").await;
        assert_eq!(page.status, StatusCode::OK);
        for told in
            ["令和4年度の作業", "根室市", "R4 未作成", "R4 未保存", "警告 8件", "作ったファイルは、まだ"]
        {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        assert!(client.window.user.plans().contains(&client.folder), "it is remembered");

        let out = crate::window::page::out(&client.folder);
        std::fs::create_dir_all(out.join("照会")).unwrap();
        std::fs::write(out.join("計画_正誤表_R3_R4.pdf"), "").unwrap();
        std::fs::write(out.join("連絡文_企画課.txt"), "").unwrap();
        let page = client.page("").await.text;
        assert!(page.contains("R4 未作成") && page.contains("連絡文が1件"), "{page}");
        assert!(!page.contains("連絡文_企画課"), "{page}");
        let settings = PlanFolder::open(&client.folder).unwrap().load().unwrap().0.settings;
        let year = FiscalYear::starting(2022);
        std::fs::write(out.join(file_name(&settings, "実績一覧", year, MediaType::Pdf)), "").unwrap();
        for file in ["R4実績照会_総合政策室.xlsx", "R4実績照会_総合政策室（2）.xlsx"] {
            std::fs::write(out.join("照会").join(file), "").unwrap();
        }
        let page = client.page("").await.text;
        assert!(page.contains("R4 作成済み") && page.contains("課のうち1課 作成済み"), "{page}");
        let of_other_year = client.page("?year=R3").await.text;
        assert!(of_other_year.contains("令和3年度の作業") && of_other_year.contains("R3 未作成"));

        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
        let master = std::fs::File::options().write(true).open(client.folder.join("master.csv")).unwrap();
        master.set_modified(later).unwrap();
        let page = client.page("").await.text;
        assert!(page.contains("マスタより古い文書があります"), "{page}");
        assert_eq!(page.matches("マスタより古い</span>").count(), 1, "of all files, the document: {page}");
    }

    /// What is damaged or cannot be counted is not said to be done.
    #[tokio::test]
    async fn what_cannot_be_read_is_not_said_to_be_done() {
        let client = Client::new("data/nemuro");
        let archive = client.folder.join("archive");
        std::fs::create_dir_all(archive.join("R4")).unwrap();
        std::fs::write(archive.join("R4/manifest.json"), "{").unwrap();
        let page = client.page("?year=R4").await.text;
        assert!(page.contains("保存の記録を読めません") && !page.contains("R4 未保存"), "{page}");
        std::fs::remove_dir_all(&archive).unwrap();
        std::fs::write(&archive, "").unwrap();
        let page = client.page("?year=R4").await.text;
        assert!(page.contains("保存の記録を読めません") && !page.contains("R4 未保存"), "{page}");

        let master = client.folder.join("master.csv");
        let text = std::fs::read_to_string(&master).unwrap();
        let (head, rest) = text.split_once('\n').unwrap();
        std::fs::write(&master, format!("{head}\n×{rest}")).unwrap();
        let page = client.page("?year=R4").await.text;
        assert!(page.contains("エラー ") && page.contains("エラーを直すと数えます"), "{page}");
        assert!(!page.contains("回答済み"), "{page}");
    }

    #[tokio::test]
    async fn a_plan_without_years_or_a_template_says_why_and_where_to_look() {
        let client = Client::new("data/nemuro");
        let master = client.folder.join("master.csv");
        let whole = std::fs::read_to_string(&master).unwrap();
        let (head, rest) = whole.split_once('\n').unwrap();
        let without: Vec<String> = head
            .split(',')
            .enumerate()
            .map(|(at, name)| if name.starts_with('R') { format!("列{at}") } else { name.to_owned() })
            .collect();
        std::fs::write(&master, format!("{}\n{rest}", without.join(","))).unwrap();
        let check = format!("/p/{}/check", client.plan);
        let page = client.page("").await.text;
        assert!(page.contains("E217") && page.contains(&check), "{page}");

        let client = Client::new("data/mihon");
        let plan = client.folder.join("plan.toml");
        let text = std::fs::read_to_string(&plan).unwrap();
        std::fs::write(&plan, text.replace("kpi-sheet.toml", "none.toml")).unwrap();
        let page = client.page("").await.text;
        assert!(page.contains("none.toml"), "{page}");
        assert!(page.contains("「調べる」で確認する"), "{page}");
    }

    /// The state of a step stands on every page, for the year that is looked at.
    #[tokio::test]
    async fn the_line_of_steps_is_on_every_page() {
        let client = Client::new("data/nemuro");
        for path in ["check", "build", "distribute", "collect", "archive"] {
            let page = client.page(&format!("{path}?year=R4")).await.text;
            assert!(page.contains("警告 8件") && page.contains("R4 未保存"), "{path}: {page}");
        }
    }

    #[tokio::test]
    async fn a_plan_that_cannot_be_read_says_why_and_where_to_look() {
        let client = Client::new("data/nemuro");
        std::fs::write(client.folder.join("plan.toml"), "[plan").unwrap();
        let page = client.page("").await.text;
        assert!(page.contains("計画を読み取れません") && page.contains("plan.toml 1行目"), "{page}");
        assert!(page.contains(&format!("/p/{}/check", client.plan)), "{page}");
        assert!(client.page("build").await.text.contains("読み取れません"));
    }

    #[tokio::test]
    async fn a_plan_that_was_just_made_says_what_comes_next() {
        let client = Client::new("data/mihon");
        assert!(client.page("?made=example").await.text.contains("見本の計画を作りました"));
        assert!(!client.page("?made=%3Cb%3E").await.text.contains("<b>"));
    }
}

//! A new plan: from the example, or the next period of one that there is.

use std::path::{Path, PathBuf};

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path as InAddress, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use serde::Deserialize;

use super::folders::{self, Purpose};
use super::{apart, folder_path, known, place, plan_path};
use crate::app::init;
use crate::app::known_plans::{PlanState, look};
use crate::file_name::is_safe_name;
use crate::plan::FiscalYear;
use crate::storage::{archive_folder, folders as places, paths};
use crate::visible::visible_line;
use crate::window::answer::{Answer, Problem, html, said_of, see};
use crate::window::ids::Known;
use crate::window::page::{Notice, Page};
use crate::window::state::{Shared, Window};

/// The addresses of the forms.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/new/{kind}", get(show).post(make))
}

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// The folder in which the plan is to lie.
    #[serde(rename = "in")]
    place: Option<String>,
    /// The plan whose next period it is.
    from: Option<String>,
}

/// What the form says.
#[derive(Debug, Default, Clone, Deserialize)]
struct Filled {
    /// The ID of the folder in which the plan is to lie.
    #[serde(rename = "in")]
    place: String,
    /// The ID of the plan whose next period it is.
    #[serde(default)]
    from: String,
    /// The name of its folder.
    name: String,
    /// The first year of its period.
    first: String,
    /// The last year of its period.
    last: String,
}

/// What is wrong with what the form says, by field.
#[derive(Debug, Default)]
struct Errors {
    from: String,
    name: String,
    first: String,
    last: String,
}

impl Errors {
    fn are_none(&self) -> bool {
        [&self.from, &self.name, &self.first, &self.last].iter().all(|error| error.is_empty())
    }
}

/// The page.
#[derive(Template)]
#[template(path = "new_plan.html")]
struct NewPage {
    page: Page,
    is_next: bool,
    /// Where it is sent to.
    action: String,
    place: String,
    /// Where another place is looked for.
    places: String,
    plans: Vec<PlanChoice>,
    filled: Filled,
    errors: Errors,
}

/// A plan whose next period it may be.
struct PlanChoice {
    id: String,
    text: String,
}

async fn show(
    State(window): State<Shared>,
    InAddress(kind): InAddress<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    apart(move || {
        let purpose = purpose(&kind)?;
        let filled = usual(&window, purpose, &asked)?;
        match filled.place.is_empty() {
            true => see(&folders::address(purpose, None, asked.from.as_deref())),
            false => Ok(html(page(&window, purpose, filled, Errors::default())?.render()?)),
        }
    })
    .await
}

fn purpose(kind: &str) -> Result<Purpose, Problem> {
    let all = [Purpose::Example, Purpose::Next];
    all.into_iter().find(|purpose| purpose.key() == kind).ok_or(Problem::Missing)
}

/// The form as it is first shown.
fn usual(window: &Window, purpose: Purpose, asked: &Asked) -> Result<Filled, Problem> {
    let mut filled = Filled { from: asked.from.clone().unwrap_or_default(), ..Filled::default() };
    let from = asked.from.as_deref().map(|id| plan_path(window, id)).transpose()?;
    filled.place = match &asked.place {
        Some(id) => id.clone(),
        None => {
            let beside = from.as_deref().and_then(Path::parent).map(Path::to_path_buf);
            let usual = beside.or_else(|| places::places().into_iter().next().map(|place| place.path));
            match usual {
                Some(path) => window.ids.of(Known::Folder(path))?,
                None => String::new(),
            }
        }
    };
    match (purpose, from) {
        (Purpose::Next, Some(from)) => {
            let stem = paths::name_of(&from);
            let Some(years) = next_years(from) else { return Ok(filled) };
            let text = |year: Option<&FiscalYear>| year.map(FiscalYear::to_string).unwrap_or_default();
            (filled.first, filled.last) = (text(years.first()), text(years.last()));
            filled.name = format!("{stem}_{}-{}", filled.first, filled.last);
        }
        (Purpose::Example, _) => filled.name = "見本の計画".to_owned(),
        _ => {}
    }
    Ok(filled)
}

/// As many years as a plan has, after those.
fn next_years(from: PathBuf) -> Option<Vec<FiscalYear>> {
    let PlanState::Readable(own) = look(vec![from]).pop()?.state else { return None };
    let last = *own.years.last()?;
    let next = std::iter::successors(Some(last.next()), |year| Some(year.next()));
    Some(next.take(own.years.len()).collect())
}

fn page(window: &Window, purpose: Purpose, filled: Filled, errors: Errors) -> Result<NewPage, Problem> {
    let is_next = purpose == Purpose::Next;
    let title =
        if is_next { "次の期間の計画を作る" } else { "見本から新しい計画を作る" };
    let mut page = Page::bare(window, title);
    if !errors.are_none() {
        page.notices.push(Notice::error("まだ作っていません。赤い字の項目を直してください。"));
    }
    let from = Some(filled.from.as_str()).filter(|from| !from.is_empty());
    let mut choices = Vec::new();
    if is_next {
        let mut listed = known(window);
        if let Some(path) = from.and_then(|id| plan_path(window, id).ok())
            && listed.iter().all(|other| other.path != path)
        {
            listed.extend(look(vec![path]));
        }
        for plan in listed {
            if let PlanState::Readable(own) = plan.state {
                let text = format!("{}（{}）", own.name, place(&plan.path));
                choices.push(PlanChoice {
                    id: window.ids.of(Known::Plan(plan.path))?,
                    text: visible_line(&text).into_owned(),
                });
            }
        }
    }
    Ok(NewPage {
        page,
        is_next,
        action: format!("/new/{}", purpose.key()),
        place: place(&folder_path(window, &filled.place)?),
        places: folders::address(purpose, Some(&filled.place), from),
        plans: choices,
        filled,
        errors,
    })
}

async fn make(
    State(window): State<Shared>,
    InAddress(kind): InAddress<String>,
    Form(filled): Form<Filled>,
) -> Answer {
    apart(move || {
        let purpose = purpose(&kind)?;
        let inside = folder_path(&window, &filled.place)?;
        let refused = |page: NewPage| -> Answer {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(page.render()?)).into_response())
        };
        let request = match request(&window, purpose, &inside, &filled) {
            Ok(request) => request,
            Err(errors) => return refused(page(&window, purpose, filled, errors)?),
        };
        if let Err(failure) = init::run(&request) {
            let mut page = page(&window, purpose, filled, Errors::default())?;
            page.page.notices.extend(said_of(&failure).into_iter().map(Notice::error));
            return refused(page);
        }
        let id = window.ids.of(Known::Plan(request.new))?;
        see(&format!("/p/{id}/?made={}", purpose.key()))
    })
    .await
}

/// What the form asks for.
fn request(
    window: &Window,
    purpose: Purpose,
    inside: &Path,
    filled: &Filled,
) -> Result<init::Request, Errors> {
    let (name, mut errors) = (filled.name.trim(), Errors::default());
    let new = inside.join(name);
    errors.name = match is_safe_name(name) {
        true => match archive_folder::refuse_existing(&new) {
            Ok(()) => String::new(),
            Err(error) => visible_line(&error.to_string()).into_owned(),
        },
        false if name.is_empty() => "フォルダーの名前を入力してください。".to_owned(),
        false => {
            "この名前は使えません。/ \\ : * ? \" < > | や、終わりの「.」、CON などの機器の名前は使えません。"
                .to_owned()
        }
    };
    let from = match purpose {
        Purpose::Next => plan_path(window, &filled.from).ok(),
        _ => None,
    };
    if purpose == Purpose::Next && from.is_none() {
        errors.from = "引き継ぐ計画を選んでください。".to_owned();
    }
    let years = years(purpose, filled, &mut errors);
    match errors.are_none() {
        true => Ok(init::Request { new, from, years }),
        false => Err(errors),
    }
}

/// The years of the form; none where the example is to keep its own.
fn years(purpose: Purpose, filled: &Filled, errors: &mut Errors) -> Vec<FiscalYear> {
    let (first, last) = (filled.first.trim(), filled.last.trim());
    if purpose == Purpose::Example && first.is_empty() && last.is_empty() {
        return Vec::new();
    }
    match init::period(first, last) {
        Ok(years) => return years,
        Err(what) if FiscalYear::parse(first).is_none() => errors.first = what,
        Err(what) => errors.last = what,
    }
    Vec::new()
}

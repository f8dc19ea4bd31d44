//! What the window knows while it is open.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use chrono::{NaiveDate, NaiveDateTime};
use tokio::sync::watch;

use super::answer::Problem;
use super::ids::{Ids, Known};
use super::jobs::Jobs;
use super::life::Life;
use super::previews::Previews;
use super::readings::Readings;
use super::secret::Secret;
use crate::app::PlanFolder;
use crate::storage::uploads::Uploads;
use crate::storage::user_folder::UserFolder;

/// The window, as all its pages share it.
pub type Shared = Arc<Window>;

/// What the window knows while it is open.
pub struct Window {
    /// The port it is served on.
    pub port: u16,
    /// What the browser that was let in has as its cookie.
    pub cookie: Secret,
    /// What every form carries.
    pub token: Secret,
    /// What another start of the program shows to get a tab.
    pub again: Secret,
    /// Names for places on the disk.
    pub ids: Ids,
    /// What runs, and what came of it.
    pub jobs: Jobs,
    /// What was collected, and not yet taken over.
    pub readings: Readings,
    /// The pages that are open.
    pub life: Mutex<Life>,
    /// Pages that were laid out.
    pub previews: Previews,
    /// Folders used before.
    pub user: UserFolder,
    base: Secret,
    keys: Mutex<Vec<(Secret, String)>>,
    clock: fn() -> NaiveDateTime,
    uploads: Mutex<Option<Uploads>>,
    uploads_path: PathBuf,
    closing: watch::Sender<bool>,
}

impl Window {
    /// A window that nobody has opened yet.
    ///
    /// # Errors
    /// Where the system has no random numbers or no folder for what is dropped on the page.
    pub fn new(port: u16, clock: fn() -> NaiveDateTime, user: UserFolder) -> Result<Self> {
        let uploads = Uploads::new(&user.uploads())?;
        Ok(Self {
            port,
            cookie: Secret::new()?,
            token: Secret::new()?,
            again: Secret::new()?,
            ids: Ids::default(),
            jobs: Jobs::default(),
            readings: Readings::default(),
            life: Mutex::default(),
            previews: Previews::default(),
            user,
            base: Secret::new()?,
            keys: Mutex::default(),
            clock,
            uploads_path: uploads.path().to_path_buf(),
            uploads: Mutex::new(Some(uploads)),
            closing: watch::Sender::new(false),
        })
    }

    /// The time of day.
    pub fn now(&self) -> NaiveDateTime {
        (self.clock)()
    }

    /// The day.
    pub fn today(&self) -> NaiveDate {
        self.now().date()
    }

    /// Where what is dropped on the page lies, until the window is closed.
    pub fn uploads(&self) -> &Path {
        &self.uploads_path
    }

    /// Removes what was dropped on the page: the window is over.
    pub fn forget_uploads(&self) {
        drop(self.uploads.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// `http://127.0.0.1:50123`
    pub fn origin(&self) -> String {
        format!("http://{}", self.host())
    }

    /// `127.0.0.1:50123`
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What every address begins with: `/` and a secret.
    pub fn base(&self) -> String {
        format!("/{}", self.base.text())
    }

    /// The name of the cookie: another window, of another user of this PC, has another.
    pub fn cookie_name(&self) -> String {
        format!("jisseki-{}", self.port)
    }

    /// An address that lets one browser in, once, and leads it to a page.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn start_address(&self, target: String) -> Result<String> {
        let key = Secret::new()?;
        let address = format!("{}{}/start?k={}", self.origin(), self.base(), key.text());
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that no browser came with: the oldest go.
        const MOST_KEYS: usize = 20;
        if keys.len() >= MOST_KEYS {
            keys.remove(0);
        }
        keys.push((key, target));
        Ok(address)
    }

    /// Where a key leads, which is burnt with this.
    pub fn burn(&self, key: &str) -> Option<String> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let at = keys.iter().position(|(known, _)| known.is(key))?;
        Some(keys.remove(at).1)
    }

    /// The page of a plan, or of all plans.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn first_page(&self, plan: Option<&Path>) -> Result<String> {
        Ok(match plan {
            Some(plan) => format!("/p/{}/", self.ids.of(Known::Plan(whole(plan)))?),
            None => "/".to_owned(),
        })
    }

    /// The plan of an ID.
    ///
    /// # Errors
    /// An ID that is none of a plan; a folder that is none any more.
    pub fn plan(&self, id: &str) -> std::result::Result<PlanFolder, Problem> {
        match self.ids.get(id) {
            Some(Known::Plan(path)) => Ok(PlanFolder::open(&path)?),
            _ => Err(Problem::Missing),
        }
    }

    /// The ID of a file that was made.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn file_id(&self, path: &Path) -> Result<String> {
        self.ids.of(Known::File(whole(path)))
    }

    /// Ends the window.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Becomes true when the window ends.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// The pages that are open.
    pub fn with_life<T>(&self, ask: impl FnOnce(&mut Life) -> T) -> T {
        ask(&mut self.life.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl AsRef<Jobs> for Window {
    fn as_ref(&self) -> &Jobs {
        &self.jobs
    }
}

/// A path that means the same wherever the program stands.
fn whole(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

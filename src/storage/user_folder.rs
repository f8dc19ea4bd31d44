//! What the local window keeps for the user who opened it: that it is open, and the plans used
//! before. In the user's local data folder, never in a plan's.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::files;

/// What is open holds the lock of this file.
const LOCK: &str = "window.lock";
/// How another start of the program finds it.
const NOTE: &str = "window.json";
/// The plans used before.
const PLANS: &str = "plans.json";
/// So many plans are remembered.
const MOST_PLANS: usize = 20;
/// Neither file is larger, in bytes.
const LARGEST: u64 = 64 << 10;

/// The folder of this program among a user's local data.
#[derive(Debug, Clone)]
pub struct UserFolder {
    path: PathBuf,
}

/// How an open window is found by another start of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenWindow {
    /// The port on which it is served.
    pub port: u16,
    /// What its addresses begin with.
    pub base: String,
    /// What has to be shown to get a tab of it.
    pub secret: String,
}

/// That this is the open window of its user, as long as it lives.
#[derive(Debug)]
pub struct OnlyWindow {
    _lock: File,
    note: PathBuf,
}

impl UserFolder {
    /// That of the user who runs the program.
    pub fn of_user() -> Self {
        let local = dirs::data_local_dir().unwrap_or_else(std::env::temp_dir);
        Self { path: local.join("jisseki") }
    }

    /// Another folder.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_path_buf() }
    }

    /// Where what is dropped on windows lies while they are open.
    pub fn uploads(&self) -> PathBuf {
        self.path.join("uploads")
    }

    /// Makes this the open window of the user; `None` where there is one.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub fn open(&self) -> Result<Option<OnlyWindow>> {
        fs::create_dir_all(&self.path).context("個人用のフォルダーを作れません")?;
        let path = self.path.join(LOCK);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path);
        let lock = lock.context("個人用のフォルダーに書き込めません")?;
        match lock.try_lock() {
            Ok(()) => {
                let note = self.path.join(NOTE);
                // A window that was killed leaves its own: nobody is to ask whoever has its port now.
                let _ = fs::remove_file(&note);
                Ok(Some(OnlyWindow { _lock: lock, note }))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).context("個人用のフォルダーを使えません"),
        }
    }

    /// How the open window is found; `None` where its note is not there yet.
    pub fn window(&self) -> Option<OpenWindow> {
        serde_json::from_slice(&files::read(&self.path.join(NOTE), LARGEST).ok()?).ok()
    }

    /// The plans used before, the last one first.
    pub fn plans(&self) -> Vec<PathBuf> {
        let bytes = files::read(&self.path.join(PLANS), LARGEST).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Puts a plan in front of those used before. It is a convenience: where it cannot be
    /// written, it is forgotten.
    pub fn remember(&self, plan: &Path) {
        let mut plans = self.plans();
        if plans.first().is_some_and(|last| last == plan) {
            return;
        }
        plans.retain(|other| other != plan);
        plans.insert(0, plan.to_path_buf());
        plans.truncate(MOST_PLANS);
        self.keep(&plans);
    }

    /// Takes a plan from those used before.
    pub fn forget(&self, plan: &Path) {
        let mut plans = self.plans();
        plans.retain(|other| other != plan);
        self.keep(&plans);
    }

    fn keep(&self, plans: &[PathBuf]) {
        if let Ok(bytes) = serde_json::to_vec(plans) {
            let _ = files::replace(&self.path.join(PLANS), &bytes);
        }
    }
}

impl OnlyWindow {
    /// Says how the window is found, in a file that nobody but its user can read.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn note(&self, window: &OpenWindow) -> Result<()> {
        // One that was left behind may have other rights.
        let _ = fs::remove_file(&self.note);
        let mut new = OpenOptions::new();
        new.write(true).create_new(true);
        // On Windows, a user's local data are the user's alone.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
        let mut file = new.open(&self.note).context("個人用のフォルダーに書き込めません")?;
        file.write_all(&serde_json::to_vec(window)?).context("個人用のフォルダーに書き込めません")
    }
}

impl Drop for OnlyWindow {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.note);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_window_a_user() {
        let folder = tempfile::tempdir().unwrap();
        let user = UserFolder::at(&folder.path().join("jisseki"));
        let first = user.open().unwrap().unwrap();
        assert!(user.open().unwrap().is_none());
        let window = OpenWindow { port: 50_123, base: "/1".to_owned(), secret: "秘密".to_owned() };
        first.note(&window).unwrap();
        assert_eq!(user.window(), Some(window));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let rights = fs::metadata(user.path.join(NOTE)).unwrap().permissions().mode();
            assert_eq!(rights & 0o777, 0o600);
        }
        drop(first);
        assert_eq!(user.window(), None);
        assert!(user.open().unwrap().is_some());
    }

    #[test]
    fn the_last_plan_comes_first_and_a_broken_list_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let user = UserFolder::at(folder.path());
        for plan in ["甲", "乙", "甲"] {
            user.remember(Path::new(plan));
        }
        assert_eq!(user.plans(), [Path::new("甲"), Path::new("乙")]);
        user.forget(Path::new("甲"));
        assert_eq!(user.plans(), [Path::new("乙")]);
        fs::write(folder.path().join(PLANS), "[").unwrap();
        assert!(user.plans().is_empty());
    }
}

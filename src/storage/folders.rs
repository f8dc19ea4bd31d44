//! Folders, as somebody looks for one: where to begin, and which are in one. Nothing is said of
//! the files in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::paths::name_of;
use super::reason::cannot_enter;

/// More folders of one folder are not listed.
const MOST: usize = 1_000;
/// What a place does not answer in this time, it does not answer: a server that is switched off
/// is waited for by the system for half a minute.
const PATIENCE: Duration = Duration::from_millis(800);

/// A folder in which somebody may begin to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What people call it: 「ドキュメント」.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// The folders in a folder.
#[derive(Debug, Default)]
pub struct Inner {
    /// Those that are shown, by name.
    pub folders: Vec<PathBuf>,
    /// There are more than that.
    pub has_more: bool,
}

/// The folders in which somebody begins: the user's own, that of the program, the drives.
pub fn places() -> Vec<Place> {
    let own = [
        ("ドキュメント", dirs::document_dir()),
        ("デスクトップ", dirs::desktop_dir()),
        ("ホーム", dirs::home_dir()),
        ("このプログラムのあるフォルダー", of_program()),
    ];
    let named = own.into_iter().filter_map(|(name, path)| Some((name.to_owned(), path?)));
    let mut places: Vec<(String, PathBuf)> = Vec::new();
    for (name, path) in named.chain(drives()) {
        // A system without documents of its own names the user's folder for them.
        if places.iter().all(|(_, other)| *other != path) {
            places.push((name, path));
        }
    }
    let answers = within_moment(places, |(_, path)| path.is_dir());
    let there = answers.into_iter().filter(|(_, is_there)| *is_there == Some(true));
    there.map(|((name, path), _)| Place { name, path }).collect()
}

/// The folder in which the program lies.
pub fn of_program() -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.parent()?.to_path_buf())
}

/// The roots of what this system calls a path.
fn drives() -> Vec<(String, PathBuf)> {
    if !cfg!(windows) {
        return vec![("このコンピューター".to_owned(), PathBuf::from("/"))];
    }
    let drive = |letter: char| (format!("{letter} ドライブ"), PathBuf::from(format!("{letter}:\\")));
    // A and B are drives for floppy disks, which make a noise.
    ('C'..='Z').map(drive).collect()
}

/// The folders in a folder, but for hidden ones.
///
/// # Errors
/// Says in Japanese why it cannot be listed.
pub fn inside(folder: &Path) -> Result<Inner> {
    let entries = fs::read_dir(folder).map_err(|error| cannot_enter(folder, &error))?;
    let shown = entries.flatten().filter(|entry| !is_hidden(entry));
    // Links are folders too: whoever looks goes one folder at a time, never in circles unasked.
    let mut folders: Vec<PathBuf> = shown.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort_by_key(|path| name_of(path).to_lowercase());
    let has_more = folders.len() > MOST;
    folders.truncate(MOST);
    Ok(Inner { folders, has_more })
}

/// Whether the system shows a folder to nobody.
fn is_hidden(entry: &fs::DirEntry) -> bool {
    #[cfg(windows)]
    {
        use std::os::windows::fs::MetadataExt;
        const HIDDEN: u32 = 2;
        if entry.metadata().is_ok_and(|data| data.file_attributes() & HIDDEN != 0) {
            return true;
        }
    }
    entry.file_name().to_string_lossy().starts_with('.')
}

/// What is asked of each place, all at the same time; `None` of one that does not answer in a
/// moment. Its question is left behind, and ends when the system gives it up.
pub fn within_moment<P: Clone + Send + 'static, A: Send + 'static>(
    places: Vec<P>,
    ask: impl Fn(&P) -> A + Clone + Send + 'static,
) -> Vec<(P, Option<A>)> {
    let (sender, answered) = mpsc::channel();
    for (at, place) in places.iter().cloned().enumerate() {
        let (sender, ask) = (sender.clone(), ask.clone());
        // Where the system has no thread for it, there is no answer.
        let _ = thread::Builder::new().spawn(move || sender.send((at, ask(&place))));
    }
    drop(sender);
    let until = Instant::now() + PATIENCE;
    let mut answers: Vec<(P, Option<A>)> = places.into_iter().map(|place| (place, None)).collect();
    while let Ok((at, answer)) = answered.recv_timeout(until.saturating_duration_since(Instant::now())) {
        if let Some(slot) = answers.get_mut(at) {
            slot.1 = Some(answer);
        }
    }
    answers
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_listed_by_name_without_files_and_hidden_ones() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["計画", "あ", ".git"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("秘密.txt"), "").unwrap();
        let inner = inside(folder.path()).unwrap();
        assert_eq!(inner.folders, [folder.path().join("あ"), folder.path().join("計画")]);
        assert!(!inner.has_more);
        let told = inside(&folder.path().join("無い")).unwrap_err().to_string();
        assert!(told.contains("無い"), "{told}");
    }

    #[test]
    fn a_place_that_does_not_answer_is_not_waited_for() {
        let ask = |seconds: &u64| thread::sleep(Duration::from_secs(*seconds));
        let began = Instant::now();
        let answers = within_moment(vec![0, 60, 0], ask);
        let answered: Vec<bool> = answers.iter().map(|(_, answer)| answer.is_some()).collect();
        assert_eq!(answered, [true, false, true]);
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}

//! One run at a time in a folder that is written to.
//!
//! A plan lies on a share, and two people collect at once: each reads the master, each
//! writes it, and the one who is quicker loses his figures. So a command that writes takes
//! the folder first, before it reads. A lock file says who has it; that it is held is told
//! by the system, not by the file's being there, so a run that was killed holds nothing.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};

use super::files;
use super::paths::shown;
use super::reason::{self, cannot_enter};

/// The file in a folder that is taken.
const LOCK_FILE: &str = ".jisseki.lock";
/// Who holds a folder says so in fewer bytes.
const LONGEST_HOLDER: u64 = 300;
/// Who has just taken a folder has said so within this time.
const PATIENCE: (usize, Duration) = (20, Duration::from_millis(5));

/// The folders a run has taken, until it ends.
pub struct Locks<'a> {
    /// The run's command, as who has to wait is told.
    command: &'a str,
    /// Takes what the user is to be told meanwhile.
    tell: &'a dyn Fn(&str),
    held: Vec<FolderLock>,
}

impl<'a> Locks<'a> {
    /// None yet. What is found to be told of a run before goes to `tell`, a line at a time.
    pub fn new(command: &'a str, tell: &'a dyn Fn(&str)) -> Self {
        Self { command, tell, held: Vec::new() }
    }

    /// Tells the user.
    pub fn tell(&self, line: &str) {
        (self.tell)(line);
    }

    /// Takes a folder as well. One that is held already is not taken twice. Whether a run
    /// before was stopped in it, which is told.
    ///
    /// # Errors
    /// Says who has it, where it is taken.
    pub fn add(&mut self, folder: &Path) -> Result<bool> {
        let folder = match folder {
            path if path.as_os_str().is_empty() => Path::new("."),
            path => path,
        };
        let real = files::real(folder).map_err(|error| cannot_enter(folder, &error))?;
        if self.held.iter().any(|lock| lock.path.parent() == Some(&real)) {
            return Ok(false);
        }
        let (lock, stopped) = FolderLock::take(&real, folder, self.command)?;
        let was_stopped = stopped.is_some();
        if let Some(who) = stopped {
            self.tell(&format!(
                "フォルダー{}は、途中で停止した前回の実行（{who}）が使用中のままでした。引き継ぎます。",
                shown(folder)
            ));
        }
        self.held.push(lock);
        Ok(was_stopped)
    }
}

/// A folder that is taken.
struct FolderLock {
    path: PathBuf,
    /// Open as long as the folder is taken.
    file: Option<File>,
}

impl FolderLock {
    /// The lock, and who held it before where that run was stopped.
    fn take(real: &Path, folder: &Path, command: &str) -> Result<(Self, Option<String>)> {
        let path = real.join(LOCK_FILE);
        let cannot = |error: &io::Error| {
            let why = reason::writing(&path, error);
            anyhow!("フォルダー{}に書き込めません（{LOCK_FILE}）。{why}", shown(folder))
        };
        // What somebody has put there is neither followed nor waited for.
        if fs::symlink_metadata(&path).is_ok_and(|data| !data.is_file() || has_other_name(&data)) {
            bail!(
                "フォルダー{}に、{LOCK_FILE}という名前の別のものがあります。削除してください",
                shown(folder)
            );
        }
        let Some(file) = hold(&path).map_err(|error| cannot(&error))? else {
            let who = holder(&path).map(|who| format!("（{who}）")).unwrap_or_default();
            bail!(
                "フォルダー{}は、別の実行が使用中です{who}。終了してから、もう一度実行してください",
                shown(folder)
            );
        };
        let mut lock = Self { path: path.clone(), file: Some(file) };
        let stopped = lock.name(command).map_err(|error| cannot(&error))?;
        Ok((lock, stopped))
    }

    /// Says in the file who holds the folder; gives what was said there before.
    fn name(&mut self, command: &str) -> io::Result<Option<String>> {
        let Some(file) = &mut self.file else { return Ok(None) };
        let stopped = line(file);
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", this_run(command))?;
        Ok(stopped)
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // While the file is held nobody else can take it for his own; Windows does not
        // remove what is open, and refuses where somebody has taken it since.
        let Some(file) = self.file.take() else { return };
        #[cfg(unix)]
        if is_same(&file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
        // Whoever takes it between the two must not be told that this run was stopped.
        #[cfg(not(unix))]
        let _ = file.set_len(0);
        drop(file);
        #[cfg(not(unix))]
        let _ = fs::remove_file(&self.path);
    }
}

/// Opens the file so that nobody else can; `None` where somebody has it.
#[cfg(unix)]
fn hold(path: &Path) -> io::Result<Option<File>> {
    loop {
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(path);
        let (file, is_own) = match opened {
            // Another user's, whose run may have been stopped.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => match File::open(path) {
                Ok(file) => (file, false),
                Err(_) => return Err(error),
            },
            opened => (opened?, true),
        };
        match file.try_lock() {
            Err(fs::TryLockError::WouldBlock) => return Ok(None),
            // A file system without locks: what can be told is told by comparing.
            Ok(()) | Err(fs::TryLockError::Error(_)) => {}
        }
        // Who had it may have removed it between the opening and the locking.
        if !is_same(&file, path) {
            continue;
        }
        if is_own {
            return Ok(Some(file));
        }
        fs::remove_file(path)?;
    }
}

/// Whether the file at `path` is this one, and no other name of something else.
#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(of), Ok(at)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    (at.dev(), at.ino()) == (of.dev(), of.ino())
}

/// Whether the file has another name, under which it is something else.
fn has_other_name(data: &fs::Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(data) > 1;
    #[cfg(not(unix))]
    return data.is_symlink();
}

/// Opens the file so that nobody else can write to it; `None` where somebody has it.
#[cfg(not(unix))]
fn hold(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    const FILE_SHARE_READ: u32 = 1;
    const SHARING_VIOLATION: i32 = 32;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false).share_mode(FILE_SHARE_READ);
    let is_held = |error: &io::Error| error.raw_os_error() == Some(SHARING_VIOLATION);
    // Who had it may be removing it: until it is gone, Windows refuses.
    let may_pass = |error: &io::Error| !is_held(error) && reason::may_pass(path, error);
    let open = || files::patiently(may_pass, || options.open(path));
    let opened = open().or_else(|error| match is_held(&error) {
        // A virus scanner that looks at what a run left holds it for a moment.
        true => {
            thread::sleep(files::WAIT);
            open()
        }
        false => Err(error),
    });
    match opened {
        Err(error) if is_held(&error) => Ok(None),
        Ok(file) if winapi_util::file::information(&file)?.number_of_links() > 1 => {
            Err(io::ErrorKind::InvalidInput.into())
        }
        opened => opened.map(Some),
    }
}

/// Who holds a folder, as far as he has said so by now.
fn holder(path: &Path) -> Option<String> {
    let (times, wait) = PATIENCE;
    (0..times).find_map(|_| {
        let said = File::open(path).ok().and_then(|mut file| line(&mut file));
        if said.is_none() {
            thread::sleep(wait);
        }
        said
    })
}

/// The first line of a lock file; `None` for an empty one.
fn line(file: &mut File) -> Option<String> {
    let mut bytes = Vec::new();
    file.take(LONGEST_HOLDER).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().next().unwrap_or_default().trim().to_owned();
    (!line.is_empty()).then_some(line)
}

/// This run, as whoever has to wait for it is told.
fn this_run(command: &str) -> String {
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    let user = ["USERNAME", "USER"].iter().find_map(|name| std::env::var(name).ok());
    let user = user.map(|user| format!("{user}さん、")).unwrap_or_default();
    let time = chrono::Local::now().format("%Y-%m-%d %H:%M:%S");
    format!("jisseki {command}、{user}パソコン {host}、プロセス {}、{time}から", std::process::id())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn take(folder: &Path) -> Result<(FolderLock, Option<String>)> {
        FolderLock::take(&fs::canonicalize(folder).unwrap(), folder, "collect")
    }

    #[test]
    fn a_folder_is_taken_once_and_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let (first, stopped) = take(folder.path()).unwrap();
        assert_eq!(stopped, None);
        let told = take(folder.path()).err().unwrap().to_string();
        assert!(told.contains("別の実行が使用中です（jisseki collect、"), "{told}");
        assert!(told.contains(&format!("プロセス {}", std::process::id())), "{told}");
        drop(first);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert_eq!(take(folder.path()).unwrap().1, None);
    }

    #[test]
    fn what_a_stopped_run_left_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(LOCK_FILE), "jisseki collect、パソコン A、プロセス 1\n").unwrap();
        let (_lock, stopped) = take(folder.path()).unwrap();
        assert_eq!(stopped.as_deref(), Some("jisseki collect、パソコン A、プロセス 1"));
    }

    #[test]
    fn what_is_no_lock_file_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(LOCK_FILE)).unwrap();
        assert!(take(folder.path()).err().unwrap().to_string().contains("削除してください"));
    }

    #[test]
    fn one_of_many_has_it_at_any_time() {
        let folder = tempfile::tempdir().unwrap();
        let inside = std::sync::atomic::AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let Ok(lock) = take(folder.path()) else { continue };
                        assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                        thread::yield_now();
                        inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                        drop(lock);
                    }
                });
            }
        });
    }
}

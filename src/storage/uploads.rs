//! What is dropped on the local window: kept in a folder of this run, until it is closed.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, anyhow};
use tempfile::TempDir;

use super::files;
use super::paths::shown;
use super::reason::{cannot_make, cannot_write};
use super::returns::MOST_FILES;
use super::set::numbered;
use crate::file_name::{folded_name, sent_file_name};
use crate::stray::is_stray;

/// So many bytes may be dropped at once.
pub const LARGEST: u64 = 200 << 20;

/// The folder of a run for what is dropped on it: nobody else can read it, and it is gone with the
/// run; where that was killed, with the next one's start.
pub struct Uploads {
    folder: TempDir,
    lock: PathBuf,
    // As long as it is held, the folder is in use.
    _held: File,
}

impl Uploads {
    /// A new one in `within`, in which all runs have theirs.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub fn new(within: &Path) -> Result<Self> {
        fs::create_dir_all(within).map_err(|error| cannot_make(within, &error))?;
        sweep(within);
        let mut named = tempfile::Builder::new();
        named.prefix("run-");
        #[cfg(unix)]
        named.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = named.tempdir_in(within).map_err(|error| cannot_make(within, &error))?;
        let lock = folder.path().with_extension(LOCK);
        let held = File::create(&lock).map_err(|error| cannot_write(&lock, &error))?;
        held.try_lock().map_err(|error| cannot_write(&lock, &error.into()))?;
        Ok(Self { folder, lock, _held: held })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Uploads {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.lock);
    }
}

/// What the lock of a folder is called, behind the folder's own name.
const LOCK: &str = "lock";

/// Removes what runs have left that were killed. What cannot be is tried again by the next.
fn sweep(within: &Path) {
    let paths = fs::read_dir(within).into_iter().flatten().flatten().map(|entry| entry.path());
    for folder in paths.filter(|path| path.is_dir()) {
        let lock = folder.with_extension(LOCK);
        let is_over = match File::open(&lock) {
            Ok(held) => held.try_lock().is_ok(),
            // Between its folder and its lock, a run is for a moment only.
            Err(_) => {
                files::stamp(&folder).is_some_and(|(made, _)| made.elapsed().is_ok_and(|age| age > A_MOMENT))
            }
        };
        if is_over {
            let _ = fs::remove_dir_all(&folder);
            let _ = fs::remove_file(&lock);
        }
    }
}

/// Longer than a run is without its lock.
const A_MOMENT: Duration = Duration::from_secs(60);

/// What is dropped at once, as it arrives. Until it is kept it is gone with this: where it is
/// refused or breaks off, nothing is left of it.
pub struct Upload {
    folder: TempDir,
    bytes: u64,
    files: usize,
    /// By name, as Windows tells names apart: the number from which the next of it goes on.
    next: HashMap<PathBuf, usize>,
}

impl Upload {
    /// In a new folder in `within`.
    ///
    /// # Errors
    /// A folder that cannot be made.
    pub fn new(within: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("u").tempdir_in(within);
        let folder = folder.map_err(|error| cannot_make(within, &error))?;
        Ok(Self { folder, bytes: 0, files: 0, next: HashMap::new() })
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        self.files
    }

    /// Where it lies from now on, as long as the folder that it is in.
    pub fn keep(self) -> PathBuf {
        self.folder.keep()
    }

    /// Begins a file; `None` for what systems leave in folders. What a browser calls it has folders
    /// before its name; each becomes a folder here, under a name that leads nowhere else.
    ///
    /// # Errors
    /// More files than may be; a file that cannot be written.
    pub fn file(&mut self, name: &str) -> Result<Option<UploadedFile<'_>>> {
        let mut parts: Vec<&str> =
            name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect();
        let own = parts.pop().unwrap_or_default();
        if own.is_empty() || is_stray(own) || parts.iter().any(|part| is_stray(part)) {
            return Ok(None);
        }
        self.files += 1;
        if self.files > MOST_FILES {
            return Err(anyhow!("一度に読み取れるファイルは{MOST_FILES}個までです"));
        }
        let within = self.folder.path().to_path_buf();
        let folder = parts.iter().fold(within, |folder, part| folder.join(sent_file_name(part)));
        fs::create_dir_all(&folder).map_err(|error| cannot_make(&folder, &error))?;
        let own = sent_file_name(own);
        // Two that differ in the case of their names are one file on Windows.
        let next = self.next.entry(folder.join(folded_name(&own))).or_insert(1);
        while *next <= MOST_FILES {
            let path = folder.join(numbered(&own, *next));
            *next += 1;
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Some(UploadedFile { file, path, bytes: &mut self.bytes })),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(cannot_write(&path, &error)),
            }
        }
        Err(anyhow!("「{own}」のような名前のファイルが多すぎます"))
    }
}

/// A file that arrives.
pub struct UploadedFile<'a> {
    file: fs::File,
    path: PathBuf,
    bytes: &'a mut u64,
}

impl UploadedFile<'_> {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the next bytes of it.
    ///
    /// # Errors
    /// More than may be dropped at once; a full disk.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        *self.bytes += bytes.len() as u64;
        if *self.bytes > LARGEST {
            let most = LARGEST >> 20;
            return Err(anyhow!("一度に読み取れるのは、合わせて{most}MBまでです（{}）", shown(&self.path)));
        }
        self.file.write_all(bytes).map_err(|error| cannot_write(&self.path, &error))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sent(names: &[&str]) -> Vec<String> {
        let within = tempfile::tempdir().unwrap();
        let mut upload = Upload::new(within.path()).unwrap();
        let mut kept = Vec::new();
        for name in names {
            let Some(mut file) = upload.file(name).unwrap() else { continue };
            file.write(name.as_bytes()).unwrap();
            kept.push(file.path.clone());
        }
        let root = upload.folder.path();
        let inside =
            |path: &PathBuf| path.strip_prefix(root).unwrap().display().to_string().replace('\\', "/");
        kept.iter().map(inside).collect()
    }

    #[test]
    fn names_lead_nowhere_else_and_none_is_lost() {
        assert_eq!(
            sent(&[
                "照会/R5実績照会_水産課.xlsx",
                "../../etc/passwd",
                "C:\\a\\CON.xlsx",
                "票.xlsx",
                "票.xlsx"
            ]),
            ["照会/R5実績照会_水産課.xlsx", "etc/passwd", "C：/a/_CON.xlsx", "票.xlsx", "票（2）.xlsx"]
        );
        assert!(sent(&["~$票.xlsx", ".DS_Store", "__MACOSX/票.xlsx", "", "/"]).is_empty());
    }

    #[test]
    fn more_than_there_is_room_for_is_refused() {
        let within = tempfile::tempdir().unwrap();
        let mut upload = Upload::new(within.path()).unwrap();
        upload.bytes = LARGEST;
        let mut file = upload.file("票.xlsx").unwrap().unwrap();
        assert!(file.write(b"a").unwrap_err().to_string().contains("200MB"));
        // On Windows, a file that is open stays.
        drop(file);
        drop(upload);
        assert_eq!(fs::read_dir(within.path()).unwrap().count(), 0, "nothing is left of it");
    }

    #[test]
    fn what_a_killed_run_left_is_swept_and_what_is_in_use_is_not() {
        let within = tempfile::tempdir().unwrap();
        let running = Uploads::new(within.path()).unwrap();
        let left = within.path().join("run-left");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("票.xlsx"), "回答").unwrap();
        fs::write(left.with_extension(LOCK), "").unwrap();
        let other = Uploads::new(within.path()).unwrap();
        assert!(!left.exists() && running.path().is_dir() && other.path().is_dir());
        let gone = other.path().to_path_buf();
        drop(other);
        assert!(!gone.exists() && !gone.with_extension(LOCK).exists());
    }
}

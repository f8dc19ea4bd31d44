//! What is dropped on the local window: kept in a folder of this run, until it is closed.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use tempfile::TempDir;

use super::paths::shown;
use super::reason::{cannot_make, cannot_write};
use super::set::numbered;
use crate::file_name::sent_file_name;
use crate::stray::is_stray;

/// So many bytes may be dropped at once.
pub const LARGEST: u64 = 200 << 20;
/// And so many files.
pub const MOST_FILES: usize = 10_000;

/// A folder for what is dropped, gone when it is dropped itself.
///
/// # Errors
/// Where the system has no room for temporary files.
pub fn folder() -> Result<TempDir> {
    tempfile::Builder::new().prefix("jisseki-").tempdir().context("一時フォルダーを作れません")
}

/// What is dropped at once, as it arrives. Until it is kept it is gone with this: where it is
/// refused or breaks off, nothing is left of it.
pub struct Upload {
    folder: TempDir,
    bytes: u64,
    files: usize,
}

impl Upload {
    /// In a new folder in `within`.
    ///
    /// # Errors
    /// A folder that cannot be made.
    pub fn new(within: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("u").tempdir_in(within);
        let folder = folder.map_err(|error| cannot_make(within, &error))?;
        Ok(Self { folder, bytes: 0, files: 0 })
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
        let names = (1..=MOST_FILES).map(|at| folder.join(numbered(&own, at)));
        for path in names {
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
        let within = folder().unwrap();
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
        let within = folder().unwrap();
        let mut upload = Upload::new(within.path()).unwrap();
        upload.bytes = LARGEST;
        let mut file = upload.file("票.xlsx").unwrap().unwrap();
        assert!(file.write(b"a").unwrap_err().to_string().contains("200MB"));
        drop(upload);
        assert_eq!(fs::read_dir(within.path()).unwrap().count(), 0, "nothing is left of it");
    }
}

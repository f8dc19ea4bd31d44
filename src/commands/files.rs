//! Reading and writing files so that nothing is ever half-written.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow};

/// How often a file that is in use is tried again, and how long it waits between:
/// virus scanners let go of a file within a moment, Excel does not.
pub(super) const TRIES: usize = 5;
pub(super) const WAIT: Duration = Duration::from_millis(120);

/// No master is larger, in bytes. That of a city of 24,000 has 48 kB; how many rows and
/// cells may be in it is [`crate::master`]'s to say.
pub const LARGEST_MASTER: u64 = 1 << 20;
/// No settings and no template are larger, in bytes: the official template has 8 kB.
pub const LARGEST_TOML: u64 = 256 << 10;
/// No font is larger, in bytes: the largest in use, of all the characters of four
/// countries, have some 20 MB.
pub const LARGEST_FONT: u64 = 32 << 20;
/// No PDF that carries an edition is larger, in bytes.
pub const LARGEST_PDF: u64 = 64 << 20;

/// The bytes of a file of at most `most` bytes. Never more is read than that, whatever
/// the system says of the file's size, and nothing that is no file of its own: a pipe
/// would be waited for, a device has no end.
///
/// # Errors
/// Says in Japanese which file, and why it cannot be opened.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let cannot = |error: io::Error| anyhow!("{}を開けません。{}", shown(path), reason(&error));
    if !fs::metadata(path).map_err(cannot)?.is_file() {
        if path.is_dir() {
            return Err(cannot(io::ErrorKind::IsADirectory.into()));
        }
        return Err(anyhow!("{}を開けません。ふつうのファイルではありません", shown(path)));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(cannot)?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > most {
        return Err(anyhow!("{}を開けません。ファイルの大きさが{}を超えています", shown(path), size(most)));
    }
    Ok(bytes)
}

/// `16MB`
fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 { format!("{}MB", bytes >> 20) } else { format!("{}kB", bytes >> 10) }
}

/// Whether there is such a file.
pub fn exists(path: &Path) -> bool {
    path.is_file()
}

/// How the name of a file or folder begins that this program has not finished yet.
pub(super) const PREFIX: &str = crate::archive::UNFINISHED;

/// Puts `bytes` in the place of the file at `path`: the old file or the new one,
/// never a piece of either, whatever happens in between.
///
/// The folder is made where there is none. A file that another program holds open
/// is tried again for a moment.
///
/// # Errors
/// Says in Japanese which file, what is wrong, and what to do.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = folder_of(path);
    persist(written_beside(path, bytes)?, path)?;
    sync_folder(folder);
    Ok(())
}

/// Makes a file at `path` where there is none; `false` where there is one.
///
/// # Errors
/// Says in Japanese which file, what is wrong, and what to do.
pub fn create(path: &Path, bytes: &[u8]) -> Result<bool> {
    match written_beside(path, bytes)?.persist_noclobber(path) {
        Ok(_) => {
            sync_folder(folder_of(path));
            Ok(true)
        }
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(anyhow!("{}に書き込めません。{}", shown(path), reason(&error.error))),
    }
}

/// A whole file on the disk, in the folder in which it is to bear another name, with the
/// rights of the one that bears it now.
///
/// # Errors
/// Says in Japanese which file or folder cannot be written.
pub(super) fn written_beside(path: &Path, bytes: &[u8]) -> Result<tempfile::NamedTempFile> {
    let folder = folder_of(path);
    fs::create_dir_all(folder)
        .map_err(|error| anyhow!("フォルダー{}を作れません。{}", shown(folder), reason(&error)))?;
    let cannot = |error: io::Error| anyhow!("{}に書き込めません。{}", shown(path), reason(&error));
    let mut file = tempfile::Builder::new()
        .prefix(PREFIX)
        .suffix(".tmp")
        .permissions_like(path)
        .tempfile_in(folder)
        .map_err(cannot)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(cannot)?;
    Ok(file)
}

/// Gives a whole file its name, in place of what bore it before.
///
/// # Errors
/// Says in Japanese which file, what is wrong, and what to do.
pub(super) fn persist(mut file: tempfile::NamedTempFile, path: &Path) -> Result<()> {
    let mut tried = 1;
    loop {
        let error = match file.persist(path) {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        match error.error {
            ref why if !in_use(why) => {
                return Err(anyhow!("{}に書き込めません。{}", shown(path), reason(why)));
            }
            _ if tried == TRIES => {
                return Err(anyhow!(
                    "{}はExcelなどで開いています。閉じてからもう一度実行してください",
                    shown(path)
                ));
            }
            _ => thread::sleep(WAIT),
        }
        file = error.file;
        tried += 1;
    }
}

/// A file's name, without its folder.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The folder in which a file lies.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Exchanges two files in one step; `false` where the system cannot.
#[cfg(target_os = "linux")]
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Exchanges two files in one step; `false` where the system cannot.
#[cfg(not(target_os = "linux"))]
pub(super) fn exchange(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

/// What runs that were stopped left in a folder, by name; whole masters aside, which are
/// the matter of [`swap`](super::swap).
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn left_over(folder: &Path) -> Result<Vec<PathBuf>> {
    let cannot = |error: io::Error| anyhow!("フォルダー{}を開けません。{}", shown(folder), reason(&error));
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ours = [".tmp", ".set"].iter().any(|end| name.ends_with(end));
        if name.starts_with(PREFIX) && is_ours {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// A new file has the old one's permissions, or those of any new file.
trait PermissionsLike {
    fn permissions_like(&mut self, path: &Path) -> &mut Self;
}

impl PermissionsLike for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_like(&mut self, path: &Path) -> &mut Self {
        use std::os::unix::fs::PermissionsExt;
        let permissions =
            fs::metadata(path).map_or_else(|_| fs::Permissions::from_mode(0o644), |data| data.permissions());
        self.permissions(permissions)
    }

    #[cfg(not(unix))]
    fn permissions_like(&mut self, _path: &Path) -> &mut Self {
        self
    }
}

/// The name of a file replaced in its folder survives a power cut only when the
/// folder itself is written. Where a system does not allow it, there is no more to do.
pub(super) fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = fs::File::open(folder)
    {
        let _ = folder.sync_all();
    }
}

/// Whether another program holds the file: Windows says "access denied" or "sharing
/// violation" (32) for a file that is open in Excel.
pub(super) fn in_use(error: &io::Error) -> bool {
    cfg!(windows) && (error.kind() == io::ErrorKind::PermissionDenied || error.raw_os_error() == Some(32))
}

/// Paths as results for programs name them; what is no text in one is shown as `�`,
/// where the library that writes JSON would stop.
pub fn named(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}

/// A path as messages show it.
pub fn shown(path: &Path) -> String {
    format!("「{}」", path.display())
}

/// Why the system refused, in words a clerk can act on.
pub fn reason(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::NotFound => "ファイルまたはフォルダーが見つかりません。場所と名前を確かめてください".to_owned(),
        Kind::PermissionDenied => {
            "アクセスする権限がありません。ほかのプログラムで開いていないか、書き込める場所かを確かめてください".to_owned()
        }
        Kind::StorageFull | Kind::QuotaExceeded => {
            "ディスクの空きがありません。不要なファイルを消してからもう一度実行してください".to_owned()
        }
        Kind::ReadOnlyFilesystem => "読み取り専用の場所です。別の場所を指定してください".to_owned(),
        Kind::IsADirectory => "ファイルではなくフォルダーです".to_owned(),
        Kind::NotADirectory | Kind::AlreadyExists => "同じ名前のファイルがあり、フォルダーを使えません".to_owned(),
        Kind::InvalidInput => "ふつうのファイルではありません".to_owned(),
        Kind::ResourceBusy => "ほかのプログラムが使っています".to_owned(),
        Kind::InvalidFilename => "名前が長すぎるか、使えない文字が入っています".to_owned(),
        _ => format!("読み書きに失敗しました（{error}）"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("新しい/表.csv");
        replace(&path, b"1").unwrap();
        replace(&path, b"2").unwrap();
        assert_eq!(read(&path, 1).unwrap(), b"2");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_there_is_not_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("控え.csv");
        assert!(create(&path, b"1").unwrap());
        assert!(!create(&path, b"2").unwrap());
        assert_eq!(read(&path, 1).unwrap(), b"1");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_in_the_way_is_said_in_japanese() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("表.csv");
        fs::create_dir(&path).unwrap();
        assert!(replace(&path, b"1").unwrap_err().to_string().contains("に書き込めません"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(read(&folder.path().join("無い.csv"), 1).unwrap_err().to_string().contains("見つかりません"));
    }

    #[test]
    fn what_is_too_large_or_no_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("表.csv");
        fs::write(&path, vec![b'1'; 2048]).unwrap();
        assert_eq!(read(&path, 2048).unwrap().len(), 2048);
        assert!(read(&path, 1024).unwrap_err().to_string().ends_with("1kBを超えています"));
        assert!(read(folder.path(), 1024).unwrap_err().to_string().contains("フォルダー"));
        #[cfg(unix)]
        assert!(read(Path::new("/dev/zero"), 1024).unwrap_err().to_string().contains("ふつうのファイル"));
    }
}

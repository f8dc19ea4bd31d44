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

/// Puts `bytes` in the place of the file at `path`: the old file or the new one,
/// never a piece of either, whatever happens in between.
///
/// The folder is made where there is none. A file that another program holds open
/// is tried again for a moment; then the new file is left beside it.
///
/// # Errors
/// Says in Japanese which file, what is wrong, and what to do.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)
        .map_err(|error| anyhow!("フォルダー{}を作れません。{}", shown(folder), reason(&error)))?;
    let cannot = |error: &io::Error| anyhow!("{}に書き込めません。{}", shown(path), reason(error));
    let mut file = tempfile::Builder::new()
        .prefix(".jisseki-")
        .suffix(".tmp")
        .permissions_like(path)
        .tempfile_in(folder)
        .map_err(|error| cannot(&error))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|error| cannot(&error))?;
    for tried in 1..=TRIES {
        match file.persist(path) {
            Ok(_) => {
                sync_folder(folder);
                return Ok(());
            }
            Err(error) if tried < TRIES && in_use(&error.error) => {
                thread::sleep(WAIT);
                file = error.file;
            }
            Err(error) if in_use(&error.error) => return Err(left_beside(path, error)),
            Err(error) => return Err(cannot(&error.error)),
        }
    }
    Err(anyhow!("{}に書き込めません", shown(path)))
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

/// Keeps the new file under another name, so that no work is lost.
fn left_beside(path: &Path, error: tempfile::PersistError) -> anyhow::Error {
    let beside = beside(path);
    let kept = match error.file.persist(&beside) {
        Ok(_) => format!("新しい内容は{}に残しました。", shown(&beside)),
        Err(_) => String::new(),
    };
    anyhow!("{}はExcelなどで開いています。閉じてからもう一度実行してください。{kept}", shown(path))
}

/// `表.xlsx` → `表（新）.xlsx`
fn beside(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    path.with_file_name(format!("{stem}（新）{extension}"))
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
        Kind::InvalidFilename => "名前が長すぎるか、使えない文字が入っています".to_owned(),
        _ => format!("（{error}）"),
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

    #[test]
    fn a_file_kept_beside_has_its_own_name() {
        assert_eq!(beside(Path::new("a/表.xlsx")), Path::new("a/表（新）.xlsx"));
    }
}

//! Reading and writing files so that nothing is ever half-written.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Result, anyhow};
use chrono::NaiveDateTime;
use tempfile::NamedTempFile;

use super::paths::{folder_of, shown, verbatim};
use super::reason::{self, cannot_enter, cannot_make, cannot_open, cannot_write};
use crate::settings;

/// How often a file that is in use is tried again, and how long it waits between:
/// virus scanners let go of a file within a moment, Excel does not.
const TRIES: usize = 5;
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
    bytes(path, most)
        .map_err(|error| cannot_open(path, &error))?
        .ok_or_else(|| anyhow!("{}を開けません。ファイルの大きさが{}を超えています", shown(path), size(most)))
}

/// The same for whoever judges the refusal himself; `None` for a larger file. One that is
/// in use is tried again for a moment.
///
/// # Errors
/// What the system says.
pub(super) fn bytes(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let read = || {
        let data = fs::metadata(path)?;
        if data.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !data.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= most).then_some(bytes))
    };
    patiently(|error| cfg!(windows) && reason::is_in_use(error), read)
}

/// Tries again for a moment what is refused for a reason that may pass.
pub(super) fn patiently<T>(
    may_pass: impl Fn(&io::Error) -> bool,
    mut act: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    for _ in 1..TRIES {
        match act() {
            Err(error) if may_pass(&error) => thread::sleep(WAIT),
            done => return done,
        }
    }
    act()
}

/// Removes what a run that was stopped has left, be it a file or a folder.
pub(super) fn clear(path: &Path) {
    if path.is_dir() {
        remove_folder(path);
    } else {
        let _ = remove(path);
    }
}

/// Renames a file or folder, in place of what bears the name.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    patiently(|error| reason::may_pass(to, error), || fs::rename(from, to))
}

/// Gives a file a name that no other bears.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    // The system is asked directly, past what the standard library does for long paths.
    let (from, to) = (verbatim(from), verbatim(to));
    let rename = || {
        tempfile::TempPath::try_from_path(&from)?.persist_noclobber(&to).map_err(|refused| {
            // Whose file it is, whoever asked for the name says.
            let mut from = refused.path;
            from.disable_cleanup(true);
            refused.error
        })
    };
    patiently(|error| reason::may_pass(&to, error), rename)
}

/// Makes sure that a file could be put aside now, without touching it.
pub(super) fn let_go(place: &Path) -> io::Result<()> {
    patiently(|error| reason::may_pass(place, error), || reason::let_go(place))
}

/// Removes a file.
pub fn remove(path: &Path) -> io::Result<()> {
    patiently(|error| reason::may_pass(path, error), || fs::remove_file(path))
}

/// Removes a folder of this program's own. Should it stay, the next run removes it.
pub fn remove_folder(path: &Path) {
    let _ = patiently(|error| cfg!(windows) && !reason::is_missing(error), || fs::remove_dir_all(path));
}

/// Puts `new` in the place of the file at `place` where that is as it should be; `false`
/// where it is another. On Windows nobody can write to the file while it is compared, nor
/// until it is replaced, where its disk replaces what is open (NTFS of Windows 10 and
/// later). Over a network, on other disks and on other systems, a moment of microseconds
/// lies between the two. Whatever is tried again is compared again: who held the file may
/// have saved it.
pub(super) fn replace_if(
    new: &Path,
    place: &Path,
    is_right: impl Fn(&[u8]) -> bool,
    most: u64,
) -> io::Result<bool> {
    let replace = || {
        let held = hold_still(place)?;
        let mut bytes = Vec::new();
        (&held).take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most || !is_right(&bytes) {
            return Ok(false);
        }
        if cfg!(windows) && fs::rename(new, place).is_ok() {
            return Ok(true);
        }
        drop(held);
        fs::rename(new, place).map(|()| true)
    };
    patiently(|error| reason::may_pass(place, error), replace)
}

/// Opens a file so that nobody else can write to it.
#[cfg(windows)]
fn hold_still(path: &Path) -> io::Result<fs::File> {
    use std::os::windows::fs::OpenOptionsExt;
    const FILE_SHARE_READ: u32 = 1;
    const FILE_SHARE_DELETE: u32 = 4;
    fs::File::options().read(true).share_mode(FILE_SHARE_READ | FILE_SHARE_DELETE).open(path)
}

/// Opens a file; elsewhere others can write to it all the same.
#[cfg(not(windows))]
fn hold_still(path: &Path) -> io::Result<fs::File> {
    fs::File::open(path)
}

/// Where a path really leads. Some drives of Windows (RAM disks) do not tell; then it is
/// taken as it stands.
///
/// # Errors
/// What the system says of a path that leads nowhere.
pub fn real(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(_) if cfg!(windows) && fs::metadata(path).is_ok() => std::path::absolute(path),
        real => real,
    }
}

/// A file's time as a clock here shows it; `None` beyond the calendar, where systems put
/// the times of files that came damaged out of an archive.
pub fn local_time(time: SystemTime) -> Option<NaiveDateTime> {
    let (seconds, nanos) = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => (i64::try_from(after.as_secs()).ok()?, after.subsec_nanos()),
        Err(before) => (i64::try_from(before.duration().as_secs()).ok()?.checked_neg()?, 0),
    };
    let time = chrono::DateTime::from_timestamp(seconds, nanos)?;
    let in_reach = settings::is_date(time.date_naive());
    in_reach.then(|| time.with_timezone(&chrono::Local).naive_local())
}

/// `16MB`
fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 { format!("{}MB", bytes >> 20) } else { format!("{}kB", bytes >> 10) }
}

/// Whether there is such a folder.
///
/// # Errors
/// Says in Japanese why that cannot be told: the network is gone, it may not be seen.
pub fn is_folder(path: &Path) -> Result<bool> {
    match fs::metadata(path) {
        Ok(data) => Ok(data.is_dir()),
        Err(error) if reason::is_missing(&error) => Ok(false),
        Err(error) => Err(cannot_enter(path, &error)),
    }
}

/// Whether there is such a file.
///
/// # Errors
/// Says in Japanese why that cannot be told.
pub fn is_there(path: &Path) -> Result<bool> {
    match fs::metadata(path) {
        Ok(data) => Ok(data.is_file()),
        Err(error) if reason::is_missing(&error) => Ok(false),
        Err(error) => Err(cannot_open(path, &error)),
    }
}

/// Whether there is a file that can be seen.
pub fn exists(path: &Path) -> bool {
    path.is_file()
}

/// How the name of a file or folder begins that this program has not finished yet.
pub(super) const PREFIX: &str = crate::archive::UNFINISHED;

/// When a file was written last, and how long it is: another where it was saved since. `None`
/// where there is none.
pub fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let data = fs::metadata(path).ok()?;
    Some((data.modified().ok()?, data.len()))
}

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
    let mut file = written_beside(path, bytes)?;
    match rename_new(file.path(), path) {
        Ok(()) => {
            file.disable_cleanup(true);
            sync_folder(folder_of(path));
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(cannot_write(path, &error)),
    }
}

/// A whole file on the disk, in the folder in which it is to bear another name, with the
/// rights of the one that bears it now; on Windows with those that its folder gives.
///
/// # Errors
/// Says in Japanese which file or folder cannot be written.
pub(super) fn written_beside(path: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let folder = folder_of(path);
    fs::create_dir_all(folder).map_err(|error| cannot_make(folder, &error))?;
    let cannot = |error: io::Error| cannot_write(path, &error);
    let mut named = tempfile::Builder::new();
    named.prefix(PREFIX).suffix(".tmp");
    // Made as any file is: for Windows it is to stay, though its name is not.
    let mut file = named.make_in(folder, |beside| new_like(path).open(beside)).map_err(cannot)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(cannot)?;
    Ok(file)
}

/// Gives a whole file its name, in place of what bore it before.
///
/// # Errors
/// Says in Japanese which file, what is wrong, and what to do.
pub(super) fn persist(mut file: NamedTempFile, path: &Path) -> Result<()> {
    reason::refuse_read_only(path)?;
    rename(file.path(), path).map_err(|error| cannot_write(path, &error))?;
    file.disable_cleanup(true);
    Ok(())
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
pub fn left_over(folder: &Path) -> Result<Vec<PathBuf>> {
    let cannot = |error: io::Error| cannot_enter(folder, &error);
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

/// How a new file is made: with the old one's permissions, or those of any new file.
fn new_like(path: &Path) -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        options.mode(fs::metadata(path).map_or(0o644, |data| data.permissions().mode()));
    }
    #[cfg(not(unix))]
    let _ = path;
    options
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
    fn a_time_beyond_the_calendar_is_none() {
        let at = |seconds: u64| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        assert!(local_time(at(1_700_000_000).unwrap()).is_some());
        for seconds in [253_402_300_800, 8_210_266_876_799, 67_767_976_233_532_799, i64::MAX as u64] {
            assert_eq!(at(seconds).and_then(local_time), None, "{seconds}");
            let before = SystemTime::UNIX_EPOCH.checked_sub(Duration::from_secs(seconds));
            assert_eq!(before.and_then(local_time), None, "{seconds}");
        }
    }

    /// Who holds a file for a moment may save it meanwhile: then it is another.
    #[cfg(windows)]
    #[test]
    fn what_is_waited_for_is_compared_again() {
        use std::os::windows::fs::OpenOptionsExt;
        const FILE_SHARE_READ: u32 = 1;
        for is_saved in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let (new, place) = (folder.path().join("新.csv"), folder.path().join("表.csv"));
            fs::write(&new, "新").unwrap();
            fs::write(&place, "前").unwrap();
            let held = fs::File::options().read(true).share_mode(FILE_SHARE_READ).open(&place).unwrap();
            let somebody = place.clone();
            let saving = thread::spawn(move || {
                thread::sleep(WAIT / 2);
                drop(held);
                if is_saved {
                    fs::write(somebody, "保存").unwrap();
                }
            });
            let is_replaced = replace_if(&new, &place, |found| found == "前".as_bytes(), 100).unwrap();
            saving.join().unwrap();
            assert_eq!(is_replaced, !is_saved);
            let now = fs::read_to_string(&place).unwrap();
            assert_eq!(now, if is_saved { "保存" } else { "新" });
        }
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

    /// What is longer than the 260 characters of old programs is written like any other.
    #[test]
    fn a_long_path_is_written_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let deep: PathBuf =
            [folder.path().to_path_buf()].into_iter().chain((0..4).map(|_| "深".repeat(70).into())).collect();
        let path = deep.join("表.csv");
        assert!(create(&path, b"1").unwrap());
        assert!(!create(&path, b"2").unwrap());
        replace(&path, b"3").unwrap();
        assert_eq!(read(&path, 1).unwrap(), b"3");
        fs::write(deep.join("新"), "4").unwrap();
        assert!(replace_if(&deep.join("新"), &path, |bytes| bytes == b"3", 10).unwrap());
        assert_eq!(read(&path, 1).unwrap(), b"4");
        assert_eq!(fs::read_dir(&deep).unwrap().count(), 1);
    }

    #[test]
    fn a_read_only_file_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("表.csv");
        fs::write(&path, "1").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        assert!(replace(&path, b"2").unwrap_err().to_string().contains("読み取り専用です"));
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
        assert!(read(Path::new("/dev/zero"), 1024).unwrap_err().to_string().contains("通常のファイル"));
    }
}

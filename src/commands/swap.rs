//! A new master in the place of the one that was read, and of no other.
//!
//! Between the reading and the writing somebody may save the same file in Excel. What is
//! replaced is therefore compared with what was read, at the last moment; where the system
//! can exchange two files in one step, afterwards too, so that there is no moment in
//! between.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};

use super::files::{self, LARGEST_MASTER, PREFIX, reason, shown};
use crate::archive::Hash;

/// How the name of a file ends that holds a whole master: the new one, whose hash stands
/// in the name, until it is exchanged with the old one.
const SWAP: &str = ".swap";

/// The name beside `path` of a new master while it is exchanged.
#[cfg(target_os = "linux")]
fn swap_name(path: &Path, bytes: &[u8]) -> PathBuf {
    path.with_file_name(format!("{PREFIX}{}{SWAP}", Hash::of(bytes)))
}

/// Puts `bytes` in the place of `previous` at `path`: a file of its own, no link.
///
/// # Errors
/// Says in Japanese what is wrong. Where the file is another than `previous`, it stays.
pub fn swap(path: &Path, previous: &[u8], bytes: &[u8]) -> Result<()> {
    let cannot = |error: &io::Error| anyhow!("{}に書き込めません。{}", shown(path), reason(error));
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(PREFIX)
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(|error| cannot(&error))?;
    let mut write = || -> io::Result<()> {
        file.write_all(bytes)?;
        if cfg!(unix) {
            file.as_file().set_permissions(fs::metadata(path)?.permissions())?;
        }
        file.as_file().sync_all()
    };
    write().map_err(|error| cannot(&error))?;
    let changed =
        || anyhow!("{}が、実行している間に書き換えられました。もう一度実行してください", shown(path));
    if files::read(path, LARGEST_MASTER)? != previous {
        return Err(changed());
    }
    if let Some(old) = exchange(path, bytes, &mut file).map_err(|error| cannot(&error))? {
        // Whatever is done to the old file from here on is done to nobody's master.
        if files::read(&old, LARGEST_MASTER).ok().as_deref() != Some(previous) {
            back(path, &old).map_err(|error| cannot(&error))?;
            return Err(changed());
        }
        let _ = fs::remove_file(&old);
    } else {
        files::persist(file, path)?;
    }
    files::sync_folder(folder);
    Ok(())
}

/// Exchanges the file with the one at `path` in one step: the path to what stood there;
/// `None` where that cannot be done.
#[cfg(target_os = "linux")]
fn exchange(path: &Path, bytes: &[u8], file: &mut tempfile::NamedTempFile) -> io::Result<Option<PathBuf>> {
    let beside = swap_name(path, bytes);
    // Under a name of its own: from here on it is whole.
    fs::rename(file.path(), &beside)?;
    match rename_each_other(&beside, path) {
        Ok(()) => {
            file.disable_cleanup(true);
            Ok(Some(beside))
        }
        // Not every file system can.
        Err(_) => fs::rename(&beside, file.path()).map(|()| None),
    }
}

#[cfg(target_os = "linux")]
fn rename_each_other(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(target_os = "linux")]
fn back(path: &Path, old: &Path) -> io::Result<()> {
    rename_each_other(old, path)?;
    fs::remove_file(old)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_path: &Path, _bytes: &[u8], _file: &mut tempfile::NamedTempFile) -> io::Result<Option<PathBuf>> {
    Ok(None)
}

#[cfg(not(target_os = "linux"))]
fn back(_path: &Path, _old: &Path) -> io::Result<()> {
    Ok(())
}

/// Cleans the master's folder of what runs that were stopped left in it. A whole file that
/// is neither the master nor in a backup is somebody's work: it is moved to the backups,
/// and its new place is told. The folder must be taken.
///
/// # Errors
/// A folder that cannot be read.
pub fn tidy(folder: &Path, master: &[u8], backup: &Path) -> Result<Vec<String>> {
    let mut told = Vec::new();
    for path in files::left_over(folder)? {
        let is_whole = path.extension().is_some_and(|end| *end == *SWAP.trim_start_matches('.'));
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // What never came to be exchanged is made again by this run.
        let is_new = |bytes: &[u8]| name.contains(&Hash::of(bytes).to_string());
        let is_known =
            |bytes: &[u8]| bytes == master || is_new(bytes) || backups(backup).any(|kept| kept == bytes);
        match files::read(&path, LARGEST_MASTER) {
            Ok(bytes) if is_whole && !is_known(&bytes) => {
                let name = format!("回収_{}.csv", path.file_stem().unwrap_or_default().to_string_lossy());
                let kept = backup.join(name);
                fs::create_dir_all(backup)
                    .and_then(|()| fs::rename(&path, &kept))
                    .map_err(|error| anyhow!("{}を移せません。{}", shown(&path), reason(&error)))?;
                told.push(format!("途中で止まった前の実行が残した内容を、{}に移しました。", shown(&kept)));
            }
            _ if path.is_dir() => {}
            _ => drop(fs::remove_file(&path)),
        }
    }
    Ok(told)
}

/// The masters that were kept.
fn backups(folder: &Path) -> impl Iterator<Item = Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| files::read(&entry.path(), LARGEST_MASTER).ok())
}

/// Refuses a master that its owner has made read-only.
///
/// # Errors
/// Says so.
pub fn refuse_read_only(path: &Path) -> Result<()> {
    if fs::metadata(path).is_ok_and(|data| data.permissions().readonly()) {
        bail!(
            "マスタ{}は読み取り専用です。書き換えてよければ、読み取り専用を外してからもう一度実行してください",
            shown(path)
        );
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_read_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.csv");
        fs::write(&path, "前").unwrap();
        swap(&path, "前".as_bytes(), "後".as_bytes()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), "後".as_bytes());
        let told = swap(&path, "前".as_bytes(), "別".as_bytes()).unwrap_err().to_string();
        assert!(told.contains("実行している間に書き換えられました"), "{told}");
        assert_eq!(fs::read(&path).unwrap(), "後".as_bytes());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    /// Somebody saves between the last comparison and the exchange.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_was_saved_in_between_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.csv");
        fs::write(&path, "保存").unwrap();
        let mut file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder.path()).unwrap();
        file.write_all("新".as_bytes()).unwrap();
        let old = exchange(&path, "新".as_bytes(), &mut file).unwrap().unwrap();
        assert_eq!(fs::read(&path).unwrap(), "新".as_bytes());
        back(&path, &old).unwrap();
        assert_eq!(fs::read(&path).unwrap(), "保存".as_bytes());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_whole_file_that_nobody_knows_is_moved_to_the_backups() {
        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("backup");
        fs::create_dir(&backup).unwrap();
        for (name, text) in [
            ("backup/master_1.csv", "古"),
            (".jisseki-a.swap", "古"),
            (".jisseki-b.swap", "今"),
            (".jisseki-c.tmp", "半"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        assert_eq!(tidy(folder.path(), "今".as_bytes(), &backup).unwrap(), Vec::<String>::new());
        let hash = Hash::of("新".as_bytes());
        fs::write(folder.path().join(format!(".jisseki-{hash}.swap")), "新").unwrap();
        fs::write(folder.path().join(".jisseki-d.swap"), "保存").unwrap();
        let told = tidy(folder.path(), "今".as_bytes(), &backup).unwrap();
        assert!(told[0].contains("回収_.jisseki-d.csv"), "{told:?}");
        assert_eq!(fs::read(backup.join("回収_.jisseki-d.csv")).unwrap(), "保存".as_bytes());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

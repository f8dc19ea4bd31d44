//! A new master in the place of the one that was read, and of no other.
//!
//! Between the reading and the writing somebody may save the same file in Excel. What is
//! replaced is therefore compared with what was read, at the last moment; where the system
//! can exchange two files in one step (Linux), afterwards too, so that there is no moment in
//! between. On Windows it is held while it is compared and replaced, where its disk can do
//! that; [`files::replace_if`] says where a moment is left.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use super::files::{self, LARGEST_MASTER, PREFIX};
use super::paths::shown;
use super::reason::{self, cannot_enter, cannot_write};
use crate::archive::Hash;

/// How the name of a file ends that holds a whole master: the new one, whose hash stands
/// in the name, until it is exchanged with the old one.
pub(super) const SWAP: &str = ".swap";

/// Puts `bytes` in the place of `previous` at `path`: a file of its own, no link. What
/// stood there becomes the file `kept`, which says the same.
///
/// # Errors
/// Says in Japanese what is wrong. Where the file is another than `previous`, it stays.
pub fn swap(path: &Path, previous: &[u8], bytes: &[u8], kept: &Path) -> Result<()> {
    let cannot = |error: &io::Error| cannot_write(path, error);
    let changed =
        || anyhow!("{}が、実行している間に書き換えられました。もう一度実行してください", shown(path));
    let mut file = files::written_beside(path, bytes)?;
    #[cfg(unix)]
    keep_group(file.as_file(), path);
    match files::bytes(path, LARGEST_MASTER) {
        Ok(Some(found)) if found == previous => {}
        Err(error) if !reason::is_missing(&error) => return Err(cannot(&error)),
        _ => return Err(changed()),
    }
    // Under a name of its own: from here on it is whole.
    let beside = path.with_file_name(format!("{PREFIX}{}{SWAP}", Hash::of(bytes)));
    files::rename(file.path(), &beside).map_err(|error| cannot(&error))?;
    file.disable_cleanup(true);
    drop(file);
    match files::exchange(&beside, path) {
        Ok(true) if is(&beside, previous) => {
            // The file itself: a program that still has it open writes to the backup.
            if fs::rename(&beside, kept).is_err() {
                let _ = files::remove(&beside);
            }
        }
        Ok(true) => {
            back(path, &beside, bytes)
                .map_err(|error| anyhow!("{}（前の内容は{}にあります）", cannot(&error), shown(&beside)))?;
            return Err(changed());
        }
        // Not every system can.
        Ok(false) => match files::replace_if(&beside, path, |found| found == previous, LARGEST_MASTER) {
            Ok(true) => {}
            refused => {
                let _ = files::remove(&beside);
                return Err(match refused {
                    Err(error) if !reason::is_missing(&error) => cannot(&error),
                    _ => changed(),
                });
            }
        },
        Err(error) => {
            let _ = files::remove(&beside);
            // Somebody is saving: programs put the old file aside first.
            return Err(if reason::is_missing(&error) { changed() } else { cannot(&error) });
        }
    }
    files::sync_folder(path.parent().unwrap_or(Path::new(".")));
    Ok(())
}

/// The new file belongs to the group of the old one, which shares the plan. Who may not
/// give it away keeps it.
#[cfg(unix)]
fn keep_group(file: &fs::File, path: &Path) {
    use std::os::unix::fs::{MetadataExt, fchown};
    if let Ok(data) = fs::metadata(path) {
        let _ = fchown(file, None, Some(data.gid()));
    }
}

/// Whether the file holds these bytes.
fn is(path: &Path, bytes: &[u8]) -> bool {
    files::read(path, LARGEST_MASTER).is_ok_and(|found| found == bytes)
}

/// Puts back what was exchanged against `new`. What somebody has saved over that in the
/// meantime stays beside, for the next run to move to the backups.
fn back(path: &Path, old: &Path, new: &[u8]) -> io::Result<()> {
    files::exchange(old, path)?;
    if is(old, new) { fs::remove_file(old) } else { Ok(()) }
}

/// The whole masters that runs which were stopped left in a folder.
///
/// # Errors
/// A folder that cannot be read.
pub fn waiting(folder: &Path) -> Result<Vec<PathBuf>> {
    let cannot = |error: io::Error| cannot_enter(folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(PREFIX) && name.ends_with(SWAP) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Cleans the master's folder of what runs that were stopped left in it. A whole file that
/// is neither the master nor in a backup is somebody's work: it is moved to the backups,
/// and its new place is told. The folder must be taken.
///
/// # Errors
/// A folder that cannot be read, a file that cannot be kept.
pub fn tidy(folder: &Path, master: &[u8], backup: &Path) -> Result<Vec<String>> {
    for path in files::left_over(folder)?.iter().filter(|path| path.is_file()) {
        let _ = files::remove(path);
    }
    let mut told = Vec::new();
    for path in waiting(folder)? {
        let Ok(bytes) = files::read(&path, LARGEST_MASTER) else {
            told.push(format!(
                "途中で止まった前の実行が残した{}を読めません。そのままにします。",
                shown(&path)
            ));
            continue;
        };
        let hash = Hash::of(&bytes).to_string();
        // What never came to be exchanged is made again by this run.
        let is_new = path.file_name().unwrap_or_default().to_string_lossy().contains(&hash);
        if bytes != master && !is_new && !backups(backup).any(|kept| kept == bytes) {
            let kept = backup.join(format!("回収_{}.csv", hash.get(..16).unwrap_or_default()));
            files::create(&kept, &bytes)?;
            told.push(format!("途中で止まった前の実行が残した内容を、{}に移しました。", shown(&kept)));
        }
        let _ = files::remove(&path);
    }
    Ok(told)
}

/// The masters that were kept.
fn backups(folder: &Path) -> impl Iterator<Item = Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| files::read(&entry.path(), LARGEST_MASTER).ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_read_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (path, kept) = (folder.path().join("master.csv"), folder.path().join("kept.csv"));
        fs::write(&path, "前").unwrap();
        fs::write(&kept, "前").unwrap();
        swap(&path, "前".as_bytes(), "後".as_bytes(), &kept).unwrap();
        assert_eq!(fs::read(&path).unwrap(), "後".as_bytes());
        assert_eq!(fs::read(&kept).unwrap(), "前".as_bytes());
        let told = swap(&path, "前".as_bytes(), "別".as_bytes(), &kept).unwrap_err().to_string();
        assert!(told.contains("実行している間に書き換えられました"), "{told}");
        assert_eq!(fs::read(&path).unwrap(), "後".as_bytes());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    /// Somebody saves between the last comparison and the exchange, and perhaps once more.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_was_saved_in_between_is_put_back() {
        for again in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let (path, beside) = (folder.path().join("master.csv"), folder.path().join(".jisseki-x.swap"));
            fs::write(&path, "保存").unwrap();
            fs::write(&beside, "新").unwrap();
            assert!(files::exchange(&beside, &path).unwrap());
            if again {
                fs::write(&path, "再保存").unwrap();
            }
            back(&path, &beside, "新".as_bytes()).unwrap();
            assert_eq!(fs::read(&path).unwrap(), "保存".as_bytes());
            assert_eq!(waiting(folder.path()).unwrap().len(), usize::from(again));
        }
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
        // Two of them, and one that is larger than is read.
        fs::write(folder.path().join(".jisseki-d.swap"), "保存").unwrap();
        fs::write(folder.path().join(".jisseki-e.swap"), "再保存").unwrap();
        let large = vec![b'1'; LARGEST_MASTER as usize + 1];
        fs::write(folder.path().join(".jisseki-f.swap"), &large).unwrap();
        let told = tidy(folder.path(), "今".as_bytes(), &backup).unwrap();
        assert_eq!(told.len(), 3, "{told:?}");
        let kept: Vec<_> = backups(&backup).collect();
        assert!(kept.contains(&"保存".as_bytes().to_vec()) && kept.contains(&"再保存".as_bytes().to_vec()));
        assert_eq!(waiting(folder.path()).unwrap().len(), 1);
    }
}

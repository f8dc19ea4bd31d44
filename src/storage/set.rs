//! Files that belong together: all of a run are put in place, or none.
//!
//! They are written to a folder beside their places first, which takes the time and can
//! fail; renaming them is the matter of an instant. What a run that is stopped within that
//! instant leaves behind is told by the next one.
//!
//! ```text
//! out/.jisseki-x7.tmp/new/…      being written: worth nothing, cleaned by the next run
//! out/.jisseki-x7.set/new/…      not yet in place
//!                    /old/…      what was in place before, to go back to
//!                    /list.txt   all of the set: what each holds, and may replace
//! ```

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};

use super::files::{self, PREFIX, rename};
use super::lock::Locks;
use super::paths::shown;
use super::reason::{self, cannot_finish_in, cannot_make, cannot_open, cannot_write, cannot_write_in};
use crate::archive::{Hash, LATEST, MANIFEST};
use crate::exchange::returned::PROPERTY;
use crate::named_file::NamedFile;
use crate::render::xlsx;

/// How the name of a folder ends whose files are complete.
const COMPLETE: &str = ".set";
const NEW: &str = "new";
const OLD: &str = "old";
const LIST: &str = "list.txt";
/// No file of a set is larger, in bytes.
const LARGEST: u64 = files::LARGEST_PDF;
/// So long is a list at most, in bytes.
const LARGEST_LIST: u64 = 4 << 20;

/// A file of a set.
pub struct Output<'a> {
    /// Its name, without a folder.
    pub name: &'a str,
    /// What it is to hold.
    pub bytes: &'a [u8],
    /// What it may replace.
    pub over: Over,
}

impl Output<'_> {
    /// A line of the list: the hash of what it holds, of what it may replace, its name.
    fn to_line(&self) -> String {
        let over = match self.over {
            Over::Anything => "*".to_owned(),
            Over::Nothing => "-".to_owned(),
            Over::Only(hash) => hash.to_string(),
        };
        format!("{}\t{over}\t{}\n", Hash::of(self.bytes), self.name)
    }
}

/// What a file may replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Whatever file stands there.
    Anything,
    /// Nothing: a file that is there by now is somebody's.
    Nothing,
    /// The file that holds this, and no other.
    Only(Hash),
}

/// Takes the folder `out`, to write the files `wanted` in it, and tidies it.
/// The folder is made where there is none. The hashes of the files that a run that was
/// stopped was about to replace: they were this program's own.
///
/// # Errors
/// Says who has it, where it is taken; a folder that cannot be made or read, or that
/// belongs to an archive.
pub fn take(locks: &mut Locks<'_>, out: &Path, wanted: &[&str]) -> Result<HashSet<String>> {
    refuse_archive(out)?;
    fs::create_dir_all(out).map_err(|error| cannot_make(out, &error))?;
    locks.add(out)?;
    let Tidied { lines, stopped } = tidy(out, wanted)?;
    for line in lines {
        locks.tell(&line);
    }
    Ok(stopped)
}

/// What is archived is never written to, under whatever name it is reached.
///
/// # Errors
/// Says so.
pub fn refuse_archive(out: &Path) -> Result<()> {
    // Of a folder that is yet to be made, the one in which it will be.
    let out = std::path::absolute(out).unwrap_or_else(|_| out.to_path_buf());
    let real = out.ancestors().find_map(|folder| files::real(folder).ok()).unwrap_or_default();
    let is_archive = |folder: &Path| [LATEST, MANIFEST].iter().any(|name| files::exists(&folder.join(name)));
    if real.ancestors().any(is_archive) {
        bail!(
            "{}は保存した版のフォルダーです。保存した版には書き込みません。別のフォルダーを指定してください",
            shown(&out)
        );
    }
    Ok(())
}

/// Writes files in the folder `out` for `command`: all of them, or none. They replace
/// whatever bears their names, but for forms and lists, which somebody may have written in.
/// What is found to be told of a run before goes to `tell`.
///
/// # Errors
/// Says in Japanese who has the folder, or which file cannot be written.
pub fn write(out: &Path, files: &[NamedFile], command: &str, tell: &dyn Fn(&str)) -> Result<()> {
    let mut locks = Locks::new(command, tell);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    take(&mut locks, out, &names)?;
    for path in names.iter().map(|name| out.join(name)) {
        let is_form = |bytes: Vec<u8>| xlsx::property(&bytes, PROPERTY).is_some();
        if files::read(&path, LARGEST).is_ok_and(is_form) {
            bail!("{}は記入票または照会の一覧です。上書きしません。別の名前を指定してください", shown(&path));
        }
    }
    let outputs = files.iter().map(|NamedFile { name, bytes }| Output { name, bytes, over: Over::Anything });
    let outputs: Vec<Output<'_>> = outputs.collect();
    Staged::write(out, &outputs)?.place()
}

/// Files that are written, and not yet in place.
pub struct Staged {
    folder: PathBuf,
    names: Vec<(String, Over)>,
    stage: tempfile::TempDir,
}

impl Staged {
    /// Writes files for `folder` beside their places.
    ///
    /// # Errors
    /// Says in Japanese which file or folder cannot be written.
    pub fn write(folder: &Path, files: &[Output<'_>]) -> Result<Self> {
        let cannot = |error: io::Error| cannot_write_in(folder, &error);
        let stage =
            tempfile::Builder::new().prefix(PREFIX).suffix(".tmp").tempdir_in(folder).map_err(cannot)?;
        for inner in [NEW, OLD] {
            fs::create_dir(stage.path().join(inner)).map_err(cannot)?;
        }
        let names: Vec<(String, Over)> = files.iter().map(|file| (file.name.to_owned(), file.over)).collect();
        let list: String = files.iter().map(Output::to_line).collect();
        let written = files.iter().map(|file| (Path::new(NEW).join(file.name), file.bytes));
        for (name, bytes) in written.chain([(PathBuf::from(LIST), list.as_bytes())]) {
            let place = folder.join(name.file_name().unwrap_or_default());
            write_new(&stage.path().join(&name), bytes, &place)
                .map_err(|error| cannot_write(&place, &error))?;
        }
        files::sync_folder(&stage.path().join(NEW));
        Ok(Self { folder: folder.to_path_buf(), names, stage })
    }

    /// Refuses what could not be put in place now: files that are read-only, or open.
    ///
    /// # Errors
    /// Says in Japanese which file, and why.
    pub fn refuse_held(&self) -> Result<()> {
        self.names.iter().map(|(name, _)| self.folder.join(name)).try_for_each(|place| {
            reason::refuse_read_only(&place)?;
            match fs::symlink_metadata(&place) {
                Ok(data) if data.is_file() => files::let_go(&place).map_err(|error| refused(&place, &error)),
                _ => Ok(()),
            }
        })
    }

    /// Puts all files in place. Where one cannot be, those before it are taken back.
    ///
    /// # Errors
    /// Says in Japanese which file cannot be replaced; then all are as they were.
    pub fn place(self) -> Result<()> {
        let written = self.stage.keep();
        let stage = written.with_extension(COMPLETE.trim_start_matches('.'));
        if let Err(error) = rename(&written, &stage) {
            files::remove_folder(&written);
            return Err(cannot_finish_in(&self.folder, &error));
        }
        let (new, old) = (stage.join(NEW), stage.join(OLD));
        let mut done: Vec<&str> = Vec::new();
        let mut placed = self.names.iter().try_for_each(|(name, _)| {
            let place = self.folder.join(name);
            reason::refuse_read_only(&place)?;
            keep(&place, &old.join(name)).map_err(|error| refused(&place, &error))
        });
        // All are kept before one is replaced, so that a run that is stopped can be told.
        if placed.is_ok() {
            placed = self.names.iter().try_for_each(|(name, over)| {
                let place = self.folder.join(name);
                let put = put(&new.join(name), &place, &old.join(name), *over);
                if !matches!(put, Put::Refused(_)) {
                    done.push(name);
                }
                match put {
                    Put::Done => Ok(()),
                    Put::Refused(error) | Put::Stuck(error) => Err(refused(&place, &error)),
                }
            });
        }
        let is_back = placed.is_ok()
            || done.iter().fold(true, |all, name| {
                // What was not there before goes again.
                let (place, before) = (self.folder.join(name), old.join(name));
                let back = if before.exists() { rename(&before, &place) } else { files::remove(&place) };
                back.is_ok() && all
            });
        files::sync_folder(&self.folder);
        if is_back {
            // Without its list a stage says nothing, should only a part of it go.
            let _ = files::remove(&stage.join(LIST));
            files::remove_folder(&stage);
            let others =
                if self.names.len() > 1 { "。ほかのファイルも元のままです" } else { "" };
            return placed.map_err(|error| anyhow!("{error}{others}"));
        }
        // Whoever has to put it right needs what was there.
        let kept = kept_visibly(&self.folder, &stage);
        placed.map_err(|error| {
            anyhow!(
                "{error}。元に戻せないファイルもありました。前の内容は{}にあります",
                shown(&kept.join(OLD))
            )
        })
    }
}

/// What became of a file that was to be put in place.
enum Put {
    /// It is there.
    Done,
    /// It is not, and what stood there stands there.
    Refused(io::Error),
    /// It is, and what stood there is kept: it could not be put back at once.
    Stuck(io::Error),
}

/// Puts the file `new` at `place`, where it may. What stood there is kept as `old`.
fn put(new: &Path, place: &Path, old: &Path, over: Over) -> Put {
    let changed = || io::Error::from(io::ErrorKind::AlreadyExists);
    let renamed = |done: io::Result<()>| done.map_or_else(Put::Refused, |()| Put::Done);
    let hash = match over {
        Over::Anything => return renamed(rename(new, place)),
        Over::Nothing => return renamed(files::rename_new(new, place)),
        Over::Only(hash) => hash,
    };
    let is_old = |bytes: &[u8]| Hash::of(bytes) == hash;
    match files::exchange(new, place) {
        Err(error) => Put::Refused(error),
        Ok(false) => match files::replace_if(new, place, is_old, LARGEST) {
            Ok(true) => Put::Done,
            Ok(false) => Put::Refused(changed()),
            // Somebody is saving: programs put the old file aside first.
            Err(error) if reason::is_missing(&error) => Put::Refused(changed()),
            Err(error) => Put::Refused(error),
        },
        Ok(true) if files::read(new, LARGEST).is_ok_and(|bytes| is_old(&bytes)) => {
            // It is kept already, under its other name.
            let _ = fs::remove_file(new);
            Put::Done
        }
        Ok(true) => match files::exchange(new, place) {
            Ok(_) => Put::Refused(changed()),
            Err(error) => {
                let _ = rename(new, old);
                Put::Stuck(error)
            }
        },
    }
}

/// A new file beside its place, on the disk, with the rights of the one in its place; on
/// Windows with those that its folder gives.
fn write_new(path: &Path, bytes: &[u8], place: &Path) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    if let Ok(data) = fs::symlink_metadata(place)
        && data.is_file()
        && cfg!(unix)
    {
        let _ = file.set_permissions(data.permissions());
    }
    file.sync_all()
}

/// Keeps the file in place under another name, beside it being in place.
fn keep(place: &Path, old: &Path) -> io::Result<()> {
    match fs::symlink_metadata(place) {
        Err(error) if reason::is_missing(&error) => Ok(()),
        Err(error) => Err(error),
        Ok(data) if data.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(data) if data.is_file() => {
            files::let_go(place)?;
            // Not every file system has links. On Windows and its shares one to a file that
            // somebody has open cannot be removed until he closes it.
            if cfg!(windows) || fs::hard_link(place, old).is_err() {
                files::patiently(|error| reason::may_pass(place, error), || fs::copy(place, old))?;
            }
            Ok(())
        }
        Ok(_) => Err(io::ErrorKind::InvalidInput.into()),
    }
}

fn refused(place: &Path, error: &io::Error) -> anyhow::Error {
    let why = match error.kind() {
        io::ErrorKind::AlreadyExists if !place.is_dir() => {
            "実行している間に、ほかのプログラムが保存しました。もう一度実行してください".to_owned()
        }
        io::ErrorKind::InvalidInput if error.raw_os_error().is_none() => {
            "リンクなど、通常のファイルではないものがあります".to_owned()
        }
        _ => reason::writing(place, error),
    };
    anyhow!("{}に書き込めません。{why}", shown(place))
}

/// What runs that were stopped left half in place.
#[derive(Default)]
struct Tidied {
    /// What to tell of it.
    lines: Vec<String>,
    /// The hashes of what they were about to replace.
    stopped: HashSet<String>,
}

/// Cleans a folder of what runs that were stopped left in it. What they left half in place
/// is told, for `wanted` is the set that is about to be written anew.
///
/// The folder must be taken: what another run is writing looks the same.
///
/// # Errors
/// A folder that cannot be read.
fn tidy(folder: &Path, wanted: &[&str]) -> Result<Tidied> {
    let mut tidied = Tidied::default();
    for path in files::left_over(folder)? {
        if path.extension().is_some_and(|end| *end == *COMPLETE.trim_start_matches('.')) {
            tidy_set(folder, &path, wanted, &mut tidied);
        } else {
            files::clear(&path);
        }
    }
    Ok(tidied)
}

/// The same for one set, which was complete when its run was stopped.
fn tidy_set(folder: &Path, stage: &Path, wanted: &[&str], tidied: &mut Tidied) {
    let list = files::read(&stage.join(LIST), LARGEST_LIST).unwrap_or_default();
    let list = String::from_utf8_lossy(&list).into_owned();
    let hash = |name: &str| {
        let bytes = files::read(&stage.join(NEW).join(name), LARGEST).ok()?;
        Some(Hash::of(&bytes).to_string())
    };
    let (mut open, mut placed, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
    for line in list.lines() {
        let mut parts = line.splitn(3, '\t');
        let (Some(new), Some(over), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        match hash(name) {
            Some(found) if found == new => {
                open.push(name);
                tidied.stopped.insert(over.to_owned());
            }
            // What stood in place, exchanged and not yet judged: somebody's save.
            Some(found) if found != over => foreign.push(name),
            _ => placed.push(name),
        }
    }
    if !open.is_empty() && !placed.is_empty() {
        tidied.lines.push(format!(
            "フォルダー{}への前の書き込みが途中で止まっていました。新しいもの: {}　古いままのもの: {}",
            shown(folder),
            placed.join("、"),
            open.join("、"),
        ));
    }
    if !foreign.is_empty() {
        let kept = kept_visibly(folder, stage).join(NEW);
        let names = foreign.join("、");
        tidied
            .lines
            .push(format!("前の実行が止まる間際に保存された内容を、{}に残しました: {names}", shown(&kept)));
    } else if open.iter().all(|name| wanted.contains(name)) {
        files::remove_folder(stage);
    }
}

/// Gives a stage a name that people see, and no run cleans: what is in it is somebody's.
/// Where it is.
fn kept_visibly(folder: &Path, stage: &Path) -> PathBuf {
    let stem = stage.file_stem().unwrap_or_default().to_string_lossy();
    let visible = folder.join(format!("戻せなかったファイル_{}", stem.trim_start_matches(PREFIX)));
    rename(stage, &visible).map_or_else(|_| stage.to_path_buf(), |()| visible)
}

/// A name in a folder under which nothing stands that is not this program's own: `name`
/// itself, or `名前（2）.xlsx` and so on. `is_own` says whether a file's bytes are; what is
/// larger than `most` bytes, no file or unreadable is somebody else's. The names that are
/// kept are pushed to `kept`. `is_taken` says which names others of this run have. With the
/// name, what a file of that name may replace.
///
/// # Errors
/// Where hundreds of such names are taken, or another program does not let such a file be read.
pub fn free_name(
    folder: &Path,
    name: &str,
    most: u64,
    is_own: impl Fn(&[u8]) -> bool,
    is_taken: impl Fn(&str) -> bool,
    kept: &mut Vec<String>,
) -> Result<(String, Over)> {
    const MOST_NAMES: usize = 500;
    for at in 1..=MOST_NAMES {
        let name = numbered(name, at);
        if is_taken(&name) {
            continue;
        }
        let path = folder.join(&name);
        match fs::symlink_metadata(&path) {
            Err(error) if reason::is_missing(&error) => return Ok((name, Over::Nothing)),
            Ok(data) if data.is_file() => match files::bytes(&path, most) {
                Ok(Some(bytes)) if is_own(&bytes) => return Ok((name, Over::Only(Hash::of(&bytes)))),
                // Whose it is can be told once it is closed.
                Err(error) if reason::is_in_use(&error) => return Err(cannot_open(&path, &error)),
                _ => kept.push(name),
            },
            _ => kept.push(name),
        }
    }
    bail!("フォルダー{}に「{name}」のような名前のファイルが多すぎます", shown(folder))
}

/// `表.xlsx`, `表（2）.xlsx`, …
pub fn numbered(name: &str, at: usize) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    match at {
        1 => name.to_owned(),
        at => format!("{stem}（{at}）.{extension}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn listed(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let mut all: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| {
                let bytes = fs::read(entry.path()).unwrap_or_default();
                (entry.file_name().to_string_lossy().into_owned(), bytes)
            })
            .collect();
        all.sort();
        all
    }

    fn pair(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
        (name.to_owned(), bytes.to_vec())
    }

    fn stage(out: &Path, files: &[(&str, &[u8], Over)]) -> Staged {
        let outputs: Vec<Output<'_>> =
            files.iter().map(|(name, bytes, over)| Output { name, bytes, over: *over }).collect();
        Staged::write(out, &outputs).unwrap()
    }

    /// What is saved after it was judged is not replaced, nor is any other of the set.
    #[test]
    fn what_somebody_saves_meanwhile_is_kept() {
        let only = |text: &str| Over::Only(Hash::of(text.as_bytes()));
        for (name, over, saved) in [("い.xlsx", only("前"), "記入"), ("ろ.xlsx", Over::Nothing, "記入")]
        {
            let out = tempfile::tempdir().unwrap();
            fs::write(out.path().join("い.xlsx"), "前").unwrap();
            fs::write(out.path().join("は.xlsx"), "前").unwrap();
            let staged = stage(out.path(), &[("は.xlsx", b"1", only("前")), (name, b"1", over)]);
            fs::write(out.path().join(name), saved).unwrap();
            let told = staged.place().unwrap_err().to_string();
            assert!(told.contains("ほかのプログラムが保存しました"), "{told}");
            assert_eq!(fs::read(out.path().join(name)).unwrap(), saved.as_bytes());
            assert_eq!(fs::read(out.path().join("は.xlsx")).unwrap(), "前".as_bytes());
            assert!(listed(out.path()).iter().all(|(name, _)| !name.contains("jisseki")));
        }
    }

    #[test]
    fn an_archive_is_not_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let edition = folder.path().join("archive/R4");
        fs::create_dir_all(&edition).unwrap();
        fs::write(edition.join(MANIFEST), "{}").unwrap();
        assert!(refuse_archive(&edition).is_err() && refuse_archive(folder.path()).is_ok());
        fs::write(folder.path().join("archive").join(LATEST), "{}").unwrap();
        assert!(refuse_archive(&folder.path().join("archive")).is_err());
    }

    #[test]
    fn a_set_is_put_in_place_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        fs::create_dir(&out).unwrap();
        for round in [b"1", b"2"] {
            stage(&out, &[("い.xlsx", round, Over::Anything), ("ろ.csv", round, Over::Anything)])
                .place()
                .unwrap();
            assert_eq!(listed(&out), [pair("い.xlsx", round), pair("ろ.csv", round)]);
        }
    }

    #[test]
    fn where_one_cannot_be_placed_all_are_as_they_were() {
        let out = tempfile::tempdir().unwrap();
        fs::write(out.path().join("い.xlsx"), "前").unwrap();
        fs::create_dir(out.path().join("は.csv")).unwrap();
        let files = ["い.xlsx", "ろ.csv", "は.csv"].map(|name| (name, &b"1"[..], Over::Anything));
        let told = stage(out.path(), &files).place().unwrap_err().to_string();
        assert!(told.contains("は.csv") && told.ends_with("ほかのファイルも元のままです"), "{told}");
        assert_eq!(listed(out.path()), [pair("い.xlsx", "前".as_bytes()), pair("は.csv", b"")]);
    }

    #[test]
    fn what_a_stopped_run_left_is_cleaned_or_told() {
        let out = tempfile::tempdir().unwrap();
        fs::write(out.path().join(".jisseki-a.tmp"), "1").unwrap();
        fs::write(out.path().join("い.xlsx"), "新").unwrap();
        let stage = out.path().join(".jisseki-b.set");
        fs::create_dir_all(stage.join(NEW)).unwrap();
        fs::write(stage.join("new/ろ.csv"), "新").unwrap();
        let line = |name| Output { name, bytes: "新".as_bytes(), over: Over::Nothing }.to_line();
        fs::write(stage.join(LIST), line("い.xlsx") + &line("ろ.csv")).unwrap();
        // Another set does not put it right.
        for _ in 0..2 {
            let told = tidy(out.path(), &["は.csv"]).unwrap().lines;
            assert_eq!(told.len(), 1);
            assert!(told[0].ends_with("新しいもの: い.xlsx　古いままのもの: ろ.csv"), "{told:?}");
            assert!(out.path().join(".jisseki-b.set").is_dir());
            assert!(!out.path().join(".jisseki-a.tmp").exists());
        }
        assert_eq!(tidy(out.path(), &["い.xlsx", "ろ.csv"]).unwrap().lines.len(), 1);
        assert_eq!(listed(out.path()).len(), 1);
    }

    /// Stopped between exchanging a file and seeing that somebody has saved it.
    #[test]
    fn what_was_saved_at_the_last_moment_is_kept() {
        let over = Over::Only(Hash::of("前".as_bytes()));
        for (found, is_kept) in [("前", false), ("記入", true)] {
            let out = tempfile::tempdir().unwrap();
            let stage = out.path().join(".jisseki-b.set");
            fs::create_dir_all(stage.join(NEW)).unwrap();
            fs::write(stage.join("new/い.xlsx"), found).unwrap();
            let line = Output { name: "い.xlsx", bytes: "新".as_bytes(), over }.to_line();
            fs::write(stage.join(LIST), line).unwrap();
            let told = tidy(out.path(), &["い.xlsx"]).unwrap().lines;
            assert_eq!(told.len(), usize::from(is_kept), "{told:?}");
            let kept = out.path().join("戻せなかったファイル_b/new/い.xlsx");
            assert_eq!(kept.exists(), is_kept);
            assert!(!stage.exists());
        }
    }

    #[test]
    fn what_is_not_ours_keeps_its_name() {
        let out = tempfile::tempdir().unwrap();
        let name = |kept: &mut Vec<String>| {
            let is_another = |name: &str| name == "表（4）.xlsx";
            free_name(out.path(), "表.xlsx", 10, |bytes| bytes == b"own", is_another, kept).unwrap().0
        };
        let mut kept = Vec::new();
        fs::write(out.path().join("表.xlsx"), "own").unwrap();
        assert_eq!(name(&mut kept), "表.xlsx");
        fs::write(out.path().join("表.xlsx"), "filled in").unwrap();
        fs::create_dir(out.path().join("表（2）.xlsx")).unwrap();
        fs::write(out.path().join("表（3）.xlsx"), "own").unwrap();
        assert_eq!(name(&mut kept), "表（3）.xlsx");
        assert_eq!(kept, ["表.xlsx", "表（2）.xlsx"]);
        // Nor is it the name of another file of the same run.
        fs::write(out.path().join("表（3）.xlsx"), "filled in").unwrap();
        assert_eq!(name(&mut Vec::new()), "表（5）.xlsx");
    }
}

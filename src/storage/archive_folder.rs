//! The archive's folder on disk: read as it is found, written whole or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};

use super::files::{self, rename};
use super::paths::{self, shown};
use super::reason::{self, cannot_enter, cannot_finish, cannot_make, cannot_write};
use crate::archive::{
    self, ByteSource, Content, Entry, Folder, LARGEST_FILE, LARGEST_NOTE, LATEST, Latest, Manifest, Stored,
    UNFINISHED, is_edition_name,
};
use crate::named_file::NamedFile;
use crate::stray::is_stray;

/// The archive's folder beside a plan.
const ARCHIVE: &str = "archive";

/// A bundle bears this in its name.
const BUNDLE: &str = "保存用";

/// No more bundles are looked for beside an archive.
const MOST_BUNDLES: usize = 8;

/// A file on the disk.
#[derive(Debug)]
struct OnDisk(PathBuf);

impl ByteSource for OnDisk {
    fn open(&self) -> Result<Box<dyn Read>, String> {
        let open = || {
            // It may have become another since it was looked at; a pipe has no end.
            match fs::symlink_metadata(&self.0)?.is_file() {
                true => fs::File::open(&self.0),
                false => Err(ErrorKind::InvalidInput.into()),
            }
        };
        open().map(|file| Box::new(file) as Box<dyn Read>).map_err(|error| reason::reading(&self.0, &error))
    }

    fn reason(&self, error: &io::Error) -> String {
        reason::reading(&self.0, error)
    }
}

/// The archive's folder of a plan; a path to the archive itself will do.
pub fn folder(plan: &Path) -> PathBuf {
    if plan.join(LATEST).is_file() { plan.to_path_buf() } else { plan.join(ARCHIVE) }
}

/// What is in the archive. No file of an edition is read before it is asked for. A folder
/// that is not there is an archive without editions.
///
/// # Errors
/// The archive's folder itself, or the note of the newest edition, cannot be opened.
pub fn read(archive: &Path) -> Result<Stored> {
    let mut stored = Stored::default();
    let entries = match fs::read_dir(archive) {
        Ok(entries) => entries,
        Err(error) if reason::is_missing(&error) => return Ok(stored),
        Err(error) => return Err(cannot_enter(archive, &error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| cannot_enter(archive, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().ok();
        let is_folder = kind.is_some_and(|kind| kind.is_dir());
        if name.starts_with(UNFINISHED) {
            stored.unfinished.push(name);
        } else if name == LATEST && !is_folder {
            // A note of three lines; what is larger is none, and reads as broken.
            let is_small = entry.metadata().is_ok_and(|data| data.is_file() && data.len() < LARGEST_NOTE);
            stored.latest =
                Some(if is_small { files::read(&entry.path(), LARGEST_NOTE)? } else { Vec::new() });
        } else if is_folder && is_edition_name(&name) {
            // One that cannot be opened stops none of the others.
            match entries_of(&entry.path()) {
                Ok(entries) => stored.folders.push(Folder { name, entries }),
                Err(error) => stored.closed.push((name, reason::entering(&entry.path(), &error))),
            }
        } else if is_edition_name(&name) && kind.is_some_and(|kind| kind.is_symlink()) {
            stored.links.push(name);
        } else if !is_stray(&name) {
            stored.strangers.push(name);
        }
    }
    // Systems list folders in any order.
    stored.folders.sort_by(|a, b| a.name.cmp(&b.name));
    stored.unfinished.sort();
    stored.strangers.sort();
    stored.links.sort();
    stored.closed.sort();
    Ok(stored)
}

/// The records within bundles that lie beside an archive: in its folder, and in that of
/// its plan. What is no bundle tells nothing.
pub fn witnesses(archive: &Path) -> Vec<(String, Manifest)> {
    let folders = [Some(archive), archive.parent()].into_iter().flatten();
    let entries = folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let named = entries.filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (archive::composed(&name).contains(BUNDLE) && name.to_lowercase().ends_with(".pdf"))
            .then(|| (name, entry.path()))
    });
    let mut named: Vec<(String, PathBuf)> = named.collect();
    named.sort();
    let record = |(name, path): (String, PathBuf)| {
        Some((name, archive::bundled_manifest(&files::read(&path, files::LARGEST_PDF).ok()?)?))
    };
    named.into_iter().take(MOST_BUNDLES).filter_map(record).collect()
}

/// The names of the folders that may be editions, sorted.
///
/// # Errors
/// A folder that cannot be opened.
pub fn edition_names(archive: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(archive) {
        Ok(entries) => entries,
        Err(error) if reason::is_missing(&error) => return Ok(Vec::new()),
        Err(error) => return Err(cannot_enter(archive, &error)),
    };
    let folders =
        entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| is_edition_name(name)).collect();
    names.sort();
    Ok(names)
}

/// The edition in a folder, wherever that lies.
///
/// # Errors
/// A folder that cannot be opened.
pub fn edition(folder: &Path) -> Result<Folder> {
    let entries = entries_of(folder).map_err(|error| cannot_enter(folder, &error))?;
    Ok(Folder { name: paths::name_of(folder), entries })
}

/// What is in a folder.
fn entries_of(folder: &Path) -> io::Result<BTreeMap<String, Entry>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let data = fs::symlink_metadata(&path)?;
        let content = match data.len() {
            _ if data.is_symlink() => Entry::Link,
            _ if !data.is_file() => Entry::NoFile,
            size if size > LARGEST_FILE => Entry::TooLarge(size),
            size => Entry::File(Content::Source(size, Arc::new(OnDisk(path.clone())))),
        };
        found.insert(paths::name_of(&path), content);
    }
    Ok(found)
}

/// Puts a folder with these files in place: all of them, or no folder at all,
/// whatever happens in between. What is there already is never touched.
///
/// # Errors
/// Says in Japanese which file or folder, what is wrong, and what to do.
pub fn write_folder(target: &Path, kept: &[NamedFile]) -> Result<()> {
    let parent = paths::folder_of(target);
    let name = paths::name_of(target);
    fs::create_dir_all(parent).map_err(|error| cannot_make(parent, &error))?;
    refuse_existing(target)?;
    // A run that was stopped may have left the same name behind.
    let names = (0..).map(|n: u32| parent.join(format!("{UNFINISHED}{name}-{}-{n}", std::process::id())));
    let mut names = names.take(100);
    let Some(unfinished) = names.find(|path| fs::symlink_metadata(path).is_err()) else {
        bail!("{}に、途中で止まった保存の残り（{UNFINISHED}…）が多すぎます。削除してください", shown(parent));
    };
    let written = fill(&unfinished, kept).and_then(|()| {
        refuse_existing(target)?;
        // Renaming onto an empty folder is refused on Windows.
        let _ = fs::remove_dir(target);
        rename(&unfinished, target).map_err(|error| cannot_finish(target, &error))
    });
    if let Err(error) = written {
        // Should this fail too, the rest is recognised by its name.
        files::remove_folder(&unfinished);
        return Err(error);
    }
    files::sync_folder(parent);
    Ok(())
}

/// Refuses a place where something is; a folder without anything in it is as good as none.
///
/// # Errors
/// Says so in Japanese.
pub fn refuse_existing(target: &Path) -> Result<()> {
    let is_empty = fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
    match fs::symlink_metadata(target) {
        Ok(_) if !is_empty => {
            bail!("{}はすでにあります。中身のあるフォルダーには書き込みません", shown(target))
        }
        _ => Ok(()),
    }
}

fn fill(folder: &Path, kept: &[NamedFile]) -> Result<()> {
    fs::create_dir(folder).map_err(|error| cannot_make(folder, &error))?;
    for file in kept {
        let path = folder.join(&file.name);
        let write = || -> std::io::Result<()> {
            if let Some(inner) = path.parent() {
                fs::create_dir_all(inner)?;
            }
            let mut open = fs::File::create_new(&path)?;
            open.write_all(&file.bytes)?;
            open.sync_all()
        };
        write().map_err(|error| cannot_write(&path, &error))?;
    }
    files::sync_folder(folder);
    Ok(())
}

/// Cleans the archive of what runs that were stopped left in it. The plan must be taken.
///
/// # Errors
/// A folder that cannot be read.
pub fn tidy(archive: &Path) -> Result<()> {
    if !archive.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(archive).map_err(|error| cannot_enter(archive, &error))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // A whole master is not the archive's to remove.
        if name.starts_with(UNFINISHED) && !name.ends_with(super::swap::SWAP) {
            let path = entry.path();
            files::clear(&path);
        }
    }
    Ok(())
}

/// Notes which edition is the newest.
///
/// # Errors
/// Says in Japanese what is wrong.
pub fn note_latest(archive: &Path, latest: &Latest) -> Result<()> {
    files::replace(&archive.join(LATEST), &latest.to_json())
}

//! A plan's folder: `plan.toml`, `master.csv`, and what they name.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};

use super::choice::{Choice, design, glyphs};
use super::{Failure, Remedy};
use crate::archive::{self, Latest};
use crate::check::{self, Former};
use crate::documents::Design;
use crate::file_name::folded_name;
use crate::finding::Findings;
use crate::master::{self, Master};
use crate::plan::FiscalYear;
use crate::settings::{PlanDocument, Settings};
use crate::storage::lock::Locks;
use crate::storage::reason::cannot_open;
use crate::storage::{archive_folder, files, paths, set, swap};

/// The folder a command works on when none is named: the one it is run in.
pub const DEFAULT_PLAN: &str = ".";

const SETTINGS_FILE: &str = "plan.toml";
const MASTER_FILE: &str = "master.csv";

/// How many plans below a folder that is none are named, and how many folders are looked into
/// for them: it may be the root of a server.
const MOST_NAMED: usize = 5;
const MOST_SEARCHED: usize = 500;

/// A plan's folder.
pub struct PlanFolder {
    path: PathBuf,
}

/// What a plan's folder says.
pub struct Loaded {
    /// `plan.toml`
    pub settings: Settings,
    /// Its bytes.
    pub settings_file: Vec<u8>,
    /// The master; read as far as it can be.
    pub master: Master,
}

/// A plan that was read and checked.
pub struct Examined {
    /// What the plan says.
    pub loaded: Loaded,
    /// The documents that are meant; of those whose template has errors, none.
    pub designs: Vec<Design>,
    /// Everything that is wrong.
    pub findings: Findings,
}

impl Examined {
    /// What documents can be made from, with the warnings.
    ///
    /// # Errors
    /// The errors, where there are any.
    pub fn whole(self) -> super::Result<(Loaded, Vec<Design>, Findings)> {
        let Self { loaded, designs, findings } = self;
        if findings.has_errors() { Err(findings.into()) } else { Ok((loaded, designs, findings)) }
    }
}

impl PlanFolder {
    /// The folder at `path`; a path to the master or to `plan.toml` in it will do.
    ///
    /// # Errors
    /// Where there is no such folder, or no `plan.toml` and `master.csv` in it.
    pub fn open(path: &Path) -> Result<Self> {
        let is_named = Self::is_named(path) && path.is_file();
        let folder = if is_named { paths::folder_of(path) } else { path };
        if files::is_there(folder)? {
            bail!(
                "{}は計画のフォルダーではありません。plan.toml と master.csv のあるフォルダーを指定してください",
                paths::shown(path)
            );
        }
        if !files::is_folder(folder)? {
            bail!("計画のフォルダー{}が見つかりません。場所と名前を確認してください", paths::shown(path));
        }
        for name in [SETTINGS_FILE, MASTER_FILE] {
            if !files::is_there(&folder.join(name))? {
                if let Some(other) = almost(folder, name) {
                    bail!(
                        "フォルダー{}に {name} がありません。「{other}」がそれなら、名前を {name}（小文字）に変えてください",
                        paths::shown(folder)
                    );
                }
                if let Some(kept) = swap::waiting(folder)?.first() {
                    bail!(
                        "フォルダー{}に {name} がありません。途中で止まった実行が残した{}が、その内容かもしれません。確認して、名前を {name} に戻してください",
                        paths::shown(folder),
                        paths::shown(kept)
                    );
                }
                bail!("{}", no_plan(folder, name));
            }
        }
        if is_named {
            one_file(path, folder)?;
        }
        Ok(Self { path: folder.to_path_buf() })
    }

    /// Whether a path names the master or the settings, in whatever case.
    pub fn is_named(path: &Path) -> bool {
        [SETTINGS_FILE, MASTER_FILE].iter().any(|name| folded_name(&paths::name_of(path)) == *name)
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of `plan.toml` and of the master.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub fn sources(&self) -> Result<(Vec<u8>, Vec<u8>)> {
        Ok((
            files::read(&self.settings_path(), files::LARGEST_TOML)?,
            files::read(&self.master_path(), files::LARGEST_MASTER)?,
        ))
    }

    /// Where the template of a document is; `None` for the official one.
    pub fn template_path(&self, settings: &Settings, document: &PlanDocument) -> Option<PathBuf> {
        settings.template_of(document).map(|path| self.path.join(paths::native(path)))
    }

    /// Where the settings are.
    pub fn settings_path(&self) -> PathBuf {
        self.path.join(SETTINGS_FILE)
    }

    /// Where the master is.
    pub fn master_path(&self) -> PathBuf {
        self.path.join(MASTER_FILE)
    }

    /// The master itself, where `master.csv` is a link to it.
    ///
    /// # Errors
    /// A link that leads nowhere.
    pub fn real_master(&self) -> Result<PathBuf> {
        let path = self.master_path();
        files::real(&path).map_err(|error| cannot_open(&path, &error))
    }

    /// Takes the plan, before anything is read: its folder, and the one in which the master
    /// itself lies. What a run that was stopped left of the master is tidied, and told.
    /// Whether there was such a run. `may_lead_out` is as of [`own_folder`](Self::own_folder).
    ///
    /// # Errors
    /// Says who has it, where it is taken.
    pub fn lock(&self, locks: &mut Locks<'_>, may_lead_out: bool) -> Result<bool> {
        // An edition has a master and settings too, and is never changed.
        set::refuse_archive(&self.path)?;
        let real = self.real_master()?;
        let beside = real.parent().unwrap_or(&self.path);
        let stopped = [locks.add(&self.path)?, locks.add(beside)?];
        if !swap::waiting(beside)?.is_empty() {
            self.own_folder(&self.backup(), may_lead_out)?;
        }
        for line in swap::tidy(beside, &self.master_bytes()?, &self.backup())? {
            locks.tell(&line);
        }
        Ok(stopped.contains(&true))
    }

    /// The bytes of the master.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub fn master_bytes(&self) -> Result<Vec<u8>> {
        files::read(&self.real_master()?, files::LARGEST_MASTER)
    }

    /// A folder of the plan that is written to. It may not be a link that leads out of the
    /// plan, unless that was asked for: what is kept there would be kept elsewhere.
    ///
    /// # Errors
    /// Says where it leads.
    pub fn own_folder(&self, folder: &Path, may_lead_out: bool) -> Result<()> {
        let (Ok(inner), Ok(plan)) = (files::real(folder), files::real(&self.path)) else {
            if std::fs::symlink_metadata(folder).is_ok() {
                bail!("{}はリンクですが、その先がありません", paths::shown(folder));
            }
            return Ok(());
        };
        if !may_lead_out && !inner.starts_with(&plan) {
            let (folder, inner) = (paths::shown(folder), paths::shown(&inner));
            let what = format!("{folder}は、計画のフォルダーの外（{inner}）につながるリンクです");
            return Err(Remedy::FollowLinks.of(what));
        }
        Ok(())
    }

    /// Reads settings and master, the latter as far as it can be: the findings may have
    /// errors.
    ///
    /// # Errors
    /// Settings or a master with which nothing can be done; a file that cannot be opened.
    pub fn load(&self) -> super::Result<(Loaded, Findings)> {
        let (settings, settings_file) = self.settings()?;
        let bytes = files::read(&self.master_path(), files::LARGEST_MASTER)?;
        understood(settings, settings_file, &bytes)
    }

    /// What `plan.toml` says, and its bytes.
    ///
    /// # Errors
    /// What is wrong with it; a file that cannot be opened.
    pub(super) fn settings(&self) -> super::Result<(Settings, Vec<u8>)> {
        let file = files::read(&self.settings_path(), files::LARGEST_TOML)?;
        Ok((Settings::read(&file, SETTINGS_FILE)?, file))
    }

    /// The plan as it would be with this master.
    ///
    /// # Errors
    /// As of [`examine`](Self::examine).
    pub(super) fn examine_with(&self, bytes: &[u8]) -> super::Result<Examined> {
        let (settings, settings_file) = self.settings()?;
        let (loaded, findings) = understood(settings, settings_file, bytes)?;
        self.examine_loaded(loaded, findings, &Choice::default())
    }

    /// The same for whoever needs the whole master: with warnings only.
    ///
    /// # Errors
    /// Settings or a master with errors; a file that cannot be opened.
    pub fn load_whole(&self) -> super::Result<(Loaded, Findings)> {
        let (loaded, findings) = self.load()?;
        if findings.has_errors() { Err(findings.into()) } else { Ok((loaded, findings)) }
    }

    /// Reads the plan, and finds everything that can be known to be wrong with it before a
    /// page is set.
    ///
    /// # Errors
    /// As [`load`](Self::load); a document that there is not, a font that cannot be used.
    pub fn examine(&self, choice: &Choice) -> super::Result<Examined> {
        let (loaded, findings) = self.load()?;
        self.examine_loaded(loaded, findings, choice)
    }

    /// The same for a plan that has been read, with what was found then.
    ///
    /// # Errors
    /// A document that there is not, a font that cannot be used.
    fn examine_loaded(
        &self,
        loaded: Loaded,
        mut findings: Findings,
        choice: &Choice,
    ) -> super::Result<Examined> {
        findings.append(check::check(&loaded.master, &loaded.settings));
        findings.append(check::spreadsheet(&loaded.master, &self.former(&loaded.settings)));
        let (designs, faults) = self.designs(choice, &loaded.settings)?;
        findings.append(faults);
        findings.append(glyphs(&loaded.master, &designs)?);
        Ok(Examined { loaded, designs, findings })
    }

    /// What the master was: as a backup has it, and the newest archived edition.
    /// They are only compared with: one that cannot be read is left out.
    pub fn former(&self, settings: &Settings) -> Vec<Former> {
        let master_of = |edition: PathBuf| Some(edition.strip_prefix(&self.path).ok()?.join(archive::MASTER));
        let paths = [self.compared_backup(), self.newest_edition().ok().flatten().and_then(master_of)];
        let read = |path: PathBuf| {
            let bytes = files::read(&self.path.join(&path), files::LARGEST_MASTER).ok()?;
            let plan = master::read(&bytes, MASTER_FILE, settings).0?.plan;
            // As a planner reads it, on every system.
            let parts = path.iter().map(|part| part.to_string_lossy().into_owned());
            Some(Former { name: parts.collect::<Vec<_>>().join("/"), plan })
        };
        paths.into_iter().flatten().filter_map(read).collect()
    }

    /// The folder of the edition that `latest.json` names, or of the one of the latest year.
    ///
    /// # Errors
    /// An archive that cannot be opened.
    pub(super) fn newest_edition(&self) -> Result<Option<PathBuf>> {
        let archive = archive_folder::folder(&self.path);
        let names = archive_folder::edition_names(&archive)?;
        let noted = files::read(&archive.join(archive::LATEST), archive::LARGEST_NOTE).ok();
        let noted = noted.and_then(|bytes| serde_json::from_slice::<Latest>(&bytes).ok());
        let noted = noted.map(|latest| latest.folder).filter(|folder| names.contains(folder));
        let newest = noted.or_else(|| names.into_iter().max_by_key(|name| numbers(name)));
        Ok(newest.map(|name| archive.join(name)))
    }

    /// The folder of the newest edition of a year.
    ///
    /// # Errors
    /// An archive that cannot be opened.
    pub(super) fn newest_edition_of(&self, year: FiscalYear) -> Result<Option<PathBuf>> {
        let archive = archive_folder::folder(&self.path);
        let names = archive_folder::edition_names(&archive)?;
        let of_year = names.into_iter().filter(|name| numbers(name).0 == Some(year));
        Ok(of_year.max_by_key(|name| numbers(name)).map(|name| archive.join(name)))
    }

    /// The documents that are meant, each with its template and the font files it names; what
    /// is wrong with templates.
    ///
    /// # Errors
    /// A document that there is not; a template or font file that cannot be opened.
    pub fn designs(&self, choice: &Choice, settings: &Settings) -> super::Result<(Vec<Design>, Findings)> {
        let (mut designs, mut findings) = (Vec::new(), Findings::new());
        let mut refused: Vec<PathBuf> = Vec::new();
        for document in choice.of(settings)? {
            let path = choice.template.clone().or_else(|| self.template_path(settings, document));
            if path.as_ref().is_some_and(|path| refused.contains(path)) {
                continue;
            }
            match design(document, path.as_deref(), settings) {
                Ok(design) => designs.push(design),
                Err(Failure::Findings(faults)) => {
                    findings.append(faults);
                    refused.extend(path);
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok((designs, findings))
    }

    /// What is drawn beside the documents looks like the first of them.
    ///
    /// # Errors
    /// What is wrong with its template; a template or font file that cannot be opened.
    pub fn main_design(&self, settings: &Settings) -> super::Result<Design> {
        let first = settings.documents.first().ok_or_else(|| anyhow!("plan.toml に文書がありません"))?;
        design(first, self.template_path(settings, first).as_deref(), settings)
    }
}

/// What a plan says, and what is wrong with it.
///
/// # Errors
/// A master with which nothing can be done.
fn understood(settings: Settings, settings_file: Vec<u8>, bytes: &[u8]) -> super::Result<(Loaded, Findings)> {
    match master::read(bytes, MASTER_FILE, &settings) {
        (Some(master), findings) => Ok((Loaded { settings, settings_file, master }, findings)),
        (None, findings) => Err(findings.into()),
    }
}

/// That `name` is not in `folder`, which is no plan's; the plans below it, to be named instead.
fn no_plan(folder: &Path, name: &str) -> String {
    let here = match folder == Path::new(DEFAULT_PLAN) {
        true => "実行したフォルダー".to_owned(),
        false => format!("フォルダー{}", paths::shown(folder)),
    };
    let plans = plans_below(folder);
    let wanted = match plans.as_slice() {
        [] if [SETTINGS_FILE, MASTER_FILE].iter().any(|file| folder.join(file).is_file()) => {
            format!("計画のフォルダーには {SETTINGS_FILE} と {MASTER_FILE} を置きます")
        }
        [] => format!("{SETTINGS_FILE} と {MASTER_FILE} のある、計画のフォルダーを指定してください"),
        plans => {
            let named: String = plans.iter().take(MOST_NAMED).map(|plan| paths::shown(plan)).collect();
            let more = if plans.len() > MOST_NAMED { "など" } else { "" };
            format!("計画のフォルダーを指定してください。この下に{named}{more}があります")
        }
    };
    format!("{here}に {name} がありません。{wanted}")
}

/// The year of an edition and which of that year's it is, by its name.
fn numbers(name: &str) -> (Option<FiscalYear>, Option<u32>) {
    let (year, edition) = name.split_once('-').unwrap_or((name, "1"));
    (FiscalYear::parse(year), edition.parse().ok())
}

/// Whether a folder holds a plan, which the edition of an archive is not.
pub(super) fn is_plan(path: &Path) -> bool {
    let holds = |name: &str| path.join(name).is_file();
    holds(SETTINGS_FILE) && holds(MASTER_FILE) && !holds(archive::MANIFEST)
}

/// The plans in `folder` and in the folders in it, but for the editions of an archive.
pub(super) fn plans_below(folder: &Path) -> Vec<PathBuf> {
    let (mut plans, others): (Vec<_>, Vec<_>) = folders_in(folder).partition(|path| is_plan(path));
    let below = others.iter().flat_map(|other| folders_in(other)).take(MOST_SEARCHED);
    plans.extend(below.filter(|path| is_plan(path)));
    plans.sort();
    plans
}

/// The folders in a folder but for hidden ones, at most as many as are looked into; none where
/// it cannot be read.
fn folders_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    // Links are not followed: they may lead in circles.
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let shown = folders.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    let paths = shown.map(|entry| entry.path());
    // As it is typed: `data/nemuro`, not `./data/nemuro`.
    let paths = paths.map(|path| path.strip_prefix(DEFAULT_PLAN).map(Path::to_path_buf).unwrap_or(path));
    paths.take(MOST_SEARCHED)
}

/// A file in a folder whose name is `name` but for its case, or for another ending that a
/// program of Windows has added and the Explorer does not show.
fn almost(folder: &Path, name: &str) -> Option<String> {
    let names = std::fs::read_dir(folder).ok()?.flatten();
    let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let is_added = |other: &str| [".txt", ".csv"].iter().any(|end| other == format!("{name}{end}"));
    names.find(|other| other != name && (folded_name(other) == name || is_added(&folded_name(other))))
}

/// Makes sure that what was named is what will be read: a system that tells case apart may
/// have another `MASTER.CSV` beside `master.csv`.
fn one_file(named: &Path, folder: &Path) -> Result<()> {
    let name = folded_name(&paths::name_of(named));
    let read = folder.join(&name);
    let real = std::fs::canonicalize;
    match (real(named), real(&read)) {
        (Ok(one), Ok(other)) if one != other => {
            bail!("{}は読みません。計画のフォルダーで読むのは、小文字の {name} です", paths::shown(named))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_found_by_its_files_in_any_case() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| std::fs::write(folder.path().join(name), name).unwrap();
        let open =
            |name: &str| PlanFolder::open(&folder.path().join(name)).map(|plan| plan.path().to_owned());
        let told = |name: &str| open(name).unwrap_err().to_string();
        let tells_case = !cfg!(windows);
        write("plan.toml");
        write("MASTER.CSV");
        assert_eq!(open("plan.toml").is_err(), tells_case);
        if tells_case {
            let rename = "「MASTER.CSV」がそれなら、名前を master.csv（小文字）に変えてください";
            assert!(told("").ends_with(rename) && told("MASTER.CSV").ends_with(rename));
            write("master.csv");
            assert_eq!(open("master.csv").unwrap(), folder.path());
            assert!(told("MASTER.CSV").contains("は読みません"), "{}", told("MASTER.CSV"));
        } else {
            assert_eq!(open("Master.csv").unwrap(), folder.path());
            assert_eq!(open("PLAN.TOML").unwrap(), folder.path());
        }
        assert!(told("other.csv").contains("見つかりません"));
    }
}

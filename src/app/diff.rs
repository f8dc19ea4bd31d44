//! What changed between two plans, and the 正誤表 of it.

use std::path::{Path, PathBuf};

use anyhow::bail;
use chrono::NaiveDate;
use serde::Serialize;

use super::build::edition;
use super::{Choice, Observer, PlanFolder, Result, as_paths, suggested};
use crate::archive::{self, CHECKSUMS, FileRecord, FontShelf, MANIFEST, MASTER, Manifest, Role, SETTINGS};
use crate::diff::errata::DocumentPages;
use crate::diff::{self, Change, Side};
use crate::documents::{self, Design, Errata, Ingredients, SetError, Wanted};
use crate::finding::{Findings, Severity};
use crate::master::{self, Master};
use crate::plan::{FiscalYear, Plan};
use crate::render::Program;
use crate::settings::Settings;
use crate::storage::{archive_folder, files, paths, set};

/// What is to be compared.
#[derive(Debug, Clone)]
pub struct Request {
    /// As it was: a plan's folder, a master, an edition's folder, or a PDF that carries one.
    pub old: PathBuf,
    /// As it is now.
    pub new: PathBuf,
    /// The 正誤表 to be written, as `.pdf` or `.xlsx`; as both without either.
    pub out: Option<PathBuf>,
    /// Actuals are compared up to this year. Where none is named, up to that of an edition,
    /// be it the other side, else all.
    pub year: Option<FiscalYear>,
    /// The date of the 正誤表, in place of the plan's own.
    pub date: Option<NaiveDate>,
    /// The date in the files' properties, where no other is named.
    pub today: NaiveDate,
}

/// What differs.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What changed, in the order of the plans.
    pub changes: Vec<Change>,
    /// The files of the 正誤表.
    #[serde(serialize_with = "as_paths")]
    pub files: Vec<PathBuf>,
}

/// Compares two plans. That they differ is no error.
///
/// # Errors
/// Data that cannot be compared; a file that cannot be opened or written.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    observer.step("比べる2つを読んでいます")?;
    let (old, new) = both(request)?;
    for (side, path) in [(&old, &request.old), (&new, &request.new)] {
        if !side.is_as_recorded {
            let verify = suggested::on_plan("archive verify", path, "");
            observer.notice(&format!(
                "{}のファイルが保存したときのままだと、確認できません。{verify}で調べてください。",
                paths::shown(path)
            ));
        }
    }
    // An edition has actuals up to its year. What is held against it is taken up to there:
    // what was reported since is no correction.
    let year = |one: &Read, other: &Read| request.year.or(one.year()).or(other.year());
    let (before, after) = (old.plan(year(&old, &new)), new.plan(year(&new, &old)));
    let changes = diff::compare(
        Side { plan: &before, settings: &old.settings },
        Side { plan: &after, settings: &new.settings },
    );
    let files = match &request.out {
        Some(out) => write_errata(request, out, &changes, &old, &new, observer)?,
        None => Vec::new(),
    };
    Ok(Report { changes, files })
}

/// One of the two, as it was read.
struct Read {
    settings: Settings,
    master: Master,
    /// The documents that are made of it.
    designs: Vec<Design>,
    /// For an archived edition.
    manifest: Option<Manifest>,
    /// An edition's data are those of its record.
    is_as_recorded: bool,
}

impl Read {
    /// The year of an edition.
    fn year(&self) -> Option<FiscalYear> {
        self.manifest.as_ref().map(Manifest::fiscal_year)
    }

    /// The plan, without the actuals after the year that is compared.
    fn plan(&self, year: Option<FiscalYear>) -> Plan {
        let plan = self.master.plan.clone();
        match year {
            Some(year) => plan.edition(year),
            None => plan,
        }
    }
}

/// Draws and writes the 正誤表.
fn write_errata(
    request: &Request,
    out: &Path,
    changes: &[Change],
    old: &Read,
    new: &Read,
    observer: &dyn Observer,
) -> Result<Vec<PathBuf>> {
    let wanted = wanted(out)?;
    if !(old.is_as_recorded && new.is_as_recorded) {
        let error = "保存した版のファイルが元のままだと確認できないため、正誤表は作りません";
        return Err(anyhow::anyhow!(error).into());
    }
    observer.step("正誤表を作っています")?;
    let date = request.date.or(new.settings.document.date);
    let file_date = date.unwrap_or(request.today);
    let drawn = match &old.manifest {
        Some(manifest) => manifest.request(),
        None => documents::Request {
            year: edition(request.year, &old.master.plan)?,
            date: file_date,
            printed_date: old.settings.document.date,
            draft: old.settings.document.draft,
            edition: None,
            program: Program::this(),
        },
    };
    let pages = pages(old, &drawn).unwrap_or_else(|_| {
        observer.notice("前のものの紙面を組めないため、正誤表にページを書いていません。");
        Vec::new()
    });
    let corrected = old.manifest.as_ref().map(Manifest::issue);
    let errata = Errata { changes, plan: &old.master.plan, pages: &pages, corrected, reason: None };
    let drawn = documents::Request { date: file_date, printed_date: date, program: Program::this(), ..drawn };
    let design = new.designs.first().ok_or_else(|| anyhow::anyhow!("新しい方の計画に文書がありません"))?;
    let mut files = documents::draw_errata(&errata, &new.settings, design, &drawn, wanted)?;
    let paths = files.iter().map(|file| {
        let extension = Path::new(&file.name).extension().unwrap_or_default();
        out.with_extension(extension)
    });
    let paths: Vec<PathBuf> = paths.collect();
    for (file, path) in files.iter_mut().zip(&paths) {
        file.name = paths::name_of(path);
    }
    observer.step("書き込んでいます")?;
    set::write(paths::folder_of(out), &files, "diff", &|line| observer.notice(line))?;
    Ok(paths)
}

/// The pages of the documents of a plan.
fn pages(of: &Read, drawn: &documents::Request) -> std::result::Result<Vec<DocumentPages>, SetError> {
    let is_drawn = |design: &&Design| design.document.is_of(drawn.year);
    let designs: Vec<Design> = of.designs.iter().filter(is_drawn).cloned().collect();
    let from = Ingredients { master: &of.master, settings: &of.settings, designs: &designs };
    Ok(documents::set(&from, drawn)?.pages())
}

/// Which documents are to be written, by the name of the file.
///
/// # Errors
/// A name that is none, or of another format.
fn wanted(out: &Path) -> anyhow::Result<Wanted> {
    if out.file_name().is_none() || out.is_dir() {
        bail!("{}はフォルダーです。正誤表のファイルの名前まで指定してください", paths::shown(out));
    }
    match extension(out).as_deref() {
        Some("pdf") => Ok(Wanted::Pdf),
        Some("xlsx") => Ok(Wanted::Workbook),
        None => Ok(Wanted::All),
        Some(other) => {
            bail!("正誤表は .pdf または .xlsx のファイルに書き出します（「.{other}」は使えません）")
        }
    }
}

/// What a file's name ends in, in lower case.
fn extension(path: &Path) -> Option<String> {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase())
}

/// Both sides. A master that lies alone is read with the settings of the other.
///
/// # Errors
/// A file that cannot be opened; the findings of data that cannot be compared.
fn both(request: &Request) -> Result<(Read, Read)> {
    // A side that cannot be opened at all is told before what is wrong within the other.
    let (old, new) = (Opened::open(&request.old), Opened::open(&request.new));
    let (old, new) = match (old, new) {
        (Err(super::Failure::Findings(_)), Err(new @ super::Failure::Environment { .. })) => return Err(new),
        (old, new) => (old?, new?),
    };
    let other = old.settings.clone().or_else(|| new.settings.clone());
    Ok((old.read(other.as_ref())?, new.read(other.as_ref())?))
}

/// One side before its master is read.
struct Opened {
    settings: Option<Settings>,
    master: Vec<u8>,
    name: String,
    /// None, where the official one will do.
    designs: Vec<Design>,
    manifest: Option<Manifest>,
    is_as_recorded: bool,
}

impl Opened {
    fn open(path: &Path) -> Result<Self> {
        match extension(path).as_deref() {
            Some("pdf") => Self::in_bundle(path),
            Some("csv") if !path.with_file_name(SETTINGS).is_file() => {
                let name = paths::name_of(path);
                let (settings, designs, manifest) = (None, Vec::new(), None);
                let master = files::read(path, files::LARGEST_MASTER)?;
                Ok(Self { settings, master, name, designs, manifest, is_as_recorded: true })
            }
            Some("csv") if path.file_name().is_some_and(|name| name != MASTER) => {
                Self::in_folder(path.parent().unwrap_or(Path::new(".")), Some(path))
            }
            _ => Self::in_folder(path, None),
        }
    }

    /// What an edition was made from, out of the PDF that carries it.
    fn in_bundle(path: &Path) -> Result<Self> {
        let name = paths::name_of(path);
        let mut bundled = archive::bundled_files(&files::read(path, files::LARGEST_PDF)?, &name)?;
        let mut content = |name: &str, most: u64| {
            let Some(at) = bundled.iter().position(|file| file.name == name) else { return Ok(None) };
            let bytes = bundled.swap_remove(at).bytes;
            if bytes.len() as u64 > most {
                bail!("{}の中の「{name}」が大きすぎます", paths::shown(path));
            }
            Ok(Some(bytes))
        };
        let master = content(MASTER, files::LARGEST_MASTER)?;
        let (Some(master), Some(settings)) = (master, content(SETTINGS, files::LARGEST_TOML)?) else {
            return Err(anyhow::anyhow!("{}にマスタが入っていません", paths::shown(path)).into());
        };
        let manifest = content(MANIFEST, archive::LARGEST_TEXT)?;
        // Where there is a record, the files were held against it as they came out.
        let is_as_recorded = manifest.is_some();
        Self::archived(master, &settings, manifest, is_as_recorded, content)
    }

    /// A plan's folder or an edition's; `master` for another master in it.
    fn in_folder(path: &Path, master: Option<&Path>) -> Result<Self> {
        let folder = PlanFolder::open(path)?;
        let (settings, bytes) = folder.sources()?;
        if [MANIFEST, CHECKSUMS].iter().any(|name| files::exists(&folder.path().join(name))) {
            let is_as_recorded = archive::is_as_recorded(archive_folder::edition(folder.path())?);
            let content = |name: &str, most: u64| {
                let path = folder.path().join(name);
                files::exists(&path).then(|| files::read(&path, most)).transpose()
            };
            let manifest = content(MANIFEST, archive::LARGEST_TEXT)?;
            return Self::archived(bytes, &settings, manifest, is_as_recorded, content);
        }
        let settings = Settings::read(&settings, SETTINGS)?;
        let (designs, faults) = folder.designs(&Choice::default(), &settings)?;
        if faults.has_errors() {
            return Err(faults.into());
        }
        let (master, name) = match master {
            Some(path) => (files::read(path, files::LARGEST_MASTER)?, paths::name_of(path)),
            None => (bytes, MASTER.to_owned()),
        };
        let (settings, manifest, is_as_recorded) = (Some(settings), None, true);
        Ok(Self { settings, master, name, designs, manifest, is_as_recorded })
    }

    /// What an edition was made from; `content` gives its other files. A manifest or template
    /// that cannot be read does not keep its data from being compared.
    fn archived(
        master: Vec<u8>,
        settings: &[u8],
        manifest: Option<Vec<u8>>,
        is_as_recorded: bool,
        mut content: impl FnMut(&str, u64) -> anyhow::Result<Option<Vec<u8>>>,
    ) -> Result<Self> {
        let manifest = manifest.and_then(|bytes| Manifest::read(&bytes).ok());
        let settings = Settings::read(settings, SETTINGS)?;
        let fonts = manifest.as_ref().and_then(|manifest| FontShelf::with([]).fonts_of(manifest));
        let mut fonts = fonts.unwrap_or_default().into_iter();
        let mut designs = Vec::new();
        for of in manifest.iter().flat_map(|manifest| &manifest.documents) {
            let fonts = fonts.next().unwrap_or_default();
            let record = manifest.as_ref().and_then(|manifest| manifest.record(Role::Template, Some(of)));
            let document = settings.documents.iter().find(|document| document.name == of.name);
            let (Some(FileRecord { name, .. }), Some(document)) = (record, document) else { continue };
            let file = content(name, files::LARGEST_TOML)?.unwrap_or_default();
            let whole = Design::whole(document.clone(), file, name, fonts);
            designs.push(whole.unwrap_or_else(|_| Design::official(document.clone())));
        }
        let (settings, name) = (Some(settings), MASTER.to_owned());
        Ok(Self { settings, master, name, designs, manifest, is_as_recorded })
    }

    fn read(self, other: Option<&Settings>) -> std::result::Result<Read, Findings> {
        let Self { settings, master, name, mut designs, manifest, is_as_recorded } = self;
        let settings = match settings.or_else(|| other.cloned()) {
            Some(settings) => settings,
            // Two masters alone: nothing is known of their plan but what they say.
            None => Settings::read(ALONE.as_bytes(), SETTINGS)?,
        };
        if designs.is_empty() {
            designs.extend(settings.documents.first().cloned().map(Design::official));
        }
        match master::read(&master, &name, &settings) {
            (Some(master), findings) if !findings.has_errors() => {
                Ok(Read { settings, master, designs, manifest, is_as_recorded })
            }
            (_, findings) => {
                let mut errors = findings;
                errors.retain(|finding| finding.severity() == Severity::Error);
                Err(errors)
            }
        }
    }
}

/// Settings for masters that lie alone.
const ALONE: &str = "[plan]\nid = \"計画\"\ncity = \"\"\noffice = \"\"\nname = \"\"\ntitle = \"実績一覧\"\n";

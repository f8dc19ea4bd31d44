//! Keeping a year's documents: the next edition of the archive.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{anyhow, bail};
use chrono::NaiveDate;
use serde::Serialize;

use crate::app::build::edition;
use crate::app::choice::of_edition;
use crate::app::{Choice, Failure, Loaded, Observer, PlanFolder, Remedy, Result, as_path, suggested};
use crate::archive::{
    self, CorrectedEdition, Edition, FontShelf, Identity, Latest, Listed, Manifest, RecordError, SourceFiles,
    Sources, Stored,
};
use crate::check;
use crate::documents::{self, Design};
use crate::finding::{ArchiveRule, Finding, Findings};
use crate::layout::font::FontFiles;
use crate::layout::template::Template;
use crate::plan::{FiscalYear, japanese_date};
use crate::storage::lock::Locks;
use crate::storage::{archive_folder, paths};

/// What is to be kept.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder.
    pub plan: PathBuf,
    /// A template's file, in place of that of the only document.
    pub template: Option<PathBuf>,
    /// Actuals up to this year; the latest with one where none is named.
    pub year: Option<FiscalYear>,
    /// The documents' date, in place of the plan's own.
    pub date: Option<NaiveDate>,
    /// The date in the files' properties, where no other is named.
    pub today: NaiveDate,
    /// Why an edition that was kept is corrected.
    pub revise: Option<String>,
    /// Makes the one PDF that carries all other files.
    pub bundle: bool,
    /// The archive may lie outside of the plan's folder.
    pub follow_links: bool,
}

/// What was kept.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The edition's folder.
    #[serde(serialize_with = "as_path")]
    pub folder: PathBuf,
    /// Its record.
    pub edition: Manifest,
    /// The fingerprint of the record, which stands for all editions up to this one.
    pub sha256: String,
    /// What is worth knowing of the data and the archive.
    pub findings: Findings,
    /// The names of its files.
    #[serde(skip)]
    pub files: Vec<String>,
    /// How long it took, in seconds.
    #[serde(skip)]
    pub seconds: f64,
}

/// Makes an edition and puts it in place: whole, or not at all.
///
/// # Errors
/// A master with errors; an archive that has to be mended first; an edition that is there
/// already, or none to correct; a file that cannot be opened or written.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    let began = Instant::now();
    observer.step("マスタを読んでいます")?;
    let folder = PlanFolder::open(&request.plan)?;
    let tell = |line: &str| observer.notice(line);
    // Until the edition is in place: what is checked, archived and chained is one state.
    let mut locks = Locks::new("archive", &tell);
    let root = take(&folder, request, &mut locks)?;
    let choice = Choice { documents: Vec::new(), template: request.template.clone() };
    let (loaded, designs, mut findings) = folder.examine(&choice)?.whole()?;
    let year = edition(request.year, &loaded.master.plan)?;
    let designs = of_edition(designs, year, &choice)?;
    findings.append(check::edition(&loaded.master, year));

    observer.step("保存した版を確認しています")?;
    archive_folder::tidy(&root)?;
    let mut stored = archive_folder::read(&root)?;
    stored.witnesses = archive_folder::witnesses(&root);
    let (listed, faults) = chain(&stored, &root, observer)?;
    observer.step("版を作っています")?;
    let corrected = listed.iter().rfind(|one| one.manifest.fiscal_year() == year);
    let identity = Identity {
        edition: corrected.map_or(1, |one| one.manifest.edition.saturating_add(1)),
        sequence: listed.last().map_or(1, |one| one.manifest.sequence.saturating_add(1)),
        reason: reason(request.revise.as_deref(), year, corrected.map(|one| &one.manifest))?,
        previous: listed.last().map(|one| one.manifest.link()),
        bundle: request.bundle,
    };
    let corrected = corrected.map(|one| Corrected::find(one, &designs, request)).transpose()?;
    let wanted = documents::Request::new(&loaded.settings, year, request.date, request.today);
    let edition = make(loaded, designs, corrected, &wanted, &identity).map_err(|error| match error {
        RecordError::Data(faults) => Failure::from(faults).after(&findings),
        RecordError::Set(error) => Failure::from(error).after(&findings),
        RecordError::Draw(error) => error.into(),
    })?;

    observer.step("書き込んでいます")?;
    let folder = keep(&edition, &root, &stored)?;
    let latest = latest(&edition.manifest);
    if let Err(error) = archive_folder::note_latest(&root, &latest) {
        // The edition is safe: what is missing is mended by the next run.
        observer.notice(&format!("版は保存しましたが、最後の版の控えは次の実行で書き直します。{error}"));
    }
    findings.append(faults);
    Ok(Report {
        folder,
        files: edition.files.into_iter().map(|file| file.name).collect(),
        edition: edition.manifest,
        sha256: latest.sha256,
        findings,
        seconds: began.elapsed().as_secs_f64(),
    })
}

/// Takes the plan and its archive. The archive's folder.
fn take(folder: &PlanFolder, request: &Request, locks: &mut Locks<'_>) -> anyhow::Result<PathBuf> {
    folder.lock(locks, request.follow_links)?;
    let root = archive_folder::folder(folder.path());
    folder.own_folder(&root, request.follow_links)?;
    if root.is_dir() {
        // Two plans may lead to one archive.
        locks.add(&root)?;
    }
    Ok(root)
}

/// The editions there are, and what is off with their chain short of an error. A note of
/// the newest that is missing is written, and told.
///
/// # Errors
/// What must be mended before another edition is added.
fn chain<'a>(
    stored: &'a Stored,
    root: &Path,
    observer: &dyn Observer,
) -> Result<(Vec<Listed<'a>>, Findings)> {
    let (listed, mut faults) = archive::read_chain(stored);
    if faults.has_errors() {
        let root = paths::shown(root);
        let error = anyhow!("保存先{root}に問題があるため、版を加えません。上の問題を先に直してください");
        return Err(Failure::Environment { error, findings: faults });
    }
    let is_unnoted = |fault: &Finding| fault.kind == ArchiveRule::NewestNotNoted.into();
    if let Some(last) = listed.last().filter(|_| faults.iter().any(is_unnoted)) {
        // The run before was stopped between the edition and the note of it.
        archive_folder::note_latest(root, &latest(&last.manifest))?;
        observer.notice(&format!("最後の版の控え（{}）を書き直しました。", archive::LATEST));
    }
    faults.retain(|fault| !is_unnoted(fault));
    Ok((listed, faults))
}

/// The edition that is corrected, and what it was made from.
struct Corrected<'a> {
    manifest: &'a Manifest,
    files: SourceFiles,
    fonts: Vec<FontFiles>,
}

impl<'a> Corrected<'a> {
    /// `designs` are those of the plan as it is now, for their fonts.
    ///
    /// # Errors
    /// Says in Japanese what of it is not there as it was.
    fn find(one: &'a Listed<'_>, designs: &[Design], request: &Request) -> anyhow::Result<Self> {
        let (manifest, folder) = (&one.manifest, &one.folder.name);
        let Some(fonts) = FontShelf::with(designs.iter().map(|design| &design.fonts)).fonts_of(manifest)
        else {
            bail!("訂正する版「{folder}」で使った書体のファイルがありません");
        };
        if let Some(files) = SourceFiles::of(one) {
            return Ok(Self { manifest, files, fonts });
        }
        match archive::unreadable_source(one) {
            Some((name, why)) => bail!("訂正する版「{folder}」の「{name}」を開けません。{why}"),
            None => bail!(
                "訂正する版「{folder}」のファイルが元のままではありません。{}で確認してください",
                suggested::on_plan("archive verify", &request.plan, "")
            ),
        }
    }
}

/// Makes the edition: what was checked is what is archived, whoever saves any of it meanwhile.
fn make(
    loaded: Loaded,
    designs: Vec<Design>,
    corrected: Option<Corrected<'_>>,
    wanted: &documents::Request,
    identity: &Identity,
) -> std::result::Result<Edition, RecordError> {
    // The archived text is another than the city's own file: it counts as it will be read.
    let whole = designs.into_iter().map(|Design { document, fonts, file, name, .. }| {
        let text = Template::whole_text(&file, &name)?;
        Design::whole(document, text.into_bytes(), archive::TEMPLATE, fonts)
    });
    let designs = whole.collect::<std::result::Result<_, Findings>>()?;
    let Loaded { settings, settings_file, master } = loaded;
    let sources = Sources { master, settings, settings_file, designs };
    let old = match corrected {
        Some(Corrected { manifest, files, fonts }) => {
            Some(CorrectedEdition { manifest, sources: files.read(fonts)? })
        }
        None => None,
    };
    archive::record(&sources, wanted, identity, old.as_ref())
}

/// Puts the edition in place. Its folder.
fn keep(edition: &Edition, root: &Path, stored: &Stored) -> anyhow::Result<PathBuf> {
    // What would be refused when it is verified is not archived.
    Manifest::read(&edition.manifest.to_json())
        .map_err(|error| anyhow!("この内容の版は、後から確認できないため保存しません。記録の{error}"))?;
    // Somebody else at the same share may have been quicker: the chain has one next link.
    let now = archive_folder::edition_names(root)?;
    if !now.iter().eq(stored.folders.iter().map(|folder| &folder.name)) {
        bail!("保存の途中で、ほかの人が版を加えました。もう一度実行してください");
    }
    let folder = root.join(edition.manifest.folder());
    archive_folder::write_folder(&folder, &edition.files)?;
    Ok(folder)
}

/// The note of the newest edition.
fn latest(manifest: &Manifest) -> Latest {
    let link = manifest.link();
    Latest { folder: link.folder, sequence: manifest.sequence, sha256: link.sha256 }
}

/// Why the edition is made: asked for where it corrects one, and only there.
fn reason(revise: Option<&str>, year: FiscalYear, corrected: Option<&Manifest>) -> anyhow::Result<String> {
    match (revise.map(str::trim), corrected) {
        (None, None) => Ok(String::new()),
        (None, Some(old)) => Err(Remedy::Revise.of(format!(
            "{}はすでに保存されています（第{}版、{}）。保存した版は書き換えません",
            year.long(),
            old.edition,
            japanese_date(old.date)
        ))),
        (Some(_), None) => Err(Remedy::DoNotRevise.of(format!("{}はまだ保存されていません", year.long()))),
        (Some(""), Some(_)) => Err(Remedy::Reason.of("訂正の理由が空です".to_owned())),
        (Some(reason), Some(_)) => Ok(reason.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()),
    }
}

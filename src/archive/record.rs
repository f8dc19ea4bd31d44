//! Making an edition: from what the documents are made from to every file of the folder.
//!
//! `archive` writes what comes out; `archive verify` makes it again from the archived
//! files and compares. Both start from [`Sources`], so nothing that is not archived can
//! find its way into an edition.

use crate::archive::fonts::font_records;
use crate::archive::hash::checksum_line;
use crate::archive::manifest::{
    DocumentRecord, FileRecord, Link, Manifest, Options, PlanRecord, Role, SCHEMA,
};
use crate::archive::sources::template_name;
use crate::archive::{CHECKSUMS, Hash, MANIFEST, MASTER, SETTINGS, Sources};
use crate::diff::{self, Side};
use crate::documents::{
    self, DocumentFile, DrawError, Errata, LaidOut, Request, Set, SetError, Wanted, draw_errata, file_name,
};
use crate::file_name::BUNDLE;
use crate::finding::Findings;
use crate::named_file::{MediaType, NamedFile};
use crate::plan::Plan;
use crate::render::pdf::{self, Attachment, Relationship};

/// Which edition it is.
#[derive(Debug, Clone)]
pub struct Identity {
    /// 1, 2, …
    pub edition: u32,
    /// The place in the chain.
    pub sequence: u32,
    /// Why it is made; empty for edition 1.
    pub reason: String,
    /// The edition made before it.
    pub previous: Option<Link>,
    /// Whether a bundle is made.
    pub bundle: bool,
}

impl Identity {
    /// Which edition it is, where it corrects an earlier one.
    fn correcting(&self) -> Option<u32> {
        Some(self.edition).filter(|edition| *edition > 1)
    }
}

/// The edition that is corrected.
#[derive(Debug, Clone)]
pub struct CorrectedEdition<'a> {
    /// Its record.
    pub manifest: &'a Manifest,
    /// What it was made from.
    pub sources: Sources,
}

/// An edition, ready to be written.
#[derive(Debug, Clone)]
pub struct Edition {
    /// Its record.
    pub manifest: Manifest,
    /// Every file, the manifest and the checksums among them.
    pub files: Vec<NamedFile>,
}

/// Why no edition can be made.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// What it is made from has errors.
    #[error("データに誤りがあります")]
    Data(Findings),
    /// Its documents cannot be laid out.
    #[error(transparent)]
    Set(#[from] SetError),
    /// A document cannot be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
}

impl From<Findings> for RecordError {
    fn from(findings: Findings) -> Self {
        Self::Data(findings)
    }
}

/// A file that the manifest vouches for, and what it is in the edition.
struct RecordedFile {
    file: NamedFile,
    role: Role,
    /// The document it belongs to, where it does not belong to all.
    document: Option<String>,
}

impl RecordedFile {
    /// A file of all documents.
    fn new(name: impl Into<String>, role: Role, bytes: impl Into<Vec<u8>>) -> Self {
        Self { file: NamedFile::new(name, bytes), role, document: None }
    }

    fn record(&self) -> FileRecord {
        FileRecord {
            name: self.file.name.clone(),
            role: self.role,
            document: self.document.clone(),
            media_type: self.file.media_type().to_owned(),
            size: self.file.bytes.len(),
            sha256: Hash::of(&self.file.bytes).to_string(),
        }
    }
}

/// Makes an edition. `old` is the edition that it corrects, for edition 2 and later.
///
/// # Errors
/// [`RecordError`] where a document cannot be laid out or drawn.
pub fn record(
    sources: &Sources,
    request: &Request,
    identity: &Identity,
    old: Option<&CorrectedEdition<'_>>,
) -> Result<Edition, RecordError> {
    let settings = &sources.settings;
    // The pages say which edition they are of.
    let request = &Request { edition: identity.correcting(), ..request.clone() };
    let set = documents::set(&sources.ingredients(), request)?;
    let recorded = recorded_files(sources, &set, request, identity, old)?;
    let bundle = identity.bundle.then(|| file_name(settings, BUNDLE, request.year, MediaType::Pdf));
    let (filled, empty) = filled_and_empty(&set.plan, request);
    let manifest = Manifest {
        schema: SCHEMA,
        plan: PlanRecord {
            id: settings.plan.id.clone(),
            name: settings.plan.name.clone(),
            city: settings.plan.city.clone(),
            city_code: settings.plan.city_code.clone(),
        },
        year: request.year.to_string(),
        edition: identity.edition,
        sequence: identity.sequence,
        reason: identity.reason.clone(),
        date: request.date,
        documents: set.documents.iter().map(document_record).collect(),
        projects: set.plan.projects().count(),
        indicators: set.plan.indicators().len(),
        filled,
        empty,
        program: request.program.clone(),
        options: Options { draft: request.draft, printed_date: request.printed_date },
        files: recorded.iter().map(RecordedFile::record).collect(),
        bundle: bundle.clone(),
        previous: identity.previous.clone(),
        revises: old.map(|old| old.manifest.link()),
    };
    let record = NamedFile::new(MANIFEST, manifest.to_json());
    let bundle = match bundle.zip(set.documents.first()) {
        Some((name, first)) => {
            let attachments = attachments(&recorded, &record, request);
            let bytes = pdf::bundle(&first.document, &first.fonts, &first.meta, &attachments);
            Some(NamedFile { name, bytes: bytes.map_err(DrawError::from)? })
        }
        None => None,
    };
    let mut files: Vec<NamedFile> = recorded.into_iter().map(|one| one.file).collect();
    files.extend(bundle);
    files.push(record);
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let checksums = files.iter().map(|file| checksum_line(&Hash::of(&file.bytes).to_string(), &file.name));
    files.push(NamedFile::new(CHECKSUMS, checksums.collect::<String>()));
    Ok(Edition { manifest, files })
}

/// What the manifest says of a document.
fn document_record(made: &LaidOut<'_>) -> DocumentRecord {
    DocumentRecord {
        name: made.name().to_owned(),
        pages: made.document.page_count(),
        fonts: font_records(&made.design.fonts),
    }
}

/// All that the manifest vouches for, by name: the sources, the documents, the 正誤表.
fn recorded_files(
    sources: &Sources,
    set: &Set<'_>,
    request: &Request,
    identity: &Identity,
    old: Option<&CorrectedEdition<'_>>,
) -> Result<Vec<RecordedFile>, RecordError> {
    let mut recorded = vec![
        RecordedFile::new(MASTER, Role::Master, sources.master.source.bytes()),
        RecordedFile::new(SETTINGS, Role::Settings, sources.settings_file.as_slice()),
    ];
    for made in &set.documents {
        let name = template_name(made.name(), set.documents.len());
        let file = NamedFile::new(name, made.design.file.as_slice());
        recorded.push(RecordedFile { file, role: Role::Template, document: Some(made.name().to_owned()) });
    }
    let settings = &sources.settings;
    for DocumentFile { file, document } in documents::draw(set, settings, request.year, Wanted::All)? {
        let role = match MediaType::of(&file.name) {
            Some(MediaType::Pdf) => Role::Document,
            Some(MediaType::Workbook) => Role::Workbook,
            _ => Role::Data,
        };
        let document = document.map(|made| made.name().to_owned());
        recorded.push(RecordedFile { file, role, document });
    }
    if let Some(old) = old {
        recorded.extend(correct(old, sources, &set.plan, request, &identity.reason)?);
    }
    recorded.sort_by(|a, b| a.file.name.cmp(&b.file.name));
    Ok(recorded)
}

/// The 正誤表 of what this edition corrects.
fn correct(
    old: &CorrectedEdition<'_>,
    new: &Sources,
    plan: &Plan,
    request: &Request,
    reason: &str,
) -> Result<Vec<RecordedFile>, RecordError> {
    // An edition has at least one document: its 正誤表 looks like the first.
    let Some(design) = new.designs.first() else { return Ok(Vec::new()) };
    let was = documents::set(&old.sources.ingredients(), &old.manifest.request())?;
    let changes = diff::compare(
        Side { plan: &was.plan, settings: &old.sources.settings },
        Side { plan, settings: &new.settings },
    );
    let errata = Errata {
        changes: &changes,
        plan: &was.plan,
        pages: &was.pages(),
        corrected: Some(old.manifest.issue()),
        reason: Some(reason),
    };
    let files = draw_errata(&errata, &new.settings, design, request, Wanted::All)?.into_iter();
    Ok(files
        .zip([Role::Errata, Role::ErrataWorkbook])
        .map(|(file, role)| RecordedFile { file, role, document: None })
        .collect())
}

/// How many actuals up to the year are reported and how many are not.
fn filled_and_empty(plan: &Plan, request: &Request) -> (usize, usize) {
    let mut counts = (0, 0);
    for (_, indicator) in plan.indicators() {
        for (year, actual) in plan.years.iter().zip(&indicator.actuals) {
            match actual.is_reported() {
                true => counts.0 += 1,
                false if *year <= request.year => counts.1 += 1,
                false => {}
            }
        }
    }
    counts
}

/// Everything of the edition, as the bundle carries it.
fn attachments<'a>(
    recorded: &'a [RecordedFile],
    manifest: &'a NamedFile,
    request: &Request,
) -> Vec<Attachment<'a>> {
    let attachment = |file, description: String, relationship| Attachment {
        file,
        description,
        relationship,
        date: request.date,
    };
    let recorded = recorded.iter().map(|RecordedFile { file, role, document }| {
        let document = document.as_deref().unwrap_or_default();
        let (description, relationship) = match role {
            Role::Document => (format!("{document}（PDF/A-2a）"), Relationship::Alternative),
            Role::Workbook => (format!("{document}（Excelブック）"), Relationship::Alternative),
            Role::Data => ("実績のデータ（CSV）".to_owned(), Relationship::Data),
            Role::Errata => ("正誤表（PDF）".to_owned(), Relationship::Supplement),
            Role::ErrataWorkbook => ("正誤表（Excelブック）".to_owned(), Relationship::Supplement),
            Role::Master => ("マスタ（CSV）".to_owned(), Relationship::Source),
            Role::Settings => ("計画の設定".to_owned(), Relationship::Source),
            Role::Template => ("様式（テンプレート）".to_owned(), Relationship::Source),
        };
        attachment(file, description, relationship)
    });
    recorded.chain([attachment(manifest, "保存の記録".to_owned(), Relationship::Supplement)]).collect()
}

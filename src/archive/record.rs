//! Making an edition: from what the documents are made from to every file of the folder.
//!
//! `archive` writes what comes out; `archive verify` makes it again from the archived
//! files and compares. Both start from bytes, so nothing that is not archived can
//! find its way into an edition.

use crate::archive::manifest::{FileRecord, FontRecord, Link, Manifest, Options, PlanRecord, Role, SCHEMA};
use crate::archive::{CHECKSUMS, Hash, Kept, MANIFEST, MASTER, SETTINGS, TEMPLATE};
use crate::diff::{self, Side, errata};
use crate::documents::{self, DrawError, Ingredients, Request, Title, Wanted, file_name};
use crate::finding::Findings;
use crate::layout::PageIndex;
use crate::layout::font::{FontError, FontFiles, Fonts};
use crate::layout::template::Template;
use crate::master::{self, Master};
use crate::plan::{Plan, japanese_date};
use crate::render::pdf::{self, Attachment, Relationship};
use crate::render::{MediaType, xlsx};
use crate::settings::Settings;

/// What an edition is made from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// `master.csv`
    pub master: &'a [u8],
    /// `plan.toml`
    pub settings: &'a [u8],
    /// The whole template; see [`Template::whole_text`].
    pub template: &'a str,
    /// The fonts that the template names.
    pub fonts: &'a FontFiles,
}

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

/// The edition that is corrected.
#[derive(Debug, Clone, Copy)]
pub struct Old<'a> {
    /// Its record.
    pub manifest: &'a Manifest,
    /// What it was made from.
    pub sources: Sources<'a>,
}

/// An edition, ready to be written.
#[derive(Debug, Clone)]
pub struct Edition {
    /// Its record.
    pub manifest: Manifest,
    /// Every file, the manifest and the checksums among them.
    pub files: Vec<Kept>,
}

/// Why no edition can be made.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The data has errors.
    #[error("データに誤りがあります")]
    Data(Findings),
    /// A font file cannot be used.
    #[error(transparent)]
    Font(#[from] FontError),
    /// A document cannot be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
}

impl From<Findings> for RecordError {
    fn from(findings: Findings) -> Self {
        Self::Data(findings)
    }
}

/// Sources that have been read.
struct Understood {
    settings: Settings,
    master: Master,
    template: Template,
}

impl Understood {
    fn read(sources: &Sources<'_>) -> Result<Self, Findings> {
        let settings = Settings::read(sources.settings, SETTINGS)?;
        let (master, findings) = master::read(sources.master, MASTER, &settings);
        let master = match master {
            Some(master) if !findings.has_errors() => master,
            _ => return Err(findings),
        };
        let template = Template::whole(sources.template.as_bytes(), TEMPLATE)?;
        Ok(Self { settings, master, template })
    }
}

/// A file of the edition with what the manifest and the bundle say of it.
struct Part {
    kept: Kept,
    role: Role,
    media_type: MediaType,
}

impl Part {
    fn new(name: impl Into<String>, role: Role, media_type: MediaType, bytes: impl Into<Vec<u8>>) -> Self {
        Self { kept: Kept { name: name.into(), bytes: bytes.into() }, role, media_type }
    }

    fn record(&self) -> FileRecord {
        FileRecord {
            name: self.kept.name.clone(),
            role: self.role,
            media_type: self.media_type.name().to_owned(),
            size: self.kept.bytes.len(),
            sha256: Hash::of(&self.kept.bytes).to_string(),
        }
    }
}

/// Makes an edition. `old` is the edition that it corrects, for edition 2 and later.
///
/// # Errors
/// [`RecordError`] where the sources have errors or a document cannot be drawn.
pub fn record(
    sources: &Sources<'_>,
    request: &Request,
    identity: &Identity,
    old: Option<&Old<'_>>,
) -> Result<Edition, RecordError> {
    let read = Understood::read(sources)?;
    let fonts = Fonts::parse(sources.fonts)?;
    let Understood { settings, master, template } = &read;
    let from = Ingredients { master, settings, template, fonts: &fonts };
    let set = documents::set(&from, request)?;
    let mut parts = vec![
        Part::new(MASTER, Role::Master, MediaType::Csv, sources.master),
        Part::new(SETTINGS, Role::Settings, MediaType::Toml, sources.settings),
        Part::new(TEMPLATE, Role::Template, MediaType::Toml, sources.template),
    ];
    for product in documents::draw(&set, &from, request.year, Wanted::All)? {
        let role = match product.media_type {
            MediaType::Pdf => Role::Document,
            MediaType::Workbook => Role::Workbook,
            _ => Role::Data,
        };
        parts.push(Part::new(product.name, role, product.media_type, product.bytes));
    }
    if let Some(old) = old {
        parts.extend(correct(old, &from, &set.plan, request, &identity.reason)?);
    }
    parts.sort_by(|a, b| a.kept.name.cmp(&b.kept.name));

    let bundle = identity.bundle.then(|| file_name(settings, Title::Bundle, request.year, MediaType::Pdf));
    let (filled, empty) = filled_and_empty(&set.plan, request);
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
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
        pages: set.document.page_count(),
        projects: set.plan.projects().count(),
        indicators: set.plan.indicators().len(),
        filled,
        empty,
        program: request.program.clone(),
        options: Options { draft: request.draft, printed_date: request.printed_date },
        fonts: font_records(sources.fonts),
        files: parts.iter().map(Part::record).collect(),
        bundle: bundle.clone(),
        previous: identity.previous.clone(),
        revises: old.map(|old| old.manifest.link()),
    };
    let json = manifest.to_json();
    let bundle = match bundle {
        Some(name) => {
            let carried = attachments(&parts, &json, request);
            let bytes = pdf::bundle(&set.document, &fonts, &set.meta, &carried).map_err(DrawError::from)?;
            Some(Kept { name, bytes })
        }
        None => None,
    };
    let mut files: Vec<Kept> = parts.into_iter().map(|part| part.kept).collect();
    files.extend(bundle);
    files.push(Kept { name: MANIFEST.to_owned(), bytes: json });
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let checksums = files.iter().map(|file| checksum_line(&Hash::of(&file.bytes).to_string(), &file.name));
    files.push(Kept { name: CHECKSUMS.to_owned(), bytes: checksums.collect::<String>().into_bytes() });
    Ok(Edition { manifest, files })
}

/// A line as `sha256sum` writes it.
pub(super) fn checksum_line(sha256: &str, name: &str) -> String {
    format!("{sha256}  {name}\n")
}

/// The 正誤表 of what this edition corrects.
fn correct(
    old: &Old<'_>,
    new: &Ingredients<'_>,
    plan: &Plan,
    request: &Request,
    reason: &str,
) -> Result<Vec<Part>, RecordError> {
    let read = Understood::read(&old.sources)?;
    let fonts = Fonts::parse(old.sources.fonts)?;
    let from = Ingredients {
        master: &read.master,
        settings: &read.settings,
        template: &read.template,
        fonts: &fonts,
    };
    let was = documents::set(&from, &old.manifest.request())?;
    let changes = diff::compare(
        Side { plan: &was.plan, settings: &read.settings },
        Side { plan, settings: new.settings },
    );
    // The pages are those of the old document, the look that of the new one.
    let pages = PageIndex::of(&was.document);
    let corrections = errata::corrections(&changes, &pages, new.template);
    let date = match old.manifest.options.printed_date {
        Some(date) => format!("、{}", japanese_date(date)),
        None => String::new(),
    };
    let of = request.year.long();
    let opening = errata::Opening {
        of: new.settings.plan.title.clone(),
        number: new.settings.document.number.clone(),
        note: documents::note(new.settings, request.printed_date),
        lines: vec![
            format!("{of}までの実績の一覧（第{}版{date}）を、次のとおり訂正します。", old.manifest.edition),
            format!("訂正の理由：{reason}"),
        ],
    };
    let document = errata::document(&corrections, &opening, new.template, new.fonts);
    let meta =
        documents::meta(new.settings, format!("{}　正誤表", opening.of), request.date, &request.program);
    let pdf = pdf::to_bytes(&document, new.fonts, &meta).map_err(DrawError::from)?;
    let data = errata::data(&corrections);
    let workbook =
        xlsx::to_bytes(&document, &data, &meta, &new.template.fonts.excel).map_err(DrawError::from)?;
    let name = |media_type| file_name(new.settings, Title::Errata, request.year, media_type);
    Ok(vec![
        Part::new(name(MediaType::Pdf), Role::Errata, MediaType::Pdf, pdf),
        Part::new(name(MediaType::Workbook), Role::ErrataWorkbook, MediaType::Workbook, workbook),
    ])
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

fn font_records(fonts: &FontFiles) -> Vec<FontRecord> {
    let faces = [
        ("regular", Some(&fonts.regular)),
        ("bold", Some(&fonts.bold)),
        ("fallback", fonts.fallback.as_ref()),
    ];
    let record = |(face, bytes): (&str, Option<&std::borrow::Cow<'static, [u8]>>)| {
        bytes.map(|bytes| FontRecord {
            face: face.to_owned(),
            size: bytes.len(),
            sha256: Hash::of(bytes).to_string(),
        })
    };
    faces.into_iter().filter_map(record).collect()
}

/// Everything of the edition, to be carried in the bundle.
fn attachments(parts: &[Part], manifest: &[u8], request: &Request) -> Vec<Attachment> {
    let carried = parts.iter().map(|part| {
        let (description, relationship) = match part.role {
            Role::Document => ("実績一覧（PDF/A-2a）", Relationship::Alternative),
            Role::Workbook => ("実績一覧（Excelブック）", Relationship::Alternative),
            Role::Data => ("実績のデータ（CSV）", Relationship::Data),
            Role::Errata => ("正誤表（PDF）", Relationship::Supplement),
            Role::ErrataWorkbook => ("正誤表（Excelブック）", Relationship::Supplement),
            Role::Master => ("マスタ（CSV）", Relationship::Source),
            Role::Settings => ("計画の設定", Relationship::Source),
            Role::Template => ("様式（テンプレート）", Relationship::Source),
        };
        Attachment {
            name: part.kept.name.clone(),
            description: description.to_owned(),
            relationship,
            media_type: part.media_type,
            bytes: part.kept.bytes.clone(),
            date: request.date,
        }
    });
    let manifest = Attachment {
        name: MANIFEST.to_owned(),
        description: "保存の記録".to_owned(),
        relationship: Relationship::Supplement,
        media_type: MediaType::Json,
        bytes: manifest.to_vec(),
        date: request.date,
    };
    carried.chain([manifest]).collect()
}

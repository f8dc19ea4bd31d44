//! What an edition is made from: the files as they are archived, and what they say.
//!
//! They are read once. What was read is what is checked, drawn and archived, whoever saves
//! any of it meanwhile.

use super::files::{bytes_of, recorded_bytes};
use super::{DocumentRecord, Entry, LARGEST_FILE, Listed, MASTER, ReadError, Role, SETTINGS, TEMPLATE};
use crate::documents::DocumentDesign;
use crate::finding::{Finding, Findings, Place, SettingsRule};
use crate::layout::font::{FontError, FontFiles, Fonts};
use crate::layout::template::Template;
use crate::master::{self, Master};
use crate::settings::{PlanDocument, Settings};

/// What an edition is made from, read, with the bytes that are archived of it.
#[derive(Debug, Clone)]
pub struct Sources {
    /// `master.csv`; it holds its own bytes.
    pub(super) master: Master,
    /// What `plan.toml` says.
    pub(super) settings: Settings,
    /// `plan.toml`
    pub(super) settings_file: Vec<u8>,
    /// The documents, in the order of `plan.toml`.
    pub(super) documents: Vec<SourceDocument>,
}

/// A document of an edition, with what its look comes from.
#[derive(Debug, Clone)]
pub struct SourceDocument {
    document: PlanDocument,
    template: Template,
    /// The whole template.
    pub(super) template_file: String,
    /// The fonts that the template names.
    pub(super) fonts: FontFiles,
}

impl SourceDocument {
    /// Of the whole text of the document's template (see [`Template::whole_text`]) and the fonts
    /// that it names.
    ///
    /// # Errors
    /// What is wrong with the template.
    pub fn new(document: PlanDocument, template_file: String, fonts: FontFiles) -> Result<Self, Findings> {
        // The archived text is another than the city's own file: it counts as it will be read.
        let template = Template::whole(template_file.as_bytes(), TEMPLATE)?;
        Ok(Self { document, template, template_file, fonts })
    }
}

impl Sources {
    /// Of a master without errors, its `plan.toml` read and as a file, and the documents of the
    /// edition.
    pub fn new(
        master: Master,
        settings: Settings,
        settings_file: Vec<u8>,
        documents: Vec<SourceDocument>,
    ) -> Self {
        Self { master, settings, settings_file, documents }
    }

    /// The fonts of each document, parsed.
    pub(super) fn parse_fonts(&self) -> Result<Vec<Fonts<'_>>, FontError> {
        self.documents.iter().map(|document| Fonts::parse(&document.fonts)).collect()
    }

    /// The documents as they are made. `fonts` are their own, parsed.
    pub(super) fn designs<'a>(&'a self, fonts: &'a [Fonts<'a>]) -> Vec<DocumentDesign<'a>> {
        let of = |(own, fonts): (&'a SourceDocument, _)| DocumentDesign {
            document: &own.document,
            template: &own.template,
            fonts,
        };
        self.documents.iter().zip(fonts).map(of).collect()
    }
}

/// The files that an edition is made from.
#[derive(Debug, Clone)]
pub struct SourceFiles {
    /// `master.csv`
    pub master: Vec<u8>,
    /// `plan.toml`
    pub settings: Vec<u8>,
    /// The name of each document and its whole template; see [`Template::whole_text`].
    pub templates: Vec<(String, String)>,
}

impl SourceFiles {
    /// The files of an edition; `None` where one of them is not as it was recorded.
    pub fn of(listed: &Listed<'_>) -> Option<Self> {
        let template = |document: &DocumentRecord| {
            let record = listed.manifest.record(Role::Template, Some(document))?;
            let bytes = bytes_of(listed, record)?.into_owned();
            Some((document.name.clone(), String::from_utf8(bytes).ok()?))
        };
        Some(Self {
            master: recorded_bytes(listed, Role::Master)?.into_owned(),
            settings: recorded_bytes(listed, Role::Settings)?.into_owned(),
            templates: listed.manifest.documents.iter().map(template).collect::<Option<_>>()?,
        })
    }

    /// Reads them. `fonts` are those of each document.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(self, fonts: Vec<FontFiles>) -> Result<Sources, Findings> {
        let settings = Settings::read(&self.settings, SETTINGS)?;
        let mut documents = Vec::with_capacity(self.templates.len());
        for ((name, template), fonts) in self.templates.into_iter().zip(fonts) {
            let Some(document) = settings.documents.iter().find(|document| document.name == name) else {
                let message = format!("文書「{name}」がありません");
                return Err(
                    Finding::at(Place::file(SETTINGS), SettingsRule::UnusableSetting { message }).into()
                );
            };
            documents.push(SourceDocument::new(document.clone(), template, fonts)?);
        }
        match master::read(&self.master, MASTER, &settings) {
            (Some(master), findings) if !findings.has_errors() => {
                Ok(Sources::new(master, settings, self.settings, documents))
            }
            (_, findings) => Err(findings),
        }
    }
}

/// The name of the template's file of one of `count` documents.
pub(super) fn template_name(document: &str, count: usize) -> String {
    match TEMPLATE.split_once('.') {
        Some((stem, end)) if count > 1 => format!("{stem}_{document}.{end}"),
        _ => TEMPLATE.to_owned(),
    }
}

/// The first of what an edition was made from that the system does not let us read, and why:
/// it says nothing of whether the file is as it was.
pub fn unreadable_source<'l>(listed: &'l Listed<'_>) -> Option<(&'l str, String)> {
    let is_source = |role| matches!(role, Role::Master | Role::Settings | Role::Template);
    let sources = listed.manifest.files.iter().filter(|file| is_source(file.role));
    sources.map(|file| file.name.as_str()).find_map(|name| match listed.folder.entries.get(name)? {
        Entry::File(content) => match content.read(LARGEST_FILE) {
            Err(ReadError::Refused(why)) => Some((name, why)),
            _ => None,
        },
        _ => None,
    })
}

//! What an edition is made from: the files as they are archived, and what they say.
//!
//! They are read once. What was read is what is checked, drawn and archived, whoever saves
//! any of it meanwhile.

use super::files::{bytes_of, recorded_bytes};
use super::{DocumentRecord, Entry, LARGEST_FILE, Listed, MASTER, ReadError, Role, SETTINGS, TEMPLATE};
use crate::documents::{Design, Ingredients};
use crate::finding::{Finding, Findings, Place, SettingsRule};
use crate::layout::font::FontFiles;
use crate::master::{self, Master};
use crate::settings::Settings;

/// What an edition is made from, read, with the bytes that are archived of it.
#[derive(Debug, Clone)]
pub struct Sources {
    /// `master.csv`, without errors; it holds its own bytes.
    pub master: Master,
    /// What `plan.toml` says.
    pub settings: Settings,
    /// `plan.toml`
    pub settings_file: Vec<u8>,
    /// The documents of the edition in the order of `plan.toml`, each with the whole text of
    /// its template.
    pub designs: Vec<Design>,
}

impl Sources {
    /// As the documents are made from them.
    pub(super) fn ingredients(&self) -> Ingredients<'_> {
        Ingredients { master: &self.master, settings: &self.settings, designs: &self.designs }
    }
}

/// The files that an edition is made from.
#[derive(Debug, Clone)]
pub struct SourceFiles {
    /// `master.csv`
    pub master: Vec<u8>,
    /// `plan.toml`
    pub settings: Vec<u8>,
    /// The name of each document and its whole template; see [`Design::whole`].
    pub templates: Vec<(String, Vec<u8>)>,
}

impl SourceFiles {
    /// The files of an edition; `None` where one of them is not as it was recorded.
    pub fn of(listed: &Listed<'_>) -> Option<Self> {
        let template = |document: &DocumentRecord| {
            let record = listed.manifest.record(Role::Template, Some(document))?;
            Some((document.name.clone(), bytes_of(listed, record)?.into_owned()))
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
        let mut designs = Vec::with_capacity(self.templates.len());
        for ((name, template), fonts) in self.templates.into_iter().zip(fonts) {
            let Some(document) = settings.documents.iter().find(|document| document.name == name) else {
                let message = format!("文書「{name}」がありません");
                return Err(
                    Finding::at(Place::file(SETTINGS), SettingsRule::UnusableSetting { message }).into()
                );
            };
            designs.push(Design::whole(document.clone(), template, TEMPLATE, fonts)?);
        }
        match master::read(&self.master, MASTER, &settings) {
            (Some(master), findings) if !findings.has_errors() => {
                Ok(Sources { master, settings, settings_file: self.settings, designs })
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

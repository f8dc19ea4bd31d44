//! What an edition is made from: the files as they are archived, and what they say.
//!
//! They are read once. What was read is what is checked, drawn and archived, whoever saves
//! any of it meanwhile.

use super::files::recorded_bytes;
use super::{Entry, LARGEST_FILE, Listed, MASTER, ReadError, Role, SETTINGS, TEMPLATE};
use crate::documents::Ingredients;
use crate::finding::Findings;
use crate::layout::font::{FontFiles, Fonts};
use crate::layout::template::Template;
use crate::master::{self, Master};
use crate::settings::Settings;

/// What an edition is made from, read, with the bytes that are archived of it.
#[derive(Debug, Clone)]
pub struct Sources {
    /// `master.csv`; it holds its own bytes.
    pub(super) master: Master,
    /// What `plan.toml` says.
    pub(super) settings: Settings,
    /// `plan.toml`
    pub(super) settings_file: Vec<u8>,
    /// What the template says.
    template: Template,
    /// The whole template.
    pub(super) template_file: String,
    /// The fonts that the template names.
    pub(super) fonts: FontFiles,
}

impl Sources {
    /// Of a master without errors, its `plan.toml` read and as a file, the whole text of the
    /// template (see [`Template::whole_text`]) and the fonts that it names.
    ///
    /// # Errors
    /// What is wrong with the template.
    pub fn new(
        master: Master,
        settings: Settings,
        settings_file: Vec<u8>,
        template_file: String,
        fonts: FontFiles,
    ) -> Result<Self, Findings> {
        // The archived text is another than the city's own file: it counts as it will be read.
        let template = Template::whole(template_file.as_bytes(), TEMPLATE)?;
        Ok(Self { master, settings, settings_file, template, template_file, fonts })
    }

    /// As the documents are made from them. `fonts` are its own, parsed.
    pub(super) fn ingredients<'a>(&'a self, fonts: &'a Fonts<'a>) -> Ingredients<'a> {
        Ingredients { master: &self.master, settings: &self.settings, template: &self.template, fonts }
    }
}

/// The files that an edition is made from.
#[derive(Debug, Clone)]
pub struct SourceFiles {
    /// `master.csv`
    pub master: Vec<u8>,
    /// `plan.toml`
    pub settings: Vec<u8>,
    /// The whole template; see [`Template::whole_text`].
    pub template: String,
}

impl SourceFiles {
    /// The files of an edition; `None` where one of them is not as it was recorded.
    pub fn of(listed: &Listed<'_>) -> Option<Self> {
        let file = |role: Role| Some(recorded_bytes(listed, role)?.into_owned());
        Some(Self {
            master: file(Role::Master)?,
            settings: file(Role::Settings)?,
            template: String::from_utf8(file(Role::Template)?).ok()?,
        })
    }

    /// Reads them.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(self, fonts: FontFiles) -> Result<Sources, Findings> {
        let settings = Settings::read(&self.settings, SETTINGS)?;
        match master::read(&self.master, MASTER, &settings) {
            (Some(master), findings) if !findings.has_errors() => {
                Sources::new(master, settings, self.settings, self.template, fonts)
            }
            (_, findings) => Err(findings),
        }
    }
}

/// The first of what an edition was made from that the system does not let us read, and why:
/// it says nothing of whether the file is as it was.
pub fn unreadable_source(listed: &Listed<'_>) -> Option<(&'static str, String)> {
    [MASTER, SETTINGS, TEMPLATE].into_iter().find_map(|name| match listed.folder.entries.get(name)? {
        Entry::File(content) => match content.read(LARGEST_FILE) {
            Err(ReadError::Refused(why)) => Some((name, why)),
            _ => None,
        },
        _ => None,
    })
}

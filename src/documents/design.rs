//! A document and what it is drawn with.

use crate::finding::Findings;
use crate::layout::font::FontFiles;
use crate::layout::template::Template;
use crate::settings::PlanDocument;

/// A document and what it is drawn with.
#[derive(Debug, Clone)]
pub struct Design {
    /// The document.
    pub document: PlanDocument,
    /// How its pages look.
    pub template: Template,
    /// The fonts that the template names.
    pub fonts: FontFiles,
    /// The bytes of the template's file; none for the official one.
    pub file: Vec<u8>,
    /// That file's name.
    pub name: String,
}

impl Design {
    /// A document in the official look.
    pub fn official(document: PlanDocument) -> Self {
        let (template, fonts) = (Template::official(), FontFiles::default());
        Self { document, template, fonts, file: Vec::new(), name: String::new() }
    }

    /// A document with the whole text of its template; see [`Template::whole_text`].
    ///
    /// # Errors
    /// What is wrong with the template.
    pub fn whole(
        document: PlanDocument,
        file: Vec<u8>,
        name: &str,
        fonts: FontFiles,
    ) -> Result<Self, Findings> {
        let template = Template::whole(&file, name)?;
        Ok(Self { document, template, fonts, file, name: name.to_owned() })
    }
}

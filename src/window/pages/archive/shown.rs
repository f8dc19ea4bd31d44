//! Editions and their files, as the tables of this page show them.

use std::path::Path;

use anyhow::Result;

use super::At;
use crate::app::archive::list;
use crate::archive::{CHECKSUMS, MANIFEST, Manifest, Role};
use crate::named_file::MediaType;
use crate::plan::japanese_date;
use crate::storage::{files, paths};
use crate::visible::visible_line;
use crate::window::pages::figures::size;
use crate::window::state::Window;

/// The digits of a fingerprint that are shown where it is not to be copied by hand.
const FINGERPRINT: usize = 16;

/// An edition in the table of all.
pub struct EditionLine {
    /// `R4-2`
    pub folder: String,
    /// Its own page.
    pub href: String,
    /// 「令和4年度」
    pub year: String,
    /// 1, 2, …
    pub edition: u32,
    /// 「令和6年6月10日」
    pub date: String,
    /// Why it was made; empty for the first of a year.
    pub reason: String,
    /// 「43ページ」, or those of each document.
    pub pages: String,
    /// The actuals it has.
    pub filled: usize,
    /// The actuals it has not.
    pub empty: usize,
    /// How many files it has.
    pub files: usize,
    /// The whole fingerprint of its record.
    pub sha256: String,
    /// Its documents: the name, and where the browser shows them.
    pub documents: Vec<(String, String)>,
    /// The ID of its record, by which its folder is opened.
    pub record: String,
}

impl EditionLine {
    /// `root` is the archive.
    pub fn of(one: &list::Edition, root: &Path, at: &At, window: &Window) -> Result<Self> {
        let manifest = &one.edition;
        let folder = root.join(&one.folder);
        let documents = manifest.documents.iter().filter_map(|document| {
            let pdf = manifest.record(Role::Document, Some(document))?;
            let href = window.file_id(&folder.join(&pdf.name)).map(|id| format!("/files/{id}"));
            Some(href.map(|href| (document.name.clone(), href)))
        });
        Ok(Self {
            folder: one.folder.clone(),
            href: format!("/p/{}/archive/{}", at.plan, one.folder),
            year: manifest.fiscal_year().long(),
            edition: manifest.edition,
            date: japanese_date(manifest.date),
            reason: visible_line(&manifest.reason).into_owned(),
            pages: pages(manifest),
            filled: manifest.filled,
            empty: manifest.empty,
            files: names(manifest).len(),
            sha256: one.sha256.clone(),
            documents: documents.collect::<Result<_>>()?,
            record: window.file_id(&folder.join(MANIFEST))?,
        })
    }

    /// The beginning of the fingerprint.
    pub fn short(&self) -> &str {
        self.sha256.get(..FINGERPRINT).unwrap_or(&self.sha256)
    }
}

/// 「43ページ」; of several documents those of each, by name.
fn pages(manifest: &Manifest) -> String {
    match manifest.documents.as_slice() {
        [_] => format!("{}ページ", manifest.pages()),
        several => {
            let pages = several.iter().map(|document| format!("{} {}ページ", document.name, document.pages));
            pages.collect::<Vec<_>>().join("、")
        }
    }
}

/// The names of all files of an edition, what was made before what it was made from.
fn names(manifest: &Manifest) -> Vec<&str> {
    let mut recorded: Vec<_> = manifest.files.iter().collect();
    recorded.sort_by_key(|file| file.role);
    let recorded = recorded.into_iter().map(|file| file.name.as_str());
    manifest.bundle.as_deref().into_iter().chain(recorded).chain([MANIFEST, CHECKSUMS]).collect()
}

/// A file in a table.
pub struct FileLine {
    /// Its name.
    pub name: String,
    /// What it is: 「実績一覧（PDF）」.
    pub what: String,
    /// 「1,234 KB」; empty where it is not there.
    pub size: String,
    /// Its ID.
    pub id: String,
    /// The browser shows it.
    pub is_pdf: bool,
}

impl FileLine {
    /// A file that was made.
    pub fn of(path: &Path, what: String, window: &Window) -> Result<Self> {
        let name = paths::name_of(path);
        Ok(Self {
            is_pdf: MediaType::of(&name) == Some(MediaType::Pdf),
            name: visible_line(&name).into_owned(),
            what,
            size: files::stamp(path).map(|(_, bytes)| size(bytes as usize)).unwrap_or_default(),
            id: window.file_id(path)?,
        })
    }

    /// The files of an edition in `folder`.
    pub fn of_edition(manifest: &Manifest, folder: &Path, window: &Window) -> Result<Vec<Self>> {
        let line = |name: &str| Self::of(&folder.join(name), what(manifest, name), window);
        names(manifest).into_iter().map(line).collect()
    }
}

/// What a file of an edition is.
fn what(manifest: &Manifest, name: &str) -> String {
    let Some(file) = manifest.files.iter().find(|file| file.name == name) else {
        return match name {
            MANIFEST => "保存の記録",
            CHECKSUMS => "ファイルごとの確認用の値",
            _ => "保存用PDF（ほかのファイルをすべて添付）",
        }
        .to_owned();
    };
    let document = file.document.as_deref();
    match file.role {
        Role::Document => format!("{}（PDF）", document.unwrap_or("文書")),
        Role::Workbook => format!("{}（Excel）", document.unwrap_or("文書")),
        Role::Data => "データ（CSV）".to_owned(),
        Role::Errata => "正誤表（PDF）".to_owned(),
        Role::ErrataWorkbook => "正誤表（Excel）".to_owned(),
        Role::Master => "そのときのマスタ".to_owned(),
        Role::Settings => "そのときの計画の設定".to_owned(),
        Role::Template => match document {
            Some(document) if manifest.documents.len() > 1 => format!("{document}の様式"),
            _ => "様式".to_owned(),
        },
    }
}

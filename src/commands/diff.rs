//! `jisseki diff`: what changed between two plans, and the 正誤表 of it.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::build::{self, parse_date, parse_year};
use super::console::{Console, Format};
use super::folder::{Design, PlanFolder};
use super::{Outcome, files, set};
use crate::archive::{self, FontShelf, MANIFEST, MASTER, Manifest, SETTINGS, TEMPLATE};
use crate::diff::{self, Change, Side, errata};
use crate::documents::{self, Ingredients, Request};
use crate::finding::Findings;
use crate::layout::PageIndex;
use crate::layout::font::{FontFiles, Fonts};
use crate::layout::template::Template;
use crate::master::{self, Master};
use crate::plan::{FiscalYear, Plan, japanese_date};
use crate::render::{Program, pdf, xlsx};
use crate::settings::Settings;

/// What `diff` takes.
#[derive(Debug, Clone, Args)]
pub struct DiffArgs {
    /// 前のもの: 計画のフォルダー、マスタ（CSV）、保存した版のフォルダー（archive/R4 など）、保存用のPDF
    #[arg(value_name = "前")]
    pub old: PathBuf,
    /// 後のもの: 同じく
    #[arg(value_name = "後")]
    pub new: PathBuf,
    /// 正誤表を書き出すファイル（.pdf か .xlsx）。拡張子を省くと両方を作ります
    #[arg(long, value_name = "ファイル")]
    pub out: Option<PathBuf>,
    /// どの年度までの実績を比べるか（例 R4）。省くと、保存した版ではその年度、ほかはすべて
    #[arg(long, value_name = "年度", value_parser = parse_year)]
    pub year: Option<FiscalYear>,
    /// 正誤表の日付（例 2024-06-10）
    #[arg(long, value_name = "日付", value_parser = parse_date)]
    pub date: Option<NaiveDate>,
}

/// One of the two, as it was found.
struct Found {
    settings: Settings,
    master: Master,
    template: Template,
    fonts: FontFiles,
    /// For an archived edition.
    manifest: Option<Manifest>,
}

impl Found {
    /// The plan, without the actuals after the year that is compared.
    fn plan(&self, year: Option<FiscalYear>) -> Plan {
        let plan = self.master.plan.clone();
        match year.or(self.manifest.as_ref().map(Manifest::fiscal_year)) {
            Some(year) => plan.edition(year),
            None => plan,
        }
    }
}

/// Runs the command. Finding differences is no error: the exit code is 0.
///
/// # Errors
/// A file that cannot be opened or written.
pub fn run(args: &DiffArgs, console: &Console) -> Result<Outcome> {
    let (old, new) = match both(args)? {
        Ok(both) => both,
        Err(findings) => {
            console.findings(&findings);
            console.json(&json!({ "changes": [], "findings": build::findings_json(&findings) }));
            console.say("比べられません。上のエラーを直してから、もう一度実行してください。");
            return Ok(Outcome::FoundErrors);
        }
    };
    let (before, after) = (old.plan(args.year), new.plan(args.year));
    let changes = diff::compare(
        Side { plan: &before, settings: &old.settings },
        Side { plan: &after, settings: &new.settings },
    );
    let written = match &args.out {
        Some(out) => write_errata(args, out, &changes, &old, &new, console)?,
        None => Vec::new(),
    };
    let text = diff::render(&changes);
    for line in text.lines() {
        console.result(line);
    }
    match changes.len() {
        0 => console.result("違いはありません。"),
        count => console.result(&format!("{count}件の違いがあります。")),
    }
    for path in &written {
        console.result(&format!("  {}", path.display()));
    }
    if console.format() == Format::Json {
        console.json(&json!({ "changes": changes, "files": files::named(&written) }));
    }
    Ok(Outcome::Done)
}

/// Draws and writes the 正誤表.
fn write_errata(
    args: &DiffArgs,
    out: &Path,
    changes: &[Change],
    old: &Found,
    new: &Found,
    console: &Console,
) -> Result<Vec<PathBuf>> {
    if out.file_name().is_none() || out.is_dir() {
        bail!("{}はフォルダーです。正誤表のファイルの名前まで指定してください", files::shown(out));
    }
    let extension = out.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let (as_pdf, as_workbook) = match extension.as_deref() {
        Some("pdf") => (true, false),
        Some("xlsx") => (false, true),
        None => (true, true),
        Some(other) => bail!("正誤表は .pdf か .xlsx のファイルに書き出します（「.{other}」は使えません）"),
    };
    let fonts = Fonts::parse(&old.fonts)?;
    let from =
        Ingredients { master: &old.master, settings: &old.settings, template: &old.template, fonts: &fonts };
    let date = args.date.or(new.settings.document.date);
    let file_date = date.unwrap_or_else(super::today);
    let request = match &old.manifest {
        Some(manifest) => manifest.request(),
        None => Request {
            year: build::edition(args.year, &old.master.plan)?,
            date: file_date,
            printed_date: old.settings.document.date,
            draft: old.settings.document.draft,
            program: Program::this(),
        },
    };
    // An old plan too wide for its pages has none.
    let pages = documents::set(&from, &request).map(|set| PageIndex::of(&set.document)).unwrap_or_default();
    let corrections = errata::corrections(changes, &pages, &new.template);
    let of = match &old.manifest {
        Some(manifest) => {
            let date = manifest.options.printed_date.map(|date| format!("、{}", japanese_date(date)));
            let date = date.unwrap_or_default();
            format!("{}までの実績の一覧（第{}版{date}）", request.year.long(), manifest.edition)
        }
        None => format!("{}までの実績の一覧", request.year.long()),
    };
    let opening = errata::Opening {
        of: new.settings.plan.title.clone(),
        number: new.settings.document.number.clone(),
        note: documents::note(&new.settings, date),
        lines: vec![format!("{of}を、次のとおり訂正します。")],
    };
    let fonts = Fonts::parse(&new.fonts)?;
    let document = errata::document(&corrections, &opening, &new.template, &fonts);
    let meta = documents::meta(&new.settings, format!("{}　正誤表", opening.of), file_date, &Program::this());
    let mut made: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    if as_pdf {
        made.push((out.with_extension("pdf"), pdf::to_bytes(&document, &fonts, &meta)?));
    }
    if as_workbook {
        let data = errata::data(&corrections);
        let bytes = xlsx::to_bytes(&document, &data, &meta, &new.template.fonts.excel)?;
        made.push((out.with_extension("xlsx"), bytes));
    }
    let names: Vec<String> = made.iter().map(|(path, _)| files::name_of(path)).collect();
    let set: Vec<(&str, &[u8])> =
        names.iter().map(String::as_str).zip(made.iter().map(|(_, bytes)| bytes.as_slice())).collect();
    set::write(files::folder_of(out), &set, "diff", console)?;
    Ok(made.into_iter().map(|(path, _)| path).collect())
}

/// Both sides. A master that lies alone is read with the settings of the other.
///
/// # Errors
/// A file that cannot be opened; the findings of data that cannot be compared.
fn both(args: &DiffArgs) -> Result<Result<(Found, Found), Findings>> {
    let (old, new) = (Loose::open(&args.old)?, Loose::open(&args.new)?);
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(findings), _) | (_, Err(findings)) => return Ok(Err(findings)),
    };
    let other = old.settings.clone().or_else(|| new.settings.clone());
    let read = |loose: Loose| loose.read(other.as_ref());
    Ok(read(old).and_then(|old| Ok((old, read(new)?))))
}

/// One side before its master is read.
struct Loose {
    settings: Option<Settings>,
    master: Vec<u8>,
    name: String,
    template: Template,
    fonts: FontFiles,
    manifest: Option<Manifest>,
}

impl Loose {
    fn open(path: &Path) -> Result<Result<Self, Findings>> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("pdf") => {
                let name = files::name_of(path);
                let mut kept = match archive::carried(&files::read(path, files::LARGEST_PDF)?, &name) {
                    Ok(kept) => kept,
                    Err(findings) => return Ok(Err(findings)),
                };
                let mut content = |name: &str, most: u64| {
                    let Some(at) = kept.iter().position(|file| file.name == name) else { return Ok(None) };
                    let bytes = kept.swap_remove(at).bytes;
                    if bytes.len() as u64 > most {
                        bail!("{}の中の「{name}」が大きすぎます", files::shown(path));
                    }
                    Ok(Some(bytes))
                };
                let master = content(MASTER, files::LARGEST_MASTER)?;
                let (Some(master), Some(settings)) = (master, content(SETTINGS, files::LARGEST_TOML)?) else {
                    bail!("{}にマスタが入っていません", files::shown(path));
                };
                let template = content(TEMPLATE, files::LARGEST_TOML)?;
                Ok(Self::archived(master, &settings, template, content(MANIFEST, archive::LARGEST_TEXT)?))
            }
            Some("csv") if !path.with_file_name(SETTINGS).is_file() => {
                let name = files::name_of(path);
                let (template, fonts) = (Template::official(), FontFiles::default());
                let master = files::read(path, files::LARGEST_MASTER)?;
                Ok(Ok(Self { settings: None, master, name, template, fonts, manifest: None }))
            }
            Some("csv") if path.file_name().is_some_and(|name| name != MASTER) => {
                Self::in_folder(path.parent().unwrap_or(Path::new(".")), Some(path))
            }
            _ => Self::in_folder(path, None),
        }
    }

    /// A plan's folder or an edition's; `master` for another master in it.
    fn in_folder(path: &Path, master: Option<&Path>) -> Result<Result<Self, Findings>> {
        let folder = PlanFolder::open(path)?;
        if folder.path().join(MANIFEST).is_file() {
            let (settings, master) = folder.sources()?;
            let content = |name: &str, most: u64| {
                let path = folder.path().join(name);
                files::exists(&path).then(|| files::read(&path, most)).transpose()
            };
            let template = content(TEMPLATE, files::LARGEST_TOML)?;
            return Ok(Self::archived(
                master,
                &settings,
                template,
                content(MANIFEST, archive::LARGEST_TEXT)?,
            ));
        }
        let (settings, bytes) = folder.sources()?;
        let settings = match Settings::read(&settings, SETTINGS) {
            Ok(settings) => settings,
            Err(findings) => return Ok(Err(findings)),
        };
        let Design { template, fonts, .. } = match folder.template(None, &settings)? {
            Ok(design) => design,
            Err(findings) => return Ok(Err(findings)),
        };
        let (master, name) = match master {
            Some(path) => (files::read(path, files::LARGEST_MASTER)?, files::name_of(path)),
            None => (bytes, MASTER.to_owned()),
        };
        Ok(Ok(Self { settings: Some(settings), master, name, template, fonts, manifest: None }))
    }

    /// What an edition was made from. A manifest or template that cannot be read does
    /// not keep its data from being compared.
    fn archived(
        master: Vec<u8>,
        settings: &[u8],
        template: Option<Vec<u8>>,
        manifest: Option<Vec<u8>>,
    ) -> Result<Self, Findings> {
        let settings = Settings::read(settings, SETTINGS)?;
        let template = template.and_then(|bytes| Template::whole(&bytes, TEMPLATE).ok());
        let template = template.unwrap_or_else(Template::official);
        let manifest = manifest.and_then(|bytes| Manifest::read(&bytes).ok());
        let shelf = FontShelf::with(&FontFiles::default());
        let fonts = manifest.as_ref().and_then(|manifest| shelf.fonts_of(manifest)).unwrap_or_default();
        Ok(Self { settings: Some(settings), master, name: MASTER.to_owned(), template, fonts, manifest })
    }

    fn read(self, other: Option<&Settings>) -> Result<Found, Findings> {
        let Self { settings, master, name, template, fonts, manifest } = self;
        let settings = match settings.or_else(|| other.cloned()) {
            Some(settings) => settings,
            // Two masters alone: nothing is known of their plan but what they say.
            None => Settings::read(ALONE.as_bytes(), SETTINGS)?,
        };
        match master::read(&master, &name, &settings) {
            (Some(master), findings) if !findings.has_errors() => {
                Ok(Found { settings, master, template, fonts, manifest })
            }
            (_, findings) => Err(findings
                .into_iter()
                .filter(|f| f.severity() == crate::finding::Severity::Error)
                .collect()),
        }
    }
}

/// Settings for masters that lie alone.
const ALONE: &str = "[plan]\nid = \"計画\"\ncity = \"\"\noffice = \"\"\nname = \"\"\ntitle = \"実績一覧\"\n";

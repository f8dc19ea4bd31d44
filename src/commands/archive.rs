//! `jisseki archive`: keep a year's documents, and answer for them.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail};
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde_json::json;

use super::build::{self, findings_json, parse_date, parse_year};
use super::console::{Console, Format};
use super::folder::{DEFAULT_PLAN, Design, Loaded, PlanFolder};
use super::{Outcome, files, set, store, suggested};
use crate::archive::{
    self, CorrectedEdition, Edition, FontShelf, Identity, Latest, Listed, Manifest, RecordError, SourceFiles,
    Sources,
};
use crate::check;
use crate::documents::Request;
use crate::finding::{FindingKind, Findings};
use crate::layout::font::FontFiles;
use crate::layout::template::Template;
use crate::plan::{FiscalYear, japanese_date};
use crate::render::Program;

/// What `archive` takes.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ArchiveArgs {
    /// What to do with the archive; to add to it where nothing is named.
    #[command(subcommand)]
    pub command: Option<ArchiveCommand>,
    /// 計画のフォルダー（plan.toml と master.csv のある場所）。省くと data/nemuro
    #[arg(value_name = "計画のフォルダー", default_value = DEFAULT_PLAN, hide_default_value = true)]
    pub plan: PathBuf,
    /// どの年度の文書を保存するか（例 R4）
    #[arg(long, value_name = "年度", value_parser = parse_year, required = true)]
    pub year: Option<FiscalYear>,
    /// 文書の日付（例 2024-06-10）。省くと plan.toml の日付、それもなければ今日
    #[arg(long, value_name = "日付", value_parser = parse_date)]
    pub date: Option<NaiveDate>,
    /// 保存した版を訂正して、次の版を正誤表とともに保存します。訂正の理由を書きます
    #[arg(long, value_name = "理由")]
    pub revise: Option<String>,
    /// すべてを1つにまとめたPDF（PDF/A-3）も作ります
    #[arg(long)]
    pub bundle: bool,
    /// 様式（テンプレート）のファイル。省くと plan.toml のもの、それもなければ公式様式
    #[arg(long, value_name = "ファイル")]
    pub template: Option<PathBuf>,
    /// archive が計画のフォルダーの外へのリンクでも、その先に保存します
    #[arg(long)]
    pub follow_links: bool,
}

/// What can be done with an archive.
#[derive(Debug, Clone, Subcommand)]
pub enum ArchiveCommand {
    /// 保存したものがすべて元のままか確かめます
    #[command(
        override_usage = "jisseki archive verify [計画のフォルダー] [オプション]",
        next_help_heading = "オプション"
    )]
    Verify(VerifyArgs),
    /// 保存した年度・版・日付・訂正の理由を一覧にします
    #[command(
        override_usage = "jisseki archive list [計画のフォルダー] [オプション]",
        next_help_heading = "オプション"
    )]
    List(OfPlan),
    /// 1つにまとめたPDFから、中のファイルを取り出します
    #[command(
        override_usage = "jisseki archive extract <PDF> [オプション]",
        next_help_heading = "オプション"
    )]
    Extract(ExtractArgs),
}

/// A plan, or its archive.
#[derive(Debug, Clone, Args)]
pub struct OfPlan {
    /// 計画のフォルダー、または保存先のフォルダー（archive）。省くと data/nemuro
    #[arg(value_name = "計画のフォルダー", default_value = DEFAULT_PLAN, hide_default_value = true)]
    pub plan: PathBuf,
}

/// What `archive verify` takes.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// Which plan.
    #[command(flatten)]
    pub of: OfPlan,
    /// 起案文書などに控えた記録の指紋。その版が残っていることも確かめます（16桁以上）
    #[arg(long, value_name = "指紋", value_parser = fingerprint)]
    pub expect: Option<String>,
    /// 警告だけのときも、終了コードを1にします
    #[arg(long)]
    pub strict: bool,
}

/// A fingerprint, or the beginning of one, as somebody typed it from paper.
fn fingerprint(text: &str) -> Result<String, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = digits.trim_end_matches('…').to_ascii_lowercase();
    match (16..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(digits),
        false => Err("記録の指紋は、0～9とa～fの16桁から64桁で書きます".to_owned()),
    }
}

/// What `archive extract` takes.
#[derive(Debug, Clone, Args)]
pub struct ExtractArgs {
    /// 「jisseki archive --bundle」で作った、名前に「保存用」と付くPDF
    #[arg(value_name = "PDF")]
    pub file: PathBuf,
    /// 取り出す先のフォルダー。省くと、PDFと同じ名前のフォルダー
    #[arg(long, value_name = "フォルダー")]
    pub out: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be opened or written, or an edition that cannot be made so.
pub fn run(args: &ArchiveArgs, console: &Console) -> Result<Outcome> {
    match &args.command {
        None => add(args, console),
        Some(ArchiveCommand::Verify(of)) => verify(of, console),
        Some(ArchiveCommand::List(of)) => list(of, console),
        Some(ArchiveCommand::Extract(args)) => extract(args, console),
    }
}

/// Makes and writes an edition.
fn add(args: &ArchiveArgs, console: &Console) -> Result<Outcome> {
    let began = Instant::now();
    let folder = PlanFolder::open(&args.plan)?;
    // Until the edition is in place: what is checked, archived and chained is one state.
    let (mut locks, _) = folder.lock("archive", console)?;
    let root = store::folder(folder.path());
    folder.own_folder(&root, args.follow_links)?;
    if root.is_dir() {
        // Two plans may lead to one archive.
        locks.add(&root, "archive", console)?;
    }
    let (loaded, mut findings) = folder.load()?;
    let template = args.template.as_deref();
    let usable = match &loaded {
        Some(loaded) => build::check(&folder, loaded, template, &mut findings)?,
        None => None,
    };
    let (Some(loaded), Some(design)) = (loaded, usable) else {
        return Ok(build::refused(&findings, console));
    };
    if findings.has_errors() {
        return Ok(build::refused(&findings, console));
    }
    let year = build::edition(args.year, &loaded.master.plan)?;
    findings.append(check::edition(&loaded.master, year));
    store::tidy(&root)?;
    let mut stored = store::read(&root)?;
    stored.witnesses = store::witnesses(&root);
    let (listed, faults) = archive::read_chain(&stored);
    if faults.has_errors() {
        console.findings(&faults);
        bail!("保存先{}に問題があるため、版を加えません。上の問題を先に直してください", files::shown(&root));
    }
    if let Some(last) = listed.last()
        && faults.iter().any(|fault| fault.kind == FindingKind::NewestNotNoted)
    {
        // The run before was stopped between the edition and the note of it.
        store::note_latest(&root, &latest(&last.manifest))?;
        console.say(&format!("最後の版の控え（{}）を書き直しました。", archive::LATEST));
    }
    let corrected = listed.iter().rfind(|one| one.manifest.fiscal_year() == year);
    let reason = reason(args.revise.as_deref(), year, corrected.map(|one| &one.manifest))?;

    let old = corrected.map(|one| sources_of(one, &design.fonts, &args.plan)).transpose()?;
    let printed_date = args.date.or(loaded.settings.document.date);
    let request = Request {
        year,
        date: printed_date.unwrap_or_else(super::today),
        printed_date,
        draft: loaded.settings.document.draft,
        program: Program::this(),
    };
    let identity = Identity {
        edition: corrected.map_or(1, |one| one.manifest.edition.saturating_add(1)),
        sequence: listed.last().map_or(1, |one| one.manifest.sequence.saturating_add(1)),
        reason,
        previous: listed.last().map(|one| one.manifest.link()),
        bundle: args.bundle,
    };
    let edition = match make(loaded, design, old, &request, &identity) {
        Ok(edition) => edition,
        Err(RecordError::Data(faults)) => {
            findings.extend(faults);
            return Ok(build::refused(&findings, console));
        }
        Err(error) => return Err(error.into()),
    };
    // What would be refused when it is verified is not archived.
    if let Err(error) = Manifest::read(&edition.manifest.to_json()) {
        bail!("この内容の版は、後から確かめられないため保存しません。記録の{error}");
    }
    // Somebody else at the same share may have been quicker: the chain has one next link.
    let now = store::edition_names(&root)?;
    if !now.iter().eq(stored.folders.iter().map(|folder| &folder.name)) {
        bail!("保存の途中で、ほかの人が版を加えました。もう一度実行してください");
    }
    let target = root.join(edition.manifest.folder());
    store::write_folder(&target, &edition.files)?;
    let latest = latest(&edition.manifest);
    if let Err(error) = store::note_latest(&root, &latest) {
        // The edition is safe: what is missing is mended by the next run.
        console.say(&format!("版は保存しましたが、最後の版の控えは次の実行で書き直します。{error}"));
    }
    findings.extend(faults.into_iter().filter(|fault| fault.kind != FindingKind::NewestNotNoted));
    console.findings(&findings);
    report(&target, &edition, &latest, began, &findings, console);
    Ok(Outcome::Done)
}

/// Makes the edition: what was checked is what is archived, whoever saves any of it meanwhile.
fn make(
    loaded: Loaded,
    design: Design,
    old: Option<(&Manifest, SourceFiles, FontFiles)>,
    request: &Request,
    identity: &Identity,
) -> Result<Edition, RecordError> {
    let template = Template::whole_text(&design.file, &design.name)?;
    let Loaded { settings, settings_file, master } = loaded;
    let sources = Sources::new(master, settings, settings_file, template, design.fonts)?;
    let old = match old {
        Some((manifest, files, fonts)) => Some(CorrectedEdition { manifest, sources: files.read(fonts)? }),
        None => None,
    };
    archive::record(&sources, request, identity, old.as_ref())
}

/// What an edition that is to be corrected was made from. `fonts` are those of the plan now.
///
/// # Errors
/// Says in Japanese what of it is not there as it was.
fn sources_of<'a>(
    one: &'a Listed<'_>,
    fonts: &FontFiles,
    plan: &Path,
) -> Result<(&'a Manifest, SourceFiles, FontFiles)> {
    let (manifest, folder) = (&one.manifest, &one.folder.name);
    let Some(fonts) = FontShelf::with(fonts).fonts_of(manifest) else {
        bail!("訂正する版「{folder}」で使った書体のファイルがありません");
    };
    if let Some(files) = SourceFiles::of(one) {
        return Ok((manifest, files, fonts));
    }
    match archive::unreadable_source(one) {
        Some((name, why)) => bail!("訂正する版「{folder}」の「{name}」を開けません。{why}"),
        None => bail!(
            "訂正する版「{folder}」のファイルが元のままではありません。{}で確かめてください",
            suggested::on_plan("archive verify", plan, "")
        ),
    }
}

/// The note of the newest edition.
fn latest(manifest: &Manifest) -> Latest {
    let link = manifest.link();
    Latest { folder: link.folder, sequence: manifest.sequence, sha256: link.sha256 }
}

/// Why the edition is made: asked for where it corrects one, and only there.
fn reason(revise: Option<&str>, year: FiscalYear, corrected: Option<&Manifest>) -> Result<String> {
    match (revise.map(str::trim), corrected) {
        (None, None) => Ok(String::new()),
        (None, Some(old)) => bail!(
            "{}はもう保存されています（第{}版、{}）。保存した版は書き換えません。訂正するときは --revise \"訂正の理由\" を付けてください",
            year.long(),
            old.edition,
            japanese_date(old.date)
        ),
        (Some(_), None) => {
            bail!("{}はまだ保存されていません。--revise を付けずに実行してください", year.long())
        }
        (Some(""), Some(_)) => bail!("--revise には訂正の理由を書いてください"),
        (Some(reason), Some(_)) => Ok(reason.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()),
    }
}

fn report(
    target: &Path,
    edition: &Edition,
    latest: &Latest,
    began: Instant,
    findings: &Findings,
    console: &Console,
) {
    for file in &edition.files {
        console.result(&format!("  {}", target.join(&file.name).display()));
    }
    let manifest = &edition.manifest;
    let year = manifest.fiscal_year().long();
    console.result(&format!(
        "{year}の第{}版を保存しました（{}ページ、{:.2}秒）",
        manifest.edition,
        manifest.pages,
        began.elapsed().as_secs_f64()
    ));
    console.result(&format!("記録の指紋（SHA-256）: {}", latest.sha256));
    console.result("この指紋を起案文書などに控えておくと、後から全体が元のままだと示せます。");
    console.json(&json!({
        "folder": target.display().to_string(),
        "edition": manifest,
        "sha256": latest.sha256,
        "findings": findings_json(findings),
    }));
}

fn verify(args: &VerifyArgs, console: &Console) -> Result<Outcome> {
    let began = Instant::now();
    let root = archive_of(&args.of)?;
    let bar = console.progress(2);
    bar.set_message("保存した版を探しています");
    let mut stored = store::read(&root)?;
    stored.witnesses = store::witnesses(&root);
    bar.inc(1);
    bar.set_message("ファイルと、作り直した文書を比べています");
    let mut verified = archive::verify(&stored, &shelf(&args.of), &Program::this());
    if let Some(fingerprint) = &args.expect {
        verified.hold_against(fingerprint);
    }
    bar.finish_and_clear();
    if console.format() == Format::Text {
        console.report(&verified.findings);
    }
    let mut json = findings_json(&verified.findings);
    json["editions"] = json!(verified.editions);
    json["newest"] = json!(verified.newest());
    json["noted"] = json!(verified.noted.and_then(|at| verified.chain.get(at)));
    console.json(&json);
    let failed = verified.findings.has_errors() || (args.strict && !verified.findings.is_empty());
    let seconds = began.elapsed().as_secs_f64();
    let lines =
        [format!("{}（{seconds:.2}秒）。", verified.sentence())].into_iter().chain(verified.details());
    for line in lines {
        if failed { console.say(&line) } else { console.result(&line) }
    }
    Ok(if failed { Outcome::FoundErrors } else { Outcome::Done })
}

/// The archive's folder; one must be there. That of an edition will do.
fn archive_of(of: &OfPlan) -> Result<PathBuf> {
    let is_edition = of.plan.join(archive::MANIFEST).is_file();
    let root = if is_edition { files::folder_of(&of.plan).to_path_buf() } else { store::folder(&of.plan) };
    if !files::is_folder(&root)? {
        // Without a plan, it is the plan that is not there.
        PlanFolder::open(&of.plan)?;
        let archive = suggested::on_plan("archive", &of.plan, "--year R4");
        bail!("保存先{}が見つかりません。{archive}で保存すると作られます", files::shown(&root));
    }
    Ok(root)
}

/// The fonts of the plan as it is now. An archive is verified without them where the
/// plan itself is gone or broken.
fn shelf(of: &OfPlan) -> FontShelf {
    let fonts = || -> Option<FontFiles> {
        let folder = PlanFolder::open(&of.plan).ok()?;
        let (loaded, _) = folder.load().ok()?;
        Some(folder.template(None, &loaded?.settings).ok()?.ok()?.fonts)
    };
    FontShelf::with(&fonts().unwrap_or_default())
}

fn list(of: &OfPlan, console: &Console) -> Result<Outcome> {
    let stored = store::read(&archive_of(of)?)?;
    let (listed, findings) = archive::manifests(&stored);
    console.findings(&findings);
    let editions: Vec<_> = listed
        .iter()
        .map(|one| json!({ "folder": one.folder.name, "sha256": one.sha256.to_string(), "edition": one.manifest }))
        .collect();
    console.json(&json!({ "editions": editions, "findings": findings_json(&findings) }));
    for one in &listed {
        let manifest = &one.manifest;
        let mut line = format!(
            "{}\t第{}版\t{}\t{}ページ\t実績{}件（未報告{}件）\t{}",
            manifest.fiscal_year().long(),
            manifest.edition,
            japanese_date(manifest.date),
            manifest.pages,
            manifest.filled,
            manifest.empty,
            one.folder.name
        );
        if !manifest.reason.is_empty() {
            line.push_str(&format!("\t訂正の理由：{}", manifest.reason));
        }
        console.result(&line);
    }
    match listed.last() {
        Some(last) => console.result(&format!("最後の版の記録の指紋（SHA-256）: {}", last.sha256)),
        None => console.result("保存した版はありません。"),
    }
    Ok(if findings.has_errors() { Outcome::FoundErrors } else { Outcome::Done })
}

fn extract(args: &ExtractArgs, console: &Console) -> Result<Outcome> {
    let bytes = files::read(&args.file, files::LARGEST_PDF)?;
    let name = files::name_of(&args.file);
    let kept = match archive::bundled_files(&bytes, &name) {
        Ok(kept) => kept,
        Err(findings) => {
            console.findings(&findings);
            console.json(&json!({ "files": [], "findings": findings_json(&findings) }));
            console.say("ファイルは取り出していません。");
            return Ok(Outcome::FoundErrors);
        }
    };
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(args.file.file_stem().unwrap_or_default()));
    set::refuse_archive(files::folder_of(&out))?;
    store::write_folder(&out, &kept)?;
    let paths: Vec<PathBuf> = kept.iter().map(|file| out.join(&file.name)).collect();
    for path in &paths {
        console.result(&format!("  {}", path.display()));
    }
    console.result(&format!("{}つのファイルを取り出しました", paths.len()));
    console.json(&json!({ "files": files::named(&paths), "findings": findings_json(&Findings::new()) }));
    Ok(Outcome::Done)
}

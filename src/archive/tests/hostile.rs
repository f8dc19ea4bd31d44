//! What is no file, what nobody wrote, and what was taken away.

use super::*;

/// E719 保存した版に、ファイルの代わりにリンクがある。
#[test]
fn e719_archived_file_is_link() {
    for name in [PDF, MASTER, MANIFEST, CHECKSUMS] {
        let link = |stored: &mut Stored| drop(stored.folder("R7").entries.insert(name.into(), Entry::Link));
        check(link, &format!("E719 R7/{name}"));
    }
    check(|stored| stored.links.push("R9".into()), "E719 R9");
    let mut stored = archive();
    stored.links.push("R9".into());
    assert!(read_chain(&stored).1.has_errors());
}

/// A file that the system does not let be read.
#[derive(Debug)]
struct Closed;

impl ByteSource for Closed {
    fn open(&self) -> Result<Box<dyn std::io::Read>, String> {
        Err("アクセスする権限がありません".to_owned())
    }

    fn reason(&self, error: &std::io::Error) -> String {
        error.to_string()
    }
}

/// E720 保存した版のファイルを開けない。
#[test]
fn e720_archived_file_unreadable() {
    for name in [PDF, MASTER, MANIFEST, CHECKSUMS] {
        let closed = || Entry::File(Content::Source(9, std::sync::Arc::new(Closed)));
        for entry in [closed(), Entry::NoFile] {
            let code = if name == MANIFEST && matches!(entry, Entry::NoFile) { "E704" } else { "E720" };
            let put = |stored: &mut Stored| drop(stored.folder("R7").entries.insert(name.into(), entry));
            check(put, &format!("{code} R7/{name}"));
        }
    }
    check(|stored| stored.closed.push(("R9".into(), "理由".into())), "E720 R9");
}

/// E721 控えた確認用の値の版がない。
#[test]
fn e721_noted_edition_missing() {
    let whole = verify(&archive(), shelf(), &program());
    let fingerprints: Vec<String> = whole.chain.iter().map(|one| one.sha256.clone()).collect();
    // Taken away together with the note of it: what was noted elsewhere tells.
    let mut stored = archive();
    stored.folders.retain(|folder| folder.name != "R8");
    stored.latest = None;
    let mut verified = verify(&stored, shelf(), &program());
    assert!(!verified.findings.has_errors());
    verified.hold_against(&fingerprints[2][..16]);
    let last = verified.findings.iter().last().unwrap();
    assert_eq!((last.code(), last.severity()), ("E721", crate::finding::Severity::Error));
    assert!(last.message().contains(&fingerprints[2][..16]), "{}", last.message());

    let mut verified = verify(&stored, shelf(), &program());
    verified.hold_against(&fingerprints[1]);
    assert!(!verified.findings.has_errors());
    assert!(verified.details().contains(&"控えた確認用の値は、最新の版のものです".to_owned()));
    assert!(verified.sentence().ends_with("どれも保存の記録のとおりです"), "{}", verified.sentence());
    let mut verified = whole;
    verified.hold_against(&fingerprints[0]);
    assert!(verified.findings.is_empty());
    let said = "控えた確認用の値は、R7 のものです。その後に加えた版: R7-2、R8";
    assert!(verified.details().contains(&said.to_owned()), "{:?}", verified.details());
}

/// Whatever a record says is a finding, and soon.
#[test]
fn a_record_made_to_do_harm_is_refused() {
    let as_written = String::from_utf8(archive().bytes("R7", MANIFEST).clone()).unwrap();
    let with = |from: &str, to: &str| as_written.replacen(from, to, 1);
    let many = format!("\"files\": [{}", "{\"name\": \"a\"},".repeat(50_000));
    let deep = format!("\"reason\": {}", "[".repeat(200_000));
    for junk in [
        with("\"edition\": 1", "\"edition\": 1e999"),
        with("\"edition\": 1", "\"edition\": 99999999999999999999"),
        with("\"edition\": 1", "\"edition\": -1"),
        with("\"edition\": 1", "\"edition\": \"1\""),
        with("\"edition\": 1", "\"edition\": NaN"),
        with("\"pages\": ", "\"pages\": 1.5e300, \"x\": "),
        with("\"date\": \"2026-06-10\"", "\"date\": \"NaN\""),
        with("\"date\": \"2026-06-10\"", "\"date\": \"+262142-12-31\""),
        with("\"year\": \"R7\"", "\"year\": \"R99999999999\""),
        with("\"files\": [", &many),
        with("\"reason\": \"\"", &deep),
    ] {
        assert_ne!(junk, as_written);
        assert!(Manifest::read(junk.as_bytes()).is_err());
        check(|stored| *stored.bytes("R7", MANIFEST) = junk.into_bytes(), "E704 R7/manifest.json");
    }
    let many = format!("[{}0]", "0,".repeat(30_000));
    for junk in [many, "[".repeat(60_000), "{\"folder\":1e999}".to_owned()] {
        check(|stored| stored.latest = Some(junk.into_bytes()), "E713 latest.json");
    }
}

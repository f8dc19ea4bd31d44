//! What programs and systems leave in folders, which nobody put there: the lock file of
//! an open workbook, the thumbnails of a file server, the notes of a Finder.
//!
//! One list for every command that looks into a folder. Such a thing is passed over
//! without a word: it is no answer of a department and no sign of tampering. Names
//! alone are looked at, so that nothing has to be opened.

/// Names that are always left behind, in lower case.
const NAMES: [&str; 25] = [
    // Windows
    "desktop.ini",
    "thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "$recycle.bin",
    "system volume information",
    // macOS
    ".ds_store",
    ".appledouble",
    ".lsoverride",
    ".spotlight-v100",
    ".trashes",
    ".fseventsd",
    ".temporaryitems",
    ".documentrevisions-v100",
    "__macosx",
    "icon\r",
    // File servers: Synology, QNAP
    "@eadir",
    "#recycle",
    "@recycle",
    "@recently-snapshot",
    ".@__thumb",
    // Linux
    ".directory",
    "lost+found",
    ".dropbox",
    // This program's own lock, after a run that was stopped
    ".jisseki.lock",
];

/// Whether a file or folder of this name was left by a program or a system.
///
/// `~$…` is the lock of Excel and Word, `.~lock.…#` that of LibreOffice, `._…` what
/// macOS writes beside a file on a foreign disk.
pub fn is_stray(name: &str) -> bool {
    let lower = name.to_lowercase();
    NAMES.contains(&lower.as_str())
        || name.starts_with("~$")
        || (lower.starts_with(".~lock.") && name.ends_with('#'))
        || name.starts_with("._")
        || lower.starts_with(".fuse_hidden")
        || lower.starts_with(".nfs0")
        || lower.starts_with(".trash-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_and_systems_leave_is_told_by_its_name() {
        for name in [
            "~$記入票_水産振興課.xlsx",
            ".~lock.記入票.xlsx#",
            "._記入票.xlsx",
            "@eaDir",
            ".DS_Store",
            "desktop.ini",
            "Desktop.ini",
            "Thumbs.db",
            "THUMBS.DB",
            "ehthumbs.db",
            "#recycle",
            "$RECYCLE.BIN",
            "__MACOSX",
            ".Trash-1000",
            "System Volume Information",
        ] {
            assert!(is_stray(name), "{name}");
        }
    }

    #[test]
    fn what_people_put_into_a_folder_is_not() {
        for name in [
            "記入票.xlsx",
            "~記入票.xlsx",
            "記入票~$.xlsx",
            ".~lock.記入票.xlsx",
            "thumbs.xlsx",
            "desktop.ini.xlsx",
            "#1 水産振興課.xlsx",
            "@水産振興課.xlsx",
            "R4",
            "R4-2",
            "manifest.json",
            "",
        ] {
            assert!(!is_stray(name), "{name}");
        }
    }
}

//! Paths, as the system takes them and as people read them.

use std::path::{Path, PathBuf};

/// A file's name, without its folder.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The folder in which a file lies.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A path with this system's separators: `C:\計画\out/照会` is nowhere shown.
pub fn native(path: &Path) -> PathBuf {
    if cfg!(windows) { path.components().collect() } else { path.to_path_buf() }
}

/// A path of any length, for what asks Windows directly; it is never shown.
#[cfg(windows)]
pub(super) fn verbatim(path: &Path) -> PathBuf {
    use std::path::{Component, Prefix};
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let Some(Component::Prefix(prefix)) = path.components().next() else { return path };
    let mut whole = std::ffi::OsString::from(r"\\?\");
    match prefix.kind() {
        Prefix::Disk(_) => whole.push(&path),
        Prefix::UNC(server, share) => {
            whole.push(r"UNC\");
            whole.push(server);
            whole.push(r"\");
            whole.push(share);
            whole.push(r"\");
            whole.push(path.components().skip(2).collect::<PathBuf>());
        }
        _ => return path,
    }
    whole.into()
}

#[cfg(not(windows))]
pub(super) fn verbatim(path: &Path) -> PathBuf {
    path.to_path_buf()
}

/// A path as messages show it.
pub fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    format!("「{}」", if cfg!(windows) { plain(&text) } else { text })
}

/// A path of Windows as people write it, `C:\…` or `\\server\…`, without the mark under
/// which the system takes it at any length.
fn plain(path: &str) -> String {
    match path.strip_prefix(r"\\?\") {
        None => path.to_owned(),
        Some(rest) => match rest.strip_prefix(r"UNC\") {
            Some(share) => format!(r"\\{share}"),
            None => rest.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_windows_are_shown_plain() {
        for (path, shown) in [
            (r"\\?\C:\計画\master.csv", r"C:\計画\master.csv"),
            (r"\\?\UNC\server\共有\計画", r"\\server\共有\計画"),
            (r"\\server\共有", r"\\server\共有"),
            ("data/nemuro", "data/nemuro"),
        ] {
            assert_eq!(plain(path), shown);
        }
    }
}

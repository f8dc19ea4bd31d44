//! Why the system refused, in words a clerk can act on.
//!
//! One place for all of it. The system's own number says why for most refusals; where one
//! number stands for several reasons (5 on Windows: no right, a folder, a read-only file, a
//! file that is open), the place itself is looked at, after the refusal and without changing
//! anything there; the same looks tell beforehand what would be refused. What cannot be told even then is said to be one of two things.

use std::fs;
use std::io;
use std::path::{Component, Path};

use anyhow::{Error, anyhow};

use super::paths::shown;
use crate::file_name;

/// What was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// Reading a file.
    Reading,
    /// Making a new file, or putting it in the place of another.
    Writing,
    /// Making a folder, or opening one.
    InFolder,
    /// Giving a folder of new files its name.
    Renaming,
}

/// A file that cannot be opened.
pub fn cannot_open(path: &Path, error: &io::Error) -> Error {
    anyhow!("{}を開けません。{}", shown(path), reading(path, error))
}

/// A file that cannot be written.
pub fn cannot_write(path: &Path, error: &io::Error) -> Error {
    anyhow!("{}に書き込めません。{}", shown(path), writing(path, error))
}

/// A folder that cannot be opened.
pub fn cannot_enter(folder: &Path, error: &io::Error) -> Error {
    anyhow!("フォルダー{}を開けません。{}", shown(folder), of(folder, Doing::InFolder, error))
}

/// A folder that cannot be made.
pub fn cannot_make(folder: &Path, error: &io::Error) -> Error {
    anyhow!("フォルダー{}を作れません。{}", shown(folder), of(folder, Doing::InFolder, error))
}

/// A folder in which nothing can be made.
pub fn cannot_write_in(folder: &Path, error: &io::Error) -> Error {
    anyhow!("フォルダー{}に書き込めません。{}", shown(folder), of(folder, Doing::InFolder, error))
}

/// A folder that was filled under another name, and cannot be given its own: Windows refuses
/// that also while somebody, such as a virus scanner, has one of its files open.
pub fn cannot_finish(folder: &Path, error: &io::Error) -> Error {
    anyhow!("フォルダー{}を作れません。{}", shown(folder), of(folder, Doing::Renaming, error))
}

/// The same for a folder of this program's own within `folder`.
pub fn cannot_finish_in(folder: &Path, error: &io::Error) -> Error {
    anyhow!("フォルダー{}に書き込めません。{}", shown(folder), of(folder, Doing::Renaming, error))
}

/// Why a file cannot be read.
pub fn reading(path: &Path, error: &io::Error) -> String {
    of(path, Doing::Reading, error)
}

/// Why a folder cannot be opened.
pub fn entering(path: &Path, error: &io::Error) -> String {
    of(path, Doing::InFolder, error)
}

/// Why a file cannot be written.
pub fn writing(path: &Path, error: &io::Error) -> String {
    of(path, Doing::Writing, error)
}

/// Whether it was said that nothing is there: a network that cannot be reached says neither.
pub fn is_missing(error: &io::Error) -> bool {
    cause(error) == Why::Missing
}

/// Whether another program has the file open, so that waiting or closing it will help.
pub(super) fn is_in_use(error: &io::Error) -> bool {
    matches!(cause(error), Why::InUse | Why::PartInUse | Why::Mapped)
}

/// Whether what refused `place` as the target of a renaming may be over within a moment:
/// virus scanners and sync clients let go of a file soon, Excel does not.
pub(super) fn may_pass(place: &Path, error: &io::Error) -> bool {
    let is_refused = || cfg!(windows) && cause(error) == Why::Refused;
    let may_be_replaced =
        || fs::symlink_metadata(place).map_or(true, |data| !data.is_dir() && !data.permissions().readonly());
    cfg!(windows) && (is_in_use(error) || (is_refused() && may_be_replaced()))
}

/// A file that its owner has made read-only is not replaced, whatever the system allows.
///
/// # Errors
/// Says so.
pub fn refuse_read_only(place: &Path) -> anyhow::Result<()> {
    match fs::symlink_metadata(place) {
        Ok(data) if data.is_file() && data.permissions().readonly() => {
            Err(anyhow!("{}に書き込めません。{}", shown(place), Why::ReadOnly.sentence(Doing::Writing)))
        }
        _ => Ok(()),
    }
}

fn of(path: &Path, doing: Doing, error: &io::Error) -> String {
    match seen(path, doing, cause(error)) {
        Why::Unknown => {
            format!("読み書きに失敗しました（{error}）。少し待ってから、もう一度実行してください")
        }
        why => why.sentence(doing).to_owned(),
    }
}

/// A reason for which a system refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// It is not there.
    Missing,
    /// "Access denied": which of several reasons, the place tells.
    Refused,
    /// No right to do it.
    NoRight,
    /// In use, or no right: nothing tells which.
    InUseOrNoRight,
    /// Another program has it open.
    InUse,
    /// Excel has it open: its own note of that lies beside.
    InExcel,
    /// Another program has locked a part of it.
    PartInUse,
    /// Another program works with it in memory.
    Mapped,
    /// Its owner protects it.
    ReadOnly,
    /// A folder stands there.
    IsFolder,
    /// A file stands there, or where a folder should be on the way.
    Exists,
    /// Neither a file nor a folder.
    NoFile,
    /// A name that Windows keeps for a device.
    Device,
    /// A name that cannot be.
    BadName,
    /// One name is too long.
    LongName,
    /// The whole path is too long.
    LongPath,
    /// A share or a server is gone.
    Network,
    /// A share does not let the user in.
    Logon,
    /// Nothing in the drive.
    NotReady,
    /// A medium or file system that is not written to.
    Protected,
    /// No room.
    Full,
    /// The file is larger than the place takes.
    TooLarge,
    /// A virus scanner forbids it.
    Virus,
    /// The contents are in a cloud, and not here.
    Cloud,
    /// Encrypted by the system, for somebody else.
    Encrypted,
    /// A link cannot be followed.
    Link,
    /// A broken disk.
    Damaged,
    /// Too little memory, too many open files.
    NoResources,
    /// Forbidden by whoever looks after the computer.
    Policy,
    /// Nothing known.
    Unknown,
}

impl Why {
    /// The reason, and what to do.
    fn sentence(self, doing: Doing) -> &'static str {
        match (self, doing) {
            (Self::Missing, _) => "ファイルまたはフォルダーが見つかりません。場所と名前を確認してください",
            (Self::Refused | Self::NoRight, Doing::Reading) => {
                "読み取る権限がありません。ファイルの所有者か、フォルダーの管理者に確認してください"
            }
            (Self::Refused | Self::NoRight, _) => {
                "アクセスする権限がありません。別の場所を指定するか、フォルダーの管理者に確認してください"
            }
            (Self::InUseOrNoRight, _) => {
                "ほかのプログラム（Excelなど）が使用中であるか、書き込む権限がありません。閉じてからもう一度実行し、それでも書き込めなければ、フォルダーの管理者に確認してください"
            }
            (Self::InUse, Doing::InFolder | Doing::Renaming) => {
                "ほかのプログラムが使用中です。このフォルダーやその中のファイルを開いている画面を閉じ、少し待ってから、もう一度実行してください"
            }
            (Self::InUse, _) => {
                "ほかのプログラムが使用中です。このファイルを開いている画面を閉じ、少し待ってから、もう一度実行してください"
            }
            (Self::InExcel, _) => "Excelで開いています。Excelで閉じてから、もう一度実行してください",
            (Self::PartInUse, _) => {
                "ほかのプログラムが、ファイルの一部を使用しています。そのプログラムを閉じるか、少し待ってから、もう一度実行してください"
            }
            (Self::Mapped, _) => {
                "ほかのプログラムが、ファイルの内容を使用しています。そのプログラムを終了してから、もう一度実行してください"
            }
            (Self::ReadOnly, _) => {
                "読み取り専用です。書き換えてよければ、ファイルのプロパティで「読み取り専用」を外してから、もう一度実行してください"
            }
            (Self::IsFolder, Doing::Reading) => "ファイルではなくフォルダーです",
            (Self::IsFolder, _) => "同じ名前のフォルダーがあります。別の名前を指定してください",
            (Self::Exists, Doing::Reading) => {
                "フォルダーのはずのところに、ファイルがあります。場所と名前を確認してください"
            }
            (Self::Exists, _) => {
                "同じ名前のファイルがあり、フォルダーを使えません。そのファイルの名前を変えるか、別のフォルダーを指定してください"
            }
            (Self::NoFile, _) => "通常のファイルではありません",
            (Self::Device, _) => {
                "CON、NUL、COM1などは、Windowsが機器のために使う名前です。別の名前にしてください"
            }
            (Self::BadName, _) => {
                r#"名前に使えない文字（\ / : * ? " < > | など）が入っています。別の名前にしてください"#
            }
            (Self::LongName, _) => "ファイルまたはフォルダーの名前が長すぎます。短い名前にしてください",
            (Self::LongPath, _) => {
                "フォルダーの場所とファイルの名前を合わせたものが長すぎます。短い名前にするか、浅いフォルダーに移してください"
            }
            (Self::Network, _) => {
                "ネットワーク上の場所に接続できません。エクスプローラーでその場所を開けるか確認してから、もう一度実行してください"
            }
            (Self::Logon, _) => {
                "共有フォルダーにアクセスできません。エクスプローラーでその場所を開き、ユーザー名とパスワードを入力してから、もう一度実行してください"
            }
            (Self::NotReady, _) => {
                "ドライブの準備ができていません。USBメモリーなどが入っているか確認してから、もう一度実行してください"
            }
            (Self::Protected, _) => "書き込みが禁止されている場所です。別の場所を指定してください",
            (Self::Full, _) => {
                "ディスクの空き容量がありません。不要なファイルを削除してから、もう一度実行してください"
            }
            (Self::TooLarge, _) => "ファイルが大きすぎて、この場所には置けません。別の場所を指定してください",
            (Self::Virus, _) => {
                "ウイルス対策ソフトが処理を止めました。このファイルは開かずに、パソコンの管理者に連絡してください"
            }
            (Self::Cloud, _) => {
                "内容がクラウド（OneDriveなど）にあり、今は使えません。エクスプローラーで「このデバイス上に常に保持する」を選び、同期が終わってから、もう一度実行してください"
            }
            (Self::Encrypted, _) => {
                "Windowsの機能で暗号化されているため、使えません。暗号化した人に、解除を依頼してください"
            }
            (Self::Link, _) => "リンク先を開けません。リンクの先にあるものを直接指定してください",
            (Self::Damaged, _) => {
                "ディスクまたはその接続に故障があります。別の場所に控えを取り、パソコンの管理者に連絡してください"
            }
            (Self::NoResources, _) => {
                "パソコンのメモリーなどが不足しています。ほかのプログラムを終了してから、もう一度実行してください"
            }
            (Self::Policy, _) => "パソコンの管理者が禁止しています。管理者に確認してください",
            (Self::Unknown, _) => "読み書きに失敗しました",
        }
    }

    /// Whether a device's name or one that is too long may be what is behind it.
    fn may_be_the_name(self) -> bool {
        use Why::{BadName, Exists, Link, LongName, LongPath, Missing, NoFile, Refused, Unknown};
        matches!(self, Missing | Refused | Exists | NoFile | BadName | LongName | LongPath | Link | Unknown)
    }
}

/// What the numbers of Windows mean (`winerror.h`), in the order of the document made of it.
const WINDOWS: [(Why, &[i32]); 23] = [
    (Why::Missing, &[2, 3, 15, 18]),
    (Why::Refused, &[5, 65]),
    (Why::InUse, &[32, 36, 108, 170, 303, 391]),
    (Why::PartInUse, &[33, 167, 212, 397]),
    (Why::Mapped, &[1224]),
    (Why::Exists, &[80, 145, 183, 267]),
    (Why::IsFolder, &[336]),
    (Why::NoFile, &[6, 66]),
    (Why::BadName, &[123, 161]),
    (Why::LongPath, &[111, 206]),
    (
        Why::Network,
        &[
            51, 53, 54, 55, 58, 59, 64, 67, 71, 121, 240, 384, 1203, 1222, 1225, 1231, 1232, 1236, 1256,
            1460, 10060,
        ],
    ),
    (Why::Logon, &[86, 1219, 1311, 1326, 1327, 1330, 1331, 1396, 1907, 1909, 2202]),
    (Why::NotReady, &[20, 21, 34, 1110, 1112]),
    (Why::Protected, &[19, 381]),
    (Why::Full, &[39, 112, 1295, 1816]),
    (Why::TooLarge, &[223]),
    (Why::Virus, &[225, 226]),
    (
        Why::Cloud,
        &[
            358, 362, 363, 364, 365, 366, 374, 375, 377, 378, 379, 380, 382, 383, 386, 387, 388, 389, 390,
            392, 393, 394, 395, 396, 398, 404, 405, 426, 434, 475,
        ],
    ),
    (Why::Encrypted, &[6000, 6001, 6002, 6006, 6007, 6008]),
    (Why::Link, &[448, 681, 1463, 1920, 1921, 4390, 4392, 4393]),
    (Why::Damaged, &[23, 27, 29, 30, 31, 483, 1005, 1006, 1117, 1392, 1393]),
    (Why::NoResources, &[4, 8, 14, 1450, 1455]),
    (Why::Policy, &[1260, 1314]),
];

/// What a number of Windows means, as far as it alone can tell.
fn windows(code: i32) -> Option<Why> {
    WINDOWS.iter().find(|(_, codes)| codes.contains(&code)).map(|(why, _)| *why)
}

/// What a number of Unix means that is the same on all of them, and has no kind of its own.
fn unix(code: i32) -> Option<Why> {
    match code {
        5 => Some(Why::Damaged),
        12 | 23 | 24 => Some(Why::NoResources),
        40 if cfg!(target_os = "linux") => Some(Why::Link),
        _ => None,
    }
}

fn of_kind(kind: io::ErrorKind) -> Why {
    use io::ErrorKind as Kind;
    match kind {
        Kind::NotFound => Why::Missing,
        Kind::PermissionDenied => Why::Refused,
        Kind::StorageFull | Kind::QuotaExceeded => Why::Full,
        Kind::FileTooLarge => Why::TooLarge,
        Kind::ReadOnlyFilesystem => Why::Protected,
        Kind::IsADirectory => Why::IsFolder,
        Kind::NotADirectory | Kind::AlreadyExists | Kind::DirectoryNotEmpty => Why::Exists,
        Kind::InvalidInput => Why::NoFile,
        Kind::ResourceBusy | Kind::ExecutableFileBusy | Kind::Deadlock => Why::InUse,
        Kind::InvalidFilename => Why::LongName,
        Kind::OutOfMemory => Why::NoResources,
        Kind::HostUnreachable
        | Kind::NetworkUnreachable
        | Kind::NetworkDown
        | Kind::NotConnected
        | Kind::ConnectionAborted
        | Kind::ConnectionReset
        | Kind::ConnectionRefused
        | Kind::TimedOut
        | Kind::StaleNetworkFileHandle => Why::Network,
        _ => Why::Unknown,
    }
}

/// What the error alone says.
fn cause(error: &io::Error) -> Why {
    let number = error.raw_os_error();
    let by_number = number.and_then(if cfg!(windows) { windows } else { unix });
    by_number.unwrap_or_else(|| match error.kind() {
        // Our own word for what is neither; the system's says that it was asked wrongly.
        io::ErrorKind::InvalidInput if number.is_some() => Why::Unknown,
        kind => of_kind(kind),
    })
}

/// What the error and the place together say.
fn seen(path: &Path, doing: Doing, why: Why) -> Why {
    if cfg!(windows) && why.may_be_the_name() {
        let names = || {
            path.components().filter_map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy()),
                _ => None,
            })
        };
        if names().any(|name| file_name::is_reserved(&name)) {
            return Why::Device;
        }
        if names().any(|name| name.encode_utf16().count() > LONGEST_NAME) {
            return Why::LongName;
        }
    }
    match why {
        Why::Refused => refused(path, doing),
        Why::InUse if is_in_excel(path) => Why::InExcel,
        Why::BadName | Why::Missing if doing == Doing::InFolder && path.is_file() => Why::Exists,
        // Only a folder is in the way of a file that is to be put in place.
        Why::Exists if doing == Doing::Writing && path.is_dir() => Why::IsFolder,
        why => why,
    }
}

/// Windows has names of so many UTF-16 units at most.
const LONGEST_NAME: usize = 255;

/// What stands behind "access denied" at a place.
fn refused(path: &Path, doing: Doing) -> Why {
    match doing {
        Doing::Renaming if cfg!(windows) => return Why::InUseOrNoRight,
        Doing::Renaming | Doing::InFolder => return Why::NoRight,
        Doing::Reading | Doing::Writing => {}
    }
    match fs::symlink_metadata(path) {
        Ok(data) if data.is_dir() => Why::IsFolder,
        Ok(data) if doing == Doing::Writing && data.permissions().readonly() && cfg!(windows) => {
            Why::ReadOnly
        }
        Ok(data) if doing == Doing::Writing && data.is_file() => match let_go(path) {
            Err(error) if is_in_use(&error) && is_in_excel(path) => Why::InExcel,
            Err(error) if is_in_use(&error) => Why::InUse,
            Err(_) => Why::NoRight,
            Ok(()) if is_open(path) => Why::InUse,
            Ok(()) if cfg!(windows) => Why::InUseOrNoRight,
            Ok(()) => Why::NoRight,
        },
        _ => Why::NoRight,
    }
}

/// Whether the file at a place may be put aside now: whoever has it open without leave for
/// others to remove it is what Windows calls "access denied" when it is replaced.
///
/// # Errors
/// What the system says.
#[cfg(windows)]
pub(super) fn let_go(place: &Path) -> io::Result<()> {
    use std::os::windows::fs::OpenOptionsExt;
    const DELETE: u32 = 0x0001_0000;
    fs::File::options().access_mode(DELETE).open(place).map(drop)
}

/// Whether anybody has the file open, be it with leave for others to remove it: not every
/// disk of Windows replaces it all the same.
#[cfg(windows)]
fn is_open(path: &Path) -> bool {
    use std::os::windows::fs::OpenOptionsExt;
    fs::File::options().read(true).share_mode(0).open(path).is_err_and(|error| is_in_use(&error))
}

#[cfg(not(windows))]
fn is_open(_path: &Path) -> bool {
    false
}

/// Elsewhere what is open can be replaced.
#[cfg(not(windows))]
pub(super) fn let_go(_place: &Path) -> io::Result<()> {
    Ok(())
}

/// Excel notes beside a workbook who has it open.
fn is_in_excel(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy()) else { return false };
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    end.is_some_and(|end| ["xlsx", "xlsm", "xls", "xlsb"].contains(&end.as_str()))
        && fs::symlink_metadata(path.with_file_name(format!("~${name}"))).is_ok()
}

/// The rows of the manual's table: the numbers of Windows, and what is said.
pub fn manual() -> String {
    let row = |(why, codes): &(Why, &[i32])| {
        let codes: Vec<String> = codes.iter().map(i32::to_string).collect();
        let said = match why {
            Why::Refused => "置き場所を見て、フォルダー・読み取り専用・使用中・権限のいずれかを言い分けます",
            why => why.sentence(Doing::Writing),
        };
        format!("| {} | {} |\n", codes.join("、"), said.replace('|', r"\|"))
    };
    WINDOWS.iter().map(row).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_windows_has_one_meaning() {
        let mut all: Vec<i32> = WINDOWS.iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        for (code, why) in [
            (3, Why::Missing),
            (5, Why::Refused),
            (19, Why::Protected),
            (21, Why::NotReady),
            (32, Why::InUse),
            (33, Why::PartInUse),
            (39, Why::Full),
            (53, Why::Network),
            (112, Why::Full),
            (206, Why::LongPath),
            (225, Why::Virus),
            (362, Why::Cloud),
            (1224, Why::Mapped),
        ] {
            assert_eq!(windows(code), Some(why), "{code}");
        }
        assert_eq!(windows(87), None);
    }

    /// Each reason says what to do, and none names Excel that does not know it.
    #[test]
    fn sentences_say_what_to_do_and_only_what_is_known() {
        for (why, _) in WINDOWS {
            for doing in [Doing::Reading, Doing::Writing, Doing::InFolder] {
                let said = why.sentence(doing);
                assert!(!said.contains("Excel"), "{said}");
                assert!(!said.ends_with('。'), "{said}");
                let says_what_to_do =
                    said.ends_with("ください") || [Why::NoFile, Why::IsFolder].contains(&why);
                assert!(says_what_to_do, "{said}");
            }
        }
    }

    #[test]
    fn excel_is_named_where_its_note_lies_beside() {
        let folder = tempfile::tempdir().unwrap();
        let [book, table] = ["表.xlsx", "表.csv"].map(|name| folder.path().join(name));
        assert_eq!(seen(&book, Doing::Writing, Why::InUse), Why::InUse);
        for name in ["~$表.xlsx", "~$表.csv"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(seen(&book, Doing::Writing, Why::InUse), Why::InExcel);
        assert_eq!(seen(&table, Doing::Writing, Why::InUse), Why::InUse);
    }

    #[test]
    fn the_place_tells_what_the_number_does_not() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(seen(folder.path(), Doing::Writing, Why::Refused), Why::IsFolder);
        assert_eq!(seen(folder.path(), Doing::InFolder, Why::Refused), Why::NoRight);
        assert_eq!(seen(folder.path(), Doing::Writing, Why::Exists), Why::IsFolder);
        let file = folder.path().join("表.csv");
        fs::write(&file, "1").unwrap();
        assert_eq!(seen(&file, Doing::Reading, Why::Refused), Why::NoRight);
        let device = seen(Path::new("out/con.pdf"), Doing::Writing, Why::NoFile);
        assert_eq!(device == Why::Device, cfg!(windows));
        let long = folder.path().join("名".repeat(256));
        assert_eq!(seen(&long, Doing::Writing, Why::Missing) == Why::LongName, cfg!(windows));
    }

    #[cfg(windows)]
    #[test]
    fn what_is_open_is_told_from_what_is_forbidden() {
        use std::os::windows::fs::OpenOptionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("表.csv");
        fs::write(&file, "1").unwrap();
        assert_eq!(seen(&file, Doing::Writing, Why::Refused), Why::InUseOrNoRight);
        // With leave to read, to write as well, to remove as well.
        for share in [1, 3, 7] {
            let held = fs::File::options().read(true).share_mode(share).open(&file).unwrap();
            assert_eq!(seen(&file, Doing::Writing, Why::Refused), Why::InUse);
            drop(held);
        }
        let mut permissions = fs::metadata(&file).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&file, permissions).unwrap();
        assert_eq!(seen(&file, Doing::Writing, Why::Refused), Why::ReadOnly);
    }
}

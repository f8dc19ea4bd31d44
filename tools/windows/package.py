#!/usr/bin/env python3
"""Makes the package that a clerk gets: target/package/jisseki-<version>-windows.zip.

    python3 tools/windows/package.py [--executable FILE] [--out FOLDER]

Without --executable the release program is built first. The same commit gives the same
bytes; docs/RELEASE.md says how a release is made.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import executable
import licences

ROOT = Path(__file__).resolve().parents[2]
TEXTS = Path(__file__).resolve().parent
TARGET = licences.TARGET
PROFILE = "windows-release"
JAPAN = timezone(timedelta(hours=9))

LARGEST_PROGRAM = 25_000_000
LARGEST_PACKAGE = 15_000_000

# Texts of one or two screens, which Notepad and every editor of a Japanese Windows read.
NOTES = ["はじめにお読みください.txt", "情報システム担当の方へ.txt"]
MANUAL = "説明書"
MANUALS = {
    "README.ja.md": "使い方.txt",
    "docs/ARCHIVE.ja.md": "保存・訂正・引き継ぎ.txt",
    "docs/FINDINGS.ja.md": "エラーと警告の一覧.txt",
    "docs/WINDOWS.md": "Windowsで使うとき.txt",
    "docs/LIMITS.ja.md": "扱える大きさ.txt",
}
LICENCES = "ライセンス"
# As they are in the repository, byte for byte, under the same names: the manual's commands
# name data/nemuro.
SAMPLES = ["data/nemuro", "templates/official.toml"]


def run(*command, **options):
    """What a program says; what it says against it goes where all can read it."""
    return subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def version():
    described = json.loads(run("cargo", "metadata", "--no-deps", "--locked", "--format-version", "1"))
    return next(p["version"] for p in described["packages"] if p["name"] == licences.ROOT)


def date():
    """The day of the commit, or of SOURCE_DATE_EPOCH (https://reproducible-builds.org)."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or run("git", "log", "-1", "--format=%ct")
    return datetime.fromtimestamp(int(seconds), JAPAN)


def committed(*paths):
    """The repository's files at or below `paths`: nothing that a run left there."""
    return sorted(filter(None, run("git", "ls-files", "-z", "--", *paths).split("\0")))


# --- The program ---------------------------------------------------------------------------


def build():
    """The release program, the same from whatever folder: no path of this machine is in it."""
    if run("git", "status", "--porcelain", "--untracked-files=no"):
        sys.exit("The work tree differs from the commit. Commit first: a release is made of a commit.")
    environment = dict(os.environ)
    sysroot = Path(run("rustc", "--print", "sysroot").strip())
    options = []
    if not Path(run("rustc", "--print", "target-libdir", "--target", TARGET).strip()).is_dir():
        # A distribution's compiler: the standard library is built from its sources.
        if not (sysroot / "lib/rustlib/src/rust/library").exists():
            sys.exit(f"Install the standard library for {TARGET}, or its sources (rust-src).")
        environment["RUSTC_BOOTSTRAP"] = "1"
        options = ["-Zbuild-std=std,panic_unwind"]
    cargo_home = Path(environment.get("CARGO_HOME", Path.home() / ".cargo"))
    library = sysroot / "lib/rustlib/src/rust"
    names = {cargo_home: "/cargo", library: "/rust", library.resolve(): "/rust", ROOT: "/jisseki"}
    flags = [f"--remap-path-prefix={path}={name}" for path, name in names.items()]
    environment["CARGO_ENCODED_RUSTFLAGS"] = "\x1f".join(flags)
    environment.setdefault("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", "x86_64-w64-mingw32-gcc")
    subprocess.run(
        ["cargo", "build", "--locked", "--profile", PROFILE, "--bin", "jisseki", "--target", TARGET, *options],
        cwd=ROOT, check=True, env=environment)
    target = Path(environment.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / TARGET / PROFILE / "jisseki.exe"


# --- The texts -----------------------------------------------------------------------------


def crlf(text):
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def note(name, values):
    """A text with its blanks filled in, as Notepad of a Japanese Windows reads any file."""
    text = (TEXTS / name).read_text(encoding="utf-8")
    text = re.sub(r"@([A-Z0-9]+)@", lambda at: values[at[1]], text)
    for number, line in enumerate(text.splitlines(), 1):
        try:
            same = line.encode("cp932").decode("cp932") == line
        except UnicodeEncodeError:
            same = False
        if not same:
            sys.exit(f"{name}:{number}: a character that is not in CP932: {line}")
    return crlf(text).encode("cp932")


def plain(text):
    """UTF-8 with a byte order mark, by which Notepad knows it."""
    return b"\xef\xbb\xbf" + crlf(text).encode("utf-8")


def manual(source):
    """A chapter as text: without pictures and marks; links name what is in the package."""
    text = (ROOT / source).read_text(encoding="utf-8")
    text = re.sub(r"^!\[.*\]\(.*\)\n\n?", "", text, flags=re.MULTILINE)
    # Of a table of pictures, what they show is left.
    text = re.sub(r"^\|( --- \|)+\n\| !\[.*\n", "", text, flags=re.MULTILINE)
    # What only engineers ask is in brackets of their own lines.
    text = re.sub(r"^(<!--.*-->|\(.*\))\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^ *```.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", text, flags=re.DOTALL)

    def link(found):
        path = (Path(source).parent / found[2].split("#")[0]).as_posix()
        where = MANUALS.get(path) or (path.replace("/", "\\") if path in SAMPLES else None)
        return f"{found[1]}（{where}）" if where and where != found[1] else found[1]

    return plain(re.sub(r"\[([^\]]*)\]\(([^)]*)\)", link, text))


# --- The package ---------------------------------------------------------------------------


def contents(program, values):
    """All files by name, in the order in which they are packed."""
    files = {"jisseki.exe": program}
    for name in NOTES:
        files[name] = note(name, values)
    for source, name in MANUALS.items():
        files[f"{MANUAL}/{name}"] = manual(source)
    for path in committed(*SAMPLES):
        files[path] = (ROOT / path).read_bytes()
    files[f"{LICENCES}/jisseki.txt"] = plain((ROOT / "LICENSE").read_text(encoding="utf-8"))
    files[f"{LICENCES}/BIZ UDゴシック.txt"] = plain(
        (ROOT / "templates/fonts/OFL.txt").read_text(encoding="utf-8"))
    files[f"{LICENCES}/デジタル庁デザイントークン.txt"] = plain(
        (ROOT / "src/window/assets/LICENSE-design-tokens.txt").read_text(encoding="utf-8"))
    files[f"{LICENCES}/組み込まれているプログラム.txt"] = plain(licences.licences(ROOT))
    return dict(sorted(files.items()))


def pack(path, folder, files, time):
    with zipfile.ZipFile(path, "w") as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", time.timetuple()[:6])
            entry.create_system = 0  # as Windows itself packs: no rights of another system
            entry.external_attr = 0x20
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--executable", type=Path, help="a program that has been built already")
    arguments.add_argument("--out", type=Path, default=ROOT / "target/package")
    given = arguments.parse_args()

    number, time = version(), date()
    path = given.executable or build()
    for fault in executable.faults(path, number):
        sys.exit(f"{path} {fault}")
    # The program of the tests is neither small nor optimised as a whole.
    reaching = [] if given.executable else executable.reaching(path)
    if reaching:
        sys.exit(f"{path} links {', '.join(reaching)}; the page for administrators says that it does not")
    program = path.read_bytes()
    values = {
        "VERSION": number,
        "DATE": f"{time.year}年{time.month}月{time.day}日",
        "SIZE": f"{len(program):,}",
        "SHA256": executable.sha256(program),
    }
    given.out.mkdir(parents=True, exist_ok=True)
    package = given.out / f"jisseki-{number}-windows.zip"
    unfinished = package.with_suffix(".unfinished")
    pack(unfinished, f"jisseki-{number}", contents(program, values), time)
    for size, most in [(len(program), LARGEST_PROGRAM), (unfinished.stat().st_size, LARGEST_PACKAGE)]:
        if size > most and not given.executable:
            unfinished.unlink()
            sys.exit(f"{unfinished}: {size:,} bytes are more than {most:,}")
    shutil.move(unfinished, package)
    hashed = executable.sha256(package.read_bytes())
    Path(f"{package}.sha256").write_text(f"{hashed}  {package.name}\n", encoding="ascii")
    print(f"jisseki.exe  {len(program):,} bytes  {values['SHA256']}")
    print(f"{package}  {package.stat().st_size:,} bytes  {hashed}")


if __name__ == "__main__":
    main()

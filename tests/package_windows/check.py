#!/usr/bin/env python3
"""Makes the Windows package of a program that is built already, and opens it again.

    python3 tests/package_windows/check.py EXECUTABLE [PACKAGE.zip]

With a package (a release), that one is opened; else two are made, which must be alike.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pefile

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools/windows/package.py"
sys.path.insert(0, str(SCRIPT.parent))
import executable
import licences
import package as script

# In CP932; all other texts of the package are UTF-8 with a byte order mark.
NOTES = ["はじめにお読みください.txt", "情報システム担当の方へ.txt"]
OTHERS = [
    "ライセンス/BIZ UDゴシック.txt", "ライセンス/jisseki.txt", "ライセンス/デジタル庁デザイントークン.txt",
    "ライセンス/組み込まれているプログラム.txt",
    "説明書/Windowsで使うとき.txt", "説明書/エラーと警告の一覧.txt", "説明書/使い方.txt",
    "説明書/保存・訂正・引き継ぎ.txt", "説明書/扱える大きさ.txt",
]
COPIES = ["data/nemuro/SOURCE.md", "data/nemuro/master.csv", "data/nemuro/plan.toml", "templates/official.toml"]


def package(program, out):
    """What the script says, and the package where it makes one."""
    done = subprocess.run(
        [sys.executable, SCRIPT, "--executable", program, "--out", out], capture_output=True, text=True)
    return done, next(iter(sorted(Path(out).glob("*.zip"))), None)


def read(path):
    """The files by their names below the one folder at the top."""
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        entries = packed.infolist()
        tops = {entry.filename.split("/")[0] for entry in entries}
        assert tops == {path.name.removesuffix("-windows.zip")}, tops
        assert len({entry.date_time for entry in entries}) == 1
        for entry in entries:
            # Bit 11: the name is UTF-8. Without it Explorer takes names for CP932.
            assert entry.filename.isascii() or entry.flag_bits & 0x800, entry.filename
            assert not re.search(r'[\\:*?"<>|]', entry.filename), entry.filename
        return {entry.filename.split("/", 1)[1]: packed.read(entry) for entry in entries}


def check_names(files):
    assert sorted(files) == sorted(["jisseki.exe", *NOTES, *OTHERS, *COPIES]), sorted(files)
    for name in COPIES:
        assert files[name] == (ROOT / name).read_bytes(), name


def check_texts(files):
    for name in NOTES + OTHERS:
        content = files[name]
        if name in NOTES:
            text = content.decode("cp932")
            assert max(map(len, text.splitlines())) < 80, name
        else:
            assert content.startswith(b"\xef\xbb\xbf"), name
            text = content.decode("utf-8-sig")
        assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r") > 5, name
        is_ours = not name.startswith("ライセンス/")
        assert not (is_ours and re.search(r"@[A-Z0-9]+@|\]\(|\*\*|```", text)), name


def check_hash(files):
    program = files["jisseki.exe"]
    note = files["情報システム担当の方へ.txt"].decode("cp932")
    assert hashlib.sha256(program).hexdigest() in note
    assert f"{len(program):,} バイト" in note


def check_licences(files):
    """Every crate that Cargo.toml asks for is named, and each number leads to a text."""
    text = files["ライセンス/組み込まれているプログラム.txt"].decode("utf-8-sig")
    entries, *_ = text.split("=" * 72)
    manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    sections = r"^\[(?:target\.'cfg\(windows\)'\.)?dependencies\]\n(.*?)\n\n"
    asked = "\n".join(re.findall(sections, manifest, re.DOTALL | re.MULTILINE))
    assert "winapi-util" in asked
    for crate in re.findall(r"^([\w-]+) =", asked, re.MULTILINE):
        assert re.search(rf"^{re.escape(crate)} \d", entries, re.MULTILINE) or crate == "serde", crate
    for crate in ["calamine", "proptest", "winresource", "syn"]:  # tests, or while compiling
        assert not re.search(rf"^{crate} ", entries, re.MULTILINE), crate
    numbers = set(re.findall(r"\[(\d+)\]", entries))
    assert numbers == set(re.findall(r"^\[(\d+)\] \S", text, re.MULTILINE)) and len(numbers) > 20
    for line in entries.splitlines():
        assert not re.match(r"[\w-]+ \d", line) or line.endswith("]"), line


def check_refused(program, work):
    """A program without its resource is not packed, nor what is no program of Windows."""
    bare = work / "bare.exe"
    opened = pefile.PE(str(program), fast_load=True)
    entry = opened.OPTIONAL_HEADER.DATA_DIRECTORY[pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]]
    entry.VirtualAddress = entry.Size = 0
    opened.write(str(bare))
    done, made = package(bare, work / "bare")
    assert done.returncode == 1 and "has no resource" in done.stderr and made is None, done.stderr
    done, made = package(Path(sys.executable), work / "none")
    assert done.returncode == 1 and "is no Windows program" in done.stderr and made is None, done.stderr


def check_stopped(work):
    """What nobody has looked at stops the package: a licence, a character that is shown as `?`."""
    (work / "note.txt").write_text("版 @VERSION@\n根室 \u2014 \U00020BB7野家\n", encoding="utf-8")
    script.TEXTS = work
    for said, attempt in [
        ("'MIT AND GPL-3.0'", lambda: licences.expression({"name": "x", "license": "MIT AND GPL-3.0"})),
        ("x: the licence ''", lambda: licences.expression({"name": "x", "license": None})),
        ("note.txt:2:", lambda: script.note("note.txt", {"VERSION": "1"})),
    ]:
        try:
            attempt()
        except SystemExit as stopped:
            assert said in str(stopped), stopped
        else:
            raise AssertionError(f"not stopped: {said}")


def check(path):
    files = read(path)
    check_names(files)
    check_texts(files)
    check_hash(files)
    check_licences(files)
    return files


def main():
    given = Path(sys.argv[1]).resolve()
    if len(sys.argv) > 2:
        files = check(Path(sys.argv[2]))
        assert files["jisseki.exe"] == given.read_bytes()
        assert not executable.reaching(given), executable.reaching(given)
        print(f"{sys.argv[2]}: {len(files)} files, all as they must be")
        return
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        first, one = package(given, work / "1")
        assert first.returncode == 0, first.stderr
        _, other = package(given, work / "2")
        assert one.read_bytes() == other.read_bytes(), "two runs differ"
        files = check(one)
        assert "getaddrinfo" in executable.reaching(given)  # so that the look at a release can fail
        check_refused(given, work)
        check_stopped(work)
        print(f"{one.name}: {len(files)} files, {one.stat().st_size:,} bytes, all as they must be")


if __name__ == "__main__":
    main()

"""The licences of all that is linked into jisseki.exe, as one text."""

import json
import re
import subprocess
from pathlib import Path

TEXTS = Path(__file__).with_name("licences")
TARGET = "x86_64-pc-windows-gnu"
ROOT = "jisseki"

# What is linked in and is no crate: the standard library, and the runtime of the linker.
RUNTIMES = ["rust.txt", "mingw-w64.txt", "gcc.txt"]
# A crate that comes under anything else is looked at by a person first. MPL-2.0 (3.2) asks that
# whoever gets the program is told where the sources are: the heading does.
ACCEPTED = {
    "0BSD", "Apache-2.0", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "MIT", "MIT-0", "MPL-2.0",
    "Unicode-3.0", "Unlicense", "Zlib",
}
LICENCE_FILE = re.compile(r"(un)?licen[cs]e|copying|copyright|notice", re.IGNORECASE)

HEADING = """\
jisseki に組み込まれているプログラムとそのライセンス

jisseki.exe には、次のプログラムが組み込まれています。どれも、この文を添えれば自由に使い、
配ることのできるものです。［ ］の数字は、下にあるライセンスの文の番号です。
MPL-2.0 のものは、変えずに組み込んでいます。ソースは https://crates.io/crates/（名前） にあります。

"""
RULE = "=" * 72


def linked_in(root):
    """The crates of the Windows program, each as (name, version): neither what only the tests
    use nor what runs while compiling."""
    printed = subprocess.run(
        ["cargo", "tree", "--locked", "--package", ROOT, "--target", TARGET, "--prefix", "none",
         "--edges", "normal,no-proc-macro", "--format", "{p}"],
        cwd=root, check=True, capture_output=True, text=True).stdout
    crates = {tuple(line.split()[:2]) for line in printed.splitlines() if line}
    return sorted((name, version.removeprefix("v")) for name, version in crates if name != ROOT)


def described(root):
    """What each crate says of itself, by name and version."""
    printed = subprocess.run(
        ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET],
        cwd=root, check=True, capture_output=True, text=True).stdout
    return {(crate["name"], crate["version"]): crate for crate in json.loads(printed)["packages"]}


def expression(crate):
    """`MIT OR Apache-2.0`, which older crates write `MIT/Apache-2.0`."""
    said = (crate["license"] or "").replace("/", " OR ")
    names = set(re.findall(r"[\w.-]+", said)) - {"OR", "AND"}
    if not names or not names <= ACCEPTED:
        raise SystemExit(f"{crate['name']}: the licence {said!r} is none that was looked at")
    return said


def texts_of(crate):
    """The licences' texts in a crate's sources; else the one that is kept here for it."""
    folder = Path(crate["manifest_path"]).parent
    files = sorted(file for file in folder.iterdir() if LICENCE_FILE.match(file.name) and file.is_file())
    if not files:
        own = TEXTS / f"{crate['name']}.txt"
        offered = "Apache-2.0" in re.split(r"\s+OR\s+", expression(crate))
        files = [own] if own.exists() or not offered else [TEXTS / "Apache-2.0.txt"]
    return [tidied(file.read_text(encoding="utf-8")) for file in files]


def tidied(text):
    """Without what differs between two copies of one text: ends of lines, blanks around."""
    return "\n".join(line.rstrip() for line in text.lstrip("\ufeff").splitlines()).strip("\n")


def licences(root):
    """The whole text: the list of all, and each licence once, as it was first met."""
    crates = described(root)
    numbers = {}  # of each text, by the text without its blanks
    users = {}
    lines = []
    runtimes = [(name.removesuffix(".txt"), (TEXTS / name).read_text(encoding="utf-8")) for name in RUNTIMES]
    entries = [(name, "", [tidied(text)]) for name, text in runtimes]
    for key in linked_in(root):
        entries.append((" ".join(key), expression(crates[key]), texts_of(crates[key])))
    for name, said, texts in entries:
        of_this = []
        for text in texts:
            number, _ = numbers.setdefault("".join(text.split()), (len(numbers) + 1, text))
            users.setdefault(number, []).append(name)
            of_this.append(f"[{number}]")
        lines.append("  ".join(filter(None, [name, said, " ".join(of_this)])))
    parts = [HEADING, "\n".join(lines), "\n"]
    for number, text in numbers.values():
        parts.append(f"\n{RULE}\n[{number}] {', '.join(users[number])}\n{RULE}\n\n{text}\n")
    return "".join(parts)

#!/usr/bin/env python3
"""Holds the program for Windows against the one for Linux: the same year of the same plans
must give the same files with the same bytes, the same exit codes and the same words, and
each must find the other's archive in order.

    python3 tests/windows/alike.py target/debug/jisseki 'wine …/jisseki.exe' [--list]
"""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLANS = {"nemuro": ROOT / "data/nemuro", "returns": ROOT / "tests/returns/plan"}
RETURNS = ROOT / "tests/returns/files"

# What a planning office does in a year, in the folder of one plan. What is to fail is in it too.
YEAR = {
    "nemuro": [
        "check .",
        "build . --out out",
        "build . --out 案 --draft --year R3",
        "distribute . --year R5 --due 2024-05-31 --out 照会",
        "collect . 照会 --dry-run --out 照会結果",
        "archive . --year R3 --date 2023-06-12 --bundle",
        "archive . --year R4 --date 2024-06-10 --bundle",
        "archive . --year R4 --date 2024-07-01 --revise 試験 --bundle",
        "archive . --year R4 --date 2024-07-01",
        "archive list .",
        "archive verify .",
        "diff archive/R3 archive/R4 --out 正誤表 --date 2024-07-01",
        "init 新しい計画",
        "check 無い計画",
        "bild",
        "check . --format json",
    ],
    "returns": [
        "collect . 返却 --out out",
        "check .",
        "build . --out out",
        "archive . --year R5 --date 2026-06-10 --bundle",
        "archive verify .",
    ],
}
# Names that bear the moment of a run; what lies there is compared under one name.
MOMENT = re.compile(r"\d{8}-\d{6}(-\d+)?")
# What a run says of its own duration.
DURATION = re.compile(r"[\d.]+ ?(秒|ミリ秒|ms)")


def run(program, work, arguments):
    """One command in the folder `work`."""
    # The day is given, as a reproducible build gives it (reproducible-builds.org).
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1770000000", "TZ": "Asia/Tokyo", "WINEDEBUG": "-all"}
    command = [*program, *shlex.split(arguments)]
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, stdin=subprocess.DEVNULL)
    said = (done.stdout + b"\x00" + done.stderr).decode("utf-8", "replace").replace("\r\n", "\n")
    said = DURATION.sub("…", MOMENT.sub("…", said)).replace("\\", "/")
    return done.returncode, said


def year(program, parent):
    """A whole year of all plans: what every command said, and every file's hash."""
    said, files = {}, {}
    for plan, commands in YEAR.items():
        work = Path(parent) / plan
        shutil.copytree(PLANS[plan], work)
        if plan == "returns":
            shutil.copytree(RETURNS, work / "返却")
        for command in commands:
            said[plan, command] = run(program, work, command)
        for path in sorted(work.rglob("*")):
            if path.is_file():
                name = MOMENT.sub("…", f"{plan}/{path.relative_to(work)}")
                files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return said, files


def main():
    native, other = shlex.split(sys.argv[1]), shlex.split(sys.argv[2])
    native[0] = str(Path(native[0]).resolve())
    other[-1] = str(Path(other[-1]).resolve())
    wrong = []
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        # The same folders under the same names: a message may name them.
        said, files = year(native, one)
        told, found = year(other, two)
        for command, (code, words) in said.items():
            their_code, their_words = told[command]
            if code != their_code:
                wrong.append(f"{command}: ends with {code} and with {their_code}\n{their_words}")
            elif words != their_words:
                wrong.append(f"{command}: says\n{words}\nand\n{their_words}")
        for name in sorted({*files, *found}):
            if files.get(name) != found.get(name):
                wrong.append(f"{name}: {files.get(name)} and {found.get(name)}")
            elif "--list" in sys.argv:
                print(f"{files[name]}  {name}")
        for program, theirs in ((native, two), (other, one)):
            for plan in YEAR:
                code, words = run(program, Path(theirs) / plan, "archive verify .")
                if code != 0:
                    wrong.append(f"{program[-1]}: the other's archive of {plan} does not verify\n{words}")
    if len(files) < 60:
        wrong.append(f"only {len(files)} files were made")
    for line in wrong:
        print(line)
    if wrong:
        sys.exit(f"{len(wrong)} differences")
    print(f"{len(said)} commands and {len(files)} files are alike on both systems")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Stops a run at every system call that changes something on the disk.

For each command the calls are counted once; then the command is run as often as there
are calls, each time killed before another of them, or that call refused for want of room.
What is left must be the old state or the new one, or a mix that the next run tells; the
next run must succeed, and leave nothing of the stopped one behind.

    python3 tests/stopped/every_call.py target/debug/jisseki [--refuse] [--table]
"""

import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CALLS = (
    "write,writev,pwrite64,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,"
    "fsync,fdatasync,ftruncate,fchmod,openat,flock"
)
RETURN = ROOT / "tests/returns/files/数字で回答.xlsx"


class Case:
    """A command in a folder of its own: how it is prepared, run, and judged."""

    def __init__(self, program, name, arguments, before):
        self.program, self.name, self.arguments, self.before = program, name, arguments, before

    def folder(self, parent):
        work = Path(tempfile.mkdtemp(dir=parent))
        for name in ("plan.toml", "master.csv"):
            shutil.copy(ROOT / "tests/returns/plan" / name, work / name)
        for arguments in self.before:
            self.run(work, arguments, check=True)
        return work

    def run(self, work, arguments, check=False, tracer=()):
        command = [*tracer, self.program, arguments[0], *arguments[1:]]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1770000000"}
        done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True)
        if check and done.returncode != 0:
            sys.exit(f"{self.name}: {arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def calls(self, parent):
        """Every call of the thread that makes most of them: its name, and its number among
        those of that name, which is how the tracer counts."""
        work = self.folder(parent)
        trace = work / "trace.txt"
        self.run(work, self.arguments, True, ["strace", "-f", "-o", trace, "-e", f"trace={CALLS}"])
        made = re.findall(r"^(\d+) +(\w+)\(", trace.read_text(errors="replace"), re.M)
        busiest = Counter(thread for thread, _ in made).most_common(1)[0][0]
        counts = Counter(name for thread, name in made if thread == busiest)
        return [(name, at) for name, count in counts.items() for at in range(1, count + 1)]


def state(folder):
    """Every file below a folder, but what is told apart by time alone."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and name != "trace.txt":
            files[re.sub(r"\d{8}-\d{6}(-\d+)?", "TIME", name)] = path.read_bytes()
    return files


def whole(files):
    return {name: bytes_ for name, bytes_ in files.items() if ".jisseki" not in name}


def judge(case, old, new, parent, call):
    """Kills one run before a call; a word for what it left, or a complaint."""
    work = case.folder(parent)
    name, at = call
    refused = "--refuse" in sys.argv
    how = "error=ENOSPC" if refused else "signal=KILL"
    inject = f"inject={name}:{how}:when={at}"
    stopped = case.run(work, case.arguments, tracer=["strace", "-f", "-o", "/dev/null", "-e", f"trace={name}", "-e", inject])
    if "panicked" in stopped.stderr or "プログラムの誤り" in stopped.stderr:
        return None, f"a panic: {stopped.stderr}"
    left = state(work)
    if any("（2）" in name for name in left):
        # What could not be looked at was taken for somebody's, and kept.
        return "new, beside what could not be read", None
    files = whole(left)
    litter = len(left) != len(files)
    for name, content in files.items():
        if content not in (old.get(name), new.get(name)):
            return None, f"a piece of {name}"
    changing = [name for name in new if old.get(name) != new[name] and not name.startswith("backup/")]
    is_new = [name for name in changing if files.get(name) == new[name]]
    if len(is_new) == len(changing):
        word = "new"
    else:
        word = "old" if not is_new else "mixed"
    if word == "mixed" and refused and case.name == "collect" and "マスタには取り込みました" not in stopped.stderr:
        return None, f"taken over and not said: {stopped.stderr}"
    if case.name == "collect" and "out/照会結果.xlsx" in is_new and "master.csv" not in is_new:
        return None, "reported and not taken over"
    again = case.run(work, case.arguments)
    already = case.name == "archive" and "すでに保存されています" in again.stderr
    if again.returncode != 0 and not already:
        return None, f"the next run fails: {again.stderr}"
    if word == "mixed" and case.name in ("build", "distribute") and "途中で止まって" not in again.stderr:
        return None, "a mix that nobody tells"
    after = state(work)
    if any(".jisseki" in name for name in after):
        return None, f"left for ever: {sorted(after)}"
    if case.name == "archive":
        verified = case.run(work, ["archive", "verify", "."])
        if verified.returncode != 0:
            return None, f"the archive does not verify: {verified.stdout}{verified.stderr}"
    elif case.name == "collect":
        if after["master.csv"] != new["master.csv"]:
            return None, "the next run gives another master"
    elif whole(after) != new:
        return None, "the next run gives another set"
    shutil.rmtree(work)
    return word + (", litter that the next run removes" if litter else ""), None


def main():
    program = str(Path(sys.argv[1]).resolve())
    collect = ["collect", ".", str(RETURN), "--out", "out"]
    early = ["--due", "2026-05-29"]
    cases = [
        Case(program, "build", ["build", ".", "--out", "out", "--date", "2026-02-02"],
             [["build", ".", "--out", "out", "--date", "2025-02-02"]]),
        Case(program, "distribute", ["distribute", ".", "--year", "R5", "--out", "out", "--due", "2026-06-30"],
             [["distribute", ".", "--year", "R5", "--out", "out", *early]]),
        Case(program, "collect", collect, []),
        Case(program, "archive", ["archive", ".", "--year", "R4", "--date", "2026-02-02", "--bundle"],
             [["archive", ".", "--year", "R3", "--date", "2025-02-02"]]),
    ]
    failed = False
    rows = []
    with tempfile.TemporaryDirectory() as parent, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for case in cases:
            calls = case.calls(parent)
            old = whole(state(case.folder(parent)))
            done = case.folder(parent)
            case.run(done, case.arguments, check=True)
            new = whole(state(done))
            results = list(pool.map(lambda at: judge(case, old, new, parent, at), calls))
            words = Counter(word for word, _ in results if word)
            rows.append((case.name, len(calls), words))
            print(f"{case.name}: stopped before each of {len(calls)} calls: "
                  + "; ".join(f"{count} {word}" for word, count in sorted(words.items())))
            for (name, at), (_, complaint) in zip(calls, results):
                if complaint:
                    failed = True
                    print(f"  {name} {at}: {complaint}")
    if "--table" in sys.argv:
        kinds = sorted({word for _, _, words in rows for word in words})
        print("\n| command | calls | " + " | ".join(kinds) + " |")
        print("| --- | --- |" + " --- |" * len(kinds))
        for name, calls, words in rows:
            print(f"| `{name}` | {calls} | " + " | ".join(str(words[kind]) for kind in kinds) + " |")
    sys.exit(failed)


main()

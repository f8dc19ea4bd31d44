#!/usr/bin/env python3
"""Opens the window of the program for Windows, looks at a plan in it, and ends it.

    python3 tests/windows/window.py 'wine …/jisseki.exe'
"""

import contextlib
import http.client
import os
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Seconds for a start, and for the end. Wine takes far less for either.
PATIENCE = 60


def first_line(process):
    """The address, which is said first."""
    if not select.select([process.stdout], [], [], PATIENCE)[0]:
        sys.exit(f"said nothing in {PATIENCE} s")
    return process.stdout.readline().decode("utf-8").strip()


@contextlib.contextmanager
def window(program, plan):
    """A window, and where it is; it ends with this if it has not before."""
    process = subprocess.Popen(
        [*program, "open", "--no-browser", "."], cwd=plan, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, start_new_session=True)
    try:
        address = first_line(process)
        assert address.startswith("http://127.0.0.1:"), address
        yield process, urllib.parse.urlsplit(address)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def asked(where, method, path, **headers):
    """Code, headers and text of an answer."""
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=PATIENCE)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read().decode("utf-8")


def look(process, where):
    start = f"{where.path}?{where.query}"
    code, headers, _ = asked(where, "GET", start)
    assert code == 303, code
    page, cookie = headers["Location"], headers["Set-Cookie"].split(";")[0]
    code, _, text = asked(where, "GET", page, Cookie=cookie)
    assert code == 200 and "根室市" in text and "警告 8件" in text, text
    code, _, text = asked(where, "GET", f"{page}check", Cookie=cookie)
    assert code == 200 and "<svg" in text, text
    for path in (start, page):
        code, _, _ = asked(where, "GET", path)
        assert code == 403, f"{path} without the cookie: {code}"
    token = re.search(r'name="jisseki-token" content="(\w+)"', text)[1]
    origin, base = f"http://{where.netloc}", where.path.removesuffix("/start")
    code, _, text = asked(where, "POST", f"{base}/quit?token={token}", Cookie=cookie, Origin=origin)
    assert code == 200 and "終了しました" in text, text
    assert process.wait(PATIENCE) == 0, process.returncode


def main():
    program = shlex.split(sys.argv[1])
    program[-1] = str(Path(program[-1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "計画"
        shutil.copytree(ROOT / "data/nemuro", plan)
        with window(program, plan) as (process, where):
            look(process, where)
    print("the window opens, shows a plan to who has its key, and ends")


if __name__ == "__main__":
    main()

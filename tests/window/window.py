"""The window as its tests meet it: the program, started on a copy of a plan, and Debian's Chromium."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# The day is given, as a reproducible build gives it (reproducible-builds.org): 2026-02-02.
EPOCH = "1770000000"
# No page takes as long, in milliseconds; a job may.
PATIENCE_MS = 20_000
JOB_MS = 120_000


def environment(data):
    """For a run of the program; `data`: the user's local data folder."""
    return {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "TZ": "Asia/Tokyo", "XDG_DATA_HOME": str(data)}


class Program:
    """A window that is served without a browser of its own; as a context it ends with it."""

    def __init__(self, binary, plan, data, preexec=None):
        command = [binary, "open", "--no-browser", *([plan] if plan else [])]
        # No plan stands where it is started, but the one that is named.
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=environment(data), cwd=data, preexec_fn=preexec,
            # As Python itself: a file that grows beyond its limit is an error, and kills nobody.
            restore_signals=False,
        )
        self.address = self.process.stdout.readline().strip()
        if not self.address.startswith("http://127.0.0.1:"):
            raise SystemExit(f"{command}: says {self.address!r}")
        # What all its addresses begin with: the place, and a secret.
        self.origin = self.address.split("/start")[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@contextlib.contextmanager
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@contextlib.contextmanager
def work_folder():
    """A folder of this run: `data` in it for what the program keeps of its user."""
    with tempfile.TemporaryDirectory(prefix="jisseki-window-") as name:
        work = Path(name)
        (work / "data").mkdir()
        yield work


def copy_plan(name, to):
    shutil.copytree(ROOT / "data" / name, to)
    return to


class Watched:
    """A context of the browser, watched: what its pages complain of, and whom they ask."""

    def __init__(self, chromium, origin, **options):
        self.origin, self.faults = origin, []
        # Answers with these codes are what a test asks for; the browser reports them as errors.
        self.expected = set()
        self.context = chromium.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", **options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.faults.append(f"error of a page: {error.error}"))
        self.context.on("request", self._request)

    def _console(self, message):
        if message.type not in ("error", "warning"):
            return
        if any(f"status of {code}" in message.text for code in self.expected):
            return
        self.faults.append(f"console of {message.location.get('url')}: {message.text}")

    def _request(self, request):
        if not request.url.startswith((self.origin + "/", "blob:", "data:")):
            self.faults.append(f"asks another: {request.url}")

    def open(self, address):
        page = self.context.new_page()
        page.goto(address)
        return page


def job_done(page):
    """Waits for the end of a job that a form has begun; its page, which must tell no failure."""
    page.wait_for_url("**/jobs/*", timeout=PATIENCE_MS)
    page.locator("main:not(:has([data-job]))").wait_for(timeout=JOB_MS)
    failed = page.locator("main .banner-error")
    if failed.count():
        raise SystemExit(f"{page.url}: {failed.first.inner_text()}")


def press(page, name, scope="main"):
    """Presses the button of a name."""
    page.locator(scope).get_by_role("button", name=name).first.click()


def step(page, name):
    """Goes to a step of the year."""
    page.locator(".steps").get_by_role("link", name=name).click()
    page.locator(f".steps a[aria-current=step]:has-text('{name}')").wait_for()


def must(holds, what):
    if not holds:
        raise SystemExit(what)


def main_of(check):
    """Ends the run with what `check` complains of: how often, where it has said so itself."""
    faults = check(Path(sys.argv[1]).resolve())
    if isinstance(faults, list):
        for fault in faults:
            print(fault)
        faults = len(faults)
    sys.exit(f"{faults} faults" if faults else 0)

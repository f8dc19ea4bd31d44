#!/usr/bin/env python3
"""How the window begins and ends, and what it does while others write the master.

    python3 tests/window/life.py target/debug/jisseki

The program is started as by a double click, without `--no-browser`; `xdg-open` is a script that
writes down what it is to open, and Chromium goes there. That a browser which was killed, and so
says no goodbye, is waited for 120 seconds is tested where it can be counted without waiting
(`src/window/life.rs`).
"""

import os
import resource
import subprocess
import time

from playwright.sync_api import expect
from window import Program, Watched, browser, copy_plan, environment, job_done, main_of, must, press, step, work_folder

# After the last page the program waits for 5 seconds, and may be slow.
ENDS_S, LIVES_S, BEGINS_S = 15, 8, 15
# A page asks every 20 seconds whether the program is there, and twice more.
GONE_MS = 45_000
# The largest file that the program can write on a full disk, in bytes: the master is larger.
FULL = 8 << 10
CELL, WRONG = "K296", "359.3"
BROWSER = '#!/bin/sh\nprintf "%s\\n" "$1" >> "$OPENED"\n'


class Started:
    """The program, started as by a double click."""

    def __init__(self, binary, work, plan):
        self.opened = work / "opened.txt"
        tools = work / "bin"
        tools.mkdir(exist_ok=True)
        (tools / "xdg-open").write_text(BROWSER)
        (tools / "xdg-open").chmod(0o755)
        path = f"{tools}:{os.environ['PATH']}"
        environ = {**environment(work / "data"), "PATH": path, "OPENED": str(self.opened)}
        before = len(self.addresses())
        output = open(work / "said.txt", "w+")
        self.process = subprocess.Popen([binary, "open", plan], env=environ, stdout=output, stderr=output, cwd=work)
        until(lambda: len(self.addresses()) > before, BEGINS_S, "no browser was opened")
        self.address = self.addresses()[-1]
        self.origin = self.address.split("/start")[0]

    def addresses(self):
        return self.opened.read_text().split() if self.opened.exists() else []

    def ends(self, what):
        try:
            code = self.process.wait(timeout=ENDS_S)
        except subprocess.TimeoutExpired:
            raise SystemExit(f"{what}: the program does not end") from None
        must(code == 0, f"{what}: the program ends with {code}")

    def lives(self, what):
        time.sleep(LIVES_S)
        must(self.process.poll() is None, f"{what}: the program has ended")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def until(holds, seconds, what):
    end = time.monotonic() + seconds
    while not holds():
        must(time.monotonic() < end, what)
        time.sleep(0.05)


def two_windows(binary, chromium, work, plan):
    """A second double click opens a tab of the same window, which lives as long as one of them."""
    with Started(binary, work, plan) as first, Started(binary, work, plan) as second:
        second.ends("a second start")
        must(second.origin == first.origin, "a second start has opened another window")
        watched = Watched(chromium, first.origin)
        one, other = watched.open(first.address), watched.open(second.address)
        must(one.url == other.url, f"{one.url} and {other.url} are not the same page")
        step(one, "調べる")
        one.close(run_before_unload=True)
        first.lives("one of two tabs was closed")
        step(other, "調べる")
        other.close(run_before_unload=True)
        first.ends("the last tab was closed")
        return watched.faults


def stopped(binary, chromium, work, plan):
    """「終了」: every tab says so."""
    with Started(binary, work, plan) as program:
        watched = Watched(chromium, program.origin)
        page = watched.open(program.address)
        other = watched.open(page.url)
        press(page, "終了", "header")
        for tab in (page, other):
            tab.get_by_text("終了しました").first.wait_for()
        program.ends("終了")
        return watched.faults


def busy(binary, chromium, work, plan):
    """A job that runs is finished, whatever is pressed or closed."""
    with Started(binary, work, plan) as program:
        watched = Watched(chromium, program.origin)
        watched.expected = {409}
        page = watched.open(program.address)
        step(page, "作る")
        press(page, "文書を作る")
        page.locator("[data-job]").wait_for()
        press(page, "終了", "header")
        page.get_by_text("実行中の作業があります").wait_for()
        job_done(page)
        made = {path.name: path.read_bytes() for path in (plan / "out").iterdir() if path.is_file()}
        step(page, "作る")
        press(page, "文書を作る")
        page.locator("[data-job]").wait_for()
        page.close(run_before_unload=True)
        program.ends("the last tab was closed while a job ran")
        again = {path.name: path.read_bytes() for path in (plan / "out").iterdir() if path.is_file()}
        must(again == made and len(made) > 1, f"a job was left half done: {sorted(again)}")
        return watched.faults


def crash(binary, chromium, work, plan):
    """What was killed hinders no next start; a page of it says what to do."""
    with Started(binary, work, plan) as killed:
        watched = Watched(chromium, killed.origin)
        page = watched.open(killed.address)
        killed.process.kill()
        killed.process.wait()
        with Started(binary, work, plan) as program:
            must(program.origin != killed.origin, "the port of what was killed")
            after = Watched(chromium, program.origin)
            step(after.open(program.address), "調べる")
            expect(page.get_by_text("もう一度ダブルクリックしてください")).to_be_visible(timeout=GONE_MS)
            # That nobody answers is what the page of the killed one complains of.
            return after.faults


def the_cell(page):
    step(page, "調べる")
    page.locator("#findings tr", has_text=CELL).get_by_role("link").click()
    field = page.locator("[data-page-view] textarea")
    expect(field).to_have_value(WRONG)
    return field


def others_write(binary, chromium, work, plan):
    """The master is saved by another program: the page follows, but where somebody is writing on it."""
    master = plan / "master.csv"
    with Program(binary, plan, work / "data") as program:
        watched = Watched(chromium, program.origin)
        page = watched.open(program.address)
        step(page, "調べる")
        page.locator("#findings tr", has_text=CELL).wait_for()
        kept = master.read_bytes()
        time.sleep(1.5)
        master.write_bytes(kept.replace(f",{WRONG},".encode(), ",359.3億円,".encode()))
        page.locator("#findings tr", has_text="359.3億円").wait_for()
        master.write_bytes(kept)
        field = the_cell(page)
        field.fill("360億円")
        time.sleep(1.5)
        saved = kept.replace(f",{WRONG},".encode(), ",361億円,".encode())
        master.write_bytes(saved)
        page.get_by_text("マスタが変わりました").wait_for()
        expect(field).to_have_value("360億円")
        press(page, "マスタのこのセルを書き換える")
        refused(page, typed="360億円", now="361億円")
        must(master.read_bytes() == saved, "what another program had saved was written over")
        return watched.faults


def refused(page, typed, now):
    """A cell was not written: both texts are there."""
    page.locator(".error-text", has_text=f"今の内容は「{now}」").wait_for()
    expect(page.locator("textarea")).to_have_value(typed)


def two_tabs_one_cell(binary, chromium, work, plan):
    with Program(binary, plan, work / "data") as program:
        watched = Watched(chromium, program.origin)
        one = watched.open(program.address)
        other = watched.open(one.url)
        first, second = the_cell(one), the_cell(other)
        first.fill("362億円")
        second.fill("363億円")
        press(one, "マスタのこのセルを書き換える")
        one.locator("main .banner-success").wait_for()
        after = (plan / "master.csv").read_bytes()
        press(other, "マスタのこのセルを書き換える")
        refused(other, typed="363億円", now="362億円")
        must((plan / "master.csv").read_bytes() == after, "the second tab has written over the first")
        # Who has seen both may decide.
        press(other, "マスタのこのセルを書き換える")
        other.locator("main .banner-success").wait_for()
        must("363億円".encode() in (plan / "master.csv").read_bytes(), "what was decided was not written")
        return watched.faults


def no_room():
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, FULL))


def full_disk(binary, chromium, work, plan):
    """Nothing is lost, and it is said."""
    before = {str(path): path.read_bytes() for path in plan.rglob("*") if path.is_file()}
    with Program(binary, plan, work / "data", preexec=no_room) as program:
        watched = Watched(chromium, program.origin)
        watched.expected = {422}
        page = watched.open(program.address)
        the_cell(page).fill("364億円")
        press(page, "マスタのこのセルを書き換える")
        page.locator("main .banner-error").first.wait_for()
        expect(page.locator("textarea")).to_have_value("364億円")
        step(page, "作る")
        press(page, "文書を作る")
        page.locator("main .banner-error").first.wait_for()
        after = {str(path): path.read_bytes() for path in plan.rglob("*") if path.is_file()}
        changed = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
        must(not changed, f"on a full disk these have changed: {changed}")
        return watched.faults


def check(binary):
    faults = []
    tests = (two_windows, stopped, busy, crash, others_write, two_tabs_one_cell, full_disk)
    with browser() as chromium:
        for test in tests:
            began = time.monotonic()
            with work_folder() as work:
                found = test(binary, chromium, work, copy_plan("nemuro", work / "計画"))
            print(f"{test.__name__}: {'; '.join(found) or 'as it should be'} ({time.monotonic() - began:.0f} s)", flush=True)
            faults += found
    return len(faults)


if __name__ == "__main__":
    main_of(check)

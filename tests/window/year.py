#!/usr/bin/env python3
"""A planning office's year, once in the window and once on the command line: the same bytes.

    python3 tests/window/year.py target/debug/jisseki

In the browser everything is done as a clerk does it: the plan is chosen from the folders, a
finding is mended in its cell, buttons are pressed, the returned forms are dropped as a folder. On the
command line the cell is mended by an editor. Then every file of the two plans is compared.
"""

import os
import re
import subprocess
from datetime import datetime, timedelta, timezone

import forms
import openpyxl
from playwright.sync_api import expect
from window import Program, Watched, browser, copy_plan, environment, job_done, main_of, must, press, step, work_folder

YEAR, YEAR_IN_WORDS, DUE, DATE, CORRECTED = "R5", "令和5年度", "2026-02-27", "2026-02-02", "2026-03-02"
REASON = "水産振興課の転記誤り"
# What is mended: the cell of a finding, what it says, and what is typed.
CELL, WRONG, RIGHT = "K296", "359.3", "359.3億円"
# Departments that answer; the last leaves an item open.
ANSWERING = ["水産研究所", "市立病院", "総合政策室"]
# What the departments have reported wrongly: a piece of a row, and what it should say.
MISTAKE = ("補助金交付団体数,,,,,,,,6件,4件,", "補助金交付団体数,,,,,,,,6件,5件,")
JAPAN = timezone(timedelta(hours=9))
MOMENT = re.compile(r"\d{8}-\d{6}(-\d+)?")


def tree(folder):
    """Every file below a folder, but the backups."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    backups = {name for name in files if name.startswith("backup/")}
    return {name: files[name] for name in files.keys() - backups}, {files[name] for name in backups}


def master(plan):
    return (plan / "master.csv").read_bytes()


def correct(plan):
    """Another program writes the master: a mistake is corrected."""
    wrong, right = (piece.encode() for piece in MISTAKE)
    content = master(plan)
    must(content.count(wrong) == 1, f"{MISTAKE[0]} stands {content.count(wrong)} times in the master")
    (plan / "master.csv").write_bytes(content.replace(wrong, right))


def choose(page, plan):
    """The plan, by the place of its folder."""
    page.get_by_role("link", name="フォルダーから選ぶ").click()
    page.get_by_label("フォルダーの場所").fill(str(plan))
    press(page, "移る")
    page.get_by_role("link", name="この計画を開く").first.click()
    page.wait_for_url("**/p/*/")


def mend(page, plan):
    """A finding, where it is shown."""
    before = master(plan)
    step(page, "調べる")
    page.locator("#findings tr", has_text=CELL).get_by_role("link").click()
    field = page.locator("[data-page-view] textarea")
    expect(field).to_have_value(WRONG)
    field.fill(RIGHT)
    press(page, "マスタのこのセルを書き換える")
    page.locator("main .banner-success", has_text="backup").wait_for()
    after = master(plan)
    at = next(at for at, (old, new) in enumerate(zip(before, after)) if old != new)
    added = len(RIGHT.encode()) - len(WRONG.encode())
    must(
        after[:at] + after[at + added :] == before and RIGHT.encode() in after[at - len(WRONG) : at + added],
        "more than the cell was changed",
    )


def build(page, year):
    step(page, "作る")
    page.get_by_label("版の年度").select_option(year)
    page.get_by_label("文書の日付").fill(DATE)
    press(page, "文書を作る")
    job_done(page)


def distribute(page):
    step(page, "配る")
    page.get_by_label("照会する年度").select_option(YEAR)
    press(page, "この年度を表示する")
    page.get_by_label("回答期限").fill(DUE)
    press(page, "記入票を作る")
    job_done(page)


def drop(page, paths):
    """Files and folders, dropped on the page as by a hand: the browser reads them from the disk."""
    devtools = page.context.new_cdp_session(page)
    box = page.locator("jisseki-drop").bounding_box()
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 40}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "data": data, **place})
    page.locator(".drop-list li").first.wait_for()
    devtools.detach()


def read(page, put):
    """Reads the returned forms; nothing is changed by that."""
    step(page, "集める")
    put()
    press(page, "読み取って内容を確認する")
    job_done(page)
    page.get_by_text("まだ何も書き換えていません").first.wait_for()


def take(page):
    press(page, "選んだ変更をマスタに取り込む")
    job_done(page)
    page.locator("main .banner-success").first.wait_for()


def collect(page, plan, returned):
    before = master(plan)
    # Chosen in the fields, not taken over.
    read(page, lambda: page.get_by_label("ファイルを選ぶ").set_input_files(sorted(returned.glob("*.xlsx"))))
    few = page.locator("input[name=take]").count()
    read(page, lambda: page.get_by_label("フォルダーごと選ぶ").set_input_files(returned))
    many = page.locator("input[name=take]").count()
    must(0 < few < many, f"{few} answers in the folder, and {many} with the folder in it")
    # Dropped; one answer is left out, and all is taken back.
    read(page, lambda: drop(page, [returned]))
    must(page.locator("input[name=take]").count() == many, "dropped, the folder has other answers")
    must(master(plan) == before, "a dry run has changed the master")
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    page.locator("input[name=take]").nth(1).uncheck()
    take(page)
    without_one = master(plan)
    press(page, "元に戻す")
    job_done(page)
    must(master(plan) == before, "what was taken over was not taken back")
    read(page, lambda: drop(page, [returned]))
    take(page)
    rows = sum(one != other for one, other in zip(without_one.splitlines(), master(plan).splitlines()))
    must(rows == 1, f"{rows} rows differ by the answer that was left out")


def keep(page, corrects):
    step(page, "保存する")
    page.locator("details.menu summary").click()
    page.locator("details.menu").get_by_role("link", name=YEAR_IN_WORDS).click()
    if corrects:
        page.get_by_label("訂正の理由").fill(REASON)
    page.locator("#date").fill(CORRECTED if corrects else DATE)
    page.get_by_label("保存用PDF）も作る").check()
    press(page, "訂正版を保存する" if corrects else "この年度を保存する")
    job_done(page)


def errata(page):
    step(page, "保存する")
    page.locator("#old").select_option(YEAR)
    page.locator("#new").select_option(f"{YEAR}-2")
    press(page, "比べる")
    job_done(page)
    page.get_by_label("正誤表の日付").fill(CORRECTED)
    press(page, "正誤表を作る")
    job_done(page)


def verify(page):
    step(page, "保存する")
    press(page, "確かめる")
    job_done(page)
    page.locator("main .banner-success").first.wait_for()


def in_window(binary, chromium, work, plan, answer):
    """The year in the browser; what was wrong with its pages."""
    with Program(binary, None, work / "data") as program:
        watched = Watched(chromium, program.origin)
        page = watched.open(program.address)
        choose(page, plan)
        mend(page, plan)
        build(page, "R4")
        distribute(page)
        collect(page, plan, answer(plan / "out/照会"))
        build(page, YEAR)
        keep(page, corrects=False)
        step(page, "調べる")
        correct(plan)
        keep(page, corrects=True)
        errata(page)
        verify(page)
        return watched.faults


def on_command_line(binary, work, plan, returned):
    def run(arguments):
        done = subprocess.run(
            [binary, *arguments.split(" ")], cwd=plan, env=environment(work / "data"), capture_output=True, text=True
        )
        must(done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")

    content = master(plan)
    must(content.count(f",{WRONG},".encode()) == 1, f"{WRONG} stands more than once")
    (plan / "master.csv").write_bytes(content.replace(f",{WRONG},".encode(), f",{RIGHT},".encode()))
    run(f"build . --year R4 --date {DATE}")
    run(f"distribute . --year {YEAR} --due {DUE}")
    run(f"collect . {os.path.relpath(returned, plan)}")
    run(f"build . --year {YEAR} --date {DATE}")
    run(f"archive . --year {YEAR} --date {DATE} --bundle")
    correct(plan)
    run(f"archive . --year {YEAR} --date {CORRECTED} --revise {REASON} --bundle")
    run(f"diff archive/{YEAR} archive/{YEAR}-2 --date {CORRECTED} --out out/正誤表_{YEAR}_{YEAR}-2")
    run("archive verify .")


def returned_forms(work, made):
    """Some departments' forms, filled; some in a folder of the folder."""
    returned = work / "返送"
    (returned / "追加").mkdir(parents=True)
    for at, department in enumerate(ANSWERING):
        name = f"{YEAR}実績照会_{department}.xlsx"
        last = at + 1 == len(ANSWERING)
        forms.fill(made / name, (returned / "追加" if last else returned) / name, left_open=int(last))
    return returned


def saved_when_received(returned, plan):
    """When a form was saved no browser tells: 照会結果 names the moment at which it was received. What
    the command line reads is given the same."""
    book = openpyxl.load_workbook(plan / "out/照会結果.xlsx")
    rows = list(book["回答状況"].iter_rows(values_only=True))
    heads = next(row for row in rows if "更新日時" in row)
    times = {row[heads.index("ファイル")]: row[heads.index("更新日時")] for row in rows}
    for path in returned.rglob("*.xlsx"):
        said = times[path.name]
        moment = datetime.strptime(said, "%Y-%m-%d %H:%M").replace(tzinfo=JAPAN).timestamp()
        os.utime(path, (moment, moment))


def differences(one, other):
    (files, backups), (theirs, their_backups) = tree(one), tree(other)
    for name in sorted(files.keys() | theirs.keys()):
        if files.get(name) != theirs.get(name):
            sizes = " and ".join(str(len(side[name])) if name in side else "none" for side in (files, theirs))
            yield f"{name}: not the same file ({sizes} bytes)"
    # In the window a cell was mended, and answers were taken over, taken back, taken over again: each
    # leaves a backup, named by its moment. What the command line has kept is among them.
    if not their_backups <= backups:
        yield "backup: what the command line has kept is not there"
    if len(files) < 60:
        yield f"only {len(files)} files were made"


def check(binary):
    with work_folder() as work, browser() as chromium:
        here, there = copy_plan("nemuro", work / "画面/計画"), copy_plan("nemuro", work / "コマンド/計画")
        faults = in_window(binary, chromium, work, here, lambda made: returned_forms(work, made))
        saved_when_received(work / "返送", here)
        on_command_line(binary, work, there, work / "返送")
        faults += differences(here, there)
        if not faults:
            print(f"{len(tree(here)[0])} files are the same, made in the window and on the command line")
        return faults


if __name__ == "__main__":
    main_of(check)

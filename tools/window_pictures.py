#!/usr/bin/env python3
"""Makes the pictures of the window for README.ja.md anew, from the sample plan.

    cargo build && python3 tools/window_pictures.py

The same pictures each time: the day is given, and nothing that is shown names a folder of this PC.
Needs Chromium and Pillow, and what tests/window/requirements.txt names.
"""

import os
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/window"))

import forms  # noqa: E402
from window import EPOCH, Program, Watched, browser, copy_plan, job_done, press, step, work_folder  # noqa: E402

PROGRAM = ROOT / "target/debug/jisseki"
IMAGES = ROOT / "docs/images"
SIZE = {"width": 1200, "height": 800}
COLOURS = 64
# So far down a finding's page stands beside the table of findings, in pixels.
PAPER = 400
YEAR, ANSWERING = "R5", ["水産研究所", "市立病院", "教育総務課"]


def settle(plan):
    """What was just written was written on the day that is given: pages name the day of a file."""
    for path in plan.rglob("*"):
        os.utime(path, (int(EPOCH), int(EPOCH)))


def picture(page, name, down=0):
    path = IMAGES / f"window-{name}.png"
    # Without the focus and the pointer, which stand where the last click was.
    page.mouse.move(0, 0)
    page.evaluate("down => { document.activeElement?.blur(); scrollTo(0, down); }", down)
    page.evaluate("document.fonts.ready.then(() => null)")
    page.screenshot(path=path, animations="disabled")
    with Image.open(path) as whole:
        whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


def returned(made, folder):
    folder.mkdir()
    for department in ANSWERING:
        name = f"{YEAR}実績照会_{department}.xlsx"
        forms.fill(made / name, folder / name, left_open=1)
    return folder


def take(page, plan, work):
    step(page, "調べる")
    page.locator("#findings a[data-page]").last.click()
    page.locator("[data-page-view] textarea:not(:empty)").wait_for()
    picture(page, "check", down=PAPER)
    step(page, "作る")
    picture(page, "build")
    press(page, "文書を作る")
    job_done(page)
    settle(plan)
    step(page, "配る")
    page.get_by_label("照会する年度").select_option(YEAR)
    press(page, "この年度を表示する")
    picture(page, "distribute")
    press(page, "記入票を作る")
    job_done(page)
    settle(plan)
    step(page, "保存する")
    press(page, "この年度を保存する")
    job_done(page)
    settle(plan)
    step(page, "保存する")
    picture(page, "archive")
    step(page, "集める")
    page.get_by_label("フォルダーごと選ぶ").set_input_files(returned(plan / "out/照会", work / "返送"))
    press(page, "読み取って内容を確認する")
    job_done(page)
    picture(page, "collect")
    page.locator(".site-plan a").click()
    picture(page, "home")


def main():
    with work_folder() as work, browser() as chromium:
        plan = copy_plan("nemuro", work / "計画")
        with Program(PROGRAM, plan, work / "data") as program:
            watched = Watched(chromium, program.origin, viewport=SIZE)
            take(watched.open(program.address), plan, work)
            sys.exit("\n".join(watched.faults) or 0)


if __name__ == "__main__":
    main()

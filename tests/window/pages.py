#!/usr/bin/env python3
"""Every page of the window, in every state, as people with different needs meet it.

    python3 tests/window/pages.py target/debug/jisseki [PICTURES]

On each: axe-core finds nothing; no page scrolls sideways at 320 px, nor with text twice as
large; with forced colours and reduced motion nothing else is wrong; every stop of the Tab key can be
seen. Then the main path by the keyboard alone, and by plain forms without JavaScript. Nothing is
written to the console, and nobody else is asked for anything. PICTURES: a folder to keep what was seen.
"""

import sys
from pathlib import Path

import axe
import forms
from playwright.sync_api import expect
from window import Program, Watched, browser, copy_plan, job_done, main_of, press, step, work_folder
from year import correct

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
ENLARGED = "percent => { document.documentElement.style.fontSize = percent; }"
MOVES = "() => document.getAnimations().filter(one => one.playState === 'running').length"
# The stop of the Tab key: what it is, whether something marks it, whether anything of it is in sight.
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const host = element.closest("a, button, label, summary, input, select, textarea, [tabindex]") ?? element;
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const frame = element.closest(".paper, .scroll")?.getBoundingClientRect();
  const [left, top] = [Math.max(box.left, frame?.left ?? 0, 0), Math.max(box.top, frame?.top ?? 0, 0)];
  const right = Math.min(box.right, frame?.right ?? innerWidth, innerWidth) - left;
  const bottom = Math.min(box.bottom, frame?.bottom ?? innerHeight, innerHeight) - top;
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]]
    .map(([x, y]) => [left + x * right, top + y * bottom]);
  const seen = points.some(([x, y]) => {
    const there = document.elementFromPoint(x, y);
    return there && (host.contains(there) || there.contains(host) && there.matches("label, .drop"));
  });
  const name = (element.getAttribute("aria-label") || element.innerText || element.name || element.id || "").trim();
  return { name: `${element.localName} ${name.slice(0, 40)}`, outlined, seen };
}"""
MOST_STOPS = 400
# What a page that cannot be found, or a form that is refused, is answered with.
REFUSED = {400, 403, 404, 422}


class Judge:
    """Looks at one state after the other, and remembers what is wrong."""

    def __init__(self, pictures):
        self.axe, self.pictures, self.faults, self.seen = axe.script(), pictures, [], []

    def look(self, page, name):
        # A page that is just being fetched is none yet.
        page.wait_for_function("!document.querySelector('[data-page-view][aria-busy=true]')")
        found = []
        found += axe.violations(page, self.axe)
        found += self.fits(page)
        found += self.otherwise(page)
        found += self.stops(page)
        self.seen.append(name)
        self.blame(name, found)

    def blame(self, name, found):
        for line in found:
            # At once: what comes next may never end.
            print(f"{name}: {line}", flush=True)
            self.faults.append(name)

    def picture(self, page, name):
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self.pictures / f"{len(self.seen):02}_{name}.png", full_page=True)

    def fits(self, page):
        """At 320 px, and with text twice as large (WCAG 1.4.4, 1.4.10)."""
        page.set_viewport_size(NARROW)
        self.picture(page, "narrow")
        if (over := page.evaluate(SIDEWAYS)) > 0:
            yield f"320 px wide: {over} px too wide: {self.widest(page)}"
        page.set_viewport_size(WIDE)
        page.evaluate(ENLARGED, "200%")
        self.picture(page, "large")
        if (over := page.evaluate(SIDEWAYS)) > 0:
            yield f"text twice as large: {over} px too wide: {self.widest(page)}"
        page.evaluate(ENLARGED, "")
        self.picture(page, "wide")

    @staticmethod
    def widest(page):
        return page.evaluate("""() => [...document.querySelectorAll("body *")]
          .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .filter(one => !one.parentElement.closest(".scroll, .paper, pre, dialog"))
          .slice(0, 3).map(one => `<${one.localName} class="${one.className}">`).join(" ")""")

    def otherwise(self, page):
        """With forced colours and less motion; axe looks again, with the colours that are forced."""
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        self.picture(page, "forced")
        for line in axe.violations(page, self.axe, axe.CONTRAST):
            yield f"forced colours: {line}"
        if moving := page.evaluate(MOVES):
            yield f"reduced motion: {moving} still move"
        page.emulate_media(forced_colors="none", reduced_motion="no-preference")

    def stops(self, page):
        """Every stop of the Tab key is marked and in sight (WCAG 2.4.7, 2.4.11)."""
        page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
        for _ in range(MOST_STOPS):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUSED)
            if stop is None:
                break
            if not stop["outlined"]:
                yield f"the focus on {stop['name']} is not marked"
            if not stop["seen"]:
                yield f"the focus on {stop['name']} is out of sight"
        else:
            yield f"more than {MOST_STOPS} stops of the Tab key"
        page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")


def break_master(plan):
    """A master with errors: a kind of row that there is none of."""
    path = plan / "master.csv"
    kept = path.read_bytes()
    path.write_bytes(kept.replace("\r\n事業量,P001-1".encode(), "\r\n事業数,P001-1".encode(), 1))
    assert path.read_bytes() != kept
    return kept


def empty_states(judge, binary, chromium, work):
    """Before anything was done: no plan was ever used."""
    with Program(binary, None, work / "data") as program:
        watched = Watched(chromium, program.origin, viewport=WIDE)
        watched.expected = REFUSED
        page = watched.open(program.address)
        judge.look(page, "計画を選ぶ（最初）")
        for name in ("フォルダーから選ぶ", "見本から新しい計画を作る"):
            page.goto(f"{program.origin}/")
            page.get_by_role("link", name=name).click()
            judge.look(page, name)
        press(page, "計画を作る")
        judge.look(page, "見本から新しい計画を作る（入力の誤り）")
        page.goto(f"{program.origin}/folders?to=plan")
        page.get_by_label("フォルダーの場所").fill("/ありません")
        press(page, "移る")
        judge.look(page, "フォルダーから選ぶ（誤り）")
        page.goto(f"{program.origin}/ありません")
        judge.look(page, "見つからないページ")
        with chromium.new_context() as stranger:
            judge.look(watch_stranger(stranger, f"{program.origin}/"), "許していないブラウザー")
        return watched.faults


def watch_stranger(context, address):
    page = context.new_page()
    page.goto(address)
    return page


def states_of_plan(judge, binary, chromium, work):
    """The plan's pages, before, during and after their jobs."""
    plan = copy_plan("nemuro", work / "計画")
    with Program(binary, plan, work / "data") as program:
        watched = Watched(chromium, program.origin, viewport=WIDE)
        watched.expected = REFUSED
        page = watched.open(program.address)
        home = page.url
        judge.look(page, "計画の最初の画面")
        for name in ("調べる", "作る", "配る", "集める", "保存する"):
            step(page, name)
            judge.look(page, f"{name}（最初）")
        judge.look(opened(page, home, "調べる", "#findings a"), "調べる（紙面とセル）")
        dialog(judge, page)
        step(page, "作る")
        page.locator("main a", has_text="様式を調べる").first.click()
        judge.look(page, "作る（様式）")
        step(page, "作る")
        press(page, "文書を作る")
        job_done(page)
        judge.look(page, "作る（結果）")
        step(page, "配る")
        page.get_by_label("照会する年度").select_option("R5")
        press(page, "この年度を表示する")
        press(page, "記入票を作る")
        job_done(page)
        open_all(page)
        judge.look(page, "配る（結果）")
        states_of_returns(judge, page, plan, work)
        states_of_archive(judge, page, plan)
        states_with_errors(judge, page, plan, home)
        page.goto(f"{program.origin}/")
        judge.look(page, "計画を選ぶ（使った計画）")
        page.get_by_role("link", name="次の期間の計画を作る").first.click()
        judge.look(page, "次の期間の計画を作る")
        page.goto(home)
        press(page, "終了", "header")
        page.get_by_text("終了しました").first.wait_for()
        judge.look(page, "終了")
        return watched.faults


def opened(page, home, name, link):
    page.goto(home)
    step(page, name)
    page.locator(link).first.click()
    page.locator("[data-page-view] textarea").wait_for()
    return page


def open_all(page):
    page.evaluate("() => document.querySelectorAll('main details').forEach(one => { one.open = true; })")


def dialog(judge, page):
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()
    judge.blame("キーの一覧", axe.violations(page, judge.axe))
    page.keyboard.press("Escape")


def states_of_returns(judge, page, plan, work):
    """「集める」: forms with answers, queries, conflicts, files that are none."""
    returned = work / "返送"
    returned.mkdir()
    for department in ("水産研究所", "市立病院"):
        name = f"R5実績照会_{department}.xlsx"
        forms.fill(plan / "out/照会" / name, returned / name, left_open=1)
    other = returned / "水産研究所（訂正）.xlsx"
    forms.fill(plan / "out/照会/R5実績照会_水産研究所.xlsx", other, left_open=1, factor=3)
    (returned / "壊れた.xlsx").write_bytes(b"PK\x03\x04")
    (returned / "お知らせ.txt").write_text("記入票ではありません", encoding="utf-8")
    step(page, "集める")
    page.get_by_label("フォルダーごと選ぶ").set_input_files(returned)
    judge.look(page, "集める（選んだファイル）")
    press(page, "読み取って内容を確認する")
    job_done(page)
    open_all(page)
    judge.look(page, "集める（読み取り）")
    press(page, "選んだ変更をマスタに取り込む")
    job_done(page)
    open_all(page)
    judge.look(page, "集める（取り込み）")
    press(page, "元に戻す")
    job_done(page)
    judge.look(page, "集める（元に戻す）")
    step(page, "集める")
    judge.look(page, "集める（照会の後）")


def states_of_archive(judge, page, plan):
    step(page, "保存する")
    page.get_by_label("保存用PDF）も作る").check()
    press(page, "この年度を保存する")
    job_done(page)
    judge.look(page, "保存する（結果）")
    step(page, "保存する")
    judge.look(page, "保存する（版がある）")
    correct(plan)
    page.get_by_label("訂正の理由").fill("試験")
    press(page, "訂正版を保存する")
    job_done(page)
    judge.look(page, "保存する（訂正版）")
    step(page, "保存する")
    page.locator("#editions a").first.click()
    judge.look(page, "保存する（1つの版）")
    step(page, "保存する")
    press(page, "確かめる")
    job_done(page)
    judge.look(page, "保存する（確かめる）")
    step(page, "保存する")
    # The master, then the editions, the newest first.
    page.locator("#old").select_option(index=2)
    page.locator("#new").select_option(index=1)
    press(page, "比べる")
    job_done(page)
    judge.look(page, "保存する（違い）")
    press(page, "正誤表を作る")
    job_done(page)
    judge.look(page, "保存する（正誤表）")


def states_with_errors(judge, page, plan, home):
    kept = break_master(plan)
    page.goto(home)
    judge.look(page, "計画の最初の画面（エラー）")
    for name in ("調べる", "作る", "配る", "集める", "保存する"):
        step(page, name)
        judge.look(page, f"{name}（エラー）")
    (plan / "master.csv").unlink()
    for name in ("", "check", "build", "distribute", "collect", "archive"):
        page.goto(home + name)
        judge.look(page, f"{name or 'home'}（マスタがない）")
    (plan / "master.csv").write_bytes(kept)


def tab_to(page, locator):
    """Presses Tab until the focus is there."""
    for _ in range(MOST_STOPS):
        if locator.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise SystemExit(f"the Tab key does not lead to {locator}")


def by_keyboard(binary, chromium, work):
    """From the list of plans to a mended cell and a built document, without a mouse."""
    plan = copy_plan("nemuro", work / "キー/計画")
    with Program(binary, plan, work / "data") as program:
        watched = Watched(chromium, program.origin, viewport=WIDE)
        page = watched.open(program.address)
        page.goto(f"{program.origin}/")
        tab_to(page, page.locator("#plans a[href*='/p/']").first)
        page.keyboard.press("Enter")
        page.wait_for_url("**/p/*/*")
        page.keyboard.press("?")
        page.locator("#keys[open]").wait_for()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).not_to_be_visible()
        page.keyboard.press("g")
        page.keyboard.press("1")
        page.wait_for_url("**/check*")
        rows = page.locator("#findings tbody tr a")
        tab_to(page, rows.first)
        for key, at in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("End", rows.count() - 1)):
            page.keyboard.press(key)
            expect(rows.nth(at)).to_be_focused()
        cell = page.locator("#findings tbody tr").last.locator("td.mono").inner_text()
        page.keyboard.press("Enter")
        field = page.locator("[data-page-view] textarea")
        expect(page.locator("[data-page-view] label", has_text=cell.split("・")[0].split(" ")[-1])).to_be_visible()
        tab_to(page, field)
        page.keyboard.press("Control+A")
        page.keyboard.type("試験の記入")
        tab_to(page, page.get_by_role("button", name="マスタのこのセルを書き換える"))
        page.keyboard.press("Enter")
        page.locator("main .banner-success", has_text="backup").wait_for()
        assert "試験の記入".encode() in (plan / "master.csv").read_bytes()
        page.keyboard.press("g")
        page.keyboard.press("2")
        page.wait_for_url("**/build*")
        tab_to(page, page.get_by_role("button", name="文書を作る"))
        page.keyboard.press("Enter")
        job_done(page)
        assert list((plan / "out").glob("*.pdf")), "no document was built"
        return watched.faults


def without_scripts(binary, chromium, work):
    """The year's main path by plain forms."""
    plan = copy_plan("mihon", work / "書式だけ/計画")
    with Program(binary, plan, work / "data") as program:
        watched = Watched(chromium, program.origin, viewport=WIDE, java_script_enabled=False)
        page = watched.open(program.address)
        step(page, "調べる")
        mend_by_form(page, plan)
        step(page, "作る")
        press(page, "文書を作る")
        job_done(page)
        assert list((plan / "out").glob("*.pdf")), "no document was built"
        step(page, "配る")
        press(page, "記入票を作る")
        job_done(page)
        made = next((plan / "out/照会").glob("*実績照会_産業課.xlsx"))
        returned = work / "書式だけ" / made.name
        forms.fill(made, returned)
        step(page, "集める")
        page.get_by_label("ファイルを選ぶ").set_input_files(returned)
        press(page, "読み取って内容を確認する")
        job_done(page)
        before = (plan / "master.csv").read_bytes()
        press(page, "マスタに取り込む")
        job_done(page)
        assert (plan / "master.csv").read_bytes() != before, "nothing was taken over"
        step(page, "保存する")
        press(page, "この年度を保存する")
        job_done(page)
        assert list((plan / "archive").glob("*/*.pdf")), "nothing was kept"
        press(page, "終了", "header")
        page.get_by_text("終了しました").first.wait_for()
        return watched.faults


def mend_by_form(page, plan):
    cell = page.locator("#findings a[href*='f=']")
    if cell.count() == 0:
        return
    cell.first.click()
    field = page.locator("textarea")
    old = field.input_value()
    field.fill(old + "（直した）")
    press(page, "マスタのこのセルを書き換える")
    page.locator("main .banner-success").wait_for()
    press(page, "元に戻す")
    page.get_by_text("元に戻しました").wait_for()


def check(binary):
    pictures = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with work_folder() as work, browser() as chromium:
        judge = Judge(pictures)
        for states in (empty_states, states_of_plan):
            judge.blame(states.__name__, states(judge, binary, chromium, work))
        for path in (by_keyboard, without_scripts):
            judge.blame(path.__name__, path(binary, chromium, work))
        print(f"{len(judge.seen)} states were looked at")
        return len(judge.faults)


if __name__ == "__main__":
    main_of(check)

"""Holds the pages that the window shows against those of the PDF, pixel by pixel.

    python3 tests/svg/compare.py BINARY [WORK]

BINARY is the program, with the built `examples/svg_pages.rs` beside it as cargo puts it
there; WORK a folder to keep the pictures in. Lays the real plan and the invented town's out
both ways, and draws every page at 100 dpi: the PDF by `pdftoppm`, the SVG by Chromium with the
fonts and the style sheet of the pages, under the Content-Security-Policy of the window.

A browser lets letters stand on whole pixels only, and no two renderers smooth their edges
alike. So both draw three times as fine, and what is compared is that reduced and blurred by a
pixel. Exits with 1 where too much of a page differs, or too much of a piece of it as large as a
few letters; where the browser complains, or asks for what it is not given; where a tool is
missing. Each page is also compared with itself a pixel lower: were that not told, the
comparison would be worth nothing.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from PIL import Image, ImageFilter
from playwright.sync_api import sync_playwright

REPOSITORY = Path(__file__).resolve().parents[2]
PLANS = [REPOSITORY / "data" / "nemuro", REPOSITORY / "data" / "mihon"]
STYLE = REPOSITORY / "src" / "render" / "svg" / "page.css"
DATE, DPI, FINER = "2024-06-10", 100, 3
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ORIGIN = "http://page.test"
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'"
# How far two pixels may differ, of 255, before they count, and below what a pixel has ink.
STEP, INKED = 40, 200
# How many may count: of those of a page with ink, and of a piece of it (height and width).
MOST, MOST_OF_PIECE, PIECE = 0.002, 0.06, (12, 60)


def browser_page(browser, folder, complaints):
    """A page of the browser that finds the files of a folder and nothing else."""
    page = browser.new_page(device_scale_factor=FINER)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))

    def answer(route):
        name = route.request.url.removeprefix(ORIGIN + "/")
        kind = {"css": "text/css", "ttf": "font/ttf"}.get(name.rsplit(".", 1)[-1], "text/html")
        headers = {"Content-Security-Policy": POLICY, "Content-Type": f"{kind}; charset=utf-8"}
        if name != "none.ico":
            route.fulfill(body=(folder / name).read_bytes(), headers=headers)
        else:
            route.fulfill(status=204)

    page.route("**/*", answer)
    return page


def prepare(folder, svgs, fonts):
    """Puts what the browser asks for into a folder: fonts, style sheets, a document a page."""
    sizes = []
    faces = ""
    for face, path in fonts.items():
        (folder / f"{face}.ttf").write_bytes(path.read_bytes())
        faces += f'@font-face {{ font-family: "jisseki-{face}"; src: url("{face}.ttf"); }}\n'
    for at, path in enumerate(svgs):
        svg = path.read_text(encoding="utf-8")
        width, height = (float(side) * DPI / 72 for side in re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
        sizes.append((width, height))
        size = f".page {{ position: absolute; left: 0; top: 0; width: {width}px; height: {height}px; }}\n"
        (folder / f"{at}.css").write_text(faces + STYLE.read_text(encoding="utf-8") + size, encoding="utf-8")
        html = f'<!doctype html><meta charset="utf-8"><link rel="icon" href="none.ico"><link rel="stylesheet" href="{at}.css"><body>{svg}'
        (folder / f"{at}.html").write_text(html, encoding="utf-8")
    return sizes


def pictures_of_svg(browser, svgs, fonts, out):
    """Draws SVGs; the pictures, and what the browser complained of."""
    complaints, pictures = [], []
    with tempfile.TemporaryDirectory() as folder:
        sizes = prepare(Path(folder), svgs, fonts)
        page = browser_page(browser, Path(folder), complaints)
        for at, (width, height) in enumerate(sizes):
            page.set_viewport_size({"width": round(width + 0.5), "height": round(height + 0.5)})
            page.goto(f"{ORIGIN}/{at}.html")
            page.evaluate("document.fonts.ready.then(() => null)")
            path = out / f"{svgs[at].stem}_svg.png"
            page.screenshot(path=path)
            pictures.append(path)
        page.close()
    return pictures, complaints


def pictures_of_pdf(pdf, out, name):
    subprocess.run(["pdftoppm", "-r", str(DPI * FINER), "-png", pdf, out / f"{name}_pdf"], check=True)
    return sorted(out.glob(f"{name}_pdf-*.png"))


def reduced(path):
    """A picture at 100 dpi, blurred by a pixel, as numbers."""
    picture = Image.open(path).convert("L").reduce(FINER)
    return numpy.asarray(picture.filter(ImageFilter.BoxBlur(1)), dtype=numpy.int16)


def difference(one, other):
    """Which share of a page's inked pixels differs, and of the piece that differs most."""
    height, width = (min(sides) // piece * piece for *sides, piece in zip(one.shape, other.shape, PIECE))
    one, other = one[:height, :width], other[:height, :width]
    differs = numpy.abs(one - other) > STEP
    inked = (numpy.minimum(one, other) < INKED).sum()
    pieces = differs.reshape(height // PIECE[0], PIECE[0], width // PIECE[1], PIECE[1]).mean(axis=(1, 3))
    return float(differs.sum()) / max(1, int(inked)), float(pieces.max())


def is_told(shares):
    return shares[0] > MOST or shares[1] > MOST_OF_PIECE


def main():
    binary = Path(sys.argv[1]).resolve()
    example = binary.parent / "examples" / "svg_pages"
    work = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp())
    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for plan in PLANS:
            out = work / plan.name
            out.mkdir(parents=True, exist_ok=True)
            subprocess.run([binary, "build", plan, "--out", out, "--date", DATE, "--quiet"], check=True)
            subprocess.run([example, plan, out, "--date", DATE], check=True)
            for pdf in sorted(out.glob("*.pdf")):
                name = pdf.stem.split("_")[1]
                svgs = sorted(out.glob(f"{name}_???.svg"))
                fonts = {path.stem.removeprefix(f"{name}_"): path for path in out.glob(f"{name}_*.ttf")}
                drawn, complaints = pictures_of_svg(browser, svgs, fonts, out)
                faults += [f"{plan.name} {name}: {complaint}" for complaint in complaints]
                printed = pictures_of_pdf(pdf, out, name)
                if len(drawn) != len(printed):
                    faults.append(f"{plan.name} {name}: {len(drawn)} pages, and {len(printed)} in the PDF")
                for at, (one, other) in enumerate(zip(map(reduced, drawn), map(reduced, printed)), 1):
                    page = f"{plan.name} {name} page {at}"
                    found = difference(one, other)
                    print(f"{page}: {found[0]:.2%} of the page, {found[1]:.1%} of a piece")
                    if is_told(found):
                        faults.append(f"{page}: looks otherwise")
                    if not is_told(difference(numpy.roll(one, 1, axis=0), other)):
                        faults.append(f"{page}: looks the same a pixel lower")
        browser.close()
    print("\n".join(faults) or "all pages look like the PDF")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

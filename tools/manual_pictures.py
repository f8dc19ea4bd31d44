#!/usr/bin/env python3
"""Makes the pictures of docs/TEMPLATES.ja.md anew, from the templates that it shows.

    cargo build && python3 tools/manual_pictures.py [NAME ...]

Every ```toml block that begins with `# NAME.toml` is a template (or goes on from the one that
its first line names) and is printed with the plan in data/mihon. The picture below the block is
cut from the PDF: its first page from the top to the last line of print, or the pages, as far down,
that a comment `<!-- 2・3ページ、60 mm -->` before the picture says. `<!-- 見本 NAME、60 mm -->` is
what `template show` makes of a template. Needs pdftoppm and Pillow.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parents[1]
MANUAL = ROOT / "docs/TEMPLATES.ja.md"
DPI = 110
FOOT_MM = 13  # the page number
EDGE_MM = 3
BLOCK = re.compile(
    r"```toml\n# (?P<name>[0-9a-z-]+)\.toml(?:（(?P<before>[0-9a-z-]+)\.toml の続き）)?.*?\n(?P<text>.*?)```\n"
    r"\n*(?:<!-- (?:(?P<pages>[\d・]+)ページ)?、?(?:(?P<mm>\d+) mm)? -->\n)?(?:!\[[^]]*\]\((?P<picture>[^)]+)\))?",
    re.DOTALL,
)

SHOWN = re.compile(r"<!-- 見本 (?P<name>[0-9a-z-]+)、(?P<mm>\d+) mm -->\n!\[[^]]*\]\((?P<picture>[^)]+)\)")
PROGRAM = ROOT / "target/debug/jisseki"


def templates(manual):
    """Each template of the manual, whole, with the picture of it."""
    texts = {}
    for found in BLOCK.finditer(manual):
        before = texts[found["before"]] if found["before"] else ""
        texts[found["name"]] = before + found["text"]
        yield found, texts[found["name"]]


def pixels(mm):
    return round(mm / 25.4 * DPI)


def cut(page, mm):
    """The print of a page, with a little paper around it."""
    paper = page.convert("RGB")
    width, height = paper.size
    height = min(height - pixels(FOOT_MM), pixels(mm) if mm else height)
    paper = paper.crop((0, 0, width, height))
    left, top, right, bottom = ImageChops.invert(paper.convert("L")).getbbox()
    edge = pixels(EDGE_MM)
    return paper.crop((max(left - edge, 0), max(top - edge, 0), min(right + edge, width), min(bottom + edge, height)))


def above_each_other(parts):
    """Pictures of pages, a grey line between them."""
    line = 4
    whole = Image.new("RGB", (max(part.width for part in parts), sum(part.height + line for part in parts) - line), "#808080")
    down = 0
    for part in parts:
        whole.paste(part, (0, down))
        down += part.height + line
    return whole


def drawn(pdf, page, folder):
    """A page of a PDF."""
    file = folder / "page"
    command = ["pdftoppm", "-png", "-singlefile", "-r", str(DPI), "-f", page, "-l", page, pdf, file]
    subprocess.run(command, check=True)
    with Image.open(f"{file}.png") as image:
        return image.copy()


def save(parts, picture):
    """Parts of pages as one picture of few colours."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    whole = above_each_other(parts)
    whole.quantize(16, dither=Image.Dither.NONE).save(picture, optimize=True)
    print(f"{picture.relative_to(ROOT)}  {whole.width}x{whole.height}  {picture.stat().st_size / 1000:.0f} kB")


def main(wanted):
    manual = MANUAL.read_text("utf-8")
    found = [(block, text) for block, text in templates(manual) if block["picture"]]
    found = [(block, text) for block, text in found if not wanted or block["name"] in wanted]
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder)
        shutil.copy(ROOT / "data/mihon/master.csv", plan)
        settings = (ROOT / "data/mihon/plan.toml").read_text("utf-8")
        settings = re.sub(r"\[\[documents\]\]\n(?:.+\n)*", "", settings)
        for block, text in found:
            name = block["name"]
            (plan / f"{name}.toml").write_text(text, "utf-8")
            settings += f'\n[[documents]]\nname = "{name}"\ntemplate = "{name}.toml"\n'
        (plan / "plan.toml").write_text(settings, "utf-8")
        build = [PROGRAM, "build", plan, "--out", plan / "out", "--only", "pdf", "-q"]
        subprocess.run(build, check=True)
        for block, _ in found:
            name, pages, picture = block["name"], block["pages"] or "1", MANUAL.parent / block["picture"]
            [pdf] = (plan / "out").glob(f"*_{name}_*.pdf")
            save([cut(drawn(pdf, page, plan), int(block["mm"] or 0)) for page in pages.split("・")], picture)
        for shown in SHOWN.finditer(manual):
            if not wanted or shown["name"] in wanted:
                pdf, template = plan / "shown.pdf", plan / f"{shown['name']}.toml"
                subprocess.run([PROGRAM, "template", "show", template, "--plan", plan, "--out", pdf, "-q"], check=True)
                save([cut(drawn(pdf, "1", plan), int(shown["mm"]))], MANUAL.parent / shown["picture"])


if __name__ == "__main__":
    main(sys.argv[1:])

"""Holds the documents against tools that no one of this project wrote.

    python3 tests/conformance/conformance.py BINARY [WORK]

BINARY is the program, with the built `examples/grid_json.rs` beside it as cargo puts
it there; WORK a folder to keep the documents in. Builds the real plan in every
edition, as a draft, with a fallback font, every document of the invented town, and 200
generated plans; then

- `page` (page-validation) validates each PDF as PDF/A-2a and as PDF/UA-1;
- `qpdf --check` reads it without a warning;
- `pdftotext -bbox-layout` finds every word inside the cell that says it;
- LibreOffice prints each workbook to the same pages as the PDF;
- `openpyxl` opens each workbook without a warning.

Exits with 1 where one document fails, or where a tool is missing. Each check is first
shown to be able to fail.
"""

import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import plans  # noqa: E402
from checks import (  # noqa: E402
    archival_failures, grid_of, missing_tools, page_differences, printed, qpdf_faults, stripped,
    words_outside, workbook_faults,
)

REPOSITORY = Path(__file__).resolve().parents[2]
REAL = REPOSITORY / "data" / "nemuro"
INVENTED = REPOSITORY / "data" / "mihon"
GENERATED = 200
PRINTED = 8
DATE, NOTE = "2024-06-10", "令和6年6月10日"


class Document:
    """One plan, built once."""

    def __init__(self, name, plan, arguments=()):
        self.name, self.plan, self.arguments = name, plan, list(arguments)
        self.pdf = self.workbook = None

    def build(self, binary, work):
        out = work / "out" / self.name
        command = [binary, "build", self.plan, "--out", out, "--date", DATE, "--quiet", *self.arguments]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            return f"build: {result.stderr.strip()[-600:]}"
        self.pdf, self.workbook = next(out.glob("*.pdf")), next(out.glob("*.xlsx"))
        return None


def with_fallback(work):
    """The real plan with a fish in it, and a template that names a font that has one."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    def square(size):
        pen = TTGlyphPen(None)
        pen.moveTo((100, 0))
        for point in [(100, size), (900, size), (900, 0)]:
            pen.lineTo(point)
        pen.closePath()
        return pen.glyph()

    folder = work / "fallback"
    shutil.copytree(REAL, folder, dirs_exist_ok=True)
    master = (folder / "master.csv").read_text(encoding="utf-8-sig")
    master = master.replace("ベニザケ養殖尾数", "ベニザケ🐟養殖尾数").replace("水産資源", "水産🐟資源")
    (folder / "master.csv").write_text(master, encoding="utf-8")
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "fish"])
    font.setupCharacterMap({0x1F41F: "fish"})
    font.setupGlyf({".notdef": square(500), "fish": square(700)})
    font.setupHorizontalMetrics({".notdef": (1000, 100), "fish": (1000, 100)})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": "Fish", "styleName": "Regular", "psName": "Fish-Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(folder / "fish.ttf")
    template = folder / "fallback.toml"
    template.write_text('[fonts]\nfallback = "fish.ttf"\n', encoding="utf-8")
    return Document("fallback", folder, ["--template", template])


def documents(work):
    real = [
        Document("real", REAL),
        Document("R3", REAL, ["--year", "R3"]),
        Document("R4", REAL, ["--year", "R4"]),
        Document("draft", REAL, ["--draft"]),
        with_fallback(work),
    ]
    settings = tomllib.loads((INVENTED / "plan.toml").read_text(encoding="utf-8"))
    names = [document["name"] for document in settings["documents"]]
    real += [Document(f"invented {name}", INVENTED, ["--document", name]) for name in names]
    generated = []
    for seed in range(GENERATED):
        folder = work / "plans" / f"{seed:03}"
        plans.write(seed, folder)
        generated.append(Document(f"{seed:03}", folder))
    return real, generated


def faults_of(document, binary, grid_json, work):
    """What is wrong with one document, a line each; `None` in front where it was refused."""
    fault = document.build(binary, work)
    if fault:
        return [fault]
    faults = archival_failures(document.pdf) + qpdf_faults(document.pdf) + workbook_faults(document.workbook)
    grid = grid_of(grid_json, document.plan, ["--note", NOTE, *document.arguments])
    return faults + words_outside(document.pdf, grid)


def checks_can_fail(document, grid_json, work):
    """Each check against a document with a fault of its own kind."""
    missed = []
    for key in ["MarkInfo", "Metadata", "StructTreeRoot", "Lang"]:
        if not archival_failures(stripped(document.pdf, key, work / f"without-{key}.pdf")):
            missed.append(f"the validator does not miss /{key}")
    broken = work / "broken.pdf"
    data = document.pdf.read_bytes()
    broken.write_bytes(data[: len(data) * 9 // 10])
    if not qpdf_faults(broken):
        missed.append("qpdf does not mind a file cut short")
    grid = grid_of(grid_json, document.plan, ["--note", NOTE])
    for page in grid:
        for cell in page:
            cell["box"][0] += 6
            cell["box"][2] -= 6
    if not words_outside(document.pdf, grid):
        missed.append("words outside narrower cells are not found")
    return missed


def main(binary, work):
    grid_json = Path(binary).parent / "examples" / "grid_json"
    missing = missing_tools() + [str(tool) for tool in [binary, grid_json] if not Path(tool).exists()]
    if missing:
        print(f"missing: {', '.join(missing)}", file=sys.stderr)
        return 1
    work = Path(work).resolve()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    real, generated = documents(work)
    everything = real + generated
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda d: faults_of(d, binary, grid_json, work), everything))
    faults = [f"{document.name}: {fault}" for document, of in zip(everything, found) for fault in of]
    faults += checks_can_fail(real[0], grid_json, work)
    # Those with the most to say are printed; a plan of one page proves little.
    largest = sorted((d for d in generated if d.pdf), key=lambda d: -d.pdf.stat().st_size)[:PRINTED]
    for document, pages in printed(real + largest, work):
        faults += [f"{document.name}: {fault}" for fault in page_differences(document.pdf, pages)]
    for fault in faults[:100]:
        print(fault, file=sys.stderr)
    built = sum(document.pdf is not None for document in everything)
    print(f"{built} documents: {len(faults)} faults; {len(real) + len(largest)} printed by LibreOffice")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.exit(main(*sys.argv[1:]))
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(main(sys.argv[1], Path(folder) / "work"))

"""The checks of `conformance.py`: each takes a file and returns what is wrong with it."""

import importlib.util
import json
import re
import shutil
import subprocess
import unicodedata
import warnings
import xml.etree.ElementTree as ElementTree
from pathlib import Path

# What rounding may add to an edge, in points.
NEAR = 0.6
# Half an em of these is blank, which may lie outside the cell at the start or end of a line.
BLANK_BEFORE = "（「『【〔［｛〈《〘〖〝"
BLANK_BEHIND = "）」』】〕］｝〉》〙〗〟、。，．"
# In the margin of every page of a draft.
DRAFT = "（案）"


def missing_tools():
    """The tools that are not installed."""
    programs = [name for name in ["soffice", "qpdf", "pdftotext"] if shutil.which(name) is None]
    modules = {"page": "page-validation", "pikepdf": "pikepdf", "openpyxl": "openpyxl", "fontTools": "fonttools"}
    return programs + [pip for name, pip in modules.items() if importlib.util.find_spec(name) is None]


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True)


def archival_failures(pdf):
    """What PDF/A-2a and PDF/UA-1 find wrong."""
    import page

    failures = []
    for profile in [page.ValidationProfile.PDF_A_2A, page.ValidationProfile.PDF_UA_1]:
        report = page.validate_pdf(str(pdf), profile=profile)
        if not report.is_compliant:
            failures += [f"{profile}: {failure}" for failure in report.failures] or [f"{profile}: refused"]
    return failures


def stripped(pdf, key, to):
    """A copy without this entry of the catalogue."""
    import pikepdf

    with pikepdf.open(pdf) as opened:
        del opened.Root[f"/{key}"]
        opened.save(to)
    return to


def qpdf_faults(pdf):
    result = run("qpdf", "--check", pdf)
    warned = "WARNING" in result.stdout + result.stderr
    return [f"qpdf: {result.stderr.strip()[-300:]}"] if result.returncode != 0 or warned else []


def workbook_faults(workbook):
    import openpyxl

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        openpyxl.load_workbook(workbook)
    return [f"openpyxl: {warning.message}" for warning in caught]


def grid_of(grid_json, plan, arguments):
    """The pages of the grid; see `examples/grid_json.rs`."""
    result = run(grid_json, plan, *arguments)
    if result.returncode != 0:
        raise RuntimeError(result.stderr)
    return json.loads(result.stdout)


def words_of(pdf):
    """The words of each page: left, top, right, bottom in points, and the text."""
    result = run("pdftotext", "-bbox-layout", pdf, "-")
    pages = []
    # A control character in a text is no XML; it has no width either.
    text = "".join(c for c in result.stdout if c in "\n\t" or ord(c) >= 32)
    for page in ElementTree.fromstring(text).iter("{http://www.w3.org/1999/xhtml}page"):
        words = []
        for word in page.iter("{http://www.w3.org/1999/xhtml}word"):
            edges = tuple(float(word.get(key)) for key in ("xMin", "yMin", "xMax", "yMax"))
            words.append((edges, word.text or ""))
        pages.append(words)
    return pages


def plain(text):
    """As two programs agree on a text: compatible forms made one, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def drawn(edges, text):
    """The left and right edge of a word without the blank of a bracket at its end."""
    left, top, right, bottom = edges
    half_em = (bottom - top) / 2
    before = half_em if text.startswith(tuple(BLANK_BEFORE)) else 0
    return left + before, right - (half_em if text.endswith(tuple(BLANK_BEHIND)) else 0)


def words_outside(pdf, grid):
    """The words that cross the border of the cell that says them, or that no cell says."""
    pages = words_of(pdf)
    if len(pages) != len(grid):
        return [f"{len(pages)} pages in the PDF, {len(grid)} in the grid"]
    faults = []
    for number, (words, cells) in enumerate(zip(pages, grid), 1):
        highest = min(cell["box"][1] for cell in cells)
        lowest = max(cell["box"][3] for cell in cells)
        for edges, text in words:
            (left, right), (_, top, _, bottom) = drawn(edges, text), edges
            if top > lowest + 4:
                continue  # the page number
            if bottom < highest and text == DRAFT:
                continue  # what every page of a draft is marked with
            if not text.strip("…"):
                continue  # dots of the contents, which are no cell's
            across, down = (left + right) / 2, (top + bottom) / 2
            under = [
                cell for cell in cells
                if cell["box"][0] <= across <= cell["box"][2] and cell["box"][1] <= down <= cell["box"][3]
            ]
            if not under:
                faults.append(f"page {number}: 「{text}」 stands in no cell")
                continue
            cell = under[0]
            if left < cell["box"][0] - NEAR or right > cell["box"][2] + NEAR:
                faults.append(f"page {number}: 「{text}」 crosses the side of its cell {cell}")
            if top < cell["box"][1] - 2 * NEAR or bottom > cell["box"][3] + 2 * NEAR:
                faults.append(f"page {number}: 「{text}」 crosses the top or foot of its cell {cell}")
            if plain(text) not in plain(cell["text"]):
                faults.append(f"page {number}: 「{text}」 is not in 「{cell['text']}」")
    return faults


def printed(documents, work):
    """Each document with the PDF LibreOffice prints of its workbook."""
    source, target = work / "workbooks", work / "printed"
    source.mkdir()
    for document in documents:
        shutil.copy(document.workbook, source / f"{document.name}.xlsx")
    profile = f"-env:UserInstallation=file://{work / 'libreoffice'}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", target, *sorted(source.iterdir()))
    return [(document, target / f"{document.name}.pdf") for document in documents]


def first_line(words):
    """The words that stand highest on a page, from left to right, without what every page of a
    draft is marked with, and without the dots of the contents, which each program counts for itself."""
    words = [(edges, text.replace("…", "")) for edges, text in words if text != DRAFT]
    if not words:
        return ""
    top = min((edges[1] + edges[3]) / 2 for edges, _ in words)
    line = [(edges[0], text) for edges, text in words if (edges[1] + edges[3]) / 2 < top + 4]
    return plain("".join(text for _, text in sorted(line)))


def page_number(words):
    """What stands lowest on a page, where that is a page number such as − 3 −."""
    low = max((edges[3] for edges, _ in words), default=0)
    line = "".join(text for edges, text in sorted(words) if edges[3] > low - 4)
    return plain(line) if re.fullmatch(r"[−–-]\d+[−–-]", plain(line)) else None


def same_beginning(mine, other):
    """Whether two programs begin a page with the same line: a heading of several lines
    may be broken a letter earlier by one of them."""
    short, long = sorted([mine, other], key=len)
    return bool(short) and long.startswith(short) and len(short) >= 0.8 * len(long)


def page_differences(pdf, printed_pdf):
    """Where the printed workbook begins its pages otherwise than the PDF.

    The sheets of data follow after the official ones and are not counted.
    """
    if not Path(printed_pdf).exists():
        return ["LibreOffice printed nothing"]
    both = [words_of(pdf), words_of(printed_pdf)]
    ours, theirs = [[first_line(words) for words in pages] for pages in both]
    # Their head stands above where any official page begins.
    of_data = [any(text == "データ" and box[1] < 30 for box, text in words) for words in both[1]]
    data = of_data.index(True) if True in of_data else len(of_data)
    if data != len(ours):
        return [f"LibreOffice prints {data} official pages, the PDF has {len(ours)}"]
    numbers = [[page_number(words) for words in pages[:data]] for pages in both]
    if numbers[0] != numbers[1]:
        return [f"LibreOffice numbers its pages {numbers[1]}, the PDF {numbers[0]}"]
    return [
        f"page {at + 1} begins 「{mine}」 in the PDF and 「{other}」 in print"
        for at, (mine, other) in enumerate(zip(ours, theirs))
        if not same_beginning(mine, other)
    ]

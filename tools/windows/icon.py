#!/usr/bin/env python3
"""Draws the program's icon: python3 tools/windows/icon.py [FOLDER FOR PNGS]

A council document lies crosswise: a sheet with a heading's band, the lines of a table, and
the actuals rising in it. Each size has measures of its own, in whole pixels, because a
drawing that is scaled down to 16 pixels is a grey blur.
"""

import io
import struct
import sys
from pathlib import Path

from PIL import Image, ImageDraw

ICON = Path(__file__).with_name("jisseki.ico")

INK = (38, 84, 148, 255)  # the band, and the sheet's edge: seen on a dark task bar too
NOTHING = (0, 0, 0, 0)
PAPER = (255, 255, 255, 255)
LINE = (199, 209, 224, 255)  # the table's lines
BAR = (94, 146, 208, 255)
NEWEST = (214, 69, 38, 255)  # the year that the document is about

# For each size: the sheet (left, top, right, bottom, exclusive), its edge, the height of its
# band with the title in it, the rows' lines, each bar (left, right, top) down to the floor,
# and how far each row of pixels at a corner is cut back.
MEASURES = {
    16: dict(sheet=(0, 1, 16, 15), edge=1, band=3, lines=[], thick=1, floor=13,
             bars=[(3, 5, 10), (7, 9, 8), (11, 13, 6)], title=None, corner=[1]),
    24: dict(sheet=(0, 2, 24, 22), edge=1, band=4, lines=[9, 12, 15], thick=1, floor=19,
             bars=[(3, 7, 15), (10, 14, 12), (17, 21, 9)], title=None, corner=[1]),
    32: dict(sheet=(0, 3, 32, 29), edge=2, band=5, lines=[12, 16, 20], thick=1, floor=25,
             bars=[(6, 10, 20), (14, 18, 16), (22, 26, 12)], title=(6, 7, 17, 8), corner=[2, 1]),
    48: dict(sheet=(0, 5, 48, 43), edge=2, band=8, lines=[18, 24, 30], thick=1, floor=38,
             bars=[(8, 14, 30), (21, 27, 24), (34, 40, 18)], title=(8, 10, 27, 12), corner=[2, 1]),
    64: dict(sheet=(0, 7, 64, 57), edge=3, band=10, lines=[24, 32, 40], thick=1, floor=51,
             bars=[(11, 19, 40), (28, 36, 32), (45, 53, 24)], title=(11, 13, 36, 15), corner=[3, 1, 1]),
    256: dict(sheet=(0, 28, 256, 228), edge=10, band=40, lines=[96, 128, 160], thick=4, floor=204,
              bars=[(44, 76, 160), (112, 144, 128), (180, 212, 96)], title=(44, 50, 144, 58),
              corner=[10, 8, 6, 5, 4, 3, 2, 2, 1, 1]),
}


def rectangle(draw, box, colour):
    """Pillow's boxes hold their last pixel, the measures do not."""
    left, top, right, bottom = box
    draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)


def drawn(size):
    """The icon at one size."""
    image = Image.new("RGBA", (size, size), NOTHING)
    draw = ImageDraw.Draw(image)
    of = MEASURES[size]
    left, top, right, bottom = of["sheet"]
    edge = of["edge"]
    inner_top = top + edge + of["band"]
    rectangle(draw, of["sheet"], INK)
    rectangle(draw, (left + edge, inner_top, right - edge, bottom - edge), PAPER)
    for y in of["lines"]:
        rectangle(draw, (left + edge, y, right - edge, y + of["thick"]), LINE)
    for number, (bar_left, bar_right, bar_top) in enumerate(of["bars"], 1):
        colour = NEWEST if number == len(of["bars"]) else BAR
        rectangle(draw, (bar_left, bar_top, bar_right, of["floor"]), colour)
    if of["title"]:
        rectangle(draw, of["title"], PAPER)
    for row, cut in enumerate(of["corner"]):
        for y in (top + row, bottom - 1 - row):
            rectangle(draw, (left, y, left + cut, y + 1), NOTHING)
            rectangle(draw, (right - cut, y, right, y + 1), NOTHING)
    return image


def as_bitmap(image):
    """A device-independent bitmap as icons hold it: the pixels from below, then a mask."""
    size = image.width
    header = struct.pack("<IiiHHIIiiII", 40, size, size * 2, 1, 32, 0, 0, 0, 0, 0, 0)
    pixels = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes("raw", "BGRA")
    mask = bytes((size + 31) // 32 * 4 * size)  # all opaque: the pixels have their own alpha
    return header + pixels + mask


def as_png(image):
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def icon(images):
    """An .ico file. Only the largest is a PNG: older readers know no other way for the small."""
    parts = [as_png(image) if image.width == 256 else as_bitmap(image) for image in images]
    head = struct.pack("<HHH", 0, 1, len(parts))
    at = len(head) + 16 * len(parts)
    for image, part in zip(images, parts):
        side = image.width % 256  # 0 says 256
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(part), at)
        at += len(part)
    return head + b"".join(parts)


def main():
    images = [drawn(size) for size in MEASURES]
    ICON.write_bytes(icon(images))
    print(f"{ICON.name}: {ICON.stat().st_size} bytes")
    for folder in map(Path, sys.argv[1:]):
        folder.mkdir(parents=True, exist_ok=True)
        for image in images:
            image.save(folder / f"{image.width}.png")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""How long the window lets one wait: the first page after the start, a finding's page.

    python3 tests/window/measure.py target/release/jisseki

Prints the median and the longest of some runs on the sample plan, in milliseconds, and what they
are to stay below in a release. It asserts nothing: what a machine shares with others is no test.
"""

import html
import http.client
import re
import statistics
import sys
import time
import urllib.parse
from pathlib import Path

from window import Program, copy_plan, work_folder

STARTS, PAGES = 9, 15


class Client:
    """What a browser does to get a page, without its own time."""

    def __init__(self, address):
        self.at = urllib.parse.urlsplit(address)
        self.cookie = ""

    def get(self, path, **headers):
        connection = http.client.HTTPConnection(self.at.netloc)
        connection.request("GET", path, headers={"Cookie": self.cookie, **headers})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        if cookie := answer.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        return self.get(answer.getheader("Location"), **headers) if answer.status == 303 else body


def where(address):
    """An address without the place that it is asked of."""
    at = urllib.parse.urlsplit(address)
    return f"{at.path}?{at.query}"


def milliseconds(since):
    return (time.perf_counter() - since) * 1000


def starts(binary, plan, data):
    """From the start of the program to the last byte of the plan's first page."""
    for _ in range(STARTS):
        began = time.perf_counter()
        with Program(binary, plan, data) as program:
            page = Client(program.address).get(where(program.address))
            yield milliseconds(began)
            assert "</html>" in page


def findings(binary, plan, data):
    """The drawn page of one finding after the other, as the table asks for it."""
    with Program(binary, plan, data) as program:
        client = Client(program.address)
        home = client.get(where(program.address))
        check = html.unescape(re.search(r'href="(/\w+/p/\w+/check[^"]*)"', home)[1])
        began = time.perf_counter()
        page = client.get(check)
        first = milliseconds(began)
        links = [html.unescape(link) for link in re.findall(r'href="([^"]+)" data-page>', page)]
        times = []
        for at in range(PAGES):
            began = time.perf_counter()
            assert "<svg" in client.get(links[at % len(links)], **{"X-Fragment": "1"})
            times.append(milliseconds(began))
        return first, times


def tell(what, times, most):
    print(f"{what}: {statistics.median(times):.0f} ms ({max(times):.0f} at most; below {most} in a release)")


def main():
    binary = Path(sys.argv[1]).resolve()
    with work_folder() as work:
        plan = copy_plan("nemuro", work / "計画")
        tell("first page after the start", list(starts(binary, plan, work / "data")), 150)
        first, times = findings(binary, plan, work / "data")
        print(f"調べる, laid out for the first time: {first:.0f} ms")
        tell("a finding's page", times, 50)


if __name__ == "__main__":
    main()

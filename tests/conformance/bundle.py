"""Checks archived PDFs and bundles: PDF/A-2a or PDF/A-3a, PDF/UA-1, and that the
files a bundle carries are, to another reader too, those that lie beside it.

    python3 tests/conformance/bundle.py PLAN/archive

Needs the package `page` (page-validation), and `qpdf` or `pdfdetach`.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import page

BUNDLE = "_保存用_"


def failures_of(path: pathlib.Path, profile: str) -> list[str]:
    """What the validator finds against a profile."""
    report = str(page.validate_pdf(str(path), profile=getattr(page.ValidationProfile, profile)))
    return [] if "no failures in implemented checks" in report else [f"{path}: {profile}\n{report}"]


def carried_by_qpdf(path: pathlib.Path, name: str) -> bytes:
    """A carried file as qpdf gets it out."""
    command = ["qpdf", f"--show-attachment={name}", str(path)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def carried_by_poppler(path: pathlib.Path) -> dict[str, bytes]:
    """All carried files as pdfdetach gets them out."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdfdetach", "-saveall", "-o", folder, str(path)], check=True, capture_output=True)
        return {file.name: file.read_bytes() for file in pathlib.Path(folder).iterdir()}


def carried_failures(path: pathlib.Path) -> list[str]:
    """Whether a bundle carries every file beside it but the checksums and itself."""
    beside = {
        file.name: file.read_bytes()
        for file in path.parent.iterdir()
        if file.name != "checksums.sha256" and BUNDLE not in file.name
    }
    failures = []
    if shutil.which("pdfdetach"):
        carried = carried_by_poppler(path)
        if carried != beside:
            failures.append(f"{path}: pdfdetach gives {sorted(carried)}, beside it lie {sorted(beside)}")
    if shutil.which("qpdf"):
        failures += [
            f"{path}: qpdf gives another {name}"
            for name, content in beside.items()
            if carried_by_qpdf(path, name) != content
        ]
        check = subprocess.run(["qpdf", "--check", str(path)], capture_output=True)
        if check.returncode != 0:
            failures.append(f"{path}: qpdf --check\n{check.stdout.decode()}{check.stderr.decode()}")
    return failures


def main(archive: str) -> int:
    files = sorted(pathlib.Path(archive).glob("*/*.pdf"))
    if not any(BUNDLE in file.name for file in files):
        print(f"no bundle in {archive}: make one with jisseki archive --bundle")
        return 2
    failures = []
    for file in files:
        is_bundle = BUNDLE in file.name
        for profile in ["PDF_A_3A" if is_bundle else "PDF_A_2A", "PDF_UA_1"]:
            failures += failures_of(file, profile)
        if is_bundle:
            failures += carried_failures(file)
    for failure in failures:
        print(failure)
    print(f"{len(files)} PDFs, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))

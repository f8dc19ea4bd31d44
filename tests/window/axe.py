"""axe-core, which judges pages by WCAG: as the package axe-playwright-python carries it."""

import importlib.resources

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": TAGS}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def script():
    return (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page, source, options=ALL):
    """What axe finds wrong with a page, a line each."""
    # As a value, not as a `<script>`: the pages allow none but their own.
    page.evaluate(source)
    found = page.evaluate("options => axe.run(options)", options)
    lines = []
    for rule in found["violations"]:
        places = "; ".join(node["html"][:160] for node in rule["nodes"][:3])
        lines.append(f"axe {rule['id']} ({rule['impact']}, {len(rule['nodes'])}): {rule['help']}: {places}")
    return lines

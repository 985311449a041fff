"""Screenshots of a report, and axe-core's faults in it: python -m tests.reporting.look report.html DIR [axe.min.js].

Chromium comes from `apt-get install chromium`, axe.min.js from `npm install axe-core` (node_modules/axe-core). Exit
status 1 where axe finds a serious or critical fault.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.reporting.browser import Browser

_FAULTS = """axe.run({resultTypes: ["violations"]}).then(found => found.violations.map(
    fault => [fault.impact, fault.id, fault.help, fault.nodes.length, fault.nodes[0].html.slice(0, 200)]))"""
_LOOKS: dict[str, dict[str, bool | int]] = {
    "wide": {"width": 1280},
    "phone": {"width": 390, "height": 844, "phone": True},
    "dark": {"width": 1280, "dark": True},
}


def main(report: Path, folder: Path, axe: Path | None) -> int:
    """Write wide.png, phone.png, dark.png, still.png (without scripts) and paper.pdf; print axe's faults."""
    folder.mkdir(parents=True, exist_ok=True)
    serious = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, Browser(Path(profile)) as browser:
        for name, settings in _LOOKS.items():
            browser.open(report, **settings)  # type: ignore[arg-type]
            browser.picture(folder / f"{name}.png")
            if axe is not None:
                browser.ask(f"{axe.read_text()};0")
                # What is folded is looked at as well.
                browser.ask("document.querySelectorAll('details').forEach(details => { details.open = true; })")
                faults = browser.ask(_FAULTS)
                serious += sum(fault[0] in ("serious", "critical") for fault in faults)
                print(f"{name}: {len(faults)} faults", *faults, sep="\n  ")
        browser.open(report)
        browser.paper(folder / "paper.pdf")
        browser.scripts(False)
        browser.open(report)
        browser.picture(folder / "still.png")
    return 1 if serious else 0


if __name__ == "__main__":
    _, first, second, *third = sys.argv
    sys.exit(main(Path(first), Path(second), Path(third[0]) if third else None))

"""What the front page shows of the shipped study: a chart, and parts of what the terminal prints.

    python tests/front_page.py

runs the study as a newcomer does, copies its chart to `results/` and puts its table into README.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from source import ROOT

README = ROOT / "README.md"
CHART = ROOT / "results" / "tradeoff.png"
COMMAND = "python tests/front_page.py"
BEGIN, END = "<!-- what the terminal prints, from here -->", "<!-- to here -->"
BLOCKS = ("Turnover (", "Contribution (")
"""How the blocks begin that are shown."""
LEFT_OUT = "[...]"


def fresh(folder: Path) -> tuple[str, Path]:
    """Run the main job into a folder; what it prints, and its chart."""
    command = [sys.executable, "-m", "simulation", "compare", "--out", str(folder)]
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"} | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True)
    [chart] = folder.glob("status_quo/*/figures/tradeoff.png")
    return done.stdout, chart


def excerpt(printed: str) -> str:
    """The head, the recommendation and the blocks of `BLOCKS`; that more comes is marked."""
    head, advice, *blocks = [block.rstrip() for block in printed.rstrip().split("\n\n")]
    parts = [head, advice, *(block for block in blocks if block.startswith(BLOCKS)), LEFT_OUT]
    return "\n".join(line.rstrip() for part in parts for line in (*part.split("\n"), "")).rstrip()


def renewed(readme: str, printed: str) -> str:
    """The front page with another table."""
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n```\n$ orgsim compare\n{excerpt(printed)}\n```\n{END}{after}"


def main() -> None:
    """Renew both."""
    with tempfile.TemporaryDirectory() as folder:
        printed, chart = fresh(Path(folder))
        shutil.copyfile(chart, CHART)
    README.write_text(renewed(README.read_text(encoding="utf-8"), printed), encoding="utf-8")


if __name__ == "__main__":
    main()

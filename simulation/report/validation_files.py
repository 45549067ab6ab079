"""The validation as files: one table of all targets, and a picture a role with the numbers it shows.

    <out>/validation/   targets.csv   targets_calibrate.png|svg|csv   targets_validate.png|svg|csv   targets_report.png|svg|csv
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simulation import __version__
from simulation.experiment.digests import engine_digest
from simulation.experiment.sheets import frame_as_csv
from simulation.experiment.store import ID_LENGTH
from simulation.experiment.writing import replace_file, writing
from simulation.report.charts.targets import draw_targets
from simulation.report.figures import EDGE, blank, save, write_under
from simulation.report.style import drawing
from simulation.statistics.shown import Tally, Verdict, tally, verdict_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

FOLDER = "validation"
MOST_ROWS = 45
"""Targets in a picture; more go to a second one."""
WIDTH, ROW, ABOVE, BELOW = 12.0, 0.235, 0.6, 0.62
"""[inches] of a picture, of a row in it, and of what stands above and below the rows."""
NOTE = (
    "Bands are drawn equally wide: bar = band, fading where it is open; tick = published figure; mark with line = simulated, "
    "95% interval over seeds; diamond = outside the band; arrow = beyond the picture."
)
TITLES = {
    "calibrate": "The model shows {0} of {1} figures that parameters may be fitted to",
    "validate": "Of {1} published figures that no parameter was fitted to, the model shows {0}",
    "report": "Shown and counted nowhere: {0} of {1} in the band",
}


def write_validation(verdicts: Sequence[Verdict], out: Path) -> Path:
    """Write table and pictures, and return their folder. Raises RunError when it cannot be written."""
    import matplotlib as mpl

    folder = out / FOLDER
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / "targets.csv", frame_as_csv(verdict_table(verdicts)))
        with drawing(), mpl.rc_context({"svg.hashsalt": engine_digest()}):
            for name, title, rows in pictures(verdicts):
                save(framed(rows, title), folder / name, rows)
    return folder


def pictures(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, str, DataFrame]]:
    """Name, title and rows of each picture: a role each, in parts where there are many."""
    table = verdict_table(verdicts)
    for role in TITLES:
        rows = table[(table["role"] == role) & (table["passes"] != "")].drop(columns="not_expressible")
        parts = [rows.iloc[k : k + MOST_ROWS] for k in range(0, len(rows), MOST_ROWS)]
        for k, part in enumerate(parts, 1):
            number = f"_{k}" if len(parts) > 1 else ""
            yield f"targets_{role}{number}", title_of(tally(verdicts, role), role), part.reset_index(drop=True)


def title_of(counted: Tally, role: str) -> str:
    """The message: how many figures lie in their bands, and of them industry packs."""
    packs = f"; of these, industry packs {counted.packs[0]} of {counted.packs[1]}" if counted.packs[1] else ""
    return TITLES[role].format(*counted.figures) + packs


def framed(rows: DataFrame, title: str) -> Figure:
    """One picture, as high as its rows need."""
    height = ABOVE + BELOW + ROW * (len(rows) + 3)
    figure = blank(WIDTH, height)
    draw_targets(figure.add_axes((EDGE, BELOW / height, 1.0 - 2 * EDGE, 1.0 - (ABOVE + BELOW) / height)), rows, title)
    seeds = sorted({int(count) for count in rows["seeds"]})
    size = f"{seeds[0]} to {seeds[-1]}" if len(seeds) > 1 else f"{seeds[0]}"
    about = f"{size} seeds each; default parameters.  Engine {engine_digest()[:ID_LENGTH]}, orgsim {__version__}"
    write_under(figure, NOTE, about)
    return figure

"""What a sweep leaves: its table as Parquet, CSV and Excel, and its charts as PNG and SVG.

    <out>/<scenario>/<run id>/   points.parquet  points.csv  points.xlsx  figures/
                                 months.parquet (with --keep months)  manifest.json

A folder that has a manifest is complete: it is taken away first and written last.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from simulation.evidence.measures import MEASURES
from simulation.experiment.digests import engine_digest, fingerprint, value_of
from simulation.experiment.sheets import FORMATS, OTHER_FORMAT, add_scenario, add_sheet, book_bytes, frame_as_csv, new_book
from simulation.experiment.store import MANIFEST, frame_as_parquet, open_folder, run_folder, sums_as_parquet
from simulation.experiment.wide_sheet import lay_out_head, rows_put_in
from simulation.experiment.writing import replace_file, writing
from simulation.report.words.sweep import plain_frame
from simulation.scenario.settings import as_plain
from simulation.statistics.summary import headlines
from simulation.statistics.swept import POINT, POLICY

if TYPE_CHECKING:
    from pathlib import Path

    from pandas import DataFrame

    from simulation.experiment.design.design import Design
    from simulation.scenario import Scenario
    from simulation.statistics.swept import Swept
    from simulation.vocabulary import Array

MOST_CELLS = 3_000_000
"""Cells of a workbook's sheet; beyond, it holds the leading measures alone, and no spreadsheet would open more with ease."""
TABLES = "points"


class Ran(Protocol):
    """What a run folder needs of a sweep: `simulation.sweeping.Sweep` has it."""

    @property
    def scenario(self) -> Scenario:
        """As it was run."""

    @property
    def design(self) -> Design:
        """The points."""

    @property
    def swept(self) -> Swept:
        """The table."""

    @property
    def digest(self) -> str:
        """Of all values."""

    @property
    def seconds(self) -> float:
        """How long it took."""

    @property
    def months(self) -> Mapping[str, Array] | None:
        """Sums by name, (row, seed, month), where they were kept."""


def write_sweep_run(sweep: Ran, out: Path, times: Mapping[str, str]) -> Path:
    """Write everything of a sweep below `out`, the manifest last, and return its folder: one that has a manifest is complete.

    `times` says when it was started and finished; they stand in the manifest. Raises RunError when the folder cannot be written.
    """
    folder = run_folder(sweep.scenario, out, sweep.swept.facts.run)
    write_sweep(sweep.swept, folder)
    with writing(folder):
        if sweep.months is not None:
            replace_file(folder / "months.parquet", _months(sweep, sweep.months))
        content = json.dumps(_manifest(sweep, times), indent=2, default=value_of)
        replace_file(folder / MANIFEST, f"{content}\n".encode())
    return folder


def write_sweep(swept: Swept, folder: Path, *, charts: bool = True) -> list[Path]:
    """Write the table and the charts of a sweep; returns the paths of all files. A folder that was complete no longer is.

    Parameters
    ----------
    swept : Swept
        From `sweep_table`.
    folder : Path
        Made where it is not there; each file is replaced as a whole.
    charts : bool
        Whether to draw.

    Raises
    ------
    RunError
        When the folder cannot be written.
    """
    frame = plain_frame(swept.table)
    contents = {
        f"{TABLES}.parquet": frame_as_parquet(_one_kind(swept, frame)),
        f"{TABLES}.csv": frame_as_csv(frame),
        f"{TABLES}.xlsx": _workbook(swept, frame),
    }
    with writing(folder):
        open_folder(folder)
        for name, content in contents.items():
            replace_file(folder / name, content)
    written = [folder / name for name in contents]
    if charts:
        from simulation.report.sweep_figures import draw_sweep

        written += draw_sweep(swept, folder / "figures")
    return written


def _months(sweep: Ran, months: Mapping[str, Array]) -> bytes:
    """One row a point, policy, seed and month, one column a sum."""
    rows = len(months["seats"])
    labels = {name: sweep.swept.table[name].tolist()[:rows] for name in (POINT, POLICY)}
    return sums_as_parquet(labels, sweep.scenario, months)


def _manifest(sweep: Ran, times: Mapping[str, str]) -> dict[str, Any]:
    """What the sweep was."""
    scenario, design = sweep.scenario, sweep.design
    return {
        "run": sweep.swept.facts.run,
        "what": "sweep",
        "scenario": scenario.resolved(),
        "design": {
            "kind": design.kind, "paths": list(design.paths), "subjects": list(design.subjects), "points": len(design.points),
        },
        "digests": {"engine": engine_digest(), "values": sweep.digest},
        "floating_point": fingerprint(),
        "seeds": {"first": scenario.first_seed, "count": scenario.seed_count},
        "times": {**times, "seconds": sweep.seconds},
    }  # fmt: skip


def _one_kind(swept: Swept, frame: DataFrame) -> DataFrame:
    """The frame with columns of one kind each: numbers beside words are written as words."""
    mixed: dict[str, Any] = {}
    for path in swept.paths:
        kinds = {type(value) for value in frame[path] if value is not None}
        if frame[path].dtype == object and len(kinds) > 1:
            mixed[path] = [None if value is None else str(value) for value in frame[path]]
    return frame.assign(**mixed) if mixed else frame


def _workbook(swept: Swept, frame: DataFrame) -> bytes:
    """Results, what was varied, the settings of every policy, and the parameters with what is known."""
    shown = frame if frame.size <= MOST_CELLS else _leading(swept, frame)
    book = new_book()
    sheet = book.create_sheet("results")
    styles, text = lay_out_head(sheet, shown, [_format(name, swept.paths) for name in shown.columns])
    add_sheet(book, "factors", _factors(swept))
    add_scenario(book, swept.scenario)
    return book_bytes(book, {"results": rows_put_in(shown, styles, text)})


def _leading(swept: Swept, frame: DataFrame) -> DataFrame:
    """The columns of the leading measures alone."""
    left_out = tuple(f"{key}_" for key in swept.measures if key not in headlines(swept.facts))
    kept = [name for name in frame.columns if name in swept.paths or not name.startswith(left_out)]
    return frame[kept]


def _format(column: str, paths: Sequence[str]) -> str:
    """How a workbook shows a column: shares in percent, money in whole units; the figures themselves are not rounded."""
    if column in paths or column == POINT:
        return "General"
    if column.endswith("_effective_seeds"):
        return "#,##0"
    if column.endswith(("_p_better", "_chance")):
        return "0%"
    measure = next((key for key in sorted(MEASURES, key=len, reverse=True) if column.startswith(f"{key}_")), None)
    return FORMATS.get(MEASURES[measure].unit.split("/")[0], OTHER_FORMAT) if measure else "General"


def _factors(swept: Swept) -> Iterator[Sequence[Any]]:
    yield ("path", "kind", "unit", "own value", "values", "low", "high", "design")
    for factor in swept.factors:
        own, values = (json.dumps(as_plain(value)) for value in (factor.slot.own, factor.values))
        yield [factor.path, factor.slot.kind, factor.slot.unit, own, values[:1000], factor.low, factor.high, swept.kind]

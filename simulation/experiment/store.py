"""Run folders: what a run was, and what came out of it, so that it can be read years later without the engine.

    <out>/<scenario>/<run id>/   months.parquet  spells.parquet  summary.parquet  summary.csv  summary.xlsx
                                 reasons.csv (where reasons were asked for)  manifest.json
                                 static.csv  static_groups.csv (where rep-months were kept)
                                 findings.json.gz (of a comparison)  figures/

The run id is the start of a digest of everything the numbers depend on: the scenario as resolved (seeds and parameters are
part of it) and the source of the engine. Times and hosts never enter it, so the same request finds the same folder.
Where assumptions were moved, `assumptions.csv` holds the ranges.
Each file is written beside its place and then renamed; the manifest is taken away first and comes last, after the figures,
so a folder that has one is complete, of one run. Other commands keep theirs alike: `run_folder`, `open_folder`, `writing.py`.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from simulation import __version__
from simulation.experiment.digests import digest_of, engine_digest, fingerprint, value_of
from simulation.experiment.listing import FINDINGS
from simulation.experiment.sheets import as_csv, as_workbook, frame_as_csv
from simulation.experiment.writing import replace_file, writing

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.records import Records
    from simulation.scenario import Scenario

ID_LENGTH = 12
SPELL_SEEDS = 16
"""Spells are kept for the first so many seeds."""
MANIFEST = "manifest.json"
COMPRESSION = "zstd"
OPTIONAL = ("reasons.csv", "assumptions.csv", "static.csv", "static_groups.csv", FINDINGS)
"""Files that a run need not have."""


class Explained(Protocol):
    """What a run folder needs of the reasons."""

    @property
    def table(self) -> DataFrame:
        """One row a policy and term, or a policy, measure and lever."""


class Priced(Protocol):
    """What a run folder needs of static prices."""

    @property
    def groups(self) -> DataFrame:
        """One row a policy, band of tenure and motive segment."""

    def table(self) -> DataFrame:
        """One row a policy."""


class Compared(Protocol):
    """What a run folder needs of a summary."""

    @property
    def table(self) -> DataFrame:
        """One row a policy."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on what to keep in mind."""

    @property
    def moved(self) -> Mapping[str, Any]:
        """Settings moved for equal cost, by policy."""

    @property
    def reasons(self) -> Explained | None:
        """Why policies differ, where it was asked for."""

    @property
    def static(self) -> Priced | None:
        """What plans would cost if nobody changed behaviour; None where that cannot be told."""

    @property
    def stopping(self) -> Any:
        """How it came that no more seeds were added; None where their number was fixed."""

    @property
    def assumptions(self) -> Any:
        """Ranges over assumed parameters, with a `table()`; None when they were not asked for."""


def run_id(scenario: Scenario) -> str:
    """The name of a run's folder: the same for the same scenario, seeds, parameters and engine."""
    return digest_of({"scenario": scenario.resolved(), "engine": engine_digest()})[:ID_LENGTH]


def run_folder(scenario: Scenario, out: Path, run: str | None = None) -> Path:
    """Where a run's files stand below `out`: the run of that name, or else the comparison of all policies."""
    return Path(out) / scenario.name / (run or run_id(scenario))


def open_folder(folder: Path) -> None:
    """Make a run's folder, or take the manifest out of one that is there: while files are replaced it is not complete."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)


def write_run(
    records: Records,
    summary: Compared,
    out: Path,
    *,
    seconds: float | None = None,
    draw: Callable[[Path], object] | None = None,
    firm: Mapping[str, Any] | None = None,
    findings: Callable[[], bytes] | None = None,
) -> Path:
    """Write a run, and return its folder.

    Parameters
    ----------
    records, summary
        What the engine kept, and its comparison.
    out : Path
        Folder of all experiments.
    seconds : float, optional [s]
        How long the run took; stands in the manifest.
    draw : function of a folder, optional
        Draws the figures into it; without it the run has none.
    firm : optional
        What `[firm]` asked for and what the baseline shows; stands in the manifest.
    findings : optional
        Makes the file that reports are made from later, see `statistics.findings_file`.

    Raises
    ------
    RunError
        When the folder cannot be written; files finished before stay.
    """
    scenario = records.scenario
    folder = run_folder(scenario, out)
    reasons = None if summary.reasons is None else summary.reasons.table
    contents: dict[str, Callable[[], bytes]] = {
        "months.parquet": lambda: _months(records),
        "spells.parquet": lambda: frame_as_parquet(_kept_spells(records)),
        "summary.parquet": lambda: frame_as_parquet(summary.table.reset_index()),
        "summary.csv": lambda: as_csv(summary.table),
        "summary.xlsx": lambda: as_workbook(summary.table, scenario, reasons),
    }
    if reasons is not None:
        contents["reasons.csv"] = lambda: frame_as_csv(reasons)
    if summary.assumptions:
        contents["assumptions.csv"] = lambda: frame_as_csv(summary.assumptions.table())
    if findings is not None:
        contents[FINDINGS] = findings
    static = summary.static
    if static is not None:
        contents["static.csv"] = lambda: frame_as_csv(static.table())
        contents["static_groups.csv"] = lambda: frame_as_csv(static.groups)
    with writing(folder):
        open_folder(folder)
        for name in sorted(set(OPTIONAL) - contents.keys()):
            (folder / name).unlink(missing_ok=True)  # of an earlier run that asked for more
        for name, content in contents.items():
            replace_file(folder / name, content())
        if draw is not None:
            draw(folder / "figures")
        replace_file(folder / MANIFEST, _manifest(records, summary, seconds, firm))
    return folder


def _months(records: Records) -> bytes:
    """One row a policy, seed and month, one column a sum."""
    scenario = records.scenario
    keys = [policy.key for policy in scenario.policies]
    return sums_as_parquet({"policy": keys}, scenario, records.sums, [len(scenario.seeds_of(key)) for key in keys])


def sums_as_parquet(
    labels: Mapping[str, Sequence[Any]], scenario: Scenario, sums: Mapping[str, Any], counts: Sequence[int] | None = None
) -> bytes:
    """Sums (row, seed, month) as Parquet, with a label or several for each row; a row group a row, which bounds memory.

    `counts` says how many of the first seeds each row has, where not all of them.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kind = lambda label: pa.string() if isinstance(label, str) else pa.int64()  # noqa: E731
    own = [(name, kind(values[0])) for name, values in labels.items()]
    schema = pa.schema([*own, ("seed", pa.int64()), ("month", pa.int64()), *((key, pa.float64()) for key in sums)])
    target = BytesIO()
    with pq.ParquetWriter(target, schema, compression=COMPRESSION) as writer:
        for index, label in enumerate(zip(*labels.values(), strict=True)):
            run = scenario.seeds if counts is None else scenario.seeds[: counts[index]]
            seeds, months = np.repeat(np.asarray(run), scenario.months), np.tile(np.arange(scenario.months), len(run))
            figures = (np.asarray(values[index], dtype=float)[: len(run)].ravel() for values in sums.values())
            columns = [*([part] * len(seeds) for part in label), seeds, months, *figures]
            writer.write_table(pa.table(columns, schema=schema))
    return target.getvalue()


def _kept_spells(records: Records) -> DataFrame:
    """Spells of the first seeds, with the policy's key in place of its number."""
    scenario = records.scenario
    spells = records.spells
    kept = spells[spells["seed"] < scenario.first_seed + SPELL_SEEDS]
    keys = [policy.key for policy in scenario.policies]
    return kept.assign(policy=[keys[index] for index in kept["policy"]]).reset_index(drop=True)


def frame_as_parquet(frame: DataFrame) -> bytes:
    """A frame as Parquet, its index left out."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), target, compression=COMPRESSION)
    return target.getvalue()


def about_run(records: Records, summary: Compared, firm: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a manifest says of a run: scenario, digests, versions, seeds and draws, as JSON holds it; without times."""
    scenario = records.scenario
    resolved = scenario.resolved()
    rows = {row.path: value_of(row.value) for row in scenario.parameters.rows.values()}
    kept = min(SPELL_SEEDS, scenario.seed_count)
    content = {
        "run": run_id(scenario),
        "scenario": resolved,
        "digests": {"scenario": digest_of(resolved), "parameters": digest_of(rows), "engine": engine_digest()},
        "versions": _versions(),
        "floating_point": fingerprint(),
        "seeds": resolved["seeds"],
        **({"stopping": asdict(summary.stopping)} if summary.stopping else {}),
        "assumed_parameters": len(scenario.assumed()),
        "assumption_ranges": summary.assumptions is not None,
        "draws": _draws(scenario),
        "warnings": list(summary.warnings),
        "moved": {policy: asdict(m) if is_dataclass(m) and not isinstance(m, type) else m for policy, m in summary.moved.items()},
        "spells": f"one row a rep's stay, for the first {kept} of {scenario.seed_count} seeds",
        **({"firm": firm} if firm else {}),
    }
    about: dict[str, Any] = json.loads(json.dumps(content, default=value_of))
    return about


def _manifest(records: Records, summary: Compared, seconds: float | None, firm: Mapping[str, Any] | None) -> bytes:
    times = {"written": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": seconds}
    return (json.dumps({**about_run(records, summary, firm), "times": times}, indent=2) + "\n").encode()


def _draws(scenario: Scenario) -> dict[str, Any] | None:
    """Which ensemble the seeds carried and what varied; None where all parameters have their point values."""
    drawn = scenario.drawn()
    if scenario.draws is None or drawn is None:
        return None
    back, values = drawn.brought_back(scenario.seeds)
    return {
        "digest": scenario.draws.digest, "count": len(scenario.draws.draws), "draw": "seed modulo count",
        "drawn": [".".join(key) for key in drawn.keys],
        "levels": [".".join(key) for key in drawn.values if key not in drawn.keys],
        "fixed": list(drawn.fixed), "brought_back": back, "values": values,
    }  # fmt: skip


def _versions() -> dict[str, str]:
    libraries = ("numpy", "scipy", "pandas", "pyarrow")
    return {"orgsim": __version__, "python": platform.python_version()} | {name: _version(name) for name in libraries}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"

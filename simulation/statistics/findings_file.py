"""Findings in a file of the run's folder, so that charts, deck and page can be redrawn years later without the engine.

    keep = findings_bytes(findings)          # what `experiment.store.write_run` writes as `findings.json.gz`
    findings = read_findings("results/growth_mix/0a1b2c3d4e5f")

Compressed JSON (`statistics.plain`), every number to the last bit. A file is data from anywhere: reading it runs nothing, takes
bounded memory, and ends in findings that a report can be made from, or in one sentence.
"""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from simulation import __version__
from simulation.errors import RunError
from simulation.evidence.measures import MEASURES
from simulation.experiment.listing import FINDINGS, reportable_folder
from simulation.scenario.faults import printable, shown
from simulation.statistics.findings import Findings
from simulation.statistics.plain import NotPlainError, Plain
from simulation.statistics.whole import check_findings

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

FORMAT = 1
"""Counted up when files of before can no longer be read as they are; a new field with a default needs no new format."""
LARGEST = 200_000_000
"""Bytes of the JSON, some 5 policies at 10,000 seeds."""
MOST_PARTS = 1_000_000
"""Lists and objects in it; a study has some thousands, and each takes far more memory than its two characters."""
MARK = "orgsim findings"
AGAIN = "give the command that made the run again, which makes a whole one of the cells that are kept"


def findings_bytes(findings: Findings) -> bytes:
    """Findings as the bytes of a file, the same each time. Raises RunError when they are too large for one."""
    document = {MARK: FORMAT, "written_by": f"orgsim {__version__}", "findings": _plain().taken_apart(findings)}
    content = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    if len(content) > LARGEST:
        size, most = (f"{number / 1e6:,.0f} MB" for number in (len(content), LARGEST))
        raise RunError(f"findings of {size} are not kept, {most} are the most; no report can be drawn from this run later")
    return gzip.compress(content, mtime=0)


def read_findings(run: str | Path, out: str | Path = "results") -> Findings:
    """Findings that a run left in its folder.

    Parameters
    ----------
    run : str or Path
        The run's folder, or its name or the first letters of it, as `orgsim runs` lists them.
    out : folder of results in which a name is looked for

    Raises
    ------
    ScenarioError
        When there is no such run, or when it is none with findings.
    RunError
        When its file cannot be read.
    """
    file = reportable_folder(Path(out), str(run)) / FINDINGS
    try:
        with file.open("rb") as stream:
            packed = stream.read(LARGEST + 1)
    except OSError as problem:
        raise RunError(f"{shown(str(file))}: cannot be read ({problem.strerror or problem}); check its rights") from None
    return _findings(_document(packed, shown(str(file))), shown(str(file)))


def _document(packed: bytes, where: str) -> Mapping[str, Any]:
    """The JSON of a file."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = unpacking.decompress(packed, LARGEST + 1)
    except zlib.error:
        _refuse(where, "is no compressed file, or is damaged")
    if len(content) > LARGEST or len(packed) > LARGEST:
        _refuse(where, f"holds more than {LARGEST / 1e6:,.0f} MB")
    if not unpacking.eof or unpacking.unused_data:
        _refuse(where, "does not end where it should")
    if content.count(b"[") + content.count(b"{") > MOST_PARTS:
        _refuse(where, f"holds more than {MOST_PARTS:,} parts")
    try:
        document = json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError):  # no UTF-8, no JSON, a number of thousands of digits, too deep
        _refuse(where, "holds no JSON that can be read")
    if not isinstance(document, dict) or type(document.get(MARK)) is not int:
        _refuse(where, "holds no findings of orgsim")
    if document[MARK] != FORMAT:
        other = f"is of format {document[MARK]}, and this orgsim reads {FORMAT}"
        raise RunError(f"{where}: {other}; use the one that wrote it, {printable(str(document.get('written_by'))[:40])}")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse(where: str, why: str) -> NoReturn:
    raise RunError(f"{where}: {why}; {AGAIN}") from None


def _findings(document: Mapping[str, Any], where: str) -> Findings:
    try:
        return _checked(_plain().put_together(document.get("findings")))
    except NotPlainError as problem:
        _refuse(where, f"cannot be used, because {problem}")


def _checked(found: Any) -> Findings:
    """Findings whose parts belong together."""
    if not isinstance(found, Findings):
        raise NotPlainError("it holds no findings")
    check_findings(found)
    stress = {world: _with_every_measure(summary) for world, summary in found.stress.items()}
    return replace(found, summary=_with_every_measure(found.summary), stress=stress)


def _with_every_measure(summary: Summary) -> Summary:
    """The summary with measures that there were not when it was made: without figures, and with a warning that says so."""
    from pandas import DataFrame, concat

    from simulation.statistics.compare import COLUMNS

    unknown = [measure for key, measure in MEASURES.items() if key not in summary.measures]
    if not unknown:
        return summary
    columns = [f"{measure.key}_{name}" for measure in unknown for name in COLUMNS]
    empty = DataFrame(math.nan, summary.table.index, columns).assign(**{c: "open" for c in columns if c.endswith("_decided")})
    currency = next((measure.currency for measure in summary.measures.values()), unknown[0].currency)
    added = {measure.key: replace(measure, currency=currency) for measure in unknown}
    said = f"not measured when this run was made: {', '.join(measure.label for measure in unknown)}"
    return replace(
        summary, table=concat([summary.table, empty], axis=1), measures={**summary.measures, **added},
        warnings=(*summary.warnings, said),
    )  # fmt: skip


@cache
def _plain() -> Plain:
    """All records that findings are made of, by the names that stand in files; a name is for ever."""
    from simulation import records
    from simulation.evidence.measures import Measure
    from simulation.scenario.policy import Material
    from simulation.statistics import assumptions, ranks, reasons, selection, static_price, stopping, summary, widths

    return Plain({
        "findings": Findings, "summary": summary.Summary, "facts": summary.Facts, "draws": summary.DrawFacts,
        "measure": Measure, "material": Material, "moved": records.Moved, "rank": ranks.Rank,
        "reasons": reasons.Reasons, "shift": reasons.Shift, "share": reasons.Share, "split": reasons.Split,
        "estimate": reasons.Estimate, "assumptions": assumptions.AssumptionRange, "moved assumption": assumptions.Moved,
        "reach": assumptions.Reach, "static": static_price.StaticPrice, "stopping": stopping.Stopping,
        "selection": selection.Selection, "out": selection.Out, "width": widths.Width,
    })  # fmt: skip

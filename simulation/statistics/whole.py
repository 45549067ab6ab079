"""Whether findings belong together, for those that come from a file: reports look things up in them, and name files by policies.

A file is checked for what every report relies on: keys that may name files, frames with the columns and kinds of column that
charts are drawn from, and figures of every policy where there are figures of any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from simulation.evidence.measures import MEASURES
from simulation.scenario.values import KEY, LONGEST_LABEL
from simulation.statistics.kinds import fits
from simulation.statistics.plain import NotPlainError
from simulation.statistics.reasons import COLUMNS as REASON_COLUMNS
from simulation.statistics.reasons import MEASURES_SPLIT
from simulation.statistics.static_price import BY_CELL, MONEY, SHARES

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.statistics.findings import Findings
    from simulation.statistics.reasons import Reasons
    from simulation.statistics.static_price import StaticPrice
    from simulation.statistics.summary import Summary

_RUN = re.compile(r"[0-9a-f]{4,64}")
SIDES = ("mean", "low", "high")
_PAIRED = (*SIDES, "diff", "diff_low", "diff_high")
SERIES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "timeline": (("policy", "measure"), ("month", *_PAIRED)),
    "years": (("policy", "measure"), ("year", *_PAIRED)),
    "survival": (("policy",), ("tenure", *_PAIRED)),
    "survival_segments": (("policy", "segment"), ("tenure", *_PAIRED)),
    "stays": (("policy", "against"), ("median_stay", "observed", "expected", "ratio", "chi_square", "p_value", "paired_p")),
    "bridge": (("policy", "line"), SIDES),
    "leavers": (("policy", "by", "group", "label", "kind"), _PAIRED),
    "leavers_total": (("policy", "by", "group", "label"), (*_PAIRED, "share")),
    "attainment": (("policy",), ("bin", "start", "stop", *_PAIRED)),
}
"""Columns of each frame of a summary: texts, and numbers."""
SETTINGS = ("policy", "label", "lever", "setting", "value", "neutral", "unit", "starts", "ends")
ASSUMPTIONS = ("parameter", "value", "unit", "low", "high", "status", "grade", "source", "note")
FIRM = ("asked", "reached", "error")


def check_findings(found: Findings) -> None:
    """Raise NotPlainError where parts of findings do not belong together."""
    for summary in (found.summary, *found.stress.values()):
        _check_summary(summary)
        if list(summary.labels) != list(found.summary.labels) or summary.baseline != found.summary.baseline:
            raise NotPlainError("its stress worlds have other policies")
    _check_frame("settings", found.settings, SETTINGS, ())
    _check_frame("assumptions", found.assumptions, ASSUMPTIONS, ())
    for name, row in (found.firm or {}).items():
        if not isinstance(row, Mapping) or not all(fits(row.get(key), float) for key in FIRM):
            raise NotPlainError(f"its firm lacks a figure of {name[:40]!r}")


def _check_summary(summary: Summary) -> None:
    table, labels, facts = summary.table, summary.labels, summary.facts
    if list(table.index) != list(labels) or summary.baseline not in labels or not all(map(KEY.fullmatch, labels)):
        raise NotPlainError("its policies are not those of its table")
    if not all(0 < len(label) <= LONGEST_LABEL for label in labels.values()):
        raise NotPlainError(f"a label in it is empty or longer than {LONGEST_LABEL} characters")
    if not _RUN.fullmatch(facts.run) or not {facts.objective, *facts.require} <= summary.measures.keys():
        raise NotPlainError("its facts are not those of a run")
    if not min(facts.months, facts.seats, facts.seeds) > 0:
        raise NotPlainError("its facts are those of a run of nothing")
    _check_table(summary)
    for name, (texts, numbers) in SERIES.items():
        if name not in summary.series:
            raise NotPlainError(f"it lacks a series, {name}")
        _check_frame(f"series {name}", summary.series[name], texts, numbers)
        _check_known(f"series {name}", summary.series[name]["policy"], labels)
    _check_answers(summary)


def _check_answers(summary: Summary) -> None:
    """What a study may have been asked beside the comparison."""
    labels = summary.labels
    _check_every("ranks", summary.ranks, labels)
    if summary.stopping:
        _check_every("stopping", summary.stopping.seeds, labels)
    if summary.reasons:
        _check_reasons(summary.reasons, labels, summary.others)
    if summary.static:
        _check_static(summary.static, labels)
    for policy, reaches in (summary.assumptions.policies if summary.assumptions else {}).items():
        _check_known("assumption ranges", [policy], labels)
        _check_known("assumption ranges", reaches, MEASURES)


def _check_table(summary: Summary) -> None:
    from simulation.statistics.compare import COLUMNS

    for key in summary.measures:
        names = [f"{key}_{name}" for name in COLUMNS]
        _check_frame("table", summary.table, ("label",), [name for name in names if not name.endswith("_decided")])
        _check_frame("table", summary.table, (f"{key}_decided",), ())
    if any(f"{key}_{name}" in summary.table for key in MEASURES.keys() - summary.measures for name in COLUMNS):
        raise NotPlainError("its table has figures of a measure that it does not have")


def _check_reasons(reasons: Reasons, labels: Iterable[str], others: Iterable[str]) -> None:
    _check_every("reasons", reasons.by_reason, labels, full=True)
    _check_every("reasons", reasons.of_all, labels, full=True)
    _check_every("reasons", reasons.by_lever, others, full=True)
    terms = [set(found) for found in reasons.by_reason.values()]
    if any(found != terms[0] for found in terms):
        raise NotPlainError("its reasons are not the same for all policies")
    for found in reasons.by_lever.values():
        _check_every("reasons", found, MEASURES_SPLIT, full=True)
        if any(set(split.levers) != set(found[MEASURES_SPLIT[0]].levers) for split in found.values()):
            raise NotPlainError("its reasons are not the same for all measures")
    for policy in others:
        shifts = [reasons.of_all[policy], *reasons.by_reason[policy].values()]
        if any(shift.difference is None for shift in shifts):
            raise NotPlainError(f"its reasons lack a difference of {policy}")
    _check_frame("reasons", reasons.table, REASON_COLUMNS, ())


def _check_static(static: StaticPrice, labels: Mapping[str, str]) -> None:
    if list(static.policies.index) != list(labels):
        raise NotPlainError("its static prices are not those of its policies")
    figures = [f"{name}_{side}" for name in (*MONEY, *SHARES) for side in SIDES]
    _check_frame("static prices", static.policies, ("label", "wedge_decided"), [*figures, "reps"])
    figures = [f"{name}_{side}" for name in BY_CELL for side in SIDES]
    _check_frame("groups", static.groups, ("policy", "tenure", "segment"), ["share", *figures])
    _check_known("groups", static.groups["policy"], labels)


def _check_frame(what: str, frame: DataFrame, columns: Iterable[str], numbers: Iterable[str]) -> None:
    """Whether a frame has columns of any kind, and columns of numbers; without rows they are of no kind."""
    lacking = next((name for name in (*columns, *numbers) if name not in frame), None)
    if lacking is not None:
        raise NotPlainError(f"its {what} lacks {lacking[:60]}")
    other = next((name for name in numbers if len(frame) and frame[name].dtype.kind not in "fi"), None)
    if other is not None:
        raise NotPlainError(f"its {what} has no numbers in {other[:60]}")


def _check_known(what: str, named: Iterable[str], known: Iterable[str]) -> None:
    odd = set(named) - set(known)
    if odd:
        raise NotPlainError(f"its {what} speaks of {min(map(str, odd))[:40]!r}, which it does not have")


def _check_every(what: str, figures: Mapping[str, object], names: Iterable[str], *, full: bool = False) -> None:
    """Whether there are figures of every name, or, unless they have to be there, of none."""
    if (figures or full) and set(figures) != set(names):
        raise NotPlainError(f"its {what} does not hold a figure of each")

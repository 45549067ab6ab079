"""How long reps stay under each policy against the baseline: a line under the table, and an entry of the document."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

LEAST_SHOWN = 0.001
"""Smaller p-values are shown as below it."""


def stays_sentences(summary: Summary) -> list[str]:
    """One sentence on the hazard of leaving at equal tenure, with the p-value that takes seeds and not stays as independent.

    Where parameters are drawn, each seed has its own: p then speaks of the mean over draws, and falls with more seeds,
    whatever is not known of parameters. The sentence says so, because the intervals above it hold both.
    """
    found = [
        f"{summary.labels[policy]} {row['ratio']:.2f} ({_p(row['paired_p'])})"
        for policy, row in stays_document(summary).items()
        if row["ratio"] is not None and row["paired_p"] is not None
    ]
    if not found:
        return []
    against = summary.labels[summary.baseline]
    mean = "; p tests the mean over draws, what parameters leave open is not in it" if summary.facts.draws else ""
    return [f"Hazard of leaving at equal tenure, {against} = 1 (log-rank, paired by seed{mean}): {', '.join(found)}."]


def stays_document(summary: Summary) -> dict[str, Any]:
    """The log-rank test by policy, the baseline left out; a figure that does not exist is null."""
    rows = summary.series["stays"].set_index("policy").to_dict("index")
    return {str(policy): {str(key): _json(value) for key, value in row.items()} for policy, row in rows.items()}


def _p(value: float) -> str:
    return f"p < {LEAST_SHOWN:g}" if value < LEAST_SHOWN else f"p = {value:.2g}"


def _json(value: Any) -> Any:
    return value if isinstance(value, str) or math.isfinite(value) else None

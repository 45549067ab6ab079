"""How it came that no more seeds were added, and what common random numbers saved: in words, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from simulation.report.style import scale_of
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.evidence.measures import Measure
    from simulation.statistics.selection import Out, Selection
    from simulation.statistics.stopping import Stopping
    from simulation.statistics.summary import Facts, Summary
    from simulation.statistics.widths import Width

WORTH = "worth in independent seeds"
GAIN_LEGEND = (
    f"{WORTH}: how many seeds of luck of their own two policies would need for an interval of luck as narrow as that "
    "of their difference under the same luck; exact = the same difference at every seed."
)
OWN_SEEDS = "Who has fewer seeds has its difference from those, and for its mean the baseline's plus that difference."
ON_AVERAGE = "Decided is the mean over luck and drawn parameters; intervals and ranks say how far it hangs on these."
STAYS = "That is what seeds can narrow; what is not known of parameters stays in the intervals above."
SIZES = ((1e12, " million million"), (1e9, " thousand million"), (1e6, " million"))
NAMED = 8
"""Policies settled out that are named one by one; the others are counted."""


def gain_lines(summary: Summary, key: str) -> list[str]:
    """What the seeds behind each policy's difference in a measure are worth, on one line; none without others."""
    if not summary.others:
        return []
    said = [f"{summary.labels[policy]} {_worth(summary.value(policy, key, 'effective_seeds'))}" for policy in summary.others]
    return [f"{WORTH}: {', '.join(said)}"]


def gain_legend(summary: Summary) -> list[str]:
    """What that line means, where there is one."""
    return [GAIN_LEGEND] if summary.others else []


def worth_text(seeds: float) -> str:
    """A number of seeds in two significant digits, which is more than is known of it: "37", "1,200", "1.5 million"."""
    size = next(((one, word) for one, word in SIZES if seeds >= one), (1.0, ""))
    rounded = float(f"{seeds / size[0]:.2g}")
    return f"{rounded:,.{0 if rounded >= 10 or rounded == int(rounded) else 1}f}{size[1]}"


def _worth(seeds: float) -> str:
    if math.isnan(seeds):
        return "–"
    return "exact" if math.isinf(seeds) else worth_text(seeds)


class Added(Protocol):
    """What seeds were added to: the policies of a comparison, or the rows of a sweep."""

    @property
    def labels(self) -> Mapping[str, str]:
        """What each is called, by key."""

    @property
    def baseline(self) -> str:
        """The key of the baseline."""

    @property
    def facts(self) -> Facts:
        """What was compared."""

    @property
    def measures(self) -> Mapping[str, Measure]:
        """By key."""

    @property
    def stopping(self) -> Stopping | None:
        """How it came that no more were added."""

    @property
    def table(self) -> DataFrame:
        """With a column `<measure>_mean`."""

    def value(self, policy: str, measure: str, column: str) -> Any:
        """A figure of one of them."""


def stopping_sentences(summary: Added) -> list[str]:
    """What was settled or reached, and what seeds each policy was given for it; none where their number was fixed."""
    stopping = summary.stopping
    if stopping is None:
        return []
    found = stopping.selection
    said = _settled(summary, stopping, found) if found else _narrowed(summary, stopping)
    if summary.facts.draws is not None and summary.facts.draws.drawn:
        said += f" {ON_AVERAGE if found else STAYS}"
    return [said, _given(summary, stopping)]


def _settled(summary: Added, stopping: Stopping, found: Selection) -> str:
    """The verdict on the best."""
    facts, count, rate = summary.facts, f"{stopping.looks[-1]:,} seeds", f"error rate {100 * stopping.error:g}%"
    objective = summary.measures[facts.objective].label.lower()
    among = " among the policies that meet the requirements" if facts.require else ""
    if found.verdict == "best":
        best = f"{_label(summary, found.leader)} is best in {objective}{among}"
        return f"Settled after {count}: {best}; {rate}.{_by_how_much(summary, found)}"
    if found.verdict == "tie":
        tied = _listed(summary, found.tied)
        within = f"{tied} lie within the material difference in {objective}{among}"
        return f"Tie declared after {count}: {within}; {rate}.{_by_how_much(summary, found)}"
    if found.verdict == "none":
        return f"Settled after {count}: no policy meets every requirement; {rate}."
    good = (
        f" No other can be better than {_label(summary, found.leader)} by more than the material difference."
        if found.good else ""
    )  # fmt: skip
    return (
        f"Not settled after {count}, the most that were asked for: {_listed(summary, found.contested)} "
        f"{'are' if len(found.contested) > 1 else 'is'} still contested in {_what(summary)}; {rate}.{good} "
        "More with --most-seeds."
    )


def _by_how_much(summary: Added, found: Selection) -> str:
    """Who is worse by less than what counts, and whether the lead over the baseline counts."""
    said = ""
    if found.close:
        verb = "are" if len(found.close) > 1 else "is"
        said = f" {_listed(summary, found.close)} {verb} worse, but by less than the material difference."
    if found.verdict != "best" or found.leader in (None, summary.baseline) or summary.baseline in found.close:
        return said
    if summary.value(found.leader or "", summary.facts.objective, "decided") == "open":
        said += f" Whether its lead over {summary.labels[summary.baseline]} is more than the material difference is open."
    return said


def _what(summary: Added) -> str:
    """What can be contested: the objective, and whether requirements are met."""
    objective = summary.measures[summary.facts.objective].label.lower()
    return f"{objective} or in what is required" if summary.facts.require else objective


def _narrowed(summary: Added, stopping: Stopping) -> str:
    """How narrow the intervals became."""
    count = f"{stopping.looks[-1]:,} seeds"
    reached = "; ".join(_width(summary, width) for width in stopping.widths)
    if stopping.reached:
        return f"Narrow enough after {count}: {reached}."
    return f"Not narrow enough after {count}, the most that were asked for: {reached}. More with --most-seeds."


def _width(summary: Added, width: Width) -> str:
    measure = summary.measures[width.measure]
    scale, name = scale_of(measure, summary.table[f"{width.measure}_mean"]), measure.label.lower()
    unit = f" {scale.difference_unit}".rstrip()
    if width.policy is None:
        return f"no policy has a difference in {name}"
    return (
        f"the widest interval of a difference in {name} is ±{_fine(width.widest * scale.factor)}{unit} "
        f"({summary.labels[width.policy]}), asked ±{_fine(width.asked * scale.factor)}{unit}"
    )


def _fine(value: float) -> str:
    """Three significant digits, whatever the size."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _given(summary: Added, stopping: Stopping) -> str:
    """How many seeds each policy was given, and how many runs that saved."""
    most, policies = stopping.looks[-1], len(stopping.seeds)
    looks, runs = counted(len(stopping.looks), "look"), f"{stopping.runs:,} runs of a policy and seed"
    out = stopping.selection.out if stopping.selection else {}
    fewer = {policy: seeds for policy, seeds in stopping.seeds.items() if seeds < most}
    if not fewer:
        return f"All policies have {most:,} seeds: {looks}, {runs}."
    named = [f"{summary.labels[policy]} {seeds:,}{_why(summary, out.get(policy))}" for policy, seeds in fewer.items()]
    rest = [f"{len(named) - NAMED} more fewer too"] if len(named) > NAMED else []
    said = "; ".join([*named[:NAMED], *rest])
    return (
        f"Seeds: {said}; the other{'s' if policies - len(fewer) > 1 else ''} {most:,}. {looks}, {runs}; "
        f"{most:,} seeds for all are {most * policies:,}. {OWN_SEEDS}"
    )


def _why(summary: Added, out: Out | None) -> str:
    if out is None:
        return ""
    if out.reason == "worse":
        return f" (worse than {summary.labels[out.by]})"
    measure = summary.measures[out.by].label.lower()
    return f" (breaks what is required of {measure})" if out.reason == "breaks" else f" (no figure of {measure})"


def _label(summary: Added, policy: str | None) -> str:
    return summary.labels[policy] if policy else "nobody"


def _listed(summary: Added, policies: Sequence[str]) -> str:
    *first, last = [summary.labels[policy] for policy in policies[:NAMED]]
    if len(policies) > NAMED:
        first, last = [*first, last], f"{len(policies) - NAMED:,} more"
    return f"{', '.join(first)} and {last}" if first else last


def stopping_document(stopping: Stopping | None) -> dict[str, Any] | None:
    """The same as a document; null where the number of seeds was fixed."""
    if stopping is None:
        return None
    found = stopping.selection
    widths = [asdict(width) | {"widest": width.widest if math.isfinite(width.widest) else None} for width in stopping.widths]
    return {
        "until": "decided" if found else "narrow",
        "reached": stopping.reached,
        "verdict": found.verdict if found else None,
        "leader": found.leader if found else None,
        "tied": list(found.tied) if found else [],
        "close": list(found.close) if found else [],
        "contested": list(found.contested) if found else [],
        "good": found.good if found else None,
        "out": {policy: asdict(out) for policy, out in found.out.items()} if found else {},
        "widths": widths,
        "seeds": dict(stopping.seeds),
        "looks": list(stopping.looks),
        "most_seeds": stopping.most,
        "runs": stopping.runs,
        "error": stopping.error if found else None,
    }

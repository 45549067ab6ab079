"""The big numbers: what each policy makes of turnover and revenue, and of what else counts, as words for a table.

Digits and verdicts are those that `orgsim compare` prints: the same scales write them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.report.style import MISSING, missing_glyphs, summary_scale
from simulation.report.table import block_heading, interval_text, shown_measures
from simulation.report.words.equal_cost import moved_sentences
from simulation.report.words.headline import headline, recommendation_sentence
from simulation.report.words.phrases import effect, listed, upper
from simulation.statistics.caveats import beyond_horizon
from simulation.statistics.summary import counted
from simulation.statistics.recommend import recommend

if TYPE_CHECKING:
    from simulation.report.style import Scale
    from simulation.scenario import Scenario
    from simulation.statistics.summary import Summary

LARGE = ("turnover", "revenue")
"""Measures that are read first."""
BESIDE = ("bookings",)
"""Headline measures that stand here only where they are the objective or something is required of them."""
NO_FIGURE = "no figure"
DECIDED = ("better", "worse", "higher", "lower")


@dataclass(frozen=True)
class Number:
    """One policy's figure of one measure: the mean and its interval, the difference from the baseline and its own, a verdict.

    The last three are empty for the baseline.
    """

    policy: str
    mean: str
    interval: str
    difference: str = ""
    difference_interval: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class Line:
    """One measure of all policies; `label` and `notes` are the heading of the printed table."""

    measure: str
    label: str
    notes: str
    large: bool
    numbers: tuple[Number, ...]


def number_lines(summary: Summary) -> tuple[Line, ...]:
    """Turnover and revenue, then the other headline measures, the objective and what is required among them."""
    facts = summary.facts
    asked = (facts.objective, *facts.require)
    rest = [key for key in shown_measures(summary) if key not in LARGE and (key not in BESIDE or key in asked)]
    return tuple(_line(summary, key) for key in (*LARGE, *rest))


def _line(summary: Summary, key: str) -> Line:
    scale, label = summary_scale(summary, key), summary.measures[key].label
    numbers = tuple(_number(summary, policy, key, scale) for policy in summary.labels)
    notes = block_heading(summary, key).removeprefix(label).strip(" ()").replace("<=", "≤").replace(">=", "≥")
    return Line(key, label, notes, key in LARGE, numbers)


def _number(summary: Summary, policy: str, key: str, scale: Scale) -> Number:
    mean = scale.show(summary.value(policy, key))
    level = interval_text(scale, summary, policy, key, sides=("low", "high"))
    if policy == summary.baseline:
        return Number(policy, mean, level)
    difference = float(summary.value(policy, key, "diff"))
    if not math.isfinite(difference):
        return Number(policy, mean, level, MISSING, MISSING, NO_FIGURE)
    unit = f" {scale.difference_unit}" if scale.difference_unit == "points" else ""
    span = interval_text(scale, summary, policy, key, sides=("diff_low", "diff_high"))
    verdict = str(summary.value(policy, key, "decided"))
    return Number(policy, mean, level, f"{scale.show(difference, sign=True)}{unit}", span, verdict)


def warnings_of(summary: Summary, scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a reader must know before trusting a figure, as sentences: what lies beyond the horizon, and everything else."""
    beyond = beyond_horizon(scenario)
    first = [text for text in summary.warnings if text in beyond]
    others = [text for text in summary.warnings if text not in beyond]
    rest = [_sentence(text) for text in (*others, missing_glyphs(summary.labels.values())) if text]
    return tuple(_sentence(text) for text in first), (*rest, *moved_sentences(summary))


def look_of_months(months: int, own: int) -> tuple[str, ...]:
    """What a look that is shorter than its study leaves out, as a sentence; none where it is not."""
    if months >= own:
        return ()
    return (f"{months} of the study's {counted(own, 'month')} are simulated: what a policy does later is not in these numbers.",)


def _sentence(text: str) -> str:
    return f"{upper(text)}{'' if text.endswith('.') else '.'}"


def intervals_of(summary: Summary) -> str:
    """What the intervals hold and leave out."""
    return _sentence(summary.intervals)


def decision_of(summary: Summary) -> tuple[str, str]:
    """What to do, and which policies are not shown to be worse: together the words that the printed table ends with."""
    first = headline(summary)
    return first, recommendation_sentence(summary).removeprefix(first).strip()


def verdicts_of(summary: Summary) -> tuple[str, ...]:
    """The verdicts on turnover and revenue in one order: what must change before something is announced anew."""
    return tuple(str(summary.value(policy, key, "decided")) for policy in summary.others for key in LARGE)


def announcement(summary: Summary) -> str:
    """What has come of a change, to be read aloud once: turnover and revenue of every policy beside the baseline."""
    said = [
        f"{label} {listed([effect(summary, policy, key, ends=False) for key in LARGE])}."
        for policy, label in summary.labels.items() if policy != summary.baseline
    ]  # fmt: skip
    return " ".join(["New numbers.", *said, recommendation_sentence(summary)])


def recommended(summary: Summary) -> str | None:
    """The policy that the decision chooses, if it chooses one."""
    return recommend(summary).policy

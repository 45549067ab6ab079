"""How measures go from the baseline's level to a policy's, in one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from simulation.report.style import summary_scale
from simulation.report.words.phrases import listed, name_of, span, with_unit
from simulation.report.words.quotes import finer, quote

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

MANY = ("quits_rate", "dismissals_rate", "regretted_quits_rate", "bookings", "referrals", "proposals", "successes")
"""Measures whose names are plurals."""


def courses(summary: Summary, policy: str, keys: Sequence[str]) -> str:
    """How measures go from the baseline's level to the policy's: first what is decided, then what is open, then what is the same.

    "turnover falls from 31.6% to 28.0% a year (−4.9 to −2.4 points); revenue does not differ materially"
    """
    decided = {key: str(summary.value(policy, key, "decided")) for key in keys}
    missing = [key for key in keys if not math.isfinite(summary.value(policy, key, "diff"))]
    open_ = [key for key in keys if decided[key] == "open" and _around_zero(summary, policy, key)]
    same = [key for key in keys if decided[key] == "same"]
    said = [_course(summary, policy, key) for key in keys if key not in (*missing, *open_, *same)]
    if open_:
        said.append(_either_way(summary, policy, open_))
    if same:
        names = listed([name_of(summary, key) for key in same])
        said.append(f"{names} {_verb(same, 'does', 'do')} not differ materially")
    if missing:
        names = listed([name_of(summary, key) for key in missing])
        said.append(f"{names} {_verb(missing, 'has', 'have')} no figure")
    return "; ".join(said)


def _either_way(summary: Summary, policy: str, keys: Sequence[str]) -> str:
    """What may go up or down: "turnover may rise or fall (−3.0 to +5.3 points)"."""
    ends = [f"({_fine_span(summary, policy, key)})" for key in keys]
    if len(keys) == 1:
        return f"{name_of(summary, keys[0])} may rise or fall {ends[0]}"
    each = [f"{name_of(summary, key)} {own}" for key, own in zip(keys, ends, strict=True)]
    return f"{listed(each, len(each))} may each rise or fall"


def _course(summary: Summary, policy: str, key: str) -> str:
    difference, low, high = (float(summary.value(policy, key, column)) for column in ("diff", "diff_low", "diff_high"))
    way = _verb([key], *(("rises", "rise") if difference > 0 else ("falls", "fall")))
    if summary.value(policy, key, "decided") == "open" and math.isfinite(low):
        return f"{name_of(summary, key)} {way} by an open amount ({_fine_span(summary, policy, key)})"
    scale = summary_scale(summary, key)
    fine = finer(scale, difference, low, high)
    before, after = (quote(summary, key, one, scale=fine) for one in (summary.baseline, policy))
    if before == after:
        return f"{name_of(summary, key)} {_verb([key], 'is', 'are')} {with_unit(after, scale.unit)} under both"
    before, after = (f"{before}%" if scale.unit.startswith("%") else before), with_unit(after, scale.unit)
    unsaid = replace(fine, difference_unit="") if scale.unit == scale.difference_unit else fine
    note = span(summary, policy, key, unsaid) if math.isfinite(low) else "no interval"
    return f"{name_of(summary, key)} {way} from {before} to {after} ({note})"


def _around_zero(summary: Summary, policy: str, key: str) -> bool:
    return bool(summary.value(policy, key, "diff_low") <= 0.0 <= summary.value(policy, key, "diff_high"))


def _fine_span(summary: Summary, policy: str, key: str) -> str:
    ends = (float(summary.value(policy, key, side)) for side in ("diff_low", "diff_high"))
    return span(summary, policy, key, finer(summary_scale(summary, key), *ends))


def _verb(keys: Sequence[str], one: str, many: str) -> str:
    """The form of a verb that goes with some measures."""
    return many if len(keys) > 1 or keys[0] in MANY else one

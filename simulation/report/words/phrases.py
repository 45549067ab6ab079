"""Findings as sentences, made from the numbers and from what may be called decided, and from nothing else.

Every number in them is written by `quotes.quote`, but for what stands in the titles and labels of the user.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from simulation.report.lettering import shorten, shorten_apart
from simulation.report.style import summary_scale
from simulation.report.words.addresses import cell, summary_of
from simulation.report.words.quotes import SHORT, finer, quote
from simulation.statistics.findings import Findings
from simulation.statistics.recommend import recommend

if TYPE_CHECKING:
    from simulation.report.style import Scale
    from simulation.statistics.summary import Summary

LABEL = 36
"""[columns] Of a label in a sentence."""
NAMES: Mapping[str, str] = {
    "vacancy_share": "the share of vacant seats",
    "survival_12": "the share of new reps who stay a year",
    "survival_24": "the share of new reps who stay two years",
    "at_quota": "the share of reps at quota",
    "top_fifth_share": "the share of sales by the top fifth of reps",
    "last_month_share": "the share booked in the last month of a period",
    "value_moved": "the share of bookings moved in time",
    "extra_discount": "the discount on list value",
    "win_rate": "the win rate",
    "cycle_days": "the sales cycle",
    "key_wins": "the number of key accounts won",
    "renewal_rate": "renewal in reps' accounts",
    "grr": "gross retention in reps' accounts",
    "nrr": "net retention in reps' accounts",
    "referral_rate": "the rate of referrals by customers",
    "saved_share": "the share of warned customers saved",
    "sharing_share": "the share of reps who share knowledge",
    "pay_p10": "the pay of the lowest tenth",
    "pay_p90": "the pay of the highest tenth",
    "pay_spread": "the spread of pay",
    "income_risk_low": "the share of low-income reps",
}
"""What measures are called within a sentence, where that is not their label."""
MARKS = frozenset(",;:.!?")
"""A label with one of these is set in quotation marks within a sentence, so that it is seen where it ends."""
QUOTATION = frozenset('“”„"«»')
"""One that has its own is not."""


def with_unit(text: str, unit: str) -> str:
    """A figure and its unit: no space before a percent sign."""
    return f"{text}{unit}" if unit.startswith("%") else f"{text} {unit}".rstrip()


def name_of(summary: Summary, key: str) -> str:
    """What a measure is called within a sentence."""
    return NAMES.get(key) or summary.measures[key].label.lower()


def short_label(summary: Summary, policy: str, most: int = LABEL) -> str:
    """A policy's label cut to so many columns, and still unlike those of the others."""
    labels = list(summary.labels.values())
    short = [shorten(label, most) for label in labels]
    place = list(summary.labels).index(policy)
    return shorten_apart(labels, most)[place] if short.count(short[place]) > 1 else short[place]


def called(summary: Summary, policy: str) -> str:
    """A policy's label as it stands in a sentence, cut where it is long."""
    label = short_label(summary, policy)
    return f"“{label}”" if MARKS & set(label.rstrip("…")) and not QUOTATION & set(label) else label


def upper(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def level(source: Summary | Findings, policy: str, key: str, world: str = "") -> str:
    """A policy's figure: "32.1% a year"."""
    scale = summary_scale(summary_of(source, world), key)
    return with_unit(quote(source, key, policy, scale=scale, world=world), scale.unit)


def limit(summary: Summary, key: str) -> str:
    """What is required of a measure: "at most 30% a year"."""
    scale = summary_scale(summary, key)
    bound = "at most" if summary.facts.require[key][0] == "<=" else "at least"
    return f"{bound} {with_unit(quote(summary, key, '', 'require', form='short', scale=_short_of(scale)), scale.unit)}"


def _short_of(scale: Scale) -> Scale:
    """The same scale for numbers in a few significant digits."""
    return replace(scale, digits=SHORT.digits)


class _Verdict(NamedTuple):
    """What may be said of a difference against the smallest one that counts: its kind, and the figures that go with it.

    kind : "same"; "missing", without a figure; "open"; "leaning", where the interval leaves zero out but not what is too small
        to count; "bare", a difference without an interval; "decided"
    """

    kind: str
    figures: str = ""


def _verdict(source: Summary | Findings, policy: str, key: str, scale: Scale, world: str) -> _Verdict:
    summary = summary_of(source, world)
    decided = summary.value(policy, key, "decided")
    difference, low, high = (float(summary.value(policy, key, column)) for column in ("diff", "diff_low", "diff_high"))
    if decided == "same":
        return _Verdict("same")
    if not math.isfinite(difference):
        return _Verdict("missing")
    if decided == "open" and math.isfinite(low):
        reached = span(source, policy, key, finer(scale, low, high), world=world)
        return _Verdict("leaning" if low * high > 0 else "open", reached)
    bare = not math.isfinite(low)
    fine = finer(scale, difference)
    said = quote(source, key, policy, "diff", form="signed" if bare else "size", scale=fine, world=world)
    return _Verdict("bare" if bare else "decided", with_unit(said, fine.difference_unit))


def change(source: Summary | Findings, policy: str, key: str, scale: Scale | None = None, *, world: str = "") -> str:
    """What a policy does to a measure, as far as it is decided against the smallest difference that counts.

    "turnover 3.1 points lower", "no material difference in revenue", "revenue open (−0.4 to +1.2 ...)", and where the
    interval leaves zero out but not what is too small to count, "revenue higher by an open amount (+0.4 to +1.2 ...)".
    """
    summary = summary_of(source, world)
    name, way = name_of(summary, key), direction(float(summary.value(policy, key, "diff")))
    kind, figures = _verdict(source, policy, key, scale or summary_scale(summary, key), world)
    match kind:
        case "same":
            return f"no material difference in {name}"
        case "missing":
            return f"{name} without a figure"
        case "open":
            return f"{name} open ({figures})"
        case "leaning":
            return f"{name} {way} by an open amount ({figures})"
        case "bare":
            return f"{name} {figures} with no interval"
    return f"{name} {figures} {way}{_ends(source, policy, key, world)}"


def effect(source: Summary | Findings, policy: str, key: str, *, world: str = "", ends: bool = True) -> str:
    """The same as `change`, as what the policy does: "lowers turnover by 3.1 points", "leaves revenue open (−0.4 to ...)".

    Without `ends` a decided difference goes without its interval, as in what is read aloud.
    """
    summary = summary_of(source, world)
    name, moves = name_of(summary, key), does(summary, policy, key)
    kind, figures = _verdict(source, policy, key, summary_scale(summary, key), world)
    match kind:
        case "same":
            return f"makes no material difference to {name}"
        case "missing":
            return f"has no figure for {name}"
        case "open":
            return f"leaves {name} open ({figures})"
        case "leaning":
            return f"{moves} by an open amount ({figures})"
        case "bare":
            return f"shows {figures} in {name} without an interval"
    return f"{moves} by {figures}{_ends(source, policy, key, world) if ends else ''}"


def _ends(source: Summary | Findings, policy: str, key: str, world: str) -> str:
    """The interval of a difference that is decided only because it leaves zero out: " (+0.1 to +7.8)"; else nothing."""
    summary = summary_of(source, world)
    if summary.facts.material.get(key):
        return ""
    ends = (float(summary.value(policy, key, side)) for side in ("diff_low", "diff_high"))
    scale = replace(finer(summary_scale(summary, key), *ends), difference_unit="")
    return f" ({span(source, policy, key, scale, world=world)})"


def does(summary: Summary, policy: str, key: str) -> str:
    """What a policy does to a measure, without the amount: "raises revenue"; where both lose money, "shrinks the loss in ..."."""
    rises, name = float(summary.value(policy, key, "diff")) > 0, name_of(summary, key)
    if summary.measures[key].is_money and max(float(summary.value(one, key)) for one in (summary.baseline, policy)) < 0.0:
        return f"{'shrinks' if rises else 'deepens'} the loss in {name}"
    return f"{'raises' if rises else 'lowers'} {name}"


def together(effects: Sequence[str]) -> str:
    """Several effects in a row, the verb said once where they share it: "raises contribution by ... and revenue by ..."."""
    verbs = {text.split(" ", 1)[0] for text in effects}
    if len(verbs) > 1:
        return listed(effects, len(effects))
    return listed([effects[0], *(text.split(" ", 1)[1] for text in effects[1:])], len(effects))


def listed(names: Sequence[str], most: int = 3, *, last: str = "and") -> str:
    """Names in a row: "A, B and C"; of many the first, "and others"."""
    shown = [*names[:most], "others"] if len(names) > most else [*names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def direction(difference: float) -> str:
    """The side of zero, in a word."""
    return "higher" if difference > 0 else "lower"


def span(source: Summary | Findings, policy: str, key: str, scale: Scale, place: str = "", *, world: str = "") -> str:
    """The two ends of a difference's interval with its unit: "−0.4 to +1.2 points"; `place` stands first in the address."""
    columns = (f"{place}diff_low", f"{place}diff_high")
    ends = (quote(source, key, policy, column, form="signed", scale=scale, world=world) for column in columns)
    return with_unit(" to ".join(ends), scale.difference_unit)


def focus(summary: Summary) -> str | None:
    """The policy a title speaks of: the leader, or the best of the others when the baseline leads; None without others.

    One that breaks a requirement only when all others do.
    """
    if not summary.others:
        return None
    found = recommend(summary)
    if found.leader is not None and found.leader != summary.baseline:
        return found.leader
    objective = summary.facts.objective
    sign = -1.0 if summary.measures[objective].better == "lower" else 1.0
    allowed = [policy for policy in summary.others if policy not in found.excluded] or summary.others
    means = {policy: sign * float(summary.value(policy, objective)) for policy in allowed}
    return max(means, key=lambda policy: means[policy] if math.isfinite(means[policy]) else -math.inf)


def difference_note(summary: Summary, measure: str, policy: str, place: str, scale: Scale) -> str:
    """What a title says of a difference after the two figures: its interval, or that it is not decided; empty without one.

    `place` is where the difference stands in the address, such as `timeline.last` or `survival.24`.
    """
    low, high = (float(cell(summary, measure, policy, f"{place}.diff_{side}")) for side in ("low", "high"))
    if not math.isfinite(low):
        return ""
    if low <= 0 <= high:
        return " (difference not decided)" if low < high else " (no difference)"
    return f" (difference {span(summary, policy, measure, finer(scale, low, high), f'{place}.')})"


def tradeoff_title(summary: Summary) -> str:
    """What the leading policy does to turnover and revenue."""
    policy = focus(summary)
    baseline = called(summary, summary.baseline)
    if policy is None:
        levels = (f"{key} {level(summary, summary.baseline, key)}" for key in ("turnover", "revenue"))
        return f"{baseline}: {', '.join(levels)}"
    keys = ("turnover", "revenue")
    same = all(summary.value(policy, key, "decided") == "same" for key in keys)
    changes = "no material difference in turnover or revenue" if same else "; ".join(change(summary, policy, key) for key in keys)
    return f"{called(summary, policy)} against {baseline}: {changes}"

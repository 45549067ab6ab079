"""Findings as sentences, made from the numbers and from what may be called decided, and from nothing else.

Every number in them is written by `quotes.quote`, but for what stands in the titles and labels of the user.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.report.lettering import shorten, shorten_apart
from simulation.report.style import summary_scale
from simulation.report.words.addresses import cell, summary_of
from simulation.report.words.quotes import PERCENT, SHORT, TENTHS, count, finer, quote
from simulation.statistics.caveats import FEW_SEEDS
from simulation.statistics.findings import Findings
from simulation.statistics.recommend import recommend

if TYPE_CHECKING:
    from simulation.report.style import Scale
    from simulation.statistics.summary import Summary

LABEL = 36
"""[columns] Of a label in a sentence."""
LARGE_MOVE = 0.25
"""A setting moved by more than this share of what it was is no longer nearly the policy that was asked for."""
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


MANY = ("quits_rate", "dismissals_rate", "regretted_quits_rate", "bookings", "referrals", "proposals", "successes")
"""Measures whose names are plurals."""
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


def change(source: Summary | Findings, policy: str, key: str, scale: Scale | None = None, *, world: str = "") -> str:
    """What a policy does to a measure, as far as it is decided against the smallest difference that counts.

    "turnover 3.1 points lower", "no material difference in revenue", "revenue open (−0.4 to +1.2 ...)", and where the
    interval leaves zero out but not what is too small to count, "revenue higher by an open amount (+0.4 to +1.2 ...)".
    """
    summary = summary_of(source, world)
    name, decided = name_of(summary, key), summary.value(policy, key, "decided")
    difference, low, high = (float(summary.value(policy, key, column)) for column in ("diff", "diff_low", "diff_high"))
    if decided == "same":
        return f"no material difference in {name}"
    if not math.isfinite(difference):
        return f"{name} without a figure"
    scale = scale or summary_scale(summary, key)
    if decided == "open" and math.isfinite(low):
        way = f"{direction(difference)} by an open amount" if low * high > 0 else "open"
        return f"{name} {way} ({span(source, policy, key, finer(scale, low, high), world=world)})"
    scale = finer(scale, difference)
    if not math.isfinite(low):
        said = quote(source, key, policy, "diff", form="signed", scale=scale, world=world)
        return f"{name} {with_unit(said, scale.difference_unit)} with no interval"
    size = quote(source, key, policy, "diff", form="size", scale=scale, world=world)
    return f"{name} {with_unit(size, scale.difference_unit)} {direction(difference)}{_ends(source, policy, key, world)}"


def effect(source: Summary | Findings, policy: str, key: str, *, world: str = "", ends: bool = True) -> str:
    """The same as `change`, as what the policy does: "lowers turnover by 3.1 points", "leaves revenue open (−0.4 to ...)".

    Without `ends` a decided difference goes without its interval, as in what is read aloud.
    """
    summary = summary_of(source, world)
    name, decided = name_of(summary, key), summary.value(policy, key, "decided")
    difference, low, high = (float(summary.value(policy, key, column)) for column in ("diff", "diff_low", "diff_high"))
    if decided == "same":
        return f"makes no material difference to {name}"
    if not math.isfinite(difference):
        return f"has no figure for {name}"
    scale = summary_scale(summary, key)
    if decided == "open" and math.isfinite(low):
        reached = span(source, policy, key, finer(scale, low, high), world=world)
        moves = f"{does(summary, policy, key)} by an open amount"
        return f"{moves} ({reached})" if low * high > 0 else f"leaves {name} open ({reached})"
    scale = finer(scale, difference)
    if not math.isfinite(low):
        said = quote(source, key, policy, "diff", form="signed", scale=scale, world=world)
        return f"shows {with_unit(said, scale.difference_unit)} in {name} without an interval"
    size = quote(source, key, policy, "diff", form="size", scale=scale, world=world)
    note = _ends(source, policy, key, world) if ends else ""
    return f"{does(summary, policy, key)} by {with_unit(size, scale.difference_unit)}{note}"


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


def moved_sentences(summary: Summary) -> list[str]:
    """What was moved so that policies cost the same, and whether that was much."""
    return [moved_sentence(summary, policy) for policy in summary.moved]


def moved_sentence(summary: Summary, policy: str) -> str:
    """The same of one policy."""
    label, moved = summary.labels[policy], summary.moved[policy]
    before, after = (quote(summary, "", policy, f"moved.{when}", form="short", scale=SHORT) for when in ("before", "after"))
    if before == after:
        within = quote(summary, "", "", "limit.equal_cost", scale=TENTHS)
        return f"{label}: no move needed for equal cost; total cost is within {within}% of what it must equal."
    text = f"{label}: {moved.setting} moved from {before} to {after} for equal cost"
    if not is_large_move(summary, policy):
        return f"{text}."
    if moved.setting != "commission.pay_level" or not moved.before:
        return f"{text}; a large move."
    share = quote(summary, "", policy, "moved.share", form="size", scale=PERCENT)
    return f"{text}; target pay is {share}% {direction(moved.after - moved.before)} than the scenario file has it."


def is_large_move(summary: Summary, policy: str) -> bool:
    """Whether equal cost moved a policy's setting so far that it is hardly the policy that was asked for."""
    moved = summary.moved[policy]
    return abs(moved.after - moved.before) > LARGE_MOVE * abs(moved.before)


def stress_sentence(summary: Summary, stress: Mapping[str, Summary]) -> str:
    """In how many of the other worlds the best policy stays best by the objective, which is best elsewhere, and how sure that is.

    A policy that is not shown to be better to begin with cannot stay best: of it the best mean is counted.
    """
    findings = Findings(summary, stress)
    found = recommend(summary)
    best, shown = found.leader, found.policy or summary.baseline
    places: dict[str | None, list[str]] = {}
    for world, result in stress.items():
        places.setdefault(recommend(result).leader, []).append(world_name(world))
    said = []
    if best is not None:
        stays = places.pop(best, [])
        where = f" ({', '.join(stays)})" if stays else ""
        does = "stays best" if best == shown else "has the best mean"
        of = f"{quote(findings, '', best, 'worlds.best')} of {count(findings, 'worlds.all', 'world')}"
        said.append(f"{summary.labels[best]} {does} in {of}{where}")
    for policy, worlds in places.items():
        where = " and ".join(f"in {world}" for world in worlds)
        said.append(f"best is {summary.labels[policy]} {where}" if policy else f"no policy meets every requirement {where}")
    return f"Stress ({_stress_size(findings)}): {'; '.join(said)}."


def best_in(findings: Findings, policy: str, who: str) -> str:
    """In how many stress worlds a policy has the best mean: "Growth mix has the best mean in 2 of 3 stress worlds"."""
    if len(findings.stress) == 1:
        (result,) = findings.stress.values()
        best = recommend(result).leader == policy
        return f"{who} {'has' if best else 'does not have'} the best mean in the one stress world"
    of = f"{quote(findings, '', policy, 'worlds.best')} of {count(findings, 'worlds.all', 'stress world')}"
    return f"{who} has the best mean in {of}"


def world_name(world: str) -> str:
    """What a stress world is called: its file without folder and ending."""
    return Path(world).stem


def _stress_size(findings: Findings) -> str:
    fewest = min(result.facts.seeds for result in findings.stress.values())
    notes = [f"{count(findings, 'worlds.seeds', 'seed')} a world{', rough' if fewest < FEW_SEEDS else ''}"]
    if findings.summary.moved:
        notes.append("costs not made equal again")
    return ", ".join(notes)


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

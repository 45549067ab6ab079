"""Messages of a sweep's charts, made from the numbers they show."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.lettering import shorten
from simulation.report.style import MISSING, Scale, scale_of
from simulation.report.words.phrases import with_unit
from simulation.report.words.sweep import requirement_text, rows_text, settings_text, short_names, value_text
from simulation.statistics.intervals import material_amount

if TYPE_CHECKING:
    from simulation.statistics.swept import Swept
    from simulation.statistics.swept_views import Heat, Response, Steps
    from simulation.vocabulary import Array

MORE_DIGITS = 2
"""Digits that differences may have more than the figures themselves."""
LONGEST = 70
"""Characters of a point's settings in a title."""


def baseline_label(swept: Swept) -> str:
    """The baseline's label, short enough for a sentence."""
    return shorten(swept.scenario.policy(swept.scenario.baseline).label)


def baseline_name(swept: Swept) -> str:
    """What the baseline is called beside points, some of which may be of the same policy."""
    compared = set(swept.run["policy"][swept.different])
    return f"{baseline_label(swept)}{', as it is' if swept.scenario.baseline in compared else ''}"


def measure_scale(swept: Swept, measure: str) -> Scale:
    """The scale of a measure, the same in all charts of a sweep."""
    return scale_of(swept.measures[measure], [*swept.run[f"{measure}_mean"], swept.baseline[measure]["mean"]])


def difference_scale(swept: Swept, measure: str) -> Scale:
    """The same scale with the digits that differences need: two of the largest, so that titles and cells say the same."""
    scale = measure_scale(swept, measure)
    largest = float(np.nanmax(np.abs(swept.run[f"{measure}_diff"].to_numpy(dtype=float)), initial=0.0)) * scale.factor
    if not largest > 0.0:
        return scale
    return replace(scale, digits=int(np.clip(1 - math.floor(math.log10(largest)), scale.digits, scale.digits + MORE_DIGITS)))


def change_text(swept: Swept, measure: str, difference: float) -> str:
    """A difference with its sign and unit."""
    scale = difference_scale(swept, measure)
    return with_unit(scale.show(difference, sign=True), scale.difference_unit)


def span_text(swept: Swept, measure: str, low: float, high: float, word: str = "to") -> str:
    """Two differences with one unit: "+0.33 to +0.40 million usd a year"."""
    return f"{difference_scale(swept, measure).show(low, sign=True)} {word} {change_text(swept, measure, high)}"


def amount_text(swept: Swept, measure: str, amount: float) -> str:
    """An amount with its unit."""
    return change_text(swept, measure, abs(amount)).lstrip("+")


def best_sentence(swept: Swept, policy: str) -> str:
    """Which point of a policy is best, and whether it is shown to beat the baseline."""
    ranked, key = swept.ranked(policy=policy), swept.facts.objective
    if ranked.empty:
        return f"No point meets what is required: {requirement_text(swept)}"
    best = ranked.iloc[0]
    where, measure = shorten(settings_text(swept, best), LONGEST), swept.measures[key].label
    change = change_text(swept, key, float(best[f"{key}_diff"]))
    decided = best[f"{key}_decided"]
    if decided in ("better", "higher"):
        return f"{measure} is best at {where}: {change} against {baseline_label(swept)}"
    largest = f"; the best, {where}: {change}" if change[0] in "+\N{MINUS SIGN}" else ""  # a best of 0.0 is none
    if decided == "same":
        return f"No point brings a material gain in {measure.lower()} over {baseline_label(swept)}{largest}"
    return f"No point is shown to beat {baseline_label(swept)} in {measure.lower()}{largest}"


def heat_title(swept: Swept, heat: Heat, measure: str) -> str:
    """The best combination; what it hangs on where a parameter is on an axis; else between what the differences lie."""
    given = [steps.factor.slot.parameter is not None for steps in (heat.across, heat.up)]
    if measure == swept.facts.objective and not swept.worlds:
        return best_sentence(swept, heat.policy)
    if sum(given) == 1:
        mean = heat.mean if given[0] else heat.mean.T
        return _best_by_world(swept, measure, (heat.up, heat.across) if given[0] else (heat.across, heat.up), mean)
    names = short_names([heat.across.factor.path, heat.up.factor.path])
    span = span_text(swept, measure, float(np.nanmin(heat.mean)), float(np.nanmax(heat.mean)))
    return f"{swept.measures[measure].label} by {' and '.join(names.values())}: {span} against {baseline_label(swept)}"


def _best_by_world(swept: Swept, measure: str, steps: tuple[Steps, Steps], mean: Array) -> str:
    """Which level of a setting is best under each value of a parameter; steps and mean are (setting, parameter)."""
    setting, world = (short_names([one.factor.path])[one.factor.path] for one in steps)
    sign = -1.0 if swept.measures[measure].better == "lower" else 1.0
    best = np.argmax(np.where(np.isfinite(mean), sign * mean, -np.inf), axis=0)
    levels = [_level_text(steps[0].levels[k]) for k in best]
    ends = [_level_text(steps[1].levels[k]) for k in (0, -1)]
    label = swept.measures[measure].label.lower()
    if len(set(levels)) == 1:
        reached = mean[best, np.arange(len(best))]
        span = _runs(swept, measure, reached, f"{world} goes from {ends[0]} to {ends[1]}")
        gain = f"its difference from {baseline_label(swept)} runs {span}"
        return f"In {label}, {setting} {levels[0]} is best at every {world}; {gain}"
    told = f"{levels[0]} at {ends[0]}, {levels[-1]} at {ends[1]}"
    return f"Which {setting} is best in {label} hangs on {world}: {told}"


def _runs(swept: Swept, measure: str, differences: Array, along: str) -> str:
    """From where to where differences run along something; between their ends where they turn on the way."""
    steps = np.diff(differences)
    turns = bool((steps > 0).any() and (steps < 0).any())
    if turns:
        low, high = float(np.nanmin(differences)), float(np.nanmax(differences))
        return f"between {span_text(swept, measure, low, high, 'and')} as {along}"
    return f"from {span_text(swept, measure, float(differences[0]), float(differences[-1]))} as {along}"


def _level_text(level: Any) -> str:
    return value_text(level) if value_text(level) != MISSING else "off"


def response_title(swept: Swept, found: Response, measure: str) -> str:
    """Where the measure is best along the factor and whether that is shown, or that the factor hardly moves it."""
    about, name = swept.measures[measure], short_names([found.along.factor.path])[found.along.factor.path]
    if not found.joined:
        differences = found.lines["mean"] - found.lines["baseline"]
        span = span_text(swept, measure, float(differences.min()), float(differences.max()))
        return f"{about.label} at {len(found.lines):,} sampled points: {span} against {baseline_label(swept)}"
    if found.along.factor.slot.parameter:
        return _hangs_on(swept, found, measure, name)
    if found.by and found.by.factor.slot.parameter:
        apart = found.lines.assign(difference=found.lines["mean"] - found.lines["baseline"])
        table = apart.pivot(index="place", columns="line", values="difference")
        return _best_by_world(swept, measure, (found.along, found.by), table.to_numpy(dtype=float))
    lines = found.lines
    least = float(material_amount(swept.facts.material.get(measure), swept.baseline[measure]["mean"]))
    spans = lines.groupby("line")["mean"].agg(lambda means: means.max() - means.min())
    whole = bool((lines.groupby("line")["place"].nunique() == len(found.along.levels)).all())
    if whole and len(found.along.levels) > 1 and float(spans.max()) <= least:
        moved, counts = (amount_text(swept, measure, size) for size in (float(spans.max()), least))
        return f"{about.label} moves with {name} by {moved} at most{f'; less than {counts} is not material' if least else ''}"
    return _best_on_lines(swept, found, measure, name, least)


def _best_on_lines(swept: Swept, found: Response, measure: str, name: str, least: float) -> str:
    """The best place of all lines, and whether its interval leaves out no difference."""
    about, lines = swept.measures[measure], found.lines
    lower = about.better == "lower"
    sign = -1.0 if lower else 1.0
    best = lines.iloc[int(np.argmax(sign * lines["mean"].to_numpy(dtype=float)))]
    others = line_name(swept, found, int(best["line"]))
    where = f"{name} {_level_text(found.along.levels[int(best['place'])])}{f', {others}' if others else ''}"
    near = "near" if found.along.edges is not None else "at"
    difference, *ends = (float(best[side] - best["baseline"]) for side in ("mean", "low", "high"))
    change, word = change_text(swept, measure, difference), "lowest" if lower else "highest"
    against = baseline_label(swept)
    if min(sign * end for end in ends) > 0.0:
        small = ", which is not material" if max(map(abs, ends)) <= least else ""
        return f"{about.label} is {word} {near} {where}: {change} against {against}{small}"
    shown = f": {change}" if change[0] in "+\N{MINUS SIGN}" else ""
    way = "lower" if lower else "higher"
    return f"{about.label} is not shown to be {way} than {against}'s at any {name}; {word} {near} {where}{shown}"


def _hangs_on(swept: Swept, found: Response, measure: str, name: str) -> str:
    """How a difference from the baseline hangs on a parameter, which nobody chooses: that of the best line."""
    lines = found.lines.assign(difference=found.lines["mean"] - found.lines["baseline"])
    sign = -1.0 if swept.measures[measure].better == "lower" else 1.0
    means = sign * lines.groupby("line")["difference"].mean()
    best = int(means.index[int(np.argmax(means.to_numpy()))])
    own = lines[lines["line"] == best]
    owner = shorten(swept.scenario.policy(found.policies[best if found.by is None else 0]).label)
    at = f" at {line_name(swept, found, best)}" if found.by else ""
    ends = [_level_text(found.along.levels[int(own["place"].iloc[k])]) for k in (0, -1)]
    span = _runs(swept, measure, own["difference"].to_numpy(dtype=float), f"{name} goes from {ends[0]} to {ends[1]}")
    return f"{swept.measures[measure].label} of {owner}{at} less {baseline_label(swept)}'s runs {span}"


def line_name(swept: Swept, found: Response, line: int) -> str:
    """What a line of a response chart is called: the second factor and its level, or the policy; nothing where it is alone."""
    if found.by is None:
        return swept.scenario.policy(found.policies[line]).label if len(found.policies) > 1 else ""
    path, level = found.by.factor.path, found.by.levels[line]
    return f"{short_names([path])[path]} {_level_text(level)}"


def front_title(swept: Swept, front: Any, money: str, *, baseline: bool) -> str:
    """How many points no other, nor the baseline, beats on both axes, and how many of those beat the baseline on both."""
    label, name = swept.measures[money].label.lower(), baseline_label(swept)
    allowed = swept.different & swept.allowed()
    every = rows_text(swept, int(allowed.sum()))
    verb = "meets" if allowed.sum() == 1 else "meet"
    meeting = "" if allowed.sum() == swept.different.sum() else f" that {verb} what is required"
    if not allowed.any():
        return f"No point meets what is required: {requirement_text(swept)}"
    if front.empty:
        return f"None of {every}{meeting} has less turnover or more {label} than {name}"
    both = front[(front["turnover_diff_high"] < 0) & (front[f"{money}_diff_low"] > 0)]
    points = f"{len(front):,} of {every}{meeting} {'gives' if len(front) == 1 else 'give'}"
    beat = "none is" if both.empty else f"{len(both)} {'is' if len(both) == 1 else 'are'}"
    owner, too = "its" if len(front) == 1 else "their", f", as does {name}" if baseline else ""
    return f"{points} the most {label} for {owner} turnover{too}; {beat} shown to be better than {name} on both"


def ranked_title(swept: Swept, rows: Any, measure: str) -> str:
    """How many points are decided either way."""
    counts = rows[f"{measure}_decided"].value_counts()
    better, worse = (int(sum(counts.get(word, 0) for word in words)) for words in (("better", "higher"), ("worse", "lower")))
    about = swept.measures[measure]
    words = ("higher", "lower") if about.better == "none" else ("better", "worse")
    rest, count = len(rows) - better - worse, len(rows)
    places = {"better": better, "worse": worse, "rest": rest}
    whole = next((kind for kind, number in places.items() if number == count), None)
    name = baseline_label(swept)
    noun = rows_text(swept, 2).removeprefix("2 ")
    points = f"the one {noun[:-1]}" if count == 1 else f"both {noun}" if count == 2 else f"all {count:,} {noun}"
    broken = int((swept.different & ~swept.allowed()).sum())
    also = f"; {broken:,} {'breaks' if broken == 1 else 'break'} what is required" if broken else ""
    if whole == "rest":
        return f"{about.label} is the same as {name}'s, or open, at {points}{also}"
    if whole:
        return f"{about.label} is {words[whole == 'worse']} than {name}'s at {points}{also}"
    told = [f"{about.label} is {words[0]} than {name}'s at {better:,} of {count:,} {noun}, {words[1]} at {worse:,}"]
    told += [f"{rest:,} {'is' if rest == 1 else 'are'} the same or open"] if rest else []
    return f"{'; '.join(told)}{also}"

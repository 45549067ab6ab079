"""Messages of a sweep's charts, made from the numbers they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.style import MISSING, Scale, scale_of, shorten
from simulation.report.sweep_words import requirement_text, settings_text, short_names, value_text
from simulation.report.words import with_unit
from simulation.statistics.intervals import material_amount

if TYPE_CHECKING:
    from simulation.statistics.swept import Swept
    from simulation.statistics.swept_views import Heat, Response

LONGEST = 70
"""Characters of a point's settings in a title."""


def baseline_label(swept: Swept) -> str:
    """The baseline's label, short enough for a sentence."""
    return shorten(swept.scenario.policy(swept.scenario.baseline).label)


def baseline_name(swept: Swept) -> str:
    """What the baseline is called beside points, some of which may be of the same policy."""
    return f"{baseline_label(swept)}{', as it is' if swept.scenario.baseline in swept.policies else ''}"


def measure_scale(swept: Swept, measure: str) -> Scale:
    """The scale of a measure, the same in all charts of a sweep."""
    return scale_of(swept.measures[measure], [*swept.run[f"{measure}_mean"], swept.baseline[measure]["mean"]])


def change_text(swept: Swept, measure: str, difference: float) -> str:
    """A difference with its sign and unit."""
    scale = measure_scale(swept, measure)
    return with_unit(scale.show(difference, sign=True), scale.difference_unit)


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
    if decided == "same":
        return f"No point brings a material gain in {measure.lower()} over {baseline_label(swept)}; the best, {where}: {change}"
    return f"No point is shown to beat {baseline_label(swept)} in {measure.lower()}; the best, {where}: {change}"


def heat_title(swept: Swept, heat: Heat, measure: str) -> str:
    """The best combination of the objective; of another measure, between what its differences lie."""
    if measure == swept.facts.objective:
        return best_sentence(swept, heat.policy)
    names = short_names([heat.across.factor.path, heat.up.factor.path])
    low, high = (change_text(swept, measure, float(end)) for end in (np.nanmin(heat.mean), np.nanmax(heat.mean)))
    return f"{swept.measures[measure].label} by {' and '.join(names.values())}: {low} to {high} against {baseline_label(swept)}"


def response_title(swept: Swept, found: Response, measure: str) -> str:
    """Where the measure is best along the factor, or that the factor hardly moves it."""
    about, name = swept.measures[measure], short_names([found.along.factor.path])[found.along.factor.path]
    lines = found.lines
    least = material_amount(swept.facts.material.get(measure), swept.baseline[measure]["mean"])
    spans = lines.groupby("line")["mean"].agg(lambda means: means.max() - means.min())
    whole = bool((lines.groupby("line")["place"].nunique() == len(found.along.levels)).all())
    if whole and len(found.along.levels) > 1 and float(spans.max()) <= least:
        return f"{about.label} hardly moves with {name}: by less than {change_text(swept, measure, least).lstrip('+')}"
    sign = -1.0 if about.better == "lower" else 1.0
    best = lines.iloc[int(np.argmax(sign * lines["mean"].to_numpy(dtype=float)))]
    level = found.along.levels[int(best["place"])]
    name_of_line = line_name(swept, found, int(best["line"]))
    others = f", {name_of_line}" if name_of_line else ""
    change = change_text(swept, measure, float(best["mean"] - best["baseline"]))
    word = "lowest" if about.better == "lower" else "highest"
    nearby = "near" if found.along.edges is not None else "at"
    shown = value_text(level) if value_text(level) != MISSING else "off"
    return f"{about.label} is {word} {nearby} {name} {shown}{others}: {change} against {baseline_label(swept)}"


def line_name(swept: Swept, found: Response, line: int) -> str:
    """What a line of a response chart is called: the second factor and its level, or the policy; nothing where it is alone."""
    if found.by is None:
        return swept.scenario.policy(found.policies[line]).label if len(found.policies) > 1 else ""
    path, level = found.by.factor.path, found.by.levels[line]
    return f"{short_names([path])[path]} {'off' if level is None else value_text(level)}"


def front_title(swept: Swept, front: Any, money: str) -> str:
    """How many points no other beats on both axes, and how many of those beat the baseline on both."""
    both = front[(front["turnover_diff_high"] < 0) & (front[f"{money}_diff_low"] > 0)]
    label = swept.measures[money].label.lower()
    points = f"{len(front):,} of {len(swept.run):,} points {'gives' if len(front) == 1 else 'give'}"
    beat = "none of them is" if both.empty else f"{len(both)} of them {'is' if len(both) == 1 else 'are'}"
    owner = "its" if len(front) == 1 else "their"
    return f"{points} the most {label} for {owner} turnover; {beat} shown to be better than {baseline_label(swept)} on both"


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
    points = "the one point" if count == 1 else "both points" if count == 2 else f"all {count:,} points"
    if whole == "rest":
        return f"{about.label} is the same as {name}'s, or open, at {points}"
    if whole:
        return f"{about.label} is {words[whole == 'worse']} than {name}'s at {points}"
    told = [f"{about.label} is {words[0]} than {name}'s at {better:,} of {count:,} points, {words[1]} at {worse:,}"]
    told += [f"{rest:,} {'is' if rest == 1 else 'are'} the same or open"] if rest else []
    return "; ".join(told)

"""How what was varied is named and written: short names that tell paths apart, and values as a file has them."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.lettering import shorten
from simulation.report.stopping import worth_text
from simulation.report.style import MISSING
from simulation.report.units import plain
from simulation.scenario.settings import as_plain
from simulation.statistics.summary import counted
from simulation.statistics.swept import MOVED, MOVED_TO
from simulation.statistics.swept_views import is_number

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.experiment.design.factors import Factor
    from simulation.statistics.swept import Swept

LONGEST_VALUE = 24
LONGEST_LABEL = 28
LONGEST_PAIR = 36
"""Characters of a name and its value that stay on one line."""
MOST_NAMED = 5
"""Rows that break what is required and are named."""
NO_BREAK = "\N{NO-BREAK SPACE}"
NO_UNIT = ("", "word", "yes/no", "0-1", "ratio")


def short_names(paths: Sequence[str]) -> Mapping[str, str]:
    """The shortest ends of dotted paths that tell them apart, as words: "rate", or "commission rate" beside "equity rate"."""
    parts = {path: path.split(".")[1:] for path in paths}
    taken = dict.fromkeys(paths, 1)
    while True:
        names = {path: _words(parts[path][-taken[path] :]) for path in paths}
        times = Counter(names.values())
        alike = [path for path in paths if times[names[path]] > 1 and taken[path] < len(parts[path])]
        if not alike:
            return names
        for path in alike:
            taken[path] += 1


def _words(parts: Sequence[str]) -> str:
    return " ".join(parts).replace("_", " ")


def value_text(value: Any) -> str:
    """A value as a file has it, numbers in four digits; a dash where the setting does not apply."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(float(value))
    if isinstance(value, tuple | list):
        return shorten(_table(value), LONGEST_VALUE)
    return str(value)


def number_text(value: float) -> str:
    """A number in four significant digits, never as a power of ten unless it is tiny or huge."""
    return f"{value:,.0f}".replace("-", "−") if 1e4 <= abs(value) < 1e12 else plain(value)


def _table(value: Any) -> str:
    return f"[{', '.join(map(_table, value))}]" if isinstance(value, tuple | list) else f"{value:g}"


def axis_label(swept: Swept, factor: Factor) -> str:
    """What an axis says of a factor: lever or group, setting, unit."""
    unit = factor.slot.unit
    words = _words(factor.path.split(".")[2:] if factor.slot.policy else factor.path.split(".")[1:])
    several = len({one.slot.policy for one in swept.factors} - {None}) > 1
    owner = f" of {policy_label(swept, factor.slot.policy)}" if factor.slot.policy and several else ""
    return f"{words.capitalize()}{owner}{f' ({unit})' if unit not in (*NO_UNIT, *words.split()) else ''}"


def policy_label(swept: Swept, policy: str) -> str:
    """A policy's label, short enough for a name in front of settings."""
    return shorten(swept.scenario.policy(policy).label, LONGEST_LABEL)


def unbroken(text: str) -> str:
    """A name and its value with spaces that no line ends at, where they are short enough for a line."""
    return text.replace(" ", NO_BREAK) if len(text) <= LONGEST_PAIR else text


def settings_text(swept: Swept, row: Any, *, whole: bool = False) -> str:
    """The settings of a row that apply to its policy, by their short names; the policy in front where several were run.

    `whole` keeps a name and its value on one line.
    """
    policy = str(row["policy"])
    own = [factor.path for factor in swept.factors if factor.slot.policy in (None, policy)]
    names = short_names(own)
    pairs = [f"{names[path]} {value_text(row[path])}" for path in own if value_text(row[path]) != MISSING]
    told = ", ".join(map(unbroken, pairs) if whole else pairs)
    if len(swept.policies) > 1:
        label = policy_label(swept, policy)
        return f"{label}: {told}" if told else label
    return told


def rows_text(swept: Swept, count: int) -> str:
    """So many rows of the table: points, or where several policies were run, rows of a policy at a point."""
    return counted(count, "point" if len(swept.policies) == 1 else "row")


def broken_sentence(swept: Swept) -> str:
    """Which rows break what is required while others meet it, the furthest off first; empty where none or all do."""
    rows, breaks = swept.run, swept.different & ~swept.allowed()
    if not breaks.any() or not (swept.different & swept.allowed()).any():
        return ""
    off = np.zeros(len(rows))
    for key, (sign, limit) in swept.facts.require.items():
        beyond = (rows[f"{key}_mean"].to_numpy(dtype=float) - limit) * (1.0 if sign == "<=" else -1.0)
        off = np.fmax(off, beyond / max(abs(limit), 1e-12))
    order = np.argsort(-np.where(breaks, off, -np.inf), kind="stable")[: min(int(breaks.sum()), MOST_NAMED)]
    told = "; ".join(f"point {rows.iloc[k]['point']} ({settings_text(swept, rows.iloc[k])})" for k in order)
    more = int(breaks.sum()) - len(order)
    rest = f"; and {more:,} more in points.csv" if more else ""
    verb = "breaks" if breaks.sum() == 1 else "break"
    return f"{rows_text(swept, int(breaks.sum()))} {verb} it, the furthest off first: {told}{rest}."


def requirement_text(swept: Swept) -> str:
    """What a point must meet: "turnover ≤ 0.30"; empty where nothing is required."""
    signs = {"<=": "≤", ">=": "≥"}
    shown = []
    for key, (sign, limit) in swept.facts.require.items():
        measure = swept.measures[key]
        figure = f"{100 * limit:.4g}%" if measure.unit in ("1/year", "1") else f"{limit:,.4g}"
        shown.append(f"{measure.label.lower()} {signs[sign]} {figure}")
    return " and ".join(shown)


def size_text(swept: Swept) -> str:
    """How much was simulated."""
    facts = swept.facts
    return f"{counted(facts.seats, 'seat')}, {counted(facts.months, 'month')}, {counted(facts.seeds, 'seed')}"


def worth_sentence(swept: Swept) -> str:
    """What common luck saved: the independent seeds that the paired ones are worth, in the middle of the points."""
    key = swept.facts.objective
    worth = swept.run[f"{key}_effective_seeds"].dropna().median()
    if not math.isfinite(worth):
        return ""
    label, seeds = swept.measures[key].label.lower(), counted(swept.facts.seeds, "paired seed")
    return f"Common luck: for differences in {label} {seeds} are worth about {worth_text(worth)} of their own (median)."


def moved_sentence(swept: Swept) -> str:
    """What was moved for equal cost, and between which values; nothing where no policy promises it."""
    if MOVED not in swept.run:
        return ""
    kept = swept.run[swept.run[MOVED] != ""]
    said = [f"{setting} {_between(own[MOVED_TO])}" for setting, own in kept.groupby(MOVED, sort=True)]
    return f"Moved for equal cost, point by point: {'; '.join(said)}; points.csv has each." if said else ""


def _between(values: Any) -> str:
    low, high = (number_text(float(value)) for value in (values.min(), values.max()))
    return f"to {low}" if low == high else f"between {low} and {high}"


def edge_sentences(swept: Swept) -> list[str]:
    """Where the best point lies at an end of what a firm can set: a wider range may hold a better point."""
    ranked = swept.ranked()
    if ranked.empty:
        return []
    best, names, told = ranked.iloc[0], short_names(swept.paths), []
    for factor in swept.factors:
        numbers = [value for value in swept.table[factor.path] if is_number(value) and math.isfinite(value)]
        value = best[factor.path]
        elsewhere = factor.slot.policy != best["policy"]  # parameters are no choice, and others' settings not this point's
        if not factor.slot.numeric or elsewhere or len(set(numbers)) < 3 or value not in (min(numbers), max(numbers)):
            continue
        end, bound = ("highest", factor.slot.high) if value == max(numbers) else ("lowest", factor.slot.low)
        if value != bound:
            told.append(f"The best point has the {end} {names[factor.path]}, {value_text(value)}: a better one may lie beyond.")
    return told


def plain_frame(frame: DataFrame) -> DataFrame:
    """A frame whose settings that are tables are JSON text, as files hold them."""
    told: dict[str, Any] = {}
    for name in frame.columns:
        if frame[name].dtype.kind == "O" and any(isinstance(value, tuple) for value in frame[name]):
            told[name] = [json.dumps(as_plain(value)) if isinstance(value, tuple) else value for value in frame[name]]
    return frame.assign(**told)

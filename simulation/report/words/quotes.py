"""Every number that a report writes in words: made in one place, and traceable to the cell that it came from.

    quote(summary, "turnover", "growth_mix", "diff", form="size")     ->  "3.1"

A number is addressed by measure, policy and statistic, and by the stress world where it is one of its; `addresses.py` lists them.
Within `noting()` every number that is written is also noted, so that whoever shows a text can say which cells it was made from:
`told` gives both together, `as_line` writes a note for a machine, `parse_line` reads it, and `requoted` writes the number anew.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast, get_args
from urllib.parse import quote as escaped
from urllib.parse import unquote

from simulation.report.style import MISSING, Scale, summary_scale
from simulation.report.words.addresses import cell, summary_of

if TYPE_CHECKING:
    from simulation.statistics.findings import Findings
    from simulation.statistics.summary import Summary

Form = Literal["plain", "signed", "size", "short", "part", "chance"]
"""As it is; with its sign; without it; in so many significant digits at most; a share, few of which are "< 1"; a probability,
which is "over 99" or "under 1" where it is nearly sure."""

SURE = 0.995
"""From this probability on something is said to hold nearly always."""
COUNT = Scale(1.0, 0, "", "")
SHORT = Scale(1.0, 4, "", "")
PERCENT = Scale(100.0, 0, "%", "%")
TENTHS = Scale(100.0, 1, "%", "points")
MOST_FINE = 6
"""Digits that may be added so that a small number is not written as zero; what is smaller still is one."""
HEAD = ("measure", "policy", "statistic", "form", "scale")
LINE = re.compile(r"\[([^\]]*)\] (.*)", re.DOTALL)


@dataclass(frozen=True)
class Quote:
    """A number as it is written, and where it came from.

    `factor` and `digits` are those of the scale it was written on; `world` is the stress world it is of, empty without one.
    """

    text: str
    measure: str
    policy: str
    statistic: str
    form: Form
    factor: float
    digits: int
    world: str = ""


@dataclass(frozen=True)
class Sentence:
    """A text and the numbers that stand in it."""

    text: str
    quotes: tuple[Quote, ...] = ()


_noted: ContextVar[list[Quote] | None] = ContextVar("noted", default=None)


def quote(
    source: Summary | Findings, measure: str, policy: str, statistic: str = "mean", *,
    form: Form = "plain", scale: Scale | None = None, world: str = "",
) -> str:  # fmt: skip
    """A number of a summary as it stands in a text, without its unit.

    Parameters
    ----------
    source : Summary or Findings
        What the address is looked up in.
    measure, policy, statistic : str
        The address, see `addresses.py`; measure or policy are empty where the statistic needs none.
    form : how it is written
    scale : Scale, optional
        The measure's own (`style.summary_scale`) without it, and that of counts without a measure.
    world : str
        A stress world of the findings.

    Raises
    ------
    KeyError
        When there is no such number.
    """
    if scale is None:
        scale = summary_scale(summary_of(source, world), measure) if measure else COUNT
    text = written(cell(source, measure, policy, statistic, world), form, scale)
    noted = _noted.get()
    if noted is not None:
        noted.append(Quote(text, measure, policy, statistic, form, scale.factor, scale.digits, world))
    return text


def count(source: Summary | Findings, statistic: str, noun: str, policy: str = "") -> str:
    """A count and its noun: "1 seed", "64 seeds"."""
    number = quote(source, "", policy, statistic)
    return f"{number} {noun}{'' if number == '1' else 's'}"


def requoted(findings: Summary | Findings, noted: Quote) -> str:
    """The number that a note names, written anew: the same text as long as it is of these findings."""
    scale = Scale(noted.factor, noted.digits, "", "")
    return written(cell(findings, noted.measure, noted.policy, noted.statistic, noted.world), noted.form, scale)


def written(value: float | str, form: Form, scale: Scale) -> str:
    """A number in one of the forms; what is a text stays as it is."""
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return MISSING
    if form == "short":
        return _short(value * scale.factor, scale.digits)
    if form == "part" and 0.0 < value < 0.5 / scale.factor:
        return "< 1"
    if form == "chance" and (value >= SURE or value < 1.0 - SURE):
        return f"{'over' if value >= SURE else 'under'} {99 if value >= SURE else 1}"
    return scale.show(abs(value) if form == "size" else value, sign=form == "signed")


def _short(value: float, digits: int) -> str:
    """A number in so many significant digits at most, without zeros behind them and never as a power of ten."""
    rounded = float(f"{value:.{digits}g}")
    places = max(digits - 1 - math.floor(math.log10(abs(rounded))), 0) if rounded else 0
    text = f"{rounded:,.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def finer(scale: Scale, *values: float) -> Scale:
    """The same scale with a few more digits where a number that is not zero would else be written as if it were."""
    for more in range(MOST_FINE + 1):
        fine = replace(scale, digits=scale.digits + more)
        if not any(value and not fine.show(value).strip("−0.,") for value in values if math.isfinite(value)):
            return fine
    return scale


@contextmanager
def noting() -> Iterator[list[Quote]]:
    """Collects the numbers that are written within it, in their order."""
    noted: list[Quote] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def told(say: Callable[[], str]) -> Sentence:
    """What `say` says, with the numbers that it wrote; those that it left out again are dropped."""
    with noting() as noted:
        text = say()
    return Sentence(text, tuple(dict.fromkeys(number for number in noted if _stands_in(number.text, text))))


def _stands_in(number: str, text: str) -> bool:
    """Whether a number stands in a text by itself, and not as a part of another."""
    return re.search(rf"(?<![\d.,]){re.escape(number)}(?!\d|[.,]\d)", text) is not None


def as_line(noted: Quote) -> str:
    """A note as one line for a machine: "[turnover | growth_mix | diff_low | signed | 100 1] −4.0", a stress world last."""
    fields = [noted.measure, noted.policy, noted.statistic, noted.form, f"{_factor(noted.factor)} {noted.digits}"]
    if noted.world:
        fields.append(escaped(noted.world, safe="/"))
    return f"[{' | '.join(fields)}] {noted.text}"


def parse_line(line: str) -> Quote:
    """The note that `as_line` wrote.

    Raises
    ------
    ValueError
        When the line is none.
    """
    found = LINE.fullmatch(line)
    fields = found[1].split(" | ") if found else []
    if found is None or len(fields) - len(HEAD) not in (0, 1) or fields[3] not in get_args(Form):
        message = f"{line!r} is no note of a number; `as_line` writes them"
        raise ValueError(message)
    measure, policy, statistic, form, scale = fields[: len(HEAD)]
    factor, digits = scale.split(" ")
    world = unquote(fields[-1]) if len(fields) > len(HEAD) else ""
    return Quote(found[2], measure, policy, statistic, cast("Form", form), float(factor), int(digits), world)


def _factor(factor: float) -> str:
    """The shortest text that is read as the same number."""
    return f"{factor:g}" if float(f"{factor:g}") == factor else repr(factor)

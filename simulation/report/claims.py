"""Claims and statements as judged: two tables for a screen of 100 columns, and one JSON document.

One block an expectation: what is claimed in words, a line of figures, and what else the same contrast moved.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simulation.evidence.measures import MEASURES
from simulation.report.streams import BAD, GOOD, UNSURE
from simulation.report.style import MISSING, Scale, scale_of
from simulation.report.words.phrases import with_unit
from simulation.statistics.claims import GRADE, OTHERS
from simulation.statistics.summary import counted
from simulation.statistics.verdicts import (
    AS_CLAIMED,
    DEPENDS,
    DOES_NOT_HOLD,
    FAILS_HERE,
    HOLDS,
    HOLDS_HERE,
    NOT_REACHABLE,
    NOT_REACHED,
    OPPOSITE,
    REACHABLE,
    REACHED,
    UNDECIDED,
)  # fmt: skip

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from simulation.evidence.measures import Measure
    from simulation.statistics.claims import Judgement
    from simulation.statistics.verdicts import Estimate

WIDEST = 100
COLUMNS = {"claimed": 8, "effect": 8, "95% interval": 18, "plausible range": 18, "verdict": 26, "grade": 5}
"""Columns of a line of figures and their widths; what is left stands before them."""
INDENT = (0, 0, 0, 5)
SHARE = Scale(100.0, 1, "%", "%")
VERDICTS = {
    REACHED: GOOD, AS_CLAIMED: GOOD, HOLDS: GOOD, HOLDS_HERE: GOOD, REACHABLE: UNSURE, UNDECIDED: UNSURE,
    NOT_REACHED: BAD, FAILS_HERE: BAD, NOT_REACHABLE: BAD, OPPOSITE: BAD, DOES_NOT_HOLD: BAD,
}  # fmt: skip
LEGEND = (
    "effect: with default parameters, paired by seed. plausible range: each row varied goes alone to both ends of its range, "
    "then all together to the ends that raised and to those that lowered the effect. No strength was set from a claim."
)
GRADE_NOTE = "Grade D: one unnamed firm each, no sample, period or control group; a target to explain."
ROLES = {False: "claim", True: "statement"}
ESSAY = "seedessay"
"""Key of the essay in sources.bib."""


def print_judgements(judgements: Sequence[Judgement], console: Console) -> None:
    """Print the claims, then the general statements, each with what else moved."""
    for statements, title in ((False, "Claims of a management essay"), (True, "General statements")):
        own = [one for one in judgements if one.expectation.is_statement == statements]
        if not own:
            continue
        met = sum(one.passes for one in own)
        _say(console, f"{title}: {met} of {len(own)} {'hold' if statements else 'met with default parameters'}", style="bold")
        console.print(_columns(console, header=True))
        for one in own:
            _print_block(one, console)
        console.print()
    if judgements:
        _say(console, f"{LEGEND} Moved runs have {_seeds(judgements)}.", style="dim")
        _say(console, GRADE_NOTE, style="dim")


def as_json(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """Everything judged as a document; a figure that does not exist is null."""
    claims = [one for one in judgements if not one.expectation.is_statement]
    statements = [one for one in judgements if one.expectation.is_statement]
    met = [[sum(one.passes for one in some), len(some)] for some in (claims, statements)]
    return {
        "summary": {"calibrate": [0, 0], "validate": [0, 0], "claims": met[0], "statements": met[1]},
        "targets": claims_json(judgements),
    }


def claims_json(judgements: Sequence[Judgement]) -> list[dict[str, Any]]:
    """One entry an expectation; `plausible` is null where the range was left out."""
    return [_target(one) for one in judgements]


@dataclass(frozen=True)
class Line:
    """An expectation with default parameters, in words: effect and interval, what is claimed, and whether it is met."""

    id: str
    text: str
    effect: str
    span: str
    claimed: str
    passes: bool
    grade: str


def claim_lines(judgements: Sequence[Judgement]) -> list[Line]:
    """A line an expectation, for a table beside other findings; what stands in brackets at the end of its words is left out."""
    return [_line(one) for one in judgements]


def _line(one: Judgement) -> Line:
    expected, scale = one.expectation, _scale(one)
    unit = scale.unit if expected.change == "level" else scale.difference_unit
    sign = unit if unit == "%" else ""
    claimed = _claimed(one, scale)
    if expected.claimed is not None:
        claimed = f"{'≥' if expected.sense > 0.0 else '≤'} {with_unit(claimed, unit)}"
    return Line(
        expected.id, re.sub(r" \([^)]*\)$", "", expected.text), f"{_show(one, scale, one.effect.mean)}{sign}",
        _span(one, scale, one.effect.low, one.effect.high), claimed, one.passes, "" if expected.is_statement else GRADE,
    )  # fmt: skip


def _print_block(one: Judgement, console: Console) -> None:
    """What is claimed, a line of figures, what else moved, and what could not be moved."""
    from rich.text import Text

    expected, scale = one.expectation, _scale(one)
    unit = scale.unit if expected.change == "level" else scale.difference_unit
    named = ", ".join(filter(None, (MEASURES[expected.metric].label.lower(), unit)))
    _say(console, f"{expected.id:<4} {expected.text} [{named}]", style="bold")
    table = _columns(console, header=False)
    table.add_row(
        "", _claimed(one, scale), _show(one, scale, one.effect.mean),
        _span(one, scale, one.effect.low, one.effect.high),
        _span(one, scale, one.plausible.low, one.plausible.high) if one.plausible else MISSING,
        Text(DEPENDS if one.verdict.startswith(DEPENDS) else one.verdict, style=VERDICTS.get(one.verdict, UNSURE)),
        "" if expected.is_statement else GRADE,
    )  # fmt: skip
    console.print(table)
    if one.verdict.startswith(DEPENDS):
        _say(console, one.verdict, UNSURE, INDENT)
    for text in (*_led_by(one, scale), f"also: {'; '.join(_other(one, key) for key in OTHERS)}", *one.left_out):
        _say(console, text, "dim", INDENT)


def _led_by(one: Judgement, scale: Scale) -> list[str]:
    """The row that spreads the effect most, with its ends; nothing where no row was varied."""
    ends: dict[str, list[tuple[float, float]]] = {}
    for move in one.moved:
        if math.isfinite(move.effect.mean):
            ends.setdefault(move.row, []).append((move.effect.mean, move.value))
    if not ends:
        return []
    reached = {name: [one.effect.mean, *(effect for effect, _ in own)] for name, own in ends.items()}
    row = max(ends, key=lambda name: max(reached[name]) - min(reached[name]))
    said = " and ".join(f"{_show(one, scale, effect)} at {value:.4g}" for effect, value in sorted(ends[row]))
    return [f"matters most: {row}, {said}"]


def _columns(console: Console, *, header: bool) -> Table:
    """The columns of every block, which are equally wide."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 1, 0, 0), width=min(console.width, WIDEST), show_header=header, header_style="dim")
    table.add_column("", ratio=1, overflow="fold")
    for name, wide in COLUMNS.items():
        words = name == "verdict"
        table.add_column(name, justify="left" if words else "right", no_wrap=not words, width=wide, overflow="fold")
    return table


def _scale(one: Judgement) -> Scale:
    """The scale of the effect: percent where it is relative, else that of the measure."""
    if one.expectation.change == "relative":
        return SHARE
    span = (one.effect.mean, *((one.plausible.low, one.plausible.high) if one.plausible else ()))
    return scale_of(_measure(one, one.expectation.metric), span)


def _measure(one: Judgement, key: str) -> Measure:
    return replace(MEASURES[key], currency=one.scenario.currency)


def _claimed(one: Judgement, scale: Scale) -> str:
    """The figure claimed; or the direction, with the least difference that counts."""
    expected = one.expectation
    if expected.claimed is not None:
        return _show(one, scale, expected.claimed)
    if expected.least:
        return f"{'>' if expected.sense > 0.0 else '<'} {_show(one, scale, expected.goal)}"
    return str(expected.direction)


def _show(one: Judgement, scale: Scale, value: float) -> str:
    return scale.show(value, sign=one.expectation.change != "level")


def _span(one: Judgement, scale: Scale, low: float, high: float) -> str:
    return f"{_show(one, scale, low)} to {_show(one, scale, high)}" if math.isfinite(low) else MISSING


def _other(one: Judgement, key: str) -> str:
    """What a measure did: "turnover −0.3 points (−0.8 to +0.2)"."""
    measure, found = _measure(one, key), one.others[key]
    scale = scale_of(measure, (found.mean, found.low, found.high))
    size = with_unit(scale.show(found.mean, sign=True), scale.difference_unit)
    ends = f" ({scale.show(found.low, sign=True)} to {scale.show(found.high, sign=True)})" if math.isfinite(found.low) else ""
    return f"{measure.label.lower()} {size}{ends}"


def _seeds(judgements: Sequence[Judgement]) -> str:
    counts = sorted({one.seeds for one in judgements})
    return " or ".join(counted(count, "seed") for count in counts)


def _target(one: Judgement) -> dict[str, Any]:
    """One expectation; `band` holds the ends between which `value` passes, null where it is open."""
    expected = one.expectation
    band = [expected.goal, None] if expected.sense > 0.0 else [None, expected.goal]
    return {
        "id": expected.id, "text": expected.text, "metric": expected.metric, "target": expected.claimed, "band": band,
        **_estimate(one.effect, "value"), "pass": one.passes, "grade": None if expected.is_statement else GRADE,
        "role": ROLES[expected.is_statement], "source": None if expected.is_statement else ESSAY,
        "note": "; ".join(one.left_out),
        "change": expected.change, "unit": _unit(one), "direction": expected.direction, "least": expected.least,
        "contrast": dict(expected.contrast), "against_world": list(expected.against_world),
        "verdict": one.verdict, "scenario": one.scenario.name, "seeds": one.scenario.seed_count,
        "plausible": _plausible(one),
        "moved": {key: {**_estimate(one.others[key], "mean"), "unit": _measure(one, key).shown_unit} for key in OTHERS},
    }  # fmt: skip


def _plausible(one: Judgement) -> dict[str, Any] | None:
    """The range over what is plausible, with every row that was moved; None where it was left out."""
    if one.plausible is None:
        return None
    return {
        "low": _number(one.plausible.low), "high": _number(one.plausible.high),
        "low_by": one.plausible.low_by, "high_by": one.plausible.high_by, "seeds": one.seeds,
        "rows": [{"row": move.row, "at": move.value, **_estimate(move.effect, "value")} for move in one.moved],
    }  # fmt: skip


def _unit(one: Judgement) -> str:
    return "share" if one.expectation.change == "relative" else _measure(one, one.expectation.metric).shown_unit


def _estimate(found: Estimate, mean: str) -> dict[str, float | None]:
    return {mean: _number(found.mean), "low": _number(found.low), "high": _number(found.high)}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _say(console: Console, text: str, style: str = "", indent: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Padding(Text(text, style=style), indent, expand=False), width=min(console.width, WIDEST))

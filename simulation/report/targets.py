"""Every published finding and what the model shows, for a screen of 80 to 100 columns, and as one JSON document.

One line a figure, grouped by role; a miss is written in capitals so that it stands out without colour too.
What the model cannot express follows with the reason cut to a line: `orgsim validate --only ID` and `--json` give all of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulation.report.claims import claim_lines, claims_json
from simulation.report.lettering import shorten
from simulation.report.streams import BAD, GOOD
from simulation.report.units import band, figure, interval, unit_of
from simulation.statistics.shown import COUNTED, counts, tally

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from simulation.report.claims import Line
    from simulation.statistics.claims import Judgement
    from simulation.statistics.shown import Verdict

WIDEST = 100
BROAD = 96
"""Columns from which ids have a column of their own; below it the label stands under the id."""
COLUMNS = {"simulated": 9, "95% interval": 15, "band": 16, "grade": 6}
"""Columns of figures and their widths; what is left is for words."""
ID_WIDTH = 20
GROUPS = {
    "calibrate": "Calibrate: parameters may be fitted to these",
    "validate": "Validate: held out from every fit",
    "report": "Report: shown, counted nowhere",
}
PASS, MISS = "pass", "MISS"
LEGEND = (
    "simulated: with default parameters; it passes when it lies in the band. 95% interval: the luck of the seeds. "
    "grade: A experiment or quasi-experiment, B observational or structural, C practitioners' survey, D anecdote."
)


@dataclass(frozen=True)
class Shown:
    """A line of the table."""

    name: str
    words: str
    figures: tuple[str, str, str]
    passes: bool
    grade: str


def print_validation(
    verdicts: Sequence[Verdict], judgements: Sequence[Judgement], console: Console, *, in_full: bool = False
) -> None:
    """Print targets by role, claims, what cannot be expressed, findings counted whole, and last the summary.

    Parameters
    ----------
    verdicts, judgements
        What the model shows of targets, and of claims with default parameters.
    console
        Written to; its width is respected, up to 100 columns.
    in_full : bool
        Whether each target is followed by its words: what was found, the setting, the source, what to know of it.
    """
    groups = [(title, [_shown(one) for one in verdicts if one.passes is not None and one.target.role == role])
              for role, title in GROUPS.items()]  # fmt: skip
    groups.append(("Claims of a management essay, none of them fitted to", [_claim(line) for line in claim_lines(judgements)]))
    for title, lines in groups:
        if lines:
            passed = sum(line.passes for line in lines)
            _say(console, f"{title}; {passed} of {len(lines)} pass", style="bold")
            console.print(_table(lines, min(console.width, WIDEST)))
            console.print()
    unasked = [one for one in verdicts if one.passes is None]
    if unasked:
        _say(console, f"Not expressible in the model, counted nowhere: {len(unasked)}", style="bold")
        for one in unasked:
            _cut(console, f"{one.target.id}  {one.target.label}: {one.target.not_expressible}")
        console.print()
    if in_full:
        for one in verdicts:
            _words(one, console)
    _say(console, LEGEND, style="dim")
    if verdicts:
        _say(console, findings_line(verdicts))
    console.print(summary_line(verdicts, judgements), soft_wrap=True)


def summary_line(verdicts: Sequence[Verdict], judgements: Sequence[Judgement]) -> str:
    """The last line: figures passed and asked by role, and claims met with default parameters."""
    return ", ".join(f"{name} {met} of {asked}" for name, (met, asked) in _summary(verdicts, judgements).items())


def findings_line(verdicts: Sequence[Verdict]) -> str:
    """The same by whole findings, with the industry packs among them."""
    said = []
    for role in COUNTED:
        own = tally(verdicts, role)
        packs = f", of which industry packs {own.packs[0]} of {own.packs[1]}" if own.packs[1] else ""
        said.append(f"{role} {own.findings[0]} of {own.findings[1]}{packs}")
    return f"Whole findings, met when all their figures of that role are: {'; '.join(said)}."


def as_json(verdicts: Sequence[Verdict], judgements: Sequence[Judgement]) -> dict[str, Any]:
    """Everything as a document: the counts of the last line, and one entry a target and a claim; no figure is null."""
    counted = {role: tally(verdicts, role) for role in GROUPS}
    return {
        "summary": {name: list(pair) for name, pair in _summary(verdicts, judgements).items()},
        "findings": {role: {"met": list(own.findings), "packs": list(own.packs)} for role, own in counted.items()},
        "targets": [*(_entry(one) for one in verdicts), *claims_json(judgements)],
    }


def _summary(verdicts: Sequence[Verdict], judgements: Sequence[Judgement]) -> dict[str, tuple[int, int]]:
    claims = [one for one in judgements if not one.expectation.is_statement]
    return {**counts(verdicts), "claims": (sum(one.passes for one in claims), len(claims))}


def _entry(one: Verdict) -> dict[str, Any]:
    """One target; `band` holds the ends between which `value` passes, null where it is open."""
    target = one.target
    return {
        "id": target.id, "text": target.text, "metric": target.of or None, "target": target.target,
        "band": [_number(target.low), _number(target.high)],
        "value": _number(one.value), "low": _number(one.low), "high": _number(one.high), "pass": one.passes,
        "grade": target.grade, "role": target.role, "source": list(target.source), "note": target.note,
        "label": target.label, "setting": target.setting, "unit": target.unit or None, "scenario": target.scenario or None,
        "twins": list(target.twins), "not_expressible": target.not_expressible or None, "seeds": one.seeds or None,
    }  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _shown(one: Verdict) -> Shown:
    target = one.target
    figures = (
        figure(one.value, target.unit), interval(one.low, one.high, target.unit), band(target.low, target.high, target.unit),
    )  # fmt: skip
    return Shown(target.id, target.label, figures, bool(one.passes), target.grade)


def _claim(line: Line) -> Shown:
    return Shown(line.id, line.text, (line.effect, line.span, line.claimed), line.passes, line.grade)


def _table(lines: Sequence[Shown], width: int) -> Table:
    """Lines under each other; all tables of a screen have columns of the same width."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    broad = width >= BROAD
    table = Table(box=None, padding=(0, 1, 0, 0), width=width, header_style="dim")
    if broad:
        table.add_column("id", no_wrap=True, width=ID_WIDTH)
    table.add_column("" if broad else "id", ratio=1, overflow="fold")
    for head, wide in COLUMNS.items():
        table.add_column(head, justify="right", no_wrap=True, width=wide)
    for line in lines:
        name, words = Text(line.name), Text(line.words)
        names: list[Any] = [name, words] if broad else [Group(name, Padding(words, (0, 0, 0, 2)))]
        verdict = Text(f"{PASS if line.passes else MISS} {line.grade or ' '}", style=GOOD if line.passes else "")
        table.add_row(*names, *line.figures, verdict, style="" if line.passes else f"bold {BAD}")
    return table


def _words(one: Verdict, console: Console) -> None:
    """A target in full."""
    target = one.target
    _say(console, f"{target.id}  {target.label}", style="bold")
    published = "" if target.target is None else f"Published: {figure(target.target, target.unit)}{unit_of(target.unit).word}"
    told = (
        target.text, f"Setting: {target.setting}", published, target.note,
        f"Not expressible: {target.not_expressible}" if target.not_expressible else f"Scenario: {target.scenario}",
        f"Source: {', '.join(target.source)}" if target.source else "",
        f"Told twice; the other id: {', '.join(target.twins)}" if target.twins else "",
    )  # fmt: skip
    for text in filter(None, told):
        _say(console, text, indent=2)
    console.print()


def _say(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Padding(Text(text, style=style), (0, 0, 0, indent), expand=False), width=min(console.width, WIDEST))


def _cut(console: Console, text: str) -> None:
    """One line, cut where the screen ends."""
    from rich.text import Text

    console.print(Text(shorten(text, min(console.width, WIDEST))), no_wrap=True)

"""Every number that a report writes in words: made in one place, and traceable to the cell that it came from.

    quote(summary, "turnover", "growth_mix", "diff", form="size")     ->  "3.1"

A number is addressed by measure, policy and statistic. Statistics are columns of the summary's table (`mean`, `diff_low`,
`decided`, ...); those that are not are named by a path, and `cell` knows where each is found:

| statistic | what |
|---|---|
| `mean`, `low`, `high`, `diff`, `diff_low`, `diff_high`, `p_better` | a cell of the summary's table |
| `bridge.LINE.mean` (`low`, `high`) | a step of the bridge of contribution |
| `lever.KEY.share.mean` (`low`, `high`), `lever.together.mean` | what a lever does to the measure, and the rest |
| `survival_segments.SEGMENT.MONTHS.mean` (`diff_low`, ...) | the same of reps moved most by a motive |
| `leavers.BY.GROUP.KIND.mean` (`diff_low`, ...) | leavers of a kind, such as `leavers.segment.money.quits.mean` |
| `leavers_total.BY.GROUP.mean` (`diff_low`, ..., `share`) | all leavers of a group, and its part of reps |
| `attainment.BIN.mean` (`diff_low`, ...) | the share of quota periods in a bin of attainment, counted from 0 |
| `static.COLUMN` | a static price, such as `static.wedge_mean` |
| `timeline.last.mean` (`diff_low`, `diff_high`) | the last point of a timeline |
| `survival.MONTHS.mean` (`diff_low`, `diff_high`) | the share that stays so many months |
| `require`, `material` | the limit that the scenario sets, and the smallest difference that counts |

Within `noting()` every number that is written is also noted, so that whoever shows a text can say which cells it was made from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from simulation.report.style import Scale, summary_scale
from simulation.statistics.intervals import material_amount

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

FRAMES: Mapping[str, tuple[str, ...]] = {
    "bridge": ("line",),
    "survival": ("tenure",),
    "survival_segments": ("segment", "tenure"),
    "leavers": ("by", "group", "kind"),
    "leavers_total": ("by", "group"),
    "attainment": ("bin",),
}
"""Series that are addressed step by step: the columns that name a step, in the order of a path."""
Form = Literal["plain", "signed", "size"]
"""As it is; with its sign; without it."""


@dataclass(frozen=True)
class Quote:
    """A number as it is written, and where it came from; `factor` and `digits` are those of the scale it was written on."""

    text: str
    measure: str
    policy: str
    statistic: str
    form: Form
    factor: float
    digits: int


_noted: ContextVar[list[Quote] | None] = ContextVar("noted", default=None)


def quote(
    summary: Summary, measure: str, policy: str, statistic: str = "mean", *, form: Form = "plain", scale: Scale | None = None
) -> str:
    """A number of a summary as it stands in a text, without its unit.

    Parameters
    ----------
    summary : Summary
    measure, policy, statistic : str
        Where the number stands, see above.
    form : how its sign is written
    scale : Scale, optional
        The measure's own (`style.summary_scale`) without it.

    Raises
    ------
    KeyError
        When there is no such number.
    """
    scale = scale or summary_scale(summary, measure)
    text = written(cell(summary, measure, policy, statistic), form, scale)
    noted = _noted.get()
    if noted is not None:
        noted.append(Quote(text, measure, policy, statistic, form, scale.factor, scale.digits))
    return text


def written(value: float, form: Form, scale: Scale) -> str:
    """A number in one of the forms."""
    return scale.show(abs(value) if form == "size" else value, sign=form == "signed")


@contextmanager
def noting() -> Iterator[list[Quote]]:
    """Collects the numbers that are written within it, in their order."""
    noted: list[Quote] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def cell(summary: Summary, measure: str, policy: str, statistic: str) -> float:
    """The number at an address. Raises KeyError when there is none."""
    place, _, rest = statistic.partition(".")
    if not rest:
        return _of_table(summary, measure, policy, statistic)
    if place in FRAMES:
        *steps, column = rest.split(".")
        at = {name: int(step) if step.isdigit() else step for name, step in zip(FRAMES[place], steps, strict=True)}
        return float(_row(summary, place, policy, **at)[column])
    if place == "timeline":
        frame = summary.series["timeline"]
        return _row(summary, "timeline", policy, measure=measure, month=frame["month"].max())[rest.removeprefix("last.")]
    if place == "static" and summary.static is not None:
        return float(str(summary.static.policies.loc[policy, rest]))
    if place == "lever" and summary.reasons is not None:
        return _of_lever(summary, measure, policy, rest)
    raise KeyError(statistic)


def _of_table(summary: Summary, measure: str, policy: str, statistic: str) -> float:
    if statistic == "require":
        return summary.facts.require[measure][1]
    if statistic == "material":
        least = material_amount(summary.facts.material.get(measure), float(summary.value(summary.baseline, measure)))
        return float(least or 0.0)
    return float(summary.value(policy, measure, statistic))


def _row(summary: Summary, series: str, policy: str, **at: object) -> Any:
    """The row of a series for a policy and one step of its axis."""
    frame = summary.series[series]
    here = frame["policy"] == policy
    for column, value in at.items():
        here &= frame[column] == value
    rows: list[Any] = frame[here].to_dict("records")
    if not rows:
        raise KeyError((series, policy, *at.values()))
    return rows[0]


def _of_lever(summary: Summary, measure: str, policy: str, rest: str) -> float:
    """`KEY.share.mean` or `together.mean`."""
    assert summary.reasons is not None  # noqa: S101 - the caller has looked
    found = summary.reasons.by_lever[policy][measure]
    *path, column = rest.split(".")
    estimate = found.together if path == ["together"] else found.levers[path[0]].share
    return float(getattr(estimate, column))


@dataclass(frozen=True)
class Sentence:
    """A text and the numbers that stand in it."""

    text: str
    quotes: tuple[Quote, ...] = ()


def told(say: Callable[[], str]) -> Sentence:
    """What `say` says, with the numbers that it wrote; those that it left out again are dropped."""
    with noting() as noted:
        text = say()
    return Sentence(text, tuple(dict.fromkeys(number for number in noted if number.text in text)))

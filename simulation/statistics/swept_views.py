"""What the charts of a sweep show: rows sorted by one or two of the factors, and the points that no other beats on two measures.

What is not on a chart is averaged over. A mean of points that share their luck has an interval no wider than the mean of their
intervals, so that is what stands for it; in a sampled design it is the interval over the points of a part of the range.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.errors import ScenarioError
from simulation.experiment.design import SAMPLED
from simulation.experiment.factors import Factor
from simulation.statistics.intervals import t_interval
from simulation.statistics.swept import Swept
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

MOST_STEPS, MOST_SAMPLED = 60, 12
"""Different values of a factor that a heatmap shows one by one, and those of a sampled design; more are cut into parts."""
MOST_LINES = 6
FEWEST, MOST_PARTS = 3, 12
"""Parts of a range."""
POINTS_A_CELL = 4
"""Points of a sampled design that a part should hold."""


@dataclass(frozen=True, eq=False)
class Steps:
    """Rows sorted by one factor.

    factor : the factor
    levels : its values, those that do not apply (None) and words first, then numbers ascending; middles of parts
    edges : (part + 1,) where its range was cut into parts, else None
    place : (row,) which level each row has
    """

    factor: Factor
    levels: tuple[Any, ...]
    edges: Array | None
    place: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Heat:
    """Cells of two factors.

    policy : whose rows these are
    across, up : the two factors
    mean : (up, across) mean paired difference from the baseline; NaN where the design has no point
    points : (up, across) how many points a cell holds
    allowed : (up, across) whether one of them meets what is required
    best : row and column of the best point that does, if there is one
    """

    policy: str
    across: Steps
    up: Steps
    mean: Array
    points: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    best: tuple[int, int] | None


@dataclass(frozen=True, eq=False)
class Response:
    """One factor against a measure.

    policy : whose rows these are
    along : the factor
    by : a second one, a line a level; None for one line
    lines : DataFrame of `line` (place of the level in `by`), `place` (in `along`), `x`, `mean`, `low`, `high`, `points`
    single : whether each place of a line is one point
    """

    policy: str
    along: Steps
    by: Steps | None
    lines: DataFrame
    single: bool


def steps_of(rows: DataFrame, factor: Factor, parts: int, most: int) -> Steps:
    """Rows sorted by a factor; numbers of more than `most` values are cut into parts, of equal ratios on a logarithmic range."""
    plain = [None if isinstance(value, float) and np.isnan(value) else value for value in rows[factor.path]]
    different = list(dict.fromkeys(plain))
    numbers: list[Any] = sorted(value for value in different if _is_number(value))
    words = sorted((value for value in different if not _is_number(value)), key=lambda value: _order(factor, value))
    if len(numbers) <= most:
        levels = {value: place for place, value in enumerate((*words, *numbers))}
        return Steps(factor, tuple(levels), None, np.array([levels[value] for value in plain], dtype=int))
    low, high = numbers[0], numbers[-1]
    edges = np.geomspace(low, high, parts + 1) if factor.log else np.linspace(low, high, parts + 1)
    middles = np.sqrt(edges[1:] * edges[:-1]) if factor.log else (edges[1:] + edges[:-1]) / 2
    place = [
        len(words) + int(np.searchsorted(edges[1:-1], value, side="right")) if _is_number(value) else words.index(value)
        for value in plain
    ]
    return Steps(factor, (*words, *middles.tolist()), edges, np.array(place, dtype=int))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _order(factor: Factor, value: Any) -> int:
    return -1 if value is None else [*factor.levels, value].index(value)


def shown_factors(swept: Swept) -> list[Factor]:
    """The factors that have more than one value among the rows that were run, those of one policy and of parameters."""
    rows = swept.run
    varied = [factor for factor in swept.factors if len({str(value) for value in rows[factor.path]}) > 1]
    owner = next((factor.slot.policy for factor in varied if factor.slot.policy), None)
    return [factor for factor in varied if factor.slot.policy in (None, owner)]


def shown_policy(swept: Swept, factors: list[Factor]) -> str:
    """Whose rows to show: the policy that the factors belong to, else that of the best row."""
    owner = next((factor.slot.policy for factor in factors if factor.slot.policy), None)
    ranked = swept.ranked() if len(swept.ranked()) else swept.ranked(allowed=False)
    return owner or str(ranked.iloc[0]["policy"])


def heat_cells(swept: Swept, measure: str, across: Factor | None = None, up: Factor | None = None) -> Heat:
    """The mean difference of a measure by two factors, the first two without others named.

    Raises
    ------
    ScenarioError
        When fewer than two factors have more than one value.
    """
    factors = shown_factors(swept)
    if (across is None or up is None) and len(factors) < 2:
        raise ScenarioError("a heatmap needs two factors of one policy that take more than one value; vary another setting")
    across, up = across or factors[0], up or factors[1]
    policy = shown_policy(swept, [across, up])
    rows = swept.run[swept.run["policy"] == policy]
    parts = _parts(len(rows), 2)
    one, other = (steps_of(rows, factor, parts, _most(swept, MOST_STEPS)) for factor in (across, up))
    shape = len(other.levels), len(one.levels)
    place = other.place * shape[1] + one.place
    count = np.bincount(place, minlength=shape[0] * shape[1])
    total = np.bincount(place, _difference(rows, measure), minlength=len(count))
    meets = np.bincount(place, swept.allowed()[(swept.run["policy"] == policy).to_numpy()], minlength=len(count))
    mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    return Heat(
        policy, one, other, mean.reshape(shape), count.reshape(shape), (meets > 0).reshape(shape),
        _best_cell(swept, policy, rows, place, shape),
    )  # fmt: skip


def _best_cell(
    swept: Swept, policy: str, rows: DataFrame, place: NDArray[np.int64], shape: tuple[int, int]
) -> tuple[int, int] | None:
    ranked = swept.ranked()
    ranked = ranked[ranked["policy"] == policy]
    if ranked.empty:
        return None
    cell = int(place[list(rows.index).index(ranked.index[0])])
    return cell // shape[1], cell % shape[1]


def _difference(rows: DataFrame, measure: str) -> Array:
    return np.asarray(rows[f"{measure}_diff"], dtype=float)


def _most(swept: Swept, written: int) -> int:
    """How many values of a factor are shown one by one: fewer of samples, hardly any two of which are alike."""
    return MOST_SAMPLED if swept.kind in SAMPLED else written


def _parts(rows: int, axes: int) -> int:
    return int(np.clip((rows / POINTS_A_CELL) ** (1.0 / axes), FEWEST, MOST_PARTS))


def response_lines(swept: Swept, measure: str, along: Factor | None = None, by: Factor | None = None) -> Response:
    """A measure along one factor, a line a level of a second one that has few.

    Without others named it is along the first factor of numbers, and by the first other one of at most six levels.

    Raises
    ------
    ScenarioError
        When no factor has more than one value.
    """
    factors = shown_factors(swept)
    if along is None and not factors:
        raise ScenarioError("a response curve needs a factor that takes more than one value; vary another setting")
    along = along or next((factor for factor in factors if factor.slot.numeric), factors[0])
    policy = shown_policy(swept, [along])
    rows = swept.run[swept.run["policy"] == policy]
    by = by or next(_few(swept, rows, factors, along), None)
    lines_by = steps_of(rows, by, FEWEST, MOST_LINES) if by else None
    line = lines_by.place if lines_by else np.zeros(len(rows), dtype=int)
    steps = steps_of(rows, along, _parts(len(rows) // (line.max() + 1), 1), _most(swept, len(rows)))
    cells: list[dict[str, Any]] = []
    for own in range(line.max() + 1):
        for place, level in enumerate(steps.levels):
            some = rows[(line == own) & (steps.place == place)]
            if len(some):
                cells.append({"line": own, "place": place, "x": level} | _figure(swept, some, measure, parts=steps.edges is not None))
    from pandas import DataFrame

    frame = DataFrame(cells)
    return Response(policy, steps, lines_by, frame, bool((frame["points"] == 1).all()))


def _few(swept: Swept, rows: DataFrame, factors: list[Factor], along: Factor) -> Iterator[Factor]:
    """Other factors that make few lines, words before numbers."""
    others = [factor for factor in factors if factor is not along]
    for factor in sorted(others, key=lambda factor: factor.slot.numeric):
        if 2 <= len({str(value) for value in rows[factor.path]}) <= MOST_LINES:
            yield factor


def _figure(swept: Swept, rows: DataFrame, measure: str, *, parts: bool) -> dict[str, Any]:
    """The mean of some points and its interval, as a figure: the baseline's mean and the difference from it."""
    start = swept.baseline[measure]["mean"]
    diff = _difference(rows, measure)
    if parts and len(rows) > 1:
        mean, low, high = (float(limit) for limit in t_interval(diff))
    else:
        mean, low, high = (float(np.mean(rows[f"{measure}_{side}"])) for side in ("diff", "diff_low", "diff_high"))
    return {"mean": start + mean, "low": start + low, "high": start + high, "points": len(rows)}


def undominated(x: Array, y: Array) -> NDArray[np.bool_]:
    """Which points no other beats: none has less of x and as much of y, or as little of x and more of y; (point,) of yes or no."""
    finite = np.isfinite(x) & np.isfinite(y)
    found = np.zeros(len(x), dtype=bool)
    order = np.lexsort((-y, x))
    highest = -np.inf
    for k in order:
        if finite[k] and y[k] > highest:
            found[k] = True
            highest = y[k]
    return found

"""What the charts of a sweep show: rows sorted by one or two of the factors, and the points that no other beats on two measures.

What is not on a chart is averaged over. A mean of points that share their luck has an interval no wider than the mean of their
intervals, so that is what stands for it; in a sampled design it is the interval over the points of a part of the range.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.errors import ScenarioError
from simulation.experiment.design.design import ALONE, SAMPLED
from simulation.experiment.design.factors import Factor
from simulation.experiment.design.slots import ON, TYPICAL
from simulation.statistics.intervals import t_interval
from simulation.statistics.swept import Swept
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

MOST_STEPS, MOST_SAMPLED = 60, 12
"""Different values of a factor that a heatmap shows one by one, and those of a sampled design; more are cut into parts."""
MOST_LINES = 6
SIDES = ("mean", "diff", "diff_low", "diff_high")
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
    best : row and column of the best point that does, if there is one; none where parameters are varied, which nobody chooses
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

    policies : whose rows these are; several make a line each
    along : the factor
    by : a second one, a line a level; None where there is a line a policy, or one line
    joined : whether places hold enough points to be joined by a line; otherwise each is one sample, whose other factors differ
    lines : DataFrame of `line` (place of the level in `by`, or of the policy), `place` (in `along`), `x`, `mean`, `low`, `high`,
        `baseline` under the same parameters, and the number of `points` behind them
    rows : (row,) which of the rows that were run these are
    line : (row,) the line of each of them
    """

    policies: tuple[str, ...]
    along: Steps
    by: Steps | None
    lines: DataFrame
    rows: NDArray[np.int64]
    line: NDArray[np.int64]
    joined: bool = True


def steps_of(rows: DataFrame, factor: Factor, parts: int, most: int) -> Steps:
    """Rows sorted by a factor; numbers of more than `most` values are cut into parts, of equal ratios on a logarithmic range."""
    plain = [None if isinstance(value, float) and np.isnan(value) else value for value in rows[factor.path]]
    different = list(dict.fromkeys(plain))
    numbers: list[Any] = sorted(value for value in different if is_number(value))
    words = sorted((value for value in different if not is_number(value)), key=lambda value: _order(factor, value))
    if len(numbers) <= most:
        levels = {value: place for place, value in enumerate((*words, *numbers))}
        return Steps(factor, tuple(levels), None, np.array([levels[value] for value in plain], dtype=int))
    low, high = (numbers[0], numbers[-1]) if factor.low is None or factor.high is None else (factor.low, factor.high)
    edges = np.geomspace(low, high, parts + 1) if factor.log else np.linspace(low, high, parts + 1)
    inner: list[Any] = edges[1:-1].tolist()
    middles = np.sqrt(edges[1:] * edges[:-1]) if factor.log else (edges[1:] + edges[:-1]) / 2
    place = [
        len(words) + bisect_right(inner, value) if is_number(value) else words.index(value)
        for value in plain
    ]
    return Steps(factor, (*words, *middles.tolist()), edges, np.array(place, dtype=int))


def is_number(value: Any) -> bool:
    """Whether a level is a number, and not a word, a yes, or a setting that does not apply."""
    return isinstance(value, int | float) and not isinstance(value, bool) and not np.isnan(value)


def _order(factor: Factor, value: Any) -> int:
    return -1 if value is None else [*factor.slot.words, *factor.levels, value].index(value)


def varied_factors(swept: Swept) -> list[Factor]:
    """The factors that have more than one value among the rows that were run."""
    rows = swept.run
    return [factor for factor in swept.factors if len({str(value) for value in rows[factor.path]}) > 1]


def owners(swept: Swept) -> list[str]:
    """The policies whose own settings have more than one value, in the order of the factors."""
    return list(dict.fromkeys(factor.slot.policy for factor in varied_factors(swept) if factor.slot.policy))


def shown_factors(swept: Swept, policy: str | None = None) -> list[Factor]:
    """The factors that have more than one value, those of parameters and of one policy, the first without a name."""
    owner = policy or next(iter(owners(swept)), None)
    return [factor for factor in varied_factors(swept) if factor.slot.policy in (None, owner)]


def dense(swept: Swept, factors: Sequence[Factor]) -> bool:
    """Whether a heatmap of two factors has enough points a cell: always of written values, of samples from so many points on."""
    if swept.kind not in SAMPLED:
        return True
    rows, policy = swept.run, shown_policy(swept, list(factors))
    own = rows[rows["policy"] == policy]
    levels = [len({str(value) for value in own[factor.path]}) for factor in factors[:2]]
    cells = np.prod([min(level, FEWEST) for level in levels])
    return bool(len(own) >= POINTS_A_CELL * cells)


def shown_policy(swept: Swept, factors: list[Factor]) -> str:
    """Whose rows to show: the policy that the factors belong to, else that of the best row."""
    owner = next((factor.slot.policy for factor in factors if factor.slot.policy), None)
    if owner:
        return owner
    ranked = swept.ranked()
    return str((ranked if len(ranked) else swept.ranked(allowed=False)).iloc[0]["policy"])


def heat_cells(swept: Swept, measure: str, across: Factor | None = None, up: Factor | None = None) -> Heat:
    """The mean difference of a measure by two factors, the first two without others named.

    Raises
    ------
    ScenarioError
        When fewer than two factors have more than one value.
    """
    factors = shown_factors(swept, across.slot.policy if across else None)
    if (across is None or up is None) and len(factors) < 2:
        raise ScenarioError("a heatmap needs two factors of one policy that take more than one value; vary another setting")
    across = across or factors[0]
    up = up or _second(factors, across)
    policy = shown_policy(swept, [across, up])
    own = np.flatnonzero((swept.run["policy"] == policy).to_numpy())
    rows = swept.run[[across.path, up.path, f"{measure}_diff"]].iloc[own]
    parts = _parts(len(rows), 2)
    one, other = (steps_of(rows, factor, parts, _most(swept, MOST_STEPS)) for factor in (across, up))
    shape = len(other.levels), len(one.levels)
    place = other.place * shape[1] + one.place
    count = np.bincount(place, minlength=shape[0] * shape[1])
    total = np.bincount(place, rows[f"{measure}_diff"].to_numpy(dtype=float), minlength=len(count))
    meets = np.bincount(place, swept.allowed()[own], minlength=len(count))
    mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    ranked = swept.ranked(policy=policy)
    best = divmod(int(place[list(rows.index).index(ranked.index[0])]), shape[1]) if len(ranked) and not swept.worlds else None
    return Heat(policy, one, other, mean.reshape(shape), count.reshape(shape), (meets > 0).reshape(shape), best)


def _second(factors: list[Factor], first: Factor) -> Factor:
    """The first other factor, but a lever rather than one of its own settings, which have cells at one of its levels alone."""
    others = [factor for factor in factors if factor is not first]
    levers = {factor.path for factor in factors if factor.slot.kind == "lever"}
    apart = [one for one in others if one.slot.lever_path != first.slot.lever_path or first.slot.lever_path not in levers]
    return (apart or others)[0]


def _most(swept: Swept, written: int) -> int:
    """How many values of a factor are shown one by one: fewer of samples, hardly any two of which are alike."""
    return MOST_SAMPLED if swept.kind in SAMPLED else written


def _parts(rows: int, axes: int) -> int:
    return int(np.clip((rows / POINTS_A_CELL) ** (1.0 / axes), FEWEST, MOST_PARTS))


def response_lines(swept: Swept, measure: str, along: Factor | None = None, by: Factor | None = None) -> Response:
    """A measure along one factor, a line a level of a second one that has few, or a line a policy where parameters vary alone.

    Without others named it is along the first factor of numbers, and by the first other one of at most six levels.

    Raises
    ------
    ScenarioError
        When no factor has more than one value.
    """
    from pandas import DataFrame

    factors = shown_factors(swept, along.slot.policy if along else None)
    if along is None and not factors:
        raise ScenarioError("a response curve needs a factor that takes more than one value; vary another setting")
    along = along or next((factor for factor in factors if factor.slot.numeric), factors[0])
    compared = tuple(dict.fromkeys(swept.run["policy"][swept.different]))
    named = by is not None or any(factor.slot.policy for factor in factors) or not 1 < len(compared) <= MOST_LINES
    policies = (shown_policy(swept, [along, *([by] if by else factors)]),) if named else compared
    alone, sampled = swept.kind == ALONE, swept.kind in SAMPLED
    own = np.flatnonzero(swept.run["policy"].isin(policies).to_numpy() & (_moved_alone(swept, along) if alone else np.True_))
    rows = swept.run[["policy", *swept.paths, *(f"{measure}_{side}" for side in SIDES)]].iloc[own]
    by = by or (next(_few(rows, factors, along), None) if named and not alone else None)
    lines_by = steps_of(rows, by, FEWEST, MOST_LINES) if by else None
    line = lines_by.place if lines_by else np.array([policies.index(key) for key in rows["policy"]], dtype=int)
    fewest = min(count for count in np.bincount(line).tolist() if count)
    joined = not sampled or fewest >= POINTS_A_CELL * (len(along.values) if along.listed else FEWEST)
    steps = steps_of(rows, along, _parts(fewest, 1), 0 if sampled and joined and not along.listed else len(rows))
    figures = rows[[f"{measure}_{side}" for side in SIDES]].to_numpy(dtype=float)
    cells: list[dict[str, Any]] = []
    for place_of_line in range(int(line.max()) + 1):
        for place, level in enumerate(steps.levels):
            some = figures[(line == place_of_line) & (steps.place == place)]
            if len(some) >= (FEWEST if steps.edges is not None else 1):
                at = {"line": place_of_line, "place": place, "x": level}
                cells.append(at | _figure(some, parts=sampled) | {"points": len(some)})
    return Response(policies, steps, lines_by, DataFrame(cells), own, line, joined)


def _moved_alone(swept: Swept, along: Factor) -> NDArray[np.bool_]:
    """Rows of a design one at a time in which this factor moves, and the one in which none does."""
    rows = swept.run[list(swept.paths)].to_dict("records")
    moves = np.array([[_moves(factor, row) for row in rows] for factor in swept.factors])
    here: NDArray[np.bool_] = moves[swept.factors.index(along)] | ~moves.any(axis=0)
    return here


def _moves(factor: Factor, row: Mapping[Any, Any]) -> bool:
    """Whether a row has another value than the scenario's because it was asked for.

    A setting that is the typical one of its lever, and a lever that is on because of its setting, come with another factor.
    """
    value, slot = row[factor.path], factor.slot
    if value == ON if slot.kind == "lever" else row.get(slot.lever_path) == TYPICAL:
        return False
    applies = value is not None and not (isinstance(value, float) and np.isnan(value))
    return applies and value != factor.slot.own


def _few(rows: DataFrame, factors: list[Factor], along: Factor) -> Iterator[Factor]:
    """Other factors that make few lines, words before numbers."""
    for factor in sorted((one for one in factors if one is not along), key=lambda one: one.slot.numeric):
        if 2 <= len({str(value) for value in rows[factor.path]}) <= MOST_LINES:
            yield factor


def _figure(some: Array, *, parts: bool) -> dict[str, float]:
    """Mean, limits and baseline of points (point, 4): the mean of their intervals, or that over many samples."""
    mean, difference, low, high = (float(side) for side in some.mean(axis=0))
    if parts and len(some) > 1:
        _, low, high = (float(limit) for limit in t_interval(some[:, 1]))
    start = mean - difference
    return {"mean": mean, "low": start + low, "high": start + high, "baseline": start}


def undominated(x: Array, y: Array) -> NDArray[np.bool_]:
    """Which points no other beats, (point,): none has less of x and as much of y, nor as little of x and more of y."""
    finite = np.isfinite(x) & np.isfinite(y)
    found = np.zeros(len(x), dtype=bool)
    order = np.lexsort((-y, x))
    highest = -np.inf
    for k in order:
        if finite[k] and y[k] > highest:
            found[k] = True
            highest = y[k]
    return found

"""How far the differences between policies hang on what nobody has measured.

The assumed parameters that matter most to this study move one at a time to the ends of their ranges, all policies with
them. The choice comes from the study: every assumed parameter it uses is screened on a small organisation under common
random numbers, and ranked by the largest change of a policy's difference from the baseline, in material differences.
What is reported is the table's difference plus the change that a move makes on the same seeds.

    could flip      at an end the verdict is the opposite one: the interval there lies beyond the material difference
                    on the other side of zero
    could shrink    at an end the difference is no longer beyond the material difference on its side
    holds           neither
A difference that is the same or open without any move has no sign to lose.
Levels are not anchored anew when a parameter moves, and settings moved for equal cost stay as they were solved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulation.evidence.measures import MEASURES
from simulation.evidence.read import Row
from simulation.experiment.batch.moved import Move, Moves, Set, movable
from simulation.experiment.execute import Progress, counter, crew_for
from simulation.experiment.work.workers import Workers
from simulation.records import Records
from simulation.statistics.intervals import decide, material_amount, t_interval
from simulation.statistics.measures import measure
from simulation.statistics.moved import OF, moving_work, simulated
from simulation.statistics.screening import rank
from simulation.statistics.uncertainty import joint_interval
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

MOST = 10
"""Parameters that are moved in the end."""
IDLE = "No policy changes anything, so there is no difference that an assumption could move."
SEEDS = 16
DECIDED = ("better", "worse", "higher", "lower")


@dataclass(frozen=True)
class Moved:
    """A parameter that was moved, between these ends."""

    name: str
    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class Reach:
    """One policy's difference in one measure: the table's, and the least and the largest that a single move leads to."""

    difference: float
    low: float
    high: float
    low_by: str | None  # the move that leads there; None where it is the difference without any move
    high_by: str | None
    flips: tuple[str, ...]
    shrinks: tuple[str, ...]
    decided: bool  # whether the difference has a sign to lose


@dataclass(frozen=True)
class AssumptionRange:
    """What moves of single assumed parameters do to the differences.

    `policies` holds a `Reach` a policy (the baseline apart) and measure; `screened` counts the parameters tried for the choice;
    `left_out` says what was not moved, and why.
    """

    seeds: int
    moved: tuple[Moved, ...]
    screened: int
    policies: Mapping[str, Mapping[str, Reach]]
    left_out: tuple[str, ...]

    def table(self) -> DataFrame:
        """One row a policy and measure, in the measure's unit; moves as `--set` takes them, a space between."""
        from pandas import DataFrame

        rows = [
            [policy, key, MEASURES[key].unit, x.difference, x.low, x.low_by or "", x.high, x.high_by or "",
             " ".join(x.flips), " ".join(x.shrinks)]
            for policy, own in self.policies.items() for key, x in own.items()
        ]  # fmt: skip
        names = ("policy", "measure", "unit", "difference", "low", "low_by", "high", "high_by", "flips", "shrinks")
        return DataFrame(rows, columns=list(names))


def assumption_range(
    records: Records, progress: Progress | None = None, *, processes: int | Workers | None = None
) -> AssumptionRange:
    """The range of every policy's difference from the baseline when the assumed parameters that matter most move.

    Parameters
    ----------
    records : Records
        Of the study, as resolved; the first sixteen seeds are simulated anew under each move.
    progress : called with (done, total, what), in rep-months
    processes : int or Workers, optional
        As for `run`.
    """
    scenario = records.scenario
    seeds = min(SEEDS, scenario.seed_count)
    moves = movable(scenario)
    told = _without_ends(moves)
    if len(scenario.policies) < 2 or not moves.ends:
        return AssumptionRange(seeds, (), 0, {}, told)
    if not _differs(records):
        return AssumptionRange(seeds, (), 0, {}, (IDLE,))
    ends = {row.path: (row, own) for row, own in moves.ends}
    chosen = tuple(ends)
    few = replace(scenario, seed_count=seeds)
    with crew_for(few, processes, runs=2 * MOST) as crew:
        if len(chosen) > MOST:
            ranking, said = rank(records, moves, progress, crew)
            chosen, told = ranking[:MOST], (*told, *said)
        sets: list[Set] = [(Move((row.group, row.name), end),) for row, own in (ends[path] for path in chosen) for end in own]
        found, refused = simulated(few, sets, crew, counter(progress, moving_work(few, sets), "moving assumptions"))
    names = {some: move_text(some[0], scenario.parameters.rows[some[0].key]) for some in sets}
    told += tuple(f"{names[some]} was left out: {reason}" for some, reason in refused.items())
    policies = _reaches(records, np.stack([found[some] for some in sets]), [names[some] for some in sets])
    return AssumptionRange(seeds, tuple(_moved(*ends[path]) for path in chosen), len(ends), policies, told)


def _differs(records: Records) -> bool:
    """Whether any policy moves any of the measures at any seed."""
    found = (measure(records, key) for key in OF)
    return not all(np.array_equal(own, np.broadcast_to(own[:1], own.shape), equal_nan=True) for own in found)


def move_text(move: Move, row: Row) -> str:
    """A move as `--set` takes it."""
    return f"{row.path}={move.value:.6g}"


def _without_ends(moves: Moves) -> tuple[str, ...]:
    """The sentence on what cannot be moved: tables, ranges of one point, and what lays out the seats."""
    if not moves.left_out:
        return ()
    count = len(moves.left_out)
    said = f"{count} assumed parameter{'s' if count > 1 else ''} without a range to move in, or that lay out the seats,"
    return (f"{said} {'were' if count > 1 else 'was'} not moved ({', '.join(moves.left_out)})",)


def _moved(row: Row, ends: Sequence[float]) -> Moved:
    return Moved(row.path, min(row.value, *ends), max(row.value, *ends), row.unit)


def _reaches(records: Records, values: Array, names: Sequence[str]) -> dict[str, dict[str, Reach]]:
    """What each policy's differences become; `values` is (move, policy, seed, measure)."""
    scenario = records.scenario
    found: dict[str, dict[str, Reach]] = {policy.key: {} for policy in scenario.policies[1:]}
    for k, key in enumerate(OF):
        before = measure(records, key)
        point = measure(records.point, key) if records.point else None
        least = material_amount(scenario.material.get(key), float(t_interval(before[0]).mean))
        for n, policy in enumerate(scenario.policies[1:], 1):
            under = values[:, n, :, k] - values[:, 0, :, k]
            found[policy.key][key] = reach(
                before[n] - before[0], under, names, material=least, better=MEASURES[key].better,
                point=None if point is None else point[n] - point[0],
            )  # fmt: skip
    return found


def reach(
    before: Array, under: Array, names: Sequence[str], *, material: float, better: str, point: Array | None = None
) -> Reach:
    """What moves do to one difference.

    Parameters
    ----------
    before : (seed,) [the measure's unit]
        The difference from the baseline without any move, every seed of the study.
    under : (move, seed)
        The same under each move, for the first so many seeds; NaN where a move was refused.
    names : of the moves
    material : the smallest difference that counts
    better : "higher", "lower" or "none"
    point : (seed,), optional
        The difference at point values, every seed of the study, where parameters are drawn: intervals under moves too then hold
        what is not known of the others.
    """
    difference, low, high = (float(x) for x in joint_interval(before, point)[:3])
    seeds = under.shape[1]
    at = difference + t_interval(under - before[:seeds]).mean
    _, lows, highs, _ = joint_interval(under, None if point is None else np.broadcast_to(point[:seeds], under.shape))
    half = 0.5 * (highs - lows)
    verdict = decide(low, high, material, better)
    flips, shrinks = [], []
    if verdict in DECIDED:
        for name, there, spread in zip(names, at, half, strict=True):
            then = decide(there - spread, there + spread, material, better)
            if then in DECIDED and then != verdict:
                flips.append(name)
            elif there * np.sign(difference) <= material:
                shrinks.append(name)
    points = np.append(at, difference)
    least, most = int(np.nanargmin(points)), int(np.nanargmax(points))
    by = [*names, None]
    if points[least] == difference:
        least = len(names)
    if points[most] == difference:
        most = len(names)
    return Reach(
        difference, float(points[least]), float(points[most]), by[least], by[most], tuple(flips), tuple(shrinks),
        verdict in DECIDED,
    )  # fmt: skip

"""Designs of a sweep: which points of the factors are run.

    grid             every combination of levels
    lhs              Latin hypercube: each factor's range in as many equal parts as there are samples, one sample in each part
    sobol            a scrambled Sobol sequence: spreads evenly in all factors together
    one-at-a-time    the scenario's own values, and each factor alone over its levels
    FILE.csv         a head of paths and a row a point; a blank cell is the scenario's own value

`pairs` is a design of its own, of levers and not of values (`experiment.design.pairs`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from simulation.errors import ScenarioError
from simulation.experiment.design.factors import USUAL_LEVELS, Factor, check_on, factors_of, read_factors
from simulation.experiment.design.file import read_design_file
from simulation.experiment.design.points import Placer, Point, Refused, Settings
from simulation.experiment.design.slots import OPTION
from simulation.scenario import Scenario
from simulation.scenario.faults import Faults, literal, suggestion

GRID, LHS, SOBOL, ALONE, PAIRS = "grid", "lhs", "sobol", "one-at-a-time", "pairs"
KINDS = (GRID, LHS, SOBOL, ALONE)
SAMPLED = (LHS, SOBOL)
SAMPLES = 128
"""Points of a sampled design without a number of its own."""
SEED = 2026
"""Of the samples, not of the simulation: the same command draws the same points."""
MOST_POINTS = 100_000
ENDING = ".csv"
POLICY_OPTION = "--policy"

__all__ = ["KINDS", "Design", "Factor", "Point", "Refused", "make_design", "read_factors"]


@dataclass(frozen=True, eq=False)
class Design:
    """What a sweep runs.

    kind : the design's name, or that of its file
    factors : what is varied
    subjects : keys of the policies that are run at each point, in the scenario's order
    points : no two of them alike
    refused : points that a lever or policy cannot be set to
    notes : sentences on how the design came about
    """

    kind: str
    factors: tuple[Factor, ...]
    subjects: tuple[str, ...]
    points: tuple[Point, ...]
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """What is varied, as dotted paths."""
        return tuple(factor.path for factor in self.factors)


def make_design(
    kind: str,
    factors: Sequence[Factor],
    scenario: Scenario,
    *,
    samples: int | None = None,
    seed: int = SEED,
    file: Path | None = None,
    policies: Sequence[str] = (),
) -> Design:
    """The points of a design.

    Parameters
    ----------
    kind : "grid", "lhs", "sobol", "one-at-a-time", or the name of a CSV file
    factors : what is varied, from `read_factors`; none for a file, which names them in its head
    scenario : Scenario
        Whose policies and parameters are varied.
    samples : int, optional
        Points of lhs and sobol, 128 without it; sobol takes the next power of two.
    seed : int
        Of the samples.
    file : Path, optional
        The CSV file, instead of its name as `kind`.
    policies : keys of policies, optional
        Run at each point beside those whose settings are varied. Where parameters alone are varied it is all of them.

    Raises
    ------
    ScenarioError
        With one sentence a fault; also when every point is refused.
    """
    faults = Faults("--design")
    path = file if file is not None else Path(kind) if kind.lower().endswith(ENDING) else None
    _check_request(kind, factors, samples, path, faults)
    _check_policies(policies, scenario, faults.at(POLICY_OPTION))
    faults.raise_any()
    notes: list[str] = []
    rows: Iterable[tuple[Settings, str]]
    if path is not None:
        slots, rows = read_design_file(path, scenario, MOST_POINTS)
        factors, name = factors_of(slots, [row for row, _ in rows]), path.name
        check_on(factors, faults.at(str(path)))
        faults.raise_any()
    else:
        values, notes = _rows(kind, factors, samples, seed)
        rows, name = ((row, OPTION) for row in values), kind
    subjects = _subjects(factors, scenario, policies)
    points, refused, same = _placed(rows, Placer(scenario, [factor.slot for factor in factors], subjects))
    if not points:
        raise ScenarioError(list(dict.fromkeys(one.sentence for one in refused))[:20] or f"{name}: no point is left to run")
    if same:
        notes.append(f"{same:,} of the points came to the same policies and parameters as another; each is run once")
    return Design(name, tuple(factors), subjects, points, refused, tuple(notes))


def _check_request(kind: str, factors: Sequence[Factor], samples: int | None, file: Path | None, faults: Faults) -> None:
    if file is None and kind == PAIRS:
        faults.add(PAIRS, f"takes no factors: it sets every two levers to typical; leave {OPTION} out, in Python call run_pairs")
    elif file is None and kind not in KINDS:
        faults.add(f'"{kind[:60]}"', f"is no design; {suggestion(kind, [*KINDS, PAIRS])}, or name a CSV file")
    elif file is not None and factors:
        faults.add(str(file), f"names in its head what is varied; leave {OPTION} out")
    elif file is None and not factors:
        faults.add(kind, f"varies nothing; add {OPTION} PATH=RANGE")
    if samples is None:
        return
    if file is not None or kind not in SAMPLED:
        faults.at("--samples").add(str(samples), f"goes with the designs {' and '.join(SAMPLED)}; leave it out")
    elif type(samples) is not int or not 1 <= samples <= MOST_POINTS:
        faults.at("--samples").add(str(samples), f"is refused; it takes a whole number in [1, {MOST_POINTS:,}]")


def _check_policies(policies: Sequence[str], scenario: Scenario, faults: Faults) -> None:
    """Refuse names that are no policy of the scenario, as what was asked for and not as what the file says."""
    known = [policy.key for policy in scenario.policies]
    for key in policies:
        if key not in known:
            faults.add(literal(key), f"is no policy of {scenario.source or scenario.name}; {suggestion(str(key), known)}")


def _subjects(factors: Sequence[Factor], scenario: Scenario, policies: Sequence[str]) -> tuple[str, ...]:
    """The policies whose settings are varied and those asked for besides; all where there are none."""
    named = {factor.slot.policy for factor in factors} - {None} | set(policies)
    return tuple(policy.key for policy in scenario.policies if policy.key in named or not named)


def _placed(
    rows: Iterable[tuple[Settings, str]], placer: Placer
) -> tuple[tuple[Point, ...], tuple[Refused, ...], int]:
    """Points without their doubles, points refused, and how many doubles there were."""
    points: dict[Any, Point] = {}
    refused: dict[Any, Refused] = {}
    count = 0
    for row, where in rows:
        count += 1
        placed = placer.place(row, where)
        if isinstance(placed, Refused):
            refused.setdefault(tuple(placed.settings.values()), placed)
        else:
            points.setdefault(placed[1], placed[0])
    return tuple(points.values()), tuple(refused.values()), count - len(points) - len(refused)


def _rows(kind: str, factors: Sequence[Factor], samples: int | None, seed: int) -> tuple[Iterable[Settings], list[str]]:
    """Values by path of every point, and what there is to say of how they came about."""
    if kind in SAMPLED:
        return _sampled(kind, factors, samples or SAMPLES, seed)
    told = f"has no number of values behind it: {USUAL_LEVELS} are taken"
    notes = [f"the range of {factor.path} {told}" for factor in factors if not factor.values]
    levels = [factor.levels for factor in factors]
    count = math.prod(map(len, levels)) if kind == GRID else 1 + sum(map(len, levels))
    if count > MOST_POINTS:
        raise ScenarioError(
            f"--design: {kind} has {count:,} points, more than {MOST_POINTS:,}; "
            f"take fewer values, or --design {LHS} --samples N"
        )
    paths = [factor.path for factor in factors]
    if kind == GRID:
        return (dict(zip(paths, values, strict=True)) for values in product(*levels)), notes
    return _one_at_a_time(factors), notes


def _one_at_a_time(factors: Sequence[Factor]) -> Iterator[Settings]:
    yield {}
    for factor in factors:
        yield from ({factor.path: level} for level in factor.levels)


def _sampled(kind: str, factors: Sequence[Factor], samples: int, seed: int) -> tuple[Iterable[Settings], list[str]]:
    """Points in the unit cube, brought to the factors' ranges."""
    from scipy.stats import qmc

    notes = []
    if kind == SOBOL:
        power = max(math.ceil(math.log2(samples)), 0)
        if 2**power != samples:
            notes.append(f"sobol takes {2**power:,} samples, the next power of two after {samples:,}: only then are they even")
        cube = qmc.Sobol(len(factors), rng=seed).random_base2(power)
    else:
        cube = qmc.LatinHypercube(len(factors), rng=seed).random(samples)
    notes += [
        f"the range of {factor.path} is sampled from end to end; the number of values counts for {GRID} and {ALONE} alone"
        for factor in factors
        if factor.values and not factor.listed
    ]
    return ({factor.path: factor.at(float(x)) for factor, x in zip(factors, row, strict=True)} for row in cube), notes

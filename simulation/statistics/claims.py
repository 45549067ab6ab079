"""Claims and statements judged: the effect with default parameters, and its range over what is plausible.

    contrast    sum over policies of weight x metric, seed by seed, so that luck which all policies meet drops out
    relative    the contrast over the mean, across seeds, of the policy with weight -1
    level       the metric under the policy of weight 1; what else moved is the contrast, against the baseline if that is alone

The plausible range comes from moving the rows that the expectation varies. Each row goes alone to the low and the high end of
its range; then all rows go together to the ends that raised the effect, and together to those that lowered it. So it is
one at a time plus two joint corners: rows that work against each other can lead further. Moves run on fewer seeds than
the effect itself, and what is reported is the effect with defaults plus the paired change on those seeds.
A quick look leaves the range out (`ranges=False`): nothing is moved, and verdicts speak of the defaults alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from simulation.evidence.read import Row
from simulation.experiment.batch.moved import Move, Set, ends_of
from simulation.experiment.execute import Progress, counter, main_work, run
from simulation.experiment.work.workers import Advance, Workers, shared_workers
from simulation.scenario import Expectation, Scenario, within
from simulation.statistics.intervals import t_interval
from simulation.statistics.measures import measure
from simulation.statistics.moved import simulated
from simulation.statistics.verdicts import PASSES, Estimate, Moved, Plausible, verdict
from simulation.vocabulary import Array

OTHERS = ("turnover", "revenue", "total_cost", "contribution")
"""What else may have moved: given as differences, in the measures' units."""
SEEDS = 8
"""Seeds of a moved run."""
GRADE = "D"
"""Of every claim: one unnamed firm each, with no sample, period or control group."""
CORNERS = "rows moved together"


@dataclass(frozen=True)
class Judgement:
    """What is known of one expectation.

    scenario : Scenario that carries it, as resolved
    effect : with default parameters, on the scale of the expectation's `change`
    plausible : its range over what is plausible; None where it was left out
    moved : the effect under each single move
    verdict : in the words of `statistics.verdicts`
    others : what the same contrast does to turnover, revenue, total cost and contribution
    seeds : of a moved run; 0 where none was asked for
    left_out : rows that were not moved, with the reason
    """

    scenario: Scenario
    expectation: Expectation
    effect: Estimate
    plausible: Plausible | None
    moved: tuple[Moved, ...]
    verdict: str
    others: Mapping[str, Estimate]
    seeds: int
    left_out: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """Whether the claim is reached, its direction as claimed, or the statement holds."""
        return self.verdict in PASSES


class _View:
    """A scenario in one world: figures (policy, seed, measure) with defaults and under sets of moves."""

    def __init__(self, scenario: Scenario, of: Sequence[str], advance: Advance | None) -> None:
        self.of, self.advance = of, advance
        records = run(scenario, processes=Workers(1), ledger=False)
        self.scenario = records.scenario
        self.few = replace(self.scenario, seed_count=min(SEEDS, scenario.seed_count))
        self.default = np.stack([measure(records, key) for key in of], axis=-1)
        self.under: dict[Set, Array] = {}
        self.refused: dict[Set, str] = {}
        if advance:
            advance(main_work(scenario))

    def move(self, sets: Sequence[Set]) -> None:
        """Run sets of moves that have not been run yet."""
        new = [some for some in dict.fromkeys(sets) if some not in self.under]
        found, refused = simulated(self.few, new, Workers(1), self.advance, of=self.of)
        self.under |= found
        self.refused |= refused


class _Case:
    """One expectation in the world of its scenario, and in the other world if it is compared with one."""

    def __init__(self, one: Expectation, views: Sequence[_View]) -> None:
        self.one, self.views = one, views
        self.scenario = views[0].scenario
        rows = [self.scenario.parameters.rows[key] for key in _varied(one, self.scenario)]
        self.ends = [(row, ends_of(row)) for row in rows]
        self.singles: list[Set] = [(Move((row.group, row.name), end),) for row, own in self.ends for end in own]

    def effect(self, some: Set | None = None) -> Array:
        """The effect by seed, on the scale of the expectation's `change`: with defaults, or under a set of moves."""
        return self._against([self._own(view, view.default if some is None else view.under[some]) for view in self.views])

    def difference(self, key: str) -> Array:
        """The contrast in a measure by seed, in its unit; of one policy alone, against the baseline."""
        weights = dict(self.one.contrast)
        if len(weights) == 1:
            weights[self.scenario.baseline] = weights.get(self.scenario.baseline, 0.0) - 1.0
        return self._against([self._weighed(view, key, view.default, weights) for view in self.views])

    def _own(self, view: _View, values: Array) -> Array:
        """The effect by seed in one world."""
        one = self.one
        level = {name: weight for name, weight in one.contrast.items() if weight > 0.0}
        found = self._weighed(view, one.metric, values, level if one.change == "level" else one.contrast)
        if one.change != "relative":
            return found
        reference = {name: 1.0 for name, weight in one.contrast.items() if weight < 0.0}
        return np.asarray(found / t_interval(self._weighed(view, one.metric, values, reference)).mean)

    @staticmethod
    def _weighed(view: _View, key: str, values: Array, weights: Mapping[str, float]) -> Array:
        """The sum over policies of weight x measure, by seed."""
        places = {policy.key: place for place, policy in enumerate(view.scenario.policies)}
        figures = values[:, :, list(view.of).index(key)]
        terms = [weight * figures[places[name]] for name, weight in weights.items()]
        return np.asarray(np.sum(terms, axis=0))

    @staticmethod
    def _against(found: Sequence[Array]) -> Array:
        """What the own world gives, less what the other world gives if there is one."""
        return found[0] if len(found) == 1 else found[0] - found[1]

    def at(self, some: Set) -> Estimate:
        """The effect under a set of moves: with defaults, plus the paired change on the seeds of the move."""
        before, under = self.effect(), self.effect(some)
        mean = float(t_interval(before).mean + t_interval(under - before[: len(under)]).mean)
        interval = t_interval(under)
        half = 0.5 * float(interval.high - interval.low)
        return Estimate(mean, mean - half, mean + half)

    def corners(self) -> list[Set]:
        """All rows together, each at the end that raised the effect most; and each at the end that lowered it most."""
        here = _estimate(self.effect()).mean
        found: list[Set] = []
        for sign in (1.0, -1.0):
            chosen = []
            for row, own in self.ends:
                moves = [(Move((row.group, row.name), end),) for end in own]
                gains = [(sign * (self.at(some).mean - here), some[0]) for some in moves]
                gain, move = max((pair for pair in gains if np.isfinite(pair[0])), key=lambda pair: pair[0], default=(0.0, None))
                if move is not None and gain > 0.0:
                    chosen.append(move)
            if len(chosen) > 1:
                found.append(tuple(chosen))
        return found

    def judged(self) -> Judgement:
        """The judgement with defaults alone."""
        effect = _estimate(self.effect())
        others = {key: _estimate(self.difference(key)) for key in OTHERS}
        return Judgement(self.scenario, self.one, effect, None, (), verdict(self.one, effect, None, ()), others, 0, ())

    def judged_over(self, corners: Sequence[Set]) -> Judgement:
        """The judgement over the plausible range, once all moves have been run."""
        effect = _estimate(self.effect())
        rows = self.scenario.parameters.rows
        moved = tuple(Moved(_path(rows[some[0].key]), some[0].value, self.at(some)) for some in self.singles)
        points = [("", effect.mean), *((f"{move.row}={move.value:.6g}", move.effect.mean) for move in moved)]
        points = [(name, x) for name, x in [*points, *((CORNERS, self.at(some).mean) for some in corners)] if np.isfinite(x)]
        low, high = (pick(points, key=lambda point: point[1], default=("", np.nan)) for pick in (min, max))
        plausible = Plausible(low[1], high[1], low[0], high[0])
        return Judgement(
            self.scenario, self.one, effect, plausible, moved,
            verdict=verdict(self.one, effect, plausible, moved),
            others={key: _estimate(self.difference(key)) for key in OTHERS},
            seeds=self.views[0].few.seed_count,
            left_out=self._left_out([*self.singles, *corners]),
        )  # fmt: skip

    def _left_out(self, sets: Sequence[Set]) -> tuple[str, ...]:
        fixed = [_path(row) for row, own in self.ends if not own]
        told = (f"not moved, for want of a range or because they lay out the seats: {', '.join(fixed)}",) if fixed else ()
        refused = {some: reason for view in self.views for some, reason in view.refused.items() if some in sets}
        names = {some: " and ".join(f"{'.'.join(move.key)}={move.value:.6g}" for move in some) for some in refused}
        return told + tuple(f"{names[some]} was left out: {reason}" for some, reason in refused.items())


def judge_all(
    scenarios: Sequence[Scenario],
    progress: Progress | None = None,
    *,
    ranges: bool = True,
    processes: int | Workers | None = None,
) -> tuple[Judgement, ...]:
    """Every expectation of these scenarios, judged; a scenario is one task, so workers share the files among them.

    Parameters
    ----------
    scenarios : as `read_expected` gives them
    progress : called with (done, total, what), in rep-months
    ranges : bool
        Whether rows are moved over what is plausible; without it verdicts speak of the defaults alone.
    processes : int or Workers, optional
        How many processes share the work, or workers that serve other work too; left out, one a core when the work is large.
        The figures are the same, bit for bit.

    Raises
    ------
    ScenarioError
        When a promise of equal cost cannot be kept, or a world has no steady start.
    """
    work = [judging_work(scenario, ranges=ranges) for scenario in scenarios]
    order = sorted(range(len(scenarios)), key=lambda place: -work[place])  # the longest first, so that none is waited for
    with shared_workers(processes, rep_months=sum(work), side_by_side=len(scenarios) or None) as crew:
        advance = counter(progress, sum(work), "judging claims")
        done = crew.each(partial(judge, ranges=ranges), [(scenarios[place],) for place in order], advance)
    if progress and done:
        progress(sum(work), sum(work), "judging claims")  # corners that were not needed are behind us too
    found = dict(zip(order, done, strict=True))
    return tuple(one for place in range(len(scenarios)) for one in found[place])


def judge(scenario: Scenario, advance: Advance | None = None, *, ranges: bool = True) -> tuple[Judgement, ...]:
    """The expectations of one scenario, which share its runs, at point values; without `ranges` nothing is moved."""
    scenario = scenario.luck_only()
    of = tuple(dict.fromkeys([*(one.metric for one in scenario.expect), *OTHERS]))
    own = _View(scenario, of, advance)
    others: dict[tuple[str, ...], _View] = {}
    for one in scenario.expect:
        if one.against_world and one.against_world not in others:
            others[one.against_world] = _View(within(own.scenario, one.against_world, "expect.against_world"), of, advance)
    cases = [_Case(one, [own, *([others[one.against_world]] if one.against_world else [])]) for one in scenario.expect]
    if not ranges:
        return tuple(case.judged() for case in cases)
    for view in (own, *others.values()):
        view.move([some for case in cases if view in case.views for some in case.singles])
    corners = [case.corners() for case in cases]
    for view in (own, *others.values()):
        view.move([some for case, sets in zip(cases, corners, strict=True) if view in case.views for some in sets])
    return tuple(case.judged_over(sets) for case, sets in zip(cases, corners, strict=True))


def _varied(one: Expectation, scenario: Scenario) -> list[tuple[str, str]]:
    """The keys of the rows that an expectation varies, in the order of the evidence."""
    return [key for key in scenario.parameters.rows if key[0] in one.vary or ".".join(key) in one.vary]


def judging_work(scenario: Scenario, *, ranges: bool = True) -> int:
    """Work [rep-months] of judging a scenario, roughly: corners are counted as if each were needed."""
    views = 1 + len({one.against_world for one in scenario.expect if one.against_world})
    if not ranges:
        return views * main_work(scenario)
    rows = {key for one in scenario.expect for key in _varied(one, scenario)}
    sets = sum(len(ends_of(scenario.parameters.rows[key])) for key in rows) + 2 * len(scenario.expect)
    moves = sets * min(SEEDS, scenario.seed_count) * scenario.seats * len(scenario.policies) * scenario.months
    return views * (main_work(scenario) + moves)


def _estimate(by_seed: Array) -> Estimate:
    return Estimate(*(float(figure) for figure in t_interval(by_seed)))


def _path(row: Row) -> str:
    return f"{row.group}.{row.name}"

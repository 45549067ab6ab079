"""What a comparison found: the table, what it was about, and what the charts are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulation.evidence.measures import MEASURES, Measure
from simulation.showing import Shown

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.scenario import Material, Scenario
    from simulation.statistics.assumptions import AssumptionRange
    from simulation.statistics.ranks import Rank
    from simulation.statistics.reasons import Reasons
    from simulation.statistics.static_price import StaticPrice
    from simulation.statistics.stopping import Stopping

HEADLINES = ("turnover", "bookings", "revenue", "contribution", "pay_cost")
"""The figures shown first, in this order; the objective and what is required join them."""


@dataclass(frozen=True)
class DrawFacts:
    """What was drawn, a draw a seed.

    drawn : paths of the parameters that varied
    fixed : paths of those that would have varied and that the scenario sets itself
    brought_back : values that were brought back into their range, and all values; levels count among them
    anchored : whether the pack's levels followed the draws, so that its headline numbers stay
    """

    drawn: tuple[str, ...]
    fixed: tuple[str, ...]
    brought_back: tuple[int, int]
    anchored: bool


@dataclass(frozen=True)
class Facts:
    """What was compared, as far as a reader of the result needs it."""

    run: str  # id of the run, the name of its folder
    name: str
    title: str
    question: str
    world: tuple[str, ...]
    months: int
    seats: int
    first_seed: int
    seeds: int
    objective: str
    require: Mapping[str, tuple[str, float]]
    material: Mapping[str, Material]
    assumed: int  # parameters that nobody has measured and that are not drawn
    draws: DrawFacts | None = None  # None where all parameters have their point values


@dataclass(frozen=True, eq=False)
class Summary(Shown):
    """Policies compared, paired by seed.

    `table` has one row a policy (index: its key, the baseline first), the column `label`, and for every measure the columns
    `<measure>_mean|_low|_high` (95% interval over seeds), `_diff|_diff_low|_diff_high` (policy less baseline, paired by
    seed), `_p_better` (share of seeds in which it is better; NaN where the measure has no better side), `_decided` and
    `_effective_seeds` (independent seeds that the paired ones are worth, see `statistics.gain`).
    `_chance` and `_diff_chance` are the share of chance in the variance behind either interval; the rest is of parameters,
    none where none is drawn, and NaN where an interval has no width.

    `series` holds the frames of the charts, each worked out when it is first asked for: `timeline`, `survival`, `bridge`,
    `years` (see `statistics.series`), and `stays`, how long reps stay against the baseline's (see
    `statistics.stays.log_rank_table`); `survival_segments`, `leavers`, `leavers_total` and `attainment` are about people (see
    `statistics.people`).
    `by_seed` holds every measure of every seed as an array (policy, seed), `by_seed_point` the same at point values, empty
    where nothing is drawn; then `ranks` is empty too, else it holds each policy's rank by the objective and how sure it is.
    `reasons` says why policies differ, where it was asked for (`statistics.reasons.with_reasons`).
    `assumptions` holds how far the differences hang on assumed parameters, where that has been asked for.
    `static` holds what each plan would cost if nobody changed behaviour, and who would lose; None where rep-months were not kept.
    `stopping` says how it came that no more seeds were added; None where their number was fixed. A policy that was settled out
    before the others has fewer seeds: its differences are of those, and its means the baseline's plus them (`statistics.levels`).
    """

    table: DataFrame
    baseline: str
    labels: Mapping[str, str]
    warnings: tuple[str, ...]
    moved: Mapping[str, Any]
    facts: Facts
    measures: Mapping[str, Measure] = field(default_factory=lambda: MEASURES)
    series: Mapping[str, DataFrame] = field(default_factory=dict)
    by_seed: Mapping[str, Any] = field(default_factory=dict)
    by_seed_point: Mapping[str, Any] = field(default_factory=dict)
    ranks: Mapping[str, Rank] = field(default_factory=dict)
    reasons: Reasons | None = None
    assumptions: AssumptionRange | None = None
    static: StaticPrice | None = None
    stopping: Stopping | None = None

    @property
    def policies(self) -> tuple[str, ...]:
        """Keys of the policies, the baseline first."""
        return tuple(self.labels)

    @property
    def others(self) -> tuple[str, ...]:
        """Keys of the policies but the baseline."""
        return tuple(key for key in self.labels if key != self.baseline)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the user wrote: title, question and labels."""
        return self.facts.title, self.facts.question, *self.labels.values()

    @property
    def seeds(self) -> str:
        """How many seeds stand behind the figures: "64 seeds", or "16 to 81 seeds" where policies have different numbers."""
        most = self.facts.seeds
        fewest = min(self.stopping.seeds.values()) if self.stopping else most
        return f"{fewest} to {counted(most, 'seed')}" if fewest < most else counted(most, "seed")

    @property
    def headlines(self) -> tuple[str, ...]:
        """The measures to show first: the usual ones, the objective, and what is required."""
        return headlines(self.facts)

    @property
    def luck(self) -> str:
        """What the intervals stand for and what they leave out: for figures without assumption ranges."""
        return f"{self._held}; not included: {counted(self.facts.assumed, 'assumed parameter')}"

    @property
    def _held(self) -> str:
        """What the intervals hold."""
        facts = self.facts
        luck = f"intervals: luck of {self.seeds}"
        if facts.draws is None or not facts.draws.drawn:
            return luck
        return f"{luck}, {counted(len(facts.draws.drawn), 'drawn parameter')}"

    @property
    def intervals(self) -> str:
        """The same where assumption ranges stand beside the intervals."""
        facts, moved = self.facts, len(self.assumptions.moved) if self.assumptions else 0
        if not moved:
            return self.luck
        alone = f"{moved} of {counted(facts.assumed, 'assumed parameter')} moved one at a time"
        return f"{self._held}; assumption ranges: {alone}; not included: the others, and several wrong at once"

    def value(self, policy: str, measure: str, column: str = "mean") -> Any:
        """One cell of the table: `value("growth_mix", "turnover", "diff_low")`."""
        return self.table.loc[policy, f"{measure}_{column}"]


def headlines(asked: Scenario | Facts) -> tuple[str, ...]:
    """The figures to show first: the usual ones, the objective, and what is required."""
    return tuple(dict.fromkeys((*HEADLINES, asked.objective, *asked.require)))


def counted(number: int, noun: str) -> str:
    """A number and its noun: "1 seed", "64 seeds", "1,715 points"."""
    return f"{number:,} {noun}{'s' if number != 1 else ''}"

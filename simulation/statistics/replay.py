"""The baseline's sales paid again under other plans: payroll without people.

What was sold, by whom, at which discount, who came and who left is read from the ledger of the baseline's rep-months. Only
payroll is worked out anew, month by month, by the rules and levers that the model pays with:

    quotas, periods, ratchet and ramp        `rules.goals`, by each plan's pushes
    credit at list value, discount as given  `rules.pay`, with the plan's basis and pool
    cash and deferred pay                    the levers' pushes on `cash_pay` and `deferred_cost`, and what they remember of both

Nobody reacts and no luck is drawn. Under the baseline's own plan this gives the baseline's pay to the last bit.
Two things stay the lever's own: who takes cash from an incentive menu (by recorded motives), and what a reward for writing
draws in contributions, a part of what the reward costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.engine import Course, Settings, board, stage
from simulation.errors import RunError
from simulation.evidence.read import Parameters
from simulation.levers import catalogue
from simulation.levers.base import Lever, LeverBoard
from simulation.rep_months import COUNTS, FIGURES, FIRM, FIXED, REGIONAL, START
from simulation.rules import goals, leaving, pay
from simulation.state import Grouping, Layout
from simulation.vocabulary import ORDINARY_PERIOD, Array, Motives, Tasks

PAYS = (
    Lever.quota_level, Lever.quota_ratchet, Lever.quota_ramp, Lever.quota_period, Lever.margin_basis, Lever.credit_pool,
    Lever.cash_pay, Lever.deferred_cost,
)  # fmt: skip
"""The sockets that decide what reps are paid; a lever that pushes on none of them is left out."""
AT_THE_END = ("filled", "tenure", "segment", *FIRM)
"""What changes after payroll: during a month it still stands as the month before left it."""
LIVED = tuple(name for name in (*COUNTS, *FIGURES, *REGIONAL) if name not in AT_THE_END)


class NotKeptError(RunError):
    """A lever's pay depends on something that is not kept of rep-months."""


@dataclass(frozen=True, eq=False)
class Payday:
    """What every seat is paid in one month, each (policy, seed, seat) [usd]: in cash, and as deferred pay is booked."""

    month: int
    cash: Array
    deferred: Array


class Recalled:
    """The state as levers read it at payroll, as far as the ledger keeps it; arrays are (policy, seed, seat)."""

    def __init__(self, ledger: Mapping[str, Any], policies: int, p: Parameters) -> None:
        seats = ledger["filled"].shape[-1]
        layout = Layout(seats, int(p.market.span), int(p.market.regions))
        self.team, self.region = Grouping.of(layout.team_of_seat), Grouping.of(layout.region_of_seat)
        self._ledger, self._policies = ledger, policies
        self.memory: dict[str, dict[str, Array]] = {}
        for name in ledger:
            if name.startswith("memory."):
                _, lever, held = name.split(".", 2)
                self.memory.setdefault(lever, {})[held] = self._remembered(ledger[name])
        for name in FIXED:
            setattr(self, name, self._whole(ledger[name]))
        for name in START:
            setattr(self, name, self._whole(ledger[f"start.{name}"]))
        self.recall(0, LIVED)
        self.recall(0, AT_THE_END)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotKeptError(f"a lever's pay depends on {name!r} of the state, which is not kept of rep-months")

    def recall(self, entry: int, names: Sequence[str]) -> None:
        """Let fields stand as an entry of the ledger has them."""
        parts: dict[str, dict[str, Array]] = {}
        for name in names:
            value = self._whole(self._ledger[name][:, entry])
            whole, _, part = name.partition(".")
            if part:
                parts.setdefault(whole, {})[part] = value
            else:
                setattr(self, name, value)
        kinds: Mapping[str, Any] = {"output": Tasks, "profile": Motives}
        for whole, found in parts.items():
            setattr(self, whole, kinds[whole](**{task: found.get(task, np.nan) for task in kinds[whole]._fields}))

    def list_value(self, month: int) -> Array:
        """List value of what each seat sold in a month [usd]."""
        return self._whole(self._ledger["list_value"][:, month + 1])

    def _whole(self, value: Any) -> Array:
        """(seed, seat) as every policy meets it."""
        value = np.asarray(value, dtype=np.float64)
        return np.broadcast_to(value, (self._policies, *value.shape))

    def _remembered(self, value: Any) -> Array:
        """(seed, ..., seat) of a memory as (..., policy, seed, seat) that may be written to."""
        moved = np.moveaxis(np.asarray(value, dtype=np.float64), 0, -2)[..., None, :, :]
        return np.repeat(moved, self._policies, axis=-3)


def replay(
    ledger: Mapping[str, Any], courses: Sequence[Course], baseline: Settings, used: Sequence[str], p: Parameters, months: int
) -> Iterator[Payday]:
    """Pay the baseline's sales under several plans, month by month.

    Parameters
    ----------
    ledger : of `rep_months`
    courses : the plans, one a policy, with the months in which they hold
    baseline : levers that hold where a plan does not
    used : keys of the levers that any of them sets
    p : Parameters
        Of the ledger's seeds.
    months : int
        How many are paid, from month 0 on.

    Raises
    ------
    NotKeptError
        When a lever of the user's own pays by something that the ledger does not hold.
    """
    s: Any = Recalled(ledger, len(courses), p)
    payers = [key for key in used if pays(catalogue()[key])]
    s.memory = {key: held for key, held in s.memory.items() if key in payers}
    levers = plan = LeverBoard((), p)
    shown: Any = None
    for month in range(months):
        stages = [stage(baseline, month, course.starts, course.ends) for course in courses]
        if stages != shown:
            shown = stages
            pairs = [now.levers(course.levers, baseline) for now, course in zip(stages, courses, strict=True)]
            levers, plan = (board(own, payers, p, s.memory) for own in zip(*pairs, strict=True))
            s.memory = levers.start_memory(s.memory, s.filled.shape)
        yield _month(s, month, levers, plan, p.at(month))


def pays(lever: type[Lever]) -> bool:
    """Whether a lever has a say in what reps are paid."""
    return any(getattr(lever, socket.__name__) is not socket for socket in PAYS)


def _month(s: Any, month: int, levers: LeverBoard, plan: LeverBoard, p: Parameters) -> Payday:
    """One month's payroll, in the order of the schedule: goals, credit, pay, memory, who is there next."""
    _set_goals(s, month, plan, p)
    s.recall(month + 1, LIVED)
    _credit(s, month, levers, plan, p)
    cash = pay.cash(s.market_pay, s.filled, plan.push(Lever.cash_pay, s))
    attainment, ended = (s.sold + s.credited) / s.period_quota, s.months_left <= 1.0
    s.log_ratchet = goals.ratcheted(s.log_ratchet, attainment, ended * s.filled, plan.push(Lever.quota_ratchet, s), p)
    s.record = leaving.record(s.record, s.credited, s.monthly_quota * goals.ramp_share(s.tenure, 1.0, p), p)
    deferred = levers.push(Lever.deferred_cost, s) + np.zeros_like(cash)
    s.memory = plan.remember(s)
    s.recall(month + 1, AT_THE_END)
    newcomer = (s.filled > 0.0) & (s.tenure == 0.0)
    s.record = np.where(newcomer, 1.0, s.record)
    for held in levers.personal(s.memory):
        held[..., newcomer] = 0.0
    return Payday(month, cash, deferred)


def _set_goals(s: Any, month: int, plan: LeverBoard, p: Parameters) -> None:
    """Quotas as `month.set_goals` sets them."""
    began = (s.months_left <= 1.0) | (s.tenure == 0.0)
    s.sold = np.where(began, 0.0, s.sold + s.credited)
    s.period_months = ORDINARY_PERIOD + plan.push(Lever.quota_period, s) + np.zeros_like(s.months_left)
    s.months_left = goals.months_left(month, s.period_months)
    s.monthly_quota = goals.monthly_quota(s.standard_quota, s.log_ratchet, plan.push(Lever.quota_level, s))
    follow = plan.push(Lever.quota_ramp, s)
    fresh = goals.period_quota(s.monthly_quota, s.tenure, s.months_left, s.period_months, follow, p)
    s.period_quota = np.where(began, fresh, s.period_quota)


def _credit(s: Any, month: int, levers: LeverBoard, plan: LeverBoard, p: Parameters) -> None:
    """Credit as `month.sell` gives it, at the list value and the discount of record."""
    listed, basis = s.list_value(month), plan.push(Lever.margin_basis, s)
    s.bookings = listed * (1.0 - s.discount)
    own = s.filled * pay.credited(listed, s.discount, basis, p.contract.gross_margin)
    s.credited = pay.pooled(own, levers.push(Lever.credit_pool, s), s.filled, s.team)

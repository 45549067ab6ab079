"""Equity: grants that vest with time, and hold people until they do.

    grant      = share of yearly market pay x result multiple, in shares at the price of the month
    unvested   = granted x (1 - vested part): all until the cliff, or falling month by month when graded
    at stake   = unvested x price x the part of face value that a rep credits
    cost       = grant / vesting a month while it vests; what is forfeited is reversed

A grant delays leaving, it does not abolish the wish (aldatmaz2018, gong2026): the locked-in rule of `leaving` does the rest.
There is no effect on effort: firms with employee ownership hardly perform better (oboyle2016).
Recurring grants count in expected pay at what a rep credits them with; a single one is a stake and no income.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Array, Outlook, Push

if TYPE_CHECKING:
    from simulation.state import State

SHORTEST_REFRESH = 12.0
LEDGER = ("shares", "age", "vesting", "cliff", "price")
"""What is kept of each grant."""


class Equity(Lever):
    """Grants of shares to every rep, at the start and at each refresh; newcomers get theirs when they join."""

    key: ClassVar[str] = "equity"
    family: ClassVar[str] = "pay"
    title: ClassVar[str] = "Equity"

    grant: float = setting(0.0, typical=0.10, unit="share of yearly market pay", ge=0, le=2, doc="Fair value of each grant.")
    vesting: float = setting(
        0.0, typical=36.0, unit="months", ge=0, le=60, doc="Months until a grant has vested in full.", source="aldatmaz2018"
    )
    schedule: Literal["cliff", "graded"] = setting(
        "cliff", typical="cliff", unit="word", doc="Whether a grant vests all at once at the end or month by month."
    )
    refresh: float = setting(
        0.0,
        typical=12.0,
        unit="months",
        ge=0,
        le=120,
        doc="Months from one grant to the next; below 12 counts as 12; 0 for a single grant.",
    )
    tied_to: Literal["nothing", "firm", "team"] = setting(
        "nothing",
        typical="firm",
        unit="word",
        doc="Whose results scale a refresh: none, the firm's by its value against month 0, or the team's by its record.",
    )

    newcomers: bool = setting(
        True,
        typical=True,
        unit="yes/no",
        doc="Whether those who join later are granted too; no makes it a grant to today's reps.",
    )

    @cached_property
    def _vesting(self) -> Any:
        """Whole months until a grant has vested."""
        return np.floor(self.vesting)

    @cached_property
    def _refresh(self) -> Any:
        """Whole months from grant to grant, infinite for a single one."""
        return np.where(self.refresh > 0.0, np.maximum(np.floor(self.refresh), SHORTEST_REFRESH), np.inf)

    @cached_property
    def _runs(self) -> Any:
        """Whether anything is granted at all."""
        return (self.grant > 0.0) & (self._vesting > 0.0)

    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """A ledger of tranches, (tranche, policy, seed, seat); months under the programme and since the first grant.

        It holds one grant a rep; a tranche is added in the first month in which somebody holds one more.
        """
        ledger = {name: np.zeros((1, *shape)) for name in LEDGER}
        return ledger | {"clock": np.zeros(shape), "under": np.zeros(shape)}

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """Grants age by a month and vest; those due are granted anew; a leaver's are gone."""
        old = dict(s.memory[self.key])
        stays = s.filled * (1.0 - s.quits - s.dismissals)
        age = (old["age"] + 1.0) * (old["shares"] > 0.0)
        shares = np.where(age >= old["vesting"], 0.0, old["shares"])
        clock, under = old["clock"], old["under"]
        begins = under.max(axis=-1, keepdims=True) == 0.0
        first = (under == 0.0) & (begins | (self.newcomers > 0.0))
        due = (stays > 0.0) & self._runs & np.where(clock > 0.0, np.mod(clock, self._refresh) == 0.0, first)
        new = self.grant * 12.0 * s.market_pay * np.where(clock > 0.0, self._result(s), 1.0) / s.equity_price
        if np.any(due & np.all(shares > 0.0, axis=0)):
            another = np.zeros((1, *due.shape))
            shares, age = np.concatenate([shares, another]), np.concatenate([age, another])
            old |= {name: np.concatenate([old[name], another]) for name in ("vesting", "cliff", "price")}
        free = np.argmax(shares == 0.0, axis=0)
        here = due & (np.arange(len(shares)).reshape(-1, 1, 1, 1) == free)
        cliff: Any = self.schedule
        return {
            "shares": np.where(here, new, shares) * stays,
            "age": np.where(here, 0.0, age),
            "vesting": np.where(here, self._vesting, old["vesting"]),
            "cliff": np.where(here, cliff.cliff, old["cliff"]),
            "price": np.where(here, s.equity_price, old["price"]),
            "clock": (clock + ((clock > 0.0) | due)) * stays,
            "under": under + self._runs,
        }

    def _result(self, s: State) -> Push:
        """Multiple of a refresh: between a half and one and a half, by the firm's value or the team's mean record."""
        reps = np.maximum(s.team.sum(s.filled), 1.0)
        team = s.team.to_seats(s.team.sum(s.record * s.filled) / reps)
        bounded = lambda x: np.minimum(np.maximum(x, 0.5), 1.5)  # noqa: E731
        tied: Any = self.tied_to
        return tied.nothing + tied.firm * bounded(s.equity_price) + tied.team * bounded(team)

    def deferred_pay(self, s: State, p: Any) -> Push:
        """What a rep would forfeit by leaving now, as the rep values it."""
        ledger = s.memory.get(self.key)
        if not ledger:
            return 0.0
        vested = np.where(ledger["cliff"] > 0.0, 0.0, ledger["age"] / np.maximum(ledger["vesting"], 1.0))
        unvested = (ledger["shares"] * (1.0 - vested)).sum(axis=0)
        return p.credited_value * unvested * s.equity_price

    def deferred_cost(self, s: State, p: Any) -> Push:
        """Fair value at grant spread over vesting, less what was booked for cliffs that leavers of this month forfeit."""
        ledger = s.memory.get(self.key)
        if not ledger:
            return 0.0
        a_month = ledger["shares"] * ledger["price"] / np.maximum(ledger["vesting"], 1.0)
        leaves = s.quits + s.dismissals
        forfeited = a_month * (ledger["age"] + 1.0) * ledger["cliff"] * (ledger["age"] + 1.0 < ledger["vesting"])
        return (a_month - leaves * forfeited).sum(axis=0)

    def expected_pay(self, s: State, p: Any, view: Outlook) -> Push:
        """Recurring grants a month, as a rep credits them: for those in the programme, and for candidates who will be."""
        inside = s.memory[self.key]["clock"] > 0.0 if view.in_place else 0.0
        counted = np.where(self.newcomers > 0.0, 1.0, inside)
        return p.credited_value * self.grant * self._runs * counted * 12.0 / self._refresh * view.market_pay

    def appeal(self, s: State, p: Any) -> Push:
        """A first grant in an offer, spread over its vesting, where newcomers are granted and there will be no other."""
        once = np.where(np.isinf(self._refresh), 1.0, 0.0) * self._runs * self.newcomers
        return p.sign_on_appeal * p.credited_value * self.grant * once / np.maximum(self._vesting / 12.0, 1.0)

"""Dividend on customer value: a share of what a rep's customers are worth a year, earned while they stay, paid out as it vests.

    earned  = pool share x annual value of the accounts in the rep's care / 12
    paid    = (balance + earned) / vesting months                    a bank out of which as much flows each month
    balance' = balance + earned - paid,  of which a leaver forfeits a part and is paid the rest
    cost booked = earned - what is forfeited: paid in cash, and the change of the balance beside it, counted once

A customer who goes stops earning at once, so serving pays for as long as the customer stays: a slope of farming, and of
hunting as far as reps see dividends in a deal that is not yet won. Nothing is credited for months before the programme.
No study of such a pool was found; nearest are pay for keeping beside pay for winning (kim2019) and stakes that delay
leaving (aldatmaz2018). How much more reps ask customers for referrals is an assumption that may be nothing.
It goes wrong where books are long: effort goes from hunting to farming, cash crowds out some of the wish to serve, reps
who live off their accounts need the next deal less, and the stake holds those who would do better elsewhere.
Where customers buy once, and there are no accounts in anybody's care, it does nothing but cost.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Array, Outlook, Push, Tasks

if TYPE_CHECKING:
    from simulation.state import State


class ClvDividend(Lever):
    """Reps share in a pool that is fed by the value of the customers whom they keep."""

    key: ClassVar[str] = "clv_dividend"
    family: ClassVar[str] = "pay"
    title: ClassVar[str] = "Dividend on customer value"

    pool: float = setting(
        0.0,
        typical=0.01,
        unit="share of annual value",
        ge=0,
        le=0.3,
        doc="Share of the annual value in a rep's care that goes to it each year.",
    )
    vesting: float = setting(
        24.0, typical=24.0, unit="months", ge=0, le=60, doc="Months over which the balance is paid out; below 1 counts as 1."
    )
    forfeit: float = setting(
        1.0, typical=1.0, unit="share", ge=0, le=1, doc="Share of the balance that a leaver forfeits; the rest is paid."
    )
    account_cost: float = setting(
        15.0, typical=15.0, unit="usd a rep a month", ge=0, le=1_000, doc="Cost of keeping the accounts of the pool."
    )
    account_hours: float = setting(
        0.5, typical=0.5, unit="hours a month", ge=0, le=20, doc="Time each rep spends on statements and on whose customer it is."
    )

    @cached_property
    def _runs(self) -> Any:
        return self.pool > 0.0

    @cached_property
    def _months(self) -> Any:
        return np.maximum(self.vesting, 1.0)

    # ------------------------------------------------------------------ the balance
    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """What has been earned and not yet paid, in usd, and the accounts on which it was last earned, in usd a year.

        Both are (policy, seed, seat).
        """
        return {"balance": np.zeros(shape), "book": np.zeros(shape)}

    def _balance(self, s: State) -> Any:
        return s.memory[self.key]["balance"]

    def _earned(self, s: State) -> Any:
        """Earned this month on the accounts now in the rep's care, in usd."""
        return self.pool / 12.0 * s.book_value * s.filled

    def _paid(self, s: State) -> Any:
        """Paid out this month, in usd; a vacant seat has nobody to pay."""
        return (self._balance(s) * s.filled + self._earned(s)) / self._months

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """The balance after this month's earnings and payment; it ends with the rep."""
        stays = s.filled * (1.0 - s.quits - s.dismissals)
        balance = (self._balance(s) + self._earned(s) - self._paid(s)) * stays
        return {"balance": balance, "book": self._runs * s.book_value * stays}

    # ------------------------------------------------------------------ money
    def cash_pay(self, s: State, p: Any) -> Push:
        """What vests this month; a balance is paid out even after the programme has ended."""
        return self._paid(s)

    def deferred_cost(self, s: State, p: Any) -> Push:
        """Change of what the firm owes: earned, less paid, less what this month's leavers forfeit."""
        kept = self._earned(s) - self._paid(s)
        owed = (self._balance(s) * s.filled + kept) * self.forfeit
        return kept - (s.quits + s.dismissals) * owed

    def deferred_pay(self, s: State, p: Any) -> Push:
        """The balance that leaving would cost, as the rep values it."""
        return p.credited_value * self.forfeit * self._balance(s)

    def expected_pay(self, s: State, p: Any, view: Outlook) -> Push:
        """A year's dividend on the accounts that come with the seat, by the month, as far as money to come counts."""
        return p.credited_value * self.pool / 12.0 * view.book

    def cash_slope(self, s: State, p: Any) -> Tasks:
        """Dividends on a dollar of annual value kept, over the years that reps look ahead; less of it in new deals."""
        kept = self.pool * p.years_ahead * s.present_bias * self._accounts(s, p)
        return Tasks(hunt=p.seen_in_new * kept, farm=kept)

    def programme_cost(self, s: State, p: Any) -> Push:
        """Keeping the accounts."""
        return self.account_cost * self._runs * s.filled

    # ------------------------------------------------------------------ behaviour
    def _accounts(self, s: State, p: Any) -> Any:
        """How far there are accounts that paid a dividend last month, 0 to 1: nobody answers an empty promise."""
        return -np.expm1(-s.memory[self.key]["book"] / (p.known_book * 12.0 * s.standard_quota))

    def attention(self, s: State, p: Any) -> Push:
        """Hours for statements."""
        return self.account_hours * self._runs

    def referral(self, s: State, p: Any) -> Push:
        """Reps who share in customers' value ask them for others, as far as is assumed."""
        return p.asking * -np.expm1(-self.pool / p.large_pool) * self._accounts(s, p)

"""The commission plan: what a rep is paid, and what each further dollar of sales is worth to it.

Target pay is `pay_level` times market pay; `base_share` of it is salary, the rest is earned. Commission of a month is
V((sold + credited) / quota) - V(sold / quota), V being the plan's pay for a quota period (`payout.py`), so the months of a
period add up to what the period pays. Commission on renewals and expansions, a draw and a clawback come on top.

Reps weigh the plan in two ways. The rate they perceive mixes the expected slope at the end of the period with the tier
they stand in; the pay they expect of the job is V averaged over a whole period and the commission on the accounts in their
care. Left out of expected pay: draws, which last for months, and clawbacks.

Memory: `balance`, the draw a rep still owes, and `ledger`, the commission on deals of each of the last twelve months. Both
are kept only under plans that use them; they end with the rep, and with the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from simulation.levers.base import Lever, Rows, Table, setting
from simulation.payout import PayCurve, current_rate, expected, marginal, paid, pay_curve, pay_spread
from simulation.vocabulary import ORDINARY_PERIOD, Array, Outlook, PerPolicy, Push, Tasks

if TYPE_CHECKING:
    from simulation.state import State

AGES = 12
"""Months for which the commission on a deal can be claimed back; a contract first renews at this age."""
LEAST_QUOTA = 1.0
"""[usd] A quota below it counts as it, so that vacant seats divide by something."""


@dataclass(frozen=True, eq=False)
class Terms:
    """The plans of all policies, put into the shapes the arithmetic uses; arrays are (policy, 1, 1)."""

    curve: PayCurve  # at the rate given, 0 where none is
    variable: PerPolicy  # share of market pay to be earned at quota where no rate is given, else 0
    months: PerPolicy  # of a quota period
    salary: PerPolicy  # share of market pay
    margin: PerPolicy
    renewal: PerPolicy
    expansion: PerPolicy
    draw: PerPolicy  # share of target variable, 0 without months
    draw_months: PerPolicy
    recoverable: PerPolicy
    clawback: PerPolicy  # whole months

    def at(self, market_pay: Any, quota: Any) -> PayCurve:
        """The pay curve for reps with this market pay and quota [usd/month]: a rate left out pays target pay at quota."""
        if not np.any(self.variable):
            return self.curve
        return self.curve.at_rate(self.curve.rate + self.variable * market_pay / np.maximum(quota, LEAST_QUOTA))


class Commission(Lever):
    """How reps are paid: salary, commission on what they sell, and the rules that bend it."""

    key = "commission"
    family = "pay"
    title = "Commission plan"

    pay_level: float = setting(
        1.0, typical=1.0, unit="ratio", ge=0.3, le=3.0,
        doc="Target pay, salary and commission at quota together, over market pay.",
    )  # fmt: skip
    base_share: float = setting(
        1.0, typical=0.5, unit="share", ge=0.0, le=1.0,
        doc="Share of target pay that is paid as salary.",
    )  # fmt: skip
    rate: float | None = setting(
        None, typical=0.10, unit="share", ge=0.0, le=1.0,
        doc="Commission on the value of new business credited; left out, the rate that pays the rest of target pay at quota.",
    )  # fmt: skip
    renewal_rate: float = setting(
        0.0, typical=0.02, unit="share", ge=0.0, le=0.5,
        doc="Commission on the annual value of contracts renewed.",
    )  # fmt: skip
    expansion_rate: float = setting(
        0.0, typical=0.05, unit="share", ge=0.0, le=0.5,
        doc="Commission on the annual value added to existing customers.",
    )  # fmt: skip
    basis: Literal["revenue", "margin"] = setting(
        "revenue", typical="revenue", unit="word",
        doc="What a deal counts for: its price, or its price with the discount counted at its cost to profit.",
    )  # fmt: skip
    period: Literal["month", "quarter", "year"] = setting(
        "quarter", typical="quarter", unit="word",
        doc="Quota period: how often quota and tiers start afresh.",
    )  # fmt: skip
    accumulate: Literal["period", "year"] = setting(
        "period", typical="period", unit="word",
        doc="Whether tiers, threshold, cap and bonus start afresh each period or run on sales of the year against its quota.",
    )  # fmt: skip
    quota: float = setting(
        1.0, typical=1.0, unit="multiple", ge=0.2, le=5.0,
        doc="Quota over the ordinary quota of the seat.",
    )  # fmt: skip
    ratchet: float = setting(
        0.0, typical=0.0, unit="share", ge=0.0, le=1.0,
        doc="Share of over-achievement that is added to the next quota.",
    )  # fmt: skip
    ramp_quota: bool = setting(
        True, typical=True, unit="yes/no",
        doc="Whether a newcomer's quota follows the ramp and the part of the period worked.",
    )  # fmt: skip
    threshold: float = setting(
        0.0, typical=0.0, unit="attainment", ge=0.0, le=1.5,
        doc="Nothing is earned below it; from it on, commission is paid from the first dollar.",
    )  # fmt: skip
    tiers: Rows = setting(
        (), typical=((1.0, 1.5),), unit="[attainment, multiple of rate]", ge=0.0, le=10.0,
        doc="Multiple of the rate paid on sales beyond each attainment, ascending; under 1 it decelerates.",
    )  # fmt: skip
    cap: float | None = setting(
        None, typical=2.5, unit="attainment", ge=0.1, le=20.0,
        doc="Sales beyond it earn no commission; left out, there is no cap.",
    )  # fmt: skip
    bonus: Rows = setting(
        (), typical=(), unit="[attainment, usd]", ge=0.0, le=1_000_000.0,
        doc="Lump sums paid when the period's sales reach each attainment, ascending.",
    )  # fmt: skip
    draw: float = setting(
        0.0, typical=0.0, unit="share of target variable", ge=0.0, le=1.0,
        doc="Commission guaranteed to a newcomer each month, as a share of what the rate pays for a month at quota.",
    )  # fmt: skip
    draw_months: float = setting(
        0.0, typical=0.0, unit="months", ge=0.0, le=24.0,
        doc="Months of tenure for which the draw is guaranteed.",
    )  # fmt: skip
    recoverable: bool = setting(
        True, typical=True, unit="yes/no",
        doc="Whether the draw is an advance, set against later commission, or a gift.",
    )  # fmt: skip
    clawback: float = setting(
        0.0, typical=0.0, unit="months", ge=0.0, le=float(AGES),
        doc="Months within which commission goes back to the firm when the customer leaves.",
    )  # fmt: skip

    @cached_property
    def _terms(self) -> Terms:
        plan: Any = self if isinstance(self.tiers, Table) else self.stack([self])
        missing = np.isnan(plan.rate)
        months = plan.period.month + 3.0 * plan.period.quarter + 12.0 * plan.period.year
        return Terms(
            curve=pay_curve(np.where(missing, 0.0, plan.rate), plan.tiers, plan.threshold, plan.cap, plan.bonus),
            variable=np.where(missing, plan.pay_level * (1.0 - plan.base_share), 0.0),
            months=months * plan.accumulate.period + 12.0 * plan.accumulate.year,
            salary=plan.pay_level * plan.base_share,
            margin=plan.basis.margin,
            renewal=plan.renewal_rate,
            expansion=plan.expansion_rate,
            draw=plan.draw * (plan.draw_months > 0.0),
            draw_months=plan.draw_months,
            recoverable=plan.recoverable,
            clawback=np.floor(plan.clawback),
        )

    # ------------------------------------------------------------------ goals
    def quota_level(self, s: State, p: Any) -> Push:
        """Log of the quota multiple."""
        level: Array = np.log(self.quota)
        return level

    def quota_ratchet(self, s: State, p: Any) -> Push:
        """The ratchet as set."""
        return self.ratchet

    def quota_ramp(self, s: State, p: Any) -> Push:
        """-1 where a newcomer carries a full quota."""
        return self.ramp_quota - 1.0

    def quota_period(self, s: State, p: Any) -> Push:
        """Months over which tiers run, less the ordinary quarter; a year where they run year to date."""
        return self._terms.months - float(ORDINARY_PERIOD)

    # ------------------------------------------------------------------ what a dollar of sales is worth
    def cash_slope(self, s: State, p: Any) -> Tasks:
        """Perceived usd per usd of annual value that farming keeps or adds; what hunting earns stands in the two rates."""
        terms = self._terms
        farmed = p.renewal_outlook * terms.renewal + p.expansion_outlook * terms.expansion
        return Tasks(farm=farmed / (p.renewal_outlook + p.expansion_outlook))

    def rate_now(self, s: State, p: Any) -> Push:
        """Perceived rate this period: the expected slope at its end, mixed with the tier reached so far."""
        curve = self._terms.at(s.market_pay, s.monthly_quota)
        quota = np.maximum(s.period_quota, LEAST_QUOTA)
        ahead = marginal(curve, s.outlook_mean, s.outlook_spread, quota)
        return _mixed(ahead, current_rate(curve, s.sold / quota), p)

    def rate_next(self, s: State, p: Any) -> Push:
        """Perceived rate of a whole fresh period, which starts in the first tier."""
        curve = self._terms.at(s.market_pay, s.next_quota)
        quota = np.maximum(s.next_quota, LEAST_QUOTA) * self._terms.months
        ahead = marginal(curve, s.fresh_mean, s.fresh_spread, quota)
        return _mixed(ahead, current_rate(curve, 0.0), p)

    def margin_basis(self, s: State, p: Any) -> Push:
        """1 where discounts are counted at their cost to profit."""
        return self._terms.margin

    # ------------------------------------------------------------------ pay
    def cash_pay(self, s: State, p: Any) -> Push:
        """Salary less market pay, commission, bonuses and draw, less commission recovered or claimed back."""
        salary = (self._terms.salary - 1.0) * s.market_pay * s.filled
        earned = self._earned(s)
        advance, recovered = self._draw(s, earned)
        push: Array = salary + earned + advance - recovered - self._claimed_back(s)
        return push

    def expected_pay(self, s: State, p: Any, view: Outlook) -> Push:
        """Salary less market pay, and by the month a whole period's expected commission and that on the view's accounts."""
        terms = self._terms
        curve = terms.at(view.market_pay, view.quota)
        salary = (terms.salary - 1.0) * view.market_pay
        commission = expected(curve, view.attainment, view.spread, view.quota * terms.months) / terms.months
        farmed = p.renewal_outlook * terms.renewal + p.expansion_outlook * terms.expansion
        push: Array = salary + commission + farmed / 12.0 * view.book
        return push

    def pay_risk(self, s: State, p: Any, view: Outlook) -> Push:
        """Standard deviation of a period's commission, by the month."""
        terms = self._terms
        curve = terms.at(view.market_pay, view.quota)
        push: Array = pay_spread(curve, view.attainment, view.spread, view.quota * terms.months) / terms.months
        return push

    # ------------------------------------------------------------------ memory
    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """Nothing owed and nothing to claim; empty when no plan in force has a draw or a clawback."""
        memory = {}
        if np.any(self._terms.draw > 0.0):
            memory["balance"] = np.zeros(shape)
        if np.any(self._terms.clawback > 0.0):
            memory["ledger"] = np.zeros((AGES, *shape))
        return memory

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """Balance and ledger after this month; both end when the rep leaves."""
        terms = self._terms
        stays = s.filled * (1.0 - s.quits - s.dismissals)
        memory = {}
        if np.any(terms.draw > 0.0):
            advance, recovered = self._draw(s, self._earned(s))
            owed = self._held(s, "balance") + advance - recovered
            memory["balance"] = owed * (terms.recoverable * (terms.draw > 0.0)) * stays
        if np.any(terms.clawback > 0.0):
            older = self._held(s, "ledger", (AGES, *s.filled.shape))[:-1] * (1.0 - s.young_loss)
            ledger = np.concatenate([self._on_sales(s)[np.newaxis], older])
            memory["ledger"] = ledger * (np.arange(1.0, AGES + 1.0).reshape(-1, 1, 1, 1) <= terms.clawback) * stays
        return memory

    def waits_for_period(self, month: int, starts: int) -> bool:
        """Whether the quota period that was under way at `starts` still is in `month`; periods follow the calendar."""
        length = int(self._terms.months.item())
        return starts % length > 0 and month < starts - starts % length + length

    # ------------------------------------------------------------------ the parts of a month's pay
    def _earned(self, s: State) -> Any:
        """What the plan pays for the month, in usd, draw and clawback apart."""
        terms = self._terms
        on_accounts = terms.renewal * s.renewed_value + terms.expansion * s.expanded_value
        return _of_month(terms.at(s.market_pay, s.monthly_quota), s) + on_accounts * s.filled

    def _on_sales(self, s: State) -> Any:
        """The month's commission on deals, in usd: what a clawback can reach. Bonuses stay with the rep."""
        return _of_month(self._terms.at(s.market_pay, s.monthly_quota).without_bonuses(), s)

    def _draw(self, s: State, earned: Any) -> tuple[Any, Any]:
        """What the guarantee adds this month, and what is recovered of earlier additions, in usd."""
        terms = self._terms
        if not np.any(terms.draw > 0.0):
            return 0.0, 0.0
        target = terms.at(s.market_pay, s.monthly_quota).rate * s.monthly_quota
        guarantee = terms.draw * target * s.filled * (s.tenure < terms.draw_months)
        advance = np.maximum(guarantee - earned, 0.0) * (guarantee > 0.0)
        recovered = np.minimum(self._held(s, "balance"), np.maximum(earned - guarantee, 0.0)) * (terms.draw > 0.0)
        return advance, recovered

    def _claimed_back(self, s: State) -> Any:
        """Commission on deals whose customers left this month, in usd: within the year, or then at the first renewal."""
        if not np.any(self._terms.clawback > 0.0):
            return 0.0
        ledger = self._held(s, "ledger", (AGES, *s.filled.shape))
        gone = s.young_loss * np.add.reduce(ledger) + (1.0 - s.young_loss) * s.lapse_share * ledger[-1]
        return gone * (self._terms.clawback > 0.0) * s.filled

    def _held(self, s: State, name: str, shape: tuple[int, ...] = ()) -> Array:
        """Memory of that name, or nothing in it when no plan has used it before."""
        held = s.memory.get(self.key, {}).get(name)
        return np.zeros(shape) if held is None else held


def _of_month(curve: PayCurve, s: State) -> Any:
    """What the curve pays for this month's credited sales: its value after them less its value before."""
    quota = np.maximum(s.period_quota, LEAST_QUOTA)
    before = paid(curve, s.sold / quota, quota)
    return (paid(curve, (s.sold + s.credited) / quota, quota) - before) * s.filled


def _mixed(ahead: Any, reached: Any, p: Any) -> Array:
    """The perceived rate: expected slope and current tier, weighted."""
    rate: Array = (1.0 - p.current_tier_weight) * ahead + p.current_tier_weight * reached
    return rate

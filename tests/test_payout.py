"""Plan arithmetic against a plan read line by line, numerical integration and simulation."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from simulation.levers.base import _stack_tables, column
from simulation.payout import current_rate, expected, marginal, paid, pay_curve, pay_spread

thorough = settings(max_examples=80, deadline=None, derandomize=True)


@dataclass(frozen=True)
class Plan:
    """A plan as a contract states it."""

    rate: float = 0.1
    tiers: tuple[tuple[float, float], ...] = ()
    threshold: float = 0.0
    cap: float | None = None
    bonus: tuple[tuple[float, float], ...] = ()

    def pays(self, x: float, quota: float) -> float:
        """What the contract pays at attainment x; below zero sales, the straight line of the first tier."""
        if x < 0.0:
            return self.rate * quota * x if self.threshold == 0.0 else 0.0
        if x < self.threshold:
            return 0.0
        counted = x if self.cap is None else min(x, self.cap)
        edges = [0.0, *(at for at, _ in self.tiers), np.inf]
        multiples = [1.0, *(multiple for _, multiple in self.tiers)]
        spans = [max(min(counted, high) - low, 0.0) for low, high in pairwise(edges)]
        lumps = sum(usd for at, usd in self.bonus if x > 0.0 and at <= x)
        return self.rate * quota * sum(m * s for m, s in zip(multiples, spans, strict=True)) + lumps

    def corners(self) -> list[float]:
        """Attainments at which the slope changes or a sum is paid."""
        found = [0.0, self.threshold, *(at for at, _ in self.tiers), *(at for at, _ in self.bonus)]
        return found if self.cap is None else [*found, self.cap]


def curve_of(*plans):
    """The plans as one stacked pay curve."""
    return pay_curve(
        column([p.rate for p in plans]), _stack_tables([p.tiers for p in plans]), column([p.threshold for p in plans]),
        column([np.nan if p.cap is None else p.cap for p in plans]), _stack_tables([p.bonus for p in plans]),
    )  # fmt: skip


def mean_of(value, plan, outlook, quota):
    """Mean of value(pay, z) over z = standardised attainment, integrated piece by piece between the plan's corners."""
    mean, spread = outlook

    def integrand(x):
        z = (x - mean) / spread
        return value(plan.pays(x, quota), z) * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi) / spread

    ends = [mean + k * spread for k in (-10.0, -3.0, 0.0, 3.0, 10.0)]
    inside = [at for at in plan.corners() if ends[0] < at < ends[-1]]
    return sum(quad(integrand, low, high, epsabs=1e-9, limit=100)[0] for low, high in pairwise(sorted({*ends, *inside})))


def exact_spread(plan, outlook, quota):
    """Standard deviation of pay, by quadrature."""
    centre = mean_of(lambda pay, _: pay, plan, outlook, quota)
    return np.sqrt(mean_of(lambda pay, _: (pay - centre) ** 2, plan, outlook, quota))


def tables(first, second, rows):
    """Tables whose attainments ascend."""
    return st.lists(first, max_size=rows, unique=True).flatmap(
        lambda at: st.tuples(*(st.tuples(st.just(a), second) for a in sorted(at)))
    )


attainments = st.floats(0.0, 3.0).map(lambda x: round(x, 3))
plans = st.builds(
    Plan,
    rate=st.floats(0.01, 0.3),
    tiers=tables(attainments, st.floats(0.0, 4.0), 4),
    threshold=st.just(0.0) | st.floats(0.1, 1.5),
    cap=st.none() | st.floats(0.1, 4.0),
    bonus=tables(attainments, st.floats(0.0, 20_000.0), 3),
)
means, spreads, quotas = st.floats(0.0, 2.5).map(lambda x: round(x, 6)), st.floats(0.03, 0.8), st.floats(10_000.0, 1e6)


@thorough
@given(plans, st.lists(st.integers(0, 5_000_000).map(lambda n: n / 1e6), min_size=1, max_size=20), quotas)
def test_paid_is_what_the_contract_says(plan, xs, quota):
    """The pay curve pays what a reader of the plan would add up, tier by tier."""
    by_contract = [plan.pays(x, quota) for x in [*xs, *plan.corners()]]
    by_curve = paid(curve_of(plan), np.array([*xs, *plan.corners()]), quota)

    np.testing.assert_allclose(by_curve[0, 0], by_contract, rtol=1e-9, atol=1e-6)


@thorough
@given(plans, means, spreads, quotas)
def test_expected_is_the_integral_of_pay(plan, mean, spread, quota):
    """Expected pay in closed form equals pay integrated over the Normal density."""
    by_quadrature = mean_of(lambda pay, _: pay, plan, (mean, spread), quota)
    by_form = expected(curve_of(plan), mean, spread, quota).item()

    assert by_form == pytest.approx(by_quadrature, rel=1e-7, abs=1e-3)


@thorough
@given(plans, means, spreads, quotas)
def test_marginal_is_the_slope_of_expected_pay(plan, mean, spread, quota):
    """Marginal pay equals the integral of pay x score, which is the derivative of expected pay by mean sales."""
    by_quadrature = mean_of(lambda pay, z: pay * z, plan, (mean, spread), quota) / (spread * quota)
    by_form = marginal(curve_of(plan), mean, spread, quota).item()

    assert by_form == pytest.approx(by_quadrature, rel=1e-6, abs=1e-7)


@thorough
@given(plans, means, spreads, quotas)
def test_pay_spread_never_exceeds_the_exact_one(plan, mean, spread, quota):
    """The first-order standard deviation of pay is a lower bound of the exact one."""
    form = pay_spread(curve_of(plan), mean, spread, quota).item()

    assert form <= exact_spread(plan, (mean, spread), quota) * (1.0 + 1e-6) + 1e-3


@pytest.mark.parametrize(
    ("plan", "short"),
    [(Plan(), 0.0), (Plan(tiers=((1.0, 1.5),)), 0.01), (Plan(tiers=((1.0, 3.0),)), 0.06), (Plan(0.0, bonus=((0.9, 9e3),)), 0.21)],
    ids=["line", "accelerator", "steep", "lump"],
)
def test_pay_spread_falls_short_by_little(plan, short):
    """The shortfall is nil for a line, about 1% for an ordinary accelerator, 5% for a steep one, a fifth for one lump."""
    mean, spread, quota = 0.9, 0.3, 300_000.0
    exact = exact_spread(plan, (mean, spread), quota)
    form = pay_spread(curve_of(plan), mean, spread, quota).item()

    assert exact * (1.0 - short) * (1.0 - 1e-6) <= form <= exact * (1.0 + 1e-6)


@pytest.mark.parametrize(
    "plan",
    [
        Plan(tiers=((1.0, 1.5),)),
        Plan(tiers=((0.8, 1.5), (1.2, 3.0)), cap=2.0),
        Plan(threshold=0.7, tiers=((1.0, 0.5),)),
        Plan(bonus=((0.8, 4_000.0), (1.0, 10_000.0)), cap=1.1),
    ],
    ids=["accelerator", "two tiers and cap", "threshold and decelerator", "bonuses and cap"],
)
def test_realised_pay_averages_to_expected(plan):
    """Pay added up month by month over 200,000 simulated quarters averages to expected pay within 2%."""
    rng = np.random.default_rng(7)
    months, quota, sd = 3, 300_000.0, 0.14
    sales = np.maximum(rng.normal(0.31, sd, (months, 200_000)), 0.0) * quota
    reached = np.concatenate([np.zeros((1, 200_000)), np.cumsum(sales, axis=0)]) / quota
    curve = curve_of(plan)
    average = np.diff(paid(curve, reached, quota)[0], axis=0).sum(axis=0).mean()
    closed = expected(curve, months * 0.31, sd * np.sqrt(months), quota).item()

    assert average == pytest.approx(closed, rel=0.02)


@thorough
@given(plans, st.lists(st.floats(0.0, 1e6), min_size=1, max_size=12), quotas)
def test_months_add_up_to_the_period(plan, sales, quota):
    """However sales fall over the months, the months' pay adds up to the pay of the whole period."""
    curve = curve_of(plan)
    reached = np.concatenate([[0.0], np.cumsum(sales)]) / quota
    by_month = np.diff(paid(curve, reached, quota)[0, 0])

    assert by_month.sum() == pytest.approx(paid(curve, reached[-1], quota).item(), rel=1e-9, abs=1e-6)


@thorough
@given(plans, st.floats(0.0, 4.0), st.floats(0.0, 1.0), means, spreads)
def test_more_sales_never_pay_less(plan, x, more, mean, spread):
    """Pay never falls with sales, a decelerator included, and so neither marginal pay nor the current rate is negative."""
    curve, quota = curve_of(plan), 300_000.0
    gain = (paid(curve, x + more, quota) - paid(curve, x, quota)).item()
    slopes = [marginal(curve, mean, spread, quota).item(), current_rate(curve, x).item()]

    assert gain >= -1e-6
    assert min(slopes) >= -1e-12


@thorough
@given(plans, st.floats(0.0, 4.0), st.floats(0.0, 4.0), means, spreads)
def test_rate_rises_with_sales_without_decelerator_or_cap(plan, x, y, mean, spread):
    """Where multiples rise from 1 and nothing caps or lumps, the current rate rises with sales and pay is worth the rate."""
    rising = tuple((at, 1.0 + k) for k, (at, _) in enumerate(plan.tiers))
    curve = curve_of(Plan(rate=plan.rate, tiers=rising))
    low, high = sorted((x, y))

    assert current_rate(curve, low).item() <= current_rate(curve, high).item() * (1.0 + 1e-12)
    assert marginal(curve, mean, spread, 1e5).item() >= plan.rate * (1.0 - 1e-12)


@thorough
@given(plans, st.floats(0.0, 4.0), st.floats(0.0, 1e-3))
def test_pay_is_continuous_without_lumps(plan, x, step):
    """Without threshold and bonus, pay moves by no more than the steepest rate times the sales between."""
    smooth = Plan(plan.rate, plan.tiers, 0.0, plan.cap)
    steepest = plan.rate * max([1.0, *(m for _, m in plan.tiers)])
    gain = (paid(curve_of(smooth), x + step, 1e5) - paid(curve_of(smooth), x, 1e5)).item()

    assert abs(gain) <= steepest * step * 1e5 * (1.0 + 1e-9) + 1e-6


@thorough
@given(plans, means, spreads)
def test_expected_pay_is_smooth_even_at_lumps(plan, mean, spread):
    """A hair's breadth of mean attainment moves expected pay by that breadth times marginal pay, lumps included."""
    curve, quota, step = curve_of(plan), 1e5, 1e-6
    gain = (expected(curve, mean + step, spread, quota) - expected(curve, mean, spread, quota)).item()

    assert gain == pytest.approx(marginal(curve, mean + step / 2.0, spread, quota).item() * step * quota, rel=1e-4, abs=1e-4)


@thorough
@given(st.tuples(plans, plans, plans), st.integers(0, 10_000))
def test_a_policy_pays_the_same_in_any_company(three, seed):
    """Three plans stacked give each plan what it gets alone, to the last bit."""
    rng = np.random.default_rng(seed)
    x, mean, spread, quota = rng.uniform((0.0, 0.0, 0.03, 1e4), (3.0, 2.0, 0.6, 1e6), (3, 2, 7, 4)).transpose(3, 0, 1, 2)
    together = everything(curve_of(*three), x, mean, spread, quota)
    alone = [everything(curve_of(plan), x[[k]], mean[[k]], spread[[k]], quota[[k]]) for k, plan in enumerate(three)]

    np.testing.assert_array_equal(together, np.concatenate(alone, axis=1))


def everything(curve, x, mean, spread, quota):
    """All functions of the module on the same arguments."""
    at_outlook = [f(curve, mean, spread, quota) for f in (expected, marginal, pay_spread)]
    return np.array([np.broadcast_to(v, x.shape) for v in (paid(curve, x, quota), current_rate(curve, x), *at_outlook)])


@thorough
@given(st.tuples(plans, plans))
def test_a_leading_axis_broadcasts(two):
    """Outlooks with an axis of their own in front, such as candidates' talents, give each what it gets alone."""
    curve = curve_of(*two)
    rng = np.random.default_rng(3)
    mean, spread = rng.uniform(0.2, 1.6, (5, 2, 3, 4)), rng.uniform(0.05, 0.5, (5, 1, 1, 1))
    together = expected(curve, mean, spread, 2e5)
    alone = np.stack([expected(curve, mean[k], spread[k], 2e5) for k in range(5)])

    np.testing.assert_array_equal(together, alone)


def test_numbers_by_hand():
    """1.5x beyond quota: 60,000 + half of 3,000 more at 110%; a coin's toss of 12,000 at the mean is worth 6,000."""
    accelerated, toss = curve_of(Plan(0.2, tiers=((1.0, 1.5),))), curve_of(Plan(0.0, bonus=((1.0, 12_000.0),)))

    assert paid(accelerated, 1.1, 300_000.0).item() == pytest.approx(69_000.0)
    assert current_rate(accelerated, 1.1).item() == pytest.approx(0.3)
    assert expected(toss, 1.0, 0.2, 300_000.0).item() == pytest.approx(6_000.0)
    assert marginal(toss, 1.0, 0.2, 300_000.0).item() == pytest.approx(12_000 / 300_000 / 0.2 / np.sqrt(2 * np.pi))


def test_a_threshold_is_worth_most_just_before_it():
    """Below a threshold the current rate is 0, yet the expected slope close to it is a multiple of the rate."""
    curve = curve_of(Plan(0.1, threshold=0.8))

    assert current_rate(curve, 0.79).item() == 0.0
    assert marginal(curve, 0.78, 0.05, 1e5).item() > 0.5
    assert current_rate(curve, 0.8).item() == pytest.approx(0.1)


def test_nothing_beyond_a_cap_but_bonuses():
    """Beyond a cap pay is flat to the last bit, the current rate is 0, and a bonus further out is still paid."""
    curve = curve_of(Plan(0.1, tiers=((0.7, 1.3), (1.1, 2.1)), cap=1.7, bonus=((2.0, 500.0),)))
    pay = paid(curve, np.array([1.7, 1.8, 1.99, 2.0]), 1e5)[0, 0]

    assert pay[0] == pay[1] == pay[2]
    assert pay[3] - pay[2] == pytest.approx(500.0)
    assert current_rate(curve, 1.8).item() == 0.0


@thorough
@given(plans, st.floats(0.1, 2.0), st.floats(0.0, 2.0))
def test_a_cap_ends_the_rate_exactly(plan, cap, beyond):
    """At a cap and beyond it the current rate is exactly 0, whatever tiers and threshold stand before it."""
    capped = Plan(plan.rate, plan.tiers, plan.threshold, cap)

    assert current_rate(curve_of(capped), max(cap, plan.threshold) + beyond).item() == 0.0


def test_certainty_is_the_limit_of_a_small_spread():
    """With no spread, expected pay is pay at the mean."""
    curve = curve_of(Plan(0.1, tiers=((1.0, 2.0),), threshold=0.5))

    assert expected(curve, 1.3, 0.0, 1e5).item() == pytest.approx(paid(curve, 1.3, 1e5).item())


def test_the_bend_at_zero_is_small():
    """Two spreads above zero, counting negative sales as negative pay moves expected pay by under 1% of spread x rate."""
    quota, spread = 1e5, 0.2
    mean = 2.0 * spread
    straight = expected(curve_of(Plan()), mean, spread, quota).item()
    bent = mean_of(lambda pay, _: max(pay, 0.0), Plan(), (mean, spread), quota)

    assert 0.0 < bent - straight < 0.01 * spread * 0.1 * quota


def test_looks_that_are_shared_change_nothing():
    """Pay, slope and risk asked of one plan again and again are those of a plan asked for the first time."""
    plan = lambda: curve_of(Plan(tiers=((1.0, 2.0),), threshold=0.4, cap=2.0, bonus=((1.2, 900.0),)))  # noqa: E731
    asked, spread, quota = plan(), np.full((1, 1, 5), 0.3), np.full((1, 1, 5), 1000.0)
    for shift in (0.0, 0.1, 0.2, 0.0):
        mean = np.linspace(0.2, 2.2, 5).reshape(1, 1, 5) + shift
        for work in (expected, marginal, pay_spread):
            np.testing.assert_array_equal(work(asked, mean, spread, quota), work(plan(), mean, spread, quota))
        lower = asked.at_rate(0.05).without_bonuses()

        np.testing.assert_array_equal(
            expected(lower, mean, spread, quota), expected(plan().at_rate(0.05).without_bonuses(), mean, spread, quota)
        )

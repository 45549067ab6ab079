"""Figures of findings against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from simulation.calibration.figures import Pool, figure, jackknife, known_figures, needs
from simulation.calibration.watches import watch_for
from simulation.evidence.targets import Target


def target(of: str, **fields: object) -> Target:
    """A target of policies `new` and `old` over four months unless the fields say otherwise."""
    usual = {"with_policy": "new", "without_policy": "old", "months": (0, 4)}
    return Target("test.T1", "T.", "t", "S.", "A", "validate", (), of=of, **{**usual, **fields})


def pool(sums: dict[str, list[list[float]]], **fields: object) -> Pool:
    """Records of policies `old` and `new`, one entry, from monthly sums by policy."""
    parameters = SimpleNamespace(
        market=SimpleNamespace(span=7.0), contract=SimpleNamespace(gross_margin=0.75),
        customers=SimpleNamespace(at_risk_log_odds=0.0),
    )  # fmt: skip
    scenario = SimpleNamespace(policies=[SimpleNamespace(key="old"), SimpleNamespace(key="new")], parameters=parameters, months=4)
    arrays = {key: np.array(rows, dtype=float)[:, None, :] for key, rows in sums.items()}
    return Pool(scenario, arrays, np.zeros(0), np.zeros(0), {}, **fields)


TEN = [10.0] * 4


def test_relative_difference_and_ratio_by_hand():
    """12 quits among 40 rep-months against 4 among 40: three times, two more than once."""
    found = pool({"quits": [[1, 1, 1, 1], [3, 3, 3, 3]], "filled": [TEN, TEN]})

    assert figure(found, target("quits_rate", change="ratio"))[0] == pytest.approx(3.0)
    assert figure(found, target("quits_rate", change="relative"))[0] == pytest.approx(2.0)
    assert figure(found, target("quits_rate", change="difference"))[0] == pytest.approx(12 * (0.3 - 0.1))
    assert figure(found, target("quits_rate", change="level"))[0] == pytest.approx(3.6)


def test_a_ratio_of_ratios_compares_groups():
    """The best third triples, the rest doubles: 1.5."""
    sums = {}
    for group, old, new in (("top_third", 1.0, 3.0), ("rest", 2.0, 4.0)):
        sums |= {f"quits@{group}": [[old] * 4, [new] * 4], f"filled@{group}": [TEN, TEN]}
    asked = target("quits_rate", change="ratio", group="top_third", against="rest")

    assert figure(pool(sums), asked)[0] == pytest.approx(1.5)


def test_the_other_world_is_the_reference():
    """A target with a world of its own compares the same policy in both worlds."""
    here, there = (pool({"quits": [[q] * 4, [q] * 4], "filled": [TEN, TEN]}) for q in (1.0, 4.0))
    asked = target("quits_rate", change="relative", with_policy="old", without_policy="")

    assert figure(replace(here, other=there), asked)[0] == pytest.approx(1.0 / 4.0 - 1.0)


def test_after_vesting_by_hand():
    """Six of thirty rep-months after the middle, two of thirty before: three times."""
    quits = [0.0] * 3 + [0.0] * 2 + [1.0, 1.0] + [2.0] * 3
    sums = {"quits@starters": [quits, quits], "filled@starters": [[10.0] * 10, [10.0] * 10]}
    asked = target("after_vesting", months=(4, 10))

    assert figure(pool(sums), asked)[0] == pytest.approx(3.0)


def test_delay_and_share_of_starters_by_hand():
    """Quits at once against quits in the last month: three months later, and as many in the end."""
    sums = {
        "quits@starters": [[2, 0, 0, 0], [0, 0, 0, 2]], "dismissals@starters": [[0] * 4, [1, 0, 0, 0]],
        "filled@starters": [TEN, TEN],
    }  # fmt: skip

    assert figure(pool(sums), target("quit_delay"))[0] == pytest.approx(3.0)
    assert figure(pool(sums), target("starters_quit"))[0] == pytest.approx(0.0)
    assert figure(pool(sums), target("starters_stay"))[0] == pytest.approx(0.7)


def test_contagion_spreads_a_leaver_over_teammates_and_months():
    """One more leaver, six teammates, 135 days: 0.6 log-odds in the months after are 0.6 / 6 / 4.44 a month."""
    months = 12
    felt = np.zeros((2, months))
    felt[:, 1:4] = 0.2
    gone = np.zeros((2, months))
    gone[:, 0] = 1.0
    flat = np.zeros((2, months))
    shock = {"quit_contagion": felt.tolist(), "quits": gone.tolist(), "dismissals": flat.tolist()}
    calm = {"quit_contagion": flat.tolist(), "quits": flat.tolist(), "dismissals": flat.tolist()}
    found = replace(pool(shock), other=pool(calm))
    asked = target("contagion", with_policy="old", without_policy="")

    assert figure(found, asked)[0] == pytest.approx(np.expm1(0.6 / 6.0 / (135.0 / 30.4)))


def test_the_peak_is_read_off_a_parabola():
    """Equal neighbours leave the peak in the middle of its month; a higher one after it pulls it there."""
    felt = np.zeros((2, 12))
    felt[:, 1:5] = [0.1, 0.3, 0.4, 0.3]
    later = felt.copy()
    later[:, 4] = 0.35
    calm = pool({"quit_contagion": np.zeros((2, 12)).tolist(), "quits": [[0.0] * 12] * 2, "dismissals": [[0.0] * 12] * 2})
    gone = {"quits": [[1.0] * 12] * 2, "dismissals": [[0.0] * 12] * 2}
    shocks = [pool({"quit_contagion": x.tolist(), **gone}) for x in (felt, later)]
    days = [figure(replace(shock, other=calm), target("contagion_peak", with_policy="old"))[0] for shock in shocks]

    assert days[0] == pytest.approx(3 * 30.4)
    assert days[0] < days[1] < 3.5 * 30.4


def test_half_life_by_hand():
    """A gain of 8% in the first third and 2% in the last, four months later: two halvings, two months each."""
    old, new = [100.0] * 6, [108.0, 108.0, 104.0, 104.0, 102.0, 102.0]
    found = pool({"bookings": [old, new], "filled": [[1.0] * 6, [1.0] * 6]})

    assert figure(found, target("half_life", months=(0, 6)))[0] == pytest.approx(2.0 * 4.35)


def test_deal_profit_counts_a_discount_in_full():
    """List 100, a quarter of it cost: at 10 discount 65 are left of 75."""
    found = pool({"bookings": [[100.0] * 4, [90.0] * 4], "bookings_list": [[100.0] * 4] * 2})

    assert figure(found, target("deal_profit"))[0] == pytest.approx(65.0 / 75.0 - 1.0)


def test_time_elasticity_of_a_power_law():
    """Sales that follow hours to the power 0.34 show 0.34."""
    found = pool({"bookings": [[1.0] * 4, [0.9**0.34] * 4], "filled": [TEN, TEN]})

    assert figure(found, target("time_elasticity"))[0] == pytest.approx(0.34)


def test_effect_size_and_correlation_by_hand():
    """Two reps with sales 0 and 2 have a standard deviation of 1; half a sale more is d = 0.5, r = 0.5 / sqrt(4.25)."""
    spread = {"year_0": [[2, 0, 0, 0]] * 2, "year_1": [[2, 0, 0, 0]] * 2, "year_2": [[4, 0, 0, 0]] * 2}
    sales = {"bookings": [[0.5] * 4, [0.5 + 0.25 / 6] * 4], "filled": [[6.0] * 4] * 2}
    found = pool({key: np.array(rows).tolist() for key, rows in (spread | sales).items()})
    gain = 12 * (0.25 / 6) / 6.0

    assert figure(found, target("effect_size"))[0] == pytest.approx(gain)
    assert figure(found, target("effect_correlation"))[0] == pytest.approx(gain / np.sqrt(gain**2 + 4))


def test_odds_of_the_contacted_by_hand():
    """Half would have stayed; contacts lose a tenth of the contacted: odds of leaving 0.6 / 0.4."""
    found = pool({"treated": [TEN, TEN], "saved": [[0.0] * 4, [-1.0] * 4]})

    assert figure(found, target("lapse_odds"))[0] == pytest.approx(1.5)
    assert figure(found, target("lapse_odds_ratio"))[0] == pytest.approx(1.5)


def test_accounts_ramps_and_newcomers_by_hand():
    """Lost over left behind; largest distance of four shares; month 8 over month 0."""
    accounts = pool({"book_lost": [[1.0] * 4] * 2, "left_behind": [[8.0] * 4] * 2})
    ramps = pool({f"ramps_{k}": [[n, 0, 0, 0]] * 2 for k, n in enumerate((37, 38, 18, 7))})
    late = {"bookings@tenure_8": [[3.0] * 4] * 2, "filled@tenure_8": [[1.0] * 4] * 2}
    young = pool(late | {"bookings@tenure_0": [TEN] * 2, "filled@tenure_0": [[5.0] * 4] * 2})

    assert figure(accounts, target("accounts_lost"))[0] == pytest.approx(1.0 / 8.0)
    assert figure(ramps, target("ramp_shares"))[0] == pytest.approx(0.10)
    assert figure(young, target("by_tenure"))[0] == pytest.approx(1.5)


def test_raises_of_others_by_hand():
    """Log hazards: included -0.3, left out +0.3 against nobody: twice the response; chance up by 35%."""
    found = pool({"raise_none": [[1.0] * 4] * 2, "raise_peers": [[np.exp(0.3)] * 4] * 2, "raise_all": [[np.exp(-0.3)] * 4] * 2})

    assert figure(found, target("left_out"))[0] == pytest.approx(2.0)
    assert figure(found, target("peers_raised"))[0] == pytest.approx(np.expm1(0.3))


def test_jackknife_of_a_mean_is_its_standard_error():
    """Of a mean the jackknife gives s / sqrt(n)."""
    x = np.array([1.0, 4.0, 2.0, 9.0, 4.0])
    entries = np.array([x.mean(), *((x.sum() - x) / 4)])

    assert jackknife(entries) == pytest.approx(x.std(ddof=1) / np.sqrt(5))


def test_figures_of_their_own_say_what_they_need():
    """A figure that needs a watch asks for it, and a watch is made of what is asked."""
    assert needs(target("curvature")) == ("top_third", "middle_third", "bottom_third", "", "")
    assert {"stays", "contagion", "headline_gap", "quits_rate", "sales_per_rep"} <= known_figures()
    assert watch_for([""]) is None

"""The engine: what must not matter does not, and a steady world stays steady."""

from __future__ import annotations

import numpy as np
import organisation
import pandas as pd
import pytest

from simulation.draws import Draws
from simulation.engine import Course, run_block, warm_up
from simulation.evidence.read import shipped_parameters
from simulation.experiment.batch import batch
from simulation.experiment.execute import run, simulate
from simulation.levers import catalogue
from simulation.scenario import read_scenario
from simulation.start import start_state
from simulation.state import Layout
from simulation.statistics.measures import measure

MIXED = {
    "grants": {"equity.grant": 0.1, "equity.vesting": 24.0, "equity.refresh": 12.0},
    "free_hand": {"autonomy.discount_authority": 0.2, "failure_tolerance.fund": 20_000.0, "failure_tolerance.cost_cover": 0.5},
    "yearly": {"commission.period": "year", "commission.draw": 0.4, "commission.draw_months": 6.0, "starts": 7},
}


def test_block_size_moves_nothing():
    """Blocks of one seed and of all seeds give the same figures, bit for bit."""
    scenario = organisation.study(MIXED, months=15, seats=40, seeds=5)
    small, large = simulate(scenario, elements=1), simulate(scenario, elements=10**9)

    for key in large.sums:
        np.testing.assert_array_equal(small.sums[key], large.sums[key], err_msg=key)


def test_how_many_policies_go_together_moves_nothing(monkeypatch):
    """Policies in rows of two and all at once give the same records, stays included, bit for bit."""
    scenario = organisation.study(MIXED, months=6, seats=40, seeds=3)
    together = run(scenario)
    monkeypatch.setattr(batch, "MOST_ROWS", 2)
    apart = run(scenario)

    pd.testing.assert_frame_equal(apart.spells, together.spells, check_exact=True)
    for key in together.sums:
        np.testing.assert_array_equal(apart.sums[key], together.sums[key], err_msg=key)


def test_company_and_order_of_policies_move_nothing():
    """A policy run beside others, in another order, or alone beside the baseline, gives the same figures, bit for bit."""
    scenario = organisation.study(MIXED, months=15, seats=40, seeds=3)
    turned = scenario.with_policies(scenario.policies[::-1])
    one, other = run(scenario), run(turned)
    keys = [policy.key for policy in scenario.policies]
    places = [[policy.key for policy in turned.policies].index(key) for key in keys]
    alone = run(organisation.study({"grants": MIXED["grants"]}, months=15, seats=40, seeds=3))

    for key in one.sums:
        np.testing.assert_array_equal(one.sums[key], other.sums[key][places], err_msg=key)
        np.testing.assert_array_equal(one.sums[key][1], alone.sums[key][1], err_msg=key)


def test_neutral_levers_left_out_move_nothing():
    """A board without the levers that are neutral in all its policies gives the same figures, bit for bit, as one with all."""
    scenario = organisation.study({"cut": {"commission.rate": 0.08}}, months=6, seats=40, seeds=2)
    keys, quo = list(catalogue()), scenario.policy("status_quo").levers
    courses = [Course(policy.levers) for policy in scenario.policies]
    start = warm_up(quo, keys, scenario.parameters, (1, 2), 40)
    grants = Course(quo | {"equity": catalogue()["equity"].typical(), "autonomy": catalogue()["autonomy"].typical()})
    few, all_ = (
        run_block(start.for_policies(len(row)), row, quo, keys, scenario.parameters, seeds=(1, 2), months=6)
        for row in (courses, [*courses, grants])
    )

    for key in few.sums:
        np.testing.assert_array_equal(all_.sums[key][:2], few.sums[key], err_msg=key)


def test_the_state_does_not_grow_with_months():
    """After 40 months a block's organisation takes the memory it took after 4, with three yearly grants a rep."""
    scenario = organisation.study({"grants": MIXED["grants"] | {"equity.vesting": 36.0}}, seats=40)
    keys, quo = list(catalogue()), scenario.policy("status_quo").levers
    courses = [Course(policy.levers) for policy in scenario.policies]
    sizes = []
    for months in (4, 40):
        s = warm_up(quo, keys, scenario.parameters, (1,), 40).for_policies(2)
        run_block(s, courses, quo, keys, scenario.parameters, seeds=(1,), months=months)
        sizes.append({name: value.nbytes for name, value in vars(s).items() if isinstance(value, np.ndarray)})

    assert sizes[0] == sizes[1]
    assert s.memory["equity"]["shares"].shape == (3, 2, 1, 40)


def test_longer_runs_begin_like_shorter_ones():
    """Twenty-four months begin with the same twelve, bit for bit."""
    short, long = (run(organisation.study(MIXED, months=m, seats=40, seeds=2)) for m in (12, 24))

    for key in short.sums:
        np.testing.assert_array_equal(long.sums[key][..., :12], short.sums[key], err_msg=key)


def test_seeds_move_nothing():
    """More seeds leave the first ones as they were, and stays are listed in one order however seeds were grouped."""
    few, more = (run(organisation.study(MIXED, months=6, seats=40, seeds=n)) for n in (2, 4))
    kept = more.spells[more.spells["seed"].isin(few.spells["seed"])].reset_index(drop=True)

    pd.testing.assert_frame_equal(kept, few.spells, check_exact=True)
    for key in few.sums:
        np.testing.assert_array_equal(more.sums[key][:, :2], few.sums[key], err_msg=key)


def test_added_seats_leave_the_others_luck_people_and_places():
    """Seats added beyond the first 40, of which teams are added too, change neither who sits there at the start (talent, frailty,
    traits, motives, tenure), nor territories, market pay, quotas and managers, nor the traits of whoever may come later.
    What follows is another firm: regions are drawn anew, and reps compare themselves with firm-wide means.
    """
    (few, early), (more, late) = start_of(42), start_of(301)
    for name in (
        "talent", "frailty", "learning_speed", "risk_aversion", "present_bias", "loss_aversion", "segment", "tenure", "ramp",
        "territory", "market_pay", "standard_quota",
    ):  # fmt: skip
        np.testing.assert_array_equal(getattr(more, name)[..., :42], getattr(few, name), err_msg=name)
    for old, new in zip(few.profile, more.profile, strict=True):
        np.testing.assert_array_equal(new[..., :42], old)

    np.testing.assert_array_equal(more.manager[..., : few.manager.shape[-1]], few.manager)
    np.testing.assert_array_equal(late.people._table[:, :, :42], early.people._table)


def start_of(seats):
    """The organisation before its warm-up, and its draws with the traits of three rounds of recruiting."""
    p = shipped_parameters()
    draws = Draws([5, 6], seats, Layout(seats, int(p.market.span), int(p.market.regions)).regions, "warm up")
    draws.people.grow(3)
    return start_state(p, [5, 6], seats, 1, draws), draws


def test_another_stream_leaves_a_run_as_it_was(monkeypatch):
    """A decision added to the model, whose luck is drawn each month beside the others', changes no record."""
    scenario = organisation.study(MIXED, months=6, seats=40, seeds=2)
    before = run(scenario)
    ask = Draws.uniform

    def uniform(self, stream, step):
        if stream == "quit":
            ask(self, "a new decision", step)
        return ask(self, stream, step)

    monkeypatch.setattr(Draws, "uniform", uniform)
    after = run(scenario)

    for key in before.sums:
        np.testing.assert_array_equal(after.sums[key], before.sums[key], err_msg=key)


def test_words_and_their_order_move_nothing(tmp_path):
    """Title, question, labels, the file's name and the order of its keys and tables change no record."""
    plan = 'base_share = 0.5\nrate = 0.1\nperiod = "quarter"\n'
    room = "approval_days = 2\ntarget_latitude = 0.5\n"
    one, other = tmp_path / "one.toml", tmp_path / "another_name.toml"
    one.write_text(
        'title = "A"\nworld = ["worlds/saas_mid_market.toml"]\nbaseline = "a"\n'
        f"[policies.a.commission]\n{plan}[policies.b.commission]\n{plan}[policies.b.autonomy]\n{room}",
        encoding="utf-8",
    )
    turned = "\n".join(reversed(plan.splitlines()))
    other.write_text(
        'question = "Why?"\nbaseline = "a"\ntitle = "Z"\nworld = ["worlds/saas_mid_market.toml"]\n'
        f'[policies.b]\nlabel = "Second"\n[policies.b.autonomy]\n{room}[policies.b.commission]\n{turned}\n'
        f'[policies.a]\nlabel = "First"\n[policies.a.commission]\n{turned}\n',
        encoding="utf-8",
    )
    left, right = (run(read_scenario(file, months=6, seats=40, seeds=2)) for file in (one, other))

    assert [policy.key for policy in left.scenario.policies] == [policy.key for policy in right.scenario.policies]
    for key in left.sums:
        np.testing.assert_array_equal(right.sums[key], left.sums[key], err_msg=key)


def test_a_policy_equal_to_the_baseline_differs_by_exactly_nothing():
    """The status quo under another name meets the same luck and the same people, month by month."""
    records = organisation.simulated({"same": {}}, months=24, seats=60, seeds=4)

    for key, values in records.sums.items():
        np.testing.assert_array_equal(values[1], values[0], err_msg=key)


def test_a_policy_is_the_baseline_until_it_starts():
    """A policy that starts in month 7 has the baseline's first seven months, bit for bit, and not its eighth."""
    records = organisation.simulated({"later": {"commission.rate": 0.05, "starts": 7}}, months=12, seats=60, seeds=3)
    for key, values in records.sums.items():
        np.testing.assert_array_equal(values[1, :, :7], values[0, :, :7], err_msg=key)

    assert np.any(records.sums["quits"][1] != records.sums["quits"][0]) or np.any(
        records.sums["cash_pay"][1, :, 7:] != records.sums["cash_pay"][0, :, 7:]
    )


def test_the_period_under_way_is_paid_under_the_old_plan():
    """A cut to 6% announced in month 7 leaves commission per dollar booked in months 7 and 8 near the old 10-15%; month 9 pays
    the new rate.
    """
    records = organisation.simulated({"cut": {"commission.rate": 0.06, "starts": 7}}, months=10, seats=105, seeds=6)
    salary = 0.5 * 180_000.0 / 12.0
    rate = (records.sums["cash_pay"] - salary * records.sums["filled"]).sum(axis=1) / records.sums["bookings"].sum(axis=1)

    assert np.all(rate[1, 7:9] > 0.095)
    assert rate[1, 9] < 0.075


@pytest.mark.slow
def test_a_steady_world_shows_no_trend():
    """Over 60 months of the status quo the yearly slopes of turnover, headcount, tenure, the installed base and
    bookings per rep lie within three standard errors of zero over 48 seeds, or under half a percent of their level a year.
    """
    records = run(organisation.study({}, months=60, seats=200, seeds=48))
    years = [slice(12 * k, 12 * k + 12) for k in range(5)]
    reps = records.sums["filled"].reshape(1, 48, 5, 12).mean(axis=-1)
    figures = {
        "turnover": np.stack([measure(records, "turnover", y) for y in years], axis=-1),
        "headcount": reps,
        "tenure": np.stack([measure(records, "tenure_median", y) for y in years], axis=-1),
        "installed base": records.sums["recurring_value"].reshape(1, 48, 5, 12).mean(axis=-1),
        "bookings per rep": np.stack([measure(records, "bookings", y) for y in years], axis=-1) / reps,
    }
    centred = np.arange(5) - 2.0
    for name, values in figures.items():
        slope = (values[0] * centred).sum(axis=-1) / (centred**2).sum() / values[0].mean()
        standard_error = slope.std(ddof=1) / np.sqrt(slope.size)

        assert abs(slope.mean()) < max(3.0 * standard_error, 0.005), (name, slope.mean(), standard_error)


@pytest.mark.slow
def test_the_pack_shows_its_headline_numbers():
    """The shipped intercepts make the ordinary plan show what the pack was asked: within 3% or three standard errors."""
    asked = {
        "quits_rate": 0.20, "dismissals_rate": 0.12, "at_quota": 0.50, "ramp_months": 5.0, "cycle_days": 72.0,
        "win_rate": 0.22, "renewal_rate": 0.92, "nrr": 1.04,
    }  # fmt: skip
    scenario = read_scenario(None, months=36, seats=210, seeds=32)
    records = run(scenario.with_policies([scenario.policy("status_quo")]))
    for key, goal in asked.items():
        values = measure(records, key)[0]
        standard_error = values.std(ddof=1) / np.sqrt(values.size)

        assert abs(values.mean() - goal) < max(0.03 * goal, 3.0 * standard_error), (key, values.mean())

"""The commission lever: what it pushes, on whom it depends, and what it remembers."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation.evidence.read import Parameters, parse_rows
from simulation.levers.base import SOCKETS, Lever, LeverBoard
from simulation.levers.commission import AGES, Commission
from simulation.payout import current_rate, marginal
from simulation.vocabulary import Outlook

ROWS = tomllib.loads((files("simulation") / "levers" / "commission.toml").read_text(encoding="utf-8"))
P = SimpleNamespace(commission=Parameters(parse_rows({"commission": ROWS}, "commission.toml")).commission, sockets=None)
VIEWED = ("expected_pay", "pay_risk")
SHAPE = (3, 2, 5)
thorough = settings(max_examples=40, deadline=None, derandomize=True)


def busy_state(seed=1, shape=SHAPE, months=3.0):
    """A month in which every field that the lever reads varies from seat to seat, equally under every policy."""
    rng = np.random.default_rng(seed)

    def field(low, high):
        return np.repeat(rng.uniform(low, high, (1, *shape[1:])), shape[0], axis=0)

    monthly = field(20_000.0, 90_000.0)
    return SimpleNamespace(
        market_pay=field(6_000.0, 15_000.0), monthly_quota=monthly, next_quota=monthly, period_quota=months * monthly,
        sold=monthly * field(0.0, 3.0), credited=monthly * field(0.0, 2.0), tenure=np.floor(field(0.0, 12.0)),
        filled=np.round(field(0.2, 1.0)), quits=np.round(field(0.0, 0.7)), dismissals=np.zeros(shape),
        renewed_value=field(0.0, 50_000.0), expanded_value=field(0.0, 20_000.0), book_value=field(0.0, 900_000.0),
        young_loss=field(0.0, 0.2), lapse_share=field(0.0, 0.4), outlook_mean=field(0.2, 1.6), outlook_spread=field(0.03, 0.4),
        fresh_mean=field(0.3, 1.5), fresh_spread=field(0.1, 0.5), closes_in_period=field(0.0, 1.0), memory={},
    )  # fmt: skip


def part(state, k):
    """The organisation under one of the policies, as it would stand alone."""
    own = {key: {name: held[..., [k], :, :] for name, held in memory.items()} for key, memory in state.memory.items()}
    alone = {name: value[..., [k], :, :] for name, value in vars(state).items() if name != "memory"}
    return SimpleNamespace(**alone, memory=own)


def view_of(state):
    """The outlook on which the rep of each seat weighs the job."""
    return Outlook(state.fresh_mean, state.fresh_spread, state.monthly_quota, state.market_pay, state.book_value)


def pushes(board, state):
    """Every push of the board, flattened to arrays of the state's shape."""
    found = {}
    for socket in SOCKETS:
        name = socket.__name__
        push = board.push(socket, state, *([view_of(state)] if name in VIEWED else []))
        for k, value in enumerate(push if isinstance(push, tuple) else (push,)):
            found[name, k] = np.broadcast_to(value, state.filled.shape)
    return found


def board_of(*plans):
    """The plans on one board."""
    return LeverBoard([Commission.stack(plans)], P)


def rows(first, second):
    """Tables of up to three rows whose attainments ascend."""
    return st.lists(first, max_size=3, unique=True).flatmap(
        lambda at: st.tuples(*(st.tuples(st.just(a), second) for a in sorted(at)))
    )


shares, attainments = st.floats(0.0, 1.0), st.floats(0.0, 2.0).map(lambda x: round(x, 2))
plans = st.builds(
    Commission,
    pay_level=st.floats(0.5, 2.0), base_share=shares, rate=st.none() | st.floats(0.0, 0.5),
    renewal_rate=st.floats(0.0, 0.2), expansion_rate=st.floats(0.0, 0.2),
    basis=st.sampled_from(["revenue", "margin"]), period=st.sampled_from(["month", "quarter", "year"]),
    accumulate=st.sampled_from(["period", "year"]), quota=st.floats(0.2, 5.0), ratchet=shares, ramp_quota=st.booleans(),
    threshold=st.sampled_from([0.0, 0.0, 0.4, 1.1]), tiers=rows(attainments, st.floats(0.0, 4.0)),
    cap=st.none() | st.floats(0.1, 3.0), bonus=rows(attainments, st.floats(0.0, 9_000.0)),
    draw=st.just(0.0) | shares, draw_months=st.sampled_from([0.0, 3.0, 9.0]), recoverable=st.booleans(),
    clawback=st.sampled_from([0.0, 0.0, 3.0, 6.0, 12.0]),
)  # fmt: skip


def live(plans_in_force, months, shape, change=None):
    """Pay by month of plans over some months; `change` gives the plans in force from the middle on."""
    memory, paid = {}, []
    for month in range(months):
        now = change if change and month >= months // 2 else plans_in_force
        board = board_of(*now)
        state = busy_state(100 + month, shape)
        memory = board.start_memory(memory, shape)
        state.memory = memory
        paid.append(board.push(Lever.cash_pay, state))
        memory = board.remember(state)
    return np.array(paid), memory


@pytest.mark.parametrize("socket", SOCKETS, ids=lambda f: f.__name__)
def test_neutral_pushes_nothing(socket):
    """A plan left at its defaults pays market pay as salary and pushes exactly 0 on every socket."""
    state = busy_state()
    view = [view_of(state)] if socket.__name__ in VIEWED else []
    push = board_of(*[Commission()] * 3).push(socket, state, *view)

    for part_of_push in push if isinstance(push, tuple) else (push,):
        np.testing.assert_array_equal(part_of_push, 0.0)


def test_neutral_beside_others_still_pushes_nothing():
    """A neutral plan pushes exactly 0 also between plans that use every row of the table."""
    full = Commission(base_share=0.5, tiers=((1.0, 2.0),), threshold=0.5, cap=2.0, bonus=((1.0, 900.0),), draw=0.5,
                      draw_months=6.0, clawback=12.0, renewal_rate=0.02, period="month")  # fmt: skip
    found = pushes(board_of(full, Commission(), full), busy_state())

    assert [name for name, push in found.items() if np.any(push[1] != 0.0)] == []


def test_typical_pushes_something():
    """The typical plan moves pay, expected pay, its risk and the worth of selling and of serving."""
    found = pushes(board_of(*[Commission.typical()] * 3), busy_state())
    moved = {name for (name, _), push in found.items() if np.any(push)}

    assert moved == {"cash_pay", "expected_pay", "pay_risk", "rate_now", "rate_next", "cash_slope"}


@thorough
@given(st.tuples(plans, plans, plans), st.integers(0, 999))
def test_a_policy_is_the_same_in_any_company(three, seed):
    """At every socket three plans side by side push what each pushes alone, to the last bit."""
    state = busy_state(seed)
    together = pushes(board_of(*three), state)
    alone = [pushes(board_of(plan), part(state, k)) for k, plan in enumerate(three)]

    for name, push in together.items():
        np.testing.assert_array_equal(push, np.concatenate([one[name] for one in alone]), err_msg=str(name))
        assert np.all(np.isfinite(push)), name


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.tuples(plans, plans, plans), st.tuples(plans, plans, plans))
def test_memory_keeps_no_company_either(first, then):
    """Over a year in which every policy changes its plan, draws and clawbacks are those of each policy alone."""
    together, _ = live(first, 12, SHAPE, then)
    alone = [live((a,), 12, (1, *SHAPE[1:]), (b,))[0] for a, b in zip(first, then, strict=True)]

    np.testing.assert_array_equal(together, np.concatenate(alone, axis=1))


def test_debts_under_an_old_plan_do_not_depend_on_company():
    """A rep whose plan drops its draw owes nothing from that month on, also while the next policy gains one."""
    drawing, plain = Commission(base_share=0.5, rate=0.01, draw=1.0, draw_months=24.0), Commission(base_share=0.5, rate=0.3)
    together, _ = live((drawing, plain), 8, (2, 2, 5), (plain, drawing))
    alone = [live((a,), 8, (1, 2, 5), (b,))[0] for a, b in ((drawing, plain), (plain, drawing))]

    np.testing.assert_array_equal(together, np.concatenate(alone, axis=1))


def test_rounding_does_not_depend_on_company():
    """Where a tier pays nothing, a month's earnings round to a hair around 0; a neighbour's draw does not touch them."""
    flat, drawing = Commission(base_share=0.5, rate=0.1, tiers=((0.1, 0.0),)), Commission(draw=0.5, draw_months=9.0)
    together, _ = live((flat, drawing), 6, (2, 40, 50))
    alone, _ = live((flat,), 6, (1, 40, 50))

    np.testing.assert_array_equal(together[:, :1], alone)


@thorough
@given(plans)
def test_an_empty_seat_is_paid_nothing(plan):
    """A vacant seat, whose quota may be nothing, gets exactly 0, whatever the plan and the memory of whoever sat there."""
    state = busy_state(shape=(1, 2, 5))
    state.filled = np.zeros_like(state.filled)
    state.period_quota, state.monthly_quota = state.filled, state.filled
    state.memory = {"commission": {"balance": np.full((1, 2, 5), 900.0), "ledger": np.full((AGES, 1, 2, 5), 80.0)}}

    np.testing.assert_array_equal(board_of(plan).push(Lever.cash_pay, state), 0.0)


@pytest.mark.parametrize(
    ("period", "accumulate", "months"),
    [("month", "period", 1), ("quarter", "period", 3), ("year", "period", 12), ("month", "year", 12), ("quarter", "year", 12)],
)
def test_goal_sockets(period, accumulate, months):
    """Quota multiple in logs, ratchet as set, ramp as 0 or -1, period in months beyond a quarter, basis as 0 or 1."""
    plan = Commission(quota=1.25, ratchet=0.3, ramp_quota=False, period=period, accumulate=accumulate, basis="margin")
    found = pushes(board_of(plan), busy_state(shape=(1, 2, 5)))
    read = {name: found[name, 0].flat[0] for name in ("quota_ratchet", "quota_ramp", "quota_period", "margin_basis")}

    assert np.exp(found["quota_level", 0]) == pytest.approx(1.25)
    assert read == {"quota_ratchet": 0.3, "quota_ramp": -1.0, "quota_period": months - 3.0, "margin_basis": 1.0}


def test_rate_left_out_pays_target_pay_at_quota():
    """With no rate given, a rep exactly at quota earns target pay, whatever the quota in force."""
    state = busy_state(shape=(1, 2, 5))
    state.sold, state.credited, state.filled = 0.0 * state.sold, state.period_quota, 0.0 * state.filled + 1.0
    push = board_of(Commission(pay_level=1.1, base_share=0.6)).push(Lever.cash_pay, state)
    target_pay_of_quarter = 3.0 * 1.1 * state.market_pay

    np.testing.assert_allclose(push + state.market_pay, target_pay_of_quarter - 2.0 * 0.66 * state.market_pay, rtol=1e-12)


def test_perceived_rate_mixes_slope_and_tier():
    """The perceived rate is .6 expected slope + .4 current tier; a fresh period starts in the first tier."""
    plan = Commission(base_share=0.5, rate=0.1, tiers=((1.0, 2.0),))
    state = busy_state(shape=(1, 2, 5))
    curve = Commission.stack([plan])._terms.curve
    found = pushes(board_of(plan), state)
    now = 0.6 * marginal(curve, state.outlook_mean, state.outlook_spread, state.period_quota)
    fresh = 0.6 * marginal(curve, state.fresh_mean, state.fresh_spread, state.period_quota)
    rate_now, rate_next = now + 0.4 * current_rate(curve, state.sold / state.period_quota), fresh + 0.4 * 0.1

    np.testing.assert_allclose(found["rate_now", 0], rate_now, rtol=1e-12)
    np.testing.assert_allclose(found["rate_next", 0], rate_next, rtol=1e-12)


def test_farming_is_paid_between_the_two_rates():
    """A dollar of farming is worth the rates on renewals and expansions in the proportion reps expect them, 0.9 to 0.1."""
    found = pushes(board_of(Commission(renewal_rate=0.02, expansion_rate=0.05)), busy_state(shape=(1, 2, 5)))

    np.testing.assert_allclose(found["cash_slope", 1], 0.9 * 0.02 + 0.1 * 0.05)


def test_expected_pay_by_hand():
    """Far above quota with no doubt: salary, rate and accelerator on each month's sales, and a twelfth of the book's yield."""
    plan = Commission(pay_level=1.2, base_share=0.5, rate=0.1, tiers=((1.0, 1.5),), renewal_rate=0.02, expansion_rate=0.05)
    push = board_of(plan).push(Lever.expected_pay, None, Outlook(1.4, 0.0, 50_000.0, 10_000.0, 600_000.0))
    by_hand = 0.6 * 10_000 + 0.1 * 50_000 + 0.15 * 20_000 + (0.9 * 0.02 + 0.1 * 0.05) / 12 * 600_000

    assert push.item() + 10_000 == pytest.approx(by_hand)


@pytest.mark.parametrize("period", ["month", "quarter", "year"])
def test_expected_pay_is_what_is_paid_on_average(period):
    """Over 20,000 seats whose sales follow the outlook, cash pay averages to expected pay within 2%."""
    plan = Commission(base_share=0.4, tiers=((1.0, 2.0),), bonus=((1.0, 3_000.0),), period=period)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    rng = np.random.default_rng(11)
    shape = (1, 1, 20_000)
    state = busy_state(shape=shape)
    ones = np.ones(shape)
    state.filled, state.market_pay, state.monthly_quota, state.period_quota = ones, 1e4 * ones, 5e4 * ones, 5e4 * months * ones
    state.sold, total = np.zeros(shape), np.zeros(shape)
    board, sd = board_of(plan), 0.4
    for _ in range(months):
        state.credited = np.maximum(rng.normal(1.0, sd, shape), 0.0) * state.monthly_quota
        total += state.market_pay + board.push(Lever.cash_pay, state)
        state.sold += state.credited
    view = Outlook(ones, sd / np.sqrt(months) * ones, state.monthly_quota, state.market_pay)
    promised = state.market_pay + board.push(Lever.expected_pay, state, view)

    assert total.mean() / months == pytest.approx(promised.mean(), rel=0.02)


def test_pay_risk_of_a_straight_line():
    """On a straight line pay's spread is rate x spread of sales; spread over a quarter it counts by the month."""
    push = board_of(Commission(base_share=0.5, rate=0.1)).push(Lever.pay_risk, None, Outlook(0.9, 0.3, 50_000.0, 10_000.0))

    assert push.item() == pytest.approx(0.1 * 0.3 * 150_000 / 3)


def test_the_lever_works_unstacked():
    """A lever asked directly, as by one who steps through a single rep's life, gives what the board gives."""
    plan, state = Commission.typical(), busy_state(shape=(1, 2, 5))
    on_board = pushes(board_of(plan), state)

    np.testing.assert_array_equal(plan.cash_pay(state, P.commission), on_board["cash_pay", 0])
    np.testing.assert_array_equal(plan.rate_now(state, P.commission), on_board["rate_now", 0])


@thorough
@given(plans)
def test_a_draw_never_costs_a_rep(plan):
    """With a draw, what is recovered never exceeds what was advanced, and pay is never below salary."""
    with_draw = plan.model_copy(update={"draw": 0.7, "draw_months": 6.0, "clawback": 0.0})
    without = plan.model_copy(update={"draw": 0.0, "clawback": 0.0})
    drawn, earned = (live((p,), 12, (1, 2, 5))[0] for p in (with_draw, without))
    salaries = [(plan.pay_level * plan.base_share - 1.0) * s.market_pay * s.filled for s in map(busy_state, range(100, 112))]

    assert np.all((drawn - earned).sum(axis=0) >= -1e-6)
    assert np.all(drawn - np.array(salaries)[:, :1] >= -1e-6)


def test_memory_ends_with_the_rep():
    """Whoever leaves, by choice or not, takes draw and deals along: nothing is left of them, nor in a seat left empty."""
    board = board_of(Commission(base_share=0.5, draw=1.0, draw_months=12.0, clawback=12.0))
    state = busy_state(shape=(1, 2, 5))
    state.filled, state.quits, state.dismissals = np.ones((3, 1, 2, 5))
    state.filled[..., 0], state.quits[..., 2:], state.dismissals[..., [1, 2, 4]] = 0.0, 0.0, 0.0
    state.memory = {"commission": {"balance": np.full((1, 2, 5), 900.0), "ledger": np.full((AGES, 1, 2, 5), 80.0)}}
    memory = board.remember(state)["commission"]
    gone = (state.quits + state.dismissals > 0.0) | (state.filled == 0.0)

    assert np.all(memory["balance"][gone] == 0.0)
    assert np.all(memory["ledger"][:, gone] == 0.0)
    assert np.all(memory["ledger"][:, ~gone] > 0.0)


def test_memory_is_kept_only_where_it_is_used():
    """Plans without draw and clawback remember nothing; each of the two brings its own record."""
    names = [
        sorted(board_of(Commission(**given)).start_memory({}, (1, 2, 5))["commission"])
        for given in ({}, {"draw": 0.5}, {"draw": 0.5, "draw_months": 3.0}, {"clawback": 6.0})
    ]

    assert names == [[], [], ["balance"], ["ledger"]]


@pytest.mark.parametrize(
    ("plan", "starts", "waiting"),
    [
        (Commission(period="quarter"), 6, []),
        (Commission(period="quarter"), 7, [7, 8]),
        (Commission(period="month"), 7, []),
        (Commission(period="year"), 9, [9, 10, 11]),
        (Commission(period="month", accumulate="year"), 22, [22, 23]),
    ],
)
def test_a_period_under_way_ends_as_it_began(plan, starts, waiting):
    """A new plan waits for the end of the quota period in which it was announced, and for no longer."""
    months = [month for month in range(starts, starts + 24) if plan.waits_for_period(month, starts)]

    assert months == waiting


@pytest.mark.parametrize(
    ("settings_given", "complaint"),
    [
        ({"tiers": ((1.0, 1.5), (0.8, 2.0))}, "ascending"),
        ({"tiers": ((1.0, 1.5), (1.0, 2.0))}, "ascending"),
        ({"tiers": tuple((0.1 * k, 1.0) for k in range(7))}, "at most 6 rows"),
        ({"tiers": ((1.0, 11.0),)}, r"numbers in \[0, 10\]"),
        ({"bonus": ((1.0, -5.0),)}, r"numbers in \[0, 1e\+06\]"),
        ({"rate": 1.5}, "less than or equal to 1"),
        ({"cap": 0.0}, "greater than or equal to 0.1"),
        ({"clawback": 13.0}, "less than or equal to 12"),
        ({"period": "week"}, "'month', 'quarter' or 'year'"),
        ({"accelerator": 2.0}, "Extra inputs"),
    ],
)
def test_impossible_plans_are_refused(settings_given, complaint):
    """Tables that do not ascend, numbers out of bounds and words unknown are refused, naming what is wrong."""
    with pytest.raises(ValidationError, match=complaint):
        Commission(**settings_given)

"""Why policies differ: terms of the quitting rule, and policies taken apart lever by lever."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from io import StringIO

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from organisation import study
from rich.console import Console
from synthetic import LABELS, made_records

from simulation.draws import Draws
from simulation.engine import board
from simulation.evidence.reasons import TERMS
from simulation.experiment.batch import parts as taking_apart
from simulation.experiment.batch.parts import Cut, run_parts, take_apart
from simulation.experiment.execute import run
from simulation.experiment.store import write_run
from simulation.levers import catalogue
from simulation.month import Now, advance_month
from simulation.records import TERM, tally
from simulation.report.reasons import print_reasons, reasons_document, rounded_together
from simulation.rules.leaving import QuitTerms
from simulation.statistics.compare import compare
from simulation.statistics.intervals import t_interval
from simulation.statistics.measures import measure
from simulation.statistics.reasons import MEASURES_SPLIT, find_reasons, lever_shares, split, with_reasons

MIX = {
    "commission.rate": 0.07, "autonomy.discount_authority": 0.10, "autonomy.approval_days": 2.0,
    "failure_tolerance.fund": 30_000.0, "failure_tolerance.cost_cover": 0.8,
}  # fmt: skip
TWO = {"commission.rate": 0.08, "equity.grant": 0.05, "equity.vesting": 36.0}
ONE = {"commission.rate": 0.08}
POLICIES = {"mix": MIX, "two": TWO, "one": ONE, "late": {**TWO, "starts": 6}, "again": MIX, "same": {}}


@pytest.fixture(scope="module")
def records():
    """Policies with three levers, two, one, two from month 6 on, three again, and none."""
    return run(study(POLICIES, months=13, seats=24, seeds=18))


@pytest.fixture(scope="module")
def reasons(records):
    """Both answers for them."""
    return find_reasons(records)


def courses_of(effect, levers):
    """Made-up courses of a policy with these levers: `effect` gives a measure (seed,) by the set of levers in force."""
    every = frozenset(levers)
    courses = {"base": effect(frozenset()), "all": effect(every)}
    cuts = {}
    for lever in levers:
        courses |= {f"{lever} alone": effect(frozenset({lever})), f"without {lever}": effect(every - {lever})}
        cuts[lever] = Cut(f"{lever} alone", f"without {lever}")
    return courses, cuts


def test_every_term_has_words_in_the_order_of_the_rule():
    """The terms that are named for people are those of the rule."""
    assert tuple(TERMS) == QuitTerms._fields


def test_terms_and_lock_in_make_the_chance_of_quitting(busy_state, parameters):
    """Summed with the intercept, the recorded terms are the log-odds by which the month's luck decides."""
    s = deepcopy(busy_state)
    typical = {key: lever.typical() for key, lever in catalogue().items()}
    levers = board([typical] * s.filled.shape[0], list(typical), parameters)
    now = Now(2, 2, levers, levers, parameters.at(2), Draws((2026, 2027), s.filled.shape[-1], s.demand.shape[-1], "run"))
    before = s.wish.copy()
    advance_month(s, now)
    x = parameters.labour.quit_intercept + sum(now.terms)
    chance = parameters.leaving.floor + 1.0 / (1.0 + np.exp(-x))
    unheld = before == 0.0
    drawn = now.filled * (now.luck.uniform("quit", 2) < chance)
    kept, _ = tally(s, now)

    np.testing.assert_array_equal(s.quits[unheld], drawn[unheld])
    assert np.all(np.asarray(now.terms.lock_in) <= 0.0)
    assert np.any(np.asarray(now.terms.lock_in) < 0.0)
    for name, term in now.terms._asdict().items():
        by_hand = [[sum((row * there).tolist()) for row, there in zip(*pair, strict=True)] for pair in
                   zip(np.broadcast_to(term, now.filled.shape), now.filled, strict=True)]  # fmt: skip
        np.testing.assert_allclose(kept[TERM + name], by_hand, rtol=1e-9, atol=1e-12)


def test_mean_terms_are_paired_by_seed(records, reasons):
    """A term's mean is that of a seed's rep-months, then of seeds; its difference is that of seeds in pairs."""
    by_seed = records.sums["quit_pay_gap"].sum(axis=2) / records.sums["filled"].sum(axis=2)
    two = reasons.by_reason["two"]["pay_gap"]

    assert two.mean == pytest.approx(by_seed[2].mean(), rel=1e-12)
    assert two.difference == pytest.approx(tuple(map(float, t_interval(by_seed[2] - by_seed[0]))), rel=1e-9)
    assert reasons.by_reason["status_quo"]["pay_gap"].difference is None
    assert {shift.difference for shift in reasons.by_reason["same"].values()} == {(0.0, 0.0, 0.0)}
    assert sum(s.mean for s in reasons.by_reason["mix"].values()) == pytest.approx(reasons.of_all["mix"].mean, rel=1e-9)


def test_deferred_pay_holds_only_where_it_is_granted(reasons):
    """A grant lowers the log-odds by the stake; without one the term is nothing."""
    assert reasons.by_reason["two"]["lock_in"].difference.high < 0.0
    assert reasons.by_reason["mix"]["lock_in"].mean == 0.0


def test_each_course_is_run_once(records):
    """Three levers cost six runs, two cost two, one none; a course that the study or another policy runs costs no more."""
    apart = take_apart(records.scenario)
    fresh = apart.scenario.policies[1:]

    assert len(fresh) == 6 + 1 + 2
    assert apart.cuts["again"] == apart.cuts["mix"]
    assert apart.cuts["one"] == {"commission": Cut("one", "status_quo")}
    assert apart.cuts["two"]["commission"].alone == "one"
    assert apart.cuts["two"]["commission"].alone == apart.cuts["two"]["equity"].without
    assert apart.cuts["same"] == {}
    assert apart.scenario.seeds == records.scenario.seeds[:16]
    assert {policy.starts for policy in fresh if policy.key.startswith("late")} == {6}
    assert [policy.equal_cost for policy in apart.scenario.policies] == [None] * 10


def test_one_lever_needs_no_run(monkeypatch):
    """With one lever its share is all, nothing is together, and nothing is simulated."""
    monkeypatch.setattr(taking_apart, "run", lambda *_, **__: pytest.fail("a run that tells nothing"))
    small = run(study({"one": ONE}, months=6, seats=8, seeds=3))
    found = find_reasons(small).by_lever["one"]["revenue"]

    assert found.levers["commission"].share == found.whole
    assert found.levers["commission"].alone == found.levers["commission"].without == found.whole.mean
    assert found.together == (0.0, 0.0, 0.0)
    assert found.whole.mean == pytest.approx(np.diff(measure(small, "revenue").mean(axis=1))[0], rel=1e-9)


def test_the_further_runs_meet_the_luck_of_the_study(records):
    """The baseline simulated among the parts is the study's, bit for bit."""
    apart = take_apart(records.scenario)
    extra = run_parts(apart)

    np.testing.assert_array_equal(extra.sums["revenue"][0], records.sums["revenue"][0, :16])


def test_shares_and_together_are_the_whole_difference(records, reasons):
    """For every policy and measure, to the last bit and in any order of adding."""
    found = [split_ for measures in reasons.by_lever.values() for split_ in measures.values()]

    assert [list(m) for m in reasons.by_lever.values()] == [list(MEASURES_SPLIT)] * 6
    for one in found:
        parts = [share.share.mean for share in one.levers.values()] + [one.together.mean]
        assert sum(map(Fraction, parts)) == Fraction(one.whole.mean)
        assert sum(parts) == sum(reversed(parts)) == one.whole.mean
        assert all(2 * s.share.mean == s.alone + s.without for s in one.levers.values())
    assert reasons.by_lever["mix"]["turnover"].whole.mean == pytest.approx(
        np.diff(measure(records, "turnover")[:2, :16].mean(axis=1))[0], rel=1e-9
    )


@given(
    st.lists(st.lists(st.floats(-1e9, 1e9), min_size=8, max_size=8), min_size=1, max_size=4),
)
def test_any_figures_add_up_exactly(seeds):
    """Whatever the levers do to each other, however large or small, nothing is lost on the way."""
    number = {frozenset(s): n for n, s in enumerate([(), "a", "b", "c", "ab", "ac", "bc", "abc"])}
    courses, cuts = courses_of(lambda inside: np.array([row[number[inside]] for row in seeds]), "abc")
    found = split(courses, "base", "all", cuts)
    shares = [Fraction(s.share.mean) for s in found.levers.values()]

    assert sum(shares) + Fraction(found.together.mean) == Fraction(found.whole.mean)


def test_what_is_known_of_the_levers_is_found():
    """Effects that add are found as they are; a pair is halved; what takes three stays together, with half against it."""
    luck = np.array([3.0, -1.0, 7.0])
    adds = {"a": 5.0, "b": -2.0, "c": 0.25}

    def effect(inside, pair=0.0, three=0.0):
        return luck + sum(adds[i] for i in inside) + pair * ({"a", "b"} <= inside) + three * (len(inside) == 3)

    def found_for(*jointly):
        courses, cuts = courses_of(lambda inside: effect(inside, *jointly), "abc")
        return split(courses, "base", "all", cuts)

    plain, paired, joint = found_for(), found_for(4.0), found_for(0.0, 6.0)
    shares = lambda found: {lever: share.share.mean for lever, share in found.levers.items()}  # noqa: E731

    assert shares(plain) == adds
    assert plain.together == (0.0, 0.0, 0.0)
    assert shares(paired) == {"a": 7.0, "b": 0.0, "c": 0.25}
    assert paired.together.mean == 0.0
    assert joint.together.mean == -3.0
    assert plain.levers["a"].share == (5.0, 5.0, 5.0)


def test_two_levers_have_their_shapley_values(reasons):
    """With two levers nothing is together: each has its mean over both orders of entry."""
    found = reasons.by_lever["two"]["contribution"]

    assert found.together == (0.0, 0.0, 0.0)
    assert found.levers["commission"].alone + found.levers["equity"].without == found.whole.mean


def test_seeds_without_a_value_are_left_out_of_all():
    """A seed in which one course has no figure counts for none, so that the rest still adds up; none at all is null."""
    courses, cuts = courses_of(lambda inside: np.array([1.0, 2.0, 4.0]) * (1 + len(inside)), "ab")
    courses["a alone"][2] = np.nan
    found = split(courses, "base", "all", cuts)
    nothing = split(dict.fromkeys(courses, np.full(3, np.nan)), "base", "all", cuts)

    assert found.whole.mean == 3.0
    assert found.levers["a"].share.mean == 1.5
    assert np.isnan(nothing.whole.mean)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6), st.integers(0, 2))
def test_printed_figures_add_up(values, digits):
    """Rounded together, figures add up to their rounded total, and none is off by a whole last digit or more."""
    shown = rounded_together(values, sum(values), digits)
    units = [round(v * 10**digits) for v in shown]

    assert sum(units) == round(sum(values) * 10.0**digits)
    assert max(abs(u - v * 10**digits) for u, v in zip(units, values, strict=True)) < 1.0 + 1e-6


@pytest.fixture(scope="module")
def summary(records, reasons):
    """The comparison with its reasons."""
    return replace(compare(records), reasons=reasons)


@pytest.mark.parametrize("width", [80, 100, 130])
def test_answers_fit_the_screen(summary, width):
    """Both answers stand in their tables, at any width, and say what they are not."""
    console = Console(width=width, record=True, markup=False, highlight=False, file=StringIO())
    print_reasons(summary, console)
    text = console.export_text()
    flat = " ".join(text.split())

    assert max(map(len, text.splitlines())) <= width
    assert "Which lever does it" in flat
    assert "first 16 seeds" in flat
    assert "Only lever: one differs in Commission plan alone" in flat
    assert "No lever: same differs in no setting" in flat
    assert "no decomposition" in flat
    assert "quits, points a year" in flat
    assert "nan" not in flat
    assert text.count("all terms") >= 1


def test_the_document_holds_both_answers(summary):
    """JSON has every policy and term, every policy, measure and lever, unrounded, and nothing that JSON cannot hold."""
    document = json.loads(json.dumps(reasons_document(summary.reasons), allow_nan=False))
    mix = document["by_lever"]["mix"]["turnover"]

    assert document["seeds"] == 16
    assert list(document["by_reason"]) == list(summary.labels)
    assert list(document["by_reason"]["mix"]) == list(TERMS)
    assert set(document["by_reason"]["mix"]["fit"]["difference"]) == {"mean", "low", "high"}
    assert "difference" not in document["by_reason"]["status_quo"]["fit"]
    assert set(mix["levers"]) == {"commission", "autonomy", "failure_tolerance"}
    assert set(mix["levers"]["autonomy"]) == {"share", "low", "high", "alone", "without"}
    assert sum(one["share"] for one in mix["levers"].values()) + mix["together"] == mix["whole"]


def test_the_run_folder_keeps_the_reasons(records, summary, tmp_path):
    """A CSV and a sheet hold one row a policy and term, and a policy, measure and part."""
    folder = write_run(records, summary, tmp_path)
    kept = pd.read_csv(folder / "reasons.csv")
    sheet = openpyxl.load_workbook(folder / "summary.xlsx")["reasons"]
    row = kept[(kept["policy"] == "mix") & (kept["measure"] == "revenue") & (kept["part"] == "autonomy")].iloc[0]

    assert len(kept) == 7 * len(TERMS) + 3 * (5 + 4 + 3 + 4 + 5 + 2)
    assert sheet.max_row == len(kept) + 1
    assert row["difference"] == summary.reasons.by_lever["mix"]["revenue"].levers["autonomy"].share.mean


def test_one_policy_has_no_reasons_to_print():
    """With the baseline alone nothing is asked, and a comparison without reasons prints none."""
    alone = run(study({}, months=3, seats=6, seeds=1))
    summary = with_reasons(compare(alone), alone)
    console = Console(record=True, file=StringIO())
    print_reasons(summary, console)
    print_reasons(compare(made_records(LABELS[:2], months=12)), console)

    assert console.export_text() == ""
    assert summary.reasons.by_lever == {}


def test_one_seed_has_shares_without_intervals():
    """With one seed the shares add up still, and the limits are null."""
    one = run(study({"two": TWO}, months=3, seats=6, seeds=1))
    apart = take_apart(one.scenario)
    found = lever_shares(one, apart, run_parts(apart))["two"]["revenue"]

    assert sum(s.share.mean for s in found.levers.values()) + found.together.mean == found.whole.mean
    assert np.isnan(found.whole.low)

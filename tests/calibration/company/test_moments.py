"""Figures by hand, bootstrap errors against closed forms, and the shape of a hazard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from company_files import pipeline, read, staff

from simulation.calibration.company.history import LONGEST
from simulation.calibration.company.profile import KNOTS, PRIOR, fit_shape, hats


def test_deals_by_hand(tmp_path: Path):
    """Forty won of 120, each open 59 to 62 days, amounts from 20,000 up in steps, 5% off list."""
    rows = pipeline(120)
    m = read(tmp_path, None, rows).moments
    first = "2023-03-01"  # the first to close, from which deals are watched; those that close on it are not counted
    counted = [row.split(",") for row in rows if row.split(",")[3] != first]
    days = [(np.datetime64(row[3]) - max(np.datetime64(row[2]), np.datetime64(first))).astype(int) for row in counted]
    won = [float(row[5]) for row in counted if row[4] == "won"]

    assert m.value("win_rate") == pytest.approx(len(won) / len(counted))
    assert m.value("cycle_days") == pytest.approx(sum(days) / len(days) * 30.4 / (365.25 / 12))
    assert m.value("discount") == pytest.approx(0.05)


def test_turnover_by_hand(tmp_path: Path):
    """Exits over months watched, times twelve."""
    company = read(tmp_path, staff(60))
    stay = company.history.stay

    assert company.moments.value("turnover") == pytest.approx(12 * (stay.cause > 0).sum() / stay.exposure(0, np.inf).sum())
    assert company.moments.value("ote") == 150_000
    assert company.moments.value("base_share") == pytest.approx(0.6)


def test_bootstrap_error_of_a_share(tmp_path: Path):
    """With one deal a rep, the error of the win rate is that of a binomial share, sqrt(p (1 - p) / n)."""
    stage = lambda k: "won" if k % 10 < 3 else "lost"  # noqa: E731
    rows = [f"D{k},P{k:05d},2023-01-01,2023-0{2 + k % 2}-01,{stage(k)},1,0" for k in range(1_000)]
    found = read(tmp_path, None, rows).moments.shown["win_rate"]
    closed = np.sqrt(found.value * (1.0 - found.value) / found.cases)

    assert found.error == pytest.approx(closed, rel=0.12)


def test_reps_are_drawn_not_rows(tmp_path: Path):
    """When each rep wins all ten of its deals or none, ten deals say no more than one: the error is that over reps."""
    stage = ("lost", "won")
    rows = [f"D{k}x{j},P{k:03d},2023-01-01,2023-0{2 + j % 2}-01,{stage[k % 2]},1,0" for k in range(100) for j in range(10)]
    found = read(tmp_path, None, rows).moments.shown["win_rate"]

    assert found.error == pytest.approx(np.sqrt(0.25 / 100), rel=0.12)


def test_lasting_spread_leaves_luck_out(tmp_path: Path):
    """Reps who sell at 0.5, 1 and 1.5 of the mean every month show their own spread, however lumpy the months are."""
    rng = np.random.default_rng(3)
    people = [f"P{k:03d},T{k % 4},2020-01-01,,,1,1" for k in range(300)]
    months = [f"2023-{k:02d}-15" for k in range(1, 13)]
    deals = [
        f"D{k}x{day},P{k:03d},2022-12-01,{day},won,{(0.5 + 0.5 * (k % 3)) * rng.lognormal(0.0, 0.8) * 1e4 + 1:.0f},0"
        for k in range(300) for day in ["2022-12-30", *months, "2023-12-31"]
    ]  # fmt: skip
    found = read(tmp_path, people, deals).moments.shown["rep_spread"]

    assert found.interval[0] < np.sqrt(1 / 6) < found.interval[1]
    assert found.error < 0.06


def test_small_groups_are_merged(tmp_path: Path):
    """No band of tenure is shown with fewer than five exits, and together the bands have all exits."""
    m = read(tmp_path, staff(60)).moments
    bands = [found for key, found in m.shown.items() if key.startswith("leaving_")]

    assert min(found.cases for found in bands) >= 5
    assert sum(found.cases for found in bands) == m.shown["turnover"].cases


def test_few_cases_are_not_shown(tmp_path: Path):
    """Fewer than five dismissals are not worked out, and how many there are is not told."""
    rows = [row for row in staff(60) if "involuntary" not in row] + ["X,T1,2022-01-01,2023-06-01,dismissed,90000,60000"]
    m = read(tmp_path, rows).moments

    assert "dismissals_rate" not in m
    assert m.skipped["dismissals_rate"] == "fewer than 5 cases, 5 are needed"


def test_hats_are_weights():
    """At each knot one weight is one; everywhere they add up to one."""
    assert hats(KNOTS) == pytest.approx(np.eye(len(KNOTS)))
    np.testing.assert_allclose(hats(np.arange(LONGEST)).sum(axis=1), 1.0)


def test_a_shape_is_recovered():
    """With many exits a known multiplier comes back, up to the level, which is not its business."""
    truth = np.array([0.6, 0.3, 0.0, -0.3, -0.5])
    hazard = np.full(LONGEST + 1, 0.02)
    watched = np.full(LONGEST + 1, 20_000.0)
    exits = watched * hazard * np.exp(0.7 + hats(np.arange(LONGEST + 1) + 0.5) @ truth)
    shape = fit_shape(watched, exits, hazard)

    np.testing.assert_allclose(np.diff(shape.theta), np.diff(truth), atol=0.02)
    assert shape.error.max() < 0.25


def test_without_exits_the_prior_stands():
    """With hardly an exit the multiplier stays at one and its error at the prior's."""
    exits = np.zeros(LONGEST + 1)
    exits[10] = 1.0
    shape = fit_shape(np.full(LONGEST + 1, 1.0), exits, np.full(LONGEST + 1, 0.01))

    assert np.abs(shape.theta).max() < 0.1 * PRIOR + 0.2
    np.testing.assert_allclose(shape.error, PRIOR, rtol=0.1)

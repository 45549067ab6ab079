"""Verdicts, each on figures written by hand."""

from __future__ import annotations

import pytest

from simulation.scenario import Expectation
from simulation.statistics.verdicts import Estimate, Moved, Plausible, verdict

WITH = {"with": 1.0, "without": -1.0}


def claim(claimed: float, **changes: object) -> Expectation:
    """A claim with a figure."""
    return Expectation(**{"id": "S1", "text": "t", "metric": "cycle_days", "contrast": WITH, "claimed": claimed, **changes})


def directed(key: str, least: float = 0.0, direction: str = "lower") -> Expectation:
    """A claim or statement with a direction alone."""
    return Expectation(key, "t", "turnover", WITH, direction=direction, least=least)


@pytest.mark.parametrize(
    ("claimed", "mean", "low", "high", "expected"),
    [
        (-0.40, -0.41, -0.50, -0.10, "reached with defaults"),
        (-0.40, -0.40, -0.45, -0.10, "reached with defaults"),
        (-0.40, -0.10, -0.42, 0.10, "reachable"),
        (-0.40, -0.10, -0.39, 0.60, "not reachable"),
        (0.35, 0.36, 0.00, 0.50, "reached with defaults"),
        (0.35, 0.10, -0.90, 0.35, "reachable"),
        (0.35, -0.50, -0.90, 0.10, "not reachable"),
    ],
)
def test_a_figure_is_reached_from_the_side_of_no_effect(
    claimed: float, mean: float, low: float, high: float, expected: str
) -> None:
    """The effect, or the end of the plausible range on the claim's side, must go at least as far as the figure."""
    effect = Estimate(mean, mean - 0.01, mean + 0.01)

    assert verdict(claim(claimed), effect, Plausible(low, high), ()) == expected


def test_a_level_that_should_be_low_is_reached_from_above() -> None:
    """A ramp of four months reaches a claim of five; a share saved of 0.5 does not reach 0.68."""
    months = claim(5.0, metric="ramp_months", change="level", contrast={"with": 1.0})
    saved = claim(0.68, metric="saved_share", change="level", contrast={"with": 1.0})

    assert verdict(months, Estimate(4.0, 3.9, 4.1), Plausible(3.0, 6.0), ()) == "reached with defaults"
    assert verdict(saved, Estimate(0.5, 0.49, 0.51), Plausible(0.4, 0.6), ()) == "not reachable"


def test_a_metric_without_a_value_gets_no_verdict() -> None:
    """Customers saved are none where nobody warns, so neither a claim nor a statement about them is met or missed."""
    nothing = Estimate(float("nan"), float("nan"), float("nan"))

    assert verdict(claim(-0.4), nothing, Plausible(float("nan"), float("nan")), ()) == "no figure"
    assert verdict(directed("G1"), nothing, Plausible(float("nan"), float("nan")), ()) == "no figure"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-0.03, -0.011, "as claimed"), (-0.03, -0.009, "undecided"), (0.02, 0.03, "opposite"), (0.009, 0.03, "undecided")],
)
def test_a_direction_needs_the_whole_interval_beyond_the_least_difference(low: float, high: float, expected: str) -> None:
    """With a least difference of 0.01, an interval that touches it decides nothing."""
    found = verdict(directed("S4", 0.01), Estimate(0.5 * (low + high), low, high), Plausible(low, high), ())

    assert found == f"direction only: {expected}"


@pytest.mark.parametrize(
    ("effect", "moves", "expected"),
    [
        ((-0.03, -0.02), {}, "holds"),
        ((-0.03, -0.005), {}, "does not hold"),
        ((0.02, 0.03), {}, "does not hold"),
        ((-0.03, -0.02), {"a.b": (-0.04, -0.006)}, "holds"),
        ((-0.03, -0.02), {"a.b": (-0.02, 0.004), "c.d": (-0.05, -0.04)}, "depends on a.b"),
        ((-0.03, -0.02), {"a.b": (0.01, 0.02), "c.d": (0.0, 0.0)}, "depends on a.b, c.d"),
        ((-0.01, 0.01), {"a.b": (-0.03, -0.005)}, "does not hold"),
        ((-0.01, 0.01), {"a.b": (-0.03, -0.02)}, "depends on a.b"),
    ],
)
def test_a_statement_holds_or_depends_on_a_row(
    effect: tuple[float, float], moves: dict[str, tuple[float, float]], expected: str
) -> None:
    """It hangs on a row whose move brings the mean back within the least difference, or the whole interval beyond it."""
    moved = [Moved(row, 1.0, Estimate(0.5 * sum(ends), *ends)) for row, ends in moves.items()]
    found = verdict(directed("G1", 0.01), Estimate(0.5 * sum(effect), *effect), Plausible(*effect), moved)

    assert found == expected

"""Figures of findings as people read them."""

from __future__ import annotations

import math

import pytest

from simulation.evidence.targets import targets
from simulation.report.units import UNITS, band, figure, interval, plain


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.2018, "share", "20.2%"), (-0.004, "share", "−0.4%"), (0.07, "share of list value", "7.0%"), (0.692, "1/year", "69.2%"),
        (1.754, "ratio", "1.75"), (97.4, "days", "97"), (11.06, "weeks", "11.1"), (0.001, "correlation", "0.001"),
        (math.nan, "share", "–"), (2.5, "bananas", "2.50"),
    ],
)  # fmt: skip
def test_figures(value: float, unit: str, said: str):
    """Shares are percent, pure numbers stand alone, and what does not exist is a dash."""
    assert figure(value, unit) == said


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (0.12, 0.30, "share", "12 to 30%"), (-0.38, -0.18, "share", "−38 to −18%"), (0.0, math.inf, "share", "≥ 0%"),
        (-math.inf, 1.0, "ratio", "≤ 1"), (0.64, 0.8, "1/year", "64 to 80% a year"), (45.0, 100.0, "days", "45 to 100 days"),
        (1.15, 3.0, "ratio of ratios", "1.15 to 3"), (0.29, 0.57, "share", "29 to 57%"), (1.0, 2.0, "bananas", "1 to 2 bananas"),
        (-math.inf, math.inf, "share", "–"),
    ],
)  # fmt: skip
def test_bands(low: float, high: float, unit: str, said: str):
    """A band has its unit behind it, as many digits as it was given, and a sign where it is open."""
    assert band(low, high, unit) == said


def test_intervals_and_plain_numbers():
    """The ends of an interval have no unit; parameters have four significant digits."""
    assert interval(0.188, 0.215, "share") == "18.8 to 21.5"
    assert interval(math.nan, math.nan, "share") == "–"
    assert (plain(0.0123456), plain(-3.0), plain(math.nan)) == ("0.01235", "−3", "–")


def test_every_unit_of_a_target_is_known():
    """No target is printed in a unit that has no entry of its own."""
    assert {target.unit for target in targets().values() if target.expressed} <= set(UNITS)

"""What `--until-decided`, `--until` and `--most-seeds` take, and what they refuse."""

from __future__ import annotations

import pytest

from simulation.errors import ScenarioError
from simulation.scenario import Material
from simulation.scenario.until import Until, read_until


def test_without_a_request_seeds_are_fixed():
    """Nothing asked, nothing added."""
    assert read_until() is None


def test_until_decided_starts_at_sixteen_and_ends_at_a_thousand():
    """The first look and the cap can be set; the cap follows a larger first look."""
    assert read_until(decided=True) == Until({}, 16, 1000)
    assert read_until(decided=True, start=64, most=200) == Until({}, 64, 200)
    assert read_until(decided=True, error=0.01).error == 0.01
    assert read_until(decided=True, start=2000) == Until({}, 2000, 2000)


@pytest.mark.parametrize(
    ("text", "key", "amount"),
    [
        ("turnover=0.005", "turnover", Material(0.005, relative=False)),
        ("revenue = 1%", "revenue", Material(0.01, relative=True)),
        ("contribution=2.5e5", "contribution", Material(250_000.0, relative=False)),
    ],
)
def test_a_width_is_an_amount_or_a_share(text, key, amount):
    """An amount in the measure's unit, or a share of the baseline's figure."""
    assert read_until(widths=[text]).widths == {key: amount}


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"widths": ["turnovr=0.01"]}, '"turnovr" is no measure; the nearest is turnover'),
        ({"widths": ["turnover"]}, "an amount above 0 in 1/year"),
        ({"widths": ["turnover=0"]}, "an amount above 0 in 1/year"),
        ({"widths": ["turnover=-1"]}, "an amount above 0 in 1/year"),
        ({"widths": ["revenue=5 million"]}, "an amount above 0 in usd/year, or a share of the baseline's figure such as 1%"),
        ({"widths": ["turnover=1%"], "decided": True}, "cannot go with --until-decided"),
        ({"most": 100}, "give --until-decided or --until"),
        ({"decided": True, "error": 0.9}, "--error-rate 0.9: it takes a probability in [1e-06, 0.5]"),
        ({"widths": ["turnover=1%"], "error": 0.01}, "it is that of a decision"),
        ({"error": 0.01}, "give --until-decided with it"),
        ({"decided": True, "start": 8}, "--seeds 8: seeds are added from 16 on"),
        ({"decided": True, "most": 10}, "--most-seeds 10: it takes a whole number of seeds in [16, 100000]"),
        ({"decided": True, "start": 64, "most": 32}, "in [64, 100000]"),
    ],
)
def test_a_wrong_request_is_refused_in_a_sentence(request_, said):
    """Unknown measures with the nearest, amounts with their unit, and what cannot go together."""
    with pytest.raises(ScenarioError) as refused:
        read_until(**request_)

    assert said in str(refused.value)

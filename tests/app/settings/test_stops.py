"""Where sliders stop: a hand can reach what people mean, the ends, and what is neutral and typical."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.app.settings.stops import place_of, plain, step_of, stops_of
from simulation.levers import catalogue
from simulation.scenario.settings import Setting, settings_of

NUMBERS = {
    f"{key}.{setting.name}": setting
    for key, lever in catalogue().items()
    for setting in settings_of(lever).values()
    if setting.numeric
}


def stops(lever, name):
    """The stops of a shipped setting."""
    return stops_of(settings_of(catalogue()[lever])[name])


def test_a_slider_stops_at_its_ends_and_at_what_is_usual():
    """Bounds, neutral and typical values are among the stops, which ascend, lie within bounds and are at most 150."""
    for name, setting in NUMBERS.items():
        found = stops_of(setting)
        usual = [float(value) for value in (setting.neutral, setting.typical) if value is not None]

        assert (found[0], found[-1]) == (setting.low, setting.high), name
        assert set(usual) <= set(found), name
        assert list(found) == sorted(set(found)), name
        assert 10 <= len(found) <= 150, name


@pytest.mark.parametrize(
    ("lever", "name", "value"),
    [
        ("commission", "rate", 0.12), ("failure_tolerance", "fund", 15_000), ("failure_tolerance", "fund", 60_000),
        ("commission", "base_share", 0.65), ("autonomy", "discount_authority", 0.15), ("equity", "grant", 0.2),
        ("equity", "vesting", 48), ("smart_crm", "licence_cost", 100), ("failure_tolerance", "threshold_relief", -0.05),
    ],
)  # fmt: skip
def test_a_hand_can_reach_what_people_say(lever, name, value):
    """Values that are said in a meeting are stops."""
    assert value in stops(lever, name)


def test_stops_are_written_as_people_write_numbers():
    """No stop has the digits of binary arithmetic, as 0.30000000000000004 would."""
    longest = {name: max(len(plain(stop).lstrip("-")) for stop in stops_of(setting)) for name, setting in NUMBERS.items()}

    assert max(longest.values()) <= 7


def test_the_arrows_of_a_field_go_in_round_steps():
    """A step is 1, 2 or 5 times a power of ten, and at most half of what is typical, months apart, which are whole."""
    for name, setting in NUMBERS.items():
        step = step_of(setting)

        assert float(f"{step:e}".split("e")[0]) in {1.0, 2.0, 5.0}, name
        assert not setting.typical or setting.unit == "months" or step <= abs(setting.typical) / 2, name


def test_months_are_whole():
    """Nobody sets half a month, whatever the range."""
    assert all(stop == int(stop) for stop in stops("commission", "clawback"))


@given(st.floats(min_value=-2.0, max_value=3.0, allow_nan=False))
def test_the_nearest_stop_is_taken(value):
    """A value between two stops stands at the nearer one; one beyond the ends stands at the end."""
    found = stops("commission", "rate")

    assert abs(found[place_of(value, found)] - value) == min(abs(stop - value) for stop in found)


def test_a_setting_without_bounds_has_a_slider_too():
    """A lever of the user's own may leave bounds out; its slider ends well beyond what is usual."""
    free = Setting("bonus", "number", 0.0, 250.0, "usd", None, None, (), "", "assumed")
    found = stops_of(free)

    assert {0.0, 250.0} <= set(found)
    assert found[0] < 0.0
    assert found[-1] > 250.0

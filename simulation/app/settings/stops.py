"""Where a slider stops: values that a hand can reach, chosen from what is typical of a setting and from its bounds.

A slider over [0, 1000000] with a typical 30000 would jump over every value that anybody means. So its places are numbered, and
what stands at a place is a round value: evenly spread where what is typical lies well within the range, and ten to a power of
ten where it lies near the low end. Neutral and typical values are always among them; the field beside takes any other number.
"""

from __future__ import annotations

import math
from bisect import bisect_left

from simulation.scenario.settings import Setting

PLACES = 60
"""About as many places as an even slider has; at most two and a half times as many."""
FAR = 15.0
"""From this multiple of what is usual on, the high end makes a slider of powers."""
DECADE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
NEAR = 20.0
"""A slider of powers begins at a usual value over this, after its low end."""
ROUND = (5.0, 2.0, 1.0)
WHOLE_UNITS = ("months",)
"""Units of which nobody sets a part."""
_DIGITS = 12


def stops_of(setting: Setting) -> tuple[float, ...]:
    """The values at which a slider stops, ascending, the ends included."""
    low, high = ends_of(setting)
    told = [float(value) for value in (setting.neutral, setting.typical) if value is not None]
    middle = _powers(low, high, _usual(setting)) if _is_far(setting) else _even(low, high, step_of(setting))
    whole = _is_whole(setting)
    found = {round(value) if whole else round(value, _DIGITS) for value in middle if low < value < high}
    return tuple(sorted({low, high, *told, *map(float, found)}))


def ends_of(setting: Setting) -> tuple[float, float]:
    """The ends of a slider: the setting's bounds, or where it has none a power of ten beyond what is usual."""
    beyond = 10.0 ** math.ceil(math.log10(10.0 * _usual(setting)))
    low = setting.low if setting.low is not None else -beyond
    return float(low), float(setting.high if setting.high is not None else beyond)


def step_of(setting: Setting) -> float:
    """The step of the field's arrows: a round part of the range, or of what is usual where that is far below the high end."""
    low, high = ends_of(setting)
    about = _usual(setting) / 5.0 if _is_far(setting) else (high - low) / PLACES
    power = 10.0 ** math.floor(math.log10(about) + 1e-9)
    step = power if _is_far(setting) else next(digit * power for digit in ROUND if digit * power <= about * (1.0 + 1e-9))
    return max(round(step, _DIGITS), 1.0) if _is_whole(setting) else round(step, _DIGITS)


def place_of(value: float, stops: tuple[float, ...]) -> int:
    """The place nearest to a value."""
    right = min(bisect_left(stops, value), len(stops) - 1)
    left = max(right - 1, 0)
    return left if value - stops[left] <= stops[right] - value else right


def plain(value: float) -> str:
    """A number as a field shows it: no more digits than it has."""
    return f"{value:.15g}"


def _usual(setting: Setting) -> float:
    told = [abs(float(value)) for value in (setting.neutral, setting.typical) if value is not None]
    span = [abs(end) for end in (setting.low, setting.high) if end is not None]
    return max(told, default=0.0) or max(span, default=0.0) / 4.0 or 1.0


def _is_far(setting: Setting) -> bool:
    low, high = ends_of(setting)
    return low >= 0.0 and high >= FAR * _usual(setting)


def _is_whole(setting: Setting) -> bool:
    return setting.kind == "whole number" or setting.unit in WHOLE_UNITS


def _even(low: float, high: float, step: float) -> list[float]:
    first = math.ceil(low / step)
    return [step * k for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _powers(low: float, high: float, usual: float) -> list[float]:
    first, last = math.floor(math.log10(usual / NEAR)), math.ceil(math.log10(high))
    values = (digit * 10.0**power for power in range(first, last + 1) for digit in DECADE)
    return [value for value in values if max(low, usual / NEAR) <= value <= high]

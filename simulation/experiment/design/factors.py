"""Factors of a sweep: what is varied, and over which values.

    PATH=a,b,c             these values: numbers, words, true and false, `none` for a setting left out
    PATH=0.02:0.20:10      10 values at equal steps, both ends among them
    PATH=log:0.01:1:7      7 values at equal ratios
    PATH=0.02:0.20         a range: of lhs and sobol, and of grid and one-at-a-time at `USUAL_LEVELS` values
    PATH=[[1, 1.5]];[[1, 2]]    tables, each as TOML writes it
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.experiment.design.slots import NOTHING, OFF, ON, OPTION, Slot, find_slot
from simulation.scenario import Scenario
from simulation.scenario.faults import Faults, literal

USUAL_LEVELS = 5
"""Values of a range that is written without a number of them."""
MOST_LEVELS = 10_000
MOST_FACTORS = 200
DIGITS = 12
"""Digits that a computed value keeps: 0.06, not 0.060000000000000005."""
LOG = "log:"


@dataclass(frozen=True)
class Factor:
    """What is varied, and over which values.

    slot : where the values go
    values : those listed, or those of a range with a number of them; none of a range without
    low, high : ends of a range, None of a list
    log : whether steps of the range are ratios
    """

    slot: Slot
    values: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    log: bool = False

    @property
    def path(self) -> str:
        """The dotted path of what is varied."""
        return self.slot.path

    @property
    def listed(self) -> bool:
        """Whether its values are a list and not a range of numbers."""
        return self.low is None

    @property
    def levels(self) -> tuple[Any, ...]:
        """Its values one by one, `USUAL_LEVELS` of a range without a number of them."""
        return self.values or self.spread(USUAL_LEVELS)

    def at(self, place: float) -> Any:
        """The value at a place in [0, 1): equal lengths of a range, of a list equal shares."""
        if self.low is None or self.high is None:
            return self.values[min(int(place * len(self.values)), len(self.values) - 1)]
        if self.slot.kind == "whole number":
            return int(min(math.floor(self._between(place, self.low, self.high + 1.0)), self.high))
        return rounded(self._between(place, self.low, self.high))

    def _between(self, place: float, low: float, high: float) -> float:
        return low * (high / low) ** place if self.log else low + place * (high - low)

    def spread(self, count: int) -> tuple[Any, ...]:
        """So many values from end to end; fewer where they are whole numbers and there are not so many."""
        if self.low is None or self.high is None:
            return self.values
        ends = {0: self.low, count - 1: self.high}
        found = [ends.get(k, rounded(self._between(k / (count - 1), self.low, self.high))) for k in range(count)]
        whole = self.slot.kind == "whole number"
        return tuple(dict.fromkeys(round(value) if whole else value for value in found))


def rounded(value: float) -> float:
    """A computed value with no more digits than mean something."""
    return float(f"{value:.{DIGITS}g}")


def read_factors(asked: Iterable[str] | Mapping[str, Any], scenario: Scenario) -> tuple[Factor, ...]:
    """What a sweep varies, from texts `PATH=RANGE`, or a mapping of paths to ranges or lists of values.

    Raises
    ------
    ScenarioError
        With one sentence a fault: a path that is none, a value that is refused by itself, a range without values.
    """
    faults = Faults(OPTION)
    pairs = list(asked.items()) if isinstance(asked, Mapping) else [_split(text, faults) for text in asked]
    if len(pairs) > MOST_FACTORS:
        faults.add("number of paths", f"= {len(pairs)} is more than {MOST_FACTORS}; vary fewer")
    found: dict[str, Factor] = {}
    for path, spread in pairs[:MOST_FACTORS]:
        if path in found:
            faults.add(path, "is varied twice; write all its values in one list")
        elif path and (factor := _factor(path, spread, scenario, faults)) is not None:
            found[path] = factor
    check_on(list(found.values()), faults)
    faults.raise_any()
    return tuple(found.values())


def _split(text: str, faults: Faults) -> tuple[str, str]:
    path, equals, spread = (part.strip() for part in text.partition("="))
    if equals and path and spread:
        return path, spread
    faults.add(literal(text), "varies nothing; write PATH=RANGE such as policies.P.commission.rate=0.02:0.20:10")
    return "", ""


def _factor(path: str, spread: Any, scenario: Scenario, faults: Faults) -> Factor | None:
    slot = find_slot(path, scenario, faults)
    if slot is None:
        return None
    if isinstance(spread, str):
        if slot.numeric and ":" in spread:
            return _range(slot, spread, faults)
        return _list(slot, spread.split(";" if slot.kind == "table" else ","), faults)  # a table holds commas itself
    return _list(slot, spread, faults) if isinstance(spread, Iterable) else _list(slot, [spread], faults)


def _list(slot: Slot, items: Iterable[Any], faults: Faults) -> Factor | None:
    found = []
    for place, item in enumerate(items):
        if place >= MOST_LEVELS:
            faults.add(slot.path, f"has more than {MOST_LEVELS:,} values; write fewer, or a range")
            return None
        plain = item.item() if hasattr(item, "item") else item
        found.append(slot.read(plain, faults) if isinstance(plain, str) else slot.checked(plain, plain, faults))
    if not found:
        faults.add(slot.path, "has no value; write a list or a range")
    if not found or NOTHING in found:
        return None
    return Factor(slot, tuple(dict.fromkeys(found)))


def _range(slot: Slot, text: str, faults: Faults) -> Factor | None:
    log = text.startswith(LOG)
    parts = text.removeprefix(LOG).split(":")
    if len(parts) not in (2, 3):
        faults.add(slot.path, f"= {literal(text)} is no range; write LOW:HIGH, LOW:HIGH:COUNT or {LOG}LOW:HIGH:COUNT")
        return None
    low, high = (slot.read(part, faults) for part in parts[:2])
    if NOTHING in (low, high):
        return None
    if isinstance(low, str) or isinstance(high, str) or low >= high:
        faults.add(slot.path, f"= {literal(text)} is no range; its first number must be below its second")
        return None
    if log and low <= 0:
        faults.add(slot.path, f"= {literal(text)} cannot step by ratios from {low:g} on; begin above 0, or leave {LOG} out")
        return None
    factor = Factor(slot, (), low, high, log)
    return factor if len(parts) == 2 else _counted(factor, parts[2], text, faults)


def _counted(factor: Factor, count: str, text: str, faults: Faults) -> Factor | None:
    written = count.strip()
    if not (written.isascii() and written.isdigit() and len(written) < 8 and 2 <= int(written) <= MOST_LEVELS):
        faults.add(factor.path, f"= {literal(text)} needs a number of values in [2, {MOST_LEVELS:,}] at its end")
        return None
    return Factor(factor.slot, factor.spread(int(written)), factor.low, factor.high, factor.log)


def check_on(factors: Sequence[Factor], faults: Faults) -> None:
    """`on` is the lever as the file has it, which must be something, or be made something by its varied settings."""
    with_settings = {factor.slot.lever_path for factor in factors if factor.slot.kind != "lever"}
    for factor in factors:
        slot = factor.slot
        if slot.kind == "lever" and ON in factor.values and slot.own == OFF and slot.path not in with_settings:
            sentence = '= "on" is the lever as the file has it, which is off; write typical, or vary its settings as well'
            faults.add(slot.path, sentence)


def factors_of(slots: Sequence[Slot], rows: Sequence[Mapping[str, Any]]) -> tuple[Factor, ...]:
    """The factors whose values stand in rows that were written out."""
    return tuple(Factor(slot, tuple(dict.fromkeys(row[slot.path] for row in rows if slot.path in row))) for slot in slots)

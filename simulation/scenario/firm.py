"""Your firm in ten numbers: the `[firm]` table, and what it asks calibration to solve.

Some numbers are facts and are laid over parameter rows as they are (target pay, quota, margin, regions, ramp).
The others are headline numbers that the baseline must show; what the table leaves out is asked as the industry pack asks it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from simulation.evidence.headlines import HEADLINES
from simulation.evidence.read import Parameters, shipped_parameters
from simulation.scenario.faults import Faults, join
from simulation.scenario.files import read_toml, shipped_scenarios
from simulation.scenario.policy import Firm
from simulation.scenario.world import World

MOST_SEATS = 100_000
LONGEST_CURRENCY = 8
CURRENCY = "usd"
CURRENCY_WORD = f"[A-Za-z]{{1,{LONGEST_CURRENCY}}}"
LEAVING = ("quits_rate", "dismissals_rate")
NOTE = "What [firm] says."


@dataclass(frozen=True)
class FirmNumber:
    """One key of the table: its unit, range, an example, and what it is."""

    name: str
    unit: str
    low: float
    high: float
    example: float
    doc: str
    fact: tuple[str, str] | None = None  # the row that it is laid over
    headline: str | None = None  # the number that it asks for
    whole: bool = False


def _like(group: str, name: str) -> tuple[float, float]:
    """The range of a parameter row."""
    row = shipped_parameters().rows[group, name]
    return row.low, row.high


@lru_cache(maxsize=1)
def firm_numbers() -> Mapping[str, FirmNumber]:
    """Every number of the table by key, in the order in which it is written."""
    found = (
        FirmNumber("reps", "seats", 1, MOST_SEATS, 120, "Posts of the sales organisation; instead of seats.", whole=True),
        FirmNumber("regions", "count", *_like("market", "regions"), 4, "Regions.", fact=("market", "regions"), whole=True),
        FirmNumber("turnover", "1/year", 0.02, 2.0, 0.31, "Quits and dismissals in a year over filled seats."),
        FirmNumber("quits_share", "share", 0.05, 0.95, 0.6, "Part of turnover that is quits."),
        FirmNumber("ote", "usd a year", *_like("contract", "ote"), 180_000, "Target pay.", fact=("contract", "ote")),
        FirmNumber("quota", "usd a year", *_like("contract", "quota"), 850_000, "Quota of a seat.", fact=("contract", "quota")),
        FirmNumber("at_quota", "share", 0.05, 0.95, 0.46, "Ramped reps who reach quota.", headline="at_quota"),
        FirmNumber(
            "ramp_months", "months", 1.0, 24.0, 6, "Until a new rep sells like others.",
            fact=("contract", "ramp_months"), headline="ramp_months",
        ),
        FirmNumber("cycle_days", "days", 5.0, 730.0, 80, "Length of the sales cycle.", headline="cycle_days"),
        FirmNumber("win_rate", "share", 0.02, 0.9, 0.21, "Deals won over opportunities closed.", headline="win_rate"),
        FirmNumber(
            "deal_value", "usd a year", *_like("market", "deal_value"), 38_000, "First-year value of a deal, net of discount.",
            headline="deal_size",
        ),
        FirmNumber("renewal_rate", "share", 0.3, 0.99, 0.9, "Customers that renew when due.", headline="renewal_rate"),
        FirmNumber(
            "gross_margin", "share", *_like("contract", "gross_margin"), 0.75, "At list price.",
            fact=("contract", "gross_margin"),
        ),
    )  # fmt: skip
    return {number.name: number for number in found}


def read_firm(entries: Mapping[str, Any], places: Mapping[str, Faults], faults: Faults) -> dict[str, Any]:
    """The numbers given, checked; `places` says of some keys where else the user wrote them."""
    numbers = firm_numbers()
    given: dict[str, Any] = {}
    for name, value in entries.items():
        where, path = places.get(name, faults), join("firm", name)
        if name == "currency":
            given[name] = _currency(value, path, where)
        elif name not in numbers:
            where.unknown_key("firm", name, [*numbers, "currency"], "number of a firm")
        else:
            number = numbers[name]
            kinds = (int,) if number.whole else (int, float)
            if type(value) in kinds and number.low <= value <= number.high:
                given[name] = value
            else:
                kind = "a whole number" if number.whole else "a number"
                example = f"{number.example:g}" if number.example < 1e5 else f"{number.example:_}"
                where.wrong(path, value, number.unit, f"{kind} in [{number.low:,g}, {number.high:,g}], such as {example}")
    return given


def _currency(value: Any, path: str, faults: Faults) -> str:
    """A word that tables and charts put in place of usd."""
    if isinstance(value, str) and re.fullmatch(CURRENCY_WORD, value):
        return value
    faults.wrong(path, value, "", f'a word of 1 to {LONGEST_CURRENCY} letters of the Latin alphabet, such as "EUR"')
    return CURRENCY


def place_firm(
    given: Mapping[str, Any], worlds: Sequence[World], parameters: Parameters, faults: Faults
) -> tuple[Firm | None, Parameters]:
    """What is asked of the baseline, and the parameters with the firm's facts; a fault without an industry pack."""
    asked = {key: number.value for world in worlds for key, number in world.asked.items()}
    if not asked:
        known = ", ".join(f'"worlds/{name}"' for name in _shipped_packs())
        faults.add("firm", f"needs an industry pack for what it leaves out; put one in world, such as {known}")
        return None, parameters
    numbers = firm_numbers()
    for name in given:
        wanted = LEAVING if name in ("turnover", "quits_share") else (numbers[name].headline,) if name in numbers else ()
        if any(key and key not in asked for key in wanted):
            faults.add(f"firm.{name}", f"is not among the numbers of this industry pack ({', '.join(asked)}); leave it out")
            return None, parameters
    own = {number.headline: float(given[name]) for name, number in numbers.items() if number.headline and name in given}
    own |= _leaving(given, asked)
    facts = {number.fact: given[name] for name, number in numbers.items() if number.fact and name in given}
    facts |= _market(given, own, asked, parameters)
    rows = {
        key: replace(parameters.rows[key], value=float(value), status="estimated", source=("firm",), note=NOTE)
        for key, value in facts.items()
    }
    firm = Firm(dict(given), {**asked, **own})
    return firm, Parameters({**parameters.rows, **rows}, parameters.conditions)


def _leaving(given: Mapping[str, Any], asked: Mapping[str, float]) -> dict[str, float]:
    """Quits and dismissals, from turnover and the share of quits in it; what is not given is the pack's."""
    if not {"turnover", "quits_share"} & given.keys():
        return {}
    quits, dismissals = (asked[key] for key in LEAVING)
    turnover = given.get("turnover", quits + dismissals)
    share = given.get("quits_share", quits / (quits + dismissals))
    return {"quits_rate": turnover * share, "dismissals_rate": turnover * (1.0 - share)}


def _market(
    given: Mapping[str, Any], own: Mapping[str, float], asked: Mapping[str, float], parameters: Parameters
) -> dict[tuple[str, str], float]:
    """Customers that could be won: as many deals a year of quota as in the pack, so a firm of small deals has more of them."""
    row, quota = parameters.rows["market", "addressable"], parameters.rows["contract", "quota"].value
    if "deal_size" not in asked or not {"quota", "deal_value"} & given.keys():
        return {}
    deals = given.get("quota", quota) / quota * asked["deal_size"] / own.get("deal_size", asked["deal_size"])
    return {("market", "addressable"): min(max(row.value * deals, row.low), row.high)}


def check_owned(tables: Mapping[str, Any], asked: Collection[str], faults: Faults, where: str) -> None:
    """Refuse a value for a row that is solved: it would be lost without a word."""
    for headline in HEADLINES:
        group, name = headline.owner
        if (headline.standard is not None or headline.key in asked) and name in tables.get(group, {}):
            faults.at(where).add(
                f"world.{group}.{name}", f"is solved for [firm], so that the baseline shows {headline.key}; leave one of them out"
            )


def _shipped_packs() -> list[str]:
    """The shipped worlds that say what they must show."""
    files = sorted((shipped_scenarios() / "worlds").glob("*.toml"))
    return [file.name for file in files if "asked" in read_toml(file, file.name)[0]]

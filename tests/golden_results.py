"""Golden results: what every shipped study and every industry pack gave at a small size when it was last agreed to.

    python tests/golden_results.py

renews `tests/golden/` after a change that is meant to move numbers, and writes a line under "Output change" in CHANGELOG.md
with the largest change found, which the author completes with the reason.
"""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomlkit
from source import ROOT

from simulation.experiment.execute import run
from simulation.records import Records
from simulation.scenario import Scenario, read_scenario

FOLDER = ROOT / "tests" / "golden"
SCENARIOS = ROOT / "scenarios"
COMMAND = "python tests/golden_results.py"
SIZE = {"months": 24, "seats": 60, "seeds": 4}
COUNTS = ("filled", "quits", "dismissals", "regretted_quits", "hires", "deals", "period_reps", "period_at_quota", "failures")
FLOWS = (
    "leads", "bookings", "revenue", "cogs", "cash_pay", "equity_cost", "programme_cost", "hiring_cost", "service_cost",
    "recurring_value", "discount_value",
)  # fmt: skip
DIGITS = 12
WITHIN = 1e-9
"""Relative tolerance of all figures but counts, which must be equal."""
UNSAID = "**say why**"
"""Stands in CHANGELOG.md where the author must give the reason; a test refuses it."""
HEADING = "### Output change\n"


def names() -> list[str]:
    """Shipped studies, and `worlds/NAME` for each pack, which is run under its ordinary plan."""
    studies = [path.stem for path in SCENARIOS.glob("*.toml")]
    packs = [f"worlds/{path.stem}" for path in (SCENARIOS / "worlds").glob("*.toml") if "ordinary" in _table(path)]
    return sorted(studies) + sorted(packs)


def now(name: str) -> dict[str, Any]:
    """What a study or pack gives today: settings moved for equal cost, and sums over seeds and seats by policy and year."""
    records = run(_scenario(name), processes=1)
    moved = {key: _rounded(moved.after) for key, moved in records.moved.items()}
    return {"size": SIZE, "moved": moved, "policies": dict(_figures(records))}


def agreed(name: str) -> dict[str, Any]:
    """What it gave when it was last agreed to. Raises FileNotFoundError for a new study."""
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


def changes(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[float, str]]:
    """Figures that moved more than they may: relative change and sentence, the largest first; infinite if gone or new."""
    before, after = dict(_flat(old)), dict(_flat(new))
    found = []
    for place in sorted(before.keys() | after.keys()):
        was, is_ = before.get(place), after.get(place)
        change = _relative(was, is_)
        if change > (0.0 if place.split(".")[-2] in COUNTS else WITHIN):
            found.append((change, f"{name}: {place} was {was}, is {is_} (relative change {change:.2g})"))
    return sorted(found, key=lambda entry: -entry[0])


def renew() -> None:
    """Write today's results, print what moved, and write the line in CHANGELOG.md."""
    found: list[tuple[float, str]] = []
    for name in names():
        today = now(name)
        path = FOLDER / f"{name}.json"
        moved = changes(name, agreed(name), today) if path.exists() else []
        print(f"{name}: {f'{len(moved)} figures moved' if path.exists() else 'new'}")
        if moved or not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(as_text(today), encoding="utf-8")
        found += moved
    for path in FOLDER.rglob("*.json"):
        if path.relative_to(FOLDER).with_suffix("").as_posix() not in names():
            path.unlink()
    if found:
        change, sentence = max(found)
        log = ROOT / "CHANGELOG.md"
        log.write_text(with_line(log.read_text(encoding="utf-8"), change, sentence), encoding="utf-8")
        print(f'CHANGELOG.md has a new line under "Output change"; complete it: {sentence}')


def with_line(log: str, change: float, sentence: str) -> str:
    """The changelog with a line on the largest change at the end of the first "Output change"."""
    before, heading, after = log.partition(HEADING)
    section, rest = [*after.split("\n## ", 1), ""][:2]
    line = f"- {UNSAID}. Largest change among the golden results: {change:.2g} of its value, {sentence}.\n"
    return f"{before}{heading}{section.rstrip()}\n{line}" + (f"\n## {rest}" if rest else "")


def as_text(results: Mapping[str, Any]) -> str:
    """JSON with a line a figure, so that a change reads as one line."""
    lines = {
        policy: ",\n".join(f"      {json.dumps(key)}: {json.dumps(values)}" for key, values in figures.items())
        for policy, figures in results["policies"].items()
    }
    policies = ",\n".join(f"    {json.dumps(policy)}: {{\n{text}\n    }}" for policy, text in lines.items())
    head = "".join(f"  {json.dumps(key)}: {json.dumps(results[key])},\n" for key in ("size", "moved"))
    return f'{{\n{head}  "policies": {{\n{policies}\n  }}\n}}\n'


def _table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _scenario(name: str) -> Scenario:
    """The study at the small size; a pack becomes a study of its ordinary plan alone."""
    if not name.startswith("worlds/"):
        return read_scenario(SCENARIOS / f"{name}.toml", luck_only=True, **SIZE)
    ordinary = _table(SCENARIOS / f"{name}.toml")["ordinary"]
    study = {"world": [f"{name}.toml"], "baseline": "ordinary", "policies": {"ordinary": ordinary}}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pack.toml"
        file.write_text(tomlkit.dumps(study), encoding="utf-8")
        return read_scenario(file, luck_only=True, **SIZE)


def _figures(records: Records) -> Iterator[tuple[str, dict[str, list[float]]]]:
    for row, policy in enumerate(records.scenario.policies):
        years = {key: records.sums[key][row].sum(axis=0).reshape(-1, 12).sum(axis=-1) for key in (*COUNTS, *FLOWS)}
        yield policy.key, {key: [_rounded(value) for value in values] for key, values in years.items()}


def _rounded(value: float) -> float:
    number = float(f"{value:.{DIGITS}g}")
    return int(number) if number == int(number) else number


def _flat(results: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from ((f"size.{key}", value) for key, value in results["size"].items())
    yield from ((f"moved.{key}", value) for key, value in results["moved"].items())
    for policy, figures in results["policies"].items():
        for key, values in figures.items():
            yield from ((f"{policy}.{key}.year {year}", value) for year, value in enumerate(values, 1))


def _relative(was: float | None, is_: float | None) -> float:
    if was is None or is_ is None:
        return float("inf")
    return abs(is_ - was) / max(abs(was), abs(is_), 1e-300)


if __name__ == "__main__":
    renew()

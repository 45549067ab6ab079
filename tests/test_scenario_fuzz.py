"""Whatever stands in a file, the reader gives a scenario or faults that name file and path: no traceback."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation.errors import ScenarioError
from simulation.evidence.measures import MEASURES
from simulation.levers import catalogue
from simulation.scenario import Scenario, read_scenario, read_scenario_text, shipped_scenarios, starter_text
from simulation.scenario.read import KEYS

fuzzed = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = [
    *KEYS, *catalogue(), *MEASURES, "like", "label", "equal_cost", "off", "rate", "tiers", "first", "count", "today", "value",
]  # fmt: skip
SCALARS = st.one_of(
    st.booleans(), st.integers(-(2**63), 2**63 - 1), st.integers(-2, 100), st.floats(), st.text(max_size=12),
    st.sampled_from(WORDS), st.dates(),
)  # fmt: skip
KEY_WORDS = st.one_of(st.sampled_from(WORDS), st.text(min_size=1, max_size=6))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY_WORDS, inner, max_size=3), max_leaves=6
)
SHIPPED = {
    "starter": starter_text(),
    "status_quo": (shipped_scenarios() / "status_quo.toml").read_text(encoding="utf-8"),
    "growth_mix": (shipped_scenarios() / "growth_mix.toml").read_text(encoding="utf-8"),
    "G1": (shipped_scenarios() / "statements" / "G1.toml").read_text(encoding="utf-8"),
}
WORLD = (shipped_scenarios() / "worlds" / "downturn.toml").read_text(encoding="utf-8")
PLACE = r"(line \d+|end of the file|file|[\w\"\[\]\\.-]+)"


def told_well(file: Path) -> Scenario | None:
    """Read a file; whatever is said against it names a file and a path, one printable line a fault."""
    try:
        return read_scenario(file)
    except ScenarioError as refusal:
        faults = refusal.faults
    well = re.compile(rf"({re.escape(str(file))}|[a-z_/]+\.toml): {PLACE}")

    assert faults
    assert [fault for fault in faults if not fault.isprintable() or not well.match(fault)] == []
    return None


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in a parsed file."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, inner in items for place in places(inner, (*path, key)))]


def mutated(tables: Any, draw: Any) -> Any:
    """The tables with one value replaced, removed or added somewhere."""
    *path, last = draw(st.sampled_from([place for place in places(tables) if place]))
    changed = copy.deepcopy(tables)
    home = changed
    for key in path:
        home = home[key]
    kind = draw(st.sampled_from(["replace", "replace", "remove", "add"]))
    if kind == "replace":
        home[last] = draw(VALUES)
    elif kind == "remove":
        del home[last]
    elif isinstance(home, dict):
        home[draw(KEY_WORDS)] = draw(VALUES)
    else:
        home.append(draw(VALUES))
    return changed


@fuzzed
@given(data=st.data(), name=st.sampled_from(sorted(SHIPPED)), times=st.integers(1, 3))
def test_changed_scenarios(tmp_path: Path, data: st.DataObject, name: str, times: int) -> None:
    """A sound scenario with values replaced, removed and added is read or refused in sentences."""
    tables = tomlkit.parse(SHIPPED[name]).unwrap()
    for _ in range(times):
        if tables:
            tables = mutated(tables, data.draw)
    file = tmp_path / "study.toml"
    file.write_text(tomlkit.dumps(tables), encoding="utf-8")

    told_well(file)


@fuzzed
@given(data=st.data(), times=st.integers(1, 3))
def test_changed_worlds(tmp_path: Path, data: st.DataObject, times: int) -> None:
    """So is one in a world with values replaced, removed and added."""
    tables = tomlkit.parse(WORLD).unwrap() | {
        "leaving": {"floor": {"value": 0.003, "status": "assumed"}, "quit_profile": {"value": [[1, 0.5], [6, 1.0]]}},
        "asked": {"turnover": {"value": 0.3, "unit": "1/year", "status": "assumed", "source": []}},
        "ordinary": {"commission": {"rate": 0.1, "tiers": [[1.0, 1.5]]}},
    }
    for _ in range(times):
        if tables:
            tables = mutated(tables, data.draw)
    (tmp_path / "w.toml").write_text(tomlkit.dumps(tables), encoding="utf-8")
    file = tmp_path / "study.toml"
    file.write_text('baseline = "a"\nworld = ["w.toml"]\n[policies.a]\n', encoding="utf-8")

    told_well(file)


@fuzzed
@given(data=st.data(), name=st.sampled_from(sorted(SHIPPED)), added=st.text(max_size=8))
def test_torn_texts(tmp_path: Path, data: st.DataObject, name: str, added: str) -> None:
    """So is one whose text was cut, spliced and typed over."""
    text = SHIPPED[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 60)))
    file = tmp_path / "study.toml"
    file.write_text(text[:start] + added + text[end:], encoding="utf-8", newline="")

    told_well(file)


@fuzzed
@given(content=st.one_of(st.binary(max_size=200), st.text("[]{}.=,\"'#\n abe019_-\\+:T\t\r", max_size=200).map(str.encode)))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    """No bytes whatever give anything but faults: there is no scenario without policies."""
    file = tmp_path / "study.toml"
    file.write_bytes(content)

    assert told_well(file) is None


@fuzzed
@given(
    path=st.lists(st.sampled_from(["policies", "world", "parameters", "today", "leaving", "floor"]) | KEY_WORDS, max_size=5),
    value=st.one_of(st.text(max_size=20), SCALARS.map(str)),
)
def test_any_change(tmp_path: Path, path: list[str], value: str) -> None:
    """No `--set` whatever gives anything but a scenario or faults that name the option."""
    file = tmp_path / "study.toml"
    file.write_text(SHIPPED["starter"], encoding="utf-8")
    try:
        read_scenario(file, settings=[f"{'.'.join(path)}={value}"])
    except ScenarioError as refusal:
        said = refusal.faults
    else:
        said = ()

    assert all(fault.startswith("--set: ") and fault.isprintable() for fault in said)


POLICY_PATHS = st.lists(
    st.sampled_from(["today", "change", "new", "commission", "autonomy", "rate", "pay_level", "ends", "equal_cost", "like"]),
    min_size=1, max_size=3,
)  # fmt: skip
POLICY_VALUES = st.one_of(
    st.sampled_from(["off", "typical", "none", "today", "change", "new", "3", "0.2", "{ to = 'today', by = 'commission.rate' }"]),
    SCALARS.map(str),
)  # fmt: skip


CHANGES = st.lists(st.tuples(POLICY_PATHS.map(".".join), POLICY_VALUES), min_size=1, max_size=6, unique_by=lambda item: item[0])


def said_of(changes: list[str]) -> object:
    """What the starter comes to with these changes, or what is said against them, in no order."""
    try:
        return read_scenario_text(SHIPPED["starter"], "study", settings=changes).resolved()
    except ScenarioError as refusal:
        return set(refusal.faults)


@settings(fuzzed, max_examples=60)
@given(changes=CHANGES, data=st.data())
def test_any_changes_of_policies_in_any_order(changes: list[tuple[str, str]], data: st.DataObject) -> None:
    """Several changes of policies give one scenario or the same faults whatever their order, all of them of the option."""
    items = [f"policies.{path}={value}" for path, value in changes]
    found = said_of(items)

    assert said_of(data.draw(st.permutations(items))) == found
    assert isinstance(found, dict) or all(fault.startswith("--set: ") and fault.isprintable() for fault in found)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_unchanged_scenarios_read(tmp_path: Path, name: str) -> None:
    """What the fuzz starts from is sound, so that its refusals come from the changes."""
    file = tmp_path / "study.toml"
    file.write_text(SHIPPED[name], encoding="utf-8")

    assert told_well(file) is not None

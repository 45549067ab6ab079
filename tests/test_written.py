"""A scenario written as a file reads back as the same scenario to the last digit, whatever it holds, and looks like a file."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation.errors import ScenarioError
from simulation.evidence.measures import MEASURES
from simulation.levers import catalogue
from simulation.levers.base import TABLE_ROWS, Lever
from simulation.scenario import (
    Material,
    Policy,
    Scenario,
    read_scenario,
    read_scenario_text,
    scenario_toml,
    shipped_scenarios,
    shipped_studies,
)
from simulation.scenario.settings import Setting, settings_of
from simulation.scenario.written import toml_text, toml_value

drawn = settings(max_examples=60, deadline=None, derandomize=True)
OTHERS = [file for name in ("claims", "findings", "statements") for file in sorted((shipped_scenarios() / name).glob("*.toml"))]
STUDY = """
title = "A study"
world = ["worlds/saas_mid_market.toml"]
baseline = "today"
months = 24
seats = 40
seeds = { first = 7, count = 4 }

[policies.today]
commission = { base_share = 0.5 }
"""
FIRM = "\n[firm]\nreps = 120\nturnover = 0.31\note = 180_000\nquota = 850_000.5\ncurrency = 'EUR'\n"


def study(text: str = STUDY, **options: object) -> Scenario:
    """A small study."""
    return read_scenario_text(text, "study", luck_only=True, **options)  # type: ignore[arg-type]


def again(scenario: Scenario) -> Scenario:
    """The scenario that its text is."""
    folder = Path(scenario.source).parent if scenario.source else None
    return read_scenario_text(scenario_toml(scenario), scenario.name, folder=folder, luck_only=scenario.draws is None)


@pytest.mark.parametrize("name", list(shipped_studies()))
def test_every_study_reads_back(tmp_path: Path, name: str) -> None:
    """Written, saved elsewhere and read, a study is the same study in the same order; written again it is the same text."""
    scenario = read_scenario(name)
    file = tmp_path / f"{name}.toml"
    file.write_text(scenario_toml(scenario), encoding="utf-8")
    found = read_scenario(file)

    assert found.resolved() == scenario.resolved()
    assert [policy.key for policy in found.policies] == [policy.key for policy in scenario.policies]
    assert scenario_toml(found) == file.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("file", OTHERS, ids=lambda file: file.stem)
def test_every_other_scenario_reads_back(file: Path) -> None:
    """So does every claim, finding and statement, with what is expected of it and the worlds beside it."""
    scenario = read_scenario(file)

    assert again(scenario).resolved() == scenario.resolved()
    assert again(scenario).expect == scenario.expect


def test_what_was_changed_is_written() -> None:
    """Changes, another world and other sizes stand in the file as if they had always been there."""
    changes = [
        "policies.new.like=steeper", "policies.new.commission.rate=0.123456789012345", "policies.growth_mix=off",
        'policies.new.label="So \\"steep\\" \\\\ 急"', "policies.cut_a_fifth.equal_cost=off", "policies.new.badges=typical",
        "policies.cut_a_fifth.starts=3", "firm.turnover=0.3",
    ]  # fmt: skip
    size = {"months": 36, "seats": 77, "seeds": 5, "world": ["medtech", "downturn"]}
    scenario = read_scenario("status_quo", settings=changes, luck_only=True, **size)  # type: ignore[arg-type]
    text = scenario_toml(scenario)

    assert read_scenario_text(text, "status_quo", luck_only=True).resolved() == scenario.resolved()
    assert "rate       = 0.123456789012345    # share\n" in text
    assert 'label = "So \\"steep\\" \\\\ 急"\n' in text
    assert "turnover = 0.3    # 1/year\n" in text


def test_a_file_is_one_that_people_like_to_read() -> None:
    """Keys in the order of shipped files, units beside settings, sums in thousands; nothing that is neutral, no `like`."""
    text = scenario_toml(read_scenario("growth_mix"))
    shipped = shipped_studies()["growth_mix"].read_text(encoding="utf-8")
    keys = re.findall(r"^(\w+) += ", text.split("[policies", 1)[0], re.MULTILINE)
    widest = max(text.splitlines(), key=len)

    assert keys == re.findall(r"^(\w+) += ", shipped.split("[policies", 1)[0], re.MULTILINE)
    assert re.findall(r"^\[policies\.(\w+)\]", text, re.MULTILINE) == re.findall(r"^\[policies\.(\w+)\]", shipped, re.MULTILINE)
    assert "fund             = 30_000    # usd a month a region\n" in text
    assert "[policies.pay_only.commission]\nbase_share = 0.5             # share\nrate       = 0.1             # share\n" in text
    assert not {"like", "quota", "period", "badges"} & set(re.findall(r"\w+", text))
    assert len(widest) <= 110


def test_a_firm_is_written_as_it_was_asked() -> None:
    """Its numbers stand in the file, seats stand in it once, and money keeps its name."""
    scenario = study(STUDY.replace("seats = 40\n", "") + FIRM)
    text = scenario_toml(scenario)
    found = again(scenario)

    assert found.resolved() == scenario.resolved()
    assert (found.firm, found.currency, found.seats) == (scenario.firm, "EUR", 120)
    assert "quota    = 850000.5" in text
    assert "ote      = 180_000" in text
    assert "seats" not in text.split("[firm]")[0]


def test_worlds_of_one_s_own_are_found_beside_the_file(tmp_path: Path) -> None:
    """A scenario in a world of its own folder is one that is saved there."""
    (tmp_path / "own.toml").write_text("[demand]\nmultiple = [[0, 0.5]]\n", encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(STUDY.replace('"worlds/saas_mid_market.toml"', '"own.toml"'), encoding="utf-8")
    scenario = read_scenario(file)
    file.write_text(scenario_toml(scenario), encoding="utf-8")

    assert read_scenario(file).resolved() == scenario.resolved()


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (
            study(settings=["parameters.leaving.floor=0.0031", "world.demand.multiple=[[0, 0.5]]"]),
            "study: parameters.leaving.floor, world.demand.multiple are as --set or a solved [firm] made them, which",
        ),
        (replace(study(STUDY + FIRM.replace("reps = 120\n", "")), firm=None), "study: world.market.addressable, "),
        (replace(study(), currency="EUR"), "study: currency cannot be said in a scenario file"),
        (replace(study(), material={}), "study: material cannot be said in a scenario file"),
        (replace(study(), world=("worlds/none.toml",)), 'world[0] = "worlds/none.toml" is no world that can be found'),
    ],
    ids=["rows", "settled", "currency", "material", "world"],
)
def test_what_no_file_can_say_is_refused(scenario: Scenario, said: str) -> None:
    """Nothing is lost without a word: what would not come back is named, with the next step."""
    with pytest.raises(ScenarioError) as refusal:
        scenario_toml(scenario)

    assert len(refusal.value.faults) == 1
    assert said in refusal.value.faults[0]


def test_of_many_rows_some_are_named() -> None:
    """A sentence stays one that can be read."""
    scenario = study()
    moved = {key: (row.low + row.high) / 2 for key, row in scenario.parameters.rows.items() if isinstance(row.value, float)}
    with pytest.raises(ScenarioError, match=r" and \d+ more are as --set") as refusal:
        scenario_toml(replace(scenario, parameters=scenario.parameters.with_values(moved)))

    assert len(str(refusal.value)) < 600


@given(text=st.text(max_size=60) | st.text("\"'\\\n\r\t#[]{}=\x00\x1b\x7f\u2028急😀", max_size=20))
@drawn
def test_any_text_reads_back(text: str) -> None:
    """Quotes, backslashes, line ends, control characters and every script: a text is one value on one line."""
    written = toml_text(text)

    assert tomllib.loads(f"a = {written}")["a"] == text
    assert "\n" not in written


@given(value=st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1) | st.booleans())
@drawn
def test_any_number_reads_back_to_the_last_digit(value: float) -> None:
    """Also far from 1, with its sign where it is zero; a yes/no stays one."""
    found = tomllib.loads(f"a = [[{toml_value(value)}]]")["a"][0][0]

    assert found == value
    assert isinstance(found, bool) is isinstance(value, bool)
    assert math.copysign(1, found) == math.copysign(1, value)


@given(
    share=st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,9})? ?%", fullmatch=True),
    amount=st.floats(0, 1e12), limit=st.from_regex(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", fullmatch=True),
)  # fmt: skip
@settings(drawn, max_examples=20)
def test_any_limit_and_material_difference_reads_back(share: str, amount: float, limit: str) -> None:
    """Percentages and limits have grammars of their own, without exponents."""
    top = f'require = {{ turnover = "<= {limit}" }}\nmaterial = {{ revenue = "{share}", win_rate = {amount!r} }}\n'
    scenario = study(top + STUDY)

    assert again(scenario).resolved() == scenario.resolved()


def values_of(setting: Setting) -> st.SearchStrategy[object]:
    """Any value that a setting by itself takes."""
    if setting.kind == "word":
        return st.sampled_from(setting.words)
    if setting.kind == "yes/no":
        return st.booleans()
    low, high = -1e9 if setting.low is None else setting.low, 1e9 if setting.high is None else setting.high
    number = st.floats(low, high)
    if setting.kind == "table":
        rows = st.lists(st.tuples(number, number), max_size=TABLE_ROWS, unique_by=lambda row: row[0])
        return rows.map(lambda found: tuple(sorted(found)))
    return st.integers(math.ceil(low), math.floor(high)) if setting.kind == "whole number" else number


@st.composite
def levers(draw: st.DrawFn, kind: type[Lever]) -> Lever:
    """A lever with some of its settings drawn; neutral where they do not go together."""
    known = settings_of(kind)
    chosen = draw(st.lists(st.sampled_from(sorted(known)), unique=True, max_size=len(known)))
    try:
        return kind(**{name: draw(values_of(known[name])) for name in chosen})
    except ValidationError:
        return kind()


LABELS = st.text(min_size=1, max_size=80).filter(str.isprintable) | st.text("\"'\\#=[]{} ab急", min_size=1, max_size=80)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """The small study with one to three policies of any settings, labels and months, and sizes of its own."""
    base = study()
    labels = draw(st.lists(LABELS, min_size=1, max_size=3, unique=True))
    policies = []
    for place, label in enumerate(labels):
        starts = draw(st.integers(0, 23))
        plan = {key: draw(levers(kind)) if draw(st.integers(0, 3)) == 0 else kind() for key, kind in catalogue().items()}
        policies.append(Policy("today" if not place else f"p{place}", label, starts, plan))
    return replace(
        base, title=draw(LABELS), question=draw(st.just("") | LABELS), policies=tuple(policies), months=draw(st.integers(24, 60)),
        seats=draw(st.integers(1, 20_000)), first_seed=draw(st.integers(0, 2_000_000_000)), seed_count=draw(st.integers(1, 20)),
        objective=draw(st.sampled_from([key for key, measure in MEASURES.items() if measure.better != "none"])),
        material={**base.material, "win_rate": Material(draw(st.floats(0, 1e300)), relative=False)},
        stress=draw(st.sampled_from([(), ("worlds/downturn.toml",), ("worlds/talent_war.toml", "worlds/steady.toml")])),
    )  # fmt: skip


@given(scenario=scenarios())
@settings(drawn, max_examples=25)
def test_any_scenario_reads_back(scenario: Scenario) -> None:
    """Settings over their whole ranges, any printable label, any size: what is read is what was written."""
    assert again(scenario).resolved() == scenario.resolved()

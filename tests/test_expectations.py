"""`[[expect]]` tables: what is read, what is refused in a sentence, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.errors import ScenarioError
from simulation.experiment.store import run_id
from simulation.scenario import read_expected, read_scenario, scenario_schema
from simulation.scenario.expectations import KEYS

POLICIES = """
[policies.without]
label = "Without"
[policies.with]
label = "With"
equity = { grant = 0.05 }
"""
SOUND = """
[[expect]]
id       = "S4"
text     = "A tenth fewer leave"
metric   = "turnover"
contrast = { with = 1, without = -1 }
change   = "relative"
claimed  = -0.10
vary     = ["equity", "leaving.pay_slope"]
"""


def written(folder: Path, expect: str = SOUND, name: str = "study.toml") -> Path:
    """A small study with expectations, as a file."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    head = 'baseline = "without"\nmonths = 3\nseats = 14\nseeds = { first = 1, count = 2 }\n'
    file.write_text(head + expect + POLICIES, encoding="utf-8")
    return file


def test_an_expectation_is_read_as_it_stands(tmp_path: Path) -> None:
    """Every key arrives, and a claimed fall is expected downwards."""
    [one] = read_scenario(written(tmp_path)).expect

    assert (one.id, one.metric, one.change, one.claimed, one.direction) == ("S4", "turnover", "relative", -0.10, None)
    assert one.contrast == {"with": 1.0, "without": -1.0}
    assert one.vary == ("equity", "leaving.pay_slope")
    assert (one.sense, one.goal, one.is_statement) == (-1.0, -0.10, False)


    """The same study with and without expectations is the same run."""
    plain, expecting = (read_scenario(written(folder, text)) for folder, text in ((tmp_path / "a", ""), (tmp_path / "b", SOUND)))

    assert run_id(plain) == run_id(expecting)


def test_a_level_is_reached_from_its_worse_side(tmp_path: Path) -> None:
    """A level of a measure that is better lower must come down to the figure, any other up to it."""
    for metric, sense in (("turnover", -1.0), ("saved_share", 1.0)):
        level = SOUND.replace("with = 1, without = -1", "with = 1").replace("relative", "level").replace("-0.10", "0.68")
        [one] = read_scenario(written(tmp_path, level.replace("turnover", metric))).expect

        assert (one.sense, one.goal) == (sense, 0.68)


@pytest.mark.parametrize(
    ("contrast", "said"),
    [("{ with = 2 }", "a positive weight, 1,"), ("{ with = 1, without = 1 }", "a positive weight, 1,"),
     ("{ with = 1, without = -2 }", "sum to -1")],
)  # fmt: skip
def test_a_level_is_that_of_one_policy(tmp_path: Path, contrast: str, said: str) -> None:
    """Its weight is 1, alone or beside weights that make the sum 0."""
    level = SOUND.replace('"relative"', '"level"').replace("-0.10", "0.10")
    for sound in ("{ with = 1 }", "{ with = 1, without = -1 }"):
        read_scenario(written(tmp_path, level.replace("{ with = 1, without = -1 }", sound)))
    with pytest.raises(ScenarioError) as refusal:
        read_scenario(written(tmp_path, level.replace("{ with = 1, without = -1 }", contrast)))

    assert said in refusal.value.faults[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id       = "S4"', 'id = "four"', "expect[0].id"),
        ('"turnover"', '"turnovr"', 'expect[0].metric = "turnovr" is no measure; the nearest is turnover'),
        ("with = 1,", "wth = 1,", "expect[0].contrast.wth is no policy of this file; the nearest is with"),
        ("without = -1", "without = -0.5", "weights that sum to 0.5"),
        ("without = -1", "without = 0", "a weight in [-10, 10] other than 0"),
        ("{ with = 1, without = -1 }", "{}", "names no policy"),
        ("{ with = 1, without = -1 }", "{ with = 2, without = -2 }", "exactly one policy with a negative weight"),
        ('"relative"', '"relativ"', "the nearest is relative"),
        ("claimed  = -0.10", "", "exactly one of them"),
        ("claimed  = -0.10", 'claimed = -0.10\ndirection = "lower"', "exactly one of them"),
        ("claimed  = -0.10", "claimed = 0", "claims no effect"),
        ("claimed  = -0.10", 'claimed = "a tenth"', "expect[0].claimed"),
        ("claimed  = -0.10", "claimed = -0.10\nleast = 0.01", "belongs to a direction"),
        ("claimed  = -0.10", 'direction = "down"', "expect[0].direction"),
        ("claimed  = -0.10", 'direction = "lower"\nleast = -1', "at least 0"),
        ('"S4"', '"G4"', "is a claim's"),
        ('"leaving.pay_slope"', '"leaving.pay_slop"', "the nearest is leaving.pay_slope"),
        ('"equity"', '"equitee"', "the nearest is equity"),
        ("text ", "txt ", "expect[0].txt is no key of an expectation; the nearest is text"),
        ("claimed  = -0.10", 'claimed = -0.10\nagainst_world = ["worlds/nowhere.toml"]', "expect[0].against_world[0]"),
    ],
)
def test_a_faulty_expectation_is_refused_in_a_sentence(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each fault names file and path, and what to write instead."""
    assert old in SOUND
    file = written(tmp_path, SOUND.replace(old, new))
    with pytest.raises(ScenarioError) as refusal:
        read_scenario(file)

    assert any(fault.startswith(f"{file}: ") and said in fault for fault in refusal.value.faults)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    """Neither two tables of a file nor two files may bear the same id."""
    with pytest.raises(ScenarioError, match="above as well"):
        read_scenario(written(tmp_path, SOUND + SOUND))
    for name in ("a.toml", "b.toml"):
        written(tmp_path / "claims", name=name)

    with pytest.raises(ScenarioError, match="as well; write another"):
        read_expected(folder=tmp_path)


def test_expected_scenarios_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    """S2 stands before S10, claims before statements; --only keeps the parts of an id, and refuses one that is unknown."""
    for key in ("S10a", "S2", "S10b"):
        written(tmp_path / "claims", SOUND.replace("S4", key), f"{key}.toml")
    statement = SOUND.replace("S4", "G1").replace("claimed  = -0.10", 'direction = "lower"')
    written(tmp_path / "statements", statement, "G1.toml")
    read = [read_expected(only, tmp_path) for only in ((), ("S10",), ("S10b",))]
    ids = [[one.id for scenario in scenarios for one in scenario.expect] for scenarios in read]

    assert ids == [["S2", "S10a", "S10b", "G1"], ["S10a", "S10b"], ["S10b"]]
    with pytest.raises(ScenarioError, match='--only: "S3" is the id of no claim'):
        read_expected(["S3"], tmp_path)


def test_every_shipped_expectation_can_be_read() -> None:
    """What ships in claims and statements is sound, and every statement said beforehand which difference counts."""
    found = [one for scenario in read_expected() for one in scenario.expect]

    assert {one.id[:2] for one in found} >= {"G1", "G2"}
    assert all(one.least > 0.0 for one in found if one.is_statement)


def test_the_schema_knows_every_key_of_an_expectation() -> None:
    """Editors complete what the reader takes."""
    items = scenario_schema()["properties"]["expect"]["items"]

    assert set(items["properties"]) == set(KEYS)
    assert items["additionalProperties"] is False

"""The scenario reader keeps its promises, and a refusal names file, path, value, unit, range and next step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tomlkit

from simulation.errors import ScenarioError
from simulation.evidence.measures import MEASURES
from simulation.evidence.read import shipped_parameters
from simulation.levers import catalogue
from simulation.levers.base import TABLE_ROWS, Lever, Rows, setting
from simulation.scenario import (
    Material,
    Scenario,
    read_scenario,
    read_world,
    scenario_schema,
    shipped_scenarios,
    starter_text,
    stressed,
    world_file,
    write_starter,
)  # fmt: skip
from simulation.scenario.faults import Faults, suggestion
from simulation.scenario.settings import build_lever, settings_of
from simulation.scenario.size import MOST_GIGABYTES, gigabytes

STUDY = """
title = "A study"
world = []
baseline = "pay_only"
months = 24
seats = 40
seeds = { first = 7, count = 4 }

[policies.mixed]
like = "pay_only"
commission = { rate = 0.08, tiers = [[1.2, 2.0]] }

[policies.pay_only]
label = "Pay only"
starts = 3
commission = { base_share = 0.5, rate = 0.10, tiers = [[0.5, 0.5], [1.0, 1.5]], cap = 2.5 }
"""


def write(folder: Path, text: str = STUDY, name: str = "study.toml") -> Path:
    """A scenario file in a folder."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def read(folder: Path, text: str = STUDY, **options: object) -> Scenario:
    """The scenario that a text describes."""
    return read_scenario(write(folder, text), **options)  # type: ignore[arg-type]


def faults_of(folder: Path, text: str, **options: object) -> tuple[str, ...]:
    """What is said against a text."""
    with pytest.raises(ScenarioError) as refusal:
        read(folder, text, **options)
    return refusal.value.faults


@pytest.mark.parametrize("name", ["status_quo", "growth_mix"])
def test_shipped_studies_read_without_faults(name: str) -> None:
    """The studies that come with orgsim are sound, and what they compare stands beside a baseline."""
    scenario = read_scenario(shipped_scenarios() / f"{name}.toml")

    assert scenario.policies[0].key == scenario.baseline
    assert (scenario.months, scenario.seats, scenario.first_seed, scenario.seed_count) == (60, 200, 2026, 64)


def test_status_quo_is_what_is_read_without_a_file() -> None:
    """No file means the status-quo study, from any folder, with its five policies."""
    keys = [policy.key for policy in read_scenario().policies]

    assert keys == ["status_quo", "cut_a_fifth", "steeper", "equity_refresh", "growth_mix"]


def test_like_merges_tables_and_replaces_lists(tmp_path: Path) -> None:
    """`like` copies the other policy's settings; each table merges key by key and a list is replaced whole."""
    mixed = read(tmp_path).policy("mixed")
    plan = mixed.levers["commission"]

    assert (plan.rate, plan.base_share, plan.cap, plan.tiers) == (0.08, 0.5, 2.5, ((1.2, 2.0),))
    assert (mixed.label, mixed.starts) == ("Mixed", 3)


def test_off_is_neutral(tmp_path: Path) -> None:
    """`lever = "off"` undoes what was copied, and every lever of the catalogue is there, neutral unless set."""
    text = STUDY.replace("commission = { rate = 0.08, tiers = [[1.2, 2.0]] }", 'commission = "off"')
    levers = read(tmp_path, text).policy("mixed").levers

    assert list(levers) == list(catalogue())
    assert all(lever.is_neutral() for lever in levers.values())


def test_baseline_comes_first_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    """The order of policies in the file is free."""
    scenario = read(tmp_path)
    turned = scenario.with_policies(scenario.policies[::-1])

    assert [policy.key for policy in scenario.policies] == ["pay_only", "mixed"]
    assert turned.policies == scenario.policies


def test_options_stand_instead_of_the_file(tmp_path: Path) -> None:
    """Months, seats, seeds and baseline can be given from outside; the first seed stays the file's."""
    scenario = read(tmp_path, months=12, seats=9, seeds=2, baseline="mixed")

    assert (scenario.months, scenario.seats, scenario.baseline) == (12, 9, "mixed")
    assert list(scenario.seeds) == [7, 8]


def test_another_world_stands_instead_of_the_file_s(tmp_path: Path) -> None:
    """Worlds given from outside are those of a file that names them, in their order; shipped ones go by bare names."""
    write(tmp_path, "[demand]\nmultiple = [[0, 0.5]]", "own.toml")
    text = STUDY.replace("world = []", 'world = ["worlds/medtech.toml", "worlds/downturn.toml", "own.toml"]')
    given = read(tmp_path, world=["medtech", "worlds/downturn.toml", "own.toml"])

    assert given.resolved() == read(tmp_path, text).resolved()
    assert read(tmp_path, text, world=()).resolved() == read(tmp_path).resolved()
    assert read(tmp_path, world="medtech").packs == ("worlds/medtech.toml",)


@pytest.mark.parametrize(
    ("world", "said"),
    [
        (["downtrun"], '"worlds/downtrun.toml" is no world that can be found; the nearest is worlds/downturn.toml'),
        (["../own.toml"], '"../own.toml" leaves the scenario\'s folder'),
        (["/own.toml"], '"/own.toml" leaves the scenario\'s folder'),
        (["Downturn"], '"Downturn" is no world\'s name'),
        (["downturn", "worlds/downturn.toml"], "is refused; it takes a list of at most 20 different names of worlds"),
    ],
)
def test_refusals_of_worlds_name_the_option(tmp_path: Path, world: list[str], said: str) -> None:
    """What is wrong with a world given from outside is said of the option, and the file's own worlds are not looked for."""
    (fault,) = faults_of(tmp_path, STUDY.replace("world = []", 'world = ["none.toml"]'), world=world)

    assert fault.startswith("--world: world")
    assert said in fault


def test_material_differences_have_usual_values(tmp_path: Path) -> None:
    """Unless the file says otherwise a point of turnover and a hundredth of any sum of money count."""
    scenario = read(tmp_path, 'material = { revenue = "2.5%", win_rate = 0.02 }\n' + STUDY)

    assert scenario.material["turnover"] == Material(0.01, relative=False)
    assert scenario.material["contribution"] == Material(0.01, relative=True)
    assert scenario.material["revenue"] == Material(0.025, relative=True)
    assert scenario.material["win_rate"] == Material(0.02, relative=False)


def test_requirements_are_read(tmp_path: Path) -> None:
    """A requirement is a side and a number."""
    scenario = read(tmp_path, 'require = { turnover = "<= 0.30", revenue = ">=1000000" }\n' + STUDY)

    assert scenario.require == {"turnover": ("<=", 0.30), "revenue": (">=", 1_000_000.0)}


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """A file with many faults gives all of them in one go, a line each, each with the file and a path."""
    text = STUDY.replace("months = 24", "months = 0").replace("rate = 0.08", "rat = 0.08").replace("0.10", "3")
    faults = faults_of(tmp_path, text + 'applies_to = "new_hires"\n[firm]\nreps = 5\n')

    assert {fault.split(": ", 1)[1].split(" ", 1)[0] for fault in faults} == {
        "months", "firm", "firm.reps", "policies.mixed.commission.rat",
        "policies.pay_only.commission.rate", "policies.pay_only.applies_to",
    }  # fmt: skip
    assert all(fault.startswith(f"{tmp_path / 'study.toml'}: ") and "\n" not in fault for fault in faults)


EDITS = [
    ("months = 24", "months = 601", "months = 601 months", "a whole number in [1, 600]"),
    ("months = 24", "months = true", "months = true", "whole number"),
    ("months = 24", "months = 24.0", "months = 24.0", "whole number"),
    ("months = 24", "months = inf", "months = inf", "finite"),
    ("seats = 40", "seats = 0", "seats = 0 seats", "[1, 100,000]"),
    ("seats = 40", "seats = [[0, 40]]", "seats as a path", "reserved for a later version"),
    ("first = 7", "first = -1", "seeds.first = -1", "whole number"),
    ("first = 7", "fist = 7", "seeds.fist", "the nearest is first"),
    ('title = "A study"', "title = 3", "title = 3", "a text"),
    ('baseline = "pay_only"', "", "baseline is missing", "name the policy"),
    ('baseline = "pay_only"', 'baseline = "pay_onyl"', 'baseline = "pay_onyl"', "the nearest is pay_only"),
    ('title = "A study"', 'titel = "A study"', "titel", "the nearest is title"),
    ("world = []", 'world = ["worlds/downtrun.toml"]', 'world[0] = "worlds/downtrun.toml"', "nearest is worlds/downturn.toml"),
    ("world = []", 'objective = "profit"', 'objective = "profit"', "the nearest is"),
    ("world = []", 'objective = "headcount"', 'objective = "headcount"', "no better side"),
    ("world = []", 'require = { turnovr = "<= 1" }', "require.turnovr", "the nearest is turnover"),
    ("world = []", 'require = { turnover = "< 1" }', 'require.turnover = "< 1"', '"<= 0.30"'),
    ("world = []", "material = { revenue = -1 }", "material.revenue = -1 usd/year", "at least 0"),
    ("starts = 3", "starts = 24", "policies.pay_only.starts = 24 months", "[0, 23]"),
    ("starts = 3", "start = 3", "policies.pay_only.start", "the nearest is starts"),
    ("starts = 3", "starts = 3\nends = 3", "policies.pay_only.ends = 3 months", "[4, 24]"),
    ("starts = 3", "starts = 3\nends = 9", "policies.mixed.ends = 9 cannot go with another commission", "leave ends out"),
    ("starts = 3", 'like = "mixed"', "policies.mixed.like", "like goes one level"),
    ('like = "pay_only"', 'like = "payonly"', 'policies.mixed.like = "payonly"', "the nearest is pay_only"),
    ("base_share = 0.5", "base_share = 1.5", "commission.base_share = 1.5 share", "[0, 1]; 0.5 is typical"),
    ("base_share = 0.5", "base_share = true", "commission.base_share = true share", "a number in"),
    ("base_share = 0.5", 'period = "weekly"', 'commission.period = "weekly"', "month, quarter, year"),
    ("base_share = 0.5", "ramp_quota = 1", "commission.ramp_quota = 1", "true or false"),
    ("[0.5, 0.5], [1.0, 1.5]", "[1.0, 0.5], [0.5, 1.5]", "pay_only.commission.tiers", "ascending"),
    ("[0.5, 0.5], [1.0, 1.5]", "[0.5, 99]", "pay_only.commission.tiers", "numbers in [0, 10]"),
    ("[0.5, 0.5], [1.0, 1.5]", "[0.5, 0.5, 1]", "pay_only.commission.tiers", "rows [x, y]"),
    ("starts = 3", 'comission = "off"', "policies.pay_only.comission", "the nearest is commission"),
    ("starts = 3", 'equal_cost = "no"', 'equal_cost = "no"', "LEVER.SETTING"),
    ("starts = 3", 'equal_cost = { to = "mixed" }', "equal_cost needs by", "LEVER.SETTING"),
    ("starts = 3", 'equal_cost = { to = "none", by = "commission.rate" }', 'equal_cost.to = "none"', "known: "),
    ("starts = 3", 'equal_cost = { to = "mixed", by = "commission.tiers" }', 'equal_cost.by = "commission.tiers"', "one number"),
    ("starts = 3", 'equal_cost = { to = "mixed", by = "commission.rate" }', "policies.mixed.equal_cost.to", "known: "),
]


@pytest.mark.parametrize(("before", "after", "path", "next_step"), EDITS)
def test_refusals_name_path_value_and_next_step(tmp_path: Path, before: str, after: str, path: str, next_step: str) -> None:
    """Each guard fires, and says where, what and how to go on."""
    faults = faults_of(tmp_path, STUDY.replace(before, after))

    assert any(path in fault and next_step in fault for fault in faults), faults


def test_equal_cost_may_not_follow_a_policy_that_moves_itself(tmp_path: Path) -> None:
    """The cost that is matched has to stand still."""
    to_mixed = 'equal_cost = { to = "mixed", by = "commission.rate" }'
    to_third = 'equal_cost = { to = "third", by = "commission.rate" }'
    text = STUDY.replace("starts = 3", to_mixed).replace('like = "pay_only"', to_third) + "\n[policies.third]\n"
    faults = faults_of(tmp_path, text)

    assert [fault.split(": ", 1)[1] for fault in faults] == [
        'policies.pay_only.equal_cost.to = "mixed" has an equal_cost itself; name a policy whose cost stands'
    ]


def test_copied_faults_are_told_where_they_were_written(tmp_path: Path) -> None:
    """A fault of a policy is told once, not again for each policy that is like it."""
    faults = faults_of(tmp_path, STUDY.replace("base_share = 0.5", "base_share = 5"))

    assert len(faults) == 1
    assert "policies.pay_only.commission.base_share" in faults[0]


def test_set_changes_the_policy_named_and_no_other(tmp_path: Path) -> None:
    """`--set` on a policy leaves alone those that are like it."""
    changes = ["policies.pay_only.commission.cap=3", "policies.pay_only.commission.period=year",
               "policies.mixed.commission.tiers=[[1, 1.1], [2, 1.2]]"]  # fmt: skip
    scenario = read(tmp_path, settings=changes)
    plans = {policy.key: policy.levers["commission"] for policy in scenario.policies}

    assert (plans["pay_only"].cap, plans["pay_only"].period) == (3.0, "year")
    assert (plans["mixed"].cap, plans["mixed"].period, plans["mixed"].tiers) == (2.5, "quarter", ((1.0, 1.1), (2.0, 1.2)))


def test_set_changes_parameters_and_calls_them_assumed(tmp_path: Path) -> None:
    """A number given on the command line was measured by nobody."""
    row = next(r for r in shipped_parameters().rows.values() if r.group == "leaving" and isinstance(r.value, float))
    scenario = read(tmp_path, settings=[f"{row.path}={row.high}", "world.demand.multiple=[[0, 1], [6, 0.5]]"])
    changed = scenario.parameters.rows[row.group, row.name]

    assert (changed.value, changed.status) == (row.high, "assumed")
    assert [scenario.parameters.multiple("demand", month) for month in (0, 5, 6)] == [1.0, 1.0, 0.5]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("policies.pay_only.commission.rate=2", "--set: policies.pay_only.commission.rate = 2 share is refused"),
        ("policies.pay_only.commission.rat=0.1", "--set: policies.pay_only.commission.rat is no setting of commission"),
        ("policies.pay_olny.commission.rate=0.1", "--set: policies.pay_olny is no policy; the nearest is pay_only"),
        ("policies.pay_only.comission.rate=0.1", "--set: policies.pay_only.comission is no lever; the nearest is commission"),
        ("policies.pay_only.commission.rate=0.1]", "is no value; write a finite number"),
        ("policies.pay_only.commission.rate=nan", "is no value; write a finite number"),
        ("policies.pay_only.commission.rate=1\nmonths = 3", "is no value; write a finite number"),
        ("policies=3", "is no path of a change"),
        ("months", "is no change; write PATH=VALUE"),
        ("world.leaving.floor=0.003", "stands elsewhere; write parameters.leaving.floor"),
        ("parameters.leaving.flor=0.003", "there is no parameter leaving.flor; the nearest is leaving.floor"),
        ("parameters.leaving.floor=5", "lies outside"),
    ],
)
def test_refusals_of_set_name_the_option(tmp_path: Path, change: str, said: str) -> None:
    """What is wrong with a change is said of the option, not of the file."""
    faults = faults_of(tmp_path, STUDY, settings=[change])

    assert len(faults) == 1
    assert said in faults[0]


def test_refusals_of_options_name_the_option(tmp_path: Path) -> None:
    """So it is with months and the like."""
    (fault,) = faults_of(tmp_path, STUDY, months=0)

    assert fault == "--months: months = 0 months is refused; it takes a whole number in [1, 600]"


def test_later_worlds_overlay_earlier_ones(tmp_path: Path) -> None:
    """Of two worlds that say something on one row the later counts, and what only the earlier says stays."""
    row = next(r for r in shipped_parameters().rows.values() if r.group == "leaving" and isinstance(r.value, float))
    both = "[leaving.{}]\nvalue = {}\nstatus = 'assumed'\n[demand]\nmultiple = [[0, {}]]\n"
    write(tmp_path, both.format(row.name, row.low, 0.5) + "[churn]\nmultiple = [[0, 2]]", "one.toml")
    write(tmp_path, both.format(row.name, row.high, 0.7), "two.toml")
    p = read(tmp_path, STUDY.replace("world = []", 'world = ["one.toml", "two.toml"]')).parameters

    assert p.rows["leaving", row.name].value == row.high
    assert (p.multiple("demand", 0), p.multiple("churn", 0)) == (0.7, 2.0)


@pytest.mark.parametrize(
    ("world", "said"),
    [
        ("[leaving]\nflor = { value = 0.003 }", "w.toml: there is no parameter leaving.flor; the nearest is leaving.floor"),
        ("[leavin]\nfloor = { value = 0.003 }", "w.toml: leavin is no group of parameters or market condition"),
        ("[leaving]\nfloor = { value = true }", "leaving.floor = True has the wrong type"),
        ("[leaving]\nfloor = { value = 0.003, source = 5 }", "a list of keys of sources"),
        ("[leaving]\nfloor = { value = 0.003, range = [1, 0] }", "leaving.floor.range = [1, 0] is no range"),
        ("[leaving]\nquit_profile = { value = [[1, 1], [1, 2]] }", "has the wrong type"),
        ("[demand]\nmultiple = [[3, 1], [0, 1]]", "months ascending"),
        ("[ordinary.comission]\nrate = 1", "ordinary.comission is no lever; the nearest is commission"),
        ("[ordinary.commission]\nrate = 5", "ordinary.commission.rate = 5 share is refused"),
        ("[asked]\nquits = 0.2", "asked.quits = 0.2 is refused"),
        ("asked = 3", "asked = 3 is refused"),
        ("title = 3", "title = 3 is refused"),
    ],
)
@pytest.mark.parametrize("key", ["world", "stress"])
def test_faults_of_a_world_name_its_file(tmp_path: Path, key: str, world: str, said: str) -> None:
    """A world is read when the scenario is, also one that is only a stress, and its faults name the world's file."""
    write(tmp_path, world, "w.toml")
    faults = faults_of(tmp_path, STUDY.replace("world = []", f'{key} = ["w.toml"]'))

    assert len(faults) == 1
    assert said in faults[0]
    assert faults[0].startswith(("w.toml: ", "w.toml:"))


def test_a_stress_run_is_the_same_study_in_that_world(tmp_path: Path) -> None:
    """In a stress world the policies are the same, the seeds a quarter."""
    write(tmp_path, "[demand]\nmultiple = [[0, 0.5]]", "w.toml")
    scenario = read(tmp_path, STUDY.replace("world = []", 'stress = ["w.toml"]'))
    hard = stressed(scenario, "w.toml")

    assert hard.policies == scenario.policies
    assert (hard.seed_count, hard.world, hard.stress) == (1, ("w.toml",), ())
    assert hard.parameters.multiple("demand", 0) == 0.5


def test_resolved_says_everything_and_no_place(tmp_path: Path) -> None:
    """What a scenario resolves to is JSON, does not depend on where the file lies, and moves with any setting."""
    here, there = read(tmp_path), read_scenario(write(tmp_path, STUDY, "below/study.toml"))
    text = json.dumps(here.resolved(), allow_nan=False)
    moved = here.with_policies([policy.with_setting("commission.quota", 1.01) for policy in here.policies])

    assert here.resolved() == there.resolved()
    assert str(tmp_path) not in text
    assert moved.resolved() != here.resolved()
    assert all(f'"{name}"' in text for lever in catalogue().values() for name in settings_of(lever))


def test_with_setting_moves_one_setting_within_its_bounds(tmp_path: Path) -> None:
    """A setting can be moved in Python; the policy it came from stays as it was, and bounds hold."""
    policy = read(tmp_path).policies[0]
    moved = policy.with_setting("commission.pay_level", 1.2)
    with pytest.raises(ScenarioError) as refusal:
        policy.with_setting("commission.pay_level", 99.0)

    assert (policy.levers["commission"].pay_level, moved.levers["commission"].pay_level) == (1.0, 1.2)
    assert "policies.pay_only.commission.pay_level = 99.0 ratio is refused; it takes a number in [0.3, 3]" in str(refusal.value)


@pytest.mark.parametrize("rows", [[[2, 1], [1, 1]], [[1, 1], [1, 2]], [[1, 11]], [[-1, 1]], [[k, 1] for k in range(7)]])
def test_tables_of_any_lever_are_checked(rows: list[list[float]]) -> None:
    """A lever declares a table and its bounds; that rows ascend, are few and lie inside is checked for it."""

    class Steps(Lever):
        key = "steps"
        family = "pay"
        title = "Steps"
        rows: Rows = setting((), typical=((1.0, 1.0),), unit="[attainment, usd]", ge=0.0, le=10.0, doc="Steps.")

    faults = Faults("a file")
    sound = build_lever(Steps, {"rows": [[0.5, 1], [1, 10]]}, "steps", faults)
    build_lever(Steps, {"rows": rows}, "steps", faults)

    assert sound.rows == ((0.5, 1.0), (1.0, 10.0))
    assert len(faults.told) == 1
    assert "at most 6 rows [x, y] with x ascending and numbers in [0, 10]" in faults.told[0]


def test_an_unknown_policy_is_refused_with_the_nearest(tmp_path: Path) -> None:
    """Asking for a policy by a mistyped key names the right one."""
    with pytest.raises(ScenarioError, match="the nearest is pay_only"):
        read(tmp_path).policy("pay_onyl")


def test_the_baseline_cannot_be_left_out(tmp_path: Path) -> None:
    """Policies without the baseline are no comparison."""
    scenario = read(tmp_path)
    with pytest.raises(ScenarioError, match="must be one of the policies"):
        scenario.with_policies(scenario.policies[1:])


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [("count = 4", "count = 90_000", "seeds.count"), ("seats = 40", "seats = 100_000", "seats")],
)
def test_absurd_sizes_are_refused_with_their_memory(tmp_path: Path, before: str, after: str, name: str) -> None:
    """A run too large for a laptop is refused with the gigabytes it would need and the number to lower."""
    text = STUDY.replace("count = 4", "count = 1000") if name == "seats" else STUDY.replace("months = 24", "months = 600")
    (fault,) = faults_of(tmp_path, text.replace(before, after))

    assert f"{name} = " in fault
    assert "GB of memory" in fault
    assert "lower it to at most" in fault


def test_the_size_advised_is_accepted(tmp_path: Path) -> None:
    """Lowering the number as told is enough, and one more would not be."""
    text = STUDY.replace("months = 24", "months = 600")
    (fault,) = faults_of(tmp_path, text, seeds=90_000)
    advised = int(fault.rpartition(" ")[2].replace(",", ""))

    assert gigabytes(policies=2, seeds=advised, months=600, seats=40) <= MOST_GIGABYTES
    assert gigabytes(policies=2, seeds=advised + 1, months=600, seats=40) > MOST_GIGABYTES


def test_the_starter_reads_and_shows_every_setting(tmp_path: Path) -> None:
    """`orgsim new` writes a file without faults in which every setting of every lever stands."""
    file = tmp_path / "mine.toml"
    write_starter(file)
    scenario = read_scenario(file)
    text = file.read_text(encoding="utf-8")

    assert [policy.key for policy in scenario.policies] == ["today", "change"]
    assert all(f"{name} = " in text for lever in catalogue().values() for name in settings_of(lever))


def test_every_lever_of_the_starter_can_be_switched_on(tmp_path: Path) -> None:
    """Taking the # away from the other levers leaves a file without faults."""
    head, mark, rest = starter_text("mine.toml").partition("# The other levers")
    lines = [line.removeprefix("# ") for line in rest.splitlines()[1:]]
    scenario = read(tmp_path, head + "\n".join(lines))

    assert mark
    assert all(lever == type(lever).typical() for key, lever in scenario.policy("change").levers.items() if key != "commission")


def test_the_baseline_of_the_starter_is_the_plan_under_which_its_world_was_anchored(tmp_path: Path) -> None:
    """Another plan would not show the pack's headline numbers; no line is too long to read, no bound is offered as a value."""
    scenario, text = read(tmp_path, starter_text()), starter_text()
    found = Faults("pack")
    pack = read_world(shipped_scenarios() / "worlds" / "saas_mid_market.toml", "pack", found)

    assert scenario.policy("today").levers["commission"] == pack.ordinary["commission"]
    assert max(len(line) for line in text.splitlines()) <= 110
    assert "cap = 2.5" in text


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Editors on some systems put one before a file."""
    file = tmp_path / "marked.toml"
    file.write_text(STUDY, encoding="utf-8-sig")

    assert read_scenario(file).baseline == "pay_only"


def test_two_policies_do_not_share_a_label(tmp_path: Path) -> None:
    """Tables name policies by label alone."""
    (fault,) = faults_of(tmp_path, STUDY.replace('label = "Pay only"', 'label = "Mixed"'))

    assert 'label = "Mixed" is the label of' in fault


@pytest.mark.parametrize("name", ["months", "seats", "seeds", "baseline"])
def test_set_sends_to_the_option_that_exists(tmp_path: Path, name: str) -> None:
    """What has an option of its own is not set by path."""
    (fault,) = faults_of(tmp_path, STUDY, settings=[f"{name}=12"])

    assert f"use --{name}" in fault


def test_a_name_is_suggested_only_when_it_is_close() -> None:
    """A far name gets the list of what exists, cut after eight."""
    names = [f"name_{letter}" for letter in "abcdefghij"]

    assert suggestion("nam_a", names) == "the nearest is name_a"
    assert suggestion("zzz", names) == f"known: {', '.join(names[:8])}, ..."


def test_a_scenario_is_no_world(tmp_path: Path) -> None:
    """`orgsim anchor` of a scenario is one line."""
    with pytest.raises(ScenarioError, match="this is a scenario, not a world") as refused:
        world_file(str(write(tmp_path)))

    assert len(refused.value.faults) == 1


def test_a_scenario_knows_its_industry_packs(tmp_path: Path) -> None:
    """Only a world with headline numbers is a pack."""
    assert read(tmp_path, STUDY).packs == ()
    assert read(tmp_path, starter_text()).packs == ("worlds/saas_mid_market.toml",)


def test_the_starter_overwrites_nothing(tmp_path: Path) -> None:
    """A file that exists is kept."""
    file = write(tmp_path)
    with pytest.raises(ScenarioError, match="file exists already"):
        write_starter(file)

    assert file.read_text(encoding="utf-8") == STUDY


def test_the_schema_holds_every_setting_and_measure() -> None:
    """An editor knows each setting's unit, bounds, default and sentence, and the measures that can be named."""
    schema = scenario_schema()
    policy = schema["properties"]["policies"]["additionalProperties"]["properties"]
    for key, lever in catalogue().items():
        described = policy[key]["anyOf"][0]["properties"]
        for name, known in settings_of(lever).items():
            shown = described[name]

            assert known.doc in shown["description"]
            assert known.unit in shown["description"]
            if known.kind == "number":
                assert (shown.get("minimum"), shown.get("maximum")) == (known.low, known.high)
            if known.kind == "table":
                assert shown["maxItems"] == TABLE_ROWS

    assert set(schema["properties"]["require"]["properties"]) == set(MEASURES)
    assert json.loads(json.dumps(schema, allow_nan=False)) == schema


@pytest.mark.parametrize("name", ["status_quo", "growth_mix"])
def test_the_schema_knows_the_keys_of_shipped_studies(name: str) -> None:
    """No key of a shipped study would be underlined by an editor."""
    schema = scenario_schema()["properties"]
    study = tomlkit.parse((shipped_scenarios() / f"{name}.toml").read_text(encoding="utf-8")).unwrap()
    known = schema["policies"]["additionalProperties"]["properties"]

    assert set(study) <= set(schema)
    assert all(set(policy) <= set(known) for policy in study["policies"].values())


@pytest.mark.parametrize("name", ["downturn", "downturn.toml", "worlds/downturn.toml"])
def test_shipped_worlds_are_found_by_name(name: str) -> None:
    """On the command line a shipped world goes by its name, with or without folder and ending."""
    assert world_file(name) == shipped_scenarios() / "worlds" / "downturn.toml"


def test_an_unknown_world_is_refused_with_the_nearest() -> None:
    """A mistyped world names the right one."""
    with pytest.raises(ScenarioError, match="the nearest is downturn"):
        world_file("downtrun")

"""Designs of a sweep: counted by hand, spread as promised, and refused in sentences that say where and what next."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
import pytest
from ensembles import made_ensemble
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import model_validator

from simulation.errors import ScenarioError
from simulation.experiment.design.design import MOST_POINTS, Design, make_design, read_factors
from simulation.levers.base import Lever, setting
from simulation.scenario import Scenario, read_scenario

STUDY = """
title = "A study"
world = ["worlds/saas_mid_market.toml"]
baseline = "today"
months = 24
seats = 40
seeds = { first = 7, count = 4 }

[policies.today]
commission = { base_share = 0.5, rate = 0.10, tiers = [[1.0, 1.5]], cap = 2.5 }

[policies.mix]
like = "today"
autonomy = { discount_authority = 0.15 }

[policies.paid]
like = "today"
equal_cost = { to = "today", by = "commission.rate" }
equity = { grant = 0.1, vesting = 24 }
"""
RATE, PERIOD, TIERS, CAP = (f"policies.mix.commission.{name}" for name in ("rate", "period", "tiers", "cap"))
EQUITY, GRANT, VESTING = "policies.mix.equity", "policies.mix.equity.grant", "policies.mix.equity.vesting"
SLOPE, LEADS = "parameters.leaving.pay_slope", "world.market.lead_rate"


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """A small study with point values of all parameters."""
    file = tmp_path_factory.mktemp("study") / "study.toml"
    file.write_text(STUDY, encoding="utf-8")
    return read_scenario(file, luck_only=True)


def design(scenario: Scenario, *texts: str, kind: str = "grid", **options: object) -> Design:
    """The design of some texts `PATH=RANGE`."""
    return make_design(kind, read_factors(texts, scenario), scenario, **options)


def column(found: Design, path: str) -> list[object]:
    """The values of one path over the points."""
    return [point.settings[path] for point in found.points]


def refusals(scenario: Scenario, *texts: str, **options: object) -> tuple[str, ...]:
    """What is said against a design."""
    with pytest.raises(ScenarioError) as told:
        design(scenario, *texts, **options)
    return told.value.faults


# ------------------------------------------------------------------ values
@pytest.mark.parametrize(
    ("text", "values"),
    [
        (f"{RATE}=0.02:0.20:10", [0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2]),
        (f"{RATE}=log:0.01:1:3", [0.01, 0.1, 1.0]),
        (f"{RATE}=0.1, 0.05,none", [0.1, 0.05, "none"]),
        (f"{RATE}=0:1", [0.0, 0.25, 0.5, 0.75, 1.0]),
        (f"{PERIOD}=month,year", ["month", "year"]),
        ("policies.mix.commission.ramp_quota=true,false", [True, False]),
        (f"{TIERS}=[[1.0, 1.5]];[[1.0, 2.0], [1.5, 3]];[]", [((1.0, 1.5),), ((1.0, 2.0), (1.5, 3.0)), ()]),
        ("policies.mix.starts=0:6:4", [0, 2, 4, 6]),
        ("policies.mix.starts=0:3:10", [0, 1, 2, 3]),
        (f"{SLOPE}=2.5,4", [2.5, 4.0]),
    ],
)
def test_ranges_and_lists_give_the_values_written(scenario: Scenario, text: str, values: list[object]):
    """Ranges are even with both ends, logs have equal ratios, months stay whole, words and tables are what they are."""
    found = design(scenario, text)

    assert column(found, text.partition("=")[0]) == values
    assert found.refused == ()


def test_python_varies_with_lists_and_texts_alike(scenario: Scenario):
    """A mapping of paths to lists or ranges is the same request as texts."""
    asked = read_factors({RATE: np.array([0.1, 0.2]), PERIOD: ["month", "year"], CAP: "1:2:3"}, scenario)

    assert asked == read_factors([f"{RATE}=0.1,0.2", f"{PERIOD}=month,year", f"{CAP}=1:2:3"], scenario)


# ------------------------------------------------------------------ points
def test_a_grid_holds_every_combination(scenario: Scenario):
    """Two rates and three periods make six points, the last path moving fastest, and the levers carry the values."""
    found = design(scenario, f"{RATE}=0.1,0.2", f"{PERIOD}=month,quarter,year")

    assert [tuple(point.settings.values()) for point in found.points] == [
        (0.1, "month"), (0.1, "quarter"), (0.1, "year"), (0.2, "month"), (0.2, "quarter"), (0.2, "year"),
    ]  # fmt: skip
    assert [(p.policies[0].levers["commission"].rate, p.policies[0].levers["commission"].period) for p in found.points] == [
        tuple(point.settings.values()) for point in found.points
    ]
    assert found.subjects == ("mix",)
    assert {policy.key for point in found.points for policy in point.policies} == {"mix"}
    assert all(point.policies[0].levers["autonomy"] == scenario.policy("mix").levers["autonomy"] for point in found.points)


def test_one_at_a_time_leaves_the_others_as_the_scenario_has_them(scenario: Scenario):
    """The scenario's own point once, then each factor alone: 1 + 3 + 2 less the two levels that are its own."""
    found = design(scenario, f"{RATE}=0.05,0.1,0.2", f"{PERIOD}=month,quarter", kind="one-at-a-time")

    assert [tuple(p.settings.values()) for p in found.points] == [
        (0.1, "quarter"), (0.05, "quarter"), (0.2, "quarter"), (0.1, "month"),
    ]  # fmt: skip
    assert found.points[0].policies[0].levers == scenario.policy("mix").levers
    assert "2 of the points" in found.notes[0]


@pytest.mark.parametrize("samples", [1, 7, 64])
def test_a_latin_hypercube_has_one_value_a_stratum(scenario: Scenario, samples: int):
    """Each column has exactly one value in each of as many equal parts of its range as there are samples."""
    found = design(scenario, f"{RATE}=0:1", f"{LEADS}=log:2:4", kind="lhs", samples=samples)
    parts = [np.array(column(found, RATE)), np.log2(np.array(column(found, LEADS)) / 2.0)]

    assert [sorted(np.floor(part * samples).astype(int)) for part in parts] == [list(range(samples))] * 2


def test_a_sobol_design_is_a_power_of_two_and_even_in_two_dimensions(scenario: Scenario):
    """50 samples become 64, said in a note; each of the 8 x 8 cells of the unit square holds one."""
    found = design(scenario, f"{RATE}=0:1", "policies.mix.commission.base_share=0:1", kind="sobol", samples=50)
    cells = {(int(8 * one), int(8 * other)) for one, other in (point.settings.values() for point in found.points)}

    assert len(found.points) == len(cells) == 64
    assert "64 samples" in found.notes[0]


def test_samples_are_drawn_from_their_seed_alone(scenario: Scenario):
    """The same command draws the same points, another seed others; whole months and words are sampled evenly."""
    texts = ("policies.mix.starts=0:3", f"{PERIOD}=month,year")
    first, again, other = (design(scenario, *texts, kind="lhs", samples=8, seed=seed) for seed in (1, 1, 2))
    drawn = [[tuple(point.settings.values()) for point in one.points] for one in (first, again, other)]

    assert drawn[0] == drawn[1] != drawn[2]
    assert {type(month) for month in column(first, "policies.mix.starts")} == {int}
    assert set(column(first, "policies.mix.starts")) == {0, 1, 2, 3}


# ------------------------------------------------------------------ conditional settings, doubles
def test_settings_of_a_lever_that_is_off_do_not_apply(scenario: Scenario):
    """Off with six settings is one point with empty cells; on are six: seven of twelve."""
    found = design(scenario, f"{EQUITY}=off,typical", f"{GRANT}=0.1,0.2,0.3", f"{VESTING}=12,24")

    assert len(found.points) == 7
    assert tuple(found.points[0].settings.values()) == ("off", None, None)
    assert found.points[0].policies[0].levers["equity"].is_neutral()
    assert all(None not in point.settings.values() for point in found.points[1:])
    assert "5 of the points" in found.notes[0]


def test_on_is_the_lever_as_the_file_has_it(scenario: Scenario):
    """Off, on and typical of a lever that the file sets."""
    found = design(scenario, "policies.mix.autonomy=off,on,typical")
    levers = [point.policies[0].levers["autonomy"] for point in found.points]

    assert [lever.discount_authority for lever in levers[:2]] == [0.0, 0.15]
    assert levers[2] == type(levers[2]).typical()


def test_settings_of_a_typical_lever_are_its_typical_ones(scenario: Scenario):
    """One at a time, typical equity shows the typical grant, and a grant by itself switches equity on."""
    typical = type(scenario.policy("mix").levers["equity"]).typical()
    found = design(scenario, f"{EQUITY}=off,typical", f"{GRANT}=0.2", kind="one-at-a-time")

    assert [tuple(point.settings.values()) for point in found.points] == [("off", None), ("typical", typical.grant), ("on", 0.2)]
    assert [point.policies[0].levers["equity"].grant for point in found.points] == [0.0, typical.grant, 0.2]


def test_points_that_come_to_the_same_are_one(scenario: Scenario):
    """Typical equity with its typical grant written out is typical equity."""
    typical = type(scenario.policy("mix").levers["equity"]).typical()
    found = design(scenario, f"{EQUITY}=typical", f"{GRANT}={typical.grant}")

    assert found.points[0].policies[0].levers["equity"] == typical


def test_parameters_alone_are_varied_for_every_policy(scenario: Scenario):
    """Moved parameters go with all policies as they are; at the scenario's own value nothing is moved."""
    own = scenario.parameters.rows["leaving", "pay_slope"].value
    found = design(scenario, f"{SLOPE}=2.5,{own}")

    assert found.subjects == ("today", "mix", "paid")
    assert [point.moved for point in found.points] == [((("leaving", "pay_slope"), 2.5),), ()]
    assert all(one is other for point in found.points for one, other in zip(point.policies, scenario.policies, strict=True))


def test_a_drawn_parameter_is_held_at_its_own_value(scenario: Scenario):
    """Where seeds carry draws, a varied parameter is held at every point, also at the value that the scenario has."""
    own = scenario.parameters.rows["leaving", "pay_slope"].value
    found = design(replace(scenario, draws=made_ensemble()), f"{SLOPE}={own}", f"{LEADS}=3", kind="one-at-a-time")

    assert [point.moved for point in found.points] == [(), ((("leaving", "pay_slope"), own),), ((("market", "lead_rate"), 3.0),)]


def test_more_policies_can_be_run_at_each_point(scenario: Scenario):
    """Policies that are named besides are run beside those that are varied, in the scenario's order."""
    found = design(scenario, f"{RATE}=0.1,0.2", policies=["paid"])

    assert found.subjects == ("mix", "paid")
    assert [policy.key for policy in found.points[0].policies] == ["mix", "paid"]


# ------------------------------------------------------------------ refused points
def test_a_combination_that_is_refused_leaves_the_others(scenario: Scenario):
    """A policy cannot end before it starts: those points are told, the rest are run."""
    found = design(scenario, "policies.mix.starts=0,12", "policies.mix.ends=none,6")

    assert [tuple(point.settings.values()) for point in found.points] == [(0, "none"), (0, 6), (12, "none")]
    assert [tuple(one.settings.values()) for one in found.refused] == [(12, 6)]
    assert found.refused[0].sentence == "--vary: policies.mix.ends = 6 months is not after its start in month 12"


def test_an_end_goes_with_the_baselines_plan_alone(scenario: Scenario):
    """A policy that ends and changes the pay plan is refused as in a file."""
    found = design(scenario, "policies.mix.ends=12", f"{RATE}=0.1,0.2")

    assert len(found.points) == 1
    assert "cannot go with another commission" in found.refused[0].sentence


class Fussy(Lever):
    """A lever with a rule between its settings."""

    key = "fussy"
    family = "pay"
    title = "Fussy"

    first: float = setting(0.0, typical=1.0, unit="share", ge=0, le=1, doc="One.")
    second: int = setting(0, typical=1, unit="count", ge=0, le=9, doc="Other.")

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.first and self.second > 5:
            raise ValueError("first does not go with more than 5 of second")
        return self


def test_a_rule_between_settings_refuses_the_points_it_forbids(scenario: Scenario):
    """Each value by itself is taken; the combinations that the lever refuses are told in its words."""
    policies = [replace(policy, levers={**policy.levers, "fussy": Fussy()}) for policy in scenario.policies]
    found = design(scenario.with_policies(policies), "policies.mix.fussy.first=0,0.5", "policies.mix.fussy.second=0:9:4")

    assert column(found, "policies.mix.fussy.second") == [0, 3, 6, 9, 0, 3]
    assert {type(value) for value in column(found, "policies.mix.fussy.second")} == {int}
    assert [tuple(one.settings.values()) for one in found.refused] == [(0.5, 6), (0.5, 9)]
    assert "first does not go with more than 5 of second" in found.refused[0].sentence


def test_an_equal_cost_needs_a_setting_to_move(scenario: Scenario):
    """Where commission is off its rate is not set, and nothing can be moved: that point is refused."""
    found = design(scenario, "policies.paid.commission=off,on")

    assert [point.settings["policies.paid.commission"] for point in found.points] == ["on"]
    assert "equal_cost moves commission.rate, which is not set at this point" in found.refused[0].sentence


def test_a_design_of_refused_points_alone_is_refused(scenario: Scenario):
    """Where nothing is left to run the sentences are the answer."""
    assert "is not after its start" in refusals(scenario, "policies.mix.starts=12", "policies.mix.ends=6")[0]


# ------------------------------------------------------------------ requests refused before anything runs
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("policies.mix.commision.rate=1", "the nearest is commission"),
        ("policies.mix.commission.rates=1", "the nearest is rate"),
        ("policies.mixx.commission.rate=1", "the nearest is mix"),
        (f"{RATE}=1.5", "= 1.5 share is refused; it takes a number in [0, 1]"),
        (f"{RATE}=0:1.5:3", "= 1.5 share is refused"),
        (f"{RATE}=0.2:0.1", "its first number must be below its second"),
        (f"{RATE}=0:1:1", "needs a number of values in [2, 10,000]"),
        (f"{RATE}=0:1:2:3", "is no range"),
        (f"{RATE}=log:0:1:3", "cannot step by ratios from 0"),
        (f"{RATE}=nan", '"nan" is refused'),
        (f"{RATE}=1e999", "is refused"),
        (f"{PERIOD}=mont", "the nearest is month"),
        (f"{TIERS}=[[1.0, 1.5], [0.5, 2.0]]", "x ascending"),
        ("policies.mix.starts=0.5", "a whole number in [0, 23]"),
        ("policies.mix.label=a", "cannot be varied"),
        ("policies.paid.commission.rate=0.1", "is what equal_cost of paid moves"),
        (f"{EQUITY}=on", "write typical"),
        ("firm.ote=1", "--set firm.NAME"),
        ("months=12", "--months"),
        ("seats=12", "--seats"),
        ("seeds=12", "--seeds"),
        ("world.market.span=5", "lays out the seats"),
        ("world.leaving.pay_slope=3", "write parameters.leaving.pay_slope"),
        ("parameters.leaving.pay_slop=3", "the nearest is parameters.leaving.pay_slope"),
        ("world.demand.multiple=1", "is a path over months"),
        ("something", "varies nothing"),
        ("some.thing=1", "is no path that can be varied"),
    ],
)
def test_a_wrong_request_is_refused_in_a_sentence(scenario: Scenario, text: str, said: str):
    """Paths, values and ranges that cannot be are refused before anything runs, with the nearest that can."""
    told = refusals(scenario, text)

    assert len(told) == 1
    assert told[0].startswith("--vary: ")
    assert said in told[0]


def test_every_fault_is_told_at_once(scenario: Scenario):
    """Two wrong paths and a path given twice are three sentences."""
    assert len(refusals(scenario, "a.b=1", f"{RATE}=2", f"{PERIOD}=month", f"{PERIOD}=year")) == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "grit"}, "the nearest is grid"),
        ({"kind": "pairs"}, "takes no factors"),
        ({"kind": "grid", "samples": 10}, "goes with the designs lhs and sobol"),
        ({"kind": "lhs", "samples": 0}, "a whole number in [1, 100,000]"),
        ({"kind": "points.csv"}, "names in its head what is varied"),
        ({"policies": ["nobody"]}, "is no policy"),
    ],
)
def test_a_wrong_design_is_refused(scenario: Scenario, options: dict[str, object], said: str):
    """A design that is none, and options that do not go with it."""
    assert said in refusals(scenario, f"{RATE}=0.1,0.2", **options)[0]


def test_too_many_points_are_refused_before_they_are_made(scenario: Scenario):
    """A grid of a million points is counted, not built."""
    said = refusals(scenario, f"{RATE}=0:1:1000", "policies.mix.commission.base_share=0:1:1000")

    assert said == (
        f"--design: grid has 1,000,000 points, more than {MOST_POINTS:,}; take fewer values, or --design lhs --samples N",
    )


# ------------------------------------------------------------------ files
def written(folder: Path, text: str) -> Path:
    """A design file."""
    file = folder / "points.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_gives_a_point_a_row(scenario: Scenario, tmp_path: Path):
    """Its head names paths, a blank cell is the scenario's own value, a cell may hold a table."""
    file = written(tmp_path, f'{RATE},{TIERS},{SLOPE}\n0.2,"[[1.0, 2.0]]",\n,,2.5\n,,\n')
    found = make_design(str(file), (), scenario)
    own = scenario.parameters.rows["leaving", "pay_slope"].value

    assert [tuple(point.settings.values()) for point in found.points] == [
        (0.2, ((1.0, 2.0),), own), (0.1, ((1.0, 1.5),), 2.5), (0.1, ((1.0, 1.5),), own),
    ]  # fmt: skip
    assert [point.moved for point in found.points] == [(), ((("leaving", "pay_slope"), 2.5),), ()]
    assert [factor.values for factor in found.factors] == [(0.2,), (((1.0, 2.0),),), (2.5,)]
    assert found.kind == "points.csv"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "file is empty"),
        (f"{RATE}\n", "a head and no points"),
        (f"{RATE},policies.mix.comission.cap\n0.1,1\n", "line 1, column 2: policies.mix.comission is no lever"),
        (f"{RATE},{RATE}\n0.1,0.1\n", "line 1, column 2: .* has a column already"),
        (f"{RATE},\n0.1,1\n", "line 1, column 2: head is blank"),
        (f"{RATE};{CAP}\n0,1;2\n", "semicolons"),
        (f"{RATE},{CAP}\n0.1,1\n0.1\n", "line 3: row has 1 values, and the head names 2 paths"),
        (f"{RATE},{CAP}\n0.1,1\n0.1,99\n", r"line 3, column 2: policies\.mix\.commission\.cap = 99.0 attainment is refused"),
        (f'{RATE}\n"0.1', "line 2 is not CSV"),
        (f"{EQUITY}\non\n", "write typical"),
    ],
)
def test_a_wrong_file_is_refused_by_line_and_column(scenario: Scenario, tmp_path: Path, text: str, said: str):
    """Faults of a design file name the file, and line and column where there is one."""
    with pytest.raises(ScenarioError) as told:
        make_design(str(written(tmp_path, text)), (), scenario)

    assert told.value.faults[0].startswith(str(tmp_path))
    assert re.search(said, told.value.faults[0])


def test_a_file_that_cannot_be_read_is_refused(scenario: Scenario, tmp_path: Path):
    """No such file, a folder, and bytes that are no text."""
    (tmp_path / "bytes.csv").write_bytes(b"a,b\n\xff\xfe\n")
    said = {"none.csv": "does not exist", ".": "does not exist", "bytes.csv": "line 2 is not UTF-8"}
    for name, words in said.items():
        with pytest.raises(ScenarioError, match=words):
            make_design("file", (), scenario, file=tmp_path / name)


def test_a_refused_row_of_a_file_names_its_line(scenario: Scenario, tmp_path: Path):
    """A combination that is refused is told with the line that asks for it."""
    file = written(tmp_path, "policies.mix.starts,policies.mix.ends\n0,6\n12,6\n")
    found = make_design(str(file), (), scenario)

    assert found.refused[0].sentence == f"{file}: line 3: policies.mix.ends = 6 months is not after its start in month 12"


# ------------------------------------------------------------------ anything at all
WORDS = [
    "policies", "mix", "commission", "rate", "world", "market", "tiers", "=", ".", ":", ",", ";", "log:", "0.1", "[[", "]]",
    "none", "\n", "é", "1e9",
]  # fmt: skip
CELLS = [RATE, SLOPE, ",", "\n", '"', "0.1", "\r", "x"]


def told(ask: Callable[[], object]) -> tuple[str, ...]:
    """What is said against a request; nothing where it is taken."""
    try:
        ask()
    except ScenarioError as refusal:
        return refusal.faults
    return ()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(st.one_of(st.text(max_size=30), st.lists(st.sampled_from(WORDS), max_size=12).map("".join)), max_size=3),
    st.sampled_from([RATE, TIERS, PERIOD, EQUITY, SLOPE, "policies.mix.ends"]),
)
def test_any_text_is_a_design_or_a_refusal(scenario: Scenario, texts: list[str], path: str):
    """Whatever is asked for gives factors or sentences of one printable line, never another error."""
    requests = (texts, [f"{path}={text}" for text in texts[:1]])
    faults = [fault for asked in requests for fault in told(partial(read_factors, asked, scenario))]

    assert [fault for fault in faults if not fault.isprintable()] == []


@settings(max_examples=100, deadline=None, derandomize=True)
@given(content=st.one_of(st.binary(max_size=80), st.lists(st.sampled_from(CELLS)).map("".join).map(str.encode)))
def test_any_file_is_a_design_or_a_refusal(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory, content: bytes):
    """Whatever stands in a design file gives points or sentences that name the file."""
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(content)
    faults = told(partial(make_design, str(file), (), scenario))

    assert [fault for fault in faults if not fault.isprintable() or not fault.startswith(str(file))] == []


def test_what_is_asked_for_and_is_none_is_told_where_it_was_asked(scenario):
    """A policy that the scenario has not is a fault of --policy; what a setting takes is told before what is typical."""
    factors = read_factors([f"{RATE}=0.1,0.2"], scenario)
    with pytest.raises(ScenarioError, match=r'^--policy: "nobody" is no policy of .*; the nearest is today'):
        make_design("grid", factors, scenario, policies=["nobody"])
    with pytest.raises(ScenarioError, match=r"it takes a number in \[0, 1\], or none; 0\.1 is typical"):
        read_factors([f"{RATE}=2"], scenario)


def test_notes_begin_with_words(scenario):
    """A note may be written with a capital at its head, which a path has not."""
    ranged = read_factors([f"{RATE}=0.1:0.2"], scenario)
    counted = read_factors([f"{RATE}=0.1:0.2:5"], scenario)
    notes = [*make_design("grid", ranged, scenario).notes, *make_design("lhs", counted, scenario, samples=4).notes]

    assert len(notes) == 2
    assert all(note.startswith(f"the range of {RATE} ") for note in notes)

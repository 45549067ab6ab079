"""Targets: one finding is one target, roles do not change in silence, and each fits its scenario."""

from __future__ import annotations

import re
import tomllib

import pytest
import source

from simulation.calibration.findings import find
from simulation.errors import ParameterError
from simulation.evidence.read import evidence_table
from simulation.evidence.targets import read_targets, targets
from simulation.scenario import shipped_scenarios

README = source.PACKAGE / "evidence" / "README.md"
FIRST_ROLES = tomllib.loads((source.ROOT / "tests" / "golden" / "roles.toml").read_text(encoding="utf-8"))
TWINS = {"comp.T03b": "turn.T04", "comp.T20": "turn.T13", "comp.T22": "turn.T26"}
GOOD = {
    "text": "A sentence.", "label": "a label", "setting": "A setting.", "grade": "A", "role": "validate",
    "source": ["lazear2000"],
    "scenario": "accelerator", "of": "bookings", "with": "steep", "without": "flat", "change": "relative", "months": [0, 12],
    "target": 0.1, "band": [0.0, 0.2], "unit": "share",
}  # fmt: skip


def changes_of_role() -> dict[str, list[tuple[str, str]]]:
    """Changes told in the folder's README, by id, in their order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, old, new in re.findall(r"^- (\S+): (\w+) -> (\w+): .+$", README.read_text(encoding="utf-8"), re.MULTILINE):
        found.setdefault(name, []).append((old, new))
    return found


def test_roles_change_only_with_a_line():
    """Each target has the role it was first given, or the README tells every change from that role to the one it has."""
    told = changes_of_role()
    wrong = []
    for name, target in targets().items():
        role = FIRST_ROLES.get(name)
        for old, new in told.get(name, []):
            role = new if old == role else None
        if role != target.role:
            wrong.append(f"{name}: {FIRST_ROLES.get(name)} first, {target.role} now")

    assert wrong == []


def test_no_target_is_dropped():
    """What was a target once is one still: a finding is not taken out because it is missed."""
    assert set(FIRST_ROLES) <= set(targets())


def test_twins_are_listed_and_counted_once():
    """The three findings told twice stand once, each naming its twin."""
    found = {name: target.twins[0] for name, target in targets().items() if target.twins}

    assert found == TWINS
    assert not set(TWINS.values()) & set(targets())


def test_the_recalled_size_is_held_out():
    """The size of comp.T22 is recalled, not read, so nothing may be fitted to it."""
    assert targets()["comp.T22"].role == "validate"


def test_weekly_and_daily_schemes_are_not_expressible():
    """The step is a month."""
    assert not targets()["comp.T07"].expressed
    assert not targets()["comp.T08"].expressed


def test_at_least_thirty_findings_are_expressed():
    """Findings with a scenario of their own, packs apart."""
    found = {target.finding for target in targets().values() if target.expressed and not target.id.startswith("pack.")}

    assert len(found) >= 30


def test_every_expressed_target_fits_its_scenario():
    """Policies, figures and months exist; nothing is measured in a scenario that lacks what it names."""
    findings = find(tuple(targets().values()))

    assert sum(len(finding.targets) for finding in findings) == sum(target.expressed for target in targets().values())


def test_every_finding_file_is_used():
    """No scenario lies in the folder that no target reads."""
    files = {path.stem for path in (shipped_scenarios() / "findings").glob("*.toml")}

    assert files == {target.scenario for target in targets().values() if target.scenario and "/" not in target.scenario}


def test_prose_ends_in_a_full_stop():
    """Texts, settings, notes and reasons are sentences."""
    texts = [
        text for target in targets().values()
        for text in (target.text, target.setting, target.note, target.not_expressible) if text
    ]  # fmt: skip

    assert [text for text in texts if not text.endswith((".", ")."))] == []


def test_a_part_takes_over_what_it_does_not_say():
    """A further figure of a finding has its scenario, not its band."""
    part = targets()["comp.T15.best"]

    assert (part.scenario, part.group, part.low, part.finding) == ("assistant", "top_fifth", -0.05, "comp.T15")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rol": "x"}, "has no field rol"),
        ({"role": "fit"}, "role 'fit' is none of calibrate, validate, report"),
        ({"grade": "E"}, "grade 'E' is none of"),
        ({"change": "log"}, "change 'log' is none of"),
        ({"source": ["nobody1900"]}, "source nobody1900 is not in sources.bib"),
        ({"band": [0.2, 0.0]}, "is not ascending"),
        ({"band": ["open", "open"]}, 'is not [low, high] with "open"'),
        ({"target": 0.5}, "is not ascending around the target 0.5"),
        ({"not_expressible": "No."}, "cannot be expressed and yet has scenario"),
        ({"text": None}, "lacks text"),
        ({"scenario": None}, "lacks scenario, or not_expressible"),
    ],
)
def test_faulty_targets_are_refused(change, said):
    """Every guard of the file fires with a sentence that names the target and the fault."""
    fields = {key: value for key, value in (GOOD | change).items() if value is not None}
    with pytest.raises(ParameterError) as refusal:
        read_targets({"comp": {"T99": fields}})

    assert any("comp.T99" in fault and said in fault for fault in refusal.value.faults)


def test_a_twin_cannot_be_a_target_too():
    """One finding is one target."""
    with pytest.raises(ParameterError, match="one finding is one target"):
        read_targets({"comp": {"T98": GOOD, "T99": GOOD | {"twins": ["comp.T98"]}}})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"with": "steeper"}, "compares steeper, which accelerator.toml lacks; it has flat, steep"),
        ({"of": "profit"}, "asks for profit, which is neither a measure nor a figure"),
        ({"months": [0, 99]}, "counts months 0 to 99 of a run of 24"),
    ],
)
def test_targets_that_do_not_fit_their_scenario_are_refused(change, said):
    """A target that names what its scenario does not have is refused before anything runs."""
    with pytest.raises(ParameterError) as refusal:
        find(tuple(read_targets({"comp": {"T99": GOOD | change}}).values()))

    assert any(said in fault for fault in refusal.value.faults)


def test_the_file_is_the_whole_of_it():
    """Every table of the file is read."""
    tables = evidence_table("targets.toml")

    assert {name.split(".")[0] for name in targets()} == set(tables) == {"comp", "turn", "pack"}

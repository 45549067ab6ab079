"""Digests: what a cell's name depends on, and that nothing between a recipe and its numbers is forgotten."""

from __future__ import annotations

import pytest
import source

from simulation.experiment.batch import recipes
from simulation.experiment.batch.equal_cost import COST
from simulation.experiment.batch.recipes import CELL_CODE, CODE, world_recipe
from simulation.experiment.digests import engine_digest, engine_sources, source_digest
from simulation.scenario import read_scenario

NO_NUMBER = {
    "experiment/digests.py", "experiment/batch/refusals.py", "experiment/work/workers.py",  # names, words, and who does a task
    "scenario/__init__.py", "scenario/expectations.py", "scenario/faults.py",  # what a study claims, and how one is refused
}  # fmt: skip
"""Files that cells' code uses and that decide no number."""
FILES = {path.relative_to(source.PACKAGE).as_posix() for path in source.modules()}


def test_a_cell_is_named_by_the_code_that_makes_it(monkeypatch: pytest.MonkeyPatch):
    """Another way from recipes to numbers is another world, though the engine is the same; reports are not part of it."""
    scenario = read_scenario(None, months=1, seats=4, seeds=1)
    before = world_recipe(scenario, "months")
    monkeypatch.setattr(recipes, "source_digest", lambda *places: f"other {sorted(places)}")
    after = world_recipe(scenario, "months")

    assert before[CODE] == source_digest(*CELL_CODE)
    assert [name for name in before if before[name] != after[name]] == [CODE]
    assert not any(place.startswith("report") for place in CELL_CODE)


def test_nothing_between_recipes_and_numbers_is_forgotten():
    """Every file that cells' code imports is part of the engine, of cells' code, or of what is named here to decide no number."""
    engine = {path for path, _ in engine_sources()}
    used = set()
    for place in CELL_CODE:
        for _, name in source.imported(source.tree_of(source.PACKAGE / place)):
            if name.startswith("simulation."):
                used |= {file for file in files_of(name) if file not in engine}

    assert used - {"errors.py"} <= NO_NUMBER | set(CELL_CODE)
    assert {"experiment/batch/variants.py", "experiment/cells/contents.py"} <= used


def files_of(name: str) -> list[str]:
    """Files of the package that hold an imported name: a module, or a member of one."""
    path = name.removeprefix("simulation.").replace(".", "/")
    above = path.rpartition("/")[0]
    found = [f"{path}.py", f"{path}/__init__.py", f"{above}.py", f"{above}/__init__.py"]
    return [file for file in found if file in FILES][:1]


def test_costs_in_a_search_are_named_by_their_code():
    """What the search for equal costs keeps of a cell follows the code behind it, not a description."""
    assert COST.digest == source_digest("experiment/batch/equal_cost.py") != source_digest("experiment/execute.py")


def test_a_place_without_source_is_refused():
    """A digest of nothing would be the same for ever."""
    with pytest.raises(ValueError, match=r"simulation/experiment/gone\.py holds no source"):
        source_digest("experiment/gone.py")


def test_digests_leave_out_what_is_asked():
    """Without a file the digest is another, and without one that is not there the same."""
    assert engine_digest(without=("evidence/calibrated.toml",)) != engine_digest()
    assert engine_digest(without=("evidence/no_such.toml",)) == engine_digest()

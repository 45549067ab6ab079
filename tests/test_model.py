"""The readable model as a Mesa model: agents come and go, data are collected, batches run, behaviours can be overridden."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from inspect import signature
from typing import Any

import mesa
import numpy as np
import organisation
import pytest
import source
from mesa.batchrunner import batch_run

from simulation import Rep, SalesOrg, errors
from simulation.scenario import read_scenario

PATH = str(source.ROOT / "scenarios" / "status_quo.toml")
SEEDS_BY_RNG = "rng" in signature(batch_run).parameters
"""From Mesa 3.4 on a batch takes its seeds apart from the parameters."""


@pytest.fixture(scope="module")
def small() -> Any:
    """Two policies, 21 seats, 8 months."""
    return organisation.study({"cut": {"commission.rate": 0.03}}, months=8, seats=21, seeds=1)


@pytest.fixture(scope="module")
def lived(small) -> SalesOrg:
    """The status quo, lived to its end. Tests share it, so they must not step it."""
    model = SalesOrg(small, seed=3)
    while model.running:
        model.step()
    return model


def batch(scenario: Any, seeds: list[int], **how: Any) -> list[dict[str, Any]]:
    """Both policies and some seeds by `batch_run`, the way that this Mesa takes seeds."""
    parameters: dict[str, Any] = {"scenario": scenario, "policy": ["status_quo", "cut"]}
    if SEEDS_BY_RNG:
        how["rng"] = seeds
    else:
        parameters["seed"] = seeds
    return batch_run(SalesOrg, parameters, display_progress=False, **how)


def test_a_run_ends_with_the_scenario(lived, small):
    """The model stops itself after the scenario's months, having collected each."""
    months = lived.datacollector.get_model_vars_dataframe()

    assert (lived.steps, lived.running, len(months)) == (small.months, False, small.months)


def test_reps_are_agents_while_they_stay(small):
    """Agents are those who sit in a seat: those hired are new objects, and those who left are gone from the model."""
    model = SalesOrg(small, policy="cut", seed=3)
    first = set(model.agents)
    while model.running:
        model.step()
    months = model.datacollector.get_model_vars_dataframe()
    left = len(first) + months["hires"].sum() - months["quits"].sum() - months["dismissals"].sum()

    assert set(model.agents) == {seat.rep for seat in model.seats if seat.filled}
    assert len(model.agents) == left
    assert first - set(model.agents)
    assert all(isinstance(rep, Rep) and isinstance(rep, mesa.Agent) for rep in model.agents)


def test_agent_sets_answer_questions(lived):
    """`select`, `groupby` and `agg` of Mesa work on reps."""
    ramped = lived.agents.select(lambda rep: rep.ramped)
    sold = lived.agents.groupby("segment").agg("credited", sum)

    assert 0 < len(ramped) < len(lived.agents)
    assert sum(sold.values()) == pytest.approx(lived.agents.agg("credited", sum))
    assert lived.agents.agg("credited", sum) > 0.0


def test_reps_are_collected_each_month(lived, small):
    """There is a row a rep and month, with the seat it sits in and what it was paid."""
    reps = lived.datacollector.get_agent_vars_dataframe()
    counts = reps.groupby("Step").size()

    assert list(counts.index) == list(range(1, small.months + 1))
    assert counts.iloc[-1] == len(lived.agents)
    assert set(reps["seat"]) <= set(range(small.seats))
    assert not reps.isna().any(axis=None)


@pytest.mark.parametrize("given", ["scenario", "path"])
def test_a_batch_runs_policies_and_seeds(given, small, tmp_path):
    """`batch_run` takes a scenario, which it does not split, or a path; its last row is the last month of `run`."""
    path = tmp_path / "study.toml"
    text = 'world = ["worlds/saas_mid_market.toml"]\nbaseline = "status_quo"\nmonths = 8\nseats = 21\n[policies.status_quo]\n'
    path.write_text(text + "[policies.cut.commission]\nbase_share = 0.5\nrate = 0.03\n", encoding="utf-8")
    rows = batch(small if given == "scenario" else str(path), [3, 4])
    last = {(row["policy"], row["seed"]): row["revenue"] for row in rows}
    model = SalesOrg(small if given == "scenario" else path, policy="cut", seed=4)
    while model.running:
        model.step()

    assert set(last) == {(policy, seed) for policy in ("status_quo", "cut") for seed in (3, 4)}
    assert last["cut", 4] == model.figures["revenue"]
    assert len(set(last.values())) == 4


def test_a_batch_keeps_every_month(small):
    """With a collection period of 1 a batch holds each month once, in order, and not one more."""
    rows = batch(small, [3], data_collection_period=1, max_steps=small.months)
    steps = sorted({int(row["Step"]) for row in rows if row["policy"] == "cut"})

    assert len(steps) == small.months
    assert steps == list(range(steps[0], steps[0] + small.months))


def test_a_seed_named_twice_is_one_run_again(small):
    """Nothing but the seed tells runs of a policy apart, so what repeats a seed, as `iterations` does, repeats the run."""
    rows = [row for row in batch(small, [3, 3]) if row["policy"] == "cut"]

    assert len({row["RunId"] for row in rows}) == 2
    assert len({row["revenue"] for row in rows}) == 1


def test_the_seed_is_the_luck(small):
    """The same seed gives the same figures, another seed others."""
    one, same, other = (SalesOrg(small, seed=seed) for seed in (3, 3, 4))
    for model in (one, same, other):
        model.step()

    assert one.figures["revenue"] == same.figures["revenue"] != other.figures["revenue"]


def test_a_behaviour_can_be_overridden(small):
    """Reps who never ask for another job do not quit; those hired later are of the same kind."""

    class Faithful(Rep):
        def consider_leaving(self) -> bool:
            return False

    model = SalesOrg(small, seed=3, rep_class=Faithful)
    while model.running:
        model.step()

    assert model.datacollector.get_model_vars_dataframe()["quits"].sum() == 0
    assert {type(rep) for rep in model.agents} == {Faithful}


def test_the_example_of_the_readme_changes_something(capsys, monkeypatch):
    """The reps whom README shows quit less than ordinary ones, in a run as README prints it but shorter."""
    [block] = [
        block
        for block in re.findall(r"```python\n(.*?)```", (source.ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
        if "SalesOrg" in block
    ]
    monkeypatch.chdir(source.ROOT)
    short = read_scenario(PATH, months=36, seats=98)
    names = {"SalesOrg": lambda _, **rest: SalesOrg(short, **rest)}
    tree = ast.parse(block)
    tree.body = [line for line in tree.body if not isinstance(line, ast.ImportFrom)]
    exec(compile(tree, "README.md", "exec"), names | {"Rep": Rep})  # noqa: S102
    printed = capsys.readouterr().out
    quits = [float(line.split()[1]) for line in printed.splitlines()]

    assert [line.split()[0] for line in printed.splitlines()] == ["Rep", "Loyal"]
    assert quits[1] < quits[0]


def test_an_unknown_policy_is_refused(small):
    """The refusal names the nearest policy."""
    with pytest.raises(errors.ScenarioError, match=r"policies.*cutt.*cut"):
        SalesOrg(small, policy="cutt")


@pytest.mark.parametrize("seed", [None, -1, 1.5, True, "1"])
def test_a_seed_that_is_no_number_is_refused(small, seed):
    """The refusal says what a seed is."""
    with pytest.raises(errors.ScenarioError, match="is not a whole number of 0 or more"):
        SalesOrg(small, seed=seed)


@pytest.mark.parametrize("rep_class", [mesa.Agent, "Rep"])
def test_agents_of_another_kind_are_refused(small, rep_class):
    """A class that is no Rep cannot sit in a seat."""
    with pytest.raises(errors.ScenarioError, match="is no subclass of simulation"):
        SalesOrg(small, rep_class=rep_class)


def test_a_promise_of_equal_cost_is_not_kept_in_silence():
    """A policy whose settings `run` would solve first is simulated as it stands, with a warning that says so."""
    scenario = read_scenario(PATH, months=1, seats=14)
    with pytest.warns(UserWarning, match="equal_cost is not solved here"):
        SalesOrg(scenario, policy="cut_a_fifth")


def test_a_world_without_a_steady_start_is_refused(small):
    """Accounts that would grow for ever are refused before a month is lived."""
    growing = small.parameters.with_values({("contract", "expansion_rate"): 0.6, ("contract", "house_rate"): 0.01})
    with pytest.raises(errors.ScenarioError, match="no steady start exists"):
        SalesOrg(replace(small, parameters=growing))


def test_a_lever_that_reads_nothing_known_is_told(lived):
    """A lever that asks for a field which nobody has is told its name."""
    with pytest.raises(AttributeError, match="a lever reads 'charisma'"):
        np.sum(lived.organisation.charisma)


def test_an_unsolved_firm_is_refused():
    """A scenario with a firm that waits to be solved is no world to live in."""
    with pytest.raises(errors.ScenarioError, match="firm is not solved yet"):
        SalesOrg(read_scenario(None, settings=["firm.turnover=0.3"]))

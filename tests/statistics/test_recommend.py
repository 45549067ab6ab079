"""Which policy is recommended, and what a reader is warned of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from synthetic import made_policy, made_scenario

from simulation.evidence.measures import MEASURES
from simulation.levers import catalogue
from simulation.scenario.policy import Material
from simulation.statistics.caveats import PROMISES, find_caveats
from simulation.statistics.compare import compare_measure
from simulation.statistics.recommend import recommend
from simulation.statistics.summary import Facts, Summary


def summary_of(objective, *, turnover=(0.2, 0.2, 0.2), require=None, key="contribution"):
    """A summary of three policies from their values of the objective, (policy, seed), and turnover means."""
    names = ("base", "one", "two")
    material = {key: Material(1.0, relative=False)}
    found = compare_measure(np.array(objective, dtype=float), 0, MEASURES[key].better, material[key])
    table = pd.DataFrame({f"{key}_{name}": column for name, column in found.items()}, index=list(names))
    table["turnover_mean"] = turnover
    facts = Facts(
        run="0" * 12, name="n", title="t", question="q", world=(), months=36, seats=10, first_seed=0, seeds=3, objective=key,
        require=require or {}, material=material, assumed=1,
    )  # fmt: skip
    return Summary(
        table=table, baseline="base", labels=dict(zip(names, names, strict=True)), warnings=(), moved={}, facts=facts,
        by_seed={key: np.array(objective, dtype=float)},
    )  # fmt: skip


BASE = [10.0, 20.0, 30.0]


def shifted(amount, wobble=0.1):
    """The baseline's values, moved."""
    return [value + amount + wobble * sign for value, sign in zip(BASE, (-1, 0, 1), strict=True)]


def test_the_best_by_objective_is_recommended():
    """The policy that is better by more than the material difference is recommended, and the worse one is no rival."""
    found = recommend(summary_of([BASE, shifted(9), shifted(4)]))

    assert (found.policy, found.standing, found.rivals) == ("one", "better", ())


def test_rivals_are_named():
    """A policy within the material difference of the leader is not shown to be worse."""
    found = recommend(summary_of([BASE, shifted(9.0), shifted(9.3)]))

    assert (found.policy, found.rivals) == ("two", ("one",))


def test_no_material_difference_recommends_no_change():
    """A leader within the material difference of the baseline is not recommended."""
    found = recommend(summary_of([BASE, shifted(0.5), shifted(-4)]))

    assert (found.policy, found.leader, found.standing) == (None, "one", "same")


def test_what_is_open_is_not_recommended():
    """A leader whose interval reaches into the material difference is open, and nothing is recommended."""
    found = recommend(summary_of([BASE, shifted(1.5, wobble=3.0), shifted(-4)]))

    assert (found.policy, found.leader, found.standing) == (None, "one", "open")


def test_the_baseline_may_lead():
    """Where every other policy is worse there is nothing to change to."""
    found = recommend(summary_of([BASE, shifted(-9), shifted(-5)]))

    assert (found.policy, found.leader, found.standing) == (None, "base", "baseline")


def test_a_policy_that_breaks_a_requirement_is_never_recommended():
    """The best by objective is passed over when its turnover is too high."""
    summary = summary_of([BASE, shifted(9), shifted(4)], turnover=(0.2, 0.35, 0.2), require={"turnover": ("<=", 0.3)})
    found = recommend(summary)

    assert (found.policy, found.excluded) == ("two", ("one",))


def test_a_baseline_that_breaks_a_requirement_is_left():
    """When the baseline itself is not allowed, the best that is allowed is recommended although it is no better."""
    found = recommend(summary_of([BASE, shifted(-4), shifted(-9)], turnover=(0.4, 0.2, 0.2), require={"turnover": ("<=", 0.3)}))

    assert (found.policy, found.standing) == ("one", "worse")


def test_nothing_is_recommended_when_nothing_is_allowed():
    """When no policy meets what is required there is no leader."""
    found = recommend(summary_of([BASE, BASE, BASE], require={"turnover": ("<=", 0.1)}))

    assert (found.policy, found.leader, found.standing) == (None, None, "none")


def test_lower_is_better_where_the_measure_says_so():
    """With total cost as objective the cheapest leads."""
    found = recommend(summary_of([BASE, shifted(5), shifted(-5)], key="total_cost"))

    assert found.policy == "two"


def caveats(months, **settings):
    """Warnings of a scenario whose second policy has these settings."""
    starts = settings.pop("starts", 0)
    changed = made_policy("changed", "Changed", starts=starts, **settings)
    scenario = made_scenario(("Base",), months=months)
    scenario = made_scenario(("Base",), months=months, policies=(*scenario.policies, changed))
    return find_caveats(scenario, differences(0.1))


def differences(size):
    """A table in which the policy `changed` differs by so much in every measure."""
    return pd.DataFrame({f"{key}_diff": [size] for key in MEASURES}, index=["changed"])


def test_a_policy_that_does_nothing_is_warned_of():
    """Settings that differ and change nothing to the last digit are said; without a vesting time a grant does nothing."""
    scenario = made_scenario(("Base",))
    idle = made_policy("changed", "Changed", equity={"grant": 0.1})
    [said] = find_caveats(made_scenario(("Base",), policies=(*scenario.policies, idle)), differences(0.0))

    assert said.startswith("Changed: gives exactly what Base gives")


GRANT = {"equity": {"grant": 0.1, "vesting": 36.0}}


def test_a_promise_that_ends_with_the_run_is_warned_of():
    """Grants of 36 months in a run of 36 end where nobody looks: the warning names policy, month and run."""
    (text,) = caveats(36, **GRANT)

    assert text.startswith("Changed: grants vest in month 36 of a 36-month run")


@pytest.mark.parametrize(
    ("months", "starts", "warned"), [(60, 0, False), (48, 0, False), (47, 0, True), (60, 12, False), (60, 13, True)]
)
def test_a_year_after_the_promise_is_enough(months, starts, warned):
    """What happens after vesting is seen when a year of it lies inside the run, counted from the policy's start."""
    assert bool(caveats(months, starts=starts, **GRANT)) is warned


def test_no_grant_promises_nothing():
    """A vesting time without a grant is no promise."""
    assert caveats(36, equity={"grant": 0.0, "vesting": 36.0}) == ()


def test_a_clawback_that_outlasts_the_run_is_warned_of():
    """Twelve months of clawback need two years to be seen."""
    (text,) = caveats(18, commission={"clawback": 12.0})

    assert "clawed back until month 12 of a 18-month run" in text


def test_a_policy_that_hardly_begins_is_warned_of():
    """Less than a year of a policy is said to be less than a year."""
    (text,) = caveats(24, starts=18)

    assert text == "Changed: starts in month 18 of a 24-month run: less than a year of it is seen"


def test_promises_name_settings_of_the_catalogue():
    """Every promise is looked up in a lever and settings that exist."""
    for lever, length, needed in PROMISES:
        assert {length, needed} <= set(catalogue()[lever].model_fields)


def test_broken_requirements_are_said():
    """A mean beyond its limit is a warning with figure, limit and unit."""
    scenario = made_scenario(("Base",), require={"turnover": ("<=", 0.3), "win_rate": (">=", 0.2)})
    table = pd.DataFrame({"turnover_mean": [0.35], "win_rate_mean": [0.2]}, index=[scenario.baseline])

    assert find_caveats(scenario, table) == ("Base: turnover is 0.35, required <= 0.3 1/year; shown, never recommended",)


@pytest.mark.parametrize(("seeds", "said"), [(1, "one seed gives no interval"), (4, "4 seeds give rough intervals"), (8, None)])
def test_few_seeds_are_said(seeds, said):
    """Below eight seeds intervals are rough, and with one there are none."""
    found = find_caveats(made_scenario(("Base",), seeds=seeds), pd.DataFrame())

    assert [text.split(";")[0] for text in found] == ([said] if said else [])

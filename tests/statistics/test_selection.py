"""Which policies can still be the best: settled, tied, open; requirements; and seeds that are added only where needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulation.scenario.policy import Material
from simulation.scenario.until import Until
from simulation.statistics.looks import tail_of_bar
from simulation.statistics.selection import Asked, Out, select
from simulation.statistics.stopping import add_seeds

ASKED = Asked("gain", "higher", "a", {}, {"gain": Material(1.0, relative=False)}, 0.05)
TAIL = 0.005
LUCK = np.random.default_rng(1).normal(0.0, 5.0, 4000)
OWN = np.random.default_rng(2).normal(0.0, 1.0, (6, 4000))


def rows(*means, seeds=32, spread=1.0):
    """Policies of these means under the same luck, each with noise of its own, (policy, seed)."""
    return np.array(means)[:, None] + LUCK[:seeds] + spread * OWN[: len(means), :seeds]


def look(values, asked=ASKED, before=None, **others):
    """One look at policies a, b, c and so on."""
    return select({"gain": values, **others}, "abcdef"[: len(values)], asked, TAIL, before or {})


def test_a_clear_lead_is_settled():
    """Three deviations ahead at 32 seeds: the best, and the others out as worse."""
    found = look(rows(0.0, 3.0, 0.5))

    assert (found.verdict, found.leader, found.contested) == ("best", "b", ())
    assert found.out == {key: Out("worse", "b", 32) for key in "ac"}


def test_lower_can_be_better():
    """With a measure that is better when lower the order turns round."""
    found = look(rows(0.0, 3.0, 6.0), replace(ASKED, better="lower"))

    assert (found.verdict, found.leader) == ("best", "a")


def test_a_small_difference_seen_closely_is_a_tie():
    """0.1 apart with intervals of a few tenths: within the material difference of 1, and the one behind is out."""
    found = look(rows(5.0, 5.1, 0.0, seeds=200))

    assert (found.verdict, set(found.tied), set(found.out)) == ("tie", {"a", "b"}, {"c"})
    assert found.good


def test_what_is_not_seen_closely_is_open():
    """The same means under noise ten times as large are contested; the leader is not yet known to be good enough."""
    found = look(rows(5.0, 5.1, spread=10.0))

    assert (found.verdict, found.contested, found.good) == ("open", ("a", "b"), False)


def test_worse_is_not_yet_materially_worse():
    """Beyond doubt behind by half of what counts: out, and called close; behind by more: out, and not."""
    found = look(rows(0.0, 0.5, -2.0, seeds=400))

    assert (found.verdict, found.leader, found.close) == ("best", "b", ("a",))


def test_a_leader_can_be_good_before_it_is_best():
    """Nobody can be better by 1, but whether b is better by more than 0, or by more than 1, is not known."""
    found = look(rows(0.0, 0.6, spread=1.0, seeds=24))

    assert (found.verdict, found.leader, found.good) == ("open", "b", True)


def test_equal_policies_tie_exactly():
    """The same figures at every seed are a tie, even where no difference is too small to count."""
    values = rows(1.0, 1.0)
    values[1] = values[0]

    assert look(values, replace(ASKED, material={})).verdict == "tie"


def test_without_a_material_difference_nothing_ties_that_differs():
    """With no difference too small to count, two policies that differ at all stay open until one is better."""
    assert look(rows(1.0, 1.0, seeds=500), replace(ASKED, material={})).verdict == "open"


def test_a_relative_difference_is_of_the_baseline():
    """A tenth of a baseline of 5,000 ties what differs by 100, not what differs by 1,000."""
    asked = replace(ASKED, material={"gain": Material(0.1, relative=True)})

    assert look(rows(5000.0, 5100.0, spread=300.0), asked).verdict == "tie"
    assert look(rows(5000.0, 6000.0, spread=300.0), asked).verdict == "best"


def test_who_breaks_a_requirement_is_out():
    """The best by the objective is out when its interval lies beyond the limit, and the next is the best."""
    asked = replace(ASKED, require={"left": ("<=", 0.3)})
    left = 0.01 * OWN[3:6, :32] + np.array([[0.2], [0.2], [0.4]])
    found = look(rows(0.0, 3.0, 9.0), asked, left=left)

    assert (found.verdict, found.leader, found.out["c"]) == ("best", "b", Out("breaks", "left", 32))


def test_who_may_break_a_requirement_settles_nobody_out():
    """The leader's requirement is contested, so the others stay, though they are worse beyond doubt."""
    asked = replace(ASKED, require={"left": (">=", 0.3)})
    left = np.array([[0.5], [0.5], [0.3]]) + 0.2 * OWN[3:6, :32]
    found = look(rows(0.0, 0.1, 9.0), asked, left=left)

    assert (found.verdict, found.contested, dict(found.out)) == ("open", ("a", "b", "c"), {})


def test_a_requirement_met_to_the_point_is_not_sampled_for_ever():
    """Limits within the material difference of the measure around what is allowed: the mean says it."""
    asked = replace(ASKED, require={"left": ("<=", 0.3)}, material={"left": Material(0.05, relative=False)})
    left = 0.3 + np.array([[-0.001], [0.001]]) + 0.01 * (OWN[:2, :200] - OWN[:2, :200].mean(axis=1, keepdims=True))
    found = look(rows(0.0, 3.0, seeds=200), asked, left=left)

    assert (found.verdict, found.leader, found.out["b"].reason) == ("best", "a", "breaks")


def test_nobody_meets_the_requirements():
    """All out for what they break: none."""
    asked = replace(ASKED, require={"left": ("<=", 0.3)})
    found = look(rows(0.0, 3.0), asked, left=0.5 + 0.01 * OWN[:2, :32])

    assert (found.verdict, found.leader) == ("none", None)


def test_a_policy_without_a_figure_is_not_waited_for():
    """No seed with the objective: out, and the others are decided."""
    values = rows(0.0, 3.0, 1.0)
    values[2] = np.nan
    found = look(values)

    assert (found.verdict, found.out["c"]) == ("best", Out("no figure", "gain", 0))


def test_policies_are_compared_on_the_seeds_that_both_have():
    """Seeds without a value change nothing but their number: the verdict is that of the seeds left."""
    values = rows(0.0, 0.6, seeds=60)
    holes = values.copy()
    holes[0, ::3], holes[1, 1::3] = np.nan, np.nan

    assert look(holes) == replace(look(values[:, 2::3]), out=look(holes).out)


def test_who_is_out_stays_out():
    """A policy settled out before is not looked at again, whatever its figures."""
    before = {"b": Out("worse", "a", 16)}
    found = look(rows(0.0, 9.0, -5.0), before=before)

    assert (found.verdict, found.leader, found.out["b"]) == ("best", "a", before["b"])


def test_order_changes_nothing():
    """Policies the other way round: the same verdict on the same policies."""
    values = rows(0.0, 0.4, 3.0, 3.2)
    there = look(values)
    back = select({"gain": values[::-1]}, "dcba", ASKED, TAIL)

    assert (there.verdict, set(there.tied), set(there.out)) == (back.verdict, set(back.tied), set(back.out))


def simulated(values, asked_for=None):
    """A simulator of known figures; what it is asked for goes to a list."""

    def simulate(policies, seeds):
        if asked_for is not None:
            asked_for.append((tuple(policies), seeds))
        return {key: np.stack([x["abcdef".index(policy), list(seeds)] for policy in policies]) for key, x in values.items()}

    return simulate


def test_only_contested_policies_get_more_seeds():
    """After the first look the hopeless one is left out; the baseline goes along for the pairs, though it is out too."""
    calls = []
    values = {"gain": rows(0.0, 5.0, 0.2, 5.3, seeds=4000)}
    found, stopping = add_seeds(simulated(values, calls), "abcd", ASKED, Until())

    assert calls[0] == (("a", "b", "c", "d"), range(16))
    assert {policies for policies, _ in calls[1:]} == {("a", "b", "d")}
    assert [seeds.start for _, seeds in calls[1:]] == [seeds.stop for _, seeds in calls[:-1]]
    assert stopping.seeds["c"] == 16 < stopping.seeds["b"] == stopping.seeds["a"] == stopping.looks[-1]
    assert stopping.runs == np.isfinite(found["gain"]).sum()
    assert stopping.reached


def test_among_hundreds_most_are_settled_out_at_once():
    """400 policies of known means: the best is named, in less than half of the runs of as many seeds for all."""
    rng = np.random.default_rng(8)
    keys, means, noise = [f"p{n}" for n in range(400)], np.sort(rng.normal(0.0, 2.0, 400)), rng.standard_normal((400, 1000))

    def simulate(policies, seeds):
        which = [keys.index(policy) for policy in policies]
        return {"gain": means[which, None] + LUCK[list(seeds)] + noise[which][:, list(seeds)]}

    _, stopping = add_seeds(simulate, keys, replace(ASKED, baseline="p0"), Until())

    assert (stopping.selection.verdict, stopping.selection.leader) == ("best", "p399")
    assert stopping.runs < 0.5 * 400 * stopping.looks[-1]


def test_a_cap_ends_it_open():
    """Noise too large for 54 seeds: not reached, and nobody has more than 54."""
    values = {"gain": rows(0.0, 0.5, seeds=4000, spread=20.0)}
    _, stopping = add_seeds(simulated(values), "ab", ASKED, Until(most=54))

    assert (stopping.reached, stopping.selection.verdict, stopping.looks) == (False, "open", (16, 24, 36, 54))
    assert stopping.seeds == {"a": 54, "b": 54}


def test_one_policy_is_settled_at_once():
    """Nothing to compare with: the first look ends it."""
    _, stopping = add_seeds(simulated({"gain": rows(0.0)}), "a", ASKED, Until())

    assert (stopping.selection.verdict, stopping.looks) == ("best", (16,))


def test_seeds_until_intervals_are_narrow():
    """The quiet policy stops early, the noisy one later, and both are within what was asked; the baseline has all."""
    values = {"gain": rows(0.0, 1.0, 1.0, seeds=4000)}
    values["gain"][2] += 3.0 * OWN[5]
    found, stopping = add_seeds(simulated(values), "abc", ASKED, Until({"gain": Material(0.4, relative=False)}))
    width, = stopping.widths

    assert stopping.reached
    assert stopping.seeds["b"] < stopping.seeds["c"] == stopping.seeds["a"]
    assert width.policy in ("b", "c")
    assert width.widest < width.asked == 0.4
    assert np.isnan(found["gain"][1]).sum() == stopping.seeds["c"] - stopping.seeds["b"]


def test_a_width_that_is_not_reached_says_so():
    """At the cap the widest interval is wider than asked."""
    _, stopping = add_seeds(simulated({"gain": rows(0.0, 1.0)}), "ab", ASKED, Until({"gain": Material(1e-6, False)}, most=24))

    assert not stopping.reached
    assert stopping.widths[0].widest > stopping.widths[0].asked


def test_every_statement_has_its_part_of_the_error():
    """Six policies and two requirements: five comparisons with the best and twelve requirements share 5%."""
    asked = replace(ASKED, require={"x": ("<=", 1.0), "y": (">=", 0.0)})

    assert asked.share(6) == pytest.approx(0.05 / 17)
    assert tail_of_bar(asked.share(1), (16, 24)) < 0.05


def _made(rng):
    """Figures as odd as they come: holes, constants, twins, long tails, few seeds, no figure at all."""
    count, seeds = rng.integers(1, 7), rng.choice([1, 2, 16, 40])
    x = rng.normal(0.0, 1.0, (count, seeds)) ** rng.choice([1, 3]) + rng.choice([0.0, 1.0, 3.0], (count, 1))
    x[rng.random(count) < 0.2] = 1.0
    x[rng.random(count) < 0.2] = x[0]
    x[rng.random(x.shape) < rng.choice([0.0, 0.3])] = np.nan
    x[rng.random(count) < 0.1] = np.nan
    return x


@pytest.mark.parametrize("seed", range(150))
def test_whatever_the_figures_every_policy_has_one_place(seed):
    """No warning, no fault: out, in the tie, the best, or contested, each once; and only an open question asks for seeds."""
    rng = np.random.default_rng(seed)
    x = _made(rng)
    left = rng.normal(0.3, rng.choice([0.0, 0.1]), x.shape)
    require = {"left": (str(rng.choice(["<=", ">="])), 0.3)} if rng.random() < 0.5 else {}
    material = {"gain": Material(float(rng.choice([0.0, 0.5])), relative=bool(rng.random() < 0.3))}
    keys = "abcdef"[: len(x)]
    found = look(x, Asked("gain", str(rng.choice(["higher", "lower", "none"])), "a", require, material, 0.05), left=left)
    named = {"best": (found.leader,), "tie": found.tied, "none": (), "open": found.contested}[found.verdict]

    assert sorted([*found.out, *named]) == sorted(keys)
    assert bool(found.contested) == (found.verdict == "open")
    assert set(found.close) <= set(found.out)
    assert found.leader is None or found.leader in named

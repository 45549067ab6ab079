"""What a board is told: every case in which a careless sentence would mislead it, with the sentences in full."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from decisions import SEEDS, made_findings, unquoted_digits
from pandas import DataFrame
from priced import made_price
from source import ROOT
from synthetic import LABELS, LONG_LABELS

from simulation.records import Moved
from simulation.report.uncertainty import rank_sentences, rank_words
from simulation.report.words.decision import decision
from simulation.report.words.headline import headline, recommendation_sentence
from simulation.report.words.phrases import focus, tradeoff_title
from simulation.report.words.quotes import requoted
from simulation.report.words.titles import KINDS, title_of
from simulation.scenario import read_scenario
from simulation.scenario.policy import Material
from simulation.statistics.assumptions import AssumptionRange, Reach
from simulation.statistics.assumptions import Moved as Assumed
from simulation.statistics.findings import findings_of
from simulation.statistics.ranks import Rank
from simulation.statistics.summary import DrawFacts
from simulation.study import run_study

C, T, R, M = "contribution", "turnover", "revenue", 1e6
THREE = ("Status quo", "Growth mix", "Steeper")
BETTER = {C: [(20 * M, 4 * M)]}
TAIL = "Intervals leave out what is not known of 2 assumed parameters."


def said(findings):
    """Headline, answers and cautions as texts."""
    found = decision(findings)
    return found.headline.text, [one.text for one in found.answers], [one.text for one in found.cautions]


def first(*given, **more):
    """The headline alone."""
    return headline(made_findings(*given, **more).summary)


def test_a_policy_that_is_better_is_told_in_full():
    """What to do and what it brings, then levels and intervals, cost, leavers and how sure, each number once."""
    findings = made_findings(
        changes={C: [(20 * M, 4 * M)], T: [(-0.03, 0.01)], R: [(12 * M, 4 * M)], "pay_cost": [(2 * M, 1 * M)]}
    )

    assert said(findings) == (
        "Choose Growth mix: it raises contribution by 20.0 million usd a year and lowers turnover by 3.0 points.",
        [
            ("Under Growth mix turnover falls from 30.0% to 27.0% a year (−4.0 to −2.0 points); "
             "revenue rises by an open amount (+8.0 to +16.0 million usd a year)."),
            ("Contribution, the objective, is 520.0 million usd a year under Growth mix and 500.0 under Status quo "
             "(difference +16.0 to +24.0 million usd a year); the largest part is revenue, +20.0."),
            "Pay cost rises from 40.00 to 42.00 million usd a year (+1.00 to +3.00); total cost does not differ materially.",
            "Regretted quits do not differ materially.",
            "In contribution Growth mix is better than Status quo in 100% of 16 seeds.",
        ],
        [TAIL],
    )


def test_a_tradeoff_is_never_hidden():
    """What gets worse beside the objective stands in the headline, whatever else is good."""
    changes = {C: [(20 * M, 4 * M)], T: [(0.03, 0.01)], R: [(30 * M, 5 * M)]}

    assert first(changes=changes, material={}) == (
        "Choose Growth mix: it raises contribution by 20.0 million usd a year and revenue by 30.0 million usd a year, "
        "but raises turnover by 3.0 points."
    )
    assert first(("Status quo", LONG_LABELS[4]), changes=changes, material={}).endswith(", but raises turnover by 3.0 points.")


def test_an_exact_tie_is_a_tie():
    """Two policies alike at every seed are both named; neither is called better than the other."""
    top, answers, _ = said(made_findings(THREE, changes={C: [(20 * M, 0.0), (20 * M, 0.0)]}))

    assert top == "Choose Growth mix or Steeper, tied in contribution: Growth mix raises it by 20.0 million usd a year."
    assert "Steeper is not shown to be worse." in answers[4]


def test_of_tied_policies_the_kinder_one_is_pointed_out():
    """Where the objective cannot choose, what the tied ones do to turnover is told."""
    findings = made_findings(THREE, changes={C: [(20 * M, 1 * M), (19 * M, 1 * M)], T: [(0.0, 0.002), (-0.05, 0.01)]})

    assert said(findings)[0].startswith("Choose Growth mix or Steeper, tied in contribution:")
    assert said(findings)[2][0] == "With no material difference in contribution, turnover is lower under Steeper (by 5.0 points)."


def test_two_policies_that_cannot_be_told_apart_are_rivals():
    """Where the difference between the two best is open, that is said beside the choice."""
    changes = {C: [(20 * M, 8 * M), (19 * M, 8 * M)]}

    assert first(THREE, changes=changes) == (
        "Choose Growth mix: it raises contribution by 20.0 million usd a year; whether Steeper is better still is open."
    )
    assert recommendation_sentence(made_findings(THREE, changes=changes).summary).endswith(
        "Not shown to be worse in contribution: Steeper."
    )


def test_policies_like_the_baseline_change_nothing():
    """All policies equal to the baseline: it is kept, and no rank, share or rival is made of nothing."""
    alike = made_findings(THREE, changes={C: [(1 * M, 1 * M), (2 * M, 1 * M)]}).summary

    assert recommendation_sentence(alike) == headline(alike)
    assert said(made_findings(THREE)) == (
        "Keep Status quo: no other policy makes a material difference to contribution.",
        [
            "Under Growth mix turnover and revenue do not differ materially.",
            ("Contribution, the objective, is 500.0 million usd a year under Growth mix and 500.0 under Status quo; "
             "a difference counts from 5.0."),
            "Total cost and pay cost do not differ materially.",
            "Regretted quits do not differ materially.",
        ],
        [TAIL],
    )


def test_tiny_differences_are_none():
    """A difference that is sure and too small to count is no material difference, though it leaves zero out."""
    tiny = {C: [(1 * M, 0.1 * M)], T: [(-0.002, 0.0001)], R: [(1 * M, 0.1 * M)]}

    assert first(changes=tiny) == "Keep Status quo: Growth mix makes no material difference to contribution."
    assert tradeoff_title(made_findings(changes=tiny).summary) == (
        "Growth mix against Status quo: no material difference in turnover or revenue"
    )


def test_what_counts_is_never_written_as_zero():
    """Without a material difference the smallest sure one counts, and is written with the digits it takes."""
    findings = made_findings(changes={C: [(20.0, 4.0)], T: [(-1e-5, 1e-6)]}, material={})

    assert said(findings)[0] == (
        "Choose Growth mix: it raises contribution by 0.00002 million usd a year and lowers turnover by 0.001 points."
    )


def test_no_material_difference_may_still_keep_people():
    """Where the objective sees nothing, a lower turnover is told in the headline and not again."""
    findings = made_findings(changes={C: [(1 * M, 1 * M)], T: [(-0.03, 0.01)]})

    assert said(findings)[0] == (
        "Keep Status quo: Growth mix makes no material difference to contribution, though it lowers turnover by 3.0 points."
    )
    assert said(findings)[2] == [TAIL]


def test_a_gain_within_noise_is_open():
    """An interval around zero is no gain: the baseline is kept for now, and the interval is told."""
    findings = made_findings(changes={C: [(4 * M, 9 * M)]})

    assert said(findings)[0] == (
        "Keep Status quo for now: whether Growth mix raises contribution is open (−5.0 to +13.0 million usd a year)."
    )
    assert said(findings)[2] == ["More seeds would narrow the interval of contribution, which holds luck alone.", TAIL]


def test_a_gain_that_may_be_immaterial_is_open():
    """An interval that leaves zero out but not what is immaterial: a direction, an open amount, and what would count."""
    assert first(changes={C: [(6 * M, 4 * M)]}) == (
        "Keep Status quo for now: Growth mix raises contribution by an open amount "
        "(+2.0 to +10.0 million usd a year; material is 5.0)."
    )


def test_worse_on_both_is_told_plainly():
    """A policy that is worse in everything: keep the baseline, and by how much."""
    findings = made_findings(changes={C: [(-20 * M, 4 * M)], T: [(0.05, 0.01)], R: [(-30 * M, 5 * M)]}, material={})

    assert said(findings)[0] == "Keep Status quo: Growth mix lowers contribution by 20.0 million usd a year."
    assert said(findings)[1][0] == (
        "Under Growth mix turnover rises from 30.0% to 35.0% a year (+4.0 to +6.0 points); "
        "revenue falls from 1,000.0 to 970.0 million usd a year (−35.0 to −25.0)."
    )


def test_the_best_of_worse_policies_is_named():
    """Where all others are worse, the one that loses least is named with its loss."""
    changes = {C: [(-30 * M, 4 * M), (-20 * M, 4 * M)]}

    assert focus(made_findings(THREE, changes=changes).summary) == "p2"
    assert first(THREE, changes=changes) == (
        "Keep Status quo: every other policy lowers contribution, Steeper least, by 20.0 million usd a year."
    )
    assert first(THREE, changes={C: [(-2 * M, 8 * M), (-30 * M, 4 * M)]}) == (
        "Keep Status quo: it is best in contribution, though whether Growth mix differs is open "
        "(−10.0 to +6.0 million usd a year)."
    )


def test_every_other_policy_is_worse_only_where_each_is():
    """Where the best of the others is worse and another one open, it is not said that all are worse."""
    assert first(THREE, changes={C: [(-20 * M, 4 * M), (-21 * M, 40 * M)]}) == (
        "Keep Status quo: Growth mix, the best of the others, lowers contribution by 20.0 million usd a year."
    )


@pytest.mark.parametrize(
    ("objective", "difference", "says"),
    [
        (T, -0.03, "Choose Growth mix: it lowers turnover by 3.0 points."),
        (T, 0.03, "Keep Status quo: Growth mix raises turnover by 3.0 points."),
        ("total_cost", -3 * M, "Choose Growth mix: it lowers total cost by 3.0 million usd a year."),
        ("total_cost", 3 * M, "Keep Status quo: Growth mix raises total cost by 3.0 million usd a year."),
        ("at_quota", 0.03, "Choose Growth mix: it raises the share of reps at quota by 3.0 points."),
    ],
)
def test_objectives_have_their_better_side(objective, difference, says):
    """Of cost and turnover less is better, of a share of reps at quota more."""
    assert first(changes={objective: [(difference, abs(difference) / 9)]}, objective=objective) == says


def test_an_objective_without_a_better_side_says_so():
    """More is taken as better, and the reader is told that this was taken."""
    findings = made_findings(changes={"pay_cost": [(3 * M, 1 * M)]}, objective="pay_cost")

    assert said(findings)[0] == (
        "If the highest pay cost is wanted, choose Growth mix: it raises pay cost by 3.00 million usd a year."
    )
    assert said(findings)[2][0] == "Pay cost has no better side by itself: the highest is taken as best."


def test_a_leader_that_breaks_a_requirement_is_not_recommended():
    """It is named with its figure; the best that meets the requirement is chosen, and titles speak of that one."""
    findings = made_findings(
        THREE, changes={C: [(20 * M, 4 * M), (10 * M, 4 * M)], T: [(0.05, 0.01), (0.0, 0.002)]}, require={T: ("<=", 0.32)}
    )

    top, _, cautions = said(findings)

    assert top == "Choose Steeper: it raises contribution by 10.0 million usd a year."
    assert cautions[0] == "Not to be recommended, because turnover must be at most 32% a year: Growth mix (35.0% a year)."
    assert focus(findings.summary) == "p2"


def test_a_requirement_missed_by_a_hair_is_written_so_that_it_is_seen():
    """A figure that would round to the limit is written with more digits."""
    cautions = said(made_findings(changes={C: BETTER[C], T: [(0.0201, 0.0)]}, require={T: ("<=", 0.32)}))[2]

    assert cautions[0] == "Not to be recommended, because turnover must be at most 32% a year: Growth mix (32.01% a year)."


def test_a_baseline_that_breaks_a_requirement_is_named():
    """The other is chosen although it costs something, and both are said."""
    findings = made_findings(changes={C: [(-6 * M, 4 * M)], T: [(-0.02, 0.001)]}, require={T: ("<=", 0.29)})

    top, _, cautions = said(findings)

    assert top == (
        "Choose Growth mix: Status quo breaks a requirement; Growth mix lowers contribution by an open amount "
        "(−10.0 to −2.0 million usd a year)."
    )
    assert cautions[0] == "Status quo itself breaks a requirement: turnover is 30.0% a year and must be at most 29% a year."


def test_no_policy_meets_the_requirements():
    """None is recommended; of one requirement it is said which policy comes nearest."""
    changes = {C: [(20 * M, 4 * M)], T: [(-0.02, 0.001)]}

    assert first(changes=changes, require={T: ("<=", 0.25)}) == (
        "Choose none of these: no policy meets what is required of turnover, at most 25% a year; "
        "nearest is Growth mix with 28.0% a year."
    )
    assert first(changes=changes, require={T: ("<=", 0.25), R: (">=", 2e9)}) == (
        "Choose none of these: no policy meets every requirement."
    )


def test_only_the_baseline_meets_the_requirements():
    """It is kept for that reason, whatever the others bring."""
    assert first(changes={**BETTER, T: [(0.05, 0.01)]}, require={T: ("<=", 0.32)}) == (
        "Keep Status quo: it alone meets every requirement."
    )


def test_one_policy_leaves_nothing_to_choose():
    """Its figures are told, and every title says that there is nothing to compare or what it is."""
    findings = made_findings(("Status quo",))
    titles = {kind: title_of(findings, kind).text for kind in KINDS}

    assert said(findings) == (
        "There is nothing to choose: Status quo is the only policy.",
        ["Status quo: turnover 30.0% a year, revenue 1,000.0 million usd a year and contribution 500.0 million usd a year."],
        [],
    )
    assert titles["bridge"] == "Status quo is the only policy: there is nothing to compare it with"
    assert titles["tradeoff"] == "Status quo: turnover 30.0% a year, revenue 1,000.0 million usd a year"


def test_of_twelve_policies_a_few_are_named():
    """Tied policies beyond three are "others": the headline stays one that can be read aloud."""
    changes = {C: [((20 - n / 10) * M, 0.5 * M) for n in range(11)]}

    assert first(LABELS, changes=changes) == (
        "Choose Cut a fifth, Steeper, Equity refresh or others, tied in contribution: "
        "Cut a fifth raises it by 20.0 million usd a year."
    )


def test_a_loss_that_shrinks_is_not_a_profit():
    """Where contribution is negative under both, signs stay and words speak of the loss."""
    findings = made_findings(changes=BETTER, levels={C: -5e7})

    assert said(findings)[0] == "Choose Growth mix: it shrinks the loss in contribution by 20.00 million usd a year."
    assert "is −30.00 million usd a year under Growth mix and −50.00 under Status quo" in said(findings)[1][1]
    assert first(changes={C: [(-2e7, 1e6)]}, levels={C: -5e7}) == (
        "Keep Status quo: Growth mix deepens the loss in contribution by 20.00 million usd a year."
    )
    assert first(changes={C: [(9e7, 1e6)]}, levels={C: -5e7}).startswith("Choose Growth mix: it raises contribution by 90.00")


def test_a_share_of_nothing_is_no_yardstick():
    """A relative material difference of a baseline near zero lets everything count, which is said."""
    findings = made_findings(changes=BETTER, levels={C: 1000.0})

    assert "Nearly any difference in contribution counts as material, for that is 1% of a figure near zero." in said(findings)[2]
    assert not any("yardstick" in text or "near zero" in text for text in said(made_findings(changes=BETTER))[2])


def test_a_measure_without_a_figure_is_not_compared():
    """An objective that exists under no policy, such as customers saved without warnings, recommends nothing."""
    findings = made_findings(changes={"saved_share": [(0.0, 0.0)]}, levels={"saved_share": np.nan}, objective="saved_share")

    assert said(findings)[0] == (
        "Choose none of these: no policy that may be chosen has a figure for the share of warned customers saved."
    )
    assert said(findings)[1][1] == "The share of warned customers saved, the objective, has no figure to compare."
    assert not any("nan" in text or "–" in text for text in (said(findings)[0], *said(findings)[1], *said(findings)[2]))


def bent(findings, key, value, policies):
    """The same findings with other figures of a measure: what no honest run has, and a report must still not lie about."""
    table = findings.summary.table.copy()
    columns = [f"{key}_{side}" for side in ("mean", "low", "high", "diff", "diff_low", "diff_high")]
    table.loc[policies, columns] = value
    return replace(findings, summary=replace(findings.summary, table=table))


def test_what_has_no_figure_does_not_meet_a_requirement_and_does_not_break_it():
    """That nothing is known is said, with words in the place of a figure, and never as a breach."""
    asked = {"changes": BETTER, "require": {"vacancy_share": ("<=", 0.9)}}
    here, both = (bent(made_findings(**asked), "vacancy_share", np.nan, policies) for policies in (["p0"], ["p0", "p1"]))

    assert said(here)[0].startswith("Choose Growth mix: Status quo is not shown to meet a requirement; Growth mix raises")
    assert said(here)[2][0].startswith("Status quo itself has no figure for the share of vacant seats, which must be at most ")
    assert said(both)[0].startswith("Choose none of these: no policy meets what is required of the share of vacant seats")
    assert said(both)[2][0].endswith(": Status quo (no figure) and Growth mix (no figure).")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nothing_is_said_to_be_better_without_a_figure(value):
    """Where the objective has no figure no seed is counted and no luck is weighed; where turnover has none it is no gain."""
    findings = made_findings(changes={**BETTER, T: [(-0.03, 0.01)]})
    top, answers, cautions = said(bent(findings, C, value, ["p1"]))

    assert top == "Keep Status quo: no other policy has a figure for contribution."
    assert not any("seeds" in text for text in [*answers, *cautions])
    assert said(bent(findings, T, value, ["p1"]))[0] == "Choose Growth mix: it raises contribution by 20.0 million usd a year."


def test_what_may_go_either_way_is_said_so():
    """Measures whose intervals hold zero may rise or fall, each with its interval."""
    open_ = made_findings(changes={**BETTER, T: [(0.01, 0.04)], R: [(5 * M, 40 * M)]})

    assert said(open_)[1][0] == (
        "Under Growth mix turnover (−3.0 to +5.0 points) and revenue (−35.0 to +45.0 million usd a year) may each rise or fall."
    )


def test_labels_that_begin_alike_are_told_apart():
    """Long labels that differ only in what would be cut off keep it in sentences."""
    labels = [f"A plan with commission and equity for the whole sales force, variant {n}" for n in (1, 2, 3)]
    texts = said(made_findings(labels, {C: [(20 * M, 4 * M), (5 * M, 4 * M)]}))

    assert "variant 2" in texts[0]
    assert "variant 1" in texts[1][1]


def test_stress_worlds_are_counted_in_words_where_there_is_one_and_put_together_where_there_are_many():
    """One world is "the one stress world"; six that keep the baseline are one caution, which names some of them."""
    worse = made_findings(changes={C: [(-20 * M, 4 * M)]}).summary
    worlds = {f"worlds/a_world_of_{name}.toml": worse for name in ("sand", "stone", "snow", "steam", "salt", "soot")}
    one, many = (dict(list(worlds.items())[:count]) for count in (1, 6))

    assert said(made_findings(changes=BETTER, stress=one))[1][-1].endswith(
        "it does not have the best mean in the one stress world."
    )
    assert said(made_findings(changes=BETTER, stress=many))[2] == [
        "In a world of sand, a world of stone, a world of snow and others Status quo would be kept.", TAIL
    ]


def test_one_seed_decides_nothing():
    """Without an interval there is no recommendation and no share of seeds; what is equal is said to be."""
    findings = made_findings(changes={C: [(6 * M, 0.0)], T: [(-0.03, 0.0)]}, seeds=1)

    assert said(findings) == (
        "Keep Status quo for now: Growth mix shows +6.0 million usd a year in contribution without an interval.",
        [
            ("Under Growth mix turnover falls from 30.0% to 27.0% a year (no interval); "
             "revenue is 1,000.0 million usd a year under both."),
            "Contribution, the objective, is 506.0 million usd a year under Growth mix and 500.0 under Status quo.",
            "Total cost is 200.0 million usd a year under both; pay cost is 40.00 million usd a year under both.",
            "Regretted quits are 4.0% a year under both.",
        ],
        ["One seed gives no interval: nothing here is decided.", TAIL],
    )


def test_few_seeds_are_called_few():
    """Below the number that intervals need the reader is warned."""
    assert "4 seeds are few: intervals are rough." in said(made_findings(changes=BETTER, seeds=4))[2]


def test_a_rank_is_told_with_its_probability():
    """Where parameters are drawn the rank and the probability that it holds are said, and who shares it."""
    changes, keys = {C: [(20 * M, 4 * M), (0.0, M)]}, ("p0", "p1", "p2")
    alone = made_findings(THREE, changes, ranks=dict(zip(keys, (Rank(2, 0.8), Rank(1, 0.71), Rank(2, 0.9)), strict=True)))
    shared = made_findings(THREE, changes, ranks=dict.fromkeys(keys, Rank(1, 0.998)))

    assert said(alone)[1][4] == (
        "In contribution rank 1 of Growth mix (no policy is materially better) holds with probability 71%."
    )
    assert said(shared)[1][4] == (
        "In contribution Growth mix shares rank 1 with Status quo and Steeper (no policy is materially better); "
        "that holds with probability over 99%."
    )
    assert title_of(alone, "true").text == "Growth mix: rank 1 holds with probability 71%"


@pytest.mark.parametrize(("half", "mates"), [(4 * M, True), (30 * M, False)], ids=("shared", "open"))
def test_a_rank_that_says_little_is_in_no_title(half, mates):
    """Rank 1 that is shared, or of a gain that is open, is told with its meaning, and not at all beside what can be said."""
    changes, keys = {C: [(20 * M, half), (0.0, M)]}, ("p0", "p1", "p2")
    ranks = dict(zip(keys, (Rank(1 if mates else 2, 0.9), Rank(1, 0.998), Rank(2, 0.9)), strict=True))
    findings = made_findings(THREE, changes, ranks=ranks)

    assert rank_words(findings.summary, "p1", mates=False) == ""
    assert "no policy is materially better" in title_of(findings, "true").text


def test_policies_of_a_rank_stand_in_one_row():
    """A rank that is shared is said once, with what sharing means and the probability of each policy."""
    ranks = {"p0": Rank(2, 0.92), "p1": Rank(1, 0.998), "p2": Rank(2, 0.71)}
    (line,) = rank_sentences(made_findings(THREE, {C: [(20 * M, 4 * M), (0.0, M)]}, ranks=ranks).summary)

    assert line.endswith(": rank 1: Growth mix (over 99%); rank 2, no material difference: Status quo (92%), Steeper (71%).")


def test_doubt_about_parameters_is_not_cured_by_seeds():
    """Where most of an open interval is parameters, more seeds are not offered as the way out."""
    draws = DrawFacts(("parameters.effort.a",), (), (0, 16), anchored=True)
    findings = made_findings(changes={C: [(4 * M, 9 * M)]}, draws=draws)
    table = findings.summary.table.assign(contribution_diff_chance=0.02)
    findings = replace(findings, summary=replace(findings.summary, table=table))

    assert said(findings)[2][0] == (
        "Of the doubt about contribution 2% is luck and the rest is parameters that nobody knows better: "
        "more seeds would not settle it."
    )


def test_stress_worlds_that_reverse_the_answer_are_cautions():
    """Each world in which something else would be done is named with what would be done and why."""
    require = {T: ("<=", 0.32)}
    worlds = {
        "worlds/downturn.toml": made_findings(THREE, {C: [(-20 * M, 4 * M), (-9 * M, 1 * M)]}, require=require).summary,
        "worlds/talent_war.toml": made_findings(THREE, {C: [(2 * M, M), (30 * M, 4 * M)]}, require=require).summary,
        "worlds/volatile.toml": made_findings(THREE, levels={T: 0.4}, require=require).summary,
        "worlds/steady.toml": made_findings(THREE, {C: [(20 * M, 4 * M), (0.0, M)]}, require=require).summary,
    }
    findings = made_findings(THREE, {C: [(20 * M, 4 * M), (0.0, M)]}, require=require, stress=worlds)

    assert said(findings)[2] == [
        "In downturn Status quo would be kept: Growth mix lowers contribution by 20.0 million usd a year.",
        "In talent war Steeper would be chosen: it raises contribution by 30.0 million usd a year.",
        "In volatile no policy meets every requirement.",
        TAIL,
    ]
    assert said(findings)[1][4].endswith("it has the best mean in 1 of 4 stress worlds.")


def moved_assumption(**reach):
    """What is known of contribution under one moved assumption."""
    facts = dict(difference=2e7, low=-9e6, high=2.4e7, low_by="world.contract.ote=90000", high_by=None, flips=(), shrinks=())
    moved = (Assumed("world.contract.ote", 90_000.0, 360_000.0, "usd/year"),)
    return AssumptionRange(16, moved, 1, {"p1": {C: Reach(**{**facts, "decided": True, **reach})}}, ())


def test_an_assumption_that_turns_the_answer_is_a_caution():
    """Flips come with the move that does it, shrinking is told as such, and the title says it too."""
    moves = ("world.contract.ote=90000", "world.market.addressable=2")
    flips = made_findings(changes=BETTER, assumptions=moved_assumption(flips=moves))
    shrinks = made_findings(changes=BETTER, assumptions=moved_assumption(shrinks=moves[:1]))
    holds = made_findings(changes=BETTER, assumptions=moved_assumption())

    assert said(flips)[2][0] == (
        "What Growth mix does to contribution turns into its opposite if one of 2 assumptions lies at an end of its range, "
        "such as world.contract.ote=90000."
    )
    assert said(shrinks)[2][0] == (
        "What Growth mix does to contribution shrinks to what is not material if one assumption lies at an end of its range "
        "(world.contract.ote=90000)."
    )
    assert said(holds)[2] == [
        "Intervals leave out what is not known of 2 assumed parameters; 1 of them was moved."
    ]
    assert title_of(flips, "true").text == "Growth mix: 2 assumptions could turn its effect on contribution"
    assert title_of(holds, "true").text == "Growth mix: the one assumption moved does not undo its effect on contribution"


def test_an_assumption_is_told_in_words_where_its_note_is_known():
    """A caution says what a parameter is, in the words of its note, before the move by which it can be tried."""
    known = DataFrame({"parameter": ["world.contract.ote"], "note": ["Target pay of an ordinary seat. Of 2024."]})
    shrinks = made_findings(changes=BETTER, assumptions=moved_assumption(shrinks=("world.contract.ote=90000",)))

    assert said(replace(shrinks, assumptions=known))[2][0].endswith(
        "if one assumption lies at an end of its range (target pay of an ordinary seat: world.contract.ote=90000)."
    )


def test_what_a_policy_that_is_passed_over_hangs_on_is_told():
    """Whoever prefers the lower turnover of another policy learns which assumption could undo it."""
    reach = Reach(-0.05, -0.06, -0.001, "world.contract.ote=90000", None, (), ("world.contract.ote=90000",), decided=True)
    known = replace(moved_assumption(), policies={"p2": {T: reach}})
    cautions = said(made_findings(THREE, {C: [(4 * M, 9 * M), (0.0, 0.0)], T: [(0.0, 0.0), (-0.05, 0.01)]}, assumptions=known))[2]

    assert cautions[:2] == [
        "With no material difference in contribution, turnover is lower under Steeper (by 5.0 points).",
        (
            "What Steeper does to turnover shrinks to what is not material if one assumption lies at an end of its range "
            "(world.contract.ote=90000)."
        ),
    ]


def test_a_large_move_for_equal_cost_is_a_caution():
    """A small move is told with the costs; a large one makes it another policy, and is told as a caution."""
    small = made_findings(changes=BETTER, moved={"p1": Moved("commission.pay_level", 1.0, 0.85, 0.0)})
    large = made_findings(changes=BETTER, moved={"p1": Moved("commission.pay_level", 1.0, 1.4, 0.0)})

    assert said(small)[1][2] == (
        "Total cost and pay cost do not differ materially; target pay was set 15% lower to make costs equal."
    )
    assert said(large)[2][0] == (
        "Growth mix: commission.pay_level moved from 1 to 1.4 for equal cost; "
        "target pay is 40% higher than the scenario file has it."
    )


def test_a_promise_beyond_the_horizon_is_a_caution():
    """The policy's own warning comes before the others', whole; warnings that are said otherwise are not repeated."""
    own = "Growth mix: grants vest in month 36 of a 36-month run: who stays only until then leaves outside it"
    other = "Steeper: starts in month 30 of a 36-month run: less than a year of it is seen"
    broken = "Steeper: turnover is 0.35, required <= 0.32 1/year; shown, never recommended"
    findings = made_findings(THREE, {C: [(20 * M, 4 * M), (0.0, M)]}, warnings=(other, own, broken))

    assert said(findings)[2] == [f"{own}.", f"{other}.", TAIL]


def test_losers_are_told_with_what_they_bring():
    """Who would lose stands among the answers, with the group hit hardest."""
    findings = made_findings(changes=BETTER)
    price = made_price(["p0", "p1"], ["Status quo", "Growth mix"])
    policies = price.policies.assign(losing5_mean=[0.0, 0.262], gaining5_mean=[0.0, 0.004])
    worst = price.extremes("p1", losers=True).iloc[0]
    text = said(replace(findings, summary=replace(findings.summary, static=replace(price, policies=policies))))[1][3]

    assert text == (
        "Regretted quits do not differ materially. If sales stayed as they are, 26% of reps would earn at least 5% less and "
        f"< 1% of reps at least 5% more; hardest hit are reps of {worst['tenure']} months led by {worst['segment']} "
        f"(−{-100 * worst['relative_mean']:.1f}%)."
    )


HARD = {
    "better": dict(changes={**BETTER, T: [(-0.03, 0.01)]}),
    "open": dict(changes={C: [(4 * M, 9 * M)], T: [(0.01, 0.02)]}),
    "worse": dict(changes={C: [(-20 * M, 4 * M)], R: [(-30 * M, 5 * M)]}),
    "broken": dict(changes=BETTER, require={T: ("<=", 0.25)}),
    "one seed": dict(changes=BETTER, seeds=1),
    "loss": dict(changes=BETTER, levels={C: -5e7}),
    "huge": dict(changes={C: [(2e12, 1e11)]}, levels={C: 5e13, R: 9e13}),
    "tiny": dict(changes={C: [(2.0, 0.1)]}, levels={C: 50.0, R: 90.0, "total_cost": 10.0, "pay_cost": 1.0}),
    "pay cost": dict(changes={"pay_cost": [(-3 * M, 1 * M)]}, objective="pay_cost"),
    "promise": dict(warnings=("Growth mix: grants vest in month 36 of a 36-month run",)),
}
DIGITS, CHINESE = ("50/50", "Plan 2: 7% “extra”"), ("现状", "成长组合,第2版")
TRACED = {case: (case, DIGITS) for case in HARD} | {"chinese": ("better", CHINESE), "long": ("worse", LONG_LABELS[:2])}
TRACED |= {"promise": ("promise", ("Status quo", "Growth mix"))}


@pytest.mark.parametrize(("case", "labels"), TRACED.values(), ids=TRACED)
def test_every_number_can_be_traced(case, labels):
    """In every sentence and title each digit is of a quote or of the user, and each quote is written anew the same."""
    given = HARD[case]
    static = made_price(["p0", "p1"], labels)
    stress = {"worlds/downturn.toml": made_findings(labels, **given).summary}
    findings = made_findings(labels, stress=stress, static=static, **given)
    found = decision(findings)
    sentences = [found.headline, *found.answers, *found.cautions, *(title_of(findings, kind) for kind in KINDS)]
    own = [text[:most] for text in labels for most in (24, 23, 36, 35, 80)]

    assert [(one.text, left) for one in sentences if (left := unquoted_digits(one, own))] == []
    assert all(requoted(findings, number) == number.text for one in sentences for number in one.quotes)
    assert not any(word in one.text for one in sentences for word in ("nan", "inf ", "  "))


@pytest.mark.slow
def test_every_number_of_a_real_study_can_be_traced():
    """What is said of a study that was run, warnings, prices, levers and stress worlds and all, is quoted and written anew."""
    scenario = replace(read_scenario(ROOT / "scenarios" / "growth_mix.toml"), seats=40, months=24, seed_count=4)
    study = run_study(scenario, processes=1, luck_only=True)
    findings = findings_of(study.records.scenario, study.summary, study.stress, about={})
    found = decision(findings)
    sentences = [found.headline, *found.answers, *found.cautions]
    sentences += [title_of(findings, kind, policy) for kind in KINDS for policy in study.summary.others]

    assert [(one.text, left) for one in sentences if (left := unquoted_digits(one, study.summary.labels.values()))] == []
    assert all(requoted(findings, number) == number.text for one in sentences for number in one.quotes)
    assert sum(len(one.quotes) for one in sentences) > 50


def test_headlines_can_be_read_aloud_and_nothing_is_said_twice():
    """Headlines have at most about 160 characters, titles about 150; no answer or caution says what another does."""
    for given in HARD.values():
        findings = made_findings(**given)
        top, answers, cautions = said(findings)
        texts = [top, *answers, *cautions]

        assert len(top) <= 160
        assert max(len(title_of(findings, kind).text) for kind in KINDS) <= 150
        assert len(set(texts)) == len(texts)
        assert not any(one in other for one, other in pairwise(texts))


def test_the_made_findings_are_what_was_asked():
    """The differences and half-widths that the sentences are made from are those asked for."""
    summary = made_findings(THREE, {C: [(20 * M, 4 * M), (-M, 2 * M)]}, material={C: Material(0.01, relative=True)}).summary
    found = [[summary.value(p, C, column) for column in ("diff", "diff_low", "diff_high")] for p in summary.others]

    np.testing.assert_allclose(found, [[20 * M, 16 * M, 24 * M], [-M, -3 * M, M]], rtol=1e-9)
    assert summary.by_seed[C].shape == (3, SEEDS)

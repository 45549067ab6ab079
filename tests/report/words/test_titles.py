"""The message of each slide, in full where it is made from more than one number."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from decisions import made_findings
from matplotlib.figure import Figure
from priced import made_price
from synthetic import LONG_LABELS

from simulation.report.charts.survival_segments import draw_survival_segments
from simulation.report.words.titles import KINDS, WATCHED, title_of
from simulation.statistics.reasons import Estimate, Reasons, Share, Split

C, M = "contribution", 1e6
BETTER = {C: [(20 * M, 4 * M)], "turnover": [(-0.03, 0.01)], "revenue": [(30 * M, 5 * M)]}


def titled(kind, *given, **more):
    """The title of a kind of slide."""
    return title_of(made_findings(*given, **more), kind).text


def divided(shares):
    """Reasons that give each lever a share (mean, half-width) in contribution."""
    levers = {key: Share(Estimate(mean, mean - half, mean + half), mean, mean) for key, (mean, half) in shares.items()}
    nothing = Estimate(0.0, 0.0, 0.0)
    return Reasons({}, {}, {"p1": {C: Split(nothing, levers, nothing)}}, 16, pd.DataFrame())


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        (
            {"autonomy": (20 * M, 5 * M), "commission": (-26 * M, 5 * M), "equity": (1 * M, 2 * M)},
            (
                "Growth mix: Commission plan does most and lowers contribution by 26.0 million usd a year; "
                "Autonomy raises it by 20.0"
            ),
        ),
        (
            {"autonomy": (20 * M, 5 * M), "equity": (2 * M, 1 * M)},
            "Growth mix: Autonomy does most and raises contribution by 20.0 million usd a year",
        ),
        (
            {"autonomy": (2 * M, 5 * M), "equity": (1 * M, 2 * M)},
            "Growth mix: no lever's share in its effect on contribution is shown; every interval includes zero",
        ),
        (
            {"autonomy": (20 * M, 5 * M)},
            "Growth mix: all that it does to contribution is the doing of one lever, Autonomy",
        ),
        ({}, "Growth mix differs from Status quo in no lever"),
    ],
    ids=("both ways", "one way", "open", "alone", "none"),
)
def test_the_lever_that_does_most_is_named(shares, says):
    """The largest share either way, as far as intervals leave zero out; an open share is not told as one."""
    assert titled("drivers", reasons=divided(shares)) == says


def test_a_lever_of_ones_own_keeps_its_key():
    """A lever that the catalogue does not have, read from a run folder, goes by its key."""
    assert titled("drivers", reasons=divided({"hoverboards": (1 * M, 0.0)})).endswith("the doing of one lever, hoverboards")


def test_what_was_not_looked_into_is_said():
    """Without reasons, prices, assumptions or parameters the title says so."""
    assert [titled(kind) for kind in ("drivers", "static", "losers", "true", "evidence")] == [
        "Why policies differ was not looked into",
        "No plan was priced at the baseline's sales",
        "Who would lose at the baseline's sales was not looked into",
        "What Growth mix does to contribution was found at the assumed values of parameters alone",
        "Where the parameters come from was not kept",
    ]


def test_risks_are_what_is_decided_to_get_worse():
    """What gets worse is named with its size, what gets better or stays open is not; then the stress worlds."""
    changes = {
        **BETTER, "value_moved": [(0.02, 0.005)], "extra_discount": [(-0.02, 0.005)], "satisfaction": [(-0.01, 0.02)],
        "regretted_quits_rate": [(0.01, 0.002)], "last_month_share": [(0.0, 0.0)], "income_risk_low": [(0.0, 0.0)],
        "pay_spread": [(0.0, 0.0)],
    }  # fmt: skip
    known = {key: pairs for key, pairs in changes.items() if key in made_findings().summary.measures}
    calm = {key: [(0.0, 0.0)] for key in known if key not in BETTER}
    stress = {"worlds/downturn.toml": made_findings(changes=BETTER).summary}

    assert titled("risks", changes=known) == (
        "Growth mix raises regretted quits by 1.0 points (+0.8 to +1.2) and the share of bookings moved in time by 2.0 points "
        "(+1.5 to +2.5)"
    )
    assert titled("risks", changes={**known, **calm}, stress=stress) == (
        "Growth mix is not shown to worsen gaming, fairness or customers; it has the best mean in the one stress world"
    )


def test_leavers_are_told_by_kind():
    """Quits, regretted quits and dismissals as far as they differ, decided ones first."""
    changes = {"quits_rate": [(-0.04, 0.01)], "dismissals_rate": [(0.01, 0.02)]}

    assert titled("leavers", changes=changes) == (
        "Growth mix against Status quo: quits 4.0 points lower (−5.0 to −3.0); dismissals open (−1.0 to +3.0 points)"
    )
    assert titled("leavers", changes={key: [(0.0, 0.0)] for key in changes}) == (
        "Growth mix against Status quo: no material difference in quits or dismissals"
    )


def test_groups_are_told_as_their_chart_tells_them():
    """Who stays, by group, is the title of the chart; what a run folder of before has not kept is said."""
    findings, ax = made_findings(changes=BETTER), Figure().add_subplot()
    draw_survival_segments(ax, findings.summary)
    bare = replace(findings, summary=replace(findings.summary, series={}))

    assert title_of(findings, "survival_segments").text == ax.get_title(loc="left").replace("\n", " ")
    assert title_of(bare, "survival_segments").text == "How long groups of reps stay was not kept"


def test_what_is_decided_comes_first_and_what_shows_as_zero_is_no_risk():
    """An open difference does not hide a decided one, and no title says that something rises by zero."""
    changes = {"quits_rate": [(0.0, 0.02)], "regretted_quits_rate": [(0.0, 0.0)], "dismissals_rate": [(-0.05, 0.01)]}
    calm = {key: [(0.0, 0.0)] for key in WATCHED}

    assert titled("leavers", changes=changes) == (
        "Growth mix against Status quo: dismissals 5.0 points lower (−6.0 to −4.0); quits open (−2.0 to +2.0 points)"
    )
    assert titled("risks", changes={**calm, "value_moved": [(1e-12, 0.0)]}) == (
        "Growth mix is not shown to worsen gaming, fairness or customers"
    )


def test_evidence_is_counted():
    """How many parameters nobody has measured comes first."""
    rows = [("assumed", "")] * 3 + [("assumed", "A"), ("calibrated", "A"), ("measured", "B")]
    findings = replace(made_findings(), assumptions=pd.DataFrame(rows, columns=["status", "grade"]))

    assert title_of(findings, "evidence").text == (
        "4 of 6 parameters are assumed; 1 calibrated and 1 measured; 2 rest on sources of grade A"
    )


def test_a_policy_can_be_asked_for():
    """A title speaks of the policy that is named, else of the leading one."""
    findings = made_findings(("Status quo", "Growth mix", "Steeper"), {C: [(20 * M, 4 * M), (10 * M, 4 * M)]})

    assert title_of(findings, "bridge", "p2").text.startswith("Steeper against Status quo: contribution 10.00 million")
    assert title_of(findings, "bridge").text.startswith("Growth mix against Status quo: contribution 20.00 million")


def test_long_labels_are_cut_where_a_title_would_be_too_long():
    """Labels of 80 characters leave titles that can be set in two lines, and the numbers whole."""
    labels = LONG_LABELS[:2]
    findings = made_findings(labels, BETTER, static=made_price(["p0", "p1"], labels))
    titles = [title_of(findings, kind) for kind in KINDS]

    assert max(len(title.text) for title in titles) <= 180
    assert all(number.text in title.text for title in titles for number in title.quotes)


def test_an_unknown_kind_is_refused():
    """There is no title for a slide that there is not."""
    with pytest.raises(KeyError):
        titled("moon")


def test_a_price_that_is_kept_is_told_without_whose_sales():
    """Where no wedge is material the title says so in short."""
    price = made_price(("p0", "p1"), ["Status quo", "Growth mix"])
    even = replace(price, policies=price.policies.assign(wedge_decided="same"))

    assert titled("static", static=even) == (
        "As lived, no plan is shown to cost materially more or less than its static price"
    )

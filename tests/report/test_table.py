"""The comparison on a screen and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console
from synthetic import LABELS, LONG_LABELS, made_records

from simulation.evidence.measures import MEASURES, Measure
from simulation.report.style import Scale, scale_of
from simulation.report.table import as_json, print_by_year, print_comparison
from simulation.report.words.cautions import warnings_of
from simulation.report.words.equal_cost import moved_sentences
from simulation.report.words.headline import recommendation_sentence
from simulation.report.words.phrases import change
from simulation.report.words.stress import stress_sentence
from simulation.statistics.compare import compare
from simulation.statistics.recommend import recommend

REQUIRE = {"turnover": ("<=", 0.345), "win_rate": (">=", 0.1)}


@pytest.fixture(scope="module")
def summary():
    """Five policies, one with a long label; one setting was moved."""
    records = made_records((*LABELS[:4], LONG_LABELS[4]), seeds=8, months=36, require=REQUIRE)
    records.moved["p1_cut_a_fifth"] = SimpleNamespace(setting="commission.pay_level", before=1.0, after=1.043, gap=0.0)
    return compare(records)


def printed(summary, width=120, show=print_comparison, **more):
    """What a terminal of some width shows."""
    out = StringIO()
    show(summary, Console(file=out, width=width), **more)
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("show", [print_comparison, print_by_year])
def test_the_table_fits_its_screen(summary, width, show):
    """No line is wider than the screen, and no figure is cut short."""
    text = printed(summary, width, show)

    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_shows_what_the_summary_holds(summary, width):
    """Mean, difference, interval, share of seeds and verdict of a policy stand on one line."""
    row = summary.table.loc["p1_cut_a_fifth"]
    expected = (
        f"{100 * row.turnover_mean:.1f}", f"{100 * row.turnover_diff:+.1f}".replace("-", "−"),
        f"{100 * row.turnover_diff_low:+.1f} to {100 * row.turnover_diff_high:+.1f}".replace("-", "−"),
        f"{100 * row.turnover_p_better:.0f}%", row.turnover_decided,
    )  # fmt: skip
    line = next(line for line in printed(summary, width).splitlines() if line.strip().startswith("Cut a fifth"))

    assert line.split("fifth")[1].split() == " ".join(expected).split()


def test_everything_around_the_table_is_said(summary):
    """Headlines, required measures, what was moved, warnings, intervals and recommendation are printed."""
    text = " ".join(printed(summary).split())

    assert all(MEASURES[key].label in text for key in (*summary.headlines, "win_rate"))
    assert "Cut a fifth: commission.pay_level moved from 1 to 1.043 for equal cost." in text
    assert all(f"Warning: {warning}" in text for warning in warnings_of(summary))
    assert summary.warnings != ()
    assert summary.intervals in text
    assert recommendation_sentence(summary) in text


def test_the_recommendation_stands_first_and_last(summary):
    """What to do is printed above the first figure, and again at the end, where a terminal stops."""
    head, advice, *blocks = printed(summary, 400).rstrip().split("\n\n")

    assert advice == blocks[-1] == recommendation_sentence(summary)
    assert head.splitlines()[1:] == ([summary.facts.question] if summary.facts.question else [])


def test_a_title_that_asks_takes_no_colon(summary):
    """A question mark at the end of a title is not followed by a colon."""
    assert printed(changed(summary, title="What then?"), 400).startswith("What then? ")
    assert printed(changed(summary, title="Growth mix"), 400).startswith("Growth mix: ")


def test_a_broken_requirement_is_told_as_the_table_tells_it():
    """A policy that breaks a requirement is warned of with percentages, and never with the measure's own unit."""
    records = made_records(LABELS[:2], seeds=8, months=24)
    records = replace(records, scenario=replace(records.scenario, require={"turnover": ("<=", 0.0001)}))
    text = " ".join(printed(compare(records)).split())

    assert "Warning: Not to be recommended, because turnover must be at most 0.01% a year: " in text
    assert "1/year" not in text


def changed(summary, **facts):
    """The same summary about something else."""
    return replace(summary, facts=replace(summary.facts, **facts))


def test_stress_agrees_with_the_recommendation(summary):
    """It is said in how many worlds the best stays best, and which is best elsewhere; "stays" only of what is recommended."""
    free = replace(changed(summary, require={}, objective="revenue"), moved={})
    best = recommend(free).leader
    table = free.table.copy()
    table.loc[best, "revenue_decided"] = "better"
    better = replace(free, table=table)
    table = free.table.copy()
    table.loc[best, "revenue_decided"] = "open"
    undecided = replace(free, table=table, moved=summary.moved)
    worlds = {"worlds/downturn.toml": changed(free, seeds=16), "talent_war": changed(free, seeds=16)}
    few = {"downturn": changed(free, seeds=4)}
    strict = {"x": changed(free, require={"turnover": ("<=", 0.0)})}
    label = free.labels[best]

    assert stress_sentence(better, worlds) == (
        f"Stress (16 seeds a world): {label} stays best in 2 of 2 worlds (downturn, talent_war)."
    )
    assert stress_sentence(undecided, few) == (
        f"Stress (4 seeds a world, rough, costs not made equal again): {label} has the best mean in 1 of 1 world (downturn)."
    )
    assert "has the best mean in 0 of 1 world; no policy meets every requirement in x" in stress_sentence(free, strict)
    assert stress_sentence(free, few) in printed(free, 400, stress=few)


@pytest.mark.parametrize(
    ("setting", "after", "says"),
    [
        ("commission.pay_level", 1.00001, "no move needed for equal cost; total cost is within 0.2% of what it must equal."),
        ("commission.pay_level", 1.1, "commission.pay_level moved from 1 to 1.1 for equal cost."),
        ("commission.pay_level", 0.7, "for equal cost; target pay is 30% lower than the scenario file has it."),
        ("commission.rate", 1.5, "for equal cost; a large move."),
    ],
)
def test_moves_for_equal_cost_are_judged(summary, setting, after, says):
    """No move is no move, and a large one is called large."""
    moved = {"p2_steeper": SimpleNamespace(setting=setting, before=1.0, after=after, gap=0.0)}
    (sentence,) = moved_sentences(replace(summary, moved=moved))

    assert sentence.endswith(says)


def test_equal_cost_can_be_seen(summary):
    """Total cost stands after pay cost when policies were made to cost the same, and only then."""
    heads = [line.split(" (")[0] for line in printed(summary).splitlines() if " (" in line]

    assert heads[heads.index("Pay cost") + 1] == "Total cost"
    assert "Total cost" not in printed(replace(summary, moved={}))


def test_one_policy_is_not_compared():
    """With the baseline alone nothing is recommended."""
    text = printed(compare(made_records(LABELS[:1], seeds=2, months=6)))

    assert "There is nothing to choose: Status quo is the only policy." in text


def test_labels_are_not_markup():
    """A label in square brackets is printed, not read."""
    text = printed(compare(made_records(("[bold]Base[/bold]", "[red]Other"), seeds=2, months=6)))

    assert "[bold]Base[/bold]" in text
    assert "[red]Other" in text


def test_years_show_level_and_difference(summary):
    """Each year has the policy's figure and under it the paired difference."""
    years = summary.series["years"].set_index(["measure", "policy", "year"])
    text = printed(summary, 120, print_by_year)
    row = years.loc[("turnover", "p2_steeper", 2)]

    assert "year 3" in text
    assert f"{100 * row['mean']:.1f}" in text
    assert f"{100 * row['diff']:+.1f}".replace("-", "−") in text


def test_json_has_the_promised_keys(summary):
    """The keys of document and figures are exactly the promised ones; the baseline has no difference."""
    document = json.loads(json.dumps(as_json(summary, stress={"downturn": summary}), allow_nan=False, default=vars))
    figure = document["policies"]["p1_cut_a_fifth"]["turnover"]

    assert list(document) == [
        "run", "baseline", "seeds", "months", "world", "objective", "labels", "measures", "warnings", "moved",
        "policies", "draws", "ranks", "assumptions", "stress", "reasons", "stays", "static", "stopping",
    ]  # fmt: skip
    assert set(document["measures"]["turnover"]) == {"unit", "better", "label"}
    assert list(figure) == ["mean", "low", "high", "difference"]
    assert list(figure["difference"]) == ["mean", "low", "high", "p_better", "decided", "effective_seeds"]
    assert list(document["policies"][summary.baseline]["turnover"]) == ["mean", "low", "high"]
    assert document["stress"]["downturn"] == document["policies"]
    assert set(document["policies"]["p1_cut_a_fifth"]) == set(MEASURES)


def test_json_has_null_where_there_is_no_figure(summary):
    """What cannot be said is null: no better side, no warnings to save from."""
    figures = as_json(summary)["policies"]["p1_cut_a_fifth"]

    assert figures["pay_cost"]["difference"]["p_better"] is None
    assert figures["saved_share"]["mean"] is None


def test_json_and_table_hold_the_same_numbers(summary):
    """No rounding on the way into the document."""
    difference = as_json(summary)["policies"]["p2_steeper"]["revenue"]["difference"]

    assert difference["low"] == summary.value("p2_steeper", "revenue", "diff_low")


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("turnover", 0.3215, "32.1"), ("revenue", 51_234_000.0, "51.23"), ("revenue", 428_060_000.0, "428.1"),
        ("pay_mean", 121_400.0, "121"), ("attainment", 0.973, "0.97"), ("cycle_days", 71.84, "71.8"),
        ("revenue", float("nan"), "–"),
    ],
)  # fmt: skip
def test_figures_are_written_for_people(key, value, expected):
    """Shares in percent, large sums in millions, smaller ones in thousands, days and ratios as they are."""
    assert scale_of(MEASURES[key], [value]).show(value) == expected


def test_signs_are_shown_but_not_on_nothing():
    """A difference carries its sign, with a true minus; what rounds to zero carries none."""
    scale = Scale(100.0, 1, "%", "points")

    assert [scale.show(v, sign=True) for v in (0.031, -0.031, -0.0001, 0.0)] == ["+3.1", "−3.1", "0.0", "0.0"]


def test_units_are_known_to_the_report():
    """Every unit a measure has is written in words, not left as a formula."""
    for measure in MEASURES.values():
        assert "/" not in scale_of(measure, [1.0]).unit
    assert scale_of(Measure("x", "usd/year", "none", "X", "X."), [3e6]).unit == "million usd a year"


@pytest.mark.parametrize(
    ("decided", "high", "says"),
    [
        ("better", -0.01, "turnover 2.0 points lower"),
        ("same", -0.01, "no material difference in turnover"),
        ("open", -0.01, "turnover lower by an open amount (−3.0 to −1.0 points)"),
        ("open", 0.01, "turnover open (−3.0 to +1.0 points)"),
    ],
)
def test_changes_are_said_as_far_as_decided(summary, decided, high, says):
    """A sentence claims a size only when it is decided, and a direction only when the interval leaves zero out."""
    table = summary.table.copy()
    table.loc["p1_cut_a_fifth", ["turnover_diff", "turnover_diff_low", "turnover_diff_high"]] = (-0.02, -0.03, high)
    table.loc["p1_cut_a_fifth", "turnover_decided"] = decided
    changed = summary.__class__(**{**vars(summary), "table": table})

    assert change(changed, "p1_cut_a_fifth", "turnover") == says


def test_one_seed_claims_no_interval():
    """With one seed a change is told without an interval, and says so."""
    text = printed(compare(made_records(LABELS[:2], seeds=1, months=12)))

    assert "nan" not in text
    assert np.char.find(text, "1 seed;") > 0

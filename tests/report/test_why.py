"""Pictures of why policies differ, and of gaming and fairness: what is drawn equals the summary, and can be read."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from explained import made_reasons
from legible import assert_legible
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from synthetic import LABELS, LONG_LABELS, made_records

from simulation.errors import ScenarioError
from simulation.evidence.reasons import TERMS
from simulation.levers import catalogue
from simulation.report.charts.levers import draw_levers
from simulation.report.charts.panel import SHOWN, draw_panel, panel_changes
from simulation.report.charts.reasons import draw_reasons
from simulation.report.figures import framed, pictures
from simulation.report.style import drawing, look_of
from simulation.report.words.quotes import cell, told
from simulation.statistics.compare import compare

CHINESE = ("现状方案", "佣金降低百分之二十并改为每年授予的股权奖励计划", "成长组合：学习、自主与容错并重", "只付薪水", "每月配额")
DRAWINGS = {"reasons": draw_reasons, "levers": draw_levers, "panel": draw_panel}
every_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


@cache
def compared(labels):
    """A comparison of made-up records."""
    return compare(made_records(labels, seeds=4, months=12))


def explained(labels=LABELS[:5], **how):
    """The same with made-up reasons."""
    summary = compared(labels)
    return replace(summary, reasons=made_reasons(summary.policies, labels, **how))


@pytest.fixture(scope="module")
def summary():
    """Five policies of four levers each."""
    return explained()


def axes(width=10.0, height=6.0):
    """Axes on a figure of their own."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.09, 0.155, 0.885, 0.70))


def title_of(ax):
    """The title in one line."""
    return ax._left_title.get_text().replace("\n", " ")


def undecided(summary, keys=SHOWN):
    """The same with every difference of some measures open."""
    table = summary.table.copy()
    for key in keys:
        table[f"{key}_decided"] = "open"
    return replace(summary, table=table)


def test_reasons_are_the_terms_by_size(summary):
    """A bar a term that can be seen, largest first, one for the others, and one for all; they are as wide as the differences."""
    policy = summary.others[1]
    bars = [bar.get_width() for bar in draw_reasons(axes(), summary, policy).patches]
    found = [summary.reasons.by_reason[policy][term].difference.mean for term in TERMS]
    large = sorted((mean for mean in found if abs(mean) >= 0.01), key=lambda mean: -abs(mean))

    np.testing.assert_allclose(bars[: len(large)], large)
    np.testing.assert_allclose(bars[len(large) :], [sum(found) - sum(large), sum(found)], atol=1e-12)


def test_reasons_have_their_intervals(summary):
    """The thin lines are the limits of the differences in log-odds."""
    policy = summary.others[0]
    lines = {tuple(line.get_xdata()) for line in draw_reasons(axes(), summary, policy).lines}
    found = summary.reasons.by_reason[policy]["pay_gap"].difference

    assert (found.low, found.high) in lines


def test_a_reasons_title_claims_only_what_is_decided(summary):
    """Whether people are more inclined to quit is open where the interval of all terms holds zero; no reason is named then."""
    policy = summary.others[0]
    zero = replace(summary.reasons.of_all[policy], difference=type(summary.reasons.of_all[policy].difference)(0.1, -0.1, 0.3))
    by_reason = {**summary.reasons.by_reason, policy: dict.fromkeys(TERMS, zero)}
    reasons = replace(summary.reasons, of_all={**summary.reasons.of_all, policy: zero}, by_reason=by_reason)
    title = title_of(draw_reasons(axes(), replace(summary, reasons=reasons), policy))

    assert "is open" in title
    assert "no reason is shown" in title
    assert not any(character.isdigit() for character in title.split(":", 1)[1])


def test_numbers_of_a_title_can_be_traced(summary):
    """Each number of a title about reasons or levers is a cell that can be found again."""
    policy = summary.others[0]
    for draw in (draw_reasons, draw_levers):
        said = told(lambda draw=draw: title_of(draw(axes(), summary, policy)))

        assert said.quotes
        for number in said.quotes:
            value = number.factor * cell(summary, number.measure, number.policy, number.statistic)
            assert f"{value:+,.{number.digits}f}".replace("-", "−") == number.text


def test_odds_are_the_exponential_of_a_difference(summary):
    """A difference of log-odds d changes the odds by exp(d) − 1."""
    policy = summary.others[0]
    difference = cell(summary, "quits_rate", policy, "reason.fit.difference.mean")

    assert difference == summary.reasons.by_reason[policy]["fit"].difference.mean
    assert math.isclose(cell(summary, "quits_rate", policy, "reason.fit.odds.mean"), math.exp(difference) - 1.0)
    with pytest.raises(KeyError):
        cell(summary, "quits_rate", summary.baseline, "reason.fit.odds.mean")


@pytest.mark.parametrize("key", ["contribution", "turnover", "revenue"])
def test_levers_add_up(summary, key):
    """Each step begins where the one before ended and is as wide as the share; the last, from zero, is the whole difference."""
    policy = summary.others[1]
    [panel] = draw_levers(axes(), summary, policy, key).child_axes
    widths = np.array([bar.get_width() for bar in panel.patches])
    starts = np.array([bar.get_x() for bar in panel.patches])
    found = summary.reasons.by_lever[policy][key]
    shares = [one.share.mean for one in found.levers.values()]

    assert len(widths) == len(shares) + 2
    np.testing.assert_allclose(starts[:-1], [0.0, *np.cumsum(widths[:-2])], atol=1e-9)
    np.testing.assert_allclose(widths / widths[-1], np.array([*shares, found.together.mean, found.whole.mean]) / found.whole.mean)
    np.testing.assert_allclose(widths[:-1].sum(), widths[-1])


def test_levers_have_three_panels_and_keep_to_their_axes(summary):
    """Contribution, revenue and turnover stand beside each other within the axes given; no other axes are added to the figure."""
    ax = axes()

    assert draw_levers(ax, summary) is ax
    assert ax.figure.axes == [ax]
    assert [panel.texts[0].get_text().split("\n")[0] for panel in ax.child_axes] == ["Contribution", "Revenue", "Turnover"]


def test_the_better_way_is_blue_for_every_measure(summary):
    """Less turnover is as good as more revenue: a lever that brings both has one colour."""
    ax = draw_levers(axes(), summary, summary.others[0])
    by_name = {panel.texts[0].get_text().split("\n")[0]: panel.patches[0] for panel in ax.child_axes}
    found = summary.reasons.by_lever[summary.others[0]]
    good = {
        "Revenue": next(iter(found["revenue"].levers.values())).share.mean > 0.0,
        "Turnover": next(iter(found["turnover"].levers.values())).share.mean < 0.0,
    }

    assert {name: bar.get_hatch() is None for name, bar in by_name.items() if name in good} == good


def test_a_lever_alone_is_named_as_the_only_one():
    """Of a policy with one lever the whole difference is its doing, and nothing is left for several together."""
    summary = explained(levers=1)
    ax = draw_levers(axes(), summary, summary.others[0])

    assert f"its only lever is {next(iter(catalogue().values())).title}" in title_of(ax)
    assert all(len(panel.patches) == 2 for panel in ax.child_axes)
    assert not any(picture.kind == "levers" for picture in pictures(summary))


def test_a_share_that_is_not_decided_is_not_named():
    """The lever of the title is the largest whose interval leaves zero out."""
    summary = explained(levers=2)
    first, second = list(catalogue().values())[:2]
    policy = max(summary.others, key=lambda p: abs([*summary.reasons.by_lever[p]["contribution"].levers.values()][1].share.mean))
    title = title_of(draw_levers(axes(), summary, policy))

    assert first.title in title
    assert second.title not in title


def test_the_panel_shows_changes_over_the_baselines_figure(summary):
    """A mark stands at the difference over the baseline's figure, in percent, with the measure's own figures written."""
    ax = draw_panel(axes(), summary)
    policy, base = summary.others[2], summary.baseline
    drawn = [line.get_xdata()[0] for line in ax.lines if line.get_label() == policy]
    expected = [100 * summary.value(policy, key, "diff") / abs(summary.value(base, key)) for key in SHOWN]
    words = " ".join(text.get_text() for text in ax.texts)

    np.testing.assert_allclose(drawn, expected)
    assert all(summary.measures[key].label in words for key in SHOWN)
    assert f"{100 * summary.value(base, 'satisfaction'):.1f}%" in words


def test_the_panel_tells_decided_from_open(summary):
    """Decided changes have their policy's colour and are written at the right; an open one has neither."""
    policy = summary.others[0]
    colour = look_of(summary, policy).colour
    for settled, word in ((True, "worse"), (False, "open")):
        table = undecided(summary).table
        table.loc[policy, "extra_discount_decided"] = word
        ax = draw_panel(axes(), replace(summary, table=table))
        place = SHOWN.index("extra_discount")
        line = [line for line in ax.lines if line.get_label() == policy][place]

        assert (line.get_color() == colour) == settled
        assert any(summary.labels[policy] in text.get_text() for text in ax.texts) == settled


def test_a_panel_title_names_who_is_worse_and_in_what(summary):
    """The policy that is worse in most, with both figures; where nobody is shown to be worse it says so without a number."""
    policy = summary.others[0]
    table = undecided(summary).table
    table.loc[policy, "income_risk_low_decided"] = "worse"
    title = title_of(draw_panel(axes(), replace(summary, table=table)))
    figures = [f"{100 * summary.value(p, 'income_risk_low'):.1f}%" for p in (policy, summary.baseline)]

    assert title == f"Cut a fifth is worse than Status quo in low-income reps ({figures[0]} against {figures[1]})"
    assert title_of(draw_panel(axes(), undecided(summary))).startswith("No policy is shown to be materially worse")


def test_a_change_from_nothing_is_an_arrow_and_a_missing_one_is_none(summary):
    """Where the baseline has none of something a change has no share of it; where a policy has no figure, it has no mark."""
    table = summary.table.copy()
    table.loc[summary.baseline, "value_moved_mean"] = 0.0
    table.loc[summary.others[0], [f"satisfaction_{side}" for side in ("mean", "diff", "diff_low", "diff_high")]] = np.nan
    table[[f"pay_spread_{side}" for side in ("mean", "diff", "diff_low", "diff_high")]] = np.nan
    changed = replace(summary, table=table)
    ax = draw_panel(axes(), changed)

    assert all(math.isinf(change.mean) for change in panel_changes(changed, "value_moved"))
    assert {line.get_marker() for line in ax.lines if abs(line.get_xdata()[0]) == 100.0} <= {"<", ">"}
    assert summary.others[0] not in [change.policy for change in panel_changes(changed, "satisfaction")]
    assert any(text.get_text() == "no figures" for text in ax.texts)
    assert_legible(ax.figure)


@every_drawing
def test_there_is_nothing_to_draw_without_another_policy(draw):
    """A baseline alone is refused in one sentence, and so are reasons where none were asked for."""
    with pytest.raises(ScenarioError, match=r"there (is|are) no"):
        draw(axes(), explained(LABELS[:1]))
    if draw is not draw_panel:
        with pytest.raises(ScenarioError, match="run_study"):
            draw(axes(), compared(LABELS[:5]))


def test_refusals_name_what_was_asked(summary):
    """A measure that is not divided, and a policy without a lever, are named, with what to do."""
    with pytest.raises(ScenarioError, match='"bookings" are not divided among levers; choose one of'):
        draw_levers(axes(), summary, measure="bookings")
    with pytest.raises(ScenarioError, match='"Cut a fifth" differs from the baseline in no setting'):
        draw_levers(axes(), explained(levers=0), "p1_cut_a_fifth")


@pytest.mark.parametrize(
    ("labels", "size"),
    [
        (LONG_LABELS, (10.0, 6.0)),
        (CHINESE, (6.4, 4.8)),
        *(pytest.param(labels, size, marks=pytest.mark.slow)
          for labels in (LABELS[:2], LABELS, LONG_LABELS, CHINESE) for size in ((10.0, 6.0), (6.4, 4.8))),
    ],
)  # fmt: skip
@every_drawing
def test_all_words_can_be_read(draw, labels, size):
    """No words overlap, leave the figure or are small, with two policies or twelve, long labels and Chinese ones."""
    summary = explained(labels, levers=7)
    with drawing():
        assert_legible(draw(axes(*size), summary).figure)


@every_drawing
def test_user_text_is_never_mathematics(draw):
    """A label with dollar signs or underscores is drawn as it stands."""
    summary = explained(("Pay $5 & $6 a_b", "50% ^up$ \\frac{x}$", "_hidden"))
    ax = draw(axes(), summary)
    ax.figure.draw_without_rendering()
    texts = [*ax.texts, ax._left_title, ax.xaxis.label, *(ax.get_legend().get_texts() if ax.get_legend() else ())]

    assert not any(text.get_parse_math() for text in texts if "$" in text.get_text())


@every_drawing
def test_the_title_can_be_left_out(draw, summary):
    """A deck has its own titles."""
    assert title_of(draw(axes(), summary, title=False)) == ""


def test_pictures_carry_their_numbers(summary):
    """A picture of reasons and of levers a policy, and one of gaming and fairness, each with note, caption and numbers."""
    found = {picture.name: picture for picture in pictures(summary)}
    policy = summary.others[0]

    assert found[f"reasons_{policy}"].data["name"].tolist() == [term.label for term in TERMS.values()]
    assert set(found[f"levers_{policy}"].data["part"]) >= {"together", "whole"}
    assert found["panel"].data["pay_spread_mean"].tolist() == summary.table["pay_spread_mean"].tolist()
    with drawing():
        for name in (f"reasons_{policy}", f"levers_{policy}", "panel"):
            assert_legible(framed(summary, found[name]))


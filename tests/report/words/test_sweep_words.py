"""What titles, rows and notes of a sweep claim is what its table says."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from rich.console import Console
from sweeps import BASE, EQUITY, GRANT, RATE, SLOPE, STUDY, TIERS, made_sweep, study

from simulation.report.charts.front import draw_front, front_rows
from simulation.report.charts.heatmap import draw_heatmap
from simulation.report.charts.ranked import BROKEN, draw_ranked
from simulation.report.charts.response import draw_response
from simulation.report.stopping import worth_text
from simulation.report.sweep import print_sweep
from simulation.report.sweep_figures import sweep_pictures
from simulation.report.words.sweep import axis_label, broken_sentence, edge_sentences

OTHER = "policies.other.equity.grant"
MATERIAL = STUDY.replace("require =", 'material = { contribution = "10%", turnover = 0.02 }\nrequire =')


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """Three policies, eight seeds, turnover required to be at most 40%."""
    return study(tmp_path_factory.mktemp("sweep"))


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """The same; contribution counts from a tenth on, turnover from two points."""
    return study(tmp_path_factory.mktemp("sweep"), MATERIAL)


def axes():
    """Axes on a figure of their own."""
    figure = Figure(figsize=(10.0, 6.0))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.15, 0.2, 0.74, 0.66))


def title(ax):
    """The title on one line."""
    return ax.get_title(loc="left").replace("\n", " ")


def printed(swept):
    """What is printed, with single spaces."""
    console = Console(file=io.StringIO(), width=110, markup=False, highlight=False)
    print_sweep(swept, console)
    return re.sub(r"\s+", " ", console.file.getvalue())


def shifted(contribution, turnover):
    """The same change at every point."""
    return lambda _settings, _policy: (contribution, turnover)


# ------------------------------------------------------------------ the front
def test_the_baseline_counts_on_the_front(scenario):
    """Where every point earns less and loses more people than the baseline, none is on the front, and the title says it."""
    swept = made_sweep(scenario, [f"{RATE}=0.1,0.12,0.15"], effect=shifted(-1e6, 0.03))
    ax = draw_front(axes(), swept)

    assert front_rows(swept, "contribution").empty
    assert title(ax) == "None of 3 points has less turnover or more contribution than Today"


def test_the_front_is_of_points_that_meet_what_is_required(scenario):
    """The point that earns most breaks the requirement of turnover: it is no part of the front, and hollow in the ranking."""
    swept = made_sweep(
        scenario, [f"{RATE}=0.1,0.12"], effect=lambda settings, _: (3e6, 0.2) if settings[RATE] == 0.1 else (1e6, -0.03)
    )
    ax, ranking = draw_front(axes(), swept), draw_ranked(axes(), swept)
    hollow = [line for line in ranking.lines if line.get_label() == BROKEN]

    assert front_rows(swept, "contribution")["point"].tolist() == [2]
    assert title(ax).startswith("1 of 1 point that meets what is required gives the most contribution for its turnover; 1 is")
    assert [float(line.get_xdata()[0]) for line in hollow] == pytest.approx([swept.run["contribution_diff"].iloc[0] / 1e6])
    assert title(ranking).endswith("; 1 breaks what is required")


def test_a_front_over_worlds_is_of_differences(scenario):
    """A world that makes everybody rich puts nobody on the front: what counts is the difference from the baseline in it."""
    swept = made_sweep(scenario, [f"{SLOPE}=2:4:3"], policies=["mix"], effect=shifted(-1e6, 0.03), good=5e6)

    assert front_rows(swept, "contribution").empty
    assert "None of 3 points has less turnover" in title(draw_front(axes(), swept))


# ------------------------------------------------------------------ the table
def test_no_row_is_left_out_in_silence(scenario):
    """Of sixteen points twelve are printed, with a mark where four are not."""
    text = printed(made_sweep(scenario, [f"{RATE}=0.085:0.13:16"], effect=shifted(0.0, 0.0)))

    assert "… 4 more in points.csv, then the last" in text
    assert "more in points.csv" not in printed(made_sweep(scenario, [f"{RATE}=0.085:0.13:12"], effect=shifted(0.0, 0.0)))


def test_points_that_break_a_requirement_are_named(scenario):
    """The furthest off first, five at most, and how many more."""
    swept = made_sweep(scenario, [f"{RATE}=0.01:0.2:16"])
    broken = swept.run[~swept.allowed()].sort_values("turnover_mean", ascending=False)
    told = broken_sentence(swept)

    assert re.findall(r"point (\d+) \(", told) == [str(point) for point in broken["point"][:5]]
    assert told.startswith(f"{len(broken)} points break it")
    assert told.endswith(f"and {len(broken) - 5} more in points.csv.")


def test_mean_baseline_and_difference_add_up_where_parameters_vary(scenario):
    """Each row prints the baseline under its own parameters, and the first less that is the difference."""
    text = printed(made_sweep(scenario, [f"{SLOPE}=2:4:3"], policies=["mix"], good=4e6))
    rows = re.findall(r"pay slope [\d.]+ ([\d.]+) ([\d.]+) ([+−][\d.]+) ", text)

    assert len(rows) == 3
    assert len({base for _, base, _ in rows}) == 3
    for mean, base, difference in rows:
        assert float(mean) - float(base) == pytest.approx(float(difference.replace("−", "-")), abs=0.0101)
    assert "Today under the same parameters (column baseline)" in text


def test_two_policies_are_counted_in_rows(scenario):
    """Three rates of one and two grants of another are five different rows of twelve, and each is printed once."""
    swept = made_sweep(scenario, [f"{RATE}=0.1,0.12,0.15", f"{OTHER}=0.1,0.2"], effect=shifted(1e6, 0.0))
    text = printed(swept)

    assert "6 points of 2 policies, 5 rows to compare" in text
    assert "5 of 5 rows meet what is required" in text
    assert (text.count("Mix: rate"), text.count("Other: grant")) == (3, 2)
    assert " of 5 rows give" in title(draw_front(axes(), swept))
    assert [picture.name for picture in sweep_pictures(swept)][:4] == [
        "response_contribution", "response_turnover", "response_contribution_other", "response_turnover_other",
    ]  # fmt: skip


def test_the_baseline_is_not_ranked_against_itself(scenario):
    """Parameters varied for all policies: the baseline is in the table, and neither ranked nor drawn as a line."""
    swept = made_sweep(scenario, [f"{SLOPE}=2,3"])

    assert swept.policies == ("today", "mix", "other")
    assert set(swept.ranked()["policy"]) == {"mix", "other"}
    assert swept.different.sum() == 4


def test_an_end_is_one_of_the_best_rows_own_policy(scenario):
    """The best row is of Mix, whose rate lies within; that the other policy's grant is at an end says nothing of it."""
    texts = [f"{RATE}=0.1,0.12,0.15", f"{OTHER}=0.1,0.2,0.3"]

    def effect(settings, policy):
        return (1e6 if settings[RATE] == 0.12 else 0.5e6) if policy == "mix" else -1e6, 0.0

    assert edge_sentences(made_sweep(scenario, texts, effect=effect)) == []


def test_one_seed_has_no_interval(scenario):
    """A dash, and not a dash to a dash."""
    assert "– to –" not in printed(made_sweep(replace(scenario, seed_count=1), [f"{RATE}=0.1,0.12"]))


@pytest.mark.parametrize(
    ("seeds", "text"), [(3.44, "3.4"), (37.2, "37"), (1234.0, "1,200"), (1_482_264.0, "1.5 million"), (2.6e7, "26 million")]
)
def test_what_seeds_are_worth_has_two_digits(seeds, text):
    """More is not known of it."""
    assert worth_text(seeds) == text


# ------------------------------------------------------------------ titles
def test_a_difference_that_is_not_shown_is_not_claimed(scenario):
    """Turnover is that of the baseline at one rate, give or take luck, and above it at the others: the title says so."""
    swept = made_sweep(scenario, [f"{RATE}=0.1,0.12,0.15"], effect=lambda settings, _: (0.0, 0.04 * (settings[RATE] != 0.12)))

    assert "Turnover is not shown to be lower than Today's at any rate; lowest at rate 0.12" in title(
        draw_response(axes(), swept, "turnover")
    )


def test_what_moves_less_than_counts_is_told_with_both(strict):
    """How far contribution moves, and what counts."""
    swept = made_sweep(strict, [f"{RATE}=0.1,0.11"], effect=lambda settings, _: (5e5 * (settings[RATE] > 0.1), 0.0))

    unit = "million usd a year"
    told = rf"Contribution moves with rate by 0\.\d+ {unit} at most; less than 1\.\d+ {unit} is not material"

    assert re.fullmatch(told, title(draw_response(axes(), swept)))


def test_a_gain_that_does_not_count_is_pale_in_the_heatmap(strict):
    """Colours reach to what counts: half a million is not drawn as the best there is, nor 0.0 named as a best."""
    swept = made_sweep(strict, [f"{RATE}=0.1,0.11", f"{BASE}=0.4,0.5"], effect=shifted(5e5, 0.0), noise=1e4)
    ax = draw_heatmap(axes(), swept)
    none = draw_heatmap(axes(), made_sweep(strict, [f"{RATE}=0.1,0.11", f"{BASE}=0.4,0.5"], effect=shifted(0.0, 0.0), noise=1.0))

    assert ax.images[0].get_clim()[1] == pytest.approx(0.1 * swept.baseline["contribution"]["mean"])
    assert title(ax).startswith("No point brings a material gain in contribution over Today; the best, rate")
    assert title(none) == "No point brings a material gain in contribution over Today"


def test_an_assumption_is_no_choice(scenario):
    """Along a parameter the title says from where to where the gain runs; beside a setting, which setting is best in all."""
    rise = lambda settings, _: (1e6 * settings[SLOPE] - 1e6 * (settings.get(RATE) == 0.15), 0.0)  # noqa: E731
    alone = made_sweep(scenario, [f"{SLOPE}=2:4:3"], policies=["mix"], effect=rise, good=1e6)
    beside = made_sweep(scenario, [f"{RATE}=0.1,0.15", f"{SLOPE}=2:4:3"], effect=rise, good=1e6)
    text, heat = title(draw_response(axes(), alone)), draw_heatmap(axes(), beside)

    assert re.match(r"Contribution of Mix less Today's runs from \+[12]\.\d+ to \+[34]\.\d+ million usd a year as", text)
    assert text.endswith("as pay slope goes from 2 to 4")
    assert title(heat).startswith("In contribution, rate 0.1 is best at every pay slope")
    assert title(draw_response(axes(), beside)) == title(heat)
    assert not [patch for patch in heat.patches if patch.get_label() == "best"]


# ------------------------------------------------------------------ samples
def test_few_samples_are_not_joined(scenario):
    """Eight samples are eight marks without a line, and no heatmap; sixty are means of parts that hold some each."""
    texts = [f"{RATE}=0.02:0.2", f"{BASE}=0.2:0.8"]
    few, many = (made_sweep(scenario, texts, kind="lhs", samples=count) for count in (8, 60))
    joined = [line.get_label() for line in draw_response(axes(), few).lines if line.get_linestyle() != "None"]
    names = [[picture.name for picture in sweep_pictures(swept)] for swept in (few, many)]
    notes = [next(picture for picture in sweep_pictures(swept) if picture.kind == "response") for swept in (few, many)]

    assert joined == ["baseline"]
    assert ["heatmap" in own for own in names] == [False, True]
    assert notes[0].note.startswith("Each mark is one sampled point")
    assert (notes[1].data["points"] >= 3).all()


# ------------------------------------------------------------------ drawing
def test_a_limit_is_named_with_its_number(scenario):
    """In the margin, where no curve runs."""
    ax = draw_response(axes(), made_sweep(scenario, [f"{RATE}=0.02:0.2:5"]), "turnover")
    ax.figure.canvas.draw()
    texts = {text.get_text().replace("\N{NO-BREAK SPACE}", " "): text for text in ax.findobj(Annotation)}
    curve = max(line.get_xdata().max() for line in ax.lines)

    assert "required ≤ 40%" in texts
    assert ax.transData.inverted().transform(Text.get_window_extent(texts["required ≤ 40%"]))[0, 0] > curve


def test_names_of_lines_that_end_early_stand_in_the_margin(scenario):
    """Equity that is off has one place at the left; its name does not stand on the other line."""
    ax = draw_response(axes(), made_sweep(scenario, [f"{EQUITY}=off,typical", f"{GRANT}=0.05:0.3:6"]))
    ax.figure.canvas.draw()
    names = {text.get_text(): text for text in ax.findobj(Annotation)}
    left = [ax.transData.inverted().transform(Text.get_window_extent(text))[0, 0] for text in names.values()]

    assert {"equity\N{NO-BREAK SPACE}off", "equity\N{NO-BREAK SPACE}typical"} < set(names)
    assert min(left) > max(np.max(line.get_xdata(), initial=0.0) for line in ax.lines)


def test_a_logarithmic_axis_has_plain_numbers(scenario):
    """Its own values where they are few."""
    ax = draw_response(axes(), made_sweep(scenario, [f"{RATE}=log:0.05:0.2:3"]))
    ax.figure.canvas.draw()

    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.05", "0.1", "0.2"]
    assert not [label for label in ax.get_xticklabels(minor=True) if label.get_text()]


def test_a_name_and_its_value_stay_on_one_line(scenario):
    """Labels end their lines between settings, not within one."""
    texts = [f"{EQUITY}=off,typical", f"{TIERS}=[[1,1.5]];[[1,2],[1.5,3]]", f"{RATE}=0.1,0.12"]
    ax = draw_front(axes(), made_sweep(scenario, texts))
    lines = [line for text in ax.findobj(Annotation) for line in text.get_text().split("\n")]

    assert any("tiers" in line for line in lines)
    assert all(re.fullmatch(r"(equity|tiers|rate|Today).*", line) for line in lines)
    assert all(line.count("[") == line.count("]") for line in lines)


def test_axes_say_a_unit_once(scenario):
    """No "base share (share)"."""
    swept = made_sweep(scenario, [f"{BASE}=0.4,0.5"])

    assert axis_label(swept, swept.factors[0]) == "Commission base share"

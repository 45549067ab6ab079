"""A seat's life on paper: sentences against lives made by hand, a chart that shows the frame's numbers, the command."""

from __future__ import annotations

import csv
import json
import math
from io import StringIO
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hard_cases import RIGHT_TO_LEFT, SIGNS, notebook_axes
from legible import assert_legible
from lives import made_life, term
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.console import Console
from typer.testing import CliRunner

from simulation import cli
from simulation.errors import RunError
from simulation.report.charts.life import FILLS, draw_life
from simulation.report.life_files import FRAME, SIZE, as_json, print_life, write_life
from simulation.report.style import drawing
from simulation.report.words.life import THEIRS, headline, tell
from simulation.report.words.stay import money

ALWAYS = [(0, 23, "")]
LONG = "A policy with a very long name, as long as a label may be in a scenario file, 80"
CHINESE = "降低佣金并增加学习投入的销售政策"


def story(life) -> str:
    """All sentences as one text."""
    return " ".join(tell(life))


# ---------------------------------------------------------------------- sentences
def test_who_stays_throughout():
    """One rep, no vacancy: who it is, what it did, what it was paid, and how many of its like would have left."""
    said = story(made_life(ALWAYS))

    assert said.startswith("Seat 3 under Plan A, seed 1: 1 rep in 24 months. Rep 1 had been there for 5 months when month 0 ")
    assert "worked most for money (40% of all that moved them) and was abler than 50% of reps" in said
    assert "60% hunting, 20% farming, 10% sharing, 10% exploring, and in all as much as an ordinary rep's" in said
    assert "paid 120 thousand usd a year, 60 of it salary, for 90% of quota" in said
    gone = 100.0 * (1.0 - 0.98**24)
    assert f"of 100 reps with these chances {gone:.0f} would have left by then" in said
    assert "vacant" not in said


def test_a_chance_is_told_and_never_a_certainty():
    """Who quits does so at that month's own chance, and luck did the rest; nothing says that something made them go."""
    chance = np.full(24, 0.01)
    chance[9] = 0.041
    said = story(made_life([(0, 9, "quit"), (12, 23, "")], quit_chance=chance, leave_chance=chance))

    assert "They were dismissed" not in said
    assert "quit in month 9 at a chance of 4.1%" in said
    assert "because" not in said


def test_the_longest_stay_is_told_in_full_with_its_vacancy():
    """The end of a stay in full: month, chance, luck, and the months in which nobody sat there."""
    said = story(made_life([(0, 17, "quit"), (20, 23, "")], quit_chance=0.033))

    assert "They quit in month 17, when the chance was 3.3%; luck did the rest. The seat was then vacant for 2 months." in said
    assert "2 reps in 24 months, and nobody for 2 of them" in said


def test_a_dismissal_names_the_record_and_its_own_chance():
    """A dismissal is told with the record that the manager saw and the chance at that review."""
    said = story(made_life([(0, 20, "dismissed")], record=0.61, dismissal_chance=0.08, quit_chance=0.5, short_of_bar=0.1))

    told = "with 61% of quota over about a year, less than a review asks for; the chance was 8.0%"
    assert f"They were dismissed at the review in month 20, {told}" in said
    assert "The seat was then vacant to the end for 3 months." in said


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "; nothing in that spoke against them, but no record rules a dismissal out; the chance was 1.7%"),
        ({"held_setbacks": 1.0}, ", failed trials held against them; the chance"),
        ({"held_setbacks": 1.0, "short_of_bar": 0.2}, ", less than a review asks for and failed trials held against them;"),
    ],
)
def test_a_dismissal_says_what_the_review_held_against_the_rep(changes, told):
    """A star who is let go was not below the bar, and the story says so."""
    said = story(made_life([(0, 20, "dismissed")], record=2.17, dismissal_chance=0.017, **changes))

    assert f"with 217% of quota over about a year{told}" in said
    assert "At reviews the chance of dismissal was up to 1.7%." in said


def test_who_leaves_in_the_first_month():
    """A stay of one month has no course, and is told all the same."""
    said = tell(made_life([(0, 0, "quit")], months=1))

    assert "They quit in month 0, when the chance was 2.0%; luck did the rest." in said
    assert not any("nan" in sentence for sentence in said)


def test_nobody_ever():
    """A seat that is vacant throughout has two sentences, a title and an empty table."""
    life = made_life([], months=3)

    assert tell(life)[1:] == ("Nobody sat there in any of 3 months.",)
    assert headline(life) == "Seat 3 under Plan A: Nobody sat there in any of 3 months"
    assert as_json(life)["stays"] == []


def test_three_reps_have_their_turns_in_order():
    """The longest is told in full, the others in a sentence each, in the order in which they came."""
    said = tell(made_life([(0, 3, "quit"), (5, 17, "dismissed"), (20, 23, "")]))
    begins = [sentence for sentence in said if sentence.startswith("Rep ")]

    assert [sentence[:5] for sentence in begins] == ["Rep 1", "Rep 2", "Rep 3"]
    assert "quit in month 3" in begins[0]
    assert begins[1].endswith("abler than 50% of reps.")
    assert "still there at the end" in begins[2]


@pytest.mark.parametrize("count", [4, 8, 12])
def test_many_reps_are_not_told_one_by_one(count):
    """However many sat there, the story has twelve sentences at most, and every rep is counted in it."""
    said = tell(made_life([(5 * k, 5 * k + 3, "quit") for k in range(count)], months=60))

    assert len(said) <= 12
    assert f"{count} reps in 60 months" in said[0]
    rest = count - 3
    several = f"{rest} more sat there, for 4 months each: {rest} quit."
    assert (several if rest > 1 else "Rep 4 sat there for 4 months: quit.") in said


def test_who_never_sells():
    """No sale is a figure like another: nothing of quota, salary alone."""
    said = story(made_life(ALWAYS, attainment=0.0, deals=0.0, variable=0.0, cash_pay=5_000.0))

    assert "paid 60 thousand usd a year, 60 of it salary, for 0% of quota" in said


def test_what_raises_the_chance_is_read_off_the_terms():
    """From the lowest to the highest chance the terms that rose most are named, each with its factor on the odds."""
    chance = np.full(24, 0.01)
    chance[20] = 0.03
    contagion, fit, pay = (np.zeros(24) for _ in range(3))
    contagion[20], fit[20], pay[20] = math.log(2.0), math.log(1.4), -1.0
    moved = {term("contagion"): contagion, term("fit"): fit, term("pay_gap"): pay}
    said = story(made_life(ALWAYS, quit_chance=chance, **moved))

    assert "rose from 1.0% in month 0 to its highest, 3.0%, in month 20" in said
    assert "what raised the odds was teammates who left (×2.0) and fit of the job to motives (×1.4)" in said
    assert "pay against" not in said.split("what raised the odds")[1].split(".")[0]


def test_a_wish_that_is_set_free_is_no_term():
    """Where deferred pay no longer holds an older wish, that is said instead of a term."""
    chance, released = np.full(24, 0.01), np.zeros(24)
    chance[15], released[15] = 0.4, 1.0

    assert "they had wished to go before, and the deferred pay" in story(made_life(ALWAYS, quit_chance=chance, released=released))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"demand": [0.0] * 7 + [-0.4] + [0.0] * 16}, "demand in the region 33% below normal in month 7"),
        ({"team_leavers": [0.0] * 10 + [1.0, 2.0] + [0.0] * 12}, "3 teammates gone within three months by month 11"),
        ({"offer": [0.0, 1.0, 1.0] + [0.0] * 5 + [1.0] + [0.0] * 15}, "outside approaches in months 1 and 8"),
        ({"lost_customers": 2.0}, "60% of their customers lost in the year"),
        ({"failures": 1.0, "proposals": 2.0}, "24 trials that failed, of 48"),
    ],
)  # fmt: skip
def test_shocks_are_named_with_their_size(change, words):
    """What came their way is told with its size and month; quiet years have no such sentence."""
    assert words in story(made_life(ALWAYS, **change))
    assert "What came their way" not in story(made_life(ALWAYS))


def test_pay_is_told_against_pay_elsewhere():
    """Expected pay is told at both ends of the stay, against what other firms offer."""
    said = story(made_life(ALWAYS, expected_pay=np.linspace(11_000.0, 8_500.0, 24)))

    assert "what they expected fell from 10% above to 15% below what other firms offer somebody that able" in said


def test_deferred_pay_is_told_as_what_it_is_worth():
    """What leaving would forfeit is told at its highest, where there is any."""
    stake = np.linspace(0.0, 42_000.0, 24)

    assert "would have forfeited deferred pay worth up to 42 thousand usd to them" in story(made_life(ALWAYS, stake=stake))
    assert "forfeited" not in story(made_life(ALWAYS))


def test_two_policies_are_told_against_each_other():
    """The same seat under the other policy: the first rep's fate, leavers, pay and chances."""
    other = made_life([(0, 8, "quit"), (11, 23, "")], label="Plan B", leave_chance=0.03)
    said = tell(made_life(ALWAYS, against=other))[-1]

    assert said.startswith("Under Plan B, with the same luck, the first rep quit in month 8, and here stayed; 1 left against 0")
    assert "the chance of leaving was 3.0% against 2.0% in an average month" in said


# ---------------------------------------------------------------------- the screen and the document
def test_the_screen_is_eighty_columns_wide():
    """Every line of the story and of the table fits 80 columns, and the rep is said to be nobody."""
    console = Console(width=200, record=True, file=StringIO())
    print_life(made_life([(0, 9, "dismissed"), (12, 23, "")], label=LONG), console)
    text = console.export_text()

    assert max(map(len, text.splitlines())) <= 80
    assert " ".join(THEIRS.split()) in " ".join(text.split())


def test_the_document_has_every_month_and_no_nan():
    """The JSON document is plain JSON: null where there is nothing."""
    document = json.loads(json.dumps(as_json(made_life([(0, 9, "quit")])), allow_nan=False))

    assert len(document["months"]) == 24
    assert (document["months"][9]["left"], document["months"][10]["fit"]) == ("quit", None)
    assert document["stays"][0]["reason"] == "quit"


# ---------------------------------------------------------------------- the chart
def axes():
    """Axes of the size that the command draws on."""
    figure = Figure(figsize=SIZE)
    FigureCanvasAgg(figure)
    return figure.add_axes(FRAME)


def panels_of(ax):
    """The four panels by what their heading begins with."""
    return {panel.texts[0].get_text().split()[0]: panel for panel in ax.child_axes}


def test_the_chart_shows_the_numbers_of_the_frame():
    """Lines, bars and areas are the frame's figures, in thousands and percent, with gaps where nobody sat."""
    chance = np.linspace(0.01, 0.05, 24)
    life = made_life([(0, 9, "quit"), (12, 23, "")], quit_chance=chance, dismissal_chance=chance * (np.arange(24) % 3 == 2))
    ax = axes()
    assert draw_life(ax, life) is ax
    assert ax.figure.axes == [ax]
    panels = panels_of(ax)
    line = lambda panel, label: next(one for one in panels[panel].lines if one.get_label() == label)  # noqa: E731

    assert line("Pay", "expected here").get_ydata() == pytest.approx(life.months["expected_pay"] / 1e3, nan_ok=True)
    assert line("Pay", "offered elsewhere").get_ydata() == pytest.approx(life.months["outside_pay"] / 1e3, nan_ok=True)
    assert line("Chance", "quit").get_ydata() == pytest.approx(100.0 * life.months["quit_chance"], nan_ok=True)
    bars = [bar.get_height() for bar in panels["Chance"].patches if bar.get_width() == pytest.approx(0.5)]
    review = life.months["dismissal_chance"] > 0.0
    assert bars == pytest.approx(list(100.0 * life.months.loc[review, "dismissal_chance"]))
    paid = [bar.get_height() for bar in panels["Pay"].patches if bar.get_width() == pytest.approx(0.85)]
    assert sum(paid) == pytest.approx(22 * (10.0 + 5.0))
    assert len(panels["Effort"].collections) == 2 * len(FILLS)
    top = max(area.get_datalim(panels["Effort"].transData).y1 for area in panels["Effort"].collections)
    assert top == pytest.approx(100.0)
    fit = [one for one in panels["How"].lines if one.get_label() == "security"]
    assert [len(one.get_ydata()) for one in fit] == [10, 12]
    assert fit[0].get_linewidth() == pytest.approx(7.0 * 0.2)


HARD = {
    "one month": made_life([(0, 0, "quit")], months=1),
    "nobody": made_life([], months=6),
    "many": made_life([(4 * k, 4 * k + 2, "quit") for k in range(15)], months=60),
    "long names": made_life([(0, 4, "quit"), (6, 23, "dismissed")], label=LONG, starts=6, against=made_life(ALWAYS, label=LONG)),
    "Chinese": made_life([(0, 4, "quit"), (8, 23, "")], label=CHINESE, against=made_life(ALWAYS, label=CHINESE)),
    "large and negative": made_life(
        ALWAYS, expected_pay=5e7, outside_pay=4e7, cash_pay=np.tile([-4e7, 9e7], 12), salary=3e7, offer=1.0, quit_chance=0.9,
        dismissal_chance=0.3,
    ),
    "right to left": made_life(
        [(0, 4, "quit"), (8, 23, "")], label=RIGHT_TO_LEFT[4], against=made_life(ALWAYS, label=RIGHT_TO_LEFT[1])
    ),
    "signs": made_life([(0, 4, "quit"), (8, 23, "")], label=SIGNS[0], against=made_life(ALWAYS, label=SIGNS[1])),
    "tiny": made_life(ALWAYS, expected_pay=5e-7, outside_pay=4e-7, cash_pay=6e-7, salary=3e-7),
    "huge": made_life(
        [(4 * k, 4 * k + 2, "quit") for k in range(15)], months=60, expected_pay=5e12, outside_pay=4e12, cash_pay=6e12,
        salary=3e12,
    ),
    "pay unknown": made_life([(0, 4, "quit"), (8, 23, "")], expected_pay=np.nan, outside_pay=np.nan),
}  # fmt: skip
QUICK = ("long names", "right to left")


@pytest.mark.parametrize("case", [case if case in QUICK else pytest.param(case, marks=pytest.mark.slow) for case in HARD])
def test_the_chart_is_legible(case):
    """No words overlap, leave the figure or are too small, whatever the life: as it is saved, and on a notebook's axes."""
    with drawing():
        assert_legible(draw_life(axes(), HARD[case]).figure)
    assert_legible(draw_life(notebook_axes(), HARD[case]).figure)


def test_panels_are_told_apart_on_low_axes():
    """On a notebook's axes each panel keeps room for its heading, whatever is cut: they keep their distance in points."""
    ax = draw_life(notebook_axes(), HARD["one month"])
    boxes = [panel.get_window_extent() for panel in ax.child_axes]
    gaps = [(above.y0 - below.y1) * 72.0 / ax.figure.dpi for above, below in pairwise(boxes)]

    assert gaps == pytest.approx([20.0] * 3)
    assert boxes[-1].y0 == pytest.approx(ax.get_window_extent().y0)


def test_sums_are_told_in_words_that_fit_them():
    """Pay in billions is not told in thousands of millions."""
    assert money(HARD["huge"]).unit == "billion usd"
    assert money(HARD["one month"]).unit == "thousand usd"


def test_the_title_can_be_left_out():
    """Whoever has a title already draws without one."""
    assert draw_life(axes(), HARD["one month"], title=False).get_title(loc="left") == ""


def test_the_files_hold_what_the_picture_shows(tmp_path):
    """PNG, SVG and CSV are named after policy, seat and seed; the CSV has both policies' months."""
    life = made_life(ALWAYS, against=made_life([(0, 8, "quit")], label="=1+1"))
    path = write_life(life, tmp_path)
    rows = list(csv.DictReader(StringIO(path.with_suffix(".csv").read_text(encoding="utf-8-sig"))))

    assert path == tmp_path / "made" / "life" / "a_seat3_seed1_against_a.png"
    assert sorted(file.suffix for file in path.parent.iterdir()) == [".csv", ".png", ".svg"]
    assert len(rows) == 48
    assert float(rows[0]["expected_pay"]) == 10_000.0


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    """A file in the way is a sentence that names the folder."""
    (tmp_path / "made").write_text("in the way")
    with pytest.raises(RunError, match="choose another folder with --out"):
        write_life(made_life(ALWAYS), tmp_path)


# ---------------------------------------------------------------------- the command
SMALL = ("--months", "6", "--seats", "14", "--luck-only")


def test_the_command_prints_a_document_and_draws(tmp_path):
    """`--json` prints one document and nothing else; the picture is where stderr says."""
    done = CliRunner().invoke(cli.app, ["life", "--policy", "steeper", "--seat", "3", *SMALL, "--json", "--out", str(tmp_path)])
    document = json.loads(done.stdout)

    assert done.exit_code == 0
    assert (document["policy"], document["seat"], document["seed"], document["drawn"]) == ("steeper", 3, 2026, False)
    picture = tmp_path / "status_quo" / "life" / "steeper_seat3_seed2026.png"
    assert picture.is_file()
    assert str(picture) in done.stderr


def test_the_command_tells_the_first_seat_of_the_baseline(tmp_path):
    """Without a choice it is seat 0 of the baseline with the study's first seed, and the text says so."""
    done = CliRunner().invoke(cli.app, ["life", *SMALL, "--out", str(tmp_path)])

    assert done.exit_code == 0
    assert done.stdout.startswith("Seat 0 under Status quo, seed 2026: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--policy", "steepr"), "policies.steepr is no policy; the nearest is steeper"),
        (("--seat", "14"), "seat = 14 is none of its seats; give a whole number from 0 to 13"),
        (("--seed", "-1"), "seed = -1 is no seed"),
        (("--seed", "two"), '--seed: "two" is refused; it takes a whole number'),
        (("--against", "status_quo"), 'against = "status_quo" is the policy itself'),
    ],
)  # fmt: skip
def test_the_command_refuses_what_there_is_not(tmp_path, words, said):
    """A wrong request is a sentence on stderr and exit code 2, and leaves no file."""
    done = CliRunner().invoke(cli.app, ["life", *SMALL, *words, "--out", str(tmp_path / "new")])

    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "new").exists()


def test_the_command_says_what_a_firm_was_asked_and_reached(tmp_path, monkeypatch):
    """A solved `[firm]` stands above the story, and under `firm` in the JSON document."""
    firm = SimpleNamespace(print=lambda console: console.print("asked and reached"), as_json=lambda: {"turnover": 0.31})
    monkeypatch.setattr("simulation.calibration.firm.settle", lambda scenario, *_: (scenario, firm))
    words = ["life", *SMALL, "--out", str(tmp_path)]
    told, document = (CliRunner().invoke(cli.app, [*words, *more]).stdout for more in ([], ["--json"]))

    assert told.startswith("asked and reached\nSeat 0 under Status quo")
    assert json.loads(document)["firm"] == {"turnover": 0.31}

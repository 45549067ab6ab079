"""The helper that judges figures sees each fault it is there for, and only those."""

from __future__ import annotations

import pytest
from legible import assert_legible, problems
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle


def blank():
    """A figure of 4 by 3 inches with axes from 0 to 10 both ways."""
    figure = Figure(figsize=(4.0, 3.0))
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0.15, 0.15, 0.8, 0.75))
    ax.set(xlim=(0, 10), ylim=(0, 10))
    return figure, ax


def overlap(ax):
    """Two words on each other."""
    ax.text(5, 5, "one")
    ax.text(5.2, 5.1, "two")


def outside(ax):
    """A word that leaves the figure."""
    ax.text(9.5, 5, "far too long a word for this place")


def small(ax):
    """Type that is a little too small."""
    ax.text(5, 5, "fine print", fontsize=7.9)


def cut(ax):
    """A word that its axes cut."""
    ax.text(9.6, 5, "cut", clip_on=True)


def covered(ax):
    """A word behind a patch."""
    ax.text(5, 5, "hidden", zorder=2)
    ax.add_patch(Rectangle((4, 4), 3, 3, facecolor="red", zorder=3))


def tilted(ax):
    """Tilted ticks that lie on each other."""
    ax.set_xticks([4.0, 4.2, 4.4], ["one", "two", "six"], rotation=40, ha="right")


def table(ax):
    """Cells too narrow for their words."""
    ax.table([["a long text in one cell", "another long text"]], colWidths=[0.1, 0.1], loc="center").auto_set_font_size(False)


def legend(ax):
    """A word where the legend stands."""
    ax.plot([0, 1], label="a line")
    ax.text(9.0, 9.2, "beside", ha="right")
    ax.legend(loc="upper right")


def inset(ax):
    """A word on the title of axes within axes."""
    inner = ax.inset_axes((0.5, 0.5, 0.3, 0.3))
    inner.set_title("within")
    ax.text(6.5, 8.3, "on it", ha="center")


def note(ax):
    """A note with an arrow, on another word."""
    ax.text(5, 5, "here")
    ax.annotate("there", (1, 1), xytext=(5.1, 5), arrowprops={"arrowstyle": "-"})


FAULTS = {
    overlap: "overlap", outside: "outside", small: "small", cut: "cut", covered: "covered", tilted: "overlap", table: "overlap",
    legend: "overlap", inset: "overlap", note: "overlap",
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_each_fault_is_seen(fault):
    """A figure without a fault is legible, and with one it is not, for that reason."""
    figure, ax = blank()
    assert_legible(figure)

    fault(ax)
    found = problems(figure)

    assert found
    assert {line.split(":")[0] for line in found} == {FAULTS[fault]}
    with pytest.raises(AssertionError):
        assert_legible(figure)


def test_what_is_not_drawn_is_not_judged():
    """Ticks outside the limits, invisible and empty texts, invisible axes, and notes of points that are not shown."""
    figure, ax = blank()
    ax.set_xticks([1.0, 5.0, 30.0, 30.1], ["one", "five", "far away", "farther away"])
    ax.set(xlim=(0, 10))
    ax.text(5, 5, "here")
    ax.text(5, 5, "not shown").set_visible(False)
    ax.text(5, 5, "  ")
    ax.annotate("nowhere", (20, 5), annotation_clip=True)
    hidden = figure.add_axes((0.3, 0.3, 0.3, 0.3))
    hidden.text(0.5, 0.5, "hidden axes")
    hidden.set_visible(False)

    assert_legible(figure)


def test_tilted_words_are_judged_by_their_own_outline():
    """Tilted names of neighbouring ticks have boxes that overlap, and do not overlap themselves."""
    figure, ax = blank()
    tilt = {"rotation": 45, "ha": "right", "rotation_mode": "anchor", "fontsize": 8}
    ax.set_xticks([5.0, 6.0, 7.0], ["rate 0.08", "rate 0.10", "rate 0.12"], **tilt)
    ax.set_position((0.3, 0.3, 0.65, 0.6))
    figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in ax.get_xticklabels()]

    assert boxes[0].overlaps(boxes[1])
    assert_legible(figure)


def test_an_arrow_may_cross_words():
    """Of a note only the words are judged."""
    figure, ax = blank()
    ax.text(5, 5, "between")
    ax.annotate("note", (1, 1), xytext=(8.5, 8.5), arrowprops={"arrowstyle": "-"})

    assert_legible(figure)


def test_words_lie_on_bars():
    """A figure on a bar is not hidden by it, nor by a bar behind or a pale one in front."""
    figure, ax = blank()
    ax.bar([5], [8], width=4)
    ax.text(5, 5, "8 points", ha="center", zorder=3)
    ax.text(5, 2, "on a ground of its own", ha="center", zorder=3, bbox={"facecolor": "white"})
    ax.axvspan(2, 8, alpha=0.2, zorder=4)

    assert_legible(figure)

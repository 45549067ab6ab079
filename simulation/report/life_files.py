"""One seat's life on a screen, as a JSON document, and as a picture with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from simulation import __version__
from simulation.experiment.writing import writing
from simulation.report.charts.life import draw_life
from simulation.report.figures import blank, save, write_under
from simulation.report.language import language_of
from simulation.report.lettering import shorten
from simulation.report.style import drawing
from simulation.report.words.life import TABLE_NOTE, THEIRS, stays_table, tell

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure
    from pandas import DataFrame
    from rich.console import Console

    from simulation.statistics.lived import Lived

SIZE = (10.0, 8.8)
FRAME = (0.06, 0.1, 0.925, 0.815)
OTHER = " Dashed with crosses where a stay ends: the same seat and luck under {label}, where others may come to sit."
WIDEST = 80
"""Columns of the text, however wide the console is."""
NOTE = (
    "Expected pay is what the plan in force promises this rep; offered elsewhere: what other firms pay somebody that able. "
    "Chances are what a month's luck falls on; dismissals happen at reviews, when a quota period ends."
)


def print_life(life: Lived, console: Console) -> None:
    """The story, and a table of those who sat there."""
    from rich.table import Table
    from rich.text import Text

    say = partial(console.print, width=min(console.width, WIDEST))
    for sentence in (*tell(life), THEIRS):
        say(Text(sentence))
    if life.stays.empty:
        return
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    head, *rows = stays_table(life)
    for name in head:
        table.add_column(name, justify="left" if name in ("works for", "end") else "right", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print()
    say(table)
    say(Text(TABLE_NOTE, style="dim"))


def as_json(life: Lived) -> dict[str, Any]:
    """Everything known of the seat; what does not exist is null."""
    whose = life.whose
    found: dict[str, Any] = {
        "scenario": whose.name, "title": whose.title, "policy": whose.policy, "label": whose.label, "seat": whose.seat,
        "seats": whose.seats, "seed": whose.seed, "drawn": whose.drawn, "currency": whose.currency,
        "moved": None if whose.moved is None else {"setting": whose.moved[0], "value": whose.moved[1]},
        "sentences": list(tell(life)), "note": THEIRS, "stays": _rows(life.stays.reset_index()), "months": _rows(life.months),
    }  # fmt: skip
    return found | {"against": None if life.against is None else as_json(life.against)}


def _rows(frame: DataFrame) -> list[dict[str, Any]]:
    known = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in known.to_dict("records")]


def write_life(life: Lived, out: Path) -> Path:
    """The picture as PNG and SVG with its months as CSV, below the scenario's folder; returns the PNG's path.

    Raises
    ------
    RunError
        When the folder cannot be written.
    """
    whose = life.whose
    against = f"_against_{life.against.whose.policy}" if life.against else ""
    path = out / whose.name / "life" / f"{whose.policy}_seat{whose.seat}_seed{whose.seed}{against}"
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with drawing_life(life, path.name):
            return save(life_figure(life), path, shown_months(life))[0]


@contextmanager
def drawing_life(life: Lived, salt: str = "life") -> Iterator[None]:
    """Within it the picture is drawn and saved: with the forms of characters that its labels seem to be in."""
    import matplotlib as mpl

    whose = life.whose
    with drawing(language_of((whose.title, whose.label))), mpl.rc_context({"svg.hashsalt": salt}):
        yield


def life_figure(life: Lived) -> Figure:
    """The picture with the note and the caption under it."""
    figure = blank(*SIZE)
    draw_life(figure.add_axes(FRAME), life)
    write_under(figure, _note(life), _caption(life))
    return figure


def _note(life: Lived) -> str:
    return NOTE + (OTHER.format(label=shorten(life.against.whose.label)) if life.against else "")


def _caption(life: Lived) -> str:
    whose = life.whose
    carried = "parameters as this seed carries them" if whose.drawn else "parameters at their point values"
    return (
        f"One seat of {whose.seats}, one seed ({whose.seed}), {carried}; one life is no evidence on a policy.  {THEIRS}  "
        f"orgsim {__version__}"
    )


def shown_months(life: Lived) -> DataFrame:
    """The months, and those under the other policy below them."""
    from pandas import concat

    lives = [life, *([life.against] if life.against else [])]
    return concat([_named(one) for one in lives], ignore_index=True)


def _named(life: Lived) -> DataFrame:
    months = life.months.copy()
    months.insert(0, "policy", life.whose.policy)
    return months

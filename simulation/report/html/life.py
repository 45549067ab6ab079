"""One seat's life as a notebook shows it: its story, a table of those who sat there, and the chart; see `notebook`."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulation.report.html.markup import notes, paragraph, picture, table
from simulation.report.life_files import drawing_life, life_figure
from simulation.report.words.life import TABLE_NOTE, THEIRS, stays_table, tell

if TYPE_CHECKING:
    from simulation.statistics.lived import Lived


def life_html(life: Lived) -> str:
    """The sentences, a row a rep who sat there, and the picture."""
    head, *rows = ([escape(cell) for cell in row] for row in stays_table(life))
    stays = table(head, rows) + notes([TABLE_NOTE]) if rows else ""
    return "".join(map(paragraph, (*tell(life), THEIRS))) + stays + image_of(life)


def image_of(life: Lived) -> str:
    """The picture as an image."""
    with drawing_life(life):
        return picture(life_figure(life))

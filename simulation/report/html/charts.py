"""Charts as they stand in a page: the picture within the file, its title as a sentence, and what describes it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulation.report.figures import FRAME, SIZE, as_bytes, blank, note_of, pictures
from simulation.report.language import OTHERWISE
from simulation.report.style import drawing
from simulation.report.words.quotes import Sentence, told

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simulation.report.figures import Picture
    from simulation.statistics.summary import Summary

LARGEST = 200_000
"""[bytes] A larger drawing is kept as an image of dots, which has one size whatever is drawn."""
EDGE = 0.06
"""[inches] Kept free around what is drawn."""
TIGHT: Mapping[str, Any] = {"dpi": 150, "bbox_inches": "tight", "pad_inches": EDGE}
"""How charts of the page are saved."""


@dataclass(frozen=True)
class Chart:
    """A chart: its name, the policy it is of (empty for all), its title, what stands under it, and the image as an address.

    The image holds its own bytes and no words of a user as text, so that nothing is fetched and nothing can be run.
    """

    name: str
    policy: str
    title: Sentence
    note: str
    image: str

    @property
    def described(self) -> str:
        """A sentence for who cannot see the image."""
        return f"Chart: {self.title.text.rstrip('.')}."


def page_charts(summary: Summary, language: str = OTHERWISE) -> Iterator[Chart]:
    """Every picture of a report, in its order, as `chart_of` draws it."""
    for picture in pictures(summary):
        yield chart_of(summary, picture, language)


def chart_of(summary: Summary, picture: Picture, language: str = OTHERWISE) -> Chart:
    """A picture drawn without its title, which stands above it as text; `language` as for `style.drawing`."""
    import matplotlib as mpl

    policy = getattr(picture.draw, "keywords", {}).get("policy") or ""
    with drawing(language), mpl.rc_context({"svg.hashsalt": summary.facts.run, "svg.fonttype": "path"}):
        figure = blank(*SIZE)
        title = told(lambda: _drawn(figure, picture))
        return Chart(picture.name, policy, title, picture.note or note_of(summary, picture.kind), _address(figure))


def _drawn(figure: Figure, picture: Picture) -> str:
    """Draw a picture, and take its title off it."""
    ax = picture.draw(figure.add_axes(FRAME))
    title = " ".join(ax.get_title(loc="left").split())
    ax.set_title("", loc="left")
    return title or picture.name.replace("_", " ")


def _address(figure: Figure) -> str:
    """The image as an address that holds it: lines where they are small, else dots."""
    content = as_bytes(figure, "svg", **TIGHT)
    if len(content) <= LARGEST:
        return f"data:image/svg+xml;base64,{b64encode(content).decode()}"
    return f"data:image/png;base64,{b64encode(as_bytes(figure, 'png', **TIGHT)).decode()}"

"""What a reader needs of a figure: words that do not lie on each other, stay inside, and are large enough."""

from __future__ import annotations

from itertools import combinations

from matplotlib.text import Annotation, Text

LEAST = 8.0
"""[points] The smallest type that is read on paper."""
SLACK = 0.6
"""[pixels] By which boxes may touch: they are rounded, and hold room above and below the letters."""


def words_of(figure):
    """All texts that a figure shows, drawn; the empty and the invisible are left out."""
    figure.draw_without_rendering()
    shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return [text for text in shown if all(artist.get_visible() for artist in owners(text))]


def owners(text):
    """The axes and the axis that a text belongs to, as far as it has any."""
    return [artist for artist in (text.axes,) if artist is not None]


def box_of(text):
    """The box of the words alone, without the arrow that an annotation may have."""
    return Text.get_window_extent(text) if isinstance(text, Annotation) else text.get_window_extent()


def assert_legible(figure, *, least=LEAST):
    """No two texts of a figure overlap, none leaves it, and none is smaller than `least` points."""
    texts = words_of(figure)
    boxes = [box_of(text).padded(-SLACK) for text in texts]
    frame = figure.bbox
    names = [text.get_text().replace("\n", " / ") for text in texts]
    small = [(name, text.get_fontsize()) for name, text in zip(names, texts, strict=True) if text.get_fontsize() < least]
    outside = [
        name for name, box in zip(names, boxes, strict=True)
        if not (frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1)
    ]  # fmt: skip
    pairs = combinations(zip(names, boxes, strict=True), 2)
    over = [(one, other) for (one, box), (other, near) in pairs if box.overlaps(near)]

    assert small == []
    assert outside == []
    assert over == []

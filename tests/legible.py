"""What a reader needs of a figure: words that do not lie on each other, stay inside, are not covered, and are large enough."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import combinations
from unittest.mock import patch

import numpy as np
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.text import Text

LEAST = 8.0
"""[points] The smallest type that is read on paper."""
SLACK = 0.6
"""[pixels] By which boxes may touch: they are rounded, and hold room above and below the letters."""


@dataclass(frozen=True, eq=False)
class Words:
    """A text as it is drawn: its corners (4, 2) [pixels], tilted as it is, and when its turn came."""

    said: str
    size: float
    corners: np.ndarray
    turn: int
    clip: object
    frame: object


def assert_legible(figure, *, least=LEAST):
    """No two texts of a figure overlap, none leaves it or is cut or covered, and none is smaller than `least` points."""
    assert problems(figure, least=least) == []


def problems(figure, *, least=LEAST):
    """What is wrong with the words of a figure, a line each: "outside: ...", "overlap: ... | ..."."""
    words, covers = drawn(figure)
    frame = figure.bbox
    told = [f"small: {word.said} ({word.size:g} points)" for word in words if word.size < least - 1e-6]
    told += [f"outside: {word.said}" for word in words if not _within(word.corners, frame)]
    told += [f"cut: {word.said}" for word in words if word.clip is not None and not _within(word.corners, word.clip)]
    told += [f"overlap: {one.said} | {two.said}" for one, two in combinations(words, 2) if _meet(one.corners, two.corners)]
    told += [f"covered: {word.said}" for word in words if any(_covers(word, *cover) for cover in covers)]
    return told


def drawn(figure):
    """The words that drawing a figure really writes, and the opaque patches it paints, as (patch, turn) each.

    What is invisible, empty, a tick outside the limits or a note of a point that is not shown never gets a turn.
    """
    turns: list[object] = []

    def noting(draw):
        def draws(self, renderer, *args, **kwargs):
            turns.append(self)
            return draw(self, renderer, *args, **kwargs)

        return draws

    with ExitStack() as stack:
        for kind in (Text, Patch):
            stack.enter_context(patch.object(kind, "draw", noting(kind.draw)))
        figure.draw_without_rendering()
    shown = [(turn, artist) for turn, artist in enumerate(turns) if artist.get_visible()]
    texts = [(turn, artist) for turn, artist in shown if isinstance(artist, Text) and artist.get_text().strip()]
    words = [
        Words(_said(text), text.get_fontsize(), corners_of(text), turn, _clip(text), text.get_bbox_patch())
        for turn, text in texts
    ]
    return words, [(artist, turn) for turn, artist in shown if isinstance(artist, Patch) and _opaque(artist)]


def corners_of(text):
    """The corners (4, 2) [pixels] of the words alone, without an arrow or a frame, tilted as they are."""
    box = Text.get_window_extent(text)
    middle, tilt = np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2]), text.get_rotation()
    text.set_rotation(0.0)
    flat = Text.get_window_extent(text)
    text.set_rotation(tilt)
    angle = np.deg2rad(text.get_rotation())
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    half = np.array([flat.width, flat.height]) / 2.0 - SLACK
    return middle + (np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half) @ turn


def _said(text):
    return text.get_text().replace("\n", " / ")


def _clip(text):
    return text.get_clip_box() if text.get_clip_on() else None


def _opaque(artist):
    colour = artist.get_facecolor()
    return artist.get_fill() and colour[3] >= 1.0 and (artist.get_alpha() or 1.0) >= 1.0


def _within(corners, frame):
    low, high = corners.min(axis=0), corners.max(axis=0)
    return frame.x0 <= low[0] and high[0] <= frame.x1 and frame.y0 <= low[1] and high[1] <= frame.y1


def _meet(one, two):
    """Whether two rectangles overlap: no line along a side of either keeps them apart."""
    sides = np.concatenate([np.diff(one[:3], axis=0), np.diff(two[:3], axis=0)])
    for side in sides:
        across = np.array([-side[1], side[0]])
        first, second = one @ across, two @ across
        if first.max() <= second.min() or second.max() <= first.min():
            return False
    return True


def _covers(word, cover, turn):
    """Whether a patch is painted over words; their own frame is painted with them."""
    if turn < word.turn or cover is word.frame:
        return False
    outline = cover.get_transform().transform_path(cover.get_path())
    return outline.intersects_path(Path([*word.corners, word.corners[0]], closed=True), filled=True)

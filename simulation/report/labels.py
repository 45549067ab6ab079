"""Labels at the marks instead of a legend: placed so that they never lie on each other, and inside the axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from simulation.report.style import PAPER, SIZES, SOFT, shorten
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

RADII = (9, 13, 18, 26, 36, 50, 68, 90, 118, 150, 190, 240)
"""[points] Distances from the mark that are tried, nearest first."""
DIRECTIONS = 24
LEADER_FROM = 18
"""[points] A label further away is tied to its mark by a line."""
MARK_SIZE = 7.0
"""[points] Half the side of the box kept free around a mark."""
CROWDED = 0.27
"""Share of the axes that labels may cover before they are set smaller, and then shortened."""
GAP = 3.0
"""[points] Least distance between two labels."""
END_GAP = 20.0
"""[points] From the end of a line to its label."""
LINES = 1.05
"""Distance of the lines of a label, in heights of its font."""


@dataclass(frozen=True)
class Tag:
    """A label and the point it belongs to, in data coordinates."""

    x: float
    y: float
    text: str
    colour: str


def label_marks(ax: Axes, tags: Sequence[Tag], bars: Array) -> list[Annotation]:
    """Label points of a scatter; `bars` are boxes (bar, 4) in data coordinates (x0, y0, x1, y1) better not written on.

    Each label in turn takes the cheapest of many places around its mark, given where the others are; a few rounds settle it.
    """
    ax.autoscale_view()
    per_point = ax.figure.dpi / 72.0
    texts, sizes, font = _fitting(ax, tags)
    marks = ax.transData.transform([(tag.x, tag.y) for tag in tags]) / per_point
    frame = np.array(ax.get_window_extent().extents) / per_point
    crosses = _to_display(ax, bars) / per_point
    places = [_candidates(size) for size in sizes]
    chosen: dict[int, Array] = {}
    for _round in range(4):
        for i in np.argsort(_crowding(marks))[::-1]:
            others = np.array([_boxes(marks[j], place, sizes[j]) for j, place in chosen.items() if j != i]).reshape(-1, 4)
            chosen[i] = places[i][np.argmin(_cost(_Label(marks[i], sizes[i], places[i]), marks, frame, others, crosses))]
    notes = []
    for i, tag in enumerate(tags):
        offset = chosen[i]
        reach = offset / max(float(np.abs(offset).max()), 1e-9)
        far = float(np.linalg.norm(np.maximum(np.abs(offset) - sizes[i] / 2, 0.0))) > LEADER_FROM
        notes.append(_write(ax, tag, texts[i], offset, leaves=tuple(0.5 - reach / 2) if far else None, font=font))
    return notes


def label_ends(ax: Axes, tags: Sequence[Tag]) -> list[Annotation]:
    """Label the right ends of lines in a margin made inside the axes, each at the height of its end or near it."""
    per_point = ax.figure.dpi / 72.0
    texts = _wrapped([tag.text for tag in tags])
    frame = np.array(ax.get_window_extent().extents) / per_point
    for font in (SIZES["label"], SIZES["tick"], SIZES["note"], 7.0, 6.0, 5.0):
        sizes = _sizes(ax, texts, font)
        if (sizes[:, 1] + GAP).sum() < frame[3] - frame[1]:
            break
    ax.autoscale_view()
    low, high = ax.get_xlim()
    margin = min((sizes[:, 0].max() + END_GAP + 4.0) / (frame[2] - frame[0]), 0.6)
    ax.set_xlim(low, low + (high - low) / (1.0 - margin))
    marks = ax.transData.transform([(tag.x, tag.y) for tag in tags]) / per_point
    ends, beyond = marks[:, 1], marks[:, 0].max() - marks[:, 0]  # lines that end before the others are named in the same margin
    order = np.argsort(ends, kind="stable")
    heights = dict(zip(order, spread(ends[order], sizes[order, 1] + GAP, frame[1], frame[3]), strict=True))
    return [
        _write(
            ax, tag, texts[i], np.array([beyond[i] + END_GAP + sizes[i, 0] / 2, heights[i] - ends[i]]), leaves=(0.0, 0.5),
            font=font,
        )
        for i, tag in enumerate(tags)
    ]  # fmt: skip


def spread(centres: Array, heights: Array, low: float, high: float) -> Array:
    """Centres moved as little as possible (least squares) so that boxes of these heights do not overlap, within [low, high].

    `centres` ascend. With the room that boxes take subtracted, it is an isotonic regression.
    """
    offsets = np.concatenate([[0.0], np.cumsum((heights[1:] + heights[:-1]) / 2)])
    blocks: list[tuple[float, int]] = []
    for value in centres - offsets:
        mean, count = float(value), 1
        while blocks and blocks[-1][0] > mean:
            before, size = blocks.pop()
            mean, count = (before * size + mean * count) / (size + count), size + count
        blocks.append((mean, count))
    level = np.concatenate([np.full(count, mean) for mean, count in blocks])
    floor = low + heights[0] / 2
    ceiling = max(high - heights[-1] / 2 - offsets[-1], floor)
    return np.asarray(np.clip(level, floor, ceiling) + offsets)


def _fitting(ax: Axes, tags: Sequence[Tag]) -> tuple[list[str], Array, float]:
    """Texts, their sizes and their font, small and short enough to leave room for what they label."""
    frame = ax.get_window_extent()
    room = CROWDED * frame.width * frame.height * (72.0 / ax.figure.dpi) ** 2
    for font, most in ((SIZES["tick"], 80), (SIZES["note"], 80), (SIZES["note"], 40), (7.5, 28), (7.0, 20)):
        texts = _wrapped([shorten(tag.text, most) for tag in tags])
        sizes = _sizes(ax, texts, font)
        if sizes.prod(axis=1).sum() <= room:
            break
    return texts, sizes, font


def _wrapped(texts: Sequence[str]) -> list[str]:
    """Labels on several lines, in narrow columns while there is room for that."""
    width = 26 if sum(len(wrap(text, 26)) for text in texts) <= 14 else 42
    return ["\n".join(wrap(text, max(width, _longest_pair(text)))) for text in texts]


def _longest_pair(text: str) -> int:
    """Characters of the longest part that was joined by spaces that no line ends at; 0 where there is none."""
    return max((len(part) for part in text.split(" ") if "\N{NO-BREAK SPACE}" in part), default=0)


def _sizes(ax: Axes, texts: Sequence[str], font: float) -> Array:
    """Width and height of each text in points, (text, 2)."""
    found = []
    for text in texts:
        trial = ax.text(0.0, 0.0, text, fontsize=font, linespacing=LINES, parse_math=False)
        box = trial.get_window_extent()
        found.append((box.width, box.height))
        trial.remove()
    return np.array(found) * 72.0 / ax.figure.dpi


def _write(
    ax: Axes, tag: Tag, text: str, offset: Array, *, leaves: tuple[float, ...] | None, font: float
) -> Annotation:
    """A label at an offset [points] from its point, tied to it by a line from `leaves`, a place in its box (fractions)."""
    from matplotlib.patheffects import withStroke

    line = {"arrowstyle": "-", "color": SOFT, "lw": 0.6, "shrinkA": 1.0, "shrinkB": 3.0, "relpos": leaves}
    return ax.annotate(
        text, (tag.x, tag.y), xytext=(float(offset[0]), float(offset[1])), textcoords="offset points", fontsize=font,
        color=tag.colour, ha="center", va="center", ma="left", linespacing=LINES, parse_math=False,
        annotation_clip=False, zorder=5,
        path_effects=[withStroke(linewidth=2.5, foreground=PAPER)], arrowprops=line if leaves else None,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Label:
    mark: Array
    size: Array
    places: Array


def _candidates(size: Array) -> Array:
    """Offsets of a label's centre from its mark [points], (place, 2)."""
    angle = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    rings = [direction * (radius + size / 2 * np.minimum(np.abs(direction) * 1.5, 1.0)) for radius in RADII]
    return np.concatenate(rings)


def _boxes(mark: Array, offset: Array, size: Array) -> Array:
    centre = mark + offset
    return np.concatenate([centre - size / 2 - GAP / 2, centre + size / 2 + GAP / 2], axis=-1)


def _cost(label: _Label, marks: Array, frame: Array, others: Array, crosses: Array) -> Array:
    """How bad each place of a label is: far away, outside, on another label, a mark, a bar, or behind another label."""
    boxes = _boxes(label.mark, label.places, label.size)
    outside = np.maximum(frame[:2] - boxes[:, :2], 0.0).sum(axis=1) + np.maximum(boxes[:, 2:] - frame[2:], 0.0).sum(axis=1)
    near = np.concatenate([marks - MARK_SIZE, marks + MARK_SIZE], axis=1)
    distance = np.repeat(RADII, DIRECTIONS)
    hidden = np.array([_crosses_leader(label.mark, place, others) for place in label.places])
    return np.asarray(
        distance
        + 1e4 * (outside > 0) + 1e3 * outside
        + 1e6 * _overlaps(boxes, others)
        + 3e3 * _overlaps(boxes, near)
        + 25.0 * _overlaps(boxes, crosses)
        + 80.0 * hidden * (distance > LEADER_FROM)
    )  # fmt: skip


def _crosses_leader(mark: Array, offset: Array, others: Array) -> int:
    """How many of the other labels the line to this place would run through."""
    points = mark + offset * np.linspace(0.1, 0.9, 9)[:, None]
    inside = (points[:, None, 0] > others[:, 0]) & (points[:, None, 0] < others[:, 2])
    inside &= (points[:, None, 1] > others[:, 1]) & (points[:, None, 1] < others[:, 3])
    return int(inside.any(axis=0).sum())


def _overlaps(boxes: Array, others: Array) -> Array:
    """How many of `others` each box overlaps."""
    a, b = boxes[:, None, :], others[None, :, :]
    apart = (a[..., 0] >= b[..., 2]) | (a[..., 2] <= b[..., 0]) | (a[..., 1] >= b[..., 3]) | (a[..., 3] <= b[..., 1])
    return np.asarray((~apart).sum(axis=1))


def _crowding(marks: Array) -> Array:
    distance = np.linalg.norm(marks[:, None] - marks[None], axis=2)
    return np.asarray((1.0 / (distance + 10.0)).sum(axis=1))


def _to_display(ax: Axes, boxes: Array) -> Array:
    corners = ax.transData.transform(np.asarray(boxes, dtype=float).reshape(-1, 2)).reshape(-1, 2, 2)
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)

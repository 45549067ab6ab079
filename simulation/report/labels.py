"""Labels at the marks instead of a legend: placed so that they never lie on each other, and inside the axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.report.lettering import columns, fold, lettering, shorten_apart, shown
from simulation.report.style import LEAST_TYPE, PAPER, SIZES, SOFT, in_type
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
FAR = 100.0
"""[points] Labels further away are set smaller and cut before they are left there."""
MOST_CROSSED, FEW_COLUMNS = 3, 20
"""Bars that a label may lie on, and the columns from which on down it may lie on more, and stand where it finds room."""
TRIALS = (
    (SIZES["tick"], 80, 0.27), (LEAST_TYPE, 80, 0.27), (LEAST_TYPE, 40, 0.27), (LEAST_TYPE, 28, 0.27),
    (LEAST_TYPE, FEW_COLUMNS, 0.35), (LEAST_TYPE, 14, 1.0),
)  # fmt: skip
"""Type [points], columns of a label, and share of the axes that labels may cover: tried in turn until none lies on another."""
ENDS = (
    (SIZES["label"], 26, 3), (SIZES["tick"], 26, 3), (LEAST_TYPE, 26, 4), (LEAST_TYPE, 34, 3), (LEAST_TYPE, 34, 2),
    (LEAST_TYPE, 26, 2), (LEAST_TYPE, 34, 1), (LEAST_TYPE, 24, 1),
)  # fmt: skip
"""Type [points], columns and lines of a label at the end of a line: tried in turn until all find room."""
WIDEST = 0.46
"""Share of the axes' width that labels at the ends of lines may take."""
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
    Labels that would lie on each other are set smaller and then cut; where that is not enough the last ones have none.
    """
    ax.autoscale_view()
    per_point = ax.figure.dpi / 72.0
    frame = np.array(ax.get_window_extent().extents) / per_point
    crosses = _to_display(ax, bars) / per_point
    tags = [tag for tag in tags if np.isfinite((tag.x, tag.y)).all()]
    while tags:
        marks = ax.transData.transform([(tag.x, tag.y) for tag in tags]) / per_point
        for font, most, crowded in TRIALS:
            texts = _wrapped([tag.text for tag in tags], most)
            sizes = _sizes(ax, texts, font)
            if sizes.prod(axis=1).sum() > crowded * float(np.prod(frame[2:] - frame[:2])):
                continue
            chosen = _placed(marks, sizes, frame, crosses)
            away = np.linalg.norm(np.maximum(np.abs(chosen) - sizes / 2, 0.0), axis=1).max()
            ends = np.concatenate([marks + chosen - sizes / 2, marks + chosen + sizes / 2], axis=1)
            clear = away < FAR and _overlaps(ends, crosses).max(initial=0) <= MOST_CROSSED
            if _apart(ends, frame) and (clear or most <= FEW_COLUMNS):
                labels = zip(tags, texts, chosen, sizes, strict=True)
                return [_beside(ax, tag, text, place, size, font) for tag, text, place, size in labels]
        tags = tags[:-1]
    return []


def _placed(marks: Array, sizes: Array, frame: Array, crosses: Array) -> Array:
    """Where labels of these sizes stand: offsets of their centres from their marks [points], (label, 2)."""
    places = [_candidates(size) for size in sizes]
    chosen: dict[int, Array] = {}
    for _round in range(4):
        for i in np.argsort(_crowding(marks))[::-1]:
            others = np.array([_boxes(marks[j], place, sizes[j]) for j, place in chosen.items() if j != i]).reshape(-1, 4)
            chosen[i] = places[i][np.argmin(_cost(_Label(marks[i], sizes[i], places[i]), marks, frame, others, crosses))]
    return np.array([chosen[i] for i in range(len(marks))])


def _apart(boxes: Array, frame: Array) -> bool:
    """Whether no label lies on another and all lie inside."""
    inside = (boxes[:, :2] >= frame[:2]).all() and (boxes[:, 2:] <= frame[2:]).all()
    return bool(inside and (_overlaps(boxes, boxes) == 1).all())


def _beside(ax: Axes, tag: Tag, text: str, offset: Array, size: Array, font: float) -> Annotation:
    """A label at its place, tied to its mark where that is far."""
    reach = offset / max(float(np.abs(offset).max()), 1e-9)
    far = float(np.linalg.norm(np.maximum(np.abs(offset) - size / 2, 0.0))) > LEADER_FROM
    return _write(ax, tag, text, offset, leaves=tuple(0.5 - reach / 2) if far else None, font=font)


def label_ends(ax: Axes, tags: Sequence[Tag]) -> list[Annotation]:
    """Label the right ends of lines in a margin made inside the axes, each at the height of its end or near it.

    Labels that find no room are set smaller and then cut, but stay different. Of more lines than the axes are high the last of
    `tags` have no name, and how many they are is said above the names.
    """
    per_point = ax.figure.dpi / 72.0
    frame = np.array(ax.get_window_extent().extents) / per_point
    room = frame[2:] - frame[:2]
    for font, wide, lines in ENDS:
        texts = _cut([tag.text for tag in tags], wide, lines)
        sizes = _sizes(ax, texts, font)
        if (sizes[:, 1] + GAP).sum() < room[1] and sizes[:, 0].max() + END_GAP + 4.0 < WIDEST * room[0]:
            break
    fit = int(np.searchsorted((sizes[:, 1] + GAP).cumsum(), room[1], side="left"))
    if fit < len(tags):
        _unnamed(ax, len(tags) - fit + 1)
        tags, texts, sizes = tags[: fit - 1], texts[: fit - 1], sizes[: fit - 1]
        frame[3] -= sizes[-1, 1] + GAP
    ax.autoscale_view()
    low, high = ax.get_xlim()
    margin = min((sizes[:, 0].max() + END_GAP + 4.0) / room[0], 0.6)
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


def _unnamed(ax: Axes, count: int) -> None:
    """How many lines have no name, above those that have."""
    ax.text(
        1.0, 1.0, f"{count} without names", transform=ax.transAxes, ha="right", va="top", fontsize=SIZES["note"], color=SOFT,
        **lettering(),
    )  # fmt: skip


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


def _cut(labels: Sequence[str], wide: int, lines: int) -> list[str]:
    """Labels in at most so many lines of so many columns, as pictures can show them."""
    for most in range(wide * lines, 0, -2):
        folded = [fold(shown(text), max(wide, _longest_pair(text))) for text in shorten_apart(labels, most)]
        if max(map(len, folded)) <= lines:
            break
    return ["\n".join(text) for text in folded]


def _wrapped(labels: Sequence[str], most: int) -> list[str]:
    """Labels on several lines, in narrow columns while there is room for that."""
    texts = [shown(text) for text in shorten_apart(labels, most)]
    width = 26 if sum(len(fold(text, 26)) for text in texts) <= 14 else 42
    return ["\n".join(fold(text, max(width, _longest_pair(text)))) for text in texts]


def _longest_pair(text: str) -> int:
    """Characters of the longest part that was joined by spaces that no line ends at; 0 where there is none."""
    return max((columns(part) for part in text.split(" ") if "\N{NO-BREAK SPACE}" in part), default=0)


def _sizes(ax: Axes, texts: Sequence[str], font: float) -> Array:
    """Width and height of each text in points, (text, 2)."""
    found = []
    for text in texts:
        trial = ax.text(0.0, 0.0, text, fontsize=font, linespacing=LINES, **lettering())
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
        color=in_type(tag.colour), ha="center", va="center", ma="left", linespacing=LINES, annotation_clip=False,
        zorder=5, **lettering(),
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
    hidden = _crossed(label, others)
    return np.asarray(
        distance
        + 1e4 * (outside > 0) + 1e3 * outside
        + 1e6 * _overlaps(boxes, others)
        + 3e3 * _overlaps(boxes, near)
        + 25.0 * _overlaps(boxes, crosses)
        + 80.0 * hidden * (distance > LEADER_FROM)
    )  # fmt: skip


def _crossed(label: _Label, others: Array) -> Array:
    """How many of the other labels the line to each place would run through."""
    points = (label.mark + label.places[:, None] * np.linspace(0.1, 0.9, 9)[:, None])[:, :, None]
    inside = np.all((points > others[:, :2]) & (points < others[:, 2:]), axis=3)
    return np.sum(np.any(inside, axis=1), axis=1)


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

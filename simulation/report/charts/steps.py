"""Axes whose places are the levels of a factor: numbers, words, or parts of a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.report.lettering import lettering, shorten, shown
from simulation.report.style import SIZES
from simulation.report.words.sweep import value_text

if TYPE_CHECKING:
    from matplotlib.axis import Axis

    from simulation.statistics.swept_views import Steps

MOST_TICKS = 12
MOST_LOG = 7
LONGEST = 18
"""Characters of a tick's label."""
SLANTED = 46
"""Characters of all labels together from which on those of a horizontal axis are slanted."""


def put_ticks(axis: Axis, steps: Steps, *, slant: bool) -> None:
    """Ticks at the places 0, 1, ... of a factor's levels, or at the edges between its parts; not more than can be read."""
    words = len(steps.levels) - (0 if steps.edges is None else len(steps.edges) - 1)
    places: list[float] = list(range(words))
    labels = [tick_text(level) for level in steps.levels[:words]]
    if steps.edges is not None:
        places += [words + place - 0.5 for place in range(len(steps.edges))]
        labels += [tick_text(float(edge)) for edge in steps.edges]
    kept = _kept(len(places))
    labels = [labels[k] for k in kept]
    axis.set_ticks([places[k] for k in kept], [shown(label) for label in labels], **lettering())
    if slant and sum(map(len, labels)) > SLANTED:
        for label in axis.get_ticklabels():
            label.set(rotation=30, ha="right", rotation_mode="anchor")
    if max(map(len, labels)) > LONGEST - 4:
        axis.set_tick_params(labelsize=SIZES["note"])


def put_log_ticks(axis: Axis, steps: Steps) -> None:
    """Ticks of a logarithmic axis as plain numbers: the values themselves, or where there are many 1, 2, 5, 10 and so on."""
    from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

    levels = steps.levels if steps.edges is None else steps.edges
    places = [float(level) for level in levels]
    if len(places) > MOST_LOG:
        low, high = min(places), max(places)
        powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
        places = [tick for power in powers for step in (1, 2, 5) if low <= (tick := float(f"{step}e{power}")) <= high]
    axis.set_major_locator(FixedLocator(places))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FixedFormatter([tick_text(place) for place in places]))


def tick_text(level: object) -> str:
    """A level on an axis; the setting of a lever that is off has none."""
    return "(off)" if level is None else shorten(value_text(level), LONGEST)


def _kept(count: int) -> list[int]:
    """Which of so many ticks are shown: all, or evenly spaced ones with both ends."""
    if count <= MOST_TICKS:
        return list(range(count))
    step = next(step for step in range(2, count) if (count - 1) / step + 1 <= MOST_TICKS)
    return [int(k) for k in np.arange(0, count, step)]

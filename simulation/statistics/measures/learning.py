"""Learning: how fast new reps ramp, what is tried, what is shared."""

from __future__ import annotations

import numpy as np

from simulation.statistics.measures.span import Span, ratio
from simulation.vocabulary import Array


def ramp_months(span: Span) -> Array:
    """Geometric mean of months to 90% of full productivity, over reps who reached it."""
    return np.asarray(np.exp(ratio(span.total("ramp_log_months"), span.total("ramp_count"))))


def proposals(span: Span) -> Array:
    """New plays proposed in a year."""
    return span.yearly("proposals")


def successes(span: Span) -> Array:
    """Trials that succeed in a year."""
    return span.yearly("successes")


def sharing_share(span: Span) -> Array:
    """Share of reps who add to shared knowledge in a month."""
    return ratio(span.total("sharers"), span.total("filled"))

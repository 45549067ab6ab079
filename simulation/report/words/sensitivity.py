"""What a sensitivity analysis says in words: names of what varies, messages of the pictures, and what to keep in mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.evidence.measures import MEASURES, Measure
from simulation.report.lettering import shorten
from simulation.report.style import Scale, scale_of
from simulation.statistics.sensitivity.analyse import CLEAR, NOISE
from simulation.statistics.sensitivity.converged import NOT_CONVERGED
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.statistics.sensitivity.analyse import Sensitivity

LUCK = "luck (noise of the simulator)"
MOST_HELD = 6
WORTH_A_WORD = 0.05
"""Share of the variance from which on a pair is named."""
CONSISTENT = 0.8
"""Share of mu* that |mu| must be for an effect to be told with its sign."""


def names_of(paths: Iterable[str]) -> dict[str, str]:
    """A name a path, that tells all of them apart: lever and setting, or group and parameter."""
    last = {path: " ".join(path.split(".")[2 if path.startswith("policies.") else 1 :]).replace("_", " ") for path in paths}
    times = Counter(last.values())
    return {path: name if times[name] == 1 else " ".join(path.split(".")).replace("_", " ") for path, name in last.items()}


def measure_of(found: Sensitivity, key: str) -> Measure:
    """The measure, in the scenario's currency."""
    return replace(MEASURES[key], currency=found.scenario.currency)


def effect_scale(found: Sensitivity, key: str) -> Scale:
    """The scale on which effects on a measure are easy to read."""
    return scale_of(measure_of(found, key), found.screening[key].mu_star)


def figure_words(found: Sensitivity, key: str) -> str:
    """What is analysed: "the difference in contribution that Growth mix makes"."""
    label = measure_of(found, key).label.lower()
    name = shorten(found.policy.label)
    return f"{label} under {name}" if found.request.level else f"the difference in {label} that {name} makes"


def ranks_title(found: Sensitivity, key: str, indices: DataFrame) -> str:
    """The message: what most of the variance hangs on, or that it is not known."""
    what = figure_words(found, key)
    rows = indices[(indices["path"] != NOISE) & (indices["total_state"] != NOT_CONVERGED)]
    if rows.empty:
        why = next(iter(found.told[key].reasons), "no share is known well enough to be told").partition(";")[0]
        return f"What {what} hangs on has {NOT_CONVERGED}: {why}"
    first: dict[Any, Any] = rows.sort_values("total", ascending=False).to_dict("records")[0]
    open_rows = indices[(indices["path"] != NOISE) & (indices["total_state"] == NOT_CONVERGED)]
    wider = open_rows[open_rows["total_high"] > first["total"]]
    if not wider.empty:
        names = " and ".join(wider["name"].tolist()[:2]) + (" and more" if len(wider) > 2 else "")
        verb = "has" if len(wider) == 1 else "have"
        rest = f"of the others {first['name']} explains most, {100 * first['total']:.0f}%"
        return f"What {what} hangs on most is open: {names} {verb} {NOT_CONVERGED}; {rest}"
    return f"{what[0].upper()}{what[1:]} hangs most on {first['name']}: {100 * first['total']:.0f}% of its variance"


def screening_title(found: Sensitivity, key: str) -> str:
    """The message: how many of what varied move the figure more than luck does."""
    own = found.screening[key]
    clear = int(np.nansum(own.mu_star > CLEAR * np.nan_to_num(own.luck)))
    whole = f"{clear} of {counted(len(found.factors), 'factor')} clearly {'moves' if clear == 1 else 'move'}"
    if not clear:
        return f"None of {counted(len(found.factors), 'factor')} clearly moves {figure_words(found, key)}"
    names = names_of([factor.path for factor in found.factors])
    return f"{whole} {figure_words(found, key)}, most of all {names[found.factors[int(np.nanargmax(own.mu_star))].path]}"


def interactions_title(found: Sensitivity, key: str, interactions: DataFrame) -> str:
    """The message: the strongest pair, if one stands out."""
    told = interactions[interactions["second_state"] != NOT_CONVERGED]
    label = measure_of(found, key).label.lower()
    if told.empty:
        return f"Which pairs matter together for {label} has {NOT_CONVERGED}"
    best: dict[Any, Any] = told.sort_values("second", ascending=False).to_dict("records")[0]
    rest = len(interactions) - len(told)
    tail = f"; {rest} {'has' if rest == 1 else 'have'} {NOT_CONVERGED}" if rest else ""
    if best["second"] < WORTH_A_WORD or best["second_low"] <= 0.0:
        return f"No pair is known to explain {100 * WORTH_A_WORD:.0f}% of the variance of {label} only together{tail}"
    pair = f"{best['one_name']} and {best['other_name']}"
    share = f"{100 * best['second']:.0f}% of the variance of {label}"
    return f"{pair[0].upper()}{pair[1:]} explain {share} only together{tail}"


def undrawn_notes(found: Sensitivity) -> list[str]:
    """Of each measure that lacks a picture, why."""
    return [f"{measure_of(found, key).label}: {sentence}" for key in found.indices if (sentence := undrawn(found, key))]


def size_text(found: Sensitivity) -> str:
    """How large the organisation was."""
    small = found.scenario
    return f"{counted(small.seats, 'seat')}, {counted(small.months, 'month')}, {counted(small.seed_count, 'seed')}"


def within(low: float, high: float) -> tuple[float, float] | None:
    """The part of a share's interval that lies in 0 to 1; None where no part does, or where it leaves everything open."""
    if not np.isfinite([low, high]).all() or high < 0.0 or low > 1.0 or (low <= 0.0 and high >= 1.0):
        return None
    return max(low, 0.0), min(high, 1.0)


def span_text(low: float, high: float) -> str:
    """The interval of a share, "19 to 40%", in finer steps where it is narrow; empty where it says nothing."""
    ends = within(low, high)
    for digits in (0, 1) if ends else ():
        one, other = (f"{100 * end:.{digits}f}" for end in ends or ())
        if one != other:
            return f"{one} to {other}%"
    return ""


def luck_sentence(found: Sensitivity, key: str) -> str:
    """How much of what is seen is luck."""
    noise = found.indices[key].noise
    share, low, high = (100 * min(max(float(x), 0.0), 1.0) for x in noise)
    text = f"Luck makes {share:.0f}% ({low:.0f} to {high:.0f}%) of the variance between points"
    return f"{text}; it is taken out of the shares above" if found.told[key].anything else text


def pairs_told(found: Sensitivity, key: str) -> bool:
    """Whether the share of any pair has converged."""
    count = len(found.kept)
    return bool(found.told[key].second[np.triu_indices(count, 1)].any())


def undrawn(found: Sensitivity, key: str) -> str:
    """Which pictures of a measure there are not, and why; empty where there are all."""
    if not found.told[key].anything:
        return f"no share of the variance has converged, so none is shown: {'; '.join(found.told[key].reasons)}"
    if len(found.kept) > 1 and not pairs_told(found, key):
        return "what two factors explain only together has not converged for any pair, so there is no picture of pairs"
    return ""


def sum_sentence(found: Sensitivity, key: str) -> str:
    """How much is explained by factors one by one; empty where that has not converged."""
    own, told = found.indices[key], found.told[key]
    if not told.first.all():
        return ""
    share = 100 * min(max(float(own.summed.value), 0.0), 1.0)
    return f"One by one the factors explain {share:.0f}%, the rest is interactions"


def caveats(found: Sensitivity) -> list[str]:
    """What to keep in mind, a sentence each, without the full stop."""
    told = []
    others = len(found.factors) - len(found.kept)
    if found.indices and others:
        worst = max(found.left[key] for key in found.indices)
        told.append(
            f"shares are those of the {counted(len(found.kept), 'factor')} that survived; the other {others} stayed where the "
            f"scenario has them, and had up to {100 * worst:.0f}% of the squared effects in the screening"
        )
    if found.held:
        names = ", ".join(found.held[:MOST_HELD]) + (", ..." if len(found.held) > MOST_HELD else "")
        told.append(f"not varied, as they have no range of their own: {names}")
    if found.promised:
        told.append("costs were made equal for the policy as it stands, not at every point")
    if found.refused:
        reasons = "; ".join(found.reasons[:2])
        told.append(f"{found.refused:,} of {found.points:,} points have no figure{f': {reasons}' if reasons else ''}")
    told += [f"{measure_of(found, key).label}: {sentence}" for key, sentence in found.failed.items()]
    return told


def with_names(frame: DataFrame, names: Mapping[str, str]) -> DataFrame:
    """A table with the names of its paths."""
    if "path" in frame:
        return frame.assign(name=[names.get(path, LUCK) for path in frame["path"]])
    return frame.assign(one_name=[names[path] for path in frame["one"]], other_name=[names[path] for path in frame["other"]])


def direction(mu: float, mu_star: float) -> str:
    """Whether more of a factor means more of the figure: "+", "−", or "±" where it depends or there is no order."""
    if not np.isfinite(mu) or abs(mu) < CONSISTENT * mu_star:
        return "±"
    return "+" if mu > 0 else "−"


def ordered(indices: DataFrame) -> DataFrame:
    """Rows of a measure, the largest total first by the middle of its interval, luck last."""
    factors = indices[indices["path"] != NOISE]
    middle = 0.5 * (factors["total_low"] + factors["total_high"])
    order = list(factors.index[np.argsort(-middle.to_numpy(), kind="stable")])
    return indices.loc[[*order, *indices.index[indices["path"] == NOISE]]]

"""What stands behind an interval, and how sure a rank is: in words, and as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simulation.report.words.phrases import called, listed
from simulation.report.words.quotes import PERCENT, quote

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

SHARES = (
    "chance / parameters: shares in the variance behind each interval. Chance falls with more seeds, parameters do not. "
    "Where parameters matter little their share is an upper bound rather than an estimate."
)
NAMED = 4
"""Parameters that the scenario sets itself, named in the line; the others are counted."""


def share_lines(summary: Summary, key: str) -> list[str]:
    """The two shares behind the interval of each policy's difference in a measure, on one line; none where nothing is drawn."""
    if summary.facts.draws is None or not summary.others:
        return []
    said = [f"{summary.labels[policy]} {_both(summary.value(policy, key, 'diff_chance'))}" for policy in summary.others]
    return [f"chance / parameters: {', '.join(said)}"]


def _both(chance: float) -> str:
    if math.isnan(chance):
        return "–"
    percent = round(100 * chance)
    return f"{percent} / {100 - percent}%"


def draw_sentences(summary: Summary) -> list[str]:
    """What was drawn, what the shares mean, and what was held fixed or brought back; none where nothing is drawn."""
    facts = summary.facts.draws
    if facts is None:
        return []
    if not facts.drawn:
        return [f"No parameter was drawn: the scenario sets {_names(facts.fixed)} itself." if facts.fixed else "No draw varies."]
    count = len(facts.drawn)
    what = f"{count} parameter{'s' if count > 1 else ''}"
    said = [f"drawn: {what}, a draw a seed, the same for all policies ({_names(facts.drawn)})."]
    if facts.fixed:
        verb = "were" if len(facts.fixed) > 1 else "was"
        said.append(f"{len(facts.fixed)} more {verb} not drawn, for the scenario sets {_names(facts.fixed)}.")
    back, values = facts.brought_back
    if back:
        said.append(f"{back} of {values} drawn values lay outside their range and stand at its end.")
    return [" ".join([*said, SHARES])]


def rank_sentences(summary: Summary) -> list[str]:
    """Each policy's rank by the objective with the probability that it holds; none where nothing is drawn."""
    if not summary.ranks or not summary.others:
        return []
    places: dict[str, list[str]] = {}
    for policy, (rank, _) in sorted(summary.ranks.items(), key=lambda item: item[1].rank or 0):
        if rank is None:
            return ["No ranks: in no seed do all policies have the objective."]
        place = quote(summary, "", policy, "rank.place")
        places.setdefault(place, []).append(f"{summary.labels[policy]} ({rank_chance(summary, policy)})")
    said = [
        f"rank {place}, no material difference: {', '.join(own)}" if len(own) > 1 else f"rank {place}: {own[0]}"
        for place, own in places.items()
    ]
    objective = summary.measures[summary.facts.objective].label.lower()
    return [f"Ranks by {objective}, with the probability that each holds: {'; '.join(said)}."]


def rank_words(summary: Summary, policy: str, *, mates: bool = True) -> str:
    """How sure a policy's rank is; empty where nothing is drawn or one seed cannot tell.

    "Growth mix shares rank 1 with Steeper (no policy is materially better); that holds with probability 99%". Without `mates`,
    as in titles, "rank 1 holds with probability 71%"; nothing of a rank that is shared, or where what is gained is not decided.
    """
    rank = summary.ranks.get(policy)
    if rank is None or rank.rank is None or math.isnan(rank.holds):
        return ""
    same = rank_mates(summary, policy)
    if not mates and (same or summary.value(policy, summary.facts.objective, "decided") in ("open", "same")):
        return ""
    place, meaning = quote(summary, "", policy, "rank.place"), " (no policy is materially better)" if rank.rank == 1 else ""
    if not mates:
        return f"rank {place} holds with probability {rank_chance(summary, policy)}"
    if same:
        shared = f"{called(summary, policy)} shares rank {place} with {listed([called(summary, mate) for mate in same])}{meaning}"
        return f"{shared}; that holds with probability {rank_chance(summary, policy)}"
    return f"rank {place} of {called(summary, policy)}{meaning} holds with probability {rank_chance(summary, policy)}"


def rank_mates(summary: Summary, policy: str) -> list[str]:
    """Other policies of the same rank: there is no material difference in the objective between them."""
    rank = summary.ranks.get(policy)
    return [one for one in summary.policies if rank and one != policy and summary.ranks[one].rank == rank.rank]


def rank_chance(summary: Summary, policy: str) -> str:
    """The probability that a policy's rank holds: "71%", "over 99%"."""
    if math.isnan(summary.ranks[policy].holds):
        return "one seed cannot tell"
    return f"{quote(summary, '', policy, 'rank.holds', form='chance', scale=PERCENT)}%"


def shares_json(chance: float) -> dict[str, float | None]:
    """The two shares as a document; null where an interval has no width."""
    if math.isnan(chance):
        return {"chance": None, "parameters": None}
    return {"chance": float(chance), "parameters": 1.0 - float(chance)}


def ranks_json(summary: Summary) -> dict[str, Any] | None:
    """Ranks as a document; null where nothing is drawn."""
    if not summary.ranks:
        return None
    return {
        policy: {"rank": rank.rank, "holds": None if math.isnan(rank.holds) else rank.holds}
        for policy, rank in summary.ranks.items()
    }


def draws_json(summary: Summary) -> dict[str, Any] | None:
    """What was drawn, as a document; null where nothing is."""
    facts = summary.facts.draws
    if facts is None:
        return None
    back, values = facts.brought_back
    return {
        "drawn": list(facts.drawn), "fixed": list(facts.fixed), "brought_back": back, "values": values,
        "levels_follow": facts.anchored,
    }  # fmt: skip


def _names(paths: tuple[str, ...]) -> str:
    more = len(paths) - NAMED
    return ", ".join(paths[:NAMED]) + (f" and {more} more" if more > 0 else "")

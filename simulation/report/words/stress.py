"""How the best policy does in other worlds, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.report.words.quotes import count, quote
from simulation.statistics.caveats import FEW_SEEDS
from simulation.statistics.findings import Findings
from simulation.statistics.recommend import recommend

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary


def stress_sentence(summary: Summary, stress: Mapping[str, Summary]) -> str:
    """In how many of the other worlds the best policy stays best by the objective, which is best elsewhere, and how sure that is.

    A policy that is not shown to be better to begin with cannot stay best: of it the best mean is counted.
    """
    findings = Findings(summary, stress)
    found = recommend(summary)
    best, shown = found.leader, found.policy or summary.baseline
    places: dict[str | None, list[str]] = {}
    for world, result in stress.items():
        places.setdefault(recommend(result).leader, []).append(world_name(world))
    said = []
    if best is not None:
        stays = places.pop(best, [])
        where = f" ({', '.join(stays)})" if stays else ""
        does = "stays best" if best == shown else "has the best mean"
        of = f"{quote(findings, '', best, 'worlds.best')} of {count(findings, 'worlds.all', 'world')}"
        said.append(f"{summary.labels[best]} {does} in {of}{where}")
    for policy, worlds in places.items():
        where = " and ".join(f"in {world}" for world in worlds)
        said.append(f"best is {summary.labels[policy]} {where}" if policy else f"no policy meets every requirement {where}")
    return f"Stress ({_stress_size(findings)}): {'; '.join(said)}."


def best_in(findings: Findings, policy: str, who: str) -> str:
    """In how many stress worlds a policy has the best mean: "Growth mix has the best mean in 2 of 3 stress worlds"."""
    if len(findings.stress) == 1:
        (result,) = findings.stress.values()
        best = recommend(result).leader == policy
        return f"{who} {'has' if best else 'does not have'} the best mean in the one stress world"
    of = f"{quote(findings, '', policy, 'worlds.best')} of {count(findings, 'worlds.all', 'stress world')}"
    return f"{who} has the best mean in {of}"


def world_name(world: str) -> str:
    """What a stress world is called: its file without folder and ending."""
    return Path(world).stem


def _stress_size(findings: Findings) -> str:
    fewest = min(result.facts.seeds for result in findings.stress.values())
    notes = [f"{count(findings, 'worlds.seeds', 'seed')} a world{', rough' if fewest < FEW_SEEDS else ''}"]
    if findings.summary.moved:
        notes.append("costs not made equal again")
    return ", ".join(notes)

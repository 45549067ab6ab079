"""Which assumed parameters matter most to a study, kept so that the same study with other seeds need not find out again.

    <out>/screens/<digest>.json      {"study": ..., "ranking": [{"name", "change", "policy", "measure"}, ...]}

The digest is of all that the ranking depends on: policies, parameters with their ranges, world, size of the small
organisation, what counts as material, and the engine's source. A file that cannot be read is not used, and that is said.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.experiment.digests import digest_of, engine_digest, source_digest
from simulation.experiment.store import ID_LENGTH, replace_file

if TYPE_CHECKING:
    from simulation.experiment.moved import Moves
    from simulation.scenario import Scenario

CODE = ("experiment/moved.py", "statistics/screening.py", "statistics/moved.py", "statistics/measures")
"""What a ranking depends on besides the engine."""
IRRELEVANT = ("name", "title", "question", "objective", "require", "stress")
"""Parts of a scenario as resolved that no ranking depends on."""


@dataclass(frozen=True)
class Ranked:
    """A parameter and the largest change it makes to a difference, in material differences: to which policy and measure."""

    name: str
    change: float
    policy: str
    measure: str


@dataclass(frozen=True)
class Screen:
    """Parameters, those that matter most first."""

    ranking: tuple[Ranked, ...]


def screen_digest(scenario: Scenario, moves: Moves, measures: Sequence[str]) -> str:
    """What the file of a ranking is called."""
    resolved = {key: value for key, value in scenario.resolved().items() if key not in IRRELEVANT}
    policies = {key: {**policy, "label": ""} for key, policy in resolved["policies"].items()}
    ends = [[row.path, *ends] for row, ends in moves.ends]
    code = [engine_digest(), source_digest(*CODE)]
    content = {**resolved, "policies": policies, "ends": ends, "measures": list(measures), "code": code}
    return digest_of(content)[:ID_LENGTH]


def read_screen(folder: Path, digest: str) -> tuple[Screen | None, tuple[str, ...]]:
    """A ranking that was kept, if any, and a sentence when its file is damaged."""
    path = folder / f"{digest}.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        ranking = tuple(
            Ranked(str(r["name"]), float(r["change"]), str(r["policy"]), str(r["measure"]))
            for r in content["ranking"]
        )
    except FileNotFoundError:
        return None, ()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None, (f"{path} is damaged and was not used; assumptions were screened again",)
    return Screen(ranking), ()


def write_screen(folder: Path, digest: str, study: str, screen: Screen) -> tuple[str, ...]:
    """Keep a ranking; where that fails, a sentence says so and nothing is lost but time."""
    content = {"study": study, "ranking": [asdict(ranked) for ranked in screen.ranking]}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / f"{digest}.json", (json.dumps(content, indent=1) + "\n").encode())
    except OSError as problem:
        return (f"{folder} cannot be written ({problem.strerror}); the next run screens assumptions again",)
    return ()

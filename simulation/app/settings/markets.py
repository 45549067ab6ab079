"""The worlds that a page can be set to: an industry pack, and a market condition over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from simulation.scenario import Scenario, read_scenario, read_world, shipped_packs, shipped_studies, shipped_worlds
from simulation.scenario.faults import Faults
from simulation.scenario.world import World


@lru_cache(maxsize=1)
def packs() -> Mapping[str, World]:
    """The shipped industry packs by name."""
    return shipped_packs()


@lru_cache(maxsize=1)
def conditions() -> Mapping[str, World]:
    """The shipped worlds that are laid over a pack, by name."""
    faults = Faults("orgsim")
    others = {name: path for name, path in shipped_worlds().items() if name not in packs()}
    worlds = {name: read_world(path, f"worlds/{path.name}", faults) for name, path in others.items()}
    faults.raise_any()
    return worlds


@lru_cache(maxsize=1)
def study_titles() -> Mapping[str, str]:
    """The titles of the shipped studies by name, the one that opens first at the head."""
    return {name: read_scenario(path, luck_only=True).title for name, path in shipped_studies().items()}


def file_of(name: str) -> str:
    """A shipped world as a scenario names it."""
    return f"worlds/{name}.toml"


@dataclass(frozen=True)
class Place:
    """The world of a scenario, taken apart: its pack, the condition over it, and whatever else lies over them."""

    pack: str
    condition: str
    others: tuple[str, ...]

    @classmethod
    def of(cls, world: tuple[str, ...]) -> Place:
        """What the entries of `world` are; a pack or condition before the last one counts among the others."""
        shipped = {name: PurePosixPath(name).stem for name in world if name == file_of(PurePosixPath(name).stem)}
        pack = next((stem for stem in reversed(shipped.values()) if stem in packs()), "")
        condition = next((stem for stem in reversed(shipped.values()) if stem in conditions()), "")
        return cls(pack, condition, tuple(name for name in world if shipped.get(name, name) not in (pack, condition)))

    @property
    def world(self) -> tuple[str, ...]:
        """The entries of `world` again, the pack first and the condition last."""
        first = (file_of(self.pack),) if self.pack else ()
        last = (file_of(self.condition),) if self.condition else ()
        return (*first, *self.others, *last)


def anchoring(scenario: Scenario) -> tuple[bool, str]:
    """Whether levels are anchored under this baseline, and the sentence that says so."""
    place = Place.of(scenario.world)
    if not place.pack:
        if scenario.packs:
            return True, "Levels are anchored as far as the study's own world says."
        return False, "No industry pack: levels are not anchored, so only differences between policies mean anything."
    title, ordinary = packs()[place.pack].title, packs()[place.pack].ordinary
    baseline = scenario.policy(scenario.baseline)
    if scenario.firm is not None:
        return True, f"Levels are anchored to the numbers of [firm], and to those of {title} where it gives none."
    if all(lever == ordinary.get(key, type(lever)()) for key, lever in baseline.levers.items()):
        return True, f"Levels are anchored: the baseline is the ordinary plan of {title}, under which its numbers were solved."
    return False, (
        f"Levels are not anchored under this baseline: {title} shows its usual turnover and sales under its ordinary plan only."
    )

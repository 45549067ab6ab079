"""What a calibration fits, from `evidence/calibration.toml`, and the work it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from simulation.calibration.findings import PACKS, Finding, find
from simulation.calibration.problem import Moment, Problem, Unknown
from simulation.calibration.published import Published, keys_of
from simulation.calibration.search import Search
from simulation.errors import CalibrationError
from simulation.evidence.read import declared_parameters, evidence_table, nearest
from simulation.evidence.targets import Target, targets

CONFIGURATION = "calibration.toml"
KEYS = ("packs", "draws", "seed", "parameters", "search")


@dataclass(frozen=True)
class Configuration:
    """Packs whose levels are anchored, unknowns, the global search, and the number of draws."""

    packs: tuple[str, ...]
    unknowns: tuple[Unknown, ...]
    search: Search
    draws: int
    seed: int

    @cached_property
    def values(self) -> dict[tuple[str, str], float]:
        """The unknowns' declared values."""
        return {one.key: one.row.value for one in self.unknowns}

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Targets that parameters may be fitted to; those of a pack's levels are met by anchoring."""
        return tuple(
            target for target in targets().values()
            if target.role == "calibrate" and target.expressed and not target.scenario.startswith(PACKS)
        )  # fmt: skip

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The scenarios of these targets."""
        return find(self.targets)

    def problem(self, published: Published) -> Problem:
        """The problem that a simulation of findings poses."""
        by_id = {target.id: target for finding in self.findings for target in finding.targets}
        return Problem(self.unknowns, tuple(Moment.of(by_id[name]) for name in published.names), published)


def read_configuration(tables: Mapping[str, Any] | None = None) -> Configuration:
    """The committed configuration. Raises CalibrationError with a sentence for every fault."""
    told = evidence_table(CONFIGURATION) if tables is None else tables
    rows = declared_parameters().rows
    faults = [f"{CONFIGURATION}: there is no key {key}; it has {', '.join(KEYS)}" for key in told if key not in KEYS]
    faults += [f"{CONFIGURATION}: {key} is missing" for key in KEYS if key not in told]
    if not faults:
        known = [f"{group}.{name}" for group, name in rows]
        for name in (*told["parameters"], *told["search"]["parameters"]):
            if name not in known:
                faults.append(f"{CONFIGURATION}: there is no parameter {name}; the nearest is {nearest(name, known)}")
        strange = [name for name in told["search"]["targets"] if name not in targets()]
        faults += [f"{CONFIGURATION}: search.targets names {name}, which is no target" for name in strange]
    if faults:
        raise CalibrationError(faults)
    own = told["search"]
    search = Search(keys_of(own["parameters"]), tuple(own["targets"]), own["population"], own["generations"], told["seed"])
    unknowns = tuple(Unknown(rows[key]) for key in keys_of(told["parameters"]))
    return Configuration(tuple(told["packs"]), unknowns, search, told["draws"], told["seed"])

"""Cells simulated again, from what the store says of them, and compared with what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.errors import ScenarioError
from simulation.experiment.batch.batch import MONTHS, Batch, figures, months
from simulation.experiment.batch.recipes import CELL_CODE, CODE, ENGINE, FLOATS, KEPT, variant_of, world_recipe
from simulation.experiment.batch.variants import Reduction, Variant
from simulation.experiment.cells.cells import Cells
from simulation.experiment.cells.contents import pack_block, unpack, unpack_figures
from simulation.experiment.digests import engine_digest, fingerprint, source_digest
from simulation.experiment.execute import Progress, counter
from simulation.experiment.listing import Listed
from simulation.experiment.work.workers import Advance, Workers
from simulation.scenario import Scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray

CELLS = 20
"""Cells that are made again unless another number is asked for."""
NAMED = 5
"""Settings that a cell is named by at most."""
CLOSE = 1e-9
"""Relative, where the floating point of two machines differs; otherwise every bit must agree."""


@dataclass(frozen=True)
class Verified:
    """What became of cells that were made again.

    run : name of the run; cells : how many were made again, of `kept` in all
    exact : whether every bit was compared, or figures to `CLOSE`
    wrong : sentences on cells that do not agree
    skipped : cells that were drawn, and passed over because their figures were worked out by other code than there is now
    """

    run: str
    cells: int
    kept: int
    exact: bool
    wrong: tuple[str, ...]
    skipped: int = 0


def verify_run(
    listed: Listed, reductions: Sequence[Reduction], *, count: int = CELLS, seed: int = 1, progress: Progress | None = None
) -> Verified:
    """Make random cells of a run again, one by one in this process, and compare.

    Parameters
    ----------
    listed : Listed
        From `find_run`.
    reductions : what cells may have been reduced by
    count : cells to make again
    seed : of the choice
    progress : called with (done, total, what), in rep-months

    Raises
    ------
    ScenarioError
        When the cells come from another engine or version, or none is kept that can be compared.
    """
    with Cells(listed.folder.parent, reading=True) as cells:
        kept = cells.cells_of(listed.run)
        if not kept:
            raise ScenarioError(f"{listed.run}: no cell is kept, so there is nothing to compare; start the run's command again")
        order = [kept[k] for k in np.random.default_rng(seed).permutation(len(kept))]
        places, skipped = _comparable(cells, order, count, reductions)
        recipes = [(*cells.recipe(variant), cells.cell(variant, number), number) for variant, number in places]
    if not places:
        raise ScenarioError(
            f"{listed.run}: the figures of all {len(kept):,} kept cells were worked out by other code, so they cannot be "
            "compared; start the run's command again"
        )
    ready = [(*_ready(world, own, number), world, content) for world, own, content, number in recipes]
    advance = counter(progress, sum(scenario.seats * scenario.months for scenario, *_ in ready), "verifying")
    exact, wrong = True, []
    for (scenario, variant, world, content), (_, number) in zip(ready, places, strict=True):
        same_floats = world[FLOATS] == fingerprint()
        exact = exact and same_floats
        if content is None:
            wrong.append(f"{_name(scenario, variant)}, seed {number}: damaged; start the run's command again to mend it")
        elif not _agrees(scenario, variant, world[KEPT], content, reductions, exact=same_floats, advance=advance):
            wrong.append(f"{_name(scenario, variant)}, seed {number}: other figures are kept than are simulated now")
    return Verified(listed.run, len(places), len(kept), exact, tuple(wrong), skipped)


def _comparable(
    cells: Cells, order: Sequence[tuple[int, int]], count: int, reductions: Sequence[Reduction]
) -> tuple[list[tuple[int, int]], int]:
    """The first cells, so many, that were made by the code there is; and how many were passed over for them.

    Raises ScenarioError when a cell comes from another engine.
    """
    known: dict[int, bool] = {}
    places: list[tuple[int, int]] = []
    skipped = 0
    for variant, seed in order:
        if len(places) == count:
            break
        if variant not in known:
            world, _ = cells.recipe(variant)
            if world[ENGINE] != engine_digest():
                raise ScenarioError(
                    "this run was made by another engine, so its cells cannot be compared; make it again with this one"
                )
            readable = world[KEPT] == MONTHS or _reduction(world[KEPT], reductions) is not None
            known[variant] = readable and world.get(CODE) == source_digest(*CELL_CODE)
        if known[variant]:
            places.append((variant, seed))
        else:
            skipped += 1
    return sorted(places), skipped


def _reduction(kept: Any, reductions: Sequence[Reduction]) -> Reduction | None:
    """The reduction behind what is kept of a cell; None where its code has changed."""
    return next((one for one in reductions if [list(one.columns), one.digest] == kept), None)


def _ready(world: dict[str, Any], own: dict[str, Any], seed: int) -> tuple[Scenario, Variant]:
    scenario, variant = variant_of(world, own)
    again = world_recipe(scenario, world[KEPT])
    if any(again[name] != world[name] for name in again if name != FLOATS):
        raise ScenarioError(
            "this run's draws or parameters are not those of this version of orgsim, so it cannot be made again here"
        )
    return replace(scenario, first_seed=seed), variant


def _name(scenario: Scenario, variant: Variant) -> str:
    """A variant by the settings in which it differs from the baseline, and the parameters moved."""
    base = scenario.policy(scenario.baseline).levers
    own = [
        f"{key}.{name}={getattr(lever, name)}"
        for key, lever in variant.policy.levers.items()
        for name in type(lever).model_fields
        if getattr(lever, name) != getattr(base[key], name)
    ]
    told = [*own, *(f"{'.'.join(key)}={value:g}" for key, value in variant.moved)] or ["the baseline"]
    more = [f"{len(told) - NAMED} more"] if len(told) > NAMED else []
    return ", ".join([*told[:NAMED], *more])


def _agrees(
    scenario: Scenario,
    variant: Variant,
    kept: Any,
    content: bytes,
    reductions: Sequence[Reduction],
    *,
    exact: bool,
    advance: Advance | None,
) -> bool:
    """Whether a cell simulated again is the one that is kept, in all that it holds."""
    if kept == MONTHS:
        block = months(Batch.of(scenario, [variant]), Workers(1), advance)
        [again] = (unpack(packed) for packed in pack_block(block, [scenario.first_seed]))
        arrays = unpack(content)
        return arrays.keys() == again.keys() and all(_same(arrays[name], again[name], exact=exact) for name in again)
    reduction = _reduction(kept, reductions)
    if reduction is None:
        raise ValueError("cells that cannot be compared are passed over before")
    found = figures(Batch.of(scenario, [variant], reduction), Workers(1), advance)
    return _same(unpack_figures(content), found.values[:, 0, 0], exact=exact)


def _same(one: NDArray[np.float64], other: NDArray[np.float64], *, exact: bool) -> bool:
    if one.shape != other.shape:
        return False
    if exact:
        return np.array_equal(one, other, equal_nan=True)
    return bool(np.allclose(one, other, rtol=CLOSE, atol=0.0, equal_nan=True))

"""The store of cells: what was simulated is found again bit for bit, and neither damage nor a full disk loses what is done."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import organisation
import pandas as pd
import pytest
from ensembles import made_ensemble

from simulation.errors import RunError
from simulation.experiment.batch import batch as batches
from simulation.experiment.batch.batch import Batch, figures, months
from simulation.experiment.batch.variants import Variant
from simulation.experiment.cells.cells import FILE, Cells
from simulation.experiment.execute import run
from simulation.experiment.work.workers import Workers
from simulation.statistics.measures import every_measure

SLOPE = ("leaving", "pay_slope")
SPREAD = ("selling", "value_cv")


@pytest.fixture
def scenario():
    """A tiny study by luck alone."""
    return organisation.study({"less": {"commission.rate": 0.05}}, months=3, seats=12, seeds=4).luck_only()


@pytest.fixture
def variants(scenario):
    """Both policies, in the world as it is and in two others; one twice."""
    quo, less = scenario.policies
    slope, spread = ((SLOPE, 2.5),), ((SPREAD, 0.5),)
    return [Variant(quo), Variant(less), Variant(quo, slope), Variant(less, slope), Variant(less, spread), Variant(less)]


def kept(folder: Path) -> list[tuple[int, int]]:
    """Variant and seed of every cell in a store."""
    with closing(sqlite3.connect(folder / FILE)) as base:
        return base.execute("SELECT variant, seed FROM cell ORDER BY 1, 2").fetchall()


def test_rows_of_a_batch_are_the_same_alone(scenario, variants):
    """A variant beside others whose parameters differ gives what it gives alone, bit for bit."""
    together = figures(Batch.of(scenario, variants, every_measure()), Workers(1)).values

    for k, variant in enumerate(variants):
        alone = figures(Batch.of(scenario, [variant], every_measure()), Workers(1)).values
        np.testing.assert_array_equal(together[:, k], alone[:, 0])


def test_what_is_kept_comes_back_bit_for_bit(scenario, variants, tmp_path):
    """Figures, months, groups and stays read from the store are those that were simulated, and nothing is simulated twice."""
    shape = Batch.of(scenario, variants, every_measure())
    whole = Batch.of(scenario, variants)
    plain, block = figures(shape, Workers(1)).values, months(whole, Workers(1))
    with Cells(tmp_path) as cells:
        crew = Workers(1, cells=cells)
        figures(shape, crew)
        months(whole, crew)
        made = cells.made
        again, found = figures(shape, crew).values, months(whole, crew)

        assert made == cells.made == cells.found == 5 * 4 * 2  # one variant stands twice
    np.testing.assert_array_equal(again, plain)
    for own, other in ((block.sums, found.sums), (block.groups, found.groups)):
        assert own.keys() == other.keys()
        for name, values in own.items():
            np.testing.assert_array_equal(values, other[name], err_msg=name)
    pd.testing.assert_frame_equal(block.spells, found.spells, check_exact=True)


def test_more_seeds_and_policies_compute_what_is_new(scenario, variants, tmp_path):
    """From 4 seeds to 9 five are simulated; another variant is simulated alone, and only at seeds that are missing."""
    with Cells(tmp_path) as cells:
        crew = Workers(1, cells=cells)
        few = figures(Batch.of(scenario, variants[:2], every_measure()), crew).values
        longer = replace(scenario, seed_count=9)
        more = figures(Batch.of(longer, variants[:2], every_measure()), crew).values
        assert cells.made == 2 * 9
        figures(Batch.of(longer, variants[:4], every_measure()), crew)

        assert cells.made == 4 * 9
    np.testing.assert_array_equal(more[:, :, :4], few)


def test_gaps_are_filled_and_nothing_else(scenario, variants, tmp_path):
    """Cells taken out here and there are the ones that are simulated again, and the result is the same."""
    shape = Batch.of(scenario, variants, every_measure())
    with Cells(tmp_path) as cells:
        before = figures(shape, Workers(1, cells=cells)).values
    every = kept(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as base:
        for variant, seed in every[::3]:
            base.execute("DELETE FROM cell WHERE variant = ? AND seed = ?", (variant, seed))
        base.commit()
    with Cells(tmp_path) as cells:
        after = figures(shape, Workers(1, cells=cells)).values

        assert cells.made == len(every[::3])
    np.testing.assert_array_equal(after, before)
    assert kept(tmp_path) == every


@pytest.mark.parametrize("change", ["months", "seats", "baseline", "parameters", "engine", "floating point", "draws"])
def test_cells_of_another_world_are_not_found(scenario, tmp_path, monkeypatch, change):
    """Whatever numbers depend on is part of what a cell is found by."""
    less = scenario.policy("less")
    with Cells(tmp_path) as cells:
        figures(Batch.of(scenario, [Variant(less)], every_measure()), Workers(1, cells=cells))
        other = {
            "months": replace(scenario, months=2),
            "seats": replace(scenario, seats=13),
            "baseline": replace(scenario, policies=(replace(less, key=scenario.baseline),)),
            "parameters": replace(scenario, parameters=scenario.parameters.with_values({SLOPE: 3.0})),
            "draws": replace(scenario, draws=made_ensemble()),
        }.get(change, scenario)
        if change in ("engine", "floating point"):
            name = {"engine": "engine_digest", "floating point": "fingerprint"}[change]
            monkeypatch.setattr(f"simulation.experiment.batch.recipes.{name}", lambda: "another")
        figures(Batch.of(other, [Variant(less)], every_measure()), Workers(1, cells=cells))

        assert (cells.found, cells.made) == (0, 8)


def test_names_and_objectives_do_not_matter(scenario, tmp_path):
    """A policy with another name, and a study that wants something else, find their cells."""
    less = scenario.policy("less")
    with Cells(tmp_path) as cells:
        crew = Workers(1, cells=cells)
        figures(Batch.of(scenario, [Variant(less)], every_measure()), crew)
        other = replace(scenario, title="Another", objective="revenue", name="another")
        figures(Batch.of(other, [Variant(replace(less, key="x", label="y"))], every_measure()), crew)

        assert (cells.found, cells.made) == (4, 4)


def test_a_damaged_cell_is_made_again(scenario, variants, tmp_path):
    """A flipped byte is noticed by its check sum; that cell alone is simulated again, and a sentence says so."""
    shape = Batch.of(scenario, variants, every_measure())
    with Cells(tmp_path) as cells:
        before = figures(shape, Workers(1, cells=cells)).values
    with closing(sqlite3.connect(tmp_path / FILE)) as base:
        variant, seed, content = base.execute("SELECT variant, seed, content FROM cell LIMIT 1 OFFSET 5").fetchone()
        spoilt = bytes([content[0] ^ 1]) + content[1:]
        base.execute("UPDATE cell SET content = ? WHERE variant = ? AND seed = ?", (spoilt, variant, seed))
        base.commit()
    with Cells(tmp_path) as cells:
        after = figures(shape, Workers(1, cells=cells)).values

        assert cells.made == 1
        assert cells.said == [f"{tmp_path / FILE}: 1 damaged cell found, and simulated again."]
    np.testing.assert_array_equal(after, before)


def test_a_file_that_is_no_store_is_put_aside(scenario, variants, tmp_path):
    """Rubbish in place of the store is kept under another name, and the run goes on."""
    (tmp_path / FILE).write_bytes(b"no database at all" * 1000)
    with Cells(tmp_path) as cells:
        figures(Batch.of(scenario, variants, every_measure()), Workers(1, cells=cells))

        assert cells.made == 20
        assert "was damaged and is now cells.damaged-1.sqlite; 0 of its cells" in cells.said[0]
    assert (tmp_path / "cells.damaged-1.sqlite").read_bytes().startswith(b"no database")


@pytest.fixture
def spoilt(scenario, variants, tmp_path):
    """A store in whose middle some pages were overwritten, the batch it holds, and the figures that were kept."""
    shape = Batch.of(replace(scenario, seed_count=40), variants, every_measure())
    with Cells(tmp_path) as cells:
        before = figures(shape, Workers(1, cells=cells)).values
    with closing(sqlite3.connect(tmp_path / FILE)) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = base.execute("PRAGMA page_size").fetchone()
        (root,) = base.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cell'").fetchone()
    content = bytearray((tmp_path / FILE).read_bytes())
    for number in range(root + 6, root + 9):
        content[(number - 1) * page : number * page] = b"\xff" * page
    (tmp_path / FILE).write_bytes(content)
    return shape, before


def test_damage_in_the_middle_is_told_and_mended(spoilt, tmp_path):
    """Work stops with a sentence; the next to open the file takes over what can be read, makes the rest again, and agrees."""
    shape, before = spoilt
    every = before.shape[1] * before.shape[2] - before.shape[2]  # one variant stands twice
    with Cells(tmp_path) as cells, pytest.raises(RunError, match=r"is damaged .*; start the run's command again"):
        figures(shape, Workers(1, cells=cells))
    with Cells(tmp_path) as cells:
        after = figures(shape, Workers(1, cells=cells)).values

        assert 0 < cells.earlier < every
        assert cells.made == every - cells.earlier
        assert f"{cells.earlier:,} of its cells could be read" in cells.said[0]
    np.testing.assert_array_equal(after, before)
    with Cells(tmp_path) as cells:
        figures(shape, Workers(1, cells=cells))

        assert (cells.earlier, cells.made, cells.said) == (every, 0, [])


def test_what_is_taken_over_belongs_to_its_variant(spoilt, scenario, variants, tmp_path):
    """Cells that are taken over are found by the same variants, whatever variants are entered first afterwards."""
    shape, before = spoilt
    with Cells(tmp_path) as cells, pytest.raises(RunError):
        figures(shape, Workers(1, cells=cells))
    turned = Batch.of(replace(scenario, seed_count=40), [Variant(scenario.policies[1], ((SLOPE, 3.5),)), *variants[::-1]],
                      every_measure())  # fmt: skip
    with Cells(tmp_path) as cells:
        after = figures(turned, Workers(1, cells=cells)).values

    np.testing.assert_array_equal(after[:, :0:-1], before)


def test_many_may_open_a_new_folder_at_once(tmp_path):
    """Whoever comes second waits; nobody is told that the file is held."""

    def opened(place):
        for number in range(12):
            Cells(tmp_path / str(number)).close()
        return place

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(opened, range(6))) == list(range(6))


def test_two_equal_runs_at_once_are_one_run(scenario, variants, tmp_path):
    """Both begin under one name and end under another: the run is listed once, with all its cells."""
    shape = Batch.of(scenario, variants, every_measure())
    with Cells(tmp_path) as first, Cells(tmp_path) as second:
        for cells in (first, second):
            cells.begin("asked", {"what": "sweep"})
            figures(shape, Workers(1, cells=cells))
        for cells in (first, second):
            cells.rename("final", {"what": "sweep", "seeds": 4})

        assert first.runs() == [("final", {"what": "sweep", "seeds": 4}, 20, 20)]


def test_a_full_disk_is_a_sentence_and_loses_nothing(scenario, variants, tmp_path, monkeypatch):
    """When a block finds no room the run stops with advice; what was committed stays, and the same request goes on."""
    monkeypatch.setattr(batches, "TASK_WORK", 1)
    shape = Batch.of(replace(scenario, seed_count=40), variants, every_measure())
    with Cells(tmp_path) as cells:
        crew = Workers(1, cells=cells)
        pages = cells._base.execute("PRAGMA page_count").fetchone()[0]
        cells._base.execute(f"PRAGMA max_page_count = {pages + 8}")
        with pytest.raises(RunError, match="the device has no room left; free some and start the same command again"):
            figures(shape, crew, elements=12 * 25)
        done = cells.made
    assert 0 < done < 5 * 40
    assert len(kept(tmp_path)) == done
    with Cells(tmp_path) as cells:
        after = figures(shape, Workers(1, cells=cells)).values

        assert (cells.found, cells.made) == (done, 5 * 40 - done)
    np.testing.assert_array_equal(after, figures(shape, Workers(1)).values)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    """Where no folder can be, the refusal says so with advice, whoever asks."""
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(RunError, match="choose another folder with --out"):
        Cells(tmp_path / "file" / "below")


def test_a_store_that_can_only_be_read_is_a_sentence(scenario, variants, tmp_path):
    """SQLite's refusal to write is told with advice, and what was done before is still there."""
    shape = Batch.of(scenario, variants[:1], every_measure())
    with Cells(tmp_path) as cells:
        figures(shape, Workers(1, cells=cells))
        cells._base.execute("PRAGMA query_only = ON")
        with pytest.raises(RunError, match=r"cannot be written \(attempt to write a readonly database\); make it writable"):
            figures(Batch.of(scenario, variants, every_measure()), Workers(1, cells=cells))

    assert len(kept(tmp_path)) == 4


def test_a_folder_in_place_of_the_file_is_a_sentence(tmp_path):
    """What cannot be opened is told, not put aside."""
    (tmp_path / FILE).mkdir()
    with pytest.raises(RunError, match="make it writable or choose another folder with --out"):
        Cells(tmp_path)


def test_two_runs_in_one_folder_do_not_harm_each_other(scenario, variants, tmp_path):
    """Two stores open on one file, block by block in turn, end with every cell once and equal results."""
    one, two = Batch.of(scenario, variants, every_measure()), Batch.of(scenario, variants[::-1], every_measure())
    with Cells(tmp_path) as first, Cells(tmp_path) as second:
        results = []
        for few in (1, 2, 4):
            for cells, shape in ((first, one), (second, two)):
                part = replace(shape.ground.scenario, seed_count=few)
                results.append(figures(Batch.of(part, shape.variants, every_measure()), Workers(1, cells=cells)).values)

        assert first.made + second.made == 5 * 4
    np.testing.assert_array_equal(results[-2], results[-1][:, ::-1])
    assert len(kept(tmp_path)) == 5 * 4


def test_another_format_is_refused(tmp_path):
    """A store of another version is left alone."""
    Cells(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as base:
        base.execute("PRAGMA user_version = 99")
    with pytest.raises(RunError, match="was written by another version of orgsim"):
        Cells(tmp_path)


def test_a_study_finds_its_cells_with_draws_and_equal_cost(tmp_path):
    """A run whose costs are made equal and whose parameters are drawn is found whole, search included, bit for bit."""
    scenario = organisation.study({"dearer": {"commission.rate": 0.09}}, months=3, seats=12, seeds=3)
    scenario = replace(scenario, draws=made_ensemble())
    promise = organisation.promised(scenario, "dearer", "commission.pay_level")
    first = run(promise, processes=1)
    with Cells(tmp_path) as cells:
        run(promise, processes=Workers(1, cells=cells))
        made = cells.made
        again = run(promise, processes=Workers(1, cells=cells))

        assert cells.made == made
    assert again.moved == first.moved
    for name, values in first.sums.items():
        np.testing.assert_array_equal(again.sums[name], values, err_msg=name)
        np.testing.assert_array_equal(again.point.sums[name], first.point.sums[name], err_msg=name)


def test_reading_changes_nothing(scenario, variants, tmp_path):
    """A store that is only read may stand in a folder that nothing can be written to, and one that is not there is told."""
    shape = Batch.of(scenario, variants, every_measure())
    with Cells(tmp_path / "own") as cells:
        cells.begin("one", {"what": "sweep"})
        figures(shape, Workers(1, cells=cells))
    before = (tmp_path / "own" / FILE).read_bytes()
    (tmp_path / "own").chmod(0o500)
    with Cells(tmp_path / "own", reading=True) as cells:
        assert [(run, kept) for run, _, kept, _ in cells.runs()] == [("one", 20)]
    (tmp_path / "own").chmod(0o700)

    assert (tmp_path / "own" / FILE).read_bytes() == before
    with pytest.raises(RunError, match="is not there; start the run's command again"):
        Cells(tmp_path / "none", reading=True)
    assert not (tmp_path / "none").exists()

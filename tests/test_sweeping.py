"""Sweeps: every point is what a study of its own would show, however it is run."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

import numpy as np
import organisation
import pandas as pd
import pytest
from ensembles import made_ensemble
from rich.console import Console

from simulation.commands.runs import verify
from simulation.errors import ScenarioError
from simulation.experiment import verify as verifying
from simulation.experiment.cells.cells import Cells
from simulation.experiment.cells.contents import pack, unpack
from simulation.experiment.design.design import make_design, read_factors
from simulation.experiment.execute import run
from simulation.experiment.listing import find_run, list_runs
from simulation.experiment.store import run_folder
from simulation.experiment.verify import verify_run
from simulation.experiment.work.workers import Workers
from simulation.report.runs import print_verified, verified_json
from simulation.report.sweep_files import write_sweep_run
from simulation.scenario import Material, read_scenario
from simulation.scenario.until import Until
from simulation.statistics import sweep_rows
from simulation.statistics.compare import compare
from simulation.statistics.measures import every_measure
from simulation.statistics.sweep_rows import Found
from simulation.sweeping import run_sweep, sweep_id

RATE = "policies.less.commission.rate=0.05,0.09"
SLOPE = "parameters.leaving.pay_slope=2.5,4"
NARROW = Until({"revenue": Material(0.01, relative=True)})


@pytest.fixture(scope="module")
def scenario():
    """A small study by luck alone, in which one policy promises equal cost."""
    study = organisation.study({"less": {"commission.rate": 0.05}}, months=12, seats=20, seeds=5).luck_only()
    return organisation.promised(study, "less", "commission.pay_level")


def plain(scenario):
    """The same without the promise."""
    return scenario.with_policies([replace(policy, equal_cost=None) for policy in scenario.policies])


def designed(scenario, *texts, kind="grid", **more):
    """A design of a scenario."""
    return make_design(kind, read_factors(texts, scenario), scenario, **more)


def test_a_point_is_what_a_study_shows(scenario):
    """Under each parameter, and at each rate, means and differences are those of a comparison of that study alone."""
    asked = plain(scenario)
    table = run_sweep(asked, designed(asked, RATE, SLOPE), processes=1).swept.table
    for _, row in table.iterrows():
        less = asked.policy("less").with_setting("commission.rate", row["policies.less.commission.rate"])
        moved = asked.parameters.with_values({("leaving", "pay_slope"): row["parameters.leaving.pay_slope"]})
        alone = compare(run(replace(asked, parameters=moved).with_policies([asked.policy("status_quo"), less]), processes=1))
        for name in ("turnover_mean", "revenue_diff", "contribution_diff_low", "pay_cost_diff_high", "turnover_p_better"):
            assert row[name] == pytest.approx(alone.table.loc["less", name], rel=1e-12), name
        assert row["contribution_decided"] == alone.table.loc["less", "contribution_decided"]

    assert len(table) == 4


def test_costs_are_made_equal_at_every_point(scenario):
    """A policy that promises equal cost keeps the promise at every point; what cannot is refused, and stops no other."""
    sweep = run_sweep(scenario, designed(scenario, "policies.less.commission.rate=0.05,0.09,0.5"), processes=1)
    costs = sweep.values["total_cost"].mean(axis=1)
    goal = sweep.swept.baseline["total_cost"]["mean"]

    assert np.abs(costs[:2] / goal - 1.0).max() < 0.002
    assert np.isnan(costs[2])
    assert list(sweep.swept.table["refused"] != "") == [False, False, True]
    assert "leaves total cost" in sweep.swept.table["refused"][2]


def test_a_world_without_a_steady_start_is_refused_alone(scenario):
    """A parameter that lets accounts grow for ever refuses its own points, with the reason."""
    asked = plain(scenario)
    sweep = run_sweep(asked, designed(asked, "world.contract.house_rate=0.01,0.05", "world.contract.expansion_rate=0.1,0.5"))
    refused = sweep.swept.refused

    assert len(sweep.swept.table) == 4 * 2  # parameters alone vary, so both policies are run
    assert len(refused) >= 2
    assert refused["refused"].str.contains("grow for ever").all()
    assert np.isfinite(sweep.swept.run["turnover_mean"]).all()


def test_processes_months_and_the_store_move_nothing(scenario, tmp_path):
    """One process, two, a store with nothing in it and one with everything, months kept or not: the same digest."""
    design = designed(scenario, RATE)
    alone = run_sweep(scenario, design, processes=1)
    with Cells(tmp_path) as cells:
        kept = [run_sweep(scenario, design, processes=Workers(1, cells=cells)).digest for _ in range(2)]
    whole = run_sweep(scenario, design, processes=1, keep_months=True)

    assert {alone.digest, run_sweep(scenario, design, processes=2).digest, *kept, whole.digest} == {alone.digest}
    assert alone.months is None
    assert whole.months["filled"].shape == (2, 5, 12)


def test_refused_rows_have_no_months(scenario):
    """A row that is refused has no months, not another row's: for its cost, first or last, and for its world."""
    dear = run_sweep(scenario, designed(scenario, "policies.less.commission.rate=0.5,0.05,0.6"), processes=1, keep_months=True)
    bookings = dear.months["bookings"]

    assert np.isnan(bookings[[0, 2]]).all()
    assert np.isfinite(bookings[1]).all()


def test_months_are_kept_of_the_worlds_that_run(scenario):
    """A world without a steady start refuses its own points where months are kept, as it does where they are not."""
    asked = plain(scenario)
    design = designed(asked, "world.contract.house_rate=0.01", "world.contract.expansion_rate=0.5,0.1")
    measures, whole = (run_sweep(asked, design, processes=1, keep_months=keep) for keep in (False, True))
    refused = (whole.swept.table["refused"] != "").to_numpy()

    assert refused.tolist() == [True, True, False, False]
    assert whole.digest == measures.digest
    pd.testing.assert_frame_equal(whole.swept.table, measures.swept.table, check_exact=True)
    assert np.isnan(whole.months["bookings"][refused]).all()
    assert np.isfinite(whole.months["bookings"][~refused]).all()


def test_with_draws_intervals_hold_what_is_not_known(scenario):
    """Where seeds carry draws the columns are those of a study with draws."""
    drawing = replace(plain(scenario), draws=made_ensemble(spread=1.0))
    row = run_sweep(drawing, designed(drawing, "policies.less.commission.rate=0.05"), processes=1).swept.table.iloc[0]
    found = compare(run(drawing, processes=1, ledger=False)).table.loc["less"]

    for name in ("turnover_low", "revenue_diff_low", "contribution_diff_high", "contribution_diff_chance"):
        assert row[name] == pytest.approx(found[name], rel=1e-12), name


def test_months_that_would_not_fit_are_refused(scenario):
    """Keeping the months of a huge sweep says what it would need."""
    large = replace(plain(scenario), seed_count=2_000, months=60, seats=400)
    with pytest.raises(ScenarioError, match="GB of memory, and 8 GB is the most; leave --keep out, or take fewer points"):
        run_sweep(large, designed(large, "policies.less.commission.rate=0.01:0.09:80"), keep_months=True)


def test_measures_that_would_not_fit_are_refused(scenario):
    """So are measures alone, before anything runs: fixed seeds, and the most that may be added."""
    many = replace(plain(scenario), seed_count=100_000, months=1)
    design = designed(many, "policies.less.commission.rate=0.001:0.2:10000")
    with pytest.raises(ScenarioError, match=r"of 10,001 rows at 100,000 seeds need .* GB of memory, and 8 GB is"):
        run_sweep(many, design, processes=1)
    with pytest.raises(ScenarioError, match="measures of 10,001 rows at 20,000 seeds need"):
        run_sweep(replace(many, seed_count=5), design, processes=1, until=Until(most=20_000))


def test_the_digest_is_of_every_bit():
    """One bit of one value, or the same values under another measure, is another digest."""
    values = {"turnover": np.ones((2, 3)), "revenue": np.zeros((2, 3))}
    digest_of = lambda own: Found(own, {}, {}, {}).digest  # noqa: E731
    changed = {**values, "turnover": values["turnover"].copy()}
    changed["turnover"][1, 2] = np.nextafter(1.0, 2.0)
    swapped = {"turnover": values["revenue"], "revenue": values["turnover"]}
    turned = {key: value.T for key, value in values.items()}

    assert len({digest_of(own) for own in (values, changed, swapped, turned)}) == 4
    assert digest_of(dict(reversed(values.items()))) == digest_of(values)


def test_the_name_follows_points_and_seeds(scenario):
    """Other points, other seeds and another subject are another run; the same request is the same run."""
    design = designed(scenario, RATE)
    others = [
        sweep_id(scenario, designed(scenario, "policies.less.commission.rate=0.05,0.08")),
        sweep_id(replace(scenario, seed_count=6), design),
        sweep_id(scenario, designed(scenario, RATE, policies=["status_quo"])),
    ]

    assert len({sweep_id(scenario, design), *others}) == 4
    assert sweep_id(scenario, designed(scenario, RATE)) == sweep_id(scenario, design)


def test_what_is_left_behind(scenario, tmp_path):
    """The manifest names the values' digest, and the months are one row a point, policy, seed and month."""
    design = designed(scenario, RATE)
    sweep = run_sweep(scenario, design, processes=1, keep_months=True)
    folder = write_sweep_run(sweep, tmp_path, {"started": "then", "finished": "now"})
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    months = pd.read_parquet(folder / "months.parquet")

    assert manifest["run"] == folder.name == sweep.swept.facts.run
    assert manifest["digests"]["values"] == sweep.digest
    assert len(months) == 2 * 5 * 12
    second = months[(months["point"] == 2) & (months["seed"] == scenario.first_seed + 3)]
    np.testing.assert_array_equal(second["bookings"], sweep.months["bookings"][1, 3])


# ---------------------------------------------------------------------- runs and verify
@pytest.fixture
def swept(scenario, tmp_path):
    """A folder of results with one sweep in its store, the search for equal cost among its cells."""
    design = designed(scenario, RATE)
    with Cells(tmp_path / scenario.name) as cells:
        cells.begin(sweep_id(scenario, design), {"what": "sweep", "title": scenario.title, "started": "2026-01-01"})
        run_sweep(scenario, design, processes=Workers(1, cells=cells))
    return tmp_path


def test_every_run_is_listed_with_its_cells(swept):
    """A run that has all its cells and no files is stopped, not complete."""
    [one], _ = list_runs(swept)

    assert one.kept == one.asked > 15
    assert not one.finished


def test_cells_come_out_again(swept):
    """Random cells made again from what the store says of them agree to the last bit, whatever they hold."""
    found = verify_run(find_run(swept, list_runs(swept)[0][0].run[:6]), (every_measure(), *known()), count=12)

    assert (found.cells, found.exact, found.wrong) == (12, True, ())


def test_a_changed_cell_is_found(swept, scenario):
    """Cells whose figures were changed in the last digits, check sum and all, do not agree."""
    [one], _ = list_runs(swept)
    with Cells(swept / scenario.name) as cells:
        for variant, seed in cells.cells_of(one.run):
            content = bytearray(cells.cell(variant, seed))
            content[3] ^= 1
            cells.keep([(variant, seed, bytes(content))])
    found = verify_run(one, (every_measure(), *known()), count=2)

    assert len(found.wrong) == 2
    assert all("other figures are kept than are simulated now" in sentence for sentence in found.wrong)


def test_a_changed_array_of_a_cell_with_months_is_found(scenario, tmp_path):
    """Of a cell with all its months every array is compared: its figures by group and its stays too."""
    study = replace(plain(scenario), seed_count=1, months=6)
    with Cells(tmp_path / study.name) as cells:
        cells.begin("months00", {})
        run(study, processes=Workers(1, cells=cells), ledger=False)
        places = cells.cells_of("months00")
        whole = {place: unpack(cells.cell(*place)) for place in places}
    [listed], _ = list_runs(tmp_path)
    verified = lambda: verify_run(listed, known(), count=len(places)).wrong  # noqa: E731

    assert verified() == ()
    for start in ("group/", "stay/"):
        with Cells(tmp_path / study.name) as cells:
            for place, arrays in whole.items():
                name = next(name for name in arrays if name.startswith(start))
                cells.keep([(*place, pack({**arrays, name: np.nextafter(arrays[name], np.inf)}))])
        assert len(verified()) == len(places), start
    with Cells(tmp_path / study.name) as cells:
        for place, own in whole.items():
            shorter = {name: values[:-1] if name.startswith("stay/") else values for name, values in own.items()}
            cells.keep([(*place, pack(shorter))])
    assert len(verified()) == len(places)


def test_figures_by_other_code_are_passed_over(scenario, tmp_path, monkeypatch):
    """A run that was repeated after the statistics changed holds figures of both: those of now agree, the others are counted."""
    asked = plain(scenario)
    design = designed(asked, RATE)
    older = replace(every_measure(), digest="older")
    with Cells(tmp_path / asked.name) as cells:
        cells.begin(sweep_id(asked, design), {})
        for kept in (older, every_measure()):
            monkeypatch.setattr(sweep_rows, "every_measure", lambda kept=kept: kept)
            run_sweep(asked, design, processes=Workers(1, cells=cells))
    [one], _ = list_runs(tmp_path)
    found = verify_run(one, (every_measure(),), count=one.kept)
    shown = StringIO()
    print_verified(found, Console(file=shown, width=200))

    assert found.wrong == ()
    assert (found.cells, found.skipped) == (one.kept // 2, one.kept // 2)
    assert verified_json(found)["skipped"] == found.skipped
    assert f"{found.skipped} other cells drawn with them were skipped: their figures" in shown.getvalue()
    with pytest.raises(ScenarioError, match=rf"the figures of all {one.kept} kept cells were worked out by other code"):
        verify_run(one, known())


def test_cells_by_other_code_beside_the_engine_are_passed_over(swept, monkeypatch):
    """Where the way from recipes to numbers has changed since, nothing of the run can be compared, and it says so."""
    monkeypatch.setattr(verifying, "source_digest", lambda *_: "another")
    with pytest.raises(ScenarioError, match="kept cells were worked out by other code"):
        verify_run(list_runs(swept)[0][0], (every_measure(), *known()))


def test_a_run_by_another_engine_is_refused(swept, monkeypatch):
    """It cannot be resumed by the same command, so it is the command that is refused."""
    monkeypatch.setattr(verifying, "engine_digest", lambda: "another")
    with pytest.raises(ScenarioError, match="made by another engine"):
        verify_run(list_runs(swept)[0][0], (every_measure(), *known()))


@pytest.mark.parametrize(("more", "said"), [({"seed": -1}, "--seed: -1 is refused"), ({"cells": -3}, "--cells: -3 is refused")])
def test_options_below_nothing_are_sentences(swept, more, said):
    """A negative number is refused by its option's name."""
    with pytest.raises(ScenarioError, match=said):
        verify(list_runs(swept)[0][0].run, swept, **{"cells": 1, "seed": 1, **more}, json=False)


def known():
    """What the search for equal cost keeps."""
    from simulation.experiment.batch.equal_cost import COST

    return (COST,)


def test_a_run_that_is_not_there_is_a_sentence(swept):
    """An unknown name says where names are listed."""
    with pytest.raises(ScenarioError, match=r'RUN: "nothing" is no run in .*; `orgsim runs` lists 1'):
        find_run(swept, "nothing")


def test_a_comparison_goes_by_the_name_of_its_folder(tmp_path):
    """What was begun under one name and ends under another is listed once, complete when its manifest is there."""
    scenario = read_scenario(None, months=1, seats=6, seeds=2, luck_only=True)
    with Cells(tmp_path / scenario.name) as cells:
        for _ in range(2):
            cells.begin("asked", {"what": "compare"})
            run(scenario, processes=Workers(1, cells=cells), ledger=False)
            cells.rename("final")
    folder = run_folder(scenario, tmp_path).with_name("final")
    folder.mkdir()
    (folder / "manifest.json").write_text("{}", encoding="utf-8")

    assert [(one.run, one.finished) for one in list_runs(tmp_path)[0]] == [("final", True)]


# ---------------------------------------------------------------------- until it is decided
def test_seeds_are_added_to_what_is_contested(scenario):
    """Fewer runs than as many seeds for all; rows keep the figures of their seeds, and means of those with fewer compare."""
    asked = plain(scenario)
    design = designed(asked, "policies.less.commission.rate=0.02,0.09,0.105")
    sweep = run_sweep(asked, design, processes=1, until=Until(most=60))
    found = sweep.swept.stopping
    seeds = [found.seeds[str(row)] for row in range(3)]
    whole = run_sweep(replace(asked, seed_count=max(seeds)), design, processes=1)

    assert found.selection.verdict in ("best", "tie", "open")
    assert min(seeds) < max(seeds) == found.seeds["baseline"]
    for row, count in enumerate(seeds):
        np.testing.assert_array_equal(sweep.values["contribution"][row, :count], whole.values["contribution"][row, :count])
        assert np.isnan(sweep.values["contribution"][row, count:]).all()
    loser = int(np.argmin(seeds))
    difference = sweep.swept.table["contribution_diff"][loser]
    level = sweep.swept.baseline["contribution"]["mean"]
    assert sweep.swept.table["contribution_mean"][loser] == pytest.approx(level + difference, rel=1e-12)
    assert sweep.swept.facts.run != whole.swept.facts.run


@pytest.mark.parametrize(
    ("texts", "more", "said"),
    [
        ((RATE, SLOPE), {}, "--until-decided: parameters are varied, and of policies in different worlds none is best"),
        ((RATE, SLOPE), {"until": NARROW}, "--until: parameters are varied, and each row then has a baseline of its own"),
        ((RATE,), {"keep_months": True}, "--keep months: cannot go with --until-decided"),
    ],
)
def test_what_cannot_be_decided_is_refused(scenario, texts, more, said):
    """Rows in different worlds have no best, and months are not kept of rows with seeds of their own."""
    asked = plain(scenario)
    with pytest.raises(ScenarioError, match=said):
        run_sweep(asked, designed(asked, *texts), processes=1, **{"until": Until(), **more})


def test_runs_are_found_whatever_became_of_their_stores(swept, scenario):
    """A damaged store is a sentence, and a folder whose store is gone is listed by its manifest."""
    [one], said = list_runs(swept)
    one.folder.mkdir()
    (one.folder / "manifest.json").write_text(
        json.dumps({"what": "sweep", "scenario": scenario.resolved(), "seeds": {"count": 5}, "times": {"started": "then"}}),
        encoding="utf-8",
    )
    file = swept / scenario.name / "cells.sqlite"
    whole = file.read_bytes()
    file.write_bytes(b"nothing of the kind" * 100)
    [left], told = list_runs(swept)

    assert said == []
    assert len(told) == 1
    assert "is damaged" in told[0]
    assert (left.run, left.about["title"], left.kept, left.asked, left.finished) == (one.run, scenario.title, 0, 0, True)
    assert file.read_bytes() != whole
    assert not list(file.parent.glob("*.damaged-*"))


def test_a_run_may_be_named_by_its_folder(swept):
    """The path of a run's folder is enough, wherever results are looked for."""
    [one], _ = list_runs(swept)
    one.folder.mkdir()

    assert find_run(swept / "elsewhere", str(one.folder)).run == one.run


def test_a_sweep_without_a_point_to_run_is_refused(scenario):
    """Where no point can keep its promise the sentences are told, and nothing is left behind."""
    with pytest.raises(ScenarioError, match=r"no point can be run: .*leaves total cost"):
        run_sweep(scenario, designed(scenario, "policies.less.commission.rate=0.5,0.6"), processes=1)


def test_the_table_says_what_was_moved_and_how_many_seeds_there_are(scenario):
    """Equal cost moves a setting at every point: which, and what to, stands in the table."""
    table = run_sweep(scenario, designed(scenario, RATE), processes=1).swept.table

    assert list(table["moved"]) == ["commission.pay_level"] * 2
    assert table["moved_to"][0] > table["moved_to"][1] > 0.3  # less commission leaves room for more target pay
    assert list(table["seeds"]) == [5, 5]


def test_nothing_is_decided_in_a_world_without_a_steady_start(scenario):
    """Where the scenario's own world has no steady start the reason is said, and nothing of ties or winners."""
    asked = plain(scenario)
    values = {("contract", "house_rate"): 0.01, ("contract", "expansion_rate"): 0.5}
    bad = replace(asked, parameters=asked.parameters.with_values(values))
    with pytest.raises(ScenarioError, match="grow for ever"):
        run_sweep(bad, designed(bad, RATE), processes=1, until=Until(most=30))

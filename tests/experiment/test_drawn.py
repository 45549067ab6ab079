"""Runs whose seeds carry draws: neither blocks, processes nor company move a bit; without spread they are runs of luck alone."""

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
from typer.testing import CliRunner

from simulation import cli
from simulation.evidence.measures import MEASURES
from simulation.experiment.batch.moved import Move
from simulation.experiment.execute import run, simulate
from simulation.experiment.work.workers import LARGE, Workers, workers
from simulation.records import Records
from simulation.report.table import print_comparison
from simulation.report.uncertainty import draw_sentences
from simulation.scenario import read_scenario
from simulation.start import DRAWN_WITH, survivors
from simulation.statistics.assumptions import reach
from simulation.statistics.claims import judge
from simulation.statistics.compare import compare
from simulation.statistics.measures import measure
from simulation.statistics.moved import simulated
from simulation.statistics.reasons import find_reasons, with_reasons
from simulation.statistics.static_price import static_price
from simulation.study import run_pairs, run_study

NAMES = (
    "leaving.pay_slope", "leaving.floor", "people.frailty_sigma", "people.profile_concentration", "people.mean_money",
    "learning.start_productivity", "selling.price_slope", "exploring.success_chance", "goals.sales_cv", "contract.value_multiple",
)  # fmt: skip
RESPONSES = {
    ("labour.quit_intercept", "leaving.pay_slope"): 0.1, ("labour.dismissal_intercept", "leaving.floor"): 40.0,
    ("market.lead_rate", "selling.price_slope"): 0.3,
}  # fmt: skip
POLICIES = {
    "grants": {"equity.grant": 0.1, "equity.vesting": 24.0, "equity.refresh": 12.0},
    "free_hand": {"autonomy.discount_authority": 0.2, "failure_tolerance.fund": 20_000.0, "commission.period": "year"},
}


def drawing(policies=POLICIES, *, spread=0.5, **sizes):
    """A small study whose seeds carry draws, of levels and of what incumbents are drawn with too."""
    study = organisation.study(policies, **{"months": 9, "seats": 40, "seeds": 5, **sizes})
    return replace(study, draws=made_ensemble(NAMES, spread=spread, responses=RESPONSES))


def same_records(one: Records, other: Records) -> None:
    """Sums, groups and stays are the same, bit for bit."""
    for key in one.sums:
        np.testing.assert_array_equal(one.sums[key], other.sums[key], err_msg=key)
    for key in one.groups:
        np.testing.assert_array_equal(one.groups[key], other.groups[key], err_msg=key)
    pd.testing.assert_frame_equal(one.spells, other.spells, check_exact=True)


def test_block_size_moves_nothing():
    """Blocks of one seed and of all seeds give the same figures, bit for bit, although each seed has parameters of its own."""
    scenario = drawing()
    small, large = simulate(scenario, elements=1), simulate(scenario, elements=10**9)

    for key in large.sums:
        np.testing.assert_array_equal(small.sums[key], large.sums[key], err_msg=key)


@pytest.mark.slow
def test_processes_move_nothing():
    """One process and two give the same records with draws and at point values, equal cost solved in both, bit for bit."""
    scenario = replace(read_scenario(None, months=6, seats=20, seeds=4), draws=made_ensemble(NAMES, responses=RESPONSES))
    one = run(scenario, processes=1)
    with workers(2, rep_months=LARGE) as crew:
        two = run(scenario, processes=crew)

    assert one.moved == two.moved
    same_records(one, two)
    same_records(one.point, two.point)


def test_static_prices_stand_with_draws():
    """Each seed's sales are paid with the seed's own draw: the baseline's wedge is nothing; intervals hold parameters too."""
    records = run(drawing())
    joint, alone = static_price(records).policies, static_price(replace(records, point=None)).policies
    width = joint["static_high"] - joint["static_low"], alone["static_high"] - alone["static_low"]

    assert joint.loc["status_quo", ["wedge_mean", "wedge_low", "wedge_high"]].tolist() == [0.0, 0.0, 0.0]
    assert list(joint["static_mean"]) == list(alone["static_mean"])
    assert (width[0] > width[1]).all()


def test_company_moves_nothing():
    """A policy alone beside the baseline meets the same draws and gives the same figures as beside others."""
    together, alone = run(drawing()), run(drawing({"free_hand": POLICIES["free_hand"]}))

    for key in together.sums:
        np.testing.assert_array_equal(together.sums[key][[0, 2]], alone.sums[key], err_msg=key)


def test_more_seeds_leave_the_first_as_they_were():
    """A seed carries its draw whatever seeds go with it."""
    few, more = run(drawing(seeds=2)), run(drawing(seeds=5))

    for key in few.sums:
        np.testing.assert_array_equal(more.sums[key][:, :2], few.sums[key], err_msg=key)


def test_a_seed_with_its_draw_is_that_world():
    """A seed that carries a draw gives what a scenario with these values in its rows gives at that seed, bit for bit."""
    scenario = drawing(seeds=3)
    together = run(scenario)
    for k, seed in enumerate(scenario.seeds):
        own = scenario.parameters_of(seed)
        alone = run(replace(scenario.luck_only(), parameters=own, first_seed=seed, seed_count=1))

        for key in together.sums:
            np.testing.assert_array_equal(together.sums[key][:, k : k + 1], alone.sums[key], err_msg=key)
        for key in MEASURES:
            np.testing.assert_array_equal(measure(together, key)[:, k : k + 1], measure(alone, key), err_msg=key)


def test_incumbents_are_drawn_with_the_seeds_own_chances():
    """Survivors of a block of three seeds are those of each seed's own parameters, and differ between seeds."""
    scenario = drawing(seeds=3)
    block = scenario.parameters_at(scenario.seeds)
    own = [survivors(scenario.parameters_at([seed])) for seed in scenario.seeds]

    assert len({key for key in scenario.drawn().values if key in DRAWN_WITH}) >= 4
    assert not np.array_equal(own[0].cells, own[1].cells)
    for k, one in enumerate(own):
        np.testing.assert_array_equal(survivors(block, 0, k).cells, one.cells)
        np.testing.assert_array_equal(survivors(block, 0, k).tenure, one.tenure)
        assert survivors(block, 0, k).orphaned == one.orphaned


def test_point_values_are_run_beside():
    """Records carry the run of luck alone with the settings that were solved with draws."""
    records = run(drawing())

    same_records(records.point, run(records.scenario.luck_only()))
    assert records.point.scenario.draws is None
    assert run(drawing().luck_only()).point is None
    assert not np.array_equal(records.sums["revenue"], records.point.sums["revenue"])


def test_without_spread_every_figure_is_that_of_luck_alone():
    """Draws that all equal the shipped values change no figure of the table or of the charts, and no share is of parameters."""
    drawn, luck = (with_reasons(compare(records), records) for records in (run(drawing(spread=0.0)), run(drawing().luck_only())))

    pd.testing.assert_frame_equal(drawn.table, luck.table, check_exact=True)
    for name in drawn.series:
        pd.testing.assert_frame_equal(drawn.series[name], luck.series[name], check_exact=True)
    pd.testing.assert_frame_equal(drawn.reasons.table, luck.reasons.table, check_exact=True)
    chance = drawn.table[[f"{key}_diff_chance" for key in MEASURES]].to_numpy(float)[1:]
    assert np.all(np.isnan(chance) | (chance == 1.0))
    assert np.any(chance == 1.0)


@pytest.mark.slow
def test_without_spread_a_whole_study_is_that_of_luck_alone():
    """Assumption ranges, stress worlds and equal cost too are the same where draws all equal the shipped values."""
    shipped = read_scenario(None, months=9, seats=40, seeds=5)
    drawn = run_study(replace(shipped, draws=made_ensemble(NAMES, spread=0.0)))
    luck = run_study(shipped)

    assert drawn.records.moved == luck.records.moved
    assert drawn.summary.assumptions == luck.summary.assumptions
    for world, summary in drawn.stress.items():
        pd.testing.assert_frame_equal(summary.table, luck.stress[world].table, check_exact=True)


def test_moves_leave_the_other_draws_as_they_are():
    """Moves of a drawn parameter and of one that is not, side by side and alone, give the same figures; no move, the study's."""
    scenario = drawing({"grants": POLICIES["grants"]}, seeds=2)
    sets = [(Move(("leaving", "pay_slope"), 2.5),), (Move(("leaving", "envy_slope"), 9.0),), ()]
    together, refused = simulated(scenario, sets, Workers(1))
    for some in sets:
        alone, _ = simulated(scenario, [some], Workers(1))

        np.testing.assert_array_equal(together[some], alone[some])
    unmoved = np.stack([measure(run(scenario), key) for key in ("turnover", "revenue", "contribution")], axis=-1)
    np.testing.assert_allclose(together[()], unmoved, rtol=1e-9)
    assert not refused


def test_verdicts_under_moves_use_the_wider_interval():
    """A difference of 3 that luck alone decides, and that parameters leave open, has no sign to lose."""
    luck = np.linspace(-1.0, 1.0, 16)
    before, under = 3.0 + 8.0 * luck[::-1], 3.0 + 8.0 * luck[::-1][None]
    narrow = reach(before, under, ["a"], material=0.1, better="higher")
    wide = reach(before, under, ["a"], material=0.1, better="higher", point=3.0 + 0.1 * luck)

    assert narrow.decided
    assert not wide.decided


def test_reasons_hold_both():
    """Shares of levers and terms of the quitting rule have wider intervals with draws than the same runs by luck alone."""
    records = run(drawing(spread=2.0, seeds=8))
    both = find_reasons(records)
    luck = find_reasons(replace(records, point=None))
    width = lambda found: found.high - found.low  # noqa: E731

    for term in ("pay_gap", "tenure"):
        one, other = (reasons.by_reason["free_hand"][term].difference for reasons in (both, luck))

        assert one.mean == other.mean
        assert width(one) > width(other)
    one, other = (reasons.by_lever["free_hand"]["turnover"] for reasons in (both, luck))
    assert width(one.whole) > width(other.whole)
    assert one.whole.mean == other.whole.mean


def orgsim(tmp_path, *words):
    """A small `orgsim compare` of two policies."""
    sizes = ("--months", "6", "--seats", "20", "--seeds", "8", "--processes", "1", "--out", str(tmp_path))
    return CliRunner(env={"COLUMNS": "140"}).invoke(cli.app, ["compare", "--no-deck", *words, *sizes])


@pytest.fixture
def shipped(monkeypatch):
    """An ensemble, as if it came with orgsim; charts and assumption ranges, which tests of their own have, are left out."""
    monkeypatch.setattr("simulation.report.figures.draw_all", lambda *_, **__: [])
    monkeypatch.setattr("simulation.study.assumption_range", lambda *_, **__: None)
    made = made_ensemble(responses={("labour.quit_intercept", "leaving.pay_slope"): 0.1}, spread=1.0)
    monkeypatch.setattr("simulation.scenario.read.shipped_ensemble", lambda: made)
    return made


@pytest.mark.slow
def test_the_command_carries_draws_and_luck_only_turns_them_off(shipped, tmp_path):
    """`compare --json` has shares that add up to one, ranks, what was drawn, and a manifest that says so; `--luck-only` has
    none of it and another run id.
    """
    whole = orgsim(tmp_path, "--json", "--set", "parameters.leaving.fit_slope=0.25")
    luck = orgsim(tmp_path, "--json", "--luck-only")
    assert (whole.exit_code, luck.exit_code) == (0, 0), whole.output + luck.output
    document, plain = json.loads(whole.stdout), json.loads(luck.stdout)
    shares = document["policies"]["growth_mix"]["turnover"]["difference"]["shares"]
    manifest = json.loads((tmp_path / "status_quo" / document["run"] / "manifest.json").read_text(encoding="utf-8"))

    assert shares["chance"] + shares["parameters"] == pytest.approx(1.0)
    assert 0.0 < shares["parameters"] < 1.0
    assert set(document["ranks"]) == set(document["policies"])
    assert all(rank["rank"] >= 1 and 0.0 <= rank["holds"] <= 1.0 for rank in document["ranks"].values())
    assert document["draws"]["fixed"] == ["parameters.leaving.fit_slope"]
    assert len(document["draws"]["drawn"]) == 3
    assert all("shares" in own["turnover"]["difference"] for own in document["stress"]["worlds/downturn.toml"].values()
               if "difference" in own["turnover"])  # fmt: skip
    assert manifest["draws"]["digest"] == shipped.digest
    assert manifest["draws"]["levels"] == ["labour.quit_intercept"]
    assert plain["ranks"] is plain["draws"] is plain["assumptions"] is None
    assert "shares" not in plain["policies"]["growth_mix"]["turnover"]["difference"]
    assert plain["run"] != document["run"]


def printed(summary):
    """The comparison as text on one line."""
    console = Console(width=140, record=True, file=StringIO())
    print_comparison(summary, console)
    return " ".join(console.export_text().split())


def test_the_table_says_what_intervals_hold():
    """The table names what was drawn, prints both shares under each block, ranks with probabilities, and what is not in it."""
    summary = compare(run(drawing(seeds=8)))
    text, share = printed(summary), summary.value("grants", "turnover", "diff_chance")

    assert "intervals: luck of 8 seeds, 10 drawn parameters; not included: " in text
    assert "drawn: 10 parameters, a draw a seed, the same for all policies" in text
    assert f"chance / parameters: grants {100 * share:.0f} / " in text
    assert text.count("chance / parameters: grants ") == 5
    assert "Ranks by contribution, with the probability that each holds: rank 1" in text
    assert "Where a parameter that is not drawn is wrong" in text


def test_few_seeds_are_warned_of():
    """With fewer than eight seeds the comparison says that parameters are poorly seen; a pack without responses is named too."""
    few = compare(run(drawing(seeds=2)))
    free = replace(drawing(seeds=2), packs=())

    assert any("what is not known of parameters, a draw a seed, is poorly seen" in text for text in few.warnings)
    assert any("headline numbers of the baseline vary with the draws" in text for text in compare(run(free)).warnings)
    assert not any("headline numbers" in text for text in few.warnings)


def test_a_scenario_that_sets_everything_itself_says_so():
    """Where the scenario sets all that would be drawn, intervals are of luck and the table names what is set."""
    scenario = organisation.study({}, months=2, seats=10, seeds=2)
    sets = {("leaving", "pay_slope"): 3.0}
    fixed = replace(scenario, draws=made_ensemble(("leaving.pay_slope",)), parameters=scenario.parameters.with_values(sets))
    summary = compare(run(fixed))

    assert "No parameter was drawn: the scenario sets parameters.leaving.pay_slope itself." in printed(summary)
    assert "intervals: luck of 2 seeds; not included" in printed(summary)


def test_values_brought_back_are_told():
    """Drawn values outside their range are counted in the table."""
    summary = compare(run(drawing({}, spread=6.0, months=2, seats=10, seeds=2)))
    back, values = summary.facts.draws.brought_back

    assert 0 < back < values == 2 * (len(NAMES) + 3)
    assert f"{back} of {values} drawn values lay outside their range and stand at its end." in " ".join(draw_sentences(summary))


def test_a_notebook_shows_the_shares():
    """The notebook's table says of each difference how much is chance."""
    html = compare(run(drawing(seeds=8)))._repr_html_()

    assert "% chance<" in html
    assert "the rest is parameters" in html
    assert "luck of 8 seeds, 10 drawn parameters" in html


def test_claims_and_pairs_are_judged_at_point_values(monkeypatch):
    """What is judged by intervals of luck alone is run by luck alone, whatever the scenario carries."""
    seen = []

    def stop(scenario, *_, **__):
        seen.append(scenario.draws)
        raise InterruptedError

    for place, work in (("simulation.study.run", run_pairs), ("simulation.statistics.claims.run", judge)):
        monkeypatch.setattr(place, stop)
        with pytest.raises(InterruptedError):
            work(drawing())

    assert seen == [None, None]

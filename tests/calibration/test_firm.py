"""Your firm in ten numbers: read, refused, solved, kept, and never silent about what is not reached."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from simulation import cli, read_scenario, run, settle
from simulation.calibration import firm as firms
from simulation.calibration import solve as solver
from simulation.calibration.plausible import doubts, impossible
from simulation.calibration.solve import Ask, Solution, solve
from simulation.calibration.words import missed_sentences
from simulation.errors import CalibrationError, ScenarioError
from simulation.evidence.headlines import ASKABLE, HEADLINES
from simulation.scenario import Scenario, scenario_schema, starter_text, stressed

STUDY = """
world = [{world}]
baseline = "today"
months = 12
seeds = {{ count = 4 }}
{more}
[firm]
{firm}
[policies.today.commission]
base_share = 0.5
rate = 0.10
tiers = [[1.0, 1.5]]
cap = 2.5
"""
PACK = '"worlds/saas_mid_market.toml"'
FIRM = "reps = 63\nturnover = 0.36\nquits_share = 0.55\nwin_rate = 0.27\ndeal_value = 30_000\nquota = 900_000"
SMALL = {
    "SEEDS": range(1, 7), "FEW_SEEDS": range(1, 7), "CHECK_SEEDS": range(101, 109), "SEATS": 63, "MONTHS": 12,
    "CLOSE_ENOUGH": 0.05, "FEW_CLOSE": 0.05,
}  # fmt: skip


def scenario_of(folder: Path, firm: str, *, world: str = PACK, more: str = "", **options: object) -> Scenario:
    """A scenario with this `[firm]`."""
    file = folder / "ours.toml"
    file.write_text(STUDY.format(world=world, firm=firm, more=more), encoding="utf-8")
    return read_scenario(file, **options)


def small(patch: pytest.MonkeyPatch) -> None:
    """Let the solver work on few and small organisations."""
    for name, value in SMALL.items():
        patch.setattr(solver, name, value)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory):
    """A scenario as read, settled, what was reached, and the folder in which it is kept."""
    folder = tmp_path_factory.mktemp("firm")
    asked = scenario_of(folder, FIRM)
    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        settled, found = settle(asked, folder)
    return asked, settled, found, folder


def ask_of(scenario: Scenario) -> Ask:
    """What settling the scenario would ask."""
    assert scenario.firm is not None
    plan = scenario.policy(scenario.baseline).levers
    return Ask("ours", scenario.parameters, plan, scenario.firm.asked, scenario.seats)


def test_each_number_is_reached_or_told(solved):
    """What the firm asks, and what the pack asks for the rest, is reached, or a sentence says why not."""
    found = solved[2]
    off = {key for key in found.solution.missed() if not any(text.startswith(key) for text in found.warnings)}

    assert set(found.solution.asked) >= set(ASKABLE)
    assert off == set()
    assert abs(found.solution.reached["win_rate"] - 0.27) < 0.01
    assert abs(found.as_json()["turnover"]["reached"] - 0.36) < 0.1


def test_a_settled_firm_is_facts_and_solved_levels(solved):
    """Facts are laid over as they are, owners are calibrated, slopes stay, and nothing is left to solve."""
    asked, settled, found, _ = solved
    rows = settled.parameters.rows
    owners = {headline.owner for headline in HEADLINES}
    moved = {key for key, row in rows.items() if row.value != asked.parameters.rows[key].value}

    assert settled.firm is None
    assert settled.seats == 63
    assert rows["contract", "quota"].value == 900_000
    assert {rows[key].status for key in owners} == {"calibrated"}
    assert moved <= owners
    assert rows["market", "deal_value"].value == found.solution.solved["market", "deal_value"]


def test_a_firm_is_solved_once(solved, monkeypatch):
    """The same firm is found again by its digest, without a simulation and to the last bit; another firm is not."""
    asked, settled, found, folder = solved
    small(monkeypatch)
    monkeypatch.setattr(firms, "solve", lambda *_: pytest.fail("it was solved again"))
    again, second = settle(asked, folder)

    assert second.found
    assert second.solution.solved == found.solution.solved
    assert np.array_equal(second.solution.pulls, found.solution.pulls)
    assert again.resolved() == settled.resolved()
    other = replace(asked, firm=replace(asked.firm, asked={**asked.firm.asked, "win_rate": 0.28}))
    with pytest.raises(pytest.fail.Exception, match="solved again"):
        settle(other, folder)


@pytest.mark.parametrize("damage", ["", "digest = 3", "[solved", "[solved.market.lead_rate]\nvalue = nan\n", "\xff\x00"])
def test_a_damaged_file_is_solved_anew(solved, monkeypatch, tmp_path, damage):
    """A kept file that is not what it should be is put aside with a sentence and written anew."""
    asked, _, found, _ = solved
    small(monkeypatch)
    monkeypatch.setattr(firms, "solve", lambda *_: found.solution)
    file = settle(asked, tmp_path)[1].file
    whole = file.read_bytes()
    file.write_bytes(damage.encode("latin-1"))
    again = settle(asked, tmp_path)[1]

    assert not again.found
    assert "the firm is solved anew" in again.warnings[0]
    assert file.read_bytes() == whole


def test_run_refuses_a_firm_that_is_not_solved(tmp_path):
    """Running before settling would show the pack's numbers as the firm's, so it names the call that is missing."""
    with pytest.raises(ScenarioError, match=r"firm is not solved yet; call `scenario, firm = settle\(scenario\)` and use"):
        run(scenario_of(tmp_path, FIRM))


def test_without_a_firm_nothing_is_settled():
    """A scenario without [firm] comes back as it is."""
    scenario = read_scenario()

    assert settle(scenario) == (scenario, None)


@pytest.mark.parametrize(
    ("firm", "says"),
    [
        ("turnovr = 0.3", "firm.turnovr is no number of a firm; the nearest is turnover"),
        ("turnover = 3.1", r"firm.turnover = 3.1 1/year is refused; it takes a number in \[0.02, 2\], such as 0.31"),
        ("turnover = 0", r"firm.turnover = 0 1/year is refused"),
        ("ote = true", r"firm.ote = true usd a year is refused; it takes a number in \[15,000, 1e\+06\]"),
        ("reps = 2.5", "firm.reps = 2.5 seats is refused; it takes a whole number"),
        ('currency = "$$"', 'firm.currency = ".*" is refused; it takes a word of 1 to 8 letters'),
        ('currency = "a very long name"', "firm.currency"),
    ],
)
def test_a_wrong_number_is_refused(tmp_path, firm, says):
    """Each fault of the table names the path, the value, the unit, the range and the nearest name."""
    with pytest.raises(ScenarioError, match=says):
        scenario_of(tmp_path, firm)


def test_reps_and_seats_are_one_number(tmp_path):
    """Both given is refused; the option --seats takes the place of reps."""
    assert scenario_of(tmp_path, "reps = 50", seats=30).seats == 30

    with pytest.raises(ScenarioError, match=r"firm\.reps is given and seats as well, which is the same number"):
        scenario_of(tmp_path, "reps = 50", more="seats = 40")


def test_a_firm_needs_a_pack(tmp_path):
    """Without an industry pack nobody says what is left out; the refusal names the shipped ones."""
    with pytest.raises(ScenarioError, match=r"firm needs an industry pack .*worlds/saas_mid_market\.toml"):
        scenario_of(tmp_path, FIRM, world='"worlds/steady.toml"')


def test_a_number_that_the_pack_does_not_have_is_refused(tmp_path):
    """A pack without renewals cannot show a renewal rate."""
    (tmp_path / "shop.toml").write_text(
        '[asked.win_rate]\nvalue = 0.3\nunit = "share"\nstatus = "assumed"\n', encoding="utf-8"
    )

    with pytest.raises(ScenarioError, match=r"firm\.renewal_rate is not among the numbers of this industry pack \(win_rate\)"):
        scenario_of(tmp_path, "renewal_rate = 0.9", world='"shop.toml"')


def test_a_solved_row_cannot_be_set_as_well(tmp_path):
    """A value given for a row that is solved would be lost, so it is refused; other rows can be set."""
    other = scenario_of(tmp_path, FIRM, settings=["world.labour.fill_days=90"])

    assert other.parameters.labour.fill_days == 90

    with pytest.raises(ScenarioError, match=r"--set: world\.market\.lead_rate is solved for \[firm\]"):
        scenario_of(tmp_path, FIRM, settings=["world.market.lead_rate=3"])


def test_set_changes_a_number_of_the_firm(tmp_path):
    """`--set firm.turnover` is as if the table had said so; quits and dismissals share it as the firm says."""
    asked = scenario_of(tmp_path, FIRM, settings=["firm.turnover=0.20"]).firm.asked

    assert asked["quits_rate"] == pytest.approx(0.11)
    assert asked["dismissals_rate"] == pytest.approx(0.09)
    assert asked["renewal_rate"] == 0.92


def test_schema_and_starter_know_every_number(tmp_path):
    """The schema has each number of the table; the starter's commented table reads without faults."""
    numbers = scenario_schema()["properties"]["firm"]["properties"]
    lines = starter_text("f.toml").splitlines()
    first = lines.index("# [firm]")
    table = [line.removeprefix("# ") for line in lines[first + 1 : lines.index("", first)]]
    scenario = scenario_of(tmp_path, "\n".join(table))

    assert set(scenario.firm.given) == set(numbers)
    assert scenario.firm.given["turnover"] == 0.31


def test_what_arithmetic_rules_out_is_said_first(tmp_path):
    """Numbers that cannot hold together are refused before a simulation; doubtful ones are told."""
    sure = ask_of(scenario_of(tmp_path, FIRM))
    few = ask_of(scenario_of(tmp_path, "deal_value = 2_000_000"))
    long = ask_of(scenario_of(tmp_path, "turnover = 1.5\nramp_months = 12"))
    paid = ask_of(scenario_of(tmp_path, "quota = 9_000_000"))
    dear = ask_of(scenario_of(tmp_path, "ote = 900_000"))

    assert doubts(sure) == []
    assert impossible(sure) == []
    assert "0.43 deals a year" in doubts(few)[0]
    assert "longer than the 8 months" in doubts(long)[0]
    assert "pays 900,000 a year at quota, where ote leaves 90,000" in doubts(paid)[0]
    assert any("more than the gross profit" in text for text in doubts(dear))
    with pytest.raises(CalibrationError, match="opportunities a rep and month, and the model takes"):
        settle(scenario_of(tmp_path, "deal_value = 50\nquota = 5_000_000"))


def test_a_baseline_without_commission_is_refused(tmp_path):
    """Numbers of a firm that pays salary alone say nothing of how pay moves its reps; the sentence says what to give."""
    scenario = scenario_of(tmp_path, "turnover = 0.3")
    paid = scenario.policy(scenario.baseline).with_setting("commission.rate", None).with_setting("commission.base_share", 1.0)

    with pytest.raises(CalibrationError, match="the baseline pays no commission"):
        settle(replace(scenario, policies=(paid, *scenario.policies[1:])))


def test_a_number_not_asked_leaves_its_owner(tmp_path, monkeypatch):
    """With some numbers not asked for, only the owners of the others are solved."""
    small(monkeypatch)
    whole = ask_of(scenario_of(tmp_path, ""))
    few = {key: whole.asked[key] for key in ("win_rate", "deal_size", "cycle_days")}
    solution = solve(replace(whole, asked={**few, "win_rate": 0.3}))

    assert set(solution.asked) == {*few, "cash_pull", "fit_mean", "fit_sd", "first_sales"}
    assert ("contract", "renewal_intercept") not in solution.solved
    assert abs(solution.reached["win_rate"] - 0.3) < 0.01


def test_a_missed_number_names_what_stands_in_its_way(tmp_path):
    """The sentence gives asked and reached, and the number whose owner moves it most, or the bound that its own has met."""
    ask = ask_of(scenario_of(tmp_path, ""))
    some = replace(ask, asked={key: ask.asked[key] for key in ("quits_rate", "win_rate")})
    size = len(some.unknowns)
    pulls = np.eye(size)
    pulls[0, 1] = -0.9
    solved = {h.owner: ask.start.rows[h.owner].value for h in some.unknowns}
    off = {**some.goals, "quits_rate": 0.5}
    found = Solution(some.unknowns, some.goals, off, dict.fromkeys(off, 0.001), solved, pulls)
    bounded = replace(found, solved={**solved, ("labour", "quit_intercept"): 0.0})

    assert missed_sentences(found, some) == [
        "quits_rate is not reached: asked 0.2, reached 0.5 ± 0.001; what it must show for win_rate pulls on it most"
    ]
    assert "world.labour.quit_intercept stands at 0 log-odds, the end of its range [-9, 0]" in missed_sentences(bounded, some)[0]
    assert missed_sentences(replace(found, reached=some.goals), some) == []


def test_market_conditions_hold_in_the_run_and_not_in_the_solution(solved, monkeypatch, tmp_path):
    """A downturn laid over the pack leaves what is solved as it is; stress overlays the solved firm."""
    asked, settled, found, _ = solved
    small(monkeypatch)
    monkeypatch.setattr(firms, "solve", lambda ask, _: found.solution if not ask.start.conditions else pytest.fail("conditions"))
    worse = settle(scenario_of(tmp_path, FIRM, world=f'{PACK}, "worlds/downturn.toml"'), tmp_path)[0]
    hit = stressed(replace(settled, stress=("worlds/downturn.toml",)), "worlds/downturn.toml")

    assert worse.parameters.conditions == hit.parameters.conditions
    assert worse.parameters.conditions
    assert hit.parameters.market.lead_rate == settled.parameters.market.lead_rate == worse.parameters.market.lead_rate
    assert asked.parameters.market.lead_rate != settled.parameters.market.lead_rate


@pytest.mark.usefixtures("one_picture")
def test_compare_prints_asked_and_reached(solved, monkeypatch, tmp_path):
    """The command solves, says what was asked and reached in table, JSON and manifest, and calls money by its label."""
    _, settled, found, _ = solved
    small(monkeypatch)
    monkeypatch.setattr(firms, "solve", lambda *_: found.solution)
    monkeypatch.setattr("simulation.report.figures.draw_all", lambda *_, **__: None)
    scenario_of(tmp_path, f'{FIRM}\ncurrency = "EUR"')
    sizes = ("--seeds", "2", "--months", "6", "--no-deck")
    command = ["compare", str(tmp_path / "ours.toml"), *sizes, "--out", str(tmp_path / "out")]
    printed = CliRunner().invoke(cli.app, command)
    document = json.loads(CliRunner().invoke(cli.app, [*command, "--json"]).stdout)
    manifest = json.loads(next((tmp_path / "out").glob("ours/*/manifest.json")).read_text(encoding="utf-8"))

    assert printed.exit_code == 0
    assert printed.stdout.index("Your firm") < printed.stdout.index("Turnover (% a year")
    assert "million EUR a year" in printed.stdout
    assert document["measures"]["revenue"]["unit"] == "EUR/year"
    assert document["firm"]["win_rate"]["asked"] == 0.27
    assert document["firm"]["win_rate"]["owned_by"] == "market.win_intercept"
    assert document["firm"]["win_rate"]["value"] == settled.parameters.market.win_intercept
    assert manifest["firm"] == document["firm"]


share = st.floats(0.25, 0.75)
random_firm = st.fixed_dictionaries(
    {"ote": st.sampled_from([90_000, 150_000, 260_000]), "turnover": st.floats(0.12, 0.7), "quits_share": share},
    optional={
        "reps": st.integers(30, 400), "regions": st.integers(1, 9), "quota_multiple": st.floats(3.0, 7.0), "at_quota": share,
        "ramp_months": st.floats(2.0, 10.0), "cycle_days": st.floats(20.0, 200.0), "win_rate": st.floats(0.1, 0.5),
        "deal_value": st.floats(4_000.0, 150_000.0), "renewal_rate": st.floats(0.75, 0.97),
    },
)  # fmt: skip


def is_told(scenario: Scenario) -> bool:
    """Whether each number of a firm is reached, or told, or the firm refused with a sentence."""
    try:
        settled, found = settle(scenario)
    except CalibrationError as refusal:
        return all("firm" in fault for fault in refusal.faults)
    near = {key for key in ASKABLE if abs(found.solution.reached[key] / found.solution.asked[key] - 1.0) < 0.2}
    told = {key for key in found.solution.asked if any(text.startswith(key) for text in found.warnings)}
    return set(found.solution.missed()) == told and near | told >= set(ASKABLE) and settled.firm is None


def firm_text(numbers: dict[str, float]) -> str:
    """The table of a random firm; its quota is a multiple of target pay."""
    table = {"quota": round(numbers["ote"] * numbers.get("quota_multiple", 4.8)), **numbers}
    table.pop("quota_multiple", None)
    return "\n".join(f"{name} = {value}" for name, value in table.items())


@pytest.mark.slow
@settings(max_examples=4, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(random_firm)
def test_random_firms_are_reached_or_told(tmp_path_factory, numbers):
    """Whatever firm is asked for: its numbers are reached within tolerance, or a sentence says which are not and why."""
    assert is_told(scenario_of(tmp_path_factory.mktemp("random"), firm_text(numbers)))

"""The desk: its answers are those of the command line to the last digit, whatever was asked before."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from threading import Event, Thread

import pandas as pd
import pytest
import source
from desks import desk_in_place
from ensembles import made_ensemble
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import compare, run
from simulation.app.answers.desk import Answer, Desk
from simulation.app.answers.lanes import Lane, SupersededError
from simulation.app.drafts.draft import Draft
from simulation.app.drafts.sharing import as_command
from simulation.calibration.solve import Solution
from simulation.errors import RunError, ScenarioError
from simulation.evidence.ensemble import shipped_ensemble
from simulation.experiment.cells.recent import Recent
from simulation.living import live
from simulation.report.table import as_json
from simulation.statistics.reasons import with_reasons
from simulation.study import run_study

STUDY = Draft.of_study("growth_mix").leave_out("learning_only").leave_out("autonomy_only").leave_out("tolerance_only")
SMALL = STUDY.with_choice(seats=8, months=3, luck_only=True)
RATE, FUND = "policies.growth_mix.commission.rate", "policies.growth_mix.failure_tolerance.fund"
FIRM = """
baseline = "today"
seats = 42
months = 1
world = ["worlds/saas_mid_market.toml"]
[firm]
turnover = 0.3
[policies.today]
commission = { base_share = 0.5, rate = 0.1 }
[policies.more]
like = "today"
autonomy = { approval_days = 5 }
"""


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """One desk for all tests of this file: what each leaves in it must change nothing for the others."""
    with desk_in_place() as found:
        yield found


def same(answer: Answer, draft: Draft, seeds: int) -> bool:
    """Whether an answer's table is that of `run` and `compare`, with the same run, settings moved and verdicts."""
    alone = compare(run(draft.scenario(seeds), processes=1, ledger=answer.deep))
    pd.testing.assert_frame_equal(answer.summary.table, alone.table, check_exact=True)
    assert answer.summary.facts == alone.facts
    assert answer.summary.warnings == alone.warnings
    return dict(answer.summary.moved) == dict(alone.moved)


edits = st.lists(st.tuples(st.sampled_from(["rate", "fund", "promise", "months", "world"]), st.booleans()), max_size=3)


def edited(draft: Draft, edit: tuple[str, bool]) -> Draft:
    """A draft with one thing changed, there or back."""
    what, changed = edit
    if what == "months":
        return draft.with_choice(months=2 if changed else 3)
    if what == "world":
        return draft.with_choice(world=["worlds/volatile.toml"] if changed else draft.own.world)
    if what == "promise":
        written = "off" if changed else '{ to = "pay_only", by = "commission.pay_level" }'
        return draft.with_value("policies.growth_mix.equal_cost", written)
    path, here, there = {"rate": (RATE, "0.085", "0.075"), "fund": (FUND, "20_000", "25_000")}[what]
    return draft.with_value(path, here if changed else there)


@pytest.mark.slow
@settings(max_examples=8)
@given(first=edits, second=edits, seeds=st.sampled_from([1, 2, 3]))
def test_edits_in_any_order_never_leak(desk, first, second, seeds):
    """After any edits, each asked as it is made, the answer is that of a process that knows of no other draft."""
    draft = SMALL
    for edit in (*first, *second):
        draft = edited(draft, edit)
        answer = desk.answer(draft, seeds)

        assert same(answer, draft, seeds)


def test_drawn_parameters_and_promises_give_the_same_digits(desk, monkeypatch):
    """With a draw at each seed, points, equal costs and more seeds, tables, reasons and static prices are those of `compare`."""
    monkeypatch.setattr("simulation.scenario.read.shipped_ensemble", made_ensemble)
    draft = replace(SMALL, luck_only=False).with_value(RATE, "0.09")
    first = desk.answer(draft, 2)
    deep = desk.deepen(first)
    more = desk.more(deep, 3)
    records = run(draft.scenario(3), processes=1)
    whole = with_reasons(compare(records), records, processes=1)

    assert same(first, draft, 2)
    assert (first.deep, deep.deep, more.deep) == (False, True, True)
    assert (first.seeds, deep.seeds, more.seeds) == (2, 2, 3)
    assert same(deep, draft, 2)
    assert same(more, draft, 3)
    assert first.summary.moved.keys() == {"growth_mix"}
    pd.testing.assert_frame_equal(more.summary.reasons.table, whole.reasons.table, check_exact=True)
    pd.testing.assert_frame_equal(more.summary.static.table(), whole.static.table(), check_exact=True)


@pytest.mark.slow
def test_the_ledger_of_one_baseline_is_not_anothers(desk):
    """Static prices follow the baseline's own settings, though the same policies were priced before against another."""
    for rate in ("0.12", "0.1"):
        draft = SMALL.with_value("policies.pay_only.commission.rate", rate)
        answer = desk.deepen(desk.answer(draft, 2))
        alone = compare(run(draft.scenario(2), processes=1))

        pd.testing.assert_frame_equal(answer.summary.static.table(), alone.static.table(), check_exact=True)


def test_a_life_is_that_of_the_command(desk):
    """One seat's months on the page are those of `live`, against another policy too, promises kept."""
    shown = desk.life(SMALL, 2, "growth_mix", 3, against="pay_only")
    alone = live(SMALL.scenario(2), "growth_mix", 3, against="pay_only")

    pd.testing.assert_frame_equal(shown.months, alone.months, check_exact=True)
    assert shown.sentences == alone.sentences


@pytest.mark.slow
def test_findings_are_those_of_the_whole_study(desk):
    """What a deck is made from has stress worlds too, and the figures of `run_study`."""
    found = desk.findings(SMALL, 2)
    alone = run_study(SMALL.scenario(2), processes=1, luck_only=True).findings

    pd.testing.assert_frame_equal(found.summary.table, alone.summary.table, check_exact=True)
    assert found.about == alone.about
    assert found.stress.keys() == alone.stress.keys() != set()


def test_a_refusal_is_an_error_and_the_next_question_is_answered(desk):
    """A promise that cannot be kept raises ScenarioError, and leaves the desk as it was."""
    bad = SMALL.with_value("policies.growth_mix.failure_tolerance.fund", "1_000_000").with_value(
        "policies.growth_mix.commission.base_share", "1.0"
    )
    with pytest.raises(ScenarioError, match="growth_mix"):
        desk.answer(bad, 2)

    assert same(desk.answer(SMALL, 2), SMALL, 2)


def test_what_would_keep_the_page_busy_for_long_is_refused_by_its_sizes(desk):
    """A link to 600 months of 5,000 seats is a sentence at once; nobody behind it waits."""
    huge = SMALL.with_choice(seats=5_000, months=600)
    with pytest.raises(ScenarioError, match=r"months = 600 and seats = 5,000 make .* lower one of them, or copy the command"):
        desk.answer(huge, 32)


def test_nobody_works_for_a_question_that_is_superseded(desk):
    """A question that is stopped before its turn, or meanwhile, raises and is not worked out."""
    stop, told = Event(), []

    def progress(done: int, total: int, what: str) -> None:
        told.append((done, total, what))
        stop.set()

    draft = SMALL.with_value(RATE, "0.0777")
    with pytest.raises(SupersededError):
        desk.answer(draft, 2, stop=lambda: True)
    with pytest.raises(SupersededError):
        desk.answer(draft, 2, stop=stop.is_set, progress=progress)

    assert len(told) == 1


def test_questions_have_their_turns_as_they_came():
    """First come, first served; one that is superseded while it waits never runs, and those behind it move up."""
    lane = Lane(1, Recent())
    lane.begin = lambda: None  # type: ignore[method-assign,return-value]
    order: list[str] = []
    over, first_has_it, go = Event(), Event(), Event()

    def ask(name: str, stop: Event) -> None:
        try:
            with lane.turn(stop.is_set):
                order.append(name)
                if name == "first":
                    first_has_it.set()
                    go.wait(10)
        except SupersededError:
            order.append(f"{name} gave up")

    threads = [Thread(target=ask, args=("first", Event()))]
    threads[0].start()
    assert first_has_it.wait(10)
    for k, (name, stop) in enumerate((("second", over), ("third", Event())), 2):
        threads.append(Thread(target=ask, args=(name, stop)))
        threads[-1].start()
        while len(lane._queue) < k:
            pass
    over.set()
    threads[1].join(10)
    go.set()
    for thread in threads:
        thread.join(10)

    assert order == ["first", "second gave up", "third"]


def test_a_firm_is_solved_once(desk, monkeypatch):
    """Questions about a draft with a `[firm]` solve it with the first of them, and run what was solved."""
    asks: list[str] = []

    def solved(ask, _):
        asks.append(ask.name)
        start = {headline.owner: ask.start.rows[headline.owner].value for headline in ask.unknowns}
        return Solution(ask.unknowns, ask.goals, dict(ask.goals), dict.fromkeys(ask.goals, 1e-3), start)

    monkeypatch.setattr("simulation.calibration.firm.solve", solved)
    draft = Draft.opened(FIRM, "ours").with_choice(luck_only=True)
    answers = [desk.answer(draft.with_value("policies.more.autonomy.approval_days", days), 1) for days in ("4.0", "3.0")]

    assert len(asks) == 1
    assert all(answer.scenario.firm is None for answer in answers)


@pytest.mark.slow
def test_processes_give_the_digits_of_the_command_at_32_seeds(monkeypatch, tmp_path):
    """Headlines, differences, intervals and run id of `orgsim compare --json` at 32 seeds, draws and promises and all."""
    monkeypatch.setattr("simulation.scenario.read.shipped_ensemble", shipped_ensemble)
    draft = replace(SMALL, luck_only=False, seats=12, months=6).with_value(RATE, "0.09")
    luck_only = replace(draft, luck_only=True)
    command = shlex.split(as_command(luck_only, 32))[1:]
    with Desk(processes=2) as desk:
        desk.answer(draft.with_value(FUND, "20_000"), 32)
        drawn, luck = desk.answer(draft, 32), desk.deepen(desk.answer(luck_only, 32))
        alone = compare(run(draft.scenario(32), processes=1))
    said = subprocess.run(
        [sys.executable, "-m", "simulation", *command, "--json", "--no-deck", "--out", str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=source.ROOT,
    )  # fmt: skip
    told, ours = json.loads(said.stdout), json.loads(json.dumps(as_json(luck.summary)))

    pd.testing.assert_frame_equal(drawn.summary.table, alone.table, check_exact=True)
    assert drawn.summary.facts == alone.facts
    for part in ("run", "policies", "moved", "warnings", "labels", "seeds", "months"):
        assert ours[part] == told[part], part


@pytest.mark.slow
def test_a_dead_process_is_a_sentence_and_the_next_question_has_others():
    """A worker that is killed gives its sentence; the same question is answered then, with the same digits."""
    with Desk(processes=1) as desk:
        desk.answer(SMALL, 2)
        [core] = desk._urgent._pool._cores
        [pid] = core._executor._processes
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(RunError, match=r"^A worker process was stopped, .*; ask again, with fewer seeds or seats"):
            desk.answer(SMALL.with_value(RATE, "0.09"), 2)

        assert same(desk.answer(SMALL.with_value(RATE, "0.09"), 2), SMALL.with_value(RATE, "0.09"), 2)

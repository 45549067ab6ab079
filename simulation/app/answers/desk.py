"""The answers of the page: as `orgsim compare` would give them, soon.

    with Desk() as desk:
        first = desk.answer(draft, 32)         # figures and intervals, in about a second
        whole = desk.deepen(first)             # static prices, reasons
        more = desk.more(whole, 64)

One a server. Figures are those of `run` and `compare` by construction: what is kept in memory is found by the digest of all
that it depends on (`experiment/cells/recent.py`), and nothing else is remembered. Questions that somebody waits for have
processes of their own; what follows an answer is done by others, which stand behind them.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Self

from simulation.app.answers.lanes import Lane, Stop, SupersededError
from simulation.app.answers.reach import check_reach
from simulation.calibration.firm import settle
from simulation.errors import SimulationError
from simulation.experiment.cells.recent import Recent
from simulation.experiment.execute import Progress, baseline_ledger, run
from simulation.experiment.store import run_id
from simulation.experiment.work.workers import Workers, checked
from simulation.living import live, living_work
from simulation.statistics.compare import compare
from simulation.statistics.reasons import with_reasons
from simulation.study import run_study

if TYPE_CHECKING:
    from simulation.app.drafts.draft import Draft
    from simulation.living import Life
    from simulation.records import Records
    from simulation.rep_months import Ledger
    from simulation.scenario import Scenario
    from simulation.statistics.findings import Findings
    from simulation.statistics.summary import Summary

FIRST_SEEDS = 32
"""Seeds of the first answer."""
PATIENT = 15
"""How far the processes that follow answers up stand behind others."""
MOST_LEDGERS = 6
"""Baselines whose rep-months are kept: 18 MB each at 200 seats and 36 months."""
MOST_WAITING = 512
"""Questions of all pages that may wait at once."""


def go_on() -> bool:
    """Whether nobody waits any more: somebody always does."""
    return False


@dataclass(frozen=True, eq=False)
class Answer:
    """What becomes of a draft.

    draft : what was asked
    scenario : as it was run, with settings moved for equal cost and a `[firm]` solved
    summary : the comparison of its policies; with reasons and static prices once it is `deep`
    seeds : how many of the scenario's seeds, from the first on
    seconds : how long it took [s]
    """

    draft: Draft
    scenario: Scenario
    summary: Summary
    seeds: int
    deep: bool
    seconds: float


class Desk:
    """Answers the questions of all pages; any thread may ask.

    Parameters
    ----------
    processes : int, optional
        Processes for questions that somebody waits for, and as many for what follows; left out, one a core.

    Every question takes `stop`, which says whether nobody waits any more, and may take `progress`, called with
    (done, total, what). It raises SupersededError once `stop` says so, and else what `run_study` raises.
    """

    def __init__(self, processes: int | None = None) -> None:
        count = checked(processes) or _cores()
        cells = Recent()
        self.threads = ThreadPoolExecutor(MOST_WAITING, thread_name_prefix="question")
        self._urgent = Lane(count, cells)
        self._patient = Lane(count, cells, niceness=PATIENT)
        self._studies = Lane(count, cells, niceness=PATIENT)
        self._ledgers: OrderedDict[str, Ledger] = OrderedDict()
        self._lock = Lock()
        self._firms = TemporaryDirectory(prefix="orgsim")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Answer nothing more, and let all processes go."""
        for lane in (self._urgent, self._patient, self._studies):
            lane.close()
        self.threads.shutdown(wait=False, cancel_futures=True)
        self._firms.cleanup()

    def warm(self, draft: Draft) -> None:
        """Answer a draft before anybody asks, so that what its changes share with it is there; refusals are told when asked."""
        with suppress(SimulationError, SupersededError):
            self.answer(draft, FIRST_SEEDS)
            with self._patient.turn(go_on):
                pass  # its processes have begun to start

    def answer(self, draft: Draft, seeds: int, *, stop: Stop = go_on, progress: Progress | None = None) -> Answer:
        """Figures with their intervals, as soon as can be."""
        began = time.monotonic()
        heard = _heeding(stop, progress)
        check_reach(draft.scenario(seeds))
        with self._urgent.turn(stop) as crew:
            scenario, warnings = self._settled(draft, seeds, heard)
            records = run(scenario, heard, processes=crew, ledger=False, foresee=True)
        return _answer(draft, records, _warned(compare(records), warnings), began, deep=False)

    def deepen(self, answer: Answer, *, stop: Stop = go_on, progress: Progress | None = None) -> Answer:
        """The same with static prices and reasons."""
        return self.more(answer, answer.seeds, stop=stop, progress=progress)

    def more(self, answer: Answer, seeds: int, *, stop: Stop = go_on, progress: Progress | None = None) -> Answer:
        """The same draft at another number of seeds, with static prices and reasons."""
        began = time.monotonic()
        heard = _heeding(stop, progress)
        with self._patient.turn(stop) as crew:
            scenario, warnings = self._settled(answer.draft, seeds, heard)
            records = self._with_ledgers(run(scenario, heard, processes=crew, ledger=False, foresee=True), crew)
            summary = with_reasons(compare(records), records, heard, crew)
        return _answer(answer.draft, records, _warned(summary, warnings), began, deep=True)

    def life(
        self, draft: Draft, seeds: int, policy: str, seat: int, seed: int | None = None, against: str | None = None,
        *, stop: Stop = go_on,
    ) -> Life:  # fmt: skip
        """One seat's life under a policy of the draft, as `orgsim life` tells it."""
        scenario = draft.scenario(seeds)
        waits = living_work(scenario, policy, against) > 0
        with self._urgent.turn(stop) if waits else nullcontext(Workers(1)) as crew:
            return live(
                scenario, policy, seat, seed, against=against, progress=_heeding(stop, None), processes=crew, kept=self._kept
            )  # fmt: skip

    def findings(
        self, draft: Draft, seeds: int, progress: Progress | None = None, stop: Stop = go_on
    ) -> Findings:
        """The whole study as `orgsim compare` finds it out, stress worlds and assumption ranges too: what a deck is made from."""
        scenario = draft.scenario(seeds)
        try:
            with self._studies.turn(stop) as crew:
                heard = _heeding(stop, progress)
                return run_study(scenario, heard, processes=crew, luck_only=draft.luck_only, kept=self._kept).findings
        finally:
            self._studies.rest()

    @property
    def _kept(self) -> Path:
        """Where solved firms are looked up and kept."""
        return Path(self._firms.name)

    def _settled(self, draft: Draft, seeds: int, heard: Progress) -> tuple[Scenario, tuple[str, ...]]:
        """The scenario of a draft with its `[firm]` solved, and what there is to say of that."""
        scenario, firm = settle(draft.scenario(seeds), self._kept, heard)
        return scenario, firm.warnings if firm else ()

    def _with_ledgers(self, records: Records, crew: Workers) -> Records:
        """Records with the baseline's rep-months, in both worlds where parameters are drawn."""
        point = records.point and self._with_ledgers(records.point, crew)
        return replace(records, ledger=self._ledger(records.scenario, crew), point=point)

    def _ledger(self, scenario: Scenario, crew: Workers) -> Ledger:
        """The baseline's rep-months, kept for a few worlds."""
        world = replace(scenario.with_policies([scenario.policy(scenario.baseline)]), stress=(), expect=())
        key = run_id(world)
        with self._lock:
            if key in self._ledgers:
                self._ledgers.move_to_end(key)
                return self._ledgers[key]
        found = baseline_ledger(scenario, crew)
        with self._lock:
            self._ledgers[key] = found
            while len(self._ledgers) > MOST_LEDGERS:
                self._ledgers.popitem(last=False)
        return found


def _heeding(stop: Stop, progress: Progress | None) -> Progress:
    """Progress that ends what nobody waits for."""

    def heard(done: int, total: int, what: str) -> None:
        if stop():
            raise SupersededError
        if progress:
            progress(done, total, what)

    return heard


def _warned(summary: Summary, warnings: tuple[str, ...]) -> Summary:
    return replace(summary, warnings=(*warnings, *summary.warnings)) if warnings else summary


def _answer(draft: Draft, records: Records, summary: Summary, began: float, *, deep: bool) -> Answer:
    return Answer(draft, records.scenario, summary, records.scenario.seed_count, deep, time.monotonic() - began)


def _cores() -> int:
    from loky import cpu_count

    return int(cpu_count())

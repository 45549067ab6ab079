"""How long the page waits: from a changed setting to an answer with its intervals, and what follows it.

    python benchmarks/page.py

Two cores, idle but for this. 200 seats, 36 months, 32 seeds with a draw of parameters each and once more at point values, the
baseline and all other policies answered before. Each row changes one setting, again and again, to values that were never asked
for: the draft, the cells, `compare`. `plain` is the time of the same cells one after another in one process that has warmed them
up and does nothing else, so `ratio` tells what the desk adds or saves on any machine. `busy` asks while what follows the answer
before, static prices, reasons and more seeds, is worked out: the question drops it. `deep` and `64 seeds` follow an answer; in
the first row they meet a baseline that was never priced, and new seeds.

Seen when written, on two cores that were not idle (a load of 5 to 13 from other work), this command's group of processes set
before the others; seconds:

    from nothing to the first answer: 4.6 s, processes and all
                                 idle  worst  plain  ratio   busy   deep  64 seeds
    one policy's rate            0.59   0.61   0.70   0.84   0.65   3.26      2.36
    a rate, equal cost kept      0.94   1.14   1.56   0.60   1.00   1.00      1.37
    a lever, equal cost kept     0.93   1.07   1.61   0.58   1.05   1.46      0.93
    the baseline's rate          3.04   3.26   0.89   3.42   3.48   3.21      2.89

So a question that drops the work of another waits no longer than one that meets an idle desk. Without the search that runs
ahead of itself (`experiment/batch/foresight.py`) the second and third rows took 1.25 to 1.5. `plain` of the last row has the
baseline's own cells alone, while all policies are new and warmed up anew.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Event, Thread

from simulation.app.answers.desk import FIRST_SEEDS, Answer, Desk
from simulation.app.answers.lanes import SupersededError
from simulation.app.drafts.draft import Draft
from simulation.experiment.batch.batch import Batch
from simulation.experiment.batch.equal_cost import COST, SEEDS, equalise
from simulation.experiment.batch.variants import Variant, walk
from simulation.scenario import Scenario

ROWS = (
    ("one policy's rate", "policies.steeper.commission.rate", (0.085, 0.0003)),
    ("a rate, equal cost kept", "policies.growth_mix.commission.rate", (0.072, 0.0003)),
    ("a lever, equal cost kept", "policies.growth_mix.autonomy.discount_authority", (0.07, 0.001)),
    ("the baseline's rate", "policies.status_quo.commission.rate", (0.101, 0.0002)),
)
"""What is changed, its path, and where its values begin and by how much they rise."""
TIMES = 7


def values(first: float, step: float) -> Iterator[str]:
    """Values that were never asked for."""
    k = 0
    while True:
        yield f"{first + k * step:.6g}"
        k += 1


def plain(scenario: Scenario, changed: str) -> float:
    """Seconds of the cells of one policy by this process alone: its search for equal cost, draws and points; warmed up before."""
    took = 0.0
    policy = scenario.policy(changed)
    if policy.equal_cost is not None:
        search = replace(scenario, seed_count=SEEDS).with_policies([scenario.policy(scenario.baseline), policy])
        looks = 0

        def look(_: int) -> None:
            nonlocal looks
            looks += 1

        solved, _ = equalise(search, look)
        looks //= scenario.months
        policy = solved.policy(changed)
        took += (looks - 1) * alone(Batch.of(search, [Variant(policy)], COST))
    worlds = [scenario, scenario.luck_only()]
    return took + sum(alone(Batch.of(world, [Variant(policy)])) for world in worlds)


def alone(batch: Batch) -> float:
    """Seconds of a batch as one block, whose warm-up is there."""
    part = batch.part(batch.variants, range(len(batch.variants)), range(len(batch.seeds)))
    walk(batch.ground, part, by_group=batch.reduction is None)
    began = time.perf_counter()
    walk(batch.ground, part, by_group=batch.reduction is None)
    return time.perf_counter() - began


def asked(desk: Desk, draft: Draft, path: str, value: str) -> tuple[float, Answer]:
    """Seconds from a changed setting to its answer."""
    began = time.perf_counter()
    answer = desk.answer(draft.with_value(path, value), FIRST_SEEDS)
    return time.perf_counter() - began, answer


def busy(desk: Desk, draft: Draft, path: str, new: Iterator[str]) -> float:
    """The same while what follows the answer before is worked out, until the question drops it."""
    _, before = asked(desk, draft, path, next(new))
    over = Event()

    def follow() -> None:
        answer = before
        try:
            while not over.is_set():
                answer = desk.more(answer, answer.seeds + FIRST_SEEDS, stop=over.is_set)
        except SupersededError:
            pass

    thread = Thread(target=follow)
    thread.start()
    time.sleep(0.3)
    began = time.perf_counter()
    over.set()
    desk.answer(draft.with_value(path, next(new)), FIRST_SEEDS)
    took = time.perf_counter() - began
    thread.join()
    return took


def main() -> None:
    """Measure and print."""
    draft = Draft.of_study("status_quo")
    began = time.perf_counter()
    with Desk() as desk:
        desk.warm(draft)
        print(f"from nothing to the first answer: {time.perf_counter() - began:.1f} s, processes and all")
        print(f"{'':<26}{'idle':>7}{'worst':>7}{'plain':>7}{'ratio':>7}{'busy':>7}{'deep':>7}{'64 seeds':>10}   [s]")
        for name, path, (first, step) in ROWS:
            new = values(first, step)
            asked(desk, draft, path, next(new))
            took = [asked(desk, draft, path, next(new)) for _ in range(TIMES)]
            idle = statistics.median(seconds for seconds, _ in took)
            last = took[-1][1]
            others = [busy(desk, draft, path, new) for _ in range(TIMES)]
            deep = desk.deepen(last)
            more = desk.more(deep, 2 * FIRST_SEEDS)
            own = plain(draft.with_value(path, next(new)).scenario(FIRST_SEEDS), path.split(".")[1])
            print(
                f"{name:<26}{idle:7.2f}{max(seconds for seconds, _ in took):7.2f}{own:7.2f}{idle / own:7.2f}"
                f"{statistics.median(others):7.2f}{deep.seconds:7.2f}{more.seconds:10.2f}"
            )


if __name__ == "__main__":
    main()

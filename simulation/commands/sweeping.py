"""`orgsim sweep`: read the design, run it with everything kept, print, write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from simulation.commands.common import about_of, kept_crew, now, progress_bar, show_and_keep
from simulation.errors import ScenarioError
from simulation.report.streams import as_text, check_writable, results

if TYPE_CHECKING:
    from simulation.scenario import Scenario
    from simulation.scenario.until import Until

PAIRS = "pairs"
KEPT = ("measures", "months")


def check_request(design: str, keep: str, given: Mapping[str, Any]) -> None:
    """Refuse what cannot go together before anything is read; `given` has the options that do not go with pairs."""
    if keep not in KEPT:
        raise ScenarioError(f'--keep: "{keep}" cannot be kept; it takes {" or ".join(KEPT)}')
    refused = [option for option, value in given.items() if value is not None and value is not False and value != []]
    if design == PAIRS and refused:
        raise ScenarioError(
            f"{', '.join(refused)}: cannot go with --design pairs, which puts every lever, and every two, at typical settings "
            f"on the baseline, with fixed seeds and point values; leave {'it' if len(refused) == 1 else 'them'} out"
        )


def sweep(
    scenario: Scenario,
    out: Path,
    *,
    design: str,
    vary: Sequence[str],
    policies: Sequence[str],
    samples: int | None,
    keep_months: bool,
    until: Until | None,
    **how: Any,
) -> None:
    """Points of a design, each against the baseline, or all pairs of levers.

    `how` says how it is run and told: processes, scheduler, progress, json.
    """
    check_writable(out)
    if design == PAIRS:
        _sweep_pairs(scenario, out, **how)
    else:
        _sweep_design(
            scenario, out, design=design, vary=vary, policies=policies, samples=samples, keep_months=keep_months, until=until,
            **how,
        )  # fmt: skip


def _sweep_pairs(
    scenario: Scenario, out: Path, *, processes: int | None, scheduler: str | None, progress: str, json: bool
) -> None:  # fmt: skip
    """Every two levers at typical settings, against each alone."""
    from simulation.calibration.firm import settle
    from simulation.experiment.design.pairs import pairs_scenario
    from simulation.experiment.execute import main_work
    from simulation.experiment.store import run_id
    from simulation.report.pairs import print_pairs, write_pairs
    from simulation.study import run_pairs

    began = now()
    with progress_bar(progress) as progressing:
        scenario, firm = settle(scenario, out, progressing)
        asked = pairs_scenario(scenario.luck_only())
        about, work = about_of(asked, PAIRS, began), main_work(asked)
        with kept_crew(out, run_id(asked), about, rep_months=work, processes=processes, scheduler=scheduler) as crew:
            combined, singles, pairs = run_pairs(scenario, progressing, processes=crew)

    def show() -> None:
        if json:
            typer.echo(as_text({"singles": singles.to_dict("records"), "pairs": pairs.to_dict("records")}))
        else:
            if firm:
                firm.print(results())
            print_pairs(combined, singles, pairs, results())

    show_and_keep(show, lambda: write_pairs(combined, singles, pairs, out), began)


def _sweep_design(
    scenario: Scenario,
    out: Path,
    *,
    design: str,
    vary: Sequence[str],
    policies: Sequence[str],
    samples: int | None,
    keep_months: bool,
    until: Until | None,
    processes: int | None,
    scheduler: str | None,
    progress: str,
    json: bool,
) -> None:
    """Points of a design, each against the baseline."""
    from simulation.calibration.firm import settle
    from simulation.experiment.design.design import make_design, read_factors
    from simulation.experiment.store import run_folder
    from simulation.report.sweep import as_json, print_sweep
    from simulation.report.sweep_files import write_sweep_run
    from simulation.sweeping import run_sweep, sweep_id, sweeping_work

    began = now()
    with progress_bar(progress) as progressing:
        scenario, firm = settle(scenario, out, progressing)
        points = make_design(design, read_factors(vary, scenario), scenario, samples=samples, policies=policies)
        run, work = sweep_id(scenario, points, until), sweeping_work(scenario, points, until)
        detail = f"{points.kind} of {', '.join(points.paths)}{', drawn' if scenario.draws else ''}"
        about = about_of(scenario, "sweep", began, until, detail=detail)
        with kept_crew(out, run, about, rep_months=work, processes=processes, scheduler=scheduler) as crew:
            found = run_sweep(scenario, points, progressing, processes=crew, keep_months=keep_months, until=until)
            crew.cells.rename(run, about_of(found.scenario, "sweep", began, detail=detail))
    times = {"started": began.isoformat(timespec="seconds"), "finished": now().isoformat(timespec="seconds")}

    def show() -> None:
        if json:
            folder = run_folder(scenario, out, run)
            typer.echo(as_text(as_json(found.swept, **times, seconds=round(found.seconds, 3), out=folder)))
        else:
            if firm:
                firm.print(results())
            print_sweep(found.swept, results())

    show_and_keep(show, lambda: write_sweep_run(found, out, times), began)

"""A company's own calibration, from its files to its world, in one call.

    found = calibrate_company("people.csv", "deals.csv", out="results")
    print_calibrated(found, console)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from simulation.calibration.company.backtest import backtest
from simulation.calibration.company.cells import random_key
from simulation.calibration.company.check import Findings
from simulation.calibration.company.deals import read_deals
from simulation.calibration.company.fit import Fit, fit
from simulation.calibration.company.found import Calibrated, Company, Pack
from simulation.calibration.company.history import History
from simulation.calibration.company.mapping import PERIODS, CompanyMapping, columns_line, only_known, read_mapping
from simulation.calibration.company.moments import Moments, measure
from simulation.calibration.company.people import read_people
from simulation.calibration.company.tables import Source
from simulation.calibration.company.words import as_json
from simulation.calibration.company.world import write_figures, write_report, write_world
from simulation.calibration.solve import Progress
from simulation.errors import CalibrationError, ScenarioError
from simulation.evidence.read import shipped_parameters
from simulation.levers import catalogue
from simulation.scenario.faults import Faults, literal
from simulation.scenario.files import LARGEST_WHOLE
from simulation.scenario.world import overlay, read_world, world_file

USUAL_PACK = "saas_mid_market"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
NEITHER = "--mapping: says nothing without --people or --deals; give one of them, or leave it out to fit the published findings"
Say = Callable[[str], None]


def calibrate_company(
    people: str | Path | None = None, deals: str | Path | None = None, *, mapping: str | Path | None = None,
    world: str = USUAL_PACK, out: str | Path = "results", name: str = "company", seed: int = 1,
    progress: Progress | None = None, say: Say | None = None,
) -> Calibrated:  # fmt: skip
    """Fit a pack to a company's people and deals, back-test it, and write its world.

    Parameters
    ----------
    people, deals : files, one of them at least: CSV, Parquet or Excel
    mapping : TOML file that says which column is what
    world : the pack to start from, a file or a shipped one
    out, name : folder, and the name of the files and of the world in it
    seed : of the bootstrap
    progress, say : told how far it is, and what was found before it is fitted

    Raises
    ------
    ScenarioError
        When a file, a mapping or the pack cannot be used.
    CalibrationError
        When the tables inform nothing, or what they say cannot hold together in the pack.
    """
    if people is None and deals is None:
        raise ScenarioError(NEITHER)
    if not NAME.fullmatch(name):
        raise ScenarioError(f"--name: {literal(name)} is refused; it takes small letters, digits and _, such as acme")
    if not 0 <= seed <= LARGEST_WHOLE:
        raise ScenarioError(f"--seed: {seed} is refused; it takes a whole number from 0 on, the default is 1")
    pack = read_pack(world)
    found = read_company(people, deals, mapping=mapping, ramp=float(pack.parameters.contract.ramp_months), seed=seed)
    folder = Path(out)
    files = write_figures(found.moments, found.told, folder, name)
    if say:
        for line in (*found.matched, *found.told.sentences()):
            say(line)
    if not any(key in found.moments for key in (*pack.world.asked, "turnover", "ote", "sales_rep")):
        raise CalibrationError(
            f"orgsim calibrate: the tables inform nothing that can be fitted ({found.moments.reps} reps; 5 exits, 20 deals that "
            f"ended or 20 figures of pay are the least); see {files[1]} for what was left out"
        )
    def fitted(moments: Moments, what: str, start: Fit | None = None) -> Fit:
        return fit(moments, pack.world, pack.parameters, pack.plan, progress, start=start, what=what)

    tested = backtest(found.history, lambda known: fitted(known, "back-test: fitting the months before"), seed)
    best = fitted(found.moments, "fitting all months", tested.fit)
    files.insert(0, write_world(best, pack.world, found.moments, folder, name))
    result = Calibrated(found, best, tested, pack, (*files, folder / f"{name}_report.json"))
    write_report(as_json(result), folder, name)
    return result


def read_pack(world: str) -> Pack:
    """An industry pack by file or name. Raises ScenarioError."""
    path = world_file(world)
    faults = Faults(path.name)
    found = read_world(path, path.name, faults)
    base = overlay(shipped_parameters(), found, faults)
    if not faults.told and not found.asked:
        faults.add("asked", "is missing: --world takes an industry pack, such as saas_mid_market")
    faults.raise_any()
    return Pack(found, base, {key: found.ordinary.get(key, kind()) for key, kind in catalogue().items()})


def read_company(
    people: str | Path | None, deals: str | Path | None, *, mapping: str | Path | None = None, ramp: float, seed: int = 1
) -> Company:
    """A company's tables, checked and measured. Raises ScenarioError."""
    how = read_mapping(Path(mapping) if mapping is not None else None)
    for option, file in (("--people", people), ("--deals", deals)):
        if file is not None:
            only_known(Path(file), option)
    key, told = random_key(), Findings()
    today = np.datetime64("today", "D") if how.as_of is None else np.datetime64(how.as_of)
    matched = []
    staff = sold = None
    if people is not None:
        source = Source(Path(people), how.people)
        staff = read_people(source, key, told, today)
        matched.append(columns_line(source.found, source.header, source.path.name))
    if deals is not None:
        source = Source(Path(deals), how.deals)
        sold = read_deals(source, key, told, today, None if staff is None else staff.known)
        matched.append(columns_line(source.found, source.header, source.path.name))
    for table, rows, file in (("people", staff and len(staff.rep), people), ("deals", sold and len(sold.owner), deals)):
        if rows == 0:
            most = next(because for name, because, _ in told.summary() if name == table)
            count = f"{told.read[table]:,} rows and all were left out"
            raise ScenarioError(f"{file}: file has {count}, most because {most}; mend it or name the columns in a mapping")
    history = _history(staff, sold, how, ramp)
    return Company(history, measure(history, seed=seed), told, tuple(matched))


def _history(people: Any, deals: Any, how: CompanyMapping, ramp: float) -> History:
    day = lambda value: None if value is None else np.datetime64(value)  # noqa: E731
    return History.of(
        people, deals, day(how.as_of), people_from=day(how.people.watched_from), deals_from=day(how.deals.watched_from),
        ramp=ramp, period=PERIODS[how.people.quota_period],
    )  # fmt: skip



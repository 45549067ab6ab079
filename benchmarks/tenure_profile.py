"""Fit of `leaving.quit_profile` of the insurance pack to the survival that LIMRA reports, and the check of it.

    python benchmarks/tenure_profile.py            # simulated survival against the targets
    python benchmarks/tenure_profile.py --fit      # fits the multipliers anew and writes them into the pack; anchor it afterwards

The target is a hazard of all exits by month of tenure, log-odds joined by straight lines between KNOTS; it gives survival of
.869 after 12 months, .500 after 24, .310 after 48, and .93 a year from year five on. The multipliers stand in log-odds beside
floor, frailty, pay gap and the rest, and dismissals come on top, so they are found by simulation: each round, the logarithm
of every multiplier moves by what the hazard of quits around its knot lacks of target less dismissals, in logs.
Multipliers and intercept only count together: the largest multiplier is kept at TOP, the rest goes into `labour.quit_intercept`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit
from scipy.special import expit

from simulation.experiment.execute import run
from simulation.records import Records
from simulation.scenario import read_scenario, starter_text
from simulation.statistics.stays import hazard_by_tenure, stay_curves

PACK = Path(__file__).parents[1] / "scenarios" / "worlds" / "insurance_agent.toml"
KNOTS = (
    (1, -5.26), (12, -3.83), (18, -2.79), (24, -3.05), (36, -4.05), (48, -4.82), (60, -5.11), (240, -5.11),
)  # fmt: skip
"""Month of tenure and log-odds of leaving in it, fit to LIMRA's survival before the rest of the model was there.

Flat from year five on: a further fall, to -5.51, would make it .945 a year there and 13% exits a year, where LIMRA has 16%.
"""
SIZE = {"months": 120, "seats": 600, "seeds": 12}
ROUNDS = 6
TOP = 3.0
"""Largest multiplier, the end of the range that other packs have."""


def target_hazard(months: Any) -> Any:
    """Monthly hazard of all exits in a month of tenure, counted from 1."""
    return expit(np.interp(months, *np.array(KNOTS, dtype=float).T))


def simulated() -> Records:
    """A long run of the pack's ordinary plan."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "study.toml"
        file.write_text(starter_text(pack=PACK.stem), encoding="utf-8")
        scenario = read_scenario(file, **SIZE)
    return run(scenario.with_policies([scenario.policy("today")]))


def show(records: Records) -> None:
    """Survival by Kaplan-Meier and yearly retention from year five on, beside the targets."""
    curve = stay_curves(records).set_index("tenure")
    for tenure, wanted in ((12, 0.869), (24, 0.500), (48, 0.310)):
        row = curve.loc[tenure]
        print(f"S({tenure}) = {row['stays']:.3f} ({row['low']:.3f} to {row['high']:.3f}), wanted {wanted}")
    settled = hazard_by_tenure(records, (0, 60)).query("cause == 'any' and start == 60")["hazard"].item()
    sums = {key: records.sums[key].sum() for key in ("quits", "dismissals", "filled")}
    rates = {key: 12 * sums[key] / sums["filled"] for key in ("quits", "dismissals")}
    print(f"retention from year five on = {np.exp(-12 * settled):.3f} a year, wanted 0.93; {rates}")


def fit() -> None:
    """Rounds of simulation, each followed by a move of the multipliers."""
    months = np.array([month for month, _ in KNOTS])
    edges = [0, *np.round((months[1:] + months[:-1]) / 2).astype(int)]
    for _ in range(ROUNDS):
        records = simulated()
        show(records)
        document = tomlkit.parse(PACK.read_text(encoding="utf-8"))
        row: Any = document["leaving"]["quit_profile"]
        found = hazard_by_tenure(records, edges)
        quits, fired = (found[found["cause"] == cause] for cause in ("quit", "dismissal"))
        wanted = _pooled(records, edges) - fired["hazard"].to_numpy()
        move = np.log(wanted / quits["hazard"].to_numpy())
        values = np.array([value for _, value in row["value"]]) * np.exp(np.clip(move, -1.0, 1.0))
        intercept: Any = document["labour"]["quit_intercept"]
        intercept["value"] = round(float(intercept["value"] + np.log(values.max() / TOP)), 9)
        values *= TOP / values.max()
        row["value"] = [[int(month), round(float(value), 3)] for month, value in zip(months, values, strict=True)]
        print(row["value"])
        PACK.write_text(tomlkit.dumps(document), encoding="utf-8")
    show(simulated())


def _pooled(records: Records, edges: list[int]) -> Any:
    """The target hazard of each band, weighted by those at risk in it."""
    monthly = hazard_by_tenure(records, range(360)).query("cause == 'any'")
    at_risk = monthly["exposure"].to_numpy()
    expected = at_risk * target_hazard(np.arange(1, at_risk.size + 1))
    return np.add.reduceat(expected, edges) / np.add.reduceat(at_risk, edges)


if __name__ == "__main__":
    fit() if "--fit" in sys.argv[1:] else show(simulated())

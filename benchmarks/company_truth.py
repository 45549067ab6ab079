"""How often the truth lies in the 95% intervals of a company's calibration, over made-up companies that differ in luck alone.

    python benchmarks/company_truth.py [COMPANIES] [--fit]

Each company is drawn anew from the same truth (`simulation.calibration.company.synthetic`), read and compared with it; with
`--fit` it is fitted and back-tested as well, a minute or two each.
Seen with 12 companies: 226 of 252 intervals of figures (90%) hold the truth; fewest for the share at quota (8 of 12), which a
market's years move for all teams at once, and for early sales (9 of 12), where colleagues' deals of vacant seats, which go to
newcomers as well, lift the mean from 0.39 to 0.43. Means of the other figures are within their noise of the truth.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from simulation.calibration.company import synthetic
from simulation.calibration.company.calibrate import calibrate_company, read_company

FIRST_SEED = 21


def main(companies: int, *, fitted: bool) -> None:
    """Draw, read, fit if asked, and count."""
    p, plan = synthetic.parameters()
    truth = synthetic.expected(p, plan)
    simple = {f"{group}.{name}": value for (group, name), value in synthetic.TRUTH.items() if isinstance(value, float)}
    seen: dict[str, list[tuple[float, float, float, float]]] = {}
    for seed in range(FIRST_SEED, FIRST_SEED + companies):
        people, deals = synthetic.company(p, plan, seed=seed)
        with tempfile.TemporaryDirectory() as place:
            files = [Path(place) / f"{name}.csv" for name in ("people", "deals")]
            people.to_csv(files[0], index=False)
            deals.to_csv(files[1], index=False)
            shown = read_company(*files, ramp=float(p.contract.ramp_months)).moments.shown
            for key in truth.keys() & shown.keys():
                seen.setdefault(key, []).append((truth[key], shown[key].value, *shown[key].interval))
            if not fitted:
                continue
            found = calibrate_company(*files, out=place)
        for (group, name), known in found.fit.fitted.items():
            key = f"{group}.{name}"
            if key in simple:
                seen.setdefault(key, []).append((simple[key], known.value, known.low, known.high))
        for score in found.tested.scores:
            seen.setdefault(f"back-test: {score.name}", []).append((0.0, score.model - score.base, score.low, score.high))
    for key, rows in sorted(seen.items()):
        true, value, low, high = np.array(rows).T
        inside = int(((low <= true) & (true <= high)).sum())
        figures = f"truth {true[0]:10.5g}  mean {value.mean():10.5g}  spread {value.std(ddof=1):9.3g}"
        print(f"{key:40s} {figures}  inside {inside} of {len(rows)}")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(*(numbers or [12]), fitted="--fit" in sys.argv)

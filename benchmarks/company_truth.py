"""How often the truth lies in the 95% intervals of a company's calibration, over made-up companies that differ in luck alone.

    python benchmarks/company_truth.py [COMPANIES]

Each company is drawn anew from the same truth (`simulation.calibration.company.synthetic`), read, fitted and compared.
RESULT
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from simulation.calibration.company import synthetic
from simulation.calibration.company.calibrate import calibrate_company

FIRST_SEED = 21


def main(companies: int) -> None:
    """Draw, fit, and count."""
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
            found = calibrate_company(*files, out=place)
        for key, m in found.company.moments.shown.items():
            if key in truth:
                seen.setdefault(key, []).append((truth[key], m.value, *m.interval))
        for (group, name), known in found.fit.fitted.items():
            key = f"{group}.{name}"
            if key in simple:
                seen.setdefault(key, []).append((simple[key], known.value, known.low, known.high))
        for score in found.tested.scores:
            seen.setdefault(f"back-test: {score.name}", []).append((0.0, score.model - score.base, score.low, score.high))
    for key, rows in seen.items():
        true, value, low, high = np.array(rows).T
        inside = int(((low <= true) & (true <= high)).sum())
        figures = f"truth {true[0]:10.5g}  mean {value.mean():10.5g}  spread {value.std(ddof=1):9.3g}"
        print(f"{key:40s} {figures}  inside {inside} of {len(rows)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)

"""Two million rows of a company's tables: read, checked and measured with bootstrap errors; seconds and peak memory.

    python benchmarks/company_rows.py [ROWS]

Writes a people file (one stay in a hundred rows of deals) and a deals file in which one row in fifty is dirty, as CSV in a
temporary folder, and reads them in a process of its own, whose parent is small, so that the peak is that of the reading.
Seen on a two-core virtual machine under load, Python 3.11: 2,000,000 rows (133 MB of CSV), 39,670 left out, 33 s of processor
time, peak memory 529 MB, of which 151 MB stand before the first row is read; 400,000 rows take 5 s.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

DEALS_A_STAY = 100


def write_tables(folder: Path, rows: int) -> None:
    """People and deals of so many rows together."""
    rng = np.random.default_rng(1)
    stays = rows // (DEALS_A_STAY + 1)
    day = lambda low, high, size: np.datetime64("2019-01-01") + rng.integers(low, high, size).astype("timedelta64[D]")  # noqa: E731
    hired, gone = day(0, 1_800, stays), rng.random(stays) < 0.5
    left = np.where(gone, hired + rng.integers(30, 500, stays).astype("timedelta64[D]"), np.datetime64("NaT"))
    people = pd.DataFrame({
        "rep": [f"E{k:06d}" for k in range(stays)], "team": [f"T{k // 7}" for k in range(stays)], "hired": hired, "left": left,
        "cause": np.where(gone, np.where(rng.random(stays) < 0.6, "voluntary", "involuntary"), ""),
        "base_pay": rng.normal(90_000, 9_000, stays).round(), "variable_pay": rng.normal(60_000, 6_000, stays).round(),
    })  # fmt: skip
    count = rows - stays
    opened = day(0, 2_200, count)
    dirty = np.where(rng.random(count) < 0.02, -500, 0)
    deals = pd.DataFrame({
        "deal": [f"D{k:08d}" for k in range(count)], "owner": people["rep"].to_numpy()[rng.integers(0, stays, count)],
        "opened": opened, "closed": opened + (rng.integers(1, 200, count) + dirty).astype("timedelta64[D]"),
        "stage": np.where(rng.random(count) < 0.25, "Closed Won", "Closed Lost"),
        "amount": rng.lognormal(10.5, 0.5, count).round(2),
        "discount": rng.uniform(0.0, 0.2, count).round(3),
    })  # fmt: skip
    people.to_csv(folder / "people.csv", index=False)
    deals.to_csv(folder / "deals.csv", index=False)


def measure_tables(folder: Path) -> dict[str, float]:
    """Seconds and peak memory [MB] of reading, checking and measuring, in this process."""
    from simulation.calibration.company.calibrate import read_company

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.process_time()
    company = read_company(folder / "people.csv", folder / "deals.csv", ramp=5.0)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = company.told
    rows = {"read": sum(told.read.values()), "left_out": told.dropped("deals")}
    return rows | {"seconds": seconds, "peak_mb": peak, "before_mb": before}


def main(rows: int) -> None:
    """Write, then measure in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([sys.executable, __file__, "--write", place, str(rows)], check=True)  # noqa: S603
        size = sum(file.stat().st_size for file in Path(place).iterdir()) / 1e6
        done = subprocess.run([sys.executable, __file__, "--measure", place], capture_output=True, text=True, check=True)  # noqa: S603
        found = json.loads(done.stdout)
    print(f"{found['read']:,} rows ({size:.0f} MB of CSV), {found['left_out']:,} left out.")
    print(f"{found['seconds']:.1f} s of processor time, peak {found['peak_mb']:.0f} MB ({found['before_mb']:.0f} MB before).")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure_tables(Path(sys.argv[2]))))
    elif sys.argv[1:2] == ["--write"]:
        write_tables(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)

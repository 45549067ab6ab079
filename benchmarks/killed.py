"""A sweep killed twenty times at random moments: whether its result is that of an undisturbed one, and what was done twice.

    python benchmarks/killed.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from resuming import cells_in, finished, kill_at_random

SEEDS, TIMES, LONGEST = 24, 20, 8.0


def main() -> None:
    """Kill, resume, compare and print."""
    with tempfile.TemporaryDirectory() as folder:
        whole, _ = finished(Path(folder) / "whole", SEEDS)
        struck = Path(folder) / "struck"
        killed = kill_at_random(struck, SEEDS, times=TIMES, longest=LONGEST, seed=1)
        again, told = finished(struck, SEEDS)
        every = cells_in(Path(folder) / "whole")
        print(f"killed {killed.times} of {TIMES} times; cells kept after each: {', '.join(map(str, killed.kept))} of {every}")
        print(f"never fewer: {killed.kept == sorted(killed.kept)}; the same document: {again == whole}")
        print(f"cells in the end: {cells_in(struck)}; {told.strip().splitlines()[-2]}")


if __name__ == "__main__":
    main()

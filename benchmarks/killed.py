"""A sweep killed twenty times at random moments: whether its result is that of an undisturbed one, and what was done twice.

    python benchmarks/killed.py

Seen: killed 20 of 20 times, with 736 to 8,280 of 11,040 cells kept, never fewer than before; the last start found 8,280,
simulated the 2,760 that were missing, and ended with the document of an undisturbed sweep. Two minutes on two cores.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from resuming import Size, cells_in, finished, kill_at_random

SIZE, TIMES = Size(seats=200, months=36, seeds=480), 20


def main() -> None:
    """Kill, resume, compare and print."""
    with tempfile.TemporaryDirectory() as folder:
        whole, _ = finished(Path(folder) / "whole", SIZE)
        struck, every = Path(folder) / "struck", cells_in(Path(folder) / "whole")
        killed = kill_at_random(struck, SIZE, times=TIMES, every=every, seed=1)
        again, told = finished(struck, SIZE)
        print(f"killed {killed.times} of {TIMES} times; cells kept after each: {', '.join(map(str, killed.kept))} of {every}")
        print(f"never fewer: {killed.kept == sorted(killed.kept)}; the same document: {again == whole}")
        print(f"cells in the end: {cells_in(struck)}; {told.strip().splitlines()[-2]}")


if __name__ == "__main__":
    main()

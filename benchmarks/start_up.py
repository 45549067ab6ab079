"""How soon the command answers: `orgsim --help` against a Python that does nothing.

    python benchmarks/start_up.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

REPEATS = 9
PROMISED = 0.5


def seconds(*words: str) -> float:
    """Median time of a Python process of its own."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        subprocess.run([sys.executable, *words], check=True, capture_output=True)  # noqa: S603  our own words
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    nothing, answer = seconds("-c", "pass"), seconds("-m", "simulation", "--help")
    print(f"python -c pass  {nothing:.3f} s\norgsim --help   {answer:.3f} s, {answer / nothing:.0f} times that")
    print(f"promised: under {PROMISED} s, {'kept' if answer < PROMISED else 'broken'} on this machine")


if __name__ == "__main__":
    main()

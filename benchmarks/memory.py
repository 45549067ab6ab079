"""What a block needs in memory over months: the peak while it runs, and what it keeps.

    python benchmarks/memory.py

The state does not grow; sums, stays and the people who may come do, by a little each month.
"""

from __future__ import annotations

import tracemalloc

from shipped_study import study

POLICIES, SEEDS, SEATS = 5, 10, 200


def main() -> None:
    """Measure and print."""
    block = study(POLICIES, SEEDS, SEATS)
    block.walk(1)
    print(f"{POLICIES} policies, {SEEDS} seeds, {SEATS} seats\n  months  peak MB  kept MB  peak over 12 months'")
    first = 0.0
    for months in (12, 60, 240):
        tracemalloc.start()
        kept = block.walk(months)
        now, peak = (size / 1e6 for size in tracemalloc.get_traced_memory())
        tracemalloc.stop()
        del kept
        first = first or peak
        print(f"  {months:6d} {peak:8.1f} {now:8.1f} {peak / first:21.2f}")


if __name__ == "__main__":
    main()

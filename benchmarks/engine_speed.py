"""What a rep-month costs, and how that changes with block size, seats and policies: ratios within one run.

    python benchmarks/engine_speed.py

Prints nanoseconds a rep-month and their ratio to the first line of each group.
Absolute figures drift with the machine and with who else uses it; ratios hold better.
"""

from __future__ import annotations

from shipped_study import cost

BLOCKS = [(5, seeds, 200) for seeds in (40, 2, 10, 20, 60, 80)]
SEATS = [(1, 200, 200), (1, 20, 2_000), (1, 2, 20_000), (1, 1, 100_000)]
COMPANY = [(1, 200, 200), (5, 40, 200), (20, 10, 200), (64, 3, 200)]
MORE = [(policies, 8, 200) for policies in (1, 5, 20, 64)]


def main() -> None:
    """Measure and print."""
    cost(5, 4)
    for title, sizes in (
        ("block size", BLOCKS), ("seats", SEATS), ("policies, equal block size", COMPANY), ("policies, eight seeds", MORE),
    ):  # fmt: skip
        print(f"{title}\n  policies  seeds    seats  ns a rep-month  of the first")
        first = 0.0
        for policies, seeds, seats in sizes:
            each = cost(policies, seeds, seats)
            first = first or each
            print(f"  {policies:8d} {seeds:6d} {seats:8,d} {each:15,.0f} {each / first:13.2f}", flush=True)


if __name__ == "__main__":
    main()

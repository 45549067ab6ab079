"""What `--help` shows beside the options: the order of the commands, an example or two of each, and the exit codes."""

from collections.abc import Mapping

ORDER = (
    "new", "compare", "app", "life", "sweep", "sensitivity", "report", "runs", "verify", "levers", "explain", "schema",
    "validate", "calibrate", "anchor",
)  # fmt: skip
"""The commands as somebody meets them: a file, its results, what was kept, what things mean, and why to believe it."""
ENDS = (
    "\b\n"
    "orgsim COMMAND -h says more of each. Exit codes: 0 done, 1 what was checked does\n"
    "not hold (verify), 2 the request is wrong, 3 stopped, 130 interrupted: the same\n"
    "command goes on where it stopped, 141 nobody reads the results."
)
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "new": ("orgsim new ours.toml", "orgsim new ours.toml --pack medtech"),
    "compare": (
        "orgsim compare",
        "orgsim compare ours.toml --seeds 16 --luck-only",
        "orgsim compare ours.toml --set policies.change.commission.rate=0.12",
        "orgsim compare ours.toml --until-decided",
    ),
    "app": ("orgsim app", "orgsim app ours.toml --port 9000 --no-browser"),
    "life": ("orgsim life --policy steeper --seat 7", "orgsim life ours.toml --policy change --against today --seed 5"),
    "sweep": (
        "orgsim sweep --vary policies.steeper.commission.rate=0.08:0.12:5",
        "orgsim sweep ours.toml --vary policies.change.autonomy=off,typical",
        "orgsim sweep --design pairs --seeds 4 --months 24",
    ),
    "sensitivity": (
        "orgsim sensitivity --policy steeper",
        "orgsim sensitivity ours.toml --policy change --measure turnover",
    ),
    "report": ("orgsim report 0a1b --html board.html", "orgsim report 0a1b --deck board.pptx --pictures png,pdf"),
    "runs": ("orgsim runs", "orgsim runs --out elsewhere --json"),
    "verify": ("orgsim verify 0a1b --cells 50",),
    "levers": ("orgsim levers", "orgsim levers commission"),
    "explain": ("orgsim explain autonomy", "orgsim explain turnover", "orgsim explain world.contract.ote"),
    "schema": ("orgsim schema > scenario.schema.json",),
    "validate": ("orgsim validate", "orgsim validate --only comp.T15", "orgsim validate --claims --only S7"),
    "calibrate": ("orgsim calibrate --people people.csv --deals deals.csv --name acme", "orgsim calibrate"),
    "anchor": ("orgsim anchor medtech", "orgsim anchor ours_world.toml --write"),
}
"""Command lines as they are typed. `ours.toml` is what `orgsim new` writes, 0a1b how a run's name begins."""


def examples(name: str) -> str:
    """The examples of a command, as its help shows them."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in EXAMPLES[name])

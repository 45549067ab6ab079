"""What must be done anew once fitted parameters have been written: packs anchored, their answers, and the table of targets.

    orgsim calibrate --write
    python -m simulation.calibration.renew

Every shipped pack is solved at the new parameters and written; `levels.csv` holds how its levels answer to the fitted
parameters, `validated.csv` what the shipped parameters show for every target, `claims.csv` what they show for every claim.
Only for a checkout of the project.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from simulation.calibration.anchor import anchor_world
from simulation.calibration.configuration import read_configuration
from simulation.calibration.levels import Levels, ask_of, table_of, with_responses
from simulation.calibration.problem import Key, Unknown
from simulation.calibration.solve import SEATS
from simulation.calibration.validate import Verdict, validate
from simulation.evidence.read import shipped_parameters
from simulation.experiment.work.workers import Advance, workers
from simulation.experiment.writing import replace_file
from simulation.scenario import shipped_packs, shipped_worlds
from simulation.statistics.claims import judge_all
from simulation.statistics.judged import FILE as CLAIMS
from simulation.statistics.judged import claim_rows, claim_scenarios

EVIDENCE = Path(__file__).parent.parent / "evidence"
DIGITS = 9
MUCH = 10**9
"""[rep-months] More than the least work for which processes are started."""


def main() -> None:
    """Anchor all packs, then write their answers and the tables of targets and claims."""
    packs = sorted(shipped_packs())
    unknowns = tuple(one.key for one in read_configuration().unknowns)
    with workers(rep_months=MUCH, side_by_side=len(packs)) as crew:
        for text in crew.each(_anchored, [(pack,) for pack in packs]):
            sys.stdout.write(f"{text}\n")
    with workers(rep_months=MUCH, side_by_side=len(packs)) as crew:  # new processes, which read the packs as written
        levels = crew.each(_answers, [(pack, unknowns) for pack in packs])
    write("levels.csv", table_of(levels))
    write("validated.csv", (row_of(one) for one in validate() if one.target.expressed))
    write(CLAIMS, claim_rows(judge_all(claim_scenarios(), ranges=False)))


def _anchored(pack: str, _advance: Advance | None) -> str:
    """Solve and write one pack; what it missed, in words."""
    result = anchor_world(shipped_worlds()[pack])
    result.write()
    missed = result.solution.missed()
    return f"{pack}: {'all reached' if not missed else 'missed ' + ', '.join(missed)}"


def _answers(pack: str, keys: Sequence[Key], _advance: Advance | None) -> Levels:
    """How one pack's levels answer to the fitted parameters, at the shipped values."""
    rows = shipped_parameters().rows
    ask = ask_of(pack, {}, SEATS)
    solved = {headline.owner: float(ask.start.rows[headline.owner].value) for headline in ask.unknowns}
    at = {key: float(rows[key].value) for key in keys}
    return with_responses(Levels(pack, at, solved), ask, [Unknown(rows[key]) for key in keys])


def row_of(one: Verdict) -> dict[str, str]:
    """A verdict as a row of the table."""
    target, show = one.target, lambda x: f"{x:.3g}"
    return {
        "id": target.id, "value": show(one.value), "low": show(one.low), "high": show(one.high),
        "band": f"{show(target.low)} to {show(target.high)}".replace("-inf to", "below").replace(" to inf", " and above"),
        "verdict": "pass" if one.passes else "miss",
    }  # fmt: skip


def write(name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a table of the evidence folder, whole or not at all."""
    found = [{key: round_number(value) for key, value in row.items()} for row in rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    replace_file(EVIDENCE / name, text.getvalue().encode())


def round_number(value: Any) -> Any:
    """A number with nine digits; anything else as it is."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


if __name__ == "__main__":
    main()

"""The tables of MODEL.md, made from the code and the data that they describe.

    python -m simulation.report.model_tables

renews them in place. In the document a table stands between `<!-- table: NAME -->` and `<!-- end -->`, and
`tests/test_model_md.py` fails while what stands there differs from what is rendered here.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from simulation.evidence.measures import MEASURES
from simulation.evidence.read import Row, evidence_rows, shipped_parameters
from simulation.evidence.targets import targets
from simulation.levers import catalogue
from simulation.levers.base import SATURATING, SHARES, SOCKETS, Lever
from simulation.scenario import read_scenario
from simulation.scenario.settings import Setting, as_plain, settings_of

DOCUMENT = Path(__file__).parent.parent / "MODEL.md"
BLOCK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
Socket = Callable[..., Any]


def main() -> None:
    """Renew every table of the document."""
    before = DOCUMENT.read_text(encoding="utf-8")
    after = renewed(before)
    DOCUMENT.write_text(after, encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.name}: {'renewed' if after != before else 'nothing to renew'}\n")


def renewed(text: str) -> str:
    """The document with each marked table as it is rendered now. Raises KeyError for a table that nothing renders."""
    return BLOCK.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}\n{found[3]}", text)


def levers() -> str:
    """Each lever: the sockets it pushes on, and the state fields that it reads."""
    rows = [
        (code(key), lever.family, listed(map(_name, _pushed_on(lever))), listed(_fields_read(lever)))
        for key, lever in catalogue().items()
    ]
    return table(("lever", "family", "pushes on", "reads of the state"), rows)


def sockets() -> str:
    """Each socket: what a push means, which rules read it, how pushes combine, and which levers push."""
    pushing = {socket: [key for key, lever in catalogue().items() if socket in _pushed_on(lever)] for socket in SOCKETS}
    rows = []
    for socket in SOCKETS:
        meaning, _, readers = inspect.cleandoc(socket.__doc__ or "").partition(" Read by ")
        rows.append((code(_name(socket)), meaning, readers.rstrip("."), _combined(socket), listed(pushing[socket])))
    return table(("socket", "a push is", "read by", "combined as", "pushed by"), rows)


def settings() -> str:
    """Each setting of each lever, as the firm may set it."""
    rows = [
        (code(f"{key}.{one.name}"), one.unit, plain(one.neutral), plain(one.typical), one.bounds, _meaning(one))
        for key, lever in catalogue().items()
        for one in settings_of(lever).values()
    ]
    return table(("setting", "unit", "neutral", "typical", "bounds", "meaning"), rows)


def validation() -> str:
    """Each target with what the shipped parameters show, as `evidence/validated.csv` keeps it."""
    known = targets()
    rows = [
        (
            code(row["id"]), known[row["id"]].label, row["value"], f"{row['low']} to {row['high']}", row["band"], row["verdict"],
            known[row["id"]].grade, known[row["id"]].role,
        )
        for row in evidence_rows("validated.csv")
        if row["id"] in known
    ]  # fmt: skip
    return table(("target", "what", "simulated", "95% interval", "band", "verdict", "grade", "role"), rows)


def not_expressible() -> str:
    """Each target that the model cannot be asked, with the reason."""
    rows = [(code(one.id), one.label, one.not_expressible) for one in targets().values() if not one.expressed]
    return table(("target", "what", "reason"), rows)


def measures() -> str:
    """Each measure, as `evidence.measures` defines it."""
    rows = [(code(m.key), m.unit, m.better, m.label, m.definition) for m in MEASURES.values()]
    return table(("measure", "unit", "better", "label", "definition"), rows)


def assumed() -> str:
    """Each parameter that is assumed in the world of the shipped study: the count under every chart."""
    rows = [
        (code(_path(row)), plain(row.value), row.unit, f"{row.low:g} to {row.high:g}", row.note)
        for row in read_scenario(None).parameters.assumed()
    ]
    return table(("parameter", "value", "unit", "range", "note"), rows)


def replaced() -> str:
    """Each parameter that is assumed as shipped, and stands otherwise in the world of the shipped study."""
    there = read_scenario(None).parameters.rows
    rows = [
        (code(_path(row)), there[key].status, row.unit, f"{row.low:g} to {row.high:g}", row.note)
        for key, row in shipped_parameters().rows.items()
        if row.status == "assumed" and there[key].status != "assumed"
    ]
    return table(("parameter", "status there", "unit", "range", "note"), rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "levers": levers, "sockets": sockets, "settings": settings, "measures": measures, "assumed": assumed, "replaced": replaced,
    "validation": validation, "not_expressible": not_expressible,
}  # fmt: skip
"""What renders each table, by the name it has in the document."""


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    whole = [" | ".join(cell.replace("|", "\\|") for cell in line) for line in lines]
    return "\n".join(f"| {line} |" for line in whole)


def code(word: str) -> str:
    """A name as it is typed."""
    return f"`{word}`"


def listed(words: Iterable[str]) -> str:
    """Names one after another, or a dash for none."""
    return ", ".join(code(word) for word in words) or "-"


def plain(value: object) -> str:
    """A neutral, typical or parameter value as a file writes it; a dash where there is none."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, int | float) else "-" if value in (None, ()) else str(as_plain(value))


def _path(row: Row) -> str:
    return f"{row.group}.{row.name}"


def _name(socket: Socket) -> str:
    return socket.__name__


def _combined(socket: Socket) -> str:
    return "share" if socket in SHARES else "saturating" if socket in SATURATING else "sum"


def _pushed_on(lever: type[Lever]) -> list[Socket]:
    """The sockets that a lever overrides, in the order of `Lever`."""
    return [socket for socket in SOCKETS if getattr(lever, _name(socket)) is not socket]


def _fields_read(lever: type[Lever]) -> list[str]:
    """The state fields that a lever's module reads: every attribute of a variable `s`."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(lever) or lever))
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name))
    return sorted({node.attr for node in found if isinstance(node.value, ast.Name) and node.value.id == "s"})


def _meaning(one: Setting) -> str:
    return one.doc if one.source == "assumed" else f"{one.doc} Typical: {one.source}."


if __name__ == "__main__":
    main()

"""What has been simulated already: one line a finding and set of values, so that a calibration can be stopped and gone on with.

    evaluations.jsonl    {"key": digest of finding, values and model, "figures": [...], "influences": [[a seed, ...], ...]}

The search is deterministic, so the same command finds its lines again, walks the same way without simulating it, and goes on
where it stopped. A line that was cut short by the end of the process is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulation.errors import RunError
from simulation.experiment.writing import writing

Entry = tuple[list[float], list[list[float]]]
"""Figures of a finding, and what each seed adds to the error of each."""
DIGITS = 6
"""Significant digits of what seeds add to an error."""


class Ledger:
    """Entries by key, in memory and, where a file is given, on disk."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self._known: dict[str, Entry] = {}
        self.found = 0
        if file is not None:
            self._read(file)

    def _read(self, file: Path) -> None:
        try:
            text = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as problem:
            raise RunError(f"{file} cannot be read ({problem}); remove it to calibrate from the start") from None
        whole = []
        for line in text.splitlines():
            found = _entry(line)
            if found is not None:
                key, entry = found
                self._known[key] = entry
                whole.append(line)
        self.found = len(self._known)
        if text != "".join(f"{line}\n" for line in whole):
            self._write("".join(f"{line}\n" for line in whole), "w")

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def __getitem__(self, key: str) -> Entry:
        return self._known[key]

    def keep(self, entries: Mapping[str, tuple[Sequence[float], Sequence[Sequence[float]]]]) -> None:
        """Add entries. Raises RunError when the file cannot be written."""
        lines = []
        for key, (figures, influences) in entries.items():
            rounded = [[float(f"{x:.{DIGITS}g}") for x in own] for own in influences]
            self._known[key] = [float(x) for x in figures], rounded
            lines.append(json.dumps({"key": key, "figures": self._known[key][0], "influences": rounded}))
        self._write("".join(f"{line}\n" for line in lines), "a")

    def _write(self, text: str, mode: str) -> None:
        if self.file is None:
            return
        with writing(self.file):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open(mode, encoding="utf-8") as stream:
                stream.write(text)


def _entry(line: str) -> tuple[str, Entry] | None:
    """The entry of a line; None for one that is cut short or garbled."""
    try:
        record = json.loads(line)
        key, figures = record["key"], [float(x) for x in record["figures"]]
        influences = [[float(x) for x in own] for own in record["influences"]]
    except (ValueError, KeyError, TypeError):
        return None
    return (key, (figures, influences)) if isinstance(key, str) and len(figures) == len(influences) else None

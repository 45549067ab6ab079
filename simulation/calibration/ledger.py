"""What has been simulated already: one line a finding and set of values, so that a calibration can be stopped and gone on with.

    evaluations.jsonl    {"key": digest of finding, values and model, "figures": [...], "noise": [...]}

The search is deterministic, so the same command finds its lines again, walks the same way without simulating it, and goes on
where it stopped. A line that was cut short by the end of the process is dropped.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulation.errors import RunError


class Ledger:
    """Figures and standard errors by key, in memory and, where a file is given, on disk."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self._known: dict[str, tuple[list[float], list[float]]] = {}
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
            entry = _entry(line)
            if entry is not None:
                key, figures, noise = entry
                self._known[key] = figures, noise
                whole.append(line)
        self.found = len(self._known)
        if text != "".join(f"{line}\n" for line in whole):
            self._write("".join(f"{line}\n" for line in whole), "w")

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def __getitem__(self, key: str) -> tuple[list[float], list[float]]:
        return self._known[key]

    def keep(self, entries: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> None:
        """Add entries. Raises RunError when the file cannot be written."""
        lines = []
        for key, (figures, noise) in entries.items():
            self._known[key] = [float(x) for x in figures], [float(x) for x in noise]
            record = {"key": key, "figures": self._known[key][0], "noise": self._known[key][1]}
            lines.append(json.dumps(record, allow_nan=True))
        self._write("".join(f"{line}\n" for line in lines), "a")

    def _write(self, text: str, mode: str) -> None:
        if self.file is None:
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open(mode, encoding="utf-8") as stream:
                stream.write(text)
        except OSError as problem:
            raise RunError(f"cannot write {self.file}: {problem.strerror or problem}; choose another folder with --out") from None


def _entry(line: str) -> tuple[str, list[float], list[float]] | None:
    """The entry of a line; None for one that is cut short or garbled."""
    try:
        record = json.loads(line)
        key, figures, noise = record["key"], record["figures"], record["noise"]
        numbers = [float(x) for x in (*figures, *noise)]
    except (ValueError, KeyError, TypeError):
        return None
    whole = isinstance(key, str) and len(figures) == len(noise) and not any(math.isinf(x) for x in noise)
    return (key, numbers[: len(figures)], numbers[len(figures) :]) if whole else None

"""How far long work has come: a bar with the time left on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

SILENCE = 5.0
"""Seconds between plain lines, so that a log stays short."""


class Progressing:
    """A `with` block in which `(done, total, what)` may be reported as often as one likes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._last = time.monotonic()
        self._work = ("", 0)
        self._done = 0
        self._line = ""

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=self._console, transient=True)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int, what: str) -> None:
        """Report that `done` of `total` steps of `what` are behind us."""
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task(what, total=total)
            elif done < self._done or (what, total) != self._work:  # the next piece of work begins
                self._bar.reset(self._task, total=total)
            self._done, self._work = done, (what, total)
            self._bar.update(self._task, completed=done, description=what)
        elif done >= total or time.monotonic() - self._last >= SILENCE:
            self._last = time.monotonic()
            line = f"{what}: {done / max(total, 1):.0%}"
            if line != self._line:  # estimates of the total are reached more than once
                self._console.print(line)
            self._line = line

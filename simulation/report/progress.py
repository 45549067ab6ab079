"""How far long work has come: a bar with the time left on a terminal, a few plain lines elsewhere, or JSON lines on request."""

from __future__ import annotations

import json
import time
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

SILENCE = 5.0
"""Seconds between plain lines, so that a log stays short."""
BEAT = 1.0
"""Seconds between JSON lines."""


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


class JsonLines:
    """A `with` block in which `(done, total, what)` may be reported as often as one likes.

    At most a line a second comes out, and the last of each piece of work whatever the time:

        {"what": "simulating", "done": 1200, "total": 4800, "share": 0.25, "seconds": 1.0, "seconds_left": 3.0}

    what : the piece of work; each begins anew
    done, total : steps, such as rep-months
    share : done of total, in [0, 1]
    seconds : since the piece before it ended, or the block began
    seconds_left : if it goes on at this pace; null while nothing is done
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._work: tuple[str, int] | None = None
        self._done = 0
        self._began = self._written = self._heard = time.monotonic()
        self._told = True

    def __enter__(self) -> Self:
        self._heard = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._told:
            self._write(time.monotonic())

    def __call__(self, done: int, total: int, what: str) -> None:
        """Report that `done` of `total` steps of `what` are behind us."""
        now = time.monotonic()
        if (what, total) != self._work or done < self._done:  # the next piece of work begins
            if not self._told:
                self._write(now)
            self._work, self._began, self._written = (what, total), self._heard, self._heard
        elif self._told and done == self._done:
            return
        self._done, self._told, self._heard = done, False, now
        if done >= total or now - self._written >= BEAT:
            self._write(now)

    def _write(self, now: float) -> None:
        what, total = self._work or ("", 0)
        share, seconds = min(1.0, self._done / max(total, 1)), now - self._began
        left = round(seconds * (1.0 - share) / share, 1) if share else None
        line = {"what": what, "done": self._done, "total": total, "share": round(share, 4)}
        self._stream.write(json.dumps(line | {"seconds": round(seconds, 1), "seconds_left": left}) + "\n")
        self._stream.flush()
        self._written, self._told = now, True

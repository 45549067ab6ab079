"""Ctrl-C in a long stretch whose results are kept: the first asks to finish what runs, the second stops at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SAID = b"\nFinishing what runs; Ctrl-C again stops at once.\n"
STDERR = 2


class Stop:
    """Whether somebody has asked for an end."""

    def __init__(self) -> None:
        self.asked = False


_running: list[Stop] = []
"""The stretch that hears Ctrl-C, if one does: stretches inside it share it."""


@contextmanager
def finishing() -> Iterator[Stop]:
    """A stretch in which the first Ctrl-C only sets `asked`, which the stretch looks at between tasks.

    The second goes where the first would have gone outside. Signals come to the main thread alone, and a process started in
    the background may ignore them: in another thread, or where Ctrl-C is ignored, nothing changes and `asked` stays False.
    """
    if _running:
        yield _running[0]
        return
    stop, before = Stop(), signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield stop
        return

    def ask(*_: object) -> None:
        stop.asked = True
        signal.signal(signal.SIGINT, before)
        if os.isatty(STDERR):
            os.write(STDERR, SAID)  # printing could meet a print that the signal cut short

    signal.signal(signal.SIGINT, ask)
    _running.append(stop)
    try:
        yield stop
    finally:
        _running.clear()
        _put_back(ask, before)


def _put_back(ours: Any, before: Any) -> None:
    """The handler from before, unless somebody has set another meanwhile."""
    if signal.getsignal(signal.SIGINT) is ours:
        signal.signal(signal.SIGINT, before)


@contextmanager
def at_once() -> Iterator[Stop]:
    """A stretch whose results are not kept: Ctrl-C ends it as it ends anything else."""
    yield Stop()

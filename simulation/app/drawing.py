"""Pictures are drawn one after the other, away from the loop that answers browsers: matplotlib's settings are the process's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Drawn = TypeVar("Drawn")

_artist = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
"""The one thread that draws, for all pages; who waits for it keeps no thread waiting."""


async def drawn(draw: Callable[[], Drawn], wanted: Callable[[], bool] = lambda: True) -> Drawn | None:
    """What `draw` returns, drawn when its turn comes; None where it is no longer wanted by then."""
    return await asyncio.get_running_loop().run_in_executor(_artist, lambda: draw() if wanted() else None)

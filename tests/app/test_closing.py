"""What becomes of a page that is closed."""

from __future__ import annotations

import asyncio
import gc
from types import SimpleNamespace
from weakref import ref

import pytest

pytest.importorskip("nicegui", reason="needs the extra app: pip install -e '.[app]'")

from nicegui.testing import user_simulation
from sides import Scratch

from simulation.app.drafts.draft import Draft
from simulation.app.share import Share

DRAFT = Draft.of_study("growth_mix")


def test_a_closed_page_is_forgotten():
    """Nothing keeps what a page held once it is closed, or a server that is used all day would fill the memory."""
    held = []

    def build():
        held.append(ref(Share(Scratch(DRAFT, SimpleNamespace()))))

    async def does():
        async with user_simulation(build) as user:
            await user.open("/")
            assert held[0]() is not None
            closed, user.client = user.client, None
            closed.delete()
            del closed
            for _ in range(100):  # tasks of the library end in their turn
                await asyncio.sleep(0.01)
                if gc.collect() and held[0]() is None:
                    break
            assert held[0]() is None

    asyncio.run(does())

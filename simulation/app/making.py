"""The board deck of what a page shows: the whole study, as `orgsim compare` finds it out, while the page goes on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.app.answers.lanes import SupersededError
from simulation.app.drafts.sharing import as_command
from simulation.app.drawing import drawn
from simulation.errors import ScenarioError

if TYPE_CHECKING:
    from simulation.app.answers.desk import Desk
    from simulation.app.drafts.draft import Draft
    from simulation.statistics.findings import Findings

DECK = "board.pptx"
MEDIA = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DRAWING = "drawing the slides"


class Making:
    """One deck in the making: how far it is, and a way to stop it."""

    def __init__(self, desk: Desk, draft: Draft) -> None:
        self.stopped = False
        self.share = 0.0
        self.what = "simulating"
        self._desk, self._draft = desk, draft

    def stop(self) -> None:
        """Make no deck; what runs is given up as soon as it notices."""
        self.stopped = True

    async def deck(self, folder: Path) -> Path | None:
        """Write the deck into a folder; None where it was stopped. Raises SimulationError with what stands in the way."""
        try:
            findings = await asyncio.get_running_loop().run_in_executor(self._desk.threads, self._findings)
        except SupersededError:
            return None
        self.share, self.what = 1.0, DRAWING
        return await drawn(lambda: self._write(findings, folder / DECK), wanted=lambda: not self.stopped)

    def _findings(self) -> Findings:
        seeds = self._draft.scenario().seed_count
        findings = self._desk.findings(self._draft, seeds, self._heard, lambda: self.stopped)
        with suppress(ScenarioError):  # no command gives an own study whose parameters were changed
            findings = replace(findings, about={**findings.about, "command": as_command(self._draft, seeds)})
        return findings

    def _heard(self, done: float, total: float, what: str) -> None:
        self.share, self.what = (done / total if total else 0.0), what

    @staticmethod
    def _write(findings: Findings, path: Path) -> Path:
        from simulation.report.deck.deck import write_deck
        from simulation.report.language import language_of

        return write_deck(findings, path, language=language_of(findings.summary.texts))

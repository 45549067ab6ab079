"""What a page is worth to others: its scenario as a file, a command, Python or a link, and the board deck."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nicegui import ui

from simulation.app.draft import Draft
from simulation.app.making import Making
from simulation.app.native import button, put, say, tag
from simulation.app.sharing import as_command, as_python, as_toml, file_name, link_of
from simulation.errors import ScenarioError, SimulationError
from simulation.report.deck.deck import write_deck
from simulation.report.language import language_of
from simulation.scenario.files import LARGEST_FILE

if TYPE_CHECKING:
    from nicegui.events import UploadEventArguments

    from simulation.app.page import Page

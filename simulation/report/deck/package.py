"""A presentation as bytes: the same findings give the same bytes, whenever they are written."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from simulation.experiment.sheets import LONG_AGO

FIXED = datetime(*LONG_AGO)
"""When every deck says it was made: when it was made says nothing of what stands in it."""


def packed(deck: Any) -> bytes:
    """A presentation, its parts in the order of their names and without a time of writing."""
    about = deck.core_properties
    about.created = about.modified = FIXED
    about.last_modified_by, about.revision = "orgsim", 1
    source, target = BytesIO(), BytesIO()
    deck.save(source)
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(ZipInfo(name, LONG_AGO), old.read(name), ZIP_DEFLATED)
    return target.getvalue()

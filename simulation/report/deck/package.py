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
    _list_notes_master(deck.part)
    about = deck.core_properties
    about.created = about.modified = FIXED
    about.last_modified_by, about.revision = "orgsim", 1
    source, target = BytesIO(), BytesIO()
    deck.save(source)
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(ZipInfo(name, LONG_AGO), old.read(name), ZIP_DEFLATED)
    return target.getvalue()


def _list_notes_master(part: Any) -> None:
    """Name the master of notes in the presentation, which the library forgets when it makes one."""
    from pptx.oxml import parse_xml

    found = [name for name, relation in part.rels.items() if relation.reltype.endswith("/notesMaster")]
    if found and not part._element.xpath("p:notesMasterIdLst"):  # noqa: SLF001 - the library has no list of them
        listed = (
            '<p:notesMasterIdLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f'<p:notesMasterId r:id="{found[0]}"/></p:notesMasterIdLst>'
        )
        part._element.xpath("p:sldMasterIdLst")[0].addnext(parse_xml(listed))  # noqa: SLF001

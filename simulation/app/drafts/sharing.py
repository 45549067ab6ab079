"""What is set on a page, for others: as a scenario file, as a command, as Python, and as a link.

Whoever runs the first three gets the numbers of the page to the last digit.
"""

from __future__ import annotations

import base64
import binascii
import json
import shlex
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulation.app.drafts.changes import LONGEST_NAME, UNNAMED, path_and_value
from simulation.app.drafts.draft import Draft
from simulation.errors import ScenarioError
from simulation.levers import outside_sources
from simulation.scenario import scenario_toml
from simulation.scenario.faults import Faults

LONGEST_LINK = 4_096
"""Characters of a link: what browsers, mail and chats pass on."""
LARGEST_STATE = 200_000
"""Bytes that a link may hold once it is unpacked."""
MOST_CHANGES = 400
_RAW = -15
"""Deflate without a head, so that a link is short."""
_KINDS: Mapping[str, type] = {
    "study": str, "text": str, "name": str, "world": list, "baseline": str, "months": int, "seats": int, "luck_only": bool,
    "settings": list,
}  # fmt: skip
"""What a link may hold: fields of a draft, never a folder."""
_WANTED: Mapping[type, str] = {
    str: "a text", int: "a whole number", bool: "true or false", list: "a list of texts",
}  # fmt: skip
_BROKEN = "link: this is no link of the page, or a part of it is missing; copy it again, or open the page without it"
_SHOWN = 'summary.table[["turnover_mean", "turnover_diff", "revenue_mean", "revenue_diff"]]'


def as_toml(draft: Draft, seeds: int) -> str:
    """A scenario file that says what the page shows, with so many seeds.

    Raises ScenarioError when parameters were changed, which no scenario file can say.
    """
    return scenario_toml(draft.scenario(seeds))


def file_name(draft: Draft) -> str:
    """What the saved file is called, in small letters, digits and _."""
    return f"{draft.scenario().name}.toml"


def as_command(draft: Draft, seeds: int) -> str:
    """The command of one line that gives the numbers of the page; of an own study it reads the file saved from the page.

    Raises ScenarioError when there can be no such file.
    """
    words = ["orgsim", "compare", _source(draft, seeds)]
    for name, value in _options(draft, seeds).items():
        option = {"settings": "--set", "luck_only": "--luck-only"}.get(name, f"--{name}")
        if value is True:
            words.append(option)
        else:
            words += [word for item in (value if isinstance(value, list) else [str(value)]) for word in (option, item)]
    return shlex.join([*words, *(word for folder in _own_levers() for word in ("--levers", folder))])


def as_python(draft: Draft, seeds: int) -> str:
    """Lines of Python that give the numbers of the page; of an own study they read the file saved from the page.

    Raises ScenarioError when there can be no such file.
    """
    settled = ["settle"] if draft.scenario().firm else []
    given = {name: repr(value) for name, value in _options(draft, seeds).items() if name != "settings"}
    arguments = ", ".join([repr(_source(draft, seeds)), *(f"{name}={value}" for name, value in given.items())])
    own = [f"add_folder(Path({folder!r}))" for folder in _own_levers()]
    names = [*(["add_folder"] if own else []), "compare", "read_scenario", "run", *settled]
    lines = [*(["from pathlib import Path", ""] if own else []), f"from simulation import {', '.join(names)}", "", *own]
    if draft.settings and draft.study:
        lines += ["changes = [", *(f"    {item!r}," for item in draft.settings), "]"]
        arguments += ", settings=changes"
    lines += [f"scenario = read_scenario({arguments})", *(["scenario, firm = settle(scenario)"] if settled else [])]
    return "\n".join([*lines, "summary = compare(run(scenario))", f"print({_SHOWN})", ""])


def link_of(draft: Draft) -> str:
    """What the page's address says of its state: letters, digits, - and _.

    An own study travels as its text; where its worlds lie does not.

    Raises
    ------
    ScenarioError
        When it would be longer than a link may be, or the study needs worlds that lie beside its file.
    """
    usual = Draft(study="") if not draft.study else Draft()
    state = {name: getattr(draft, name) for name in _KINDS if getattr(draft, name) != getattr(usual, name)}
    content = json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    link = base64.urlsafe_b64encode(packer.compress(content) + packer.flush()).decode("ascii").rstrip("=")
    if len(link) > LONGEST_LINK or len(content) > LARGEST_STATE or len(draft.settings) > MOST_CHANGES:
        raise ScenarioError(
            f"link: this study is too long for a link, which holds {LONGEST_LINK:,} characters; save the scenario as a file"
        )
    if draft.folder is not None:
        try:
            replace(draft, folder=None).scenario()
        except ScenarioError:
            raise ScenarioError(
                "link: this study names worlds that lie beside its file, and a link holds shipped ones only; send the files"
            ) from None
    return link


def draft_of(link: str) -> Draft:
    """The draft that a link holds, read and checked like any scenario.

    Raises
    ------
    ScenarioError
        In a sentence, whatever the link is.
    """
    state = _unpacked(link)
    faults = Faults("link")
    faults.unknown_keys(state, _KINDS, "", "part of a link")
    for name, value in state.items():
        if name in _KINDS and not _fits(value, _KINDS[name]):
            faults.wrong(name, value, "", _WANTED[_KINDS[name]])
    if "text" in state and "study" in state:
        faults.add("study", "cannot go with a text of one's own; leave one of them out")
    if not faults.told:
        _check(state, faults)
    faults.raise_any()
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in state.items()}
    usual = {"study": "", "name": UNNAMED} if "text" in state else {}
    return Draft(**{**usual, **given}).with_choice()


def _check(state: Mapping[str, Any], faults: Faults) -> None:
    """What no reader of scenarios sees."""
    paths = [path_and_value(item)[0] for item in state.get("settings", [])]
    if len(paths) > MOST_CHANGES or len(paths) != len(set(paths)):
        faults.add("settings", f"takes at most {MOST_CHANGES} changes, and one of a path")
    name = state.get("name", UNNAMED)
    if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        faults.wrong("name", name, "", f"a name of 1 to {LONGEST_NAME} printable characters")


def _fits(value: Any, kind: type) -> bool:
    """Whether a value is exactly of a kind: a yes/no is no number, and lists hold texts."""
    return type(value) is kind and (not isinstance(value, list) or all(isinstance(item, str) for item in value))


def _unpacked(link: str) -> dict[str, Any]:
    """The table that a link holds, unpacked no further than a page's state can reach."""
    if len(link) > LONGEST_LINK:
        raise ScenarioError(f"link: it is longer than {LONGEST_LINK:,} characters; open a saved scenario file instead")
    try:
        packed = base64.b64decode(link.encode("ascii") + b"=" * (-len(link) % 4), altchars=b"-_", validate=True)
        content = zlib.decompressobj(_RAW).decompress(packed, LARGEST_STATE + 1)
        state = json.loads(content.decode("utf-8")) if len(content) <= LARGEST_STATE else None
    except (binascii.Error, zlib.error, ValueError, RecursionError):  # among them what is no ASCII, UTF-8 or JSON
        raise ScenarioError(_BROKEN) from None
    if not isinstance(state, dict):
        raise ScenarioError(_BROKEN)
    return state


def _source(draft: Draft, seeds: int) -> str:
    """What the command reads: a shipped study by its name, or the file saved from the page."""
    if draft.study:
        return draft.study
    as_toml(draft, seeds)
    return file_name(draft)


def _own_levers() -> list[str]:
    """The folders of the levers that are not orgsim's, without which nothing can be read that names them."""
    return sorted({str(Path(source.file).parent) for source in outside_sources()})


def _options(draft: Draft, seeds: int) -> dict[str, Any]:
    """What is said beside the study, by the names of Python's arguments; a saved file says all but one thing itself."""
    said = {
        "months": draft.months, "seats": draft.seats, "seeds": seeds, "baseline": draft.baseline,
        "world": list(draft.world), "settings": list(draft.settings),
    }  # fmt: skip
    given = {} if not draft.study else {name: value for name, value in said.items() if value}
    return {**given, **({"luck_only": True} if draft.luck_only else {})}

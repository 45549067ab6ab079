"""Faults of a file, gathered and told one line each.

A reader that stops at the first fault makes its user run it ten times.
So the parts of the reader add what they find to one `Faults` and carry on; whoever owns it raises once, at the end.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulation.errors import ScenarioError

MOST = 200
"""Faults told in words; the rest are counted."""
LONGEST = 600
"""Characters of one fault."""
CLOSE = 0.5
"""Likeness, 0 to 1, from which on a name is worth suggesting."""
MOST_NAMES = 8
"""Names that are listed where none is close."""
_BARE = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass
class Faults:
    """What is wrong so far. `where` is the file, or the option, in which the user wrote it."""

    where: str
    told: list[str] = field(default_factory=list)
    untold: int = 0

    def at(self, where: str) -> Faults:
        """The same faults, for what the user wrote in another place."""
        return Faults(where, self.told)

    def add(self, path: str, sentence: str) -> None:
        """Note one fault at a dotted path."""
        self.take([f"{shown(self.where)}: {path} {sentence}"])

    def take(self, sentences: Iterable[str]) -> None:
        """Note faults that are whole sentences already."""
        for sentence in (printable(text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}...") for text in sentences):
            if len(self.told) >= MOST:
                self.untold += 1
            elif sentence not in self.told:
                self.told.append(sentence)

    def wrong(self, path: str, value: Any, unit: str, wanted: str) -> None:
        """Note a value of the wrong type or size, what the path takes and how to go on."""
        self.add(path, f"= {literal(value)}{' ' if unit else ''}{unit} is refused; it takes {wanted}")

    def unknown_value(self, path: str, value: str, known: Collection[str], kind: str) -> None:
        """Note a value that names nothing, with the nearest name that exists."""
        self.add(path, f"= {literal(value)} is no {kind}; {self._next_step(value, known)}")

    def unknown_key(self, path: str, key: str, known: Collection[str], kind: str) -> None:
        """Note a key below a path that does not exist, with the nearest one that does."""
        self.add(join(path, key), f"is no {kind}; {self._next_step(key, known)}")

    def unknown_keys(self, table: Mapping[str, Any], known: Collection[str], path: str, kind: str) -> None:
        """Note every key of a table that is not known."""
        for key in table:
            if key not in known:
                self.unknown_key(path, key, known, kind)

    def _next_step(self, word: str, known: Collection[str]) -> str:
        if not known:
            return "there is none to name"
        return suggestion(word, known) if len(self.told) < MOST else ""

    def raise_any(self) -> None:
        """Raise ScenarioError with every fault, if there is one."""
        if self.told:
            more = [f"{shown(self.where)}: file has {self.untold} faults more; mend these first"] if self.untold else []
            raise ScenarioError([*self.told, *more])


def suggestion(word: str, known: Collection[str]) -> str:
    """The nearest known name where one is close, else what is known."""
    close = difflib.get_close_matches(word[:80], list(known), n=1, cutoff=CLOSE)
    if close:
        return f"the nearest is {close[0]}"
    return f"known: {', '.join(list(known)[:MOST_NAMES])}{', ...' if len(known) > MOST_NAMES else ''}"


def literal(value: Any) -> str:
    """A value as the user wrote it in TOML, on one line and cut after 60 characters."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, Mapping):
        text = "{" + ", ".join(f"{key_of(k)} = {literal(v)}" for k, v in list(value.items())[:9]) + "}"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(literal(v) for v in value[:9]) + "]"
    elif isinstance(value, str):
        text = json.dumps(value[:80], ensure_ascii=False)
    else:
        text = str(value) if not isinstance(value, int) or abs(value) < 10**30 else "a number of more than 30 digits"
    return text if len(text) <= 60 else f"{text[:57]}..."


def key_of(key: str) -> str:
    """A key as TOML writes it: bare where it can be, quoted otherwise."""
    return key if _BARE.fullmatch(key) else json.dumps(key[:60])


def join(path: str, key: str) -> str:
    """The dotted path of a key below a path."""
    return f"{path}.{key_of(key)}" if path else key_of(key)


def printable(text: str) -> str:
    """A text on one line: what does not print (line ends, control and direction marks) is written as its code."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shown(where: str) -> str:
    """A file's name for a message: one line, its end kept when it is long."""
    text = printable(where)
    return text if len(text) <= 200 else f"...{text[-197:]}"

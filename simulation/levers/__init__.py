"""The catalogue: every file of this folder but `base.py` holds one lever of the same name; folders of the user's may add more."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.abc import SourceLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import NamedTuple

from simulation.errors import ScenarioError
from simulation.evidence.read import add_rows, forget_rows
from simulation.levers.base import Lever


class Source(NamedTuple):
    """A lever of the user's own as it was loaded: the path of its code, and the bytes of that and of its parameters."""

    file: str
    code: bytes
    rows: bytes


_outside: dict[str, Source] = {}
"""The user's own levers by key."""

FAILS = (
    ImportError, SyntaxError, ArithmeticError, AttributeError, LookupError,
    NameError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What somebody's file may raise when it is loaded."""


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, type[Lever]]:
    """Every lever by key, in the alphabetical order that also fixes the order of addition."""
    modules = {m.name for m in iter_modules(__path__) if m.name != "base"} | set(_outside)
    found = (lever_of(import_module(f"{__name__}.{module}"), module) for module in sorted(modules))
    return {lever.key: lever for lever in found if lever is not None}


def lever_of(module: ModuleType, key: str) -> type[Lever] | None:
    """The lever that a module of this name defines, if it does."""
    own = [
        member for member in vars(module).values()
        if isinstance(member, type) and issubclass(member, Lever) and member.__module__ == module.__name__
    ]  # fmt: skip
    return next((member for member in own if getattr(member, "key", "") == key), None)


def outside_sources() -> tuple[Source, ...]:
    """The user's own levers as they were loaded, in the order of their keys."""
    return tuple(source for _, source in sorted(_outside.items()))


def add_folder(folder: Path) -> None:
    """Add the levers of a folder, a `KEY.py` beside a `KEY.toml` each, to the catalogue for as long as this process lives.

    Raises
    ------
    ScenarioError
        When there is no such folder, no lever in it, a lever without parameters, a key that is taken, or a file that fails.
    """
    if not folder.is_dir():
        raise ScenarioError(f"--levers: {folder} is not a folder; name the one that holds your KEY.py and KEY.toml")
    found = sorted(path for path in folder.resolve().glob("*.py") if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", path.stem))
    if not found:
        raise ScenarioError(f"--levers: {folder} holds no lever; a lever is KEY.py beside KEY.toml, the key in small letters")
    add_files(found)


def add_files(paths: Iterable[Path]) -> None:
    """Add levers by the paths of their code; one that is there already from the same path is left alone, as it was loaded."""
    for path in paths:
        if path.stem not in _outside or _outside[path.stem].file != str(path):
            add_source(_read(path))


def add_source(source: Source) -> None:
    """Add a lever as it was loaded elsewhere, whatever has become of its files."""
    path = Path(source.file)
    key = path.stem
    _refuse_taken(path)
    module = _loaded(source, f"{__name__}.{key}")
    if lever_of(module, key) is None:
        del sys.modules[module.__name__]
        raise ScenarioError(f'--levers: {path.name} defines no Lever with key = "{key}"; derive one from simulation.Lever')
    add_rows(path.with_suffix(".toml").name, source.rows)
    _outside[key] = source
    catalogue.cache_clear()


def _refuse_taken(path: Path) -> None:
    if path.stem in catalogue() or path.stem == "base":
        raise ScenarioError(f"--levers: {path.name}: the key {path.stem} is taken by a lever that is there; choose another name")


def _read(path: Path) -> Source:
    """The bytes of a lever's two files, read once: what is loaded is what is digested and sent to workers."""
    _refuse_taken(path)
    rows = path.with_suffix(".toml")
    if not rows.is_file():
        raise ScenarioError(f"--levers: {path.name} stands without {rows.name}; put its parameters there, or an empty file")
    try:
        return Source(str(path), path.read_bytes(), rows.read_bytes())
    except OSError as problem:
        raise ScenarioError(f"--levers: {path.name} or {rows.name} cannot be read ({problem.strerror}); mend that") from None


def forget_outside() -> None:
    """Leave only the levers that orgsim ships."""
    for key in _outside:
        sys.modules.pop(f"{__name__}.{key}", None)
    _outside.clear()
    forget_rows()
    catalogue.cache_clear()


class _Held(SourceLoader):
    """Loads a module from bytes that are there already; no compiled file is read or written."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def get_filename(self, fullname: str) -> str:
        """Where the code came from, for messages."""
        return self.source.file

    def get_data(self, path: str | bytes) -> bytes:
        """The code."""
        return self.source.code


def _loaded(source: Source, name: str) -> ModuleType:
    """The module of a lever's code, under a name of this package so that worker processes find it too."""
    path = Path(source.file)
    spec = spec_from_file_location(name, path, loader=_Held(source))
    if spec is None or spec.loader is None:
        raise ScenarioError(f"--levers: {path.name} cannot be read as Python")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except FAILS as problem:
        del sys.modules[name]
        raise ScenarioError(f"--levers: {path.name} fails to load ({type(problem).__name__}: {problem}); mend it") from None
    return module


__all__ = [
    "Lever", "Source", "add_files", "add_folder", "add_source", "catalogue", "forget_outside", "lever_of", "outside_sources",
]  # fmt: skip

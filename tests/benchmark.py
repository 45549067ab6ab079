"""The scripts in `benchmarks/`, for tests that run short versions of them."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest
import source


def benchmark(name: str) -> ModuleType:
    """A script as a module; the test is skipped where there are none, as in a source distribution."""
    path = source.ROOT / "benchmarks" / f"{name}.py"
    if not path.exists():
        pytest.skip("benchmarks are not part of a source distribution")
    spec = importlib.util.spec_from_file_location(f"benchmarks_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module

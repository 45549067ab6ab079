"""What a process does with the memory of arrays it is done with."""

from __future__ import annotations

import ctypes
from contextlib import suppress

TRIM, MAPPED = -1, -3
"""M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of glibc's malloc.h."""
KEPT = 256 * 2**20
"""[bytes] Freed memory that a process keeps for its next arrays."""
LARGEST = 32 * 2**20
"""[bytes] Arrays up to this size are taken from kept memory; glibc takes no larger bound."""


def keep_freed_memory() -> None:
    """Use the memory of freed arrays again instead of giving it back to the system.

    Dask starts workers with MALLOC_TRIM_THRESHOLD_=65536: every array above 128 KiB is then mapped anew and page-faults at its
    first touch, and the engine runs several times slower (`benchmarks/processes.py`). This lifts both bounds while the process
    runs. Only glibc has them; elsewhere nothing happens, and nothing is needed.
    """
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MAPPED, LARGEST)
        mallopt(TRIM, KEPT)

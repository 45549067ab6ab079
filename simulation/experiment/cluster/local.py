"""A Dask cluster of this machine, as a process of its own: `python -m simulation.experiment.cluster.local COUNT`.

It prints its address, and ends when its standard input is closed, as happens however its parent ends.
As a process of its own it leaves the caller's `__main__`, environment and logging alone.
It listens on 127.0.0.1, without dashboard.
"""

from __future__ import annotations

import sys

HOST = "127.0.0.1"


def main(count: int) -> None:
    """Serve until there is nobody to serve."""
    import logging

    import dask
    from distributed import LocalCluster

    logging.disable(logging.CRITICAL)  # what goes wrong is told by the parent, in a sentence
    dask.config.set({"distributed.worker.profile.enabled": False, "distributed.worker.memory.terminate": False})
    with LocalCluster(
        n_workers=count, threads_per_worker=1, processes=True, host=HOST, dashboard_address=None,
        worker_dashboard_address=None, memory_limit=0, silence_logs=logging.CRITICAL,
    ) as cluster:  # fmt: skip
        print(cluster.scheduler_address, flush=True)  # noqa: T201 - the parent reads it
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))

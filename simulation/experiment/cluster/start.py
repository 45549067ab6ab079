"""How a Dask cluster is reached: its address, the connection, and one of this machine that is started for a run."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from typing import Any

from simulation.errors import RunError, ScenarioError
from simulation.experiment.cluster import worker as cluster_worker
from simulation.experiment.work.cores import worker_environment

LOCAL = "local"
ADDRESS = re.compile(r"(?P<how>tcp|tls)://(?P<host>\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+):(?P<port>\d{1,5})")
LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+|localhost|\[::1\]")
PATIENCE = 10.0
"""[s] Waited for a scheduler to answer, and for its first worker."""
LEAVE = 5.0
"""[s] The same, to take leave."""


def checked_address(address: str) -> str:
    """The address of a Dask cluster, or "local". Raises ScenarioError when it is none, or Dask is not installed."""
    from importlib.util import find_spec

    found = ADDRESS.fullmatch(address)
    if address != LOCAL and (found is None or int(found["port"]) > 65535):
        raise ScenarioError(
            f"--scheduler: {address!r} is no address; write local, or the scheduler's, as tcp://192.168.0.5:8786 or tls://..."
        )
    if find_spec("distributed") is None:
        raise ScenarioError("--scheduler needs the extra cluster: pip install -c constraints.txt -e '.[cluster]' in the checkout")
    return address


def openness(address: str) -> str | None:
    """A sentence about an address without TLS that others can reach; None where there is nothing to say."""
    found = ADDRESS.fullmatch(address)
    if found is None or found["how"] == "tls" or LOOPBACK.fullmatch(found["host"]):
        return None
    return f"{address} is without TLS: whoever reaches its network can read what is computed there, and run code on its workers."


def connected(address: str) -> Any:
    """A client of the cluster at an address, once a worker is there. Raises RunError when there is no such cluster."""
    from distributed import Client

    certificates = _certificates(address) if address.startswith("tls") else {}
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told in a sentence
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about versions, which greetings compare
            with ThreadPoolExecutor(1) as aside:  # the caller may be in an event loop of its own
                aside.submit(asyncio.run, _answering(address, certificates)).result()
            client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (Exception, asyncio.CancelledError) as problem:
        raise RunError(
            f"No Dask scheduler answers at {address} ({type(problem).__name__}); start one with `dask scheduler`, "
            "or mend the address"
        ) from problem
    try:
        _expect_service(client, address)
    except BaseException:
        left(client)
        raise
    return client


def _expect_service(client: Any, address: str) -> None:
    """Raise RunError unless the scheduler knows this package and has a worker."""
    try:
        client.run_on_scheduler(cluster_worker.present, callback_timeout=PATIENCE)
    except Exception as problem:
        said = lacking(problem) or f"it fails with {type(problem).__name__}: {problem}"
        raise RunError(f"The Dask scheduler at {address} cannot serve: {said}") from problem
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        start = f"dask worker {address} --nthreads 1"
        raise RunError(f"No worker is at the Dask scheduler {address}; start one: {start}") from None


def left(client: Any) -> None:
    """Take leave of a cluster; one that does not answer is left without."""
    with suppress(TimeoutError):
        client.close(timeout=LEAVE)


async def _answering(address: str, certificates: dict[str, Any]) -> None:
    """Return when Dask answers at an address; where something else does, a client would wait for ever."""
    from distributed.comm.core import connect

    comm = await asyncio.wait_for(connect(address, timeout=PATIENCE, **certificates), 1.5 * PATIENCE)
    comm.abort()


def _certificates(address: str) -> dict[str, Any]:
    """What a client needs to connect by TLS. Raises RunError where Dask has not been told of it."""
    from distributed import Security

    try:
        found: dict[str, Any] = Security().get_connection_args("client")
    except OSError as problem:
        found, said = {}, f" ({problem.strerror or problem})"
    else:
        said = ""
    if found.get("ssl_context") is None:
        raise RunError(
            f"{address} needs certificates that Dask does not find{said}; name them in its configuration, "
            "distributed.comm.tls.ca-file and distributed.comm.tls.client"
        )
    return found


def lacking(problem: Exception) -> str:
    """Words for an exception that came back from where orgsim, or what it needs, is not installed; "" for any other.

    Dask brings some exceptions back as they were, and of others the words alone.
    """
    if isinstance(problem, ImportError) or "ModuleNotFoundError" in str(problem):
        return f"it lacks orgsim, or what orgsim needs ({problem}); install the same version there"
    return ""


def _announced(host: Popen[str]) -> str:
    """The address that a cluster tells on its first line. Raises RunError when it ends without one."""
    address = host.stdout.readline().strip() if host.stdout else ""
    if not address:
        raise RunError("--scheduler local: Dask does not start here; try `dask scheduler` by itself, which says why")
    return address


def started_here(count: int) -> tuple[Popen[str], str]:
    """A cluster of this machine: its process, which ends when its standard input is closed, and its address.

    Ctrl-C at a terminal does not reach it: a new session has a process group of its own. `-P`: a folder `simulation` that lies
    where the command was started is not taken for the package.
    """
    there = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    host = Popen(  # noqa: S603 - this interpreter and a number
        [sys.executable, "-P", "-m", "simulation.experiment.cluster.local", str(count)],
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, text=True,
        env=os.environ | worker_environment() | {"PYTHONPATH": there},
        start_new_session=True, creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # there on Windows alone
    )  # fmt: skip
    try:
        return host, _announced(host)
    except BaseException:
        ended(host, at_once=True)
        raise


def ended(host: Popen[str], *, at_once: bool) -> None:
    """Let a cluster of this machine end by itself, or `at_once`, which it does anyhow when it does not end in time."""
    if at_once:
        host.kill()
    try:
        host.communicate(timeout=PATIENCE)
    except TimeoutExpired:
        host.kill()
        host.communicate()

"""`orgsim app`: the what-if page."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from simulation.commands.options import SCENARIO, OwnLevers
from simulation.commands.usage import examples
from simulation.errors import ScenarioError

group = typer.Typer()

OPEN = (
    "Warning: --host {host} lets everybody in who can reach this machine by its network, without a password; "
    "leave it out to serve this machine alone."
)
THIS_MACHINE = "127.0.0.1"


@group.command(epilog=examples("app"))
def app(
    scenario: Annotated[Path | None, typer.Argument(metavar="SCENARIO", help=SCENARIO)] = None,
    *,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, metavar="N", help="Port of the page; default: the first that is free from 8420 on."),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser; the page's address is printed.")] = False,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen on; another than this machine's own lets the network in.")
    ] = THIS_MACHINE,
    _own: OwnLevers = None,
) -> None:
    """Open the what-if page: move a setting, see what becomes.

    Turnover and revenue stand beside the settings, with intervals. The page is served until Ctrl-C, to this machine alone.
    """
    if find_spec("nicegui") is None:
        raise ScenarioError("orgsim app needs the extra app: pip install -c constraints.txt -e '.[app]' in the checkout")
    from simulation.app.drafts.draft import Draft
    from simulation.app.serve import serve

    draft = Draft.of_study("status_quo") if scenario is None else Draft.of_file(scenario)
    if host not in (THIS_MACHINE, "localhost", "::1"):
        typer.echo(OPEN.format(host=host), err=True)
    serve(draft, host=host, port=port, show=not no_browser, say=_say)


def _say(address: str) -> None:
    typer.echo(f"The page is at {address} and stays there until Ctrl-C.", err=True)

"""Results show themselves in a notebook, without knowing how.

How a figure is written (percent, millions) and what a chart looks like is the business of `report`, which stands above the
results on the ladder. So a result asks the package by a public name, as a user would: `simulation.as_html(result)`.
This is the one place below `report` that goes through the public names; a test holds it to that.
"""

from __future__ import annotations


class Shown:
    """A result that a notebook shows as `simulation.as_html` writes it."""

    def _repr_html_(self) -> str:
        """What a notebook asks for."""
        import simulation

        return str(simulation.as_html(self))

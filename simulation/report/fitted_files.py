"""A calibration's pictures: targets before and after, profiles, identification, and what is known together.

    <folder>/   targets  profiles  identification  correlation      each as png, svg, and the numbers as csv
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation import __version__
from simulation.experiment.writing import writing
from simulation.report.charts.correlation import draw_correlation
from simulation.report.charts.identification import draw_identification
from simulation.report.charts.profiles import draw_profile
from simulation.report.charts.targets import draw_targets
from simulation.report.figures import EDGE, blank, save, write_under
from simulation.report.style import INK, SIZES, drawing, fit_width
from simulation.statistics.fitted import CORRELATED
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from simulation.statistics.fitted import Fitted

ABOVE, BELOW, ROW = 0.6, 0.62, 0.235
"""[inches] above and below what is drawn, and of a row of targets."""
CHARACTER, LEAST_LEFT = 0.068, 1.2
"""[inches] for a character of a name, and for the names of rows at least."""
TILTED = 0.65
"""Height of a column's tilted name over its length."""
CELL = (0.36, 0.235)
LEAST_WIDTH = 8.0
ACROSS = 5
SMALL = (2.3, 1.6)
"""Profiles in a row, and the inches of one."""
MOST_NAMED = 4
BENT = 0.5
"""Mean distance of a profile's points from what is expected, over what is expected, up to which they count as expected."""
NOTES = {
    "targets": (
        "Bands are drawn equally wide: bar = band; tick = target where one was published; hollow = with declared values; "
        "mark with line = fitted, 95% interval over seeds; diamond = outside the band; arrow = beyond the picture."
    ),
    "profiles": (
        "How much worse the fit gets along one parameter, the others moved along: line = simulated, dashed = expected near it; "
        "dotted upright = declared value; ends: two standard deviations; triangle = beyond the picture; grey = not informed."
    ),
    "identification": (
        "Cells: share of a target in what is known of a parameter beyond its prior, percent. Top: posterior over prior standard "
        "deviation, bold where the targets inform the parameter."
    ),
    "correlation": (
        f"Correlation of parameters given targets and priors, numbers from {CORRELATED} on; "
        "parameters without such a pair are left out."
    ),
}  # fmt: skip


def draw_fitted(fitted: Fitted, folder: Path) -> list[Path]:
    """Draw every picture of a calibration into `folder`, and return their paths. Raises RunError when it cannot be written."""
    import matplotlib as mpl

    written = []
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with drawing(), mpl.rc_context({"svg.hashsalt": fitted.run}):
            for name, draw, data in pictures(fitted):
                figure = draw(fitted)
                write_under(figure, NOTES[name], f"{fitted.size}.  Run {fitted.run}, orgsim {__version__}")
                written += save(figure, folder / name, data)
    return written


def pictures(fitted: Fitted) -> Iterator[tuple[str, Callable[[Fitted], Figure], DataFrame]]:
    """Name, drawing and numbers of each picture."""
    yield "targets", targets_figure, fitted.targets
    yield "profiles", profiles_figure, fitted.profiles
    yield "identification", identification_figure, fitted.contributions.rename_axis("target").reset_index()
    if any(fitted.pairs()):
        yield "correlation", correlation_figure, fitted.correlation.rename_axis("parameter").reset_index()


def targets_figure(fitted: Fitted) -> Figure:
    """Figures at the declared values and at the fit, in their bands."""
    count = len(fitted.targets)
    title = (
        f"Fitted, the model shows {fitted.in_band('value')} of {count} figures in their bands; "
        f"with declared values {fitted.in_band('before')}"
    )
    height = ABOVE + BELOW + ROW * (count + 2)
    figure = blank(12.0, height)
    draw_targets(figure.add_axes((EDGE, BELOW / height, 1.0 - 2 * EDGE, 1.0 - (ABOVE + BELOW) / height)), fitted.targets, title)
    return figure


def profiles_figure(fitted: Fitted) -> Figure:
    """One small plot a parameter, informed ones first."""
    order: list[dict[Any, Any]] = fitted.parameters.sort_values("informed", ascending=False, kind="stable").to_dict("records")
    across = min(ACROSS, len(order))
    rows = -(-len(order) // across)
    width, height = max(SMALL[0] * across, LEAST_WIDTH), SMALL[1] * rows + ABOVE + BELOW
    figure = blank(width, height)
    above = figure.text(
        EDGE, 1.0 - 0.28 / height, profiles_title(fitted), fontsize=SIZES["title"], fontweight="bold", color=INK, va="center",
        parse_math=False,
    )  # fmt: skip
    fit_width(above, 1.0 - 2 * EDGE)
    for k, parameter in enumerate(order):
        row, column = divmod(k, across)
        left, top = column * width / across + 0.32, ABOVE - 0.08 + row * SMALL[1]
        box = (left / width, 1.0 - (top + SMALL[1] - 0.28) / height, (width / across - 0.45) / width, (SMALL[1] - 0.66) / height)
        own = fitted.profiles[fitted.profiles["parameter"] == parameter["name"]]
        draw_profile(figure.add_axes(box), own, parameter)
    return figure


def profiles_title(fitted: Fitted) -> str:
    """The message: along how many informed parameters the fit gets worse as expected, and which not."""
    count, bent = len(fitted.informed), bent_profiles(fitted)
    if not count:
        return f"The targets inform none of {counted(len(fitted.parameters), 'parameter')}"
    title = f"The fit gets worse as expected along {count - len(bent)} of {counted(count, 'informed parameter')}"
    return title + (f"; not so along {', '.join(bent)}" if 0 < len(bent) <= MOST_NAMED else "")


def bent_profiles(fitted: Fitted) -> list[str]:
    """Informed parameters along which the objective does not rise as a quadratic one does."""
    off = fitted.profiles.assign(off=(fitted.profiles["excess"] - fitted.profiles["expected"]).abs())
    sums = off.groupby("parameter")[["off", "expected"]].sum()
    bent = set(sums.index[sums["off"] > BENT * sums["expected"]])
    return [name for name in fitted.informed if name in bent]


def identification_figure(fitted: Fitted) -> Figure:
    """Targets by parameters."""
    best: dict[Any, Any] = fitted.parameters.sort_values("shrinkage").to_dict("records")[0]
    informed = f"{len(fitted.informed)} of {counted(len(fitted.parameters), 'parameter')}"
    left = f"{100 * float(fitted.parameters['shrinkage'].min()):.0f}%"
    title = f"The targets inform {informed}; most is known of {best['name']}, of whose prior's width {left} is left"
    figure = _grid([*fitted.contributions.index, "", "prior's width left, %"], list(fitted.contributions.columns))
    draw_identification(figure.axes[0], fitted.contributions, fitted.parameters, title)
    return figure


def correlation_figure(fitted: Fitted) -> Figure:
    """Parameters by parameters, those alone that are known together with another."""
    pairs = list(fitted.pairs())
    one, other, r = pairs[0]
    strongest = f"{one} and {other}, {r:+.2f}".replace("-", "−")
    title = f"{counted(len(pairs), 'pair')} of parameters known together rather than alone; strongest: {strongest}"
    names = [name for name in fitted.correlation.columns if any(name in pair for pair in pairs)]
    figure = _grid(names[1:], names[:-1])
    draw_correlation(figure.axes[0], fitted.correlation.loc[names, names], title)
    return figure


def _grid(rows: Sequence[str], columns: Sequence[str]) -> Figure:
    """A figure with axes for a table of cells, row names at the left and tilted names below."""
    left = max(CHARACTER * max(len(name) for name in (*rows, columns[0])) + 0.15, LEAST_LEFT)
    width = max(left + CELL[0] * len(columns) + 0.15, LEAST_WIDTH)
    tilted = TILTED * CHARACTER * max(map(len, columns)) + 0.2
    height = ABOVE + BELOW + tilted + CELL[1] * len(rows)
    figure = blank(width, height)
    figure.add_axes((left / width, (BELOW + tilted) / height, 1.0 - (left + 0.15) / width, CELL[1] * len(rows) / height))
    return figure

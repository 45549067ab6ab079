"""What happens to a sales organisation when the way it pays and leads its reps changes.

    scenario = read_scenario("scenarios/growth_mix.toml")
    records = run(scenario)
    summary = compare(records)
    draw_tradeoff(ax, summary)

The public names are the sorted list `__all__`.
Each is imported when it is first used, so that `import simulation` and `orgsim --help` cost nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation import errors
    from simulation.agents import Rep
    from simulation.calibration.company.calibrate import calibrate_company, read_company
    from simulation.calibration.firm import settle
    from simulation.experiment.design.design import make_design, read_factors
    from simulation.experiment.execute import run
    from simulation.levers import add_folder, catalogue
    from simulation.levers.base import Lever, setting
    from simulation.living import Life, live
    from simulation.model import SalesOrg
    from simulation.month import advance_month
    from simulation.records import Records
    from simulation.report.charts.analysis import draw_interactions, draw_sensitivity
    from simulation.report.charts.attainment import draw_attainment
    from simulation.report.charts.bridge import draw_bridge
    from simulation.report.charts.front import draw_front
    from simulation.report.charts.heatmap import draw_heatmap
    from simulation.report.charts.leavers import draw_leavers
    from simulation.report.charts.levers import draw_levers
    from simulation.report.charts.life import draw_life
    from simulation.report.charts.losers import draw_losers
    from simulation.report.charts.panel import draw_panel
    from simulation.report.charts.ranked import draw_ranked
    from simulation.report.charts.reasons import draw_reasons
    from simulation.report.charts.response import draw_response
    from simulation.report.charts.static_price import draw_static_price
    from simulation.report.charts.survival import draw_survival
    from simulation.report.charts.survival_segments import draw_survival_segments
    from simulation.report.charts.targets import draw_targets
    from simulation.report.charts.timeline import draw_timeline
    from simulation.report.charts.tradeoff import draw_tradeoff
    from simulation.report.deck.deck import write_deck
    from simulation.report.html.notebook import as_html
    from simulation.report.html.page import write_page
    from simulation.scenario import Policy, Scenario, read_scenario, read_scenario_text, scenario_toml, shipped_scenarios
    from simulation.scenario.until import Until
    from simulation.statistics.compare import Summary, compare
    from simulation.statistics.findings_file import read_findings
    from simulation.statistics.sampling import run_until
    from simulation.statistics.sensitivity.analyse import Request
    from simulation.statistics.sensitivity.run import run_sensitivity
    from simulation.statistics.stays import hazard_by_tenure, log_rank_table, stay_curves
    from simulation.study import Study, run_study
    from simulation.sweeping import Sweep, run_sweep

__version__ = "0.1.0"

__all__ = [
    "Lever",
    "Life",
    "Policy",
    "Records",
    "Rep",
    "Request",
    "SalesOrg",
    "Scenario",
    "Study",
    "Summary",
    "Sweep",
    "Until",
    "__version__",
    "add_folder",
    "advance_month",
    "as_html",
    "calibrate_company",
    "catalogue",
    "compare",
    "draw_attainment",
    "draw_bridge",
    "draw_front",
    "draw_heatmap",
    "draw_interactions",
    "draw_leavers",
    "draw_levers",
    "draw_life",
    "draw_losers",
    "draw_panel",
    "draw_ranked",
    "draw_reasons",
    "draw_response",
    "draw_sensitivity",
    "draw_static_price",
    "draw_survival",
    "draw_survival_segments",
    "draw_targets",
    "draw_timeline",
    "draw_tradeoff",
    "errors",
    "hazard_by_tenure",
    "live",
    "log_rank_table",
    "make_design",
    "read_company",
    "read_factors",
    "read_findings",
    "read_scenario",
    "read_scenario_text",
    "run",
    "run_sensitivity",
    "run_study",
    "run_sweep",
    "run_until",
    "scenario_toml",
    "setting",
    "settle",
    "shipped_scenarios",
    "stay_curves",
    "write_deck",
    "write_page",
]

_HOME = {
    "Lever": "simulation.levers.base",
    "Life": "simulation.living",
    "Policy": "simulation.scenario",
    "Records": "simulation.records",
    "Rep": "simulation.agents",
    "Request": "simulation.statistics.sensitivity.analyse",
    "SalesOrg": "simulation.model",
    "Scenario": "simulation.scenario",
    "Study": "simulation.study",
    "Summary": "simulation.statistics.compare",
    "Sweep": "simulation.sweeping",
    "Until": "simulation.scenario.until",
    "add_folder": "simulation.levers",
    "advance_month": "simulation.month",
    "as_html": "simulation.report.html.notebook",
    "calibrate_company": "simulation.calibration.company.calibrate",
    "catalogue": "simulation.levers",
    "compare": "simulation.statistics.compare",
    "draw_attainment": "simulation.report.charts.attainment",
    "draw_bridge": "simulation.report.charts.bridge",
    "draw_front": "simulation.report.charts.front",
    "draw_heatmap": "simulation.report.charts.heatmap",
    "draw_interactions": "simulation.report.charts.analysis",
    "draw_leavers": "simulation.report.charts.leavers",
    "draw_levers": "simulation.report.charts.levers",
    "draw_life": "simulation.report.charts.life",
    "draw_losers": "simulation.report.charts.losers",
    "draw_panel": "simulation.report.charts.panel",
    "draw_ranked": "simulation.report.charts.ranked",
    "draw_reasons": "simulation.report.charts.reasons",
    "draw_response": "simulation.report.charts.response",
    "draw_sensitivity": "simulation.report.charts.analysis",
    "draw_static_price": "simulation.report.charts.static_price",
    "draw_survival": "simulation.report.charts.survival",
    "draw_survival_segments": "simulation.report.charts.survival_segments",
    "draw_targets": "simulation.report.charts.targets",
    "draw_timeline": "simulation.report.charts.timeline",
    "draw_tradeoff": "simulation.report.charts.tradeoff",
    "hazard_by_tenure": "simulation.statistics.stays",
    "live": "simulation.living",
    "log_rank_table": "simulation.statistics.stays",
    "make_design": "simulation.experiment.design.design",
    "read_company": "simulation.calibration.company.calibrate",
    "read_factors": "simulation.experiment.design.design",
    "read_findings": "simulation.statistics.findings_file",
    "read_scenario": "simulation.scenario",
    "read_scenario_text": "simulation.scenario",
    "run": "simulation.experiment.execute",
    "run_sensitivity": "simulation.statistics.sensitivity.run",
    "run_study": "simulation.study",
    "run_sweep": "simulation.sweeping",
    "run_until": "simulation.statistics.sampling",
    "setting": "simulation.levers.base",
    "settle": "simulation.calibration.firm",
    "scenario_toml": "simulation.scenario",
    "shipped_scenarios": "simulation.scenario",
    "stay_curves": "simulation.statistics.stays",
    "write_deck": "simulation.report.deck.deck",
    "write_page": "simulation.report.html.page",
}


def __getattr__(name: str) -> Any:
    if name == "errors":
        return import_module("simulation.errors")
    if name not in _HOME:
        raise AttributeError(f"module 'simulation' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))

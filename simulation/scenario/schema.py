"""The JSON Schema of a scenario file, from which editors complete and check it while it is written."""

from __future__ import annotations

from typing import Any

from simulation.evidence.measures import MEASURES
from simulation.levers import catalogue
from simulation.levers.base import TABLE_ROWS, Lever
from simulation.scenario.entries import OFF
from simulation.scenario.expectations import CHANGES, DIRECTIONS, ID, LARGEST_WEIGHT
from simulation.scenario.firm import CURRENCY, CURRENCY_WORD, MOST_SEATS, firm_numbers
from simulation.scenario.read import DEFAULTS, LAST_SEED, MOST_MONTHS, MOST_SEEDS
from simulation.scenario.settings import Setting, as_plain, settings_of
from simulation.scenario.values import KEY, LONGEST_LABEL, LONGEST_PROSE

_WORLDS = {"type": "array", "items": {"type": "string", "pattern": r"^([a-z][a-z0-9_]{0,39}/)*[a-z][a-z0-9_]{0,39}\.toml$"}}


def scenario_schema() -> dict[str, Any]:
    """The schema, with every setting of every lever: unit, description, bounds and default."""
    policy = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "label": _text(LONGEST_LABEL, "What tables and charts call the policy."),
            "like": {"type": "string", "description": "Another policy to start from; it may not be like a third."},
            "starts": _whole(0, MOST_MONTHS - 1, 0, "Month in which the policy begins."),
            "ends": {
                "type": "integer", "minimum": 1, "maximum": MOST_MONTHS,
                "description": "Month from which the baseline holds again, for a pilot; left out, the policy goes on.",
            },
            "equal_cost": _or_off(_equal_cost(), "Moves one setting until the policy costs as much as another."),
            **{key: _or_off(_lever(lever), _sentence(lever)) for key, lever in catalogue().items()},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "orgsim scenario",
        "type": "object",
        "additionalProperties": False,
        "required": ["baseline", "policies"],
        "properties": {
            **_comparison(),
            "policies": {
                "type": "object",
                "description": "The policies to compare, each a table of levers; what is not set is neutral.",
                "minProperties": 1,
                "propertyNames": {"pattern": f"^{KEY.pattern}$"},
                "additionalProperties": policy,
            },
        },
    }


def _comparison() -> dict[str, Any]:
    """The keys that are about the comparison, not about one policy."""
    seeds = DEFAULTS["seeds"]
    rankable = [key for key, measure in MEASURES.items() if measure.better != "none"]
    return {
        "title": _text(LONGEST_PROSE, "What the study is called."),
        "question": _text(LONGEST_PROSE, "The question it answers."),
        "world": {**_WORLDS, "description": "World files; later ones overlay earlier ones."},
        "baseline": {"type": "string", "description": "The policy that the others are compared with."},
        "months": _whole(1, MOST_MONTHS, DEFAULTS["months"], "Months simulated."),
        "seats": _whole(1, MOST_SEATS, DEFAULTS["seats"], "Posts of the sales organisation."),
        "seeds": {
            "type": "object",
            "additionalProperties": False,
            "description": "Runs of luck, shared by all policies.",
            "properties": {
                "first": _whole(0, LAST_SEED, seeds["first"], "Number of the first seed."),
                "count": _whole(1, MOST_SEEDS, seeds["count"], "How many seeds."),
            },
        },
        "objective": {"enum": rankable, "default": DEFAULTS["objective"], "description": "What best means."},
        "require": _by_measure(
            {"type": "string", "pattern": r"^(<=|>=) *-?\d+(\.\d+)?$"},
            "A policy that breaks a limit is shown, never recommended.",
        ),
        "material": _by_measure(
            {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)? ?%$"}]},
            "Smaller differences are called no material difference.",
        ),
        "stress": {**_WORLDS, "description": "Worlds in which every policy is also run, with a quarter of the seeds."},
        "firm": _firm(),
        "expect": {"type": "array", "items": _expectation(), "description": "Claims and statements to judge."},
    }


def _expectation() -> dict[str, Any]:
    """One claim or statement that `orgsim validate --claims` judges."""
    weight = {"type": "number", "minimum": -LARGEST_WEIGHT, "maximum": LARGEST_WEIGHT}
    number = {"type": "number"}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "text", "metric", "contrast"],
        "properties": {
            "id": {"type": "string", "pattern": f"^{ID.pattern}$", "description": "S1 for a claim, G1 for a statement."},
            "text": _text(LONGEST_PROSE, "What is claimed, in words."),
            "metric": {"enum": list(MEASURES), "description": "The measure it is about."},
            "contrast": {"type": "object", "additionalProperties": weight, "description": "Weights of policies; they sum to 0."},
            "change": {"enum": list(CHANGES), "default": CHANGES[0], "description": "Scale of the effect."},
            "claimed": {**number, "description": "The figure named; or else direction."},
            "direction": {"enum": list(DIRECTIONS), "description": "The side named, where there is no figure."},
            "least": {**number, "minimum": 0, "description": "Least difference that counts, with a direction."},
            "vary": {
                "type": "array", "items": {"type": "string"},
                "description": "Groups or rows of parameters that are moved over their ranges.",
            },
            "against_world": {**_WORLDS, "description": "Worlds laid over the scenario's, whose contrast is subtracted."},
        },
    }  # fmt: skip


def _firm() -> dict[str, Any]:
    """Your firm in ten numbers; what is left out comes from the industry pack."""
    numbers = {
        name: {
            "type": "integer" if number.whole else "number", "minimum": number.low, "maximum": number.high,
            "examples": [number.example], "description": f"{number.doc} [{number.unit}]",
        }
        for name, number in firm_numbers().items()
    }  # fmt: skip
    currency = {
        "type": "string", "pattern": f"^{CURRENCY_WORD}$", "default": CURRENCY,
        "description": "A label for money; nothing is converted.",
    }  # fmt: skip
    return {
        "type": "object",
        "additionalProperties": False,
        "description": "Headline numbers that the baseline must show; what is left out comes from the industry pack in world.",
        "properties": {**numbers, "currency": currency},
    }


def _by_measure(value: dict[str, Any], text: str) -> dict[str, Any]:
    keys = {key: {**value, "description": f"{measure.definition} [{measure.unit}]"} for key, measure in MEASURES.items()}
    return {"type": "object", "additionalProperties": False, "description": text, "properties": keys}


def _lever(lever: type[Lever]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _setting(setting) for name, setting in settings_of(lever).items()},
    }


def _setting(setting: Setting) -> dict[str, Any]:
    """One setting: its kind and bounds, and in words its unit and what is typical."""
    schema: dict[str, Any] = {"description": f"{setting.doc} [{setting.unit}]"}
    if setting.neutral is not None:
        schema["default"] = as_plain(setting.neutral)
    if setting.typical is not None:
        schema["examples"] = [as_plain(setting.typical)]
    limits = {"minimum": setting.low, "maximum": setting.high}
    number = {"type": "number", **{side: limit for side, limit in limits.items() if limit is not None}}
    if setting.kind == "word":
        return {**schema, "enum": list(setting.words)}
    if setting.kind == "yes/no":
        return {**schema, "type": "boolean"}
    if setting.kind == "table":
        row = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
        return {**schema, "type": "array", "items": row, "maxItems": TABLE_ROWS}
    return {**schema, **number, "type": "integer" if setting.kind == "whole number" else "number"}


def _equal_cost() -> dict[str, Any]:
    numeric = [
        f"{key}.{name}"
        for key, lever in catalogue().items()
        for name, setting in settings_of(lever).items()
        if setting.numeric
    ]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["to", "by"],
        "properties": {
            "to": {"type": "string", "description": "The policy whose cost is matched."},
            "by": {"enum": numeric, "description": "The setting that is moved."},
        },
    }


def _sentence(lever: type[Lever]) -> str:
    return (lever.__doc__ or lever.title).strip().splitlines()[0]


def _or_off(schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"description": text, "anyOf": [schema, {"const": OFF}]}


def _whole(low: int, high: int, default: int, text: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high, "default": default, "description": text}


def _text(longest: int, text: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest, "description": text}

"""A rule for the command: an input shape, an example and a function from the typed input to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from applications.rules.base import InputError, Rule, Verdict
from applications.rules.compute.answers import answer
from applications.rules.compute.reading import ROOT
from applications.rules.compute.records import Record
from applications.rules.compute.shapes import below, side

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Given = Mapping[str, Any]


def rule(
    name: str, summary: str, shape: Record, example: Mapping[str, Any], decide: Callable[[Given], Verdict]
) -> Rule:
    """Wrap a rule; `summary` is « French | English »."""

    def schema(language: str) -> dict[str, Any]:
        heading = {"$schema": DIALECT, "title": name, "description": side(summary, language)}
        return heading | shape.frame(language) | {"examples": [example]}

    def run(value: Any) -> dict[str, Any]:
        given = shape.read(value, ROOT)
        return answer(name, _decided(decide, given), given)

    return Rule(name, {tongue: side(summary, tongue) for tongue in ("fr", "en")}, schema, example, run)


def _decided(decide: Callable[[Given], Verdict], given: Given) -> Verdict:
    """The verdict; a fault that the rule itself found gets a path, figures beyond exact computation a sentence."""
    try:
        return decide(given)
    except InputError as fault:
        if fault.field.startswith(ROOT):
            raise
        raise InputError(below(ROOT, fault.field), _ended(fault.sentence), _ended(fault.fr)) from fault
    except (ArithmeticError, RecursionError) as fault:
        fr = "ces grandeurs, prises ensemble, passent ce qui se calcule exactement ; vérifier les unités."
        raise InputError(
            ROOT, "these figures together pass what can be computed exactly; check the units.", fr
        ) from fault


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."
